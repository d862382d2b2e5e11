//! One message and its receipt, from draft to envelope, every step shown.

use std::error::Error;

use chacha20::ChaCha20Rng;
use rand_core::{Rng as _, SeedableRng as _};
use safeconduct_protocol::{
    crypto::{
        coins::hkdf_sha256,
        hash::{HashLabel, hash},
        kem::{KemSecret, setup_receiver},
        sign::SigningKey,
    },
    entropy::{Entropy, NoEntropy},
    envelope::{
        content::encode_receipts,
        draft::{Draft, DraftParts, SealTerms},
        header::{ContentType, RegistryPoint, SignedHeader},
        reply::ReplyBlock,
        sealed::Sealed,
        target::Target,
    },
    id::{MailboxId, MessageId, NodeId, RelayId, SlotId},
    personal::Personal,
    prekey::record::{PrekeyContext, PrekeyKind, PrekeyRecord, PrekeyTerms},
    receipt::{
        chain::ChainHead,
        node::{Delivered, DeliveredAt, SentMessage},
    },
    secret::Secret,
    slot::SlotSecret,
};
use zeroize::Zeroizing;

use crate::{
    objects::{DELIVERED_FIELDS, NOW, identity},
    table::{File, Table},
};

const SENDER: NodeId = NodeId::from_bytes([0x0b; 32]);
const RECIPIENT: NodeId = NodeId::from_bytes([0x06; 32]);
const CONTENT: &[u8] = br#"{"golden":"a referral would stand here"}"#;
const NOTE: &[u8] = b"registry.example\n12\nAAAA\n\n\xe2\x80\x94 registry.example AAAA\n";

/// Operating system bytes: 00, 01, 02 …
struct Counting(u8);

impl Entropy for Counting {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), NoEntropy> {
        for byte in bytes {
            *byte = self.0;
            self.0 = self.0.wrapping_add(1);
        }
        Ok(())
    }
}

/// The sender's keys.
struct Sender {
    identity: SigningKey,
    hedge: Secret<32>,
    reply: KemSecret,
    slot: SlotSecret,
}

impl Sender {
    fn new() -> Self {
        Self {
            identity: SigningKey::from_seed(Secret::new([0x11; 32])),
            hedge: Secret::new([0x12; 32]),
            reply: KemSecret::from_bytes(Secret::new([0x13; 32])),
            slot: SlotSecret::from_bytes([0x14; 32]),
        }
    }

    fn block(&self) -> ReplyBlock {
        ReplyBlock::new(RelayId(1), self.slot.id(), NOW.after(44 * 86_400), self.reply.public())
    }
}

/// What a sealing gave.
struct Made {
    header: SignedHeader,
    sealed: Sealed,
    plaintext: Vec<u8>,
    info: Vec<u8>,
    binding: [u8; 32],
}

fn parts(content_type: ContentType, content: &[u8], message: u8, to: NodeId) -> DraftParts {
    DraftParts {
        content_type,
        content: Personal::new(Zeroizing::new(content.to_vec())),
        message: MessageId::from_bytes([message; 16]),
        created: NOW,
        salt: [0x15; 32],
        recipients: vec![to],
    }
}

/// Seals, then opens with the secret to show the plaintext.
fn make(draft: DraftParts, terms: &SealTerms<'_>, opens: &KemSecret) -> Result<Made, Box<dyn Error>> {
    let signed = Draft::resume(draft)?.sign(terms, &mut Counting(0))?;
    let header = signed.signed_header().clone();
    let sealed = signed.seal()?;
    let info = terms.target.info();
    let (aad, rest) = sealed.as_bytes().split_at(64);
    let (enc, ciphertext) = rest.split_first_chunk().ok_or("no encapsulated key")?;
    let context = setup_receiver(opens, enc, &info)?;
    let binding = context.binding()?;
    let plaintext = context.open(aad, ciphertext)?.to_vec();
    Ok(Made { header, sealed, plaintext, info, binding })
}

/// All files of this module.
pub(crate) fn files() -> Result<Vec<File>, Box<dyn Error>> {
    let sender = Sender::new();
    let recipient = KemSecret::from_bytes(Secret::new([0x05; 32]));
    let recipient_key = identity();
    let terms = PrekeyTerms {
        node: RECIPIENT,
        kind: PrekeyKind::OneTime,
        epoch: 7,
        not_before: NOW,
        not_after: NOW.after(30 * 86_400),
    };
    let record = PrekeyRecord::sign(&recipient_key, terms, &recipient.public());
    let registered = recipient_key.verifying_key();
    let checked = record.check(&PrekeyContext {
        node: RECIPIENT,
        identity: &registered,
        suite_min: 1,
        now: NOW,
        epoch_seen: 0,
        used: &|_| false,
    })?;
    let target = Target::prekey(&checked, MailboxId::from_bytes([0x16; 16]));
    let block = sender.block();
    let made = make(
        parts(ContentType::Referral, CONTENT, 0x0c, RECIPIENT),
        &SealTerms {
            target: &target,
            sender: SENDER,
            identity: &sender.identity,
            hedge: &sender.hedge,
            status_slot: SlotId::from_bytes([0x17; 16]),
            expiry: NOW.day().after(14),
            chain: ChainHead { length: 2, hash: [0x18; 32] },
            registry: RegistryPoint { size: 12, root: [0x0f; 32] },
            reply: Some(&block),
            checkpoint: NOTE,
        },
        &recipient,
    )?;
    Ok(vec![referral(&made, &sender, &block, &target)?, receipt(&made, &sender, &block)?])
}

const HEADER_FIELDS: [(&str, usize); 18] = [
    ("suite", 2),
    ("content type", 1),
    ("flags", 1),
    ("message id", 16),
    ("sender node id", 32),
    ("sender key id", 32),
    ("recipient node id", 32),
    ("prekey id", 16),
    ("created", 8),
    ("pair chain length", 8),
    ("pair chain head", 32),
    ("registry size", 8),
    ("registry root", 32),
    ("content commitment", 32),
    ("rest commitment", 32),
    ("binding", 32),
    ("recipients commitment", 32),
    ("zero", 4),
];

/// Fields of an inner plaintext with this content, reply block and note.
fn plaintext_fields(made: &Made, content: usize, reply: usize, note: usize) -> Vec<(&'static str, usize)> {
    let used = 352 + 64 + 32 + 4 + content + reply + 2 + note;
    vec![
        ("signed header", 352),
        ("signature, label message", 64),
        ("salt", 32),
        ("content length", 4),
        ("content", content),
        ("reply block", reply),
        ("note length", 2),
        ("checkpoint note", note),
        ("padding", made.plaintext.len().saturating_sub(used)),
    ]
}

fn envelope_fields(made: &Made) -> Vec<(&'static str, usize)> {
    vec![
        ("magic", 4),
        ("suite", 2),
        ("zero", 2),
        ("mailbox id or slot id", 16),
        ("prekey id or reply key id", 16),
        ("status slot", 16),
        ("expiry day", 4),
        ("zero", 4),
        ("enc: ML-KEM-768 ciphertext", 1_088),
        ("enc: X25519", 32),
        ("ciphertext", made.plaintext.len()),
        ("tag", 16),
    ]
}

/// The coins of an encapsulation, made here a second time from what the protocol says.
fn show_coins(table: &mut Table, made: &Made, sender: &Sender, target: &Target) -> Result<(), Box<dyn Error>> {
    let mut hashed = [target.key_id().as_bytes().as_slice(), &made.plaintext].concat();
    hashed.get_mut(16 + 284..16 + 316).ok_or("short plaintext")?.fill(0);
    hashed.drain(16 + 352..16 + 416);
    let info = hash(HashLabel::Encap, &[&hashed]);
    let mut os = [0; 64];
    Counting(0).fill(&mut os)?;
    let mut key = [0; 32];
    hkdf_sha256(Some(sender.hedge.reveal()), &os, &info, &mut key)?;
    let mut coins = [0; 64];
    ChaCha20Rng::from_seed(key).fill_bytes(&mut coins);
    table.value("coins: hedge key (HKDF salt)", sender.hedge.reveal())?;
    table.value("coins: operating system bytes (HKDF ikm)", &os)?;
    table.value("coins: H(encap, prekey id || plaintext, binding zero, signature left out) (HKDF info)", &info)?;
    table.value("coins: ChaCha20 key = HKDF-SHA256", &key)?;
    table.value("coins: first 64 bytes of the ChaCha20 key stream, nonce and counter zero", &coins)
}

fn referral(made: &Made, sender: &Sender, block: &ReplyBlock, target: &Target) -> Result<File, Box<dyn Error>> {
    let mut table = Table::new(
        "A message to a one-time prekey (docs/PROTOCOL.md §7)",
        &[
            "The prekey is the one-time record of prekey-record.txt. Sender identity key seed: 32 bytes 11.",
            "Reply key, X-Wing seed: 32 bytes 13. Reply slot secret: 32 bytes 14. Message id: 16 bytes 0c.",
            "In the order of sealing: reply block, coins, enc, binding, header, signature, plaintext, envelope.",
        ],
    );
    let block_fields = [
        ("reply relay id", 4),
        ("reply slot id", 16),
        ("not_after", 8),
        ("zero", 8),
        ("X-Wing public key: ML-KEM-768", 1_184),
        ("X-Wing public key: X25519", 32),
    ];
    table.object("reply block", block.as_bytes(), &block_fields)?;
    table.value("reply key id = H(reply-key-id, reply block)[..16]", block.id().as_bytes())?;
    show_coins(&mut table, made, sender, target)?;
    table.value("info", &made.info)?;
    table.value("binding = Export(\"safeconduct/v1 binding\", 32)", &made.binding)?;
    table.object("signed header", made.header.as_bytes(), &HEADER_FIELDS)?;
    table.value("header hash = H(header, signed header)", &made.header.hash())?;
    let fields = plaintext_fields(made, CONTENT.len(), 1_252, NOTE.len());
    table.object("inner plaintext", &made.plaintext, &fields)?;
    table.object("envelope", made.sealed.as_bytes(), &envelope_fields(made))?;
    table.value("envelope digest = H(envelope, all bytes)", made.sealed.digest().as_bytes())?;
    Ok(table.file("message.txt"))
}

fn receipt(made: &Made, sender: &Sender, block: &ReplyBlock) -> Result<File, Box<dyn Error>> {
    let mut table = Table::new(
        "The receipt message about it (docs/PROTOCOL.md §7, §8)",
        &[
            "Sealed to the reply block of message.txt by its recipient (identity key seed: 32 bytes 01, hedge key: 32 bytes",
            "19). Message id: 16 bytes 1a. Coins as in message.txt, with this plaintext.",
        ],
    );
    let at = DeliveredAt {
        stored_at: NOW.after(2),
        registry: RegistryPoint { size: 12, root: [0x0f; 32] },
        chain: ChainHead { length: 3, hash: [0x10; 32] },
        echo: None,
    };
    let delivered = Delivered::sign(&identity(), SentMessage::of(&made.header, made.sealed.digest()), at);
    let content = encode_receipts(&[delivered.as_bytes()])?;
    let target = Target::reply(block, SENDER, sender.identity.verifying_key().key_id());
    let answer = make(
        parts(ContentType::Receipt, &content, 0x1a, SENDER),
        &SealTerms {
            target: &target,
            sender: RECIPIENT,
            identity: &identity(),
            hedge: &Secret::new([0x19; 32]),
            status_slot: SlotId::from_bytes([0x1b; 16]),
            expiry: NOW.day().after(14),
            chain: ChainHead { length: 3, hash: [0x10; 32] },
            registry: RegistryPoint { size: 12, root: [0x0f; 32] },
            reply: None,
            checkpoint: &[],
        },
        &sender.reply,
    )?;
    table.object("delivered", delivered.as_bytes(), &DELIVERED_FIELDS)?;
    table.object("content", &content, &[("count", 1), ("length", 2), ("delivered", 404)])?;
    table.value("info", &answer.info)?;
    table.object("signed header", answer.header.as_bytes(), &HEADER_FIELDS)?;
    table.object("inner plaintext", &answer.plaintext, &plaintext_fields(&answer, content.len(), 0, 0))?;
    table.object("envelope", answer.sealed.as_bytes(), &envelope_fields(&answer))?;
    table.value("envelope digest = H(envelope, all bytes)", answer.sealed.digest().as_bytes())?;
    Ok(table.file("receipt-message.txt"))
}
