//! The person is asked, and the answer is kept: for the question as it was shown, and no other.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension, Form,
    extract::{Path, State},
    response::Response,
};
use safeconduct_certs::web::fields::{Fields, field};
use safeconduct_protocol::time::{DAY_S, Timestamp};
use serde_json::{Value, json};

use super::{
    super::{
        Page, labels,
        sheet::{Mark, Sheet, Trouble, Visit, shown, title},
        words::{Words, languages},
    },
    Work, fields, form,
    level::DAYS,
    sentence::{Names, Sentence, kept_until, sentence, spoken},
    without::{self, Offered},
};
use crate::referral::{codes::Method, dates::Instant};

/// What the person was told, of which the law wants each but the last; the names of the schema.
const INFORMED: [(&str, &str, bool); 7] = [
    ("agrees_interview", "told-interview", true),
    ("purpose", "told-purpose", true),
    ("uses", "told-uses", true),
    ("access_right", "told-access", true),
    ("storage_period", "told-storage", true),
    ("withdrawal", "told-withdrawal", true),
    ("non_identifying_research", "told-research", false),
];

/// Bases that somebody agrees on, with who gives each.
const BASES: [(&str, &str); 4] = [
    ("InformedConsent", "Person"),
    ("AssentAndGuardianConsent", "Guardian"),
    ("GuardianConsent", "Guardian"),
    ("BestInterestDetermination", "CompetentBody"),
];

#[derive(Template)]
#[template(path = "web/person-consent.html")]
struct Consent {
    s: Sheet,
    work: Work,
    sentences: Vec<Sentence>,
    /// The first language is none of the page's, and somebody translates.
    interpreted: bool,
    bases: Vec<(&'static str, bool)>,
    lang: String,
    days: u64,
    /// What may be done where the person cannot be asked.
    may: Offered,
    words_mark: Mark,
    mark: Mark,
    discard: Mark,
}

title! { Consent "consent-title" }

impl Consent {
    const fn informed(&self) -> [(&'static str, &'static str, bool); 7] {
        INFORMED
    }

    fn languages(&self) -> &'static [Words] {
        languages().all()
    }

    const fn periods(&self) -> [u64; 3] {
        DAYS
    }

    fn is_days(&self, days: &u64) -> bool {
        self.days == *days
    }

    /// How it can be given; where nobody can be asked it is no consent.
    fn methods(&self) -> impl Iterator<Item = &'static str> {
        Method::TEXTS.iter().copied().filter(|code| *code != "NotPossible")
    }
}

/// The bases that fit the person's age, by the later of both countries' ages of own consent.
fn bases(referral: &Value, from_years: u16) -> impl Iterator<Item = &'static str> {
    let band = referral.pointer("/enquiry/age_band").and_then(Value::as_str).unwrap_or_default().to_owned();
    let child = form::is_childs(&band);
    let lowest = band.split('-').next().and_then(|years| years.parse::<u16>().ok()).unwrap_or(0);
    let alone = !child || lowest >= from_years;
    BASES.iter().map(|(basis, _)| *basis).filter(move |basis| if *basis == "InformedConsent" { alone } else { child })
}

/// The question, and what the answer needs.
pub(super) async fn ask(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Path((_base, draft)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let work = Work::of(&page, &visit, &draft).await?;
    let Some(consent) = without::asked_after_all(work.content.clone()).pointer("/consents/0").cloned() else {
        return Ok(Page::to(&visit, &format!("/draft/{draft}/check")));
    };
    let text = |name: &str| consent.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let mut all: Vec<&'static Words> = vec![visit.words];
    let theirs = spoken(&consent);
    all.extend(theirs.filter(|words| words.code != visit.words.code));
    let to = work.to.clone();
    let (names, from_years) = page
        .work(&visit, move |node| {
            let named = |words: &&'static Words| Ok((*words, Names::of(node, &to, words)?));
            let names: Vec<_> = all.iter().map(named).collect::<Result<_, crate::error::Told>>()?;
            Ok((names, node.own_consent_from(&to)?))
        })
        .await?;
    let basis = text("basis");
    let fitting: Vec<&'static str> = bases(&work.content, from_years).collect();
    // A child's question is not the one of an adult: the first that fits is proposed.
    let chosen =
        if fitting.contains(&basis.as_str()) { basis } else { fitting.first().copied().unwrap_or_default().to_owned() };
    let mut asked = consent.clone();
    fields::set(&mut asked, "/basis", Some(chosen.clone().into()));
    let until = text("expires_at").parse::<Instant>().ok().map(Instant::time);
    let changed_at = work.kept.line.changed_at;
    let kept = kept_until(&work.content);
    let may = Offered::of(&page, &visit, &work).await?;
    shown(&Consent {
        s: page.sheet(&visit, "/refer").await?,
        sentences: names.iter().map(|(words, names)| sentence(words, &asked, names, kept)).collect(),
        interpreted: theirs.is_none_or(|words| words.code != visit.words.code),
        bases: fitting.into_iter().map(|one| (one, one == chosen)).collect(),
        lang: text("lang"),
        days: nearest(work.now, until),
        words_mark: page.mark(&visit, &format!("words {draft}"))?,
        mark: page.mark(&visit, &format!("consent {draft} {changed_at} {chosen}"))?,
        discard: page.mark(&visit, &format!("discard {draft}"))?,
        may,
        work,
    })
}

/// The period that ends nearest to this.
fn nearest(now: Timestamp, until: Option<Timestamp>) -> u64 {
    let ends = |days: u64| now.after(days.saturating_mul(DAY_S)).0;
    let until = until.map_or(u64::MAX, |until| until.0);
    DAYS.into_iter().min_by_key(|days| ends(*days).abs_diff(until)).unwrap_or(1)
}

/// Another language, another time, or somebody else who answers: the question is another, and is shown anew.
pub(super) async fn words(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Path((_base, draft)): Path<(String, String)>,
    Form(typed): Form<Fields>,
) -> Result<Response, Trouble> {
    page.number(&visit, &typed, &format!("words {draft}"))?;
    let work = Work::of(&page, &visit, &draft).await?;
    let mut content = without::asked_after_all(work.content.clone());
    if let Some(consent) = content.pointer_mut("/consents/0") {
        let lang = field(&typed, "lang");
        let known = labels::SPOKEN.iter().any(|(code, ..)| *code == lang);
        fields::set(consent, "/lang", known.then(|| lang.into()));
        let days = field(&typed, "days").parse::<u64>().ok().filter(|days| DAYS.contains(days)).unwrap_or(1);
        let until = Instant::at(work.now.after(days.saturating_mul(DAY_S))).to_string();
        fields::set(consent, "/expires_at", Some(until.into()));
        based(consent, field(&typed, "basis"));
        // Whoever said yes said it to the question that was asked then.
        for answer in ["/given_at", "/method", "/informed", "/interpreter"] {
            fields::set(consent, answer, None);
        }
    }
    work.keep(&page, &visit, content).await?;
    Ok(Page::to(&visit, &format!("/draft/{draft}/consent")))
}

fn based(consent: &mut Value, basis: &str) {
    if let Some((basis, giver)) = BASES.iter().find(|(one, _)| *one == basis) {
        fields::set(consent, "/basis", Some((*basis).into()));
        fields::set(consent, "/given_by", Some((*giver).into()));
    }
}

/// The answer.
pub(super) async fn keep(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Path((_base, draft)): Path<(String, String)>,
    Form(typed): Form<Fields>,
) -> Result<Response, Trouble> {
    let work = Work::of(&page, &visit, &draft).await?;
    let basis = field(&typed, "basis").to_owned();
    // What was answered is what was read aloud: a draft that was changed since is asked about anew.
    page.number(&visit, &typed, &format!("consent {draft} {} {basis}", work.kept.line.changed_at))?;
    let mut content = without::asked_after_all(work.content.clone());
    if let Some(consent) = content.pointer_mut("/consents/0") {
        based(consent, &basis);
        answered(consent, &typed, work.now);
    }
    work.keep(&page, &visit, content).await?;
    Ok(Page::to(&visit, &format!("/draft/{draft}/check")))
}

/// A question with its answer.
fn answered(consent: &mut Value, typed: &Fields, now: Timestamp) {
    let told = |name: &str| typed.iter().any(|(field, value)| field == "told" && value == name);
    let informed = INFORMED.iter().map(|(name, ..)| ((*name).to_owned(), told(name).into())).collect();
    fields::set(consent, "/informed", Some(Value::Object(informed)));
    fields::set(consent, "/given_at", Some(Instant::at(now).to_string().into()));
    let method = Some(field(typed, "method")).filter(|method| !method.is_empty());
    fields::set(consent, "/method", method.map(|method| method.into()));
    fields::set(consent, "/interpreter", Some(json!(field(typed, "interpreter") == "yes")));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_age(band: &str) -> Value {
        json!({"enquiry": {"age_band": band}})
    }

    #[test]
    fn who_is_asked_goes_by_age_and_country() {
        let of = |band: &str, years| bases(&of_age(band), years).collect::<Vec<_>>();
        assert_eq!(of("25-34", 16), ["InformedConsent"]);
        assert_eq!(of("UnknownPresumedAdult", 16), ["InformedConsent"]);
        let for_child = ["AssentAndGuardianConsent", "GuardianConsent", "BestInterestDetermination"];
        assert_eq!(of("6-11", 14), for_child);
        assert_eq!(of("UnknownPresumedChild", 14), for_child);
        assert_eq!(of("15-17", 16), for_child, "some of them are fifteen");
        assert_eq!(of("15-17", 15).first(), Some(&"InformedConsent"));
    }

    #[test]
    fn an_answer_says_what_was_told_and_by_whom_it_was_given() {
        let typed: Fields =
            [("told", "purpose"), ("told", "uses"), ("method", "VerbalWitnessed"), ("interpreter", "yes")]
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .to_vec();
        let mut consent = json!({"basis": "InformedConsent", "given_by": "Person"});
        based(&mut consent, "GuardianConsent");
        answered(&mut consent, &typed, Timestamp(1_780_322_400));
        assert_eq!((&consent["given_by"], &consent["given_at"]), (&json!("Guardian"), &json!("2026-06-01T14:00:00Z")));
        assert_eq!(
            (&consent["informed"]["purpose"], &consent["informed"]["withdrawal"]),
            (&json!(true), &json!(false))
        );
        assert_eq!((&consent["method"], &consent["interpreter"]), (&json!("VerbalWitnessed"), &json!(true)));
        based(&mut consent, "VitalInterest");
        assert_eq!(consent["basis"], json!("GuardianConsent"), "no other basis is given by a form");
    }

    #[test]
    fn the_time_that_was_chosen_is_shown_again() {
        let now = Timestamp(1_780_322_400);
        for days in DAYS {
            assert_eq!(nearest(now.after(3600), Some(now.after(days * DAY_S))), days);
        }
        assert_eq!(nearest(now, None), 183);
    }
}
