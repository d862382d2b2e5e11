//! `evidence export MESSAGE --out FILE [--with-content]` and `evidence verify FILE`.

use std::{
    fs::OpenOptions,
    io::{Read as _, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use super::{Context, audit, output::Words, verbs::Verbs};
use crate::{
    api::shapes::{VerifiedEvidence, Written},
    daemon::verified_evidence,
    error::Told,
    exit::Exit,
};

/// Longest bundle in bytes: proofs, receipts and one referral.
const BUNDLE_BYTES_MAX: u64 = 4 * 1024 * 1024;

#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// Write what proves that a message was sent and arrived.
    Export {
        /// The message's id, or its first digits.
        message: String,
        /// The new file.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// Put the referral itself in: the file then holds personal data.
        #[arg(long)]
        with_content: bool,
    },
    /// Verify a bundle, offline.
    Verify {
        /// The bundle.
        file: PathBuf,
        /// Fingerprint of the authority's root file: the evidence must be of that authority.
        #[arg(long, value_name = "TEXT")]
        fingerprint: Option<String>,
        /// The authority's newest root file in its place: it also knows evidence of before the authority changed its keys.
        #[arg(long, value_name = "ROOT.SCR", conflicts_with = "fingerprint")]
        root: Option<PathBuf>,
    },
    /// Write an auditor's report: every act with its proof, what it proves and what it does not; no content, no names.
    Report(audit::Args),
}

pub(super) fn run(context: &Context, command: Command) -> Result<Exit, Told> {
    match command {
        Command::Export { message, out, with_content } => {
            let exported = Verbs::reach(context)?.export(message, with_content)?;
            write(&out, exported.bundle.as_bytes())?;
            if with_content {
                context.output.say("the file holds personal data: keep it as you keep the case file");
            }
            Ok(context.output.answer(&Written { file: out.display().to_string() }))
        }
        Command::Report(args) => audit::run(context, args),
        Command::Verify { file, fingerprint, root } => {
            let root = root.map(|root| read(&root)).transpose()?;
            let verified = verified_evidence(&read(&file)?, fingerprint.as_deref(), root.as_deref())?;
            Ok(context.output.answer(&verified))
        }
    }
}

/// A new file for this user alone; an existing one is left as it is.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), Told> {
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    file.and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all())).map_err(|error| {
        Told::refused(
            "unwritable",
            format!("the file cannot be written: {}", error.kind()),
            "name a new file with --out",
        )
    })
}

fn read(path: &Path) -> Result<Vec<u8>, Told> {
    let mut bytes = Vec::new();
    let opened = std::fs::File::open(path);
    opened
        .and_then(|file| file.take(BUNDLE_BYTES_MAX.saturating_add(1)).read_to_end(&mut bytes))
        .map_err(|error| Told::usage(format!("the bundle cannot be read: {}", error.kind()), "name a readable file"))?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length <= BUNDLE_BYTES_MAX) {
        Ok(bytes)
    } else {
        Err(Told::refused("too-long", "the file is too long for an evidence bundle", "name the right file"))
    }
}

impl Words for Written {
    fn words(&self) -> String {
        format!("evidence written to {}; verify it with: safeconduct evidence verify {}", self.file, self.file)
    }
}

impl Words for VerifiedEvidence {
    fn words(&self) -> String {
        let proven = self.proven.iter().map(|line| format!("proven      {}", super::output::plain(line)));
        let open = self.not_proven.iter().map(|line| format!("not proven  {}", super::output::plain(line)));
        proven.chain(open).collect::<Vec<String>>().join("\n")
    }
}
