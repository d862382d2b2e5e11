//! `restore FILE`, `restore --confirm`.

use std::path::PathBuf;

use safeconduct_certs::{
    keyfile::Cost,
    system::{SystemClock, SystemEntropy},
};
use safeconduct_protocol::time::Clock as _;

use super::{Context, ask, output::Words, words};
use crate::{
    api::{client::Api, recovered::PutBack},
    daemon::Node,
    error::Told,
    exit::Exit,
    recovery::restore::{self, Done},
};

#[derive(clap::Args)]
#[group(required = true, multiple = false)]
pub(super) struct Args {
    /// The backup; the data folder must hold no vault.
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// Accept the vault in the data folder as it is, although it was put back from an earlier day: what came since is lost, and
    /// partners are told. The daemon must be stopped.
    #[arg(long)]
    confirm: bool,
}

pub(super) fn run(context: &Context, args: Args) -> Result<Exit, Told> {
    if Api::reach(&context.data)?.is_some() {
        return Err(Told::not_ready(
            "vault-in-use",
            "the daemon is running",
            "stop the daemon first, then run it again",
        ));
    }
    let now = SystemClock.now();
    let done = match args.file {
        Some(file) => {
            Node::vacant(&context.data)?;
            let passphrase = ask::passphrase_for(context, "Passphrase that the node had when this backup was made: ")?;
            restore::from_file(&file, &context.data, &passphrase, Cost::STANDARD, now, &mut SystemEntropy)?
        }
        None => {
            Node::look(&context.data)?;
            let passphrase = ask::passphrase(context)?;
            restore::confirm(&context.data, &passphrase, now, &mut SystemEntropy)?
        }
    };
    let Done { copy_of, epoch, again } = done;
    Ok(context.output.answer(&PutBack { epoch, copy_of: copy_of.0, again }))
}

impl Words for PutBack {
    fn words(&self) -> String {
        let again = if self.again == 0 {
            String::new()
        } else {
            format!("\n{} messages that were under way are sent again by themselves; they are shown once.", self.again)
        };
        format!(
            "This node is back as it was on {}; what came or was sent after that is not here.{again}\nNext: `safeconduct daemon`. At \
             its first connection it tells the agencies that it has dealt with lately, and they can\nsend again what is lost; \
             `safeconduct status` shows what they say. Never start the other copy of this node again.",
            words::time(self.copy_of)
        )
    }
}
