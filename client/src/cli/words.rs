//! State codes in words that cannot be misread: "arrived" says where, nothing is "delivered" alone.

use safeconduct_protocol::time::{DAY_S, HOUR_S, Timestamp};

use super::output::plain;
use crate::{
    api::recovered::OwnRestore,
    api::shapes::{InboxNote, RegistryState, RelayState},
    outbox::trouble::Trouble,
};

/// Above everything about an exercise.
pub(super) const EXERCISE: &str = "EXERCISE  nobody in it is real, and nobody is waiting\n";

/// Behind the kind or the agency of an exercise, in a list; empty for what is real.
pub(super) const fn mark(exercise: bool) -> &'static str {
    if exercise { " (EXERCISE)" } else { "" }
}

/// A message's or receipt's state.
pub(super) fn state(code: &str) -> &str {
    match code {
        "queued" => "waiting to be sent",
        "fetching" => "waiting for the recipient's key",
        "sealed" => "sealed, waiting for the relay",
        "relay-accepted" => "the relay holds it",
        "delivered" => "arrived at their node",
        "delivered-given" => "arrived here, and this node has told them so",
        "nack" => "their node could not open it; it is sealed again",
        "relay-expired" => "not collected in time",
        "failed" => "failed",
        "received" => "received",
        "held" => "held until the sender is known",
        other => other,
    }
}

/// Why a message failed or does not move.
pub(super) fn reason(code: &str) -> &str {
    Trouble::of(code).map_or(code, |trouble| trouble.says)
}

/// What the reader of a message should know of its sender, and what to do about it.
pub(super) fn note(note: &InboxNote) -> String {
    const PHONE: &str = "see `safeconduct directory`, and phone them at the number that you know before you act on it";
    let (says, remedy) = match (note.code.as_str(), note.since_at) {
        ("sender-not-confirmed-since", Some(since)) => {
            (format!("when it came, the sender's registration had not been confirmed since {}", time(since)), PHONE)
        }
        ("sender-not-confirmed-since", None) => {
            ("when it came, the sender's registration had never been confirmed".to_owned(), PHONE)
        }
        ("sender-clock-ahead", _) => ("it is dated in the future".to_owned(), "tell them: their clock is wrong"),
        ("sender-clock-behind", _) => {
            ("it is dated over three weeks before it came".to_owned(), "ask them whether it still holds")
        }
        (other, _) => (plain(other), "update this software"),
    };
    format!("(!) {says}\n    → {remedy}")
}

/// What a restore of this node has lost.
pub(super) fn restored(restored: &OwnRestore) -> String {
    let told = if restored.pending { "; partners are told at the next connection" } else { "" };
    let mut text = format!("\nrestored  {}, as of {}{told}", time(restored.at), time(restored.copy_of));
    for loss in &restored.lost {
        let (agency, lost) = (plain(&loss.agency), loss.seen.saturating_sub(loss.held));
        text.push_str(&format!(
            "\n          lost here: {lost} entries of what was done with {agency} ({} of {} are here); ask them",
            loss.held, loss.seen
        ));
    }
    text
}

/// The link to the relay, one line.
pub(super) fn relay(relay: &RelayState) -> String {
    let address = relay.address.as_deref().map(|address| format!("{}: ", plain(address))).unwrap_or_default();
    let stands = match relay.state.as_str() {
        "connected" => "connected",
        "connecting" => "connecting",
        "unreachable" => "not reachable",
        "refused" => "refuses this node",
        "not-enrolled" => "this node is not enrolled yet",
        "not-ready" => "this node is not ready",
        "no-daemon" => "not connected: the daemon is not running",
        other => other,
    };
    let mut line = format!("{address}{stands}");
    if let Some(since) = relay.since.filter(|_| relay.address.is_some()) {
        line.push_str(&format!(" since {}", time(since)));
    }
    if let Some(error) = &relay.last_error {
        line.push_str(&format!("\n          {}", plain(error)));
    }
    if let Some(remedy) = &relay.remedy {
        line.push_str(&format!("\n          → {}", plain(remedy)));
    }
    if let Some(ahead) = relay.clock_ahead_s.filter(|ahead| ahead.unsigned_abs() > 300) {
        line.push_str(&format!(
            "\n          this machine's clock and the relay's differ by {} s",
            ahead.unsigned_abs()
        ));
    }
    line
}

/// The registry copy, one line.
pub(super) fn registry(registry: &RegistryState) -> String {
    if registry.size == 0 {
        return "none yet".to_owned();
    }
    let age = registry.timestamp_at.map(|at| format!(", confirmed {}", time(at))).unwrap_or_default();
    let standing = match registry.standing.as_str() {
        "not-registered" => "not registered",
        "not-known-to-relay" => "active here, but not known to the relay",
        other => other,
    };
    let witnesses = match registry.witness_quorum {
        Some(0) => {
            "\n          WARNING: no witness signs it; the authority, or who has its log key, can show it differently to others"
        }
        Some(1) => "\n          note: one witness signs it; `safeconduct doctor` says what that means",
        _ => "",
    };
    format!("{} entries, {}{age}; this node is {standing}{witnesses}", registry.size, registry.freshness)
}

/// How long something has waited, by the marks at which people should act: an hour, 1, 3, 9 and 13 days.
pub(super) fn waits(seconds: u64) -> String {
    match seconds {
        0..HOUR_S => format!("{} min", seconds / 60),
        HOUR_S..DAY_S => format!("{} h", seconds / HOUR_S),
        _ => {
            let days = seconds / DAY_S;
            let mark = if days >= 3 { " (!)" } else { "" };
            format!("{days} d{mark}")
        }
    }
}

/// `2026-06-01 01:12:44 UTC`.
pub(super) fn time(at: u64) -> String {
    let (year, month, day) = civil(u64::from(Timestamp(at).day().0));
    let second = at % DAY_S;
    format!("{year:04}-{month:02}-{day:02} {:02}:{:02}:{:02} UTC", second / 3600, second / 60 % 60, second % 60)
}

/// Year, month and day of a day since 1970 (Howard Hinnant, "chrono-compatible low-level date algorithms").
const fn civil(days: u64) -> (u64, u64, u64) {
    let shifted = days + 719_468;
    let era = shifted / 146_097;
    let of_era = shifted % 146_097;
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let moved = (5 * of_year + 2) / 153;
    let day = of_year - (153 * moved + 2) / 5 + 1;
    let month = if moved < 10 { moved + 3 } else { moved - 9 };
    (year_of_era + era * 400 + if month <= 2 { 1 } else { 0 }, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_is_told_by_the_marks_at_which_people_act() {
        let told =
            [(59 * 60, "59 min"), (HOUR_S, "1 h"), (DAY_S, "1 d"), (3 * DAY_S, "3 d (!)"), (13 * DAY_S, "13 d (!)")];
        for (seconds, words) in told {
            assert_eq!(waits(seconds), words);
        }
    }

    #[test]
    fn times_are_utc_dates_at_every_edge() {
        for (at, text) in [
            (0, "1970-01-01 00:00:00 UTC"),
            (951_782_399, "2000-02-28 23:59:59 UTC"),
            (951_782_400, "2000-02-29 00:00:00 UTC"),
            (1_780_276_364, "2026-06-01 01:12:44 UTC"),
            (4_102_444_799, "2099-12-31 23:59:59 UTC"),
        ] {
            assert_eq!(time(at), text);
        }
        assert!(!time(u64::MAX).is_empty());
    }

    #[test]
    fn nothing_is_delivered_without_saying_where() {
        assert_eq!(state("delivered"), "arrived at their node");
    }
}
