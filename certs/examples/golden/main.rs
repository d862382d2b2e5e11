//! Writes the golden bytes of the registry, of enrolment and of evidence to `tests/vectors/own/`, or checks them:
//!
//! ```text
//! cargo run -p safeconduct-certs --example golden-registry -- --check
//! cargo run -p safeconduct-certs --example golden-registry -- --write
//! ```
//!
//! All inputs are fixed, and every file names them, so that a second implementation can make the same bytes. Those of
//! the protocol core are made beside it, in `protocol/examples/golden/`.

mod enrolment;
mod evidence;
mod interop;
mod keys;
mod referral;
mod registry;
#[path = "../../../protocol/examples/golden/table.rs"]
mod table;

use std::{error::Error, process::ExitCode};

use table::{FOLDER, File};

/// Every golden file, as it should be.
fn files() -> Result<Vec<File>, Box<dyn Error>> {
    let mut files = registry::files()?;
    files.extend(enrolment::files()?);
    files.extend(evidence::files()?);
    files.extend(referral::files()?);
    files.push(interop::file()?);
    Ok(files)
}

#[expect(clippy::print_stdout, reason = "a command-line tool answers on stdout")]
fn run() -> Result<bool, Box<dyn Error>> {
    let mode = std::env::args().nth(1);
    let mut same = true;
    for file in files()? {
        let path = format!("{FOLDER}{}", file.name);
        match mode.as_deref() {
            Some("--write") => {
                std::fs::create_dir_all(FOLDER)?;
                std::fs::write(&path, &file.text)?;
                println!("{}: written", file.name);
            }
            Some("--check") => {
                let equal = std::fs::read_to_string(&path).is_ok_and(|text| text == file.text);
                println!("{}: {}", file.name, if equal { "same" } else { "DIFFERENT" });
                same &= equal;
            }
            _ => return Err("usage: golden --check | --write".into()),
        }
    }
    Ok(same)
}

#[expect(clippy::print_stderr, reason = "a command-line tool complains on stderr")]
fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("golden: {error}");
            ExitCode::FAILURE
        }
    }
}
