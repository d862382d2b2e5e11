//! The details of an act: what only the other agency reads. Canonical JSON without white space, members in the order below.
//!
//! Personal data: no `Debug`. What came is taken only when it is written exactly so, and every text of it is safe to show.

use safeconduct_protocol::{
    entropy::{Entropy, NoEntropy, random},
    envelope::case::Details as Sealed,
    limits::CASE_DETAILS_BYTES_MAX,
};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::life::{code::Step, table::TABLE, terms::Detail};
use crate::referral::{
    codes::{ConsentStatus, ReflectionStatus, Section},
    dates::Date,
    text,
};

/// Characters of a text at most.
pub const TEXT_CHARS_MAX: usize = 1000;
/// Agencies that are suggested at most.
pub const SUGGEST_MAX: usize = 5;
/// What a review of an act without consent finds.
pub const VERDICTS: [&str; 2] = ["upheld", "not-upheld"];
/// Other lists at most.
const LIST_MAX: usize = 32;

/// A section that is kept after a withdrawal.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SectionKept {
    /// Which.
    pub section: String,
    /// The law that demands it.
    pub basis: String,
    /// Until which day.
    pub until: String,
}

/// A reflection period.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReflectionSet {
    /// Requested, granted and so on.
    pub status: String,
    /// Its first day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<String>,
    /// Its last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<String>,
    /// The law.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal_basis: Option<String>,
}

/// An act without the person's consent: when they were told, or what the review found.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OverrideSaid {
    /// Which consent.
    pub consent_id: String,
    /// The day on which the person was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told_on: Option<String>,
    /// `upheld` or `not-upheld`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<String>,
}

/// What an act says besides itself.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Details {
    /// In words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<Zeroizing<String>>,
    /// Agencies to ask instead.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub suggest: Vec<String>,
    /// From when there would be a place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earliest_capacity: Option<String>,
    /// The day of help.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_on: Option<String>,
    /// The desk, never a name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub desk: Option<String>,
    /// The rule that refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// What is kept after a withdrawal.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sections_kept: Vec<SectionKept>,
    /// Commitments to what is erased, in hex.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub erased: Vec<String>,
    /// Which consents.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub consent_ids: Vec<String>,
    /// What they are now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// The reflection period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reflection: Option<ReflectionSet>,
    /// An act without consent.
    #[serde(default, rename = "override", skip_serializing_if = "Option::is_none")]
    pub override_said: Option<OverrideSaid>,
    /// The next agency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
}

/// A member whose value is not of its form.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Unfit {
    /// Which member.
    pub member: &'static str,
    /// What it should be.
    pub form: &'static str,
}

const fn unfit(member: &'static str, form: &'static str) -> Unfit {
    Unfit { member, form }
}

fn is_agency(text: &str) -> bool {
    text.parse::<safeconduct_protocol::id::AgencyId>().is_ok()
}

fn is_date(text: &str) -> bool {
    Date::of_text(text).is_some()
}

fn is_line(text: &str, most: usize) -> bool {
    (1..=most).contains(&text.chars().count()) && text::is_safe_line(text)
}

impl Details {
    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Without what tells about the person: what explains the act itself stays.
    #[must_use]
    pub fn without_words(self) -> Self {
        Self { text: None, service_on: None, reflection: None, target: None, ..self }
    }

    /// The members that are there.
    fn members(&self) -> Vec<Detail> {
        let there = [
            (Detail::Text, self.text.is_some()),
            (Detail::Suggest, !self.suggest.is_empty()),
            (Detail::EarliestCapacity, self.earliest_capacity.is_some()),
            (Detail::ServiceOn, self.service_on.is_some()),
            (Detail::Desk, self.desk.is_some()),
            (Detail::Rule, self.rule.is_some()),
            (Detail::SectionsKept, !self.sections_kept.is_empty()),
            (Detail::Erased, !self.erased.is_empty()),
            (Detail::Consents, !self.consent_ids.is_empty()),
            (Detail::Status, self.status.is_some()),
            (Detail::Reflection, self.reflection.is_some()),
            (Detail::Override, self.override_said.is_some()),
            (Detail::Target, self.target.is_some()),
        ];
        there.into_iter().filter(|(_, is_there)| *is_there).map(|(member, _)| member).collect()
    }

    /// A member that no act of this step may have.
    #[must_use]
    pub fn not_of(&self, step: Step) -> Option<Detail> {
        let allowed = |member: &Detail| TABLE.iter().any(|row| row.step == step && row.details.contains(member));
        self.members().into_iter().find(|member| !allowed(member))
    }

    /// Checks the form of every member.
    ///
    /// # Errors
    /// The first that does not fit.
    pub fn check(&self) -> Result<(), Unfit> {
        self.check_words()?;
        self.check_lists()?;
        let date = "a day like 2026-06-01";
        let dates = [("earliest_capacity", &self.earliest_capacity), ("service_on", &self.service_on)];
        for (member, value) in dates {
            if value.as_ref().is_some_and(|text| !is_date(text)) {
                return Err(unfit(member, date));
            }
        }
        if let Some(period) = &self.reflection {
            let dates_fit = [&period.start, &period.end].into_iter().flatten().all(|text| is_date(text));
            let status_fits = ReflectionStatus::from_code(&period.status).is_some();
            let basis_fits = period.legal_basis.as_ref().is_none_or(|text| is_line(text, 160));
            if !(dates_fit && status_fits && basis_fits) {
                return Err(unfit("reflection", "a status of the list, days like 2026-06-01, and a law in one line"));
            }
        }
        if let Some(said) = &self.override_said {
            let verdict = said.verdict.as_ref().is_none_or(|text| VERDICTS.contains(&text.as_str()));
            let fits =
                text::Uuid::of(&said.consent_id).is_some() && said.told_on.iter().all(|day| is_date(day)) && verdict;
            if !fits {
                return Err(unfit(
                    "override",
                    "a consent's id, with the day on which the person was told or with what the review found",
                ));
            }
        }
        Ok(())
    }

    fn check_words(&self) -> Result<(), Unfit> {
        if let Some(text) = &self.text
            && !((1..=TEXT_CHARS_MAX).contains(&text.chars().count()) && text::is_safe_prose(text))
        {
            return Err(unfit(
                "text",
                "1 to 1000 characters without control characters or marks that turn the reading direction",
            ));
        }
        let desk = self.desk.as_ref().is_none_or(|desk| text::Desk::of(desk).is_some());
        let rule = self.rule.as_ref().is_none_or(|rule| is_line(rule, 60));
        let status = self.status.as_ref().is_none_or(|status| ConsentStatus::from_code(status).is_some());
        let target = self.target.as_ref().is_none_or(|target| is_agency(target));
        for (member, fits, form) in [
            ("desk", desk, "1 to 40 small letters, digits and hyphens"),
            ("rule", rule, "the code of a rule"),
            ("status", status, "a status of the list"),
            ("target", target, "an agency's id"),
        ] {
            if !fits {
                return Err(unfit(member, form));
            }
        }
        Ok(())
    }

    fn check_lists(&self) -> Result<(), Unfit> {
        let hex = |text: &String| text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let kept = |kept: &SectionKept| {
            Section::from_code(&kept.section).is_some() && is_line(&kept.basis, 160) && is_date(&kept.until)
        };
        let consents = |id: &String| text::Uuid::of(id).is_some();
        for (member, fits, form) in [
            (
                "suggest",
                self.suggest.len() <= SUGGEST_MAX && self.suggest.iter().all(|id| is_agency(id)),
                "up to five agencies' ids",
            ),
            (
                "sections_kept",
                self.sections_kept.len() <= LIST_MAX && self.sections_kept.iter().all(kept),
                "sections, each with its law and its last day",
            ),
            ("erased", self.erased.len() <= LIST_MAX && self.erased.iter().all(hex), "commitments in hex"),
            (
                "consent_ids",
                self.consent_ids.len() <= LIST_MAX && self.consent_ids.iter().all(consents),
                "ids of consents",
            ),
        ] {
            if !fits {
                return Err(unfit(member, form));
            }
        }
        Ok(())
    }

    /// With a fresh salt, to be committed to; none when there is nothing in it.
    ///
    /// # Errors
    /// [`NoEntropy`] as the source says.
    pub fn seal(&self, entropy: &mut dyn Entropy) -> Result<Option<Sealed>, NoEntropy> {
        if self.is_empty() {
            return Ok(None);
        }
        let bytes = self.bytes();
        Ok(Some(Sealed { salt: random(entropy)?, bytes }))
    }

    fn bytes(&self) -> Zeroizing<Vec<u8>> {
        // A structure of texts and lists has no way not to be JSON.
        let mut bytes = Zeroizing::new(Vec::with_capacity(CASE_DETAILS_BYTES_MAX));
        serde_json::to_writer(&mut *bytes, self).ok();
        bytes
    }

    /// Reads what came beside an act of this step; none when it is not written as this program writes it, or holds what the act may
    /// not, or what is not safe to show.
    #[must_use]
    pub fn read(step: Step, bytes: &[u8]) -> Option<Self> {
        let details: Self = serde_json::from_slice(bytes).ok()?;
        let is_plain = *details.bytes() == *bytes;
        (is_plain && details.not_of(step).is_none() && details.check().is_ok()).then_some(details)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn details_come_back_as_they_were_and_in_no_other_spelling() {
        let said = Details {
            text: Some(Zeroizing::new("Bett ab Dienstag, «ruhiges Zimmer»".to_owned())),
            suggest: vec!["xa.north-shelter".to_owned()],
            earliest_capacity: Some("2026-06-03".to_owned()),
            ..Details::default()
        };
        let bytes = said.bytes();

        assert!(Details::read(Step::Declined, &bytes).is_some_and(|read| read == said));
        assert!(Details::read(Step::Accepted, &bytes).is_none(), "an acceptance suggests nobody");
        let spaced = String::from_utf8(bytes.to_vec()).unwrap().replace("\":", "\": ");
        for other in [spaced.as_str(), "{}x", r#"{"text":"a","text":"b"}"#, r#"{"more":"a"}"#, r#"{"text":""}"#] {
            assert!(Details::read(Step::Declined, other.as_bytes()).is_none(), "{other}");
        }
    }

    #[test]
    fn what_could_mislead_whoever_reads_it_is_refused() {
        let with = |text: &str| Details { text: Some(Zeroizing::new(text.to_owned())), ..Details::default() };
        assert_eq!(with("come at six").check(), Ok(()));
        for bad in ["\u{202e}gnp", "a\u{0}b", "\u{1b}[2J", "", &"x".repeat(TEXT_CHARS_MAX + 1)] {
            assert_eq!(with(bad).check().map_err(|unfit| unfit.member), Err("text"), "{bad:?}");
        }
        let suggest = Details { suggest: vec!["xa.a".to_owned(); SUGGEST_MAX + 1], ..Details::default() };
        assert_eq!(suggest.check().map_err(|unfit| unfit.member), Err("suggest"));
        let day = Details { service_on: Some("2026-02-30".to_owned()), ..Details::default() };
        assert_eq!(day.check().map_err(|unfit| unfit.member), Err("service_on"));
    }
}
