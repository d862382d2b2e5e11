//! Receipts on their way back: only to a reply key, only about the message of that key.

use safeconduct_protocol::{
    envelope::{
        content::encode_receipts,
        desk::Arrival,
        draft::{Draft, DraftRefused, SealTerms},
        header::{ContentType, RegistryPoint},
        opened::Opened,
        reply::ReplyKeys,
        sealed::Sealed,
        target::{Target, Via},
        verdict::{Fault, Verdict},
    },
    id::RelayId,
    prekey::record::PrekeyKind,
    receipt::{
        chain::ChainHead,
        node::{Delivered, DeliveredAt, SentMessage},
    },
};

use crate::{
    forge::Forgery,
    party::{NOW, Party, fault, name, opened, personal},
};

fn at() -> DeliveredAt {
    DeliveredAt {
        stored_at: NOW,
        registry: RegistryPoint { size: 3, root: [3; 32] },
        chain: ChainHead { length: 1, hash: [4; 32] },
        echo: None,
    }
}

/// A referral from A, opened by B.
fn referred(a: &mut Party, b: &mut Party, text: &[u8]) -> Box<Opened> {
    let sealed = a.refer(b, text);
    opened(b.receive(&sealed))
}

/// B's receipt about `about`, sealed to the reply key of `to`.
fn receipt(b: &mut Party, about: SentMessage, to: &Opened) -> Sealed {
    let receipt = Delivered::sign(&b.identity, about, at());
    let content = encode_receipts(&[receipt.as_bytes()]).unwrap();
    let target = to.reply_target().unwrap();
    let draft = b.draft(ContentType::Receipt, &content, to.header().sender);
    b.seal(draft, &target)
}

#[test]
fn a_delivered_receipt_comes_back_verified() {
    let (mut a, mut b) = Party::pair();
    let message = referred(&mut a, &mut b, b"text");
    let sealed = receipt(&mut b, message.as_sent(), &message);

    let back = opened(a.open(Arrival::Slot(sealed.slot()), sealed.as_bytes()));

    assert_eq!(back.via(), Via::ReplyKey);
    assert_eq!(back.receipts().len(), 1);
    assert_eq!(back.receipts()[0].delivered().unwrap().about(), &message.as_sent());
    assert!(back.reply().is_none());
}

#[test]
fn a_receipt_about_another_message_is_quarantined() {
    let (mut a, mut b) = Party::pair();
    let first = referred(&mut a, &mut b, b"first");
    let second = referred(&mut a, &mut b, b"second");
    let swaps: [fn(&mut SentMessage, &SentMessage); 5] = [
        |mine, other| mine.message = other.message,
        |mine, other| mine.header_hash = other.header_hash,
        |mine, other| mine.content_commitment = other.content_commitment,
        |mine, other| mine.envelope = other.envelope,
        |mine, other| *mine = *other,
    ];

    for swap in swaps {
        let mut about = first.as_sent();
        swap(&mut about, &second.as_sent());
        let sealed = receipt(&mut b, about, &first);
        let verdict = a.open(Arrival::Slot(sealed.slot()), sealed.as_bytes());
        assert_eq!(fault(&verdict), Some(Fault::Receipt));
    }
}

#[test]
fn a_receipt_by_a_third_node_is_quarantined() {
    let (mut a, mut b) = Party::pair();
    let mut c = Party::new(3);
    a.knows(&c);
    let message = referred(&mut a, &mut b, b"text");

    // C somehow learns the reply block and writes into the slot, signing as itself.
    let sealed = receipt(&mut c, message.as_sent(), &message);

    assert_eq!(fault(&a.open(Arrival::Slot(sealed.slot()), sealed.as_bytes())), Some(Fault::Receipt));
}

#[test]
fn a_receipt_signed_with_another_key_is_quarantined_though_the_message_is_honest() {
    let (mut a, mut b) = Party::pair();
    let c = Party::new(3);
    let message = referred(&mut a, &mut b, b"text");
    let forged = Delivered::sign(&c.identity, message.as_sent(), at());
    let mut renamed = *forged.as_bytes();
    renamed[36..68].copy_from_slice(b.key().key_id().as_bytes());

    for bytes in [forged.as_bytes(), &renamed] {
        let content = encode_receipts(&[bytes]).unwrap();
        let draft = b.draft(ContentType::Receipt, &content, a.node);
        let sealed = b.seal(draft, &message.reply_target().unwrap());
        let verdict = a.open(Arrival::Slot(sealed.slot()), sealed.as_bytes());
        assert_eq!(fault(&verdict), Some(Fault::Receipt));
    }
}

/// Trap 63.
#[test]
fn a_receipt_envelope_replayed_into_another_slot_is_not_taken() {
    let (mut a, mut b) = Party::pair();
    let first = referred(&mut a, &mut b, b"first");
    let second = referred(&mut a, &mut b, b"second");
    let sealed = receipt(&mut b, first.as_sent(), &first);
    let other_slot = second.reply().unwrap().slot();

    let verdict = a.open(Arrival::Slot(other_slot), sealed.as_bytes());
    assert!(matches!(verdict, Verdict::Malformed(_)), "{}", name(&verdict));

    let mut moved = sealed.as_bytes().to_vec();
    moved[8..24].copy_from_slice(other_slot.as_bytes());
    assert_eq!(fault(&a.open(Arrival::Slot(other_slot), &moved)), Some(Fault::ReplyKey));
}

#[test]
fn a_receipt_after_its_reply_key_is_gone_is_not_taken() {
    let (mut a, mut b) = Party::pair();
    let message = referred(&mut a, &mut b, b"text");
    let sealed = receipt(&mut b, message.as_sent(), &message);
    a.replies.clear();

    assert_eq!(fault(&a.open(Arrival::Slot(sealed.slot()), sealed.as_bytes())), Some(Fault::ReplyKey));
}

/// Traps 8 and 77.
#[test]
fn a_referral_to_a_reply_key_and_a_receipt_to_a_prekey_are_quarantined() {
    let (mut a, mut b) = Party::pair();
    let message = referred(&mut a, &mut b, b"text");
    let reply_target = message.reply_target().unwrap();
    let prekey_target = a.target(PrekeyKind::OneTime);
    let delivered = Delivered::sign(&b.identity, message.as_sent(), at());
    let receipts = encode_receipts(&[delivered.as_bytes()]).unwrap();

    for content_type in [ContentType::Referral, ContentType::Control, ContentType::Cover] {
        let (sealed, _) = Forgery::new(&b, &reply_target, content_type, b"").seal();
        let verdict = a.open(Arrival::Slot(sealed.slot()), sealed.as_bytes());
        assert_eq!(fault(&verdict), Some(Fault::Route), "{content_type:?}");
    }
    let (sealed, _) = Forgery::new(&b, &prekey_target, ContentType::Receipt, &receipts).seal();
    assert_eq!(fault(&a.open(Arrival::Mailbox, sealed.as_bytes())), Some(Fault::Route));
}

#[test]
fn a_receipt_that_brings_a_reply_block_is_quarantined() {
    let (mut a, mut b) = Party::pair();
    let message = referred(&mut a, &mut b, b"text");
    let delivered = Delivered::sign(&b.identity, message.as_sent(), at());
    let receipts = encode_receipts(&[delivered.as_bytes()]).unwrap();
    let keys = ReplyKeys::generate(RelayId(1), NOW, &mut b.entropy).unwrap();
    let target = message.reply_target().unwrap();

    let (sealed, _) = Forgery::new(&b, &target, ContentType::Receipt, &receipts).with_reply(&keys.block).seal();

    assert_eq!(fault(&a.open(Arrival::Slot(sealed.slot()), sealed.as_bytes())), Some(Fault::Route));
}

#[test]
fn cover_with_something_in_it_is_quarantined() {
    let (a, mut b) = Party::pair();
    let target = b.target(PrekeyKind::OneTime);

    let verdicts = [&b""[..], b"smuggled"].map(|content| {
        let (sealed, _) = Forgery::new(&a, &target, ContentType::Cover, content).seal();
        name(&b.open(Arrival::Mailbox, sealed.as_bytes()))
    });

    assert_eq!(verdicts[0], "opened");
    assert!(verdicts[1].starts_with("quarantine"));
}

#[test]
fn a_draft_refuses_the_wrong_way_before_anything_is_sealed() {
    let (mut a, mut b) = Party::pair();
    let message = referred(&mut a, &mut b, b"text");
    let reply_target = message.reply_target().unwrap();
    let prekey_target = a.target(PrekeyKind::OneTime);
    let mut refused = |content_type, target: &Target| {
        let draft = b.draft(content_type, b"x", a.node);
        draft.sign(&b.terms(target), &mut crate::party::Seeded::new(1)).err()
    };

    assert_eq!(refused(ContentType::Receipt, &prekey_target), Some(DraftRefused::Route));
    assert_eq!(refused(ContentType::Referral, &reply_target), Some(DraftRefused::Route));
    assert_eq!(refused(ContentType::Control, &reply_target), Some(DraftRefused::Route));
}

#[test]
fn a_draft_is_not_sealed_to_a_node_that_it_is_not_for() {
    let (a, mut b) = Party::pair();
    let target = b.target(PrekeyKind::OneTime);
    let draft = Draft::new(ContentType::Referral, personal(b"x"), vec![a.node], NOW, &mut crate::party::Stuck).unwrap();

    let terms = SealTerms { ..a.terms(&target) };
    let refused = draft.sign(&terms, &mut crate::party::Stuck).err();

    assert_eq!(refused, Some(DraftRefused::NotARecipient));
}
