//! `man --out DIR`.

use std::path::PathBuf;

use serde::Serialize;

use super::{Context, output::Words};
use crate::{error::Told, exit::Exit};

#[derive(clap::Args)]
pub(super) struct Args {
    /// Folder for the pages; made when missing.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

#[derive(Serialize)]
struct Pages {
    files: Vec<String>,
}

impl Words for Pages {
    fn words(&self) -> String {
        format!("{} pages written", self.files.len())
    }
}

pub(super) fn run(context: &Context, args: &Args) -> Result<Exit, Told> {
    std::fs::create_dir_all(&args.out).map_err(|error| unwritable(&error))?;
    clap_mangen::generate_to(super::command(), &args.out).map_err(|error| unwritable(&error))?;
    let mut pages = Pages { files: Vec::new() };
    list(&super::command(), "safeconduct", &mut pages);
    Ok(context.output.answer(&pages))
}

/// The page of a command, then those of its subcommands.
fn list(command: &clap::Command, name: &str, pages: &mut Pages) {
    pages.files.push(format!("{name}.1"));
    for child in command.get_subcommands() {
        list(child, &format!("{name}-{}", child.get_name()), pages);
    }
}

fn unwritable(error: &std::io::Error) -> Told {
    Told::not_ready(
        "unwritable",
        format!("the pages cannot be written: {}", error.kind()),
        "name a writable folder with --out",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_is_listed_and_names_the_whole_command_and_the_global_options() {
        let folder = tempfile::tempdir().unwrap();
        clap_mangen::generate_to(crate::cli::command(), folder.path()).unwrap();
        let mut pages = Pages { files: Vec::new() };
        list(&crate::cli::command(), "safeconduct", &mut pages);

        let mut written: Vec<String> = std::fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| !name.contains("-help"))
            .collect();
        written.sort();
        pages.files.sort();
        assert_eq!(pages.files, written);
        let page = std::fs::read_to_string(folder.path().join("safeconduct-send.1")).unwrap();
        assert!(page.contains("safeconduct send") && page.contains("passphrase"), "{page}");
    }
}
