//! Drafts: referrals that are being written, in the vault. A draft that nobody has changed for thirty days is erased: what is not
//! needed is not kept.

use rusqlite::{Connection, Row, params};
use safeconduct_protocol::{
    entropy::{Entropy, random},
    time::{DAY_S, Timestamp},
};
use zeroize::Zeroizing;

use crate::{
    error::Told,
    people::Pseudonym,
    vault::{Sql as _, Vault, VaultError, int, uint},
};

/// Drafts that are kept at one time, at most.
pub const DRAFTS_MAX: usize = 1000;
/// How long a draft is kept after its last change, in seconds.
pub const DRAFT_LIFE_S: u64 = 30 * DAY_S;
/// For so long before its end its writer is reminded, in seconds.
pub const DRAFT_WARNED_S: u64 = 7 * DAY_S;
/// Bytes of a draft, at most: a whole referral with its escapes, and room.
pub const DRAFT_BYTES_MAX: usize = 256 * 1024;
/// Digits that name a draft, at least.
const PREFIX_DIGITS_MIN: usize = 4;

/// What a draft is called on this machine; it never travels.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Handle([u8; 16]);

impl Handle {
    /// Its 32 hex digits.
    #[must_use]
    pub fn to_hex(self) -> String {
        self.0.iter().fold(String::with_capacity(32), |text, byte| format!("{text}{byte:02x}"))
    }
}

/// A draft as it is kept. No `Debug`: it holds a person's data.
pub struct Draft {
    /// What it is called here.
    pub handle: Handle,
    /// Its JSON.
    pub content: Zeroizing<Vec<u8>>,
    /// Who writes it.
    pub officer: Pseudonym,
    /// When it was begun.
    pub made_at: Timestamp,
    /// When it was changed last.
    pub at: Timestamp,
}

impl Draft {
    /// When it is erased, if nobody changes it.
    #[must_use]
    pub const fn ends(&self) -> Timestamp {
        self.at.after(DRAFT_LIFE_S)
    }

    /// Whether it is in its last week.
    #[must_use]
    pub fn ends_soon(&self, now: Timestamp) -> bool {
        now.after(DRAFT_WARNED_S) >= self.ends()
    }
}

/// Why a draft is not kept or found.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DraftError {
    /// The vault failed.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// There is no such draft, or no longer.
    #[error("there is no such draft here")]
    Unknown,
    /// Several begin so.
    #[error("several drafts begin with these digits")]
    Several,
    /// It is too long.
    #[error("the draft has {bytes} bytes; {DRAFT_BYTES_MAX} fit")]
    TooLong {
        /// How many it has.
        bytes: usize,
    },
    /// So many are kept that no more fit.
    #[error("{DRAFTS_MAX} drafts are kept, and no more fit")]
    TooMany,
}

impl DraftError {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Vault(error) => error.code(),
            Self::Unknown => "unknown-draft",
            Self::Several => "usage",
            Self::TooLong { .. } => "too-long",
            Self::TooMany => "drafts-many",
        }
    }

    /// What to do next.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::Vault(error) => error.remedy(),
            Self::Unknown => {
                "copy its digits from `safeconduct referral draft list`; a draft is erased 30 days after its last change"
            }
            Self::Several => "type more of them",
            Self::TooLong { .. } => "shorten its texts, or attach the longest as a document",
            Self::TooMany => "discard those that are not needed: safeconduct referral draft discard DRAFT",
        }
    }
}

impl From<DraftError> for Told {
    fn from(error: DraftError) -> Self {
        match error {
            DraftError::Vault(error) => error.into(),
            DraftError::Several => Self::usage(error.to_string(), error.remedy()),
            DraftError::Unknown | DraftError::TooLong { .. } | DraftError::TooMany => {
                Self::refused(error.code(), error.to_string(), error.remedy())
            }
        }
    }
}

const COLUMNS: &str = "handle, content, officer, made_at, at";

fn draft(row: &Row<'_>) -> rusqlite::Result<(Draft, [i64; 2])> {
    let draft = Draft {
        handle: Handle(row.get(0)?),
        content: Zeroizing::new(row.get(1)?),
        officer: Pseudonym::new(row.get(2)?),
        made_at: Timestamp(0),
        at: Timestamp(0),
    };
    Ok((draft, [row.get(3)?, row.get(4)?]))
}

fn timed((draft, [made_at, at]): (Draft, [i64; 2])) -> Result<Draft, VaultError> {
    Ok(Draft { made_at: Timestamp(uint(made_at)?), at: Timestamp(uint(at)?), ..draft })
}

/// Keeps a new draft.
///
/// # Errors
/// [`DraftError::TooLong`], [`DraftError::TooMany`], or what the vault says.
pub fn keep(
    vault: &Vault,
    content: &[u8],
    officer: Pseudonym,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<Handle, DraftError> {
    fits(content)?;
    let count: i64 = vault.db().one("SELECT count(*) FROM draft", [], |row| row.get(0)).map_err(VaultError::from)?;
    if usize::try_from(count).map_or(true, |count| count >= DRAFTS_MAX) {
        return Err(DraftError::TooMany);
    }
    let handle = Handle(random(entropy).map_err(VaultError::from)?);
    let statement = "INSERT INTO draft (handle, content, officer, made_at, at) VALUES (?1, ?2, ?3, ?4, ?4)";
    let row = params![handle.0, content, officer.as_bytes(), int(now.0)];
    vault.db().run(statement, row).map_err(VaultError::from)?;
    Ok(handle)
}

/// A draft goes with the referral that it was made from.
///
/// # Errors
/// What the vault says.
pub fn belongs_to(vault: &Vault, handle: Handle, referral: &[u8; 16]) -> Result<(), VaultError> {
    vault.db().run("UPDATE draft SET parent = ?2 WHERE handle = ?1", params![handle.0, referral])?;
    Ok(())
}

fn fits(content: &[u8]) -> Result<(), DraftError> {
    if content.len() > DRAFT_BYTES_MAX { Err(DraftError::TooLong { bytes: content.len() }) } else { Ok(()) }
}

/// Puts another content into a draft.
///
/// # Errors
/// [`DraftError::Unknown`], [`DraftError::TooLong`], or what the vault says.
pub fn change(vault: &Vault, handle: Handle, content: &[u8], now: Timestamp) -> Result<(), DraftError> {
    fits(content)?;
    let statement = "UPDATE draft SET content = ?2, at = ?3 WHERE handle = ?1";
    let changed = vault.db().run(statement, params![handle.0, content, int(now.0)]).map_err(VaultError::from)?;
    if changed == 0 { Err(DraftError::Unknown) } else { Ok(()) }
}

/// Erases a draft.
///
/// # Errors
/// What the vault says.
pub fn discard(db: &Connection, handle: Handle) -> Result<(), VaultError> {
    db.run("DELETE FROM draft WHERE handle = ?1", [handle.0])?;
    Ok(())
}

/// Every draft, the one that was changed last first.
///
/// # Errors
/// What the vault says.
pub fn list(vault: &Vault) -> Result<Vec<Draft>, VaultError> {
    let mut found = vault.db().prepare_cached(&format!("SELECT {COLUMNS} FROM draft ORDER BY at DESC, handle"))?;
    found.query_map([], draft)?.map(|row| timed(row?)).collect()
}

/// How many drafts are in their last week.
///
/// # Errors
/// What the vault says.
pub fn ending(vault: &Vault, now: Timestamp) -> Result<u64, VaultError> {
    let before = now.before(DRAFT_LIFE_S.saturating_sub(DRAFT_WARNED_S));
    uint(vault.db().query_row("SELECT count(*) FROM draft WHERE at <= ?1", [int(before.0)], |row| row.get(0))?)
}

/// A draft by its digits, or the first of them.
///
/// # Errors
/// [`DraftError::Unknown`], [`DraftError::Several`], or what the vault says.
pub fn find(vault: &Vault, text: &str) -> Result<Draft, DraftError> {
    let text = text.to_ascii_lowercase();
    if text.len() < PREFIX_DIGITS_MIN || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(DraftError::Unknown);
    }
    let query = format!("SELECT {COLUMNS} FROM draft WHERE lower(hex(handle)) LIKE ?1 || '%' LIMIT 2");
    let mut found = vault.db().prepare_cached(&query).map_err(VaultError::from)?;
    let mut rows = found.query_map([text], draft).map_err(VaultError::from)?;
    let (first, more) = (rows.next(), rows.next());
    match (first.transpose().map_err(VaultError::from)?, more) {
        (Some(only), None) => Ok(timed(only)?),
        (Some(_), Some(_)) => Err(DraftError::Several),
        (None, _) => Err(DraftError::Unknown),
    }
}

/// Erases the drafts that nobody has changed for [`DRAFT_LIFE_S`]; `sure` is the time of which this node is sure, for what is erased does
/// not come back. How many there were.
///
/// # Errors
/// What the vault says.
pub fn expire(db: &Connection, sure: Timestamp) -> Result<usize, VaultError> {
    let Some(before) = sure.0.checked_sub(DRAFT_LIFE_S) else { return Ok(0) };
    Ok(db.run("DELETE FROM draft WHERE at <= ?1", [int(before)])?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{self, NOW, Seeded};

    const WRITER: Pseudonym = Pseudonym::new([7; 16]);

    fn setting(seed: u64) -> (tempfile::TempDir, Vault, Seeded) {
        let dir = tempfile::tempdir().unwrap();
        let mut entropy = Seeded::new(seed);
        let vault = testing::vault(dir.path(), &mut entropy);
        (dir, vault, entropy)
    }

    #[test]
    fn a_draft_is_kept_changed_found_by_its_first_digits_and_discarded() {
        let (_dir, vault, mut entropy) = setting(21);
        let one = keep(&vault, b"{\"a\":1}", WRITER, NOW, &mut entropy).unwrap();
        let two = keep(&vault, b"{}", WRITER, NOW, &mut entropy).unwrap();

        change(&vault, one, b"{\"a\":2}", NOW.after(5)).unwrap();

        let found = find(&vault, &one.to_hex()[..6].to_uppercase()).ok().unwrap();
        assert!(found.handle == one && found.content.as_slice() == b"{\"a\":2}" && found.officer == WRITER);
        assert_eq!((found.made_at, found.at, found.ends()), (NOW, NOW.after(5), NOW.after(5 + DRAFT_LIFE_S)));
        assert_eq!(list(&vault).unwrap().iter().map(|draft| draft.handle).collect::<Vec<_>>(), [one, two]);
        discard(vault.db(), one).unwrap();
        for gone in [one.to_hex().as_str(), "abc", "%%%%", ""] {
            assert_eq!(find(&vault, gone).err().unwrap().code(), "unknown-draft", "{gone}");
        }
        assert_eq!(change(&vault, one, b"{}", NOW).err().unwrap().code(), "unknown-draft");
    }

    #[test]
    fn digits_that_two_drafts_begin_with_name_neither() {
        let (_dir, vault, _entropy) = setting(22);
        for last in [1_u8, 2] {
            let mut handle = [0xaa; 16];
            handle[15] = last;
            let statement = "INSERT INTO draft (handle, content, officer, made_at, at) VALUES (?1, x'', ?2, 0, 0)";
            vault.db().execute(statement, params![handle, WRITER.as_bytes()]).unwrap();
        }

        assert_eq!(find(&vault, "aaaa").err().unwrap().code(), "usage");
        assert!(find(&vault, &format!("{}01", "aa".repeat(15))).is_ok());
    }

    #[test]
    fn a_draft_is_erased_thirty_days_after_its_last_change_and_not_before() {
        let (_dir, vault, mut entropy) = setting(23);
        let old = keep(&vault, b"{}", WRITER, NOW, &mut entropy).unwrap();
        let young = keep(&vault, b"{}", WRITER, NOW.after(1), &mut entropy).unwrap();

        assert_eq!(expire(vault.db(), NOW.after(DRAFT_LIFE_S - 1)).unwrap(), 0);
        assert_eq!(expire(vault.db(), NOW.after(DRAFT_LIFE_S)).unwrap(), 1);

        assert!(find(&vault, &old.to_hex()).is_err() && find(&vault, &young.to_hex()).is_ok());
        assert_eq!(expire(vault.db(), Timestamp(0)).unwrap(), 0);
    }

    #[test]
    fn in_its_last_week_a_draft_is_told_of_and_a_change_ends_that() {
        let (_dir, vault, mut entropy) = setting(25);
        let handle = keep(&vault, b"{}", WRITER, NOW, &mut entropy).unwrap();
        let warned = NOW.after(DRAFT_LIFE_S - DRAFT_WARNED_S);
        let soon = |at: Timestamp| {
            let draft = list(&vault).unwrap().remove(0);
            assert_eq!(ending(&vault, at).unwrap(), u64::from(draft.ends_soon(at)));
            draft.ends_soon(at)
        };

        assert!(!soon(Timestamp(warned.0 - 1)));
        assert!(soon(warned) && soon(NOW.after(DRAFT_LIFE_S - 1)));
        change(&vault, handle, b"{}", warned).unwrap();
        assert!(!soon(warned));
    }

    #[test]
    fn drafts_are_bounded_in_length_and_number() {
        let (_dir, vault, mut entropy) = setting(24);
        let mut kept = |bytes: usize| keep(&vault, &vec![b' '; bytes], WRITER, NOW, &mut entropy);
        assert!(kept(DRAFT_BYTES_MAX).is_ok());
        assert_eq!(kept(DRAFT_BYTES_MAX + 1).err().unwrap().code(), "too-long");
        let fill = "WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
            INSERT INTO draft (handle, content, officer, made_at, at) SELECT randomblob(16), x'', zeroblob(16), 0, 0 FROM n";
        vault.db().execute(fill, [i64::try_from(DRAFTS_MAX).unwrap() - 1]).unwrap();

        assert!(kept(1).is_ok());
        assert_eq!(kept(1).err().unwrap().code(), "drafts-many");
    }
}
