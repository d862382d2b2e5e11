//! What was sent, a page at a time. Takes no longer when more was sent before.

use rusqlite::params;

use super::{OutboxEntry, collect};
use crate::vault::{Vault, VaultError, page::last_of_page};

/// Of what [`list`](super::list) lists, those that wait or are in alarm, and the newest so many of the referrals.
pub(super) const CURRENT: &str = "place IN (SELECT place FROM (SELECT place FROM outbox INDEXED BY outbox_referrals WHERE kind = 1
        ORDER BY place DESC LIMIT ?1)
    UNION SELECT place FROM outbox INDEXED BY outbox_waits WHERE kind = 1
        AND (state = 'queued' OR state = 'sealed' OR state = 'relay-accepted')
    UNION SELECT place FROM outbox INDEXED BY outbox_alarmed WHERE alarm = 1 AND kind IN (1, 5, 6)) ORDER BY place DESC";

/// The newest referrals before a place.
pub(super) const BEFORE: &str =
    "place IN (SELECT place FROM outbox INDEXED BY outbox_referrals WHERE kind = 1 AND place < ?1
        ORDER BY place DESC LIMIT ?2) ORDER BY place DESC";

/// Where the page after these ends: the last of its lines, if there is one behind it.
const END: &str = "SELECT place FROM outbox INDEXED BY outbox_referrals WHERE kind = 1 AND place < ?1
    ORDER BY place DESC LIMIT 2 OFFSET ?2";

/// Of what [`list`](super::list) lists: what is on its way or in alarm, and the newest `most` referrals.
///
/// # Errors
/// What the disk says.
pub fn current(vault: &Vault, most: u32) -> Result<Vec<OutboxEntry>, VaultError> {
    collect(vault, CURRENT, [most])
}

/// The newest `most` referrals that were queued before the one at `place`.
///
/// # Errors
/// What the disk says.
pub fn before(vault: &Vault, place: i64, most: u32) -> Result<Vec<OutboxEntry>, VaultError> {
    collect(vault, BEFORE, params![place, most])
}

/// The place at which a page of `most` referrals ends that begins before `place`, or with the newest; none when nothing comes after it.
///
/// # Errors
/// What the disk says.
pub fn end(vault: &Vault, place: Option<i64>, most: u32) -> Result<Option<i64>, VaultError> {
    last_of_page(vault.db(), END, place, most)
}
