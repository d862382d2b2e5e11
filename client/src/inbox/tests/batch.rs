//! Several envelopes that are stored together: one wait for the disk, and each as if it had come alone.

use super::{receive::receive_all, *};

fn all_got(node: &mut Node, envelopes: &[Vec<u8>], world: &mut World) -> Vec<Committed> {
    let here = Here { identity: &node.identity, held: &node.held, rules: &rules() };
    receive_all(node.vault.as_mut().unwrap(), &here, envelopes, NOW, &mut world.entropy).unwrap()
}

fn letters(count: u8, seed: u64) -> (World, Node, Node, Vec<Vec<u8>>) {
    let (mut world, mut a, b, records) = pair(seed);
    let mut envelopes = Vec::new();
    for (number, record) in (0..count).zip(&records) {
        let message = queue(&mut a, &b, &[b'x', number], &mut world);
        envelopes.push(sealed(&mut a, &message, record, NOW, &mut world));
    }
    (world, a, b, envelopes)
}

fn prekey(envelope: &[u8]) -> safeconduct_protocol::id::PrekeyId {
    Sealed::try_from(envelope.to_vec()).unwrap().prekey()
}

#[test]
fn one_bad_envelope_among_several_spoils_nothing_of_the_others() {
    let (mut world, _a, mut b, mut envelopes) = letters(4, 61);
    let last = envelopes[1].len() - 1;
    envelopes[1][last] ^= 1;
    envelopes.insert(2, b"no envelope at all".to_vec());
    // The very same again, and another one under a key that the first has used up.
    envelopes.push(envelopes[0].clone());

    let became: Vec<Became> = all_got(&mut b, &envelopes, &mut world).iter().map(Committed::became).collect();

    assert!(matches!(
        became.as_slice(),
        [Became::Shown(_), Became::CannotOpen, Became::Malformed(_), Became::Shown(_), Became::Shown(_), Became::Again]
    ));
    assert_eq!(list(b.vault()).unwrap().len(), 3);
    assert_eq!(receipts_of(&mut b, NOW.after(30), &mut world).len(), 3);
    for place in [0, 3, 4] {
        assert!(b.vault().seeds().secret(&prekey(&envelopes[place])).is_none(), "{place}");
    }
    assert!(b.vault().seeds().secret(&prekey(&envelopes[1])).is_some(), "what did not open uses nothing up");
}

#[test]
fn what_comes_together_is_there_together_or_not_at_all_and_a_later_part_never_stays_alone() {
    let (mut world, _a, mut b, envelopes) = letters(3, 62);
    let here = Here { identity: &b.identity, held: &b.held, rules: &rules() };
    let (vault, entropy) = (b.vault.as_mut().unwrap(), &mut world.entropy);

    let went = vault.batch(|vault| {
        assert!(commit(vault, &here, &envelopes[0], NOW, entropy).is_ok());
        // As the engine does after some failures of the disk.
        vault.db().execute_batch("ROLLBACK").unwrap();
        assert!(commit(vault, &here, &envelopes[1], NOW, entropy).is_err(), "its batch is gone");
    });

    assert!(went.is_err());
    assert!(list(b.vault()).unwrap().is_empty());
    let became: Vec<Became> = all_got(&mut b, &envelopes, &mut world).iter().map(Committed::became).collect();
    assert!(matches!(became.as_slice(), [Became::Shown(_), Became::Shown(_), Became::Shown(_)]));
}

#[test]
fn a_part_that_fails_takes_back_itself_alone() {
    let (mut world, _a, mut b, envelopes) = letters(3, 64);
    let here = Here { identity: &b.identity, held: &b.held, rules: &rules() };
    let (vault, entropy) = (b.vault.as_mut().unwrap(), &mut world.entropy);

    vault
        .batch(|vault| {
            assert!(commit(vault, &here, &envelopes[0], NOW, entropy).is_ok());
            let part = vault.begin().unwrap();
            part.execute("DELETE FROM inbox", []).unwrap();
            drop(part);
            assert!(commit(vault, &here, &envelopes[1], NOW, entropy).is_ok());
        })
        .unwrap();

    assert_eq!(list(b.vault()).unwrap().len(), 2);
}

#[test]
fn a_kill_between_two_batches_or_within_one_loses_nothing_that_the_relay_was_told_is_done() {
    let (mut world, _a, mut b, envelopes) = letters(6, 63);
    let first: Vec<_> = all_got(&mut b, &envelopes[..3], &mut world).iter().map(Committed::settlement).collect();
    // Within the next one: it is on the disk, nothing of it was told, and no key is erased yet.
    let here = Here { identity: &b.identity, held: &b.held, rules: &rules() };
    b.vault
        .as_mut()
        .unwrap()
        .batch(|vault| {
            for envelope in &envelopes[3..5] {
                commit(vault, &here, envelope, NOW, &mut world.entropy).unwrap();
            }
        })
        .unwrap();

    b.restart(NOW, &mut world.entropy);

    for envelope in &envelopes[..5] {
        assert!(
            b.vault().seeds().secret(&prekey(envelope)).is_none(),
            "a key that is used up is gone before the network opens"
        );
    }
    let again = all_got(&mut b, &envelopes, &mut world);
    let settlements: Vec<_> = again.iter().map(Committed::settlement).collect();
    assert_eq!(settlements[..3], first);
    assert!(settlements.iter().all(Option::is_some));
    assert!(
        again[..5].iter().all(|one| one.became() == Became::Again) && matches!(again[5].became(), Became::Shown(_))
    );
    assert_eq!(list(b.vault()).unwrap().len(), 6);
    assert_eq!(receipts_of(&mut b, NOW.after(30), &mut world).len(), 6);
}
