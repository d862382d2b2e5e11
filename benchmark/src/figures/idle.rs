//! Very many connections that do nothing.

use std::{net::Ipv4Addr, sync::Arc, time::Duration};

use quinn::Endpoint;
use serde_json::json;
use tokio::{sync::Semaphore, task::JoinSet};

use super::{Bench, all, mib};
use crate::{
    error::BenchError,
    measure::{now, pause},
    report::{Figure, Good, Report, digits, say},
    session::{Session, endpoint},
    world::Node,
};

/// Connections of one loopback address: what the relay allows.
const PER_ADDRESS: u32 = 64;
/// Handshakes under way: fewer than the relay allows of one address.
const AT_ONCE: usize = 24;
/// After the last handshake, before the watch begins.
const CALM: Duration = Duration::from_secs(5);

/// Measures.
pub(crate) async fn measure(bench: &Bench, report: &mut Report) -> Result<(), BenchError> {
    let (connections, watched) = (bench.size.connections, bench.size.watched);
    say(&format!("{connections} idle connections …"));
    let relay = bench.relay().await?;
    let before = relay.memory()?;
    let begun = now();
    let sessions = connect(bench, &relay, connections).await?;
    let connected_s = begun.elapsed().as_secs_f64();
    pause(CALM).await;
    let (from, begun) = (relay.processor_time()?, now());
    pause(watched).await;
    let (taken, watched) = (relay.processor_time()?.saturating_sub(from), begun.elapsed());
    let memory = relay.memory()?;
    drop(sessions);
    relay.end().await?;
    let share = 100.0 * taken.as_secs_f64() / watched.as_secs_f64();
    report.measured(
        "idle",
        json!({
            "connections": connections,
            "connected_s": connected_s,
            "memory_before_mib": mib(before.now_bytes),
            "memory_mib": mib(memory.now_bytes),
            "memory_most_mib": mib(memory.most_bytes),
            "watched_s": watched.as_secs_f64(),
            "processor_s": taken.as_secs_f64(),
        }),
    );
    let with = format!("all handshakes in {} s", digits(connected_s));
    report.take(vec![
        Figure::new(
            format!("resident memory with {connections} idle connections"),
            mib(memory.most_bytes),
            Good::AtMost,
            600.0,
            with,
        )
        .in_unit(" MiB"),
        Figure::new(
            format!("processor time with {connections} idle connections, of one core"),
            share,
            Good::AtMost,
            2.0,
            format!("{} s in {} s", digits(taken.as_secs_f64()), digits(watched.as_secs_f64())),
        )
        .in_unit(" %"),
    ]);
    Ok(())
}

/// Sessions of the first so many agencies, each up.
async fn connect(bench: &Bench, relay: &crate::relay::Relay, most: u32) -> Result<Vec<Session>, BenchError> {
    let places = Arc::new(Semaphore::new(AT_ONCE));
    let mut tasks: JoinSet<Result<Session, BenchError>> = JoinSet::new();
    let mut sessions = Vec::new();
    let mut socket: Option<Endpoint> = None;
    let target = relay.target();
    for number in 0..most.min(bench.size.agencies) {
        if number % PER_ADDRESS == 0 {
            let [_, _, high, low] = (number / PER_ADDRESS).to_be_bytes();
            socket = Some(endpoint(Ipv4Addr::new(127, 7, high, low.saturating_add(1)))?);
        }
        let Some(socket) = socket.clone() else { continue };
        let place = Arc::clone(&places).acquire_owned().await;
        tasks.spawn(async move {
            let session = Session::node(socket, target, &Node::new(number), 64).await;
            drop(place);
            session
        });
        while let Some(done) = tasks.try_join_next() {
            sessions.push(done??);
        }
    }
    sessions.extend(all(tasks, "the last connections").await?);
    Ok(sessions)
}
