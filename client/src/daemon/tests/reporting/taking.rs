//! Reports as the co-ordinator takes, refuses, keeps and sets them aside.

use super::*;

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
        setting.joins(THIRD);
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

    fn gives(&mut self, report: &[u8]) -> MessageId {
        self.comes(&ReportContent { report }.encode().unwrap())
    }

    /// Codes of what was refused and answered so, oldest first.
    fn declined(&self) -> Vec<String> {
        let db = self.setting.node.vault.db();
        let mut rows =
            db.prepare("SELECT note FROM inbox WHERE kind = 6 AND state = 'declined' ORDER BY place").unwrap();
        rows.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    }

    /// Codes of what was refused, newest first.
    fn refused(&mut self) -> Vec<String> {
        self.setting.node.inbox().unwrap().refused.into_iter().map(|line| line.code).collect()
    }

    /// What is here of the agency: whether a message brought it, and whether it counts.
    fn here(&mut self) -> Vec<(bool, bool)> {
        let all = self.setting.node.report_received(None).unwrap().reports;
        let theirs = all.iter().filter(|line| line.agency == HARBOUR);
        theirs.map(|line| (line.message_id.is_some(), line.counts)).collect()
    }

    fn receipts(&self) -> i64 {
        let sql = "SELECT count(*) FROM outbox WHERE kind = 2";
        self.setting.node.vault.db().query_row(sql, [], |row| row.get(0)).unwrap()
    }

    fn takes_of_two_others(&mut self) {
        let of = |agency: &str| String::from_utf8(Self::report(40)).unwrap().replace(HARBOUR, agency);
        for report in [of(OWN), of(THIRD)] {
            self.setting.node.report_take(report.as_bytes()).unwrap();
        }
    }

    /// The sum with 40 persons of this agency and of a third one: of fewer than three none is told.
    fn total(&mut self) -> Option<u64> {
        self.takes_of_two_others();
        let summed = self.setting.node.report_national(ENDED).unwrap();
        summed.tables.iter().find(|table| table.id == "M01.received.kind").unwrap().total.persons
    }
}

#[test]
fn who_adds_up_nothing_refuses_a_report_with_its_reason_and_takes_it_when_it_does() {
    let mut desk = Desk::new(171);
    let message = desk.gives(&Desk::report(40));
    assert_eq!((desk.refused(), desk.receipts()), (vec!["no-co-ordinator".to_owned()], 0));
    assert!(desk.here().is_empty());

    desk.adds_up();

    assert_eq!((desk.refused(), desk.here(), desk.receipts()), (Vec::new(), vec![(true, true)], 1));
    let line = desk.setting.node.report_received(Some(ENDED)).unwrap().reports.remove(0);
    assert_eq!((line.agency.as_str(), line.message_id), (HARBOUR, Some(message.to_hex())));
    assert_eq!(desk.total(), Some(120));
}

#[test]
fn a_report_that_came_is_a_message_as_any_receipted_and_evidence_with_its_content() {
    let mut desk = Desk::new(172);
    desk.adds_up();
    let report = Desk::report(40);

    let message = desk.gives(&report);

    assert_eq!((desk.here(), desk.receipts()), (vec![(true, true)], 1));
    assert!(desk.setting.node.inbox().unwrap().messages.is_empty(), "it is no referral");
    let held = desk.setting.node.held_copy().unwrap();
    let bundle = export::bundle(&desk.setting.node.vault, &held, &message, Contents::With).unwrap();
    let lines = safeconduct_certs::evidence::verify(&bundle, safeconduct_certs::evidence::Known::Nothing).unwrap();
    assert!(lines.iter().any(|line| line.detail.contains("a report of a period")), "{lines:?}");
    // Repeated in another message: nothing new, and a receipt, so that its sender is at rest.
    desk.gives(&report);
    assert_eq!((desk.here(), desk.receipts(), desk.total()), (vec![(true, true)], 2, Some(120)));
}

#[test]
fn the_first_report_of_a_period_stays_and_another_one_is_refused_by_a_signed_word() {
    let mut desk = Desk::new(173);
    desk.adds_up();
    // A file that was carried before is signed by nobody.
    desk.setting.node.report_take(&Desk::report(10)).unwrap();
    desk.gives(&Desk::report(40));
    assert_eq!((desk.here(), desk.receipts()), (vec![(true, true)], 1));

    let refused = desk.gives(&Desk::report(60));

    assert_eq!((desk.declined(), desk.total()), (vec!["report-differs".to_owned()], Some(120)));
    assert!(desk.refused().is_empty(), "it waits for nothing");
    let given: i64 = desk
        .setting
        .node
        .vault
        .db()
        .query_row(
            "SELECT count(*) FROM receipt WHERE message = ?1 AND kind = 'refused-given'",
            [refused.as_bytes()],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!((given, desk.receipts()), (1, 2), "the word goes where a receipt would have gone");
}

#[test]
fn a_report_that_is_anothers_unfinished_or_none_is_refused_with_its_reason() {
    let mut desk = Desk::new(174);
    desk.adds_up();
    let text = String::from_utf8(Desk::report(40)).unwrap();
    let wrong = [
        (text.replace(HARBOUR, CO_ORDINATOR), "report-of-another"),
        (text.replace(r#""country":"XA""#, r#""country":"XB""#), "report-of-another"),
        (text.replace(r#""k":10"#, r#""k":9"#), "report-malformed"),
        (text.replace(r#""total":40"#, r#""total":41"#), "report-malformed"),
    ];
    for (report, code) in &wrong {
        desk.gives(report.as_bytes());
        assert_eq!(desk.declined().last().unwrap(), code);
    }
    desk.comes(b"SCZ2");
    assert_eq!((desk.declined().len(), desk.receipts()), (5, 5));
    // What may still turn waits a day, and is answered then.
    desk.gives(text.replace(ENDED, "2026-Q2").as_bytes());
    assert_eq!((desk.refused(), desk.receipts()), (vec!["period-open".to_owned()], 5));
    desk.setting.update(desk.now.after(2 * 86_400));
    desk.setting.node.housekeep().unwrap();
    assert!(desk.refused().is_empty() && desk.declined().last().unwrap() == "period-open");
    assert!(desk.here().is_empty());
}

#[test]
fn reports_that_wait_are_bounded_when_they_come() {
    let mut desk = Desk::new(178);
    let most = crate::monitoring::given::WAITING_MAX;
    for _ in 0..most + 3 {
        desk.gives(&Desk::report(40));
    }
    let db = desk.setting.node.vault.db();
    let kept: u32 = db.query_row("SELECT count(*) FROM inbox WHERE kind = 6", [], |row| row.get(0)).unwrap();
    assert_eq!(kept, most);
    assert_eq!(desk.setting.node.quarantined().unwrap(), u64::from(most));
}

#[test]
fn a_report_that_is_set_aside_counts_in_no_sum_and_says_by_whom_when_and_why() {
    use crate::api::travelling::SetAsideAsked;
    let mut desk = Desk::new(179);
    desk.adds_up();
    desk.gives(&Desk::report(40));
    desk.takes_of_two_others();
    let asked = |reason: &str| SetAsideAsked {
        agency: HARBOUR.to_owned(),
        period: ENDED.to_owned(),
        reason: reason.to_owned(),
        by: None,
    };
    for wrong in ["", "  ", "two\nlines", &"x".repeat(201)] {
        assert_eq!(desk.setting.node.report_set_aside(&asked(wrong)).unwrap_err().code, "usage");
    }

    let lines = desk.setting.node.report_set_aside(&asked("counted twice")).unwrap().reports;

    let line = lines.iter().find(|line| line.agency == HARBOUR).unwrap();
    assert!(!line.counts && lines.iter().filter(|line| line.counts).count() == 2);
    let aside = line.aside.as_ref().unwrap();
    assert_eq!((aside.reason.as_str(), aside.at, aside.officer.len()), ("counted twice", desk.now.0, 32));
    assert_eq!(desk.setting.node.report_set_aside(&asked("again")).unwrap_err().code, "not-received");
    assert_eq!(desk.setting.node.report_national(ENDED).unwrap().agencies, 2);
    // The period stays frozen: the same again is answered, and changes nothing.
    desk.gives(&Desk::report(40));
    assert_eq!((desk.here(), desk.total()), (vec![(true, false)], None));
}

#[test]
fn a_sum_that_was_shown_stays_whatever_comes_later_or_is_set_aside_or_yields() {
    use crate::api::travelling::SetAsideAsked;
    const FOURTH: &str = "xa.fourth-house";
    let mut desk = Desk::new(180);
    desk.adds_up();
    desk.setting.joins(FOURTH);
    let at = desk.setting.node.now().after(60);
    desk.setting.update(at);
    let of = |agency: &str, persons| String::from_utf8(Desk::report(persons)).unwrap().replace(HARBOUR, agency);
    let in_sum = |desk: &mut Desk| -> Vec<(String, Option<bool>)> {
        let all = desk.setting.node.report_received(Some(ENDED)).unwrap().reports;
        all.into_iter().map(|line| (line.agency, line.in_sum)).collect()
    };
    desk.takes_of_two_others();
    // Nothing is shown of two: it stays open.
    let open = desk.setting.node.report_national(ENDED).unwrap();
    assert_eq!((open.agencies, open.shown_first_at), (2, None));
    assert!(in_sum(&mut desk).iter().all(|(_, is_in)| is_in.is_none()));
    desk.setting.node.report_take(&Desk::report(40)).unwrap();
    let first = desk.setting.node.report_national(ENDED).unwrap();
    assert_eq!((first.agencies, first.shown_first_at.is_some(), first.late, first.aside), (3, true, 0, 0));

    desk.setting.node.report_take(of(FOURTH, 50).as_bytes()).unwrap();
    let late = desk.setting.node.report_national(ENDED).unwrap();
    assert_eq!((late.late, late.aside), (1, 0));
    assert!(in_sum(&mut desk).contains(&(FOURTH.to_owned(), Some(false))));
    let asked = SetAsideAsked {
        agency: THIRD.to_owned(),
        period: ENDED.to_owned(),
        reason: "counted twice".to_owned(),
        by: None,
    };
    let lines = desk.setting.node.report_set_aside(&asked).unwrap().reports;
    let line = lines.iter().find(|line| line.agency == THIRD).unwrap();
    assert_eq!((line.counts, line.in_sum), (false, Some(true)));
    // A file yields to what its agency has signed, and the sum keeps what it was made of.
    desk.gives(&Desk::report(90));
    assert_eq!(desk.here(), [(true, true)]);
    let now = desk.setting.node.report_national(ENDED).unwrap();
    assert_eq!((now.late, now.aside), (2, 2));

    for (what, sum) in [("late", &late), ("now", &now)] {
        let was = (first.agencies, first.shown_first_at, &first.tables);
        assert_eq!((sum.agencies, sum.shown_first_at, &sum.tables), was, "{what}");
    }
}
