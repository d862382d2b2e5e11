//! The honest way.

use safeconduct_protocol::{
    envelope::{
        desk::Arrival,
        draft::Draft,
        header::ContentType,
        reply::ReplyKeys,
        target::Via,
        verdict::{Outward, Verdict},
    },
    id::RelayId,
    prekey::record::PrekeyKind,
    receipt::{node::SentMessage, settle::NackReason},
};

use crate::party::{NOW, Party, content, name, opened};

#[test]
fn a_referral_arrives_as_it_was_written() {
    let (mut a, mut b) = Party::pair();
    let sealed = a.refer(&mut b, b"{\"referral\":1}");

    let opened = opened(b.receive(&sealed));

    assert_eq!(content(&opened), b"{\"referral\":1}");
    assert_eq!(opened.header().sender, a.node);
    assert_eq!(opened.header().recipient, b.node);
    assert_eq!(opened.via(), Via::Prekey);
    assert_eq!(opened.checkpoint(), b"log.example\n3\nAAAA\n");
    assert_eq!(opened.envelope(), sealed.digest());
    assert!(opened.sender_identity() == &a.key());
    assert!(opened.reply().is_some() && opened.receipts().is_empty());
}

/// Trap 12.
#[test]
fn the_same_envelope_twice_gets_the_same_settlement_bytes() {
    let (mut a, mut b) = Party::pair();
    let sealed = a.refer(&mut b, b"once");
    assert_eq!(name(&b.receive(&sealed)), "opened");
    let first = b.settled[&sealed.digest()].clone();

    let second = b.receive(&sealed);

    assert!(matches!(&second, Verdict::AlreadySettled(again) if **again == first));
    assert!(second.outward() == Outward::Again(Box::new(first)));
}

/// Traps 12 and 59.
#[test]
fn another_envelope_to_a_consumed_prekey_is_nacked() {
    let (mut a, mut b) = Party::pair();
    let target = b.target(PrekeyKind::OneTime);
    let [one, two] = [&b"one"[..], b"two"].map(|text| {
        let draft = a.draft(ContentType::Referral, text, b.node);
        a.seal(draft, &target)
    });
    assert_eq!(name(&b.receive(&one)), "opened");

    let verdict = b.receive(&two);

    assert!(matches!(verdict, Verdict::Nack(NackReason::Consumed)));
    assert!(verdict.outward() == Outward::Nack(NackReason::Consumed));
}

#[test]
fn a_signed_prekey_opens_for_several_senders_and_says_so() {
    let (mut a, mut b) = Party::pair();
    let target = b.target(PrekeyKind::Signed);

    for text in [&b"one"[..], b"two"] {
        let draft = a.draft(ContentType::Referral, text, b.node);
        let sealed = a.seal(draft, &target);
        assert_eq!(content(&opened(b.receive(&sealed))), text);
    }
}

#[test]
fn a_reseal_keeps_id_time_and_commitment_and_is_shown_once() {
    let (mut a, mut b) = Party::pair();
    let draft = a.draft(ContentType::Referral, b"again", b.node);
    let parts = draft.parts().clone();
    let first_target = b.target(PrekeyKind::OneTime);
    let second_target = b.target(PrekeyKind::OneTime);

    let first = a.seal(draft, &first_target);
    let second = a.seal(Draft::resume(parts).unwrap(), &second_target);
    let shown = opened(b.receive(&first));
    let verdict = b.receive(&second);

    let Verdict::Duplicate(again) = verdict else { panic!("{}", name(&verdict)) };
    assert!(first != second);
    assert_eq!(again.header().message, shown.header().message);
    assert_eq!(again.header().created, shown.header().created);
    assert_eq!(again.header().content_commitment, shown.header().content_commitment);
    assert_ne!(again.header().binding, shown.header().binding);
    assert_ne!(again.signed_header().hash(), shown.signed_header().hash());
    assert!(again.reply_target().is_some(), "the sender missed the receipt: there must be a way to send it again");
}

#[test]
fn opening_consumes_nothing_by_itself() {
    let (mut a, mut b) = Party::pair();
    let sealed = a.refer(&mut b, b"look twice");

    for _ in 0..2 {
        assert_eq!(name(&b.open(Arrival::Mailbox, sealed.as_bytes())), "opened");
    }
}

#[test]
fn reply_keys_outlive_their_message_by_thirty_days() {
    let (mut a, _) = Party::pair();

    let keys = ReplyKeys::generate(RelayId(1), NOW, &mut a.entropy).unwrap();

    assert_eq!(keys.block.not_after().since(NOW), 44 * safeconduct_protocol::time::DAY_S);
    assert_eq!(keys.slot.id(), keys.block.slot());
}

#[test]
fn what_the_sender_remembers_is_what_the_recipient_repeats() {
    let (mut a, mut b) = Party::pair();
    let target = b.target(PrekeyKind::OneTime);
    let draft = a.draft(ContentType::Control, b"SCC1\x03aaaabbbbccccdddd", b.node);
    let keys = ReplyKeys::generate(RelayId(1), NOW, &mut a.entropy).unwrap();
    let terms = safeconduct_protocol::envelope::draft::SealTerms { reply: Some(&keys.block), ..a.terms(&target) };
    let signed = draft.sign(&terms, &mut crate::party::Seeded::new(9)).unwrap();
    let header = signed.signed_header().clone();
    let sealed = signed.seal().unwrap();

    let opened = opened(b.receive(&sealed));

    assert_eq!(SentMessage::of(&header, sealed.digest()), opened.as_sent());
}
