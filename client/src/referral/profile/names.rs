//! What a country calls the roles of its agencies, by language: for the screen alone, never for a rule.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{
    Profile, Profiles,
    floors::{ProfileRefused, nearest},
};
use crate::referral::{codes::Role, text};

/// Characters of a name at most: it stands in a column of a list.
const NAME_CHARS_MAX: usize = 60;
/// Languages of one role at most.
const LANGUAGES_MAX: usize = 40;
/// Which language is shown where the one that was asked for is not there.
const FALLBACK: &str = "eng";

/// Names by role and language (ISO 639-3).
#[derive(Clone, Default, Deserialize)]
#[serde(transparent)]
pub struct RoleNames(BTreeMap<String, BTreeMap<String, String>>);

impl RoleNames {
    /// The name of a role in a language, else in English.
    fn of(&self, role: &str, language: &str) -> Option<&str> {
        let names = self.0.get(role)?;
        names.get(language).or_else(|| names.get(FALLBACK)).map(String::as_str)
    }

    /// What is wrong with it, each with its line in `text`.
    pub(super) fn faults(&self, text: &str) -> Vec<ProfileRefused> {
        let mut faults = Vec::new();
        for (role, names) in &self.0 {
            let line = line_of(text, role);
            if Role::from_code(role).is_none() {
                let nearest = nearest(role, Role::ALL.iter().map(|role| role.as_str()));
                faults.push(ProfileRefused::UnknownKey { line, key: role.clone(), nearest });
                continue;
            }
            if names.len() > LANGUAGES_MAX {
                let message = format!("{role} has names in more than {LANGUAGES_MAX} languages");
                faults.push(ProfileRefused::Malformed { line, message });
            }
            for (language, name) in names {
                let is_language = language.len() == 3 && language.bytes().all(|letter| letter.is_ascii_lowercase());
                let is_name = (1..=NAME_CHARS_MAX).contains(&name.chars().count()) && text::is_safe_line(name);
                let message = match (is_language, is_name) {
                    (false, _) => format!("a language of {role} is not three small letters, such as fra"),
                    (true, false) => format!(
                        "the name of {role} in {language} is not one line of 1 to {NAME_CHARS_MAX} characters without control characters"
                    ),
                    (true, true) => continue,
                };
                faults.push(ProfileRefused::Malformed { line, message });
            }
        }
        faults
    }
}

/// The line on which a role's names begin, from 1: as a key of the table, or as a table of its own.
fn line_of(text: &str, role: &str) -> usize {
    let (mut here, own) = (false, format!("[role_names.{role}]"));
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.starts_with(&own) {
            return index.saturating_add(1);
        }
        if line.starts_with('[') {
            here = line.starts_with("[role_names]");
        } else if here && line.split(['=', '.']).next().is_some_and(|key| key.trim().trim_matches('"') == role) {
            return index.saturating_add(1);
        }
    }
    1
}

impl Profile {
    /// What this country calls a role, if it says so.
    #[must_use]
    pub fn role_name(&self, role: &str, language: &str) -> Option<&str> {
        self.role_names.of(role, language)
    }
}

impl Profiles {
    /// What a country calls a role of its agencies: by its own profile, else as everywhere, else by the code.
    #[must_use]
    pub fn role_name<'a>(&'a self, country: &str, role: &'a str, language: &str) -> &'a str {
        let own = text::Country::of(country).and_then(|country| self.known(&country));
        let named = own.and_then(|profile| profile.role_name(role, language));
        named.or_else(|| self.fallback().role_name(role, language)).unwrap_or(role)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{DEFAULT, SHIPPED};
    use super::*;

    const XA: &str = SHIPPED[0].1;

    #[test]
    fn every_role_has_a_name_in_english_and_french_in_the_default_and_every_shipped_country_has_names_of_its_own() {
        let profiles = Profiles::shipped();
        for role in Role::ALL {
            for language in ["eng", "fra"] {
                let name = profiles.fallback().role_names.0.get(role.as_str()).and_then(|names| names.get(language));
                assert!(name.is_some(), "{} {language}", role.as_str());
            }
        }
        for profile in profiles.all() {
            assert!(!profile.role_names.0.is_empty(), "{}", profile.profile.country);
        }
        assert!(DEFAULT.contains("[role_names]"));
    }

    #[test]
    fn a_role_is_called_by_its_country_then_as_everywhere_then_by_its_code() {
        let text = format!("{XA}\n[role_names.Embassy]\neng = \"Consular section\"\n");
        let own = Profile::load(&text).ok().unwrap();
        let profiles = Profiles::of(vec![own]);

        assert_eq!(
            profiles.role_name("XA", "Embassy", "fra"),
            "Consular section",
            "its own English before another's French"
        );
        assert_eq!(profiles.role_name("ZZ", "Embassy", "fra"), Profiles::shipped().role_name("ZZ", "Embassy", "fra"));
        assert_ne!(profiles.role_name("ZZ", "Embassy", "fra"), profiles.role_name("ZZ", "Embassy", "eng"));
        assert_eq!(profiles.role_name("ZZ", "OfTomorrow", "eng"), "OfTomorrow");
    }

    #[test]
    fn names_that_are_no_names_and_roles_that_are_none_are_refused_with_their_line() {
        let with = |names: &str| Profile::read(&format!("{XA}\n[role_names.Embassy]\n{names}\n")).err().unwrap();
        let last = XA.lines().count() + 2;
        for (names, says) in [
            ("eng = \"\"".to_owned(), "Embassy in eng"),
            (format!("eng = \"{}\"", "n".repeat(NAME_CHARS_MAX + 1)), "Embassy in eng"),
            ("eng = \"a\\u202eb\"".to_owned(), "Embassy in eng"),
            ("en = \"Embassy\"".to_owned(), "three small letters"),
        ] {
            let refused = with(&names);
            let [ProfileRefused::Malformed { line, message }] = refused.as_slice() else { panic!("{refused:?}") };
            assert!(*line == last && message.contains(says), "{line} {message}");
        }
        assert!(
            Profile::read(&format!("{XA}\n[role_names.Embassy]\neng = \"{}\"\n", "n".repeat(NAME_CHARS_MAX))).is_ok()
        );
        let refused = Profile::read(&format!("{XA}\n[role_names.NgoShleter]\neng = \"Shelter\"\n")).err().unwrap();
        let nearest = Some("NgoShelter".to_owned());
        assert_eq!(refused, [ProfileRefused::UnknownKey { line: last, key: "NgoShleter".to_owned(), nearest }]);
    }
}
