//! What the consents of a referral cover: the one place where that is asked, of its members and documents, of posts, and of words beside
//! acts. Pure.

use std::collections::BTreeSet;

use safeconduct_protocol::time::Timestamp;

use super::view::level;
use crate::referral::{Referral, codes::Section, consent::Consent, policy, profile::Profiles};

/// Sections, each up to a level.
pub(crate) struct Coverage(Vec<(Section, i64)>);

impl Coverage {
    /// By the consents that stand at `now`: none that has ended, nor one of those that are `over`.
    pub(crate) fn at(referral: &Referral, profiles: &Profiles, over: &BTreeSet<String>, now: Timestamp) -> Self {
        Self::by(referral, profiles, |one| now < one.ends() && !over.contains(one.consent_id.as_str()))
    }

    /// By the consents that were not taken back, whenever they end.
    pub(crate) fn without(referral: &Referral, profiles: &Profiles, gone: &BTreeSet<String>) -> Self {
        Self::by(referral, profiles, |one| !gone.contains(one.consent_id.as_str()))
    }

    /// By the consents without a fault of which `stands` holds: one that could not have carried the referral when it was sent carries nothing
    /// of it after the others are gone.
    fn by(referral: &Referral, profiles: &Profiles, stands: impl Fn(&Consent) -> bool) -> Self {
        let counts = policy::faultless(referral, profiles);
        let standing = referral.consents().iter().zip(counts).filter(|(one, counts)| *counts && stands(one));
        Self(
            standing
                .map(|(one, _)| one)
                .flat_map(|one| one.sections.iter().map(|section| (*section, one.level_max.get())))
                .collect(),
        )
    }

    /// Whether a section may be used: at level 0 always, and above it with those below, which it needs.
    pub(crate) fn covers(&self, section: Section) -> bool {
        let named =
            |section: Section| self.0.iter().any(|(one, most)| *one == section && *most >= i64::from(level(section)));
        match level(section) {
            0 => true,
            1 => named(section),
            2 => named(Section::Summary) && named(section),
            _ => named(Section::Summary) && named(Section::Identity) && named(section),
        }
    }

    /// Whether a document of this section may be used.
    pub(crate) fn covers_document(&self, section: Section) -> bool {
        needed_by_document(section).into_iter().all(|needed| self.covers(needed))
    }

    /// Whether no consent stands at all.
    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The sections that a document needs beside the levels below them: that of documents, and its own.
pub(crate) const fn needed_by_document(section: Section) -> [Section; 2] {
    [Section::Attachments, section]
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::{
        referral,
        testing::{sample, setting},
    };

    /// A sample whose first consent is there twice, the second one bent.
    fn with_second(name: &str, bend: impl FnOnce(&mut Value)) -> Referral {
        let mut value: Value = serde_json::from_slice(&referral::canonical(&sample(name))).unwrap();
        let mut second = value["consents"][0].clone();
        second["consent_id"] = "00000000-0000-4000-8000-0000000000aa".into();
        bend(&mut second);
        value["consents"].as_array_mut().unwrap().push(second);
        referral::parse(&serde_json::to_vec(&value).unwrap()).ok().unwrap()
    }

    /// Whether the summary is covered with both, and after the first one was taken back.
    fn covered(referral: &Referral) -> (bool, bool) {
        let first = BTreeSet::from([referral.consents()[0].consent_id.as_str().to_owned()]);
        let without = |gone: &BTreeSet<String>| {
            let profiles = setting().profiles;
            let at = Coverage::at(referral, profiles, gone, referral.consents()[0].given_at.time());
            let covers = Coverage::without(referral, profiles, gone).covers(Section::Summary);
            assert_eq!(at.covers(Section::Summary), covers);
            assert!(at.covers(Section::Enquiry) && (covers || !at.covers(Section::Identity)));
            covers
        };
        (without(&BTreeSet::new()), without(&first))
    }

    #[test]
    fn a_consent_with_a_fault_covers_nothing_after_another_has_ended() {
        const WOMAN: &str = "01-woman-sex-industry-shelter";
        const EMBASSY: &str = "07-identity-documents-embassy";
        type Bend = fn(&mut Value);
        let rows: [(&str, Bend, bool); 8] = [
            (WOMAN, |_| {}, true),
            (WOMAN, |one| one["informed"]["storage_period"] = false.into(), false),
            (WOMAN, |one| one["given_by"] = "CaseworkerOverride".into(), false),
            (WOMAN, |one| one["basis"] = "GuardianConsent".into(), false),
            (WOMAN, |one| one["expires_at"] = one["given_at"].clone(), false),
            (WOMAN, |one| one["recipient_roles"] = json!(["Police"]), false),
            (EMBASSY, |_| {}, true),
            (EMBASSY, |one| one["recipient_roles"] = json!(["Embassy", "LegalAid"]), false),
        ];
        for (place, (name, bend, counts)) in rows.into_iter().enumerate() {
            assert_eq!(covered(&with_second(name, bend)), (true, counts), "{place}");
        }
        // What is asked at each time and for each section is no fault of the consent.
        let late = with_second(WOMAN, |one| one["level_max"] = 1.into());
        assert_eq!(covered(&late), (true, true));
        let ended = with_second(WOMAN, |one| one["status"] = "Expired".into());
        assert_eq!(covered(&ended), (true, false));
    }
}
