//! The store loses power at every write: all that was acknowledged is there, nothing that was never submitted is, and
//! nothing comes back after an acknowledged `done`.
//!
//! A history runs once over a disk that records every call (`tests/faults`); then the disk is rebuilt as a power cut could
//! have left it at each of these calls, with unsynced writes lost, torn or reordered, and the store is opened on it.
//! `SAFECONDUCT_CRASHES=100000` tries so many points; `SAFECONDUCT_SEED=N` repeats a run.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a test: what fails here fails it, its numbers are small, and it says how much it tried"
)]

#[path = "crash/disk.rs"]
mod disk;
#[path = "crash/seen.rs"]
mod seen;

use std::{
    io,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use safeconduct_faults::{
    image::CrashImages,
    rng::SplitMix,
    trace::{Fault, Lasting, Trace},
};
use safeconduct_protocol::{
    id::{EnvelopeDigest, NodeId, PrekeyId},
    time::{Day, Timestamp},
};
use safeconduct_relay::{
    limits::Quotas,
    store::{
        Change, Deposit, Deposited, Engine, Outcome, Place, PrekeyEntry, Publication, Stock, Store, StoredLeaf, View,
        disk::{Disk, SystemDisk},
    },
};

use disk::FaultDisk;
use seen::{PLACES, Seen, body, digest, look, mailbox, number_of, slot};

/// Points of the default run.
const POINTS: usize = 10_000;
/// Transactions of a history in which a call fails.
const SHORT: usize = 25;
const TODAY: Day = Day(20_000);

/// Small segments and transactions, so that a short history rolls, erases and removes.
fn quotas() -> Quotas {
    Quotas { segment_bytes: 200_000, index_rows: 4, ..Quotas::default() }
}

// Histories.

/// What a history has done so far, to choose what comes next.
struct Author {
    random: SplitMix,
    next: u32,
    waiting: Vec<(u8, u32)>,
    leaves: [u64; 2], // of our log, and of a recognised authority's
    prekeys: u16,
}

impl Author {
    fn new(seed: u64) -> Self {
        Self { random: SplitMix::new(seed), next: 1, waiting: Vec::new(), leaves: [0; 2], prekeys: 0 }
    }

    fn deposit(&mut self) -> Change {
        let to = self.random.below(u64::from(PLACES)) as u8;
        let number = self.next;
        self.next += 1;
        let place = if self.random.one_in(6) {
            Place::Slot(slot(to))
        } else {
            self.waiting.push((to, number));
            Place::Mailbox(mailbox(to))
        };
        let expiry = Day(TODAY.0 + self.random.below(3) as u32);
        Change::Deposit(Deposit { place, digest: digest(number), expiry, hour: 0, bytes: body(number) })
    }

    /// The changes of the next transaction: of one half of the store.
    fn batch(&mut self, view: &dyn View) -> Vec<Change> {
        match self.random.below(12) {
            0..=4 => (0..=self.random.below(4)).map(|_| self.deposit()).collect(),
            5..=7 if !self.waiting.is_empty() => {
                let count = 1 + self.random.below(4) as usize;
                (0..count.min(self.waiting.len())).map(|_| self.settle()).collect()
            }
            8 => {
                let place = self.random.below(u64::from(PLACES)) as u8;
                let items = view.slot_items(slot(place), 0).unwrap();
                items.first().map(|item| Change::SlotDrop { slot: slot(place), seq: item.seq }).into_iter().collect()
            }
            9 => {
                let today = Day(TODAY.0 + 2);
                let past = view.expired(today, EnvelopeDigest::from_bytes([0; 32]), 2).unwrap();
                let expire = |digest| Change::Expire { digest, notice: b"expired!".to_vec(), keep_until: today, today };
                self.waiting.retain(|(_, number)| !past.contains(&digest(*number)));
                past.into_iter().map(expire).collect()
            }
            10 => vec![Change::DropNotices { today: Day(TODAY.0 + 1 + self.random.below(3) as u32) }],
            _ => vec![self.at_the_desk()],
        }
    }

    fn settle(&mut self) -> Change {
        let (to, number) = self.waiting.swap_remove(self.random.below(self.waiting.len() as u64) as usize);
        let nack = self.random.one_in(4).then(|| b"a nack!!".to_vec());
        Change::Settle { mailbox: mailbox(to), digest: digest(number), nack, keep_until: Day(TODAY.0 + 1) }
    }

    fn at_the_desk(&mut self) -> Change {
        let node = NodeId::from_bytes([1; 32]);
        match self.random.below(4) {
            0 => {
                let entries = (0..3).map(|_| {
                    self.prekeys += 1;
                    PrekeyEntry {
                        id: PrekeyId::from_bytes(u128::from(self.prekeys).to_be_bytes()),
                        kind: Stock::OneTime,
                        epoch: 0,
                        not_before: Timestamp(0),
                        not_after: Timestamp(2_000_000_000),
                        record: vec![1; 1376],
                    }
                });
                Change::PrekeysPut { node, entries: entries.collect() }
            }
            1 => Change::PrekeyTake { node, from: Stock::OneTime, now: Timestamp(1) },
            kind => {
                let place = &mut self.leaves[usize::from(kind == 2)];
                let (from, leaves) = (*place, vec![StoredLeaf { leaf: vec![2; 400], record: vec![3; 100] }]);
                *place += 1;
                let publication = Publication {
                    root: vec![4],
                    from,
                    seen: Timestamp(0),
                    leaves,
                    note: vec![5],
                    timestamp: Vec::new(),
                };
                let foreign = Change::PublishForeign { authority: [6; 32], publication: publication.clone() };
                if kind == 2 { foreign } else { Change::Publish(publication) }
            }
        }
    }
}

struct History {
    trace: Trace,
    /// What is seen after each acknowledged transaction; the first is the empty store.
    seen: Vec<Seen>,
    /// Envelopes whose transaction was acknowledged, with the number of that transaction.
    taken: Vec<(u32, usize)>,
    _root: tempfile::TempDir,
}

/// A directory that is quick to write, where the machine has one: no sync is real here, the record alone decides.
fn fast_dir() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory).unwrap() } else { tempfile::tempdir().unwrap() }
}

fn record(seed: u64, transactions: usize) -> History {
    let root = fast_dir();
    let trace = Trace::new(root.path()).unwrap();
    let disk: Arc<dyn Disk> = Arc::new(FaultDisk::new(&trace));
    let mut author = Author::new(seed);
    let mut taken = Vec::new();
    let mut store = Engine::open(Arc::clone(&disk), root.path(), quotas()).unwrap();
    let mut view = store.view().unwrap();
    let mut seen = vec![look(view.as_ref()).unwrap()];
    trace.mark(0);
    for transaction in 1..=transactions {
        // Now and then the process ends, in order or not, and another begins.
        let ends = author.random.below(25);
        if ends > 1 {
            let batch = author.batch(view.as_ref());
            commit(&mut store, &batch, transaction, &mut taken);
            seen.push(look(view.as_ref()).unwrap());
            trace.mark(transaction as u64);
            continue;
        }
        drop(view);
        if ends == 0 {
            drop(store)
        } else {
            store.crash()
        }
        store = Engine::open(Arc::clone(&disk), root.path(), quotas()).unwrap();
        view = store.view().unwrap();
        seen.push(look(view.as_ref()).unwrap());
        assert_eq!(seen[transaction - 1], seen[transaction], "a restart changes nothing (seed {seed})");
        trace.mark(transaction as u64);
    }
    drop((view, store));
    History { trace, seen, taken, _root: root }
}

fn commit(store: &mut Engine, batch: &[Change], transaction: usize, taken: &mut Vec<(u32, usize)>) {
    let outcomes = store.commit(batch).unwrap();
    for (change, outcome) in batch.iter().zip(outcomes) {
        if let (Change::Deposit(deposit), Outcome::Deposit(Deposited::Stored)) = (change, outcome) {
            taken.push((number_of(&deposit.bytes), transaction));
        }
    }
}

fn seed_of_run() -> u64 {
    std::env::var("SAFECONDUCT_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(20_261_126)
}

fn wanted(name: &str, default: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// Says how much was tried, past what the test harness keeps of a test that passes.
fn say(line: &str) {
    use std::io::Write as _;
    io::stdout().write_all(format!("\n{line}\n").as_bytes()).unwrap();
}

/// Opens a store as a power cut left it, and holds it against what had been acknowledged.
fn judge(dir: &Path, history: &History, acknowledged: usize, what: &str) {
    let store = Engine::open(Arc::new(SystemDisk), dir, quotas());
    let mut store = store.unwrap_or_else(|error| panic!("{what}: the store does not open: {error}"));
    let found = look(store.view().unwrap().as_ref()).unwrap();
    let fits = |n: usize| history.seen.get(n).is_some_and(|seen| *seen == found);
    assert!(
        fits(acknowledged) || fits(acknowledged + 1),
        "{what}: after transaction {acknowledged} this was seen: {:?}\nnow: {found:?}",
        history.seen[acknowledged]
    );
    // The same envelope again is known, whatever became of it; unless its day was over.
    if let Some((number, _)) = history.taken.iter().rfind(|(_, transaction)| *transaction <= acknowledged) {
        let is_there = found.mailboxes.values().any(|waiting| waiting.contains(number));
        let deposit = Deposit {
            place: Place::Mailbox(mailbox(0)),
            digest: digest(*number),
            expiry: TODAY,
            hour: 0,
            bytes: body(*number),
        };
        let outcome = store.commit(&[Change::Deposit(deposit)]).unwrap();
        assert!(!is_there || outcome == [Outcome::Deposit(Deposited::Held)], "{what}: {outcome:?}");
    }
    store.crash();
}

#[test]
fn at_every_write_a_power_cut_loses_nothing_acknowledged_and_brings_nothing_back() {
    let points = wanted("SAFECONDUCT_CRASHES", POINTS);
    let seed = seed_of_run();
    let (tried, images, next) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while tried.load(Ordering::Relaxed) < points {
                    let history_seed = seed + next.fetch_add(1, Ordering::Relaxed) as u64;
                    let history = record(history_seed, 60);
                    let dir = fast_dir();
                    for point in CrashImages::new(&history.trace) {
                        let Some(acknowledged) = point.marks().last().map(|mark| mark.value as usize) else { continue };
                        let mut all = vec![point.torn(history_seed)];
                        if point.at() % 8 == 0 {
                            all.extend([point.lost(), point.kept()]);
                        }
                        for image in all {
                            image.write_to(dir.path()).unwrap();
                            let what = format!("history {history_seed}, {image}");
                            judge(dir.path(), &history, acknowledged, &what);
                            images.fetch_add(1, Ordering::Relaxed);
                        }
                        tried.fetch_add(1, Ordering::Relaxed);
                    }
                }
            });
        }
    });
    say(&format!(
        "crash points tried: {}, disks rebuilt: {}, histories: {} (seed {seed})",
        tried.load(Ordering::Relaxed),
        images.load(Ordering::Relaxed),
        next.load(Ordering::Relaxed)
    ));
}

/// What a short history without restarts is seen to hold after each transaction, when nothing fails.
fn reference(seed: u64) -> Vec<Seen> {
    let root = fast_dir();
    let mut store = Engine::open(Arc::new(SystemDisk), root.path(), quotas()).unwrap();
    let view = store.view().unwrap();
    let mut author = Author::new(seed);
    let mut seen = vec![look(view.as_ref()).unwrap()];
    for _ in 0..SHORT {
        let batch = author.batch(view.as_ref());
        store.commit(&batch).unwrap();
        seen.push(look(view.as_ref()).unwrap());
    }
    seen
}

/// Runs the same history, and one call of the disk fails. Gives how many calls there were, and whether the fault came.
fn run_with_fault(seed: u64, reference: &[Seen], at: usize, fault: Fault, lasting: Lasting) -> (usize, bool) {
    let root = fast_dir();
    let trace = Trace::new(root.path()).unwrap();
    let disk: Arc<dyn Disk> = Arc::new(FaultDisk::new(&trace));
    trace.fail_at(at, fault, lasting);
    let mut may_be = vec![reference[0].clone()];
    if let Ok(mut store) = Engine::open(Arc::clone(&disk), root.path(), quotas()) {
        // A reader that cannot be opened is asked for again, when the disk is well.
        let view = store.view().or_else(|_| {
            trace.heal();
            store.view()
        });
        let view = view.unwrap();
        let mut author = Author::new(seed);
        for after in reference.iter().skip(1) {
            let batch = author.batch(view.as_ref());
            match store.commit(&batch) {
                Ok(_) => may_be = vec![look(view.as_ref()).unwrap()],
                // The disk has room again: what was refused is not there, and the rest goes on.
                Err(error) if !error.is_final() => {
                    let seen = look(view.as_ref()).unwrap();
                    assert_eq!(seen, may_be[0], "a refused batch is seen (op {at}, {fault:?})");
                    trace.heal();
                    assert_eq!(store.commit(&batch).unwrap().len(), batch.len());
                    may_be = vec![look(view.as_ref()).unwrap()];
                }
                // All of this batch, or nothing.
                Err(_) => {
                    may_be.push(after.clone());
                    break;
                }
            }
        }
        trace.heal();
        drop(view);
        store.crash();
    }
    let (ops, fired) = (trace.len(), trace.faults_fired() > 0);
    trace.heal();
    let store = Engine::open(Arc::clone(&disk), root.path(), quotas());
    let store = store.unwrap_or_else(|error| panic!("op {at}, {fault:?}: the store does not open again: {error}"));
    let found = look(store.view().unwrap().as_ref()).unwrap();
    assert!(may_be.contains(&found), "op {at}, {fault:?}: {found:?}\nis none of {may_be:?}");
    store.crash();
    (ops, fired)
}

#[test]
fn a_disk_that_fails_or_fills_at_any_call_loses_nothing_acknowledged() {
    let seed = seed_of_run();
    let reference = reference(seed);
    // So many calls there are when none fails.
    let (ops, _) = run_with_fault(seed, &reference, usize::MAX, Fault::Eio, Lasting::Once);
    let mut runs = 0;
    let mut fired = 0;
    for (fault, lasting) in [
        (Fault::Eio, Lasting::Once),
        (Fault::Eio, Lasting::Always),
        (Fault::Enospc, Lasting::Once),
        (Fault::Enospc, Lasting::Always),
        (Fault::ShortWrite { bytes: 700 }, Lasting::Once),
    ] {
        for at in (0..ops).step_by(2) {
            runs += 1;
            fired += usize::from(run_with_fault(seed, &reference, at, fault, lasting).1);
        }
    }
    assert!(fired > runs / 2, "{fired} faults in {runs} runs");
    say(&format!("faults: {fired} injected in {runs} histories (seed {seed})"));
}
