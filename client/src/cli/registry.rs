//! `registry proof --out FILE`.

use std::path::PathBuf;

use super::{Context, evidence, output::Words, verbs::Verbs};
use crate::{api::shapes::WrittenProof, error::Told, exit::Exit};

#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// Write the proof that the authority's log key has signed two registries, when this node has found one.
    Proof {
        /// The new file.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
}

pub(super) fn run(context: &Context, command: Command) -> Result<Exit, Told> {
    let Command::Proof { out } = command;
    let found = Verbs::reach(context)?.fork_proof()?;
    evidence::write(&out, found.proof.as_bytes())?;
    Ok(context.output.answer(&WrittenProof { file: out.display().to_string() }))
}

impl Words for WrittenProof {
    fn words(&self) -> String {
        format!(
            "proof written to {}; it names nobody but the authority. Hand it to the authority and to your partners, who check it \
             with: safeconduct-admin audit --proof {}",
            self.file, self.file
        )
    }
}
