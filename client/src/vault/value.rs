//! Numbers as SQLite keeps them.

use super::error::VaultError;

/// A number as SQLite keeps it. Times, sizes and epochs stay below 2^63; a larger one is kept as the largest.
pub(crate) fn int(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// The number that [`int`] has kept.
pub(crate) fn uint(value: i64) -> Result<u64, VaultError> {
    u64::try_from(value).map_err(|_negative| VaultError::Damaged { what: "a number in node.db is negative" })
}
