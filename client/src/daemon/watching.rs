//! Which slots a session watches. The relay counts every slot that a connection ever named, up to
//! [`SLOTS_WATCHED_MAX`](safeconduct_protocol::limits::SLOTS_WATCHED_MAX), and forgets them with the connection; so does this,
//! and it says when a new connection would serve better.

use std::collections::{BTreeMap, BTreeSet};

use safeconduct_protocol::{frame::SlotSecretBytes, id::SlotId, slot::SlotSecret};

/// A new connection is worth its while when one in so many of the watched slots is closed: fewer, and a busy node at its limit
/// would connect anew for every message.
const CLOSED_SHARE: usize = 4;

/// What watching leaves to do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unwatched {
    /// Every open slot is watched.
    None,
    /// The connection is full of slots that are open: the others get their turn on a later one.
    LaterTurn,
    /// The connection is full of slots that are closed: a new one has room.
    NewConnection,
}

/// Slots to watch from now on.
pub struct Watch {
    /// Their secrets.
    pub secrets: Vec<SlotSecretBytes>,
    /// What is left.
    pub unwatched: Unwatched,
}

/// The slots of this session, and when the others had their turn.
#[derive(Default)]
pub(super) struct Watching {
    watched: BTreeSet<SlotId>,
    /// The last session that watched an open slot; a slot that none watched is not here.
    turns: BTreeMap<SlotId, u64>,
    session: u64,
}

impl Watching {
    /// A new session watches nothing yet.
    pub(super) fn begin(&mut self) {
        self.watched.clear();
        self.session = self.session.saturating_add(1);
    }

    /// Of the `open` slots those to watch in addition, so that no more than `most` are watched in all: first those that no
    /// session has watched, in the order given, then those whose turn was longest ago.
    pub(super) fn watch(&mut self, open: &[SlotSecret], most: usize) -> Watch {
        let slots: BTreeMap<SlotId, &SlotSecret> = open.iter().map(|secret| (secret.id(), secret)).collect();
        self.turns.retain(|slot, _| slots.contains_key(slot));
        let mut fresh: Vec<(u64, SlotId)> = open
            .iter()
            .map(SlotSecret::id)
            .filter(|slot| !self.watched.contains(slot))
            .map(|slot| (self.turns.get(&slot).copied().unwrap_or_default(), slot))
            .collect();
        fresh.sort_by_key(|(turn, _)| *turn);
        let room = most.saturating_sub(self.watched.len());
        let unwatched = if fresh.len() <= room {
            Unwatched::None
        } else if self.closed(&slots) >= most.div_ceil(CLOSED_SHARE) {
            Unwatched::NewConnection
        } else {
            Unwatched::LaterTurn
        };
        fresh.truncate(room);
        let mut secrets = Vec::with_capacity(fresh.len());
        for (_, slot) in fresh {
            self.watched.insert(slot);
            self.turns.insert(slot, self.session);
            secrets.extend(slots.get(&slot).map(|secret| *secret.as_bytes()));
        }
        Watch { secrets, unwatched }
    }

    /// How many watched slots are not open any more.
    fn closed(&self, open: &BTreeMap<SlotId, &SlotSecret>) -> usize {
        self.watched.iter().filter(|slot| !open.contains_key(slot)).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slots(numbers: std::ops::Range<u8>) -> Vec<SlotSecret> {
        numbers.map(|number| SlotSecret::from_bytes([number; 32])).collect()
    }

    fn numbers(watch: &Watch) -> Vec<u8> {
        watch.secrets.iter().map(|secret| secret[0]).collect()
    }

    #[test]
    fn what_does_not_fit_is_offered_again_and_only_what_was_sent_counts() {
        let mut watching = Watching::default();
        watching.begin();

        let full = watching.watch(&slots(0..8), 8);
        let over = watching.watch(&slots(0..9), 8);
        let still = watching.watch(&slots(1..9), 8);
        let worth = watching.watch(&slots(2..9), 8);
        watching.begin();
        let anew = watching.watch(&slots(2..9), 8);

        assert_eq!((full.secrets.len(), full.unwatched), (8, Unwatched::None));
        assert_eq!((over.secrets.len(), over.unwatched), (0, Unwatched::LaterTurn));
        assert_eq!(still.unwatched, Unwatched::LaterTurn, "one closed slot of eight is not worth a connection");
        assert_eq!((worth.secrets.len(), worth.unwatched), (0, Unwatched::NewConnection));
        assert_eq!((numbers(&anew), anew.unwatched), (vec![8, 2, 3, 4, 5, 6, 7], Unwatched::None));
    }

    #[test]
    fn with_more_open_than_fit_each_gets_its_turn_and_no_connection_asks_for_another() {
        let mut watching = Watching::default();
        let open = slots(0..20);
        let turns: Vec<Vec<u8>> = (0..5)
            .map(|_| {
                watching.begin();
                let watch = watching.watch(&open, 8);
                assert_eq!(watch.unwatched, Unwatched::LaterTurn);
                assert!(watching.watch(&open, 8).secrets.is_empty());
                numbers(&watch)
            })
            .collect();

        assert_eq!(turns[0], (0..8).collect::<Vec<_>>());
        assert_eq!(turns[1], (8..16).collect::<Vec<_>>());
        assert_eq!(turns[2], [16, 17, 18, 19, 0, 1, 2, 3]);
        assert_eq!(turns[3], [4, 5, 6, 7, 8, 9, 10, 11]);
        assert_eq!(turns[4], [12, 13, 14, 15, 0, 1, 2, 3], "16 to 19 had their turn together with these, and are next");
    }
}
