//! `man --out DIR`.

use std::path::{Path, PathBuf};

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
    let mut pages = Pages { files: Vec::new() };
    std::fs::create_dir_all(&args.out).map_err(|error| unwritable(&error))?;
    write(&args.out, super::command(), "safeconduct", &mut pages)?;
    Ok(context.output.answer(&pages))
}

/// One page for the command, then one for each of its subcommands.
fn write(folder: &Path, command: clap::Command, name: &str, pages: &mut Pages) -> Result<(), Told> {
    let file = format!("{name}.1");
    let mut page = Vec::new();
    let named = command.clone().display_name(name);
    clap_mangen::Man::new(named).title(name.to_uppercase()).render(&mut page).map_err(|error| unwritable(&error))?;
    std::fs::write(folder.join(&file), page).map_err(|error| unwritable(&error))?;
    pages.files.push(file);
    for child in command.get_subcommands().filter(|child| child.get_name() != "help") {
        write(folder, child.clone(), &format!("{name}-{}", child.get_name()), pages)?;
    }
    Ok(())
}

fn unwritable(error: &std::io::Error) -> Told {
    Told::not_ready(
        "unwritable",
        format!("the pages cannot be written: {}", error.kind()),
        "name a writable folder with --out",
    )
}
