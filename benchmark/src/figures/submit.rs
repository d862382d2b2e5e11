//! Durable submits against the disk, the network and NATS, with 256 and with one in flight.

use serde_json::json;

use super::{Bench, IN_FLIGHT, NatsPrograms, ratios};
use crate::{
    disk::{self, Log},
    echo::Echo,
    error::BenchError,
    load::{Fleet, Plan},
    measure::{median, now},
    nats::Nats,
    report::{Figure, Good, Report, digits, say},
    world::SENDERS,
};

const OF_DISK: &str = "durable submits, 256 in flight, against raw append with one fdatasync per 256";
const OF_NATS: &str = "durable submits, 256 in flight, against NATS JetStream with sync_interval always";
const ONE: &str = "one submit in flight, against one fdatasync and one QUIC round trip";

/// One value for each round.
#[derive(Default)]
struct Rounds {
    /// A file that grows, by batch.
    raw: [Vec<f64>; 4],
    /// A file that is used again, in batches of 256.
    reused: Vec<f64>,
    /// One envelope and one fdatasync, of either file.
    growing_us: Vec<f64>,
    reused_us: Vec<f64>,
    echo: Vec<f64>,
    echo_us: Vec<f64>,
    relay: Vec<f64>,
    relay_us: Vec<f64>,
    nats: Vec<f64>,
    nats_us: Vec<f64>,
}

/// Envelopes in one fdatasync of the raw log.
const BATCHES: [usize; 4] = [1, 16, 64, 256];

/// Measures everything in turn, several times.
pub(crate) async fn measure(bench: &Bench, report: &mut Report) -> Result<(), BenchError> {
    let mut rounds = Rounds::default();
    let echo = Echo::start()?;
    let (nats, why) = match &bench.nats {
        NatsPrograms::Missing(why) => (None, why.clone()),
        NatsPrograms::Here { server, driver } => match Nats::start(server, driver, bench.folder.join("nats")).await {
            Ok(nats) => (Some(nats), String::new()),
            Err(error) => (None, error.to_string()),
        },
    };
    for round in 1..=bench.size.rounds {
        say(&format!("submit, round {round} of {} …", bench.size.rounds));
        rounds.disk(bench)?;
        rounds.nats(bench, nats.as_ref())?;
        rounds.relay(bench).await?;
        rounds.echo(bench, &echo).await?;
    }
    report.measured("submit", rounds.json());
    report.take(rounds.figures(nats.is_some(), &why));
    Ok(())
}

impl Rounds {
    fn disk(&mut self, bench: &Bench) -> Result<(), BenchError> {
        let (folder, window) = (&bench.folder, bench.size.window / 2);
        for (batch, rates) in BATCHES.into_iter().zip(&mut self.raw) {
            // What is compared gets the whole time.
            let window = if batch == 1 || batch == 256 { window } else { window / 4 };
            let appended = disk::append(folder, Log::Growing, batch, window)?;
            rates.push(appended.rate);
            if batch == 1 {
                self.growing_us.push(appended.times.spread().p50_us);
            }
        }
        self.reused.push(disk::append(folder, Log::Reused, 256, window)?.rate);
        self.reused_us.push(disk::append(folder, Log::Reused, 1, window)?.times.spread().p50_us);
        Ok(())
    }

    fn nats(&mut self, bench: &Bench, nats: Option<&Nats>) -> Result<(), BenchError> {
        let Some(nats) = nats else { return Ok(()) };
        self.nats.push(nats.publish(SENDERS, IN_FLIGHT, bench.size.window)?.rate);
        let one = nats.publish(1, 1, bench.size.window / 4)?;
        self.nats_us.push(one.median.as_secs_f64() * 1e6);
        Ok(())
    }

    async fn relay(&mut self, bench: &Bench) -> Result<(), BenchError> {
        let relay = bench.relay().await?;
        let mut fleet = Fleet::connect(&bench.world, relay.target()).await?;
        let (many, one_us) = both(bench, &mut fleet).await?;
        self.relay.push(many);
        self.relay_us.push(one_us);
        fleet.close();
        bench.end(relay).await
    }

    async fn echo(&mut self, bench: &Bench, echo: &Echo) -> Result<(), BenchError> {
        let mut fleet = Fleet::connect(&bench.world, echo.target()).await?;
        let (many, one_us) = both(bench, &mut fleet).await?;
        self.echo.push(many);
        self.echo_us.push(one_us);
        fleet.close();
        Ok(())
    }

    fn json(&self) -> serde_json::Value {
        let raw: serde_json::Map<_, _> =
            BATCHES.iter().zip(&self.raw).map(|(batch, rates)| (batch.to_string(), json!(rates))).collect();
        json!({
            "raw_append_per_s_by_batch": raw,
            "raw_reused_per_s_256": self.reused,
            "fdatasync_growing_p50_us": self.growing_us,
            "fdatasync_reused_p50_us": self.reused_us,
            "quinn_echo_256_per_s": self.echo,
            "quinn_echo_1_p50_us": self.echo_us,
            "nats_256_per_s": self.nats,
            "nats_1_p50_us": self.nats_us,
            "relay_256_per_s": self.relay,
            "relay_1_p50_us": self.relay_us,
        })
    }

    fn figures(&self, has_nats: bool, why: &str) -> Vec<Figure> {
        let [_, _, _, raw] = &self.raw;
        let per_s = |rates: &[f64]| digits(median(rates));
        let of_disk = Figure::new(
            OF_DISK,
            median(&ratios(&self.relay, raw)),
            Good::AtLeast,
            0.6,
            format!(
                "{} of {} a second ({} into a file that does not grow); the network alone carries {}",
                per_s(&self.relay),
                per_s(raw),
                per_s(&self.reused),
                per_s(&self.echo)
            ),
        );
        let of_nats = if has_nats {
            let from = format!("{} against {} a second", per_s(&self.relay), per_s(&self.nats));
            Figure::new(OF_NATS, median(&ratios(&self.relay, &self.nats)), Good::AtLeast, 5.0, from)
        } else {
            Figure::skipped(OF_NATS, Good::AtLeast, 5.0, why.to_owned())
        };
        // The quicker of both files is the physical limit.
        let quicker =
            if median(&self.reused_us) < median(&self.growing_us) { &self.reused_us } else { &self.growing_us };
        let floor: Vec<f64> = quicker.iter().zip(&self.echo_us).map(|(sync, trip)| sync + trip).collect();
        let one = Figure::new(
            ONE,
            median(&ratios(&self.relay_us, &floor)),
            Good::AtMost,
            1.5,
            format!("{} µs against {} + {} µs", per_s(&self.relay_us), per_s(quicker), per_s(&self.echo_us)),
        );
        vec![of_disk, of_nats, one]
    }
}

/// The rate with 256 in flight, then the median time of one, in microseconds.
async fn both(bench: &Bench, fleet: &mut Fleet) -> Result<(f64, f64), BenchError> {
    let many = fleet.run(Plan::For(bench.size.window), IN_FLIGHT).await?;
    let one = fleet.first()?.run(now(), Plan::For(bench.size.window / 2), 1).await?;
    Ok((many.rate(), one.times.spread().p50_us))
}
