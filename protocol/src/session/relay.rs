//! The accepting end, one connection (`docs/PROTOCOL.md` §5).
//!
//! It lets through only what this peer may say in this state, holds the peer to its credits, and itself to the peer's.
//! Whether a request is granted is decided outside: every accepted request appears as [`Event::Request`] and is answered
//! by [`Input::Answer`] with a frame of the same tag.

use std::collections::BTreeSet;

use super::{Action, tag_of};
use crate::{
    frame::{Frame, Goodbye, Head, SESSION_VERSION, Tag},
    id::{NodeId, RelayId},
    limits::{
        DELIVERIES_IN_FLIGHT_MAX, HANDSHAKE_S, PREKEY_BATCH_MAX, REQUESTS_IN_FLIGHT_MAX, SETTLE_BATCH_MAX,
        SLOT_WATCH_BATCH_MAX, SUBMITS_IN_FLIGHT_MAX,
    },
    receipt::head::NODE_HEAD_BYTES,
    time::Timestamp,
};

/// Who is at the other end, as the ALPN says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Peer {
    /// A node; its TLS key was found in the registry.
    Node,
    /// The authority; its TLS key is that of the root file.
    Authority,
    /// Anyone, to enrol.
    Enrolling,
}

/// What happens to a session.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Input {
    /// A frame came.
    Received(Frame),
    /// The hello was found good: welcome the peer.
    Admit {
        /// This relay's number.
        relay: RelayId,
        /// The newest registry head.
        head: Head,
    },
    /// The answer to a request, with its tag.
    Answer(Frame),
    /// Answers that are ready at once: they give back their credit together.
    Answers(Vec<Frame>),
    /// `Deliver` or `SlotItem` to send; only while [`RelaySession::window`] is above 0.
    Push(Frame),
    /// The registry has a newer head.
    Head(Head),
    /// A recognised authority's log has this head.
    ForeignHead {
        /// The hash of the root file that our authority recognised.
        authority: [u8; 32],
        /// Its head.
        head: Head,
    },
    /// Time has passed; at least once a second until admitted.
    Tick,
    /// End the session with this reason.
    Stop {
        /// Why.
        reason: Goodbye,
        /// Seconds until a new connection makes sense.
        retry_after_s: u32,
    },
}

/// What the relay is told.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// A node says who it is; answer with [`Input::Admit`] or [`Input::Stop`].
    Hello {
        /// The node, where the peer is one; to be checked against the TLS key.
        node: Option<NodeId>,
        /// Leaves that it holds.
        registry_size: u64,
    },
    /// A request to answer, or a one-way frame (`Settle`, `SlotWatch`, `SlotDrop`).
    Request(Frame),
    /// The delivery window has grown.
    Window,
    /// The session is over.
    Ended(End),
}

/// Why a session ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum End {
    /// The peer said goodbye.
    Peer(Goodbye),
    /// The peer broke the protocol: how.
    Broken(&'static str),
    /// No hello in time.
    Silent,
    /// The relay ended it.
    Stopped(Goodbye),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    AwaitHello { since: Timestamp },
    Judging,
    Up,
    Over,
}

/// The state of one connection at the accepting end.
pub struct RelaySession {
    peer: Peer,
    phase: Phase,
    /// Requests accepted and not answered.
    open: BTreeSet<Tag>,
    open_submits: BTreeSet<Tag>,
    /// Deliveries that the peer still takes.
    window: u32,
    /// Submits that the peer may still send.
    submits: u32,
}

type Actions = Vec<Action<Event>>;

impl RelaySession {
    /// A connection that was accepted at `now`.
    #[must_use]
    pub const fn new(peer: Peer, now: Timestamp) -> Self {
        Self {
            peer,
            phase: Phase::AwaitHello { since: now },
            open: BTreeSet::new(),
            open_submits: BTreeSet::new(),
            window: 0,
            submits: SUBMITS_IN_FLIGHT_MAX,
        }
    }

    /// How many deliveries may be pushed now.
    #[must_use]
    pub const fn window(&self) -> u32 {
        match self.phase {
            Phase::Up => self.window,
            Phase::AwaitHello { .. } | Phase::Judging | Phase::Over => 0,
        }
    }

    /// Takes one input and says what to do.
    #[must_use]
    pub fn on(&mut self, now: Timestamp, input: Input) -> Actions {
        if self.phase == Phase::Over {
            return Vec::new();
        }
        match input {
            Input::Received(frame) => self.received(frame),
            Input::Admit { relay, head } => self.admit(now, relay, head),
            Input::Answer(frame) => self.answers([frame]),
            Input::Answers(frames) => self.answers(frames),
            Input::Push(frame) => self.push(frame),
            Input::Head(head) => match (self.phase, self.peer) {
                (Phase::Up, Peer::Node) => vec![Action::Send(Frame::RegistryHead { head })],
                _ => Vec::new(),
            },
            Input::ForeignHead { authority, head } => match (self.phase, self.peer) {
                (Phase::Up, Peer::Node) => vec![Action::Send(Frame::ForeignHead { authority, head })],
                _ => Vec::new(),
            },
            Input::Tick => match self.phase {
                Phase::AwaitHello { since } if now.since(since) > HANDSHAKE_S => {
                    self.end(End::Silent, Goodbye::ProtocolError, 0)
                }
                Phase::AwaitHello { .. } | Phase::Judging | Phase::Up | Phase::Over => Vec::new(),
            },
            Input::Stop { reason, retry_after_s } => self.end(End::Stopped(reason), reason, retry_after_s),
        }
    }

    fn received(&mut self, frame: Frame) -> Actions {
        if let Frame::Goodbye { reason, .. } = frame {
            self.phase = Phase::Over;
            return vec![Action::Event(Event::Ended(End::Peer(reason))), Action::Close(reason)];
        }
        match self.phase {
            Phase::AwaitHello { .. } => self.hello(&frame),
            Phase::Judging => self.broken("a frame before welcome"),
            Phase::Up => self.request(frame),
            Phase::Over => Vec::new(),
        }
    }

    fn hello(&mut self, frame: &Frame) -> Actions {
        let (version, node, registry_size, window) = match (self.peer, frame) {
            (Peer::Node, Frame::Hello { version, node, registry_size, deliveries }) => {
                (*version, Some(*node), *registry_size, (*deliveries).min(DELIVERIES_IN_FLIGHT_MAX))
            }
            (Peer::Authority, Frame::AuthorityHello { version }) | (Peer::Enrolling, Frame::EnrolHello { version }) => {
                (*version, None, 0, 0)
            }
            _ => return self.broken("the first frame is not the hello of this protocol"),
        };
        if version != SESSION_VERSION {
            return self.end(End::Stopped(Goodbye::Version), Goodbye::Version, 0);
        }
        self.phase = Phase::Judging;
        self.window = window;
        vec![Action::Event(Event::Hello { node, registry_size })]
    }

    fn admit(&mut self, now: Timestamp, relay: RelayId, head: Head) -> Actions {
        if self.phase != Phase::Judging {
            return Vec::new();
        }
        self.phase = Phase::Up;
        let welcome = Frame::Welcome { version: SESSION_VERSION, relay, now, submits: self.submits, head };
        vec![Action::Send(welcome), Action::Event(Event::Window)]
    }

    fn request(&mut self, frame: Frame) -> Actions {
        if let Err(how) = self.allowed(&frame) {
            return self.broken(how);
        }
        if let Frame::Credit { count } = frame {
            let window = self.window.saturating_add(count);
            if window > DELIVERIES_IN_FLIGHT_MAX {
                return self.broken("more credit than the window holds");
            }
            self.window = window;
            return vec![Action::Event(Event::Window)];
        }
        if let Some(tag) = tag_of(&frame) {
            if self.open.len() >= REQUESTS_IN_FLIGHT_MAX {
                return self.broken("too many requests without an answer");
            }
            if !self.open.insert(tag) {
                return self.broken("a tag in use again");
            }
            if matches!(frame, Frame::Submit { .. }) {
                let Some(left) = self.submits.checked_sub(1) else {
                    return self.broken("more submits than granted");
                };
                self.submits = left;
                self.open_submits.insert(tag);
            }
        }
        vec![Action::Event(Event::Request(frame))]
    }

    /// What this peer may say, and how much of it in one frame.
    fn allowed(&self, frame: &Frame) -> Result<(), &'static str> {
        let fits = match (self.peer, frame) {
            (Peer::Node, Frame::Settle { settlements }) => {
                !settlements.is_empty() && settlements.len() <= SETTLE_BATCH_MAX
            }
            (Peer::Node, Frame::SlotWatch { secrets }) => secrets.len() <= SLOT_WATCH_BATCH_MAX,
            (Peer::Node, Frame::PrekeyPublish { records, .. }) => records.len() <= PREKEY_BATCH_MAX,
            (Peer::Node, Frame::NodeHeadPut { head, .. }) => head.is_empty() || head.len() == NODE_HEAD_BYTES,
            (
                Peer::Node,
                Frame::Submit { .. }
                | Frame::Credit { .. }
                | Frame::PrekeyStock { .. }
                | Frame::PrekeyFetch { .. }
                | Frame::SlotDrop { .. }
                | Frame::RegistryFetch { .. }
                | Frame::ForeignFetch { .. }
                | Frame::RootFetch { .. }
                | Frame::ChangePut { .. },
            )
            | (
                Peer::Enrolling,
                Frame::RootFetch { .. }
                | Frame::RegistryFetch { .. }
                | Frame::EnrolSubmit { .. }
                | Frame::EnrolFetch { .. },
            )
            | (
                Peer::Authority,
                Frame::RootFetch { .. }
                | Frame::RegistryFetch { .. }
                | Frame::Publish { .. }
                | Frame::InvitePut { .. }
                | Frame::RequestsFetch { .. }
                | Frame::EnrolAnswer { .. }
                | Frame::ChangesFetch { .. }
                | Frame::HeadsFetch { .. }
                | Frame::ChangeSettle { .. },
            ) => true,
            _ => return Err("a frame that this peer may not send"),
        };
        if fits { Ok(()) } else { Err("too much in one frame") }
    }

    fn answers(&mut self, frames: impl IntoIterator<Item = Frame>) -> Actions {
        let mut actions = Vec::new();
        let mut count = 0_u32;
        for frame in frames {
            let Some(tag) = tag_of(&frame) else { continue };
            if self.phase != Phase::Up || !self.open.remove(&tag) {
                continue;
            }
            if self.open_submits.remove(&tag) {
                count = count.saturating_add(1);
            }
            actions.push(Action::Send(frame));
        }
        if count > 0 {
            self.submits = self.submits.saturating_add(count);
            actions.push(Action::Send(Frame::Credit { count }));
        }
        actions
    }

    fn push(&mut self, frame: Frame) -> Actions {
        match (self.phase, self.window.checked_sub(1)) {
            (Phase::Up, Some(left)) => {
                self.window = left;
                vec![Action::Send(frame)]
            }
            _ => Vec::new(),
        }
    }

    fn broken(&mut self, how: &'static str) -> Actions {
        self.end(End::Broken(how), Goodbye::ProtocolError, 0)
    }

    fn end(&mut self, why: End, reason: Goodbye, retry_after_s: u32) -> Actions {
        self.phase = Phase::Over;
        vec![
            Action::Send(Frame::Goodbye { reason, retry_after_s }),
            Action::Event(Event::Ended(why)),
            Action::Close(reason),
        ]
    }
}
