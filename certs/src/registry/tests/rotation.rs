//! Keys of the authority that change: which version of the root file speaks for which entries and heads.

use safeconduct_protocol::{frame::Head, id::MailboxId};

use super::*;
use crate::{
    authority::root::RootFile,
    log::{
        checkpoint::{Checkpoint, CheckpointRefused},
        export::{self, Signers},
        timestamp::LogTime,
    },
    testing::Seeded,
};

/// A relay at 0, agency A at 1, new keys from entry 2 on.
struct Rotated {
    old: Keys,
    new: Keys,
    root: RootFile,
    registry: Registry,
}

impl Rotated {
    fn new() -> Self {
        let World { keys: old, mut registry } = World::new();
        let new = old.rotated(20);
        let root = new.next_root(registry.root());
        registry.extend_beside(&[new.announce(&registry, &root)], &[root.own_bytes()]).unwrap();
        Self { old, new, root, registry }
    }

    fn add(&mut self, seed: u8, keys: &Keys) -> Result<(), LeafRefused> {
        let leaf = agency(seed, self.registry.size()).sign(&keys.registrar, None);
        self.registry.extend(&[leaf]).map_err(|error| error.reason)
    }

    fn leaves(&self) -> Vec<Vec<u8>> {
        self.registry.leaves_from(0).map(<[u8]>::to_vec).collect()
    }
}

/// An `add` entry for one of many agencies.
fn agency(seed: u8, seq: u64) -> LeafFields {
    let entropy = &mut Seeded::new(1_000 + u64::from(seed));
    let mut key = || *SigningKey::generate(entropy).unwrap().verifying_key().as_bytes();
    let (ik, succession, tls) = (key(), key(), key());
    let mailbox = MailboxId::from_bytes([seed; 16]);
    LeafFields { node: id(seed), ik, succession, tls_spki: spki_hash_of(&tls), mailbox, ..Actor::new(B).add(seq) }
}

#[test]
fn entries_are_signed_by_the_registrar_of_their_time_however_they_are_cut_into_pages() {
    let mut world = Rotated::new();
    let (old, new) = (Keys::new(9), Keys::new(9).rotated(20));
    assert_eq!(world.add(B, &old), Err(LeafRefused::Registrar), "the replaced key writes no entry");
    for seed in 10..90 {
        world.add(seed, &new).unwrap();
    }
    let third = old.rotated(21);
    let root = third.next_root(&world.root);
    let entry = third.announce(&world.registry, &root);
    world.registry.extend_beside(&[&entry], &[root.own_bytes()]).unwrap();
    for seed in 90..170 {
        world.add(seed, &third).unwrap();
    }

    let leaves = world.leaves();
    for together in [1, 2, 3, 70, 85, leaves.len()] {
        let mut again = Registry::new(root.clone());
        for page in leaves.chunks(together) {
            again.extend(page).unwrap();
        }
        assert_eq!(again.root_hash(), world.registry.root_hash(), "pages of {together}");
        assert_eq!(again.root_in_force().version(), 3);
        let versions = [0, 1, 2, 3, 83, 84, 164].map(|size| again.root_at(size).version());
        assert_eq!(versions, [1, 1, 1, 2, 2, 3, 3], "the entry that announces a version is its first");
    }
}

#[test]
fn an_entry_that_announces_a_version_which_is_missing_or_another_is_an_alarm_and_changes_nothing() {
    let World { keys: old, registry } = World::new();
    let new = old.rotated(20);
    let root = new.next_root(registry.root());
    let entry = new.announce(&registry, &root);
    let refused = |record: &[u8]| {
        let mut copy = registry.clone();
        let error = copy.extend_beside(&[&entry], &[record]).unwrap_err();
        assert_eq!((copy.size(), copy.root().version(), error.index), (2, 1, 2));
        assert!(error.blame().is_tampering(), "{error}");
        error.reason
    };

    assert_eq!(refused(b""), LeafRefused::RootSuperseded, "a relay withholds it");
    // Signed by one holder, by holders of nobody, after another version, and rightly signed but not the one announced.
    let one = RootFile::parse(root.as_bytes()).unwrap().own_bytes().to_vec();
    assert_eq!(refused(&one[..one.len() - 65]), LeafRefused::RootForked);
    let stranger = Keys::new(50);
    assert_eq!(refused(stranger.rotated(51).next_root(&stranger.root()).own_bytes()), LeafRefused::RootForked);
    let third = old.rotated(21).next_root(&root);
    assert_eq!(refused(third.own_bytes()), LeafRefused::RootForked);
    let other = old.rotated(22).next_root(registry.root());
    assert_eq!(refused(other.own_bytes()), LeafRefused::RootForked);

    // The replaced registrar cannot bring even a rightly signed version into force.
    let mut copy = registry.clone();
    let fields = copy.next_about_registry(LeafKind::Root, NOW);
    let stolen = LeafFields { directory: *root.hash(), ..fields }.sign(&old.registrar, None);
    let error = copy.extend_beside(&[&stolen], &[root.own_bytes()]).unwrap_err();
    assert_eq!(error.reason, LeafRefused::Registrar);
}

#[test]
fn a_longer_root_file_is_learned_and_a_forked_one_is_refused_and_a_shorter_one_forgets_nothing() {
    let mut world = Rotated::new();
    let first = world.old.root();
    let other = world.old.rotated(30).next_root(&first);
    assert!(world.registry.learn_root(other).is_err());
    world.registry.learn_root(first).unwrap();
    assert_eq!(world.registry.root().version(), 2);
    let third = world.new.next_root(&world.root);
    world.registry.learn_root(third).unwrap();
    assert_eq!((world.registry.root().version(), world.registry.root_in_force().version()), (3, 2));
}

#[test]
fn a_head_counts_under_the_log_key_of_its_size_and_a_stolen_one_signs_nothing_beyond_its_time() {
    let mut world = Rotated::new();
    let new = Keys::new(9).rotated(20);
    world.add(B, &new).unwrap();
    let Rotated { old, new, registry, .. } = &world;

    for (keys, size, counts) in [(old, 1, true), (old, 2, true), (old, 3, false), (old, 4, false)] {
        let head = keys.head(registry, size, NOW);
        let judged = registry.would_accept(&head);
        assert_eq!(judged.is_ok(), counts, "{size}: {judged:?}");
        assert_eq!(gossip::compare(registry, &head.note) == Gossip::Same, counts);
    }
    let beyond = HeadRefused::Checkpoint(CheckpointRefused::Replaced);
    assert_eq!(registry.would_accept(&old.head(registry, 4, NOW)), Err(beyond));
    assert!(beyond.blame().is_tampering());
    for (size, counts) in [(2, false), (3, true), (4, true)] {
        assert_eq!(registry.would_accept(&new.head(registry, size, NOW)).is_ok(), counts, "{size}");
    }
    // A history beyond the rotation that only the stolen key has signed is no word of the authority, however long.
    let mut forged = Registry::new(old.root());
    forged.extend(&[registry.leaf(0).unwrap(), registry.leaf(1).unwrap()]).unwrap();
    for seed in 40..50 {
        let leaf = agency(seed, forged.size()).sign(&old.registrar, None);
        forged.extend(&[leaf]).unwrap();
    }
    let head = old.head(&forged, 12, NOW);
    assert_eq!(gossip::compare(registry, &head.note), Gossip::Invalid);
    assert_eq!(registry.would_accept(&head), Err(beyond));
    // One of its own time that contradicts it is still proof of two histories, and anybody can check it.
    let mut forked = Registry::new(old.root());
    forked.extend(&[registry.leaf(0).unwrap()]).unwrap();
    forked.extend(&[Actor::new(B).add(1).sign(&old.registrar, None)]).unwrap();
    let mut held = registry.clone();
    held.accept_head(&new.head(registry, 4, NOW), NOW).unwrap();
    let Gossip::Equivocation(found) = gossip::compare(&held, &old.head(&forked, 2, NOW).note) else {
        panic!("two histories must be proven across a change of keys");
    };
    let fork = crate::evidence::ForkProof::parse(&found.proof).unwrap();
    let fork = fork.verify(Some(&old.root().fingerprint())).unwrap();
    assert_eq!((fork.smaller.versions, fork.larger.versions), ((1, 2), (2, 2)));
    assert!(found.by_replaced, "and it may be a thief's of today");
    let mut fork = held.clone();
    fork.extend(&[agency(30, 4).sign(&new.registrar, None)]).unwrap();
    let mut other = held.clone();
    other.extend(&[agency(31, 4).sign(&new.registrar, None)]).unwrap();
    fork.accept_head(&new.head(&fork, 5, NOW), NOW).unwrap();
    let Gossip::Equivocation(found) = gossip::compare(&fork, &new.head(&other, 5, NOW).note) else {
        panic!("the key in force has signed two histories");
    };
    assert!(!found.by_replaced);
}

#[test]
fn witnesses_and_quorum_are_those_of_the_heads_time() {
    let World { keys: old, mut registry } = World::new();
    let witness = Keys::new(60).log;
    let new = old.rotated(20);
    let signers = [&old.roots[0], &old.roots[1]];
    let with_witness = new.following_with(registry.root(), &signers, |draft| {
        draft.witnesses = vec![("w.test/witness".to_owned(), witness.verifier())];
        draft.witness_quorum = 1;
    });
    let root = with_witness.unwrap();
    registry.extend_beside(&[new.announce(&registry, &root)], &[root.own_bytes()]).unwrap();

    assert_eq!(registry.would_accept(&old.head(&registry, 2, NOW)), Ok(()));
    let bare = new.head(&registry, 3, NOW);
    let missing = CheckpointRefused::Witnesses { got: 0, quorum: 1 };
    assert_eq!(registry.would_accept(&bare), Err(HeadRefused::Checkpoint(missing)));
    let note = note::cosign(&bare.note, "w.test/witness", &witness, NOW.0).unwrap();
    assert_eq!(registry.would_accept(&Head { note, ..bare }), Ok(()));
}

#[test]
fn a_stolen_timestamp_key_that_signed_the_far_future_says_nothing_after_it_was_replaced() {
    let World { keys: old, mut registry } = World::new();
    let future = NOW.after(900_000_000);
    registry.accept_head(&old.head(&registry, 2, future), NOW).unwrap();
    assert_eq!(registry.newest_time(), Some(future));
    let new = old.rotated(20);
    let root = new.next_root(registry.root());
    registry.extend_beside(&[new.announce(&registry, &root)], &[root.own_bytes()]).unwrap();

    let head = new.head(&registry, 3, NOW);
    let by_old = |size: u64| {
        let stated = LogTime { size, root: registry.root_hash_at(size).unwrap(), time: future };
        Head { timestamp: stated.sign(&old.timestamp), ..head.clone() }
    };
    assert!(matches!(registry.would_accept(&by_old(2)), Err(HeadRefused::Timestamp(_))));
    assert!(matches!(registry.would_accept(&by_old(3)), Err(HeadRefused::Timestamp(_))));
    registry.accept_head(&head, NOW).unwrap();

    assert_eq!(registry.newest_time(), Some(NOW));
    assert_eq!(registry.head().unwrap().timestamp, head.timestamp);
    // What is kept is taken again when it is read back.
    let mut again = Registry::new(root);
    again.extend(&registry.leaves_from(0).collect::<Vec<_>>()).unwrap();
    again.accept_head(registry.head().unwrap(), NOW).unwrap();
}

#[test]
fn a_head_without_a_time_under_new_keys_lets_no_time_be_forgotten() {
    let World { keys: old, mut registry } = World::new();
    registry.accept_head(&old.head(&registry, 2, NOW), NOW).unwrap();
    let new = old.rotated(20);
    let root = new.next_root(registry.root());
    registry.extend_beside(&[new.announce(&registry, &root)], &[root.own_bytes()]).unwrap();
    let head = new.head(&registry, 3, NOW.after(60));

    registry.accept_head(&Head { timestamp: Vec::new(), ..head.clone() }, NOW).unwrap();

    assert_eq!(registry.newest_time(), Some(NOW), "a relay may have taken it away");
    let mut again = Registry::new(root);
    again.extend(&registry.leaves_from(0).collect::<Vec<_>>()).unwrap();
    again.accept_head(registry.head().unwrap(), NOW).unwrap();
    assert_eq!(again.newest_time(), None);
    again.hold_time(NOW);
    assert_eq!(again.newest_time(), Some(NOW), "as it was stored");
    again.accept_head(&head, NOW).unwrap();
    again.hold_time(NOW);
    assert_eq!(again.newest_time(), Some(NOW.after(60)));
}

#[test]
fn no_agency_keeps_the_authority_from_changing_its_keys_by_naming_one_of_them() {
    let World { keys: old, mut registry } = World::new();
    let named = |registry: &Registry, spki| {
        let fields = registry.next_entry(LeafKind::Change, &id(A), NOW).unwrap();
        LeafFields { tls_spki: spki, ..fields }.sign(&old.registrar, None)
    };
    for key in [&old.registrar, &old.timestamp, &old.roots[0]] {
        let leaf = named(&registry, spki_hash_of(key.verifying_key().as_bytes()));
        assert_eq!(registry.extend(&[leaf]).unwrap_err().reason, LeafRefused::KeyForTwoPurposes);
    }
    // One that is not known yet.
    let new = old.rotated(20);
    let leaf = named(&registry, spki_hash_of(new.registrar.verifying_key().as_bytes()));
    registry.extend(&[leaf]).unwrap();

    let root = new.next_root(registry.root());
    registry.extend_beside(&[new.announce(&registry, &root)], &[root.own_bytes()]).unwrap();
    assert_eq!(registry.root_in_force().version(), 2);
    // Who has known the second version from the beginning judges no otherwise.
    let mut again = Registry::new(root);
    again.extend(&registry.leaves_from(0).collect::<Vec<_>>()).unwrap();
    let leaf = LeafFields {
        tls_spki: spki_hash_of(new.timestamp.verifying_key().as_bytes()),
        ..again.next_entry(LeafKind::Change, &id(A), NOW).unwrap()
    };
    let leaf = leaf.sign(&new.registrar, None);
    assert_eq!(again.extend(&[leaf]).unwrap_err().reason, LeafRefused::KeyForTwoPurposes);
}

#[test]
fn no_key_of_a_node_becomes_the_authoritys_and_none_of_the_authoritys_ever_a_nodes() {
    let World { keys: old, registry } = World::new();
    let signers = [&old.roots[0], &old.roots[1]];
    let node = Actor::new(A);
    for bent in 0..3 {
        let new = old.rotated(20);
        let root = new.following_with(registry.root(), &signers, |draft| match bent {
            0 => draft.timestamp = node.ik.verifying_key(),
            1 => draft.timestamp = node.succession.verifying_key(),
            _ => draft.tls_spki = node.tls.spki_hash(),
        });
        let root = root.unwrap();
        let mut copy = registry.clone();
        let error = copy.extend_beside(&[new.announce(&copy, &root)], &[root.own_bytes()]).unwrap_err();
        assert_eq!(error.reason, LeafRefused::RootForked, "case {bent}");
    }
    let mut world = Rotated::new();
    let replaced = *world.old.registrar.verifying_key().as_bytes();
    let fields = LeafFields { ik: replaced, ..Actor::new(B).add(3) };
    let leaf = fields.sign(&world.new.registrar, None);
    assert_eq!(world.registry.extend(&[leaf]).unwrap_err().reason, LeafRefused::KeyForTwoPurposes);
}

#[test]
fn an_exported_log_is_read_with_the_newest_root_file_and_not_with_an_older_one() {
    let mut world = Rotated::new();
    let head = world.new.head(&world.registry, 3, NOW);
    world.registry.accept_head(&head, NOW).unwrap();
    let file = export::write(&world.registry).unwrap();

    assert_eq!(export::read(&file, world.root.clone(), Signers::Witnesses).unwrap().size(), 3);
    let refused = export::read(&file, world.old.root(), Signers::Witnesses).err().unwrap();
    assert!(matches!(refused, export::ExportRefused::Replay(error) if error.reason == LeafRefused::RootSuperseded));
    assert!(refused.remedy().contains("export-root"));
    assert_eq!(Checkpoint::open_any(&head.note, &world.root, Signers::Witnesses).unwrap().1.version(), 2);
}
