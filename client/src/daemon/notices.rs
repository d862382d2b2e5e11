//! What a person should know although nothing is lost: how old the registry copy is, what is held and why, what is under way,
//! what is to be renewed and when.

use safeconduct_certs::registry::freshness::{self, ClockState};
use safeconduct_protocol::time::{DAY_S, Timestamp};

use super::{
    Node,
    renewal::{IDENTITY_RENEW_S, TLS_LIFE_S},
};
use crate::{
    casework::drafts,
    doctor::CLOCK_SLACK_S,
    error::Told,
    inbox,
    note::{Agency, At, Count, Days, Note, Span},
    outbox::standing,
    prekeys,
    registry::age,
    renewal::{self, OwnKey, Stand},
};

/// Days before an end at which a person is reminded.
const MARKS: [u64; 3] = [1, 7, 30];

/// Of what ends in so many seconds a person is reminded: in how many days it does, at 30, 7 and 1.
pub(crate) fn days_left(seconds: u64) -> Option<u64> {
    let days = seconds.div_ceil(DAY_S);
    MARKS.into_iter().find(|mark| days <= *mark)
}

impl Node {
    /// What is held, and what is under way.
    pub(super) fn notices(&mut self) -> Result<Vec<Note>, Told> {
        let mut notices = Vec::new();
        notices.extend(self.clock_behind_s()?.map(|seconds| Note::ClockUntilSet { span: Span(seconds) }));
        let now = self.now();
        let registry = self.registry_state()?;
        let old = match registry.timestamp_at {
            Some(at) => age::old(now.since(Timestamp(at))),
            None => (registry.size > 0).then(age::never),
        };
        notices.extend(old.map(|old| old.note));
        for (agency, count) in standing::waiting_for_suspended(&self.vault)? {
            notices.push(Note::WaitsSuspended { count: Count(count), agency: Agency(agency) });
        }
        let drafts = drafts::ending(&self.vault, now)?;
        if drafts > 0 {
            notices.push(Note::DraftsEnd { count: Count(drafts) });
        }
        let held = inbox::quarantine::counts(&self.vault)?.held;
        if held > 0 {
            notices.push(Note::Held { count: Count(held.into()) });
        }
        notices.extend(self.place_waits()?.map(|from| Note::PlaceWaits { time: At(from) }));
        notices.extend(self.change_notice()?);
        notices.extend(self.reminders()?);
        Ok(notices)
    }

    /// By how much this machine's clock is behind what the authority has signed; none when it is no more than clocks differ. No
    /// relay has a part in this.
    pub(super) fn clock_behind_s(&mut self) -> Result<Option<u64>, Told> {
        let signed = match self.held() {
            Ok(held) => held.registry().newest_time(),
            Err(told) if told.code == "not-enrolled" => return Ok(None),
            Err(told) => return Err(told),
        };
        Ok(match freshness::clock_state(signed, self.clock.now()) {
            ClockState::Behind { by_s } if by_s > CLOCK_SLACK_S => Some(by_s),
            ClockState::Behind { .. } | ClockState::Plausible => None,
        })
    }

    /// Messages that have not reached the relay.
    pub(super) fn not_at_the_relay(&mut self) -> Result<u64, Told> {
        Ok(standing::not_at_the_relay(&self.vault)?)
    }

    fn change_notice(&mut self) -> Result<Option<Note>, Told> {
        let Some(change) = renewal::under_way(&self.vault)? else { return Ok(None) };
        Ok(Some(match (change.stand, change.changes_keys()) {
            (Stand::Made, true) => Note::IdentityMade {},
            (Stand::Made, false) => Note::TlsMade {},
            (Stand::Waiting, true) => Note::IdentityWaits {},
            (Stand::Waiting, false) => Note::TlsWaits {},
            (Stand::Done, true) => Note::IdentityDone {},
            (Stand::Done, false) => Note::TlsDone {},
            (Stand::Refused, true) => Note::IdentityRefused {},
            (Stand::Refused, false) => Note::TlsRefused {},
            (Stand::Rejected, true) => Note::IdentityRejected {},
            (Stand::Rejected, false) => Note::TlsRejected {},
        }))
    }

    /// What is to be renewed soon, or should have been.
    pub(super) fn reminders(&mut self) -> Result<Vec<Note>, Told> {
        let now = self.now();
        let mut reminders = Vec::new();
        if !self.is_approved()? {
            return Ok(reminders);
        }
        let tls = now.since(renewal::since(&self.vault, OwnKey::Tls)?);
        if let Some(days) = days_left(TLS_LIFE_S.saturating_sub(tls)) {
            reminders.push(Note::RenewTls { days: Days(days) });
        }
        let identity = now.since(renewal::since(&self.vault, OwnKey::Identity)?);
        if let Some(days) = days_left(IDENTITY_RENEW_S.saturating_sub(identity)) {
            reminders.push(Note::RenewIdentity { days: Days(days) });
        }
        let signed = prekeys::signed_valid_s(&self.vault, now)?;
        // The newest one is renewed each day on which the node is online, and lives for thirty.
        if let Some(days) = signed.and_then(days_left).filter(|days| *days < 30) {
            reminders.push(Note::KeysEnd { days: Days(days) });
        }
        Ok(reminders)
    }
}

/// What of this node's own waits, when the relay turns it away because of its standing.
pub(super) fn turned_away(reason: Option<&str>, waits: u64) -> Option<Note> {
    let count = Count(waits);
    let note = match reason? {
        "suspended" => Note::OwnSuspended { count },
        "revoked" => Note::OwnRevoked { count },
        _ => return None,
    };
    (waits > 0).then_some(note)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_reminded_thirty_seven_and_one_day_before_an_end_and_after_it() {
        for (seconds, days) in [
            (31 * DAY_S, None),
            (30 * DAY_S + 1, None),
            (30 * DAY_S, Some(30)),
            (7 * DAY_S + 1, Some(30)),
            (7 * DAY_S, Some(7)),
            (DAY_S + 1, Some(7)),
            (DAY_S, Some(1)),
            (0, Some(1)),
        ] {
            assert_eq!(days_left(seconds), days, "{seconds}");
        }
    }

    #[test]
    fn what_waits_at_a_node_that_is_turned_away_is_told_with_what_to_do() {
        assert!(turned_away(Some("suspended"), 3).unwrap().to_string().starts_with("3 message(s) wait here"));
        assert!(turned_away(Some("revoked"), 1).unwrap().to_string().contains("will not leave this node"));
        assert_eq!(turned_away(Some("suspended"), 0), None);
        assert_eq!(turned_away(Some("relay-busy"), 1), None);
        assert_eq!(turned_away(None, 1), None);
    }
}
