//! Submit, deliver and done at once, and the disk afterwards.

use std::time::Duration;

use serde_json::json;
use tokio::task::JoinSet;

use super::{Bench, IN_FLIGHT, all, mib, ratios};
use crate::{
    error::BenchError,
    load::{Fleet, Mailboxes, Plan, Receiver, Settlements},
    measure::{float, median, now, pause, rate},
    relay::Relay,
    report::{Figure, Good, Report, digits, say},
    world::SENDERS,
};

/// What comes and goes; its receivers are online.
const BUSY: Mailboxes = Mailboxes { first: 0, count: 16 };
/// What stays; its receivers are not.
const QUIET: Mailboxes = Mailboxes { first: 16, count: 16 };
/// Where the senders go on for what comes and goes.
const PLACE: u64 = 16_000_000;
/// The disk may take this long to be tidied.
const TIDY: Duration = Duration::from_secs(15);

/// One value for each round.
#[derive(Default)]
struct Rounds {
    alone: Vec<f64>,
    together: Vec<f64>,
    disk_at_once: Vec<f64>,
    disk: Vec<f64>,
    live_mib: Vec<f64>,
}

/// Measures.
pub(crate) async fn measure(bench: &Bench, report: &mut Report) -> Result<(), BenchError> {
    let mut rounds = Rounds::default();
    for round in 1..=bench.size.rounds.min(3) {
        say(&format!("together, round {round} …"));
        let relay = bench.relay().await?;
        let mut fleet = Fleet::connect(&bench.world, relay.target()).await?;
        fleet.aim(0, BUSY);
        let alone = fleet.run(Plan::For(bench.size.window), IN_FLIGHT).await?.rate();
        rounds.alone.push(alone);
        fleet.close();
        bench.end(relay).await?;

        let mut relay = bench.relay().await?;
        let each = per_sender(alone, bench.size.window);
        rounds.together.push(together(bench, &mut relay, each).await?);
        rounds.disk(&mut relay).await?;
        bench.end(relay).await?;
    }
    report.measured("together", rounds.json());
    report.take(rounds.figures());
    Ok(())
}

/// Envelopes of one sender that last about twice the window.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a positive rate times seconds")]
fn per_sender(alone: f64, window: Duration) -> u64 {
    ((alone * window.as_secs_f64() * 2.0 / f64::from(SENDERS)) as u64).max(256)
}

/// Envelopes a second that were submitted, delivered and settled, until the last is gone.
async fn together(bench: &Bench, relay: &mut Relay, each: u64) -> Result<f64, BenchError> {
    let mut fleet = Fleet::connect(&bench.world, relay.target()).await?;
    fleet.aim(0, QUIET);
    let live = fleet.run(Plan::Count(bench.size.live / u64::from(SENDERS)), IN_FLIGHT).await?.accepted;
    fleet.aim(PLACE, BUSY);
    let mut receivers = Vec::new();
    for at in 0..BUSY.count {
        let settlements = Settlements::sign(&bench.world, BUSY, at, PLACE, each);
        let mut receiver = Receiver::connect(relay.target(), BUSY.first + at).await?;
        receiver.open().await?;
        receivers.push((receiver, settlements));
    }
    let begun = now();
    let mut tasks = JoinSet::new();
    for (mut receiver, settlements) in receivers {
        tasks.spawn(async move {
            receiver.settle_all(settlements).await?;
            Ok::<_, BenchError>(receiver)
        });
    }
    fleet.run(Plan::Count(each), IN_FLIGHT).await?;
    let done = all(tasks, "the settlements").await?;
    relay.emptied_to(live).await?;
    let took = begun.elapsed();
    done.into_iter().for_each(Receiver::close);
    fleet.close();
    Ok(rate(each * u64::from(SENDERS), took))
}

impl Rounds {
    /// What the disk holds beside what lives, at once and when it has been tidied.
    async fn disk(&mut self, relay: &mut Relay) -> Result<(), BenchError> {
        let (_, live) = relay.stored().await?;
        let times = |bytes: u64| float(bytes) / float(live.max(1));
        self.live_mib.push(mib(live));
        let begun = now();
        let at_once = times(relay.disk_bytes()?);
        let mut least = at_once;
        while least > 2.0 && begun.elapsed() < TIDY {
            // Asking for its health is a commit, and so a reason to tidy.
            relay.healthy().await?;
            pause(Duration::from_millis(50)).await;
            least = least.min(times(relay.disk_bytes()?));
        }
        self.disk_at_once.push(at_once);
        self.disk.push(least);
        Ok(())
    }

    fn json(&self) -> serde_json::Value {
        json!({
            "submit_alone_per_s": self.alone,
            "submit_deliver_done_per_s": self.together,
            "live_mib": self.live_mib,
            "disk_of_live_at_once": self.disk_at_once,
            "disk_of_live": self.disk,
        })
    }

    fn figures(&self) -> Vec<Figure> {
        let per_s = |rates: &[f64]| digits(median(rates));
        vec![
            Figure::new(
                "submit, deliver and done together, against submit alone",
                median(&ratios(&self.together, &self.alone)),
                Good::AtLeast,
                0.6,
                format!("{} against {} a second", per_s(&self.together), per_s(&self.alone)),
            ),
            Figure::new(
                "disk in use after that, against what is live",
                median(&self.disk),
                Good::AtMost,
                2.0,
                format!(
                    "{} MiB live; at once {} times, within {} s {} times",
                    per_s(&self.live_mib),
                    per_s(&self.disk_at_once),
                    TIDY.as_secs(),
                    per_s(&self.disk)
                ),
            ),
        ]
    }
}
