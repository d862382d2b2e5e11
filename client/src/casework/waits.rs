//! What came before what it belongs to, or before its key: it waits, bounded in number and time, and goes when it may not be kept.

use rusqlite::{Connection, params};
use safeconduct_protocol::{
    envelope::case::CaseContent,
    id::NodeId,
    receipt::case::CaseAct,
    time::{DAY_S, Timestamp},
};
use zeroize::Zeroizing;

use super::{coverage::Coverage, post as talk, store::row::Row, take::Brought};
use crate::{
    documents::post as document_post,
    referral::codes::Section,
    vault::{Sql as _, VaultError, int},
};

/// What may wait for a referral of one sender.
pub(crate) const PENDING_MAX: i64 = 1000;
/// How long it waits: as long as anything sealed for this node could still arrive.
pub(crate) const PENDING_S: u64 = 44 * DAY_S;

/// Keeps what came too early, within bounds, since it came.
pub(super) fn keep(db: &Connection, brought: &Brought, referral: &[u8; 16], content: &[u8]) -> Result<(), VaultError> {
    let sender = brought.sender.as_bytes();
    let waiting: i64 = db.one("SELECT count(*) FROM case_pending WHERE sender = ?1", [sender], |row| row.get(0))?;
    if waiting >= PENDING_MAX {
        return Ok(());
    }
    let at = int(brought.stored_at.0);
    db.run(
        "INSERT OR IGNORE INTO case_pending (sender, message, referral, content, at, stored_at) VALUES (?1, ?2, ?3, ?4, ?5, ?5)",
        params![sender, brought.message.as_bytes(), referral, content, at],
    )?;
    Ok(())
}

/// Forgets what waits for a referral and is about what no consent covers any more: posts with words and keys of documents go, acts lose
/// their words. That they came stays in the evidence.
pub(crate) fn forget_uncovered(db: &Connection, row: &Row, coverage: &Coverage) -> Result<(), VaultError> {
    const UNFIT: VaultError = VaultError::Unfit { what: "an act without its words" };
    for (message, content, _) in of(db, &row.referral, &row.partner)? {
        let key = params![row.partner.as_bytes(), message];
        match CaseContent::decode(&content) {
            Ok(CaseContent::Post(post)) if !is_covered(&post, coverage) => {
                db.run("DELETE FROM case_pending WHERE sender = ?1 AND message = ?2", key)?;
            }
            Ok(CaseContent::Event(act, Some(_)))
                if act.says().act != CaseAct::ConsentChanged && !coverage.covers(Section::Summary) =>
            {
                let bare = CaseContent::Log(vec![*act]).encode().ok().ok_or(UNFIT)?;
                let key = params![row.partner.as_bytes(), message, bare.as_slice()];
                db.run("UPDATE case_pending SET content = ?3 WHERE sender = ?1 AND message = ?2", key)?;
            }
            Ok(_) | Err(_) => {}
        }
    }
    Ok(())
}

/// Whether a post that waits is about a section that is covered; one that nobody can read is about none.
fn is_covered(post: &[u8], coverage: &Coverage) -> bool {
    match talk::said::Said::read(post) {
        Some(said) => said.section().is_some_and(|section| coverage.covers(section)),
        None => document_post::about(post).is_some_and(|(_, _, section)| coverage.covers_document(section)),
    }
}

/// A message that waits, what it brought, and when it was stored.
pub(super) type Waiting = ([u8; 16], Zeroizing<Vec<u8>>, i64);

/// What waits for a referral, oldest first.
pub(super) fn of(db: &Connection, referral: &[u8; 16], sender: &NodeId) -> Result<Vec<Waiting>, VaultError> {
    let mut rows = db.prepare_cached(
        "SELECT message, content, stored_at FROM case_pending WHERE referral = ?1 AND sender = ?2 ORDER BY at",
    )?;
    let rows = rows.query_map(params![referral, sender.as_bytes()], |row| {
        Ok((row.get(0)?, Zeroizing::new(row.get::<_, Vec<u8>>(1)?), row.get(2)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Forgets what has waited too long.
pub(crate) fn forget(db: &Connection, now: Timestamp) -> Result<(), VaultError> {
    db.run("DELETE FROM case_pending WHERE at < ?1", [int(now.before(PENDING_S).0)])?;
    Ok(())
}
