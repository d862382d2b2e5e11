//! What is not believed, and what waits for its sender to be known. Bounded: garbage drops the oldest garbage, never
//! what is held, and a full hold leaves envelopes at the relay.

use rusqlite::{Connection, params};
use safeconduct_protocol::{envelope::header::SignedHeader, id::EnvelopeDigest, time::Timestamp};

use crate::vault::{Sql as _, Vault, VaultError, int, uint};

/// Envelopes kept that could not be opened: enough to see a pattern; 4 MiB.
pub const UNOPENED_MAX: u32 = 64;
/// Envelopes kept that opened and are not believed: their senders had prekeys, and quotas bound them; 16 MiB.
pub const OPENED_MAX: u32 = 256;
/// Envelopes held for a sender that the registry does not name yet; more stay at the relay; 16 MiB.
pub const HELD_MAX: u32 = 256;

/// Which bound an envelope counts against.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Class {
    /// Malformed, or opened by no key of ours.
    Unopened,
    /// Opened, and not believed.
    Opened,
    /// Its sender is not in the registry copy yet.
    Held,
}

impl Class {
    pub(super) const fn code(self) -> i64 {
        match self {
            Self::Unopened => 1,
            Self::Opened => 2,
            Self::Held => 3,
        }
    }

    const fn count_max(self) -> u32 {
        match self {
            Self::Unopened => UNOPENED_MAX,
            Self::Opened => OPENED_MAX,
            Self::Held => HELD_MAX,
        }
    }
}

/// How many envelopes are put aside, for a person to see.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Counts {
    /// Malformed, or opened by no key of ours.
    pub unopened: u32,
    /// Opened, and not believed.
    pub opened: u32,
    /// Waiting for their senders to be known.
    pub held: u32,
}

/// Counts what is put aside.
///
/// # Errors
/// What the disk says.
pub fn counts(vault: &Vault) -> Result<Counts, VaultError> {
    Ok(Counts {
        unopened: count(vault.db(), Class::Unopened)?,
        opened: count(vault.db(), Class::Opened)?,
        held: count(vault.db(), Class::Held)?,
    })
}

fn count(db: &Connection, class: Class) -> Result<u32, VaultError> {
    Ok(db.one("SELECT count(*) FROM quarantine WHERE class = ?1", [class.code()], |row| row.get(0))?)
}

/// One envelope that was put aside.
pub struct Aside {
    /// The envelope's digest.
    pub digest: EnvelopeDigest,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Timestamp,
    /// The signed header, 352 bytes, and the signature, when the signature verified: then its sender did sign this.
    pub signed: Option<(Vec<u8>, [u8; 64])>,
}

/// What is put aside, newest first.
///
/// # Errors
/// What the disk says.
pub fn list(vault: &Vault) -> Result<Vec<Aside>, VaultError> {
    let mut rows = vault
        .db()
        .prepare_cached("SELECT digest, reason, at, header, signature FROM quarantine ORDER BY place DESC")?;
    let mut rows = rows.query([])?;
    let mut list = Vec::new();
    while let Some(row) = rows.next()? {
        let header: Option<Vec<u8>> = row.get("header")?;
        list.push(Aside {
            digest: EnvelopeDigest::from_bytes(row.get("digest")?),
            reason: row.get("reason")?,
            at: Timestamp(uint(row.get("at")?)?),
            signed: header.zip(row.get("signature")?),
        });
    }
    Ok(list)
}

/// Puts an envelope aside, inside the caller's transaction. Held envelopes beyond their bound are not kept: they were
/// not settled, so the relay still has them.
pub(super) fn put(
    db: &Connection,
    class: Class,
    reason: &str,
    digest: &EnvelopeDigest,
    envelope: &[u8],
    signed: Option<&SignedHeader>,
    now: Timestamp,
) -> Result<(), VaultError> {
    if class == Class::Held && count(db, class)? >= HELD_MAX {
        return Ok(());
    }
    db.run(
        "INSERT INTO quarantine (digest, class, reason, envelope, header, signature, sender, message, at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
            ON CONFLICT (digest) DO UPDATE SET class = excluded.class, reason = excluded.reason,
                header = excluded.header, signature = excluded.signature WHERE class <> excluded.class",
        params![
            digest.as_bytes(),
            class.code(),
            reason,
            envelope,
            signed.map(|signed| signed.as_bytes().as_slice()),
            signed.map(|signed| signed.signature().as_bytes().as_slice()),
            signed.map(|signed| signed.header().sender.as_bytes().as_slice()),
            signed.map(|signed| signed.header().message.as_bytes().as_slice()),
            int(now.0),
        ],
    )?;
    db.run(
        "DELETE FROM quarantine WHERE class = ?1 AND place NOT IN
            (SELECT place FROM quarantine WHERE class = ?1 ORDER BY place DESC LIMIT ?2)",
        params![class.code(), class.count_max()],
    )?;
    Ok(())
}

/// Takes an envelope out of the hold: it has come to an end.
pub(super) fn release(db: &Connection, digest: &EnvelopeDigest) -> Result<(), VaultError> {
    db.run("DELETE FROM quarantine WHERE digest = ?1 AND class = ?2", params![digest.as_bytes(), Class::Held.code()])?;
    Ok(())
}

/// The envelopes that are held, oldest first.
pub(super) fn held(vault: &Vault) -> Result<Vec<Vec<u8>>, VaultError> {
    let mut rows = vault.db().prepare_cached("SELECT envelope FROM quarantine WHERE class = ?1 ORDER BY place")?;
    let rows = rows.query_map([Class::Held.code()], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{NOW, Seeded, vault};

    #[test]
    fn every_class_is_bounded_and_garbage_never_drops_what_is_held() {
        let dir = tempfile::tempdir().unwrap();
        let mut vault = vault(dir.path(), &mut Seeded::new(1));
        let tx = vault.begin().unwrap();
        for (number, class) in (0_u8..).zip([Class::Held, Class::Unopened, Class::Opened]) {
            for place in 0..=class.count_max() {
                let mut digest = [number; 32];
                digest[..4].copy_from_slice(&place.to_be_bytes());
                put(&tx, class, "test", &EnvelopeDigest::from_bytes(digest), b"envelope", None, NOW).unwrap();
            }
        }
        tx.commit().unwrap();

        let counts = counts(&vault).unwrap();
        let list = list(&vault).unwrap();

        assert_eq!(counts, Counts { unopened: UNOPENED_MAX, opened: OPENED_MAX, held: HELD_MAX });
        let of = |number: u8| list.iter().filter(move |aside| aside.digest.as_bytes()[31] == number);
        let place = |aside: &Aside| aside.digest.as_bytes().first_chunk().map(|place| u32::from_be_bytes(*place));
        assert_eq!(
            of(0).filter_map(place).max(),
            Some(HELD_MAX - 1),
            "the hold is full: the newest stays at the relay"
        );
        assert_eq!(of(1).filter_map(place).min(), Some(1), "the oldest garbage goes");
    }
}
