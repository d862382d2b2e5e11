//! What the file system itself costs: the facts that the segment log's design rests on.

use std::{
    fs::{File, OpenOptions},
    os::unix::fs::FileExt as _,
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

use rustix::fs::{FallocateFlags, fallocate};

use crate::{
    disk::{self, Scratch},
    engine::{ENVELOPE_BYTES, Failure},
    raw::write_all,
};

const FILE_BYTES: u64 = 64 * 1024 * 1024;
const BATCH: usize = 256;
/// An envelope with its record head, as the zeroes are spread.
const STRIDE: u64 = 16_896;
/// What of an envelope is overwritten when it is done: that which its key is encapsulated in.
const ZEROED: usize = 160;

/// How a file is before it is written.
#[derive(Debug, Clone, Copy)]
enum Ready {
    Fresh,
    Zeroed,
    Allocated,
}

pub(crate) fn run(dir: &Path, quick: bool) -> Result<(), Failure> {
    let rounds = if quick { 1 } else { 3 };
    for round in 1..=rounds {
        println!("\nround {round}");
        for batch in [1, 16, BATCH] {
            for ready in [Ready::Fresh, Ready::Zeroed, Ready::Allocated] {
                let scratch = Scratch::new(dir, "micro")?;
                let label = format!("(a) {batch:3} x 16 KiB + fdatasync, {ready:?}");
                appends(&scratch.0, ready, batch)?.print(&label);
                drop(scratch);
                disk::settle(dir)?;
            }
        }
        punching(dir)?;
        beside(dir, "nothing", |_, _| Ok(()))?;
        beside(dir, "(b) punching 3000 x 16 KiB a second, singly", punch_singly)?;
        beside(dir, "(b) punching 16 runs of 1 MiB a second", punch_runs)?;
        beside(dir, "(c) 256 x 160 zeroes + fdatasync once a second", zero_slowly)?;
        beside(dir, "(c) 3900 x 160 zeroes + fdatasync once a second", zero_fast)?;
        beside(dir, "(d) unlinking a 64 MiB file a second", unlink_slowly)?;
        unlinking(dir)?;
    }
    Ok(())
}

struct Times(Vec<Duration>);

impl Times {
    fn print(mut self, label: &str) {
        self.0.sort_unstable();
        let at = |share: f64| {
            self.0.get(((self.0.len() - 1) as f64 * share) as usize).map_or(0.0, |t| t.as_secs_f64() * 1e3)
        };
        let mean = self.0.iter().sum::<Duration>().as_secs_f64() * 1e3 / self.0.len() as f64;
        println!(
            "{label:62} n {:5}  mean {mean:7.3}  p50 {:7.3}  p90 {:7.3}  p99 {:7.3}  max {:8.3} ms",
            self.0.len(),
            at(0.5),
            at(0.9),
            at(0.99),
            at(1.0)
        );
    }
}

fn timed(times: &mut Times, work: impl FnOnce() -> Result<(), Failure>) -> Result<(), Failure> {
    let began = Instant::now();
    work()?;
    times.0.push(began.elapsed());
    Ok(())
}

fn create(path: &Path) -> Result<File, Failure> {
    Ok(OpenOptions::new().create(true).truncate(false).read(true).write(true).open(path)?)
}

fn noise(count: usize) -> Vec<u8> {
    crate::engine::Source::new(7).batch(count).into_iter().flat_map(|envelope| envelope.bytes).collect()
}

/// A file of 64 MiB with content, on the disk.
fn full(path: &Path) -> Result<File, Failure> {
    let file = create(path)?;
    let bytes = noise(64);
    for at in 0..FILE_BYTES / bytes.len() as u64 {
        file.write_all_at(&bytes, at * bytes.len() as u64)?;
    }
    file.sync_all()?;
    Ok(file)
}

/// (a): writes the whole 64 MiB, a batch and an fdatasync at a time.
fn appends(dir: &Path, ready: Ready, batch: usize) -> Result<Times, Failure> {
    let file = create(&dir.join("log"))?;
    match ready {
        Ready::Fresh => {}
        Ready::Zeroed => {
            let zeroes = vec![0; 1 << 20];
            for at in 0..FILE_BYTES >> 20 {
                file.write_all_at(&zeroes, at << 20)?;
            }
        }
        Ready::Allocated => fallocate(&file, FallocateFlags::empty(), 0, FILE_BYTES)?,
    }
    file.sync_all()?;
    let bytes = noise(batch);
    let mut times = Times(Vec::new());
    for at in 0..(FILE_BYTES / bytes.len() as u64).min(2048) {
        timed(&mut times, || {
            file.write_all_at(&bytes, at * bytes.len() as u64)?;
            Ok(file.sync_data()?)
        })?;
    }
    Ok(times)
}

/// (b): what one call costs, and the fdatasync of the punched file after them.
fn punching(dir: &Path) -> Result<(), Failure> {
    let punch = FallocateFlags::PUNCH_HOLE | FallocateFlags::KEEP_SIZE;
    for run in [1_u64, 4, 16, 64] {
        let scratch = Scratch::new(dir, "micro")?;
        let file = full(&scratch.0.join("log"))?;
        let length = run * ENVELOPE_BYTES as u64;
        let (mut calls, mut sync) = (Times(Vec::new()), Times(Vec::new()));
        // Every second run, so that the holes do not grow together.
        for at in (0..FILE_BYTES / length).step_by(2).take(1024) {
            timed(&mut calls, || Ok(fallocate(&file, punch, at * length, length)?))?;
        }
        timed(&mut sync, || Ok(file.sync_data()?))?;
        calls.print(&format!("(b) punch {run} x 16 KiB, one call"));
        sync.print("(b) fdatasync of that file after all of them");
        drop(scratch);
        disk::settle(dir)?;
    }
    Ok(())
}

/// Batches of 256 to one file for two seconds, with `other` at work on its own files until told to stop.
fn beside(dir: &Path, label: &str, other: fn(&Path, &AtomicBool) -> Result<(), Failure>) -> Result<(), Failure> {
    let scratch = Scratch::new(dir, "micro")?;
    let path = scratch.0.as_path();
    let stop = AtomicBool::new(false);
    let (big, small) = std::thread::scope(|scope| {
        let worker = scope.spawn(|| other(path, &stop));
        std::thread::sleep(Duration::from_millis(300));
        let measured = both(path);
        stop.store(true, Ordering::Relaxed);
        let worked = worker.join().unwrap_or_else(|_| Err(Failure("the other thread panicked".to_owned())));
        worked.and(measured)
    })?;
    big.print(&format!("256 x 16 KiB beside {label}"));
    small.print(&format!("  1 x 16 KiB beside {label}"));
    drop(scratch);
    disk::settle(dir)
}

fn both(path: &Path) -> Result<(Times, Times), Failure> {
    let (mut big, mut small) = (Times(Vec::new()), Times(Vec::new()));
    for (count, times) in [(BATCH, &mut big), (1, &mut small)] {
        let mut file = OpenOptions::new().create(true).append(true).open(path.join(format!("append-{count}")))?;
        let bytes = noise(count);
        let until = Instant::now() + Duration::from_millis(1500);
        while Instant::now() < until {
            timed(times, || {
                write_all(&mut file, &mut [std::io::IoSlice::new(&bytes)])?;
                Ok(file.sync_data()?)
            })?;
        }
    }
    Ok((big, small))
}

fn punch_singly(dir: &Path, stop: &AtomicBool) -> Result<(), Failure> {
    let punch = FallocateFlags::PUNCH_HOLE | FallocateFlags::KEEP_SIZE;
    let files = [0, 1, 2, 3].map(|n| full(&dir.join(format!("old-{n}"))));
    let mut calls = Times(Vec::new());
    for file in files {
        let file = file?;
        for at in 0..FILE_BYTES / ENVELOPE_BYTES as u64 {
            if at % 32 == 0 {
                std::thread::sleep(Duration::from_millis(8));
            }
            if stop.load(Ordering::Relaxed) {
                break;
            }
            timed(&mut calls, || Ok(fallocate(&file, punch, at * ENVELOPE_BYTES as u64, ENVELOPE_BYTES as u64)?))?;
        }
    }
    calls.print("(b) punch 16 KiB, one call, beside the appends");
    Ok(())
}

fn punch_runs(dir: &Path, stop: &AtomicBool) -> Result<(), Failure> {
    let punch = FallocateFlags::PUNCH_HOLE | FallocateFlags::KEEP_SIZE;
    let file = full(&dir.join("old"))?;
    let mut calls = Times(Vec::new());
    each_second(stop, |turn| {
        for at in 0..16 {
            timed(&mut calls, || Ok(fallocate(&file, punch, ((turn * 16 + at) << 20) % FILE_BYTES, 1 << 20)?))?;
        }
        Ok(())
    })?;
    calls.print("(b) punch 1 MiB, one call, beside the appends");
    Ok(())
}

fn zero_slowly(dir: &Path, stop: &AtomicBool) -> Result<(), Failure> {
    zero(dir, stop, 256)
}

fn zero_fast(dir: &Path, stop: &AtomicBool) -> Result<(), Failure> {
    zero(dir, stop, 3900)
}

fn zero(dir: &Path, stop: &AtomicBool, count: u64) -> Result<(), Failure> {
    let file = full(&dir.join("old"))?;
    let mut times = Times(Vec::new());
    each_second(stop, |turn| {
        timed(&mut times, || {
            for n in 0..count {
                file.write_all_at(&[0; ZEROED], ((turn * count + n) % 3900) * STRIDE)?;
            }
            Ok(file.sync_data()?)
        })
    })?;
    times.print(&format!("(c) {count} x 160 zeroes and their fdatasync"));
    Ok(())
}

fn unlink_slowly(dir: &Path, stop: &AtomicBool) -> Result<(), Failure> {
    for n in 0..4 {
        drop(full(&dir.join(format!("old-{n}")))?);
    }
    let mut times = Times(Vec::new());
    each_second(stop, |turn| {
        let path = dir.join(format!("old-{turn}"));
        if path.exists() { timed(&mut times, || Ok(std::fs::remove_file(&path)?)) } else { Ok(()) }
    })?;
    times.print("(d) unlink of 64 MiB, beside the appends");
    Ok(())
}

fn each_second(stop: &AtomicBool, mut work: impl FnMut(u64) -> Result<(), Failure>) -> Result<(), Failure> {
    for turn in 0.. {
        let until = Instant::now() + Duration::from_secs(1);
        work(turn)?;
        while Instant::now() < until {
            if stop.load(Ordering::Relaxed) {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }
    Ok(())
}

/// (d): with nothing beside it, and the fdatasync of another file after it.
fn unlinking(dir: &Path) -> Result<(), Failure> {
    let scratch = Scratch::new(dir, "micro")?;
    let (mut unlink, mut sync) = (Times(Vec::new()), Times(Vec::new()));
    let mut other = OpenOptions::new().create(true).append(true).open(scratch.0.join("other"))?;
    let bytes = noise(1);
    for n in 0..8 {
        let path = scratch.0.join(format!("old-{n}"));
        drop(full(&path)?);
        timed(&mut unlink, || Ok(std::fs::remove_file(&path)?))?;
        timed(&mut sync, || {
            write_all(&mut other, &mut [std::io::IoSlice::new(&bytes)])?;
            Ok(other.sync_data()?)
        })?;
    }
    unlink.print("(d) unlink of 64 MiB");
    sync.print("(d) 16 KiB + fdatasync of another file right after");
    drop(scratch);
    disk::settle(dir)
}
