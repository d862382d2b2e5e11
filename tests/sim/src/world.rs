//! One simulated world: its machines, what was sent in it, and what its users do.

use std::{collections::BTreeMap, fmt::Write as _, path::PathBuf};

use safeconduct_client::config::Config;
use safeconduct_protocol::id::AgencyId;
use tempfile::TempDir;

use crate::{
    authority::Authority,
    clock::{BEGIN, MachineClock, TrueTime},
    dice::Dice,
    evil::Evil,
    faults::Profile,
    fork::Fork,
    mallory::Mallory,
    net::Net,
    node_machine::{self, DIED, NodeMachine},
    office::Registered,
    relay_machine::RelayMachine,
    story::Story,
    template::{MALLORY, SETTLED_S, Template, scratch},
    watch::Watch,
};

const SAMPLE: &str = include_str!("../../samples/01-woman-sex-industry-shelter.json");

/// Why a node does not take what is to be sent, when it is for the registry's sake.
const REGISTRY_SAYS: [&str; 5] =
    ["not-registered", "unknown-agency", "registry-missing", "registry-stale", "recipient-not-active"];

/// What one node has been asked to send.
pub(crate) struct Errand {
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) message: String,
    pub(crate) is_referral: bool,
    /// A referral's own id.
    pub(crate) key: String,
    pub(crate) bytes: Vec<u8>,
    /// Why it may never be shown, or be forgotten by its sender: a vault that went back knows nothing of it.
    pub(crate) excused: Option<&'static str>,
    /// How often its recipient's vault went back: only what came after the last is held against it.
    pub(crate) delivered_seen: bool,
}

pub(crate) struct World {
    pub(crate) seed: u64,
    pub(crate) dice: Dice,
    pub(crate) story: Story,
    pub(crate) time: TrueTime,
    pub(crate) net: Net,
    pub(crate) watch: Watch,
    pub(crate) profile: Profile,
    pub(crate) relays: Vec<RelayMachine>,
    pub(crate) nodes: Vec<NodeMachine>,
    pub(crate) errands: Vec<Errand>,
    /// What was handed in to a node that died over it: nobody was told whether it was taken.
    pub(crate) perhaps: Vec<Errand>,
    /// What was sent to the attacker; its recipient is no node of this world.
    pub(crate) trusted: Vec<Errand>,
    pub(crate) mallory: Mallory,
    pub(crate) authority: Authority,
    /// How the registry has each node.
    pub(crate) registered: Vec<Registered>,
    /// Entries of each node's registry copy, and the root over them, as last seen.
    pub(crate) copies: BTreeMap<usize, (u64, [u8; 32])>,
    /// A second history under the same keys.
    pub(crate) fork: Option<Fork>,
    /// As many entries as each relay has got.
    pub(crate) published: Vec<u64>,
    pub(crate) scratch: TempDir,
}

impl World {
    /// The world of this seed, with all its machines up.
    pub(crate) fn new(seed: u64, told: bool) -> Self {
        let template = Template::get();
        let time = TrueTime::from(BEGIN.after(SETTLED_S + 60));
        let story = Story::new(time.clone(), told);
        let dice = Dice::new(seed, "world");
        let profile = Profile::of(&Dice::new(seed, "profile")).and(&Dice::new(seed, "shown"));
        let (one_relay, scratch) = (dice.in_thousand(600), scratch());
        let cast: Vec<usize> = match one_relay {
            true => (0..usize::try_from(dice.within(3, 5)).unwrap()).collect(),
            false => (0..usize::try_from(dice.within(2, 4)).unwrap()).chain([5, 6]).collect(),
        };
        let mailboxes: BTreeMap<_, _> =
            cast.iter().enumerate().map(|(place, one)| (template.nodes[*one].is.mailbox, place)).collect();
        let evil = Evil::new(Dice::new(seed, "evil"), profile.evil_per_mille);
        let watch = Watch::new(story.clone(), evil, mailboxes);
        let net = Net::new(Dice::new(seed, "net"), story.clone(), watch.clone());
        let relays = template.relays.iter().take(if one_relay { 1 } else { 2 }).enumerate();
        let relays = relays.map(|(place, one)| {
            let dir = taken(&scratch, &one.dir, &format!("relay-{place}"));
            let dice = Dice::new(seed, &format!("relay {place}"));
            RelayMachine::new(place, one.address.clone(), one.tls_spki, dir, MachineClock::right(&time), dice)
        });
        let relays: Vec<_> = relays.collect();
        let nodes = cast.into_iter().enumerate().map(|(place, one)| {
            let one = &template.nodes[one];
            let dir = taken(&scratch, &one.dir, &format!("node-{place}"));
            NodeMachine::new(place, one.is.clone(), seed, dir, MachineClock::right(&time), config())
        });
        let nodes: Vec<_> = nodes.collect();
        let authority = template.authority.again(seed);
        let registered = vec![Registered::from_the_beginning(); nodes.len()];
        let published = vec![authority.registry.size(); relays.len()];
        let mut world = Self {
            seed,
            dice,
            story,
            time,
            net,
            watch,
            profile,
            relays,
            nodes,
            errands: Vec::new(),
            perhaps: Vec::new(),
            trusted: Vec::new(),
            mallory: Mallory::new(seed),
            authority,
            registered,
            copies: BTreeMap::new(),
            fork: None,
            published,
            scratch,
        };
        let summary = format!("{} relays, {} nodes; {}", world.relays.len(), world.nodes.len(), world.profile);
        world.story.tell(summary);
        for relay in 0..world.relays.len() {
            world.start_relay(relay);
        }
        for node in 0..world.nodes.len() {
            world.start_node(node);
        }
        world
    }

    pub(crate) fn start_relay(&mut self, relay: usize) {
        match self.relays[relay].start(&self.net) {
            Ok(()) => self.story.tell(format!("relay {relay} starts")),
            Err(error) => self.story.broken(format!("relay {relay} does not start: {error}")),
        }
    }

    pub(crate) fn start_node(&mut self, node: usize) {
        self.start_vault(node, false);
    }

    /// Starts a node, whose person has confirmed its vault or not.
    pub(crate) fn start_vault(&mut self, node: usize, is_confirmed: bool) {
        match self.nodes[node].start(&self.net, &self.story) {
            Ok(()) => self.story.tell(format!("node {node} starts")),
            // It was stopped before, and says so until a person has decided.
            Err(error) if error.starts_with("vault-rolled-back") && !is_confirmed => self.confirm(node),
            // Its machine comes up once more.
            Err(error) if error == DIED => self.start_vault(node, is_confirmed),
            // Once there is room, or when its person tries again.
            Err(error) if error.starts_with("disk-full") && self.nodes[node].disk().is_full() => {
                self.story.tell(format!("node {node} finds no room to start"));
            }
            Err(error) => self.story.broken(format!("node {node} does not start: {error}")),
        }
    }

    /// Two different nodes.
    fn pair(&self) -> (usize, usize) {
        let from = self.dice.index(self.nodes.len());
        let other = self.dice.index(self.nodes.len() - 1);
        (from, if other >= from { other + 1 } else { other })
    }

    /// A caseworker sends a referral.
    pub(crate) async fn send(&mut self) {
        let (from, to) = self.pair();
        self.send_from(from, to).await;
    }

    /// One sends a referral to another.
    pub(crate) async fn send_from(&mut self, from: usize, to: usize) {
        let (number, key) = (self.errands.len(), self.uuid());
        let bytes = self.referral(from, &self.nodes[to].is.agency, number, &key);
        let (to_agency, was_up) = (self.nodes[to].is.agency.clone(), self.nodes[from].is_up());
        let taken = self.hand_in(from, Some(to), &to_agency, &bytes, &key).await;
        let (is_referral, excused, delivered_seen) = (true, self.excuse(from, to), false);
        let message = taken.clone().unwrap_or_default();
        let errand = Errand { from, to, message, is_referral, key, bytes, excused, delivered_seen };
        match taken {
            Some(message) => {
                self.story
                    .tell(format!("node {from} takes referral {number} for node {to}: message {}", &message[..8]));
                self.story.count("referrals");
                self.errands.push(errand);
            }
            None if was_up && !self.nodes[from].is_up() => {
                self.story.tell(format!("node {from} dies over a referral for node {to}"));
                self.perhaps.push(errand);
            }
            None => {}
        }
    }

    /// Whoever was not told sends it once more under the same key, now that the node is up again: it is one, and arrives once.
    pub(crate) async fn send_what_was_perhaps_taken(&mut self) {
        for errand in std::mem::take(&mut self.perhaps) {
            let (from, to, agency) = (errand.from, errand.to, self.nodes[errand.to].is.agency.clone());
            let taken = match errand.excused {
                None => self.hand_in(from, Some(to), &agency, &errand.bytes, &errand.key).await,
                Some(_) => None,
            };
            match taken {
                Some(message) => {
                    self.story
                        .tell(format!("node {from} takes once more what it died over: message {}", &message[..8]));
                    self.story.count("sent once more after the node died over it");
                    self.errands.push(Errand { message, ..errand });
                }
                None => self.perhaps.push(errand),
            }
        }
    }

    /// A caseworker sends a referral that can wait for its receipt.
    #[cfg(test)]
    pub(crate) async fn send_plainly(&self, from: usize, to: usize) -> String {
        let (agency, id) = (self.nodes[to].is.agency.clone(), self.uuid());
        let bytes = String::from_utf8(self.referral(from, &agency, 0, &id)).unwrap();
        let urgency = ["Emergency", "Immediate"].map(|one| format!(r#""urgency": "{one}""#));
        let bytes = urgency.iter().fold(bytes, |text, one| text.replace(one, r#""urgency": "Urgent""#));
        self.hand_in(from, Some(to), &agency, bytes.as_bytes(), &id).await.unwrap()
    }

    /// Somebody trusts the attacker, too.
    pub(crate) async fn send_to_mallory(&mut self) {
        let (from, number, id) = (self.dice.index(self.nodes.len()), self.errands.len(), self.uuid());
        let agency = &Template::get().nodes[MALLORY].is.agency;
        let bytes = self.referral(from, agency, number, &id);
        if let Some(message) = self.hand_in(from, None, agency, &bytes, &id).await {
            self.story.tell(format!("node {from} sends a referral to mallory: message {}", &message[..8]));
            let (to, is_referral, excused) = (usize::MAX, true, self.excuse(from, usize::MAX));
            let errand = Errand { from, to, message, is_referral, key: id, bytes, excused, delivered_seen: false };
            self.trusted.push(errand);
        }
    }

    /// A caseworker, or a program, tries once more what was perhaps not taken.
    pub(crate) async fn send_once_more(&mut self) {
        let Some(newest) = self.errands.len().checked_sub(1) else { return };
        let place = if self.dice.in_thousand(500) { newest } else { self.dice.index(newest + 1) };
        let errand = &self.errands[place];
        if !errand.is_referral || errand.excused.is_some() {
            return;
        }
        let (from, bytes, key) = (errand.from, errand.bytes.clone(), errand.key.clone());
        let (before, to) = (errand.message.clone(), errand.to);
        let agency = self.nodes[to].is.agency.clone();
        if let Some(message) = self.hand_in(from, Some(to), &agency, &bytes, &key).await {
            self.story.count("sent once more");
            if message != before {
                self.story.broken(format!("node {from} took referral {place} twice under one key"));
            }
        }
    }

    async fn hand_in(&self, from: usize, to: Option<usize>, agency: &str, bytes: &[u8], key: &str) -> Option<String> {
        let handle = self.nodes[from].handle()?.clone();
        let agency: AgencyId = agency.parse().unwrap();
        let sent = handle.send(agency, bytes.to_vec(), Some(key.to_owned()), None).await;
        if !self.nodes[from].is_up() {
            // Nobody was told.
            return None;
        }
        match sent {
            Ok(sent) => Some(sent.message_id),
            // The registry has had something against one of the two, or has not had both for long.
            Err(told)
                if self.is_out(from, from, &told.code).await
                    || self.is_out(from, to.unwrap_or(from), &told.code).await
                    || to.is_some_and(|to| self.parts(from, to, &told.code)) =>
            {
                self.story.count("not taken because of the registry");
                self.story.tell(format!("node {from} does not take a referral: {}", told.code));
                None
            }
            Err(told) if told.code == "disk-full" && self.nodes[from].disk().is_full() => None,
            Err(told) => {
                if !matches!(told.code.as_str(), "vault-rolled-back" | "vault-cloned" | "core-gone") {
                    self.story.broken(format!("node {from} does not take a referral: {}: {}", told.code, told.message));
                }
                None
            }
        }
    }

    /// Nothing more leaves a node that is revoked, which may not know it; or that the other was shown to be revoked.
    fn excuse(&self, from: usize, to: usize) -> Option<&'static str> {
        self.registered[from].is_revoked().then_some("its sender was revoked").or_else(|| self.parted(from, to))
    }

    fn parts(&self, from: usize, to: usize, code: &str) -> bool {
        self.parted(from, to).is_some() && REGISTRY_SAYS.contains(&code)
    }

    /// Whether a node's own registry copy has another as not active, or had so when it was last looked at.
    async fn is_out(&self, by: usize, node: usize, code: &str) -> bool {
        let (least, most) = (self.copies.get(&by), self.copy(by).await);
        let most = most.map_or(u64::MAX, |(size, _)| size);
        let least = least.map_or(0, |(size, _)| *size);
        REGISTRY_SAYS.contains(&code) && self.registered[node].is_out_between(least, most)
    }

    /// One daemon pings another.
    pub(crate) async fn ping(&mut self) {
        let (from, to) = self.pair();
        let Some(handle) = self.nodes[from].handle().cloned() else { return };
        let agency: AgencyId = self.nodes[to].is.agency.parse().unwrap();
        let queued = handle.acting(move |node| node.ping(&agency)).await;
        let Some(message) = queued.ok().filter(|_| self.nodes[from].is_up()) else { return };
        self.story.tell(format!("node {from} pings node {to}: message {}", &message[..8]));
        self.story.count("pings");
        self.errands.push(Errand {
            from,
            to,
            message,
            is_referral: false,
            key: String::new(),
            bytes: Vec::new(),
            excused: self.excuse(from, to),
            delivered_seen: false,
        });
    }

    pub(crate) fn uuid(&self) -> String {
        let mut text = String::new();
        for group in [8, 4, 4, 4, 12] {
            if !text.is_empty() {
                text.push('-');
            }
            for place in 0..group {
                let digit = match (text.len(), place) {
                    (14, 0) => 4,
                    (19, 0) => 8 + self.dice.below(4),
                    _ => self.dice.below(16),
                };
                write!(text, "{digit:x}").unwrap();
            }
        }
        text
    }

    fn referral(&self, from: usize, to: &str, number: usize, id: &str) -> Vec<u8> {
        self.referral_of(&self.nodes[from].is.agency, to, number, id)
    }

    pub(crate) fn referral_of(&self, from: &str, to: &str, number: usize, id: &str) -> Vec<u8> {
        let text = SAMPLE
            .replace(r#""role": "Helpline""#, r#""role": "NgoShelter""#)
            .replace("xa.lantern-helpline", from)
            .replace("xa.harbour-house", to)
            .replace("17dbf0fa-850a-4120-86cf-88253a8163c8", id)
            .replace("Can travel by taxi", &format!("canary {} {number} can travel by taxi", self.seed));
        let urgency = ["Emergency", "Immediate", "Urgent"][self.dice.index(3)];
        text.replace(r#""urgency": "Emergency""#, &format!(r#""urgency": "{urgency}""#)).into_bytes()
    }
}

/// How every node here is configured.
pub(crate) fn config() -> Config {
    Config { receipt_delay_max_s: 5, ..Config::default() }
}

fn taken(scratch: &TempDir, from: &std::path::Path, name: &str) -> PathBuf {
    let to = scratch.path().join(name);
    node_machine::copy(from, &to).unwrap();
    to
}
