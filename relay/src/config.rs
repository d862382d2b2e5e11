//! `relay.toml`: as typed (`RawConfig`), then checked and complete ([`Config`]).

use std::{
    fmt::Write as _,
    fs, io,
    io::Read as _,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use safeconduct_certs::{authority::relay_file::is_address, command_line::shown};
use safeconduct_protocol::limits::{MAILBOX_BYTES_MAX, MAILBOX_ENVELOPES_MAX};
use serde::Deserialize;
use toml::de::DeTable;

use crate::limits::{
    BLOB_BYTES, BLOB_BYTES_PER_DAY, CONFIG_BYTES_MAX, CONNECT_BURST, CONNECTIONS_MAX, CONNECTIONS_PER_ADDRESS_MAX,
    CONNECTIONS_PER_NODE_MAX, CONNECTS_PER_S, ENVELOPES_MAX, FRAME_S, HANDSHAKES_MAX, HANDSHAKES_PER_ADDRESS_MAX,
    Quotas, SUBMIT_BURST, SUBMITS_PER_S,
};

/// Every key, for the nearest name and for the file that `init` writes.
const KEYS: [&str; 21] = [
    "data",
    "listen",
    "address",
    "root",
    "local_listen",
    "log",
    "connections",
    "connections_per_address",
    "connections_per_node",
    "handshakes",
    "handshakes_per_address",
    "connect_burst",
    "connects_per_s",
    "frame_s",
    "submits_per_s",
    "submit_burst",
    "envelopes",
    "mailbox_envelopes",
    "mailbox_bytes",
    "blob_bytes",
    "blob_bytes_per_day",
];
/// No bound of ours is larger: what fits into every number that it is put into.
const BOUND_MAX: u64 = 1_000_000_000_000;
/// Names further off than this are no misspelling.
const LIKENESS_MIN: f64 = 0.6;
/// Where nodes connect, unless the file says otherwise.
const LISTEN: &str = "0.0.0.0:4433";
/// Where `/metrics` and `/health` are.
const LOCAL_LISTEN: &str = "127.0.0.1:9464";
/// Where the root file is, beside the configuration.
const ROOT: &str = "root.scr";
/// What is logged.
const LOG: &str = "info";

/// What is wrong with a configuration.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("{} cannot be read: {}", path.display(), source.kind())]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// More than a configuration can be.
    #[error("{} is larger than {CONFIG_BYTES_MAX} bytes", path.display())]
    TooLarge {
        /// Which file.
        path: PathBuf,
    },
    /// Not TOML, or a value of another type.
    #[error("line {line} cannot be understood: {}", shown(fact))]
    Syntax {
        /// From 1.
        line: usize,
        /// What the parser says.
        fact: String,
    },
    /// No such key.
    #[error("line {line}: there is no key `{}`", shown(key))]
    UnknownKey {
        /// From 1.
        line: usize,
        /// As typed.
        key: String,
        /// The key that was probably meant.
        nearest: Option<&'static str>,
    },
    /// A key that has no default.
    #[error("the key `{0}` is missing")]
    Missing(&'static str),
    /// Not `ip:port`.
    #[error("`{key}` is not an IP address with a port: {}", shown(value))]
    NotASocket {
        /// Which key.
        key: &'static str,
        /// As typed.
        value: String,
    },
    /// Not `host:port`.
    #[error("`address` is not host:port: {}", shown(.0))]
    NotAnAddress(String),
    /// The local port must not be reachable from outside.
    #[error("`local_listen` is not an address of this machine alone: {0}")]
    NotLocal(SocketAddr),
    /// 0, or more than anything can need.
    #[error("`{key}` is not a bound: {value}")]
    NotABound {
        /// Which key.
        key: &'static str,
        /// As typed.
        value: u64,
    },
    /// Not a filter.
    #[error("`log` is not a level or filter: {}", shown(.0))]
    Log(String),
}

impl ConfigError {
    /// What to do next.
    #[must_use]
    pub fn remedy(&self) -> String {
        match self {
            Self::Unreadable { .. } => {
                "check the path and its permissions; `safeconduct-relay init` makes one".to_owned()
            }
            Self::TooLarge { .. } => "name the relay's own configuration file".to_owned(),
            Self::Syntax { .. } => "write `key = \"value\"`, one key a line".to_owned(),
            Self::UnknownKey { nearest: Some(nearest), .. } => format!("did you mean `{nearest}`?"),
            Self::UnknownKey { nearest: None, .. } => format!("the keys are {}", KEYS.join(", ")),
            Self::Missing(key) => format!("add `{key} = \"…\"`"),
            Self::NotASocket { .. } => "write an IP address and a port, as 0.0.0.0:4433 or [::]:4433".to_owned(),
            Self::NotAnAddress(_) => "write the name and port under which nodes reach this relay".to_owned(),
            Self::NotLocal(_) => {
                format!("use an address of the loopback interface, as {LOCAL_LISTEN}: metrics are not for the network")
            }
            Self::NotABound { .. } => format!("write a whole number from 1 to {BOUND_MAX}, or leave the key out"),
            Self::Log(_) => "use error, warn, info, debug or trace".to_owned(),
        }
    }
}

/// The file as typed.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct RawConfig {
    data: Option<PathBuf>,
    listen: Option<String>,
    address: Option<String>,
    root: Option<PathBuf>,
    local_listen: Option<String>,
    log: Option<String>,
    connections: Option<u64>,
    connections_per_address: Option<u64>,
    connections_per_node: Option<u64>,
    handshakes: Option<u64>,
    handshakes_per_address: Option<u64>,
    connect_burst: Option<u64>,
    connects_per_s: Option<u64>,
    frame_s: Option<u64>,
    submits_per_s: Option<u64>,
    submit_burst: Option<u64>,
    envelopes: Option<u64>,
    mailbox_envelopes: Option<u64>,
    mailbox_bytes: Option<u64>,
    blob_bytes: Option<u64>,
    blob_bytes_per_day: Option<u64>,
}

/// What one sender may ask for, and how many may be there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Admission {
    /// Connections in all.
    pub connections: usize,
    /// Connections from one address.
    pub connections_per_address: usize,
    /// Connections of one node.
    pub connections_per_node: usize,
    /// Handshakes under way.
    pub handshakes: usize,
    /// Handshakes under way from one address.
    pub handshakes_per_address: usize,
    /// Handshakes that one address may begin at once.
    pub connect_burst: u32,
    /// Handshakes that come back to an address every second.
    pub connects_per_s: u32,
    /// Seconds that a frame may take from its first byte to its last.
    pub frame_s: u64,
    /// Submits that come back to a node every second.
    pub submits_per_s: u32,
    /// Submits that a node may make at once.
    pub submit_burst: u32,
}

impl Default for Admission {
    fn default() -> Self {
        Self {
            connections: CONNECTIONS_MAX,
            connections_per_address: CONNECTIONS_PER_ADDRESS_MAX,
            connections_per_node: CONNECTIONS_PER_NODE_MAX,
            handshakes: HANDSHAKES_MAX,
            handshakes_per_address: HANDSHAKES_PER_ADDRESS_MAX,
            connect_burst: CONNECT_BURST,
            connects_per_s: CONNECTS_PER_S,
            frame_s: FRAME_S,
            submits_per_s: SUBMITS_PER_S,
            submit_burst: SUBMIT_BURST,
        }
    }
}

/// How much of sealed documents is held.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Blobs {
    /// Bytes of all.
    pub bytes: u64,
    /// Bytes that one node may put in a day.
    pub bytes_per_day: u64,
}

impl Default for Blobs {
    fn default() -> Self {
        Self { bytes: BLOB_BYTES, bytes_per_day: BLOB_BYTES_PER_DAY }
    }
}

/// A configuration to run with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Config {
    /// Directory of keys and store.
    pub data: PathBuf,
    /// UDP address to listen on.
    pub listen: SocketAddr,
    /// `host:port` under which nodes reach this relay.
    pub address: String,
    /// The authority's root file.
    pub root: PathBuf,
    /// TCP address of `/metrics` and `/health`.
    pub local_listen: SocketAddr,
    /// Log filter.
    pub log: String,
    /// Who is let in.
    pub admission: Admission,
    /// How much is held.
    pub quotas: Quotas,
    /// How much of sealed documents.
    pub blobs: Blobs,
}

impl Config {
    /// Reads and checks a file. Relative paths in it start at its directory.
    ///
    /// # Errors
    /// Any [`ConfigError`].
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let unreadable = |source| ConfigError::Unreadable { path: path.to_owned(), source };
        let mut text = String::new();
        let file = fs::File::open(path).map_err(unreadable)?;
        file.take(CONFIG_BYTES_MAX.saturating_add(1)).read_to_string(&mut text).map_err(unreadable)?;
        if u64::try_from(text.len()).is_ok_and(|length| length > CONFIG_BYTES_MAX) {
            return Err(ConfigError::TooLarge { path: path.to_owned() });
        }
        Self::parse(&text, path.parent().unwrap_or_else(|| Path::new("")))
    }

    /// Checks the text of a file that lies in `directory`.
    ///
    /// # Errors
    /// Any [`ConfigError`] but the unreadable.
    pub fn parse(text: &str, directory: &Path) -> Result<Self, ConfigError> {
        let syntax = |error: &toml::de::Error| ConfigError::Syntax {
            line: line_of(text, error.span().map_or(0, |span| span.start)),
            fact: error.message().to_owned(),
        };
        let table = DeTable::parse(text).map_err(|error| syntax(&error))?;
        for key in table.get_ref().keys() {
            if !KEYS.contains(&key.get_ref().as_ref()) {
                return Err(ConfigError::UnknownKey {
                    line: line_of(text, key.span().start),
                    key: key.get_ref().to_string(),
                    nearest: nearest(key.get_ref()),
                });
            }
        }
        let raw: RawConfig = toml::from_str(text).map_err(|error| syntax(&error))?;
        raw.check(directory)
    }

    /// The effective values, as a configuration file.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let mut text = String::new();
        for (key, value) in [
            ("data", self.data.display().to_string()),
            ("listen", self.listen.to_string()),
            ("address", self.address.clone()),
            ("root", self.root.display().to_string()),
            ("local_listen", self.local_listen.to_string()),
            ("log", self.log.clone()),
        ] {
            // Writing to a String cannot fail.
            writeln!(text, "{key} = {}", toml::Value::String(value)).ok();
        }
        for (key, value) in self.numbers() {
            writeln!(text, "{key} = {value}").ok();
        }
        text
    }

    /// The bounds by their keys.
    #[must_use]
    pub fn numbers(&self) -> [(&'static str, u64); 15] {
        let wide = |value: usize| u64::try_from(value).unwrap_or(u64::MAX);
        [
            ("connections", wide(self.admission.connections)),
            ("connections_per_address", wide(self.admission.connections_per_address)),
            ("connections_per_node", wide(self.admission.connections_per_node)),
            ("handshakes", wide(self.admission.handshakes)),
            ("handshakes_per_address", wide(self.admission.handshakes_per_address)),
            ("connect_burst", u64::from(self.admission.connect_burst)),
            ("connects_per_s", u64::from(self.admission.connects_per_s)),
            ("frame_s", self.admission.frame_s),
            ("submits_per_s", u64::from(self.admission.submits_per_s)),
            ("submit_burst", u64::from(self.admission.submit_burst)),
            ("envelopes", self.quotas.envelopes),
            ("mailbox_envelopes", self.quotas.mailbox_envelopes),
            ("mailbox_bytes", self.quotas.mailbox_bytes),
            ("blob_bytes", self.blobs.bytes),
            ("blob_bytes_per_day", self.blobs.bytes_per_day),
        ]
    }
}

impl RawConfig {
    fn check(self, directory: &Path) -> Result<Config, ConfigError> {
        let address = self.address.ok_or(ConfigError::Missing("address"))?;
        if port_of(&address).is_none() {
            return Err(ConfigError::NotAnAddress(address));
        }
        let local_listen = socket("local_listen", self.local_listen, LOCAL_LISTEN)?;
        if !local_listen.ip().is_loopback() {
            return Err(ConfigError::NotLocal(local_listen));
        }
        let log = self.log.unwrap_or_else(|| LOG.to_owned());
        if !["error", "warn", "info", "debug", "trace"].contains(&log.as_str()) {
            return Err(ConfigError::Log(log));
        }
        Ok(Config {
            data: directory.join(self.data.ok_or(ConfigError::Missing("data"))?),
            listen: socket("listen", self.listen, LISTEN)?,
            address,
            root: directory.join(self.root.unwrap_or_else(|| PathBuf::from(ROOT))),
            local_listen,
            log,
            admission: Admission {
                connections: bound("connections", self.connections, CONNECTIONS_MAX)?,
                connections_per_address: bound(
                    "connections_per_address",
                    self.connections_per_address,
                    CONNECTIONS_PER_ADDRESS_MAX,
                )?,
                connections_per_node: bound(
                    "connections_per_node",
                    self.connections_per_node,
                    CONNECTIONS_PER_NODE_MAX,
                )?,
                handshakes: bound("handshakes", self.handshakes, HANDSHAKES_MAX)?,
                handshakes_per_address: bound(
                    "handshakes_per_address",
                    self.handshakes_per_address,
                    HANDSHAKES_PER_ADDRESS_MAX,
                )?,
                connect_burst: bound("connect_burst", self.connect_burst, CONNECT_BURST)?,
                connects_per_s: bound("connects_per_s", self.connects_per_s, CONNECTS_PER_S)?,
                frame_s: bound("frame_s", self.frame_s, FRAME_S)?,
                submits_per_s: bound("submits_per_s", self.submits_per_s, SUBMITS_PER_S)?,
                submit_burst: bound("submit_burst", self.submit_burst, SUBMIT_BURST)?,
            },
            quotas: Quotas {
                envelopes: bound("envelopes", self.envelopes, ENVELOPES_MAX)?,
                mailbox_envelopes: bound("mailbox_envelopes", self.mailbox_envelopes, MAILBOX_ENVELOPES_MAX)?,
                mailbox_bytes: bound("mailbox_bytes", self.mailbox_bytes, MAILBOX_BYTES_MAX)?,
                ..Quotas::default()
            },
            blobs: Blobs {
                bytes: bound("blob_bytes", self.blob_bytes, BLOB_BYTES)?,
                bytes_per_day: bound("blob_bytes_per_day", self.blob_bytes_per_day, BLOB_BYTES_PER_DAY)?,
            },
        })
    }
}

/// A bound as typed, or its default. None of them may be 0 or beyond all reason.
fn bound<T: TryFrom<u64>>(key: &'static str, value: Option<u64>, default: T) -> Result<T, ConfigError> {
    let Some(value) = value else { return Ok(default) };
    let checked = (1..=BOUND_MAX).contains(&value).then(|| T::try_from(value).ok()).flatten();
    checked.ok_or(ConfigError::NotABound { key, value })
}

/// The port of `host:port`.
pub(crate) fn port_of(address: &str) -> Option<u16> {
    is_address(address).then(|| address.rsplit_once(':')?.1.parse().ok()).flatten()
}

/// The file that `init` writes: every key, with what it is for.
pub(crate) fn example(address: &str) -> String {
    let listen = LISTEN.replace("4433", &port_of(address).unwrap_or(4433).to_string());
    let address = toml::Value::String(address.to_owned());
    format!(
        "# safeconduct-relay. Relative paths start at this file's directory.
# `safeconduct-relay check-config --config relay.toml` prints the effective values.

# Directory of the keys (*.key) and the store (relay.db, index.db, segments/, blobs/). One relay per directory.
data = \".\"

# UDP address that nodes connect to.
listen = \"{listen}\"

# Name and port under which nodes reach this relay, as its registry record says.
address = {address}

# The authority's root file, as `safeconduct-admin export-root` writes it.
root = \"{ROOT}\"

# TCP address of /metrics and /health; of this machine only.
local_listen = \"{LOCAL_LISTEN}\"

# error, warn, info, debug or trace. At `info` the log names no mailbox.
log = \"{LOG}\"

# Connections in all, from one address (one IPv6 /64), and of one node.
connections = {CONNECTIONS_MAX}
connections_per_address = {CONNECTIONS_PER_ADDRESS_MAX}
connections_per_node = {CONNECTIONS_PER_NODE_MAX}

# Handshakes under way in all and from one address; how many one address may begin at once, and how many come back a second.
handshakes = {HANDSHAKES_MAX}
handshakes_per_address = {HANDSHAKES_PER_ADDRESS_MAX}
connect_burst = {CONNECT_BURST}
connects_per_s = {CONNECTS_PER_S}

# Seconds that one frame may take from its first byte to its last.
frame_s = {FRAME_S}

# Envelopes that one node may submit at once, and how many come back to it a second.
submit_burst = {SUBMIT_BURST}
submits_per_s = {SUBMITS_PER_S}

# Envelopes that are held in all (about 250 bytes of memory each), and envelopes and bytes in one mailbox.
envelopes = {ENVELOPES_MAX}
mailbox_envelopes = {MAILBOX_ENVELOPES_MAX}
mailbox_bytes = {MAILBOX_BYTES_MAX}

# Bytes of sealed documents that are held in all, and that one node may put in a day. A tenth of the disk, or 1 GiB, is left to envelopes.
blob_bytes = {BLOB_BYTES}
blob_bytes_per_day = {BLOB_BYTES_PER_DAY}
"
    )
}

fn socket(key: &'static str, value: Option<String>, default: &str) -> Result<SocketAddr, ConfigError> {
    let value = value.unwrap_or_else(|| default.to_owned());
    value.parse().ok().ok_or(ConfigError::NotASocket { key, value })
}

fn nearest(key: &str) -> Option<&'static str> {
    KEYS.into_iter()
        .map(|known| (known, strsim::jaro_winkler(known, key)))
        .filter(|(_, likeness)| *likeness >= LIKENESS_MIN)
        .max_by(|(_, left), (_, right)| left.total_cmp(right))
        .map(|(known, _)| known)
}

fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count().saturating_add(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Config, ConfigError> {
        Config::parse(text, Path::new("/etc/relay"))
    }

    #[test]
    fn the_example_is_complete_and_valid_and_prints_back() {
        let text = example("relay.example.org:5544");

        let config = parse(&text).unwrap();

        for key in KEYS {
            assert!(text.lines().any(|line| line.starts_with(&format!("{key} = "))), "{key}");
        }
        assert_eq!(config.listen, "0.0.0.0:5544".parse().unwrap());
        assert_eq!(config.root, Path::new("/etc/relay/root.scr"));
        assert_eq!(parse(&config.to_toml()).unwrap(), config);
    }

    #[test]
    fn defaults_fill_what_is_left_out() {
        let config = parse("data = \"/srv\"\naddress = \"r:1\"").unwrap();

        assert_eq!(config.data, Path::new("/srv"));
        assert_eq!((config.listen.to_string(), config.local_listen.to_string()), (LISTEN.into(), LOCAL_LISTEN.into()));
    }

    #[test]
    fn an_unknown_key_is_refused_with_its_line_and_the_nearest_name() {
        let error = parse("data = \".\"\n\nlokal_listen = \"127.0.0.1:1\"\n").unwrap_err();

        assert!(matches!(&error, ConfigError::UnknownKey { line: 3, nearest: Some("local_listen"), .. }), "{error}");
        assert!(error.remedy().contains("local_listen"));
        let error = parse("zzz = 1").unwrap_err();
        assert!(matches!(&error, ConfigError::UnknownKey { line: 1, nearest: None, .. }), "{error}");
    }

    #[test]
    fn each_fault_is_named_for_what_it_is() {
        let with = |line: &str| parse(&format!("data = \".\"\naddress = \"r:1\"\n{line}")).unwrap_err();

        assert!(matches!(parse("address = \"r:1\"").unwrap_err(), ConfigError::Missing("data")));
        assert!(matches!(parse("data = \".\"").unwrap_err(), ConfigError::Missing("address")));
        assert!(matches!(with("listen = \"here\""), ConfigError::NotASocket { key: "listen", .. }));
        assert!(matches!(with("listen = 5"), ConfigError::Syntax { line: 3, .. }));
        assert!(matches!(with("listen = \"a"), ConfigError::Syntax { line: 3, .. }));
        assert!(matches!(with("local_listen = \"0.0.0.0:1\""), ConfigError::NotLocal(_)));
        assert!(matches!(with("log = \"a=b=c\""), ConfigError::Log(_)));
        assert!(matches!(with("submit_burst = 0"), ConfigError::NotABound { key: "submit_burst", value: 0 }));
        assert!(matches!(with("submit_burst = 5000000000"), ConfigError::NotABound { .. }));
        assert!(matches!(with("frame_s = 0"), ConfigError::NotABound { key: "frame_s", value: 0 }));
        let none = with("connections_per_node = 0");
        assert!(matches!(&none, ConfigError::NotABound { key: "connections_per_node", value: 0 }), "{none}");
        assert!(matches!(with("submit_burst = -1"), ConfigError::Syntax { line: 3, .. }));
        for bad in ["r", "r:", "r:0", ":1", "r:70000", "a b:1", "a:b:1"] {
            let text = format!("data = \".\"\naddress = \"{bad}\"");
            assert!(matches!(parse(&text).unwrap_err(), ConfigError::NotAnAddress(_)), "{bad}");
        }
        assert!(port_of("[::1]:4433").is_some());
    }
}
