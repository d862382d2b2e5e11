//! RFC 9180 A.2 (X25519, HKDF-SHA256, ChaCha20-Poly1305), all four modes, on the HPKE crate that the product calls:
//! its key schedule, export and AEAD are those of our suite, only the KEM differs.
//!
//! The file's messages stand at the sequence numbers 0, 1, 2, 4, 255 and 256 of one context, which their `seq_index`
//! says; their place in the list is not their sequence number.

use hpke::{
    Deserializable as _, Kem as _, OpModeR, OpModeS, PskBundle, Serializable as _, aead::ChaCha20Poly1305,
    kdf::HkdfSha256, kem::X25519HkdfSha256,
};
use rand_core::{Infallible, TryCryptoRng, TryRng};
use serde_json::Value;

use crate::files::{bytes, counted, json};

type PrivateKey = <X25519HkdfSha256 as hpke::Kem>::PrivateKey;
type PublicKey = <X25519HkdfSha256 as hpke::Kem>::PublicKey;

/// Gives a vector's `ikmE`, from which the crate derives the ephemeral key.
struct Prescribed(Vec<u8>);

impl TryRng for Prescribed {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        panic!("an encapsulation draws bytes")
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        panic!("an encapsulation draws bytes")
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        out.copy_from_slice(&self.0);
        Ok(())
    }
}

impl TryCryptoRng for Prescribed {}

/// Keys and pre-shared key of the sender, as far as the mode has them.
struct Extra {
    sender: Option<(PrivateKey, PublicKey)>,
    psk: Vec<u8>,
    psk_id: Vec<u8>,
}

impl Extra {
    fn of(vector: &Value) -> Self {
        let optional = |name: &str| vector[name].as_str().map(|text| hex::decode(text).unwrap());
        let sender = optional("skSm").map(|sk| {
            let sk = PrivateKey::from_bytes(&sk).unwrap();
            let pk = X25519HkdfSha256::sk_to_pk(&sk);
            (sk, pk)
        });
        Self { sender, psk: optional("psk").unwrap_or_default(), psk_id: optional("psk_id").unwrap_or_default() }
    }

    fn modes(&self, number: u64) -> (OpModeS<'_, X25519HkdfSha256>, OpModeR<'_, X25519HkdfSha256>) {
        let psk = || PskBundle::new(&self.psk, &self.psk_id).unwrap();
        let sender = || self.sender.clone().unwrap();
        match number {
            0 => (OpModeS::Base, OpModeR::Base),
            1 => (OpModeS::Psk(psk()), OpModeR::Psk(psk())),
            2 => (OpModeS::Auth(sender()), OpModeR::Auth(sender().1)),
            3 => (OpModeS::AuthPsk(sender(), psk()), OpModeR::AuthPsk(sender().1, psk())),
            other => panic!("mode {other}"),
        }
    }
}

/// Runs one vector; gives the sequence numbers at which its messages matched.
fn run(vector: &Value) -> Vec<u64> {
    let (info, enc) = (bytes(&vector["info"]), bytes(&vector["enc"]));
    let extra = Extra::of(vector);
    let (mode_s, mode_r) = extra.modes(vector["mode"].as_u64().unwrap());
    let sk = PrivateKey::from_bytes(&bytes(&vector["skRm"])).unwrap();
    let pk = PublicKey::from_bytes(&bytes(&vector["pkRm"])).unwrap();
    let mut coins = Prescribed(bytes(&vector["ikmE"]));

    let (made, mut sealing) =
        hpke::setup_sender_with_rng::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(&mode_s, &pk, &info, &mut coins)
            .unwrap();
    let mut opening =
        hpke::setup_receiver::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(&mode_r, &sk, &made, &info).unwrap();

    assert_eq!(made.to_bytes().as_slice(), enc);
    for export in vector["exports"].as_array().unwrap() {
        let mut output = vec![0; usize::try_from(export["L"].as_u64().unwrap()).unwrap()];
        opening.export(&bytes(&export["exporter_context"]), &mut output).unwrap();
        assert_eq!(output, bytes(&export["exported_value"]));
    }
    let messages = vector["encryptions"].as_array().unwrap();
    let last = messages.iter().map(|m| m["seq_index"].as_u64().unwrap()).max().unwrap();
    let mut matched = Vec::new();
    for sequence in 0..=last {
        let Some(message) = messages.iter().find(|m| m["seq_index"] == sequence) else {
            let filler = sealing.seal(b"filler", b"").unwrap();
            assert_eq!(opening.open(&filler, b"").unwrap(), b"filler");
            continue;
        };
        let (aad, pt, ct) = (bytes(&message["aad"]), bytes(&message["pt"]), bytes(&message["ct"]));
        assert_eq!(sealing.seal(&pt, &aad).unwrap(), ct, "sequence number {sequence}");
        assert_eq!(opening.open(&ct, &aad).unwrap(), pt, "sequence number {sequence}");
        matched.push(sequence);
    }
    matched
}

/// Trap 79.
#[test]
fn all_four_modes_match_at_their_sequence_numbers() {
    let vectors = json("rfc9180_x25519_hkdfsha256_chacha20poly1305.json");
    let mut ran = 0;

    for vector in vectors.as_array().unwrap() {
        let matched = run(vector);
        assert_eq!(matched, [0, 1, 2, 4, 255, 256], "an index in the list is not a sequence number");
        ran += matched.len();
    }

    counted("HPKE RFC 9180 X25519 ChaCha20-Poly1305", ran, 24);
}
