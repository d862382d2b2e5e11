//! `completions SHELL`.

use clap_complete::Shell;

use super::Context;
use crate::{error::Told, exit::Exit};

#[derive(clap::Args)]
pub(super) struct Args {
    /// For which shell.
    shell: Shell,
}

pub(super) fn run(context: &Context, args: Args) -> Result<Exit, Told> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut super::command(), "safeconduct", &mut script);
    Ok(context.output.answer_text(&String::from_utf8_lossy(&script)))
}
