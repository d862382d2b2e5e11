//! How long an authority's keys are meant to serve, and when a person is reminded: 30, 7 and 1 days before. Nothing stops when they
//! serve longer: what ends on a day that nobody remembers ends in a night in which somebody waits for a bed.

use safeconduct_protocol::time::{DAY_S, Timestamp};

use super::root::RootFile;

/// The timestamp key signs on a machine that is on: 90 days.
pub const TIMESTAMP_KEY_S: u64 = 90 * DAY_S;
/// The log key and the witnesses' keys: a year.
pub const LOG_KEY_S: u64 = 365 * DAY_S;
/// Days before an end at which a person is reminded.
pub const MARKS_DAYS: [u64; 3] = [1, 7, 30];

/// A key of the authority that serves since the version of the root file with which it came was made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct KeyLife {
    /// Which, for people.
    pub what: &'static str,
    /// When it is to be replaced.
    pub until: Timestamp,
}

impl KeyLife {
    /// Days left, begun ones counted; 0 when it is over.
    #[must_use]
    pub const fn days_left(self, now: Timestamp) -> u64 {
        self.until.since(now).div_ceil(DAY_S)
    }

    /// The mark that is reached, if one is: a person is reminded then.
    #[must_use]
    pub fn mark(self, now: Timestamp) -> Option<u64> {
        let left = self.days_left(now);
        MARKS_DAYS.into_iter().find(|mark| left <= *mark)
    }
}

/// The lives of the keys that this root file names: the timestamp key's, then that of log and witnesses.
#[must_use]
pub fn of(root: &RootFile) -> [KeyLife; 2] {
    let timestamp = root.serves_since(|version| *version.timestamp_key());
    let log = root.serves_since(|version| *version.log_key().as_bytes());
    [
        KeyLife { what: "timestamp key", until: timestamp.after(TIMESTAMP_KEY_S) },
        KeyLife { what: "log key and witness keys", until: log.after(LOG_KEY_S) },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Keys, NOW};

    #[test]
    fn the_authority_is_reminded_thirty_seven_and_one_day_before_a_key_has_served_its_time() {
        let [timestamp, log] = of(&Keys::new(1).root());
        let marks = [0, 59, 60, 82, 83, 88, 89, 90, 200].map(|days| timestamp.mark(NOW.after(days * DAY_S)));
        let (month, week, day) = (Some(30), Some(7), Some(1));
        assert_eq!(marks, [None, None, month, month, week, week, day, day, day]);
        assert_eq!((log.mark(NOW.after(334 * DAY_S)), log.days_left(NOW)), (None, 365));
    }
}
