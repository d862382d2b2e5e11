//! The root file, a log of every kind of leaf, its head, and a directory record.

use std::error::Error;

use safeconduct_certs::{
    authority::root::{Proposal, RootDraft, RootFile},
    directory::{self, DirectoryKey, Record, RoleName},
    link::tls::spki_hash_of,
    log::{checkpoint::Checkpoint, timestamp::LogTime},
    node::{Exercise, Role, Roles},
    registry::{
        Registry,
        leaf::{Leaf, LeafFields, LeafKind, SUITES_1},
    },
};
use safeconduct_protocol::{
    crypto::{note::NoteKey, sign::SigningKey},
    frame::Head,
    id::{LeafHash, MailboxId, NodeId, RelayId},
    secret::Secret,
    time::Timestamp,
};

use crate::{
    keys::{Counting, KEYS, NOW, log_key, node, root, signing, tls},
    table::{File, Table},
};

/// All files of this module.
pub(crate) fn files() -> Result<Vec<File>, Box<dyn Error>> {
    Ok(vec![root_file()?, next_root_file()?, log()?, head()?, record()?])
}

fn root_file() -> Result<File, Box<dyn Error>> {
    let mut table = Table::new("Root file (docs/PROTOCOL.md §9)", &KEYS);
    let public = signing(0xa7).verifying_key();
    table.value("authority TLS public key", public.as_bytes())?;
    table.value("TLS SPKI hash = SHA-256(302a300506032b6570032100 || public key)", &spki_hash_of(public.as_bytes()))?;
    let root = root()?;
    table.object(
        "root file",
        root.as_bytes(),
        &[
            ("magic", 4),
            ("version", 4),
            ("threshold", 1),
            ("root keys", 1),
            ("root key 0", 32),
            ("root key 1", 32),
            ("root key 2", 32),
            ("country", 2),
            ("log name length", 1),
            ("log name: xa.example/registry", 19),
            ("log key", 32),
            ("registrar key", 32),
            ("timestamp key", 32),
            ("authority TLS SPKI hash", 32),
            ("enrolment X-Wing key: ML-KEM-768", 1_184),
            ("enrolment X-Wing key: X25519", 32),
            ("witness quorum", 1),
            ("witnesses", 1),
            ("witness 0 name length", 1),
            ("witness 0 name: witness.example/one", 19),
            ("witness 0 key", 32),
            ("min_suite", 2),
            ("made_at", 8),
            ("zero", 4),
            ("signatures", 1),
            ("key index", 1),
            ("signature over all before the signature count", 64),
            ("key index", 1),
            ("signature over all before the signature count", 64),
        ],
    )?;
    table.value("H(root, all before the signature count)", root.hash())?;
    let fingerprint = root.fingerprint();
    table.value(&format!("fingerprint, 125 bits left-aligned: {fingerprint}"), fingerprint.as_bytes())?;
    Ok(table.file("root.txt"))
}

/// The hash of the version before, and two lists of two signatures.
const NEXT_BYTES: usize = 32 + 2 * (1 + 2 * 65);

/// A version that follows, with other keys of log and timestamps and a quorum of its witness.
pub(crate) fn next_root() -> Result<RootFile, Box<dyn Error>> {
    let first = root()?;
    let draft = RootDraft {
        version: 2,
        log_key: NoteKey::from_seed(Secret::new([0xb4; 32])).verifier(),
        timestamp: signing(0xb6).verifying_key(),
        witness_quorum: 1,
        made_at: NOW.after(1),
        ..RootDraft::of(&first)
    };
    let mut proposal = Proposal::new(&draft, &first)?;
    for seed in [0xa2, 0xa3] {
        proposal.sign(&signing(seed));
    }
    Ok(proposal.complete()?)
}

fn next_root_file() -> Result<File, Box<dyn Error>> {
    let next = next_root()?;
    let mut table = Table::new(
        "Root file of two versions: what follows root.txt (docs/PROTOCOL.md §9)",
        &["Log key: seed 32 bytes b4; timestamp key: b6. Signed by the root keys a2 and a3, of both versions."],
    );
    let (same, end) =
        next.own_bytes().split_at_checked(next.own_bytes().len().saturating_sub(NEXT_BYTES)).ok_or("too short")?;
    table.value("magic, version, and all that a version 1 has too, up to zero", same)?;
    table.object(
        "what a later version has besides",
        end,
        &[
            ("root hash of the version before", 32),
            ("signatures by root keys of this version", 1),
            ("key index", 1),
            ("signature over all of this version before the first signature count", 64),
            ("key index", 1),
            ("signature over all of this version before the first signature count", 64),
            ("signatures by root keys of the version before", 1),
            ("key index", 1),
            ("signature over the same", 64),
            ("key index", 1),
            ("signature over the same", 64),
        ],
    )?;
    table.value("H(root, all of this version before the first signature count)", next.hash())?;
    let fingerprint = next.fingerprint();
    table.value(&format!("fingerprint, 125 bits left-aligned: {fingerprint}"), fingerprint.as_bytes())?;
    Ok(table.file("root-next.txt"))
}

/// A leaf of the golden log.
struct Step {
    name: &'static str,
    fields: LeafFields,
    second: Option<SigningKey>,
}

/// A leaf with what it is there for.
type Named = (&'static str, Vec<u8>);

/// The golden log: its registry and its leaves.
fn steps(root: RootFile) -> Result<(Registry, Vec<Named>), Box<dyn Error>> {
    let mut registry = Registry::new(root);
    let mut leaves = Vec::new();
    for place in 0_u8..11 {
        let step = step(&registry, place)?;
        let leaf = step.fields.sign(&signing(0xa5), step.second.as_ref());
        registry.extend(&[&leaf])?;
        leaves.push((step.name, leaf));
    }
    Ok((registry, leaves))
}

fn step(registry: &Registry, place: u8) -> Result<Step, Box<dyn Error>> {
    let plain = |name, fields| Step { name, fields, second: None };
    Ok(match place {
        0 => plain("add: a relay", add_relay(0x10, 0x15)),
        1 => plain("add: node A", add(registry, 0x20, record_of_a()?.1)),
        2 => plain("add: node B", add(registry, 0x30, [0x35; 32])),
        3 => plain("add: node C", add(registry, 0x40, [0x45; 32])),
        4 => {
            let mut fields = follow(registry, LeafKind::Change, 0x20)?;
            fields.ik = *signing(0x26).verifying_key().as_bytes();
            Step { name: "change: A's identity key, signed by its succession key", fields, second: Some(signing(0x21)) }
        }
        5 => plain("suspend: C", follow(registry, LeafKind::Suspend, 0x40)?),
        6 => plain("change: C is active again", follow(registry, LeafKind::Change, 0x40)?),
        7 => plain("revoke: C", follow(registry, LeafKind::Revoke, 0x40)?),
        8 => {
            let mut fields = follow(registry, LeafKind::Change, 0x30)?;
            fields.suites = 0b11;
            fields.ml_dsa = Some([0x38; 32]);
            plain("change: B announces suite 2", fields)
        }
        9 => {
            let mut fields = about_registry(LeafKind::Root, 9, LeafHash::from_bytes([0; 32]));
            fields.directory = *registry.root().hash();
            plain("root", fields)
        }
        _ => {
            let before = registry.leaf(9).ok_or("the root leaf is missing")?;
            let mut fields = about_registry(LeafKind::MinSuite, 10, Leaf::parse(before)?.hash());
            fields.suites = 2;
            plain("min_suite: 2", fields)
        }
    })
}

/// An agency at relay 1 as the next entry: identity key `first`, succession key, TLS key and mailbox the bytes after it.
pub(crate) fn add(registry: &Registry, first: u8, directory: [u8; 32]) -> LeafFields {
    LeafFields {
        kind: LeafKind::Add,
        seq: registry.size(),
        node: node(first),
        previous: LeafHash::from_bytes([0; 32]),
        effective: NOW,
        ik: *signing(first).verifying_key().as_bytes(),
        succession: *signing(first + 1).verifying_key().as_bytes(),
        tls_spki: tls(first + 2).spki_hash(),
        home_relay: RelayId(1),
        mailbox: MailboxId::from_bytes([first + 4; 16]),
        roles: Roles::agency(&[Role::NgoShelter], Exercise::No).map_or(0, Roles::bits),
        suites: SUITES_1,
        directory,
        ml_dsa: None,
        terms: None,
    }
}

/// Relay 1 as the first entry: identity key `first`, TLS key two higher.
pub(crate) fn add_relay(first: u8, directory: u8) -> LeafFields {
    LeafFields {
        kind: LeafKind::Add,
        ik: *signing(first).verifying_key().as_bytes(),
        node: node(first),
        tls_spki: tls(first + 2).spki_hash(),
        home_relay: RelayId(1),
        roles: Roles::RELAY.bits(),
        suites: SUITES_1,
        directory: [directory; 32],
        ..about_registry(LeafKind::Add, 0, LeafHash::from_bytes([0; 32]))
    }
}

fn follow(registry: &Registry, kind: LeafKind, first: u8) -> Result<LeafFields, Box<dyn Error>> {
    let later = NOW.after(u64::from(first));
    Ok(registry.next_entry(kind, &node(first), later).ok_or("the node is not in the golden log")?)
}

fn about_registry(kind: LeafKind, seq: u64, previous: LeafHash) -> LeafFields {
    LeafFields {
        kind,
        seq,
        node: NodeId::from_bytes([0; 32]),
        previous,
        effective: NOW,
        ik: [0; 32],
        succession: [0; 32],
        tls_spki: [0; 32],
        home_relay: RelayId(0),
        mailbox: MailboxId::from_bytes([0; 16]),
        roles: 0,
        suites: 0,
        directory: [0; 32],
        ml_dsa: None,
        terms: None,
    }
}

fn log() -> Result<File, Box<dyn Error>> {
    let mut table = Table::new("A log with every kind of leaf (docs/PROTOCOL.md §9)", &KEYS);
    let (registry, leaves) = steps(root()?)?;
    for (place, (name, bytes)) in (0_u64..).zip(&leaves) {
        let leaf = Leaf::parse(bytes)?;
        let mut fields = vec![
            ("type", 1),
            ("seq", 8),
            ("node id", 32),
            ("previous leaf hash of this node", 32),
            ("effective", 8),
            ("IK", 32),
            ("succession key", 32),
            ("TLS SPKI hash", 32),
            ("home relay", 4),
            ("mailbox", 16),
            ("roles", 4),
            ("suites", 4),
            ("directory commitment (root leaf: root file's hash)", 32),
        ];
        if leaf.fields.ml_dsa.is_some() {
            fields.push(("ML-DSA-65 key hash", 32));
        }
        fields.push(("registrar signature (node-record) over all before it", 64));
        if leaf.has_second_signature() {
            fields.push(("second signature (key-succession) over the succession statement", 64));
            let statement = leaf.fields.succession_statement();
            table.value(
                "succession statement = SCK1 || node id || new IK || new succession key",
                &statement.to_bytes(),
            )?;
        }
        table.object(&format!("leaf {place}, {name}"), bytes, &fields)?;
        table.value("leaf hash = SHA-256(00 || leaf)", leaf.hash().as_bytes())?;
        let size = place.saturating_add(1);
        table.value(&format!("root of {size}"), &registry.root_hash_at(size).ok_or("a root is missing")?)?;
    }
    let with_head = self::registry()?;
    for index in [0, 8, 10] {
        let proof = with_head.inclusion_proof(index).ok_or("a proof is missing")?;
        table.value(&format!("inclusion path of leaf {index} in 11 leaves, from below"), proof.path.as_flattened())?;
    }
    Ok(table.file("log.txt"))
}

/// The golden log with its head: a checkpoint of all leaves, and a timestamp a minute after [`NOW`].
pub(crate) fn registry() -> Result<Registry, Box<dyn Error>> {
    let (mut registry, _) = steps(root()?)?;
    let (size, root) = (registry.size(), registry.root_hash());
    let checkpoint = Checkpoint { origin: registry.root().log_name().to_owned(), size, root };
    let note = checkpoint.sign(&log_key()).ok_or("the log's name cannot name a key")?;
    let time: Timestamp = NOW.after(60);
    let timestamp = LogTime { size, root, time }.sign(&signing(0xa6));
    registry.accept_head(&Head { size, note, timestamp }, time)?;
    Ok(registry)
}

fn head() -> Result<File, Box<dyn Error>> {
    let mut table = Table::new("Checkpoint and timestamp of the log in log.txt (docs/PROTOCOL.md §9)", &KEYS);
    let registry = registry()?;
    let head = registry.head().ok_or("the golden log has no head")?;
    for line in String::from_utf8(head.note.clone())?.lines() {
        table.value(&format!("note line: {line}"), line.as_bytes())?;
    }
    table.value("note, whole", &head.note)?;
    table.object(
        "timestamp",
        &head.timestamp,
        &[("magic", 4), ("zero", 4), ("size", 8), ("root", 32), ("time", 8), ("signature over 0..56", 64)],
    )?;
    Ok(table.file("head.txt"))
}

/// Node A's directory record: sealed, and its commitment.
fn record_of_a() -> Result<(Vec<u8>, [u8; 32]), Box<dyn Error>> {
    Ok(directory::seal(&agency()?, &directory_key(), &node(0x20), &mut Counting::default())?)
}

fn agency() -> Result<Record, Box<dyn Error>> {
    Ok(Record::bare(
        "xa.harbour-house".parse()?,
        [("eng".to_owned(), "Harbour House".to_owned())].into(),
        "XA".to_owned(),
        vec![RoleName(Role::NgoShelter)],
        false,
    ))
}

/// The directory key of the golden registry.
pub(crate) fn directory_key() -> DirectoryKey {
    DirectoryKey::new(Secret::new([0xd1; 32]))
}

fn record() -> Result<File, Box<dyn Error>> {
    let mut table = Table::new(
        "Directory record (docs/PROTOCOL.md §9)",
        &["Directory key: 32 bytes d1. Node: A of log.txt. Salt: 32 bytes 01. Nonce: 24 bytes 02."],
    );
    let record = agency()?.to_bytes()?;
    table.value(&format!("record {}", String::from_utf8(record.clone())?), &record)?;
    let (sealed, commitment) = record_of_a()?;
    table.value("commitment = H(directory, salt || u32 n || record)", &commitment)?;
    let length = u32::try_from(record.len())?.to_be_bytes();
    let mut padded = [[1; 32].as_slice(), &length, &record].concat();
    padded.resize(directory::AGENCY_PADDED_BYTES, 0);
    let rest = directory::AGENCY_PADDED_BYTES.saturating_sub(36).saturating_sub(record.len());
    table.object("plaintext", &padded, &[("salt", 32), ("n", 4), ("record", record.len()), ("zero", rest)])?;
    table.value("additional data: node id of A", node(0x20).as_bytes())?;
    table.object("sealed record", &sealed, &[("nonce", 24), ("ciphertext", 2048), ("tag", 16)])?;
    let registry = registry()?;
    let state = registry.node(&node(0x20)).ok_or("node A is missing")?;
    if directory::open(&sealed, &directory_key(), state)? != agency()? {
        return Err("the golden record does not open".into());
    }
    Ok(table.file("directory-record.txt"))
}
