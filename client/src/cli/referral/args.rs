//! What `referral …` takes.

use std::path::PathBuf;

use safeconduct_protocol::id::AgencyId;

use crate::{
    api::cases::ListAsked,
    cli::{
        agency, closed,
        draft::{self, By},
    },
};

#[derive(clap::Subcommand)]
pub(in crate::cli) enum Command {
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
        #[arg(long, requires = "open", value_name = "SECTION", value_parser = closed::sections())]
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
        #[arg(long, value_name = "DATE", value_parser = closed::day)]
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
        /// Why; `docs/CASEWORK.md` says what each means.
        #[arg(long, value_parser = closed::decline_reasons())]
        reason: String,
        /// An agency to ask instead, up to five times.
        #[arg(long, value_name = "AGENCY", value_parser = agency)]
        suggest: Vec<AgencyId>,
        /// From when there would be a place.
        #[arg(long, value_name = "DATE", value_parser = closed::day)]
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
        #[arg(long, value_parser = clap::value_parser!(u8).range(1..=3))]
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
        #[arg(long, value_name = "DATE", value_parser = closed::day)]
        on: String,
    },
    /// Close it, with its outcome.
    Close {
        /// Its id, or the first digits.
        id: String,
        #[command(flatten)]
        by: By,
        /// How it ended; `docs/CASEWORK.md` says what each means.
        #[arg(long, value_parser = closed::outcomes())]
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
        /// Why.
        #[arg(long, value_parser = closed::withdraw_reasons())]
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
        #[command(flatten)]
        yes: Confirm,
    },
    /// Note a reflection period: for the authority that grants it.
    Reflection {
        /// Its id, or the first digits.
        id: String,
        #[command(flatten)]
        by: By,
        /// Where it stands.
        #[arg(long, value_parser = closed::reflection_statuses())]
        status: String,
        /// Its first day.
        #[arg(long, value_name = "DATE", value_parser = closed::day)]
        start: Option<String>,
        /// Its last day.
        #[arg(long, value_name = "DATE", value_parser = closed::day)]
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
        #[arg(long, value_name = "DATE", value_parser = closed::day)]
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
        /// What the review found.
        #[arg(long, value_parser = closed::verdicts())]
        verdict: String,
        /// Why.
        #[arg(long)]
        text: Option<String>,
        #[command(flatten)]
        yes: Confirm,
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
    /// End such a hold; what the law has held back from erasure is erased.
    ReleaseHold {
        /// Its id, or the first digits.
        id: String,
        #[command(flatten)]
        by: By,
        #[command(flatten)]
        yes: Confirm,
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
pub(in crate::cli) struct Confirm {
    /// Do it without asking.
    #[arg(long)]
    pub(super) yes: bool,
}

#[derive(clap::Args)]
pub(in crate::cli) struct ListArgs {
    /// Only those that came in.
    #[arg(long = "in", conflicts_with = "sent")]
    received: bool,
    /// Only those that were sent.
    #[arg(long = "out")]
    sent: bool,
    /// Only in this state.
    #[arg(long, value_parser = closed::states())]
    state: Option<String>,
    /// Only those on which somebody should have acted before now.
    #[arg(long)]
    late: bool,
    /// Only those on which this agency, or the other, has to act.
    #[arg(long, value_parser = closed::turns())]
    turn: Option<String>,
    /// The beginning of an agency, a referral id, a case code or a name.
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
    /// At most so many, up to 200.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=200))]
    limit: u32,
    /// Where the page before ended.
    #[arg(long, value_name = "CURSOR", value_parser = closed::cursor)]
    after: Option<String>,
    #[command(flatten)]
    pub(super) by: By,
}

impl ListArgs {
    pub(super) fn asked(self, by: Option<String>) -> ListAsked {
        let side = match (self.received, self.sent) {
            (true, _) => Some("received".to_owned()),
            (_, true) => Some("sent".to_owned()),
            (false, false) => None,
        };
        let Self { state, late, turn, search, limit, after, .. } = self;
        ListAsked { side, state, late, turn, search, limit: Some(limit), after, by }
    }
}
