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
