//! What nodes do to a relay: submit as fast as the relay answers, collect what waits, settle it.

use std::{
    net::Ipv4Addr,
    sync::Arc,
    time::{Duration, Instant},
};

use safeconduct_protocol::{envelope::sealed::envelope_digest, frame::Frame, receipt::relay::RelayAccepted};
use tokio::task::JoinSet;

use crate::{
    envelope::{ENVELOPE_BYTES, Number, TAG_MIN},
    error::BenchError,
    measure::{Times, count, now, rate},
    session::{Seen, Session, Target, endpoint, tag},
    world::{Node, RECEIVERS, SENDERS, World},
};

/// What is submitted before it counts.
const WARM_UP: Duration = Duration::from_millis(100);
/// One receipt in so many is verified.
const VERIFIED_EACH: u32 = 499;
/// Deliveries that a node allows at first, and gives back in parts.
const CREDIT: u32 = 64;
const CREDIT_PART: u32 = 16;

/// How long a load lasts.
#[derive(Clone, Copy)]
pub(crate) enum Plan {
    /// What is answered within this time counts, after a warm-up.
    For(Duration),
    /// So many from each sender.
    Count(u64),
}

/// What came of a load.
#[derive(Default)]
pub(crate) struct Counted {
    /// Answers that count.
    pub(crate) counted: u64,
    /// All answers.
    pub(crate) accepted: u64,
    /// Submit to answer, of those that count.
    pub(crate) times: Times,
    /// For how long was counted.
    pub(crate) took: Duration,
}

impl Counted {
    pub(crate) fn rate(&self) -> f64 {
        rate(self.counted, self.took)
    }

    /// With what another sender did at the same time.
    fn beside(&mut self, other: Self) {
        let took = self.took.max(other.took);
        self.after(other);
        self.took = took;
    }

    /// With what came of a later load.
    pub(crate) fn after(&mut self, other: Self) {
        self.counted = self.counted.saturating_add(other.counted);
        self.accepted = self.accepted.saturating_add(other.accepted);
        self.times.append(other.times);
        self.took = self.took.saturating_add(other.took);
    }
}

/// Some of the receivers' mailboxes, next to each other.
#[derive(Clone, Copy)]
pub(crate) struct Mailboxes {
    pub(crate) first: u32,
    pub(crate) count: u32,
}

impl Mailboxes {
    /// All of them.
    pub(crate) const ALL: Self = Self { first: 0, count: RECEIVERS };

    /// The mailbox of a sender's envelope at `place`.
    fn of(self, place: u64) -> usize {
        let within = place % u64::from(self.count);
        usize::try_from(u64::from(self.first).saturating_add(within)).unwrap_or_default()
    }
}

/// One node that submits.
pub(crate) struct Sender {
    world: Arc<World>,
    session: Session,
    number: u64,
    /// The next envelope's place among this sender's.
    place: u64,
    /// Submits of this session.
    submits: u32,
    /// Mailboxes that it writes to, in turn.
    mailboxes: Mailboxes,
}

impl Sender {
    /// Connects agency `number`, from a loopback address of its own.
    pub(crate) async fn connect(world: &Arc<World>, target: Target, number: u32) -> Result<Self, BenchError> {
        let [_, _, high, low] = number.to_be_bytes();
        let from = Ipv4Addr::new(127, 9, high, low.max(1));
        let session = Session::node(endpoint(from)?, target, &Node::new(number), 0).await?;
        let world = Arc::clone(world);
        Ok(Self { world, session, number: number.into(), place: 0, submits: 0, mailboxes: Mailboxes::ALL })
    }

    /// Goes on at this place.
    pub(crate) const fn skip(&mut self, place: u64) {
        self.place = place;
    }

    /// Where the next envelope would be.
    pub(crate) const fn place(&self) -> u64 {
        self.place
    }

    async fn submit(&mut self) -> Result<(), BenchError> {
        let number = Number { sender: self.number, place: self.place };
        let template = self.world.templates.get(self.mailboxes.of(self.place));
        let template = template.ok_or_else(|| BenchError::Unexpected("no such mailbox".to_owned()))?;
        let wire = template.submit(tag(self.submits), number);
        self.place = self.place.saturating_add(1);
        self.submits = self.submits.saturating_add(1);
        self.session.send_wire(wire).await
    }

    /// One submit, and its answer.
    pub(crate) async fn submit_one(&mut self) -> Result<(), BenchError> {
        self.submit().await?;
        let mut answered = false;
        while !answered {
            self.session
                .frames(|seen| {
                    answered |= matches!(seen, Seen::Submitted { .. });
                    Ok(())
                })
                .await?;
        }
        Ok(())
    }

    /// One submit at each tick, whether the last one was answered or not. Its time counts from
    /// when it was sent.
    pub(crate) async fn now_and_then(&mut self, each: Duration, samples: u32) -> Result<Times, BenchError> {
        let mut ticks = tokio::time::interval(each);
        let (first, mut sent_at, mut times, mut answered) = (self.submits, Vec::new(), Times::default(), 0_u32);
        while answered < samples {
            let mut due = false;
            let all_sent = count(sent_at.len()) >= u64::from(samples);
            tokio::select! {
                _ = ticks.tick(), if !all_sent => due = true,
                taken = self.session.frames(|seen| {
                    let Seen::Submitted { tag, .. } = seen else { return Ok(()) };
                    let at = usize::try_from(tag.saturating_sub(TAG_MIN).saturating_sub(first)).ok();
                    if let Some(sent) = at.and_then(|at| sent_at.get(at)) {
                        times.push(now().saturating_duration_since(*sent));
                    }
                    answered = answered.saturating_add(1);
                    Ok(())
                }) => taken?,
            }
            if due {
                sent_at.push(now());
                self.submit().await?;
            }
        }
        Ok(times)
    }

    /// Keeps `in_flight` submits under way.
    pub(crate) async fn run(&mut self, begun: Instant, plan: Plan, in_flight: u32) -> Result<Counted, BenchError> {
        let (from, until, most) = match plan {
            Plan::For(window) => (begun + WARM_UP, Some(begun + WARM_UP + window), u64::MAX),
            Plan::Count(count) => (begun, None, count),
        };
        let first = self.submits;
        let first_place = self.place;
        let (mut sent_at, mut open, mut sent) = (Vec::new(), 0_u32, 0_u64);
        let mut counted = Counted::default();
        loop {
            let mut time = now();
            while open < in_flight && sent < most && until.is_none_or(|until| time < until) {
                self.submit().await?;
                sent_at.push(time);
                open = open.saturating_add(1);
                sent = sent.saturating_add(1);
                time = now();
            }
            if open == 0 {
                break;
            }
            let (world, number, mailboxes) = (&self.world, self.number, self.mailboxes);
            let mut answers = 0_u32;
            self.session
                .frames(|seen| {
                    let Seen::Submitted { tag, receipt } = seen else { return Ok(()) };
                    let at = tag.saturating_sub(TAG_MIN).saturating_sub(first);
                    answers = answers.saturating_add(1);
                    let time = now();
                    if time >= from && until.is_none_or(|until| time < until) {
                        counted.counted = counted.counted.saturating_add(1);
                        let sent = usize::try_from(at).ok().and_then(|at| sent_at.get(at)).copied();
                        counted.times.push(time.saturating_duration_since(sent.unwrap_or(time)));
                    }
                    if at % VERIFIED_EACH == 0 {
                        let place = first_place.saturating_add(at.into());
                        verify(world, mailboxes.of(place), Number { sender: number, place }, receipt)?;
                    }
                    Ok(())
                })
                .await?;
            open = open.saturating_sub(answers);
            counted.accepted = counted.accepted.saturating_add(u64::from(answers));
        }
        counted.took = match plan {
            Plan::For(window) => window,
            Plan::Count(_) => begun.elapsed(),
        };
        Ok(counted)
    }
}

/// Is this the relay's word for this envelope?
fn verify(world: &World, mailbox: usize, number: Number, receipt: &[u8]) -> Result<(), BenchError> {
    // The answer of the echo, which is compared with the relay and signs nothing.
    if receipt.first() == Some(&0) {
        return Ok(());
    }
    let digest = world.templates.get(mailbox).map(|template| template.digest(number));
    let good = RelayAccepted::parse(receipt).is_ok_and(|receipt| {
        receipt.verify(&world.relay_key).is_ok()
            && Some(receipt.envelope()) == digest
            && usize::try_from(receipt.size_bytes()) == Ok(ENVELOPE_BYTES)
    });
    if good { Ok(()) } else { Err(BenchError::Unexpected("a receipt that does not hold".to_owned())) }
}

/// Several senders at once.
pub(crate) struct Fleet(Vec<Sender>);

impl Fleet {
    /// The usual senders.
    pub(crate) async fn connect(world: &Arc<World>, target: Target) -> Result<Self, BenchError> {
        let mut senders = Vec::new();
        for number in RECEIVERS..RECEIVERS + SENDERS {
            senders.push(Sender::connect(world, target, number).await?);
        }
        Ok(Self(senders))
    }

    /// Every sender goes on at `place`, and writes to these.
    pub(crate) fn aim(&mut self, place: u64, mailboxes: Mailboxes) {
        for sender in &mut self.0 {
            sender.place = place;
            sender.mailboxes = mailboxes;
        }
    }

    /// Where the sender that came furthest is.
    pub(crate) fn place(&self) -> u64 {
        self.0.iter().map(Sender::place).max().unwrap_or_default()
    }

    /// The first alone.
    pub(crate) fn first(&mut self) -> Result<&mut Sender, BenchError> {
        self.0.first_mut().ok_or_else(|| BenchError::Unexpected("no sender".to_owned()))
    }

    /// All of them, each with `in_flight` submits under way.
    pub(crate) async fn run(&mut self, plan: Plan, in_flight: u32) -> Result<Counted, BenchError> {
        let begun = now();
        let mut tasks = JoinSet::new();
        for mut sender in self.0.drain(..) {
            tasks.spawn(async move {
                let counted = sender.run(begun, plan, in_flight).await;
                (sender, counted)
            });
        }
        let mut all = Counted::default();
        let mut failed = None;
        while let Some(done) = tasks.join_next().await {
            let (sender, counted) = done?;
            self.0.push(sender);
            match counted {
                Ok(counted) => all.beside(counted),
                Err(error) => failed = Some(error),
            }
        }
        self.0.sort_by_key(|sender| sender.number);
        failed.map_or(Ok(all), Err)
    }

    /// Ends all connections.
    pub(crate) fn close(self) {
        for sender in self.0 {
            sender.session.close();
        }
    }
}

/// One node that collects.
pub(crate) struct Receiver {
    session: Session,
    since_credit: u32,
}

impl Receiver {
    /// Connects agency `number`; nothing is delivered before [`Self::open`].
    pub(crate) async fn connect(target: Target, number: u32) -> Result<Self, BenchError> {
        let [_, _, high, low] = number.to_be_bytes();
        let from = Ipv4Addr::new(127, 8, high, low.saturating_add(1));
        let session = Session::node(endpoint(from)?, target, &Node::new(number), 0).await?;
        Ok(Self { session, since_credit: 0 })
    }

    /// Lets deliveries come.
    pub(crate) async fn open(&mut self) -> Result<(), BenchError> {
        self.session.send(&Frame::Credit { count: CREDIT }).await
    }

    /// Waits for deliveries and shows each. May be dropped: nothing is lost then.
    async fn take(&mut self, mut each: impl FnMut(&[u8]) -> Result<(), BenchError>) -> Result<(), BenchError> {
        let since_credit = &mut self.since_credit;
        self.session
            .frames(|seen| {
                let Seen::Delivered(envelope) = seen else { return Ok(()) };
                *since_credit = since_credit.saturating_add(1);
                each(envelope)
            })
            .await
    }

    /// Gives back the credit of what came, a part at a time.
    async fn give_credit(&mut self) -> Result<(), BenchError> {
        if self.since_credit >= CREDIT_PART {
            let count = core::mem::take(&mut self.since_credit);
            self.session.send(&Frame::Credit { count }).await?;
        }
        Ok(())
    }

    /// Collects so many envelopes and settles none. The first is looked at closely.
    pub(crate) async fn collect(&mut self, world: &World, mailbox: usize, most: u64) -> Result<(), BenchError> {
        let mut came = 0_u64;
        while came < most {
            self.take(|envelope| {
                came = came.saturating_add(1);
                if came == 1 { genuine(world, mailbox, envelope) } else { Ok(()) }
            })
            .await?;
            self.give_credit().await?;
        }
        Ok(())
    }

    /// Collects and settles everything that `settlements` has, when a frame is full or the tick comes.
    pub(crate) async fn settle_all(&mut self, mut settlements: Settlements) -> Result<(), BenchError> {
        let mut due = Vec::new();
        let mut tick = tokio::time::interval(SETTLE_TICK);
        while settlements.left > 0 || !due.is_empty() {
            let mut ticked = false;
            if settlements.left > 0 {
                tokio::select! {
                    taken = self.take(|envelope| settlements.take(envelope, &mut due)) => taken?,
                    _ = tick.tick() => ticked = true,
                }
            }
            self.give_credit().await?;
            while due.len() >= SETTLE_EACH || (!due.is_empty() && (ticked || settlements.left == 0)) {
                let settlements = due.drain(..due.len().min(SETTLE_EACH)).map(Into::into).collect();
                self.session.send(&Frame::Settle { settlements }).await?;
            }
        }
        Ok(())
    }

    pub(crate) fn close(self) {
        self.session.close();
    }
}

/// Settlements in one frame.
const SETTLE_EACH: usize = 256;
/// Shorter than a node's, so that the relay's disk is not left with a second's worth at the end.
const SETTLE_TICK: Duration = Duration::from_millis(100);

/// Is it the envelope that its number says?
fn genuine(world: &World, mailbox: usize, envelope: &[u8]) -> Result<(), BenchError> {
    let number = Number::of(envelope);
    let expected = number.and_then(|number| world.templates.get(mailbox).map(|template| template.digest(number)));
    if expected == Some(envelope_digest(envelope)) {
        return Ok(());
    }
    Err(BenchError::Unexpected("an envelope that nobody sent".to_owned()))
}

/// `done`s of one mailbox, signed before the time that is measured.
pub(crate) struct Settlements {
    /// By sender, then in the order of its envelopes.
    signed: Vec<Vec<Option<Vec<u8>>>>,
    first_place: u64,
    mailboxes: Mailboxes,
    left: u64,
}

impl Settlements {
    /// For `each` envelopes of every usual sender from `first_place` on, which is the first mailbox's, as far as they go
    /// to the `at`th of the mailboxes.
    pub(crate) fn sign(world: &World, mailboxes: Mailboxes, at: u32, first_place: u64, each: u64) -> Self {
        let mailbox = mailboxes.first.saturating_add(at);
        let node = Node::new(mailbox);
        let template = usize::try_from(mailbox).ok().and_then(|mailbox| world.templates.get(mailbox));
        let mut left = 0_u64;
        let mut signed = Vec::new();
        for sender in RECEIVERS..RECEIVERS + SENDERS {
            let places = first_place.saturating_add(at.into())..first_place.saturating_add(each);
            let number = |place| Number { sender: sender.into(), place };
            let step = usize::try_from(mailboxes.count).unwrap_or(1);
            let done = |place| template.map(|template| node.done(template.digest(number(place))));
            let of_sender: Vec<_> = places.step_by(step).map(done).collect();
            left = left.saturating_add(count(of_sender.len()));
            signed.push(of_sender);
        }
        Self { signed, first_place, mailboxes, left }
    }

    fn take(&mut self, envelope: &[u8], due: &mut Vec<Vec<u8>>) -> Result<(), BenchError> {
        let signed = Number::of(envelope).and_then(|number| {
            let sender = usize::try_from(number.sender.checked_sub(RECEIVERS.into())?).ok()?;
            let at = number.place.checked_sub(self.first_place)? / u64::from(self.mailboxes.count);
            self.signed.get_mut(sender)?.get_mut(usize::try_from(at).ok()?)?.take()
        });
        let signed = signed.ok_or_else(|| BenchError::Unexpected("an envelope twice, or another's".to_owned()))?;
        self.left = self.left.saturating_sub(1);
        due.push(signed);
        Ok(())
    }
}
