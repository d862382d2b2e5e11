//! Both ends in one thread, without a network.

mod asks;
mod client;
mod relay;

use std::collections::VecDeque;

use super::{
    Action,
    client::{self as node, Ask, ClientSession, Opening, Ticket},
    relay::{self as accepting, Peer, RelaySession},
};
use crate::{
    frame::{Frame, Goodbye, Head, SESSION_VERSION, Tag},
    id::{NodeId, RelayId},
    limits::{CREDITS_HELD_MAX, DELIVERIES_IN_FLIGHT_MAX, REQUEST_S, SUBMITS_IN_FLIGHT_MAX},
    time::Timestamp,
};

const NODE: NodeId = NodeId::from_bytes([7; 32]);

/// The relay's welcome, with credit for so many submits.
fn welcome(submits: u32) -> Frame {
    Frame::Welcome { version: SESSION_VERSION, relay: RelayId(1), now: Timestamp(0), submits, head: Head::default() }
}

/// A connecting end that was welcomed.
fn up(opening: Opening) -> ClientSession {
    let mut session = ClientSession::new(opening);
    let _hello = session.on(Timestamp(5_000), node::Input::Open);
    let _up = session.on(Timestamp(5_000), node::Input::Received(welcome(SUBMITS_IN_FLIGHT_MAX)));
    session
}

/// Two ends and the frames between them.
struct Pair {
    now: Timestamp,
    node: ClientSession,
    relay: RelaySession,
    node_events: Vec<node::Event>,
    requests: VecDeque<Frame>,
    relay_end: Option<accepting::End>,
    submits_seen_open_max: usize,
}

impl Pair {
    fn new() -> Self {
        let now = Timestamp(1_000_000);
        let mut pair = Self {
            now,
            node: ClientSession::new(Opening::Node { node: NODE, registry_size: 0 }),
            relay: RelaySession::new(Peer::Node, now),
            node_events: Vec::new(),
            requests: VecDeque::new(),
            relay_end: None,
            submits_seen_open_max: 0,
        };
        pair.at_node(node::Input::Open);
        pair
    }

    fn at_node(&mut self, input: node::Input) {
        for action in self.node.on(self.now, input) {
            match action {
                Action::Send(frame) => self.at_relay(accepting::Input::Received(over_the_wire(frame))),
                Action::Event(event) => self.node_events.push(event),
                Action::Close(_) => {}
            }
        }
    }

    fn at_relay(&mut self, input: accepting::Input) {
        for action in self.relay.on(self.now, input) {
            match action {
                Action::Send(frame) => self.at_node(node::Input::Received(over_the_wire(frame))),
                Action::Event(accepting::Event::Hello { node, .. }) => {
                    assert_eq!(node, Some(NODE));
                    self.at_relay(accepting::Input::Admit { relay: RelayId(1), head: Head::default() });
                }
                Action::Event(accepting::Event::Request(frame)) => {
                    self.requests.push_back(frame);
                    self.submits_seen_open_max = self.submits_seen_open_max.max(self.requests.len());
                }
                Action::Event(accepting::Event::Window) => {}
                Action::Event(accepting::Event::Ended(end)) => self.relay_end = Some(end),
                Action::Close(_) => {}
            }
        }
    }

    fn answer_one(&mut self) -> bool {
        let Some(Frame::Submit { tag, .. }) = self.requests.pop_front() else { return false };
        self.at_relay(accepting::Input::Answer(Frame::Submitted { tag, receipt: vec![1].into() }));
        true
    }

    fn ended(&self) -> Option<node::End> {
        self.node_events.iter().find_map(
            |event| {
                if let node::Event::Ended { why, .. } = event { Some(*why) } else { None }
            },
        )
    }
}

fn over_the_wire(frame: Frame) -> Frame {
    let wire = frame.to_wire().unwrap();
    let (prefix, body) = wire.split_first_chunk::<4>().unwrap();
    assert_eq!(Frame::body_length(*prefix), Ok(body.len()));
    Frame::from_body(body).unwrap()
}

#[test]
fn submits_wait_for_credit_and_are_all_answered_once() {
    let mut pair = Pair::new();

    for n in 0..150 {
        pair.at_node(node::Input::Ask(Ticket(n), Ask::Submit { envelope: vec![0; 64] }));
    }
    assert_eq!(pair.requests.len(), SUBMITS_IN_FLIGHT_MAX as usize);
    while pair.answer_one() {}

    let mut tickets: Vec<u64> = pair
        .node_events
        .iter()
        .filter_map(|event| {
            if let node::Event::Answered(ticket, Frame::Submitted { .. }) = event { Some(ticket.0) } else { None }
        })
        .collect();
    tickets.sort_unstable();
    assert_eq!(tickets, (0..150).collect::<Vec<_>>());
    assert_eq!(pair.submits_seen_open_max, SUBMITS_IN_FLIGHT_MAX as usize);
    assert!(pair.relay_end.is_none());
}

#[test]
fn deliveries_stop_at_the_window_and_go_on_with_credit() {
    let mut pair = Pair::new();

    for seq in 0..100 {
        pair.at_relay(accepting::Input::Push(Frame::Deliver { seq, envelope: vec![1].into() }));
    }
    let delivered = |pair: &Pair| pair.node_events.iter().filter(|e| matches!(e, node::Event::Deliver { .. })).count();
    assert_eq!(delivered(&pair), DELIVERIES_IN_FLIGHT_MAX as usize);

    pair.at_node(node::Input::Processed(3));
    pair.at_node(node::Input::Settle(Vec::new()));
    assert_eq!(pair.relay.window(), 3);
}

#[test]
fn credit_and_drops_wait_for_the_tick_or_for_half_the_window() {
    let mut pair = Pair::new();
    for seq in 0..u64::from(DELIVERIES_IN_FLIGHT_MAX) {
        pair.at_relay(accepting::Input::Push(Frame::Deliver { seq, envelope: vec![1].into() }));
    }
    let drop = || node::Input::DropItem { secret: [3; 32], seq: 9 };

    for _ in 1..CREDITS_HELD_MAX {
        pair.at_node(drop());
        pair.at_node(node::Input::Processed(1));
    }
    assert_eq!((pair.relay.window(), pair.requests.len()), (0, 0), "no single delivery shows before the tick");
    pair.at_node(node::Input::Processed(1));
    assert_eq!(pair.relay.window(), CREDITS_HELD_MAX, "half the window is granted without the tick");

    pair.at_node(drop());
    pair.at_node(node::Input::Processed(1));
    let tick = pair.node.on(pair.now, node::Input::Settle(vec![vec![0; 160]]));
    let sent: Vec<&str> = tick
        .iter()
        .map(|action| if let Action::Send(frame) = action { frame.name() } else { "something else" })
        .collect();
    assert_eq!(sent, ["settle", "slot-drop", "credit"]);
    assert!(pair.node.on(pair.now, node::Input::Settle(Vec::new())).is_empty(), "each is granted once");
}

#[test]
fn a_relay_that_overruns_the_window_is_left() {
    let mut node = ClientSession::new(Opening::Node { node: NODE, registry_size: 0 });
    let now = Timestamp(0);
    let _hello = node.on(now, node::Input::Open);
    let welcome = Frame::Welcome { version: 1, relay: RelayId(1), now, submits: 64, head: Head::default() };
    let _up = node.on(now, node::Input::Received(welcome));

    let mut last = Vec::new();
    for seq in 0..=u64::from(DELIVERIES_IN_FLIGHT_MAX) {
        last = node.on(now, node::Input::Received(Frame::Deliver { seq, envelope: vec![1].into() }));
    }
    assert!(last.contains(&Action::Close(Goodbye::ProtocolError)));
}

#[test]
fn silence_ends_the_session() {
    let mut pair = Pair::new();
    pair.at_node(node::Input::Ask(Ticket(1), Ask::PrekeyStock));

    pair.now = pair.now.after(REQUEST_S);
    pair.at_node(node::Input::Tick);
    assert!(pair.ended().is_none());
    pair.now = pair.now.after(1);
    pair.at_node(node::Input::Tick);
    assert_eq!(pair.ended(), Some(node::End::Silent("an answer of the relay")));
}

#[test]
fn a_reused_tag_ends_the_session() {
    let mut pair = Pair::new();
    for _ in 0..2 {
        pair.at_relay(accepting::Input::Received(Frame::PrekeyStock { tag: Tag(9) }));
    }
    assert_eq!(pair.relay_end, Some(accepting::End::Broken("a tag in use again")));
    assert_eq!(pair.ended(), Some(node::End::Relay(Goodbye::ProtocolError)));
}

#[test]
fn a_node_may_not_speak_as_the_authority() {
    let mut pair = Pair::new();
    pair.at_relay(accepting::Input::Received(Frame::RequestsFetch { tag: Tag(1) }));
    assert_eq!(pair.relay_end, Some(accepting::End::Broken("a frame that this peer may not send")));
}

#[test]
fn an_answer_of_another_kind_ends_the_session() {
    let mut pair = Pair::new();
    pair.at_node(node::Input::Ask(Ticket(1), Ask::PrekeyStock));
    let Some(Frame::PrekeyStock { tag }) = pair.requests.pop_front() else { panic!("no request") };
    pair.at_relay(accepting::Input::Answer(Frame::Root { tag, root: vec![1].into() }));
    assert_eq!(pair.ended(), Some(node::End::Broken("an answer of another kind")));
}

#[test]
fn another_version_is_refused_with_that_reason() {
    let mut relay = RelaySession::new(Peer::Node, Timestamp(0));
    let hello = Frame::Hello { version: SESSION_VERSION + 1, node: NODE, registry_size: 0, deliveries: 1 };
    let actions = relay.on(Timestamp(0), accepting::Input::Received(hello));
    assert!(actions.contains(&Action::Close(Goodbye::Version)));
}

#[test]
fn a_peer_without_a_hello_is_let_go() {
    let mut relay = RelaySession::new(Peer::Enrolling, Timestamp(0));
    assert!(relay.on(Timestamp(10), accepting::Input::Tick).is_empty());
    let actions = relay.on(Timestamp(11), accepting::Input::Tick);
    assert!(actions.contains(&Action::Event(accepting::Event::Ended(accepting::End::Silent))));
}
