//! `report compute|show|release|schedule|national|chart`: how many persons, never who.

mod travel;

use std::{
    io::Read as _,
    path::{Path, PathBuf},
};

use serde::Serialize;

use super::{
    Context, ask,
    draft::By,
    file,
    output::{Form, Words, plain, table},
    verbs::Verbs,
    words,
};
use crate::{
    api::{
        reports::{NationalCount, NationalShown, ReportMade, ReportsState},
        travelling::ReportsReceived,
    },
    daemon::monitoring::NEWEST,
    error::Told,
    exit::Exit,
    monitoring::{
        chart,
        control::{Cell, Shown},
        csv,
        national::AGENCIES_MIN,
        release::{Report, label, says},
        tables::NOT_COUNTED,
        wire,
    },
};

#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// Show what the report of a period would say; nothing is released.
    Compute {
        /// A quarter or half-year such as 2026-Q3; without one, the newest that has ended.
        period: Option<String>,
    },
    /// Show the released report of a period, or write it to a file again.
    Show {
        /// The period; without one, the newest that was released.
        period: Option<String>,
        /// A new file for it.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Release the report of a period that has ended, after you have looked at it: it is frozen, and may be given to others.
    Release {
        /// The period; without one, the newest that has ended.
        period: Option<String>,
        /// A new file for it, to give to the co-ordinator.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        /// Release without asking.
        #[arg(long)]
        yes: bool,
        #[command(flatten)]
        by: By,
    },
    /// Show which periods were released; or let the daemon release each by itself when it has ended.
    Schedule {
        /// `on` or `off`.
        #[arg(value_parser = ["on", "off"])]
        switch: Option<String>,
        /// Switch on without asking.
        #[arg(long)]
        yes: bool,
        #[command(flatten)]
        by: By,
    },
    #[command(flatten)]
    Travel(travel::Command),
    /// Add up what agencies have released; no agency is named in the sum. Shown once, it stays: what comes later is not in it.
    National {
        /// Their reports; each is kept, and counts from then on.
        files: Vec<PathBuf>,
        /// The period, when no file is named.
        #[arg(long)]
        period: Option<String>,
        /// A new page with charts of the sum.
        #[arg(long, value_name = "FILE.html")]
        chart: Option<PathBuf>,
        /// A new file with the sum as CSV.
        #[arg(long, value_name = "FILE.csv")]
        csv: Option<PathBuf>,
        /// Show it for the first time without asking; it stays as it is from then on.
        #[arg(long)]
        yes: bool,
    },
    /// Write a page with charts of a report, each with its table: of a released period, or of a report's file.
    Chart {
        /// The period; without one, the newest that was released.
        period: Option<String>,
        /// The new page.
        #[arg(long, value_name = "FILE.html")]
        out: PathBuf,
        /// One table alone, by its id, such as `M01.sent.kind`.
        #[arg(long, value_name = "ID")]
        table: Option<String>,
        /// A report's file instead of a period; needs no node.
        #[arg(long, value_name = "FILE", conflicts_with = "period")]
        file: Option<PathBuf>,
    },
}

impl Command {
    /// Works without a node's folder.
    pub(super) const fn needs_no_node(&self) -> bool {
        matches!(self, Self::Chart { file: Some(_), .. })
    }
}

pub(super) fn run(context: &Context, command: Command) -> Result<Exit, Told> {
    let period = |period: Option<String>| period.unwrap_or_else(|| NEWEST.to_owned());
    match command {
        Command::Compute { period: of } => answer(context, Verbs::reach(context)?.report_compute(&period(of))?),
        Command::Show { period: of, out } => {
            let made = Verbs::reach(context)?.report_show(&period(of))?;
            if let Some(out) = out {
                file::write(&out, made.report.as_bytes())?;
            }
            answer(context, made)
        }
        Command::Release { period: of, out, yes, by } => release(context, &period(of), out.as_deref(), yes, &by),
        Command::Schedule { switch, yes, by } => schedule(context, switch.as_deref(), yes, &by),
        Command::Travel(command) => travel::run(context, command),
        Command::National { files, period, chart, csv, yes } => {
            national(context, &files, period, (chart.as_deref(), csv.as_deref()), yes)
        }
        Command::Chart { period: of, out, table, file } => {
            let report = match file {
                Some(file) => wire::read(&read(&file)?)?,
                None => wire::read(Verbs::reach(context)?.report_show(&period(of))?.report.as_bytes())?,
            };
            if let Some(id) = table.as_deref().filter(|id| report.table(id).is_none()) {
                let fact = format!("the report has no table {}", plain(id));
                return Err(Told::usage(fact, "see its tables with `safeconduct report show`"));
            }
            file::write(&out, chart::of_report(&report, table.as_deref()).as_bytes())?;
            Ok(context.output.answer(&PageWritten { file: out.display().to_string() }))
        }
    }
}

fn release(context: &Context, period: &str, out: Option<&Path>, yes: bool, by: &By) -> Result<Exit, Told> {
    out.map_or(Ok(()), file::vacant)?;
    let mut verbs = Verbs::reach(context)?;
    if !yes {
        let computed = verbs.report_compute(period)?;
        context.output.say(&read_back(&computed)?.words());
        let about = format!(
            "The report of {} is frozen when it is released; what is wrong in it can only be put right in the next one.",
            computed.period
        );
        ask::confirmed(context, &about)?;
    }
    let by = by.pseudonym(&mut verbs)?;
    let made = verbs.report_release(period, by.as_deref())?;
    if let Some(out) = out {
        file::write(out, made.report.as_bytes()).map_err(|told| {
            Told::new(
                told.exit(),
                &told.code,
                told.message.clone(),
                "it is released: write it with `safeconduct report show --out FILE`",
            )
        })?;
    }
    answer(context, made)
}

fn schedule(context: &Context, switch: Option<&str>, yes: bool, by: &By) -> Result<Exit, Told> {
    let on = switch.map(|switch| switch == "on");
    if on == Some(true) && !yes {
        ask::confirmed(
            context,
            "From the next period that ends on, this node releases its report by itself: nobody looks at it before it is frozen.",
        )?;
    }
    let mut verbs = Verbs::reach(context)?;
    let by = by.pseudonym(&mut verbs)?;
    Ok(context.output.answer(&verbs.reports(on, by.as_deref())?))
}

fn national(
    context: &Context,
    files: &[PathBuf],
    period: Option<String>,
    (page, csv): (Option<&Path>, Option<&Path>),
    yes: bool,
) -> Result<Exit, Told> {
    [page, csv].into_iter().flatten().try_for_each(file::vacant)?;
    let mut verbs = Verbs::reach(context)?;
    let mut of = period;
    for path in files {
        let taken = verbs.report_take(read(path)?)?;
        if *of.get_or_insert_with(|| taken.period.clone()) != taken.period {
            let fact = format!("the report of {} is of {}", taken.agency, taken.period);
            return Err(Told::refused("reports-differ", fact, "add up reports of one period"));
        }
    }
    let period = of.ok_or_else(|| Told::usage("no report is named", "name the files, or a period with --period"))?;
    if !yes {
        once_for_all(context, &verbs.report_received(Some(&period))?)?;
    }
    let summed = verbs.report_national(&period)?;
    if let Some(page) = page {
        file::write(page, chart::of_national(&summed).as_bytes())?;
    }
    if let Some(rows) = csv {
        file::write(rows, csv::of_national(&summed).as_bytes())?;
    }
    Ok(context.output.answer(&summed))
}

/// A sum that shows a number stays as it is: who shows it first is asked, and sees which reports are here.
fn once_for_all(context: &Context, here: &ReportsReceived) -> Result<(), Told> {
    let counting: Vec<&str> = here.reports.iter().filter(|one| one.counts).map(|one| one.agency.as_str()).collect();
    if here.reports.iter().any(|one| one.in_sum.is_some()) || counting.len() < AGENCIES_MIN {
        return Ok(());
    }
    let about = format!(
        "The sum over these {} reports is shown for the first time, and stays as it is: a report that comes later is never in it.\n  {}",
        counting.len(),
        counting.join("\n  ")
    );
    ask::confirmed(context, &about)
}

fn answer(context: &Context, made: ReportMade) -> Result<Exit, Told> {
    Ok(if context.output.form() == Form::Json {
        context.output.answer(&Made(made))
    } else {
        context.output.answer(&read_back(&made)?)
    })
}

fn read(path: &Path) -> Result<Vec<u8>, Told> {
    let (mut bytes, most) = (Vec::new(), u64::try_from(wire::REPORT_BYTES_MAX).unwrap_or(u64::MAX));
    std::fs::File::open(path)
        .and_then(|file| file.take(most.saturating_add(1)).read_to_end(&mut bytes))
        .map_err(|error| Told::usage(format!("the report cannot be read: {}", error.kind()), "name a readable file"))?;
    Ok(bytes)
}

/// The report itself as JSON, and not as a text within it.
#[derive(Serialize)]
struct Made(#[serde(serialize_with = "as_json")] ReportMade);

fn as_json<S: serde::Serializer>(made: &ReportMade, serializer: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Whole<'a> {
        period: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        released_at: Option<u64>,
        open: bool,
        report: serde_json::Value,
    }
    let report = serde_json::from_str(&made.report).map_err(serde::ser::Error::custom)?;
    Whole { period: &made.period, released_at: made.released_at, open: made.open, report }.serialize(serializer)
}

impl Words for Made {
    fn words(&self) -> String {
        self.0.report.clone()
    }
}

#[derive(Serialize)]
struct PageWritten {
    file: String,
}

impl Words for PageWritten {
    fn words(&self) -> String {
        format!("the page is written: {}", self.file)
    }
}

/// A report, to be read by a person.
#[derive(Serialize)]
struct ReadBack {
    #[serde(skip)]
    report: Report,
    released_at: Option<u64>,
    open: bool,
}

fn read_back(made: &ReportMade) -> Result<ReadBack, Told> {
    Ok(ReadBack { report: wire::read(made.report.as_bytes())?, released_at: made.released_at, open: made.open })
}

impl Words for ReadBack {
    fn words(&self) -> String {
        let report = &self.report;
        let state = match (self.released_at, self.open) {
            (Some(at), _) => format!("released {}", words::time(at)),
            (None, true) => "the period lasts still: numbers of today".to_owned(),
            (None, false) => "not released".to_owned(),
        };
        let mut text = format!("Report of {}, {} ({state})\n", report.agency, report.period);
        text.push_str(&chart::hiding(report.k, report.base));
        for shown in report.tables.iter().filter(|table| table.total != Cell::Count(0)) {
            text.push_str(&format!("\n\n{}", table_words(shown, report.k)));
        }
        for median in report.medians.iter().filter(|median| !median.rows.is_empty()) {
            let hours = |hours: Option<u64>| hours.map_or_else(|| "too few".to_owned(), |hours| hours.to_string());
            let rows: Vec<Vec<String>> =
                median.rows.iter().map(|(key, of)| vec![label(key).to_owned(), hours(*of)]).collect();
            text.push_str(&format!("\n\n{}, by {} [{}]\n", says(&median.id), median.split, median.id));
            text.push_str(&table(&[&median.split, "hours"], &rows));
        }
        if !report.left_out.is_empty() {
            text.push_str(&format!("\n\nLeft out, too long for one message: {}", report.left_out.join(", ")));
        }
        text.push_str("\n\nNot counted:");
        for not in NOT_COUNTED {
            text.push_str(&format!("\n  {}  {}", not.indicator, not.why));
        }
        text
    }
}

fn table_words(shown: &Shown, k: u64) -> String {
    let cell = |cell: Cell| match cell {
        Cell::Count(count) => count.to_string(),
        Cell::Few => format!("<{k}"),
        Cell::Hidden => "hidden".to_owned(),
    };
    let mut rows: Vec<Vec<String>> =
        shown.rows.iter().map(|(key, value)| vec![label(key).to_owned(), cell(*value)]).collect();
    rows.push(vec!["all".to_owned(), cell(shown.total)]);
    format!("{} [{}]\n{}", says(&shown.id), shown.id, table(&[&shown.split, "persons"], &rows))
}

impl Words for ReportsState {
    fn words(&self) -> String {
        let mut text = match self.scheduled_at {
            Some(at) => format!("Reports are released by themselves since {}", words::time(at)),
            None => "A person looks at each report and releases it".to_owned(),
        };
        for line in &self.released {
            text.push_str(&format!("\n  {}  released {}", line.period, words::time(line.released_at)));
        }
        if let Some(due) = &self.due {
            text.push_str(&format!(
                "\n  {due}  has ended: look at it and release it with `safeconduct report release {due}`"
            ));
        }
        text
    }
}

fn count(count: NationalCount) -> String {
    match (count.persons, count.at_least) {
        (None, _) => "hidden".to_owned(),
        (Some(persons), true) => format!("at least {persons}"),
        (Some(persons), false) => persons.to_string(),
    }
}

impl Words for NationalShown {
    fn words(&self) -> String {
        let mut text = format!("{}, {}: the sum of {} reports", self.country, self.period, self.agencies);
        if let Some(at) = self.shown_first_at {
            text.push_str(&format!(", as it was shown first {}", words::time(at)));
        }
        for line in chart::since(self) {
            text.push_str(&format!("\n{line}: `safeconduct report received` says which"));
        }
        for summed in self.tables.iter().filter(|table| table.total.persons != Some(0)) {
            let mut rows: Vec<Vec<String>> =
                summed.rows.iter().map(|row| vec![label(&row.key).to_owned(), count(row.count)]).collect();
            rows.push(vec!["all".to_owned(), count(summed.total)]);
            let table = table(&[&summed.split, "persons"], &rows);
            text.push_str(&format!("\n\n{} [{}]\n{table}", says(&summed.id), summed.id));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::reports::{NationalRow, NationalTable};

    #[test]
    fn the_sum_says_in_words_and_in_csv_what_is_hidden_and_what_is_a_part() {
        let cell = |persons, at_least| NationalCount { persons, at_least };
        let summed = NationalShown {
            country: "XA".to_owned(),
            period: "2026-Q3".to_owned(),
            agencies: 3,
            shown_first_at: Some(1_790_000_000),
            late: 1,
            aside: 2,
            tables: vec![NationalTable {
                id: "M01.sent.kind".to_owned(),
                split: "kind".to_owned(),
                rows: vec![
                    NationalRow { key: "Enquiry".to_owned(), count: cell(None, false) },
                    NationalRow { key: "Referral".to_owned(), count: cell(Some(90), true) },
                ],
                total: cell(Some(355), false),
            }],
        };

        let words = summed.words();

        assert!(words.contains("1 report came later and is not in it") && words.contains("2 reports in it"), "{words}");
        assert!(words.contains("Enquiry   hidden\nReferral  at least 90\nall       355"), "{words}");
        let csv = csv::of_national(&summed);
        assert_eq!(csv.lines().nth(2), Some("XA,2026-Q3,M01.sent.kind,Referral,90,true"));
    }
}
