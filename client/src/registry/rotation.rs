//! What a node does when its authority, or one that it recognises, changes its keys.

use safeconduct_certs::{
    authority::root::RootFile,
    directory::DirectoryKey,
    log::checkpoint::CheckpointRefused,
    node::Exercise,
    registry::{
        HeadRefused,
        gossip::Gossip,
        leaf::{LeafFields, LeafKind, LeafRefused},
    },
};
use safeconduct_protocol::{frame::Head, secret::Secret};

use super::{Growth, RegistryError, foreign, fork, has_conflict, heard, take_head};
use crate::{
    enrol::continued,
    keys,
    testing::{NOW, Node, World},
};

const KEY: [u8; 32] = [6; 32];

/// A world whose node is level, and which then changes its keys; what lies beside the new entry.
fn rotated() -> (World, Node, Vec<u8>, Head) {
    let mut world = World::new(80);
    let mut node = world.node(Exercise::No);
    world.update(&mut node, NOW);
    let before = world.head(NOW);
    let beside = world.rotate(81);
    (world, node, beside, before)
}

fn grown(world: &World, node: &mut Node, beside: &[u8]) -> Result<(), RegistryError> {
    let mut growth = Growth::new(&node.held);
    let from = growth.next();
    let leaves = world.leaves(from);
    let mut records = vec![Vec::new(); leaves.len()];
    beside.clone_into(&mut records[0]);
    growth.page(from, &leaves, &records)?;
    node.held = growth.finish(node.vault.as_mut().unwrap(), &world.head(NOW), NOW)?.0;
    Ok(())
}

#[test]
fn a_node_takes_the_next_root_file_with_its_entry_keeps_it_and_goes_on_under_the_new_keys() {
    let (mut world, mut node, beside, _) = rotated();
    let first = node.held.registry().root().clone();
    let other = world.node(Exercise::No);
    // The head is signed by a key that comes with an entry which is missing: that is no forgery yet.
    let held = node.held.clone();
    let early = take_head(node.vault(), &held, &world.head(NOW), NOW).err().unwrap();
    assert!(matches!(early, RegistryError::Head(HeadRefused::Checkpoint(_))));

    grown(&world, &mut node, &beside).unwrap();

    assert!(node.held.node(&other.identity.node).is_some());
    node.restart(NOW, &mut world.entropy);
    let root = node.held.registry().root().clone();
    assert_eq!((node.held.size(), root.version()), (4, 2));
    assert!(root.continues(&first));
    assert_eq!(keys::enrolment(node.vault()).unwrap().unwrap().root, root.as_bytes());
    world.update(&mut node, NOW.after(9));
}

#[test]
fn a_root_file_that_is_withheld_or_forged_is_an_alarm_and_the_copy_stays_as_it_is() {
    let (mut world, mut node, beside, _) = rotated();
    let forged = World::new(80).rotate(82);
    let unsigned = beside[..beside.len() - 65].to_vec();
    for (record, reason) in [
        (Vec::new(), LeafRefused::RootSuperseded),
        (forged, LeafRefused::RootForked),
        (unsigned, LeafRefused::RootForked),
    ] {
        let refused = grown(&world, &mut node, &record).unwrap_err();
        assert!(refused.is_tampering(), "{refused}");
        assert!(matches!(refused, RegistryError::Replay(error) if error.reason == reason));
        node.restart(NOW, &mut world.entropy);
        assert_eq!((node.held.size(), node.held.registry().root().version()), (2, 1));
    }
    grown(&world, &mut node, &beside).unwrap();
}

#[test]
fn what_a_stolen_log_key_signs_beyond_its_time_is_refused_and_its_note_in_a_message_ignored() {
    let (world, mut node, beside, before) = rotated();
    let mut thief = World::new(80);
    let own = node.identity.node;
    // From the same seed: our node, and others.
    assert!(thief.node(Exercise::No).identity.node == own);
    grown(&world, &mut node, &beside).unwrap();
    thief.node(Exercise::No);
    thief.node(Exercise::No);
    let (held, stolen) = (node.held.clone(), thief.head(NOW));
    assert!(stolen.size > held.size() && held.node(&own).is_some());

    let tx = node.vault().begin().unwrap();
    assert_eq!(heard(&tx, &held, &stolen.note, NOW).unwrap(), Gossip::Invalid);
    assert_eq!(heard(&tx, &held, &before.note, NOW).unwrap(), Gossip::Same, "what it signed in its time holds");
    drop(tx);
    let growth = Growth::new(&held);
    let refused = growth.judge(&stolen).err().unwrap();
    let replaced = matches!(refused, RegistryError::Head(HeadRefused::Checkpoint(CheckpointRefused::Replaced)));
    assert!(replaced && refused.is_tampering());
}

/// Trap 37, after a theft: whoever has a replaced log key cannot stop the nodes with it.
#[test]
fn two_histories_under_a_replaced_log_key_are_told_and_stop_nothing() {
    let (mut world, mut node, beside, _) = rotated();
    let mut thief = World::new(80);
    thief.add(&node.identity, Exercise::Yes);
    grown(&world, &mut node, &beside).unwrap();
    let (held, stolen) = (node.held.clone(), thief.head(NOW));
    assert_eq!(stolen.size, 2);

    let tx = node.vault().begin().unwrap();
    assert!(matches!(heard(&tx, &held, &stolen.note, NOW).unwrap(), Gossip::Equivocation(found) if found.by_replaced));
    tx.commit().unwrap();

    assert!(!has_conflict(node.vault()).unwrap());
    assert!(fork::write(node.vault(), &held).unwrap().is_some(), "the proof is there all the same");
    world.node(Exercise::No);
    world.update(&mut node, NOW.after(9));
    assert_eq!(node.held.size(), 4);
}

#[test]
fn a_node_that_enrols_or_looks_for_its_relay_takes_a_longer_root_file_and_no_forked_one() {
    let (world, node, _, _) = rotated();
    let first = node.held.registry().root().clone();
    let newest = world.root();
    assert_eq!(continued(first.as_bytes(), newest.as_bytes()).unwrap().hash(), newest.hash());
    assert_eq!(continued(newest.as_bytes(), first.as_bytes()).unwrap().hash(), newest.hash(), "nothing is forgotten");
    assert_eq!(continued(first.as_bytes(), b"").unwrap().hash(), first.hash());
    let mut other = World::new(80);
    other.rotate(82);
    for (known, offered) in [(&newest, other.root()), (&first, World::new(90).root())] {
        let told = continued(known.as_bytes(), offered.as_bytes()).err().unwrap();
        assert_eq!((told.code.as_str(), told.exit), ("root-file", 5));
    }
}

#[test]
fn the_log_of_a_recognised_authority_is_followed_over_a_change_of_its_keys_also_after_a_restart() {
    let (mut ours, mut theirs) = (World::new(85), World::new(86));
    let abroad = theirs.node(Exercise::No);
    let mut node = ours.node(Exercise::No);
    let key = DirectoryKey::new(Secret::new(KEY));
    let (sealed, fields) = recognise(&ours, &theirs.root(), &key, &mut crate::testing::Seeded::new(7));
    ours.append(&fields);
    keys::enrolment_approved(node.vault(), &Secret::new(KEY)).unwrap();
    let mut growth = Growth::new(&node.held);
    growth.page(0, &ours.leaves(0), &[Vec::new(), Vec::new(), sealed]).unwrap();
    node.held = growth.finish(node.vault(), &ours.head(NOW), NOW).unwrap().0;
    let authority = *theirs.root().authority();
    let grow = |node: &mut Node, theirs: &World, beside: &[u8]| {
        let held = node.held.clone();
        let mut growth = foreign::ForeignGrowth::new(&held, &authority).unwrap();
        let leaves = theirs.leaves(growth.next());
        let mut records = vec![Vec::new(); leaves.len()];
        beside.clone_into(&mut records[0]);
        growth.page(growth.next(), &leaves, &records)?;
        node.held = growth.finish(node.vault(), &held, &theirs.head(NOW), NOW)?;
        Ok::<_, RegistryError>(())
    };
    grow(&mut node, &theirs, b"").unwrap();

    let beside = theirs.rotate(87);
    let held = node.held.clone();
    let step = foreign::take_head(node.vault(), &held, &authority, &theirs.head(NOW), NOW).unwrap();
    assert!(matches!(step, foreign::Step::Fetch(2)), "signed by a key that is still to come");
    assert!(grow(&mut node, &theirs, b"").unwrap_err().is_tampering());
    grow(&mut node, &theirs, &beside).unwrap();

    node.restart(NOW, &mut ours.entropy);
    let foreign = node.held.one(&authority).unwrap();
    assert_eq!((foreign.registry().size(), foreign.registry().root().version()), (3, 2));
    assert!(node.held.node(&abroad.identity.node).is_some());
}

fn recognise(
    ours: &World,
    theirs: &RootFile,
    key: &DirectoryKey,
    entropy: &mut crate::testing::Seeded,
) -> (Vec<u8>, LeafFields) {
    let (sealed, terms) = World::recognition(theirs.clone(), [9; 32], key, NOW.after(1_000_000), entropy);
    let fields = ours.about(LeafKind::Recognise, NOW);
    (sealed, LeafFields { directory: *theirs.authority(), tls_spki: [0x51; 32], terms: Some(terms), ..fields })
}
