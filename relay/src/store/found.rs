//! What is read.

use safeconduct_protocol::{frame::SlotItemKind, id::PrekeyId, time::Day};

/// An envelope that waits in a mailbox.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Deliverable {
    /// Its place in the order of arrival; grows, never used again.
    pub seq: u64,
    /// The whole envelope.
    pub bytes: Vec<u8>,
}

/// An item that lies in a slot.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SlotItem {
    /// Its place in the order of arrival; grows, never used again.
    pub seq: u64,
    /// What it is.
    pub kind: SlotItemKind,
    /// Envelope or signed object.
    pub bytes: Vec<u8>,
}

/// The ids of a node's prekeys that are served.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct PrekeyStock {
    /// One-time, not yet handed out, oldest first.
    pub one_time: Vec<PrekeyId>,
    /// Signed, newest first.
    pub signed: Vec<PrekeyId>,
}

/// The registry's newest head as stored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StoredHead {
    /// The root file.
    pub root: Vec<u8>,
    /// Leaves held.
    pub size: u64,
    /// The checkpoint note.
    pub note: Vec<u8>,
    /// The signed timestamp.
    pub timestamp: Vec<u8>,
}

/// What the store holds, for the operator.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Usage {
    /// Envelopes in mailboxes and slots.
    pub envelopes: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Bytes of the largest single place.
    pub fullest_bytes: u64,
    /// Expiry day of the item that arrived first.
    pub oldest_expiry: Option<Day>,
}
