//! `safeconduct-relay init`: a new relay's directory, with its keys, its public file and its configuration.

use std::{
    io,
    path::{Path, PathBuf},
};

use safeconduct_certs::{
    authority::relay_file::{RelayFile, witness_name},
    durable,
};
use safeconduct_protocol::{
    crypto::hash::{HashLabel, hash},
    entropy::{Entropy, random},
    id::NodeId,
};

use crate::{
    config::{self, port_of},
    exit::Exit,
    keys::{KeyError, RelayKeys},
};

/// What the authority is given.
pub const PUBLIC_FILE: &str = "relay.pub";
/// The configuration.
pub const CONFIG_FILE: &str = "relay.toml";

/// Why no relay was set up.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SetupError {
    /// Not `host:port`.
    #[error("the address is not host:port: {0}")]
    Address(String),
    /// The directory holds a relay.
    #[error("{} exists already", .0.display())]
    Exists(PathBuf),
    /// The directory or a file in it cannot be made.
    #[error("{} cannot be made: {}", path.display(), source.kind())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The keys.
    #[error(transparent)]
    Keys(#[from] KeyError),
}

impl SetupError {
    /// What to do next.
    #[must_use]
    pub fn remedy(&self) -> String {
        match self {
            Self::Address(_) => {
                "write the name and port under which nodes reach this relay, as relay.example:4433".to_owned()
            }
            Self::Exists(_) => "this directory holds a relay already: use it, or choose another directory".to_owned(),
            Self::File { .. } => "check that the directory is writable and that its disk has space".to_owned(),
            Self::Keys(error) => error.remedy(),
        }
    }

    /// A stable name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Address(_) => "address",
            Self::Exists(_) | Self::Keys(KeyError::Exists(_)) => "exists",
            Self::File { .. } => "file",
            Self::Keys(_) => "keys",
        }
    }

    /// The exit code.
    #[must_use]
    pub const fn exit(&self) -> Exit {
        match self {
            Self::Address(_) => Exit::Usage,
            Self::Exists(_) | Self::Keys(KeyError::Exists(_)) => Exit::Refused,
            Self::File { .. } | Self::Keys(_) => Exit::NotReady,
        }
    }
}

/// What was made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Made {
    /// The file for the authority.
    pub public_file: PathBuf,
    /// The configuration.
    pub config_file: PathBuf,
    /// The relay's node id.
    pub node: NodeId,
}

/// Sets up a relay in the directory `data`, which is made; nothing that is there is replaced.
///
/// # Errors
/// Any [`SetupError`].
pub fn init(data: &Path, address: &str, entropy: &mut dyn Entropy) -> Result<Made, SetupError> {
    if port_of(address).is_none() {
        return Err(SetupError::Address(address.to_owned()));
    }
    let (public_file, config_file) = (data.join(PUBLIC_FILE), data.join(CONFIG_FILE));
    for path in [&public_file, &config_file] {
        if path.try_exists().is_ok_and(|there| there) {
            return Err(SetupError::Exists(path.clone()));
        }
    }
    durable::private_directory(data).map_err(|source| SetupError::File { path: data.to_owned(), source })?;
    let salt: [u8; 16] = random(entropy).map_err(KeyError::NoEntropy)?;
    let keys = RelayKeys::make(data, entropy)?;
    let ik = keys.receipt.verifying_key();
    let node = NodeId::from_bytes(hash(HashLabel::NodeId, &[ik.as_bytes(), &salt]));
    let witness = Some((witness_name(&keys.witness.verifier()), keys.witness.verifier()));
    let public = RelayFile { address: address.to_owned(), ik, tls_spki: keys.tls.spki_hash(), node, witness };
    let write = |path: &Path, text: &str| {
        durable::create(path, text.as_bytes(), durable::PUBLIC)
            .map_err(|source| SetupError::File { path: path.to_owned(), source })
    };
    write(&public_file, &public.to_text())?;
    write(&config_file, &config::example(address))?;
    Ok(Made { public_file, config_file, node })
}

/// Writes the witness key into the public file of a relay that had none when it was made. A file that is not there, or is not
/// this relay's, is left alone.
pub(crate) fn name_witness(data: &Path, keys: &RelayKeys) -> io::Result<()> {
    let path = data.join(PUBLIC_FILE);
    let Some(public) = std::fs::read(&path).ok().and_then(|bytes| RelayFile::parse(&bytes).ok()) else { return Ok(()) };
    if public.witness.is_some() || public.ik != keys.receipt.verifying_key() {
        return Ok(());
    }
    let key = keys.witness.verifier();
    let named = RelayFile { witness: Some((witness_name(&key), key)), ..public };
    durable::write(&path, named.to_text().as_bytes(), durable::PUBLIC)
}

#[cfg(test)]
mod tests {
    use safeconduct_certs::system::SystemEntropy;

    use super::*;
    use crate::config::Config;

    #[test]
    fn a_new_relay_has_keys_a_public_file_and_a_valid_configuration_and_is_not_overwritten() {
        let parent = tempfile::tempdir().unwrap();
        let data = parent.path().join("relay");

        let made = init(&data, "127.0.0.1:4433", &mut SystemEntropy).unwrap();

        let public = RelayFile::parse(&std::fs::read(&made.public_file).unwrap()).unwrap();
        let keys = RelayKeys::read(&data).unwrap();
        let witness = keys.witness.verifier();
        assert_eq!(public.witness, Some((witness_name(&witness), witness)));
        let before = RelayFile { witness: None, ..public.clone() };
        std::fs::write(&made.public_file, before.to_text()).unwrap();
        name_witness(&data, &keys).unwrap();
        assert_eq!(RelayFile::parse(&std::fs::read(&made.public_file).unwrap()), Ok(public.clone()));
        assert!(public.ik == keys.receipt.verifying_key() && public.tls_spki == keys.tls.spki_hash());
        assert_eq!((public.node, public.address.as_str()), (made.node, "127.0.0.1:4433"));
        assert_eq!(Config::read(&made.config_file).unwrap().data.canonicalize().unwrap(), data.canonicalize().unwrap());
        assert!(matches!(init(&data, "127.0.0.1:4433", &mut SystemEntropy), Err(SetupError::Exists(_))));
        std::fs::remove_file(made.public_file).unwrap();
        std::fs::remove_file(made.config_file).unwrap();
        let error = init(&data, "127.0.0.1:4433", &mut SystemEntropy).unwrap_err();
        assert_eq!((error.code(), error.exit()), ("exists", Exit::Refused));
        assert!(matches!(init(&data, "nowhere", &mut SystemEntropy), Err(SetupError::Address(_))));
    }
}
