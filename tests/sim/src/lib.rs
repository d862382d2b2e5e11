//! Safeconduct simulated: an authority, relays and nodes in one thread, over a network, clocks and disks that one seed decides
//! about. What is real and what is not is in `docs/SIMULATOR.md`.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::wildcard_enum_match_arm,
    reason = "a test program: what must not be ends the run, and of the many frames only some are looked at"
)]

mod authority;
mod canary;
mod check;
mod clock;
mod copies;
#[cfg(test)]
mod cover;
mod dice;
mod disk;
mod evil;
mod faults;
mod fork;
mod mallory;
mod net;
mod node_machine;
mod office;
mod pipe;
mod relay_machine;
mod run;
mod shown;
mod story;
mod template;
mod two_faced;
mod vault_disk;
mod watch;
mod world;

pub use story::Ending;

/// Lives the world of a seed. With `told`, the story's lines are kept; with the name of a bug that is built in, it has that bug.
#[must_use]
pub fn run_seed(seed: u64, told: bool, bug: Option<&str>) -> Ending {
    template::Template::get();
    vaults_draw_from(seed);
    choose(bug);
    let ending = runtime().block_on(run::live(seed, told));
    choose(None);
    ending
}

/// The names of the bugs that are built in: none but with the feature `planted`.
#[must_use]
pub fn bugs() -> Vec<&'static str> {
    #[cfg(feature = "planted")]
    return safeconduct_protocol::planted::Bug::ALL.iter().map(|(_, name)| *name).collect();
    #[cfg(not(feature = "planted"))]
    Vec::new()
}

#[cfg(feature = "planted")]
fn choose(bug: Option<&str>) {
    use safeconduct_protocol::planted::{Bug, choose};
    choose(bug.and_then(|wanted| Bug::ALL.iter().find(|(_, name)| *name == wanted)).map(|(bug, _)| *bug));
}

#[cfg(not(feature = "planted"))]
const fn choose(_bug: Option<&str>) {}

/// This thread's vaults draw what SQLite draws from this seed.
fn vaults_draw_from(seed: u64) {
    #[cfg(debug_assertions)]
    safeconduct_client::vault::simulated(seed);
    #[cfg(not(debug_assertions))]
    let _ = seed;
}

/// One thread, with a time of its own that leaps. Where several things could be done next, their order is written down: what waits for
/// several at once is `biased`, and nothing that draws is used (`tests/tidy/simulated.rs`). What is still under way when it is dropped
/// ends with it.
fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap()
}

#[cfg(test)]
mod tests {
    /// Lives this world, in which each of these has happened.
    fn lives(seed: u64, happened: &[&str]) -> super::Ending {
        let ending = super::run_seed(seed, true, None);

        assert_eq!(ending.broken, None);
        let never: Vec<_> = happened.iter().filter(|what| !ending.counts.contains_key(**what)).collect();
        assert!(never.is_empty(), "{never:?} of {:?}", ending.counts);
        ending
    }

    /// In this one the log forks, and two nodes on its two sides hold proof of it at the end.
    #[test]
    fn the_same_seed_tells_the_same_story_twice() {
        let happened = ["registry forked", "evil relay: head of a second history shown", "proofs of a fork"];
        let twice = [44, 44].map(|seed| lives(seed, &happened));

        assert!(!twice[0].lines.is_empty());
        assert_eq!(twice[0].lines, twice[1].lines);
        assert_eq!(twice[0].hash, twice[1].hash);
    }

    #[test]
    fn a_relay_that_shows_an_old_registry_is_left_and_named_and_followed_when_it_stops() {
        lives(97, &["registry frozen", "evil relay: old head shown", "told that the relay shows an old registry"]);
    }

    #[test]
    fn what_a_partner_says_twice_and_differently_is_shown_and_settled_once() {
        lives(108, &["byzantine node: done and nack", "byzantine node: two receipts", "read of a byzantine partner"]);
    }
}
