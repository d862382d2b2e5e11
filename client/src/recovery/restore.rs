//! `restore`: a backup becomes the vault of an empty data folder; and `restore --confirm`: a vault that was put back is accepted as
//! it is. Both begin a new epoch, so that nothing sealed to the old prekeys is opened, by this machine or a copy of it; partners
//! are told at the first session.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension as _, params};
use safeconduct_certs::keyfile::Cost;
use safeconduct_protocol::{
    entropy::{Entropy, random},
    prekey::stock::epoch_after_restore,
    receipt::head::NodeHead,
    time::Timestamp,
};
use zeroize::Zeroizing;

use super::{RecoveryError, drill, head, notice};
use crate::{
    config::CONFIG_FILE,
    evidence::chain,
    keys::{self, Identity},
    vault::{Vault, VaultError, files, int, put_back, uint},
};

/// What a restore has brought back.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Done {
    /// The vault knows nothing of what came after this.
    pub copy_of: Timestamp,
    /// The epoch from here on, unless the relay remembers a higher one.
    pub epoch: u64,
    /// Messages that will be sealed and sent again by themselves: their recipients show them once.
    pub again: u64,
}

/// Puts a backup back into `data`, which has no vault. A configuration that is there stays; else that of the backup is used.
///
/// # Errors
/// What the backup, the vault or the disk says: there is no vault in `data` then.
pub fn from_file(
    file: &Path,
    data: &Path,
    passphrase: &Zeroizing<String>,
    cost: Cost,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<Done, RecoveryError> {
    put_back(data, |preparing| {
        let (mut vault, made_at, config) = drill::open(file, preparing, passphrase, cost, now, entropy)?;
        let done = begin_anew(&mut vault, made_at, now, entropy)?;
        vault.checkpoint()?;
        if !config.is_empty() && !data.join(CONFIG_FILE).exists() {
            files::replace(data, CONFIG_FILE, &config)?;
        }
        Ok(done)
    })
}

/// Accepts the vault in `data` as it is, although it has gone back, or is put together from different days.
///
/// # Errors
/// What the vault or the disk says.
pub fn confirm(
    data: &Path,
    passphrase: &Zeroizing<String>,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<Done, RecoveryError> {
    let mut vault = Vault::open(data, passphrase, now, entropy)?;
    let copy_of = knows_until(vault.db())?;
    make_chains_whole(&mut vault)?;
    begin_anew(&mut vault, copy_of, now, entropy)
}

/// Pair chains that do not hold any more end with their last entry that does. Receipts and headers are kept beside them and are
/// judged by themselves.
fn make_chains_whole(vault: &mut Vault) -> Result<(), RecoveryError> {
    let own = keys::identity(vault)?.node;
    for partner in chain::partners(vault)? {
        match chain::entries(vault, &own, &partner) {
            Ok(_) => {}
            Err(VaultError::Damaged { .. }) => chain::make_whole(vault, &own, &partner)?,
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// The last moment of which a vault knows.
fn knows_until(db: &Connection) -> Result<Timestamp, RecoveryError> {
    let at: Option<i64> = db.query_row(
        "SELECT max(at) FROM (SELECT signed_at AS at FROM node_head UNION ALL SELECT max(made_at) FROM node
            UNION ALL SELECT max(received_at) FROM inbox UNION ALL SELECT max(queued_at) FROM outbox
            UNION ALL SELECT max(at) FROM receipt)",
        [],
        |row| row.get(0),
    )?;
    Ok(Timestamp(uint(at.unwrap_or(0))?))
}

/// A new epoch, in one transaction: no prekey of before, no reply key of before is relied upon, and what was under way is sealed
/// anew under its old message id. Its seeds leave their file afterwards; a crash in between leaves that to the next start.
fn begin_anew(
    vault: &mut Vault,
    copy_of: Timestamp,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<Done, RecoveryError> {
    let hedge: [u8; 32] = random(entropy).map_err(VaultError::from)?;
    let tx = vault.begin()?;
    let before: i64 = tx.query_row("SELECT epoch FROM node", [], |row| row.get(0))?;
    let epoch = epoch_after_restore(&[uint(before)?]);
    #[cfg(feature = "planted")]
    let epoch = if is_reused() { uint(before)? } else { epoch };
    tx.execute("UPDATE node SET epoch = ?1, hedge_key = ?2", params![int(epoch), hedge])?;
    drop_prekeys(&tx)?;
    tx.execute_batch("DELETE FROM halt; DELETE FROM chain_alarm WHERE kind = 3; UPDATE restored SET pending = 0;")?;
    tx.execute("UPDATE outbox SET state = 'failed', reason = NULL WHERE kind IN (4, 7) AND state <> 'delivered'", [])?;
    let again = tx.execute(
        "UPDATE outbox SET state = 'queued', request = randomblob(16), not_before = ?1, attempts = 0, reseals = 0,
            last_error = NULL WHERE kind IN (1, 3, 5, 6) AND state IN ('sealed', 'relay-accepted') AND content IS NOT NULL",
        [int(now.0)],
    )?;
    tx.execute(
        "INSERT INTO restored (epoch, at, copy_of, pending) VALUES (?1, ?2, ?3, 1)",
        params![int(epoch), int(now.0), int(copy_of.0)],
    )?;
    head::stamp(&tx)?;
    tx.commit()?;
    vault.rewrite_seeds(entropy, |seeds| seeds.clear())?;
    Ok(Done { copy_of, epoch, again: u64::try_from(again).unwrap_or(u64::MAX) })
}

#[cfg(feature = "planted")]
fn is_reused() -> bool {
    safeconduct_protocol::planted::is(safeconduct_protocol::planted::Bug::RestoreReusesEpoch)
}

fn drop_prekeys(db: &Connection) -> Result<(), RecoveryError> {
    db.execute_batch(
        "DELETE FROM prekey; DELETE FROM prekey_refill; DELETE FROM stock_report; DELETE FROM prekey_arrival;",
    )?;
    Ok(())
}

/// At the first session after a restore, in one transaction: the epoch rises above what the relay remembers, the next head is
/// signed, and notices to all recent partners are queued. Does nothing when no restore is pending; else gives how many are told, and
/// the head.
///
/// # Errors
/// What the disk says.
pub fn settle(
    vault: &mut Vault,
    identity: &mut Identity,
    theirs: &[u8],
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<Option<(usize, NodeHead)>, RecoveryError> {
    let Some((epoch, copy_of)) = pending(vault.db())? else { return Ok(None) };
    let remembered = head::own(identity, theirs, now).map(|head| head.place());
    let raised = match remembered {
        Some(place) if place.epoch >= epoch => epoch_after_restore(&[place.epoch, epoch]),
        _ => epoch,
    };
    #[cfg(feature = "planted")]
    let raised = if is_reused() { epoch } else { raised };
    let tx = vault.begin()?;
    tx.execute("UPDATE node SET epoch = ?1", [int(raised)])?;
    tx.execute("UPDATE restored SET epoch = ?1, pending = 0 WHERE epoch = ?2", params![int(raised), int(epoch)])?;
    drop_prekeys(&tx)?;
    let mut raised_identity = keys::read_identity(&tx)?;
    raised_identity.epoch = raised;
    let counter = remembered.map_or(0, |place| place.counter);
    let signed = head::sign(&tx, &raised_identity, counter, now, entropy)?;
    let told = notice::queue_all(&tx, &raised_identity, copy_of, now, entropy)?;
    tx.commit()?;
    *identity = raised_identity;
    Ok(Some((told, signed)))
}

fn pending(db: &Connection) -> Result<Option<(u64, Timestamp)>, RecoveryError> {
    let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?));
    let query = "SELECT epoch, copy_of FROM restored WHERE pending = 1 ORDER BY epoch DESC LIMIT 1";
    let found = db.query_row(query, [], read).optional()?;
    found.map(|(epoch, at)| Ok((uint(epoch)?, Timestamp(uint(at)?)))).transpose()
}

/// The last restore of this vault.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Newest {
    /// The epoch that it began.
    pub epoch: u64,
    /// When.
    pub at: Timestamp,
    /// What the vault knew ended here.
    pub copy_of: Timestamp,
    /// Whether partners are told yet.
    pub pending: bool,
}

/// The last restore, if there was one.
///
/// # Errors
/// What the disk says.
pub fn newest(vault: &Vault) -> Result<Option<Newest>, RecoveryError> {
    let read = |row: &rusqlite::Row<'_>| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, i64>(2)?, row.get::<_, bool>(3)?))
    };
    let query = "SELECT epoch, at, copy_of, pending FROM restored ORDER BY epoch DESC LIMIT 1";
    let found = vault.db().query_row(query, [], read).optional()?;
    let of = |(epoch, at, copy_of, pending)| {
        Ok(Newest { epoch: uint(epoch)?, at: Timestamp(uint(at)?), copy_of: Timestamp(uint(copy_of)?), pending })
    };
    found.map(of).transpose()
}
