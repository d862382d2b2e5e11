//! The demo: an authority, a relay and the nodes of eighteen agencies as real processes on loopback; twelve sample
//! referrals cross borders between them. Started by `./demo`, which builds first and cleans up last.

mod acts;
mod screen;

use std::path::PathBuf;
use std::process::ExitCode;

use safeconduct_tests::process::Lifetime;
use screen::Screen;

/// What `./demo` hands over.
struct Arguments {
    folder: PathBuf,
    keep: bool,
    story: bool,
}

fn arguments(mut words: impl Iterator<Item = String>) -> Option<Arguments> {
    let (mut folder, mut keep, mut story) = (None, false, false);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--folder" => folder = words.next().map(PathBuf::from),
            "--keep" => keep = true,
            "--story" => story = true,
            _ => return None,
        }
    }
    Some(Arguments { folder: folder?, keep, story })
}

fn main() -> ExitCode {
    let screen = Screen::new();
    let Some(arguments) = arguments(std::env::args().skip(1)) else {
        screen.error("safeconduct-demo is started by ./demo");
        return ExitCode::from(2);
    };
    let lifetime = if arguments.keep { Lifetime::Kept } else { Lifetime::World };
    let played = match arguments.story {
        true => acts::story(&screen, &arguments.folder, lifetime),
        false => acts::play(&screen, &arguments.folder, lifetime),
    };
    match played {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            screen.error(&format!("the demo stopped: {error}"));
            ExitCode::FAILURE
        }
    }
}
