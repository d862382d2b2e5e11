//! Many seeds, on as many threads as there are processors: each seed on one.

#![expect(clippy::disallowed_methods, reason = "the machine's clock says how long it ran; no world sees it")]

use std::{
    collections::BTreeMap,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use safeconduct_sim::{Ending, bugs, run_seed};

use crate::say;

/// Of so many seeds, one is lived twice, to see that it tells the same story.
const TWICE_EVERY: u64 = 50;
/// A planted bug is looked for until so many seeds have shown it.
const FINDS: usize = 2;
/// Seeds that showed each planted bug when this was written: looked at before the others.
const SHOWN_BY: [(&str, &[u64]); 12] = [
    ("ack-before-durable", &[4, 20]),
    ("dedupe-off-by-one", &[2, 4]),
    ("prekey-twice", &[1, 2]),
    ("recipient-unchecked", &[3, 15]),
    ("receipt-unverified", &[25, 58]),
    ("expiry-wrong-way", &[4, 6]),
    ("outbox-forgets", &[4, 7]),
    ("replay-lost", &[1, 2]),
    ("gap-unnoticed", &[24, 36]),
    ("restore-reuses-epoch", &[38, 53]),
    ("settle-before-stored", &[7, 10]),
    ("shorter-registry", &[97]),
];

/// One seed; whether all invariants held.
pub(crate) fn one(seed: u64, told: bool, bug: Option<&str>) -> bool {
    if bug.is_some_and(|bug| !bugs().contains(&bug)) {
        say(unknown());
        return false;
    }
    let ending = run_seed(seed, told, bug);
    ending.lines.iter().for_each(say);
    say(format!("seed {seed}, story {}", hex(&ending.hash)));
    counts(&ending.counts);
    match ending.broken {
        None => true,
        Some(what) => {
            say(format!("BROKEN: {what}"));
            false
        }
    }
}

/// So many seeds; whether all invariants held in all of them.
pub(crate) fn seeds(from: u64, count: u64) -> bool {
    let began = Instant::now();
    let sum = Sum::default();
    all(from, &|seed| seed < from.saturating_add(count), &|seed| sum.take(seed));
    sum.end(began)
}

/// Seeds until the time is over.
pub(crate) fn hours(from: u64, hours: f64) -> bool {
    let began = Instant::now();
    let until = began + Duration::from_secs_f64(hours * 3_600.0);
    let sum = Sum::default();
    all(from, &|_seed| Instant::now() < until, &|seed| sum.take(seed));
    sum.end(began)
}

/// Whether each of these bugs is found within so many seeds: by two of them, if there are two.
pub(crate) fn planted(wanted: &str, from: u64, count: u64) -> bool {
    let chosen: Vec<&str> = bugs().into_iter().filter(|bug| wanted == "all" || wanted == *bug).collect();
    if chosen.is_empty() {
        say(unknown());
        return false;
    }
    let missed = chosen.iter().filter(|bug| !is_found(bug, from, count)).count();
    say(format!("{} planted bugs, {missed} not found", chosen.len()));
    missed == 0
}

fn is_found(bug: &str, from: u64, count: u64) -> bool {
    let (began, lived) = (Instant::now(), AtomicU64::new(0));
    let found: Mutex<BTreeMap<u64, String>> = Mutex::default();
    let locked = || found.lock().unwrap_or_else(PoisonError::into_inner);
    let range = from..from.saturating_add(count);
    // Those that found it lately come first: which seeds are lived is the same, and it is known sooner.
    let lately = SHOWN_BY.iter().filter(|(name, _)| *name == bug).flat_map(|(_, seeds)| *seeds).copied();
    let lately: Vec<u64> = lately.filter(|seed| range.contains(seed)).collect();
    let seeds: Vec<u64> = lately.iter().copied().chain(range.filter(|seed| !lately.contains(seed))).collect();
    let seed_at = |place: u64| usize::try_from(place).ok().and_then(|place| seeds.get(place)).copied();
    let wanted = |place: u64| seed_at(place).is_some() && locked().len() < FINDS;
    all(0, &wanted, &|place| {
        let Some(seed) = seed_at(place) else { return };
        let ending = run_seed(seed, false, Some(bug));
        lived.fetch_add(1, Ordering::Relaxed);
        // It is the bug that breaks it.
        if let Some(what) = ending.broken
            && run_seed(seed, false, None).broken.is_none()
        {
            locked().insert(seed, what);
        }
    });
    let (lived, seconds) = (lived.into_inner(), began.elapsed().as_secs());
    let found = found.into_inner().unwrap_or_else(PoisonError::into_inner);
    let Some((first, what)) = found.first_key_value() else {
        say(format!("{bug}: NOT FOUND in {lived} seeds"));
        return false;
    };
    let seeds: Vec<u64> = found.keys().copied().collect();
    say(format!("{bug}: found by{}, of {lived} in {seconds} s; by {first}: {what}", names(&seeds)));
    true
}

fn unknown() -> String {
    let bugs = bugs();
    if bugs.is_empty() {
        "sim: no bugs are built in".to_owned()
    } else {
        format!("sim: the bugs are {}", bugs.join(", "))
    }
}

/// Does `job` for each number from `from` on that is wanted.
fn all(from: u64, wanted: &(impl Fn(u64) -> bool + Sync), job: &(impl Fn(u64) + Sync)) {
    let next = AtomicU64::new(from);
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let lives = || {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if !wanted(number) {
                    return;
                }
                job(number);
            }
        };
        let all: Vec<_> = (0..threads).map(|_| scope.spawn(lives)).collect();
        // The scope waits for what they do, and not for what their ends do: OpenSSL must not clean up for a thread and for the process
        // at the same time.
        for one in all {
            one.join().unwrap_or_else(|why| std::panic::resume_unwind(why));
        }
    });
}

/// What many seeds came to.
#[derive(Default)]
struct Sum(Mutex<(u64, BTreeMap<&'static str, u64>, Vec<u64>)>);

impl Sum {
    fn take(&self, seed: u64) {
        let Ending { hash, counts, broken, .. } = run_seed(seed, false, None);
        let again = seed.checked_rem(TWICE_EVERY) == Some(0) && run_seed(seed, false, None).hash != hash;
        let mut sum = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sum.0 += 1;
        for (what, number) in counts {
            *sum.1.entry(what).or_default() += number;
        }
        let what = if again { Some("it tells another story the second time".to_owned()) } else { broken };
        if let Some(what) = what {
            sum.2.push(seed);
            say(format!("seed {seed}: {what}\n  ./sim --seed {seed} --story"));
        }
    }

    fn end(self, began: Instant) -> bool {
        let (lived, sum, mut failed) = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        counts(&sum);
        failed.sort_unstable();
        let seconds = began.elapsed().as_secs_f64();
        say(format!("{lived} seeds in {seconds:.0} s, {:.0} a minute", lived as f64 * 60.0 / seconds));
        say(format!("{} passed, {} failed{}", lived - failed.len() as u64, failed.len(), listed(&failed)));
        failed.is_empty() && lived > 0
    }
}

fn listed(failed: &[u64]) -> String {
    if failed.is_empty() { String::new() } else { format!(":{}", names(failed)) }
}

/// Each with a space before it.
fn names(seeds: &[u64]) -> String {
    seeds.iter().map(|seed| format!(" {seed}")).collect()
}

fn counts(counts: &BTreeMap<&'static str, u64>) {
    for (what, number) in counts {
        say(format!("  {number:>9}  {what}"));
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
