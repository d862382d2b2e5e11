//! The authority's book of invitations: who was invited, who asked, what was decided. Sealed at rest, because a list of
//! shelters is itself a danger.

use std::path::Path;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use safeconduct_protocol::{
    entropy::Entropy,
    id::{AgencyId, InviteId, NodeId, RelayId},
    time::{Day, Timestamp},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{AdminError, recognise::Abroad};
use crate::{directory::Record, durable, keyfile};

const FILE: &str = "book.sealed";
const PURPOSE: &str = "safeconduct authority book";
const WHAT: &str = "the book of invitations";

/// Everything that is not in the log.
#[derive(Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct Book {
    pub(super) invites: Vec<Invite>,
    /// Authorities abroad, with the relays to which our registry is told.
    #[serde(default)]
    pub(super) abroad: Vec<Abroad>,
    /// The newest request of each node for a change of its registration.
    #[serde(default)]
    pub(super) changes: Vec<NodeChange>,
}

/// A node's request for a change, and what became of it.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NodeChange {
    #[serde(with = "hex_node")]
    pub(super) node: NodeId,
    pub(super) relay: RelayId,
    pub(super) request: Bytes,
    pub(super) stand: Stand,
    /// Whether the relay was told.
    pub(super) put: bool,
}

/// What became of a request for a change.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(super) enum Stand {
    /// It waits for a person.
    Waiting,
    /// The entry is written.
    Done,
    /// It cannot be what the node made, or the log's rules forbid it.
    Refused,
    /// The registration has changed since.
    Stale,
    /// A person said no.
    Rejected,
}

/// One invitation and what became of it.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Invite {
    #[serde(with = "hex_id")]
    pub(super) id: InviteId,
    pub(super) agency: AgencyId,
    pub(super) record: Record,
    pub(super) made_at: Timestamp,
    pub(super) expires: Day,
    pub(super) state: InviteState,
    /// The node whose place the invited one takes.
    #[serde(default, with = "maybe_hex_node", skip_serializing_if = "Option::is_none")]
    pub(super) replaces: Option<NodeId>,
    /// Relays that handed over what is not what the agency made.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) spoiled_by: Vec<RelayId>,
}

impl Invite {
    /// Whether something came for it that the agency has not made, and nothing else.
    pub(super) fn is_spoiled(&self) -> bool {
        match self.state {
            InviteState::Spoiled { .. } => true,
            InviteState::Open => !self.spoiled_by.is_empty(),
            InviteState::Requested { .. } | InviteState::Withdrawn | InviteState::Answered { .. } => false,
        }
    }
}

/// What became of an invitation.
#[derive(Clone, Serialize, Deserialize)]
pub(super) enum InviteState {
    /// Nobody has asked yet.
    Open,
    /// A request that opened and verified waits for the words.
    Requested {
        relay: RelayId,
        request: Bytes,
        #[serde(default)]
        way: Way,
    },
    /// What came is not what the agency made.
    Spoiled { relay: RelayId },
    /// Taken back before a request came.
    Withdrawn,
    /// Decided; the sealed answer, and whether the relay has it.
    Answered {
        relay: RelayId,
        answer: Bytes,
        verdict: Verdict,
        put: bool,
        #[serde(default)]
        way: Way,
    },
}

/// How a request came, and how its answer goes back.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub(super) enum Way {
    /// Through a relay.
    #[default]
    Relay,
    /// In a file: the relay may know nothing of the request.
    File,
}

/// What was decided.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Verdict {
    Approved,
    Rejected,
}

/// Bytes as base64.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Bytes(pub(super) Vec<u8>);

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        STANDARD.decode(text).map(Self).map_err(|_bad| de::Error::custom("not base64"))
    }
}

mod hex_id {
    use super::{Deserialize, Deserializer, InviteId, Serializer, de};

    pub(super) fn serialize<S: Serializer>(id: &InviteId, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&id.to_hex())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<InviteId, D::Error> {
        let text = String::deserialize(deserializer)?;
        InviteId::from_hex(&text).ok_or_else(|| de::Error::custom("not an invitation id"))
    }
}

mod hex_node {
    use super::{Deserialize, Deserializer, NodeId, Serializer, de};

    pub(super) fn serialize<S: Serializer>(id: &NodeId, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&id.to_hex())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NodeId, D::Error> {
        let text = String::deserialize(deserializer)?;
        NodeId::from_hex(&text).ok_or_else(|| de::Error::custom("not a node id"))
    }
}

mod maybe_hex_node {
    use super::{Deserialize, Deserializer, NodeId, Serialize as _, Serializer, de};

    pub(super) fn serialize<S: Serializer>(id: &Option<NodeId>, serializer: S) -> Result<S::Ok, S::Error> {
        id.map(|id| id.to_hex()).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<NodeId>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        let node = |text: String| NodeId::from_hex(&text).ok_or_else(|| de::Error::custom("not a node id"));
        text.map(node).transpose()
    }
}

impl Book {
    pub(super) fn read(folder: &Path, key: &[u8; 32]) -> Result<Self, AdminError> {
        let sealed = match std::fs::read(folder.join(FILE)) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Self::default()),
            other => other.map_err(AdminError::disk(WHAT))?,
        };
        let damaged = AdminError::Damaged { what: WHAT };
        let plain = keyfile::open_with_key(key, PURPOSE, &sealed).ok().ok_or(damaged)?;
        serde_json::from_slice(&plain).ok().ok_or(damaged)
    }

    pub(super) fn write(&self, folder: &Path, key: &[u8; 32], entropy: &mut dyn Entropy) -> Result<(), AdminError> {
        let plain = serde_json::to_vec(self).ok().ok_or(AdminError::Damaged { what: WHAT })?;
        let sealed = keyfile::seal_with_key(key, PURPOSE, &plain, entropy)?;
        durable::write(&folder.join(FILE), &sealed, durable::PRIVATE).map_err(AdminError::disk(WHAT))
    }

    /// The newest invitation of an agency.
    pub(super) fn newest(&self, agency: &AgencyId) -> Option<&Invite> {
        self.invites.iter().rev().find(|invite| invite.agency == *agency)
    }

    /// The request for a change that this node made last.
    pub(super) fn change_of(&self, node: &NodeId) -> Option<&NodeChange> {
        self.changes.iter().find(|change| change.node == *node)
    }

    pub(super) fn find_mut(&mut self, id: &InviteId) -> Option<&mut Invite> {
        self.invites.iter_mut().find(|invite| invite.id == *id)
    }
}
