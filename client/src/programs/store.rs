//! The admitted programs, in the vault.

use rusqlite::{Row, params};
use safeconduct_certs::directory;
use safeconduct_protocol::{
    entropy::{Entropy, random},
    secret::Secret,
    time::Timestamp,
};

use super::{Scopes, Token};
use crate::{
    error::Told,
    people::{PeopleError, Pseudonym, store as people},
    vault::{Vault, VaultError, int, uint},
};

/// Programs admitted at one time, at most.
pub const PROGRAMS_MAX: usize = 32;
/// Bytes of what names a token here.
pub const PROGRAM_ID_BYTES: usize = 16;

/// Why a program is not admitted, or not ended.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProgramError {
    /// Not a name.
    #[error("this cannot be a program's name")]
    NameUnusable,
    /// There is one of this name.
    #[error("there is a token of this name already")]
    NameTaken,
    /// There is none of this name.
    #[error("there is no token of this name")]
    Unknown,
    /// It may do nothing.
    #[error("a token needs a scope")]
    NoScope,
    /// No more fit.
    #[error("there are {PROGRAMS_MAX} tokens already")]
    TooMany,
    /// Who is to act cannot.
    #[error(transparent)]
    Person(#[from] PeopleError),
    /// The vault failed.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

impl From<ProgramError> for Told {
    fn from(error: ProgramError) -> Self {
        let (code, remedy) = match error {
            ProgramError::Person(error) => return error.into(),
            ProgramError::Vault(error) => return error.into(),
            ProgramError::NameUnusable => ("name-unusable", "name the program in a few printable characters"),
            ProgramError::NameTaken => {
                ("token-exists", "choose another name, or end that one with `safeconduct token end`")
            }
            ProgramError::Unknown => ("unknown-token", "see `safeconduct token list`"),
            ProgramError::NoScope => ("scope-missing", "add --scope read, act or reports"),
            ProgramError::TooMany => ("tokens-full", "end one that is not needed with `safeconduct token end`"),
        };
        Self::refused(code, error.to_string(), remedy)
    }
}

/// An admitted program.
pub struct Program {
    /// What names its token in the vault.
    pub id: [u8; PROGRAM_ID_BYTES],
    /// What it is called here.
    pub name: String,
    /// Who acts through it.
    pub officer: Pseudonym,
    /// What it may ask for.
    pub scopes: Scopes,
    /// Since when, Unix seconds.
    pub made_at: Timestamp,
    hash: [u8; 32],
}

/// A row as it is kept.
type Kept = ([u8; PROGRAM_ID_BYTES], String, [u8; 16], i64, i64, [u8; 32]);

fn kept(row: &Row<'_>) -> rusqlite::Result<Kept> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?))
}

/// The admitted programs, by name.
///
/// # Errors
/// What the vault says.
pub fn list(vault: &Vault) -> Result<Vec<Program>, VaultError> {
    const ODD: VaultError = VaultError::Damaged { what: "a token has a scope that there is not" };
    let mut found =
        vault.db().prepare_cached("SELECT id, name, officer, scopes, made_at, hash FROM api_token ORDER BY name")?;
    let rows = found.query_map([], kept)?;
    rows.map(|row| {
        let (id, name, officer, scopes, made_at, hash) = row?;
        let scopes = u8::try_from(scopes).ok().and_then(Scopes::from_bits).ok_or(ODD)?;
        Ok(Program { id, name, officer: Pseudonym::new(officer), scopes, made_at: Timestamp(uint(made_at)?), hash })
    })
    .collect()
}

/// Admits a program, through which this person acts.
///
/// # Errors
/// Any [`ProgramError`] but `Unknown`.
pub fn admit(
    vault: &Vault,
    name: &str,
    scopes: Scopes,
    by: Option<&str>,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<(Program, Token), ProgramError> {
    if !directory::is_name(name) {
        return Err(ProgramError::NameUnusable);
    }
    if scopes.is_empty() {
        return Err(ProgramError::NoScope);
    }
    let all = list(vault)?;
    if all.iter().any(|program| program.name == name) {
        return Err(ProgramError::NameTaken);
    }
    if all.len() >= PROGRAMS_MAX {
        return Err(ProgramError::TooMany);
    }
    let officer = people::acting(vault, by)?.pseudonym();
    let id = random(entropy).map_err(VaultError::from)?;
    let token = Token::make(entropy).map_err(VaultError::from)?;
    let program = Program { id, name: name.to_owned(), officer, scopes, made_at: now, hash: token.hash() };
    let statement = "INSERT INTO api_token (id, name, hash, officer, scopes, made_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let row = params![program.id, name, program.hash, officer.as_bytes(), scopes.bits(), int(now.0)];
    vault.db().execute(statement, row).map_err(VaultError::from)?;
    Ok((program, token))
}

/// Ends a token: what the program asks from now on is refused.
///
/// # Errors
/// [`ProgramError::Unknown`], or what the vault says.
pub fn end(vault: &Vault, name: &str) -> Result<(), ProgramError> {
    let ended = vault.db().execute("DELETE FROM api_token WHERE name = ?1", [name]).map_err(VaultError::from)?;
    if ended == 0 { Err(ProgramError::Unknown) } else { Ok(()) }
}

/// Whose token this is. Every kept hash is compared, and each whole: the time says nothing of them.
///
/// # Errors
/// What the vault says.
pub fn bearer(vault: &Vault, token: &Token) -> Result<Option<Program>, VaultError> {
    let asked = Secret::new(token.hash());
    let mut found = None;
    for program in list(vault)? {
        if Secret::new(program.hash).equals(&asked) {
            found = Some(program);
        }
    }
    Ok(found)
}

/// Under which name the program's person acts now: none for who alone has opened the vault; `None` when that person works here no more.
///
/// # Errors
/// What the vault says.
pub fn acts_as(vault: &Vault, program: &Program) -> Result<Option<Option<String>>, PeopleError> {
    match people::acting(vault, None) {
        Ok(officer) if officer.is_alone() => return Ok((officer.pseudonym() == program.officer).then_some(None)),
        Ok(_) | Err(PeopleError::NotSaid) => {}
        Err(error) => return Err(error),
    }
    match people::find(vault, &program.officer.to_hex()) {
        Ok(officer) => Ok(Some(Some(officer.pseudonym().to_hex()))),
        Err(PeopleError::Unknown) => Ok(None),
        Err(error) => Err(error),
    }
}
