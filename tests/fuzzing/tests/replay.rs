//! Every target over its committed corpus and over what once went wrong, on stable Rust and without libFuzzer; and over some thousand
//! changes of those, the same each time.

#![expect(clippy::unwrap_used, reason = "a file that cannot be read is a test that fails")]

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use safeconduct_fuzzing::{
    TARGETS, Target,
    bound::{Bound, measured},
};

/// All corpora together, and one file of them.
const CORPORA_BYTES_MAX: u64 = 300 * 1024;
const FILE_BYTES_MAX: u64 = 8 * 1024;
/// Changes of each input.
const CHANGES: u64 = 6;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz")
}

fn target(name: &str) -> &'static Target {
    TARGETS.iter().find(|target| target.name == name).unwrap()
}

/// Files of a folder by name; none when it is not there.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let file =
        |path: PathBuf| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(&path).unwrap());
    let mut all: Vec<_> = entries.map(|entry| file(entry.unwrap().path())).collect();
    all.sort();
    all
}

/// A generator that is the same everywhere (SplitMix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(bound.max(1)).unwrap()).unwrap()
    }

    /// The bytes with a few others in their place, and some more at their end.
    fn change(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut changed = bytes.to_vec();
        for _ in 0..=self.below(3) {
            let at = self.below(changed.len());
            changed.iter_mut().skip(at).take(1).for_each(|byte| *byte = self.next().to_be_bytes()[0]);
        }
        for _ in 0..self.below(24) {
            changed.push(self.next().to_be_bytes()[0]);
        }
        changed
    }
}

fn replay(name: &str) {
    let target = target(name);
    let corpus = files(&folder().join("corpus").join(name));
    assert!(!corpus.is_empty(), "{name} has no corpus");
    let mut random = Random(u64::try_from(corpus.len()).unwrap());
    for (_, bytes) in files(&folder().join("regressions").join(name)).iter().chain(&corpus) {
        (target.run)(bytes);
        for _ in 0..CHANGES {
            (target.run)(&random.change(bytes));
        }
    }
}

macro_rules! replayed {
    ($($name:ident),* $(,)?) => {
        $(
            #[test]
            fn $name() {
                replay(stringify!($name));
            }
        )*

        #[test]
        fn every_target_is_replayed_and_is_one_of_libfuzzers() {
            let replayed = BTreeSet::from([$(stringify!($name)),*]);
            let all: BTreeSet<&str> = TARGETS.iter().map(|target| target.name).collect();
            assert_eq!(replayed, all);
            let manifest = std::fs::read_to_string(folder().join("Cargo.toml")).unwrap();
            for name in all {
                assert!(manifest.contains(&format!("name = \"{name}\"\n")), "{name} is not in fuzz/Cargo.toml");
                let text = std::fs::read_to_string(folder().join(format!("fuzz_targets/{name}.rs"))).unwrap();
                assert!(text.contains(&format!("targets::{name}(data)")), "fuzz_targets/{name}.rs runs another target");
            }
        }
    };
}

replayed! {
    frames,
    blob_frames,
    relay_session,
    node_session,
    node_transfer,
    relay_transfer,
    envelopes,
    contents,
    prekeys,
    receipts,
    chunks,
    pictures,
    notes,
    proofs,
    exports,
    leaves,
    records,
    spoken,
    requests,
    roots,
    introductions,
    carried,
    evidence,
    key_files,
    backups,
    referrals,
    drafts,
    tables,
    posts,
    reports,
    bodies,
    forms,
    uploads,
    profiles,
    node_settings,
    relay_settings,
}

#[test]
fn the_seeds_of_the_corpora_are_those_that_are_made() {
    for target in TARGETS {
        let made: Vec<(String, Vec<u8>)> =
            (target.seeds)().into_iter().map(|(name, bytes)| (format!("seed-{name}"), bytes)).collect();
        let there = files(&folder().join("corpus").join(target.name));
        let mut seeds: Vec<_> = there.into_iter().filter(|(name, _)| name.starts_with("seed-")).collect();
        seeds.sort();
        let mut made = made;
        made.sort();
        assert!(seeds == made, "{}: cargo run -p safeconduct-fuzzing --example seeds -- --write", target.name);
    }
}

#[test]
fn corpora_are_small() {
    let mut all = 0;
    for part in ["corpus", "regressions"] {
        for target in TARGETS {
            for (name, bytes) in files(&folder().join(part).join(target.name)) {
                let length = u64::try_from(bytes.len()).unwrap();
                assert!(length <= FILE_BYTES_MAX, "{}/{name} has {length} bytes", target.name);
                all += length;
            }
        }
    }
    assert!(all <= CORPORA_BYTES_MAX, "the corpora have {all} bytes");
}

/// The most bytes that reading held at once.
fn held(read: impl FnOnce()) -> u64 {
    measured(read).1
}

#[test]
fn a_huge_claimed_length_is_refused_before_memory_is_taken() {
    use safeconduct_certs::{carried::Carried, introduction::Introduction, keyfile, log::export, registry::leaf::Leaf};
    use safeconduct_client::documents::{kind::Kind, picture::strip};
    use safeconduct_protocol::{
        blob::BlobFrame,
        codec::CodecError,
        crypto::{hash::sha256, kem::KemSecret},
        frame::Frame,
        limits::FRAME_BYTES_MAX,
        secret::Secret,
    };

    // The length before a frame, which decides how much is read for it.
    let (length, most) = measured(|| Frame::body_length([0xff; 4]));
    assert_eq!((length, most), (Err(CodecError::TooLong), 0));
    let (length, most) = measured(|| BlobFrame::body_length([0xff; 4]));
    assert_eq!((length, most), (Err(CodecError::TooLong), 0));

    // Counts and lengths inside: of lists, of lists of secrets, of bytes.
    let many = [0xfd, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
    let some = [0xfc, 0, 1, 0xff, 0xff];
    for claim in [many.as_slice(), &some] {
        // The list is the first field, or the second, third or fourth.
        for (variant, before) in
            [8, 9, 11, 15, 19, 26, 29, 31, 40, 46].into_iter().flat_map(|v| [0, 1, 2, 3].map(|n| (v, n)))
        {
            let body = [&[variant][..], &[0, 0, 0][..before], claim].concat();
            let most = held(|| drop(Frame::from_body(&body)));
            // The frame that publishes has bytes in the second place.
            let bound = if variant == 26 { FRAME_BYTES_MAX as u64 + 2_048 } else { 1_024 };
            assert!(most <= bound, "a frame {variant} of {} bytes held {most}", body.len());
        }
    }
    let body = [&[4, 0], some.as_slice()].concat();
    let most = held(|| drop(Frame::from_body(&body)));
    assert!(most <= FRAME_BYTES_MAX as u64 + 2_048, "bytes within a frame's bound held {most}");
    let most = held(|| drop(Frame::from_body(&[&[4, 0], many.as_slice()].concat())));
    assert!(most <= 1_024, "bytes held {most}");

    // Files.
    let log = [b"SCL1".as_slice(), &[0; 8], &[0xff; 8]].concat();
    assert!(held(|| drop(export::origin(&log))) <= 1_024);
    let body = [b"SCF1\x01\0\0\0\0\0\0\x01".as_slice(), &[0; 16], &100_000_u32.to_be_bytes()].concat();
    let carried = [body.as_slice(), &sha256(&[&body])].concat();
    assert!(held(|| drop(Carried::parse_any(&carried))) <= 1_024);
    assert!(held(|| drop(Leaf::parse(&[1; 64]))) <= 1_024);
    let root = safeconduct_certs::authority::root::RootFile::parse(&golden_root()).unwrap();
    let key = KemSecret::from_bytes(Secret::new([1; 32]));
    assert!(held(|| drop(Introduction::open(b"SCI1\xff\xff\xff\xff", &root, &key))) <= 1_024);
    let dear = [b"SCK1".as_slice(), &[0xff; 8], &[0, 0, 0, 1], &[0; 60]].concat();
    assert!(held(|| drop(keyfile::open_with_passphrase(b"pass", "seed", &dear))) <= 1_024);
    let png = b"\x89PNG\r\n\x1a\n\x7f\xff\xff\xfftEXt";
    assert!(held(|| drop(strip(Kind::Png, &mut png.as_slice(), &mut std::io::sink()))) <= 16 * 1024);
}

fn golden_root() -> Vec<u8> {
    let text = std::fs::read_to_string(folder().join("../tests/vectors/own/root.txt")).unwrap();
    let object = text.split("== root file").nth(1).unwrap();
    let hex = object.lines().take_while(|line| !line.is_empty()).filter_map(|line| line.strip_prefix("            "));
    hex.flat_map(|line| hex::decode(line).unwrap()).collect()
}

#[test]
#[should_panic(expected = "held 65536 bytes at once, and 1024 are the bound")]
fn a_reader_that_takes_what_is_claimed_is_caught() {
    Bound::new(1_024, 0).hold(4, || std::hint::black_box(Vec::<u8>::with_capacity(65_536)));
}
