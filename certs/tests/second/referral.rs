//! The evidence of whole referrals: what holds, what is no bundle, and what says something else, also where the golden keys sign it.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use safeconduct_protocol::{
    crypto::{
        hash::{HashLabel, hash},
        sign::Label,
    },
    receipt::case::CaseEvent,
};
use serde_json::{Value, json};

use crate::{
    case::{Case, Golden, Reader},
    earlier, form,
    signed::{THEIRS, add_order, key, signed_anew, typed},
};

const NO_BUNDLE: &str = "malformed: the file is no evidence bundle of this version, or was changed";
pub(crate) const CASE_BYTES_MAX: usize = 4 * 1024 * 1024;
const ROOT: &str = "invalid: the root file";
const CHECKPOINT: &str = "invalid: the checkpoint";
const TIMESTAMP: &str = "invalid: the timestamp";
const FINGERPRINT: &str = "invalid: the root file's fingerprint";
const SENDER: &str = "invalid: the sender's entry";
const RECIPIENT: &str = "invalid: the recipient's entry";
const RELAY: &str = "invalid: the relay's entry";
const HEADER: &str = "invalid: the header";
const SIGNATURE: &str = "invalid: the sender's signature";
const SALT: &str = "invalid: the salt";
const CONTENT: &str = "invalid: the content";
const ACCEPTED: &str = "invalid: the relay's receipt";
const EXPIRED: &str = "invalid: the relay's notice of expiry";
const DIGEST: &str = "invalid: the envelope digest";
const DELIVERED: &str = "invalid: the recipient's receipt";
const REVISION: &str = "invalid: a revision";
const EVENT: &str = "invalid: an event";
const EVENT_SIGNATURE: &str = "invalid: an event's signature";
const ORDER: &str = "invalid: the order of events";
const MESSAGE: &str = "invalid: an event's message";
const DETAILS: &str = "invalid: an event's details";

/// Seeds: the sender's first key and the one after it, the recipient's, the relay's.
const FIRST: u8 = 0x20;
const NEXT: u8 = 0x26;
const RECIPIENTS: u8 = 0x30;
const RELAYS: u8 = 0x10;
/// The acts in the file: the sender's, then the recipient's.
const RAISED: usize = 0;
const OPENED: usize = 1;
const ACCEPTS: usize = 2;
const LAST: usize = 5;

fn golden() -> Golden {
    Golden::read("case-evidence.json")
}

fn border() -> Golden {
    Golden::read("case-evidence-border.json")
}

pub(crate) fn removed(json: &mut Value, at: &str, names: &[&str]) {
    for name in names {
        assert!(json.pointer_mut(at).unwrap().as_object_mut().unwrap().remove(*name).is_some(), "{name}");
    }
}

pub(crate) fn list<'j>(json: &'j mut Value, at: &str) -> &'j mut Vec<Value> {
    json.pointer_mut(at).unwrap().as_array_mut().unwrap()
}

/// The two golden files, and changes that say less.
pub(crate) fn that_hold() -> Vec<Case> {
    let (golden, border) = (golden(), border());
    let holds = |name: &str, bytes: Vec<u8>| Case::new(name, bytes, "holds");
    let with = |name: &str, change: &dyn Fn(&mut Value)| holds(name, golden.with(change));
    vec![
        holds("case-evidence.json", golden.text.clone().into_bytes()),
        holds("case-evidence-border.json", border.text.clone().into_bytes()),
        holds("the recipient's fingerprint", border.text.clone().into_bytes()).known(typed(THEIRS)),
        holds("our root file", golden.text.clone().into_bytes()).known(Reader::Root(golden.blob("/root"))),
        holds("as long as may be", padded(&golden.text, CASE_BYTES_MAX)),
        holds("without timestamp", golden.without("timestamp")),
        holds("without the head that a revision names", golden.without("earlier")),
        with("without its timestamp", &|json| removed(json, "/earlier/0", &["timestamp"])),
        holds("without details", golden.without("details")),
        with("without contents", &|json| {
            removed(json, "/revisions/0", &["opening"]);
            removed(json, "/revisions/1", &["opening"]);
        }),
        with("without the newest act", &|json| drop(list(json, "/events").pop())),
        with("without any act, and the sender's newest message", &|json| {
            json["events"] = json!([]);
            removed(json, "", &["details"]);
            list(json, "/revisions").pop();
            list(json, "/sender").pop();
        }),
        with("a revision that names a root which the log never had", &|json| {
            *json = serde_json::from_slice(&header(&golden, 1, |bytes| bytes[188] ^= 1)).unwrap();
            removed(json, "/revisions/1", &["relay_accepted", "relay_expired", "delivered", "envelope_digest"]);
        }),
        with("without the relay's notice", &|json| removed(json, "/revisions/1", &["relay_expired"])),
        holds("two acts under one number", twice(&golden)),
    ]
}

/// The newest act once more, with another time: neither counts, and both prove it.
fn twice(golden: &Golden) -> Vec<u8> {
    let first = golden.blob("/events/5");
    let other = signed_anew(&first, Label::CaseEvent, RECIPIENTS, |event| event[111] ^= 1);
    let mut both = [first, other];
    both.sort_by_key(|event| CaseEvent::parse(event).unwrap().hash());
    golden.with(|json| {
        let events = list(json, "/events");
        events.truncate(LAST);
        events.extend(both.iter().map(|event| STANDARD.encode(event).into()));
    })
}

/// White space after the end, to this length.
pub(crate) fn padded(text: &str, bytes: usize) -> Vec<u8> {
    format!("{text}{}", " ".repeat(bytes - text.len())).into_bytes()
}

/// What is refused before anything is verified.
pub(crate) fn of_another_form() -> Vec<Case> {
    let (golden, border) = (golden(), border());
    let case = |name: &str, change: &dyn Fn(&mut Value)| Case::new(name, golden.with(change), NO_BUNDLE);
    let needed =
        ["format", "root", "checkpoint", "sender", "recipient", "relays", "referral_id", "revisions", "events"];
    let mut cases: Vec<Case> =
        needed.map(|name| Case::new(&format!("without {name}"), golden.without(name), NO_BUNDLE)).into();
    cases.extend(
        ["timestamp", "abroad", "earlier", "details", "events", "revisions", "relays", "referral_id"]
            .map(|name| case(&format!("{name} is null"), &|json| json[name] = Value::Null)),
    );
    let of_revision = ["opening", "relay_accepted", "relay_expired", "delivered", "envelope_digest"];
    cases.extend(
        of_revision.map(|name| {
            case(&format!("a revision's {name} is null"), &|json| json["revisions"][0][name] = Value::Null)
        }),
    );
    cases.extend(form::of_a_referral(&golden, &border));
    cases
}

/// Each with the part that both must name.
pub(crate) fn that_do_not_hold() -> Vec<Case> {
    let (golden, border) = (golden(), border());
    let all = [
        grounds(&golden),
        entries(&golden, &border),
        earlier::of_a_referral(&golden),
        revisions(&golden),
        contents(&golden),
        receipts(&golden),
        layouts(&golden),
        acts(&golden),
        order(&golden),
        details(&golden),
    ];
    all.into_iter().flatten().collect()
}

fn grounds(golden: &Golden) -> Vec<Case> {
    vec![
        Case::new("a root file with a changed bit", golden.flip("/root", 12), ROOT),
        Case::new("a checkpoint with a changed letter", golden.flip("/checkpoint", 0), CHECKPOINT),
        Case::new("a timestamp with a changed bit", golden.flip("/timestamp", 60), TIMESTAMP),
        Case::new("another authority's fingerprint", golden.text.clone(), FINGERPRINT).known(typed(THEIRS)),
    ]
}

fn entries(golden: &Golden, border: &Golden) -> Vec<Case> {
    let case = |name: &str, part, change: &dyn Fn(&mut Value)| Case::new(name, golden.with(change), part);
    vec![
        case("a leaf with a changed bit", SENDER, &|json| {
            json["sender"][0]["leaf"] = json["sender"][1]["leaf"].clone();
        }),
        case("the sender's entries in another order", SENDER, &|json| list(json, "/sender").reverse()),
        case("an entry twice", SENDER, &|json| {
            let entry = json["sender"][1].clone();
            list(json, "/sender").push(entry);
        }),
        case("an entry of another node beside the sender's", SENDER, &|json| {
            let entry = json["recipient"][0].clone();
            list(json, "/sender").push(entry);
        }),
        case("without the sender's first key", SENDER, &|json| {
            removed(json, "", &["earlier"]);
            list(json, "/sender").remove(0);
        }),
        case("without the sender's second key", SENDER, &|json| drop(list(json, "/sender").remove(1))),
        case("the sender as the recipient", RECIPIENT, &|json| json["recipient"] = json["sender"].clone()),
        case("the relay as the recipient", RECIPIENT, &|json| {
            removed(json, "", &["earlier"]);
            json["recipient"] = json["relays"].clone();
        }),
        case("another index", RECIPIENT, &|json| json["recipient"][0]["index"] = 1.into()),
        case("a node as the relay", RELAY, &|json| json["relays"] = json["recipient"].clone()),
        case("a relay beside the one that is needed", RELAY, &|json| {
            let entry = json["recipient"][0].clone();
            list(json, "/relays").push(entry);
            list(json, "/relays").sort_by_key(|entry| entry["index"].as_u64());
        }),
        Case::new(
            "a key of the sender that has signed nothing",
            border.with(|json| json["sender"] = golden.json["sender"].clone()),
            SENDER,
        ),
        Case::new(
            "a recipient of the sender's log",
            border.with(|json| json["recipient"] = golden.json["recipient"].clone()),
            RECIPIENT,
        ),
    ]
}

/// A revision's header changed and signed anew, its receipts left out where they would only repeat it.
fn header(golden: &Golden, at: usize, change: impl FnOnce(&mut [u8])) -> Vec<u8> {
    let mut bytes = golden.blob(&format!("/revisions/{at}/header"));
    change(&mut bytes);
    let signature = key([FIRST, NEXT][at]).sign(Label::Message, &bytes);
    golden.with(|json| {
        json["revisions"][at]["header"] = STANDARD.encode(&bytes).into();
        json["revisions"][at]["signature"] = STANDARD.encode(signature.as_bytes()).into();
    })
}

fn revisions(golden: &Golden) -> Vec<Case> {
    let case = |name: &str, bytes: Vec<u8>, part| Case::new(name, bytes, part);
    vec![
        case("a header that is cut", golden.bytes("/revisions/0/header", |bytes| bytes.truncate(351)), HEADER),
        case("a header with a changed bit", golden.flip("/revisions/1/header", 4), SIGNATURE),
        case("a signature with a changed bit", golden.flip("/revisions/1/signature", 1), SIGNATURE),
        case(
            "a signature that is not canonical",
            golden.bytes("/revisions/0/signature", |bytes| add_order(bytes)),
            SIGNATURE,
        ),
        case("a header for another recipient", header(golden, 0, |bytes| bytes[84] ^= 1), RECIPIENT),
        case("a revision that is no referral", header(golden, 0, |bytes| bytes[2] = 5), REVISION),
        case("a revision twice", golden.with(|json| json["revisions"][1] = json["revisions"][0].clone()), REVISION),
        case(
            "a revision that an act is about is missing",
            golden.with(|json| drop(list(json, "/revisions").remove(0))),
            MESSAGE,
        ),
    ]
}

/// Another content of the first revision, committed to and signed; without the receipts that were about the one before.
fn content(golden: &Golden, content: &[u8]) -> Vec<u8> {
    let salt = golden.blob("/revisions/0/opening/salt");
    let length = u32::try_from(content.len()).unwrap().to_be_bytes();
    let commitment = hash(HashLabel::Content, &[&salt, &length, content]);
    let bytes = header(golden, 0, |bytes| bytes[220..252].copy_from_slice(&commitment));
    let mut json: Value = serde_json::from_slice(&bytes).unwrap();
    json["revisions"][0]["opening"]["content"] = STANDARD.encode(content).into();
    removed(&mut json, "/revisions/0", &["relay_accepted", "delivered", "envelope_digest"]);
    serde_json::to_vec(&json).unwrap()
}

fn contents(golden: &Golden) -> Vec<Case> {
    let text = String::from_utf8(golden.blob("/revisions/0/opening/content")).unwrap();
    let bent = |name: &str, from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        Case::new(name, content(golden, text.replacen(from, to, 1).as_bytes()), REVISION)
    };
    vec![
        Case::new("another salt", golden.flip("/revisions/0/opening/salt", 0), CONTENT),
        Case::new("a salt that is cut", golden.bytes("/revisions/0/opening/salt", |bytes| bytes.truncate(31)), SALT),
        Case::new("another content", golden.flip("/revisions/1/opening/content", 40), CONTENT),
        bent("the content of another referral", "7c01", "7c02"),
        bent("a content with white space", "{\"header\"", "{ \"header\""),
        bent("a content of another schema", "safeconduct.referral", "safeconduct.report"),
        bent("a content without a version", "referral/1", "referral/"),
        bent("a version with a zero before it", "referral/1", "referral/01"),
        bent("a number with a zero before it", "\"revision\":1,", "\"revision\":01,"),
        bent("a number of four digits", "\"revision\":1,", "\"revision\":1000,"),
        bent("a number that is a string", "\"revision\":1,", "\"revision\":\"1\","),
        bent("a revision after the one that follows it", "\"revision\":1,", "\"revision\":3,"),
        Case::new("a content that is empty", content(golden, b""), REVISION),
    ]
}

fn receipts(golden: &Golden) -> Vec<Case> {
    let again = |name: &str, at: &str, label, seed, part, change: &dyn Fn(&mut [u8])| {
        Case::new(name, golden.put(at, &signed_anew(&golden.blob(at), label, seed, change)), part)
    };
    let (accepted, expired, delivered) =
        ("/revisions/0/relay_accepted", "/revisions/1/relay_expired", "/revisions/1/delivered");
    vec![
        Case::new("a relay's receipt with a changed bit", golden.flip(accepted, 50), ACCEPTED),
        again("a receipt of another relay", accepted, Label::RelayAccepted, RELAYS, RELAY, &|bytes| bytes[7] = 2),
        again("a receipt for another envelope", accepted, Label::RelayAccepted, RELAYS, DIGEST, &|bytes| bytes[8] ^= 1),
        Case::new("a notice with a changed bit", golden.flip(expired, 45), EXPIRED),
        Case::new("a notice that is cut", golden.bytes(expired, |bytes| bytes.truncate(111)), EXPIRED),
        Case::new("a notice of another magic", golden.flip(expired, 3), EXPIRED),
        again("a notice by the recipient", expired, Label::RelayExpired, RECIPIENTS, EXPIRED, &|_same| ()),
        again("a notice signed as a receipt", expired, Label::RelayAccepted, RELAYS, EXPIRED, &|_same| ()),
        again("a notice of another relay", expired, Label::RelayExpired, RELAYS, RELAY, &|bytes| bytes[7] = 2),
        again("a notice about another envelope", expired, Label::RelayExpired, RELAYS, DIGEST, &|bytes| bytes[8] ^= 1),
        Case::new("a node's receipt with a changed bit", golden.flip(delivered, 219), DELIVERED),
        again("a receipt for another message", delivered, Label::ReceiptDelivered, RECIPIENTS, DELIVERED, &|bytes| {
            bytes[100] ^= 1;
        }),
        Case::new(
            "the receipts of two revisions exchanged",
            golden.with(|json| {
                let first = json["revisions"][0]["delivered"].take();
                json["revisions"][0]["delivered"] = json["revisions"][1]["delivered"].take();
                json["revisions"][1]["delivered"] = first;
            }),
            DELIVERED,
        ),
    ]
}

/// An act changed, and signed anew by a key under the label of what it was.
fn bent(golden: &Golden, at: usize, seed: u8, change: impl FnOnce(&mut [u8])) -> Vec<u8> {
    let place = format!("/events/{at}");
    let bytes = golden.blob(&place);
    let label = CaseEvent::parse(&bytes).unwrap().says().act.label();
    golden.put(&place, &signed_anew(&bytes, label, seed, change))
}

fn layouts(golden: &Golden) -> Vec<Case> {
    let case = |name: &str, at, change: &dyn Fn(&mut [u8])| {
        let seed = if at == RAISED { NEXT } else { RECIPIENTS };
        Case::new(name, bent(golden, at, seed, change), EVENT)
    };
    vec![
        Case::new("an act that is cut", golden.bytes("/events/1", |bytes| bytes.truncate(479)), EVENT),
        Case::new("an act with a byte more", golden.bytes("/events/1", |bytes| bytes.push(0)), EVENT),
        Case::new("an act that is empty", golden.put("/events/5", &[]), EVENT),
        case("an act of another magic", OPENED, &|bytes| bytes[3] ^= 1),
        case("an act that is not told", OPENED, &|bytes| bytes[4] = 2),
        case("an act of a later version", OPENED, &|bytes| bytes[4] = 25),
        case("an act with a code that it may not have", OPENED, &|bytes| bytes[5] = 1),
        case("an outcome that is none", 4, &|bytes| bytes[5] = 11),
        case("an outcome that is missing", 4, &|bytes| bytes[5] = 0),
        case("a level above three", RAISED, &|bytes| bytes[6] = 4),
        case("a level that the act may not have", OPENED, &|bytes| bytes[6] = 1),
        case("an unknown flag", OPENED, &|bytes| bytes[7] = 8),
        case("details that are not committed to", OPENED, &|bytes| bytes[7] |= 2),
        case("a commitment to no details", OPENED, &|bytes| bytes[320] = 1),
        case("a person's act without a person", OPENED, &|bytes| bytes[288..304].fill(0)),
        case("a node's act with a person", LAST, &|bytes| bytes[288] = 1),
        case("a number beyond the last", ACCEPTS, &|bytes| bytes[34] = 4),
        case("a first act that follows one", OPENED, &|bytes| bytes[40] = 1),
        case("a later act that follows none", ACCEPTS, &|bytes| bytes[40..72].fill(0)),
        case("an epoch that was seen of no act", OPENED, &|bytes| bytes[399] = 1),
        case("a hash that was seen of no act", OPENED, &|bytes| bytes[72] = 1),
        case("a number that was seen of no hash", 3, &|bytes| bytes[72..104].fill(0)),
        case("a successor of no escalation", OPENED, &|bytes| bytes[304] = 1),
        case("an act that is not zero where it should be", OPENED, &|bytes| bytes[415] = 1),
        case("an act of a node with itself", OPENED, &|bytes| {
            let signer: [u8; 32] = bytes[112..144].try_into().unwrap();
            bytes[176..208].copy_from_slice(&signer);
        }),
    ]
}

fn acts(golden: &Golden) -> Vec<Case> {
    let case = |name: &str, bytes: Vec<u8>, part| Case::new(name, bytes, part);
    let key_id = |seed: u8| hash(HashLabel::KeyId, &[&[1], key(seed).verifying_key().as_bytes()]);
    let of_relay = key_id(RELAYS);
    let other_label =
        |label| golden.put("/events/5", &signed_anew(&golden.blob("/events/5"), label, RECIPIENTS, |_same| ()));
    vec![
        case("an act on another referral", bent(golden, LAST, RECIPIENTS, |bytes| bytes[8] ^= 1), EVENT),
        case("an act of another signer", bent(golden, LAST, RECIPIENTS, |bytes| bytes[112] ^= 1), EVENT),
        case("an act towards another node", bent(golden, LAST, RECIPIENTS, |bytes| bytes[176] ^= 1), EVENT),
        case(
            "an act by a key that is not the recipient's",
            bent(golden, LAST, RELAYS, |bytes| bytes[144..176].copy_from_slice(&of_relay)),
            RECIPIENT,
        ),
        case(
            "an act by a key that is not the sender's",
            bent(golden, RAISED, RELAYS, |bytes| bytes[144..176].copy_from_slice(&of_relay)),
            SENDER,
        ),
        case("an act with a changed time", golden.flip("/events/5", 111), EVENT_SIGNATURE),
        case("an act with a changed signature", golden.flip("/events/1", 470), EVENT_SIGNATURE),
        case("an act signed by the other node", bent(golden, OPENED, NEXT, |_same| ()), EVENT_SIGNATURE),
        case("an act signed by the sender's key of before", bent(golden, RAISED, FIRST, |_same| ()), EVENT_SIGNATURE),
        case("an act signed as a receipt", other_label(Label::ReceiptDelivered), EVENT_SIGNATURE),
        case("an act signed as what a person read", other_label(Label::ReceiptRead), EVENT_SIGNATURE),
        case(
            "an act whose S is not canonical",
            golden.bytes("/events/1", |bytes| add_order(&mut bytes[416..])),
            EVENT_SIGNATURE,
        ),
        case("an act about another message", bent(golden, LAST, RECIPIENTS, |bytes| bytes[208] ^= 1), MESSAGE),
        case("an act about another content", bent(golden, LAST, RECIPIENTS, |bytes| bytes[256] ^= 1), MESSAGE),
        case(
            "an act about the other revision's content",
            bent(golden, LAST, RECIPIENTS, |bytes| bytes[208..224].fill(0x51)),
            MESSAGE,
        ),
    ]
}

fn order(golden: &Golden) -> Vec<Case> {
    let case = |name: &str, change: &dyn Fn(&mut Vec<Value>)| {
        let change = |json: &mut Value| {
            removed(json, "", &["details"]);
            change(list(json, "/events"));
        };
        Case::new(name, golden.with(change), ORDER)
    };
    let newest =
        |name: &str, change: &dyn Fn(&mut [u8])| Case::new(name, bent(golden, LAST, RECIPIENTS, change), ORDER);
    vec![
        case("two acts exchanged", &|events| events.swap(2, 3)),
        case("the recipient's acts before the sender's", &|events| events.rotate_left(1)),
        case("an act twice", &|events| events.insert(2, events[1].clone())),
        case("an act in the middle is missing", &|events| drop(events.remove(3))),
        case("the first act is missing", &|events| drop(events.remove(OPENED))),
        case("an act that the other side had seen is missing", &|events| drop(events.remove(RAISED))),
        newest("an act that skips a number", &|bytes| bytes[35] += 1),
        newest("an act after another than it names", &|bytes| bytes[40] ^= 1),
        newest("an act of an epoch before the last", &|bytes| bytes[31] = 0),
        newest("an act that has seen what is not there", &|bytes| bytes[72] ^= 1),
        newest("an act that has seen it in another epoch", &|bytes| bytes[399] ^= 2),
        newest("an act that has seen it under another number", &|bytes| bytes[39] += 1),
    ]
}

fn details(golden: &Golden) -> Vec<Case> {
    let case = |name: &str, change: &dyn Fn(&mut Value)| Case::new(name, golden.with(change), DETAILS);
    vec![
        Case::new("other details", golden.flip("/details/0/details", 3), DETAILS),
        Case::new("another salt of details", golden.flip("/details/0/salt", 3), DETAILS),
        Case::new(
            "a salt of details that is cut",
            golden.bytes("/details/0/salt", |bytes| bytes.truncate(31)),
            DETAILS,
        ),
        Case::new("details that are empty", golden.put("/details/0/details", &[]), DETAILS),
        Case::new("details that are too long", golden.put("/details/0/details", &[b'x'; 8193]), DETAILS),
        case("details of another act", &|json| json["details"][0]["event"] = 1.into()),
        case("details of an act that is not there", &|json| json["details"][0]["event"] = 6.into()),
        case("details twice", &|json| {
            let one = json["details"][0].clone();
            list(json, "/details").push(one);
        }),
    ]
}
