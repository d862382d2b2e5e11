//! `backup --out FILE`, `backup verify FILE`.

use std::path::PathBuf;

use safeconduct_certs::{
    keyfile::Cost,
    system::{SystemClock, SystemEntropy},
};
use safeconduct_protocol::time::Clock as _;

use super::{Context, ask, output::Words, verbs::Verbs, words};
use crate::{
    api::recovered::BackedUp,
    daemon::recovery::from_root,
    error::Told,
    exit::Exit,
    recovery::drill::{self, Tried},
};

#[derive(clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(super) struct Args {
    /// The new file; one that is there is never overwritten.
    #[arg(long, value_name = "FILE", required = true)]
    out: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Verify>,
}

#[derive(clap::Subcommand)]
pub(super) enum Verify {
    /// Open a backup with the passphrase that the node had then, check all of it, and tell what a restore would bring back;
    /// changes nothing.
    Verify {
        /// The backup.
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

impl Args {
    /// Whether it works without a node's folder.
    pub(super) const fn needs_no_node(&self) -> bool {
        self.command.is_some()
    }
}

pub(super) fn run(context: &Context, args: Args) -> Result<Exit, Told> {
    if let Some(Verify::Verify { file }) = args.command {
        let passphrase = ask::passphrase_for(context, "Passphrase that the node had when this backup was made: ")?;
        let now = SystemClock.now();
        let tried = drill::verify(&file, &passphrase, Cost::STANDARD, now, &mut SystemEntropy)?;
        return Ok(context.output.answer(&tried));
    }
    let out = args.out.ok_or_else(|| Told::usage("the file is missing", "name it: safeconduct backup --out FILE"))?;
    Ok(context.output.answer(&Verbs::reach(context)?.backup(from_root(&out)?)?))
}

impl Words for BackedUp {
    fn words(&self) -> String {
        format!(
            "The backup is written: {} ({} bytes).\nIt opens with the passphrase that this node has today. Keep it on another \
             machine, and try it:\n    safeconduct backup verify {}",
            self.file, self.bytes, self.file
        )
    }
}

impl Words for Tried {
    fn words(&self) -> String {
        let agency = self.agency.as_deref().unwrap_or("not enrolled yet");
        let newest = self.newest_at.map_or_else(|| "none".to_owned(), words::time);
        let head = if self.head_signed { "signed, and it holds" } else { "not signed yet" };
        [
            "This backup can be restored. It would bring back:".to_owned(),
            format!(
                "  agency          {} (node {})",
                super::output::plain(agency),
                self.node.get(..16).unwrap_or(&self.node)
            ),
            format!("  made            {}", words::time(self.made_at)),
            format!(
                "  identity key    since {}; when `safeconduct key status` shows a later day, make a new backup: nobody could write to \
                 this one",
                words::time(self.identity_since_at)
            ),
            format!("  newest message  {newest}"),
            format!(
                "  messages        {} received, {} sent ({} without a receipt)",
                self.received, self.sent, self.waiting
            ),
            format!("  evidence        {} entries with {} partners, every one checked", self.evidence, self.partners),
            format!("  receipts        {}", self.receipts),
            format!("  registry        {} entries", self.registry_size),
            format!("  node head       {head}; epoch {}", self.epoch),
            "Nothing was changed.".to_owned(),
        ]
        .join("\n")
    }
}
