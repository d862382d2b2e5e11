//! The authority's acts, and what a crash between their steps leaves.

mod again;
mod carry;
mod changes;
mod practice;
mod rotation;
mod seen;

use std::{collections::BTreeMap, path::Path, sync::Arc, sync::Mutex};

use safeconduct_protocol::{
    crypto::kem::KemSecret,
    id::{AgencyId, MailboxId, RelayId},
    time::{Clock, DAY_S, Day, Timestamp},
};

use super::{
    AdminError, Office,
    book::{InviteState, Way},
    error::NotRecognisable,
    init::{Witnesses, init},
    invite::DAYS_MAX,
    office::read_root,
    recognise::Scope,
    relay_file::RelayFile,
    revoke::Standing,
    root::RootDraft,
};
use crate::{
    directory::{Record, RoleName},
    enrol::{
        answer::Answer,
        code::InviteCode,
        request::{NewNode, RequestRefused},
        words::SafetyWords,
    },
    introduction::Introduction,
    keyfile::{Cost, KeyfileError},
    node::{NodeStatus, Role},
    registry::{leaf::LeafRefused, terms::Border},
    testing::{Actor, Keys, NOW, Seeded},
};

const PASSPHRASE: &[u8] = b"a long enough passphrase";

#[derive(Clone)]
struct HandClock(Arc<Mutex<Timestamp>>);

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

struct World {
    folder: tempfile::TempDir,
    clock: HandClock,
    seed: u64,
}

impl World {
    fn new() -> Self {
        let world = Self { folder: tempfile::tempdir().unwrap(), clock: HandClock(Arc::new(Mutex::new(NOW))), seed: 0 };
        let cost = Cost::new(64, 1).unwrap();
        let entropy = &mut Seeded::new(42);
        init(world.path(), *b"XA", "xa.test/registry", &Witnesses::default(), PASSPHRASE, cost, &world.clock, entropy)
            .unwrap();
        world
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn try_open(&mut self) -> Result<Office, AdminError> {
        self.seed += 1;
        Office::open(self.path(), PASSPHRASE, Box::new(self.clock.clone()), Box::new(Seeded::new(self.seed)))
    }

    fn open(&mut self) -> Office {
        self.try_open().unwrap()
    }

    fn with_relay() -> Self {
        let mut world = Self::new();
        world.open().add_relay(&relay_file()).unwrap();
        world
    }

    fn at(&self, time: Timestamp) {
        *self.clock.0.lock().unwrap() = time;
    }
}

fn relay_file() -> RelayFile {
    let actor = Actor::new(1);
    RelayFile {
        address: "relay.example:4433".to_owned(),
        ik: actor.ik.verifying_key(),
        tls_spki: actor.tls.spki_hash(),
        node: safeconduct_protocol::id::NodeId::from_bytes([1; 32]),
        witness: None,
    }
}

fn agency() -> AgencyId {
    "xa.harbour-house".parse().unwrap()
}

fn record() -> Record {
    Record::bare(
        agency(),
        BTreeMap::from([("eng".to_owned(), "Harbour House".to_owned())]),
        "XA".to_owned(),
        vec![RoleName(Role::NgoShelter)],
        false,
    )
}

fn answer_key() -> KemSecret {
    KemSecret::from_bytes(safeconduct_protocol::secret::Secret::new([77; 32]))
}

/// What a node makes of a code.
fn request(actor: &Actor, code: &InviteCode, office: &Office) -> Vec<u8> {
    let node = NewNode {
        ik: &actor.ik,
        succession: actor.succession.verifying_key(),
        tls_spki: actor.tls.spki_hash(),
        mailbox: MailboxId::from_bytes([8; 16]),
        answer_key: answer_key().public(),
        node_random: [6; 16],
        replaces: None,
    };
    node.seal(code, office.root().enrol_key(), &mut Seeded::new(900)).unwrap()
}

/// Invited, and a request by `actor` has come.
fn asked(office: &mut Office, actor: &Actor) -> SafetyWords {
    let (code, _) = office.invite(record(), 7).unwrap();
    let sealed = request(actor, &code, office);
    office.take_request(RelayId(1), &code.invite(), &sealed, Way::Relay).unwrap();
    SafetyWords::of(&actor.ik.verifying_key())
}

#[test]
fn an_authority_is_made_once_and_opens_with_its_passphrase_only() {
    let mut world = World::new();
    let again = init(
        world.path(),
        *b"XA",
        "x",
        &Witnesses::default(),
        PASSPHRASE,
        Cost::STANDARD,
        &world.clock,
        &mut Seeded::new(1),
    );
    assert_eq!(again.err(), Some(AdminError::Exists));
    let wrong = Office::open(world.path(), b"another", Box::new(world.clock.clone()), Box::new(Seeded::new(1)));
    assert_eq!(wrong.err(), Some(AdminError::Keyfile(KeyfileError::WrongPassphrase)));
    let office = world.open();
    assert_eq!(office.root().fingerprint(), read_root(world.folder.path()).unwrap().fingerprint());
    assert_eq!(office.root_keys_here().len(), 3);
    assert_eq!(read_root(Path::new("/nonexistent")).err(), Some(AdminError::Missing));
}

#[test]
fn two_commands_do_not_interleave() {
    let mut world = World::new();
    let office = world.open();
    assert_eq!(world.try_open().err(), Some(AdminError::Busy));
    drop(office);
    world.open();
}

#[test]
fn short_passphrases_and_bad_names_are_refused_before_anything_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let clock = HandClock(Arc::new(Mutex::new(NOW)));
    let cost = Cost::new(64, 1).unwrap();
    let found = |name: &str, pass: &[u8]| {
        init(folder.path(), *b"XA", name, &Witnesses::default(), pass, cost, &clock, &mut Seeded::new(1)).err()
    };
    assert_eq!(found("xa.test/log", b"elevenbytes"), Some(AdminError::ShortPassphrase));
    assert!(matches!(found("with space", PASSPHRASE), Some(AdminError::Root(_))));
    assert!(matches!(found("", PASSPHRASE), Some(AdminError::Root(_))));
    assert!(!folder.path().join("keys").exists());
}

#[test]
fn a_relay_gets_the_next_number_and_is_the_same_when_added_twice() {
    let mut world = World::with_relay();
    let mut office = world.open();
    let contact = office.add_relay(&relay_file()).unwrap();
    assert_eq!((contact.id, contact.agency.as_str()), (RelayId(1), "xa.relay-1"));
    assert_eq!(office.registry().size(), 1);
    let mut other = relay_file();
    other.address = "elsewhere.example:1".to_owned();
    assert!(matches!(office.add_relay(&other), Err(AdminError::Leaf(_))));
    let second = Actor::new(40);
    let file = RelayFile {
        ik: second.ik.verifying_key(),
        tls_spki: second.tls.spki_hash(),
        node: safeconduct_protocol::id::NodeId::from_bytes([40; 32]),
        ..other
    };
    assert_eq!(office.add_relay(&file).unwrap().id, RelayId(2));
    assert_eq!(office.relay_contacts().unwrap().len(), 2);
}

#[test]
fn the_right_words_approve_and_the_answer_opens_at_the_node() {
    let mut world = World::with_relay();
    let mut office = world.open();
    let actor = Actor::new(20);
    let words = asked(&mut office, &actor);
    assert_eq!(office.waiting().unwrap()[0].words, words);

    let node = office.approve(&agency(), &words.to_string().to_uppercase()).unwrap();

    assert!(office.waiting().unwrap().is_empty());
    let state = office.registry().node(&node).unwrap();
    assert_eq!((state.ik, state.home_relay), (actor.ik.verifying_key(), RelayId(1)));
    assert_eq!(office.registry().head_size(), office.registry().size());
    let registered = office.registered().unwrap();
    assert_eq!(registered[1].record, record());
    let invite = office.book.newest(&agency()).unwrap();
    let InviteState::Answered { answer, put: false, .. } = &invite.state else { panic!("answered") };
    let Ok(Answer::Approved(key)) = Answer::open(&answer.0, &invite.id, &node, &answer_key()) else {
        panic!("approved")
    };
    assert_eq!(key.reveal(), office.keys.directory.reveal());
    assert_eq!(office.answers_to_put(), 1);
}

#[test]
fn wrong_words_are_refused_and_written_down_and_the_request_waits() {
    let mut world = World::with_relay();
    let mut office = world.open();
    let words = asked(&mut office, &Actor::new(20));
    let other = SafetyWords::of(&Actor::new(21).ik.verifying_key());

    assert_eq!(office.approve(&agency(), &other.to_string()), Err(AdminError::WrongWords));
    assert!(matches!(office.approve(&agency(), "zoo zoo"), Err(AdminError::Words(_))));

    assert_eq!(office.registry().size(), 1);
    assert_eq!(office.waiting().unwrap().len(), 1);
    let refused: Vec<_> = office.audit_lines().iter().filter(|line| line.act == "approve-refused").collect();
    assert_eq!(refused.len(), 2);
    drop(office);
    let mut office = world.open();
    assert_eq!(office.audit_lines().iter().filter(|line| line.act == "approve-refused").count(), 2);
    office.approve(&agency(), &words.to_string()).unwrap();
}

#[test]
fn a_request_made_without_the_code_spoils_the_invitation_and_is_never_shown() {
    let mut world = World::with_relay();
    let mut office = world.open();
    let (code, _) = office.invite(record(), 7).unwrap();
    let other = InviteCode::generate(office.root().fingerprint(), &mut Seeded::new(5)).unwrap();
    let stranger = request(&Actor::new(66), &other, &office);
    office.take_request(RelayId(1), &code.invite(), &stranger, Way::Relay).unwrap();

    assert!(office.waiting().unwrap().is_empty());
    assert_eq!(office.spoiled().collect::<Vec<_>>(), [&agency()]);
    assert_eq!(office.approve(&agency(), "x"), Err(AdminError::RequestRefused(RequestRefused::WrongSecret)));
    // Invited anew, all is well.
    let words = asked(&mut office, &Actor::new(20));
    assert_eq!(office.spoiled().count(), 0);
    office.approve(&agency(), &words.to_string()).unwrap();
}

#[test]
fn a_relay_that_spoils_an_invitation_spoils_it_for_nobody_who_asks_elsewhere() {
    let mut world = World::with_relay();
    let mut office = world.open();
    let (code, day) = office.invite(record(), 7).unwrap();
    let lies = [vec![3; 900], vec![4; 900]];
    for lie in &lies {
        office.take_request(RelayId(2), &code.invite(), lie, Way::Relay).unwrap();
    }
    assert_eq!(office.spoiled().collect::<Vec<_>>(), [&agency()]);
    // The relay that has it forgets it, the other keeps it open.
    assert_eq!(office.invites_to_put(RelayId(2)), [vec![(code.invite(), Day(0))]]);
    assert_eq!(office.invites_to_put(RelayId(1)), [vec![(code.invite(), day)]]);
    let lines = office.audit_lines().len();
    office.take_request(RelayId(2), &code.invite(), &lies[0], Way::Relay).unwrap();
    assert_eq!(office.audit_lines().len(), lines, "said once");
    drop(office);

    let mut office = world.open();
    let actor = Actor::new(20);
    let sealed = request(&actor, &code, &office);
    office.take_request(RelayId(1), &code.invite(), &sealed, Way::Relay).unwrap();

    assert_eq!(office.spoiled().count(), 0);
    office.approve(&agency(), &SafetyWords::of(&actor.ik.verifying_key()).to_string()).unwrap();
}

#[test]
fn a_clock_that_is_far_from_the_only_relays_is_not_signed_for_and_one_that_a_relay_confirms_is() {
    let mut world = World::with_relay();
    let mut office = world.open();
    let apart = |ahead, by_s| Err(AdminError::ClocksApart { ahead, by_s });
    assert_eq!(office.compare_clocks(NOW.before(301)), apart(true, 301));
    assert_eq!(office.compare_clocks(NOW.after(301)), apart(false, 301));
    assert_eq!(office.compare_clocks(NOW.before(300)), Ok(()));
    assert_eq!(office.compare_clocks(NOW.after(DAY_S)), Ok(()), "that relay's is the wrong one");
}

#[test]
fn a_time_that_was_signed_too_early_is_put_away_with_the_head() {
    let mut world = World::with_relay();
    world.at(NOW.after(365 * DAY_S));
    world.open().sign_head().unwrap();
    world.at(NOW);
    let mut office = world.open();
    assert_eq!(office.sign_head(), Err(AdminError::Clock { by_s: 365 * DAY_S }));
    let size = office.registry().size();
    drop(office);

    std::fs::remove_file(world.path().join("head.bin")).unwrap();

    let mut office = world.open();
    assert_eq!((office.registry().newest_time(), office.registry().size()), (Some(NOW), size));
    office.sign_head().unwrap();
}

/// An introduction of another authority to this one.
fn introduced(seed: u64, country: &[u8; 2], log_name: &str) -> Introduction {
    let keys = Keys::new(seed);
    let draft = RootDraft { country: *country, log_name: log_name.to_owned(), ..keys.draft() };
    let root = draft.sign(&[(0, &keys.roots[0]), (1, &keys.roots[1])]).unwrap();
    let directory = crate::directory::DirectoryKey::new(safeconduct_protocol::secret::Secret::new([6; 32]));
    Introduction { root, made_at: NOW, relays: Vec::new(), directory }
}

#[test]
fn neither_our_own_country_nor_a_log_name_that_is_taken_is_recognised() {
    let mut world = World::with_relay();
    let mut office = world.open();
    let scope = Scope { from_roles: 1, to_roles: 1, what: 1, until: NOW.after(100) };
    let recognise = |office: &mut Office, one: &Introduction| office.recognise(one, scope);
    let refused = |why| Err(AdminError::NotRecognisable(why));
    let ours = introduced(5, b"XA", "xa.test/other");
    assert_eq!(recognise(&mut office, &ours), refused(NotRecognisable::OurCountry));
    let first = introduced(6, b"XB", "xb.test/registry");
    recognise(&mut office, &first).unwrap();
    recognise(&mut office, &first).unwrap();
    let second = introduced(7, b"XC", "xb.test/registry");
    assert_eq!(recognise(&mut office, &second), refused(NotRecognisable::LogName));
    recognise(&mut office, &introduced(8, b"XC", "xc.test/registry")).unwrap();
    assert_eq!(office.registry().recognitions().count(), 2);
    // With a new root file, once the old one has ended.
    office.end_recognition(Border::of("XB").unwrap()).unwrap();
    world.at(NOW.after(1));
    recognise(&mut office, &second).unwrap();
}

#[test]
fn the_first_request_counts_and_unknown_invitations_are_passed_over() {
    let mut world = World::with_relay();
    let mut office = world.open();
    let (code, _) = office.invite(record(), 7).unwrap();
    let first = request(&Actor::new(20), &code, &office);
    let second = request(&Actor::new(21), &code, &office);
    office.take_request(RelayId(1), &code.invite(), &first, Way::Relay).unwrap();
    office.take_request(RelayId(1), &code.invite(), &second, Way::Relay).unwrap();
    assert_eq!(office.waiting().unwrap()[0].words, SafetyWords::of(&Actor::new(20).ik.verifying_key()));
    let unknown = safeconduct_protocol::id::InviteId::from_bytes([3; 16]);
    office.take_request(RelayId(1), &unknown, &first, Way::Relay).unwrap();
    assert_eq!(office.waiting().unwrap().len(), 1);
    assert_eq!(office.invite(record(), 7).err(), Some(AdminError::RequestWaits));
}

#[test]
fn invitations_have_bounds_and_a_new_one_withdraws_the_old() {
    let mut world = World::with_relay();
    let mut office = world.open();
    assert_eq!(office.invite(record(), 0).err(), Some(AdminError::Days));
    assert_eq!(office.invite(record(), DAYS_MAX + 1).err(), Some(AdminError::Days));
    let bad = Record { country: "xa".to_owned(), ..record() };
    assert!(matches!(office.invite(bad, 7).err(), Some(AdminError::Record(_))));
    let (old, _) = office.invite(record(), DAYS_MAX).unwrap();
    let (_, expires) = office.invite(record(), 7).unwrap();
    assert_eq!(expires, NOW.day().after(7));
    assert_eq!(office.open_invitations().count(), 1);
    assert!(matches!(office.book.find_mut(&old.invite()).unwrap().state, InviteState::Withdrawn));
}

#[test]
fn a_rejection_carries_its_reason_and_the_agency_may_be_invited_again() {
    let mut world = World::with_relay();
    let mut office = world.open();
    asked(&mut office, &Actor::new(20));
    office.reject(&agency(), "call us first").unwrap();
    assert_eq!(office.registry().size(), 1);
    office.reject(&agency(), "twice").unwrap();
    assert_eq!(office.audit_lines().iter().filter(|line| line.act == "reject").count(), 1);
    let words = asked(&mut office, &Actor::new(21));
    office.approve(&agency(), &words.to_string()).unwrap();
}

#[test]
fn registrations_are_suspended_resumed_and_revoked() {
    let mut world = World::with_relay();
    let mut office = world.open();
    let words = asked(&mut office, &Actor::new(20));
    let node = office.approve(&agency(), &words.to_string()).unwrap();
    assert_eq!(office.invite(record(), 7).err(), Some(AdminError::AgencyKnown));
    assert_eq!(office.set_standing(&agency(), Standing::Resume), Ok(node), "it is active");
    assert_eq!(office.registry().size(), 2);
    office.set_standing(&agency(), Standing::Suspend).unwrap();
    assert_eq!(office.set_standing(&agency(), Standing::Suspend), Ok(node), "it is suspended");
    assert_eq!(office.registry().size(), 3);
    office.set_standing(&agency(), Standing::Resume).unwrap();
    assert!(office.registry().node(&node).unwrap().is_active());
    office.set_standing(&agency(), Standing::Revoke).unwrap();
    assert_eq!(office.registry().node(&node).unwrap().status, NodeStatus::Revoked { effective: NOW });
    assert_eq!(office.set_standing(&agency(), Standing::Revoke), Ok(node), "it is revoked");
    assert_eq!(office.set_standing(&agency(), Standing::Resume), Err(AdminError::NotInState));
    assert_eq!(office.set_standing(&"xa.nobody".parse().unwrap(), Standing::Revoke), Err(AdminError::AgencyUnknown));
    drop(office);
    // It survives, and the agency may come back with a new node and new keys, never with the old ones.
    let mut office = world.open();
    assert_eq!(office.registry().size(), 5);
    let (code, _) = office.invite(record(), 7).unwrap();
    let sealed = request(&Actor::new(20), &code, &office);
    office.take_request(RelayId(1), &code.invite(), &sealed, Way::Relay).unwrap();
    assert_eq!(office.approve(&agency(), &words.to_string()), Err(AdminError::Leaf(LeafRefused::NodeKnown)));
    assert!(!office.registry().node(&node).unwrap().is_active());
}

#[test]
fn a_crash_after_the_entry_and_before_the_answer_is_finished_by_the_same_command() {
    let mut world = World::with_relay();
    let mut office = world.open();
    let words = asked(&mut office, &Actor::new(20));
    let book = std::fs::read(world.path().join("book.sealed")).unwrap();
    let head = std::fs::read(world.path().join("head.bin")).unwrap();
    office.approve(&agency(), &words.to_string()).unwrap();
    drop(office);
    // The entry is there; neither the head nor the answer was written.
    std::fs::write(world.path().join("book.sealed"), book).unwrap();
    std::fs::write(world.path().join("head.bin"), head).unwrap();

    let mut office = world.open();
    assert_eq!(office.registry().size(), 2);
    assert_eq!(office.registry().head_size(), 2);
    office.approve(&agency(), &words.to_string()).unwrap();
    assert_eq!(office.registry().size(), 2);
    assert_eq!(office.answers_to_put(), 1);
}

#[test]
fn a_torn_last_entry_is_cut_off_and_a_cut_log_is_noticed() {
    let mut world = World::with_relay();
    let mut office = world.open();
    let words = asked(&mut office, &Actor::new(20));
    let log = world.path().join("leaves.log");
    let one = std::fs::read(&log).unwrap();
    let head = std::fs::read(world.path().join("head.bin")).unwrap();
    office.approve(&agency(), &words.to_string()).unwrap();
    drop(office);
    let two = std::fs::read(&log).unwrap();

    // Torn before its head was signed: as if it had not been.
    std::fs::write(&log, &two[..two.len() - 5]).unwrap();
    let newer = std::fs::read(world.path().join("head.bin")).unwrap();
    std::fs::write(world.path().join("head.bin"), head).unwrap();
    assert_eq!(world.open().registry().size(), 1);

    // Cut although a head over it was signed: somebody took it away.
    std::fs::write(&log, &one).unwrap();
    std::fs::write(world.path().join("head.bin"), newer).unwrap();
    assert!(matches!(world.try_open().err(), Some(AdminError::Head(_))));

    let mut bent = two;
    bent[40] ^= 1;
    std::fs::write(&log, &bent).unwrap();
    assert!(matches!(world.try_open().err(), Some(AdminError::Damaged { .. })));
}

#[test]
fn a_clock_before_the_newest_timestamp_signs_nothing() {
    let mut world = World::with_relay();
    world.at(NOW.before(DAY_S));
    let mut office = world.open();
    assert_eq!(office.invite(record(), 7).err(), Some(AdminError::Clock { by_s: DAY_S }));
    assert_eq!(office.sign_head(), Err(AdminError::Clock { by_s: DAY_S }));
}

#[test]
fn what_lies_on_the_disk_names_no_agency() {
    let mut world = World::with_relay();
    let mut office = world.open();
    let words = asked(&mut office, &Actor::new(20));
    office.approve(&agency(), &words.to_string()).unwrap();
    drop(office);
    for entry in std::fs::read_dir(world.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
            assert!(!text.contains("harbour") && !text.contains("Harbour"), "{}", path.display());
        }
    }
}
