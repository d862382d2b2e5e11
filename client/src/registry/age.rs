//! What a person is told of a registry copy that nobody has confirmed lately, and what to do about it.
//!
//! A relay that keeps back what is newer, or serves what is old again, looks like a relay to which nothing new has come: only
//! the age of what the authority has signed shows it.

use safeconduct_certs::registry::freshness::{EXPIRED_S, FRESH_S, STALE_S};
use safeconduct_protocol::time::{DAY_S, HOUR_S};

use crate::note::{Note, Span};

/// An old copy.
pub(crate) struct Old {
    /// How old, what follows from it, and what to do.
    pub(crate) note: Note,
    /// Whether something is not sent because of it.
    pub(crate) limits: bool,
}

/// What is said of a copy whose newest signed time is `age_s` old; nothing up to a day.
pub(crate) fn old(age_s: u64) -> Option<Old> {
    if age_s <= FRESH_S {
        return None;
    }
    let span = Span(age_s);
    let note = match age_s {
        0..=STALE_S => Note::RegistryOld { span },
        _ if age_s <= EXPIRED_S => Note::RegistryOlder { span },
        _ => Note::RegistryOver { span },
    };
    Some(Old { note, limits: age_s > STALE_S })
}

/// What is said of a copy without any signed time: entries alone say nothing of their age.
pub(crate) const fn never() -> Old {
    Old { note: Note::RegistryUndated {}, limits: true }
}

/// A span of time, in the largest unit of which there are two.
pub(crate) fn span(seconds: u64) -> String {
    match seconds {
        s if s >= 2 * DAY_S => format!("{} days", s / DAY_S),
        s if s >= 2 * HOUR_S => format!("{} hours", s / HOUR_S),
        s => format!("{} minutes", s / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_age_of_the_registry_has_its_consequence_from_its_bound_on() {
        let says = |age_s| old(age_s).map(|old| (old.note.says(), old.limits));
        assert_eq!(says(FRESH_S), None);
        for (age_s, begins, follows, limits) in [
            (FRESH_S + 1, "24 hours ago", "may still be shown as active", false),
            (STALE_S, "7 days ago", "may still be shown as active", false),
            (STALE_S + 1, "7 days ago", "added or changed since", true),
            (EXPIRED_S, "30 days ago", "added or changed since", true),
            (EXPIRED_S + 1, "30 days ago", "nothing is sent any more", true),
            (u64::MAX, "days ago", "nothing is sent any more", true),
        ] {
            let (told, limited) = says(age_s).unwrap();
            assert!(told.contains(begins) && told.contains(follows), "{told}");
            assert_eq!(limited, limits, "{told}");
        }
    }

    #[test]
    fn a_span_is_told_in_a_unit_of_which_there_are_two() {
        let told = [(61, "1 minutes"), (2 * HOUR_S - 1, "119 minutes"), (2 * HOUR_S, "2 hours"), (2 * DAY_S, "2 days")];
        for (seconds, words) in told {
            assert_eq!(span(seconds), words);
        }
    }
}
