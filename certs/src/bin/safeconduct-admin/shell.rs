//! Completion scripts and manual pages, made from the command line itself.

use std::{fs, io, path::Path};

use clap::CommandFactory as _;
use safeconduct_certs::authority::error::Exit;
use serde_json::json;

use crate::{
    cli::Cli,
    output::{Answer, Refusal},
};

/// A completion script.
pub(crate) fn completions(shell: clap_complete::Shell) -> Answer {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "safeconduct-admin", &mut script);
    let text = String::from_utf8_lossy(&script).into_owned();
    Answer { data: json!({"script": text}), text }
}

/// The main manual page, or every page into a directory.
pub(crate) fn man(out: Option<&Path>) -> Result<Answer, Refusal> {
    let disk = |error: io::Error| {
        let fact = format!("the manual pages cannot be written: {}", error.kind());
        Refusal::new(Exit::NotReady, "disk", fact, "check the directory and its permissions")
    };
    let Some(folder) = out else {
        let mut page = Vec::new();
        clap_mangen::Man::new(Cli::command()).render(&mut page).map_err(disk)?;
        let text = String::from_utf8_lossy(&page).into_owned();
        return Ok(Answer { data: json!({"page": text}), text });
    };
    fs::create_dir_all(folder).and_then(|()| clap_mangen::generate_to(Cli::command(), folder)).map_err(disk)?;
    let folder = folder.display().to_string();
    Ok(Answer { text: format!("manual pages are in {folder}"), data: json!({"out": folder}) })
}
