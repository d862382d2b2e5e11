//! More relays than a node is connected to at once: where something waits to be sealed or handed over comes first, the others watch
//! for answers; of each kind they take turns.

use std::collections::BTreeSet;

use safeconduct_protocol::time::Timestamp;

use super::exchange::AWAY_MAX;
use crate::registry::RelayRef;

/// How long a turn lasts, when there are too many for one.
const TURN_S: u64 = 600;

/// Those whose turn it is, and those that wait for theirs although something is to be sent there.
pub(super) fn of(
    urgent: &BTreeSet<RelayRef>,
    watched: &BTreeSet<RelayRef>,
    now: Timestamp,
) -> (Vec<RelayRef>, Vec<RelayRef>) {
    let turn = now.0.checked_div(TURN_S).unwrap_or(0);
    let mut first = rotated(urgent.iter().copied(), AWAY_MAX, turn);
    let waiting = first.split_off(first.len().min(AWAY_MAX));
    let room = AWAY_MAX.saturating_sub(first.len());
    let others = watched.iter().copied().filter(|relay| !urgent.contains(relay));
    first.extend(rotated(others, room, turn).into_iter().take(room));
    (first, waiting)
}

/// The list, beginning with those whose turn it is: after enough turns of `room` each everybody had one.
fn rotated(all: impl Iterator<Item = RelayRef>, room: usize, turn: u64) -> Vec<RelayRef> {
    let mut all: Vec<RelayRef> = all.collect();
    if all.len() > room {
        let places = turn.wrapping_mul(u64::try_from(room).unwrap_or(0));
        let by = u64::try_from(all.len()).ok().and_then(|len| places.checked_rem(len)).unwrap_or(0);
        all.rotate_left(usize::try_from(by).unwrap_or(0));
    }
    all
}

#[cfg(test)]
mod tests {
    use safeconduct_protocol::id::RelayId;

    use super::*;

    fn relays(numbers: std::ops::Range<u32>) -> BTreeSet<RelayRef> {
        numbers.map(|number| RelayRef { authority: Some([1; 32]), relay: RelayId(number) }).collect()
    }

    #[test]
    fn what_is_to_be_sent_comes_before_what_is_watched_and_nobody_waits_for_ever() {
        let (urgent, watched) = (relays(30..33), relays(0..40));
        let mut seen = BTreeSet::new();
        for turn in 0..40 {
            let (now, waiting) = of(&urgent, &watched, Timestamp(turn * TURN_S));
            assert!(now.len() == AWAY_MAX && waiting.is_empty() && urgent.iter().all(|relay| now.contains(relay)));
            assert_eq!(of(&urgent, &watched, Timestamp(turn * TURN_S + TURN_S - 1)).0, now, "a turn is a turn");
            seen.extend(now);
        }
        assert_eq!(seen, watched);

        let urgent = relays(0..17);
        let mut seen = BTreeSet::new();
        for turn in 0..17 {
            let (now, waiting) = of(&urgent, &BTreeSet::new(), Timestamp(turn * TURN_S));
            assert_eq!((now.len(), waiting.len()), (AWAY_MAX, 1));
            seen.extend(now);
        }
        assert_eq!(seen, urgent);
        assert_eq!(of(&relays(0..2), &relays(0..3), Timestamp(0)).0.len(), 3);
    }
}
