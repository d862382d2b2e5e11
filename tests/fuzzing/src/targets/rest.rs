//! Files that hold secrets, at the cheapest cost of a passphrase that there is.

pub(super) mod key_files {
    use std::sync::OnceLock;

    use safeconduct_certs::keyfile::{
        Cost, KEYFILE_BYTES_MAX, cost_of, open_with_key, open_with_passphrase, seal_with_key, seal_with_passphrase,
    };

    use crate::{
        bound::Bound,
        input::{assert_is_line, bytes},
        keys::Counting,
        targets::{Seeds, as_it_is, each_sample},
    };

    /// A passphrase costs what the file says, which the fuzzer is let try up to this.
    const MEMORY_BYTES_MAX: u64 = 256 * 1024;
    const BOUND: Bound = Bound::new(16 * 1024 + MEMORY_BYTES_MAX, 4);
    const SECRET: &[u8] = b"thirty-two bytes that are secret";

    fn samples() -> &'static [Vec<u8>] {
        static MADE: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
        MADE.get_or_init(make_samples)
    }

    fn make_samples() -> Vec<Vec<u8>> {
        let cost = Cost::new(64, 1).unwrap();
        vec![
            seal_with_passphrase(b"pass", "seed", SECRET, cost, &mut Counting::default()).unwrap(),
            seal_with_key(&[7; 32], "seed", SECRET, &mut Counting::default()).unwrap(),
        ]
    }

    pub(crate) fn run(data: &[u8]) {
        let samples = samples();
        let file = bytes(data, samples);
        // What a file claims beyond that is judged, and not tried: it would take memory and time, as a passphrase does.
        let claimed = file.get(4..12).and_then(|both| both.split_first_chunk::<4>()).map(|(memory, passes)| {
            (u64::from(u32::from_be_bytes(*memory)) * 1024, passes.first_chunk().copied().map_or(0, u32::from_be_bytes))
        });
        let tried = claimed.is_none_or(|(memory, passes)| memory <= MEMORY_BYTES_MAX && passes <= 3);
        let cost = BOUND.hold(file.len(), || cost_of(&file));
        if tried || cost.is_none() {
            match BOUND.hold(file.len(), || open_with_passphrase(b"pass", "seed", &file)) {
                Ok(secret) => assert!(*secret == SECRET && file == samples[0], "another file opens"),
                Err(refused) => assert_is_line(&format!("{refused} → {}", refused.remedy())),
            }
        }
        match BOUND.hold(file.len(), || open_with_key(&[7; 32], "seed", &file)) {
            Ok(secret) => assert!(*secret == SECRET && file == samples[1], "another file opens"),
            Err(refused) => assert_is_line(&format!("{refused} → {}", refused.remedy())),
        }
        assert!(open_with_key(&[7; 32], "other", &file).is_err(), "a file of one purpose opens as another");
        assert!(file.len() <= KEYFILE_BYTES_MAX);
    }

    pub(crate) fn seeds() -> Seeds {
        let mut seeds = each_sample(samples().len(), &[]);
        let dear = [b"SCK1".as_slice(), &[0xff; 8], &[0, 0, 0, 1], &[0; 60]].concat();
        seeds.push(as_it_is("claims-memory", &dear));
        let most = [b"SCK1".as_slice(), &[0, 0x10, 0, 0, 0, 0, 0, 0x10, 0, 0, 0, 1], &[0; 60]].concat();
        seeds.push(as_it_is("claims-the-most", &most));
        seeds
    }
}

pub(super) mod backups {
    use std::sync::OnceLock;

    use safeconduct_certs::keyfile::{Cost, seal_with_key, seal_with_passphrase};
    use safeconduct_client::fuzzing;
    use zeroize::Zeroizing;

    use crate::{
        bound::Bound,
        input::{self, assert_is_line, sample},
        keys::Counting,
        targets::{Seeds, as_it_is, each_sample},
    };

    /// One chunk sealed and one opened, a configuration, and a passphrase at 64 KiB.
    const BOUND: Bound = Bound::new(512 * 1024, 0);
    const CHUNK_BYTES: usize = 65_536;
    const CHUNKS: usize = 16;
    const CONFIG: &[u8] = b"log = \"info\"\n";

    fn passphrase() -> Zeroizing<String> {
        Zeroizing::new("pass".to_owned())
    }

    /// What a backup's content begins with (`docs/OPERATIONS.md`).
    fn front() -> Vec<u8> {
        [
            b"SCM1".as_slice(),
            &1_800_000_000_u64.to_be_bytes(),
            &[1; 64],
            &8_192_u64.to_be_bytes(),
            &u32::try_from(CONFIG.len()).unwrap().to_be_bytes(),
            CONFIG,
        ]
        .concat()
    }

    fn purpose(number: usize) -> String {
        format!("safeconduct/v1 backup chunk {number} of {CHUNKS}")
    }

    /// Header and chunks of zeros; the first is sealed anew for each input.
    fn frame() -> &'static (Vec<u8>, Vec<u8>) {
        static FRAME: OnceLock<(Vec<u8>, Vec<u8>)> = OnceLock::new();
        FRAME.get_or_init(|| {
            let mut entropy = Counting::default();
            let cost = Cost::new(64, 1).unwrap();
            let under = seal_with_passphrase(b"pass", "safeconduct/v1 backup passphrase", &[2; 32], cost, &mut entropy);
            let wrapped = seal_with_key(&[2; 32], "safeconduct/v1 backup file", &[3; 32], &mut entropy).unwrap();
            let header = [b"SCBACKUP\0\x01\0\0\0\0\0\0".as_slice(), &under.unwrap(), &wrapped].concat();
            let zeros = vec![0; CHUNK_BYTES];
            let chunk = |number| seal_with_key(&[3; 32], &purpose(number), &zeros, &mut Counting::default()).unwrap();
            (header, (1..CHUNKS).flat_map(chunk).collect())
        })
    }

    fn with_content(content: &[u8]) -> Vec<u8> {
        let mut first = content.to_vec();
        first.resize(CHUNK_BYTES, 0);
        let sealed = seal_with_key(&[3; 32], &purpose(0), &first, &mut Counting::default()).unwrap();
        let (header, rest) = frame();
        [header.as_slice(), &sealed, rest].concat()
    }

    /// A cheap passphrase is tried; what claims to be dearer is not.
    fn is_cheap(file: &[u8]) -> bool {
        file.get(20..28).is_none_or(|cost| cost == [0, 0, 0, 64, 0, 0, 0, 1])
    }

    pub(crate) fn run(data: &[u8]) {
        let (file, content) = match sample(data, &[front(), Vec::new()]) {
            // The content, and then the file that holds it.
            Some((sample, mut left)) if data[0] == 0 => {
                let content = input::changed(&mut left, sample);
                (with_content(&content), content)
            }
            Some((_, mut left)) => {
                let whole = with_content(&front());
                let file = input::changed(&mut left, &whole);
                let content = if file == whole { front() } else { Vec::new() };
                (file, content)
            }
            None => (data.get(1..).unwrap_or_default().to_vec(), Vec::new()),
        };
        if !is_cheap(&file) {
            return;
        }
        let length = u64::try_from(file.len()).unwrap();
        let passphrase = passphrase();
        match BOUND.hold(file.len(), || fuzzing::backup(file.as_slice(), length, &passphrase)) {
            Ok((made_at, database_bytes, config)) => {
                // What is sealed is filled up with zeros, so that a content that was cut has all of its fields.
                let mut padded = content;
                padded.resize(padded.len().max(CHUNK_BYTES), 0);
                let claimed = [
                    b"SCM1".as_slice(),
                    &made_at.to_be_bytes(),
                    padded.get(12..76).unwrap_or_default(),
                    &database_bytes.to_be_bytes(),
                    &u32::try_from(config.len()).unwrap().to_be_bytes(),
                    &config,
                ]
                .concat();
                assert!(padded.starts_with(&claimed), "what was sealed is what is read");
                assert!(database_bytes <= length, "a database longer than the file");
            }
            Err(refused) => {
                assert!(!input::is_honest(data, 2, &[]), "an honest backup is refused");
                assert_is_line(&refused.to_string());
            }
        }
        let other = Zeroizing::new("other".to_owned());
        if data.len().is_multiple_of(16) {
            assert!(fuzzing::backup(file.as_slice(), length, &other).is_err(), "another passphrase opens it");
        }
    }

    pub(crate) fn seeds() -> Seeds {
        let mut seeds = each_sample(2, &[]);
        // Kind 6 writes a number: here over the database's length, and over the configuration's.
        seeds.push(("claims-database".to_owned(), vec![0, 6, 76, 2, 11]));
        seeds.push(("claims-configuration".to_owned(), vec![0, 6, 84, 1, 8]));
        seeds.push(as_it_is("short", b"SCBACKUP"));
        seeds
    }
}
