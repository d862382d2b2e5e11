//! A recognised authority of another country, whose log says what it should not.

use safeconduct_protocol::time::DAY_S;

use super::*;
use crate::registry::{self, Authority};

pub(super) const ABROAD: &str = "xb.night-shelter";

/// Another country's authority, and the records beside its leaves.
pub(super) struct Abroad {
    pub(super) world: World,
    records: Vec<Vec<u8>>,
}

impl Abroad {
    pub(super) fn new(seed: u64) -> Self {
        Self::of(World::of(seed, b"XB"))
    }

    pub(super) fn of(world: World) -> Self {
        Self { world, records: vec![Vec::new()] }
    }

    pub(super) fn authority(&self) -> Authority {
        *self.world.root().hash()
    }

    /// Registers a node, with keys of its own, under an id of its choice.
    fn registers(&mut self, agency: &str, node: NodeId) {
        let (commitment, sealed) = record(&mut self.world, agency, &[Role::NgoShelter], &node);
        let identity = Identity { node, ..self.world.stranger().identity };
        self.world.add_with(&identity, Exercise::No, commitment);
        self.records.push(sealed);
    }

    pub(super) fn joins(&mut self, agency: &str) -> NodeId {
        let node = self.world.stranger().identity.node;
        self.registers(agency, node);
        node
    }
}

impl Setting {
    /// Our authority recognises another one.
    pub(super) fn recognises(&mut self, abroad: &Abroad) {
        self.recognises_until(abroad, THEN.after(400 * DAY_S));
    }

    pub(super) fn recognises_until(&mut self, abroad: &Abroad, until: Timestamp) {
        let own = DirectoryKey::new(Secret::new(KEY));
        let (sealed, terms) = World::recognition(abroad.world.root(), KEY, &own, until, &mut self.world.entropy);
        let fields = self.world.about(LeafKind::Recognise, THEN);
        let authority = abroad.authority();
        self.world.append(&LeafFields { directory: authority, tls_spki: authority, terms: Some(terms), ..fields });
        self.records.push(sealed);
    }

    /// Brings the copy of the other authority's log up to date, as of `at`.
    pub(super) fn follows(&mut self, abroad: &Abroad, at: Timestamp) {
        let (authority, head) = (abroad.authority(), abroad.world.head(at));
        let Some(from) = self.node.take_foreign_head(authority, &head).unwrap() else { return };
        let records = &abroad.records[usize::try_from(from).unwrap()..];
        self.node.take_foreign_page(authority, from, &abroad.world.leaves(from), records, &head).unwrap();
    }
}

#[test]
fn an_authority_abroad_names_no_node_that_our_own_log_or_a_second_one_names() {
    let (mut setting, mut abroad) = (Setting::new(130), Abroad::new(131));
    let harbour_node = setting.joins(HARBOUR).identity.node;
    let own = setting.node.identity.node;
    // Its ids come before ours in their order, or it would not show.
    abroad.registers("xb.aaa", own);
    abroad.registers("xb.aab", harbour_node);
    // Both worlds have the same relay.
    let relay = NodeId::from_bytes([9; 32]);
    let there = abroad.joins(ABROAD);
    setting.recognises(&abroad);
    setting.update(THEN);
    setting.follows(&abroad, THEN);

    let agencies = setting.node.agencies().unwrap();
    let name = |node: &NodeId| agencies.by_node(node).map(|agency| agency.record.agency_id.to_string());
    assert_eq!(name(&own).as_deref(), Some(OWN));
    assert_eq!(name(&harbour_node).as_deref(), Some(HARBOUR));
    assert_eq!(name(&relay), None);
    assert_eq!(name(&there).as_deref(), Some(ABROAD));
    assert!(["xb.aaa", "xb.aab"].iter().all(|id| agencies.of(&id.parse().unwrap()).is_none()));
    assert_eq!(keys::enrolment(&setting.node.vault).unwrap().unwrap().agency.unwrap().as_str(), OWN);

    let mut third = Abroad::new(132);
    third.registers("xb.other", there);
    setting.recognises(&third);
    setting.update(THEN.after(60));
    setting.follows(&third, THEN.after(60));
    assert!(setting.node.agencies().unwrap().by_node(&there).is_none(), "two that claim one node speak for none");
}

#[test]
fn an_agency_abroad_never_takes_an_id_that_our_own_log_has_given_even_to_a_node_that_is_revoked() {
    let (mut setting, mut abroad) = (Setting::new(150), Abroad::new(151));
    let ours = setting.joins("xb.consulate").identity.node;
    // Our authority names it otherwise now.
    setting.gives_roles("xb.mission", &ours, &[Role::NgoShelter]);
    setting.revoke(&ours);
    let (first, second) = (abroad.joins("xb.consulate"), abroad.joins("xb.mission"));
    setting.recognises(&abroad);
    setting.update(THEN);
    setting.follows(&abroad, THEN);

    let agencies = setting.node.agencies().unwrap();

    assert!(agencies.by_node(&first).is_none() && agencies.by_node(&second).is_none());
    assert_eq!(agencies.of(&"xb.mission".parse().unwrap()).unwrap().node, ours);
    assert!(agencies.of(&"xb.consulate".parse().unwrap()).is_none());
}

/// Our node, which knows the other authority and one agency there.
fn neighbours(seed: u64) -> (Setting, Abroad, NodeId) {
    let (mut setting, mut abroad) = (Setting::new(seed), Abroad::new(seed + 1));
    let there = abroad.joins(ABROAD);
    setting.recognises(&abroad);
    setting.update(THEN);
    setting.follows(&abroad, THEN);
    (setting, abroad, there)
}

#[test]
fn a_change_by_an_authority_abroad_alone_waits_from_when_it_was_seen_through_restart_and_growth_of_our_own_log() {
    let (mut setting, mut abroad, there) = neighbours(133);
    let seen = THEN.after(1000);
    setting.follows(&abroad, seen);
    let thief = safeconduct_protocol::crypto::sign::SigningKey::from_seed(Secret::new([45; 32])).verifying_key();
    // Dated back by a year.
    let fields = abroad.world.waiting_change(&there, &thief, THEN.before(365 * DAY_S));
    abroad.world.append(&fields);
    abroad.records.push(Vec::new());
    setting.follows(&abroad, seen.after(60));
    let due = seen.after(safeconduct_certs::registry::replay::OVERRIDE_DELAY_S);
    let from = |setting: &mut Setting| {
        let held = setting.node.held_copy().unwrap();
        let state = held.node(&there).unwrap();
        assert!(state.ik != thief);
        state.pending.as_ref().map(|change| change.from)
    };
    assert_eq!(from(&mut setting), Some(due));

    setting.joins(HARBOUR);
    setting.update(THEN.after(2000));
    assert_eq!(from(&mut setting), Some(due), "our own log has grown");
    setting.node.held = None;
    assert_eq!(from(&mut setting), Some(due), "replayed from the vault");

    let changes = setting.node.key_changes().unwrap();
    assert_eq!(changes.len(), 1);
    assert_eq!((changes[0].agency.as_str(), changes[0].own, changes[0].from), (ABROAD, false, Some(due)));
}

#[test]
fn a_directory_record_from_abroad_that_was_withheld_or_bent_is_an_alarm_and_asked_for_again() {
    let (mut setting, mut abroad, _) = neighbours(135);
    let second = abroad.joins("xb.day-shelter");
    let whole = abroad.records.clone();
    abroad.records[2][5] ^= 1;

    for withheld in [false, true] {
        if withheld {
            abroad.records[2].clear();
        }
        setting.node.foreign_records.clear();
        setting.follows(&abroad, THEN.after(60));
        assert!(setting.node.agencies().unwrap().by_node(&second).is_none());
        let alarms = setting.node.status(None).unwrap().alarms;
        assert!(alarms.iter().any(|alarm| alarm.contains("record of 1 agencies of XB is missing")), "{alarms:?}");
    }

    abroad.records = whole;
    setting.node.foreign_records.clear();
    setting.follows(&abroad, THEN.after(120));
    assert!(setting.node.agencies().unwrap().by_node(&second).is_some());
    assert!(setting.node.status(None).unwrap().alarms.is_empty());
}

/// What a partner's message says of its copy of that log.
fn hears(setting: &mut Setting, note: &[u8]) {
    let held = setting.node.held_copy().unwrap();
    let tx = setting.node.vault.begin().unwrap();
    registry::heard(&tx, &held, note, THEN).unwrap();
    tx.commit().unwrap();
}

#[test]
fn two_histories_of_an_authority_abroad_are_found_by_a_head_that_was_ahead_and_by_one_that_the_relay_serves() {
    for served in [false, true] {
        let (mut setting, mut abroad, _) = neighbours(137);
        let mut other = Abroad::new(138);
        other.joins(ABROAD);
        abroad.joins("xb.day-shelter");
        other.joins("xb.dawn-shelter");
        let (authority, fork) = (abroad.authority(), other.world.head(THEN));
        if served {
            setting.follows(&abroad, THEN);
            assert!(setting.node.take_foreign_head(authority, &fork).is_err());
        } else {
            hears(&mut setting, &fork.note);
            assert!(!registry::foreign::has_conflict(&setting.node.vault, &authority).unwrap());
            let (head, leaves) = (abroad.world.head(THEN), abroad.world.leaves(2));
            assert_eq!(setting.node.take_foreign_head(authority, &head).unwrap(), Some(2));
            let refused = setting.node.take_foreign_page(authority, 2, &leaves, &abroad.records[2..], &head);
            assert_eq!(refused.err().unwrap().code, "two-registries");
            assert_eq!(setting.node.held().unwrap().one(&authority).unwrap().registry().size(), 2);
        }

        assert!(registry::foreign::has_conflict(&setting.node.vault, &authority).unwrap(), "{served}");
        let alarms = setting.node.status(None).unwrap().alarms;
        assert!(alarms.iter().any(|alarm| alarm.contains("XB has signed two different registries")), "{alarms:?}");
    }
}

#[test]
fn contradictions_of_one_authority_leave_room_for_those_of_another() {
    let (mut setting, mut abroad, _) = neighbours(139);
    for number in 0..64_u8 {
        let row = "INSERT INTO foreign_conflict (authority, theirs, ours, size, seen_at) VALUES (?1, ?2, x'', 1, 1)";
        setting.node.vault.db().execute(row, params![[7_u8; 32], [number]]).unwrap();
    }
    let mut other = Abroad::new(140);
    other.joins("xb.dawn-shelter");
    abroad.world.node(Exercise::No);

    hears(&mut setting, &other.world.head(THEN).note);

    assert!(registry::foreign::has_conflict(&setting.node.vault, &abroad.authority()).unwrap());
}

#[test]
fn a_log_from_abroad_that_is_larger_than_every_node_can_keep_does_not_grow() {
    let (mut setting, mut abroad, _) = neighbours(145);
    abroad.joins("xb.day-shelter");
    let (authority, head, leaves) = (abroad.authority(), abroad.world.head(THEN), abroad.world.leaves(2));
    assert_eq!(setting.node.take_foreign_head(authority, &head).unwrap(), Some(2));

    let refused = setting.node.take_foreign_page(authority, 2, &leaves, &[vec![0; 32 << 20]], &head);

    assert_eq!(refused.err().unwrap().code, "registry-too-large");
    setting.follows(&abroad, THEN);
    assert_eq!(setting.node.held().unwrap().one(&authority).unwrap().registry().size(), 3);
}

#[test]
fn a_log_from_abroad_is_not_replayed_when_our_own_grows() {
    let (mut setting, abroad, _) = neighbours(147);
    let one = |setting: &mut Setting| {
        let held = setting.node.held_copy().unwrap();
        std::ptr::from_ref(held.one(&abroad.authority()).unwrap().registry())
    };
    let before = one(&mut setting);
    setting.joins(HARBOUR);
    let kept = setting.node.held_copy().unwrap();

    setting.update(THEN.after(60));

    assert!(std::ptr::eq(one(&mut setting), before) && kept.size() < setting.node.held().unwrap().size());
}
