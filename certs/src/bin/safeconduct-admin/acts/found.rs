//! Making an authority, and handing out its root file.

use std::path::Path;

use safeconduct_certs::{
    authority::{
        AdminError,
        error::Exit,
        init::{self, Witnesses},
        office::read_root,
    },
    durable,
    keyfile::Cost,
    system::{SystemClock, SystemEntropy},
};
use serde_json::json;

use super::{Desk, witness};
use crate::{
    ask::{self, Times},
    output::{Answer, Refusal},
};

impl Desk<'_> {
    pub(super) fn init(&self, country: [u8; 2], log_name: &str, witnesses: &Witnesses) -> Result<Answer, Refusal> {
        let folder = self.folder()?;
        if read_root(folder).is_ok() {
            return Err(AdminError::Exists.into());
        }
        is_log_name(log_name)?;
        let passphrase = ask::passphrase(self.cli.passphrase_file.as_deref(), Times::Twice)?;
        let entropy = &mut SystemEntropy;
        let clock = &SystemClock;
        let founded =
            init::init(folder, country, log_name, witnesses, passphrase.as_bytes(), Cost::STANDARD, clock, entropy)?;
        let fingerprint = founded.fingerprint.to_string();
        let keys = folder.join("keys");
        let text = format!(
            "The authority is made.\n\n  fingerprint   {fingerprint}\n  root file     {}\n\nNow, in this order:\n\
             1. Move {} from {} to three offline media, with three different people. {} of the 3 are needed to change \
             the root file, and none of them for daily work.\n\
             2. Back up the rest of {} after every change, in a safe place. Without it nobody can be registered or revoked.\n\
             3. Print the fingerprint: it is what others compare over the telephone.\n\
             4. Register a relay: safeconduct-admin relay add RELAY.PUB\n\n{}\n",
            folder.join("root.scr").display(),
            founded.root_keys.join(", "),
            keys.display(),
            founded.threshold,
            folder.display(),
            witness::words(witnesses.quorum, witnesses.keys.len()),
        );
        let data = json!({
            "fingerprint": fingerprint,
            "root": folder.join("root.scr").display().to_string(),
            "root_keys": founded.root_keys.iter().map(|name| keys.join(name).display().to_string()).collect::<Vec<_>>(),
            "threshold": founded.threshold,
            "witness_quorum": witnesses.quorum,
            "witnesses": witnesses.keys.iter().map(|(name, _)| name).collect::<Vec<_>>(),
        });
        Ok(Answer { data, text })
    }

    pub(super) fn export_root(&self, out: &Path) -> Result<Answer, Refusal> {
        let root = read_root(self.folder()?)?;
        durable::write(out, root.as_bytes(), durable::PUBLIC).map_err(|error| {
            let fact = format!("the root file cannot be written: {}", error.kind());
            Refusal::new(Exit::NotReady, "disk", fact, "check the path, its permissions and the space")
        })?;
        let fingerprint = root.fingerprint().to_string();
        let text = format!("{} holds the root file with fingerprint {fingerprint}", out.display());
        Ok(Answer { data: json!({"out": out.display().to_string(), "fingerprint": fingerprint}), text })
    }
}

/// The log's name stands in every signature for ever, so a slip in it is found before it is signed.
fn is_log_name(name: &str) -> Result<(), Refusal> {
    let fact = if name.contains("://") {
        "the log's name has a scheme"
    } else if name.chars().any(|c| !(c.is_ascii_lowercase() || c.is_ascii_digit() || "-./".contains(c))) {
        "the log's name has a character other than small letters, digits, `-`, `.` and `/`"
    } else if name.split('/').any(|part| part.is_empty() || part.starts_with('.') || part.ends_with('.')) {
        "a part of the log's name is empty, or begins or ends with a full stop"
    } else if !name.split('/').next().is_some_and(|domain| domain.contains('.')) {
        "the log's name does not begin with a domain name"
    } else {
        return Ok(());
    };
    Err(Refusal::new(
        Exit::Usage,
        "log-name",
        fact,
        "give a name under a domain of yours, as registry.example/safeconduct; it is for ever",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_in_the_name_of_the_log_is_found_before_it_is_for_ever() {
        for good in ["registry.example/safeconduct", "xa.test/log", "log.example"] {
            assert!(is_log_name(good).is_ok(), "{good}");
        }
        let bad = [
            "https://log.example/one",
            "LOG.example",
            "log.example/one.",
            "a",
            "log.example//x",
            "",
            "log.example/a b",
        ];
        for bad in bad {
            assert!(is_log_name(bad).is_err(), "{bad}");
        }
    }
}
