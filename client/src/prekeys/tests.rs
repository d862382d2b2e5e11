//! The stock's life: made, published, used up, erased.

use super::*;
use crate::{
    keys::identity,
    testing::{NOW, Seeded, reopen, vault},
};

fn stock_of(records: &[Vec<Vec<u8>>]) -> RelayStock {
    let parsed = records.iter().flatten().map(|record| PrekeyRecord::parse(record).unwrap());
    let (one_time, signed): (Vec<_>, Vec<_>) = parsed.partition(|record| record.terms().kind == PrekeyKind::OneTime);
    let ids = |records: Vec<PrekeyRecord>| records.iter().map(PrekeyRecord::id).collect();
    RelayStock { one_time: ids(one_time), signed: ids(signed) }
}

/// As if the authority had signed this time.
fn signed(vault: &Vault, at: Timestamp) {
    let head = "REPLACE INTO registry_head (only, size, root_hash, note, timestamp, signed_at, seen_at)
        VALUES (1, 0, x'', x'', x'', ?1, ?1)";
    vault.db().execute(head, [int(at.0)]).unwrap();
}

#[test]
fn the_stock_is_topped_up_to_its_target_and_nothing_is_published_twice() {
    let dir = tempfile::tempdir().unwrap();
    let entropy = &mut Seeded::new(1);
    let mut vault = vault(dir.path(), entropy);
    let own = identity(&vault).unwrap();

    let first = refill(&mut vault, &own, &RelayStock::default(), NOW, entropy).unwrap();
    let again = refill(&mut vault, &own, &RelayStock::default(), NOW, entropy).unwrap();

    assert_eq!(first.iter().flatten().count(), PREKEY_STOCK_TARGET + 1);
    assert!(first.iter().all(|batch| batch.len() <= PREKEY_BATCH_MAX));
    assert!(again == first, "what the relay has not answered for is sent again, and no more is made");
    let mut stock = stock_of(&first);
    for batch in &first {
        published(&mut vault, batch, &stock, 0, NOW).unwrap();
    }
    assert!(refill(&mut vault, &own, &stock, NOW, entropy).unwrap().is_empty());
    stock.one_time.truncate(PREKEY_STOCK_TARGET - 3);
    assert_eq!(refill(&mut vault, &own, &stock, NOW, entropy).unwrap().concat().len(), 3);
    stock.one_time = stock_of(&first).one_time;
    let next_day = refill(&mut vault, &own, &stock, NOW.after(DAY_S), entropy).unwrap().concat();
    let signed = next_day.iter().filter(|record| record[6] == 1).count();
    assert_eq!(signed, 1, "a signed prekey is a day old");
}

#[test]
fn every_published_prekey_has_its_seed_also_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let entropy = &mut Seeded::new(2);
    let mut first = vault(dir.path(), entropy);
    let own = identity(&first).unwrap();
    let records = refill(&mut first, &own, &RelayStock::default(), NOW, entropy).unwrap().concat();
    drop(first);

    let second = reopen(dir.path(), NOW, entropy);

    for record in records {
        let record = PrekeyRecord::parse(&record).unwrap();
        let PrekeyState::Live(live) = standing(&second, &record.id(), NOW).unwrap() else {
            panic!("a seed is missing")
        };
        let sound = live.secret.public().as_bytes().as_slice() == &record.as_bytes()[96..1312];
        assert!(sound && live.kind == record.terms().kind && live.identity == own.public().key_id());
    }
}

/// Traps 11 and 61.
#[test]
fn a_prekey_opens_until_its_life_and_the_message_life_are_over_and_then_its_seed_is_gone() {
    let dir = tempfile::tempdir().unwrap();
    let entropy = &mut Seeded::new(3);
    let mut vault = vault(dir.path(), entropy);
    let own = identity(&vault).unwrap();
    let records = refill(&mut vault, &own, &RelayStock::default(), NOW, entropy).unwrap().concat();
    let id = PrekeyRecord::parse(&records[5]).unwrap().id();
    let last = NOW.after(PREKEY_LIFE_S).after(safeconduct_protocol::limits::MESSAGE_LIFE_S);
    signed(&vault, last.after(1));

    erase_used_up(&mut vault, last, entropy).unwrap();
    assert!(matches!(standing(&vault, &id, last).unwrap(), PrekeyState::Live(_)));
    assert!(matches!(standing(&vault, &id, last.after(1)).unwrap(), PrekeyState::Expired));
    erase_used_up(&mut vault, last.after(1), entropy).unwrap();

    assert!(vault.seeds().ids().next().is_none());
    assert!(matches!(standing(&vault, &id, last.after(1)).unwrap(), PrekeyState::Expired));
    assert_eq!(std::fs::metadata(dir.path().join("prekeys.seeds")).unwrap().len(), 4 + 76 + 4 + 24 + 4 + 16);
}

/// Trap 67.
#[test]
fn a_buried_prekey_is_consumed_even_while_its_seed_is_still_there() {
    let dir = tempfile::tempdir().unwrap();
    let entropy = &mut Seeded::new(4);
    let mut first = vault(dir.path(), entropy);
    let own = identity(&first).unwrap();
    let records = refill(&mut first, &own, &RelayStock::default(), NOW, entropy).unwrap().concat();
    let id = PrekeyRecord::parse(&records[5]).unwrap().id();

    bury(first.db(), &id, opens_until(NOW)).unwrap();

    assert!(first.seeds().secret(&id).is_some());
    assert!(matches!(standing(&first, &id, NOW).unwrap(), PrekeyState::Consumed));
    drop(first);
    let second = reopen(dir.path(), NOW, entropy);
    assert!(second.seeds().secret(&id).is_none(), "erased before the network opens");
    assert!(matches!(standing(&second, &id, NOW).unwrap(), PrekeyState::Consumed));
}

#[test]
fn a_relay_that_denies_its_stock_cannot_make_the_seed_file_grow_without_end() {
    let dir = tempfile::tempdir().unwrap();
    let entropy = &mut Seeded::new(5);
    let mut vault = vault(dir.path(), entropy);
    let own = identity(&vault).unwrap();

    for _ in 0..12 {
        for batch in refill(&mut vault, &own, &RelayStock::default(), NOW, entropy).unwrap() {
            let listed = stock_of(std::slice::from_ref(&batch));
            published(&mut vault, &batch, &listed, 0, NOW).unwrap();
        }
    }

    assert_eq!(one_time_live(&vault).unwrap(), ONE_TIME_LIVE_MAX as u64);
    drop(vault);
    drop(reopen(dir.path(), NOW, entropy));
}

/// Trap 42.
#[test]
fn a_start_with_a_clock_far_ahead_erases_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let entropy = &mut Seeded::new(6);
    let mut first = vault(dir.path(), entropy);
    let own = identity(&first).unwrap();
    let batches = refill(&mut first, &own, &RelayStock::default(), NOW, entropy).unwrap();
    let stock = stock_of(&batches);
    for batch in &batches {
        published(&mut first, batch, &stock, 0, NOW).unwrap();
    }
    signed(&first, NOW);
    drop(first);
    let ahead = NOW.after(60 * DAY_S);

    let mut second = reopen(dir.path(), ahead, entropy);
    erase_used_up(&mut second, ahead, entropy).unwrap();

    assert_eq!(second.seeds().ids().count(), PREKEY_STOCK_TARGET + 1);
    for id in stock.one_time.iter().chain(&stock.signed) {
        assert!(matches!(standing(&second, id, ahead).unwrap(), PrekeyState::Live(_)));
    }
    drop(second);
    let mut third = reopen(dir.path(), NOW, entropy);
    assert!(refill(&mut third, &own, &stock, NOW, entropy).unwrap().is_empty(), "nothing was lost");
}

#[test]
fn ids_of_keys_that_are_gone_do_not_count_as_stock() {
    let dir = tempfile::tempdir().unwrap();
    let entropy = &mut Seeded::new(7);
    let mut vault = vault(dir.path(), entropy);
    let own = identity(&vault).unwrap();
    let batches = refill(&mut vault, &own, &RelayStock::default(), NOW, entropy).unwrap();
    let stock = stock_of(&batches);
    for batch in &batches {
        published(&mut vault, batch, &stock, 0, NOW).unwrap();
    }
    for id in &stock.one_time[..50] {
        bury(vault.db(), id, opens_until(NOW)).unwrap();
    }

    let fresh = refill(&mut vault, &own, &stock, NOW, entropy).unwrap().concat();

    assert_eq!(fresh.len(), 50);
}

#[test]
fn prekeys_made_by_a_clock_that_was_ahead_are_made_anew() {
    let dir = tempfile::tempdir().unwrap();
    let entropy = &mut Seeded::new(8);
    let mut vault = vault(dir.path(), entropy);
    let own = identity(&vault).unwrap();
    let ahead = NOW.after(60 * DAY_S);
    let early = stock_of(&refill(&mut vault, &own, &RelayStock::default(), ahead, entropy).unwrap());

    let now = refill(&mut vault, &own, &early, NOW, entropy).unwrap();
    let next_day = refill(&mut vault, &own, &stock_of(&now), NOW.after(DAY_S), entropy).unwrap().concat();

    let terms = |record: &Vec<u8>| *PrekeyRecord::parse(record).unwrap().terms();
    assert_eq!(now.concat().len(), PREKEY_STOCK_TARGET + 1);
    assert!(now.iter().flatten().all(|record| terms(record).not_before == NOW));
    let renewed = |record: &Vec<u8>| terms(record).kind == PrekeyKind::Signed && terms(record).not_before > NOW;
    assert!(next_day.iter().any(renewed), "the signed prekey is renewed on time");
    assert_eq!(signed_valid_s(&vault, NOW.after(DAY_S)).unwrap(), Some(PREKEY_LIFE_S));
}

#[test]
fn the_secret_of_a_key_that_the_relay_does_not_list_stays_and_another_key_is_made() {
    let dir = tempfile::tempdir().unwrap();
    let entropy = &mut Seeded::new(9);
    let mut vault = vault(dir.path(), entropy);
    let own = identity(&vault).unwrap();
    let batches = refill(&mut vault, &own, &RelayStock::default(), NOW, entropy).unwrap();
    let mut stock = stock_of(&batches);
    // Handed out between the relay's commit and its look at the stock, or after an answer that was lost.
    let unlisted = stock.one_time.split_off(PREKEY_STOCK_TARGET - 5);

    for batch in &batches {
        published(&mut vault, batch, &stock, 5, NOW).unwrap();
    }
    let fresh = stock_of(&refill(&mut vault, &own, &stock, NOW, entropy).unwrap());
    drop(vault);
    let vault = reopen(dir.path(), NOW.after(DAY_S), entropy);

    assert_eq!(fresh.one_time.len(), 5);
    for id in &unlisted {
        assert!(matches!(standing(&vault, id, NOW.after(DAY_S)).unwrap(), PrekeyState::Live(_)));
        assert!(!fresh.one_time.contains(id));
    }
}

#[test]
fn a_batch_of_which_the_relay_took_nothing_is_offered_again_and_nothing_else_is_made() {
    let dir = tempfile::tempdir().unwrap();
    let entropy = &mut Seeded::new(10);
    let mut vault = vault(dir.path(), entropy);
    let own = identity(&vault).unwrap();
    let first = refill(&mut vault, &own, &RelayStock::default(), NOW, entropy).unwrap();

    for batch in &first {
        published(&mut vault, batch, &RelayStock::default(), batch.len(), NOW).unwrap();
    }
    let again = refill(&mut vault, &own, &RelayStock::default(), NOW, entropy).unwrap();

    assert!(again == first);
}

#[test]
fn a_relay_that_takes_keys_and_never_lists_them_cannot_make_the_seed_file_grow_without_end() {
    let dir = tempfile::tempdir().unwrap();
    let entropy = &mut Seeded::new(11);
    let mut vault = vault(dir.path(), entropy);
    let own = identity(&vault).unwrap();

    for _ in 0..12 {
        for batch in refill(&mut vault, &own, &RelayStock::default(), NOW, entropy).unwrap() {
            published(&mut vault, &batch, &RelayStock::default(), 0, NOW).unwrap();
        }
    }

    assert_eq!(one_time_live(&vault).unwrap(), ONE_TIME_LIVE_MAX as u64);
}

#[test]
fn a_refill_is_due_at_the_nodes_own_times_and_a_clock_that_was_far_ahead_does_not_put_it_off() {
    let dir = tempfile::tempdir().unwrap();
    let vault = vault(dir.path(), &mut Seeded::new(12));
    let node = identity(&vault).unwrap().node;
    let due = |at: Timestamp| refill_due(&vault, &node, at).unwrap();

    assert!(due(NOW), "at first");
    refilled(&vault, NOW).unwrap();
    let next = next_refill(&node, NOW);
    assert!(!due(NOW) && !due(next.before(1)) && due(next) && due(next.after(DAY_S)));
    refilled(&vault, next.after(60 * DAY_S)).unwrap();
    assert!(due(next));
}
