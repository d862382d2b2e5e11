//! Posts as they are kept.

use rusqlite::{Connection, params};
use safeconduct_protocol::{crypto::hash::sha256, id::MessageId, time::Timestamp};
use zeroize::Zeroizing;

use super::{
    POSTS_MAX, named,
    said::{PostKind, Said},
};
use crate::{
    casework::{
        life::terms::Side,
        store::{
            columns::{at, index, uuid_bytes},
            row::Row,
        },
    },
    referral::codes::Section,
    vault::{Sql as _, VaultError, int, uint},
};

/// A post that is about to be kept.
pub(crate) struct Kept<'a> {
    pub(crate) side: Side,
    pub(crate) said: &'a Said,
    pub(crate) bytes: &'a [u8],
    pub(crate) message: &'a MessageId,
}

/// What became of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Inserted {
    /// It is new.
    New,
    /// It was there.
    Known,
    /// There is no room for more of this side's.
    Full,
}

/// A post of a list.
pub(crate) struct Listed {
    pub(crate) side: Side,
    /// None once the referral is erased.
    pub(crate) said: Option<Said>,
    pub(crate) at: Timestamp,
    pub(crate) read_at: Option<Timestamp>,
    /// Another one of this side has the same id and says something else.
    pub(crate) twice: bool,
    pub(crate) message: MessageId,
    /// It came after the consent for its section was taken back: its words were never kept.
    pub(crate) late: bool,
    /// The section whose consent it needs.
    pub(crate) section: Option<Section>,
}

const fn side_code(side: Side) -> i64 {
    match side {
        Side::Sender => 1,
        Side::Recipient => 2,
    }
}

/// Keeps a post.
pub(crate) fn insert(db: &Connection, row: &Row, kept: &Kept<'_>, now: Timestamp) -> Result<Inserted, VaultError> {
    let side = side_code(kept.side);
    let count: i64 =
        db.one("SELECT count(*) FROM post WHERE referral = ?1 AND side = ?2", params![row.place, side], |found| {
            found.get(0)
        })?;
    if count >= POSTS_MAX {
        return Ok(Inserted::Full);
    }
    let section = named::section(db, row, kept.said)?.map_or(0, |section| index(Section::ALL, &section));
    let new = db.run(
        "INSERT OR IGNORE INTO post (referral, post, side, kind, section, reply_to, content, hash, message, at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        params![
            row.place,
            uuid_bytes(&kept.said.post_id),
            side,
            index(PostKind::ALL, &kept.said.kind),
            section,
            kept.said.reply_to.as_deref().and_then(uuid_bytes),
            kept.bytes,
            sha256(&[kept.bytes]),
            kept.message.as_bytes(),
            int(now.0),
        ],
    )?;
    Ok(if new > 0 { Inserted::New } else { Inserted::Known })
}

/// Keeps that a post came, and nothing of what it says: the consent for its section had been taken back. The same again is the same.
pub(crate) fn insert_late(db: &Connection, row: &Row, kept: &Kept<'_>, now: Timestamp) -> Result<Inserted, VaultError> {
    let inserted = insert(db, row, kept, now)?;
    if inserted == Inserted::New {
        db.run(
            "UPDATE post SET content = NULL, hash = randomblob(32), late = 1 WHERE referral = ?1 AND message = ?2",
            params![row.place, kept.message.as_bytes()],
        )?;
    }
    Ok(inserted)
}

/// The posts of a referral, oldest first.
pub(crate) fn list(db: &Connection, place: i64) -> Result<Vec<Listed>, VaultError> {
    let mut rows = db.prepare_cached(
        "SELECT side, content, at, read_at, message,
            (SELECT count(*) FROM post other WHERE other.referral = post.referral AND other.side = post.side AND other.post = post.post) > 1, late, section
            FROM post WHERE referral = ?1 ORDER BY place",
    )?;
    let mut rows = rows.query([place])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let side: i64 = row.get(0)?;
        let content: Option<Zeroizing<Vec<u8>>> = row.get::<_, Option<Vec<u8>>>(1)?.map(Zeroizing::new);
        all.push(Listed {
            side: if side == 1 { Side::Sender } else { Side::Recipient },
            said: content.and_then(|bytes| Said::read(&bytes)),
            at: Timestamp(uint(row.get(2)?)?),
            read_at: row.get::<_, Option<i64>>(3)?.map(|at| uint(at).map(Timestamp)).transpose()?,
            message: MessageId::from_bytes(row.get(4)?),
            twice: row.get(5)?,
            late: row.get(6)?,
            section: at(Section::ALL, row.get(7)?),
        });
    }
    Ok(all)
}

/// Somebody has read what came.
pub(crate) fn read(db: &Connection, place: i64, now: Timestamp) -> Result<(), VaultError> {
    db.run("UPDATE post SET read_at = ?2 WHERE referral = ?1 AND read_at IS NULL", params![place, int(now.0)])?;
    Ok(())
}

/// Only posts of these sections keep their content.
pub(crate) fn keep_sections(db: &Connection, place: i64, kept: &[Section]) -> Result<(), VaultError> {
    for section in Section::ALL.iter().filter(|section| !kept.contains(section)) {
        let key = params![place, index(Section::ALL, section)];
        db.run("UPDATE post SET content = NULL, hash = randomblob(32) WHERE referral = ?1 AND section = ?2", key)?;
    }
    Ok(())
}

/// The content goes; that something was said stays.
pub(crate) fn erase(db: &Connection, place: i64) -> Result<(), VaultError> {
    db.run("UPDATE post SET content = NULL, hash = randomblob(32) WHERE referral = ?1", [place])?;
    Ok(())
}
