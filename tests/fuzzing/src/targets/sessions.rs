//! Both ends of a session, fed a stream of bytes in pieces as a network would: lengths, frames, and what the machines make of them.

use std::sync::OnceLock;

use arbitrary::{Result, Unstructured};
use safeconduct_protocol::{
    codec::CodecError,
    frame::{Frame, Goodbye, Head, LENGTH_PREFIX_BYTES, SESSION_VERSION, Tag},
    id::{InviteId, NodeId, RelayId, RequestId},
    limits::FRAME_BYTES_MAX,
    time::Timestamp,
};

use super::wire::golden_bodies;
use crate::{bound::Bound, golden::golden_text, input};

const NODE: NodeId = NodeId::from_bytes([7; 32]);
const NOW: Timestamp = Timestamp(1_000_000);
/// Things that happen to one session.
const STEPS_MAX: usize = 400;
/// A machine keeps tags and a few numbers; what it is given it hands on.
const BOUND: Bound = Bound::new(64 * 1024, 8);

/// What came of a stream and is no frame yet.
#[derive(Default)]
struct Stream(Vec<u8>);

impl Stream {
    /// Takes a piece; gives the frames that are whole now, or why the other end is to be left.
    fn take(&mut self, piece: &[u8]) -> std::result::Result<Vec<Frame>, CodecError> {
        self.0.extend_from_slice(piece);
        let mut frames = Vec::new();
        while let Some((prefix, rest)) = self.0.split_first_chunk::<LENGTH_PREFIX_BYTES>() {
            let length = Frame::body_length(*prefix)?;
            assert!((1..=FRAME_BYTES_MAX).contains(&length));
            let Some(body) = rest.get(..length) else { break };
            frames.push(Frame::from_body(body)?);
            self.0.drain(..LENGTH_PREFIX_BYTES + length);
        }
        Ok(frames)
    }
}

/// A frame that the machines know what to do with, under a tag that may be in use.
fn frame(left: &mut Unstructured<'_>) -> Result<Frame> {
    let tag = Tag(left.int_in_range(0..=20)?);
    let some = |left: &mut Unstructured<'_>, most: usize| left.int_in_range(0..=most);
    Ok(match left.int_in_range(0..=21_u8)? {
        0 => Frame::Hello {
            version: left.int_in_range(0..=2)?,
            node: NODE,
            registry_size: 3,
            deliveries: left.arbitrary()?,
        },
        1 => Frame::Welcome {
            version: left.int_in_range(0..=2)?,
            relay: RelayId(1),
            now: NOW,
            submits: left.arbitrary()?,
            head: Head::default(),
        },
        2 => Frame::Credit { count: *left.choose(&[0, 1, 2, 63, 64, 65, u32::MAX])? },
        3 | 4 => Frame::Submit { tag, envelope: vec![1; some(left, 3)?].into() },
        5 => Frame::Submitted { tag, receipt: vec![2].into() },
        6 => Frame::Deliver { seq: left.arbitrary()?, envelope: vec![3].into() },
        7 => Frame::Settle { settlements: vec![vec![4].into(); *left.choose(&[0, 1, 256, 257])?] },
        8 => Frame::PrekeyPublish { tag, records: vec![vec![5].into(); *left.choose(&[0, 1, 90, 91])?] },
        9 => Frame::PrekeyStock { tag },
        10 => Frame::PrekeyStocked { tag, one_time: Vec::new(), signed: Vec::new(), refused: 0 },
        11 => Frame::PrekeyFetch { tag, request: RequestId::from_bytes([6; 16]), node: NODE },
        12 => Frame::SlotWatch { secrets: vec![[7; 32]; *left.choose(&[0, 1, 1024, 1025])?] },
        13 => Frame::SlotDrop { secret: [8; 32], seq: left.arbitrary()? },
        14 => Frame::RegistryFetch { tag, from: left.arbitrary()? },
        15 => Frame::RootFetch { tag },
        16 => Frame::Root { tag, root: vec![9].into() },
        17 => Frame::NodeHeadPut { tag, head: vec![1; *left.choose(&[0, 1, 187, 188])?].into() },
        18 => Frame::EnrolFetch { tag, invite: InviteId::from_bytes([1; 16]) },
        19 => Frame::AuthorityHello { version: SESSION_VERSION },
        20 => Frame::EnrolHello { version: SESSION_VERSION },
        _ => Frame::Goodbye { reason: Goodbye::Busy, retry_after_s: left.arbitrary()? },
    })
}

/// A piece of the stream: a frame of a kind, a golden one with changes, or bytes.
fn piece(left: &mut Unstructured<'_>, golden: &[Vec<u8>]) -> Result<Vec<u8>> {
    Ok(match left.int_in_range(0..=7_u8)? {
        0 => {
            let few = left.int_in_range(0..=40_usize)?.min(left.len());
            left.bytes(few)?.to_vec()
        }
        1 => {
            let body = left.choose(golden)?;
            let wire = [&u32::try_from(body.len()).unwrap_or(0).to_be_bytes(), body.as_slice()].concat();
            let few = left.int_in_range(0..=12_usize)?.min(left.len());
            input::changed(&mut Unstructured::new(left.bytes(few)?), &wire)
        }
        _ => frame(left)?.to_wire().unwrap(),
    })
}

/// The golden frames, read once.
fn golden() -> &'static [Vec<u8>] {
    static GOLDEN: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    GOLDEN.get_or_init(|| golden_bodies(golden_text!("frames.txt")))
}

pub(super) mod relay_session {
    use std::collections::BTreeMap;

    use arbitrary::{Result, Unstructured};
    use safeconduct_protocol::{
        frame::{Frame, Goodbye, Head, Tag},
        id::RelayId,
        limits::{DELIVERIES_IN_FLIGHT_MAX, REQUESTS_IN_FLIGHT_MAX, SUBMITS_IN_FLIGHT_MAX},
        session::{
            Action,
            relay::{Event, Input, Peer as Kind, RelaySession},
            tag_of,
        },
    };

    use super::{BOUND, NOW, STEPS_MAX, Stream, golden, piece};
    use crate::targets::Seeds;

    /// A relay's end, and what it has let through.
    struct End {
        session: RelaySession,
        kind: Kind,
        stream: Stream,
        /// Requests that were let through and are not answered.
        open: BTreeMap<Tag, bool>,
        /// Answers that went out, for each tag less the requests under it.
        deliveries_granted: u64,
        pushed: u64,
        is_up: bool,
        is_over: bool,
    }

    impl End {
        #[expect(clippy::wildcard_enum_match_arm, reason = "what is not named here passes")]
        fn on(&mut self, input: Input) {
            let actions = BOUND.hold(200_000, || self.session.on(NOW, input));
            let mut closed = false;
            for action in actions {
                assert!(!self.is_over && !closed, "something follows the close");
                match action {
                    Action::Send(frame) => self.sent(&frame),
                    Action::Event(Event::Hello { node, .. }) => {
                        assert_eq!(node.is_some(), self.kind == Kind::Node);
                        assert!(!self.is_up, "a second hello");
                    }
                    Action::Event(Event::Request(frame)) => self.let_through(&frame),
                    Action::Close(_) => closed = true,
                    _ => {}
                }
            }
            self.is_over |= closed;
            assert!(self.session.window() <= DELIVERIES_IN_FLIGHT_MAX);
            assert!(self.open.len() <= REQUESTS_IN_FLIGHT_MAX);
            let submits = self.open.values().filter(|is_submit| **is_submit).count();
            assert!(submits <= SUBMITS_IN_FLIGHT_MAX as usize, "more submits than were granted");
        }

        #[expect(clippy::wildcard_enum_match_arm, reason = "all others are answers")]
        fn sent(&mut self, frame: &Frame) {
            match frame {
                Frame::Welcome { .. } => self.is_up = true,
                Frame::Deliver { .. } | Frame::SlotItem { .. } => self.pushed += 1,
                Frame::Goodbye { .. }
                | Frame::Credit { .. }
                | Frame::RegistryHead { .. }
                | Frame::ForeignHead { .. } => {}
                answer => {
                    let tag = tag_of(answer).unwrap();
                    assert!(self.open.remove(&tag).is_some(), "an answer to nothing, or a second one");
                }
            }
        }

        fn let_through(&mut self, frame: &Frame) {
            assert!(self.is_up, "a request before welcome");
            if let Some(tag) = tag_of(frame) {
                let before = self.open.insert(tag, matches!(frame, Frame::Submit { .. }));
                assert!(before.is_none(), "two requests under one tag");
            }
            let is_authoritys = matches!(
                frame,
                Frame::Publish { .. }
                    | Frame::InvitePut { .. }
                    | Frame::RequestsFetch { .. }
                    | Frame::EnrolAnswer { .. }
                    | Frame::ChangesFetch { .. }
                    | Frame::ChangeSettle { .. }
                    | Frame::HeadsFetch { .. }
            );
            let is_nodes = matches!(
                frame,
                Frame::Submit { .. }
                    | Frame::Settle { .. }
                    | Frame::PrekeyPublish { .. }
                    | Frame::PrekeyFetch { .. }
                    | Frame::SlotWatch { .. }
                    | Frame::SlotDrop { .. }
                    | Frame::ForeignFetch { .. }
                    | Frame::ChangePut { .. }
                    | Frame::NodeHeadPut { .. }
            );
            assert!(!is_authoritys || self.kind == Kind::Authority, "somebody speaks as the authority");
            assert!(!is_nodes || self.kind == Kind::Node, "somebody speaks as a node");
        }

        /// One thing that happens: mostly a piece of the stream, else what a relay does by itself.
        fn step(&mut self, left: &mut Unstructured<'_>, golden: &[Vec<u8>]) -> Result<()> {
            match left.int_in_range(0..=11_u8)? {
                0 => self.on(Input::Admit { relay: RelayId(1), head: Head::default() }),
                1 => {
                    let before = self.session.window();
                    self.on(Input::Push(Frame::Deliver { seq: 1, envelope: vec![1].into() }));
                    self.deliveries_granted += u64::from(before > 0);
                    assert!(self.pushed <= self.deliveries_granted, "more deliveries than were granted");
                }
                2 | 3 => {
                    let tag = Tag(left.int_in_range(0..=20)?);
                    self.on(Input::Answer(Frame::Submitted { tag, receipt: vec![1].into() }));
                }
                4 => {
                    let answers = (0..4).map(|tag| Frame::Published { tag: Tag(tag), size: 1 }).collect();
                    self.on(Input::Answers(answers));
                }
                5 => self.on(Input::Tick),
                6 => self.on(Input::Head(Head::default())),
                7 if left.ratio(1_u8, 16)? => self.on(Input::Stop { reason: Goodbye::Busy, retry_after_s: 1 }),
                _ => {
                    let bytes = piece(left, golden)?;
                    let at = left.int_in_range(0..=bytes.len())?;
                    let (first, second) = bytes.split_at(at);
                    for part in [first, second] {
                        match self.stream.take(part) {
                            Ok(frames) => frames.into_iter().for_each(|frame| self.on(Input::Received(frame))),
                            Err(_) => {
                                self.on(Input::Stop { reason: Goodbye::ProtocolError, retry_after_s: 0 });
                                self.is_over = true;
                            }
                        }
                    }
                }
            }
            Ok(())
        }
    }

    pub(crate) fn run(data: &[u8]) {
        let mut left = Unstructured::new(data);
        let kind = [Kind::Node, Kind::Node, Kind::Authority, Kind::Enrolling];
        let kind = *left.choose(&kind).unwrap_or(&Kind::Node);
        let golden = golden();
        let mut end = End {
            session: RelaySession::new(kind, NOW),
            kind,
            stream: Stream::default(),
            open: BTreeMap::new(),
            deliveries_granted: 0,
            pushed: 0,
            is_up: false,
            is_over: false,
        };
        for _ in 0..STEPS_MAX {
            if left.is_empty() || end.is_over || end.step(&mut left, golden).is_err() {
                break;
            }
        }
        if end.is_over {
            assert!(end.session.on(NOW, Input::Tick).is_empty(), "a session that is over says no more");
            assert_eq!(end.session.window(), 0);
        }
    }

    pub(crate) fn seeds() -> Seeds {
        let hello = |kind: u8, frame: u8| vec![kind, 11, 7, frame, 1, 0, 0, 0, 64, 0, 0];
        vec![
            ("node".to_owned(), [hello(0, 0), vec![11, 7, 2, 0, 0, 0, 1]].concat()),
            ("authority".to_owned(), hello(2, 19)),
            ("enrolling".to_owned(), hello(3, 20)),
        ]
    }
}

pub(super) mod node_session {
    use std::collections::BTreeSet;

    use arbitrary::{Result, Unstructured};
    use safeconduct_protocol::{
        frame::Frame,
        id::RequestId,
        limits::DELIVERIES_IN_FLIGHT_MAX,
        session::{
            Action,
            client::{Ask, ClientSession, Event, Input, Opening, Ticket as Asked},
        },
        time::Timestamp,
    };

    use super::{BOUND, NODE, NOW, STEPS_MAX, Stream, golden, piece};
    use crate::targets::Seeds;

    /// A node's end, and what it was asked and has told.
    struct End {
        session: ClientSession,
        stream: Stream,
        now: Timestamp,
        next: u64,
        /// Asked, and not answered.
        waiting: BTreeSet<u64>,
        granted: u64,
        delivered: u64,
        is_up: bool,
        is_over: bool,
    }

    impl End {
        #[expect(clippy::wildcard_enum_match_arm, reason = "what is not named here passes")]
        fn on(&mut self, input: Input) {
            let actions = BOUND.hold(200_000, || self.session.on(self.now, input));
            let mut closed = false;
            for action in actions {
                assert!(!self.is_over && !closed, "something follows the close");
                match action {
                    Action::Event(Event::Answered(asked, _)) => {
                        assert!(self.waiting.remove(&asked.0), "an answer to nothing, or a second one");
                    }
                    Action::Event(Event::Up { .. }) => {
                        assert!(!self.is_up, "welcomed twice");
                        self.is_up = true;
                    }
                    Action::Event(Event::Deliver { .. } | Event::SlotItem { .. }) => {
                        assert!(self.is_up, "a delivery before welcome");
                        self.delivered += 1;
                    }
                    Action::Send(Frame::Hello { deliveries, .. }) => self.granted = u64::from(deliveries),
                    Action::Send(Frame::Credit { count }) => self.granted += u64::from(count),
                    Action::Close(_) => closed = true,
                    _ => {}
                }
            }
            self.is_over |= closed;
            assert!(self.delivered <= self.granted, "more deliveries are told than were granted");
            assert!(self.granted - self.delivered <= u64::from(DELIVERIES_IN_FLIGHT_MAX));
        }

        fn step(&mut self, left: &mut Unstructured<'_>, golden: &[Vec<u8>]) -> Result<()> {
            match left.int_in_range(0..=11_u8)? {
                0 => self.on(Input::Processed(left.int_in_range(0..=80)?)),
                1 | 2 if self.session.room() > 0 => {
                    self.next += 1;
                    self.waiting.insert(self.next);
                    let ask = match left.int_in_range(0..=3_u8)? {
                        0 => Ask::PrekeyStock,
                        1 => Ask::RootFetch,
                        2 => Ask::PrekeyFetch { request: RequestId::from_bytes([1; 16]), node: NODE },
                        _ => Ask::Submit { envelope: vec![1] },
                    };
                    self.on(Input::Ask(Asked(self.next), ask));
                }
                3 => self.on(Input::Settle(vec![vec![1; 160]; *left.choose(&[0, 1, 257])?])),
                4 => self.on(Input::DropItem { secret: [1; 32], seq: 1 }),
                5 => {
                    self.now = self.now.after(left.int_in_range(0..=20)?);
                    self.on(Input::Tick);
                }
                _ => {
                    let bytes = piece(left, golden)?;
                    let at = left.int_in_range(0..=bytes.len())?;
                    let (first, second) = bytes.split_at(at);
                    for part in [first, second] {
                        match self.stream.take(part) {
                            Ok(frames) => frames.into_iter().for_each(|frame| self.on(Input::Received(frame))),
                            Err(_) => {
                                self.on(Input::Stop);
                                self.is_over = true;
                            }
                        }
                    }
                }
            }
            Ok(())
        }
    }

    pub(crate) fn run(data: &[u8]) {
        let mut left = Unstructured::new(data);
        let openings = [Opening::Node { node: NODE, registry_size: 3 }, Opening::Authority, Opening::Enrolling];
        let opening = *left.choose(&openings).unwrap_or(&Opening::Authority);
        let golden = golden();
        let mut end = End {
            session: ClientSession::new(opening),
            stream: Stream::default(),
            now: NOW,
            next: 0,
            waiting: BTreeSet::new(),
            // What stands in a node's hello; the others say none, and have the same window.
            granted: u64::from(DELIVERIES_IN_FLIGHT_MAX),
            delivered: 0,
            is_up: false,
            is_over: false,
        };
        end.on(Input::Open);
        for _ in 0..STEPS_MAX {
            if left.is_empty() || end.is_over || end.step(&mut left, golden).is_err() {
                break;
            }
        }
        if end.is_over {
            assert!(end.session.on(end.now, Input::Tick).is_empty(), "a session that is over says no more");
            assert_eq!(end.session.room(), 0);
        }
    }

    pub(crate) fn seeds() -> Seeds {
        let welcome = vec![11, 7, 1, 1, 64, 0, 0, 0, 0, 0];
        vec![
            ("node".to_owned(), [vec![0], welcome.clone()].concat()),
            ("authority".to_owned(), [vec![1], welcome.clone()].concat()),
            ("deliveries".to_owned(), [vec![0], welcome, vec![11, 7, 6, 1, 1, 1, 1, 0]].concat()),
        ]
    }
}
