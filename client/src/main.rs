//! The command `safeconduct`.

use std::{alloc::System, process::ExitCode};

use safeconduct_certs::system::quiet_panics;
use zeroizing_alloc::ZeroAlloc;

/// Memory is wiped when it is given back, so that what was read, typed or shown does not stay in it.
#[global_allocator]
static WIPED: ZeroAlloc<System> = ZeroAlloc(System);

fn main() -> ExitCode {
    quiet_panics("safeconduct", env!("CARGO_PKG_VERSION"));
    safeconduct_client::cli::run(std::env::args_os()).into()
}
