//! The connecting end alone: what it takes from a relay, when, and how it ends.

use super::{NODE, asks::ended, up, welcome};
use crate::{
    frame::{Frame, Goodbye, Head, SlotItemKind},
    id::{RelayId, SlotId},
    limits::{HANDSHAKE_S, REQUESTS_IN_FLIGHT_MAX, SETTLE_BATCH_MAX, SLOT_WATCH_BATCH_MAX, SUBMITS_IN_FLIGHT_MAX},
    session::{
        Action,
        ask::{Ask, Ticket},
        client::{ClientSession, End, Event, Input, Opening},
    },
    time::Timestamp,
};

const NOW: Timestamp = Timestamp(5_000);
const AS_NODE: Opening = Opening::Node { node: NODE, registry_size: 0 };

fn sent(actions: &[Action<Event>]) -> Vec<&Frame> {
    actions.iter().map(|action| if let Action::Send(frame) = action { frame } else { panic!("not sent") }).collect()
}

#[test]
fn a_relay_that_says_nothing_for_longer_than_the_handshake_is_left() {
    let mut node = ClientSession::new(AS_NODE);
    let _hello = node.on(NOW, Input::Open);
    assert_eq!(node.room(), 0, "nothing is asked before the welcome");
    assert!(node.on(NOW.after(HANDSHAKE_S), Input::Tick).is_empty());

    let over = node.on(NOW.after(HANDSHAKE_S + 1), Input::Tick);

    assert_eq!(ended(&over), Some(End::Silent("the relay's welcome")));
    assert!(over.contains(&Action::Close(Goodbye::ShuttingDown)));
    assert!(node.on(NOW, Input::Received(welcome(64))).is_empty(), "a welcome after the end is not heard");
    assert_eq!(node.room(), 0);
}

#[test]
fn the_first_frame_must_be_a_welcome_of_this_version() {
    let opened = || {
        let mut node = ClientSession::new(AS_NODE);
        let _hello = node.on(NOW, Input::Open);
        node
    };
    let mut early = ClientSession::new(AS_NODE);
    let before_hello = early.on(NOW, Input::Received(welcome(64)));
    assert_eq!(ended(&before_hello), Some(End::Broken("a frame before hello")));
    let credit = opened().on(NOW, Input::Received(Frame::Credit { count: 1 }));
    assert_eq!(ended(&credit), Some(End::Broken("a frame before welcome")));
    let newer = Frame::Welcome { version: 2, relay: RelayId(1), now: NOW, submits: 1, head: Head::default() };
    let other_version = opened().on(NOW, Input::Received(newer));
    assert_eq!(ended(&other_version), Some(End::Relay(Goodbye::Version)));
    assert!(other_version.contains(&Action::Close(Goodbye::Version)));

    let mut node = opened();
    let head = Head { size: 3, note: vec![1], timestamp: vec![2] };
    let good = Frame::Welcome { version: 1, relay: RelayId(4), now: Timestamp(9), submits: 1, head: head.clone() };
    let told = node.on(NOW, Input::Received(good.clone()));
    assert!(told == [Action::Event(Event::Up { relay: RelayId(4), relay_now: Timestamp(9), head })]);
    assert_eq!(node.room(), REQUESTS_IN_FLIGHT_MAX);
    assert_eq!(ended(&node.on(NOW, Input::Received(good))), Some(End::Broken("a frame that only a node sends")));
}

#[test]
fn a_goodbye_ends_the_session_with_its_reason_and_its_floor() {
    let mut node = up(AS_NODE);
    let told = node.on(NOW, Input::Received(Frame::Goodbye { reason: Goodbye::Busy, retry_after_s: 30 }));
    let why = Event::Ended { why: End::Relay(Goodbye::Busy), retry_after_s: 30 };
    assert!(told == [Action::Event(why), Action::Close(Goodbye::Busy)]);

    let mut node = up(AS_NODE);
    let told = node.on(NOW, Input::Stop);
    let why = Event::Ended { why: End::Stopped, retry_after_s: 0 };
    assert!(told == [Action::Event(why), Action::Close(Goodbye::ShuttingDown)]);
}

#[test]
fn what_a_relay_tells_unasked_reaches_the_application_as_it_came() {
    let mut node = up(AS_NODE);
    let head = Head { size: 8, note: vec![3], timestamp: Vec::new() };
    let slot = SlotId::from_bytes([6; 16]);
    let kind = SlotItemKind::Nack;
    let cases = [
        (
            Frame::SlotItem { slot, seq: 4, kind, item: vec![5].into() },
            Event::SlotItem { slot, seq: 4, kind, item: vec![5] },
        ),
        (Frame::Deliver { seq: 2, envelope: vec![1].into() }, Event::Deliver { seq: 2, envelope: vec![1] }),
        (Frame::RegistryHead { head: head.clone() }, Event::Head(head.clone())),
        (
            Frame::ForeignHead { authority: [7; 32], head: head.clone() },
            Event::ForeignHead { authority: [7; 32], head },
        ),
    ];
    for (frame, event) in cases {
        assert!(node.on(NOW, Input::Received(frame.clone())) == [Action::Event(event)], "{}", frame.name());
    }
    let of_a_node = node.on(NOW, Input::Received(Frame::SlotDrop { secret: [1; 32], seq: 1 }));
    assert_eq!(ended(&of_a_node), Some(End::Broken("a frame that only a node sends")));
}

#[test]
fn slot_items_use_up_the_window_as_deliveries_do() {
    let mut node = up(AS_NODE);
    let item = || Frame::SlotItem {
        slot: SlotId::from_bytes([6; 16]),
        seq: 4,
        kind: SlotItemKind::Envelope,
        item: vec![5].into(),
    };
    for _ in 0..64 {
        assert_eq!(ended(&node.on(NOW, Input::Received(item()))), None);
    }
    let beyond = node.on(NOW, Input::Received(item()));
    assert_eq!(ended(&beyond), Some(End::Broken("more deliveries than granted")));
}

#[test]
fn slots_and_settlements_go_out_in_frames_that_the_relay_takes() {
    let mut node = up(AS_NODE);
    let watched = node.on(NOW, Input::Watch(vec![[1; 32]; SLOT_WATCH_BATCH_MAX + 1]));
    let counts: Vec<usize> = sent(&watched)
        .into_iter()
        .map(|frame| if let Frame::SlotWatch { secrets } = frame { secrets.len() } else { 0 })
        .collect();
    assert_eq!(counts, [SLOT_WATCH_BATCH_MAX, 1]);

    let settled = node.on(NOW, Input::Settle(vec![vec![2]; SETTLE_BATCH_MAX + 1]));
    let counts: Vec<usize> = sent(&settled)
        .into_iter()
        .map(|frame| if let Frame::Settle { settlements } = frame { settlements.len() } else { 0 })
        .collect();
    assert_eq!(counts, [SETTLE_BATCH_MAX, 1]);

    let mut not_up = ClientSession::new(AS_NODE);
    assert!(not_up.on(NOW, Input::Watch(vec![[1; 32]])).is_empty());
    assert!(not_up.on(NOW, Input::Settle(vec![vec![2]])).is_empty());
}

#[test]
fn a_request_beyond_the_room_ends_the_session_and_held_submits_take_room() {
    let mut node = up(AS_NODE);
    let mut ticket = 0;
    let mut ask = |node: &mut ClientSession, ask| {
        ticket += 1;
        node.on(NOW, Input::Ask(Ticket(ticket), ask))
    };
    for left in (0..REQUESTS_IN_FLIGHT_MAX).rev() {
        let submit = left % 2 == 0;
        let request = if submit { Ask::Submit { envelope: vec![1] } } else { Ask::RootFetch };
        assert_eq!(ended(&ask(&mut node, request)), None);
        assert_eq!(node.room(), left);
    }
    assert_eq!(ended(&ask(&mut node, Ask::RootFetch)), Some(End::Stopped));
}

#[test]
fn credit_frees_as_many_submits_as_it_says_and_never_more_than_may_be_open() {
    let mut node = up(AS_NODE);
    for n in 0..100 {
        let _sent = node.on(NOW, Input::Ask(Ticket(n), Ask::Submit { envelope: vec![1] }));
    }
    assert!(node.on(NOW, Input::Received(Frame::Credit { count: 5 })).is_empty(), "64 are open already");
    for tag in 1..=10 {
        let answer = Frame::Submitted { tag: crate::frame::Tag(tag), receipt: vec![1].into() };
        let _told = node.on(NOW, Input::Received(answer));
    }
    assert_eq!(sent(&node.on(NOW, Input::Received(Frame::Credit { count: 3 }))).len(), 3);
    assert_eq!(sent(&node.on(NOW, Input::Received(Frame::Credit { count: u32::MAX }))).len(), 7);

    let mut generous = ClientSession::new(AS_NODE);
    let _hello = generous.on(NOW, Input::Open);
    let _up = generous.on(NOW, Input::Received(welcome(u32::MAX)));
    let out =
        (0..100).filter(|n| !generous.on(NOW, Input::Ask(Ticket(*n), Ask::Submit { envelope: vec![1] })).is_empty());
    assert_eq!(out.count(), SUBMITS_IN_FLIGHT_MAX as usize);
}
