//! Attacks by number (`docs/THREAT-MODEL.md`) on a message between two vaults.

use std::collections::BTreeSet;

use safeconduct_certs::evidence::{Known, verify};
use safeconduct_protocol::{
    envelope::{
        header::{Header, content_commitment},
        sealed::OUTER_BYTES,
    },
    id::SlotId,
    receipt::settle::SETTLEMENT_BYTES,
};

use super::*;

mod keys;

/// The length of the chain that a sealed message names.
fn chain_length(node: &mut Node, message: &MessageId) -> u64 {
    let query = "SELECT header FROM seal WHERE message = ?1";
    let header: Vec<u8> = node.vault().db().query_row(query, [message.as_bytes()], |row| row.get(0)).unwrap();
    Header::parse(header.as_slice().try_into().unwrap()).unwrap().chain.length
}

/// Why a recipient cannot tell from its sender's chain that a message never came: one that was acknowledged, and two of which one is lost
/// and one not acknowledged yet, make chains of one length. It is the sender who is told, after a day.
#[test]
fn trap_03_the_length_of_a_chain_does_not_tell_that_a_message_is_missing() {
    let lengths = [false, true].map(|one_is_lost| {
        let (mut world, mut a, mut b, records) = pair(203);
        let first = queue(&mut a, &b, b"came", &mut world);
        let envelope = sealed(&mut a, &first, &records[0], NOW, &mut world);
        accepted(&mut a, &envelope, NOW, &world);
        got(&mut b, &envelope, NOW, &mut world);
        let receipt = receipts_of(&mut b, NOW, &mut world).remove(0);
        if one_is_lost {
            let lost = queue(&mut a, &b, b"withheld", &mut world);
            sealed(&mut a, &lost, &records[1], NOW, &mut world);
        } else {
            slot_item(&mut a, SlotItemKind::Envelope, &receipt, address(&receipt), NOW);
        }
        let last = queue(&mut a, &b, b"came too", &mut world);
        let envelope = sealed(&mut a, &last, &records[2], NOW, &mut world);
        assert_eq!(got(&mut b, &envelope, NOW, &mut world).became(), Became::Shown(last));
        chain_length(&mut a, &last)
    });

    assert_eq!(lengths, [3, 3]);
}

fn bent(envelope: &[u8], at: usize) -> Vec<u8> {
    let mut bytes = envelope.to_vec();
    bytes[at] ^= 1;
    bytes
}

fn got_under(node: &mut Node, rules: &Rules<'_>, envelope: &[u8], world: &mut World) -> Committed {
    let here = Here { identity: &node.identity, held: &node.held, rules };
    receive(node.vault.as_mut().unwrap(), &here, envelope, NOW, &mut world.entropy).unwrap()
}

/// What the relay sees of the answer to a damaged envelope, to one that a rule refuses, to one of a blocked and one of a revoked sender, and
/// to a second content under a used id is that of a message that was shown, but for the envelope that it names.
#[test]
fn trap_30_every_fault_of_a_known_sender_gets_the_answer_of_success() {
    let (mut world, mut a, mut b, records) = pair(200);
    let mut envelopes = Vec::new();
    for (content, record) in [&b"shown"[..], b"damaged", b"!refused", b"blocked", b"revoked"].iter().zip(&records) {
        let message = queue(&mut a, &b, content, &mut world);
        envelopes.push((message, sealed(&mut a, &message, record, NOW, &mut world)));
    }
    let lie = "UPDATE outbox SET content = CAST('two' AS BLOB), state = 'queued' WHERE message = ?1";
    a.vault().db().execute(lie, [envelopes[0].0.as_bytes()]).unwrap();
    let two_minds = sealed(&mut a, &envelopes[0].0, &records[9], NOW, &mut world);
    let blocking = Rules { blocked: &|_| true, ..rules() };

    let mut answers = vec![got(&mut b, &envelopes[0].1, NOW, &mut world)];
    answers.push(got(&mut b, &bent(&envelopes[1].1, 9_000), NOW, &mut world));
    answers.push(got(&mut b, &envelopes[2].1, NOW, &mut world));
    answers.push(got_under(&mut b, &blocking, &envelopes[3].1, &mut world));
    answers.push(got(&mut b, &two_minds, NOW, &mut world));
    world.end(&a.identity.node, LeafKind::Revoke);
    world.update(&mut b, NOW);
    answers.push(got(&mut b, &envelopes[4].1, NOW, &mut world));

    let became: BTreeSet<String> = answers.iter().map(|answer| format!("{:?}", answer.became())).collect();
    assert_eq!(became.len(), answers.len(), "each went its own way here: {became:?}");
    let settled: Vec<Vec<u8>> = answers.iter().map(|answer| answer.settlement().unwrap()).collect();
    for bytes in &settled {
        assert_eq!(bytes.len(), SETTLEMENT_BYTES);
        assert!(Settlement::parse(bytes).unwrap().verify(&b.identity.public()).is_ok());
        assert!(bytes[..36] == settled[0][..36] && bytes[68..96] == settled[0][68..96]);
    }
}

/// When receipts are ready to leave, second by second, for twenty ordinary referrals at which somebody looks at once, or nobody.
fn receipts_by_second(looks: bool) -> Vec<usize> {
    let (mut world, mut a, mut b, records) = pair(201);
    let ordinary = |from: &NodeId, content: &[u8]| {
        validate(from, content).map(|summary| Summary { haste: Haste::Ordinary, ..summary })
    };
    let rules = Rules { validate: &ordinary, ..rules() };
    for record in &records[..20] {
        let message = queue(&mut a, &b, b"x", &mut world);
        let envelope = sealed(&mut a, &message, record, NOW, &mut world);
        assert_eq!(got_under(&mut b, &rules, &envelope, &mut world).became(), Became::Shown(message));
        if looks {
            show(b.vault(), &message, NOW).unwrap();
        }
    }
    (0..=30).map(|second| receipts_of(&mut b, NOW.after(second), &mut world).len()).collect()
}

/// The receipts of cover leave over half a minute, as those of referrals that can wait. It is in no list, its end is no alarm, and it is forgotten.
#[test]
fn trap_70_cover_is_answered_as_late_as_a_referral_that_can_wait_and_nobody_is_told_of_it() {
    let (mut world, mut a, mut b, records) = pair(270);
    let to = b.identity.node;
    let cover = |a: &mut Node, world: &mut World| outbox::queue_cover(a.vault(), to, NOW, &mut world.entropy).unwrap();
    let sent: Vec<MessageId> = (0..20).map(|_| cover(&mut a, &mut world)).collect();
    for (message, record) in sent.iter().zip(&records) {
        let envelope = sealed(&mut a, message, record, NOW, &mut world);
        assert_eq!(got(&mut b, &envelope, NOW, &mut world).became(), Became::Control(*message));
    }
    let lost = cover(&mut a, &mut world);
    sealed(&mut a, &lost, &records[20], NOW, &mut world);
    let refused = cover(&mut a, &mut world);
    progress::fail(a.vault().db(), &refused, outbox::FailReason::RecipientRevoked).unwrap();

    let ready: Vec<usize> = (0..=30).map(|second| receipts_of(&mut b, NOW.after(second), &mut world).len()).collect();

    let steps: BTreeSet<usize> = ready.iter().copied().collect();
    assert!(ready[30] == 20 && steps.len() > 8, "spread over the half minute: {ready:?}");
    for receipt in receipts_of(&mut b, NOW.after(30), &mut world) {
        slot_item(&mut a, SlotItemKind::Envelope, &receipt, address(&receipt), NOW.after(30));
    }
    assert!(sent.iter().all(|message| state(&a, message) == OutboxState::Delivered));
    assert!(!outbox::may_have_cover(a.vault(), &to, NOW).unwrap(), "one is lost");
    assert!(list(b.vault()).unwrap().is_empty() && outbox::list(a.vault()).unwrap().is_empty());
    assert_eq!(outbox::standing::not_at_the_relay(a.vault()).unwrap(), 0);
    let year = NOW.after(365 * DAY_S);
    let alarms = "SELECT count(*) FROM outbox WHERE alarm = 1";
    let alarmed = |a: &mut Node| a.vault().db().query_row(alarms, [], |row| row.get::<_, i64>(0)).unwrap();
    upkeep::run(a.vault(), upkeep::SaltPolicy::Keep, NOW.after(2 * DAY_S), NOW.after(2 * DAY_S)).unwrap();
    assert_eq!(alarmed(&mut a), 0);
    upkeep::run(a.vault(), upkeep::SaltPolicy::Keep, year, year).unwrap();
    assert!(alarmed(&mut a) == 0 && outbox::find(a.vault(), &lost).unwrap().is_none());
    assert!(outbox::may_have_cover(a.vault(), &to, year).unwrap());
    world.update(&mut b, year);
    receive::forget_replays(b.vault(), year).unwrap();
    assert_eq!(b.vault().db().query_row("SELECT count(*) FROM inbox", [], |row| row.get::<_, i64>(0)).unwrap(), 0);
}

#[test]
fn trap_31_a_receipt_says_nothing_of_a_person_and_a_strangers_probe_gets_none() {
    let (looked, alone) = (receipts_by_second(true), receipts_by_second(false));
    assert_eq!(looked, alone);
    assert_eq!(looked[30], 20);
    let steps: BTreeSet<usize> = looked.into_iter().collect();
    assert!(steps.len() > 8, "spread over the half minute: {steps:?}");

    let (mut world, _, mut b, records) = pair(202);
    let mut stranger = world.stranger();
    world.update(&mut stranger, NOW);
    let probe = queue(&mut stranger, &b, b"is anybody there?", &mut world);
    let envelope = sealed(&mut stranger, &probe, &records[0], NOW, &mut world);
    let held = got(&mut b, &envelope, NOW, &mut world);
    assert_eq!((held.became(), held.settlement()), (Became::Held, None));
    let later = NOW.after(8 * DAY_S);
    let here = Here { identity: &b.identity, held: &b.held, rules: &rules() };
    let after = retry_held(b.vault.as_mut().unwrap(), &here, later, &mut world.entropy).unwrap();
    assert!(matches!(after[0].became(), Became::Quarantined(_)));
    assert!(receipts_of(&mut b, later, &mut world).is_empty() && list(b.vault()).unwrap().is_empty());
}

/// What the relay keeps of forty messages between two nodes and of their receipts: but for the mailbox, no id in two of them.
#[test]
fn trap_32_no_slot_or_reply_key_stands_in_two_envelopes() {
    let (mut world, mut a, mut b, records) = pair(203);
    let mut all = Vec::new();
    for record in &records[..40] {
        let message = queue(&mut a, &b, b"x", &mut world);
        let envelope = sealed(&mut a, &message, record, NOW, &mut world);
        got(&mut b, &envelope, NOW, &mut world);
        assert!(envelope[8..24] == *b.identity.mailbox.as_bytes());
        all.extend([envelope[24..40].to_vec(), status_slot(&envelope).to_vec()]);
    }
    let receipts = receipts_of(&mut b, NOW, &mut world);
    assert_eq!(receipts.len(), 40);
    for receipt in &receipts {
        all.extend([address(receipt).to_vec(), receipt[24..40].to_vec(), status_slot(receipt).to_vec()]);
    }
    all.extend([a.identity.mailbox, b.identity.mailbox].map(|mailbox| mailbox.as_bytes().to_vec()));

    let distinct: BTreeSet<&Vec<u8>> = all.iter().collect();

    assert_eq!((distinct.len(), all.len()), (40 * 5 + 2, 40 * 5 + 2));
}

#[test]
fn trap_50_a_bad_message_of_each_kind_at_the_head_of_the_mailbox_blocks_nothing() {
    let (mut world, mut a, mut b, records) = pair(204);
    let mut revoked = world.node(Exercise::No);
    world.update(&mut revoked, NOW);
    let of = |from: &mut Node, to: &Node, content: &[u8], record: &[u8], world: &mut World| {
        let message = queue(from, to, content, world);
        (message, sealed(from, &message, record, NOW, world))
    };
    let (honest, envelope) = of(&mut a, &b, b"a bed for two tonight", &records[0], &mut world);
    let (_, refused) = of(&mut a, &b, b"!no", &records[1], &mut world);
    let (_, exercise) = of(&mut a, &b, b"Exercise", &records[2], &mut world);
    let (_, consumed) = of(&mut a, &b, b"consumed", &records[3], &mut world);
    let (_, of_revoked) = of(&mut revoked, &b, b"I was an agency", &records[4], &mut world);
    world.end(&revoked.identity.node, LeafKind::Revoke);
    world.update(&mut b, NOW);
    let mut unknown = world.node(Exercise::No);
    world.update(&mut unknown, NOW);
    let (_, of_unknown) = of(&mut unknown, &b, b"who?", &records[5], &mut world);
    prekeys::bury(b.vault().db(), &Sealed::try_from(consumed.clone()).unwrap().prekey(), NOW).unwrap();
    let mut low_order = envelope.clone();
    low_order[1_152..1_184].fill(0);
    let bad: [(&str, Vec<u8>); 14] = [
        ("nothing", Vec::new()),
        ("short", b"short".to_vec()),
        ("no class", vec![7; 16_383]),
        ("noise", vec![7; 65_536]),
        ("magic", bent(&envelope, 0)),
        ("suite", bent(&envelope, 5)),
        ("another's mailbox", bent(&envelope, 8)),
        ("an unknown prekey", bent(&envelope, 24)),
        ("low order", low_order),
        ("its ciphertext", bent(&envelope, OUTER_BYTES + 2_000)),
        ("a rule", refused),
        ("an exercise", exercise),
        ("a used prekey", consumed),
        ("a revoked sender", of_revoked),
    ];

    for (kind, bytes) in &bad {
        let committed = got(&mut b, bytes, NOW, &mut world);
        assert!(!matches!(committed.became(), Became::Shown(_) | Became::Held), "{kind}");
        assert!(committed.settlement().is_some(), "{kind}: the relay is told to go on");
    }
    assert_eq!(got(&mut b, &of_unknown, NOW, &mut world).became(), Became::Held);

    assert_eq!(got(&mut b, &envelope, NOW, &mut world).became(), Became::Shown(honest));
    assert_eq!(list(b.vault()).unwrap().len(), 1);
    assert_eq!(receipts_of(&mut b, NOW, &mut world).len(), 1);
}

fn samples() -> Vec<Vec<u8>> {
    let folder = format!("{}/../tests/samples", env!("CARGO_MANIFEST_DIR"));
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let jsons = files.filter(|path| path.extension().is_some_and(|end| end == "json"));
    let texts = jsons.map(|path| {
        let referral = crate::referral::parse(&std::fs::read(&path).unwrap());
        crate::referral::canonical(&referral.unwrap_or_else(|_findings| panic!("{}", path.display()))).to_vec()
    });
    texts.collect()
}

/// Whoever has evidence without its opening, and a list of all referrals that it may be about, this one among them.
#[test]
fn trap_55_a_dictionary_finds_no_commitment_of_evidence_without_its_salt() {
    let (mut world, mut a, b, records) = pair(205);
    let dictionary = samples();
    assert_eq!(dictionary.len(), 12);
    let message = queue(&mut a, &b, &dictionary[4], &mut world);
    let envelope = sealed(&mut a, &message, &records[0], NOW, &mut world);
    accepted(&mut a, &envelope, NOW, &world);
    let vault = a.vault.as_ref().unwrap();
    let without = export::bundle(vault, &a.held, &message, Contents::Without).unwrap();
    let opened = export::bundle(vault, &a.held, &message, Contents::With).unwrap();
    let salt: [u8; 32] = opened.opening.as_ref().unwrap().salt.0.as_slice().try_into().unwrap();
    let committed = without.header.0[220..252].to_vec();
    let is = |salt: &[u8; 32], content: &Vec<u8>| content_commitment(salt, content).to_vec() == committed;

    // What is to be had without the salt: none, and every 32 bytes that stand in the bundle.
    let parts = [&without.header.0, &without.sender.leaf.0, &without.recipient.leaf.0, &without.checkpoint.0];
    let guesses = parts.iter().flat_map(|part| part.windows(32)).map(|window| <[u8; 32]>::try_from(window).unwrap());
    for guess in guesses.chain([[0; 32]]) {
        assert!(guess != salt && !dictionary.iter().any(|content| is(&guess, content)));
    }
    let found: Vec<usize> = (0..12).filter(|place| is(&salt, &dictionary[*place])).collect();
    assert_eq!(found, [4], "with the salt the dictionary finds it");
    let hashes = dictionary.iter().map(|content| safeconduct_protocol::crypto::hash::sha256(&[content]).to_vec());
    assert!(!hashes.into_iter().any(|hash| without.header.0.windows(32).any(|window| window == hash)));
}

#[test]
fn trap_56_one_text_to_two_agencies_has_two_commitments() {
    let (mut world, mut a, mut b, records) = pair(206);
    let mut c = world.node(Exercise::No);
    world.update(&mut a, NOW);
    world.update(&mut b, NOW);
    world.update(&mut c, NOW);
    let for_c = stock(&mut c, &mut world);
    let mut seen = Vec::new();
    for (to, record) in [(&b, &records[0]), (&c, &for_c[0]), (&b, &records[1])] {
        let message = queue(&mut a, to, b"one text", &mut world);
        sealed(&mut a, &message, record, NOW, &mut world);
        let query = "SELECT header FROM seal WHERE message = ?1";
        let header: Vec<u8> = a.vault().db().query_row(query, [message.as_bytes()], |row| row.get(0)).unwrap();
        // Message id, content, what goes with it, binding, recipients.
        seen.extend(
            [&header[4..20], &header[220..252], &header[252..284], &header[284..316], &header[316..348]]
                .map(<[u8]>::to_vec),
        );
    }

    let distinct: BTreeSet<&Vec<u8>> = seen.iter().collect();

    assert_eq!(distinct.len(), 3 * 5);
}

/// Whoever has seen a reply slot's id fills it: nothing of that counts, all of it is given up for dropping, and the receipt counts.
#[test]
fn trap_65_garbage_in_a_slot_is_dropped_and_the_true_receipt_counts() {
    let (mut world, mut a, mut b, records) = pair(207);
    let message = queue(&mut a, &b, b"x", &mut world);
    let envelope = sealed(&mut a, &message, &records[0], NOW, &mut world);
    got(&mut b, &envelope, NOW, &mut world);
    let receipt = receipts_of(&mut b, NOW, &mut world).remove(0);
    let place = SlotId::from_bytes(address(&receipt));
    let mut noise = vec![7; 16_384];
    noise[..24].copy_from_slice(&receipt[..24]);
    let garbage =
        [noise, bent(&receipt, 3_000), bent(&receipt, 30), envelope, vec![7; 16_384], b"short".to_vec(), Vec::new()];

    for item in &garbage {
        let here = Here { identity: &a.identity, held: &a.held, rules: &rules() };
        let vault = a.vault.as_mut().unwrap();
        let taken = slot::take(vault, &here, &place, SlotItemKind::Envelope, item, NOW, &mut world.entropy).unwrap();
        assert!(taken.became == SlotBecame::Nothing && taken.drop_with.is_some());
    }

    assert_eq!(state(&a, &message), OutboxState::Sealed);
    let became = slot_item(&mut a, SlotItemKind::Envelope, &receipt, address(&receipt), NOW);
    assert_eq!((became, state(&a, &message)), (SlotBecame::Delivered(message), OutboxState::Delivered));
}

/// A relay flips one bit of every tenth envelope; its recipient settles what does not open as it settles everything.
#[test]
fn trap_74_what_a_relay_damaged_alarms_its_sender_and_arrives_when_it_is_sent_again() {
    let (mut world, mut a, mut b, records) = pair(208);
    let (mut damaged, mut sent) = (Vec::new(), BTreeSet::new());
    for (number, record) in records[..20].iter().enumerate() {
        let message = queue(&mut a, &b, format!("bed {number}").as_bytes(), &mut world);
        let mut envelope = sealed(&mut a, &message, record, NOW, &mut world);
        accepted(&mut a, &envelope, NOW, &world);
        sent.insert(message);
        if number % 10 == 9 {
            envelope = bent(&envelope, 1_200 + number * 700);
            damaged.push(message);
        }
        let committed = got(&mut b, &envelope, NOW, &mut world);
        assert!(matches!(Settlement::parse(&committed.settlement().unwrap()).unwrap().kind(), SettleKind::Done));
    }
    let bring = |a: &mut Node, b: &mut Node, now: Timestamp, world: &mut World| {
        for receipt in receipts_of(b, now, world) {
            slot_item(a, SlotItemKind::Envelope, &receipt, address(&receipt), now);
        }
    };
    bring(&mut a, &mut b, NOW, &mut world);
    let silent = |node: &Node| sent.iter().filter(|message| state(node, message) != OutboxState::Delivered).count();
    assert_eq!((damaged.len(), silent(&a), list(b.vault()).unwrap().len()), (2, 2, 18));

    let later = NOW.after(DAY_S);
    let early = upkeep::run(a.vault(), upkeep::SaltPolicy::Keep, later.before(1), later.before(1)).unwrap();
    let due = upkeep::run(a.vault(), upkeep::SaltPolicy::Keep, later, later).unwrap();
    assert_eq!((early.alarmed, due.alarmed), (0, 2), "every one of them, within a day");
    for (message, record) in damaged.iter().zip(&records[20..]) {
        assert!(outbox::find(a.vault(), message).unwrap().unwrap().alarm);
        upkeep::send_again(a.vault(), message, later).unwrap();
        let envelope = sealed(&mut a, message, record, later, &mut world);
        assert_eq!(got(&mut b, &envelope, later, &mut world).became(), Became::Shown(*message));
    }
    bring(&mut a, &mut b, later, &mut world);

    assert_eq!((silent(&a), list(b.vault()).unwrap().len()), (0, 20));
}

/// Canonical samples of one person, of a group, of a child and of none, sealed: one class, but for the one with a long narrative.
#[test]
fn trap_28_one_person_or_four_a_child_or_none_fill_one_class() {
    let (mut world, mut a, b, records) = pair(209);
    let mut classes = Vec::new();
    for (content, record) in samples().iter().zip(&records) {
        let message = queue(&mut a, &b, content, &mut world);
        classes.push((content.len(), sealed(&mut a, &message, record, NOW, &mut world).len()));
    }
    classes.sort_unstable();
    assert!(classes[..11].iter().all(|(_, class)| *class == 16_384), "{classes:?}");
    assert!(classes[11].0 > 2 * classes[10].0 && classes[11].1 == 32_768, "a long narrative shows: {classes:?}");
}

/// A sender is revoked after its message, and both agencies export what they have: each has the head on which it was signed.
#[test]
fn trap_57_both_agencies_can_show_that_the_senders_key_stood_when_it_signed() {
    for recipient_lags in [false, true] {
        let (mut world, mut a, mut b, records) = pair(208);
        if recipient_lags {
            world.node(Exercise::No);
            world.update(&mut a, NOW);
        }
        let size = a.held.size();
        let message = queue(&mut a, &b, b"one text", &mut world);
        let envelope = sealed(&mut a, &message, &records[0], NOW, &mut world);
        accepted(&mut a, &envelope, NOW, &world);
        got(&mut b, &envelope, NOW, &mut world);
        let receipts = receipts_of(&mut b, NOW, &mut world);
        slot_item(&mut a, SlotItemKind::Envelope, &receipts[0], address(&receipts[0]), NOW);
        world.end(&a.identity.node, LeafKind::Revoke);
        for node in [&mut a, &mut b] {
            world.update(node, NOW.after(DAY_S));
            upkeep::run(node.vault(), upkeep::SaltPolicy::Keep, NOW.after(DAY_S), NOW.after(DAY_S)).unwrap();
        }

        for node in [&a, &b] {
            let bundle = export::bundle(node.vault.as_ref().unwrap(), &node.held, &message, Contents::Without).unwrap();
            let lines = verify(&bundle, Known::Nothing).unwrap();
            let before = lines.iter().find(|line| line.what.ends_with("a checkpoint before the message")).unwrap();
            assert!(before.proven && before.detail.starts_with(&format!("{size} entries, ")), "{}", before.detail);
            assert!(before.detail.contains(", made after those entries, which has revoked it"), "{}", before.detail);
            let after = lines.iter().find(|line| line.what.starts_with("a checkpoint no earlier than")).unwrap();
            assert!(after.proven, "{}", after.detail);
        }
    }
}
