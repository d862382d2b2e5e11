//! What a simulated world runs must be the same twice: nothing there may be drawn by tokio, whose choices its seed does not reach.

use super::tree::{assert_none, sources};

/// Where the simulator never comes: sockets, processes, the page, and what only a program does.
const OUTSIDE: [&str; 13] = [
    "certs/src/bin/",
    "client/src/api/",
    "client/src/cli/",
    "client/src/daemon/run.rs",
    "client/src/web/",
    "relay/src/cli.rs",
    "relay/src/control.rs",
    "relay/src/listen.rs",
    "relay/src/local.rs",
    "relay/src/relay.rs",
    // Nobody waits there in a simulated world: the page and the local API do.
    "client/src/daemon/handle.rs",
    "client/src/sync.rs",
    "client/src/main.rs",
];

#[test]
fn what_a_simulated_world_waits_for_has_an_order() {
    let mut drawn = Vec::new();
    for source in sources().iter().filter(|source| source.is_product()) {
        let lines: Vec<(usize, &str)> = source.lines_before_tests().collect();
        for (place, (number, line)) in lines.iter().enumerate() {
            let is_ordered = lines.get(place + 1).is_some_and(|(_, next)| next.trim() == "biased;");
            let is_outside = OUTSIDE.iter().any(|path| source.path.starts_with(path));
            // `sync.rs` has waits that the simulator reaches.
            let is_wait = line.contains("select! {") && (!is_outside || source.path == "client/src/sync.rs");
            if is_wait && !is_ordered {
                drawn.push(format!("{}:{number}: begin with `biased;`, and think of what may starve", source.path));
            }
            if !is_outside && (line.contains("watch::") || line.contains("sync::watch")) {
                drawn.push(format!("{}:{number}: `watch` wakes in an order that it draws", source.path));
            }
        }
    }
    assert_none("a simulated world draws nothing but from its seed", &drawn);
}

#[test]
fn only_the_simulator_has_simulated_vaults() {
    let sources = sources();
    let callers = sources.iter().filter(|source| {
        let is_its =
            ["tests/sim/", "tests/tidy/", "client/src/vault/"].iter().any(|path| source.path.starts_with(path));
        source.is_rust() && !is_its && source.text.contains("vault::simulated")
    });
    assert_none("vaults lock their memory", &callers.map(|source| source.path.clone()).collect::<Vec<_>>());
}
