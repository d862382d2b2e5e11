//! Words of a post that name the person are identity, whatever section they were said in: from its consent they are kept, shown and sent.
//! Found by the names of the versions that this vault holds, and written down before those are erased.

use rusqlite::{Connection, params};

use super::{said::Said, store};
use crate::{
    casework::{
        store::{
            columns::{index, uuid_bytes},
            revision,
            row::Row,
        },
        view,
    },
    referral::{codes::Section, policy::Names},
    vault::{Sql as _, VaultError},
};

/// The section whose consent a post needs.
fn needs(said: &Said, names: &Names) -> Option<Section> {
    let section = said.section()?;
    let below = view::level(section) < view::level(Section::Identity);
    let is_named = below && said.text.as_ref().is_some_and(|text| names.are_in(text));
    Some(if is_named { Section::Identity } else { section })
}

/// The names of the person, of every version of a referral that is here and reads.
fn names(db: &Connection, place: i64) -> Result<Names, VaultError> {
    Ok(Names::of(&revision::held(db, place)?))
}

/// The section whose consent a post of a referral needs: by the names that are here, and by what was found while others were.
pub(crate) fn section(db: &Connection, row: &Row, said: &Said) -> Result<Option<Section>, VaultError> {
    let was_named = db.one(
        "SELECT EXISTS (SELECT 1 FROM post WHERE referral = ?1 AND post = ?2 AND section = ?3)",
        params![row.place, uuid_bytes(&said.post_id), index(Section::ALL, &Section::Identity)],
        |found| found.get(0),
    )?;
    let found = needs(said, &names(db, row.place)?);
    let below = found.is_some_and(|section| view::level(section) < view::level(Section::Identity));
    Ok(if was_named && below { Some(Section::Identity) } else { found })
}

/// Writes down which posts of a referral name the person: after new names have come, and before any are erased.
pub(crate) fn mark(db: &Connection, place: i64) -> Result<(), VaultError> {
    let posts = store::list(db, place)?;
    if posts.is_empty() {
        return Ok(());
    }
    let names = names(db, place)?;
    for post in posts {
        let needed = post.said.as_ref().and_then(|said| needs(said, &names));
        if needed == Some(Section::Identity) && post.section != Some(Section::Identity) {
            let key = params![place, post.message.as_bytes(), index(Section::ALL, &Section::Identity)];
            db.run("UPDATE post SET section = ?3 WHERE referral = ?1 AND message = ?2", key)?;
        }
    }
    Ok(())
}
