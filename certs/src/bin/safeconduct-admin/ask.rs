//! What is asked of a person, and never without a terminal.

use std::{
    fs,
    io::{self, BufRead as _, IsTerminal as _},
    os::unix::fs::PermissionsExt as _,
    path::Path,
};

use safeconduct_certs::authority::error::Exit;
use zeroize::Zeroizing;

use crate::output::{self, Refusal};

/// The largest passphrase file.
const PASSPHRASE_BYTES_MAX: u64 = 4096;
/// Mode bits that let others in.
const OTHERS: u32 = 0o007;

/// Whether a new passphrase is typed twice.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Times {
    Once,
    Twice,
}

/// The passphrase: from the file, or typed on the terminal.
pub(crate) fn passphrase(file: Option<&Path>, times: Times) -> Result<Zeroizing<String>, Refusal> {
    if let Some(file) = file {
        return from_file(file);
    }
    if !io::stdin().is_terminal() {
        return Err(Refusal::new(
            Exit::NotReady,
            "no-passphrase",
            "there is no passphrase and no terminal to ask on",
            "give --passphrase-file FILE, or set SAFECONDUCT_ADMIN_PASSPHRASE_FILE",
        ));
    }
    let typed = typed("Passphrase of the authority: ")?;
    if times == Times::Twice && *self::typed("Once more: ")? != *typed {
        return Err(Refusal::new(Exit::Usage, "passphrases-differ", "the two passphrases differ", "type them again"));
    }
    Ok(typed)
}

fn typed(prompt: &str) -> Result<Zeroizing<String>, Refusal> {
    rpassword::prompt_password(prompt).map(Zeroizing::new).map_err(|error| {
        Refusal::new(
            Exit::NotReady,
            "no-passphrase",
            format!("the passphrase cannot be read: {}", error.kind()),
            "give --passphrase-file FILE",
        )
    })
}

fn from_file(file: &Path) -> Result<Zeroizing<String>, Refusal> {
    let unreadable = |error: io::Error| {
        Refusal::new(
            Exit::NotReady,
            "no-passphrase",
            format!("the passphrase file cannot be read: {}", error.kind()),
            "check the path and its permissions",
        )
    };
    let about = fs::metadata(file).map_err(unreadable)?;
    if about.is_file() && about.permissions().mode() & OTHERS != 0 {
        return Err(Refusal::new(
            Exit::NotReady,
            "passphrase-file-open",
            "the passphrase file may be read by others",
            "run `chmod 600` on it",
        ));
    }
    if about.len() > PASSPHRASE_BYTES_MAX {
        return Err(Refusal::new(Exit::Usage, "no-passphrase", "the passphrase file is too long", "check the path"));
    }
    let mut text = Zeroizing::new(fs::read_to_string(file).map_err(unreadable)?);
    // An editor's last line break is not part of it.
    let length = text.trim_end_matches(['\n', '\r']).len();
    text.truncate(length);
    Ok(text)
}

/// Shows what will happen, and asks for a yes.
pub(crate) fn confirm(what: &str) -> Result<(), Refusal> {
    if !io::stdin().is_terminal() {
        let remedy = "add --yes when this is what you want";
        return Err(Refusal::new(Exit::Usage, "not-confirmed", format!("{what}; this needs a yes"), remedy));
    }
    output::say(&format!("{what}.\nType yes to go on:"));
    let mut line = String::new();
    let read = io::stdin().lock().read_line(&mut line);
    if read.is_ok() && line.trim() == "yes" {
        Ok(())
    } else {
        Err(Refusal::new(Exit::Refused, "not-confirmed", "nothing was done", "run it again and type yes"))
    }
}
