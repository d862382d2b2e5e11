//! SIGKILL at many points of the way: every accepted referral is shown exactly once, with its receipt.
//!
//! The points are counted in datagrams that pass between nodes and relay, so they lie all along the way. The seed is
//! printed; `SAFECONDUCT_SEED` repeats it, `SAFECONDUCT_KILLS` asks for more kills than the usual few.

#![expect(clippy::unwrap_used, reason = "a step that fails is a test that fails")]
#![expect(clippy::print_stderr, reason = "a test that fails says its seed and sizes")]

use safeconduct_tests::cast::{self, Sample};
use safeconduct_tests::seed::Seeded;
use safeconduct_tests::wait::{self, Deadline, Look};
use safeconduct_tests::world::{Node, Plan, Stage, World};

/// Kills in a usual run.
const KILLS: usize = 36;
/// Kills between two settlings: then everything sent so far must have arrived.
const BURST: usize = 6;
/// Seconds within which everything is settled after the last restart of a burst.
const SETTLE_SECONDS: u64 = 150;
/// Datagrams of one referral's way, both directions and a little more.
const WAY_DATAGRAMS: u64 = 160;
/// A point is taken at the latest after this time, for a way that had fewer datagrams.
const POINT_MS_MAX: u64 = 2_500;

#[derive(Clone, Copy, Debug)]
enum Victim {
    Relay,
    Sender,
    Recipient,
}

struct Sent {
    sample: Sample,
    /// None when the command was cut off: it may have been accepted or not.
    message_id: Option<String>,
}

struct Theatre {
    world: World,
    from: Node,
    to: Node,
    sample: Sample,
    random: Seeded,
    sent: Vec<Sent>,
}

impl Theatre {
    fn open(random: Seeded) -> Self {
        let world = World::found(Plan { capture: true, ..Plan::default() }).unwrap();
        let sample = cast::sample("01").unwrap();
        let agencies = [cast::by_id(sample.from()).unwrap(), cast::by_id(sample.to()).unwrap()];
        let mut nodes = world.enrol_all(&agencies).unwrap();
        let (to, from) = (nodes.pop().unwrap(), nodes.pop().unwrap());
        Self { world, from, to, sample, random, sent: Vec::new() }
    }

    fn send(&mut self) {
        let sample = self.sample.renamed(self.random.uuid());
        let file = sample.write_into(&self.world.files()).unwrap();
        let message_id = self.from.send(&file, self.to.agency.id).ok();
        self.sent.push(Sent { sample, message_id });
    }

    fn kill_somewhere(&mut self) {
        let capture = self.world.relay.capture().unwrap();
        let point = capture.datagrams() + self.random.below(WAY_DATAGRAMS);
        wait::at_most(Deadline::in_milliseconds(POINT_MS_MAX), || capture.datagrams() >= point);
        let victim = match self.random.below(3) {
            0 => Victim::Relay,
            1 => Victim::Sender,
            _ => Victim::Recipient,
        };
        eprintln!("  kill {victim:?} at datagram {point}, {} sent", self.sent.len());
        match victim {
            Victim::Relay => {
                self.world.relay.kill().unwrap();
                self.world.relay.start().unwrap();
            }
            Victim::Sender => {
                self.from.kill().unwrap();
                self.from.start().unwrap();
            }
            Victim::Recipient => {
                self.to.kill().unwrap();
                self.to.start().unwrap();
            }
        }
    }

    /// Waits until all that was accepted is delivered, and counts what is shown.
    fn settle(&self) {
        for sent in &self.sent {
            let Some(message_id) = &sent.message_id else { continue };
            self.from.reaches(message_id, Stage::Delivered, SETTLE_SECONDS).unwrap();
            let receipts = self.from.receipts(message_id).unwrap();
            assert_eq!(receipts.iter().filter(|kind| *kind == "delivered").count(), 1, "{receipts:?}");
        }
        let shown = self.to.inbox().unwrap();
        for sent in &self.sent {
            let times = shown.iter().filter(|message| message.referral_id == sent.sample.referral_id()).count();
            match sent.message_id {
                Some(_) => assert_eq!(times, 1, "an accepted referral is shown {times} times"),
                None => assert!(times <= 1, "a cut-off referral is shown {times} times"),
            }
        }
    }
}

#[test]
fn every_accepted_referral_is_shown_once_with_its_receipt_whoever_is_killed() {
    let random = Seeded::from_env("SAFECONDUCT_SEED");
    let kills = std::env::var("SAFECONDUCT_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(KILLS);
    eprintln!("SAFECONDUCT_SEED={} SAFECONDUCT_KILLS={kills}", random.seed());
    let mut theatre = Theatre::open(random);

    for kill in 1..=kills {
        theatre.send();
        theatre.kill_somewhere();
        if kill % BURST == 0 {
            theatre.settle();
        }
    }

    theatre.settle();
    assert!(
        theatre.sent.iter().filter(|sent| sent.message_id.is_some()).count() * 2 > kills,
        "most sends are accepted"
    );
}

#[test]
fn a_sender_killed_before_it_ever_connects_sends_after_its_restart() {
    let mut theatre = Theatre::open(Seeded::from_env("SAFECONDUCT_SEED"));
    theatre.world.relay.kill().unwrap();
    theatre.send();
    theatre.from.kill().unwrap();

    theatre.world.relay.start().unwrap();
    theatre.from.start().unwrap();

    theatre.settle();
}

#[test]
fn a_lossy_network_delays_and_loses_nothing() {
    let mut theatre = Theatre::open(Seeded::from_env("SAFECONDUCT_SEED"));
    theatre.world.relay.capture().unwrap().drop_every(7);

    for _ in 0..3 {
        theatre.send();
    }

    theatre.settle();
    wait::until("the outbox to be settled", 10, || {
        let outbox = theatre.from.outbox()?;
        let open = outbox.iter().filter(|line| line["kind"] == "referral" && line["state"] != "delivered").count();
        Ok(if open == 0 { Look::Seen(()) } else { Look::NotYet(format!("{open} open")) })
    })
    .unwrap();
}
