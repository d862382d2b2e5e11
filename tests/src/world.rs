//! A world: one authority, one relay and any number of nodes as real processes on loopback, in one folder.

mod authority;
mod enrol;
mod node;
mod page;
mod relay;

use std::fs::OpenOptions;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, UdpSocket};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

pub use authority::{Authority, Invitation};
pub use enrol::EnrolStep;
pub use node::{Message, Node, NodeSettings, Stage};
pub use page::Page;
pub use relay::Relay;

use crate::cast::Agency;
use crate::error::WorldError;
use crate::process::{Lifetime, Process};
use crate::program::Programs;
use crate::seed::Seeded;

/// Ports below the system's own range, so that no process gets the port of a relay that is down for a moment.
const PORT_MIN: u16 = 20_000;
const PORT_COUNT: u64 = 12_000;
const PORT_TRIES: usize = 200;

/// How a world is made.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The folder; none: a temporary one that goes with the world.
    pub folder: Option<PathBuf>,
    /// Whether all traffic passes a [`Capture`](crate::capture::Capture).
    pub capture: bool,
    /// Whether the daemons go on when the world is dropped.
    pub lifetime: Lifetime,
    /// Settings of every node.
    pub nodes: NodeSettings,
    /// The authority's country.
    pub country: &'static str,
    /// Its log's name.
    pub log_name: &'static str,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            folder: None,
            capture: false,
            lifetime: Lifetime::World,
            nodes: NodeSettings::default(),
            country: "XA",
            log_name: "registry.arvenia.example/safeconduct",
        }
    }
}

/// The parts, each in a folder of its own under one.
pub struct World {
    /// Who registers.
    pub authority: Authority,
    /// Who carries.
    pub relay: Relay,
    /// What is the same for all nodes.
    ground: Ground,
    /// Removed last.
    temporary: Option<TempDir>,
}

impl Drop for World {
    /// A failed test leaves its folder when `SAFECONDUCT_KEEP` is set.
    fn drop(&mut self) {
        if std::thread::panicking()
            && std::env::var_os("SAFECONDUCT_KEEP").is_some()
            && let Some(temporary) = &mut self.temporary
        {
            temporary.disable_cleanup(true);
        }
    }
}

/// What every part needs to know of the world.
#[derive(Clone, Debug)]
pub(crate) struct Ground {
    pub(crate) folder: PathBuf,
    pub(crate) programs: Programs,
    pub(crate) lifetime: Lifetime,
    pub(crate) settings: NodeSettings,
    /// Whether nodes are enrolled for exercises only.
    pub(crate) practice: bool,
}

impl Ground {
    pub(crate) fn log(&self, name: &str) -> PathBuf {
        self.folder.join("logs").join(format!("{name}.log"))
    }

    /// Writes a daemon's process id down, so that whoever finds the folder can end it.
    pub(crate) fn note(&self, process: &Process) -> Result<(), WorldError> {
        use std::io::Write as _;
        let path = self.folder.join("processes");
        let mut file =
            OpenOptions::new().append(true).create(true).open(&path).map_err(WorldError::io("open", &path))?;
        writeln!(file, "{}", process.id()).map_err(WorldError::io("write", &path))
    }
}

impl World {
    /// Founds the authority, registers the relay and starts it. No node yet.
    ///
    /// # Errors
    /// Any step that fails, with what the program said.
    pub fn found(plan: Plan) -> Result<Self, WorldError> {
        let programs = Programs::find()?;
        let temporary = match &plan.folder {
            Some(_) => None,
            None => Some(
                tempfile::Builder::new()
                    .prefix("safeconduct-")
                    .tempdir()
                    .map_err(WorldError::io("make", "a folder"))?,
            ),
        };
        let folder = match (&plan.folder, &temporary) {
            (Some(folder), _) => folder.clone(),
            (None, Some(temporary)) => temporary.path().to_owned(),
            (None, None) => std::env::temp_dir(),
        };
        for part in ["logs", "nodes", "files"] {
            let part = folder.join(part);
            std::fs::create_dir_all(&part).map_err(WorldError::io("make", part))?;
        }
        let practice = plan.log_name == crate::practice::LOG_NAME;
        let ground = Ground { folder, programs, lifetime: plan.lifetime, settings: plan.nodes, practice };
        let relay = Relay::init(&ground, "relay", plan.capture)?;
        let authority = Authority::init(&ground, plan.country, plan.log_name, &relay.public_file())?;
        authority.add_relay(relay.public_file())?;
        authority.export_root(&relay.root_file())?;
        let mut world = Self { authority, relay, ground, temporary };
        world.relay.start()?;
        world.authority.publish()?;
        Ok(world)
    }

    /// Another relay of the same authority, registered and started.
    ///
    /// # Errors
    /// Any step that fails, with what the program said.
    pub fn another_relay(&self, name: &'static str) -> Result<Relay, WorldError> {
        let mut relay = Relay::init(&self.ground, name, false)?;
        self.authority.add_relay(relay.public_file())?;
        self.authority.export_root(&relay.root_file())?;
        relay.start()?;
        self.authority.publish()?;
        Ok(relay)
    }

    /// The folder with everything in it.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.ground.folder
    }

    /// The folder for referral files.
    #[must_use]
    pub fn files(&self) -> PathBuf {
        self.ground.folder.join("files")
    }

    /// The folder of all logs.
    #[must_use]
    pub fn logs(&self) -> PathBuf {
        self.ground.folder.join("logs")
    }

    /// The node of an agency, not enrolled yet: a folder with its configuration.
    ///
    /// # Errors
    /// The folder cannot be made.
    pub fn new_node(&self, agency: Agency) -> Result<Node, WorldError> {
        Node::new(&self.ground, agency, &self.relay.address().to_string())
    }

    /// Another node of an agency, with its folder in this one.
    ///
    /// # Errors
    /// The folder cannot be made.
    pub fn new_node_in(&self, agency: Agency, folder: &Path) -> Result<Node, WorldError> {
        let ground = Ground { folder: folder.to_owned(), ..self.ground.clone() };
        for part in ["logs", "nodes"] {
            let part = folder.join(part);
            std::fs::create_dir_all(&part).map_err(WorldError::io("make", part))?;
        }
        Node::new(&ground, agency, &self.relay.address().to_string())
    }

    /// Makes, enrols and starts the node of an agency, and waits until it is connected.
    ///
    /// # Errors
    /// Any step that fails, with what the program said.
    pub fn enrol(&self, agency: Agency) -> Result<Node, WorldError> {
        let mut node = self.new_node(agency)?;
        let invitation = self.authority.invite(&agency, 7)?;
        let words = node.ask(&invitation.code)?;
        self.authority.approve(agency.id, &words)?;
        // The daemon fetches the answer by itself.
        node.start()?;
        node.connected()?;
        Ok(node)
    }

    /// Enrols several agencies at once; in the order given.
    ///
    /// # Errors
    /// The first that fails.
    pub fn enrol_all(&self, agencies: &[Agency]) -> Result<Vec<Node>, WorldError> {
        enrol::all(self, agencies, &|_step| {})
    }

    /// The same, and tells of each step.
    ///
    /// # Errors
    /// The first that fails.
    pub fn enrol_all_telling(
        &self,
        agencies: &[Agency],
        tell: &(dyn Fn(&EnrolStep<'_>) + Sync),
    ) -> Result<Vec<Node>, WorldError> {
        enrol::all(self, agencies, tell)
    }
}

/// The result of a thread; a panic in it goes on here.
pub fn joined<T>(thread: std::thread::ScopedJoinHandle<'_, T>) -> T {
    match thread.join() {
        Ok(result) => result,
        Err(panic) => std::panic::resume_unwind(panic),
    }
}

/// A loopback address on which nobody listens, for UDP and TCP.
///
/// # Errors
/// None is found.
pub fn free_address() -> Result<SocketAddr, WorldError> {
    let mut random = Seeded::new(crate::seed::fresh());
    for _ in 0..PORT_TRIES {
        let port = PORT_MIN.saturating_add(u16::try_from(random.below(PORT_COUNT)).unwrap_or(0));
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        if UdpSocket::bind(address).is_ok() && TcpListener::bind(address).is_ok() {
            return Ok(address);
        }
    }
    let source = std::io::Error::from(std::io::ErrorKind::AddrInUse);
    Err(WorldError::Io { act: "find", path: "a free port on 127.0.0.1".into(), source })
}

/// Writes a file that only its owner may read.
pub(crate) fn write_private(path: &Path, text: &str) -> Result<(), WorldError> {
    use std::io::Write as _;
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)
        .map_err(WorldError::io("write", path))?;
    file.write_all(text.as_bytes()).map_err(WorldError::io("write", path))
}
