//! `safeconduct-admin`: the authority's tool. It runs on the administrator's machine and needs no server.

mod acts;
mod ask;
mod cli;
mod output;
mod shell;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    match cli::Cli::try_parse() {
        Ok(cli) => acts::run(cli),
        Err(error) => output::usage(&error, std::env::args_os().any(|argument| argument == "--json")),
    }
}
