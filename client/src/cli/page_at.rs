//! `page`: where the page for people is, and opening it.

use std::process::{Command, Stdio};

use super::{Context, lock::daemon, output::Words};
use crate::{
    api::{client::Call, shapes::PageAt},
    error::Told,
    exit::Exit,
};

#[derive(clap::Args)]
pub(super) struct Args {
    /// Open it in this desktop's browser.
    #[arg(long)]
    open: bool,
}

pub(super) fn run(context: &Context, args: &Args) -> Result<Exit, Told> {
    let page: PageAt = daemon(context)?.call(Call::get("/v1/page"))?;
    if args.open {
        open(&page.url)?;
    }
    Ok(context.output.answer(&page))
}

/// The address holds no secret: whoever opens the page signs in there.
fn open(url: &str) -> Result<(), Told> {
    let program = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let quiet = || Stdio::null();
    let begun = Command::new(program).arg(url).stdin(quiet()).stdout(quiet()).stderr(quiet()).spawn();
    begun.map(drop).map_err(|error| {
        let fact = format!("no browser can be opened: {}", error.kind());
        Told::not_ready("no-browser", fact, "leave --open out, and open the address yourself")
    })
}

impl Words for PageAt {
    fn words(&self) -> String {
        format!("Open this address in a browser on this machine, and sign in there:\n\n  {}", self.url)
    }
}
