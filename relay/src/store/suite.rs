//! The contract of [`Store`] and [`View`] as tests, one function a promise, for any engine.
//!
//! An engine is given as a function that opens the data in a directory. Every promise about durability drops the
//! store without closing it properly where the engine lets it, and opens the data again.

use std::path::Path;

use safeconduct_protocol::{
    frame::SlotItemKind,
    id::{EnvelopeDigest, InviteId, MailboxId, NodeId, PrekeyId, SlotId},
    limits::{PREKEY_STOCK_TARGET, SIGNED_PREKEYS_KEPT, SLOT_ITEMS_MAX},
    receipt::head::HeadPlace,
    time::{DAY_S, Day, Timestamp},
};

use super::{
    Change, Deposit, Deposited, Enrolment, Handed, Outcome, Place, PrekeyEntry, Publication, Published, Stock, Store,
    StoredLeaf, View,
};
use crate::limits::{CHANGE_KEPT_DAYS, FOREIGN_BYTES_MAX, FOREIGN_LEAVES_MAX};

pub(crate) type Open = fn(&Path) -> Box<dyn Store>;
type Promise = fn(&Path, Open);

pub(crate) fn day(day: u32) -> Day {
    Day(20_000 + day)
}

fn noon(of: u32) -> Timestamp {
    Timestamp(u64::from(day(of).0) * DAY_S + DAY_S / 2)
}

pub(crate) fn mailbox(n: u8) -> MailboxId {
    MailboxId::from_bytes([n; 16])
}

fn digest(n: u8) -> EnvelopeDigest {
    EnvelopeDigest::from_bytes([n; 32])
}

/// Bytes with the status slot where an envelope has it.
fn envelope(n: u8, status: SlotId) -> Vec<u8> {
    let mut bytes = vec![n; 16_384];
    bytes[40..56].copy_from_slice(status.as_bytes());
    bytes
}

fn slot(n: u8) -> SlotId {
    SlotId::from_bytes([n; 16])
}

/// Envelope `n` to mailbox `to`, with status slot `n` + 100.
pub(crate) fn deposit(to: u8, n: u8, expiry: u32) -> Deposit {
    Deposit {
        place: Place::Mailbox(mailbox(to)),
        digest: digest(n),
        expiry: Day(expiry),
        hour: 0,
        bytes: envelope(n, slot(n.wrapping_add(100))),
    }
}

fn one(store: &mut dyn Store, change: Change) -> Outcome {
    store.commit(&[change]).unwrap().pop().unwrap()
}

fn put(store: &mut dyn Store, deposit: Deposit) -> Deposited {
    let Outcome::Deposit(outcome) = one(store, Change::Deposit(deposit)) else { panic!() };
    outcome
}

fn settle(of: u8, n: u8, nack: Option<&[u8]>) -> Change {
    Change::Settle { mailbox: mailbox(of), digest: digest(n), nack: nack.map(<[u8]>::to_vec), keep_until: day(40) }
}

fn waiting(store: &dyn Store, of: u8) -> Vec<u8> {
    let found = store.view().unwrap().deliverable(mailbox(of), 0, 1000).unwrap();
    found.iter().map(|envelope| envelope.bytes[0]).collect()
}

/// Every promise, each in a directory of its own.
pub(crate) fn run(open: Open) {
    let promises: [(&str, Promise); 20] = [
        ("what was committed is there after a restart", committed_survives),
        ("a mailbox is read oldest first, in pages", oldest_first),
        ("the same envelope is stored once", stored_once),
        ("a digest is known after collection, until its day", known_after_collection),
        ("only the mailbox that holds an envelope settles it", only_its_mailbox),
        ("a nack is filed in the status slot", nack_is_filed),
        ("a slot holds eight envelopes and still takes a nack", slot_is_bounded),
        ("dropped items are gone, and seqs are not used again", dropped),
        ("an expired envelope leaves a notice", expires),
        ("an expired digest may come again", expired_digest_is_forgotten),
        ("a one-time prekey is handed out once", handed_out_once),
        ("signed prekeys: the newest, three kept", signed_prekeys),
        ("a higher epoch drops the lower one", epochs),
        ("the stock is bounded", stock_is_bounded),
        ("the registry grows without gap", registry),
        ("a recognised authority's log grows without gap, beside the others", foreign_logs),
        ("one request for an invitation", enrolment),
        ("one request for a change of each node", change_requests),
        ("usage counts what waits", usage),
        ("a node's head is replaced by a newer one alone", node_heads),
    ];
    for (name, promise) in promises {
        let data = tempfile::tempdir().unwrap();
        let kept = std::panic::catch_unwind(|| promise(data.path(), open));
        assert!(kept.is_ok(), "the promise is broken: {name}");
    }
}

fn committed_survives(data: &Path, open: Open) {
    let mut store = open(data);
    let batch: Vec<_> = (0..50).map(|n| Change::Deposit(deposit(1, n, day(5).0))).collect();
    assert!(store.commit(&batch).unwrap().iter().all(|o| *o == Outcome::Deposit(Deposited::Stored)));
    drop(store);

    assert_eq!(waiting(open(data).as_ref(), 1), (0..50).collect::<Vec<_>>());
}

fn oldest_first(data: &Path, open: Open) {
    let mut store = open(data);
    for n in [3, 1, 2, 9] {
        put(store.as_mut(), deposit(1, n, day(5).0));
        put(store.as_mut(), deposit(2, n + 50, day(5).0));
    }
    let view = store.view().unwrap();

    let first = view.deliverable(mailbox(1), 0, 3).unwrap();
    let rest = view.deliverable(mailbox(1), first[2].seq, 3).unwrap();

    assert_eq!(first.iter().map(|e| e.bytes[0]).collect::<Vec<_>>(), [3, 1, 2]);
    assert_eq!(rest.iter().map(|e| e.bytes[0]).collect::<Vec<_>>(), [9]);
    assert_eq!(first[0].bytes, envelope(3, slot(103)));
}

fn stored_once(data: &Path, open: Open) {
    let mut store = open(data);

    let twice = [Change::Deposit(deposit(1, 7, day(5).0)), Change::Deposit(deposit(1, 7, day(5).0))];
    let outcomes = store.commit(&twice).unwrap();
    drop(store);
    let mut store = open(data);
    let later = put(store.as_mut(), deposit(1, 7, day(5).0));

    assert_eq!(outcomes, [Outcome::Deposit(Deposited::Stored), Outcome::Deposit(Deposited::Held)]);
    assert_eq!(later, Deposited::Held);
    assert_eq!(waiting(store.as_ref(), 1), [7]);
}

fn known_after_collection(data: &Path, open: Open) {
    let mut store = open(data);
    put(store.as_mut(), deposit(1, 7, day(5).0));
    assert_eq!(one(store.as_mut(), settle(1, 7, None)), Outcome::Settled(Some(None)));
    drop(store);
    let mut store = open(data);

    assert_eq!(put(store.as_mut(), deposit(1, 7, day(5).0)), Deposited::Held);
    assert!(waiting(store.as_ref(), 1).is_empty());
    assert_eq!(one(store.as_mut(), settle(1, 7, None)), Outcome::Settled(None));
}

fn only_its_mailbox(data: &Path, open: Open) {
    let mut store = open(data);
    put(store.as_mut(), deposit(1, 7, day(5).0));
    put(store.as_mut(), Deposit { place: Place::Slot(slot(2)), ..deposit(1, 8, day(5).0) });

    assert_eq!(one(store.as_mut(), settle(2, 7, Some(b"nack"))), Outcome::Settled(None));
    assert_eq!(one(store.as_mut(), settle(2, 8, Some(b"nack"))), Outcome::Settled(None));

    assert_eq!(waiting(store.as_ref(), 1), [7]);
    assert!(store.view().unwrap().slot_items(slot(107), 0).unwrap().is_empty());
}

fn nack_is_filed(data: &Path, open: Open) {
    let mut store = open(data);
    put(store.as_mut(), deposit(1, 7, day(5).0));

    assert_eq!(one(store.as_mut(), settle(1, 7, Some(b"nack"))), Outcome::Settled(Some(Some(slot(107)))));
    drop(store);
    let mut store = open(data);

    let items = store.view().unwrap().slot_items(slot(107), 0).unwrap();
    assert_eq!(items.len(), 1);
    assert_eq!((items[0].kind, items[0].bytes.as_slice()), (SlotItemKind::Nack, b"nack".as_slice()));
    assert_eq!(store.view().unwrap().swept().unwrap(), None);
    one(store.as_mut(), Change::Purge { today: day(40) });
    assert_eq!(store.view().unwrap().swept().unwrap(), Some(day(40)));
    assert_eq!(store.view().unwrap().slot_items(slot(107), 0).unwrap().len(), 1, "until its last day");
    assert_eq!(one(store.as_mut(), Change::DropNotices { today: day(40) }), Outcome::NoticesDropped(0));
    assert_eq!(one(store.as_mut(), Change::DropNotices { today: day(41) }), Outcome::NoticesDropped(1));
    assert!(store.view().unwrap().slot_items(slot(107), 0).unwrap().is_empty());
}

fn slot_is_bounded(data: &Path, open: Open) {
    let mut store = open(data);
    let to_slot = |n| Deposit { place: Place::Slot(slot(107)), ..deposit(1, n, day(5).0) };
    let full = u8::try_from(SLOT_ITEMS_MAX).unwrap();
    for n in 10..10 + full {
        assert_eq!(put(store.as_mut(), to_slot(n)), Deposited::Stored);
    }
    assert_eq!(put(store.as_mut(), to_slot(50)), Deposited::SlotFull);
    assert_eq!(put(store.as_mut(), to_slot(10)), Deposited::Held, "a repeat needs no place");

    put(store.as_mut(), deposit(1, 7, day(5).0));
    assert_eq!(one(store.as_mut(), settle(1, 7, Some(b"nack"))), Outcome::Settled(Some(Some(slot(107)))));

    let items = store.view().unwrap().slot_items(slot(107), 0).unwrap();
    assert_eq!(items.iter().filter(|i| i.kind == SlotItemKind::Envelope).count(), SLOT_ITEMS_MAX);
    assert_eq!(items.iter().filter(|i| i.kind == SlotItemKind::Nack).count(), 1);
}

fn dropped(data: &Path, open: Open) {
    let mut store = open(data);
    let to_slot = |n| Deposit { place: Place::Slot(slot(9)), ..deposit(1, n, day(5).0) };
    put(store.as_mut(), to_slot(1));
    put(store.as_mut(), deposit(1, 3, day(5).0));
    let seq = store.view().unwrap().slot_items(slot(9), 0).unwrap()[0].seq;
    let letter = store.view().unwrap().deliverable(mailbox(1), 0, 1).unwrap()[0].seq;

    one(store.as_mut(), Change::SlotDrop { slot: slot(8), seq });
    assert_eq!(store.view().unwrap().slot_items(slot(9), 0).unwrap().len(), 1, "another slot's secret drops nothing");
    let its_own_bytes = SlotId::from_bytes(*mailbox(1).as_bytes());
    one(store.as_mut(), Change::SlotDrop { slot: its_own_bytes, seq: letter });
    assert_eq!(waiting(store.as_ref(), 1), [3], "a mailbox is no slot");
    one(store.as_mut(), Change::SlotDrop { slot: slot(9), seq });
    one(store.as_mut(), settle(1, 3, None));
    assert!(store.view().unwrap().slot_items(slot(9), 0).unwrap().is_empty());
    assert_eq!(put(store.as_mut(), to_slot(1)), Deposited::Held);
    drop(store);
    let mut store = open(data);

    put(store.as_mut(), to_slot(2));
    assert!(store.view().unwrap().slot_items(slot(9), 0).unwrap()[0].seq > seq.max(letter));
}

fn expire(n: u8, today: Day) -> Change {
    Change::Expire { digest: digest(n), notice: b"expired".to_vec(), keep_until: day(60), today }
}

fn expires(data: &Path, open: Open) {
    let mut store = open(data);
    put(store.as_mut(), deposit(1, 7, day(5).0));
    put(store.as_mut(), deposit(1, 8, day(6).0));
    put(store.as_mut(), deposit(1, 9, day(5).0));
    one(store.as_mut(), settle(1, 9, None));
    let none = EnvelopeDigest::from_bytes([0; 32]);

    assert!(store.view().unwrap().expired(day(5), none, 10).unwrap().is_empty(), "its last day is not past");
    assert_eq!(store.view().unwrap().expired(day(6), none, 10).unwrap(), [digest(7), digest(9)]);
    assert_eq!(store.view().unwrap().expired(day(6), digest(7), 10).unwrap(), [digest(9)]);
    assert_eq!(one(store.as_mut(), expire(8, day(6))), Outcome::Expired(None), "not yet");
    assert_eq!(one(store.as_mut(), expire(7, day(6))), Outcome::Expired(Some(slot(107))));
    assert_eq!(one(store.as_mut(), expire(9, day(6))), Outcome::Expired(None), "was collected");

    assert_eq!(waiting(store.as_ref(), 1), [8]);
    assert_eq!(store.view().unwrap().slot_items(slot(107), 0).unwrap()[0].kind, SlotItemKind::Expired);
    assert!(store.view().unwrap().expired(day(6), none, 10).unwrap().is_empty());
}

fn expired_digest_is_forgotten(data: &Path, open: Open) {
    let mut store = open(data);
    put(store.as_mut(), deposit(1, 7, day(5).0));
    one(store.as_mut(), expire(7, day(6)));

    assert_eq!(put(store.as_mut(), deposit(1, 7, day(5).0)), Deposited::Stored);
}

fn node(n: u8) -> NodeId {
    NodeId::from_bytes([n; 32])
}

fn prekey(id: u16, kind: Stock, epoch: u64, from: u32) -> PrekeyEntry {
    let mut bytes = [0; 16];
    bytes[..2].copy_from_slice(&id.to_be_bytes());
    PrekeyEntry {
        id: PrekeyId::from_bytes(bytes),
        kind,
        epoch,
        not_before: noon(from),
        not_after: noon(from + 30),
        record: id.to_be_bytes().to_vec(),
    }
}

fn publish(store: &mut dyn Store, entries: Vec<PrekeyEntry>) -> u32 {
    let outcome = one(store, Change::PrekeysPut { node: node(1), entries });
    let Outcome::Prekeys { refused } = outcome else { panic!("{outcome:?}") };
    refused
}

fn pop(store: &mut dyn Store, now: Timestamp) -> Option<(Stock, u16)> {
    let outcome = one(store, Change::PrekeyTake { node: node(1), from: Stock::OneTime, now });
    let Outcome::Prekey(handed) = outcome else { panic!("{outcome:?}") };
    handed.map(|Handed { kind, record }| (kind, u16::from_be_bytes(record.try_into().unwrap())))
}

fn handed_out_once(data: &Path, open: Open) {
    let mut store = open(data);
    assert_eq!(publish(store.as_mut(), vec![prekey(1, Stock::OneTime, 0, 0), prekey(2, Stock::OneTime, 0, 0)]), 0);
    assert_eq!(publish(store.as_mut(), vec![prekey(1, Stock::OneTime, 0, 0)]), 0, "the same upload again");

    assert_eq!(pop(store.as_mut(), noon(1)), Some((Stock::OneTime, 1)));
    drop(store);
    let mut store = open(data);
    assert_eq!(publish(store.as_mut(), vec![prekey(1, Stock::OneTime, 0, 0)]), 1, "handed out before");
    assert_eq!(pop(store.as_mut(), noon(1)), Some((Stock::OneTime, 2)));
    assert_eq!(pop(store.as_mut(), noon(1)), None);

    publish(store.as_mut(), vec![prekey(3, Stock::OneTime, 0, 0)]);
    assert_eq!(pop(store.as_mut(), noon(31)), None, "past its time");
    one(store.as_mut(), Change::Purge { today: day(30) });
    assert_eq!(publish(store.as_mut(), vec![prekey(1, Stock::OneTime, 0, 0)]), 1, "remembered on its last day");
}

fn signed_prekeys(data: &Path, open: Open) {
    let mut store = open(data);
    let signed = |n: u16| prekey(n, Stock::Signed, 0, u32::from(n));
    assert_eq!(publish(store.as_mut(), vec![signed(4), signed(1), signed(3), signed(2)]), 0);

    let stock = store.view().unwrap().prekey_stock(node(1), noon(5)).unwrap();
    assert_eq!(stock.signed, [4, 3, 2].map(|n| signed(n).id));
    assert_eq!(stock.signed.len(), SIGNED_PREKEYS_KEPT);
    assert_eq!(pop(store.as_mut(), noon(5)), Some((Stock::Signed, 4)));
    assert_eq!(pop(store.as_mut(), noon(5)), Some((Stock::Signed, 4)), "it stays");
    assert_eq!(pop(store.as_mut(), noon(2)), Some((Stock::Signed, 3)), "more than a day ahead is not served");

    publish(store.as_mut(), vec![prekey(100, Stock::OneTime, 0, 4)]);
    let from_signed = one(store.as_mut(), Change::PrekeyTake { node: node(1), from: Stock::Signed, now: noon(5) });
    assert!(matches!(from_signed, Outcome::Prekey(Some(Handed { kind: Stock::Signed, .. }))));
    assert_eq!(pop(store.as_mut(), noon(5)), Some((Stock::OneTime, 100)));
}

fn epochs(data: &Path, open: Open) {
    let mut store = open(data);
    publish(store.as_mut(), vec![prekey(1, Stock::OneTime, 3, 0), prekey(2, Stock::Signed, 3, 0)]);

    assert_eq!(publish(store.as_mut(), vec![prekey(4, Stock::OneTime, 2, 0)]), 1, "below the highest seen");
    assert_eq!(publish(store.as_mut(), vec![prekey(5, Stock::OneTime, 4, 0)]), 0);
    drop(store);
    let mut store = open(data);

    let stock = store.view().unwrap().prekey_stock(node(1), noon(1)).unwrap();
    assert_eq!((stock.one_time, stock.signed.len()), (vec![prekey(5, Stock::OneTime, 4, 0).id], 0));
    assert_eq!(publish(store.as_mut(), vec![prekey(6, Stock::OneTime, 3, 0)]), 1);
}

fn stock_is_bounded(data: &Path, open: Open) {
    let mut store = open(data);
    let most = u16::try_from(PREKEY_STOCK_TARGET * 2).unwrap();
    let all = (0..=most).map(|n| prekey(n, Stock::OneTime, 0, 0)).collect();

    assert_eq!(publish(store.as_mut(), all), 1);
    assert_eq!(store.view().unwrap().prekey_stock(node(1), noon(1)).unwrap().one_time.len(), PREKEY_STOCK_TARGET * 2);
}

fn registry(data: &Path, open: Open) {
    let mut store = open(data);
    let leaf = |at: u8| StoredLeaf { leaf: vec![at], record: vec![at, at] };
    let publication = |from: u64, n: u8| Publication {
        root: b"root".to_vec(),
        from,
        seen: Timestamp(40 + from),
        leaves: (0..n).map(leaf).collect(),
        note: vec![n],
        timestamp: Vec::new(),
    };
    assert_eq!(store.view().unwrap().head().unwrap(), None);

    let mut taken = |change| one(store.as_mut(), change);
    assert_eq!(taken(Change::Publish(publication(1, 2))), Outcome::Published(Published::Gap(0)));
    assert_eq!(taken(Change::Publish(publication(0, 3))), Outcome::Published(Published::Taken(3)));
    assert_eq!(taken(Change::Publish(publication(0, 3))), Outcome::Published(Published::Gap(3)));
    assert_eq!(taken(Change::Publish(publication(3, 0))), Outcome::Published(Published::Taken(3)), "a new timestamp");
    drop(store);
    let store = open(data);

    let view = store.view().unwrap();
    let head = view.head().unwrap().unwrap();
    assert_eq!((head.size, head.root.as_slice(), head.note.as_slice()), (3, b"root".as_slice(), [0].as_slice()));
    assert_eq!(view.leaves(1, 10).unwrap(), [leaf(1), leaf(2)]);
    assert_eq!(view.seen(None).unwrap(), [(0, Timestamp(40))], "a new timestamp brings no leaves");
}

fn foreign_logs(data: &Path, open: Open) {
    let mut store = open(data);
    let (one_authority, other) = ([1; 32], [2; 32]);
    let leaf = |at: u8| StoredLeaf { leaf: vec![at], record: vec![at, at] };
    let publish = |store: &mut dyn Store, authority, from: u64, leaves: Vec<StoredLeaf>| {
        let seen = Timestamp(7);
        let publication =
            Publication { root: b"r".to_vec(), from, seen, leaves, note: b"n".to_vec(), timestamp: Vec::new() };
        one(store, Change::PublishForeign { authority, publication })
    };
    let held = |view: &dyn View, authority| view.foreign_leaves(authority, 0, 10).unwrap();
    let taken = |size| Outcome::Published(Published::Taken(size));
    let most = StoredLeaf { leaf: vec![9; FOREIGN_BYTES_MAX - 3], record: Vec::new() };
    let above = StoredLeaf { leaf: vec![9; FOREIGN_BYTES_MAX - 2], record: Vec::new() };

    let write = store.as_mut();
    assert_eq!(publish(write, one_authority, 1, vec![leaf(1)]), Outcome::Published(Published::Gap(0)));
    assert_eq!(publish(write, one_authority, 0, vec![leaf(0)]), taken(1));
    assert_eq!(publish(write, other, 0, vec![leaf(7), leaf(8)]), taken(2));
    assert_eq!(publish(write, one_authority, 2, vec![leaf(1)]), Outcome::Published(Published::Gap(1)));
    assert_eq!(publish(write, one_authority, 1, vec![above]), Outcome::Published(Published::TooLarge));
    let many = vec![StoredLeaf { leaf: vec![1], record: Vec::new() }; usize::try_from(FOREIGN_LEAVES_MAX).unwrap()];
    assert_eq!(publish(write, one_authority, 1, many), Outcome::Published(Published::TooLarge));
    assert_eq!(held(store.view().unwrap().as_ref(), one_authority), [leaf(0)], "nothing of it");
    assert_eq!(publish(store.as_mut(), one_authority, 1, vec![most.clone()]), taken(2));
    drop(store);
    let mut store = open(data);

    let view = store.view().unwrap();
    assert!(held(view.as_ref(), one_authority) == [leaf(0), most]);
    assert_eq!(held(view.as_ref(), other), [leaf(7), leaf(8)]);
    assert_eq!(view.foreign_leaves(other, 1, 1).unwrap(), [leaf(8)]);
    assert_eq!(view.seen(Some(one_authority)).unwrap(), [(0, Timestamp(7)), (1, Timestamp(7))]);
    let heads = view.foreign_heads().unwrap();
    assert_eq!(
        heads.iter().map(|(authority, head)| (*authority, head.size)).collect::<Vec<_>>(),
        [([1; 32], 2), ([2; 32], 2)]
    );
    let usage = view.usage().unwrap();
    assert_eq!((usage.foreign_logs, usage.foreign_leaves, view.head().unwrap()), (2, 4, None));
    assert_eq!(
        publish(store.as_mut(), one_authority, 0, vec![leaf(5)]),
        taken(1),
        "what could not be used is replaced"
    );
    assert_eq!(held(view.as_ref(), one_authority), [leaf(5)]);
}

fn enrolment(data: &Path, open: Open) {
    let mut store = open(data);
    let invite = InviteId::from_bytes([5; 16]);
    let request = |bytes: &[u8], today| Change::EnrolRequest { invite, request: bytes.to_vec(), today };
    let state = |outcome| {
        let Outcome::Enrolment(state) = outcome else { panic!("{outcome:?}") };
        state
    };
    assert_eq!(state(one(store.as_mut(), request(b"a", day(1)))), Enrolment::Unknown);
    one(store.as_mut(), Change::InvitesPut { invites: vec![(invite, day(3))], today: day(1) });
    assert_eq!(store.view().unwrap().enrolment(invite, day(3)).unwrap(), Enrolment::Open);
    assert_eq!(state(one(store.as_mut(), request(b"a", day(4)))), Enrolment::Expired);
    let early = Change::EnrolAnswer { invite, answer: b"no".to_vec() };
    assert_eq!(state(one(store.as_mut(), early)), Enrolment::Open);

    assert_eq!(state(one(store.as_mut(), request(b"a", day(3)))), Enrolment::Waiting);
    assert_eq!(state(one(store.as_mut(), request(b"a", day(3)))), Enrolment::Waiting);
    assert_eq!(state(one(store.as_mut(), request(b"b", day(3)))), Enrolment::Used);
    drop(store);
    let mut store = open(data);
    assert_eq!(store.view().unwrap().enrolments_waiting(32).unwrap(), [(invite, b"a".to_vec())]);
    one(store.as_mut(), Change::EnrolAnswer { invite, answer: b"yes".to_vec() });

    one(store.as_mut(), Change::Purge { today: day(10) });
    assert_eq!(store.view().unwrap().enrolment(invite, day(10)).unwrap(), Enrolment::Answered(b"yes".to_vec()));
    assert!(store.view().unwrap().enrolments_waiting(32).unwrap().is_empty());
    one(store.as_mut(), Change::InvitesPut { invites: vec![(invite, day(0))], today: day(1) });
    assert_eq!(store.view().unwrap().enrolment(invite, day(1)).unwrap(), Enrolment::Unknown, "withdrawn");
}

fn change_requests(data: &Path, open: Open) {
    let mut store = open(data);
    let node = NodeId::from_bytes([6; 32]);
    let put = |n: u8| Change::ChangeRequest { node, digest: [n; 32], request: vec![n] };
    let settle = |n: u8, stand| Change::ChangeSettle { node, digest: [n; 32], stand, today: Day(9) };
    let stands = |outcome| {
        let Outcome::NodeChange(stand) = outcome else { panic!("{outcome:?}") };
        stand
    };
    assert_eq!(stands(one(store.as_mut(), settle(1, 1))), None);
    assert_eq!(stands(one(store.as_mut(), put(1))), Some(0));
    assert_eq!(stands(one(store.as_mut(), put(2))), Some(0));
    drop(store);
    let mut store = open(data);
    assert_eq!(store.view().unwrap().changes_waiting(32).unwrap(), [(node, vec![2])]);
    let other = NodeId::from_bytes([7; 32]);
    one(store.as_mut(), Change::ChangeRequest { node: other, digest: [9; 32], request: vec![9] });
    assert_eq!(stands(one(store.as_mut(), settle(2, 0))), Some(0));
    let in_order = [(other, vec![9]), (node, vec![2])];
    assert_eq!(store.view().unwrap().changes_waiting(32).unwrap(), in_order, "what was seen comes last");
    one(store.as_mut(), Change::ChangeSettle { node: other, digest: [9; 32], stand: 2, today: Day(9) });
    assert_eq!(stands(one(store.as_mut(), settle(1, 1))), None, "it was replaced");
    assert_eq!(stands(one(store.as_mut(), settle(2, 1))), Some(1));
    assert_eq!(stands(one(store.as_mut(), put(2))), Some(1), "the same again is the same");
    assert!(store.view().unwrap().changes_waiting(32).unwrap().is_empty());
    assert_eq!(stands(one(store.as_mut(), put(3))), Some(0));
    // What is settled is forgotten when its node has long heard of it; what waits is not.
    one(store.as_mut(), Change::Purge { today: Day(9 + CHANGE_KEPT_DAYS) });
    let again = Change::ChangeSettle { node: other, digest: [9; 32], stand: 2, today: Day(9) };
    assert_eq!(stands(one(store.as_mut(), again)), Some(2));
    one(store.as_mut(), Change::Purge { today: Day(10 + CHANGE_KEPT_DAYS) });
    let gone = Change::ChangeSettle { node: other, digest: [9; 32], stand: 2, today: Day(9) };
    assert_eq!(stands(one(store.as_mut(), gone)), None);
    assert_eq!(store.view().unwrap().changes_waiting(32).unwrap(), [(node, vec![3])]);
}

fn node_heads(data: &Path, open: Open) {
    let put = |store: &mut dyn Store, n: u8, epoch: u64, counter: u64| {
        let head = vec![n, epoch.to_be_bytes()[7], counter.to_be_bytes()[7]];
        let change = Change::NodeHeadPut { node: node(n), place: HeadPlace { epoch, counter }, head };
        let Outcome::NodeHead(kept) = store.commit(&[change]).unwrap().remove(0) else { panic!("another outcome") };
        kept
    };
    let mut store = open(data);
    assert_eq!(put(store.as_mut(), 1, 1, 5), [1, 1, 5]);
    assert_eq!(put(store.as_mut(), 1, 1, 4), [1, 1, 5], "an older counter");
    assert_eq!(put(store.as_mut(), 1, 1, 6), [1, 1, 6]);
    assert_eq!(put(store.as_mut(), 1, 2, 1), [1, 2, 1], "a higher epoch");
    assert_eq!(put(store.as_mut(), 1, 1, 200), [1, 2, 1], "an older epoch");
    assert_eq!(put(store.as_mut(), 2, 1, 1), [2, 1, 1], "another node");
    drop(store);

    let view = open(data).view().unwrap();
    assert_eq!(view.node_head(node(1)).unwrap(), Some(vec![1, 2, 1]));
    assert_eq!(view.node_head(node(3)).unwrap(), None);
    let all = [vec![1, 2, 1], vec![2, 1, 1]];
    assert_eq!(view.node_heads(node(0), 9).unwrap(), all);
    assert_eq!(view.node_heads(node(0), 1).unwrap(), all[..1]);
    assert_eq!(view.node_heads(node(1), 9).unwrap(), all[1..], "the next page");
    assert!(view.node_heads(node(2), 9).unwrap().is_empty());
}

fn usage(data: &Path, open: Open) {
    let mut store = open(data);
    for n in 0..4 {
        put(store.as_mut(), deposit(1 + n / 3, n, day(u32::from(n)).0));
    }
    put(store.as_mut(), Deposit { place: Place::Slot(slot(9)), ..deposit(1, 60, day(9).0) });

    let before = store.view().unwrap().usage().unwrap();
    one(store.as_mut(), settle(1, 0, None));
    let after = store.view().unwrap().usage().unwrap();

    assert_eq!((before.envelopes, before.bytes, before.fullest_bytes), (5, 5 * 16_384, 3 * 16_384));
    assert_eq!((before.oldest_expiry, after.oldest_expiry), (Some(day(0)), Some(day(1))));
    assert_eq!((after.envelopes, after.bytes), (4, 4 * 16_384));
}
