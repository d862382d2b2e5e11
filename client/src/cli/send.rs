//! `send FILE --to AGENCY`.

use std::path::PathBuf;

use safeconduct_protocol::id::AgencyId;

use super::{
    Context, check,
    output::{Words, plain},
    verbs::Verbs,
    words,
};
use crate::{api::shapes::Sent, error::Told, exit::Exit};

#[derive(clap::Args)]
pub(super) struct Args {
    /// The referral, JSON.
    file: PathBuf,
    /// The agency that shall receive it, for example xa.harbour-house.
    #[arg(long, value_name = "AGENCY", value_parser = super::agency)]
    to: AgencyId,
}

pub(super) fn run(context: &Context, args: Args) -> Result<Exit, Told> {
    let referral = check::read(&args.file)?;
    let sent = Verbs::reach(context)?.send(args.to, referral)?;
    for warning in &sent.warnings {
        context.output.say(&format!("warning: {} at {}: {}", warning.code, warning.pointer, warning.fact));
    }
    if sent.already {
        context
            .output
            .say("already in the outbox: the same file was sent to this agency before; nothing new was queued");
        if let Some(remedy) = &sent.remedy {
            context.output.say(&format!("→ {}", plain(remedy)));
        }
    }
    say_start(context, &sent);
    Ok(context.output.answer(&sent))
}

/// Says that a daemon must be started, when one must.
pub(super) fn say_start(context: &Context, sent: &Sent) {
    if !sent.daemon && sent.state == "queued" {
        context.output.say("queued; start the daemon to send it: safeconduct daemon");
    }
}

impl Words for Sent {
    fn words(&self) -> String {
        format!("{}  {}", self.message_id, words::state(&self.state))
    }
}
