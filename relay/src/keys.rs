//! The relay's three keys, each in a file of its own: the receipt key signs what the relay accepted, the TLS key proves
//! the relay to nodes, the witness key cosigns registry heads. None can stand in for another.

use std::{
    fs, io,
    io::Read as _,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use safeconduct_certs::{authority::relay_file::RelayFile, durable, link::TlsKey, system::SystemEntropy};
use safeconduct_protocol::{
    crypto::{note::NoteKey, sign::SigningKey},
    entropy::{Entropy, NoEntropy},
    secret::Secret,
};
use zeroize::Zeroizing;

use crate::setup::PUBLIC_FILE;

/// File of the receipt key.
pub const RECEIPT_KEY_FILE: &str = "receipt.key";
/// File of the TLS key.
pub const TLS_KEY_FILE: &str = "tls.key";
/// File of the witness key.
pub const WITNESS_KEY_FILE: &str = "witness.key";

const RECEIPT_TITLE: &str = "safeconduct relay receipt key v1";
const TLS_TITLE: &str = "safeconduct relay tls key v1";
const WITNESS_TITLE: &str = "safeconduct relay witness key v1";
/// Longer than any key file.
const FILE_BYTES_MAX: u64 = 256;
/// Nobody but the owner.
const OTHERS: u32 = 0o077;

/// Why a key cannot be had.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// There is no such file.
    #[error("the key file {} is missing", .0.display())]
    Missing(PathBuf),
    /// It cannot be read or written.
    #[error("the key file {} cannot be used: {}", path.display(), source.kind())]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Others could read it.
    #[error("the key file {} may be read by others (mode {mode:03o})", path.display())]
    Mode {
        /// Which file.
        path: PathBuf,
        /// Its mode.
        mode: u32,
    },
    /// Not a key file of this kind.
    #[error("{} is not a {kind}", path.display())]
    Malformed {
        /// Which file.
        path: PathBuf,
        /// What it should be.
        kind: &'static str,
    },
    /// It is there already.
    #[error("the key file {} exists already", .0.display())]
    Exists(PathBuf),
    /// No randomness.
    #[error("no key can be made")]
    NoEntropy(#[from] NoEntropy),
}

impl KeyError {
    /// What to do next.
    #[must_use]
    pub fn remedy(&self) -> String {
        match self {
            Self::Missing(_) => "run `safeconduct-relay init`, or restore the file from the backup".to_owned(),
            Self::File { .. } => "check owner and permissions of the file and of the data directory".to_owned(),
            Self::Mode { path, .. } => {
                format!("run `chmod 600 {}`; if others were there, ask the authority for a new key", path.display())
            }
            Self::Malformed { .. } => "restore the file from the backup".to_owned(),
            Self::Exists(_) => "this directory holds a relay already: use it, or choose another directory".to_owned(),
            Self::NoEntropy(_) => "the operating system gives no randomness: check it".to_owned(),
        }
    }
}

/// All three keys.
pub struct RelayKeys {
    /// Signs `relay-accepted` and `relay-expired`.
    pub receipt: SigningKey,
    /// Proves the relay in the handshake.
    pub tls: TlsKey,
    /// Cosigns registry heads, and signs nothing else.
    pub witness: NoteKey,
}

impl RelayKeys {
    /// Makes all keys and writes their files into `data`; never over a file that is there.
    ///
    /// # Errors
    /// Any [`KeyError`].
    pub fn make(data: &Path, entropy: &mut dyn Entropy) -> Result<Self, KeyError> {
        for name in [RECEIPT_KEY_FILE, TLS_KEY_FILE, WITNESS_KEY_FILE] {
            let path = data.join(name);
            if path.try_exists().map_err(|source| KeyError::File { path: path.clone(), source })? {
                return Err(KeyError::Exists(path));
            }
        }
        let keys = Self {
            receipt: SigningKey::generate(entropy)?,
            tls: TlsKey::generate(entropy)?,
            witness: NoteKey::generate(entropy)?,
        };
        write(&data.join(RECEIPT_KEY_FILE), RECEIPT_TITLE, &keys.receipt.seed())?;
        write(&data.join(TLS_KEY_FILE), TLS_TITLE, keys.tls.seed())?;
        write(&data.join(WITNESS_KEY_FILE), WITNESS_TITLE, &keys.witness.seed())?;
        Ok(keys)
    }

    /// Reads all keys from `data`. A relay of before there were witness keys gets one; one whose public file names a witness key
    /// does not get another in its place: nobody would know it.
    ///
    /// # Errors
    /// Any [`KeyError`].
    pub fn read(data: &Path) -> Result<Self, KeyError> {
        let path = data.join(WITNESS_KEY_FILE);
        if !path.try_exists().map_err(|source| KeyError::File { path: path.clone(), source })? {
            let named = fs::read(data.join(PUBLIC_FILE)).ok().and_then(|bytes| RelayFile::parse(&bytes).ok());
            if named.is_some_and(|public| public.witness.is_some()) {
                return Err(KeyError::Missing(path));
            }
            write(&path, WITNESS_TITLE, &NoteKey::generate(&mut SystemEntropy)?.seed())?;
        }
        let witness = NoteKey::from_seed(read(&path, WITNESS_TITLE)?);
        let receipt = SigningKey::from_seed(read(&data.join(RECEIPT_KEY_FILE), RECEIPT_TITLE)?);
        let tls = TlsKey::from_seed(read(&data.join(TLS_KEY_FILE), TLS_TITLE)?);
        Ok(Self { receipt, tls, witness })
    }
}

fn write(path: &Path, title: &str, seed: &Secret<32>) -> Result<(), KeyError> {
    let digits = Zeroizing::new(hex::encode(seed.reveal()));
    let text = Zeroizing::new(format!("{title}\n{}\n", digits.as_str()));
    durable::create(path, text.as_bytes(), durable::PRIVATE)
        .map_err(|source| KeyError::File { path: path.to_owned(), source })
}

fn read(path: &Path, title: &'static str) -> Result<Secret<32>, KeyError> {
    let unusable = |source: io::Error| {
        if source.kind() == io::ErrorKind::NotFound {
            return KeyError::Missing(path.to_owned());
        }
        KeyError::File { path: path.to_owned(), source }
    };
    let file = fs::File::open(path).map_err(unusable)?;
    let mode = file.metadata().map_err(unusable)?.permissions().mode() & 0o777;
    if mode & OTHERS != 0 {
        return Err(KeyError::Mode { path: path.to_owned(), mode });
    }
    let malformed = || KeyError::Malformed { path: path.to_owned(), kind: title };
    let mut text = Zeroizing::new(String::new());
    file.take(FILE_BYTES_MAX).read_to_string(&mut text).ok().ok_or_else(malformed)?;
    let mut seed = Zeroizing::new([0_u8; 32]);
    let digits = text.strip_prefix(title).map(str::trim).ok_or_else(malformed)?;
    hex::decode_to_slice(digits, seed.as_mut()).ok().ok_or_else(malformed)?;
    Ok(Secret::new(*seed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_back_and_never_overwritten() {
        let data = tempfile::tempdir().unwrap();
        let made = RelayKeys::make(data.path(), &mut SystemEntropy).unwrap();

        let read = RelayKeys::read(data.path()).unwrap();

        assert!(made.receipt.verifying_key() == read.receipt.verifying_key());
        assert_eq!(made.tls.spki_hash(), read.tls.spki_hash());
        assert!(made.witness.verifier() == read.witness.verifier());
        fs::remove_file(data.path().join(WITNESS_KEY_FILE)).unwrap();
        let fresh = RelayKeys::read(data.path()).unwrap().witness.verifier();
        assert!(fresh != made.witness.verifier() && fresh == RelayKeys::read(data.path()).unwrap().witness.verifier());
        assert!(matches!(RelayKeys::make(data.path(), &mut SystemEntropy).err(), Some(KeyError::Exists(_))));
    }

    #[test]
    fn a_missing_open_swapped_or_cut_key_file_is_named_for_what_it_is() {
        let data = tempfile::tempdir().unwrap();
        RelayKeys::make(data.path(), &mut SystemEntropy).unwrap();
        let (receipt, tls) = (data.path().join(RECEIPT_KEY_FILE), data.path().join(TLS_KEY_FILE));
        let refused = || RelayKeys::read(data.path()).err().unwrap();

        fs::set_permissions(&tls, fs::Permissions::from_mode(0o640)).unwrap();
        assert!(matches!(refused(), KeyError::Mode { mode: 0o640, .. }));
        fs::set_permissions(&tls, fs::Permissions::from_mode(0o600)).unwrap();
        let whole = fs::read(&tls).unwrap();
        fs::write(&tls, &whole[..whole.len() - 2]).unwrap();
        assert!(matches!(refused(), KeyError::Malformed { .. }));
        fs::write(&tls, fs::read(&receipt).unwrap()).unwrap();
        assert!(matches!(refused(), KeyError::Malformed { .. }), "a receipt key is no TLS key");
        fs::remove_file(&tls).unwrap();
        assert!(matches!(refused(), KeyError::Missing(_)));
    }
}
