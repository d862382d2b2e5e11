//! `referral draft …`.

use clap::Subcommand;

use super::{Context, draft};
use crate::{error::Told, exit::Exit};

#[derive(Subcommand)]
pub(super) enum Command {
    /// Referrals that are being written.
    #[command(subcommand)]
    Draft(draft::Command),
}

pub(super) fn run(context: &Context, command: Command) -> Result<Exit, Told> {
    match command {
        Command::Draft(command) => draft::run(context, command),
    }
}
