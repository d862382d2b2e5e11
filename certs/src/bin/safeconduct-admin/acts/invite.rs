//! Inviting agencies.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::Read as _,
    path::Path,
};

use safeconduct_certs::{
    authority::{AdminError, Office, error::Exit},
    directory::{Record, RoleName, draft::Draft, place::Contact, record::Populations},
    utc,
};
use safeconduct_protocol::id::AgencyId;
use serde_json::{Value, json};

use super::{Desk, tell};
use crate::{
    cli::{Invite, InviteList},
    output::{Answer, Refusal},
};

/// Longest file of records.
const FILE_BYTES_MAX: u64 = 16 * 1024 * 1024;

impl Desk<'_> {
    pub(super) fn invite(&self, invite: &Invite) -> Result<Answer, Refusal> {
        if invite.replace {
            return self.invite_replacement(invite);
        }
        let record = record(invite)?;
        let agency = record.agency_id.clone();
        let mut office = self.open()?;
        may_invite(&office, &agency, invite.other_country)?;
        let (code, expires) = office.invite(record, invite.days)?;
        let (code, expires) = (code.reveal(), utc::day(expires));
        let text = format!(
            "Give this code to the operator of {}, by telephone or letter; it serves once, until {expires}:\n\n  {code}\n\n\
             It is not shown again. The operator runs: safeconduct enrol CODE --relay {}\nThen look for the request with: \
             safeconduct-admin requests",
            agency,
            relay_to_name(&office)?,
        );
        let data = json!({"code": code, "agency": agency.as_str(), "expires": expires});
        tell(&mut office, invite.offline, Answer { data, text })
    }

    fn invite_replacement(&self, invite: &Invite) -> Result<Answer, Refusal> {
        let Some(agency) = &invite.agency else {
            return Err(Refusal::new(Exit::Usage, "usage", "it is not said which agency", "give --agency AGENCY"));
        };
        let mut office = self.open()?;
        has_relay(&office)?;
        let (code, expires) = office.invite_replacement(agency, invite.days)?;
        let (code, expires) = (code.reveal(), utc::day(expires));
        let text = format!(
            "Give this code to the operator of {agency}, whom you know, by telephone or letter; it serves once, until {expires}:\n\n  \
             {code}\n\nIt is for a new node in the old one's place. With the paper that holds the succession key \
             (`safeconduct enrol CODE --paper`) it is in force as soon as you approve it. Without, you alone answer for it: it is \
             in force 72 hours later, and every agency is shown that.\nIt is not shown again.",
        );
        let data = json!({"code": code, "agency": agency.as_str(), "expires": expires, "replace": true});
        tell(&mut office, invite.offline, Answer { data, text })
    }

    pub(super) fn invite_list(&self, list: &InviteList) -> Result<Answer, Refusal> {
        let InviteList { file, days, other_country, offline } = list;
        let records = read_records(file)?;
        let mut office = self.open()?;
        let mut text =
            "Give each code to the operator of its agency, by telephone or letter; it serves once:\n".to_owned();
        let mut invitations = Vec::new();
        // All of them, or none: nobody has seen the codes of a list that stopped in the middle.
        let mut named = BTreeSet::new();
        for record in &records {
            may_invite(&office, &record.agency_id, *other_country)
                .map_err(|refusal| refusal.at(record.agency_id.as_str()))?;
            if !named.insert(&record.agency_id) {
                let fact = format!("{} is in the list twice", record.agency_id);
                return Err(Refusal::new(Exit::Usage, "list", fact, "leave one of them"));
            }
        }
        for record in records {
            let agency = record.agency_id.clone();
            let (code, expires) =
                office.invite(record, *days).map_err(|error| Refusal::from(error).at(agency.as_str()))?;
            let (code, expires) = (code.reveal(), utc::day(expires));
            text.push_str(&format!("\n  {code}  {agency}, until {expires}"));
            invitations.push(json!({"code": code, "agency": agency.as_str(), "expires": expires}));
        }
        text.push_str("\n\nThey are not shown again.");
        tell(&mut office, *offline, Answer { data: json!({ "invitations": invitations }), text })
    }
}

/// Whether a code for this agency would be of use: asked before one is made.
fn may_invite(office: &Office, agency: &AgencyId, other_country: bool) -> Result<(), Refusal> {
    has_relay(office)?;
    if !other_country {
        office.is_of_country(agency)?;
    }
    office.may_invite(agency).map_err(Refusal::from)
}

fn has_relay(office: &Office) -> Result<(), Refusal> {
    if office.relay_contacts()?.is_empty() { Err(AdminError::NoRelay.into()) } else { Ok(()) }
}

/// The relay that an operator is told, when there is one to choose.
fn relay_to_name(office: &Office) -> Result<String, Refusal> {
    let contacts = office.relay_contacts()?;
    Ok(contacts.into_iter().next().map_or_else(|| "HOST:PORT".to_owned(), |contact| contact.address))
}

/// What the file says, and over it what the options say.
fn record(invite: &Invite) -> Result<Record, Refusal> {
    let draft = match &invite.record {
        Some(file) => read_draft(file)?,
        None => Draft::default(),
    };
    let said = options(invite)?;
    let agency_id = said.agency_id.clone().or_else(|| draft.agency_id.clone());
    let names = said.names.clone().or_else(|| draft.names.clone());
    let roles = said.roles.clone().or_else(|| draft.roles.clone());
    let base = Draft { agency_id, names, roles, ..draft }.make().map_err(|lacking| {
        Refusal::new(Exit::Usage, "record", lacking.to_string(), "add it to the file, or give it as an option")
    })?;
    judged(said.over(&base))
}

/// The options as a draft; what was not given is not said.
fn options(invite: &Invite) -> Result<Draft, Refusal> {
    let mut names = BTreeMap::new();
    for (language, name) in &invite.names {
        if names.insert(language.clone(), name.clone()).is_some() {
            let fact = format!("there are two names in the language {language}");
            return Err(Refusal::new(Exit::Usage, "usage", fact, "give one --name for each language"));
        }
    }
    let mut roles: Vec<RoleName> = invite.roles.iter().copied().map(RoleName).collect();
    roles.sort_unstable();
    roles.dedup();
    let populations = (!invite.ages.is_empty() || !invite.genders.is_empty()).then(|| Populations {
        ages: invite.ages.clone(),
        genders: invite.genders.clone(),
        ..Populations::default()
    });
    let digits = |number: &String| number.replace([' ', '-', '(', ')', '.', '/'], "");
    let contact = (invite.phone.is_some() || invite.phone_always.is_some()).then(|| Contact {
        always: invite.phone_always.as_ref().map(digits),
        office: invite.phone.as_ref().map(digits),
    });
    Ok(Draft {
        agency_id: invite.agency.clone(),
        names: (!names.is_empty()).then_some(names),
        country: invite.country.map(letters),
        roles: (!roles.is_empty()).then_some(roles),
        exercise: invite.exercise.then_some(true),
        services: (!invite.services.is_empty()).then(|| invite.services.clone()),
        populations,
        languages: (!invite.languages.is_empty()).then(|| invite.languages.clone()),
        hours: invite.hours.clone(),
        contact,
        geography: None,
        competencies: None,
        represents: invite.represents.map(letters),
    })
}

/// A country as a record writes it.
fn letters(country: [u8; 2]) -> String {
    country.iter().copied().map(char::from).collect()
}

/// A record within its bounds, whose time zone this program knows.
pub(super) fn judged(record: Record) -> Result<Record, Refusal> {
    record.check().map_err(AdminError::from)?;
    if record.hours.as_ref().is_some_and(|hours| !hours.has_known_zone()) {
        let fact = "the time zone of the opening hours is not in the tz database";
        return Err(Refusal::new(Exit::Refused, "record-refused", fact, "write it as in Europe/Bucharest"));
    }
    Ok(record)
}

/// A draft from a TOML file, or a JSON file.
pub(super) fn read_draft(file: &Path) -> Result<Draft, Refusal> {
    let remedy = "write it as deploy/record.example.toml shows";
    let refuse = |fact: String| Refusal::new(Exit::Usage, "record", fact, remedy);
    let text = read_bounded(file).map_err(refuse)?;
    if text.trim_start().starts_with('{') {
        return serde_json::from_str(&text).map_err(|error| refuse(format!("{}: {error}", file.display())));
    }
    toml::from_str(&text).map_err(|error| {
        let line = error
            .span()
            .map_or(1, |span| text.bytes().take(span.start).filter(|byte| *byte == b'\n').count().saturating_add(1));
        refuse(format!("{}, line {line}: {}", file.display(), error.message()))
    })
}

/// The text of a file that somebody wrote by hand.
fn read_bounded(file: &Path) -> Result<String, String> {
    let mut text = String::new();
    let read = fs::File::open(file).and_then(|opened| opened.take(FILE_BYTES_MAX).read_to_string(&mut text));
    match read {
        Err(error) => Err(format!("{} cannot be read: {}", file.display(), error.kind())),
        Ok(_) if u64::try_from(text.len()).is_ok_and(|length| length == FILE_BYTES_MAX) => {
            Err(format!("{} is longer than {} MiB", file.display(), FILE_BYTES_MAX >> 20))
        }
        Ok(_) => Ok(text),
    }
}

fn read_records(file: &Path) -> Result<Vec<Record>, Refusal> {
    let refuse = |fact: String| {
        let remedy = "give a JSON list of records, as `safeconduct-admin invite-list --help` shows it";
        Refusal::new(Exit::Usage, "list", fact, remedy)
    };
    let text = read_bounded(file).map_err(refuse)?;
    let list: Vec<Value> = serde_json::from_str(&text)
        .map_err(|error| refuse(format!("{} is no JSON list (line {})", file.display(), error.line())))?;
    let sound = |(at, value): (usize, &Value)| {
        let place = |fact: String| refuse(format!("entry {at} of {}: {fact}", file.display()));
        let draft: Draft = serde_json::from_value(value.clone()).map_err(|error| place(error.to_string()))?;
        judged(draft.make().map_err(|lacking| place(lacking.to_string()))?)
            .map_err(|refusal| refusal.at(&format!("entry {at} of {}", file.display())))
    };
    list.iter().enumerate().map(|(at, value)| sound((at.saturating_add(1), value))).collect()
}
