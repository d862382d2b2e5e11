//! Which faults a world meets, and how each is done. A world meets some kinds often and others never: many kinds at once hide
//! what one of them would show.

use std::{fmt, path::PathBuf, time::Duration};

use safeconduct_certs::keyfile::Cost;
use safeconduct_client::recovery::restore;
use safeconduct_protocol::{prekey::stock::REFILL_EVERY_S, time::Clock as _};
use tokio::time::{Instant, sleep};

use crate::{
    dice::Dice,
    mallory,
    node_machine::passphrase,
    relay_machine::Crash,
    template::{self, Template},
    world::World,
};

/// A kind of fault.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    Cut,
    Part,
    Slow,
    NodeCrash,
    RelayCrash,
    PowerLoss,
    DiskFull,
    CrashInStep,
    VaultFull,
    ClockJump,
    Suspend,
    Restore,
    Rollback,
    Mallory,
    Registry,
    /// Drawn for itself, as is what follows.
    Frozen,
    Fork,
}

const KINDS: [Kind; 15] = [
    Kind::Cut,
    Kind::Part,
    Kind::Slow,
    Kind::NodeCrash,
    Kind::RelayCrash,
    Kind::PowerLoss,
    Kind::DiskFull,
    Kind::CrashInStep,
    Kind::VaultFull,
    Kind::ClockJump,
    Kind::Suspend,
    Kind::Restore,
    Kind::Rollback,
    Kind::Mallory,
    Kind::Registry,
];

/// In so many worlds of a thousand relays show old heads of the registry.
const FROZEN_PER_MILLE: u64 = 250;
/// In so many the log is forked.
const FORK_PER_MILLE: u64 = 50;

/// A node puts its head once in so long, at times of its own.
const UNTIL_NEXT_HEAD_S: u64 = REFILL_EVERY_S;

/// What a world is like.
pub(crate) struct Profile {
    /// The kinds that it meets, with their weights.
    kinds: Vec<(Kind, u64)>,
    pub(crate) evil_per_mille: u64,
    /// Of a thousand steps so many are faults.
    per_mille: u64,
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kinds: Vec<String> = self.kinds.iter().map(|(kind, _)| format!("{kind:?}")).collect();
        write!(f, "faults {} of a thousand: {}", self.per_mille, kinds.join(", "))?;
        if self.evil_per_mille > 0 {
            write!(f, "; an evil relay meddles with {} of a thousand frames", self.evil_per_mille)?;
        }
        Ok(())
    }
}

impl Profile {
    pub(crate) fn of(dice: &Dice) -> Self {
        let quiet = dice.in_thousand(60);
        let kinds = KINDS.into_iter().filter(|_| !quiet && dice.in_thousand(450));
        let kinds: Vec<_> = kinds.collect::<Vec<_>>().into_iter().map(|kind| (kind, dice.within(1, 4))).collect();
        let evil_per_mille = if !quiet && dice.in_thousand(350) { dice.within(20, 250) } else { 0 };
        let per_mille = if kinds.is_empty() { 0 } else { dice.within(150, 550) };
        Self { kinds, evil_per_mille, per_mille }
    }

    /// Whether a vault may go back, so that partners may have seen another history of its.
    pub(crate) fn goes_back(&self) -> bool {
        self.kinds.iter().any(|(kind, _)| matches!(kind, Kind::Rollback | Kind::Restore))
    }

    /// The same with what else a world may meet, drawn by dice of its own.
    pub(crate) fn and(mut self, dice: &Dice) -> Self {
        let (forks, frozen) = (dice.in_thousand(FORK_PER_MILLE), dice.in_thousand(FROZEN_PER_MILLE));
        if self.kinds.is_empty() {
            return self;
        }
        if forks {
            // Who holds which history is to be said by the fork alone.
            self.kinds.retain(|(kind, _)| !matches!(kind, Kind::Registry | Kind::Rollback | Kind::Restore));
            self.kinds.push((Kind::Fork, dice.within(1, 3)));
        } else if frozen {
            self.kinds.push((Kind::Frozen, dice.within(2, 5)));
        }
        self
    }

    /// Whether the log is forked.
    pub(crate) fn forks(&self) -> bool {
        self.kinds.iter().any(|(kind, _)| *kind == Kind::Fork)
    }

    /// The fault of this step, if it is one.
    pub(crate) fn draw(&self, dice: &Dice) -> Option<Kind> {
        if !dice.in_thousand(self.per_mille) {
            return None;
        }
        let all = self.kinds.iter().map(|(_, weight)| weight).sum();
        let mut left = dice.below(all);
        self.kinds.iter().find_map(|(kind, weight)| match left.checked_sub(*weight) {
            Some(rest) => {
                left = rest;
                None
            }
            None => Some(*kind),
        })
    }
}

/// What comes by itself later.
pub(crate) enum Later {
    NodeStarts(usize),
    RelayStarts(usize),
    Join(usize, usize),
    Fast(usize),
    Room(usize),
    VaultRoom(usize),
    /// A suspended node is active again.
    Resumes(usize),
    /// These are shown the registry as it is.
    Thaws(Vec<usize>),
    /// A person restores the node's vault from this file.
    Restored(usize, PathBuf),
}

/// What is to come, each at its time.
#[derive(Default)]
pub(crate) struct Agenda(Vec<(Instant, Later)>);

impl Agenda {
    pub(crate) fn add(&mut self, after: Duration, what: Later) {
        self.0.push((Instant::now() + after, what));
    }

    /// Does what is due; with `all`, everything.
    pub(crate) fn due(&mut self, world: &mut World, all: bool) {
        let now = Instant::now();
        let (due, later) = core::mem::take(&mut self.0).into_iter().partition(|(at, _)| all || *at <= now);
        self.0 = later;
        for (_, what) in due {
            world.comes(what);
        }
    }
}

impl World {
    fn comes(&mut self, what: Later) {
        match what {
            Later::NodeStarts(node) if !self.nodes[node].is_up() => self.start_node(node),
            Later::RelayStarts(relay) if !self.relays[relay].is_up() => self.start_relay(relay),
            Later::NodeStarts(_) | Later::RelayStarts(_) => {}
            Later::Join(node, relay) => {
                self.net.join(node, relay);
                self.story.tell(format!("node {node} and relay {relay} reach each other again"));
            }
            Later::Fast(node) => self.net.slow(node, 0),
            Later::Room(relay) => {
                self.relays[relay].full(false);
                self.story.tell(format!("the disk of relay {relay} has room again"));
            }
            Later::VaultRoom(node) => self.room_for_vault(node),
            Later::Resumes(node) if self.registered[node].is_revoked() => {}
            Later::Resumes(node) => self.resumes(node),
            Later::Thaws(nodes) => self.thaws(&nodes),
            Later::Restored(node, file) => self.restore(node, &file),
        }
    }

    /// One fault.
    pub(crate) async fn fault(&mut self, kind: Kind, agenda: &mut Agenda) {
        let (node, relay) = (self.dice.index(self.nodes.len()), self.dice.index(self.relays.len()));
        match kind {
            Kind::Cut => {
                if self.net.cut(node) {
                    self.story.fault("connection lost", format!("the connections of node {node} break"));
                }
            }
            Kind::Part => {
                let time = self.dice.millis(2_000, 150_000);
                self.net.part(node, relay, time);
                self.story.fault("partition", format!("node {node} and relay {relay} are apart for {time:?}"));
                agenda.add(time, Later::Join(node, relay));
            }
            Kind::Slow => {
                let ms = self.dice.within(100, 4_000);
                self.net.slow(node, ms);
                self.net.cut(node);
                self.story.fault("slow peer", format!("node {node} is slow by {ms} ms a chunk"));
                agenda.add(self.dice.millis(10_000, 60_000), Later::Fast(node));
            }
            Kind::NodeCrash => self.crash_node(node, agenda),
            Kind::RelayCrash => self.crash_relay(relay, Crash::Killed, agenda),
            Kind::PowerLoss => self.crash_relay(relay, Crash::PowerLoss(self.dice.bits()), agenda),
            Kind::DiskFull => {
                self.relays[relay].full(true);
                self.story.fault("disk full", format!("the disk of relay {relay} is full"));
                agenda.add(self.dice.millis(1_000, 30_000), Later::Room(relay));
            }
            Kind::CrashInStep => {
                let writes = self.dice.within(0, 30);
                self.nodes[node].disk().dies_after(Some(writes));
                self.story.tell(format!("node {node} will die after {writes} more writes"));
            }
            Kind::VaultFull => {
                self.nodes[node].disk().full(true);
                self.story.fault("node disk full", format!("the disk of node {node} is full"));
                agenda.add(self.dice.millis(1_000, 40_000), Later::VaultRoom(node));
            }
            Kind::ClockJump => self.clock_jump(node, relay),
            Kind::Suspend => {
                let seconds = self.dice.within(60, 6 * 3_600);
                self.skip(seconds).await;
                self.story.fault("all suspended", format!("all machines are suspended for {seconds} s"));
            }
            Kind::Restore => self.backup_and_restore(node, agenda).await,
            Kind::Rollback => self.roll_back(node, agenda).await,
            Kind::Mallory => mallory::acts(self).await,
            Kind::Registry => self.registry_changes(node, agenda).await,
            Kind::Frozen => self.freezes(relay, agenda).await,
            Kind::Fork => self.forks().await,
        }
    }

    fn crash_node(&mut self, node: usize, agenda: &mut Agenda) {
        if self.nodes[node].crash(&self.net) {
            self.story.fault("node crash", format!("node {node} is killed"));
            agenda.add(self.dice.millis(0, 20_000), Later::NodeStarts(node));
        }
    }

    fn room_for_vault(&mut self, node: usize) {
        self.nodes[node].disk().full(false);
        self.story.tell(format!("the disk of node {node} has room again"));
        if !self.nodes[node].is_up() && !self.nodes[node].is_dead() {
            self.start_node(node);
        }
    }

    /// Machines that died by themselves are started again later.
    pub(crate) fn reap(&mut self, agenda: &mut Agenda) {
        for node in 0..self.nodes.len() {
            if self.nodes[node].is_dead() && self.nodes[node].crash(&self.net) {
                agenda.add(self.dice.millis(0, 20_000), Later::NodeStarts(node));
            }
        }
    }

    fn crash_relay(&mut self, relay: usize, how: Crash, agenda: &mut Agenda) {
        if self.relays[relay].crash(&self.net, how).is_some() {
            let kind = if how == Crash::Killed { "relay crash" } else { "relay power loss" };
            self.story.fault(kind, format!("{kind}: relay {relay}"));
            agenda.add(self.dice.millis(0, 15_000), Later::RelayStarts(relay));
        }
    }

    fn clock_jump(&self, node: usize, relay: usize) {
        let ahead = self.dice.within(0, 7_200) as i64 - 3_600;
        let whose = match self.dice.in_thousand(700) {
            true => {
                self.nodes[node].clock.set_ahead(ahead);
                format!("node {node}")
            }
            false => {
                self.relays[relay].clock.set_ahead(ahead);
                format!("relay {relay}")
            }
        };
        self.story.fault("clock jump", format!("the clock of {whose} is {ahead} s ahead"));
    }

    /// Time passes at once for all; the authority signs that it has.
    pub(crate) async fn skip(&self, seconds: u64) {
        self.time.skip(seconds);
        self.publish().await;
    }

    /// The authority publishes a head of now to all relays that are there.
    pub(crate) async fn publish(&self) {
        self.tells_second();
        let template = Template::get();
        for (relay, one) in self.relays.iter().zip(&template.relays) {
            if relay.is_up() {
                template::publish(&self.authority, &self.net, one, self.time.now()).await;
            }
        }
    }

    async fn backup_and_restore(&mut self, node: usize, agenda: &mut Agenda) {
        let Some(handle) = self.nodes[node].handle().cloned() else { return };
        let file = self.nodes[node].fresh_dir().with_extension("backup");
        let to = file.clone();
        if handle.core().call(move |node| node.backup(&to)).await.is_err() || !self.nodes[node].is_up() {
            return;
        }
        self.story.fault("restore of a backup", format!("node {node} is backed up, and will be restored"));
        agenda.add(self.dice.millis(1_000, 60_000), Later::Restored(node, file));
    }

    /// The machine of a node is lost, and another gets the backup.
    fn restore(&mut self, node: usize, file: &std::path::Path) {
        self.nodes[node].crash(&self.net);
        self.vault_went_back(node, "restored from a backup");
        self.watch.has_settled(node);
        let (dir, now) = (self.nodes[node].fresh_dir(), self.nodes[node].clock.now());
        let mut entropy = self.nodes[node].entropy("restore");
        let cost = Cost::new(64, 1).unwrap();
        match restore::from_file(file, &dir, &passphrase(), cost, now, &mut entropy) {
            Ok(done) => self.story.tell(format!("node {node} is restored: epoch {}", done.epoch > 1)),
            Err(error) => self.story.broken(format!("the backup of node {node} cannot be restored: {error}")),
        }
        self.nodes[node].put_back(dir);
        self.start_node(node);
    }

    /// A machine goes back to its snapshot, and nobody tells it.
    async fn roll_back(&mut self, node: usize, agenda: &mut Agenda) {
        if !self.nodes[node].is_up() {
            return;
        }
        let snapshot = self.nodes[node].snapshot();
        let is_settled = !self.watch.is_unsettled(node);
        // What it has signed, and what it was told that it had signed in the time before this world.
        let known = self.watch.put(node).max(self.watch.kept(node));
        if self.dice.in_thousand(600) {
            // Long enough for a head of its own that its relay keeps.
            self.skip(UNTIL_NEXT_HEAD_S).await;
            sleep(Duration::from_secs(3)).await;
        }
        sleep(self.dice.millis(100, 40_000)).await;
        agenda.due(self, false);
        if !self.nodes[node].crash(&self.net) {
            return;
        }
        self.story.fault("snapshot resumed", format!("the machine of node {node} goes back to its snapshot"));
        self.vault_went_back(node, "went back to a snapshot");
        self.nodes[node].put_back(snapshot);
        if is_settled && known.is_some() && self.watch.kept(node) > known {
            self.watch.went_back(node);
        }
        self.start_node(node);
    }

    /// What the people at the nodes do about what they are told: a vault that has gone back is confirmed.
    pub(crate) fn persons_act(&mut self) {
        for node in 0..self.nodes.len() {
            if self.nodes[node].halted().as_deref() == Some("vault-rolled-back") {
                self.confirm(node);
            }
        }
    }

    /// A person accepts the vault as it is.
    pub(crate) fn confirm(&mut self, node: usize) {
        self.nodes[node].crash(&self.net);
        self.vault_went_back(node, "went back to a snapshot");
        self.watch.has_settled(node);
        let (dir, now) = (self.nodes[node].dir().to_owned(), self.nodes[node].clock.now());
        let mut entropy = self.nodes[node].entropy("confirm");
        match restore::confirm(&dir, &passphrase(), now, &mut entropy) {
            Ok(_) => self.story.tell(format!("a person at node {node} confirms the vault")),
            Err(error) => self.story.broken(format!("the vault of node {node} cannot be confirmed: {error}")),
        }
        self.start_vault(node, true);
    }

    /// What a vault that went back does not know any more is not asked of it.
    fn vault_went_back(&mut self, node: usize, why: &'static str) {
        self.watch.forget(node);
        self.copies.remove(&node);
        self.mallory.faces.forget(node);
        for errand in self.errands.iter_mut().chain(&mut self.perhaps).chain(&mut self.trusted) {
            if errand.from == node || errand.to == node {
                errand.excused.get_or_insert(why);
            }
        }
    }
}
