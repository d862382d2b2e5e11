//! An envelope of the mailbox, in three steps that a crash may separate:
//!
//! 1. [`commit`]: one transaction with content, evidence, replay record, tombstone of the prekey, queued receipt
//! 2. [`erase`]: the seed leaves its file
//! 3. the settlement goes to the relay on the next tick
//!
//! After a crash the relay delivers again and gets the stored settlement; a seed with a tombstone is erased before the
//! network opens.

use rusqlite::params;
use safeconduct_certs::registry::gossip::Gossip;
use safeconduct_protocol::{
    crypto::hash::{HashLabel, hash},
    entropy::Entropy,
    envelope::{
        desk::Arrival,
        sealed::{EnvelopeMalformed, Sealed},
        verdict::{Fault, Quarantined, Verdict},
    },
    id::{EnvelopeDigest, MessageId, PrekeyId},
    limits::{MESSAGE_LIFE_S, PREKEY_LIFE_S},
    receipt::{
        chain::EntryKind,
        settle::{SettleKind, Settlement},
    },
    time::Timestamp,
};

use super::{
    Here, InboxError, InboxState, desk,
    quarantine::{self, Class},
    store::{self, Seen},
    waiting,
};
use crate::{
    evidence::chain,
    prekeys, registry,
    vault::{Sql as _, Vault, VaultError, int},
};

/// What became of an envelope, for the person and the log.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Became {
    /// A referral that is shown.
    Shown(MessageId),
    /// A ping or another message between daemons.
    Control(MessageId),
    /// A report of an agency, taken by this co-ordinator.
    Report(MessageId),
    /// A message that was there already.
    Duplicate(MessageId),
    /// The very same envelope again.
    Again,
    /// A referral whose content breaks the rules: kept, not shown.
    Refused(MessageId),
    /// Not believed, and put aside: the operator should look.
    Quarantined(Fault),
    /// No envelope for this node.
    Malformed(EnvelopeMalformed),
    /// The prekey is there and does not open it.
    CannotOpen,
    /// The prekey is not there: the sender is told.
    Nacked,
    /// The sender is not in the registry copy: [`retry_held`] when it has grown. Or what is kept here about it is damaged.
    Held,
}

/// What [`commit`] has made durable, and what is left to do.
pub struct Committed {
    pub(super) became: Became,
    pub(super) settlement: Option<Settlement>,
    pub(super) spent: Option<PrekeyId>,
    pub(super) gossip: Option<Gossip>,
}

impl Committed {
    /// What became of the envelope.
    #[must_use]
    pub const fn became(&self) -> Became {
        self.became
    }

    /// What the relay is told on the next tick; nothing for what is held.
    #[must_use]
    pub fn settlement(&self) -> Option<Vec<u8>> {
        self.settlement.as_ref().map(|settlement| settlement.as_bytes().to_vec())
    }

    /// What the sender's registry head says about ours: [`Gossip::Ahead`] that there is a newer one, [`Gossip::Equivocation`] means stop and
    /// phone the authority.
    #[must_use]
    pub const fn gossip(&self) -> Option<&Gossip> {
        self.gossip.as_ref()
    }

    const fn only(became: Became, settlement: Option<Settlement>) -> Self {
        Self { became, settlement, spent: None, gossip: None }
    }
}

/// Opens an envelope, makes its outcome durable, erases its key. What is left is to send the settlement. When what is kept here about it is
/// damaged, it waits.
///
/// # Errors
/// What the disk says. Nothing is to be settled then: the relay delivers again.
pub fn receive(
    vault: &mut Vault,
    here: &Here<'_>,
    envelope: &[u8],
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<Committed, InboxError> {
    let committed = match commit(vault, here, envelope, now, entropy) {
        Err(InboxError::Vault(VaultError::Damaged { .. })) => {
            // Unsettled and counted: it does not hold up the others.
            let digest = EnvelopeDigest::from_bytes(hash(HashLabel::Envelope, &[envelope]));
            put_aside(vault, Class::Held, "vault-damaged", &digest, envelope, now)?;
            Committed::only(Became::Held, None)
        }
        other => other?,
    };
    erase(vault, &committed, entropy)?;
    Ok(committed)
}

/// Opens several envelopes and waits for the disk once: all of them are durable when this returns, and only then their keys are erased. One
/// that is no envelope, or damaged, is like any other's neighbour.
///
/// # Errors
/// What the disk says. Nothing is to be settled then, also of what was stored before: the relay delivers again, and gets the stored settlement.
pub fn receive_all(
    vault: &mut Vault,
    here: &Here<'_>,
    envelopes: &[Vec<u8>],
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<Vec<Committed>, InboxError> {
    let together = vault.batch(|vault| {
        envelopes.iter().map(|envelope| commit(vault, here, envelope, now, entropy)).collect::<Result<Vec<_>, _>>().ok()
    })?;
    let Some(committed) = together else {
        // One of them could not be stored, and shall not hold up the others.
        return envelopes.iter().map(|envelope| receive(vault, here, envelope, now, entropy)).collect();
    };
    let spent: Vec<PrekeyId> = committed.iter().filter_map(|one| one.spent).collect();
    prekeys::forget(vault, &spent, entropy)?;
    Ok(committed)
}

/// Opens what is held again, after the registry has grown or a day has passed.
///
/// # Errors
/// What the disk says.
pub fn retry_held(
    vault: &mut Vault,
    here: &Here<'_>,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<Vec<Committed>, InboxError> {
    let envelopes = quarantine::held(vault)?;
    envelopes.iter().map(|envelope| receive(vault, here, envelope, now, entropy)).collect()
}

/// The second step: the seed of a used-up one-time prekey leaves its file.
///
/// # Errors
/// What the disk says; the next start erases it then.
pub fn erase(vault: &mut Vault, committed: &Committed, entropy: &mut dyn Entropy) -> Result<(), InboxError> {
    Ok(prekeys::forget(vault, committed.spent.as_slice(), entropy)?)
}

/// The first step: runs the check list and makes its verdict durable, in one transaction.
///
/// # Errors
/// What the disk says; nothing is changed then.
pub fn commit(
    vault: &mut Vault,
    here: &Here<'_>,
    envelope: &[u8],
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<Committed, InboxError> {
    let digest = EnvelopeDigest::from_bytes(hash(HashLabel::Envelope, &[envelope]));
    let settle = |kind| Settlement::sign(&here.identity.key, here.identity.node, digest, kind);
    let done = || Some(settle(SettleKind::Done));
    match desk::open(vault, here, Arrival::Mailbox, envelope, &digest, now)? {
        // Signed anew: the relay takes it by the key that this node has now.
        Verdict::AlreadySettled(before) => Ok(Committed::only(Became::Again, Some(settle(before.kind())))),
        Verdict::Nack(reason) => {
            quarantine::release(vault.db(), &digest)?;
            let prekey = named_prekey(envelope);
            let nack = settle(SettleKind::Nack { prekey, reason, epoch: here.identity.epoch });
            Ok(Committed::only(Became::Nacked, Some(nack)))
        }
        Verdict::Malformed(reason) => {
            put_aside(vault, Class::Unopened, "malformed", &digest, envelope, now)?;
            Ok(Committed::only(Became::Malformed(reason), done()))
        }
        Verdict::CannotOpen => {
            put_aside(vault, Class::Unopened, "cannot-open", &digest, envelope, now)?;
            Ok(Committed::only(Became::CannotOpen, done()))
        }
        Verdict::Hold => {
            put_aside(vault, Class::Held, "sender-unknown", &digest, envelope, now)?;
            Ok(Committed::only(Became::Held, None))
        }
        Verdict::Quarantine(quarantined) => {
            let settlement = settle(SettleKind::Done);
            doubt(vault, here, &quarantined, envelope, &settlement, now)?;
            Ok(Committed::only(Became::Quarantined(quarantined.fault), Some(settlement)))
        }
        Verdict::Duplicate(opened) => {
            store::store(vault, here, &opened, Seen::Before, settle(SettleKind::Done), now, entropy)
        }
        Verdict::Opened(opened) => {
            store::store(vault, here, &opened, Seen::New, settle(SettleKind::Done), now, entropy)
        }
        _ => Err(VaultError::Unfit { what: "a verdict that this version does not know" }.into()),
    }
}

/// The prekey that an envelope names; the check list has parsed it before.
fn named_prekey(envelope: &[u8]) -> PrekeyId {
    Sealed::try_from(envelope.to_vec()).map_or(PrekeyId::from_bytes([0; 16]), |sealed| sealed.prekey())
}

fn put_aside(
    vault: &mut Vault,
    class: Class,
    reason: &str,
    digest: &EnvelopeDigest,
    envelope: &[u8],
    now: Timestamp,
) -> Result<(), VaultError> {
    let tx = vault.begin()?;
    quarantine::put(&tx, class, reason, digest, envelope, None, now)?;
    Ok(tx.commit()?)
}

/// Puts aside what opened and is not believed. The prekey is kept. What its sender has signed is evidence.
fn doubt(
    vault: &mut Vault,
    here: &Here<'_>,
    quarantined: &Quarantined,
    envelope: &[u8],
    settlement: &Settlement,
    now: Timestamp,
) -> Result<(), VaultError> {
    let digest = settlement.envelope();
    let until = match prekeys::terms(vault, &named_prekey(envelope))? {
        Some((_, opens_until)) => opens_until,
        None => now.after(MESSAGE_LIFE_S),
    };
    let reason = fault_name(quarantined.fault);
    let signed = quarantined.signed.as_deref();
    let tx = vault.begin()?;
    quarantine::put(&tx, Class::Opened, reason, &digest, envelope, signed, now)?;
    if let Some(signed) = signed {
        let header = signed.header();
        let body = [digest.as_bytes().as_slice(), reason.as_bytes()].concat();
        let kind = EntryKind::Quarantined;
        chain::append(&tx, here.identity, &header.sender, Some(&header.message), kind, &body, now)?;
        if quarantined.fault == Fault::Equivocation {
            tx.run(
                "UPDATE inbox SET state = ?3, note = 'equivocation' WHERE sender = ?1 AND message = ?2",
                params![header.sender.as_bytes(), header.message.as_bytes(), InboxState::Equivocation.as_str()],
            )?;
        }
    }
    store::remember(&tx, settlement, until)?;
    Ok(tx.commit()?)
}

/// A fault's name, for people and programs.
#[must_use]
pub const fn fault_name(fault: Fault) -> &'static str {
    match fault {
        Fault::ReplyKey => "no-reply-key",
        Fault::Layout => "layout",
        Fault::Context => "other-context",
        Fault::SenderUnknown => "sender-unknown",
        Fault::SenderSuspended => "sender-suspended",
        Fault::SenderRevoked => "sender-revoked",
        Fault::SenderReplaced => "sender-key-replaced",
        Fault::Signature => "bad-signature",
        Fault::Commitment => "commitment",
        Fault::Equivocation => "equivocation",
        Fault::Route => "wrong-route",
        Fault::Receipt => "false-receipt",
        Fault::Policy(_) => "policy",
        _ => "other",
    }
}

/// Forgets replay records that nothing can replay any more, and pings, cover and words about referrals that came so long ago that none can come again. Run
/// once an hour, with this machine's own clock.
///
/// # Errors
/// What the disk says.
pub fn forget_replays(vault: &Vault, clock: Timestamp) -> Result<usize, VaultError> {
    let sure = registry::confirmed(vault.db(), clock)?;
    let old = sure.before(PREKEY_LIFE_S.saturating_add(MESSAGE_LIFE_S));
    vault
        .db()
        .run("DELETE FROM inbox WHERE kind IN (3, 4, 5) AND state = 'read' AND received_at < ?1", [int(old.0)])?;
    waiting::forget(vault.db(), old)?;
    Ok(vault.db().run("DELETE FROM replay WHERE until < ?1", [int(sure.0)])?)
}
