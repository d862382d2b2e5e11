//! Entries of the registry, and the directory records beside them.

pub(super) mod leaves {
    use std::sync::OnceLock;

    use safeconduct_certs::registry::{
        Registry,
        leaf::{LEAF_BYTES_MAX, Leaf},
    };
    use safeconduct_protocol::crypto::sign::{Label, SIGNATURE_BYTES};

    use crate::{
        bound::Bound,
        input::{self, assert_is_line, sample},
        keys::{root, signing},
        targets::{Seeds, each_sample, logs},
    };

    /// An entry is copied, and kept beside what follows from it.
    const BOUND: Bound = Bound::new(64 * 1024, 16);

    /// The golden log before each of its entries.
    fn before() -> &'static [Registry] {
        static BEFORE: OnceLock<Vec<Registry>> = OnceLock::new();
        BEFORE.get_or_init(|| {
            let mut registry = Registry::new(root());
            let mut all = Vec::new();
            for leaf in logs::leaves() {
                all.push(registry.clone());
                registry.extend(&[leaf]).unwrap();
            }
            all.push(registry);
            all
        })
    }

    /// A leaf with the registrar's signature in its place: the last 64 bytes, or those before a second signature.
    fn signed(bytes: &mut [u8], has_second: bool) {
        let end = bytes.len().saturating_sub(if has_second { SIGNATURE_BYTES } else { 0 });
        let Some((body, signature)) = bytes[..end].split_last_chunk_mut::<SIGNATURE_BYTES>() else { return };
        *signature = *signing(0xa5).sign(Label::NodeRecord, body).as_bytes();
    }

    pub(crate) fn run(data: &[u8]) {
        let samples = logs::leaves();
        let (place, bytes) = match sample(data, samples) {
            Some((sample, mut left)) => {
                let flags = left.arbitrary::<u8>().unwrap_or(0);
                let mut bytes = input::changed(&mut left, sample);
                if flags & 1 == 0 {
                    signed(&mut bytes, sample.len() == 365);
                }
                // At its own place, or after the whole log.
                let place = if flags & 2 == 0 { usize::from(data[0]) } else { samples.len() };
                (place, bytes)
            }
            None => (samples.len(), data.get(1..).unwrap_or_default().to_vec()),
        };
        match BOUND.hold(bytes.len(), || Leaf::parse(&bytes)) {
            Ok(leaf) => {
                let body = leaf.fields.to_body();
                assert!(bytes.starts_with(&body) && bytes.len() <= LEAF_BYTES_MAX, "an entry is written in one way");
                let second = if leaf.has_second_signature() { 2 } else { 1 };
                assert_eq!(bytes.len(), body.len() + second * SIGNATURE_BYTES);
            }
            Err(refused) => assert_is_line(&format!("{refused} → {}", refused.remedy())),
        }
        let mut registry = before()[place].clone();
        let (size, root) = (registry.size(), registry.root_hash());
        let would = registry.would_take(&bytes).is_ok();
        match BOUND.hold(bytes.len(), || registry.extend(&[&bytes])) {
            Ok(()) => {
                assert!(would, "what is taken would not be taken");
                assert_eq!(registry.size(), size + 1);
                assert_eq!(registry.leaf(size), Some(bytes.as_slice()));
                assert!(registry.clone().extend(&[&bytes]).is_err(), "an entry is taken twice");
            }
            Err(refused) => {
                assert!(!input::is_honest(data, samples.len(), &[0]), "an honest entry is refused");
                assert!(!would || place == samples.len(), "what would be taken is refused");
                assert_eq!((registry.size(), registry.root_hash()), (size, root), "what is refused changes nothing");
                assert_is_line(&refused.to_string());
            }
        }
    }

    pub(crate) fn seeds() -> Seeds {
        let mut seeds = each_sample(logs::leaves().len(), &[0]);
        seeds.push(("again-at-the-end".to_owned(), vec![1, 2]));
        seeds
    }
}

pub(super) mod records {
    use std::sync::OnceLock;

    use chacha20poly1305::{
        KeyInit as _, XChaCha20Poly1305,
        aead::{Aead as _, Payload as Sealing},
    };
    use safeconduct_certs::directory::{
        self, AGENCY_PADDED_BYTES, DirectoryKey, RECORD_BYTES_MAX, Record, commitment, draft::Draft,
    };
    use safeconduct_protocol::secret::Secret;

    use crate::{
        bound::Bound,
        golden::{golden_text, one, read},
        input::{assert_is_line, assert_is_short_line},
        json,
        keys::node,
        targets::{Seeds, as_it_is, each_sample, logs},
    };

    /// What a record says in memory: some tens of bytes for each short text, and what serde holds while a list grows.
    const BOUND: Bound = Bound::new(32 * 1024, 64);
    const KEY: [u8; 32] = [0xd1; 32];

    fn samples() -> &'static [Vec<u8>] {
        static MADE: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
        MADE.get_or_init(make_samples)
    }

    fn make_samples() -> Vec<Vec<u8>> {
        let text = golden_text!("directory-record.txt");
        let golden = read(text).into_iter().find(|golden| golden.name.starts_with("record {"));
        let mut all: Vec<_> = golden.into_iter().map(|golden| golden.bytes).collect();
        let full: Draft = toml::from_str(RECORD_EXAMPLE).unwrap();
        all.push(full.make().unwrap().to_bytes().unwrap());
        all
    }

    const RECORD_EXAMPLE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy/record.example.toml"));

    /// The record sealed as its authority would, and opened as a node does.
    fn sealed(record: &[u8]) {
        let Some(mut node) = logs::registry().node(&node(0x20)).cloned() else { return };
        let mut padded = [[4_u8; 32].as_slice(), &u32::try_from(record.len()).unwrap().to_be_bytes(), record].concat();
        padded.resize(padded.len().max(AGENCY_PADDED_BYTES), 0);
        let sealing = Sealing { msg: &padded, aad: node.id.as_bytes() };
        let ciphertext = XChaCha20Poly1305::new(&KEY.into()).encrypt(&[2; 24].into(), sealing).unwrap();
        let bytes = [[2; 24].as_slice(), &ciphertext].concat();
        node.directory = commitment(&[4; 32], record);
        let key = DirectoryKey::new(Secret::new(KEY));
        match BOUND.hold(bytes.len(), || directory::open(&bytes, &key, &node)) {
            Ok(opened) => assert_eq!(Record::parse(record), Ok(opened)),
            Err(refused) => assert_is_line(&format!("{refused} → {}", refused.remedy())),
        }
        node.directory[0] ^= 1;
        assert!(directory::open(&bytes, &key, &node).is_err(), "not the record that the registry names");
    }

    pub(crate) fn run(data: &[u8]) {
        let bytes = json::bytes(data, samples());
        match BOUND.hold(bytes.len(), || Record::parse(&bytes)) {
            Ok(record) => {
                let written = record.to_bytes().unwrap();
                assert!(written.len() <= RECORD_BYTES_MAX);
                assert_eq!(Record::parse(&written), Ok(record), "what is written is what is read");
            }
            Err(refused) => assert_is_line(&format!("{refused} → {}", refused.remedy())),
        }
        if bytes.len() <= 2 * RECORD_BYTES_MAX {
            sealed(&bytes);
        }
        // The same members as an administrator writes them.
        if let Ok(text) = core::str::from_utf8(&bytes)
            && let Ok(draft) = toml::from_str::<Draft>(text)
        {
            match draft.make() {
                Ok(record) => assert_eq!(record.check().is_ok(), record.to_bytes().is_ok()),
                Err(lacking) => assert_is_short_line(&lacking.to_string()),
            }
        }
    }

    pub(crate) fn seeds() -> Seeds {
        let mut seeds = each_sample(samples().len(), &[0]);
        seeds.push(as_it_is("draft", b"agency_id = \"xa.a\"\nroles = [\"Police\"]\nnames = { eng = \"A\" }\n"));
        assert!(!one(golden_text!("directory-record.txt"), "plaintext").is_empty());
        seeds
    }
}
