//! `document …`: files that go with referrals.

mod watch;

use std::path::PathBuf;

use serde::Serialize;

use super::{
    Context,
    draft::By,
    output::{Words, plain, table},
    progress::{self, amount},
    verbs::{Verbs, documents::OnLooker},
};
use crate::{
    api::documents::{AttachAsked, DocumentShown, Documents, SaveAsked, Saved},
    casework::words,
    documents::{Gauge, Metadata, attach::describe},
    error::Told,
    exit::Exit,
};

#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// Say how a referral lists a file: its kind, length and hash. Nothing is sent.
    Describe {
        /// The file.
        file: PathBuf,
        /// Of a picture, without place, time, camera, author and comments.
        #[arg(long)]
        strip_metadata: bool,
    },
    /// Seal a file that a sent referral lists, and send it to that referral's agency.
    Attach {
        /// The referral's id, or the first digits.
        referral: String,
        /// The attachment's id in the referral.
        attachment: String,
        /// The file.
        file: PathBuf,
        /// Take place, time, camera, author and comments out of a picture. PDF and OpenDocument files keep what they say about their
        /// authors.
        #[arg(long)]
        strip_metadata: bool,
        #[command(flatten)]
        by: By,
    },
    /// List the documents of a referral, and how far they are.
    List {
        /// The referral's id, or the first digits.
        referral: String,
        #[command(flatten)]
        by: By,
    },
    /// Look on while a document is put at the relay or fetched from it, until it has arrived or cannot.
    Watch(watch::Args),
    /// Fetch, or send, a document anew that failed or is gone.
    Fetch {
        /// The document's id, or the first digits.
        document: String,
        #[command(flatten)]
        by: By,
    },
    /// Check a document that is here as a whole, and write it to a file.
    Save {
        /// The document's id, or the first digits.
        document: String,
        /// The file to make; one that is there is not replaced.
        #[arg(long)]
        out: PathBuf,
        #[command(flatten)]
        by: By,
        /// Why a supervisor looks at what is for its own caseworker only.
        #[arg(long)]
        reason: Option<String>,
    },
}

/// A file, as a referral lists it.
#[derive(Serialize)]
struct Described {
    media_type: &'static str,
    size_bytes: u64,
    sha256: String,
}

impl Words for Described {
    fn words(&self) -> String {
        format!("media_type  {}\nsize_bytes  {}\nsha256      {}", self.media_type, self.size_bytes, self.sha256)
    }
}

impl Words for DocumentShown {
    fn words(&self) -> String {
        let way = if self.received { "from them" } else { "to them" };
        let mut text = format!(
            "document  {}\ntitle     {}\nwhat      {}, {} bytes, section {}\nstate     {}, {way}, {}",
            self.id,
            plain(&self.title),
            self.media_type,
            self.size_bytes,
            self.section,
            words::document_state(&self.state),
            amount(self.done_bytes, self.size_bytes),
        );
        if let Some(reason) = &self.reason {
            text.push_str(&format!("\nwhy       {}", words::document_reason(reason)));
        }
        if matches!(self.state.as_str(), "waiting" | "wanted") {
            let short = self.id.get(..8).unwrap_or(&self.id);
            text.push_str(&format!("\nnext      safeconduct document watch {short}"));
        }
        text
    }
}

impl Words for Documents {
    fn words(&self) -> String {
        if self.documents.is_empty() {
            return "no documents".to_owned();
        }
        let row = |one: &DocumentShown| {
            let way = if one.received { "received" } else { "sent" };
            let mut state = words::document_state(&one.state).to_owned();
            if let Some(why) = &one.reason {
                state.push_str(&format!(": {}", words::document_reason(why)));
            }
            let short = one.id.get(..8).unwrap_or(&one.id).to_owned();
            let progress = amount(one.done_bytes, one.size_bytes);
            vec![short, way.to_owned(), state, progress, one.media_type.clone(), one.title.clone()]
        };
        let rows: Vec<_> = self.documents.iter().map(row).collect();
        table(&["ID", "WAY", "STATE", "HOW FAR", "KIND", "TITLE"], &rows)
    }
}

impl Words for Saved {
    fn words(&self) -> String {
        format!("{} bytes, checked and written", self.size_bytes)
    }
}

/// The daemon has a working folder of its own.
fn absolute(path: PathBuf) -> Result<PathBuf, Told> {
    std::path::absolute(path).map_err(|_empty| Told::usage("this is no path of a file", "name a file"))
}

pub(super) fn run(context: &Context, command: Command) -> Result<Exit, Told> {
    let output = context.output;
    match command {
        Command::Describe { file, strip_metadata } => {
            let (gauge, metadata) = (Gauge::default(), if strip_metadata { Metadata::Removed } else { Metadata::Kept });
            let work = || describe(&file, metadata, &gauge);
            let facts = progress::shown(output, "reading", || Some(gauge.read()), work)?;
            let sha256 = facts.sha256.iter().map(|byte| format!("{byte:02x}")).collect();
            Ok(output.answer(&Described { media_type: facts.kind.media_type(), size_bytes: facts.length, sha256 }))
        }
        Command::Attach { referral, attachment, file, strip_metadata, by } => {
            let path = absolute(file)?;
            let mut verbs = Verbs::reach(context)?;
            let asked = AttachAsked { attachment, path, strip_metadata, by: by.pseudonym(&mut verbs)? };
            let on = OnLooker::new(context, &verbs)?;
            let work = || verbs.attach_document(&referral, &asked, &on);
            Ok(output.answer(&progress::shown(output, "sealing", || on.look(), work)?))
        }
        Command::List { referral, by } => {
            let mut verbs = Verbs::reach(context)?;
            let by = by.pseudonym(&mut verbs)?;
            Ok(output.answer(&verbs.documents(&referral, by.as_deref())?))
        }
        Command::Watch(args) => watch::run(context, &args),
        Command::Fetch { document, by } => {
            let mut verbs = Verbs::reach(context)?;
            let by = by.pseudonym(&mut verbs)?;
            Ok(output.answer(&verbs.fetch_document(&document, by)?))
        }
        Command::Save { document, out, by, reason } => {
            let path = absolute(out)?;
            let mut verbs = Verbs::reach(context)?;
            let asked = SaveAsked { path, by: by.pseudonym(&mut verbs)?, reason };
            let on = OnLooker::new(context, &verbs)?;
            let work = || verbs.save_document(&document, &asked, &on);
            Ok(output.answer(&progress::shown(output, "checking", || on.look(), work)?))
        }
    }
}
