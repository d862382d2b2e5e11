//! The authority's side: `safeconduct-admin`, one command at a time.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use super::{Ground, write_private};
use crate::cast::Agency;
use crate::error::WorldError;
use crate::program::{Answer, Program, list, text};
use crate::wait::{self, Look};

/// How long a request may take to come through the relay.
const REQUEST_SECONDS: u64 = 60;

/// An authority with its folder.
pub struct Authority {
    pub(super) ground: Ground,
    folder: PathBuf,
    passphrase: PathBuf,
    /// The tool works on one folder: one command at a time.
    turn: Mutex<()>,
}

/// What the authority hands to an agency, by phone or letter.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// Nine groups of five characters.
    pub code: String,
    /// When it ends.
    pub expires: Value,
}

impl Authority {
    /// An authority whose heads the relay of this file must sign.
    pub(super) fn init(ground: &Ground, country: &str, log_name: &str, witness: &Path) -> Result<Self, WorldError> {
        let folder = ground.folder.join("authority");
        let passphrase = ground.folder.join("authority.passphrase");
        write_private(&passphrase, "seven quiet herons cross the frozen delta\n")?;
        let authority = Self { ground: ground.clone(), folder, passphrase, turn: Mutex::new(()) };
        let witness = witness.to_string_lossy().into_owned();
        authority.run(&["init", "--country", country, "--log-name", log_name, "--witness", &witness])?.done()?;
        Ok(authority)
    }

    /// The same authority once more, from a copy of its folder: what somebody with its keys can do.
    ///
    /// # Errors
    /// The folder cannot be copied.
    pub fn copied(&self, name: &str) -> Result<Self, WorldError> {
        let folder = self.ground.folder.join(name);
        copy_folder(&self.folder, &folder)?;
        let (ground, passphrase) = (self.ground.clone(), self.passphrase.clone());
        Ok(Self { ground, folder, passphrase, turn: Mutex::new(()) })
    }

    /// The folder with its keys and log.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The file with its passphrase.
    #[must_use]
    pub fn passphrase_file(&self) -> &Path {
        &self.passphrase
    }

    /// Runs a command with `--json`.
    ///
    /// # Errors
    /// The program could not be started.
    pub fn run(&self, arguments: &[&str]) -> Result<Answer, WorldError> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let mut command = self.ground.programs.command(Program::Admin);
        command.arg("--json").arg("--dir").arg(&self.folder).arg("--passphrase-file").arg(&self.passphrase);
        crate::program::run(&mut command, Program::Admin.name(), arguments)
    }

    /// Runs a command that must be done, and gives its data.
    ///
    /// # Errors
    /// It is refused.
    pub fn done(&self, arguments: &[&str]) -> Result<Value, WorldError> {
        self.run(arguments)?.data()
    }

    /// Registers the relay of a `relay.pub` file.
    ///
    /// # Errors
    /// The command fails.
    pub fn add_relay(&self, public_file: PathBuf) -> Result<(), WorldError> {
        self.done(&["relay", "add", &public_file.to_string_lossy()]).map(drop)
    }

    /// Writes the root file.
    ///
    /// # Errors
    /// The command fails.
    pub fn export_root(&self, out: &Path) -> Result<(), WorldError> {
        self.done(&["export-root", "--out", &out.to_string_lossy()]).map(drop)
    }

    /// Hands the log to the relay.
    ///
    /// # Errors
    /// The relay cannot be reached or refuses.
    pub fn publish(&self) -> Result<(), WorldError> {
        self.done(&["publish"]).map(drop)
    }

    /// Invites an agency for `days`.
    ///
    /// # Errors
    /// The command fails.
    pub fn invite(&self, agency: &Agency, days: u32) -> Result<Invitation, WorldError> {
        let (name, days) = (format!("eng={}", agency.name), days.to_string());
        let mut arguments = vec!["invite", "--agency", agency.id, "--name", &name, "--role", agency.role];
        arguments.extend(["--country", agency.country, "--days", &days]);
        if !agency.id.starts_with("xa.") {
            arguments.push("--other-country");
        }
        if agency.exercise {
            arguments.push("--exercise");
        }
        let data = self.done(&arguments)?;
        let code = text(&data, "code")?.to_owned();
        Ok(Invitation { code, expires: data.get("expires").cloned().unwrap_or_default() })
    }

    /// Invites several agencies with one command; their codes in the same order.
    ///
    /// # Errors
    /// The command fails.
    pub fn invite_list(&self, agencies: &[Agency], days: u32) -> Result<Vec<String>, WorldError> {
        let record = |agency: &Agency| {
            serde_json::json!({
                "agency_id": agency.id,
                "names": {"eng": agency.name},
                "country": agency.country,
                "roles": [agency.role],
                "exercise": agency.exercise,
            })
        };
        let file = self.ground.folder.join("agencies.json");
        write_private(&file, &Value::Array(agencies.iter().map(record).collect()).to_string())?;
        let data =
            self.done(&["invite-list", &file.to_string_lossy(), "--days", &days.to_string(), "--other-country"])?;
        list(&data, "invitations")?.iter().map(|one| text(one, "code").map(str::to_owned)).collect()
    }

    /// Approves several agencies, each with its words.
    ///
    /// # Errors
    /// The first refusal.
    pub fn approve_all(&self, agencies: &[(&str, &str)]) -> Result<(), WorldError> {
        let words = agencies.iter().flat_map(|(_, words)| ["--words", *words]);
        let arguments: Vec<&str> =
            ["approve"].into_iter().chain(agencies.iter().map(|(agency, _)| *agency)).chain(words).collect();
        self.done(&arguments).map(drop)
    }

    /// Approves the agency's request, which the relay must have by now, when these are its words.
    ///
    /// # Errors
    /// The approval is refused.
    pub fn approve(&self, agency: &str, words: &str) -> Result<(), WorldError> {
        self.done(&["approve", agency, "--words", words]).map(drop)
    }

    /// Waits for the agency's request.
    ///
    /// # Errors
    /// None comes in time.
    pub fn request_of(&self, agency: &str) -> Result<Value, WorldError> {
        wait::until(&format!("the request of {agency}"), REQUEST_SECONDS, || {
            let data = self.done(&["requests"])?;
            let found = list(&data, "requests")?.iter().find(|request| request["agency"] == agency).cloned();
            Ok(found.map_or_else(|| Look::NotYet(data.to_string()), Look::Seen))
        })
    }

    /// Revokes an agency's node.
    ///
    /// # Errors
    /// The command fails.
    pub fn revoke(&self, agency: &str) -> Result<(), WorldError> {
        self.done(&["revoke", agency, "--yes"]).map(drop)
    }
}

/// Copies a folder with all that is in it.
fn copy_folder(from: &Path, to: &Path) -> Result<(), WorldError> {
    std::fs::create_dir_all(to).map_err(WorldError::io("make", to))?;
    for entry in std::fs::read_dir(from).map_err(WorldError::io("read", from))? {
        let entry = entry.map_err(WorldError::io("read", from))?;
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy_folder(&path, &target)?;
        } else {
            std::fs::copy(&path, &target).map_err(WorldError::io("copy", &path))?;
        }
    }
    Ok(())
}
