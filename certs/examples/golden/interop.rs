//! The golden log as other tools read it: keys, a cosigned note, leaves and proofs. `tests/interop` verifies it with programs that
//! are not ours.

use std::error::Error;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use safeconduct_certs::log::{
    checkpoint::Checkpoint,
    merkle::{Tree, leaf_hash},
    note::{cosign, log_key_text, witness_key_text},
    proof::{ConsistencyProof, InclusionProof},
};
use safeconduct_protocol::{crypto::note::NoteKey, secret::Secret};
use serde_json::{Value, json};

use crate::{
    keys::{NOW, log_key},
    registry::registry,
    table::File,
};

const WITNESS: &str = "witness.example/one";

/// The file.
pub(crate) fn file() -> Result<File, Box<dyn Error>> {
    let registry = registry()?;
    let mut tree = Tree::new();
    let leaves: Vec<&[u8]> = registry.leaves_from(0).collect();
    for leaf in &leaves {
        tree.push(leaf_hash(leaf));
    }
    let (origin, witness) = (registry.root().log_name().to_owned(), NoteKey::from_seed(Secret::new([0xa9; 32])));
    let head = Checkpoint { origin: origin.clone(), size: tree.size(), root: tree.root() };
    let signed = head.sign(&log_key()).ok_or("the head cannot be signed")?;
    let note = cosign(&signed, WITNESS, &witness, NOW.0).ok_or("the head cannot be cosigned")?;
    let hashes = |path: &[[u8; 32]]| path.iter().map(|hash| STANDARD.encode(hash)).collect::<Vec<_>>();
    let mut inclusion: Vec<Value> = Vec::new();
    for index in 0..tree.size() {
        let proof = InclusionProof::make(&tree, index, tree.size()).ok_or("no proof")?;
        inclusion.push(json!({"index": index, "path": hashes(&proof.path)}));
    }
    let mut consistency: Vec<Value> = Vec::new();
    for size in 1..=tree.size() {
        let proof = ConsistencyProof::make(&tree, size, tree.size()).ok_or("no proof")?;
        let root = tree.root_at(size).ok_or("no root")?;
        consistency.push(json!({"size": size, "root": STANDARD.encode(root), "path": hashes(&proof.path)}));
    }
    let all = json!({
        "log_key": log_key_text(&origin, &log_key().verifier()),
        "witness_key": witness_key_text(WITNESS, &witness.verifier()),
        "cosigned_at": NOW.0,
        "note": String::from_utf8(note)?,
        "leaves": leaves.iter().map(|leaf| STANDARD.encode(leaf)).collect::<Vec<_>>(),
        "inclusion": inclusion,
        "consistency": consistency,
    });
    Ok(File { name: "c2sp.json", text: serde_json::to_string_pretty(&all)? + "\n" })
}
