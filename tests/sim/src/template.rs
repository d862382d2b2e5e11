//! What every simulation begins with: relays that hold the registry, and nodes that are enrolled, connected once and have their
//! prekeys out. Made once in a process, by the very parts that are simulated, from a seed that is always the same.

use std::{
    path::{Path, PathBuf},
    sync::OnceLock,
    time::Duration,
};

use safeconduct_certs::{
    authority::relay_file::RelayFile,
    keyfile::Cost,
    link::{Alpn, ExpectedRelay, TlsKey},
};
use safeconduct_client::{
    config::Config,
    keys::{self, Identity},
};
use safeconduct_protocol::{
    id::{InviteId, NodeId, RelayId},
    secret::Secret,
    time::Timestamp,
};
use safeconduct_relay::setup;
use tempfile::TempDir;
use tokio::time::sleep;

use crate::{
    authority::{Authority, DIRECTORY},
    clock::{BEGIN, MachineClock, TrueTime},
    dice::{Dice, Seeded},
    evil::Evil,
    net::{Net, Who},
    node_machine::{Identified, NodeMachine, passphrase},
    relay_machine::{Crash, RelayMachine},
    runtime,
    story::Story,
    vaults_draw_from,
    watch::Watch,
};

/// Which relay is the home of each node.
const HOMES: [usize; 9] = [0, 0, 0, 0, 0, 1, 1, 0, 0];
/// The node that an attacker plays.
pub(crate) const MALLORY: usize = 7;
/// A node that is enrolled, and not registered yet.
pub(crate) const LATE: usize = 8;
const RELAYS: usize = 2;
/// Seconds that the making takes, of simulated time.
pub(crate) const SETTLED_S: u64 = 120;

/// A relay of the template.
pub(crate) struct RelayTemplate {
    pub(crate) address: String,
    pub(crate) tls_spki: [u8; 32],
    pub(crate) dir: PathBuf,
}

/// A node of the template.
pub(crate) struct NodeTemplate {
    pub(crate) is: Identified,
    pub(crate) node: NodeId,
    pub(crate) dir: PathBuf,
}

pub(crate) struct Template {
    pub(crate) authority: Authority,
    pub(crate) relays: Vec<RelayTemplate>,
    pub(crate) nodes: Vec<NodeTemplate>,
    /// Of all nodes but the attacker's and the one that comes late.
    pub(crate) identities: Vec<Identity>,
    pub(crate) mallory: Identity,
    pub(crate) late: Identity,
    pub(crate) late_tls: [u8; 32],
    _dir: TempDir,
}

/// A folder in memory, where the system has one: what is simulated is not how fast a disk is.
pub(crate) fn scratch() -> TempDir {
    let memory = Path::new("/dev/shm");
    let made = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    made.unwrap()
}

impl Template {
    pub(crate) fn get() -> &'static Self {
        static TEMPLATE: OnceLock<Template> = OnceLock::new();
        TEMPLATE.get_or_init(|| {
            vaults_draw_from(0);
            runtime().block_on(Self::make())
        })
    }

    async fn make() -> Self {
        let dir = scratch();
        let mut authority = Authority::new();
        let mut relays = Vec::new();
        for place in 0..RELAYS {
            let (path, address) = (dir.path().join(format!("relay-{place}")), format!("relay-{place}.sim:4433"));
            let made = setup::init(&path, &address, &mut Seeded::new(0, &address)).unwrap();
            let file = RelayFile::parse(&std::fs::read(made.public_file).unwrap()).unwrap();
            authority.add_relay(&file, RelayId(u32::try_from(place).unwrap() + 1));
            std::fs::write(path.join("root.scr"), authority.root().as_bytes()).unwrap();
            relays.push(RelayTemplate { address, tls_spki: file.tls_spki, dir: path });
        }
        let (mut nodes, mut identities, mut late_tls) = (Vec::new(), Vec::new(), [0; 32]);
        for (place, home) in HOMES.into_iter().enumerate() {
            let (path, agency) = (dir.path().join(format!("node-{place}")), format!("xa.canary-house-{place}"));
            let entropy = &mut Seeded::new(0, &agency);
            let cost = Cost::new(64, 1).unwrap();
            let (mut vault, _paper) = keys::init(&path, &passphrase(), None, cost, BEGIN, entropy).unwrap();
            let (invite, secret) = (InviteId::from_bytes([3; 16]), Secret::new([4; 32]));
            let (address, root) = (&relays[home].address, authority.root().as_bytes());
            keys::begin_enrolment(&mut vault, invite, address, root, b"request", &secret).unwrap();
            keys::enrolment_approved(&vault, &Secret::new(DIRECTORY)).unwrap();
            let identity = keys::identity(&vault).unwrap();
            let tls = TlsKey::from_seed(keys::tls_seed(&path).unwrap());
            let number = RelayId(u32::try_from(home).unwrap() + 1);
            if place == LATE {
                late_tls = tls.spki_hash();
            } else {
                authority.add_node(&agency, &identity, tls.spki_hash(), number, BEGIN);
            }
            nodes.push(NodeTemplate {
                is: Identified { agency, mailbox: identity.mailbox, home, template: place },
                node: identity.node,
                dir: path,
            });
            identities.push(identity);
        }
        let late = identities.remove(LATE);
        let mallory = identities.remove(MALLORY);
        let mut template = Self { authority, relays, nodes, identities, mallory, late, late_tls, _dir: dir };
        template.settle().await;
        template
    }

    /// Lets all of them connect once.
    async fn settle(&mut self) {
        let time = TrueTime::from(BEGIN);
        let story = Story::new(time.clone(), false);
        let watch = Watch::new(story.clone(), Evil::new(Dice::new(0, "evil"), 0), Default::default());
        let net = Net::new(Dice::new(0, "net"), story.clone(), watch);
        let mut relays = Vec::new();
        for (place, one) in self.relays.iter().enumerate() {
            let clock = MachineClock::right(&time);
            let dice = Dice::new(0, &format!("relay {place}"));
            let mut relay = RelayMachine::new(place, one.address.clone(), one.tls_spki, one.dir.clone(), clock, dice);
            relay.start(&net).unwrap();
            assert!(publish(&self.authority, &net, one, time.now()).await, "the relay takes the registry");
            relays.push(relay);
        }
        let mut nodes = Vec::new();
        // The attacker makes prekeys of its own, and who is not registered has none.
        for (place, one) in self.nodes.iter().enumerate().filter(|(place, _)| *place < MALLORY) {
            let (clock, dir) = (MachineClock::right(&time), one.dir.clone());
            let mut node = NodeMachine::new(place, one.is.clone(), 0, dir, clock, Config::default());
            node.start(&net, &story).unwrap();
            nodes.push(node);
        }
        sleep(Duration::from_secs(SETTLED_S)).await;
        for (one, node) in self.nodes.iter_mut().zip(&mut nodes) {
            node.crash(&net);
            one.dir = node.dir().to_owned();
        }
        for (one, relay) in self.relays.iter_mut().zip(&mut relays) {
            relay.crash(&net, Crash::Killed);
            one.dir = relay.dir().to_owned();
        }
    }
}

/// The authority publishes to a relay; whether it was taken.
pub(crate) async fn publish(authority: &Authority, net: &Net, relay: &RelayTemplate, now: Timestamp) -> bool {
    let expected = ExpectedRelay::Pinned(relay.tls_spki);
    let key = Some(&authority.tls);
    match net.dial(Who::Authority, None, &relay.address, expected, key, Alpn::Authority).await {
        Ok(link) => authority.publish(link, now).await,
        Err(_) => false,
    }
}
