//! The evidence about one message, put together for someone who trusts neither side (`docs/PROTOCOL.md` §11).

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use safeconduct_certs::evidence::{Bundle, BundleRefused, Parts};
use safeconduct_protocol::{
    crypto::sign::Signature,
    envelope::{
        case::CaseContent,
        header::{SignedHeader, content_commitment},
    },
    id::{EnvelopeDigest, MessageId, NodeId},
    receipt::{
        node::Delivered,
        relay::{RelayAccepted, RelayExpired},
    },
};
use zeroize::Zeroizing;

use super::ReceiptKind;
use crate::{
    casework::{
        life::terms::Side,
        post::said::Said,
        store::{columns::uuid_bytes, row as case},
    },
    documents::post as document_post,
    registry::{Held, acted_on},
    vault::{Vault, VaultError},
};

/// Whether the bundle shows what was in the message.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Contents {
    /// Only commitments: the bundle holds no personal data.
    Without,
    /// Salt and content: whoever gets the bundle reads the referral.
    With,
}

/// Why there is no bundle.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// The vault failed.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// Nothing was ever signed under this id.
    #[error("there is no signed message {}", message.short())]
    UnknownMessage {
        /// The id asked for.
        message: MessageId,
    },
    /// The content, or its salt, has been erased.
    #[error("the content of the message has been erased")]
    ContentErased,
    /// The registry copy does not prove what the bundle needs.
    #[error("the bundle cannot be put together")]
    Refused(#[source] BundleRefused),
}

impl ExportError {
    /// What to do next.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::Vault(error) => error.remedy(),
            Self::UnknownMessage { .. } => "take the id from `safeconduct status` or `safeconduct inbox`",
            Self::ContentErased => "export without content; the commitments still stand",
            Self::Refused(refused) => refused.remedy(),
        }
    }

    /// A stable name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Vault(error) => error.code(),
            Self::UnknownMessage { .. } => "unknown-message",
            Self::ContentErased => "content-erased",
            Self::Refused(_) => "bundle-refused",
        }
    }
}

impl From<rusqlite::Error> for ExportError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Vault(error.into())
    }
}

const DAMAGED: VaultError = VaultError::Damaged { what: "a kept header or receipt is altered" };

/// What is kept of a message, sent or received.
pub(crate) struct Kept {
    header: Vec<u8>,
    signature: [u8; 64],
    pub(crate) digest: EnvelopeDigest,
    pub(crate) salt: [u8; 32],
    pub(crate) content: Option<Zeroizing<Vec<u8>>>,
    delivered: ReceiptKind,
}

impl Kept {
    /// The header, as it was signed.
    pub(crate) fn signed(&self) -> Result<SignedHeader, VaultError> {
        let bytes = self.header.as_slice().try_into().ok().ok_or(DAMAGED)?;
        SignedHeader::parse(bytes, Signature::from_bytes(self.signature)).ok_or(DAMAGED)
    }

    /// The relay's receipt for the envelope.
    pub(crate) fn relay_accepted(
        &self,
        db: &Connection,
        message: &MessageId,
    ) -> Result<Option<RelayAccepted>, VaultError> {
        let bytes = receipt(db, message, ReceiptKind::RelayAccepted, &self.digest)?;
        bytes.map(|bytes| RelayAccepted::parse(&bytes).ok().ok_or(DAMAGED)).transpose()
    }

    /// Its notice that nobody fetched it.
    pub(crate) fn relay_expired(
        &self,
        db: &Connection,
        message: &MessageId,
    ) -> Result<Option<RelayExpired>, VaultError> {
        let bytes = receipt(db, message, ReceiptKind::RelayExpired, &self.digest)?;
        bytes.map(|bytes| RelayExpired::parse(&bytes).ok().ok_or(DAMAGED)).transpose()
    }

    /// Salt and content, while they are here and what the header commits to.
    pub(crate) fn opening(&self, header: &SignedHeader) -> Option<(&[u8; 32], &[u8])> {
        let content = self.content.as_ref()?;
        let fits = content_commitment(&self.salt, content) == header.header().content_commitment;
        fits.then_some((&self.salt, content.as_slice()))
    }

    /// The recipient's.
    pub(crate) fn delivered(&self, db: &Connection, message: &MessageId) -> Result<Option<Delivered>, VaultError> {
        let bytes = receipt(db, message, self.delivered, &self.digest)?;
        bytes.map(|bytes| Delivered::parse(&bytes).ok().ok_or(DAMAGED)).transpose()
    }
}

/// What is kept of a message between this node and a partner, on this side of it.
pub(crate) fn kept(
    db: &Connection,
    message: &MessageId,
    partner: &NodeId,
    side: Side,
) -> Result<Option<Kept>, VaultError> {
    match side {
        Side::Sender => sent(db, message, Some(partner)),
        Side::Recipient => received(db, message, Some(partner)),
    }
}

/// The bundle of a message that this node sent or received: of the envelope that was delivered, else of the newest.
///
/// # Errors
/// [`ExportError`].
pub fn bundle(vault: &Vault, held: &Held, message: &MessageId, contents: Contents) -> Result<Bundle, ExportError> {
    let db = vault.db();
    let kept = match sent(db, message, None)? {
        Some(kept) => kept,
        None => received(db, message, None)?.ok_or(ExportError::UnknownMessage { message: *message })?,
    };
    let header = kept.signed()?;
    let (accepted, delivered) = (kept.relay_accepted(db, message)?, kept.delivered(db, message)?);
    let opening = match contents {
        Contents::Without => None,
        Contents::With => Some(kept.opening(&header).ok_or(ExportError::ContentErased)?),
    };
    let (sender, recipient) = (&header.header().sender, &header.header().recipient);
    let (ours, theirs) = (held.registry_of(sender), held.registry_of(recipient));
    let acted_on = acted_on::kept(db, ours, header.header())?;
    let parts = Parts {
        header: &header,
        envelope: kept.digest,
        relay_accepted: accepted.as_ref(),
        delivered: delivered.as_ref(),
        opening,
        acted_on: acted_on.as_ref(),
    };
    Bundle::collect_across(ours, theirs, &parts).map_err(ExportError::Refused)
}

/// The referral that a message between this node and a partner is about: of which it is a revision, or of which it says something.
pub(crate) fn referral_of(
    db: &Connection,
    message: &MessageId,
    partner: &NodeId,
) -> Result<Option<case::Row>, VaultError> {
    if let Some(row) = case::Row::by_message(db, message.as_bytes())? {
        return Ok(Some(row));
    }
    // What came is kept beside its referral, as the act or the post that it is.
    let beside = "place IN (SELECT referral FROM case_event WHERE message = ?1 UNION SELECT referral FROM post WHERE message = ?1)
        AND partner = ?2";
    if let Some(row) = case::Row::all(db, beside, params![message.as_bytes(), partner.as_bytes()])?.pop() {
        return Ok(Some(row));
    }
    let kept = match sent(db, message, Some(partner))? {
        Some(kept) => Some(kept),
        None => received(db, message, Some(partner))?,
    };
    let said = kept.and_then(|kept| said_about(kept.content.as_deref()?));
    let Some(referral) = said else { return Ok(None) };
    for side in Side::ALL {
        if let Some(row) = case::Row::find(db, &referral, *side, partner)? {
            return Ok(Some(row));
        }
    }
    Ok(None)
}

/// The id of the referral of which this content says something; none of what says nothing of one.
fn said_about(content: &[u8]) -> Option<[u8; 16]> {
    match CaseContent::decode(content).ok()? {
        CaseContent::Event(event, _) => Some(event.says().referral),
        CaseContent::Post(post) => match Said::read(&post) {
            Some(said) => uuid_bytes(&said.referral_id),
            None => document_post::about(&post).map(|(referral, ..)| referral),
        },
        CaseContent::Log(events) => events.first().map(|event| event.says().referral),
        CaseContent::LogRequest(referral, _) | CaseContent::Document { referral, .. } => Some(referral),
        _ => None,
    }
}

fn sent(db: &Connection, message: &MessageId, recipient: Option<&NodeId>) -> Result<Option<Kept>, VaultError> {
    let query = "SELECT s.header, s.signature, s.digest, o.salt, o.content FROM seal s
        JOIN outbox o ON o.message = s.message
        WHERE s.message = ?1 AND o.kind <> 2 AND (?2 IS NULL OR o.recipient = ?2)
        ORDER BY EXISTS (SELECT 1 FROM receipt r WHERE r.message = s.message AND r.digest = s.digest
            AND r.kind = 'delivered') DESC, s.attempt DESC LIMIT 1";
    load(db, query, (message, recipient), ReceiptKind::Delivered)
}

fn received(db: &Connection, message: &MessageId, sender: Option<&NodeId>) -> Result<Option<Kept>, VaultError> {
    let query = "SELECT header, signature, digest, salt, content FROM inbox
        WHERE message = ?1 AND (?2 IS NULL OR sender = ?2) ORDER BY place LIMIT 1";
    load(db, query, (message, sender), ReceiptKind::DeliveredGiven)
}

fn load(
    db: &Connection,
    query: &str,
    (message, partner): (&MessageId, Option<&NodeId>),
    delivered: ReceiptKind,
) -> Result<Option<Kept>, VaultError> {
    let read = |row: &Row<'_>| {
        Ok(Kept {
            header: row.get("header")?,
            signature: row.get("signature")?,
            digest: EnvelopeDigest::from_bytes(row.get("digest")?),
            salt: row.get("salt")?,
            content: row.get::<_, Option<Vec<u8>>>("content")?.map(Zeroizing::new),
            delivered,
        })
    };
    Ok(db.query_row(query, params![message.as_bytes(), partner.map(NodeId::as_bytes)], read).optional()?)
}

fn receipt(
    db: &Connection,
    message: &MessageId,
    kind: ReceiptKind,
    digest: &EnvelopeDigest,
) -> Result<Option<Vec<u8>>, VaultError> {
    Ok(db
        .query_row(
            "SELECT bytes FROM receipt WHERE message = ?1 AND kind = ?2 AND digest = ?3",
            params![message.as_bytes(), kind.as_str(), digest.as_bytes()],
            |row| row.get(0),
        )
        .optional()?)
}
