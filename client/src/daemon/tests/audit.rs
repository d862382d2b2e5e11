//! The auditor's report, through the verbs.

use safeconduct_certs::enrol::words::SafetyWords;

use super::{people::person, *};
use crate::{
    api::{
        audit::{AuditAsked, PAGE_CASES_MAX},
        posts::PostAsked,
    },
    daemon::LooksAsked,
    prekeys::RelayStock,
};

#[test]
fn an_auditor_makes_the_report_and_who_works_with_persons_does_not() {
    let mut setting = Setting::new(170);
    setting.joins(HARBOUR);
    setting.update(THEN);
    setting.node.add_person(&person("Anna", &["caseworker", "admin"], None)).ok().unwrap();
    setting.node.add_person(&person("Dora", &["auditor"], Some("Anna"))).ok().unwrap();
    setting.node.add_person(&person("Clara", &["intake"], Some("Anna"))).ok().unwrap();
    setting.node.send_by(&harbour(), &sample(), None, Some("Anna")).unwrap();
    let by = |name: &str| AuditAsked { by: Some(name.to_owned()), ..AuditAsked::default() };

    let refused = setting.node.audit(&by("Clara")).err().unwrap();
    let page = setting.node.audit(&by("Dora")).unwrap();

    assert_eq!(refused.code, "not-your-role");
    let anna = setting.node.acting(Some("Anna")).ok().unwrap().pseudonym().to_hex();
    assert_eq!(page.cases.len(), 1);
    assert_eq!((page.cases[0].sender.as_str(), page.cases[0].recipient.as_str()), (OWN, HARBOUR));
    assert_eq!(page.cases[0].lines[0].person.as_ref(), Some(&anna));
    let text = serde_json::to_string(&page).unwrap();
    assert!(!text.contains("Anna") && !text.contains("Dora") && !text.contains("Oksana"));
}

#[test]
fn a_report_comes_page_by_page_and_of_one_time_or_one_referral() {
    let mut setting = Setting::new(171);
    setting.joins(HARBOUR);
    setting.update(THEN);
    let count = usize::try_from(PAGE_CASES_MAX).unwrap() + 1;
    for number in 0..count {
        let id = format!("1f0c2a44-6b1e-4a0f-9c57-{number:012x}");
        let mut value: serde_json::Value = serde_json::from_slice(&sample()).unwrap();
        value["header"]["referral_id"] = id.into();
        setting.node.send(&harbour(), value.to_string().as_bytes(), None).unwrap();
    }

    let first = setting.node.audit(&AuditAsked::default()).unwrap();
    let second = setting.node.audit(&AuditAsked { after: first.next.clone(), ..AuditAsked::default() }).unwrap();

    assert_eq!((first.cases.len(), second.cases.len(), second.next), (count - 1, 1, None));
    assert!(first.cases.iter().all(|case| case.referral_id != second.cases[0].referral_id));
    let one = AuditAsked { referral: Some(second.cases[0].id.clone()), ..AuditAsked::default() };
    assert_eq!(setting.node.audit(&one).unwrap().cases[0].referral_id, second.cases[0].referral_id);
    let now = setting.node.now().0;
    let since = |since: u64, until: u64| AuditAsked { since: Some(since), until: Some(until), ..AuditAsked::default() };
    assert_eq!(setting.node.audit(&since(now + 1, u64::MAX)).unwrap().cases.len(), 0);
    assert_eq!(setting.node.audit(&since(0, now)).unwrap().cases.len(), 0);
    assert_eq!(setting.node.audit(&since(now, now + 1)).unwrap().cases.len(), count - 1);
    let bad = AuditAsked { after: Some("x".to_owned()), ..AuditAsked::default() };
    assert_eq!(setting.node.audit(&bad).err().unwrap().code, "usage");
}

/// Who looked, at which sections, and why, oldest first.
fn looks(setting: &Setting) -> Vec<(Option<String>, u16, Option<String>)> {
    let mut rows = setting
        .node
        .vault
        .db()
        .prepare("SELECT nullif(lower(hex(officer)), ''), sections, reason FROM view_log ORDER BY place")
        .unwrap();
    let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
    rows.query_map([], read).unwrap().map(Result::unwrap).collect()
}

#[test]
fn whoever_reports_exports_or_reads_leaves_a_line_in_the_log_of_views_of_each_referral() {
    use crate::htcds::write::WhoTheyAre;
    let mut setting = Setting::new(172);
    let mut partner = setting.joins(HARBOUR);
    setting.update(THEN);
    setting.receives(&mut partner, &back(std::str::from_utf8(&sample()).unwrap()));
    let message = setting.node.inbox().unwrap().messages.remove(0).message_id;
    let case = setting.node.audit(&AuditAsked::default()).unwrap().cases.remove(0);
    setting.node.show(&message).unwrap();
    setting.node.add_person(&person("Anna", &["supervisor", "admin"], None)).ok().unwrap();
    setting.node.add_person(&person("Dora", &["auditor"], Some("Anna"))).ok().unwrap();
    let of = |setting: &Setting, name: &str| Some(setting.node.acting(Some(name)).unwrap().pseudonym().to_hex());
    let (anna, dora) = (of(&setting, "Anna"), of(&setting, "Dora"));
    let alone = looks(&setting)[0].0.clone();

    let by = |name: &str| AuditAsked { by: Some(name.to_owned()), ..AuditAsked::default() };
    setting.node.audit(&by("Dora")).unwrap();
    setting.node.audit(&AuditAsked { referral: Some(case.id.clone()), ..by("Anna") }).unwrap();
    setting.node.export(&case.id, false, Some("Dora")).unwrap();
    setting.node.export(&message, true, Some("Anna")).unwrap();
    setting.node.export(&message, false, Some("Anna")).unwrap();
    let refused =
        |setting: &mut Setting, by: Option<&str>| setting.node.export(&case.id, false, by).err().unwrap().code.clone();
    assert_eq!(refused(&mut setting, None), "person-missing", "several work here");
    assert_eq!(refused(&mut setting, Some("Nobody")), "person-unknown");
    setting.node.export_page(0, None, WhoTheyAre::LeftOut, Some("Anna")).unwrap();
    assert!(setting.node.audit(&by("Nobody")).is_err() && setting.node.export(&message, true, Some("Dora")).is_err());

    let why = |text: &str| Some(text.to_owned());
    let looks = looks(&setting);
    assert_eq!(looks[..2], [(alone.clone(), 0, why("audit")), (alone, u16::MAX, None)]);
    assert_eq!(
        looks[2..7],
        [
            (dora.clone(), 0, why("audit")),
            (anna.clone(), 0, why("audit")),
            (dora, 0, why("evidence")),
            (anna.clone(), u16::MAX, why("evidence")),
            (anna.clone(), 0, why("evidence")),
        ]
    );
    assert_eq!((looks.len(), &looks[7].0, looks[7].2.as_deref()), (8, &anna, Some("export")));
    assert!(looks[7].1 != 0 && looks[7].1 != u16::MAX, "which sections: all but who they are");
}

#[test]
fn a_look_at_what_was_sent_is_noted_and_a_message_that_is_no_referral_is_none() {
    let mut setting = Setting::new(173);
    setting.joins(HARBOUR);
    setting.update(THEN);
    let message = setting.node.send(&harbour(), &sample(), None).unwrap().message_id;
    let ping = setting.node.ping(&harbour()).unwrap();
    assert!(looks(&setting).is_empty(), "who sends has written it");

    setting.node.show(&message).unwrap();
    setting.node.show(&ping).unwrap();

    assert_eq!(looks(&setting).iter().map(|(_, sections, _)| *sections).collect::<Vec<_>>(), [u16::MAX]);
}

#[test]
fn a_post_that_goes_out_with_its_words_leaves_a_line_with_its_referral() {
    let mut setting = Setting::new(174);
    let mut partner = setting.joins(HARBOUR);
    setting.update(THEN);
    setting.receives(&mut partner, &back(std::str::from_utf8(&sample()).unwrap()));
    let id = setting.node.audit(&AuditAsked::default()).unwrap().cases.remove(0).id;
    let note = PostAsked { kind: "note".to_owned(), text: Some("A room is kept.".to_owned()), ..PostAsked::default() };
    setting.node.post(&id, &note).unwrap();
    let message = setting.node.posts(&id, None).unwrap().posts.remove(0).message_id;
    // It leaves, in an envelope for the partner.
    setting.world.update(&mut partner, setting.node.now());
    let (now, stock) = (setting.node.now(), RelayStock::default());
    let entropy = &mut setting.world.entropy;
    let batches = prekeys::refill(partner.vault.as_mut().unwrap(), &partner.identity, &stock, now, entropy).unwrap();
    let record = batches.into_iter().flatten().find(|record| record[6] == 2).unwrap();
    let held = setting.node.held_copy().unwrap();
    let node = &mut setting.node;
    let sealed = MessageId::from_hex(&message).unwrap();
    outbox::seal::seal(&mut node.vault, &node.identity, &held, &sealed, &record, now, entropy).unwrap();
    let before = looks(&setting).len();

    let bundle = setting.node.export(&message, true, None).unwrap().bundle;

    assert!(bundle.contains("\"opening\""));
    let (officer, sections, reason) = looks(&setting).remove(before);
    assert!(officer.is_some() && sections == u16::MAX && reason.as_deref() == Some("evidence"));
    assert_eq!(looks(&setting).len(), before + 1);
    // Without a referral here nothing could say who took it.
    setting.node.vault.db().execute_batch("DELETE FROM post; UPDATE referral SET referral = randomblob(16)").unwrap();
    assert_eq!(setting.node.export(&message, true, None).err().unwrap().code, "unknown-referral");
}

#[test]
fn who_looked_is_told_to_those_who_audit_by_person_referral_and_time_a_page_at_a_time() {
    let mut setting = Setting::new(175);
    let mut partner = setting.joins(HARBOUR);
    setting.update(THEN);
    setting.receives(&mut partner, &back(std::str::from_utf8(&sample()).unwrap()));
    let case = setting.node.audit(&AuditAsked::default()).unwrap().cases.remove(0);
    setting.node.add_person(&person("Anna", &["supervisor", "admin"], None)).ok().unwrap();
    setting.node.add_person(&person("Boris", &["caseworker", "intake"], Some("Anna"))).ok().unwrap();
    let by = |name: &str| LooksAsked { by: Some(name.to_owned()), ..LooksAsked::default() };
    for _look in 0..51 {
        setting.node.audit(&AuditAsked { by: Some("Anna".to_owned()), ..AuditAsked::default() }).unwrap();
    }

    assert_eq!(setting.node.looks(&by("Boris")).err().unwrap().code, "not-your-role");
    let first = setting.node.looks(&by("Anna")).unwrap();
    let second = setting.node.looks(&LooksAsked { after: first.next, ..by("Anna") }).unwrap();

    assert_eq!((first.lines.len(), second.lines.len(), second.next), (50, 2, None));
    let line = &first.lines[0];
    assert!(line.name == "Anna" && line.referral == case.id && line.agency == HARBOUR);
    assert!(line.sections.is_empty() && !line.whole && line.reason.as_deref() == Some("audit"));
    assert_eq!(second.lines[1].name, "", "who had the passphrase before anybody was recorded");
    let count = |setting: &mut Setting, asked: LooksAsked| setting.node.looks(&asked).unwrap().lines.len();
    let of = |name: &str| setting.node.acting(Some(name)).unwrap().pseudonym().to_hex();
    let (anna, boris, at) = (of("Anna"), of("Boris"), line.at);
    assert_eq!(count(&mut setting, LooksAsked { person: Some(anna), ..by("Anna") }), 50);
    assert_eq!(count(&mut setting, LooksAsked { person: Some(boris), ..by("Anna") }), 0);
    assert_eq!(count(&mut setting, LooksAsked { referral: Some(case.id[..8].to_owned()), ..by("Anna") }), 50);
    assert_eq!(count(&mut setting, LooksAsked { since: Some(at), until: Some(at + 1), ..by("Anna") }), 50);
    assert_eq!(count(&mut setting, LooksAsked { since: Some(at + 1), ..by("Anna") }), 0);
    assert_eq!(count(&mut setting, LooksAsked { until: Some(at), ..by("Anna") }), 0);
    let refused = |setting: &mut Setting, asked: LooksAsked| setting.node.looks(&asked).err().unwrap().code.clone();
    assert_eq!(
        refused(&mut setting, LooksAsked { referral: Some("ffffffff".to_owned()), ..by("Anna") }),
        "unknown-referral"
    );
    assert_eq!(refused(&mut setting, LooksAsked { person: Some("Anna".to_owned()), ..by("Anna") }), "usage");
}

#[test]
fn both_agencies_see_the_same_eight_words_of_one_key() {
    let mut setting = Setting::new(176);
    let partner = setting.joins(HARBOUR);
    setting.update(THEN);
    let own = setting.node.own_words("eng");
    let theirs = SafetyWords::of(&partner.identity.public()).as_words();

    let shown = setting.node.words_of(&harbour(), "eng").unwrap();

    assert!(shown.words == theirs && shown.words != own.words);
    assert_ne!(setting.node.words_of(&harbour(), "fra").unwrap().words, shown.words);
    assert_eq!((setting.node.own_words("ara").language, setting.node.own_words("ara").words), ("eng", own.words));
    assert_eq!(setting.node.words_of(&"xa.nobody".parse().unwrap(), "eng").err().unwrap().code, "unknown-agency");
}

/// What the auditor's sums are made of: a referral that Anna has sent, and one that came and that she has opened.
fn worked(seed: u64) -> (Setting, String) {
    use crate::api::cases::{ListAsked, OpenAsked};
    let mut setting = Setting::new(seed);
    let mut partner = setting.joins(HARBOUR);
    setting.update(THEN);
    setting.node.add_person(&person("Anna", &["caseworker", "supervisor", "admin"], None)).ok().unwrap();
    setting.node.add_person(&person("Dora", &["auditor"], Some("Anna"))).ok().unwrap();
    setting.node.add_person(&person("Clara", &["intake"], Some("Anna"))).ok().unwrap();
    setting.receives(&mut partner, &back(std::str::from_utf8(&sample()).unwrap()));
    let id = setting.node.referrals(&ListAsked::default()).unwrap().referrals.remove(0).id;
    let opened = OpenAsked { by: Some("Anna".to_owned()), ..OpenAsked::default() };
    setting.node.open_referral(&id, &opened).unwrap();
    setting.node.export(&id, false, Some("Dora")).unwrap();
    let mut other: serde_json::Value = serde_json::from_slice(&sample()).unwrap();
    other["header"]["referral_id"] = "1f0c2a44-6b1e-4a0f-9c57-00000000abcd".into();
    setting.node.send_by(&harbour(), other.to_string().as_bytes(), None, Some("Anna")).unwrap();
    (setting, id)
}

fn sum(sums: &[(&'static str, u64)], code: &str) -> u64 {
    sums.iter().find(|(one, _)| *one == code).unwrap().1
}

#[test]
fn an_auditors_sums_name_nobody_leave_no_line_and_are_of_their_time() {
    let (mut setting, _id) = worked(175);
    let by = |name: &str| AuditAsked { by: Some(name.to_owned()), ..AuditAsked::default() };
    let of = |setting: &Setting, name: &str| Some(setting.node.acting(Some(name)).unwrap().pseudonym().to_hex());
    let (anna, dora) = (of(&setting, "Anna"), of(&setting, "Dora"));
    let before = looks(&setting);

    let sums = setting.node.audit_sums(&by("Dora")).unwrap();

    assert_eq!((sum(&sums.received, "in-time"), sums.received.iter().map(|(_, count)| count).sum::<u64>()), (1, 1));
    assert_eq!(sums.sent.iter().map(|(_, count)| count).sum::<u64>(), 0, "what waits here was not sent yet");
    setting.node.vault.db().execute("UPDATE referral SET state = 'delivered' WHERE side = 1", []).unwrap();
    assert_eq!(sum(&setting.node.audit_sums(&by("Dora")).unwrap().sent, "waiting"), 1);
    let anna_looked = sums.people.iter().find(|one| one.person == anna).unwrap();
    assert_eq!((anna_looked.content, anna_looked.acts, anna_looked.works), (1, 0, true));
    assert_eq!(anna_looked.roles, ["caseworker", "supervisor", "admin"]);
    let dora_looked = sums.people.iter().find(|one| one.person == dora).unwrap();
    assert_eq!((dora_looked.content, dora_looked.acts, dora_looked.outside), (0, 1, 0));
    assert_eq!((sum(&sums.files, "evidence"), sum(&sums.files, "export"), sum(&sums.files, "audit")), (1, 0, 0));
    assert!(!sums.has_hours && sums.with_reason == 0 && sums.released == 0);
    assert_eq!(looks(&setting), before, "who reads sums has looked at no referral");
    let later = AuditAsked { since: Some(setting.node.now().0 + 1), ..by("Dora") };
    let later = setting.node.audit_sums(&later).unwrap();
    assert!(later.people.is_empty() && later.received.iter().all(|(_, count)| *count == 0));
    assert_eq!(setting.node.audit_sums(&by("Clara")).err().unwrap().code, "not-your-role");
    assert_eq!(setting.node.audit_verified(&by("Clara")).err().unwrap().code, "not-your-role");
    assert_eq!(setting.node.audit_partners(Some("Clara")).err().unwrap().code, "not-your-role");
}

#[test]
fn looks_outside_the_hours_of_the_agency_are_counted_and_reasons_of_supervisors_too() {
    use safeconduct_certs::directory::hours::Hours;
    let (setting, _id) = worked(176);
    let db = setting.node.vault.db();
    // THEN is a Monday at noon in UTC.
    let night = i64::try_from(THEN.0 + 12 * 3_600).unwrap();
    db.execute("INSERT INTO view_log (referral, at, sections, reason) SELECT referral, ?1, 3, 'the person asked' FROM view_log LIMIT 1", [night])
        .unwrap();
    let open: Hours = serde_json::from_str(r#"{"zone": "Etc/UTC", "open": ["Mon-Fri 09:00-17:00"]}"#).unwrap();
    let always: Hours = serde_json::from_str(r#""24/7""#).unwrap();

    let seen = setting.node.looks_summed((0, i64::MAX), Some(&open)).unwrap();
    let outside: Vec<(bool, u64)> = seen.people.iter().map(|one| (one.person.is_some(), one.outside)).collect();

    assert_eq!(outside.iter().filter(|(named, count)| *named && *count == 0).count(), 2, "{outside:?}");
    assert!(outside.contains(&(false, 1)) && seen.with_reason == 1);
    for hours in [None, Some(&always)] {
        assert!(setting.node.looks_summed((0, i64::MAX), hours).unwrap().people.iter().all(|one| one.outside == 0));
    }
}

#[test]
fn an_auditor_sees_what_is_overdue_not_reviewed_or_harmed() {
    use crate::referral::codes::Basis;
    let (mut setting, _id) = worked(177);
    let by = || AuditAsked { by: Some("Dora".to_owned()), ..AuditAsked::default() };
    let calm = setting.node.audit_sums(&by()).unwrap();
    assert_eq!((calm.overrides.used, calm.erasures), (0, Erasures::default()));
    let verified = setting.node.audit_verified(&by()).unwrap();
    assert!(verified.referrals == 2 && verified.holds >= 3 && verified.fails == 0 && verified.next.is_none());
    let partners = setting.node.audit_partners(Some("Dora")).unwrap();
    let chain = setting.node.audit_chain(&partners[0], Some("Dora")).unwrap();
    assert!(partners.len() == 1 && chain.agency == HARBOUR && chain.entries.is_some_and(|entries| entries > 0));

    let db = setting.node.vault.db();
    let vital = Basis::ALL.iter().position(|basis| *basis == Basis::VitalInterest).unwrap();
    db.execute(
        "UPDATE referral SET bases = 1 << ?1, state = 'delivered' WHERE side = 1",
        [i64::try_from(vital).unwrap()],
    )
    .unwrap();
    db.execute("UPDATE referral SET erase_by = 5 WHERE side = 1", []).unwrap();
    db.execute("UPDATE referral SET hold = 'law', erase_by = 5 WHERE side = 2", []).unwrap();
    db.execute("UPDATE inbox SET signature = zeroblob(64)", []).unwrap();
    db.execute("UPDATE evidence SET entry = zeroblob(16) WHERE place = 1", []).unwrap();

    let sums = setting.node.audit_sums(&by()).unwrap();
    assert_eq!((sums.overrides.used, sums.overrides.told, sums.overrides.reviewed), (1, 0, 0));
    assert_eq!((sums.erasures.overdue, sums.erasures.held), (1, 1), "what the law keeps is not overdue");
    let verified = setting.node.audit_verified(&by()).unwrap();
    assert!(
        verified.fails == 1
            && verified.cautions.contains_key("unverified")
            && verified.cautions.contains_key("override")
    );
    assert!(setting.node.audit_chain(&partners[0], Some("Dora")).unwrap().entries.is_none());
}
