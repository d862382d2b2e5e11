//! What a directory record says, read strictly: no unknown or repeated members, every value within its bounds.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use safeconduct_protocol::id::AgencyId;
use serde::{Deserialize, Deserializer, Serialize, de};

use super::{
    NAME_BYTES_MAX, RECORD_BYTES_MAX, RELAY_RECORD_BYTES_MAX, RecordRefused,
    codes::{AccessNeed, AgeBand, Competency, Exploitation, Gender, Service},
    hours::Hours,
    place::{Contact, Geography, is_country},
};
use crate::{
    authority::relay_file::is_address,
    node::{Exercise, Role, Roles},
};

/// Languages in which an agency is named, at most.
pub const NAMES_MAX: usize = 12;
/// Languages that an agency speaks, at most.
pub const LANGUAGES_MAX: usize = 60;

/// What the directory says about one agency or relay.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// The agency's stable name; a relay's too.
    pub agency_id: AgencyId,
    /// Names by language (three letters, ISO 639-3, with a script behind it where that helps: `srp-Cyrl`), one to
    /// [`NAMES_MAX`].
    #[serde(deserialize_with = "unique_names")]
    pub names: BTreeMap<String, String>,
    /// Two capital letters.
    pub country: String,
    /// What it does; none for a relay.
    pub roles: Vec<RoleName>,
    /// Training only.
    pub exercise: bool,
    /// `host:port`, relays only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relay: Option<String>,
    /// What it offers; empty: not said. This member and those below are an agency's only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<Service>,
    /// Whom it serves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub populations: Option<Populations>,
    /// Languages in which it works without an interpreter (ISO 639-3); empty: not said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<String>,
    /// When it is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<Hours>,
    /// How it is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<Contact>,
    /// Where it works.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub geography: Option<Geography>,
    /// What it may decide or is trained for; empty: not said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub competencies: Vec<Competency>,
    /// An embassy's: the country whose authority it is, two capital letters. Where it works is [`Self::country`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub represents: Option<String>,
}

/// Whom an agency serves; an empty list: not said.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Populations {
    /// How old.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ages: Vec<AgeBand>,
    /// Of which gender.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub genders: Vec<Gender>,
    /// After what.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exploitation: Vec<Exploitation>,
    /// With which needs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub access: Vec<AccessNeed>,
}

impl Populations {
    fn is_sound(&self) -> bool {
        let Self { ages, genders, exploitation, access } = self;
        let some = !(ages.is_empty() && genders.is_empty() && exploitation.is_empty() && access.is_empty());
        some && is_set(ages, AgeBand::ALL.len())
            && is_set(genders, Gender::ALL.len())
            && is_set(exploitation, Exploitation::ALL.len())
            && is_set(access, AccessNeed::ALL.len())
    }
}

/// A role by its name in JSON.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RoleName(pub Role);

impl TryFrom<String> for RoleName {
    type Error = &'static str;
    fn try_from(name: String) -> Result<Self, Self::Error> {
        Role::from_name(&name).map(Self).ok_or("not a role")
    }
}

impl From<RoleName> for String {
    fn from(role: RoleName) -> Self {
        role.0.as_str().to_owned()
    }
}

impl Record {
    /// A record that says nothing but who it is: see the fields. Its bounds are judged by [`Record::check`] and whenever it is
    /// written.
    #[must_use]
    pub const fn bare(
        agency_id: AgencyId,
        names: BTreeMap<String, String>,
        country: String,
        roles: Vec<RoleName>,
        exercise: bool,
    ) -> Self {
        Self {
            agency_id,
            names,
            country,
            roles,
            exercise,
            relay: None,
            services: Vec::new(),
            populations: None,
            languages: Vec::new(),
            hours: None,
            contact: None,
            geography: None,
            competencies: Vec::new(),
            represents: None,
        }
    }

    /// Whether it may say whom it represents: only an embassy does.
    #[must_use]
    pub fn is_embassy(&self) -> bool {
        self.roles.contains(&RoleName(Role::Embassy))
    }

    /// Reads a record strictly: no unknown or repeated members, every value within its bounds.
    ///
    /// # Errors
    /// [`RecordRefused::TooLong`], [`RecordRefused::Malformed`].
    pub fn parse(bytes: &[u8]) -> Result<Self, RecordRefused> {
        if bytes.len() > RECORD_BYTES_MAX {
            return Err(RecordRefused::TooLong);
        }
        let record: Self = serde_json::from_slice(bytes).ok().ok_or(RecordRefused::Malformed)?;
        if record.fault().is_some() {
            return Err(RecordRefused::Malformed);
        }
        let too_long = record.relay.is_some() && bytes.len() > RELAY_RECORD_BYTES_MAX;
        if too_long { Err(RecordRefused::TooLong) } else { Ok(record) }
    }

    /// The record's bytes, which are what is committed to.
    ///
    /// # Errors
    /// [`RecordRefused::Malformed`] for values out of bounds, [`RecordRefused::TooLong`].
    pub fn to_bytes(&self) -> Result<Vec<u8>, RecordRefused> {
        let bytes = serde_json::to_vec(self).ok().ok_or(RecordRefused::Malformed)?;
        Self::parse(&bytes).map(|_| bytes)
    }

    /// Judges a record that a person wrote, and names the member that is out of its bounds.
    ///
    /// # Errors
    /// [`RecordRefused::Member`], [`RecordRefused::TooLong`].
    pub fn check(&self) -> Result<(), RecordRefused> {
        self.fault().map_or_else(|| self.to_bytes().map(drop), |member| Err(RecordRefused::Member(member)))
    }

    /// The `roles` field of the entry that fits this record.
    #[must_use]
    pub fn leaf_roles(&self) -> Option<Roles> {
        if self.relay.is_some() {
            return Some(Roles::RELAY);
        }
        let roles: Vec<Role> = self.roles.iter().map(|name| name.0).collect();
        Roles::agency(&roles, if self.exercise { Exercise::Yes } else { Exercise::No })
    }

    /// The name in this language, else in English, else the first.
    #[must_use]
    pub fn name(&self, language: &str) -> &str {
        let wanted = self.names.get(language).or_else(|| self.names.get("eng"));
        wanted.or_else(|| self.names.values().next()).map_or("", String::as_str)
    }

    /// The first member that is out of its bounds.
    fn fault(&self) -> Option<&'static str> {
        let named = (1..=NAMES_MAX).contains(&self.names.len());
        let names = named && self.names.iter().all(|(tag, name)| is_tag(tag) && is_name(name));
        let speaks = is_set(&self.languages, LANGUAGES_MAX) && self.languages.iter().all(|tag| is_language(tag));
        let bounds = [
            ("names", names),
            ("country", is_country(&self.country)),
            ("roles", is_set(&self.roles, Role::ALL.len()) && self.roles.is_empty() == self.relay.is_some()),
            ("relay", self.relay.as_ref().is_none_or(|address| is_address(address) && self.offers_nothing())),
            ("services", is_set(&self.services, Service::ALL.len())),
            ("populations", self.populations.as_ref().is_none_or(Populations::is_sound)),
            ("languages", speaks),
            ("hours", self.hours.as_ref().is_none_or(Hours::is_sound)),
            ("contact", self.contact.as_ref().is_none_or(Contact::is_sound)),
            ("geography", self.geography.as_ref().is_none_or(Geography::is_sound)),
            ("competencies", is_set(&self.competencies, Competency::ALL.len())),
            ("represents", self.represents.as_ref().is_none_or(|country| is_country(country) && self.is_embassy())),
        ];
        bounds.into_iter().find(|(_, sound)| !sound).map(|(member, _)| member)
    }

    /// Whether it says nothing that only an agency says.
    fn offers_nothing(&self) -> bool {
        let bare =
            Self::bare(self.agency_id.clone(), self.names.clone(), self.country.clone(), self.roles.clone(), false);
        *self == Self { relay: self.relay.clone(), ..bare }
    }
}

/// Whether no value comes twice, and there are not too many.
pub(super) fn is_set<T: Ord>(values: &[T], count_max: usize) -> bool {
    values.len() <= count_max && values.iter().collect::<BTreeSet<_>>().len() == values.len()
}

/// Three small letters (ISO 639-3).
#[must_use]
pub fn is_language(tag: &str) -> bool {
    tag.len() == 3 && tag.bytes().all(|byte| byte.is_ascii_lowercase())
}

/// A language, or a language and a script (ISO 15924): `srp`, `srp-Cyrl`.
#[must_use]
pub fn is_tag(tag: &str) -> bool {
    let (language, script) = tag.split_once('-').map_or((tag, None), |(language, script)| (language, Some(script)));
    let is_script = |script: &str| {
        let mut letters = script.bytes();
        script.len() == 4
            && letters.next().is_some_and(|byte| byte.is_ascii_uppercase())
            && letters.all(|byte| byte.is_ascii_lowercase())
    };
    is_language(language) && script.is_none_or(is_script)
}

/// Whether a text can be a name: something, nothing that steers a terminal, nothing that turns its direction round.
#[must_use]
pub fn is_name(name: &str) -> bool {
    let steers = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    !name.trim().is_empty() && name.trim() == name && name.len() <= NAME_BYTES_MAX && !name.chars().any(steers)
}

/// A map whose keys come once each.
pub(super) fn unique_names<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, String>, D::Error> {
    struct Names;
    impl<'de> de::Visitor<'de> for Names {
        type Value = BTreeMap<String, String>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("names by language")
        }

        fn visit_map<M: de::MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
            let mut names = BTreeMap::new();
            while let Some((language, name)) = map.next_entry()? {
                if names.insert(language, name).is_some() {
                    return Err(de::Error::custom("a language comes twice"));
                }
            }
            Ok(names)
        }
    }
    deserializer.deserialize_map(Names)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record() -> Record {
        Record::bare(
            "xa.harbour-house".parse().unwrap(),
            BTreeMap::from([("eng".to_owned(), "Harbour House".to_owned())]),
            "XA".to_owned(),
            vec![RoleName(Role::NgoShelter)],
            false,
        )
    }

    fn embassy() -> Record {
        Record { roles: vec![RoleName(Role::Embassy)], ..record() }
    }

    #[test]
    fn only_an_embassy_says_whom_it_represents_and_a_record_without_it_is_what_it_was() {
        let silent = String::from_utf8(embassy().to_bytes().unwrap()).unwrap();
        assert!(!silent.contains("represents"), "nodes of before read it");
        let says = Record { represents: Some("XD".to_owned()), ..embassy() };
        let bytes = says.to_bytes().unwrap();
        assert!(String::from_utf8(bytes.clone()).unwrap().ends_with(",\"represents\":\"XD\"}"));
        assert_eq!(Record::parse(&bytes), Ok(says));
    }

    #[test]
    fn records_are_read_strictly() {
        let good = String::from_utf8(record().to_bytes().unwrap()).unwrap();
        assert_eq!(Record::parse(good.as_bytes()), Ok(record()));
        for (from, to) in [
            ("\"exercise\"", "\"extra\":1,\"exercise\""),
            ("\"eng\":", "\"eng\":\"x\",\"eng\":"),
            ("\"country\":\"XA\"", "\"country\":\"XA\",\"country\":\"XA\""),
            ("\"XA\"", "\"xa\""),
            ("\"eng\"", "\"en\""),
            ("{\"eng\":\"Harbour House\"}", "{}"),
            ("Harbour House", " "),
            ("Harbour House", "a\\u202eb"),
            ("Harbour House", "a\\u0007"),
            ("NgoShelter", "Shelter"),
            ("[\"NgoShelter\"]", "[]"),
            ("[\"NgoShelter\"]", "[\"NgoShelter\",\"NgoShelter\"]"),
            ("xa.harbour-house", "XA.harbour"),
            ("false", "0"),
            ("false", "false,\"relay\":\"a:1\""),
        ] {
            let bad = good.replace(from, to);
            assert_ne!(bad, good);
            assert_eq!(Record::parse(bad.as_bytes()), Err(RecordRefused::Malformed), "{bad}");
        }
        let mut long = Record { services: Service::ALL.to_vec(), ..record() };
        for language in ["ara", "fra", "spa", "ron", "rus", "deu", "ita", "sqi", "ukr", "bul", "tur"] {
            long.names.insert(language.to_owned(), "x".repeat(NAME_BYTES_MAX));
        }
        assert_eq!(long.to_bytes(), Err(RecordRefused::TooLong));
        long.services.clear();
        assert!(long.to_bytes().is_ok());
        long.names.insert("kat".to_owned(), "x".to_owned());
        assert_eq!(long.check(), Err(RecordRefused::Member("names")));
    }

    #[test]
    fn a_relays_record_has_an_address_and_no_roles() {
        let relay = Record { roles: Vec::new(), relay: Some("relay.example:4433".to_owned()), ..record() };
        assert_eq!(relay.leaf_roles(), Some(Roles::RELAY));
        assert!(relay.to_bytes().is_ok());
        let neither = Record { relay: Some("nowhere".to_owned()), ..relay };
        assert_eq!(neither.to_bytes(), Err(RecordRefused::Malformed));
    }

    #[test]
    fn a_relays_record_stays_short_and_offers_nothing() {
        let relay = Record { roles: Vec::new(), relay: Some("relay.example:4433".to_owned()), ..record() };
        let mut long = relay.clone();
        for language in ["ara", "fra", "spa", "ron"] {
            long.names.insert(language.to_owned(), "x".repeat(NAME_BYTES_MAX));
        }
        assert_eq!(long.to_bytes(), Err(RecordRefused::TooLong));
        let offering = Record { services: vec![Service::Shelter], ..relay };
        assert_eq!(offering.check(), Err(RecordRefused::Member("relay")));
    }

    #[test]
    fn every_optional_member_is_bounded_and_named() {
        let two = |text: &str| vec![text.to_owned(), text.to_owned()];
        let cases = [
            (Record { services: vec![Service::Shelter; 2], ..record() }, "services"),
            (Record { populations: Some(Populations::default()), ..record() }, "populations"),
            (Record { languages: vec!["ro".to_owned()], ..record() }, "languages"),
            (Record { languages: two("ron"), ..record() }, "languages"),
            (Record { contact: Some(Contact::default()), ..record() }, "contact"),
            (Record { geography: Some(Geography::default()), ..record() }, "geography"),
            (Record { competencies: vec![Competency::AgeAssessment; 2], ..record() }, "competencies"),
            (Record { represents: Some("xd".to_owned()), ..embassy() }, "represents"),
            (Record { represents: Some("XD".to_owned()), ..record() }, "represents"),
        ];
        for (bad, member) in cases {
            assert_eq!(bad.check(), Err(RecordRefused::Member(member)));
            assert_eq!(bad.to_bytes(), Err(RecordRefused::Malformed));
        }
        let good = String::from_utf8(record().to_bytes().unwrap()).unwrap();
        for more in [
            "\"services\":[\"shelter\"]",
            "\"populations\":{\"ages\":[\"15-17\"],\"size\":3}",
            "\"hours\":{\"zone\":\"Europe/Paris\",\"open\":[\"Mon 9-17\"]}",
            "\"contact\":{\"always\":\"call us\"}",
            "\"geography\":{\"places\":[{\"eng\":\"a\\u202eb\"}]}",
            "\"geography\":{\"places\":[{\"eng\":\"a\",\"eng\":\"b\"}]}",
        ] {
            let bad = good.replace("\"exercise\"", &format!("{more},\"exercise\""));
            assert_eq!(Record::parse(bad.as_bytes()), Err(RecordRefused::Malformed), "{bad}");
        }
    }

    #[test]
    fn names_may_say_their_script() {
        for (tag, good) in [
            ("srp", true),
            ("srp-Cyrl", true),
            ("srp-cyrl", false),
            ("srp-Cyr", false),
            ("sr-Cyrl", false),
            ("srp-", false),
        ] {
            assert_eq!(is_tag(tag), good, "{tag}");
        }
    }

    #[test]
    fn a_name_is_in_the_language_that_is_asked_for_else_in_english_else_the_first() {
        let named = |names: &[(&str, &str)]| {
            let names = names.iter().map(|(language, name)| ((*language).to_owned(), (*name).to_owned())).collect();
            Record::bare("xa.harbour-house".parse().unwrap(), names, "XA".to_owned(), Vec::new(), false)
        };
        let three = named(&[("deu", "Hafenhaus"), ("eng", "Harbour House"), ("fra", "Maison du port")]);
        assert_eq!((three.name("fra"), three.name("ron")), ("Maison du port", "Harbour House"));
        let two = named(&[("deu", "Hafenhaus"), ("fra", "Maison du port")]);
        assert_eq!((two.name("ron"), named(&[]).name("eng")), ("Hafenhaus", ""));
    }
}
