//! The authority's own keys: proposing, signing, and bringing into force a next version of the root file.

use std::path::{Path, PathBuf};

use safeconduct_certs::{
    authority::{
        AdminError, Office,
        error::Exit,
        init::Witnesses,
        office::read_root,
        open_root_key,
        root::{Proposal, ROOT_BYTES_MAX, RootFile},
        rotate::{Changes, OwnKey},
    },
    durable,
    keyfile::Cost,
};
use serde_json::{Value, json};

use super::{Desk, audit::read, tell, witness};
use crate::{
    ask::{self, Times},
    cli::{RootAct, RootChanges},
    output::{self, Answer, Refusal},
};

impl Desk<'_> {
    pub(super) fn root(&self, act: &RootAct) -> Result<Answer, Refusal> {
        match act {
            RootAct::Propose { out, changes } => self.root_propose(out, &wanted(changes)?),
            RootAct::Sign { file, keys, yes } => self.root_sign(file, keys, *yes),
            RootAct::Rotate { file, changes, yes, offline } => {
                let changes = wanted(changes)?;
                let Some(file) = file else { return self.root_rotate_here(&changes, *yes, *offline) };
                if changes == Changes::default() {
                    return self.root_rotate(file, *yes, *offline);
                }
                let remedy = "give either; what changes stands in the proposal";
                Err(Refusal::new(Exit::Usage, "usage", "a proposal and changes are given together", remedy))
            }
        }
    }

    fn root_propose(&self, out: &Path, changes: &Changes) -> Result<Answer, Refusal> {
        // Said before a passphrase is asked for.
        read_root(self.folder()?)?;
        let passphrase = ask::passphrase(self.cli.passphrase_file.as_deref(), Times::Once)?;
        let proposal = self.open_with(&passphrase)?.propose_root(changes, passphrase.as_bytes(), Cost::STANDARD)?;
        write(out, &proposal)?;
        let text = format!(
            "{}\n\n{} is the proposal; nothing has changed yet. Each holder, with root-N.key:\n  safeconduct-admin root sign {} \
             --key root-N.key\nThen here:\n  safeconduct-admin root rotate {}",
            words(&proposal),
            out.display(),
            file_name(out),
            file_name(out),
        );
        Ok(Answer { data: with(data(&proposal), "out", json!(out.display().to_string())), text })
    }

    fn root_sign(&self, file: &Path, keys: &[PathBuf], yes: bool) -> Result<Answer, Refusal> {
        let mut proposal = open(file)?;
        if !yes {
            output::say(&words(&proposal));
            ask::confirm(
                "A holder's signature is given; compare the fingerprint with the authority's by telephone before",
            )?;
        }
        let passphrase = ask::passphrase(self.cli.passphrase_file.as_deref(), Times::Once)?;
        for path in keys {
            let place = |error: AdminError| Refusal::from(error).at(&path.display().to_string());
            let key = open_root_key(path, passphrase.as_bytes()).map_err(place)?;
            if !proposal.sign(&key) {
                return Err(place(AdminError::NotAHolder));
            }
        }
        write(file, &proposal)?;
        let next = match proposal.signatures().enough() {
            Ok(()) => format!(
                "It is signed by enough: safeconduct-admin root rotate {}, where it was proposed",
                file_name(file)
            ),
            Err(_) => "It goes on to the next holder".to_owned(),
        };
        let text = format!("{}\n\n{} holds the signature. {next}.", words(&proposal), file.display());
        Ok(Answer { data: with(data(&proposal), "out", json!(file.display().to_string())), text })
    }

    fn root_rotate(&self, file: &Path, yes: bool, offline: bool) -> Result<Answer, Refusal> {
        let proposal = open(file)?;
        // Said before anything is asked.
        proposal.signatures().enough().map_err(AdminError::Root)?;
        let office = self.open()?;
        into_force(office, &proposal, yes, offline)
    }

    fn root_rotate_here(&self, changes: &Changes, yes: bool, offline: bool) -> Result<Answer, Refusal> {
        read_root(self.folder()?)?;
        let passphrase = ask::passphrase(self.cli.passphrase_file.as_deref(), Times::Once)?;
        let mut office = self.open_with(&passphrase)?;
        if office.root_keys_here().len() < usize::from(office.root().threshold().0) {
            let (threshold, holders) = office.root().threshold();
            let fact = format!("fewer than {threshold} of the {holders} root keys are in this directory");
            let remedy = "have the holders sign: `root propose --out FILE`, `root sign FILE --key root-N.key`, `root rotate FILE`";
            return Err(Refusal::new(Exit::NotReady, "root-keys-elsewhere", fact, remedy));
        }
        let mut proposal = office.propose_root(changes, passphrase.as_bytes(), Cost::STANDARD)?;
        office.sign_with_keys_here(&mut proposal, passphrase.as_bytes())?;
        // Not while a person is asked.
        drop(passphrase);
        into_force(office, &proposal, yes, offline)
    }
}

fn into_force(mut office: Office, proposal: &Proposal, yes: bool, offline: bool) -> Result<Answer, Refusal> {
    office.judge_proposal(proposal)?;
    if !yes {
        output::say(&words(proposal));
        ask::confirm("This comes into force now, for every relay and node, and is not taken back")?;
    }
    let fingerprint = office.rotate(proposal)?.to_string();
    let root = office.root();
    let mut text = format!(
        "Version {} of the root file is in force.\n\n  fingerprint   {fingerprint}\n\nNow, in this order:\n\
         1. Print the fingerprint: it is what others compare from now on. Codes and fingerprints of before go on to work.\n\
         2. Back up the directory. Keep the replaced keys until then, no longer.\n\
         3. Give relay operators, witnesses and recognised authorities the new root file (`export-root`, `introduce`) when it suits; \
         relays and nodes take it from the log by themselves.\n",
        root.version(),
    );
    let holders: Vec<String> = office.root_keys_here();
    if !holders.is_empty() {
        text.push_str(&format!("4. Move {} to offline media, with different people.\n", holders.join(", ")));
    }
    text.push_str(&format!("\n{}", witness::words(root.witness_quorum(), root.witnesses().len())));
    let data = with(
        with(data(proposal), "entry", json!(office.registry().size().saturating_sub(1))),
        "root_keys",
        json!(holders),
    );
    tell(&mut office, offline, Answer { data, text })
}

fn wanted(changes: &RootChanges) -> Result<Changes, Refusal> {
    let keys = [
        (changes.new_log_key, OwnKey::Log),
        (changes.new_registrar_key, OwnKey::Registrar),
        (changes.new_timestamp_key, OwnKey::Timestamp),
    ];
    let keys = keys.into_iter().filter_map(|(wanted, key)| wanted.then_some(key)).collect();
    let witnesses = match (changes.witnesses.is_empty(), changes.no_witness) {
        (true, true) => Some(Witnesses::default()),
        (true, false) => None,
        (false, _) => Some(witness::named(&changes.witnesses, changes.quorum)?),
    };
    Ok(Changes { keys, holders: changes.holders.iter().copied().collect(), witnesses })
}

fn open(file: &Path) -> Result<Proposal, Refusal> {
    Proposal::parse(&read(file, ROOT_BYTES_MAX)?).map_err(|refused| {
        let remedy = "give the file that `root propose` wrote; if it is that one, it was changed: propose anew";
        Refusal::new(Exit::Refused, "proposal-refused", format!("{}: {refused}", file.display()), remedy)
    })
}

fn write(out: &Path, proposal: &Proposal) -> Result<(), Refusal> {
    durable::write(out, &proposal.to_bytes(), durable::PUBLIC).map_err(|error| {
        let fact = format!("{} cannot be written: {}", out.display(), error.kind());
        Refusal::new(Exit::NotReady, "disk", fact, "check the path, its permissions and the space")
    })
}

fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| "FILE".to_owned(), |name| name.to_string_lossy().into_owned())
}

fn fingerprints(root: &RootFile, before: &RootFile) -> String {
    format!("  fingerprint   {}\n  of before     {}", root.fingerprint(), before.fingerprint())
}

fn words(proposal: &Proposal) -> String {
    let (next, before) = (proposal.next(), proposal.before());
    let (own, old) = (proposal.signatures().own(), proposal.signatures().before());
    let mut text =
        format!("Version {} of the root file of {} ({}):\n", next.version(), next.log_name(), next.country());
    for change in proposal.changes() {
        text.push_str(&format!("  - {change}\n"));
    }
    text.push_str(&fingerprints(next, before));
    text.push_str(&format!(
        "\n  signed by     {} of {} needed holders of the version in force, {} of {} of the new one",
        old.0, old.1, own.0, own.1
    ));
    text
}

fn data(proposal: &Proposal) -> Value {
    let (own, old) = (proposal.signatures().own(), proposal.signatures().before());
    json!({
        "version": proposal.next().version(),
        "fingerprint": proposal.next().fingerprint().to_string(),
        "fingerprint_before": proposal.before().fingerprint().to_string(),
        "changes": proposal.changes(),
        "signed_by_new": own.0, "needed_of_new": own.1,
        "signed_by_old": old.0, "needed_of_old": old.1,
    })
}

fn with(mut data: Value, name: &str, value: Value) -> Value {
    if let Some(fields) = data.as_object_mut() {
        fields.insert(name.to_owned(), value);
    }
    data
}
