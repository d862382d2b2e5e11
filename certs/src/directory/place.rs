//! Where an agency works, and how it is called on the telephone.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::record::{self, is_name};

/// Countries, and regions, at most: every state of the OSCE has room.
pub const COUNTRIES_MAX: usize = 60;
/// Named places at most.
pub const PLACES_MAX: usize = 12;
/// Languages in which one place is named.
const PLACE_NAMES_MAX: usize = 6;
/// Longest name of a place, in bytes.
const PLACE_BYTES_MAX: usize = 80;

/// Where an agency works.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Geography {
    /// Countries in which it takes persons, two capital letters each; none: the one of the record alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub countries: Vec<String>,
    /// Regions, ISO 3166-2.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub regions: Vec<String>,
    /// Places that it serves, each with its names by language.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<PlaceNames>,
}

/// One place by language, as `{"eng": "Vienna", "deu": "Wien"}`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PlaceNames(#[serde(deserialize_with = "record::unique_names")] pub BTreeMap<String, String>);

impl Geography {
    pub(super) fn is_sound(&self) -> bool {
        let place = |PlaceNames(names): &PlaceNames| {
            (1..=PLACE_NAMES_MAX).contains(&names.len())
                && names.iter().all(|(tag, name)| record::is_tag(tag) && is_name(name) && name.len() <= PLACE_BYTES_MAX)
        };
        let some = !(self.countries.is_empty() && self.regions.is_empty() && self.places.is_empty());
        some && self.countries.iter().all(|country| is_country(country))
            && self.regions.iter().all(|region| is_region(region))
            && record::is_set(&self.countries, COUNTRIES_MAX)
            && record::is_set(&self.regions, COUNTRIES_MAX)
            && self.places.len() <= PLACES_MAX
            && self.places.iter().all(place)
    }
}

/// Two capital letters (ISO 3166-1).
#[must_use]
pub fn is_country(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// A country, a hyphen, and one to three letters or digits (ISO 3166-2).
#[must_use]
pub fn is_region(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    text.split_once('-')
        .is_some_and(|(country, part)| is_country(country) && (1..=3).contains(&part.len()) && part.bytes().all(fits))
}

/// How an agency is called.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// Answered at any hour of any day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub always: Option<String>,
    /// Answered in the opening hours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub office: Option<String>,
}

impl Contact {
    pub(super) fn is_sound(&self) -> bool {
        let mut numbers = self.always.iter().chain(&self.office).peekable();
        numbers.peek().is_some() && numbers.all(|number| is_phone(number))
    }
}

/// A telephone number as the referral schema writes it: digits, a plus before them or not, no leading zero.
#[must_use]
pub fn is_phone(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or(text);
    (2..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_regions_and_numbers_have_the_forms_of_the_referral_schema() {
        assert!(is_country("XA") && !is_country("xa") && !is_country("XAA"));
        for (text, good) in
            [("XA-1", true), ("RO-CJ", true), ("XA-ABC", true), ("XA-", false), ("XA-ABCD", false), ("XA", false)]
        {
            assert_eq!(is_region(text), good, "{text}");
        }
        for (text, good) in [
            ("+40123456789", true),
            ("116000", true),
            ("112", true),
            ("0800", false),
            ("+1", false),
            ("+4 0", false),
            ("+1234567890123456", false),
            ("", false),
        ] {
            assert_eq!(is_phone(text), good, "{text}");
        }
    }

    #[test]
    fn an_empty_geography_or_contact_says_nothing_and_is_refused() {
        assert!(!Geography::default().is_sound());
        assert!(!Contact::default().is_sound());
        assert!(Contact { office: Some("112".to_owned()), always: None }.is_sound());
        let twice = Geography { countries: vec!["XA".to_owned(), "XA".to_owned()], ..Geography::default() };
        assert!(!twice.is_sound());
    }
}
