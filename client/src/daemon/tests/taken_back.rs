//! What takes something back from an agency abroad whose authority is not recognised any more.

use std::collections::BTreeSet;

use safeconduct_protocol::time::DAY_S;

use super::{
    abroad::{ABROAD, Abroad},
    *,
};
use crate::{api::cases::ListAsked, daemon::work::Work};

const CONSENT: &str = "da1eaf69-87a1-409d-8aae-4044885e3586";

/// A referral at an agency abroad whose consent was taken back as the recognition had ended; the messages of the referral and of that.
fn taken_back(seed: u64) -> (Setting, Abroad, [String; 2]) {
    let (mut setting, mut abroad) = (Setting::new(seed), Abroad::new(seed + 1));
    let there = abroad.joins(ABROAD);
    setting.recognises_until(&abroad, THEN.after(1000));
    setting.update(THEN);
    setting.follows(&abroad, THEN);
    let to = ABROAD.parse().unwrap();
    let text = String::from_utf8(sample()).unwrap().replace(HARBOUR, ABROAD);
    let (before, to_end) = text.split_once(r#""to": {"#).unwrap();
    let bytes = format!(r#"{before}"to": {{{}"#, to_end.replacen("XA", "XB", 1)).into_bytes();
    let sent = setting.node.send(&to, &bytes, Some("key")).unwrap().message_id;
    setting.sql("UPDATE outbox SET state = 'relay-accepted', accepted_at = queued_at WHERE message = ?1", &sent);
    setting.node.follow_message(&MessageId::from_hex(&sent).unwrap()).unwrap();
    setting.update(THEN.after(1000));
    assert_eq!(setting.node.withdraw_consent(CONSENT, None).unwrap().reached.len(), 1);
    let word: [u8; 16] = setting
        .node
        .vault
        .db()
        .query_row("SELECT message FROM outbox WHERE kind = 5 AND recipient = ?1", [there.as_bytes()], |row| row.get(0))
        .unwrap();
    (setting, abroad, [sent, MessageId::from_bytes(word).to_hex()])
}

fn news(setting: &mut Setting) -> Vec<String> {
    setting.node.referrals(&ListAsked::default()).unwrap().referrals.remove(0).news
}

#[test]
fn what_is_taken_back_abroad_waits_for_the_recognition_and_other_words_are_given_up() {
    let (mut setting, abroad, [_, word]) = taken_back(880);
    let message = MessageId::from_hex(&word).unwrap();
    let (to, there, now) = (ABROAD.parse().unwrap(), outbox_recipient(&setting, &word), setting.node.now());
    let other = outbox::queue_ping(&mut setting.node.vault, there, &to, now, &mut setting.world.entropy);
    let other = other.unwrap().to_hex();

    // No session is opened to find that out.
    setting.node.has_settled_in();
    assert!(setting.node.away().unwrap().is_empty());

    let line = setting.line(&word);
    assert_eq!((line.state.as_str(), line.last_error.as_deref()), ("queued", Some("recognition-ended")));
    assert!(line.says.unwrap().contains("it waits, and goes when it is") && line.remedy.unwrap().contains("phone"));
    let line = setting.line(&other);
    assert_eq!((line.state.as_str(), line.last_error.as_deref()), ("failed", Some("not-agreed")));

    // Told once.
    assert_eq!(news(&mut setting), ["recognition-ended"]);
    crate::casework::store::row::Row::seen(setting.node.vault.db(), 1).unwrap();
    assert!(news(&mut setting).is_empty());
    setting.update(THEN.after(3000));
    assert!(!setting.node.may_still_leave(&message).unwrap());
    assert!(news(&mut setting).is_empty());

    // Overdue, it says what it waits for.
    setting.update(THEN.after(1000 + 2 * DAY_S));
    setting.node.housekeep().unwrap();
    let alarms = setting.node.status(None).unwrap().alarms;
    let waits = |alarm: &&String| alarm.contains(" waits: ") && alarm.contains("not recognised now");
    assert_eq!(alarms.iter().filter(waits).count(), 1, "{alarms:?}");

    setting.recognises(&abroad);
    setting.update(THEN.after(1000 + 3 * DAY_S));
    setting.follows(&abroad, THEN.after(1000 + 3 * DAY_S));
    assert!(setting.node.may_still_leave(&message).unwrap());
    let relay = setting.node.held_copy().unwrap().home(&outbox_recipient(&setting, &word)).unwrap();
    let due = setting.node.due(Some(relay), 9, &BTreeSet::new()).unwrap();
    assert!(due.iter().any(|work| matches!(work, Work::Fetch { message: of, .. } if *of == message)));
}

#[test]
fn what_is_taken_back_abroad_waits_no_longer_than_any_message() {
    let (mut setting, _abroad, [_, word]) = taken_back(882);
    setting.update(THEN.after(1000 + outbox::ending::UNSENT_MAX_S + 1));
    setting.node.housekeep().unwrap();

    let line = setting.line(&word);

    assert_eq!((line.state.as_str(), line.last_error.as_deref()), ("failed", Some("out-of-time")));
    assert!(setting.node.status(None).unwrap().alarms.iter().any(|alarm| alarm.contains("has failed")));
}

fn outbox_recipient(setting: &Setting, message: &str) -> NodeId {
    outbox::find(&setting.node.vault, &MessageId::from_hex(message).unwrap()).unwrap().unwrap().recipient
}
