//! What comes back into a reply slot besides a receipt: the node's own word that its rules refuse a message, and answers signed with
//! a key that its node had before.

use safeconduct_protocol::{
    envelope::{
        case::{CaseContent, Details},
        content::encode_receipts,
        desk::{Arrival, SenderState},
        header::{ContentType, RegistryPoint},
        opened::{Answer, Opened},
        verdict::{Fault, Verdict},
    },
    id::{MessageId, NodeId},
    receipt::{
        case::{CaseAct, CaseEvent, CaseFields, Revision, details_commitment},
        chain::ChainHead,
        node::{Delivered, DeliveredAt},
    },
};

use crate::party::{NOW, Party, fault, opened};

/// A referral from A, opened by B.
fn referred(a: &mut Party, b: &mut Party) -> Box<Opened> {
    let sealed = a.refer(b, b"text");
    opened(b.receive(&sealed))
}

fn details() -> Details {
    Details { salt: [6; 32], bytes: br#"{"rule":"closed"}"#.to_vec().into() }
}

/// B's node itself declines what it opened.
fn refusal(message: &Opened) -> CaseFields {
    let sent = message.as_sent();
    CaseFields {
        act: CaseAct::Declined,
        code: 1,
        level: None,
        by_node: true,
        confirmed: false,
        referral: [1; 16],
        epoch: 0,
        number: 0,
        previous: [0; 32],
        seen: None,
        at: NOW,
        signer: sent.recipient,
        other: sent.sender,
        about: Revision {
            message: sent.message,
            header_hash: sent.header_hash,
            content_commitment: sent.content_commitment,
        },
        person: None,
        successor: None,
        details: Some(details_commitment(&[6; 32], &details().bytes).unwrap()),
        registry: RegistryPoint { size: 3, root: [3; 32] },
    }
}

/// This content of type 5 in the reply slot of `message`, as A takes it.
fn answered(a: &Party, b: &mut Party, message: &Opened, said: &CaseContent) -> Verdict {
    let content = encode_receipts(&[&said.encode().unwrap()]).unwrap();
    let draft = b.draft(ContentType::Receipt, &content, a.node);
    let sealed = b.seal(draft, &message.reply_target().unwrap());
    a.open(Arrival::Slot(sealed.slot()), sealed.as_bytes())
}

fn event(fields: &CaseFields, b: &Party) -> CaseContent {
    let event = CaseEvent::sign(&b.identity, fields).unwrap();
    CaseContent::Event(Box::new(event), fields.details.map(|_| details()))
}

#[test]
fn a_nodes_own_refusal_comes_back_with_the_rule_that_it_names() {
    let (mut a, mut b) = Party::pair();
    let message = referred(&mut a, &mut b);
    let says = refusal(&message);
    let said = event(&says, &b);

    let back = opened(answered(&a, &mut b, &message, &said));

    let [answer] = back.receipts() else { panic!("one answer") };
    assert!(answer.delivered().is_none());
    let Answer::Refused(event, Some(told)) = answer else { panic!("no refusal") };
    assert!(*event.says() == says && *told == details());
}

#[test]
fn a_refusal_must_be_the_nodes_own_word_about_this_very_message() {
    type Change = (&'static str, fn(&mut CaseFields));
    const CHANGES: [Change; 6] = [
        ("of another act", |f| (f.act, f.code) = (CaseAct::Opened, 0)),
        ("by a person", |f| (f.by_node, f.person) = (false, Some([1; 16]))),
        ("by another node", |f| f.signer = NodeId::from_bytes([9; 32])),
        ("to another node", |f| f.other = NodeId::from_bytes([9; 32])),
        ("of another message", |f| f.about.message = MessageId::from_bytes([9; 16])),
        ("of other content", |f| f.about.content_commitment = [9; 32]),
    ];
    let (mut a, mut b) = Party::pair();
    let message = referred(&mut a, &mut b);

    for (what, change) in CHANGES {
        let mut says = refusal(&message);
        change(&mut says);
        let said = event(&says, &b);
        assert_eq!(fault(&answered(&a, &mut b, &message, &said)), Some(Fault::Receipt), "{what}");
    }
    let mut under_another_envelope = refusal(&message);
    under_another_envelope.about.header_hash = [9; 32];
    let said = event(&under_another_envelope, &b);
    assert_eq!(
        opened(answered(&a, &mut b, &message, &said)).receipts().len(),
        1,
        "the word is given once, and repeated"
    );

    let by_a_third = event(&refusal(&message), &Party::new(3));
    assert_eq!(fault(&answered(&a, &mut b, &message, &by_a_third)), Some(Fault::Receipt));
    let post = CaseContent::Post(b"{}".to_vec().into());
    assert_eq!(fault(&answered(&a, &mut b, &message, &post)), Some(Fault::Receipt), "no other content of type 5");
}

#[test]
fn an_answer_signed_with_a_former_key_is_taken_while_that_key_counts() {
    let (mut a, mut b) = Party::pair();
    let message = referred(&mut a, &mut b);
    let at = DeliveredAt {
        stored_at: NOW,
        registry: RegistryPoint { size: 3, root: [3; 32] },
        chain: ChainHead { length: 1, hash: [4; 32] },
        echo: None,
    };
    let receipt = Delivered::sign(&b.identity, message.as_sent(), at);
    let former = b.key();
    b.identity = Party::new(7).identity;
    a.knows(&b);
    let content = encode_receipts(&[receipt.as_bytes()]).unwrap();
    let draft = b.draft(ContentType::Receipt, &content, a.node);
    let sealed = b.seal(draft, &message.reply_target().unwrap());
    let mut open = |state: Option<SenderState>| {
        a.former = state.map(|state| (former.key_id(), state));
        a.open(Arrival::Slot(sealed.slot()), sealed.as_bytes())
    };

    assert_eq!(opened(open(Some(SenderState::Active(former)))).receipts().len(), 1);
    let another = Party::new(8).key();
    for no in [SenderState::Replaced, SenderState::Suspended, SenderState::Active(another)] {
        assert_eq!(fault(&open(Some(no))), Some(Fault::Receipt), "{no:?}");
    }
    assert_eq!(fault(&open(None)), Some(Fault::Receipt), "the present key did not sign it");
}

#[test]
fn a_suspended_sender_is_held_as_long_as_an_envelope_lives_and_not_a_second_longer() {
    use safeconduct_protocol::limits::MESSAGE_LIFE_S;

    let (mut a, mut b) = Party::pair();
    let sealed = a.refer(&mut b, b"text");
    b.senders.insert(a.node, SenderState::Suspended);

    assert!(matches!(b.open(Arrival::Mailbox, sealed.as_bytes()), Verdict::Hold));
    b.held_since = Some(NOW);
    b.now = NOW.after(MESSAGE_LIFE_S);
    assert!(matches!(b.open(Arrival::Mailbox, sealed.as_bytes()), Verdict::Hold));
    b.now = NOW.after(MESSAGE_LIFE_S + 1);
    assert_eq!(fault(&b.open(Arrival::Mailbox, sealed.as_bytes())), Some(Fault::SenderSuspended));
}

#[test]
fn a_replaced_key_and_a_revoked_sender_are_told_apart_at_once() {
    let (mut a, mut b) = Party::pair();
    let sealed = a.refer(&mut b, b"text");
    for (state, expected) in
        [(SenderState::Replaced, Fault::SenderReplaced), (SenderState::Revoked, Fault::SenderRevoked)]
    {
        b.senders.insert(a.node, state);
        assert_eq!(fault(&b.open(Arrival::Mailbox, sealed.as_bytes())), Some(expected));
    }
}

#[test]
fn a_prekey_that_is_not_there_is_named_by_what_became_of_it() {
    use safeconduct_protocol::{envelope::verdict::Outward, receipt::settle::NackReason};

    let (mut a, mut b) = Party::pair();
    let sealed = a.refer(&mut b, b"text");
    b.prekeys.clear();
    let nacked = |b: &Party, reason| {
        let verdict = b.open(Arrival::Mailbox, sealed.as_bytes());
        matches!(&verdict, Verdict::Nack(said) if *said == reason) && verdict.outward() == Outward::Nack(reason)
    };

    assert!(nacked(&b, NackReason::Unknown));
    b.expired.insert(sealed.prekey());
    assert!(nacked(&b, NackReason::Expired));
    b.expired.clear();
    b.consumed.insert(sealed.prekey());
    assert!(nacked(&b, NackReason::Consumed));
}

#[test]
fn a_suite_below_the_registrys_minimum_is_refused_before_the_envelope_is_opened() {
    use safeconduct_protocol::envelope::sealed::EnvelopeMalformed;

    let (mut a, mut b) = Party::pair();
    let sealed = a.refer(&mut b, b"text");
    b.suite_min = 2;
    let refused = b.open(Arrival::Mailbox, sealed.as_bytes());
    assert!(matches!(refused, Verdict::Malformed(EnvelopeMalformed::SuiteTooOld)));
    b.suite_min = 1;
    let message = opened(b.open(Arrival::Mailbox, sealed.as_bytes()));
    let parts = (message.via(), message.header().content_commitment, message.envelope());
    let commitment =
        safeconduct_protocol::envelope::header::content_commitment(message.salt(), crate::party::content(&message));
    let via = safeconduct_protocol::envelope::target::Via::Prekey;
    assert_eq!(parts, (via, commitment, sealed.digest()));
    let public = sealed.outer();
    assert_eq!((sealed.expiry(), public.expiry), (NOW.day().after(14), NOW.day().after(14)));
    assert_eq!(message.reply().unwrap().relay(), safeconduct_protocol::id::RelayId(1));
}
