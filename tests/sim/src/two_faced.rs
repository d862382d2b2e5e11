//! The attacker as a partner, with keys of its own that are registered, who says one thing to one and another to another: two messages
//! under one id, two referrals under one key, two chains of one length, two receipts for one message, `done` and `nack` of one envelope.

use std::collections::BTreeMap;

use safeconduct_certs::link::Link;
use safeconduct_protocol::{
    crypto::sign::{SIGNATURE_BYTES, Signature},
    entropy::random,
    envelope::{
        content::encode_receipts,
        draft::{Draft, DraftParts, SealTerms},
        header::{ContentType, HEADER_BYTES, RegistryPoint, ReplyFlag, SignedHeader},
        reply::{REPLY_BLOCK_BYTES, ReplyBlock, ReplyKeys},
        sealed::Sealed,
        target::Target,
    },
    frame::Frame,
    id::{EnvelopeDigest, MessageId, PrekeyId, RelayId, SlotId},
    personal::Personal,
    receipt::{
        chain::ChainHead,
        node::{Delivered, DeliveredAt, SentMessage},
        settle::{NackReason, SettleKind, Settlement},
    },
};
use zeroize::Zeroizing;

use crate::{
    mallory::{prekey_of, submit},
    template::{MALLORY, Template},
    world::World,
};

/// Bytes of salt and of the content's length, behind the signature.
const BEFORE_CONTENT: usize = 36;

/// One message of the attacker's, as somebody was sent it.
pub(crate) struct Told {
    pub(crate) to: usize,
    pub(crate) message: String,
    pub(crate) content: serde_json::Value,
    /// Length of the chain that it shows.
    pub(crate) chain: u64,
}

/// What the attacker has told.
#[derive(Default)]
pub(crate) struct Faces {
    pub(crate) told: Vec<Told>,
    /// So many were made; no two have the same text.
    made: usize,
    /// As long as the chain with each was last said to be.
    lengths: BTreeMap<usize, u64>,
    /// What a node has shown of a message of the attacker's, in this life of its vault.
    shown: BTreeMap<(usize, String), serde_json::Value>,
}

impl Faces {
    /// The next length of the chain with a node.
    fn longer(&mut self, with: usize) -> u64 {
        let length = self.lengths.entry(with).or_default();
        *length += 1;
        *length
    }

    /// The node's vault is another one.
    pub(crate) fn forget(&mut self, node: usize) {
        self.shown.retain(|(of, _), _| *of != node);
    }

    /// Whether the attacker has sent a node this message.
    pub(crate) fn has_told(&self, node: usize, message: &str) -> bool {
        self.told.iter().any(|told| told.to == node && told.message == message)
    }

    /// A node shows a message of the attacker's: why that must not be.
    pub(crate) fn shows(&mut self, node: usize, message: &str, shown: &serde_json::Value) -> Option<&'static str> {
        let mut told = self.told.iter().filter(|told| told.to == node && told.message == message);
        if !told.any(|told| told.content == *shown) {
            return Some("which nobody has signed");
        }
        let before = self.shown.entry((node, message.to_owned())).or_insert_with(|| shown.clone());
        (before != shown).then_some("which was another one before")
    }

    /// Whether two of these messages show a node two chains of one length.
    pub(crate) fn shows_two_chains(&self, node: usize, messages: &[&str]) -> bool {
        // Of two that were told under one id, the one that is shown.
        let of = |message: &&str| {
            let shown = self.shown.get(&(node, (*message).to_owned()));
            let is = |told: &&Told| told.to == node && told.message == **message;
            self.told.iter().find(|told| is(told) && shown.is_none_or(|shown| told.content == *shown))
        };
        let mut lengths: Vec<u64> = messages.iter().filter_map(of).map(|told| told.chain).collect();
        let all = lengths.len();
        lengths.sort_unstable();
        lengths.dedup();
        lengths.len() < all
    }
}

/// What was sealed for the attacker, opened.
pub(crate) struct Caught {
    pub(crate) envelope: EnvelopeDigest,
    pub(crate) prekey: PrekeyId,
    /// Header, signature, content.
    pub(crate) plaintext: Vec<u8>,
}

/// What one message says.
struct Face {
    message: MessageId,
    referral: String,
    number: usize,
    chain: ChainHead,
}

/// Tells somebody two things.
pub(crate) async fn tells(world: &mut World, link: &mut Link) {
    let victims = world.neighbours_of_mallory();
    let first = victims.get(world.dice.index(victims.len())).copied();
    let second = victims.get(world.dice.index(victims.len())).copied();
    let (Some(first), Some(second)) = (first, second) else { return };
    let (kind, faces) = (world.dice.below(4), [face(world, first), face(world, second)]);
    let [one, mut other] = faces;
    match kind {
        0 => {
            world.story.fault("byzantine node: two messages under one id", format!("to nodes {first} and {second}"));
            other.message = one.message;
        }
        1 => {
            world.story.fault("byzantine node: two referrals under one key", format!("to nodes {first} and {second}"));
            other.referral.clone_from(&one.referral);
        }
        2 => {
            world.story.fault("byzantine node: two chains of one length", format!("to nodes {first} and {second}"));
            other.chain.length = one.chain.length;
        }
        _ => {
            world.story.fault("byzantine node: chain goes back", format!("to node {second}"));
            other.chain.length = 1;
        }
    }
    send(world, link, first, one).await;
    send(world, link, second, other).await;
}

fn face(world: &mut World, to: usize) -> Face {
    let entropy = &mut world.mallory.entropy;
    let (message, hash) = (MessageId::from_bytes(random(entropy).unwrap()), random(entropy).unwrap());
    let length = world.mallory.faces.longer(to);
    world.mallory.faces.made += 1;
    Face {
        message,
        referral: world.uuid(),
        number: 1_000 + world.mallory.faces.made,
        chain: ChainHead { length, hash },
    }
}

async fn send(world: &mut World, link: &mut Link, to: usize, face: Face) {
    let Some(prekey) = prekey_of(world, link, to).await else { return };
    let template = Template::get();
    let from = &template.nodes[MALLORY].is.agency;
    let content = world.referral_of(from, &world.nodes[to].is.agency, face.number, &face.referral);
    let target = Target::prekey(&prekey, world.nodes[to].is.mailbox);
    let keys = ReplyKeys::generate(RelayId(1), world.time.now(), &mut world.mallory.entropy).unwrap();
    let reply = world.dice.in_thousand(700).then_some(&keys.block);
    let Some(sealed) = sealed(world, &target, ContentType::Referral, &content, face.message, face.chain, reply) else {
        return;
    };
    world.mallory.faces.told.push(Told {
        to,
        message: face.message.to_hex(),
        content: serde_json::from_slice(&content).unwrap(),
        chain: face.chain.length,
    });
    submit(world, link, sealed.into_bytes()).await;
}

/// A message by the attacker's own keys.
fn sealed(
    world: &mut World,
    target: &Target,
    content_type: ContentType,
    content: &[u8],
    message: MessageId,
    chain: ChainHead,
    reply: Option<&ReplyBlock>,
) -> Option<Sealed> {
    let (identity, now) = (&Template::get().mallory, world.time.now());
    let registry = RegistryPoint { size: world.authority.registry.size(), root: world.authority.registry.root_hash() };
    let checkpoint = world.authority.head(now).note;
    let entropy = &mut world.mallory.entropy;
    let parts = DraftParts {
        content_type,
        content: Personal::new(Zeroizing::new(content.to_vec())),
        message,
        created: now,
        salt: random(entropy).unwrap(),
        recipients: vec![target.node()],
    };
    let terms = SealTerms {
        target,
        sender: identity.node,
        identity: &identity.key,
        hedge: &identity.hedge,
        status_slot: SlotId::from_bytes(random(entropy).unwrap()),
        expiry: now.day().after(7),
        chain,
        registry,
        reply,
        checkpoint: &checkpoint,
    };
    Draft::resume(parts).ok()?.sign(&terms, entropy).ok()?.seal().ok()
}

/// Signs two receipts for what was sealed for it, and says `done` and `nack` of the envelope; or only one of all that.
pub(crate) async fn answers(world: &mut World, link: &mut Link, caught: &Caught) {
    let identity = &Template::get().mallory;
    let about = header_of(&caught.plaintext).map(|signed| (SentMessage::of(&signed, caught.envelope), signed));
    if let Some((about, signed)) = about.filter(|(about, _)| about.recipient == identity.node)
        && let Some(block) = block_of(&caught.plaintext, &signed).filter(|block| block.relay() == RelayId(1))
    {
        let target = Target::reply(&block, about.sender, signed.header().sender_key);
        let registry =
            RegistryPoint { size: world.authority.registry.size(), root: world.authority.registry.root_hash() };
        let count = world.dice.within(0, 2);
        if count == 2 {
            world.story.fault("byzantine node: two receipts", "mallory signs two receipts for one message");
        }
        let length = world.dice.within(1, 5);
        for place in 0..count {
            let entropy = &mut world.mallory.entropy;
            let chain = ChainHead { length, hash: random(entropy).unwrap() };
            let stored_at = world.time.now().before(place * 60);
            let at = DeliveredAt { stored_at, registry, chain, echo: None };
            let receipt = Delivered::sign(&identity.key, about, at);
            let content = encode_receipts(&[receipt.as_bytes()]).unwrap();
            let message = MessageId::from_bytes(random(entropy).unwrap());
            if let Some(sealed) = sealed(world, &target, ContentType::Receipt, &content, message, chain, None) {
                submit(world, link, sealed.into_bytes()).await;
            }
        }
    }
    let settle = |kind| Settlement::sign(&identity.key, identity.node, caught.envelope, kind);
    let nack = SettleKind::Nack { prekey: caught.prekey, reason: NackReason::Unknown, epoch: 1 };
    let mut said = vec![settle(SettleKind::Done), settle(nack)];
    match world.dice.below(4) {
        0 => said.truncate(1),
        1 => said.reverse(),
        2 => drop(said.remove(0)),
        _ => {}
    }
    if said.len() == 2 {
        world.story.fault("byzantine node: done and nack", "mallory says done and nack of one envelope");
    }
    let settlements = said.iter().map(|one| one.as_bytes().to_vec().into()).collect();
    link.send(&Frame::Settle { settlements }).await.ok();
}

fn header_of(plaintext: &[u8]) -> Option<SignedHeader> {
    let (header, rest) = plaintext.split_first_chunk::<HEADER_BYTES>()?;
    let (signature, _) = rest.split_first_chunk::<SIGNATURE_BYTES>()?;
    SignedHeader::parse(header, Signature::from_bytes(*signature))
}

fn block_of(plaintext: &[u8], signed: &SignedHeader) -> Option<ReplyBlock> {
    let rest = plaintext.get(HEADER_BYTES + SIGNATURE_BYTES..)?;
    let length = u32::from_be_bytes(rest.get(32..BEFORE_CONTENT)?.try_into().ok()?);
    let block = rest.get(BEFORE_CONTENT..)?.get(usize::try_from(length).ok()?..)?;
    (signed.header().reply == ReplyFlag::Present).then_some(())?;
    ReplyBlock::parse(block.first_chunk::<REPLY_BLOCK_BYTES>()?)
}
