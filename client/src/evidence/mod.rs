//! What this node keeps to show to others: pair chains and receipts, and their export.

pub(crate) mod audit;
pub mod chain;
pub mod export;
pub(crate) mod referral;
pub mod written;

use rusqlite::{Connection, params};
use safeconduct_protocol::{
    id::{EnvelopeDigest, MessageId},
    time::Timestamp,
};

use crate::vault::{Sql as _, Vault, VaultError, int, uint};

/// Longest file of evidence that is read, in bytes: proofs, receipts and one referral.
pub const FILE_BYTES_MAX: usize = 4 * 1024 * 1024;

/// What a kept receipt is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum ReceiptKind {
    /// The relay took charge of the envelope.
    RelayAccepted,
    /// The recipient's node stored the message.
    Delivered,
    /// This node's own statement that it stored a message.
    DeliveredGiven,
    /// The recipient's node could not open the envelope.
    Nack,
    /// The relay gave the envelope up.
    RelayExpired,
    /// A rule of the recipient's node refused the message after it was opened.
    Refused,
    /// This node's own statement that its rules refused the message.
    RefusedGiven,
}

impl ReceiptKind {
    pub(crate) const ALL: [Self; 7] = [
        Self::RelayAccepted,
        Self::Delivered,
        Self::DeliveredGiven,
        Self::Nack,
        Self::RelayExpired,
        Self::Refused,
        Self::RefusedGiven,
    ];

    /// The kind's name, for people and programs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RelayAccepted => "relay-accepted",
            Self::Delivered => "delivered",
            Self::DeliveredGiven => "delivered-given",
            Self::Nack => "nack",
            Self::RelayExpired => "relay-expired",
            Self::Refused => "refused",
            Self::RefusedGiven => "refused-given",
        }
    }
}

/// A receipt, verified before it was kept.
#[derive(Clone, PartialEq, Eq)]
pub struct KeptReceipt {
    /// What it is.
    pub kind: ReceiptKind,
    /// About which envelope.
    pub digest: EnvelopeDigest,
    /// The signed object.
    pub bytes: Vec<u8>,
    /// When it was kept, by this node's clock.
    pub at: Timestamp,
}

/// Keeps a verified receipt, inside the caller's transaction; the same one again changes nothing.
pub(crate) fn keep(
    db: &Connection,
    message: &MessageId,
    kind: ReceiptKind,
    digest: &EnvelopeDigest,
    bytes: &[u8],
    now: Timestamp,
) -> Result<(), VaultError> {
    db.run(
        "INSERT OR IGNORE INTO receipt (message, kind, digest, bytes, at) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![message.as_bytes(), kind.as_str(), digest.as_bytes(), bytes, int(now.0)],
    )?;
    Ok(())
}

/// The receipts about a message, oldest first.
///
/// # Errors
/// What the disk says.
pub fn receipts(vault: &Vault, message: &MessageId) -> Result<Vec<KeptReceipt>, VaultError> {
    receipts_of(vault.db(), message)
}

pub(crate) fn receipts_of(db: &Connection, message: &MessageId) -> Result<Vec<KeptReceipt>, VaultError> {
    let mut rows =
        db.prepare_cached("SELECT kind, digest, bytes, at FROM receipt WHERE message = ?1 ORDER BY at, kind DESC")?;
    let mut rows = rows.query(params![message.as_bytes()])?;
    let mut kept = Vec::new();
    while let Some(row) = rows.next()? {
        let name: String = row.get("kind")?;
        let kind = ReceiptKind::ALL.into_iter().find(|kind| kind.as_str() == name);
        kept.push(KeptReceipt {
            kind: kind.ok_or(VaultError::Damaged { what: "a receipt of unknown kind" })?,
            digest: EnvelopeDigest::from_bytes(row.get("digest")?),
            bytes: row.get("bytes")?,
            at: Timestamp(uint(row.get("at")?)?),
        });
    }
    Ok(kept)
}
