//! A relay loses power at every write while sealed documents are put and dropped: whatever was vouched for is there and is what was
//! announced, what was dropped is not given out, and every document that was on its way can be put to its end.
//!
//! As in `crash.rs`; `SAFECONDUCT_SEED=N` repeats a run.

#![expect(clippy::unwrap_used, reason = "a test: what fails here fails it")]

#[path = "crash/disk.rs"]
mod disk;

use std::{collections::BTreeMap, io::Write as _, path::Path, sync::Arc};

use disk::FaultDisk;
use safeconduct_faults::{image::CrashImages, rng::SplitMix, trace::Trace};
use safeconduct_protocol::{blob::BlobShape, crypto::hash::sha256, id::BlobId, limits::BLOB_CHUNK_BYTES, time::Day};
use safeconduct_relay::{
    limits::Quotas,
    store::{
        Blob, BlobBegun, Change, Engine, Outcome, Store,
        blobs::{BlobFiles, check},
        disk::{Disk, SystemDisk},
    },
};

/// Documents of one history.
const DOCUMENTS: u8 = 3;
const HISTORIES: u64 = 2;

fn content(n: u8) -> Vec<u8> {
    vec![n; usize::from(n % 3) * BLOB_CHUNK_BYTES + 1_000]
}

fn blob(n: u8) -> Blob {
    let content = content(n);
    let shape = BlobShape::of(content.len() as u64).unwrap();
    Blob { id: BlobId::from_bytes([n; 16]), shape, sha256: sha256(&[&content]), expiry: Day(20_000), is_whole: false }
}

fn open(disk: &Arc<dyn Disk>, data: &Path) -> (Engine, BlobFiles) {
    let engine = Engine::open(Arc::clone(disk), data, Quotas::default()).unwrap();
    (engine, BlobFiles::new(Arc::clone(disk), data))
}

/// Puts a document as the relay does, up to `until` chunks. Was it vouched for?
fn put(engine: &mut Engine, files: &BlobFiles, n: u8, until: u32) -> bool {
    let blob = blob(n);
    let begun = engine.commit(&[Change::BlobBegin { blob, bytes_max: u64::MAX }]).unwrap().remove(0);
    if begun == Outcome::BlobBegun(BlobBegun::Held) {
        return true;
    }
    assert_eq!(begun, Outcome::BlobBegun(BlobBegun::Begun));
    let file = files.create(blob.id, blob.shape).unwrap();
    let content = content(n);
    for index in file.have().unwrap()..blob.shape.chunks().min(until) {
        let (begins, length) = blob.shape.chunk(index).unwrap();
        let begins = usize::try_from(begins).unwrap();
        file.write(index, content.get(begins..begins + length).unwrap()).unwrap();
    }
    if file.have().unwrap() < blob.shape.chunks() {
        return false;
    }
    file.settle().unwrap();
    if file.hash().unwrap() != blob.sha256 {
        discard(engine, files, n);
        return false;
    }
    engine.commit(&[Change::BlobWhole { id: blob.id }]).unwrap() == [Outcome::BlobChanged(true)]
}

fn discard(engine: &mut Engine, files: &BlobFiles, n: u8) {
    let id = blob(n).id;
    engine.commit(&[Change::BlobDrop { id }]).unwrap();
    files.remove(id).unwrap();
}

/// A directory that is quick to write, where the machine has one: no sync is real here, the record alone decides.
fn fast_dir() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory).unwrap() } else { tempfile::tempdir().unwrap() }
}

/// What was vouched for and not dropped.
type Vouched = BTreeMap<u8, bool>;

struct History {
    trace: Trace,
    /// After each step, by its number: what was vouched for.
    vouched: Vec<Vouched>,
    _root: tempfile::TempDir,
}

fn record(seed: u64) -> History {
    let root = fast_dir();
    let trace = Trace::new(root.path()).unwrap();
    let disk: Arc<dyn Disk> = Arc::new(FaultDisk::new(&trace));
    let (mut engine, files) = open(&disk, root.path());
    let mut random = SplitMix::new(seed);
    let mut now = Vouched::new();
    let mut vouched = vec![now.clone()];
    trace.mark(0);
    for step in 1..=10_u64 {
        let n = 1 + u8::try_from(random.below(u64::from(DOCUMENTS))).unwrap();
        if random.one_in(4) {
            // Given up before the first change, so that a cut in it may go either way.
            now.remove(&n);
            *vouched.last_mut().unwrap() = now.clone();
            discard(&mut engine, &files, n);
        } else {
            let until = if random.one_in(3) { 1 } else { u32::MAX };
            if put(&mut engine, &files, n, until) {
                now.insert(n, true);
            }
        }
        vouched.push(now.clone());
        trace.mark(step);
    }
    drop(engine);
    History { trace, vouched, _root: root }
}

/// Opens the store as a power cut left it.
fn judge(data: &Path, vouched: &Vouched, what: &str) {
    let disk: Arc<dyn Disk> = Arc::new(SystemDisk);
    let (mut engine, files) = open(&disk, data);
    files.remove_strangers(engine.view().unwrap().as_ref()).unwrap();
    let view = engine.view().unwrap();
    let checked = check(&files, view.as_ref()).unwrap();
    assert!(checked.damaged.is_empty(), "{what}: one that is called whole is not: {:?}", checked.damaged);
    for n in vouched.keys() {
        let found = view.blob(blob(*n).id).unwrap();
        assert!(found.is_some_and(|found| found.is_whole), "{what}: document {n} was vouched for");
    }
    drop(view);
    // Each can be put to its end, though its bytes may have to come a second time.
    for n in 1..=DOCUMENTS {
        assert!(put(&mut engine, &files, n, u32::MAX) || put(&mut engine, &files, n, u32::MAX), "{what}: document {n}");
    }
    let all = check(&files, engine.view().unwrap().as_ref()).unwrap();
    assert!(all.damaged.is_empty() && all.blobs == u64::from(DOCUMENTS), "{what}: {all:?}");
    engine.crash();
}

#[test]
fn at_every_write_a_power_cut_leaves_what_was_vouched_for_and_nothing_that_is_stuck() {
    let seed: u64 = std::env::var("SAFECONDUCT_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(20_261_127);
    let (mut points, mut images) = (0, 0);
    for history_seed in seed..seed + HISTORIES {
        let history = record(history_seed);
        let dir = fast_dir();
        for point in CrashImages::new(&history.trace) {
            let Some(done) = point.marks().last().map(|mark| usize::try_from(mark.value).unwrap()) else { continue };
            points += 1;
            let mut all = vec![point.torn(history_seed)];
            if point.at() % 8 == 0 {
                all.push(point.lost());
            }
            for image in all {
                image.write_to(dir.path()).unwrap();
                let what = format!("history {history_seed}, {image}");
                judge(dir.path(), history.vouched.get(done).unwrap(), &what);
                images += 1;
            }
        }
    }
    assert!(points > 100, "{points} points");
    let line = format!("\ncrash points tried: {points}, disks rebuilt: {images} (seed {seed})\n");
    std::io::stdout().write_all(line.as_bytes()).unwrap();
}
