//! The only place that writes to stdout and stderr: stdout is the answer, stderr the talk.

use std::io::{self, IsTerminal as _, Write};

use serde::Serialize;

use crate::{error::Told, exit::Exit};

/// How answers are written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// For a person.
    Text,
    /// One JSON object.
    Json,
}

/// Where a command's words go.
#[derive(Clone, Copy)]
pub(super) struct Output {
    form: Form,
}

#[derive(Serialize)]
struct Done<'a, T> {
    ok: bool,
    data: &'a T,
}

#[derive(Serialize)]
struct Refused<'a> {
    ok: bool,
    error: &'a Told,
}

/// Something a person reads.
pub(super) trait Words {
    /// The answer, for a terminal; ends without a line break.
    fn words(&self) -> String;
}

impl Output {
    pub(super) const fn new(json: bool) -> Self {
        Self { form: if json { Form::Json } else { Form::Text } }
    }

    pub(super) const fn form(self) -> Form {
        self.form
    }

    /// The command's answer. A reader that went away (a closed pipe) is no error of ours; anything else that keeps it from
    /// being written is.
    pub(super) fn answer<T: Serialize + Words>(self, data: &T) -> Exit {
        self.ended(self.write(data))
    }

    /// An answer that is shown this once: it is written whole, or the command fails and says `remedy`.
    pub(super) fn answer_once<T: Serialize + Words>(self, data: &T, remedy: &str) -> Exit {
        self.write(data).map_or_else(|error| self.unwritten(&error, remedy), |()| Exit::Done)
    }

    /// An answer that is text in either form: a script, a page.
    pub(super) fn answer_text(self, text: &str) -> Exit {
        self.ended(put(&mut io::stdout().lock(), text))
    }

    fn write<T: Serialize + Words>(self, data: &T) -> io::Result<()> {
        let text = match self.form {
            Form::Json => serde_json::to_string(&Done { ok: true, data })?,
            Form::Text => data.words(),
        };
        put(&mut io::stdout().lock(), &text)
    }

    fn ended(self, written: io::Result<()>) -> Exit {
        match written {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                self.unwritten(&error, "see where the output goes, then run the command again")
            }
            Ok(()) | Err(_) => Exit::Done,
        }
    }

    /// On stderr in either form: stdout is what cannot be written.
    fn unwritten(self, error: &io::Error, remedy: &str) -> Exit {
        let told = Told::not_ready("output", format!("the answer cannot be written: {}", error.kind()), remedy);
        self.say(&told.words());
        told.exit()
    }

    /// One line of talk, on stderr in either form.
    #[expect(clippy::unused_self, reason = "who speaks must hold the output, so that all talk passes here")]
    pub(super) fn say(self, line: &str) {
        put(&mut io::stderr().lock(), line).ok();
    }

    /// Whether a person at a terminal sees the talk.
    #[expect(clippy::unused_self, reason = "who asks is about to speak, and must hold the output")]
    pub(super) fn talks_to_a_terminal(self) -> bool {
        io::stderr().is_terminal()
    }

    /// A part of a line of talk that stands for a moment.
    #[expect(clippy::unused_self, reason = "who speaks must hold the output, so that all talk passes here")]
    pub(super) fn draw(self, text: &str) {
        let mut stderr = io::stderr().lock();
        stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush()).ok();
    }

    /// Talk that is shown this once: it is written whole, or this is an error that says `remedy`.
    #[expect(clippy::unused_self, reason = "who speaks must hold the output, so that all talk passes here")]
    pub(super) fn say_once(self, line: &str, remedy: &str) -> Result<(), Told> {
        put(&mut io::stderr().lock(), line).map_err(|error| {
            Told::not_ready("output", format!("what is shown once cannot be written: {}", error.kind()), remedy)
        })
    }

    /// An error, and the exit code that it means.
    pub(super) fn refuse(self, told: &Told) -> Exit {
        let json = |told| serde_json::to_string(&Refused { ok: false, error: told }).map_err(io::Error::from);
        let written = match self.form {
            Form::Json => json(told).and_then(|text| put(&mut io::stdout().lock(), &text)),
            Form::Text => put(&mut io::stderr().lock(), &told.words()),
        };
        // The exit code says it, when nothing else can.
        written.ok();
        told.exit()
    }
}

impl Words for Told {
    fn words(&self) -> String {
        let mut text = format!("safeconduct: {}", self.message);
        for finding in &self.findings {
            text.push_str(&format!("\n  {}", finding.words()));
        }
        if !self.remedy.is_empty() {
            text.push_str("\n  → ");
            text.push_str(&self.remedy);
        }
        text
    }
}

fn put(stream: &mut impl Write, text: &str) -> io::Result<()> {
    let end = if text.ends_with('\n') { "" } else { "\n" };
    stream.write_all(text.as_bytes())?;
    stream.write_all(end.as_bytes())?;
    stream.flush()
}

/// Columns of text, each as wide as its widest cell; control characters never reach the terminal.
pub(super) fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let head: Vec<String> = head.iter().map(|cell| (*cell).to_owned()).collect();
    let rows: Vec<Vec<String>> =
        core::iter::once(head).chain(rows.iter().map(|row| row.iter().map(|cell| plain(cell)).collect())).collect();
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns)
        .map(|column| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0))
        .collect();
    let lines: Vec<String> = rows
        .iter()
        .map(|row| {
            let cells: Vec<String> = row
                .iter()
                .zip(&widths)
                .map(|(cell, width)| format!("{cell}{}", " ".repeat(width.saturating_sub(cell.chars().count()))))
                .collect();
            cells.join("  ").trim_end().to_owned()
        })
        .collect();
    lines.join("\n")
}

/// `text` on one line, without control characters or marks that turn the reading direction: what came from outside
/// must not move the cursor or reorder a table.
pub(super) fn plain(text: &str) -> String {
    text.chars()
        .map(|c| {
            let turns =
                matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{061c}');
            if c.is_control() || turns { '\u{fffd}' } else { c }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_reader_that_went_away_is_no_error() {
        let output = Output::new(false);

        assert_eq!(output.ended(Ok(())), Exit::Done);
        assert_eq!(output.ended(Err(io::ErrorKind::BrokenPipe.into())), Exit::Done);
        assert_eq!(output.ended(Err(io::ErrorKind::StorageFull.into())), Exit::NotReady);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_is_an_error_of_the_writer() {
        let mut full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();

        assert_eq!(put(&mut full, "the succession key").unwrap_err().kind(), io::ErrorKind::StorageFull);
    }

    #[test]
    fn a_table_lines_up_and_neutralises_terminal_escapes() {
        let rows =
            vec![vec!["a".to_owned(), "\u{1b}[2Jx".to_owned()], vec!["long cell".to_owned(), "\u{202e}y".to_owned()]];

        let text = table(&["one", "two"], &rows);

        assert_eq!(text, "one        two\na          \u{fffd}[2Jx\nlong cell  \u{fffd}y");
    }
}
