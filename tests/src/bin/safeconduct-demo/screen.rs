//! What the demo writes: short lines, colours only on a terminal.

use std::io::{IsTerminal as _, Write as _};

use safeconduct_tests::wait::Deadline;

/// The terminal, and the time since the demo began.
pub(crate) struct Screen {
    colours: bool,
    began: Deadline,
}

impl Screen {
    pub(crate) fn new() -> Self {
        let colours = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
        Self { colours, began: Deadline::in_seconds(u64::MAX) }
    }

    fn paint(&self, code: &str, text: &str) -> String {
        if self.colours { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }

    /// One line; a reader that has gone away ends nothing.
    fn line(text: &str) {
        writeln!(std::io::stdout().lock(), "{text}").ok();
    }

    /// A part of the demo begins.
    pub(crate) fn act(&self, number: u8, title: &str) {
        Self::line(&format!("\n{} {}", self.paint("1;36", &format!("{number}")), self.paint("1", title)));
    }

    /// Something happened, with the time at which it did.
    pub(crate) fn event(&self, text: &str) {
        let elapsed = format!("{:6.1} s", self.began.elapsed().as_secs_f64());
        Self::line(&format!("  {}  {text}", self.paint("2", &elapsed)));
    }

    /// Something that was waited for is well.
    pub(crate) fn good(&self, text: &str) {
        let elapsed = format!("{:6.1} s", self.began.elapsed().as_secs_f64());
        Self::line(&format!("  {}  {} {text}", self.paint("2", &elapsed), self.paint("32", "✓")));
    }

    /// An explanation.
    pub(crate) fn note(&self, text: &str) {
        Self::line(&format!("            {}", self.paint("2", text)));
    }

    /// Two columns.
    pub(crate) fn row(&self, left: &str, right: &str) {
        Self::line(&format!("  {}  {right}", self.paint("1", &format!("{left:<28}"))));
    }

    /// Plain text.
    pub(crate) fn text(&self, text: &str) {
        Self::line(text);
    }

    /// Goes to the other stream.
    pub(crate) fn error(&self, text: &str) {
        writeln!(std::io::stderr().lock(), "{text}").ok();
    }
}
