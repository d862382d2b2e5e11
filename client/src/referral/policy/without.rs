//! What the rules let go without the person's consent, before any of it is written: a form asks for no more than this, and the decision
//! table judges what was written (D12 to D15, D25).

use super::competence::{self, Act};
use super::consents::{RESCUERS, STOPS_DANGER, STOPS_DANGER_LEVEL};
use crate::referral::codes::{Role, Service};
use crate::referral::profile::{About, Duty, Profile};

/// Who sends or receives, under which role and in whose country.
#[derive(Clone, Copy)]
pub(crate) struct End<'p> {
    pub(crate) role: Role,
    pub(crate) profile: &'p Profile,
}

/// What may be told to an agency without consent.
pub(crate) struct Without<'p> {
    /// The sender's role overrides consent in vital interest (D25).
    pub(crate) may: bool,
    /// The recipient's role can rescue (D12).
    pub(crate) rescues: bool,
    /// Police are asked for these services alone, and told up to this level (D14).
    pub(crate) only: Option<(&'static [Service], i64)>,
    /// Within how many hours the person is told (D13).
    pub(crate) notice_hours: u32,
    /// Within how many hours a second person looks at it.
    pub(crate) review_hours: u32,
    /// The laws by which the sender must tell the recipient, by name of their profile (D15).
    pub(crate) duties: Vec<(&'p Profile, &'p Duty)>,
}

/// What `from` may tell `to` of somebody.
pub(crate) fn without<'p>(from: End<'p>, to: End<'p>, about: About) -> Without<'p> {
    let mut all = vec![from.profile];
    if to.profile.profile.country != from.profile.profile.country {
        all.push(to.profile);
    }
    let binds = |duty: &&Duty| duty.who.contains(&from.role) && duty.to.contains(&to.role) && duty.when == about;
    let of = |profile: &'p Profile| {
        profile.mandatory_reporting.duty.iter().filter(binds).map(move |duty| (profile, duty)).collect::<Vec<_>>()
    };
    Without {
        may: competence::may(Act::Override, from.role, from.profile),
        rescues: RESCUERS.contains(&to.role),
        only: (to.role == Role::Police).then_some((&STOPS_DANGER, STOPS_DANGER_LEVEL)),
        notice_hours: all.iter().map(|profile| profile.overrides.vital_interest_notice_hours).min().unwrap_or(72),
        review_hours: from.profile.overrides.second_reviewer_hours,
        duties: all.iter().flat_map(|profile| of(profile)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::referral::profile::Profiles;
    use crate::referral::text::Country;

    #[test]
    fn what_goes_without_consent_goes_by_both_roles_and_both_countries() {
        let profiles = Profiles::shipped();
        let of = |country: &str| profiles.for_country(&Country::of(country).unwrap());
        let (xa, xe) = (of("XA"), of("XE"));
        let end = |role, profile| End { role, profile };

        let home = without(end(Role::Helpline, xa), end(Role::NgoShelter, xa), About::Adult);
        assert_eq!((home.may, home.rescues, home.notice_hours, home.duties.len()), (true, true, 72, 0));
        let abroad = without(end(Role::LegalAid, xa), end(Role::NgoSupport, xe), About::Child);
        assert_eq!((abroad.may, abroad.rescues, abroad.notice_hours), (false, false, 48), "the stricter of both");

        let police = without(end(Role::Helpline, xa), end(Role::Police, xa), About::Adult);
        assert!(police.only.is_some_and(|(only, level)| level == 2 && !only.contains(&Service::Shelter)));
        assert!(home.only.is_none());

        let bound = without(end(Role::NgoShelter, xa), end(Role::ChildProtection, xa), About::Child);
        let laws: Vec<&str> = bound.duties.iter().map(|(_, duty)| duty.legal_basis.as_str()).collect();
        assert_eq!(laws, ["Children Act 2011 (fictional), s. 4"]);
        assert!(without(end(Role::NgoShelter, xa), end(Role::ChildProtection, xa), About::Adult).duties.is_empty());
    }
}
