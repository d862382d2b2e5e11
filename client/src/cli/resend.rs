//! `resend AGENCY`.

use std::io::{self, IsTerminal as _};

use safeconduct_protocol::id::AgencyId;

use super::{
    Context,
    output::{Words, plain, table},
    verbs::Verbs,
    words,
};
use crate::{api::recovered::Resend, error::Told, exit::Exit};

#[derive(clap::Args)]
pub(super) struct Args {
    /// The agency whose node was restored from a backup.
    #[arg(value_name = "AGENCY", value_parser = super::agency)]
    agency: AgencyId,
    /// Send again without asking.
    #[arg(long)]
    yes: bool,
}

pub(super) fn run(context: &Context, args: Args) -> Result<Exit, Told> {
    let mut verbs = Verbs::reach(context)?;
    let list = verbs.resend_list(&args.agency)?;
    if !list.messages.iter().any(|line| line.kept) {
        // Nothing goes out; the alarm ends.
        return Ok(context.output.answer(&verbs.resend(&args.agency)?));
    }
    if !args.yes && !is_wanted(context, &list)? {
        return Err(Told::refused(
            "not-confirmed",
            format!("{} messages would be sent again to {}; nothing was sent", kept(&list), list.agency),
            "look at the list, then run it again with --yes",
        ));
    }
    Ok(context.output.answer(&verbs.resend(&args.agency)?))
}

fn kept(list: &Resend) -> usize {
    list.messages.iter().filter(|line| line.kept).count()
}

/// Shows the list, and asks where somebody can answer.
fn is_wanted(context: &Context, list: &Resend) -> Result<bool, Told> {
    context.output.say(&list.words());
    if !io::stdin().is_terminal() {
        return Ok(false);
    }
    context.output.say("Send them again? They are shown once there. Type yes:");
    let mut answer = String::new();
    io::stdin().read_line(&mut answer).map_err(|error| {
        Told::not_ready("no-answer", format!("the answer cannot be read: {}", error.kind()), "run it again with --yes")
    })?;
    Ok(matches!(answer.trim(), "yes" | "y"))
}

impl Words for Resend {
    fn words(&self) -> String {
        let agency = plain(&self.agency);
        let restored = format!(
            "The node of {agency} was restored on {}, and knows nothing of what came after {}.",
            words::time(self.restored_at),
            words::time(self.copy_of)
        );
        if self.messages.is_empty() {
            return format!("{restored}\nNone of this node's messages is lost there.");
        }
        let rows: Vec<Vec<String>> = self
            .messages
            .iter()
            .map(|line| {
                let here = match (line.kept, self.sent) {
                    (true, true) => "sent again",
                    (true, false) => "can be sent again",
                    (false, _) => "erased here: phone them, and send the file anew",
                };
                vec![line.message_id.clone(), line.referral_id.clone(), words::time(line.sent_at), here.to_owned()]
            })
            .collect();
        format!("{restored}\n\n{}", table(&["message", "referral", "sent", ""], &rows))
    }
}
