//! The registry's log as others see it: notes, proofs, files.

use std::sync::OnceLock;

use safeconduct_certs::registry::Registry;
use safeconduct_protocol::frame::Head;

use crate::{
    golden::{golden_text, one, read},
    keys::{NOW, root},
};

/// The golden leaves, in their order.
pub(super) fn leaves() -> &'static [Vec<u8>] {
    static MADE: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    MADE.get_or_init(make_leaves)
}

fn make_leaves() -> Vec<Vec<u8>> {
    let all = read(golden_text!("log.txt"))
        .into_iter()
        .filter(|golden| golden.name.starts_with("leaf ") && golden.bytes.len() > 32);
    all.map(|golden| golden.bytes).collect()
}

/// The golden log with its head.
pub(super) fn registry() -> &'static Registry {
    static REGISTRY: OnceLock<Registry> = OnceLock::new();
    REGISTRY.get_or_init(|| {
        let mut registry = Registry::new(root());
        registry.extend(leaves()).unwrap();
        let text = golden_text!("head.txt");
        let head = Head { size: registry.size(), note: one(text, "note, whole"), timestamp: one(text, "timestamp") };
        registry.accept_head(&head, NOW.after(60)).unwrap();
        registry
    })
}

pub(super) mod notes {
    use std::sync::OnceLock;

    use safeconduct_certs::log::{
        checkpoint::Checkpoint,
        note::{self, NOTE_SIGNATURES_MAX, SignedNote, read_witness_key, witness_key_text},
        timestamp::LogTime,
    };
    use safeconduct_protocol::crypto::sign::Label;

    use crate::{
        bound::Bound,
        golden::{golden_text, one},
        input::{self, assert_is_line, sample},
        keys::{note_key, root, signing},
        targets::{Seeds, as_it_is, each_sample, objects::signed_anew},
    };

    const NAME: &str = "xa.example/registry";
    const WITNESS: &str = "witness.example/one";
    /// Text and lines are taken apart and written once more; a line is a few words longer in memory than in the note.
    const BOUND: Bound = Bound::new(8 * 1024, 16);

    /// What a sample is, which says how its changes are signed.
    #[derive(Clone, Copy, PartialEq, Eq)]
    enum Kind {
        Text,
        Note,
        Timestamp,
        WitnessKey,
    }

    fn samples() -> &'static [(Kind, Vec<u8>)] {
        static MADE: OnceLock<Vec<(Kind, Vec<u8>)>> = OnceLock::new();
        MADE.get_or_init(make_samples)
    }

    fn make_samples() -> Vec<(Kind, Vec<u8>)> {
        let head = golden_text!("head.txt");
        let note = one(head, "note, whole");
        let cosigned = note::cosign(&note, WITNESS, &note_key(0xa9), 1_800_000_030).unwrap();
        let text = SignedNote::parse(&note).unwrap().text().as_bytes().to_vec();
        let key = witness_key_text(WITNESS, &note_key(0xa9).verifier()).into_bytes();
        vec![
            (Kind::Text, text),
            (Kind::Note, note),
            (Kind::Note, cosigned),
            (Kind::Timestamp, one(head, "timestamp")),
            (Kind::WitnessKey, key),
        ]
    }

    pub(crate) fn run(data: &[u8]) {
        let bytes = match sample(data, samples()) {
            Some(((Kind::Text, sample), mut left)) => {
                let text = String::from_utf8_lossy(&input::changed(&mut left, sample)).into_owned();
                note::sign(&text, NAME, &note_key(0xa4)).unwrap_or_default()
            }
            Some(((Kind::Timestamp, sample), mut left)) => {
                signed_anew(&mut left, sample, Label::Timestamp, &signing(0xa6))
            }
            Some(((Kind::Note | Kind::WitnessKey, sample), mut left)) => input::changed(&mut left, sample),
            None => data.get(1..).unwrap_or_default().to_vec(),
        };
        note_of(&bytes);
        let key = signing(0xa6);
        match BOUND.hold(bytes.len(), || LogTime::open(&bytes, &key.verifying_key())) {
            Ok(time) => assert_eq!(time.sign(&key), bytes),
            Err(refused) => assert_is_line(&refused.to_string()),
        }
        if let Ok(text) = core::str::from_utf8(&bytes)
            && let Some((name, key)) = BOUND.hold(bytes.len(), || read_witness_key(text))
        {
            assert_eq!(witness_key_text(&name, &key), text, "a key is written in one way");
        }
    }

    fn note_of(bytes: &[u8]) {
        let signed = match BOUND.hold(bytes.len(), || SignedNote::parse(bytes)) {
            Ok(signed) => signed,
            Err(refused) => return assert_is_line(&refused.to_string()),
        };
        assert!(signed.text().ends_with('\n') && bytes.starts_with(signed.text().as_bytes()));
        let root = root();
        let is_logs = signed.verify(NAME, root.log_key()).is_ok();
        match BOUND.hold(bytes.len(), || Checkpoint::open(bytes, &root)) {
            Ok(checkpoint) => {
                assert!(is_logs && checkpoint.origin == NAME);
                let own = note::without_others(bytes, NAME, root.log_key()).unwrap();
                assert_eq!(checkpoint.sign(&note_key(0xa4)).unwrap(), own, "a checkpoint is written in one way");
            }
            Err(refused) => assert_is_line(&refused.to_string()),
        }
        let witness = note_key(0xaa);
        if let Some(cosigned) = note::cosign(bytes, "witness.example/new", &witness, 7) {
            let again = SignedNote::parse(&cosigned).unwrap();
            assert_eq!(again.text(), signed.text());
            assert_eq!(again.verify_cosignature("witness.example/new", &witness.verifier()), Ok(7));
            assert_eq!(
                again.verify(NAME, root.log_key()).is_ok(),
                is_logs,
                "a cosignature changes nothing of the log's"
            );
            assert!(cosigned.iter().filter(|byte| **byte == b'\n').count() > 1 && NOTE_SIGNATURES_MAX >= 2);
        }
    }

    pub(crate) fn seeds() -> Seeds {
        let mut seeds = each_sample(samples().len(), &[]);
        seeds.push(as_it_is("two-lines", "a\n\n\u{2014} b AAAAAAA=\n\u{2014} b AAAAAAE=\n".as_bytes()));
        seeds
    }
}

pub(super) mod proofs {
    use arbitrary::{Result, Unstructured};
    use safeconduct_certs::{
        log::proof::{ConsistencyProof, InclusionProof, PATH_HASHES_MAX},
        registry::leaf::Leaf,
    };

    use super::registry;
    use crate::{bound::Bound, targets::Seeds};

    /// Nothing is held but hashes on the stack.
    const BOUND: Bound = Bound::new(1_024, 0);

    fn path(left: &mut Unstructured<'_>, honest: &[[u8; 32]]) -> Result<Vec<[u8; 32]>> {
        let mut path = honest.to_vec();
        for _ in 0..left.int_in_range(0..=3_u8)? {
            let at = left.int_in_range(0..=path.len())?;
            match left.int_in_range(0..=3_u8)? {
                0 => path.insert(at, [left.arbitrary()?; 32]),
                1 => path.truncate(at),
                2 => path.resize(left.int_in_range(0..=PATH_HASHES_MAX + 1)?, [0; 32]),
                _ => path.iter_mut().skip(at).take(1).for_each(|hash| hash[0] ^= 1),
            }
        }
        Ok(path)
    }

    fn number(left: &mut Unstructured<'_>, honest: u64) -> Result<u64> {
        Ok(match left.int_in_range(0..=7_u8)? {
            0 => left.arbitrary()?,
            1 => honest.wrapping_add(1),
            2 => honest.wrapping_sub(1),
            3 => u64::MAX,
            _ => honest,
        })
    }

    fn inclusion(left: &mut Unstructured<'_>) -> Result<()> {
        let log = registry();
        let place = left.int_in_range(0..=log.size() - 1)?;
        let honest = log.inclusion_proof(place).unwrap();
        let hash = Leaf::parse(log.leaf(place).unwrap()).unwrap().hash();
        assert!(honest.verify(hash, &log.root_hash()).is_ok());
        let proof = InclusionProof {
            index: number(left, honest.index)?,
            size: number(left, honest.size)?,
            path: path(left, &honest.path)?,
        };
        if BOUND.hold(0, || proof.verify(hash, &log.root_hash())).is_ok() {
            // The index says which way each step goes and the size where the way ends: of a larger tree, one path may look the same.
            assert_eq!(proof.path, honest.path, "another path leads to the same root");
            assert!(proof.index < proof.size);
            assert!(proof.size != honest.size || proof.index == honest.index, "a leaf stands at two places");
        }
        Ok(())
    }

    fn consistency(left: &mut Unstructured<'_>) -> Result<()> {
        let log = registry();
        let from = left.int_in_range(0..=log.size())?;
        let honest = log.consistency_proof(from, log.size()).unwrap();
        let old = log.root_hash_at(from).unwrap();
        assert!(honest.verify(&old, &log.root_hash()).is_ok());
        let proof = ConsistencyProof {
            from: number(left, honest.from)?,
            to: number(left, honest.to)?,
            path: path(left, &honest.path)?,
        };
        let mut claimed = old;
        if left.ratio(1_u8, 4)? {
            claimed[0] ^= 1;
        }
        if BOUND.hold(0, || proof.verify(&claimed, &log.root_hash())).is_ok() {
            assert_eq!(claimed, old, "another history leads to the same root");
        }
        Ok(())
    }

    pub(crate) fn run(data: &[u8]) {
        let mut left = Unstructured::new(data);
        let _enough = match left.arbitrary::<bool>() {
            Ok(true) => inclusion(&mut left),
            Ok(false) | Err(_) => consistency(&mut left),
        };
    }

    pub(crate) fn seeds() -> Seeds {
        vec![
            ("inclusion".to_owned(), vec![1, 3, 7, 7, 0]),
            ("consistency".to_owned(), vec![0, 5, 7, 7, 0, 9]),
            ("other-path".to_owned(), vec![1, 8, 7, 7, 2, 1, 0, 5, 0, 3]),
        ]
    }
}

pub(super) mod exports {
    use std::sync::OnceLock;

    use safeconduct_certs::log::export::{Signers, origin, read, write};

    use super::registry;
    use crate::{
        bound::Bound,
        input::{assert_is_line, bytes, is_honest},
        keys::root,
        targets::{Seeds, as_it_is, each_sample},
    };

    /// A replay keeps what it knows of each node beside the entries, and signatures are verified many at a time: at most 24 KiB for an
    /// entry of 300 bytes. A file that does not begin to be a log holds nothing.
    const BOUND: Bound = Bound::new(96 * 1024, 96);

    fn samples() -> &'static [Vec<u8>] {
        static MADE: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
        MADE.get_or_init(make_samples)
    }

    fn make_samples() -> Vec<Vec<u8>> {
        vec![write(registry()).unwrap()]
    }

    pub(crate) fn run(data: &[u8]) {
        let file = bytes(data, samples());
        BOUND.hold(file.len(), || origin(&file));
        let root = root();
        match BOUND.hold(file.len(), || read(&file, root, Signers::Witnesses)) {
            Ok(log) => assert_eq!(write(&log).unwrap(), file, "a log is written in one way"),
            Err(refused) => {
                assert!(!is_honest(data, samples().len(), &[]), "an honest log is refused");
                assert_is_line(&format!("{refused} → {}", refused.remedy()));
            }
        }
    }

    pub(crate) fn seeds() -> Seeds {
        let mut seeds = each_sample(samples().len(), &[]);
        let many = [b"SCL1".as_slice(), &[0; 8], &[0xff; 8], &[0; 64]].concat();
        seeds.push(as_it_is("claims-many-entries", &many));
        seeds.push(as_it_is("claims-much", b"SCL1\xff\xff\xff\xff"));
        seeds
    }
}
