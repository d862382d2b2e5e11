//! An agency's node: its folder, its daemon, its command line.

use std::os::unix::fs::DirBuilderExt as _;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;

use rustix::process::Signal;
use serde_json::Value;

use super::{Ground, write_private};
use crate::cast::Agency;
use crate::error::WorldError;
use crate::process::{Lifetime, Process};
use crate::program::{Answer, Program, list, text};
use crate::wait::{self, Look};

/// How long a start or a stop may take, in seconds: two cores are shared by many nodes that stretch passphrases.
const START_SECONDS: u64 = 90;
/// How long an approved answer may take to come through the relay.
const ANSWER_SECONDS: u64 = 60;

/// What a test may set of a node's configuration.
#[derive(Clone, Debug)]
pub struct NodeSettings {
    /// Longest random delay of a receipt.
    pub receipt_delay_max_s: u64,
    /// The tick on which acknowledgements leave.
    pub settle_tick_ms: u64,
}

impl Default for NodeSettings {
    fn default() -> Self {
        Self { receipt_delay_max_s: 1, settle_tick_ms: 200 }
    }
}

/// A node with its folder.
pub struct Node {
    /// Whose it is.
    pub agency: Agency,
    ground: Ground,
    data: PathBuf,
    passphrase: PathBuf,
    process: Option<Process>,
}

/// How far a message has come, as its sender's node knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// In the outbox.
    Queued,
    /// The relay keeps it and has signed that.
    RelayAccepted,
    /// The other node has it and has signed that.
    Delivered,
}

impl Stage {
    fn reached_by(self, state: &str) -> bool {
        match self {
            Self::Queued => true,
            Self::RelayAccepted => matches!(state, "relay-accepted" | "delivered"),
            Self::Delivered => state == "delivered",
        }
    }
}

/// A message in an inbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its id.
    pub message_id: String,
    /// The referral in it.
    pub referral_id: String,
    /// The sending agency.
    pub from: String,
}

impl Node {
    /// The folder with its configuration; the vault is made by the first enrolment.
    pub(super) fn new(ground: &Ground, agency: Agency, relay: &str) -> Result<Self, WorldError> {
        let data = ground.folder.join("nodes").join(agency.id);
        let passphrase = ground.folder.join("nodes").join(format!("{}.passphrase", agency.id));
        write_private(&passphrase, &format!("the passphrase of {} is only for loopback\n", agency.id))?;
        std::fs::DirBuilder::new().mode(0o700).create(&data).map_err(WorldError::io("make", &data))?;
        let node = Self { agency, ground: ground.clone(), data, passphrase, process: None };
        node.write_config(&format!(
            "relay = \"{relay}\"\nreceipt_delay_max_s = {}\nsettle_tick_ms = {}\nlog = \"info\"\n",
            ground.settings.receipt_delay_max_s, ground.settings.settle_tick_ms
        ))?;
        Ok(node)
    }

    /// Replaces its configuration file.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write_config(&self, text: &str) -> Result<(), WorldError> {
        write_private(&self.data.join("config.toml"), text)
    }

    /// Lets it live in another folder from here on, which may hold nothing yet: another machine.
    ///
    /// # Errors
    /// The folder is there already, or cannot be made.
    pub fn move_to(&mut self, data: PathBuf) -> Result<(), WorldError> {
        std::fs::DirBuilder::new().mode(0o700).create(&data).map_err(WorldError::io("make", &data))?;
        self.data = data;
        Ok(())
    }

    /// Begins a command that may be killed in the middle.
    ///
    /// # Errors
    /// The program could not be started.
    pub fn begin(&self, arguments: &[&str]) -> Result<Process, WorldError> {
        let mut command = self.command(&self.passphrase);
        command.args(arguments);
        Process::start(self.agency.id, &mut command, &self.ground.log("commands"), Lifetime::World)
    }

    /// Everything that the node keeps.
    #[must_use]
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// The file with its passphrase.
    #[must_use]
    pub fn passphrase_file(&self) -> &Path {
        &self.passphrase
    }

    /// Its log.
    #[must_use]
    pub fn log(&self) -> PathBuf {
        self.ground.log(self.agency.id)
    }

    /// The process id of its daemon, while it runs.
    #[must_use]
    pub fn id(&self) -> Option<u32> {
        self.process.as_ref().map(Process::id)
    }

    fn command(&self, passphrase: &Path) -> std::process::Command {
        let mut command = self.ground.programs.command(Program::Safeconduct);
        command.arg("--data").arg(&self.data).arg("--passphrase-file").arg(passphrase);
        command
    }

    /// A command as a person types it, not run yet.
    #[must_use]
    pub fn typed(&self, arguments: &[&str]) -> std::process::Command {
        let mut command = self.command(&self.passphrase);
        command.args(arguments);
        command
    }

    /// Runs a command with `--json`.
    ///
    /// # Errors
    /// The program could not be started.
    pub fn run(&self, arguments: &[&str]) -> Result<Answer, WorldError> {
        self.run_as(&self.passphrase, arguments)
    }

    /// Runs a command with `--json` and another passphrase file.
    ///
    /// # Errors
    /// The program could not be started.
    pub fn run_as(&self, passphrase: &Path, arguments: &[&str]) -> Result<Answer, WorldError> {
        crate::program::run(self.command(passphrase).arg("--json"), Program::Safeconduct.name(), arguments)
    }

    /// Runs a command without `--json`, as a person would.
    ///
    /// # Errors
    /// The program could not be started.
    pub fn say(&self, arguments: &[&str]) -> Result<Answer, WorldError> {
        crate::program::run(&mut self.command(&self.passphrase), Program::Safeconduct.name(), arguments)
    }

    /// Runs a command that must be done, and gives its data.
    ///
    /// # Errors
    /// It is refused.
    pub fn done(&self, arguments: &[&str]) -> Result<Value, WorldError> {
        self.run(arguments)?.data()
    }

    /// Runs `enrol` for what its world is for, without waiting for the authority.
    ///
    /// # Errors
    /// The program could not be started.
    pub fn enrol(&self, code: &str) -> Result<Answer, WorldError> {
        let practice = self.ground.practice.then_some("--practice");
        let arguments: Vec<&str> = ["enrol", code, "--no-wait"].into_iter().chain(practice).collect();
        self.run(&arguments)
    }

    /// Asks to be enrolled; gives the safety words that its operator reads out.
    ///
    /// # Errors
    /// The code is refused or the relay not reached.
    pub fn ask(&self, code: &str) -> Result<String, WorldError> {
        let data = self.enrol(code)?.data()?;
        let words: Vec<&str> = list(&data, "words")?.iter().filter_map(Value::as_str).collect();
        Ok(words.join(" "))
    }

    /// Waits for the authority's answer and finishes the enrolment.
    ///
    /// # Errors
    /// The answer does not come or is no.
    pub fn finish(&self, code: &str) -> Result<(), WorldError> {
        wait::until(&format!("{} to be approved", self.agency.id), ANSWER_SECONDS, || {
            let data = self.enrol(code)?.data()?;
            Ok(if text(&data, "state")? == "approved" { Look::Seen(()) } else { Look::NotYet(data.to_string()) })
        })
    }

    /// Starts its daemon and waits until it answers on its socket.
    ///
    /// # Errors
    /// It ends, or does not answer in time.
    pub fn start(&mut self) -> Result<(), WorldError> {
        let mut command = self.command(&self.passphrase);
        command.arg("daemon");
        let mut process = Process::start(self.agency.id, &mut command, &self.log(), self.ground.lifetime)?;
        self.ground.note(&process)?;
        wait::until(&format!("the node of {} to answer", self.agency.id), START_SECONDS, || {
            process.alive()?;
            // Not by a command: without a daemon commands open the vault themselves, and would hold it.
            let answers = UnixStream::connect(self.data.join("daemon.sock")).is_ok();
            Ok(if answers { Look::Seen(()) } else { Look::NotYet(process.log_tail()) })
        })?;
        self.process = Some(process);
        Ok(())
    }

    /// Waits until the relay has welcomed it.
    ///
    /// # Errors
    /// It is not welcomed in time.
    pub fn connected(&self) -> Result<(), WorldError> {
        wait::until(&format!("{} to be connected", self.agency.id), START_SECONDS, || {
            let data = self.done(&["status"])?;
            let connected = data.pointer("/relay/state").and_then(Value::as_str) == Some("connected");
            Ok(if connected { Look::Seen(()) } else { Look::NotYet(data.to_string()) })
        })
    }

    /// Waits until its copy of the registry has so many entries.
    ///
    /// # Errors
    /// It has not within `seconds`.
    pub fn holds(&self, size: u64, seconds: u64) -> Result<(), WorldError> {
        wait::until(&format!("{} to hold {size} entries", self.agency.id), seconds, || {
            let data = self.done(&["status"])?;
            let held = data.pointer("/registry/size").and_then(Value::as_u64);
            Ok(if held == Some(size) { Look::Seen(()) } else { Look::NotYet(data.to_string()) })
        })
    }

    /// Ends its daemon at once (SIGKILL).
    ///
    /// # Errors
    /// It could not be waited for.
    pub fn kill(&mut self) -> Result<(), WorldError> {
        self.process.take().map_or(Ok(()), |mut process| process.kill())
    }

    /// Lets its daemon crash, as a fault in its memory or an abort would.
    ///
    /// # Errors
    /// It does not run, or does not end.
    pub fn crash(&mut self, signal: Signal) -> Result<ExitStatus, WorldError> {
        let Some(mut process) = self.process.take() else {
            return Err(WorldError::io("find", self.agency.id)(std::io::ErrorKind::NotFound.into()));
        };
        process.end_by(signal, START_SECONDS)
    }

    /// Ends its daemon politely (SIGTERM); its exit must be clean.
    ///
    /// # Errors
    /// It does not end, or not with 0.
    pub fn stop(&mut self) -> Result<(), WorldError> {
        let Some(mut process) = self.process.take() else { return Ok(()) };
        let status = process.stop(START_SECONDS)?;
        if status.success() {
            return Ok(());
        }
        Err(WorldError::Ended { name: self.agency.id.to_owned(), code: status.to_string(), log: process.log_tail() })
    }

    /// Sends a referral file; gives the message id.
    ///
    /// # Errors
    /// It is refused.
    pub fn send(&self, file: &Path, to: &str) -> Result<String, WorldError> {
        let data = self.done(&["send", &file.to_string_lossy(), "--to", to])?;
        text(&data, "message_id").map(str::to_owned)
    }

    /// Its inbox.
    ///
    /// # Errors
    /// The command is refused or answers otherwise than documented.
    pub fn inbox(&self) -> Result<Vec<Message>, WorldError> {
        let data = self.done(&["inbox"])?;
        list(&data, "messages")?.iter().map(message).collect()
    }

    /// Waits until a referral is in its inbox.
    ///
    /// # Errors
    /// It does not come in time.
    pub fn receives(&self, referral_id: &str, seconds: u64) -> Result<Message, WorldError> {
        wait::until(&format!("referral {referral_id} at {}", self.agency.id), seconds, || {
            let messages = self.inbox()?;
            let last = format!("{} messages", messages.len());
            let found = messages.into_iter().find(|message| message.referral_id == referral_id);
            Ok(found.map_or_else(|| Look::NotYet(last), Look::Seen))
        })
    }

    /// The state of a message that it sent.
    ///
    /// # Errors
    /// The command is refused or answers otherwise than documented.
    pub fn state_of(&self, message_id: &str) -> Result<String, WorldError> {
        let data = self.done(&["status", message_id])?;
        let entry = list(&data, "messages")?.iter().find(|entry| entry["message_id"] == message_id).cloned();
        text(&entry.unwrap_or_default(), "state").map(str::to_owned)
    }

    /// Waits until a message that it sent has come this far.
    ///
    /// # Errors
    /// It does not in time.
    pub fn reaches(&self, message_id: &str, stage: Stage, seconds: u64) -> Result<(), WorldError> {
        wait::until(&format!("message {message_id} to be {stage:?}"), seconds, || {
            let state = self.state_of(message_id)?;
            Ok(if stage.reached_by(&state) { Look::Seen(()) } else { Look::NotYet(state) })
        })
    }
}

fn message(entry: &Value) -> Result<Message, WorldError> {
    Ok(Message {
        message_id: text(entry, "message_id")?.to_owned(),
        referral_id: text(entry, "referral_id")?.to_owned(),
        from: text(entry, "from")?.to_owned(),
    })
}

impl Node {
    /// Everything in its outbox, as `status` tells it.
    ///
    /// # Errors
    /// The command is refused or answers otherwise than documented.
    pub fn outbox(&self) -> Result<Vec<Value>, WorldError> {
        let data = self.done(&["status"])?;
        list(&data, "messages").map(<[Value]>::to_vec)
    }

    /// The kinds of the receipts of a message, oldest first.
    ///
    /// # Errors
    /// The command is refused or answers otherwise than documented.
    pub fn receipts(&self, message_id: &str) -> Result<Vec<String>, WorldError> {
        let data = self.done(&["receipts", message_id])?;
        list(&data, "receipts")?.iter().map(|line| text(line, "kind").map(str::to_owned)).collect()
    }

    /// Starts its daemon where it is expected to end by itself; gives the exit code and what it said.
    ///
    /// # Errors
    /// It could not be started, or goes on.
    pub fn fails_to_start(&self, passphrase: &Path) -> Result<(Option<i32>, String), WorldError> {
        let log = self.ground.log(&format!("{}.refused", self.agency.id));
        let mut command = self.command(passphrase);
        command.arg("daemon");
        let mut process = Process::start(self.agency.id, &mut command, &log, Lifetime::World)?;
        let what = format!("the node of {} to refuse", self.agency.id);
        let status = wait::until(&what, START_SECONDS, || {
            Ok(process.ended()?.map_or_else(|| Look::NotYet(process.log_tail()), Look::Seen))
        })?;
        let said = process.log_tail();
        std::fs::remove_file(&log).map_err(WorldError::io("remove", &log))?;
        Ok((status.code(), said))
    }
}
