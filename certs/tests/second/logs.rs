//! Root files, heads and timestamps that say something else than they should.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use safeconduct_certs::log::{
    note::{cosign, sign},
    timestamp::LogTime,
};
use safeconduct_protocol::{crypto::sign::Label, time::Timestamp};

use crate::{
    case::{Case, Golden, Reader},
    signed::{Files, OUR_NEXT, THEIRS, key, note_key, typed},
};

const LOG_NAME: &str = "xa.example/registry";
const TIMESTAMP: &str = "invalid: the timestamp";
const CHECKPOINT: &str = "invalid: the checkpoint";
const FINGERPRINT: &str = "invalid: the root file's fingerprint";
const ROOT: &str = "invalid: the root file";
pub(crate) fn roots(files: &Files) -> Vec<Case> {
    let plain = &files.plain;
    let first = plain.blob("/root");
    let case = |name: &str, bytes: &[u8]| Case::new(name, plain.put("/root", bytes), ROOT);
    let signatures = first.len() - 131;
    let unsigned = |count: u8, rest: &[u8]| [&first[..signatures], &[count], rest].concat();
    let (one, two) = first[signatures + 1..].split_at(65);
    // A key that is no point, of small order, or not canonical, signed by those who could.
    let with_key = |bad: [u8; 32]| {
        let mut body = first[..signatures].to_vec();
        body[10..42].copy_from_slice(&bad);
        let signed = [0xa2_u8, 0xa3].map(|seed| key(seed).sign(Label::RootFile, &body));
        let [a, b] = signed.map(|signature| *signature.as_bytes());
        [body.as_slice(), &[2, 1], &a, &[2], &b].concat()
    };
    let signed_with = |at: usize, bytes: &[u8]| {
        let mut body = first[..signatures].to_vec();
        body[at..at + bytes.len()].copy_from_slice(bytes);
        let [a, b] = [0xa1_u8, 0xa3].map(|seed| *key(seed).sign(Label::RootFile, &body).as_bytes());
        [body.as_slice(), &[2, 0], &a, &[2], &b].concat()
    };
    // From the end: zero, made_at, min_suite; witness; the enrolment key lies before the quorum.
    let (min_suite, x25519) = (signatures - 14, signatures - 14 - 52 - 2 - 32);
    let ml_kem = x25519 - 1184;
    vec![
        case("a root file that is empty", &[]),
        case("a root file of another magic", &{
            let mut all = first.clone();
            all[3] ^= 1;
            all
        }),
        case("a root key with a changed bit", &{
            let mut all = first.clone();
            all[12] ^= 1;
            all
        }),
        case("a root signature with a changed bit", &{
            let mut all = first.clone();
            all[first.len() - 40] ^= 1;
            all
        }),
        case("a root file that is cut", &first[..first.len() - 1]),
        case("a root file with a byte more", &[first.as_slice(), &[0]].concat()),
        case("one root signature too few", &unsigned(1, one)),
        case("one root signature twice", &unsigned(2, &[one, one].concat())),
        case("root signatures in another order", &unsigned(2, &[two, one].concat())),
        case("a third root signature that does not verify", &unsigned(3, &[one, &[1], &[7; 64], two].concat())),
        case(
            "a root key of small order",
            &with_key({
                let mut point = [0; 32];
                point[0] = 1;
                point
            }),
        ),
        case(
            "a root key that is not canonical",
            &with_key({
                let mut point = [0xff; 32];
                point[31] = 0x7f;
                point
            }),
        ),
        case("a root key twice", &with_key(*key(0xa2).verifying_key().as_bytes())),
        case("a country in small letters", &signed_with(106, b"xa")),
        case("a least suite of zero", &signed_with(min_suite, &[0, 0])),
        case("an enrolment key that is no ML-KEM key", &signed_with(ml_kem, &[0xff; 3])),
        case("an enrolment key of low order", &signed_with(x25519, &[0; 32])),
        case("a quorum above the witnesses", &signed_with(x25519 + 32, &[2])),
    ]
}

pub(crate) fn root_versions(files: &Files) -> Vec<Case> {
    let Files { plain, rotated, border } = files;
    let (first, both) = (plain.blob("/root"), rotated.blob("/root"));
    let second = &both[first.len()..];
    let case = |name: &str, bytes: &[u8]| Case::new(name, plain.put("/root", bytes), ROOT);
    vec![
        case("a second version without the first", second),
        case("the first version twice", &[first.as_slice(), &first].concat()),
        case("the versions in another order", &[second, &first].concat()),
        case("a second version with a changed bit", &{
            let mut all = both.clone();
            all[first.len() + 100] ^= 1;
            all
        }),
        case("a second version without the signatures of the first's keys", &{
            let mut all = both[..both.len() - 131].to_vec();
            all.push(0);
            all
        }),
        Case::new("another authority's root file", plain.put("/root", &border.blob("/abroad/root")), CHECKPOINT),
    ]
}

pub(crate) fn known(files: &Files) -> Vec<Case> {
    let Files { plain, rotated, border } = files;
    let case = |name: &str, golden: &Golden, known| Case::new(name, golden.text.clone(), FINGERPRINT).known(known);
    vec![
        case("another authority's fingerprint", plain, typed(THEIRS)),
        case("a fingerprint of later", plain, typed(OUR_NEXT)),
        case("another authority's root file is known", plain, Reader::Root(border.blob("/abroad/root"))),
        case("a fingerprint of neither", border, typed("00000-00000-00000-00000-00000")),
        case("another authority's fingerprint, after a change of keys", rotated, typed(THEIRS)),
    ]
}

pub(crate) fn checkpoints(files: &Files) -> Vec<Case> {
    let Files { plain, rotated, .. } = files;
    let raw = plain.blob("/checkpoint");
    let note = String::from_utf8(raw.clone()).unwrap();
    let (text, line) = note.split_once("\n\n").unwrap();
    let root = text.lines().nth(2).unwrap();
    let case = |name: &str, note: &[u8]| Case::new(name, plain.put("/checkpoint", note), CHECKPOINT);
    let signed = |name: &str, text: &str| case(name, &sign(text, LOG_NAME, &note_key(0xa4)).unwrap());
    vec![
        case("a note that is empty", &[]),
        case("a note with a changed letter", &{
            let mut all = raw.clone();
            all[0] ^= 1;
            all
        }),
        case("a note of another size", note.replacen("\n11\n", "\n12\n", 1).as_bytes()),
        case("a note whose signature has a changed letter", note.replacen("Ezbw", "EzbA", 1).as_bytes()),
        case("a note without its last line end", note.trim_end().as_bytes()),
        case("a note with a line end more", format!("{note}\n").as_bytes()),
        case("a note with another line end", note.replace('\n', "\r\n").as_bytes()),
        case("a note without an empty line", note.replace("\n\n", "\n").as_bytes()),
        case("a note without signatures", format!("{text}\n\n").as_bytes()),
        case("a signature line twice", format!("{note}{line}").as_bytes()),
        case("a note of 17 signatures", &{
            let more = (0..16).map(|n| format!("\u{2014} stranger{n} {}\n", STANDARD.encode([7; 68])));
            format!("{note}{}", more.collect::<String>()).into_bytes()
        }),
        case("a hyphen in the place of a dash", note.replace('\u{2014}', "-").as_bytes()),
        case("a line of another name", note.replace("\u{2014} xa.", "\u{2014} xb.").as_bytes()),
        case("a line that is no base64", format!("{note}\u{2014} stranger x\n").as_bytes()),
        case("a note of 16385 bytes", format!("{note}\u{2014} stranger {}\n", STANDARD.encode([7; 12_150])).as_bytes()),
        case("a note by another key", &sign(&format!("{text}\n"), LOG_NAME, &note_key(0xa5)).unwrap()),
        signed("a signed note with an extension line", &format!("{text}\nextension\n")),
        signed("a signed note of another origin", &format!("xb.example/registry\n11\n{root}\n")),
        signed("a signed note with a zero before its size", &format!("{LOG_NAME}\n011\n{root}\n")),
        signed("a signed note with a sign before its size", &format!("{LOG_NAME}\n+11\n{root}\n")),
        signed("a signed note of a size above 64 bits", &format!("{LOG_NAME}\n18446744073709551627\n{root}\n")),
        signed("a signed note with a short root", &format!("{LOG_NAME}\n11\n{}\n", STANDARD.encode([0; 31]))),
        signed("a signed note with unused bits", &format!("{LOG_NAME}\n11\n{}\n", root.replacen("0=", "1=", 1))),
        signed("a signed note without a root", &format!("{LOG_NAME}\n11\n")),
        Case::new(
            "a head of later with the root file of before",
            rotated.put("/root", &plain.blob("/root")),
            CHECKPOINT,
        ),
    ]
}

pub(crate) fn cosignatures(files: &Files) -> Vec<Case> {
    let rotated = &files.rotated;
    let note = String::from_utf8(rotated.blob("/checkpoint")).unwrap();
    let (text, lines) = note.split_once("\n\n").unwrap();
    let log_line = lines.lines().next().unwrap();
    let alone = format!("{text}\n\n{log_line}\n");
    let case = |name: &str, note: &[u8]| Case::new(name, rotated.put("/checkpoint", note), CHECKPOINT);
    let cosigned = |name: &str, witness: &str, seed: u8| {
        case(name, &cosign(alone.as_bytes(), witness, &note_key(seed), 1).unwrap())
    };
    let late = cosign(alone.as_bytes(), "witness.example/one", &note_key(0xa9), u64::MAX).unwrap();
    let mut other_time = String::from_utf8(late).unwrap();
    let line = other_time.lines().last().unwrap().to_owned();
    let (start, encoded) = line.rsplit_once(' ').unwrap();
    let mut decoded = STANDARD.decode(encoded).unwrap();
    decoded[5] ^= 1;
    other_time = format!("{alone}{start} {}\n", STANDARD.encode(decoded));
    vec![
        case("a note without its witness", alone.as_bytes()),
        case("a cosignature of another time", other_time.as_bytes()),
        cosigned("a cosignature of a witness that is not named", "witness.example/three", 0xa9),
        cosigned("a cosignature by another key", "witness.example/one", 0xa8),
        // The log key's own signature in the form of a note is none of a witness.
        case("a witness that signs as a log", &{
            let other = sign(&format!("{text}\n"), "witness.example/one", &note_key(0xa9)).unwrap();
            let other = String::from_utf8(other).unwrap();
            format!("{alone}{}\n", other.lines().last().unwrap()).into_bytes()
        }),
    ]
}

pub(crate) fn timestamps(plain: &Golden) -> Vec<Case> {
    let raw = plain.blob("/timestamp");
    let root: [u8; 32] = raw[16..48].try_into().unwrap();
    let time = Timestamp(1_800_000_060);
    let case = |name: &str, bytes: &[u8]| Case::new(name, plain.put("/timestamp", bytes), TIMESTAMP);
    let nonzero = [&raw[..4], &[0, 0, 0, 1], &raw[8..56]].concat();
    let nonzero = [nonzero.as_slice(), key(0xa6).sign(Label::Timestamp, &nonzero).as_bytes()].concat();
    vec![
        Case::new("a timestamp of another time", plain.flip("/timestamp", 55), TIMESTAMP),
        Case::new("a timestamp with a changed signature", plain.flip("/timestamp", 60), TIMESTAMP),
        case("a timestamp that is cut", &raw[..119]),
        case("a timestamp with a byte more", &[raw.as_slice(), &[0]].concat()),
        case("a timestamp that is not zero where it should be", &nonzero),
        case("a timestamp by another key", &LogTime { size: 11, root, time }.sign(&key(0xa5))),
        case("a timestamp about a longer log", &LogTime { size: 12, root, time }.sign(&key(0xa6))),
        case("a timestamp about another root", &LogTime { size: 11, root: [7; 32], time }.sign(&key(0xa6))),
    ]
}
