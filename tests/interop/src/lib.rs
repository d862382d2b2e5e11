//! `tests/vectors/own/c2sp.json`, which Safeconduct makes, read and verified by the C2SP implementation that runs public logs of
//! Certificate Transparency (`signed_note`, `tlog_tiles`): nothing of ours is used here.
//!
//! `cargo test --manifest-path tests/interop/Cargo.toml`

#![forbid(unsafe_code)]

#[cfg(test)]
mod tests {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    use ed25519_dalek::{Signature, VerifyingKey};
    use serde_json::Value;
    use signed_note::{Note, StandardVerifier, Verifier, VerifierList, key_id};
    use tlog_tiles::{Checkpoint, Hash, check_record, check_tree, record_hash};

    const VECTORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../vectors/own/c2sp.json");
    /// C2SP tlog-cosignature.
    const COSIGNATURE: u8 = 0x04;

    fn vectors() -> Value {
        serde_json::from_str(&std::fs::read_to_string(VECTORS).unwrap()).unwrap()
    }

    fn bytes(value: &Value) -> Vec<u8> {
        STANDARD.decode(value.as_str().unwrap()).unwrap()
    }

    fn hash(value: &Value) -> Hash {
        Hash(bytes(value).try_into().unwrap())
    }

    fn path(value: &Value) -> Vec<Hash> {
        value["path"].as_array().unwrap().iter().map(hash).collect()
    }

    /// A cosigner's key, as the specification says that it signs; the library knows logs' keys only.
    struct Cosigner {
        name: String,
        id: u32,
        key: VerifyingKey,
        at: u64,
    }

    impl Cosigner {
        fn new(vkey: &str, at: u64) -> Self {
            let mut parts = vkey.splitn(3, '+');
            let (name, id) = (parts.next().unwrap().to_owned(), u32::from_str_radix(parts.next().unwrap(), 16).unwrap());
            let encoded = STANDARD.decode(parts.next().unwrap()).unwrap();
            assert_eq!((encoded[0], key_id(&name, &encoded)), (COSIGNATURE, id));
            Self { key: VerifyingKey::from_bytes(encoded[1..].try_into().unwrap()).unwrap(), name, id, at }
        }
    }

    impl Verifier for Cosigner {
        fn name(&self) -> &str {
            &self.name
        }

        fn key_id(&self) -> u32 {
            self.id
        }

        fn verify(&self, msg: &[u8], sig: &[u8]) -> bool {
            let (time, signature) = sig.split_first_chunk::<8>().unwrap();
            let time = u64::from_be_bytes(*time);
            let signed = [format!("cosignature/v1\ntime {time}\n").as_bytes(), msg].concat();
            let signature = Signature::from_slice(signature).unwrap();
            time == self.at && self.key.verify_strict(&signed, &signature).is_ok()
        }
    }

    #[test]
    fn another_implementation_verifies_the_note_of_the_log_and_its_witness() {
        let vectors = vectors();
        let log = StandardVerifier::new(vectors["log_key"].as_str().unwrap()).unwrap();
        let cosigner =
            Cosigner::new(vectors["witness_key"].as_str().unwrap(), vectors["cosigned_at"].as_u64().unwrap());
        let known = VerifierList::new(vec![Box::new(log), Box::new(cosigner)]);

        let text = vectors["note"].as_str().unwrap();
        let note = Note::from_bytes(text.as_bytes()).unwrap();
        let (verified, unknown) = note.verify(&known).unwrap();

        assert_eq!((verified.len(), unknown.len()), (2, 0));
        assert_eq!(note.to_bytes(), text.as_bytes());
        let bent = text.replacen("registry", "registri", 1);
        assert!(Note::from_bytes(bent.as_bytes()).unwrap().verify(&known).is_err());
    }

    #[test]
    fn another_implementation_reads_the_checkpoint_and_checks_every_proof_against_it() {
        let vectors = vectors();
        let note = Note::from_bytes(vectors["note"].as_str().unwrap().as_bytes()).unwrap();
        let head = Checkpoint::from_bytes(note.text()).unwrap();
        let leaves = vectors["leaves"].as_array().unwrap();
        assert_eq!((head.size(), head.extension()), (leaves.len() as u64, ""));
        assert!(vectors["log_key"].as_str().unwrap().starts_with(head.origin()));

        for (proof, leaf) in vectors["inclusion"].as_array().unwrap().iter().zip(leaves) {
            let index = proof["index"].as_u64().unwrap();
            check_record(&path(proof), head.size(), *head.hash(), index, record_hash(&bytes(leaf))).unwrap();
            let other = record_hash(b"another leaf");
            assert!(check_record(&path(proof), head.size(), *head.hash(), index, other).is_err());
        }
        for proof in vectors["consistency"].as_array().unwrap() {
            let (size, root) = (proof["size"].as_u64().unwrap(), hash(&proof["root"]));
            check_tree(&path(proof), head.size(), *head.hash(), size, root).unwrap();
            assert!(check_tree(&path(proof), head.size(), *head.hash(), size, Hash([7; 32])).is_err());
        }
    }
}
