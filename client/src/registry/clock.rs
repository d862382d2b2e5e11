//! Signed times that this machine's clock does not bear out. An authority signs with a clock, too: one that is wrong, or whoever has
//! its timestamp key, could otherwise move every node of a country ahead at once, and time that was taken does not go back.

use std::borrow::Cow;

use rusqlite::{Connection, params};
use safeconduct_certs::{
    log::timestamp::LogTime,
    registry::{Registry, freshness::is_far_ahead},
};
use safeconduct_protocol::{frame::Head, time::Timestamp};

use super::held::Authority;
use crate::vault::{Sql as _, Vault, VaultError, int, uint};

/// A signed time that is not taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Ahead {
    /// Who has signed it; none: our own authority.
    pub(crate) authority: Option<Authority>,
    /// The time.
    pub(crate) signed: Timestamp,
}

/// The head as it is taken by a machine whose clock says `clock`: without its signed time when that is more than a day later. The
/// entries that it covers count all the same. And that time.
pub(crate) fn believed<'h>(
    registry: &Registry,
    head: &'h Head,
    clock: Timestamp,
) -> (Cow<'h, Head>, Option<Timestamp>) {
    let signed = LogTime::open(&head.timestamp, registry.root_at(head.size).timestamp_key()).ok().map(|time| time.time);
    let ahead = signed.filter(|signed| is_far_ahead(clock, *signed));
    match ahead {
        None => (Cow::Borrowed(head), None),
        Some(_) => (Cow::Owned(Head { timestamp: Vec::new(), ..head.clone() }), ahead),
    }
}

/// Keeps in the vault whether the newest time of this authority, in a head that holds, is one of those.
pub(super) fn note(
    vault: &Vault,
    authority: Option<&Authority>,
    head: &Head,
    ahead: Option<Timestamp>,
    clock: Timestamp,
) -> Result<(), VaultError> {
    let key = authority.copied().unwrap_or_default();
    match ahead {
        Some(signed) => vault.db().run(
            "REPLACE INTO time_ahead (authority, signed_at, clock_at) VALUES (?1, ?2, ?3)",
            params![key, int(signed.0), int(clock.0)],
        )?,
        // A head without a time says nothing of clocks.
        None if head.timestamp.is_empty() => 0,
        None => vault.db().run("DELETE FROM time_ahead WHERE authority = ?1", [key])?,
    };
    Ok(())
}

/// The signed times that a clock of `clock` does not bear out.
pub(crate) fn ahead(vault: &Vault, clock: Timestamp) -> Result<Vec<Ahead>, VaultError> {
    let mut rows = vault.db().prepare_cached("SELECT authority, signed_at FROM time_ahead ORDER BY authority")?;
    let rows = rows.query_map([], |row| Ok((row.get::<_, Authority>(0)?, row.get::<_, i64>(1)?)))?;
    let mut all = Vec::new();
    for row in rows {
        let (authority, signed) = row?;
        let one = Ahead { authority: (authority != [0; 32]).then_some(authority), signed: Timestamp(uint(signed)?) };
        all.extend(Some(one).filter(|one| is_far_ahead(clock, one.signed)));
    }
    Ok(all)
}

/// The time of which this node is sure: the earlier of its own clock and the newest time that the authority has signed; 0 while it
/// has signed none. What cannot be undone, such as the erasure of keys, waits for both: `clock` is this machine's, not the time to
/// reckon with, which is never before a signed one.
pub(crate) fn confirmed(db: &Connection, clock: Timestamp) -> Result<Timestamp, VaultError> {
    use rusqlite::OptionalExtension as _;
    let signed: Option<i64> = db.one("SELECT signed_at FROM registry_head", [], |row| row.get(0)).optional()?;
    Ok(Timestamp(uint(signed.unwrap_or(0))?).min(clock))
}
