//! Who did what here, and whether what somebody else found holds.

use std::{fs, io::Read as _, path::Path};

use safeconduct_certs::{
    authority::{
        error::Exit,
        root::{Fingerprint, ROOT_BYTES_MAX, RootFile, RootRefused},
    },
    evidence::{
        ForkProof,
        fork::{FORK_BYTES_MAX, Fork, SignedHead},
    },
    log::{
        checkpoint::Checkpoint,
        export::{self, EXPORT_BYTES_MAX, Signers},
    },
    registry::leaf::Leaf,
    utc,
};
use safeconduct_protocol::time::Timestamp;
use serde_json::{Value, json};

use super::Desk;
use crate::{
    cli::AuditArgs,
    output::{Answer, Refusal},
};

impl Desk<'_> {
    pub(super) fn audit(&self, args: &AuditArgs) -> Result<Answer, Refusal> {
        if let Some(proof) = &args.proof {
            return confirm(proof, args.fingerprint.as_deref());
        }
        if let (Some(log), Some(root)) = (&args.log, &args.root) {
            return listed(log, root, args.fingerprint.as_deref());
        }
        let office = self.open()?;
        let lines = office.audit_lines();
        let text: Vec<String> = lines
            .iter()
            .map(|line| {
                format!("{}  {:<16} {:<30} {}", utc::instant(Timestamp(line.time)), line.act, line.agency, line.detail)
            })
            .collect();
        let text = if text.is_empty() { "nothing was done here yet".to_owned() } else { text.join("\n") };
        Ok(Answer { data: json!({"lines": lines}), text })
    }
}

/// Verifies an exported log, and says what each entry does.
fn listed(log: &Path, root: &Path, fingerprint: Option<&str>) -> Result<Answer, Refusal> {
    let root = RootFile::parse(&read(root, ROOT_BYTES_MAX)?)
        .map_err(|error| Refusal::new(Exit::Refused, "root-refused", error.to_string(), error.remedy()))?;
    if fingerprint.map(wanted).transpose()?.is_some_and(|wanted| !root.has_fingerprint(&wanted)) {
        let error = RootRefused::OtherFingerprint;
        return Err(Refusal::new(Exit::Tampering, "root-refused", error.to_string(), error.remedy()));
    }
    let file = read(log, EXPORT_BYTES_MAX)?;
    if let Some(origin) = export::origin(&file).filter(|origin| origin != root.log_name()) {
        let fact = format!("the log is of {}, and the root file of {}", origin.escape_debug(), root.log_name());
        return Err(Refusal::new(
            Exit::Refused,
            "other-authority",
            fact,
            "name the log and the root file of one authority",
        ));
    }
    let registry = export::read(&file, root, Signers::Witnesses)
        .map_err(|error| Refusal::new(Exit::Tampering, "log-refused", error.to_string(), error.remedy()))?;
    let mut entries = Vec::new();
    let mut text = Vec::new();
    for bytes in registry.leaves_from(0) {
        let Ok(leaf) = Leaf::parse(bytes) else { continue };
        let (act, fields) = (leaf.fields.kind.as_str(), &leaf.fields);
        let node = if fields.kind.is_about_registry() { String::new() } else { fields.node.to_hex() };
        text.push(format!("{:>7}  {}  {act:<9}  {}", fields.seq, utc::instant(fields.effective), node));
        entries.push(json!({"entry": fields.seq, "act": act, "node": node, "effective": fields.effective.0}));
    }
    let head = registry.checkpoint().map(|head| hex::encode(head.root)).unwrap_or_default();
    let signed = registry
        .head()
        .map(|head| Checkpoint::witnesses_of(&head.note, registry.root_at(head.size)))
        .unwrap_or_default();
    text.push(format!(
        "\n{} entries replay, and the signed head is theirs: root {head}, fingerprint {}, {} of {} needed witnesses",
        registry.size(),
        registry.root().fingerprint(),
        signed.len(),
        registry.root().witness_quorum(),
    ));
    let data = json!({
        "entries": entries, "size": registry.size(), "root": head, "witnessed_by": signed,
        "fingerprint": registry.root().fingerprint().to_string(),
        "timestamp": registry.newest_time().map(|time| time.0),
    });
    Ok(Answer { data, text: text.join("\n") })
}

/// Confirms or refuses the proof of a forked registry, with nothing but the file.
fn confirm(path: &Path, fingerprint: Option<&str>) -> Result<Answer, Refusal> {
    let fingerprint = fingerprint.map(wanted).transpose()?;
    let proof = ForkProof::parse(&read(path, FORK_BYTES_MAX)?)
        .map_err(|error| Refusal::new(Exit::Refused, "not-a-proof", error.to_string(), error.remedy()))?;
    let fork = proof.verify(fingerprint.as_ref()).map_err(|error| {
        let fact = format!("the proof shows nothing: {} does not hold", error.part);
        let remedy = "get the file again from the node that wrote it; if it stays so, no fork is proven";
        Refusal::new(Exit::Refused, "proof-invalid", fact, remedy)
    })?;
    Ok(Answer { data: data(&fork, fingerprint.is_some()), text: words(&fork, fingerprint.is_some()) })
}

fn wanted(text: &str) -> Result<Fingerprint, Refusal> {
    let refuse = || {
        let remedy = "type the 25 characters that the authority gives";
        Refusal::new(Exit::Usage, "usage", "this is no root fingerprint", remedy)
    };
    Fingerprint::parse(text).ok_or_else(refuse)
}

/// A file of at most so many bytes; a longer one is cut and then refused for its form.
pub(super) fn read(path: &Path, bytes_max: usize) -> Result<Vec<u8>, Refusal> {
    let limit = u64::try_from(bytes_max).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    let read = fs::File::open(path).and_then(|file| file.take(limit).read_to_end(&mut bytes));
    read.map_err(|error| {
        let fact = format!("{} cannot be read: {}", path.display(), error.kind());
        Refusal::new(Exit::Usage, "unreadable", fact, "check the path")
    })?;
    Ok(bytes)
}

fn data(fork: &Fork, compared: bool) -> Value {
    let head = |head: &SignedHead| {
        json!({
            "size": head.checkpoint.size,
            "root": hex::encode(head.checkpoint.root),
            "witnesses": head.witnesses,
            "root_version": head.versions.0,
        })
    };
    json!({
        "confirmed": true,
        "log": fork.log,
        "fingerprint": fork.fingerprint.to_string(),
        "fingerprint_compared": compared,
        "smaller": head(&fork.smaller),
        "larger": head(&fork.larger),
        "root_under_larger": hex::encode(fork.root_under_larger),
    })
}

fn words(fork: &Fork, compared: bool) -> String {
    let (smaller, larger) = (&fork.smaller.checkpoint, &fork.larger.checkpoint);
    let signed = |head: &SignedHead| match head.witnesses.as_slice() {
        [] => "no witness has signed it".to_owned(),
        names => format!("signed by the witnesses {}", names.join(", ")),
    };
    let whose = if compared { "it is the fingerprint that you gave" } else { "compare it by telephone" };
    let mut text = vec![
        "CONFIRMED: the log key of this authority has signed two registries that cannot both be true.".to_owned(),
        String::new(),
        format!("  log           {}", fork.log),
        format!("  fingerprint   {}: {whose}", fork.fingerprint),
        format!(
            "  one head      {} entries, root {}; {}",
            smaller.size,
            hex::encode(smaller.root),
            signed(&fork.smaller)
        ),
        format!("  the other     {} entries, root {}; {}", larger.size, hex::encode(larger.root), signed(&fork.larger)),
    ];
    if smaller.size < larger.size {
        let under = hex::encode(fork.root_under_larger);
        text.push(format!("  under it      the first {} entries have root {under}", smaller.size));
    }
    for head in [&fork.smaller, &fork.larger] {
        let (version, newest) = head.versions;
        if version < newest {
            let size = head.checkpoint.size;
            text.push(format!(
                "  replaced key  the head over {size} entries is signed by the log key of version {version} of {newest}: somebody may \
                 use it who has stolen it"
            ));
        }
    }
    let both: Vec<&str> =
        fork.smaller.witnesses.iter().filter(|name| fork.larger.witnesses.contains(name)).map(String::as_str).collect();
    if !both.is_empty() {
        text.push(format!("  broken too    {}: a witness must not sign both", both.join(", ")));
    }
    text.push(String::new());
    text.push(
        "It does not show which of the two is right, nor whether the authority did it or somebody who has its log key. \
         Whoever runs the authority: stop, find out who has the key, and replace it with `safeconduct-admin root rotate`. \
         Everybody else: do not enrol, do not approve, phone the authority and your partners, and pass the file on."
            .to_owned(),
    );
    text.join("\n")
}
