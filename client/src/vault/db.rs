//! `node.db`: SQLCipher, opened one way only, every property asserted and none assumed.

use std::{fmt::Write as _, path::Path, time::Duration};

use rusqlite::{Connection, OpenFlags, config::DbConfig, functions::FunctionFlags, params};
use safeconduct_protocol::{crypto::hash::sha256, secret::Secret};
use zeroize::Zeroizing;

#[cfg(debug_assertions)]
use super::simulated;
use super::{error::VaultError, files, line_sum, migrate, sql::STATEMENTS_MAX};

/// Name of the database in the data directory.
pub(super) const NAME: &str = "node.db";
/// The database, its write-ahead log and shared memory.
pub(super) const NAMES: [&str; 3] = [NAME, "node.db-wal", "node.db-shm"];
/// Another connection of this process may hold the write lock this long.
const BUSY_MAX: Duration = Duration::from_secs(5);
/// SQLite before 3.51.3 had a race that corrupts a write-ahead log.
const SQLITE_VERSION_MIN: i32 = 3_051_003;
/// "SCND" in a SQLite header: a Safeconduct node database.
const APPLICATION_ID: i64 = 0x5343_4e44;

/// Creates the database and its tables.
pub(super) fn create(dir: &Path, key: &Secret<32>) -> Result<Connection, VaultError> {
    files::create_private(&dir.join(NAME))?;
    let mut db = connect(dir, key)?;
    db.pragma_update(None, "application_id", APPLICATION_ID)?;
    migrate::up(&mut db)?;
    Ok(db)
}

/// Opens the database and brings its tables up to this program's schema.
pub(super) fn open(dir: &Path, key: &Secret<32>) -> Result<Connection, VaultError> {
    if !dir.join(NAME).is_file() {
        return Err(VaultError::Damaged { what: "node.db is missing" });
    }
    let mut db = connect(dir, key)?;
    if number(&db, "application_id")? != APPLICATION_ID {
        return Err(VaultError::Damaged { what: "node.db is the database of something else" });
    }
    migrate::up(&mut db)?;
    Ok(db)
}

/// Connects, sets the key and every property, and asserts those that silently stay off.
fn connect(dir: &Path, key: &Secret<32>) -> Result<Connection, VaultError> {
    if rusqlite::version_number() < SQLITE_VERSION_MIN {
        return Err(VaultError::Unfit { what: "SQLite 3.51.3 or newer" });
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(dir.join(NAME), flags)?;
    db.busy_timeout(BUSY_MAX)?;
    db.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
    // Otherwise a statement whose condition is like that of a partial index is compiled anew for each value.
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    // Its own log writes to standard error; what goes wrong is told by our errors.
    db.query_row("PRAGMA cipher_log_level = NONE", [], |_| Ok(())).or_else(no_row)?;
    // Before the key, so that the statement which has it is wiped, too.
    if is_memory_locked() {
        db.query_row("PRAGMA cipher_memory_security = ON", [], |_| Ok(())).or_else(no_row)?;
    }
    let statement = Zeroizing::new(format!("PRAGMA key = \"{}\"", raw_key(key).as_str()));
    db.query_row(&statement, [], |_| Ok(())).or_else(no_row)?;
    let cipher: Option<String> = db.query_row("PRAGMA cipher_version", [], |row| row.get(0)).or_else(no_value)?;
    if cipher.is_none_or(|version| version.is_empty()) {
        return Err(VaultError::Unfit { what: "SQLCipher" });
    }
    // The first read decides whether the key is right.
    let _tables: i64 = db.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    db.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    db.pragma_update(None, "synchronous", "FULL")?;
    db.pragma_update(None, "secure_delete", true).or_else(no_row)?;
    db.pragma_update(None, "foreign_keys", true)?;
    db.pragma_update(None, "temp_store", "MEMORY")?;
    add_hash(&db)?;
    #[cfg(debug_assertions)]
    let db = simulated::set_up(db, dir)?;
    assert_properties(&db)?;
    Ok(db)
}

/// Everywhere but in a simulated world; and in tests of this crate where they ask for it: two thirds of their time would be system calls
/// for it, and no test has a secret.
fn is_memory_locked() -> bool {
    #[cfg(test)]
    return locking::LOCKS.get();
    #[cfg(all(not(test), debug_assertions))]
    return !simulated::is_simulated();
    #[cfg(not(any(test, debug_assertions)))]
    true
}

/// A key as SQLCipher takes it without a derivation of its own.
fn raw_key(key: &Secret<32>) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(80));
    text.push_str("x'");
    for byte in key.reveal() {
        // Writing to a String cannot fail.
        write!(text, "{byte:02x}").ok();
    }
    text.push('\'');
    text
}

/// The hash that the view `node_state` is made of, and the sum that the triggers of the node head keep, with its lines of pairs.
fn add_hash(db: &Connection) -> Result<(), VaultError> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    db.create_scalar_function("safeconduct_replace", 3, flags, |context| {
        let sum: [u8; 32] = context.get(0)?;
        let (old, new): (Option<String>, Option<String>) = (context.get(1)?, context.get(2)?);
        Ok(line_sum::replaced(sum, old.as_deref(), new.as_deref()).to_vec())
    })?;
    db.create_scalar_function("safeconduct_pair", 4, flags, |context| {
        let (partner, head): ([u8; 32], [u8; 32]) = (context.get(0)?, context.get(3)?);
        let (epoch, length): (i64, i64) = (context.get(1)?, context.get(2)?);
        Ok(line_sum::of_pair(&partner, epoch, length, &head))
    })?;
    Ok(db.create_scalar_function("safeconduct_sha256", 1, flags, |context| {
        let value = context.get_raw(0);
        let bytes = value.as_bytes().or_else(|_text| value.as_str().map(str::as_bytes))?;
        Ok(sha256(&[bytes]).to_vec())
    })?)
}

/// Copies everything into a new database at `path` under `key`, as of one moment, but for what a backup leaves out: own
/// prekeys, secrets of reply keys, the key that seals backups. What is left out is in no free page either.
pub(super) fn copy(db: &Connection, path: &Path, key: &Secret<32>, made_at: i64) -> Result<(), VaultError> {
    files::create_private(path)?;
    let name = path.to_str().ok_or(VaultError::Unfit { what: "a data folder whose name is text" })?;
    db.execute("ATTACH DATABASE ?1 AS copy KEY ?2", params![name, raw_key(key).as_str()])?;
    let copied = fill_copy(db, made_at);
    let detached = db.execute("DETACH DATABASE copy", []);
    copied?;
    detached?;
    Ok(())
}

fn fill_copy(db: &Connection, made_at: i64) -> Result<(), VaultError> {
    let schema = number(db, "user_version")?;
    db.query_row("SELECT sqlcipher_export('copy')", [], |_| Ok(()))?;
    db.execute_batch(&format!(
        "PRAGMA copy.secure_delete = ON;
        BEGIN IMMEDIATE;
        DELETE FROM copy.prekey;
        DELETE FROM copy.prekey_refill;
        DELETE FROM copy.stock_report;
        DELETE FROM copy.backup_key;
        DELETE FROM copy.api_answer;
        DELETE FROM copy.api_token;
        UPDATE copy.seal SET reply_secret = NULL, reply_slot_secret = NULL, status_slot_secret = NULL;
        REPLACE INTO copy.backup (only, at) VALUES (1, {made_at});
        PRAGMA copy.user_version = {schema};
        PRAGMA copy.application_id = {APPLICATION_ID};
        COMMIT;
        VACUUM copy;"
    ))?;
    Ok(())
}

/// A pragma of SQLite that it does not know, or may not change, changes nothing and says nothing.
fn assert_properties(db: &Connection) -> Result<(), VaultError> {
    let journal: String = db.query_row("PRAGMA journal_mode", [], |row| row.get(0))?;
    let fits = [
        (journal == "wal", "a write-ahead log"),
        (number(db, "synchronous")? == 2, "synchronous = FULL"),
        (number(db, "secure_delete")? == 1, "secure_delete"),
        (number(db, "foreign_keys")? == 1, "foreign_keys"),
        (number(db, "temp_store")? == 2, "temporary tables in memory"),
    ];
    // SQLCipher says so once it has locked something; the switch is one for the whole process.
    let locked: Option<String> =
        db.query_row("PRAGMA cipher_memory_security", [], |row| row.get(0)).or_else(no_value)?;
    let is_locked = !is_memory_locked() || locked.as_deref() == Some("1");
    let fits = fits.into_iter().chain([(is_locked, "memory that is locked and wiped")]);
    match fits.into_iter().find(|(fit, _)| !fit) {
        Some((_, what)) => Err(VaultError::Unfit { what }),
        None => Ok(()),
    }
}

fn number(db: &Connection, pragma: &'static str) -> Result<i64, VaultError> {
    Ok(db.pragma_query_value(None, pragma, |row| row.get(0))?)
}

/// A pragma that answers nothing has been heard all the same.
fn no_row(error: rusqlite::Error) -> Result<(), rusqlite::Error> {
    if matches!(error, rusqlite::Error::QueryReturnedNoRows | rusqlite::Error::ExecuteReturnedResults) {
        Ok(())
    } else {
        Err(error)
    }
}

fn no_value(error: rusqlite::Error) -> Result<Option<String>, rusqlite::Error> {
    no_row(error).map(|()| None)
}

/// Moves everything into the database file and empties the write-ahead log, so that no old page stays in it.
pub(super) fn checkpoint(db: &Connection) -> Result<(), VaultError> {
    let busy: i64 = db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    if busy == 0 { Ok(()) } else { Err(VaultError::Unfit { what: "a checkpoint without another reader" }) }
}

/// Reads every page and checks its authentication code and the structure of the tables.
pub(super) fn check(db: &Connection) -> Result<(), VaultError> {
    const DAMAGED: VaultError = VaultError::Damaged { what: "a page of node.db has been altered" };
    let mut pages = db.prepare("PRAGMA cipher_integrity_check")?;
    if pages.query([])?.next()?.is_some() {
        return Err(DAMAGED);
    }
    let verdict: String = db.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if verdict == "ok" { Ok(()) } else { Err(DAMAGED) }
}

#[cfg(test)]
pub(super) mod locking {
    use core::cell::Cell;

    thread_local! {
        /// Whether the memory of the databases that this thread opens is locked and wiped.
        pub(in super::super) static LOCKS: Cell<bool> = const { Cell::new(false) };
    }
}
