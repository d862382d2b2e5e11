//! Writes what the corpora of `fuzz/corpus` begin with, or checks it:
//!
//! ```text
//! cargo run -p safeconduct-fuzzing --example seeds -- --check
//! cargo run -p safeconduct-fuzzing --example seeds -- --write
//! ```
//!
//! Seeds are named `seed-…`; the other files of a corpus are what a search has found and kept.

use std::{error::Error, fs, path::Path, process::ExitCode};

use safeconduct_fuzzing::TARGETS;

const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus");

#[expect(clippy::print_stdout, reason = "a command-line tool answers on stdout")]
fn run() -> Result<bool, Box<dyn Error>> {
    let mode = std::env::args().nth(1);
    let mut same = true;
    for target in TARGETS {
        let folder = Path::new(CORPUS).join(target.name);
        for (name, bytes) in (target.seeds)() {
            let path = folder.join(format!("seed-{name}"));
            match mode.as_deref() {
                Some("--write") => {
                    fs::create_dir_all(&folder)?;
                    fs::write(&path, &bytes)?;
                }
                Some("--check") => same &= fs::read(&path).is_ok_and(|there| there == bytes),
                _ => return Err("usage: seeds --check | --write".into()),
            }
        }
        println!("{}: {}", target.name, if same { "ok" } else { "DIFFERENT" });
    }
    Ok(same)
}

#[expect(clippy::print_stderr, reason = "a command-line tool complains on stderr")]
fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("seeds: {error}");
            ExitCode::FAILURE
        }
    }
}
