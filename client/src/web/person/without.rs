//! Without the person's consent: life in danger, or a duty of law. It asks who decides, why, and when the person is told; what the decision
//! table refuses stands at the field that mends it.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension, Form,
    extract::{Path, State},
    response::Response,
};
use safeconduct_certs::web::fields::{Fields, field};
use safeconduct_protocol::time::{DAY_S, HOUR_S, Timestamp};
use serde_json::{Value, json};

use super::{
    super::{
        Page, labels,
        sheet::{Mark, Sheet, Trouble, Visit, shown, title},
        words::Words,
    },
    Work, fields,
    level::{self, DAYS, Wanted},
};
use crate::{
    daemon::{Law, MayWithout},
    error::ToldFinding,
    referral::{
        codes::{Kind, Role, Urgency},
        dates::Instant,
    },
};

/// Life in danger, and a duty of law.
pub(super) const DANGER: &str = "VitalInterest";
pub(super) const DUTY: &str = "LegalObligation";
/// Hours after which the person is told, of which one is chosen; those that the law does not allow are not offered.
const HOURS: [u64; 4] = [12, 24, 48, 72];
/// Of a duty of law the person may know already.
const KNOWN: &str = "0";
/// Later than any law allows.
const NEVER: u64 = 10_000;
/// Who decides; the names of the schema.
const GIVERS: [&str; 2] = ["CaseworkerOverride", "CompetentBody"];

#[derive(Template)]
#[template(path = "web/person-without.html")]
struct Without {
    s: Sheet,
    work: Work,
    may: Offered,
    /// What is decided, or was.
    basis: String,
    giver: String,
    reason: String,
    hours: String,
    law: String,
    found: Vec<Wrong>,
    danger: Mark,
    duty: Mark,
}

title! { Without "without-title" }

/// What the decision table says, at the field that mends it.
struct Wrong {
    basis: &'static str,
    at: &'static str,
    text: String,
}

/// What the page offers.
pub(super) struct Offered {
    /// By role: to say so, or why not.
    may: MayWithout,
    pub(super) danger: bool,
    pub(super) duty: bool,
}

impl Offered {
    pub(super) async fn of(page: &Page, visit: &Visit, work: &Work) -> Result<Self, Trouble> {
        let (by, draft) = (visit.by(), work.kept.line.draft.clone());
        let may = page.work(visit, move |node| node.may_without(&draft, by.as_deref())).await?;
        let header = |name: &str| work.content.pointer(&format!("/header/{name}")).and_then(Value::as_str);
        // The urgency of what was sent stays.
        let urgent = work.more.is_none() || header("urgency").is_some_and(may_be_danger);
        // What came here is handed on as the person has allowed, and what was sent stays what it is.
        let own = work.more.is_none() && header("kind") != Some(Kind::Transfer.as_str());
        Ok(Self {
            danger: may.may && may.rescues && urgent,
            duty: own && may.duties.iter().any(|law| law.level_max > 0),
            may,
        })
    }

    /// The sender may, and the recipient is none who rescues: another may be chosen.
    pub(super) const fn needs_another(&self) -> bool {
        self.may.may && !self.may.rescues
    }

    fn laws(&self) -> impl Iterator<Item = &Law> {
        self.may.duties.iter().filter(|law| law.level_max > 0)
    }
}

impl Without {
    /// What alone may be asked of this agency without consent, and up to which level.
    fn only(&self) -> Option<String> {
        let may = &self.may.may;
        let names: Vec<String> = may.only.iter().map(|code| self.s.label("service", code)).collect();
        let services = labels::listed(self.s.words, &names);
        let level = may.level_max.to_string();
        let said = || self.s.words.say_both("without-only", ("services", &services), ("level", &level));
        (!names.is_empty()).then(said)
    }

    /// What stands for: the person knows already.
    const fn known(&self) -> &'static str {
        KNOWN
    }

    const fn givers(&self) -> [&'static str; 2] {
        GIVERS
    }

    fn urgencies(&self) -> impl Iterator<Item = Urgency> {
        Urgency::ALL.iter().copied().filter(|one| one.cannot_wait())
    }

    fn is_urgency(&self, code: &str) -> bool {
        self.work.content.pointer("/header/urgency").and_then(Value::as_str) == Some(code)
    }

    /// Hours that the law allows, each with the time at which they end.
    fn hours(&self) -> impl Iterator<Item = (String, String)> {
        let most = u64::from(self.may.may.notice_hours);
        let all = HOURS.into_iter().filter(move |hours| *hours < most).chain([most]);
        all.map(|hours| {
            let by = self.s.time(&self.work.now.after(hours.saturating_mul(HOUR_S)).0);
            (hours.to_string(), self.s.words.say_both("without-hours", ("hours", &hours.to_string()), ("time", &by)))
        })
    }

    /// How much the law lets be told, where the draft tells more.
    fn lowered(&self, law: &Law) -> Option<String> {
        (self.work.level() > law.level_max).then(|| law.level_max.to_string())
    }

    /// A text with a number of hours.
    fn hours_of(&self, key: &str, hours: &u32) -> String {
        self.s.count(key, &u64::from(*hours))
    }

    fn is(&self, basis: &str) -> bool {
        self.basis == basis
    }

    /// Who has decided on this basis; nobody yet on another.
    fn giver(&self, basis: &str) -> &str {
        if self.is(basis) { &self.giver } else { "" }
    }

    fn wrong(&self, basis: &str, at: &str) -> impl Iterator<Item = &str> {
        let here = move |one: &&Wrong| one.basis == basis && one.at == at;
        self.found.iter().filter(here).map(|one| one.text.as_str()).collect::<Vec<_>>().into_iter()
    }
}

/// Whether life may be in danger at the urgency of this code.
fn may_be_danger(code: &str) -> bool {
    Urgency::from_code(code).is_some_and(Urgency::cannot_wait)
}

/// The basis of a draft's consent where the person was not asked.
pub(super) fn basis(draft: &Value) -> Option<&'static str> {
    let basis = draft.pointer("/consents/0/basis").and_then(Value::as_str)?;
    [DANGER, DUTY].into_iter().find(|one| *one == basis)
}

/// A draft that rests on these consents: what is sent on a duty of law is a notification, and nothing else is.
pub(super) fn rested(mut draft: Value, consents: Option<Value>) -> Value {
    let was_duty = basis(&draft) == Some(DUTY);
    fields::set(&mut draft, "/consents", consents);
    if was_duty && basis(&draft) != Some(DUTY) {
        fields::set(&mut draft, "/header/kind", Some(Kind::Referral.as_str().into()));
    }
    draft
}

/// The person is asked after all: nothing of what stood in the place of the answer stays.
pub(super) fn asked_after_all(draft: Value) -> Value {
    if basis(&draft).is_none() {
        return draft;
    }
    let mut question = draft.pointer("/consents/0").cloned().unwrap_or_default();
    for stale in ["basis", "given_by", "given_at", "method", "status", "override_reason", "notify_person_by"] {
        fields::set(&mut question, &format!("/{stale}"), None);
    }
    rested(draft, Some(vec![question].into()))
}

/// What somebody has decided.
struct Decided {
    basis: &'static str,
    giver: String,
    reason: String,
    /// After how many hours the person is told.
    hours: u64,
    urgency: Option<String>,
    law: Option<Law>,
}

impl Decided {
    fn typed(typed: &Fields, basis: &'static str, may: &MayWithout) -> Self {
        let text = |name: &str| field(typed, name).replace("\r\n", "\n");
        let law = may.duties.iter().find(|law| basis == DUTY && law.name == field(typed, "law")).cloned();
        let why = text("reason");
        Self {
            basis,
            giver: text("giver"),
            reason: law.as_ref().map_or_else(|| why.clone(), |law| format!("{}: {why}", law.name)),
            // What is no number is later than any law allows, and refused as that.
            hours: text("hours").parse().unwrap_or(NEVER),
            urgency: Some(text("urgency")).filter(|code| basis == DANGER && may_be_danger(code)),
            law,
        }
    }

    /// A draft that goes on this basis: no more is told than the law lets, and it covers just what is told.
    fn into_draft(self, mut draft: Value, now: Timestamp) -> Value {
        let level = super::level_of(&draft);
        let level = self.law.as_ref().map_or(level, |law| level.min(law.level_max));
        let file = fields::file_sections().filter(|section| draft.pointer(fields::part(*section)).is_some());
        let wanted = Wanted { level, file: file.collect(), now, told: Vec::new() };
        draft = level::tell(draft, &wanted);
        let mut consent = level::question(&draft, &wanted);
        let at = |time: Timestamp| Value::from(Instant::at(time).to_string());
        let told_by = now.after(self.hours.saturating_mul(HOUR_S));
        for (name, value) in [
            ("/basis", self.basis.into()),
            ("/given_by", self.giver.into()),
            ("/given_at", at(now)),
            ("/method", "NotPossible".into()),
            ("/status", "Active".into()),
            ("/override_reason", self.reason.into()),
            ("/notify_person_by", at(told_by)),
            ("/interpreter", json!(false)),
        ] {
            fields::set(&mut consent, name, Some(value));
        }
        // A danger passes: then the person is asked.
        let days = DAYS.into_iter().min().filter(|_| self.basis == DANGER);
        if let Some(days) = days {
            fields::set(&mut consent, "/expires_at", Some(at(now.after(days.saturating_mul(DAY_S)))));
        }
        let mut draft = rested(draft, Some(vec![consent].into()));
        if self.basis == DUTY {
            fields::set(&mut draft, "/header/kind", Some(Kind::MandatoryNotification.as_str().into()));
        }
        if let Some(urgency) = self.urgency {
            fields::set(&mut draft, "/header/urgency", Some(urgency.into()));
        }
        draft
    }
}

/// Where something is mended: the field, or the head of the form.
fn place(finding: &ToldFinding, urgent: bool) -> &'static str {
    let at = |name: &str| finding.pointer.ends_with(name);
    match (finding.code.as_str(), finding.rule.as_str()) {
        _ if at("/override_reason") => "reason",
        _ if at("/given_by") => "giver",
        ("override-notice-too-late", _) => "hours",
        _ if at("/notify_person_by") => "hours",
        ("override-not-applicable" | "legal-basis-needs-notification", "D11") => "giver",
        ("override-not-applicable", "D12") if !urgent => "urgency",
        _ => "top",
    }
}

/// What the decision table refuses of what was decided here.
fn wrong(words: &Words, work: &Work) -> Vec<Wrong> {
    let Some(basis) = basis(&work.content) else { return Vec::new() };
    let urgent = work.content.pointer("/header/urgency").and_then(Value::as_str).is_some_and(may_be_danger);
    let here = |finding: &&ToldFinding| finding.severity == "refuse" && finding.pointer.starts_with("/consents");
    let told = |finding: &ToldFinding| Wrong {
        basis,
        at: place(finding, urgent),
        text: labels::refusal(words, &finding.code).unwrap_or_else(|| finding.fact.clone()),
    };
    work.findings().iter().filter(here).map(told).collect()
}

/// Both bases, in words, with what each asks.
pub(super) async fn ask(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Path((_base, draft)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let work = Work::of(&page, &visit, &draft).await?;
    if work.consent().is_none() {
        return Ok(Page::to(&visit, &format!("/draft/{draft}/check")));
    }
    let may = Offered::of(&page, &visit, &work).await?;
    let text = |name: &str| work.content.pointer(&format!("/consents/0/{name}")).and_then(Value::as_str);
    let decided = basis(&work.content);
    let said = |name: &str| decided.and_then(|_| text(name)).unwrap_or_default().to_owned();
    let reason = said("override_reason");
    let law = may.laws().find(|law| reason.starts_with(&law.name)).map(|law| law.name.clone()).unwrap_or_default();
    let why = reason.strip_prefix(&law).map(|why| why.trim_start_matches(": ").to_owned());
    let time = |name: &str| text(name).and_then(|text| text.parse::<Instant>().ok()).map(Instant::time);
    let hours = time("notify_person_by").zip(time("given_at")).map(|(by, given)| by.since(given) / HOUR_S);
    let changed_at = work.kept.line.changed_at;
    let mark = |basis: &str| page.mark(&visit, &format!("without {draft} {changed_at} {basis}"));
    shown(&Without {
        s: page.sheet(&visit, "/refer").await?,
        basis: decided.unwrap_or_default().to_owned(),
        giver: said("given_by"),
        reason: why.unwrap_or(reason),
        hours: hours.filter(|_| decided.is_some()).map(|hours| hours.to_string()).unwrap_or_default(),
        law,
        found: wrong(visit.words, &work),
        danger: mark(DANGER)?,
        duty: mark(DUTY)?,
        may,
        work,
    })
}

/// Keeps what was decided; what is refused of it is shown at once.
pub(super) async fn decide(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Path((_base, draft)): Path<(String, String)>,
    Form(typed): Form<Fields>,
) -> Result<Response, Trouble> {
    let work = Work::of(&page, &visit, &draft).await?;
    let basis = if field(&typed, "basis") == DUTY { DUTY } else { DANGER };
    // What was decided is what was looked at: a draft that was changed since is decided anew.
    page.number(&visit, &typed, &format!("without {draft} {} {basis}", work.kept.line.changed_at))?;
    let may = Offered::of(&page, &visit, &work).await?;
    let offered = if basis == DUTY { may.duty } else { may.danger };
    if offered && work.consent().is_some() {
        let decided = Decided::typed(&typed, basis, &may.may);
        work.keep(&page, &visit, decided.into_draft(work.content.clone(), work.now)).await?;
    }
    let kept = Work::of(&page, &visit, &draft).await?;
    let path = if offered && wrong(visit.words, &kept).is_empty() { "check" } else { "without" };
    Ok(Page::to(&visit, &format!("/draft/{draft}/{path}")))
}

/// Whether the agency is asked on the page only where it stops a danger: the person goes to the police by their own decision.
pub(super) fn is_for_danger(work: &Work) -> bool {
    work.role == Role::Police.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::referral::codes::Section;

    const NOW: Timestamp = Timestamp(1_780_322_400);

    fn draft() -> Value {
        let draft = json!({
            "header": {"disclosure_level": 0, "kind": "Enquiry", "urgency": "Normal",
                "to": {"agency_id": "xa.child-protection-north", "role": "ChildProtection", "country": "XA"}},
            "enquiry": {"services": ["Shelter"], "age_band": "12-14", "languages": ["ukr"], "country_of_need": "XA"},
        });
        level::tell(draft, &Wanted { level: 3, file: vec![Section::Medical], now: NOW, told: Vec::new() })
    }

    fn decided(basis: &'static str, all: &[(&str, &str)]) -> Value {
        let law = Law { name: "Children Act, s. 4 (XA)".to_owned(), level_max: 1, within_hours: 24, told_before: true };
        let may = MayWithout { duties: vec![law], ..MayWithout::default() };
        let typed: Fields = all.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Decided::typed(&typed, basis, &may).into_draft(draft(), NOW)
    }

    fn danger() -> Value {
        decided(
            DANGER,
            &[
                ("giver", "CaseworkerOverride"),
                ("reason", "She does not wake."),
                ("hours", "24"),
                ("urgency", "Immediate"),
            ],
        )
    }

    fn duty() -> Value {
        let typed =
            [("giver", "CompetentBody"), ("reason", "A child."), ("hours", "0"), ("law", "Children Act, s. 4 (XA)")];
        decided(DUTY, &typed)
    }

    #[test]
    fn what_is_decided_in_the_persons_place_is_written_as_that_and_covers_just_what_is_told() {
        let draft = danger();
        let consent = &draft["consents"][0];
        let wanted = json!(["Enquiry", "Summary", "Identity", "Medical"]);
        assert_eq!((&consent["basis"], &consent["method"]), (&json!(DANGER), &json!("NotPossible")));
        assert_eq!((&consent["sections"], &consent["level_max"]), (&wanted, &json!(3)));
        assert_eq!(
            (&consent["given_at"], &consent["notify_person_by"]),
            (&json!("2026-06-01T14:00:00Z"), &json!("2026-06-02T14:00:00Z"))
        );
        assert_eq!(
            (&consent["given_by"], &consent["override_reason"]),
            (&json!("CaseworkerOverride"), &json!("She does not wake."))
        );
        assert_eq!((&draft["header"]["urgency"], &draft["header"]["kind"]), (&json!("Immediate"), &json!("Referral")));
        assert_eq!(consent["expires_at"], json!("2026-07-01T14:00:00Z"), "a danger passes");
        assert!(consent.get("informed").is_none(), "nobody was told anything");
    }

    #[test]
    fn a_duty_of_law_tells_no_more_than_the_law_and_is_a_notification_only_while_it_rests_on_it() {
        let draft = duty();
        assert_eq!(
            (&draft["header"]["kind"], &draft["header"]["disclosure_level"]),
            (&json!("MandatoryNotification"), &json!(1))
        );
        assert!(draft.get("identity").is_none() && draft.get("case_file").is_none());
        assert_eq!(draft["consents"][0]["override_reason"], "Children Act, s. 4 (XA): A child.");
        assert_eq!(draft["consents"][0]["notify_person_by"], draft["consents"][0]["given_at"], "the person knows");
        assert_eq!(draft["header"]["urgency"], "Normal");

        let more = level::tell(draft, &Wanted { level: 2, file: Vec::new(), now: NOW, told: Vec::new() });
        assert_eq!((basis(&more), &more["header"]["kind"]), (None, &json!("Referral")));
        assert!(more["consents"][0].get("given_at").is_none(), "the person is asked");
    }

    #[test]
    fn who_is_asked_after_all_answers_and_nothing_stands_in_the_place_of_the_answer() {
        for draft in [danger(), duty()] {
            let asked = asked_after_all(draft);
            let question = asked["consents"][0].as_object().unwrap();
            assert_eq!(asked["header"]["kind"], "Referral");
            let stale = ["basis", "given_by", "given_at", "method", "status", "override_reason", "notify_person_by"];
            assert!(stale.iter().all(|name| !question.contains_key(*name)), "{question:?}");
            assert!(question.contains_key("sections") && question.contains_key("expires_at"));
            assert_eq!(asked_after_all(asked.clone()), asked);
        }
    }

    #[test]
    fn a_refusal_stands_at_the_field_that_mends_it() {
        let finding = |code: &str, pointer: &str, rule: &str| ToldFinding {
            code: code.to_owned(),
            pointer: pointer.to_owned(),
            fact: String::new(),
            remedy: String::new(),
            severity: "refuse".to_owned(),
            rule: rule.to_owned(),
            decided_by: String::new(),
        };
        for (code, pointer, rule, urgent, at) in [
            ("bad-format", "/consents/0/override_reason", "F1", true, "reason"),
            ("missing-member", "/consents/0/given_by", "F1", true, "giver"),
            ("override-not-applicable", "/consents/0", "D11", true, "giver"),
            ("override-notice-too-late", "/consents/0", "D13", true, "hours"),
            ("override-not-applicable", "/consents/0", "D12", false, "urgency"),
            ("override-not-applicable", "/consents/0", "D12", true, "top"),
            ("override-not-applicable", "/consents/0", "D14", true, "top"),
            ("duty-unknown", "/consents/0", "D15", true, "top"),
        ] {
            assert_eq!(place(&finding(code, pointer, rule), urgent), at, "{code} {rule}");
        }
    }
}
