//! A vault whose parts came out of a backup: made whole in a folder of its own, then put in its place, whole or not at all.

use std::{
    fs,
    io::{self, Read, Write as _},
    path::Path,
};

use safeconduct_certs::keyfile::Cost;
use safeconduct_protocol::{entropy::Entropy, secret::Secret, time::Timestamp};
use zeroize::Zeroizing;

use super::{KEY_FILE, KEY_FILE_EARLY, Vault, VaultError, VaultKey, clear_unfinished, db, files, unlock};
use crate::{keys, prekeys::seeds::Seeds};

/// Where a restore is prepared, in the data folder.
pub(super) const RESTORING: &str = "restoring";

/// What a backup holds of a vault, apart from its database.
pub(crate) struct Parts {
    /// The key of the database in it; of no other vault.
    pub(crate) key: VaultKey,
    /// The seed of the TLS key.
    pub(crate) tls: Secret<32>,
}

/// Makes a vault in the new folder `dir` from its parts, with the database that `bytes` gives, and opens it.
///
/// # Errors
/// What `bytes` or the disk says; [`VaultError::Damaged`] when the database is not one of this key, or is altered.
pub(crate) fn unpacked(
    dir: &Path,
    parts: &Parts,
    bytes: &mut dyn Read,
    passphrase: &Zeroizing<String>,
    cost: Cost,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<Vault, VaultError> {
    files::make_dir(dir)?;
    let mut file = files::create_private(&dir.join(db::NAME))?;
    io::copy(bytes, &mut file)?;
    file.flush()?;
    file.sync_all()?;
    drop(file);
    files::replace(dir, keys::TLS_FILE, parts.tls.reveal())?;
    drop(Seeds::create(dir, &parts.key, entropy)?);
    files::replace(dir, KEY_FILE, &unlock::wrap(&parts.key, passphrase, cost, entropy)?)?;
    let vault = Vault::open(dir, passphrase, now, entropy)?;
    vault.check()?;
    Ok(vault)
}

/// Puts a vault in the folder `dir`, which has none. `make` makes it in the folder that it is given, and closes it.
///
/// # Errors
/// [`VaultError::Exists`], [`VaultError::InUse`], or what `make` or the disk says: there is no vault in `dir` then, and the next
/// attempt begins anew.
pub(crate) fn put_back<T, E: From<VaultError>>(dir: &Path, make: impl FnOnce(&Path) -> Result<T, E>) -> Result<T, E> {
    files::make_dir(dir)?;
    let _lock = files::Lock::take(dir)?;
    if Vault::exists(dir) {
        return Err(VaultError::Exists { dir: dir.to_owned() }.into());
    }
    clear_unfinished(dir)?;
    let restoring = dir.join(RESTORING);
    let made = match make(&restoring) {
        Ok(made) => made,
        Err(error) => {
            files::remove_dir_if_there(&restoring)?;
            return Err(error);
        }
    };
    for step in STEPS {
        step.take(&restoring, dir).map_err(|error| VaultError::from(error).on_disk(dir))?;
    }
    files::remove_dir_if_there(&restoring)?;
    Ok(made)
}

/// One step of putting a vault in its place; a crash may come between any two.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Step {
    /// The key file, under the name of one that does not count: what is here from now on is unfinished.
    KeyEarly,
    /// A file of the vault.
    Move(&'static str),
    /// The folder's entries are durable.
    Sync,
    /// The key file gets its name: from now on there is a vault.
    Key,
}

/// All steps, in order.
pub(super) const STEPS: [Step; 6] = [
    Step::KeyEarly,
    Step::Move(db::NAME),
    Step::Move(keys::TLS_FILE),
    Step::Move(crate::prekeys::seeds::NAME),
    Step::Sync,
    Step::Key,
];

impl Step {
    pub(super) fn take(self, from: &Path, to: &Path) -> io::Result<()> {
        match self {
            Self::KeyEarly => fs::rename(from.join(KEY_FILE), to.join(KEY_FILE_EARLY)),
            Self::Move(name) => fs::rename(from.join(name), to.join(name)),
            Self::Sync => files::sync_dir(to),
            Self::Key => {
                fs::rename(to.join(KEY_FILE_EARLY), to.join(KEY_FILE))?;
                files::sync_dir(to)
            }
        }
    }
}

/// A restore that is cut off, for tests.
#[cfg(test)]
pub(crate) mod cut_off {
    use std::path::Path;

    use super::{RESTORING, STEPS};

    /// As many steps as a restore has.
    pub(crate) const STEP_COUNT: usize = STEPS.len();

    /// As a crash after the first `steps` leaves it.
    pub(crate) fn after(dir: &Path, steps: usize, make: impl FnOnce(&Path)) {
        let preparing = dir.join(RESTORING);
        make(&preparing);
        for step in &STEPS[..steps] {
            step.take(&preparing, dir).unwrap();
        }
    }
}
