//! `referral draft new | edit | list | show | discard`.

use std::path::PathBuf;

use clap::Subcommand;
use safeconduct_protocol::id::AgencyId;
use zeroize::Zeroizing;

use super::{
    Context, ask, check, evidence,
    output::{Words, table},
    show,
    verbs::Verbs,
    words,
};
use crate::{
    api::drafts::{Discarded, DraftLine, DraftShown, Drafts},
    error::Told,
    exit::Exit,
};

/// Digits of a draft that a list shows.
const DIGITS: usize = 8;

#[derive(Subcommand)]
pub(super) enum Command {
    /// Begin a referral from a short form, or from a referral that is not finished. What follows from it is filled in.
    New {
        /// The form, JSON: services, `age_band`, `country_of_need`, urgency, and what more is known. `-` for standard input.
        file: PathBuf,
        /// The agency that shall receive it, for example xa.harbour-house.
        #[arg(long, value_name = "AGENCY", value_parser = super::agency)]
        to: Option<AgencyId>,
        #[command(flatten)]
        by: By,
    },
    /// Put another form in its place; what `show --out` wrote keeps its ids.
    Edit {
        /// The first digits of the draft.
        draft: String,
        /// The form or referral, JSON; `-` for standard input.
        file: PathBuf,
        /// The agency that shall receive it.
        #[arg(long, value_name = "AGENCY", value_parser = super::agency)]
        to: Option<AgencyId>,
        #[command(flatten)]
        by: By,
    },
    /// List the drafts. A draft is erased 30 days after its last change.
    List {
        #[command(flatten)]
        by: By,
    },
    /// Say what a draft lacks, and what the decision table says of it.
    Show {
        /// The first digits of the draft.
        draft: String,
        /// Print the draft itself, with what identifies the person.
        #[arg(long)]
        content: bool,
        /// Write the draft itself to a new file, to be changed and given to `edit`.
        #[arg(long, value_name = "FILE", conflicts_with = "content")]
        out: Option<PathBuf>,
        #[command(flatten)]
        by: By,
    },
    /// Send a draft to the agency that it names, or to these; several are asked without names only.
    Send {
        /// The first digits of the draft.
        draft: String,
        /// An agency to send it to; may be said again.
        #[arg(long, value_name = "AGENCY", value_parser = super::agency)]
        to: Vec<AgencyId>,
        #[command(flatten)]
        by: By,
    },
    /// Erase a draft.
    Discard {
        /// The first digits of the draft.
        draft: String,
        /// Do not ask.
        #[arg(long)]
        yes: bool,
        #[command(flatten)]
        by: By,
    },
}

/// Who acts.
#[derive(clap::Args)]
pub(super) struct By {
    /// Who does it, as `safeconduct people list` has the name; left out where one person works.
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
}

impl By {
    /// The pseudonym of who acts: a name never stands in a path.
    pub(super) fn pseudonym(&self, verbs: &mut Verbs) -> Result<Option<String>, Told> {
        let by = self.by.as_deref().map(|name| verbs.pseudonym(name)).transpose()?;
        Ok(by.map(|pseudonym| pseudonym.to_hex()))
    }
}

pub(super) fn run(context: &Context, command: Command) -> Result<Exit, Told> {
    let output = context.output;
    match command {
        Command::Send { draft, to, by } => {
            let mut verbs = Verbs::reach(context)?;
            let by = by.pseudonym(&mut verbs)?;
            let asked = verbs.send_draft(&draft, &to, by)?;
            super::enquire::said(context, &asked);
            Ok(output.answer(&asked))
        }
        Command::New { file, to, by } => {
            let form = check::read(&file)?;
            let mut verbs = Verbs::reach(context)?;
            let by = by.pseudonym(&mut verbs)?;
            Ok(output.answer(&verbs.new_draft(form, to.as_ref(), by.as_deref())?))
        }
        Command::Edit { draft, file, to, by } => {
            let form = check::read(&file)?;
            let mut verbs = Verbs::reach(context)?;
            let by = by.pseudonym(&mut verbs)?;
            Ok(output.answer(&verbs.edit_draft(&draft, form, to.as_ref(), by.as_deref())?))
        }
        Command::List { by } => {
            let mut verbs = Verbs::reach(context)?;
            let by = by.pseudonym(&mut verbs)?;
            Ok(output.answer(&verbs.drafts(by.as_deref())?))
        }
        Command::Show { draft, content, out, by } => {
            let mut verbs = Verbs::reach(context)?;
            let by = by.pseudonym(&mut verbs)?;
            let mut shown = verbs.show_draft(&draft, content || out.is_some(), by.as_deref())?;
            if let Some(out) = out {
                let content = serde_json::to_vec_pretty(&shown.content.take()).map(Zeroizing::new).unwrap_or_default();
                evidence::write(&out, &content)?;
                output.say("the file holds personal data: remove it once it is given to `edit`");
            }
            Ok(output.answer(&shown))
        }
        Command::Discard { draft, yes, by } => {
            let mut verbs = Verbs::reach(context)?;
            let by = by.pseudonym(&mut verbs)?;
            ask::confirmed_unless(context, yes, "The draft is erased and does not come back.")?;
            Ok(output.answer(&verbs.discard_draft(&draft, by.as_deref())?))
        }
    }
}

impl Words for Drafts {
    fn words(&self) -> String {
        if self.drafts.is_empty() {
            return "no drafts".to_owned();
        }
        let rows: Vec<Vec<String>> = self.drafts.iter().map(row).collect();
        table(&["draft", "kind", "level", "urgency", "to", "by", "changed", "erased on", ""], &rows)
    }
}

fn row(line: &DraftLine) -> Vec<String> {
    let missing = match (line.complete, line.ends_soon) {
        (true, false) => "",
        (false, false) => "not finished",
        (true, true) => "erased soon",
        (false, true) => "not finished, erased soon",
    };
    vec![
        line.draft.chars().take(DIGITS).collect(),
        line.kind.clone(),
        line.level.map(|level| level.to_string()).unwrap_or_default(),
        line.urgency.clone(),
        line.to.clone(),
        line.by.clone(),
        words::time(line.changed_at),
        words::time(line.ends_at),
        missing.to_owned(),
    ]
}

impl Words for DraftShown {
    fn words(&self) -> String {
        let mut text =
            table(&["draft", "kind", "level", "urgency", "to", "by", "changed", "erased on", ""], &[row(&self.line)]);
        let sections =
            if self.sections_needed.is_empty() { "no section".to_owned() } else { self.sections_needed.join(", ") };
        text.push_str(&format!(
            "\n\nneeded by these services: level {}, and beside enquiry and summary {sections}",
            self.level_needed
        ));
        for finding in &self.findings {
            text.push_str(&format!("\n  {}: {}", finding.severity, finding.words()));
        }
        if self.findings.is_empty() {
            text.push_str("\nnothing is missing, and the decision table says nothing against it");
        }
        if let Some(content) = &self.content {
            text.push('\n');
            show::outline(content, 0, &mut text);
        }
        text
    }
}

impl Words for Discarded {
    fn words(&self) -> String {
        format!("{}  erased", self.draft.chars().take(DIGITS).collect::<String>())
    }
}
