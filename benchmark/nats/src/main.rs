//! Publishes 16 KiB messages to a JetStream stream and waits for the server's word on each, then prints one JSON object:
//! what was published, in how long, and the median time of one.
//!
//! `safeconduct-bench-nats URL CONNECTIONS IN_FLIGHT SECONDS`, with IN_FLIGHT for each connection.

use std::{
    env,
    error::Error,
    io::{self, Write as _},
    time::{Duration, Instant},
};

use async_nats::jetstream::{
    self,
    context::Context,
    stream::{Config, StorageType},
};
use futures_util::{StreamExt as _, stream::FuturesUnordered};

/// As an envelope of the smallest class.
const MESSAGE_BYTES: usize = 16_384;
/// As the relay's mailboxes in the same run.
const SUBJECTS: usize = 32;
const STREAM: &str = "MAILBOXES";
/// What is published before it counts.
const WARM_UP: Duration = Duration::from_millis(300);

type Failure = Box<dyn Error + Send + Sync>;

struct Counted {
    published: u64,
    took_us: Vec<u64>,
}

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [url, connections, in_flight, seconds] = arguments.as_slice() else {
        return Err("usage: safeconduct-bench-nats URL CONNECTIONS IN_FLIGHT SECONDS".into());
    };
    let (connections, in_flight): (usize, usize) = (connections.parse()?, in_flight.parse()?);
    let seconds: f64 = seconds.parse()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let (published, took_us) = runtime.block_on(run(url, connections, in_flight, Duration::from_secs_f64(seconds)))?;
    let answer = serde_json::json!({ "published": published, "seconds": seconds, "median_us": took_us });
    writeln!(io::stdout(), "{answer}")?;
    Ok(())
}

async fn run(url: &str, connections: usize, in_flight: usize, window: Duration) -> Result<(u64, u64), Failure> {
    let mut contexts = Vec::new();
    for _ in 0..connections {
        contexts.push(jetstream::new(async_nats::connect(url).await?));
    }
    if let Some(first) = contexts.first() {
        let config = Config {
            name: STREAM.to_owned(),
            subjects: vec!["mailbox.*".to_owned()],
            storage: StorageType::File,
            num_replicas: 1,
            ..Config::default()
        };
        first.get_or_create_stream(config).await?;
    }
    let begun = Instant::now();
    let mut tasks = Vec::new();
    for (number, context) in contexts.into_iter().enumerate() {
        tasks.push(tokio::spawn(publish(context, number, in_flight, begun, window)));
    }
    let mut all = Counted { published: 0, took_us: Vec::new() };
    for task in tasks {
        let counted = task.await??;
        all.published += counted.published;
        all.took_us.extend(counted.took_us);
    }
    all.took_us.sort_unstable();
    Ok((all.published, all.took_us.get(all.took_us.len() / 2).copied().unwrap_or_default()))
}

/// Keeps `in_flight` publishes under way; counts what is acknowledged inside the window.
async fn publish(
    context: Context,
    number: usize,
    in_flight: usize,
    begun: Instant,
    window: Duration,
) -> Result<Counted, Failure> {
    let (from, until) = (begun + WARM_UP, begun + WARM_UP + window);
    let mut counted = Counted { published: 0, took_us: Vec::new() };
    let mut under_way = FuturesUnordered::new();
    let mut next = 0_u64;
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64 ^ number as u64;
    let template: Vec<u8> = (0..MESSAGE_BYTES)
        .map(|_| {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            seed.to_le_bytes()[0]
        })
        .collect();
    loop {
        while under_way.len() < in_flight && Instant::now() < until {
            let mut message = template.clone();
            message[..8].copy_from_slice(&next.to_be_bytes());
            let subject = format!("mailbox.{}", next as usize % SUBJECTS);
            next += 1;
            let sent = Instant::now();
            let context = context.clone();
            under_way.push(async move {
                let accepted = context.publish(subject, message.into()).await.map_err(Failure::from)?;
                accepted.await.map_err(Failure::from)?;
                Ok::<_, Failure>(sent)
            });
        }
        let Some(sent) = under_way.next().await else { return Ok(counted) };
        let (sent, now) = (sent?, Instant::now());
        if now >= from && now < until {
            counted.published += 1;
            counted.took_us.push(u64::try_from((now - sent).as_micros()).unwrap_or(u64::MAX));
        }
    }
}
