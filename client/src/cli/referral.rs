//! `referral …`: what becomes of a referral after it was sent.

mod args;
mod typed;
mod words;

use std::path::Path;

pub(super) use self::args::Command;
use self::args::Confirm;
use super::{
    Context, ask, check,
    draft::{self, By},
    verbs::Verbs,
};
use crate::{
    api::cases::{ActAsked, Keep, KeepAsked, OpenAsked},
    casework::{
        details::{OverrideSaid, ReflectionSet},
        life::code::Step,
    },
    error::Told,
    exit::Exit,
};

pub(super) fn run(context: &Context, command: Command) -> Result<Exit, Told> {
    let mut verbs = Verbs::reach(context)?;
    let output = context.output;
    let shown = match command {
        Command::Draft(command) => return draft::run(context, command),
        Command::NewFrom { id, by } => {
            let by = by.pseudonym(&mut verbs)?;
            return Ok(output.answer(&verbs.new_from(&id, by.as_deref())?));
        }
        Command::List(args) => {
            let by = args.by.pseudonym(&mut verbs)?;
            return Ok(output.answer(&verbs.referrals(&args.asked(by))?));
        }
        Command::Show { id, by, open: false, .. } => {
            let by = by.pseudonym(&mut verbs)?;
            verbs.referral(&id, by.as_deref())?
        }
        Command::Show { id, by, open: true, show_identity, section, reason } => {
            let by = by.pseudonym(&mut verbs)?;
            verbs.open_referral(&id, &OpenAsked { by, names: show_identity, sections: section, reason })?
        }
        Command::Seen { id, by } => {
            let by = by.pseudonym(&mut verbs)?;
            verbs.keep_referral(&id, &KeepAsked { what: Keep::Seen, by, ..KeepAsked::default() })?
        }
        Command::Hold { id, by, reference } => {
            let by = by.pseudonym(&mut verbs)?;
            verbs.keep_referral(&id, &KeepAsked { what: Keep::Hold, text: Some(reference), by })?
        }
        Command::ReleaseHold { id, by, yes } => {
            let by = by.pseudonym(&mut verbs)?;
            let about = format!("end the hold of referral {id}: what it has kept from erasure is erased");
            ask::confirmed_unless(context, yes.yes, &about)?;
            verbs.keep_referral(&id, &KeepAsked { what: Keep::ReleaseHold, by, ..KeepAsked::default() })?
        }
        Command::Assign { id, name, by } => {
            let by = by.pseudonym(&mut verbs)?;
            verbs.keep_referral(&id, &KeepAsked { what: Keep::Assign, text: Some(name), by })?
        }
        Command::Erase { id, by, yes } => {
            let by = by.pseudonym(&mut verbs)?;
            ask::confirmed_unless(context, yes.yes, &format!("erase what is here of referral {id}"))?;
            verbs.keep_referral(&id, &KeepAsked { what: Keep::Erase, by, ..KeepAsked::default() })?
        }
        act @ (Command::Accept { .. }
        | Command::Decline { .. }
        | Command::Ask { .. }
        | Command::Answer { .. }
        | Command::RequestLevel { .. }
        | Command::Raise { .. }
        | Command::Start { .. }
        | Command::Close { .. }
        | Command::Withdraw { .. }
        | Command::Reinstate { .. }
        | Command::ProposeTransfer { .. }
        | Command::OverrideNotice { .. }
        | Command::OverrideReview { .. }
        | Command::Reflection { .. }) => {
            let (id, by, mut asked, question) = act_of(act)?;
            asked.by = by.pseudonym(&mut verbs)?;
            if let Some((yes, question)) = question {
                ask::confirmed_unless(context, yes.yes, &question)?;
            }
            verbs.act(&id, &asked)?
        }
    };
    Ok(output.answer(&shown))
}

/// An act, and what is asked before it is done.
type Asked = (String, By, ActAsked, Option<(Confirm, String)>);

fn act_of(command: Command) -> Result<Asked, Told> {
    let event = |step: Step| ActAsked { event: step.as_str().to_owned(), ..ActAsked::default() };
    let plain = |id: String, by: By, asked: ActAsked| Ok((id, by, asked, None));
    match command {
        Command::Accept { id, by, from, text, desk, yes } => {
            let question = format!("accept referral {id}: the sender is told that your agency takes the person in");
            Ok((id, by, ActAsked { service_on: from, text, desk, ..event(Step::Accepted) }, Some((yes, question))))
        }
        Command::Decline { id, by, reason, suggest, capacity, text, yes } => {
            let question = format!("decline referral {id}: this ends it");
            let suggest = suggest.into_iter().map(String::from).collect();
            let asked =
                ActAsked { why: Some(reason), suggest, earliest_capacity: capacity, text, ..event(Step::Declined) };
            Ok((id, by, asked, Some((yes, question))))
        }
        Command::Ask { id, by, text } => plain(id, by, ActAsked { text: Some(text), ..event(Step::InfoRequested) }),
        Command::Answer { id, by, text, file } => {
            let revision = file.as_deref().map(revision).transpose()?;
            plain(id, by, ActAsked { text, revision, ..event(Step::InfoProvided) })
        }
        Command::RequestLevel { id, by, level, text } => {
            plain(id, by, ActAsked { level: Some(level), text: Some(text), ..event(Step::DisclosureRequested) })
        }
        Command::Raise { id, by, file, text, yes } => {
            let question = format!("disclose more of referral {id}: what they have seen cannot be taken back");
            let level = level_of(&file)?;
            let asked = ActAsked { level, text, revision: Some(revision(&file)?), ..event(Step::DisclosureRaised) };
            Ok((id, by, asked, Some((yes, question))))
        }
        Command::Start { id, by, on } => {
            plain(id, by, ActAsked { service_on: Some(on), ..event(Step::ServiceStarted) })
        }
        Command::Close { id, by, outcome, yes } => {
            let question = format!("close referral {id}: this ends it");
            Ok((id, by, ActAsked { why: Some(outcome), ..event(Step::Closed) }, Some((yes, question))))
        }
        Command::Withdraw { id, by, reason, text, yes } => {
            let question = format!("withdraw referral {id}: this ends it");
            Ok((id, by, ActAsked { why: Some(reason), text, ..event(Step::Withdrawn) }, Some((yes, question))))
        }
        Command::Reinstate { id, by, text, yes } => {
            let question =
                format!("let the acceptance of referral {id} count: the other agency is told that it stands");
            Ok((id, by, ActAsked { text, ..event(Step::Reinstated) }, Some((yes, question))))
        }
        Command::Reflection { id, by, status, start, end, basis } => {
            let reflection = Some(ReflectionSet { status, start, end, legal_basis: basis });
            plain(id, by, ActAsked { reflection, ..event(Step::ReflectionSet) })
        }
        Command::ProposeTransfer { id, by } => plain(id, by, event(Step::TransferProposed)),
        Command::OverrideNotice { id, by, consent, on } => {
            let said = OverrideSaid { consent_id: consent, told_on: Some(on), verdict: None };
            plain(id, by, ActAsked { override_said: Some(said), ..event(Step::OverrideNotice) })
        }
        Command::OverrideReview { id, by, consent, verdict, text, yes } => {
            let question = format!("sign the review of referral {id}: `{verdict}`");
            let said = OverrideSaid { consent_id: consent, told_on: None, verdict: Some(verdict) };
            let asked = ActAsked { override_said: Some(said), text, ..event(Step::OverrideReviewed) };
            Ok((id, by, asked, Some((yes, question))))
        }
        Command::Draft(_)
        | Command::NewFrom { .. }
        | Command::List(_)
        | Command::Show { .. }
        | Command::Seen { .. }
        | Command::Hold { .. }
        | Command::ReleaseHold { .. }
        | Command::Assign { .. }
        | Command::Erase { .. } => Err(Told::usage("this is no act", "see `safeconduct referral --help`")),
    }
}

fn revision(file: &Path) -> Result<serde_json::Value, Told> {
    let bytes = zeroize::Zeroizing::new(check::read(file)?);
    serde_json::from_slice(&bytes).map_err(|error| {
        let place = format!("line {}, column {}", error.line(), error.column());
        Told::refused("not-json", format!("the file is no JSON at {place}"), "correct it, then try again")
    })
}

fn level_of(file: &Path) -> Result<Option<u8>, Told> {
    let level = revision(file)?.pointer("/header/disclosure_level").and_then(serde_json::Value::as_u64);
    Ok(level.and_then(|level| u8::try_from(level).ok()))
}
