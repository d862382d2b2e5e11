//! What authorities and relays sign about themselves.

use safeconduct_protocol::crypto::sign::Label;

use crate::{golden::golden_text, golden::one, keys::signing};

/// Two signatures of one list, with their count.
const LIST_BYTES: usize = 1 + 2 * 65;

/// All that the golden root file's version 1 has before its signatures.
fn first_body() -> Vec<u8> {
    let bytes = one(golden_text!("root.txt"), "root file");
    bytes[..bytes.len() - LIST_BYTES].to_vec()
}

/// A list of signatures by two root keys of the golden authority.
fn signatures(signed: &[u8], keys: [(u8, u8); 2]) -> Vec<u8> {
    let mut list = vec![2];
    for (index, key) in keys {
        list.push(index);
        list.extend_from_slice(signing(key).sign(Label::RootFile, signed).as_bytes());
    }
    list
}

pub(super) mod roots {
    use std::sync::OnceLock;

    use safeconduct_certs::authority::root::{Fingerprint, Proposal, ROOT_BYTES_MAX, RootFile};

    use super::{LIST_BYTES, first_body, golden_text, one, signatures};
    use crate::{
        bound::Bound,
        input::{self, assert_is_line, sample},
        targets::{Seeds, as_it_is, each_sample},
    };

    /// Each version keeps the bytes up to its end and keys that are checked.
    const BOUND: Bound = Bound::new(128 * 1024, 48);

    fn samples() -> &'static [Vec<u8>] {
        static MADE: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
        MADE.get_or_init(make_samples)
    }

    fn make_samples() -> Vec<Vec<u8>> {
        let text = golden_text!("root-next.txt");
        let mut next = one(text, "magic, version");
        let after = one(text, "what a later version has besides");
        next.extend_from_slice(&after[..after.len() - 2 * LIST_BYTES]);
        vec![first_body(), next]
    }

    fn read(bytes: &[u8]) {
        match BOUND.hold(bytes.len(), || RootFile::parse(bytes)) {
            Ok(root) => {
                assert!(root.as_bytes() == bytes && bytes.len() <= ROOT_BYTES_MAX);
                let written = root.fingerprint().to_string();
                assert_eq!(Fingerprint::parse(&written), Some(root.fingerprint()));
                assert!(RootFile::parse_pinned(bytes, &root.fingerprint()).is_ok());
                let (threshold, keys) = root.threshold();
                assert!((1..=keys).contains(&usize::from(threshold)));
                assert!(usize::from(root.witness_quorum()) <= root.witnesses().len());
            }
            Err(refused) => assert_is_line(&format!("{refused} → {}", refused.remedy())),
        }
        if let Ok(proposal) = BOUND.hold(bytes.len(), || Proposal::parse(bytes)) {
            assert_eq!(proposal.to_bytes(), bytes, "a proposal is written in one way");
            proposal.changes().iter().for_each(|change| assert_is_line(change));
            assert_eq!(proposal.complete().is_ok(), proposal.signatures().enough().is_ok());
        }
    }

    pub(crate) fn run(data: &[u8]) {
        let Some((sample, mut left)) = sample(data, samples()) else {
            return read(data.get(1..).unwrap_or_default());
        };
        let flags = left.arbitrary::<u8>().unwrap_or(0);
        let mut body = input::changed(&mut left, sample);
        let keys = [(0, 0xa1), (2, 0xa3)];
        let is_next = data[0] == 1;
        let mut lists = if flags & 1 == 0 { signatures(&body, keys) } else { vec![0] };
        if is_next {
            lists = signatures(&body, [(1, 0xa2), (2, 0xa3)]);
            lists.extend(if flags & 1 == 0 { signatures(&body, [(1, 0xa2), (2, 0xa3)]) } else { vec![0] });
        }
        body.extend_from_slice(&lists);
        let file = if is_next { [one(golden_text!("root.txt"), "root file"), body].concat() } else { body };
        assert!(RootFile::parse(&file).is_ok() || !input::is_honest(data, 2, &[0]), "an honest root file is refused");
        read(&file);
    }

    pub(crate) fn seeds() -> Seeds {
        let mut seeds = each_sample(samples().len(), &[0]);
        seeds.push(("proposal".to_owned(), vec![1, 1]));
        seeds.push(as_it_is("claims-keys", b"SCR1\x00\x00\x00\x01\x01\xff"));
        seeds
    }
}

pub(super) mod introductions {
    use std::sync::OnceLock;

    use safeconduct_certs::{
        authority::{
            relay_file::RelayFile,
            root::{RootDraft, RootFile},
        },
        directory::DirectoryKey,
        introduction::{Introduced, IntroducedRelay, Introduction, RELAYS_MAX},
        log::note::witness_key_text,
    };
    use safeconduct_protocol::{
        crypto::sign::{Label, SigningKey},
        secret::Secret,
    };

    use crate::{
        bound::Bound,
        input::{self, assert_is_line, sample},
        keys::{Counting, NOW, kem, note_key, root, signing},
        targets::{Seeds, as_it_is, each_sample, objects::signed_anew},
    };

    const BOUND: Bound = Bound::new(160 * 1024, 64);

    /// The other golden authority.
    fn other() -> RootFile {
        let keys = [0xc1, 0xc2, 0xc3].map(signing);
        let draft = RootDraft {
            version: 1,
            threshold: 2,
            root_keys: keys.iter().map(SigningKey::verifying_key).collect(),
            country: *b"XB",
            log_name: "xb.example/registry".to_owned(),
            log_key: note_key(0xc4).verifier(),
            registrar: signing(0xc5).verifying_key(),
            timestamp: signing(0xc6).verifying_key(),
            tls_spki: [0xc7; 32],
            enrol: kem(0xc8).public(),
            witness_quorum: 1,
            witnesses: vec![("witness.example/two".to_owned(), note_key(0xc9).verifier())],
            min_suite: 1,
            made_at: NOW,
        };
        draft.sign(&[(0, &keys[0]), (2, &keys[2])]).unwrap()
    }

    fn introduction() -> Introduction {
        let relays = vec![IntroducedRelay { tls_spki: [1; 32], address: "relay.example:4433".to_owned() }];
        let directory = DirectoryKey::new(Secret::new([0xd2; 32]));
        Introduction { root: other(), made_at: NOW, relays, directory }
    }

    fn relay_file() -> Vec<u8> {
        let key = note_key(0x19).verifier();
        let text = serde_json::json!({
            "format": "safeconduct.relay/1",
            "address": "relay.example:4433",
            "ik": hex::encode(signing(0x10).verifying_key().as_bytes()),
            "tls_spki": "11".repeat(32),
            "node": "22".repeat(32),
            "witness": witness_key_text("safeconduct-relay/1", &key),
        });
        text.to_string().into_bytes()
    }

    fn samples() -> &'static [Vec<u8>] {
        static MADE: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
        MADE.get_or_init(make_samples)
    }

    fn make_samples() -> Vec<Vec<u8>> {
        let file = introduction().seal(&signing(0xc5), &root(), &mut Counting::default()).unwrap();
        vec![file, relay_file()]
    }

    pub(crate) fn run(data: &[u8]) {
        let samples = samples();
        let bytes = match sample(data, samples) {
            Some((sample, mut left)) if data[0] == 0 => {
                signed_anew(&mut left, sample, Label::Introduction, &signing(0xc5))
            }
            Some((sample, mut left)) => input::changed(&mut left, sample),
            None => data.get(1..).unwrap_or_default().to_vec(),
        };
        let own = root();
        match BOUND.hold(bytes.len(), || Introduction::open(&bytes, &own, &kem(0xa8))) {
            Ok(read) => {
                assert!(read.relays.len() <= RELAYS_MAX && read.root.authority() != own.authority());
                sealed_to_nodes(read);
            }
            Err(refused) => assert_is_line(&format!("{refused} → {}", refused.remedy())),
        }
        match BOUND.hold(bytes.len(), || RelayFile::parse(&bytes)) {
            Ok(relay) => assert_eq!(RelayFile::parse(relay.to_text().as_bytes()), Ok(relay)),
            Err(refused) => assert_is_line(&format!("{refused} → {}", refused.remedy())),
        }
    }

    /// What nodes get of it, and no other authority's.
    fn sealed_to_nodes(read: Introduction) {
        let own = DirectoryKey::new(Secret::new([0xd1; 32]));
        let introduced = Introduced { root: read.root, directory: read.directory };
        let authority = *introduced.root.authority();
        let (sealed, record) = introduced.seal(&own, &mut Counting::default()).unwrap();
        let again = BOUND.hold(sealed.len(), || Introduced::open(&sealed, &own, &authority, &record)).unwrap();
        assert_eq!(again.root.as_bytes(), introduced.root.as_bytes());
        assert!(Introduced::open(&sealed, &own, root().authority(), &record).is_err());
    }

    pub(crate) fn seeds() -> Seeds {
        let mut seeds = each_sample(samples().len(), &[0]);
        seeds.push(as_it_is("claims-much", b"SCI1\xff\xff\xff\xff"));
        seeds
    }
}
