//! Attacks by number (`docs/THREAT-MODEL.md`) that the relay must withstand.

use safeconduct_protocol::{
    crypto::sign::{Label, SigningKey},
    frame::{Frame, SlotItemKind, SubmitRefusal, Tag},
    prekey::record::PrekeyKind,
    receipt::settle::{SettleKind, Settlement},
};

use super::world::{NOW, Node, World, envelope, status_secret};

/// The thief connects as the node, and signs with all that he has: the TLS key.
#[tokio::test]
async fn trap_36_a_thief_of_a_tls_key_collects_envelopes_and_deletes_none() {
    let (a, b) = (Node::new(1), Node::new(2));
    let world = World::of(&[&a, &b]).await;
    let letter = envelope(*b.mailbox.as_bytes(), 10, NOW.day());
    world.session(&a).await.submit(&letter).await;
    let mut thief = world.session(&b).await;
    assert!(thief.delivered().await == letter.as_bytes());

    let stolen = SigningKey::from_seed(b.tls.seed().duplicate());
    let forged = Settlement::sign(&stolen, b.id, letter.digest(), SettleKind::Done);
    thief.send(Frame::Settle { settlements: vec![forged.as_bytes().to_vec().into()] }).await;
    thief.has_nothing().await;

    let mut owner = world.session(&b).await;
    assert!(owner.delivered().await == letter.as_bytes());
    owner.send(b.done(&letter)).await;
    owner.has_nothing().await;
    world.session(&b).await.has_nothing().await;
}

/// A node that was bought signs keys whose X25519 half is of low order.
#[tokio::test]
async fn trap_62_a_relay_takes_no_prekey_of_low_order() {
    let b = Node::new(2);
    let world = World::of(&[&b]).await;
    let mut owner = world.session(&b).await;
    let sound = b.prekey(PrekeyKind::OneTime, 0, NOW);
    let mut minus_one = [0xff; 32];
    minus_one[0] = 0xec;
    minus_one[31] = 0x7f;
    let low = [[0; 32], core::array::from_fn(|place| u8::from(place == 0)), minus_one];
    let with_top = low.map(|mut u: [u8; 32]| {
        u[31] |= 0x80;
        u
    });
    let mut publish = async |half: Option<[u8; 32]>| {
        let mut bytes = sound.as_bytes().to_vec();
        if let Some(half) = half {
            bytes[96 + 1_184..1_312].copy_from_slice(&half);
        }
        let signature = b.ik.sign(Label::PrekeyOnce, &bytes[..1_312]);
        bytes[1_312..].copy_from_slice(signature.as_bytes());
        let answer = owner.ask(Frame::PrekeyPublish { tag: Tag(5), records: vec![bytes.into()] }).await;
        let Frame::PrekeyStocked { one_time, refused, .. } = answer else { panic!("{}", answer.name()) };
        (one_time.len(), refused)
    };

    for half in low.into_iter().chain(with_top) {
        assert_eq!(publish(Some(half)).await, (0, 1), "{half:02x?}");
    }
    assert_eq!(publish(None).await, (1, 0), "signed in the same way, with a sound key");
}

/// Whoever has seen a slot's id writes into it until it is full. The owner drops what does not count, and the true receipt, which its
/// sender offers again, is taken.
#[tokio::test]
async fn trap_65_a_full_slot_evicts_nothing_and_takes_the_true_receipt_once_its_owner_has_dropped_the_rest() {
    let (owner, squatter, recipient) = (Node::new(1), Node::new(2), Node::new(3));
    let world = World::of(&[&owner, &squatter, &recipient]).await;
    let (secret, slot) = status_secret(77);
    let mut writing = world.session(&squatter).await;
    for n in 20..28 {
        assert!(matches!(writing.submit(&envelope(*slot.as_bytes(), n, NOW.day())).await, Frame::Submitted { .. }));
    }
    let receipt = envelope(*slot.as_bytes(), 40, NOW.day());
    let mut giving = world.session(&recipient).await;
    let refused = giving.submit(&receipt).await;
    assert!(matches!(refused, Frame::SubmitRefused { reason: SubmitRefusal::SlotFull, .. }), "{}", refused.name());

    let mut owning = world.session(&owner).await;
    owning.send(Frame::SlotWatch { secrets: vec![secret] }).await;
    for n in 20..28 {
        let Frame::SlotItem { seq, kind, item, .. } = owning.receive().await else { panic!() };
        assert!(kind == SlotItemKind::Envelope && item == envelope(*slot.as_bytes(), n, NOW.day()).as_bytes());
        owning.send(Frame::SlotDrop { secret, seq }).await;
    }
    owning.has_nothing().await;

    assert!(matches!(giving.submit(&receipt).await, Frame::Submitted { .. }));
    let Frame::SlotItem { item, .. } = owning.receive().await else { panic!() };
    assert!(item == receipt.as_bytes());
}
