//! A new authority: keys, root file, what to store where.

use std::path::Path;

use safeconduct_protocol::{
    crypto::{note::NoteVerifier, sign::SigningKey},
    entropy::Entropy,
    limits::SUITE_1,
    time::Clock,
};

use super::{
    AdminError,
    keys::{Keys, ROOT_KEYS, ROOT_THRESHOLD, root_key_name, write_root_key},
    office::{ROOT_FILE, lock},
    root::{Fingerprint, RootDraft},
};
use crate::{durable, keyfile::Cost};

/// Shortest passphrase, in bytes.
pub const PASSPHRASE_BYTES_MIN: usize = 12;

/// What was made.
pub struct Founded {
    /// What everybody compares.
    pub fingerprint: Fingerprint,
    /// Files under `keys/` that belong on offline media with different people.
    pub root_keys: Vec<String>,
    /// How many of them must sign a change of the root file.
    pub threshold: u8,
}

/// Who must have signed a head beside the authority.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Witnesses {
    /// How many of them.
    pub quorum: u8,
    /// Names and keys.
    pub keys: Vec<(String, NoteVerifier)>,
}

/// Makes an authority in `folder`. The root file is written last: a directory without one is no authority, and `init`
/// may be run again there.
///
/// # Errors
/// [`AdminError::Exists`], [`AdminError::ShortPassphrase`], [`AdminError::Root`], [`AdminError::Disk`].
#[expect(clippy::too_many_arguments, reason = "what an authority is made of, each once")]
pub fn init(
    folder: &Path,
    country: [u8; 2],
    log_name: &str,
    witnesses: &Witnesses,
    passphrase: &[u8],
    cost: Cost,
    clock: &dyn Clock,
    entropy: &mut dyn Entropy,
) -> Result<Founded, AdminError> {
    if passphrase.len() < PASSPHRASE_BYTES_MIN {
        return Err(AdminError::ShortPassphrase);
    }
    let keys_folder = folder.join("keys");
    durable::private_directory(folder).map_err(AdminError::disk("the directory"))?;
    let _lock = lock(folder)?;
    if folder.join(ROOT_FILE).try_exists().map_err(AdminError::disk("the root file"))? {
        return Err(AdminError::Exists);
    }
    let keys = Keys::generate(entropy)?;
    let mut roots = Vec::new();
    for _ in 0..ROOT_KEYS {
        roots.push(SigningKey::generate(entropy)?);
    }
    let draft = RootDraft {
        version: 1,
        threshold: ROOT_THRESHOLD,
        root_keys: roots.iter().map(SigningKey::verifying_key).collect(),
        country,
        log_name: log_name.to_owned(),
        log_key: keys.log.verifier(),
        registrar: keys.registrar.verifying_key(),
        timestamp: keys.timestamp.verifying_key(),
        tls_spki: keys.tls.spki_hash(),
        enrol: keys.enrol.public(),
        witness_quorum: witnesses.quorum,
        witnesses: witnesses.keys.clone(),
        min_suite: SUITE_1,
        made_at: clock.now(),
    };
    let signers: Vec<(u8, &SigningKey)> = (0..).zip(&roots).collect();
    let root = draft.sign(&signers).map_err(AdminError::Root)?;

    durable::private_directory(&keys_folder).map_err(AdminError::disk("the key directory"))?;
    keys.write(&keys_folder, passphrase, cost, entropy)?;
    for (number, key) in (1..).zip(&roots) {
        write_root_key(&keys_folder, (number, 1), key, passphrase, cost, entropy)?;
    }
    durable::write(&folder.join(ROOT_FILE), root.as_bytes(), durable::PUBLIC)
        .map_err(AdminError::disk("the root file"))?;
    Ok(Founded {
        fingerprint: root.fingerprint(),
        root_keys: (1..=ROOT_KEYS).map(|number| root_key_name(number, 1)).collect(),
        threshold: ROOT_THRESHOLD,
    })
}
