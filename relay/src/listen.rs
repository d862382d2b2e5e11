//! The way in: accepts connections, within bounds, and gives each its task.

use std::{
    collections::BTreeMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
};

use quinn::{Endpoint, Incoming};
use safeconduct_certs::link::{self, Alpn, LinkError};
use tokio_util::task::TaskTracker;
use tracing::debug;

use crate::{
    config::Admission,
    limits::{ENROLLING_MAX, ENROLLING_PER_ADDRESS_MAX, HANDSHAKES_MAX},
    metrics, serve,
    shared::Shared,
};

/// From this many handshakes on, a newcomer must first show that its address is its own.
const HANDSHAKES_TRUSTED: usize = HANDSHAKES_MAX / 4;

/// Accepts until the relay stops.
pub(crate) async fn accept(shared: Arc<Shared>, admission: Admission, endpoint: Endpoint, tasks: TaskTracker) {
    let (handshakes, connections, enrolling) = (
        Gate::new(HANDSHAKES_MAX, HANDSHAKES_MAX),
        Gate::new(admission.connections, admission.connections_per_address),
        Gate::new(ENROLLING_MAX, ENROLLING_PER_ADDRESS_MAX),
    );
    loop {
        let incoming = tokio::select! {
            incoming = endpoint.accept() => incoming,
            () = shared.stop.cancelled() => None,
        };
        let Some(incoming) = incoming else { return };
        let address = incoming.remote_address().ip();
        if handshakes.count() >= HANDSHAKES_TRUSTED && !incoming.remote_address_validated() {
            incoming.retry().ok();
            continue;
        }
        let (Some(shaking), Some(place)) = (handshakes.enter(address), connections.enter(address)) else {
            metrics::connection_refused("busy");
            incoming.refuse();
            continue;
        };
        let (shared, enrolling) = (Arc::clone(&shared), enrolling.clone());
        tasks.spawn(async move {
            let link = accept_one(incoming, &shared).await;
            drop(shaking);
            let Some(link) = link else { return };
            // Whoever shows no key gets fewer places, so that nodes always find one.
            let enrolment = match link.alpn() {
                Alpn::Enrol => match enrolling.enter(address) {
                    Some(enrolment) => Some(enrolment),
                    None => {
                        metrics::connection_refused("busy");
                        return link.closer().close(safeconduct_protocol::frame::Goodbye::Busy);
                    }
                },
                Alpn::Node | Alpn::Authority => None,
            };
            serve::connection(shared, link).await;
            drop((enrolment, place));
        });
    }
}

async fn accept_one(incoming: Incoming, shared: &Shared) -> Option<link::Link> {
    let accepted = tokio::select! {
        accepted = link::accept(incoming) => accepted,
        () = shared.stop.cancelled() => Err(LinkError::Lost),
    };
    accepted
        .inspect_err(|error| {
            metrics::connection_refused("handshake");
            debug!(event = "handshake-failed", "{error}");
        })
        .ok()
}

/// Counts what is inside, in all and from each address.
#[derive(Clone)]
struct Gate {
    inside: Arc<Mutex<Inside>>,
    most: usize,
    most_of_one: usize,
}

#[derive(Default)]
struct Inside {
    all: usize,
    by_address: BTreeMap<IpAddr, usize>,
}

impl Gate {
    fn new(most: usize, most_of_one: usize) -> Self {
        Self { inside: Arc::default(), most, most_of_one }
    }

    fn count(&self) -> usize {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner).all
    }

    /// A place inside, until it is dropped.
    fn enter(&self, address: IpAddr) -> Option<Place> {
        let address = network(address);
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        let of_one = inside.by_address.get(&address).copied().unwrap_or_default();
        if inside.all >= self.most || of_one >= self.most_of_one {
            return None;
        }
        inside.all = inside.all.saturating_add(1);
        inside.by_address.insert(address, of_one.saturating_add(1));
        Some(Place { inside: Arc::clone(&self.inside), address })
    }
}

/// One IPv6 customer holds a whole /64.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
        v4 => v4,
    }
}

struct Place {
    inside: Arc<Mutex<Inside>>,
    address: IpAddr,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        inside.all = inside.all.saturating_sub(1);
        let left = inside.by_address.get(&self.address).copied().unwrap_or_default().saturating_sub(1);
        if left == 0 {
            inside.by_address.remove(&self.address);
        } else {
            inside.by_address.insert(self.address, left);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gate_holds_so_many_in_all_and_so_many_of_one_address() {
        let gate = Gate::new(3, 2);
        let (one, other) = ([192, 0, 2, 1].into(), [192, 0, 2, 2].into());
        let (first, second) = (gate.enter(one), gate.enter(one));

        assert!(gate.enter(one).is_none());
        let third = gate.enter(other);
        assert!(third.is_some() && gate.enter(other).is_none());
        drop(first);
        assert!(gate.enter(other).is_some());

        drop((second, third));
        assert_eq!(gate.count(), 0);
        assert!(gate.inside.lock().unwrap().by_address.is_empty());
    }

    #[test]
    fn addresses_of_one_ipv6_network_count_together() {
        let gate = Gate::new(3, 1);
        let _place = gate.enter("2001:db8::1".parse().unwrap());

        assert!(gate.enter("2001:db8::2".parse().unwrap()).is_none());
        assert!(gate.enter("2001:db8:0:1::2".parse().unwrap()).is_some());
    }
}
