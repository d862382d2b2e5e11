//! The verbs on a real vault, with a registry that grows by hand.

mod abroad;
mod asking;
mod audit;
mod casework;
mod clock;
mod cover;
mod drafts;
mod embassy;
mod ended;
mod evidence;
mod held;

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU64, Ordering},
};

use rusqlite::params;
use safeconduct_certs::{
    directory::{self, DirectoryKey, Record, RoleName},
    enrol::paper::PaperKey,
    node::{Exercise, Role, Roles},
    registry::{
        leaf::{LeafFields, LeafKind},
        terms::{Border, Terms, What},
    },
};
use safeconduct_protocol::{
    id::{AgencyId, MessageId, NodeId},
    secret::Secret,
};

use super::*;
use crate::{
    api::shapes::OutboxLine,
    outbox, prekeys,
    testing::{self, World},
};

mod lying_relay;
mod monitoring;
mod more;
mod own_key;
mod pages;
mod people;
mod practice;
mod profiles;
mod reporting;
mod speed;
mod speed_page;
mod speed_report;
mod taken_back;
mod unasked;

const KEY: [u8; 32] = [6; 32];
/// 2026-06-01T12:00:00Z, at which the samples are judged.
const THEN: Timestamp = Timestamp(1_780_315_200);
const OWN: &str = "xa.lantern-helpline";
const HARBOUR: &str = "xa.harbour-house";

const SAMPLE: &str = include_str!("../../../tests/samples/01-woman-sex-industry-shelter.json");

/// The first sample, from an agency of the only role that the world registers.
fn sample() -> Vec<u8> {
    SAMPLE.replace(r#""role": "Helpline""#, r#""role": "NgoShelter""#).into_bytes()
}

/// A sample with its two ends exchanged.
fn back(sample: &str) -> Vec<u8> {
    let [own, other] = [OWN, HARBOUR].map(|agency| format!(r#""agency_id": "{agency}""#));
    sample.replacen(&own, "@", 1).replacen(&other, &own, 1).replacen('@', &other, 1).into_bytes()
}

fn harbour() -> AgencyId {
    HARBOUR.parse().unwrap()
}

struct SetClock(AtomicU64);

impl Clock for SetClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::Relaxed))
    }
}

/// The commitment to an agency's directory record, and the record sealed.
fn record(world: &mut World, agency: &str, roles: &[Role], node: &NodeId) -> ([u8; 32], Vec<u8>) {
    let record = Record::bare(
        agency.parse().unwrap(),
        BTreeMap::from([("eng".to_owned(), agency.to_owned())]),
        agency.split_once('.').unwrap().0.to_uppercase(),
        roles.iter().copied().map(RoleName).collect(),
        false,
    );
    let key = DirectoryKey::new(Secret::new(KEY));
    let (sealed, commitment) = directory::seal(&record, &key, node, &mut world.entropy).unwrap();
    (commitment, sealed)
}

/// This node, enrolled as [`OWN`], and the registry in which agencies come and go.
struct Setting {
    world: World,
    /// The sealed directory record of each leaf.
    records: Vec<Vec<u8>>,
    node: Node,
    clock: Arc<SetClock>,
    /// The succession key of this node.
    paper: Option<PaperKey>,
    _dir: tempfile::TempDir,
}

impl Setting {
    fn new(seed: u64) -> Self {
        Self::of(World::new(seed))
    }

    fn of(mut world: World) -> Self {
        let testing::Node { dir, vault, identity, paper, .. } = world.stranger();
        let vault = vault.unwrap();
        keys::enrolment_approved(&vault, &Secret::new(KEY)).unwrap();
        let clock = Arc::new(SetClock(AtomicU64::new(THEN.0)));
        let mut node = Node::of(vault, Config::default()).unwrap();
        node.clock = Arc::<SetClock>::clone(&clock);
        let mut setting = Self { world, records: vec![Vec::new()], node, clock, paper, _dir: dir };
        setting.register(OWN, &identity);
        setting
    }

    fn record(&mut self, agency: &str, roles: &[Role], node: &NodeId) -> ([u8; 32], Vec<u8>) {
        record(&mut self.world, agency, roles, node)
    }

    fn register(&mut self, agency: &str, identity: &Identity) {
        let (commitment, sealed) = self.record(agency, &[Role::NgoShelter], &identity.node);
        self.world.add_with(identity, Exercise::No, commitment);
        self.records.push(sealed);
    }

    /// The authority gives an agency other roles.
    fn gives_roles(&mut self, agency: &str, node: &NodeId, roles: &[Role]) {
        let (commitment, sealed) = self.record(agency, roles, node);
        self.world.change(node, Roles::agency(roles, Exercise::No).unwrap(), commitment);
        self.records.push(sealed);
    }

    /// A referral of a partner comes in.
    fn receives(&mut self, from: &mut testing::Node, content: &[u8]) {
        let envelope = self.sealed_by(from, content);
        assert!(self.node.receive(&envelope).unwrap().is_some());
    }

    /// A partner, whose registry copy is the newest, seals a referral to this node.
    fn sealed_by(&mut self, from: &mut testing::Node, content: &[u8]) -> Vec<u8> {
        self.world.update(from, self.node.now());
        let batches = self.node.stocked(&[], &[]).unwrap();
        let record = batches.into_iter().flatten().find(|record| record[6] == 2).unwrap();
        let new = outbox::NewReferral {
            content,
            recipient: self.node.identity.node,
            agency: &OWN.parse().unwrap(),
            referral_id: "ref-1",
            rank: outbox::Rank::Normal,
            exercise: false,
            alarm_after_s: outbox::ALARM_AFTER_S,
            idempotency: None,
        };
        let (now, vault) = (self.node.now(), from.vault.as_mut().unwrap());
        let message = outbox::queue(vault, &new, now, &mut self.world.entropy).unwrap().message();
        let entropy = &mut self.world.entropy;
        outbox::seal::seal(vault, &from.identity, &from.held, &message, &record, now, entropy).unwrap();
        outbox::submission(vault, &message).unwrap().unwrap().envelope
    }

    /// A new node that is registered for an agency.
    fn joins(&mut self, agency: &str) -> testing::Node {
        let node = self.world.stranger();
        self.register(agency, &node.identity);
        node
    }

    /// The authority makes an agreement.
    fn agrees(&mut self, number: u32, to: Role, until: Timestamp) {
        let bits = |role| Roles::agency(&[role], Exercise::No).unwrap().bits();
        let terms = Terms {
            number,
            from_roles: bits(Role::NgoShelter),
            to_roles: bits(to),
            from_country: Border::ANY,
            to_country: Border::ANY,
            what: What::ALL,
            until,
            record: [0; 32],
        };
        let fields = self.world.about(LeafKind::Agree, THEN);
        self.world.append(&LeafFields { terms: Some(terms), ..fields });
        self.records.push(Vec::new());
    }

    fn revoke(&mut self, node: &NodeId) {
        self.world.end(node, LeafKind::Revoke);
        self.records.push(Vec::new());
    }

    /// Sets the clock, and brings this node's registry copy up to date.
    fn update(&mut self, at: Timestamp) {
        self.clock.0.store(at.0, Ordering::Relaxed);
        let head = self.world.head(at);
        let from = self.node.take_head(&head).unwrap();
        if from < head.size {
            let from_place = usize::try_from(from).unwrap();
            self.node.take_page(from, &self.world.leaves(from), &self.records[from_place..], &head).unwrap();
        }
    }

    fn sql(&self, statement: &str, message: &str) {
        let message = MessageId::from_hex(message).unwrap();
        assert_eq!(self.node.vault.db().execute(statement, params![message.as_bytes()]).unwrap(), 1);
    }

    fn line(&mut self, message: &str) -> OutboxLine {
        self.node.status(Some(message)).unwrap().messages.remove(0)
    }
}

/// Trap 26.
#[test]
fn status_says_why_a_prekey_was_refused_and_what_to_do_and_a_rollback_alarms() {
    let mut setting = Setting::new(80);
    let harbour_node = setting.joins(HARBOUR).identity.node;
    setting.update(THEN);
    let message = setting.node.send(&harbour(), &sample(), Some("key")).unwrap().message_id;
    setting.sql("UPDATE outbox SET last_error = 'prekey-expired' WHERE message = ?1", &message);

    let expired = setting.line(&message);
    let calm = setting.node.status(None).unwrap().alarms;
    let refused = "INSERT INTO peer (node, epoch, key_refused) VALUES (?1, 7, 'prekey-rollback')";
    setting.node.vault.db().execute(refused, params![harbour_node.as_bytes()]).unwrap();
    let alarms = setting.node.status(None).unwrap().alarms;

    assert_eq!(expired.last_error.as_deref(), Some("prekey-expired"));
    assert!(expired.says.unwrap().contains("over a month old"));
    assert!(expired.remedy.unwrap().contains("phone the agency"));
    assert!(calm.is_empty(), "{calm:?}");
    assert!(alarms.len() == 1 && alarms[0].contains("prekey rollback") && alarms[0].contains(HARBOUR), "{alarms:?}");
    assert!(crate::note::lines(&setting.node.check_up().unwrap().alarms) == alarms, "doctor says the same");
}

#[test]
fn a_referral_that_failed_is_an_alarm_of_status_and_doctor_until_somebody_has_seen_it() {
    let mut setting = Setting::new(81);
    let harbour_node = setting.joins(HARBOUR).identity.node;
    setting.update(THEN);
    let message = setting.node.send(&harbour(), &sample(), Some("key")).unwrap().message_id;
    setting.revoke(&harbour_node);
    setting.update(THEN.after(60));
    assert!(setting.node.due(None, 9, &std::collections::BTreeSet::new()).unwrap().is_empty());

    let alarms = setting.node.status(None).unwrap().alarms;
    let up = setting.node.check_up().unwrap();
    assert!(alarms.len() == 1 && alarms[0].contains("has failed") && alarms[0].contains(HARBOUR), "{alarms:?}");
    assert_eq!((up.given_up, up.waiting, up.overdue), (1, 0, 0));

    assert_eq!(setting.node.seen(&message).unwrap().state, "failed");
    assert!(setting.node.status(None).unwrap().alarms.is_empty());
    assert_eq!(setting.node.check_up().unwrap().given_up, 0);
}

#[test]
fn an_agency_whose_node_was_replaced_is_sent_the_same_file_as_a_new_message() {
    let mut setting = Setting::new(82);
    let former = setting.joins(HARBOUR).identity.node;
    setting.update(THEN);
    let first = setting.node.send(&harbour(), &sample(), Some("key")).unwrap().message_id;
    setting.revoke(&former);
    setting.update(THEN.after(60));
    setting.node.due(None, 9, &std::collections::BTreeSet::new()).unwrap();

    let without = setting.node.send(&harbour(), &sample(), Some("key")).unwrap();
    assert!(without.already && without.message_id == first && without.state == "failed");
    assert!(without.remedy.unwrap().contains("choose another agency"));
    let again = setting.node.send_again(&first).err().unwrap();
    assert_eq!(again.code, "recipient-not-active");

    let present = setting.joins(HARBOUR).identity.node;
    setting.update(THEN.after(120));
    let again = setting.node.send_again(&first).err().unwrap();
    assert_eq!(again.code, "recipient-replaced");
    assert!(again.remedy.contains("safeconduct send FILE --to xa.harbour-house"), "{}", again.remedy);
    assert_eq!(setting.line(&first).remedy.unwrap(), again.remedy, "status says the same");

    let second = setting.node.send(&harbour(), &sample(), Some("key")).unwrap();
    assert!(!second.already && second.message_id != first && second.state == "queued");
    let queued = outbox::to_seal(&setting.node.vault, THEN.after(120), 9, &|_| true).unwrap();
    assert!(queued.len() == 1 && queued[0].recipient == present);
    assert!(setting.node.status(None).unwrap().alarms.is_empty(), "the failed one is answered");
    let third = setting.node.send(&harbour(), &sample(), Some("key")).unwrap();
    assert!(third.already && third.message_id == second.message_id);
}

#[test]
fn a_message_that_failed_by_a_suspension_goes_again_when_it_is_over() {
    let mut setting = Setting::new(83);
    setting.joins(HARBOUR);
    setting.update(THEN);
    let message = setting.node.send(&harbour(), &sample(), Some("key")).unwrap().message_id;
    setting.sql("UPDATE outbox SET state = 'failed', reason = 'recipient-not-active' WHERE message = ?1", &message);

    let same = setting.node.send(&harbour(), &sample(), Some("key")).unwrap();

    assert!(same.already && same.remedy.unwrap().contains(&format!("safeconduct send-again {message}")));
    assert_eq!(setting.node.send_again(&message).unwrap().state, "queued");
}

#[test]
fn a_referral_in_a_role_that_the_registry_copy_does_not_know_yet_is_shown_when_the_copy_has_grown() {
    let mut setting = Setting::new(84);
    let mut harbour = setting.joins(HARBOUR);
    setting.update(THEN);
    setting.receives(&mut harbour, &back(SAMPLE));
    let inbox = setting.node.inbox().unwrap();
    assert!(inbox.messages.is_empty() && inbox.refused.len() == 1);
    assert_eq!(inbox.refused[0].code, "role-not-held");
    setting.node.judge_again().unwrap();
    assert_eq!(setting.node.inbox().unwrap().refused.len(), 1, "nothing has changed yet");

    setting.gives_roles(HARBOUR, &harbour.identity.node, &[Role::NgoShelter, Role::Helpline]);
    setting.update(THEN.after(60));

    let inbox = setting.node.inbox().unwrap();
    assert!(inbox.refused.is_empty() && inbox.messages.len() == 1);
    assert_eq!((inbox.messages[0].from.as_str(), inbox.messages[0].state.as_str()), (HARBOUR, "new"));
    assert_eq!(setting.node.due(None, 9, &std::collections::BTreeSet::new()).unwrap().len(), 1, "the receipt leaves");
}

#[test]
fn what_a_former_program_refused_is_judged_again_at_the_start() {
    let mut setting = Setting::new(85);
    let mut harbour = setting.joins(HARBOUR);
    setting.update(THEN);
    setting.receives(&mut harbour, &back(std::str::from_utf8(&sample()).unwrap()));
    let message = setting.node.inbox().unwrap().messages.remove(0).message_id;
    setting.node.judge_again().unwrap();
    let former = "UPDATE inbox SET state = 'refused', note = 'profile-unknown', referral = NULL WHERE message = ?1";
    setting.sql(former, &message);
    setting.node.judge_again().unwrap();
    assert!(setting.node.inbox().unwrap().messages.is_empty(), "all was judged since the start");

    let Setting { node, clock, .. } = setting;
    let mut node = Node::of(node.vault, Config::default()).unwrap();
    node.clock = clock;
    node.judge_again().unwrap();

    assert_eq!(node.inbox().unwrap().messages.remove(0).message_id, message);
}

#[test]
fn a_sender_that_does_not_keep_agreements_is_refused_on_opening_and_judged_again_when_one_is_made() {
    let mut setting = Setting::new(86);
    let mut harbour = setting.joins(HARBOUR);
    setting.agrees(1, Role::Police, THEN.after(1000));
    setting.update(THEN);

    // What the other program seals, it seals: this node does not rely on it.
    setting.receives(&mut harbour, &back(std::str::from_utf8(&sample()).unwrap()));

    let inbox = setting.node.inbox().unwrap();
    assert!(inbox.messages.is_empty() && inbox.refused.len() == 1);
    assert_eq!(inbox.refused[0].code, "no-agreement");

    setting.agrees(2, Role::NgoShelter, THEN.after(1000));
    setting.update(THEN.after(60));
    let inbox = setting.node.inbox().unwrap();
    assert!(inbox.refused.is_empty() && inbox.messages.len() == 1);
}

#[test]
fn a_referral_whose_agreement_ends_while_it_waits_is_given_up_with_an_alarm_before_it_is_sealed() {
    let mut setting = Setting::new(87);
    setting.joins(HARBOUR);
    setting.agrees(1, Role::NgoShelter, THEN.after(100));
    setting.update(THEN);
    let message = setting.node.send(&harbour(), &sample(), Some("key")).unwrap().message_id;

    setting.update(THEN.after(100));

    assert!(setting.node.due(None, 9, &std::collections::BTreeSet::new()).unwrap().is_empty());
    let line = setting.line(&message);
    assert_eq!((line.state.as_str(), line.last_error.as_deref()), ("failed", Some("not-agreed")));
    assert!(line.says.unwrap().contains("ended while the message waited"));
    assert_eq!(setting.node.status(None).unwrap().alarms.len(), 1);
    let refused = setting.node.send(&harbour(), &sample(), None).err().unwrap();
    assert!(refused.code == "agreement-ended" && refused.message.contains("agreement 1 "), "{}", refused.message);
}

#[test]
fn an_agreement_that_ends_after_the_prekey_was_asked_for_or_after_the_seal_is_asked_for_again() {
    for sealed in [false, true] {
        let mut setting = Setting::new(88);
        let harbour_node = setting.joins(HARBOUR);
        setting.agrees(1, Role::NgoShelter, THEN.after(100));
        setting.update(THEN);
        let testing::Node { mut vault, identity, .. } = harbour_node;
        let stock = RelayStock::default();
        let entropy = &mut setting.world.entropy;
        let batches = prekeys::refill(vault.as_mut().unwrap(), &identity, &stock, THEN, entropy).unwrap();
        let record = batches.into_iter().flatten().find(|record| record[6] == 2).unwrap();
        let message = setting.node.send(&harbour(), &sample(), Some("key")).unwrap().message_id;
        let id = MessageId::from_hex(&message).unwrap();
        assert_eq!(setting.node.due(None, 9, &std::collections::BTreeSet::new()).unwrap().len(), 1);
        if sealed {
            assert!(setting.node.seal(id, &record).unwrap().is_some());
        }
        setting.update(THEN.after(100));

        if sealed {
            assert!(setting.node.due(None, 9, &std::collections::BTreeSet::new()).unwrap().is_empty());
        } else {
            assert!(setting.node.seal(id, &record).unwrap().is_none());
        }

        let line = setting.line(&message);
        assert_eq!((line.state.as_str(), line.last_error.as_deref()), ("failed", Some("not-agreed")), "{sealed}");
    }
}

#[test]
fn the_paper_key_is_not_passed_over_while_an_ordinary_change_of_keys_is_under_way() {
    let mut setting = Setting::new(124);
    setting.update(testing::NOW);
    let paper = setting.paper.take().unwrap();
    let other = PaperKey::generate(&mut setting.world.entropy).unwrap();
    setting.node.renew_keys(&Yes::IdentityKey, Paper::Stays).unwrap();
    let by_identity_key = setting.node.change_to_put().unwrap().unwrap();

    let unknown = setting.node.renew_keys(&Yes::Paper(other), Paper::New).err().unwrap();
    let again = PaperKey::parse(paper.reveal().as_str()).unwrap();
    let refused = setting.node.renew_keys(&Yes::Paper(paper), Paper::New).err().unwrap();

    assert_eq!((unknown.code.as_str(), refused.code.as_str()), ("paper-unknown", "change-under-way"));
    assert!(refused.remedy.contains("safeconduct key forget"), "{}", refused.remedy);
    assert!(setting.node.change_to_put().unwrap().unwrap() == by_identity_key);
    setting.node.forget_change().unwrap();
    let made = setting.node.renew_keys(&Yes::Paper(again), Paper::New).unwrap();
    assert!(made.succession.is_some() && setting.node.change_to_put().unwrap().unwrap() != by_identity_key);
}

#[test]
fn a_tls_key_is_renewed_by_itself_after_sixty_days_and_is_in_force_when_the_registry_names_it() {
    let mut setting = Setting::new(121);
    let made = testing::NOW;
    let day = |days: u64| made.after(days * safeconduct_protocol::time::DAY_S);
    setting.update(day(59));
    setting.node.renew_in_time().unwrap();
    assert!(setting.node.keys().unwrap().change.is_none() && setting.node.change_to_put().unwrap().is_none());
    assert!(setting.node.status(None).unwrap().notices.is_empty());

    setting.update(day(60));
    setting.node.renew_in_time().unwrap();
    let change = setting.node.keys().unwrap().change.unwrap();
    assert_eq!((change.what, change.words.len()), (vec!["tls".to_owned()], 0));
    let request = setting.node.change_to_put().unwrap().unwrap();
    assert!(setting.node.change_to_put().unwrap().unwrap() == request, "the same bytes again");
    let notices = setting.node.status(None).unwrap().notices.join("\n");
    assert!(notices.contains("new TLS key is made") && notices.contains("within 30 day(s)"), "{notices}");
    // The registry has changed otherwise, so that the request is made anew from the newest entry.
    let own = setting.node.identity.node;
    setting.gives_roles(OWN, &own, &[Role::NgoShelter, Role::NgoSupport]);
    setting.update(day(61));
    assert!(setting.node.change_to_put().unwrap().unwrap() != request);

    let next = crate::renewal::tls_next(setting.node.data()).unwrap().unwrap();
    let spki = safeconduct_certs::link::TlsKey::from_seed(next.duplicate()).spki_hash();
    setting.world.give_tls(&own, spki);
    setting.records.push(Vec::new());
    setting.update(day(62));

    assert!(setting.node.keys().unwrap().change.is_none());
    assert_eq!(setting.node.tls_key().unwrap().spki_hash(), spki);
    assert_eq!(setting.node.keys().unwrap().tls_since_at, day(62).0);
    assert!(setting.node.status(None).unwrap().notices.is_empty());
    setting.node.renew_in_time().unwrap();
    assert!(setting.node.keys().unwrap().change.is_none());
}

#[test]
fn a_node_that_is_turned_away_tries_its_other_tls_key_and_then_the_first_again() {
    let mut setting = Setting::new(122);
    setting.update(testing::NOW);
    let first = setting.node.tls_key().unwrap().spki_hash();
    setting.node.turned_away().unwrap();
    assert_eq!(setting.node.tls_key().unwrap().spki_hash(), first, "there is no other");

    setting.node.renew_tls().unwrap();
    let mut tried = Vec::new();
    for _ in 0..3 {
        tried.push(setting.node.tls_key().unwrap().spki_hash() == first);
        setting.node.turned_away().unwrap();
    }

    assert_eq!(tried, [true, false, true]);
    setting.node.forget_change().unwrap();
    assert_eq!(setting.node.tls_key().unwrap().spki_hash(), first);
}

#[test]
fn a_node_whose_place_was_taken_says_so_and_asks_for_nothing() {
    let mut setting = Setting::new(123);
    setting.update(testing::NOW);
    let own = setting.node.identity.node;
    let other = safeconduct_protocol::crypto::sign::SigningKey::from_seed(Secret::new([44; 32]));
    setting.world.renew(&own, &other.verifying_key(), Some(&setting.node.identity.key));
    setting.records.push(Vec::new());
    setting.update(testing::NOW.after(1));

    let refused = setting.node.renew_keys(&Yes::IdentityKey, Paper::Stays).err().unwrap();

    assert_eq!(refused.code, "keys-elsewhere");
    assert!(setting.node.change_to_put().unwrap().is_none());
}
