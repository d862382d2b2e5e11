//! A UDP hop between nodes and relay: writes down every datagram, counts them, and can drop or delay some.

use std::collections::BTreeMap;
use std::net::{SocketAddr, UdpSocket};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::error::WorldError;

/// How often a blocked read looks whether it should end.
const TICK: Duration = Duration::from_millis(50);
/// The largest datagram.
const DATAGRAM_BYTES_MAX: usize = 65_536;

/// The running hop. It ends when dropped.
pub struct Capture {
    front: SocketAddr,
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<()>>,
}

struct Shared {
    relay: SocketAddr,
    over: AtomicBool,
    datagrams: AtomicU64,
    /// Every n-th datagram is lost; 0: none.
    drop_every: AtomicU64,
    /// Each datagram is held this long.
    delay_ms: AtomicU64,
    seen: Mutex<Vec<u8>>,
}

impl Capture {
    /// Listens on `front` and hands on to `relay`.
    ///
    /// # Errors
    /// The address cannot be had.
    pub fn start(front: SocketAddr, relay: SocketAddr) -> Result<Self, WorldError> {
        let io = |source| WorldError::Io { act: "listen on", path: front.to_string().into(), source };
        let socket = Arc::new(UdpSocket::bind(front).map_err(io)?);
        socket.set_read_timeout(Some(TICK)).map_err(io)?;
        let shared = Arc::new(Shared {
            relay,
            over: AtomicBool::new(false),
            datagrams: AtomicU64::new(0),
            drop_every: AtomicU64::new(0),
            delay_ms: AtomicU64::new(0),
            seen: Mutex::new(Vec::new()),
        });
        let mine = Arc::clone(&shared);
        let thread = std::thread::spawn(move || forward(&socket, &mine));
        Ok(Self { front, shared, threads: vec![thread] })
    }

    /// Where nodes connect.
    #[must_use]
    pub const fn front(&self) -> SocketAddr {
        self.front
    }

    /// Datagrams so far, both ways.
    #[must_use]
    pub fn datagrams(&self) -> u64 {
        self.shared.datagrams.load(Ordering::Relaxed)
    }

    /// Loses every `n`-th datagram from now on; 0 loses none.
    pub fn drop_every(&self, n: u64) {
        self.shared.drop_every.store(n, Ordering::Relaxed);
    }

    /// Holds each datagram this long from now on.
    pub fn delay_ms(&self, ms: u64) {
        self.shared.delay_ms.store(ms, Ordering::Relaxed);
    }

    /// All payloads so far, one after the other.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        self.shared.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Writes all payloads to a file.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write_to(&self, path: &Path) -> Result<(), WorldError> {
        std::fs::write(path, self.bytes()).map_err(WorldError::io("write", path))
    }
}

impl Drop for Capture {
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            thread.join().ok();
        }
    }
}

/// The way in: one upstream socket for each node, so that the relay sees them apart.
fn forward(front: &Arc<UdpSocket>, shared: &Arc<Shared>) {
    let mut upstreams: BTreeMap<SocketAddr, Arc<UdpSocket>> = BTreeMap::new();
    let mut returns = Vec::new();
    let mut buffer = vec![0_u8; DATAGRAM_BYTES_MAX];
    while !shared.over.load(Ordering::Relaxed) {
        let Ok((length, node)) = front.recv_from(&mut buffer) else { continue };
        let datagram = buffer.get(..length).unwrap_or_default();
        let upstream = match upstreams.get(&node) {
            Some(known) => Arc::clone(known),
            None => {
                let Ok(made) = upstream_to(shared.relay) else { continue };
                let (upstream, front, shared) = (Arc::clone(&made), Arc::clone(front), Arc::clone(shared));
                returns.push(std::thread::spawn(move || give_back(&upstream, &front, node, &shared)));
                upstreams.insert(node, Arc::clone(&made));
                made
            }
        };
        if shared.pass(datagram) {
            // A relay that is down loses it, as a network would.
            upstream.send(datagram).ok();
        }
    }
    for thread in returns {
        thread.join().ok();
    }
}

fn upstream_to(relay: SocketAddr) -> std::io::Result<Arc<UdpSocket>> {
    let socket = UdpSocket::bind(("127.0.0.1", 0))?;
    socket.connect(relay)?;
    socket.set_read_timeout(Some(TICK))?;
    Ok(Arc::new(socket))
}

/// The way back, for one node.
fn give_back(upstream: &UdpSocket, front: &UdpSocket, node: SocketAddr, shared: &Shared) {
    let mut buffer = vec![0_u8; DATAGRAM_BYTES_MAX];
    while !shared.over.load(Ordering::Relaxed) {
        let Ok(length) = upstream.recv(&mut buffer) else { continue };
        let datagram = buffer.get(..length).unwrap_or_default();
        if shared.pass(datagram) {
            front.send_to(datagram, node).ok();
        }
    }
}

impl Shared {
    /// Writes a datagram down; false when it is to be lost.
    fn pass(&self, datagram: &[u8]) -> bool {
        let number = self.datagrams.fetch_add(1, Ordering::Relaxed) + 1;
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(datagram);
        let delay = self.delay_ms.load(Ordering::Relaxed);
        if delay > 0 {
            crate::wait::hold(delay);
        }
        number.checked_rem(self.drop_every.load(Ordering::Relaxed)) != Some(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passes_is_written_down_and_handed_on_both_ways() {
        let relay = UdpSocket::bind(("127.0.0.1", 0)).unwrap();
        let front = UdpSocket::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap();
        let capture = Capture::start(front, relay.local_addr().unwrap()).unwrap();
        let node = UdpSocket::bind(("127.0.0.1", 0)).unwrap();
        node.set_read_timeout(Some(Duration::from_secs(5))).unwrap();

        node.send_to(b"there", capture.front()).unwrap();
        let mut buffer = [0; 16];
        let (length, from) = relay.recv_from(&mut buffer).unwrap();
        assert_eq!(&buffer[..length], b"there");
        relay.send_to(b"back", from).unwrap();
        let length = node.recv(&mut buffer).unwrap();

        assert_eq!(&buffer[..length], b"back");
        assert_eq!(capture.bytes(), b"thereback");
        assert_eq!(capture.datagrams(), 2);
    }
}
