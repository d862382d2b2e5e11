//! What the local API holds of a running daemon: the core thread, the link's state, and a bell for new work.

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use safeconduct_protocol::id::AgencyId;
use tokio::{
    sync::{Notify, watch},
    time::{Instant, timeout},
};
use zeroize::Zeroizing;

use super::{
    Core, Node, Paper, Yes,
    gauges::{Gauges, Held},
    lock::Lock,
    notices,
    pages::Warned,
};
use crate::{
    api::recovered::{Locked, Resend},
    api::shapes::{Doctor, Keys, Pinged, RelayState, Sent, Status},
    api::{page::Page, shapes::PageAt},
    doctor,
    error::Told,
    note::{Count, Note},
    outbox::OutboxState,
};

/// A daemon that has just started and is connected has the registry's newest entries after this long, or is not waited for.
const SETTLING: Duration = Duration::from_secs(10);
/// A ping that nothing is heard of is looked at again after this long.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// A running daemon.
#[derive(Clone)]
pub struct Handle {
    core: Core,
    relay: watch::Receiver<RelayState>,
    changes: watch::Receiver<u64>,
    bell: Arc<Notify>,
    lock: Arc<Lock>,
    gauges: Arc<Gauges>,
    page: Arc<OnceLock<u16>>,
}

/// The sync task's ends of what [`Handle`] holds.
pub struct Reports {
    /// How the link stands.
    pub relay: watch::Sender<RelayState>,
    /// Counts what changed in the vault through the link.
    pub changes: watch::Sender<u64>,
    /// Rings when there is new work.
    pub bell: Arc<Notify>,
}

impl Handle {
    /// A handle, and the ends that belong to the sync task.
    #[must_use]
    pub fn new(core: Core) -> (Self, Reports) {
        let (relay_sender, relay) =
            watch::channel(RelayState { state: "connecting".to_owned(), ..RelayState::default() });
        let (changes_sender, changes) = watch::channel(0);
        let bell = Arc::new(Notify::new());
        let reports = Reports { relay: relay_sender, changes: changes_sender, bell: Arc::clone(&bell) };
        let (lock, gauges) = (Arc::new(Lock::after_minutes(0)), Arc::new(Gauges::default()));
        (Self { core, relay, changes, bell, lock, gauges, page: Arc::default() }, reports)
    }

    /// The same, which locks reading after so many minutes without a person's command; 0 for never.
    #[must_use]
    pub fn locking_after(self, minutes: u64) -> Self {
        Self { lock: Arc::new(Lock::after_minutes(minutes)), ..self }
    }

    /// The page listens at this port of 127.0.0.1 from now on.
    pub(crate) fn page_at(&self, port: u16) {
        self.page.set(port).ok();
    }

    /// Where the page is.
    ///
    /// # Errors
    /// `no-page` while there is none.
    pub fn page(&self) -> Result<PageAt, Told> {
        let none = || {
            let remedy = "leave `page_port` out of config.toml or give one that is free, then start the daemon again";
            Told::not_ready("no-page", "this daemon serves no page, or not yet", remedy)
        };
        let port = self.page.get().ok_or_else(none)?;
        Ok(PageAt { url: format!("http://127.0.0.1:{port}/") })
    }

    /// What guards reading.
    #[must_use]
    pub fn lock(&self) -> &Lock {
        &self.lock
    }

    /// A gauge for work on files, to be looked at under this name while it is held.
    #[must_use]
    pub fn gauge(&self, name: Option<String>) -> Held {
        self.gauges.hold(name)
    }

    /// How far the work under this name is: bytes done, and all of them.
    ///
    /// # Errors
    /// `unknown-gauge` when it is over, or was never begun.
    pub fn gauged(&self, name: &str) -> Result<(u64, u64), Told> {
        let none = || Told::refused("unknown-gauge", "no such work goes on", "look at the documents instead");
        self.gauges.read(name).ok_or_else(none)
    }

    /// `lock`: nobody reads any more, and what was read is in memory no more.
    ///
    /// # Errors
    /// What the disk says; reading is locked all the same.
    pub async fn lock_reading(&self) -> Result<Locked, Told> {
        self.lock.lock();
        self.core.call(Node::forget_read).await?;
        Ok(Locked { locked: true })
    }

    /// `unlock`.
    ///
    /// # Errors
    /// `wrong-passphrase`, or what the vault says.
    pub async fn unlock(&self, passphrase: Zeroizing<String>) -> Result<Locked, Told> {
        self.core.call(move |node| node.check_passphrase(&passphrase)).await?;
        self.lock.unlock();
        Ok(Locked { locked: false })
    }

    /// `resend`, and rings the bell.
    ///
    /// # Errors
    /// As [`Node::resend`](super::Node::resend).
    pub async fn resend(&self, agency: AgencyId) -> Result<Resend, Told> {
        let sent = self.core.call(move |node| node.resend(&agency)).await?;
        self.bell.notify_one();
        Ok(sent)
    }

    /// How often something has changed through the link since the daemon began.
    pub(crate) fn changes_seen(&self) -> u64 {
        *self.changes.borrow()
    }

    /// The core thread.
    #[must_use]
    pub const fn core(&self) -> &Core {
        &self.core
    }

    /// How the link stands.
    #[must_use]
    pub fn relay(&self) -> RelayState {
        self.relay.borrow().clone()
    }

    /// `status`, with the link as it is.
    ///
    /// # Errors
    /// As [`Node::status_page`](super::Node::status_page).
    pub async fn status(&self, message: Option<String>, page: Page) -> Result<Status, Told> {
        let mut status = self.core.call(move |node| node.status_page(message.as_deref(), page)).await?;
        status.daemon = true;
        status.relay = RelayState { address: self.relay().address.or(status.relay.address), ..self.relay() };
        status.registry.standing = doctor::stands(&status.registry.standing, &status.relay).to_owned();
        let waits = self.core.call(|node| node.not_at_the_relay()).await?;
        let waiting = notices::turned_away(status.relay.reason.as_deref(), waits);
        status.notices.extend(waiting.map(|note| note.to_string()));
        Ok(if self.lock.is_locked() { status.behind_the_lock() } else { status })
    }

    /// What stands above every page that a person looks at, with the link as it is.
    ///
    /// # Errors
    /// What the vault says.
    pub(crate) async fn warned(&self) -> Result<Warned, Told> {
        let relay = self.relay();
        let reason = relay.reason.clone();
        let mut warned = self
            .core
            .call(move |node| {
                let mut warned = node.warned()?;
                warned.notices.extend(notices::turned_away(reason.as_deref(), node.not_at_the_relay()?));
                Ok(warned)
            })
            .await?;
        warned.relay = relay;
        if self.lock.is_locked() && !warned.alarms.is_empty() {
            warned.alarms = vec![Note::AlarmsLocked { count: Count::of(warned.alarms.len()) }];
        }
        Ok(warned)
    }

    /// `send`, and rings the bell.
    ///
    /// # Errors
    /// As [`Node::send_by`](super::Node::send_by).
    pub async fn send(
        &self,
        to: AgencyId,
        referral: Vec<u8>,
        key: Option<String>,
        by: Option<String>,
    ) -> Result<Sent, Told> {
        let send = move |node: &mut Node| node.send_by(&to, &referral, key.as_deref(), by.as_deref());
        let mut sent = self.once_settled(send).await?;
        sent.daemon = true;
        self.bell.notify_one();
        Ok(sent)
    }

    /// An act that may have queued something, and rings the bell.
    ///
    /// # Errors
    /// What the act says.
    pub async fn acting<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Node) -> Result<T, Told> + Send + 'static,
    ) -> Result<T, Told> {
        let done = self.core.call(job).await?;
        self.bell.notify_one();
        Ok(done)
    }

    /// `key rotate` and `key succeed`, and rings the bell.
    ///
    /// # Errors
    /// As [`Node::renew_keys`](super::Node::renew_keys).
    pub async fn renew_keys(&self, yes: Yes, paper: Paper) -> Result<Keys, Told> {
        let keys = self.core.call(move |node| node.renew_keys(&yes, paper)).await?;
        self.bell.notify_one();
        Ok(keys)
    }

    /// `key rotate-tls`, and rings the bell.
    ///
    /// # Errors
    /// As [`Node::renew_tls`](super::Node::renew_tls).
    pub async fn renew_tls(&self) -> Result<Keys, Told> {
        let keys = self.core.call(|node| node.renew_tls()).await?;
        self.bell.notify_one();
        Ok(keys)
    }

    /// `send-again`, and rings the bell.
    ///
    /// # Errors
    /// As [`Node::send_again`](super::Node::send_again).
    pub async fn send_again(&self, message: String) -> Result<Sent, Told> {
        let mut sent = self.core.call(move |node| node.send_again(&message)).await?;
        sent.daemon = true;
        self.bell.notify_one();
        Ok(sent)
    }

    /// Does what names an agency. A daemon that has just started may not have the registry's newest entries yet: while it is at that, an
    /// agency that is not there is looked for again.
    async fn once_settled<T: Send + 'static>(
        &self,
        job: impl Fn(&mut Node) -> Result<T, Told> + Send + Sync + 'static,
    ) -> Result<T, Told> {
        let (job, began) = (Arc::new(job), Instant::now());
        let mut changes = self.changes.clone();
        loop {
            changes.mark_unchanged();
            let again = Arc::clone(&job);
            let (done, settled) = self.core.call(move |node| Ok((again(node), node.is_settled_in()))).await?;
            let unknown = done.as_ref().is_err_and(|told| told.code == "unknown-agency");
            let coming = !settled && matches!(self.relay().state.as_str(), "connected" | "connecting");
            let left = SETTLING.saturating_sub(began.elapsed());
            if !unknown || !coming || left.is_zero() {
                return done;
            }
            timeout(left.min(LOOK_AGAIN), changes.changed()).await.ok();
        }
    }

    /// `ping`: queues one, and waits at most `wait` for its verified receipt.
    ///
    /// # Errors
    /// As [`Node::ping`](super::Node::ping).
    ///
    /// # Cancel safety
    /// A dropped future leaves the ping under way.
    pub async fn ping(&self, to: AgencyId, wait: Duration) -> Result<Pinged, Told> {
        let began = Instant::now();
        let mut changes = self.changes.clone();
        changes.mark_unchanged();
        let agency = to.to_string();
        let message_id = self.once_settled(move |node| node.ping(&to)).await?;
        self.bell.notify_one();
        let mut pinged = Pinged { agency, message_id, state: "queued".to_owned(), round_trip_ms: None, reason: None };
        let until = began.checked_add(wait).unwrap_or(began);
        loop {
            let asked = pinged.message_id.clone();
            let entry = self.core.call(move |node| node.outgoing(&asked)).await?;
            entry.state.as_str().clone_into(&mut pinged.state);
            pinged.reason = entry.reason.or(entry.last_error);
            match entry.state {
                OutboxState::Delivered => {
                    pinged.round_trip_ms = u64::try_from(began.elapsed().as_millis()).ok();
                    return Ok(pinged);
                }
                OutboxState::Failed | OutboxState::Expired => return Ok(pinged),
                OutboxState::Queued | OutboxState::Sealed | OutboxState::RelayAccepted => {}
            }
            let left = until.saturating_duration_since(Instant::now());
            // Not every change rings: what fails before it is sent is seen at the next look.
            if left.is_zero() || matches!(timeout(left.min(LOOK_AGAIN), changes.changed()).await, Ok(Err(_))) {
                return Ok(pinged);
            }
        }
    }

    /// `doctor`, with the link as it is.
    ///
    /// # Errors
    /// When the core thread has ended.
    pub async fn doctor(&self) -> Result<Doctor, Told> {
        let relay = self.relay();
        let found = self.core.call(move |node| Ok(doctor::with_daemon(node, &relay))).await?;
        Ok(if self.lock.is_locked() { found.behind_the_lock() } else { found })
    }
}
