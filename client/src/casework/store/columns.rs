//! What lists, clocks and counts need of a referral, as columns: codes and numbers, never a text of a person.
//!
//! A list of codes is a number whose bit *i* is the *i*-th code of the schema's list.

use safeconduct_protocol::{personal::Reveal, time::Timestamp};

use crate::{
    referral::{
        Referral,
        codes::{
            AgeBand, Basis, Control, Exploitation, Gender, Industry, Kind, Purpose, Recruitment, RetentionBasis, Role,
            Service, Urgency,
        },
        dates::{Date, Instant},
        profile::Profiles,
        text::Country,
    },
    vault::int,
};

/// The columns of one revision.
pub(crate) struct Columns {
    pub(crate) referral: [u8; 16],
    pub(crate) parent: Option<[u8; 16]>,
    pub(crate) kind: i64,
    pub(crate) level: i64,
    pub(crate) urgency: i64,
    pub(crate) exercise: bool,
    pub(crate) revision: i64,
    pub(crate) created_at: i64,
    pub(crate) expires_at: i64,
    pub(crate) delete_after: i64,
    pub(crate) basis: i64,
    pub(crate) majority_on: Option<i64>,
    pub(crate) alternates: Option<String>,
    pub(crate) services: i64,
    pub(crate) age_band: i64,
    pub(crate) is_child: bool,
    pub(crate) gender: Option<i64>,
    pub(crate) persons: i64,
    pub(crate) exploitation: i64,
    pub(crate) industry: i64,
    pub(crate) control: i64,
    pub(crate) recruitment: i64,
    pub(crate) citizenship: Option<String>,
    pub(crate) country_from: String,
    pub(crate) country_to: String,
    pub(crate) country_of_need: String,
    pub(crate) region: Option<String>,
    pub(crate) role_from: i64,
    pub(crate) role_to: i64,
    pub(crate) bases: i64,
    pub(crate) purposes: i64,
}

/// The bytes of a UUID in its text form; none for any other text.
pub(crate) fn uuid_bytes(text: &str) -> Option<[u8; 16]> {
    let digits: String = text.chars().filter(|c| *c != '-').collect();
    let mut bytes = [0; 16];
    hex::decode_to_slice(digits, &mut bytes).ok()?;
    (text.len() == 36).then_some(bytes)
}

/// The text form of a UUID.
pub(crate) fn uuid_text(bytes: &[u8; 16]) -> String {
    let digits = format!("{:032x}", u128::from_be_bytes(*bytes));
    let part = |from, to| digits.get(from..to).unwrap_or_default();
    format!("{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32))
}

/// The place of a code in its list.
pub(crate) fn index<T: PartialEq>(all: &[T], code: &T) -> i64 {
    all.iter().position(|other| other == code).and_then(|at| i64::try_from(at).ok()).unwrap_or(0)
}

/// The code at a place of its list.
pub(crate) fn at<T: Copy>(all: &[T], index: i64) -> Option<T> {
    usize::try_from(index).ok().and_then(|index| all.get(index)).copied()
}

fn bits<T: PartialEq>(all: &[T], codes: impl IntoIterator<Item = T>) -> i64 {
    codes
        .into_iter()
        .fold(0, |bits, code| bits | 1_i64.checked_shl(u32::try_from(index(all, &code)).unwrap_or(63)).unwrap_or(0))
}

impl Columns {
    /// The columns of a referral that has passed the check.
    pub(crate) fn of(referral: &Referral, profiles: &Profiles) -> Option<Self> {
        let (header, enquiry, summary) = (&referral.header, &referral.enquiry, referral.summary.as_ref());
        let whole = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        let time = |at: Instant| int(at.time().0);
        let exploited = summary
            .and_then(|summary| summary.exploitation.as_ref())
            .or(enquiry.exploitation.as_ref())
            .map_or(0, |list| bits(Exploitation::ALL, list.reveal(Reveal::ToCheck).iter().copied()));
        let consents = referral.consents();
        let purposes = consents.iter().flat_map(|consent| consent.purposes.iter().copied());
        let citizenship = summary.and_then(|summary| summary.citizenship.as_ref()).map(|list| {
            let countries: Vec<&str> = list.reveal(Reveal::ToCheck).iter().map(Country::as_str).collect();
            countries.join(" ")
        });
        let alternates = header.alternates.as_ref().map(|list| {
            let ids: Vec<&str> = list.iter().map(|agency| agency.agency_id.as_str()).collect();
            ids.join(" ")
        });
        let is_child = is_child(referral, profiles);
        Some(Self {
            referral: uuid_bytes(header.referral_id.as_str())?,
            parent: header.parent_referral_id.as_ref().and_then(|id| uuid_bytes(id.as_str())),
            kind: index(Kind::ALL, &header.kind),
            level: header.disclosure_level.get(),
            urgency: index(Urgency::ALL, &header.urgency),
            exercise: header.exercise.unwrap_or(false),
            revision: header.revision.get(),
            created_at: time(header.created_at),
            expires_at: time(header.expires_at),
            delete_after: int(referral.handling.delete_after.begin().0),
            basis: index(RetentionBasis::ALL, &referral.handling.retention_basis),
            majority_on: is_child.then(|| majority(referral, profiles)).map(|at| int(at.0)),
            alternates: alternates.filter(|ids| !ids.is_empty()),
            services: bits(Service::ALL, enquiry.services.iter().copied()),
            age_band: index(AgeBand::ALL, &enquiry.age_band),
            is_child,
            gender: enquiry.gender.as_ref().map(|gender| index(Gender::ALL, gender.reveal(Reveal::ToCheck))),
            persons: whole(persons(referral)),
            exploitation: exploited,
            industry: summary
                .and_then(|summary| summary.industry.as_ref())
                .map_or(0, |one| bits(Industry::ALL, [*one.reveal(Reveal::ToCheck)])),
            control: summary
                .and_then(|summary| summary.control.as_ref())
                .map_or(0, |list| bits(Control::ALL, list.reveal(Reveal::ToCheck).iter().copied())),
            recruitment: summary
                .and_then(|summary| summary.recruitment.as_ref())
                .map_or(0, |list| bits(Recruitment::ALL, list.reveal(Reveal::ToCheck).iter().copied())),
            citizenship: citizenship.filter(|countries| !countries.is_empty()),
            country_from: header.from.country.as_str().to_owned(),
            country_to: header.to.country.as_str().to_owned(),
            country_of_need: enquiry.country_of_need.as_str().to_owned(),
            region: enquiry.region_of_need.as_ref().map(|region| region.as_str().to_owned()),
            role_from: index(Role::ALL, &header.from.role),
            role_to: index(Role::ALL, &header.to.role),
            bases: bits(Basis::ALL, consents.iter().map(|consent| consent.basis)),
            purposes: bits(Purpose::ALL, purposes),
        })
    }
}

/// Persons that it is about: the parts of a group, else its size, else one.
fn persons(referral: &Referral) -> u64 {
    let enquiry = &referral.enquiry;
    let whole = |number: i64| u64::try_from(number).unwrap_or(0);
    let parts = enquiry.group.as_ref().map(|parts| parts.iter().map(|part| whole(part.count.get())).sum::<u64>());
    let size = enquiry.group_size.as_ref().map(|size| whole(size.get()));
    parts.filter(|sum| *sum > 0).or(size).unwrap_or(1).max(1)
}

/// Whether anybody in it counts as a child, by the highest majority of both countries.
fn is_child(referral: &Referral, profiles: &Profiles) -> bool {
    crate::referral::policy::is_child(referral, referral.header.created_at.time(), majority_years(referral, profiles))
}

fn majority_years(referral: &Referral, profiles: &Profiles) -> u16 {
    let header = &referral.header;
    let years = |country: &Country| profiles.for_country(country).child.majority_years;
    years(&header.from.country).max(years(&header.to.country))
}

/// The last day on which the youngest may come of age: from the birth date, else as if born when it was written.
fn majority(referral: &Referral, profiles: &Profiles) -> Timestamp {
    let born = referral
        .identity
        .as_ref()
        .and_then(|identity| identity.birthdate.as_ref())
        .map(|date| date.reveal(Reveal::ToCheck).latest())
        .or_else(|| Date::on(referral.header.created_at.time()));
    born.map_or(Timestamp(u64::MAX), |born| born.years_after(majority_years(referral, profiles)).begin())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(sample: &str) -> Columns {
        Columns::of(&crate::testing::sample(sample), &Profiles::shipped()).unwrap()
    }

    #[test]
    fn ids_are_bytes_and_text_alike() {
        let text = "1f0c2a44-6b1e-4a0f-9c57-0a4d2f6b7c01";
        assert_eq!(uuid_text(&uuid_bytes(text).unwrap()), text);
        let signed = "+f0c2a44-6b1e-4a0f-9c57-0a4d2f6b7c01";
        for bad in ["", "1f0c2a446b1e4a0f9c570a4d2f6b7c01", "1f0c2a44-6b1e-4a0f-9c57-0a4d2f6b7c0g", signed] {
            assert_eq!(uuid_bytes(bad), None, "{bad}");
        }
    }

    #[test]
    fn codes_become_bits_of_their_lists_and_persons_are_counted() {
        let woman = columns("01-woman-sex-industry-shelter");
        assert!(!woman.is_child && woman.majority_on.is_none() && woman.persons == 1);
        assert_ne!(woman.services, 0);
        assert_eq!(at(Kind::ALL, woman.kind).map(Kind::as_str), Some("Referral"));
        assert_eq!((woman.country_from.as_str(), woman.country_to.as_str()), ("XA", "XA"));
    }
}
