//! Both ends in one thread; the stream between them may be cut at any frame.

#![expect(clippy::arithmetic_side_effects, reason = "a test whose numbers are small")]

use std::collections::VecDeque;

use super::*;
use crate::limits::BLOB_CHUNK_BYTES;

const CHUNKS: u32 = 37;

fn shape() -> BlobShape {
    BlobShape::of(u64::from(CHUNKS - 1) * BLOB_CHUNK_BYTES as u64 + 1_000).unwrap()
}

fn blob() -> Vec<u8> {
    (0..shape().bytes()).map(|place| u8::try_from(place % 251).unwrap()).collect()
}

fn piece(whole: &[u8], index: u32) -> Vec<u8> {
    let (begins, length) = shape().chunk(index).unwrap();
    let begins = usize::try_from(begins).unwrap();
    whole[begins..begins + length].to_vec()
}

fn secret() -> BlobSecret {
    BlobSecret::from_bytes([9; 32])
}

/// A relay that keeps one blob in memory.
#[derive(Default)]
struct Relay {
    held: Vec<u8>,
    is_whole: bool,
}

impl Relay {
    fn have(&self) -> u32 {
        shape().chunks_in(self.held.len() as u64)
    }

    /// Everything that one frame leads to.
    fn on(&mut self, transfer: &mut RelayTransfer, frame: BlobFrame) -> Vec<BlobFrame> {
        let mut steps: VecDeque<Step> = transfer.on(frame).unwrap().into();
        let mut out = Vec::new();
        while let Some(step) = steps.pop_front() {
            match step {
                Step::Send(frame) => out.push(frame),
                Step::Asked(Asked::Put { blob, .. }) => {
                    assert_eq!(blob, secret().id());
                    steps.extend(if self.is_whole { transfer.stored() } else { transfer.ready(self.have()) });
                }
                Step::Asked(Asked::Get(blob)) if self.is_whole && blob == secret().id() => {
                    steps.extend(transfer.found(shape()));
                }
                Step::Asked(Asked::Get(_)) => steps.extend(transfer.refuse(BlobRefusal::Unknown, 0)),
                Step::Asked(Asked::Drop(_)) => {
                    *self = Self::default();
                    steps.extend(transfer.dropped());
                }
                Step::Take(index, bytes) => {
                    assert_eq!(index, self.have());
                    self.held.extend_from_slice(&bytes);
                    steps.extend(transfer.taken());
                }
                Step::Whole if self.held == blob() => {
                    self.is_whole = true;
                    steps.extend(transfer.stored());
                }
                Step::Whole => {
                    self.held.clear();
                    steps.extend(transfer.refuse(BlobRefusal::Hash, 1));
                }
                Step::Give(index) => out.push(chunk_frame(index, piece(&self.held, index))),
                Step::Over(_) => assert!(steps.is_empty(), "nothing follows"),
            }
        }
        out
    }
}

/// Runs one transfer until it is over or `frames` frames have passed. Chunks that the node takes go into `got`.
fn run(
    relay: &mut Relay,
    begun: (NodeTransfer, BlobFrame),
    from: &[u8],
    got: &mut Vec<u8>,
    frames: usize,
) -> Option<Over> {
    let (mut node, first) = begun;
    let mut at_relay = RelayTransfer::default();
    let (mut to_relay, mut to_node) = (VecDeque::from([first]), VecDeque::new());
    for _ in 0..frames {
        if let Some(frame) = to_relay.pop_front() {
            to_node.extend(relay.on(&mut at_relay, frame));
            continue;
        }
        for step in node.on(to_node.pop_front()?).unwrap() {
            match step {
                Step::Give(index) => to_relay.push_back(chunk_frame(index, piece(from, index))),
                Step::Take(_, bytes) => {
                    got.extend_from_slice(&bytes);
                    to_relay.push_back(node.taken().unwrap());
                }
                Step::Over(over) => return Some(over),
                Step::Send(_) | Step::Asked(_) | Step::Whole => panic!("no step of a node"),
            }
        }
        assert!(to_relay.len() <= BLOB_CHUNKS_AHEAD as usize && to_node.len() <= BLOB_CHUNKS_AHEAD as usize + 2);
    }
    None
}

fn put() -> (NodeTransfer, BlobFrame) {
    NodeTransfer::put(secret().id(), shape(), [3; 32], Day(20_000))
}

fn get(have: &[u8]) -> (NodeTransfer, BlobFrame) {
    NodeTransfer::get(&secret(), shape(), shape().chunks_in(have.len() as u64))
}

#[test]
fn a_transfer_that_is_cut_at_every_frame_goes_on_where_it_was_and_ends_whole() {
    for cut in 3..40 {
        let (mut relay, whole) = (Relay::default(), blob());
        let mut runs = 0;
        while run(&mut relay, put(), &whole, &mut Vec::new(), cut).is_none() {
            runs += 1;
            assert!(runs < 200, "no progress when every {cut}th frame is the last");
        }
        assert!(relay.is_whole && runs >= 1);
        assert_eq!(
            run(&mut relay, put(), &whole, &mut Vec::new(), 2),
            Some(Over::Stored),
            "again: nothing is sent twice"
        );

        let (mut got, mut runs) = (Vec::new(), 0);
        while run(&mut relay, get(&got.clone()), &[], &mut got, cut).is_none() {
            runs += 1;
            assert!(runs < 200, "no progress when every {cut}th frame is the last");
        }
        assert!(got == whole && runs >= 1);
        assert_eq!(
            run(&mut relay, get(&whole), &[], &mut Vec::new(), 4),
            Some(Over::Ended),
            "all of it is here already"
        );
    }
}

#[test]
fn what_is_not_there_or_not_what_was_announced_is_refused() {
    let (mut relay, whole) = (Relay::default(), blob());
    let unknown = Some(Over::Refused(BlobRefusal::Unknown, 0));
    assert_eq!(run(&mut relay, get(&[]), &[], &mut Vec::new(), 9), unknown);
    let mut bent = whole.clone();
    bent[70_000] ^= 1;
    assert_eq!(run(&mut relay, put(), &bent, &mut Vec::new(), 999), Some(Over::Refused(BlobRefusal::Hash, 1)));
    assert_eq!(run(&mut relay, put(), &whole, &mut Vec::new(), 999), Some(Over::Stored));
    let other = NodeTransfer::get(&BlobSecret::from_bytes([8; 32]), shape(), 0);
    assert_eq!(run(&mut relay, other, &[], &mut Vec::new(), 9), unknown);

    assert_eq!(run(&mut relay, NodeTransfer::drop_blob(&secret()), &[], &mut Vec::new(), 9), Some(Over::Ended));
    assert_eq!(run(&mut relay, get(&[]), &[], &mut Vec::new(), 9), unknown);
}

#[test]
fn a_relay_ends_a_transfer_that_breaks_the_rules() {
    let first = || put().1;
    let taking = || {
        let mut transfer = RelayTransfer::default();
        assert!(transfer.on(first()).is_ok() && transfer.ready(5).len() == 1);
        transfer
    };
    let chunk = |index: u32, length: usize| chunk_frame(index, vec![0; length]);

    assert!(taking().on(chunk(5, BLOB_CHUNK_BYTES)).is_ok());
    for wrong in [
        chunk(4, BLOB_CHUNK_BYTES),
        chunk(6, BLOB_CHUNK_BYTES),
        chunk(5, BLOB_CHUNK_BYTES - 1),
        first(),
        BlobFrame::Stored,
    ] {
        assert!(taking().on(wrong).is_err());
    }
    let mut ahead = taking();
    for index in 5..5 + BLOB_CHUNKS_AHEAD {
        assert!(ahead.on(chunk(index, BLOB_CHUNK_BYTES)).is_ok());
    }
    assert!(ahead.on(chunk(5 + BLOB_CHUNKS_AHEAD, BLOB_CHUNK_BYTES)).is_err(), "one more than may be ahead");
    for wrong in [chunk(0, BLOB_CHUNK_BYTES), BlobFrame::Ready { have: 0 }, BlobFrame::End] {
        assert!(RelayTransfer::default().on(wrong).is_err(), "no first frame");
    }
    let mut giving = RelayTransfer::default();
    assert!(giving.on(get(&[]).1).is_ok() && giving.found(shape()).len() == 1 + BLOB_CHUNKS_AHEAD as usize);
    assert!(giving.on(BlobFrame::Ready { have: BLOB_CHUNKS_AHEAD + 1 }).is_err(), "more than was sent");
    let mut odd = RelayTransfer::default();
    let steps = odd.on(BlobFrame::Put { blob: secret().id(), bytes: 5, sha256: [0; 32], expiry: Day(1) }).unwrap();
    assert!(matches!(steps.last(), Some(Step::Over(Over::Refused(BlobRefusal::Length, 0)))));
}

#[test]
fn a_node_ends_a_transfer_that_breaks_the_rules() {
    let (mut putting, _) = put();
    assert!(putting.on(BlobFrame::Ready { have: 0 }).is_ok_and(|steps| steps.len() == BLOB_CHUNKS_AHEAD as usize));
    assert!(putting.on(BlobFrame::Stored).is_err(), "stored before everything was sent");
    assert!(putting.on(BlobFrame::Ready { have: 1 }).is_err(), "over");
    assert!(put().0.on(BlobFrame::Ready { have: CHUNKS + 1 }).is_err());
    assert!(get(&[]).0.on(BlobFrame::Found { bytes: shape().bytes() - 1 }).is_err(), "another length");
    let (mut fetching, _) = get(&[]);
    assert!(fetching.taken().is_err());
    assert!(fetching.on(BlobFrame::Found { bytes: shape().bytes() }).is_ok());
    assert!(fetching.on(BlobFrame::End).is_err(), "the end before the last chunk");
}
