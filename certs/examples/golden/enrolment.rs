//! How a node enters: invitation code, safety words, sealed request, sealed answer.

use std::error::Error;

use safeconduct_certs::enrol::{
    answer::{Answer, InPlace},
    change::{ChangeRequest, NewChange},
    code::InviteCode,
    paper::PaperKey,
    request::{NewNode, Request},
    words::SafetyWords,
};
use safeconduct_certs::registry::succession::Succession;
use safeconduct_protocol::{
    crypto::{
        hash::{HashLabel, hash},
        kem::{KemSecret, open_once},
    },
    id::{LeafHash, MailboxId, RelayId},
};

use crate::{
    keys::{Counting, KEYS, NOW, kem, node, root, signing, tls},
    registry::directory_key,
    table::{File, Table},
};

/// What every sealed file says about its coins.
const COINS: &str = "The operating system's 64 bytes of the coins are 01 each; the hedge key is 32 zero bytes.";

/// All files of this module.
pub(crate) fn files() -> Result<Vec<File>, Box<dyn Error>> {
    Ok(vec![invitation()?, request()?, answer()?, change()?])
}

fn code() -> Result<InviteCode, Box<dyn Error>> {
    Ok(InviteCode::generate(root()?.fingerprint(), &mut Counting::default())?)
}

fn invitation() -> Result<File, Box<dyn Error>> {
    let mut table = Table::new(
        "Invitation code and safety words (docs/PROTOCOL.md §10)",
        &["Root fingerprint: that of root.txt. Safety words: of the identity key with seed 32 bytes 20."],
    );
    let code = code()?;
    table.value("secret", code.secret().reveal())?;
    table.value("root fingerprint, 125 bits left-aligned", code.root().as_bytes())?;
    table.value("invite id = H(invite-id, secret)[..16]", code.invite().as_bytes())?;
    let text = code.reveal();
    table.value(&format!("code {text}"), text.as_bytes())?;
    if InviteCode::parse(&text)?.secret().reveal() != code.secret().reveal() {
        return Err("the golden code does not read back".into());
    }
    let key = signing(0x20).verifying_key();
    table.value("identity public key", key.as_bytes())?;
    let digest = hash(HashLabel::SafetyWords, &[key.as_bytes()]);
    table.value("H(safety-words, identity public key)", &digest)?;
    let words = SafetyWords::of(&key).to_string();
    table.value(&format!("words {words}"), words.as_bytes())?;
    Ok(table.file("invitation.txt"))
}

/// The parts of a sealed object: `info`, what the coins commit to, the plaintext in its fields, and the bytes.
fn sealed(
    table: &mut Table,
    name: &str,
    (info, key): (&[u8], &KemSecret),
    bytes: &[u8],
    fields: &[(&str, usize)],
) -> Result<(), Box<dyn Error>> {
    let plain = open_once(key, info, &[], bytes)?;
    table.object(&format!("{name}: plaintext"), &plain, fields)?;
    table.value("info", info)?;
    table.value("H(encap, info || plaintext)", &hash(HashLabel::Encap, &[info, &plain]))?;
    table.object(
        &format!("{name}: sealed"),
        bytes,
        &[("enc: ML-KEM-768", 1_088), ("enc: X25519", 32), ("ciphertext", plain.len()), ("tag", 16)],
    )
}

fn request() -> Result<File, Box<dyn Error>> {
    let [seeds, nodes, ids] = KEYS;
    let mut table = Table::new(
        "Enrolment request of node A (docs/PROTOCOL.md §10)",
        &[seeds, nodes, ids, "Invitation: that of invitation.txt. X-Wing seed of the answer key: 32 bytes 25.", COINS],
    );
    let code = code()?;
    let new = NewNode {
        ik: &signing(0x20),
        succession: signing(0x21).verifying_key(),
        tls_spki: tls(0x22).spki_hash(),
        mailbox: MailboxId::from_bytes([0x24; 16]),
        answer_key: kem(0x25).public(),
        node_random: [0x23; 16],
        replaces: None,
    };
    let bytes = new.seal(&code, &kem(0xa8).public(), &mut Counting::default())?;
    let info = [b"safeconduct/v1 enrol\0".as_slice(), code.invite().as_bytes()].concat();
    sealed(
        &mut table,
        "request",
        (&info, &kem(0xa8)),
        &bytes,
        &[
            ("magic", 4),
            ("suite", 2),
            ("zero", 2),
            ("secret", 10),
            ("zero", 6),
            ("node id", 32),
            ("node id random", 16),
            ("IK", 32),
            ("succession public key", 32),
            ("TLS SPKI hash", 32),
            ("mailbox", 16),
            ("answer X-Wing key: ML-KEM-768", 1_184),
            ("answer X-Wing key: X25519", 32),
            ("signature by IK (enrol-request) over all before it", 64),
        ],
    )?;
    Request::open(&bytes, &code.invite(), &kem(0xa8))?;
    Ok(table.file("enrol-request.txt"))
}

fn answer() -> Result<File, Box<dyn Error>> {
    let mut table = Table::new(
        "Enrolment answers to node A (docs/PROTOCOL.md §10)",
        &[
            "Answer key: X-Wing seed 32 bytes 25. Directory key: 32 bytes d1. Request: that of enrol-request.txt.",
            COINS,
        ],
    );
    let (invite, node) = (code()?.invite(), node(0x20));
    let info = [b"safeconduct/v1 enrol-answer\0".as_slice(), invite.as_bytes(), node.as_bytes()].concat();
    let reason = "not this year";
    for (name, answer, reason) in
        [("approved", Answer::Approved(directory_key()), ""), ("rejected", Answer::Rejected(reason.to_owned()), reason)]
    {
        let bytes = answer.seal(&invite, &node, &kem(0x25).public(), &mut Counting::default())?;
        let fields =
            [("magic", 4), ("verdict", 1), ("zero", 3), ("directory key", 32), ("n", 2), ("reason", reason.len())];
        sealed(&mut table, name, (&info, &kem(0x25)), &bytes, &fields)?;
    }
    let place = InPlace { directory: directory_key(), node: self::node(0x30), from: NOW };
    let bytes = Answer::InPlace(place).seal(&invite, &node, &kem(0x25).public(), &mut Counting::default())?;
    let fields = [
        ("magic", 4),
        ("verdict", 1),
        ("zero", 3),
        ("directory key", 32),
        ("n", 2),
        ("node B's id", 32),
        ("in force from", 8),
    ];
    sealed(&mut table, "in the place of node B", (&info, &kem(0x25)), &bytes, &fields)?;
    Ok(table.file("enrol-answer.txt"))
}

/// Node A asks for a new identity key and a new place at relay 2; its succession key, which says yes, stays.
fn change() -> Result<File, Box<dyn Error>> {
    let [seeds, nodes, ids] = KEYS;
    let mut table = Table::new(
        "Change request of node A, and a succession key on paper (docs/PROTOCOL.md §10)",
        &[seeds, nodes, ids, COINS],
    );
    let succession = signing(0x21).verifying_key();
    let statement = Succession {
        node: node(0x20),
        ik: *signing(0x26).verifying_key().as_bytes(),
        succession: *succession.as_bytes(),
    };
    table.value("succession statement", &statement.to_bytes())?;
    let new = NewChange {
        node: node(0x20),
        follows: LeafHash::from_bytes([0x27; 32]),
        current: &signing(0x20),
        ik: &signing(0x26),
        succession,
        tls_spki: tls(0x22).spki_hash(),
        home_relay: RelayId(2),
        mailbox: MailboxId::from_bytes([0x24; 16]),
        statement: Some(statement.sign(&signing(0x21))),
    };
    let bytes = new.seal(&kem(0xa8).public(), &mut Counting::default())?;
    let info = [b"safeconduct/v1 change\0".as_slice(), node(0x20).as_bytes()].concat();
    sealed(
        &mut table,
        "change request",
        (&info, &kem(0xa8)),
        &bytes,
        &[
            ("magic", 4),
            ("suite", 2),
            ("statement", 1),
            ("zero", 1),
            ("node id", 32),
            ("hash of the node's newest leaf", 32),
            ("IK from then on", 32),
            ("succession public key from then on", 32),
            ("TLS SPKI hash", 32),
            ("home relay", 4),
            ("mailbox", 16),
            ("zero", 4),
            ("signature of the succession statement (key-succession)", 64),
            ("possession, by the IK in it (change-request) over all before it", 64),
            ("signature by the IK until now (change-request) over all before it", 64),
        ],
    )?;
    ChangeRequest::open(&bytes, &node(0x20), &kem(0xa8))?;
    let paper = PaperKey::generate(&mut Counting::default())?;
    table.value("seed on paper", paper.signing_key().seed().reveal())?;
    let text = paper.reveal();
    table.value(&format!("paper {}", *text), text.as_bytes())?;
    Ok(table.file("change-request.txt"))
}
