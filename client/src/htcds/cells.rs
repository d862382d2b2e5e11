//! Rows of cells as text: RFC 4180, UTF-8, lines that end with LF. A cell that a spreadsheet would take for a formula gets an
//! apostrophe in front, as does one that begins with an apostrophe; reading takes one away.

use zeroize::Zeroizing;

/// Bytes of a file that are read at most.
pub const FILE_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Bytes of a cell that are read at most: the largest referral in base64.
pub const CELL_BYTES_MAX: usize = 128 * 1024;
/// Cells of a row that are read at most.
pub const CELLS_MAX: usize = 256;

/// Whether a spreadsheet may take a text that begins so for a formula; some take the wide forms of East Asian keyboards, too.
pub(crate) const fn begins_a_formula(first: char) -> bool {
    matches!(first, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠')
}

/// A cell as it stands in a file: of every table that this program writes.
pub(crate) fn put(text: &str, out: &mut Zeroizing<String>) {
    let guarded = text.starts_with(|first| begins_a_formula(first) || first == '\'');
    let edges = text.starts_with(' ') || text.ends_with(' ');
    let quoted = edges || text.contains([',', '"', '\n', '\r']);
    if quoted {
        out.push('"');
    }
    if guarded {
        out.push('\'');
    }
    for c in text.chars() {
        if c == '"' {
            out.push('"');
        }
        out.push(c);
    }
    if quoted {
        out.push('"');
    }
}

/// A cell of a file.
pub(super) struct Cell {
    /// Its text, without quotes and guard.
    pub(super) text: Zeroizing<String>,
    /// The line on which it begins, from 1.
    pub(super) line: usize,
}

/// Why text is no rows of cells.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct NotCells {
    /// Line, from 1.
    pub(super) line: usize,
    /// Number of the cell in its row, from 1.
    pub(super) number: usize,
    /// What is wrong.
    pub(super) fact: &'static str,
}

/// Reads rows one after the other.
pub(super) struct Rows<'a> {
    rest: &'a str,
    line: usize,
}

impl<'a> Rows<'a> {
    /// Rows of a file; a byte-order mark in front is passed over.
    pub(super) fn new(text: &'a str) -> Self {
        Self { rest: text.strip_prefix('\u{feff}').unwrap_or(text), line: 1 }
    }

    /// The next row; none at the end of the file.
    pub(super) fn row(&mut self) -> Result<Option<Vec<Cell>>, NotCells> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let mut cells = Vec::new();
        loop {
            let (line, number) = (self.line, cells.len().saturating_add(1));
            let wrong = |fact| NotCells { line, number, fact };
            if cells.len() >= CELLS_MAX {
                return Err(wrong("the row has too many cells"));
            }
            let text = if let Some(rest) = self.rest.strip_prefix('"') { self.quoted(rest) } else { self.plain() };
            let text = text.map_err(wrong)?;
            if text.len() > CELL_BYTES_MAX {
                return Err(wrong("the cell is too long"));
            }
            cells.push(Cell { text: unguarded(text), line });
            if let Some(rest) = self.rest.strip_prefix(',') {
                self.rest = rest;
                continue;
            }
            let end = self.rest.strip_prefix("\r\n").or_else(|| self.rest.strip_prefix('\n'));
            if let Some(rest) = end {
                self.rest = rest;
                self.line = self.line.saturating_add(1);
            } else if !self.rest.is_empty() {
                return Err(wrong("something stands after the closing quotation mark"));
            }
            return Ok(Some(cells));
        }
    }

    fn plain(&mut self) -> Result<Zeroizing<String>, &'static str> {
        let end = self.rest.find([',', '\n', '"']).unwrap_or(self.rest.len());
        let (text, rest) = self.rest.split_at(end);
        if rest.starts_with('"') {
            return Err("a quotation mark stands inside a cell that does not begin with one");
        }
        let (text, rest) = match text.strip_suffix('\r') {
            Some(text) if rest.starts_with('\n') => (text, rest),
            _ => (text, rest),
        };
        self.rest = rest;
        Ok(Zeroizing::new(text.to_owned()))
    }

    fn quoted(&mut self, mut rest: &'a str) -> Result<Zeroizing<String>, &'static str> {
        let mut text = Zeroizing::new(String::new());
        loop {
            let Some((part, after)) = rest.split_once('"') else {
                return Err("the quotation mark that begins here does not close");
            };
            self.line = self.line.saturating_add(part.matches('\n').count());
            text.push_str(part);
            match after.strip_prefix('"') {
                Some(after) => {
                    text.push('"');
                    rest = after;
                }
                None => {
                    self.rest = after;
                    return Ok(text);
                }
            }
        }
    }
}

/// The text without its guard.
fn unguarded(text: Zeroizing<String>) -> Zeroizing<String> {
    text.strip_prefix('\'').map(|text| Zeroizing::new(text.to_owned())).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Result<Vec<Vec<String>>, NotCells> {
        let mut rows = Rows::new(text);
        let mut all = Vec::new();
        while let Some(row) = rows.row()? {
            all.push(row.into_iter().map(|cell| cell.text.to_string()).collect());
        }
        Ok(all)
    }

    fn written(text: &str) -> String {
        let mut out = Zeroizing::new(String::new());
        put(text, &mut out);
        out.to_string()
    }

    #[test]
    fn no_cell_begins_as_a_formula_does_and_every_cell_comes_back() {
        for text in [
            "=1+1",
            "+9990100033",
            "-1",
            "@SUM(A1)",
            "\tx",
            "\rx",
            "＝1+1",
            "＋1",
            "－1",
            "＠SUM(A1)",
            "'quoted",
            "''x",
            "a,b",
            "a\"b",
            "a\nb",
            " x ",
            "",
            "é",
        ] {
            let cell = written(text);
            let shown = cell.strip_prefix('"').unwrap_or(&cell);
            assert!(!shown.starts_with(begins_a_formula), "{cell:?}");
            assert_eq!(rows(&format!("{cell},x\n")).unwrap(), [[text, "x"]], "{cell:?}");
        }
        assert_eq!(written("+9990100033"), "'+9990100033");
        assert_eq!(written("a\"b"), "\"a\"\"b\"");
    }

    #[test]
    fn rows_end_with_either_line_break_and_lines_are_counted_through_cells() {
        assert_eq!(rows("a,b\r\nc,d").unwrap(), [["a", "b"], ["c", "d"]]);
        assert_eq!(rows("\u{feff}a,\n").unwrap(), [["a", ""]]);
        let mut reading = Rows::new("\"a\nb\",c\nd,e\n");
        let first = reading.row().unwrap().unwrap();
        let second = reading.row().unwrap().unwrap();
        assert_eq!((first[0].line, first[1].line, second[0].line), (1, 2, 3));
    }

    #[test]
    fn what_is_no_row_of_cells_is_told_with_its_place() {
        let place = |text: &str| {
            let refused = rows(text).unwrap_err();
            (refused.line, refused.number)
        };
        assert_eq!(place("a,b\nc,d\"e\n"), (2, 2));
        assert_eq!(place("a,\"b"), (1, 2));
        assert_eq!(place("\"a\"b,c"), (1, 1));
        assert_eq!(place(&"a".repeat(CELL_BYTES_MAX + 1)), (1, 1));
        assert!(rows(&"a".repeat(CELL_BYTES_MAX)).is_ok());
        assert_eq!(place(&",".repeat(CELLS_MAX)), (1, CELLS_MAX + 1));
        assert!(rows(&",".repeat(CELLS_MAX - 1)).is_ok());
    }
}
