//! `safeconduct-admin`: the authority's tool. It runs on the administrator's machine and needs no server.

mod acts;
mod ask;
mod cli;
mod output;
mod page;
mod shell;

use std::{
    alloc::System,
    io::{self, Write as _},
    process::ExitCode,
};

use clap::Parser as _;
use safeconduct_certs::system::{CORE_DUMPS_ON, no_core_dumps, quiet_panics};
use zeroizing_alloc::ZeroAlloc;

/// Memory is wiped when it is given back, so that keys and passphrases do not stay in it.
#[global_allocator]
static WIPED: ZeroAlloc<System> = ZeroAlloc(System);

fn main() -> ExitCode {
    quiet_panics("safeconduct-admin", env!("CARGO_PKG_VERSION"));
    if no_core_dumps().is_err() {
        writeln!(io::stderr(), "safeconduct-admin: warning: {CORE_DUMPS_ON}").ok();
    }
    match cli::Cli::try_parse() {
        Ok(cli) => acts::run(cli),
        Err(error) => output::usage(&error, std::env::args_os().any(|argument| argument == "--json")),
    }
}
