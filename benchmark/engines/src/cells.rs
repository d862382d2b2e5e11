//! What is measured: each function is one cell, and opens its own store.

use std::{
    collections::VecDeque,
    io::{Read as _, Write as _},
    path::Path,
    time::{Duration, Instant},
};

use serde::{Deserialize, Serialize};

use crate::{
    disk,
    engine::{Digest, ENVELOPE_BYTES, Engine, Envelope, Failure, Kind, MAILBOXES, Source, mailbox},
};

/// In flight while the store is filled, and when its rate full is held against its rate empty.
pub(crate) const FULL_DEPTH: usize = 256;
/// Deletions in one batch.
const DONE_BATCH: usize = 64;
/// Envelopes of one read.
const READ_LIMIT: usize = 64;
/// Envelopes that wait while others come and go.
const WINDOW: usize = 2048;
/// One envelope in so many is not fetched.
const STRAGGLER: usize = 100;
/// Seeds: the filled store is looked at by another process that must know the mailboxes only.
const SEED: u64 = 0x0005_eed0_0001;

/// Group commit at one depth.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Commit {
    pub(crate) per_second: f64,
    pub(crate) p50_ms: f64,
    pub(crate) p99_ms: f64,
}

/// Puts batches of `depth` for `time` of the engine's own time; making the envelopes is not counted.
pub(crate) fn commit(kind: Kind, dir: &Path, depth: usize, time: Duration) -> Result<Commit, Failure> {
    let mut engine = kind.open(dir)?;
    let mut source = Source::new(SEED);
    // The first commits make files and tables.
    for _ in 0..3 {
        engine.put(&source.batch(depth))?;
    }
    commit_on(engine.as_mut(), &mut source, depth, time)
}

fn commit_on(engine: &mut dyn Engine, source: &mut Source, depth: usize, time: Duration) -> Result<Commit, Failure> {
    let (mut each, mut busy) = (Vec::new(), Duration::ZERO);
    while busy < time {
        let batch = source.batch(depth);
        let began = Instant::now();
        let stored = engine.put(&batch)?;
        let took = began.elapsed();
        expect(stored, depth, "stored")?;
        each.push(took);
        busy += took;
    }
    each.sort_unstable();
    let at = |share: f64| each[((each.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
    let per_second = (each.len() * depth) as f64 / busy.as_secs_f64();
    Ok(Commit { per_second, p50_ms: at(0.5), p99_ms: at(0.99) })
}

/// A store that was filled by a process that is then killed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Filled {
    pub(crate) fill_per_second: f64,
    /// With everything stored.
    pub(crate) full: Commit,
    pub(crate) stored: usize,
    pub(crate) resident_mib: u64,
    pub(crate) resident_peak_mib: u64,
}

/// Fills a store, says so on standard output, and goes on writing until it is killed.
pub(crate) fn fill(kind: Kind, dir: &Path, stored: usize, time: Duration) -> Result<(), Failure> {
    let mut engine = kind.open(dir)?;
    let mut source = Source::new(SEED);
    let (mut busy, mut count) = (Duration::ZERO, 0);
    while count < stored {
        let batch = source.batch(FULL_DEPTH.min(stored - count));
        let began = Instant::now();
        count += engine.put(&batch)?;
        busy += began.elapsed();
    }
    let mut after = Counted { engine, stored: count };
    let full = commit_on(&mut after, &mut source, FULL_DEPTH, time)?;
    let (resident_mib, resident_peak_mib) = disk::resident()?;
    let fill_per_second = count as f64 / busy.as_secs_f64();
    let filled = Filled { fill_per_second, full, stored: after.stored, resident_mib, resident_peak_mib };
    println!("{}", serde_json::to_string(&filled)?);
    std::io::stdout().flush()?;
    loop {
        after.put(&source.batch(1))?;
    }
}

/// Counts what was acknowledged.
struct Counted {
    engine: Box<dyn Engine>,
    stored: usize,
}

impl Engine for Counted {
    fn put(&mut self, batch: &[Envelope]) -> Result<usize, Failure> {
        let stored = self.engine.put(batch)?;
        self.stored += stored;
        Ok(stored)
    }

    fn read(&mut self, place: crate::engine::Place, after: u64, limit: usize) -> Result<Vec<(u64, Vec<u8>)>, Failure> {
        self.engine.read(place, after, limit)
    }

    fn done(&mut self, batch: &[Digest]) -> Result<usize, Failure> {
        self.engine.done(batch)
    }

    fn tidy(&mut self) -> Result<(), Failure> {
        self.engine.tidy()
    }
}

/// A killed store opened again, read, emptied.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Life {
    pub(crate) open_ms: f64,
    /// From the beginning of the opening to the end of the first read and write.
    pub(crate) ready_ms: f64,
    pub(crate) found: usize,
    pub(crate) resident_mib: u64,
    pub(crate) resident_peak_mib: u64,
    pub(crate) read_per_second: f64,
    pub(crate) done_per_second: f64,
    /// Disk for each byte of envelope, when everything was there.
    pub(crate) space_full: f64,
    pub(crate) before_mib: u64,
    pub(crate) emptied_mib: u64,
    pub(crate) after_pause_mib: u64,
}

pub(crate) fn life(kind: Kind, dir: &Path, stored: usize, pause: Duration) -> Result<Life, Failure> {
    let before = disk::taken(dir)?;
    let began = Instant::now();
    let mut engine = kind.open(dir)?;
    let open_ms = began.elapsed().as_secs_f64() * 1e3;
    engine.read(mailbox(0), 0, READ_LIMIT)?;
    let mut source = Source::new(SEED ^ u64::MAX);
    let extra = source.envelope();
    expect(engine.put(std::slice::from_ref(&extra))?, 1, "stored after the kill")?;
    let ready_ms = began.elapsed().as_secs_f64() * 1e3;
    let (resident_mib, resident_peak_mib) = disk::resident()?;
    let (digests, read_per_second) = read_all(engine.as_mut(), stored)?;
    let found = digests;
    let mut fresh = Source::new(SEED);
    let all: Vec<Digest> = (0..stored).map(|_| fresh.envelope().digest).collect();
    let (mut busy, mut gone) = (Duration::ZERO, 0);
    for batch in all.chunks(DONE_BATCH) {
        let began = Instant::now();
        gone += engine.done(batch)?;
        busy += began.elapsed();
    }
    expect(gone, stored, "deleted")?;
    let emptied = disk::taken(dir)?;
    rest(engine.as_mut(), pause)?;
    let mib = |bytes: u64| bytes / (1024 * 1024);
    Ok(Life {
        open_ms,
        ready_ms,
        found,
        resident_mib,
        resident_peak_mib,
        read_per_second,
        done_per_second: gone as f64 / busy.as_secs_f64(),
        space_full: before as f64 / (found * ENVELOPE_BYTES) as f64,
        before_mib: mib(before),
        emptied_mib: mib(emptied),
        after_pause_mib: mib(disk::taken(dir)?),
    })
}

/// Reads every mailbox in order: how many envelopes there are, and how fast.
fn read_all(engine: &mut dyn Engine, stored: usize) -> Result<(usize, f64), Failure> {
    let began = Instant::now();
    let mut found = 0;
    for number in 0..MAILBOXES {
        let mut after = 0;
        loop {
            let envelopes = engine.read(mailbox(number), after, READ_LIMIT)?;
            if envelopes.windows(2).any(|pair| pair[0].0 >= pair[1].0) {
                return Err(Failure("read out of order".to_owned()));
            }
            let Some((last, bytes)) = envelopes.last() else { break };
            expect(bytes.len(), ENVELOPE_BYTES, "bytes read")?;
            after = *last;
            found += envelopes.len();
        }
    }
    if found < stored {
        return Err(Failure(format!("{found} found of {stored} that were acknowledged")));
    }
    Ok((found, found as f64 / began.elapsed().as_secs_f64()))
}

/// Envelopes that come and go.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Churn {
    /// Put, read and done, each of them so often a second.
    pub(crate) pairs_per_second: f64,
    /// Put alone, 64 at a time, on an empty store just before.
    pub(crate) alone_per_second: f64,
    /// After each round without stragglers, then with.
    pub(crate) disk_mib: Vec<u64>,
    pub(crate) after_pause_mib: u64,
    pub(crate) live_mib: u64,
    pub(crate) resident_peak_mib: u64,
}

pub(crate) fn churn(kind: Kind, dir: &Path, round: usize, time: Duration) -> Result<Churn, Failure> {
    let alone = commit(kind, &dir.join("alone"), DONE_BATCH, time)?;
    std::fs::remove_dir_all(dir.join("alone"))?;
    disk::settle(dir)?;
    let mut engine = kind.open(dir)?;
    let mut source = Source::new(SEED);
    let mut waiting: VecDeque<Digest> = VecDeque::new();
    while waiting.len() < WINDOW {
        let batch = source.batch(DONE_BATCH);
        engine.put(&batch)?;
        waiting.extend(batch.iter().map(|envelope| envelope.digest));
    }
    let (mut busy, mut pairs, mut stragglers) = (Duration::ZERO, 0, 0);
    let mut disk_mib = Vec::new();
    let began_all = Instant::now();
    for turn in 0..4 {
        let (mut count, mut seen) = (0, 0_usize);
        while count < round {
            let batch = source.batch(DONE_BATCH);
            let mut gone = Vec::with_capacity(DONE_BATCH);
            while gone.len() < DONE_BATCH {
                let Some(digest) = waiting.pop_front() else { break };
                seen += 1;
                if turn >= 2 && seen.is_multiple_of(STRAGGLER) {
                    stragglers += 1;
                } else {
                    gone.push(digest);
                }
            }
            let began = Instant::now();
            engine.put(&batch)?;
            for envelope in batch.iter().take(DONE_BATCH / 8) {
                engine.read(envelope.place, 0, 8)?;
            }
            expect(engine.done(&gone)?, gone.len(), "deleted")?;
            busy += began.elapsed();
            waiting.extend(batch.iter().map(|envelope| envelope.digest));
            count += DONE_BATCH;
        }
        pairs += count;
        disk_mib.push(disk::taken(dir)? >> 20);
        // A slow engine is not waited for much longer.
        if began_all.elapsed() > time * 20 && turn == 2 {
            break;
        }
    }
    rest(engine.as_mut(), time * 2)?;
    Ok(Churn {
        pairs_per_second: pairs as f64 / busy.as_secs_f64(),
        alone_per_second: alone.per_second,
        disk_mib,
        after_pause_mib: disk::taken(dir)? >> 20,
        live_mib: ((waiting.len() + stragglers) * ENVELOPE_BYTES) as u64 >> 20,
        resident_peak_mib: disk::resident()?.1,
    })
}

/// A pause in which the engine tidies.
fn rest(engine: &mut dyn Engine, pause: Duration) -> Result<(), Failure> {
    let until = Instant::now() + pause;
    while Instant::now() < until {
        engine.tidy()?;
        std::thread::sleep(Duration::from_millis(5));
    }
    Ok(())
}

fn expect(found: usize, right: usize, what: &str) -> Result<(), Failure> {
    if found == right { Ok(()) } else { Err(Failure(format!("{found} {what}, not {right}"))) }
}

/// Runs this program again for one cell; what it prints is the answer.
pub(crate) struct Child(std::process::Child);

impl Child {
    pub(crate) fn start(role: &str, kind: Kind, dir: &Path, count: usize, time: Duration) -> Result<Self, Failure> {
        let millis = time.as_millis().to_string();
        let child = std::process::Command::new(std::env::current_exe()?)
            .args(["--role", role, "--engine", kind.name(), "--stored", &count.to_string(), "--millis", &millis])
            .arg("--dir")
            .arg(dir)
            .stdout(std::process::Stdio::piped())
            .spawn()?;
        Ok(Self(child))
    }

    /// The first line.
    pub(crate) fn line<T: for<'a> Deserialize<'a>>(&mut self) -> Result<T, Failure> {
        let Some(output) = self.0.stdout.as_mut() else { return Err(Failure("no output".to_owned())) };
        let (mut line, mut byte) = (Vec::new(), [0]);
        while output.read(&mut byte)? == 1 && byte[0] != b'\n' {
            line.push(byte[0]);
        }
        Ok(serde_json::from_slice(&line)?)
    }

    /// SIGKILL.
    pub(crate) fn kill(mut self) -> Result<(), Failure> {
        self.0.kill()?;
        self.0.wait()?;
        Ok(())
    }

    pub(crate) fn wait(mut self) -> Result<(), Failure> {
        self.0.wait()?;
        Ok(())
    }
}
