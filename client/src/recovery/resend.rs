//! What a partner that was restored has lost of this node's messages, and sending it again after a person's yes: under the same
//! message ids, so that nothing is shown twice there.

use rusqlite::{Connection, OptionalExtension as _, params};
use safeconduct_protocol::{
    id::{MessageId, NodeId},
    receipt::{
        chain::{Entry, EntryKind},
        node::Delivered,
    },
    time::Timestamp,
};

use super::RecoveryError;
use crate::{
    casework::{life::state::Phase, store::row::Row},
    outbox::{self, OutboxEntry, OutboxState},
    vault::{Sql as _, Vault, int, uint},
};

/// A partner's newest restore, as its notice says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PartnerRestore {
    /// Whose vault was restored.
    pub partner: NodeId,
    /// Entries of its chain with this node that it still has.
    pub held: u64,
    /// When it was restored, by its clock.
    pub restored_at: Timestamp,
    /// What it knew ended here, by its clock.
    pub copy_of: Timestamp,
    /// Whether a person here has answered.
    pub answered: bool,
}

/// A message that a restored partner has lost, or has not confirmed.
pub struct Lost {
    /// The message.
    pub entry: OutboxEntry,
    /// Whether its content is still here and its referral has not ended, so that it can be sent again.
    pub is_kept: bool,
}

/// The partners that were restored, newest first.
///
/// # Errors
/// What the disk says.
pub fn restores(vault: &Vault) -> Result<Vec<PartnerRestore>, RecoveryError> {
    let mut rows = vault.db().prepare(
        "SELECT partner, length, restored_at, copy_of, answered FROM partner_restore ORDER BY at DESC, partner",
    )?;
    let mut rows = rows.query([])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(PartnerRestore {
            partner: NodeId::from_bytes(row.get(0)?),
            held: uint(row.get(1)?)?,
            restored_at: Timestamp(uint(row.get(2)?)?),
            copy_of: Timestamp(uint(row.get(3)?)?),
            answered: row.get(4)?,
        });
    }
    Ok(all)
}

/// What a restored partner has lost: messages whose receipts it gave after the last entry that it still has, and those that the
/// relay took before the restore and that nobody has confirmed.
///
/// # Errors
/// What the disk says.
pub fn lost(vault: &Vault, restore: &PartnerRestore) -> Result<Vec<Lost>, RecoveryError> {
    let told = told_at(vault.db(), &restore.partner)?;
    let mut lost = Vec::new();
    for entry in outbox::list(vault)? {
        if entry.recipient != restore.partner || !is_lost(vault, &entry, restore, told)? {
            continue;
        }
        // What a referral said that has ended counts no more.
        let ended =
            Row::by_message(vault.db(), entry.message.as_bytes())?.is_some_and(|row| row.state.phase() >= Phase::Final);
        let is_kept = !ended && outbox::content(vault, &entry.message)?.is_some();
        lost.push(Lost { entry, is_kept });
    }
    Ok(lost)
}

/// Where this node's chain with a partner notes its newest restore; 0 when it does not.
fn told_at(db: &Connection, partner: &NodeId) -> Result<i64, RecoveryError> {
    let place = db
        .one(
            "SELECT place FROM evidence JOIN partner_restore USING (partner)
                WHERE partner = ?1 AND substr(entry, -length(notice)) = notice ORDER BY place DESC LIMIT 1",
            params![partner.as_bytes()],
            |row| row.get(0),
        )
        .optional()?;
    Ok(place.unwrap_or(0))
}

/// The notice comes before everything that the restored vault says. A receipt that was here before it is of the vault that is lost,
/// whatever that machine's clock said; of one that came after it the clock must tell.
fn is_lost(vault: &Vault, entry: &OutboxEntry, restore: &PartnerRestore, told: i64) -> Result<bool, RecoveryError> {
    match entry.state {
        OutboxState::RelayAccepted => return Ok(entry.accepted_at.is_some_and(|at| at <= restore.restored_at)),
        OutboxState::Delivered => {}
        OutboxState::Queued | OutboxState::Sealed | OutboxState::Failed | OutboxState::Expired => return Ok(false),
    }
    let mut rows =
        vault.db().prepare_cached("SELECT place, entry FROM evidence WHERE message = ?1 AND partner = ?2")?;
    let mut rows = rows.query(params![entry.message.as_bytes(), restore.partner.as_bytes()])?;
    while let Some(row) = rows.next()? {
        let place: i64 = row.get("place")?;
        let Ok(noted) = Entry::parse(row.get_ref("entry")?.as_blob().unwrap_or_default()) else { continue };
        if noted.kind() != EntryKind::DeliveredReceived {
            continue;
        }
        let Ok(receipt) = Delivered::parse(noted.body()) else { continue };
        let at = receipt.at();
        if at.chain.length <= restore.held || (place > told && at.stored_at >= restore.restored_at) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Sends again everything that a restored partner has lost and that is still here; the ids of what goes. Durable when this
/// returns; the restore counts as answered.
///
/// # Errors
/// What the disk says.
pub fn send(vault: &mut Vault, restore: &PartnerRestore, now: Timestamp) -> Result<Vec<MessageId>, RecoveryError> {
    let kept: Vec<MessageId> =
        lost(vault, restore)?.into_iter().filter(|lost| lost.is_kept).map(|lost| lost.entry.message).collect();
    let tx = vault.begin()?;
    for message in &kept {
        tx.execute(
            "UPDATE outbox SET state = 'queued', reason = NULL, last_error = NULL, attempts = 0, reseals = 0, alarm = 0,
                delivered_at = NULL, alarm_at = ?2 + alarm_after_s, not_before = ?2, request = randomblob(16)
                WHERE message = ?1",
            params![message.as_bytes(), int(now.0)],
        )?;
    }
    tx.execute("UPDATE partner_restore SET answered = 1 WHERE partner = ?1", params![restore.partner.as_bytes()])?;
    tx.commit()?;
    Ok(kept)
}

/// The newest restore of one partner.
///
/// # Errors
/// What the disk says.
pub fn of(vault: &Vault, partner: &NodeId) -> Result<Option<PartnerRestore>, RecoveryError> {
    Ok(restores(vault)?.into_iter().find(|restore| restore.partner == *partner))
}

/// Whether anybody was told of a partner's restore and has not answered.
///
/// # Errors
/// What the disk says.
pub fn is_open(vault: &Vault) -> Result<bool, RecoveryError> {
    let found: Option<i64> = vault
        .db()
        .query_row("SELECT 1 FROM partner_restore WHERE answered = 0 LIMIT 1", [], |row| row.get(0))
        .optional()?;
    Ok(found.is_some())
}
