//! What goes wrong with a message, and who is told.

use safeconduct_protocol::receipt::relay::RelayExpired;

use super::*;
use crate::testing::RELAY;

fn entry(node: &Node, message: &MessageId) -> outbox::OutboxEntry {
    outbox::find(node.vault.as_ref().unwrap(), message).unwrap().unwrap()
}

/// Trap 26.
#[test]
fn a_refused_prekey_keeps_its_cause_and_a_rollback_alarms_until_a_good_key_comes() {
    let (mut world, mut a, b, records) = pair(43);
    let [first, second] = [b"x", b"y"].map(|content| queue(&mut a, &b, content, &mut world));
    let offer = |a: &mut Node, message: &MessageId, record: &[u8], now, world: &mut World| {
        let vault = a.vault.as_mut().unwrap();
        let refused = seal::seal(vault, &a.identity, &a.held, message, record, now, &mut world.entropy);
        let alarms = outbox::refused_keys(vault).unwrap();
        assert!(alarms.iter().all(|key| key.node == b.identity.node));
        (refused.map_err(|error| error.code()), alarms.into_iter().map(|key| key.code).collect::<Vec<_>>())
    };
    let epoch = |a: &mut Node, epoch: i64| {
        let seen = "INSERT INTO peer (node, epoch) VALUES (?1, ?2)
            ON CONFLICT (node) DO UPDATE SET epoch = excluded.epoch";
        a.vault().db().execute(seen, params![b.identity.node.as_bytes(), epoch]).unwrap();
    };

    epoch(&mut a, 2);
    let rollback = offer(&mut a, &first, &records[0], NOW, &mut world);
    epoch(&mut a, 0);
    let mut bent = records[1].clone();
    bent[1375] ^= 1;
    let bent = offer(&mut a, &first, &bent, NOW, &mut world);
    let good = offer(&mut a, &first, &records[2], NOW, &mut world);
    let month = NOW.after(31 * DAY_S);
    world.update(&mut a, month);
    let expired = offer(&mut a, &second, &records[3], month, &mut world);

    assert_eq!(rollback, (Err("prekey-rollback"), vec!["prekey-rollback".to_owned()]));
    assert_eq!(bent, (Err("prekey-bad-signature"), vec!["prekey-bad-signature".to_owned()]));
    assert_eq!(good, (Ok(()), Vec::new()));
    assert_eq!(expired, (Err("prekey-expired"), Vec::new()), "a node that is away is no attack");
    assert_eq!(entry(&a, &second).last_error.as_deref(), Some("prekey-expired"));
}

#[test]
fn a_message_that_fails_or_expires_before_its_time_alarms_until_somebody_answers() {
    let (mut world, mut a, b, records) = pair(44);
    let [expires, fails, waits] = [b"x", b"y", b"z"].map(|content| queue(&mut a, &b, content, &mut world));
    let envelope = sealed(&mut a, &expires, &records[0], NOW, &mut world);
    accepted(&mut a, &envelope, NOW, &world);
    let digest = Sealed::try_from(envelope.clone()).unwrap().digest();
    let notice = RelayExpired::sign(&world.relay, RELAY, digest, NOW);
    let became = slot_item(&mut a, SlotItemKind::Expired, notice.as_bytes(), status_slot(&envelope), NOW);
    world.end(&b.identity.node, LeafKind::Revoke);
    world.update(&mut a, NOW);
    let vault = a.vault.as_mut().unwrap();
    seal::seal(vault, &a.identity, &a.held, &fails, &records[1], NOW, &mut world.entropy).err().unwrap();

    assert_eq!(became, SlotBecame::Expired(expires));
    assert_eq!((state(&a, &expires), state(&a, &fails)), (OutboxState::Expired, OutboxState::Failed));
    assert!(entry(&a, &expires).alarm && entry(&a, &fails).alarm && !entry(&a, &waits).alarm);

    let [one, two, three] = [&expires, &fails, &waits].map(|message| entry(&a, message));
    upkeep::seen(a.vault(), &one).unwrap();
    upkeep::send_again(a.vault(), &two.message, NOW).unwrap();
    assert!(matches!(upkeep::seen(a.vault(), &three), Err(outbox::OutboxError::WrongState { .. })));
    upkeep::run(a.vault(), upkeep::SaltPolicy::Keep, NOW.after(DAY_S - 1), NOW.after(DAY_S - 1)).unwrap();
    assert!([&expires, &fails, &waits].iter().all(|message| !entry(&a, message).alarm));
}
