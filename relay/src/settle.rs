//! What nodes are done with: settlements of their mailboxes, items of their slots.

use safeconduct_protocol::{
    crypto::sign::VerifyingKey,
    id::{MailboxId, NodeId},
    limits::EXPIRY_DAYS_MAX,
    receipt::settle::{SettleKind, Settlement},
    slot::SlotSecret,
};
use serde_bytes::ByteBuf;
use tracing::warn;

use crate::{
    feed::Snapshot,
    limits::NOTICE_LIFE_DAYS,
    metrics,
    shared::Shared,
    store::{Change, Outcome, committer::Source},
};

/// Signatures checked before others get their turn: about half a millisecond.
const CHECKS_AT_ONCE: usize = 16;

/// A settlement that is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Malformed;

/// Takes a batch of settlements. One whose signature does not hold changes nothing: a thief of the TLS key can delete
/// no messages. A disk that is full loses nothing either: the envelope is delivered again.
pub(crate) async fn settle(
    shared: &Shared,
    snapshot: &Snapshot,
    node: NodeId,
    mailbox: MailboxId,
    source: Source,
    settlements: &[ByteBuf],
) -> Result<(), Malformed> {
    // What a node signed before it renewed its key may come after the registry says so.
    let keys: Vec<&VerifyingKey> = snapshot.registry.counting_keys(&node).collect();
    let keep_until = shared.clock.now().day().after(EXPIRY_DAYS_MAX).after(NOTICE_LIFE_DAYS);
    let mut changes = Vec::with_capacity(settlements.len());
    for (place, bytes) in settlements.iter().enumerate() {
        let settlement = Settlement::parse(bytes).ok().ok_or(Malformed)?;
        if settlement.node() != node || !keys.iter().any(|key| settlement.verify(key).is_ok()) {
            warn!(event = "settlement-refused", node = %node.short(), "a settlement is not signed by its node");
            continue;
        }
        let nack = match settlement.kind() {
            SettleKind::Done => None,
            SettleKind::Nack { .. } | _ => Some(settlement.as_bytes().to_vec()),
        };
        changes.push(Change::Settle { mailbox, digest: settlement.envelope(), nack, keep_until });
        if place.checked_rem(CHECKS_AT_ONCE) == Some(0) {
            tokio::task::yield_now().await;
        }
    }
    let Ok(outcomes) = shared.committer.commit(source, changes).await else { return Ok(()) };
    for outcome in outcomes {
        let Outcome::Settled(Some(filed)) = outcome else { continue };
        metrics::settled(if filed.is_some() { "nack" } else { "done" });
        if let Some(slot) = filed {
            shared.live.slot(slot);
        }
    }
    Ok(())
}

/// Drops an item of a slot, for whoever knows its secret.
pub(crate) async fn drop_item(shared: &Shared, source: Source, secret: [u8; 32], seq: u64) {
    let slot = SlotSecret::from_bytes(secret).id();
    // Not dropped now, it is sent and dropped again on the next connection.
    shared.committer.one(source, Change::SlotDrop { slot, seq }).await.ok();
}
