//! One connection: a link, its session, and the two directions of frames between them.
//!
//! Reading never waits for writing: frames to send stand in a queue that a task of its own writes out, so two ends with
//! full windows cannot wait for each other.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use safeconduct_certs::link::{
    FrameReceiver, FrameSender, Link, LinkError, Transfers, channel::Closer, goodbye_fact, goodbye_remedy,
};
use safeconduct_protocol::{
    frame::{Frame, Goodbye},
    session::{
        Action,
        client::{ClientSession, End, Event, Input, Opening},
    },
    time::Clock,
};
use tokio::{
    sync::mpsc,
    time::{Interval, MissedTickBehavior, interval, timeout},
};
use tokio_util::task::TaskTracker;

/// Frames between the session and the task that writes them; what does not fit waits in the session's queue, which the
/// protocol's credits bound.
const FRAMES_WRITING_MAX: usize = 64;

/// The session is told at least this often that time passes.
const TICK: Duration = Duration::from_millis(500);

/// Time for the last frames to leave.
const FLUSH_MAX: Duration = Duration::from_secs(3);

/// Why a connection is over.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Over {
    /// The link failed.
    Link(LinkError),
    /// The session ended.
    Session(End),
}

impl Over {
    /// The relay's goodbye, where it said one.
    #[must_use]
    pub const fn goodbye(self) -> Option<Goodbye> {
        match self {
            Self::Link(LinkError::Closed(reason)) | Self::Session(End::Relay(reason)) => Some(reason),
            Self::Link(_) | Self::Session(_) => None,
        }
    }

    /// A stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self.goodbye() {
            Some(reason) => goodbye_code(reason),
            None => match self {
                Self::Link(error) => link_code(error),
                Self::Session(End::Silent(_)) => "relay-silent",
                Self::Session(End::Stopped) => "stopped",
                Self::Session(_) => "protocol-error",
            },
        }
    }

    /// The fact, in words.
    #[must_use]
    pub fn fact(self) -> String {
        match (self.goodbye(), self) {
            (Some(reason), _) => goodbye_fact(reason).to_owned(),
            (None, Self::Link(error)) => error.to_string(),
            (None, Self::Session(End::Silent(what))) => format!("the relay did not answer in time: {what}"),
            (None, Self::Session(End::Broken(what))) => format!("the relay broke the protocol: {what}"),
            (None, Self::Session(_)) => "this node ended the connection".to_owned(),
        }
    }

    /// What to do next.
    #[must_use]
    pub const fn remedy(self) -> &'static str {
        match (self.goodbye(), self) {
            (Some(reason), _) => goodbye_remedy(reason),
            (None, Self::Link(error)) => error.remedy(),
            (None, Self::Session(End::Silent(_) | End::Stopped)) => "nothing: it is retried by itself",
            (None, Self::Session(_)) => "update the older end; if both are current, report it",
        }
    }
}

const fn goodbye_code(reason: Goodbye) -> &'static str {
    match reason {
        Goodbye::ShuttingDown => "relay-shutting-down",
        Goodbye::Revoked => "revoked",
        Goodbye::Suspended => "suspended",
        Goodbye::NotRegistered => "not-registered",
        Goodbye::ProtocolError => "protocol-error",
        Goodbye::Version => "version",
        Goodbye::Busy => "relay-busy",
        Goodbye::Replaced => "replaced",
        Goodbye::StorageFailed => "relay-storage-failed",
        Goodbye::NoRegistry => "relay-without-registry",
        _ => "relay-closed",
    }
}

const fn link_code(error: LinkError) -> &'static str {
    match error {
        LinkError::Unresolved => "relay-unresolved",
        LinkError::WrongRelay => "wrong-relay-key",
        LinkError::KeyRefused => "not-registered",
        LinkError::Handshake => "handshake",
        LinkError::Lost | LinkError::TooSlow => "connection-lost",
        LinkError::NotAFrame(_) => "protocol-error",
        LinkError::BadKey => "bad-tls-key",
        LinkError::Unreachable | LinkError::Listen(_) | LinkError::Closed(_) | _ => "relay-unreachable",
    }
}

/// One connection at work.
pub struct Wire {
    session: ClientSession,
    clock: Arc<dyn Clock>,
    receiver: FrameReceiver,
    writing: Option<mpsc::Sender<Frame>>,
    queue: VecDeque<Frame>,
    events: VecDeque<Event>,
    tick: Interval,
    closer: Closer,
    writer: TaskTracker,
    over: Option<(Over, u32)>,
    close_code: Goodbye,
    relay_key: Option<[u8; 32]>,
    transfers: Transfers,
}

impl Wire {
    /// Opens a session over `link`.
    #[must_use]
    pub fn open(link: Link, opening: Opening, clock: Arc<dyn Clock>) -> Self {
        let (closer, relay_key, transfers) = (link.closer(), link.peer(), link.transfers());
        let (sender, receiver) = link.split();
        let (writing, frames) = mpsc::channel(FRAMES_WRITING_MAX);
        let writer = TaskTracker::new();
        writer.spawn(write(sender, frames));
        writer.close();
        let mut tick = interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut wire = Self {
            session: ClientSession::new(opening),
            clock,
            receiver,
            writing: Some(writing),
            queue: VecDeque::new(),
            events: VecDeque::new(),
            tick,
            closer,
            writer,
            over: None,
            close_code: Goodbye::ShuttingDown,
            relay_key,
            transfers,
        };
        wire.input(Input::Open);
        wire
    }

    /// SPKI hash of the key that the relay proved on this connection.
    #[must_use]
    pub const fn relay_key(&self) -> Option<[u8; 32]> {
        self.relay_key
    }

    /// A way to streams for documents beside the session.
    #[must_use]
    pub fn transfers(&self) -> Transfers {
        self.transfers.clone()
    }

    /// How many more requests may be asked now.
    #[must_use]
    pub fn room(&self) -> usize {
        self.session.room()
    }

    /// Hands the session one input.
    pub fn input(&mut self, input: Input) {
        for action in self.session.on(self.clock.now(), input) {
            match action {
                Action::Send(frame) => self.queue.push_back(frame),
                Action::Event(Event::Ended { why, retry_after_s }) => {
                    self.over.get_or_insert((Over::Session(why), retry_after_s));
                }
                Action::Event(event) => self.events.push_back(event),
                Action::Close(code) => self.close_code = code,
                _ => {}
            }
        }
    }

    /// The next event that came.
    pub fn event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    /// Why it is over, and the relay's floor for the next attempt in seconds.
    #[must_use]
    pub const fn over(&self) -> Option<(Over, u32)> {
        self.over
    }

    /// Waits for one thing to happen: a frame came, one went, or time passed.
    ///
    /// # Cancel safety
    /// Safe: a dropped future has neither taken nor sent anything.
    pub async fn turn(&mut self) {
        let Some(writing) = self.writing.clone().filter(|_| self.over.is_none()) else { return };
        // What goes before what comes: there is only so much of it, and a relay that floods keeps none of it back, nor the time from passing.
        tokio::select! {
            biased;
            permit = writing.reserve(), if !self.queue.is_empty() && !writing.is_closed() => {
                if let Ok(permit) = permit && let Some(frame) = self.queue.pop_front() {
                    permit.send(frame);
                }
            }
            _instant = self.tick.tick() => {
                if writing.is_closed() {
                    self.came(Err(LinkError::Lost));
                }
                self.input(Input::Tick);
            }
            // When writing has failed, reading says why.
            came = self.receiver.receive() => self.came(came),
        }
    }

    fn came(&mut self, came: Result<Frame, LinkError>) {
        match came {
            Ok(frame) => self.input(Input::Received(frame)),
            Err(error) => {
                self.over.get_or_insert((Over::Link(error), 0));
                if matches!(error, LinkError::NotAFrame(_)) {
                    self.close_code = Goodbye::ProtocolError;
                }
            }
        }
    }

    /// Writes out what is queued, bounded in time, and closes.
    ///
    /// # Cancel safety
    /// May be dropped; the last frames may then be lost.
    pub async fn close(mut self) {
        if let Some(writing) = self.writing.take() {
            let rest = core::mem::take(&mut self.queue);
            let flush = async {
                for frame in rest {
                    if writing.send(frame).await.is_err() {
                        break;
                    }
                }
                drop(writing);
                self.writer.wait().await;
            };
            timeout(FLUSH_MAX, flush).await.unwrap_or_default();
        }
        self.closer.close(self.close_code);
    }
}

/// Owns the sending half, which is not cancel safe.
async fn write(mut sender: FrameSender, mut frames: mpsc::Receiver<Frame>) {
    while let Some(frame) = frames.recv().await {
        if sender.send(&frame).await.is_err() {
            return;
        }
    }
    sender.finish().await;
}
