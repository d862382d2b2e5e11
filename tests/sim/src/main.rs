//! `./sim`: runs seeds, and says what was injected and what broke.

mod args;
mod many;

use std::process::ExitCode;

use crate::args::{Args, Wanted};

/// Writes a line; a reader that has gone away is no failure of a seed.
fn say(line: impl AsRef<str>) {
    use std::io::Write as _;
    writeln!(std::io::stdout(), "{}", line.as_ref()).ok();
}

fn main() -> ExitCode {
    let args = match Args::parse(std::env::args().skip(1)) {
        Ok(args) => args,
        Err(wrong) => {
            say(format!("sim: {wrong}\n\n{}", args::USAGE));
            return ExitCode::from(2);
        }
    };
    let passed = match args.wanted {
        Wanted::Help => {
            say(args::USAGE);
            true
        }
        Wanted::One { seed, told } => many::one(seed, told, args.planted.as_deref()),
        Wanted::Seeds { from, count } => match args.planted.as_deref() {
            None => many::seeds(from, count),
            Some(bugs) => many::planted(bugs, from, count),
        },
        Wanted::Hours { from, hours } => many::hours(from, hours),
    };
    if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
