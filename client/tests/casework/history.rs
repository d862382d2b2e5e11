//! Histories, written act by act: who did what, having seen what.

use safeconduct_client::casework::life::code::Step;
use safeconduct_client::casework::life::event::{Event, Log, Position};
use safeconduct_client::casework::life::fold::{Facts, Standing, Way, fold};
use safeconduct_client::casework::life::order::ordered;
use safeconduct_client::casework::life::state::State;
use safeconduct_client::casework::life::terms::Side;
use safeconduct_protocol::time::Timestamp;
use sha2::{Digest as _, Sha256};

pub(crate) use Side::{Recipient, Sender};

/// When the histories begin, and when the referral's time ends.
pub(crate) const BEGIN: u64 = 1_000_000;
pub(crate) const END: u64 = 2_000_000;
/// A level above the first one.
pub(crate) const LEVEL: u8 = 2;

/// One act, before it is signed.
#[derive(Clone, Copy)]
pub(crate) struct Does {
    pub(crate) side: Side,
    pub(crate) step: Step,
    pub(crate) code: u8,
    pub(crate) by_node: bool,
    pub(crate) epoch: u64,
    pub(crate) at: u64,
}

/// A usual act of this kind, one second after the beginning.
pub(crate) fn does(side: Side, step: Step) -> Does {
    let code = u8::from(matches!(step, Step::Declined | Step::Closed | Step::Withdrawn));
    let by_node =
        matches!(step, Step::Escalated | Step::TransferredOnward | Step::WithdrawalApplied | Step::ErasureCertified);
    Does { side, step, code, by_node, epoch: 1, at: BEGIN }
}

impl Does {
    pub(crate) fn code(self, code: u8) -> Self {
        Self { code, ..self }
    }

    pub(crate) fn at(self, at: u64) -> Self {
        Self { at, ..self }
    }

    pub(crate) fn by_node(self) -> Self {
        Self { by_node: true, ..self }
    }

    /// Signs it as somebody does who knows `log`.
    pub(crate) fn sign(self, log: &Log) -> Event {
        let known = ordered(log);
        let own = known.newest(self.side);
        let seen = known.newest(self.side.other()).map(|event| (event.position, event.hash));
        let number = own.map_or(0, |own| own.position.number + 1);
        let previous = own.map(|own| own.hash);
        let text = format!(
            "{:?} {:?} {number} {previous:?} {seen:?}",
            (self.side, self.step),
            (self.epoch, self.code, self.at)
        );
        Event {
            side: self.side,
            position: Position { epoch: self.epoch, number },
            hash: Sha256::digest(text.as_bytes()).into(),
            previous,
            seen,
            at: Timestamp(self.at),
            step: self.step,
            code: self.code,
            level: matches!(self.step, Step::DisclosureRaised | Step::DisclosureRequested).then_some(LEVEL),
            by_node: self.by_node,
            successor: (self.step == Step::Escalated).then_some([7; 16]),
        }
    }
}

/// What is known of a referral somewhere.
#[derive(Clone)]
pub(crate) struct Known {
    pub(crate) log: Log,
    pub(crate) facts: Facts,
    pub(crate) now: u64,
}

impl Known {
    /// A referral that came so far, and no events.
    pub(crate) fn of(way: Way) -> Self {
        let facts = Facts { way, expires_at: Timestamp(END), level: 1, erased: false };
        Self { log: Log::new(), facts, now: BEGIN }
    }

    /// Something is done by who knows everything; the event.
    pub(crate) fn act(&mut self, does: Does) -> Event {
        let event = does.sign(&self.log);
        self.log.add(event.clone());
        event
    }

    pub(crate) fn with(mut self, acts: &[Does]) -> Self {
        for does in acts {
            self.act(*does);
        }
        self
    }

    pub(crate) fn standing(&self) -> Standing {
        fold(&self.log, &self.facts, Timestamp(self.now))
    }

    pub(crate) fn state(&self) -> State {
        self.standing().state
    }
}

/// A referral in this state, by a usual history.
pub(crate) fn in_state(state: State) -> Known {
    let delivered = || Known::of(Way::Delivered);
    let opened = [does(Recipient, Step::Opened)];
    let accepted = [opened[0], does(Recipient, Step::Accepted)];
    let known = match state {
        State::Draft => Known::of(Way::Draft),
        State::Queued => Known::of(Way::Queued),
        State::Failed => Known::of(Way::Failed),
        State::Submitted => Known::of(Way::Submitted),
        State::Delivered => delivered(),
        State::Opened => delivered().with(&opened),
        State::InfoRequested => delivered().with(&opened).with(&[does(Recipient, Step::InfoRequested)]),
        State::Accepted => delivered().with(&accepted),
        State::InService => delivered().with(&accepted).with(&[does(Recipient, Step::ServiceStarted)]),
        State::Closed => delivered().with(&accepted).with(&[does(Recipient, Step::Closed)]),
        State::Declined => delivered().with(&opened).with(&[does(Recipient, Step::Declined)]),
        State::Withdrawn => delivered().with(&[does(Sender, Step::Withdrawn)]),
        State::Expired => Known { now: END, ..delivered().with(&opened) },
        State::Transferred => delivered().with(&accepted).with(&[does(Recipient, Step::TransferredOnward)]),
        State::Erased => {
            let mut known = delivered().with(&accepted).with(&[does(Recipient, Step::Closed)]);
            known.facts.erased = true;
            known
        }
    };
    assert_eq!(known.state(), state);
    known
}
