//! What this agency sends becomes a case beside its message, inside the transaction that queues it.

use rusqlite::{Connection, params};
use safeconduct_protocol::{
    entropy::Entropy,
    id::{MessageId, NodeId},
    time::Timestamp,
};

use super::{
    clocks::Setting,
    life::terms::Side,
    post,
    store::{
        columns::Columns,
        consent,
        revision::{self, NewRevision},
        row::{NewRow, Row},
        timer::{self, TimerKind},
        word,
    },
};
use crate::{
    referral::Referral,
    vault::{Sql as _, VaultError},
};

/// A referral on its way out.
pub(crate) struct Sent<'a> {
    pub(crate) referral: &'a Referral,
    /// As it is queued.
    pub(crate) content: &'a [u8],
    pub(crate) recipient: NodeId,
    pub(crate) agency: &'a str,
    /// Other referrals for the same person's search for help; none for a new one.
    pub(crate) dossier: Option<[u8; 16]>,
    /// Agencies that are asked for the same at once: the first that accepts is the one.
    pub(crate) group: Option<[u8; 16]>,
}

/// Keeps it: a new referral, or one more revision; its place.
pub(crate) fn keep(
    db: &Connection,
    sent: &Sent<'_>,
    setting: &Setting<'_>,
    message: &MessageId,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<i64, VaultError> {
    const UNFIT: VaultError = VaultError::Unfit { what: "a referral whose id is one" };
    let columns = Columns::of(sent.referral, setting.profiles).ok_or(UNFIT)?;
    let place = match Row::find(db, &columns.referral, Side::Sender, &sent.recipient)? {
        Some(row) => {
            row.follow(db, &columns)?;
            row.place
        }
        None => {
            let new = NewRow {
                side: Side::Sender,
                partner: sent.recipient,
                agency: Some(sent.agency),
                dossier: sent.dossier,
                delivered_at: None,
            };
            let place = Row::insert(db, &new, &columns, now, entropy)?;
            db.run("UPDATE referral SET group_of = ?2 WHERE place = ?1", params![place, sent.group])?;
            // It ends with its time, also when it never leaves.
            timer::put(db, place, TimerKind::Life, sent.referral.header.expires_at.time())?;
            place
        }
    };
    // The outbox forgets it three days after its delivery; this agency's own copy follows its retention.
    let new = NewRevision { message, referral: sent.referral, content: Some(sent.content) };
    revision::insert(db, place, &new, now)?;
    post::named::mark(db, place)?;
    let row = Row::at(db, place)?;
    word::put(db, &row, sent.referral)?;
    if i64::from(row.revision) == columns.revision {
        consent::put(db, place, sent.referral)?;
    }
    Ok(place)
}
