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
