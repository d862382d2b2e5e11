//! When each node was last seen: the day of the newest head that it has signed and put at a relay. A relay can hide that a node was
//! there, and cannot make up that it was.

use std::{collections::BTreeMap, path::Path};

use safeconduct_protocol::{entropy::Entropy, id::NodeId, receipt::head::NodeHead, time::Day};
use zeroize::Zeroizing;

use super::{AdminError, Office};
use crate::{durable, keyfile};

const FILE: &str = "seen.sealed";
const PURPOSE: &str = "safeconduct authority seen";
const WHAT: &str = "the list of when nodes were last seen";

/// Bytes of an entry: node id, then the day.
const ENTRY_BYTES: usize = 36;

/// The last day of each node. Sealed at rest: it tells which shelters are at work.
#[derive(Default)]
pub(super) struct Seen {
    days: BTreeMap<NodeId, Day>,
    is_new: bool,
}

impl Seen {
    pub(super) fn read(folder: &Path, key: &[u8; 32]) -> Result<Self, AdminError> {
        let sealed = match std::fs::read(folder.join(FILE)) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Self::default()),
            other => other.map_err(AdminError::disk(WHAT))?,
        };
        // It is only a copy of what relays know: one that is damaged is made anew.
        let plain = keyfile::open_with_key(key, PURPOSE, &sealed).unwrap_or_default();
        let entry = |bytes: &[u8; ENTRY_BYTES]| {
            let (node, day) = bytes.split_first_chunk::<32>()?;
            Some((NodeId::from_bytes(*node), Day(u32::from_be_bytes(day.try_into().ok()?))))
        };
        let days = plain.as_chunks::<ENTRY_BYTES>().0.iter().filter_map(entry).collect();
        Ok(Self { days, is_new: false })
    }

    fn write(&mut self, folder: &Path, key: &[u8; 32], entropy: &mut dyn Entropy) -> Result<(), AdminError> {
        let mut plain = Zeroizing::new(Vec::with_capacity(self.days.len().saturating_mul(ENTRY_BYTES)));
        for (node, day) in &self.days {
            plain.extend_from_slice(node.as_bytes());
            plain.extend_from_slice(&day.0.to_be_bytes());
        }
        let sealed = keyfile::seal_with_key(key, PURPOSE, &plain, entropy)?;
        durable::write(&folder.join(FILE), &sealed, durable::PRIVATE).map_err(AdminError::disk(WHAT))?;
        self.is_new = false;
        Ok(())
    }
}

impl Office {
    /// The last day on which this node was seen at a relay, by its own signature; none while no relay has told of it.
    #[must_use]
    pub fn last_seen(&self, node: &NodeId) -> Option<Day> {
        self.seen.days.get(node).copied()
    }

    /// Takes a head that a relay keeps; gives the node that it says it is of, if it is one at all. Only what a registered node has
    /// signed counts, and no day that is not over.
    pub(super) fn take_node_head(&mut self, bytes: &[u8]) -> Option<NodeId> {
        let head = NodeHead::parse(bytes).ok()?;
        let node = head.node();
        if let Some(state) = self.registry.node(&node)
            && head.verify(&state.ik).is_ok()
        {
            let day = head.day().min(self.clock.now().day());
            let known = self.seen.days.entry(node).or_insert(Day(0));
            if *known < day {
                *known = day;
                self.seen.is_new = true;
            }
        }
        Some(node)
    }

    /// Writes down what is new.
    pub(super) fn save_seen(&mut self) -> Result<(), AdminError> {
        if !self.seen.is_new {
            return Ok(());
        }
        self.seen.write(&self.folder, self.keys.unlock.reveal(), self.entropy.as_mut())
    }
}
