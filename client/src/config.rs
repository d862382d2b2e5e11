//! `DATA/config.toml`: as typed ([`RawConfig`]), then checked with every default filled in ([`Config`]).

use std::{io, path::Path};

use safeconduct_certs::command_line::shown;
use safeconduct_protocol::limits::{RECEIPT_DELAY_MAX_S, SETTLE_TICK_S};
use serde::{Deserialize, Serialize};
use toml::de::DeTable;

/// The file's name in the data directory.
pub const CONFIG_FILE: &str = "config.toml";

/// Every key of the file, for the nearest-name hint.
pub(crate) const KEYS: [&str; 9] = [
    "relay",
    "receipt_delay_max_s",
    "settle_tick_ms",
    "cover",
    "auto_lock_minutes",
    "api_port",
    "page_port",
    "page_lock_minutes",
    "log",
];

/// Names further off than this are no misspelling.
const LIKENESS_MIN: f64 = 0.6;

/// Longest receipt delay that makes sense: a day.
pub(crate) const RECEIPT_DELAY_BOUND_S: u64 = 86_400;

/// Longest time before reading is locked that makes sense, in minutes: a week.
const AUTO_LOCK_MINUTES_MAX: u64 = 10_080;

/// Ports on which the local API may listen: none that only the system's administrator may open.
const API_PORT: core::ops::RangeInclusive<u16> = 1_024..=65_535;

/// Minutes without use after which the page locks itself (REFERRAL §9.3).
const PAGE_LOCK_MINUTES: core::ops::RangeInclusive<u64> = 1..=15;

/// Bounds of the acknowledgement tick, in milliseconds.
const SETTLE_TICK_MS: core::ops::RangeInclusive<u64> = 10..=60_000;

/// The file could not be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The file is there and cannot be read or written.
    #[error("the configuration file cannot be used: {0}")]
    Unreadable(io::ErrorKind),
    /// Not TOML, or a value of the wrong type.
    #[error("the configuration file is not valid, line {line}: {}", shown(says))]
    Syntax {
        /// First line that is wrong, from 1.
        line: usize,
        /// What the TOML parser says.
        says: String,
    },
    /// A key that does not exist.
    #[error("config.toml, line {line}: there is no key '{}'", shown(key))]
    UnknownKey {
        /// From 1.
        line: usize,
        /// As typed.
        key: String,
        /// The key that was probably meant.
        nearest: Option<&'static str>,
    },
    /// Not `host:port`.
    #[error("'{}' is not a relay address", shown(.0))]
    Relay(String),
    /// A number outside its bounds.
    #[error("'{key}' must lie between {min} and {max}")]
    Range {
        /// Which key.
        key: &'static str,
        /// Smallest value.
        min: u64,
        /// Largest value.
        max: u64,
    },
    /// Not a log filter.
    #[error("'{}' is not a log level", shown(.0))]
    Log(String),
}

impl ConfigError {
    /// What to do next.
    #[must_use]
    pub fn remedy(&self) -> String {
        match self {
            Self::Unreadable(_) => "make config.toml in the data directory readable for this user".to_owned(),
            Self::Syntax { .. } => "correct that line of config.toml; every line is `key = value`".to_owned(),
            Self::UnknownKey { nearest: Some(nearest), .. } => {
                format!("did you mean '{nearest}'? The keys are: {}", KEYS.join(", "))
            }
            Self::UnknownKey { nearest: None, .. } => format!("the keys are: {}", KEYS.join(", ")),
            Self::Relay(_) => "write it as host:port, for example relay.example.org:4433".to_owned(),
            Self::Range { key, .. } => format!("set '{key}' inside its bounds, or leave it out for the default"),
            Self::Log(_) => "use error, warn, info, debug or trace".to_owned(),
        }
    }
}

/// A relay's address, `host:port`; resolved each time it is used.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RelayAddress(String);

impl RelayAddress {
    /// As typed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for RelayAddress {
    type Error = ConfigError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let fits = text.rsplit_once(':').is_some_and(|(host, port)| {
            let bracketed = host.starts_with('[') && host.ends_with(']');
            !host.is_empty()
                && (bracketed || !host.contains(':'))
                && !host.contains(char::is_whitespace)
                && port.parse::<u16>().is_ok_and(|port| port != 0)
        });
        if fits && text.len() <= 255 { Ok(Self(text)) } else { Err(ConfigError::Relay(text)) }
    }
}

impl core::str::FromStr for RelayAddress {
    type Err = ConfigError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::try_from(text.to_owned())
    }
}

impl From<RelayAddress> for String {
    fn from(address: RelayAddress) -> Self {
        address.0
    }
}

/// The file as typed.
#[derive(Clone, Default, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawConfig {
    /// `host:port` of the home relay.
    pub relay: Option<String>,
    /// Longest random delay of a receipt, in seconds.
    pub receipt_delay_max_s: Option<u64>,
    /// Acknowledgements leave on this tick, in milliseconds.
    pub settle_tick_ms: Option<u64>,
    /// Whether messages that say nothing are sent at random times.
    pub cover: Option<bool>,
    /// Minutes without a person's command after which reading is locked.
    pub auto_lock_minutes: Option<u64>,
    /// Port of the local API for programs, on 127.0.0.1.
    pub api_port: Option<u16>,
    /// Port of the page, on 127.0.0.1.
    pub page_port: Option<u16>,
    /// Minutes without use after which the page locks itself.
    pub page_lock_minutes: Option<u64>,
    /// Log filter of the daemon.
    pub log: Option<String>,
}

/// The checked configuration.
#[derive(Clone, Debug)]
pub struct Config {
    /// The home relay, once known.
    pub relay: Option<RelayAddress>,
    /// Longest random delay of a receipt, in seconds.
    pub receipt_delay_max_s: u64,
    /// Acknowledgements leave on this tick, in milliseconds.
    pub settle_tick_ms: u64,
    /// Whether messages that say nothing are sent at random times, so that a relay cannot tell how much a node has to say.
    pub cover: bool,
    /// Minutes without a person's command after which reading through the daemon is locked; 0 for never.
    pub auto_lock_minutes: u64,
    /// Port of the local API for programs, on 127.0.0.1; 0 for none.
    pub api_port: u16,
    /// Port of the page, on 127.0.0.1; 0 for no page, none for a port of the node's own.
    pub page_port: Option<u16>,
    /// Minutes without use after which the page locks itself.
    pub page_lock_minutes: u64,
    /// Log filter of the daemon.
    pub log: String,
}

impl Default for Config {
    /// What no file means.
    fn default() -> Self {
        Self {
            relay: None,
            receipt_delay_max_s: RECEIPT_DELAY_MAX_S,
            settle_tick_ms: SETTLE_TICK_S.saturating_mul(1000),
            cover: false,
            auto_lock_minutes: 0,
            api_port: 0,
            page_port: None,
            page_lock_minutes: 5,
            log: "info".to_owned(),
        }
    }
}

impl Config {
    /// Reads the file in `data`; defaults when there is none.
    ///
    /// # Errors
    /// Any [`ConfigError`].
    pub fn load(data: &Path) -> Result<Self, ConfigError> {
        Self::try_from(RawConfig::load(data)?)
    }
}

impl RawConfig {
    /// Reads the file in `data`; empty when there is none.
    ///
    /// # Errors
    /// [`ConfigError`] for a file that is unreadable, no TOML, or names an unknown key.
    pub fn load(data: &Path) -> Result<Self, ConfigError> {
        match std::fs::read_to_string(data.join(CONFIG_FILE)) {
            Ok(text) => Self::parse(&text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(ConfigError::Unreadable(error.kind())),
        }
    }

    /// Reads the text of a file.
    ///
    /// # Errors
    /// As [`RawConfig::load`].
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        let table = DeTable::parse(text).map_err(|error| syntax(text, &error))?;
        if let Some(key) = table.get_ref().keys().find(|key| !KEYS.contains(&key.get_ref().as_ref())) {
            return Err(ConfigError::UnknownKey {
                line: line_of(text, key.span().start),
                key: key.get_ref().to_string(),
                nearest: nearest(key.get_ref()),
            });
        }
        toml::from_str(text).map_err(|error| syntax(text, &error))
    }
}

impl TryFrom<RawConfig> for Config {
    type Error = ConfigError;

    fn try_from(raw: RawConfig) -> Result<Self, Self::Error> {
        let default = Self::default();
        let receipt_delay_max_s = raw.receipt_delay_max_s.unwrap_or(default.receipt_delay_max_s);
        if receipt_delay_max_s > RECEIPT_DELAY_BOUND_S {
            return Err(ConfigError::Range { key: "receipt_delay_max_s", min: 0, max: RECEIPT_DELAY_BOUND_S });
        }
        let settle_tick_ms = raw.settle_tick_ms.unwrap_or(default.settle_tick_ms);
        if !SETTLE_TICK_MS.contains(&settle_tick_ms) {
            let (min, max) = (*SETTLE_TICK_MS.start(), *SETTLE_TICK_MS.end());
            return Err(ConfigError::Range { key: "settle_tick_ms", min, max });
        }
        let auto_lock_minutes = raw.auto_lock_minutes.unwrap_or(default.auto_lock_minutes);
        if auto_lock_minutes > AUTO_LOCK_MINUTES_MAX {
            return Err(ConfigError::Range { key: "auto_lock_minutes", min: 0, max: AUTO_LOCK_MINUTES_MAX });
        }
        let api_port = raw.api_port.unwrap_or(default.api_port);
        if api_port != 0 && !API_PORT.contains(&api_port) {
            let (min, max) = (u64::from(*API_PORT.start()), u64::from(*API_PORT.end()));
            return Err(ConfigError::Range { key: "api_port", min, max });
        }
        let page_port = raw.page_port;
        if page_port.is_some_and(|port| port != 0 && !API_PORT.contains(&port)) {
            let (min, max) = (u64::from(*API_PORT.start()), u64::from(*API_PORT.end()));
            return Err(ConfigError::Range { key: "page_port", min, max });
        }
        let page_lock_minutes = raw.page_lock_minutes.unwrap_or(default.page_lock_minutes);
        if !PAGE_LOCK_MINUTES.contains(&page_lock_minutes) {
            let (min, max) = (*PAGE_LOCK_MINUTES.start(), *PAGE_LOCK_MINUTES.end());
            return Err(ConfigError::Range { key: "page_lock_minutes", min, max });
        }
        let log = raw.log.unwrap_or(default.log);
        if !["error", "warn", "info", "debug", "trace"].contains(&log.as_str()) {
            return Err(ConfigError::Log(log));
        }
        let relay = raw.relay.map(RelayAddress::try_from).transpose()?;
        Ok(Self {
            relay,
            receipt_delay_max_s,
            settle_tick_ms,
            cover: raw.cover.unwrap_or(default.cover),
            auto_lock_minutes,
            api_port,
            page_port,
            page_lock_minutes,
            log,
        })
    }
}

fn nearest(key: &str) -> Option<&'static str> {
    KEYS.into_iter()
        .map(|known| (known, strsim::normalized_damerau_levenshtein(known, key)))
        .filter(|(_, likeness)| *likeness >= LIKENESS_MIN)
        .max_by(|(_, left), (_, right)| left.total_cmp(right))
        .map(|(known, _)| known)
}

fn syntax(text: &str, error: &toml::de::Error) -> ConfigError {
    let line = line_of(text, error.span().map_or(0, |span| span.start));
    ConfigError::Syntax { line, says: error.message().lines().next().unwrap_or_default().to_owned() }
}

fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count().saturating_add(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_is_refused_with_its_line_and_the_nearest_name() {
        let error = RawConfig::parse("log = \"info\"\n\nrecipt_delay_max_s = 3\n").unwrap_err();
        assert!(
            matches!(error, ConfigError::UnknownKey { line: 3, nearest: Some("receipt_delay_max_s"), .. }),
            "{error}"
        );
        assert!(error.to_string().contains("line 3") && error.remedy().contains("did you mean 'receipt_delay_max_s'"));
        let error = RawConfig::parse("bogus = 3\n").unwrap_err();
        assert!(matches!(error, ConfigError::UnknownKey { line: 1, nearest: None, .. }), "{error}");
        assert!(!error.remedy().contains("did you mean"));
    }

    #[test]
    fn a_wrong_type_names_its_line() {
        let error = RawConfig::parse("relay = \"a:1\"\nsettle_tick_ms = \"fast\"\n").unwrap_err();
        assert!(matches!(error, ConfigError::Syntax { line: 2, .. }), "{error}");
    }

    #[test]
    fn defaults_are_those_of_the_protocol() {
        let config = Config::try_from(RawConfig::default()).unwrap();
        assert_eq!((config.receipt_delay_max_s, config.settle_tick_ms), (30, 1000));
    }

    #[test]
    fn numbers_are_taken_at_the_bound_and_refused_past_it() {
        let tick = |settle_tick_ms| {
            Config::try_from(RawConfig { settle_tick_ms: Some(settle_tick_ms), ..RawConfig::default() })
        };
        assert!(tick(10).is_ok() && tick(60_000).is_ok());
        assert!(tick(9).is_err() && tick(60_001).is_err());
        let delay = |receipt_delay_max_s| {
            Config::try_from(RawConfig { receipt_delay_max_s: Some(receipt_delay_max_s), ..RawConfig::default() })
        };
        assert!(delay(0).is_ok() && delay(86_400).is_ok() && delay(86_401).is_err());
        let lock = |minutes| Config::try_from(RawConfig { auto_lock_minutes: Some(minutes), ..RawConfig::default() });
        let port = |api_port| Config::try_from(RawConfig { api_port: Some(api_port), ..RawConfig::default() });
        assert!(port(0).is_ok() && port(1_024).is_ok() && port(1_023).is_err());
        let page = |page_port| Config::try_from(RawConfig { page_port: Some(page_port), ..RawConfig::default() });
        assert!(page(0).is_ok() && page(1_024).is_ok() && page(1_023).is_err());
        let page_lock =
            |minutes| Config::try_from(RawConfig { page_lock_minutes: Some(minutes), ..RawConfig::default() });
        assert!(page_lock(1).is_ok() && page_lock(15).is_ok() && page_lock(0).is_err() && page_lock(16).is_err());
        assert!(lock(0).is_ok() && lock(10_080).is_ok() && lock(10_081).is_err());
    }

    #[test]
    fn a_relay_address_is_a_host_and_a_port() {
        for good in ["relay.example.org:4433", "127.0.0.1:1", "[::1]:4433"] {
            assert!(good.parse::<RelayAddress>().is_ok(), "{good}");
        }
        for bad in ["relay", ":4433", "relay:", "relay:0", "relay:99999", "::1:4433", "re lay:1"] {
            assert!(bad.parse::<RelayAddress>().is_err(), "{bad}");
        }
    }

    #[test]
    fn no_file_means_defaults_and_a_file_is_read() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Config::load(folder.path()).unwrap().relay.is_none());

        std::fs::write(folder.path().join(CONFIG_FILE), "relay = \"relay.example.org:4433\"\n").unwrap();

        assert_eq!(Config::load(folder.path()).unwrap().relay.unwrap().as_str(), "relay.example.org:4433");
    }
}
