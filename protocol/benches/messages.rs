//! What one message costs a processor: sealing and opening at the nodes, parsing and framing at all ends.
//!
//! `cargo bench -p safeconduct-protocol`

#![expect(clippy::unwrap_used, clippy::panic, reason = "a benchmark that cannot begin ends")]

use std::hint::black_box;

use criterion::{BatchSize, Criterion};
use safeconduct_protocol::{
    envelope::{desk::Arrival, header::ContentType, sealed::Sealed},
    frame::{Frame, LENGTH_PREFIX_BYTES, Tag},
    id::{EnvelopeDigest, RelayId},
    limits::ENVELOPE_CLASSES_BYTES,
    prekey::record::PrekeyKind,
    receipt::{
        relay::RelayAccepted,
        settle::{SettleKind, Settlement},
    },
};

#[path = "../tests/messages/party.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod party;

use party::{NOW, Party, Seeded, name};

/// Bytes of content that fill a good part of each class.
const CONTENTS: [(&str, usize); 2] = [("16 KiB", 8 * 1024), ("64 KiB", 48 * 1024)];

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    messages(&mut criterion);
    frames(&mut criterion);
    receipts(&mut criterion);
    criterion.final_summary();
}

/// Draft to envelope, envelope to verdict, bytes to envelope.
fn messages(criterion: &mut Criterion) {
    for (class, length) in CONTENTS {
        let content = vec![b'x'; length];
        let (mut a, mut b) = Party::pair();
        let target = b.target(PrekeyKind::OneTime);
        let (mut writer, mut coins) = (Party::new(1), Seeded::new(3));
        criterion.bench_function(&format!("seal {class}"), |bencher| {
            bencher.iter_batched(
                || writer.draft(ContentType::Referral, &content, b.node),
                |draft| draft.sign(&a.terms(&target), &mut coins).unwrap().seal().unwrap(),
                BatchSize::SmallInput,
            );
        });
        let sealed = a.refer(&mut b, &content);
        assert_eq!(name(&b.open(Arrival::Mailbox, sealed.as_bytes())), "opened");
        criterion.bench_function(&format!("open {class}"), |bencher| {
            bencher.iter(|| b.open(Arrival::Mailbox, black_box(sealed.as_bytes())));
        });
        criterion.bench_function(&format!("parse and hash {class}"), |bencher| {
            bencher.iter_batched(
                || sealed.as_bytes().to_vec(),
                |bytes| Sealed::try_from(bytes).unwrap(),
                BatchSize::SmallInput,
            );
        });
    }
}

/// The largest part of what a relay reads and writes.
fn frames(criterion: &mut Criterion) {
    let submit = Frame::Submit { tag: Tag(7), envelope: vec![9; ENVELOPE_CLASSES_BYTES[0]].into() };
    let wire = submit.to_wire().unwrap();
    let body = wire.get(LENGTH_PREFIX_BYTES..).unwrap_or_default();
    criterion.bench_function("frame to wire, submit 16 KiB", |bencher| bencher.iter(|| black_box(&submit).to_wire()));
    criterion.bench_function("frame from wire, submit 16 KiB", |bencher| {
        bencher.iter(|| Frame::from_body(black_box(body)));
    });
}

/// What is signed and verified for each envelope on its way.
fn receipts(criterion: &mut Criterion) {
    let party = Party::new(1);
    let digest = EnvelopeDigest::from_bytes([4; 32]);
    criterion.bench_function("relay-accepted, sign", |bencher| {
        bencher.iter(|| RelayAccepted::sign(&party.identity, RelayId(1), digest, 16_384, NOW, NOW.day()));
    });
    let done = Settlement::sign(&party.identity, party.node, digest, SettleKind::Done);
    let key = party.key();
    criterion.bench_function("done, parse and verify", |bencher| {
        bencher.iter(|| Settlement::parse(black_box(done.as_bytes())).unwrap().verify(&key));
    });
}
