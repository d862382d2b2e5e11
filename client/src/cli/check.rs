//! `check FILE [--now TIME]`.

use std::{
    io::Read as _,
    path::{Path, PathBuf},
};

use super::{Context, output::Words};
use crate::{
    api::{BODY_BYTES_MAX, shapes::Checked},
    daemon::checked,
    error::Told,
    exit::Exit,
};

#[derive(clap::Args)]
pub(super) struct Args {
    /// The referral, JSON.
    file: PathBuf,
    /// Judge it at this time (RFC 3339, UTC) instead of now.
    #[arg(long, value_name = "TIME")]
    now: Option<String>,
}

pub(super) fn run(context: &Context, args: &Args) -> Result<Exit, Told> {
    let referral = read(&args.file)?;
    Ok(context.output.answer(&checked(&referral, args.now.as_deref(), &context.data)?))
}

/// The file's bytes, bounded; `-` is standard input.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, Told> {
    let unreadable = |error: std::io::Error| {
        Told::usage(format!("the file cannot be read: {}", error.kind()), "name a readable JSON file")
    };
    let mut bytes = Vec::new();
    let bound = u64::try_from(BODY_BYTES_MAX).unwrap_or(u64::MAX);
    let source: Box<dyn std::io::Read> = if path == Path::new("-") {
        Box::new(std::io::stdin())
    } else {
        Box::new(std::fs::File::open(path).map_err(unreadable)?)
    };
    source.take(bound.saturating_add(1)).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() > BODY_BYTES_MAX {
        return Err(Told::refused("too-long", "the file is too long for a referral", "shorten its texts"));
    }
    Ok(bytes)
}

impl Words for Checked {
    fn words(&self) -> String {
        let mut text = "nothing in this referral forbids sending it".to_owned();
        for finding in &self.findings {
            text.push_str(&format!("\n  {}", finding.words()));
        }
        for sentence in &self.not_checked {
            text.push_str(&format!("\n  not checked here: {sentence}"));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_of_check_names_what_it_did_not_check() {
        let checked = Checked { valid: true, findings: Vec::new(), not_checked: vec!["the registry".to_owned()] };

        let (text, json) = (checked.words(), serde_json::to_value(&checked).unwrap());

        assert_eq!(text, "nothing in this referral forbids sending it\n  not checked here: the registry");
        assert_eq!(json["not_checked"][0], "the registry");
    }
}
