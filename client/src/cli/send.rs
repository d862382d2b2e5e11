//! `send FILE --to AGENCY`.

use std::path::PathBuf;

use safeconduct_protocol::id::AgencyId;

use super::{
    Context, ask, check,
    output::{Words, plain},
    verbs::Verbs,
    words,
};
use crate::{
    api::{
        people::{Confirm, Typed, Word},
        shapes::Sent,
    },
    error::Told,
    exit::Exit,
    people::{
        Pseudonym,
        confirm::{About, Subject},
    },
    referral,
};

#[derive(clap::Args)]
pub(super) struct Args {
    /// The referral, JSON.
    file: PathBuf,
    /// The agency that shall receive it, for example xa.harbour-house.
    #[arg(long, value_name = "AGENCY", value_parser = super::agency)]
    to: AgencyId,
    /// Who sends it, as `safeconduct people list` has the name; left out where one person works.
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// A colleague who confirms it with their own secret, where the decision table asks for two.
    #[arg(long, value_name = "NAME")]
    second: Option<String>,
    /// File with the colleague's secret; else it is asked for at the terminal.
    #[arg(long, value_name = "FILE", requires = "second")]
    second_secret_file: Option<PathBuf>,
}

pub(super) fn run(context: &Context, args: Args) -> Result<Exit, Told> {
    let referral = check::read(&args.file)?;
    let mut verbs = Verbs::reach(context)?;
    let by = args.by.as_deref().map(|name| verbs.pseudonym(name)).transpose()?;
    if let Some(second) = &args.second {
        second_confirms(&mut verbs, &args, second, by.as_ref(), &referral)?;
    }
    let sent = verbs.send(args.to, referral, by.as_ref())?;
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

/// Has the second person confirm this very referral to this agency. What is no referral is refused when it is sent.
fn second_confirms(
    verbs: &mut Verbs,
    args: &Args,
    second: &str,
    by: Option<&Pseudonym>,
    referral: &[u8],
) -> Result<(), Told> {
    let Ok(parsed) = referral::parse(referral) else { return Ok(()) };
    let subject = Subject::of_send(&args.to, &referral::canonical(&parsed));
    let secret = ask::secret(second, args.second_secret_file.as_deref())?;
    let confirm = Confirm {
        about: About::Send.as_str().to_owned(),
        subject: subject.to_hex(),
        by: by.map(Pseudonym::to_hex),
        second: Word { name: second.to_owned(), secret: Typed(secret) },
    };
    verbs.confirm(&confirm).map(drop)
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
