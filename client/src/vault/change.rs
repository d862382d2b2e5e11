//! A change of the database, whole or not at all: a transaction of its own, or a part of a batch.

use core::{cell::Cell, ops::Deref};

use rusqlite::{Connection, ffi};

use super::{error::VaultError, sql::Sql as _};

/// Is taken back when dropped without [`Change::commit`].
pub(crate) struct Change<'a> {
    db: &'a Connection,
    /// Of a part: where its batch learns that the part was taken back.
    spoils: Option<&'a Cell<bool>>,
    is_open: bool,
}

impl<'a> Change<'a> {
    /// A change that waits for the disk when it is committed.
    pub(super) fn alone(db: &'a Connection) -> Result<Self, VaultError> {
        db.run("BEGIN IMMEDIATE", [])?;
        Ok(Self { db, spoils: None, is_open: true })
    }

    /// Leaves the transaction open, for the parts of a batch.
    pub(super) fn leave_open(mut self) {
        self.is_open = false;
    }

    /// A change within the transaction of a batch.
    pub(super) fn part(db: &'a Connection, spoils: &'a Cell<bool>) -> Result<Self, VaultError> {
        still_open(db)?;
        Ok(Self { db, spoils: Some(spoils), is_open: true })
    }

    /// Keeps what was changed.
    ///
    /// # Errors
    /// What the disk says; nothing is changed then.
    pub(crate) fn commit(mut self) -> Result<(), rusqlite::Error> {
        if self.spoils.is_none() {
            self.db.run("COMMIT", [])?;
        }
        self.is_open = false;
        Ok(())
    }
}

impl Deref for Change<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.db
    }
}

impl Drop for Change<'_> {
    fn drop(&mut self) {
        match self.spoils {
            _ if !self.is_open => (),
            Some(spoils) => spoils.set(true),
            None => take_back(self.db),
        }
    }
}

/// Ends the transaction of a batch, with everything or with nothing.
///
/// # Errors
/// What the disk says; nothing is changed then.
pub(super) fn end_batch(db: &Connection, whole: bool) -> Result<(), VaultError> {
    if !whole {
        take_back(db);
        return Ok(());
    }
    still_open(db)?;
    if let Err(error) = db.run("COMMIT", []) {
        take_back(db);
        return Err(error.into());
    }
    Ok(())
}

/// Some failures of the disk make the engine take back a whole transaction, whose parts would go on as if it were there.
fn still_open(db: &Connection) -> Result<(), VaultError> {
    if db.is_autocommit() {
        let undone = ffi::Error { code: ffi::ErrorCode::OperationAborted, extended_code: ffi::SQLITE_ABORT_ROLLBACK };
        return Err(rusqlite::Error::SqliteFailure(undone, None).into());
    }
    Ok(())
}

fn take_back(db: &Connection) {
    if !db.is_autocommit() {
        // What cannot be taken back can neither be committed: the next change is refused.
        db.run("ROLLBACK", []).ok();
    }
}
