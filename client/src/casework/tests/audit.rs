//! The auditor's report of cases over two vaults.

use super::*;
use crate::{
    api::audit::AuditedCase,
    evidence::audit::{Desk as AuditDesk, case},
};

/// The report of the newest referral at a node.
fn report(pair: &mut Pair, at: usize) -> AuditedCase {
    let (place, now) = (pair.row(at).place, pair.now);
    let setting = testing::setting();
    let node = &mut pair.nodes[at];
    let own = node.identity.node;
    let desk = AuditDesk { own, held: &node.held, setting: &setting, agency: "xa.here", now };
    case(node.vault.as_ref().unwrap().db(), &desk, place).unwrap()
}

fn acts(report: &AuditedCase) -> Vec<&str> {
    report.lines.iter().map(|line| line.act.as_str()).collect()
}

fn cautions<'a>(report: &'a AuditedCase, kind: &str) -> Vec<&'a str> {
    report.cautions.iter().filter(|caution| caution.kind == kind).map(|caution| caution.text.as_str()).collect()
}

#[test]
fn every_act_and_receipt_stands_in_the_report_with_its_proof_and_no_person_does() {
    let mut pair = delivered(960);
    let steps = [
        (R, act(Step::Opened)),
        (R, with_text(Step::InfoRequested, "Is Oksana safe tonight?")),
        (S, with_text(Step::InfoProvided, "Yes, with Ksenia")),
        (R, act(Step::Accepted)),
        (R, act(Step::ServiceStarted)),
        (R, closed()),
    ];
    for (at, act) in steps {
        pair.now = pair.now.after(60);
        pair.does(at, act).unwrap();
        pair.settles();
    }

    let (sent, received) = (report(&mut pair, S), report(&mut pair, R));

    let told = ["Opened", "InfoRequested", "InfoProvided", "Accepted", "ServiceStarted", "Closed"];
    let receipts = ["revision 1", "relay-accepted, revision 1", "delivered, revision 1"];
    assert_eq!(acts(&sent), [&receipts[..], &told[..]].concat());
    assert_eq!(acts(&received), [&["revision 1", "delivered-given, revision 1"][..], &told[..]].concat());
    for line in sent.lines.iter().chain(&received.lines) {
        assert_eq!(line.holds, "verified", "{}", line.act);
        assert!(!line.proves.is_empty() && !line.proves_not.is_empty() && !line.place.is_empty());
        let by_person = told.contains(&line.act.as_str());
        assert_eq!(line.person.as_deref() == Some("07".repeat(16).as_str()), by_person, "{}", line.act);
        assert_eq!(line.counted.starts_with('T'), by_person, "{}", line.act);
    }
    assert_eq!(sent.cautions, [], "nothing to look at first");
    assert_eq!(sent.lines.last().unwrap().why.as_deref(), Some("ServiceDelivered"));
    for case in [&sent, &received] {
        let text = serde_json::to_string(case).unwrap();
        for person in ["Oksana", "Ksenia", "Verbytska", "LNT-7Q2K-01", "tonight"] {
            assert!(!text.contains(person), "{person}");
        }
    }
    // What is signed outlives what is personal.
    pair.nodes[R].vault().db().execute("UPDATE case_event SET salt = NULL, details = NULL", []).unwrap();
    assert_eq!(report(&mut pair, R), received);
}

#[test]
fn what_is_missing_or_signed_twice_or_altered_stands_on_top() {
    let mut pair = delivered(961);
    pair.does(R, act(Step::Opened)).unwrap();
    let first = pair.seals(R);
    pair.does(R, act(Step::Accepted)).unwrap();
    let second = pair.seals(R);
    pair.delivers(S, &second[0].1);
    let gap = report(&mut pair, S);
    assert_eq!(cautions(&gap, "gap").len(), 1);
    assert_eq!(gap.lines.last().unwrap().counted, "waits for what is missing before it");

    pair.delivers(S, &first[0].1);
    assert_eq!(report(&mut pair, S).cautions, []);
    let db = pair.nodes[S].vault().db();
    let (place, mut bytes): (i64, Vec<u8>) = db
        .query_row("SELECT place, bytes FROM case_event WHERE number = 1", [], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap();
    bytes[110] ^= 1;
    db.execute("UPDATE case_event SET bytes = ?2 WHERE place = ?1", params![place, bytes]).unwrap();
    let altered = report(&mut pair, S);
    assert_eq!(cautions(&altered, "unverified").len(), 1);
    let line = altered.lines.iter().find(|line| line.act == "Accepted").unwrap();
    assert_eq!((line.holds.as_str(), line.proves.starts_with("nothing")), ("does not verify", true));
    assert_eq!((line.event.as_str(), &line.cause), ("", &None), "what does not verify is no event");
    let others = altered.lines.iter().filter(|line| line.act != "Accepted");
    assert!(others.into_iter().all(|line| line.holds == "verified" && !line.event.is_empty()));
}

#[test]
fn what_was_never_sealed_is_no_event_in_the_report() {
    let mut pair = Pair::new(964);
    let referral = pair.sample(WOMAN);
    pair.sends(&referral, None);

    let report = report(&mut pair, S);

    assert_eq!(report.lines.len(), 1);
    assert_eq!((report.lines[0].event.as_str(), report.lines[0].proof.as_str()), ("", "none"));
    let page =
        crate::evidence::written::html::page(&crate::evidence::written::Report::of(crate::api::audit::AuditPage {
            agency: "xa.here".to_owned(),
            made_at: 1,
            made_by: "07".repeat(16),
            registry_size: 1,
            cases: vec![report],
            next: None,
        }));
    assert!(!page.contains("uri.etsi.org"), "no event and no gap for one");
}

#[test]
fn two_acts_under_one_number_are_named_in_the_report() {
    let mut pair = forked(962);

    let report = report(&mut pair, S);

    assert_eq!(cautions(&report, "equivocation").len(), 1);
    let opened: Vec<_> = report.lines.iter().filter(|line| line.act == "Opened").collect();
    assert!(opened.len() == 2 && opened.iter().all(|line| line.counted.contains("two were signed")));
}

#[test]
fn acts_without_consent_and_late_ones_stand_on_top() {
    let mut pair = Pair::new(963);
    let referral = pair.referral("05-domestic-servitude-medical-vital-interest", |_| {});
    pair.sends(&referral, None);
    pair.settles();
    pair.now = pair.now.after(4 * DAY_S);
    pair.does(R, act(Step::Opened)).unwrap();
    pair.settles();

    let report = report(&mut pair, S);

    let overrides = cautions(&report, "override");
    assert_eq!(overrides.len(), 1, "{overrides:?}");
    assert!(
        overrides[0].contains("VitalInterest")
            && overrides[0].contains("no notice")
            && overrides[0].contains("no review")
    );
    assert!(cautions(&report, "late").iter().any(|text| text.starts_with("opened at")), "{:?}", report.cautions);
}
