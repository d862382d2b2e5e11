//! Which other agencies were told of a person's search for help: as the referral says, and as the conversation said since. Agencies only,
//! never persons.

use std::collections::BTreeSet;

use rusqlite::Connection;

use super::store;
use crate::{
    casework::store::{revision, row::Row},
    vault::VaultError,
};

/// The others, by their ids, in order; none once the content is erased.
pub(crate) fn others(db: &Connection, row: &Row) -> Result<Vec<String>, VaultError> {
    let Some((_, referral)) = revision::newest(db, row.place)? else { return Ok(Vec::new()) };
    let header = &referral.header;
    let mut told: BTreeSet<String> =
        header.told.iter().flat_map(|list| list.iter()).map(|one| one.agency_id.as_str().to_owned()).collect();
    for post in store::list(db, row.place)? {
        told.extend(post.said.into_iter().flat_map(|said| said.told));
    }
    for end in [header.from.agency_id.as_str(), header.to.agency_id.as_str()] {
        told.remove(end);
    }
    Ok(told.into_iter().collect())
}
