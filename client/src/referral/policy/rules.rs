//! The profiles of all countries concerned, merged: per setting the stricter wins (REFERRAL §6 rule 3).

use safeconduct_protocol::personal::Reveal;

use super::table::Out;
use super::{Case, basis};
use crate::referral::Referral;
use crate::referral::code::Code;
use crate::referral::codes::{ProtectionStatus, RetentionBasis, Role};
use crate::referral::finding::Finding;
use crate::referral::profile::{Duty, EmbassyContact, Profile, Profiles};
use crate::referral::text::{Country, ProfileRef};

/// Roles that are law enforcement everywhere.
pub(super) const LAW_ENFORCEMENT: [Role; 5] =
    [Role::Police, Role::BorderGuard, Role::Prosecution, Role::ImmigrationAuthority, Role::WitnessProtection];
/// Statuses that forbid an embassy everywhere.
pub(super) const PROTECTED: [ProtectionStatus; 3] =
    [ProtectionStatus::AsylumSeeker, ProtectionStatus::Refugee, ProtectionStatus::RecipientOfComplementaryProtection];

/// The merged settings.
pub(super) struct Rules<'a> {
    pub(super) majority_years: u16,
    pub(super) own_consent_from_years: u16,
    pub(super) notice_hours: u32,
    pub(super) embassy: EmbassyContact,
    /// Every profile that applies.
    pub(super) all: Vec<&'a Profile>,
    /// The one of the sender's country.
    pub(super) from: &'a Profile,
    /// The one of the recipient's country.
    pub(super) to: &'a Profile,
    /// Pinned in a newer version than this node holds: where, and the one it holds.
    stale: Vec<(&'static str, String)>,
}

impl<'a> Rules<'a> {
    /// Merges the profiles that the header names and those of both agencies' countries: naming another profile does
    /// not escape the law of the place.
    pub(super) fn merge(referral: &Referral, profiles: &'a Profiles) -> Self {
        let header = &referral.header;
        let pinned = [("/header/profile_from", &header.profile_from), ("/header/profile_to", &header.profile_to)];
        let mut countries: Vec<Country> = vec![header.from.country.clone(), header.to.country.clone()];
        countries.extend(pinned.iter().filter_map(|(_, reference)| reference.country()));
        countries.sort();
        countries.dedup();
        let all: Vec<&Profile> = countries.iter().map(|country| profiles.for_country(country)).collect();
        let older = |reference: &ProfileRef| {
            let known = reference.country().and_then(|country| profiles.known(&country));
            known.filter(|known| known.profile.version < reference.version()).map(basis::name)
        };
        let never = all.iter().any(|profile| profile.embassy.contact_own_nationals == EmbassyContact::Never);
        Self {
            majority_years: all.iter().map(|profile| profile.child.majority_years).max().unwrap_or(18),
            own_consent_from_years: all.iter().map(|profile| profile.child.own_consent_from_years).max().unwrap_or(18),
            notice_hours: all.iter().map(|profile| profile.overrides.vital_interest_notice_hours).min().unwrap_or(72),
            embassy: if never { EmbassyContact::Never } else { EmbassyContact::SpecificConsent },
            all,
            from: profiles.for_country(&header.from.country),
            to: profiles.for_country(&header.to.country),
            stale: pinned.iter().filter_map(|(pointer, reference)| Some((*pointer, older(reference)?))).collect(),
        }
    }

    pub(super) fn is_law_enforcement(&self, role: Role) -> bool {
        LAW_ENFORCEMENT.contains(&role) || self.all.iter().any(|profile| profile.law_enforcement.also.contains(&role))
    }

    pub(super) fn forbids_embassy(&self, status: ProtectionStatus) -> bool {
        PROTECTED.contains(&status) || self.all.iter().any(|profile| profile.embassy.never_if_status.contains(&status))
    }

    pub(super) fn duties(&self) -> impl Iterator<Item = (&'a Profile, &'a Duty)> {
        self.all.iter().flat_map(|profile| profile.mandatory_reporting.duty.iter().map(move |duty| (*profile, duty)))
    }

    pub(super) fn retention_days(&self, basis: RetentionBasis) -> u32 {
        self.all.iter().map(|profile| profile.retention_days.days(basis)).min().unwrap_or(0)
    }

    /// A referral pinned to a newer profile than this node holds cannot be judged here.
    pub(super) fn versions(&self, findings: &mut Out) {
        for (pointer, held) in &self.stale {
            let fact = "the referral names a newer version of a country profile than this node holds";
            let finding = Finding::refuse(Code::ProfileStale, (*pointer).to_owned(), fact);
            findings.push(finding.decided(Some(held.clone())));
        }
    }
}

/// X1, extension fields: of a country that this node has a profile of, only its keys and codes.
pub(super) fn extensions(case: &Case<'_>, findings: &mut Out) {
    let (referral, profiles) = (case.referral, case.profiles);
    let Some(fields) = &referral.handling.ext else { return };
    for (key, value) in fields.reveal(Reveal::ToCheck).iter() {
        let country = key.as_str().split_once('.').and_then(|(country, _)| Country::of(country));
        let Some(profile) = country.and_then(|country| profiles.known(&country)) else { continue };
        let pointer = format!("/handling/ext/{}", key.as_str());
        let by = Some(format!("{}, extension", basis::name(profile)));
        match profile.extensions.iter().find(|rule| rule.key == key.as_str()) {
            None => {
                let fact = "the country's profile has no such extension field";
                findings.push(Finding::refuse(Code::UnknownMember, pointer, fact).decided(by));
            }
            Some(rule) if !rule.codes.iter().any(|code| code == value) => {
                let fact = "this is not one of the codes of the extension field";
                let remedy = format!("choose from: {}", rule.codes.join(", "));
                findings.push(Finding::refuse(Code::UnknownCode, pointer, fact).with_remedy(remedy).decided(by));
            }
            Some(rule) if referral.level() < i64::from(rule.level_min) => {
                findings.push(Finding::plain(Code::LevelExceeded, pointer).decided(by));
            }
            Some(_) => {}
        }
    }
}
