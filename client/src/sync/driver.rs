//! What an authenticated session does: first the registry, then slots and prekeys, then what waits in the outbox; and at any
//! time what the relay delivers. The vault decides everything; this only carries.

mod answers;
mod level;
#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::Arc,
    time::Duration,
};

use safeconduct_protocol::{
    frame::Head,
    id::{EnvelopeDigest, MessageId},
    limits::REGISTRY_PAGE_MAX,
    session::client::{Ask, Event, Input, Ticket},
    time::Timestamp,
};
use tokio::time::{Instant, MissedTickBehavior, interval, interval_at};
use tokio_util::sync::CancellationToken;

use super::{Ended, Next, Sync, transfer::Carrier, wire::Wire};
use crate::{
    daemon::{Unwatched, Watch, work::Work},
    doctor::CLOCK_SLACK_S,
    error::Told,
    log::event,
    registry::Authority,
};

/// The outbox is looked through at least this often, for what has become due.
const LOOK: Duration = Duration::from_secs(1);

/// After deliveries the relay is asked for leaves that this node lacks, once in this time at most.
const ASK_FOR_LEAVES: Duration = Duration::from_secs(60);

/// With more slots open than one connection may watch, each connection is for some of them, for so long.
const WATCH_TURN: Duration = Duration::from_secs(600);

/// Where a change of this node's keys stands is asked once in this time.
const ASK_FOR_CHANGE: Duration = Duration::from_secs(60);

/// Messages under way at once; their answers make room for the next.
const UNDER_WAY_MAX: usize = 48;

/// Pages of the registry that are asked for ahead: on a long line the answers come one after the other, and not each a round
/// trip later. They are of one length, so it is known where each begins; 16 of 96 KiB are 1.5 MiB.
const PAGES_AHEAD: u64 = 16;

/// Envelopes that are stored together, at most.
const TOGETHER_MAX: usize = 32;

/// A page of the registry that came before the one that is wanted.
struct Page {
    from: u64,
    leaves: Vec<Vec<u8>>,
    records: Vec<Vec<u8>>,
    head: Head,
}

/// What a ticket was for.
enum Pending {
    /// A page of the registry, from this leaf on.
    Page(u64),
    ForeignPage(Authority),
    /// Which head the relay keeps of this node.
    Head,
    /// A head was put.
    HeadPut,
    Stock,
    Publish(Vec<Vec<u8>>),
    Prekey(MessageId),
    Submit(MessageId, EnvelopeDigest),
    Change,
}

/// Errors after which only a person can go on.
fn is_final(told: &Told) -> bool {
    matches!(told.code.as_str(), "vault-rolled-back" | "vault-cloned")
}

/// How far the registry copy is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Registry {
    /// Pages are on their way.
    Behind,
    /// As large as the relay's.
    Level,
}

/// One session at work.
pub(super) struct Driver<'a> {
    sync: &'a mut Sync,
    /// Documents beside the session; none outlives it.
    carrier: Carrier,
    wire: Wire,
    pending: BTreeMap<Ticket, Pending>,
    under_way: BTreeSet<MessageId>,
    next_ticket: u64,
    settlements: Vec<Vec<u8>>,
    unwatched: Unwatched,
    began: Instant,
    /// This connection ends for a new one as soon as nothing is under way.
    renewing: bool,
    /// This node's mailbox is at another relay now.
    moved: bool,
    registry: Registry,
    /// The head that the relay keeps of this node was found to be no newer than the vault: before that nothing is sent or taken.
    head_fits: bool,
    /// What came before the registry copy was level; as much as was granted, at most.
    early: VecDeque<Event>,
    /// Envelopes that have come and are not stored yet; fewer than [`TOGETHER_MAX`].
    deliveries: Vec<Vec<u8>>,
    /// The newest head that the relay has told of.
    newest: Head,
    /// Pages that came before the one that is wanted, by their first leaf; no more than are asked for ahead.
    ahead: BTreeMap<u64, Page>,
    /// The first leaf that is wanted.
    wanted: u64,
    /// How many are asked for: one, once the relay has made a page shorter than it could be.
    pages_ahead: u64,
    /// Leaves of the last page, as long as which the next are taken to be.
    stride: u64,
    /// When leaves were asked for because something was delivered.
    asked: Option<Instant>,
    /// Something was delivered since leaves were asked for.
    unasked: bool,
    /// Something was delivered since the last tick.
    came: bool,
    look_now: bool,
    /// When it was asked where a change of this node's keys stands.
    change_asked: Option<Instant>,
    /// Slots wait for room.
    look_at_slots: bool,
    up: bool,
}

impl<'a> Driver<'a> {
    pub(super) fn new(sync: &'a mut Sync, wire: Wire) -> Self {
        let carrier = Carrier::new(wire.transfers(), sync.core.clone(), Arc::clone(&sync.clock), sync.away);
        Self {
            sync,
            carrier,
            wire,
            pending: BTreeMap::new(),
            under_way: BTreeSet::new(),
            next_ticket: 0,
            settlements: Vec::new(),
            unwatched: Unwatched::None,
            began: Instant::now(),
            renewing: false,
            moved: false,
            registry: Registry::Behind,
            head_fits: false,
            early: VecDeque::new(),
            deliveries: Vec::new(),
            newest: Head::default(),
            ahead: BTreeMap::new(),
            wanted: 0,
            pages_ahead: PAGES_AHEAD,
            stride: u64::try_from(REGISTRY_PAGE_MAX).unwrap_or(1),
            asked: None,
            unasked: false,
            came: false,
            look_now: false,
            change_asked: None,
            look_at_slots: false,
            up: false,
        }
    }

    /// Runs until the session ends or `stop`.
    pub(super) async fn run(mut self, stop: &CancellationToken) -> Ended {
        let tick = Duration::from_millis(self.sync.config.settle_tick_ms);
        let mut settle = interval_at(Instant::now() + tick, tick);
        let mut look = interval(LOOK);
        settle.set_missed_tick_behavior(MissedTickBehavior::Delay);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            if let Err(told) = self.work().await {
                tracing::error!(event = event::CORE_FAILED, reason = %told.code);
                let was_up = self.up;
                self.wire.input(Input::Stop);
                self.wire.close().await;
                let next = if is_final(&told) { Next::Never } else { Next::Paused };
                return Ended { told, retry_after_s: 1, was_up, next };
            }
            if let Some((over, retry_after_s)) = self.wire.over() {
                let (was_up, renewing, moved) = (self.up, self.renewing, self.moved);
                self.wire.close().await;
                if moved {
                    return Ended::moved();
                }
                return Ended::of(over, retry_after_s, was_up).renewed_if(renewing);
            }
            let bell = Arc::clone(&self.sync.reports.bell);
            // The ticks before the wire, so that a relay that floods keeps no settlement back: each is due again only some time after it was
            // heard. The bell behind it: whoever hands in without a pause rings without a pause, and would keep all of it from leaving. By a
            // flood a relay keeps the bell from being heard, and then the look, a second later at most, finds what was handed in.
            tokio::select! {
                biased;
                () = stop.cancelled() => {
                    self.settle();
                    self.wire.input(Input::Stop);
                }
                _instant = settle.tick() => {
                    self.settle();
                    self.renew();
                }
                _instant = look.tick() => (self.look_now, self.look_at_slots) = (true, self.unwatched != Unwatched::None),
                () = self.carrier.ended() => self.look_now = true,
                () = self.wire.turn() => {}
                () = bell.notified() => (self.look_now, self.change_asked) = (true, None),
            }
        }
    }

    /// Everything that can be done without waiting for the relay.
    async fn work(&mut self) -> Result<(), Told> {
        self.take_events().await?;
        for _frame in 0..TOGETHER_MAX {
            if self.deliveries.is_empty() || !self.has_more().await {
                break;
            }
            self.take_events().await?;
        }
        self.store().await?;
        if self.look_now && self.up && !self.renewing && self.wire.over().is_none() {
            self.look_now = false;
            if self.registry == Registry::Behind {
                return self.level().await;
            }
            self.upkeep().await?;
            self.look().await?;
            self.carrier.look(!self.under_way.is_empty()).await?;
        }
        Ok(())
    }

    /// Whether something has come that can be taken without waiting.
    async fn has_more(&mut self) -> bool {
        if self.wire.over().is_some() {
            return false;
        }
        tokio::select! {
            biased;
            () = self.wire.turn() => true,
            () = core::future::ready(()) => false,
        }
    }

    /// Everything that the wire has told.
    async fn take_events(&mut self) -> Result<(), Told> {
        while let Some(event) = self.wire.event() {
            // A sender may be revoked in the part of the registry that is still on its way.
            if self.registry == Registry::Behind && matches!(event, Event::Deliver { .. } | Event::SlotItem { .. }) {
                self.early.push_back(event);
            } else {
                self.on(event).await?;
            }
        }
        while self.registry == Registry::Level
            && let Some(event) = self.early.pop_front()
        {
            self.on(event).await?;
        }
        Ok(())
    }

    async fn on(&mut self, event: Event) -> Result<(), Told> {
        if !matches!(event, Event::Deliver { .. }) {
            // In the order in which they came.
            self.store().await?;
        }
        match event {
            Event::Up { relay_now, head, .. } => {
                let away = self.sync.away;
                self.sync
                    .core
                    .call(move |node| {
                        node.begin_session(away);
                        Ok(())
                    })
                    .await?;
                self.welcomed(relay_now);
                if away.is_some() {
                    // The registry comes from home.
                    self.registry = Registry::Level;
                    self.look_now = true;
                    return self.watch_anew().await;
                }
                self.newest = head;
                self.ask(Pending::Head, Ask::NodeHeadPut { head: Vec::new() });
                Ok(())
            }
            Event::Head(head) if self.sync.away.is_none() => {
                self.newest = head;
                self.level().await
            }
            Event::ForeignHead { authority, head } if self.sync.away.is_none() => {
                self.foreign_level(authority, head).await
            }
            Event::Deliver { envelope, .. } => self.deliver(envelope).await,
            Event::SlotItem { slot, seq, kind, item } => {
                let drop_with = self.sync.core.call(move |node| node.slot_item(slot, kind, &item)).await?;
                if let Some(secret) = drop_with {
                    self.wire.input(Input::DropItem { secret, seq });
                }
                tracing::info!(event = event::SLOT_PROCESSED, slot = %slot.short());
                self.processed();
                Ok(())
            }
            Event::Answered(ticket, frame) => match self.pending.remove(&ticket) {
                Some(pending) => self.answered(pending, frame).await,
                None => Ok(()),
            },
            Event::Ended { .. } | _ => Ok(()),
        }
    }

    fn welcomed(&mut self, relay_now: Timestamp) {
        self.up = true;
        if self.sync.away.is_some() {
            tracing::info!(event = event::CONNECTED);
            return;
        }
        let now = self.sync.clock.now();
        let ahead = i64::try_from(relay_now.since(now)).unwrap_or(i64::MAX);
        let behind = i64::try_from(now.since(relay_now)).unwrap_or(i64::MAX);
        let difference = ahead.saturating_sub(behind);
        self.sync.report(|relay| {
            "connected".clone_into(&mut relay.state);
            relay.since = Some(now.0);
            relay.reason = None;
            relay.last_error = None;
            relay.remedy = None;
            relay.clock_ahead_s = Some(difference);
        });
        tracing::info!(event = event::CONNECTED);
        if difference.unsigned_abs() > CLOCK_SLACK_S {
            tracing::warn!(event = event::CLOCK, relay_ahead_s = difference);
        }
    }

    /// Watches the slots that this session does not watch yet. When a new connection would watch more of them, this one comes to
    /// its end.
    async fn watch_anew(&mut self) -> Result<(), Told> {
        let away = self.sync.away;
        let Watch { secrets, unwatched } = self.sync.core.call(move |node| node.watches(away)).await?;
        if !secrets.is_empty() {
            self.wire.input(Input::Watch(secrets));
        }
        self.renewing |= match unwatched {
            Unwatched::None => false,
            Unwatched::LaterTurn => self.began.elapsed() >= WATCH_TURN,
            Unwatched::NewConnection => true,
        };
        self.unwatched = unwatched;
        Ok(())
    }

    /// At the tick: nothing waits for an answer any more, so the connection can be let go for a new one.
    fn renew(&mut self) {
        if self.renewing && self.pending.is_empty() {
            self.wire.input(Input::Stop);
        }
    }

    async fn upkeep(&mut self) -> Result<(), Told> {
        let by_others = self.sync.away.is_none() && self.sync.core.call(|node| Ok(node.reply_slot_waits())).await?;
        if core::mem::take(&mut self.look_at_slots) || by_others {
            self.watch_anew().await?;
        }
        let asked = self.pending.values().any(|pending| matches!(pending, Pending::Stock | Pending::Publish(_)));
        if self.sync.away.is_some() {
            return Ok(());
        }
        if !asked && self.wire.room() > 0 && self.sync.core.call(|node| node.prekeys_due()).await? {
            self.ask(Pending::Stock, Ask::PrekeyStock);
        }
        let putting = self.pending.values().any(|pending| matches!(pending, Pending::HeadPut));
        if !putting && self.wire.room() > 0 && self.sync.core.call(|node| node.head_due()).await? {
            let head = self.sync.core.call(|node| node.next_head()).await?;
            self.ask(Pending::HeadPut, Ask::NodeHeadPut { head });
        }
        self.put_change().await
    }

    /// Puts the request for a change of this node's own keys before the authority, or asks where it stands.
    async fn put_change(&mut self) -> Result<(), Told> {
        let lately = self.change_asked.is_some_and(|at| at.elapsed() < ASK_FOR_CHANGE);
        let asked = self.pending.values().any(|pending| matches!(pending, Pending::Change));
        if lately || asked || self.wire.room() == 0 {
            return Ok(());
        }
        self.change_asked = Some(Instant::now());
        if let Some(request) = self.sync.core.call(|node| node.change_to_put()).await? {
            self.ask(Pending::Change, Ask::ChangePut { request });
        }
        Ok(())
    }

    /// Takes what is due from the outbox, as far as there is room.
    async fn look(&mut self) -> Result<(), Told> {
        let room = self.wire.room().min(UNDER_WAY_MAX.saturating_sub(self.under_way.len()));
        if room == 0 {
            return Ok(());
        }
        let (under_way, away) = (self.under_way.clone(), self.sync.away);
        let due = move |node: &mut crate::daemon::Node| {
            let owed = if away.is_none() { node.owed() } else { Vec::new() };
            Ok((node.due(away, room, &under_way)?, owed))
        };
        let (works, owed) = self.sync.core.call(due).await?;
        self.settlements.extend(owed);
        for work in works {
            self.start(work);
        }
        Ok(())
    }

    fn start(&mut self, work: Work) {
        match work {
            Work::Fetch { message, request, node } => {
                self.under_way.insert(message);
                self.ask(Pending::Prekey(message), Ask::PrekeyFetch { request, node });
            }
            Work::Submit { message, digest, envelope } => {
                self.under_way.insert(message);
                self.ask(Pending::Submit(message, digest), Ask::Submit { envelope });
            }
        }
    }

    fn ask(&mut self, pending: Pending, ask: Ask) {
        self.next_ticket = self.next_ticket.saturating_add(1);
        let ticket = Ticket(self.next_ticket);
        self.pending.insert(ticket, pending);
        self.wire.input(Input::Ask(ticket, ask));
    }

    /// An envelope waits for those that come with it, so that the disk is waited for once.
    async fn deliver(&mut self, envelope: Vec<u8>) -> Result<(), Told> {
        self.deliveries.push(envelope);
        if self.deliveries.len() >= TOGETHER_MAX { self.store().await } else { Ok(()) }
    }

    /// Stores the envelopes that have come: nothing of what became of them is told before all of them are durable.
    async fn store(&mut self) -> Result<(), Told> {
        let envelopes = core::mem::take(&mut self.deliveries);
        if envelopes.is_empty() {
            return Ok(());
        }
        let count = envelopes.len();
        let settlements = self.sync.core.call(move |node| node.receive_all(&envelopes)).await?;
        self.settlements.extend(settlements);
        (0..count).for_each(|_one| self.processed());
        Ok(())
    }

    /// One delivery is done with. What became of it shows nowhere outside before the tick: not in its credit, nor in what this
    /// node asks or sends next.
    fn processed(&mut self) {
        self.wire.input(Input::Processed(1));
        (self.came, self.unasked) = (true, true);
        self.changed();
    }

    /// The tick: sends its settlements, drops and credit, and then what deliveries give cause for.
    fn settle(&mut self) {
        if self.wire.over().is_some() {
            return;
        }
        let settlements = core::mem::take(&mut self.settlements);
        if !settlements.is_empty() {
            tracing::info!(event = event::SETTLED, count = settlements.len());
        }
        self.wire.input(Input::Settle(settlements));
        self.look_now |= core::mem::take(&mut self.came);
        self.ask_for_leaves();
    }

    /// A message may name a newer registry than this node's, or come from a node that only a newer one names. So leaves are asked
    /// for after deliveries: whatever became of them, so that the question says nothing, and now and then.
    fn ask_for_leaves(&mut self) {
        if self.sync.away.is_some() {
            return;
        }
        let lately = self.asked.is_some_and(|at| at.elapsed() < ASK_FOR_LEAVES);
        if self.unasked && !lately && !self.renewing && self.registry == Registry::Level {
            self.unasked = false;
            self.asked = Some(Instant::now());
            self.fetch_pages(self.newest.size, self.newest.size);
        }
    }

    fn changed(&self) {
        self.sync.reports.changes.send_modify(|count| *count = count.wrapping_add(1));
    }
}
