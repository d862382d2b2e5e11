//! Which consents a referral rests on: found by the consent, and by when each ends by itself.
//!
//! Kept with the newest revision, in the same transaction, and erased with the content. It holds ids and times, nothing of a person.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};
use safeconduct_protocol::time::Timestamp;

use super::{
    columns::{uuid_bytes, uuid_text},
    row::Row,
};
use crate::{
    referral::{Referral, codes::ConsentStatus},
    vault::{Sql as _, VaultError, int, uint},
};

/// Sent referrals that are open, or still to leave, and rest on a consent.
const SENT_ON: &str = "place IN (SELECT referral FROM referral_consent WHERE consent = ?1) AND +side = 1 AND erased_at IS NULL
    AND +state IN ('queued', 'failed', 'submitted', 'delivered', 'opened', 'info-requested', 'accepted', 'in-service') ORDER BY place";
/// Received referrals that are open and rest on a consent.
const RECEIVED_ON: &str =
    "place IN (SELECT referral FROM referral_consent WHERE consent = ?1) AND +side = 2 AND erased_at IS NULL
    AND +state IN ('delivered', 'opened', 'info-requested', 'accepted', 'in-service') ORDER BY place";
const OF_ONE: &str = "SELECT consent, ends FROM referral_consent WHERE referral = ?1 ORDER BY ends, consent";

/// A consent that stands in the newest revision as active.
pub(crate) struct Resting {
    /// Its id, as it is written.
    pub(crate) id: String,
    /// From when on it covers nothing.
    pub(crate) ends: Timestamp,
}

/// Writes the consents of a referral's newest revision in the place of those of the one before.
pub(crate) fn put(db: &Connection, place: i64, referral: &Referral) -> Result<(), VaultError> {
    let is_there =
        db.one("SELECT EXISTS (SELECT 1 FROM referral_consent WHERE referral = ?1)", [place], |row| row.get(0))?;
    if is_there {
        forget(db, place)?;
    }
    let active = referral.consents().iter().filter(|one| one.status == ConsentStatus::Active);
    let mut ends = BTreeMap::new();
    for (id, end) in active.filter_map(|one| Some((uuid_bytes(one.consent_id.as_str())?, one.ends()))) {
        let earliest = ends.entry(id).or_insert(end);
        *earliest = end.min(*earliest);
    }
    for (id, end) in ends {
        // A plain row: what could be written over would cost each one a journal of its own.
        db.run(
            "INSERT INTO referral_consent (consent, referral, ends) VALUES (?1, ?2, ?3)",
            params![id, place, int(end.0)],
        )?;
    }
    Ok(())
}

/// Forgets them.
pub(crate) fn forget(db: &Connection, place: i64) -> Result<(), VaultError> {
    db.run("DELETE FROM referral_consent WHERE referral = ?1", [place])?;
    Ok(())
}

/// The referrals that were sent on the strength of a consent and have not ended, oldest first.
pub(crate) fn sent_on(db: &Connection, consent: &[u8; 16]) -> Result<Vec<Row>, VaultError> {
    Row::all(db, SENT_ON, [consent])
}

/// The referrals that came on the strength of a consent and have not ended, oldest first.
pub(crate) fn received_on(db: &Connection, consent: &[u8; 16]) -> Result<Vec<Row>, VaultError> {
    Row::all(db, RECEIVED_ON, [consent])
}

/// The consents of one referral, the one that ends first before the others.
pub(crate) fn of(db: &Connection, place: i64) -> Result<Vec<Resting>, VaultError> {
    let mut rows = db.prepare_cached(OF_ONE)?;
    let mut rows = rows.query([place])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let id: [u8; 16] = row.get(0)?;
        all.push(Resting { id: uuid_text(&id), ends: Timestamp(uint(row.get(1)?)?) });
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Seeded, plan, vault};

    #[test]
    fn a_consent_finds_its_referrals_without_reading_others() {
        let dir = tempfile::tempdir().unwrap();
        let vault = vault(dir.path(), &mut Seeded::new(9));
        for on in [SENT_ON, RECEIVED_ON] {
            let steps = plan(vault.db(), &format!("SELECT * FROM referral WHERE {on}"));
            let found = |text: &str| steps.iter().any(|step| step.contains(text));
            assert!(found("SEARCH referral_consent USING PRIMARY KEY (consent=?)"), "{steps:?}");
            assert!(found("SEARCH referral USING INTEGER PRIMARY KEY"), "{steps:?}");
            assert!(!found("SCAN"), "{steps:?}");
        }

        let steps = plan(vault.db(), OF_ONE);
        assert!(steps.iter().any(|step| step.contains("referral_consent_of (referral=?)")), "{steps:?}");
        assert!(!steps.iter().any(|step| step.contains("SCAN")), "{steps:?}");
    }
}
