//! The link to the home relay: connects, keeps the registry and the prekeys up to date, sends what waits, processes what
//! comes, and starts again when it ends.
//!
//! # Layout
//! - [`wire`]: one connection, its session and its frames · [`desk`]: one question at a time over one
//! - [`reach`]: whom to connect to, and with which key pinned
//! - `driver`: what an authenticated session does
//! - `transfer`: documents, on streams of their own beside it
//! - `cover`: when a message leaves that says nothing
//! - `away`: the same with other relays than the home relay, while something is to be done there

mod away;
mod cover;
pub mod desk;
mod driver;
pub mod reach;
mod transfer;
pub mod wire;

use std::{sync::Arc, time::Duration};

use safeconduct_certs::{
    link::{Dialer, Dials, LinkError},
    system::dice,
};
use safeconduct_protocol::{session::backoff::Backoff, time::Clock};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use self::{driver::Driver, reach::Reached, wire::Over};
use crate::{
    api::shapes::RelayState,
    config::Config,
    daemon::{Core, Reports},
    error::Told,
    exit::Exit,
    log::event,
    registry::RelayRef,
};

/// Pause after another daemon took this node's session over, so that the two do not chase each other.
const REPLACED_FLOOR_S: u32 = 30;

/// A session that lasted this long was a good one: the next pause is short again. One that ends sooner, whatever ended it,
/// counts as a failed attempt, so that a relay or a vault that fails at once is not asked without a pause.
const STEADY: Duration = Duration::from_secs(60);

/// What the sync task works with.
pub struct Sync {
    core: Core,
    config: Config,
    clock: Arc<dyn Clock>,
    reports: Reports,
    /// The relay beside the home relay that this is for; none: home.
    away: Option<RelayRef>,
    outside: Outside,
}

/// How relays are dialled, and what pauses are drawn from: sockets and the system, unless the simulator (`tests/sim`) gives others.
#[derive(Clone, Default)]
pub struct Outside(Option<Given>);

#[derive(Clone)]
struct Given {
    dials: Arc<dyn Dials>,
    dice: Arc<dyn Fn() -> u64 + Send + std::marker::Sync>,
}

impl Outside {
    /// These.
    #[must_use]
    pub fn of(dials: Arc<dyn Dials>, dice: Arc<dyn Fn() -> u64 + Send + std::marker::Sync>) -> Self {
        Self(Some(Given { dials, dice }))
    }

    fn dialer(&self) -> Result<Dialer, LinkError> {
        self.0.as_ref().map_or_else(Dialer::new, |given| Ok(Dialer::through(Arc::clone(&given.dials))))
    }

    fn dice(&self) -> u64 {
        self.0.as_ref().map_or_else(dice, |given| (given.dice)())
    }
}

impl Sync {
    /// A sync task for the vault behind `core`.
    #[must_use]
    pub fn new(core: Core, config: Config, clock: Arc<dyn Clock>, reports: Reports) -> Self {
        Self { core, config, clock, reports, away: None, outside: Outside::default() }
    }

    /// The same, which reaches relays so.
    #[must_use]
    pub fn through(self, outside: Outside) -> Self {
        Self { outside, ..self }
    }

    /// The same for a session with another relay: its state is told nowhere, and the bell rings for the home relay.
    fn elsewhere(&self, away: Option<RelayRef>) -> Self {
        let reports = Reports {
            relay: tokio::sync::watch::Sender::new(RelayState::default()),
            changes: self.reports.changes.clone(),
            bell: Arc::default(),
        };
        Self {
            core: self.core.clone(),
            config: self.config.clone(),
            clock: Arc::clone(&self.clock),
            reports,
            away,
            outside: self.outside.clone(),
        }
    }

    fn report(&self, change: impl FnOnce(&mut RelayState)) {
        self.reports.relay.send_modify(change);
    }

    fn trouble(&self, told: &Told, retry_ms: u64) {
        let state = match (told.code.as_str(), told.exit()) {
            ("not-enrolled" | "enrolment-waiting" | "no-relay", _) => "not-enrolled",
            (_, Exit::Unreachable) => "unreachable",
            (_, Exit::NotReady) => "not-ready",
            (_, Exit::Done | Exit::Refused | Exit::Usage | Exit::Tampering) => "refused",
        };
        let now = self.clock.now().0;
        self.report(|relay| {
            if relay.state != state {
                relay.since = Some(now);
            }
            state.clone_into(&mut relay.state);
            relay.reason = Some(told.code.clone());
            relay.last_error = Some(told.message.clone());
            relay.remedy = Some(told.remedy.clone());
        });
        let name = if state == "unreachable" { event::DISCONNECTED } else { event::REFUSED };
        tracing::warn!(event = name, reason = %told.code, remedy = %told.remedy, retry_ms);
    }
}

/// How one attempt ended.
pub(crate) struct Ended {
    told: Told,
    retry_after_s: u32,
    /// The relay had welcomed this node.
    was_up: bool,
    next: Next,
}

/// What follows an attempt.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Next {
    /// A pause, which grows.
    Paused,
    /// Another one at once: this node has ended a good session itself, for one that watches other slots.
    AtOnce,
    /// Nothing: the vault must not be used before a person has decided.
    Never,
}

impl Ended {
    pub(crate) fn of(over: Over, retry_after_s: u32, was_up: bool) -> Self {
        let floor = if over.code() == "replaced" { retry_after_s.max(REPLACED_FLOOR_S) } else { retry_after_s };
        Self { told: over.into(), retry_after_s: floor, was_up, next: Next::Paused }
    }

    /// The same, if `renewing` followed by another attempt at once; an end that came from elsewhere stays what it is.
    fn renewed_if(mut self, renewing: bool) -> Self {
        if renewing && self.told.code == "stopped" {
            self.next = Next::AtOnce;
        }
        self
    }

    /// This node's mailbox is elsewhere: the next attempt is with the relay that the registry names.
    pub(crate) fn moved() -> Self {
        let told = Told::refused(
            "moved",
            "this node's mailbox is at another relay now",
            "nothing: it goes there by itself; if it stays so, take `relay` out of config.toml",
        );
        Self { told, retry_after_s: 0, was_up: true, next: Next::Paused }
    }

    pub(crate) fn early(told: Told) -> Self {
        Self { told, retry_after_s: 0, was_up: false, next: Next::Paused }
    }
}

impl From<Over> for Told {
    fn from(over: Over) -> Self {
        let exit = match (over, over.code()) {
            (Over::Link(LinkError::WrongRelay), _) => Exit::Tampering,
            (_, "revoked" | "suspended" | "not-registered" | "version" | "protocol-error") => Exit::Refused,
            _ => Exit::Unreachable,
        };
        Self::new(exit, over.code(), over.fact(), over.remedy())
    }
}

/// Runs until `stop`: the session with the home relay, and those with other relays as they are needed. Never gives up: every end
/// is followed by a pause and another attempt; unless the vault was found to have gone back or to be in use twice: then it ends
/// with that.
///
/// # Errors
/// `vault-rolled-back`, `vault-cloned`.
pub async fn run(sync: Sync, stop: CancellationToken) -> Result<(), Told> {
    // What a crash left of documents; nothing else depends on it.
    sync.core.call(|node| node.clear_documents()).await.ok();
    let elsewhere = sync.elsewhere(None);
    let cover = cover::Queueing::of(&sync);
    let halted = stop.child_token();
    let at_home = async {
        let ended = home(sync, stop).await;
        halted.cancel();
        ended
    };
    tokio::join!(at_home, away::run(elsewhere, halted.clone()), cover.run(halted.clone())).0
}

async fn home(mut sync: Sync, stop: CancellationToken) -> Result<(), Told> {
    let mut backoff = Backoff::default();
    let dialer = loop {
        match sync.outside.dialer() {
            Ok(dialer) => break dialer,
            Err(error) => {
                let pause = backoff.next_ms(sync.outside.dice(), 1);
                sync.trouble(&Over::Link(error).into(), pause);
                if !paused(pause, &stop).await {
                    return Ok(());
                }
            }
        }
    };
    while !stop.is_cancelled() {
        let (ended, lasted) = attempt(&mut sync, &dialer, &stop).await;
        if stop.is_cancelled() {
            break;
        }
        if ended.told.code == "not-registered"
            && let Err(told) = sync.core.call(|node| node.turned_away()).await
        {
            tracing::error!(event = event::CORE_FAILED, reason = %told.code);
        }
        if !ended.was_up && ended.told.exit() == Exit::Unreachable {
            let unreached = |node: &mut crate::daemon::Node| {
                node.home_unreached();
                Ok(())
            };
            sync.core.call(unreached).await.ok();
        }
        let pause = pause_after(&mut backoff, &ended, lasted, sync.outside.dice());
        match ended.next {
            Next::AtOnce => {
                tracing::info!(event = event::RENEWED);
                continue;
            }
            Next::Never => {
                tracing::error!(event = event::HALTED, reason = %ended.told.code);
                dialer.finish().await;
                return Err(ended.told);
            }
            Next::Paused => {}
        }
        sync.trouble(&ended.told, pause);
        if !paused(pause, &stop).await {
            break;
        }
    }
    dialer.finish().await;
    Ok(())
}

/// The pause after an attempt, in milliseconds.
fn pause_after(backoff: &mut Backoff, ended: &Ended, lasted: Duration, dice: u64) -> u64 {
    if ended.was_up && lasted >= STEADY {
        backoff.reset();
    }
    if ended.next == Next::AtOnce {
        return 0;
    }
    backoff.next_ms(dice, ended.retry_after_s)
}

/// Waits; false when it was told to stop meanwhile.
async fn paused(pause_ms: u64, stop: &CancellationToken) -> bool {
    tokio::select! {
        biased;
        () = stop.cancelled() => false,
        () = tokio::time::sleep(Duration::from_millis(pause_ms)) => true,
    }
}

/// One connection, from finding the relay to its end, and how long its session lasted.
async fn attempt(sync: &mut Sync, dialer: &Dialer, stop: &CancellationToken) -> (Ended, Duration) {
    let reached = tokio::select! {
        biased;
        () = stop.cancelled() => return (Ended::early(stopped()), Duration::ZERO),
        reached = reach::reach(&sync.core, dialer, &sync.clock) => reached,
    };
    let Reached { wire, address } = match reached {
        Ok(reached) => reached,
        Err((told, address)) => {
            sync.report(|relay| relay.address = address.or_else(|| relay.address.take()));
            return (Ended::early(told), Duration::ZERO);
        }
    };
    sync.report(|relay| relay.address = Some(address));
    let began = Instant::now();
    let ended = Driver::new(sync, wire).run(stop).await;
    (ended, began.elapsed())
}

fn stopped() -> Told {
    Told::not_ready("stopped", "the daemon is stopping", "start it again with `safeconduct daemon`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_session_that_lasted_makes_the_next_pause_short_again() {
        let broken = Ended { told: stopped(), retry_after_s: 0, was_up: true, next: Next::Paused };
        let mut backoff = Backoff::default();
        for _ in 0..10 {
            pause_after(&mut backoff, &broken, Duration::ZERO, 0);
        }

        let soon = pause_after(&mut backoff, &broken, STEADY - Duration::from_secs(1), 59_000);
        let steady = pause_after(&mut backoff, &broken, STEADY, 59_000);

        assert_eq!(soon, 59_000);
        assert!(steady <= 1_000);
    }

    #[test]
    fn a_session_that_ends_for_a_new_one_is_followed_at_once_and_counts_as_no_failure() {
        let renewed = Ended { told: stopped(), retry_after_s: 0, was_up: true, next: Next::Paused }.renewed_if(true);
        let mut backoff = Backoff::default();

        let pauses: Vec<u64> = (0..10).map(|_| pause_after(&mut backoff, &renewed, Duration::ZERO, 999)).collect();
        let lost = Ended::of(Over::Link(LinkError::Lost), 0, true).renewed_if(true);

        assert_eq!(pauses, [0; 10]);
        assert_eq!(
            pause_after(&mut backoff, &lost, Duration::ZERO, 999),
            999,
            "a connection that is lost is not renewed"
        );
    }
}
