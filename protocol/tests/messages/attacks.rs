//! Attacks on a message, by the relay, by another node, or by its own sender.

use safeconduct_protocol::{
    crypto::sign::Label,
    envelope::{
        desk::{Arrival, PolicyRefusal, SenderState},
        header::{ContentType, Header, KeyFlag, ReplyFlag, recipients_commitment},
        reply::{REPLY_BLOCK_BYTES, ReplyKeys},
        sealed::{EnvelopeMalformed, OUTER_BYTES, Sealed},
        verdict::{Fault, Outward, Verdict},
    },
    id::{MessageId, NodeId, PrekeyId, RelayId, SlotId},
    limits::{ENVELOPE_BYTES_MAX, HOLD_S},
    prekey::record::PrekeyKind,
};

use crate::{
    forge::{Forgery, reseal},
    party::{NOW, Party, content, fault, name, opened},
};

/// Trap 10.
#[test]
fn garbage_under_a_live_prekey_does_not_burn_it() {
    let (mut a, mut b) = Party::pair();
    let sealed = a.refer(&mut b, b"the true one");

    for round in 0..1_000_usize {
        let mut bytes = sealed.as_bytes().to_vec();
        let at = OUTER_BYTES + (round * 7_919) % (bytes.len() - OUTER_BYTES);
        bytes[at] ^= 1 + u8::try_from(round % 255).unwrap();
        let verdict = b.open(Arrival::Mailbox, &bytes);
        assert!(matches!(verdict, Verdict::CannotOpen), "byte {at}: {}", name(&verdict));
        assert!(verdict.outward() == Outward::Done);
    }

    assert_eq!(content(&opened(b.receive(&sealed))), b"the true one");
}

#[test]
fn a_changed_public_field_does_not_open() {
    let (mut a, mut b) = Party::pair();
    let sealed = a.refer(&mut b, b"text");

    for at in 40..60 {
        let mut bytes = sealed.as_bytes().to_vec();
        bytes[at] ^= 1;
        let verdict = b.open(Arrival::Mailbox, &bytes);
        assert!(matches!(verdict, Verdict::CannotOpen), "byte {at}: {}", name(&verdict));
    }
}

#[test]
fn an_envelope_is_refused_at_each_public_field_that_must_be_so() {
    let (mut a, mut b) = Party::pair();
    let sealed = a.refer(&mut b, b"text");
    let changed = |at: usize, value: u8| {
        let mut bytes = sealed.as_bytes().to_vec();
        bytes[at] = value;
        b.open(Arrival::Mailbox, &bytes)
    };
    let is = |verdict: &Verdict, cause| matches!(verdict, Verdict::Malformed(c) if *c == cause);

    assert!(is(&changed(0, b'X'), EnvelopeMalformed::Magic));
    assert!(is(&changed(5, 2), EnvelopeMalformed::Suite));
    assert!(is(&changed(6, 1), EnvelopeMalformed::Reserved));
    assert!(is(&changed(63, 1), EnvelopeMalformed::Reserved));
    assert!(is(&changed(8, 0xff), EnvelopeMalformed::Elsewhere));
    let short = b.open(Arrival::Mailbox, &sealed.as_bytes()[..16_383]);
    assert!(is(&short, EnvelopeMalformed::Class) && short.outward() == Outward::Done);
    let slot = b.open(Arrival::Slot(SlotId::from_bytes([1; 16])), sealed.as_bytes());
    assert!(is(&slot, EnvelopeMalformed::Elsewhere));
    assert!(Sealed::try_from(vec![0; ENVELOPE_BYTES_MAX + 1]).is_err());
}

/// Trap 24.
#[test]
fn an_encapsulated_key_with_a_zeroed_x25519_half_is_malformed() {
    let (mut a, mut b) = Party::pair();
    let mut bytes = a.refer(&mut b, b"text").into_bytes();
    bytes[1_152..1_184].fill(0);

    let verdict = b.open(Arrival::Mailbox, &bytes);

    assert!(matches!(verdict, Verdict::Malformed(EnvelopeMalformed::LowOrder)));
}

/// Trap 14.
#[test]
fn whoever_holds_every_key_of_the_recipient_still_cannot_write_to_it_as_another() {
    let (a, mut b) = Party::pair();
    let target = b.target(PrekeyKind::OneTime);
    let mut forgery = Forgery::new(&a, &target, ContentType::Referral, b"forged");
    forgery.signer = &b.identity;

    let (sealed, _) = forgery.seal();

    assert_eq!(fault(&b.open(Arrival::Mailbox, sealed.as_bytes())), Some(Fault::Signature));
}

#[test]
fn a_signature_under_another_label_is_none() {
    let (a, mut b) = Party::pair();
    let target = b.target(PrekeyKind::OneTime);
    let (_, plaintext) = Forgery::new(&a, &target, ContentType::Referral, b"text").seal();

    for label in Label::ALL {
        // The binding of this plaintext belongs to the first context: sealing it anew ends at the context check, so
        // the label is tried on the header's bytes alone.
        let header = &plaintext[..352];
        let verifies = a.key().verify(Label::Message, header, &a.identity.sign(label, header)).is_ok();
        assert_eq!(verifies, label == Label::Message, "{label:?}");
    }
}

/// Trap 15.
#[test]
fn a_signed_message_sealed_anew_to_another_is_quarantined() {
    let (a, mut b) = Party::pair();
    let mut c = Party::new(3);
    c.knows(&a);
    let first = b.target(PrekeyKind::OneTime);
    let (sealed, plaintext) = Forgery::new(&a, &first, ContentType::Referral, b"for B").seal();
    assert_eq!(name(&b.open(Arrival::Mailbox, sealed.as_bytes())), "opened");

    let to_c = reseal(&plaintext, &c.target(PrekeyKind::OneTime));
    let to_another_prekey = reseal(&plaintext, &b.target(PrekeyKind::OneTime));
    let to_the_same_prekey = reseal(&plaintext, &first);

    assert_eq!(fault(&c.open(Arrival::Mailbox, to_c.as_bytes())), Some(Fault::Context));
    assert_eq!(fault(&b.open(Arrival::Mailbox, to_another_prekey.as_bytes())), Some(Fault::Context));
    assert_eq!(fault(&b.open(Arrival::Mailbox, to_the_same_prekey.as_bytes())), Some(Fault::Context));
}

#[test]
fn a_header_of_another_context_is_quarantined() {
    type Change = (&'static str, fn(&mut Header));
    const CHANGES: [Change; 4] = [
        ("suite", |h| h.suite = 2),
        ("recipient", |h| h.recipient = NodeId::from_bytes([0xee; 32])),
        ("prekey", |h| h.prekey = PrekeyId::from_bytes([0xee; 16])),
        ("last resort", |h| h.key = KeyFlag::LastResort),
    ];
    let (a, mut b) = Party::pair();
    let target = b.target(PrekeyKind::OneTime);

    for (field, change) in CHANGES {
        let mut forgery = Forgery::new(&a, &target, ContentType::Referral, b"text");
        change(&mut forgery.header);
        let (sealed, _) = forgery.seal();
        assert_eq!(fault(&b.open(Arrival::Mailbox, sealed.as_bytes())), Some(Fault::Context), "{field}");
    }
    let mut forgery = Forgery::new(&a, &target, ContentType::Referral, b"text");
    forgery.binding = Some([7; 32]);
    let (sealed, _) = forgery.seal();
    assert_eq!(fault(&b.open(Arrival::Mailbox, sealed.as_bytes())), Some(Fault::Context), "binding");
}

#[test]
fn a_last_resort_prekey_that_the_header_hides_is_quarantined() {
    let (a, mut b) = Party::pair();
    let target = b.target(PrekeyKind::Signed);
    let mut forgery = Forgery::new(&a, &target, ContentType::Referral, b"text");
    assert_eq!(forgery.header.key, KeyFlag::LastResort);
    forgery.header.key = KeyFlag::Once;

    let (sealed, _) = forgery.seal();

    assert_eq!(fault(&b.open(Arrival::Mailbox, sealed.as_bytes())), Some(Fault::Context));
}

#[test]
fn envelope_with_nonzero_padding_is_quarantined() {
    let (a, mut b) = Party::pair();
    let target = b.target(PrekeyKind::OneTime);
    let room = 16_384 - 1_184 - 16 - (352 + 64 + 32 + 4 + 4 + 2);

    for at in [0, 1, 2, 100, room / 2, room - 2, room - 1] {
        let mut forgery = Forgery::new(&a, &target, ContentType::Referral, b"text");
        forgery.padding = vec![0; at];
        forgery.padding.push(0x80);
        let (sealed, _) = forgery.seal();
        let verdict = b.open(Arrival::Mailbox, sealed.as_bytes());
        assert_eq!(fault(&verdict), Some(Fault::Layout), "padding byte {at}");
        assert!(verdict.outward() == Outward::Done);
    }
}

#[test]
fn what_is_not_what_was_signed_is_quarantined_with_its_signature() {
    let (a, mut b) = Party::pair();
    let target = b.target(PrekeyKind::OneTime);
    let honest = || Forgery::new(&a, &target, ContentType::Referral, b"text");
    let mut block = ReplyKeys::generate(RelayId(1), NOW, &mut b.entropy).unwrap().block.as_bytes().to_vec();
    assert_eq!(block.len(), REPLY_BLOCK_BYTES);

    let mut other_content = honest();
    other_content.content = b"TEXT".to_vec();
    let mut other_salt = honest();
    other_salt.salt = [1; 32];
    let mut other_note = honest();
    other_note.note = b"note".to_vec();
    let mut other_recipients = honest();
    other_recipients.header.recipients_commitment = recipients_commitment(&[0x5a; 32], &[a.node, target.node()]);
    let mut other_reply = honest();
    other_reply.header.reply = ReplyFlag::Present;
    other_reply.reply = core::mem::take(&mut block);

    for forgery in [other_content, other_salt, other_note, other_recipients, other_reply] {
        let (sealed, _) = forgery.seal();
        let verdict = b.open(Arrival::Mailbox, sealed.as_bytes());
        assert_eq!(fault(&verdict), Some(Fault::Commitment));
        let Verdict::Quarantine(kept) = verdict else { panic!() };
        let signed = kept.signed.expect("the sender did sign this");
        assert!(a.key().verify(Label::Message, signed.as_bytes(), signed.signature()).is_ok());
    }
}

#[test]
fn several_recipients_are_taken_when_the_content_names_them_and_oneself() {
    let (a, mut b) = Party::pair();
    let target = b.target(PrekeyKind::OneTime);
    let third = NodeId::from_bytes([0x33; 32]);
    let mut forgery = Forgery::new(&a, &target, ContentType::Referral, b"text");
    forgery.header.recipients_commitment = recipients_commitment(&[0x5a; 32], &[third, target.node()]);
    let (sealed, _) = forgery.seal();

    b.recipients = Some(vec![b.node, third]);
    assert_eq!(name(&b.open(Arrival::Mailbox, sealed.as_bytes())), "opened");
    b.recipients = Some(vec![third]);
    assert_eq!(fault(&b.open(Arrival::Mailbox, sealed.as_bytes())), Some(Fault::Commitment));
}

#[test]
fn two_contents_under_one_message_id_are_an_equivocation() {
    let (mut a, mut b) = Party::pair();
    let first = a.draft(ContentType::Referral, b"one story", b.node);
    let mut parts = first.parts().clone();
    parts.content = crate::party::personal(b"another story");
    let (t1, t2) = (b.target(PrekeyKind::OneTime), b.target(PrekeyKind::OneTime));
    let one = a.seal(first, &t1);
    let two = a.seal(safeconduct_protocol::envelope::draft::Draft::resume(parts).unwrap(), &t2);
    assert_eq!(name(&b.receive(&one)), "opened");

    let verdict = b.receive(&two);

    assert_eq!(fault(&verdict), Some(Fault::Equivocation));
    let Verdict::Quarantine(kept) = verdict else { panic!() };
    assert!(kept.signed.is_some(), "both signatures are the evidence");
}

/// What is left of trap 45: each recipient alone sees nothing amiss; both signatures side by side show it.
#[test]
fn trap_45_two_contents_under_one_id_to_two_recipients_differ_in_what_was_signed_for() {
    let (a, mut b) = Party::pair();
    let mut c = Party::new(3);
    c.knows(&a);
    let told = |to: &mut Party, text: &[u8]| {
        let target = to.target(PrekeyKind::OneTime);
        let (sealed, _) = Forgery::new(&a, &target, ContentType::Referral, text).seal();
        let shown = opened(to.receive(&sealed));
        (shown.header().message, shown.header().content_commitment, shown.header().recipients_commitment)
    };

    let (of_b, of_c) = (told(&mut b, b"to one"), told(&mut c, b"to another"));

    assert_eq!(of_b.0, of_c.0, "one id");
    assert!(of_b.1 != of_c.1 && of_b.2 != of_c.2, "each is signed for its own content and recipients");
}

#[test]
fn the_same_message_id_of_another_sender_is_another_message() {
    let (a, mut b) = Party::pair();
    let c = Party::new(3);
    b.knows(&c);
    let target = b.target(PrekeyKind::Signed);
    let of = |sender: &Party, text: &[u8]| Forgery::new(sender, &target, ContentType::Referral, text).seal().0;

    let verdicts = [of(&a, b"by A"), of(&c, b"by C")].map(|sealed| name(&b.receive(&sealed)));

    assert_eq!(verdicts, ["opened", "opened"]);
    assert!(b.seen.contains_key(&(a.node, MessageId::from_bytes([0x11; 16]))));
    assert!(b.seen.contains_key(&(c.node, MessageId::from_bytes([0x11; 16]))));
}

#[test]
fn an_unknown_sender_is_held_for_seven_days_and_not_a_second_longer() {
    let (mut a, mut b) = Party::pair();
    let sealed = a.refer(&mut b, b"text");
    b.senders.clear();

    assert_eq!(name(&b.open(Arrival::Mailbox, sealed.as_bytes())), "hold");
    b.held_since = Some(NOW);
    b.now = NOW.after(HOLD_S);
    let held = b.open(Arrival::Mailbox, sealed.as_bytes());
    assert_eq!(name(&held), "hold");
    assert!(held.outward() == Outward::Nothing);
    b.now = NOW.after(HOLD_S + 1);
    assert_eq!(fault(&b.open(Arrival::Mailbox, sealed.as_bytes())), Some(Fault::SenderUnknown));

    b.knows(&a);
    assert_eq!(name(&b.receive(&sealed)), "opened");
}

/// Trap 7.
#[test]
fn a_key_that_the_registry_does_not_name_is_held_not_believed() {
    let (mut a, mut b) = Party::pair();
    let sealed = a.refer(&mut b, b"text");
    b.senders.insert(a.node, SenderState::Active(Party::new(9).key()));

    assert_eq!(name(&b.open(Arrival::Mailbox, sealed.as_bytes())), "hold");
}

#[test]
fn every_fault_looks_like_success_from_outside() {
    let (mut a, mut b) = Party::pair();
    let target = b.target(PrekeyKind::Signed);
    let (honest, _) = Forgery::new(&a, &target, ContentType::Referral, b"text").seal();
    let mut forged = Forgery::new(&a, &target, ContentType::Referral, b"text");
    forged.signer = &b.identity;
    let (bad_signature, _) = forged.seal();
    let mut bad_tag = honest.as_bytes().to_vec();
    *bad_tag.last_mut().unwrap() ^= 1;

    let mut outward = vec![
        b.open(Arrival::Mailbox, honest.as_bytes()).outward(),
        b.open(Arrival::Mailbox, &bad_tag).outward(),
        b.open(Arrival::Mailbox, bad_signature.as_bytes()).outward(),
    ];
    for state in [SenderState::Revoked, SenderState::Replaced] {
        b.senders.insert(a.node, state);
        outward.push(b.open(Arrival::Mailbox, honest.as_bytes()).outward());
    }
    b.knows(&a);
    for refusal in [PolicyRefusal::Role, PolicyRefusal::Blocked, PolicyRefusal::Exercise] {
        b.policy = Err(refusal);
        let verdict = b.open(Arrival::Mailbox, honest.as_bytes());
        assert_eq!(fault(&verdict), Some(Fault::Policy(refusal)));
        outward.push(verdict.outward());
    }

    assert!(outward.iter().all(|said| *said == Outward::Done));
    a.now = NOW;
}
