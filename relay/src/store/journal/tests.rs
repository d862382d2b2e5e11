//! What the journal alone promises: a torn end is cut off, damage is found, what left is overwritten.

use std::fs::OpenOptions;
use std::os::unix::fs::{FileExt as _, MetadataExt as _};

use super::*;
use safeconduct_protocol::{
    crypto::hash::{HashLabel, hash},
    id::{EnvelopeDigest, MailboxId},
};

use crate::{
    limits::SEGMENT_BYTES,
    store::{Deposited, disk::SystemDisk, suite},
};

fn open(data: &Path) -> Result<Journal, OpenError> {
    Journal::open(Arc::new(SystemDisk), data, Quotas::default())
}

fn put(journal: &mut Journal, n: u8) {
    let outcome = journal.commit(&[Change::Deposit(suite::deposit(1, n, 20_000))]).unwrap();
    assert_eq!(outcome, [Outcome::Deposit(Deposited::Stored)]);
}

fn settle(n: u8) -> Change {
    let (mailbox, digest) = (suite::mailbox(1), suite::deposit(1, n, 20_000).digest);
    Change::Settle { mailbox, digest, nack: None, keep_until: suite::day(1) }
}

fn waiting(journal: &Journal) -> Vec<u8> {
    let found = journal.view().deliverable(suite::mailbox(1), 0, 1000).unwrap();
    found.iter().map(|envelope| envelope.bytes[0]).collect()
}

fn segment(data: &Path, number: u32) -> PathBuf {
    data.join(SEGMENTS).join(format!("{number:08x}.seg"))
}

/// Where the last record of a segment ends: behind it lie zeros, or records of long ago.
fn end_of(segment: &Path) -> u64 {
    let bytes = std::fs::read(segment).unwrap();
    let (mut at, mut position) = (24, 0_u64);
    while bytes.get(at..at + 4) == Some(b"SCRJ") && bytes[at + 8..at + 16] == position.to_be_bytes() {
        at += 96 + usize::try_from(u32::from_be_bytes(bytes[at + 36..at + 40].try_into().unwrap())).unwrap();
        position += 1;
    }
    u64::try_from(at).unwrap()
}

#[test]
fn after_a_crash_everything_is_read_from_the_journal_and_a_torn_end_is_cut_off() {
    for torn in [0, 1, 95, 96, 97, 8_000, 16_479] {
        let data = tempfile::tempdir().unwrap();
        let mut journal = open(data.path()).unwrap();
        (0..3).for_each(|n| put(&mut journal, n));
        journal.commit(&[settle(1)]).unwrap();
        let whole = end_of(&segment(data.path(), 1));
        put(&mut journal, 3);
        journal.crash();
        let file = OpenOptions::new().write(true).open(segment(data.path(), 1)).unwrap();
        file.set_len(whole + torn).unwrap();

        let mut after = open(data.path()).unwrap();

        assert_eq!(waiting(&after), [0, 2], "{torn} bytes of the last batch");
        put(&mut after, 3);
        drop(after);
        assert_eq!(waiting(&open(data.path()).unwrap()), [0, 2, 3]);
    }
}

#[test]
fn a_batch_is_there_whole_or_not_at_all() {
    let data = tempfile::tempdir().unwrap();
    let mut journal = open(data.path()).unwrap();
    put(&mut journal, 0);
    let whole = end_of(&segment(data.path(), 1));
    let three: Vec<_> = (1..4).map(|n| Change::Deposit(suite::deposit(1, n, 20_000))).collect();
    journal.commit(&three).unwrap();
    journal.crash();
    let file = OpenOptions::new().write(true).open(segment(data.path(), 1)).unwrap();
    file.set_len(whole + 2 * (96 + 16_384) + 50).unwrap();

    assert_eq!(waiting(&open(data.path()).unwrap()), [0]);
}

#[test]
fn damage_before_the_last_batch_is_not_taken_for_a_torn_end() {
    let data = tempfile::tempdir().unwrap();
    let mut journal = open(data.path()).unwrap();
    (0..3).for_each(|n| put(&mut journal, n));
    journal.crash();
    let file = OpenOptions::new().write(true).open(segment(data.path(), 1)).unwrap();
    file.write_all_at(&[0xff], 5_000).unwrap();

    let opened = open(data.path()).err().unwrap();

    assert!(matches!(opened, OpenError::Journal(StoreError::Damaged(_))), "{opened}");
    assert!(opened.remedy().contains("backup"));
}

#[test]
fn segments_without_their_index_are_not_taken_for_an_empty_store() {
    let data = tempfile::tempdir().unwrap();
    let mut journal = open(data.path()).unwrap();
    (0..3).for_each(|n| put(&mut journal, n));
    drop(journal);
    let before = std::fs::read(segment(data.path(), 1)).unwrap();
    for ending in ["", "-wal", "-shm"] {
        std::fs::remove_file(data.path().join(format!("{INDEX_FILE_NAME}{ending}"))).ok();
    }

    let opened = open(data.path()).err().unwrap();

    assert!(matches!(opened, OpenError::Damaged), "{opened}");
    assert!(std::fs::read(segment(data.path(), 1)).unwrap() == before, "nothing is cut off");
}

/// The eraser asks while the writer is between its judgement and the disk's word.
#[test]
fn the_bytes_of_what_is_just_leaving_stay_until_that_is_durable() {
    let mut index = Index::new(Quotas::default());
    let deposit = suite::deposit(1, 1, 20_000);
    let mut effects = Vec::new();
    index.deposit(&deposit, &mut effects);
    index.lies_at(1, At { segment: 1, offset: 24, length: 16_384 });
    index.reveal();
    assert_eq!(index.in_segment(1), [(24, 24 + 96 + 16_384)]);

    let mut leaving = Vec::new();
    index.settle(suite::mailbox(1), deposit.digest, None, &mut leaving);
    assert_eq!(index.in_segment(1).len(), 1, "the disk may refuse it yet");
    let next_seq = index.next_seq();
    index.undo(&leaving, next_seq);
    assert_eq!(index.in_segment(1).len(), 1, "it is back");

    index.settle(suite::mailbox(1), deposit.digest, None, &mut Vec::new());
    index.reveal();
    assert!(index.in_segment(1).is_empty());
}

#[test]
fn a_missing_segment_is_named() {
    let data = tempfile::tempdir().unwrap();
    let mut journal = open(data.path()).unwrap();
    put(&mut journal, 0);
    drop(journal);
    std::fs::remove_file(segment(data.path(), 1)).unwrap();

    let opened = open(data.path()).err().unwrap();

    assert!(matches!(opened, OpenError::SegmentMissing(1)), "{opened}");
}

#[test]
fn what_left_is_overwritten_and_its_space_given_back() {
    const CANARY: [u8; 16] = *b"canary-canary-16";
    let data = tempfile::tempdir().unwrap();
    let mut journal = open(data.path()).unwrap();
    let to = MailboxId::from_bytes(CANARY);
    let mut marked = suite::deposit(1, 1, 20_000);
    marked.place = crate::store::Place::Mailbox(to);
    marked.bytes[8..24].copy_from_slice(&CANARY);
    marked.bytes[40..56].copy_from_slice(&CANARY);
    let digest = marked.digest;
    journal.commit(&[Change::Deposit(marked)]).unwrap();
    put(&mut journal, 2);
    let found = || {
        let files = [data.path().to_owned(), data.path().join(SEGMENTS)];
        let entries = files.iter().flat_map(|dir| std::fs::read_dir(dir).unwrap());
        let paths = entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
        paths.map(|path| std::fs::read(path).unwrap().windows(16).filter(|w| *w == CANARY).count()).sum::<usize>()
    };
    assert!(found() >= 3, "else this test proves nothing");

    journal.commit(&[Change::Settle { mailbox: to, digest, nack: None, keep_until: suite::day(1) }]).unwrap();
    drop(journal);

    assert_eq!(found(), 0);
    assert_eq!(waiting(&open(data.path()).unwrap()), [2], "its neighbour stays");
}

/// Fills several segments; the store is then a few times larger than what lives in it.
#[test]
fn segments_go_when_nothing_lives_in_them_and_stragglers_keep_only_their_blocks() {
    let data = tempfile::tempdir().unwrap();
    let mut journal = open(data.path()).unwrap();
    let count = 2 * SEGMENT_BYTES / 65_536 + 100;
    let digest = |n: u32| {
        let mut digest = [0; 32];
        digest[..4].copy_from_slice(&n.to_be_bytes());
        EnvelopeDigest::from_bytes(digest)
    };
    let all: Vec<u32> = (0..count).collect();
    for some in all.chunks(100) {
        let batch = some.iter().map(|n| {
            let mut deposit = suite::deposit(1, 7, 20_000);
            deposit.digest = digest(*n);
            deposit.bytes = vec![7; 65_536];
            Change::Deposit(deposit)
        });
        journal.commit(&batch.collect::<Vec<_>>()).unwrap();
    }
    let used = || {
        let files = (1..=3).filter_map(|number| std::fs::metadata(segment(data.path(), number)).ok());
        files.map(|file| file.blocks() * 512).sum::<u64>()
    };
    assert!(used() > u64::from(SEGMENT_BYTES) * 2, "{}", used());

    // Three stay, one in each segment.
    let stay = [0, 300, 600];
    let leave: Vec<_> = all
        .iter()
        .filter(|n| !stay.contains(*n))
        .map(|n| Change::Settle {
            mailbox: suite::mailbox(1),
            digest: digest(*n),
            nack: None,
            keep_until: suite::day(1),
        })
        .collect();
    leave.chunks(500).for_each(|some| drop(journal.commit(some).unwrap()));
    // A new segment, so that the three are behind.
    journal.mark.offset = SEGMENT_BYTES;
    put(&mut journal, 9);
    journal.crash();
    let journal = open(data.path()).unwrap();
    let mut rounds = 0;
    while used() > 4 * 70_000 + 100_000 {
        std::thread::park_timeout(std::time::Duration::from_millis(50));
        rounds += 1;
        assert!(rounds < 600, "{} bytes stay", used());
    }

    assert_eq!(journal.view().deliverable(suite::mailbox(1), 0, 1000).unwrap().len(), 4);
}

#[test]
fn a_check_finds_every_flipped_bit_of_an_item_and_names_its_mailbox() {
    let data = tempfile::tempdir().unwrap();
    let mut journal = open(data.path()).unwrap();
    for n in 0..3 {
        let mut deposit = suite::deposit(1, n, 20_000);
        deposit.digest = EnvelopeDigest::from_bytes(hash(HashLabel::Envelope, &[&deposit.bytes]));
        journal.commit(&[Change::Deposit(deposit)]).unwrap();
    }
    let clean = journal.checker().run().unwrap();
    assert_eq!((clean.items, clean.bytes, clean.damage.len()), (3, 3 * 16_384, 0));

    let file = OpenOptions::new().read(true).write(true).open(segment(data.path(), 1)).unwrap();
    let second = u64::from(PREAMBLE_BYTES) + 96 + 16_384;
    for offset in (0..96).chain((96..96 + 16_384).step_by(997)) {
        let mut byte = [0];
        file.read_exact_at(&mut byte, second + offset).unwrap();
        file.write_all_at(&[byte[0] ^ (1 << (offset % 8))], second + offset).unwrap();

        let checked = journal.checker().run().unwrap();

        assert_eq!(checked.damage.len(), 1, "offset {offset}");
        assert_eq!((checked.damage[0].place, checked.damage[0].seq), (suite::mailbox(1), 2));
        assert_eq!(waiting(&journal), [0, 2], "the others are delivered");
        file.write_all_at(&byte, second + offset).unwrap();
    }
    assert_eq!(waiting(&journal), [0, 1, 2]);
}
