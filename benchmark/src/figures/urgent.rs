//! One urgent envelope now and then, alone and while another node floods the relay.

use std::time::Duration;

use serde_json::json;
use tokio::task::JoinSet;

use super::{Bench, IN_FLIGHT};
use crate::{
    error::BenchError,
    load::{Plan, Sender},
    measure::{Times, median, now, pause},
    report::{Figure, Good, Report, digits, say},
    world::{RECEIVERS, URGENT},
};

/// Between two urgent envelopes.
const EACH: Duration = Duration::from_millis(20);

/// Measures.
pub(crate) async fn measure(bench: &Bench, report: &mut Report) -> Result<(), BenchError> {
    let relay = bench.relay().await?;
    let mut urgent = Sender::connect(&bench.world, relay.target(), URGENT).await?;
    let mut flood = Some(Sender::connect(&bench.world, relay.target(), RECEIVERS).await?);
    let (mut quiet, mut flooded, mut flood_per_s) = (Times::default(), Times::default(), Vec::new());
    let rounds = bench.size.rounds.min(2);
    for round in 1..=rounds {
        say(&format!("urgent, round {round} …"));
        let samples = bench.size.urgent / rounds;
        quiet.append(urgent.now_and_then(EACH, samples).await?);
        let Some(mut sender) = flood.take() else { continue };
        let begun = now();
        let mut load = JoinSet::new();
        let window = EACH * (samples + 25);
        load.spawn(async move {
            let counted = sender.run(begun, Plan::For(window), IN_FLIGHT).await;
            counted.map(|counted| (sender, counted))
        });
        // The flood has to be at its height.
        pause(EACH * 20).await;
        flooded.append(urgent.now_and_then(EACH, samples).await?);
        while let Some(done) = load.join_next().await {
            let (sender, counted) = done??;
            flood_per_s.push(counted.rate());
            flood = Some(sender);
        }
    }
    bench.end(relay).await?;
    let (quiet, flooded) = (quiet.spread(), flooded.spread());
    report.measured("urgent", json!({ "quiet": quiet, "flooded": flooded, "flood_per_s": flood_per_s }));
    report.take(vec![Figure::new(
        "p99 of one urgent submit while another node floods, against its quiet p99",
        flooded.p99_us / quiet.p99_us.max(f64::MIN_POSITIVE),
        Good::AtMost,
        5.0,
        format!(
            "p99 {} µs against {} µs (medians {} and {}), flood of {} a second",
            digits(flooded.p99_us),
            digits(quiet.p99_us),
            digits(flooded.p50_us),
            digits(quiet.p50_us),
            digits(median(&flood_per_s))
        ),
    )]);
    Ok(())
}
