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

    /// A cosignature as a witness makes it.
    pub(crate) fn cosign(note: &[u8], name: &str, key: &NoteKey, time: u64) -> Vec<u8> {
        let parsed = SignedNote::parse(note).unwrap();
        let signature = key.sign(format!("cosignature/v1\ntime {time}\n{}", parsed.text()).as_bytes()).unwrap();
        let hash = key_hash(name, TYPE_COSIGNATURE, &key.verifier());
        let encoded = STANDARD.encode([hash.as_slice(), &time.to_be_bytes(), signature.as_bytes()].concat());
        [note, format!("{SIGNATURE_START}{name} {encoded}\n").as_bytes()].concat()
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
        let both = cosign(&note, "witness.example", &witness, 1_700_000_000);
        let parsed = SignedNote::parse(&both).unwrap();
        parsed.verify("a.log/x", &key.verifier()).unwrap();
        assert_eq!(parsed.verify_cosignature("witness.example", &witness.verifier()), Ok(1_700_000_000));
        // A log key is not taken for a witness key, nor the reverse.
        assert_eq!(parsed.verify("witness.example", &witness.verifier()), Err(NoteRefused::NotSigned));
        assert_eq!(parsed.verify_cosignature("a.log/x", &key.verifier()), Err(NoteRefused::NotSigned));
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
