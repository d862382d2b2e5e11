//! What came under doubt: while the registry copy is old, or before this node could judge it.

use super::*;

#[test]
fn with_a_registry_copy_of_over_a_week_receiving_goes_on_and_the_sender_is_marked_as_not_confirmed() {
    let (mut world, mut a, mut b, records) = pair(45);
    let [week, later] = [NOW.after(7 * DAY_S), NOW.after(7 * DAY_S + 1)];
    world.update(&mut a, later);
    for (record, now, since) in [(&records[0], week, None), (&records[1], later, Some(NOW))] {
        let message = queue(&mut a, &b, b"x", &mut world);
        let envelope = sealed(&mut a, &message, record, now, &mut world);

        assert_eq!(got(&mut b, &envelope, now, &mut world).became(), Became::Shown(message));

        let (shown, _) = show(b.vault(), &message, now).unwrap();
        assert_eq!((list(b.vault()).unwrap()[0].unconfirmed_since, shown.unconfirmed_since), (since, since));
    }
    assert_eq!(receipts_of(&mut b, later, &mut world).len(), 2);
}

/// Trap 42. A sender's clock is told of, on either side from its bound on, and decides nothing: the message is shown and receipted.
#[test]
fn a_senders_wrong_clock_is_told_from_its_bounds_on_and_decides_nothing() {
    let years = 10 * 365 * DAY_S;
    for (number, (now, note)) in [
        (NOW, None),
        (NOW.before(DAY_S), None),
        (NOW.before(DAY_S + 1), Some("sender-clock-ahead")),
        (NOW.before(years), Some("sender-clock-ahead")),
        (Timestamp(0), Some("sender-clock-ahead")),
        (NOW.after(21 * DAY_S), None),
        (NOW.after(21 * DAY_S + 1), Some("sender-clock-behind")),
    ]
    .into_iter()
    .enumerate()
    {
        let (mut world, mut a, mut b, records) = pair(100 + u64::try_from(number).unwrap());
        let message = queue(&mut a, &b, b"x", &mut world);
        let envelope = sealed(&mut a, &message, &records[0], NOW, &mut world);

        assert_eq!(got(&mut b, &envelope, now, &mut world).became(), Became::Shown(message), "{number}");

        assert_eq!(list(b.vault()).unwrap()[0].note.as_deref(), note, "{number}");
        assert_eq!(receipts_of(&mut b, now.after(30), &mut world).len(), 1, "{number}");
    }
}

/// Rules under which nothing is refused: those of a newer program, or with a newer registry copy.
fn newer() -> Rules<'static> {
    Rules {
        validate: &|from, content| match content.strip_prefix(b"!") {
            Some(rest) => validate(from, rest),
            None => validate(from, content),
        },
        ..rules()
    }
}

fn judged(node: &mut Node, place: refused::Place, now: Timestamp, world: &mut World) -> refused::JudgedAgain {
    let here = Here { identity: &node.identity, held: &node.held, rules: &newer() };
    refused::judge(node.vault.as_mut().unwrap(), &here, place, now, &mut world.entropy).unwrap()
}

#[test]
fn a_referral_that_was_refused_and_comes_again_is_judged_again_shown_and_receipted() {
    let (mut world, mut a, mut b, records) = pair(46);
    let message = queue(&mut a, &b, b"!x", &mut world);
    let first = sealed(&mut a, &message, &records[0], NOW, &mut world);
    accepted(&mut a, &first, NOW, &world);
    assert_eq!(got(&mut b, &first, NOW, &mut world).became(), Became::Refused(message));
    let again = |a: &mut Node, record: &[u8], now, world: &mut World| {
        upkeep::run(a.vault(), upkeep::SaltPolicy::Keep, now, now).unwrap();
        upkeep::send_again(a.vault(), &message, now).unwrap();
        let envelope = sealed(a, &message, record, now, world);
        accepted(a, &envelope, now, world);
        envelope
    };
    let [later, last] = [NOW.after(DAY_S), NOW.after(2 * DAY_S)];
    let second = again(&mut a, &records[1], later, &mut world);
    assert_eq!(got(&mut b, &second, later, &mut world).became(), Became::Duplicate(message), "it is refused as before");
    assert!(list(b.vault()).unwrap().is_empty() && receipts_of(&mut b, later, &mut world).is_empty());

    let third = again(&mut a, &records[2], last, &mut world);
    let here = Here { identity: &b.identity, held: &b.held, rules: &newer() };
    let committed = receive(b.vault.as_mut().unwrap(), &here, &third, last, &mut world.entropy).unwrap();

    assert_eq!(committed.became(), Became::Shown(message));
    let (entry, content) = show(b.vault(), &message, last).unwrap();
    assert!(*content == b"!x" && entry.referral_id.is_some() && entry.note.is_none() && entry.received_at == NOW);
    assert!(list_refused(b.vault()).unwrap().is_empty());
    let receipt = receipts_of(&mut b, last, &mut world).remove(0);
    slot_item(&mut a, SlotItemKind::Envelope, &receipt, address(&receipt), last);
    assert_eq!(state(&a, &message), OutboxState::Delivered);
}

#[test]
fn what_was_refused_is_judged_again_piece_by_piece_and_its_waiting_sender_gets_the_receipt() {
    let (mut world, mut a, mut b, records) = pair(47);
    let count = refused::AT_ONCE_MAX as usize + 2;
    let mut messages = Vec::new();
    for record in &records[..count] {
        let message = queue(&mut a, &b, b"!x", &mut world);
        let envelope = sealed(&mut a, &message, record, NOW, &mut world);
        got(&mut b, &envelope, NOW, &mut world);
        messages.push(message);
    }
    let bend = "UPDATE inbox SET header = x'00' WHERE message = ?1";
    b.vault().db().execute(bend, params![messages[0].as_bytes()]).unwrap();
    assert_eq!(list_refused(b.vault()).unwrap().len(), count);

    let first = judged(&mut b, refused::Place::START, NOW.after(60), &mut world);
    let rest = judged(&mut b, first.next.unwrap(), NOW.after(60), &mut world);

    assert_eq!(
        (first.passed.len(), rest.passed.len(), rest.next),
        (count - 3, 2, None),
        "a damaged one stops no other"
    );
    assert_eq!((list(b.vault()).unwrap().len(), list_refused(b.vault()).unwrap().len()), (count - 1, 1));
    let receipts = receipts_of(&mut b, NOW.after(60), &mut world);
    assert_eq!(receipts.len(), count - 1);
    let became = slot_item(&mut a, SlotItemKind::Envelope, &receipts[0], address(&receipts[0]), NOW.after(60));
    assert_eq!((became, state(&a, &messages[1])), (SlotBecame::Delivered(messages[1]), OutboxState::Delivered));
    assert!(judged(&mut b, refused::Place::START, NOW.after(61), &mut world).passed.is_empty(), "once");
}

#[test]
fn what_was_refused_stays_so_when_its_sender_is_revoked_or_blocked() {
    let (mut world, mut a, mut b, records) = pair(48);
    let message = queue(&mut a, &b, b"!x", &mut world);
    let envelope = sealed(&mut a, &message, &records[0], NOW, &mut world);
    got(&mut b, &envelope, NOW, &mut world);
    let blocking = Rules { blocked: &|_| true, ..newer() };
    let here = Here { identity: &b.identity, held: &b.held, rules: &blocking };
    let vault = b.vault.as_mut().unwrap();
    let blocked = refused::judge(vault, &here, refused::Place::START, NOW, &mut world.entropy).unwrap();
    world.end(&a.identity.node, LeafKind::Revoke);
    world.update(&mut b, NOW);

    let revoked = judged(&mut b, refused::Place::START, NOW, &mut world);

    assert!(blocked.passed.is_empty() && revoked.passed.is_empty());
    assert_eq!(list_refused(b.vault()).unwrap().len(), 1);
}
