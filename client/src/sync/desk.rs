//! Questions and answers over one connection, for who asks one thing at a time: enrolment, and finding out which key the
//! home relay has before the registry is here.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
    time::Duration,
};

use safeconduct_certs::{
    authority::root::RootFile,
    link::{Alpn, Dialer, ExpectedRelay, LinkError, TlsKey},
    registry::Registry,
};
use safeconduct_protocol::{
    frame::{Frame, Head},
    limits::REGISTRY_PAGE_MAX,
    session::client::{Ask, End, Event, Input, Opening, Ticket},
    time::{Clock, Timestamp},
};

use super::wire::{Over, Wire};
use crate::error::Told;

/// Leaves that a registry may have here: a hundred times the largest country.
const LEAVES_MAX: u64 = 500_000;

/// Time for a whole registry: a relay that hands it out more slowly is of no use.
const HANDOUT_MAX: Duration = Duration::from_secs(600);

/// Pages that are asked for ahead: 16 of 96 KiB are 1.5 MiB.
const PAGES_AHEAD: usize = 16;

/// A connection that is authenticated and asked one thing at a time.
pub struct Desk {
    wire: Wire,
    next: u64,
    answers: BTreeMap<Ticket, Frame>,
    relay_now: Timestamp,
}

/// A registry as a relay hands it out. Its leaves follow the rules under the root file; whether they are the log's is not
/// known before the head is accepted.
pub struct Handout {
    /// The leaves, replayed.
    pub registry: Registry,
    /// The head that they lead to.
    pub head: Head,
}

/// Leaves that are judged together at most: with more at once a processor's work is done on all.
const TOGETHER: usize = 1_600;

/// A handout on its way. Leaves are judged as soon as there are as many as were found sound before, and no more pages are on their
/// way than a few, so that who has no key of the authority cannot fill this node's memory.
struct Pages {
    registry: Registry,
    /// Leaves that have come and are not judged yet.
    waiting: Vec<Vec<u8>>,
}

impl Pages {
    const fn new(registry: Registry) -> Self {
        Self { registry, waiting: Vec::new() }
    }

    fn next(&self) -> u64 {
        self.registry.size().saturating_add(u64::try_from(self.waiting.len()).unwrap_or(u64::MAX))
    }

    /// Takes a page; whether the head is reached, and all is judged.
    fn take(&mut self, from: u64, page: Vec<Vec<u8>>, head: &Head) -> Result<bool, Told> {
        if from != self.next() || head.size > LEAVES_MAX {
            return Err(gaps());
        }
        let is_empty = page.is_empty();
        self.waiting.extend(page);
        let reached = self.next() == head.size;
        let judged = usize::try_from(self.registry.size()).unwrap_or(usize::MAX);
        if reached || self.waiting.len() >= judged.min(TOGETHER) {
            self.registry.extend(&core::mem::take(&mut self.waiting)).map_err(|error| {
                Told::tampering("registry-refused", error.to_string(), "do not go on: phone your authority")
            })?;
        }
        if reached {
            return Ok(true);
        }
        if is_empty || self.next() > head.size { Err(gaps()) } else { Ok(false) }
    }
}

fn gaps() -> Told {
    Over::Session(End::Broken("registry pages with gaps")).into()
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
        let wire = Wire::open(link, opening, clock);
        let mut desk = Self { wire, next: 0, answers: BTreeMap::new(), relay_now: Timestamp(0) };
        desk.relay_now =
            desk.wait(|event| if let Event::Up { relay_now, .. } = event { Some(relay_now) } else { None }).await?;
        Ok(desk)
    }

    /// SPKI hash of the key that the relay proved on this connection.
    #[must_use]
    pub const fn peer(&self) -> Option<[u8; 32]> {
        self.wire.relay_key()
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
        let ticket = self.begin(ask);
        self.end(ticket).await
    }

    fn begin(&mut self, ask: Ask) -> Ticket {
        self.next = self.next.saturating_add(1);
        let ticket = Ticket(self.next);
        self.wire.input(Input::Ask(ticket, ask));
        ticket
    }

    /// Waits for the answer to one question; answers to others, no more than were asked, wait their turn.
    async fn end(&mut self, ticket: Ticket) -> Result<Frame, Over> {
        loop {
            if let Some(frame) = self.answers.remove(&ticket) {
                return Ok(frame);
            }
            let answered = self.wait(|event| match event {
                Event::Answered(answered, frame) => Some((answered, frame)),
                Event::Up { .. }
                | Event::Deliver { .. }
                | Event::SlotItem { .. }
                | Event::Head(_)
                | Event::Ended { .. }
                | _ => None,
            });
            let (answered, frame) = answered.await?;
            self.answers.insert(answered, frame);
        }
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

    /// The whole log as this relay has it, judged under `root` as it comes.
    ///
    /// # Errors
    /// As [`Desk::ask`]; `registry-refused` for a leaf that breaks the rules; also when the relay's pages do not follow each
    /// other, or take too long.
    pub async fn registry(&mut self, root: RootFile) -> Result<Handout, Told> {
        let silent = |_late| Over::Session(End::Silent("the whole registry"));
        tokio::time::timeout(HANDOUT_MAX, self.pages(root)).await.map_err(silent)?
    }

    async fn pages(&mut self, root: RootFile) -> Result<Handout, Told> {
        let mut pages = Pages::new(Registry::new(root));
        let page = u64::try_from(REGISTRY_PAGE_MAX).unwrap_or(1);
        let mut asked = VecDeque::from([(0, self.begin(Ask::RegistryFetch { from: 0 }))]);
        let mut most = PAGES_AHEAD;
        while let Some((_, ticket)) = asked.pop_front() {
            let Frame::RegistryPage { from, leaves, head, .. } = self.end(ticket).await? else {
                return Err(Over::Link(LinkError::Lost).into());
            };
            if pages.take(from, leaves.into_iter().map(|leaf| leaf.into_vec()).collect(), &head)? {
                return Ok(Handout { registry: pages.registry, head });
            }
            // Full pages are of one length, so it is known where the next begin. A relay that makes them shorter is asked for
            // one after the other.
            if asked.front().is_some_and(|(from, _)| *from != pages.next()) {
                for (_, ticket) in asked.drain(..) {
                    self.end(ticket).await?;
                }
                most = 1;
            }
            let mut from = asked.back().map_or_else(|| pages.next(), |(from, _)| from.saturating_add(page));
            while asked.len() < most && from < head.size {
                asked.push_back((from, self.begin(Ask::RegistryFetch { from })));
                from = from.saturating_add(page);
            }
        }
        Err(gaps())
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

#[cfg(test)]
mod tests {
    use safeconduct_certs::node::Exercise;

    use super::*;
    use crate::testing::{NOW, World};

    fn world() -> (World, Pages) {
        let mut world = World::new(8);
        world.node(Exercise::No);
        let pages = Pages::new(Registry::new(world.root()));
        (world, pages)
    }

    #[test]
    fn genuine_pages_lead_to_their_head() {
        let (world, mut pages) = world();
        let (leaves, head) = (world.leaves(0), world.head(NOW));
        assert!(!pages.take(0, leaves[..1].to_vec(), &head).unwrap());
        assert!(pages.take(1, leaves[1..].to_vec(), &head).unwrap());
        assert!(pages.registry.accept_head(&head, NOW).is_ok());
    }

    #[test]
    fn the_first_leaf_that_the_authority_did_not_sign_ends_the_handout() {
        let (world, mut pages) = world();
        let head = Head { size: u64::from(u16::MAX), ..world.head(NOW) };
        let junk = vec![vec![0_u8; 128 * 1024]];
        assert_eq!(pages.take(0, junk, &head).err().unwrap().code, "registry-refused");
        let genuine = world.leaves(0);
        assert!(!pages.take(0, genuine.clone(), &head).unwrap());
        assert_eq!(pages.take(2, genuine.clone(), &head).err().unwrap().code, "registry-refused");
        assert_eq!(pages.next(), 2);
    }

    #[test]
    fn pages_that_do_not_follow_each_other_are_refused() {
        let (world, mut pages) = world();
        let (leaves, head) = (world.leaves(0), world.head(NOW));
        assert!(pages.take(1, leaves[1..].to_vec(), &head).is_err());
        assert!(pages.take(0, Vec::new(), &head).is_err());
        let endless = Head { size: LEAVES_MAX + 1, ..head.clone() };
        assert!(pages.take(0, leaves.clone(), &endless).is_err());
        assert!(pages.take(0, leaves.clone(), &Head { size: 1, ..head }).is_err());
    }
}
