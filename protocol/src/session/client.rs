//! The connecting end: a node, the authority's tool, or a node that enrols (`docs/PROTOCOL.md` §5).
//!
//! One value serves one connection. It opens, waits for `Welcome`, numbers requests, holds submits back until the relay
//! grants credit, pairs answers, and ends the connection when anything breaks the rules or an answer does not come. What was not
//! answered when it ends is the application's to ask again: every request may be repeated safely.

use std::collections::{BTreeMap, VecDeque};

pub use super::ask::{Ask, Ticket};
use super::{
    Action,
    ask::{Kind, buffers},
    tag_of,
};
use crate::{
    frame::{Frame, Goodbye, Head, SESSION_VERSION, SlotItemKind, SlotSecretBytes, Tag},
    id::{NodeId, RelayId, SlotId},
    limits::{
        CREDITS_HELD_MAX, DELIVERIES_IN_FLIGHT_MAX, HANDSHAKE_S, REQUEST_S, REQUESTS_IN_FLIGHT_MAX, SETTLE_BATCH_MAX,
        SLOT_WATCH_BATCH_MAX, SUBMITS_IN_FLIGHT_MAX,
    },
    time::Timestamp,
};

/// Who opens the session.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Opening {
    /// A registered node (ALPN `safeconduct/1`).
    Node {
        /// Its id.
        node: NodeId,
        /// Leaves that it holds.
        registry_size: u64,
    },
    /// The authority (ALPN `safeconduct-admin/1`).
    Authority,
    /// A node that enrols (ALPN `safeconduct-enrol/1`).
    Enrolling,
}

/// What happens to a session.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Input {
    /// The connection is there; say hello.
    Open,
    /// A frame came.
    Received(Frame),
    /// The application asks.
    Ask(Ticket, Ask),
    /// The application has durably processed this many deliveries and slot items. Their credit waits for the tick, or until half
    /// the window is to be granted, so that its time does not show what became of any one of them.
    Processed(u32),
    /// The tick came: send these settlements, then what was dropped, then the credit.
    Settle(Vec<Vec<u8>>),
    /// Watch these slots.
    Watch(Vec<SlotSecretBytes>),
    /// A slot item is durably processed; the relay may drop it. It is told so together with the credit.
    DropItem {
        /// Of the slot.
        secret: SlotSecretBytes,
        /// Of the item.
        seq: u64,
    },
    /// Time has passed; at least once a second.
    Tick,
    /// The application wants to end.
    Stop,
}

/// What the application is told.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// `Welcome` came: the session is authenticated.
    Up {
        /// The relay's number.
        relay: RelayId,
        /// The relay's clock.
        relay_now: Timestamp,
        /// Its registry head.
        head: Head,
    },
    /// An envelope from the mailbox.
    Deliver {
        /// Place in the mailbox.
        seq: u64,
        /// The bytes.
        envelope: Vec<u8>,
    },
    /// An item of a watched slot.
    SlotItem {
        /// Which slot.
        slot: SlotId,
        /// Which item.
        seq: u64,
        /// What it is.
        kind: SlotItemKind,
        /// The bytes.
        item: Vec<u8>,
    },
    /// A newer registry head.
    Head(Head),
    /// A recognised authority's head.
    ForeignHead {
        /// The hash of the root file that our authority recognised.
        authority: [u8; 32],
        /// The head.
        head: Head,
    },
    /// The answer to a request: a frame of the kind that the request takes.
    Answered(Ticket, Frame),
    /// The session is over. Requests without an answer are to be asked again on the next one.
    Ended {
        /// Why.
        why: End,
        /// Floor for the next attempt, seconds.
        retry_after_s: u32,
    },
}

/// Why a session ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum End {
    /// The relay said goodbye.
    Relay(Goodbye),
    /// The relay broke the protocol: what it sent.
    Broken(&'static str),
    /// The relay did not answer in time: what was waited for.
    Silent(&'static str),
    /// The application stopped.
    Stopped,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    New,
    Opening { since: Timestamp },
    Up,
    Over,
}

struct Waiting {
    ticket: Ticket,
    kind: Kind,
    since: Timestamp,
}

/// The state of one connection at the connecting end.
pub struct ClientSession {
    opening: Opening,
    phase: Phase,
    next_tag: u64,
    waiting: BTreeMap<Tag, Waiting>,
    submits: u32,
    held: VecDeque<(Ticket, Vec<u8>)>,
    /// Deliveries that the relay may still send: what we granted less what came.
    granted: u32,
    /// Processed, and not granted anew yet.
    processed: u32,
    /// Slot items to drop, no more than are to be granted.
    drops: Vec<(SlotSecretBytes, u64)>,
}

type Actions = Vec<Action<Event>>;

impl ClientSession {
    /// A session that will open as `opening`.
    #[must_use]
    pub const fn new(opening: Opening) -> Self {
        Self {
            opening,
            phase: Phase::New,
            next_tag: 1,
            waiting: BTreeMap::new(),
            submits: 0,
            held: VecDeque::new(),
            granted: DELIVERIES_IN_FLIGHT_MAX,
            processed: 0,
            drops: Vec::new(),
        }
    }

    /// How many more requests the session takes now; asked beyond that it refuses by ending, so ask only within.
    #[must_use]
    pub fn room(&self) -> usize {
        match self.phase {
            Phase::Up => REQUESTS_IN_FLIGHT_MAX.saturating_sub(self.waiting.len()).saturating_sub(self.held.len()),
            Phase::New | Phase::Opening { .. } | Phase::Over => 0,
        }
    }

    /// Takes one input and says what to do.
    #[must_use]
    pub fn on(&mut self, now: Timestamp, input: Input) -> Actions {
        if self.phase == Phase::Over {
            return Vec::new();
        }
        match input {
            Input::Open => self.open(now),
            Input::Received(frame) => self.received(now, frame),
            Input::Ask(ticket, ask) => self.ask(now, ticket, ask),
            Input::Processed(count) => self.processed(count),
            Input::Settle(settlements) => self.settle(settlements),
            Input::Watch(secrets) => self.when_up(|| {
                secrets
                    .chunks(SLOT_WATCH_BATCH_MAX)
                    .map(|batch| Action::Send(Frame::SlotWatch { secrets: batch.to_vec() }))
                    .collect()
            }),
            Input::DropItem { secret, seq } => {
                self.drops.push((secret, seq));
                Vec::new()
            }
            Input::Tick => self.tick(now),
            Input::Stop => self.end(End::Stopped, 0),
        }
    }

    fn when_up(&self, actions: impl FnOnce() -> Actions) -> Actions {
        if self.phase == Phase::Up { actions() } else { Vec::new() }
    }

    fn open(&mut self, now: Timestamp) -> Actions {
        if self.phase != Phase::New {
            return self.end(End::Broken("opened twice"), 0);
        }
        self.phase = Phase::Opening { since: now };
        let hello = match self.opening {
            Opening::Node { node, registry_size } => {
                Frame::Hello { version: SESSION_VERSION, node, registry_size, deliveries: self.granted }
            }
            Opening::Authority => Frame::AuthorityHello { version: SESSION_VERSION },
            Opening::Enrolling => Frame::EnrolHello { version: SESSION_VERSION },
        };
        vec![Action::Send(hello)]
    }

    fn ask(&mut self, now: Timestamp, ticket: Ticket, ask: Ask) -> Actions {
        if self.room() == 0 {
            return self.end(End::Stopped, 0);
        }
        if let Ask::Submit { envelope } = ask {
            self.held.push_back((ticket, envelope));
            return self.release(now);
        }
        vec![Action::Send(self.number(now, ticket, ask))]
    }

    fn number(&mut self, now: Timestamp, ticket: Ticket, ask: Ask) -> Frame {
        let tag = Tag(self.next_tag);
        self.next_tag = self.next_tag.saturating_add(1);
        self.waiting.insert(tag, Waiting { ticket, kind: ask.kind(), since: now });
        ask.into_frame(tag)
    }

    /// Sends held submits as far as credit goes.
    fn release(&mut self, now: Timestamp) -> Actions {
        let mut actions = Vec::new();
        while let Some(left) = self.submits.checked_sub(1) {
            let Some((ticket, envelope)) = self.held.pop_front() else { break };
            self.submits = left;
            actions.push(Action::Send(self.number(now, ticket, Ask::Submit { envelope })));
        }
        actions
    }

    fn processed(&mut self, count: u32) -> Actions {
        let open = DELIVERIES_IN_FLIGHT_MAX.saturating_sub(self.granted).saturating_sub(self.processed);
        self.processed = self.processed.saturating_add(count.min(open));
        if self.processed < CREDITS_HELD_MAX { Vec::new() } else { self.grant() }
    }

    /// Drops what is to be dropped and grants what was processed.
    fn grant(&mut self) -> Actions {
        let count = core::mem::take(&mut self.processed);
        let drops = core::mem::take(&mut self.drops);
        self.granted = self.granted.saturating_add(count);
        let credit = (count > 0).then_some(Frame::Credit { count });
        let drops = drops.into_iter().map(|(secret, seq)| Frame::SlotDrop { secret, seq });
        self.when_up(|| drops.chain(credit).map(Action::Send).collect())
    }

    fn settle(&mut self, settlements: Vec<Vec<u8>>) -> Actions {
        let mut actions = self.when_up(|| {
            settlements
                .chunks(SETTLE_BATCH_MAX)
                .map(|batch| Action::Send(Frame::Settle { settlements: buffers(batch.to_vec()) }))
                .collect()
        });
        actions.extend(self.grant());
        actions
    }

    fn tick(&mut self, now: Timestamp) -> Actions {
        if let Phase::Opening { since } = self.phase
            && now.since(since) > HANDSHAKE_S
        {
            return self.end(End::Silent("the relay's welcome"), 0);
        }
        if self.waiting.values().any(|waiting| now.since(waiting.since) > REQUEST_S) {
            return self.end(End::Silent("an answer of the relay"), 0);
        }
        Vec::new()
    }

    fn received(&mut self, now: Timestamp, frame: Frame) -> Actions {
        if let Frame::Goodbye { reason, retry_after_s } = frame {
            return self.end(End::Relay(reason), retry_after_s);
        }
        match self.phase {
            Phase::Opening { .. } => self.welcomed(now, frame),
            Phase::Up => self.working(now, frame),
            Phase::New | Phase::Over => self.end(End::Broken("a frame before hello"), 0),
        }
    }

    fn welcomed(&mut self, now: Timestamp, frame: Frame) -> Actions {
        let Frame::Welcome { version, relay, now: relay_now, submits, head } = frame else {
            return self.end(End::Broken("a frame before welcome"), 0);
        };
        if version != SESSION_VERSION {
            return self.end(End::Relay(Goodbye::Version), 0);
        }
        self.phase = Phase::Up;
        self.submits = submits.min(SUBMITS_IN_FLIGHT_MAX);
        let mut actions = vec![Action::Event(Event::Up { relay, relay_now, head })];
        actions.extend(self.release(now));
        actions
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "every frame that is not named here is the other side's")]
    fn working(&mut self, now: Timestamp, frame: Frame) -> Actions {
        if let Some(tag) = tag_of(&frame) {
            return self.answered(tag, frame);
        }
        match frame {
            Frame::Deliver { seq, envelope } => self.spend(Event::Deliver { seq, envelope: envelope.into_vec() }),
            Frame::SlotItem { slot, seq, kind, item } => {
                self.spend(Event::SlotItem { slot, seq, kind, item: item.into_vec() })
            }
            Frame::RegistryHead { head } => vec![Action::Event(Event::Head(head))],
            Frame::ForeignHead { authority, head } => vec![Action::Event(Event::ForeignHead { authority, head })],
            Frame::Credit { count } => {
                let outstanding = self.waiting.values().filter(|waiting| waiting.kind == Kind::Submit).count();
                let outstanding = u32::try_from(outstanding).unwrap_or(u32::MAX);
                let most = SUBMITS_IN_FLIGHT_MAX.saturating_sub(outstanding);
                self.submits = self.submits.saturating_add(count).min(most);
                self.release(now)
            }
            _ => self.end(End::Broken("a frame that only a node sends"), 0),
        }
    }

    /// Deliveries beyond what was granted end the session.
    fn spend(&mut self, event: Event) -> Actions {
        let Some(left) = self.granted.checked_sub(1) else {
            return self.end(End::Broken("more deliveries than granted"), 0);
        };
        self.granted = left;
        vec![Action::Event(event)]
    }

    fn answered(&mut self, tag: Tag, frame: Frame) -> Actions {
        match self.waiting.remove(&tag) {
            Some(waiting) if waiting.kind.takes(&frame) => {
                vec![Action::Event(Event::Answered(waiting.ticket, frame))]
            }
            Some(_) => self.end(End::Broken("an answer of another kind"), 0),
            None => self.end(End::Broken("an answer to nothing"), 0),
        }
    }

    fn end(&mut self, why: End, retry_after_s: u32) -> Actions {
        self.phase = Phase::Over;
        self.waiting.clear();
        self.held.clear();
        let code = match why {
            End::Broken(_) => Goodbye::ProtocolError,
            End::Relay(reason) => reason,
            End::Silent(_) | End::Stopped => Goodbye::ShuttingDown,
        };
        vec![Action::Event(Event::Ended { why, retry_after_s }), Action::Close(code)]
    }
}
