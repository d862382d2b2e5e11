//! The one place that writes: the answer on stdout, the talk on stderr, one JSON object with `--json`.

use std::{
    io::{self, Write as _},
    process::ExitCode,
};

use safeconduct_certs::{
    authority::{AdminError, error::Exit},
    command_line,
};
use serde_json::{Value, json};

/// What a command has to say.
pub(crate) struct Answer {
    /// For programs.
    pub(crate) data: Value,
    /// For people.
    pub(crate) text: String,
}

impl Answer {
    /// Everything was said with [`now`].
    pub(crate) const fn said() -> Self {
        Self { data: Value::Null, text: String::new() }
    }

    fn is_said(&self) -> bool {
        self.data.is_null() && self.text.is_empty()
    }
}

/// A refusal, with what was done all the same.
pub(crate) struct Refusal {
    code: &'static str,
    message: String,
    remedy: &'static str,
    exit: Exit,
    /// What was done and written down before a relay could not be told.
    done: Option<Box<Answer>>,
}

impl Refusal {
    /// A refusal that is not the authority's: of the command line, the terminal, or a file outside its directory.
    pub(crate) fn new(exit: Exit, code: &'static str, message: impl Into<String>, remedy: &'static str) -> Self {
        Self { code, message: message.into(), remedy, exit, done: None }
    }

    /// Something was done, and then this went wrong.
    pub(crate) fn after(mut self, done: Answer) -> Self {
        self.done = Some(Box::new(done));
        self
    }

    /// Says where it went wrong.
    pub(crate) fn at(mut self, place: &str) -> Self {
        self.message = format!("{place}: {}", self.message);
        self
    }
}

impl From<AdminError> for Refusal {
    fn from(error: AdminError) -> Self {
        Self::new(error.exit(), error.code(), error.to_string(), error.remedy())
    }
}

/// Writes the end of a command, and gives its exit code.
pub(crate) fn end(result: Result<Answer, Refusal>, json: bool) -> ExitCode {
    match result {
        Ok(answer) => {
            if !answer.is_said() {
                now(&answer, json);
            }
            ExitCode::from(Exit::Done as u8)
        }
        Err(refusal) => {
            let exit = ExitCode::from(refusal.exit as u8);
            refuse(refusal, json);
            exit
        }
    }
}

/// Writes the answer of a command that goes on.
pub(crate) fn now(answer: &Answer, json: bool) {
    out(&if json { format!("{}\n", json!({"ok": true, "data": answer.data})) } else { lines(&answer.text) });
}

fn refuse(refusal: Refusal, json: bool) {
    if json {
        let mut error = json!({"code": refusal.code, "message": refusal.message, "remedy": refusal.remedy});
        if let (Some(done), Some(fields)) = (refusal.done, error.as_object_mut()) {
            fields.insert("data".to_owned(), done.data);
        }
        out(&format!("{}\n", json!({"ok": false, "error": error})));
        return;
    }
    if let Some(done) = refusal.done {
        // Whoever reads the first line alone must not go away.
        out(&lines(&format!("Written down here, and not yet at every relay, as said below:\n{}", done.text)));
    }
    say(&format!("safeconduct: {}\n  → {}", refusal.message, refusal.remedy));
}

/// A command line that cannot be read; help and version are answers.
pub(crate) fn usage(error: &clap::Error, json: bool) -> ExitCode {
    use clap::error::ErrorKind;
    let is_answer = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
    if is_answer {
        out(&error.to_string());
        return ExitCode::from(Exit::Done as u8);
    }
    let missing = error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand;
    let fact = if missing { "a command is missing".to_owned() } else { command_line::fact(&error.to_string()) };
    let remedy = match fact.contains("--witness") {
        true => "name witnesses: --witness relay.pub; or say --no-witness, and be warned until there are some",
        false => "see `safeconduct-admin help`, or `safeconduct-admin COMMAND --help`",
    };
    refuse(Refusal::new(Exit::Usage, "usage", fact, remedy), json);
    ExitCode::from(Exit::Usage as u8)
}

/// Talk, on stderr.
pub(crate) fn say(text: &str) {
    // Nobody is there to be told when stderr is gone.
    writeln!(io::stderr().lock(), "{text}").ok();
}

/// The answer, on stdout.
fn out(text: &str) {
    // A reader that has gone away has read enough.
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()).ok();
}

fn lines(text: &str) -> String {
    if text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") }
}
