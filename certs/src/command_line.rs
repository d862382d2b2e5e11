//! What the three programs say of a command line, or of a file, that they cannot read.

use std::borrow::Cow;

/// Text that somebody else wrote, for one line of a message: what would begin another line, steer a terminal or turn its letters round is
/// written as its number.
#[must_use]
pub fn shown(text: &str) -> Cow<'_, str> {
    let steers = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    if !text.contains(steers) {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        if steers(c) { plain.extend(c.escape_unicode()) } else { plain.push(c) }
    }
    Cow::Owned(plain)
}

/// The fact in what the parser of the command line has rendered: its first line, and for missing arguments which ones.
#[must_use]
pub fn fact(rendered: &str) -> String {
    let mut lines = rendered.lines();
    let first = lines.next().unwrap_or_default().trim_start_matches("error: ").trim_end();
    let listed: Vec<&str> = lines.take_while(|line| line.starts_with("  ")).map(str::trim).collect();
    if listed.is_empty() || !first.ends_with(':') {
        return first.trim_end_matches(':').to_owned();
    }
    format!("{first} {}", listed.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_else_wrote_stays_in_one_line_and_steers_nothing() {
        assert_eq!(shown("days_min = \u{e9}"), "days_min = \u{e9}");
        assert_eq!(shown("a\nb\u{1b}[2J\u{202e}c"), "a\\u{a}b\\u{1b}[2J\\u{202e}c");
    }

    #[test]
    fn a_missing_argument_is_named() {
        let rendered =
            "error: the following required arguments were not provided:\n  --to <AGENCY>\n  <FILE>\n\nUsage: x\n";
        assert_eq!(fact(rendered), "the following required arguments were not provided: --to <AGENCY>, <FILE>");
        assert_eq!(fact("error: unexpected argument '--x' found\n\n  tip: a\n"), "unexpected argument '--x' found");
        assert_eq!(fact(""), "");
    }
}
