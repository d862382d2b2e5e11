//! Changing what the directory says of an agency, and where its mailbox is.

use safeconduct_certs::{
    authority::{
        Office,
        change::{Changed, NewFields},
        error::Exit,
    },
    directory::{Record, RoleName},
};
use safeconduct_protocol::id::RelayId;
use serde_json::json;

use super::{
    Desk,
    invite::{judged, read_draft},
    tell,
};
use crate::{
    ask,
    cli::Change,
    output::{Answer, Refusal},
};

impl Desk<'_> {
    pub(super) fn change(&self, change: &Change) -> Result<Answer, Refusal> {
        let mut office = self.open()?;
        let new = NewFields { record: record(&office, change)?, relay: change.relay.map(RelayId) };
        if !change.yes {
            ask::confirm(&what_will_happen(&office, change, &new)?)?;
        }
        let changed = office.change(&change.agency, &new)?;
        let (text, already) = match changed {
            Changed::Now(_) => (format!("{} is changed", change.agency), false),
            Changed::Already(_) => (format!("{} is so already", change.agency), true),
        };
        let data = json!({"agency": change.agency.as_str(), "node": changed.node().to_hex(), "already": already});
        tell(&mut office, change.offline, Answer { data, text })
    }
}

/// The whole record from now on, when something of it is to change.
fn record(office: &Office, change: &Change) -> Result<Option<Record>, Refusal> {
    if let Some(file) = &change.record {
        let (draft, base) = (read_draft(file)?, office.record_of(&change.agency)?);
        if draft.agency_id.as_ref().is_some_and(|id| *id != change.agency) {
            let fact = format!("{} is the record of another agency", file.display());
            return Err(Refusal::new(Exit::Usage, "record", fact, "check the id in it"));
        }
        // Who it is stays where the file does not say it; everything else is the file's.
        let relay = base.relay.clone();
        let bare =
            Record { relay, ..Record::bare(base.agency_id, base.names, base.country, base.roles, base.exercise) };
        return judged(draft.over(&bare)).map(Some);
    }
    if change.names.is_empty() && change.roles.is_empty() {
        return Ok(None);
    }
    let mut record = office.record_of(&change.agency)?;
    if !change.names.is_empty() {
        record.names = change.names.iter().cloned().collect();
    }
    if !change.roles.is_empty() {
        record.roles = change.roles.iter().copied().map(RoleName).collect();
        record.roles.sort_unstable();
        record.roles.dedup();
        record.represents = record.represents.clone().filter(|_| record.is_embassy());
    }
    Ok(Some(record))
}

fn what_will_happen(office: &Office, change: &Change, new: &NewFields) -> Result<String, Refusal> {
    let mut lines = vec![format!("the registration of {} changes for everybody", change.agency)];
    if let Some(record) = &new.record {
        let before = office.record_of(&change.agency)?;
        let told = |record: &Record| {
            let names: Vec<String> = record.names.iter().map(|(language, name)| format!("{language}={name}")).collect();
            let roles: Vec<&str> = record.roles.iter().map(|role| role.0.as_str()).collect();
            format!("{}; {}", names.join(", "), roles.join(", "))
        };
        lines.push(format!("  from  {}", told(&before)));
        lines.push(format!("  to    {}", told(record)));
    }
    if let Some(relay) = new.relay {
        lines.push(format!(
            "  its mailbox is at relay {} from now on: others send there, and its node collects at the old one for 30 days",
            relay.0
        ));
    }
    Ok(lines.join("\n"))
}
