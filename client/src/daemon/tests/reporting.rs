//! Reports that travel by themselves, on both sides.

use safeconduct_protocol::envelope::report::ReportContent;

use super::*;
use crate::{
    api::travelling::{AgreeAsked, EndAsked},
    casework::life::terms::Hand,
    evidence::export::{self, Contents},
    monitoring::wire,
};

mod taking;

const CO_ORDINATOR: &str = "xa.nrm-coordinator";
const THIRD: &str = "xa.third-house";
/// `THEN` is in the second quarter of 2026.
const ENDED: &str = "2026-Q1";

fn day(year: u16, month: u8, day: u8) -> Timestamp {
    crate::referral::dates::Date::of(year, month, day).unwrap().begin()
}

/// So many persons who were referred to this agency on this day.
fn received(setting: &mut Setting, id: u8, first_at: Timestamp, persons: i64) {
    monitoring::received(setting, id, first_at.0, persons);
}

/// A node that the registry names as the co-ordinator.
fn co_ordinator(setting: &mut Setting) -> NodeId {
    let node = setting.joins(CO_ORDINATOR).identity.node;
    setting.gives_roles(CO_ORDINATOR, &node, &[Role::NrmCoordinator]);
    setting.update(THEN);
    node
}

fn agree(setting: &mut Setting, indicators: Option<&str>) -> Result<crate::api::travelling::Travelling, Told> {
    let asked = AgreeAsked { agency: CO_ORDINATOR.to_owned(), indicators: indicators.map(str::to_owned), by: None };
    setting.node.report_agree(&asked)
}

/// What is queued for the co-ordinator, oldest first.
fn queued(setting: &Setting, to: &NodeId) -> Vec<Vec<u8>> {
    let db = setting.node.vault.db();
    let mut rows = db.prepare("SELECT content FROM outbox WHERE kind = 6 AND recipient = ?1 ORDER BY place").unwrap();
    let rows = rows.query_map([to.as_bytes()], |row| row.get::<_, Vec<u8>>(0)).unwrap();
    rows.map(|content| {
        let content = content.unwrap();
        ReportContent::decode(&content).unwrap().report.to_vec()
    })
    .collect()
}

fn periods(queued: &[Vec<u8>]) -> Vec<String> {
    queued.iter().map(|report| wire::read(report).unwrap().period.to_string()).collect()
}

#[test]
fn nothing_goes_before_somebodys_yes_and_then_each_period_once() {
    let mut setting = Setting::new(161);
    let to = co_ordinator(&mut setting);
    received(&mut setting, 1, day(2026, 5, 2), 40);
    setting.node.send_due().unwrap();
    setting.update(day(2026, 7, 2));
    setting.node.send_due().unwrap();
    assert!(queued(&setting, &to).is_empty(), "nobody has agreed");

    let state = agree(&mut setting, None).unwrap();
    assert_eq!((state.agreements[0].agency.as_str(), state.agreements[0].ended_at), (CO_ORDINATOR, None));
    assert_eq!(agree(&mut setting, None).unwrap_err().code, "agreed-already");
    setting.node.send_due().unwrap();
    assert!(queued(&setting, &to).is_empty(), "that period had ended before");

    received(&mut setting, 2, day(2026, 8, 2), 40);
    setting.update(Timestamp(day(2026, 10, 1).0 - 1));
    setting.node.send_due().unwrap();
    assert!(queued(&setting, &to).is_empty(), "the period lasts still");
    // This machine's clock alone ends no period.
    setting.clock.0.store(day(2026, 10, 3).0, Ordering::Relaxed);
    setting.node.send_due().unwrap();
    assert!(queued(&setting, &to).is_empty());
    setting.update(day(2026, 10, 3));
    for _ in 0..3 {
        setting.node.send_due().unwrap();
    }

    let went = queued(&setting, &to);
    assert_eq!(periods(&went), ["2026-Q3"]);
    let released = setting.node.report_show("2026-Q3").unwrap().report;
    assert_eq!(went[0], released.as_bytes(), "what went is what was frozen");
    assert_eq!(setting.node.travelling().unwrap().sent[0].state.as_deref(), Some("queued"));
}

#[test]
fn missed_periods_are_made_up_for_within_bounds_and_nothing_goes_once_it_is_ended() {
    let mut setting = Setting::new(162);
    let to = co_ordinator(&mut setting);
    agree(&mut setting, Some("M01")).unwrap();
    setting.update(day(2028, 1, 5));
    setting.node.send_due().unwrap();
    setting.node.send_due().unwrap();
    assert_eq!(periods(&queued(&setting, &to)), ["2027-Q1", "2027-Q2", "2027-Q3", "2027-Q4"]);

    let end = EndAsked { agency: CO_ORDINATOR.to_owned(), by: None };
    assert!(setting.node.report_end(&end).unwrap().agreements[0].ended_at.is_some());
    assert_eq!(setting.node.report_end(&end).unwrap_err().code, "not-agreed");
    setting.update(day(2028, 4, 5));
    setting.node.send_due().unwrap();
    assert_eq!(queued(&setting, &to).len(), 4);
    assert_eq!(setting.node.report_send("2027-Q4", None).unwrap_err().code, "not-agreed");
    // Anew, and only what ends from then on.
    assert_eq!(agree(&mut setting, None).unwrap().agreements.len(), 2);
    setting.node.send_due().unwrap();
    assert_eq!(queued(&setting, &to).len(), 4);
}

#[test]
fn only_what_was_agreed_to_goes_and_it_was_controlled_with_the_rest() {
    let mut setting = Setting::new(163);
    let to = co_ordinator(&mut setting);
    received(&mut setting, 1, day(2026, 5, 2), 40);
    received(&mut setting, 2, day(2026, 5, 3), 3);
    agree(&mut setting, Some("M01")).unwrap();
    setting.update(day(2026, 7, 2));
    setting.node.send_due().unwrap();

    let (whole, part) = (setting.node.report_show("2026-Q2").unwrap().report, queued(&setting, &to).remove(0));
    let [whole, part] = [whole.as_bytes(), &part].map(|bytes| wire::read(bytes).unwrap());
    assert!(!part.tables.is_empty() && part.tables.len() < whole.tables.len());
    assert!(part.tables.iter().all(|table| table.id.starts_with("M01.") && whole.table(&table.id) == Some(table)));
    assert!(!String::from_utf8(wire::write(&part)).unwrap().contains("\"value\":3"));
}

#[test]
fn a_person_sends_a_released_report_once_and_again_when_its_message_was_given_up() {
    let mut setting = Setting::new(164);
    let to = co_ordinator(&mut setting);
    assert_eq!(setting.node.report_send(ENDED, None).unwrap_err().code, "not-released");
    setting.node.report_release(ENDED, None).unwrap();
    assert_eq!(setting.node.report_send(ENDED, None).unwrap_err().code, "not-agreed");
    agree(&mut setting, None).unwrap();

    let first = setting.node.report_send("newest", None).unwrap();
    let second = setting.node.report_send(ENDED, None).unwrap();
    assert_eq!((first.sent.len(), first.before.len()), (1, 0));
    assert_eq!((second.sent.len(), second.before), (0, vec![CO_ORDINATOR.to_owned()]));
    setting.sql("UPDATE outbox SET state = 'failed', alarm = 1 WHERE message = ?1", &first.sent[0].message_id);
    assert!(setting.node.status(None).unwrap().messages.iter().any(|line| line.kind == "report"), "a person is told");
    setting.node.send_due().unwrap();
    assert_eq!(queued(&setting, &to).len(), 1, "only a person says so");

    let again = setting.node.report_send(ENDED, None).unwrap();
    assert!(again.sent[0].message_id != first.sent[0].message_id);
    assert_eq!(setting.node.travelling().unwrap().sent.len(), 1);
    assert!(setting.node.status(None).unwrap().alarms.is_empty(), "the failed one is answered");
}

#[test]
fn only_who_may_release_agrees_and_only_with_who_adds_up_in_this_country() {
    use super::people::person;
    let mut setting = Setting::new(165);
    co_ordinator(&mut setting);
    setting.joins(HARBOUR);
    setting.update(THEN.after(60));
    for other in [HARBOUR, OWN, "xa.nobody"] {
        let asked = AgreeAsked { agency: other.to_owned(), indicators: None, by: None };
        assert_eq!(setting.node.report_agree(&asked).unwrap_err().code, "no-co-ordinator", "{other}");
    }
    assert_eq!(agree(&mut setting, Some("M99")).unwrap_err().code, "usage");
    setting.node.add_person(&person("Anna", &["caseworker", "admin"], None)).ok().unwrap();
    setting.node.add_person(&person("Clara", &["intake"], Some("Anna"))).ok().unwrap();
    let by = |name: &str| AgreeAsked { agency: CO_ORDINATOR.to_owned(), indicators: None, by: Some(name.to_owned()) };
    assert_eq!(setting.node.report_agree(&by("Clara")).unwrap_err().code, "not-your-role");
    assert!(agree(&mut setting, None).is_err(), "who it is must be said");
    let anna = setting.node.acting_as(Some("Anna"), Hand::Caseworker).unwrap().pseudonym().to_hex();
    assert_eq!(setting.node.report_agree(&by("Anna")).unwrap().agreements[0].officer, anna);
    for told in [setting.node.report_send(ENDED, Some("Clara")), setting.node.report_send(ENDED, None)] {
        assert!(told.is_err());
    }
}

#[test]
fn who_adds_up_no_more_gets_nothing_until_somebody_does_again() {
    let mut setting = Setting::new(166);
    let to = co_ordinator(&mut setting);
    agree(&mut setting, None).unwrap();
    setting.gives_roles(CO_ORDINATOR, &to, &[Role::NgoShelter]);
    setting.update(day(2026, 7, 2));
    setting.node.send_due().unwrap();
    assert!(queued(&setting, &to).is_empty());
    assert!(setting.node.travelling().unwrap().agreements[0].waits.is_some());

    setting.gives_roles(CO_ORDINATOR, &to, &[Role::NationalRapporteur]);
    setting.update(day(2026, 7, 3));
    setting.node.send_due().unwrap();
    assert_eq!(periods(&queued(&setting, &to)), ["2026-Q2"]);
}

/// Where the messages of reports stand, oldest first: state and reason.
fn stand(setting: &Setting) -> Vec<(String, Option<String>)> {
    let db = setting.node.vault.db();
    let mut rows = db.prepare("SELECT state, reason FROM outbox WHERE kind = 6 ORDER BY place").unwrap();
    let rows = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    rows.map(Result::unwrap).collect()
}

fn given_up(reason: &str) -> (String, Option<String>) {
    ("failed".to_owned(), Some(reason.to_owned()))
}

/// A report is queued for a co-ordinator.
fn with_one_queued(seed: u64) -> (Setting, testing::Node) {
    let mut setting = Setting::new(seed);
    let to = setting.joins(CO_ORDINATOR);
    setting.gives_roles(CO_ORDINATOR, &to.identity.node, &[Role::NrmCoordinator]);
    setting.update(THEN);
    agree(&mut setting, None).unwrap();
    setting.node.report_release(ENDED, None).unwrap();
    assert_eq!(setting.node.report_send(ENDED, None).unwrap().sent.len(), 1);
    (setting, to)
}

fn next_step(setting: &mut Setting) -> usize {
    setting.node.due(None, 9, &std::collections::BTreeSet::new()).unwrap().len()
}

#[test]
fn who_ends_it_ends_what_is_queued_and_nothing_of_it_is_sent_again() {
    let (mut setting, _to) = with_one_queued(167);
    let message = setting.node.travelling().unwrap().sent[0].message_id.clone();

    setting.node.report_end(&EndAsked { agency: CO_ORDINATOR.to_owned(), by: None }).unwrap();

    assert_eq!(stand(&setting), [given_up("report-not-agreed")]);
    assert_eq!(setting.node.send_again(&message).unwrap_err().code, "report-not-agreed");
    let line = setting.node.travelling().unwrap().sent.remove(0);
    assert!(line.says.unwrap().contains("nobody here agrees any more"));
    assert!(setting.node.status(None).unwrap().alarms.is_empty(), "who ends it knows");
    // Agreed anew, it may go by a person's word.
    agree(&mut setting, None).unwrap();
    assert_eq!(setting.node.report_send(ENDED, None).unwrap().sent.len(), 1);
    assert_eq!(stand(&setting)[1].0, "queued");
}

#[test]
fn what_is_queued_does_not_leave_once_its_recipient_adds_up_no_more_and_a_person_is_told() {
    let (mut setting, to) = with_one_queued(168);
    assert_eq!(next_step(&mut setting), 1, "it would leave");
    setting.gives_roles(CO_ORDINATOR, &to.identity.node, &[Role::NgoShelter]);
    setting.update(THEN.after(60));

    assert_eq!(next_step(&mut setting), 0);

    assert_eq!(stand(&setting), [given_up("no-co-ordinator")]);
    let line = setting.node.travelling().unwrap().sent.remove(0);
    assert!(line.says.unwrap().contains("does not name them as a co-ordinator any more"));
    assert_eq!(setting.node.status(None).unwrap().alarms.len(), 1);
    assert_eq!(setting.node.send_again(&line.message_id).unwrap_err().code, "no-co-ordinator");
    // When they do again, the same message goes on.
    setting.gives_roles(CO_ORDINATOR, &to.identity.node, &[Role::NrmCoordinator]);
    setting.update(THEN.after(120));
    setting.node.send_again(&line.message_id).unwrap();
    assert_eq!(next_step(&mut setting), 1);
}

#[test]
fn what_is_for_a_revoked_co_ordinator_ends_and_what_is_for_a_suspended_one_waits() {
    for (kind, ends) in [(LeafKind::Revoke, true), (LeafKind::Suspend, false)] {
        let (mut setting, to) = with_one_queued(169);
        setting.world.end(&to.identity.node, kind);
        setting.records.push(Vec::new());
        setting.update(THEN.after(60));
        assert_eq!(next_step(&mut setting), 0);
        assert_eq!(stand(&setting)[0].0 == "failed", ends, "{:?}", stand(&setting));
    }
}

#[test]
fn an_agreement_does_not_follow_the_agency_to_another_node_and_is_made_anew() {
    let (mut setting, to) = with_one_queued(175);
    setting.revoke(&to.identity.node);
    let other = setting.joins(CO_ORDINATOR).identity.node;
    setting.gives_roles(CO_ORDINATOR, &other, &[Role::NrmCoordinator]);
    setting.update(day(2026, 7, 2));

    setting.node.send_due().unwrap();

    assert!(queued(&setting, &other).is_empty());
    assert!(setting.node.travelling().unwrap().agreements[0].waits.as_ref().unwrap().contains("agree anew"));
    assert_eq!(setting.node.report_send(ENDED, None).unwrap_err().code, "co-ordinator-replaced");
    agree(&mut setting, None).unwrap();
    let agreements = setting.node.travelling().unwrap().agreements;
    assert!(agreements[0].ended_at.is_some() && agreements[1].ended_at.is_none() && agreements[1].waits.is_none());
    assert_eq!(setting.node.report_send(ENDED, None).unwrap().sent.len(), 1);
    assert_eq!(periods(&queued(&setting, &other)), [ENDED]);
}

#[test]
fn an_agreement_holds_over_a_renewal_and_not_over_a_key_that_the_authority_alone_has_put_there() {
    use safeconduct_certs::node::{ChangedBy, FormerKey};
    let (mut setting, to) = with_one_queued(176);
    let held = crate::monitoring::agreement::all(setting.node.vault.db()).unwrap().remove(0);
    let mut state = setting.node.held().unwrap().node(&to.identity.node).unwrap().clone();
    assert!(held.is_with(&state));
    let mut renewed = |by| {
        let key = setting.world.signing_key().verifying_key();
        let (key, former) = (key, std::mem::replace(&mut state.ik, key));
        state.key_id = key.key_id();
        state.former_keys.push(FormerKey { key: former, replaced_at: 9, by, counts_until: None });
        held.is_with(&state)
    };

    assert!(renewed(ChangedBy::IdentityKey) && renewed(ChangedBy::SuccessionKey));
    assert!(!renewed(ChangedBy::Authority));
    assert!(!renewed(ChangedBy::IdentityKey), "and not after it");
    let before = crate::monitoring::agreement::Agreement { key: None, ..held.clone() };
    assert!(!before.is_with(&state), "nor by an agreement that has noted no key");
}

#[test]
fn a_report_that_nobody_answers_ends_and_a_person_is_told_and_may_send_it_again() {
    let (mut setting, _to) = with_one_queued(177);
    let db = setting.node.vault.db();
    db.execute("UPDATE outbox SET state = 'relay-accepted', accepted_at = queued_at WHERE kind = 6", []).unwrap();
    // Six weeks later, by a signed time.
    setting.update(day(2026, 9, 1));
    let _upkeep = setting.node.housekeep();
    assert_eq!(stand(&setting), [given_up("no-word")]);
    let ended: Option<i64> =
        setting.node.vault.db().query_row("SELECT ended_at FROM outbox WHERE kind = 6", [], |row| row.get(0)).unwrap();
    assert!(ended.is_some(), "its end is in the chain");
    assert_eq!(setting.node.status(None).unwrap().alarms.len(), 1);

    assert_eq!(setting.node.report_send(ENDED, None).unwrap().sent.len(), 1);
    assert_eq!(stand(&setting)[1].0, "queued");
}
