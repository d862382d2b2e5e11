//! The table `document`: whose, where it lies, its key, and how far it is.

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use safeconduct_protocol::{
    document::{shape::Shape, stream::Chunks},
    entropy::{Entropy, random},
    id::NodeId,
    limits::DOCUMENT_CHUNK_BYTES,
    secret::Secret,
    time::Timestamp,
};

use super::{
    enclosed::{Enclosed, chunks},
    error::DocumentError,
    seal::{Sealed, new_name},
};
use crate::{
    registry::RelayRef,
    vault::{Sql as _, VaultError, int, uint},
};

/// Where a document stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    /// Sent: it waits to be put at the recipient's relay.
    Waiting,
    /// Sent: the relay holds it; the post may go.
    Stored,
    /// Received: it waits to be fetched.
    Wanted,
    /// Received: all of it is here, and is what the sender signed for.
    Held,
    /// Received: what the relay gave is not what the sender signed for.
    Broken,
    /// Received: the relay has it no more.
    Gone,
    /// It could not be put or fetched: a person decides.
    Failed,
    /// It was erased, and its file goes next.
    Erased,
}

impl State {
    /// Every one.
    pub const ALL: [Self; 8] =
        [Self::Waiting, Self::Stored, Self::Wanted, Self::Held, Self::Broken, Self::Gone, Self::Failed, Self::Erased];

    /// The state in one word.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Stored => "stored",
            Self::Wanted => "wanted",
            Self::Held => "held",
            Self::Broken => "broken",
            Self::Gone => "gone",
            Self::Failed => "failed",
            Self::Erased => "erased",
        }
    }
}

/// Names one document in this vault.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Handle(pub [u8; 16]);

/// Whose document it is, and which of the referral's.
#[derive(Clone)]
pub struct About<'a> {
    /// The other node.
    pub partner: NodeId,
    /// The referral's id.
    pub referral: [u8; 16],
    /// The post's id.
    pub post: [u8; 16],
    /// The section whose readers may read it.
    pub section: &'a str,
    /// Its title.
    pub title: &'a str,
    /// SHA-256 of the document, as the referral lists it.
    pub sha256: Option<[u8; 32]>,
    /// The relay at which it lies, seen from here.
    pub relay: RelayRef,
}

/// A document, for lists.
#[derive(Clone, PartialEq, Eq)]
pub struct Document {
    /// Its name here.
    pub handle: Handle,
    /// Whether this node has received it.
    pub is_received: bool,
    /// The other node.
    pub partner: NodeId,
    /// The referral's id.
    pub referral: [u8; 16],
    /// The attachment's id.
    pub attachment: [u8; 16],
    /// The section.
    pub section: String,
    /// The title.
    pub title: String,
    /// The media type.
    pub media_type: String,
    /// Its bytes.
    pub length: u64,
    /// Chunks that are put or here.
    pub have: u32,
    /// Where it stands.
    pub state: State,
    /// Why it does not move, or did not.
    pub reason: Option<String>,
}

impl Document {
    /// Bytes of it that are put, or here, as far as was noted last.
    #[must_use]
    pub fn done_bytes(&self) -> u64 {
        match self.state {
            State::Stored | State::Held => self.length,
            State::Waiting | State::Wanted | State::Broken | State::Gone | State::Failed | State::Erased => {
                let chunk = u64::try_from(DOCUMENT_CHUNK_BYTES).unwrap_or(0);
                u64::from(self.have).saturating_mul(chunk).min(self.length)
            }
        }
    }
}

/// What opens a sealed document. Secrets: no `Debug`.
pub struct Opening {
    /// Its file in the folder of sealed documents.
    pub file: String,
    /// Its bytes.
    pub length: u64,
    pub(super) salt: [u8; 32],
    pub(super) salted: [u8; 32],
    pub(super) cipher: [u8; 32],
    pub(super) sha256: Option<[u8; 32]>,
    key: Secret<32>,
    post: [u8; 16],
    place: u8,
    recipient: NodeId,
}

impl Opening {
    /// What opens its chunks.
    #[must_use]
    pub fn chunks(&self, shape: Shape) -> Chunks {
        chunks(&self.key, self.post, self.recipient, self.place, shape)
    }

    /// SHA-256 of the sealed whole.
    #[must_use]
    pub const fn cipher(&self) -> &[u8; 32] {
        &self.cipher
    }
}

/// Notes a document that was sealed here: it waits to be put. Idempotent by recipient, post and number.
///
/// # Errors
/// What the vault says.
pub fn give(
    db: &Connection,
    sealed: &Sealed,
    about: &About<'_>,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<Handle, DocumentError> {
    insert(db, 1, State::Waiting, &sealed.enclosed, about, &sealed.file, now, entropy)
}

/// Notes a document that a post brings: it waits to be fetched. The same again is the same document.
///
/// # Errors
/// What the vault says.
pub fn take(
    db: &Connection,
    enclosed: &Enclosed,
    about: &About<'_>,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<Handle, DocumentError> {
    let name = new_name(entropy)?;
    insert(db, 2, State::Wanted, enclosed, about, &name, now, entropy)
}

#[expect(clippy::too_many_arguments, reason = "one row, of which each column has one origin")]
fn insert(
    db: &Connection,
    direction: i64,
    state: State,
    enclosed: &Enclosed,
    about: &About<'_>,
    file: &str,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<Handle, DocumentError> {
    let handle: [u8; 16] = random(entropy)?;
    db.prepare_cached(
        "INSERT INTO document (handle, direction, partner, referral, attachment, post, place, section, title, media_type, relay, secret,
             key, length, salt, salted, cipher, sha256, file, state, try_at, at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?21)
         ON CONFLICT (direction, partner, post, place) DO NOTHING",
    )?
    .execute(params![
        handle,
        direction,
        about.partner.as_bytes(),
        about.referral,
        enclosed.attachment,
        about.post,
        enclosed.index,
        about.section,
        about.title,
        enclosed.kind.media_type(),
        about.relay.to_bytes(),
        enclosed.blob_secret.as_bytes(),
        enclosed.key.reveal(),
        int(enclosed.length),
        enclosed.salt,
        enclosed.salted,
        enclosed.cipher,
        about.sha256,
        file,
        state.code(),
        int(now.0),
    ])?;
    let known = "SELECT handle FROM document WHERE direction = ?1 AND partner = ?2 AND post = ?3 AND place = ?4";
    let which = params![direction, about.partner.as_bytes(), about.post, enclosed.index];
    Ok(db.prepare_cached(known)?.query_row(which, |row| row.get(0).map(Handle))?)
}

const COLUMNS: &str =
    "handle, direction, partner, referral, attachment, section, title, media_type, length, have, state, reason";

fn read(row: &Row<'_>) -> Result<Document, DocumentError> {
    let state: String = row.get("state")?;
    let damaged = VaultError::Damaged { what: "the state of a document is none" };
    Ok(Document {
        handle: Handle(row.get("handle")?),
        is_received: row.get::<_, i64>("direction")? == 2,
        partner: NodeId::from_bytes(row.get("partner")?),
        referral: row.get("referral")?,
        attachment: row.get("attachment")?,
        section: row.get("section")?,
        title: row.get("title")?,
        media_type: row.get("media_type")?,
        length: uint(row.get("length")?)?,
        have: row.get("have")?,
        state: State::ALL.into_iter().find(|one| one.code() == state).ok_or(damaged)?,
        reason: row.get("reason")?,
    })
}

/// One document.
///
/// # Errors
/// [`DocumentError::Unknown`], or what the vault says.
pub fn find(db: &Connection, handle: Handle) -> Result<Document, DocumentError> {
    let mut statement = db.prepare_cached(&format!("SELECT {COLUMNS} FROM document WHERE handle = ?1"))?;
    let mut rows = statement.query([handle.0])?;
    rows.next()?.map_or(Err(DocumentError::Unknown), read)
}

/// The one document whose name begins with these hex digits, four at least.
///
/// # Errors
/// [`DocumentError::Unknown`], also when more than one does; or what the vault says.
pub fn named(db: &Connection, digits: &str) -> Result<Handle, DocumentError> {
    let is_hex = (4..=32).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    if !is_hex {
        return Err(DocumentError::Unknown);
    }
    let mut statement = db.prepare_cached("SELECT handle FROM document WHERE hex(handle) LIKE ?1 || '%' LIMIT 2")?;
    let found = statement.query_map([digits.to_ascii_uppercase()], |row| row.get(0).map(Handle))?;
    let found: Vec<Handle> = found.collect::<Result<_, _>>()?;
    if let [one] = found.as_slice() { Ok(*one) } else { Err(DocumentError::Unknown) }
}

/// The documents of one referral, sent and received, oldest first.
///
/// # Errors
/// What the vault says.
pub fn of_referral(db: &Connection, referral: [u8; 16]) -> Result<Vec<Document>, DocumentError> {
    let mut statement =
        db.prepare_cached(&format!("SELECT {COLUMNS} FROM document WHERE referral = ?1 ORDER BY at, post, place"))?;
    let mut rows = statement.query([referral])?;
    let mut documents = Vec::new();
    while let Some(row) = rows.next()? {
        documents.push(read(row)?);
    }
    Ok(documents)
}

/// What opens a document whose sealed file is here, or will be. `own` is this node.
///
/// # Errors
/// [`DocumentError::Unknown`], also of one that was erased; or what the vault says.
pub fn opening(db: &Connection, handle: Handle, own: NodeId) -> Result<Opening, DocumentError> {
    let columns = "direction, partner, post, place, key, length, salt, salted, cipher, sha256, file";
    let found = db
        .prepare_cached(&format!("SELECT {columns} FROM document WHERE handle = ?1 AND key IS NOT NULL"))?
        .query_row([handle.0], |row| Ok(opened(row, own)))
        .optional()?;
    found.unwrap_or(Err(DocumentError::Unknown))
}

pub(super) fn opened(row: &Row<'_>, own: NodeId) -> Result<Opening, DocumentError> {
    let is_received = row.get::<_, i64>("direction")? == 2;
    Ok(Opening {
        file: row.get("file")?,
        length: uint(row.get("length")?)?,
        salt: row.get("salt")?,
        salted: row.get("salted")?,
        cipher: row.get("cipher")?,
        sha256: row.get("sha256")?,
        key: Secret::new(row.get("key")?),
        post: row.get("post")?,
        place: row.get("place")?,
        recipient: if is_received { own } else { NodeId::from_bytes(row.get("partner")?) },
    })
}

/// Erases what opens the documents of a referral with a partner, and the posts that brought them, but for the attachments that are
/// `kept`. What stays says that there were documents, and nothing of what was in them; their files go with [`erased_files`].
///
/// # Errors
/// What the vault says.
pub fn erase(db: &Connection, referral: [u8; 16], partner: NodeId, kept: &[[u8; 16]]) -> Result<(), VaultError> {
    let which = params![referral, partner.as_bytes()];
    let query = "SELECT handle, attachment FROM document WHERE referral = ?1 AND partner = ?2 AND key IS NOT NULL";
    let mut statement = db.prepare_cached(query)?;
    let all = statement.query_map(which, |row| Ok((row.get(0)?, row.get(1)?)))?;
    let all: Vec<([u8; 16], [u8; 16])> = all.collect::<Result<_, _>>()?;
    for (handle, _) in all.iter().filter(|(_, attachment)| !kept.contains(attachment)) {
        erase_one(db, Handle(*handle), partner)?;
    }
    Ok(())
}

fn erase_one(db: &Connection, handle: Handle, partner: NodeId) -> Result<(), VaultError> {
    let post = "SELECT message FROM document WHERE handle = ?1 AND message IS NOT NULL";
    let which = params![handle.0, partner.as_bytes()];
    db.run(
        &format!("UPDATE inbox SET content = NULL, salt = zeroblob(32) WHERE sender = ?2 AND message IN ({post})"),
        which,
    )?;
    db.run(
        &format!("UPDATE outbox SET content = NULL, salt = zeroblob(32) WHERE state = 'delivered' AND recipient = ?2 AND message IN ({post})"),
        which,
    )?;
    db.run(
        "UPDATE document SET key = NULL, secret = NULL, title = '', salt = zeroblob(32), salted = zeroblob(32), sha256 = NULL,
             at_relay = 0, state = 'erased', reason = NULL WHERE handle = ?1",
        [handle.0],
    )?;
    Ok(())
}

/// Names of files of documents that were erased, until [`file_removed`] says that they are gone.
///
/// # Errors
/// What the vault says.
pub fn erased_files(db: &Connection) -> Result<Vec<String>, DocumentError> {
    let mut statement = db.prepare_cached("SELECT file FROM document WHERE state = 'erased' LIMIT 64")?;
    let files = statement.query_map([], |row| row.get(0))?;
    Ok(files.collect::<Result<_, _>>()?)
}

/// The file of an erased document is gone.
///
/// # Errors
/// What the vault says.
pub fn file_removed(db: &Connection, file: &str) -> Result<(), DocumentError> {
    db.prepare_cached("UPDATE document SET state = 'gone', reason = 'erased' WHERE file = ?1 AND state = 'erased'")?
        .execute([file])?;
    Ok(())
}

/// Whether a file of this name belongs to a document that was not erased.
///
/// # Errors
/// What the vault says.
pub fn knows_file(db: &Connection, name: &str) -> Result<bool, DocumentError> {
    Ok(db.prepare_cached("SELECT 1 FROM document WHERE file = ?1 AND key IS NOT NULL")?.exists([name])?)
}
