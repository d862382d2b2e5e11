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
    /// Changes the standing of an agency or relay; durable when this returns.
    ///
    /// # Errors
    /// [`AdminError::AgencyUnknown`], [`AdminError::NotInState`].
    pub fn set_standing(&mut self, agency: &AgencyId, standing: Standing) -> Result<NodeId, AdminError> {
        let node = self.standing(agency)?.ok_or(AdminError::AgencyUnknown)?;
        let status = self.registry.node(&node).map(|state| state.status).ok_or(AdminError::AgencyUnknown)?;
        let kind = match (standing, status) {
            (Standing::Revoke, _) => LeafKind::Revoke,
            (Standing::Suspend, NodeStatus::Active) => LeafKind::Suspend,
            (Standing::Resume, NodeStatus::Suspended) => LeafKind::Change,
            (Standing::Suspend | Standing::Resume, _) => return Err(AdminError::NotInState),
        };
        let now = self.now()?;
        let fields = self.registry.next_entry(kind, &node, now).ok_or(AdminError::AgencyUnknown)?;
        self.append(&fields, &[])?;
        self.note_act(standing.as_str(), agency.as_str(), &format!("node {}", node.short()))?;
        Ok(node)
    }
}
