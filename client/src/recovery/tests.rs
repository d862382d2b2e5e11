//! Recovery over real vaults in temporary folders: what goes back is noticed, what is backed up comes back whole, and nothing is
//! shown twice.

mod stolen;

use std::{fs, path::Path};

use rusqlite::params;
use safeconduct_certs::node::Exercise;
use safeconduct_protocol::{
    frame::SlotItemKind,
    id::{AgencyId, MessageId, SlotId},
    prekey::record::PrekeyRecord,
    receipt::head::{HeadPlace, NodeHead},
    time::{DAY_S, Timestamp},
};

use super::{
    chains::{ChainTrouble, alarms},
    *,
};
use crate::{
    evidence::chain,
    inbox::{self, ContentRefused, Haste, Here, Rules, Summary, receive::Became, slot},
    keys::{self, Identity},
    outbox::{self, NewReferral, OutboxState, Rank, progress, seal},
    prekeys::{self, RelayStock},
    testing::{self, HOME, NOW, Node, Seeded, World, cheap, passphrase, reopen, vault},
    vault::{self as at_rest, Vault, VaultError},
};

fn rules() -> Rules<'static> {
    Rules {
        validate: &|_sender, content| -> Result<Summary, ContentRefused> {
            Ok(Summary {
                referral_id: "ref-1".to_owned(),
                kind: "Referral".to_owned(),
                urgency: "Immediate".to_owned(),
                haste: Haste::Urgent,
                exercise: false,
                referral: Box::new(testing::referral_like(content, false)),
            })
        },
        named: &|_| true,
        blocked: &|_| false,
        receipt_delay_max_s: 0,
        clock: Timestamp(u64::MAX),
        setting: testing::setting(),
    }
}

fn pair(seed: u64) -> (World, Node, Node) {
    let mut world = World::new(seed);
    let mut a = world.node(Exercise::No);
    let mut b = world.node(Exercise::No);
    world.update(&mut a, NOW);
    world.update(&mut b, NOW);
    (world, a, b)
}

/// One-time prekey records of a node, published.
fn stock(node: &mut Node, now: Timestamp, world: &mut World) -> Vec<Vec<u8>> {
    let vault = node.vault.as_mut().unwrap();
    let batches = prekeys::refill(vault, &node.identity, &RelayStock::default(), now, &mut world.entropy).unwrap();
    batches.into_iter().flatten().filter(|record| record[6] == 2).collect()
}

fn queue(node: &mut Node, to: &Node, content: &[u8], now: Timestamp, world: &mut World) -> MessageId {
    let agency: AgencyId = "xa.harbour-house".parse().unwrap();
    let new = NewReferral {
        content,
        recipient: to.identity.node,
        agency: &agency,
        referral_id: "ref-1",
        rank: Rank::Normal,
        exercise: false,
        alarm_after_s: outbox::ALARM_AFTER_S,
        idempotency: None,
    };
    outbox::queue(node.vault(), &new, now, &mut world.entropy).unwrap().message()
}

/// Seals a message that waits, lets the relay take it, and gives the envelope.
fn sealed(node: &mut Node, message: &MessageId, record: &[u8], now: Timestamp, world: &mut World) -> Vec<u8> {
    let vault = node.vault.as_mut().unwrap();
    seal::seal(vault, &node.identity, &node.held, message, record, now, &mut world.entropy).unwrap();
    let one = outbox::submission(vault, message).unwrap().unwrap();
    let receipt = world.accept(&one.envelope, now);
    progress::relay_accepted(vault, &node.identity, &node.held, &one.digest, &receipt, now).unwrap();
    one.envelope
}

fn got(node: &mut Node, envelope: &[u8], now: Timestamp, world: &mut World) -> Became {
    let here = Here { identity: &node.identity, held: &node.held, rules: &rules() };
    inbox::receive::receive(node.vault.as_mut().unwrap(), &here, envelope, now, &mut world.entropy).unwrap().became()
}

/// Brings all receipts that `from` has ready to `to`; how many.
fn receipts(from: &mut Node, to: &mut Node, now: Timestamp, world: &mut World) -> usize {
    let vault = from.vault.as_mut().unwrap();
    seal::seal_due_receipts(vault, &from.identity, &from.held, now, &mut world.entropy).unwrap();
    let ready = outbox::to_submit(vault, now, 100, &HOME).unwrap();
    let mut count = 0;
    for one in ready {
        if outbox::find(vault, &one.message).unwrap().unwrap().kind != outbox::MessageKind::Receipt {
            continue;
        }
        let receipt = world.accept(&one.envelope, now);
        progress::relay_accepted(vault, &from.identity, &from.held, &one.digest, &receipt, now).unwrap();
        let place = SlotId::from_bytes(one.envelope[8..24].try_into().unwrap());
        let here = Here { identity: &to.identity, held: &to.held, rules: &rules() };
        slot::take(
            to.vault.as_mut().unwrap(),
            &here,
            &place,
            SlotItemKind::Envelope,
            &one.envelope,
            now,
            &mut world.entropy,
        )
        .unwrap();
        count += 1;
    }
    count
}

/// A message all the way: sent, shown, receipted.
fn exchanged(a: &mut Node, b: &mut Node, record: &[u8], now: Timestamp, world: &mut World) -> MessageId {
    let message = queue(a, b, b"content", now, world);
    let envelope = sealed(a, &message, record, now, world);
    assert_eq!(got(b, &envelope, now, world), Became::Shown(message));
    assert_eq!(receipts(b, a, now, world), 1);
    message
}

fn state(node: &Node, message: &MessageId) -> OutboxState {
    outbox::find(node.vault.as_ref().unwrap(), message).unwrap().unwrap().state
}

fn backup_of(vault: &Vault, file: &Path, now: Timestamp, entropy: &mut Seeded) -> u64 {
    backup::take(vault, file, now, entropy).unwrap()
}

fn restored(file: &Path, now: Timestamp, entropy: &mut Seeded) -> (tempfile::TempDir, restore::Done) {
    let dir = tempfile::tempdir().unwrap();
    let done = restore::from_file(file, dir.path(), &passphrase(), cheap(), now, entropy).unwrap();
    (dir, done)
}

/// The node of a restored vault, in place of the one that was lost.
fn reborn(world: &mut World, dir: tempfile::TempDir, now: Timestamp) -> Node {
    let vault = reopen(dir.path(), now, &mut world.entropy);
    let identity = keys::identity(&vault).unwrap();
    head::check(&vault, &identity.node).unwrap();
    let held = crate::registry::load(&vault, now).unwrap();
    Node { dir, vault: Some(vault), identity, held, paper: None }
}

fn settled(node: &mut Node, kept: &[u8], now: Timestamp, world: &mut World) -> (usize, NodeHead) {
    let vault = node.vault.as_mut().unwrap();
    restore::settle(vault, &mut node.identity, kept, now, &mut world.entropy).unwrap().unwrap()
}

/// The notice that waits in a node's outbox.
fn notice_of(node: &mut Node) -> MessageId {
    let waiting = outbox::to_seal(node.vault(), NOW.after(30 * DAY_S), 10, &|_| true).unwrap();
    let is_notice = |message: &MessageId| {
        outbox::find(node.vault.as_ref().unwrap(), message).unwrap().unwrap().kind == outbox::MessageKind::Notice
    };
    waiting.into_iter().map(|one| one.message).find(is_notice).unwrap()
}

fn put(node: &mut Node, world: &mut World) -> NodeHead {
    head::next(node.vault.as_mut().unwrap(), &node.identity, NOW, &mut world.entropy).unwrap()
}

/// Trap 68: a page of yesterday has a valid tag, and does not fit.
#[test]
fn an_old_page_that_is_put_back_does_not_fit_the_node_head() {
    let (mut world, mut a, mut b) = pair(200);
    let records = stock(&mut b, NOW, &mut world);
    exchanged(&mut a, &mut b, &records[0], NOW, &mut world);
    let path = a.dir.path().join("node.db");
    a.vault().checkpoint().unwrap();
    let yesterday = fs::read(&path).unwrap();
    exchanged(&mut a, &mut b, &records[1], NOW, &mut world);
    a.vault().checkpoint().unwrap();
    let own = a.identity.node;
    drop(a.vault.take());
    let today = fs::read(&path).unwrap();
    let page = 4096;
    let pages = today.len().min(yesterday.len()) / page;
    let changed: Vec<usize> =
        (1..pages).filter(|at| today[at * page..][..page] != yesterday[at * page..][..page]).collect();
    assert!(changed.len() > 3, "{} pages changed", changed.len());

    let mut noticed = 0;
    for at in &changed {
        let mut mixed = today.clone();
        mixed[at * page..][..page].copy_from_slice(&yesterday[at * page..][..page]);
        fs::write(&path, &mixed).unwrap();
        let Ok(vault) = Vault::open(a.dir.path(), &passphrase(), NOW, &mut world.entropy) else {
            noticed += 1;
            continue;
        };
        noticed += usize::from(head::check(&vault, &own).is_err());
    }
    fs::write(&path, &today).unwrap();
    head::check(&reopen(a.dir.path(), NOW, &mut world.entropy), &own).unwrap();

    // Pages of content alone (outbox, inbox, slots) are not the node head's.
    assert!(noticed >= 3, "{noticed} of {} pages were noticed", changed.len());
    for table in ["pair", "evidence", "node_head"] {
        assert!(noticed_when(&mut world, a.dir.path(), table, &own), "{table}");
    }
}

/// Whether a row of this table as it was before is noticed at the next start.
fn noticed_when(world: &mut World, dir: &Path, table: &str, own: &safeconduct_protocol::id::NodeId) -> bool {
    let vault = reopen(dir, NOW, &mut world.entropy);
    let harm = match table {
        "pair" => "DROP TRIGGER node_head_pair; UPDATE pair SET length = length - 1, head = randomblob(32)",
        "evidence" => "DELETE FROM evidence WHERE place = (SELECT max(place) FROM evidence)",
        _ => "UPDATE node_head SET state = randomblob(32)",
    };
    vault.db().execute_batch(&format!("SAVEPOINT harm; {harm}")).unwrap();
    let noticed = matches!(head::check(&vault, own), Err(RecoveryError::Mixed { .. }));
    vault.db().execute_batch("ROLLBACK TO harm; RELEASE harm").unwrap();
    noticed
}

#[test]
fn whatever_changes_what_the_head_covers_is_in_it_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let vault = vault(dir.path(), &mut Seeded::new(201));
    let own = keys::identity(&vault).unwrap().node;
    let state = || -> (Vec<u8>, Vec<u8>) {
        let query = "SELECT state, lines FROM node_head";
        vault.db().query_row(query, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap()
    };
    let mut before = state();
    for change in [
        "UPDATE node SET epoch = 2",
        "INSERT INTO enrolment (only, invite, relay, root, request, state) VALUES (1, x'01', 'r:1', x'02', x'03', 'requested')",
        "UPDATE enrolment SET root = x'04'",
        "INSERT INTO peer (node, epoch) VALUES (x'05', 1)",
        "UPDATE peer SET epoch = 2",
        "UPDATE peer SET key_id = x'07'",
        "DELETE FROM peer",
        "REPLACE INTO registry_head (only, size, root_hash, note, timestamp, signed_at, seen_at) VALUES (1, 0, x'06', x'', x'', 0, 0)",
    ] {
        vault.db().execute(change, []).unwrap();
        assert_ne!(state(), before, "{change}");
        head::check(&vault, &own).unwrap();
        before = state();
    }
    vault.db().execute("UPDATE enrolment SET state = 'approved'", []).unwrap();
    assert_eq!(state(), before, "where an enrolment stands is no policy");
    let (identity, partner) = (keys::identity(&vault).unwrap(), safeconduct_protocol::id::NodeId::from_bytes([7; 32]));
    let kind = safeconduct_protocol::receipt::chain::EntryKind::Ping;
    for _ in 0..2 {
        let before = state();
        chain::append(vault.db(), &identity, &partner, None, kind, b"x", NOW).unwrap();
        assert_ne!(state(), before);
        head::check(&vault, &own).unwrap();
    }
    vault.db().execute_batch("DELETE FROM evidence; DELETE FROM pair;").unwrap();
    assert_eq!(state(), before);
}

#[test]
fn a_vault_of_an_older_program_gets_its_head_from_what_is_in_it() {
    let (mut world, mut a, mut b) = pair(221);
    let records = stock(&mut b, NOW, &mut world);
    exchanged(&mut a, &mut b, &records[0], NOW, &mut world);
    let own = a.identity.node;
    let objects: Vec<(String, String)> = {
        let query =
            "SELECT type, name FROM sqlite_schema WHERE (type IN ('trigger', 'view')) OR (type = 'table' AND name IN
            ('node_head', 'halt', 'backup_key', 'backup', 'restored', 'restore_loss', 'partner_head', 'partner_restore',
            'chain_alarm', 'time_ahead', 'foreign_ahead', 'partner_taken', 'referral_revision', 'case_event', 'case_pending', 'timer',
            'view_log', 'referral_word', 'referral', 'officer', 'officer_alone', 'confirmation', 'sent_by', 'draft',
            'report', 'report_given', 'report_schedule', 'report_agreement', 'report_sent', 'document', 'post', 'api_token', 'api_answer', 'change', 'referral_consent',
            'asking', 'profile_kept', 'report_summed', 'officer_roles', 'head_acted_on'))
            ORDER BY type = 'table', type = 'view', name IN ('referral', 'api_token', 'officer')";
        let mut rows = a.vault().db().prepare(query).unwrap();
        rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect()
    };
    for (kind, name) in objects {
        a.vault().db().execute_batch(&format!("DROP {kind} {name}")).unwrap();
    }
    a.vault().db().execute_batch("ALTER TABLE peer DROP COLUMN key_id").unwrap();
    for index in ["outbox_ended", "outbox_unsent", "outbox_unheard", "inbox_waiting", "seal_acted_on", "inbox_acted_on"]
    {
        a.vault().db().execute_batch(&format!("DROP INDEX {index}")).unwrap();
    }
    a.vault().db().execute_batch("ALTER TABLE outbox DROP COLUMN ended_at").unwrap();
    a.vault().db().execute_batch("ALTER TABLE foreign_leaf DROP COLUMN seen").unwrap();
    for table in ["head_conflict", "foreign_conflict"] {
        a.vault().db().execute_batch(&format!("ALTER TABLE {table} DROP COLUMN replaced")).unwrap();
    }
    a.vault().db().pragma_update(None, "user_version", 11).unwrap();
    drop(a.vault.take());

    let vault = reopen(a.dir.path(), NOW, &mut world.entropy);

    head::check(&vault, &own).unwrap();
    let lines: Vec<u8> = vault.db().query_row("SELECT lines FROM node_head", [], |row| row.get(0)).unwrap();
    assert_ne!(lines, [0; 32]);
    assert!(vault.backup_key().is_ok());
}

/// Trap 43: the relay keeps a newer head than the vault knows.
#[test]
fn a_vault_that_has_gone_back_stops_until_a_person_confirms() {
    let (mut world, mut a, _b) = pair(202);
    let first = put(&mut a, &mut world);
    let back = tempfile::tempdir().unwrap();
    a.vault().checkpoint().unwrap();
    copy_folder(a.dir.path(), back.path());
    assert_eq!(judge(&mut a, first.as_bytes()).unwrap(), head::Judged::Level);
    let newer = put(&mut a, &mut world);
    drop(a.vault.take());
    copy_folder(back.path(), a.dir.path());
    a.vault = Some(reopen(a.dir.path(), NOW, &mut world.entropy));

    let refused = judge(&mut a, newer.as_bytes()).unwrap_err();

    let RecoveryError::RolledBack { ours, theirs, .. } = &refused else { panic!("{refused}") };
    assert_eq!((ours.counter, theirs.counter), (1, 2));
    let own = a.identity.node;
    let words = head::check(a.vault(), &own).unwrap_err().to_string();
    assert!(words.contains("number 1") && words.contains("number 2"), "{words}");
    drop(a.vault.take());
    let done = restore::confirm(a.dir.path(), &passphrase(), NOW, &mut world.entropy).unwrap();
    assert_eq!(done.epoch, 2);
    a.vault = Some(reopen(a.dir.path(), NOW, &mut world.entropy));
    a.identity = keys::identity(a.vault()).unwrap();
    head::check(a.vault(), &own).unwrap();
    let (_told, after) = settled(&mut a, newer.as_bytes(), NOW, &mut world);
    assert_eq!(after.place(), HeadPlace { epoch: 2, counter: 3 });
    assert_eq!(judge(&mut a, after.as_bytes()).unwrap(), head::Judged::Level);
}

fn judge(node: &mut Node, kept: &[u8]) -> Result<head::Judged, RecoveryError> {
    head::judge(node.vault.as_mut().unwrap(), &node.identity, kept, NOW)
}

fn copy_folder(from: &Path, to: &Path) {
    for name in ["node.db", "vault.scv", "prekeys.seeds", "tls.key"] {
        fs::copy(from.join(name), to.join(name)).unwrap();
    }
    for name in ["node.db-wal", "node.db-shm"] {
        fs::remove_file(to.join(name)).ok();
    }
}

/// Trap 6: two machines with one identity.
#[test]
fn a_clone_signs_another_head_under_the_same_number_and_both_notice() {
    let (mut world, mut a, _b) = pair(203);
    let first = put(&mut a, &mut world);
    let other = tempfile::tempdir().unwrap();
    a.vault().checkpoint().unwrap();
    copy_folder(a.dir.path(), other.path());
    let mut clone = Node {
        vault: Some(reopen(other.path(), NOW, &mut world.entropy)),
        identity: keys::identity(a.vault()).unwrap(),
        held: a.held.clone(),
        dir: other,
        paper: None,
    };
    assert_eq!(judge(&mut clone, first.as_bytes()).unwrap(), head::Judged::Level, "nothing has parted yet");

    let (ours, theirs) = (put(&mut a, &mut world), put(&mut clone, &mut world));

    assert!(ours.place() == theirs.place() && ours != theirs);
    assert!(matches!(judge(&mut clone, ours.as_bytes()), Err(RecoveryError::Cloned { .. })));
    assert!(matches!(judge(&mut a, theirs.as_bytes()), Err(RecoveryError::Cloned { .. })));
}

#[test]
fn a_head_of_another_node_or_another_key_counts_for_nothing() {
    let (mut world, mut a, mut b) = pair(204);
    let theirs = put(&mut b, &mut world);
    let forged =
        NodeHead::sign(&b.identity.key, a.identity.node, HeadPlace { epoch: 9, counter: 9 }, NOW.day(), [0; 32]);
    for bytes in [theirs.as_bytes().as_slice(), forged.as_bytes(), b"noise"] {
        assert_eq!(judge(&mut a, bytes).unwrap(), head::Judged::NotOurs);
    }
    assert_eq!(judge(&mut a, b"").unwrap(), head::Judged::Level);
}

#[test]
fn after_a_change_of_keys_the_head_of_the_former_key_is_no_damage_and_the_next_one_follows_it() {
    let (mut world, mut a, _b) = pair(222);
    let former = put(&mut a, &mut world);
    assert!(head::verified(a.vault.as_ref().unwrap(), &a.identity).unwrap().is_some());
    a.vault().db().execute("UPDATE node SET identity_seed = randomblob(32)", []).unwrap();
    a.identity = keys::identity(a.vault()).unwrap();

    assert!(head::verified(a.vault.as_ref().unwrap(), &a.identity).unwrap().is_none());
    assert_eq!(judge(&mut a, former.as_bytes()).unwrap(), head::Judged::NotOurs);
    assert!(put(&mut a, &mut world).place() > former.place());
    assert!(head::verified(a.vault.as_ref().unwrap(), &a.identity).unwrap().is_some());
}

#[test]
fn a_head_says_nothing_of_use_and_leaves_at_fixed_times() {
    let (mut world, mut a, mut b) = pair(205);
    let (node, records) = (a.identity.node, stock(&mut b, NOW, &mut world));
    let one = put(&mut a, &mut world);
    let two = put(&mut a, &mut world);
    exchanged(&mut a, &mut b, &records[0], NOW, &mut world);
    let three = put(&mut a, &mut world);

    assert_eq!([one.place().counter, two.place().counter, three.place().counter], [1, 2, 3], "use does not count");
    assert!(one.commitment() != two.commitment(), "the same state looks like another one");
    let due = |now| head::is_due(a.vault.as_ref().unwrap(), &node, now).unwrap();
    assert!(!due(NOW) && due(NOW.after(6 * 3_600)));
}

/// Trap 5: the length of a backup says nothing of what is in it.
#[test]
fn backups_of_vaults_of_different_compressibility_have_one_length() {
    let lengths = [
        b"INSERT INTO prekey_used (prekey, until) VALUES (zeroblob(150000), 1)".as_slice(),
        b"INSERT INTO prekey_used (prekey, until) VALUES (randomblob(150000), 1)",
        b"INSERT INTO prekey_used (prekey, until) VALUES (zeroblob(1000), 1)",
    ]
    .map(|fill| {
        let (dir, entropy) = (tempfile::tempdir().unwrap(), &mut Seeded::new(206));
        let vault = vault(&dir.path().join("node"), entropy);
        vault.db().execute(std::str::from_utf8(fill).unwrap(), []).unwrap();
        backup_of(&vault, &dir.path().join("b"), NOW, entropy)
    });
    assert_eq!(lengths, [lengths[0]; 3]);
    assert_eq!(lengths[0], 196 + 16 * (65_536 + 44), "1 MiB of content");
    assert_eq!(sealed::filled(1024 * 1024), Some(1024 * 1024));
    assert_eq!(sealed::filled(1024 * 1024 + 1), Some(2 * 1024 * 1024));
    assert_eq!(sealed::filled(u64::MAX), None);
}

#[test]
fn a_backup_holds_no_prekey_seed_and_no_reply_key_and_shows_nothing() {
    let (mut world, mut a, mut b) = pair(207);
    let records = stock(&mut b, NOW, &mut world);
    stock(&mut a, NOW, &mut world);
    let message = queue(&mut a, &b, b"a canary in the content", NOW, &mut world);
    sealed(&mut a, &message, &records[0], NOW, &mut world);
    let secret: Vec<u8> = a.vault().db().query_row("SELECT reply_secret FROM seal", [], |row| row.get(0)).unwrap();
    let (folder, file) = kept_in(&a, &mut world);

    let bytes = fs::read(&file).unwrap();
    for canary in [b"a canary in the content".as_slice(), &secret, b"CREATE TABLE", b"SQLite format"] {
        assert!(!bytes.windows(canary.len()).any(|window| window == canary));
    }
    let dir = folder.path().join("opened");
    let (opened, made_at, _) = drill::open(&file, &dir, &passphrase(), cheap(), NOW, &mut world.entropy).unwrap();
    assert_eq!(made_at, NOW);
    let left: i64 = opened
        .db()
        .query_row(
            "SELECT (SELECT count(*) FROM prekey) + (SELECT count(*) FROM seal WHERE coalesce(reply_secret,
                reply_slot_secret, status_slot_secret) IS NOT NULL)",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!((left, opened.seeds().ids().count()), (0, 0));
    assert_eq!(*outbox::content(&opened, &message).unwrap().unwrap(), *b"a canary in the content");
    let free: i64 = opened.db().pragma_query_value(None, "freelist_count", |row| row.get(0)).unwrap();
    assert_eq!(free, 0, "what was left out is in no free page");
}

fn kept_in(node: &Node, world: &mut World) -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("node.scbackup");
    backup_of(node.vault.as_ref().unwrap(), &file, NOW, &mut world.entropy);
    (folder, file)
}

#[test]
fn a_backup_is_never_overwritten_and_one_that_fails_leaves_no_file() {
    let (mut world, a, _b) = pair(208);
    let (folder, file) = kept_in(&a, &mut world);
    let vault = a.vault.as_ref().unwrap();
    let before = fs::read(&file).unwrap();

    let again = backup::take(vault, &file, NOW, &mut world.entropy).unwrap_err();
    let nowhere = backup::take(vault, &folder.path().join("no/such"), NOW, &mut world.entropy).unwrap_err();
    // What a kill in the middle leaves: it is no backup, and the next one goes on.
    fs::write(folder.path().join(".other.unfinished"), b"half").unwrap();
    fs::create_dir_all(a.dir.path().join("copying")).unwrap();
    fs::write(a.dir.path().join("copying/node.db"), b"half").unwrap();
    backup_of(vault, &folder.path().join("other"), NOW, &mut world.entropy);

    assert!(matches!(again, RecoveryError::FileExists { .. }) && matches!(nowhere, RecoveryError::File { .. }));
    assert_eq!(fs::read(&file).unwrap(), before);
    let mut left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["node.scbackup", "other"]);
    assert!(!a.dir.path().join("copying").exists());
    assert_eq!(backup::last(vault).unwrap(), Some(NOW));
}

#[test]
fn every_part_of_a_backup_that_is_altered_is_refused_and_changes_nothing() {
    let (mut world, a, _b) = pair(209);
    let (folder, file) = kept_in(&a, &mut world);
    let good = fs::read(&file).unwrap();
    let bent_at = |at: usize| {
        let mut bent = good.clone();
        bent[at] ^= 1;
        bent
    };
    let chunk = 65_536 + 44;
    let mut swapped = good.clone();
    let (one, two) = (196, 196 + chunk);
    swapped[one..one + chunk].copy_from_slice(&good[two..two + chunk]);
    let cases: Vec<Vec<u8>> = [0, 9, 12, 20, 60, 130, 190, 210, 196 + chunk, good.len() - 1]
        .into_iter()
        .map(bent_at)
        .chain([
            swapped,
            good[..good.len() - chunk].to_vec(),
            good[..good.len() - 1].to_vec(),
            good[..150].to_vec(),
            Vec::new(),
        ])
        .collect();
    for (number, bytes) in cases.iter().enumerate() {
        fs::write(&file, bytes).unwrap();
        let empty = folder.path().join(format!("data-{number}"));
        assert!(drill::verify(&file, &passphrase(), cheap(), NOW, &mut world.entropy).is_err(), "case {number}");
        let refused = restore::from_file(&file, &empty, &passphrase(), cheap(), NOW, &mut world.entropy);
        assert!(refused.is_err() && !Vault::exists(&empty), "case {number}");
        assert_eq!(fs::read_dir(&empty).unwrap().count(), 1, "only the lock file: case {number}");
    }
    fs::write(&file, &good).unwrap();
    let wrong = zeroize::Zeroizing::new("another passphrase".to_owned());
    assert!(matches!(
        drill::verify(&file, &wrong, cheap(), NOW, &mut world.entropy),
        Err(RecoveryError::WrongPassphrase)
    ));
    drill::verify(&file, &passphrase(), cheap(), NOW, &mut world.entropy).unwrap();
}

#[test]
fn a_drill_tells_what_a_restore_would_bring_back_and_changes_nothing() {
    let (mut world, mut a, mut b) = pair(210);
    let records = stock(&mut b, NOW, &mut world);
    exchanged(&mut a, &mut b, &records[0], NOW, &mut world);
    put(&mut b, &mut world);
    let (folder, file) = kept_in(&b, &mut world);
    let before = fs::read(&file).unwrap();

    let tried = drill::verify(&file, &passphrase(), cheap(), NOW.after(DAY_S), &mut world.entropy).unwrap();

    assert_eq!((tried.received, tried.sent, tried.partners, tried.receipts), (1, 0, 1, 1));
    assert_eq!((tried.made_at, tried.newest_at, tried.evidence), (NOW.0, Some(NOW.0), 2));
    assert!(tried.head_signed && tried.node == b.identity.node.to_hex());
    assert!(fs::read(&file).unwrap() == before && fs::read_dir(folder.path()).unwrap().count() == 1);
}

/// Traps 4 and 67: nothing of before opens anything.
#[test]
fn a_restored_vault_opens_no_envelope_of_before() {
    let (mut world, mut a, mut b) = pair(211);
    let records = stock(&mut b, NOW, &mut world);
    let mut envelopes = Vec::new();
    let mut send = |a: &mut Node, b: &mut Node, record: &[u8], world: &mut World| {
        let message = queue(a, b, b"content", NOW, world);
        let envelope = sealed(a, &message, record, NOW, world);
        assert_eq!(got(b, &envelope, NOW, world), Became::Shown(message));
        envelopes.push(envelope);
    };
    send(&mut a, &mut b, &records[0], &mut world);
    let (_folder, file) = kept_in(&b, &mut world);
    for record in &records[1..4] {
        send(&mut a, &mut b, record, &mut world);
    }
    let late = queue(&mut a, &b, b"late", NOW, &mut world);
    envelopes.push(sealed(&mut a, &late, &records[4], NOW, &mut world));
    drop(b.vault.take());

    let (dir, _done) = restored(&file, NOW, &mut world.entropy);
    let mut b = reborn(&mut world, dir, NOW);

    let became: Vec<Became> = envelopes.iter().map(|envelope| got(&mut b, envelope, NOW, &mut world)).collect();
    assert_eq!(became[0], Became::Again, "it was done with before the backup: the stored answer again");
    assert!(became[1..].iter().all(|became| *became == Became::Nacked), "{became:?}");
    assert_eq!(inbox::list(b.vault()).unwrap().len(), 1);
}

#[test]
fn what_was_lost_comes_again_after_a_yes_under_its_old_id_and_is_shown_once() {
    lost_and_sent_again(NOW.after(60), NOW.after(3_600));
}

/// The order in which the receipts and the notice came tells, not a second, and not the clock of a machine that is gone.
#[test]
fn what_was_lost_in_the_second_of_the_restore_or_under_a_clock_ahead_is_known_to_be_lost() {
    lost_and_sent_again(NOW.after(60), NOW.after(60));
    lost_and_sent_again(NOW.after(3_700), NOW.after(3_600));
}

fn lost_and_sent_again(lost_at: Timestamp, later: Timestamp) {
    let (mut world, mut a, mut b) = pair(212);
    let records = stock(&mut b, NOW, &mut world);
    let kept = exchanged(&mut a, &mut b, &records[0], NOW, &mut world);
    let (_folder, file) = kept_in(&b, &mut world);
    let lost = [&records[1], &records[2]].map(|record| exchanged(&mut a, &mut b, record, lost_at, &mut world));
    let epoch_before = b.identity.epoch;
    drop(b.vault.take());
    let (dir, done) = restored(&file, later, &mut world.entropy);
    let mut b = reborn(&mut world, dir, later);
    assert_eq!((done.copy_of, b.identity.epoch), (NOW, epoch_before + 1));

    let (told, _) = settled(&mut b, &[], later, &mut world);
    assert_eq!(told, 1);
    let to_a = stock(&mut a, later, &mut world);
    let notice = notice_of(&mut b);
    let envelope = sealed(&mut b, &notice, &to_a[0], later, &mut world);
    assert_eq!(got(&mut a, &envelope, later, &mut world), Became::Control(notice));
    receipts(&mut a, &mut b, later, &mut world);

    let open = resend::of(a.vault(), &b.identity.node).unwrap().unwrap();
    let list: Vec<MessageId> = resend::lost(a.vault(), &open).unwrap().iter().map(|lost| lost.entry.message).collect();
    assert!(list.len() == 2 && lost.iter().all(|message| list.contains(message)) && !open.answered);
    assert_eq!(resend::send(a.vault(), &open, later).unwrap().len(), 2);
    assert!(resend::of(a.vault(), &b.identity.node).unwrap().unwrap().answered);
    assert_eq!((state(&a, &kept), state(&a, &lost[0])), (OutboxState::Delivered, OutboxState::Queued));
    let fresh = stock(&mut b, later, &mut world);
    assert_eq!(PrekeyRecord::parse(&fresh[0]).unwrap().terms().epoch, 2);
    for (message, record) in lost.iter().zip(&fresh) {
        let envelope = sealed(&mut a, message, record, later, &mut world);
        assert_eq!(got(&mut b, &envelope, later, &mut world), Became::Shown(*message));
    }
    // And once more what b has kept: it is known there.
    outbox_again(&mut a, &kept);
    let envelope = sealed(&mut a, &kept, &fresh[2], later, &mut world);
    assert_eq!(got(&mut b, &envelope, later, &mut world), Became::Duplicate(kept));
    assert_eq!(receipts(&mut b, &mut a, later, &mut world), 3);
    assert_eq!(inbox::list(b.vault()).unwrap().len(), 3);
    assert!(lost.iter().all(|message| state(&a, message) == OutboxState::Delivered));
    assert!(resend::lost(a.vault(), &open).unwrap().is_empty(), "what was delivered after the restore is not lost");
    assert!(alarms(a.vault(), later).unwrap().is_empty() && alarms(b.vault(), later).unwrap().is_empty());
    let losses = notice::losses(b.vault()).unwrap();
    assert!(losses.len() == 1 && losses[0].seen > losses[0].held, "{losses:?}");
    for node in [&mut a, &mut b] {
        let own = node.identity.node;
        head::check(node.vault(), &own).unwrap();
    }
}

/// The backup is older than the first dealing with this partner.
#[test]
fn a_partner_of_whom_the_backup_knows_nothing_is_told_when_it_writes() {
    let (mut world, mut a, mut b) = pair(220);
    let (_folder, file) = kept_in(&b, &mut world);
    let records = stock(&mut b, NOW, &mut world);
    let lost = exchanged(&mut a, &mut b, &records[0], NOW.after(60), &mut world);
    let later = NOW.after(3_600);
    drop(b.vault.take());
    let (dir, _done) = restored(&file, later, &mut world.entropy);
    let mut b = reborn(&mut world, dir, later);
    world.update(&mut b, later);
    assert_eq!(settled(&mut b, &[], later, &mut world).0, 0, "no partner is known");
    let fresh = stock(&mut b, later, &mut world);
    let next = queue(&mut a, &b, b"next", later, &mut world);
    let envelope = sealed(&mut a, &next, &fresh[0], later, &mut world);
    assert_eq!(got(&mut b, &envelope, later, &mut world), Became::Shown(next));

    let notice = notice_of(&mut b);
    let to_a = stock(&mut a, later, &mut world);
    let envelope = sealed(&mut b, &notice, &to_a[0], later, &mut world);
    got(&mut a, &envelope, later, &mut world);

    let open = resend::of(a.vault(), &b.identity.node).unwrap().unwrap();
    let list: Vec<_> = resend::lost(a.vault(), &open).unwrap().iter().map(|lost| lost.entry.message).collect();
    assert!(open.held == 0 && list.contains(&lost));
}

/// The receipt of the new life needs no prekey, the notice does: found by the simulator.
#[test]
fn a_receipt_that_overtakes_the_notice_to_a_partner_unknown_to_the_backup_leaves_no_alarm() {
    let (mut world, mut a, mut b) = pair(221);
    let (_folder, file) = kept_in(&b, &mut world);
    let (to_a, to_b) = (stock(&mut a, NOW, &mut world), stock(&mut b, NOW, &mut world));
    for record in &to_a[..3] {
        exchanged(&mut b, &mut a, record, NOW.after(60), &mut world);
    }
    for record in &to_b[..4] {
        exchanged(&mut a, &mut b, record, NOW.after(60), &mut world);
    }
    let later = NOW.after(3_600);
    drop(b.vault.take());
    let (dir, _done) = restored(&file, later, &mut world.entropy);
    let mut b = reborn(&mut world, dir, later);
    world.update(&mut b, later);
    assert_eq!(settled(&mut b, &[], later, &mut world).0, 0, "no partner is known");
    // So many that the new chain shows a length that the old one has shown.
    let fresh = stock(&mut b, later, &mut world);
    for record in &fresh[..4] {
        exchanged(&mut a, &mut b, record, later, &mut world);
    }

    let before = alarms(a.vault(), later).unwrap();
    let notice = notice_of(&mut b);
    let envelope = sealed(&mut b, &notice, &to_a[3], later, &mut world);
    got(&mut a, &envelope, later, &mut world);

    assert!(!before.is_empty(), "two histories, until the notice says why");
    assert!(alarms(a.vault(), later).unwrap().is_empty());
}

/// Who was put back writes first: its partner, which the backup does not know, hears of the restore. Found by the simulator.
#[test]
fn a_restored_node_that_writes_first_to_a_partner_unknown_to_the_backup_leaves_no_alarm() {
    let (mut world, mut a, mut b) = pair(222);
    let (_folder, file) = kept_in(&b, &mut world);
    let to_a = stock(&mut a, NOW, &mut world);
    for record in &to_a[..2] {
        exchanged(&mut b, &mut a, record, NOW.after(60), &mut world);
    }
    let later = NOW.after(3_600);
    drop(b.vault.take());
    let (dir, _done) = restored(&file, later, &mut world.entropy);
    let mut b = reborn(&mut world, dir, later);
    world.update(&mut b, later);
    assert_eq!(settled(&mut b, &[], later, &mut world).0, 0, "no partner is known");

    for record in &to_a[2..4] {
        exchanged(&mut b, &mut a, record, later, &mut world);
    }
    let notice = notice_of(&mut b);
    let envelope = sealed(&mut b, &notice, &to_a[4], later, &mut world);
    assert_eq!(got(&mut a, &envelope, later, &mut world), Became::Control(notice));

    assert!(alarms(a.vault(), later).unwrap().is_empty());
    assert!(resend::of(a.vault(), &b.identity.node).unwrap().is_some(), "a knows of the restore");
}

fn outbox_again(node: &mut Node, message: &MessageId) {
    let again = "UPDATE outbox SET state = 'queued' WHERE message = ?1";
    node.vault().db().execute(again, params![message.as_bytes()]).unwrap();
}

#[test]
fn a_notice_that_is_forged_replayed_or_for_somebody_else_changes_nothing() {
    let (mut world, mut a, mut b) = pair(213);
    let records = stock(&mut b, NOW, &mut world);
    exchanged(&mut a, &mut b, &records[0], NOW, &mut world);
    let (_folder, file) = kept_in(&b, &mut world);
    drop(b.vault.take());
    let (dir, _) = restored(&file, NOW.after(1), &mut world.entropy);
    let mut b = reborn(&mut world, dir, NOW.after(1));
    settled(&mut b, &[], NOW.after(1), &mut world);
    let notice = notice_of(&mut b);
    let content = outbox::content(b.vault(), &notice).unwrap().unwrap();
    let to_a = stock(&mut a, NOW.after(1), &mut world);
    let envelope = sealed(&mut b, &notice, &to_a[0], NOW.after(1), &mut world);
    got(&mut a, &envelope, NOW.after(1), &mut world);
    let open = resend::of(a.vault(), &b.identity.node).unwrap().unwrap();
    resend::send(a.vault(), &open, NOW.after(2)).unwrap();

    // The same notice once more, in another message; and one with a bent byte.
    let mut bent = content.to_vec();
    let last = bent.len() - 1;
    bent[last] ^= 1;
    for (bytes, record) in [(content.to_vec(), &to_a[1]), (bent, &to_a[2])] {
        let again = queue(&mut b, &a, &bytes, NOW.after(3), &mut world);
        b.vault().db().execute("UPDATE outbox SET kind = 4 WHERE message = ?1", params![again.as_bytes()]).unwrap();
        let envelope = sealed(&mut b, &again, record, NOW.after(3), &mut world);
        assert_eq!(got(&mut a, &envelope, NOW.after(3), &mut world), Became::Control(again));
    }

    let after = resend::of(a.vault(), &b.identity.node).unwrap().unwrap();
    assert!(after.answered && after.held == open.held);
}

/// Trap 6, seen by a partner: the first message of the second machine shows a length that was shown before.
#[test]
fn a_partner_notices_a_clone_at_its_first_message_and_the_clone_by_the_echo() {
    let (mut world, mut a, mut b) = pair(214);
    let records = stock(&mut b, NOW, &mut world);
    exchanged(&mut a, &mut b, &records[0], NOW, &mut world);
    let other = tempfile::tempdir().unwrap();
    a.vault().checkpoint().unwrap();
    copy_folder(a.dir.path(), other.path());
    let mut clone = Node {
        vault: Some(reopen(other.path(), NOW, &mut world.entropy)),
        identity: keys::identity(a.vault()).unwrap(),
        held: a.held.clone(),
        dir: other,
        paper: None,
    };
    exchanged(&mut a, &mut b, &records[1], NOW, &mut world);
    exchanged(&mut a, &mut b, &records[2], NOW, &mut world);
    assert!(alarms(b.vault(), NOW).unwrap().is_empty() && alarms(a.vault(), NOW).unwrap().is_empty());

    exchanged(&mut clone, &mut b, &records[3], NOW, &mut world);

    let of = |node: &mut Node| alarms(node.vault(), NOW).unwrap().into_iter().map(|alarm| alarm.1).collect::<Vec<_>>();
    assert_eq!(of(&mut b), [ChainTrouble::Forked]);
    assert_eq!(of(&mut clone), [ChainTrouble::OwnLonger], "the receipt echoes what the original has shown");
    assert!(of(&mut a).is_empty());
}

#[test]
fn a_partner_that_has_gone_back_without_a_notice_is_an_alarm_and_a_late_envelope_is_none() {
    let (mut world, mut a, mut b) = pair(215);
    let records = stock(&mut b, NOW, &mut world);
    // Overtaken on the way: sealed first, taken last.
    let slow = queue(&mut a, &b, b"slow", NOW, &mut world);
    let slow_envelope = sealed(&mut a, &slow, &records[0], NOW, &mut world);
    exchanged(&mut a, &mut b, &records[1], NOW, &mut world);
    assert_eq!(got(&mut b, &slow_envelope, NOW.after(DAY_S), &mut world), Became::Shown(slow));
    receipts(&mut b, &mut a, NOW.after(DAY_S), &mut world);
    assert!(alarms(b.vault(), NOW.after(DAY_S)).unwrap().is_empty());

    let (tomorrow, next) = (NOW.after(2 * DAY_S), NOW.after(3 * DAY_S));
    a.vault().checkpoint().unwrap();
    let back = tempfile::tempdir().unwrap();
    copy_folder(a.dir.path(), back.path());
    exchanged(&mut a, &mut b, &records[2], tomorrow, &mut world);
    exchanged(&mut a, &mut b, &records[3], tomorrow, &mut world);
    drop(a.vault.take());
    copy_folder(back.path(), a.dir.path());
    a.vault = Some(reopen(a.dir.path(), next, &mut world.entropy));
    // One more entry, so that no length is shown twice.
    let (identity, partner) = (&a.identity, b.identity.node);
    let kind = safeconduct_protocol::receipt::chain::EntryKind::Quarantined;
    chain::append(a.vault.as_ref().unwrap().db(), identity, &partner, None, kind, b"x", next).unwrap();
    let message = queue(&mut a, &b, b"after", next, &mut world);
    let envelope = sealed(&mut a, &message, &records[4], next, &mut world);
    assert_eq!(got(&mut b, &envelope, next, &mut world), Became::Shown(message));

    let seen = alarms(b.vault(), next).unwrap();
    assert_eq!(seen, [(a.identity.node, ChainTrouble::WentBack)]);
    assert!(alarms(b.vault(), next.after(31 * DAY_S)).unwrap().is_empty(), "it ends by itself");
}

/// Criterion 36: all files of a restore, or no vault at all, wherever it is cut off.
#[test]
fn a_restore_that_is_cut_off_leaves_no_vault_and_the_next_one_is_whole() {
    use crate::vault::cut_off;
    let (mut world, a, _b) = pair(216);
    let (_folder, file) = kept_in(&a, &mut world);
    for steps in 0..cut_off::STEP_COUNT {
        let dir = tempfile::tempdir().unwrap();
        cut_off::after(dir.path(), steps, |preparing| {
            drill::open(&file, preparing, &passphrase(), cheap(), NOW, &mut world.entropy).map(drop).unwrap();
        });
        assert!(!Vault::exists(dir.path()), "after {steps} steps");
        assert!(matches!(
            Vault::open(dir.path(), &passphrase(), NOW, &mut world.entropy),
            Err(VaultError::Missing { .. })
        ));

        restore::from_file(&file, dir.path(), &passphrase(), cheap(), NOW, &mut world.entropy).unwrap();

        let vault = reopen(dir.path(), NOW, &mut world.entropy);
        assert_eq!(keys::identity(&vault).unwrap().node, a.identity.node);
        drop(vault);
        let mut files: Vec<_> = fs::read_dir(dir.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
        files.sort();
        assert_eq!(files, ["daemon.lock", "node.db", "prekeys.seeds", "tls.key", "vault.scv"]);
    }
    let dir = tempfile::tempdir().unwrap();
    restore::from_file(&file, dir.path(), &passphrase(), cheap(), NOW, &mut world.entropy).unwrap();
    let again = restore::from_file(&file, dir.path(), &passphrase(), cheap(), NOW, &mut world.entropy).unwrap_err();
    assert!(matches!(again, RecoveryError::Vault(VaultError::Exists { .. })), "a vault is never overwritten");
}

#[test]
fn the_epoch_after_a_restore_is_above_what_the_relay_remembers() {
    let (mut world, mut a, _b) = pair(217);
    let (_folder, file) = kept_in(&a, &mut world);
    let remembered = {
        let identity = Identity { epoch: 7, ..keys::identity(a.vault()).unwrap() };
        NodeHead::sign(&identity.key, identity.node, HeadPlace { epoch: 7, counter: 40 }, NOW.day(), [1; 32])
    };
    drop(a.vault.take());
    let (dir, done) = restored(&file, NOW, &mut world.entropy);
    let mut a = reborn(&mut world, dir, NOW);

    let (_told, head) = settled(&mut a, remembered.as_bytes(), NOW, &mut world);

    assert_eq!((done.epoch, a.identity.epoch), (2, 8));
    assert_eq!(head.place(), HeadPlace { epoch: 8, counter: 41 });
    assert!(
        restore::settle(a.vault.as_mut().unwrap(), &mut a.identity, &[], NOW, &mut world.entropy).unwrap().is_none()
    );
    let newest = restore::newest(a.vault()).unwrap().unwrap();
    assert!(newest.epoch == 8 && !newest.pending);
}

#[test]
fn a_passphrase_is_changed_and_old_backups_open_with_the_old_one() {
    let (mut world, mut a, _b) = pair(218);
    let (folder, old_file) = kept_in(&a, &mut world);
    let old_key = fs::read(a.dir.path().join("vault.scv")).unwrap();
    let new = zeroize::Zeroizing::new("four boats leave at dusk".to_owned());
    let in_use = at_rest::change_passphrase(a.dir.path(), &passphrase(), &new, cheap(), &mut world.entropy);
    assert!(matches!(in_use, Err(VaultError::InUse { .. })));
    drop(a.vault.take());
    let wrong = at_rest::change_passphrase(a.dir.path(), &new, &new, cheap(), &mut world.entropy);
    assert!(matches!(wrong, Err(VaultError::WrongPassphrase)));

    at_rest::change_passphrase(a.dir.path(), &passphrase(), &new, cheap(), &mut world.entropy).unwrap();

    let old = Vault::open(a.dir.path(), &passphrase(), NOW, &mut world.entropy);
    assert!(matches!(old, Err(VaultError::WrongPassphrase)));
    let vault = Vault::open(a.dir.path(), &new, NOW, &mut world.entropy).unwrap();
    vault.check_passphrase(&new).unwrap();
    assert!(matches!(vault.check_passphrase(&passphrase()), Err(VaultError::WrongPassphrase)));
    let new_file = folder.path().join("new.scbackup");
    backup_of(&vault, &new_file, NOW, &mut world.entropy);
    drill::verify(&new_file, &new, cheap(), NOW, &mut world.entropy).unwrap();
    drill::verify(&old_file, &passphrase(), cheap(), NOW, &mut world.entropy).unwrap();
    assert!(drill::verify(&new_file, &passphrase(), cheap(), NOW, &mut world.entropy).is_err());
    assert_ne!(fs::read(a.dir.path().join("vault.scv")).unwrap(), old_key);
}

/// What yesterday's pages have made of a chain is cut back to what follows from its first entry, after a person's word.
#[test]
fn a_mixed_vault_goes_on_with_what_holds_after_a_persons_word() {
    let (mut world, mut a, mut b) = pair(219);
    let records = stock(&mut b, NOW, &mut world);
    exchanged(&mut a, &mut b, &records[0], NOW, &mut world);
    let own = a.identity.node;
    a.vault().db().execute("DELETE FROM evidence WHERE place = 3", []).unwrap();
    assert!(matches!(head::check(a.vault(), &own), Err(RecoveryError::Mixed { .. })));
    drop(a.vault.take());

    restore::confirm(a.dir.path(), &passphrase(), NOW, &mut world.entropy).unwrap();

    let vault = reopen(a.dir.path(), NOW, &mut world.entropy);
    head::check(&vault, &own).unwrap();
    assert_eq!(chain::entries(&vault, &own, &b.identity.node).unwrap().len(), 2);
}
