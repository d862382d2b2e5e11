//! What is read.

use safeconduct_protocol::{frame::SlotItemKind, id::PrekeyId, limits::EXPIRY_DAYS_MAX, time::Day};

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
    /// Mailboxes and slots in which something lies.
    pub places: u64,
    /// Digests that are remembered.
    pub digests: u64,
    /// Bytes of the largest single place.
    pub fullest_bytes: u64,
    /// Envelopes of the fullest single place.
    pub fullest_envelopes: u64,
    /// Expiry day of the envelope that arrived first.
    pub oldest_expiry: Option<Day>,
    /// Logs of recognised authorities.
    pub foreign_logs: u64,
    /// Leaves in all of them.
    pub foreign_leaves: u64,
    /// Sealed documents, those on their way included.
    pub blobs: u64,
    /// Their bytes when they are whole.
    pub blob_bytes: u64,
}

/// Envelopes in mailboxes by how long they have waited at least. Of what was there at start the expiry day tells, as
/// far as a sender lets the relay keep it as long as it may.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Ages {
    /// An hour.
    pub hour: u64,
    /// A day.
    pub day: u64,
    /// Three days.
    pub three_days: u64,
    /// Nine days.
    pub nine_days: u64,
    /// Thirteen days: the last before it expires.
    pub thirteen_days: u64,
}

impl Ages {
    /// Counts an envelope that arrived in `arrived` (hours since 1970; 0 when that is not known), in the hour `now`.
    pub(super) fn count(&mut self, arrived: u32, expiry: Day, now: u32, today: Day) {
        let by_expiry = EXPIRY_DAYS_MAX.saturating_sub(expiry.0.saturating_sub(today.0)).saturating_mul(24);
        let hours = if arrived == 0 { by_expiry } else { now.saturating_sub(arrived) };
        let classes = [
            (1, &mut self.hour),
            (24, &mut self.day),
            (72, &mut self.three_days),
            (216, &mut self.nine_days),
            (312, &mut self.thirteen_days),
        ];
        for (least, count) in classes {
            if hours >= least {
                *count = count.saturating_add(1);
            }
        }
    }
}
