//! The auditor's report, through the verbs.

use super::{people::person, *};
use crate::api::audit::{AuditAsked, PAGE_CASES_MAX};

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
