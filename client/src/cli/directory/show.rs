//! `directory show AGENCY`.

use safeconduct_certs::directory::{Record, place::PlaceNames};

use super::{
    super::{
        output::{Words, plain},
        words,
    },
    overridden,
    roles::{Named, RoleNames},
};
use crate::api::found::AgencyShown;

impl Words for Named<'_, AgencyShown> {
    fn words(&self) -> String {
        let AgencyShown { agency, record, open, quiet_since_at } = &self.data;
        let mut status = super::standing(&agency.status);
        if agency.exercise {
            status.push_str(" (exercise only)");
        }
        let mut lines = vec![line("agency", &agency.agency_id), line("status", &status)];
        lines.extend(of_record(record, self.roles));
        let open = match open.as_str() {
            "always" | "now" => "yes",
            "closed" => "no",
            "zone-unknown" => "this version does not know the time zone",
            _ => "not said",
        };
        lines.push(line("open now", open));
        if let Some(at) = *quiet_since_at {
            lines.push(line("online", &format!("(!) not since {}", words::time(at))));
        }
        lines.push(line("node", &agency.node));
        lines.join("\n") + &overridden(agency)
    }
}

/// What the record says, a line a member; what it does not say is left out.
fn of_record(record: &Record, roles: &RoleNames) -> Vec<String> {
    let mut lines: Vec<String> =
        record.names.iter().map(|(tag, name)| line("name", &format!("{name} ({tag})"))).collect();
    lines.push(line("country", &record.country));
    let mut list = |what: &str, values: Vec<&str>| {
        if !values.is_empty() {
            lines.push(line(what, &values.join(", ")));
        }
    };
    list("represents", record.represents.iter().map(String::as_str).collect());
    // With the code: searches are for that.
    let named = |code| format!("{} ({code})", roles.name(&record.country, code));
    let named: Vec<String> = record.roles.iter().map(|role| named(role.0.as_str())).collect();
    list("roles", named.iter().map(String::as_str).collect());
    list("services", record.services.iter().map(|code| code.as_str()).collect());
    if let Some(populations) = &record.populations {
        list("ages", populations.ages.iter().map(|code| code.as_str()).collect());
        list("genders", populations.genders.iter().map(|code| code.as_str()).collect());
        list("after", populations.exploitation.iter().map(|code| code.as_str()).collect());
        list("access", populations.access.iter().map(|code| code.as_str()).collect());
    }
    list("languages", record.languages.iter().map(String::as_str).collect());
    list("competencies", record.competencies.iter().map(|code| code.as_str()).collect());
    if let Some(geography) = &record.geography {
        list("works in", geography.countries.iter().chain(&geography.regions).map(String::as_str).collect());
        for PlaceNames(names) in &geography.places {
            let names: Vec<String> = names.iter().map(|(tag, name)| format!("{name} ({tag})")).collect();
            lines.push(line("place", &names.join(", ")));
        }
    }
    if let Some(hours) = &record.hours {
        lines.push(line("hours", &hours.words()));
    }
    let contact =
        record.contact.iter().flat_map(|contact| [("phone 24/7", &contact.always), ("phone", &contact.office)]);
    lines.extend(contact.filter_map(|(what, number)| number.as_ref().map(|number| line(what, number))));
    lines
}

fn line(what: &str, value: &str) -> String {
    format!("{what:<12}  {}", plain(value))
}

#[cfg(test)]
mod tests {
    use safeconduct_certs::directory::draft::Draft;

    use super::*;
    use crate::api::shapes::AgencyLine;

    #[test]
    fn every_member_of_the_example_record_is_shown() {
        let example = include_str!("../../../../deploy/record.example.toml");
        let record = toml::from_str::<Draft>(example).unwrap().make().unwrap();
        let agency = AgencyLine {
            agency_id: record.agency_id.to_string(),
            node: "00".to_owned(),
            names: record.names.clone(),
            country: record.country.clone(),
            roles: Vec::new(),
            exercise: false,
            status: "active".to_owned(),
            authority_override: true,
            override_pending_at: None,
        };
        let shown = AgencyShown { agency, record, open: "closed".to_owned(), quiet_since_at: Some(0) };
        let roles = RoleNames::of_test("eng");
        let text = Named { data: shown, roles: &roles }.words();
        for part in [
            "name          Дом у гавани (rus)",
            "services      EmergencyShelter, Shelter",
            "ages          15-17",
            "hours         Mon-Fri 08:00-20:00; Sat,Sun 10:00-16:00 (Europe/Bucharest)",
            "phone 24/7    +40215550100",
            "place         North Arvenia (eng), Arvenia de Nord (ron)",
            "roles         Protection house (NgoShelter), Non-governmental support service (NgoSupport)",
            "open now      no",
            "(!) not since 1970-01-01",
            "set by the authority alone",
        ] {
            assert!(text.contains(part), "{part} is not in\n{text}");
        }
    }
}
