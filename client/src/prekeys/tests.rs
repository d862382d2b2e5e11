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
    for batch in &first {
        published(&mut vault, batch, NOW).unwrap();
    }
    let mut stock = stock_of(&first);
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

#[test]
fn a_prekey_opens_until_its_life_and_the_message_life_are_over_and_then_its_seed_is_gone() {
    let dir = tempfile::tempdir().unwrap();
    let entropy = &mut Seeded::new(3);
    let mut vault = vault(dir.path(), entropy);
    let own = identity(&vault).unwrap();
    let records = refill(&mut vault, &own, &RelayStock::default(), NOW, entropy).unwrap().concat();
    let id = PrekeyRecord::parse(&records[5]).unwrap().id();
    let last = NOW.after(PREKEY_LIFE_S).after(MESSAGE_LIFE_S);

    erase_used_up(&mut vault, last, entropy).unwrap();
    assert!(matches!(standing(&vault, &id, last).unwrap(), PrekeyState::Live(_)));
    assert!(matches!(standing(&vault, &id, last.after(1)).unwrap(), PrekeyState::Expired));
    erase_used_up(&mut vault, last.after(1), entropy).unwrap();

    assert!(vault.seeds().ids().next().is_none());
    assert!(matches!(standing(&vault, &id, last.after(1)).unwrap(), PrekeyState::Expired));
    assert_eq!(std::fs::metadata(dir.path().join("prekeys.seeds")).unwrap().len(), 4 + 76 + 4 + 24 + 4 + 16);
}

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
            published(&mut vault, &batch, NOW).unwrap();
        }
    }

    assert_eq!(one_time_live(&vault).unwrap(), ONE_TIME_LIVE_MAX as u64);
    drop(vault);
    drop(reopen(dir.path(), NOW, entropy));
}
