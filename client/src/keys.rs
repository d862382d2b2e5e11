//! Who this node is: its identity, made once at `init`, and where its enrolment stands.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, params};
use safeconduct_certs::{enrol::paper::PaperKey, keyfile::Cost};
use safeconduct_protocol::{
    crypto::{
        hash::{HashLabel, hash},
        sign::{SigningKey, VerifyingKey},
    },
    entropy::{Entropy, random},
    id::{AgencyId, InviteId, MailboxId, NodeId},
    secret::Secret,
    time::Timestamp,
};
use zeroize::Zeroizing;

use crate::vault::{Vault, VaultError, files, int, uint};

/// The TLS key's file.
pub(crate) const TLS_FILE: &str = "tls.key";
/// The first epoch of a node.
pub(crate) const EPOCH_FIRST: u64 = 1;

/// A node's identity with its secrets, read from the vault.
pub struct Identity {
    /// Constant over key changes.
    pub node: NodeId,
    /// The random part of the node id, told to the authority at enrolment.
    pub node_random: [u8; 16],
    /// IK: signs messages, prekeys, receipts.
    pub key: SigningKey,
    /// Public half of the succession key, whose secret half is on paper.
    pub succession_public: [u8; 32],
    /// Where this node's envelopes wait.
    pub mailbox: MailboxId,
    /// Hedges the coins of every encapsulation.
    pub hedge: Secret<32>,
    /// Rises by one at a restore; never falls.
    pub epoch: u64,
    /// The relay to connect to, `host:port`, when `init` or `enrol` named one.
    pub relay: Option<String>,
}

impl Identity {
    /// IK's public half.
    #[must_use]
    pub fn public(&self) -> VerifyingKey {
        self.key.verifying_key()
    }
}

/// A file of the data directory: the succession key was made, and nobody has seen it yet.
const UNSEEN: &str = "succession.unseen";

/// Whether the succession key of the vault in `dir` was made and nobody has seen it: it is lost then.
#[must_use]
pub fn is_succession_unseen(dir: &Path) -> bool {
    dir.join(UNSEEN).exists()
}

/// Notes that somebody has seen it.
///
/// # Errors
/// What the disk says.
pub fn succession_seen(dir: &Path) -> Result<(), VaultError> {
    files::erase(dir, UNSEEN)
}

/// Makes a vault in `dir` with a new node identity in it. The secret that is returned is nowhere else: until
/// [`succession_seen`] a file says that nobody has seen it.
///
/// # Errors
/// [`VaultError::Exists`] when there is one, or what the disk says; there is no vault then.
pub fn init(
    dir: &Path,
    passphrase: &Zeroizing<String>,
    relay: Option<&str>,
    cost: Cost,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<(Vault, PaperKey), VaultError> {
    let key = SigningKey::generate(entropy)?;
    let succession = PaperKey::generate(entropy)?;
    let node_random: [u8; 16] = random(entropy)?;
    let public = key.verifying_key();
    let identity = Identity {
        node: NodeId::from_bytes(hash(HashLabel::NodeId, &[public.as_bytes(), &node_random])),
        node_random,
        key,
        succession_public: *succession.public().as_bytes(),
        mailbox: MailboxId::from_bytes(random(entropy)?),
        hedge: Secret::random(entropy)?,
        epoch: EPOCH_FIRST,
        relay: relay.map(str::to_owned),
    };
    let tls = Secret::<32>::random(entropy)?;
    let fill = |tx: &Transaction<'_>, dir: &Path| {
        files::replace(dir, TLS_FILE, tls.reveal())?;
        files::replace(dir, UNSEEN, &[])?;
        insert(tx, &identity, now)
    };
    let (vault, ()) = Vault::create(dir, passphrase, cost, entropy, fill)?;
    Ok((vault, succession))
}

fn insert(tx: &Transaction<'_>, identity: &Identity, now: Timestamp) -> Result<(), VaultError> {
    tx.execute(
        "INSERT INTO node (only, node, node_random, identity_seed, succession_public, mailbox, hedge_key, epoch,
            made_at, relay) VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        params![
            identity.node.as_bytes(),
            identity.node_random,
            identity.key.seed().reveal(),
            identity.succession_public,
            identity.mailbox.as_bytes(),
            identity.hedge.reveal(),
            int(identity.epoch),
            int(now.0),
            identity.relay,
        ],
    )?;
    Ok(())
}

/// The node's identity.
///
/// # Errors
/// [`VaultError::Damaged`] when it is not there.
pub fn identity(vault: &Vault) -> Result<Identity, VaultError> {
    read_identity(vault.db())
}

/// The same inside a transaction.
pub(crate) fn read_identity(db: &Connection) -> Result<Identity, VaultError> {
    let read = |row: &Row<'_>| {
        // Read in place: an array that is moved leaves a copy behind.
        let secret = |column| Ok::<_, rusqlite::Error>(Secret::<32>::from_slice(row.get_ref(column)?.as_blob()?));
        let (seed, hedge) = (secret("identity_seed")?, secret("hedge_key")?);
        let epoch: i64 = row.get("epoch")?;
        let identity = Identity {
            node: NodeId::from_bytes(row.get("node")?),
            node_random: row.get("node_random")?,
            key: SigningKey::from_seed(seed.ok_or(rusqlite::Error::InvalidQuery)?),
            succession_public: row.get("succession_public")?,
            mailbox: MailboxId::from_bytes(row.get("mailbox")?),
            hedge: hedge.ok_or(rusqlite::Error::InvalidQuery)?,
            epoch: 0,
            relay: row.get("relay")?,
        };
        Ok((identity, epoch))
    };
    let found = db.query_row("SELECT * FROM node", [], read).optional()?;
    let (identity, epoch) = found.ok_or(VaultError::Damaged { what: "the node's identity is missing" })?;
    Ok(Identity { epoch: uint(epoch)?, ..identity })
}

/// Keeps the address of the relay to connect to.
///
/// # Errors
/// What the disk says.
pub fn set_relay(vault: &Vault, address: &str) -> Result<(), VaultError> {
    vault.db().execute("UPDATE node SET relay = ?1", [address])?;
    Ok(())
}

/// The seed of the TLS key. It is readable without the passphrase, so that a daemon can connect and be told that
/// its vault is locked; it signs no protocol object.
///
/// # Errors
/// [`VaultError::Damaged`] when the file is not 32 bytes long.
pub fn tls_seed(dir: &Path) -> Result<Secret<32>, VaultError> {
    let bytes = files::read(dir, TLS_FILE)?.ok_or(VaultError::Damaged { what: "tls.key is missing" })?;
    Secret::from_slice(&bytes).ok_or(VaultError::Damaged { what: "tls.key is not 32 bytes long" })
}

/// Where an enrolment stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EnrolmentState {
    /// The request was made, and sent or about to be.
    Requested,
    /// The authority has approved.
    Approved,
    /// The authority has rejected.
    Rejected,
}

impl EnrolmentState {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
        }
    }

    fn parse(text: &str) -> Result<Self, VaultError> {
        [Self::Requested, Self::Approved, Self::Rejected]
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or(VaultError::Damaged { what: "the state of the enrolment is unknown" })
    }
}

/// What is kept of an enrolment.
pub struct Enrolment {
    /// Which invitation.
    pub invite: InviteId,
    /// The relay that the request goes through, `host:port`.
    pub relay: String,
    /// The authority's root file, pinned by the invitation's fingerprint.
    pub root: Vec<u8>,
    /// The sealed request: a retry sends these very bytes.
    pub request: Vec<u8>,
    /// Opens the authority's answer; gone when it was opened.
    pub answer_secret: Option<Secret<32>>,
    /// Where it stands.
    pub state: EnrolmentState,
    /// The agency that this node speaks for, once known.
    pub agency: Option<AgencyId>,
    /// Opens directory records, once approved.
    pub directory_key: Option<Secret<32>>,
    /// Why the authority has rejected.
    pub reason: Option<String>,
}

/// The newest enrolment, if one was begun.
///
/// # Errors
/// What the disk says.
pub fn enrolment(vault: &Vault) -> Result<Option<Enrolment>, VaultError> {
    let read = |row: &Row<'_>| {
        let secret = |bytes: Option<[u8; 32]>| bytes.map(Secret::new);
        let enrolment = Enrolment {
            invite: InviteId::from_bytes(row.get("invite")?),
            relay: row.get("relay")?,
            root: row.get("root")?,
            request: row.get("request")?,
            answer_secret: secret(row.get("answer_secret")?),
            state: EnrolmentState::Requested,
            agency: None,
            directory_key: secret(row.get("directory_key")?),
            reason: row.get("reason")?,
        };
        Ok((enrolment, row.get::<_, String>("state")?, row.get::<_, Option<String>>("agency")?))
    };
    let Some((found, state, agency)) = vault.db().query_row("SELECT * FROM enrolment", [], read).optional()? else {
        return Ok(None);
    };
    let unknown = |_| VaultError::Damaged { what: "the agency of the enrolment is no agency id" };
    let agency = agency.map(AgencyId::try_from).transpose().map_err(unknown)?;
    Ok(Some(Enrolment { state: EnrolmentState::parse(&state)?, agency, ..found }))
}

/// Keeps a request before it is sent, in place of one that the authority has not approved.
///
/// # Errors
/// [`VaultError::Exists`] when this node is enrolled already.
pub fn begin_enrolment(
    vault: &mut Vault,
    invite: InviteId,
    relay: &str,
    root: &[u8],
    request: &[u8],
    answer_secret: &Secret<32>,
) -> Result<(), VaultError> {
    let exists = VaultError::Exists { dir: vault.dir().to_owned() };
    let tx = vault.begin()?;
    let state: Option<String> = tx.query_row("SELECT state FROM enrolment", [], |row| row.get(0)).optional()?;
    if state.as_deref() == Some(EnrolmentState::Approved.as_str()) {
        return Err(exists);
    }
    tx.execute(
        "REPLACE INTO enrolment (only, invite, relay, root, request, answer_secret, state)
            VALUES (1, ?1, ?2, ?3, ?4, ?5, 'requested')",
        params![invite.as_bytes(), relay, root, request, answer_secret.reveal()],
    )?;
    tx.execute("UPDATE node SET relay = ?1", [relay])?;
    Ok(tx.commit()?)
}

/// Keeps the authority's approval; what opened it is erased.
///
/// # Errors
/// What the disk says.
pub fn enrolment_approved(vault: &Vault, directory_key: &Secret<32>) -> Result<(), VaultError> {
    vault.db().execute(
        "UPDATE enrolment SET state = 'approved', directory_key = ?1, answer_secret = NULL, reason = NULL",
        params![directory_key.reveal()],
    )?;
    Ok(())
}

/// Keeps the authority's root file with the versions that have come since, inside the caller's transaction.
pub(crate) fn keep_root(db: &Connection, root: &[u8]) -> Result<(), VaultError> {
    db.execute("UPDATE enrolment SET root = ?1 WHERE root <> ?1", [root])?;
    Ok(())
}

/// Keeps which agency the registry says that this node speaks for.
///
/// # Errors
/// What the disk says.
pub fn set_agency(vault: &Vault, agency: &AgencyId) -> Result<(), VaultError> {
    vault.db().execute("UPDATE enrolment SET agency = ?1", [agency.as_str()])?;
    Ok(())
}

/// Keeps the authority's rejection; another invitation may be tried then.
///
/// # Errors
/// What the disk says.
pub fn enrolment_rejected(vault: &Vault, reason: &str) -> Result<(), VaultError> {
    vault.db().execute("UPDATE enrolment SET state = 'rejected', reason = ?1, answer_secret = NULL", [reason])?;
    Ok(())
}
