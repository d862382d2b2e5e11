//! Opening a browser with the one-time address, without showing the address to every account of the machine: the
//! arguments of a process are public, so the browser is given a private file that leads on.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use safeconduct_certs::{authority::error::Exit, durable};

use crate::output::Refusal;

const FILE: &str = "page-open.html";

/// The file, which goes with it.
pub(super) struct Opener(PathBuf);

impl Drop for Opener {
    fn drop(&mut self) {
        fs::remove_file(&self.0).ok();
    }
}

/// Writes the file into `folder`, which only its owner may enter, and asks the desktop to show it.
pub(super) fn open(address: &str, folder: &Path) -> Result<Opener, Refusal> {
    let refuse = |error: std::io::Error| {
        let fact = format!("no browser can be opened: {}", error.kind());
        Refusal::new(Exit::NotReady, "no-browser", fact, "leave --open out, and open the address yourself")
    };
    let opener = Opener(folder.join(FILE));
    let text = format!(
        "<!doctype html><meta charset=\"utf-8\"><meta name=\"referrer\" content=\"no-referrer\">\
         <meta http-equiv=\"refresh\" content=\"0; url={address}\"><title>Safeconduct</title>"
    );
    durable::write(&opener.0, text.as_bytes(), durable::PRIVATE).map_err(refuse)?;
    let program = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let path = fs::canonicalize(&opener.0).map_err(refuse)?;
    let quiet = || Stdio::null();
    Command::new(program).arg(path).stdin(quiet()).stdout(quiet()).stderr(quiet()).spawn().map_err(refuse)?;
    Ok(opener)
}
