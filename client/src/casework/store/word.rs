//! Words by whose beginnings a referral is found. What is personal among them goes with the content.

use rusqlite::{Connection, params};
use safeconduct_certs::fold::fold;
use safeconduct_protocol::personal::Reveal;

use super::{columns::uuid_text, row::Row};
use crate::{
    referral::{Referral, codes::Marking},
    vault::{Sql as _, VaultError},
};

/// Words of one referral at most.
const WORDS_MAX: usize = 24;
/// Characters of a word that are kept.
const WORD_CHARS_MAX: usize = 40;

/// The words of a revision with the level from which on each may be searched by: 0 agency and id, 1 case code, 2 names; 3 for both when
/// only its own caseworker reads it.
fn words(referral: &Referral, row: &Row) -> Vec<(String, u8)> {
    let mut all = vec![(uuid_text(&row.referral), 0)];
    all.extend(row.agency.iter().flat_map(|agency| {
        [agency.as_str()]
            .into_iter()
            .chain(agency.split(['.', '-']))
            .map(|word| (word.to_owned(), 0))
            .collect::<Vec<_>>()
    }));
    if let Some(summary) = &referral.summary {
        all.push((summary.case_code.reveal(Reveal::ToStore).as_str().to_owned(), 1));
    }
    for name in referral.identity.iter().flat_map(|identity| identity.names.iter()) {
        let full = name.full.reveal(Reveal::ToStore);
        all.extend(full.as_str().split_whitespace().map(|word| (word.to_owned(), 2)));
    }
    let for_one_only = referral.handling.markings.as_slice().contains(&Marking::NamedCaseworkerOnly);
    let least = |level: u8| if for_one_only && level > 0 { 3 } else { level };
    let folded =
        |(word, level): (String, u8)| (fold(&word).chars().take(WORD_CHARS_MAX).collect::<String>(), least(level));
    all.into_iter().map(folded).filter(|(word, _)| !word.is_empty()).take(WORDS_MAX).collect()
}

/// Writes the words of a referral's newest revision in the place of those of the one before.
pub(crate) fn put(db: &Connection, row: &Row, referral: &Referral) -> Result<(), VaultError> {
    forget(db, row.place)?;
    for (word, level) in words(referral, row) {
        db.run(
            "INSERT OR IGNORE INTO referral_word (word, referral, level) VALUES (?1, ?2, ?3)",
            params![word, row.place, level],
        )?;
    }
    Ok(())
}

/// Forgets them.
pub(crate) fn forget(db: &Connection, place: i64) -> Result<(), VaultError> {
    db.run("DELETE FROM referral_word WHERE referral = ?1", [place])?;
    Ok(())
}

/// The end of the range of words that begin with `folded`: the same with its last character one higher.
pub(crate) fn range_end(folded: &str) -> String {
    let mut characters: Vec<char> = folded.chars().collect();
    while let Some(last) = characters.pop() {
        if let Some(next) = (u32::from(last).saturating_add(1)..=u32::from(char::MAX)).find_map(char::from_u32) {
            characters.push(next);
            break;
        }
    }
    characters.into_iter().collect()
}
