//! `send FILE --to AGENCY`.

use std::path::PathBuf;

use safeconduct_protocol::id::AgencyId;

use super::{Context, check, output::Words, verbs::Verbs};
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
    if !sent.daemon {
        context.output.say("queued; start the daemon to send it: safeconduct daemon");
    }
    Ok(context.output.answer(&sent))
}

impl Words for Sent {
    fn words(&self) -> String {
        format!("{}  waiting to be sent", self.message_id)
    }
}
