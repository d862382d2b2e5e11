//! The command `safeconduct-relay`.

mod cli;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    match cli::Arguments::try_parse() {
        Ok(arguments) => arguments.run(),
        Err(error) => cli::not_parsed(&error, std::env::args_os().any(|argument| argument == "--json")),
    }
}
