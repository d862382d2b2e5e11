//! One test for each rule of the log, and for each lie about its head.

mod rotation;

use safeconduct_protocol::{
    crypto::sign::{KeyRefused, SigningKey},
    id::{LeafHash, NodeId, RelayId},
    secret::Secret,
    time::Timestamp,
};

use super::{
    Accepted, HeadRefused, Registry,
    freshness::{ClockState, Freshness, STALE_S},
    gossip::{self, Gossip},
    leaf::{Leaf, LeafFields, LeafKind, LeafRefused},
    replay::{FORMER_HOME_S, FORMER_KEY_S, OVERRIDE_DELAY_S},
    standing::KeyStanding,
};
use crate::{
    link::tls::spki_hash_of,
    log::note,
    node::NodeStatus,
    testing::{Actor, Keys, NOW},
};

mod thefts;

const RELAY: u8 = 1;
const A: u8 = 2;
const B: u8 = 3;

struct World {
    keys: Keys,
    registry: Registry,
}

impl World {
    /// A relay at 0 and agency A at 1.
    fn new() -> Self {
        let keys = Keys::new(9);
        let registry = Registry::new(keys.root());
        let mut world = Self { keys, registry };
        world.take(&Actor::new(RELAY).add_relay(0));
        world.take(&Actor::new(A).add(1));
        world
    }

    fn offer(&mut self, fields: &LeafFields, second: Option<&SigningKey>) -> Result<(), LeafRefused> {
        self.registry.extend(&[fields.sign(&self.keys.registrar, second)]).map_err(|error| error.reason)
    }

    fn take(&mut self, fields: &LeafFields) {
        self.offer(fields, None).unwrap();
    }

    /// The next entry of this kind about A, nothing else changed.
    fn next(&self, kind: LeafKind) -> LeafFields {
        self.registry.next_entry(kind, &id(A), NOW).unwrap()
    }

    fn head(&mut self, time: Timestamp) {
        let head = self.keys.head(&self.registry, self.registry.size(), time);
        self.registry.accept_head(&head, time).unwrap();
    }

    /// An entry about B with one thing wrong.
    fn refuses(&mut self, bend: impl FnOnce(&mut LeafFields), reason: LeafRefused) {
        let mut fields = Actor::new(B).add(2);
        bend(&mut fields);
        let size = self.registry.size();
        assert_eq!(self.offer(&fields, None), Err(reason));
        assert_eq!(self.registry.size(), size);
    }
}

fn id(seed: u8) -> NodeId {
    NodeId::from_bytes([seed; 32])
}

fn fresh_key(seed: u8) -> SigningKey {
    SigningKey::from_seed(Secret::new([seed; 32]))
}

/// A point T of order eight, and 12345·B + T.
const SMALL_ORDER: &str = "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05";
const MIXED_ORDER: &str = "cdbc161be64c4302f56443ff29ccf36a2075be1a1fa67ff126b56315f5681c38";

#[test]
fn an_added_node_is_found_by_everything_that_names_it() {
    let world = World::new();
    let registry = &world.registry;
    let actor = Actor::new(A);
    let state = registry.node(&id(A)).unwrap();
    assert_eq!(state.ik, actor.ik.verifying_key());
    assert!(state.is_active());
    assert_eq!(registry.node_by_tls(&actor.tls.spki_hash()).unwrap().id, id(A));
    assert_eq!(registry.node_by_mailbox(&state.mailbox).unwrap().id, id(A));
    assert_eq!(registry.node_by_key(&actor.ik.verifying_key().key_id()).unwrap().id, id(A));
    assert_eq!(registry.relay(RelayId(1)).unwrap().id, id(RELAY));
    assert_eq!(registry.relays().count(), 1);
    assert_eq!(registry.nodes().count(), 2);
    assert_eq!(registry.leaf_node(1), Some(id(A)));
    assert_eq!(registry.leaf(2), None);
}

#[test]
fn an_entry_must_stand_in_its_place() {
    let mut world = World::new();
    world.refuses(|leaf| leaf.seq = 3, LeafRefused::Sequence);
    world.refuses(|leaf| leaf.seq = 1, LeafRefused::Sequence);
}

#[test]
fn an_entry_not_signed_by_the_registrar_is_refused() {
    let mut world = World::new();
    let leaf = Actor::new(B).add(2);
    let stranger = leaf.sign(&fresh_key(77), None);
    assert_eq!(world.registry.extend(&[stranger]).unwrap_err().reason, LeafRefused::Registrar);
    let signed = leaf.sign(&world.keys.registrar, None);
    for place in 0..signed.len() {
        let mut bent = signed.clone();
        bent[place] ^= 1;
        assert!(world.registry.extend(&[bent]).is_err(), "byte {place}");
        assert!(world.registry.extend(&[&signed[..place]]).is_err(), "cut at {place}");
    }
    world.registry.extend(&[signed]).unwrap();
}

/// Trap 64.
#[test]
fn a_stolen_identity_key_alone_names_no_successor() {
    let mut world = World::new();
    let actor = Actor::new(A);
    let mut change = world.next(LeafKind::Change);
    change.ik = *fresh_key(150).verifying_key().as_bytes();

    // IK and succession key together, but not the registrar.
    let forged = change.sign(&actor.ik, Some(&actor.succession));
    assert_eq!(world.registry.extend(&[forged]).unwrap_err().reason, LeafRefused::Registrar);
    // IK alone, in the registrar's place.
    let forged = change.sign(&actor.ik, None);
    assert_eq!(world.registry.extend(&[forged]).unwrap_err().reason, LeafRefused::Registrar);
    // With the registrar, but the second signature by the new key itself.
    assert_eq!(world.offer(&change, Some(&fresh_key(150))), Err(LeafRefused::Succession));
    assert_eq!(world.registry.node(&id(A)).unwrap().ik, actor.ik.verifying_key());

    world.offer(&change, Some(&actor.succession)).unwrap();
    let state = world.registry.node(&id(A)).unwrap();
    assert_eq!(state.ik, fresh_key(150).verifying_key());
    assert_eq!(state.former_keys[0].key, actor.ik.verifying_key());
    assert!(!state.authority_override);
}

#[test]
fn a_second_signature_stands_only_where_a_key_changes() {
    let mut world = World::new();
    let actor = Actor::new(A);
    let unchanged = world.next(LeafKind::Change);
    assert_eq!(world.offer(&unchanged, Some(&actor.ik)), Err(LeafRefused::Succession));
    let suspend = world.next(LeafKind::Suspend);
    assert_eq!(world.offer(&suspend, Some(&actor.ik)), Err(LeafRefused::Succession));
}

/// Trap 40.
#[test]
fn a_key_change_by_the_authority_alone_waits_72_hours_of_signed_time() {
    let mut world = World::new();
    world.head(NOW);
    let old = Actor::new(A).ik.verifying_key();
    let new = fresh_key(151).verifying_key();
    let mut change = world.next(LeafKind::Change);
    change.ik = *new.as_bytes();
    // Dated back: it waits all the same.
    change.effective = Timestamp(1);
    world.take(&change);

    let due = NOW.after(OVERRIDE_DELAY_S);
    assert_eq!(world.registry.node(&id(A)).unwrap().pending.as_ref().unwrap().from, due);
    world.head(due.before(1));
    assert_eq!(world.registry.node(&id(A)).unwrap().ik, old);
    assert!(world.registry.node(&id(A)).unwrap().pending.is_some());

    world.head(due);
    let state = world.registry.node(&id(A)).unwrap();
    assert_eq!(state.ik, new);
    assert!(state.authority_override);
    assert_eq!(state.pending, None);
}

/// Traps 40 and 42.
#[test]
fn the_local_clock_does_not_let_a_change_take_effect() {
    let mut world = World::new();
    let mut change = world.next(LeafKind::Change);
    change.ik = *fresh_key(151).verifying_key().as_bytes();
    world.take(&change);
    let head = world.keys.head(&world.registry, 3, NOW);
    world.registry.accept_head(&head, NOW.after(10 * OVERRIDE_DELAY_S)).unwrap();
    assert!(world.registry.node(&id(A)).unwrap().pending.is_some());
}

/// Trap 16.
#[test]
fn unsound_keys_are_refused() {
    let mut world = World::new();
    let bytes = |text: &str| -> [u8; 32] { hex::decode(text).unwrap().try_into().unwrap() };
    world.refuses(|leaf| leaf.ik = bytes(SMALL_ORDER), LeafRefused::Key(KeyRefused::SmallOrder));
    world.refuses(|leaf| leaf.succession = bytes(SMALL_ORDER), LeafRefused::Key(KeyRefused::SmallOrder));
    world.refuses(|leaf| leaf.succession = [0; 32], LeafRefused::Key(KeyRefused::SmallOrder));
    world.refuses(|leaf| leaf.ik = bytes(MIXED_ORDER), LeafRefused::Key(KeyRefused::MixedOrder));
    world.refuses(|leaf| leaf.ik = [0xff; 32], LeafRefused::Key(KeyRefused::NonCanonical));
    world.refuses(|leaf| leaf.ik = [2; 32], LeafRefused::Key(KeyRefused::NotAPoint));
}

/// Trap 2.
#[test]
fn a_tls_key_that_is_an_identity_key_is_refused_and_the_reverse() {
    let mut world = World::new();
    let two = LeafRefused::KeyForTwoPurposes;
    let (a, b) = (Actor::new(A), Actor::new(B));
    let registrar = *world.keys.registrar.verifying_key().as_bytes();
    let authority_tls = world.keys.tls.spki_hash();
    world.refuses(|leaf| leaf.tls_spki = spki_hash_of(b.ik.verifying_key().as_bytes()), two);
    world.refuses(|leaf| leaf.tls_spki = spki_hash_of(b.succession.verifying_key().as_bytes()), two);
    world.refuses(|leaf| leaf.tls_spki = spki_hash_of(a.ik.verifying_key().as_bytes()), two);
    world.refuses(|leaf| leaf.tls_spki = authority_tls, two);
    world.refuses(|leaf| leaf.succession = leaf.ik, two);
    world.refuses(|leaf| leaf.ik = registrar, two);
    // B's identity key is the key that A proves in TLS.
    let a_tls = SigningKey::from_seed(a.tls.seed().duplicate()).verifying_key();
    world.refuses(|leaf| leaf.ik = *a_tls.as_bytes(), two);
}

#[test]
fn nothing_that_stands_in_the_log_is_used_twice() {
    let mut world = World::new();
    let a = Actor::new(A);
    let add = a.add(1);
    world.refuses(|leaf| leaf.node = add.node, LeafRefused::NodeKnown);
    world.refuses(|leaf| leaf.ik = add.ik, LeafRefused::KeyUsed);
    world.refuses(|leaf| leaf.ik = add.succession, LeafRefused::KeyUsed);
    world.refuses(|leaf| leaf.succession = add.ik, LeafRefused::KeyUsed);
    world.refuses(|leaf| leaf.tls_spki = add.tls_spki, LeafRefused::KeyUsed);
    world.refuses(|leaf| leaf.mailbox = add.mailbox, LeafRefused::PlaceUsed);
    let mut relay = Actor::new(B).add_relay(2);
    assert_eq!(world.offer(&relay, None), Err(LeafRefused::PlaceUsed));
    relay.home_relay = RelayId(2);
    world.take(&relay);
}

#[test]
fn a_key_that_was_replaced_never_comes_back() {
    let mut world = World::new();
    let actor = Actor::new(A);
    let mut change = world.next(LeafKind::Change);
    change.ik = *fresh_key(150).verifying_key().as_bytes();
    world.offer(&change, Some(&actor.ik)).unwrap();
    let mut back = world.next(LeafKind::Change);
    back.ik = *actor.ik.verifying_key().as_bytes();
    assert_eq!(world.offer(&back, Some(&actor.succession)), Err(LeafRefused::KeyUsed));
}

#[test]
fn fields_that_may_not_be_are_refused() {
    let mut world = World::new();
    world.refuses(|leaf| leaf.roles = 0, LeafRefused::Field);
    world.refuses(|leaf| leaf.roles = 1 << 25, LeafRefused::Field);
    world.refuses(|leaf| leaf.roles |= 1 << 31, LeafRefused::Field);
    world.refuses(|leaf| leaf.suites = 0, LeafRefused::Field);
    world.refuses(|leaf| leaf.suites = 0b101, LeafRefused::Field);
    world.refuses(|leaf| leaf.mailbox = safeconduct_protocol::id::MailboxId::from_bytes([0; 16]), LeafRefused::Field);
    world.refuses(|leaf| leaf.previous = LeafHash::from_bytes([1; 32]), LeafRefused::Previous);
    world.refuses(|leaf| leaf.home_relay = RelayId(7), LeafRefused::Relay);
    let relay = Actor::new(B).add_relay(2);
    for bad in [
        LeafFields { succession: [1; 32], home_relay: RelayId(2), ..relay.clone() },
        LeafFields { home_relay: RelayId(0), ..relay.clone() },
    ] {
        assert_eq!(world.offer(&bad, None), Err(LeafRefused::Field));
    }
}

#[test]
fn an_entry_with_suite_2_carries_the_hash_of_its_second_key() {
    let mut world = World::new();
    let mut fields = Actor::new(B).add(2);
    fields.suites = 0b11;
    assert_eq!(world.offer(&fields, None), Err(LeafRefused::Layout));
    fields.ml_dsa = Some([5; 32]);
    world.take(&fields);
    assert_eq!(Leaf::parse(world.registry.leaf(2).unwrap()).unwrap().fields, fields);
}

#[test]
fn every_entry_follows_the_nodes_newest() {
    let mut world = World::new();
    let mut suspend = world.next(LeafKind::Suspend);
    suspend.previous = LeafHash::from_bytes([0; 32]);
    assert_eq!(world.offer(&suspend, None), Err(LeafRefused::Previous));
    let mut unknown = world.next(LeafKind::Suspend);
    unknown.node = id(B);
    assert_eq!(world.offer(&unknown, None), Err(LeafRefused::NodeUnknown));
    let suspend = world.next(LeafKind::Suspend);
    world.take(&suspend);
    let stale = LeafFields { seq: 3, ..suspend };
    assert_eq!(world.offer(&stale, None), Err(LeafRefused::Previous));
}

#[test]
fn suspend_is_undone_by_change_and_revoke_is_final() {
    let mut world = World::new();
    world.take(&world.next(LeafKind::Suspend));
    assert_eq!(world.registry.node(&id(A)).unwrap().status, NodeStatus::Suspended);
    assert_eq!(world.offer(&world.next(LeafKind::Suspend), None), Err(LeafRefused::Scope));
    world.take(&world.next(LeafKind::Change));
    assert!(world.registry.node(&id(A)).unwrap().is_active());
    world.take(&world.next(LeafKind::Revoke));
    assert_eq!(world.registry.node(&id(A)).unwrap().status, NodeStatus::Revoked { effective: NOW });
    for kind in [LeafKind::Change, LeafKind::Suspend, LeafKind::Revoke] {
        assert_eq!(world.offer(&world.next(kind), None), Err(LeafRefused::Revoked));
    }
    // Its keys are still known: a message of before can be verified, a connection is told why.
    assert!(world.registry.node_by_tls(&Actor::new(A).tls.spki_hash()).is_some());
    assert!(crate::link::KnownKeys::knows(&world.registry, &Actor::new(A).tls.spki_hash()));
}

#[test]
fn nothing_else_changes_under_cover_of_suspend_or_revoke() {
    let mut world = World::new();
    let mut suspend = world.next(LeafKind::Suspend);
    suspend.ik = *fresh_key(160).verifying_key().as_bytes();
    assert_eq!(world.offer(&suspend, None), Err(LeafRefused::Scope));
    let mut revoke = world.next(LeafKind::Revoke);
    revoke.directory = [9; 32];
    assert_eq!(world.offer(&revoke, None), Err(LeafRefused::Scope));
    let mut change = world.next(LeafKind::Change);
    change.roles = 1 << 31;
    change.succession = [0; 32];
    change.mailbox = safeconduct_protocol::id::MailboxId::from_bytes([0; 16]);
    assert_eq!(world.offer(&change, None), Err(LeafRefused::Scope));
}

#[test]
fn a_tls_key_change_takes_effect_at_once_and_the_old_key_is_still_told_why() {
    let mut world = World::new();
    let old = Actor::new(A).tls.spki_hash();
    let mut change = world.next(LeafKind::Change);
    change.tls_spki = [8; 32];
    world.take(&change);
    assert_eq!(world.registry.node_by_tls(&[8; 32]).unwrap().id, id(A));
    assert!(world.registry.node_by_tls(&old).is_none());
    assert_eq!(world.registry.tls_owner(&old), Some(id(A)));
}

#[test]
fn entries_about_the_registry_have_their_own_thread() {
    let mut world = World::new();
    let zero = LeafFields {
        kind: LeafKind::Root,
        seq: 2,
        node: NodeId::from_bytes([0; 32]),
        previous: LeafHash::from_bytes([0; 32]),
        effective: NOW,
        ik: [0; 32],
        succession: [0; 32],
        tls_spki: [0; 32],
        home_relay: RelayId(0),
        mailbox: safeconduct_protocol::id::MailboxId::from_bytes([0; 16]),
        roles: 0,
        suites: 0,
        directory: *world.registry.root().hash(),
        ml_dsa: None,
        terms: None,
    };
    let other_root = LeafFields { directory: [1; 32], ..zero.clone() };
    assert_eq!(world.offer(&other_root, None), Err(LeafRefused::RootSuperseded));
    world.take(&zero);
    let previous = Leaf::parse(world.registry.leaf(2).unwrap()).unwrap().hash();
    let min = LeafFields { kind: LeafKind::MinSuite, seq: 3, previous, directory: [0; 32], suites: 2, ..zero };
    assert_eq!(world.offer(&LeafFields { suites: 1, ..min.clone() }, None), Err(LeafRefused::MinSuite));
    assert_eq!(world.offer(&LeafFields { roles: 1, ..min.clone() }, None), Err(LeafRefused::Field));
    let unchained = LeafFields { previous: LeafHash::from_bytes([0; 32]), ..min.clone() };
    assert_eq!(world.offer(&unchained, None), Err(LeafRefused::Previous));
    world.take(&min);
    assert_eq!(world.registry.min_suite(), 2);
}

/// Trap 38.
#[test]
fn a_smaller_head_is_refused_and_the_newer_copy_stays() {
    let mut world = World::new();
    world.head(NOW);
    let older = world.keys.head(&world.registry, 1, NOW.after(5));
    assert_eq!(world.registry.accept_head(&older, NOW), Err(HeadRefused::Rollback { accepted: 2, offered: 1 }));
    assert_eq!(world.registry.head_size(), 2);
    assert_eq!(world.registry.newest_time(), Some(NOW));
}

#[test]
fn a_head_over_entries_that_are_not_here_asks_for_them() {
    let mut world = World::new();
    let mut longer = world.registry.clone();
    longer.extend(&[Actor::new(B).add(2).sign(&world.keys.registrar, None)]).unwrap();
    let head = world.keys.head(&longer, 3, NOW);
    assert_eq!(world.registry.accept_head(&head, NOW), Err(HeadRefused::Behind { have: 2, size: 3 }));
    world.registry.extend(&[longer.leaf(2).unwrap()]).unwrap();
    let accepted = world.registry.accept_head(&head, NOW).unwrap();
    assert_eq!(accepted, Accepted { grown: true, clock: ClockState::Plausible });
    assert_eq!(world.registry.accept_head(&head, NOW).map(|accepted| accepted.grown), Ok(false));
}

/// Trap 37.
#[test]
fn two_histories_under_one_log_key_are_proof_and_change_nothing() {
    let mut world = World::new();
    world.head(NOW);
    let mut forked = Registry::new(world.keys.root());
    forked.extend(&[world.registry.leaf(0).unwrap()]).unwrap();
    forked.extend(&[Actor::new(B).add(1).sign(&world.keys.registrar, None)]).unwrap();
    let other = world.keys.head(&forked, 2, NOW);

    assert_eq!(world.registry.accept_head(&other, NOW), Err(HeadRefused::SplitView { size: 2 }));
    let Gossip::Equivocation(proof) = gossip::compare(&world.registry, &other.note) else {
        panic!("a split view must be proven");
    };
    assert_eq!((proof.size, &proof.theirs), (2, &other.note));
    assert_eq!(&proof.ours, &world.registry.head().unwrap().note);
    assert_eq!(world.registry.nodes().count(), 2);
    // Also once more entries are held than the other history has: the head is not old, but of another history.
    let (mut longer, later) = (world.registry.clone(), Actor::new(B).add(2).sign(&world.keys.registrar, None));
    longer.extend(&[later]).unwrap();
    longer.accept_head(&world.keys.head(&longer, 3, NOW), NOW).unwrap();
    assert_eq!(longer.accept_head(&other, NOW), Err(HeadRefused::SplitView { size: 2 }));
    let older = world.registry.head().unwrap().clone();
    assert_eq!(longer.accept_head(&older, NOW), Err(HeadRefused::Rollback { accepted: 3, offered: 2 }));
    // The timestamp is judged the same way.
    let mut mixed = world.keys.head(&world.registry, 2, NOW.after(9));
    mixed.timestamp = other.timestamp;
    assert_eq!(world.registry.accept_head(&mixed, NOW), Err(HeadRefused::SplitView { size: 2 }));
}

#[test]
fn gossip_is_compared_at_the_senders_size_and_forgeries_are_ignored() {
    let mut world = World::new();
    world.head(NOW);
    let older = world.keys.head(&world.registry, 1, NOW);
    assert_eq!(gossip::compare(&world.registry, &older.note), Gossip::Same);
    let mut ahead = world.registry.clone();
    ahead.extend(&[Actor::new(B).add(2).sign(&world.keys.registrar, None)]).unwrap();
    let newer = world.keys.head(&ahead, 3, NOW);
    assert_eq!(gossip::compare(&world.registry, &newer.note), Gossip::Ahead { size: 3 });
    let stranger = Keys::new(10).head(&ahead, 2, NOW);
    assert_eq!(gossip::compare(&world.registry, &stranger.note), Gossip::Invalid);
    assert_eq!(gossip::compare(&world.registry, b"not a note"), Gossip::Invalid);
}

#[test]
fn a_head_is_judged_part_by_part() {
    let mut world = World::new();
    let good = world.keys.head(&world.registry, 2, NOW);
    let mut head = good.clone();
    head.size = 1;
    assert_eq!(world.registry.accept_head(&head, NOW), Err(HeadRefused::Size));
    let mut head = good.clone();
    head.note.clear();
    assert_eq!(world.registry.accept_head(&head, NOW), Err(HeadRefused::Empty));
    let mut head = good.clone();
    head.timestamp[60] ^= 1;
    assert!(matches!(world.registry.accept_head(&head, NOW), Err(HeadRefused::Timestamp(_))));
    // Signed by the right key, about another log.
    let foreign = note::sign(
        "xb.other/log\n2\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
        "xa.test/registry",
        &world.keys.log,
    );
    let head = safeconduct_protocol::frame::Head { note: foreign.unwrap(), ..good.clone() };
    assert!(matches!(world.registry.accept_head(&head, NOW), Err(HeadRefused::Checkpoint(_))));
    world.registry.accept_head(&good, NOW).unwrap();
}

#[test]
fn an_older_timestamp_is_passed_over() {
    let mut world = World::new();
    world.head(NOW);
    let older = world.keys.head(&world.registry, 2, NOW.before(100));
    world.registry.accept_head(&older, NOW).unwrap();
    assert_eq!(world.registry.newest_time(), Some(NOW));
    assert_ne!(world.registry.head().unwrap().timestamp, older.timestamp);
    let mut without = world.keys.head(&world.registry, 2, NOW);
    without.timestamp.clear();
    world.registry.accept_head(&without, NOW).unwrap();
    assert_eq!(world.registry.newest_time(), Some(NOW));
}

/// Trap 39.
#[test]
fn a_frozen_copy_is_not_relied_upon_for_what_changed_after_it_was_confirmed() {
    let mut world = World::new();
    world.head(NOW);
    world.take(&Actor::new(B).add(2));
    // A head without a newer timestamp.
    let mut head = world.keys.head(&world.registry, 3, NOW);
    head.timestamp.clear();
    world.registry.accept_head(&head, NOW).unwrap();

    let later = NOW.after(STALE_S + 1);
    let fresh = world.registry.freshness(later);
    assert_eq!(fresh, Freshness::Restricted { since: NOW });
    assert!(world.registry.may_send(world.registry.node(&id(A)).unwrap(), fresh));
    assert!(!world.registry.may_send(world.registry.node(&id(B)).unwrap(), fresh));
    assert!(world.registry.may_send(world.registry.node(&id(B)).unwrap(), world.registry.freshness(NOW)));
}

#[test]
fn a_wrong_local_clock_is_named() {
    let mut world = World::new();
    let head = world.keys.head(&world.registry, 2, NOW);
    let accepted = world.registry.accept_head(&head, Timestamp(0)).unwrap();
    assert_eq!(accepted.clock, ClockState::Behind { by_s: NOW.0 });
}

#[test]
fn inclusion_of_every_entry_is_proven_to_the_accepted_head() {
    let mut world = World::new();
    world.take(&Actor::new(B).add(2));
    world.head(NOW);
    let checkpoint = world.registry.checkpoint().unwrap().clone();
    for index in 0..3 {
        let proof = world.registry.inclusion_proof(index).unwrap();
        let leaf = Leaf::parse(world.registry.leaf(index).unwrap()).unwrap();
        proof.verify(leaf.hash(), &checkpoint.root).unwrap();
    }
    assert_eq!(world.registry.inclusion_proof(3), None);
}

mod terms {
    //! Agreements and recognitions: what their entries may say, and what they allow.

    use super::*;
    use crate::{
        node::{Exercise, Role, Roles},
        registry::terms::{AGREEMENTS_MAX, Border, End, NotAgreed, RECOGNITIONS_MAX, ROLES_ALL, Terms, What},
    };

    const FOREIGN: [u8; 32] = [0x77; 32];
    const XB: Border = Border(*b"XB");

    fn bits(roles: &[Role]) -> u32 {
        Roles::agency(roles, Exercise::No).unwrap().bits()
    }

    fn agreement(number: u32) -> Terms {
        Terms {
            number,
            from_roles: bits(&[Role::Helpline]),
            to_roles: bits(&[Role::NgoShelter]),
            from_country: Border::ANY,
            to_country: Border::ANY,
            what: What::ALL,
            until: NOW.after(100),
            record: [0; 32],
        }
    }

    fn recognition() -> Terms {
        Terms { number: 0, to_roles: ROLES_ALL, from_country: XB, record: [1; 32], ..agreement(1) }
    }

    impl World {
        fn about(&self, kind: LeafKind, terms: Terms) -> LeafFields {
            let recognise = kind == LeafKind::Recognise;
            let place = |byte: u8| if recognise { [byte; 32] } else { [0; 32] };
            LeafFields {
                directory: place(0x77),
                tls_spki: place(0x78),
                terms: Some(terms),
                ..self.registry.next_about_registry(kind, NOW)
            }
        }
    }

    fn end(roles: &[Role], authority: Option<[u8; 32]>) -> End {
        let country = if authority.is_some() { XB } else { Border(*b"XA") };
        End { roles: Roles::agency(roles, Exercise::No).unwrap(), country, authority }
    }

    #[test]
    fn without_agreements_own_agencies_may_send_and_from_the_first_on_only_what_one_covers() {
        let mut world = World::new();
        let (helpline, shelter, police) =
            (end(&[Role::Helpline], None), end(&[Role::NgoShelter], None), end(&[Role::Police], None));
        let may = |world: &World, from, to, at| world.registry.agreed(from, to, What::Referral, at);
        assert_eq!(may(&world, &helpline, &police, NOW), Ok(()));

        world.take(&world.about(LeafKind::Agree, agreement(1)));

        assert_eq!(may(&world, &helpline, &shelter, NOW), Ok(()));
        assert_eq!(may(&world, &shelter, &helpline, NOW), Err(NotAgreed::None { what: What::Referral }));
        assert_eq!(may(&world, &helpline, &police, NOW), Err(NotAgreed::None { what: What::Referral }));
        let ended = may(&world, &helpline, &shelter, NOW.after(100)).unwrap_err();
        assert_eq!(ended, NotAgreed::Ended { number: 1, on: NOW.after(100) });
        assert!(ended.to_string().contains("ended on 2026-11-"), "{ended}");

        // The same number again replaces it.
        world.take(&world.about(LeafKind::Agree, Terms { what: What::Enquiry as u32, ..agreement(1) }));
        assert_eq!(may(&world, &helpline, &shelter, NOW), Err(NotAgreed::None { what: What::Referral }));
        assert_eq!(world.registry.agreed(&helpline, &shelter, What::Enquiry, NOW), Ok(()));
    }

    #[test]
    fn an_agency_abroad_needs_a_recognition_that_holds_and_covers_it() {
        let mut world = World::new();
        let (here, there) = (end(&[Role::NgoShelter], None), end(&[Role::Helpline], Some(FOREIGN)));
        let may = |world: &World, at| world.registry.agreed(&there, &here, What::Referral, at);
        assert_eq!(may(&world, NOW), Err(NotAgreed::NotRecognised { country: XB }));

        world.take(&world.about(LeafKind::Recognise, recognition()));

        assert_eq!(may(&world, NOW), Ok(()));
        assert_eq!(may(&world, NOW.after(100)), Err(NotAgreed::RecognitionEnded { country: XB, on: NOW.after(100) }));
        let police = end(&[Role::Police], Some(FOREIGN));
        let out = world.registry.agreed(&police, &here, What::Referral, NOW);
        assert_eq!(out, Err(NotAgreed::OutOfScope { country: XB, what: What::Referral }));
        assert_eq!(world.registry.agreed(&here, &police, What::Referral, NOW), Ok(()), "all roles there may receive");
        let elsewhere = End { country: Border(*b"XC"), ..there };
        assert!(
            world.registry.agreed(&elsewhere, &here, What::Referral, NOW).is_err(),
            "not of the country recognised"
        );
    }

    #[test]
    fn terms_that_mean_nothing_are_refused() {
        let mut world = World::new();
        let bad_agreements = [
            Terms { number: 0, ..agreement(1) },
            Terms { from_roles: 0, ..agreement(1) },
            Terms { to_roles: 1 << 24, ..agreement(1) },
            Terms { from_country: Border(*b"xa"), ..agreement(1) },
            Terms { to_country: Border([b'X', 0]), ..agreement(1) },
            Terms { what: 0, ..agreement(1) },
            Terms { what: 4, ..agreement(1) },
            Terms { record: [1; 32], ..agreement(1) },
        ];
        for terms in bad_agreements {
            let fields = world.about(LeafKind::Agree, terms);
            assert_eq!(world.offer(&fields, None), Err(LeafRefused::Field));
        }
        let bad_recognitions = [
            Terms { number: 1, ..recognition() },
            Terms { from_country: Border::ANY, ..recognition() },
            Terms { to_country: XB, ..recognition() },
            Terms { record: [0; 32], ..recognition() },
        ];
        for terms in bad_recognitions {
            let fields = world.about(LeafKind::Recognise, terms);
            assert_eq!(world.offer(&fields, None), Err(LeafRefused::Field));
        }
        let own = *world.registry.root().hash();
        let itself = LeafFields { directory: own, ..world.about(LeafKind::Recognise, recognition()) };
        assert_eq!(world.offer(&itself, None), Err(LeafRefused::KeyForTwoPurposes));
        let identity = spki_hash_of(Actor::new(A).ik.verifying_key().as_bytes());
        let node = LeafFields { tls_spki: identity, ..world.about(LeafKind::Recognise, recognition()) };
        assert_eq!(world.offer(&node, None), Err(LeafRefused::KeyForTwoPurposes));
    }

    #[test]
    fn a_registry_holds_so_many_agreements_and_recognitions_and_no_more() {
        let mut world = World::new();
        for number in 1..=u32::try_from(AGREEMENTS_MAX).unwrap() {
            world.take(&world.about(LeafKind::Agree, agreement(number)));
        }
        let more = world.about(LeafKind::Agree, agreement(u32::MAX));
        assert_eq!(world.offer(&more, None), Err(LeafRefused::TooManyTerms));
        world.take(&world.about(LeafKind::Agree, agreement(7)));
        for number in 1..=u8::try_from(RECOGNITIONS_MAX + 1).unwrap() {
            let fields = LeafFields { directory: [number; 32], ..world.about(LeafKind::Recognise, recognition()) };
            let room = usize::from(number) <= RECOGNITIONS_MAX;
            assert_eq!(world.offer(&fields, None), if room { Ok(()) } else { Err(LeafRefused::TooManyTerms) });
        }
    }

    #[test]
    fn the_least_version_only_rises() {
        let mut world = World::new();
        let least = |world: &World, version| LeafFields {
            suites: version,
            ..world.registry.next_about_registry(LeafKind::MinVersion, NOW)
        };
        world.take(&least(&world, 2));
        assert_eq!(world.registry.min_version(), 2);
        assert_eq!(world.offer(&least(&world, 2), None), Err(LeafRefused::MinVersion));
        assert_eq!(world.offer(&least(&world, 1 << 16), None), Err(LeafRefused::Field));
    }
}
#[test]
fn a_statement_made_before_the_entry_serves_for_it_and_for_no_other() {
    let mut world = World::new();
    let actor = Actor::new(A);
    let mut change = world.next(LeafKind::Change);
    change.ik = *fresh_key(150).verifying_key().as_bytes();
    let yes = change.succession_statement().sign(&actor.ik);
    // The authority writes other things in between, and sets its own time.
    world.take(&Actor::new(B).add(2));
    let wanted = LeafFields { seq: 3, effective: NOW.after(77), ..change };

    let mut other = wanted.clone();
    other.ik = *fresh_key(151).verifying_key().as_bytes();
    let forged = other.sign_beside(&world.keys.registrar, Some(&yes));
    assert_eq!(world.registry.extend(&[forged]).unwrap_err().reason, LeafRefused::Succession);

    world.registry.extend(&[wanted.sign_beside(&world.keys.registrar, Some(&yes))]).unwrap();
    assert_eq!(world.registry.node(&id(A)).unwrap().ik, fresh_key(150).verifying_key());
}

#[test]
fn a_key_that_its_owner_renewed_counts_as_long_as_an_envelope_is_under_way_and_one_that_was_taken_from_it_never() {
    for (second, counts) in [(Actor::new(A).ik, true), (Actor::new(A).succession, false)] {
        let mut world = World::new();
        world.head(NOW);
        let old = Actor::new(A).ik.verifying_key();
        let mut change = world.next(LeafKind::Change);
        change.ik = *fresh_key(150).verifying_key().as_bytes();
        world.offer(&change, Some(&second)).unwrap();
        let standing = |world: &World| world.registry.key_standing(&id(A), &old.key_id());
        let counting = |world: &World| world.registry.counting_keys(&id(A)).count();

        let (expected, keys) = if counts { (KeyStanding::Former(old), 2) } else { (KeyStanding::Replaced, 1) };
        assert_eq!((standing(&world), counting(&world)), (expected, keys));
        world.head(NOW.after(FORMER_KEY_S));
        assert_eq!((standing(&world), counting(&world)), (expected, keys));
        world.head(NOW.after(FORMER_KEY_S + 1));
        assert_eq!((standing(&world), counting(&world)), (KeyStanding::Replaced, 1));
        let new = fresh_key(150).verifying_key();
        assert_eq!(world.registry.key_standing(&id(A), &new.key_id()), KeyStanding::Current(new));
        assert_eq!(world.registry.key_standing(&id(A), &fresh_key(9).verifying_key().key_id()), KeyStanding::Unknown);
    }
}

#[test]
fn a_node_that_moves_may_collect_where_it_was_for_thirty_days() {
    let mut world = World::new();
    world.take(&LeafFields { seq: 2, home_relay: RelayId(2), ..Actor::new(B).add_relay(2) });
    world.head(NOW);
    let before = world.registry.node(&id(A)).unwrap().clone();
    let mut change = world.next(LeafKind::Change);
    change.home_relay = RelayId(2);
    world.take(&change);

    let former = |world: &World, relay| world.registry.former_home(&id(A), RelayId(relay)).map(|home| home.mailbox);
    assert_eq!((former(&world, 1), former(&world, 2)), (Some(before.mailbox), None));
    assert_eq!(world.registry.node_by_mailbox(&before.mailbox).unwrap().home_relay, RelayId(2));
    world.head(NOW.after(FORMER_HOME_S));
    assert!(former(&world, 1).is_some());
    world.head(NOW.after(FORMER_HOME_S + 1));
    assert_eq!(former(&world, 1), None);
}
