//! `export csv --out FILE [--period PERIOD] [--without-identity]`.

use std::path::PathBuf;

use serde::Serialize;

use super::{Context, ask, draft::By, file, output::Words, verbs::Verbs};
use crate::{
    error::Told,
    exit::Exit,
    htcds::{
        read::ROWS_MAX,
        write::{self, WhoTheyAre},
    },
};

#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// Write referrals as CSV with the columns of the Human Trafficking Case Data Standard, one row each, for another case management
    /// system. Exercises, what is erased, what nobody here has opened yet and what one caseworker alone may see are left out.
    Csv {
        /// The new file.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// Only what came or went in this quarter or half-year, such as 2026-Q3.
        #[arg(long)]
        period: Option<String>,
        /// Leave out who persons are: names, papers, contacts, places, and the referrals themselves. Free text stays as it was written.
        #[arg(long)]
        without_identity: bool,
        /// Write it without asking.
        #[arg(long)]
        yes: bool,
        #[command(flatten)]
        by: By,
    },
}

pub(super) fn run(context: &Context, command: Command) -> Result<Exit, Told> {
    let Command::Csv { out, period, without_identity, yes, by } = command;
    file::vacant(&out)?;
    if !without_identity && !yes {
        ask::confirmed(
            context,
            "The file will say who persons are, and what happened to them, to whoever can read it. Keep it as you keep the case files, and \
             delete it when it is imported.",
        )?;
    }
    let who = if without_identity { WhoTheyAre::LeftOut } else { WhoTheyAre::Told };
    let mut verbs = Verbs::reach(context)?;
    let by = by.pseudonym(&mut verbs)?;
    let (mut text, mut rows, mut left_out, mut after) = (write::head(), 0_u64, 0_u64, 0_i64);
    loop {
        let page = verbs.export_page(after, period.as_deref(), who, by.as_deref())?;
        text.push_str(&page.lines);
        rows = rows.saturating_add(page.rows);
        left_out = left_out.saturating_add(page.left_out);
        if rows > u64::try_from(ROWS_MAX).unwrap_or(u64::MAX) {
            let fact = format!("there are more than {ROWS_MAX} referrals");
            return Err(Told::refused("too-many", fact, "export one period after the other, with --period"));
        }
        match page.next {
            Some(next) => after = next,
            None => break,
        }
    }
    file::write(&out, text.as_bytes())?;
    Ok(context.output.answer(&Exported {
        file: out.display().to_string(),
        rows,
        left_out,
        with_identity: !without_identity,
    }))
}

#[derive(Serialize)]
struct Exported {
    file: String,
    rows: u64,
    /// Referrals that nobody here has opened yet, or that one caseworker alone may see.
    left_out: u64,
    with_identity: bool,
}

impl Words for Exported {
    fn words(&self) -> String {
        let holds = if self.with_identity { "it holds personal data" } else { "names and contacts are left out" };
        let mut text = format!("{} referrals written to {}; {holds}", self.rows, self.file);
        if self.left_out > 0 {
            let fact = "that nobody here has opened yet, or that are for one caseworker alone";
            text.push_str(&format!("\n{} are left out {fact}", self.left_out));
        }
        text
    }
}
