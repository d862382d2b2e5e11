//! One daemon as a real process: its log in a file, ended politely or by SIGKILL.

use std::fs::{File, OpenOptions};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus};

use rustix::process::{Pid, Signal, kill_process};

use crate::error::WorldError;
use crate::wait;

/// Lines of a log that an error shows.
const LOG_LINES: usize = 12;

/// Whether a daemon ends with the program that started it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lifetime {
    /// It is killed when its handle is dropped.
    World,
    /// It goes on: in its own process group, out of reach of the terminal's Ctrl-C.
    Kept,
}

/// A running daemon.
#[derive(Debug)]
pub struct Process {
    name: String,
    child: Child,
    log: PathBuf,
    lifetime: Lifetime,
}

impl Process {
    /// Starts `command`; what it writes is added to the file `log`.
    ///
    /// # Errors
    /// The log cannot be opened or the program not started.
    pub fn start(name: &str, command: &mut Command, log: &Path, lifetime: Lifetime) -> Result<Self, WorldError> {
        let file = open_log(log)?;
        let second = file.try_clone().map_err(WorldError::io("open", log))?;
        command.stdout(file).stderr(second);
        if lifetime == Lifetime::Kept {
            command.process_group(0);
        }
        let child = command.spawn().map_err(WorldError::io("start", name))?;
        Ok(Self { name: name.to_owned(), child, log: log.to_owned(), lifetime })
    }

    /// Its process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends it at once, as a power cut would.
    ///
    /// # Errors
    /// It could not be waited for.
    pub fn kill(&mut self) -> Result<(), WorldError> {
        // Killing what has ended already is fine.
        self.child.kill().ok();
        self.child.wait().map_err(WorldError::io("wait for", &self.name))?;
        Ok(())
    }

    /// Asks it to end (SIGTERM) and waits.
    ///
    /// # Errors
    /// It does not end within `seconds`.
    pub fn stop(&mut self, seconds: u64) -> Result<ExitStatus, WorldError> {
        self.end_by(Signal::TERM, seconds)
    }

    /// Sends it a signal, and waits until it has ended by it.
    ///
    /// # Errors
    /// It does not end within `seconds`.
    pub fn end_by(&mut self, signal: Signal, seconds: u64) -> Result<ExitStatus, WorldError> {
        if let Some(pid) = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw) {
            kill_process(pid, signal).ok();
        }
        let what = format!("{} to end", self.name);
        wait::until(&what, seconds, || match self.ended()? {
            Some(status) => Ok(wait::Look::Seen(status)),
            None => Ok(wait::Look::NotYet(tail(&self.log))),
        })
    }

    /// How it ended, if it has.
    ///
    /// # Errors
    /// The system does not tell.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>, WorldError> {
        self.child.try_wait().map_err(WorldError::io("wait for", &self.name))
    }

    /// An error if it has ended.
    ///
    /// # Errors
    /// [`WorldError::Ended`] with the end of its log.
    pub fn alive(&mut self) -> Result<(), WorldError> {
        match self.ended()? {
            None => Ok(()),
            Some(status) => {
                Err(WorldError::Ended { name: self.name.clone(), code: status.to_string(), log: tail(&self.log) })
            }
        }
    }

    /// The end of its log.
    #[must_use]
    pub fn log_tail(&self) -> String {
        tail(&self.log)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if self.lifetime == Lifetime::World {
            self.kill().ok();
        }
    }
}

fn open_log(log: &Path) -> Result<File, WorldError> {
    OpenOptions::new().create(true).append(true).open(log).map_err(WorldError::io("open", log))
}

/// The last lines of a text file.
#[must_use]
pub fn tail(log: &Path) -> String {
    let text = std::fs::read(log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines.get(lines.len().saturating_sub(LOG_LINES)..).unwrap_or_default().join("\n")
}
