//! Both ends of a transfer of a sealed document.

use arbitrary::{Result, Unstructured};
use safeconduct_protocol::{
    blob::{BlobFrame, BlobRefusal, BlobSecret, BlobShape},
    id::BlobId,
    limits::BLOB_CHUNKS_AHEAD,
    session::blob::{Asked, NodeTransfer, Over, RelayTransfer, Step},
    time::Day,
};

use crate::bound::Bound;

const SECRET: [u8; 32] = [5; 32];
/// Three chunks, the last one short.
const BLOB_BYTES: u64 = 2 * 65_552 + 17;
const STEPS_MAX: usize = 300;
/// A transfer keeps numbers; chunks pass through.
const BOUND: Bound = Bound::new(8 * 1024, 4);

fn shape() -> BlobShape {
    BlobShape::of(BLOB_BYTES).unwrap()
}

/// A frame of either end. Chunks are as long as their shape says, or are not.
fn frame(left: &mut Unstructured<'_>) -> Result<BlobFrame> {
    let blob = BlobSecret::from_bytes(SECRET).id();
    let count = left.int_in_range(0..=4_u32)?;
    Ok(match left.int_in_range(0..=11_u8)? {
        0 => {
            let bytes = *left.choose(&[BLOB_BYTES, 0, 17, 65_552 + 16, 104_883_200, u64::MAX])?;
            BlobFrame::Put { blob, bytes, sha256: [1; 32], expiry: Day(20_000) }
        }
        1 | 2 => BlobFrame::Ready { have: *left.choose(&[count, u32::MAX])? },
        3..=6 => {
            let whole = shape().chunk(count).map_or(0, |(_, length)| length);
            let length = *left.choose(&[whole, whole, whole, 0, 17])?;
            BlobFrame::Chunk { index: count, bytes: vec![1; length].into() }
        }
        7 => BlobFrame::Stored,
        8 => BlobFrame::Get { secret: SECRET, from: *left.choose(&[0, 0, count, u32::MAX])? },
        9 => BlobFrame::Found { bytes: *left.choose(&[BLOB_BYTES, 17, u64::MAX])? },
        10 => BlobFrame::End,
        _ => {
            let refused = BlobFrame::Refused { reason: BlobRefusal::Busy, retry_after_s: 1 };
            left.choose(&[BlobFrame::Drop { secret: SECRET }, refused])?.clone()
        }
    })
}

/// What has been told of a transfer.
#[derive(Default)]
struct Told {
    given: u32,
    ready: u32,
    taken: u32,
    stored: u32,
    has_begun: bool,
    is_over: bool,
}

impl Told {
    fn tell(&mut self, step: &Step) {
        assert!(!self.is_over, "something follows the end");
        match step {
            Step::Give(index) => {
                assert_eq!(*index, self.given, "chunks are given in their order, each once");
                self.given += 1;
                assert!(self.given <= self.ready + BLOB_CHUNKS_AHEAD, "too far ahead of who takes them");
            }
            Step::Take(index, bytes) => {
                assert_eq!(*index, self.taken, "chunks are taken in their order, each once");
                assert_eq!(shape().chunk(*index).map(|(_, length)| length), Some(bytes.len()));
                self.taken += 1;
                assert!(self.taken <= self.stored + BLOB_CHUNKS_AHEAD, "more is held than may be");
            }
            Step::Over(_) => self.is_over = true,
            Step::Send(_) | Step::Asked(_) | Step::Whole => {}
        }
    }
}

pub(super) mod node_transfer {
    use super::{
        BOUND, BlobFrame, BlobSecret, Day, NodeTransfer, Over, Result, SECRET, STEPS_MAX, Step, Told, Unstructured,
        frame, shape,
    };
    use crate::targets::Seeds;

    fn steps(left: &mut Unstructured<'_>, transfer: &mut NodeTransfer, told: &mut Told, kind: u8) -> Result<()> {
        for _ in 0..STEPS_MAX {
            if left.is_empty() || told.is_over {
                break;
            }
            if left.ratio(1_u8, 4)? {
                let waited = told.taken > told.stored;
                assert_eq!(transfer.taken().is_ok(), waited, "only what came can be stored");
                told.stored += u32::from(waited);
                continue;
            }
            let frame = frame(left)?;
            let is_refusal = matches!(frame, BlobFrame::Refused { .. });
            if let BlobFrame::Ready { have } = frame {
                // A relay may have chunks from before: giving begins there.
                if kind == 0 && !told.has_begun && have <= shape().chunks() {
                    told.given = have;
                }
                told.has_begun = true;
                told.ready = told.ready.max(have.min(told.given));
            }
            match BOUND.hold(70_000, || transfer.on(frame)) {
                Ok(all) => {
                    all.iter().for_each(|step| told.tell(step));
                    let stored = all.iter().any(|step| matches!(step, Step::Over(Over::Stored)));
                    assert!(kind == 0 || !stored, "nothing was put");
                    let ended = all.iter().any(|step| matches!(step, Step::Over(Over::Ended)));
                    assert!(kind != 1 || !ended || told.stored == shape().chunks(), "not all of it came");
                    assert!(!is_refusal || told.is_over);
                }
                Err(_) => {
                    assert!(transfer.on(BlobFrame::End).is_err(), "a broken transfer goes on");
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    pub(crate) fn run(data: &[u8]) {
        let mut left = Unstructured::new(data);
        let kind = left.int_in_range(0..=2_u8).unwrap_or(0);
        let secret = BlobSecret::from_bytes(SECRET);
        let mut transfer = match kind {
            0 => NodeTransfer::put(secret.id(), shape(), [1; 32], Day(20_000)).0,
            1 => NodeTransfer::get(&secret, shape(), 0).0,
            _ => NodeTransfer::drop_blob(&secret).0,
        };
        let mut told = Told::default();
        let _enough = steps(&mut left, &mut transfer, &mut told, kind);
    }

    pub(crate) fn seeds() -> Seeds {
        vec![
            ("put".to_owned(), vec![0, 0, 255, 3, 1, 0, 255, 0, 7]),
            ("fetch".to_owned(), vec![1, 255, 0, 9, 0, 255, 0, 3, 0, 0]),
            ("drop".to_owned(), vec![2, 255, 0, 10]),
        ]
    }
}

pub(super) mod relay_transfer {
    use super::{
        Asked, BOUND, BlobFrame, BlobId, BlobRefusal, BlobSecret, RelayTransfer, Result, SECRET, STEPS_MAX, Step, Told,
        Unstructured, frame, shape,
    };
    use crate::targets::Seeds;

    fn told_all(told: &mut Told, all: &[Step]) {
        all.iter().for_each(|step| told.tell(step));
    }

    fn steps(left: &mut Unstructured<'_>, told: &mut Told) -> Result<()> {
        let own: BlobId = BlobSecret::from_bytes(SECRET).id();
        let mut transfer = RelayTransfer::default();
        let (mut asked, mut whole) = (0_u8, 0_u8);
        for _ in 0..STEPS_MAX {
            if left.is_empty() || told.is_over {
                break;
            }
            if told.taken > told.stored && left.ratio(1_u8, 3)? {
                let all = transfer.taken();
                told.stored += 1;
                whole += u8::from(all.contains(&Step::Whole));
                told_all(told, &all);
                assert!(whole <= 1 && (whole == 0 || told.stored == shape().chunks()), "whole before all of it came");
                if whole == 1 {
                    told_all(told, &transfer.stored());
                }
                continue;
            }
            let frame = frame(left)?;
            if let BlobFrame::Ready { have } = frame {
                told.ready = told.ready.max(have.min(told.given));
            }
            let Ok(all) = BOUND.hold(70_000, || transfer.on(frame)) else {
                assert!(transfer.on(BlobFrame::End).is_err(), "a broken transfer goes on");
                return Ok(());
            };
            told_all(told, &all);
            for step in &all {
                let Step::Asked(what) = step else { continue };
                asked += 1;
                assert_eq!(asked, 1, "a transfer asks once");
                let answer = match what {
                    Asked::Put { blob, shape: put, .. } => {
                        assert_eq!(*blob, own);
                        if *put == shape() { transfer.ready(0) } else { transfer.refuse(BlobRefusal::Length, 0) }
                    }
                    Asked::Get(blob) => {
                        assert_eq!(*blob, own);
                        // Giving begins where the node says, if there is so much.
                        let all = transfer.found(shape());
                        if let Some(Step::Give(first)) = all.iter().find(|step| matches!(step, Step::Give(_))) {
                            (told.given, told.ready) = (*first, *first);
                        }
                        all
                    }
                    Asked::Drop(blob) => {
                        assert_eq!(*blob, own);
                        transfer.dropped()
                    }
                };
                told_all(told, &answer);
            }
        }
        Ok(())
    }

    pub(crate) fn run(data: &[u8]) {
        let _enough = steps(&mut Unstructured::new(data), &mut Told::default());
    }

    pub(crate) fn seeds() -> Seeds {
        vec![
            ("put".to_owned(), vec![0, 0, 0, 0, 3, 0]),
            ("fetch".to_owned(), vec![0, 8, 0, 1, 1, 2, 1, 3, 1]),
            ("drop".to_owned(), vec![0, 11, 0]),
        ]
    }
}
