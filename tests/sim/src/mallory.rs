//! A registered node whose keys an attacker has: it replays, alters, floods, and seals what it got once more, for somebody else.

use std::time::Duration;

use safeconduct_certs::link::{Alpn, ExpectedRelay, Link, TlsKey};
use safeconduct_client::keys;
use safeconduct_protocol::{
    crypto::kem::{self, KemSecret},
    entropy::random,
    envelope::{
        sealed::{OUTER_BYTES, Outer, Sealed},
        target::Target,
    },
    frame::{Frame, SESSION_VERSION, Tag},
    id::{PrekeyId, RequestId, SlotId},
    prekey::record::{CheckedPrekey, PrekeyContext, PrekeyKind, PrekeyRecord, PrekeyTerms},
    time::{DAY_S, Timestamp},
};
use tokio::time::{sleep, timeout};

use crate::{
    dice::Seeded,
    net::Who,
    template::{MALLORY, Template},
    world::World,
};

/// What it floods with at once.
const FLOOD: u64 = 20;
/// One-time prekeys that it publishes.
const PREKEYS: usize = 4;

/// What the attacker has.
pub(crate) struct Mallory {
    entropy: Seeded,
    prekeys: Vec<(PrekeyId, KemSecret, CheckedPrekey)>,
    /// What was sealed for it, opened: header, signature, content.
    caught: Vec<Vec<u8>>,
    tag: u64,
}

impl Mallory {
    pub(crate) fn new(seed: u64) -> Self {
        Self { entropy: Seeded::new(seed, "mallory"), prekeys: Vec::new(), caught: Vec::new(), tag: 0 }
    }

    fn tag(&mut self) -> Tag {
        self.tag += 1;
        Tag(self.tag)
    }

    /// Prekeys of its own, signed by its registered key.
    fn make_prekeys(&mut self, now: Timestamp) -> Vec<Vec<u8>> {
        let template = Template::get();
        let (node, key) = (template.nodes[MALLORY].node, &template.mallory.key);
        let mut records = Vec::new();
        for place in 0..=PREKEYS {
            let secret = KemSecret::generate(&mut self.entropy).unwrap();
            let kind = if place == 0 { PrekeyKind::Signed } else { PrekeyKind::OneTime };
            let terms = PrekeyTerms { node, kind, epoch: 1, not_before: now, not_after: now.after(29 * DAY_S) };
            let record = PrekeyRecord::sign(key, terms, &secret.public());
            let checked = checked(&record, &template.mallory, now).unwrap();
            records.push(record.as_bytes().to_vec());
            self.prekeys.push((record.id(), secret, checked));
        }
        records
    }

    /// Opens what was sealed for it.
    fn catch(&mut self, envelope: Vec<u8>) {
        let Ok(sealed) = Sealed::try_from(envelope) else { return };
        let Some((_, secret, checked)) = self.prekeys.iter().find(|(id, _, _)| *id == sealed.prekey()) else { return };
        let target = Target::prekey(checked, Template::get().nodes[MALLORY].is.mailbox);
        let (outer, rest) = sealed.as_bytes().split_at(OUTER_BYTES);
        if let Ok(opened) = kem::open_once(secret, &target.info(), outer, rest) {
            self.caught.push(opened.to_vec());
        }
    }
}

fn checked(record: &PrekeyRecord, of: &keys::Identity, now: Timestamp) -> Option<CheckedPrekey> {
    let identity = &of.public();
    let context = PrekeyContext { node: of.node, identity, suite_min: 1, now, epoch_seen: 0, used: &|_| false };
    record.check(&context).ok()
}

/// One session of the attacker.
pub(crate) async fn acts(world: &mut World) {
    let Some(mut link) = session(world).await else { return };
    if world.mallory.prekeys.is_empty() {
        let records = world.mallory.make_prekeys(world.time.now());
        let publish =
            Frame::PrekeyPublish { tag: world.mallory.tag(), records: records.into_iter().map(Into::into).collect() };
        link.send(&publish).await.ok();
    }
    while let Ok(Ok(frame)) = timeout(Duration::from_millis(400), link.receive()).await {
        if let Frame::Deliver { envelope, .. } = frame {
            world.mallory.catch(envelope.into_vec());
        }
    }
    world.send_to_mallory().await;
    for plaintext in core::mem::take(&mut world.mallory.caught) {
        seal_again(world, &mut link, &plaintext).await;
    }
    let dice = world.dice.clone();
    for _ in 0..dice.within(1, 3) {
        let Some(envelope) = world.watch.evil(|evil| evil.any_envelope(&dice)) else { return };
        match dice.below(3) {
            0 => {
                world.story.fault("byzantine node: replay", "mallory submits an envelope of others once more");
                submit(world, &mut link, envelope).await;
            }
            1 => {
                world.story.fault("byzantine node: altered", "mallory submits an envelope of others, altered");
                let altered = altered(world, envelope);
                submit(world, &mut link, altered).await;
            }
            _ => {
                world.story.fault("byzantine node: flood", "mallory floods a mailbox with junk");
                for _ in 0..FLOOD {
                    let altered = altered(world, envelope.clone());
                    submit(world, &mut link, altered).await;
                }
            }
        }
        sleep(dice.millis(10, 500)).await;
    }
}

async fn session(world: &World) -> Option<Link> {
    let template = Template::get();
    let (own, relay) = (&template.nodes[MALLORY], &template.relays[0]);
    let key = TlsKey::from_seed(keys::tls_seed(&own.dir).unwrap());
    let expected = ExpectedRelay::Pinned(relay.tls_spki);
    let mut link = world.net.dial(Who::Mallory, None, &relay.address, expected, Some(&key), Alpn::Node).await.ok()?;
    let hello = Frame::Hello { version: SESSION_VERSION, node: own.node, registry_size: 0, deliveries: 64 };
    link.send(&hello).await.ok()?;
    let welcome = timeout(Duration::from_secs(30), link.receive()).await.ok()?;
    matches!(welcome, Ok(Frame::Welcome { .. })).then_some(link)
}

/// Seals what a partner has signed for the attacker to somebody else, as if the partner had meant them.
async fn seal_again(world: &mut World, link: &mut Link, plaintext: &[u8]) {
    let template = Template::get();
    let victims: Vec<usize> = (0..world.nodes.len())
        .filter(|node| world.nodes[*node].is.home == 0 && world.nodes[*node].is.template < MALLORY)
        .collect();
    let Some(victim) = victims.get(world.dice.index(victims.len())).copied() else { return };
    let (mailbox, place) = (world.nodes[victim].is.mailbox, world.nodes[victim].is.template);
    let identity = &template.identities[place];
    let request = RequestId::from_bytes(random(&mut world.mallory.entropy).unwrap());
    let fetch = Frame::PrekeyFetch { tag: world.mallory.tag(), request, node: identity.node };
    if link.send(&fetch).await.is_err() {
        return;
    }
    let record = loop {
        match timeout(Duration::from_secs(10), link.receive()).await {
            Ok(Ok(Frame::PrekeyServed { record, .. })) => break record,
            Ok(Ok(Frame::PrekeyRefused { .. }) | Err(_)) | Err(_) => return,
            Ok(Ok(_)) => {}
        }
    };
    let Ok(record) = PrekeyRecord::parse(&record) else { return };
    let Some(prekey) = checked(&record, identity, world.time.now()) else { return };
    let target = Target::prekey(&prekey, mailbox);
    let outer = Outer {
        address: *target.address(),
        prekey: target.key_id(),
        status_slot: SlotId::from_bytes(random(&mut world.mallory.entropy).unwrap()),
        expiry: world.time.now().day().after(7),
    };
    let outer = outer.to_bytes();
    let sealed =
        kem::seal_once(target.public(), &target.info(), &outer, plaintext, &mut world.mallory.entropy).unwrap();
    world.story.fault("byzantine node: sealed to another", format!("mallory seals what it got to node {victim}"));
    submit(world, link, [outer.as_slice(), &sealed].concat()).await;
}

fn altered(world: &World, mut envelope: Vec<u8>) -> Vec<u8> {
    // Behind what the relay looks at.
    let at = OUTER_BYTES + world.dice.index(envelope.len() - OUTER_BYTES);
    envelope[at] ^= 1 << world.dice.below(8);
    envelope
}

async fn submit(world: &mut World, link: &mut Link, envelope: Vec<u8>) {
    let submit = Frame::Submit { tag: world.mallory.tag(), envelope: envelope.into() };
    link.send(&submit).await.ok();
}
