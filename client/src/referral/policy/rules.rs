//! The profiles of all countries concerned, merged: per setting the stricter wins (REFERRAL §6 rule 3).

use crate::referral::Referral;
use crate::referral::code::Code;
use crate::referral::codes::{ProtectionStatus, RetentionBasis, Role};
use crate::referral::finding::Finding;
use crate::referral::profile::{Duty, EmbassyContact, Profile, Profiles};
use crate::referral::text::{Country, ProfileRef};

/// Roles that are law enforcement everywhere.
const LAW_ENFORCEMENT: [Role; 5] =
    [Role::Police, Role::BorderGuard, Role::Prosecution, Role::ImmigrationAuthority, Role::WitnessProtection];
/// Statuses that forbid an embassy everywhere.
const PROTECTED: [ProtectionStatus; 3] =
    [ProtectionStatus::AsylumSeeker, ProtectionStatus::Refugee, ProtectionStatus::RecipientOfComplementaryProtection];

/// The merged settings.
pub(super) struct Rules {
    pub(super) majority_years: u16,
    pub(super) own_consent_from_years: u16,
    pub(super) notice_hours: u32,
    law_enforcement: Vec<Role>,
    never_embassy_if: Vec<ProtectionStatus>,
    pub(super) embassy: EmbassyContact,
    duties: Vec<Duty>,
    retention: [(RetentionBasis, u32); 5],
    stale: Vec<&'static str>,
}

impl Rules {
    /// Merges the profiles that the header names and those of both agencies' countries: naming another profile does
    /// not escape the law of the place.
    pub(super) fn merge(referral: &Referral, profiles: &Profiles) -> Self {
        let header = &referral.header;
        let pinned = [("/header/profile_from", &header.profile_from), ("/header/profile_to", &header.profile_to)];
        let mut countries: Vec<Country> = vec![header.from.country.clone(), header.to.country.clone()];
        countries.extend(pinned.iter().filter_map(|(_, reference)| reference.country()));
        countries.sort();
        countries.dedup();
        let all: Vec<&Profile> = countries.iter().map(|country| profiles.for_country(country)).collect();
        let newer = |reference: &ProfileRef| {
            let known = reference.country().and_then(|country| profiles.known(&country).cloned());
            known.is_some_and(|known| known.profile.version < reference.version())
        };
        let never = all.iter().any(|profile| profile.embassy.contact_own_nationals == EmbassyContact::Never);
        let days = |basis| all.iter().map(|profile| profile.retention_days.days(basis)).min().unwrap_or(0);
        Self {
            majority_years: all.iter().map(|profile| profile.child.majority_years).max().unwrap_or(18),
            own_consent_from_years: all.iter().map(|profile| profile.child.own_consent_from_years).max().unwrap_or(18),
            notice_hours: all.iter().map(|profile| profile.overrides.vital_interest_notice_hours).min().unwrap_or(72),
            law_enforcement: all.iter().flat_map(|profile| profile.law_enforcement.also.iter().copied()).collect(),
            never_embassy_if: all.iter().flat_map(|profile| profile.embassy.never_if_status.iter().copied()).collect(),
            embassy: if never { EmbassyContact::Never } else { EmbassyContact::SpecificConsent },
            duties: all.iter().flat_map(|profile| profile.mandatory_reporting.duty.iter().cloned()).collect(),
            retention: [
                RetentionBasis::ServiceDelivery,
                RetentionBasis::LegalClaim,
                RetentionBasis::CourtOrder,
                RetentionBasis::ChildUntilMajorityPlus,
                RetentionBasis::NotAccepted,
            ]
            .map(|basis| (basis, days(basis))),
            stale: pinned.iter().filter(|(_, reference)| newer(reference)).map(|(pointer, _)| *pointer).collect(),
        }
    }

    pub(super) fn is_law_enforcement(&self, role: Role) -> bool {
        LAW_ENFORCEMENT.contains(&role) || self.law_enforcement.contains(&role)
    }

    pub(super) fn forbids_embassy(&self, status: ProtectionStatus) -> bool {
        PROTECTED.contains(&status) || self.never_embassy_if.contains(&status)
    }

    pub(super) fn duties(&self) -> &[Duty] {
        &self.duties
    }

    pub(super) fn retention_days(&self, basis: RetentionBasis) -> u32 {
        self.retention.iter().find(|(of, _)| *of == basis).map_or(0, |(_, days)| *days)
    }

    /// A referral pinned to a newer profile than this node holds cannot be judged here.
    pub(super) fn versions(&self, findings: &mut Vec<Finding>) {
        for pointer in &self.stale {
            let fact = "the referral names a newer version of a country profile than this node holds";
            findings.push(Finding::refuse(Code::ProfileStale, (*pointer).to_owned(), fact));
        }
    }
}

/// Extension fields: of a country that this node has a profile of, only its keys and codes.
pub(super) fn extensions(referral: &Referral, profiles: &Profiles, findings: &mut Vec<Finding>) {
    use safeconduct_protocol::personal::Reveal;
    let Some(fields) = &referral.handling.ext else { return };
    for (key, value) in fields.reveal(Reveal::ToCheck).iter() {
        let country = key.as_str().split_once('.').and_then(|(country, _)| Country::of(country));
        let Some(profile) = country.and_then(|country| profiles.known(&country)) else { continue };
        let pointer = format!("/handling/ext/{}", key.as_str());
        match profile.extensions.iter().find(|rule| rule.key == key.as_str()) {
            None => {
                let fact = "the country's profile has no such extension field";
                findings.push(Finding::refuse(Code::UnknownMember, pointer, fact));
            }
            Some(rule) if !rule.codes.iter().any(|code| code == value) => {
                let fact = "this is not one of the codes of the extension field";
                let remedy = format!("choose from: {}", rule.codes.join(", "));
                findings.push(Finding::refuse(Code::UnknownCode, pointer, fact).with_remedy(remedy));
            }
            Some(rule) if referral.level() < i64::from(rule.level_min) => {
                findings.push(Finding::plain(Code::LevelExceeded, pointer));
            }
            Some(_) => {}
        }
    }
}
