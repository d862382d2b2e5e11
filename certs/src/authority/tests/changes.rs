//! What nodes ask to be changed, what the authority changes itself, and nodes in the place of others.

use safeconduct_protocol::{
    crypto::sign::SigningKey,
    id::{MailboxId, NodeId, RelayId},
};

use super::{Actor, AdminError, NOW, Office, Seeded, World, agency, answer_key, asked, record, relay_file};
use crate::{
    authority::{
        book::{Bytes, NodeChange, Stand, Way},
        change::{Changed, NewFields},
        invite::ByWord,
        relay_file::RelayFile,
        revoke::Standing,
    },
    directory::{self, RoleName},
    enrol::{
        answer::Answer,
        change::{ChangeRefused, NewChange, SEALED_CHANGE_BYTES},
        code::InviteCode,
        request::{NewNode, Replaces},
        words::SafetyWords,
    },
    node::{NodeStatus, Role},
    registry::{replay::OVERRIDE_DELAY_S, succession::Succession},
};

/// An authority with a relay and an agency, whose node has the keys of `Actor::new(20)`.
fn enrolled(world: &mut World) -> (Office, NodeId) {
    let mut office = world.open();
    let words = asked(&mut office, &Actor::new(20));
    let node = office.approve(&agency(), &words.to_string()).unwrap();
    (office, node)
}

/// The node asks for the keys of `next`, with a yes by `yes`; sealed.
fn ask(office: &Office, node: NodeId, current: &Actor, next: &Actor, yes: Option<&SigningKey>) -> Vec<u8> {
    let state = office.registry().node(&node).unwrap();
    let succession = next.succession.verifying_key();
    let statement = Succession { node, ik: *next.ik.verifying_key().as_bytes(), succession: *succession.as_bytes() };
    let change = NewChange {
        node,
        follows: state.last_leaf,
        current: &current.ik,
        ik: &next.ik,
        succession,
        tls_spki: next.tls.spki_hash(),
        home_relay: state.home_relay,
        mailbox: state.mailbox,
        statement: yes.map(|key| statement.sign(key)),
    };
    change.seal(office.root().enrol_key(), &mut Seeded::new(3)).unwrap()
}

/// The same keys as another actor, with a TLS key of its own.
fn with_tls_of(keys: u8, tls: u8) -> Actor {
    let mut actor = Actor::new(keys);
    actor.tls = Actor::new(tls).tls;
    actor
}

#[test]
fn a_change_of_keys_waits_for_the_words_of_the_new_key_and_is_in_force_at_once() {
    let mut world = World::with_relay();
    let (mut office, node) = enrolled(&mut world);
    let (old, new) = (Actor::new(20), Actor::new(21));
    let sealed = ask(&office, node, &old, &new, Some(&old.ik));
    office.take_change(RelayId(1), &node, &sealed).unwrap();
    assert_eq!(office.registry().size(), 2);
    let waiting = office.changes_waiting().unwrap();
    assert_eq!(waiting.len(), 1);
    assert!(waiting[0].asked.identity && waiting[0].words == SafetyWords::of(&new.ik.verifying_key()));

    let wrong = SafetyWords::of(&old.ik.verifying_key()).to_string();
    assert_eq!(office.approve_change(&agency(), &wrong).err(), Some(AdminError::WrongWords));
    let words = SafetyWords::of(&new.ik.verifying_key()).to_string();
    office.approve_change(&agency(), &words).unwrap();

    let state = office.registry().node(&node).unwrap();
    assert!(state.ik == new.ik.verifying_key() && !state.authority_override && state.pending.is_none());
    assert_eq!(office.changes_to_settle(RelayId(1)).len(), 1);
    assert!(office.changes_to_settle(RelayId(2)).is_empty());
    // The same act again: the same answer, no second entry and no second line.
    let (size, lines) = (office.registry().size(), office.audit_lines().len());
    assert_eq!(office.approve_change(&agency(), &words).unwrap().0, node);
    assert_eq!((office.registry().size(), office.audit_lines().len()), (size, lines));
    drop(office);
    assert!(world.open().changes_waiting().unwrap().is_empty());
}

#[test]
fn a_crash_between_the_entry_of_a_change_and_the_book_is_finished_by_the_same_command() {
    let mut world = World::with_relay();
    let (mut office, node) = enrolled(&mut world);
    let (old, new) = (Actor::new(20), Actor::new(21));
    let sealed = ask(&office, node, &old, &new, Some(&old.succession));
    office.take_change(RelayId(1), &node, &sealed).unwrap();
    let book = std::fs::read(world.path().join("book.sealed")).unwrap();
    let words = SafetyWords::of(&new.ik.verifying_key()).to_string();
    office.approve_change(&agency(), &words).unwrap();
    drop(office);
    std::fs::write(world.path().join("book.sealed"), book).unwrap();

    let mut office = world.open();
    assert_eq!(office.approve_change(&agency(), &words).unwrap().0, node);
    assert_eq!(office.registry().size(), 3);
    assert_eq!(office.book.change_of(&node).unwrap().stand, Stand::Done);
}

#[test]
fn a_tls_key_alone_needs_no_person_and_anything_else_does() {
    let mut world = World::with_relay();
    let (mut office, node) = enrolled(&mut world);
    let (old, tls) = (Actor::new(20), with_tls_of(20, 21));
    office.take_change(RelayId(1), &node, &ask(&office, node, &old, &tls, None)).unwrap();
    assert_eq!(office.registry().node(&node).unwrap().tls_spki, tls.tls.spki_hash());
    assert!(office.changes_waiting().unwrap().is_empty());
    // A thief of the TLS key, and of nothing else, cannot ask.
    let thief = with_tls_of(22, 22);
    office.take_change(RelayId(1), &node, &ask(&office, node, &thief, &with_tls_of(20, 22), None)).unwrap();
    assert_eq!(office.registry().node(&node).unwrap().tls_spki, tls.tls.spki_hash());
    assert_eq!(office.book.change_of(&node).unwrap().stand, Stand::Refused);
    // A key that stands in the log already is refused by the log's rules, and the office goes on.
    office.take_change(RelayId(1), &node, &ask(&office, node, &old, &with_tls_of(20, 20), None)).unwrap();
    assert_eq!(office.book.change_of(&node).unwrap().stand, Stand::Refused);
    assert_eq!(office.approve_change(&agency(), "").err(), Some(AdminError::NoRequest));
}

#[test]
fn another_relay_and_what_does_not_open_change_nothing_of_what_a_node_has_asked_for() {
    let mut world = World::with_relay();
    let (mut office, node) = enrolled(&mut world);
    let (old, new) = (Actor::new(20), Actor::new(21));
    let sealed = ask(&office, node, &old, &new, Some(&old.succession));
    office.take_change(RelayId(1), &node, &sealed).unwrap();
    let (lines, garbage) = (office.audit_lines().len(), vec![7; SEALED_CHANGE_BYTES]);

    for (relay, node, bytes) in [
        (RelayId(2), node, sealed.clone()),
        (RelayId(2), node, garbage.clone()),
        (RelayId(1), node, garbage.clone()),
        (RelayId(1), node, vec![7; 100]),
        (RelayId(1), node, ask(&office, node, &Actor::new(22), &new, Some(&Actor::new(22).ik))),
        (RelayId(1), NodeId::from_bytes([99; 32]), garbage.clone()),
        (RelayId(1), office.registry().relay(RelayId(1)).unwrap().id, garbage.clone()),
    ] {
        office.take_change(relay, &node, &bytes).unwrap();
    }

    assert_eq!((office.book.changes.len(), office.audit_lines().len()), (1, lines));
    assert!(office.book.changes[0].request.0 == sealed && office.changes_to_settle(RelayId(2)).is_empty());
    let words = SafetyWords::of(&new.ik.verifying_key()).to_string();
    office.approve_change(&agency(), &words).unwrap();
    // Where nothing waits, its own node hears that it must ask anew.
    office.take_change(RelayId(1), &node, &garbage).unwrap();
    assert_eq!(office.book.change_of(&node).unwrap().stand, Stand::Refused);
}

#[test]
fn a_crash_before_the_entry_of_a_new_tls_key_is_finished_when_the_relay_shows_it_again() {
    let mut world = World::with_relay();
    let (mut office, node) = enrolled(&mut world);
    let (old, tls) = (Actor::new(20), with_tls_of(20, 21));
    let sealed = ask(&office, node, &old, &tls, None);
    // As a crash leaves it: in the book, and in nothing else.
    let request = Bytes(sealed.clone());
    office.book.changes.push(NodeChange { node, relay: RelayId(1), request, stand: Stand::Waiting, put: false });
    office.save_book().unwrap();
    drop(office);

    let mut office = world.open();
    office.take_change(RelayId(1), &node, &sealed).unwrap();

    assert_eq!(office.registry().node(&node).unwrap().tls_spki, tls.tls.spki_hash());
    assert!(office.changes_waiting().unwrap().is_empty());
    assert_eq!(office.book.change_of(&node).unwrap().stand, Stand::Done);
}

#[test]
fn who_has_the_old_key_cannot_stop_the_authority_by_asking_for_a_tls_key() {
    let mut world = World::with_relay();
    let (mut office, node) = enrolled(&mut world);
    let (code, _) = office.invite_replacement(&agency(), 7).unwrap();
    let new = Actor::new(31);
    office.take_request(RelayId(1), &code.invite(), &request(&new, &code, &office, None), Way::Relay).unwrap();
    office.approve(&agency(), &SafetyWords::of(&new.ik.verifying_key()).to_string()).unwrap();

    let thief = Actor::new(20);
    office.take_change(RelayId(1), &node, &ask(&office, node, &thief, &with_tls_of(20, 32), None)).unwrap();

    assert!(office.registry().node(&node).unwrap().pending.is_some());
    assert_eq!(office.changes_waiting().unwrap().len(), 1, "it waits for a person");
    assert_eq!(office.change(&agency(), &renamed("New")).err(), Some(AdminError::ChangeWaits));
}

#[test]
fn a_suspended_nodes_old_request_does_not_make_it_active_again() {
    let mut world = World::with_relay();
    let (mut office, node) = enrolled(&mut world);
    let (old, new) = (Actor::new(20), Actor::new(21));
    let sealed = ask(&office, node, &old, &new, Some(&old.ik));
    office.take_change(RelayId(1), &node, &sealed).unwrap();
    office.set_standing(&agency(), Standing::Suspend).unwrap();

    let words = SafetyWords::of(&new.ik.verifying_key()).to_string();
    assert_eq!(office.approve_change(&agency(), &words).err(), Some(AdminError::Change(ChangeRefused::Stale)));
    let tls = ask(&office, node, &old, &with_tls_of(20, 22), None);
    office.take_change(RelayId(1), &node, &tls).unwrap();

    assert_eq!(office.registry().node(&node).unwrap().status, NodeStatus::Suspended);
}

#[test]
fn a_request_that_a_person_rejects_changes_nothing() {
    let mut world = World::with_relay();
    let (mut office, node) = enrolled(&mut world);
    let (old, new) = (Actor::new(20), Actor::new(21));
    let sealed = ask(&office, node, &old, &new, Some(&old.ik));
    office.take_change(RelayId(1), &node, &sealed).unwrap();

    office.reject_change(&agency()).unwrap();

    let settled = office.changes_to_settle(RelayId(1));
    assert_eq!(settled.len(), 1);
    office.changes_settled(&settled).unwrap();
    assert!(office.changes_to_settle(RelayId(1)).is_empty());
    assert_eq!((office.registry().size(), office.has_change(&agency())), (2, false));
    // The relay shows it again, because it has lost the word: it is told again, and nobody is asked again.
    office.take_change(RelayId(1), &node, &sealed).unwrap();
    assert_eq!((office.changes_to_settle(RelayId(1)).len(), office.has_change(&agency())), (1, false));
}

fn renamed(name: &str) -> NewFields {
    let mut record = record();
    record.names.insert("eng".to_owned(), name.to_owned());
    record.roles.push(RoleName(Role::NgoSupport));
    record.roles.sort_unstable();
    NewFields { record: Some(record), relay: None }
}

#[test]
fn an_agency_is_renamed_and_moved_and_the_same_again_writes_nothing() {
    let mut world = World::with_relay();
    let (mut office, node) = enrolled(&mut world);
    let second = RelayFile {
        address: "second.example:4433".to_owned(),
        ik: Actor::new(2).ik.verifying_key(),
        tls_spki: Actor::new(2).tls.spki_hash(),
        node: NodeId::from_bytes([2; 32]),
        witness: None,
    };
    office.add_relay(&second).unwrap();
    let moved = NewFields { record: None, relay: Some(RelayId(2)) };

    for new in [renamed("Haven"), moved] {
        assert_eq!(office.change(&agency(), &new), Ok(Changed::Now(node)));
        let (size, lines) = (office.registry().size(), office.audit_lines().len());
        assert_eq!(office.change(&agency(), &new), Ok(Changed::Already(node)));
        assert_eq!((office.registry().size(), office.audit_lines().len()), (size, lines));
    }

    drop(office);
    let mut office = world.open();
    let found = office.record_of(&agency()).unwrap();
    assert!(found.names["eng"] == "Haven" && found.roles.len() == 2);
    let state = office.registry().node(&node).unwrap().clone();
    assert!(state.home_relay == RelayId(2) && state.roles.has(Role::NgoSupport) && !state.authority_override);
    assert_eq!(office.registry().former_home(&node, RelayId(1)).unwrap().mailbox, MailboxId::from_bytes([8; 16]));
    let sealed = office.records.iter().rev().find(|record| !record.is_empty()).unwrap();
    assert!(directory::open(sealed, &office.keys.directory, &state).is_ok());
    for (new, error) in [
        (NewFields::default(), AdminError::NoChange),
        (NewFields { record: None, relay: Some(RelayId(9)) }, AdminError::RelayUnknown),
    ] {
        assert_eq!(office.change(&agency(), &new), Err(error));
    }
    let mut other = renamed("x");
    other.record.as_mut().unwrap().agency_id = "xa.other".parse().unwrap();
    assert_eq!(office.change(&agency(), &other), Err(AdminError::OtherAgency));
    office.set_standing(&agency(), Standing::Suspend).unwrap();
    assert_eq!(office.change(&agency(), &renamed("y")), Err(AdminError::NotInState));
}

/// What a new node makes of a code for an existing one's place.
fn request(actor: &Actor, code: &InviteCode, office: &Office, paper: Option<(NodeId, &SigningKey)>) -> Vec<u8> {
    let succession = actor.succession.verifying_key();
    let statement =
        |node| Succession { node, ik: *actor.ik.verifying_key().as_bytes(), succession: *succession.as_bytes() };
    let node = NewNode {
        ik: &actor.ik,
        succession,
        tls_spki: actor.tls.spki_hash(),
        mailbox: MailboxId::from_bytes([9; 16]),
        answer_key: answer_key().public(),
        node_random: [6; 16],
        replaces: paper.map(|(node, key)| Replaces { node, statement: statement(node).sign(key) }),
    };
    node.seal(code, office.root().enrol_key(), &mut Seeded::new(900)).unwrap()
}

fn own_id(actor: &Actor) -> NodeId {
    crate::enrol::request::node_id(&actor.ik.verifying_key(), &[6; 16])
}

#[test]
fn a_new_node_with_the_paper_takes_the_old_ones_place_at_once() {
    let mut world = World::with_relay();
    let (mut office, node) = enrolled(&mut world);
    let (old, new) = (Actor::new(20), Actor::new(31));
    let (code, _) = office.invite_replacement(&agency(), 7).unwrap();
    let sealed = request(&new, &code, &office, Some((node, &old.succession)));
    office.take_request(RelayId(1), &code.invite(), &sealed, Way::Relay).unwrap();
    let waiting = office.waiting().unwrap();
    assert_eq!(waiting[0].replaces, Some((node, ByWord::Paper)));

    let words = waiting[0].words.to_string();
    assert_eq!(office.approve(&agency(), &words), Ok(node));

    let state = office.registry().node(&node).unwrap().clone();
    assert!(state.ik == new.ik.verifying_key() && !state.authority_override && state.is_active());
    assert_eq!(office.registered().unwrap().len(), 2, "the relay and the one agency");
    let answer = office.book.newest(&agency()).map(|invite| invite.state.clone()).unwrap();
    let crate::authority::book::InviteState::Answered { answer, .. } = answer else { panic!("not answered") };
    let opened = Answer::open(&answer.0, &code.invite(), &own_id(&new), &answer_key()).unwrap();
    let Answer::InPlace(place) = opened else { panic!("not in place") };
    assert_eq!((place.node, place.from.0), (node, 0));
    // Asked again after its answer was lost: the same, once.
    let size = office.registry().size();
    assert_eq!((office.approve(&agency(), &words), office.registry().size()), (Ok(node), size));
}

#[test]
fn a_new_node_by_the_authority_alone_waits_and_is_marked_for_everybody() {
    let mut world = World::with_relay();
    let (mut office, node) = enrolled(&mut world);
    let (old, new) = (Actor::new(20), Actor::new(31));
    let (code, _) = office.invite_replacement(&agency(), 7).unwrap();
    office.take_request(RelayId(1), &code.invite(), &request(&new, &code, &office, None), Way::Relay).unwrap();
    let waiting = office.waiting().unwrap();
    assert_eq!(waiting[0].replaces, Some((node, ByWord::AuthorityAlone)));
    office.approve(&agency(), &waiting[0].words.to_string()).unwrap();

    let state = office.registry().node(&node).unwrap();
    let due = NOW.after(OVERRIDE_DELAY_S);
    assert_eq!((state.ik, state.pending.as_ref().unwrap().from), (old.ik.verifying_key(), due));
    world.at(due.before(1));
    office.sign_head().unwrap();
    assert!(office.registry().node(&node).unwrap().ik == old.ik.verifying_key());
    world.at(due);
    office.sign_head().unwrap();
    let state = office.registry().node(&node).unwrap();
    assert!(state.ik == new.ik.verifying_key() && state.authority_override && state.pending.is_none());
}

#[test]
fn somebody_elses_paper_takes_nobodys_place() {
    let mut world = World::with_relay();
    let (mut office, node) = enrolled(&mut world);
    let (new, thief) = (Actor::new(31), Actor::new(40));
    let relay = office.registry().relay(RelayId(1)).unwrap().id;
    let cases = [(node, &thief.succession), (relay, &Actor::new(20).succession)];
    for (existing, key) in cases {
        let (code, _) = office.invite_replacement(&agency(), 7).unwrap();
        let sealed = request(&new, &code, &office, Some((existing, key)));
        office.take_request(RelayId(1), &code.invite(), &sealed, Way::Relay).unwrap();
        assert_eq!((office.waiting().unwrap().len(), office.spoiled().count()), (0, 1));
    }
    assert_eq!(office.invite_replacement(&"xa.nobody".parse().unwrap(), 7).err(), Some(AdminError::AgencyUnknown));
    assert!(relay_file().node == relay && office.invite_replacement(&"xa.relay-1".parse().unwrap(), 7).is_err());
    assert_eq!(office.registry().size(), 2);
}
