//! A relay's machine: its folder, its clock, and the relay itself while it runs.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::Arc,
};

use safeconduct_faults::{
    image::{CrashImages, Image},
    trace::{Fault, Lasting, Trace},
};
use safeconduct_protocol::{
    envelope::sealed::envelope_digest,
    id::{EnvelopeDigest, MailboxId, SlotId},
    time::Clock,
};
use safeconduct_relay::{
    bare::Bare,
    config::Config,
    limits::Quotas,
    store::{View, workers::Workers},
};

use crate::{clock::MachineClock, dice::Dice, disk::TracedDisk, net::Net};

pub(crate) struct RelayMachine {
    pub(crate) place: usize,
    pub(crate) address: String,
    tls_spki: [u8; 32],
    dir: PathBuf,
    /// Folders of earlier lives.
    lives: u32,
    pub(crate) clock: Arc<MachineClock>,
    dice: Dice,
    running: Option<Running>,
}

struct Running {
    bare: Arc<Bare>,
    trace: Trace,
}

/// How a relay's machine stops.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Crash {
    /// The process is killed: what it has written is there.
    Killed,
    /// The power goes: of what was not synced, each piece is there, lost or torn.
    PowerLoss(u64),
}

impl RelayMachine {
    pub(crate) fn new(
        place: usize,
        address: String,
        tls_spki: [u8; 32],
        dir: PathBuf,
        clock: Arc<MachineClock>,
        dice: Dice,
    ) -> Self {
        Self { place, address, tls_spki, dir, lives: 0, clock, dice, running: None }
    }

    pub(crate) const fn is_up(&self) -> bool {
        self.running.is_some()
    }

    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    /// Starts the relay on its folder.
    pub(crate) fn start(&mut self, net: &Net) -> Result<(), String> {
        let trace = Trace::new(&self.dir).map_err(|error| error.to_string())?;
        let any = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
        let config = Config {
            data: self.dir.canonicalize().map_err(|error| error.to_string())?,
            listen: any,
            address: self.address.clone(),
            root: self.dir.join("root.scr"),
            local_listen: any,
            log: "info".to_owned(),
            admission: Default::default(),
            // Small, so that there are several.
            quotas: Quotas { segment_bytes: 512 * 1024, ..Quotas::default() },
            blobs: Default::default(),
        };
        let dice = self.dice.clone();
        let workers = Workers::Tasks(Arc::new(move || dice.millis(0, 25)));
        let clock: Arc<dyn Clock> = Arc::<MachineClock>::clone(&self.clock);
        let bare = Bare::open(&config, clock, Arc::new(TracedDisk::new(&trace)), &workers);
        let bare = Arc::new(bare.map_err(|error| format!("{error}: {}", error.remedy()))?);
        bare.begin();
        net.open_door(&self.address, self.place, self.tls_spki, &bare);
        self.running = Some(Running { bare, trace });
        Ok(())
    }

    /// Stops at this very moment. Returns what the disk holds then.
    pub(crate) fn crash(&mut self, net: &Net, how: Crash) -> Option<Image> {
        let Running { bare, trace } = self.running.take()?;
        net.close_door(self.place);
        let point = CrashImages::new(&trace).last()?;
        let image = match how {
            Crash::Killed => point.kept(),
            Crash::PowerLoss(seed) => point.torn(seed),
        };
        // What is left of that life runs out in its old folder, and nobody hears of it.
        bare.stop();
        drop(bare);
        self.lives = self.lives.saturating_add(1);
        self.dir = self.dir.with_extension(self.lives.to_string());
        std::fs::create_dir_all(&self.dir).unwrap();
        image.write_to(&self.dir).unwrap();
        Some(image)
    }

    /// The disk is full from now on, or has room again.
    pub(crate) fn full(&self, full: bool) {
        let Some(running) = &self.running else { return };
        if full {
            running.trace.fail_at(running.trace.len(), Fault::Enospc, Lasting::Always);
        } else {
            running.trace.heal();
        }
    }

    /// The digests that it holds for these addresses, be they mailboxes or slots; none while it is down.
    pub(crate) async fn holds(&self, addresses: BTreeSet<MailboxId>) -> Option<BTreeSet<EnvelopeDigest>> {
        let reader = self.running.as_ref()?.bare.reader().clone();
        let read = move |view: &dyn View| {
            let mut held = BTreeSet::new();
            for address in addresses {
                let mail = view.deliverable(address, 0, 100_000)?;
                held.extend(mail.iter().map(|one| envelope_digest(&one.bytes)));
                let items = view.slot_items(SlotId::from_bytes(*address.as_bytes()), 0)?;
                held.extend(items.iter().map(|one| envelope_digest(&one.bytes)));
            }
            Ok(held)
        };
        reader.ask(read).await.ok()
    }
}
