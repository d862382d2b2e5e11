//! Reports that travel by themselves, on both sides.

use safeconduct_protocol::envelope::report::ReportContent;

use super::*;
use crate::{
    api::travelling::{AgreeAsked, EndAsked},
    casework::life::terms::Hand,
    evidence::export::{self, Contents},
    monitoring::wire,
};

const CO_ORDINATOR: &str = "xa.nrm-coordinator";
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

/// What is queued for the co-ordinator, oldest first: edition and report.
fn queued(setting: &Setting, to: &NodeId) -> Vec<(u32, Vec<u8>)> {
    let db = setting.node.vault.db();
    let mut rows = db.prepare("SELECT content FROM outbox WHERE kind = 6 AND recipient = ?1 ORDER BY place").unwrap();
    let rows = rows.query_map([to.as_bytes()], |row| row.get::<_, Vec<u8>>(0)).unwrap();
    rows.map(|content| {
        let content = content.unwrap();
        let sent = ReportContent::decode(&content).unwrap();
        (sent.edition, sent.report.to_vec())
    })
    .collect()
}

fn periods(queued: &[(u32, Vec<u8>)]) -> Vec<String> {
    queued.iter().map(|(_, report)| wire::read(report).unwrap().period.to_string()).collect()
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
    assert_eq!((periods(&went), went[0].0), (vec!["2026-Q3".to_owned()], 1));
    let released = setting.node.report_show("2026-Q3").unwrap().report;
    assert_eq!(went[0].1, released.as_bytes(), "what went is what was frozen");
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

    let (whole, part) = (setting.node.report_show("2026-Q2").unwrap().report, queued(&setting, &to).remove(0).1);
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

#[test]
fn a_report_is_put_right_by_a_person_three_times_and_each_goes_once() {
    let mut setting = Setting::new(167);
    let to = co_ordinator(&mut setting);
    agree(&mut setting, None).unwrap();
    received(&mut setting, 1, day(2026, 5, 2), 40);
    setting.update(day(2026, 7, 2));
    assert_eq!(setting.node.report_correct("2026-Q2", None).unwrap_err().code, "not-released");
    setting.node.send_due().unwrap();
    assert_eq!(setting.node.report_correct("2026-Q2", None).unwrap_err().code, "report-same");
    for round in 2..=4 {
        received(&mut setting, round, day(2026, 5, 3), 40);
        setting.node.report_correct("2026-Q2", None).unwrap();
        setting.node.send_due().unwrap();
        setting.node.send_due().unwrap();
    }
    received(&mut setting, 5, day(2026, 5, 3), 40);
    assert_eq!(setting.node.report_correct("2026-Q2", None).unwrap_err().code, "report-corrected-often");

    let went = queued(&setting, &to);
    assert_eq!(went.iter().map(|(edition, _)| *edition).collect::<Vec<_>>(), [1, 2, 3, 4]);
    let totals: Vec<String> = went.iter().map(|(_, report)| String::from_utf8(report.clone()).unwrap()).collect();
    assert!(totals[0].contains("\"total\":40") && totals[3].contains("\"total\":160"));
    let former: i64 =
        setting.node.vault.db().query_row("SELECT count(*) FROM report_former", [], |row| row.get(0)).unwrap();
    assert_eq!(former, 3, "what was released before is kept");
}

/// This node adds up; an agency gives it a report in a message.
struct Desk {
    setting: Setting,
    harbour: testing::Node,
    now: Timestamp,
}

impl Desk {
    fn new(seed: u64) -> Self {
        let mut setting = Setting::new(seed);
        let harbour = setting.joins(HARBOUR);
        setting.update(THEN);
        Self { setting, harbour, now: THEN }
    }

    fn adds_up(&mut self) {
        let own = self.setting.node.identity.node;
        self.now = self.now.after(60);
        self.setting.gives_roles(OWN, &own, &[Role::NrmCoordinator]);
        self.setting.update(self.now);
    }

    /// Their report, with so many persons.
    fn report(persons: i64) -> Vec<u8> {
        let mut other = Setting::new(170);
        other.update(THEN);
        received(&mut other, 1, day(2026, 2, 1), persons);
        other.node.report_compute(ENDED).unwrap().report.replace(OWN, HARBOUR).into_bytes()
    }

    /// It comes, in an envelope of its own; the message's id.
    fn comes(&mut self, content: &[u8]) -> MessageId {
        let setting = &mut self.setting;
        setting.world.update(&mut self.harbour, setting.node.now());
        let batches = setting.node.stocked(&[], &[]).unwrap();
        let record = batches.into_iter().flatten().find(|record| record[6] == 2).unwrap();
        let row = outbox::NewRow {
            kind: outbox::MessageKind::Report,
            rank: outbox::Rank::Low,
            recipient: setting.node.identity.node,
            agency: Some(OWN),
            referral: None,
            exercise: false,
            content,
            alarm_after_s: outbox::ALARM_AFTER_S,
            idempotency: None,
            reply_target: None,
            not_before: setting.node.now(),
        };
        let (now, vault) = (setting.node.now(), self.harbour.vault.as_mut().unwrap());
        let entropy = &mut setting.world.entropy;
        let message = outbox::insert(vault.db(), &row, now, entropy).unwrap();
        let (identity, held) = (&self.harbour.identity, &self.harbour.held);
        outbox::seal::seal(vault, identity, held, &message, &record, now, entropy).unwrap();
        let envelope = outbox::submission(vault, &message).unwrap().unwrap().envelope;
        assert!(setting.node.receive(&envelope).unwrap().is_some());
        message
    }

    fn gives(&mut self, edition: u32, report: &[u8]) -> MessageId {
        self.comes(&ReportContent { edition, report }.encode().unwrap())
    }

    /// Codes of what was refused, newest first.
    fn refused(&mut self) -> Vec<String> {
        self.setting.node.inbox().unwrap().refused.into_iter().map(|line| line.code).collect()
    }

    /// What is here: edition, and whether it counts.
    fn here(&mut self) -> Vec<(u32, bool)> {
        let all = self.setting.node.report_received(None).unwrap().reports;
        all.iter().filter(|line| line.agency == HARBOUR).map(|line| (line.edition, line.counts)).collect()
    }

    fn receipts(&self) -> i64 {
        let sql = "SELECT count(*) FROM outbox WHERE kind = 2";
        self.setting.node.vault.db().query_row(sql, [], |row| row.get(0)).unwrap()
    }

    /// The sum with this agency's own 40 persons: of one agency alone none is told.
    fn total(&mut self) -> Option<u64> {
        let own = String::from_utf8(Self::report(40)).unwrap().replace(HARBOUR, OWN);
        self.setting.node.report_take(own.as_bytes()).unwrap();
        let summed = self.setting.node.report_national(ENDED).unwrap();
        summed.tables.iter().find(|table| table.id == "M01.received.kind").unwrap().total.persons
    }
}

#[test]
fn who_adds_up_nothing_refuses_a_report_with_its_reason_and_takes_it_when_it_does() {
    let mut desk = Desk::new(171);
    let message = desk.gives(1, &Desk::report(40));
    assert_eq!((desk.refused(), desk.receipts()), (vec!["no-co-ordinator".to_owned()], 0));
    assert!(desk.here().is_empty());

    desk.adds_up();

    assert_eq!((desk.refused(), desk.here(), desk.receipts()), (Vec::new(), vec![(1, true)], 1));
    let line = desk.setting.node.report_received(Some(ENDED)).unwrap().reports.remove(0);
    assert_eq!((line.agency.as_str(), line.message_id), (HARBOUR, Some(message.to_hex())));
    assert_eq!(desk.total(), Some(80));
}

#[test]
fn a_report_that_came_is_a_message_as_any_receipted_and_evidence_with_its_content() {
    let mut desk = Desk::new(172);
    desk.adds_up();
    let report = Desk::report(40);

    let message = desk.gives(1, &report);

    assert_eq!((desk.here(), desk.receipts()), (vec![(1, true)], 1));
    assert!(desk.setting.node.inbox().unwrap().messages.is_empty(), "it is no referral");
    let held = desk.setting.node.held_copy().unwrap();
    let bundle = export::bundle(&desk.setting.node.vault, &held, &message, Contents::With).unwrap();
    let lines = safeconduct_certs::evidence::verify(&bundle, safeconduct_certs::evidence::Known::Nothing).unwrap();
    assert!(lines.iter().any(|line| line.detail.contains("a report of a period")), "{lines:?}");
    // Repeated in another message: nothing new, and a receipt, so that its sender is at rest.
    desk.gives(1, &report);
    assert_eq!((desk.here(), desk.receipts(), desk.total()), (vec![(1, true)], 2, Some(80)));
}

#[test]
fn a_corrected_report_stands_in_the_place_of_the_first_and_both_are_kept_whichever_comes_first() {
    for order in [[1, 2], [2, 1]] {
        let mut desk = Desk::new(173);
        desk.adds_up();
        // A file that was carried before is signed by nobody.
        desk.setting.node.report_take(&Desk::report(10)).unwrap();
        for edition in order {
            desk.gives(edition, &Desk::report(if edition == 1 { 40 } else { 60 }));
        }
        assert_eq!((desk.total(), desk.receipts()), (Some(100), 2));
        assert_eq!(desk.here(), [(0, false), (1, false), (2, true)], "{order:?}");
        assert!(desk.refused().is_empty());

        desk.gives(2, &Desk::report(80));
        assert_eq!((desk.refused(), desk.total()), (vec!["report-differs".to_owned()], Some(100)));
    }
}

#[test]
fn a_report_that_is_anothers_unfinished_or_none_is_refused_with_its_reason() {
    let mut desk = Desk::new(174);
    desk.adds_up();
    let text = String::from_utf8(Desk::report(40)).unwrap();
    let wrong = [
        (text.replace(HARBOUR, CO_ORDINATOR), "report-of-another"),
        (text.replace(r#""country":"XA""#, r#""country":"XB""#), "report-of-another"),
        (text.replace(ENDED, "2026-Q2"), "period-open"),
        (text.replace(r#""k":10"#, r#""k":9"#), "report-malformed"),
        (text.replace(r#""total":40"#, r#""total":41"#), "report-malformed"),
    ];
    for (report, code) in wrong {
        desk.gives(1, report.as_bytes());
        assert_eq!(desk.refused()[0], code);
    }
    desk.comes(b"SCZ2");
    assert_eq!((desk.refused()[0].as_str(), desk.receipts()), ("report-malformed", 0));
    assert!(desk.here().is_empty());
}
