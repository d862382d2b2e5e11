//! Whom to connect to, and with which key pinned.
//!
//! The relay's key comes from this node's own registry copy. Before there is one, the relay is asked on the enrolment
//! protocol for the log, and is believed only if the log hangs on the authority's root file, which the invitation pinned, and
//! names the very key that the relay has just proved.

use std::sync::Arc;

use safeconduct_certs::{
    link::{Alpn, Dialer, ExpectedRelay, LinkError, TlsKey},
    registry::Registry,
};
use safeconduct_protocol::{
    id::{InviteId, NodeId},
    session::client::Opening,
    time::{Clock, Timestamp},
};

use super::{
    desk::{Desk, Handout},
    wire::{Over, Wire},
};
use crate::{
    daemon::{Core, Node},
    enrol,
    error::Told,
};

/// What the vault knows of the relay.
pub struct Plan {
    /// This node.
    pub node: NodeId,
    /// The key that it proves.
    pub key: TlsKey,
    /// `host:port`.
    pub address: String,
    /// SPKI hash of the home relay, as the registry copy has it.
    pub pinned: Option<[u8; 32]>,
    /// Leaves of the registry copy.
    pub registry_size: u64,
    /// The authority's root file.
    pub root: Vec<u8>,
    /// Size and root of the registry copy.
    pub held: Option<(u64, [u8; 32])>,
    /// An enrolment that waits for the authority.
    pub waiting: Option<InviteId>,
}

/// An open connection.
pub(super) struct Reached {
    pub(super) wire: Wire,
    pub(super) address: String,
}

/// Connects to the home relay.
///
/// # Errors
/// Why not, and the address where it is known.
pub(super) async fn reach(
    core: &Core,
    dialer: &Dialer,
    clock: &Arc<dyn Clock>,
) -> Result<Reached, (Told, Option<String>)> {
    let mut plan = core.call(|node| node.plan()).await.map_err(|told| (told, None))?;
    let address = plan.address.clone();
    let named = |told: Told| (told, Some(address.clone()));
    if let Some(invite) = plan.waiting {
        let answer = enrol::look(dialer, &address, &plan.root, invite, Arc::clone(clock)).await.map_err(named)?;
        core.call(move |node| node.answered(&answer)).await.map_err(named)?;
        plan = core.call(|node| node.plan()).await.map_err(named)?;
    }
    let pinned = match plan.pinned {
        Some(pinned) => pinned,
        None => {
            let (pinned, known) = discover(dialer, &plan, clock).await.map_err(named)?;
            let keep = move |node: &mut Node| {
                node.knows(known);
                Ok(())
            };
            core.call(keep).await.map_err(named)?;
            pinned
        }
    };
    let connect =
        async |pinned| dialer.connect(&address, ExpectedRelay::Pinned(pinned), Some(&plan.key), Alpn::Node).await;
    let mut link = connect(pinned).await;
    if link.as_ref().is_err_and(|error| *error == LinkError::WrongRelay) {
        // The relay may have a new key that a newer registry names.
        let (newer, _known) = discover(dialer, &plan, clock).await.map_err(named)?;
        link = connect(newer).await;
    }
    let link = link.map_err(|error| named(Over::Link(error).into()))?;
    let opening = Opening::Node { node: plan.node, registry_size: plan.registry_size };
    Ok(Reached { wire: Wire::open(link, opening, Arc::clone(clock)), address })
}

/// The key of the relay that answers, once the log says that it is one, and that log; it must continue the copy held here.
pub(crate) async fn discover(
    dialer: &Dialer,
    plan: &Plan,
    clock: &Arc<dyn Clock>,
) -> Result<([u8; 32], Registry), Told> {
    let mut desk =
        Desk::open(dialer, &plan.address, ExpectedRelay::ToBeChecked, None, Opening::Enrolling, Arc::clone(clock))
            .await?;
    let root = enrol::continued(&plan.root, &desk.root().await?)?;
    let handout = desk.registry(root).await;
    let peer = desk.peer();
    desk.close().await;
    let peer = peer.ok_or_else(other_relay)?;
    let registry = trusted(handout?, peer, clock.now())?;
    let continues = plan.held.is_none_or(|(size, hash)| registry.root_hash_at(size) == Some(hash));
    if continues { Ok((peer, registry)) } else { Err(other_relay()) }
}

/// Whether the log hangs on the root file that it was replayed under, and names an active relay with this key.
///
/// # Errors
/// `other-relay` when it does not: stop.
pub(crate) fn trusted(handout: Handout, peer: [u8; 32], now: Timestamp) -> Result<Registry, Told> {
    let Handout { mut registry, head } = handout;
    let believed = crate::registry::believed(&registry, &head, now).0.into_owned();
    registry.accept_head(&believed, now).map_err(|error| {
        let told = if error.blame().is_tampering() { Told::tampering } else { Told::unreachable };
        told("registry-refused", error.to_string(), error.remedy())
    })?;
    let named = registry.relays().any(|relay| relay.is_active() && relay.tls_spki == peer);
    if named { Ok(registry) } else { Err(other_relay()) }
}

pub(crate) fn other_relay() -> Told {
    Told::tampering(
        "other-relay",
        "this relay is not the one your authority named",
        "do not go on: check the relay's address, then phone your authority",
    )
}
