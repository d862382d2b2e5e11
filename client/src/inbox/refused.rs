//! What was refused is judged again when what it was judged by has changed: this program, or the registry copy.
//!
//! A referral that names a country profile, a role or an agency that this node does not know yet is refused, rightly, and its
//! sender is done with it: the relay has its `done`. Nobody would ever show it to anybody.

use rusqlite::{Connection, Row, params};
use safeconduct_certs::node::NodeState;
use safeconduct_protocol::{
    crypto::sign::Signature,
    entropy::Entropy,
    envelope::header::SignedHeader,
    id::{EnvelopeDigest, NodeId},
    time::Timestamp,
};
use zeroize::Zeroizing;

use super::{
    Here, InboxError, decline,
    receive::Became,
    store::{self, Came},
};
use crate::vault::{Vault, VaultError, uint};

/// Messages that one call judges at most: a partner who sends what is refused must not hold up the node.
pub const AT_ONCE_MAX: u32 = 64;

/// How far the refused messages are judged again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place(i64);

impl Place {
    /// Before the first.
    pub const START: Self = Self(0);
}

/// What one call did.
pub struct JudgedAgain {
    /// What became of those that pass now.
    pub passed: Vec<Became>,
    /// Where to go on; none when all are judged.
    pub next: Option<Place>,
}

/// A refused message, as it is kept.
struct Refused {
    place: i64,
    sender: NodeId,
    envelope: EnvelopeDigest,
    header: Vec<u8>,
    signature: [u8; 64],
    content: Zeroizing<Vec<u8>>,
    received_at: i64,
    reply_target: Option<Vec<u8>>,
}

impl Refused {
    fn after(db: &Connection, place: Place) -> Result<Vec<Self>, VaultError> {
        let mut rows = db.prepare_cached(
            "SELECT place, sender, digest, header, signature, content, received_at, reply_target FROM inbox
                WHERE state = 'refused' AND content IS NOT NULL AND place > ?1 ORDER BY place LIMIT ?2",
        )?;
        let read = |row: &Row<'_>| {
            Ok(Self {
                place: row.get(0)?,
                sender: NodeId::from_bytes(row.get(1)?),
                envelope: EnvelopeDigest::from_bytes(row.get(2)?),
                header: row.get(3)?,
                signature: row.get(4)?,
                content: Zeroizing::new(row.get(5)?),
                received_at: row.get(6)?,
                reply_target: row.get(7)?,
            })
        };
        let rows = rows.query_map(params![place.0, AT_ONCE_MAX], read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn signed(&self) -> Result<SignedHeader, VaultError> {
        const DAMAGED: VaultError = VaultError::Damaged { what: "the header of a received message is altered" };
        let header = self.header.as_slice().try_into().ok().ok_or(DAMAGED)?;
        SignedHeader::parse(header, Signature::from_bytes(self.signature)).ok_or(DAMAGED)
    }

    fn judge(
        &self,
        vault: &mut Vault,
        here: &Here<'_>,
        now: Timestamp,
        entropy: &mut dyn Entropy,
    ) -> Result<Option<Became>, VaultError> {
        let signed = self.signed()?;
        let came = Came { signed: &signed, envelope: self.envelope, reply_target: self.reply_target.clone() };
        let stored_at = Timestamp(uint(self.received_at)?);
        let tx = vault.begin()?;
        let kept = store::judge(&tx, here, &came, &self.content)?;
        let became = store::rejudged(&tx, here, &came, (&kept, &self.content), stored_at, now, entropy)?;
        tx.commit()?;
        Ok(became)
    }
}

/// Judges the refused messages after `place` again, [`AT_ONCE_MAX`] at most, one transaction each. Those whose sender this node would
/// not take a message from today stay as they are.
///
/// # Errors
/// What the disk says; running it again is safe.
pub fn judge(
    vault: &mut Vault,
    here: &Here<'_>,
    place: Place,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<JudgedAgain, InboxError> {
    let all = Refused::after(vault.db(), place)?;
    let next = all.last().filter(|_| all.len() >= AT_ONCE_MAX as usize).map(|last| Place(last.place));
    let mut passed = Vec::new();
    for refused in all.iter().filter(|refused| takes_from(here, &refused.sender)) {
        match refused.judge(vault, here, now, entropy) {
            Ok(became) => passed.extend(became),
            // What is kept of this one is damaged: the others go on.
            Err(VaultError::Damaged { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(JudgedAgain { passed, next })
}

/// Declines the refused messages whose patience is over, [`AT_ONCE_MAX`] at most, one transaction each.
///
/// # Errors
/// What the disk says; running it again is safe.
pub fn decline_overdue(
    vault: &mut Vault,
    here: &Here<'_>,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<usize, InboxError> {
    let overdue = decline::overdue(vault.db(), now, AT_ONCE_MAX as usize)?;
    for one in &overdue {
        let before = Place(one.place.saturating_sub(1));
        let Some(refused) = Refused::after(vault.db(), before)?.into_iter().find(|found| found.place == one.place)
        else {
            continue;
        };
        let signed = refused.signed()?;
        let came = Came { signed: &signed, envelope: refused.envelope, reply_target: refused.reply_target.clone() };
        let tx = vault.begin()?;
        decline::decline(&tx, here, &came, (&one.code, &refused.content), now, entropy)?;
        tx.commit()?;
    }
    Ok(overdue.len())
}

fn takes_from(here: &Here<'_>, sender: &NodeId) -> bool {
    here.held.node(sender).is_some_and(NodeState::is_active)
        && (here.rules.named)(sender)
        && !(here.rules.blocked)(sender)
}
