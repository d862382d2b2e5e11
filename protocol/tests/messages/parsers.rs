//! Any bytes into every parser: an answer, never a panic.

use std::hint::black_box;

use proptest::prelude::*;
use safeconduct_protocol::{
    crypto::{
        kem::{KemPublic, KemSecret, open_once},
        sign::VerifyingKey,
    },
    envelope::{
        content::{Control, decode_receipts},
        desk::Arrival,
        header::{HEADER_BYTES, Header},
        reply::{REPLY_BLOCK_BYTES, ReplyBlock},
        report::ReportContent,
        sealed::Sealed,
        verdict::Verdict,
    },
    frame::Frame,
    limits::PREKEY_RECORD_BYTES,
    prekey::record::PrekeyRecord,
    receipt::{
        chain::Entry,
        node::{DELIVERED_BYTES, Delivered},
        relay::{RELAY_ACCEPTED_BYTES, RELAY_EXPIRED_BYTES, RelayAccepted, RelayExpired},
        settle::{SETTLEMENT_BYTES, Settlement},
    },
    secret::Secret,
};

use crate::party::Party;

/// Everything that reads bytes from elsewhere.
fn parse_all(bytes: &[u8]) {
    Sealed::try_from(bytes.to_vec()).ok();
    PrekeyRecord::parse(bytes).ok();
    Settlement::parse(bytes).ok();
    RelayAccepted::parse(bytes).ok();
    RelayExpired::parse(bytes).ok();
    Delivered::parse(bytes).ok();
    Entry::parse(bytes).ok();
    Control::decode(bytes).ok();
    ReportContent::decode(bytes).ok();
    decode_receipts(bytes).ok();
    KemPublic::try_from(bytes).ok();
    Frame::from_body(bytes).ok();
    open_once(&KemSecret::from_bytes(Secret::new([1; 32])), b"", b"", bytes).ok();
    if let Ok(bytes) = <[u8; 32]>::try_from(bytes) {
        VerifyingKey::try_from(bytes).ok();
    }
    if let Some(bytes) = bytes.first_chunk::<HEADER_BYTES>() {
        black_box(Header::parse(bytes));
    }
    if let Some(bytes) = bytes.first_chunk::<REPLY_BLOCK_BYTES>() {
        black_box(ReplyBlock::parse(bytes));
    }
}

/// Lengths at which a parser gets past its first check.
const LENGTHS: [usize; 9] = [
    32,
    HEADER_BYTES,
    REPLY_BLOCK_BYTES,
    PREKEY_RECORD_BYTES,
    SETTLEMENT_BYTES,
    RELAY_ACCEPTED_BYTES,
    RELAY_EXPIRED_BYTES,
    DELIVERED_BYTES,
    1_216,
];

proptest! {
    #[test]
    fn any_bytes_are_answered(bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        parse_all(&bytes);
    }

    #[test]
    fn any_bytes_of_a_known_length_and_magic_are_answered(
        seed in proptest::collection::vec(any::<u8>(), 1_400),
        length in proptest::sample::select(LENGTHS.to_vec()),
        magic in proptest::sample::select(vec![*b"SCE1", *b"SCP1", *b"SCD1", *b"SCN1", *b"SCA1", *b"SCX1", *b"SCV1"]),
    ) {
        let mut bytes = seed[..length].to_vec();
        parse_all(&bytes);
        bytes[..4].copy_from_slice(&magic);
        parse_all(&bytes);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn an_envelope_with_any_bytes_changed_never_opens(
        changes in proptest::collection::vec((0..16_384_usize, 1..=255_u8), 1..8),
    ) {
        let (mut a, mut b) = Party::pair();
        let sealed = a.refer(&mut b, b"text");
        let mut bytes = sealed.as_bytes().to_vec();
        for (at, change) in changes {
            bytes[at] ^= change;
        }

        let verdict = b.open(Arrival::Mailbox, &bytes);

        // Two changes at one place may undo each other.
        prop_assert!(bytes == sealed.as_bytes() || !matches!(verdict, Verdict::Opened(_)));
    }
}
