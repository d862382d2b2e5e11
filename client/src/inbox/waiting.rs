//! What was refused and waits for a newer program or registry, words about referrals and reports, within bounds: each sender's are counted
//! when one comes, so that nobody fills this node between two hours, and no sweep compares all with all.

use rusqlite::{Connection, params};
use safeconduct_protocol::{
    envelope::header::{ContentType, Header},
    time::Timestamp,
};

use crate::{
    monitoring::given,
    vault::{Sql as _, VaultError, int},
};

/// Words about referrals of a kind that is not known here, kept of one sender at most.
const WORDS_MAX: u32 = 100;

/// The one of this sender that is one too many, counted from the newest.
const OLDEST: &str = "(SELECT place FROM inbox INDEXED BY inbox_waiting WHERE kind = ?1 AND sender = ?2
    AND state = 'refused' AND kind IN (5, 6) ORDER BY place DESC LIMIT 1 OFFSET ?3)";

/// One more was refused: the oldest of this sender makes room. A word keeps its line, for it is evidence; a report goes as a whole, for
/// its sender was told nothing and has it.
pub(super) fn bound(db: &Connection, header: &Header) -> Result<(), VaultError> {
    let (change, most) = if header.content_type == ContentType::Case {
        ("UPDATE inbox SET content = NULL", WORDS_MAX)
    } else if header.content_type == ContentType::Report {
        ("DELETE FROM inbox", given::WAITING_MAX)
    } else {
        return Ok(());
    };
    let values = params![header.content_type.code(), header.sender.as_bytes(), most];
    db.run(&format!("{change} WHERE place = {OLDEST}"), values)?;
    Ok(())
}

/// Forgets what has waited since before `old`.
pub(super) fn forget(db: &Connection, old: Timestamp) -> Result<(), VaultError> {
    let sql = "UPDATE inbox SET content = NULL WHERE kind = 5 AND state = 'refused' AND content IS NOT NULL AND received_at < ?1";
    db.run(sql, [int(old.0)])?;
    db.run("DELETE FROM inbox WHERE kind = 6 AND state = 'refused' AND received_at < ?1", [int(old.0)])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Seeded, plan, vault};

    #[test]
    fn what_is_one_too_many_is_found_without_reading_what_others_sent() {
        let dir = tempfile::tempdir().unwrap();
        let vault = vault(dir.path(), &mut Seeded::new(4));
        let steps = plan(vault.db(), &format!("DELETE FROM inbox WHERE place = {OLDEST}"));
        assert!(!steps.iter().any(|step| step.contains("SCAN") || step.contains("TEMP B-TREE")), "{steps:?}");
    }
}
