//! The revisions of a referral, each in the message that brought it.

use rusqlite::{Connection, OptionalExtension as _, params};
use safeconduct_protocol::{
    crypto::{hash::sha256, sign::Signature},
    envelope::header::SignedHeader,
    id::{MessageId, NodeId},
    receipt::case::Revision,
    time::Timestamp,
};
use zeroize::Zeroizing;

use super::row::Row;
use crate::{
    casework::life::terms::Side,
    referral::{self, Referral},
    vault::{Sql as _, VaultError, int},
};

const DAMAGED: VaultError = VaultError::Damaged { what: "a kept revision of a referral does not read" };

/// Keeps a revision.
pub(crate) fn insert(db: &Connection, place: i64, new: &NewRevision<'_>, now: Timestamp) -> Result<(), VaultError> {
    let header = &new.referral.header;
    db.run(
        "INSERT OR IGNORE INTO referral_revision (referral, revision, message, level, content, digest, at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            place,
            header.revision.get(),
            new.message.as_bytes(),
            header.disclosure_level.get(),
            new.content,
            digest(new.referral),
            int(now.0)
        ],
    )?;
    Ok(())
}

/// A revision that is about to be kept.
pub(crate) struct NewRevision<'a> {
    pub(crate) message: &'a MessageId,
    pub(crate) referral: &'a Referral,
    /// Its bytes, where neither outbox nor inbox keeps them.
    pub(crate) content: Option<&'a [u8]>,
}

fn digest(referral: &Referral) -> [u8; 32] {
    sha256(&[&referral::canonical(referral)])
}

/// Whether this very revision is here already.
pub(crate) fn is_here(db: &Connection, place: i64, referral: &Referral) -> Result<bool, VaultError> {
    let key = params![place, referral.header.revision.get(), digest(referral)];
    let query = "SELECT 1 FROM referral_revision WHERE referral = ?1 AND revision = ?2 AND digest = ?3 LIMIT 1";
    Ok(db.one(query, key, |row| row.get::<_, i64>(0)).optional()?.is_some())
}

/// A message, and the content that it brought.
type Brought = (MessageId, Zeroizing<Vec<u8>>);

/// The newest revision whose content is still here, with the message that brought it.
pub(crate) fn newest(db: &Connection, place: i64) -> Result<Option<(MessageId, Referral)>, VaultError> {
    let Some((message, content)) = newest_content(db, place)? else { return Ok(None) };
    Ok(Some((message, referral::parse(&content).ok().ok_or(DAMAGED)?)))
}

/// The same where one that cannot be read keeps nothing else from being done: there is none then. It is told of where it is looked at.
pub(crate) fn readable(db: &Connection, place: i64) -> Result<Option<(MessageId, Referral)>, VaultError> {
    match newest(db, place) {
        Err(VaultError::Damaged { .. }) => Ok(None),
        newest => newest,
    }
}

/// The same as the bytes that were sent.
pub(crate) fn newest_content(db: &Connection, place: i64) -> Result<Option<Brought>, VaultError> {
    let found = db
        .one(
            "SELECT v.message, coalesce(v.content, i.content) AS content FROM referral_revision v JOIN referral r ON r.place = v.referral
                LEFT JOIN inbox i ON r.side = 2 AND i.message = v.message AND i.sender = r.partner
                WHERE v.referral = ?1 AND coalesce(v.content, i.content) IS NOT NULL ORDER BY v.revision DESC, v.at LIMIT 1",
            [place],
            |row| Ok((MessageId::from_bytes(row.get(0)?), Zeroizing::new(row.get::<_, Vec<u8>>(1)?))),
        )
        .optional()?;
    Ok(found)
}

/// Every revision whose content is here and reads.
pub(crate) fn held(db: &Connection, place: i64) -> Result<Vec<Referral>, VaultError> {
    let mut rows = db.prepare_cached(
        "SELECT coalesce(v.content, o.content, i.content) FROM referral_revision v JOIN referral r ON r.place = v.referral
            LEFT JOIN inbox i ON r.side = 2 AND i.message = v.message AND i.sender = r.partner
            LEFT JOIN outbox o ON r.side = 1 AND o.message = v.message
            WHERE v.referral = ?1 AND coalesce(v.content, o.content, i.content) IS NOT NULL ORDER BY v.revision",
    )?;
    let rows = rows.query_map([place], |row| row.get::<_, Vec<u8>>(0).map(Zeroizing::new))?;
    let mut all = Vec::new();
    for content in rows {
        all.extend(referral::parse(&content?).ok());
    }
    Ok(all)
}

/// Whether something was sifted out of this referral since, so that no copy of this revision, or of one before it, may be kept.
pub(crate) fn is_sifted(db: &Connection, place: i64, number: i64) -> Result<bool, VaultError> {
    let query = "SELECT 1 FROM referral_revision v JOIN referral r ON r.place = v.referral
        WHERE v.referral = ?1 AND r.side = 2 AND v.content IS NOT NULL AND v.revision >= ?2 LIMIT 1";
    Ok(db.one(query, params![place, number], |row| row.get::<_, i64>(0)).optional()?.is_some())
}

/// The level of the first revision: what the life begins with.
pub(crate) fn first_level(db: &Connection, place: i64) -> Result<u8, VaultError> {
    let level: Option<i64> = db
        .one("SELECT level FROM referral_revision WHERE referral = ?1 ORDER BY revision, at LIMIT 1", [place], |row| {
            row.get(0)
        })
        .optional()?;
    level.and_then(|level| u8::try_from(level).ok()).ok_or(DAMAGED)
}

/// The messages that brought revisions, oldest first.
pub(crate) fn messages(db: &Connection, place: i64) -> Result<Vec<MessageId>, VaultError> {
    let mut rows =
        db.prepare_cached("SELECT message FROM referral_revision WHERE referral = ?1 ORDER BY revision, at")?;
    let rows = rows.query_map([place], |row| row.get(0).map(MessageId::from_bytes))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Erases the content of a message that came; what was signed stays.
pub(crate) fn erase_received(db: &Connection, sender: &NodeId, message: &MessageId) -> Result<(), VaultError> {
    db.run(
        "UPDATE inbox SET content = NULL, salt = zeroblob(32) WHERE message = ?1 AND sender = ?2",
        params![message.as_bytes(), sender.as_bytes()],
    )?;
    Ok(())
}

/// The commitment to the content of a revision, as this node has it from outbox or inbox.
pub(crate) fn commitment(db: &Connection, row: &Row, message: &MessageId) -> Result<Option<[u8; 32]>, VaultError> {
    let table = match row.side {
        Side::Sender => {
            "SELECT o.commitment FROM referral_revision v JOIN outbox o ON o.message = v.message
                WHERE v.message = ?1 AND o.recipient = ?2 AND v.referral = ?3"
        }
        Side::Recipient => {
            "SELECT i.commitment FROM referral_revision v JOIN inbox i ON i.message = v.message
                WHERE v.message = ?1 AND i.sender = ?2 AND v.referral = ?3"
        }
    };
    let key = params![message.as_bytes(), row.partner.as_bytes(), row.place];
    Ok(db.one(table, key, |found| found.get(0)).optional()?)
}

/// What an act of now is about: the newest revision, its header as far as it is sealed.
pub(crate) fn about(db: &Connection, row: &Row) -> Result<Revision, VaultError> {
    let message = messages(db, row.place)?.pop().ok_or(DAMAGED)?;
    let content_commitment = commitment(db, row, &message)?.ok_or(DAMAGED)?;
    let header_hash = header(db, row, &message)?.map_or([0; 32], |signed| signed.hash());
    Ok(Revision { message, header_hash, content_commitment })
}

/// The header under which the message was signed last, or came; none while it is not sealed.
fn header(db: &Connection, row: &Row, message: &MessageId) -> Result<Option<SignedHeader>, VaultError> {
    let (query, key) = match row.side {
        Side::Sender => (
            "SELECT header, signature FROM seal WHERE message = ?1 AND ?2 IS NOT NULL ORDER BY attempt DESC LIMIT 1",
            params![message.as_bytes(), row.partner.as_bytes()],
        ),
        Side::Recipient => (
            "SELECT header, signature FROM inbox WHERE message = ?1 AND sender = ?2",
            params![message.as_bytes(), row.partner.as_bytes()],
        ),
    };
    let found: Option<(Vec<u8>, [u8; 64])> =
        db.one(query, key, |found| Ok((found.get(0)?, found.get(1)?))).optional()?;
    let Some((header, signature)) = found else { return Ok(None) };
    let bytes = header.as_slice().try_into().ok().ok_or(DAMAGED)?;
    SignedHeader::parse(bytes, Signature::from_bytes(signature)).ok_or(DAMAGED).map(Some)
}
