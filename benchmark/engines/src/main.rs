//! Runs the relay's storage workload on each engine that was weighed for it, and prints what came out.
//! `docs/STORAGE.md` says what is measured and what was chosen.

#![expect(clippy::disallowed_methods, reason = "a measurement reads the clock")]

mod cells;
mod disk;
mod engine;
mod fjall_store;
mod kv;
mod micro;
mod raw;
mod redb_store;
mod report;
#[cfg(feature = "rocksdb")]
mod rocks;
mod seglog;
mod sqlite;

use std::{path::PathBuf, process::ExitCode, time::Duration};

use clap::{Parser, ValueEnum as _};

use self::{
    cells::Child,
    disk::Scratch,
    engine::{Failure, Kind},
    report::Report,
};

/// In flight, for the group commit.
const DEPTHS: [usize; 4] = [1, 16, 64, 256];

/// Measures storage engines on the relay's workload.
#[derive(Debug, Parser)]
struct Arguments {
    /// Under a minute and a half: fewer and shorter cells.
    #[arg(long)]
    quick: bool,
    /// Only this engine (and raw, which the ratios need). May be repeated.
    #[arg(long)]
    engine: Vec<Kind>,
    /// Where the stores are made; on a disk.
    #[arg(long, default_value_os_t = std::env::temp_dir())]
    dir: PathBuf,
    /// Envelopes stored before the kill: also 250000 and 1000000, for which the disk needs 25 and 100 GB.
    #[arg(long)]
    stored: Option<usize>,
    /// Only the part with that many stored.
    #[arg(long)]
    only_stored: bool,
    /// What the file system itself costs, instead of the engines.
    #[arg(long)]
    micro: bool,
    /// Where the numbers go as JSON; else they follow the tables.
    #[arg(long)]
    json: Option<PathBuf>,
    /// This program's own children.
    #[arg(long, hide = true)]
    role: Option<String>,
    /// Time of a cell.
    #[arg(long, hide = true)]
    millis: Option<u64>,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("engines: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Failure> {
    if let Some(role) = &arguments.role {
        return child(role, arguments);
    }
    let file_system = disk::file_system(&arguments.dir)?;
    let load = std::fs::read_to_string("/proc/loadavg")?;
    let cores = std::thread::available_parallelism()?;
    println!("{cores} cores, {file_system}, load before {}", load.trim());
    if arguments.micro {
        return micro::run(&arguments.dir, arguments.quick);
    }
    let kinds = if arguments.engine.is_empty() { Kind::value_variants().to_vec() } else { chosen(&arguments.engine) };
    let mut report = Report::new(file_system, cores.get());
    if !arguments.only_stored {
        commits(arguments, &kinds, &mut report)?;
        churns(arguments, &kinds, &mut report)?;
    }
    lives(arguments, &kinds, &mut report)?;
    report.print();
    let json = serde_json::to_string_pretty(&report)?;
    match &arguments.json {
        Some(path) => std::fs::write(path, json)?,
        None => println!("{json}"),
    }
    Ok(())
}

fn chosen(engines: &[Kind]) -> Vec<Kind> {
    Kind::value_variants().iter().copied().filter(|kind| *kind == Kind::Raw || engines.contains(kind)).collect()
}

/// Every engine in turn at every depth, some times over: the disk is not the same from one second to the next.
fn commits(arguments: &Arguments, kinds: &[Kind], report: &mut Report) -> Result<(), Failure> {
    let (rounds, time) = if arguments.quick { (2, 200) } else { (4, 500) };
    for round in 0..rounds {
        for depth in DEPTHS {
            let order = interleaved(kinds, round);
            for kind in order {
                let scratch = Scratch::new(&arguments.dir, kind.name())?;
                let cell = cells::commit(kind, &scratch.0, depth, Duration::from_millis(time))?;
                eprintln!("{:12} {depth:4} in flight {:8.0} a second", kind.name(), cell.per_second);
                report.commits.push(report::Line { round, depth, engine: kind.name().to_owned(), cell });
                drop(scratch);
                disk::settle(&arguments.dir)?;
            }
        }
    }
    Ok(())
}

/// Another order each round, in which none always follows the same one: what that left behind is written meanwhile.
fn interleaved(kinds: &[Kind], round: usize) -> Vec<Kind> {
    let (stride, mut order) = (round + 1, Vec::with_capacity(kinds.len()));
    for start in 0..stride {
        order.extend(kinds.iter().copied().skip(start).step_by(stride));
    }
    order.rotate_left(round * 3 % kinds.len());
    order
}

fn churns(arguments: &Arguments, kinds: &[Kind], report: &mut Report) -> Result<(), Failure> {
    let (round, time) = if arguments.quick { (2048, 250) } else { (12_288, 1000) };
    for kind in kinds.iter().copied().filter(|kind| kind.is_engine()) {
        let scratch = Scratch::new(&arguments.dir, kind.name())?;
        let mut child = Child::start("churn", kind, &scratch.0, round, Duration::from_millis(time))?;
        let cell: cells::Churn = child.line()?;
        child.wait()?;
        eprintln!("{:12} {:6.0} there and back a second, disk {:?}", kind.name(), cell.pairs_per_second, cell.disk_mib);
        report.churns.push((kind.name().to_owned(), cell));
        drop(scratch);
        disk::settle(&arguments.dir)?;
    }
    Ok(())
}

fn lives(arguments: &Arguments, kinds: &[Kind], report: &mut Report) -> Result<(), Failure> {
    let stored = arguments.stored.unwrap_or(if arguments.quick { 4096 } else { 20_000 });
    let time = Duration::from_millis(if arguments.quick { 250 } else { 1000 });
    report.stored = stored;
    for kind in kinds.iter().copied().filter(|kind| kind.is_engine()) {
        let scratch = Scratch::new(&arguments.dir, kind.name())?;
        // The same on an empty store, in the same half minute: what the full rate is held against.
        let empty = cells::commit(kind, &scratch.0.join("empty"), cells::FULL_DEPTH, time)?;
        std::fs::remove_dir_all(scratch.0.join("empty"))?;
        disk::settle(&arguments.dir)?;
        let dir = scratch.0.join("full");
        let mut child = Child::start("fill", kind, &dir, stored, time)?;
        let filled: cells::Filled = child.line()?;
        std::thread::sleep(Duration::from_millis(100));
        child.kill()?;
        let mut child = Child::start("life", kind, &dir, filled.stored, time * 2)?;
        let life: cells::Life = child.line()?;
        child.wait()?;
        eprintln!("{:12} ready {:7.1} ms after the kill with {} stored", kind.name(), life.ready_ms, filled.stored);
        report.lives.push((kind.name().to_owned(), report::Stored { empty, filled, life }));
        drop(scratch);
        disk::settle(&arguments.dir)?;
    }
    Ok(())
}

/// One cell in a process of its own.
fn child(role: &str, arguments: &Arguments) -> Result<(), Failure> {
    let (Some(kind), Some(count), Some(millis)) = (arguments.engine.first(), arguments.stored, arguments.millis) else {
        return Err(Failure("a child needs its engine, count and time".to_owned()));
    };
    let (dir, time) = (arguments.dir.as_path(), Duration::from_millis(millis));
    match role {
        "fill" => cells::fill(*kind, dir, count, time),
        "life" => cells::life(*kind, dir, count, time).and_then(|cell| print(&cell)),
        "churn" => cells::churn(*kind, dir, count, time).and_then(|cell| print(&cell)),
        _ => Err(Failure(format!("no role {role}"))),
    }
}

fn print(cell: &impl serde::Serialize) -> Result<(), Failure> {
    println!("{}", serde_json::to_string(cell)?);
    Ok(())
}
