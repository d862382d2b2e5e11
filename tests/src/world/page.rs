//! The administrator's page: `safeconduct-admin page`, until it ends.

use std::path::{Path, PathBuf};
use std::process::ExitStatus;

use super::Authority;
use crate::error::WorldError;
use crate::process::{Lifetime, Process, tail};
use crate::program::Program;
use crate::wait::{self, Look};

const START_SECONDS: u64 = 30;
const END_SECONDS: u64 = 60;

/// A page that is being served.
pub struct Page {
    process: Process,
    log: PathBuf,
    /// The address that opens it, once.
    pub address: String,
}

impl Authority {
    /// Starts the page, and waits for its address.
    ///
    /// # Errors
    /// It does not start.
    pub fn page(&self, arguments: &[&str]) -> Result<Page, WorldError> {
        let log = self.ground.log("page");
        // Only what this one writes.
        std::fs::remove_file(&log).ok();
        let mut command = self.ground.programs.command(Program::Admin);
        command.arg("--dir").arg(self.folder()).arg("--passphrase-file").arg(self.passphrase_file()).arg("page");
        let mut process = Process::start("the page", command.args(arguments), &log, Lifetime::World)?;
        let address = wait::until("the page's address", START_SECONDS, || {
            process.alive()?;
            let text = tail(&log);
            let found = text.split_whitespace().find(|word| word.starts_with("http://127.0.0.1:"));
            Ok(found.map_or_else(|| Look::NotYet(text.clone()), |found| Look::Seen(found.to_owned())))
        })?;
        Ok(Page { process, log, address })
    }
}

impl Page {
    /// Its process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// Waits until it ends by itself.
    ///
    /// # Errors
    /// It does not.
    pub fn ends(&mut self) -> Result<ExitStatus, WorldError> {
        wait::until("the page to end", END_SECONDS, || {
            Ok(self.process.ended()?.map_or_else(|| Look::NotYet(tail(&self.log)), Look::Seen))
        })
    }

    /// Asks it to end, as Ctrl-C does.
    ///
    /// # Errors
    /// It does not.
    pub fn stop(&mut self) -> Result<ExitStatus, WorldError> {
        self.process.stop(END_SECONDS)
    }

    /// The file with everything that it wrote.
    #[must_use]
    pub fn log(&self) -> &Path {
        &self.log
    }
}
