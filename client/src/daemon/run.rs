//! The daemon's life: unlock, serve, and stop in order: no new work, say goodbye, close the vault; all within a deadline.

use std::{path::PathBuf, sync::Arc, time::Duration};

use safeconduct_certs::system::{SystemClock, lock_memory};
use tokio::{
    signal::unix::{SignalKind, signal},
    time::{Instant, MissedTickBehavior, interval, sleep_until, timeout},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use zeroize::Zeroizing;

use super::{Core, Handle, Node};
use crate::{
    api::{self, server::Socket},
    config::Config,
    error::Told,
    log::event,
    sync::{self, Sync},
    web,
};

/// Time from the signal to the end.
const SHUTDOWN_MAX: Duration = Duration::from_secs(10);

/// Between two rounds of housekeeping.
const HOUSEKEEP: Duration = Duration::from_secs(60);

/// Worker threads: the node is one agency's; its work is on the core thread.
const WORKERS: usize = 2;

/// Runs the daemon of the vault in `data` until a signal stops it.
///
/// # Errors
/// When it cannot start: locked or damaged vault, another daemon, no socket.
pub fn run(data: PathBuf, config: Config, passphrase: Zeroizing<String>) -> Result<(), Told> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(WORKERS)
        .enable_all()
        .build()
        .map_err(|error| system("no-runtime", "an event loop", error.kind()))?;
    let vault = data.clone();
    let for_node = config.clone();
    let (core, thread) = Core::start(move || Node::open_with(&vault, &passphrase, for_node))?;
    tracing::info!(event = event::UNLOCKED, memory_locked = lock_memory());
    let served = runtime.block_on(serve(data, config, core));
    runtime.shutdown_timeout(Duration::from_secs(1));
    let joined = thread.join();
    served?;
    joined?;
    tracing::info!(event = event::STOPPED);
    Ok(())
}

async fn serve(data: PathBuf, config: Config, core: Core) -> Result<(), Told> {
    let stop = CancellationToken::new();
    let tasks = TaskTracker::new();
    let (handle, reports) = Handle::new(core.clone());
    let handle = handle.locking_after(config.auto_lock_minutes);
    let socket = Socket::bind(&data).map_err(|error| {
        let remedy = "make the data folder writable for this user; its path must be shorter than 100 bytes";
        Told::not_ready("no-socket", format!("the daemon's socket cannot be made: {}", error.kind()), remedy)
    })?;
    let mut terminate =
        signal(SignalKind::terminate()).map_err(|error| system("no-signals", "signals", error.kind()))?;
    let mut interrupt =
        signal(SignalKind::interrupt()).map_err(|error| system("no-signals", "signals", error.kind()))?;
    let programs = handle.clone();
    let stop_serving = stop.clone();
    let serving = tasks.spawn(async move {
        if let Err(error) = socket.serve(handle, stop_serving).await {
            tracing::error!(event = event::SOCKET_FAILED, kind = %error.kind());
        }
    });
    tasks.spawn(forget_while_locked(programs.clone(), stop.clone()));
    let (page_port, page_idle) = (config.page_port, Duration::from_secs(config.page_lock_minutes.saturating_mul(60)));
    let node = core.call(|node| Ok(node.identity.node)).await?;
    let (for_page, stop_page) = (programs.clone(), stop.clone());
    tasks.spawn(async move {
        let Some(listener) = web::port::listen(&node, page_port, &stop_page).await else { return };
        if let Ok(address) = listener.local_addr() {
            for_page.page_at(address.port());
        }
        web::serve(listener, page_idle, for_page, stop_page).await;
    });
    let port = config.api_port;
    tasks.spawn(api::port::serve(port, programs, stop.clone()));
    let keeping = tasks.spawn(housekeep(core.clone(), stop.clone()));
    let working = core.clone();
    let sync = Sync::new(core, config, Arc::new(SystemClock), reports);
    let syncing = tasks.spawn(sync::run(sync, stop.clone()));
    tasks.close();
    tracing::info!(event = event::STARTED, version = env!("CARGO_PKG_VERSION"));
    // A part that ends before it is told to has failed: better no daemon, which the service manager starts again, than one
    // that looks alive.
    let served = tokio::select! {
        _signal = terminate.recv() => Ok(()),
        _signal = interrupt.recv() => Ok(()),
        () = working.ended() => Err(failed("core-failed", "the part that works on the vault")),
        _ended = serving => Err(failed("socket-failed", "the part that serves the local socket")),
        ended = syncing => match ended {
            Ok(Err(told)) => Err(told),
            Ok(Ok(())) | Err(_) => Err(failed("sync-failed", "the part that speaks with the relay")),
        },
        _ended = keeping => Err(failed("housekeeping-failed", "the part that keeps house")),
    };
    drop(working);
    tracing::info!(event = event::STOPPING);
    stop.cancel();
    if timeout(SHUTDOWN_MAX, tasks.wait()).await.is_err() {
        tracing::warn!(event = event::STOPPED_LATE);
    }
    served
}

/// When the automatic lock falls, and once a minute while reading is locked, nothing that was read stays in memory, also of what came since;
/// and once a minute memory that was unlocked by its use is kept out of swap again.
async fn forget_while_locked(handle: Handle, stop: CancellationToken) {
    let mut tick = interval(HOUSEKEEP);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _instant = tick.tick() => {
                // At the start it was said whether all of it is.
                let _all = lock_memory();
            }
            () = reached(handle.lock().falls_at()) => {}
            () = stop.cancelled() => return,
        }
        if handle.lock().is_locked()
            && let Err(told) = handle.core().call(Node::forget_read).await
        {
            tracing::error!(event = event::CORE_FAILED, reason = %told.code);
        }
    }
}

/// Waits for a moment; for ever when there is none.
async fn reached(moment: Option<Instant>) {
    match moment {
        Some(moment) => sleep_until(moment).await,
        None => core::future::pending().await,
    }
}

fn failed(code: &str, what: &str) -> Told {
    let remedy = "start it again with `safeconduct daemon`; if it stays so, report it with the daemon's log";
    Told::not_ready(code, format!("{what} has failed, so the daemon has stopped"), remedy)
}

/// Once a minute: alarms, expiry, erasure, refused messages judged again, reports that are released by themselves; also while there is no relay. Until `stop`.
pub async fn housekeep(core: Core, stop: CancellationToken) {
    let mut tick = interval(HOUSEKEEP);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _instant = tick.tick() => {
                let keep = |node: &mut Node| {
                    node.housekeep().and_then(|()| node.judge_again()).and_then(|()| node.expire_drafts()).and_then(|()| node.release_due()).and_then(|()| node.send_due()).and_then(|()| node.keep_for_programs())
                };
                if let Err(told) = core.call(keep).await {
                    tracing::error!(event = event::CORE_FAILED, reason = %told.code);
                }
            }
            () = stop.cancelled() => return,
        }
    }
}

fn system(code: &str, what: &str, kind: std::io::ErrorKind) -> Told {
    Told::not_ready(code, format!("the system gives no {what}: {kind}"), "see the system's limits, then try again")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        testing::{self, Seeded},
        vault::Sql as _,
    };

    /// What reads has a connection of its own to the database, and all that was read through it goes with it.
    async fn is_open(core: &Core) -> bool {
        let look = |node: &mut Node| {
            let found = node.vault.db().one("SELECT count(*) FROM sqlite_temp_master", [], |row| row.get::<_, i64>(0));
            Ok(found.unwrap() == 1)
        };
        core.call(look).await.unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_read_is_forgotten_when_the_automatic_lock_falls_and_not_before_and_not_later() {
        let dir = tempfile::tempdir().unwrap();
        let vault = testing::vault(dir.path(), &mut Seeded::new(3));
        let (core, work) = Core::on_this_thread(Node::of(vault, Config::default()).unwrap());
        let handle = Handle::new(core.clone()).0.locking_after(2);
        let tasks = TaskTracker::new();
        tasks.spawn(work);
        let stop = CancellationToken::new();
        tasks.spawn(forget_while_locked(handle.clone(), stop.clone()));
        let seconds = |seconds| tokio::time::sleep(Duration::from_secs(seconds));
        let read = |node: &mut Node| {
            node.vault.db().execute_batch("CREATE TEMP TABLE what_was_read (text TEXT)").unwrap();
            Ok(())
        };
        seconds(30).await;
        handle.lock().pass().unwrap();
        core.call(read).await.unwrap();

        // It falls two minutes after the command, half a minute before the next round.
        seconds(119).await;
        assert!(is_open(&core).await && !handle.lock().is_locked());
        seconds(2).await;
        assert!(!is_open(&core).await && handle.lock().is_locked());

        // What comes while it is locked is forgotten within a minute.
        core.call(read).await.unwrap();
        seconds(60).await;
        assert!(!is_open(&core).await);
        handle.lock().unlock();
        core.call(read).await.unwrap();
        seconds(61).await;
        assert!(is_open(&core).await);
        stop.cancel();
        tasks.close();
        drop((core, handle));
        tasks.wait().await;
    }
}
