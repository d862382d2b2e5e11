//! What a vault has in a simulated world (`tests/sim`) and nowhere else: an optimised build has nothing of this.

use core::cell::{Cell, RefCell};
use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
    rc::Rc,
};

use rusqlite::{Connection, ffi, functions::FunctionFlags};
use safeconduct_protocol::crypto::hash::sha256;

thread_local! {
    /// The seed, and how often was drawn.
    static DRAWN: Cell<Option<(u64, u64)>> = const { Cell::new(None) };
    /// Whose disks are watched, by data directory.
    static DISKS: RefCell<BTreeMap<PathBuf, AtWrite>> = const { RefCell::new(BTreeMap::new()) };
}

/// Asked before each commit, and before and after each step of a file that is written: whether there is room. What it finds in the
/// directory meanwhile is what a machine that dies at that moment leaves.
pub type AtWrite = Rc<dyn Fn() -> bool>;

/// From now on this thread's vaults are a simulated world's. The memory of their databases is neither locked nor wiped, which were half
/// of a world's time and guard nobody's secret there; and what SQLite draws, `randomblob`, comes from this seed.
pub fn simulated(seed: u64) {
    DRAWN.set(Some((seed, 0)));
    DISKS.with_borrow_mut(BTreeMap::clear);
}

/// From now on what is written to the vault in `dir` asks this first.
pub fn simulated_disk(dir: &Path, at_write: AtWrite) {
    DISKS.with_borrow_mut(|disks| disks.insert(dir.to_owned(), at_write));
}

/// A write to `dir` is about to be made, or a step of one was.
pub(super) fn write(dir: &Path) -> io::Result<()> {
    // Not borrowed while it is asked.
    let at_write = DISKS.with_borrow(|disks| disks.get(dir).cloned());
    if at_write.is_none_or(|has_room| has_room()) { Ok(()) } else { Err(io::ErrorKind::StorageFull.into()) }
}

/// The database of the vault in `dir`, which in a simulated world draws from its seed, and asks the disk before each commit.
pub(super) fn set_up(mut db: Connection, dir: &Path) -> Result<Connection, rusqlite::Error> {
    if is_simulated() {
        add_draws(&db)?;
        let dir = dir.to_owned();
        db.commit_hook(Some(move || write(&dir).is_err()))?;
    }
    Ok(db)
}

/// Whether a commit found no room: SQLite has a name of its own for one that was refused so.
pub(super) fn is_full(error: &rusqlite::Error) -> bool {
    error.sqlite_error().is_some_and(|failure| failure.extended_code == ffi::SQLITE_CONSTRAINT_COMMITHOOK)
}

pub(super) fn is_simulated() -> bool {
    DRAWN.get().is_some()
}

/// At most 32 bytes at once.
fn add_draws(db: &Connection) -> Result<(), rusqlite::Error> {
    db.create_scalar_function("randomblob", 1, FunctionFlags::SQLITE_UTF8, |context| {
        let (seed, drawn) = DRAWN.get().unwrap_or_default();
        DRAWN.set(Some((seed, drawn.wrapping_add(1))));
        let mut bytes = sha256(&[b"randomblob", &seed.to_be_bytes(), &drawn.to_be_bytes()]).to_vec();
        bytes.truncate(usize::from(context.get::<u8>(0)?));
        Ok(bytes)
    })
}
