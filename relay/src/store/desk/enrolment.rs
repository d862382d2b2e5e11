//! Invitations, sealed requests and sealed answers.

use rusqlite::{Connection, OptionalExtension as _, Transaction, params};
use safeconduct_protocol::{id::InviteId, time::Day};

use super::store_error;
use crate::store::{Enrolment, StoreError};

pub(super) fn invite(transaction: &Transaction<'_>, invites: &[(InviteId, Day)], today: Day) -> Result<(), StoreError> {
    for (invite, expiry) in invites {
        let id = invite.as_bytes().as_slice();
        let done = if *expiry < today {
            transaction
                .prepare_cached("DELETE FROM invite WHERE id = ?1")
                .and_then(|mut statement| statement.execute([id]))
        } else {
            transaction
                .prepare_cached(
                    "INSERT INTO invite (id, expiry) VALUES (?1, ?2)
                     ON CONFLICT (id) DO UPDATE SET expiry = excluded.expiry",
                )
                .and_then(|mut statement| statement.execute(params![id, expiry.0]))
        };
        done.map_err(store_error)?;
    }
    Ok(())
}

pub(super) fn request(
    transaction: &Transaction<'_>,
    invite: InviteId,
    request: &[u8],
    today: Day,
) -> Result<Enrolment, StoreError> {
    let Some(row) = find(transaction, invite)? else { return Ok(Enrolment::Unknown) };
    match row.request {
        Some(first) if first != request => Ok(Enrolment::Used),
        Some(_) => Ok(row.answer.map_or(Enrolment::Waiting, Enrolment::Answered)),
        None if Day(row.expiry) < today => Ok(Enrolment::Expired),
        None => {
            transaction
                .prepare_cached("UPDATE invite SET request = ?2 WHERE id = ?1")
                .and_then(|mut statement| statement.execute(params![invite.as_bytes().as_slice(), request]))
                .map_err(store_error)?;
            Ok(Enrolment::Waiting)
        }
    }
}

pub(super) fn answer(transaction: &Transaction<'_>, invite: InviteId, answer: &[u8]) -> Result<Enrolment, StoreError> {
    match find(transaction, invite)? {
        None => Ok(Enrolment::Unknown),
        Some(Row { request: None, .. }) => Ok(Enrolment::Open),
        Some(_) => {
            transaction
                .prepare_cached("UPDATE invite SET answer = ?2 WHERE id = ?1")
                .and_then(|mut statement| statement.execute(params![invite.as_bytes().as_slice(), answer]))
                .map_err(store_error)?;
            Ok(Enrolment::Answered(answer.to_vec()))
        }
    }
}

/// One invitation.
pub(super) struct Row {
    expiry: u32,
    request: Option<Vec<u8>>,
    answer: Option<Vec<u8>>,
}

impl Row {
    /// Where it stands. One that waits or is answered stays so past its day, until it is purged.
    pub(super) fn state(self, today: Day) -> Enrolment {
        match (self.request, self.answer) {
            (Some(_), Some(answer)) => Enrolment::Answered(answer),
            (Some(_), None) => Enrolment::Waiting,
            (None, _) if Day(self.expiry) < today => Enrolment::Expired,
            (None, _) => Enrolment::Open,
        }
    }
}

pub(super) fn find(connection: &Connection, invite: InviteId) -> Result<Option<Row>, StoreError> {
    connection
        .prepare_cached("SELECT expiry, request, answer FROM invite WHERE id = ?1")
        .and_then(|mut statement| {
            statement
                .query_row([invite.as_bytes().as_slice()], |row| {
                    Ok(Row { expiry: row.get(0)?, request: row.get(1)?, answer: row.get(2)? })
                })
                .optional()
        })
        .map_err(store_error)
}
