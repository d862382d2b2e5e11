//! Safeconduct's benchmark: the relay's own binary beside the disk, the network and NATS JetStream, in one run on one
//! machine; only ratios within a run are promised. `./bench` builds what it needs and calls it; `docs/PERFORMANCE.md`
//! says how to read it.
//!
//! # Layout
//! - [`figures`]: what is compared, one module each · [`report`], [`svg`], [`document`], [`environment`]: what comes of it
//! - [`relay`], [`echo`], [`nats`], [`disk`]: what is measured · [`world`], [`envelope`]: who and what for
//! - [`session`], [`load`]: the nodes' side, cheap because it shares the machine · [`mod@measure`]: time

mod disk;
mod document;
mod echo;
mod envelope;
mod environment;
mod error;
mod figures;
mod load;
mod measure;
mod nats;
mod relay;
mod report;
mod session;
mod svg;
mod world;

use std::{
    collections::BTreeMap,
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use clap::{Parser, ValueEnum};
use serde_json::json;
use tokio::signal::unix::{SignalKind, signal};

use crate::{
    environment::Environment,
    error::BenchError,
    figures::{Bench, NatsPrograms, Size, filled, idle, mib, registry, submit, together, urgent},
    report::{Figure, Good, Report, Verdict, say},
    world::World,
};

/// Measures Safeconduct's relay against the physical limit, and against NATS JetStream, in one run.
#[derive(Parser)]
#[command(name = "safeconduct-bench", version)]
struct Arguments {
    /// Less of everything: under a minute.
    #[arg(long)]
    quick: bool,
    /// Only these groups of figures.
    #[arg(long, value_name = "NAME", value_enum)]
    only: Vec<Group>,
    /// Envelopes that wait in a filled relay.
    #[arg(long, value_name = "N")]
    stored: Option<u64>,
    /// Directory on the disk that is to be measured; all data goes into a new one below it.
    #[arg(long, default_value = "target/bench")]
    data: PathBuf,
    /// Directory for performance.json and performance.svg.
    #[arg(long, default_value = "target/bench")]
    out: PathBuf,
    /// Write into docs/performance and docs/PERFORMANCE.md instead.
    #[arg(long, conflicts_with = "out")]
    publish: bool,
    /// The program nats-server.
    #[arg(long, requires = "nats_driver")]
    nats_server: Option<PathBuf>,
    /// The program safeconduct-bench-nats.
    #[arg(long)]
    nats_driver: Option<PathBuf>,
    /// Why there is no NATS.
    #[arg(long)]
    nats_missing: Option<String>,
    /// Be the echo.
    #[arg(long, hide = true)]
    echo: bool,
}

/// Figures that are measured together.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum, Debug)]
enum Group {
    /// Submits against disk, network and NATS.
    Submit,
    /// With very many envelopes stored.
    Filled,
    /// Submit, deliver and done at once.
    Together,
    /// Very many idle connections.
    Idle,
    /// One urgent envelope while another node floods.
    Urgent,
    /// A node that joins fetches the whole log.
    Registry,
}

impl Arguments {
    fn size(&self) -> Size {
        let full = Size {
            rounds: 5,
            window: Duration::from_secs(2),
            agencies: 10_000,
            entries: 100_000,
            stored: 250_000,
            filling: Duration::from_secs(120),
            live: 10_000,
            connections: 10_000,
            watched: Duration::from_secs(20),
            urgent: 500,
        };
        let quick = Size {
            rounds: 1,
            window: Duration::from_millis(700),
            agencies: 1_000,
            entries: 10_000,
            stored: 20_000,
            filling: Duration::from_secs(10),
            live: 2_000,
            connections: 1_000,
            watched: Duration::from_secs(5),
            urgent: 100,
        };
        let mut size = if self.quick { quick } else { full };
        if let Some(stored) = self.stored {
            size.stored = stored;
            size.filling = Duration::MAX;
        }
        size
    }

    fn wants(&self, group: Group) -> bool {
        self.only.is_empty() || self.only.contains(&group)
    }

    fn nats(&self) -> NatsPrograms {
        match (&self.nats_server, &self.nats_driver) {
            (Some(server), Some(driver)) => NatsPrograms::Here { server: server.clone(), driver: driver.clone() },
            _ => NatsPrograms::Missing(
                self.nats_missing.clone().unwrap_or_else(|| "no --nats-server and --nats-driver".to_owned()),
            ),
        }
    }
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            writeln!(io::stderr(), "safeconduct-bench: {error}").ok();
            let mut cause = std::error::Error::source(&error);
            while let Some(error) = cause {
                writeln!(io::stderr(), "  because: {error}").ok();
                cause = error.source();
            }
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), BenchError> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(BenchError::io("start a runtime"))?;
    if arguments.echo {
        return runtime.block_on(echo::serve());
    }
    // Its own, so that whatever else lies there is left alone.
    let data = arguments.data.join("safeconduct-bench-data");
    let _alone = clean(&data)?;
    let size = arguments.size();
    say("making an authority and its registry …");
    let world = Arc::new(World::make(&data.join("origin"), size.agencies)?);
    let program = std::env::current_exe().map_err(BenchError::io("find this program"))?;
    let bench = Bench {
        size,
        world,
        folder: fs::canonicalize(&data).map_err(BenchError::io("find the data directory"))?,
        relay_program: program.with_file_name("safeconduct-relay"),
        nats: arguments.nats(),
        relays: AtomicU64::new(0),
        most_bytes: AtomicU64::new(0),
    };
    let mut report = Report {
        version: 1,
        environment: Environment::look(&data),
        settings: settings(arguments, size),
        figures: Vec::new(),
        measurements: BTreeMap::new(),
    };
    if report.environment.is_busy() {
        say("others use this machine: the ratios will be worth little");
    }
    runtime.block_on(async {
        let stopped = |kind| signal(kind).map_err(BenchError::io("listen for signals"));
        let (mut terminate, mut interrupt) = (stopped(SignalKind::terminate())?, stopped(SignalKind::interrupt())?);
        // What is dropped here ends the processes that it has started.
        tokio::select! {
            done = measure(arguments, &bench, &mut report) => done,
            _ = terminate.recv() => Err(BenchError::Stopped),
            _ = interrupt.recv() => Err(BenchError::Stopped),
        }
    })?;
    drop(bench);
    fs::remove_dir_all(&data).map_err(BenchError::io("remove the data directory"))?;
    write(arguments, &report)
}

/// Takes the data directory for this run alone, and removes what an earlier one has left in it.
fn clean(data: &Path) -> Result<fs::File, BenchError> {
    fs::create_dir_all(data).map_err(BenchError::io("make the data directory"))?;
    let folder = fs::File::open(data).map_err(BenchError::io("open the data directory"))?;
    rustix::fs::flock(&folder, rustix::fs::FlockOperation::NonBlockingLockExclusive)
        .map_err(|error| BenchError::io("another run uses the data directory")(error.into()))?;
    for entry in fs::read_dir(data).map_err(BenchError::io("look through the data directory"))? {
        let entry = entry.map_err(BenchError::io("look through the data directory"))?;
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        let path = entry.path();
        let removed = if is_folder { fs::remove_dir_all(path) } else { fs::remove_file(path) };
        removed.map_err(BenchError::io("remove the data of an earlier run"))?;
    }
    Ok(folder)
}

async fn measure(arguments: &Arguments, bench: &Bench, report: &mut Report) -> Result<(), BenchError> {
    if arguments.wants(Group::Submit) {
        submit::measure(bench, report).await?;
    }
    if arguments.wants(Group::Filled) {
        Box::pin(filled::measure(bench, report)).await?;
    }
    if arguments.wants(Group::Together) {
        together::measure(bench, report).await?;
    }
    if arguments.wants(Group::Urgent) {
        urgent::measure(bench, report).await?;
    }
    if arguments.wants(Group::Registry) {
        Box::pin(registry::measure(bench, report)).await?;
    }
    let most = bench.most_bytes.load(Ordering::Relaxed);
    if most > 0 {
        let from = format!("the most of {} relays, idle connections apart", bench.relays.load(Ordering::Relaxed));
        let figure = Figure::new("resident memory throughout", mib(most), Good::AtMost, 200.0, from);
        report.take(vec![figure.in_unit(" MiB")]);
    }
    if arguments.wants(Group::Idle) {
        idle::measure(bench, report).await?;
    }
    Ok(())
}

fn settings(arguments: &Arguments, size: Size) -> BTreeMap<&'static str, serde_json::Value> {
    BTreeMap::from([
        ("quick", json!(arguments.quick)),
        ("rounds", json!(size.rounds)),
        ("window_s", json!(size.window.as_secs_f64())),
        ("agencies", json!(size.agencies)),
        ("entries", json!(size.entries)),
        ("senders", json!(world::SENDERS)),
        ("in_flight_each", json!(figures::IN_FLIGHT)),
        ("receivers", json!(world::RECEIVERS)),
        ("stored", json!(size.stored)),
        ("connections", json!(size.connections)),
        ("envelope_bytes", json!(envelope::ENVELOPE_BYTES)),
    ])
}

fn write(arguments: &Arguments, report: &Report) -> Result<(), BenchError> {
    let folder = if arguments.publish { Path::new("docs/performance") } else { arguments.out.as_path() };
    fs::create_dir_all(folder).map_err(BenchError::io("make the directory of the results"))?;
    let mut text = serde_json::to_string_pretty(report).map_err(|error| BenchError::Unexpected(error.to_string()))?;
    text.push('\n');
    let json = folder.join("performance.json");
    fs::write(&json, text).map_err(BenchError::io("write performance.json"))?;
    let about = &report.environment;
    let about = format!("{}, commit {}, {} cores, {}", about.made, about.commit, about.cores, about.file_system);
    let plot = folder.join("performance.svg");
    fs::write(&plot, svg::draw(&report.figures, &about)).map_err(BenchError::io("write performance.svg"))?;
    if arguments.publish {
        let path = "docs/PERFORMANCE.md";
        let document = fs::read_to_string(path).map_err(BenchError::io("read docs/PERFORMANCE.md"))?;
        let document = document::with_numbers(&document, report)
            .ok_or_else(|| BenchError::Unexpected(format!("{path} has no place for the numbers")))?;
        fs::write(path, document).map_err(BenchError::io("write docs/PERFORMANCE.md"))?;
    }
    let of = |verdict| report.figures.iter().filter(|figure| figure.verdict == verdict).count();
    let (pass, short, skipped) = (of(Verdict::Pass), of(Verdict::Short), of(Verdict::Skipped));
    writeln!(io::stdout(), "{pass} pass, {short} short, {skipped} skipped: {}, {}", json.display(), plot.display())
        .ok();
    Ok(())
}
