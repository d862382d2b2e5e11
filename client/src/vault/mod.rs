//! Keys and database at rest: everything that a node must not lose and nobody else may read.
//!
//! # Layout of the data directory
//! - `vault.scv`: the vault key, wrapped by the passphrase (`unlock`)
//! - `node.db`: the encrypted database (`db`, `migrate`)
//! - `prekeys.seeds`: secret halves of the prekeys, a file of their own so that erasing is rewriting
//!   (`prekeys::seeds`)
//! - `tls.key`: 32 bytes, readable by the daemon's account without a passphrase: it signs no message and opens none
//! - `daemon.lock`: held by whoever has the vault open
//! - `restoring/`, `copying/`: a restore or a backup that has not come to its end; nothing of it counts
//!
//! `vault.scv` is the last thing that `init` writes: a vault exists if and only if it is there.

mod change;
mod db;
mod error;
pub(crate) mod files;
pub(crate) mod line_sum;
mod migrate;
pub(crate) mod page;
mod passphrase;
mod put_back;
#[cfg(debug_assertions)]
mod simulated;
mod sql;
mod unlock;
mod value;

use std::{
    cell::Cell,
    path::{Path, PathBuf},
};

use rusqlite::{Connection, Transaction, TransactionBehavior};
use safeconduct_certs::keyfile::Cost;
use safeconduct_protocol::{entropy::Entropy, secret::Secret, time::Timestamp};
use zeroize::Zeroizing;

#[cfg(test)]
pub(crate) use self::put_back::cut_off;
#[cfg(debug_assertions)]
pub use self::simulated::{AtWrite as SimulatedWrite, simulated, simulated_disk};
pub(crate) use self::{
    change::Change,
    passphrase::BACKUP_PURPOSE,
    put_back::{Parts, put_back, unpacked},
    sql::Sql,
    unlock::VaultKey,
    value::{int, uint},
};
pub use self::{error::VaultError, passphrase::change as change_passphrase};
use crate::prekeys::seeds::Seeds;

/// The wrapped vault key.
const KEY_FILE: &str = "vault.scv";
/// The wrapped vault key while the rest of a new vault is made.
const KEY_FILE_EARLY: &str = "vault.scv.early";

/// Where a backup's copy of the database is made.
const COPYING: &str = "copying";

/// A copy of the database; it goes when this is dropped.
pub(crate) struct Copied {
    dir: PathBuf,
    path: PathBuf,
}

impl Copied {
    /// The file.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Copied {
    fn drop(&mut self) {
        // The next backup removes what is left: nobody has its key.
        files::remove_dir_if_there(&self.dir).ok();
    }
}

/// An open vault; nobody else has it open as long as this lives.
pub struct Vault {
    dir: PathBuf,
    db: Connection,
    key: VaultKey,
    seeds: Seeds,
    /// While a batch is made: whether a part of it was taken back.
    batch: Option<Cell<bool>>,
    _lock: files::Lock,
}

impl Vault {
    /// Whether a vault was made in `dir`.
    #[must_use]
    pub fn exists(dir: &Path) -> bool {
        dir.join(KEY_FILE).exists()
    }

    /// Makes a vault in `dir`, wrapped by `passphrase`, with what `fill` puts into it. All of it is durable when
    /// this returns; after a crash before that there is no vault.
    ///
    /// # Errors
    /// [`VaultError::Exists`], [`VaultError::InUse`], or what the disk says.
    pub(crate) fn create<T>(
        dir: &Path,
        passphrase: &Zeroizing<String>,
        cost: Cost,
        entropy: &mut dyn Entropy,
        fill: impl FnOnce(&Transaction<'_>, &Path) -> Result<T, VaultError>,
    ) -> Result<(Self, T), VaultError> {
        let fresh = !dir.exists();
        files::make_dir(dir)?;
        let lock = files::Lock::take(dir)?;
        if Self::exists(dir) {
            return Err(VaultError::Exists { dir: dir.to_owned() });
        }
        clear_unfinished(dir)?;
        let made = Self::make(dir, passphrase, cost, entropy, fill).map_err(|error| error.on_disk(dir));
        if made.is_err() && !Self::exists(dir) {
            // What cannot be cleared now is cleared by the next attempt.
            let cleared = if fresh { std::fs::remove_dir_all(dir).map_err(Into::into) } else { clear_unfinished(dir) };
            cleared.ok();
        }
        let (db, key, seeds, filled) = made?;
        Ok((Self { dir: dir.to_owned(), db, key, seeds, batch: None, _lock: lock }, filled))
    }

    /// The files of a new vault; the last step is the one that makes it one.
    fn make<T>(
        dir: &Path,
        passphrase: &Zeroizing<String>,
        cost: Cost,
        entropy: &mut dyn Entropy,
        fill: impl FnOnce(&Transaction<'_>, &Path) -> Result<T, VaultError>,
    ) -> Result<(Connection, VaultKey, Seeds, T), VaultError> {
        let key = VaultKey::random(entropy)?;
        files::replace(dir, KEY_FILE_EARLY, &unlock::wrap(&key, passphrase, cost, entropy)?)?;
        let mut db = db::create(dir, &key.subkey(db::NAME)?)?;
        let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let filled = fill(&tx, dir)?;
        tx.commit()?;
        let seeds = Seeds::create(dir, &key, entropy)?;
        let wrapped = files::read(dir, KEY_FILE_EARLY)?.unwrap_or_default();
        passphrase::make_backup_key(&db, &wrapped, passphrase, cost, entropy)?;
        files::rename(dir, KEY_FILE_EARLY, KEY_FILE)?;
        Ok((db, key, seeds, filled))
    }

    /// Opens the vault in `dir`. Prekey seeds whose keys were used up before a crash are erased before this returns,
    /// so before any network is opened.
    ///
    /// # Errors
    /// Any [`VaultError`] but [`VaultError::Exists`].
    pub fn open(
        dir: &Path,
        passphrase: &Zeroizing<String>,
        now: Timestamp,
        entropy: &mut dyn Entropy,
    ) -> Result<Self, VaultError> {
        if !Self::exists(dir) {
            return Err(VaultError::Missing { dir: dir.to_owned() });
        }
        let lock = files::Lock::take(dir)?;
        let wrapped = files::read(dir, KEY_FILE)?.ok_or_else(|| VaultError::Missing { dir: dir.to_owned() })?;
        let key = unlock::unwrap(&wrapped, passphrase)?;
        let db = db::open(dir, &key.subkey(db::NAME)?).map_err(|error| error.on_disk(dir))?;
        let seeds = Seeds::open(dir, &key)?;
        let mut vault = Self { dir: dir.to_owned(), db, key, seeds, batch: None, _lock: lock };
        crate::prekeys::erase_used_up(&mut vault, now, entropy).map_err(|error| error.on_disk(dir))?;
        passphrase::keep_backup_key(&vault, &wrapped, passphrase, entropy).map_err(|error| error.on_disk(dir))?;
        Ok(vault)
    }

    /// Whether this is the passphrase of the open vault; takes as long as opening it.
    ///
    /// # Errors
    /// [`VaultError::WrongPassphrase`], or what the disk says.
    pub fn check_passphrase(&self, passphrase: &Zeroizing<String>) -> Result<(), VaultError> {
        let wrapped = files::read(&self.dir, KEY_FILE)?.ok_or(VaultError::Damaged { what: "vault.scv is missing" })?;
        let key = unlock::unwrap(&wrapped, passphrase)?;
        if key.is(&self.key) { Ok(()) } else { Err(VaultError::Damaged { what: "vault.scv is of another vault" }) }
    }

    /// What seals a backup, and the same under the passphrase.
    pub(crate) fn backup_key(&self) -> Result<(Secret<32>, Vec<u8>), VaultError> {
        passphrase::backup_key(&self.db)
    }

    /// Copies the database as of this moment into a folder of its own, under a new key, without what a backup leaves out.
    pub(crate) fn copy(&self, key: &VaultKey, now: Timestamp) -> Result<Copied, VaultError> {
        let dir = self.dir.join(COPYING);
        files::remove_dir_if_there(&dir)?;
        files::make_dir(&dir)?;
        let copied = Copied { path: dir.join(db::NAME), dir };
        db::copy(&self.db, &copied.path, &key.subkey(db::NAME)?, int(now.0))
            .map_err(|error| error.on_disk(&self.dir))?;
        Ok(copied)
    }

    /// Closes the database and opens it anew: what it had read is wiped with its caches.
    ///
    /// # Errors
    /// What the disk says; it stays open as it was then.
    pub(crate) fn forget_read(&mut self) -> Result<(), VaultError> {
        if self.batch.is_none() {
            self.db = db::open(&self.dir, &self.key.subkey(db::NAME)?).map_err(|error| error.on_disk(&self.dir))?;
        }
        Ok(())
    }

    /// The data directory.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The database, for reading and for single statements.
    pub(crate) const fn db(&self) -> &Connection {
        &self.db
    }

    /// Starts a change of several statements: all of them or none.
    ///
    /// # Errors
    /// What the disk says.
    pub(crate) fn begin(&mut self) -> Result<Change<'_>, VaultError> {
        let change = match &self.batch {
            Some(spoiled) => Change::part(&self.db, spoiled),
            None => Change::alone(&self.db),
        };
        change.map_err(|error| error.on_disk(&self.dir))
    }

    /// Makes several changes durable together, with one wait for the disk: all that `body` begins and commits, or none. Nothing may leave
    /// this machine before. `None` when `body` gives nothing, or has begun a change and not committed it: nothing is changed then, and each
    /// is to be made alone, so that what spoils one spoils no other.
    ///
    /// # Errors
    /// What the disk says; nothing is changed then.
    pub(crate) fn batch<T>(&mut self, body: impl FnOnce(&mut Self) -> Option<T>) -> Result<Option<T>, VaultError> {
        Change::alone(&self.db).map(Change::leave_open).map_err(|error| error.on_disk(&self.dir))?;
        self.batch = Some(Cell::new(false));
        let done = body(self);
        let spoiled = self.batch.take().is_some_and(Cell::into_inner);
        let done = done.filter(|_done| !spoiled);
        change::end_batch(&self.db, done.is_some()).map_err(|error| error.on_disk(&self.dir))?;
        Ok(done)
    }

    /// The secret halves of the prekeys.
    pub(crate) const fn seeds(&self) -> &Seeds {
        &self.seeds
    }

    /// Rewrites the seed file as `change` leaves it. What is in memory changes only when the file has.
    pub(crate) fn rewrite_seeds(
        &mut self,
        entropy: &mut dyn Entropy,
        change: impl FnOnce(&mut Seeds),
    ) -> Result<(), VaultError> {
        let mut next = self.seeds.duplicate();
        change(&mut next);
        next.write(&self.dir, &self.key, entropy)?;
        self.seeds = next;
        Ok(())
    }

    /// Reads the whole database and checks every page; takes about a second for each 500 MB.
    ///
    /// # Errors
    /// [`VaultError::Damaged`].
    pub fn check(&self) -> Result<(), VaultError> {
        db::check(&self.db)
    }

    /// Empties the write-ahead log into the database, so that erased content stays in neither.
    ///
    /// # Errors
    /// What the disk says.
    pub fn checkpoint(&self) -> Result<(), VaultError> {
        db::checkpoint(&self.db)
    }
}

/// Takes away what an `init` left that did not come to its end. Its key was never in force, so nothing is lost; a
/// database beside no key file at all is another matter and is left alone.
fn clear_unfinished(dir: &Path) -> Result<(), VaultError> {
    let early = dir.join(KEY_FILE_EARLY);
    let database = dir.join(db::NAME);
    if !early.exists() && database.exists() {
        return Err(VaultError::Damaged { what: "vault.scv is missing, but its database is here" });
    }
    for name in db::NAMES {
        files::remove_if_there(&dir.join(name))?;
    }
    files::remove_dir_if_there(&dir.join(put_back::RESTORING))?;
    files::remove_if_there(&early)
}

#[cfg(test)]
mod tests;
