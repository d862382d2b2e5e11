//! The clocks of a referral: what follows from when things happened, and from the stricter of two countries' profiles. Pure.

use std::collections::BTreeMap;

use safeconduct_protocol::{
    id::NodeId,
    time::{DAY_S, HOUR_S, Timestamp},
};

use super::{
    life::{
        code::Step,
        fold::{Reached, Standing},
        state::{Phase, State},
        terms::{Effect, Side},
    },
    store::{
        event::Kept,
        row::{Row, Turn},
    },
};
use crate::referral::{
    codes::RetentionBasis,
    profile::{Profile, Profiles, calendar::Due},
    text::Country,
};

/// Hours within which what was opened is erased after a withdrawal (REFERRAL §5.3).
pub const WITHDRAWAL_HOURS: u64 = 72;

/// Countries' rules, and where the recipient's clock stands.
#[derive(Clone, Copy)]
pub struct Setting<'a> {
    /// The profiles that this node judges by.
    pub profiles: &'a Profiles,
    /// The agencies of the directory, by their nodes.
    pub agencies: &'a BTreeMap<NodeId, Known>,
}

/// What casework needs to know of an agency.
#[derive(Clone)]
pub struct Known {
    /// Its id.
    pub agency: String,
    /// Its country, as its directory record names it: two capital letters.
    pub country: String,
    /// Its time zone, as its directory record names it.
    pub zone: Option<String>,
}

impl Setting<'_> {
    /// What a node's agency is called.
    #[must_use]
    pub fn called(&self, node: &NodeId) -> Option<&str> {
        self.agencies.get(node).map(|known| known.agency.as_str())
    }

    fn zone(&self, node: &NodeId) -> Option<&str> {
        self.agencies.get(node)?.zone.as_deref()
    }
}

/// When what happened, by the events that counted.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(crate) struct Times {
    pub(crate) opened: Option<Timestamp>,
    pub(crate) decided: Option<Timestamp>,
    pub(crate) service: Option<Timestamp>,
    pub(crate) ended: Option<Timestamp>,
    pub(crate) withdrawn: Option<Timestamp>,
    /// Seconds for which the clock for deciding stood.
    pub(crate) paused_s: u64,
    /// Since when it stands.
    pub(crate) paused: Option<Timestamp>,
    /// Everything that was to be erased after a withdrawal is.
    pub(crate) certified: bool,
}

impl Times {
    /// Reads them from what counted, in its order. The other agency's clock is believed between the referral's beginning and the arrival of
    /// what it says: what is erased, and when, must not hang on it.
    pub(crate) fn of(standing: &Standing, events: &BTreeMap<[u8; 32], &Kept>, row: &Row) -> Self {
        let mut times = Self::default();
        for applied in &standing.applied {
            let Some(kept) = events.get(&applied.hash) else { continue };
            let says = kept.event.says();
            let at = says.at.min(kept.at).max(row.first_at.min(kept.at));
            times.take(Step::of(says.act), at);
            if applied.state.phase() == Phase::Final {
                times.ended.get_or_insert(at);
            }
        }
        if standing.state == State::Expired {
            times.ended = Some(row.expires_at);
        }
        times
    }

    fn take(&mut self, step: Step, at: Timestamp) {
        match step {
            Step::Opened => drop(self.opened.get_or_insert(at)),
            Step::Accepted | Step::Declined => self.decided = Some(at),
            Step::ServiceStarted => drop(self.service.get_or_insert(at)),
            Step::InfoRequested => self.paused = Some(at),
            Step::InfoProvided => {
                let stood = self.paused.take().map_or(0, |since| at.since(since));
                self.paused_s = self.paused_s.saturating_add(stood);
            }
            Step::Withdrawn => self.withdrawn = Some(at),
            Step::ErasureCertified => self.certified = true,
            Step::Create
            | Step::Send
            | Step::Submitted
            | Step::Delivered
            | Step::DisclosureRaised
            | Step::DisclosureRequested
            | Step::Escalated
            | Step::TransferProposed
            | Step::TransferredOnward
            | Step::Closed
            | Step::WithdrawalApplied
            | Step::ConsentChanged
            | Step::Expired
            | Step::Reinstated
            | Step::OverrideNotice
            | Step::OverrideReviewed
            | Step::ReflectionSet
            | Step::Erased => {}
        }
    }
}

/// What is due when.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(crate) struct Clocks {
    pub(crate) acknowledge_by: Option<Timestamp>,
    pub(crate) decide_by: Option<Timestamp>,
    pub(crate) escalate_by: Option<Timestamp>,
    pub(crate) erase_on: Option<Timestamp>,
    /// When it is an alarm that what was withdrawn is not erased yet.
    pub(crate) withdrawal_by: Option<Timestamp>,
}

/// The profile of this agency's own country.
pub(crate) fn profile_here<'a>(row: &Row, setting: &Setting<'a>) -> &'a Profile {
    let [from, to] = profiles_of(row, setting);
    match row.side {
        Side::Sender => from,
        Side::Recipient => to,
    }
}

fn profiles_of<'a>(row: &Row, setting: &Setting<'a>) -> [&'a Profile; 2] {
    let of = |country: &str| Country::of(country).map(|country| setting.profiles.for_country(&country));
    let (from, to) = (of(&row.countries.0), of(&row.countries.1));
    let fallback = || setting.profiles.fallback();
    [from.unwrap_or_else(fallback), to.unwrap_or_else(fallback)]
}

/// The ends of a referral's waiting that began at `since`: of both countries' clocks the stricter.
pub(crate) fn due(row: &Row, setting: &Setting<'_>, own: &NodeId, since: Timestamp) -> Due {
    let [from, to] = profiles_of(row, setting);
    let recipient = if row.side == Side::Sender { &row.partner } else { own };
    let zone = setting.zone(recipient);
    let by = |profile| Due::by(profile, row.urgency, zone, since);
    by(from).stricter(by(to))
}

/// The clocks of a referral that is at `standing`.
pub(crate) fn clocks(row: &Row, standing: &Standing, times: &Times, setting: &Setting<'_>, own: &NodeId) -> Clocks {
    let due = |since| due(row, setting, own, since);
    let mut clocks = Clocks { erase_on: erase_on(row, standing, times, setting), ..Clocks::default() };
    let waits = matches!(standing.state, State::Submitted | State::Delivered);
    if row.side == Side::Sender && waits {
        // Silence is no help either: where nobody has fetched it, the clock began when the relay had it.
        let submitted = (standing.state == State::Submitted).then_some(row.state_at);
        clocks.escalate_by = row.delivered_at.or(submitted).map(|at| due(at).escalate);
    }
    if let Some(delivered) = row.delivered_at {
        let due = due(delivered);
        if standing.state == State::Delivered {
            clocks.acknowledge_by = Some(due.acknowledge);
        }
        if matches!(standing.state, State::Delivered | State::Opened) {
            clocks.decide_by = Some(due.decide.after(times.paused_s));
        }
    }
    if row.side == Side::Recipient && standing.state == State::Withdrawn && !times.certified {
        clocks.withdrawal_by =
            times.withdrawn.or(times.ended).map(|at| at.after(WITHDRAWAL_HOURS.saturating_mul(HOUR_S)));
    }
    clocks
}

/// When the content is to be erased here, if that is known: the earliest that the effects of its life ask for, never while it is open.
fn erase_on(row: &Row, standing: &Standing, times: &Times, setting: &Setting<'_>) -> Option<Timestamp> {
    if standing.state.phase() != Phase::Final {
        return None;
    }
    let ended = times.ended.unwrap_or(row.state_at);
    let days = |basis| {
        let [from, to] = profiles_of(row, setting);
        u64::from(from.retention_days.days(basis).min(to.retention_days.days(basis)))
    };
    let kept = |basis: RetentionBasis| ended.after(days(basis).saturating_mul(DAY_S));
    let dues = standing.due.iter().filter(|due| due.side == row.side);
    let times = dues.filter_map(|due| match due.effect {
        Effect::EraseNow => Some(ended),
        Effect::EraseNotAccepted => Some(kept(RetentionBasis::NotAccepted).min(row.delete_after).max(ended)),
        Effect::EraseLater => Some(later(row, ended, &kept, &days)),
        Effect::ApplyWithdrawal => match standing.reached {
            Reached::Unopened => Some(ended),
            Reached::Opened => Some(ended.after(WITHDRAWAL_HOURS.saturating_mul(HOUR_S))),
            // What law demands may be kept: a person decides.
            Reached::InService => None,
        },
        Effect::Queue
        | Effect::KeepReceipt
        | Effect::StartClocks
        | Effect::StopAcknowledge
        | Effect::PauseDecide
        | Effect::ResumeDecide
        | Effect::StopDecide
        | Effect::StopClocks
        | Effect::Alert
        | Effect::SafetyCheck
        | Effect::TakeRevision
        | Effect::EraseUncovered
        | Effect::JudgeCoverage
        | Effect::AskAgain
        | Effect::AskReinstate
        | Effect::ShowClocks
        | Effect::QueueAlternate
        | Effect::WithdrawAlternate
        | Effect::WatchOverride
        | Effect::WatchReflection
        | Effect::Tombstone
        | Effect::RefuseUncovered
        | Effect::HideUncovered => None,
    });
    times.min()
}

/// The end of retention: by the basis that the sender named, and never after the day that the sender set.
fn later(
    row: &Row,
    ended: Timestamp,
    kept: &dyn Fn(RetentionBasis) -> Timestamp,
    days: &dyn Fn(RetentionBasis) -> u64,
) -> Timestamp {
    let basis = super::store::columns::at(RetentionBasis::ALL, row.basis).unwrap_or(RetentionBasis::NotAccepted);
    let by_law = match basis {
        RetentionBasis::ChildUntilMajorityPlus => {
            row.majority_on.unwrap_or(ended).max(ended).after(days(basis).saturating_mul(DAY_S))
        }
        RetentionBasis::ServiceDelivery
        | RetentionBasis::NotAccepted
        | RetentionBasis::LegalClaim
        | RetentionBasis::CourtOrder => kept(basis),
    };
    by_law.min(row.delete_after).max(ended)
}

/// Whose turn it is.
pub(crate) fn turn(side: Side, standing: &Standing, times: &Times) -> Turn {
    let sender = match standing.state {
        State::Draft | State::Failed | State::InfoRequested => Some(Side::Sender),
        _ if standing.crossed => Some(Side::Sender),
        State::Delivered | State::Opened | State::Accepted | State::InService => Some(Side::Recipient),
        State::Queued | State::Submitted => Some(Side::Recipient),
        State::Withdrawn if standing.reached > Reached::Unopened && !times.certified => Some(Side::Recipient),
        State::Closed | State::Declined | State::Withdrawn | State::Expired | State::Transferred | State::Erased => {
            None
        }
    };
    match sender {
        None => Turn::Nobody,
        Some(one) if one == side => Turn::Ours,
        Some(_) => Turn::Theirs,
    }
}
