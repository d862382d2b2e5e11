//! The registry copy, and whom it says to connect to.

use safeconduct_certs::{
    link::TlsKey,
    node::{NodeState, NodeStatus},
    registry::HeadRefused,
};
use safeconduct_protocol::{frame::Head, id::NodeId, time::DAY_S};

use super::{Node, work::PageTaken};
use crate::{
    error::Told,
    keys::{self, EnrolmentState},
    registry::{self, Growth, Held, RegistryError},
    sync::reach::Plan,
};

impl Node {
    /// Whom to connect to, and as whom.
    ///
    /// # Errors
    /// `not-enrolled`, `no-relay`, or what the vault says.
    pub fn plan(&mut self) -> Result<Plan, Told> {
        let enrolment = keys::enrolment(&self.vault)?.ok_or(RegistryError::NotEnrolled)?;
        if enrolment.state == EnrolmentState::Rejected {
            return Err(super::enrolment::rejected(enrolment.reason.as_deref()));
        }
        let address = self.relay_address().ok_or_else(super::enrolment::no_relay)?;
        let node = self.identity.node;
        let (pinned, registry_size) = match self.held() {
            Ok(held) => (home_key(held, &node), held.size()),
            Err(told) if told.code == "not-enrolled" => (None, 0),
            Err(told) => return Err(told),
        };
        Ok(Plan {
            node: self.identity.node,
            key: TlsKey::from_seed(keys::tls_seed(self.vault.dir())?),
            address,
            pinned,
            registry_size,
            held: self.held.as_ref().map(|held| (held.size(), held.registry().root_hash())),
            waiting: (enrolment.state == EnrolmentState::Requested).then_some(enrolment.invite),
            root: enrolment.root,
        })
    }

    /// The registry copy, replayed when first needed.
    pub(super) fn held(&mut self) -> Result<&Held, Told> {
        if self.held.is_none() {
            self.held = Some(registry::load(&self.vault, self.clock.now())?);
        }
        self.held.as_ref().ok_or_else(|| RegistryError::NotEnrolled.into())
    }

    pub(super) fn held_copy(&mut self) -> Result<Held, Told> {
        self.held().cloned()
    }

    /// What shows that the authority or the relay may be telling two stories.
    pub(super) fn registry_alarms(&self) -> Result<Vec<String>, Told> {
        let conflict = registry::has_conflict(&self.vault)?.then_some(
            "the authority has signed two different registries: stop, keep the data folder, phone the authority",
        );
        let ahead = registry::ahead_since(&self.vault)?.is_some_and(|since| self.now().since(since) > DAY_S).then_some(
            "partners have seen a newer registry for over a day, and the relay does not serve it: phone the authority",
        );
        Ok(conflict.into_iter().chain(ahead).map(str::to_owned).collect())
    }

    /// Leaves of the registry copy.
    #[must_use]
    pub fn registry_size(&self) -> u64 {
        self.held.as_ref().map_or(0, Held::size)
    }

    /// Takes a head; the first leaf that is missing under it, which is its size when none is.
    ///
    /// # Errors
    /// When the head is refused.
    pub fn take_head(&mut self, head: &Head) -> Result<u64, Told> {
        let now = self.now();
        let held = self.held_copy()?;
        match registry::take_head(&mut self.vault, &held, head, now) {
            Ok((newer, _accepted)) => {
                self.held = Some(newer);
                self.growth = None;
                Ok(head.size)
            }
            // The registry does not grow while a proof of two histories is kept; mail goes on with what is held.
            Err(RegistryError::Head(HeadRefused::Behind { .. })) if registry::has_conflict(&self.vault)? => {
                Ok(head.size)
            }
            Err(RegistryError::Head(HeadRefused::Behind { .. })) => {
                Ok(self.growth.get_or_insert_with(|| Growth::new(&held)).next())
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Takes a page; the first leaf that is missing after it.
    ///
    /// # Errors
    /// When the registry breaks its rules: nothing of it is kept then.
    pub fn take_page(
        &mut self,
        from: u64,
        leaves: &[Vec<u8>],
        records: &[Vec<u8>],
        head: &Head,
    ) -> Result<PageTaken, Told> {
        let now = self.now();
        if registry::has_conflict(&self.vault)? {
            return Ok(PageTaken { next: head.size, settlements: Vec::new() });
        }
        let held = self.held_copy()?;
        let mut growth = self.growth.take().unwrap_or_else(|| Growth::new(&held));
        growth.page(from, leaves, records)?;
        if growth.next() < head.size {
            let next = growth.next();
            if leaves.is_empty() {
                return Err(RegistryError::Gap { from: next, held: head.size }.into());
            }
            self.growth = Some(growth);
            return Ok(PageTaken { next, settlements: Vec::new() });
        }
        let (newer, _accepted) = growth.finish(&mut self.vault, head, now)?;
        self.held = Some(newer);
        self.name_agency()?;
        Ok(PageTaken { next: head.size, settlements: self.release_held()? })
    }
}

/// The TLS key of the relay where `node` has its mailbox; while `node` is not in the registry copy, of the only relay.
fn home_key(held: &Held, node: &NodeId) -> Option<[u8; 32]> {
    let active = |state: &&NodeState| state.status == NodeStatus::Active;
    match held.node(node) {
        Some(own) => held.registry().relay(own.home_relay).filter(active).map(|relay| relay.tls_spki),
        None => {
            let mut relays = held.registry().relays().filter(active);
            let first = relays.next()?;
            relays.next().is_none().then_some(first.tls_spki)
        }
    }
}
