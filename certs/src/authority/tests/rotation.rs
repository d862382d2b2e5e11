//! A next version of the root file, from the proposal to its entry, with holders here and elsewhere.

use std::{collections::BTreeSet, fs};

use super::*;
use crate::{
    authority::{
        open_root_key,
        root::{Proposal, RootFile, RootRefused},
        rotate::{Changes, OwnKey},
    },
    introduction::{Introduction, IntroductionRefused},
    registry::{Registry, leaf::LeafKind},
};

fn cost() -> Cost {
    Cost::new(64, 1).unwrap()
}

fn keys(keys: impl IntoIterator<Item = OwnKey>) -> Changes {
    Changes { keys: keys.into_iter().collect(), ..Changes::default() }
}

fn propose(office: &mut Office, changes: &Changes) -> Proposal {
    office.propose_root(changes, PASSPHRASE, cost()).unwrap()
}

/// Proposed and brought into force with the keys that lie in the directory.
fn rotate(office: &mut Office, changes: &Changes) {
    let mut proposal = propose(office, changes);
    office.sign_with_keys_here(&mut proposal, PASSPHRASE).unwrap();
    office.rotate(&proposal).unwrap();
}

#[test]
fn with_the_holders_keys_here_new_keys_come_into_force_with_an_entry_and_everything_goes_on() {
    let mut world = World::with_relay();
    let mut office = world.open();
    let words = asked(&mut office, &Actor::new(2));
    let first = office.root().clone();

    rotate(&mut office, &Changes::default());

    assert_eq!((office.root().version(), office.registry().size()), (2, 2));
    assert!(office.root().continues(&first) && office.root().log_key() != first.log_key());
    assert_ne!(office.root().timestamp_key(), first.timestamp_key());
    assert_eq!(office.root().registrar(), first.registrar(), "what was not named stays");
    // A request sealed before is opened after, and the next entry is signed by whoever signs now.
    office.approve(&agency(), &words.to_string()).unwrap();
    let lines: Vec<String> = office.audit_lines().iter().map(|line| line.act.clone()).collect();
    assert!(lines.contains(&"root-propose".to_owned()) && lines.contains(&"root-rotate".to_owned()), "{lines:?}");
    drop(office);
    let office = world.open();
    assert_eq!((office.root().version(), office.registry().size()), (2, 3));
    // The file that everybody may have says it all: whoever has the log replays it.
    let root = RootFile::parse_pinned(&fs::read(world.path().join("root.scr")).unwrap(), &first.fingerprint()).unwrap();
    let mut replica = Registry::new(root);
    replica.extend(&office.registry().leaves_from(0).collect::<Vec<_>>()).unwrap();
    replica.accept_head(office.registry().head().unwrap(), NOW).unwrap();
}

#[test]
fn holders_elsewhere_sign_one_after_the_other_and_with_too_few_nothing_changes() {
    let mut world = World::with_relay();
    let away = tempfile::tempdir().unwrap();
    for number in 1..=3 {
        let name = format!("root-{number}.key");
        fs::rename(world.path().join("keys").join(&name), away.path().join(&name)).unwrap();
    }
    let mut office = world.open();
    let all = keys([OwnKey::Log, OwnKey::Registrar, OwnKey::Timestamp]);
    let mut proposal = propose(&mut office, &all);
    assert_eq!(office.sign_with_keys_here(&mut proposal, PASSPHRASE), Ok(0));
    let size = office.registry().size();

    for (number, missing) in
        [(3, RootRefused::Threshold { got: 0, threshold: 2 }), (1, RootRefused::Threshold { got: 1, threshold: 2 })]
    {
        assert_eq!(office.rotate(&proposal).err(), Some(AdminError::Root(missing)));
        assert_eq!((office.registry().size(), office.root().version()), (size, 1));
        let key = open_root_key(&away.path().join(format!("root-{number}.key")), PASSPHRASE).unwrap();
        proposal = Proposal::parse(&proposal.to_bytes()).unwrap();
        assert!(proposal.sign(&key));
    }
    office.rotate(&proposal).unwrap();

    assert_eq!(office.root().version(), 2);
    // Once more is another matter: it follows a version that is not the newest any more.
    assert_eq!(office.rotate(&proposal).err(), Some(AdminError::OtherProposal));
    fs::rename(away.path().join("root-1.key"), away.path().join("mine.key")).unwrap();
    let unnamed = open_root_key(&away.path().join("mine.key"), PASSPHRASE).err();
    assert_eq!(unnamed, Some(AdminError::RootKeyName));
}

#[test]
fn a_lost_root_key_is_replaced_by_the_others_and_signs_nothing_more() {
    let mut world = World::with_relay();
    fs::remove_file(world.path().join("keys/root-2.key")).unwrap();
    let mut office = world.open();
    let changes = Changes { holders: BTreeSet::from([2]), ..Changes::default() };

    rotate(&mut office, &changes);

    assert_eq!(office.root_keys_here(), ["root-1.key", "root-2-v2.key", "root-3.key"]);
    for gone in ["root-1.key", "root-3.key"] {
        fs::remove_file(world.path().join("keys").join(gone)).unwrap();
    }
    let mut proposal = propose(&mut office, &Changes::default());
    office.sign_with_keys_here(&mut proposal, PASSPHRASE).unwrap();
    let refused = RootRefused::Threshold { got: 1, threshold: 2 };
    assert_eq!(office.rotate(&proposal).err(), Some(AdminError::Root(refused)));
    let nobody = Changes { holders: BTreeSet::from([4]), ..Changes::default() };
    let refused = office.propose_root(&nobody, PASSPHRASE, cost()).err();
    assert_eq!(refused, Some(AdminError::NoHolder { count: 3 }));
}

#[test]
fn a_proposal_whose_keys_were_made_again_since_is_not_brought_into_force() {
    let mut world = World::with_relay();
    let mut office = world.open();
    let mut older = propose(&mut office, &Changes::default());
    office.sign_with_keys_here(&mut older, PASSPHRASE).unwrap();
    propose(&mut office, &Changes::default());

    assert_eq!(office.rotate(&older).err(), Some(AdminError::ProposalKeys));

    assert_eq!((office.root().version(), office.registry().size()), (1, 1));
    // The directory goes on with its keys, whatever was proposed.
    drop(office);
    assert_eq!(world.open().root().version(), 1);
}

#[test]
fn a_crash_between_root_file_and_entry_is_made_good_when_the_directory_is_opened() {
    let mut world = World::with_relay();
    let log = world.path().join("leaves.log");
    let (before, head) = (fs::read(&log).unwrap(), fs::read(world.path().join("head.bin")).unwrap());
    let mut office = world.open();
    rotate(&mut office, &keys([OwnKey::Log, OwnKey::Registrar]));
    let after = (office.registry().size(), office.registry().root_hash());
    drop(office);
    for cut in [Some(0), Some(7), None] {
        let whole = fs::read(&log).unwrap();
        if let Some(cut) = cut {
            fs::write(&log, [&before, whole.get(before.len()..before.len() + cut).unwrap()].concat()).unwrap();
        }
        fs::write(world.path().join("head.bin"), &head).unwrap();

        let office = world.open();

        assert_eq!((office.registry().size(), office.registry().head_size()), (2, 2), "{cut:?}");
        let leaf = crate::registry::leaf::Leaf::parse(office.registry().leaf(1).unwrap()).unwrap();
        assert_eq!(leaf.fields.kind, LeafKind::Root);
        assert_eq!(office.registry().root_hash(), after.1, "{cut:?}");
    }
}

#[test]
fn a_recognised_authority_that_has_changed_its_keys_stays_recognised_and_is_introduced_anew_with_its_newest() {
    let (mut ours, mut theirs) = (World::with_relay(), World { seed: 500, ..World::new() });
    // Another authority under another name: made by hand, because all worlds here have one.
    fs::remove_file(theirs.path().join("root.scr")).unwrap();
    let entropy = &mut Seeded::new(43);
    init(theirs.path(), *b"XB", "xb.test/registry", &Witnesses::default(), PASSPHRASE, cost(), &theirs.clock, entropy)
        .unwrap();
    let (mut office, mut other) = (ours.open(), theirs.open());
    other.add_relay(&relay_file()).unwrap();
    let first = other.introduce(office.root()).unwrap();
    let scope = Scope { from_roles: 2, to_roles: 2, what: 3, until: NOW.after(DAY_S) };
    let open = |office: &Office, file: &[u8]| office.read_introduction(file).unwrap();
    let introduced: Introduction = open(&office, &first);
    office.recognise(&introduced, scope).unwrap();
    let size = office.registry().size();
    office.recognise(&introduced, scope).unwrap();
    assert_eq!(office.registry().size(), size, "the same again is no entry");

    rotate(&mut other, &keys([OwnKey::Log, OwnKey::Registrar]));
    rotate(&mut other, &Changes::default());
    // We have changed ours, too: the file is for the authority, whatever keys it has.
    let newer = other.introduce(&introduced_root(&office)).unwrap();
    rotate(&mut office, &Changes::default());
    let newer = open(&office, &newer);
    office.recognise(&newer, scope).unwrap();

    assert_eq!(office.registry().size(), size + 2, "our own change, and the newer root file for our nodes");
    assert_eq!(office.registry().recognitions().count(), 1);
    let recognised = office.registry().recognition(newer.root.authority()).unwrap();
    assert_eq!(&recognised.authority, introduced.root.hash());
    assert_eq!(office.abroad().len(), 1);
    let refused = office.recognise(&introduced, scope).err();
    assert_eq!(refused, Some(AdminError::Introduction(IntroductionRefused::Older)));
}

fn introduced_root(office: &Office) -> RootFile {
    RootFile::parse(office.root().as_bytes()).unwrap()
}

#[test]
fn the_lives_of_keys_that_stay_are_not_renewed_by_a_change_of_others() {
    let mut world = World::with_relay();
    world.at(NOW.after(80 * DAY_S));
    let mut office = world.open();
    rotate(&mut office, &keys([OwnKey::Timestamp]));

    let [timestamp, log] = crate::authority::lives::of(office.root());

    assert_eq!(timestamp.days_left(NOW.after(80 * DAY_S)), 90);
    assert_eq!(log.days_left(NOW.after(80 * DAY_S)), 285);
}
