//! One referral: where it stands and since when, what must not be done, what is in it, what was said, what happened.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension, Form,
    extract::{Path, State},
    response::Response,
};
use safeconduct_certs::web::fields::{Fields, all, field};
use serde_json::Value;

use super::{
    Page,
    content::{self, Section},
    documents, labels,
    person::Unasked,
    sheet::{self, Mark, Sheet, Trouble, Visit, title},
    words::Words,
};
use crate::{
    api::{
        cases::{LogLine, OpenAsked, ReferralShown},
        documents::DocumentShown,
        posts::PostLine,
    },
    casework::life::{
        code::{DeclineReason, Outcome, WithdrawReason},
        terms::Hand,
    },
    daemon::{Names, Node, UnaskedShown, Unsent},
    error::Told,
    referral::codes::Marking,
};

/// Steps that the page has a form for, in the order in which they stand side by side.
const STEPS: [&str; 8] = [
    "Accepted",
    "InfoRequested",
    "Declined",
    "InfoProvided",
    "ServiceStarted",
    "Closed",
    "DisclosureRequested",
    "Withdrawn",
];

#[derive(Template)]
#[template(path = "web/referral.html")]
struct Referral {
    s: Sheet,
    shown: ReferralShown,
    /// The other agency's name.
    agency: String,
    told: Vec<String>,
    /// Whether its content may be looked at, and has not been.
    closed: bool,
    /// The other agency's number, and whether it is answered at all hours.
    phone: Option<(String, bool)>,
    /// Whoever looks refers persons.
    refers: bool,
    sections: Vec<Section>,
    posts: Vec<Post>,
    documents: Vec<documents::Line>,
    /// Documents that it lists and that were not sent.
    wanted: Vec<documents::Wanted>,
    log: Vec<Happened>,
    steps: Vec<&'static str>,
    /// What is told in it without the person's consent.
    unasked: Vec<Unasked>,
    open_mark: Mark,
    act_mark: Mark,
    say_mark: Mark,
    document_mark: Mark,
    more_mark: Mark,
    onward_mark: Mark,
    erase_mark: Mark,
}

title! { Referral "referral-title" }

/// Whether a referral that came lets the person be handed on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Onward {
    /// It is marked so that it is not.
    Never,
    /// It tells of nobody.
    Nobody,
    /// The person has agreed to be.
    Agreed,
    /// The person was not asked about that.
    Unasked,
}

impl Onward {
    fn of(referral: &Value) -> Self {
        let listed = |at: &str| referral.pointer(at).and_then(Value::as_array).into_iter().flatten();
        let marked = listed("/handling/markings").any(|one| one.as_str() == Some(Marking::NoOnwardSharing.as_str()));
        let mut consents = listed("/consents").peekable();
        match (marked, consents.peek().is_some()) {
            (true, _) => Self::Never,
            (false, false) => Self::Nobody,
            (false, true) => {
                let agreed = |one: &Value| one.get("onward_sharing").and_then(Value::as_bool) == Some(true);
                if consents.all(agreed) { Self::Agreed } else { Self::Unasked }
            }
        }
    }

    const fn key(self) -> &'static str {
        match self {
            Self::Never => "onward-never",
            Self::Nobody => "onward-nobody",
            Self::Agreed => "onward-agreed",
            Self::Unasked => "onward-unasked",
        }
    }

    const fn may(self) -> bool {
        !matches!(self, Self::Never)
    }
}

/// Something that was said.
struct Post {
    line: PostLine,
    from: String,
    ours: bool,
}

/// Something that happened.
struct Happened {
    line: LogLine,
    who: String,
    why: String,
}

impl Referral {
    /// What it is now, with the other agency's name.
    fn standing(&self) -> String {
        let line = &self.shown.line;
        let received = format!("stands-received-{}", line.state);
        let is_ours = line.side == "received" && self.s.words.has(&received);
        let key = if is_ours { received } else { format!("stands-{}", line.state) };
        self.s.say_of(&key, "agency", &self.agency)
    }

    /// What comes next: until when, or what waits.
    fn next(&self) -> Option<String> {
        let line = &self.shown.line;
        let key = match line.turn.as_str() {
            "ours" => "next-ours",
            "theirs" => "next-theirs",
            _ => return None,
        };
        let until = self.s.time(&line.due_at.unwrap_or(line.expires_at));
        Some(self.s.words.say_both(key, ("agency", &self.agency), ("time", &until)))
    }

    const fn reasons(&self) -> &'static [DeclineReason] {
        DeclineReason::ALL
    }

    const fn outcomes(&self) -> &'static [Outcome] {
        Outcome::ALL
    }

    fn withdrawals(&self) -> impl Iterator<Item = &'static WithdrawReason> {
        WithdrawReason::ALL.iter().filter(|reason| reason.as_str() != "Escalated")
    }

    fn may(&self, step: &str) -> bool {
        self.steps.contains(&step)
    }

    /// Whether the sender may tell more of the person now.
    fn may_tell_more(&self) -> bool {
        let tells = |step: &str| self.shown.possible.iter().any(|one| one == step);
        self.shown.line.side == "sent" && (tells("DisclosureRaised") || tells("InfoProvided"))
    }

    /// What is said of handing the person on; nothing of what was sent from here, or may not be read here.
    fn onward(&self) -> Option<Onward> {
        let referral = self.shown.referral.as_ref()?;
        if self.shown.line.side != "received" || self.closed || !self.refers {
            return None;
        }
        Some(Onward::of(referral))
    }

    /// Whether what was taken back is still here, and who asks may erase it.
    fn may_erase(&self) -> bool {
        let erases = self.shown.possible.iter().any(|one| one == "ErasureCertified");
        erases && self.shown.erased_at.is_none() && self.shown.hold.is_none()
    }

    /// Whether it rests on consents, which may be taken back.
    fn has_consents(&self) -> bool {
        let consents = self.shown.referral.as_ref().and_then(|referral| referral.get("consents")?.as_array());
        consents.is_some_and(|consents| !consents.is_empty())
    }

    /// Whether something may be said now: from its arrival to its end.
    fn may_say(&self) -> bool {
        matches!(self.shown.line.state.as_str(), "delivered" | "opened" | "info-requested" | "accepted" | "in-service")
    }
}

/// Shows a referral. What a caseworker has opened before is shown with its content, and each such look is noted.
pub(super) async fn show(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Path((_base, id)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let asked = OpenAsked { by: visit.by(), ..OpenAsked::default() };
    looked(&page, &visit, id, asked, false).await
}

/// Opens what has come, or shows its names or a section that is folded: a person does it by a button, and the first time the sender is
/// told. No address says which section was read.
pub(super) async fn open(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Path((_base, id)): Path<(String, String)>,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    page.number(&visit, &fields, &format!("open {id}"))?;
    let names = field(&fields, "names") == "yes";
    let reason = Some(field(&fields, "reason").to_owned()).filter(|reason| !reason.is_empty());
    let sections: Vec<String> = all(&fields, "section").filter(|one| !one.is_empty()).map(str::to_owned).collect();
    let once = names || !sections.is_empty();
    let asked = OpenAsked { by: visit.by(), names, sections, reason };
    let shown = looked(&page, &visit, id.clone(), asked, true).await?;
    // Names and folded sections are shown once; all else by an address that can be asked for again.
    Ok(if once { shown } else { Page::to(&visit, &format!("/referral/{id}")) })
}

/// What the page shows, as the node has it.
struct Gathered {
    shown: ReferralShown,
    posts: Vec<PostLine>,
    documents: Vec<DocumentShown>,
    unsent: Vec<Unsent>,
    unasked: Vec<UnaskedShown>,
    names: Names,
    own: String,
    /// The other agency's number, as the directory has it, and whether it is answered at all hours.
    phone: Option<(String, bool)>,
    /// Whoever asks refers persons.
    refers: bool,
    /// It came, and nobody has opened it.
    closed: bool,
}

/// What somebody may see who may not see all of it.
fn or_nothing<T: Default>(found: Result<T, Told>) -> Result<T, Told> {
    match found {
        Err(told) if matches!(told.code.as_str(), "not-your-role" | "not-assigned" | "content-erased") => {
            Ok(T::default())
        }
        found => found,
    }
}

fn gather(node: &mut Node, id: &str, asked: &OpenAsked, opens: bool, language: &str) -> Result<Gathered, Told> {
    let by = asked.by.as_deref();
    let closed = node.referral(id, by)?;
    // Nobody opens a referral by following a link: the first time it takes a button.
    let unopened = closed.line.side == "received" && closed.line.state == "delivered" && !opens;
    let shown = if unopened {
        closed
    } else {
        match node.open_referral(id, asked) {
            // Who may not see its content, or when it is erased, sees where it stands.
            Err(told)
                if !opens && matches!(told.code.as_str(), "content-erased" | "not-your-role" | "not-assigned") =>
            {
                closed
            }
            opened => opened?,
        }
    };
    // Reading what was said about it is looking at it, too.
    let posts = if unopened { Vec::new() } else { or_nothing(node.posts(id, by).map(|posts| posts.posts))? };
    let documents = or_nothing(node.referral_documents(id, by).map(|documents| documents.documents))?;
    let unsent = or_nothing(node.unsent_documents(id, by))?;
    let unasked = if shown.referral.is_some() { or_nothing(node.unasked(id, by))? } else { Vec::new() };
    let agency = shown.line.agency.parse().ok().and_then(|id| node.show_agency(&id).ok());
    let phone = agency.and_then(|agency| agency.record.contact).and_then(|contact| {
        let office = contact.office.map(|phone| (phone, false));
        contact.always.map(|phone| (phone, true)).or(office)
    });
    let refers = node.acting_as(by, Hand::Caseworker).is_ok();
    let own = node.own_record()?.map(|own| own.agency_id.to_string()).unwrap_or_default();
    let ids = shown.log.iter().map(|line| line.agency.as_str());
    let ids = ids.chain(posts.iter().map(|post| post.from.as_str())).chain(shown.told.iter().map(String::as_str));
    let names = node.names_of(ids.chain([shown.line.agency.as_str()]), language)?;
    Ok(Gathered { shown, posts, documents, unsent, unasked, names, own, phone, refers, closed: unopened })
}

async fn looked(page: &Page, visit: &Visit, id: String, asked: OpenAsked, opens: bool) -> Result<Response, Trouble> {
    let (words, named) = (visit.words, id.clone());
    let job = page.handle.acting(move |node| gather(node, &named, &asked, opens, words.record_code));
    let found = job.await.map_err(|error| sheet::told(visit, error)).map_err(Trouble::from)?;
    let Gathered { shown, posts, documents, unsent, unasked, names, own, phone, refers, closed } = found;
    let unasked = unasked.into_iter().map(|one| Unasked::of(page, visit, &shown, one)).collect::<Result<_, _>>()?;
    let happened = |line: &LogLine| Happened { who: names.of(&line.agency), why: why(words, line), line: line.clone() };
    let steps = STEPS.iter().copied().filter(|step| shown.possible.iter().any(|one| one == step));
    let mut s = page.sheet(visit, "/").await?;
    if opens {
        s = s.fixed();
    }
    sheet::shown(&Referral {
        s,
        agency: names.of(&shown.line.agency),
        told: shown.told.iter().map(|id| names.of(id)).collect(),
        closed,
        phone,
        refers,
        sections: shown.referral.as_ref().map(|value| content::sections(words, value)).unwrap_or_default(),
        posts: posts
            .into_iter()
            .map(|line| Post { from: names.of(&line.from), ours: line.from == own, line })
            .collect(),
        wanted: documents::wanted(words, unsent),
        documents: documents::lines(words, &documents),
        log: shown.log.iter().map(happened).collect(),
        steps: steps.collect(),
        unasked,
        open_mark: page.mark(visit, &format!("open {id}"))?,
        act_mark: page.mark(visit, &format!("act {id}"))?,
        say_mark: page.mark(visit, &format!("say {id}"))?,
        document_mark: page.mark(visit, &format!("document {id}"))?,
        erase_mark: page.mark(visit, &format!("erase {id}"))?,
        onward_mark: page.mark(visit, &format!("onward {id}"))?,
        more_mark: page.mark(visit, &format!("more {id}"))?,
        shown,
    })
}

/// Reason or outcome, level, and what was said with an act.
fn why(words: &'static Words, line: &LogLine) -> String {
    let reason = line.why.as_deref().map(|why| {
        let list = match line.event.as_str() {
            "Declined" => "declined",
            "Closed" => "closed",
            _ => "withdrawn",
        };
        labels::label(words, list, why)
    });
    let text = line.details.as_ref().and_then(|details| details.get("text")).and_then(Value::as_str);
    let level = line.level.map(|level| words.say_of("level", "level", &level.to_string()));
    let remark = line.remark.as_deref().map(|_code| words.say("log-no-change"));
    let all: Vec<String> = reason.into_iter().chain(level).chain(text.map(str::to_owned)).chain(remark).collect();
    all.join(" · ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn whether_the_person_may_be_handed_on_is_said_by_marking_and_consents() {
        let of = |markings: &[&str], consents: Value| {
            Onward::of(&json!({"handling": {"markings": markings}, "consents": consents}))
        };
        let (yes, no) = (json!({"onward_sharing": true}), json!({"consent_id": "x"}));
        assert_eq!(of(&["NoEmbassy", "NoOnwardSharing"], json!([yes])), Onward::Never);
        assert_eq!((of(&[], json!([])), Onward::of(&json!({}))), (Onward::Nobody, Onward::Nobody));
        assert_eq!(of(&["NoEmbassy"], json!([yes])), Onward::Agreed);
        assert_eq!((of(&[], json!([no])), of(&[], json!([yes, no]))), (Onward::Unasked, Onward::Unasked));
        assert!(Onward::Unasked.may() && !Onward::Never.may());
    }
}
