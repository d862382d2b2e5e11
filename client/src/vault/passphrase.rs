//! The passphrase: changed without touching what it guards; and the key that backups are sealed with, so that the running
//! daemon makes them without asking for it.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension as _, params};
use safeconduct_certs::keyfile::{self, Cost};
use safeconduct_protocol::{crypto::hash::sha256, entropy::Entropy, secret::Secret};
use zeroize::Zeroizing;

use super::{KEY_FILE, Vault, VaultError, files, unlock};

/// Names what the wrapped key is for.
pub(crate) const BACKUP_PURPOSE: &str = "safeconduct/v1 backup passphrase";

/// Wraps the vault key in `dir` by another passphrase. The old key file is overwritten, best effort: a copy of it elsewhere, and
/// every older backup, still opens with the old passphrase.
///
/// # Errors
/// [`VaultError::Missing`], [`VaultError::InUse`], [`VaultError::WrongPassphrase`], or what the disk says; then the old
/// passphrase still holds.
pub fn change(
    dir: &Path,
    old: &Zeroizing<String>,
    new: &Zeroizing<String>,
    cost: Cost,
    entropy: &mut dyn Entropy,
) -> Result<(), VaultError> {
    if !Vault::exists(dir) {
        return Err(VaultError::Missing { dir: dir.to_owned() });
    }
    let _lock = files::Lock::take(dir)?;
    let wrapped = files::read(dir, KEY_FILE)?.ok_or_else(|| VaultError::Missing { dir: dir.to_owned() })?;
    let key = unlock::unwrap(&wrapped, old)?;
    // The key that seals backups is made anew when the vault is opened next: it is of another key file.
    files::replace(dir, KEY_FILE, &unlock::wrap(&key, new, cost, entropy)?)
}

/// Makes the key that seals backups, if there is none for this key file.
pub(super) fn keep_backup_key(
    vault: &Vault,
    wrapped: &[u8],
    passphrase: &Zeroizing<String>,
    entropy: &mut dyn Entropy,
) -> Result<(), VaultError> {
    let of: Option<[u8; 32]> =
        vault.db().query_row("SELECT vault_file FROM backup_key", [], |row| row.get(0)).optional()?;
    if of == Some(sha256(&[wrapped])) {
        return Ok(());
    }
    let cost = keyfile::cost_of(wrapped).unwrap_or(Cost::STANDARD);
    make_backup_key(vault.db(), wrapped, passphrase, cost, entropy)
}

/// Makes the key that seals backups, for the key file whose content is `wrapped`.
pub(super) fn make_backup_key(
    db: &Connection,
    wrapped: &[u8],
    passphrase: &Zeroizing<String>,
    cost: Cost,
    entropy: &mut dyn Entropy,
) -> Result<(), VaultError> {
    let secret = Secret::<32>::random(entropy)?;
    let under = keyfile::seal_with_passphrase(passphrase.as_bytes(), BACKUP_PURPOSE, secret.reveal(), cost, entropy)?;
    db.execute(
        "REPLACE INTO backup_key (only, vault_file, secret, wrapped) VALUES (1, ?1, ?2, ?3)",
        params![sha256(&[wrapped]), secret.reveal(), under],
    )?;
    Ok(())
}

/// The key that seals backups, and the same under the passphrase.
pub(super) fn backup_key(db: &Connection) -> Result<(Secret<32>, Vec<u8>), VaultError> {
    const GONE: VaultError = VaultError::Damaged { what: "the key that seals backups is missing" };
    let read = |row: &rusqlite::Row<'_>| Ok((Zeroizing::new(row.get::<_, [u8; 32]>(0)?), row.get(1)?));
    let found = db.query_row("SELECT secret, wrapped FROM backup_key", [], read).optional()?;
    let (secret, wrapped) = found.ok_or(GONE)?;
    Ok((Secret::new(*secret), wrapped))
}
