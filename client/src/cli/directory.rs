//! `directory`.

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

pub(super) fn run(context: &Context) -> Result<Exit, Told> {
    Ok(context.output.answer(&Verbs::reach(context)?.directory()?))
}

impl Words for Directory {
    fn words(&self) -> String {
        if self.agencies.is_empty() {
            return "no agencies known yet".to_owned();
        }
        let rows: Vec<Vec<String>> = self
            .agencies
            .iter()
            .map(|line| {
                let name = line.names.get("eng").or_else(|| line.names.values().next()).cloned().unwrap_or_default();
                let mut status = line.status.clone();
                if line.exercise {
                    status.push_str(" (exercise only)");
                }
                if line.authority_override || line.override_pending_at.is_some() {
                    status.push_str(" (!)");
                }
                vec![line.agency_id.clone(), name, line.country.clone(), line.roles.join(", "), status]
            })
            .collect();
        let mut text = table(&["agency", "name", "country", "roles", "status"], &rows);
        for line in &self.agencies {
            text.push_str(&overridden(line));
        }
        text
    }
}

/// What everybody must see of an agency whose keys came, or are about to come, from the authority alone.
fn overridden(line: &AgencyLine) -> String {
    let agency = plain(&line.agency_id);
    let mut text = String::new();
    if line.authority_override {
        text.push_str(&format!(
            "\n\n(!) {agency}: its keys were set by the authority alone.\n    → phone the agency before you send to it"
        ));
    }
    if let Some(at) = line.override_pending_at {
        text.push_str(&format!(
            "\n\n(!) {agency}: the authority alone changes its keys, in force from {}.\n    → phone the agency: if it did \
             not ask for that, tell your authority",
            words::time(at)
        ));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_change_by_the_authority_alone_is_shown() {
        let line = AgencyLine {
            agency_id: "xc.linden-shelter".to_owned(),
            node: "00".to_owned(),
            names: std::collections::BTreeMap::new(),
            country: "XC".to_owned(),
            roles: Vec::new(),
            exercise: false,
            status: "active".to_owned(),
            authority_override: true,
            override_pending_at: Some(1_780_276_364),
        };
        let text = Directory { agencies: vec![line.clone()] }.words();
        assert!(text.contains("active (!)") && text.contains("set by the authority alone"), "{text}");
        assert!(text.contains("in force from 2026-06-01 01:12:44 UTC"), "{text}");

        let well = AgencyLine { authority_override: false, override_pending_at: None, ..line };
        assert!(!Directory { agencies: vec![well] }.words().contains("(!)"));
    }
}
