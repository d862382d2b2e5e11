//! Identifiers, signatures, and the signed objects that stand alone.

use std::error::Error;

use safeconduct_protocol::{
    crypto::{
        hash::{HashLabel, hash, hash16},
        kem::KemSecret,
        sign::{Label, SigningKey},
    },
    envelope::header::RegistryPoint,
    id::{EnvelopeDigest, MessageId, NodeId, PrekeyId, RelayId},
    prekey::record::{PrekeyKind, PrekeyRecord, PrekeyTerms},
    receipt::{
        chain::{ChainHead, Entry, EntryKind},
        head::{HeadPlace, NodeHead, state_commitment},
        node::{Delivered, DeliveredAt, SentMessage},
        relay::{RelayAccepted, RelayExpired},
        restore::{RestoreNotice, Restored},
        settle::{NackReason, SettleKind, Settlement},
    },
    secret::Secret,
    slot::SlotSecret,
    time::{Day, Timestamp},
};

use crate::table::{File, Table};

/// 2027-01-15 08:00:00 UTC.
pub(crate) const NOW: Timestamp = Timestamp(1_800_000_000);

/// The identity key that signs everything here: RFC 8032 seed of 32 bytes `01`.
pub(crate) fn identity() -> SigningKey {
    SigningKey::from_seed(Secret::new([0x01; 32]))
}

/// All files of this module.
pub(crate) fn files() -> Result<Vec<File>, Box<dyn Error>> {
    Ok(vec![
        ids()?,
        signatures()?,
        prekeys()?,
        settlements()?,
        relay_receipts()?,
        delivered()?,
        chain()?,
        node_head()?,
        restore_notice()?,
    ])
}

fn ids() -> Result<File, Box<dyn Error>> {
    let mut table = Table::new(
        "Identifiers (docs/PROTOCOL.md §2)",
        &["H(label, m) = SHA-256(\"safeconduct/v1 \" label || 00 || m)"],
    );
    let key = identity().verifying_key();
    let random = [0x02; 16];
    table.value("identity key seed", identity().seed().reveal())?;
    table.value("identity public key", key.as_bytes())?;
    table.value("node id random", &random)?;
    table.value("node id = H(node-id, public key || random)", &hash(HashLabel::NodeId, &[key.as_bytes(), &random]))?;
    table.value("key id = H(key-id, 01 || public key)", key.key_id().as_bytes())?;
    let slot = SlotSecret::from_bytes([0x03; 32]);
    table.value("slot secret", slot.as_bytes())?;
    table.value("slot id = H(slot, secret)[..16]", slot.id().as_bytes())?;
    let invite = [0x04; 10];
    table.value("invitation secret", &invite)?;
    table.value("invite id = H(invite-id, secret)[..16]", &hash16(HashLabel::InviteId, &[&invite]))?;
    Ok(table.file("ids.txt"))
}

fn signatures() -> Result<File, Box<dyn Error>> {
    let mut table = Table::new(
        "Labelled signatures (docs/PROTOCOL.md §6)",
        &[
            "Identity key seed: 32 bytes 01. Message: the six bytes \"golden\".",
            "Ed25519 over label || 00 || u32 length || message. Every label of the closed list.",
        ],
    );
    for label in Label::ALL {
        table.value(&format!("signed bytes, {}", label.as_str()), &label.framed(b"golden"))?;
        table.value("signature", identity().sign(label, b"golden").as_bytes())?;
    }
    Ok(table.file("signatures.txt"))
}

fn prekeys() -> Result<File, Box<dyn Error>> {
    let mut table = Table::new(
        "Prekey records (docs/PROTOCOL.md §6)",
        &["Identity key seed: 32 bytes 01. X-Wing seed: 32 bytes 05 (the seed is the key)."],
    );
    let secret = KemSecret::from_bytes(Secret::new([0x05; 32]));
    for (name, kind) in [("signed (last resort)", PrekeyKind::Signed), ("one-time", PrekeyKind::OneTime)] {
        let terms = PrekeyTerms {
            node: NodeId::from_bytes([0x06; 32]),
            kind,
            epoch: 7,
            not_before: NOW,
            not_after: NOW.after(30 * 86_400),
        };
        let record = PrekeyRecord::sign(&identity(), terms, &secret.public());
        table.object(
            name,
            record.as_bytes(),
            &[
                ("magic", 4),
                ("suite", 2),
                ("kind", 1),
                ("zero", 1),
                ("node id", 32),
                ("identity key id", 32),
                ("epoch", 8),
                ("not_before", 8),
                ("not_after", 8),
                ("X-Wing public key: ML-KEM-768", 1_184),
                ("X-Wing public key: X25519", 32),
                ("signature over 0..1312", 64),
            ],
        )?;
        table.value("prekey id = H(prekey-id, 0..1312)[..16]", record.id().as_bytes())?;
    }
    Ok(table.file("prekey-record.txt"))
}

fn settlements() -> Result<File, Box<dyn Error>> {
    let mut table =
        Table::new("Settlements: done and nack (docs/PROTOCOL.md §8)", &["Identity key seed: 32 bytes 01."]);
    let nack = |reason| SettleKind::Nack { prekey: PrekeyId::from_bytes([0x08; 16]), reason, epoch: 9 };
    let kinds = [
        ("done", SettleKind::Done),
        ("nack, unknown", nack(NackReason::Unknown)),
        ("nack, consumed", nack(NackReason::Consumed)),
        ("nack, expired", nack(NackReason::Expired)),
    ];
    for (name, kind) in kinds {
        let digest = EnvelopeDigest::from_bytes([0x0a; 32]);
        let settlement = Settlement::sign(&identity(), NodeId::from_bytes([0x06; 32]), digest, kind);
        table.object(
            name,
            settlement.as_bytes(),
            &[
                ("magic", 4),
                ("node id", 32),
                ("envelope digest", 32),
                ("prekey id", 16),
                ("reason", 1),
                ("zero", 3),
                ("epoch", 8),
                ("signature over 0..96", 64),
            ],
        )?;
    }
    Ok(table.file("settlement.txt"))
}

fn relay_receipts() -> Result<File, Box<dyn Error>> {
    let mut table = Table::new("What a relay signs (docs/PROTOCOL.md §8)", &["Relay key seed: 32 bytes 01."]);
    let digest = EnvelopeDigest::from_bytes([0x0a; 32]);
    let accepted = RelayAccepted::sign(&identity(), RelayId(1), digest, 16_384, NOW, Day(20_847));
    table.object(
        "relay-accepted",
        accepted.as_bytes(),
        &[
            ("magic", 4),
            ("relay id", 4),
            ("envelope digest", 32),
            ("size", 4),
            ("accepted_at", 8),
            ("expiry day", 4),
            ("signature over 0..56", 64),
        ],
    )?;
    let expired = RelayExpired::sign(&identity(), RelayId(1), digest, NOW);
    table.object(
        "relay-expired",
        expired.as_bytes(),
        &[("magic", 4), ("relay id", 4), ("envelope digest", 32), ("expired_at", 8), ("signature over 0..48", 64)],
    )?;
    Ok(table.file("relay-receipts.txt"))
}

/// The byte table of a `delivered` receipt.
pub(crate) const DELIVERED_FIELDS: [(&str, usize); 16] = [
    ("magic", 4),
    ("recipient node id", 32),
    ("recipient key id", 32),
    ("sender node id", 32),
    ("message id", 16),
    ("header hash", 32),
    ("content commitment", 32),
    ("envelope digest", 32),
    ("stored_at", 8),
    ("registry size", 8),
    ("registry root", 32),
    ("pair chain length", 8),
    ("pair chain head", 32),
    ("echo: pair chain length of the sender", 8),
    ("echo: its head", 32),
    ("signature over 0..340", 64),
];

fn delivered() -> Result<File, Box<dyn Error>> {
    let mut table = Table::new("delivered (docs/PROTOCOL.md §8)", &["Recipient identity key seed: 32 bytes 01."]);
    let about = SentMessage {
        sender: NodeId::from_bytes([0x0b; 32]),
        recipient: NodeId::from_bytes([0x06; 32]),
        message: MessageId::from_bytes([0x0c; 16]),
        header_hash: [0x0d; 32],
        content_commitment: [0x0e; 32],
        envelope: EnvelopeDigest::from_bytes([0x0a; 32]),
    };
    let at = DeliveredAt {
        stored_at: NOW,
        registry: RegistryPoint { size: 12, root: [0x0f; 32] },
        chain: ChainHead { length: 3, hash: [0x10; 32] },
        echo: Some(ChainHead { length: 5, hash: [0x11; 32] }),
    };
    let receipt = Delivered::sign(&identity(), about, at);
    table.object("delivered", receipt.as_bytes(), &DELIVERED_FIELDS)?;
    Ok(table.file("delivered.txt"))
}

fn chain() -> Result<File, Box<dyn Error>> {
    let mut table = Table::new(
        "Pair chain (docs/PROTOCOL.md §8)",
        &[
            "Own node id: 32 bytes 06. Partner: 32 bytes 0b. Epoch: 7. The body of entry n is n bytes ab.",
            "An entry's length counts what follows it: type, time and body.",
        ],
    );
    let mut head = ChainHead::start(&NodeId::from_bytes([0x06; 32]), &NodeId::from_bytes([0x0b; 32]), 7);
    table.value("head_0 = H(evidence, own || partner || epoch)", &head.hash)?;
    for kind in EntryKind::ALL {
        let body = vec![0xab; usize::from(kind.code())];
        let entry = Entry::new(kind, NOW.after(u64::from(kind.code())), &body)?;
        table.object(
            &format!("entry_{}: {kind:?}", kind.code()),
            entry.as_bytes(),
            &[("length", 4), ("type", 1), ("time", 8), ("body", body.len())],
        )?;
        head = head.then(&entry);
        table.value(&format!("head_{} = H(evidence, head before || SHA-256(entry))", head.length), &head.hash)?;
    }
    Ok(table.file("pair-chain.txt"))
}

fn node_head() -> Result<File, Box<dyn Error>> {
    let mut table = Table::new(
        "Node head (docs/PROTOCOL.md §8)",
        &["Identity key seed: 32 bytes 01. Salt: 32 bytes 12. State: 32 bytes 13; how a node makes it is its own."],
    );
    let commitment = state_commitment(&[0x12; 32], &[0x13; 32]);
    table.value("H(node-head, salt || state)", &commitment)?;
    let place = HeadPlace { epoch: 7, counter: 9 };
    let head = NodeHead::sign(&identity(), NodeId::from_bytes([0x06; 32]), place, Day(20_833), commitment);
    let fields = [
        ("magic", 4),
        ("node id", 32),
        ("identity key id", 32),
        ("epoch", 8),
        ("counter", 8),
        ("day", 4),
        ("zero", 4),
        ("commitment", 32),
        ("signature over 0..124", 64),
    ];
    table.object("node head", head.as_bytes(), &fields)?;
    Ok(table.file("node-head.txt"))
}

fn restore_notice() -> Result<File, Box<dyn Error>> {
    let mut table = Table::new("Restore notice (docs/PROTOCOL.md §8)", &["Identity key seed: 32 bytes 01."]);
    let says = Restored {
        node: NodeId::from_bytes([0x06; 32]),
        partner: NodeId::from_bytes([0x0b; 32]),
        epoch: 8,
        restored_at: NOW,
        copy_of: NOW.before(86_400),
        chain: ChainHead { length: 3, hash: [0x10; 32] },
    };
    let fields = [
        ("magic", 4),
        ("node id", 32),
        ("identity key id", 32),
        ("partner's node id", 32),
        ("epoch", 8),
        ("restored at", 8),
        ("copy of", 8),
        ("pair chain length", 8),
        ("pair chain head", 32),
        ("signature over 0..164", 64),
    ];
    table.object("restore notice", RestoreNotice::sign(&identity(), says).as_bytes(), &fields)?;
    Ok(table.file("restore-notice.txt"))
}
