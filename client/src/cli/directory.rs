//! `directory [search | show]`.

mod roles;
mod search;
mod show;

use safeconduct_protocol::id::AgencyId;

use self::roles::{Named, RoleNames};
use super::{
    Context,
    output::{Words, plain, table},
    verbs::Verbs,
    words,
};
use crate::{
    api::shapes::{AgencyLine, Directory},
    error::Told,
    exit::Exit,
};

#[derive(clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    act: Option<Act>,
}

#[derive(clap::Subcommand)]
enum Act {
    /// Find agencies by what they offer, for whom, where and in which language. Nobody else learns what was searched for.
    Search(Box<search::Args>),
    /// Show all that the directory says of one agency.
    Show {
        /// Which agency.
        #[arg(value_parser = super::agency)]
        agency: AgencyId,
    },
}

pub(super) fn run(context: &Context, args: Args) -> Result<Exit, Told> {
    let mut verbs = Verbs::reach(context)?;
    let roles = &RoleNames::of(context);
    Ok(match args.act {
        None => context.output.answer(&Named { data: verbs.directory()?, roles }),
        Some(Act::Search(args)) => context.output.answer(&verbs.search(&args.wanted())?),
        Some(Act::Show { agency }) => context.output.answer(&Named { data: verbs.show_agency(&agency)?, roles }),
    })
}

impl Words for Named<'_, Directory> {
    fn words(&self) -> String {
        let Directory { agencies } = &self.data;
        if agencies.is_empty() {
            return "no agencies known yet".to_owned();
        }
        let rows: Vec<Vec<String>> = agencies
            .iter()
            .map(|line| {
                let name = line.names.get("eng").or_else(|| line.names.values().next()).cloned().unwrap_or_default();
                let mut status = standing(&line.status);
                if line.exercise {
                    status.push_str(" (exercise only)");
                }
                if line.authority_override || line.override_pending_at.is_some() {
                    status.push_str(" (!)");
                }
                let roles: Vec<&str> = line.roles.iter().map(|role| self.roles.name(&line.country, role)).collect();
                vec![line.agency_id.clone(), name, line.country.clone(), roles.join(", "), status]
            })
            .collect();
        let mut text = table(&["agency", "name", "country", "roles", "status"], &rows);
        for line in agencies {
            text.push_str(&overridden(line));
        }
        text
    }
}

fn overridden(line: &AgencyLine) -> String {
    key_changes(&line.agency_id, line.authority_override, line.override_pending_at)
}

/// What everybody must see of an agency whose keys came, or are about to come, from the authority alone.
fn key_changes(agency_id: &str, authority_override: bool, pending_at: Option<u64>) -> String {
    let agency = plain(agency_id);
    let mut text = String::new();
    if authority_override {
        text.push_str(&format!(
            "\n\n(!) {agency}: its keys were set by the authority alone.\n    → phone the agency before you send to it"
        ));
    }
    if let Some(at) = pending_at {
        text.push_str(&format!(
            "\n\n(!) {agency}: the authority alone changes its keys, in force from {}.\n    → phone the agency: if it did \
             not ask for that, tell your authority",
            words::time(at)
        ));
    }
    text
}

/// The status of an agency, for a person.
fn standing(code: &str) -> String {
    match code {
        "recognition-ended" => "not reachable: its authority is not recognised any more".to_owned(),
        other => other.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Trap 40.
    #[test]
    fn a_key_change_by_the_authority_alone_is_shown() {
        let line = AgencyLine {
            agency_id: "xc.linden-shelter".to_owned(),
            node: "00".to_owned(),
            names: std::collections::BTreeMap::new(),
            country: "XC".to_owned(),
            roles: vec!["NgoShelter".to_owned()],
            exercise: false,
            status: "active".to_owned(),
            authority_override: true,
            override_pending_at: Some(1_780_276_364),
        };
        let roles = RoleNames::of_test("eng");
        let said = |line| Named { data: Directory { agencies: vec![line] }, roles: &roles };
        let text = said(line.clone()).words();
        assert!(text.contains("Safe house") && !text.contains("NgoShelter"), "{text}");
        let json = serde_json::to_value(said(line.clone())).unwrap();
        assert_eq!(json["agencies"][0]["roles"][0], "NgoShelter");
        assert!(text.contains("active (!)") && text.contains("set by the authority alone"), "{text}");
        assert!(text.contains("in force from 2026-06-01 01:12:44 UTC"), "{text}");

        let well = AgencyLine { authority_override: false, override_pending_at: None, ..line };
        assert!(!said(well).words().contains("(!)"));
    }
}
