//! `report agree|end|travelling|send|received|set-aside`: reports that go to a co-ordinator as messages.

use super::super::{
    Context, ask,
    draft::By,
    output::{Words, plain, table},
    verbs::Verbs,
    words,
};
use crate::{
    api::travelling::{
        AgreeAsked, EndAsked, ReceivedLine, ReportsReceived, ReportsSent, SentLine, SetAsideAsked, Travelling,
    },
    daemon::monitoring::NEWEST,
    error::Told,
    exit::Exit,
};

#[derive(clap::Subcommand)]
pub(in crate::cli) enum Command {
    /// Agree that from now on the report of each period goes to a co-ordinator by itself when it has ended.
    Agree {
        /// The co-ordinator's agency.
        agency: String,
        /// Only these, with what they split, such as `M01,M05`; without it, all.
        #[arg(long, value_name = "LIST")]
        indicators: Option<String>,
        /// Agree without being asked.
        #[arg(long)]
        yes: bool,
        #[command(flatten)]
        by: By,
    },
    /// End that: nothing more goes to this co-ordinator.
    End {
        /// The co-ordinator's agency.
        agency: String,
        #[command(flatten)]
        by: By,
    },
    /// Show to whom reports go by themselves, and what went.
    Travelling,
    /// Send a released report now to every co-ordinator that was agreed to.
    Send {
        /// The period; without one, the newest that was released.
        period: Option<String>,
        /// Send without being asked.
        #[arg(long)]
        yes: bool,
        #[command(flatten)]
        by: By,
    },
    /// Show which reports agencies gave to this one.
    Received {
        /// Of one period alone.
        #[arg(long)]
        period: Option<String>,
    },
    /// Set a report that an agency gave aside: it stays here, and counts in no sum that is not shown yet.
    SetAside {
        /// Whose report.
        agency: String,
        /// Of which period.
        period: String,
        /// Why, for whoever looks later; nothing of a person.
        #[arg(long)]
        reason: String,
        /// Set it aside without being asked.
        #[arg(long)]
        yes: bool,
        #[command(flatten)]
        by: By,
    },
}

pub(super) fn run(context: &Context, command: Command) -> Result<Exit, Told> {
    match command {
        Command::Agree { agency, indicators, yes, by } => {
            let about = format!(
                "From the next period that ends on, this node releases its report and sends it to {} by itself: nobody looks at it \
                 before. Small numbers are hidden, and nothing of a person is in it.",
                plain(&agency)
            );
            ask::confirmed_unless(context, yes, &about)?;
            let mut verbs = Verbs::reach(context)?;
            let by = by.pseudonym(&mut verbs)?;
            Ok(context.output.answer(&verbs.report_agree(&AgreeAsked { agency, indicators, by })?))
        }
        Command::End { agency, by } => {
            let mut verbs = Verbs::reach(context)?;
            let by = by.pseudonym(&mut verbs)?;
            Ok(context.output.answer(&verbs.report_end(&EndAsked { agency, by })?))
        }
        Command::Travelling => Ok(context.output.answer(&Verbs::reach(context)?.travelling()?)),
        Command::Send { period, yes, by } => {
            let period = period.unwrap_or_else(|| NEWEST.to_owned());
            ask::confirmed_unless(context, yes, "The released report goes to every co-ordinator that was agreed to.")?;
            let mut verbs = Verbs::reach(context)?;
            let by = by.pseudonym(&mut verbs)?;
            Ok(context.output.answer(&verbs.report_send(&period, by.as_deref())?))
        }
        Command::Received { period } => {
            Ok(context.output.answer(&Verbs::reach(context)?.report_received(period.as_deref())?))
        }
        Command::SetAside { agency, period, reason, yes, by } => {
            let about = "The report counts in no sum that is not shown yet, and no other one of this agency and period is taken. A sum \
                         that was shown with it stays as it is, and says so.";
            ask::confirmed_unless(context, yes, about)?;
            let mut verbs = Verbs::reach(context)?;
            let by = by.pseudonym(&mut verbs)?;
            Ok(context.output.answer(&verbs.report_set_aside(&SetAsideAsked { agency, period, reason, by })?))
        }
    }
}

impl Words for Travelling {
    fn words(&self) -> String {
        let mut text = "Reports go by themselves to:".to_owned();
        if self.agreements.iter().all(|one| one.ended_at.is_some()) {
            text.push_str("\n  nobody");
        }
        for one in &self.agreements {
            let until = one.ended_at.map_or_else(String::new, |at| format!(", ended {}", words::time(at)));
            text.push_str(&format!(
                "\n  {}  since {}{until}, agreed by {}: {}",
                one.agency,
                words::time(one.since_at),
                one.officer,
                one.indicators
            ));
            if let Some(waits) = &one.waits {
                text.push_str(&format!("\n    waits: {waits}"));
            }
        }
        if !self.sent.is_empty() {
            text.push_str(&format!("\n\n{}", sent_words(&self.sent)));
        }
        text
    }
}

/// What went, and of each what keeps it, and what of it did not fit.
fn sent_words(sent: &[SentLine]) -> String {
    let mut lines = vec![sent_table(sent)];
    for one in sent {
        lines.extend(one.says.iter().map(|says| format!("{} to {}: {says}", one.period, one.agency)));
        if !one.left_out.is_empty() {
            lines.push(format!(
                "too long for one message, and left out for {}, as the report says: {}",
                one.agency,
                one.left_out.join(", ")
            ));
        }
    }
    lines.join("\n")
}

fn sent_table(sent: &[SentLine]) -> String {
    let line = |one: &SentLine| {
        vec![
            one.period.clone(),
            one.agency.clone(),
            one.message_id.clone(),
            one.state.clone().unwrap_or_else(|| "not kept".to_owned()),
        ]
    };
    table(&["period", "to", "message", "state"], &sent.iter().map(line).collect::<Vec<_>>())
}

impl Words for ReportsSent {
    fn words(&self) -> String {
        let mut lines: Vec<String> = Vec::new();
        if !self.sent.is_empty() {
            lines.push(sent_words(&self.sent));
        }
        lines.extend(self.before.iter().map(|agency| format!("{agency} got this report before: it is not sent again")));
        lines.join("\n")
    }
}

/// Whether a report counts, and whether it is in the sum of its period.
fn stands(one: &ReceivedLine) -> String {
    let counts = one.aside.as_ref().map_or_else(
        || "counts".to_owned(),
        |aside| format!("set aside {} by {}: {}", words::time(aside.at), aside.officer, plain(&aside.reason)),
    );
    match (one.in_sum, one.counts) {
        (None, _) => counts,
        (Some(true), true) => format!("{counts}, in the sum"),
        (Some(true), false) => format!("{counts}; in the sum, which was shown before"),
        (Some(false), true) => "not in the sum, which was shown before it came".to_owned(),
        (Some(false), false) => format!("{counts}; not in the sum"),
    }
}

impl Words for ReportsReceived {
    fn words(&self) -> String {
        if self.reports.is_empty() {
            return "no report is here".to_owned();
        }
        let rows: Vec<Vec<String>> = self
            .reports
            .iter()
            .map(|one| {
                vec![
                    one.period.clone(),
                    one.agency.clone(),
                    words::time(one.received_at),
                    one.message_id.clone().unwrap_or_else(|| "a file".to_owned()),
                    stands(one),
                ]
            })
            .collect();
        table(&["period", "agency", "received", "message", ""], &rows)
    }
}
