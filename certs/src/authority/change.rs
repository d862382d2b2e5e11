//! Changes by the authority itself: what the directory says of an agency, its roles, its home relay.

use safeconduct_protocol::id::{AgencyId, NodeId, RelayId};

use super::{AdminError, Office};
use crate::{
    directory::{self, Record},
    node::NodeState,
};

/// What is to be otherwise.
#[derive(Default)]
pub struct NewFields {
    /// The whole record of the directory, roles included.
    pub record: Option<Record>,
    /// The relay where its mailbox is to be.
    pub relay: Option<RelayId>,
}

/// What became of a change.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Changed {
    /// An entry was written.
    Now(NodeId),
    /// It was so already: nothing was written.
    Already(NodeId),
}

impl Changed {
    /// Whose registration.
    #[must_use]
    pub const fn node(self) -> NodeId {
        match self {
            Self::Now(node) | Self::Already(node) => node,
        }
    }
}

impl Office {
    /// What the directory says of an agency now.
    ///
    /// # Errors
    /// [`AdminError::AgencyUnknown`].
    pub fn record_of(&self, agency: &AgencyId) -> Result<Record, AdminError> {
        let node = self.standing(agency)?.ok_or(AdminError::AgencyUnknown)?;
        let found = self.registered()?.into_iter().find(|registered| registered.state.id == node);
        found.map(|registered| registered.record).ok_or(AdminError::AgencyUnknown)
    }

    /// Changes an agency's registration; durable when this returns. What is so already is left so, without a second entry. Its
    /// keys stay: those only its node changes, or another one in its place.
    ///
    /// # Errors
    /// [`AdminError::AgencyUnknown`], [`AdminError::NotInState`] while it is suspended, [`AdminError::ChangeWaits`] while a change
    /// of its keys by the authority alone does, [`AdminError::OtherAgency`], [`AdminError::RelayUnknown`], [`AdminError::Record`],
    /// [`AdminError::NoChange`], [`AdminError::PracticeOnly`].
    pub fn change(&mut self, agency: &AgencyId, new: &NewFields) -> Result<Changed, AdminError> {
        let node = self.standing(agency)?.ok_or(AdminError::AgencyUnknown)?;
        let state = self.registry.node(&node).ok_or(AdminError::AgencyUnknown)?.clone();
        if new.record.is_none() && new.relay.is_none() {
            return Err(AdminError::NoChange);
        }
        may_change(&state)?;
        let record = self.other_record(agency, new)?;
        let relay = self.other_relay(&state, new)?;
        if record.is_none() && relay.is_none() {
            return Ok(Changed::Already(node));
        }
        let now = self.now()?;
        let mut fields = self.registry.next_change(&node, now).ok_or(AdminError::AgencyUnknown)?;
        let mut sealed = Vec::new();
        let mut said = Vec::new();
        if let Some(record) = record {
            let roles = record.leaf_roles().ok_or(directory::RecordRefused::Malformed)?;
            (sealed, fields.directory) = directory::seal(record, &self.keys.directory, &node, self.entropy.as_mut())?;
            fields.roles = roles.bits();
            said.push("record".to_owned());
        }
        if let Some(relay) = relay {
            fields.home_relay = relay;
            said.push(format!("home relay {}", relay.0));
        }
        self.append(&fields, &sealed)?;
        self.note_act("change", agency.as_str(), &said.join(", "))?;
        Ok(Changed::Now(node))
    }

    fn other_record<'n>(&self, agency: &AgencyId, new: &'n NewFields) -> Result<Option<&'n Record>, AdminError> {
        let Some(record) = &new.record else { return Ok(None) };
        if record.agency_id != *agency {
            return Err(AdminError::OtherAgency);
        }
        record.to_bytes()?;
        self.may_register(record)?;
        let now = self.record_of(agency)?;
        if record.relay.is_some() != now.relay.is_some() {
            return Err(directory::RecordRefused::Malformed.into());
        }
        Ok(Some(record).filter(|record| **record != now))
    }

    fn other_relay(&self, state: &NodeState, new: &NewFields) -> Result<Option<RelayId>, AdminError> {
        let Some(relay) = new.relay.filter(|relay| *relay != state.home_relay) else { return Ok(None) };
        let active = self.registry.relay(relay).is_some_and(NodeState::is_active);
        if active && !state.is_relay() { Ok(Some(relay)) } else { Err(AdminError::RelayUnknown) }
    }
}

/// A change makes a suspended node active again, and drops one that waits: neither happens under cover of another.
fn may_change(state: &NodeState) -> Result<(), AdminError> {
    if !state.is_active() {
        return Err(AdminError::NotInState);
    }
    if state.pending.is_some() { Err(AdminError::ChangeWaits) } else { Ok(()) }
}
