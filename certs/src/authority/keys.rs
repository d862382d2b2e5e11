//! The authority's keys at rest: `keys/unlock.key` opens with the passphrase and opens the others; the root keys open
//! with the passphrase each by itself, because they leave this machine.

use std::path::Path;

use safeconduct_protocol::{
    crypto::{kem::KemSecret, note::NoteKey, sign::SigningKey},
    entropy::Entropy,
    secret::Secret,
};

use super::{AdminError, root::RootFile};
use crate::{
    directory::DirectoryKey,
    durable,
    keyfile::{self, Cost, KEYFILE_BYTES_MAX, KeyfileError},
    link::TlsKey,
};

/// Root keys that are made, and how many must sign.
pub(super) const ROOT_KEYS: u8 = 3;
pub(super) const ROOT_THRESHOLD: u8 = 2;
const UNLOCK: &str = "unlock.key";
const UNLOCK_PURPOSE: &str = "safeconduct authority unlock";

/// The keys that the acts need; the root keys are not among them.
pub(super) struct Keys {
    pub(super) log: NoteKey,
    pub(super) registrar: SigningKey,
    pub(super) timestamp: SigningKey,
    pub(super) tls: TlsKey,
    pub(super) enrol: KemSecret,
    pub(super) directory: DirectoryKey,
    pub(super) unlock: Secret<32>,
}

impl Keys {
    pub(super) fn generate(entropy: &mut dyn Entropy) -> Result<Self, AdminError> {
        Ok(Self {
            log: NoteKey::generate(entropy)?,
            registrar: SigningKey::generate(entropy)?,
            timestamp: SigningKey::generate(entropy)?,
            tls: TlsKey::generate(entropy)?,
            enrol: KemSecret::generate(entropy)?,
            directory: DirectoryKey::new(Secret::random(entropy)?),
            unlock: Secret::random(entropy)?,
        })
    }

    /// Writes every key file.
    pub(super) fn write(
        &self,
        folder: &Path,
        passphrase: &[u8],
        cost: Cost,
        entropy: &mut dyn Entropy,
    ) -> Result<(), AdminError> {
        let unlock = keyfile::seal_with_passphrase(passphrase, UNLOCK_PURPOSE, self.unlock.reveal(), cost, entropy)?;
        put(&folder.join(UNLOCK), &unlock)?;
        let secrets: [(&str, Secret<32>); 6] = [
            ("log", self.log.seed()),
            ("registrar", self.registrar.seed()),
            ("timestamp", self.timestamp.seed()),
            ("tls", self.tls.seed().duplicate()),
            ("enrol", self.enrol.seed().duplicate()),
            ("directory", Secret::new(*self.directory.reveal())),
        ];
        for (name, secret) in secrets {
            let sealed = keyfile::seal_with_key(self.unlock.reveal(), &purpose(name), secret.reveal(), entropy)?;
            put(&folder.join(file_name(name, 1)), &sealed)?;
        }
        Ok(())
    }

    /// Opens every key file, and checks them against the root file.
    pub(super) fn open(folder: &Path, passphrase: &[u8], root: &RootFile) -> Result<Self, AdminError> {
        let unlock = keyfile::open_with_passphrase(passphrase, UNLOCK_PURPOSE, &take(&folder.join(UNLOCK))?)?;
        Self::unlocked(folder, &Secret::from_slice(&unlock).ok_or(KeyfileError::Malformed)?, root)
    }

    /// The same when they are unlocked already: the keys of this root file, which may be a next one.
    pub(super) fn unlocked(folder: &Path, unlock: &Secret<32>, root: &RootFile) -> Result<Self, AdminError> {
        let open = |name: &str, since: u32| -> Result<Secret<32>, AdminError> {
            let sealed = take(&folder.join(file_name(name, since)))?;
            let secret = keyfile::open_with_key(unlock.reveal(), &purpose(name), &sealed)?;
            Ok(Secret::from_slice(&secret).ok_or(KeyfileError::Malformed)?)
        };
        let log = root.since(|version| *version.log_key().as_bytes()).version();
        let registrar = root.since(|version| *version.registrar()).version();
        let timestamp = root.since(|version| *version.timestamp_key()).version();
        let keys = Self {
            log: NoteKey::from_seed(open("log", log)?),
            registrar: SigningKey::from_seed(open("registrar", registrar)?),
            timestamp: SigningKey::from_seed(open("timestamp", timestamp)?),
            tls: TlsKey::from_seed(open("tls", 1)?),
            enrol: KemSecret::from_bytes(open("enrol", 1)?),
            directory: DirectoryKey::new(open("directory", 1)?),
            unlock: unlock.duplicate(),
        };
        let fits = keys.log.verifier() == *root.log_key()
            && keys.registrar.verifying_key() == *root.registrar()
            && keys.timestamp.verifying_key() == *root.timestamp_key()
            && keys.tls.spki_hash() == *root.tls_spki()
            && keys.enrol.public() == *root.enrol_key();
        if fits { Ok(keys) } else { Err(AdminError::Damaged { what: "the root file beside its keys" }) }
    }
}

/// The key with which other authorities' logs are cosigned; made when it is not there yet.
pub(super) fn witness(folder: &Path, unlock: &[u8; 32], entropy: &mut dyn Entropy) -> Result<NoteKey, AdminError> {
    let (path, purpose) = (folder.join("witness.key"), purpose("witness"));
    if path.try_exists().map_err(AdminError::disk("a key file"))? {
        let secret = keyfile::open_with_key(unlock, &purpose, &take(&path)?)?;
        return Ok(NoteKey::from_seed(Secret::from_slice(&secret).ok_or(KeyfileError::Malformed)?));
    }
    let key = NoteKey::generate(entropy)?;
    put(&path, &keyfile::seal_with_key(unlock, &purpose, key.seed().reveal(), entropy)?)?;
    Ok(key)
}

/// Writes a key that comes with a next version of the root file.
pub(super) fn write_next(
    folder: &Path,
    unlock: &[u8; 32],
    (name, version): (&str, u32),
    seed: &[u8; 32],
    entropy: &mut dyn Entropy,
) -> Result<(), AdminError> {
    put(&folder.join(file_name(name, version)), &keyfile::seal_with_key(unlock, &purpose(name), seed, entropy)?)
}

/// Writes one root key, sealed by the passphrase alone, that came with a version of the root file.
pub(super) fn write_root_key(
    folder: &Path,
    (number, version): (u8, u32),
    key: &SigningKey,
    passphrase: &[u8],
    cost: Cost,
    entropy: &mut dyn Entropy,
) -> Result<(), AdminError> {
    let sealed = keyfile::seal_with_passphrase(passphrase, &root_purpose(number), key.seed().reveal(), cost, entropy)?;
    put(&folder.join(root_key_name(number, version)), &sealed)
}

/// Opens a holder's root key, wherever its file lies; its name says which it is.
///
/// # Errors
/// [`AdminError::RootKeyName`], [`AdminError::Keyfile`], [`AdminError::Disk`].
pub fn open_root_key(path: &Path, passphrase: &[u8]) -> Result<SigningKey, AdminError> {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let number = name.strip_prefix("root-").and_then(|rest| rest.split(['-', '.']).next()?.parse().ok());
    let purpose = root_purpose(number.ok_or(AdminError::RootKeyName)?);
    let seed = keyfile::open_with_passphrase(passphrase, &purpose, &take(path)?)?;
    Ok(SigningKey::from_seed(Secret::from_slice(&seed).ok_or(KeyfileError::Malformed)?))
}

/// File name of a root key: of the holder's number, and of the version of the root file with which it came.
pub(super) fn root_key_name(number: u8, version: u32) -> String {
    file_name(&format!("root-{number}"), version)
}

/// Keys that came later do not take the place of those before: until their version is in force the others are needed.
fn file_name(name: &str, version: u32) -> String {
    if version == 1 { format!("{name}.key") } else { format!("{name}-v{version}.key") }
}

fn root_purpose(number: u8) -> String {
    format!("safeconduct authority root {number}")
}

fn purpose(name: &str) -> String {
    format!("safeconduct authority {name}")
}

fn put(path: &Path, bytes: &[u8]) -> Result<(), AdminError> {
    durable::write(path, bytes, durable::PRIVATE).map_err(AdminError::disk("a key file"))
}

fn take(path: &Path) -> Result<Vec<u8>, AdminError> {
    let bytes = std::fs::read(path).map_err(AdminError::disk("a key file"))?;
    if bytes.len() > KEYFILE_BYTES_MAX { Err(KeyfileError::Malformed.into()) } else { Ok(bytes) }
}
