//! `evidence report REFERRAL|--all --format html|csv --out FILE`: what was done, by whom, and what proves it.

use std::path::PathBuf;

use safeconduct_protocol::time::DAY_S;

use super::{
    Context,
    draft::By,
    file,
    output::{Words, plain},
    verbs::Verbs,
};
use crate::{
    api::audit::{AuditAsked, AuditWritten, AuditedCase},
    error::Told,
    evidence::written::{self, Report},
    exit::Exit,
    referral::dates::Date,
};

/// How it is written.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Format {
    /// A page for a browser or for print, without scripts.
    Html,
    /// A table for a spreadsheet.
    Csv,
}

#[derive(clap::Args)]
pub(super) struct Args {
    /// One referral: its id, or the first digits.
    #[arg(required_unless_present = "all", conflicts_with = "all")]
    referral: Option<String>,
    /// Every referral of this node.
    #[arg(long)]
    all: bool,
    /// With --all, only those that this node had first on this day or later, as 2026-06-01.
    #[arg(long, value_name = "DATE", conflicts_with = "referral")]
    since: Option<String>,
    /// With --all, only those that it had first on this day or before.
    #[arg(long, value_name = "DATE", conflicts_with = "referral")]
    until: Option<String>,
    /// `html` or `csv`.
    #[arg(long, value_enum)]
    format: Format,
    /// The new file.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    by: By,
}

pub(super) fn run(context: &Context, args: Args) -> Result<Exit, Told> {
    file::vacant(&args.out)?;
    let mut verbs = Verbs::reach(context)?;
    let asked = AuditAsked {
        referral: args.referral,
        since: args.since.as_deref().map(day).transpose()?,
        until: args.until.as_deref().map(day).transpose()?.map(|begin| begin.saturating_add(DAY_S)),
        after: None,
        by: args.by.pseudonym(&mut verbs)?,
    };
    let report = fetched(&mut verbs, asked)?;
    let text = match args.format {
        Format::Html => written::html::page(&report),
        Format::Csv => written::csv::table(&report),
    };
    file::write(&args.out, text.as_bytes())?;
    let sum = |count: &dyn Fn(&AuditedCase) -> usize| report.cases.iter().map(count).sum::<usize>();
    let number = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    Ok(context.output.answer(&AuditWritten {
        file: args.out.display().to_string(),
        referrals: number(report.cases.len()),
        lines: number(sum(&|case| case.lines.len())),
        cautions: number(sum(&|case| case.cautions.len())),
    }))
}

/// The first second of a day.
fn day(text: &str) -> Result<u64, Told> {
    let date = Date::of_text(text);
    date.map(|date| date.begin().0).ok_or_else(|| Told::usage("this is no day", "write it as 2026-06-01"))
}

fn fetched(verbs: &mut Verbs, mut asked: AuditAsked) -> Result<Report, Told> {
    let mut report = Report::of(verbs.audit(&asked)?);
    while let Some(after) = report.next() {
        asked.after = Some(after);
        report.add(verbs.audit(&asked)?)?;
    }
    Ok(report)
}

impl Words for AuditWritten {
    fn words(&self) -> String {
        format!(
            "report written to {}: {} referrals, {} lines, {} to look at first",
            plain(&self.file),
            self.referrals,
            self.lines,
            self.cautions
        )
    }
}
