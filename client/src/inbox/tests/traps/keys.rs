//! Prekeys at their last second, and prekeys that a relay hands out twice.

use super::*;

fn stays(node: &Node, message: &MessageId) -> bool {
    list(node.vault.as_ref().unwrap()).unwrap().iter().any(|entry| entry.message == *message)
}

/// Sealed at the last second of a last-resort key, and kept back to the last second of its message: it opens. One second later the next one
/// does not, and the seed is gone, also after a restart.
#[test]
fn trap_11_a_last_resort_key_opens_to_its_last_second_and_is_gone_one_later() {
    use safeconduct_protocol::limits::{MESSAGE_LIFE_S, PREKEY_LIFE_S};
    let (mut world, mut a, mut b, _) = pair(210);
    let query = "SELECT record FROM prekey WHERE kind = 1";
    let signed: Vec<u8> = b.vault().db().query_row(query, [], |row| row.get(0)).unwrap();
    let id = PrekeyRecord::parse(&signed).unwrap().id();
    let last = NOW.after(PREKEY_LIFE_S);
    world.update(&mut a, last);
    let [first, second, late] = [b"one", b"two", b"six"].map(|text| queue(&mut a, &b, text, &mut world));
    let [one, two] = [&first, &second].map(|message| sealed(&mut a, message, &signed, last, &mut world));
    world.update(&mut a, last.after(1));
    let vault = a.vault.as_mut().unwrap();
    let over = seal::seal(vault, &a.identity, &a.held, &late, &signed, last.after(1), &mut world.entropy);
    assert!(matches!(over, Err(outbox::OutboxError::Prekey(_))), "a sender takes it to that second and no longer");

    let end = last.after(MESSAGE_LIFE_S);
    world.update(&mut b, end);
    prekeys::erase_used_up(b.vault(), end, &mut world.entropy).unwrap();
    assert_eq!(got(&mut b, &one, end, &mut world).became(), Became::Shown(first));
    assert!(b.vault().seeds().secret(&id).is_some());
    world.update(&mut b, end.after(1));
    assert_eq!(got(&mut b, &two, end.after(1), &mut world).became(), Became::Nacked);

    prekeys::erase_used_up(b.vault(), end.after(1), &mut world.entropy).unwrap();

    assert!(b.vault().seeds().secret(&id).is_none());
    b.restart(end.after(1), &mut world.entropy);
    assert_eq!(b.vault().seeds().ids().count(), 0);
    assert!(stays(&b, &first) && !stays(&b, &second));
}

/// The relay is put back to before ten prekeys were asked for: half of what was sealed to them is lost, and it hands all ten out again.
/// Nothing is lost for good, nothing is shown twice, and no used prekey opens anything.
#[test]
fn trap_75_a_relay_that_is_put_back_loses_nothing_for_good_and_its_used_prekeys_open_nothing() {
    let (mut world, mut a, mut b, records) = pair(211);
    let mut c = world.node(Exercise::No);
    world.update(&mut b, NOW);
    world.update(&mut c, NOW);
    let mut lost = Vec::new();
    for (number, record) in records[..10].iter().enumerate() {
        let message = queue(&mut a, &b, format!("a {number}").as_bytes(), &mut world);
        let envelope = sealed(&mut a, &message, record, NOW, &mut world);
        accepted(&mut a, &envelope, NOW, &world);
        if number >= 5 {
            lost.push((message, envelope));
            continue;
        }
        assert_eq!(got(&mut b, &envelope, NOW, &mut world).became(), Became::Shown(message));
    }
    for receipt in receipts_of(&mut b, NOW, &mut world) {
        slot_item(&mut a, SlotItemKind::Envelope, &receipt, address(&receipt), NOW);
    }

    for (number, record) in records[..10].iter().enumerate() {
        let message = queue(&mut c, &b, format!("c {number}").as_bytes(), &mut world);
        let envelope = sealed(&mut c, &message, record, NOW, &mut world);
        let committed = got(&mut b, &envelope, NOW, &mut world);
        if number >= 5 {
            assert_eq!(committed.became(), Became::Shown(message), "nobody has used this one");
            continue;
        }
        assert_eq!(committed.became(), Became::Nacked, "a used prekey");
        let nack = committed.settlement().unwrap();
        assert_eq!(
            slot_item(&mut c, SlotItemKind::Nack, &nack, status_slot(&envelope), NOW),
            SlotBecame::Nacked(message)
        );
        let again = sealed(&mut c, &message, &records[10 + number], NOW, &mut world);
        assert_eq!(got(&mut b, &again, NOW, &mut world).became(), Became::Shown(message));
    }
    let later = NOW.after(DAY_S);
    assert_eq!(upkeep::run(a.vault(), upkeep::SaltPolicy::Keep, later, later).unwrap().alarmed, 5);
    for ((message, old), record) in lost.iter().zip(&records[20..]) {
        upkeep::send_again(a.vault(), message, later).unwrap();
        let envelope = sealed(&mut a, message, record, later, &mut world);
        assert_eq!(got(&mut b, &envelope, later, &mut world).became(), Became::Shown(*message));
        assert_eq!(got(&mut b, old, later, &mut world).became(), Became::Nacked, "found again, it is too late");
    }

    assert_eq!(list(b.vault()).unwrap().len(), 20);
    assert_eq!(receipts_of(&mut b, later.after(60), &mut world).len(), 20);
}
