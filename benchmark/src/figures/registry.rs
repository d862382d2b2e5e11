//! A node that joins: fetches the whole log from the relay's program, verifies it by replay, and stores it in its vault; and
//! the relay that gets such a log, and starts with it.

use std::{fs, sync::Arc, time::Duration};

use safeconduct_certs::{
    directory::DirectoryKey,
    keyfile::Cost,
    link::TlsKey,
    node::{Exercise, Role, Roles},
    registry::leaf::{LeafFields, LeafKind, SUITES_1},
    system::{SystemClock, SystemEntropy},
};
use safeconduct_client::{
    config::Config,
    daemon::{Core, Handle, Node},
    keys,
    sync::{self, Sync},
};
use safeconduct_protocol::{
    crypto::hash::sha256,
    id::{InviteId, LeafHash},
    secret::Secret,
    time::{Clock as _, Timestamp},
};
use serde_json::json;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::Bench;
use crate::{
    error::BenchError,
    measure::{median, now, pause},
    relay::{Relay, processor_time_of},
    report::{Figure, Good, Report, digits, say},
    world::{RELAY, World},
};

/// Seconds in which a log of 100,000 entries is to be here.
const LIMIT_S: f64 = 3.0;
/// Between two looks at how far the node is.
const LOOK: Duration = Duration::from_millis(2);
const PASSPHRASE: &str = "only for the bench, on loopback";

/// Measures.
pub(crate) async fn measure(bench: &Bench, report: &mut Report) -> Result<(), BenchError> {
    let (agencies, entries) = (bench.size.agencies, bench.size.entries);
    say(&format!("a registry of {agencies} agencies and {entries} entries …"));
    let folder = bench.folder.join("registry");
    fs::create_dir(&folder).map_err(BenchError::io("make a directory"))?;
    let mut world = World::make(&folder.join("origin"), agencies)?;
    let key = [9; 32];
    // A node for each round: of two with one identity, the second stops.
    let vaults: Vec<_> = (0..bench.size.rounds).map(|round| folder.join(format!("node-{round}"))).collect();
    let members: Vec<_> = vaults.iter().map(|vault| member(vault, &world, &key)).collect::<Result<_, _>>()?;
    world.lengthen(entries, &members, &DirectoryKey::new(Secret::new(key)))?;
    let world = Arc::new(world);
    let begun = now();
    let mut relay =
        Relay::fresh(&bench.relay_program, &folder.join("origin"), folder.join("relay"), &world, world.entries())
            .await?;
    let published_s = begun.elapsed().as_secs_f64();
    relay.kill()?;
    let begun = now();
    relay.start()?;
    relay.healthy().await?;
    let started_s = begun.elapsed().as_secs_f64();
    let (mut first, mut again, mut taken) = (Vec::new(), Vec::new(), Vec::new());
    for vault in &vaults {
        let address = relay.target().address.to_string();
        let before = processor_time_of("self")?;
        first.push(join(vault, &address, world.entries()).await?);
        taken.push(processor_time_of("self")?.saturating_sub(before).as_secs_f64());
        again.push(join(vault, &address, world.entries()).await?);
    }
    relay.end().await?;
    report.measured(
        "registry",
        json!({
            "agencies": agencies, "entries": world.entries(), "first_s": first, "again_s": again, "processor_s": taken,
            "relay_published_s": published_s, "relay_started_s": started_s,
        }),
    );
    let from = format!(
        "{} s of processor; a vault that holds it already is level after {} s; the relay takes it in {} s and starts with it in {} s",
        digits(median(&taken)),
        digits(median(&again)),
        digits(published_s),
        digits(started_s),
    );
    let what = format!("a new node has {} entries of {agencies} agencies, verified and stored", world.entries());
    report.take(vec![Figure::new(what, median(&first), Good::AtMost, LIMIT_S, from).in_unit(" s")]);
    Ok(())
}

/// Makes a node's vault, approved and without a registry; its entry.
fn member(vault: &std::path::Path, world: &World, key: &[u8; 32]) -> Result<LeafFields, BenchError> {
    let failed = |error: &dyn std::fmt::Display| BenchError::Registry(error.to_string());
    let cost = Cost::new(64, 1).ok_or_else(|| BenchError::Registry("cost".to_owned()))?;
    let passphrase = PASSPHRASE.to_owned().into();
    let now = SystemClock.now();
    let (mut open, _) =
        keys::init(vault, &passphrase, None, cost, now, &mut SystemEntropy).map_err(|error| failed(&error))?;
    let (invite, answer) = (InviteId::from_bytes([1; 16]), Secret::new([2; 32]));
    keys::begin_enrolment(&mut open, invite, "127.0.0.1:1", world.root(), b"", &answer)
        .map_err(|error| failed(&error))?;
    keys::enrolment_approved(&open, &Secret::new(*key)).map_err(|error| failed(&error))?;
    let identity = keys::identity(&open).map_err(|error| failed(&error))?;
    let tls = TlsKey::from_seed(keys::tls_seed(vault).map_err(|error| failed(&error))?);
    let roles =
        Roles::agency(&[Role::NgoShelter], Exercise::No).ok_or_else(|| BenchError::Registry("roles".to_owned()))?;
    Ok(LeafFields {
        kind: LeafKind::Add,
        seq: 0,
        node: identity.node,
        previous: LeafHash::from_bytes([0; 32]),
        effective: Timestamp(now.0),
        ik: *identity.public().as_bytes(),
        succession: identity.succession_public,
        tls_spki: tls.spki_hash(),
        home_relay: RELAY,
        mailbox: identity.mailbox,
        roles: roles.bits(),
        suites: SUITES_1,
        directory: sha256(&[b"set later"]),
        ml_dsa: None,
        terms: None,
    })
}

/// Runs a node as its daemon does until its registry copy is level; the seconds from the first attempt to connect.
async fn join(vault: &std::path::Path, relay: &str, entries: u64) -> Result<f64, BenchError> {
    let failed = |told: safeconduct_client::error::Told| BenchError::Unexpected(told.to_string());
    fs::write(vault.join("config.toml"), format!("relay = \"{relay}\"\n"))
        .map_err(BenchError::io("write config.toml"))?;
    let config = Config::load(vault).map_err(|error| BenchError::Unexpected(error.to_string()))?;
    let (data, for_node) = (vault.to_owned(), config.clone());
    let open = move || Node::open_with(&data, &PASSPHRASE.to_owned().into(), for_node);
    let (core, thread) = Core::start(open).map_err(failed)?;
    let (handle, reports) = Handle::new(core.clone());
    let stop = CancellationToken::new();
    let begun = now();
    let sync = Sync::new(core.clone(), config, Arc::new(SystemClock), reports);
    let tasks = TaskTracker::new();
    tasks.spawn(sync::run(sync, stop.clone()));
    tasks.close();
    let patience = Duration::from_secs(120);
    while core.call(|node| Ok(node.registry_size())).await.map_err(failed)? < entries {
        if begun.elapsed() > patience {
            let why = handle.relay().last_error.unwrap_or_default();
            return Err(BenchError::Unexpected(format!("a node did not get level: {why}")));
        }
        pause(LOOK).await;
    }
    let took = begun.elapsed().as_secs_f64();
    stop.cancel();
    tasks.wait().await;
    drop((handle, core));
    thread.join().map_err(failed)?;
    Ok(took)
}
