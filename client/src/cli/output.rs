//! The only place that writes to stdout and stderr: stdout is the answer, stderr the talk.

use std::io::{self, Write};

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

    /// The command's answer.
    pub(super) fn answer<T: Serialize + Words>(self, data: &T) -> Exit {
        match self.form {
            Form::Json => self.json(&Done { ok: true, data }),
            Form::Text => self.answer_text(&data.words()),
        }
        Exit::Done
    }

    /// An answer that is text in either form: a script, a page.
    pub(super) fn answer_text(self, text: &str) {
        put(&mut io::stdout().lock(), text);
    }

    /// One line of talk, on stderr in either form.
    #[expect(clippy::unused_self, reason = "who speaks must hold the output, so that all talk passes here")]
    pub(super) fn say(self, line: &str) {
        put(&mut io::stderr().lock(), line);
    }

    /// An error, and the exit code that it means.
    pub(super) fn refuse(self, told: &Told) -> Exit {
        match self.form {
            Form::Json => self.json(&Refused { ok: false, error: told }),
            Form::Text => put(&mut io::stderr().lock(), &told.words()),
        }
        told.exit()
    }

    fn json<T: Serialize>(self, value: &T) {
        match serde_json::to_string(value) {
            Ok(text) => self.answer_text(&text),
            Err(error) => {
                put(&mut io::stderr().lock(), &format!("safeconduct: the answer cannot be written as JSON: {error}"))
            }
        }
    }
}

impl Words for Told {
    fn words(&self) -> String {
        let mut text = format!("safeconduct: {}", self.message);
        for finding in &self.findings {
            text.push_str(&format!(
                "\n  {} at {}: {}\n    → {}",
                finding.code, finding.pointer, finding.fact, finding.remedy
            ));
        }
        if !self.remedy.is_empty() {
            text.push_str("\n  → ");
            text.push_str(&self.remedy);
        }
        text
    }
}

/// A reader that went away (a closed pipe) is no error of ours.
fn put(stream: &mut impl Write, text: &str) {
    let end = if text.ends_with('\n') { "" } else { "\n" };
    stream
        .write_all(text.as_bytes())
        .and_then(|()| stream.write_all(end.as_bytes()))
        .and_then(|()| stream.flush())
        .ok();
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
    fn a_table_lines_up_and_neutralises_terminal_escapes() {
        let rows =
            vec![vec!["a".to_owned(), "\u{1b}[2Jx".to_owned()], vec!["long cell".to_owned(), "\u{202e}y".to_owned()]];

        let text = table(&["one", "two"], &rows);

        assert_eq!(text, "one        two\na          \u{fffd}[2Jx\nlong cell  \u{fffd}y");
    }
}
