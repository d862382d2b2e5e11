//! `passphrase`: another passphrase for the vault.

use std::path::PathBuf;

use safeconduct_certs::{keyfile::Cost, system::SystemEntropy};
use serde::Serialize;

use super::{Context, ask, output::Words};
use crate::{daemon::Node, error::Told, exit::Exit, vault};

#[derive(clap::Args)]
pub(super) struct Args {
    /// File whose first line is the new passphrase; else it is asked for twice.
    #[arg(long, value_name = "FILE")]
    new_passphrase_file: Option<PathBuf>,
}

#[derive(Serialize)]
struct Changed {
    changed: bool,
}

pub(super) fn run(context: &Context, args: Args) -> Result<Exit, Told> {
    Node::look(&context.data)?;
    let old = ask::passphrase(context)?;
    let new = ask::new_passphrase_from(args.new_passphrase_file)?;
    vault::change_passphrase(&context.data, &old, &new, Cost::STANDARD, &mut SystemEntropy)?;
    Ok(context.output.answer(&Changed { changed: true }))
}

impl Words for Changed {
    fn words(&self) -> String {
        "The passphrase is changed. Backups that were made before still open with the old one: make a new backup, and destroy \
         those if the old passphrase is known to others. Change the passphrase file or systemd credential too, if there is one."
            .to_owned()
    }
}
