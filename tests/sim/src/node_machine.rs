//! A node's machine: the folder with its vault, its clock, and the daemon's parts while they run.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use safeconduct_client::{
    config::Config,
    daemon::{Core, Handle, Node, Random, Surroundings, housekeep},
    sync::{self, Outside, Sync},
};
use safeconduct_protocol::{id::MailboxId, time::Clock};
use tokio_util::sync::CancellationToken;
use zeroize::Zeroizing;

use crate::{
    clock::MachineClock,
    dice::{Dice, Seeded},
    net::Net,
};

/// The passphrase of every vault here.
pub(crate) fn passphrase() -> Zeroizing<String> {
    Zeroizing::new("three ferries cross before dawn".to_owned())
}

/// What stays of a node over its lives.
#[derive(Clone)]
pub(crate) struct Identified {
    pub(crate) agency: String,
    pub(crate) mailbox: MailboxId,
    pub(crate) home: usize,
    /// Its place in the template.
    pub(crate) template: usize,
}

pub(crate) struct NodeMachine {
    pub(crate) place: usize,
    pub(crate) is: Identified,
    seed: u64,
    dir: PathBuf,
    lives: u32,
    pub(crate) clock: Arc<MachineClock>,
    config: Config,
    running: Option<Running>,
}

struct Running {
    handle: Handle,
    stop: CancellationToken,
    /// Why its link has ended for good.
    halted: Arc<Mutex<Option<String>>>,
}

impl NodeMachine {
    pub(crate) fn new(
        place: usize,
        is: Identified,
        seed: u64,
        dir: PathBuf,
        clock: Arc<MachineClock>,
        config: Config,
    ) -> Self {
        Self { place, is, seed, dir, lives: 0, clock, config, running: None }
    }

    pub(crate) const fn is_up(&self) -> bool {
        self.running.is_some()
    }

    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    /// The daemon, as the command line reaches it; none while it is down.
    pub(crate) fn handle(&self) -> Option<&Handle> {
        self.running.as_ref().map(|running| &running.handle)
    }

    /// Why the daemon does nothing more until a person decides.
    pub(crate) fn halted(&self) -> Option<String> {
        self.running.as_ref()?.halted.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Randomness of one life.
    pub(crate) fn entropy(&self, of: &str) -> Seeded {
        Seeded::new(self.seed, &format!("{of} {} {}", self.place, self.lives))
    }

    /// Starts the daemon on its folder.
    pub(crate) fn start(&mut self, net: &Net) -> Result<(), String> {
        self.lives = self.lives.saturating_add(1);
        let clock: Arc<dyn Clock> = Arc::<MachineClock>::clone(&self.clock);
        let surroundings = Surroundings { clock: Arc::clone(&clock), entropy: Random::of(self.entropy("node")) };
        let opened = Node::open_in(&self.dir, &passphrase(), self.config.clone(), surroundings);
        let node = opened.map_err(|told| format!("{}: {}", told.code, told.message))?;
        let (core, work) = Core::on_this_thread(node);
        drop(tokio::spawn(work));
        let (handle, reports) = Handle::new(core.clone());
        let dice = Dice::new(self.seed, &format!("pauses {} {}", self.place, self.lives));
        let outside = Outside::of(Arc::new(net.begin_run(self.place)), Arc::new(move || dice.bits()));
        let syncing = Sync::new(core.clone(), self.config.clone(), clock, reports).through(outside);
        let (stop, halted) = (CancellationToken::new(), Arc::<Mutex<Option<String>>>::default());
        let (until, said) = (stop.clone(), Arc::clone(&halted));
        drop(tokio::spawn(async move {
            if let Err(told) = sync::run(syncing, until).await {
                *said.lock().unwrap_or_else(PoisonError::into_inner) = Some(told.code.clone());
            }
        }));
        drop(tokio::spawn(housekeep(core, stop.clone())));
        self.running = Some(Running { handle, stop, halted });
        Ok(())
    }

    /// The process is killed at this very moment: what it has written is there, in a folder of its own from now on.
    pub(crate) fn crash(&mut self, net: &Net) -> bool {
        let Some(running) = self.running.take() else { return false };
        net.end_run(self.place);
        let next = self.next_dir();
        copy(&self.dir, &next).unwrap();
        self.dir = next;
        // What is left of that life runs out in its old folder, and nobody hears of it.
        running.stop.cancel();
        true
    }

    fn next_dir(&mut self) -> PathBuf {
        self.lives = self.lives.saturating_add(1);
        self.dir.with_extension(self.lives.to_string())
    }

    /// A copy of the folder as it is, as a machine's snapshot has it.
    pub(crate) fn snapshot(&mut self) -> PathBuf {
        let to = self.next_dir();
        copy(&self.dir, &to).unwrap();
        to
    }

    /// The folder is another one, while the daemon is down.
    pub(crate) fn put_back(&mut self, dir: PathBuf) {
        self.dir = dir;
    }

    /// A folder that is not there yet.
    pub(crate) fn fresh_dir(&mut self) -> PathBuf {
        self.next_dir()
    }
}

/// Copies a folder with all files in it.
pub(crate) fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        let kind = entry.file_type()?;
        if kind.is_dir() {
            copy(&entry.path(), &target)?;
        } else if kind.is_file() {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
