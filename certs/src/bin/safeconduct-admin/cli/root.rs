//! `root`: the authority's own keys.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// A next version of the root file. With all root keys on this machine `root rotate` alone does it; with holders elsewhere
/// `root propose` here, `root sign` at each of them, and `root rotate FILE` here.
#[derive(Subcommand)]
pub(crate) enum RootAct {
    /// Make the new keys here, and write what the holders are to sign.
    Propose {
        /// Where to: the file goes from holder to holder.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        #[command(flatten)]
        changes: RootChanges,
    },
    /// Sign a proposal with a holder's root key, on any machine; the file then holds the signature, too.
    Sign {
        /// The proposal.
        file: PathBuf,
        /// The holder's key, as in root-2.key; may be repeated.
        #[arg(long = "key", required = true, value_name = "ROOT-N.KEY")]
        keys: Vec<PathBuf>,
        /// Do not ask.
        #[arg(long)]
        yes: bool,
    },
    /// Bring a signed proposal into force; without a file, propose, sign with the root keys in this directory, and bring it into force.
    Rotate {
        /// The proposal, signed by enough holders of both versions.
        file: Option<PathBuf>,
        #[command(flatten)]
        changes: RootChanges,
        /// Do not ask.
        #[arg(long)]
        yes: bool,
        /// Write it down only; `publish` tells the relays.
        #[arg(long)]
        offline: bool,
    },
}

/// What changes. Nothing named: the log key and the timestamp key, whose lives end first.
#[derive(Args)]
pub(crate) struct RootChanges {
    /// Make a new log key: heads are signed by it.
    #[arg(long)]
    pub(crate) new_log_key: bool,
    /// Make a new registrar key: entries are signed by it.
    #[arg(long)]
    pub(crate) new_registrar_key: bool,
    /// Make a new timestamp key.
    #[arg(long)]
    pub(crate) new_timestamp_key: bool,
    /// Make a new root key for this holder, by number; may be repeated.
    #[arg(long = "new-root-key", value_name = "N")]
    pub(crate) holders: Vec<u8>,
    /// A witness from now on, as in `init`; may be repeated; with one, all are named anew.
    #[arg(long = "witness", value_name = "FILE", conflicts_with = "no_witness")]
    pub(crate) witnesses: Vec<PathBuf>,
    /// How many witnesses must sign a head; without it, more than half.
    #[arg(long, value_name = "K", requires = "witnesses")]
    pub(crate) quorum: Option<u8>,
    /// Do without witnesses from now on.
    #[arg(long)]
    pub(crate) no_witness: bool,
}
