//! What a consent that has ended takes from sight at the agency that was asked, and what it keeps from leaving.

use super::*;
use crate::api::{
    cases::{ActAsked, ListAsked, OpenAsked},
    posts::PostAsked,
};
use crate::{
    daemon::Named,
    programs::answers::{self, Before, Keyed},
};

#[test]
fn after_its_end_no_words_are_shown_and_none_that_waited_leave() {
    let mut setting = Setting::new(870);
    let mut partner = setting.joins(HARBOUR);
    setting.update(THEN);
    let sample = SAMPLE
        .replace(r#""role": "Helpline""#, r#""role": "NgoShelter""#)
        .replace("2026-07-01T01:05:00Z", "2026-06-04T12:00:00Z");
    setting.receives(&mut partner, &back(&sample));
    let id = setting.node.referrals(&ListAsked::default()).unwrap().referrals[0].id.clone();
    setting.node.open_referral(&id, &OpenAsked::default()).unwrap();
    let ask = ActAsked {
        event: "InfoRequested".to_owned(),
        text: Some("Which languages?".to_owned()),
        ..ActAsked::default()
    };
    setting.node.act(&id, &ask).unwrap();
    let post = |section: &str| PostAsked {
        kind: "note".to_owned(),
        section: Some(section.to_owned()),
        text: Some("We have a quiet room.".to_owned()),
        ..PostAsked::default()
    };
    setting.node.post(&id, &post("Identity")).unwrap();
    setting.node.post(&id, &post("Enquiry")).unwrap();
    let said = |setting: &mut Setting| -> Vec<bool> {
        let posts = setting.node.posts(&id, None).unwrap().posts;
        posts.iter().map(|post| post.text.is_some()).collect()
    };
    let asked = |setting: &mut Setting| -> bool {
        let shown = setting.node.referral(&id, None).unwrap();
        let of = |line: &crate::api::cases::LogLine| line.details.as_ref().is_some_and(|one| one.get("text").is_some());
        shown.log.iter().any(of)
    };
    let messages: Vec<String> =
        setting.node.posts(&id, None).unwrap().posts.iter().map(|post| post.message_id.clone()).collect();
    assert!(said(&mut setting) == [true, true] && asked(&mut setting));
    assert!(setting.node.export(&id, true, None).is_ok());

    // This machine's clock alone decides what is shown, and nothing that cannot be taken back.
    let end = THEN.after(3 * 86_400);
    setting.clock.0.store(end.0, Ordering::Relaxed);
    assert!(said(&mut setting) == [false, true] && !asked(&mut setting));
    setting.node.due(None, 9, &std::collections::BTreeSet::new()).unwrap();
    let line = setting.line(&messages[0]);
    assert_eq!((line.state.as_str(), line.last_error.as_deref()), ("queued", Some("clock-unsure")));
    assert!(line.says.unwrap().contains("this machine's clock") && line.remedy.unwrap().contains("NTP"));

    assert!(setting.node.export(&id, false, None).is_ok());
    assert_eq!(setting.node.export(&id, true, None).err().unwrap().code, "consent-expired");

    let keyed = Keyed { token: [1; 16], key: [2; 32], request: [3; 32] };
    let db = setting.node.vault.db();
    db.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
    let handle = crate::casework::store::row::Row::at(db, 1).unwrap().handle;
    answers::begin(db, &keyed, Some(handle), end).unwrap();
    answers::end(db, &keyed, 200, b"what only the consent covered").unwrap();
    db.execute_batch("PRAGMA foreign_keys = ON").unwrap();

    setting.update(end.after(3600));
    setting.node.keep_cases().unwrap();
    let again = answers::begin(setting.node.vault.db(), &keyed, Some(handle), end).unwrap();
    assert!(matches!(again, Before::Unknown), "the answer is gone, and nothing is done twice");
    setting.node.due(None, 9, &std::collections::BTreeSet::new()).unwrap();
    let line = setting.line(&messages[0]);
    assert!(line.state == "failed" && line.says.unwrap().contains("consent ended before it left"));
    assert_eq!(setting.line(&messages[1]).state, "queued", "what needs no consent goes on");
}

#[test]
fn where_the_person_is_a_consent_can_be_taken_back_too() {
    let mut setting = Setting::new(871);
    let mut partner = setting.joins(HARBOUR);
    setting.update(THEN);
    setting.receives(&mut partner, &back(std::str::from_utf8(&sample()).unwrap()));
    let id = setting.node.referrals(&ListAsked::default()).unwrap().referrals[0].id.clone();
    setting.node.open_referral(&id, &OpenAsked::default()).unwrap();

    let reached = setting.node.withdraw_consent("da1eaf69-87a1-409d-8aae-4044885e3586", None).unwrap().reached;

    assert_eq!((reached.len(), reached[0].id.as_str(), reached[0].whole), (1, id.as_str(), false));
    assert!(reached[0].here, "the words say that it is erased here, and not there");
    let asked = OpenAsked { names: true, ..OpenAsked::default() };
    let shown = setting.node.open_referral(&id, &asked).unwrap().referral.unwrap();
    assert!(shown.get("identity").is_none() && shown.get("summary").is_none());
    let again = setting.node.withdraw_consent("da1eaf69-87a1-409d-8aae-4044885e3586", None).err().unwrap();
    assert_eq!(again.code, "unknown-consent");
}

#[test]
fn a_kept_answer_about_a_document_goes_with_its_referral() {
    let mut setting = Setting::new(873);
    let mut partner = setting.joins(HARBOUR);
    setting.update(THEN);
    setting.receives(&mut partner, &back(std::str::from_utf8(&sample()).unwrap()));
    let id = setting.node.referrals(&ListAsked::default()).unwrap().referrals[0].id.clone();
    setting.node.open_referral(&id, &OpenAsked::default()).unwrap();
    let db = setting.node.vault.db();
    db.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
    let document = "INSERT INTO document (handle, direction, partner, referral, attachment, post, place, section, title, media_type, relay,
        length, salt, salted, cipher, file, state, try_at, at)
        SELECT x'0a1b0a1b0a1b0a1b0a1b0a1b0a1b0a1b', 2, partner, referral, zeroblob(16), zeroblob(16), 0, 'Health', 'A title', 'text/plain',
        x'', 1, zeroblob(32), zeroblob(32), zeroblob(32), 'a', 'gone', 0, 0 FROM referral";
    assert_eq!(db.execute(document, []).unwrap(), 1);
    let keyed = Keyed { token: [1; 16], key: [2; 32], request: [3; 32] };
    let about = Named::Document("0a1b0a1b0a1b0a1b0a1b0a1b0a1b0a1b".to_owned());
    assert!(matches!(setting.node.begin_answer(&keyed, Some(&about)).unwrap(), Before::New));
    setting.node.end_answer(&keyed, Some((200, b"A title"))).unwrap();
    assert!(matches!(setting.node.begin_answer(&keyed, Some(&about)).unwrap(), Before::Answered(200, _)));

    setting.node.withdraw_consent("da1eaf69-87a1-409d-8aae-4044885e3586", None).unwrap();

    assert!(matches!(setting.node.begin_answer(&keyed, Some(&about)).unwrap(), Before::Unknown));
}
