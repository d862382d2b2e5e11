//! `post note | question | answer | status | list`.

use clap::Subcommand;
use safeconduct_protocol::id::AgencyId;

use super::{
    Context, closed,
    draft::By,
    output::{Words, plain},
    verbs::Verbs,
    words,
};
use crate::{
    api::posts::{PostAsked, PostLine, Posted, Posts},
    error::Told,
    exit::Exit,
};

/// What every post has.
#[derive(clap::Args)]
pub(super) struct Saying {
    /// The referral's id, or the first digits.
    id: String,
    /// Agencies with a referral for the same person; each sees who else was told.
    #[arg(long, value_name = "AGENCY", value_parser = super::agency)]
    to: Vec<AgencyId>,
    /// The section by whose rules it is read, such as `Medical`.
    #[arg(long, value_name = "SECTION", value_parser = closed::sections())]
    section: Option<String>,
    #[command(flatten)]
    by: By,
}

#[derive(Subcommand)]
pub(super) enum Command {
    /// Say something.
    Note {
        #[command(flatten)]
        common: Saying,
        /// What.
        #[arg(long)]
        text: String,
    },
    /// Ask something, beside the acts: the clock for deciding runs on.
    Question {
        #[command(flatten)]
        common: Saying,
        /// What.
        #[arg(long)]
        text: String,
    },
    /// Answer a question.
    Answer {
        #[command(flatten)]
        common: Saying,
        /// The post that is answered, as `post list` has it.
        #[arg(long, value_name = "POST")]
        reply_to: String,
        /// What.
        #[arg(long)]
        text: String,
    },
    /// Say where things stand.
    Status {
        #[command(flatten)]
        common: Saying,
        /// Where.
        #[arg(long, value_parser = closed::status_codes())]
        code: String,
        /// More in words.
        #[arg(long)]
        text: Option<String>,
    },
    /// List what was said about a referral.
    List {
        /// The referral's id, or the first digits.
        id: String,
        #[command(flatten)]
        by: By,
    },
}

pub(super) fn run(context: &Context, command: Command) -> Result<Exit, Told> {
    let mut verbs = Verbs::reach(context)?;
    let (kind, common, text, code, reply_to) = match command {
        Command::List { id, by } => {
            let by = by.pseudonym(&mut verbs)?;
            return Ok(context.output.answer(&verbs.posts(&id, by.as_deref())?));
        }
        Command::Note { common, text } => ("note", common, Some(text), None, None),
        Command::Question { common, text } => ("question", common, Some(text), None, None),
        Command::Answer { common, reply_to, text } => ("answer", common, Some(text), None, Some(reply_to)),
        Command::Status { common, code, text } => ("status", common, text, Some(code), None),
    };
    let asked = PostAsked {
        kind: kind.to_owned(),
        text,
        code,
        reply_to,
        section: common.section,
        to: common.to.into_iter().map(String::from).collect(),
        by: common.by.pseudonym(&mut verbs)?,
    };
    let posted = verbs.post(&common.id, &asked)?;
    if !posted.daemon {
        context.output.say("queued; start the daemon to send it: safeconduct daemon");
    }
    Ok(context.output.answer(&posted))
}

impl Words for Posted {
    fn words(&self) -> String {
        format!("{}  to {}", self.post, plain(&self.told.join(", ")))
    }
}

impl Words for Posts {
    fn words(&self) -> String {
        if self.posts.is_empty() {
            return "nothing was said".to_owned();
        }
        self.posts.iter().map(PostLine::words).collect::<Vec<_>>().join("\n\n")
    }
}

impl PostLine {
    fn words(&self) -> String {
        let new = if self.new { "  NEW" } else { "" };
        let kind = self.kind.as_deref().unwrap_or("post");
        let code = self.code.as_ref().map(|code| format!(": {code}")).unwrap_or_default();
        let mut text = format!("{}  {}  {kind}{code}{new}", words::time(self.at), plain(&self.from));
        if let Some(post) = &self.post {
            text.push_str(&format!("  ({post})"));
        }
        if let Some(reply_to) = &self.reply_to {
            text.push_str(&format!("\n    answers {reply_to}"));
        }
        if self.told.len() > 1 {
            text.push_str(&format!("\n    told: {}", plain(&self.told.join(", "))));
        }
        if self.contradicts {
            text.push_str("\n    (!) they have said something else under the same id: phone them");
        }
        match &self.text {
            Some(said) => said.lines().for_each(|line| text.push_str(&format!("\n    {}", plain(line)))),
            None if self.late => {
                text.push_str("\n    came after the consent for it had ended; its words were not kept")
            }
            None if self.kind.is_none() => text.push_str("\n    erased, or not for your role to read"),
            None => {}
        }
        text
    }
}
