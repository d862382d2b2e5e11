//! `seen MESSAGE`.

use super::{Context, verbs::Verbs};
use crate::{error::Told, exit::Exit};

#[derive(clap::Args)]
pub(super) struct Args {
    /// The message's id, or its first digits.
    message: String,
}

pub(super) fn run(context: &Context, args: Args) -> Result<Exit, Told> {
    Ok(context.output.answer(&Verbs::reach(context)?.seen(args.message)?))
}
