//! A node in memory: keys, prekeys, and what the client's database would answer.

use std::collections::{BTreeMap, BTreeSet};

use chacha20::ChaCha20Rng;
use rand_core::{Rng as _, SeedableRng as _};
use safeconduct_protocol::{
    crypto::{
        kem::KemSecret,
        sign::{SigningKey, VerifyingKey},
    },
    entropy::{Entropy, NoEntropy},
    envelope::{
        desk::{Arrival, Desk, LivePrekey, PolicyRefusal, PrekeyState, ReplyKey, SenderState},
        draft::{Draft, SealTerms},
        header::{ContentType, Header, RegistryPoint},
        open::open,
        opened::Opened,
        reply::ReplyKeys,
        sealed::Sealed,
        target::Target,
        verdict::{Fault, Verdict},
    },
    id::{EnvelopeDigest, KeyId, MailboxId, MessageId, NodeId, PrekeyId, RelayId, SlotId},
    personal::{Personal, PersonalBytes, Reveal},
    prekey::record::{CheckedPrekey, PrekeyContext, PrekeyKind, PrekeyRecord, PrekeyTerms},
    receipt::{
        chain::ChainHead,
        node::SentMessage,
        settle::{SettleKind, Settlement},
    },
    secret::Secret,
    time::{DAY_S, Timestamp},
};
use zeroize::Zeroizing;

/// The time of every test, unless it says otherwise.
pub(crate) const NOW: Timestamp = Timestamp(20_800 * DAY_S + 40_000);

/// A seeded source.
pub(crate) struct Seeded(ChaCha20Rng);

impl Seeded {
    pub(crate) fn new(seed: u8) -> Self {
        Self(ChaCha20Rng::from_seed([seed; 32]))
    }
}

impl Entropy for Seeded {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), NoEntropy> {
        self.0.fill_bytes(bytes);
        Ok(())
    }
}

/// A broken generator: the same byte for ever.
pub(crate) struct Stuck;

impl Entropy for Stuck {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), NoEntropy> {
        bytes.fill(0x55);
        Ok(())
    }
}

/// Personal bytes of a text.
pub(crate) fn personal(bytes: &[u8]) -> PersonalBytes {
    Personal::new(Zeroizing::new(bytes.to_vec()))
}

/// A message's content, for a test's eyes.
pub(crate) fn content(opened: &Opened) -> &[u8] {
    opened.content().reveal(Reveal::ToShow)
}

pub(crate) struct Prekey {
    pub(crate) secret: KemSecret,
    pub(crate) record: PrekeyRecord,
}

/// One node and all that it remembers.
pub(crate) struct Party {
    pub(crate) node: NodeId,
    pub(crate) identity: SigningKey,
    pub(crate) mailbox: MailboxId,
    pub(crate) hedge: Secret<32>,
    pub(crate) entropy: Seeded,
    pub(crate) prekeys: BTreeMap<PrekeyId, Prekey>,
    pub(crate) consumed: BTreeSet<PrekeyId>,
    pub(crate) expired: BTreeSet<PrekeyId>,
    pub(crate) replies: BTreeMap<(SlotId, PrekeyId), (KemSecret, SentMessage)>,
    pub(crate) settled: BTreeMap<EnvelopeDigest, Settlement>,
    pub(crate) seen: BTreeMap<(NodeId, MessageId), [u8; 32]>,
    pub(crate) senders: BTreeMap<NodeId, SenderState>,
    /// A key that its node had before, and what the registry says of it.
    pub(crate) former: Option<(KeyId, SenderState)>,
    pub(crate) suite_min: u16,
    pub(crate) recipients: Option<Vec<NodeId>>,
    pub(crate) policy: Result<(), PolicyRefusal>,
    pub(crate) held_since: Option<Timestamp>,
    pub(crate) now: Timestamp,
}

impl Party {
    pub(crate) fn new(seed: u8) -> Self {
        let mut entropy = Seeded::new(seed);
        let identity = SigningKey::generate(&mut entropy).unwrap();
        Self {
            node: NodeId::from_bytes([seed; 32]),
            identity,
            mailbox: MailboxId::from_bytes([seed; 16]),
            hedge: Secret::random(&mut entropy).unwrap(),
            entropy,
            prekeys: BTreeMap::new(),
            consumed: BTreeSet::new(),
            expired: BTreeSet::new(),
            replies: BTreeMap::new(),
            settled: BTreeMap::new(),
            seen: BTreeMap::new(),
            senders: BTreeMap::new(),
            former: None,
            suite_min: 1,
            recipients: None,
            policy: Ok(()),
            held_since: None,
            now: NOW,
        }
    }

    /// Two nodes that know each other.
    pub(crate) fn pair() -> (Self, Self) {
        let (mut a, mut b) = (Self::new(1), Self::new(2));
        a.knows(&b);
        b.knows(&a);
        (a, b)
    }

    pub(crate) fn knows(&mut self, other: &Self) {
        self.senders.insert(other.node, SenderState::Active(other.key()));
    }

    pub(crate) fn key(&self) -> VerifyingKey {
        self.identity.verifying_key()
    }

    /// A new prekey, as its record checks out at a sender.
    pub(crate) fn publish(&mut self, kind: PrekeyKind) -> CheckedPrekey {
        let secret = KemSecret::generate(&mut self.entropy).unwrap();
        let terms = PrekeyTerms { node: self.node, kind, epoch: 0, not_before: NOW, not_after: NOW.after(30 * DAY_S) };
        let record = PrekeyRecord::sign(&self.identity, terms, &secret.public());
        let checked = record.check(&self.prekey_context()).unwrap();
        self.prekeys.insert(record.id(), Prekey { secret, record });
        checked
    }

    /// What a sender in its right mind holds this node's records against; `identity` is leaked for the test's life.
    pub(crate) fn prekey_context(&self) -> PrekeyContext<'static> {
        let identity = Box::leak(Box::new(self.key()));
        PrekeyContext { node: self.node, identity, suite_min: 1, now: NOW, epoch_seen: 0, used: &|_| false }
    }

    pub(crate) fn target(&mut self, kind: PrekeyKind) -> Target {
        Target::prekey(&self.publish(kind), self.mailbox)
    }

    pub(crate) fn draft(&mut self, content_type: ContentType, bytes: &[u8], to: NodeId) -> Draft {
        Draft::new(content_type, personal(bytes), vec![to], NOW, &mut self.entropy).unwrap()
    }

    /// Seals a draft to a target and remembers the reply key.
    pub(crate) fn seal(&mut self, draft: Draft, target: &Target) -> Sealed {
        let wants_reply = draft.parts().content_type != ContentType::Receipt;
        let reply = wants_reply.then(|| ReplyKeys::generate(RelayId(1), NOW, &mut self.entropy).unwrap());
        let terms = SealTerms { reply: reply.as_ref().map(|keys| &keys.block), ..self.terms(target) };
        let signed = draft.sign(&terms, &mut Seeded::new(target.key_id().as_bytes()[0])).unwrap();
        let header = signed.signed_header().clone();
        let sealed = signed.seal().unwrap();
        if let Some(keys) = reply {
            let sent = SentMessage::of(&header, sealed.digest());
            self.replies.insert((keys.slot.id(), keys.block.id()), (keys.secret, sent));
        }
        sealed
    }

    /// Terms without a reply block.
    pub(crate) fn terms<'a>(&'a self, target: &'a Target) -> SealTerms<'a> {
        SealTerms {
            target,
            sender: self.node,
            identity: &self.identity,
            hedge: &self.hedge,
            status_slot: SlotId::from_bytes([9; 16]),
            expiry: NOW.day().after(14),
            chain: ChainHead::start(&self.node, &target.node(), 0),
            registry: RegistryPoint { size: 3, root: [3; 32] },
            reply: None,
            checkpoint: b"log.example\n3\nAAAA\n",
        }
    }

    /// A referral to `to`, sealed to one of its one-time prekeys.
    pub(crate) fn refer(&mut self, to: &mut Self, text: &[u8]) -> Sealed {
        let target = to.target(PrekeyKind::OneTime);
        let draft = self.draft(ContentType::Referral, text, to.node);
        self.seal(draft, &target)
    }

    pub(crate) fn prekey_state(&self, id: &PrekeyId) -> PrekeyState {
        match self.prekeys.get(id) {
            Some(prekey) => PrekeyState::Live(LivePrekey {
                secret: prekey.secret.duplicate(),
                kind: prekey.record.terms().kind,
                identity: prekey.record.identity(),
            }),
            None if self.consumed.contains(id) => PrekeyState::Consumed,
            None if self.expired.contains(id) => PrekeyState::Expired,
            None => PrekeyState::Unknown,
        }
    }

    /// Opens, and changes nothing.
    pub(crate) fn open(&self, arrival: Arrival, bytes: &[u8]) -> Verdict {
        let own_key = self.key().key_id();
        let desk = Desk {
            node: self.node,
            mailbox: self.mailbox,
            suite_min: self.suite_min,
            now: self.now,
            held_since: self.held_since,
            settled: &|digest| self.settled.get(digest).cloned(),
            prekey: &|id| self.prekey_state(id),
            reply_key: &|slot, id| {
                let (secret, sent) = self.replies.get(&(*slot, *id))?;
                Some(ReplyKey { secret: secret.duplicate(), identity: own_key, sent: *sent })
            },
            sender: &|node, key| match self.former {
                Some((former, state)) if former == *key => state,
                _ => self.senders.get(node).copied().unwrap_or(SenderState::Unknown),
            },
            seen: &|node, message| self.seen.get(&(*node, *message)).copied(),
            recipients: &|_, _| self.recipients.clone(),
            policy: &|_: &Header, _| self.policy,
        };
        open(arrival, bytes, &desk)
    }

    /// Opens from the mailbox and does what the client's one transaction does.
    pub(crate) fn receive(&mut self, sealed: &Sealed) -> Verdict {
        let verdict = self.open(Arrival::Mailbox, sealed.as_bytes());
        if let Verdict::Opened(opened) | Verdict::Duplicate(opened) = &verdict {
            let header = opened.header();
            self.seen.insert((header.sender, header.message), header.content_commitment);
            let one_time = self.prekeys.get(&opened.prekey()).map(|p| p.record.terms().kind);
            if one_time == Some(PrekeyKind::OneTime) {
                self.prekeys.remove(&opened.prekey());
                self.consumed.insert(opened.prekey());
            }
            let done = Settlement::sign(&self.identity, self.node, sealed.digest(), SettleKind::Done);
            self.settled.insert(sealed.digest(), done);
        }
        verdict
    }
}

/// The opened message of a verdict.
pub(crate) fn opened(verdict: Verdict) -> Box<Opened> {
    let word = name(&verdict);
    let Verdict::Opened(opened) = verdict else { panic!("not opened: {word}") };
    opened
}

/// The fault of a quarantine.
pub(crate) fn fault(verdict: &Verdict) -> Option<Fault> {
    let Verdict::Quarantine(quarantined) = verdict else { panic!("not quarantined: {}", name(verdict)) };
    Some(quarantined.fault)
}

/// A verdict in a word, because a message has no `Debug`.
pub(crate) fn name(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Malformed(cause) => format!("malformed: {cause}"),
        Verdict::AlreadySettled(_) => "already settled".to_owned(),
        Verdict::Nack(reason) => format!("nack: {reason:?}"),
        Verdict::CannotOpen => "cannot open".to_owned(),
        Verdict::Hold => "hold".to_owned(),
        Verdict::Quarantine(quarantined) => format!("quarantine: {}", quarantined.fault),
        Verdict::Duplicate(_) => "duplicate".to_owned(),
        Verdict::Opened(_) => "opened".to_owned(),
        _ => "another".to_owned(),
    }
}
