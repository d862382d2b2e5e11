//! The figures, one module for each thing that is compared.

pub(crate) mod filled;
pub(crate) mod idle;
pub(crate) mod registry;
pub(crate) mod submit;
pub(crate) mod together;
pub(crate) mod urgent;

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{task::JoinSet, time::timeout};

use crate::{error::BenchError, relay::Relay, world::World};

/// Submits under way from each of four senders: 256 in all.
pub(crate) const IN_FLIGHT: u32 = 64;

/// What takes longer has come to a halt.
const PATIENCE: Duration = Duration::from_secs(120);

/// How much is measured.
#[derive(Clone, Copy)]
pub(crate) struct Size {
    /// Repeats of what is compared, in turn.
    pub(crate) rounds: u32,
    /// For how long each thing is measured in a round.
    pub(crate) window: Duration,
    /// Agencies in the registry.
    pub(crate) agencies: u32,
    /// Entries of the log that a new node fetches.
    pub(crate) entries: u64,
    /// Envelopes that wait in a filled relay, and how long filling it may take.
    pub(crate) stored: u64,
    pub(crate) filling: Duration,
    /// Envelopes that stay while others come and go.
    pub(crate) live: u64,
    /// Idle connections, and for how long they are watched.
    pub(crate) connections: u32,
    pub(crate) watched: Duration,
    /// Urgent envelopes in each state, in all rounds.
    pub(crate) urgent: u32,
}

/// Where the servers and drivers of the comparison are, or why there are none.
#[derive(Clone)]
pub(crate) enum NatsPrograms {
    Here { server: PathBuf, driver: PathBuf },
    Missing(String),
}

/// What every figure needs.
pub(crate) struct Bench {
    pub(crate) size: Size,
    pub(crate) world: Arc<World>,
    /// On the disk that is measured.
    pub(crate) folder: PathBuf,
    pub(crate) relay_program: PathBuf,
    pub(crate) nats: NatsPrograms,
    pub(crate) relays: AtomicU64,
    /// The most memory that any relay took while it held envelopes.
    pub(crate) most_bytes: AtomicU64,
}

impl Bench {
    /// A relay without envelopes, in a directory of its own.
    pub(crate) async fn relay(&self) -> Result<Relay, BenchError> {
        let number = self.relays.fetch_add(1, Ordering::Relaxed);
        let folder = self.folder.join(format!("relay-{number}"));
        let origin = self.folder.join("origin");
        Relay::fresh(&self.relay_program, &origin, folder, &self.world, self.world.agencies()).await
    }

    /// Ends a relay and remembers its memory.
    pub(crate) async fn end(&self, relay: Relay) -> Result<(), BenchError> {
        self.most_bytes.fetch_max(relay.end().await?, Ordering::Relaxed);
        Ok(())
    }
}

/// What all tasks give; the first error ends the others.
pub(crate) async fn all<T: 'static>(
    mut tasks: JoinSet<Result<T, BenchError>>,
    what: &'static str,
) -> Result<Vec<T>, BenchError> {
    let mut given = Vec::new();
    let gather = async {
        while let Some(done) = tasks.join_next().await {
            given.push(done??);
        }
        Ok::<_, BenchError>(())
    };
    timeout(PATIENCE, gather).await.map_err(|_elapsed| BenchError::TooLate(what))??;
    Ok(given)
}

/// Ratios of what was measured one after the other.
pub(crate) fn ratios(above: &[f64], below: &[f64]) -> Vec<f64> {
    above.iter().zip(below).map(|(above, below)| above / below.max(f64::MIN_POSITIVE)).collect()
}

/// As MiB.
#[expect(clippy::cast_precision_loss, reason = "exact up to 2^53")]
pub(crate) const fn mib(bytes: u64) -> f64 {
    bytes as f64 / (1024.0 * 1024.0)
}
