//! Who counts as a child (addendum A1): the band, or a birth date that allows an age below majority. No slack.

use safeconduct_protocol::personal::Reveal;
use safeconduct_protocol::time::Timestamp;

use crate::referral::Referral;
use crate::referral::codes::{AgeAssessment, AgeBand};
use crate::referral::cross::is_child_band;
use crate::referral::dates::{Date, PartialDate};

/// What band and birth date say together.
pub(super) struct Age {
    /// Protected as a child.
    pub(super) is_child: bool,
    /// The lowest age that band or date allow.
    pub(super) youngest: u16,
    /// What the birth date allows, if there is one and it is not in the future: lowest and highest age.
    pub(super) born: Option<(u16, u16)>,
    /// The birth date lies in the future as a whole.
    pub(super) born_in_future: bool,
}

/// Lowest and highest age of a band.
pub(super) const fn edges(band: AgeBand, majority: u16) -> (u16, u16) {
    match band {
        AgeBand::From0To5 => (0, 5),
        AgeBand::From6To11 => (6, 11),
        AgeBand::From12To14 => (12, 14),
        AgeBand::From15To17 => (15, 17),
        AgeBand::From18To24 => (18, 24),
        AgeBand::From25To34 => (25, 34),
        AgeBand::From35To49 => (35, 49),
        AgeBand::From50To64 => (50, 64),
        AgeBand::From65 => (65, u16::MAX),
        AgeBand::UnknownPresumedChild => (0, u16::MAX),
        AgeBand::UnknownPresumedAdult => (majority, u16::MAX),
    }
}

/// The ages that a birth date allows today, or `None` if it lies in the future.
fn ages(born: PartialDate, today: Date) -> Option<(u16, u16)> {
    let oldest = born.earliest().years_until(today)?;
    Some((born.latest().years_until(today).unwrap_or(0), oldest))
}

impl Age {
    pub(super) fn of(referral: &Referral, now: Timestamp, majority: u16) -> Self {
        let band = referral.enquiry.age_band;
        let bands: Vec<AgeBand> = referral
            .enquiry
            .group
            .iter()
            .flat_map(|parts| parts.iter().filter_map(|part| part.age_band))
            .chain([band])
            .collect();
        let identity = referral.identity.as_ref();
        let birthdate =
            identity.and_then(|identity| identity.birthdate.as_ref()).map(|date| *date.reveal(Reveal::ToCheck));
        let assessed = referral
            .summary
            .as_ref()
            .and_then(|summary| summary.child.as_ref())
            .and_then(|child| child.age_assessment.as_ref())
            .is_some_and(|assessment| *assessment.reveal(Reveal::ToCheck) == AgeAssessment::Completed);
        // A clock beyond the calendar gives no age; by it every referral has expired.
        let today = Date::on(now);
        let born = birthdate.zip(today).and_then(|(birthdate, today)| ages(birthdate, today));
        let born_in_future = birthdate.zip(today).is_some_and(|(birthdate, today)| birthdate.earliest() > today);
        let maybe_minor = born.is_some_and(|(lowest, _)| lowest < majority) && !assessed;
        let band_lowest = bands.iter().map(|band| edges(*band, majority).0).min().unwrap_or(0);
        Self {
            is_child: bands.iter().copied().any(is_child_band) || maybe_minor,
            youngest: born.map_or(band_lowest, |(lowest, _)| lowest.min(band_lowest)),
            born,
            born_in_future,
        }
    }
}
