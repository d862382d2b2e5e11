//! `status [MESSAGE]`.

use super::{
    Context,
    output::{Words, plain, table},
    page::{PageArgs, more},
    verbs::Verbs,
    words,
};
use crate::{api::shapes::Status, error::Told, exit::Exit};

#[derive(clap::Args)]
pub(super) struct Args {
    /// Only this message: its id, or its first digits.
    #[arg(conflicts_with_all = ["after", "limit"])]
    message: Option<String>,
    #[command(flatten)]
    page: PageArgs,
}

pub(super) fn run(context: &Context, args: Args) -> Result<Exit, Told> {
    let page = args.page.page()?;
    Ok(context.output.answer(&Verbs::reach(context)?.status(args.message, page)?))
}

impl Words for Status {
    fn words(&self) -> String {
        let mut text = format!("node      {}", self.node.get(..16).unwrap_or(&self.node));
        if let Some(agency) = &self.agency {
            text.push_str(&format!(" ({})", plain(agency)));
        }
        text.push_str(&format!("\ndaemon    {}", if self.daemon { "running" } else { "not running" }));
        text.push_str(&format!("\nrelay     {}", words::relay(&self.relay)));
        text.push_str(&format!("\nregistry  {}", words::registry(&self.registry)));
        if self.quarantined > 0 {
            text.push_str(&format!("\naside     {} envelopes failed a check and are kept aside", self.quarantined));
        }
        if self.locked {
            text.push_str("\nreading   locked; `safeconduct unlock` opens it");
        }
        text.push_str(&format!("\nbackup    {}", self.backup_at.map_or_else(|| "none".to_owned(), words::time)));
        if let Some(restored) = &self.restored {
            text.push_str(&words::restored(restored));
        }
        for alarm in &self.alarms {
            text.push_str(&format!("\nALARM     {}", plain(alarm)));
        }
        for notice in &self.notices {
            text.push_str(&format!("\nNOTE      {}", plain(notice)));
        }
        if self.messages.is_empty() && !self.locked {
            text.push_str("\n\nno messages sent");
            return text;
        }
        if self.locked {
            return text;
        }
        let rows: Vec<Vec<String>> = self
            .messages
            .iter()
            .map(|line| {
                vec![
                    line.message_id.clone(),
                    line.to.clone(),
                    format!("{}{}", line.kind, words::mark(line.exercise)),
                    words::state(&line.state).to_owned(),
                    line.waits_s.map(words::waits).unwrap_or_default(),
                    line.attempts.to_string(),
                    line.last_error.as_deref().map(words::reason).unwrap_or_default().to_owned(),
                ]
            })
            .collect();
        text.push_str("\n\n");
        text.push_str(&table(&["message", "to", "kind", "state", "waits", "tries", "trouble"], &rows));
        let remedies = self.messages.iter().filter_map(|line| Some((line, line.remedy.as_ref()?)));
        for (line, remedy) in remedies {
            let (message, to) = (line.message_id.get(..8).unwrap_or(&line.message_id), plain(&line.to));
            let says = line.says.as_deref().unwrap_or_else(|| words::state(&line.state));
            let mark = words::mark(line.exercise);
            text.push_str(&format!("\n\n(!) {message} to {to}{mark}: {}\n    → {}", plain(says), plain(remedy)));
        }
        let mut quiet: Vec<(&str, u64)> =
            self.messages.iter().filter_map(|line| Some((line.to.as_str(), line.not_online_since_at?))).collect();
        quiet.sort_unstable();
        quiet.dedup();
        for (agency, since) in quiet {
            let (agency, since) = (plain(agency), words::time(since));
            text.push_str(&format!("\n\n(!) {agency} has not been online since {since}\n    → phone them"));
        }
        text.push_str(&more(self.next.as_deref()));
        text
    }
}
