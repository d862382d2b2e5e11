//! What whoever has stolen a key, or has one agency, must not be able to do for good.

use super::{A, B, World, fresh_key, id};
use crate::{
    link::tls::spki_hash_of,
    registry::{
        HeadRefused, Registry,
        leaf::{LeafFields, LeafKind, LeafRefused},
        replay::{FORMER_HOME_S, OVERRIDE_DELAY_S},
        standing::KeyStanding,
        terms::{Border, ROLES_ALL, Terms, What},
    },
    testing::{Actor, NOW},
};

/// The TLS key of the authority of XB.
const ABROAD: [u8; 32] = [0x78; 32];

fn recognition(world: &World, until: u64) -> LeafFields {
    let terms = Terms {
        number: 0,
        from_roles: ROLES_ALL,
        to_roles: ROLES_ALL,
        from_country: Border(*b"XB"),
        to_country: Border::ANY,
        what: What::ALL,
        until: NOW.after(until),
        record: [1; 32],
    };
    let next = world.registry.next_about_registry(LeafKind::Recognise, NOW);
    LeafFields { directory: [0x77; 32], tls_spki: ABROAD, terms: Some(terms), ..next }
}

#[test]
fn after_the_succession_key_has_spoken_no_key_before_it_counts_any_more() {
    let mut world = World::new();
    world.head(NOW);
    let stolen = Actor::new(A);
    // The thief renews the key that he has stolen; the paper then takes the node back.
    for (key, yes) in [(150, &stolen.ik), (151, &stolen.succession)] {
        let mut change = world.next(LeafKind::Change);
        change.ik = *fresh_key(key).verifying_key().as_bytes();
        world.offer(&change, Some(yes)).unwrap();
    }

    for key in [stolen.ik.verifying_key(), fresh_key(150).verifying_key()] {
        assert_eq!(world.registry.key_standing(&id(A), &key.key_id()), KeyStanding::Replaced);
    }
    assert_eq!(world.registry.counting_keys(&id(A)).count(), 1);
}

#[test]
fn no_node_names_the_tls_key_of_a_recognised_authority() {
    let mut world = World::new();
    world.take(&recognition(&world, 100));

    let change = LeafFields { tls_spki: ABROAD, ..world.next(LeafKind::Change) };
    assert_eq!(world.offer(&change, None), Err(LeafRefused::KeyForTwoPurposes));
    let add = LeafFields { tls_spki: ABROAD, ..Actor::new(B).add(3) };
    assert_eq!(world.offer(&add, None), Err(LeafRefused::KeyForTwoPurposes));
    // Ended ones too: a recognition is renewed under the same key.
    world.take(&recognition(&world, 0));
    let change = LeafFields { tls_spki: ABROAD, ..world.next(LeafKind::Change) };
    assert_eq!(world.offer(&change, None), Err(LeafRefused::KeyForTwoPurposes));
}

#[test]
fn nor_does_it_have_that_key_as_its_own_identity() {
    let mut world = World::new();
    let key = fresh_key(150);
    let tls_spki = spki_hash_of(key.verifying_key().as_bytes());
    world.take(&LeafFields { tls_spki, ..recognition(&world, 100) });

    let mut change = world.next(LeafKind::Change);
    change.ik = *key.verifying_key().as_bytes();
    assert_eq!(world.offer(&change, Some(&Actor::new(A).ik)), Err(LeafRefused::KeyForTwoPurposes));
}

#[test]
fn a_recognition_begins_ends_and_is_renewed_whatever_key_a_node_has_named() {
    let mut world = World::new();
    // Nobody proves that he has a TLS key.
    world.take(&LeafFields { tls_spki: ABROAD, ..world.next(LeafKind::Change) });

    for until in [100, 0, 200] {
        world.take(&recognition(&world, until));
    }

    assert_eq!(world.registry.recognitions().count(), 1);
}

/// A's node in other hands by the authority alone, at another relay, once that is in force.
fn replaced() -> World {
    let mut world = World::new();
    let second = safeconduct_protocol::id::RelayId(2);
    world.take(&LeafFields { home_relay: second, ..Actor::new(B).add_relay(2) });
    world.head(NOW);
    let mut change = world.next(LeafKind::Change);
    change.ik = *fresh_key(151).verifying_key().as_bytes();
    change.home_relay = second;
    world.take(&change);
    world
}

#[test]
fn a_restart_does_not_open_a_former_home_again() {
    let mut world = replaced();
    let due = NOW.after(OVERRIDE_DELAY_S);
    world.head(due);
    let open_until = due.after(FORMER_HOME_S);
    assert_eq!(world.registry.former_homes(&id(A)).next().unwrap().open_until, open_until);

    let mut again = Registry::new(world.keys.root());
    again.extend(&world.registry.leaves_from(0).collect::<Vec<_>>()).unwrap();
    let late = world.keys.head(&again, again.size(), open_until.after(1));
    again.accept_head(&late, open_until.after(1)).unwrap();

    assert_eq!(again.node(&id(A)).unwrap().former_homes[0].open_until, open_until);
    assert_eq!(again.former_homes(&id(A)).count(), 0);
}

#[test]
fn a_log_in_which_an_overridden_node_renews_its_key_replays_from_the_beginning() {
    let mut world = replaced();
    let due = NOW.after(OVERRIDE_DELAY_S);
    world.head(due);
    let mut change = world.registry.next_change(&id(A), due.after(1)).unwrap();
    change.ik = *fresh_key(152).verifying_key().as_bytes();
    world.offer(&change, Some(&fresh_key(151))).unwrap();
    world.head(due.after(1));

    let mut again = Registry::new(world.keys.root());
    again.extend(&world.registry.leaves_from(0).collect::<Vec<_>>()).unwrap();
    again.accept_head(&world.keys.head(&again, again.size(), due.after(1)), due.after(1)).unwrap();

    assert_eq!(again.node(&id(A)).unwrap().ik, fresh_key(152).verifying_key());
}

#[test]
fn whoever_has_the_registrars_key_alone_does_not_shorten_the_wait_by_an_entry_of_a_later_day() {
    let mut world = replaced();
    let due = NOW.after(OVERRIDE_DELAY_S);
    let mut change = world.next(LeafKind::Change);
    change.effective = due.after(1);
    change.ik = *fresh_key(152).verifying_key().as_bytes();
    let forged = change.sign(&fresh_key(9), Some(&fresh_key(151)));
    assert!(world.registry.extend(&[forged]).is_err());
    assert!(world.registry.node(&id(A)).unwrap().pending.is_some(), "what is refused lets nothing take effect");
    world.offer(&change, Some(&fresh_key(151))).unwrap();

    let early = world.keys.head(&world.registry, world.registry.size(), due.before(1));
    assert_eq!(world.registry.accept_head(&early, due), Err(HeadRefused::TooEarly));
    // What does not cover the entry is taken as before.
    let before = world.keys.head(&world.registry, world.registry.size() - 1, due.before(1));
    assert!(world.registry.accept_head(&before, due).is_ok());
    world.head(due);
    assert_eq!(world.registry.node(&id(A)).unwrap().ik, fresh_key(152).verifying_key());
}

#[test]
fn an_entry_that_is_refused_though_what_waited_would_be_in_force_changes_nothing() {
    let mut world = replaced();
    let due = NOW.after(OVERRIDE_DELAY_S);
    let before = world.registry.node(&id(A)).unwrap().clone();
    let mut change = world.next(LeafKind::Change);
    change.effective = due;
    change.ik = *fresh_key(152).verifying_key().as_bytes();
    let good = change.clone();
    change.succession = *Actor::new(B).ik.verifying_key().as_bytes();
    let size = world.registry.size();

    let judged = world.registry.would_take(&change.sign(&world.keys.registrar, Some(&fresh_key(151))));
    assert_eq!(world.offer(&change, Some(&fresh_key(151))).err(), judged.as_ref().err().map(|error| error.reason));

    assert!(judged.is_err());
    let place = |state: &crate::node::NodeState| {
        (
            state.last_leaf,
            state.ik,
            state.tls_spki,
            state.home_relay,
            state.authority_override,
            state.former_homes.len(),
        )
    };
    let state = world.registry.node(&id(A)).unwrap();
    assert_eq!((world.registry.size(), place(state), &state.pending), (size, place(&before), &before.pending));
    let found = |registry: &Registry, state: &crate::node::NodeState| {
        let by_tls = registry.node_by_tls(&state.tls_spki).map(|node| node.id);
        let by_mailbox = registry.node_by_mailbox(&state.mailbox).map(|node| node.id);
        (by_tls, by_mailbox)
    };
    assert_eq!(found(&world.registry, &before), (Some(id(A)), Some(id(A))));
    let early = world.keys.head(&world.registry, size, due.before(1));
    assert!(world.registry.accept_head(&early, due).is_ok(), "no head has to prove what was not taken");
    // One second before what waited is due, an entry cannot rely on it; from then on it can.
    let mut too_soon = good.clone();
    too_soon.effective = due.before(1);
    assert_eq!(world.offer(&too_soon, Some(&fresh_key(151))), Err(LeafRefused::Succession));
    assert!(world.registry.would_take(&good.sign(&world.keys.registrar, Some(&fresh_key(151)))).is_ok());
    assert!(world.registry.node(&id(A)).unwrap().pending.is_some(), "judging lets nothing take effect");
    world.offer(&good, Some(&fresh_key(151))).unwrap();
    assert_eq!(world.registry.node(&id(A)).unwrap().ik, fresh_key(152).verifying_key());
}

#[test]
fn what_waits_waits_from_the_time_that_was_held_when_it_was_taken_and_a_later_entry_from_its_own() {
    let seen = NOW.after(1_000);
    let due = |registry: &Registry| registry.node(&id(A)).unwrap().pending.as_ref().map(|pending| pending.from);
    let all = |world: &World| world.registry.leaves_from(0).map(<[u8]>::to_vec).collect::<Vec<_>>();
    let world = replaced();
    let without = |registry: &Registry| {
        let mut again = Registry::new(registry.root().clone());
        again.extend(&all(&world)).unwrap();
        due(&again)
    };
    assert_eq!(without(&world.registry), Some(NOW.after(OVERRIDE_DELAY_S)));

    let mut by_pages = Registry::new(world.keys.root());
    by_pages.extend_seen(&all(&world), seen).unwrap();
    assert_eq!(due(&by_pages), Some(seen.after(OVERRIDE_DELAY_S)));
    let mut beside = Registry::new(world.keys.root());
    let records = vec![Vec::<u8>::new(); all(&world).len()];
    beside.extend_beside_seen(&all(&world), &records, seen).unwrap();
    assert_eq!(due(&beside), Some(seen.after(OVERRIDE_DELAY_S)));

    // The time holds for those entries alone.
    let mut change = Actor::new(B + 1).add(4);
    change.home_relay = safeconduct_protocol::id::RelayId(1);
    let next = change.sign(&world.keys.registrar, None);
    for registry in [&mut by_pages, &mut beside] {
        registry.extend(&[&next]).unwrap();
        let mut change = registry.next_entry(LeafKind::Change, &id(B + 1), NOW).unwrap();
        change.ik = *fresh_key(160).verifying_key().as_bytes();
        registry.extend(&[change.sign(&world.keys.registrar, None)]).unwrap();
        let waits = registry.node(&id(B + 1)).unwrap().pending.as_ref().map(|pending| pending.from);
        assert_eq!(waits, Some(NOW.after(OVERRIDE_DELAY_S)));
    }
}

#[test]
fn a_mailbox_that_waits_is_nobodys_again_when_the_entry_that_relied_on_it_is_refused() {
    use safeconduct_protocol::id::MailboxId;

    let mut world = World::new();
    world.head(NOW);
    let (old, new) = (MailboxId::from_bytes([A; 16]), MailboxId::from_bytes([77; 16]));
    let mut moves = world.next(LeafKind::Change);
    moves.ik = *fresh_key(151).verifying_key().as_bytes();
    moves.mailbox = new;
    world.take(&moves);
    let finds = |world: &World, mailbox| world.registry.node_by_mailbox(&mailbox).map(|node| node.id);
    assert_eq!((finds(&world, old), finds(&world, new)), (Some(id(A)), None), "it waits");

    let mut change = world.next(LeafKind::Change);
    change.effective = NOW.after(OVERRIDE_DELAY_S);
    // The relay's own.
    change.ik = *Actor::new(1).ik.verifying_key().as_bytes();
    assert!(world.offer(&change, Some(&fresh_key(151))).is_err());

    assert_eq!((finds(&world, old), finds(&world, new)), (Some(id(A)), None));
    assert!(world.registry.node(&id(A)).unwrap().pending.is_some());
    world.head(NOW.after(OVERRIDE_DELAY_S));
    assert_eq!((finds(&world, old), finds(&world, new)), (None, Some(id(A))));
}
