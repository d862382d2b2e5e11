//! A change of the database, whole or not at all: a transaction of its own, or a part of a batch.

use core::ops::Deref;

use rusqlite::{Connection, ffi};

use super::{error::VaultError, sql::Sql as _};

/// Is taken back when dropped without [`Change::commit`].
pub(crate) struct Change<'a> {
    db: &'a Connection,
    kind: Kind,
    is_open: bool,
}

#[derive(Clone, Copy)]
enum Kind {
    /// Durable when it is committed.
    Alone,
    /// Durable with its batch.
    Part,
}

/// Opens the transaction that the parts of a batch are in.
pub(super) fn begin_batch(db: &Connection) -> Result<(), VaultError> {
    db.run("BEGIN IMMEDIATE", [])?;
    Ok(())
}

/// Makes the parts that were committed durable.
///
/// # Errors
/// What the disk says; nothing is changed then.
pub(super) fn end_batch(db: &Connection) -> Result<(), VaultError> {
    still_open(db)?;
    if let Err(error) = db.run("COMMIT", []) {
        take_back(db, "ROLLBACK");
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

fn take_back(db: &Connection, how: &str) {
    if !db.is_autocommit() {
        // What cannot be taken back can neither be committed: the next change is refused.
        db.execute_batch(how).ok();
    }
}

impl<'a> Change<'a> {
    /// A change that waits for the disk when it is committed.
    pub(super) fn alone(db: &'a Connection) -> Result<Self, VaultError> {
        Self::begin(db, Kind::Alone)
    }

    /// A change within another one, that is open.
    ///
    /// # Errors
    /// When there is no other one: some failures of the disk undo a whole transaction.
    pub(super) fn part(db: &'a Connection) -> Result<Self, VaultError> {
        still_open(db)?;
        Self::begin(db, Kind::Part)
    }

    fn begin(db: &'a Connection, kind: Kind) -> Result<Self, VaultError> {
        db.run(
            match kind {
                Kind::Alone => "BEGIN IMMEDIATE",
                Kind::Part => "SAVEPOINT part",
            },
            [],
        )?;
        Ok(Self { db, kind, is_open: true })
    }

    /// Keeps what was changed.
    ///
    /// # Errors
    /// What the disk says; nothing is changed then.
    pub(crate) fn commit(mut self) -> Result<(), rusqlite::Error> {
        self.db.run(
            match self.kind {
                Kind::Alone => "COMMIT",
                Kind::Part => "RELEASE part",
            },
            [],
        )?;
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
        if self.is_open {
            let how = match self.kind {
                Kind::Alone => "ROLLBACK",
                Kind::Part => "ROLLBACK TO part; RELEASE part",
            };
            take_back(self.db, how);
        }
    }
}
