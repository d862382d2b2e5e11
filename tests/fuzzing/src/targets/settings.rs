//! Settings and profiles, which operators and authorities write in TOML.

/// The text, if it is one.
fn text(bytes: &[u8]) -> Option<&str> {
    core::str::from_utf8(bytes).ok()
}

pub(super) mod profiles {
    use std::sync::OnceLock;

    use safeconduct_client::referral::profile::Profile;

    use super::text;
    use crate::{
        bound::Bound,
        input::{assert_is_short_line, bytes},
        targets::{Seeds, as_it_is, each_sample},
    };

    /// A document of TOML keeps a place for each of its values; profiles are read anew without each unknown key.
    const BOUND: Bound = Bound::new(256 * 1024, 96);

    fn samples() -> &'static [Vec<u8>] {
        static MADE: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
        MADE.get_or_init(make_samples)
    }

    fn make_samples() -> Vec<Vec<u8>> {
        macro_rules! shipped {
            ($($name:literal),*) => {
                vec![$(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../client/profiles/", $name)).to_vec()),*]
            };
        }
        shipped!("xa-arvenia.toml", "xc-carthen.toml", "xe-estvale.toml")
    }

    pub(crate) fn run(data: &[u8]) {
        let bytes = bytes(data, samples());
        let Some(text) = text(&bytes) else { return };
        let lines = text.lines().count();
        match BOUND.hold(text.len(), || Profile::read(text)) {
            Ok(_) => assert!(Profile::load(text).is_ok()),
            Err(faults) => {
                assert!(!faults.is_empty() && Profile::load(text).is_err());
                for fault in faults {
                    assert!((1..=lines.max(1) + 1).contains(&fault.line()), "a line that there is");
                    assert_is_short_line(&format!("{fault} → {}", fault.remedy()));
                }
            }
        }
    }

    pub(crate) fn seeds() -> Seeds {
        let mut seeds = each_sample(samples().len(), &[]);
        seeds.push(as_it_is("unknown-keys", b"a = 1\nb = 2\n\"c\\n\" = 3\n"));
        seeds
    }
}

pub(super) mod node_settings {
    use std::sync::OnceLock;

    use safeconduct_client::config::{Config, RawConfig};

    use super::text;
    use crate::{
        bound::Bound,
        input::{assert_is_short_line, bytes},
        targets::{Seeds, as_it_is, each_sample},
    };

    const BOUND: Bound = Bound::new(64 * 1024, 160);

    fn samples() -> &'static [Vec<u8>] {
        static MADE: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
        MADE.get_or_init(make_samples)
    }

    fn make_samples() -> Vec<Vec<u8>> {
        let example = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy/config.example.toml"));
        // Every setting is there as a comment.
        let set: Vec<&str> = example
            .lines()
            .map(|line| line.strip_prefix("# ").filter(|rest| rest.contains(" = ")).unwrap_or(line))
            .collect();
        vec![example.as_bytes().to_vec(), set.join("\n").into_bytes()]
    }

    pub(crate) fn run(data: &[u8]) {
        let bytes = bytes(data, samples());
        let Some(text) = text(&bytes) else { return };
        match BOUND.hold(text.len(), || RawConfig::parse(text).and_then(Config::try_from)) {
            Ok(config) => {
                let shown = format!("{config:?}");
                let again = RawConfig::parse(text).and_then(Config::try_from);
                assert!(again.is_ok_and(|again| format!("{again:?}") == shown));
            }
            Err(refused) => assert_is_short_line(&format!("{refused} → {}", refused.remedy())),
        }
    }

    pub(crate) fn seeds() -> Seeds {
        let mut seeds = each_sample(samples().len(), &[]);
        seeds.push(as_it_is("key-of-two-lines", b"\"a\\nb\" = 1\n"));
        seeds.push(as_it_is("relay", b"relay = \"[::1]:4433\"\nauto_lock_minutes = 5\n"));
        seeds
    }
}

pub(super) mod relay_settings {
    use std::sync::OnceLock;

    use std::path::Path;

    use safeconduct_relay::config::Config;

    use super::text;
    use crate::{
        bound::Bound,
        input::{assert_is_short_line, bytes},
        targets::{Seeds, as_it_is, each_sample},
    };

    const BOUND: Bound = Bound::new(64 * 1024, 160);

    fn samples() -> &'static [Vec<u8>] {
        static MADE: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
        MADE.get_or_init(make_samples)
    }

    fn make_samples() -> Vec<Vec<u8>> {
        vec![include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy/relay.example.toml")).to_vec()]
    }

    pub(crate) fn run(data: &[u8]) {
        let bytes = bytes(data, samples());
        let Some(text) = text(&bytes) else { return };
        let folder = Path::new("/srv/safeconduct");
        match BOUND.hold(text.len(), || Config::parse(text, folder)) {
            Ok(config) => {
                let written = config.to_toml();
                let again = Config::parse(&written, folder).unwrap();
                assert_eq!(again.to_toml(), written, "what is written is what is read");
            }
            Err(refused) => assert_is_short_line(&format!("{refused} → {}", refused.remedy())),
        }
    }

    pub(crate) fn seeds() -> Seeds {
        let mut seeds = each_sample(samples().len(), &[]);
        seeds.push(as_it_is("key-of-two-lines", b"\"a\\nb\" = 1\n"));
        seeds
    }
}
