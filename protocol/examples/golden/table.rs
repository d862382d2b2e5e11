//! Golden bytes as text: `offset size name`, then the bytes in hex, 32 a line.

use std::{error::Error, fmt::Write as _};

/// Where the files lie.
pub(crate) const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vectors/own/");

/// Zero bytes from which on a field is not written out.
const LONG_ZERO_BYTES: usize = 64;

/// One golden file.
pub(crate) struct File {
    pub(crate) name: &'static str,
    pub(crate) text: String,
}

/// A file that is being written.
pub(crate) struct Table(String);

impl Table {
    /// Begins with a title and what a reader must know.
    pub(crate) fn new(title: &str, notes: &[&str]) -> Self {
        let mut text = format!("# {title}\n");
        for note in notes {
            text.push_str("# ");
            text.push_str(note);
            text.push('\n');
        }
        Self(text)
    }

    /// A value that goes in, or comes out by itself.
    pub(crate) fn value(&mut self, name: &str, bytes: &[u8]) -> Result<(), Box<dyn Error>> {
        writeln!(self.0, "\n{name} ({} bytes)", bytes.len())?;
        self.hex(bytes)
    }

    /// An object, cut into the fields of its byte table; the sizes must add up.
    pub(crate) fn object(&mut self, name: &str, bytes: &[u8], fields: &[(&str, usize)]) -> Result<(), Box<dyn Error>> {
        writeln!(self.0, "\n== {name} ({} bytes)", bytes.len())?;
        let mut offset = 0;
        for (field, size) in fields {
            let part = bytes.get(offset..offset + size).ok_or("a layout is longer than its object")?;
            writeln!(self.0, "{offset:>5} {size:>5} {field}")?;
            self.hex(part)?;
            offset += size;
        }
        if offset == bytes.len() { Ok(()) } else { Err(format!("{name}: {offset} of {} bytes", bytes.len()).into()) }
    }

    fn hex(&mut self, bytes: &[u8]) -> Result<(), Box<dyn Error>> {
        if bytes.len() >= LONG_ZERO_BYTES && bytes.iter().all(|byte| *byte == 0) {
            writeln!(self.0, "            (all zero)")?;
            return Ok(());
        }
        for line in bytes.chunks(32) {
            writeln!(self.0, "            {}", hex::encode(line))?;
        }
        Ok(())
    }

    /// The finished file.
    pub(crate) fn file(self, name: &'static str) -> File {
        File { name, text: self.0 }
    }
}
