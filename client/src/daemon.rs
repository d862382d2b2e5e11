//! The verbs: what the command line and the local API both call, on the open vault. And the daemon that runs them.

mod again;
mod agencies;
mod agreed;
mod audit;
mod audit_sums;

mod casework;
mod clock;
mod copy;
mod core;
mod cover;
mod documents;
mod drafts;
mod enrolment;
mod exchange;
mod exporting;
mod figures;

mod foreign;
mod gauges;
mod handle;
mod judge;
pub mod lock;
mod looking;
pub(crate) mod monitoring;
mod notices;
mod on_page;
mod own_key;
pub(crate) mod pages;
mod people;
mod phoning;
mod profiles;
mod programs;
mod proof;
mod proof_shown;
pub(crate) mod recovery;
mod renewal;
mod reporting;
mod run;
mod searching;
mod surroundings;
mod trouble;
mod turns;
mod verbs;
mod viewing;
mod watching;
pub mod work;

use std::{collections::BTreeMap, path::Path, sync::Arc};

use safeconduct_certs::{
    keyfile::Cost,
    node::NodeStatus,
    registry::{Registry, freshness::lower_bounded},
    system::{SystemClock, SystemEntropy},
};
use safeconduct_protocol::time::{Clock, Timestamp};
use zeroize::Zeroizing;

use self::{agencies::Agencies, watching::Watching};
pub use self::{
    audit_sums::{ChainNow, Erasures, Looker, Overrides, Sums, Verified},
    casework::{HowAsked, Law, MayWithout, More, Named, UnaskedShown, Unsent},
    core::{Core, CoreThread},
    enrolment::{Standing, no_relay},
    figures::{Menu, PeriodLine},
    gauges::Held as HeldGauge,
    handle::{Handle, Reports},
    judge::checked,
    looking::{LookLine, Looks, LooksAsked},
    on_page::Names,
    phoning::Spoken,
    programs::Bearer,
    proof::verified_evidence,
    proof_shown::{EvidenceShown, FileNow},
    renewal::{IDENTITY_RENEW_S, Paper, TLS_RENEW_S, Yes},
    run::{housekeep, run},
    surroundings::{Random, Surroundings},
    watching::{Unwatched, Watch},
};
pub(crate) use self::{casework::is_apart, proof::verified_lines, renewal::paper_unknown};
use crate::{
    api::{people::Typed, shapes::Made},
    config::{Config, RelayAddress},
    error::Told,
    inbox::refused::Place,
    keys::{self, Identity},
    prekeys::RelayStock,
    recovery::head,
    referral::profile::{Profiles, carried},
    registry::{Authority, Growth, Held, RelayRef, foreign::ForeignGrowth, records::Pass},
    vault::Vault,
};

/// A node whose vault is open.
pub struct Node {
    vault: Vault,
    identity: Identity,
    config: Config,
    clock: Arc<dyn Clock>,
    entropy: Random,
    /// The registry copy, once replayed.
    held: Option<Held>,
    /// Pages of the registry on their way.
    growth: Option<Growth>,
    /// Leaves that were fetched and judged before there was a copy, to find out which key the relay has.
    known: Option<Registry>,
    /// How far the session has asked again for directory records that are missing.
    records: Pass,
    /// Agencies of that copy.
    agencies: Option<Arc<Agencies>>,
    /// Settlements of envelopes that were held, to be sent on the next tick.
    owed: Vec<Vec<u8>>,
    /// Envelopes that are stored too late, by a bug that was planted.
    #[cfg(feature = "planted")]
    late: (Timestamp, Vec<Vec<u8>>),
    /// Pages of recognised authorities' registries on their way.
    foreign_growth: BTreeMap<Authority, ForeignGrowth>,
    /// How far the session has asked again for directory records of theirs that are missing.
    foreign_records: BTreeMap<Authority, Pass>,
    /// Attempts that did not reach the home relay.
    unreached: usize,
    /// Slots that the session watches.
    watching: Watching,
    /// The same, of the sessions with other relays than the home relay.
    watching_away: BTreeMap<RelayRef, Watching>,
    /// The home relay's word about this vault's newest head has been heard since the start: before it, nothing is sent to others.
    settled_in: bool,
    /// A message was sealed and its reply slot, which is at home, is not watched yet: perhaps by a session with another relay.
    reply_slot_waits: bool,
    /// Batches of prekeys that the relay has not answered for; the last answer ends a refill.
    uploads: usize,
    /// What the relay said last of the prekeys that it holds.
    relay_stock: Option<RelayStock>,
    /// From where on refused messages are to be judged again; none when all are.
    refused_from: Option<Place>,
    /// When used-up seeds were erased last.
    erased: Option<Timestamp>,
    /// Connect with the TLS key that is to follow.
    other_tls: bool,
    /// What countries' laws make stricter: of this build, and as installed here.
    profiles: Arc<Profiles>,
}

/// What to do when nobody has seen the succession key.
pub const SUCCESSION_LOST: &str = "no registry knows the node yet: remove the data folder, and run the command again where the words \
    of the key can be read";

impl Node {
    /// Whether there is a vault in `data` to open.
    ///
    /// # Errors
    /// `no-vault` when there is none.
    pub fn look(data: &Path) -> Result<(), Told> {
        if Vault::exists(data) {
            Ok(())
        } else {
            Err(crate::vault::VaultError::Missing { dir: data.to_owned() }.into())
        }
    }

    /// Whether `data` has no vault yet.
    ///
    /// # Errors
    /// `vault-exists` when it has one.
    pub fn vacant(data: &Path) -> Result<(), Told> {
        if Vault::exists(data) { Err(crate::vault::VaultError::Exists { dir: data.to_owned() }.into()) } else { Ok(()) }
    }

    /// Notes that somebody has seen the succession key that [`Self::init`] gave.
    ///
    /// # Errors
    /// What the disk says.
    pub fn succession_seen(&self) -> Result<(), Told> {
        Ok(keys::succession_seen(self.vault.dir())?)
    }

    /// Whether somebody has seen the succession key of the vault in `data`, if there is one.
    ///
    /// # Errors
    /// `succession-unseen`: the program ended between making and showing it.
    pub fn succession_was_seen(data: &Path) -> Result<(), Told> {
        if !keys::is_succession_unseen(data) {
            return Ok(());
        }
        Err(Told::refused("succession-unseen", "nobody has seen this node's succession key", SUCCESSION_LOST))
    }

    /// Makes a node and its vault. Whoever calls shows the succession key, and then says [`Self::succession_seen`].
    ///
    /// # Errors
    /// What the vault says.
    pub fn init(
        data: &Path,
        passphrase: &Zeroizing<String>,
        relay: Option<RelayAddress>,
        config: Config,
    ) -> Result<(Self, Made), Told> {
        let relay = relay.or_else(|| config.relay.clone());
        let address = relay.as_ref().map(RelayAddress::as_str);
        let now = SystemClock.now();
        let (vault, succession) = keys::init(data, passphrase, address, Cost::STANDARD, now, &mut SystemEntropy)?;
        let node = Self::of(vault, config)?;
        let made = Made {
            node: node.identity.node.to_hex(),
            succession: Typed(succession.reveal()),
            relay: relay.map(String::from),
        };
        Ok((node, made))
    }

    /// Opens the vault in `data` with the configuration there.
    ///
    /// # Errors
    /// What the configuration or the vault says.
    pub fn open(data: &Path, passphrase: &Zeroizing<String>) -> Result<Self, Told> {
        Self::open_with(data, passphrase, Config::load(data)?)
    }

    /// Opens the vault in `data`.
    ///
    /// # Errors
    /// What the vault says.
    pub fn open_with(data: &Path, passphrase: &Zeroizing<String>, config: Config) -> Result<Self, Told> {
        Self::open_in(data, passphrase, config, Surroundings::default())
    }

    /// The same with a clock and randomness of the caller's.
    ///
    /// # Errors
    /// What the vault says.
    pub fn open_in(
        data: &Path,
        passphrase: &Zeroizing<String>,
        config: Config,
        mut surroundings: Surroundings,
    ) -> Result<Self, Told> {
        let now = surroundings.clock.now();
        Self::with(Vault::open(data, passphrase, now, &mut surroundings.entropy)?, config, surroundings)
    }

    fn of(vault: Vault, config: Config) -> Result<Self, Told> {
        Self::with(vault, config, Surroundings::default())
    }

    fn with(vault: Vault, config: Config, surroundings: Surroundings) -> Result<Self, Told> {
        let identity = keys::identity(&vault)?;
        #[cfg(feature = "planted")]
        if safeconduct_protocol::planted::is(safeconduct_protocol::planted::Bug::ReplayLost) {
            vault.db().execute("DELETE FROM replay", []).ok();
        }
        head::check(&vault, &identity.node)?;
        carried::fill(vault.db(), vault.dir())?;
        let profiles = Profiles::installed(vault.dir())?;
        carried::note_all(vault.db(), &profiles)?;
        Ok(Self {
            profiles,
            vault,
            identity,
            config,
            clock: surroundings.clock,
            entropy: surroundings.entropy,
            held: None,
            growth: None,
            known: None,
            records: Pass::default(),
            agencies: None,
            owed: Vec::new(),
            #[cfg(feature = "planted")]
            late: (Timestamp(0), Vec::new()),
            foreign_growth: BTreeMap::new(),
            foreign_records: BTreeMap::new(),
            watching: Watching::default(),
            settled_in: false,
            unreached: 0,
            reply_slot_waits: false,
            watching_away: BTreeMap::new(),
            uploads: 0,
            relay_stock: None,
            refused_from: Some(Place::START),
            erased: None,
            other_tls: false,
        })
    }

    /// Reading is locked: nothing that was read stays in memory.
    ///
    /// # Errors
    /// What the disk says.
    pub fn forget_read(&mut self) -> Result<(), Told> {
        Ok(self.vault.forget_read()?)
    }

    /// The data folder.
    #[must_use]
    pub fn data(&self) -> &Path {
        self.vault.dir()
    }

    /// The time to reckon with: this machine's, but never before what the authority has signed.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let signed = self.held.as_ref().and_then(|held| held.registry().newest_time());
        lower_bounded(self.clock.now(), signed, Timestamp(0))
    }

    /// The clock of this machine.
    #[must_use]
    pub fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.clock)
    }

    /// The home relay's address: from the configuration, else as `init` or `enrol` named it.
    #[must_use]
    pub fn relay_address(&self) -> Option<String> {
        self.config.relay.clone().map(String::from).or_else(|| self.identity.relay.clone())
    }
}

#[cfg(test)]
impl Node {
    /// A node with a clock of the test's own.
    pub(crate) fn of_test(vault: Vault, config: Config, clock: Arc<dyn Clock>) -> Result<Self, Told> {
        Ok(Self { clock, ..Self::of(vault, config)? })
    }

    /// The vault, for a test to arrange.
    pub(crate) const fn vault_of_test(&mut self) -> &mut Vault {
        &mut self.vault
    }
}

/// A registration's status, for programs.
const fn status_code(status: NodeStatus) -> &'static str {
    match status {
        NodeStatus::Active => "active",
        NodeStatus::Suspended => "suspended",
        NodeStatus::Revoked { .. } => "revoked",
    }
}

#[cfg(test)]
mod tests;
