//! What the connecting end sends for each request, and which answers it takes.

use super::{NODE, up};
use crate::{
    frame::{ChangeStand, EnrolState, Frame, Goodbye, Head, PrekeyRefusal, PublishRefusal, SubmitRefusal, Tag},
    id::{InviteId, NodeId, RequestId},
    session::{
        Action,
        ask::{Ask, Ticket},
        client::{ClientSession, End, Event, Input, Opening},
        tag_of,
    },
    time::{Day, Timestamp},
};

const NOW: Timestamp = Timestamp(5_000);
const INVITE: InviteId = InviteId::from_bytes([4; 16]);

/// Each request, the frame that it must become under tag 1, and which of [`answers`] it takes.
fn asks() -> Vec<(Ask, Frame, &'static [usize])> {
    let tag = Tag(1);
    let head = Head { size: 9, note: vec![1], timestamp: vec![2] };
    let request = RequestId::from_bytes([3; 16]);
    let state = ChangeStand::Done;
    vec![
        (Ask::Submit { envelope: vec![1, 2] }, Frame::Submit { tag, envelope: vec![1, 2].into() }, &[0, 1]),
        (
            Ask::PrekeyPublish { records: vec![vec![1], vec![2, 3]] },
            Frame::PrekeyPublish { tag, records: vec![vec![1].into(), vec![2, 3].into()] },
            &[2],
        ),
        (Ask::PrekeyStock, Frame::PrekeyStock { tag }, &[2]),
        (Ask::PrekeyFetch { request, node: NODE }, Frame::PrekeyFetch { tag, request, node: NODE }, &[3, 4]),
        (Ask::RegistryFetch { from: 7 }, Frame::RegistryFetch { tag, from: 7 }, &[5]),
        (Ask::RootFetch, Frame::RootFetch { tag }, &[6]),
        (
            Ask::EnrolSubmit { invite: INVITE, request: vec![5] },
            Frame::EnrolSubmit { tag, invite: INVITE, request: vec![5].into() },
            &[7],
        ),
        (Ask::EnrolFetch { invite: INVITE }, Frame::EnrolFetch { tag, invite: INVITE }, &[7]),
        (
            Ask::Publish { root: vec![1], from: 2, leaves: vec![vec![3]], records: vec![vec![4]], head: head.clone() },
            Frame::Publish {
                tag,
                root: vec![1].into(),
                from: 2,
                leaves: vec![vec![3].into()],
                records: vec![vec![4].into()],
                head,
            },
            &[8, 9, 10],
        ),
        (
            Ask::InvitePut { invites: vec![(INVITE, Day(8))] },
            Frame::InvitePut { tag, invites: vec![(INVITE, Day(8))] },
            &[8, 9, 10],
        ),
        (Ask::RequestsFetch, Frame::RequestsFetch { tag }, &[11]),
        (
            Ask::EnrolAnswer { invite: INVITE, answer: vec![6] },
            Frame::EnrolAnswer { tag, invite: INVITE, answer: vec![6].into() },
            &[8, 9, 10],
        ),
        (Ask::NodeHeadPut { head: vec![7] }, Frame::NodeHeadPut { tag, head: vec![7].into() }, &[12]),
        (
            Ask::ForeignFetch { authority: [8; 32], from: 3 },
            Frame::ForeignFetch { tag, authority: [8; 32], from: 3 },
            &[5],
        ),
        (Ask::ChangePut { request: vec![9] }, Frame::ChangePut { tag, request: vec![9].into() }, &[13]),
        (Ask::ChangesFetch, Frame::ChangesFetch { tag }, &[14]),
        (
            Ask::ChangeSettle { node: NODE, request: [1; 32], state },
            Frame::ChangeSettle { tag, node: NODE, request: [1; 32], state },
            &[8, 9, 10],
        ),
    ]
}

/// Every answer that a relay gives to a node or an authority's tool.
fn answers(tag: Tag) -> [Frame; 16] {
    let bytes = || vec![1].into();
    [
        Frame::Submitted { tag, receipt: bytes() },
        Frame::SubmitRefused { tag, reason: SubmitRefusal::Malformed, retry_after_s: 0 },
        Frame::PrekeyStocked { tag, one_time: Vec::new(), signed: Vec::new(), refused: 0 },
        Frame::PrekeyServed { tag, record: bytes() },
        Frame::PrekeyRefused { tag, reason: PrekeyRefusal::NoneLeft, retry_after_s: 0 },
        Frame::RegistryPage { tag, from: 0, leaves: Vec::new(), records: Vec::new(), head: Head::default() },
        Frame::Root { tag, root: bytes() },
        Frame::EnrolState { tag, state: EnrolState::Waiting, answer: Vec::new().into() },
        Frame::Published { tag, size: 1 },
        Frame::PublishRefused { tag, reason: PublishRefusal::Gap, size: 1 },
        Frame::Cosigned { tag, size: 1, note: bytes() },
        Frame::Requests { tag, requests: Vec::new() },
        Frame::NodeHead { tag, head: bytes() },
        Frame::ChangeState { tag, state: ChangeStand::Waiting },
        Frame::Changes { tag, requests: Vec::new() },
        Frame::Heads { tag, heads: Vec::new() },
    ]
}

#[test]
fn each_request_becomes_its_frame_and_takes_its_own_answers_alone() {
    for (ask, frame, taken) in asks() {
        for (number, answer) in answers(Tag(1)).into_iter().enumerate() {
            let mut node = up(Opening::Node { node: NODE, registry_size: 0 });
            assert!(
                node.on(NOW, Input::Ask(Ticket(77), ask.clone())) == [Action::Send(frame.clone())],
                "{}",
                frame.name()
            );

            let told = node.on(NOW, Input::Received(answer.clone()));

            let what = format!("{} to {}", answer.name(), frame.name());
            if taken.contains(&number) {
                assert!(told == [Action::Event(Event::Answered(Ticket(77), answer.clone()))], "{what}");
                let again = ended(&node.on(NOW, Input::Received(answer)));
                assert_eq!(again, Some(End::Broken("an answer to nothing")), "{what}, twice");
            } else {
                assert_eq!(ended(&told), Some(End::Broken("an answer of another kind")), "{what}");
            }
        }
    }
}

#[test]
fn what_has_a_tag_is_a_request_or_an_answer_and_the_rest_has_none() {
    for (_, frame, _) in asks() {
        assert_eq!(tag_of(&frame), Some(Tag(1)), "{}", frame.name());
    }
    for answer in answers(Tag(u64::MAX)) {
        assert_eq!(tag_of(&answer), Some(Tag(u64::MAX)), "{}", answer.name());
    }
    assert_eq!(tag_of(&Frame::HeadsFetch { tag: Tag(2), after: NodeId::from_bytes([0; 32]) }), Some(Tag(2)));
    for frame in [
        Frame::Goodbye { reason: Goodbye::ShuttingDown, retry_after_s: 1 },
        Frame::Credit { count: 1 },
        Frame::Deliver { seq: 1, envelope: Vec::new().into() },
        Frame::Settle { settlements: Vec::new() },
        Frame::SlotDrop { secret: [1; 32], seq: 1 },
        Frame::RegistryHead { head: Head::default() },
        Frame::AuthorityHello { version: 1 },
    ] {
        assert_eq!(tag_of(&frame), None, "{}", frame.name());
    }
}

/// Why a session ended by these actions; it closes then, too.
pub(super) fn ended(actions: &[Action<Event>]) -> Option<End> {
    match actions {
        [Action::Event(Event::Ended { why, .. }), Action::Close(_)] => Some(*why),
        _ => None,
    }
}

#[test]
fn each_kind_of_peer_opens_with_its_own_hello() {
    let node = Opening::Node { node: NODE, registry_size: 12 };
    let hellos = [
        (node, Frame::Hello { version: 1, node: NODE, registry_size: 12, deliveries: 64 }),
        (Opening::Authority, Frame::AuthorityHello { version: 1 }),
        (Opening::Enrolling, Frame::EnrolHello { version: 1 }),
    ];
    for (opening, hello) in hellos {
        let mut session = ClientSession::new(opening);
        assert!(session.on(NOW, Input::Open) == [Action::Send(hello)], "{opening:?}");
        assert_eq!(ended(&session.on(NOW, Input::Open)), Some(End::Broken("opened twice")));
        assert!(session.on(NOW, Input::Open).is_empty(), "what is over says nothing more");
    }
}
