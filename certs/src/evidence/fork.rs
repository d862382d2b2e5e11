//! Proof that one log key has signed two histories (`docs/PROTOCOL.md` §11): one JSON object that anyone verifies with
//! nothing but itself, neither log nor network nor passphrase.
//!
//! Two signed heads of one size with different roots contradict each other at once. Of two sizes, the file also holds
//! the root that the smaller log has under the larger head, with the RFC 6962 path from one to the other: whoever signed
//! the larger head has signed that root, and in the smaller head another one.
//!
//! The log key's signatures suffice. Witnesses do not make a contradiction true or false; which of them signed a head is
//! said, because one that signed both is broken too.

use safeconduct_protocol::crypto::hash::sha256;
use serde::{Deserialize, Serialize};

use super::{Invalid, bundle::Blob, strict};
use crate::{
    authority::root::{Fingerprint, RootFile},
    log::{
        checkpoint::Checkpoint,
        export::Signers,
        proof::{ConsistencyProof, PATH_HASHES_MAX},
    },
    registry::Registry,
};

/// The largest proof file that is read, in bytes: a chain of root files, two notes and a path, in base64.
pub const FORK_BYTES_MAX: usize = 256 * 1024;
const FORMAT: &str = "safeconduct.fork/1";

/// The file is no proof of this version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the file is no proof of a forked registry, or was changed")]
pub struct NotAProof;

impl NotAProof {
    /// What to do next.
    #[must_use]
    pub const fn remedy(self) -> &'static str {
        "get the file again from the node that wrote it; if it stays so, it proves nothing"
    }
}

/// The root that the smaller log has under the larger head.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct History {
    root: Blob,
    path: Vec<Blob>,
}

/// A proof that has the form of one. Nothing is verified yet: see [`ForkProof::verify`].
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ForkProof {
    format: String,
    root: Blob,
    smaller: Blob,
    larger: Blob,
    #[serde(default, deserialize_with = "strict::object_if_there", skip_serializing_if = "Option::is_none")]
    history: Option<History>,
}

/// One of the two heads.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SignedHead {
    /// What it states.
    pub checkpoint: Checkpoint,
    /// Witnesses of the root file that have signed it.
    pub witnesses: Vec<String>,
    /// The version of the root file whose log key has signed it, and the newest in the proof.
    pub versions: (u32, u32),
}

/// What a proof has shown.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fork {
    /// Of the authority's root file: compare it by telephone.
    pub fingerprint: Fingerprint,
    /// The log that was forked.
    pub log: String,
    /// The head over fewer entries, or the first of two over as many.
    pub smaller: SignedHead,
    /// The other.
    pub larger: SignedHead,
    /// Root over the smaller head's entries as the larger head has it.
    pub root_under_larger: [u8; 32],
}

impl ForkProof {
    /// Puts the proof together from a registry copy, the head that was accepted for it, and another head of the same log that
    /// it contradicts; `None` when they do not contradict each other, or the copy cannot show it.
    #[must_use]
    pub fn collect(registry: &Registry, ours: &[u8], theirs: &[u8]) -> Option<Self> {
        let root = registry.root();
        let open = |note| registry.open_note(note, Signers::Authority).ok();
        let (own, other) = (open(ours)?, open(theirs)?);
        let history = if other.size == own.size {
            None
        } else {
            let path = registry.consistency_proof(other.size, own.size)?.path;
            let under = registry.root_hash_at(other.size)?;
            Some(History { root: Blob(under.to_vec()), path: path.iter().map(|hash| Blob(hash.to_vec())).collect() })
        };
        let proof = Self {
            format: FORMAT.to_owned(),
            root: Blob(root.as_bytes().to_vec()),
            smaller: Blob(theirs.to_vec()),
            larger: Blob(ours.to_vec()),
            history,
        };
        proof.verify(None).is_ok().then_some(proof)
    }

    /// Reads a proof's form strictly: unknown and repeated members are refused, as is base64 that is not canonical.
    ///
    /// # Errors
    /// [`NotAProof`].
    pub fn parse(json: &[u8]) -> Result<Self, NotAProof> {
        if json.len() > FORK_BYTES_MAX {
            return Err(NotAProof);
        }
        let proof: Self = strict::from_slice(json).ok().ok_or(NotAProof)?;
        let path_fits = proof.history.as_ref().is_none_or(|history| history.path.len() <= PATH_HASHES_MAX);
        if proof.format == FORMAT && path_fits { Ok(proof) } else { Err(NotAProof) }
    }

    /// The proof as JSON text.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Structs of strings always serialise.
        serde_json::to_string_pretty(self).map(|text| text + "\n").unwrap_or_default()
    }

    /// A name for the proof's file, the same for the same two heads.
    #[must_use]
    pub fn file_name(&self) -> String {
        let [a, b, c, d, ..] = sha256(&[&self.smaller.0, &self.larger.0]);
        format!("fork-proof-{}.json", hex::encode([a, b, c, d]))
    }

    /// Verifies every part. With a fingerprint a version of the root file must have it; without, comparing it is left to the reader.
    ///
    /// # Errors
    /// [`Invalid`] with the first part that does not hold.
    pub fn verify(&self, fingerprint: Option<&Fingerprint>) -> Result<Fork, Invalid> {
        let root = RootFile::parse(&self.root.0).ok().ok_or(Invalid { part: "the root file" })?;
        if fingerprint.is_some_and(|wanted| !root.has_fingerprint(wanted)) {
            return Err(Invalid { part: "the root file's fingerprint" });
        }
        let smaller = open(&self.smaller.0, &root, "the smaller head")?;
        let larger = open(&self.larger.0, &root, "the larger head")?;
        let root_under_larger = self.root_under(&smaller.checkpoint, &larger.checkpoint)?;
        if root_under_larger == smaller.checkpoint.root {
            return Err(Invalid { part: "the contradiction" });
        }
        let (fingerprint, log) = (root.fingerprint(), root.log_name().to_owned());
        Ok(Fork { fingerprint, log, smaller, larger, root_under_larger })
    }

    /// The root over the smaller head's entries that the larger head implies.
    fn root_under(&self, smaller: &Checkpoint, larger: &Checkpoint) -> Result<[u8; 32], Invalid> {
        let bad = Invalid { part: "the path between the heads" };
        match &self.history {
            None if smaller.size == larger.size => Ok(larger.root),
            Some(history) if smaller.size < larger.size => {
                let under = history.root.0.as_slice().try_into().ok().ok_or(bad)?;
                let path: Option<Vec<[u8; 32]>> =
                    history.path.iter().map(|hash| hash.0.as_slice().try_into().ok()).collect();
                let proof = ConsistencyProof { from: smaller.size, to: larger.size, path: path.ok_or(bad)? };
                proof.verify(&under, &larger.root).ok().ok_or(bad)?;
                Ok(under)
            }
            _ => Err(bad),
        }
    }
}

fn open(note: &[u8], root: &RootFile, part: &'static str) -> Result<SignedHead, Invalid> {
    let (checkpoint, version) = Checkpoint::open_any(note, root, Signers::Authority).ok().ok_or(Invalid { part })?;
    let witnesses = Checkpoint::witnesses_of(note, version);
    Ok(SignedHead { checkpoint, witnesses, versions: (version.version(), root.version()) })
}

#[cfg(test)]
mod tests {
    use safeconduct_protocol::{id::NodeId, time::Timestamp};

    use super::*;
    use crate::{
        authority::root::RootFile,
        log::note::cosign,
        registry::gossip::{self, Gossip},
        testing::{Actor, Keys, NOW},
    };

    /// A log with these agencies after the relay, and a signed head over the first `size` entries of it.
    fn log(keys: &Keys, root: &RootFile, agencies: &[u8], size: u64) -> (Registry, Vec<u8>) {
        let mut registry = Registry::new(root.clone());
        registry.extend(&[Actor::new(1).add_relay(0).sign(&keys.registrar, None)]).unwrap();
        for (seq, seed) in (1..).zip(agencies) {
            registry.extend(&[Actor::new(*seed).add(seq).sign(&keys.registrar, None)]).unwrap();
        }
        let head = keys.head(&registry, size, NOW);
        registry.accept_head(&head, Timestamp(NOW.0)).unwrap();
        (registry, head.note)
    }

    fn forked(ours: u64, theirs: u64) -> ForkProof {
        let keys = Keys::new(9);
        let root = keys.root();
        let (registry, own) = log(&keys, &root, &[2, 3, 4, 5, 6, 7], ours);
        let (_, other) = log(&keys, &root, &[2, 13, 4, 5, 6, 7], theirs);
        ForkProof::collect(&registry, &own, &other).unwrap()
    }

    #[test]
    fn two_heads_of_any_sizes_prove_the_fork_to_a_stranger() {
        for ours in 3..=7 {
            for theirs in 3..=ours {
                let proof = ForkProof::parse(forked(ours, theirs).to_json().as_bytes()).unwrap();
                let fork = proof.verify(None).unwrap();
                assert_eq!((fork.smaller.checkpoint.size, fork.larger.checkpoint.size), (theirs, ours));
                assert_eq!(fork.log, "xa.test/registry");
                assert!(proof.verify(Some(&fork.fingerprint)).is_ok());
                let other = Keys::new(10).root().fingerprint();
                assert_eq!(proof.verify(Some(&other)).unwrap_err().part, "the root file's fingerprint");
            }
        }
    }

    #[test]
    fn an_honest_log_that_grew_proves_nothing_and_neither_does_a_head_of_another_log() {
        let keys = Keys::new(9);
        let root = keys.root();
        let (registry, own) = log(&keys, &root, &[2, 3, 4, 5], 5);
        for size in 1..=5 {
            let (_, earlier) = log(&keys, &root, &[2, 3, 4, 5], size);
            assert!(ForkProof::collect(&registry, &own, &earlier).is_none(), "{size}");
        }
        let stranger = Keys::new(10);
        let (_, foreign) = log(&stranger, &stranger.root(), &[2, 3, 4, 5], 4);
        assert!(ForkProof::collect(&registry, &own, &foreign).is_none());
    }

    #[test]
    fn every_changed_byte_of_a_proof_is_found() {
        for proof in [forked(7, 4), forked(6, 6)] {
            let mut json = proof.to_json().into_bytes();
            let fork = proof.verify(None).unwrap();
            for place in 0..json.len() {
                let kept = json[place];
                json[place] = if kept == b'A' { b'B' } else { b'A' };
                let verdict = ForkProof::parse(&json).ok().and_then(|bent| bent.verify(None).ok());
                // White space between members may change; nothing that is read may.
                assert!(
                    verdict.is_none() || verdict == Some(fork.clone()) && kept.is_ascii_whitespace(),
                    "byte {place}"
                );
                json[place] = kept;
            }
        }
    }

    #[test]
    fn parts_that_do_not_belong_together_are_refused_each_by_its_name() {
        let proof = forked(7, 4);
        let part = |proof: &ForkProof| proof.verify(None).unwrap_err().part;
        let swapped = ForkProof { smaller: proof.larger.clone(), larger: proof.smaller.clone(), ..proof.clone() };
        assert_eq!(part(&swapped), "the path between the heads");
        let without = ForkProof { history: None, ..proof.clone() };
        assert_eq!(part(&without), "the path between the heads");
        let twice = ForkProof { smaller: proof.larger.clone(), history: None, ..proof.clone() };
        assert_eq!(part(&twice), "the contradiction");
        let foreign = ForkProof { root: Blob(Keys::new(10).root().as_bytes().to_vec()), ..proof.clone() };
        assert_eq!(part(&foreign), "the smaller head");
        assert_eq!(part(&ForkProof { root: Blob(Vec::new()), ..proof.clone() }), "the root file");
        let json = proof.to_json();
        for bent in [json.replace("fork/1", "fork/2"), json.replacen('{', "{\"more\":1,", 1)] {
            assert!(ForkProof::parse(bent.as_bytes()).is_err());
        }
        assert!(ForkProof::parse(&vec![b' '; FORK_BYTES_MAX + 1]).is_err());
    }

    #[test]
    fn a_contradiction_in_gossip_brings_its_proof_and_needs_no_witness() {
        let keys = Keys::new(9);
        let witness = Keys::new(20).log;
        let mut draft = keys.draft();
        draft.witnesses = vec![("xb.example/witness".to_owned(), witness.verifier())];
        draft.witness_quorum = 1;
        let root = draft.sign(&[(0, &keys.roots[0]), (1, &keys.roots[1])]).unwrap();
        let mut registry = Registry::new(root.clone());
        registry.extend(&[Actor::new(1).add_relay(0).sign(&keys.registrar, None)]).unwrap();
        registry.extend(&[Actor::new(2).add(1).sign(&keys.registrar, None)]).unwrap();
        let mut head = keys.head(&registry, 2, NOW);
        head.note = cosign(&head.note, "xb.example/witness", &witness, NOW.0).unwrap();
        registry.accept_head(&head, NOW).unwrap();
        let mut other = Registry::new(root);
        other.extend(&[Actor::new(1).add_relay(0).sign(&keys.registrar, None)]).unwrap();
        other.extend(&[Actor::new(3).add(1).sign(&keys.registrar, None)]).unwrap();
        let bare = keys.head(&other, 2, NOW).note;

        let Gossip::Equivocation(found) = gossip::compare(&registry, &bare) else { panic!("a contradiction") };

        let fork = ForkProof::parse(&found.proof).unwrap().verify(None).unwrap();
        assert_eq!(fork.larger.witnesses, ["xb.example/witness"]);
        assert!(fork.smaller.witnesses.is_empty());
        assert!(registry.node(&NodeId::from_bytes([2; 32])).is_some());
    }

    #[test]
    fn a_proof_has_one_form() {
        let parse = |text: &str| ForkProof::parse(text.as_bytes()).is_ok();
        let heads = r#""root": "", "smaller": "", "larger": """#;
        assert!(parse(&format!(r#"{{"format": "{FORMAT}", {heads}}}"#)));
        assert!(parse(&format!(r#"{{"format": "{FORMAT}", {heads}, "history": {{"root": "", "path": []}}}}"#)));
        assert!(!parse(&format!(r#"{{"format": "{FORMAT}", {heads}, "history": null}}"#)));
        assert!(!parse(&format!(r#"{{"format": "{FORMAT}", {heads}, "history": ["", []]}}"#)));
        assert!(!parse(&format!(r#"["{FORMAT}", "", "", "", null]"#)));
        assert!(!parse(&format!(r#"{{"format": "{FORMAT}", {heads}}} {{}}"#)));
    }

    #[test]
    fn a_proof_has_the_same_name_wherever_it_is_written_and_another_fork_another_one() {
        let name = forked(7, 4).file_name();
        let digits = name.strip_prefix("fork-proof-").and_then(|name| name.strip_suffix(".json")).unwrap();
        assert!(digits.len() == 8 && digits.bytes().all(|digit| digit.is_ascii_hexdigit()), "{name}");
        assert_eq!(forked(7, 4).file_name(), name);
        assert_ne!(forked(7, 5).file_name(), name);
        assert_ne!(forked(6, 4).file_name(), name);
    }
}
