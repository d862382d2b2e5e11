//! The head that a sender acted on, beside the newest: what both verifiers name of one that does not hold.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use safeconduct_certs::log::{
    note::{cosign, sign},
    timestamp::LogTime,
};
use safeconduct_protocol::{crypto::sign::Label, time::Timestamp};
use serde_json::{Value, json};

use crate::{
    case::{Case, Golden},
    referral::{list, removed},
    signed::{key, note_key, without},
};

const REGISTRY: &str = "invalid: the registry that the sender acted on";
const EARLIER: &str = "invalid: the earlier checkpoint";
const EARLIER_TIME: &str = "invalid: the earlier timestamp";
const EARLIER_PATH: &str = "invalid: the path from the earlier checkpoint";
const EARLIER_SENDER: &str = "invalid: the sender's earlier entry";
const EARLIER_RECIPIENT: &str = "invalid: the recipient's earlier entry";

/// The head that the sender acted on: of before the change of the authority's keys.
pub(crate) fn of_a_message(rotated: &Golden) -> Vec<Case> {
    [notes(rotated), timestamps(rotated), paths(rotated), entries(rotated), named(rotated)]
        .into_iter()
        .flatten()
        .collect()
}

/// A head of the golden log, by the key of this seed.
fn head(text: &str, seed: u8) -> Vec<u8> {
    sign(text, "xa.example/registry", &note_key(seed)).unwrap()
}

fn notes(rotated: &Golden) -> Vec<Case> {
    let case = |name: &str, bytes: Vec<u8>, part| Case::new(name, bytes, part);
    let note = rotated.blob("/earlier/checkpoint");
    let text = format!("{}\n", core::str::from_utf8(&note).unwrap().split_once("\n\n").unwrap().0);
    let cosigned =
        |witness: &str, seed| rotated.put("/earlier/checkpoint", &cosign(&note, witness, &note_key(seed), 1).unwrap());
    vec![
        case("an earlier note with a changed letter", rotated.flip("/earlier/checkpoint", 0), EARLIER),
        case("an earlier note by another key", rotated.put("/earlier/checkpoint", &head(&text, 0xa5)), EARLIER),
        case("a stranger's signature in an earlier note", cosigned("a.stranger", 0xa9), EARLIER),
        case("a cosignature by another key in an earlier note", cosigned("witness.example/one", 0xa8), EARLIER),
    ]
}

fn timestamps(rotated: &Golden) -> Vec<Case> {
    let case = |name: &str, bytes: Vec<u8>, part| Case::new(name, bytes, part);
    let with = |name: &str, part, change: &dyn Fn(&mut Value)| Case::new(name, rotated.with(change), part);
    let raw = rotated.blob("/earlier/timestamp");
    let note = cosign(&rotated.blob("/earlier/checkpoint"), "a.stranger", &note_key(0xa9), 1).unwrap();
    let root: [u8; 32] = raw[16..48].try_into().unwrap();
    let time = Timestamp(1_800_000_060);
    let timed = |name: &str, size, root, seed| {
        let bytes = LogTime { size, root, time }.sign(&key(seed));
        case(name, rotated.put("/earlier/timestamp", &bytes), EARLIER_TIME)
    };
    vec![
        case("an earlier timestamp with a changed bit", rotated.flip("/earlier/timestamp", 60), EARLIER_TIME),
        timed("an earlier timestamp by the key of later", 11, root, 0xb6),
        timed("an earlier timestamp about fewer entries", 10, root, 0xa6),
        timed("an earlier timestamp about another root", 11, [7; 32], 0xa6),
        with("another one beside a stranger's signature", EARLIER_TIME, &|json| {
            json["earlier"]["checkpoint"] = STANDARD.encode(&note).into();
            json["earlier"]["timestamp"] = "".into();
        }),
        with("an earlier timestamp that is none", EARLIER_TIME, &|json| json["earlier"]["timestamp"] = "".into()),
    ]
}

fn paths(rotated: &Golden) -> Vec<Case> {
    let case = |name: &str, bytes: Vec<u8>, part| Case::new(name, bytes, part);
    let with = |name: &str, part, change: &dyn Fn(&mut Value)| Case::new(name, rotated.with(change), part);
    // Another history of so many entries, signed by the log key of before.
    let noted = |name: &str, size: u64| {
        let text = format!("xa.example/registry\n{size}\n{}\n", STANDARD.encode([7; 32]));
        with(name, EARLIER_PATH, &|json| {
            json["earlier"]["checkpoint"] = STANDARD.encode(head(&text, 0xa4)).into();
            without(&mut json["earlier"], &["timestamp"]);
        })
    };
    vec![
        case("another hash in the path between heads", rotated.flip("/earlier/path/0", 0), EARLIER_PATH),
        case(
            "a short hash in the path between heads",
            rotated.bytes("/earlier/path/0", |hash| hash.truncate(31)),
            EARLIER_PATH,
        ),
        with("no path between heads", EARLIER_PATH, &|json| json["earlier"]["path"] = json!([])),
        with("a path between heads with a hash more", EARLIER_PATH, &|json| {
            let hash = json["envelope_digest"].clone();
            json["earlier"]["path"].as_array_mut().unwrap().push(hash);
        }),
        noted("an earlier head of another history", 11),
        noted("an earlier head that is longer than the newest", 13),
    ]
}

fn entries(rotated: &Golden) -> Vec<Case> {
    let case = |name: &str, bytes: Vec<u8>, part| Case::new(name, bytes, part);
    let with = |name: &str, part, change: &dyn Fn(&mut Value)| Case::new(name, rotated.with(change), part);
    vec![
        case("an earlier leaf with a changed bit", rotated.flip("/earlier/sender/leaf", 100), EARLIER_SENDER),
        with("an earlier entry under another index", EARLIER_SENDER, &|json| {
            json["earlier"]["sender"]["index"] = 3.into()
        }),
        with("the path of the newest head for an earlier entry", EARLIER_SENDER, &|json| {
            json["earlier"]["sender"]["proof"] = json["sender"]["proof"].clone();
        }),
        with("the recipient as the sender of before", EARLIER_SENDER, &|json| {
            json["earlier"]["sender"] = json["earlier"]["recipient"].clone();
        }),
        case(
            "an earlier leaf of the recipient with a changed bit",
            rotated.flip("/earlier/recipient/leaf", 100),
            EARLIER_RECIPIENT,
        ),
        with("the sender as the recipient of before", EARLIER_RECIPIENT, &|json| {
            json["earlier"]["recipient"] = json["earlier"]["sender"].clone();
        }),
    ]
}

/// The message with this byte of its header changed, signed anew.
fn moved(rotated: &Golden, at: usize) -> Vec<u8> {
    let mut header = rotated.blob("/header");
    header[at] ^= 1;
    let signature = key(0x26).sign(Label::Message, &header);
    rotated.with(|json| {
        without(json, &["relay", "relay_accepted", "delivered", "envelope_digest"]);
        json["header"] = STANDARD.encode(&header).into();
        json["signature"] = STANDARD.encode(signature.as_bytes()).into();
    })
}

// The size stands at 180, the root after it.
const SIZE_END: usize = 187;
const ROOT: usize = 188;

fn named(rotated: &Golden) -> Vec<Case> {
    vec![Case::new(
        "a message that names another size than that of the earlier head",
        moved(rotated, SIZE_END),
        REGISTRY,
    )]
}

/// A root that the log never had, at the size of the earlier head and at that of the newest.
pub(crate) fn false_roots(plain: &Golden, rotated: &Golden) -> Vec<Case> {
    [("earlier", rotated), ("newest", plain)]
        .map(|(which, golden)| {
            let name = format!("a message that names another root than that of the {which} head");
            Case::new(&name, moved(golden, ROOT), "holds")
        })
        .into()
}

/// The head that the first revision names.
pub(crate) fn of_a_referral(golden: &Golden) -> Vec<Case> {
    let case = |name: &str, part, change: &dyn Fn(&mut Value)| Case::new(name, golden.with(change), part);
    vec![
        Case::new("an earlier note with a changed letter", golden.flip("/earlier/0/checkpoint", 0), EARLIER),
        Case::new(
            "an earlier cosignature with a changed bit",
            golden.bytes("/earlier/0/checkpoint", |note| {
                let last = note.len() - 5;
                note[last] = if note[last] == b'A' { b'B' } else { b'A' };
            }),
            EARLIER,
        ),
        case("an earlier head twice", EARLIER, &|json| {
            let one = json["earlier"][0].clone();
            list(json, "/earlier").push(one);
        }),
        Case::new("an earlier timestamp with a changed bit", golden.flip("/earlier/0/timestamp", 60), EARLIER_TIME),
        Case::new("another hash in the path between heads", golden.flip("/earlier/0/path/0", 0), EARLIER_PATH),
        Case::new("an earlier leaf with a changed bit", golden.flip("/earlier/0/sender/leaf", 100), EARLIER_SENDER),
        case("another node as the sender of before", EARLIER_SENDER, &|json| {
            json["earlier"][0]["sender"] = json["earlier"][0]["recipient"].clone();
        }),
        case("the sender as the recipient of before", EARLIER_RECIPIENT, &|json| {
            json["earlier"][0]["recipient"] = json["earlier"][0]["sender"].clone();
        }),
        case("an earlier head that no revision names", REGISTRY, &|json| {
            removed(json, "", &["details"]);
            json["events"] = json!([]);
            list(json, "/revisions").remove(0);
        }),
    ]
}
