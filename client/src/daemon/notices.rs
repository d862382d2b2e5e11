//! What a person should know although nothing is lost: how old the registry copy is, what is held and why, what is under way,
//! what is to be renewed and when.

use safeconduct_certs::{
    registry::freshness::{self, ClockState},
    utc,
};
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
    outbox::standing,
    prekeys,
    registry::age::{self, Old},
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
    pub(super) fn notices(&mut self) -> Result<Vec<String>, Told> {
        let mut notices = Vec::new();
        if let Some(behind_s) = self.clock_behind_s()? {
            notices.push(format!(
                "this machine's clock is {} behind a time that the authority has signed, which is used until then: set the clock",
                age::span(behind_s)
            ));
        }
        let now = self.now();
        let registry = self.registry_state()?;
        let old = match registry.timestamp_at {
            Some(at) => age::old(now.since(Timestamp(at))),
            None => (registry.size > 0).then(age::never),
        };
        notices.extend(old.map(|Old { says, remedy, .. }| format!("{says}; {remedy}")));
        for (agency, count) in standing::waiting_for_suspended(&self.vault)? {
            notices.push(format!(
                "{count} message(s) to {agency} wait here, because its registration is suspended: they go on when it is active \
                 again; if somebody waits, phone another agency"
            ));
        }
        let drafts = drafts::ending(&self.vault, now)?;
        if drafts > 0 {
            notices.push(format!(
                "{drafts} draft(s) are erased within a week, unless somebody changes them: see `safeconduct referral draft list`"
            ));
        }
        let held = inbox::quarantine::counts(&self.vault)?.held;
        if held > 0 {
            notices.push(format!(
                "{held} message(s) that came are held, because their sender is suspended or not known yet: they are shown when it is \
                 active, and put aside when it is revoked"
            ));
        }
        if let Some(from) = self.place_waits()? {
            notices.push(format!(
                "the authority alone has put this node in another one's place: it is in force from {}, and the relay does not take \
                 it before; leave the daemon running",
                utc::instant(from)
            ));
        }
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

    fn change_notice(&mut self) -> Result<Option<String>, Told> {
        let Some(change) = renewal::under_way(&self.vault)? else { return Ok(None) };
        let what = if change.changes_keys() { "new identity key" } else { "new TLS key" };
        let says = match change.stand {
            Stand::Made => "is made; the daemon asks for it when it is connected",
            Stand::Waiting if change.changes_keys() => {
                "waits for the authority: read it the words of `safeconduct key status` over the telephone"
            }
            Stand::Waiting => "waits for the authority's next publication",
            Stand::Done => "is in the registry; it is taken over when the copy here has grown",
            Stand::Refused => "was refused: phone your authority, then run `safeconduct key forget`",
            Stand::Rejected => "was rejected by your authority: phone it, then run `safeconduct key forget`",
        };
        Ok(Some(format!("this node's {what} {says}")))
    }

    /// What is to be renewed soon, or should have been.
    pub(super) fn reminders(&mut self) -> Result<Vec<String>, Told> {
        let now = self.now();
        let mut reminders = Vec::new();
        if !self.is_approved()? {
            return Ok(reminders);
        }
        let tls = now.since(renewal::since(&self.vault, OwnKey::Tls)?);
        if let Some(days) = days_left(TLS_LIFE_S.saturating_sub(tls)) {
            reminders.push(format!(
                "this node's TLS key is to be renewed within {days} day(s), and is not yet: let the daemon connect, and see `safeconduct \
                 key status`; nothing stops when it is later"
            ));
        }
        let identity = now.since(renewal::since(&self.vault, OwnKey::Identity)?);
        if let Some(days) = days_left(IDENTITY_RENEW_S.saturating_sub(identity)) {
            reminders.push(format!(
                "this node's identity key is to be renewed within {days} day(s): run `safeconduct key rotate`, and phone your authority; \
                 nothing stops when it is later"
            ));
        }
        let signed = prekeys::signed_valid_s(&self.vault, now)?;
        // The newest one is renewed each day on which the node is online, and lives for thirty.
        if let Some(days) = signed.and_then(days_left).filter(|days| *days < 30) {
            reminders.push(format!(
                "in {days} day(s) nobody can write to this node any more: its keys end, because it has not been connected for weeks; \
                 start the daemon"
            ));
        }
        Ok(reminders)
    }
}

/// What of this node's own waits, when the relay turns it away because of its standing.
pub(super) fn turned_away(reason: Option<&str>, waits: u64) -> Option<String> {
    let says = match reason? {
        "suspended" => {
            "it is suspended: they go on by themselves when it is active again; if somebody waits, phone the recipients"
        }
        "revoked" => {
            "it was revoked: they will not leave this node any more; phone the recipients, and send them from the agency's new node"
        }
        _ => return None,
    };
    (waits > 0).then(|| format!("{waits} message(s) wait here, because the relay does not take this node: {says}"))
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
        assert!(turned_away(Some("suspended"), 3).unwrap().starts_with("3 message(s) wait here"));
        assert!(turned_away(Some("revoked"), 1).unwrap().contains("will not leave this node"));
        assert_eq!(turned_away(Some("suspended"), 0), None);
        assert_eq!(turned_away(Some("relay-busy"), 1), None);
        assert_eq!(turned_away(None, 1), None);
    }
}
