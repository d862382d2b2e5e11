//! A relay in which very many envelopes wait, beside one in which few do: rates, memory, and how fast it is back.

use std::{sync::atomic::Ordering, time::Duration};

use serde_json::json;
use tokio::task::JoinSet;

use super::{Bench, IN_FLIGHT, all, mib, ratios};
use crate::{
    error::BenchError,
    load::{Counted, Fleet, Mailboxes, Plan, Receiver, Sender},
    measure::{median, now, pause, rate},
    relay::Relay,
    report::{Figure, Good, Report, digits, say},
    world::{RECEIVERS, SENDERS, URGENT},
};

/// Envelopes between two looks at the clock while filling, from each sender.
const FILLED_AT_ONCE: u64 = 2_500;
/// Parts of a round, of either relay in turn.
const SLICES: u32 = 5;
/// Under load for this long, then killed.
const LOADED: Duration = Duration::from_millis(700);

/// One value for each round.
#[derive(Default)]
struct Rounds {
    few: Vec<f64>,
    many: Vec<f64>,
    few_out: Vec<f64>,
    many_out: Vec<f64>,
    health_s: Vec<f64>,
    back_s: Vec<f64>,
}

/// Measures.
pub(crate) async fn measure(bench: &Bench, report: &mut Report) -> Result<(), BenchError> {
    say(&format!("filling a relay with {} envelopes …", bench.size.stored));
    let mut full = bench.relay().await?;
    let mut fleet = Fleet::connect(&bench.world, full.target()).await?;
    let begun = now();
    let (mut stored, each) = (0_u64, FILLED_AT_ONCE * u64::from(SENDERS));
    while stored < bench.size.stored && begun.elapsed() < bench.size.filling {
        let left = bench.size.stored.saturating_sub(stored).min(each);
        stored += fleet.run(Plan::Count(left.div_ceil(SENDERS.into())), IN_FLIGHT).await?.accepted;
    }
    let filled_per_s = rate(stored, begun.elapsed());
    let mut rounds = Rounds::default();
    let held = stored;
    for round in 1..=bench.size.rounds.min(3) {
        say(&format!("filled with {held}, round {round} …"));
        let few = bench.relay().await?;
        let mut few_fleet = Fleet::connect(&bench.world, few.target()).await?;
        let (mut into_few, mut into_many) = (Counted::default(), Counted::default());
        for _ in 0..SLICES {
            into_few.after(few_fleet.run(Plan::For(bench.size.window / SLICES), IN_FLIGHT).await?);
            into_many.after(fleet.run(Plan::For(bench.size.window / SLICES), IN_FLIGHT).await?);
        }
        rounds.few.push(into_few.rate());
        rounds.many.push(into_many.rate());
        stored += into_many.accepted;
        // Every sender goes round the mailboxes, and ends anywhere.
        let each = (into_few.accepted / u64::from(RECEIVERS)).saturating_sub(SENDERS.into()).max(1);
        let (mut from_few, mut from_many) = (Vec::new(), Vec::new());
        for _ in 0..2 {
            from_few.push(collect(bench, &few, each).await?);
            from_many.push(collect(bench, &full, each).await?);
        }
        rounds.few_out.push(median(&from_few));
        rounds.many_out.push(median(&from_many));
        few_fleet.close();
        bench.end(few).await?;
    }
    let mut most = full.memory()?.most_bytes;
    let disk = full.disk_bytes()?;
    let mut place = fleet.place();
    let mut submitting = Some(fleet);
    for _ in 0..bench.size.rounds.min(3) {
        let fleet = submitting.take();
        let lost = kill_and_return(bench, &mut full, fleet, place, &mut rounds).await?;
        most = most.max(lost);
        let (held, _) = full.stored().await?;
        if held < stored {
            return Err(BenchError::Unexpected(format!("{stored} were acknowledged, and {held} are there")));
        }
        place += 1_000_000;
    }
    most = most.max(full.memory()?.most_bytes);
    bench.most_bytes.fetch_max(most, Ordering::Relaxed);
    bench.end(full).await?;
    report.measured("filled", rounds.json(held, filled_per_s, most, disk));
    report.take(rounds.figures(held, most));
    Ok(())
}

/// Collects `each` envelopes of every mailbox at once, as fast as credit goes, and settles none: so many a second.
async fn collect(bench: &Bench, relay: &Relay, each: u64) -> Result<f64, BenchError> {
    let mut receivers = Vec::new();
    for number in 0..RECEIVERS {
        receivers.push(Receiver::connect(relay.target(), number).await?);
    }
    let begun = now();
    let mut tasks = JoinSet::new();
    for (mailbox, mut receiver) in receivers.into_iter().enumerate() {
        let world = std::sync::Arc::clone(&bench.world);
        tasks.spawn(async move {
            receiver.open().await?;
            receiver.collect(&world, mailbox, each).await?;
            receiver.close();
            Ok::<_, BenchError>(())
        });
    }
    all(tasks, "the deliveries").await?;
    Ok(rate(each * u64::from(RECEIVERS), begun.elapsed()))
}

/// Kills the relay while it takes submits, starts it, and waits until it is well and takes one. Gives its memory.
async fn kill_and_return(
    bench: &Bench,
    relay: &mut Relay,
    fleet: Option<Fleet>,
    place: u64,
    rounds: &mut Rounds,
) -> Result<u64, BenchError> {
    let mut fleet = match fleet {
        Some(fleet) => fleet,
        None => {
            let mut fleet = Fleet::connect(&bench.world, relay.target()).await?;
            fleet.aim(place, Mailboxes::ALL);
            fleet
        }
    };
    let mut load = JoinSet::new();
    load.spawn(async move { fleet.run(Plan::For(LOADED * 10), IN_FLIGHT).await.map(|counted| counted.accepted) });
    pause(LOADED).await;
    let most = relay.memory()?.most_bytes;
    relay.kill()?;
    load.shutdown().await;
    let begun = now();
    relay.start()?;
    relay.healthy().await?;
    rounds.health_s.push(begun.elapsed().as_secs_f64());
    let mut sender = Sender::connect(&bench.world, relay.target(), URGENT).await?;
    sender.skip(place);
    sender.submit_one().await?;
    rounds.back_s.push(begun.elapsed().as_secs_f64());
    Ok(most)
}

impl Rounds {
    fn json(&self, held: u64, filled_per_s: f64, most: u64, disk: u64) -> serde_json::Value {
        json!({
            "stored": held,
            "filled_per_s": filled_per_s,
            "disk_mib": mib(disk),
            "submit_few_per_s": self.few,
            "submit_many_per_s": self.many,
            "deliver_few_per_s": self.few_out,
            "deliver_many_per_s": self.many_out,
            "memory_most_mib": mib(most),
            "restart_health_s": self.health_s,
            "restart_submit_s": self.back_s,
        })
    }

    fn figures(&self, held: u64, most: u64) -> Vec<Figure> {
        let per_s = |rates: &[f64]| digits(median(rates));
        vec![
            Figure::new(
                format!("submit rate with {held} stored, against few stored"),
                median(&ratios(&self.many, &self.few)),
                Good::AtLeast,
                0.9,
                format!("{} against {} a second", per_s(&self.many), per_s(&self.few)),
            ),
            Figure::new(
                format!("delivery rate with {held} stored, against few stored"),
                median(&ratios(&self.many_out, &self.few_out)),
                Good::AtLeast,
                0.9,
                format!("{} against {} a second", per_s(&self.many_out), per_s(&self.few_out)),
            ),
            Figure::new(
                format!("resident memory with {held} stored"),
                mib(most),
                Good::AtMost,
                200.0,
                "the most that was seen, restarts included".to_owned(),
            )
            .in_unit(" MiB"),
            Figure::new(
                format!("kill -9 under load to the next accepted submit, {held} stored"),
                median(&self.back_s),
                Good::AtMost,
                2.0,
                format!("healthy after {} s, submit accepted after {} s", per_s(&self.health_s), per_s(&self.back_s)),
            )
            .in_unit(" s"),
        ]
    }
}
