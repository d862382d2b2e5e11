//! Evidence bundles with both receipts: node A's message to node B in the golden log, with the content; the same, exported after a
//! change of the authority's keys; and one to node D, of another country's authority.

use std::error::Error;

use safeconduct_certs::{
    authority::root::RootFile,
    evidence::{Bundle, Known, Parts, verify},
    log::{checkpoint::Checkpoint, note::cosign, timestamp::LogTime},
    registry::{
        Registry,
        leaf::{LeafFields, LeafKind},
    },
};
use safeconduct_protocol::{
    crypto::{
        note::NoteKey,
        sign::{Label, SigningKey},
    },
    envelope::header::{ContentType, Header, KeyFlag, RegistryPoint, ReplyFlag, SignedHeader, content_commitment},
    frame::Head,
    id::{EnvelopeDigest, MessageId, PrekeyId, RelayId},
    receipt::{
        chain::ChainHead,
        node::{Delivered, DeliveredAt, SentMessage},
        relay::RelayAccepted,
    },
    secret::Secret,
    time::Day,
};

use crate::{
    keys::{NOW, node, other_root, signing, witness_key},
    registry::{add, add_relay, next_root, registry},
    table::File,
};

const SALT: [u8; 32] = [0x04; 32];
const CONTENT: &[u8] = b"{}";
const ENVELOPE: EnvelopeDigest = EnvelopeDigest::from_bytes([0x0a; 32]);

/// A message from node A with its receipts.
struct Case {
    header: SignedHeader,
    accepted: RelayAccepted,
    delivered: Delivered,
}

/// The golden bundles; the generator fails unless everything in them is proven that can be.
pub(crate) fn files() -> Result<Vec<File>, Box<dyn Error>> {
    let own = registry()?;
    let case = Case::new(&own, 0x30, 0x10)?;
    let one = file("evidence.json", &Bundle::collect(&own, &case.parts(Some((&SALT, CONTENT))))?, own.root(), 2)?;

    // The sender acted on the registry of before, and its node kept that head; no content is in this one.
    let later = after_the_change_of_keys(own.clone())?;
    let parts = Parts { acted_on: own.head(), ..case.parts(None) };
    let rotated = file("evidence-rotated.json", &Bundle::collect(&later, &parts)?, later.root(), 3)?;

    let theirs = another_country()?;
    let case = Case::new(&own, 0x60, 0x50)?;
    let across = Bundle::collect_across(&own, &theirs, &case.parts(Some((&SALT, CONTENT))))?;
    // Whoever reads it knows one authority.
    let across = file("evidence-border.json", &across, theirs.root(), 3)?;
    Ok(vec![one, rotated, across])
}

impl Case {
    fn new(registry: &Registry, recipient: u8, relay: u8) -> Result<Self, Box<dyn Error>> {
        let identity = signing(0x26);
        let chain = ChainHead { length: 3, hash: [0x10; 32] };
        let point = RegistryPoint { size: registry.size(), root: registry.root_hash() };
        let header = Header {
            suite: 1,
            content_type: ContentType::Referral,
            reply: ReplyFlag::Absent,
            key: KeyFlag::Once,
            message: MessageId::from_bytes([0x0c; 16]),
            sender: node(0x20),
            sender_key: identity.verifying_key().key_id(),
            recipient: node(recipient),
            prekey: PrekeyId::from_bytes([0x08; 16]),
            created: NOW,
            chain,
            registry: point,
            content_commitment: content_commitment(&SALT, CONTENT),
            rest_commitment: [0x01; 32],
            binding: [0x02; 32],
            recipients_commitment: [0x03; 32],
        };
        let bytes = header.to_bytes();
        let signature = identity.sign(Label::Message, &bytes);
        let header = SignedHeader::parse(&bytes, signature).ok_or("the header is malformed")?;
        let accepted = RelayAccepted::sign(&signing(relay), RelayId(1), ENVELOPE, 16_384, NOW, Day(20_847));
        let at = DeliveredAt { stored_at: NOW.after(5), registry: point, chain, echo: None };
        let delivered = Delivered::sign(&signing(recipient), SentMessage::of(&header, ENVELOPE), at);
        Ok(Self { header, accepted, delivered })
    }

    fn parts<'p>(&'p self, opening: Option<(&'p [u8; 32], &'p [u8])>) -> Parts<'p> {
        Parts {
            header: &self.header,
            envelope: ENVELOPE,
            relay_accepted: Some(&self.accepted),
            delivered: Some(&self.delivered),
            opening,
            acted_on: None,
        }
    }
}

fn file(name: &'static str, bundle: &Bundle, known: &RootFile, open: usize) -> Result<File, Box<dyn Error>> {
    let text = bundle.to_json();
    let lines = verify(&Bundle::parse(text.as_bytes())?, Known::Fingerprint(&known.fingerprint()))?;
    if lines.iter().filter(|line| !line.proven).count() != open {
        return Err(format!("{name} does not prove itself").into());
    }
    Ok(File { name, text })
}

/// The golden log and the entry that brings the version of `root-next.txt` into force, under its log key and its witness.
fn after_the_change_of_keys(mut registry: Registry) -> Result<Registry, Box<dyn Error>> {
    let root = next_root()?;
    let fields = registry.next_about_registry(LeafKind::Root, NOW.after(1));
    let leaf = LeafFields { directory: *root.hash(), ..fields }.sign(&signing(0xa5), None);
    registry.extend_beside(&[leaf], &[root.own_bytes()])?;
    let log_key = NoteKey::from_seed(Secret::new([0xb4; 32]));
    take_head(&mut registry, &log_key, &signing(0xb6), ("witness.example/one", &witness_key(0xa0)))?;
    Ok(registry)
}

/// The other authority's log: its relay 1 (identity key 50, TLS 52) and node D (60 61 62, node id random 63, mailbox 64).
pub(crate) fn another_country() -> Result<Registry, Box<dyn Error>> {
    let mut registry = Registry::new(other_root()?);
    registry.extend(&[add_relay(0x50, 0x55).sign(&signing(0xc5), None)])?;
    let leaf = add(&registry, 0x60, [0x65; 32]).sign(&signing(0xc5), None);
    registry.extend(&[leaf])?;
    let log_key = NoteKey::from_seed(Secret::new([0xc4; 32]));
    take_head(&mut registry, &log_key, &signing(0xc6), ("witness.example/two", &witness_key(0xc0)))?;
    Ok(registry)
}

/// A head over all leaves, cosigned, and a timestamp two minutes after [`NOW`].
fn take_head(
    registry: &mut Registry,
    log_key: &NoteKey,
    timestamp: &SigningKey,
    witness: (&str, &NoteKey),
) -> Result<(), Box<dyn Error>> {
    let (size, root, time) = (registry.size(), registry.root_hash(), NOW.after(120));
    let checkpoint = Checkpoint { origin: registry.root().log_name().to_owned(), size, root };
    let note = checkpoint.sign(log_key).ok_or("the log's name cannot name a key")?;
    let note = cosign(&note, witness.0, witness.1, time.0).ok_or("the witness cannot sign")?;
    registry.accept_head(&Head { size, note, timestamp: LogTime { size, root, time }.sign(timestamp) }, time)?;
    Ok(())
}
