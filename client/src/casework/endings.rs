//! A referral whose time has ended before it left does not leave any more: nobody could help with it, and its sender is asked what next.

use rusqlite::Connection;
use safeconduct_protocol::time::Timestamp;

use super::{
    give::Desk,
    life::{state::State, terms::Side},
    stand,
    store::revision,
};
use crate::{outbox::progress, vault::VaultError};

/// Gives up the messages of a referral that has expired, as far as the relay does not have them. What is signed about them later counts.
pub(crate) fn unsent(db: &Connection, desk: &Desk<'_>, place: i64, now: Timestamp) -> Result<(), VaultError> {
    let found = stand::refresh(db, place, desk.own(), desk.setting, now)?;
    if found.standing.state != State::Expired || found.row.side != Side::Sender {
        return Ok(());
    }
    for message in revision::messages(db, place)? {
        progress::out_of_time(db, &message)?;
    }
    stand::refresh(db, place, desk.own(), desk.setting, now).map(drop)
}
