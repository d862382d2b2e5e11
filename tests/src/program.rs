//! One command of one of the three programs, run to its end, with its answer.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::error::WorldError;

/// The three programs, found beside the running one.
#[derive(Clone, Debug)]
pub struct Programs {
    folder: PathBuf,
}

/// Which program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Program {
    /// The client daemon and its command line.
    Safeconduct,
    /// The relay.
    Relay,
    /// The authority's tool.
    Admin,
}

impl Program {
    /// Its file name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Safeconduct => "safeconduct",
            Self::Relay => "safeconduct-relay",
            Self::Admin => "safeconduct-admin",
        }
    }
}

/// What programs see of the environment: where programs are, and `./test --ahead`'s clock.
const PASSED_ON: [&str; 4] = ["PATH", "LD_PRELOAD", "FAKETIME", "FAKETIME_DONT_FAKE_MONOTONIC"];

impl Programs {
    /// Finds the programs in the folders above the running executable.
    ///
    /// # Errors
    /// [`WorldError::NotBuilt`].
    pub fn find() -> Result<Self, WorldError> {
        let here = std::env::current_exe().map_err(WorldError::io("find", "the running program"))?;
        let all = [Program::Safeconduct, Program::Relay, Program::Admin];
        for folder in here.ancestors().skip(1).take(3) {
            if all.iter().all(|program| folder.join(program.name()).is_file()) {
                return Ok(Self { folder: folder.to_owned() });
            }
        }
        Err(WorldError::NotBuilt { program: "safeconduct, safeconduct-relay or safeconduct-admin" })
    }

    /// Where a program lies.
    #[must_use]
    pub fn path(&self, program: Program) -> PathBuf {
        self.folder.join(program.name())
    }

    /// A command that sees nothing of the caller's environment but `PATH` and a shifted clock, and has no standard input.
    #[must_use]
    pub fn command(&self, program: Program) -> Command {
        let mut command = Command::new(self.path(program));
        command.env_clear().stdin(Stdio::null());
        for name in PASSED_ON {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        command
    }

    /// Runs a command to its end.
    ///
    /// # Errors
    /// The program could not be started. That it refused is no error here: see [`Answer::data`].
    pub fn run(&self, program: Program, arguments: &[&str]) -> Result<Answer, WorldError> {
        run(&mut self.command(program), program.name(), arguments)
    }
}

/// Runs `command` with more `arguments` to its end.
///
/// # Errors
/// The program could not be started.
pub fn run(command: &mut Command, name: &str, arguments: &[&str]) -> Result<Answer, WorldError> {
    command.args(arguments);
    let path = PathBuf::from(command.get_program());
    let output = command.output().map_err(WorldError::io("run", path))?;
    Ok(Answer::new(format!("{name} {}", readable(arguments)), output))
}

/// The arguments without folders, so that errors read well.
fn readable(arguments: &[&str]) -> String {
    let shorten = |argument: &&str| {
        let path = Path::new(argument);
        if path.is_absolute() {
            path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned())
        } else {
            (*argument).to_owned()
        }
    };
    arguments.iter().map(shorten).collect::<Vec<_>>().join(" ")
}

/// What a command wrote and how it ended.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The command line, for errors.
    pub command: String,
    /// The exit code; none when a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Answer {
    fn new(command: String, output: Output) -> Self {
        Self {
            command,
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Whether it ended with 0.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.code == Some(0)
    }

    /// Itself when it ended with 0.
    ///
    /// # Errors
    /// [`WorldError::Refused`] with everything that it wrote.
    pub fn done(self) -> Result<Self, WorldError> {
        if self.is_done() { Ok(self) } else { Err(self.refused()) }
    }

    /// The error of a command that should have ended with 0.
    #[must_use]
    pub fn refused(self) -> WorldError {
        let code = self.code.map_or_else(|| "a signal".to_owned(), |code| format!("exit code {code}"));
        WorldError::Refused { command: self.command, code, talk: format!("{}{}", self.stdout, self.stderr) }
    }

    /// The one JSON object on standard output.
    ///
    /// # Errors
    /// [`WorldError::Unreadable`].
    pub fn json(&self) -> Result<Value, WorldError> {
        serde_json::from_str(&self.stdout).map_err(|_error| self.unreadable("one JSON object"))
    }

    /// `data` of a command that was done.
    ///
    /// # Errors
    /// It was refused, or the answer has no `data`.
    pub fn data(self) -> Result<Value, WorldError> {
        let answer = self.done()?;
        let mut object = answer.json()?;
        object.get_mut("data").map(Value::take).ok_or_else(|| answer.unreadable("data"))
    }

    /// `error` of a command that was refused.
    ///
    /// # Errors
    /// The answer has no `error`.
    pub fn error(&self) -> Result<Value, WorldError> {
        let mut object = self.json()?;
        object.get_mut("error").map(Value::take).ok_or_else(|| self.unreadable("error"))
    }

    /// The exit code of a command that was refused, and the code of why.
    ///
    /// # Errors
    /// As [`Self::error`].
    pub fn refusal(&self) -> Result<(Option<i32>, String), WorldError> {
        let error = self.error()?;
        let code = error.get("code").and_then(Value::as_str).ok_or_else(|| self.unreadable("error.code"))?;
        Ok((self.code, code.to_owned()))
    }

    fn unreadable(&self, wanted: &str) -> WorldError {
        WorldError::Unreadable {
            command: self.command.clone(),
            wanted: wanted.to_owned(),
            answer: format!("{}{}", self.stdout, self.stderr),
        }
    }
}

/// A text member of an answer.
///
/// # Errors
/// [`WorldError::Unreadable`] when it is not there.
pub fn text<'a>(data: &'a Value, member: &str) -> Result<&'a str, WorldError> {
    data.get(member).and_then(Value::as_str).ok_or_else(|| missing(data, member))
}

/// A list member of an answer.
///
/// # Errors
/// [`WorldError::Unreadable`] when it is not there.
pub fn list<'a>(data: &'a Value, member: &str) -> Result<&'a [Value], WorldError> {
    data.get(member).and_then(Value::as_array).map(Vec::as_slice).ok_or_else(|| missing(data, member))
}

fn missing(data: &Value, member: &str) -> WorldError {
    WorldError::Unreadable { command: "a command".to_owned(), wanted: format!("`{member}`"), answer: data.to_string() }
}
