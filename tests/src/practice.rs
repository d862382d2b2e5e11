//! A practice world: an authority, a relay and four agencies on this machine, for exercises alone, with fictional cases and a
//! script of exercises. Started by `./practice`, and by a test.

mod cases;
mod exercises;

use std::path::{Path, PathBuf};

use serde_json::Value;

pub use exercises::{EXERCISES, Exercise, Line};

use crate::cast::Agency;
use crate::error::WorldError;
use crate::process::Lifetime;
use crate::program::{self, Program, Programs, list};
use crate::wait::{self, Look};
use crate::world::{Node, NodeSettings, Plan, World};

/// The log's name: what makes the world one for practice, in every program.
pub const LOG_NAME: &str = "practice.invalid/safeconduct";

/// Longest time for one step, in seconds, on two shared cores.
const STEP_SECONDS: u64 = 120;

const fn agency(id: &'static str, name: &'static str, role: &'static str) -> Agency {
    Agency { id, name, role, country: "XE", exercise: true }
}

/// The four agencies.
pub const AGENCIES: [Agency; 4] = [
    agency("xe.practice-helpline", "Practice Helpline", "Helpline"),
    agency("xe.practice-shelter", "Practice Shelter", "NgoShelter"),
    agency("xe.practice-refuge", "Practice Refuge", "NgoShelter"),
    agency("xe.practice-clinic", "Practice Clinic", "HealthService"),
];

/// What an agency is called in the exercises, and the command that acts as it.
#[must_use]
pub fn short(id: &str) -> &str {
    id.rsplit('-').next().unwrap_or(id)
}

fn fault(fact: impl Into<String>) -> WorldError {
    WorldError::Sample { path: PathBuf::from("the practice world"), fact: fact.into() }
}

/// A practice world in a folder, as whoever types commands sees it: started here, or by another program.
#[derive(Clone, Debug)]
pub struct Practice {
    folder: PathBuf,
    programs: Programs,
}

/// What runs a practice world. It ends when this is dropped, unless it was to be kept.
pub struct Running {
    /// What one can do in it.
    pub practice: Practice,
    /// Authority and relay.
    pub world: World,
    /// The four nodes.
    pub nodes: Vec<Node>,
}

/// Starts a practice world in an empty folder, with cases lying in the inboxes.
///
/// # Errors
/// Any step that fails, with what the program said.
pub fn start(folder: &Path, lifetime: Lifetime) -> Result<Running, WorldError> {
    let nodes = NodeSettings { receipt_delay_max_s: 1, settle_tick_ms: 250 };
    let folder = std::path::absolute(folder).map_err(WorldError::io("find", folder))?;
    let plan =
        Plan { folder: Some(folder.clone()), lifetime, nodes, country: "XE", log_name: LOG_NAME, ..Plan::default() };
    let world = World::found(plan)?;
    let nodes = world.enrol_all(&AGENCIES)?;
    let practice = Practice::at(&folder)?;
    for agency in &AGENCIES {
        practice.write_command(agency)?;
    }
    cases::write_all(&world.files())?;
    for case in cases::LYING {
        practice.lay(&case)?;
    }
    Ok(Running { practice, world, nodes })
}

impl Practice {
    /// The world in this folder.
    ///
    /// # Errors
    /// There is none, or the programs are not built.
    pub fn at(folder: &Path) -> Result<Self, WorldError> {
        let practice = Self { folder: folder.to_owned(), programs: Programs::find()? };
        if AGENCIES.iter().any(|agency| !practice.data(agency.id).is_dir()) {
            return Err(fault(format!(
                "there is none in {}: give the folder that ./practice printed",
                folder.display()
            )));
        }
        Ok(practice)
    }

    /// The folder with everything in it.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    fn data(&self, agency: &str) -> PathBuf {
        self.folder.join("nodes").join(agency)
    }

    fn passphrase(&self, agency: &str) -> PathBuf {
        self.folder.join("nodes").join(format!("{agency}.passphrase"))
    }

    /// The command line that acts as an agency, without its verb.
    #[must_use]
    pub fn prefix(&self, agency: &str) -> String {
        format!(
            "'{}' --data '{}' --passphrase-file '{}'",
            self.programs.path(Program::Safeconduct).display(),
            self.data(agency).display(),
            self.passphrase(agency).display()
        )
    }

    /// Writes the command that acts as an agency, so that nobody types folders.
    fn write_command(&self, agency: &Agency) -> Result<(), WorldError> {
        use std::os::unix::fs::PermissionsExt as _;
        let path = self.folder.join(short(agency.id));
        let text = format!("#!/bin/sh\n# EXERCISE: acts as {}.\nexec {} \"$@\"\n", agency.name, self.prefix(agency.id));
        std::fs::write(&path, text).map_err(WorldError::io("write", &path))?;
        let mode = std::fs::Permissions::from_mode(0o700);
        std::fs::set_permissions(&path, mode).map_err(WorldError::io("write", &path))
    }

    /// Acts as an agency; gives the answer's data.
    ///
    /// # Errors
    /// The command is refused.
    pub fn done(&self, agency: &str, arguments: &[&str]) -> Result<Value, WorldError> {
        let mut command = self.programs.command(Program::Safeconduct);
        command
            .arg("--data")
            .arg(self.data(agency))
            .arg("--passphrase-file")
            .arg(self.passphrase(agency))
            .arg("--json");
        program::run(&mut command, Program::Safeconduct.name(), arguments)?.data()
    }

    /// The newest referral or transfer of an agency with another one.
    fn newest(&self, at: &str, with: &str) -> Result<Option<Value>, WorldError> {
        let data = self.done(at, &["referral", "list"])?;
        let fits = |one: &&Value| one["agency"] == with && one["kind"] != "Enquiry";
        Ok(list(&data, "referrals")?.iter().find(fits).cloned())
    }

    /// Sends a case that shall lie in an inbox, and waits until it does.
    fn lay(&self, case: &cases::Lying) -> Result<(), WorldError> {
        let file = self.file(case.file);
        self.done(case.from, &["send", &file, "--to", case.to])?;
        wait::until(&format!("{} to lie at {}", case.file, case.to), STEP_SECONDS, || {
            let there = self.newest(case.to, case.from)?;
            Ok(there.map_or_else(|| Look::NotYet("nothing".to_owned()), |_| Look::Seen(())))
        })
    }

    fn file(&self, name: &str) -> String {
        self.folder.join("files").join(name).to_string_lossy().into_owned()
    }
}
