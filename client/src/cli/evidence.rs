//! `evidence list`, `evidence export ID --out FILE [--with-content]`, `evidence verify FILE` and `evidence report`.

use std::{
    fs::OpenOptions,
    io::{Read as _, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use super::{
    Context, audit,
    draft::By,
    output::{Words, plain},
    verbs::Verbs,
};
use crate::{
    api::{
        evidence::EvidenceList,
        shapes::{VerifiedEvidence, Written},
    },
    daemon::verified_evidence,
    error::Told,
    evidence::FILE_BYTES_MAX,
    exit::Exit,
};

#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// List what can be exported, and what each proves.
    List {
        /// One referral with its messages: its id, or the first digits.
        referral: Option<String>,
        /// Where the page before ended.
        #[arg(long, value_name = "ID", conflicts_with = "referral")]
        after: Option<String>,
    },
    /// Write what proves that a message was sent and arrived, or all that was signed about a referral.
    Export {
        /// The id of a message or of a referral, or its first digits.
        #[arg(value_name = "ID")]
        message: String,
        /// The new file.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// Put the referral itself in: the file then holds personal data.
        #[arg(long)]
        with_content: bool,
        #[command(flatten)]
        by: By,
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
        Command::List { referral, after } => {
            let listed = Verbs::reach(context)?.evidence_list(referral.as_deref(), after.as_deref())?;
            Ok(context.output.answer(&listed))
        }
        Command::Export { message, out, with_content, by } => {
            let mut verbs = Verbs::reach(context)?;
            let by = by.pseudonym(&mut verbs)?;
            let exported = verbs.export(&message, with_content, by.as_deref())?;
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
    let (mut bytes, most) = (Vec::new(), u64::try_from(FILE_BYTES_MAX).unwrap_or(u64::MAX));
    let opened = std::fs::File::open(path);
    opened
        .and_then(|file| file.take(most.saturating_add(1)).read_to_end(&mut bytes))
        .map_err(|error| Told::usage(format!("the bundle cannot be read: {}", error.kind()), "name a readable file"))?;
    if bytes.len() <= FILE_BYTES_MAX {
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

impl Words for EvidenceList {
    fn words(&self) -> String {
        let mut lines: Vec<String> = Vec::new();
        for item in &self.items {
            let content = if item.content { "" } else { ", content erased" };
            lines.push(format!("{} {}  {}{content}", item.of, plain(&item.id), plain(&item.agency)));
            if item.proves.is_empty() {
                lines.push("  nothing was signed yet".to_owned());
            }
            lines.extend(item.proves.iter().map(|text| format!("  proves      {}", plain(text))));
            lines.extend(item.proves_not.iter().map(|text| format!("  proves not  {}", plain(text))));
        }
        if lines.is_empty() {
            lines.push("there is no evidence yet".to_owned());
        }
        lines.extend(self.next.iter().map(|next| format!("more: safeconduct evidence list --after {}", plain(next))));
        lines.join("\n")
    }
}

impl Words for VerifiedEvidence {
    fn words(&self) -> String {
        let proven = self.proven.iter().map(|line| format!("proven      {}", plain(line)));
        let open = self.not_proven.iter().map(|line| format!("not proven  {}", plain(line)));
        proven.chain(open).collect::<Vec<String>>().join("\n")
    }
}
