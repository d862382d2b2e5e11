//! `evidence report REFERRAL|--all --format html|csv --out FILE`: what was done, by whom, and what proves it.

mod csv;
mod html;

use std::path::PathBuf;

use safeconduct_certs::utc;
use safeconduct_protocol::time::{DAY_S, Timestamp};

use super::{
    Context,
    draft::By,
    file,
    output::{Words, plain},
    verbs::Verbs,
};
use crate::{
    api::audit::{AuditAsked, AuditPage, AuditWritten, AuditedCase, Caution},
    error::Told,
    exit::Exit,
    referral::dates::Date,
};

/// Referrals of one report at most: a longer one is asked for in parts.
const CASES_MAX: usize = 5_000;

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

/// The pages of a report put together.
struct Report {
    agency: String,
    made_at: u64,
    made_by: String,
    registry_size: u64,
    cases: Vec<AuditedCase>,
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
        Format::Html => html::page(&report),
        Format::Csv => csv::table(&report),
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
    let AuditPage { agency, made_at, made_by, registry_size, mut cases, mut next } = verbs.audit(&asked)?;
    while next.is_some() {
        asked.after = next;
        let page = verbs.audit(&asked)?;
        cases.extend(page.cases);
        next = page.next;
        if cases.len() > CASES_MAX {
            return Err(Told::refused(
                "too-many",
                format!("a report holds at most {CASES_MAX} referrals"),
                "ask for a shorter time with --since and --until",
            ));
        }
    }
    Ok(Report { agency, made_at, made_by, registry_size, cases })
}

impl Report {
    /// What stands on top, with the referral that it is about.
    fn cautions(&self) -> impl Iterator<Item = (&AuditedCase, &Caution)> {
        self.cases.iter().flat_map(|case| case.cautions.iter().map(move |caution| (case, caution)))
    }
}

fn instant(at: u64) -> String {
    utc::instant(Timestamp(at))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::audit::AuditLine;

    pub(super) fn report() -> Report {
        let line = AuditLine {
            at: 1_780_315_200,
            clock: "recipient".to_owned(),
            act: "Accepted".to_owned(),
            why: None,
            level: Some(1),
            agency: Some("xa.harbour-house".to_owned()),
            person: Some("07".repeat(16)),
            confirmed: false,
            proof: "signature".to_owned(),
            place: "1 of epoch 1, \"after\" 0a0b0c0d".to_owned(),
            holds: "verified".to_owned(),
            counted: "T11".to_owned(),
            proves: "the recipient took it on to help".to_owned(),
            proves_not: "that help was given".to_owned(),
        };
        let odd = AuditLine {
            agency: Some("<b>=cmd|' /C calc'!A0".to_owned()),
            why: Some("=1+1".to_owned()),
            place: "-a\r\nb, \u{202e}c".to_owned(),
            ..line.clone()
        };
        let caution = Caution { kind: "late".to_owned(), text: "@late & more".to_owned() };
        let case = AuditedCase {
            id: "0a".repeat(16),
            referral_id: "1f0c2a44-6b1e-4a0f-9c57-0a4d2f6b7c01".to_owned(),
            sender: "xa.lantern-helpline".to_owned(),
            recipient: "xa.harbour-house".to_owned(),
            state: "accepted".to_owned(),
            exercise: true,
            cautions: vec![caution],
            lines: vec![line, odd],
        };
        Report {
            agency: "xa.harbour-house".to_owned(),
            made_at: 1_780_315_300,
            made_by: "09".repeat(16),
            registry_size: 7,
            cases: vec![case],
        }
    }
}
