//! Inviting agencies.

use std::{fs, path::Path};

use safeconduct_certs::{
    authority::error::Exit,
    directory::{Record, RoleName},
    utc,
};
use serde_json::{Value, json};

use super::{Desk, tell};
use crate::{
    cli::Invite,
    output::{Answer, Refusal},
};

impl Desk<'_> {
    pub(super) fn invite(&self, invite: &Invite) -> Result<Answer, Refusal> {
        if invite.replace {
            return self.invite_replacement(invite);
        }
        let record = record(invite)?;
        let mut office = self.open()?;
        let (code, expires) = office.invite(record, invite.days)?;
        let (code, expires) = (code.reveal(), utc::day(expires));
        let text = format!(
            "Give this code to the operator of {}, by telephone or letter; it serves once, until {expires}:\n\n  {code}\n\n\
             It is not shown again.",
            invite.agency,
        );
        let data = json!({"code": code, "agency": invite.agency.as_str(), "expires": expires});
        tell(&mut office, invite.offline, Answer { data, text })
    }

    fn invite_replacement(&self, invite: &Invite) -> Result<Answer, Refusal> {
        let mut office = self.open()?;
        let (code, expires) = office.invite_replacement(&invite.agency, invite.days)?;
        let (code, expires) = (code.reveal(), utc::day(expires));
        let agency = &invite.agency;
        let text = format!(
            "Give this code to the operator of {agency}, whom you know, by telephone or letter; it serves once, until {expires}:\n\n  \
             {code}\n\nIt is for a new node in the old one's place. With the paper that holds the succession key \
             (`safeconduct enrol CODE --paper`) it is in force as soon as you approve it. Without, you alone answer for it: it is \
             in force 72 hours later, and every agency is shown that.\nIt is not shown again.",
        );
        let data = json!({"code": code, "agency": agency.as_str(), "expires": expires, "replace": true});
        tell(&mut office, invite.offline, Answer { data, text })
    }

    pub(super) fn invite_list(&self, file: &Path, days: u32, offline: bool) -> Result<Answer, Refusal> {
        let records = read_records(file)?;
        let mut office = self.open()?;
        let mut text =
            "Give each code to the operator of its agency, by telephone or letter; it serves once:\n".to_owned();
        let mut invitations = Vec::new();
        for record in records {
            let agency = record.agency_id.clone();
            let (code, expires) =
                office.invite(record, days).map_err(|error| Refusal::from(error).at(agency.as_str()))?;
            let (code, expires) = (code.reveal(), utc::day(expires));
            text.push_str(&format!("\n  {code}  {agency}, until {expires}"));
            invitations.push(json!({"code": code, "agency": agency.as_str(), "expires": expires}));
        }
        text.push_str("\n\nThey are not shown again.");
        tell(&mut office, offline, Answer { data: json!({ "invitations": invitations }), text })
    }
}

fn record(invite: &Invite) -> Result<Record, Refusal> {
    let country = match invite.country {
        Some(country) => country.iter().copied().map(char::from).collect(),
        None => invite.agency.as_str().chars().take(2).collect::<String>().to_uppercase(),
    };
    let mut names = std::collections::BTreeMap::new();
    for (language, name) in &invite.names {
        if names.insert(language.clone(), name.clone()).is_some() {
            let fact = format!("there are two names in the language {language}");
            return Err(Refusal::new(Exit::Usage, "usage", fact, "give one --name for each language"));
        }
    }
    let mut roles: Vec<RoleName> = invite.roles.iter().copied().map(RoleName).collect();
    roles.sort_unstable();
    roles.dedup();
    Ok(Record { agency_id: invite.agency.clone(), names, country, roles, exercise: invite.exercise, relay: None })
}

fn read_records(file: &Path) -> Result<Vec<Record>, Refusal> {
    let refuse = |fact: String| {
        let remedy = "give a JSON list of records, as `safeconduct-admin invite-list --help` shows it";
        Refusal::new(Exit::Usage, "list", fact, remedy)
    };
    let text =
        fs::read(file).map_err(|error| refuse(format!("{} cannot be read: {}", file.display(), error.kind())))?;
    let list: Vec<Value> = serde_json::from_slice(&text)
        .map_err(|error| refuse(format!("{} is no JSON list (line {})", file.display(), error.line())))?;
    let sound = |(at, value): (usize, &Value)| {
        Record::parse(value.to_string().as_bytes())
            .map_err(|_not_sound| refuse(format!("entry {} of {} is no record of an agency", at, file.display())))
    };
    list.iter().enumerate().map(sound).collect()
}
