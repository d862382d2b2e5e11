//! The command `safeconduct-relay`.

mod cli;

use std::{
    io::{self, Write as _},
    process::ExitCode,
};

use clap::Parser as _;
use safeconduct_certs::system::{CORE_DUMPS_ON, no_core_dumps, quiet_panics};

fn main() -> ExitCode {
    quiet_panics("safeconduct-relay", env!("CARGO_PKG_VERSION"));
    if no_core_dumps().is_err() {
        writeln!(io::stderr(), "safeconduct-relay: warning: {CORE_DUMPS_ON}").ok();
    }
    match cli::Arguments::try_parse() {
        Ok(arguments) => arguments.run(),
        Err(error) => cli::not_parsed(&error, std::env::args_os().any(|argument| argument == "--json")),
    }
}
