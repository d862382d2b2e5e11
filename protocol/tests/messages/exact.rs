//! The exact bound of each check, and the exact form of what is shown or bound: one step further must be refused.

use chacha20::ChaCha20Rng;
use rand_core::SeedableRng as _;
use safeconduct_protocol::{
    crypto::{
        kem::{INFO_BYTES_MAX, KemSecret, setup_receiver, setup_sender},
        note::NoteKey,
        sign::Label,
    },
    envelope::{
        desk::{Arrival, SenderState},
        header::ContentType,
        verdict::Fault,
    },
    limits::{HOLD_S, MESSAGE_LIFE_S, PREKEY_LIFE_S},
    prekey::record::{PrekeyContext, PrekeyKind, PrekeyRecord, PrekeyRefused, PrekeyTerms},
    secret::Secret,
};

use crate::party::{NOW, Party, Seeded, fault, name};

#[test]
fn what_waits_for_its_sender_waits_to_the_last_second_and_no_longer() {
    for (state, waits_s, then) in [
        (SenderState::Unknown, HOLD_S, Fault::SenderUnknown),
        (SenderState::Suspended, MESSAGE_LIFE_S, Fault::SenderSuspended),
    ] {
        let (mut a, mut b) = Party::pair();
        let sealed = a.refer(&mut b, b"text");
        b.senders.insert(a.node, state);
        b.held_since = Some(NOW);
        for within in [0, 1, waits_s - 1, waits_s] {
            b.now = NOW.after(within);
            assert_eq!(name(&b.open(Arrival::Mailbox, sealed.as_bytes())), "hold", "{state:?} after {within} s");
        }
        b.now = NOW.after(waits_s + 1);
        assert_eq!(fault(&b.open(Arrival::Mailbox, sealed.as_bytes())), Some(then));
        b.held_since = None;
        assert_eq!(name(&b.open(Arrival::Mailbox, sealed.as_bytes())), "hold", "{state:?}, new");
    }
}

#[test]
fn a_suite_below_the_registrys_minimum_is_no_envelope() {
    let (mut a, mut b) = Party::pair();
    let sealed = a.refer(&mut b, b"text");
    for (minimum, expected) in [(0, "opened"), (1, "opened")] {
        b.suite_min = minimum;
        assert_eq!(name(&b.open(Arrival::Mailbox, sealed.as_bytes())), expected);
    }
    b.suite_min = 2;
    assert!(name(&b.open(Arrival::Mailbox, sealed.as_bytes())).starts_with("malformed"));
}

#[test]
fn a_prekey_may_live_for_a_second_less_than_none_or_its_whole_life() {
    let mut b = Party::new(2);
    let secret = KemSecret::generate(&mut b.entropy).unwrap();
    let refused = |not_after| {
        let terms = PrekeyTerms { node: b.node, kind: PrekeyKind::Signed, epoch: 0, not_before: NOW, not_after };
        let record = PrekeyRecord::sign(&b.identity, terms, &secret.public());
        record.check(&PrekeyContext { now: NOW, ..b.prekey_context() }).err()
    };
    assert_eq!(refused(NOW), None, "its first second is its last");
    assert_eq!(refused(NOW.after(PREKEY_LIFE_S)), None);
    assert_eq!(refused(NOW.before(1)), Some(PrekeyRefused::Life));
    assert_eq!(refused(NOW.after(PREKEY_LIFE_S + 1)), Some(PrekeyRefused::Life));
}

#[test]
fn a_context_is_of_label_suite_recipient_identity_and_prekey() {
    let mut b = Party::new(2);
    let target = b.target(PrekeyKind::OneTime);
    let (identity, prekey) = (b.key().key_id(), target.key_id());
    let expected = [&b"safeconduct/v1 seal\0"[..], &[0, 1], b.node.as_bytes(), identity.as_bytes(), prekey.as_bytes()];
    assert_eq!(target.info(), expected.concat());
}

#[test]
fn info_of_the_greatest_length_opens_and_one_byte_more_is_refused_at_either_end() {
    let secret = KemSecret::generate(&mut Seeded::new(7)).unwrap();
    let mut coins = ChaCha20Rng::from_seed([1; 32]);
    let longest = vec![b'i'; INFO_BYTES_MAX];
    let (enc, context) = setup_sender(&secret.public(), &longest, &mut coins).unwrap();
    let sealed = context.seal(b"aad", b"text").unwrap();
    assert!(setup_receiver(&secret, &enc, &longest).unwrap().open(b"aad", &sealed).unwrap()[..] == b"text"[..]);

    let longer = vec![b'i'; INFO_BYTES_MAX + 1];
    assert!(setup_sender(&secret.public(), &longer, &mut coins).is_err());
    assert!(setup_receiver(&secret, &enc, &longer).is_err());
}

#[test]
fn each_type_of_content_is_read_back_from_its_number_and_others_are_none() {
    let all = [
        ContentType::Referral,
        ContentType::Receipt,
        ContentType::Control,
        ContentType::Cover,
        ContentType::Case,
        ContentType::Report,
    ];
    for (number, content_type) in (1..).zip(all) {
        assert_eq!((content_type.code(), ContentType::from_code(number)), (number, Some(content_type)));
    }
    assert_eq!((ContentType::from_code(0), ContentType::from_code(7)), (None, None));
}

#[test]
fn a_key_is_shown_by_its_short_id_and_a_signature_by_no_byte() {
    let a = Party::new(1);
    let (key, signature) = (a.key(), a.identity.sign(Label::Message, b"text"));
    assert_eq!(format!("{key:?}"), format!("VerifyingKey({})", key.key_id().short()));
    assert_eq!(format!("{signature:?}"), "Signature");

    let (note, other) = (NoteKey::from_seed(Secret::new([1; 32])), NoteKey::from_seed(Secret::new([2; 32])));
    let text = b"log.example\n";
    assert!(note.verifier().verify(text, &note.sign(text).unwrap()).is_ok());
    assert!(note.verifier().as_bytes() != other.verifier().as_bytes() && *note.verifier().as_bytes() != [0; 32]);
}
