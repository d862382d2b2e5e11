//! The authority without a network: what files bring, and what they take to a relay or a node.

use safeconduct_protocol::{
    frame::{Frame, Head, Tag},
    id::{InviteId, NodeId, RelayId},
};

use super::{Actor, AdminError, Answer, InviteCode, Office, RelayFile, SafetyWords, Seeded, World, agency, answer_key};
use super::{record, relay_file, request};
use crate::{
    authority::carry::Imported,
    carried::{Carried, CarriedRefused, Kind},
    testing::Keys,
};

/// A file as its bytes.
fn file(office: &Office, kind: Kind, relay: u32, frames: Vec<Frame>) -> Vec<u8> {
    Carried { kind, relay: RelayId(relay), root: office.root().first().fingerprint(), frames }.to_bytes().unwrap()
}

fn submit(invite: InviteId, request: Vec<u8>) -> Frame {
    Frame::EnrolSubmit { tag: Tag(0), invite, request: request.into() }
}

fn second_relay() -> RelayFile {
    let second = Actor::new(40);
    RelayFile {
        ik: second.ik.verifying_key(),
        tls_spki: second.tls.spki_hash(),
        node: NodeId::from_bytes([40; 32]),
        address: "elsewhere.example:1".to_owned(),
        witness: None,
    }
}

#[test]
fn a_nodes_file_brings_its_request_once_and_its_answer_goes_back_in_a_file_alone() {
    let mut world = World::with_relay();
    let mut office = world.open();
    let (code, _) = office.invite(record(), 7).unwrap();
    let actor = Actor::new(20);
    let sealed = request(&actor, &code, &office);
    let bytes = file(&office, Kind::Request, 0, vec![submit(code.invite(), sealed)]);
    assert_eq!(office.export_answer(&agency()).err(), Some(AdminError::NoAnswer), "not answered yet");

    assert_eq!(office.import(&bytes, None), Ok(Imported { requests: vec![agency()], ..Imported::default() }));
    assert_eq!(office.import(&bytes, None), Ok(Imported { known: 1, ..Imported::default() }));

    let words = SafetyWords::of(&actor.ik.verifying_key());
    let node = office.approve(&agency(), &words.to_string()).unwrap();
    assert_eq!(office.import(&bytes, None), Ok(Imported { known: 1, ..Imported::default() }), "answered meanwhile");
    let answer = office.export_answer(&agency()).unwrap();
    assert_eq!((answer.kind, answer.relay), (Kind::Answer, RelayId(1)));
    let [Frame::EnrolAnswer { invite, answer, .. }] = answer.frames.as_slice() else { panic!("one answer") };
    assert_eq!(*invite, code.invite());
    assert!(matches!(Answer::open(answer, invite, &node, &answer_key()), Ok(Answer::Approved(_))));
    assert_eq!(office.export_answer(&"xa.nobody".parse().unwrap()).err(), Some(AdminError::NoAnswer));
    // The relay never saw this invitation used: it is told nothing of the answer.
    let to_relay = office.export(None).unwrap();
    assert!(!to_relay.frames.iter().any(|frame| matches!(frame, Frame::EnrolAnswer { .. })));
}

#[test]
fn what_a_relay_hands_over_is_counted_by_what_came_of_it() {
    let mut world = World::with_relay();
    let mut office = world.open();
    let (code, _) = office.invite(record(), 7).unwrap();
    let good = request(&Actor::new(20), &code, &office);
    let other_code = InviteCode::generate(office.root().fingerprint(), &mut Seeded::new(5)).unwrap();
    let second = request(&Actor::new(21), &code, &office);
    let foreign = (other_code.invite(), vec![1; 900].into());
    let spoils = (code.invite(), vec![3; 900].into());
    let all = vec![spoils, foreign, (code.invite(), good.clone().into()), (code.invite(), second.into())];
    let from_relay =
        |office: &Office, requests| file(office, Kind::FromRelay, 1, vec![Frame::Requests { tag: Tag(0), requests }]);

    let bytes = from_relay(&office, all);
    let came = Imported { requests: vec![agency()], spoiled: vec![agency()], known: 0, closed: 1, foreign: 1 };
    assert_eq!(office.import(&bytes, None), Ok(came));

    let bytes = from_relay(&office, vec![(code.invite(), good.into())]);
    assert_eq!(office.import(&bytes, None), Ok(Imported { known: 1, ..Imported::default() }));
    let words = SafetyWords::of(&Actor::new(20).ik.verifying_key());
    office.approve(&agency(), &words.to_string()).unwrap();
    let told = office.export(Some(RelayId(1))).unwrap();
    let answered = |frame: &&Frame| matches!(frame, Frame::EnrolAnswer { invite, .. } if *invite == code.invite());
    assert_eq!(told.frames.iter().filter(answered).count(), 1, "it came by this relay, so it goes back there");
    office.add_relay(&second_relay()).unwrap();
    let elsewhere = office.export(Some(RelayId(2))).unwrap();
    assert_eq!(elsewhere.relay, RelayId(2));
    assert_eq!(elsewhere.frames.iter().filter(answered).count(), 0, "and nowhere else");
}

#[test]
fn a_file_of_another_step_of_another_authority_or_of_a_relay_that_is_ahead_changes_nothing() {
    let mut world = World::with_relay();
    let mut office = world.open();
    let (code, _) = office.invite(record(), 7).unwrap();
    let frames = || vec![submit(code.invite(), vec![3; 900])];
    for kind in [Kind::ToRelay, Kind::Answer] {
        let refused = CarriedRefused::OtherKind { found: kind, wanted: Kind::Request };
        let bytes = file(&office, kind, 1, frames());
        assert_eq!(office.import(&bytes, None), Err(AdminError::Carried(refused)));
    }
    let stranger = Keys::new(77).root().fingerprint();
    let bytes = Carried { kind: Kind::Request, relay: RelayId(0), root: stranger, frames: frames() };
    let refused = AdminError::Carried(CarriedRefused::OtherAuthority(stranger));
    assert_eq!(office.import(&bytes.to_bytes().unwrap(), None), Err(refused));
    assert_eq!(office.import(b"SCF1", None), Err(AdminError::Carried(CarriedRefused::Damaged)));

    office.sign_head().unwrap();
    let mine = office.registry().head_size();
    let head = |size| Frame::RegistryHead { head: Head { size, note: Vec::new(), timestamp: Vec::new() } };
    let same = file(&office, Kind::FromRelay, 1, vec![head(mine)]);
    assert_eq!(office.import(&same, None), Ok(Imported::default()));
    let ahead = file(&office, Kind::FromRelay, 1, vec![head(mine + 1)]);
    assert_eq!(office.import(&ahead, None), Err(AdminError::RelayAhead { theirs: mine + 1, mine }));
    assert!(office.waiting().unwrap().is_empty() && office.spoiled().count() == 0);
}

#[test]
fn which_relay_is_meant_is_asked_only_where_there_are_several() {
    let mut world = World::new();
    let mut office = world.open();
    let bytes = file(&office, Kind::Request, 0, Vec::new());
    assert_eq!(office.import(&bytes, None), Err(AdminError::NoRelay));
    assert_eq!(office.export(None).err(), Some(AdminError::NoRelay));
    office.add_relay(&relay_file()).unwrap();
    assert_eq!(office.import(&bytes, None), Ok(Imported::default()));
    assert_eq!(office.export(None).unwrap().relay, RelayId(1));
    assert_eq!(office.export(Some(RelayId(2))).err(), Some(AdminError::WhichRelay));
    let of_no_relay = file(&office, Kind::FromRelay, 2, Vec::new());
    assert_eq!(office.import(&of_no_relay, None), Err(AdminError::WhichRelay));

    office.add_relay(&second_relay()).unwrap();

    assert_eq!(office.import(&bytes, None), Err(AdminError::WhichRelay));
    assert_eq!(office.import(&bytes, Some(RelayId(3))), Err(AdminError::WhichRelay));
    assert_eq!(office.import(&bytes, Some(RelayId(2))), Ok(Imported::default()));
    assert_eq!(office.import(&of_no_relay, None), Ok(Imported::default()), "it says itself which it is");
    assert_eq!(office.export(None).err(), Some(AdminError::WhichRelay));
}

#[test]
fn a_relay_is_told_the_log_whole_and_which_invitations_are_open() {
    let mut world = World::with_relay();
    let mut office = world.open();
    let (code, day) = office.invite(record(), 7).unwrap();

    let told = office.export(None).unwrap();

    assert_eq!((told.kind, told.root), (Kind::ToRelay, office.root().first().fingerprint()));
    let [Frame::Publish { root, from: 0, leaves, records, head, .. }, Frame::InvitePut { invites, .. }] =
        told.frames.as_slice()
    else {
        panic!("the log, then the invitations")
    };
    assert_eq!(invites, &[(code.invite(), day)]);
    assert!(root == office.root().as_bytes() && records.len() == leaves.len());
    let mut relay = crate::registry::Registry::new(office.root().clone());
    relay.extend(&leaves.iter().map(|leaf| leaf.to_vec()).collect::<Vec<_>>()).unwrap();
    assert_eq!(relay.size(), office.registry().size());
    assert_eq!(relay.accept_head(head, super::NOW).map(|_| relay.head_size()), Ok(office.registry().size()));
}
