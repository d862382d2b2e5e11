//! What the authority does while messages are under way: an agency joins, one is suspended and is active again, one is revoked, one has
//! other keys. Entries are made and signed as the authority makes them, and published over a connection to each relay.

use safeconduct_certs::{enrol::change::ChangeRequest, registry::leaf::LeafKind};
use safeconduct_client::daemon::{Paper, Yes};
use safeconduct_protocol::id::RelayId;

use crate::{
    clock::MachineClock,
    faults::{Agenda, Later},
    node_machine::{self, NodeMachine},
    template::{self, LATE, Template},
    world::World,
};

/// How the registry has a node.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Standing {
    Active,
    Suspended,
    /// For good, by the entry that makes the registry so long.
    Revoked(u64),
}

/// What the registry has done to a node of this world.
#[derive(Clone)]
pub(crate) struct Registered {
    pub(crate) now: Standing,
    /// Of which sizes a registry copy has it as not active: from this one on, and before that one.
    out: Vec<(u64, u64)>,
}

impl Registered {
    pub(crate) const fn from_the_beginning() -> Self {
        Self { now: Standing::Active, out: Vec::new() }
    }

    pub(crate) const fn is_revoked(&self) -> bool {
        matches!(self.now, Standing::Revoked(_))
    }

    /// Whether a copy of one of these sizes has it as not active.
    pub(crate) fn is_out_between(&self, least: u64, most: u64) -> bool {
        self.out.iter().any(|(from, until)| *from <= most && least < *until)
    }
}

impl World {
    /// One act of the authority.
    pub(crate) async fn registry_changes(&mut self, node: usize, agenda: &mut Agenda) {
        match self.dice.below(5) {
            0 => self.joins(),
            1 | 2 if self.registered[node].now != Standing::Active => {}
            1 => self.suspends(node, agenda),
            2 => self.revokes(node),
            // A vault from before is one whose keys were stolen, as far as anybody knows: it needs its paper.
            _ if self.profile.goes_back() => {}
            3 => self.renews_tls(node).await,
            _ => self.renews_identity(node).await,
        }
        self.publish_what_is_new().await;
    }

    /// Publishes to each relay that is there what it lacks.
    pub(crate) async fn publish_what_is_new(&mut self) {
        let (size, now) = (self.authority.registry.size(), self.time.now());
        for place in 0..self.relays.len() {
            if self.published[place] < size && self.relays[place].is_up() {
                let relay = &Template::get().relays[place];
                if template::publish(&self.authority, &self.net, relay, now).await {
                    self.published[place] = size;
                }
            }
        }
    }

    fn joins(&mut self) {
        if self.nodes.iter().any(|node| node.is.template == LATE) {
            return;
        }
        let (template, place) = (Template::get(), self.nodes.len());
        let (one, identity) = (&template.nodes[LATE], &template.late);
        let dir = self.scratch.path().join(format!("node-{place}"));
        node_machine::copy(&one.dir, &dir).unwrap();
        let number = RelayId(u32::try_from(one.is.home).unwrap() + 1);
        self.authority.add_node(&one.is.agency, identity, template.late_tls, number, self.time.now());
        let clock = MachineClock::right(&self.time);
        self.nodes.push(NodeMachine::new(place, one.is.clone(), self.seed, dir, clock, crate::world::config()));
        self.registered.push(Registered { now: Standing::Active, out: vec![(0, self.authority.registry.size())] });
        self.watch.has_mailbox(one.is.mailbox, place);
        self.story.fault("registry: agency joins", format!("node {place} joins"));
        self.start_node(place);
    }

    fn suspends(&mut self, node: usize, agenda: &mut Agenda) {
        self.enters(node, LeafKind::Suspend, Standing::Suspended);
        self.story.fault("registry: suspended", format!("node {node} is suspended"));
        agenda.add(self.dice.millis(2_000, 90_000), Later::Resumes(node));
    }

    /// A suspended node is active again.
    pub(crate) fn resumes(&mut self, node: usize) {
        self.enters(node, LeafKind::Change, Standing::Active);
        self.story.tell(format!("node {node} is active again"));
    }

    fn revokes(&mut self, node: usize) {
        let others = self.registered.iter().filter(|one| !one.is_revoked()).count();
        if others <= 2 {
            return;
        }
        let size = self.authority.registry.size() + 1;
        self.enters(node, LeafKind::Revoke, Standing::Revoked(size));
        self.story.fault("registry: revoked", format!("node {node} is revoked"));
        for errand in self
            .errands
            .iter_mut()
            .chain(&mut self.perhaps)
            .chain(&mut self.trusted)
            .filter(|errand| errand.from == node)
        {
            errand.excused.get_or_insert("its sender was revoked");
        }
    }

    fn enters(&mut self, node: usize, kind: LeafKind, now: Standing) {
        let id = Template::get().nodes[self.nodes[node].is.template].node;
        self.authority.enters(kind, &id, self.time.now());
        let (size, registered) = (self.authority.registry.size(), &mut self.registered[node]);
        match (now, registered.out.last_mut()) {
            (Standing::Active, Some((_, until))) => *until = size,
            (Standing::Active, None) => {}
            // Revoked while it was suspended, it is out for as long as it was before, and for good.
            (Standing::Suspended | Standing::Revoked(_), _) => registered.out.push((size, u64::MAX)),
        }
        registered.now = now;
    }

    async fn renews_tls(&mut self, node: usize) {
        let Some(handle) = self.nodes[node].handle().cloned() else { return };
        if handle.renew_tls().await.is_ok() {
            self.changes_keys(node, "registry: other TLS key").await;
        }
    }

    async fn renews_identity(&mut self, node: usize) {
        let Some(handle) = self.nodes[node].handle().cloned() else { return };
        if handle.renew_keys(Yes::IdentityKey, Paper::Stays).await.is_ok() {
            self.changes_keys(node, "registry: other identity key").await;
        }
    }

    /// The authority has what a node asks for, and its person has heard the words.
    async fn changes_keys(&mut self, node: usize, kind: &'static str) {
        let Some(handle) = self.nodes[node].handle().cloned() else { return };
        let asked = handle.core().call(|node| node.change_to_put()).await;
        let Some(asked) = asked.ok().flatten().filter(|_| self.nodes[node].is_up()) else { return };
        let id = Template::get().nodes[self.nodes[node].is.template].node;
        let opened = ChangeRequest::open(&asked, &id, self.authority.enrol());
        match opened {
            Err(refused) => self.story.broken(format!("what node {node} asks for does not open: {refused}")),
            Ok(request) => {
                if self.authority.changes_keys(&request, self.time.now()) {
                    self.story.fault(kind, format!("{kind}: node {node}"));
                }
            }
        }
    }
}
