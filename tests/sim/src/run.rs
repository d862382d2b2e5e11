//! The life of one world: a time of faults, then a time in which everything must come to rest.

use std::time::Duration;

use tokio::time::sleep;

use crate::{check, faults::Agenda, story::Ending, world::World};

/// Rounds of rest after which it is said that something hangs.
const ROUNDS_MAX: u32 = 90;
/// Seconds that pass for all machines between two looks, so that what was put off becomes due.
const SKIP_S: u64 = 240;

/// Lives the world of a seed to its end.
pub(crate) async fn live(seed: u64, told: bool) -> Ending {
    let mut world = World::new(seed, told);
    let mut agenda = Agenda::default();
    sleep(world.dice.millis(0, 4_000)).await;
    for _ in 0..world.dice.within(12, 40) {
        step(&mut world, &mut agenda).await;
        if world.story.is_broken() {
            return world.story.end();
        }
    }
    rest(&mut world, &mut agenda).await;
    if !world.story.is_broken() {
        check::at_the_end(&mut world).await;
    }
    world.story.end()
}

async fn step(world: &mut World, agenda: &mut Agenda) {
    world.story.count("steps");
    world.reap(agenda);
    agenda.due(world, false);
    if world.profile.forks() && world.fork.is_none() && world.dice.in_thousand(250) {
        world.forks().await;
    }
    world.publish_what_is_new().await;
    let profile_draw = world.profile.draw(&world.dice);
    match profile_draw {
        Some(kind) => world.fault(kind, agenda).await,
        None => match world.dice.below(10) {
            0 => world.ping().await,
            1 => world.send_once_more().await,
            2 => check::reads(world).await,
            _ => world.send().await,
        },
    }
    let pause = match world.dice.below(10) {
        0..6 => world.dice.millis(1, 800),
        6..9 => world.dice.millis(500, 4_000),
        _ => world.dice.millis(2_000, 20_000),
    };
    sleep(pause).await;
    check::at_each_step(world).await;
}

/// Faults stop, everything is up and reaches everything: from here on all must come to rest.
async fn rest(world: &mut World, agenda: &mut Agenda) {
    world.story.tell("faults stop");
    world.reap(agenda);
    agenda.due(world, true);
    world.net.heal();
    world.perhaps_ends_fork().await;
    world.watch.evil(|evil| evil.per_mille = 0);
    for relay in 0..world.relays.len() {
        world.relays[relay].full(false);
        world.relays[relay].clock.set_ahead(0);
        if !world.relays[relay].is_up() {
            world.start_relay(relay);
        }
    }
    for node in 0..world.nodes.len() {
        world.nodes[node].lasting_disk(&world.net);
        world.nodes[node].clock.set_ahead(0);
        if !world.nodes[node].is_up() {
            world.start_node(node);
        }
        // What an evil relay has kept back comes with a new connection.
        world.net.cut(node);
    }
    world.publish_what_is_new().await;
    world.send_what_was_perhaps_taken().await;
    let mut open = Vec::new();
    for round in 0..ROUNDS_MAX {
        sleep(Duration::from_secs(2)).await;
        if world.story.is_broken() {
            return;
        }
        open = check::open(world).await;
        if open.is_empty() && !world.exchanges_across().await {
            world.story.add("rounds to rest", u64::from(round));
            world.story.tell("everything is at rest");
            return;
        }
        world.persons_act();
        world.publish_what_is_new().await;
        if round % 6 == 5 {
            world.skip(SKIP_S).await;
        }
    }
    world.story.broken(format!("after faults stopped it does not come to rest: {}", open.join("; ")));
}
