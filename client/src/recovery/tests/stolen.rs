//! Somebody else has had a node's identity key: what it has signed until the key was taken from it must not outlast that.

use safeconduct_protocol::{
    crypto::{kem::KemSecret, sign::SigningKey},
    envelope::content::Control,
    prekey::record::{PrekeyKind, PrekeyTerms},
    receipt::restore::{RestoreNotice, Restored},
};

use super::*;

const LATER: Timestamp = NOW.after(2 * DAY_S);

/// A prekey of `node`'s, signed with its key.
fn prekey(node: &Node, epoch: u64, world: &mut World) -> Vec<u8> {
    let secret = KemSecret::generate(&mut world.entropy).unwrap();
    let kind = PrekeyKind::OneTime;
    let terms = PrekeyTerms { node: node.identity.node, kind, epoch, not_before: NOW, not_after: NOW.after(DAY_S) };
    PrekeyRecord::sign(&node.identity.key, terms, &secret.public()).as_bytes().to_vec()
}

/// Seals to a prekey; the code of the refusal.
fn offered(a: &mut Node, b: &Node, epoch: u64, world: &mut World) -> Result<(), &'static str> {
    let message = queue(a, b, b"x", NOW, world);
    let record = prekey(b, epoch, world);
    let vault = a.vault.as_mut().unwrap();
    let sealed = seal::seal(vault, &a.identity, &a.held, &message, &record, NOW, &mut world.entropy);
    sealed.map_err(|error| error.code())
}

#[test]
fn a_prekey_epoch_is_held_against_one_identity_key_alone_and_none_lies_in_the_future() {
    let (mut world, mut a, mut b) = pair(230);
    assert_eq!(offered(&mut a, &b, LATER.0, &mut world), Err("prekey-epoch"));
    assert_eq!(offered(&mut a, &b, u64::MAX, &mut world), Err("prekey-epoch"));
    assert_eq!(outbox::refused_keys(a.vault()).unwrap().len(), 1);
    assert_eq!(offered(&mut a, &b, NOW.0, &mut world), Ok(()));
    assert_eq!(offered(&mut a, &b, 2, &mut world), Err("prekey-rollback"));

    let new = SigningKey::generate(&mut world.entropy).unwrap();
    let paper = b.paper.take().unwrap().signing_key();
    world.renew(&b.identity.node, &new.verifying_key(), Some(&paper));
    world.update(&mut a, NOW);
    b.identity.key = new;

    assert_eq!(offered(&mut a, &b, 2, &mut world), Ok(()));
    assert_eq!(offered(&mut a, &b, 1, &mut world), Err("prekey-rollback"));
    let own = a.identity.node;
    head::check(a.vault(), &own).unwrap();
    a.restart(NOW, &mut world.entropy);
    head::check(a.vault(), &own).unwrap();
}

#[test]
fn a_head_at_a_place_that_nobody_can_have_reached_does_not_stop_a_node() {
    let (mut world, mut a, _b) = pair(231);
    put(&mut a, &mut world);
    for place in [
        HeadPlace { epoch: u64::MAX, counter: u64::MAX },
        HeadPlace { epoch: LATER.0, counter: 1 },
        HeadPlace { epoch: 1, counter: LATER.0 },
    ] {
        let forged = NodeHead::sign(&a.identity.key, a.identity.node, place, NOW.day(), [0; 32]);
        assert_eq!(judge(&mut a, forged.as_bytes()).unwrap(), head::Judged::NotOurs, "{place:?}");
        assert!(head::own(&a.identity, forged.as_bytes(), NOW).is_none());
    }
    let own = a.identity.node;
    head::check(a.vault(), &own).unwrap();
}

/// `b` tells `a` that it was restored.
fn tells(b: &mut Node, a: &mut Node, record: &[u8], epoch: u64, restored_at: Timestamp, world: &mut World) {
    let partner = a.identity.node;
    let chain = chain::head(b.vault.as_ref().unwrap().db(), &b.identity, &partner).unwrap();
    let says = Restored { node: b.identity.node, partner, epoch, restored_at, copy_of: NOW, chain };
    let notice = RestoreNotice::sign(&b.identity.key, says);
    let content = Control::RestoreNotice(notice.as_bytes().to_vec()).encode();
    let message = queue(b, a, &content, NOW, world);
    b.vault().db().execute("UPDATE outbox SET kind = 4 WHERE message = ?1", params![message.as_bytes()]).unwrap();
    let envelope = sealed(b, &message, record, NOW, world);
    assert_eq!(got(a, &envelope, NOW, world), Became::Control(message));
}

fn notices(node: &mut Node) -> i64 {
    node.vault().db().query_row("SELECT count(*) FROM partner_restore", [], |row| row.get(0)).unwrap()
}

#[test]
fn a_restore_notice_of_a_later_day_counts_for_nothing_and_one_by_a_key_that_was_taken_away_no_more() {
    let (mut world, mut a, mut b) = pair(232);
    let records = stock(&mut a, NOW, &mut world);
    tells(&mut b, &mut a, &records[0], 2, LATER, &mut world);
    tells(&mut b, &mut a, &records[1], LATER.0, NOW, &mut world);
    assert_eq!(notices(&mut a), 0);
    tells(&mut b, &mut a, &records[2], 2, NOW.after(DAY_S), &mut world);
    assert_eq!(notices(&mut a), 1);

    let node = b.identity.node;
    let [second, third] = [(); 2].map(|()| SigningKey::generate(&mut world.entropy).unwrap());
    world.renew(&node, &second.verifying_key(), Some(&b.identity.key));
    world.update(&mut a, NOW);
    notice::follow(a.vault.as_ref().unwrap(), &a.held).unwrap();
    assert_eq!(notices(&mut a), 1, "an ordinary renewal");

    world.renew(&node, &third.verifying_key(), Some(&b.paper.take().unwrap().signing_key()));
    world.update(&mut a, NOW);
    notice::follow(a.vault.as_ref().unwrap(), &a.held).unwrap();
    assert_eq!(notices(&mut a), 0);
}

fn seen(node: &mut Node) -> (i64, usize) {
    let count = node.vault().db().query_row("SELECT count(*) FROM partner_head", [], |row| row.get(0)).unwrap();
    (count, alarms(node.vault(), NOW).unwrap().len())
}

/// A new machine in a lost one's place begins its chains anew: no sign of a second machine, at either end.
#[test]
fn the_chains_of_a_node_that_was_put_in_anothers_place_begin_anew_without_an_alarm() {
    let (mut world, mut a, mut b) = pair(233);
    let records = stock(&mut a, NOW, &mut world);
    let message = queue(&mut b, &a, b"{}", NOW, &mut world);
    let envelope = sealed(&mut b, &message, &records[0], NOW, &mut world);
    got(&mut a, &envelope, NOW, &mut world);
    let node = b.identity.node;
    let alarm = "INSERT INTO chain_alarm (partner, kind, at) VALUES (?1, 2, ?2)";
    a.vault().db().execute(alarm, params![node.as_bytes(), i64::try_from(NOW.0).unwrap()]).unwrap();
    assert_eq!(seen(&mut a), (1, 1));

    let [second, third] = [(); 2].map(|()| SigningKey::generate(&mut world.entropy).unwrap());
    world.renew(&node, &second.verifying_key(), Some(&b.identity.key));
    world.update(&mut a, NOW);
    chains::follow(a.vault.as_ref().unwrap(), &a.held).unwrap();
    assert_eq!(seen(&mut a), (1, 1), "an ordinary renewal");

    world.renew(&node, &third.verifying_key(), Some(&b.paper.take().unwrap().signing_key()));
    world.update(&mut a, NOW);
    chains::follow(a.vault.as_ref().unwrap(), &a.held).unwrap();
    assert_eq!(seen(&mut a), (0, 0));
    assert_eq!(
        chains::longest(a.vault().db(), &node).unwrap(),
        None,
        "nothing that the new one does not know is echoed"
    );
    // Once: what the new one shows stays.
    let shown = "INSERT INTO partner_head (partner, length, head, object, seen_at) VALUES (?1, 1, ?2, ?2, 0)";
    a.vault().db().execute(shown, params![node.as_bytes(), node.as_bytes()]).unwrap();
    chains::follow(a.vault.as_ref().unwrap(), &a.held).unwrap();
    assert_eq!(seen(&mut a), (1, 0));
}
