//! Canonical JSON: members in the schema's order, no white space outside strings, the shortest escapes.

use safeconduct_protocol::personal::Reveal;
use zeroize::Zeroizing;

use super::sieve::{Passes, Sieve};
use super::walk::Class;

/// Writes canonical JSON, or only counts it, so that the buffer is made once at its full size: a buffer that grew
/// would leave copies of the text behind.
pub(crate) struct Writer {
    bytes: Option<Zeroizing<Vec<u8>>>,
    length: usize,
    first: bool,
    sieve: Option<Sieve>,
}

impl Writer {
    const fn new(bytes: Option<Zeroizing<Vec<u8>>>, sieve: Option<Sieve>) -> Self {
        Self { bytes, length: 0, first: true, sieve }
    }

    /// How many bytes `write` gives.
    pub(crate) fn length_of(write: impl Fn(&mut Self)) -> usize {
        let mut counter = Self::new(None, None);
        write(&mut counter);
        counter.length
    }

    /// The bytes that `write` gives.
    pub(crate) fn bytes_of(write: impl Fn(&mut Self)) -> Zeroizing<Vec<u8>> {
        let bytes = Zeroizing::new(Vec::with_capacity(Self::length_of(&write)));
        let mut writer = Self::new(Some(bytes), None);
        write(&mut writer);
        writer.bytes.unwrap_or_default()
    }

    /// The bytes that `write` gives through a sieve, and whether anything was masked. Not canonical: where something is
    /// masked, `null` stands.
    pub(super) fn sieved(sieve: &dyn Fn() -> Sieve, write: impl Fn(&mut Self)) -> (Zeroizing<Vec<u8>>, bool) {
        let mut counter = Self::new(None, Some(sieve()));
        write(&mut counter);
        let bytes = Zeroizing::new(Vec::with_capacity(counter.length));
        let mut writer = Self::new(Some(bytes), Some(sieve()));
        write(&mut writer);
        (writer.bytes.unwrap_or_default(), counter.sieve.is_some_and(|sieve| sieve.masked()))
    }

    /// What personal data is read for.
    pub(super) const fn purpose(&self) -> Reveal {
        if self.sieve.is_some() { Reveal::ToShow } else { Reveal::ToSeal }
    }

    /// A member with its value, as far as it passes; `whole` if it is a value and no object with members of its own.
    pub(crate) fn part(
        &mut self,
        name: &'static str,
        class: Class,
        level: u8,
        whole: bool,
        write: impl FnOnce(&mut Self),
    ) {
        let passes = self.sieve.as_mut().map_or(Passes::Whole, |sieve| sieve.passes(name, class, level, whole));
        if passes == Passes::Not {
            return;
        }
        self.member(name);
        if passes == Passes::Masked {
            self.raw("null");
            return;
        }
        if let Some(sieve) = &mut self.sieve {
            sieve.enter(name);
        }
        write(self);
        if let Some(sieve) = &mut self.sieve {
            sieve.leave();
        }
    }

    /// Bytes as they are.
    pub(crate) fn raw(&mut self, text: &str) {
        self.length = self.length.saturating_add(text.len());
        if let Some(bytes) = &mut self.bytes {
            bytes.extend_from_slice(text.as_bytes());
        }
    }

    /// Opens an object or a list.
    pub(crate) fn begin(&mut self, bracket: char) {
        self.raw(bracket.encode_utf8(&mut [0; 4]));
        self.first = true;
    }

    /// Closes it.
    pub(crate) fn end(&mut self, bracket: char) {
        self.raw(bracket.encode_utf8(&mut [0; 4]));
        self.first = false;
    }

    /// The comma before every item but the first.
    pub(crate) fn item(&mut self) {
        if !self.first {
            self.raw(",");
        }
        self.first = false;
    }

    /// A member's name.
    pub(crate) fn member(&mut self, name: &str) {
        self.item();
        self.text(name);
        self.raw(":");
    }

    /// A string.
    pub(crate) fn text(&mut self, text: &str) {
        self.raw("\"");
        let mut rest = text;
        while let Some(at) = rest.find(|c: char| c == '"' || c == '\\' || c < ' ') {
            let (plain, special) = rest.split_at(at);
            self.raw(plain);
            let mut characters = special.chars();
            match characters.next() {
                Some('"') => self.raw("\\\""),
                Some('\\') => self.raw("\\\\"),
                Some('\n') => self.raw("\\n"),
                Some('\r') => self.raw("\\r"),
                Some('\t') => self.raw("\\t"),
                Some(control) => self.raw(&format!("\\u{:04x}", u32::from(control))),
                None => {}
            }
            rest = characters.as_str();
        }
        self.raw(rest);
        self.raw("\"");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_escaped_shortly_and_read_back() {
        let text = "a\"b\\c\nd\re\tf\u{1}\u{e9}\u{1f600}";

        let bytes = Writer::bytes_of(|out| out.text(text));

        assert_eq!(bytes.as_slice(), "\"a\\\"b\\\\c\\nd\\re\\tf\\u0001\u{e9}\u{1f600}\"".as_bytes());
        assert_eq!(serde_json::from_slice::<String>(&bytes).unwrap(), text);
        assert_eq!(bytes.capacity(), bytes.len());
    }
}
