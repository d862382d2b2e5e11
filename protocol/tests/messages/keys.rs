//! Labels and keys: what one signature must never be taken for, and which keys are no keys.

use curve25519_dalek::{constants::EIGHT_TORSION, edwards::CompressedEdwardsY};
use safeconduct_protocol::{
    crypto::{
        kem::{KemKeyRefused, KemPublic, KemSecret, open_once, seal_once},
        note::{NotANote, NoteKey},
        sign::{KeyRefused, Label, Signature, SigningKey, VerifyingKey},
    },
    envelope::reply::{ReplyBlock, ReplyKeys},
    id::{NodeId, RelayId},
    receipt::settle::{SettleKind, Settlement},
    secret::Secret,
};

use crate::party::{NOW, Seeded};

fn key() -> SigningKey {
    SigningKey::from_seed(Secret::new([1; 32]))
}

#[test]
fn a_log_shows_no_signature_and_of_a_key_its_short_name() {
    let signature = key().sign(Label::Message, b"x");
    assert_eq!(format!("{signature:?}"), "Signature");
    let public = key().verifying_key();
    assert_eq!(format!("{public:?}"), format!("VerifyingKey({})", &public.key_id().to_hex()[..8]));
}

/// Trap 1.
#[test]
fn a_signature_made_under_one_label_verifies_under_no_other() {
    let message = b"the same bytes";
    for made in Label::ALL {
        let signature = key().sign(made, message);
        for asked in Label::ALL {
            let verifies = key().verifying_key().verify(asked, message, &signature).is_ok();
            assert_eq!(verifies, made == asked, "{made:?} {asked:?}");
        }
    }
}

/// Trap 1.
#[test]
fn no_signature_label_is_a_prefix_of_another() {
    for (at, one) in Label::ALL.iter().enumerate() {
        assert!(one.as_str().is_ascii() && !one.as_str().contains('\0'));
        for (other_at, other) in Label::ALL.iter().enumerate() {
            assert!(at == other_at || !other.as_str().starts_with(one.as_str()), "{one:?} {other:?}");
        }
    }
}

#[test]
fn a_message_that_moves_into_the_label_changes_what_is_signed() {
    assert_ne!(Label::Done.framed(b"x"), Label::Nack.framed(b"x"));
    assert_ne!(Label::Done.framed(b""), Label::Done.framed(b"\0\0\0\0"));
    assert_eq!(Label::Done.framed(b"ab"), b"safeconduct/v1 done\0\0\0\0\x02ab");
}

/// Trap 16.
#[test]
fn small_order_mixed_order_and_non_canonical_keys_are_refused() {
    for point in EIGHT_TORSION {
        assert_eq!(VerifyingKey::try_from(point.compress().to_bytes()), Err(KeyRefused::SmallOrder));
    }
    let honest = CompressedEdwardsY(*key().verifying_key().as_bytes()).decompress().unwrap();
    for torsion in &EIGHT_TORSION[1..] {
        let mixed = (honest + torsion).compress().to_bytes();
        assert_eq!(VerifyingKey::try_from(mixed), Err(KeyRefused::MixedOrder));
    }
    let mut above_p = [0xff; 32];
    above_p[0] = 0xed + 3;
    above_p[31] = 0x7f;
    assert!(VerifyingKey::try_from(above_p).is_err(), "y = p + 3");
    assert!(VerifyingKey::try_from(*key().verifying_key().as_bytes()).is_ok());
}

#[test]
fn every_non_canonical_encoding_of_a_point_is_refused() {
    let mut points = 0;
    for low in 0..19_u8 {
        for top in [0x7f, 0xff] {
            let mut bytes = [0xff; 32];
            bytes[0] = 0xed + low;
            bytes[31] = top;
            let is_point = CompressedEdwardsY(bytes).decompress().is_some();
            points += usize::from(is_point);
            let refused = VerifyingKey::try_from(bytes).err();
            let expected = if is_point { KeyRefused::NonCanonical } else { KeyRefused::NotAPoint };
            assert!(refused == Some(expected) || refused == Some(KeyRefused::SmallOrder), "{bytes:02x?} {refused:?}");
        }
    }
    assert!(points > 10, "the loop must meet encodings that decompress");
}

/// Trap 78.
#[test]
fn a_note_key_signs_no_object_and_an_object_is_no_note() {
    let seed = [7; 32];
    let note_key = NoteKey::from_seed(Secret::new(seed));
    let same_key = SigningKey::from_seed(Secret::new(seed));
    for label in Label::ALL {
        let framed = label.framed(b"anything\n");
        assert_eq!(note_key.sign(&framed), Err(NotANote), "{label:?}");
        let signature = same_key.sign(label, b"anything\n");
        assert!(note_key.verifier().verify(&framed, &signature).is_err(), "{label:?}");
    }
    let note = b"safeconduct/v1 message\n";
    let signature = note_key.sign(note).unwrap();
    assert!(note_key.verifier().verify(note, &signature).is_ok());
    assert!(same_key.verifying_key().verify(Label::Message, note, &signature).is_err());
    let node = NodeId::from_bytes([1; 32]);
    let digest = safeconduct_protocol::id::EnvelopeDigest::from_bytes([2; 32]);
    let settlement = Settlement::sign(&same_key, node, digest, SettleKind::Done);
    let (text, signature) = settlement.as_bytes().split_last_chunk().unwrap();
    assert!(note_key.verifier().verify(text, &Signature::from_bytes(*signature)).is_err());
}

/// Traps 62 and 72.
#[test]
fn fourteen_low_order_encodings_are_refused_in_a_key_and_in_a_reply_block() {
    let sound = KemSecret::generate(&mut Seeded::new(1)).unwrap().public();
    let block = ReplyKeys::generate(RelayId(1), NOW, &mut Seeded::new(2)).unwrap().block;
    for u in low_order() {
        let mut bytes = *sound.as_bytes();
        bytes[1_184..].copy_from_slice(&u);
        assert_eq!(KemPublic::try_from(bytes.as_slice()).err(), Some(KemKeyRefused::LowOrder));
        let mut bytes = *block.as_bytes();
        bytes[36 + 1_184..].copy_from_slice(&u);
        assert!(ReplyBlock::parse(&bytes).is_none());
    }
    assert!(ReplyBlock::parse(block.as_bytes()).is_some_and(|read| read == block));
}

/// Trap 72.
#[test]
fn fourteen_low_order_encodings_are_refused_in_an_encapsulated_key() {
    let secret = KemSecret::generate(&mut Seeded::new(1)).unwrap();
    let sealed = seal_once(&secret.public(), b"info", b"aad", b"text", &mut Seeded::new(3)).unwrap();
    assert_eq!(open_once(&secret, b"info", b"aad", &sealed).unwrap().as_slice(), b"text");
    for u in low_order() {
        let mut bytes = sealed.clone();
        bytes[1_088..1_120].copy_from_slice(&u);
        assert!(open_once(&secret, b"info", b"aad", &bytes).is_err());
    }
}

#[test]
fn a_one_shot_seal_opens_only_with_its_own_info_aad_and_key() {
    let secret = KemSecret::generate(&mut Seeded::new(1)).unwrap();
    let other = KemSecret::generate(&mut Seeded::new(2)).unwrap();
    let sealed = seal_once(&secret.public(), b"info", b"aad", b"text", &mut Seeded::new(3)).unwrap();

    assert!(open_once(&other, b"info", b"aad", &sealed).is_err());
    assert!(open_once(&secret, b"inf0", b"aad", &sealed).is_err());
    assert!(open_once(&secret, b"info", b"aaa", &sealed).is_err());
    assert!(open_once(&secret, b"info", b"aad", &sealed[..1_119]).is_err());
    assert!(seal_once(&secret.public(), &[0; 1_025], b"", b"", &mut Seeded::new(3)).is_err());
    assert!(seal_once(&secret.public(), &[0; 1_024], b"", b"", &mut Seeded::new(3)).is_ok());
}

/// The fourteen, written from the order of the curve rather than from the product's table: 0, 1, -1, their encodings
/// above p, and the two points of order eight; each with and without the top bit.
fn low_order() -> Vec<[u8; 32]> {
    let p_plus = |offset: i16| {
        let mut bytes = [0xff; 32];
        bytes[0] = u8::try_from(0xed + offset).unwrap();
        bytes[31] = 0x7f;
        bytes
    };
    let small = |value: u8| {
        let mut bytes = [0; 32];
        bytes[0] = value;
        bytes
    };
    let eight = |text: &str| -> [u8; 32] { hex::decode(text).unwrap().try_into().unwrap() };
    let seven = [
        small(0),
        small(1),
        p_plus(-1),
        p_plus(0),
        p_plus(1),
        eight("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
        eight("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"),
    ];
    let with_top = seven.map(|mut u| {
        u[31] |= 0x80;
        u
    });
    [seven, with_top].concat()
}
