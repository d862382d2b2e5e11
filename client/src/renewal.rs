//! Changes of this node's own registration that are under way: new keys are made and durable before anything is said of them,
//! and count only when this node's own registry copy names them. A crash at any step goes on where it stopped.
//!
//! ```text
//! made ⛁ → request sealed ⛁ → at the relay → (words, for anything but a TLS key) → in the registry copy → in force here ⛁
//! ```
//!
//! The new TLS key waits in `tls.next` beside `tls.key`, since a daemon reads it without the vault.

use std::path::Path;

use rusqlite::{OptionalExtension as _, Row, params};
use safeconduct_protocol::{
    crypto::sign::{SIGNATURE_BYTES, Signature, SigningKey, VerifyingKey},
    entropy::Entropy,
    frame::ChangeStand,
    id::LeafHash,
    secret::Secret,
    time::Timestamp,
};
use zeroize::Zeroizing;

use crate::{
    keys::{self, TLS_FILE},
    vault::{Vault, VaultError, files, int, uint},
};

/// The TLS key that is to follow.
pub(crate) const TLS_NEXT_FILE: &str = "tls.next";

/// Where a change stands, as far as this node knows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stand {
    /// Made here; the relay does not have the request yet.
    Made,
    /// The request is with the authority.
    Waiting,
    /// The authority has made the change; the registry copy is on its way.
    Done,
    /// The authority's program refused it: see its audit file.
    Refused,
    /// A person at the authority said no.
    Rejected,
}

impl Stand {
    const ALL: [Self; 5] = [Self::Made, Self::Waiting, Self::Done, Self::Refused, Self::Rejected];

    /// The state's name, for people and programs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Made => "made",
            Self::Waiting => "waiting",
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Rejected => "rejected",
        }
    }

    /// Whether nothing more comes of it.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Refused | Self::Rejected)
    }

    fn parse(text: &str) -> Result<Self, VaultError> {
        let known = Self::ALL.into_iter().find(|stand| stand.as_str() == text);
        known.ok_or(VaultError::Damaged { what: "a change of this node's keys is in an unknown state" })
    }
}

/// A change that is under way.
pub struct Change {
    /// The new identity key; none when it stays.
    pub identity: Option<SigningKey>,
    /// The succession key from then on.
    pub succession: [u8; 32],
    /// The statement of succession, when a key changes.
    pub statement: Option<Signature>,
    /// Whether the TLS key changes.
    pub tls: bool,
    /// The entry that the sealed request follows, and the request.
    pub request: Option<(LeafHash, Vec<u8>)>,
    /// Where it stands.
    pub stand: Stand,
    /// When it was begun.
    pub made_at: Timestamp,
}

impl Change {
    /// Whether it needs a person at the authority.
    #[must_use]
    pub const fn changes_keys(&self) -> bool {
        self.statement.is_some()
    }
}

/// The change that is under way, if one is.
///
/// # Errors
/// What the disk says.
pub fn under_way(vault: &Vault) -> Result<Option<Change>, VaultError> {
    const DAMAGED: VaultError = VaultError::Damaged { what: "a change of this node's keys is altered" };
    let read = |row: &Row<'_>| {
        let seed: Option<[u8; 32]> = row.get("identity_seed")?;
        let seed = seed.map(Zeroizing::new);
        let statement: Option<[u8; SIGNATURE_BYTES]> = row.get("statement")?;
        let follows: Option<[u8; 32]> = row.get("follows")?;
        let request: Option<Vec<u8>> = row.get("request")?;
        let change = Change {
            identity: seed.map(|seed| SigningKey::from_seed(Secret::new(*seed))),
            succession: row.get("succession_public")?,
            statement: statement.map(Signature::from_bytes),
            tls: row.get("tls")?,
            request: follows.map(LeafHash::from_bytes).zip(request),
            stand: Stand::Made,
            made_at: Timestamp(0),
        };
        Ok((change, row.get::<_, String>("stand")?, row.get::<_, i64>("made_at")?))
    };
    let found = vault.db().query_row("SELECT * FROM own_change", [], read).optional()?;
    let Some((change, stand, made_at)) = found else { return Ok(None) };
    if change.identity.is_some() && change.statement.is_none() {
        return Err(DAMAGED);
    }
    Ok(Some(Change { stand: Stand::parse(&stand)?, made_at: Timestamp(uint(made_at)?), ..change }))
}

/// Begins a change, in place of one that is under way; a new TLS key, if there is to be one, is durable first.
///
/// # Errors
/// What the disk says, or `no-randomness`; nothing has begun then.
pub fn begin(vault: &mut Vault, change: &Change, entropy: &mut dyn Entropy) -> Result<(), VaultError> {
    if change.tls && tls_next(vault.dir())?.is_none() {
        let seed = Secret::<32>::random(entropy)?;
        files::replace(vault.dir(), TLS_NEXT_FILE, seed.reveal())?;
    }
    let tx = vault.begin()?;
    tx.execute(
        "REPLACE INTO own_change (only, identity_seed, succession_public, statement, tls, stand, made_at)
            VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            change.identity.as_ref().map(|key| key.seed().reveal().to_vec()).map(Zeroizing::new).as_deref(),
            change.succession,
            change.statement.as_ref().map(|yes| yes.as_bytes().as_slice()),
            change.tls,
            change.stand.as_str(),
            int(change.made_at.0),
        ],
    )?;
    tx.commit()?;
    vault.checkpoint()
}

/// Keeps the sealed request: the same bytes are sent until it is decided or the registration has changed.
///
/// # Errors
/// What the disk says.
pub fn set_request(vault: &Vault, follows: &LeafHash, request: &[u8]) -> Result<(), VaultError> {
    let sql = "UPDATE own_change SET follows = ?1, request = ?2, stand = 'made'";
    vault.db().execute(sql, params![follows.as_bytes(), request])?;
    Ok(())
}

/// Notes what the relay says of the request. A stale one is made anew from the newest entry.
///
/// # Errors
/// What the disk says.
pub fn told(vault: &Vault, state: ChangeStand) -> Result<(), VaultError> {
    let stand = match state {
        ChangeStand::Waiting => Stand::Waiting,
        ChangeStand::Done => Stand::Done,
        ChangeStand::Refused => Stand::Refused,
        ChangeStand::Rejected => Stand::Rejected,
        ChangeStand::Stale => {
            vault.db().execute("UPDATE own_change SET request = NULL, follows = NULL, stand = 'made'", [])?;
            return Ok(());
        }
        ChangeStand::NotTaken | _ => return Ok(()),
    };
    vault.db().execute("UPDATE own_change SET stand = ?1", [stand.as_str()])?;
    Ok(())
}

/// Gives a change up: its keys are erased.
///
/// # Errors
/// What the disk says.
pub fn give_up(vault: &mut Vault) -> Result<(), VaultError> {
    vault.db().execute("DELETE FROM own_change", [])?;
    files::erase(vault.dir(), TLS_NEXT_FILE)?;
    vault.checkpoint()
}

/// How much of what is under way the old key has taken with it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OldKey {
    /// What it signed counts until it has arrived.
    StillCounts,
    /// Nothing that it signed counts any more: what has not arrived is sealed anew.
    CountsNoMore,
}

/// The registry names the new identity or succession key: from now on it is this node's, and the old one is erased. Prekeys are to
/// be made anew at once; those of before still open.
///
/// # Errors
/// What the disk says; running it again is safe.
pub fn keys_in_force(vault: &mut Vault, change: &Change, old: OldKey, now: Timestamp) -> Result<(), VaultError> {
    let tx = vault.begin()?;
    if let Some(key) = &change.identity {
        tx.execute("UPDATE node SET identity_seed = ?1", params![key.seed().reveal()])?;
        tx.execute("REPLACE INTO key_since (what, at) VALUES ('identity', ?1)", [int(now.0)])?;
        tx.execute("DELETE FROM prekey_refill", [])?;
    }
    tx.execute("UPDATE node SET succession_public = ?1", params![change.succession])?;
    if old == OldKey::CountsNoMore {
        // Also what the relay holds: its recipient puts it aside. It shows each message once, however often it comes.
        tx.execute(
            "UPDATE outbox SET state = 'queued', not_before = ?1, last_error = 'own-key-replaced', request = randomblob(16)
                WHERE state IN ('sealed', 'relay-accepted') AND kind <> 2",
            [int(now.0)],
        )?;
    }
    if change.tls {
        tx.execute("UPDATE own_change SET identity_seed = NULL, statement = NULL, request = NULL, follows = NULL", [])?;
    } else {
        tx.execute("DELETE FROM own_change", [])?;
    }
    tx.commit()?;
    vault.checkpoint()
}

/// The registry names the new TLS key: it takes the old one's place.
///
/// # Errors
/// What the disk says; running it again is safe.
pub fn tls_in_force(vault: &mut Vault, now: Timestamp) -> Result<(), VaultError> {
    // After a crash between both steps the file has its place already.
    if tls_next(vault.dir())?.is_some() {
        files::rename(vault.dir(), TLS_NEXT_FILE, TLS_FILE)?;
    }
    let tx = vault.begin()?;
    tx.execute("REPLACE INTO key_since (what, at) VALUES ('tls', ?1)", [int(now.0)])?;
    tx.execute("DELETE FROM own_change WHERE statement IS NULL", [])?;
    tx.execute("UPDATE own_change SET tls = 0", [])?;
    Ok(tx.commit()?)
}

/// The TLS key that is to follow, if one was made.
///
/// # Errors
/// [`VaultError::Damaged`] when the file is not 32 bytes long.
pub fn tls_next(dir: &Path) -> Result<Option<Secret<32>>, VaultError> {
    let Some(bytes) = files::read(dir, TLS_NEXT_FILE)? else { return Ok(None) };
    Secret::from_slice(&bytes).map(Some).ok_or(VaultError::Damaged { what: "tls.next is not 32 bytes long" })
}

/// A key of this node.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OwnKey {
    /// The identity key.
    Identity,
    /// The TLS key.
    Tls,
}

/// Since when this node has had a key.
///
/// # Errors
/// What the disk says.
pub fn since(vault: &Vault, key: OwnKey) -> Result<Timestamp, VaultError> {
    let what = match key {
        OwnKey::Identity => "identity",
        OwnKey::Tls => "tls",
    };
    let sql = "SELECT ifnull((SELECT at FROM key_since WHERE what = ?1), (SELECT made_at FROM node))";
    Ok(Timestamp(uint(vault.db().query_row(sql, [what], |row| row.get(0))?)?))
}

/// The public half of the identity key that is to follow.
#[must_use]
pub fn next_public(change: &Change) -> Option<VerifyingKey> {
    change.identity.as_ref().map(SigningKey::verifying_key)
}

/// This node takes the place of an existing one: its id from now on. The epoch rises when the first signed time is here.
///
/// # Errors
/// What the disk says.
pub fn take_place(
    vault: &mut Vault,
    node: &safeconduct_protocol::id::NodeId,
    directory_key: &Secret<32>,
    from: Timestamp,
) -> Result<(), VaultError> {
    let tx = vault.begin()?;
    tx.execute("UPDATE node SET node = ?1", params![node.as_bytes()])?;
    tx.execute(
        "UPDATE enrolment SET state = 'approved', directory_key = ?1, answer_secret = NULL, reason = NULL,
            in_force_from = ?2",
        params![directory_key.reveal(), int(from.0)],
    )?;
    Ok(tx.commit()?)
}

/// From when on this node has the place of another, by the authority's signed time; none for a node of its own.
///
/// # Errors
/// What the disk says.
pub fn in_force_from(vault: &Vault) -> Result<Option<Timestamp>, VaultError> {
    let from = vault.db().query_row("SELECT in_force_from FROM enrolment", [], |row| row.get::<_, Option<i64>>(0));
    from.optional()?.flatten().map(|from| uint(from).map(Timestamp)).transpose()
}

/// Raises the epoch of a node that has taken another's place, once: above every epoch that the other can have had.
///
/// # Errors
/// What the disk says.
pub fn raise_epoch(vault: &Vault, signed: Timestamp) -> Result<(), VaultError> {
    let sql = "UPDATE node SET epoch = ?1 WHERE epoch = ?2 AND ?1 > epoch";
    vault.db().execute(sql, params![int(signed.0), int(keys::EPOCH_FIRST)])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use safeconduct_certs::registry::succession::Succession;
    use safeconduct_protocol::id::NodeId;

    use super::*;
    use crate::testing::{NOW, Seeded, reopen, vault};

    fn change(vault: &Vault, tls: bool, entropy: &mut Seeded) -> Change {
        let own = keys::identity(vault).unwrap();
        let key = SigningKey::generate(entropy).unwrap();
        let succession = own.succession_public;
        let statement = Succession { node: own.node, ik: *key.verifying_key().as_bytes(), succession };
        let statement = Some(statement.sign(&own.key));
        Change { identity: Some(key), succession, statement, tls, request: None, stand: Stand::Made, made_at: NOW }
    }

    #[test]
    fn a_stop_at_any_step_of_a_change_of_keys_forgets_nothing() {
        let (dir, entropy) = (tempfile::tempdir().unwrap(), &mut Seeded::new(1));
        let mut open = vault(dir.path(), entropy);
        let before = keys::identity(&open).unwrap().public();
        let begun = change(&open, true, entropy);
        let next = next_public(&begun).unwrap();
        begin(&mut open, &begun, entropy).unwrap();
        let tls = tls_next(dir.path()).unwrap().unwrap();
        let again = |open: Vault, entropy: &mut Seeded| {
            drop(open);
            reopen(dir.path(), NOW, entropy)
        };

        open = again(open, entropy);
        let kept = under_way(&open).unwrap().unwrap();
        assert!(next_public(&kept) == Some(next) && kept.statement == begun.statement && kept.request.is_none());
        set_request(&open, &LeafHash::from_bytes([5; 32]), b"request").unwrap();
        told(&open, ChangeStand::Waiting).unwrap();
        open = again(open, entropy);
        let kept = under_way(&open).unwrap().unwrap();
        assert_eq!((kept.stand, kept.request.unwrap().1), (Stand::Waiting, b"request".to_vec()));
        assert_eq!(keys::identity(&open).unwrap().public(), before, "nothing counts before the registry says so");

        let kept = under_way(&open).unwrap().unwrap();
        keys_in_force(&mut open, &kept, OldKey::StillCounts, NOW.after(9)).unwrap();
        open = again(open, entropy);
        assert_eq!(keys::identity(&open).unwrap().public(), next);
        assert_eq!(since(&open, OwnKey::Identity).unwrap(), NOW.after(9));
        let left = under_way(&open).unwrap().unwrap();
        assert!(left.tls && !left.changes_keys());

        // Stopped between the file and the database.
        files::rename(dir.path(), TLS_NEXT_FILE, TLS_FILE).unwrap();
        open = again(open, entropy);
        tls_in_force(&mut open, NOW.after(10)).unwrap();
        assert!(under_way(&open).unwrap().is_none() && tls_next(dir.path()).unwrap().is_none());
        assert_eq!(keys::tls_seed(dir.path()).unwrap().reveal(), tls.reveal());
        assert_eq!(since(&open, OwnKey::Tls).unwrap(), NOW.after(10));
    }

    #[test]
    fn the_old_secret_is_in_no_file_after_a_change_nor_the_new_one_after_it_was_given_up() {
        let (dir, entropy) = (tempfile::tempdir().unwrap(), &mut Seeded::new(2));
        let mut open = vault(dir.path(), entropy);
        let old = keys::tls_seed(dir.path()).unwrap();
        let begun = change(&open, true, entropy);
        begin(&mut open, &begun, entropy).unwrap();
        let next = tls_next(dir.path()).unwrap().unwrap();
        give_up(&mut open).unwrap();
        assert!(under_way(&open).unwrap().is_none());
        assert_eq!(keys::tls_seed(dir.path()).unwrap().reveal(), old.reveal());
        for entry in std::fs::read_dir(dir.path()).unwrap() {
            let bytes = std::fs::read(entry.unwrap().path()).unwrap();
            assert!(!bytes.windows(32).any(|window| window == next.reveal()));
        }
    }

    #[test]
    fn a_stale_request_is_made_anew_and_one_that_was_refused_stays_so() {
        let (dir, entropy) = (tempfile::tempdir().unwrap(), &mut Seeded::new(3));
        let mut open = vault(dir.path(), entropy);
        let begun = change(&open, false, entropy);
        begin(&mut open, &begun, entropy).unwrap();
        set_request(&open, &LeafHash::from_bytes([5; 32]), b"request").unwrap();
        told(&open, ChangeStand::NotTaken).unwrap();
        assert!(under_way(&open).unwrap().unwrap().request.is_some());
        told(&open, ChangeStand::Stale).unwrap();
        let stale = under_way(&open).unwrap().unwrap();
        assert!(stale.request.is_none() && stale.stand == Stand::Made);
        told(&open, ChangeStand::Rejected).unwrap();
        assert!(under_way(&open).unwrap().unwrap().stand.is_over());
    }

    #[test]
    fn a_node_in_anothers_place_has_its_id_and_an_epoch_above_all_that_it_can_have_had() {
        let (dir, entropy) = (tempfile::tempdir().unwrap(), &mut Seeded::new(4));
        let mut open = vault(dir.path(), entropy);
        let invite = safeconduct_protocol::id::InviteId::from_bytes([1; 16]);
        keys::begin_enrolment(&mut open, invite, "relay:1", b"root", b"request", &Secret::new([2; 32])).unwrap();
        assert_eq!(in_force_from(&open).unwrap(), None);
        let existing = NodeId::from_bytes([7; 32]);
        take_place(&mut open, &existing, &Secret::new([3; 32]), Timestamp(0)).unwrap();

        raise_epoch(&open, NOW).unwrap();
        raise_epoch(&open, NOW.after(5)).unwrap();

        let own = keys::identity(&open).unwrap();
        assert_eq!((own.node, own.epoch), (existing, NOW.0), "once, and not at every start");
        assert_eq!(in_force_from(&open).unwrap(), Some(Timestamp(0)));
    }
}
