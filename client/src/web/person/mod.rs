//! Refer somebody by name: one agency is chosen, how much it is told, what is told, and the consent for it; and later, more is told to it,
//! or a consent is taken back. Each step is kept as a draft.
//!
//! # Layout
//! - [`level`]: how much · [`form`], [`fields`]: what is asked about the person · [`consent`], [`sentence`]: the question, and the answer
//! - [`without`]: life in danger, or a duty of law · [`unasked`]: what is owed to the person then
//! - [`documents`]: files that go with it
//! - [`check`]: what they will see, and what not; sending · [`taken`]: a consent is taken back
//! - [`gone`]: a draft that has nowhere to go any more

mod check;
mod consent;
mod documents;
mod fields;
mod form;
mod gone;
mod level;
mod sentence;
mod taken;
mod unasked;
mod without;

pub(super) use self::{documents::give, level::asked_anew, unasked::Unasked};

use std::sync::Arc;

use axum::{
    Extension, Form, Router,
    extract::{Path, State},
    response::Response,
    routing::{get, post},
};
use safeconduct_certs::web::fields::{Fields, field};
use safeconduct_protocol::{id::AgencyId, time::Timestamp};
use serde_json::{Value, json};

use super::{
    Page, choosing, refer,
    sessions::Notice,
    sheet::{Trouble, Visit},
};
use crate::{
    api::{cases::LogLine, drafts::DraftShown},
    casework::life::code::Step,
    daemon::{More, Node, is_apart},
    error::{Told, ToldFinding},
    referral::{
        codes::{Role, Section},
        dates::Instant,
    },
};

/// The addresses of this part.
pub(super) fn routes() -> Router<Arc<Page>> {
    Router::new()
        .route("/{base}/draft/{draft}/needs", get(refer::needs))
        .route("/{base}/draft/{draft}/to", post(choose))
        .route("/{base}/draft/{draft}/level", get(level::ask).post(level::choose))
        .route("/{base}/draft/{draft}/person", get(form::ask).post(form::keep))
        .merge(documents::routes())
        .route("/{base}/draft/{draft}/words", post(consent::words))
        .route("/{base}/draft/{draft}/consent", get(consent::ask).post(consent::keep))
        .route("/{base}/draft/{draft}/sentence", get(sentence::print))
        .route("/{base}/draft/{draft}/without", get(without::ask).post(without::decide))
        .route("/{base}/draft/{draft}/check", get(check::ask).post(check::send))
        .route("/{base}/referral/{id}/more", post(more))
        .route("/{base}/referral/{id}/onward", post(onward))
        .route("/{base}/referral/{id}/erase", post(taken::erase))
        .route("/{base}/referral/{id}/told", post(unasked::person_told))
        .route("/{base}/referral/{id}/review", post(unasked::review))
        .route("/{base}/referral/{id}/consents", get(taken::ask).post(taken::take))
}

/// What the other agency has asked for, last and not answered yet.
struct Question {
    text: String,
    level: Option<u8>,
}

/// A draft that goes to one agency.
struct Work {
    kept: DraftShown,
    content: Value,
    to: AgencyId,
    /// Its name in the reader's language, and its role.
    agency: String,
    role: String,
    /// It tells more to an agency that has the referral.
    more: Option<More>,
    asked: Option<Question>,
    now: Timestamp,
}

impl Work {
    /// The draft; who has chosen no agency yet does that first.
    async fn of(page: &Page, visit: &Visit, draft: &str) -> Result<Self, Trouble> {
        let (by, named, language) = (visit.by(), draft.to_owned(), visit.words.record_code);
        let found = page
            .work(visit, move |node| {
                let mut kept = node.show_draft(&named, true, by.as_deref())?;
                let content = kept.content.take().unwrap_or_default();
                let Ok(to) = kept.line.to.parse::<AgencyId>() else { return Ok(Err(None)) };
                let agency = node.names_of(core::iter::once(to.as_str()), language)?.of(to.as_str());
                let more = match is_more(&content).then(|| node.more_of(&named, by.as_deref())).transpose() {
                    // What was taken back is told no more of: the draft has nowhere to go.
                    Err(told) if told.code == "content-erased" => return Ok(Err(Some(agency))),
                    more => more?,
                };
                Ok(Ok((kept, content, to, agency, more, node.now())))
            })
            .await?;
        let (kept, content, to, agency, more, now) = match found {
            Ok(found) => found,
            Err(None) => return Err(Page::to(visit, &format!("/draft/{draft}/who")).into()),
            Err(Some(agency)) => return Err(gone::shown_of(page, visit, draft, agency).await?.into()),
        };
        let role = content.pointer("/header/to/role").and_then(Value::as_str).unwrap_or_default().to_owned();
        let asked = more.as_ref().and_then(|more| asked(&more.shown.log));
        Ok(Self { kept, content, to, agency, role, more, asked, now })
    }

    fn level(&self) -> u8 {
        level_of(&self.content)
    }

    /// The level that the agency knows already.
    fn told_level(&self) -> Option<u8> {
        self.more.as_ref().map(|more| more.shown.line.level)
    }

    fn sections(&self) -> Vec<Section> {
        level::sections(&self.content)
    }

    /// Whether the agency has this section already.
    fn is_told(&self, section: Section) -> bool {
        let has = |more: &More| more.told.pointer(fields::part(section)).is_some();
        self.more.as_ref().is_some_and(has)
    }

    /// Consents that the agency has already.
    fn consents(&self) -> Vec<Value> {
        self.more.as_ref().map(|more| more.consents.clone()).unwrap_or_default()
    }

    /// The consent of the draft: given, or still a question; none when those that the agency has cover it.
    fn consent(&self) -> Option<&Value> {
        self.content.pointer("/consents/0")
    }

    /// On which basis it goes without the person's consent, if it does.
    fn unasked(&self) -> Option<&'static str> {
        without::basis(&self.content)
    }

    /// Until when the person is told of that.
    fn told_by(&self) -> Option<u64> {
        let at = self.consent()?.get("notify_person_by")?.as_str()?;
        at.parse::<Instant>().ok().map(|at| at.time().0)
    }

    /// Whether the person is still to be asked.
    fn is_to_ask(&self) -> bool {
        self.consent().is_some_and(|consent| consent.get("given_at").is_none())
    }

    /// The step after what is told is known: the question, what stands in its place, or, once that is answered, the last look.
    fn after_form(&self) -> &'static str {
        match (self.is_to_ask(), without::is_for_danger(self)) {
            (true, true) => "without",
            (true, false) => "consent",
            (false, _) => "check",
        }
    }

    /// What the check says of it.
    fn findings(&self) -> &[ToldFinding] {
        self.more.as_ref().map_or(&self.kept.findings, |more| &more.findings)
    }

    /// Keeps a draft in its place.
    async fn keep(&self, page: &Page, visit: &Visit, content: Value) -> Result<(), Trouble> {
        let (by, draft) = (visit.by(), self.kept.line.draft.clone());
        let to = content.pointer("/header/to").is_some().then(|| self.to.clone());
        let keep =
            move |node: &mut Node| choosing::keep_content(node, &draft, &content, to.as_ref(), by.as_deref()).map(drop);
        page.work(visit, keep).await
    }
}

/// The level of a draft.
fn level_of(draft: &Value) -> u8 {
    let level = draft.pointer("/header/disclosure_level").and_then(Value::as_u64).unwrap_or_default();
    u8::try_from(level).unwrap_or(3)
}

/// Whether a draft tells more than that somebody needs help.
pub(super) fn is_by_name(draft: &Value) -> bool {
    level_of(draft) > 0 || is_more(draft)
}

/// Whether a draft tells more in a referral that there is.
pub(super) fn is_more(draft: &Value) -> bool {
    draft.pointer("/header/revision").and_then(Value::as_u64).is_some_and(|revision| revision > 1)
}

/// What was asked last, unless it has been answered.
fn asked(log: &[LogLine]) -> Option<Question> {
    const ASKS: [Step; 2] = [Step::DisclosureRequested, Step::InfoRequested];
    const ANSWERS: [Step; 2] = [Step::DisclosureRaised, Step::InfoProvided];
    let is_one = |line: &LogLine, of: &[Step]| of.iter().any(|step| step.as_str() == line.event);
    let last = log.iter().rev().find(|line| is_one(line, &ASKS) || is_one(line, &ANSWERS))?;
    let text = last.details.as_ref().and_then(|details| details.get("text")).and_then(Value::as_str);
    is_one(last, &ASKS).then(|| Question { text: text.unwrap_or_default().to_owned(), level: last.level })
}

/// One agency is chosen, which is told more than that somebody needs help.
async fn choose(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Path((_base, draft)): Path<(String, String)>,
    Form(typed): Form<Fields>,
) -> Result<Response, Trouble> {
    page.number(&visit, &typed, &format!("to {draft}"))?;
    // What was sealed for one agency is nothing to another.
    drop(page.sessions.take_held(&visit.session.base, &draft, None));
    let (by, named) = (visit.by(), draft.clone());
    let Ok(to) = field(&typed, "to").parse::<AgencyId>() else {
        return Ok(Page::to(&visit, &format!("/draft/{draft}/who")));
    };
    page.work(&visit, move |node| {
        let kept = node.show_draft(&named, true, by.as_deref())?;
        let mut content = kept.content.unwrap_or_default();
        let agency = node.show_agency(&to)?.agency;
        // Of several roles the one that helps; who asks for another writes it at the command line.
        let helps = |code: &&String| Role::from_code(code).is_some_and(|role| !is_apart(role));
        // Police alone stop a danger, where nobody else can.
        let police = |code: &&String| code.as_str() == Role::Police.as_str();
        let role = agency.roles.iter().find(helps).or_else(|| agency.roles.iter().find(police));
        let role = role.cloned().unwrap_or_default();
        let header = json!({"agency_id": agency.agency_id, "role": role, "country": agency.country});
        fields::set(&mut content, "/header/to", Some(header));
        fields::set(&mut content, "/header/profile_to", None);
        choosing::keep_content(node, &named, &content, Some(&to), by.as_deref()).map(drop)
    })
    .await?;
    Ok(Page::to(&visit, &format!("/draft/{draft}/level")))
}

/// Takes the agency out of a draft that names nobody yet: others are asked.
pub(super) fn unaddressed(node: &mut Node, draft: &str, by: Option<&str>) -> Result<(), Told> {
    let Some(mut content) = choosing::content_of(node, draft, by)? else { return Ok(()) };
    if is_by_name(&content) || content.pointer("/header/to").is_none() {
        return Ok(());
    }
    for at in ["/header/to", "/header/profile_to"] {
        fields::set(&mut content, at, None);
    }
    choosing::keep_content(node, draft, &content, None, by).map(drop)
}

/// More is to be told in a referral that was sent.
async fn more(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Path((_base, id)): Path<(String, String)>,
    Form(typed): Form<Fields>,
) -> Result<Response, Trouble> {
    page.number(&visit, &typed, &format!("more {id}"))?;
    let by = visit.by();
    let kept = page.work(&visit, move |node| node.more_from(&id, by.as_deref())).await?;
    let step = if field(&typed, "add") == "documents" && kept.line.level == Some(3) { "documents" } else { "level" };
    Ok(Page::to(&visit, &format!("/draft/{}/{step}", kept.line.draft)))
}

/// The person of a referral that came is referred on: a draft of what it tells, for which the person is asked anew.
async fn onward(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Path((_base, id)): Path<(String, String)>,
    Form(typed): Form<Fields>,
) -> Result<Response, Trouble> {
    page.number(&visit, &typed, &format!("onward {id}"))?;
    let by = visit.by();
    let kept = page.work(&visit, move |node| node.new_from(&id, by.as_deref())).await?;
    page.sessions.leave(&visit.session.base, Notice { key: "notice-onward", count: 1 });
    Ok(Page::to(&visit, &format!("/draft/{}/needs", kept.line.draft)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(event: Step, level: Option<u8>, text: &str) -> LogLine {
        LogLine {
            at: 0,
            event: event.as_str().to_owned(),
            agency: String::new(),
            by: "person".to_owned(),
            why: None,
            level,
            details: Some(json!({"text": text})),
            transition: None,
            remark: None,
        }
    }

    #[test]
    fn what_was_asked_last_stands_there_until_it_is_answered() {
        let mut log = vec![
            line(Step::InfoRequested, None, "first?"),
            line(Step::InfoProvided, None, ""),
            line(Step::DisclosureRequested, Some(3), "which?"),
            line(Step::Accepted, None, ""),
        ];
        let question = asked(&log).unwrap();
        assert_eq!((question.text.as_str(), question.level), ("which?", Some(3)));
        log.push(line(Step::DisclosureRaised, Some(3), ""));
        assert!(asked(&log).is_none() && asked(&[]).is_none());
    }
}
