//! The way in: accepts connections, within bounds, and gives each its task.

use std::{net::IpAddr, sync::Arc};

use quinn::{Endpoint, Incoming};
use safeconduct_certs::link::{self, Alpn, Link, LinkError};
use safeconduct_protocol::frame::Goodbye;
use tokio_util::task::TaskTracker;
use tracing::debug;

use crate::{
    config::Admission,
    gate::{Arrivals, Gate, Place, network},
    limits::{ENROLLING_MAX, ENROLLING_PER_ADDRESS_MAX, UNPROVEN_PER_ADDRESS_MAX},
    metrics, serve,
    shared::Shared,
};

/// Part of all handshakes from which on a newcomer must first show that its address is its own.
const TRUSTED_SHARE: usize = 4;

/// Accepts until the relay stops.
pub(crate) async fn accept(shared: Arc<Shared>, admission: Admission, endpoint: Endpoint, tasks: TaskTracker) {
    let handshakes = Gate::new("handshake", admission.handshakes, admission.handshakes_per_address);
    let connections = Gate::new("all", admission.connections, admission.connections_per_address);
    let inside = Inside {
        enrolling: Gate::new("enrolling", ENROLLING_MAX, ENROLLING_PER_ADDRESS_MAX),
        nodes: Gate::new("node", admission.connections, admission.connections_per_node),
    };
    let trusted = admission.handshakes.checked_div(TRUSTED_SHARE).unwrap_or_default();
    let arrivals = Arrivals::new(admission.connect_burst, admission.connects_per_s);
    loop {
        let incoming = tokio::select! {
            incoming = endpoint.accept() => incoming,
            () = shared.stop.cancelled() => None,
        };
        let Some(incoming) = incoming else { return };
        let address = network(incoming.remote_address().ip());
        let now = shared.clock.now();
        // Whoever writes another's address on what he sends gets none of that one's places beyond a few.
        if !incoming.remote_address_validated()
            && (handshakes.count() >= trusted
                || handshakes.count_of(&address) >= UNPROVEN_PER_ADDRESS_MAX
                || arrivals.is_half_used(address, now))
        {
            incoming.retry().ok();
            continue;
        }
        if !arrivals.take(address, now) {
            metrics::connection_refused("too-often");
            incoming.refuse();
            continue;
        }
        let (Some(shaking), Some(place)) = (handshakes.enter(address), connections.enter(address)) else {
            metrics::connection_refused("busy");
            incoming.refuse();
            continue;
        };
        let (shared, inside) = (Arc::clone(&shared), inside.clone());
        tasks.spawn(async move {
            let link = accept_one(incoming, &shared).await;
            drop(shaking);
            let Some(link) = link else { return };
            match inside.enter(address, &link) {
                Ok(places) => {
                    serve::connection(shared, link).await;
                    drop((places, place));
                }
                Err((reason, why)) => {
                    metrics::connection_refused(why);
                    link.closer().close(reason);
                }
            }
        });
    }
}

async fn accept_one(incoming: Incoming, shared: &Shared) -> Option<Link> {
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

/// What is counted once it is known who comes.
#[derive(Clone)]
struct Inside {
    /// Whoever shows no key gets fewer places, so that nodes always find one.
    enrolling: Gate<IpAddr>,
    /// By the key that was shown.
    nodes: Gate<[u8; 32]>,
}

/// A place of one of the two kinds, until it is dropped.
enum Places {
    Enrolling(#[expect(dead_code, reason = "held, not looked at")] Place<IpAddr>),
    Node(#[expect(dead_code, reason = "held, not looked at")] Place<[u8; 32]>),
}

impl Inside {
    /// Or why not, for the peer and for the operator.
    fn enter(&self, address: IpAddr, link: &Link) -> Result<Places, (Goodbye, &'static str)> {
        match (link.alpn(), link.peer()) {
            (Alpn::Enrol, _) => self.enrolling.enter(address).map(Places::Enrolling).ok_or((Goodbye::Busy, "busy")),
            (Alpn::Node | Alpn::Authority, Some(key)) => {
                self.nodes.enter(key).map(Places::Node).ok_or((Goodbye::Busy, "node"))
            }
            (Alpn::Node | Alpn::Authority, None) => Err((Goodbye::NotRegistered, "no-key")),
        }
    }
}
