//! The conversation beside a referral's acts: notes, questions, answers and states, each in one section, by whose rules it is read.
//!
//! Several agencies may be told the same: each gets a message of its own with one post id, and each sees who else was told. Posts are no
//! acts: they change no state and prove nothing but that they were said.
//!
//! - [`said`]: what a post says, one form · `named`: words that name the person · `store`: as it is kept · `told`: who else was told

pub(crate) mod named;
pub mod said;
pub(crate) mod store;
pub(crate) mod told;

use rusqlite::Connection;
use safeconduct_protocol::{
    entropy::Entropy,
    envelope::case::CaseContent,
    id::{MessageId, NodeId},
    time::Timestamp,
};
use zeroize::Zeroizing;

use self::said::Said;
use super::{
    give::{self, Desk},
    lapse,
    life::{state::Phase, terms::Side},
    store::{columns::uuid_bytes, news::News, row::Row},
};
use crate::{referral::codes::Section, vault::VaultError};

/// Posts of one side about one referral at most.
pub(crate) const POSTS_MAX: i64 = 1000;

/// Whether a post is one of the conversation, as this version reads it.
pub(crate) fn is_known(post: &[u8]) -> bool {
    Said::read(post).is_some()
}

/// Says a post to the other agency of a referral, inside a transaction: queues it, and keeps it.
pub(crate) fn say(
    db: &Connection,
    row: &Row,
    said: &Said,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<store::Inserted, VaultError> {
    const UNFIT: VaultError = VaultError::Unfit { what: "a post that fits its layout" };
    let bytes = said.bytes();
    let content = CaseContent::Post(Zeroizing::new(bytes.to_vec())).encode().ok().ok_or(UNFIT)?;
    let message = give::tell(db, row, &content, now, entropy)?;
    store::insert(db, row, &store::Kept { side: row.side, said, bytes: &bytes, message: &message }, now)
}

/// Takes a post of the conversation, inside the transaction that stores its message; the referral that it has to wait for, if that is not
/// here yet.
pub(crate) fn take(
    db: &Connection,
    desk: &Desk<'_>,
    (sender, message): (&NodeId, &MessageId),
    post: &[u8],
    now: Timestamp,
) -> Result<Option<[u8; 16]>, VaultError> {
    let Some(said) = Said::read(post) else { return Ok(None) };
    let Some(referral) = uuid_bytes(&said.referral_id) else { return Ok(None) };
    let mut rows = Vec::new();
    for side in Side::ALL {
        rows.extend(Row::find(db, &referral, *side, sender)?);
    }
    let Some(row) = rows.pop() else { return Ok(Some(referral)) };
    if row.erased_at.is_some() || row.state.phase() == Phase::After || row.partner == *desk.own() {
        return Ok(None);
    }
    let kept = store::Kept { side: row.side.other(), said: &said, bytes: post, message };
    let sections: Vec<Section> = named::section(db, &row, &said)?.into_iter().collect();
    let inserted = if lapse::is_taken_back(db, desk.setting.profiles, &row, &sections)? {
        store::insert_late(db, &row, &kept, now)?
    } else {
        store::insert(db, &row, &kept, now)?
    };
    if inserted == store::Inserted::New {
        Row::add_news(db, row.place, News::Told)?;
    }
    Ok(None)
}
