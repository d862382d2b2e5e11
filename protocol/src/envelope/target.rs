//! A key that a message may be sealed to: a checked prekey, or the reply key of a message that was opened.

use super::{header::KeyFlag, reply::ReplyBlock};
use crate::{
    crypto::kem::KemPublic,
    id::{KeyId, MailboxId, NodeId, PrekeyId},
    limits::SUITE_1,
    prekey::record::{CheckedPrekey, PrekeyKind},
};

/// What `info` begins with, its NUL byte included.
const INFO: &[u8] = b"safeconduct/v1 seal\0";

/// Whether a message goes to a mailbox, sealed to a prekey, or to a reply slot, sealed to a reply key.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Via {
    /// A mailbox and a prekey.
    Prekey,
    /// A reply slot and a reply key.
    ReplyKey,
}

/// Where one message goes. Made only from a prekey that passed every check, or from a reply block.
#[derive(Clone)]
pub struct Target {
    address: [u8; 16],
    node: NodeId,
    identity: KeyId,
    key_id: PrekeyId,
    key_flag: KeyFlag,
    public: KemPublic,
    via: Via,
}

impl Target {
    /// To a node's mailbox, under one of its prekeys.
    #[must_use]
    pub fn prekey(prekey: &CheckedPrekey, mailbox: MailboxId) -> Self {
        Self {
            address: *mailbox.as_bytes(),
            node: prekey.terms().node,
            identity: prekey.identity(),
            key_id: prekey.id(),
            key_flag: match prekey.terms().kind {
                PrekeyKind::Signed => KeyFlag::LastResort,
                PrekeyKind::OneTime => KeyFlag::Once,
            },
            public: prekey.public().clone(),
            via: Via::Prekey,
        }
    }

    /// To the reply slot of a message that `sender` signed with the key `identity`.
    #[must_use]
    pub fn reply(block: &ReplyBlock, sender: NodeId, identity: KeyId) -> Self {
        Self {
            address: *block.slot().as_bytes(),
            node: sender,
            identity,
            key_id: block.id(),
            key_flag: KeyFlag::Once,
            public: block.public().clone(),
            via: Via::ReplyKey,
        }
    }

    /// Mailbox id or slot id.
    #[must_use]
    pub const fn address(&self) -> &[u8; 16] {
        &self.address
    }

    /// The recipient.
    #[must_use]
    pub const fn node(&self) -> NodeId {
        self.node
    }

    /// Prekey id or reply key id.
    #[must_use]
    pub const fn key_id(&self) -> PrekeyId {
        self.key_id
    }

    /// What the header says of the key.
    #[must_use]
    pub const fn key_flag(&self) -> KeyFlag {
        self.key_flag
    }

    /// The key itself.
    #[must_use]
    pub const fn public(&self) -> &KemPublic {
        &self.public
    }

    /// Mailbox or slot.
    #[must_use]
    pub const fn via(&self) -> Via {
        self.via
    }

    /// HPKE `info` for this target.
    #[must_use]
    pub fn info(&self) -> Vec<u8> {
        info(&self.node, &self.identity, &self.key_id)
    }
}

/// `"safeconduct/v1 seal" || 0x00 || suite || recipient node id || recipient identity key id || prekey id`.
pub(crate) fn info(node: &NodeId, identity: &KeyId, key: &PrekeyId) -> Vec<u8> {
    [INFO, &SUITE_1.to_be_bytes(), node.as_bytes(), identity.as_bytes(), key.as_bytes()].concat()
}
