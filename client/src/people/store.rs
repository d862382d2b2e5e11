//! Who works here, in the vault: recorded, ended, found by name; secrets tried a bounded number of times.

use rusqlite::{OptionalExtension as _, Row, params};
use safeconduct_certs::{
    directory,
    keyfile::{self, Cost, KeyfileError},
};
use safeconduct_protocol::{
    crypto::hash::sha256,
    entropy::{Entropy, random},
    personal::Personal,
    time::Timestamp,
};
use zeroize::Zeroizing;

use super::{LocalRole, Officer, PeopleError, Pseudonym, Roles};
use crate::vault::{Vault, VaultError, int, uint};

/// People recorded at one time, at most.
pub const PEOPLE_MAX: usize = 500;
/// Bytes of a secret, at least.
const SECRET_BYTES_MIN: usize = 8;
/// Wrong secrets in a row after which a person's secret is not tried for a while.
const TRIES_MAX: u32 = 5;
/// How long it is not tried then, in seconds.
const HELD_S: u64 = 15 * 60;
/// Names what a secret's key file is for.
const PURPOSE: &str = "safeconduct/v1 officer";

/// One line of the list.
pub struct Listed {
    /// The person.
    pub officer: Officer,
    /// Since when, Unix seconds.
    pub since: Timestamp,
    /// Until when, for who does not work here any more.
    pub until: Option<Timestamp>,
}

/// Somebody who is to be recorded.
pub struct NewOfficer<'a> {
    /// The name as the person writes it.
    pub name: &'a str,
    /// What the person may do.
    pub roles: Roles,
    /// The person's own secret.
    pub secret: &'a Zeroizing<String>,
}

const COLUMNS: &str = "pseudonym, name, roles, since, until";

/// A row as it is kept.
struct Kept {
    pseudonym: [u8; 16],
    name: Zeroizing<String>,
    roles: i64,
    since: i64,
    until: Option<i64>,
}

fn kept(row: &Row<'_>) -> rusqlite::Result<Kept> {
    let name = Zeroizing::new(row.get(1)?);
    Ok(Kept { pseudonym: row.get(0)?, name, roles: row.get(2)?, since: row.get(3)?, until: row.get(4)? })
}

fn listed(kept: Kept) -> Result<Listed, VaultError> {
    const ODD: VaultError = VaultError::Damaged { what: "somebody in the list of people has a role that there is not" };
    let roles = u8::try_from(kept.roles).ok().and_then(Roles::from_bits).ok_or(ODD)?;
    let name = Some(Personal::new(kept.name));
    Ok(Listed {
        officer: Officer { pseudonym: Pseudonym::new(kept.pseudonym), name, roles },
        since: Timestamp(uint(kept.since)?),
        until: kept.until.map(uint).transpose()?.map(Timestamp),
    })
}

/// Everybody who works here, and who did, if `ended`; by name.
///
/// # Errors
/// What the vault says.
pub fn list(vault: &Vault, ended: bool) -> Result<Vec<Listed>, PeopleError> {
    let query =
        format!("SELECT {COLUMNS} FROM officer WHERE until IS NULL OR ?1 ORDER BY until IS NOT NULL, name, since");
    let mut found = vault.db().prepare(&query).map_err(VaultError::from)?;
    let rows = found.query_map([ended], kept).map_err(VaultError::from)?;
    rows.map(|row| Ok(listed(row.map_err(VaultError::from)?)?)).collect()
}

/// Somebody who works here, by name or by the pseudonym's hex digits.
///
/// # Errors
/// [`PeopleError::Unknown`], or what the vault says.
pub fn find(vault: &Vault, who: &str) -> Result<Officer, PeopleError> {
    let pseudonym = Pseudonym::from_hex(who).map(|pseudonym| *pseudonym.as_bytes());
    let query = format!("SELECT {COLUMNS} FROM officer WHERE until IS NULL AND (name = ?1 OR pseudonym = ?2)");
    let mut found = vault.db().prepare(&query).map_err(VaultError::from)?;
    let row = found.query_row(params![tidy(who).as_str(), pseudonym], kept).optional().map_err(VaultError::from)?;
    Ok(listed(row.ok_or(PeopleError::Unknown)?)?.officer)
}

/// Who acts: the one who is named; where nobody is named, who alone is recorded; where nobody is recorded, whoever has opened the vault.
///
/// # Errors
/// [`PeopleError::Unknown`], [`PeopleError::NotSaid`], or what the vault says.
pub fn acting(vault: &Vault, name: Option<&str>) -> Result<Officer, PeopleError> {
    if let Some(name) = name {
        return find(vault, name);
    }
    let mut all = list(vault, false)?.into_iter();
    match (all.next(), all.next()) {
        (Some(only), None) => Ok(only.officer),
        (Some(_), Some(_)) => Err(PeopleError::NotSaid),
        (None, _) => {
            let query = "SELECT pseudonym FROM officer_alone";
            let alone = vault.db().query_row(query, [], |row| row.get(0)).optional().map_err(VaultError::from)?;
            let alone = alone.ok_or(VaultError::Damaged { what: "the pseudonym of who is alone is missing" })?;
            Ok(Officer::alone(Pseudonym::new(alone)))
        }
    }
}

/// Records somebody. The first one recorded is an admin, or nobody could record a second.
///
/// # Errors
/// [`PeopleError::NameUnusable`], [`PeopleError::NameTaken`], [`PeopleError::NoRole`], [`PeopleError::SecretShort`],
/// [`PeopleError::LastAdmin`], [`PeopleError::TooMany`], or what the vault says.
pub fn add(
    vault: &mut Vault,
    new: &NewOfficer<'_>,
    now: Timestamp,
    cost: Cost,
    entropy: &mut dyn Entropy,
) -> Result<Officer, PeopleError> {
    let name = tidy(new.name);
    // What could be meant as a pseudonym is nobody's name.
    if !directory::is_name(&name) || Pseudonym::from_hex(&name).is_some() {
        return Err(PeopleError::NameUnusable);
    }
    if new.roles.is_empty() {
        return Err(PeopleError::NoRole);
    }
    let all = list(vault, false)?;
    if all.iter().any(|listed| listed.officer.name() == Some(name.as_str())) {
        return Err(PeopleError::NameTaken);
    }
    if all.len() >= PEOPLE_MAX {
        return Err(PeopleError::TooMany { count: all.len() });
    }
    if all.is_empty() && !new.roles.has(LocalRole::Admin) {
        return Err(PeopleError::LastAdmin);
    }
    let pseudonym = Pseudonym::new(random(entropy).map_err(VaultError::from)?);
    let secret = wrapped(pseudonym, new.secret, cost, entropy)?;
    let statement = "INSERT INTO officer (pseudonym, name, roles, secret, since) VALUES (?1, ?2, ?3, ?4, ?5)";
    let row = params![pseudonym.as_bytes(), name.as_str(), new.roles.bits(), secret, int(now.0)];
    vault.db().execute(statement, row).map_err(VaultError::from)?;
    Ok(Officer { pseudonym, name: Some(Personal::new(name)), roles: new.roles })
}

/// The person does not work here any more. What the person did stays theirs.
///
/// # Errors
/// [`PeopleError::LastAdmin`] while others are left, or what the vault says.
pub fn end(vault: &mut Vault, officer: &Officer, now: Timestamp) -> Result<(), PeopleError> {
    let others: Vec<Listed> =
        list(vault, false)?.into_iter().filter(|listed| listed.officer.pseudonym != officer.pseudonym).collect();
    if !others.is_empty() && !others.iter().any(|listed| listed.officer.roles.has(LocalRole::Admin)) {
        return Err(PeopleError::LastAdmin);
    }
    let statement = "UPDATE officer SET until = ?2 WHERE pseudonym = ?1 AND until IS NULL";
    vault.db().execute(statement, params![officer.pseudonym.as_bytes(), int(now.0)]).map_err(VaultError::from)?;
    Ok(())
}

/// A change of what somebody may do.
pub struct RolesChanged {
    /// When, Unix seconds.
    pub at: Timestamp,
    /// Who said so.
    pub by: Pseudonym,
    /// Before.
    pub was: Roles,
    /// After.
    pub became: Roles,
}

/// The person may do something else from now on. Who said so is kept with it; the same roles once more are no change.
///
/// # Errors
/// [`PeopleError::NoRole`]; [`PeopleError::LastAdmin`] when nobody could say any more who works here; [`PeopleError::OwnRoles`]; or what the
/// vault says.
pub fn set_roles(
    vault: &mut Vault,
    officer: &Officer,
    roles: Roles,
    by: &Officer,
    now: Timestamp,
) -> Result<(), PeopleError> {
    if roles.is_empty() {
        return Err(PeopleError::NoRole);
    }
    let was = officer.roles;
    if roles == was {
        return Ok(());
    }
    let all = list(vault, false)?;
    let other = |listed: &&Listed| listed.officer.pseudonym != officer.pseudonym;
    let other_admin = all.iter().filter(other).any(|listed| listed.officer.roles.has(LocalRole::Admin));
    if !other_admin && !roles.has(LocalRole::Admin) {
        return Err(PeopleError::LastAdmin);
    }
    let gains = roles.iter().any(|role| !was.has(role));
    if gains && other_admin && by.pseudonym == officer.pseudonym {
        return Err(PeopleError::OwnRoles);
    }
    let tx = vault.begin()?;
    let statement = "UPDATE officer SET roles = ?2 WHERE pseudonym = ?1 AND until IS NULL";
    tx.execute(statement, params![officer.pseudonym.as_bytes(), roles.bits()]).map_err(VaultError::from)?;
    let statement = "INSERT INTO officer_roles (officer, at, said_by, was, became) VALUES (?1, ?2, ?3, ?4, ?5)";
    let (whom, said) = (officer.pseudonym.as_bytes(), by.pseudonym.as_bytes());
    let row = params![whom, int(now.0), said, was.bits(), roles.bits()];
    tx.execute(statement, row).map_err(VaultError::from)?;
    tx.commit().map_err(VaultError::from)?;
    Ok(())
}

/// How what somebody may do has changed, the first change first.
///
/// # Errors
/// What the vault says.
pub fn roles_changed(vault: &Vault, whom: Pseudonym) -> Result<Vec<RolesChanged>, PeopleError> {
    const ODD: VaultError = VaultError::Damaged { what: "a change of roles has a role that there is not" };
    let query = "SELECT at, said_by, was, became FROM officer_roles WHERE officer = ?1 ORDER BY place";
    let mut found = vault.db().prepare(query).map_err(VaultError::from)?;
    let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?));
    let rows = found.query_map([whom.as_bytes()], read).map_err(VaultError::from)?;
    let roles = |bits: u8| Roles::from_bits(bits).ok_or(ODD);
    rows.map(|row| {
        let (at, by, was, became): (i64, [u8; 16], u8, u8) = row.map_err(VaultError::from)?;
        let (at, by) = (Timestamp(uint(at)?), Pseudonym::new(by));
        Ok(RolesChanged { at, by, was: roles(was)?, became: roles(became)? })
    })
    .collect()
}

/// Gives the person another secret; wrong ones of before are forgotten.
///
/// # Errors
/// [`PeopleError::SecretShort`], or what the vault says.
pub fn set_secret(
    vault: &mut Vault,
    officer: &Officer,
    secret: &Zeroizing<String>,
    cost: Cost,
    entropy: &mut dyn Entropy,
) -> Result<(), PeopleError> {
    let wrapped = wrapped(officer.pseudonym, secret, cost, entropy)?;
    let statement = "UPDATE officer SET secret = ?2, wrong = 0, wrong_at = NULL WHERE pseudonym = ?1";
    vault.db().execute(statement, params![officer.pseudonym.as_bytes(), wrapped]).map_err(VaultError::from)?;
    Ok(())
}

/// A try of a person's secret: counted already, and not made yet. It can be made anywhere, without the vault.
pub struct Try {
    pseudonym: Pseudonym,
    wrapped: Vec<u8>,
}

/// Counts a try of a person's secret before it is made: a process that is killed meanwhile has had its try. After `TRIES_MAX` wrong ones
/// none is made for `HELD_S`.
///
/// # Errors
/// [`PeopleError::TooManyTries`], [`PeopleError::NobodyRecorded`] for who is alone, or what the vault says.
pub fn begin_try(vault: &mut Vault, officer: &Officer, now: Timestamp) -> Result<Try, PeopleError> {
    let pseudonym = officer.pseudonym;
    let read = |row: &Row<'_>| Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, u32>(1)?, row.get::<_, Option<i64>>(2)?));
    let query = "SELECT secret, wrong, wrong_at FROM officer WHERE pseudonym = ?1 AND until IS NULL";
    let found = vault.db().query_row(query, [pseudonym.as_bytes()], read).optional().map_err(VaultError::from)?;
    let (wrapped, tries, wrong_at) = found.ok_or(PeopleError::NobodyRecorded)?;
    let wrong_at = wrong_at.map(uint).transpose()?.map(Timestamp);
    if tries >= TRIES_MAX && wrong_at.is_some_and(|at| now.since(at) < HELD_S) {
        return Err(PeopleError::TooManyTries { tries });
    }
    let statement = "UPDATE officer SET wrong = ?2, wrong_at = ?3 WHERE pseudonym = ?1";
    let counted = params![pseudonym.as_bytes(), tries.saturating_add(1), int(now.0)];
    vault.db().execute(statement, counted).map_err(VaultError::from)?;
    Ok(Try { pseudonym, wrapped })
}

impl Try {
    /// Whose secret is tried.
    #[must_use]
    pub const fn pseudonym(&self) -> Pseudonym {
        self.pseudonym
    }

    /// Whether it is this one; takes as long as opening a vault.
    ///
    /// # Errors
    /// [`PeopleError::WrongSecret`], or that what is kept is damaged.
    pub fn make(&self, secret: &Zeroizing<String>) -> Result<(), PeopleError> {
        match keyfile::open_with_passphrase(secret.as_bytes(), PURPOSE, &self.wrapped) {
            Ok(opened) if opened.as_slice() == self.pseudonym.as_bytes() => Ok(()),
            Ok(_) => Err(VaultError::Damaged { what: "somebody's secret is another person's" }.into()),
            Err(KeyfileError::WrongPassphrase) => Err(PeopleError::WrongSecret),
            Err(error) => Err(VaultError::from(error).into()),
        }
    }
}

/// The try was right: wrong ones of before are forgotten.
///
/// # Errors
/// [`PeopleError::WrongSecret`] when the person has left or has another secret since it began, or what the vault says.
pub fn was_right(vault: &mut Vault, made: &Try) -> Result<(), PeopleError> {
    let statement =
        "UPDATE officer SET wrong = 0, wrong_at = NULL WHERE pseudonym = ?1 AND secret = ?2 AND until IS NULL";
    let row = params![made.pseudonym.as_bytes(), made.wrapped];
    let found = vault.db().execute(statement, row).map_err(VaultError::from)?;
    if found == 1 { Ok(()) } else { Err(PeopleError::WrongSecret) }
}

/// Whether this is the person's own secret; takes as long as opening a vault.
///
/// # Errors
/// [`PeopleError::WrongSecret`], [`PeopleError::TooManyTries`], [`PeopleError::NobodyRecorded`] for who is alone, or what the vault says.
pub fn check_secret(
    vault: &mut Vault,
    officer: &Officer,
    secret: &Zeroizing<String>,
    now: Timestamp,
) -> Result<(), PeopleError> {
    let begun = begin_try(vault, officer, now)?;
    begun.make(secret)?;
    was_right(vault, &begun)
}

/// What a session rests on: who the person is, the secret and the roles. Another secret or role makes another one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Footing([u8; 32]);

impl Footing {
    /// Of whoever opens a vault in which nobody is recorded.
    pub const ALONE: Self = Self([0; 32]);
}

/// What a session of this person rests on; none when nobody of this pseudonym works here.
///
/// # Errors
/// What the vault says.
pub fn footing(vault: &Vault, pseudonym: Pseudonym) -> Result<Option<Footing>, PeopleError> {
    let query = "SELECT secret, roles FROM officer WHERE pseudonym = ?1 AND until IS NULL";
    let read = |row: &Row<'_>| Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, i64>(1)?));
    let found = vault.db().query_row(query, [pseudonym.as_bytes()], read).optional().map_err(VaultError::from)?;
    let of = |(secret, roles): (Vec<u8>, i64)| sha256(&[pseudonym.as_bytes(), &roles.to_be_bytes(), &secret]);
    Ok(found.map(of).map(Footing))
}

/// Takes as long as trying a secret: who asks does not learn whether there is such a name.
pub(crate) fn spend(secret: &Zeroizing<String>, entropy: &mut dyn Entropy) -> Result<(), PeopleError> {
    keyfile::seal_with_passphrase(secret.as_bytes(), PURPOSE, &[0; 16], Cost::STANDARD, entropy)
        .map(drop)
        .map_err(|error| VaultError::from(error).into())
}

/// The secret, so that it can be tried and not read.
fn wrapped(
    pseudonym: Pseudonym,
    secret: &Zeroizing<String>,
    cost: Cost,
    entropy: &mut dyn Entropy,
) -> Result<Vec<u8>, PeopleError> {
    if secret.len() < SECRET_BYTES_MIN {
        return Err(PeopleError::SecretShort);
    }
    let sealed = keyfile::seal_with_passphrase(secret.as_bytes(), PURPOSE, pseudonym.as_bytes(), cost, entropy);
    Ok(sealed.map_err(VaultError::from)?)
}

/// The name in one form (NFC), without space around it.
pub(crate) fn tidy(name: &str) -> Zeroizing<String> {
    use unicode_normalization::UnicodeNormalization as _;
    Zeroizing::new(name.trim().nfc().collect())
}

#[cfg(test)]
mod tests;
