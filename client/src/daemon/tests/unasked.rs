//! What goes without the person's own consent, and what is owed to the person for it.

use serde_json::json;

use super::{
    people::{changed, to_police},
    *,
};
use crate::{
    api::cases::{ActAsked, ListAsked},
    casework::details::OverrideSaid,
    daemon::{MayWithout, UnaskedShown},
};

fn act(event: &str, said: OverrideSaid, by: &str) -> ActAsked {
    ActAsked { event: event.to_owned(), override_said: Some(said), by: Some(by.to_owned()), ..ActAsked::default() }
}

#[test]
fn what_is_owed_to_a_person_who_was_not_asked_is_offered_to_whom_it_is_for() {
    let mut setting = Setting::peopled(870);
    let rescued = changed(
        &to_police(),
        &[
            ("/header/to", json!({"agency_id": HARBOUR, "role": "NgoShelter", "country": "XA"})),
            ("/consents/0/recipient_roles", json!(["NgoShelter"])),
            ("/consents/0/recipient_agency_ids", json!([HARBOUR])),
        ],
    );
    let message = setting.node.send_by(&harbour(), &rescued, None, Some("Anna")).unwrap().message_id;
    let sql =
        "UPDATE outbox SET state = 'delivered', accepted_at = queued_at, delivered_at = queued_at WHERE message = ?1";
    setting.sql(sql, &message);
    setting.node.follow_message(&MessageId::from_hex(&message).unwrap()).unwrap();
    let id = setting.node.referrals(&ListAsked::default()).unwrap().referrals.remove(0).id;
    let of =
        |setting: &mut Setting, by: &str| -> UnaskedShown { setting.node.unasked(&id, Some(by)).unwrap().remove(0) };

    let (anna, boris) = (of(&mut setting, "Anna"), of(&mut setting, "Boris"));
    assert_eq!((anna.basis, anna.notice_by.is_some(), anna.review_by.is_some()), ("VitalInterest", true, true));
    assert!(anna.may_tell && !anna.may_review, "who sent it does not review it");
    assert!(boris.may_review, "a supervisor who did not");
    let clara = of(&mut setting, "Clara");
    assert!(!clara.may_tell && !clara.may_review, "neither is for the intake");

    let consent = anna.consent;
    let said = |told_on: Option<&str>, verdict: Option<&str>| OverrideSaid {
        consent_id: consent.clone(),
        told_on: told_on.map(str::to_owned),
        verdict: verdict.map(str::to_owned),
    };
    let tomorrow = setting.node.act(&id, &act("OverrideNotice", said(Some("2026-06-02"), None), "Anna"));
    assert_eq!(tomorrow.err().unwrap().code, "in-future");
    setting.node.act(&id, &act("OverrideNotice", said(Some("2026-06-01"), None), "Anna")).ok().unwrap();
    setting.node.act(&id, &act("OverrideReviewed", said(None, Some("not-upheld")), "Boris")).ok().unwrap();
    for by in ["Anna", "Boris"] {
        let done = of(&mut setting, by);
        assert_eq!((done.told_on.as_deref(), done.verdict.as_deref()), (Some("2026-06-01"), Some("not-upheld")));
        assert_eq!((done.notice_by, done.review_by, done.may_tell, done.may_review), (None, None, false, false));
    }
}

#[test]
fn what_may_go_without_consent_is_said_of_a_draft_for_its_agency() {
    let mut setting = Setting::peopled(871);
    let draft = setting.node.new_draft(&to_police(), None, Some("Anna")).unwrap().line.draft;
    let may: MayWithout = setting.node.may_without(&draft, Some("Anna")).unwrap();
    assert!(may.may && may.rescues && may.duties.is_empty());
    assert_eq!((may.level_max, may.notice_hours, may.only.contains(&"SafetyPlanning")), (2, 72, true));

    let nobody = changed(&to_police(), &[("/header/to", json!(null))]);
    let draft = setting.node.new_draft(&nobody, None, Some("Anna")).unwrap().line.draft;
    let may = setting.node.may_without(&draft, Some("Anna")).unwrap();
    assert!(!may.may && !may.rescues, "nobody is chosen yet");
}
