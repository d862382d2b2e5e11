//! A record as an administrator writes it in a file: the same members, all of them optional, so that a draft can also be laid over
//! a record that is there.

use std::collections::BTreeMap;

use safeconduct_protocol::id::AgencyId;
use serde::Deserialize;

use super::{
    codes::{Competency, Service},
    hours::Hours,
    place::{Contact, Geography},
    record::{Populations, Record, RoleName},
};
use crate::node::Role;

/// Members of a record; none: not said here.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// [`Record::agency_id`].
    pub agency_id: Option<AgencyId>,
    /// [`Record::names`].
    pub names: Option<BTreeMap<String, String>>,
    /// [`Record::country`].
    pub country: Option<String>,
    /// [`Record::roles`].
    pub roles: Option<Vec<RoleName>>,
    /// [`Record::exercise`].
    pub exercise: Option<bool>,
    /// [`Record::services`].
    pub services: Option<Vec<Service>>,
    /// [`Record::populations`].
    pub populations: Option<Populations>,
    /// [`Record::languages`].
    pub languages: Option<Vec<String>>,
    /// [`Record::hours`].
    pub hours: Option<Hours>,
    /// [`Record::contact`].
    pub contact: Option<Contact>,
    /// [`Record::geography`].
    pub geography: Option<Geography>,
    /// [`Record::competencies`].
    pub competencies: Option<Vec<Competency>>,
    /// [`Record::represents`].
    pub represents: Option<String>,
}

/// A member without which there is no record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the directory record lacks `{0}`")]
pub struct Lacking(pub &'static str);

impl Draft {
    /// The record that it makes by itself. Where no country is given, the first two letters of the id say it. Bounds are judged by
    /// [`Record::check`].
    ///
    /// # Errors
    /// [`Lacking`] an id, names or roles.
    pub fn make(self) -> Result<Record, Lacking> {
        let agency_id = self.agency_id.clone().ok_or(Lacking("agency_id"))?;
        let names = self.names.clone().ok_or(Lacking("names"))?;
        let roles = self.roles.clone().ok_or(Lacking("roles"))?;
        let country = agency_id.as_str().chars().take(2).collect::<String>().to_uppercase();
        Ok(self.over(&Record::bare(agency_id, names, country, roles, false)))
    }

    /// The record with every member that is said here in the place of its own; the id stays. Bounds are judged by
    /// [`Record::check`].
    #[must_use]
    pub fn over(self, record: &Record) -> Record {
        let record = record.clone();
        let roles = self.roles.unwrap_or(record.roles);
        // Who is no embassy any more represents nobody; who says so all the same is refused.
        let embassy = roles.contains(&RoleName(Role::Embassy));
        Record {
            agency_id: record.agency_id,
            names: self.names.unwrap_or(record.names),
            country: self.country.unwrap_or(record.country),
            roles,
            exercise: self.exercise.unwrap_or(record.exercise),
            relay: record.relay,
            services: self.services.unwrap_or(record.services),
            populations: self.populations.or(record.populations),
            languages: self.languages.unwrap_or(record.languages),
            hours: self.hours.or(record.hours),
            contact: self.contact.or(record.contact),
            geography: self.geography.or(record.geography),
            competencies: self.competencies.unwrap_or(record.competencies),
            represents: self.represents.or_else(|| record.represents.filter(|_| embassy)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::{RecordRefused, hours::Open};
    use safeconduct_protocol::time::Timestamp;

    /// The file that administrators are given as an example.
    const EXAMPLE: &str = include_str!("../../../deploy/record.example.toml");

    #[test]
    fn the_example_file_makes_a_record_with_every_member() {
        let record = toml::from_str::<Draft>(EXAMPLE).unwrap().make().unwrap();
        record.check().unwrap();
        let json = serde_json::to_value(&record).unwrap();
        let members: Vec<&str> = json.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(
            members,
            [
                "agency_id",
                "competencies",
                "contact",
                "country",
                "exercise",
                "geography",
                "hours",
                "languages",
                "names",
                "populations",
                "roles",
                "services"
            ]
        );
        assert_ne!(record.hours.unwrap().at(Timestamp(0)), Open::ZoneUnknown);
    }

    #[test]
    fn a_draft_replaces_what_it_says_and_keeps_the_rest() {
        let record = toml::from_str::<Draft>(EXAMPLE).unwrap().make().unwrap();
        let changed = toml::from_str::<Draft>("services = [\"LegalAdvice\"]\nhours = \"24/7\"").unwrap().over(&record);
        assert_eq!(changed.services, [Service::LegalAdvice]);
        assert_eq!(
            (&changed.names, &changed.contact, &changed.agency_id),
            (&record.names, &record.contact, &record.agency_id)
        );
        assert_eq!(Draft::default().over(&record), record);
    }

    #[test]
    fn who_is_no_embassy_any_more_represents_nobody() {
        let text = "agency_id = \"xd.embassy-in-xa\"\ncountry = \"XA\"\nroles = [\"Embassy\"]\nrepresents = \"XD\"\nnames = {eng = \"x\"}";
        let embassy = toml::from_str::<Draft>(text).unwrap().make().unwrap();
        embassy.check().unwrap();
        let over = |text: &str| toml::from_str::<Draft>(text).unwrap().over(&embassy);

        assert_eq!(over("languages = [\"eng\"]").represents.as_deref(), Some("XD"));
        assert_eq!(over("roles = [\"NgoSupport\"]").represents, None);
        let both = over("roles = [\"NgoSupport\"]\nrepresents = \"XD\"");
        assert_eq!(both.check(), Err(RecordRefused::Member("represents")));
    }

    #[test]
    fn a_draft_that_lacks_something_or_holds_something_unknown_names_it() {
        assert_eq!(Draft::default().make(), Err(Lacking("agency_id")));
        let text = "agency_id = \"xa.harbour\"\nroles = [\"Police\"]";
        assert_eq!(toml::from_str::<Draft>(text).unwrap().make(), Err(Lacking("names")));
        let error = toml::from_str::<Draft>("services = [\"EmergencyShelte\"]").unwrap_err().to_string();
        assert!(error.contains("the nearest one is EmergencyShelter"), "{error}");
        assert!(toml::from_str::<Draft>("relay = \"a:1\"").is_err());
        let bad =
            toml::from_str::<Draft>("agency_id = \"xa.harbour\"\nroles = [\"Police\"]\nnames = {en = \"x\"}").unwrap();
        assert_eq!(bad.make().unwrap().check(), Err(RecordRefused::Member("names")));
    }
}
