//! The post that brings a document (`docs/PROTOCOL.md` §7): what it says, when it may go, and what is taken of one that came.
//!
//! It goes when the recipient's relay holds the document, so that nobody looks for what is not there; and it counts only for a document
//! that the referral lists, of that length, kind and section.

use core::fmt::Write as _;

use rusqlite::{Connection, params};
use safeconduct_protocol::{
    blob::BlobSecret,
    entropy::Entropy,
    envelope::case::CaseContent,
    id::{MessageId, NodeId},
    personal::Reveal,
    secret::Secret,
    time::Timestamp,
};
use zeroize::Zeroizing;

use super::{
    enclosed::Enclosed,
    error::DocumentError,
    kind::Kind,
    store::{self, About, Handle},
};
use crate::{
    casework::{
        coverage::needed_by_document,
        give, lapse,
        life::terms::Side,
        store::{
            columns::{uuid_bytes, uuid_text},
            revision,
            row::Row,
        },
    },
    referral::{
        Referral,
        codes::Section,
        json::{self, Json},
        profile::Profiles,
    },
    registry::RelayRef,
    vault::{Sql as _, VaultError, uint},
};

const NAME: &str = "safeconduct.post/1";
const MEMBERS: usize = 6;

/// A document as the referral lists it.
pub(crate) struct Listed {
    /// Its title.
    pub(crate) title: String,
    /// Its kind.
    pub(crate) kind: Kind,
    /// Its bytes.
    pub(crate) length: u64,
    /// SHA-256 of it.
    pub(crate) sha256: [u8; 32],
    /// The section whose readers may read it.
    pub(crate) section: &'static str,
}

/// What a referral says of one of its documents.
pub(crate) fn listed(referral: &Referral, attachment: &[u8; 16]) -> Option<Listed> {
    let attachments = referral.case_file.as_ref()?.attachments.as_ref()?;
    let one = attachments.iter().find(|one| uuid_bytes(one.attachment_id.as_str()) == Some(*attachment))?;
    Some(Listed {
        title: one.title.reveal(Reveal::ToStore).as_str().to_owned(),
        kind: Kind::of_media_type(one.media_type.as_str())?,
        length: u64::try_from(one.size_bytes.get()).ok()?,
        sha256: sha256_of(one.sha256.as_str())?,
        section: one.section.as_str(),
    })
}

/// The attachments that a referral lists.
pub(crate) fn all_listed(referral: &Referral) -> Vec<[u8; 16]> {
    let list = referral.case_file.as_ref().and_then(|file| file.attachments.as_ref());
    list.into_iter().flat_map(|list| list.iter()).filter_map(|one| uuid_bytes(one.attachment_id.as_str())).collect()
}

fn sha256_of(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    hex::decode_to_slice(text, &mut bytes).ok()?;
    Some(bytes)
}

/// What a post says.
struct Post {
    post: [u8; 16],
    referral: [u8; 16],
    section: String,
    enclosed: Enclosed,
}

fn write(post: &[u8; 16], referral: &[u8; 16], section: &str, enclosed: &Enclosed) -> Zeroizing<Vec<u8>> {
    // Room for all at once: a text that grows leaves copies behind.
    let mut text = Zeroizing::new(String::with_capacity(2048));
    let (post, referral) = (uuid_text(post), uuid_text(referral));
    // Writing to a String cannot fail.
    write!(
        text,
        "{{\"post\":\"{NAME}\",\"post_id\":\"{post}\",\"referral_id\":\"{referral}\",\"kind\":\"document\",\"section\":\"{section}\",\"document\":{}}}",
        enclosed.to_json().as_str()
    )
    .ok();
    Zeroizing::new(core::mem::take(&mut *text).into_bytes())
}

fn read(text: &[u8]) -> Option<Post> {
    let node = json::parse(text).ok()?;
    let Json::Object(members) = &node else { return None };
    let word = |name| match node.get(name)? {
        Json::Text(text) => Some(text.as_str()),
        Json::Null | Json::Bool(_) | Json::Whole(_) | Json::Fraction | Json::List(_) | Json::Object(_) => None,
    };
    if members.len() != MEMBERS || word("post")? != NAME || word("kind")? != "document" {
        return None;
    }
    Some(Post {
        post: uuid_bytes(word("post_id")?)?,
        referral: uuid_bytes(word("referral_id")?)?,
        section: word("section")?.to_owned(),
        enclosed: Enclosed::read(node.get("document")?)?,
    })
}

/// Whether a post is one that this version takes.
pub(crate) fn is_known(post: &[u8]) -> bool {
    read(post).is_some()
}

/// The referral, the attachment and the section that a post is about.
pub(crate) fn about(post: &[u8]) -> Option<([u8; 16], [u8; 16], Section)> {
    read(post).and_then(|post| Some((post.referral, post.enclosed.attachment, Section::from_code(&post.section)?)))
}

/// Queues the post of a document that its relay holds now, inside the caller's transaction. Nothing is queued about a referral that was
/// erased, and nothing twice.
pub(crate) fn tell(
    db: &Connection,
    handle: Handle,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<(), DocumentError> {
    let document = store::find(db, handle)?;
    let Some(row) = Row::find(db, &document.referral, Side::Sender, &document.partner)? else { return Ok(()) };
    let Some((post, enclosed)) = kept(db, handle)? else { return Ok(()) };
    if row.erased_at.is_some() {
        return Ok(());
    }
    let text = write(&post, &document.referral, &document.section, &enclosed);
    let unfit = VaultError::Unfit { what: "a post that fits its layout" };
    let content = CaseContent::Post(text).encode().ok().ok_or(unfit)?;
    let message = give::tell(db, &row, &content, now, entropy)?;
    db.run("UPDATE document SET message = ?2 WHERE handle = ?1", params![handle.0, message.as_bytes()])?;
    Ok(())
}

/// What was sealed for a document whose post was not told yet.
fn kept(db: &Connection, handle: Handle) -> Result<Option<([u8; 16], Enclosed)>, DocumentError> {
    let mut statement = db.prepare_cached(
        "SELECT * FROM document WHERE handle = ?1 AND direction = 1 AND key IS NOT NULL AND message IS NULL",
    )?;
    let mut rows = statement.query([handle.0])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let damaged = VaultError::Damaged { what: "a document's row cannot be read" };
    let media_type: String = row.get("media_type")?;
    let relay: Vec<u8> = row.get("relay")?;
    let (Some(kind), Some(relay)) = (Kind::of_media_type(&media_type), RelayRef::from_bytes(&relay)) else {
        return Err(damaged.into());
    };
    let enclosed = Enclosed {
        attachment: row.get("attachment")?,
        index: row.get("place")?,
        relay: relay.relay,
        blob_secret: BlobSecret::from_bytes(row.get("secret")?),
        key: Secret::new(row.get("key")?),
        length: uint(row.get("length")?)?,
        salt: row.get("salt")?,
        salted: row.get("salted")?,
        cipher: row.get("cipher")?,
        kind,
    };
    Ok(Some((row.get("post")?, enclosed)))
}

/// Takes a post that came, inside the transaction that stores its message; the referral for which, or for whose revision that lists the
/// document, it has to wait.
pub(crate) fn take(
    db: &Connection,
    profiles: &Profiles,
    (sender, message): (&NodeId, &MessageId),
    post: &[u8],
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<Option<[u8; 16]>, VaultError> {
    let Some(post) = read(post) else { return Ok(None) };
    let Some(row) = Row::find(db, &post.referral, Side::Recipient, sender)? else {
        return Ok(Some(post.referral));
    };
    let needed = Section::from_code(&post.section).map(needed_by_document);
    let Some(needed) = needed.filter(|_| row.erased_at.is_none()) else { return Ok(None) };
    // What a person has taken back is not waited for, and its key kept by nobody.
    if lapse::is_taken_back(db, profiles, &row, &needed)? {
        return Ok(None);
    }
    let newest = revision::newest(db, row.place)?;
    let enclosed = &post.enclosed;
    let Some(listed) = newest.and_then(|(_, referral)| listed(&referral, &enclosed.attachment)) else {
        return Ok(Some(post.referral));
    };
    if (listed.kind, listed.length, listed.section) != (enclosed.kind, enclosed.length, post.section.as_str()) {
        return Ok(None);
    }
    let about = About {
        partner: *sender,
        referral: post.referral,
        post: post.post,
        section: listed.section,
        title: &listed.title,
        sha256: Some(listed.sha256),
        relay: RelayRef::own(enclosed.relay),
    };
    let taken = store::take(db, enclosed, &about, now, entropy).and_then(|handle| {
        db.run("UPDATE document SET message = ?2 WHERE handle = ?1", params![handle.0, message.as_bytes()])?;
        Ok(())
    });
    match taken {
        Ok(()) => Ok(None),
        Err(DocumentError::Vault(error)) => Err(error),
        Err(_) => Err(VaultError::Unfit { what: "a document's row" }),
    }
}

#[cfg(test)]
mod tests {
    use safeconduct_protocol::id::RelayId;

    use super::*;

    fn post() -> Vec<u8> {
        let enclosed = Enclosed {
            attachment: [1; 16],
            index: 0,
            relay: RelayId(7),
            blob_secret: BlobSecret::from_bytes([2; 32]),
            key: Secret::new([3; 32]),
            length: 9,
            salt: [4; 32],
            salted: [5; 32],
            cipher: [6; 32],
            kind: Kind::Text,
        };
        write(&[8; 16], &[9; 16], "Medical", &enclosed).to_vec()
    }

    #[test]
    fn a_documents_hash_is_64_hex_digits_and_no_sign() {
        assert_eq!(sha256_of(&"aB".repeat(32)), Some([0xab; 32]));
        for bad in ["+f".repeat(32), "ab".repeat(31), "ab".repeat(33), "ag".repeat(32)] {
            assert_eq!(sha256_of(&bad), None, "{bad}");
        }
    }

    #[test]
    fn a_post_is_read_as_it_is_written_and_in_no_other_form() {
        let text = post();
        let read_back = read(&text).unwrap();
        assert_eq!((read_back.post, read_back.referral, read_back.section.as_str()), ([8; 16], [9; 16], "Medical"));
        assert!(
            write(&read_back.post, &read_back.referral, &read_back.section, &read_back.enclosed).as_slice() == text
        );
        assert!(CaseContent::Post(Zeroizing::new(text.clone())).encode().is_ok());
        let text = String::from_utf8(text).unwrap();
        for (from, to) in [
            ("\"kind\":\"document\"", "\"kind\":\"note\""),
            (NAME, "safeconduct.post/2"),
            ("\"section\":\"Medical\",", ""),
            ("\"section\"", "\"more\":1,\"section\""),
            ("\"index\":0", "\"index\":99"),
        ] {
            assert!(text.contains(from) && !is_known(text.replacen(from, to, 1).as_bytes()), "{from} → {to}");
        }
    }
}
