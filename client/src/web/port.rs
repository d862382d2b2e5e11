//! Where the page listens: a port of this node's own, so that its address can be kept among a browser's marks.

use std::{net::Ipv4Addr, time::Duration};

use safeconduct_protocol::id::NodeId;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::log::event;

/// The least of the ports from which a node takes its own: below those that systems give to whoever asks for any.
const OWN_MIN: u16 = 17_000;
/// How many there are.
const OWN_COUNT: u16 = 2_000;
/// Ports that are tried after a node's own.
const TRIES: u16 = 32;
/// How long until a port that another program has is tried again.
const TRY_AGAIN: Duration = Duration::from_secs(10);

/// The port that a node listens on unless its configuration names one: the same at each start.
#[must_use]
pub(crate) fn own(node: &NodeId) -> u16 {
    let [first, second, ..] = node.as_bytes();
    let offset = u16::from_be_bytes([*first, *second]).checked_rem(OWN_COUNT).unwrap_or_default();
    OWN_MIN.saturating_add(offset)
}

/// A listener at the configured port, waited for while another program has it; else at the node's own or one of the next.
pub(crate) async fn listen(node: &NodeId, configured: Option<u16>, stop: &CancellationToken) -> Option<TcpListener> {
    let tried: Vec<u16> = match configured {
        Some(0) => return None,
        Some(port) => vec![port],
        None => (0..TRIES).map(|step| own(node).saturating_add(step)).collect(),
    };
    let mut told = false;
    loop {
        for port in &tried {
            match TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).await {
                Ok(listener) => return Some(listener),
                Err(error) if !told => tracing::error!(event = event::PAGE_PORT_TAKEN, port, kind = %error.kind()),
                Err(_as_before) => {}
            }
        }
        told = true;
        tokio::select! {
            () = tokio::time::sleep(TRY_AGAIN) => {}
            () = stop.cancelled() => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_has_a_port_of_its_own_that_stays() {
        let (first, second) = (NodeId::from_bytes([1; 32]), NodeId::from_bytes([2; 32]));
        assert_eq!(own(&first), own(&first));
        assert_ne!(own(&first), own(&second));
        for byte in 0..=255 {
            assert!((OWN_MIN..OWN_MIN + OWN_COUNT).contains(&own(&NodeId::from_bytes([byte; 32]))));
        }
    }

    #[test]
    fn a_port_that_is_taken_is_passed_over_and_none_is_none() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (node, stop) = (NodeId::from_bytes([3; 32]), CancellationToken::new());
            let first = listen(&node, None, &stop).await.unwrap();
            let second = listen(&node, None, &stop).await.unwrap();
            assert_ne!(first.local_addr().unwrap().port(), second.local_addr().unwrap().port());
            assert!(listen(&node, Some(0), &stop).await.is_none());
            let taken = first.local_addr().unwrap().port();
            stop.cancel();
            assert!(listen(&node, Some(taken), &stop).await.is_none(), "it was stopped while it waited");
        });
    }
}
