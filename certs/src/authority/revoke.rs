//! Taking a registration back: for a time (suspend, resume) or for ever (revoke). Relays have registrations too.

use safeconduct_protocol::id::{AgencyId, NodeId};

use super::{AdminError, Office};
use crate::{node::NodeStatus, registry::leaf::LeafKind};

/// What is done to a registration.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// Never again under this node id.
    Revoke,
    /// Not for now.
    Suspend,
    /// Again.
    Resume,
}

impl Standing {
    /// The act's name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Revoke => "revoke",
            Self::Suspend => "suspend",
            Self::Resume => "resume",
        }
    }
}

impl Office {
    /// Changes the standing of an agency or relay; durable when this returns. What is so already is left so, without a second
    /// entry.
    ///
    /// # Errors
    /// [`AdminError::AgencyUnknown`], [`AdminError::NotInState`].
    pub fn set_standing(&mut self, agency: &AgencyId, standing: Standing) -> Result<NodeId, AdminError> {
        let Some(node) = self.standing(agency)? else { return self.ended(agency, standing) };
        let status = self.registry.node(&node).map(|state| state.status).ok_or(AdminError::AgencyUnknown)?;
        let kind = match (standing, status) {
            (Standing::Revoke, _) => LeafKind::Revoke,
            (Standing::Suspend, NodeStatus::Active) => LeafKind::Suspend,
            (Standing::Resume, NodeStatus::Suspended) => LeafKind::Change,
            (Standing::Suspend, NodeStatus::Suspended) | (Standing::Resume, NodeStatus::Active) => return Ok(node),
            (Standing::Suspend | Standing::Resume, NodeStatus::Revoked { .. }) => return Err(AdminError::NotInState),
        };
        // Resuming would drop it without a word.
        let waits = self.registry.node(&node).is_some_and(|state| state.pending.is_some());
        if standing == Standing::Resume && waits {
            return Err(AdminError::ChangeWaits);
        }
        let now = self.now()?;
        let fields = self.registry.next_entry(kind, &node, now).ok_or(AdminError::AgencyUnknown)?;
        self.append(&fields, &[])?;
        self.note_act(standing.as_str(), agency.as_str(), &format!("node {}", node.short()))?;
        Ok(node)
    }

    /// An agency whose registration was revoked: it stays so.
    fn ended(&self, agency: &AgencyId, standing: Standing) -> Result<NodeId, AdminError> {
        let mut revoked = self.registered()?.into_iter().filter(|registered| registered.record.agency_id == *agency);
        let node = revoked.next_back().map(|registered| registered.state.id).ok_or(AdminError::AgencyUnknown)?;
        if standing == Standing::Revoke { Ok(node) } else { Err(AdminError::NotInState) }
    }
}
