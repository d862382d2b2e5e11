//! A registered node whose keys an attacker has: it replays, alters, floods, and seals what it got once more, for somebody else. What it
//! says as a partner, and says twice, is in `two_faced.rs`.

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
    two_faced::{self, Caught, Faces},
    world::World,
};

/// What it floods with at once.
const FLOOD: u64 = 20;
/// One-time prekeys that it publishes.
const PREKEYS: usize = 4;

/// What the attacker has.
pub(crate) struct Mallory {
    pub(crate) entropy: Seeded,
    prekeys: Vec<(PrekeyId, KemSecret, CheckedPrekey)>,
    caught: Vec<Caught>,
    pub(crate) faces: Faces,
    tag: u64,
}

impl Mallory {
    pub(crate) fn new(seed: u64) -> Self {
        let entropy = Seeded::new(seed, "mallory");
        Self { entropy, prekeys: Vec::new(), caught: Vec::new(), faces: Faces::default(), tag: 0 }
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
            let (envelope, prekey, plaintext) = (sealed.digest(), sealed.prekey(), opened.to_vec());
            self.caught.push(Caught { envelope, prekey, plaintext });
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
    listens(world, &mut link, Duration::from_millis(400)).await;
    world.send_to_mallory().await;
    if world.dice.in_thousand(500) {
        listens(world, &mut link, Duration::from_millis(2_500)).await;
    }
    for caught in core::mem::take(&mut world.mallory.caught) {
        seal_again(world, &mut link, &caught.plaintext).await;
        if world.dice.in_thousand(700) {
            two_faced::answers(world, &mut link, &caught).await;
        }
    }
    if world.dice.in_thousand(600) {
        two_faced::tells(world, &mut link).await;
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

/// Takes what comes, until nothing has come for so long.
async fn listens(world: &mut World, link: &mut Link, quiet: Duration) {
    while let Ok(Ok(frame)) = timeout(quiet, link.receive()).await {
        if let Frame::Deliver { envelope, .. } = frame {
            world.mallory.catch(envelope.into_vec());
        }
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

impl World {
    /// The nodes that have their mailboxes where the attacker has its own.
    pub(crate) fn neighbours_of_mallory(&self) -> Vec<usize> {
        let is = |node: &usize| self.nodes[*node].is.home == 0 && self.nodes[*node].is.template < MALLORY;
        (0..self.nodes.len()).filter(is).collect()
    }
}

/// A prekey of a node, as its relay gives it out.
pub(crate) async fn prekey_of(world: &mut World, link: &mut Link, node: usize) -> Option<CheckedPrekey> {
    let identity = &Template::get().identities[world.nodes[node].is.template];
    let request = RequestId::from_bytes(random(&mut world.mallory.entropy).unwrap());
    let fetch = Frame::PrekeyFetch { tag: world.mallory.tag(), request, node: identity.node };
    link.send(&fetch).await.ok()?;
    let record = loop {
        match timeout(Duration::from_secs(10), link.receive()).await {
            Ok(Ok(Frame::PrekeyServed { record, .. })) => break record,
            Ok(Ok(Frame::PrekeyRefused { .. }) | Err(_)) | Err(_) => return None,
            Ok(Ok(_)) => {}
        }
    };
    checked(&PrekeyRecord::parse(&record).ok()?, identity, world.time.now())
}

/// Seals what a partner has signed for the attacker to somebody else, as if the partner had meant them.
async fn seal_again(world: &mut World, link: &mut Link, plaintext: &[u8]) {
    let victims = world.neighbours_of_mallory();
    let Some(victim) = victims.get(world.dice.index(victims.len())).copied() else { return };
    let mailbox = world.nodes[victim].is.mailbox;
    let Some(prekey) = prekey_of(world, link, victim).await else { return };
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

pub(crate) async fn submit(world: &mut World, link: &mut Link, envelope: Vec<u8>) {
    let submit = Frame::Submit { tag: world.mallory.tag(), envelope: envelope.into() };
    link.send(&submit).await.ok();
}
