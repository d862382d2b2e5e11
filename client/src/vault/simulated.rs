//! What a vault has in a simulated world (`tests/sim`) and nowhere else: an optimised build has nothing of this.

use core::cell::Cell;

use rusqlite::{Connection, functions::FunctionFlags};
use safeconduct_protocol::crypto::hash::sha256;

thread_local! {
    /// The seed, and how often was drawn.
    static DRAWN: Cell<Option<(u64, u64)>> = const { Cell::new(None) };
}

/// From now on this thread's vaults are a simulated world's. The memory of their databases is neither locked nor wiped, which were half
/// of a world's time and guard nobody's secret there; and what SQLite draws, `randomblob`, comes from this seed.
pub fn simulated(seed: u64) {
    DRAWN.set(Some((seed, 0)));
}

pub(super) fn is_simulated() -> bool {
    DRAWN.get().is_some()
}

/// At most 32 bytes at once.
pub(super) fn add_draws(db: &Connection) -> Result<(), rusqlite::Error> {
    db.create_scalar_function("randomblob", 1, FunctionFlags::SQLITE_UTF8, |context| {
        let (seed, drawn) = DRAWN.get().unwrap_or_default();
        DRAWN.set(Some((seed, drawn.wrapping_add(1))));
        let mut bytes = sha256(&[b"randomblob", &seed.to_be_bytes(), &drawn.to_be_bytes()]).to_vec();
        bytes.truncate(usize::from(context.get::<u8>(0)?));
        Ok(bytes)
    })
}
