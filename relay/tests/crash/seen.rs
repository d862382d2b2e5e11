//! What a store holds, as far as anyone can see, and the envelopes that the histories put into it.

use std::collections::BTreeMap;

use safeconduct_faults::rng::SplitMix;
use safeconduct_protocol::{
    id::{EnvelopeDigest, MailboxId, NodeId, SlotId},
    time::Timestamp,
};
use safeconduct_relay::store::{StoreError, View};

/// Mailboxes and slots of a history.
pub(super) const PLACES: u8 = 3;

#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Seen {
    pub(super) mailboxes: BTreeMap<u8, Vec<u32>>,
    pub(super) slots: BTreeMap<u8, Vec<Vec<u8>>>,
    pub(super) stock: usize,
    pub(super) leaves: Vec<u64>, // of our log; stored of a recognised authority's, and as its head says
}

pub(super) fn look(view: &dyn View) -> Result<Seen, StoreError> {
    let mut seen = Seen::default();
    for place in 0..PLACES {
        let waiting = view.deliverable(mailbox(place), 0, 1000)?;
        for envelope in &waiting {
            let number = number_of(&envelope.bytes);
            assert_eq!(envelope.bytes, body(number), "envelope {number} is not as it was submitted");
        }
        seen.mailboxes.insert(place, waiting.iter().map(|envelope| number_of(&envelope.bytes)).collect());
        let items = view.slot_items(slot(place), 0)?;
        seen.slots.insert(place, items.iter().map(|item| item.bytes[..8].to_vec()).collect());
    }
    seen.stock = view.prekey_stock(NodeId::from_bytes([1; 32]), Timestamp(1))?.one_time.len();
    let foreign = view.foreign_leaves([6; 32], 0, 1000)?.len() as u64;
    seen.leaves = vec![view.head()?.map_or(0, |head| head.size), foreign];
    seen.leaves.extend(view.foreign_heads()?.iter().map(|(_, head)| head.size));
    Ok(seen)
}

pub(super) fn mailbox(n: u8) -> MailboxId {
    MailboxId::from_bytes([n + 1; 16])
}

pub(super) fn slot(n: u8) -> SlotId {
    SlotId::from_bytes([n + 101; 16])
}

pub(super) fn digest(number: u32) -> EnvelopeDigest {
    let mut bytes = [7; 32];
    bytes[..4].copy_from_slice(&number.to_be_bytes());
    EnvelopeDigest::from_bytes(bytes)
}

/// Envelope `number`: its number, its status slot, and bytes that no other has.
pub(super) fn body(number: u32) -> Vec<u8> {
    let mut random = SplitMix::new(u64::from(number));
    let mut bytes: Vec<u8> = (0..2_048).flat_map(|_| random.bits().to_be_bytes()).collect();
    bytes[..4].copy_from_slice(&number.to_be_bytes());
    bytes[40..56].copy_from_slice(slot((number % u32::from(PLACES)) as u8).as_bytes());
    bytes
}

pub(super) fn number_of(bytes: &[u8]) -> u32 {
    u32::from_be_bytes(bytes[..4].try_into().unwrap())
}
