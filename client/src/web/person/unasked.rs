//! What a referral tells without the person's consent: on which basis, what that means for who has it, and what is owed to the person. Who
//! has sent it says that the person was told, and somebody else reviews it.

use std::sync::Arc;

use axum::{
    Extension, Form,
    extract::{Path, State},
    response::Response,
};
use jiff::civil::Date;
use safeconduct_certs::web::fields::{Fields, field};
use serde_json::Value;

use super::super::{
    Page, labels,
    sessions::Notice,
    sheet::{Mark, Trouble, Visit, refused},
    words::Words,
};
use super::without::DANGER;
use crate::{
    api::cases::{ActAsked, ReferralShown},
    casework::{
        details::{OverrideSaid, VERDICTS},
        life::code::Step,
    },
    daemon::UnaskedShown,
};

/// One consent that is none of the person's own, as the page of its referral shows it.
pub(in crate::web) struct Unasked {
    pub(in crate::web) shown: UnaskedShown,
    /// Why, where who reads may read that.
    pub(in crate::web) reason: Option<String>,
    sent: bool,
    pub(in crate::web) told_mark: Mark,
    pub(in crate::web) review_mark: Mark,
    words: &'static Words,
}

impl Unasked {
    pub(in crate::web) fn of(
        page: &Page,
        visit: &Visit,
        referral: &ReferralShown,
        shown: UnaskedShown,
    ) -> Result<Self, Trouble> {
        let mark = |what: &str| page.mark(visit, &format!("{what} {} {}", referral.line.id, shown.consent));
        let (told_mark, review_mark) = (mark("person-told")?, mark("review")?);
        let all = referral.referral.as_ref().and_then(|content| content.get("consents")?.as_array());
        let text = |consent: &Value, name: &str| consent.get(name).and_then(Value::as_str).map(str::to_owned);
        let is_it = |consent: &&Value| text(consent, "consent_id").is_some_and(|id| id == shown.consent);
        let reason = all.into_iter().flatten().find(is_it).and_then(|consent| text(consent, "override_reason"));
        let sent = referral.line.side == "sent";
        Ok(Self { reason, told_mark, review_mark, shown, sent, words: visit.words })
    }

    /// That nobody asked the person, and why that was allowed.
    pub(in crate::web) fn head(&self) -> &'static str {
        if self.shown.basis == DANGER { "unasked-danger" } else { "unasked-duty" }
    }

    /// What that means for who reads it.
    pub(in crate::web) fn means(&self) -> &'static str {
        match (self.sent, self.shown.basis == DANGER) {
            (true, true) => "unasked-sent-danger",
            (true, false) => "unasked-sent-duty",
            (false, true) => "unasked-here-danger",
            (false, false) => "unasked-here-duty",
        }
    }

    /// Whether the person knows, or until when they are to be told.
    pub(in crate::web) fn knows(&self) -> String {
        let day =
            |text: &String| text.parse::<Date>().map_or_else(|_no| text.clone(), |day| labels::date(self.words, day));
        match (&self.shown.told_on, self.shown.notice_by) {
            (Some(on), _) => self.words.say_of("unasked-told", "date", &day(on)),
            (None, _) if self.shown.told_before => self.words.say("unasked-knew"),
            (None, Some(by)) => self.words.say_of("unasked-until", "time", &labels::time(self.words, by)),
            (None, None) => self.words.say("unasked-told-once"),
        }
    }

    /// What a second person has found, or until when one is to look at it.
    pub(in crate::web) fn review(&self) -> Option<String> {
        match (self.shown.verdict.as_deref(), self.shown.review_by) {
            (Some(verdict), _) => Some(labels::label(self.words, "verdict", verdict)),
            (None, Some(by)) => Some(self.words.say_of("unasked-review", "time", &labels::time(self.words, by))),
            (None, None) => None,
        }
    }

    pub(in crate::web) const fn verdicts(&self) -> &'static [&'static str] {
        &VERDICTS
    }
}

/// The person was told.
pub(super) async fn person_told(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Path((_base, id)): Path<(String, String)>,
    Form(typed): Form<Fields>,
) -> Result<Response, Trouble> {
    let said =
        |consent| OverrideSaid { consent_id: consent, told_on: Some(field(&typed, "on").to_owned()), verdict: None };
    act(&page, &visit, &id, &typed, ("person-told", Step::OverrideNotice), said).await
}

/// A second person has looked at it.
pub(super) async fn review(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Path((_base, id)): Path<(String, String)>,
    Form(typed): Form<Fields>,
) -> Result<Response, Trouble> {
    let verdict = field(&typed, "verdict").to_owned();
    let said = |consent| OverrideSaid { consent_id: consent, told_on: None, verdict: Some(verdict) };
    act(&page, &visit, &id, &typed, ("review", Step::OverrideReviewed), said).await
}

async fn act(
    page: &Page,
    visit: &Visit,
    id: &str,
    typed: &Fields,
    (purpose, step): (&str, Step),
    said: impl FnOnce(String) -> OverrideSaid,
) -> Result<Response, Trouble> {
    let consent = field(typed, "consent").to_owned();
    page.number(visit, typed, &format!("{purpose} {id} {consent}"))?;
    let text = field(typed, "text").replace("\r\n", "\n");
    let asked = ActAsked {
        event: step.as_str().to_owned(),
        text: Some(text.clone()).filter(|text| !text.is_empty()),
        override_said: Some(said(consent)),
        // What happened since the form was shown is looked at first; a form that comes twice is refused by the same.
        events: field(typed, "events").parse().ok(),
        by: visit.by(),
        ..ActAsked::default()
    };
    let named = id.to_owned();
    let done = page.handle.acting(move |node| node.act(&named, &asked)).await;
    let back = format!("/referral/{id}");
    done.map_err(|error| refused(visit, error, &back, &text))?;
    page.sessions.leave(&visit.session.base, Notice { key: "notice-done", count: 1 });
    Ok(Page::to(visit, &back))
}
