//! The passphrase: from a file, a systemd credential, or a person at a terminal.

use std::{
    io::IsTerminal as _,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
};

use zeroize::Zeroizing;

use super::{Context, output::plain};
use crate::error::Told;

/// Longest passphrase file that makes sense, in bytes.
const PASSPHRASE_BYTES_MAX: u64 = 4096;

/// Shortest passphrase for a new vault, in bytes.
const PASSPHRASE_BYTES_MIN: usize = 8;

/// A secret that is read from a file or typed.
struct Wanted {
    /// What it is, in sentences.
    what: &'static str,
    /// The beginning of its codes.
    code: &'static str,
    /// How its file is named.
    named: &'static str,
}

const PASSPHRASE: Wanted =
    Wanted { what: "passphrase", code: "passphrase", named: "--passphrase-file or SAFECONDUCT_PASSPHRASE_FILE" };
const NEW_PASSPHRASE: Wanted = Wanted { named: "--new-passphrase-file", ..PASSPHRASE };
const SECRET: Wanted = Wanted { what: "secret", code: "secret", named: "the option for it" };
const PAPER: Wanted = Wanted { what: "succession key", code: "paper", named: "--paper-file" };

/// The vault's passphrase.
pub(super) fn passphrase(context: &Context) -> Result<Zeroizing<String>, Told> {
    passphrase_for(context, "Passphrase of this node's vault: ")
}

/// A passphrase, asked for with these words where there is a terminal.
pub(super) fn passphrase_for(context: &Context, prompt: &str) -> Result<Zeroizing<String>, Told> {
    match source(context) {
        Some(path) => from_file(&path, &PASSPHRASE),
        None => from_terminal(prompt, &PASSPHRASE),
    }
}

/// The passphrase for a new vault; typed twice at a terminal.
pub(super) fn new_passphrase(context: &Context) -> Result<Zeroizing<String>, Told> {
    chosen(source(context), &PASSPHRASE)
}

/// Another passphrase for a vault, from this file or typed twice at a terminal.
pub(super) fn new_passphrase_from(source: Option<PathBuf>) -> Result<Zeroizing<String>, Told> {
    chosen(source, &NEW_PASSPHRASE)
}

fn chosen(source: Option<PathBuf>, wanted: &Wanted) -> Result<Zeroizing<String>, Told> {
    let chosen = match source {
        Some(path) => from_file(&path, wanted)?,
        None => {
            let first = from_terminal("Choose a passphrase for this node's vault: ", wanted)?;
            if *first != *from_terminal("The same again: ", wanted)? {
                return Err(Told::refused("passphrase-differs", "the two passphrases differ", "run the command again"));
            }
            first
        }
    };
    if chosen.len() < PASSPHRASE_BYTES_MIN {
        return Err(Told::refused(
            "passphrase-short",
            "the passphrase is too short",
            format!("choose at least {PASSPHRASE_BYTES_MIN} characters; several words are best"),
        ));
    }
    Ok(chosen)
}

/// Says what will happen, and goes on only when somebody types yes.
///
/// # Errors
/// `not-confirmed`.
pub(super) fn confirmed(context: &Context, what: &str) -> Result<(), Told> {
    context.output.say(what);
    let mut answer = String::new();
    if std::io::stdin().is_terminal() {
        context.output.say("Go on? Type yes:");
        std::io::stdin().read_line(&mut answer).map_err(|error| {
            let fact = format!("the answer cannot be read: {}", error.kind());
            Told::not_ready("no-answer", fact, "run it again with --yes")
        })?;
    }
    if matches!(answer.trim(), "yes" | "y") {
        return Ok(());
    }
    Err(Told::refused("not-confirmed", "nothing was done", "read what it says, then run it again with --yes"))
}

/// The same, unless `yes` was typed with the command.
///
/// # Errors
/// `not-confirmed`.
pub(super) fn confirmed_unless(context: &Context, yes: bool, what: &str) -> Result<(), Told> {
    if yes { Ok(()) } else { confirmed(context, what) }
}

fn source(context: &Context) -> Option<PathBuf> {
    context.passphrase_file.clone().or_else(|| {
        let folder = PathBuf::from(std::env::var_os("CREDENTIALS_DIRECTORY")?);
        let path = folder.join("passphrase");
        path.exists().then_some(path)
    })
}

fn from_file(path: &Path, wanted: &Wanted) -> Result<Zeroizing<String>, Told> {
    let Wanted { what, code, named } = wanted;
    let unreadable = |says: &str| {
        Told::not_ready(
            &format!("{code}-file"),
            format!("the file with the {what} cannot be used: {says}"),
            format!("name a readable file with {named}; its first line is the {what}"),
        )
    };
    let file = std::fs::metadata(path).map_err(|error| unreadable(&error.kind().to_string()))?;
    if file.is_file() && file.len() > PASSPHRASE_BYTES_MAX {
        return Err(unreadable("it is too large"));
    }
    if file.is_file() && file.mode() & 0o007 != 0 {
        return Err(Told::not_ready(
            &format!("{code}-file-open"),
            format!("everyone on this machine can read the file with the {what}"),
            format!("run: chmod 600 {}", path.display()),
        ));
    }
    let text = std::fs::read_to_string(path).map_err(|error| unreadable(&error.kind().to_string()))?;
    let text = Zeroizing::new(text);
    let line = Zeroizing::new(text.lines().next().unwrap_or_default().to_owned());
    if line.is_empty() { Err(unreadable("its first line is empty")) } else { Ok(line) }
}

/// The succession key: from the file, or typed at a terminal.
pub(super) fn paper(file: Option<&Path>) -> Result<Zeroizing<String>, Told> {
    match file {
        Some(file) => from_file(file, &PAPER),
        None => from_terminal("Succession key, as on the paper: ", &PAPER),
    }
}

/// A person's own secret: from the file, or typed at a terminal.
pub(super) fn secret(whose: &str, file: Option<&Path>) -> Result<Zeroizing<String>, Told> {
    match file {
        Some(file) => from_file(file, &SECRET),
        None => from_terminal(&format!("Secret of {}: ", plain(whose)), &SECRET),
    }
}

/// A person's new secret: from the file, or typed twice at a terminal.
pub(super) fn new_secret(whose: &str, file: Option<&Path>) -> Result<Zeroizing<String>, Told> {
    if file.is_some() {
        return secret(whose, file);
    }
    let whose = plain(whose);
    let first = from_terminal(&format!("{whose} chooses a secret: "), &SECRET)?;
    if *first != *from_terminal("The same again: ", &SECRET)? {
        return Err(Told::refused("secret-differs", "the two secrets differ", "run the command again"));
    }
    Ok(first)
}

fn from_terminal(prompt: &str, wanted: &Wanted) -> Result<Zeroizing<String>, Told> {
    let Wanted { what, code, named } = wanted;
    let missing = || {
        Told::not_ready(
            &format!("{code}-missing"),
            format!("there is no terminal to ask for the {what}"),
            format!("name a file with {named}"),
        )
    };
    if !std::io::stdin().is_terminal() {
        return Err(missing());
    }
    rpassword::prompt_password(prompt).map(Zeroizing::new).ok().ok_or_else(missing)
}
