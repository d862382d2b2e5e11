//! Witnesses: who is named, what they sign, and signing for others.

use std::path::{Path, PathBuf};

use safeconduct_certs::{
    authority::{
        error::Exit,
        init::Witnesses,
        office::read_root,
        relay_file::{RELAY_FILE_BYTES_MAX, RelayFile},
        root::{ROOT_BYTES_MAX, RootFile, WITNESSES_MAX},
        witness::NotWitnessed,
    },
    durable,
    log::{
        export::{self, EXPORT_BYTES_MAX},
        note::{NOTE_BYTES_MAX, log_key_text, read_witness_key, witness_key_text},
    },
};
use serde_json::json;

use super::{Desk, audit::read, tell};
use crate::output::{Answer, Refusal};

/// The witnesses of these files, and how many of them must sign.
pub(super) fn named(files: &[PathBuf], quorum: Option<u8>) -> Result<Witnesses, Refusal> {
    let keys = files.iter().map(|file| witness_of(file)).collect::<Result<Vec<_>, _>>()?;
    let refuse = |fact: &str, remedy| Refusal::new(Exit::Usage, "witness", fact, remedy);
    let count = u8::try_from(keys.len()).ok().filter(|_| keys.len() <= WITNESSES_MAX);
    let count = count.ok_or_else(|| refuse("there are too many witnesses", "name at most 15"))?;
    let names: std::collections::BTreeSet<&String> = keys.iter().map(|(name, _)| name).collect();
    if names.len() != keys.len() {
        return Err(refuse("one witness is named twice", "name each once"));
    }
    let quorum = match quorum {
        Some(0) => return Err(refuse("a quorum of no witness is none", "give --quorum 1 or more, or --no-witness")),
        Some(more) if more > count => {
            return Err(refuse("the quorum is more than there are witnesses", "give a lower --quorum"));
        }
        Some(quorum) => quorum,
        None if count == 0 => 0,
        None => count / 2 + 1,
    };
    Ok(Witnesses { quorum, keys })
}

fn witness_of(path: &Path) -> Result<(String, safeconduct_protocol::crypto::note::NoteVerifier), Refusal> {
    let bytes = read(path, RELAY_FILE_BYTES_MAX)?;
    let text = String::from_utf8_lossy(&bytes);
    let found = match RelayFile::parse(&bytes) {
        Ok(relay) => relay.witness,
        Err(_) => read_witness_key(text.trim_end()),
    };
    found.ok_or_else(|| {
        let fact = format!("{} names no witness", path.display());
        let remedy = "give relay.pub of a relay that has run once in this version, or what `witness-key` wrote";
        Refusal::new(Exit::Usage, "witness", fact, remedy)
    })
}

/// What is to be said again and again of a quorum that protects little.
pub(super) fn warning(quorum: u8, witnesses: usize) -> Option<&'static str> {
    match (quorum, witnesses) {
        (0, _) => Some(
            "no witness signs: whoever has the log key can show two registries to two nodes, unseen until they meet",
        ),
        (1, _) => {
            Some("one witness suffices: whoever has the log key and one witness can show two registries to two nodes")
        }
        _ => None,
    }
}

/// The same after `init`, with what would be better.
pub(super) fn words(quorum: u8, witnesses: usize) -> String {
    match warning(quorum, witnesses) {
        Some(warning) => format!(
            "WARNING: {warning}.\nName more witnesses, best another country's authority (`witness-key` there, `root rotate` here)."
        ),
        None => format!("{quorum} of {witnesses} witnesses must sign each head."),
    }
}

fn write(out: &Path, bytes: &[u8]) -> Result<(), Refusal> {
    durable::write(out, bytes, durable::PUBLIC).map_err(|error| {
        let fact = format!("{} cannot be written: {}", out.display(), error.kind());
        Refusal::new(Exit::NotReady, "disk", fact, "check the path, its permissions and the space")
    })
}

impl Desk<'_> {
    pub(super) fn export_log(&self, out: &Path) -> Result<Answer, Refusal> {
        let office = self.open()?;
        let size = office.registry().head_size();
        let file = export::write(office.registry()).ok_or_else(|| {
            Refusal::new(Exit::NotReady, "no-head", "there is no signed head yet", "register a relay first")
        })?;
        write(out, &file)?;
        let data = json!({"out": out.display().to_string(), "size": size});
        Ok(Answer { data, text: format!("{} holds the log of {size} entries; it names no agency", out.display()) })
    }

    pub(super) fn witness_key(&self, out: &Path) -> Result<Answer, Refusal> {
        let (name, key) = self.open()?.witness_key()?;
        let text = witness_key_text(&name, &key);
        write(out, format!("{text}\n").as_bytes())?;
        let said = format!("{} holds the witness key: {text}", out.display());
        Ok(Answer { data: json!({"out": out.display().to_string(), "name": name, "key": text}), text: said })
    }

    pub(super) fn witness(&self, root: &Path, log: &Path, out: &Path) -> Result<Answer, Refusal> {
        let root = RootFile::parse(&read(root, ROOT_BYTES_MAX)?)
            .map_err(|error| Refusal::new(Exit::Refused, "root-refused", error.to_string(), error.remedy()))?;
        let fingerprint = root.fingerprint().to_string();
        let log = read(log, EXPORT_BYTES_MAX)?;
        let cosigned = self.open()?.witness(root, &log).map_err(not_witnessed)?;
        write(out, &cosigned.note)?;
        let text = format!(
            "cosigned: {} with {} entries, of the authority with fingerprint {fingerprint}\nSend {} back; there: \
             safeconduct-admin cosignature FILE",
            cosigned.log,
            cosigned.size,
            out.display(),
        );
        let data = json!({
            "out": out.display().to_string(), "log": cosigned.log, "size": cosigned.size, "fingerprint": fingerprint,
        });
        Ok(Answer { data, text })
    }

    pub(super) fn cosignature(&self, file: &Path, offline: bool) -> Result<Answer, Refusal> {
        let note = read(file, NOTE_BYTES_MAX)?;
        let mut office = self.open()?;
        if !office.take_cosignatures(&note)? {
            let fact = "the file holds no new cosignature of a named witness over the newest head";
            let remedy = "export the log again, and let the witness sign that; entries may have come since";
            return Err(Refusal::new(Exit::Refused, "no-cosignature", fact, remedy));
        }
        let (signed, quorum) = office.witnessed();
        let data = json!({"witnessed_by": signed, "witness_quorum": quorum});
        let text = format!("{} of {quorum} needed witnesses have signed the newest head", signed.len());
        let enough = signed.len() >= usize::from(quorum);
        tell(&mut office, offline || !enough, Answer { data, text })
    }

    pub(super) fn policy(&self) -> Result<Answer, Refusal> {
        let text = policy(&read_root(self.folder()?)?);
        Ok(Answer { data: json!({"policy": text}), text })
    }
}

/// C2SP tlog-policy.
fn policy(root: &RootFile) -> String {
    let mut text = format!("log {}\n", log_key_text(root.log_name(), root.log_key()));
    let mut names = Vec::new();
    for (place, (name, key)) in (1..).zip(root.witnesses()) {
        text.push_str(&format!("witness w{place} {}\n", witness_key_text(name, key)));
        names.push(format!("w{place}"));
    }
    match root.witness_quorum() {
        0 => text.push_str("quorum none\n"),
        quorum => text.push_str(&format!("group witnesses {quorum} {}\nquorum witnesses\n", names.join(" "))),
    }
    text
}

fn not_witnessed(error: NotWitnessed) -> Refusal {
    let fact = error.to_string();
    match error {
        NotWitnessed::Admin(error) => error.into(),
        NotWitnessed::Log(error) => Refusal::new(Exit::Tampering, "log-refused", fact, error.remedy()),
        NotWitnessed::Witness(error) => Refusal::new(Exit::Tampering, "witness-refused", fact, error.remedy()),
        NotWitnessed::Own | _ => {
            Refusal::new(Exit::Refused, "own-log", fact, "let another authority, or a relay, be the witness")
        }
    }
}
