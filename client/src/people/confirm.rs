//! Four eyes: a second person of the agency confirms with their own secret what the first one is about to do. Never the same person, for
//! exactly this thing, once, and within a quarter of an hour.

use rusqlite::{Connection, OptionalExtension as _, params};
use safeconduct_protocol::{
    crypto::hash::sha256,
    id::{AgencyId, MessageId},
    time::Timestamp,
};
use zeroize::Zeroizing;

use super::{LocalRole, Officer, PeopleError, Pseudonym, store};
use crate::vault::{Vault, VaultError, int};

/// How long a confirmation may wait for what it confirms, in seconds.
pub const CONFIRMATION_S_MAX: u64 = 15 * 60;

/// What can be confirmed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum About {
    /// That a referral is sent, where the decision table asks for two.
    Send,
}

impl About {
    /// The stable name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Send => "send",
        }
    }

    /// What has this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Send].into_iter().find(|about| about.as_str() == name)
    }
}

/// What exactly is confirmed: SHA-256 over it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Subject([u8; 32]);

impl Subject {
    /// This referral, in canonical form, to this agency.
    #[must_use]
    pub fn of_send(to: &AgencyId, canonical: &[u8]) -> Self {
        Self(sha256(&[b"send", &[0], to.as_str().as_bytes(), &[0], canonical]))
    }

    /// Its bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Its 64 hex digits.
    #[must_use]
    pub fn to_hex(&self) -> String {
        hex::encode(self.0)
    }

    /// Reads what [`Self::to_hex`] writes; either case is taken.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).ok()?;
        Some(Self(bytes))
    }

    /// Takes the bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

/// A confirmation that is not used yet; its place in the vault.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Confirmation(i64);

impl Confirmation {
    /// Its number in the vault.
    #[must_use]
    pub const fn number(self) -> i64 {
        self.0
    }
}

/// Notes that `second` has confirmed what `first` is about to do.
///
/// # Errors
/// [`PeopleError::NobodyRecorded`], [`PeopleError::Unknown`], [`PeopleError::SecondSame`], [`PeopleError::NotYourRole`],
/// [`PeopleError::WrongSecret`], [`PeopleError::TooManyTries`], or what the vault says.
pub fn confirm(
    vault: &mut Vault,
    (about, subject): (About, &Subject),
    first: &Officer,
    (second, secret): (&str, &Zeroizing<String>),
    now: Timestamp,
) -> Result<Confirmation, PeopleError> {
    if first.is_alone() {
        return Err(PeopleError::NobodyRecorded);
    }
    let second = store::find(vault, second)?;
    if second.pseudonym() == first.pseudonym() {
        return Err(PeopleError::SecondSame);
    }
    let confirms = |role| second.roles().has(role);
    if !confirms(LocalRole::Caseworker) && !confirms(LocalRole::Supervisor) {
        return Err(PeopleError::NotYourRole { asked: "caseworker or supervisor" });
    }
    store::check_secret(vault, &second, secret, now)?;
    // What was confirmed and never done is no record of anything.
    let unused = "DELETE FROM confirmation WHERE used_at IS NULL AND at < ?1";
    let before = int(now.0.saturating_sub(CONFIRMATION_S_MAX));
    vault.db().execute(unused, [before]).map_err(VaultError::from)?;
    let statement = "INSERT INTO confirmation (about, subject, first, second, at) VALUES (?1, ?2, ?3, ?4, ?5)";
    let (one, two) = (first.pseudonym(), second.pseudonym());
    let row = params![about.as_str(), subject.as_bytes(), one.as_bytes(), two.as_bytes(), int(now.0)];
    vault.db().execute(statement, row).map_err(VaultError::from)?;
    Ok(Confirmation(vault.db().last_insert_rowid()))
}

/// The confirmation that lets `first` do this now.
///
/// # Errors
/// [`PeopleError::NobodyRecorded`], [`PeopleError::SecondMissing`], or what the vault says.
pub fn confirmed(
    vault: &Vault,
    (about, subject): (About, &Subject),
    first: &Officer,
    now: Timestamp,
) -> Result<Confirmation, PeopleError> {
    if first.is_alone() {
        return Err(PeopleError::NobodyRecorded);
    }
    let query = "SELECT place FROM confirmation WHERE about = ?1 AND subject = ?2 AND first = ?3 AND used_at IS NULL
        AND at BETWEEN ?4 AND ?5 ORDER BY place DESC LIMIT 1";
    let since = now.0.saturating_sub(CONFIRMATION_S_MAX);
    let one = first.pseudonym();
    let bounds = params![about.as_str(), subject.as_bytes(), one.as_bytes(), int(since), int(now.0)];
    let place = vault.db().query_row(query, bounds, |row| row.get(0)).optional().map_err(VaultError::from)?;
    place.map(Confirmation).ok_or(PeopleError::SecondMissing)
}

/// Who sent a message, for what another person must do about it; none for what was sent before people were asked who they are.
///
/// # Errors
/// What the vault says.
pub fn sender_of(vault: &Vault, message: &MessageId) -> Result<Option<Pseudonym>, VaultError> {
    let query = "SELECT officer FROM sent_by WHERE message = ?1";
    let found = vault.db().query_row(query, [message.as_bytes()], |row| row.get(0)).optional()?;
    Ok(found.map(Pseudonym::new))
}

/// What it confirmed is done: it serves for nothing else.
///
/// # Errors
/// What the vault says.
pub fn use_up(db: &Connection, confirmation: Confirmation, now: Timestamp) -> Result<(), VaultError> {
    db.execute("UPDATE confirmation SET used_at = ?2 WHERE place = ?1", params![confirmation.0, int(now.0)])?;
    Ok(())
}

#[cfg(test)]
mod tests;
