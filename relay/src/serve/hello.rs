//! Who is let in, whether it may stay, and what it is told about the registries.

use std::{collections::BTreeMap, sync::Arc};

use safeconduct_protocol::{
    frame::{Frame, Goodbye, Head},
    id::NodeId,
    session::relay::{Input, Peer},
};
use tracing::{debug, info};

use super::{Driver, NodeSession, RETRY_NO_REGISTRY_S};
use crate::{authority, deliver::Deliveries, feed::Snapshot, foreign::Publisher, metrics, standing::Standing};

impl Driver {
    /// Judges a hello; what comes back are inputs, in their order.
    pub(super) fn hello(&mut self, node: Option<NodeId>) -> Vec<Input> {
        match self.admit(node) {
            Ok(()) => {
                self.up = true;
                if self.peer != Peer::Enrolling {
                    self.carrying.widen();
                }
                metrics::session_up(self.protocol);
                let mut inputs = vec![Input::Admit { relay: authority::relay_id(&self.shared), head: self.head() }];
                if let Some(snapshot) = self.snapshot() {
                    inputs.extend(self.news(&snapshot));
                }
                inputs
            }
            Err(reason) => {
                info!(event = "hello-refused", ?reason, protocol = self.protocol, "a session was refused");
                metrics::connection_refused("hello");
                let retry_after_s = if reason == Goodbye::NoRegistry { RETRY_NO_REGISTRY_S } else { 0 };
                vec![Input::Stop { reason, retry_after_s }]
            }
        }
    }

    fn admit(&mut self, node: Option<NodeId>) -> Result<(), Goodbye> {
        let registry_is_here = self.snapshot().is_some_and(|newest| newest.own.is_some());
        match self.peer {
            Peer::Node => self.admit_node(node),
            Peer::Authority => {
                let spki = self.spki.ok_or(Goodbye::NotRegistered)?;
                self.publisher = Some(Publisher::of(&self.shared, &spki).ok_or(Goodbye::NotRegistered)?);
                Ok(())
            }
            Peer::Enrolling if registry_is_here => Ok(()),
            Peer::Enrolling => Err(Goodbye::NoRegistry),
            _ => Err(Goodbye::NotRegistered),
        }
    }

    fn admit_node(&mut self, node: Option<NodeId>) -> Result<(), Goodbye> {
        let snapshot = self.snapshot().filter(|newest| newest.own.is_some()).ok_or(Goodbye::NoRegistry)?;
        let (Some(spki), Some(node)) = (self.spki, node) else { return Err(Goodbye::NotRegistered) };
        let standing = snapshot.admit(&spki, node, self.shared.clock.now())?;
        let id = self.shared.live.enter(node, standing.mailbox(), &self.wake);
        debug!(event = "session-up", node = %node.short(), guest = standing.guest());
        if let Some(of) = standing.guest() {
            metrics::guest_up(of);
        }
        self.carrying.admit();
        self.node = Some(NodeSession {
            id,
            node,
            standing,
            deliveries: Deliveries::new(standing.mailbox()),
            // Of our log, `Welcome` tells.
            told: Arc::clone(&snapshot.registry),
            told_foreign: BTreeMap::new(),
        });
        Ok(())
    }

    /// The head that this peer is welcomed with: of the log that it has, or publishes.
    fn head(&self) -> Head {
        match (self.publisher, self.is_ours()) {
            (Some(publisher), _) => publisher.head(&self.shared),
            (None, true) => self.snapshot().map(|newest| newest.head()).unwrap_or_default(),
            (None, false) => Head::default(),
        }
    }

    /// Is this our authority, a node of it, or somebody who enrols with it?
    pub(super) fn is_ours(&self) -> bool {
        let is_foreign = self.node.as_ref().is_some_and(|session| session.standing == Standing::Foreign);
        !is_foreign && self.publisher.is_none_or(|publisher| publisher == Publisher::Own)
    }

    /// May this peer stay as what it came?
    pub(super) fn judge_again(&self, snapshot: &Snapshot) -> Result<(), Goodbye> {
        if self.publisher.is_some_and(|publisher| publisher.log(&self.shared).is_none()) {
            return Err(Goodbye::NotRegistered);
        }
        // An authority that has replaced its TLS key.
        let is_still = |spki: &[u8; 32]| self.shared.feed.is_authority(spki);
        if self.publisher == Some(Publisher::Own) && !self.spki.as_ref().is_some_and(is_still) {
            return Err(Goodbye::NotRegistered);
        }
        let (Some(session), Some(spki)) = (&self.node, &self.spki) else { return Ok(()) };
        let reason = match snapshot.admit(spki, session.node, self.shared.clock.now()) {
            Ok(standing) if standing == session.standing => return Ok(()),
            // It comes back as what it is now, to its new mailbox.
            Ok(_) => return Err(Goodbye::Replaced),
            Err(reason) => reason,
        };
        info!(event = "session-cut", node = %session.node.short(), ?reason, "a registry has changed");
        Err(reason)
    }

    /// May this node ask for that? A guest has no mailbox and no prekeys here, and one from abroad is judged again each
    /// time that it takes something in or out.
    pub(super) fn may_ask(&self, snapshot: &Snapshot, frame: &Frame) -> Result<(), Goodbye> {
        let Some(session) = &self.node else { return Ok(()) };
        match (session.standing, frame) {
            (Standing::Foreign, Frame::Submit { .. } | Frame::PrekeyFetch { .. }) => self.judge_again(snapshot),
            (Standing::Guest(_) | Standing::Foreign, Frame::PrekeyPublish { .. } | Frame::PrekeyStock { .. })
            | (Standing::Guest(None) | Standing::Foreign, Frame::Settle { .. }) => {
                info!(event = "guest-refused", node = %session.node.short(), frame = frame.name());
                Err(Goodbye::ProtocolError)
            }
            _ => Ok(()),
        }
    }

    /// Heads that a node of ours has not been told of: of our log, and of those of recognised authorities.
    pub(super) fn news(&mut self, snapshot: &Snapshot) -> Vec<Input> {
        let now = self.shared.clock.now();
        let Some(session) = self.node.as_mut().filter(|session| session.standing != Standing::Foreign) else {
            return Vec::new();
        };
        let mut news = Vec::new();
        if !Arc::ptr_eq(&session.told, &snapshot.registry) {
            session.told = Arc::clone(&snapshot.registry);
            news.push(Input::Head(snapshot.head()));
        }
        // What has ended is forgotten, so that it is told again when it is renewed.
        let before = core::mem::take(&mut session.told_foreign);
        for (recognition, registry) in snapshot.foreign_in_force(now) {
            let authority = recognition.authority;
            if !before.get(&authority).is_some_and(|told| Arc::ptr_eq(told, registry)) {
                news.push(Input::ForeignHead { authority, head: registry.head().cloned().unwrap_or_default() });
            }
            session.told_foreign.insert(authority, Arc::clone(registry));
        }
        news
    }
}
