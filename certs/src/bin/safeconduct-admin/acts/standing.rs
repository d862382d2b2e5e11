//! Suspending, resuming and revoking.

use safeconduct_certs::{
    authority::{
        AdminError, Office,
        min_suite::SUITE_NEWEST,
        office::{Registered, read_root},
        revoke::Standing,
    },
    directory::Record,
};
use safeconduct_protocol::id::AgencyId;
use serde_json::json;

use super::{Desk, tell};
use crate::{
    ask,
    cli::Whom,
    output::{Answer, Refusal},
};

impl Desk<'_> {
    pub(super) fn revoke(&self, whom: &Whom, yes: bool) -> Result<Answer, Refusal> {
        let mut office = self.open()?;
        let agency = &whom.agency;
        if office.record_of(agency).is_err() && office.withdraw_invitation(agency)? {
            let data = json!({"agency": agency.as_str(), "status": "withdrawn"});
            let text = format!("the invitation of {agency} is taken back: its code opens nothing any more");
            return tell(&mut office, whom.offline, Answer { data, text });
        }
        if let Some(record) = to_ask(&office, whom, yes)? {
            ask::confirm(&match record.relay {
                None => format!(
                    "the registration of {agency} ends for ever: its connections are cut, nobody can send to it, and what \
                     waits for it is not delivered"
                ),
                Some(_) => relay_ends(&office, agency, "for ever"),
            })?;
        }
        standing(office, whom, Standing::Revoke)
    }

    pub(super) fn suspend(&self, whom: &Whom, yes: bool) -> Result<Answer, Refusal> {
        let office = self.open()?;
        let agency = &whom.agency;
        if let Some(record) = to_ask(&office, whom, yes)? {
            ask::confirm(&match record.relay {
                None => format!(
                    "the registration of {agency} ends for a time: its connections are cut, what others have for it waits \
                     with them, and what it has sent is held where it arrives; all goes on with `safeconduct-admin resume \
                     {agency}`"
                ),
                Some(_) => relay_ends(&office, agency, "for a time"),
            })?;
        }
        standing(office, whom, Standing::Suspend)
    }

    pub(super) fn min_suite(&self, suite: u16, yes: bool, offline: bool) -> Result<Answer, Refusal> {
        if !yes {
            read_root(self.folder()?)?;
            let end = if suite > SUITE_NEWEST { "; this version speaks none so new, so all sending ends" } else { "" };
            ask::confirm(&format!("suites below {suite} are not used any more, for ever{end}"))?;
        }
        let mut office = self.open()?;
        office.set_min_suite(suite)?;
        let text = format!("suites below {suite} are not used any more");
        tell(&mut office, offline, Answer { data: json!({"min_suite": suite}), text })
    }

    pub(super) fn resume(&self, whom: &Whom) -> Result<Answer, Refusal> {
        standing(self.open()?, whom, Standing::Resume)
    }
}

fn standing(mut office: Office, whom: &Whom, standing: Standing) -> Result<Answer, Refusal> {
    let node = office.set_standing(&whom.agency, standing)?;
    let done = match standing {
        Standing::Revoke => "revoked",
        Standing::Suspend => "suspended",
        Standing::Resume => "active again",
    };
    let data = json!({"agency": whom.agency.as_str(), "node": node.to_hex(), "status": done});
    tell(&mut office, whom.offline, Answer { data, text: format!("{} is {done}", whom.agency) })
}

/// Of whom it is to be asked; none when a person has said yes already, or there is nobody to ask about any more.
fn to_ask(office: &Office, whom: &Whom, yes: bool) -> Result<Option<Record>, Refusal> {
    if yes {
        return Ok(None);
    }
    match office.record_of(&whom.agency) {
        Ok(record) => Ok(Some(record)),
        // One that is revoked already is so; whom nobody knows is refused by the act itself.
        Err(AdminError::AgencyUnknown) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn relay_ends(office: &Office, relay: &AgencyId, how_long: &str) -> String {
    let registered = office.registered().unwrap_or_default();
    let number = registered.iter().find(|one| one.record.agency_id == *relay).map(|one| one.state.home_relay);
    let at_home = |one: &&Registered<'_>| {
        one.record.relay.is_none() && one.state.is_active() && Some(one.state.home_relay) == number
    };
    let count = registered.iter().filter(at_home).count();
    let others = registered.iter().filter(|one| one.record.relay.is_some() && one.state.is_active()).count();
    let only = if others <= 1 { "; there is no other relay" } else { "" };
    format!(
        "the registration of the relay {relay} ends {how_long}: the {count} agencies that have their mailboxes there are cut \
         off until they are moved to another relay{only}"
    )
}
