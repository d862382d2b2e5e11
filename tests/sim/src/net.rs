//! The network: who can be dialled, with what delay, and what is broken. In place of QUIC's handshake stands what it is for: the
//! relay's key against the one that is pinned, the node's key against those that the relay lets in.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Duration,
};

use safeconduct_certs::link::{Alpn, Dials, ExpectedRelay, Link, LinkError, TlsKey, pipe::Waiting};
use safeconduct_relay::bare::Bare;
use tokio::time::sleep;

use crate::{
    dice::Dice,
    pipe::{Conn, End, Side},
    story::Story,
    watch::Watch,
};

/// A machine that dials: a node by its place, or somebody else.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Who {
    /// Of the node at this place.
    Node(usize),
    Authority,
    /// The node that is played by an attacker.
    Mallory,
}

/// Longest time until an end notices that the other is gone: QUIC's idle time.
pub(crate) const IDLE_MS: u64 = 60_000;
/// How long a handshake is waited for.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// The network; a clone is the same.
#[derive(Clone)]
pub(crate) struct Net(Arc<Mutex<Inner>>);

struct Inner {
    dice: Dice,
    story: Story,
    watch: Watch,
    /// By address.
    doors: BTreeMap<String, Door>,
    conns: Vec<Weak<Conn>>,
    conns_ever: u64,
    /// Which runs of nodes are alive: a crashed one reaches nobody.
    runs: BTreeMap<usize, u64>,
    /// Pairs of node and relay between which nothing passes.
    apart: Vec<(usize, usize)>,
    /// Milliseconds that each chunk takes beside the usual, of slow nodes.
    slow: BTreeMap<usize, u64>,
    honest: bool,
}

struct Door {
    relay: usize,
    tls_spki: [u8; 32],
    /// None while the relay is down.
    bare: Option<Weak<Bare>>,
}

impl Net {
    pub(crate) fn new(dice: Dice, story: Story, watch: Watch) -> Self {
        Self(Arc::new(Mutex::new(Inner {
            dice,
            story,
            watch,
            doors: BTreeMap::new(),
            conns: Vec::new(),
            conns_ever: 0,
            runs: BTreeMap::new(),
            apart: Vec::new(),
            slow: BTreeMap::new(),
            honest: false,
        })))
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A relay can be reached from now on.
    pub(crate) fn open_door(&self, address: &str, relay: usize, tls_spki: [u8; 32], bare: &Arc<Bare>) {
        let door = Door { relay, tls_spki, bare: Some(Arc::downgrade(bare)) };
        self.inner().doors.insert(address.to_owned(), door);
    }

    /// A relay has gone: nobody tells its peers.
    pub(crate) fn close_door(&self, relay: usize) {
        for door in self.inner().doors.values_mut().filter(|door| door.relay == relay) {
            door.bare = None;
        }
        self.silence(Side::Relay, |conn| conn.relay == relay);
    }

    /// A node begins to run; what it dials with.
    pub(crate) fn begin_run(&self, node: usize) -> NodeDials {
        let mut inner = self.inner();
        let run = inner.runs.entry(node).or_default();
        *run = run.saturating_add(1);
        NodeDials { net: self.clone(), node, run: *run }
    }

    /// A node's run is over: nobody tells its peers.
    pub(crate) fn end_run(&self, node: usize) {
        let mut inner = self.inner();
        let run = inner.runs.entry(node).or_default();
        *run = run.saturating_add(1);
        drop(inner);
        self.silence(Side::Node, |conn| conn.who == Who::Node(node));
    }

    fn conns(&self, wanted: impl Fn(&Conn) -> bool) -> Vec<Arc<Conn>> {
        let mut inner = self.inner();
        inner.conns.retain(|conn| conn.strong_count() > 0);
        inner.conns.iter().filter_map(Weak::upgrade).filter(|conn| wanted(conn)).collect()
    }

    /// One machine of these connections is gone. The other end notices late, if it does not ask.
    fn silence(&self, gone: Side, wanted: impl Fn(&Conn) -> bool) {
        for conn in self.conns(wanted) {
            let late = self.inner().dice.millis(100, IDLE_MS);
            conn.vanish(gone, late);
        }
    }

    /// Breaks connections of a node, if it has any; each end notices at its own time. Whether there was one.
    pub(crate) fn cut(&self, node: usize) -> bool {
        let conns = self.conns(|conn| conn.who == Who::Node(node));
        for conn in &conns {
            let dice = self.inner().dice.clone();
            let soon = |dice: &Dice| if dice.in_thousand(700) { 0 } else { dice.within(1, 20_000) };
            conn.cut(Duration::from_millis(soon(&dice)), Duration::from_millis(soon(&dice)));
        }
        !conns.is_empty()
    }

    /// Nothing passes between a node and a relay for so long. Connections outlive what is shorter than their idle time.
    pub(crate) fn part(&self, node: usize, relay: usize, time: Duration) {
        self.inner().apart.push((node, relay));
        for conn in self.conns(|conn| conn.who == Who::Node(node) && conn.relay == relay) {
            if time < Duration::from_millis(IDLE_MS) {
                conn.hold(time);
            } else {
                let dice = self.inner().dice.clone();
                conn.cut(dice.millis(30_000, IDLE_MS), dice.millis(30_000, IDLE_MS));
                conn.lose_flight();
            }
        }
    }

    /// They reach each other again.
    pub(crate) fn join(&self, node: usize, relay: usize) {
        let mut inner = self.inner();
        if let Some(place) = inner.apart.iter().position(|pair| *pair == (node, relay)) {
            inner.apart.swap_remove(place);
        }
    }

    /// Makes everything of a node slow, by so many milliseconds a chunk; 0 for as fast as others.
    pub(crate) fn slow(&self, node: usize, ms: u64) {
        self.inner().slow.insert(node, ms);
    }

    /// From now on everything is reached, and fast.
    pub(crate) fn heal(&self) {
        let mut inner = self.inner();
        inner.apart.clear();
        inner.slow.clear();
        inner.honest = true;
    }

    /// Makes the connection to a relay.
    pub(crate) async fn dial(
        &self,
        who: Who,
        run: Option<u64>,
        address: &str,
        expected: ExpectedRelay,
        key: Option<&TlsKey>,
        alpn: Alpn,
    ) -> Result<Link, LinkError> {
        let delay = self.inner().dice.millis(5, 120);
        sleep(delay).await;
        if self.is_apart(who, run, address) {
            sleep(HANDSHAKE).await;
            return Err(LinkError::Unreachable);
        }
        let mut inner = self.inner();
        let Some(door) = inner.doors.get(address) else { return Err(LinkError::Unresolved) };
        let (relay, tls_spki) = (door.relay, door.tls_spki);
        let Some(bare) = door.bare.as_ref().and_then(Weak::upgrade) else { return Err(LinkError::Unreachable) };
        if matches!(expected, ExpectedRelay::Pinned(pinned) if pinned != tls_spki) {
            return Err(LinkError::WrongRelay);
        }
        let peer = match (alpn, key) {
            (Alpn::Enrol, _) => None,
            (Alpn::Node | Alpn::Authority, Some(key)) if bare.lets_in(&key.spki_hash()) => Some(key.spki_hash()),
            (Alpn::Node | Alpn::Authority, _) => return Err(LinkError::KeyRefused),
        };
        inner.conns_ever = inner.conns_ever.saturating_add(1);
        inner.story.count("connections");
        let slow = if let Who::Node(node) = who { inner.slow.get(&node).copied().unwrap_or_default() } else { 0 };
        let conn = Arc::new(Conn::new(inner.conns_ever, who, relay, inner.dice.clone(), slow, inner.watch.clone()));
        inner.conns.push(Arc::downgrade(&conn));
        let there = Link::over(Arc::new(End::new(&conn, Side::Relay)), alpn, peer);
        let here = Link::over(Arc::new(End::new(&conn, Side::Node)), alpn, Some(tls_spki));
        drop(tokio::spawn(bare.connection(there)));
        Ok(here)
    }

    fn is_apart(&self, who: Who, run: Option<u64>, address: &str) -> bool {
        let inner = self.inner();
        let Who::Node(node) = who else { return false };
        let gone = run.is_some_and(|run| inner.runs.get(&node) != Some(&run));
        let door = inner.doors.get(address);
        gone || door.is_some_and(|door| inner.apart.contains(&(node, door.relay)))
    }
}

/// How one run of a node dials.
pub(crate) struct NodeDials {
    net: Net,
    node: usize,
    run: u64,
}

impl Dials for NodeDials {
    fn dial<'a>(
        &'a self,
        address: &'a str,
        expected: ExpectedRelay,
        key: Option<&'a TlsKey>,
        alpn: Alpn,
    ) -> Waiting<'a, Result<Link, LinkError>> {
        Box::pin(self.net.dial(Who::Node(self.node), Some(self.run), address, expected, key, alpn))
    }
}
