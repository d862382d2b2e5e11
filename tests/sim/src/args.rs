//! The command line.

/// How it is used.
pub(crate) const USAGE: &str = "\
usage: ./sim [--seeds N] [--from S] [--hours H] [--seed S [--story]] [--planted BUG|all]

  --seeds N     so many seeds, 500 if not said; a failing one is named with the command that tells its story
  --from S      the first seed, 1 if not said
  --hours H     seeds for so long, and not a number of them
  --seed S      this one
  --story       tells what happened in it
  --planted B   builds bugs in and proves that each is found, or this one; with --seed, that seed with this bug
  --help        this text";

/// Seeds of a run that says nothing else.
const SEEDS: u64 = 500;

/// What is to be done.
pub(crate) enum Wanted {
    /// The usage.
    Help,
    /// One seed.
    One { seed: u64, told: bool },
    /// So many seeds.
    Seeds { from: u64, count: u64 },
    /// Seeds for so long.
    Hours { from: u64, hours: f64 },
}

/// The command line, read.
pub(crate) struct Args {
    pub(crate) wanted: Wanted,
    pub(crate) planted: Option<String>,
}

impl Args {
    pub(crate) fn parse(mut words: impl Iterator<Item = String>) -> Result<Self, String> {
        let (mut seed, mut told, mut from, mut count, mut hours) = (None, false, 1, SEEDS, None);
        let (mut planted, mut help) = (None, false);
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or_else(|| format!("{word} needs a value"));
            match word.as_str() {
                "--seeds" => count = number(&value()?)?,
                "--from" => from = number(&value()?)?,
                "--seed" => seed = Some(number(&value()?)?),
                "--story" => told = true,
                "--hours" => hours = Some(value()?.parse().map_err(|_not| "--hours needs a number".to_owned())?),
                "--planted" => planted = Some(value()?),
                "--help" | "-h" => help = true,
                other => return Err(format!("unknown option {other}")),
            }
        }
        let wanted = match (help, seed, hours) {
            (true, _, _) => Wanted::Help,
            (false, Some(seed), _) => Wanted::One { seed, told },
            (false, None, Some(hours)) => Wanted::Hours { from, hours },
            (false, None, None) => Wanted::Seeds { from, count },
        };
        Ok(Self { wanted, planted })
    }
}

fn number(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_not| format!("{text} is not a number"))
}
