//! `key rotate | succeed | rotate-tls | status | forget`.

use std::path::PathBuf;

use clap::Subcommand;

use super::{Context, ask, init::paper, output::Words, verbs::Verbs, words};
use crate::{api::shapes::Keys, daemon::Paper, enrol, error::Told, exit::Exit};

/// What to do when nobody has seen the new succession key.
const KEY_LOST: &str = "nobody has seen the new succession key: run `safeconduct key forget`, and the command again where its words \
    can be read";

#[derive(Subcommand)]
pub(super) enum Command {
    /// Renew the identity key. The authority compares eight words; partners need do nothing.
    Rotate {
        /// Print a new succession key too; the one in the safe is worthless when the change is made.
        #[arg(long)]
        new_paper: bool,
    },
    /// Renew the identity key with the succession key from the safe, because somebody else may have the old one: nothing that
    /// the old one signs counts any more. Prints a new succession key.
    Succeed {
        /// Read the succession key from this file; without it, it is asked for on the terminal.
        #[arg(long, value_name = "FILE")]
        paper_file: Option<PathBuf>,
    },
    /// Renew the TLS key now; every sixty days it is renewed by itself. No person is needed.
    RotateTls,
    /// Show this node's keys, and where a change of them stands.
    Status,
    /// Give up a change that is under way.
    Forget {
        /// Do not ask.
        #[arg(long)]
        yes: bool,
    },
}

pub(super) fn run(context: &Context, command: Command) -> Result<Exit, Told> {
    let output = context.output;
    match command {
        Command::Rotate { new_paper } => {
            let wanted = if new_paper { Paper::New } else { Paper::Stays };
            Ok(output.answer_once(&Verbs::reach(context)?.renew_keys(wanted)?, KEY_LOST))
        }
        Command::Succeed { paper_file } => {
            let typed = ask::paper(paper_file.as_deref())?;
            // Said before anything is unlocked.
            enrol::parse_paper(&typed)?;
            Ok(output.answer_once(&Verbs::reach(context)?.succeed(&typed)?, KEY_LOST))
        }
        Command::RotateTls => Ok(output.answer(&Verbs::reach(context)?.renew_tls()?)),
        Command::Status => Ok(output.answer(&Verbs::reach(context)?.keys()?)),
        Command::Forget { yes } => {
            let mut verbs = Verbs::reach(context)?;
            let change = verbs.keys()?.change;
            // Whoever approves it now approves a key that no machine has any more.
            if change.is_some_and(|change| change.state == "waiting" && !change.words.is_empty()) && !yes {
                ask::confirmed(
                    context,
                    "The authority has this request already. If it approves it after this, nobody can write to this agency any \
                     more: phone it first, and let it reject the request.",
                )?;
            }
            Ok(output.answer(&verbs.forget_change()?))
        }
    }
}

impl Words for Keys {
    fn words(&self) -> String {
        let mut text = format!(
            "node          {}\nidentity key  since {}\nTLS key       since {}",
            self.node,
            words::time(self.identity_since_at),
            words::time(self.tls_since_at)
        );
        if let Some(change) = &self.change {
            let state = match change.state.as_str() {
                "made" => "made here; the daemon asks for it",
                "waiting" => "with the authority",
                "done" => "made by the authority; it is taken over when the registry copy here has grown",
                "refused" => "refused by the authority's program: phone your authority",
                "rejected" => "rejected by your authority",
                other => other,
            };
            text.push_str(&format!("\n\nchange        {} key, {state}", change.what.join(" and ")));
            if !change.words.is_empty() {
                text.push_str(&format!(
                    "\n\nRead these eight words to your authority over the telephone:\n\n    {}",
                    change.words.join(" ")
                ));
            }
        }
        if let Some(succession) = &self.succession {
            text.push_str(&format!("\n\n{}", *paper(&succession.0)));
            text.push_str("\nKeep the paper of before until `safeconduct key status` shows that the change is made.");
        }
        text
    }
}
