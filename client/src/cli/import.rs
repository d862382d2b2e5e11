//! `import csv FILE --out FOLDER`: a file of another case management system as referrals to look at, complete and send. All of it or
//! nothing. Needs no node.

use std::{
    io::Read as _,
    path::{Path, PathBuf},
};

use serde::Serialize;
use zeroize::Zeroizing;

use super::{
    Context, file,
    output::{Words, plain},
};
use crate::{
    error::{Told, ToldFinding},
    exit::Exit,
    htcds::{
        cells::FILE_BYTES_MAX,
        read::{self, Fault},
    },
};

#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// Read a CSV file with the columns of the Human Trafficking Case Data Standard, and write each row as a referral to a new folder.
    Csv {
        /// The file.
        file: PathBuf,
        /// The new folder.
        #[arg(long, value_name = "FOLDER")]
        out: PathBuf,
    },
}

pub(super) fn run(context: &Context, command: Command) -> Result<Exit, Told> {
    let Command::Csv { file, out } = command;
    file::vacant(&out)?;
    let rows = read::read(&bytes_of(&file)?).map_err(|faults| refused(&faults))?;
    let files: Vec<(String, Zeroizing<Vec<u8>>)> =
        rows.iter().map(|row| (name(row.line), row.content.clone())).collect();
    file::write_folder(&out, &files)?;
    let lines = rows.iter().map(|row| Line {
        file: name(row.line),
        line: row.line,
        whole: row.whole,
        state: row.state.map(|state| state.code()),
    });
    Ok(context.output.answer(&Imported { folder: out.display().to_string(), referrals: lines.collect() }))
}

fn name(line: usize) -> String {
    format!("line-{line:05}.json")
}

fn bytes_of(path: &Path) -> Result<Zeroizing<Vec<u8>>, Told> {
    let mut bytes = Zeroizing::new(Vec::new());
    let most = u64::try_from(FILE_BYTES_MAX).unwrap_or(u64::MAX).saturating_add(1);
    std::fs::File::open(path).and_then(|file| file.take(most).read_to_end(&mut bytes)).map_err(|error| {
        Told::usage(format!("the file cannot be read: {}", error.kind()), "name a readable CSV file")
    })?;
    Ok(bytes)
}

/// Every fault with its line and column; nothing of what a cell says.
fn refused(faults: &[Fault]) -> Told {
    let mut told = Told::refused(
        "import-faults",
        format!("the file has {} faults, and nothing was imported", faults.len()),
        "put them right in the other system, or in the file, and import it again",
    );
    let finding = |fault: &Fault| ToldFinding {
        code: "import-fault".to_owned(),
        pointer: format!("line {}, column {}", fault.line, plain(&fault.column)),
        fact: plain(&fault.fact),
        remedy: "see what the column takes, and write it so".to_owned(),
        severity: "refuse".to_owned(),
        rule: String::new(),
        decided_by: String::new(),
    };
    told.findings = faults.iter().map(finding).collect();
    told
}

#[derive(Serialize)]
struct Imported {
    folder: String,
    referrals: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    file: String,
    line: usize,
    /// Whether it is a whole referral, and not only what the columns say.
    whole: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<&'static str>,
}

impl Words for Imported {
    fn words(&self) -> String {
        let whole = self.referrals.iter().filter(|line| line.whole).count();
        format!(
            "{} rows written to {}: {whole} whole referrals, {} to be completed.\nTake each into a draft with `safeconduct referral draft new FILE`. \
             No consent was taken over from a column: ask the person.",
            self.referrals.len(),
            self.folder,
            self.referrals.len().saturating_sub(whole)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_told_with_line_and_column() {
        let fault = Fault { line: 7, column: "prs_Gender".to_owned(), fact: "this is no code".to_owned() };

        let told = refused(&[fault]);

        assert_eq!((told.code.as_str(), told.exit()), ("import-faults", Exit::Refused));
        assert!(told.words().contains("at line 7, column prs_Gender: this is no code"), "{}", told.words());
    }
}
