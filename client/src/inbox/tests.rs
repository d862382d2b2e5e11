//! The way of a message over two vaults, crash by crash and lie by lie.

use proptest::prelude::*;
use safeconduct_certs::{node::Exercise, registry::leaf::LeafKind};
use safeconduct_protocol::{
    crypto::sign::SigningKey,
    envelope::sealed::Sealed,
    frame::SlotItemKind,
    id::AgencyId,
    prekey::record::PrekeyRecord,
    receipt::settle::{NackReason, SettleKind, Settlement},
    time::{DAY_S, HOUR_S},
};

use super::{
    receive::{Became, Committed, commit, erase, receive, retry_held},
    slot::SlotBecame,
    *,
};
use crate::{
    evidence::{
        self, ReceiptKind, chain,
        export::{self, Contents},
    },
    outbox::{self, NewReferral, OutboxState, Queued, Rank, progress, seal, upkeep},
    prekeys::{self, RelayStock},
    testing::{self, HOME, NOW, Node, Seeded, World},
};

mod batch;
mod changes;
mod incoming;
mod traps;
mod trouble;

/// Content whose first byte decides: `!` is refused, `E` is an exercise.
fn validate(_sender: &NodeId, content: &[u8]) -> Result<Summary, ContentRefused> {
    if content.first() == Some(&b'!') {
        return Err(ContentRefused("profile-stale".to_owned()));
    }
    Ok(Summary {
        referral_id: "ref-1".to_owned(),
        kind: "Referral".to_owned(),
        urgency: "Immediate".to_owned(),
        haste: Haste::Urgent,
        exercise: content.first() == Some(&b'E'),
        referral: Box::new(testing::referral_like(content, content.first() == Some(&b'E'))),
    })
}

fn rules() -> Rules<'static> {
    Rules {
        validate: &validate,
        named: &|_| true,
        blocked: &|_| false,
        receipt_delay_max_s: 30,
        clock: Timestamp(u64::MAX),
        setting: testing::setting(),
    }
}

fn agency() -> AgencyId {
    "xa.harbour-house".parse().unwrap()
}

fn queue(node: &mut Node, to: &Node, content: &[u8], world: &mut World) -> MessageId {
    let new = NewReferral {
        content,
        recipient: to.identity.node,
        agency: &agency(),
        referral_id: "ref-1",
        rank: Rank::Normal,
        exercise: false,
        alarm_after_s: outbox::ALARM_AFTER_S,
        idempotency: None,
    };
    outbox::queue(node.vault(), &new, NOW, &mut world.entropy).unwrap().message()
}

/// Two registered nodes with up-to-date registries, and the prekey records of the second.
fn pair(seed: u64) -> (World, Node, Node, Vec<Vec<u8>>) {
    let mut world = World::new(seed);
    let mut a = world.node(Exercise::No);
    let mut b = world.node(Exercise::No);
    world.update(&mut a, NOW);
    world.update(&mut b, NOW);
    let records = stock(&mut b, &mut world);
    (world, a, b, records)
}

/// A node's one-time prekey records, published.
fn stock(node: &mut Node, world: &mut World) -> Vec<Vec<u8>> {
    let vault = node.vault.as_mut().unwrap();
    let batches = prekeys::refill(vault, &node.identity, &RelayStock::default(), NOW, &mut world.entropy).unwrap();
    let parsed = batches.iter().flatten().map(|record| PrekeyRecord::parse(record).unwrap());
    let all = RelayStock { one_time: parsed.map(|record| record.id()).collect(), signed: Vec::new() };
    for batch in &batches {
        prekeys::published(vault, batch, &all, 0, NOW).unwrap();
    }
    batches.into_iter().flatten().filter(|record| record[6] == 2).collect()
}

fn sealed(node: &mut Node, message: &MessageId, record: &[u8], now: Timestamp, world: &mut World) -> Vec<u8> {
    let vault = node.vault.as_mut().unwrap();
    seal::seal(vault, &node.identity, &node.held, message, record, now, &mut world.entropy).unwrap();
    outbox::submission(vault, message).unwrap().unwrap().envelope
}

fn accepted(node: &mut Node, envelope: &[u8], now: Timestamp, world: &World) {
    let receipt = world.accept(envelope, now);
    let vault = node.vault.as_mut().unwrap();
    let digest = outbox::to_submit(vault, now, 10, &HOME).unwrap();
    let digest = digest.iter().find(|submission| submission.envelope == envelope).unwrap().digest;
    progress::relay_accepted(vault, &node.identity, &node.held, &digest, &receipt, now).unwrap();
}

fn got(node: &mut Node, envelope: &[u8], now: Timestamp, world: &mut World) -> Committed {
    let here = Here { identity: &node.identity, held: &node.held, rules: &rules() };
    receive(node.vault.as_mut().unwrap(), &here, envelope, now, &mut world.entropy).unwrap()
}

/// The receipt envelopes that a node has ready.
fn receipts_of(node: &mut Node, now: Timestamp, world: &mut World) -> Vec<Vec<u8>> {
    let vault = node.vault.as_mut().unwrap();
    seal::seal_due_receipts(vault, &node.identity, &node.held, now, &mut world.entropy).unwrap();
    let ready = outbox::to_submit(vault, now, 100, &HOME).unwrap();
    ready
        .into_iter()
        .filter(|one| outbox::find(vault, &one.message).unwrap().unwrap().kind == outbox::MessageKind::Receipt)
        .map(|submission| submission.envelope)
        .collect()
}

fn slot_item(node: &mut Node, kind: SlotItemKind, item: &[u8], slot: [u8; 16], now: Timestamp) -> SlotBecame {
    let here = Here { identity: &node.identity, held: &node.held, rules: &rules() };
    let place = safeconduct_protocol::id::SlotId::from_bytes(slot);
    let entropy = &mut Seeded::new(now.0);
    slot::take(node.vault.as_mut().unwrap(), &here, &place, kind, item, now, entropy).unwrap().became
}

fn address(envelope: &[u8]) -> [u8; 16] {
    envelope[8..24].try_into().unwrap()
}

fn status_slot(envelope: &[u8]) -> [u8; 16] {
    envelope[40..56].try_into().unwrap()
}

fn state(node: &Node, message: &MessageId) -> OutboxState {
    outbox::find(node.vault.as_ref().unwrap(), message).unwrap().unwrap().state
}

#[test]
fn a_referral_crosses_and_its_receipt_comes_back() {
    let (mut world, mut a, mut b, records) = pair(1);
    let message = queue(&mut a, &b, b"a bed for two tonight", &mut world);
    let envelope = sealed(&mut a, &message, &records[0], NOW, &mut world);
    accepted(&mut a, &envelope, NOW, &world);
    assert_eq!(state(&a, &message), OutboxState::RelayAccepted);

    let committed = got(&mut b, &envelope, NOW, &mut world);
    let receipts = receipts_of(&mut b, NOW, &mut world);

    assert_eq!(committed.became(), Became::Shown(message));
    let settlement = Settlement::parse(&committed.settlement().unwrap()).unwrap();
    assert!(settlement.kind() == SettleKind::Done && settlement.verify(&b.identity.public()).is_ok());
    let (entry, content) = show(b.vault(), &message, NOW).unwrap();
    assert!(entry.sender == a.identity.node && *content == b"a bed for two tonight");
    assert_eq!(receipts.len(), 1);
    let became = slot_item(&mut a, SlotItemKind::Envelope, &receipts[0], address(&receipts[0]), NOW);
    assert_eq!(became, SlotBecame::Delivered(message));
    assert_eq!(state(&a, &message), OutboxState::Delivered);
    let kept: Vec<_> = evidence::receipts(a.vault(), &message).unwrap().into_iter().map(|kept| kept.kind).collect();
    assert_eq!(kept, [ReceiptKind::RelayAccepted, ReceiptKind::Delivered]);
    let (a_node, b_node) = (a.identity.node, b.identity.node);
    assert_eq!(chain::entries(a.vault(), &a_node, &b_node).unwrap().len(), 3);
    assert_eq!(chain::entries(b.vault(), &b_node, &a_node).unwrap().len(), 2);
    assert!(outbox::slots_to_watch(a.vault(), NOW, &HOME).unwrap().is_empty());
}

#[test]
fn a_recipient_who_was_not_online_for_a_week_is_named_until_its_receipt_comes() {
    let (mut world, mut a, mut b, records) = pair(41);
    let vault = b.vault.as_mut().unwrap();
    let again = prekeys::refill(vault, &b.identity, &RelayStock::default(), NOW, &mut world.entropy).unwrap();
    let signed = again.into_iter().flatten().find(|record| record[6] == 1).unwrap();
    let quiet = |node: &Node, message: &MessageId| {
        outbox::find(node.vault.as_ref().unwrap(), message).unwrap().unwrap().quiet_since
    };
    let [week, later] = [NOW.after(7 * DAY_S), NOW.after(7 * DAY_S + 1)];
    world.update(&mut a, later);
    world.update(&mut b, later);
    let [first, second, third] = [b"one", b"two", b"six"].map(|content| queue(&mut a, &b, content, &mut world));

    sealed(&mut a, &first, &signed, week, &mut world);
    assert_eq!(quiet(&a, &first), None);
    let envelope = sealed(&mut a, &second, &signed, later, &mut world);
    assert_eq!(quiet(&a, &second), Some(NOW));
    // A one-time prekey lies until it is used: an old one says nothing.
    sealed(&mut a, &third, &records[0], later, &mut world);
    assert_eq!(quiet(&a, &third), Some(NOW));

    accepted(&mut a, &envelope, later, &world);
    got(&mut b, &envelope, later, &mut world);
    let receipts = receipts_of(&mut b, later.after(60), &mut world);
    slot_item(&mut a, SlotItemKind::Envelope, &receipts[0], address(&receipts[0]), later.after(60));
    assert_eq!((quiet(&a, &second), quiet(&a, &third)), (None, None));
}

#[test]
fn both_sides_export_evidence_that_verifies_and_says_nothing_personal_unless_asked() {
    let (mut world, mut a, mut b, records) = pair(20);
    let message = queue(&mut a, &b, b"Thu Trang, two nights", &mut world);
    let envelope = sealed(&mut a, &message, &records[0], NOW, &mut world);
    accepted(&mut a, &envelope, NOW, &world);
    got(&mut b, &envelope, NOW, &mut world);
    let receipts = receipts_of(&mut b, NOW, &mut world);
    slot_item(&mut a, SlotItemKind::Envelope, &receipts[0], address(&receipts[0]), NOW);

    for (node, proven) in [(&a, 6), (&b, 5)] {
        let vault = node.vault.as_ref().unwrap();
        for (contents, more) in [(Contents::Without, 0), (Contents::With, 1)] {
            let bundle = export::bundle(vault, &node.held, &message, contents).unwrap().to_json();
            let read = safeconduct_certs::evidence::Bundle::parse(bundle.as_bytes()).unwrap();
            let lines =
                safeconduct_certs::evidence::verify(&read, safeconduct_certs::evidence::Known::Nothing).unwrap();
            assert_eq!(lines.iter().filter(|line| line.proven).count(), proven + more, "{lines:?}");
            assert!(!bundle.contains("Thu Trang"));
            assert_eq!(read.opening.is_some(), contents == Contents::With);
        }
        let unknown = export::bundle(vault, &node.held, &MessageId::from_bytes([0; 16]), Contents::Without);
        assert!(matches!(unknown, Err(export::ExportError::UnknownMessage { .. })));
    }
    upkeep::run(a.vault(), upkeep::SaltPolicy::Keep, NOW.after(4 * DAY_S), NOW.after(4 * DAY_S)).unwrap();
    let erased = export::bundle(a.vault.as_ref().unwrap(), &a.held, &message, Contents::With);
    assert!(matches!(erased, Err(export::ExportError::ContentErased)));
    assert!(export::bundle(a.vault.as_ref().unwrap(), &a.held, &message, Contents::Without).is_ok());
}

/// Trap 67.
#[test]
fn a_crash_at_each_of_the_three_steps_loses_nothing_and_shows_the_message_once() {
    for steps_done in 0..3 {
        let (mut world, mut a, mut b, records) = pair(2);
        let message = queue(&mut a, &b, b"x", &mut world);
        let envelope = sealed(&mut a, &message, &records[0], NOW, &mut world);
        let id = Sealed::try_from(envelope.clone()).unwrap().prekey();
        let mut first = None;
        if steps_done >= 1 {
            let here = Here { identity: &b.identity, held: &b.held, rules: &rules() };
            let committed = commit(b.vault.as_mut().unwrap(), &here, &envelope, NOW, &mut world.entropy).unwrap();
            if steps_done >= 2 {
                erase(b.vault.as_mut().unwrap(), &committed, &mut world.entropy).unwrap();
            }
            first = committed.settlement();
        }

        b.restart(NOW, &mut world.entropy);

        let seed_left = b.vault().seeds().secret(&id).is_some();
        assert_eq!(seed_left, steps_done == 0, "after {steps_done} steps");
        let again = got(&mut b, &envelope, NOW, &mut world);
        assert!(first.is_none_or(|first| again.settlement() == Some(first)), "after {steps_done} steps");
        assert_eq!(list(b.vault()).unwrap().len(), 1, "after {steps_done} steps");
        assert_eq!(receipts_of(&mut b, NOW, &mut world).len(), 1, "after {steps_done} steps");
    }
}

#[test]
fn a_retry_after_a_restart_sends_the_very_same_bytes() {
    let (mut world, mut a, b, records) = pair(3);
    let message = queue(&mut a, &b, b"x", &mut world);
    let before = sealed(&mut a, &message, &records[0], NOW, &mut world);

    a.restart(NOW, &mut world.entropy);

    assert!(outbox::to_submit(a.vault(), NOW, 10, &HOME).unwrap()[0].envelope == before);
}

/// Trap 48.
#[test]
fn an_unknown_prekey_is_nacked_and_the_message_sealed_anew_at_most_three_times() {
    let (mut world, mut a, mut b, records) = pair(4);
    let message = queue(&mut a, &b, b"x", &mut world);
    for (attempt, record) in records.iter().take(4).enumerate() {
        let envelope = sealed(&mut a, &message, record, NOW, &mut world);
        let id = Sealed::try_from(envelope.clone()).unwrap().prekey();
        accepted(&mut a, &envelope, NOW, &world);
        // The recipient was restored from a backup, which has no seeds.
        let tx = b.vault().begin().unwrap();
        tx.execute("DELETE FROM prekey WHERE id = ?1", [id.as_bytes()]).unwrap();
        tx.commit().unwrap();

        let committed = got(&mut b, &envelope, NOW, &mut world);
        let nack = committed.settlement().unwrap();
        assert_eq!(committed.became(), Became::Nacked);
        let became = slot_item(&mut a, SlotItemKind::Nack, &nack, status_slot(&envelope), NOW);

        assert_eq!(became, SlotBecame::Nacked(message));
        let expected = if attempt < 3 { OutboxState::Queued } else { OutboxState::Failed };
        assert_eq!(state(&a, &message), expected, "attempt {attempt}");
    }
    upkeep::send_again(a.vault(), &message, NOW).unwrap();
    let envelope = sealed(&mut a, &message, &records[9], NOW, &mut world);
    assert_eq!(got(&mut b, &envelope, NOW, &mut world).became(), Became::Shown(message));
}

/// Trap 48.
#[test]
fn a_forged_nack_or_one_about_another_prekey_moves_nothing() {
    let (mut world, mut a, b, records) = pair(5);
    let message = queue(&mut a, &b, b"x", &mut world);
    let envelope = sealed(&mut a, &message, &records[0], NOW, &mut world);
    let parsed = Sealed::try_from(envelope.clone()).unwrap();
    let stranger = SigningKey::generate(&mut world.entropy).unwrap();
    let (own, other) = (parsed.prekey(), safeconduct_protocol::id::PrekeyId::from_bytes([0; 16]));
    let digest = parsed.digest();
    let nack = |key: &SigningKey, prekey, kind: fn(_) -> SettleKind| {
        Settlement::sign(key, b.identity.node, digest, kind(prekey)).as_bytes().to_vec()
    };
    let consumed = |prekey| SettleKind::Nack { prekey, reason: NackReason::Consumed, epoch: 1 };

    for false_nack in [
        nack(&stranger, own, consumed),
        nack(&b.identity.key, other, consumed),
        nack(&b.identity.key, own, |_| SettleKind::Done),
        b"noise".to_vec(),
    ] {
        let became = slot_item(&mut a, SlotItemKind::Nack, &false_nack, status_slot(&envelope), NOW);
        assert_eq!((became, state(&a, &message)), (SlotBecame::Nothing, OutboxState::Sealed));
    }
    let true_nack = nack(&b.identity.key, own, consumed);
    let became = slot_item(&mut a, SlotItemKind::Nack, &true_nack, status_slot(&envelope), NOW);
    assert_eq!((became, state(&a, &message)), (SlotBecame::Nacked(message), OutboxState::Queued));
    let again = slot_item(&mut a, SlotItemKind::Nack, &true_nack, status_slot(&envelope), NOW);
    assert_eq!((again, state(&a, &message)), (SlotBecame::Nacked(message), OutboxState::Queued));
    assert_eq!(outbox::find(a.vault(), &message).unwrap().unwrap().reseals, 1);
}

#[test]
fn a_receipt_counts_only_for_the_message_of_its_slot() {
    let (mut world, mut a, mut b, records) = pair(6);
    let one = queue(&mut a, &b, b"one", &mut world);
    let two = queue(&mut a, &b, b"two", &mut world);
    let first = sealed(&mut a, &one, &records[0], NOW, &mut world);
    let second = sealed(&mut a, &two, &records[1], NOW, &mut world);
    got(&mut b, &first, NOW, &mut world);
    got(&mut b, &second, NOW, &mut world);
    let receipts = receipts_of(&mut b, NOW, &mut world);

    let swapped = slot_item(&mut a, SlotItemKind::Envelope, &receipts[0], address(&receipts[1]), NOW);
    let mut bent = receipts[0].clone();
    bent[5000] ^= 1;
    let altered = slot_item(&mut a, SlotItemKind::Envelope, &bent, address(&bent), NOW);

    assert_eq!((swapped, altered), (SlotBecame::Nothing, SlotBecame::Nothing));
    assert_eq!(state(&a, &one), OutboxState::Sealed);
    for receipt in &receipts {
        for _ in 0..2 {
            slot_item(&mut a, SlotItemKind::Envelope, receipt, address(receipt), NOW);
        }
    }
    assert_eq!((state(&a, &one), state(&a, &two)), (OutboxState::Delivered, OutboxState::Delivered));
    let (own, partner) = (a.identity.node, b.identity.node);
    assert_eq!(chain::entries(a.vault(), &own, &partner).unwrap().len(), 4);
}

#[test]
fn refused_content_is_settled_like_any_other_but_neither_shown_nor_receipted() {
    let (mut world, mut a, mut b, records) = pair(7);
    for (place, content) in [b"!no".as_slice(), b"Exercise"].into_iter().enumerate() {
        let message = queue(&mut a, &b, content, &mut world);
        let envelope = sealed(&mut a, &message, &records[place], NOW, &mut world);

        let committed = got(&mut b, &envelope, NOW, &mut world);

        assert_eq!(committed.became(), Became::Refused(message));
        assert!(matches!(Settlement::parse(&committed.settlement().unwrap()).unwrap().kind(), SettleKind::Done));
        assert!(show(b.vault(), &message, NOW).is_err());
    }
    assert!(list(b.vault()).unwrap().is_empty());
    assert_eq!(list_refused(b.vault()).unwrap().len(), 2);
    assert!(receipts_of(&mut b, NOW, &mut world).is_empty());
}

#[test]
fn a_receipt_of_an_ordinary_referral_waits_a_while_and_never_longer_than_allowed() {
    let (mut world, mut a, mut b, records) = pair(21);
    let ordinary = |from: &NodeId, content: &[u8]| {
        validate(from, content).map(|summary| Summary { haste: Haste::Ordinary, ..summary })
    };
    let rules = Rules {
        validate: &ordinary,
        named: &|_| true,
        blocked: &|_| false,
        receipt_delay_max_s: 30,
        clock: Timestamp(u64::MAX),
        setting: testing::setting(),
    };
    for record in &records[..20] {
        let message = queue(&mut a, &b, b"x", &mut world);
        let envelope = sealed(&mut a, &message, record, NOW, &mut world);
        let here = Here { identity: &b.identity, held: &b.held, rules: &rules };
        receive(b.vault.as_mut().unwrap(), &here, &envelope, NOW, &mut world.entropy).unwrap();
    }

    let at_once = receipts_of(&mut b, NOW, &mut world).len();
    let soon = receipts_of(&mut b, NOW.after(15), &mut world).len();
    let all = receipts_of(&mut b, NOW.after(30), &mut world).len();

    assert!(at_once < soon && soon < all, "{at_once} {soon} {all}");
    assert_eq!(all, 20);
}

#[test]
fn a_blocked_sender_and_a_suspended_one_are_put_aside_and_settled_like_others() {
    let (mut world, mut a, mut b, records) = pair(22);
    let message = queue(&mut a, &b, b"x", &mut world);
    let envelope = sealed(&mut a, &message, &records[0], NOW, &mut world);
    let sender = a.identity.node;
    let blocked = |node: &NodeId| *node == sender;
    let rules = Rules {
        validate: &validate,
        named: &|_| true,
        blocked: &blocked,
        receipt_delay_max_s: 30,
        clock: Timestamp(u64::MAX),
        setting: testing::setting(),
    };

    let here = Here { identity: &b.identity, held: &b.held, rules: &rules };
    let committed = receive(b.vault.as_mut().unwrap(), &here, &envelope, NOW, &mut world.entropy).unwrap();

    assert!(matches!(committed.became(), Became::Quarantined(_)));
    let settlement = Settlement::parse(&committed.settlement().unwrap()).unwrap();
    assert!(settlement.kind() == SettleKind::Done);
    assert!(list(b.vault()).unwrap().is_empty() && receipts_of(&mut b, NOW, &mut world).is_empty());
    assert_eq!(prekeys::one_time_live(b.vault()).unwrap(), 200, "the prekey is kept");
}

#[test]
fn an_envelope_that_outlived_its_day_is_sealed_anew_and_done_receipts_are_forgotten() {
    let (mut world, mut a, mut b, records) = pair(23);
    let message = queue(&mut a, &b, b"x", &mut world);
    let envelope = sealed(&mut a, &message, &records[0], NOW, &mut world);
    got(&mut b, &envelope, NOW, &mut world);
    let receipt = receipts_of(&mut b, NOW, &mut world).remove(0);
    accepted(&mut b, &receipt, NOW, &world);
    let last = Sealed::try_from(envelope).unwrap().expiry().end();

    let early = upkeep::run(a.vault(), upkeep::SaltPolicy::Keep, last, last).unwrap();
    let late = upkeep::run(a.vault(), upkeep::SaltPolicy::Keep, last.after(1), last.after(1)).unwrap();
    upkeep::run(b.vault(), upkeep::SaltPolicy::Keep, NOW.after(15 * DAY_S), NOW.after(15 * DAY_S)).unwrap();

    assert_eq!((early.outlived, late.outlived), (0, 1));
    assert_eq!(state(&a, &message), OutboxState::Queued);
    let left: u32 = b.vault().db().query_row("SELECT count(*) FROM seal", [], |row| row.get(0)).unwrap();
    assert_eq!(left, 0);
}

#[test]
fn a_clock_days_ahead_costs_no_second_prekey_and_is_made_good_when_it_is_set_right() {
    use safeconduct_protocol::{frame::SubmitRefusal, limits::EXPIRY_DAYS_MAX};
    let (mut world, mut a, b, records) = pair(42);
    let ahead = NOW.after(5 * DAY_S);
    let message = queue(&mut a, &b, b"x", &mut world);
    let envelope = sealed(&mut a, &message, &records[0], ahead, &mut world);
    let parsed = Sealed::try_from(envelope.clone()).unwrap();
    assert!(parsed.expiry() > NOW.day().after(EXPIRY_DAYS_MAX), "no relay takes it today");

    for hour in 0..48 {
        let now = ahead.after(hour * HOUR_S);
        progress::submit_refused(
            a.vault.as_mut().unwrap(),
            &a.identity,
            &a.held,
            &parsed.digest(),
            SubmitRefusal::Expiry,
            0,
            now,
        )
        .unwrap();
        assert_eq!(upkeep::run(a.vault(), upkeep::SaltPolicy::Keep, now, now).unwrap().outlived, 0);
        assert_eq!(state(&a, &message), OutboxState::Sealed, "no other prekey is asked for");
    }
    let later = ahead.after(3 * DAY_S);
    assert!(outbox::to_submit(a.vault(), later, 9, &HOME).unwrap()[0].envelope == envelope, "the same bytes again");

    for record in &records[1..4] {
        assert_eq!(upkeep::run(a.vault(), upkeep::SaltPolicy::Keep, NOW, NOW).unwrap().outlived, 1);
        let right = sealed(&mut a, &message, record, NOW, &mut world);
        assert!(Sealed::try_from(right).unwrap().expiry() <= NOW.day().after(EXPIRY_DAYS_MAX));
        let state = "UPDATE seal SET expires = expires + 5 WHERE message = ?1";
        a.vault().db().execute(state, [message.as_bytes()]).unwrap();
    }
    let flapping = upkeep::run(a.vault(), upkeep::SaltPolicy::Keep, NOW, NOW).unwrap();
    assert_eq!((flapping.outlived, state(&a, &message)), (0, OutboxState::Sealed), "a clock set to and fro is bounded");
}

#[test]
fn the_relays_word_counts_only_when_it_is_signed_and_about_this_envelope() {
    let (mut world, mut a, b, records) = pair(24);
    let one = queue(&mut a, &b, b"one", &mut world);
    let two = queue(&mut a, &b, b"two", &mut world);
    let first = sealed(&mut a, &one, &records[0], NOW, &mut world);
    let second = sealed(&mut a, &two, &records[1], NOW, &mut world);
    let digest = Sealed::try_from(first.clone()).unwrap().digest();
    let about_other = world.accept(&second, NOW);
    let mut bent = world.accept(&first, NOW);
    bent[50] ^= 1;

    for receipt in [about_other, bent, Vec::new()] {
        let vault = a.vault.as_mut().unwrap();
        let refused = progress::relay_accepted(vault, &a.identity, &a.held, &digest, &receipt, NOW);
        assert!(matches!(refused, Err(outbox::OutboxError::FalseReceipt)));
    }
    assert_eq!(state(&a, &one), OutboxState::Sealed);
    let vault = a.vault.as_mut().unwrap();
    let full = safeconduct_protocol::frame::SubmitRefusal::MailboxFull;
    progress::submit_refused(vault, &a.identity, &a.held, &digest, full, 60, NOW).unwrap();
    assert_eq!(outbox::to_submit(vault, NOW.after(59), 9, &HOME).unwrap().len(), 1);
    assert_eq!(outbox::to_submit(vault, NOW.after(60), 9, &HOME).unwrap().len(), 2);
    accepted(&mut a, &first, NOW.after(60), &world);
    assert_eq!(state(&a, &one), OutboxState::RelayAccepted);
}

#[test]
fn every_error_of_the_boxes_has_its_own_words_and_a_remedy() {
    use outbox::OutboxError as Out;
    let message = MessageId::from_bytes([7; 16]);
    let refused = safeconduct_protocol::prekey::record::PrekeyRefused::Used;
    let route = safeconduct_protocol::envelope::draft::DraftRefused::Route;
    let outgoing = [
        Out::ContentTooLong { bytes: 1 },
        Out::KeyReused { message },
        Out::UnknownMessage { message },
        Out::WrongState { state: OutboxState::Sealed },
        Out::RecipientUnknown,
        Out::RecipientNotActive,
        Out::RegistryStale,
        Out::Prekey(refused),
        Out::CannotSeal(route),
        Out::FalseReceipt,
    ];
    let mut words: Vec<_> = outgoing.iter().map(|error| (error.to_string(), error.code(), error.remedy())).collect();
    let incoming = InboxError::UnknownMessage { message };
    words.push((incoming.to_string(), "inbox", incoming.remedy()));
    let count = words.len();

    assert!(words.iter().all(|(fact, code, remedy)| !fact.is_empty() && !code.is_empty() && !remedy.is_empty()));
    words.sort();
    words.dedup_by(|one, other| one.0 == other.0 || one.1 == other.1);
    assert_eq!(words.len(), count);
}

/// Trap 45.
#[test]
fn two_contents_under_one_id_are_both_put_aside() {
    let (mut world, mut a, mut b, records) = pair(8);
    let message = queue(&mut a, &b, b"one", &mut world);
    let first = sealed(&mut a, &message, &records[0], NOW, &mut world);
    assert_eq!(got(&mut b, &first, NOW, &mut world).became(), Became::Shown(message));
    // A dishonest node seals another content under the same id.
    let lie = "UPDATE outbox SET content = CAST('two' AS BLOB), state = 'queued' WHERE message = ?1";
    a.vault().db().execute(lie, [message.as_bytes()]).unwrap();
    let second = sealed(&mut a, &message, &records[1], NOW, &mut world);

    let committed = got(&mut b, &second, NOW, &mut world);

    let equivocation = safeconduct_protocol::envelope::verdict::Fault::Equivocation;
    assert_eq!(committed.became(), Became::Quarantined(equivocation));
    assert!(list(b.vault()).unwrap().is_empty());
    assert_eq!(list_refused(b.vault()).unwrap()[0].state, InboxState::Equivocation);
    assert!(quarantine::list(b.vault()).unwrap()[0].signed.is_some());
    let again = got(&mut b, &second, NOW, &mut world);
    assert_eq!((again.became(), again.settlement()), (Became::Again, committed.settlement()));
}

/// Trap 10.
#[test]
fn garbage_burns_no_key_blocks_nothing_and_is_bounded() {
    let (mut world, mut a, mut b, records) = pair(9);
    let message = queue(&mut a, &b, b"x", &mut world);
    let envelope = sealed(&mut a, &message, &records[0], NOW, &mut world);

    for number in 0..(quarantine::UNOPENED_MAX + 5) {
        let mut bent = envelope.clone();
        bent[2000..2004].copy_from_slice(&number.to_be_bytes());
        assert_eq!(got(&mut b, &bent, NOW, &mut world).became(), Became::CannotOpen);
    }
    let short = got(&mut b, b"short", NOW, &mut world);

    assert!(matches!(short.became(), Became::Malformed(_)) && short.settlement().is_some());
    assert_eq!(quarantine::counts(b.vault()).unwrap().unopened, quarantine::UNOPENED_MAX);
    assert_eq!(got(&mut b, &envelope, NOW, &mut world).became(), Became::Shown(message));
}

#[test]
fn a_sender_that_the_registry_does_not_name_yet_is_held_and_shown_once_it_does() {
    let (mut world, _, mut b, records) = pair(10);
    let mut late = world.node(Exercise::No);
    world.update(&mut late, NOW);
    let message = queue(&mut late, &b, b"x", &mut world);
    let envelope = sealed(&mut late, &message, &records[0], NOW, &mut world);

    let held = got(&mut b, &envelope, NOW, &mut world);
    assert_eq!((held.became(), held.settlement()), (Became::Held, None));
    assert_eq!(quarantine::counts(b.vault()).unwrap().held, 1);
    world.update(&mut b, NOW);
    let here = Here { identity: &b.identity, held: &b.held, rules: &rules() };
    let after = retry_held(b.vault.as_mut().unwrap(), &here, NOW, &mut world.entropy).unwrap();

    assert_eq!(after[0].became(), Became::Shown(message));
    assert_eq!(quarantine::counts(b.vault()).unwrap().held, 0);
}

#[test]
fn a_held_envelope_ends_in_quarantine_after_seven_days() {
    let (mut world, _, mut b, records) = pair(11);
    let mut late = world.node(Exercise::No);
    world.update(&mut late, NOW);
    let message = queue(&mut late, &b, b"x", &mut world);
    let envelope = sealed(&mut late, &message, &records[0], NOW, &mut world);
    got(&mut b, &envelope, NOW, &mut world);

    let here = Here { identity: &b.identity, held: &b.held, rules: &rules() };
    let after = retry_held(b.vault.as_mut().unwrap(), &here, NOW.after(8 * DAY_S), &mut world.entropy).unwrap();

    assert!(matches!(after[0].became(), Became::Quarantined(_)) && after[0].settlement().is_some());
    assert_eq!(quarantine::counts(b.vault()).unwrap().held, 0);
}

#[test]
fn revocation_stops_both_directions() {
    let (mut world, mut a, mut b, records) = pair(12);
    let to_b = queue(&mut a, &b, b"x", &mut world);
    let sent_before = queue(&mut a, &b, b"y", &mut world);
    let envelope = sealed(&mut a, &sent_before, &records[0], NOW, &mut world);
    world.end(&a.identity.node, LeafKind::Revoke);
    world.end(&b.identity.node, LeafKind::Suspend);
    world.update(&mut a, NOW);
    world.update(&mut b, NOW);

    let vault = a.vault.as_mut().unwrap();
    let refused = seal::seal(vault, &a.identity, &a.held, &to_b, &records[1], NOW, &mut world.entropy);

    assert!(matches!(refused, Err(outbox::OutboxError::RecipientNotActive)));
    assert_eq!(state(&a, &to_b), OutboxState::Queued, "what is for a suspended node waits");
    assert!(matches!(got(&mut b, &envelope, NOW, &mut world).became(), Became::Quarantined(_)));
    world.end(&b.identity.node, LeafKind::Revoke);
    world.update(&mut a, NOW);
    let vault = a.vault.as_mut().unwrap();
    let ended = seal::seal(vault, &a.identity, &a.held, &to_b, &records[1], NOW, &mut world.entropy);
    assert!(matches!(ended, Err(outbox::OutboxError::RecipientNotActive)));
    assert_eq!(state(&a, &to_b), OutboxState::Failed);
}

#[test]
fn no_receipt_for_a_day_alarms_and_sending_again_is_answered_for_the_new_envelope() {
    let (mut world, mut a, mut b, records) = pair(13);
    let message = queue(&mut a, &b, b"x", &mut world);
    let first = sealed(&mut a, &message, &records[0], NOW, &mut world);
    accepted(&mut a, &first, NOW, &world);
    got(&mut b, &first, NOW, &mut world);
    let lost = receipts_of(&mut b, NOW, &mut world);
    let later = NOW.after(DAY_S);
    let none = upkeep::run(a.vault(), upkeep::SaltPolicy::Keep, later.before(1), later.before(1)).unwrap();

    let due = upkeep::run(a.vault(), upkeep::SaltPolicy::Keep, later, later).unwrap();
    upkeep::send_again(a.vault(), &message, later).unwrap();
    let second = sealed(&mut a, &message, &records[1], later, &mut world);
    let committed = got(&mut b, &second, later, &mut world);
    let receipts = receipts_of(&mut b, later, &mut world);
    let answer = receipts.into_iter().find(|receipt| !lost.contains(receipt)).unwrap();

    assert_eq!((none.alarmed, due.alarmed), (0, 1));
    assert_eq!(committed.became(), Became::Duplicate(message));
    assert_eq!(list(b.vault()).unwrap().len(), 1);
    let became = slot_item(&mut a, SlotItemKind::Envelope, &answer, address(&answer), later);
    assert_eq!((became, state(&a, &message)), (SlotBecame::Delivered(message), OutboxState::Delivered));
    let kept = evidence::receipts(a.vault(), &message).unwrap();
    let receipt = kept.iter().find(|kept| kept.kind == ReceiptKind::Delivered).unwrap();
    let receipt = safeconduct_protocol::receipt::node::Delivered::parse(&receipt.bytes).unwrap();
    assert_eq!(receipt.at().stored_at, NOW, "stored when it came first");
}

#[test]
fn a_ping_is_answered_and_never_listed_as_business() {
    let (mut world, mut a, mut b, records) = pair(14);
    let to = b.identity.node;
    let message = outbox::queue_ping(a.vault(), to, &agency(), NOW, &mut world.entropy).unwrap();
    let envelope = sealed(&mut a, &message, &records[0], NOW, &mut world);

    let became = got(&mut b, &envelope, NOW, &mut world).became();
    let receipts = receipts_of(&mut b, NOW, &mut world);
    slot_item(&mut a, SlotItemKind::Envelope, &receipts[0], address(&receipts[0]), NOW);

    assert_eq!((became, state(&a, &message)), (Became::Control(message), OutboxState::Delivered));
    assert!(list(b.vault()).unwrap().is_empty() && outbox::list(a.vault()).unwrap().is_empty());
    assert!(show(b.vault(), &message, NOW).is_err());
}

#[test]
fn content_is_erased_72_hours_after_its_receipt_and_lies_in_no_file() {
    let (mut world, mut a, mut b, records) = pair(15);
    let canary = b"canary-Thu Trang-canary";
    let message = queue(&mut a, &b, canary, &mut world);
    let envelope = sealed(&mut a, &message, &records[0], NOW, &mut world);
    accepted(&mut a, &envelope, NOW, &world);
    got(&mut b, &envelope, NOW, &mut world);
    let receipts = receipts_of(&mut b, NOW, &mut world);
    slot_item(&mut a, SlotItemKind::Envelope, &receipts[0], address(&receipts[0]), NOW);
    let early =
        upkeep::run(a.vault(), upkeep::SaltPolicy::Erase, NOW.after(72 * HOUR_S - 1), NOW.after(72 * HOUR_S - 1))
            .unwrap();
    assert!(early.erased == 0 && outbox::content(a.vault(), &message).unwrap().is_some());

    let due =
        upkeep::run(a.vault(), upkeep::SaltPolicy::Erase, NOW.after(72 * HOUR_S), NOW.after(72 * HOUR_S)).unwrap();

    assert_eq!(due.erased, 1);
    assert!(outbox::content(a.vault(), &message).unwrap().is_none());
    let wal = std::fs::metadata(a.dir.path().join("node.db-wal")).map_or(0, |wal| wal.len());
    assert_eq!(wal, 0, "old pages stay in no log");
    for node in [&a, &b] {
        assert!(!found(node.dir.path(), canary));
    }
    std::fs::write(a.dir.path().join("plain"), canary).unwrap();
    assert!(found(a.dir.path(), canary), "the search can fail");
}

fn found(dir: &std::path::Path, canary: &[u8]) -> bool {
    let files = std::fs::read_dir(dir).unwrap().map(|entry| std::fs::read(entry.unwrap().path()).unwrap());
    files.into_iter().any(|bytes| bytes.windows(canary.len()).any(|window| window == canary))
}

#[test]
fn the_same_key_is_the_same_message_and_other_content_under_it_is_refused() {
    let (mut world, mut a, b, _) = pair(16);
    let mut ask = |content: &[u8], key| {
        let new = NewReferral {
            content,
            recipient: b.identity.node,
            agency: &agency(),
            referral_id: "ref-1",
            rank: Rank::Normal,
            exercise: false,
            alarm_after_s: u64::MAX,
            idempotency: Some(key),
        };
        outbox::queue(a.vault(), &new, NOW, &mut world.entropy)
    };

    let first = ask(b"x", "key").unwrap();

    assert!(matches!(first, Queued::New(_)));
    assert_eq!(ask(b"x", "key").unwrap(), Queued::Already(first.message()));
    assert!(matches!(ask(b"y", "key"), Err(outbox::OutboxError::KeyReused { .. })));
    assert!(matches!(ask(b"x", "other").unwrap(), Queued::New(_)));
    let too_long = vec![b'x'; safeconduct_protocol::limits::CONTENT_BYTES_MAX + 1];
    assert!(matches!(ask(&too_long, "long"), Err(outbox::OutboxError::ContentTooLong { .. })));
    assert!(matches!(ask(&too_long[1..], "long").unwrap(), Queued::New(_)));
    assert_eq!(outbox::list(a.vault()).unwrap().len(), 3);
    let vault = a.vault.as_ref().unwrap();
    let found = |key, content: &[u8]| outbox::queued_before(vault, key, &agency(), None, content).unwrap();
    assert_eq!(found("key", b"x"), Some(first.message()));
    assert_eq!(found("key", b"y"), None);
    assert_eq!(found("none", b"x"), None);
}

#[test]
fn urgent_leaves_first_then_the_oldest_and_receipts_last() {
    let (mut world, mut a, mut b, records) = pair(17);
    let from_b = queue(&mut b, &a, b"to a", &mut world);
    let a_records = stock(&mut a, &mut world);
    let envelope = sealed(&mut b, &from_b, &a_records[0], NOW, &mut world);
    got(&mut a, &envelope, NOW, &mut world);
    let receipt = receipts_of(&mut a, NOW, &mut world).remove(0);
    let slow = queue(&mut a, &b, b"slow", &mut world);
    let slower = queue(&mut a, &b, b"slower", &mut world);
    let new = NewReferral {
        content: b"tonight",
        recipient: b.identity.node,
        agency: &agency(),
        referral_id: "ref-2",
        rank: Rank::Urgent,
        exercise: false,
        alarm_after_s: 3600,
        idempotency: None,
    };
    let urgent = outbox::queue(a.vault(), &new, NOW, &mut world.entropy).unwrap().message();
    let order: Vec<_> =
        outbox::to_seal(a.vault(), NOW, 9, &|_| true).unwrap().into_iter().map(|one| one.message).collect();
    for (place, message) in [slow, slower, urgent].into_iter().enumerate() {
        sealed(&mut a, &message, &records[place], NOW, &mut world);
    }

    let leaving = outbox::to_submit(a.vault(), NOW, 9, &HOME).unwrap();

    assert_eq!(order, [urgent, slow, slower]);
    let messages: Vec<_> = leaving.iter().map(|one| one.message).collect();
    assert_eq!(messages[..3], [urgent, slow, slower]);
    assert!(leaving[3].envelope == receipt);
}

#[test]
fn a_prekey_is_sealed_to_once_and_an_old_epoch_is_refused() {
    let (mut world, mut a, b, records) = pair(18);
    let one = queue(&mut a, &b, b"one", &mut world);
    let two = queue(&mut a, &b, b"two", &mut world);
    let asked_before = outbox::to_seal(a.vault(), NOW, 9, &|_| true).unwrap()[1].request;
    sealed(&mut a, &one, &records[0], NOW, &mut world);

    let vault = a.vault.as_mut().unwrap();
    let used = seal::seal(vault, &a.identity, &a.held, &two, &records[0], NOW, &mut world.entropy);
    vault.db().execute("UPDATE peer SET epoch = 2", []).unwrap();
    let later = NOW.after(2);
    let old = seal::seal(vault, &a.identity, &a.held, &two, &records[1], later, &mut world.entropy);

    for refused in [used, old] {
        assert!(matches!(refused, Err(outbox::OutboxError::Prekey(_))));
    }
    let waiting = &outbox::to_seal(vault, NOW.after(HOUR_S), 9, &|_| true).unwrap()[0];
    assert!(waiting.message == two && waiting.request != asked_before, "another prekey is asked for");
}

#[test]
fn a_receipt_that_the_relay_takes_after_it_was_to_be_sealed_anew_is_done_and_stops_nothing() {
    let (mut world, mut a, mut b, records) = pair(25);
    let message = queue(&mut a, &b, b"x", &mut world);
    let envelope = sealed(&mut a, &message, &records[0], NOW, &mut world);
    got(&mut b, &envelope, NOW, &mut world);
    let receipt = receipts_of(&mut b, NOW, &mut world).remove(0);
    let sealed = Sealed::try_from(receipt.clone()).unwrap();
    let late = sealed.expiry().end().after(1);
    assert_eq!(upkeep::run(b.vault(), upkeep::SaltPolicy::Keep, late, late).unwrap().outlived, 1);

    let word = world.accept(&receipt, late);
    let vault = b.vault.as_mut().unwrap();
    progress::relay_accepted(vault, &b.identity, &b.held, &sealed.digest(), &word, late).unwrap();

    let again = seal::seal_due_receipts(vault, &b.identity, &b.held, late, &mut world.entropy).unwrap();
    assert_eq!(again, 0);
    let states = "SELECT DISTINCT state FROM outbox";
    let state: String = vault.db().query_row(states, [], |row| row.get(0)).unwrap();
    assert_eq!(state, "relay-accepted");
}

#[test]
fn a_damaged_message_fails_alone_and_the_others_go_on() {
    let (mut world, mut a, mut b, records) = pair(26);
    for record in &records[..3] {
        let message = queue(&mut a, &b, b"x", &mut world);
        let envelope = sealed(&mut a, &message, record, NOW, &mut world);
        got(&mut b, &envelope, NOW, &mut world);
    }
    let first = "(SELECT min(place) FROM outbox)";
    b.vault().db().execute(&format!("UPDATE outbox SET content = NULL WHERE place = {first}"), []).unwrap();
    b.vault().db().execute(&format!("UPDATE outbox SET reply_target = x'00' WHERE place = {first} + 1"), []).unwrap();
    let bare = queue(&mut a, &b, b"y", &mut world);
    a.vault().db().execute("UPDATE outbox SET content = NULL WHERE message = ?1", [bare.as_bytes()]).unwrap();

    let receipts = receipts_of(&mut b, NOW, &mut world).len();
    let vault = a.vault.as_mut().unwrap();
    let refused = seal::seal(vault, &a.identity, &a.held, &bare, &records[3], NOW, &mut world.entropy);

    assert_eq!(receipts, 1);
    assert!(matches!(refused, Err(outbox::OutboxError::WrongState { state: OutboxState::Failed })));
    let entry = outbox::find(vault, &bare).unwrap().unwrap();
    assert_eq!((entry.state, entry.reason.as_deref()), (OutboxState::Failed, Some("damaged")));
}

#[test]
fn what_was_queued_by_a_clock_that_was_ahead_leaves_at_once_after_the_correction() {
    let (mut world, mut a, mut b, records) = pair(27);
    let ahead = NOW.after(60 * DAY_S);
    let new = NewReferral {
        content: b"x",
        recipient: b.identity.node,
        agency: &agency(),
        referral_id: "ref-1",
        rank: Rank::Normal,
        exercise: false,
        alarm_after_s: outbox::ALARM_AFTER_S,
        idempotency: None,
    };
    let message = outbox::queue(a.vault(), &new, ahead, &mut world.entropy).unwrap().message();

    assert_eq!(outbox::to_seal(a.vault(), NOW, 9, &|_| true).unwrap().len(), 1);
    let envelope = sealed(&mut a, &message, &records[0], NOW, &mut world);
    a.vault().db().execute("UPDATE outbox SET not_before = ?1", [int(ahead.0)]).unwrap();
    assert_eq!(outbox::to_submit(a.vault(), NOW, 9, &HOME).unwrap().len(), 1);
    got(&mut b, &envelope, NOW, &mut world);
    b.vault().db().execute("UPDATE outbox SET not_before = ?1", [int(ahead.0)]).unwrap();
    assert_eq!(receipts_of(&mut b, NOW, &mut world).len(), 1);

    let back = upkeep::run(a.vault(), upkeep::SaltPolicy::Keep, NOW, NOW).unwrap();
    let due = upkeep::run(a.vault(), upkeep::SaltPolicy::Keep, NOW.after(DAY_S), NOW.after(DAY_S)).unwrap();

    assert_eq!((back.ahead, due.ahead, due.alarmed), (1, 0, 1));
    assert_eq!(outbox::find(a.vault(), &message).unwrap().unwrap().queued_at, NOW);
    assert!(list(b.vault()).unwrap()[0].note.is_none(), "nobody is told of a clock that is right now");
}

#[test]
fn a_message_that_never_reaches_the_relay_alarms_after_its_time() {
    let (mut world, mut a, b, records) = pair(28);
    let queued = queue(&mut a, &b, b"x", &mut world);
    let waits = queue(&mut a, &b, b"y", &mut world);
    sealed(&mut a, &waits, &records[0], NOW, &mut world);

    let early = upkeep::run(a.vault(), upkeep::SaltPolicy::Keep, NOW.after(DAY_S - 1), NOW.after(DAY_S - 1)).unwrap();
    let due = upkeep::run(a.vault(), upkeep::SaltPolicy::Keep, NOW.after(DAY_S), NOW.after(DAY_S)).unwrap();

    assert_eq!((early.alarmed, due.alarmed), (0, 2));
    assert!([queued, waits].iter().all(|message| outbox::find(a.vault(), message).unwrap().unwrap().alarm));
}

#[test]
fn keys_of_answers_are_erased_when_their_time_is_over_and_not_by_a_clock_that_is_ahead() {
    let (mut world, mut a, b, records) = pair(29);
    let message = queue(&mut a, &b, b"x", &mut world);
    let envelope = sealed(&mut a, &message, &records[0], NOW, &mut world);
    accepted(&mut a, &envelope, NOW, &world);
    let to = b.identity.node;
    let ping = outbox::queue_ping(a.vault(), to, &agency(), NOW, &mut world.entropy).unwrap();
    sealed(&mut a, &ping, &records[1], NOW, &mut world);
    let later = NOW.after(60 * DAY_S);
    let keys = "SELECT count(reply_secret) + count(reply_slot_secret) + count(status_slot_secret) FROM seal";
    let count =
        |node: &Node| -> i64 { node.vault.as_ref().unwrap().db().query_row(keys, [], |row| row.get(0)).unwrap() };

    upkeep::run(a.vault(), upkeep::SaltPolicy::Keep, later, later).unwrap();
    let wrong_clock = count(&a);
    world.update(&mut a, later);
    upkeep::run(a.vault(), upkeep::SaltPolicy::Keep, later, later).unwrap();

    assert_eq!((wrong_clock, count(&a)), (3, 0));
    assert!(outbox::find(a.vault(), &ping).unwrap().is_none(), "old pings go");
    assert!(outbox::find(a.vault(), &message).unwrap().is_some());
    assert!(outbox::slots_to_watch(a.vault(), NOW, &HOME).unwrap().is_empty());
}

#[test]
fn pings_that_came_long_ago_are_forgotten_and_referrals_are_not() {
    let (mut world, mut a, mut b, records) = pair(30);
    let to = b.identity.node;
    let ping = outbox::queue_ping(a.vault(), to, &agency(), NOW, &mut world.entropy).unwrap();
    let message = queue(&mut a, &b, b"x", &mut world);
    for (message, record) in [ping, message].iter().zip(&records) {
        let envelope = sealed(&mut a, message, record, NOW, &mut world);
        got(&mut b, &envelope, NOW, &mut world);
    }
    let later = NOW.after(60 * DAY_S);
    let count = |node: &Node| -> i64 {
        let db = node.vault.as_ref().unwrap().db();
        db.query_row("SELECT count(*) FROM inbox", [], |row| row.get(0)).unwrap()
    };

    receive::forget_replays(b.vault(), later).unwrap();
    let wrong_clock = count(&b);
    world.update(&mut b, later);
    receive::forget_replays(b.vault(), later).unwrap();

    assert_eq!((wrong_clock, count(&b)), (2, 1));
    assert_eq!(list(b.vault()).unwrap().len(), 1);
}

/// Trap 37.
#[test]
fn a_head_that_contradicts_ours_is_kept_with_the_message_that_brought_it() {
    let (mut ours, mut a, mut b, records) = pair(31);
    let (mut theirs, mut other, ..) = pair(31);
    ours.node(Exercise::No);
    theirs.node(Exercise::Yes);
    ours.update(&mut b, NOW);
    theirs.update(&mut other, NOW);
    a.held = other.held.clone();
    let message = queue(&mut a, &b, b"x", &mut ours);
    let envelope = sealed(&mut a, &message, &records[0], NOW, &mut ours);

    assert_eq!(got(&mut b, &envelope, NOW, &mut ours).became(), Became::Shown(message));
    b.restart(NOW, &mut ours.entropy);

    let kept = crate::registry::fork::kept(b.vault()).unwrap();
    assert_eq!(kept.len(), 1);
    assert_eq!((&kept[0].ours, &kept[0].theirs), (&ours.head(NOW).note, &theirs.head(NOW).note));
}

#[test]
fn an_envelope_or_slot_item_about_which_the_vault_is_damaged_waits_and_the_others_go_on() {
    let (mut world, mut a, mut b, records) = pair(32);
    let mut messages = Vec::new();
    for record in &records[..2] {
        let message = queue(&mut a, &b, b"x", &mut world);
        messages.push((message, sealed(&mut a, &message, record, NOW, &mut world)));
    }
    let bent = "UPDATE prekey SET record = x'00' WHERE id = ?1";
    let id = PrekeyRecord::parse(&records[0]).unwrap().id();
    b.vault().db().execute(bent, [id.as_bytes()]).unwrap();

    let waits = got(&mut b, &messages[0].1, NOW, &mut world);
    let goes_on = got(&mut b, &messages[1].1, NOW, &mut world).became();

    assert_eq!((waits.became(), waits.settlement(), goes_on), (Became::Held, None, Became::Shown(messages[1].0)));
    let mend = "UPDATE prekey SET record = ?2 WHERE id = ?1";
    b.vault().db().execute(mend, params![id.as_bytes(), records[0]]).unwrap();
    let here = Here { identity: &b.identity, held: &b.held, rules: &rules() };
    let after = retry_held(b.vault.as_mut().unwrap(), &here, NOW, &mut world.entropy).unwrap();
    assert_eq!(after[0].became(), Became::Shown(messages[0].0));

    let receipts = receipts_of(&mut b, NOW, &mut world);
    a.vault().db().execute("UPDATE seal SET header = x'00' WHERE message = ?1", [messages[1].0.as_bytes()]).unwrap();
    let became: Vec<_> = receipts
        .iter()
        .map(|receipt| slot_item(&mut a, SlotItemKind::Envelope, receipt, address(receipt), NOW))
        .collect();
    assert_eq!(became, [SlotBecame::Waits, SlotBecame::Delivered(messages[0].0)]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

    /// Trap 12.
    /// Whatever the relay repeats and reorders, and wherever the node is killed, each message is shown exactly once,
    /// and each gets exactly one receipt for its envelope.
    #[test]
    fn each_message_is_shown_exactly_once(
        seed in 100_u64..10_000,
        schedule in prop::collection::vec((0_usize..5, 0_u8..4), 1..40),
    ) {
        let (mut world, mut a, mut b, records) = pair(seed);
        let envelopes: Vec<_> = (0..5)
            .map(|number| {
                let message = queue(&mut a, &b, &[b'x', number], &mut world);
                sealed(&mut a, &message, &records[usize::from(number)], NOW, &mut world)
            })
            .collect();
        let all = (0..5).map(|which| (which, 3_u8));
        let mut settlements = std::collections::BTreeMap::new();

        for (which, steps) in schedule.into_iter().chain(all) {
            let here = Here { identity: &b.identity, held: &b.held, rules: &rules() };
            let vault = b.vault.as_mut().unwrap();
            if steps >= 1 {
                let committed = commit(vault, &here, &envelopes[which], NOW, &mut world.entropy).unwrap();
                if steps >= 2 {
                    erase(vault, &committed, &mut world.entropy).unwrap();
                }
                let before = settlements.insert(which, committed.settlement());
                prop_assert!(before.is_none_or(|before| before == committed.settlement()));
            }
            if steps < 3 {
                b.restart(NOW, &mut world.entropy);
            }
        }

        prop_assert_eq!(list(b.vault()).unwrap().len(), 5);
        prop_assert_eq!(receipts_of(&mut b, NOW, &mut world).len(), 5);
    }
}

/// Trap 27.
#[test]
fn messages_under_the_signed_key_are_counted_while_the_relay_says_that_it_has_one_time_keys() {
    use prekeys::last_resort::{reported, withheld};
    let (mut world, mut a, mut b, records) = pair(43);
    let reports = RelayStock {
        one_time: records.iter().map(|record| PrekeyRecord::parse(record).unwrap().id()).collect(),
        signed: Vec::new(),
    };
    let signed: Vec<u8> =
        b.vault().db().query_row("SELECT record FROM prekey WHERE kind = 1", [], |row| row.get(0)).unwrap();
    reported(b.vault(), &reports, NOW.before(HOUR_S)).unwrap();

    for number in 0..3 {
        let message = queue(&mut a, &b, format!("bed {number}").as_bytes(), &mut world);
        let envelope = sealed(&mut a, &message, &signed, NOW, &mut world);
        assert!(matches!(got(&mut b, &envelope, NOW, &mut world).became(), Became::Shown(_)));
        reported(b.vault(), &reports, NOW.after(number)).unwrap();
        assert_eq!(withheld(b.vault(), NOW.after(number)).unwrap().is_some(), number == 2, "{number}");
    }
}
