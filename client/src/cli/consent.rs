//! `consent withdraw CONSENT`.

use clap::Subcommand;

use super::{
    Context, ask,
    draft::By,
    output::{Words, plain, table},
    verbs::Verbs,
};
use crate::{
    api::cases::{Withdrawn, WithdrawnAt},
    error::Told,
    exit::Exit,
};

#[derive(Subcommand)]
pub(super) enum Command {
    /// A person takes a consent back: everybody to whom a referral went on the strength of it is told.
    Withdraw {
        /// The consent's id, as the referral has it.
        consent: String,
        /// Do it without asking.
        #[arg(long)]
        yes: bool,
        #[command(flatten)]
        by: By,
    },
}

pub(super) fn run(context: &Context, command: Command) -> Result<Exit, Told> {
    let Command::Withdraw { consent, yes, by } = command;
    let mut verbs = Verbs::reach(context)?;
    let by = by.pseudonym(&mut verbs)?;
    ask::confirmed_unless(context, yes, "withdraw this consent at every agency that has a referral by it")?;
    let withdrawn = verbs.withdraw_consent(&consent, by.as_deref())?;
    if !withdrawn.daemon {
        context.output.say("queued; start the daemon to send it: safeconduct daemon");
    }
    Ok(context.output.answer(&withdrawn))
}

impl Words for Withdrawn {
    fn words(&self) -> String {
        let what = |one: &WithdrawnAt| match (one.here, one.whole) {
            (true, _) => "told; what is covered no more is erased here",
            (false, true) => "withdrawn as a whole",
            (false, false) => "told to erase what is covered no more",
        };
        let rows: Vec<Vec<String>> = self
            .reached
            .iter()
            .map(|one| {
                let id = one.id.get(..8).unwrap_or(&one.id).to_owned();
                vec![id, plain(&one.agency), what(one).to_owned()]
            })
            .collect();
        table(&["referral", "agency", ""], &rows)
    }
}
