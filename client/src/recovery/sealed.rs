//! The bytes of a backup (`docs/OPERATIONS.md`). Not compressed, so that the length says nothing of what is in it but its order of
//! magnitude: the content is filled up with zeros to 1 MiB × 2^n.
//!
//! ```text
//!   0    8  magic SCBACKUP
//!   8    2  format, 1
//!  10    6  zero
//!  16  104  key of the node's backups, `certs::keyfile` under the passphrase (Argon2id, XChaCha20-Poly1305)
//! 120   76  key of this file, `certs::keyfile` under the one before
//! 196    n  chunks of 65580 bytes: `certs::keyfile` under the key of this file, each of 65536 bytes of content, bound to its
//!           number and to how many there are
//!
//! content: magic SCM1 4 || made at u64 || vault key 32 || TLS key 32 || database length u64 || configuration length u32 ||
//!          configuration || database, SQLCipher under the vault key || zero
//! ```

use std::io::{self, Read, Write};

use safeconduct_certs::keyfile::{KeyfileError, open_with_key, open_with_passphrase, seal_with_key};
use safeconduct_protocol::{entropy::Entropy, secret::Secret, time::Timestamp};
use zeroize::Zeroizing;

use super::RecoveryError;
use crate::vault::{BACKUP_PURPOSE, VaultError};

const MAGIC: &[u8; 8] = b"SCBACKUP";
const FORMAT: u16 = 1;
const CONTENT_MAGIC: &[u8; 4] = b"SCM1";
/// Before the chunks.
pub(super) const HEADER_BYTES: usize = 196;
const UNDER_PASSPHRASE_BYTES: usize = 104;
/// Content of one chunk.
pub(super) const CHUNK_BYTES: usize = 64 * 1024;
/// Magic, nonce and tag.
const CHUNK_SEALED_BYTES: usize = CHUNK_BYTES + 4 + 24 + 16;
/// The smallest content, filled up.
pub(super) const CONTENT_BYTES_MIN: u64 = 1024 * 1024;
/// No content is larger, filled up: a vault of 64 GiB is none of ours.
const CONTENT_BYTES_MAX: u64 = 64 * 1024 * 1024 * 1024;
/// Content before the configuration.
const FRONT_BYTES: usize = 4 + 8 + 32 + 32 + 8 + 4;
/// The longest configuration that is kept.
pub(super) const CONFIG_BYTES_MAX: usize = 64 * 1024;
const FILE_PURPOSE: &str = "safeconduct/v1 backup file";

const TOO_LARGE: VaultError = VaultError::Unfit { what: "a vault of less than 64 GiB" };
const CUT: RecoveryError = RecoveryError::Damaged { what: "it is cut short, or something is appended" };
const ALTERED: RecoveryError = RecoveryError::Damaged { what: "a part of it is altered" };
const LAYOUT: RecoveryError = RecoveryError::Damaged { what: "its content is not put together as it should be" };

/// What stands at the beginning of the content.
pub(super) struct Front {
    pub(super) made_at: Timestamp,
    pub(super) vault_key: Secret<32>,
    pub(super) tls: Secret<32>,
    pub(super) database_bytes: u64,
    pub(super) config: Vec<u8>,
}

/// The length of content of `bytes`, filled up.
pub(super) fn filled(bytes: u64) -> Option<u64> {
    let filled = bytes.max(CONTENT_BYTES_MIN).checked_next_power_of_two()?;
    (filled <= CONTENT_BYTES_MAX).then_some(filled)
}

fn chunk_count(content: u64) -> u64 {
    content.checked_div(CHUNK_BYTES as u64).unwrap_or(0)
}

fn chunk_purpose(number: u64, count: u64) -> String {
    format!("safeconduct/v1 backup chunk {number} of {count}")
}

/// Writes a backup: header, then `front` and the `database` in chunks.
pub(super) fn write(
    out: &mut dyn Write,
    backup_key: &Secret<32>,
    under_passphrase: &[u8],
    front: &Front,
    database: &mut dyn Read,
    entropy: &mut dyn Entropy,
) -> Result<(), RecoveryError> {
    const UNFIT: VaultError = VaultError::Damaged { what: "the key that seals backups is altered" };
    if under_passphrase.len() != UNDER_PASSPHRASE_BYTES {
        return Err(UNFIT.into());
    }
    let config_bytes = u32::try_from(front.config.len()).ok().ok_or(LAYOUT)?;
    let content = (FRONT_BYTES as u64).saturating_add(u64::from(config_bytes)).saturating_add(front.database_bytes);
    let count = chunk_count(filled(content).ok_or(TOO_LARGE)?);
    let key = Secret::<32>::random(entropy).map_err(VaultError::from)?;
    let wrapped = seal_with_key(backup_key.reveal(), FILE_PURPOSE, key.reveal(), entropy).map_err(VaultError::from)?;
    put(out, MAGIC)?;
    put(out, &FORMAT.to_be_bytes())?;
    put(out, &[0; 6])?;
    put(out, under_passphrase)?;
    put(out, &wrapped)?;
    let mut head = Zeroizing::new(Vec::with_capacity(FRONT_BYTES.saturating_add(front.config.len())));
    head.extend_from_slice(CONTENT_MAGIC);
    head.extend_from_slice(&front.made_at.0.to_be_bytes());
    head.extend_from_slice(front.vault_key.reveal());
    head.extend_from_slice(front.tls.reveal());
    head.extend_from_slice(&front.database_bytes.to_be_bytes());
    head.extend_from_slice(&config_bytes.to_be_bytes());
    head.extend_from_slice(&front.config);
    let mut content = head.as_slice().chain(database.take(front.database_bytes)).chain(io::repeat(0));
    let mut chunk = Zeroizing::new(vec![0_u8; CHUNK_BYTES]);
    for number in 0..count {
        content.read_exact(&mut chunk).map_err(VaultError::from)?;
        let purpose = chunk_purpose(number, count);
        put(out, &seal_with_key(key.reveal(), &purpose, &chunk, entropy).map_err(VaultError::from)?)?;
    }
    Ok(())
}

fn put(out: &mut dyn Write, bytes: &[u8]) -> Result<(), RecoveryError> {
    Ok(out.write_all(bytes).map_err(VaultError::from)?)
}

/// A backup that is read: its content, chunk by chunk, each judged before anything of it is handed out.
pub(super) struct Content<R> {
    from: R,
    key: Secret<32>,
    chunk: Zeroizing<Vec<u8>>,
    at: usize,
    number: u64,
    count: u64,
    /// Why reading has ended early.
    refused: Option<RecoveryError>,
}

impl<R: Read> Content<R> {
    /// Opens a backup of `file_bytes` bytes with a passphrase.
    pub(super) fn open(
        mut from: R,
        file_bytes: u64,
        passphrase: &Zeroizing<String>,
    ) -> Result<(Self, Front), RecoveryError> {
        let mut header = [0_u8; HEADER_BYTES];
        from.read_exact(&mut header).ok().ok_or(RecoveryError::NotABackup)?;
        let (magic, rest) = header.split_at(MAGIC.len());
        let (format, rest) = rest.split_first_chunk::<2>().ok_or(RecoveryError::NotABackup)?;
        if magic != MAGIC {
            return Err(RecoveryError::NotABackup);
        }
        let format = u16::from_be_bytes(*format);
        if format != FORMAT {
            return Err(RecoveryError::Newer { found: format, known: FORMAT });
        }
        let (zero, rest) = rest.split_at_checked(6).ok_or(CUT)?;
        let (under_passphrase, wrapped) = rest.split_at_checked(UNDER_PASSPHRASE_BYTES).ok_or(CUT)?;
        let chunks = file_bytes.saturating_sub(HEADER_BYTES as u64);
        let count = chunks.checked_div(CHUNK_SEALED_BYTES as u64).unwrap_or(0);
        let whole = count.checked_mul(CHUNK_SEALED_BYTES as u64) == Some(chunks);
        let content = count.saturating_mul(CHUNK_BYTES as u64);
        if zero.iter().any(|byte| *byte != 0) || !whole || filled(content) != Some(content) {
            return Err(CUT);
        }
        let backup_key = open_with_passphrase(passphrase.as_bytes(), BACKUP_PURPOSE, under_passphrase);
        let backup_key = backup_key.map_err(passphrase_error)?;
        let backup_key = Secret::<32>::from_slice(&backup_key).ok_or(ALTERED)?;
        let key = open_with_key(backup_key.reveal(), FILE_PURPOSE, wrapped).ok().ok_or(ALTERED)?;
        let key = Secret::from_slice(&key).ok_or(ALTERED)?;
        let chunk = Zeroizing::new(Vec::new());
        let mut content = Self { from, key, chunk, at: 0, number: 0, count, refused: None };
        let front = content.front()?;
        Ok((content, front))
    }

    fn front(&mut self) -> Result<Front, RecoveryError> {
        let magic: [u8; 4] = self.array()?;
        let made_at = Timestamp(u64::from_be_bytes(self.array()?));
        let vault_key = Secret::new(*Zeroizing::new(self.array()?));
        let tls = Secret::new(*Zeroizing::new(self.array()?));
        let database_bytes = u64::from_be_bytes(self.array()?);
        let config_bytes = usize::try_from(u32::from_be_bytes(self.array()?)).ok().ok_or(LAYOUT)?;
        if magic != *CONTENT_MAGIC || config_bytes > CONFIG_BYTES_MAX {
            return Err(LAYOUT);
        }
        let mut config = vec![0; config_bytes];
        self.exactly(&mut config)?;
        Ok(Front { made_at, vault_key, tls, database_bytes, config })
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], RecoveryError> {
        let mut bytes = [0; N];
        self.exactly(&mut bytes)?;
        Ok(bytes)
    }

    fn exactly(&mut self, bytes: &mut [u8]) -> Result<(), RecoveryError> {
        match self.read_exact(bytes) {
            Ok(()) => Ok(()),
            Err(_) => Err(self.refused.take().unwrap_or(CUT)),
        }
    }

    /// Why reading has failed, if a part of the backup is the cause.
    pub(super) fn refused(&mut self) -> Option<RecoveryError> {
        self.refused.take()
    }

    /// Everything that follows must be zero, to the last chunk.
    pub(super) fn end(&mut self) -> Result<(), RecoveryError> {
        loop {
            if self.at < self.chunk.len() {
                if self.chunk.iter().skip(self.at).any(|byte| *byte != 0) {
                    return Err(LAYOUT);
                }
                self.at = self.chunk.len();
            }
            if self.number == self.count {
                return Ok(());
            }
            self.next()?;
        }
    }

    /// Reads and opens the next chunk.
    fn next(&mut self) -> Result<(), RecoveryError> {
        let mut sealed = vec![0_u8; CHUNK_SEALED_BYTES];
        self.from.read_exact(&mut sealed).map_err(|error| {
            if error.kind() == io::ErrorKind::UnexpectedEof { CUT } else { VaultError::from(error).into() }
        })?;
        let purpose = chunk_purpose(self.number, self.count);
        self.chunk = open_with_key(self.key.reveal(), &purpose, &sealed).ok().ok_or(ALTERED)?;
        self.at = 0;
        self.number = self.number.saturating_add(1);
        Ok(())
    }
}

impl<R: Read> Read for Content<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.chunk.len() {
            if self.number == self.count {
                return Ok(0);
            }
            if let Err(error) = self.next() {
                self.refused = Some(error);
                return Err(io::ErrorKind::InvalidData.into());
            }
        }
        let rest = self.chunk.get(self.at..).unwrap_or_default();
        let count = rest.len().min(buffer.len());
        for (to, from) in buffer.iter_mut().zip(rest) {
            *to = *from;
        }
        self.at = self.at.saturating_add(count);
        Ok(count)
    }
}

/// Reads a backup to its end for `tests/fuzzing`: when it was made, how long its database is, and the configuration.
#[cfg(feature = "fuzzing")]
pub(crate) fn read_whole(
    from: impl Read,
    file_bytes: u64,
    passphrase: &Zeroizing<String>,
) -> Result<(u64, u64, Vec<u8>), RecoveryError> {
    let (mut content, front) = Content::open(from, file_bytes, passphrase)?;
    let read = io::copy(&mut content.by_ref().take(front.database_bytes), &mut io::sink());
    match (content.refused(), read) {
        (Some(refused), _) => Err(refused),
        (None, Ok(bytes)) if bytes == front.database_bytes => {
            content.end().map(|()| (front.made_at.0, front.database_bytes, front.config))
        }
        (None, _) => Err(CUT),
    }
}

fn passphrase_error(error: KeyfileError) -> RecoveryError {
    match error {
        KeyfileError::WrongPassphrase => RecoveryError::WrongPassphrase,
        KeyfileError::NoMemory => VaultError::NoMemory.into(),
        KeyfileError::NoEntropy(_) => VaultError::NoEntropy.into(),
        KeyfileError::Malformed | KeyfileError::WrongKey | _ => ALTERED,
    }
}
