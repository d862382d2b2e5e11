//! Questions and answers over one connection, for who asks one thing at a time: enrolment, and finding out which key the
//! home relay has before the registry is here.

use std::sync::Arc;

use safeconduct_certs::link::{Alpn, Dialer, ExpectedRelay, LinkError, TlsKey};
use safeconduct_protocol::{
    frame::{Frame, Head},
    session::client::{Ask, Event, Input, Opening, Ticket},
    time::{Clock, Timestamp},
};

use super::wire::{Over, Wire};

/// Leaves that a registry may have here: a hundred times the largest country.
const LEAVES_MAX: usize = 500_000;

/// A connection that is authenticated and asked one thing at a time.
pub struct Desk {
    wire: Wire,
    peer: Option<[u8; 32]>,
    next: u64,
    relay_now: Timestamp,
}

/// A registry as a relay hands it out: nothing in it is believed yet.
pub struct Handout {
    /// Leaves from 0 on.
    pub leaves: Vec<Vec<u8>>,
    /// The head that they lead to.
    pub head: Head,
}

impl Desk {
    /// Connects and waits for the relay's welcome.
    ///
    /// # Errors
    /// Why there is no session.
    pub async fn open(
        dialer: &Dialer,
        address: &str,
        expected: ExpectedRelay,
        key: Option<&TlsKey>,
        opening: Opening,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, Over> {
        let alpn = match opening {
            Opening::Enrolling => Alpn::Enrol,
            Opening::Authority => Alpn::Authority,
            Opening::Node { .. } | _ => Alpn::Node,
        };
        let link = dialer.connect(address, expected, key, alpn).await.map_err(Over::Link)?;
        let peer = link.peer();
        let mut desk = Self { wire: Wire::open(link, opening, clock), peer, next: 0, relay_now: Timestamp(0) };
        desk.relay_now =
            desk.wait(|event| if let Event::Up { relay_now, .. } = event { Some(relay_now) } else { None }).await?;
        Ok(desk)
    }

    /// SPKI hash of the key that the relay proved on this connection.
    #[must_use]
    pub const fn peer(&self) -> Option<[u8; 32]> {
        self.peer
    }

    /// The relay's clock at its welcome.
    #[must_use]
    pub const fn relay_now(&self) -> Timestamp {
        self.relay_now
    }

    /// Asks, and waits for the answer: a frame of the kind that the question takes.
    ///
    /// # Errors
    /// Why the connection ended first; the session bounds the wait.
    pub async fn ask(&mut self, ask: Ask) -> Result<Frame, Over> {
        self.next = self.next.saturating_add(1);
        let ticket = Ticket(self.next);
        self.wire.input(Input::Ask(ticket, ask));
        self.wait(|event| match event {
            Event::Answered(answered, frame) if answered == ticket => Some(frame),
            Event::Answered(..)
            | Event::Up { .. }
            | Event::Deliver { .. }
            | Event::SlotItem { .. }
            | Event::Head(_)
            | Event::Ended { .. }
            | _ => None,
        })
        .await
    }

    /// The authority's root file as this relay has it.
    ///
    /// # Errors
    /// As [`Desk::ask`].
    pub async fn root(&mut self) -> Result<Vec<u8>, Over> {
        let Frame::Root { root, .. } = self.ask(Ask::RootFetch).await? else {
            return Err(Over::Link(LinkError::Lost));
        };
        Ok(root.into_vec())
    }

    /// The whole log as this relay has it.
    ///
    /// # Errors
    /// As [`Desk::ask`]; also when the relay's pages do not follow each other.
    pub async fn registry(&mut self) -> Result<Handout, Over> {
        let mut leaves: Vec<Vec<u8>> = Vec::new();
        loop {
            let from = u64::try_from(leaves.len()).unwrap_or(u64::MAX);
            let Frame::RegistryPage { from: at, leaves: page, head, .. } =
                self.ask(Ask::RegistryFetch { from }).await?
            else {
                return Err(Over::Link(LinkError::Lost));
            };
            let empty = page.is_empty();
            leaves.extend(page.into_iter().map(|leaf| leaf.into_vec()));
            let held = u64::try_from(leaves.len()).unwrap_or(u64::MAX);
            if held == head.size && at == from {
                return Ok(Handout { leaves, head });
            }
            if empty || at != from || held > head.size || leaves.len() > LEAVES_MAX {
                return Err(Over::Session(safeconduct_protocol::session::client::End::Broken(
                    "registry pages with gaps",
                )));
            }
        }
    }

    /// Says goodbye and closes.
    pub async fn close(mut self) {
        self.wire.input(Input::Stop);
        self.wire.close().await;
    }

    async fn wait<T>(&mut self, wanted: impl Fn(Event) -> Option<T>) -> Result<T, Over> {
        loop {
            while let Some(event) = self.wire.event() {
                if let Some(wanted) = wanted(event) {
                    return Ok(wanted);
                }
            }
            if let Some((over, _)) = self.wire.over() {
                return Err(over);
            }
            self.wire.turn().await;
        }
    }
}
