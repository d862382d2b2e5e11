//! Documents that go with referrals (`docs/PROTOCOL.md` §7): sealed for one recipient each, put at the recipient's relay, fetched,
//! checked, and handed over only whole. The key travels in a post, which goes when the relay holds the document.
//!
//! # Layout
//! - [`kind`]: what a document is, by its content · [`picture`]: what is taken out of pictures
//! - [`attach`]: what a person does · [`gauge`]: how far it is
//! - [`mod@seal`]: a document into a sealed file · [`mod@save`]: out of one, checked · [`part`]: such a file, chunk by chunk
//! - [`enclosed`]: what a post says of it · `post`: the post · [`store`]: the table `document` · [`due`]: what is to be done at a relay · [`error`]: why not
//!
//! The way of one: [`facts`] → the referral lists it → [`seal()`] for each recipient → [`give`] with the post's transaction → the link
//! puts it (`sync::transfer`) → [`store::State::Stored`]: the post may go → at the recipient [`take`] → fetched → [`save()`].
//! No small pictures are made of anything, and nothing is ever opened here.

pub mod attach;
pub mod due;
pub mod enclosed;
pub mod error;
pub mod gauge;
pub mod kind;
pub mod part;
pub mod picture;
pub(crate) mod post;
pub mod save;
pub mod seal;
pub mod store;
#[cfg(test)]
mod tests;

use std::{fs, path::Path};

use rusqlite::Connection;

pub use self::{
    enclosed::Enclosed,
    error::DocumentError,
    gauge::Gauge,
    kind::Kind,
    save::save,
    seal::{Facts, Metadata, Recipient, Sealed, facts, seal},
    store::{About, Handle, State, give, take},
};

/// Removes a sealed document's file; one that is not there is fine.
///
/// # Errors
/// What the disk says.
pub fn remove(data: &Path, name: &str) -> Result<(), DocumentError> {
    match fs::remove_file(data.join(seal::FOLDER).join(name)) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// Removes the files that belong to no document: what a crash, a restore or an erasure left. Gives how many.
///
/// # Errors
/// What the disk or the vault says.
pub fn clear(data: &Path, db: &Connection) -> Result<u64, DocumentError> {
    let entries = match fs::read_dir(data.join(seal::FOLDER)) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(0),
        entries => entries?,
    };
    let mut removed = 0_u64;
    for entry in entries {
        let name = entry?.file_name();
        let is_known = name.to_str().map_or(Ok(false), |name| store::knows_file(db, name))?;
        if !is_known {
            fs::remove_file(data.join(seal::FOLDER).join(&name))?;
            removed = removed.saturating_add(1);
        }
    }
    Ok(removed)
}
