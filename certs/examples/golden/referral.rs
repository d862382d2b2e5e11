//! The evidence of a whole referral: two revisions that node A sent to node B, under the identity key that it had first and under the one
//! after it, with all receipts, and the acts of both; and one across a border, of which nobody has shown anything but the first message.

use std::error::Error;

use safeconduct_certs::{
    authority::root::RootFile,
    evidence::{CaseBundle, CaseParts, EventParts, Known, RevisionParts, verify_case},
    log::{checkpoint::Checkpoint, note::cosign, timestamp::LogTime},
    registry::Registry,
};
use safeconduct_protocol::{
    crypto::sign::{Label, SigningKey},
    envelope::header::{ContentType, Header, KeyFlag, RegistryPoint, ReplyFlag, SignedHeader, content_commitment},
    frame::Head,
    id::{EnvelopeDigest, MessageId, NodeId, PrekeyId, RelayId},
    receipt::{
        case::{CaseAct, CaseEvent, CaseFields, Revision, Seen, details_commitment},
        chain::ChainHead,
        node::{Delivered, DeliveredAt, SentMessage},
        relay::{RelayAccepted, RelayExpired},
    },
    time::Day,
};

use crate::{
    evidence::another_country,
    keys::{NOW, log_key, node, signing, witness_key},
    registry::registry,
    table::File,
};

/// `1f0c2a44-6b1e-4a0f-9c57-0a4d2f6b7c01`.
const REFERRAL: [u8; 16] =
    [0x1f, 0x0c, 0x2a, 0x44, 0x6b, 0x1e, 0x4a, 0x0f, 0x9c, 0x57, 0x0a, 0x4d, 0x2f, 0x6b, 0x7c, 0x01];
const SALT: [u8; 32] = [0x05; 32];
const DETAILS: &[u8] = br#"{"text":"Ring at the side door."}"#;
const PERSON: [u8; 16] = [0x0e; 16];

/// A revision with everything that was said of it.
struct Sent {
    header: SignedHeader,
    envelope: EnvelopeDigest,
    accepted: RelayAccepted,
    expired: RelayExpired,
    delivered: Delivered,
    content: Vec<u8>,
}

impl Sent {
    fn new(
        number: u8,
        key: &SigningKey,
        recipient: u8,
        relay: u8,
        point: RegistryPoint,
    ) -> Result<Self, Box<dyn Error>> {
        let content = format!(
            r#"{{"header":{{"schema":"safeconduct.referral/1","referral_id":"1f0c2a44-6b1e-4a0f-9c57-0a4d2f6b7c01","revision":{number},"kind":"Enquiry"}}}}"#
        )
        .into_bytes();
        let at = NOW.after(u64::from(number) * 3_600);
        let chain = ChainHead { length: u64::from(number), hash: [0x10; 32] };
        let header = Header {
            suite: 1,
            content_type: ContentType::Referral,
            reply: ReplyFlag::Present,
            key: KeyFlag::Once,
            message: MessageId::from_bytes([0x50 + number; 16]),
            sender: node(0x20),
            sender_key: key.verifying_key().key_id(),
            recipient: node(recipient),
            prekey: PrekeyId::from_bytes([0x08; 16]),
            created: at,
            chain,
            registry: point,
            content_commitment: content_commitment(&SALT, &content),
            rest_commitment: [0x01; 32],
            binding: [0x02; 32],
            recipients_commitment: [0x03; 32],
        };
        let bytes = header.to_bytes();
        let header = SignedHeader::parse(&bytes, key.sign(Label::Message, &bytes)).ok_or("the header is malformed")?;
        let envelope = EnvelopeDigest::from_bytes([0x70 + number; 32]);
        let relay = signing(relay);
        let stored = DeliveredAt { stored_at: at.after(5), registry: point, chain, echo: None };
        Ok(Self {
            accepted: RelayAccepted::sign(&relay, RelayId(1), envelope, 16_384, at, Day(20_847)),
            expired: RelayExpired::sign(&relay, RelayId(1), envelope, at.after(4)),
            delivered: Delivered::sign(&signing(recipient), SentMessage::of(&header, envelope), stored),
            header,
            envelope,
            content,
        })
    }

    fn about(&self) -> Revision {
        let header = self.header.header();
        Revision {
            message: header.message,
            header_hash: self.header.hash(),
            content_commitment: header.content_commitment,
        }
    }
}

/// The acts of both, each after the ones that its signer knew.
struct Acts {
    events: Vec<CaseEvent>,
    point: RegistryPoint,
}

impl Acts {
    fn newest(&self, of: NodeId) -> Option<&CaseEvent> {
        self.events.iter().rev().find(|event| event.says().signer == of)
    }

    fn add(
        &mut self,
        key: &SigningKey,
        (signer, other): (NodeId, NodeId),
        about: Revision,
        bend: impl FnOnce(CaseFields) -> CaseFields,
    ) -> Result<(), Box<dyn Error>> {
        let (own, theirs) = (self.newest(signer), self.newest(other));
        let fields = CaseFields {
            act: CaseAct::Opened,
            code: 0,
            level: None,
            by_node: false,
            confirmed: false,
            referral: REFERRAL,
            epoch: 1,
            number: own.map_or(0, |own| own.says().number + 1),
            previous: own.map_or([0; 32], CaseEvent::hash),
            seen: theirs.map(|event| Seen {
                epoch: event.says().epoch,
                number: event.says().number,
                hash: event.hash(),
            }),
            at: NOW.after(7_200 + 60 * u64::try_from(self.events.len())?),
            signer,
            other,
            about,
            person: Some(PERSON),
            successor: None,
            details: None,
            registry: self.point,
        };
        let event = CaseEvent::sign(key, &bend(fields)).map_err(|error| error.to_string())?;
        self.events.push(event);
        Ok(())
    }
}

/// The golden bundles of referrals.
pub(crate) fn files() -> Result<Vec<File>, Box<dyn Error>> {
    let mut own = registry()?;
    let newest = own.head().cloned().ok_or("the golden log has no head")?;
    let next_day = LogTime { size: own.size(), root: own.root_hash(), time: NOW.after(86_400) };
    own.accept_head(&Head { timestamp: next_day.sign(&signing(0xa6)), ..newest }, next_day.time)?;
    let point = RegistryPoint { size: own.size(), root: own.root_hash() };
    let (sender, recipient) = (node(0x20), node(0x30));
    let (first_key, next_key, theirs) = (signing(0x20), signing(0x26), signing(0x30));
    // The first revision was signed when the log had four entries.
    let then = first_head(&own)?;
    let point_then = RegistryPoint { size: then.size, root: own.root_hash_at(then.size).ok_or("a root is missing")? };
    let first = Sent::new(1, &first_key, 0x30, 0x10, point_then)?;
    let second = Sent::new(2, &next_key, 0x30, 0x10, point)?;
    let mut acts = Acts { events: Vec::new(), point };
    let (out, back) = ((sender, recipient), (recipient, sender));
    acts.add(&theirs, back, first.about(), |act| act)?;
    let details = details_commitment(&SALT, DETAILS).map_err(|error| error.to_string())?;
    acts.add(&theirs, back, first.about(), |act| CaseFields { act: CaseAct::Accepted, details: Some(details), ..act })?;
    acts.add(&next_key, out, second.about(), |act| CaseFields {
        act: CaseAct::DisclosureRaised,
        level: Some(2),
        confirmed: true,
        ..act
    })?;
    acts.add(&theirs, back, second.about(), |act| CaseFields { act: CaseAct::ServiceStarted, ..act })?;
    acts.add(&theirs, back, second.about(), |act| CaseFields { act: CaseAct::Closed, code: 1, ..act })?;
    acts.add(&theirs, back, second.about(), |act| CaseFields {
        act: CaseAct::ErasureCertified,
        by_node: true,
        person: None,
        epoch: 2,
        ..act
    })?;
    let revisions = [(&first, false), (&second, true)].map(|(sent, expired)| RevisionParts {
        header: &sent.header,
        envelope: sent.envelope,
        relay_accepted: Some(&sent.accepted),
        relay_expired: expired.then_some(&sent.expired),
        delivered: Some(&sent.delivered),
        opening: Some((&SALT, sent.content.as_slice())),
        acted_on: (!expired).then_some(&then),
    });
    let opened = |event: &CaseEvent| event.says().details.map(|_| (&SALT, DETAILS));
    let events = acts.events.iter().map(|event| EventParts { event, details: opened(event) }).collect();
    let parts = CaseParts { referral: REFERRAL, ends: out, revisions: revisions.into(), events };
    let whole = file("case-evidence.json", &CaseBundle::collect(&own, &own, &parts)?, own.root(), 3)?;

    let abroad = another_country()?;
    let sent = Sent::new(1, &next_key, 0x60, 0x50, point)?;
    let alone = RevisionParts {
        header: &sent.header,
        envelope: sent.envelope,
        relay_accepted: None,
        relay_expired: None,
        delivered: None,
        opening: None,
        acted_on: None,
    };
    let parts =
        CaseParts { referral: REFERRAL, ends: (sender, node(0x60)), revisions: vec![alone], events: Vec::new() };
    let across = file("case-evidence-border.json", &CaseBundle::collect(&own, &abroad, &parts)?, abroad.root(), 8)?;
    Ok(vec![whole, across])
}

/// The head of the golden log when it had four entries, cosigned by its witness, before the first revision.
fn first_head(registry: &Registry) -> Result<Head, Box<dyn Error>> {
    let size = 4;
    let root = registry.root_hash_at(size).ok_or("a root is missing")?;
    let checkpoint = Checkpoint { origin: registry.root().log_name().to_owned(), size, root };
    let note = checkpoint.sign(&log_key()).ok_or("the log's name cannot name a key")?;
    let note = cosign(&note, "witness.example/one", &witness_key(0xa0), NOW.0).ok_or("the witness cannot sign")?;
    Ok(Head { size, note, timestamp: LogTime { size, root, time: NOW.after(30) }.sign(&signing(0xa6)) })
}

fn file(name: &'static str, bundle: &CaseBundle, known: &RootFile, open: usize) -> Result<File, Box<dyn Error>> {
    let text = bundle.to_json();
    let lines = verify_case(&CaseBundle::parse(text.as_bytes())?, Known::Fingerprint(&known.fingerprint()))?;
    let not_proven = lines.iter().filter(|line| !line.proven).count();
    if not_proven != open {
        return Err(format!("{name} does not prove itself: {not_proven} lines are open").into());
    }
    Ok(File { name, text })
}
