//! Looks for strings where they must not be: in UTF-8, UTF-16 in both orders, base64 at all three alignments and in
//! both alphabets, hexadecimal, and as JSON escapes.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use crate::error::WorldError;

/// Shorter strings are found by chance.
const NEEDLE_BYTES_MIN: usize = 6;

/// A set of strings to look for.
pub struct Canaries {
    needles: Vec<String>,
    patterns: Vec<Pattern>,
    /// Pattern numbers by their first two bytes.
    starts: Vec<Vec<u32>>,
}

struct Pattern {
    needle: usize,
    form: &'static str,
    bytes: Vec<u8>,
}

/// Where a string was found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The string.
    pub needle: String,
    /// In which form.
    pub form: &'static str,
    /// In which file; empty for bytes.
    pub place: PathBuf,
}

impl Canaries {
    /// Prepares the search. Strings under six bytes and repeated ones are left out.
    #[must_use]
    pub fn new(strings: impl IntoIterator<Item = String>) -> Self {
        let needles: BTreeSet<String> = strings.into_iter().filter(|s| s.len() >= NEEDLE_BYTES_MIN).collect();
        let needles: Vec<String> = needles.into_iter().collect();
        let patterns: Vec<Pattern> = needles
            .iter()
            .enumerate()
            .flat_map(|(needle, text)| {
                forms(text).into_iter().map(move |(form, bytes)| Pattern { needle, form, bytes })
            })
            .collect();
        let mut starts = vec![Vec::new(); 1 << 16];
        for (number, pattern) in patterns.iter().enumerate() {
            if let (Some(slot), Ok(number)) =
                (start(&pattern.bytes).and_then(|s| starts.get_mut(s)), u32::try_from(number))
            {
                slot.push(number);
            }
        }
        Self { needles, patterns, starts }
    }

    /// The same, and these bytes under a name: as they are, in hexadecimal and in base64.
    #[must_use]
    pub fn with_bytes<'a>(mut self, all: impl IntoIterator<Item = (&'a str, Vec<u8>)>) -> Self {
        for (name, bytes) in all {
            let needle = self.needles.len();
            self.needles.push(name.to_owned());
            let mut forms =
                vec![("hex", hex::encode(&bytes).into_bytes()), ("HEX", hex::encode_upper(&bytes).into_bytes())];
            forms.extend((0..3).map(|alignment| ("base64", base64_core(&STANDARD_NO_PAD, &bytes, alignment))));
            forms.push(("bytes", bytes));
            for (form, bytes) in forms {
                if let (Some(slot), Ok(number)) =
                    (start(&bytes).and_then(|s| self.starts.get_mut(s)), u32::try_from(self.patterns.len()))
                {
                    slot.push(number);
                }
                self.patterns.push(Pattern { needle, form, bytes });
            }
        }
        self
    }

    /// The length of the longest form.
    #[must_use]
    pub fn bytes_max(&self) -> usize {
        self.patterns.iter().map(|pattern| pattern.bytes.len()).max().unwrap_or(0)
    }

    /// How many strings are looked for.
    #[must_use]
    pub fn count(&self) -> usize {
        self.needles.len()
    }

    /// The strings.
    #[must_use]
    pub fn needles(&self) -> &[String] {
        &self.needles
    }

    /// Every string and form that `bytes` hold.
    #[must_use]
    pub fn in_bytes(&self, bytes: &[u8]) -> BTreeSet<Finding> {
        self.beginning_in(bytes, bytes.len()).into_iter().collect()
    }

    /// Everything that begins in the first `within` of these bytes, each as often as it is there.
    #[must_use]
    pub fn beginning_in(&self, bytes: &[u8], within: usize) -> Vec<Finding> {
        let mut found = Vec::new();
        for at in 0..within {
            let rest = bytes.get(at..).unwrap_or_default();
            let Some(numbers) = start(rest).and_then(|s| self.starts.get(s)) else { continue };
            for pattern in numbers.iter().filter_map(|n| self.patterns.get(usize::try_from(*n).ok()?)) {
                if rest.starts_with(&pattern.bytes) {
                    found.push(self.finding(pattern));
                }
            }
        }
        found
    }

    fn finding(&self, pattern: &Pattern) -> Finding {
        let needle = self.needles.get(pattern.needle).cloned().unwrap_or_default();
        Finding { needle, form: pattern.form, place: PathBuf::new() }
    }

    /// Every string in every file under `folder`: contents and names. Also how many files and bytes were read.
    ///
    /// # Errors
    /// A file that cannot be read; one that disappears meanwhile is passed over.
    pub fn in_folder(&self, folder: &Path) -> Result<Searched, WorldError> {
        let mut searched = Searched::default();
        for path in files_under(folder)? {
            let bytes = match std::fs::read(&path) {
                Ok(bytes) => bytes,
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
                Err(error) => return Err(WorldError::io("read", &path)(error)),
            };
            searched.files += 1;
            searched.bytes += bytes.len() as u64;
            let name = path.to_string_lossy().into_owned();
            for finding in self.in_bytes(&bytes).into_iter().chain(self.in_bytes(name.as_bytes())) {
                searched.findings.insert(Finding { place: path.clone(), ..finding });
            }
        }
        Ok(searched)
    }
}

/// What a search of a folder saw.
#[derive(Debug, Default)]
pub struct Searched {
    /// Files read.
    pub files: u64,
    /// Bytes read.
    pub bytes: u64,
    /// What was found.
    pub findings: BTreeSet<Finding>,
}

/// All regular files under a folder, in order of their names.
///
/// # Errors
/// A folder that cannot be listed.
pub fn files_under(folder: &Path) -> Result<Vec<PathBuf>, WorldError> {
    let mut folders = vec![folder.to_owned()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).map_err(WorldError::io("list", &folder))? {
            let entry = entry.map_err(WorldError::io("list", &folder))?;
            let Ok(kind) = entry.file_type() else { continue };
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file() {
                files.push(entry.path());
            }
        }
    }
    files.sort();
    Ok(files)
}

fn start(bytes: &[u8]) -> Option<usize> {
    match bytes {
        [a, b, ..] => Some(usize::from(*a) << 8 | usize::from(*b)),
        _ => None,
    }
}

/// Every form of one string, with its name.
fn forms(text: &str) -> Vec<(&'static str, Vec<u8>)> {
    let utf8 = text.as_bytes().to_vec();
    let utf16_le: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let utf16_be: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let mut all = Vec::new();
    for alignment in 0..3 {
        for bytes in [&utf8, &utf16_le, &utf16_be] {
            all.push(("base64", base64_core(&STANDARD_NO_PAD, bytes, alignment)));
            all.push(("base64url", base64_core(&URL_SAFE_NO_PAD, bytes, alignment)));
        }
    }
    all.push(("hex", hex::encode(&utf8).into_bytes()));
    all.push(("HEX", hex::encode_upper(&utf8).into_bytes()));
    if !text.is_ascii() {
        let escape = |c: char| match c {
            ' '..='~' => c.to_string(),
            other => other.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect(),
        };
        all.push(("JSON escapes", text.chars().map(escape).collect::<String>().into_bytes()));
    }
    for space in ["%20", "+"] {
        let in_form: String = text.bytes().map(|byte| in_form(byte, space)).collect();
        if in_form != text {
            all.push(("form", in_form.into_bytes()));
        }
    }
    all.push(("UTF-16LE", utf16_le));
    all.push(("UTF-16BE", utf16_be));
    all.push(("UTF-8", utf8));
    all
}

/// A byte as a browser's form sends it.
fn in_form(byte: u8, space: &str) -> String {
    match byte {
        b' ' => space.to_owned(),
        b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    }
}

/// The characters that `bytes` give whatever stands before and after them, when they begin `alignment` bytes into a
/// group of three.
fn base64_core(engine: &impl base64::Engine, bytes: &[u8], alignment: usize) -> Vec<u8> {
    let mut padded = vec![0_u8; alignment];
    padded.extend_from_slice(bytes);
    let text = engine.encode(&padded).into_bytes();
    let first = (alignment * 8).div_ceil(6);
    let whole = padded.len() * 8 / 6;
    text.get(first..whole).unwrap_or_default().to_vec()
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;

    use super::*;

    fn canaries() -> Canaries {
        Canaries::new(["Оксана Вербицька".to_owned(), "blue umbrella".to_owned(), "tiny".to_owned()])
    }

    #[test]
    fn every_form_at_every_alignment_is_found() {
        let canaries = canaries();
        assert_eq!(canaries.count(), 2);

        for needle in ["Оксана Вербицька", "blue umbrella"] {
            let le: Vec<u8> = needle.encode_utf16().flat_map(u16::to_le_bytes).collect();
            for lead in 0..3 {
                for bytes in [needle.as_bytes(), &le] {
                    let mut plain = vec![b'x'; lead];
                    plain.extend_from_slice(bytes);
                    plain.extend_from_slice(b"tail");
                    for text in [STANDARD_NO_PAD.encode(&plain), URL_SAFE_NO_PAD.encode(&plain)] {
                        let found = canaries.in_bytes(text.as_bytes());
                        assert!(found.iter().any(|f| f.needle == needle), "{needle} {lead}");
                    }
                    assert!(canaries.in_bytes(&plain).iter().any(|f| f.needle == needle));
                }
            }
            let escaped = serde_json::json!(needle).to_string();
            assert!(canaries.in_bytes(escaped.as_bytes()).iter().any(|f| f.needle == needle));
        }
    }

    #[test]
    fn other_bytes_are_not_found() {
        assert!(canaries().in_bytes(b"blue umbrell; tiny").is_empty());
    }

    #[test]
    fn a_folder_is_searched_with_its_file_names() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("inner")).unwrap();
        std::fs::write(folder.path().join("inner/blue umbrella"), "nothing").unwrap();

        let searched = canaries().in_folder(folder.path()).unwrap();

        assert_eq!(searched.files, 1);
        assert_eq!(searched.findings.len(), 1);
    }
}
