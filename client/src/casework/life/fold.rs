//! The set of events becomes a state, with remarks on what did not count and with what is to be done.

use std::collections::BTreeSet;

use safeconduct_protocol::time::Timestamp;

use super::code::{Outcome, Step, Why, WithdrawReason};
use super::event::{Event, Log, Position};
use super::order::{Gap, ordered};
use super::state::{Phase, State};
use super::table::{TABLE, Transition};
use super::terms::{Effect, Guard, Side};

/// How far the referral itself came, by outbox and receipts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Way {
    /// It is being written.
    Draft,
    /// It waits in the outbox.
    Queued,
    /// The outbox gave it up.
    Failed,
    /// The relay's receipt says that it holds it.
    Submitted,
    /// The delivered receipt is there; at the recipient: it was opened, passed the rules and is stored.
    Delivered,
}

impl Way {
    /// The state that it alone makes.
    #[must_use]
    pub const fn state(self) -> State {
        match self {
            Self::Draft => State::Draft,
            Self::Queued => State::Queued,
            Self::Failed => State::Failed,
            Self::Submitted => State::Submitted,
            Self::Delivered => State::Delivered,
        }
    }
}

/// What is known of a referral besides its events.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Facts {
    /// How far it came.
    pub way: Way,
    /// The end of its time, from its header.
    pub expires_at: Timestamp,
    /// Its disclosure level, 0 to 3, from its first revision.
    pub level: u8,
    /// This node has erased it.
    pub erased: bool,
}

/// Why an event did not count.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Reason {
    /// In this state it is not possible.
    State(State),
    /// Not by this side, or not by the node itself, or only by it.
    Hand,
    /// With another reason or outcome only.
    Code,
    /// Its time lies after the end of the referral's time.
    TooLate,
    /// Signed in time and stored after it: a person at the sender decides (T19).
    Crossed,
}

/// An event that is kept and shown, and changes nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Remark {
    /// Which event.
    pub hash: [u8; 32],
    /// What it was.
    pub step: Step,
    /// Who signed it.
    pub side: Side,
    /// Why it did not count.
    pub reason: Reason,
}

/// An event that counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Applied {
    /// Which event.
    pub hash: [u8; 32],
    /// By which transition, `T05` to `T26`.
    pub id: &'static str,
    /// The state after it.
    pub state: State,
}

/// Something to do. The list is always that of the whole life: each is done once, by the event that it follows from.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Due {
    /// At which agency.
    pub side: Side,
    /// What.
    pub effect: Effect,
    /// Because of which event; none for receipts and the end of its time.
    pub because: Option<[u8; 32]>,
}

/// How far the recipient had come when it was withdrawn: what is to be erased follows from it (T17).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Reached {
    /// Nobody there had looked at it: erase at once.
    Unopened,
    /// Somebody had: erase and certify within 72 hours.
    Opened,
    /// Help had begun: what law demands may be kept.
    InService,
}

/// What a referral is now.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Standing {
    /// The state.
    pub state: State,
    /// Why it ended as it did.
    pub why: Option<Why>,
    /// The disclosure level; it never goes down.
    pub level: u8,
    /// The referral that takes its place.
    pub successor: Option<[u8; 16]>,
    /// How far the recipient had come, also by what did not count.
    pub reached: Reached,
    /// An acceptance that crossed with the end of its time waits for a person at the sender (T19).
    pub crossed: bool,
    /// What counted, in order.
    pub applied: Vec<Applied>,
    /// What did not.
    pub remarks: Vec<Remark>,
    /// What is to be done, in order.
    pub due: Vec<Due>,
    /// What is missing.
    pub gaps: Vec<Gap>,
    /// Events that wait for what is missing, by hash.
    pub waiting: Vec<[u8; 32]>,
    /// Events that contradict their own chain, by hash.
    pub broken: Vec<[u8; 32]>,
    /// Numbers under which a side signed two different events: an alarm.
    pub equivocations: BTreeSet<(Side, Position)>,
}

/// What the set of events says at `now`. Pure: the same set, facts and time give the same at both agencies.
#[must_use]
pub fn fold(log: &Log, facts: &Facts, now: Timestamp) -> Standing {
    let ordered = ordered(log);
    let way = ordered.events.iter().filter_map(|event| shows(event)).fold(facts.way, Way::max);
    let mut life = Life {
        log,
        expires_at: facts.expires_at,
        reinstated: reinstated(&ordered.events, facts.expires_at),
        confirmed: false,
        trail: vec![(None, way.state())],
        standing: Standing {
            state: way.state(),
            why: None,
            level: facts.level,
            successor: None,
            reached: Reached::Unopened,
            crossed: false,
            applied: Vec::new(),
            remarks: Vec::new(),
            due: Vec::new(),
            gaps: ordered.gaps,
            waiting: ordered.waiting.iter().map(|event| event.hash).collect(),
            broken: ordered.broken.iter().map(|event| event.hash).collect(),
            equivocations: ordered.equivocations,
        },
    };
    life.receipts(way);
    for event in &ordered.events {
        life.take(event);
    }
    if now >= facts.expires_at {
        life.expire();
    }
    life.finish(facts.erased);
    life.standing
}

/// How far the referral must have come for this event to be there.
fn shows(event: &Event) -> Option<Way> {
    let without_delivery = event.step == Step::WithdrawalApplied
        || event.step == Step::ErasureCertified
        || (event.step == Step::Declined && event.by_node);
    (event.side == Side::Recipient).then_some(if without_delivery { Way::Submitted } else { Way::Delivered })
}

/// Acceptances that a person at the sender has confirmed, by hash: signed in time, and seen by a reinstatement.
fn reinstated(events: &[&Event], expires_at: Timestamp) -> BTreeSet<[u8; 32]> {
    let confirms = |event: &&&Event| event.step == Step::Reinstated && event.side == Side::Sender && !event.by_node;
    let seen = events.iter().filter(confirms).filter_map(|event| event.seen).map(|(position, _)| position).max();
    let accepts = |event: &&&Event| {
        event.step == Step::Accepted
            && event.side == Side::Recipient
            && event.at < expires_at
            && seen.is_some_and(|seen| event.position <= seen)
    };
    events.iter().filter(accepts).map(|event| event.hash).collect()
}

struct Life<'a> {
    log: &'a Log,
    expires_at: Timestamp,
    reinstated: BTreeSet<[u8; 32]>,
    /// An acceptance counts because a person at the sender confirmed it.
    confirmed: bool,
    /// What changed the state, and the state after it.
    trail: Vec<(Option<&'a Event>, State)>,
    standing: Standing,
}

impl<'a> Life<'a> {
    /// What follows from receipts: T02 to T04.
    fn receipts(&mut self, way: Way) {
        let steps = [(Way::Queued, Step::Send), (Way::Submitted, Step::Submitted), (Way::Delivered, Step::Delivered)];
        for (_, step) in steps.into_iter().filter(|(needed, _)| *needed <= way) {
            for row in TABLE.iter().filter(|row| row.step == step) {
                self.follow(row, None);
            }
        }
    }

    fn take(&mut self, event: &'a Event) {
        self.reach(event);
        if event.at >= self.expires_at {
            self.expire();
        }
        match self.row(event) {
            Ok(row) => self.apply(row, event),
            Err(reason) => self.remark(event, reason),
        }
    }

    /// The transition that `event` is.
    fn row(&mut self, event: &'a Event) -> Result<&'static Transition, Reason> {
        let signed = |row: &&Transition| row.step == event.step && row.is_signed_by(event.side, event.by_node);
        let rows: Vec<&'static Transition> = TABLE.iter().filter(signed).collect();
        if rows.is_empty() {
            return Err(Reason::Hand);
        }
        if event.step == Step::Reinstated {
            return self.reinstatement(event, &rows);
        }
        let could_know = self.could_know(event);
        let possible: Vec<&'static Transition> =
            rows.into_iter().filter(|row| could_know.iter().any(|state| row.from.contains(state))).collect();
        if possible.is_empty() {
            let late = event.step == Step::Accepted && event.at >= self.expires_at;
            return Err(if late { Reason::TooLate } else { Reason::State(self.standing.state) });
        }
        let row = possible.into_iter().find(|row| row.codes.allow(row.step, event.code)).ok_or(Reason::Code)?;
        if row.guards.contains(&Guard::InTime) {
            self.in_time(event)?;
        }
        Ok(row)
    }

    /// The states in which `event` may count: the present one; for a note also those that its signer could not know to be over.
    fn could_know(&self, event: &Event) -> Vec<State> {
        let mut states = vec![self.standing.state];
        if !event.step.is_note() {
            return states;
        }
        for pair in self.trail.windows(2).rev() {
            let [(_, before), (Some(cause), _)] = pair else { break };
            if cause.side == event.side || event.has_seen(cause) {
                break;
            }
            states.push(*before);
        }
        states
    }

    /// An acceptance counts when it was signed in time; stored at the sender after it, only when a person there confirms.
    fn in_time(&mut self, event: &Event) -> Result<(), Reason> {
        if event.at >= self.expires_at {
            return Err(Reason::TooLate);
        }
        let stored = self.log.stored_at(&event.hash);
        let is_confirmed = self.reinstated.contains(&event.hash);
        if stored.is_some_and(|stored| stored >= self.expires_at) && !is_confirmed {
            self.standing.crossed = true;
            self.expire();
            return Err(Reason::Crossed);
        }
        // Without the receipt the recipient cannot know yet; the sender says that it came late.
        self.confirmed |= is_confirmed && stored.is_none_or(|stored| stored >= self.expires_at);
        Ok(())
    }

    /// T19: the acceptance has counted from its own place on already; here it is only written down.
    fn reinstatement(&self, event: &Event, rows: &[&'static Transition]) -> Result<&'static Transition, Reason> {
        let row = rows.iter().copied().find(|row| row.codes.allow(row.step, event.code));
        row.filter(|_| self.confirmed).ok_or(Reason::State(self.standing.state))
    }

    fn apply(&mut self, row: &'static Transition, event: &'a Event) {
        let reinstates = row.step == Step::Reinstated;
        if let Some(to) = row.to.filter(|_| !reinstates) {
            self.standing.state = to;
            self.trail.push((Some(event), to));
        }
        let why = if row.step == Step::Escalated {
            Some(Why::Withdrawn(WithdrawReason::Escalated))
        } else if row.step == Step::TransferredOnward {
            Some(Why::Closed(Outcome::TransferredOnward))
        } else {
            event.why()
        };
        self.standing.why = self.standing.why.or(why);
        if row.step == Step::DisclosureRaised {
            self.standing.level = event.level.map_or(self.standing.level, |level| level.max(self.standing.level));
        }
        self.standing.successor = self.standing.successor.or(event.successor);
        self.standing.applied.push(Applied { hash: event.hash, id: row.id, state: self.standing.state });
        self.follow(row, Some(event.hash));
    }

    /// How far the recipient came, whether it counts or not.
    fn reach(&mut self, event: &Event) {
        let erases = matches!(event.step, Step::WithdrawalApplied | Step::ErasureCertified);
        if event.side == Side::Recipient && !event.by_node && !event.step.is_note() && !erases {
            let reached = if event.step == Step::ServiceStarted { Reached::InService } else { Reached::Opened };
            self.standing.reached = self.standing.reached.max(reached);
        }
    }

    fn remark(&mut self, event: &Event, reason: Reason) {
        let remark = Remark { hash: event.hash, step: event.step, side: event.side, reason };
        self.standing.remarks.push(remark);
        if reason == Reason::Crossed {
            self.standing.due.push(Due { side: Side::Sender, effect: Effect::AskReinstate, because: Some(event.hash) });
        }
    }

    /// T18.
    fn expire(&mut self) {
        if !self.standing.state.may_expire() {
            return;
        }
        self.standing.state = State::Expired;
        self.trail.push((None, State::Expired));
        for row in TABLE.iter().filter(|row| row.step == Step::Expired) {
            self.follow(row, None);
        }
    }

    fn follow(&mut self, row: &'static Transition, because: Option<[u8; 32]>) {
        self.standing.due.extend(row.effects.iter().map(|(side, effect)| Due {
            side: *side,
            effect: *effect,
            because,
        }));
    }

    /// What only the end shows.
    fn finish(&mut self, erased: bool) {
        let standing = &mut self.standing;
        if standing.crossed {
            // Nothing is erased at once and nothing sent again while a person has still to decide.
            let by_time = |due: &Due, effect| due.because.is_none() && due.effect == effect;
            standing.due.retain(|due| !by_time(due, Effect::AskAgain));
            for due in standing.due.iter_mut().filter(|due| by_time(due, Effect::EraseNow)) {
                due.effect = Effect::EraseNotAccepted;
            }
        }
        let helped = [State::Opened, State::InfoRequested, State::Accepted, State::InService, State::Closed];
        let lives = helped.contains(&standing.state) || standing.state == State::Transferred;
        let lost = standing.remarks.iter().filter(|remark| remark.step == Step::Escalated && lives);
        let withdraw: Vec<Due> = lost
            .map(|remark| Due { side: Side::Sender, effect: Effect::WithdrawAlternate, because: Some(remark.hash) })
            .collect();
        standing.due.extend(withdraw);
        if erased && standing.state.phase() == Phase::Final {
            standing.state = State::Erased;
        }
    }
}
