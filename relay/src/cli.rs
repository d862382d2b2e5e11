//! The command line: arguments, and the one place that chooses words, stream and exit code.

use std::{
    io::{self, IsTerminal as _, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use clap::{CommandFactory as _, Parser, Subcommand, error::ErrorKind};
use safeconduct_certs::system::{SystemClock, SystemEntropy};
use safeconduct_relay::{
    config::{Config, ConfigError},
    exit::Exit,
    keys::RelayKeys,
    lock::LockError,
    relay::{Relay, RelayError, read_root},
    setup::{self, SetupError},
};
use serde_json::{Value, json};
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tracing_subscriber::{
    filter::{LevelFilter, Targets},
    fmt,
    layer::SubscriberExt as _,
    registry,
};

const EXIT_CODES: &str = "Exit codes: 0 done, 1 refused by a rule, 2 wrong usage or configuration, 3 not ready (disk, \
                          port, keys, another relay on the same data), 5 tampering found (stop, and tell the authority).";

/// Routes and durably keeps sealed envelopes between registered agencies. It can read none of them.
#[derive(Parser)]
#[command(name = "safeconduct-relay", version, propagate_version = true, after_help = EXIT_CODES)]
pub(crate) struct Arguments {
    /// Answer with one JSON object.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make a new relay's directory: keys, relay.pub for the authority, relay.toml.
    Init {
        /// Directory to make.
        #[arg(long, env = "SAFECONDUCT_RELAY_DATA")]
        data: PathBuf,
        /// Name and port under which nodes will reach it, as relay.example:4433.
        #[arg(long)]
        address: String,
    },
    /// Run the relay until SIGTERM or SIGINT.
    Run {
        /// Its relay.toml.
        #[arg(long, env = "SAFECONDUCT_RELAY_CONFIG")]
        config: PathBuf,
    },
    /// Check relay.toml and what it points to, and print the effective values.
    CheckConfig {
        /// Its relay.toml.
        #[arg(long, env = "SAFECONDUCT_RELAY_CONFIG")]
        config: PathBuf,
    },
    /// Print a completion script.
    Completions {
        /// For which shell.
        shell: clap_complete::Shell,
    },
    /// Write the manual pages.
    Man {
        /// Directory to write them to.
        #[arg(long)]
        out: PathBuf,
    },
}

/// Why a command did not do what it was asked.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Setup(#[from] SetupError),
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Relay(#[from] RelayError),
    #[error("the output cannot be written: {}", .0.kind())]
    Output(#[from] io::Error),
    #[error("no runtime can be started: {}", .0.kind())]
    Runtime(io::Error),
}

impl Failure {
    fn remedy(&self) -> String {
        match self {
            Self::Setup(error) => error.remedy(),
            Self::Config(error) => error.remedy(),
            Self::Relay(error) => error.remedy(),
            Self::Output(_) => "check where the output goes".to_owned(),
            Self::Runtime(_) => "raise the limits of processes and open files for the relay's account".to_owned(),
        }
    }

    const fn code(&self) -> &'static str {
        match self {
            Self::Setup(error) => error.code(),
            Self::Config(_) => "config",
            Self::Relay(error) => error.code(),
            Self::Output(_) => "output",
            Self::Runtime(_) => "runtime",
        }
    }

    const fn exit(&self) -> Exit {
        match self {
            Self::Setup(error) => error.exit(),
            Self::Config(_) => Exit::Usage,
            Self::Relay(error) => error.exit(),
            Self::Output(_) | Self::Runtime(_) => Exit::NotReady,
        }
    }
}

/// What a command answers: words for a person, data for a program.
struct Answer {
    text: String,
    data: Value,
}

impl Arguments {
    /// Does what was asked.
    pub(crate) fn run(self) -> ExitCode {
        let json = self.json;
        match self.command.run().and_then(|answer| print(&answer, json)) {
            Ok(()) => Exit::Done.into(),
            Err(failure) => {
                refuse(&failure, json);
                failure.exit().into()
            }
        }
    }
}

impl Command {
    fn run(self) -> Result<Answer, Failure> {
        match self {
            Self::Init { data, address } => init(&data, &address),
            Self::Run { config } => run(&config),
            Self::CheckConfig { config } => check_config(&config),
            Self::Completions { shell } => {
                let mut script = Vec::new();
                clap_complete::generate(shell, &mut Arguments::command(), "safeconduct-relay", &mut script);
                let text = String::from_utf8_lossy(&script).into_owned();
                Ok(Answer { data: json!({ "script": text }), text })
            }
            Self::Man { out } => {
                std::fs::create_dir_all(&out)?;
                clap_mangen::generate_to(Arguments::command(), &out)?;
                Ok(Answer { text: format!("manual pages written to {}\n", out.display()), data: json!({ "out": out }) })
            }
        }
    }
}

fn init(data: &Path, address: &str) -> Result<Answer, Failure> {
    let made = setup::init(data, address, &mut SystemEntropy)?;
    let text = format!(
        "A relay was set up in {}.\n\
         1. Give {} to the authority; it runs `safeconduct-admin relay add relay.pub`.\n\
         2. Put the authority's root file beside {} as root.scr.\n\
         3. Run `safeconduct-relay run --config {}`, then let the authority publish.\n",
        data.display(),
        made.public_file.display(),
        made.config_file.display(),
        made.config_file.display(),
    );
    let data = json!({
        "data": data,
        "public_file": made.public_file,
        "config": made.config_file,
        "node": made.node.to_hex(),
    });
    Ok(Answer { text, data })
}

fn check_config(path: &Path) -> Result<Answer, Failure> {
    let config = Config::read(path)?;
    if !config.data.is_dir() {
        return Err(RelayError::from(LockError::Missing(config.data)).into());
    }
    RelayKeys::read(&config.data).map_err(RelayError::from)?;
    read_root(&config.root)?;
    let data = json!({
        "data": config.data,
        "listen": config.listen.to_string(),
        "address": config.address,
        "root": config.root,
        "local_listen": config.local_listen.to_string(),
        "log": config.log,
        "bounds": config.numbers().into_iter().collect::<std::collections::BTreeMap<_, _>>(),
    });
    Ok(Answer { text: config.to_toml(), data })
}

/// Logs from `level` on, which was checked with the configuration; what libraries say only from warnings on.
fn start_log(level: &str) {
    let level = level.parse().unwrap_or(LevelFilter::INFO);
    let targets = Targets::new().with_default(level.min(LevelFilter::WARN)).with_target("safeconduct", level);
    let lines = fmt::layer().with_writer(io::stderr).with_ansi(io::stderr().is_terminal());
    tracing::subscriber::set_global_default(registry().with(lines).with(targets)).ok();
}

fn run(path: &Path) -> Result<Answer, Failure> {
    let config = Config::read(path)?;
    start_log(&config.log);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Failure::Runtime)?;
    runtime.block_on(async {
        let stop = CancellationToken::new();
        let (mut terminate, mut interrupt) = (
            signal(SignalKind::terminate()).map_err(Failure::Runtime)?,
            signal(SignalKind::interrupt()).map_err(Failure::Runtime)?,
        );
        let relay = Relay::start(&config, Arc::new(SystemClock)).await?;
        let end = relay.run(stop.clone());
        tokio::pin!(end);
        loop {
            tokio::select! {
                ended = &mut end => break ended.map_err(Failure::from),
                _ = terminate.recv() => stop.cancel(),
                _ = interrupt.recv() => stop.cancel(),
            }
        }
    })?;
    Ok(Answer { text: String::new(), data: json!({}) })
}

fn print(answer: &Answer, json: bool) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    if json {
        writeln!(out, "{}", json!({ "ok": true, "data": answer.data }))?;
    } else {
        out.write_all(answer.text.as_bytes())?;
    }
    out.flush()?;
    Ok(())
}

/// Answers words that are no command of ours, or a question for help.
pub(crate) fn not_parsed(error: &clap::Error, json: bool) -> ExitCode {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        write!(io::stdout(), "{}", error.render()).ok();
        return Exit::Done.into();
    }
    let text = error.render().to_string();
    let missing = error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand;
    let first = text.lines().next().unwrap_or_default().trim_start_matches("error: ");
    let fact = if missing { "a command is missing" } else { first };
    say("usage", fact, "run `safeconduct-relay --help`, or `safeconduct-relay COMMAND --help`", json);
    Exit::Usage.into()
}

fn refuse(failure: &Failure, json: bool) {
    say(failure.code(), &failure.to_string(), &failure.remedy(), json);
}

fn say(code: &str, fact: &str, remedy: &str, json: bool) {
    // Nobody is left to tell when this fails too.
    if json {
        let error = json!({ "code": code, "message": fact, "remedy": remedy });
        writeln!(io::stdout(), "{}", json!({ "ok": false, "error": error })).ok();
    } else {
        writeln!(io::stderr(), "safeconduct-relay: {fact}\n  → {remedy}").ok();
    }
}
