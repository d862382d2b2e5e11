//! C2SP signed notes: a text, an empty line, and one line for each signature
//! (`— <key name> base64(key hash 4 || signature)`). Bounded before anything is parsed.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use safeconduct_protocol::crypto::{
    hash::sha256,
    note::{NoteKey, NoteVerifier},
    sign::Signature,
};

/// The largest note that is parsed, in bytes: sixteen signatures of today's kinds and room for a text.
pub const NOTE_BYTES_MAX: usize = 16 * 1024;
/// Signatures that a note may carry (C2SP tlog-checkpoint: at least 16 must be taken; no more are).
pub const NOTE_SIGNATURES_MAX: usize = 16;
/// Bytes of a key name.
pub const KEY_NAME_BYTES_MAX: usize = 128;
/// Signature type of a log: Ed25519 over the text.
pub const TYPE_LOG: u8 = 0x01;
/// Signature type of a witness: Ed25519 over `cosignature/v1`, a time and the text (C2SP tlog-cosignature).
pub const TYPE_COSIGNATURE: u8 = 0x04;

/// An em dash (U+2014) and a space.
const SIGNATURE_START: &str = "\u{2014} ";

/// Why bytes are no signed note, or not one by the key that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NoteRefused {
    /// More than [`NOTE_BYTES_MAX`] bytes.
    #[error("the note is longer than {NOTE_BYTES_MAX} bytes")]
    TooLong,
    /// More than [`NOTE_SIGNATURES_MAX`] signature lines.
    #[error("the note has more than {NOTE_SIGNATURES_MAX} signatures")]
    TooManySignatures,
    /// Not of the form of a signed note.
    #[error("the bytes are no signed note")]
    Malformed,
    /// Two signature lines of one key.
    #[error("the note has two signatures of one key")]
    Twice,
    /// No signature by the key.
    #[error("the note is not signed by the expected key")]
    NotSigned,
    /// A signature by the key that does not verify.
    #[error("a signature of the note does not verify")]
    BadSignature,
}

/// Whether `name` can name a key: printable ASCII without `+` and spaces, 1 to 128 bytes.
#[must_use]
pub fn is_key_name(name: &str) -> bool {
    (1..=KEY_NAME_BYTES_MAX).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_graphic() && b != b'+')
}

/// The four bytes that stand before a signature: `SHA-256(name || 0x0a || type || public key)[..4]`.
#[must_use]
pub fn key_hash(name: &str, kind: u8, key: &NoteVerifier) -> [u8; 4] {
    let [a, b, c, d, ..] = sha256(&[name.as_bytes(), b"\n", &[kind], key.as_bytes()]);
    [a, b, c, d]
}

/// One signature line.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Line {
    name: String,
    key_hash: [u8; 4],
    signature: Vec<u8>,
}

/// A note that has the form of one. Nothing is verified yet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SignedNote {
    text: String,
    lines: Vec<Line>,
}

impl SignedNote {
    /// Reads a note's form.
    ///
    /// # Errors
    /// [`NoteRefused`] when it is too long, has too many signatures, or is not of the form.
    pub fn parse(bytes: &[u8]) -> Result<Self, NoteRefused> {
        if bytes.len() > NOTE_BYTES_MAX {
            return Err(NoteRefused::TooLong);
        }
        let whole = core::str::from_utf8(bytes).ok().ok_or(NoteRefused::Malformed)?;
        if whole.bytes().any(|byte| byte.is_ascii_control() && byte != b'\n') {
            return Err(NoteRefused::Malformed);
        }
        let (text, signatures) = whole.rsplit_once("\n\n").ok_or(NoteRefused::Malformed)?;
        let signatures = signatures.strip_suffix('\n').ok_or(NoteRefused::Malformed)?;
        // A line more than the bound is enough to know.
        if signatures.split('\n').take(NOTE_SIGNATURES_MAX.saturating_add(1)).count() > NOTE_SIGNATURES_MAX {
            return Err(NoteRefused::TooManySignatures);
        }
        let mut lines: Vec<Line> = Vec::new();
        for line in signatures.split('\n') {
            let line = Line::parse(line).ok_or(NoteRefused::Malformed)?;
            if lines.iter().any(|other| other.name == line.name && other.key_hash == line.key_hash) {
                return Err(NoteRefused::Twice);
            }
            lines.push(line);
        }
        Ok(Self { text: format!("{text}\n"), lines })
    }

    /// The signed text, with its last newline.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How many signature lines it has.
    #[must_use]
    pub const fn signatures(&self) -> usize {
        self.lines.len()
    }

    /// Checks the log's own signature.
    ///
    /// # Errors
    /// [`NoteRefused::NotSigned`], [`NoteRefused::BadSignature`].
    pub fn verify(&self, name: &str, key: &NoteVerifier) -> Result<(), NoteRefused> {
        let line = self.line_of(name, TYPE_LOG, key).ok_or(NoteRefused::NotSigned)?;
        let signature: [u8; 64] = line.signature.as_slice().try_into().ok().ok_or(NoteRefused::BadSignature)?;
        key.verify(self.text.as_bytes(), &Signature::from_bytes(signature)).ok().ok_or(NoteRefused::BadSignature)
    }

    /// Checks a witness's cosignature; returns the Unix second at which it was made.
    ///
    /// # Errors
    /// [`NoteRefused::NotSigned`], [`NoteRefused::BadSignature`].
    pub fn verify_cosignature(&self, name: &str, key: &NoteVerifier) -> Result<u64, NoteRefused> {
        let line = self.line_of(name, TYPE_COSIGNATURE, key).ok_or(NoteRefused::NotSigned)?;
        let (time, signature) = line.signature.split_first_chunk::<8>().ok_or(NoteRefused::BadSignature)?;
        let signature: [u8; 64] = signature.try_into().ok().ok_or(NoteRefused::BadSignature)?;
        let time = u64::from_be_bytes(*time);
        let signed = format!("cosignature/v1\ntime {time}\n{}", self.text);
        let verified = key.verify(signed.as_bytes(), &Signature::from_bytes(signature));
        verified.ok().ok_or(NoteRefused::BadSignature)?;
        Ok(time)
    }

    fn line_of(&self, name: &str, kind: u8, key: &NoteVerifier) -> Option<&Line> {
        let wanted = key_hash(name, kind, key);
        self.lines.iter().find(|line| line.name == name && line.key_hash == wanted)
    }
}

impl Line {
    fn parse(line: &str) -> Option<Self> {
        let (name, encoded) = line.strip_prefix(SIGNATURE_START)?.split_once(' ')?;
        if !is_key_name(name) {
            return None;
        }
        let decoded = STANDARD.decode(encoded).ok()?;
        let (key_hash, signature) = decoded.split_first_chunk::<4>()?;
        if signature.is_empty() {
            return None;
        }
        Some(Self { name: name.to_owned(), key_hash: *key_hash, signature: signature.to_vec() })
    }

    fn write(&self) -> String {
        let encoded = STANDARD.encode([self.key_hash.as_slice(), &self.signature].concat());
        format!("{SIGNATURE_START}{} {encoded}\n", self.name)
    }
}

/// Signs `text` as a log; `None` when the text cannot be that of a note or the name cannot name a key.
#[must_use]
pub fn sign(text: &str, name: &str, key: &NoteKey) -> Option<Vec<u8>> {
    if !is_key_name(name) {
        return None;
    }
    let signature = key.sign(text.as_bytes()).ok()?;
    let hash = key_hash(name, TYPE_LOG, &key.verifier());
    let encoded = STANDARD.encode([hash.as_slice(), signature.as_bytes()].concat());
    Some(format!("{text}\n{SIGNATURE_START}{name} {encoded}\n").into_bytes())
}

/// Appends a witness's cosignature, made at this Unix second, to a note; `None` when the bytes are no note, have no room, or the
/// name cannot name a key.
#[must_use]
pub fn cosign(note: &[u8], name: &str, key: &NoteKey, time: u64) -> Option<Vec<u8>> {
    let parsed = SignedNote::parse(note).ok().filter(|_| is_key_name(name))?;
    let signature = key.sign(format!("cosignature/v1\ntime {time}\n{}", parsed.text()).as_bytes()).ok()?;
    let hash = key_hash(name, TYPE_COSIGNATURE, &key.verifier());
    let encoded = STANDARD.encode([hash.as_slice(), &time.to_be_bytes(), signature.as_bytes()].concat());
    let signed = [note, format!("{SIGNATURE_START}{name} {encoded}\n").as_bytes()].concat();
    SignedNote::parse(&signed).ok().map(|_| signed)
}

/// Takes over the cosignatures of these witnesses that verify and that `note` has not, from another note with the same text;
/// `None` when there is none.
#[must_use]
pub fn merge(note: &[u8], other: &[u8], witnesses: &[(String, NoteVerifier)]) -> Option<Vec<u8>> {
    let (mine, theirs) = (SignedNote::parse(note).ok()?, SignedNote::parse(other).ok()?);
    if mine.text != theirs.text {
        return None;
    }
    let lacks = |(name, key): &&(String, NoteVerifier)| mine.verify_cosignature(name, key).is_err();
    let mut merged = note.to_vec();
    for (name, key) in witnesses.iter().filter(lacks) {
        if theirs.verify_cosignature(name, key).is_ok()
            && let Some(line) = theirs.line_of(name, TYPE_COSIGNATURE, key)
        {
            merged.extend_from_slice(line.write().as_bytes());
        }
    }
    let parsed = SignedNote::parse(&merged).ok()?;
    (parsed != mine).then_some(merged)
}

/// The note with the signature of this key alone: what convinces of what it has signed, in the least room.
#[must_use]
pub fn without_others(note: &[u8], name: &str, key: &NoteVerifier) -> Option<Vec<u8>> {
    let parsed = SignedNote::parse(note).ok()?;
    let line = parsed.line_of(name, TYPE_LOG, key)?.write();
    Some(format!("{}\n{line}", parsed.text).into_bytes())
}

/// A witness's key as C2SP tools write it: `<name>+<hash>+<base64(type || key)>`.
#[must_use]
pub fn witness_key_text(name: &str, key: &NoteVerifier) -> String {
    key_text(name, TYPE_COSIGNATURE, key)
}

/// A log's key as C2SP tools write it.
#[must_use]
pub fn log_key_text(name: &str, key: &NoteVerifier) -> String {
    key_text(name, TYPE_LOG, key)
}

fn key_text(name: &str, kind: u8, key: &NoteVerifier) -> String {
    let hash = hex::encode(key_hash(name, kind, key));
    format!("{name}+{hash}+{}", STANDARD.encode([&[kind], key.as_bytes().as_slice()].concat()))
}

/// Reads a witness's key as [`witness_key_text`] writes it; `None` for anything else, a log's key too.
#[must_use]
pub fn read_witness_key(text: &str) -> Option<(String, NoteVerifier)> {
    let (name, rest) = text.split_once('+')?;
    let (_, encoded) = rest.split_once('+')?;
    let decoded = STANDARD.decode(encoded).ok()?;
    let (kind, key) = decoded.split_first()?;
    let key = NoteVerifier::try_from(<[u8; 32]>::try_from(key).ok()?).ok()?;
    // One form only: the hash is right, and nothing is written otherwise.
    let fits = *kind == TYPE_COSIGNATURE && is_key_name(name) && witness_key_text(name, &key) == text;
    fits.then(|| (name.to_owned(), key))
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;
    use safeconduct_protocol::secret::Secret;

    use super::*;

    /// The example of Go's `golang.org/x/mod/sumdb/note`, from which the C2SP format comes.
    const NAME: &str = "PeterNeumann";
    const VKEY: &str = "ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    const NOTE: &str = "If you think cryptography is the answer to your problem,\n\
        then you don't know what your problem is.\n\
        \n\
        \u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

    fn neumann() -> NoteVerifier {
        let key = STANDARD.decode(VKEY).unwrap();
        assert_eq!(key[0], TYPE_LOG);
        NoteVerifier::try_from(<[u8; 32]>::try_from(&key[1..]).unwrap()).unwrap()
    }

    #[test]
    fn the_published_example_verifies_and_has_the_published_key_hash() {
        assert_eq!(hex::encode(key_hash(NAME, TYPE_LOG, &neumann())), "c74f20a3");
        let note = SignedNote::parse(NOTE.as_bytes()).unwrap();
        note.verify(NAME, &neumann()).unwrap();
        assert_eq!(note.verify("Somebody", &neumann()), Err(NoteRefused::NotSigned));
        let bent = NOTE.replace("don't", "do not");
        assert_eq!(
            SignedNote::parse(bent.as_bytes()).unwrap().verify(NAME, &neumann()),
            Err(NoteRefused::BadSignature)
        );
    }

    #[test]
    fn our_own_notes_are_read_again_and_cosigned() {
        let key = NoteKey::from_seed(Secret::new([3; 32]));
        let witness = NoteKey::from_seed(Secret::new([4; 32]));
        let note = sign("a log\n1\n", "a.log/x", &key).unwrap();
        let both = cosign(&note, "witness.example", &witness, 1_700_000_000).unwrap();
        let parsed = SignedNote::parse(&both).unwrap();
        parsed.verify("a.log/x", &key.verifier()).unwrap();
        assert_eq!(parsed.verify_cosignature("witness.example", &witness.verifier()), Ok(1_700_000_000));
        // A log key is not taken for a witness key, nor the reverse.
        assert_eq!(parsed.verify("witness.example", &witness.verifier()), Err(NoteRefused::NotSigned));
        assert_eq!(parsed.verify_cosignature("a.log/x", &key.verifier()), Err(NoteRefused::NotSigned));
    }

    #[test]
    fn cosignatures_of_the_witnesses_that_count_are_merged_and_nothing_else() {
        let keys = [3, 4, 5, 6].map(|seed| NoteKey::from_seed(Secret::new([seed; 32])));
        let [log, one, two, stranger] = &keys;
        let witnesses = [("one".to_owned(), one.verifier()), ("two".to_owned(), two.verifier())];
        let note = sign("a log\n1\n", "a.log/x", log).unwrap();
        let with = |name: &str, key: &NoteKey, note: &[u8]| cosign(note, name, key, 1_700_000_000).unwrap();
        let (first, second) = (with("one", one, &note), with("two", two, &with("else", stranger, &note)));

        let both = merge(&first, &second, &witnesses).unwrap();
        let parsed = SignedNote::parse(&both).unwrap();
        assert!(witnesses.iter().all(|(name, key)| parsed.verify_cosignature(name, key).is_ok()));
        assert_eq!(parsed.lines.len(), 3, "a signature of nobody who counts is left out");
        assert_eq!(merge(&both, &second, &witnesses), None, "nothing is new");
        let other = with("two", two, &sign("a log\n2\n", "a.log/x", log).unwrap());
        assert_eq!(merge(&first, &other, &witnesses), None, "another text");
        let forged = with("two", stranger, &note);
        assert_eq!(merge(&first, &forged, &witnesses), None);
        assert_eq!(without_others(&both, "a.log/x", &log.verifier()), Some(note));
    }

    #[test]
    fn a_witness_key_has_one_text_and_a_log_key_is_none() {
        let key = NoteKey::from_seed(Secret::new([4; 32])).verifier();
        let text = witness_key_text("witness.example/w", &key);
        assert_eq!(read_witness_key(&text), Some(("witness.example/w".to_owned(), key)));
        for bent in [
            log_key_text("witness.example/w", &key),
            text.replace("witness", "wit ness"),
            text.replace('w', "v"),
            format!("{text} "),
            text.to_uppercase(),
            String::new(),
        ] {
            assert_eq!(read_witness_key(&bent), None, "{bent}");
        }
        // The example of C2SP's own page on signed notes is of another type.
        assert_eq!(read_witness_key("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"), None);
        assert_eq!(
            log_key_text(NAME, &neumann()),
            "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
        );
    }

    #[test]
    fn hostile_forms_are_refused_each_for_what_it_is() {
        let line = NOTE.lines().last().unwrap();
        let refused = |note: String| SignedNote::parse(note.as_bytes()).unwrap_err();
        assert_eq!(refused("a".repeat(NOTE_BYTES_MAX + 1)), NoteRefused::TooLong);
        assert_eq!(refused(format!("{NOTE}{line}\n")), NoteRefused::Twice);
        let many = |count: u32| -> String {
            (0..count).map(|i| format!("\u{2014} w{i} {}\n", STANDARD.encode([0; 12]))).collect()
        };
        assert!(SignedNote::parse(format!("x\n\n{}", many(16)).as_bytes()).is_ok());
        assert_eq!(refused(format!("x\n\n{}", many(17))), NoteRefused::TooManySignatures);
        for bad in [
            "",
            "\n",
            "\n\n",
            "x\n",
            "x\n\n",
            "x\n\n\u{2014} a AAAAAAA=",
            "x\n\n\u{2014} a AAAA\n",
            "x\n\n\u{2014} a AAAAAA==\n",
            "x\n\n\u{2014} a+b AAAAAAA=\n",
            "x\n\n\u{2014}  AAAAAAA=\n",
            "x\n\n\u{2014} a\u{a0}b AAAAAAA=\n",
            "x\n\n\u{2013} a AAAAAAA=\n",
            "x\n\n- a AAAAAAA=\n",
            "x\n\n\u{2014}\u{a0}a AAAAAAA=\n",
            "x\n\n\u{2014} a AAAAAAA\n",
            "x\n\n\u{2014} a AAAAAAA= \n",
            "x\r\n\n\u{2014} a AAAAAAA=\n",
            "x\n\n\u{2014} a AAAAAAA=\n\n",
            "x\0\n\n\u{2014} a AAAAAAA=\n",
        ] {
            assert_eq!(refused(bad.to_owned()), NoteRefused::Malformed, "{bad:?}");
        }
        assert_eq!(SignedNote::parse(b"\xff\n\n").unwrap_err(), NoteRefused::Malformed);
    }

    #[test]
    fn every_flipped_bit_of_a_note_is_noticed() {
        for place in 0..NOTE.len() {
            for bit in 0..8 {
                let mut bent = NOTE.as_bytes().to_vec();
                bent[place] ^= 1 << bit;
                let verdict = SignedNote::parse(&bent).and_then(|note| note.verify(NAME, &neumann()));
                assert!(verdict.is_err(), "byte {place} bit {bit}");
            }
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_parser_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
            SignedNote::parse(&bytes).ok();
        }

        #[test]
        fn what_is_spliced_into_a_note_never_verifies_with_another_text(at in 0_usize..150, with in ".{0,40}") {
            let mut bent = NOTE.to_owned();
            if bent.is_char_boundary(at) {
                bent.insert_str(at, &with);
            }
            if let Ok(note) = SignedNote::parse(bent.as_bytes())
                && note.verify(NAME, &neumann()).is_ok()
            {
                prop_assert!(NOTE.starts_with(note.text()));
            }
        }
    }
}
