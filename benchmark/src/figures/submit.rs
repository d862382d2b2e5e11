//! Durable submits against the disk, the network and NATS, with 256 and with one in flight.

use serde_json::json;

use super::{Bench, IN_FLIGHT, NatsPrograms, ratios};
use crate::{
    disk::{Growth, RawLog},
    echo::Echo,
    error::BenchError,
    load::{Counted, Fleet, Plan, Sender},
    measure::{float, median, now},
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
    /// A file that grows, in batches of 256, and in others.
    raw: Vec<f64>,
    raw_others: [Vec<f64>; 3],
    /// A file that is used again, in batches of 256.
    reused: Vec<f64>,
    /// One envelope and one fdatasync, of either file.
    growing_us: Vec<f64>,
    reused_us: Vec<f64>,
    echo: Vec<f64>,
    echo_us: Vec<f64>,
    relay: Vec<f64>,
    relay_us: Vec<f64>,
    /// The relay's processor time for each submit, 256 in flight.
    processor_us: Vec<f64>,
    nats: Vec<f64>,
    nats_us: Vec<f64>,
}

/// Envelopes in one fdatasync of the raw log, beside 256.
const OTHER_BATCHES: [usize; 3] = [1, 16, 64];
/// Parts of a round.
const SLICES: u32 = 5;

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
        rounds.other_batches(bench)?;
        rounds.nats(bench, nats.as_ref())?;
        rounds.beside_each_other(bench, &echo).await?;
    }
    report.measured("submit", rounds.json());
    report.take(rounds.figures(nats.is_some(), &why));
    Ok(())
}

impl Rounds {
    fn other_batches(&mut self, bench: &Bench) -> Result<(), BenchError> {
        for (batch, rates) in OTHER_BATCHES.into_iter().zip(&mut self.raw_others) {
            let mut log = RawLog::new(&bench.folder, Growth::Growing, batch)?;
            log.append(bench.size.window / 8)?;
            rates.push(log.end()?.0);
        }
        Ok(())
    }

    fn nats(&mut self, bench: &Bench, nats: Option<&Nats>) -> Result<(), BenchError> {
        let Some(nats) = nats else { return Ok(()) };
        self.nats.push(nats.publish(SENDERS, IN_FLIGHT, bench.size.window)?.rate);
        let one = nats.publish(1, 1, bench.size.window / 4)?;
        self.nats_us.push(one.median.as_secs_f64() * 1e6);
        Ok(())
    }

    /// The relay, the echo and the disk in turn, with 256 in flight, then with one.
    async fn beside_each_other(&mut self, bench: &Bench, echo: &Echo) -> Result<(), BenchError> {
        let relay = bench.relay().await?;
        let mut to_relay = Fleet::connect(&bench.world, relay.target()).await?;
        let mut to_echo = Fleet::connect(&bench.world, echo.target()).await?;
        let before = relay.processor_time()?;
        let submits = self.many(bench, &mut to_relay, &mut to_echo).await?;
        let taken = relay.processor_time()?.saturating_sub(before);
        self.processor_us.push(taken.as_secs_f64() * 1e6 / float(submits.max(1)));
        self.one(bench, to_relay.first()?, to_echo.first()?).await?;
        to_relay.close();
        to_echo.close();
        bench.end(relay).await
    }

    /// In slices, because a disk that others use changes from one second to the next. Gives all that was submitted.
    async fn many(&mut self, bench: &Bench, to_relay: &mut Fleet, to_echo: &mut Fleet) -> Result<u64, BenchError> {
        let mut growing = RawLog::new(&bench.folder, Growth::Growing, 256)?;
        let mut reused = RawLog::new(&bench.folder, Growth::Reused, 256)?;
        let (mut relayed, mut echoed) = (Counted::default(), Counted::default());
        let slice = bench.size.window / SLICES;
        for _ in 0..SLICES {
            growing.append(slice)?;
            relayed.after(to_relay.run(Plan::For(slice), IN_FLIGHT).await?);
            reused.append(slice)?;
            echoed.after(to_echo.run(Plan::For(slice / 2), IN_FLIGHT).await?);
        }
        self.raw.push(growing.end()?.0);
        self.reused.push(reused.end()?.0);
        self.relay.push(relayed.rate());
        self.echo.push(echoed.rate());
        Ok(relayed.accepted)
    }

    async fn one(&mut self, bench: &Bench, to_relay: &mut Sender, to_echo: &mut Sender) -> Result<(), BenchError> {
        let mut growing = RawLog::new(&bench.folder, Growth::Growing, 1)?;
        let mut reused = RawLog::new(&bench.folder, Growth::Reused, 1)?;
        let (mut relayed, mut echoed) = (Counted::default(), Counted::default());
        let slice = bench.size.window / (SLICES * 4);
        for _ in 0..SLICES * 2 {
            growing.append(slice)?;
            relayed.after(to_relay.run(now(), Plan::For(slice), 1).await?);
            reused.append(slice)?;
            echoed.after(to_echo.run(now(), Plan::For(slice), 1).await?);
        }
        self.growing_us.push(growing.end()?.1);
        self.reused_us.push(reused.end()?.1);
        self.relay_us.push(relayed.times.spread().p50_us);
        self.echo_us.push(echoed.times.spread().p50_us);
        Ok(())
    }

    fn json(&self) -> serde_json::Value {
        let [one, sixteen, sixty_four] = &self.raw_others;
        json!({
            "raw_append_per_s_by_batch": { "1": one, "16": sixteen, "64": sixty_four, "256": self.raw },
            "raw_reused_per_s_256": self.reused,
            "fdatasync_growing_p50_us": self.growing_us,
            "fdatasync_reused_p50_us": self.reused_us,
            "quinn_echo_256_per_s": self.echo,
            "quinn_echo_1_p50_us": self.echo_us,
            "nats_256_per_s": self.nats,
            "nats_1_p50_us": self.nats_us,
            "relay_256_per_s": self.relay,
            "relay_1_p50_us": self.relay_us,
            "relay_256_processor_us_each": self.processor_us,
        })
    }

    fn figures(&self, has_nats: bool, why: &str) -> Vec<Figure> {
        let per_s = |rates: &[f64]| digits(median(rates));
        let of_disk = Figure::new(
            OF_DISK,
            median(&ratios(&self.relay, &self.raw)),
            Good::AtLeast,
            0.6,
            format!(
                "{} of {} a second ({} into a file that does not grow); the network alone carries {}; {} µs of processor each",
                per_s(&self.relay),
                per_s(&self.raw),
                per_s(&self.reused),
                per_s(&self.echo),
                per_s(&self.processor_us)
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
