//! What came and what was sent, a page at a time.

use super::*;
use crate::api::{
    page::Page,
    shapes::{Inbox, Status},
};

fn page(after: Option<&str>, limit: &str) -> Page {
    Page::of(after, Some(limit)).unwrap()
}

#[test]
fn every_page_of_what_was_sent_follows_the_one_before_and_nothing_is_left_out() {
    let mut setting = Setting::new(870);
    setting.joins(HARBOUR);
    setting.update(THEN);
    let sent: Vec<String> = (0..7)
        .map(|key| setting.node.send(&harbour(), &sample(), Some(&format!("key {key}"))).unwrap().message_id)
        .collect();
    // The oldest waits; of the others nothing is to be done any more.
    for message in sent.iter().skip(1) {
        setting.sql("UPDATE outbox SET state = 'delivered' WHERE message = ?1", message);
    }
    let ids = |status: &Status| status.messages.iter().map(|line| line.message_id.clone()).collect::<Vec<_>>();

    let first = setting.node.status_page(None, page(None, "3")).unwrap();
    let second = setting.node.status_page(None, page(first.next.as_deref(), "3")).unwrap();
    let third = setting.node.status_page(None, page(second.next.as_deref(), "3")).unwrap();

    let of = |places: &[usize]| places.iter().map(|at| sent[*at].clone()).collect::<Vec<_>>();
    assert_eq!(ids(&first), of(&[6, 5, 4, 0]), "the newest, and what waits");
    assert_eq!(ids(&second), of(&[3, 2, 1]));
    assert_eq!((ids(&third), third.next), (of(&[0]), None));
    let whole = setting.node.status(None).unwrap();
    assert_eq!((whole.messages.len(), whole.next), (7, None));
    // Exactly full is not more.
    let full = setting.node.status_page(None, page(None, "7")).unwrap();
    assert_eq!((full.messages.len(), full.next), (7, None));
    let one = setting.node.status(Some(&sent[3])).unwrap();
    assert_eq!((ids(&one), one.next), (of(&[3]), None));
}

#[test]
fn every_page_of_what_came_follows_the_one_before_and_what_was_refused_stands_on_the_first() {
    let mut setting = Setting::new(872);
    let mut shelter = setting.joins(HARBOUR);
    setting.update(THEN);
    setting.receives(&mut shelter, &back(SAMPLE));
    for place in 0..5 {
        let id = format!("17dbf0fa-850a-4120-86cf-88253a81630{place}");
        let text = String::from_utf8(sample()).unwrap().replace("17dbf0fa-850a-4120-86cf-88253a8163c8", &id);
        setting.receives(&mut shelter, &back(&text));
    }
    let ids = |inbox: &Inbox| inbox.messages.iter().map(|line| line.referral_id.clone()).collect::<Vec<_>>();

    let first = setting.node.inbox_page(page(None, "2")).unwrap();
    let second = setting.node.inbox_page(page(first.next.as_deref(), "2")).unwrap();
    let third = setting.node.inbox_page(page(second.next.as_deref(), "2")).unwrap();

    let whole = setting.node.inbox().unwrap();
    assert_eq!([ids(&first), ids(&second), ids(&third)].concat(), ids(&whole));
    assert_eq!((whole.messages.len(), whole.more, whole.next), (5, false, None));
    assert_eq!((first.messages.len(), first.more, third.messages.len(), third.more), (2, true, 1, false));
    assert_eq!((first.refused.len(), second.refused.len()), (1, 0));
}

#[test]
fn a_page_reads_its_own_rows_and_no_more() {
    let setting = Setting::new(871);
    let db = setting.node.vault.db();
    for (table, index, shown) in [
        ("inbox", "inbox_shown", "kind = 1 AND (state = 'new' OR state = 'read')"),
        ("outbox", "outbox_referrals", "kind = 1"),
    ] {
        let page = format!("{shown} AND place < 9 ORDER BY place DESC LIMIT 2 OFFSET 2");
        let steps = testing::plan(db, &format!("SELECT place FROM {table} INDEXED BY {index} WHERE {page}"));
        assert!(steps.iter().all(|step| step.starts_with("SEARCH") && !step.contains("TEMP")), "{steps:?}");
    }
}
