//! One connection: drives the sans-IO session, gives its events to the modules that answer them, and sends what they
//! say. What a peer does wrong ends its own connection and nothing else.

mod authority;
mod hello;
mod transfers;

use std::{
    collections::{BTreeMap, VecDeque},
    future,
    sync::Arc,
    time::Duration,
};

use safeconduct_certs::{
    link::{Alpn, FrameReceiver, Link, LinkError, Transfer},
    registry::Registry,
};
#[cfg(feature = "planted")]
use safeconduct_protocol::planted;
use safeconduct_protocol::{
    frame::{Frame, Goodbye},
    id::NodeId,
    session::{
        Action,
        relay::{End, Event, Input, Peer, RelaySession},
    },
    slot::SlotSecret,
};
use tokio::{
    sync::mpsc::{self, error::TrySendError},
    task::JoinSet,
    time::{Interval, interval, timeout},
};
use tracing::{debug, info};

use self::transfers::Carrying;
use crate::{
    authority::Publishing,
    changes,
    deliver::Deliveries,
    enrol,
    feed::Snapshot,
    foreign::Publisher,
    heads,
    ingest::{self, Admitted, Stored},
    limits::{ANSWERS_AT_ONCE, DELIVER_PAGE, ENROLLING_ANSWERS_AT_ONCE, ENROLLING_S, SEND_QUEUE_MAX},
    live::Wake,
    metrics,
    newest::Following,
    pages::{self, Records},
    prekeys,
    send::{Outgoing, STALLED, write},
    settle,
    shared::Shared,
    standing::Standing,
    store::committer::Source,
};

/// Seconds until a relay without registry may have one.
const RETRY_NO_REGISTRY_S: u32 = 30;

/// Receipts signed before others get their turn: about a quarter of a millisecond.
const SIGNED_AT_ONCE: usize = 16;

/// Waits for the disk's word about the first. Cancel safe: what it says is given out at once.
async fn first_stored(submits: &mut VecDeque<Admitted>) -> Stored {
    match submits.front_mut() {
        Some(first) => first.stored().await,
        None => future::pending().await,
    }
}

/// Serves one connection to its end.
pub(crate) async fn connection(shared: Arc<Shared>, link: Link) {
    let (peer, protocol) = match link.alpn() {
        Alpn::Node => (Peer::Node, "node"),
        Alpn::Authority => (Peer::Authority, "authority"),
        Alpn::Enrol => (Peer::Enrolling, "enrol"),
    };
    let spki = link.peer();
    let (closer, carrying) = (link.closer(), Carrying::new(link.transfers()));
    let (sender, mut receiver) = link.split();
    receiver.expect_within(shared.frame_within);
    let (outgoing, queue) = mpsc::channel(SEND_QUEUE_MAX);
    let session = RelaySession::new(peer, shared.clock.now());
    let newest = shared.feed.follow();
    let driver = Driver {
        peer,
        protocol,
        spki,
        session,
        outgoing,
        newest,
        answers: JoinSet::new(),
        submits: VecDeque::new(),
        out: Vec::new(),
        wake: Arc::new(Wake::default()),
        node: None,
        publisher: None,
        publishing: Publishing::new(&shared),
        carrying,
        up: false,
        seconds: 0,
        shared,
    };
    // The writer goes on after the driver until the last word is out.
    tokio::join!(write(sender, queue, closer), driver.run(receiver));
}

/// What a session of a node has beside its frames.
struct NodeSession {
    id: u64,
    node: NodeId,
    standing: Standing,
    deliveries: Deliveries,
    /// What it was told of our log and of the others: those very copies.
    told: Arc<Registry>,
    told_foreign: BTreeMap<[u8; 32], Arc<Registry>>,
}

struct Driver {
    peer: Peer,
    protocol: &'static str,
    /// Hash of the TLS key that the peer proved.
    spki: Option<[u8; 32]>,
    session: RelaySession,
    outgoing: mpsc::Sender<Outgoing>,
    newest: Following<Option<Arc<Snapshot>>>,
    /// Answers that are being made, or wait for the network: while they are too many, nothing more is read.
    answers: JoinSet<Option<Frame>>,
    /// Envelopes that were handed to the disk, which answers in their order. At most as many as the session grants.
    submits: VecDeque<Admitted>,
    /// Frames that leave together.
    out: Vec<Frame>,
    wake: Arc<Wake>,
    node: Option<NodeSession>,
    /// Which authority this is.
    publisher: Option<Publisher>,
    publishing: Publishing,
    /// Documents on streams of their own; none outlives the driver.
    carrying: Carrying,
    up: bool,
    /// Age of the connection, by its ticks.
    seconds: u64,
    shared: Arc<Shared>,
}

/// What the driver waited for.
enum Happened {
    Received(Result<Frame, LinkError>),
    Answered(Option<Frame>),
    /// The disk has spoken about the first of the submits.
    Stored(Stored),
    Woken,
    Opened(Transfer),
    Registry,
    Second,
    Stop,
}

/// Does the driver go on?
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    On,
    Over,
}

impl Driver {
    async fn run(mut self, mut receiver: FrameReceiver) {
        let mut clock = interval(Duration::from_secs(1));
        loop {
            let happened = self.wait(&mut receiver, &mut clock).await;
            if self.on(happened).await == Next::Over
                || self.push().await == Next::Over
                || self.flush().await == Next::Over
            {
                break;
            }
        }
        // What was handed to the store is stored, and its recipient woken, also when the sender has gone.
        if !self.submits.is_empty() {
            let (shared, left) = (Arc::clone(&self.shared), core::mem::take(&mut self.submits));
            self.answers.spawn(async move {
                ingest::finish(shared, left).await;
                None
            });
        }
        self.answers.detach_all();
        if let Some(session) = &self.node {
            self.shared.live.leave(session.id, session.node, session.deliveries.watched());
            if let Some(of) = session.standing.guest() {
                metrics::guest_down(of);
            }
        }
        if self.up {
            metrics::session_down(self.protocol);
        }
    }

    async fn wait(&mut self, receiver: &mut FrameReceiver, clock: &mut Interval) -> Happened {
        // Once a node is up, seconds do not matter: ten thousand idle ones wake nobody.
        let counts = !self.up || self.peer == Peer::Enrolling;
        let most = if self.peer == Peer::Enrolling { ENROLLING_ANSWERS_AT_ONCE } else { ANSWERS_AT_ONCE };
        // What decides whether this peer may go on comes first, so that no flood of its own keeps it here; none of that comes often. Then
        // what the peer has begun, of which there is only so much. What others do wakes once, however much it was. What the peer sends is
        // last: by a flood of it, it keeps nothing waiting but the documents on its own streams.
        tokio::select! {
            biased;
            () = self.shared.stop.cancelled() => Happened::Stop,
            () = self.newest.changed() => Happened::Registry,
            _ = clock.tick(), if counts => Happened::Second,
            stored = first_stored(&mut self.submits) => Happened::Stored(stored),
            Some(answer) = self.answers.join_next() => Happened::Answered(answer.ok().flatten()),
            () = self.wake.wait() => Happened::Woken,
            received = receiver.receive(), if self.answers.len() < most => Happened::Received(received),
            transfer = self.carrying.next(), if self.node.is_some() => Happened::Opened(transfer),
        }
    }

    async fn on(&mut self, happened: Happened) -> Next {
        let input = match happened {
            Happened::Received(Ok(frame)) => Input::Received(frame),
            Happened::Received(Err(LinkError::NotAFrame(_) | LinkError::TooSlow)) => {
                Input::Stop { reason: Goodbye::ProtocolError, retry_after_s: 0 }
            }
            Happened::Received(Err(_)) => return Next::Over,
            Happened::Answered(Some(frame)) => Input::Answer(frame),
            Happened::Stored(first) => Input::Answers(self.stored(first).await),
            // The store could not be read; the peer closes after 30 s and asks again.
            Happened::Answered(None) => return Next::On,
            Happened::Woken => return self.woken().await,
            Happened::Opened(transfer) => return self.carry(transfer).await,
            Happened::Registry => return self.registry_changed().await,
            Happened::Second => return self.second().await,
            Happened::Stop if self.shared.committer.failed().is_cancelled() => {
                Input::Stop { reason: Goodbye::StorageFailed, retry_after_s: RETRY_NO_REGISTRY_S }
            }
            Happened::Stop => Input::Stop { reason: Goodbye::ShuttingDown, retry_after_s: 1 },
        };
        self.input(input).await
    }

    /// The answers of all submits about which the disk has spoken.
    async fn stored(&mut self, first: Stored) -> Vec<Frame> {
        let mut frames = Vec::new();
        let mut next = Some(first);
        while let Some(stored) = next
            && let Some(admitted) = self.submits.pop_front()
        {
            frames.push(ingest::answer(&self.shared, admitted, stored));
            if frames.len().checked_rem(SIGNED_AT_ONCE) == Some(0) {
                tokio::task::yield_now().await;
            }
            next = self.submits.front_mut().and_then(Admitted::ready);
        }
        frames
    }

    async fn woken(&mut self) -> Next {
        let woken = self.wake.take();
        if let Some(reason) = woken.stop {
            return self.stop(reason, 0).await;
        }
        if let Some(session) = &mut self.node {
            session.deliveries.woken(&woken);
        }
        Next::On
    }

    /// A registry has grown, or a recognition has ended: is this peer still what it was, and what does it not know yet?
    async fn registry_changed(&mut self) -> Next {
        let Some(snapshot) = self.snapshot() else { return Next::On };
        if let Err(reason) = self.judge_again(&snapshot) {
            return self.stop(reason, 0).await;
        }
        for news in self.news(&snapshot) {
            if self.input(news).await == Next::Over {
                return Next::Over;
            }
        }
        Next::On
    }

    async fn second(&mut self) -> Next {
        self.seconds = self.seconds.saturating_add(1);
        if self.peer == Peer::Enrolling && self.seconds > ENROLLING_S {
            return self.stop(Goodbye::Busy, 1).await;
        }
        self.input(Input::Tick).await
    }

    async fn stop(&mut self, reason: Goodbye, retry_after_s: u32) -> Next {
        self.input(Input::Stop { reason, retry_after_s }).await
    }

    fn snapshot(&self) -> Option<Arc<Snapshot>> {
        self.newest.read().clone()
    }

    /// Gives one input to the session and does what it says.
    async fn input(&mut self, input: Input) -> Next {
        let mut inputs = vec![input];
        while let Some(input) = inputs.pop() {
            for action in self.session.on(self.shared.clock.now(), input) {
                match action {
                    Action::Send(frame) => self.out.push(frame),
                    // The last is taken first.
                    Action::Event(Event::Hello { node, .. }) => inputs.extend(self.hello(node).into_iter().rev()),
                    Action::Event(Event::Request(frame)) => inputs.extend(self.request(frame).await),
                    Action::Event(Event::Ended(end)) => self.ended(end),
                    Action::Event(_) => {}
                    Action::Close(reason) => {
                        self.flush().await;
                        self.send(Outgoing::Close(reason)).await;
                        return Next::Over;
                    }
                    _ => {}
                }
            }
        }
        // Envelopes of one page leave together; more would only be held here.
        if self.out.len() < DELIVER_PAGE { Next::On } else { self.flush().await }
    }

    /// Hands what is to be sent to the writer.
    async fn flush(&mut self) -> Next {
        if self.out.is_empty() {
            return Next::On;
        }
        let frames = core::mem::take(&mut self.out);
        self.send(Outgoing::Frames(frames)).await
    }

    async fn send(&self, outgoing: Outgoing) -> Next {
        let outgoing = match self.outgoing.try_send(outgoing) {
            Ok(()) => return Next::On,
            Err(TrySendError::Full(outgoing)) => outgoing,
            Err(TrySendError::Closed(_)) => return Next::Over,
        };
        match timeout(STALLED, self.outgoing.send(outgoing)).await {
            Ok(Ok(())) => Next::On,
            Ok(Err(_)) | Err(_) => Next::Over,
        }
    }

    /// Sends what waits for this node, as far as its credit goes.
    async fn push(&mut self) -> Next {
        loop {
            let window = self.session.window();
            let Some(session) = &mut self.node else { return Next::On };
            if window == 0 || session.deliveries.is_idle() {
                return Next::On;
            }
            let Ok(frames) = session.deliveries.next(&self.shared.reader, window).await else {
                return self.stop(Goodbye::StorageFailed, RETRY_NO_REGISTRY_S).await;
            };
            for frame in frames {
                metrics::delivered();
                if self.input(Input::Push(frame)).await == Next::Over {
                    return Next::Over;
                }
            }
        }
    }

    /// Answers a request, at once or by a task. What comes back are further inputs.
    #[expect(clippy::wildcard_enum_match_arm, reason = "what is no request of this peer, the session has refused")]
    async fn request(&mut self, frame: Frame) -> Option<Input> {
        let shared = Arc::clone(&self.shared);
        let snapshot = self.snapshot();
        match frame {
            Frame::RootFetch { tag } => return Some(Input::Answer(pages::root(&shared, tag, self.is_ours()))),
            Frame::RegistryFetch { tag, from } | Frame::ForeignFetch { tag, from, .. } if !self.is_ours() => {
                return Some(Input::Answer(pages::empty(tag, from)));
            }
            Frame::RegistryFetch { tag, from } => {
                let records = if self.peer == Peer::Enrolling { Records::Withheld } else { Records::Given };
                self.answers
                    .spawn(async move { pages::registry(&shared, snapshot.as_deref(), tag, from, records).await });
            }
            Frame::EnrolSubmit { tag, invite, request } => {
                self.answers.spawn(async move { Some(enrol::submit(&shared, tag, invite, request.into_vec()).await) });
            }
            Frame::EnrolFetch { tag, invite } => {
                self.answers.spawn(async move { enrol::fetch(&shared, tag, invite).await });
            }
            other if self.peer == Peer::Authority => return self.authority_request(shared, other).await,
            other => return self.node_request(shared, snapshot?, other).await,
        }
        None
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "what is no request of a node, the session has refused")]
    async fn node_request(&mut self, shared: Arc<Shared>, snapshot: Arc<Snapshot>, frame: Frame) -> Option<Input> {
        if let Err(reason) = self.may_ask(&snapshot, &frame) {
            return Some(Input::Stop { reason, retry_after_s: 0 });
        }
        let session = self.node.as_mut()?;
        let (node, source) = (session.node, Source(session.id));
        match frame {
            Frame::Submit { tag, envelope } => {
                match ingest::admit(&shared, &snapshot, node, source, tag, envelope.into_vec()).await {
                    #[cfg(feature = "planted")]
                    Ok(admitted) if planted::is(planted::Bug::AckBeforeDurable) => {
                        let early = ingest::early(&shared, &admitted);
                        self.answers.spawn(async move {
                            ingest::finish(shared, VecDeque::from([admitted])).await;
                            None
                        });
                        return Some(Input::Answer(early));
                    }
                    Ok(admitted) => self.submits.push_back(admitted),
                    Err(refused) => return Some(Input::Answer(refused)),
                }
            }
            Frame::Settle { settlements } => {
                let mailbox = session.standing.mailbox()?;
                let settled = settle::settle(&shared, &snapshot, node, mailbox, source, &settlements).await;
                return settled
                    .err()
                    .map(|_malformed| Input::Stop { reason: Goodbye::ProtocolError, retry_after_s: 0 });
            }
            Frame::ForeignFetch { tag, authority, from } => {
                self.answers.spawn(async move { pages::foreign(&shared, &snapshot, tag, authority, from).await });
            }
            Frame::PrekeyPublish { tag, records } => {
                self.answers.spawn(async move { prekeys::publish(&shared, node, tag, records).await });
            }
            Frame::NodeHeadPut { tag, head } => {
                self.answers.spawn(async move { heads::put(&shared, node, tag, head.into_vec()).await });
            }
            Frame::PrekeyStock { tag } => {
                self.answers.spawn(async move { prekeys::stock(&shared, node, tag, 0).await });
            }
            Frame::PrekeyFetch { tag, request, node: target } => {
                self.answers
                    .spawn(async move { Some(prekeys::fetch(&shared, &snapshot, node, tag, request, target).await) });
            }
            Frame::SlotWatch { secrets } => {
                for secret in secrets {
                    let slot = SlotSecret::from_bytes(secret).id();
                    let Ok(new) = session.deliveries.watch(slot) else {
                        return Some(Input::Stop { reason: Goodbye::ProtocolError, retry_after_s: 0 });
                    };
                    if new && shared.live.watch(session.id, slot, &self.wake).is_err() {
                        return Some(Input::Stop { reason: Goodbye::Busy, retry_after_s: RETRY_NO_REGISTRY_S });
                    }
                }
            }
            Frame::ChangePut { tag, request } => {
                let standing = session.standing;
                self.answers
                    .spawn(async move { Some(changes::put(&shared, standing, node, tag, request.into_vec()).await) });
            }
            Frame::SlotDrop { secret, seq } => settle::drop_item(&shared, source, secret, seq).await,
            _ => {}
        }
        None
    }

    fn ended(&self, end: End) {
        let node = self.node.as_ref().map(|session| session.node);
        let node = node.as_ref().map(|node| tracing::field::display(node.short()));
        match end {
            End::Broken(how) => info!(event = "session-broken", node, how, protocol = self.protocol),
            End::Silent => debug!(event = "session-silent", protocol = self.protocol),
            End::Peer(reason) => debug!(event = "session-down", node, ?reason, by = "peer"),
            End::Stopped(reason) => debug!(event = "session-down", node, ?reason, by = "relay"),
            _ => {}
        }
    }
}
