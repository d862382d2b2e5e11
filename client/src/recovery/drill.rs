//! `backup verify`: everything that a restore would do, in a folder of its own that goes again. Nothing else changes.

use std::{
    fs::{self, File},
    io::Read as _,
    path::{Path, PathBuf},
};

use rusqlite::Connection;
use safeconduct_certs::keyfile::Cost;
use safeconduct_protocol::{
    entropy::{Entropy, random},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{RecoveryError, backup::file_error, head, sealed};
use crate::{
    keys, renewal,
    vault::{Parts, Vault, VaultError, VaultKey, uint, unpacked},
};

/// What a restore of a backup would bring back: dates and numbers, never content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tried {
    /// Whose node it is.
    pub node: String,
    /// Its agency, once it was enrolled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agency: Option<String>,
    /// When the backup was made, Unix seconds.
    pub made_at: u64,
    /// The node's epoch in it; a restore raises it.
    pub epoch: u64,
    /// Since when the identity key in it is this node's, Unix seconds: a node that has renewed its key since needs a newer backup.
    pub identity_since_at: u64,
    /// Messages that came, with those that are kept and not shown.
    pub received: u64,
    /// Messages that were sent.
    pub sent: u64,
    /// Of them, those that had no receipt of their recipient yet.
    pub waiting: u64,
    /// Partners that evidence is kept of.
    pub partners: u64,
    /// Entries of that evidence, every one checked.
    pub evidence: u64,
    /// Receipts.
    pub receipts: u64,
    /// Leaves of the registry copy.
    pub registry_size: u64,
    /// Whether the signed node head in it holds; false when none had been signed yet.
    pub head_signed: bool,
    /// When the last message came or was sent, Unix seconds; none when there is no message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub newest_at: Option<u64>,
}

/// Tries a backup.
///
/// # Errors
/// What a restore would fail with.
pub fn verify(
    file: &Path,
    passphrase: &Zeroizing<String>,
    cost: Cost,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<Tried, RecoveryError> {
    let folder = Folder::new(entropy)?;
    let (vault, made_at, _config) = open(file, &folder.0.join("vault"), passphrase, cost, now, entropy)?;
    tried(&vault, made_at)
}

/// A folder under the system's folder for temporary files; it goes when this is dropped. The database in it is encrypted.
struct Folder(PathBuf);

impl Folder {
    fn new(entropy: &mut dyn Entropy) -> Result<Self, RecoveryError> {
        let number: [u8; 8] = random(entropy).map_err(VaultError::from)?;
        let path = std::env::temp_dir().join(format!("safeconduct-drill-{:016x}", u64::from_be_bytes(number)));
        crate::vault::files::make_dir(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}

/// Unpacks a backup into the new folder `dir`, checks all of it, and gives the vault, when the backup was made, and the
/// configuration in it.
pub(super) fn open(
    file: &Path,
    dir: &Path,
    passphrase: &Zeroizing<String>,
    cost: Cost,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<(Vault, Timestamp, Vec<u8>), RecoveryError> {
    let from = File::open(file).map_err(|error| file_error(file, &error))?;
    let about = from.metadata().map_err(|error| file_error(file, &error))?;
    if !about.is_file() {
        return Err(RecoveryError::NotABackup);
    }
    let (mut content, front) = sealed::Content::open(from, about.len(), passphrase)?;
    let parts = Parts { key: VaultKey::from_secret(front.vault_key), tls: front.tls };
    let mut database = content.by_ref().take(front.database_bytes);
    let opened = unpacked(dir, &parts, &mut database, passphrase, cost, now, entropy);
    if let Some(refused) = content.refused() {
        return Err(refused);
    }
    let vault = opened.map_err(|error| {
        if matches!(error, VaultError::Damaged { .. }) {
            return RecoveryError::Damaged { what: "its database is cut short or altered" };
        }
        error.into()
    })?;
    content.end()?;
    let own = keys::identity(&vault)?.node;
    head::fits(&vault, &own)?;
    Ok((vault, front.made_at, front.config))
}

fn tried(vault: &Vault, made_at: Timestamp) -> Result<Tried, RecoveryError> {
    let identity = keys::identity(vault)?;
    let count = |query: &str| count(vault.db(), query);
    let newest: Option<i64> = vault.db().query_row(
        "SELECT max(at) FROM (SELECT max(received_at) AS at FROM inbox WHERE kind = 1
            UNION ALL SELECT max(queued_at) FROM outbox WHERE kind = 1)",
        [],
        |row| row.get(0),
    )?;
    Ok(Tried {
        node: identity.node.to_hex(),
        agency: keys::enrolment(vault)?.and_then(|enrolment| enrolment.agency).map(String::from),
        made_at: made_at.0,
        epoch: identity.epoch,
        identity_since_at: renewal::since(vault, renewal::OwnKey::Identity)?.0,
        received: count("SELECT count(*) FROM inbox WHERE kind = 1")?,
        sent: count("SELECT count(*) FROM outbox WHERE kind = 1")?,
        waiting: count(
            "SELECT count(*) FROM outbox WHERE kind = 1 AND state IN ('queued', 'sealed', 'relay-accepted')",
        )?,
        partners: count("SELECT count(*) FROM pair")?,
        evidence: count("SELECT count(*) FROM evidence")?,
        receipts: count("SELECT count(*) FROM receipt")?,
        registry_size: count("SELECT count(*) FROM registry_leaf")?,
        head_signed: head::verified(vault, &identity)?.is_some(),
        newest_at: newest.map(uint).transpose()?,
    })
}

fn count(db: &Connection, query: &str) -> Result<u64, RecoveryError> {
    Ok(uint(db.query_row(query, [], |row| row.get(0))?)?)
}
