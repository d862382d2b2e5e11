//! Evidence of messages and of whole referrals, through the verbs.

use super::*;
use crate::{api::cases::ListAsked, daemon::verified_evidence};

#[test]
fn a_referral_is_exported_by_its_id_and_a_message_by_its_own_and_both_are_verified() {
    let mut setting = Setting::new(180);
    let mut partner = setting.joins(HARBOUR);
    setting.update(THEN);
    setting.receives(&mut partner, &back(std::str::from_utf8(&sample()).unwrap()));
    let line = setting.node.referrals(&ListAsked::default()).unwrap().referrals.remove(0);
    let listed = setting.node.evidence_list(Some(&line.id), None).unwrap().items;
    assert_eq!(listed.iter().map(|item| item.of.as_str()).collect::<Vec<_>>(), ["referral", "message"]);

    let of = |setting: &mut Setting, id: &str| setting.node.export(id, false, None).unwrap().bundle;
    let (whole, message) = (of(&mut setting, &line.id), of(&mut setting, &listed[1].id));

    assert!(whole.contains("safeconduct.case/1") && message.contains("safeconduct.evidence/1"));
    assert_eq!(of(&mut setting, &line.referral_id), whole, "by the id that both agencies know");
    assert_eq!(of(&mut setting, &line.id[..8]), whole);
    for file in [&whole, &message] {
        let verified = verified_evidence(file.as_bytes(), None, None).unwrap();
        assert!(verified.verified && verified.proven.iter().any(|text| text.starts_with("the sender's node signed")));
    }
    assert!(verified_evidence(whole.replace("\"events\"", "\"acts\"").as_bytes(), None, None).is_err());
    assert_eq!(setting.node.export("00000000", false, None).err().unwrap().code, "unknown-message");
    let all = setting.node.evidence_list(None, None).unwrap();
    assert_eq!((all.items.len(), all.next), (1, None));
    assert_eq!(all.items[0].id, line.id);
}

#[test]
fn what_the_page_shows_of_evidence_is_judged_now_and_what_was_harmed_proves_nothing() {
    use super::people::person;
    use crate::daemon::FileNow;
    let mut setting = Setting::new(181);
    let mut partner = setting.joins(HARBOUR);
    setting.update(THEN);
    setting.receives(&mut partner, &back(std::str::from_utf8(&sample()).unwrap()));
    let id = setting.node.referrals(&ListAsked::default()).unwrap().referrals.remove(0).id;

    let shown = setting.node.evidence_shown(&id, None).unwrap();

    assert!(matches!(shown.file, FileNow::Holds(proven) if proven > 2) && !shown.is_sent && shown.with_content);
    assert!(shown.case.lines.iter().all(|line| line.holds == "verified"));
    let known = verified_evidence(
        setting.node.export(&id, false, None).unwrap().bundle.as_bytes(),
        Some(&shown.fingerprint),
        None,
    );
    assert!(known.unwrap().proven.iter().any(|text| text.starts_with("the authority is the one that you know")));

    setting.node.add_person(&person("Anna", &["caseworker", "admin"], None)).ok().unwrap();
    setting.node.add_person(&person("Dora", &["supervisor"], Some("Anna"))).ok().unwrap();
    assert!(!setting.node.evidence_shown(&id, Some("Anna")).unwrap().with_content);
    assert_eq!(setting.node.export(&id, true, Some("Anna")).err().unwrap().code, "not-your-role");
    assert_eq!(setting.node.evidence_shown(&id, None).err().unwrap().code, "person-missing");

    let db = setting.node.vault.db();
    db.execute("UPDATE inbox SET content = NULL", []).unwrap();
    assert!(!setting.node.evidence_shown(&id, Some("Dora")).unwrap().with_content, "it is erased");
    setting.node.vault.db().execute("UPDATE inbox SET signature = zeroblob(64)", []).unwrap();
    let harmed = setting.node.evidence_shown(&id, Some("Dora")).unwrap();
    assert!(matches!(harmed.file, FileNow::Fails(told) if told.code == "evidence-invalid"));
    assert!(harmed.case.lines.iter().any(|line| line.act == "revision 1" && line.holds == "does not verify"));
    assert!(harmed.case.cautions.iter().any(|caution| caution.kind == "unverified"));
}
