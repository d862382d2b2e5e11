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
    story::Story,
    vault_disk::VaultDisk,
};

/// The passphrase of every vault here.
pub(crate) fn passphrase() -> Zeroizing<String> {
    Zeroizing::new("three ferries cross before dawn".to_owned())
}

/// Said by a machine that died while its node was being started.
pub(crate) const DIED: &str = "machine-died";

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
    has_gone_back: bool,
    lives: u32,
    pub(crate) clock: Arc<MachineClock>,
    config: Config,
    /// The disk under its next life.
    disk: VaultDisk,
    running: Option<Running>,
}

struct Running {
    handle: Handle,
    stop: CancellationToken,
    disk: VaultDisk,
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
        Self {
            place,
            is,
            seed,
            dir,
            has_gone_back: false,
            lives: 0,
            clock,
            config,
            disk: VaultDisk::default(),
            running: None,
        }
    }

    fn alive(&self) -> Option<&Running> {
        self.running.as_ref().filter(|running| !running.disk.has_died())
    }

    pub(crate) fn is_up(&self) -> bool {
        self.alive().is_some()
    }

    /// Whether its machine died by itself, and nobody has seen to it.
    pub(crate) fn is_dead(&self) -> bool {
        self.running.is_some() && !self.is_up()
    }

    /// The disk that is under it now, or will be under its next life.
    pub(crate) const fn disk(&self) -> &VaultDisk {
        &self.disk
    }

    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    /// The daemon, as the command line reaches it; none while it is down.
    pub(crate) fn handle(&self) -> Option<&Handle> {
        self.alive().map(|running| &running.handle)
    }

    /// Why the daemon does nothing more until a person decides.
    pub(crate) fn halted(&self) -> Option<String> {
        self.alive()?.halted.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Randomness of one life.
    pub(crate) fn entropy(&self, of: &str) -> Seeded {
        Seeded::new(self.seed, &format!("{of} {} {}", self.place, self.lives))
    }

    /// From its next start on it sends cover.
    #[cfg(test)]
    pub(crate) const fn sends_cover(&mut self) {
        self.config.cover = true;
    }

    /// Starts the daemon on its folder.
    pub(crate) fn start(&mut self, net: &Net, story: &Story) -> Result<(), String> {
        self.lives = self.lives.saturating_add(1);
        let (left, disk) = (self.dir.with_extension(format!("left{}", self.lives)), self.disk.clone());
        disk.lie_under(&self.dir, left, self.place, net, story);
        let clock: Arc<dyn Clock> = Arc::<MachineClock>::clone(&self.clock);
        let surroundings = Surroundings { clock: Arc::clone(&clock), entropy: Random::of(self.entropy("node")) };
        let opened = Node::open_in(&self.dir, &passphrase(), self.config.clone(), surroundings);
        if let Some(left) = disk.left() {
            drop(opened);
            self.goes_on_from(left);
            return Err(DIED.to_owned());
        }
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
        self.running = Some(Running { handle, stop, disk, halted });
        Ok(())
    }

    /// The process is killed at this very moment: what it has written is there, in a folder of its own from now on.
    pub(crate) fn crash(&mut self, net: &Net) -> bool {
        let Some(running) = self.running.take() else { return false };
        running.disk.dies_after(None);
        if let Some(left) = running.disk.left() {
            self.goes_on_from(left);
        } else {
            net.end_run(self.place);
            let next = self.next_dir();
            copy(&self.dir, &next).unwrap();
            self.goes_on_from(next);
        }
        // What is left of that life runs out in its old folder, and nobody hears of it.
        running.stop.cancel();
        true
    }

    /// From now on its disk has room, and it dies of none of its writes.
    pub(crate) fn lasting_disk(&mut self, net: &Net) {
        self.disk.dies_after(None);
        self.disk.full(false);
        if self.is_dead() {
            self.crash(net);
        }
    }

    /// The next life has what the last one left, and a disk of its own that has as much room.
    fn goes_on_from(&mut self, left: PathBuf) {
        self.dir = left;
        let disk = VaultDisk::default();
        disk.full(self.disk.is_full());
        self.disk = disk;
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
        self.has_gone_back = true;
    }

    /// Whether it was ever put back: prekeys may lie at its relay whose secrets it has no more.
    pub(crate) const fn has_gone_back(&self) -> bool {
        self.has_gone_back
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
