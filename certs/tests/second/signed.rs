//! Bundles in which everything has the form it should have, and one part says something else; also where the keys of the golden
//! files sign it.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use safeconduct_certs::log::{
    checkpoint::Checkpoint,
    note::{cosign, sign},
    timestamp::LogTime,
};
use safeconduct_protocol::{
    crypto::{
        hash::{HashLabel, hash},
        note::NoteKey,
        sign::{Label, SigningKey},
    },
    secret::Secret,
    time::Timestamp,
};
use serde_json::{Value, json};

use crate::{
    case::{Case, Golden, Reader},
    earlier, logs,
};

const SENDER: &str = "invalid: the sender's entry";
const RECIPIENT: &str = "invalid: the recipient's entry";
const HEADER: &str = "invalid: the header";
const SIGNATURE: &str = "invalid: the sender's signature";
const SALT: &str = "invalid: the salt";
const CONTENT: &str = "invalid: the content";
const RELAY: &str = "invalid: the relay's entry";
const ACCEPTED: &str = "invalid: the relay's receipt";
const DIGEST: &str = "invalid: the envelope digest";
const DELIVERED: &str = "invalid: the recipient's receipt";
const THEIR_ROOT: &str = "invalid: the recipient's root file";
const THEIR_CHECKPOINT: &str = "invalid: the recipient's checkpoint";

/// Fingerprints of the golden root files: `root.txt`, `root-next.txt`, the other country's.
const OURS: &str = "PNBM2-FJ893-K4348-4KJG3-DZ7KR";
pub(crate) const OUR_NEXT: &str = "VGM1C-QT0HT-1FT8K-SX5M6-7TT0N";
pub(crate) const THEIRS: &str = "RR9A6-9D69Q-945Z0-8G2TH-CPWW4";
/// The bytes of the order of Ed25519's group, low ones first.
const ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

/// The three golden files.
pub(crate) struct Files {
    pub(crate) plain: Golden,
    pub(crate) rotated: Golden,
    pub(crate) border: Golden,
}

fn files() -> Files {
    let read = Golden::read;
    Files { plain: read("evidence.json"), rotated: read("evidence-rotated.json"), border: read("evidence-border.json") }
}

pub(crate) fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed(Secret::new([seed; 32]))
}

pub(crate) fn note_key(seed: u8) -> NoteKey {
    NoteKey::from_seed(Secret::new([seed; 32]))
}

pub(crate) fn typed(text: &str) -> Reader {
    Reader::Fingerprint(text.to_owned())
}

/// Golden files, and changes that say less or only other words.
pub(crate) fn that_hold() -> Vec<Case> {
    let Files { plain, rotated, border } = files();
    let holds = |name: &str, bytes: Vec<u8>| Case::new(name, bytes, "holds");
    let whole = |name: &str, golden: &Golden, known| holds(name, golden.text.clone().into_bytes()).known(known);
    let (root, next, theirs) = (plain.blob("/root"), rotated.blob("/root"), border.blob("/abroad/root"));
    let text = String::from_utf8(plain.blob("/checkpoint")).unwrap();
    let stranger = sign(&format!("{}\n", text.split_once("\n\n").unwrap().0), "a.stranger", &note_key(1)).unwrap();
    let stranger = String::from_utf8(stranger).unwrap();
    let stranger = stranger.lines().last().unwrap();
    let early = LogTime { size: 3, root: [7; 32], time: Timestamp(u64::MAX) }.sign(&key(0xa6));
    let mut cases = vec![
        whole("evidence.json", &plain, Reader::Nobody),
        whole("evidence.json, fingerprint", &plain, typed(OURS)),
        whole("fingerprint as people type it", &plain, typed(" pnbm2 fj893-K4348 4KJG3-DZ7KR")),
        whole("evidence.json, root file", &plain, Reader::Root(root.clone())),
        whole("evidence.json, newer root file", &plain, Reader::Root(next.clone())),
        whole("evidence-rotated.json", &rotated, Reader::Nobody),
        whole("evidence-rotated.json, fingerprint", &rotated, typed(OUR_NEXT)),
        whole("evidence-rotated.json, fingerprint of before", &rotated, typed(OURS)),
        whole("evidence-rotated.json, root file of before", &rotated, Reader::Root(root)),
        whole("evidence-border.json", &border, Reader::Nobody),
        whole("evidence-border.json, sender's fingerprint", &border, typed(OURS)),
        whole("evidence-border.json, recipient's fingerprint", &border, typed(THEIRS)),
        whole("evidence-border.json, recipient's root file", &border, Reader::Root(theirs)),
        holds("a head of before beside the newer root file", plain.put("/root", &next)),
        holds("a stranger's signature in the note", plain.put("/checkpoint", format!("{text}{stranger}\n").as_bytes())),
        holds("a timestamp about a shorter log", plain.put("/timestamp", &early)),
        holds("a word about a referral, without content and receipts", {
            let mut json: Value = serde_json::from_slice(&resigned(&plain, |header| header[2] = 5)).unwrap();
            without(&mut json, &[&RECEIPTS[..], &["opening"]].concat());
            serde_json::to_vec(&json).unwrap()
        }),
        holds("without timestamp", plain.without("timestamp")),
        holds("without the head that the sender acted on", rotated.without("earlier")),
        holds("without its timestamp", rotated.with(|json| without(&mut json["earlier"], &["timestamp"]))),
        holds("with a cosignature of its witness", {
            let note = rotated.blob("/earlier/checkpoint");
            rotated.put("/earlier/checkpoint", &cosign(&note, "witness.example/one", &note_key(0xa9), 7).unwrap())
        }),
        holds("without content", plain.without("opening")),
        holds("without delivered", plain.without("delivered")),
        holds("without the relay's receipt", plain.with(|json| without(json, &["relay", "relay_accepted"]))),
        holds("without any receipt", plain.with(|json| without(json, &RECEIPTS))),
    ];
    cases.extend(earlier::false_roots(&plain, &rotated));
    cases
}

const RECEIPTS: [&str; 4] = ["relay", "relay_accepted", "delivered", "envelope_digest"];

pub(crate) fn without(json: &mut Value, names: &[&str]) {
    for name in names {
        assert!(json.as_object_mut().unwrap().remove(*name).is_some());
    }
}

/// Each with the part that both must name.
pub(crate) fn that_do_not_hold() -> Vec<Case> {
    let files = files();
    [
        logs::roots(&files),
        logs::root_versions(&files),
        logs::known(&files),
        logs::checkpoints(&files),
        logs::cosignatures(&files),
        logs::timestamps(&files.plain),
        entries(&files.plain),
        headers(&files.plain),
        earlier::of_a_message(&files.rotated),
        contents(&files.plain),
        relay_receipts(&files.plain),
        delivered(&files.plain),
        abroad(&files),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn entries(plain: &Golden) -> Vec<Case> {
    let case = |name: &str, bytes: Vec<u8>, part| Case::new(name, bytes, part);
    let with = |change: &dyn Fn(&mut Value)| plain.with(change);
    let hash = &plain.json["envelope_digest"];
    vec![
        case("a leaf with a changed bit", plain.flip("/sender/leaf", 100), SENDER),
        case("a leaf with a changed registrar's signature", plain.flip("/sender/leaf", 240), SENDER),
        case("a leaf with a changed second signature", plain.flip("/sender/leaf", 310), SENDER),
        case("a leaf without its second signature", plain.bytes("/sender/leaf", |leaf| leaf.truncate(301)), SENDER),
        case("a leaf of an unknown type", plain.bytes("/sender/leaf", |leaf| leaf[0] = 10), SENDER),
        case("a leaf with a byte more", plain.bytes("/recipient/leaf", |leaf| leaf.push(0)), RECIPIENT),
        case("a leaf that is empty", plain.put("/relay/leaf", &[]), RELAY),
        case("another index", with(&|json| json["sender"]["index"] = 3.into()), SENDER),
        case("an index beyond the log", with(&|json| json["sender"]["index"] = 11.into()), SENDER),
        case("another hash in a path", plain.flip("/recipient/proof/1", 0), RECIPIENT),
        case("a hash of 31 bytes in a path", plain.bytes("/recipient/proof/0", |hash| hash.truncate(31)), RECIPIENT),
        case("a path that is empty", with(&|json| json["sender"]["proof"] = json!([])), SENDER),
        case(
            "a path without its last hash",
            with(&|json| {
                json["sender"]["proof"].as_array_mut().unwrap().pop().unwrap();
            }),
            SENDER,
        ),
        case(
            "a path with a hash more",
            with(&|json| json["sender"]["proof"].as_array_mut().unwrap().push(hash.clone())),
            SENDER,
        ),
        case("a path in another order", with(&|json| json["relay"]["proof"].as_array_mut().unwrap().reverse()), RELAY),
        case(
            "sender and recipient exchanged",
            with(&|json| {
                let sender = json["sender"].take();
                json["sender"] = json["recipient"].take();
                json["recipient"] = sender;
            }),
            SENDER,
        ),
        case(
            "the sender in the place of the recipient",
            with(&|json| json["recipient"] = json["sender"].clone()),
            RECIPIENT,
        ),
        case("the sender in the place of the relay", with(&|json| json["relay"] = json["sender"].clone()), RELAY),
        case("the relay in the place of the sender", with(&|json| json["sender"] = json["relay"].clone()), SENDER),
    ]
}

/// The bundle with another header, signed anew by the sender's key.
fn resigned(plain: &Golden, change: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut header = plain.blob("/header");
    change(&mut header);
    let signature = key(0x26).sign(Label::Message, &header);
    plain.with(|json| {
        json["header"] = STANDARD.encode(&header).into();
        json["signature"] = STANDARD.encode(signature.as_bytes()).into();
    })
}

fn headers(plain: &Golden) -> Vec<Case> {
    let case = |name: &str, bytes: Vec<u8>, part| Case::new(name, bytes, part);
    vec![
        case("a header that is cut", plain.bytes("/header", |header| header.truncate(351)), HEADER),
        case("a header with a byte more", plain.bytes("/header", |header| header.push(0)), HEADER),
        case("a header of type 7", resigned(plain, |header| header[2] = 7), HEADER),
        case("a header with an unknown flag", resigned(plain, |header| header[3] = 4), HEADER),
        case("a header that is not zero at its end", resigned(plain, |header| header[351] = 1), HEADER),
        case("a header of another sender", resigned(plain, |header| header[20] ^= 1), SENDER),
        case("a header with another key of the sender", resigned(plain, |header| header[52] ^= 1), SENDER),
        case("a header for another recipient", resigned(plain, |header| header[84] ^= 1), RECIPIENT),
        case("a header with a changed message id", plain.flip("/header", 4), SIGNATURE),
        case("a header with a changed suite", plain.flip("/header", 1), SIGNATURE),
        case(
            "a header signed for another purpose",
            {
                let signature = key(0x26).sign(Label::NodeRecord, &plain.blob("/header"));
                plain.put("/signature", signature.as_bytes())
            },
            SIGNATURE,
        ),
        case("a signature with a changed R", plain.flip("/signature", 1), SIGNATURE),
        case("a signature with a changed S", plain.flip("/signature", 40), SIGNATURE),
        case("a signature that is cut", plain.bytes("/signature", |signature| signature.truncate(63)), SIGNATURE),
        case(
            "a signature whose S is not canonical",
            plain.bytes("/signature", |signature| add_order(signature)),
            SIGNATURE,
        ),
        case(
            "a signature by another key",
            {
                let signature = key(0x20).sign(Label::Message, &plain.blob("/header"));
                plain.put("/signature", signature.as_bytes())
            },
            SIGNATURE,
        ),
    ]
}

/// The same S, written as S plus the order of the group.
pub(crate) fn add_order(signature: &mut [u8]) {
    let mut carry = 0;
    for (byte, add) in signature[32..].iter_mut().zip(ORDER) {
        let sum = u16::from(*byte) + u16::from(add) + carry;
        *byte = (sum & 0xff).try_into().unwrap();
        carry = sum >> 8;
    }
    assert_eq!(carry, 0);
}

fn contents(plain: &Golden) -> Vec<Case> {
    vec![
        Case::new("another salt", plain.flip("/opening/salt", 31), CONTENT),
        Case::new("a salt of 31 bytes", plain.bytes("/opening/salt", |salt| salt.truncate(31)), SALT),
        Case::new("a salt of 33 bytes", plain.bytes("/opening/salt", |salt| salt.push(0)), SALT),
        Case::new("another content", plain.flip("/opening/content", 0), CONTENT),
        Case::new("a content that is empty", plain.put("/opening/content", &[]), CONTENT),
        Case::new(
            "a byte moved from salt to content",
            plain.with(|json| {
                json["opening"] =
                    json!({ "salt": STANDARD.encode([4; 32]), "content": STANDARD.encode([4, b'{', b'}']) });
            }),
            CONTENT,
        ),
    ]
}

/// Changed bytes before the signature, signed anew.
pub(crate) fn signed_anew(bytes: &[u8], label: Label, seed: u8, change: impl FnOnce(&mut [u8])) -> Vec<u8> {
    let mut signed = bytes[..bytes.len() - 64].to_vec();
    change(&mut signed);
    let signature = key(seed).sign(label, &signed);
    [signed.as_slice(), signature.as_bytes()].concat()
}

fn relay_receipts(plain: &Golden) -> Vec<Case> {
    let at = "/relay_accepted";
    let raw = plain.blob(at);
    let again = |name: &str, label, seed, part, change: fn(&mut [u8])| {
        Case::new(name, plain.put(at, &signed_anew(&raw, label, seed, change)), part)
    };
    vec![
        Case::new("a relay's receipt of another time", plain.flip(at, 50), ACCEPTED),
        Case::new("a relay's receipt with a changed signature", plain.flip(at, 119), ACCEPTED),
        Case::new("a relay's receipt that is cut", plain.bytes(at, |receipt| receipt.truncate(119)), ACCEPTED),
        Case::new("a relay's receipt with a byte more", plain.bytes(at, |receipt| receipt.push(0)), ACCEPTED),
        Case::new("a relay's receipt of another magic", plain.flip(at, 3), ACCEPTED),
        Case::new(
            "a relay's receipt and the node's exchanged",
            plain.with(|json| {
                let accepted = json["relay_accepted"].take();
                json["relay_accepted"] = json["delivered"].take();
                json["delivered"] = accepted;
            }),
            ACCEPTED,
        ),
        again("a relay's receipt by another key", Label::RelayAccepted, 0x30, ACCEPTED, |_same| ()),
        again("a relay's receipt signed for another purpose", Label::RelayExpired, 0x10, ACCEPTED, |_same| ()),
        again("a receipt of another relay", Label::RelayAccepted, 0x10, RELAY, |signed| signed[7] = 2),
        again("a relay's receipt for another envelope", Label::RelayAccepted, 0x10, DIGEST, |signed| signed[8] ^= 1),
        Case::new("another envelope digest", plain.flip("/envelope_digest", 0), DIGEST),
        Case::new("an envelope digest that is cut", plain.bytes("/envelope_digest", |hash| hash.truncate(31)), DIGEST),
    ]
}

fn delivered(plain: &Golden) -> Vec<Case> {
    let at = "/delivered";
    let raw = plain.blob(at);
    let again = |name: &str, seed, change: &dyn Fn(&mut [u8])| {
        Case::new(name, plain.put(at, &signed_anew(&raw, Label::ReceiptDelivered, seed, change)), DELIVERED)
    };
    let only = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut digest = plain.blob("/envelope_digest");
        change(&mut digest);
        plain.with(|json| {
            without(json, &["relay", "relay_accepted"]);
            json["envelope_digest"] = STANDARD.encode(&digest).into();
        })
    };
    let other_key = hash(HashLabel::KeyId, &[&[1], key(0x20).verifying_key().as_bytes()]);
    vec![
        Case::new("a receipt of another time", plain.flip(at, 219), DELIVERED),
        Case::new("a receipt with a changed signature", plain.flip(at, 403), DELIVERED),
        Case::new("a receipt that is cut", plain.bytes(at, |receipt| receipt.truncate(403)), DELIVERED),
        Case::new("a receipt of another magic", plain.flip(at, 3), DELIVERED),
        again("a receipt by the sender", 0x20, &|_same| ()),
        again("a receipt by the sender that says so", 0x20, &|signed| signed[36..68].copy_from_slice(&other_key)),
        again("a receipt for another recipient", 0x30, &|signed| signed[4] ^= 1),
        again("a receipt with another key id", 0x30, &|signed| signed[36] ^= 1),
        again("a receipt for another sender", 0x30, &|signed| signed[68] ^= 1),
        again("a receipt for another message", 0x30, &|signed| signed[100] ^= 1),
        again("a receipt for another header", 0x30, &|signed| signed[116] ^= 1),
        again("a receipt for another content", 0x30, &|signed| signed[148] ^= 1),
        again("a receipt for another envelope", 0x30, &|signed| signed[180] ^= 1),
        again("an echo of no length with a head", 0x30, &|signed| signed[339] = 1),
        Case::new("another digest beside the node's receipt alone", only(&|digest| digest[0] ^= 1), DELIVERED),
        Case::new("a digest that is cut beside the node's receipt alone", only(&|digest| digest.truncate(31)), DIGEST),
    ]
}

fn abroad(files: &Files) -> Vec<Case> {
    let Files { plain, rotated, border } = files;
    let case = |name: &str, bytes: Vec<u8>, part| Case::new(name, bytes, part);
    let note = String::from_utf8(border.blob("/abroad/checkpoint")).unwrap();
    let mut lines: Vec<&str> = note.lines().collect();
    lines.pop().unwrap();
    let checkpoint = Checkpoint { origin: "xb.example/registry".to_owned(), size: 2, root: [7; 32] };
    let stolen = checkpoint.sign(&note_key(0xa4)).unwrap();
    let own = |other: &Golden| {
        border.with(|json| {
            json["abroad"] = json!({ "root": other.json["root"], "checkpoint": other.json["checkpoint"] });
        })
    };
    vec![
        case("without the other authority", border.without("abroad"), RECIPIENT),
        case(
            "another authority that is not needed",
            plain.with(|json| {
                json["abroad"] = border.json["abroad"].clone();
            }),
            RECIPIENT,
        ),
        case("a changed root file of the recipient's authority", border.flip("/abroad/root", 40), THEIR_ROOT),
        case("the sender's authority as the recipient's", own(plain), THEIR_ROOT),
        case("the sender's authority under its newer root file", own(rotated), THEIR_ROOT),
        case(
            "a changed checkpoint of the recipient's authority",
            border.flip("/abroad/checkpoint", 9),
            THEIR_CHECKPOINT,
        ),
        case(
            "their checkpoint without its witness",
            border.put("/abroad/checkpoint", (lines.join("\n") + "\n").as_bytes()),
            THEIR_CHECKPOINT,
        ),
        case("their checkpoint by another log key", border.put("/abroad/checkpoint", &stolen), THEIR_CHECKPOINT),
        case(
            "the checkpoints exchanged",
            border.with(|json| {
                let checkpoint = json["checkpoint"].take();
                json["checkpoint"] = json["abroad"]["checkpoint"].take();
                json["abroad"]["checkpoint"] = checkpoint;
            }),
            THEIR_CHECKPOINT,
        ),
        case(
            "a recipient of the sender's log",
            border.with(|json| {
                json["recipient"] = plain.json["recipient"].clone();
            }),
            RECIPIENT,
        ),
        case("a relay of the sender's log", border.with(|json| json["relay"] = plain.json["relay"].clone()), RELAY),
    ]
}
