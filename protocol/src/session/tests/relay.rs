//! The accepting end alone: who may say what, how much of it, and when.

use super::NODE;
use crate::{
    frame::{ChangeStand, Frame, Goodbye, Head, SlotItemKind, Tag},
    id::{InviteId, RelayId, RequestId, SlotId},
    limits::{PREKEY_BATCH_MAX, REQUESTS_IN_FLIGHT_MAX, SETTLE_BATCH_MAX, SLOT_WATCH_BATCH_MAX, SUBMITS_IN_FLIGHT_MAX},
    receipt::head::NODE_HEAD_BYTES,
    session::{
        Action,
        relay::{End, Event, Input, Peer, RelaySession},
    },
    time::Timestamp,
};

const NOW: Timestamp = Timestamp(5_000);
const PEERS: [Peer; 3] = [Peer::Node, Peer::Authority, Peer::Enrolling];

fn hello(peer: Peer) -> Frame {
    match peer {
        Peer::Node => Frame::Hello { version: 1, node: NODE, registry_size: 6, deliveries: 2 },
        Peer::Authority => Frame::AuthorityHello { version: 1 },
        Peer::Enrolling => Frame::EnrolHello { version: 1 },
    }
}

fn admitted(peer: Peer) -> RelaySession {
    let mut relay = RelaySession::new(peer, NOW);
    let _hello = relay.on(NOW, Input::Received(hello(peer)));
    let _welcome = relay.on(NOW, Input::Admit { relay: RelayId(1), head: Head::default() });
    relay
}

/// Why a session ended by these actions. The peer is told, and the connection closed, with the same reason.
fn ended(actions: &[Action<Event>]) -> Option<End> {
    match actions {
        [Action::Send(Frame::Goodbye { reason, .. }), Action::Event(Event::Ended(end)), Action::Close(code)] => {
            assert_eq!(reason, code);
            Some(*end)
        }
        _ => None,
    }
}

#[test]
fn each_peer_is_welcomed_after_its_own_hello_and_no_other() {
    for peer in PEERS {
        for other in PEERS {
            let mut relay = RelaySession::new(peer, NOW);
            let told = relay.on(NOW, Input::Received(hello(other)));
            if peer == other {
                let node = (peer == Peer::Node).then_some(NODE);
                let registry_size = if peer == Peer::Node { 6 } else { 0 };
                assert!(told == [Action::Event(Event::Hello { node, registry_size })], "{peer:?}");
            } else {
                let how = "the first frame is not the hello of this protocol";
                assert_eq!(ended(&told), Some(End::Broken(how)), "{other:?} at {peer:?}");
            }
        }
    }
}

#[test]
fn nothing_passes_between_hello_and_welcome() {
    let mut relay = RelaySession::new(Peer::Node, NOW);
    let admit = || Input::Admit { relay: RelayId(3), head: Head::default() };
    let push = || Input::Push(Frame::Deliver { seq: 1, envelope: vec![1].into() });
    assert!(relay.on(NOW, admit()).is_empty(), "nobody is admitted before a hello");
    let _hello = relay.on(NOW, Input::Received(hello(Peer::Node)));
    assert_eq!(relay.window(), 0);
    assert!(relay.on(NOW, push()).is_empty());
    assert!(relay.on(NOW, Input::Head(Head::default())).is_empty());
    assert!(relay.on(NOW, Input::ForeignHead { authority: [1; 32], head: Head::default() }).is_empty());
    assert!(relay.on(NOW.after(900), Input::Tick).is_empty(), "judging has no end of its own");

    let welcome = Frame::Welcome { version: 1, relay: RelayId(3), now: NOW, submits: 64, head: Head::default() };
    assert!(relay.on(NOW, admit()) == [Action::Send(welcome), Action::Event(Event::Window)]);
    assert!(relay.on(NOW, admit()).is_empty(), "once");
    assert_eq!(relay.window(), 2);

    let mut early = RelaySession::new(Peer::Node, NOW);
    let _hello = early.on(NOW, Input::Received(hello(Peer::Node)));
    let told = early.on(NOW, Input::Received(Frame::PrekeyStock { tag: Tag(1) }));
    assert_eq!(ended(&told), Some(End::Broken("a frame before welcome")));
    assert!(early.on(NOW, Input::Received(Frame::PrekeyStock { tag: Tag(1) })).is_empty(), "over is over");
    assert_eq!(early.window(), 0);
}

#[test]
fn a_goodbye_of_the_peer_ends_it_and_one_of_the_relay_says_when_to_come_again() {
    let mut relay = admitted(Peer::Node);
    let told = relay.on(NOW, Input::Received(Frame::Goodbye { reason: Goodbye::Replaced, retry_after_s: 5 }));
    assert!(told == [Action::Event(Event::Ended(End::Peer(Goodbye::Replaced))), Action::Close(Goodbye::Replaced)]);

    let mut relay = admitted(Peer::Node);
    let told = relay.on(NOW, Input::Stop { reason: Goodbye::Busy, retry_after_s: 60 });
    assert_eq!(ended(&told), Some(End::Stopped(Goodbye::Busy)));
    assert!(told.contains(&Action::Send(Frame::Goodbye { reason: Goodbye::Busy, retry_after_s: 60 })));
}

#[test]
fn heads_go_to_nodes_alone() {
    let head = || Head { size: 2, note: vec![1], timestamp: vec![2] };
    for peer in PEERS {
        let mut relay = admitted(peer);
        let own = relay.on(NOW, Input::Head(head()));
        let foreign = relay.on(NOW, Input::ForeignHead { authority: [9; 32], head: head() });
        if peer == Peer::Node {
            assert!(own == [Action::Send(Frame::RegistryHead { head: head() })]);
            assert!(foreign == [Action::Send(Frame::ForeignHead { authority: [9; 32], head: head() })]);
        } else {
            assert!(own.is_empty() && foreign.is_empty(), "{peer:?}");
        }
    }
}

#[test]
fn each_peer_may_say_what_is_its_own_and_nothing_else() {
    use Peer::{Authority, Enrolling, Node};
    let tag = Tag(1);
    let invite = InviteId::from_bytes([1; 16]);
    let bytes = || vec![1].into();
    let frames: Vec<(Frame, &[Peer])> = vec![
        (Frame::Submit { tag, envelope: bytes() }, &[Node]),
        (Frame::Settle { settlements: vec![bytes()] }, &[Node]),
        (Frame::SlotWatch { secrets: Vec::new() }, &[Node]),
        (Frame::SlotDrop { secret: [1; 32], seq: 1 }, &[Node]),
        (Frame::PrekeyPublish { tag, records: Vec::new() }, &[Node]),
        (Frame::PrekeyStock { tag }, &[Node]),
        (Frame::PrekeyFetch { tag, request: RequestId::from_bytes([1; 16]), node: NODE }, &[Node]),
        (Frame::NodeHeadPut { tag, head: Vec::new().into() }, &[Node]),
        (Frame::ForeignFetch { tag, authority: [1; 32], from: 0 }, &[Node]),
        (Frame::ChangePut { tag, request: bytes() }, &[Node]),
        (Frame::RegistryFetch { tag, from: 0 }, &[Node, Authority, Enrolling]),
        (Frame::RootFetch { tag }, &[Node, Authority, Enrolling]),
        (Frame::EnrolSubmit { tag, invite, request: bytes() }, &[Enrolling]),
        (Frame::EnrolFetch { tag, invite }, &[Enrolling]),
        (
            Frame::Publish {
                tag,
                root: bytes(),
                from: 0,
                leaves: Vec::new(),
                records: Vec::new(),
                head: Head::default(),
            },
            &[Authority],
        ),
        (Frame::InvitePut { tag, invites: Vec::new() }, &[Authority]),
        (Frame::RequestsFetch { tag }, &[Authority]),
        (Frame::EnrolAnswer { tag, invite, answer: bytes() }, &[Authority]),
        (Frame::ChangesFetch { tag }, &[Authority]),
        (Frame::HeadsFetch { tag, after: NODE }, &[Authority]),
        (Frame::ChangeSettle { tag, node: NODE, request: [1; 32], state: ChangeStand::Done }, &[Authority]),
        (Frame::Submitted { tag, receipt: bytes() }, &[]),
        (Frame::Root { tag, root: bytes() }, &[]),
        (Frame::Deliver { seq: 1, envelope: bytes() }, &[]),
        (Frame::SlotItem { slot: SlotId::from_bytes([1; 16]), seq: 1, kind: SlotItemKind::Nack, item: bytes() }, &[]),
        (Frame::RegistryHead { head: Head::default() }, &[]),
        (hello(Node), &[]),
        (hello(Authority), &[]),
        (hello(Enrolling), &[]),
    ];
    for (frame, may) in frames {
        for peer in PEERS {
            let told = admitted(peer).on(NOW, Input::Received(frame.clone()));
            if may.contains(&peer) {
                assert!(told == [Action::Event(Event::Request(frame.clone()))], "{} of {peer:?}", frame.name());
            } else {
                let how = End::Broken("a frame that this peer may not send");
                assert_eq!(ended(&told), Some(how), "{} of {peer:?}", frame.name());
            }
        }
    }
    for peer in [Authority, Enrolling] {
        let told = admitted(peer).on(NOW, Input::Received(Frame::Credit { count: 1 }));
        assert_eq!(ended(&told), Some(End::Broken("a frame that this peer may not send")), "{peer:?}");
    }
}

#[test]
fn a_frame_holds_as_much_as_it_may_and_no_more() {
    /// What there are so many of, and how many are taken and refused.
    type Case = (&'static str, fn(usize) -> Frame, &'static [usize], &'static [usize]);
    let tag = Tag(1);
    let cases: [Case; 4] = [
        (
            "settlements",
            |n| Frame::Settle { settlements: vec![vec![1].into(); n] },
            &[1, SETTLE_BATCH_MAX],
            &[0, SETTLE_BATCH_MAX + 1],
        ),
        (
            "slots",
            |n| Frame::SlotWatch { secrets: vec![[1; 32]; n] },
            &[0, SLOT_WATCH_BATCH_MAX],
            &[SLOT_WATCH_BATCH_MAX + 1],
        ),
        (
            "prekeys",
            |n| Frame::PrekeyPublish { tag: Tag(1), records: vec![vec![1].into(); n] },
            &[0, PREKEY_BATCH_MAX],
            &[PREKEY_BATCH_MAX + 1],
        ),
        (
            "a node's head",
            |n| Frame::NodeHeadPut { tag: Tag(1), head: vec![1; n].into() },
            &[0, NODE_HEAD_BYTES],
            &[1, NODE_HEAD_BYTES - 1, NODE_HEAD_BYTES + 1],
        ),
    ];
    for (what, of, fit, too_much) in cases {
        for n in fit {
            let told = admitted(Peer::Node).on(NOW, Input::Received(of(*n)));
            assert!(told == [Action::Event(Event::Request(of(*n)))], "{n} {what}");
        }
        for n in too_much {
            let told = admitted(Peer::Node).on(NOW, Input::Received(of(*n)));
            assert_eq!(ended(&told), Some(End::Broken("too much in one frame")), "{n} {what}");
        }
    }
    let mut relay = admitted(Peer::Node);
    for n in 0..REQUESTS_IN_FLIGHT_MAX as u64 {
        assert_eq!(ended(&relay.on(NOW, Input::Received(Frame::PrekeyStock { tag: Tag(n) }))), None);
    }
    let told = relay.on(NOW, Input::Received(Frame::RootFetch { tag: Tag(999) }));
    assert_eq!(ended(&told), Some(End::Broken("too many requests without an answer")));
    assert!(relay.on(NOW, Input::Answer(Frame::Root { tag, root: vec![1].into() })).is_empty(), "over is over");
}

#[test]
fn credit_fills_the_window_to_its_bound_and_one_more_ends_the_session() {
    let mut relay = admitted(Peer::Node);
    assert!(relay.on(NOW, Input::Received(Frame::Credit { count: 62 })) == [Action::Event(Event::Window)]);
    assert_eq!(relay.window(), 64);
    let told = relay.on(NOW, Input::Received(Frame::Credit { count: 1 }));
    assert_eq!(ended(&told), Some(End::Broken("more credit than the window holds")));

    let mut greedy = RelaySession::new(Peer::Node, NOW);
    let wants = Frame::Hello { version: 1, node: NODE, registry_size: 0, deliveries: u32::MAX };
    let _hello = greedy.on(NOW, Input::Received(wants));
    let _welcome = greedy.on(NOW, Input::Admit { relay: RelayId(1), head: Head::default() });
    assert_eq!(greedy.window(), 64, "whatever the hello asks for");
}

#[test]
fn submits_beyond_the_credit_end_the_session_and_answers_give_it_back_together() {
    let submit = |n| Input::Received(Frame::Submit { tag: Tag(n), envelope: vec![1].into() });
    let answer = |n| Frame::Submitted { tag: Tag(n), receipt: vec![1].into() };
    let stocked = |n| Frame::PrekeyStocked { tag: Tag(n), one_time: Vec::new(), signed: Vec::new(), refused: 0 };
    let most = u64::from(SUBMITS_IN_FLIGHT_MAX);
    let mut relay = admitted(Peer::Node);
    for n in 0..most {
        assert_eq!(ended(&relay.on(NOW, submit(n))), None);
    }
    let _asked = relay.on(NOW, Input::Received(Frame::PrekeyStock { tag: Tag(500) }));

    let unasked = Frame::Credit { count: 9 };
    let told = relay.on(NOW, Input::Answers(vec![answer(0), stocked(500), answer(0), answer(900), unasked, answer(1)]));
    let sent = [answer(0), stocked(500), answer(1), Frame::Credit { count: 2 }].map(Action::Send);
    assert!(told == sent, "each request is answered once, and what nobody asked for goes nowhere");

    for n in [700, 701] {
        assert_eq!(ended(&relay.on(NOW, submit(n))), None);
    }
    assert_eq!(ended(&relay.on(NOW, submit(702))), Some(End::Broken("more submits than granted")));
}
