//! Messages on their way while a key is renewed, taken, or a registration suspended or revoked.

use safeconduct_protocol::{secret::Secret, time::Timestamp};

use super::*;
use crate::{keys::Identity, outbox::standing};

/// The identity key that a node has from then on.
fn next_key(seed: u8) -> SigningKey {
    SigningKey::from_seed(Secret::new([seed; 32]))
}

/// The node has this key now, in the registry and at home.
fn renew(world: &mut World, node: &mut Node, seed: u8) {
    let key = next_key(seed);
    world.renew(&node.identity.node, &key.verifying_key(), Some(&node.identity.key));
    node.identity.key = key;
}

/// The authority alone gives the node another key; from the time that is returned on it is in force.
fn taken(world: &mut World, identity: &Identity, seed: u8) -> Timestamp {
    world.renew(&identity.node, &next_key(seed).verifying_key(), None);
    NOW.after(72 * HOUR_S)
}

#[test]
fn a_message_and_its_receipt_that_were_signed_before_a_renewal_still_count() {
    let (mut world, mut a, mut b, records) = pair(80);
    let [first, second] = [b"x", b"y"].map(|content| queue(&mut a, &b, content, &mut world));
    let one = sealed(&mut a, &first, &records[0], NOW, &mut world);
    let two = sealed(&mut a, &second, &records[1], NOW, &mut world);
    renew(&mut world, &mut a, 90);
    world.update(&mut a, NOW);
    world.update(&mut b, NOW);

    assert_eq!(got(&mut b, &one, NOW, &mut world).became(), Became::Shown(first));
    let ready = receipts_of(&mut b, NOW, &mut world);
    assert_eq!(got(&mut b, &two, NOW, &mut world).became(), Became::Shown(second));
    // The one receipt is sealed by the old key, the other is made before and sealed after.
    renew(&mut world, &mut b, 91);
    world.update(&mut a, NOW);
    world.update(&mut b, NOW);
    let receipts = receipts_of(&mut b, NOW, &mut world);

    let both = ready.iter().chain(receipts.iter().filter(|receipt| !ready.contains(receipt)));
    let became: Vec<_> = both.map(|item| slot_item(&mut a, SlotItemKind::Envelope, item, address(item), NOW)).collect();
    assert_eq!(became, [SlotBecame::Delivered(first), SlotBecame::Delivered(second)]);
    assert_eq!((state(&a, &first), state(&a, &second)), (OutboxState::Delivered, OutboxState::Delivered));
    let bundle = export::bundle(a.vault.as_ref().unwrap(), &a.held, &first, Contents::Without).unwrap().to_json();
    let read = safeconduct_certs::evidence::Bundle::parse(bundle.as_bytes()).unwrap();
    safeconduct_certs::evidence::verify(&read, safeconduct_certs::evidence::Known::Nothing).unwrap();
}

#[test]
fn a_settlement_that_the_relay_asks_for_again_is_signed_with_the_key_of_now() {
    let (mut world, mut a, mut b, records) = pair(81);
    let message = queue(&mut a, &b, b"x", &mut world);
    let envelope = sealed(&mut a, &message, &records[0], NOW, &mut world);
    got(&mut b, &envelope, NOW, &mut world);
    renew(&mut world, &mut b, 92);

    let again = got(&mut b, &envelope, NOW, &mut world);

    let settlement = Settlement::parse(&again.settlement().unwrap()).unwrap();
    assert!(again.became() == Became::Again && settlement.kind() == SettleKind::Done);
    settlement.verify(&b.identity.public()).unwrap();
}

#[test]
fn a_nack_that_was_signed_before_a_renewal_still_asks_for_a_new_seal() {
    let (mut world, mut a, mut b, records) = pair(82);
    let message = queue(&mut a, &b, b"x", &mut world);
    let envelope = sealed(&mut a, &message, &records[0], NOW, &mut world);
    let prekey = Sealed::try_from(envelope.clone()).unwrap().prekey();
    prekeys::bury(b.vault().db(), &prekey, NOW).unwrap();
    let nack = got(&mut b, &envelope, NOW, &mut world).settlement().unwrap();
    renew(&mut world, &mut b, 93);
    world.update(&mut a, NOW);

    let became = slot_item(&mut a, SlotItemKind::Nack, &nack, status_slot(&envelope), NOW);

    assert_eq!((became, state(&a, &message)), (SlotBecame::Nacked(message), OutboxState::Queued));
}

#[test]
fn what_was_sealed_to_the_old_key_opens_and_its_prekeys_are_not_offered_again() {
    let (mut world, mut a, mut b, records) = pair(83);
    let [first, second] = [b"x", b"y"].map(|content| queue(&mut a, &b, content, &mut world));
    let envelope = sealed(&mut a, &first, &records[0], NOW, &mut world);
    renew(&mut world, &mut b, 94);
    world.update(&mut a, NOW);
    world.update(&mut b, NOW);

    assert_eq!(got(&mut b, &envelope, NOW, &mut world).became(), Became::Shown(first));
    // The relay that still serves the old ones is not believed.
    let vault = a.vault.as_mut().unwrap();
    let old = seal::seal(vault, &a.identity, &a.held, &second, &records[1], NOW, &mut world.entropy);
    assert_eq!(old.map_err(|error| error.code()), Err("prekey-of-another-key"));
    let fresh = stock(&mut b, &mut world);
    assert!(fresh.len() >= 100 && fresh.iter().all(|record| !records.contains(record)));
    sealed(&mut a, &second, &fresh[0], NOW, &mut world);
}

/// Trap 41.
#[test]
fn a_message_signed_with_a_key_that_was_taken_from_its_node_is_put_aside_whenever_it_says_it_was_written() {
    let (mut world, mut a, mut b, records) = pair(84);
    let message = queue(&mut a, &b, b"x", &mut world);
    let envelope = sealed(&mut a, &message, &records[0], NOW, &mut world);
    world.update(&mut b, NOW);
    let from = taken(&mut world, &a.identity, 95);

    world.update(&mut b, from.before(1));
    let before = b.held.node(&a.identity.node).unwrap().ik;
    assert_eq!(before, a.identity.public(), "not before 72 hours");
    world.update(&mut b, from);
    let refused = got(&mut b, &envelope, from, &mut world);

    assert!(matches!(refused.became(), Became::Quarantined(_)));
    assert_eq!(quarantine::list(b.vault()).unwrap()[0].reason, "sender-key-replaced");
    assert!(list(b.vault()).unwrap().is_empty());
}

#[test]
fn a_change_by_the_authority_alone_that_is_dated_back_waits_also_after_a_restart() {
    let (mut world, a, mut b, _) = pair(85);
    let fields = world.waiting_change(&a.identity.node, &next_key(96).verifying_key(), Timestamp(1));
    world.append(&fields);
    world.update(&mut b, NOW);

    b.restart(NOW, &mut world.entropy);
    world.update(&mut b, NOW.after(72 * HOUR_S - 1));

    let state = b.held.node(&a.identity.node).unwrap().clone();
    assert!(state.pending.is_some() && state.ik == a.identity.public());
    world.update(&mut b, NOW.after(72 * HOUR_S));
    assert!(b.held.node(&a.identity.node).unwrap().authority_override);
}

#[test]
fn a_message_of_a_suspended_sender_is_held_and_shown_when_it_is_active_again() {
    let (mut world, mut a, mut b, records) = pair(86);
    let message = queue(&mut a, &b, b"x", &mut world);
    let envelope = sealed(&mut a, &message, &records[0], NOW, &mut world);
    world.end(&a.identity.node, LeafKind::Suspend);
    world.update(&mut b, NOW);

    let held = got(&mut b, &envelope, NOW, &mut world);
    assert!(held.became() == Became::Held && held.settlement().is_none());
    world.resume(&a.identity.node);
    world.update(&mut b, NOW);
    let here = Here { identity: &b.identity, held: &b.held, rules: &rules() };
    let after = retry_held(b.vault.as_mut().unwrap(), &here, NOW, &mut world.entropy).unwrap();

    assert_eq!(after[0].became(), Became::Shown(message));
    assert!(after[0].settlement().is_some());
}

/// Trap 49.
#[test]
fn a_message_for_a_node_that_is_revoked_between_its_seal_and_a_nack_is_not_sealed_anew() {
    let (mut world, mut a, mut b, records) = pair(87);
    let message = queue(&mut a, &b, b"x", &mut world);
    let envelope = sealed(&mut a, &message, &records[0], NOW, &mut world);
    let prekey = Sealed::try_from(envelope.clone()).unwrap().prekey();
    prekeys::bury(b.vault().db(), &prekey, NOW).unwrap();
    let nack = got(&mut b, &envelope, NOW, &mut world).settlement().unwrap();
    world.end(&b.identity.node, LeafKind::Revoke);
    world.update(&mut a, NOW);

    slot_item(&mut a, SlotItemKind::Nack, &nack, status_slot(&envelope), NOW);

    let entry = outbox::find(a.vault(), &message).unwrap().unwrap();
    assert_eq!((entry.state, entry.reason.as_deref()), (OutboxState::Failed, Some("recipient-revoked")));
    assert!(entry.alarm && outbox::to_seal(a.vault(), NOW, 9, &|_| true).unwrap().is_empty());
}

fn follow(node: &mut Node) -> standing::Followed {
    let held = node.held.clone();
    standing::follow(node.vault(), &held, NOW).unwrap()
}

#[test]
fn what_is_for_a_suspended_node_waits_is_counted_and_goes_on_and_what_is_for_a_revoked_one_has_ended() {
    let (mut world, mut a, b, records) = pair(88);
    let [waits, on_its_way] = [b"x", b"y"].map(|content| queue(&mut a, &b, content, &mut world));
    let envelope = sealed(&mut a, &on_its_way, &records[0], NOW, &mut world);
    accepted(&mut a, &envelope, NOW, &world);
    world.end(&b.identity.node, LeafKind::Suspend);
    world.update(&mut a, NOW);
    let vault = a.vault.as_mut().unwrap();
    seal::seal(vault, &a.identity, &a.held, &waits, &records[1], NOW, &mut world.entropy).err().unwrap();

    assert_eq!(standing::waiting_for_suspended(a.vault()).unwrap(), [("xa.harbour-house".to_owned(), 1)]);
    assert_eq!(follow(&mut a), standing::Followed::default());
    assert!(outbox::to_seal(a.vault(), NOW, 9, &|_| true).unwrap().is_empty(), "it is put off");
    world.resume(&b.identity.node);
    world.update(&mut a, NOW);
    assert_eq!(follow(&mut a).freed, 1);
    assert_eq!(outbox::to_seal(a.vault(), NOW, 9, &|_| true).unwrap().len(), 1);

    world.end(&b.identity.node, LeafKind::Revoke);
    world.update(&mut a, NOW);
    assert_eq!(follow(&mut a).ended, 2);
    for message in [waits, on_its_way] {
        let entry = outbox::find(a.vault(), &message).unwrap().unwrap();
        assert!(entry.state == OutboxState::Failed && entry.alarm, "{:?}", entry.reason);
        upkeep::seen(a.vault(), &entry).unwrap();
    }
    assert_eq!(follow(&mut a), standing::Followed::default());
}

#[test]
fn what_the_relay_holds_for_a_key_that_was_taken_is_sealed_anew_and_an_ordinary_renewal_changes_nothing() {
    let (mut world, mut a, mut b, records) = pair(89);
    let message = queue(&mut a, &b, b"x", &mut world);
    let envelope = sealed(&mut a, &message, &records[0], NOW, &mut world);
    accepted(&mut a, &envelope, NOW, &world);
    renew(&mut world, &mut b, 97);
    world.update(&mut a, NOW);
    assert_eq!((follow(&mut a).resealed, state(&a, &message)), (0, OutboxState::RelayAccepted));

    // Whoever has the second key now cannot have the seeds of its prekeys.
    let second = queue(&mut a, &b, b"y", &mut world);
    let fresh = stock(&mut b, &mut world);
    let envelope = sealed(&mut a, &second, &fresh[0], NOW, &mut world);
    accepted(&mut a, &envelope, NOW, &world);
    let from = taken(&mut world, &b.identity, 98);
    world.update(&mut a, NOW);
    world.update(&mut a, from);

    // The first key neither: no key of before counts any more, and the new one's machine has no seeds of theirs.
    assert_eq!(follow(&mut a).resealed, 2);
    assert_eq!((state(&a, &message), state(&a, &second)), (OutboxState::Queued, OutboxState::Queued));
}
