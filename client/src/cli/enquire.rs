//! `enquire FILE --to AGENCY…`, and what sending a form answers.

use std::path::PathBuf;

use safeconduct_protocol::id::AgencyId;

use super::{
    Context, check,
    draft::By,
    output::{Words, plain, table},
    verbs::Verbs,
};
use crate::{api::cases::Asked, daemon::HowAsked, error::Told, exit::Exit};

#[derive(clap::Args)]
pub(super) struct Args {
    /// What is needed, a JSON form: services, `age_band`, `country_of_need`, urgency. `-` for standard input.
    file: PathBuf,
    /// An agency to ask, up to sixteen times; each is told who else is asked.
    #[arg(long, value_name = "AGENCY", value_parser = super::agency, required = true)]
    to: Vec<AgencyId>,
    /// Asked again under the same key within a week it is the same enquiry: nothing new is queued.
    #[arg(long, value_name = "KEY")]
    key: Option<String>,
    /// A referral of an enquiry that was sent before: these agencies are asked, too, and all of them learn of one another.
    #[arg(long, value_name = "REFERRAL")]
    with: Option<String>,
    #[command(flatten)]
    by: By,
}

pub(super) fn run(context: &Context, args: Args) -> Result<Exit, Told> {
    let bytes = zeroize::Zeroizing::new(check::read(&args.file)?);
    let mut form: serde_json::Value = serde_json::from_slice(&bytes).map_err(|error| {
        let place = format!("line {}, column {}", error.line(), error.column());
        Told::refused("not-json", format!("the file is no JSON at {place}"), "correct it, then try again")
    })?;
    // Whoever enquires asks without names, unless the form says otherwise.
    if let Some(members) = form.as_object_mut()
        && !members.contains_key("header")
    {
        members.entry("kind").or_insert_with(|| "Enquiry".into());
    }
    let mut verbs = Verbs::reach(context)?;
    let by = args.by.pseudonym(&mut verbs)?;
    let asked =
        verbs.send_form(form, &args.to, by, &HowAsked { key: args.key.as_deref(), with: args.with.as_deref() })?;
    said(context, &asked);
    Ok(context.output.answer(&asked))
}

/// What the check warns of, and that a daemon must be started when one must.
pub(super) fn said(context: &Context, asked: &Asked) {
    for warning in asked.sent.iter().flat_map(|one| &one.warnings) {
        context.output.say(&format!("warning: {} at {}: {}", warning.code, warning.pointer, warning.fact));
    }
    if asked.already {
        context.output.say("already asked before; nothing new was queued");
    }
    if !asked.daemon {
        context.output.say("queued; start the daemon to send it: safeconduct daemon");
    }
}

impl Words for Asked {
    fn words(&self) -> String {
        let rows: Vec<Vec<String>> =
            self.sent.iter().map(|one| vec![plain(&one.to), one.referral_id.clone(), one.message_id.clone()]).collect();
        table(&["to", "referral", "message"], &rows)
    }
}
