//! The command line: arguments, and the one place that chooses words, stream and exit code.

use std::{
    io::{self, IsTerminal as _, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

use clap::{CommandFactory as _, Parser, Subcommand, error::ErrorKind};
use safeconduct_certs::{
    command_line,
    system::{SystemClock, SystemEntropy},
};
use safeconduct_relay::{
    config::{Config, ConfigError},
    exit::Exit,
    keys::RelayKeys,
    lock::LockError,
    relay::{Relay, RelayError, read_root},
    setup::{self, SetupError},
    upkeep::{self, UpkeepError},
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
    /// Show what the relay holds.
    Usage {
        /// Its relay.toml.
        #[arg(long, env = "SAFECONDUCT_RELAY_CONFIG")]
        config: PathBuf,
    },
    /// Read everything that the relay holds, and name every mailbox in which a bit has changed. Beside the service.
    Verify {
        /// Its relay.toml.
        #[arg(long, env = "SAFECONDUCT_RELAY_CONFIG")]
        config: PathBuf,
    },
    /// Copy what the relay holds, beside the service. Keys and prekeys are not in the copy.
    Backup {
        /// Its relay.toml.
        #[arg(long, env = "SAFECONDUCT_RELAY_CONFIG")]
        config: PathBuf,
        /// Directory to make.
        #[arg(long)]
        to: PathBuf,
    },
    /// Check a backup as a whole, and put it into a relay's directory that has keys and no store.
    Restore {
        /// The relay.toml of the relay that takes it.
        #[arg(long, env = "SAFECONDUCT_RELAY_CONFIG")]
        config: PathBuf,
        /// The backup's directory.
        #[arg(long)]
        from: PathBuf,
    },
    /// Take nothing in until it is switched off again, or the relay starts anew; what is held is delivered.
    Maintenance {
        /// Its relay.toml.
        #[arg(long, env = "SAFECONDUCT_RELAY_CONFIG")]
        config: PathBuf,
        /// Begin or end.
        switch: Switch,
    },
    /// Without a network: take what the authority wrote for this relay with `safeconduct-admin export`. Beside the service.
    Import {
        /// Its relay.toml.
        #[arg(long, env = "SAFECONDUCT_RELAY_CONFIG")]
        config: PathBuf,
        /// The file; the relay's account must be able to read it.
        file: PathBuf,
    },
    /// Without a network: write what waits for the authority, for `safeconduct-admin import`. Beside the service.
    Export {
        /// Its relay.toml.
        #[arg(long, env = "SAFECONDUCT_RELAY_CONFIG")]
        config: PathBuf,
        /// The file to make; the relay's account must be able to write it.
        #[arg(long)]
        out: PathBuf,
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

/// On or off.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Switch {
    On,
    Off,
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
    #[error(transparent)]
    Upkeep(#[from] UpkeepError),
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
            Self::Upkeep(error) => error.remedy(),
            Self::Output(_) => "check where the output goes".to_owned(),
            Self::Runtime(_) => "raise the limits of processes and open files for the relay's account".to_owned(),
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::Setup(error) => error.code(),
            Self::Config(_) => "config",
            Self::Relay(error) => error.code(),
            Self::Upkeep(error) => error.code(),
            Self::Output(_) => "output",
            Self::Runtime(_) => "runtime",
        }
    }

    fn exit(&self) -> Exit {
        match self {
            Self::Setup(error) => error.exit(),
            Self::Config(_) => Exit::Usage,
            Self::Relay(error) => error.exit(),
            Self::Upkeep(error) => error.exit(),
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
            Self::Usage { config } => usage(&config),
            Self::Verify { config } => verify(&config),
            Self::Backup { config, to } => backup(&config, &to),
            Self::Restore { config, from } => restore(&config, &from),
            Self::Maintenance { config, switch } => maintenance(&config, switch),
            Self::Import { config, file } => import(&config, &file),
            Self::Export { config, out } => export(&config, &out),
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
    let ended: Result<(), Failure> = runtime.block_on(async {
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
    });
    // A look at everything that is still under way does not hold up the end.
    runtime.shutdown_timeout(Duration::from_secs(5));
    ended?;
    Ok(Answer { text: String::new(), data: json!({}) })
}

fn usage(path: &Path) -> Result<Answer, Failure> {
    let data = upkeep::usage(&Config::read(path)?.data)?;
    Ok(Answer { text: lines(&data, 0), data })
}

fn verify(path: &Path) -> Result<Answer, Failure> {
    let data = upkeep::verify(&Config::read(path)?.data)?;
    let text = format!(
        "everything is as it was written: {} items, {} bytes; {} documents, {} bytes\n",
        data["items"], data["bytes"], data["documents"], data["document_bytes"]
    );
    Ok(Answer { text, data })
}

fn backup(path: &Path, to: &Path) -> Result<Answer, Failure> {
    let data = upkeep::take_backup(&Config::read(path)?.data, to)?;
    let mut text = format!(
        "copied {} items, {} bytes, to {}\nKeys are not in the copy: keep receipt.key, tls.key, witness.key, relay.toml, \
         relay.pub and root.scr apart from it.\n",
        data["items"],
        data["bytes"],
        to.display()
    );
    if data["documents_left_out"] != json!(0) {
        text.push_str(&format!(
            "{} sealed documents are not in it: after a restore their senders put them again\n",
            data["documents_left_out"]
        ));
    }
    if data["damaged"] != json!(0) {
        text.push_str(&format!(
            "{} items are damaged and not in it: run `safeconduct-relay verify`\n",
            data["damaged"]
        ));
    }
    Ok(Answer { text, data })
}

fn restore(path: &Path, from: &Path) -> Result<Answer, Failure> {
    let data = Config::read(path)?.data;
    let manifest = upkeep::restore(from, &data)?;
    let text = format!(
        "restored {} items into {}. Start the relay; the authority publishes again, and nodes upload new prekeys.\n",
        manifest.items,
        data.display()
    );
    Ok(Answer { text, data: serde_json::to_value(&manifest).unwrap_or_default() })
}

fn maintenance(path: &Path, switch: Switch) -> Result<Answer, Failure> {
    let data = upkeep::maintenance(&Config::read(path)?.data, switch == Switch::On)?;
    let text = match switch {
        Switch::On => "nothing is taken in now; what is held is delivered. `maintenance off` ends it.\n",
        Switch::Off => "envelopes are taken in again\n",
    };
    Ok(Answer { text: text.to_owned(), data })
}

fn import(path: &Path, file: &Path) -> Result<Answer, Failure> {
    let data = upkeep::import(&Config::read(path)?.data, file)?;
    let text = format!(
        "the relay holds {} entries, and has taken {} invitations and {} answers\n",
        data["size"], data["invitations"], data["answers"]
    );
    Ok(Answer { text, data })
}

fn export(path: &Path, out: &Path) -> Result<Answer, Failure> {
    let data = upkeep::export(&Config::read(path)?.data, out)?;
    let text = format!(
        "{} holds {} requests. Hand it to the authority: safeconduct-admin import FILE\nWhoever carries it can read none of \
         them.\n",
        out.display(),
        data["requests"]
    );
    Ok(Answer { text, data })
}

/// Names and numbers, one a line.
fn lines(value: &Value, indent: usize) -> String {
    let Some(object) = value.as_object() else { return String::new() };
    let mut text = String::new();
    for (name, value) in object {
        let name = name.replace('_', " ");
        let space = " ".repeat(indent);
        if value.is_object() {
            text.push_str(&format!("{space}{name}\n{}", lines(value, indent.saturating_add(2))));
        } else if !value.is_null() {
            text.push_str(&format!("{space}{name}: {value}\n"));
        }
    }
    text
}

/// Findings, when a look at everything has some: one line for each mailbox or slot.
fn findings(failure: &Failure) -> Option<&Value> {
    let Failure::Upkeep(UpkeepError::Damage(_, found)) = failure else { return None };
    Some(found)
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
    let fact = if missing { "a command is missing".to_owned() } else { command_line::fact(&text) };
    say("usage", &fact, "run `safeconduct-relay --help`, or `safeconduct-relay COMMAND --help`", json);
    Exit::Usage.into()
}

fn refuse(failure: &Failure, json: bool) {
    if let Some(found) = findings(failure) {
        let list = found.get("damage").and_then(Value::as_array).cloned().unwrap_or_default();
        if json {
            let error = json!({
                "code": failure.code(), "message": failure.to_string(), "remedy": failure.remedy(), "damage": list,
            });
            writeln!(io::stdout(), "{}", json!({ "ok": false, "error": error })).ok();
            return;
        }
        for one in &list {
            let (place, seq, what) = (&one["place"], &one["seq"], &one["what"]);
            writeln!(io::stdout(), "mailbox or slot {place}: number {seq} has changed ({what})").ok();
        }
    }
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
