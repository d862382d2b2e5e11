//! What the roles of agencies are called: as their country's profile has it, in the language of this system's messages.

use std::sync::Arc;

use serde::{Serialize, Serializer};

use super::super::{Context, enrol::locale};
use crate::{directory::languages, referral::profile::Profiles};

/// Names of roles, for whoever reads here.
pub(super) struct RoleNames {
    profiles: Arc<Profiles>,
    language: &'static str,
}

impl RoleNames {
    /// Those of the installed profiles; where they cannot be read, those of this build: it is but a name.
    pub(super) fn of(context: &Context) -> Self {
        let profiles = Profiles::installed(&context.data).unwrap_or_else(|_unread| Profiles::of_build());
        Self { profiles, language: language(locale().as_deref()) }
    }

    /// What agencies of this role are called in a country.
    pub(super) fn name<'a>(&'a self, country: &str, role: &'a str) -> &'a str {
        self.profiles.role_name(country, role, self.language)
    }
}

/// The language of a locale such as `fr_FR.UTF-8`, else English.
fn language(locale: Option<&str>) -> &'static str {
    let tag = locale.and_then(|locale| locale.split(['_', '.', '@']).next()).filter(|tag| tag.len() == 2);
    tag.and_then(languages::correction).unwrap_or("eng")
}

/// An answer with the names of roles in its words; programs get the codes.
pub(super) struct Named<'a, T> {
    pub(super) data: T,
    pub(super) roles: &'a RoleNames,
}

impl<T: Serialize> Serialize for Named<'_, T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.data.serialize(to)
    }
}

#[cfg(test)]
impl RoleNames {
    pub(super) fn of_test(language: &'static str) -> Self {
        Self { profiles: Profiles::of_build(), language }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_in_the_language_of_the_system_where_there_are_some() {
        for (locale, code) in [
            (Some("fr_FR.UTF-8"), "fra"),
            (Some("de"), "deu"),
            (Some("en_GB"), "eng"),
            (Some("C.UTF-8"), "eng"),
            (Some("POSIX"), "eng"),
            (Some(""), "eng"),
            (None, "eng"),
        ] {
            assert_eq!(language(locale), code, "{locale:?}");
        }
        let roles = RoleNames::of_test("fra");
        assert_eq!(roles.name("ZZ", "Police"), "Service de police");
        assert_eq!((roles.name("XC", "Police"), roles.name("XC", "OfTomorrow")), ("Federal police", "OfTomorrow"));
    }
}
