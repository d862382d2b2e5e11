//! `referral …`: what becomes of a referral after it was sent.

use std::path::{Path, PathBuf};

use safeconduct_protocol::id::AgencyId;

use super::{
    Context, agency, ask,
    draft::{self, By},
    output::{Words, plain, table},
    verbs::Verbs,
    words,
};
use crate::{
    api::cases::{ActAsked, Keep, KeepAsked, ListAsked, LogLine, OpenAsked, ReferralLine, ReferralShown, Referrals},
    casework::{
        details::{OverrideSaid, ReflectionSet},
        life::code::{DeclineReason, Outcome, Step, WithdrawReason},
        life::state::State,
        store::row::News,
    },
    error::Told,
    exit::Exit,
};

#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// Referrals that are being written.
    #[command(subcommand)]
    Draft(draft::Command),
    /// List referrals, newest first.
    List(ListArgs),
    /// Show a referral with what happened to it; `--open` shows the person's data and tells the sender that somebody has looked.
    Show {
        /// Its id, or the first digits.
        id: String,
        #[command(flatten)]
        by: By,
        /// Show what it says. The first time is signed, and told to the agency that sent it.
        #[arg(long)]
        open: bool,
        /// Show what identifies the person, too.
        #[arg(long, requires = "open")]
        show_identity: bool,
        /// Show this section of the case file, such as `Medical`; may be said again.
        #[arg(long, requires = "open", value_name = "SECTION")]
        section: Vec<String>,
        /// Why a supervisor looks at what is for its own caseworker only.
        #[arg(long, requires = "open", value_name = "TEXT")]
        reason: Option<String>,
    },
    /// Accept it: your agency takes the person in.
    Accept {
        /// Its id, or the first digits.
        id: String,
        #[command(flatten)]
        by: By,
        /// From which day, as 2026-06-03.
        #[arg(long, value_name = "DATE")]
        from: Option<String>,
        /// Where and how to arrive.
        #[arg(long)]
        text: Option<String>,
        /// Which desk expects the person.
        #[arg(long)]
        desk: Option<String>,
        #[command(flatten)]
        yes: Confirm,
    },
    /// Decline it, with a reason.
    Decline {
        /// Its id, or the first digits.
        id: String,
        #[command(flatten)]
        by: By,
        /// One of the reasons in `docs/CASEWORK.md`, such as `NoCapacity`.
        #[arg(long)]
        reason: String,
        /// An agency to ask instead, up to five times.
        #[arg(long, value_name = "AGENCY", value_parser = agency)]
        suggest: Vec<AgencyId>,
        /// From when there would be a place.
        #[arg(long, value_name = "DATE")]
        capacity: Option<String>,
        /// In words.
        #[arg(long)]
        text: Option<String>,
        #[command(flatten)]
        yes: Confirm,
    },
    /// Ask the sender for more; the time to decide stands still until the answer.
    Ask {
        /// Its id, or the first digits.
        id: String,
        #[command(flatten)]
        by: By,
        /// What you need to know.
        #[arg(long)]
        text: String,
    },
    /// Answer such a question, in words or with a new revision of the referral.
    Answer {
        /// Its id, or the first digits.
        id: String,
        #[command(flatten)]
        by: By,
        /// In words.
        #[arg(long)]
        text: Option<String>,
        /// The next revision, a JSON file.
        #[arg(long, value_name = "FILE")]
        file: Option<PathBuf>,
    },
    /// Ask for a higher disclosure level.
    RequestLevel {
        /// Its id, or the first digits.
        id: String,
        #[command(flatten)]
        by: By,
        /// 1, 2 or 3.
        #[arg(long)]
        level: u8,
        /// Why.
        #[arg(long)]
        text: String,
    },
    /// Disclose more: the next revision of the referral, at a higher level.
    Raise {
        /// Its id, or the first digits.
        id: String,
        #[command(flatten)]
        by: By,
        /// The next revision, a JSON file.
        #[arg(long, value_name = "FILE")]
        file: PathBuf,
        /// In words.
        #[arg(long)]
        text: Option<String>,
        #[command(flatten)]
        yes: Confirm,
    },
    /// Say that help has begun.
    Start {
        /// Its id, or the first digits.
        id: String,
        #[command(flatten)]
        by: By,
        /// On which day, as 2026-06-03.
        #[arg(long, value_name = "DATE")]
        on: String,
    },
    /// Close it, with its outcome.
    Close {
        /// Its id, or the first digits.
        id: String,
        #[command(flatten)]
        by: By,
        /// One of the outcomes in `docs/CASEWORK.md`, such as `ServiceDelivered`.
        #[arg(long)]
        outcome: String,
        #[command(flatten)]
        yes: Confirm,
    },
    /// Take a referral back that your agency sent.
    Withdraw {
        /// Its id, or the first digits.
        id: String,
        #[command(flatten)]
        by: By,
        /// `Person`, `Error` or `ServedElsewhere`.
        #[arg(long)]
        reason: String,
        /// In words.
        #[arg(long)]
        text: Option<String>,
        #[command(flatten)]
        yes: Confirm,
    },
    /// Let an acceptance count that crossed with the end of the referral's time.
    Reinstate {
        /// Its id, or the first digits.
        id: String,
        #[command(flatten)]
        by: By,
        /// In words.
        #[arg(long)]
        text: Option<String>,
    },
    /// Note a reflection period: for the authority that grants it.
    Reflection {
        /// Its id, or the first digits.
        id: String,
        #[command(flatten)]
        by: By,
        /// `Requested`, `Granted`, `Refused` or `Ended`.
        #[arg(long)]
        status: String,
        /// Its first day.
        #[arg(long, value_name = "DATE")]
        start: Option<String>,
        /// Its last day.
        #[arg(long, value_name = "DATE")]
        end: Option<String>,
        /// The law.
        #[arg(long, value_name = "TEXT")]
        basis: Option<String>,
    },
    /// Say that you want to hand the person on; the sender is told that, and not where to.
    ProposeTransfer {
        /// Its id, or the first digits.
        id: String,
        #[command(flatten)]
        by: By,
    },
    /// Begin a new referral from this one: after it has ended, or to hand the person on. No consent goes over.
    NewFrom {
        /// Its id, or the first digits.
        id: String,
        #[command(flatten)]
        by: By,
    },
    /// Say when the person was told of an act without their consent.
    OverrideNotice {
        /// Its id, or the first digits.
        id: String,
        #[command(flatten)]
        by: By,
        /// Which consent of the referral.
        #[arg(long)]
        consent: String,
        /// On which day, as 2026-06-03.
        #[arg(long, value_name = "DATE")]
        on: String,
    },
    /// Review an act without the person's consent: for another person than the one who sent it.
    OverrideReview {
        /// Its id, or the first digits.
        id: String,
        #[command(flatten)]
        by: By,
        /// Which consent of the referral.
        #[arg(long)]
        consent: String,
        /// `upheld` or `not-upheld`.
        #[arg(long)]
        verdict: String,
        /// Why.
        #[arg(long)]
        text: Option<String>,
    },
    /// Note that somebody has seen what is new.
    Seen {
        /// Its id, or the first digits.
        id: String,
        #[command(flatten)]
        by: By,
    },
    /// Keep the content because the law demands it.
    Hold {
        /// Its id, or the first digits.
        id: String,
        #[command(flatten)]
        by: By,
        /// By which order.
        #[arg(long)]
        reference: String,
    },
    /// End such a hold.
    ReleaseHold {
        /// Its id, or the first digits.
        id: String,
        #[command(flatten)]
        by: By,
    },
    /// Say whose it is at your agency.
    Assign {
        /// Its id, or the first digits.
        id: String,
        /// The caseworker's name.
        name: String,
        #[command(flatten)]
        by: By,
    },
    /// Erase a referral that has ended, and certify it to the sender.
    Erase {
        /// Its id, or the first digits.
        id: String,
        #[command(flatten)]
        by: By,
        #[command(flatten)]
        yes: Confirm,
    },
}

/// What cannot be taken back is asked first.
#[derive(clap::Args, Clone, Copy)]
pub(super) struct Confirm {
    /// Do it without asking.
    #[arg(long)]
    yes: bool,
}

#[derive(clap::Args)]
pub(super) struct ListArgs {
    /// Only those that came in.
    #[arg(long = "in", conflicts_with = "sent")]
    received: bool,
    /// Only those that were sent.
    #[arg(long = "out")]
    sent: bool,
    /// Only in this state, such as `opened`.
    #[arg(long)]
    state: Option<String>,
    /// Only those on which somebody should have acted before now.
    #[arg(long)]
    late: bool,
    /// `ours` or `theirs`.
    #[arg(long)]
    turn: Option<String>,
    /// The beginning of an agency, a referral id, a case code or a name.
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
    /// At most so many, up to 200.
    #[arg(long, default_value_t = 50)]
    limit: u32,
    /// Where the page before ended.
    #[arg(long, value_name = "CURSOR")]
    after: Option<String>,
}

pub(super) fn run(context: &Context, command: Command) -> Result<Exit, Told> {
    let mut verbs = Verbs::reach(context)?;
    let output = context.output;
    let shown = match command {
        Command::Draft(command) => return draft::run(context, command),
        Command::NewFrom { id, by } => {
            let by = by.pseudonym(&mut verbs)?;
            return Ok(output.answer(&verbs.new_from(&id, by.as_deref())?));
        }
        Command::List(args) => return Ok(output.answer(&verbs.referrals(&args.asked())?)),
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
        Command::ReleaseHold { id, by } => {
            let by = by.pseudonym(&mut verbs)?;
            verbs.keep_referral(&id, &KeepAsked { what: Keep::ReleaseHold, by, ..KeepAsked::default() })?
        }
        Command::Assign { id, name, by } => {
            let by = by.pseudonym(&mut verbs)?;
            verbs.keep_referral(&id, &KeepAsked { what: Keep::Assign, text: Some(name), by })?
        }
        Command::Erase { id, by, yes } => {
            let by = by.pseudonym(&mut verbs)?;
            confirmed(context, yes, &format!("erase what is here of referral {id}"))?;
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
                confirmed(context, yes, &question)?;
            }
            verbs.act(&id, &asked)?
        }
    };
    Ok(output.answer(&shown))
}

fn confirmed(context: &Context, yes: Confirm, what: &str) -> Result<(), Told> {
    if yes.yes { Ok(()) } else { ask::confirmed(context, what) }
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
            one_of("--reason", &reason, DeclineReason::ALL.iter().map(|one| one.as_str()))?;
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
            one_of("--outcome", &outcome, Outcome::ALL.iter().map(|one| one.as_str()))?;
            let question = format!("close referral {id}: this ends it");
            Ok((id, by, ActAsked { why: Some(outcome), ..event(Step::Closed) }, Some((yes, question))))
        }
        Command::Withdraw { id, by, reason, text, yes } => {
            one_of("--reason", &reason, WithdrawReason::ALL.iter().map(|one| one.as_str()))?;
            let question = format!("withdraw referral {id}: this ends it");
            Ok((id, by, ActAsked { why: Some(reason), text, ..event(Step::Withdrawn) }, Some((yes, question))))
        }
        Command::Reinstate { id, by, text } => plain(id, by, ActAsked { text, ..event(Step::Reinstated) }),
        Command::Reflection { id, by, status, start, end, basis } => {
            let reflection = Some(ReflectionSet { status, start, end, legal_basis: basis });
            plain(id, by, ActAsked { reflection, ..event(Step::ReflectionSet) })
        }
        Command::ProposeTransfer { id, by } => plain(id, by, event(Step::TransferProposed)),
        Command::OverrideNotice { id, by, consent, on } => {
            let said = OverrideSaid { consent_id: consent, told_on: Some(on), verdict: None };
            plain(id, by, ActAsked { override_said: Some(said), ..event(Step::OverrideNotice) })
        }
        Command::OverrideReview { id, by, consent, verdict, text } => {
            let said = OverrideSaid { consent_id: consent, told_on: None, verdict: Some(verdict) };
            plain(id, by, ActAsked { override_said: Some(said), text, ..event(Step::OverrideReviewed) })
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

/// A value of a list, or which there are.
fn one_of<'a>(flag: &str, value: &str, mut all: impl Iterator<Item = &'a str> + Clone) -> Result<(), Told> {
    if all.clone().any(|one| one == value) {
        return Ok(());
    }
    let first = all.next().unwrap_or_default().to_owned();
    let all = all.fold(first, |text, one| format!("{text}, {one}"));
    Err(Told::usage(format!("{flag} does not take `{}`", plain(value)), format!("choose one of {all}")))
}

fn revision(file: &Path) -> Result<serde_json::Value, Told> {
    let bytes = zeroize::Zeroizing::new(super::check::read(file)?);
    serde_json::from_slice(&bytes).map_err(|error| {
        let place = format!("line {}, column {}", error.line(), error.column());
        Told::refused("not-json", format!("the file is no JSON at {place}"), "correct it, then try again")
    })
}

fn level_of(file: &Path) -> Result<Option<u8>, Told> {
    let level = revision(file)?.pointer("/header/disclosure_level").and_then(serde_json::Value::as_u64);
    Ok(level.and_then(|level| u8::try_from(level).ok()))
}

impl ListArgs {
    fn asked(self) -> ListAsked {
        let side = match (self.received, self.sent) {
            (true, _) => Some("received".to_owned()),
            (_, true) => Some("sent".to_owned()),
            (false, false) => None,
        };
        let Self { state, late, turn, search, limit, after, .. } = self;
        ListAsked { side, state, late, turn, search, limit: Some(limit), after }
    }
}

fn short(id: &str) -> &str {
    id.get(..8).unwrap_or(id)
}

/// A state in words, with why it ended so.
fn state(line: &ReferralLine) -> String {
    let word = State::ALL.iter().find(|one| one.code() == line.state).map_or(line.state.as_str(), |one| one.word());
    line.why.as_ref().map_or_else(|| word.to_owned(), |why| format!("{word}: {why}"))
}

/// What a caseworker should look at, in words.
fn news(code: &str) -> &'static str {
    match News::ALL.into_iter().find(|one| one.as_str() == code) {
        Some(News::Told) => "there is news",
        Some(News::SafetyCheck) => "the person was not reached, or declined: is she or he safe?",
        Some(News::AskAgain) => "nobody decided in time: send it again, or to another agency",
        Some(News::Crossed) => "they accepted as its time ended: `safeconduct referral reinstate` lets it count",
        Some(News::Equivocation) => "their node has signed two different things under one number: phone them",
        Some(News::Unanswered) => "nobody has answered, and no other agency may be asked by itself: phone them",
        Some(News::WithdrawalOverdue) => {
            "it was withdrawn over 72 hours ago and is not erased: `safeconduct referral erase`"
        }
        None => "something of a later version",
    }
}

impl Words for Referrals {
    fn words(&self) -> String {
        if self.referrals.is_empty() {
            return "no referrals".to_owned();
        }
        let row = |line: &ReferralLine| {
            vec![
                short(&line.id).to_owned(),
                if line.side == "sent" { "to" } else { "from" }.to_owned(),
                line.agency.clone(),
                if line.exercise { format!("{} (exercise)", line.kind) } else { line.kind.clone() },
                line.urgency.clone(),
                line.level.to_string(),
                state(line),
                line.turn.clone(),
                line.due_at.map(words::time).unwrap_or_default(),
                if line.late { "LATE" } else { "" }.to_owned(),
            ]
        };
        let rows: Vec<Vec<String>> = self.referrals.iter().map(row).collect();
        let head = ["referral", "", "agency", "kind", "urgency", "level", "state", "turn", "due", ""];
        let mut text = table(&head, &rows);
        for line in &self.referrals {
            for code in &line.news {
                text.push_str(&format!("\n\n(!) {} {}: {}", short(&line.id), plain(&line.agency), news(code)));
            }
        }
        if let Some(next) = &self.next {
            text.push_str(&format!("\n\nmore: --after {next}"));
        }
        text
    }
}

impl Words for ReferralShown {
    fn words(&self) -> String {
        let line = &self.line;
        let preposition = if line.side == "sent" { "to" } else { "from" };
        let mut text = format!(
            "referral  {}  ({})\n{preposition:<8}  {}\nkind      {}, {}, level {}, revision {}\nstate     {} since {}\n",
            short(&line.id),
            line.referral_id,
            plain(&line.agency),
            line.kind,
            line.urgency,
            line.level,
            self.revision,
            state(line),
            words::time(line.state_at),
        );
        for code in &line.news {
            text.push_str(&format!("(!)       {}\n", news(code)));
        }
        for (name, at) in [("due", line.due_at), ("ends", Some(line.expires_at)), ("erased on", self.erase_at)] {
            if let Some(at) = at {
                text.push_str(&format!("{name:<9} {}\n", words::time(at)));
            }
        }
        if let Some(hold) = &self.hold {
            text.push_str(&format!("held      by law: {}\n", plain(hold)));
        }
        if self.missing > 0 {
            text.push_str(&format!("gap       {} of the acts are still missing; they are asked for\n", self.missing));
        }
        if !self.possible.is_empty() {
            text.push_str(&format!("possible  {}\n", self.possible.join(", ")));
        }
        text.push('\n');
        for entry in &self.log {
            text.push_str(&entry.words());
        }
        for caution in &self.cautions {
            text.push_str(&format!("\n!!        {caution}\n"));
        }
        if let Some(referral) = &self.referral {
            super::show::outline(referral, 0, &mut text);
        }
        if self.masked {
            text.push_str("\nWhat identifies the person is masked; --show-identity shows it.\n");
        }
        if !self.folded.is_empty() {
            text.push_str(&format!("\nfolded: {}; --section shows one\n", self.folded.join(", ")));
        }
        for warning in &self.warnings {
            text.push_str(&format!("\nwarning: {}", warning.words()));
        }
        text
    }
}

impl LogLine {
    fn words(&self) -> String {
        let why = self.why.as_ref().map(|why| format!(": {why}")).unwrap_or_default();
        let level = self.level.map(|level| format!(" level {level}")).unwrap_or_default();
        let by = if self.by == "node" { " (their node by itself)" } else { "" };
        let remark = self.remark.as_ref().map(|remark| format!("  [does not count: {remark}]")).unwrap_or_default();
        let at = words::time(self.at);
        let mut text = format!("{at}  {}{why}{level}  {}{by}{remark}\n", self.event, plain(&self.agency));
        if let Some(serde_json::Value::Object(details)) = &self.details {
            for (name, value) in details {
                let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                text.push_str(&format!("    {}  {}\n", plain(name), plain(&value)));
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_that_is_none_is_answered_with_those_there_are() {
        let told = one_of("--reason", "Full", DeclineReason::ALL.iter().map(|one| one.as_str())).unwrap_err();
        assert!(told.message.contains("`Full`") && told.remedy.contains("NoCapacity, OutsideMandate"), "{told:?}");
        assert!(one_of("--reason", "NoCapacity", DeclineReason::ALL.iter().map(|one| one.as_str())).is_ok());
    }

    #[test]
    fn every_piece_of_news_has_its_words() {
        for one in News::ALL {
            assert_ne!(news(one.as_str()), news("later"), "{}", one.as_str());
        }
    }
}
