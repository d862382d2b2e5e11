//! `ping AGENCY`.

use std::time::Duration;

use safeconduct_protocol::id::AgencyId;

use super::{Context, output::Words, verbs::Verbs, words};
use crate::{api::shapes::Pinged, error::Told, exit::Exit};

#[derive(clap::Args)]
pub(super) struct Args {
    /// Whose node.
    #[arg(value_parser = super::agency)]
    agency: AgencyId,
    /// How long to wait for the signed receipt.
    #[arg(long, value_name = "N", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=3600))]
    wait_seconds: u64,
}

pub(super) fn run(context: &Context, args: Args) -> Result<Exit, Told> {
    let agency = args.agency.clone();
    let pinged = Verbs::reach(context)?.ping(args.agency, Duration::from_secs(args.wait_seconds))?;
    if pinged.round_trip_ms.is_some() {
        return Ok(context.output.answer(&pinged));
    }
    let why = pinged.reason.as_deref().map(words::reason);
    if matches!(pinged.state.as_str(), "failed" | "expired") {
        let why = why.unwrap_or_else(|| words::state(&pinged.state));
        let remedy = "phone the agency or your authority; see `safeconduct directory` and `safeconduct doctor`";
        return Err(Told::refused("ping-failed", format!("the ping to {agency} failed: {why}"), remedy));
    }
    let trouble = why.map(|why| format!(" ({why})")).unwrap_or_default();
    Err(Told::unreachable(
        "ping-unanswered",
        format!(
            "no receipt from {agency} within {} s; the ping stands at: {}{trouble}",
            args.wait_seconds,
            words::state(&pinged.state)
        ),
        format!("it stays under way; see `safeconduct status {}`", pinged.message_id),
    ))
}

impl Words for Pinged {
    fn words(&self) -> String {
        let ms = self.round_trip_ms.unwrap_or_default();
        format!("{} answered with a signed receipt after {ms} ms", self.agency)
    }
}
