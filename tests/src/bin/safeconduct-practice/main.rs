//! The practice world: started by `./practice`, which builds first and cleans up last.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use safeconduct_tests::error::WorldError;
use safeconduct_tests::practice::{self, AGENCIES, EXERCISES, Line, Practice, short};
use safeconduct_tests::process::Lifetime;
use safeconduct_tests::wait::hold;

/// Pause between two looks at what has been done, in milliseconds: each look asks four nodes.
const LOOK_AGAIN_MS: u64 = 3_000;

/// What `./practice` asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Start, show the exercises, watch until Ctrl-C.
    Watch,
    /// Start, show the exercises, leave it running.
    Keep,
    /// Start, play all exercises.
    SelfTest,
    /// Say what is done in a world that runs.
    Check,
}

fn arguments(mut words: impl Iterator<Item = String>) -> Option<(Mode, PathBuf)> {
    let mode = match words.next()?.as_str() {
        "watch" => Mode::Watch,
        "keep" => Mode::Keep,
        "self-test" => Mode::SelfTest,
        "check" => Mode::Check,
        _ => return None,
    };
    Some((mode, PathBuf::from(words.next()?)))
}

fn main() -> ExitCode {
    let Some((mode, folder)) = arguments(std::env::args().skip(1)) else {
        error("safeconduct-practice is started by ./practice");
        return ExitCode::from(2);
    };
    match run(mode, &folder) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(fault) => {
            error(&format!("practice stopped: {fault}"));
            ExitCode::FAILURE
        }
    }
}

/// Gives whether all that was asked for is done.
fn run(mode: Mode, folder: &Path) -> Result<bool, WorldError> {
    if mode == Mode::Check {
        return tell_score(&Practice::at(folder)?).map(|done| done == EXERCISES.len());
    }
    say("EXERCISE: a practice world. Nobody in it is real, and it reaches nobody.");
    say("Starting an authority, a relay and four agencies on 127.0.0.1 …");
    let lifetime = if mode == Mode::Keep { Lifetime::Kept } else { Lifetime::World };
    let running = practice::start(folder, lifetime)?;
    let world = &running.practice;
    if mode == Mode::SelfTest {
        return play(world);
    }
    tell_agencies(world);
    tell_exercises(world);
    if mode == Mode::Keep {
        say(&format!(
            "\nIt goes on. See what is done: ./practice check {0}\nEnd it: ./practice stop {0}",
            folder.display()
        ));
        return Ok(true);
    }
    say(&format!("\nType in another terminal. Ctrl-C here ends the world. (./practice check {})", folder.display()));
    watch(world)
}

fn play(world: &Practice) -> Result<bool, WorldError> {
    for (number, exercise) in (1..).zip(&EXERCISES) {
        exercise.play(world)?;
        say(&format!("  ✓ {number}  {}", exercise.title));
    }
    tell_score(world).map(|done| done == EXERCISES.len())
}

/// Tells what is new until all is done, then waits for Ctrl-C.
fn watch(world: &Practice) -> Result<bool, WorldError> {
    let mut done = vec![false; EXERCISES.len()];
    loop {
        for ((number, exercise), before) in (1..).zip(&EXERCISES).zip(&mut done) {
            if !*before && exercise.is_done(world)? {
                *before = true;
                say(&format!("EXERCISE  ✓ {number}  {}", exercise.title));
            }
        }
        let count = done.iter().filter(|one| **one).count();
        tell_count_once(count);
        hold(LOOK_AGAIN_MS);
    }
}

/// Says how many are done whenever that has changed.
fn tell_count_once(count: usize) {
    static LAST: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(usize::MAX);
    if LAST.swap(count, std::sync::atomic::Ordering::Relaxed) != count {
        say(&format!("EXERCISE  done: {count} of {}", EXERCISES.len()));
    }
}

fn tell_score(world: &Practice) -> Result<usize, WorldError> {
    let score = world.score()?;
    for ((number, exercise), done) in (1..).zip(&EXERCISES).zip(&score) {
        say(&format!("EXERCISE  {} {number}  {}", if *done { "✓" } else { "·" }, exercise.title));
    }
    let done = score.iter().filter(|one| **one).count();
    say(&format!("EXERCISE  done: {done} of {}", EXERCISES.len()));
    Ok(done)
}

fn tell_agencies(world: &Practice) {
    say("\nFour agencies. Each has a command that acts as it:");
    for agency in AGENCIES {
        say(&format!("  {:<44} {} ({})", world.folder().join(short(agency.id)).display(), agency.name, agency.id));
    }
    say("which is short for, say:");
    say(&format!("  {}", world.prefix(AGENCIES.map(|agency| agency.id)[0])));
    say("Fictional cases lie in the inboxes already: try `inbox`, `referral list`, `--help`.");
}

fn tell_exercises(world: &Practice) {
    for (number, exercise) in (1..).zip(&EXERCISES) {
        say(&format!("\n{number}  {}\n   {}", exercise.title, exercise.task));
        for line in exercise.lines {
            say(&format!("     {}", line.typed(world)));
        }
        let hints: BTreeSet<String> = exercise.lines.iter().filter_map(Line::hint).collect();
        for hint in hints {
            say(&format!("     ({hint})"));
        }
    }
}

/// One line; a reader that has gone away ends nothing.
fn say(text: &str) {
    writeln!(std::io::stdout().lock(), "{text}").ok();
}

fn error(text: &str) {
    writeln!(std::io::stderr().lock(), "{text}").ok();
}
