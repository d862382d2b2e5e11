//! One enquiry to several agencies is one act: all its messages are queued together, and asked again under its key it gives the same.
//!
//! What was asked is compared by a salted hash, and forgotten after a week: two persons may need the very same, so that nothing but the
//! key says that it is one enquiry.

use rusqlite::{Connection, OptionalExtension as _, params};
use safeconduct_protocol::{
    crypto::hash::sha256,
    entropy::{Entropy, random},
    id::{AgencyId, MessageId},
    time::{DAY_S, Timestamp},
};

use crate::vault::{VaultError, int};

/// How long a key is remembered, in seconds.
pub(crate) const KEY_KEPT_S: u64 = 7 * DAY_S;
/// Bytes of a key at most: visible ASCII.
pub(crate) const KEY_BYTES_MAX: usize = 128;
/// Keys that are kept at most.
const KEYS_MAX: i64 = 10_000;

/// Under what an enquiry is known.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Key(String);

impl Key {
    /// A key that a person or a program has chosen; none for one that is too long or not visible ASCII.
    pub(crate) fn chosen(text: &str) -> Option<Self> {
        let fits = (1..=KEY_BYTES_MAX).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        fits.then(|| Self(format!("key/{text}")))
    }

    /// That of a draft: it is sent once.
    pub(crate) fn of_draft(handle: &str) -> Self {
        Self(format!("draft/{handle}"))
    }
}

/// A message of an enquiry, as it was queued.
pub(crate) struct Queued {
    pub(crate) agency: String,
    pub(crate) message: MessageId,
    pub(crate) referral: String,
}

/// What is known under a key.
pub(crate) enum Before {
    /// Nothing yet.
    New,
    /// This very enquiry: its messages, in their order.
    Same(Vec<Queued>),
    /// Another one.
    Another,
    /// So many keys are kept that no more fit.
    Full,
}

/// A form, and the referral of before beside which it is asked.
type Form<'a> = (&'a [u8], Option<&'a str>);

fn asked(salt: &[u8], (form, with): Form<'_>, to: &[AgencyId]) -> [u8; 32] {
    let agencies: Vec<&str> = to.iter().map(AgencyId::as_str).collect();
    let with = with.unwrap_or_default();
    sha256(&[salt, &sha256(&[form]), &sha256(&[with.as_bytes()]), agencies.join(" ").as_bytes()])
}

/// Looks what was asked under a key.
pub(crate) fn before(db: &Connection, key: &Key, form: Form<'_>, to: &[AgencyId]) -> Result<Before, VaultError> {
    let query = "SELECT salt, asked, group_of FROM asking WHERE key = ?1";
    let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, [u8; 32]>(0)?, row.get::<_, [u8; 32]>(1)?, row.get(2)?));
    let Some((salt, was, group)) = db.query_row(query, [&key.0], read).optional()? else {
        let count: i64 = db.query_row("SELECT count(*) FROM asking", [], |row| row.get(0))?;
        return Ok(if count >= KEYS_MAX { Before::Full } else { Before::New });
    };
    if asked(&salt, form, to) != was {
        return Ok(Before::Another);
    }
    queued(db, &group).map(Before::Same)
}

/// The messages of a draft that was sent, by its digits or the first of them; none when no such one was, or several.
pub(crate) fn of_draft(db: &Connection, digits: &str) -> Result<Option<Vec<Queued>>, VaultError> {
    if digits.len() < 4 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Ok(None);
    }
    let mut rows = db.prepare_cached("SELECT group_of FROM asking WHERE key BETWEEN ?1 AND ?1 || 'g' LIMIT 2")?;
    let rows = rows.query_map([Key::of_draft(&digits.to_ascii_lowercase()).0], |row| row.get(0))?;
    match rows.collect::<Result<Vec<[u8; 16]>, _>>()?.as_slice() {
        [group] => queued(db, group).map(Some),
        _ => Ok(None),
    }
}

/// Under what one message of an enquiry stands in the outbox.
pub(crate) fn name(group: &[u8; 16], number: usize) -> String {
    format!("asking/{}/{number}", super::stand::hex(group))
}

fn queued(db: &Connection, group: &[u8; 16]) -> Result<Vec<Queued>, VaultError> {
    let mut all = Vec::new();
    let mut found = db.prepare_cached("SELECT agency, message, referral FROM outbox WHERE idempotency = ?1")?;
    for number in 0.. {
        let read = |row: &rusqlite::Row<'_>| {
            let (agency, referral): (Option<String>, Option<String>) = (row.get(0)?, row.get(2)?);
            let message = MessageId::from_bytes(row.get(1)?);
            Ok(Queued { agency: agency.unwrap_or_default(), message, referral: referral.unwrap_or_default() })
        };
        match found.query_row([name(group, number)], read).optional()? {
            Some(one) => all.push(one),
            None => break,
        }
    }
    Ok(all)
}

/// Notes an enquiry under its key, inside the transaction that queues it.
pub(crate) fn note(
    db: &Connection,
    key: &Key,
    (form, to): (Form<'_>, &[AgencyId]),
    group: &[u8; 16],
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<(), VaultError> {
    let salt: [u8; 32] = random(entropy)?;
    db.execute(
        "INSERT INTO asking (key, salt, asked, group_of, at) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![key.0, salt, asked(&salt, form, to), group, int(now.0)],
    )?;
    Ok(())
}

/// Forgets keys of more than a week ago.
pub(crate) fn forget(db: &Connection, now: Timestamp) -> Result<(), VaultError> {
    db.execute("DELETE FROM asking WHERE at < ?1", [int(now.before(KEY_KEPT_S).0)])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_short_and_visible_and_no_drafts() {
        for (text, fits) in [("a", true), ("run-2026/7", true), ("", false), ("a b", false), ("é", false)] {
            assert_eq!(Key::chosen(text).is_some(), fits, "{text}");
        }
        assert!(
            Key::chosen(&"k".repeat(KEY_BYTES_MAX)).is_some() && Key::chosen(&"k".repeat(KEY_BYTES_MAX + 1)).is_none()
        );
        assert_ne!(Key::chosen("draft/0011"), Some(Key::of_draft("0011")));
    }
}
