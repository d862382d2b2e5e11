//! A file with what both verifiers must say about it, and how each is asked.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use safeconduct_certs::{
    authority::root::{Fingerprint, RootFile},
    evidence::{Evidence, Known},
};
use serde_json::Value;

/// What the reader of the evidence knows.
pub(crate) enum Reader {
    Nobody,
    /// As it is typed.
    Fingerprint(String),
    Root(Vec<u8>),
}

/// A file, and its verdict: `holds`, or the one line of a refusal.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
    pub(crate) known: Reader,
    pub(crate) wanted: &'static str,
}

impl Case {
    pub(crate) fn new(name: &str, bytes: impl Into<Vec<u8>>, wanted: &'static str) -> Self {
        Self { name: name.to_owned(), bytes: bytes.into(), known: Reader::Nobody, wanted }
    }

    pub(crate) fn known(self, known: Reader) -> Self {
        Self { known, ..self }
    }
}

impl Reader {
    /// The command line's end.
    pub(crate) fn arguments(&self, folder: &Path) -> Vec<String> {
        match self {
            Self::Nobody => Vec::new(),
            Self::Fingerprint(text) => vec!["--fingerprint".to_owned(), text.clone()],
            Self::Root(bytes) => {
                let path = folder.join("root.scr");
                fs::write(&path, bytes).unwrap();
                vec!["--root".to_owned(), path.display().to_string()]
            }
        }
    }
}

/// A golden file.
pub(crate) struct Golden {
    pub(crate) text: String,
    pub(crate) json: Value,
}

impl Golden {
    pub(crate) fn read(name: &str) -> Self {
        let text = fs::read_to_string(vectors().join("own").join(name)).unwrap();
        let json = serde_json::from_str(&text).unwrap();
        Self { text, json }
    }

    /// The file with its members changed.
    pub(crate) fn with(&self, change: impl FnOnce(&mut Value)) -> Vec<u8> {
        let mut json = self.json.clone();
        change(&mut json);
        serde_json::to_vec(&json).unwrap()
    }

    /// The file with the bytes of one member changed.
    pub(crate) fn bytes(&self, at: &str, change: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
        let mut bytes = self.blob(at);
        change(&mut bytes);
        self.put(at, &bytes)
    }

    /// The file with one bit of a member's bytes flipped.
    pub(crate) fn flip(&self, at: &str, byte: usize) -> Vec<u8> {
        self.bytes(at, |bytes| bytes[byte] ^= 1)
    }

    /// The file with these bytes in the place of a member's.
    pub(crate) fn put(&self, at: &str, bytes: &[u8]) -> Vec<u8> {
        self.with(|json| *json.pointer_mut(at).unwrap() = STANDARD.encode(bytes).into())
    }

    /// The file without a member.
    pub(crate) fn without(&self, name: &str) -> Vec<u8> {
        self.with(|json| assert!(json.as_object_mut().unwrap().remove(name).is_some(), "{name}"))
    }

    /// A member's bytes.
    pub(crate) fn blob(&self, at: &str) -> Vec<u8> {
        STANDARD.decode(self.json.pointer(at).unwrap().as_str().unwrap()).unwrap()
    }
}

pub(crate) fn vectors() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors")
}

/// This crate's verdict: exit code and lines, as the command line writes them.
pub(crate) fn ours(bytes: &[u8], known: &Reader) -> (i32, Vec<String>) {
    let (fingerprint, root);
    let known = match known {
        Reader::Nobody => Known::Nothing,
        Reader::Fingerprint(text) => {
            fingerprint = Fingerprint::parse(text).unwrap();
            Known::Fingerprint(&fingerprint)
        }
        Reader::Root(bytes) => {
            root = RootFile::parse(bytes).unwrap();
            Known::Root(&root)
        }
    };
    let bundle = match Evidence::parse(bytes) {
        Ok(bundle) => bundle,
        Err(error) => return (1, vec![format!("malformed: {error}")]),
    };
    let lines = match bundle.verify(known) {
        Ok(lines) => lines,
        Err(error) => return (5, vec![format!("invalid: {}", error.part)]),
    };
    let mut said = Vec::new();
    for (proven, word) in [(true, "proven     "), (false, "not proven ")] {
        for line in lines.iter().filter(|line| line.proven == proven) {
            said.push(format!("{word} {}", line.text()));
        }
    }
    (0, said)
}

/// A program of `tests/second`: its exit code, and the lines that it wrote.
pub(crate) fn python(program: &str, arguments: &[String]) -> (i32, Vec<String>) {
    let path = vectors().join("../second").join(program);
    let ended = Command::new("python3").arg(path).args(arguments).output();
    let ended = ended.expect("python3 runs the second verifier; on Debian: apt-get install python3");
    assert!(ended.stderr.is_empty(), "{}", String::from_utf8_lossy(&ended.stderr));
    let said = String::from_utf8(ended.stdout).unwrap();
    (ended.status.code().unwrap(), said.lines().map(str::to_owned).collect())
}

/// Random points that can be had again.
pub(crate) struct Random {
    pub(crate) seed: u64,
    state: u64,
}

/// From `SAFECONDUCT_SEED`, else fresh.
pub(crate) fn seed() -> Random {
    use std::hash::{BuildHasher as _, Hasher as _};
    let given = std::env::var("SAFECONDUCT_SEED").ok().and_then(|text| text.parse().ok());
    let seed = given.unwrap_or_else(|| std::hash::RandomState::new().build_hasher().finish());
    Random { seed, state: seed }
}

impl Random {
    /// Below `bound`: `SplitMix64`.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % bound
    }
}
