//! The command `safeconduct`.

use std::process::ExitCode;

fn main() -> ExitCode {
    safeconduct_client::cli::run(std::env::args_os()).into()
}
