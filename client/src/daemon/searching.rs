//! The directory: listed, searched, one agency whole. It is read from the vault alone; nothing is asked of anybody.

use std::{collections::BTreeMap, sync::Arc};

use rusqlite::OptionalExtension as _;
use safeconduct_certs::{
    directory::{Record, hours::Open},
    node::{NodeState, NodeStatus, Role},
};
use safeconduct_protocol::{
    id::{AgencyId, NodeId},
    time::Timestamp,
};

use super::{
    Node,
    agencies::{Agencies, Agency},
    status_code,
    verbs::freshness_code,
};
use crate::{
    api::{
        found::{AgencyShown, Found, HITS_DEFAULT, HITS_MAX, Hit, SearchFor},
        shapes::{AgencyLine, Directory},
    },
    directory::{
        criteria::Criteria,
        search::{Candidate, Fit, search},
    },
    error::Told,
    registry::Held,
    vault::{Vault, VaultError, uint},
};

impl Node {
    /// `directory`.
    ///
    /// # Errors
    /// `not-enrolled`, or what the vault says.
    pub fn directory(&mut self) -> Result<Directory, Told> {
        let now = self.now();
        let (all, held) = self.copy()?;
        let agencies = all.iter().filter(|agency| agency.record.relay.is_none());
        Ok(Directory { agencies: agencies.map(|agency| line(agency, &held, now)).collect() })
    }

    /// `directory search`: the active agencies that fit, but not this one, and none for exercises where this one is not.
    ///
    /// # Errors
    /// `unknown-code`, `search-text`, `search-many`, `search-limit`, `not-enrolled`, or what the vault says.
    pub fn search(&mut self, wanted: &SearchFor) -> Result<Found, Told> {
        let criteria = Criteria::try_from(wanted)?;
        let limit = wanted.limit.unwrap_or(HITS_DEFAULT);
        if limit == 0 || limit > HITS_MAX {
            let fact = format!("a search tells 1 to {HITS_MAX} hits");
            return Err(Told::new(crate::exit::Exit::Usage, "search-limit", fact, "choose another --limit"));
        }
        let now = self.now();
        let own = self.identity.node;
        let (all, held) = self.copy()?;
        let quiet = quiet(&self.vault)?;
        let exercise = all.by_node(&own).map(|own| own.record.exercise);
        let can_be_sent_to = |agency: &&Agency| {
            agency.status == NodeStatus::Active
                && agency.record.relay.is_none()
                && agency.node != own
                && is_recognised(&held, &agency.node, now)
                && exercise.is_none_or(|exercise| exercise == agency.record.exercise)
        };
        let agencies: Vec<&Agency> = all.iter().filter(can_be_sent_to).collect();
        let candidate = |agency: &&'_ Agency| {
            let state = held.node(&agency.node);
            let keys = state.is_some_and(|state| state.authority_override || state.pending.is_some());
            keys || quiet.contains_key(&agency.node)
        };
        let candidates: Vec<Candidate<'_>> =
            agencies.iter().map(|agency| Candidate { record: &agency.record, marked: candidate(agency) }).collect();
        let fits = search(&candidates, &criteria, now);
        let hit = |fit: &Fit| agencies.get(fit.place).map(|agency| hit(agency, fit, &held, &quiet));
        Ok(Found {
            hits: fits.iter().take(limit).filter_map(hit).collect(),
            total: fits.len(),
            looked_at: agencies.len(),
            freshness: freshness_code(held.freshness(now)).to_owned(),
            confirmed_at: held.registry().newest_time().map(|time| time.0),
        })
    }

    /// `directory show`.
    ///
    /// # Errors
    /// `unknown-agency`, `not-enrolled`, or what the vault says.
    pub fn show_agency(&mut self, id: &AgencyId) -> Result<AgencyShown, Told> {
        let now = self.now();
        let (_, held) = self.copy()?;
        let agency = self.agency(id)?.ok_or_else(|| {
            Told::refused(
                "unknown-agency",
                format!("the directory has no agency {id}"),
                "see `safeconduct directory`, or `safeconduct directory search --name TEXT`",
            )
        })?;
        let open = agency.record.hours.as_ref().map(|hours| hours.at(now));
        let quiet_since_at = quiet_since(&self.vault, &agency.node)?;
        let agency_line = line(&agency, &held, now);
        Ok(AgencyShown { agency: agency_line, record: agency.record, open: open_code(open).to_owned(), quiet_since_at })
    }

    fn copy(&mut self) -> Result<(Arc<Agencies>, Held), Told> {
        Ok((self.agencies()?, self.held()?.clone()))
    }
}

/// Whether our own authority has registered a node, or one whose recognition holds: to others nothing can be sent.
fn is_recognised(held: &Held, node: &NodeId, now: Timestamp) -> bool {
    let Some(authority) = held.authority_of(node) else { return true };
    held.registry().recognition(&authority).is_some_and(|recognition| recognition.terms.hold_at(now))
}

fn line(agency: &Agency, held: &Held, now: Timestamp) -> AgencyLine {
    let (state, Record { agency_id, names, country, roles, exercise, .. }) = (held.node(&agency.node), &agency.record);
    AgencyLine {
        agency_id: agency_id.to_string(),
        node: agency.node.to_hex(),
        names: names.clone(),
        country: country.clone(),
        roles: roles.iter().map(|role| Role::as_str(role.0).to_owned()).collect(),
        exercise: *exercise,
        status: if agency.status == NodeStatus::Active && !is_recognised(held, &agency.node, now) {
            "recognition-ended".to_owned()
        } else {
            status_code(agency.status).to_owned()
        },
        authority_override: state.is_some_and(|state| state.authority_override),
        override_pending_at: pending(state),
    }
}

fn pending(state: Option<&NodeState>) -> Option<u64> {
    state.and_then(|state| state.pending.as_ref()).map(|change| change.from.0)
}

fn hit(agency: &Agency, fit: &Fit, held: &Held, quiet: &BTreeMap<NodeId, u64>) -> Hit {
    let (record, state) = (&agency.record, held.node(&agency.node));
    let contact = record.contact.clone().unwrap_or_default();
    Hit {
        agency_id: record.agency_id.to_string(),
        names: record.names.clone(),
        country: record.country.clone(),
        holds: fit.reasons.holds.clone(),
        not_said: fit.reasons.not_said.clone(),
        lacks: fit.reasons.lacks.clone(),
        open: open_code(fit.open).to_owned(),
        phone_always: contact.always,
        phone: contact.office,
        quiet_since_at: quiet.get(&agency.node).copied(),
        authority_override: state.is_some_and(|state| state.authority_override),
        override_pending_at: pending(state),
    }
}

const fn open_code(open: Option<Open>) -> &'static str {
    match open {
        Some(Open::Always) => "always",
        Some(Open::Now) => "now",
        Some(Open::Closed) => "closed",
        Some(Open::ZoneUnknown) => "zone-unknown",
        None => "not-said",
    }
}

/// Nodes whose newest keys were over a week old when they were fetched last, and of when they are.
fn quiet(vault: &Vault) -> Result<BTreeMap<NodeId, u64>, VaultError> {
    let mut rows = vault.db().prepare("SELECT node, quiet_since FROM peer WHERE quiet_since IS NOT NULL")?;
    let rows = rows.query_map([], |row| Ok((row.get::<_, [u8; 32]>(0)?, row.get::<_, i64>(1)?)))?;
    let quiet = |row| {
        let (node, since): ([u8; 32], i64) = row?;
        Ok((NodeId::from_bytes(node), uint(since)?))
    };
    rows.map(quiet).collect()
}

/// Since when a node has not been online, as far as its keys tell; none while it is.
pub(super) fn quiet_since(vault: &Vault, node: &NodeId) -> Result<Option<u64>, VaultError> {
    let sql = "SELECT quiet_since FROM peer WHERE node = ?1 AND quiet_since IS NOT NULL";
    let since: Option<i64> = vault.db().query_row(sql, [node.as_bytes()], |row| row.get(0)).optional()?;
    since.map(uint).transpose()
}
