//! One connection: two lanes of bytes, in order, each with its delays, and an end that each side learns of at its own time.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use safeconduct_certs::link::{LinkError, Pipe, pipe::Waiting};
use safeconduct_protocol::frame::Goodbye;
use tokio::{
    sync::Notify,
    time::{Instant, timeout_at},
};

use crate::{dice::Dice, net::Who, watch::Watch};

/// Bytes that one direction takes before they are read: as the relay's transport has it.
const WINDOW_BYTES: usize = 512 * 1024;

/// Which end.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Side {
    /// Who dialled.
    Node,
    Relay,
}

impl Side {
    pub(crate) const fn other(self) -> Self {
        match self {
            Self::Node => Self::Relay,
            Self::Relay => Self::Node,
        }
    }
}

/// Bytes on their way to one end.
#[derive(Default)]
struct Lane {
    queue: VecDeque<(Instant, Vec<u8>)>,
    last: Option<Instant>,
    bytes: usize,
    /// When this end learns that the connection is over, and why.
    end: Option<(Instant, LinkError)>,
}

impl Lane {
    /// The connection is over for whoever reads here, at that time; a sooner end stays.
    fn end_at(&mut self, at: Instant, why: LinkError) {
        if self.end.is_none_or(|(sooner, _)| at < sooner) {
            self.end = Some((at, why));
        }
    }
}

#[derive(Default)]
struct Lanes {
    to_node: Lane,
    to_relay: Lane,
    /// The machine that is not there any more: it says nothing.
    gone: Option<Side>,
}

impl Lanes {
    fn to(&mut self, side: Side) -> &mut Lane {
        match side {
            Side::Node => &mut self.to_node,
            Side::Relay => &mut self.to_relay,
        }
    }
}

/// Woken when something changes for one end.
#[derive(Default)]
struct Bell {
    reader: Notify,
    writer: Notify,
}

pub(crate) struct Conn {
    pub(crate) id: u64,
    pub(crate) who: Who,
    pub(crate) relay: usize,
    dice: Dice,
    slow_ms: u64,
    watch: Watch,
    lanes: Mutex<Lanes>,
    node: Bell,
    relay_bell: Bell,
}

impl Conn {
    pub(crate) fn new(id: u64, who: Who, relay: usize, dice: Dice, slow_ms: u64, watch: Watch) -> Self {
        let (lanes, node, relay_bell) = Default::default();
        Self { id, who, relay, dice, slow_ms, watch, lanes, node, relay_bell }
    }

    fn lanes(&self) -> MutexGuard<'_, Lanes> {
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    const fn bell(&self, side: Side) -> &Bell {
        match side {
            Side::Node => &self.node,
            Side::Relay => &self.relay_bell,
        }
    }

    fn ring(&self) {
        for bell in [&self.node, &self.relay_bell] {
            bell.reader.notify_one();
            bell.writer.notify_one();
        }
    }

    /// One machine is gone; the other gets what is on its way, and notices then.
    pub(crate) fn vanish(&self, gone: Side, late: Duration) {
        let now = Instant::now();
        let mut lanes = self.lanes();
        lanes.gone = Some(gone);
        lanes.to(gone).end_at(now, LinkError::Lost);
        lanes.to(gone.other()).end_at(now + late, LinkError::Unreachable);
        drop(lanes);
        self.ring();
    }

    /// The connection breaks, for each end at its time. What is on its way until then arrives.
    pub(crate) fn cut(&self, node: Duration, relay: Duration) {
        self.end(node, relay, LinkError::Lost);
    }

    fn end(&self, node: Duration, relay: Duration, why: LinkError) {
        let now = Instant::now();
        let mut lanes = self.lanes();
        lanes.to_node.end_at(now + node, why);
        lanes.to_relay.end_at(now + relay, why);
        drop(lanes);
        self.ring();
    }

    /// What is on its way is lost.
    pub(crate) fn lose_flight(&self) {
        let mut lanes = self.lanes();
        for side in [Side::Node, Side::Relay] {
            let lane = lanes.to(side);
            lane.queue.clear();
            lane.bytes = 0;
        }
    }

    /// Nothing arrives for so long.
    pub(crate) fn hold(&self, time: Duration) {
        let until = Instant::now() + time;
        let mut lanes = self.lanes();
        for side in [Side::Node, Side::Relay] {
            let lane = lanes.to(side);
            for (due, _) in &mut lane.queue {
                *due = (*due).max(until);
            }
            lane.last = Some(lane.last.map_or(until, |last| last.max(until)));
        }
    }

    /// Puts bytes on their way to `side`, behind what is on its way already.
    fn push(&self, side: Side, after: Duration, bytes: Vec<u8>) {
        let delay = self.dice.millis(1, 60).saturating_add(Duration::from_millis(self.slow_ms)).saturating_add(after);
        let mut lanes = self.lanes();
        let lane = lanes.to(side);
        let due = (Instant::now() + delay).max(lane.last.unwrap_or_else(Instant::now));
        lane.last = Some(due);
        lane.bytes = lane.bytes.saturating_add(bytes.len());
        // A stream is bytes: what is one frame here may come in two pieces.
        if bytes.len() > 1 && self.dice.in_thousand(100) {
            let at = self.dice.index(bytes.len());
            let rest = bytes.get(at..).unwrap_or_default().to_vec();
            lane.queue.push_back((due, bytes.get(..at).unwrap_or_default().to_vec()));
            let later = due + self.dice.millis(1, 40);
            lane.last = Some(later);
            lane.queue.push_back((later, rest));
        } else {
            lane.queue.push_back((due, bytes));
        }
        drop(lanes);
        self.bell(side).reader.notify_one();
    }

    fn over(&self, side: Side) -> Option<LinkError> {
        let now = Instant::now();
        self.lanes().to(side).end.filter(|(at, _)| *at <= now).map(|(_, why)| why)
    }
}

/// One end of a connection.
pub(crate) struct End {
    conn: Arc<Conn>,
    side: Side,
}

impl End {
    pub(crate) fn new(conn: &Arc<Conn>, side: Side) -> Self {
        Self { conn: Arc::clone(conn), side }
    }

    async fn put(&self, frames: Vec<Vec<u8>>) -> Result<(), LinkError> {
        for frame in frames {
            if let Some(why) = self.conn.over(self.side) {
                return Err(why);
            }
            for (after, bytes) in self.conn.watch.passes(&self.conn, self.side, frame) {
                self.conn.push(self.side.other(), after, bytes);
            }
        }
        while self.conn.lanes().to(self.side.other()).bytes > WINDOW_BYTES {
            if let Some(why) = self.conn.over(self.side) {
                return Err(why);
            }
            self.conn.bell(self.side).writer.notified().await;
        }
        Ok(())
    }

    async fn take(&self) -> Result<Vec<u8>, LinkError> {
        let bell = self.conn.bell(self.side);
        loop {
            let next = {
                let now = Instant::now();
                let mut lanes = self.conn.lanes();
                let lane = lanes.to(self.side);
                if lane.end.is_some_and(|(at, _)| at <= now) {
                    return Err(lane.end.map_or(LinkError::Lost, |(_, why)| why));
                }
                let due = lane.queue.front().map(|(due, _)| *due);
                if due.is_some_and(|due| due <= now)
                    && let Some((_, bytes)) = lane.queue.pop_front()
                {
                    lane.bytes = lane.bytes.saturating_sub(bytes.len());
                    drop(lanes);
                    self.conn.bell(self.side.other()).writer.notify_one();
                    if bytes.is_empty() {
                        continue;
                    }
                    return Ok(bytes);
                }
                [due, lane.end.map(|(at, _)| at)].into_iter().flatten().min()
            };
            match next {
                Some(at) => drop(timeout_at(at, bell.reader.notified()).await),
                None => bell.reader.notified().await,
            }
        }
    }

    async fn drained(&self) {
        while !self.conn.lanes().to(self.side.other()).queue.is_empty() && self.conn.over(self.side).is_none() {
            self.conn.bell(self.side).writer.notified().await;
        }
    }
}

impl Pipe for End {
    fn write(&self, frames: Vec<Vec<u8>>) -> Waiting<'_, Result<(), LinkError>> {
        Box::pin(self.put(frames))
    }

    fn read(&self) -> Waiting<'_, Result<Vec<u8>, LinkError>> {
        Box::pin(self.take())
    }

    fn finish(&self) -> Waiting<'_, ()> {
        Box::pin(self.drained())
    }

    fn close(&self, reason: Goodbye) {
        let now = Instant::now();
        let later = now + self.conn.dice.millis(1, 60);
        let mut lanes = self.conn.lanes();
        if lanes.gone == Some(self.side) {
            return;
        }
        lanes.to(self.side).end_at(now, LinkError::Lost);
        lanes.to(self.side.other()).end_at(later, LinkError::Closed(reason));
        drop(lanes);
        self.conn.ring();
    }

    fn why(&self) -> LinkError {
        self.conn.over(self.side).unwrap_or(LinkError::Lost)
    }
}

impl Drop for End {
    fn drop(&mut self) {
        let now = Instant::now();
        let later = now + self.conn.dice.millis(1, 60);
        let mut lanes = self.conn.lanes();
        if lanes.gone == Some(self.side) {
            return;
        }
        lanes.to(self.side).end_at(now, LinkError::Lost);
        lanes.to(self.side.other()).end_at(later, LinkError::Lost);
        drop(lanes);
        self.conn.ring();
    }
}
