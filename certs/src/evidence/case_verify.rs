//! Verifies a referral's bundle with nothing but itself: every revision as a message, every act with its signature and its place in the
//! chain of both sides. What the referral is now follows from the acts, and is no part of it.

use std::collections::{BTreeMap, BTreeSet};

use safeconduct_protocol::{
    crypto::sign::VerifyingKey,
    envelope::header::{ContentType, SignedHeader},
    id::{KeyId, MessageId, NodeId},
    receipt::{
        case::{CaseEvent, CaseFields, details_commitment},
        relay::RelayExpired,
    },
};

use super::{
    bounds::{Bounds, Named},
    bundle::{Blob, Bundle, BundleRefused, Entry},
    case_bundle::{CaseBundle, CaseDetails, CaseRevision, is_case, uuid_bytes},
    earlier::{self, ACTED_ON, Opened},
    event::Event,
    verify::{
        Ground, Invalid, Known, Line, Log, Message, Proven, arrival, by_relay, charged, content, digest, header, line,
        logs, not_charged, other_authority, sent, verify, whose,
    },
};
use crate::{authority::root::Fingerprint, utc};

const EARLIER: Invalid = Invalid { part: "the earlier checkpoint" };
const SENDER: Invalid = Invalid { part: "the sender's entry" };
const RECIPIENT: Invalid = Invalid { part: "the recipient's entry" };
const RELAY: Invalid = Invalid { part: "the relay's entry" };
const REVISION: Invalid = Invalid { part: "a revision" };
const EVENT: Invalid = Invalid { part: "an event" };
const SIGNATURE: Invalid = Invalid { part: "an event's signature" };
const ORDER: Invalid = Invalid { part: "the order of events" };
const MESSAGE: Invalid = Invalid { part: "an event's message" };
const DETAILS: Invalid = Invalid { part: "an event's details" };

/// A file of evidence of either kind.
pub enum Evidence {
    /// Of one message.
    Message(Box<Bundle>),
    /// Of a whole referral.
    Case(Box<CaseBundle>),
}

impl Evidence {
    /// Reads the form of whichever it is.
    ///
    /// # Errors
    /// As [`Bundle::parse`] and [`CaseBundle::parse`].
    pub fn parse(json: &[u8]) -> Result<Self, BundleRefused> {
        if is_case(json) {
            return CaseBundle::parse(json).map(|case| Self::Case(Box::new(case)));
        }
        Bundle::parse(json).map(|bundle| Self::Message(Box::new(bundle)))
    }

    /// Verifies every part of it.
    ///
    /// # Errors
    /// [`Invalid`] with the first part that does not hold.
    pub fn verify(&self, known: Known<'_>) -> Result<Vec<Line>, Invalid> {
        match self {
            Self::Message(bundle) => verify(bundle, known),
            Self::Case(case) => verify_case(case, known),
        }
    }

    /// See [`Bundle::other_authority`].
    #[must_use]
    pub fn other_authority(&self, refused: Invalid) -> Option<(String, Fingerprint)> {
        match self {
            Self::Message(bundle) => bundle.other_authority(refused),
            Self::Case(case) => other_authority(&case.root, refused),
        }
    }
}

/// The keys of both sides and of the relays, and which of them have signed something, by the list in which they stand; the heads on
/// which the sender's signed, and which of them a revision names.
struct Keys {
    sender: Vec<Proven>,
    recipient: Vec<Proven>,
    relays: Vec<Proven>,
    used: BTreeSet<(&'static str, KeyId)>,
    earlier: Vec<Opened>,
    named: BTreeSet<usize>,
}

impl Keys {
    fn open(bundle: &CaseBundle, log: &Log, theirs: &Log) -> Result<Self, Invalid> {
        let sender = of_one_node(log, &bundle.sender, SENDER)?;
        let recipient = of_one_node(theirs, &bundle.recipient, RECIPIENT)?;
        if node(&sender) == node(&recipient) {
            return Err(RECIPIENT);
        }
        let relays = proven(theirs, &bundle.relays, RELAY)?;
        let earlier = earlier::open_all(bundle.earlier.iter().flatten(), log, (&sender, &recipient))?;
        if !earlier.is_sorted_by(|one, next| one.place() < next.place()) {
            return Err(EARLIER);
        }
        Ok(Self { sender, recipient, relays, used: BTreeSet::new(), earlier, named: BTreeSet::new() })
    }

    /// No entry stands there that nothing needs; a side that has signed nothing has one.
    fn all_used(&self) -> Result<(), Invalid> {
        if self.named.len() != self.earlier.len() {
            return Err(ACTED_ON);
        }
        for (entries, least, bad) in
            [(&self.sender, 1, SENDER), (&self.recipient, 1, RECIPIENT), (&self.relays, 0, RELAY)]
        {
            let used = entries.iter().filter(|one| self.used.contains(&(bad.part, one.ik.key_id()))).count();
            if used.max(least) != entries.len() {
                return Err(bad);
            }
        }
        Ok(())
    }
}

fn node(entries: &[Proven]) -> Option<NodeId> {
    entries.first().map(|one| one.leaf.fields.node)
}

/// Entries that stand in the log, each of another key, in the order of the log.
fn proven(log: &Log, entries: &[Entry], bad: Invalid) -> Result<Vec<Proven>, Invalid> {
    let proven = entries.iter().map(|entry| log.entry(entry, bad.part)).collect::<Result<Vec<_>, _>>()?;
    let keys: BTreeSet<KeyId> = proven.iter().map(|one| one.ik.key_id()).collect();
    let ascend = proven.is_sorted_by(|one, next| one.leaf.fields.seq < next.leaf.fields.seq);
    if ascend && keys.len() == proven.len() { Ok(proven) } else { Err(bad) }
}

fn of_one_node(log: &Log, entries: &[Entry], bad: Invalid) -> Result<Vec<Proven>, Invalid> {
    let proven = proven(log, entries, bad)?;
    let first = node(&proven);
    if proven.iter().all(|one| Some(one.leaf.fields.node) == first) { Ok(proven) } else { Err(bad) }
}

/// Verifies every part of a referral's bundle. Where an authority is known, it must be the sender's or the recipient's.
///
/// # Errors
/// [`Invalid`] with the first part that does not hold.
pub fn verify_case(bundle: &CaseBundle, known: Known<'_>) -> Result<Vec<Line>, Invalid> {
    let ground = Ground {
        root: &bundle.root,
        checkpoint: &bundle.checkpoint,
        timestamp: bundle.timestamp.as_ref(),
        abroad: bundle.abroad.as_ref(),
    };
    let (mut lines, log, abroad) = logs(&ground, known)?;
    let theirs = abroad.as_ref().unwrap_or(&log);
    let mut keys = Keys::open(bundle, &log, theirs)?;
    let mut revisions = Revisions::default();
    for (number, revision) in (1_u64..).zip(&bundle.revisions) {
        let said = revisions.take(revision, bundle.referral_id.as_deref(), &log, &mut keys)?;
        let of = |detail: String| if detail.is_empty() { detail } else { format!(", {detail}") };
        lines.extend(
            said.into_iter().map(|line| Line { detail: format!("revision {number}{}", of(line.detail)), ..line }),
        );
    }
    let events = events(bundle, &revisions, &mut keys)?;
    lines.extend(events.iter().map(|event| act(event, &keys)));
    lines.extend(events.windows(2).filter_map(|pair| twice(pair, &keys)));
    lines.extend(details(bundle.details.as_deref(), &events)?);
    keys.all_used()?;
    lines.push(line(
        "nothing was left out at the end",
        false,
        "what a node signed last may be missing, where the other had not seen it".to_owned(),
    ));
    Ok(lines)
}

/// The revisions that were verified so far.
#[derive(Default)]
struct Revisions {
    commitments: BTreeMap<MessageId, [u8; 32]>,
    number: u32,
}

impl Revisions {
    fn take(
        &mut self,
        revision: &CaseRevision,
        referral: Option<&str>,
        log: &Log,
        keys: &mut Keys,
    ) -> Result<Vec<Line>, Invalid> {
        let message = Message {
            header: &revision.header,
            signature: &revision.signature,
            envelope_digest: revision.envelope_digest.as_ref(),
            delivered: revision.delivered.as_ref(),
            opening: revision.opening.as_ref(),
        };
        let (signed, sender) = header(&message, &keys.sender, &keys.recipient)?;
        let fields = signed.header();
        let named = Named::of(fields, log, &keys.earlier);
        let bounds = Bounds::new(fields, log, sender, (&keys.earlier, &named));
        let after = bounds.after(revision.relay_accepted.as_ref(), revision.delivered.as_ref());
        let mut lines = vec![sent(&signed, sender, &log.checkpoint), bounds.before()];
        let again = self.commitments.insert(fields.message, fields.content_commitment).is_some();
        if again || fields.content_type != ContentType::Referral {
            return Err(REVISION);
        }
        lines.push(content(&message, &signed)?);
        if let Some(opening) = &revision.opening {
            self.number = referral
                .and_then(|referral| number_of(&opening.content, referral))
                .filter(|number| *number >= self.number)
                .ok_or(REVISION)?;
        }
        keys.used.insert((SENDER.part, fields.sender_key));
        keys.named.extend(named.at);
        lines.extend(relays(revision, keys)?);
        lines.push(arrived(&message, &signed, keys)?);
        lines.push(after);
        Ok(lines)
    }
}

fn arrived(message: &Message<'_>, signed: &SignedHeader, keys: &mut Keys) -> Result<Line, Invalid> {
    let line = arrival(message, signed, &keys.recipient)?;
    if let Some(receipt) =
        message.delivered.and_then(|bytes| safeconduct_protocol::receipt::node::Delivered::parse(&bytes.0).ok())
    {
        keys.used.insert((RECIPIENT.part, receipt.recipient_key()));
    }
    Ok(line)
}

/// What the relays said of a revision's envelope.
fn relays(revision: &CaseRevision, keys: &mut Keys) -> Result<Vec<Line>, Invalid> {
    let mut lines = Vec::new();
    let mut used = |at: usize| keys.relays.get(at).map(|one| keys.used.insert((RELAY.part, one.ik.key_id())));
    match &revision.relay_accepted {
        None => lines.push(not_charged()),
        Some(receipt) => {
            let envelope = (revision.envelope_digest.as_ref(), revision.delivered.is_some());
            let (line, by) = charged(receipt, envelope, &keys.relays)?;
            used(by);
            lines.push(line);
        }
    }
    if let Some(notice) = &revision.relay_expired {
        let bad = Invalid { part: "the relay's notice of expiry" };
        let notice = RelayExpired::parse(&notice.0).ok().ok_or(bad)?;
        used(by_relay(&keys.relays, notice.relay(), bad, |ik: &VerifyingKey| notice.verify(ik).is_ok())?);
        if Some(notice.envelope()) != digest(revision.envelope_digest.as_ref()) {
            return Err(Invalid { part: "the envelope digest" });
        }
        let at = utc::instant(notice.expired_at());
        let detail = format!("relay {} at {at}; {}", notice.relay().0, whose(revision.delivered.is_some()));
        let expired = line("a relay gave a sealed envelope up: nobody had fetched it", true, detail);
        lines.push(expired.showing(Event::RelayExpired));
    }
    Ok(lines)
}

/// The number of the revision that this is, by its first bytes; none unless it is one of this referral. Its writer writes it in one form.
fn number_of(content: &Blob, referral: &str) -> Option<u32> {
    let rest = content.0.strip_prefix(br#"{"header":{"schema":"safeconduct.referral/"#)?;
    let (_, rest) = digits(rest)?;
    let rest = rest.strip_prefix(br#"","referral_id":""#)?.strip_prefix(referral.as_bytes())?;
    let (number, rest) = digits(rest.strip_prefix(br#"","revision":"#)?)?;
    rest.starts_with(b",").then_some(number)
}

/// One to three digits, not beginning with zero.
fn digits(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let length = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, rest) = bytes.split_at_checked(length).filter(|(digits, _)| (1..=3).contains(&digits.len()))?;
    let number = core::str::from_utf8(digits).ok().filter(|text| !text.starts_with('0'))?;
    Some((number.parse().ok()?, rest))
}

/// The acts: each signed by one of the two, about a revision of this referral, in one order, after the one that it names.
fn events(bundle: &CaseBundle, revisions: &Revisions, keys: &mut Keys) -> Result<Vec<CaseEvent>, Invalid> {
    let ends = [node(&keys.sender), node(&keys.recipient)];
    let referral = bundle.referral_id.as_deref().and_then(uuid_bytes);
    let mut events = Vec::with_capacity(bundle.events.len());
    for bytes in &bundle.events {
        let event = CaseEvent::parse(&bytes.0).ok().ok_or(EVENT)?;
        let says = event.says();
        let by_sender = Some(says.signer) == ends[0];
        let other = if by_sender { ends[1] } else { ends[0] };
        let is_of_both = by_sender || Some(says.signer) == ends[1];
        if !is_of_both || Some(says.other) != other || Some(says.referral) != referral {
            return Err(EVENT);
        }
        let (entries, missing) = if by_sender { (&keys.sender, SENDER) } else { (&keys.recipient, RECIPIENT) };
        let key = entries.iter().find(|one| one.ik.key_id() == event.key()).ok_or(missing)?;
        event.verify(&key.ik).ok().ok_or(SIGNATURE)?;
        if revisions.commitments.get(&says.about.message) != Some(&says.about.content_commitment) {
            return Err(MESSAGE);
        }
        keys.used.insert((missing.part, event.key()));
        events.push(event);
    }
    ordered(&events, ends[0])?;
    Ok(events)
}

/// Each stands after the one before it in the file, and follows what it names as before it and as seen.
fn ordered(events: &[CaseEvent], sender: Option<NodeId>) -> Result<(), Invalid> {
    let place = |event: &CaseEvent| {
        let says = event.says();
        (Some(says.signer) != sender, says.epoch, says.number, event.hash())
    };
    if !events.is_sorted_by(|one, next| place(one) < place(next)) {
        return Err(ORDER);
    }
    let by_hash: BTreeMap<[u8; 32], &CaseFields> = events.iter().map(|event| (event.hash(), event.says())).collect();
    let follows = |event: &CaseEvent| {
        let says = event.says();
        let before = says.number == 0
            || by_hash.get(&says.previous).is_some_and(|before| {
                before.signer == says.signer
                    && before.number.checked_add(1) == Some(says.number)
                    && before.epoch <= says.epoch
            });
        let seen = says.seen.is_none_or(|seen| {
            by_hash.get(&seen.hash).is_some_and(|other| {
                other.signer == says.other && (other.epoch, other.number) == (seen.epoch, seen.number)
            })
        });
        before && seen
    };
    if events.iter().all(follows) { Ok(()) } else { Err(ORDER) }
}

fn side(says: &CaseFields, keys: &Keys) -> &'static str {
    if Some(says.signer) == node(&keys.sender) { "sender" } else { "recipient" }
}

fn act(event: &CaseEvent, keys: &Keys) -> Line {
    let says = event.says();
    let code = if says.code == 0 { String::new() } else { format!(", code {}", says.code) };
    let level = says.level.map(|level| format!(", level {level}")).unwrap_or_default();
    let person = says.person.map_or_else(
        || "the node itself".to_owned(),
        |person| format!("person {}", MessageId::from_bytes(person).to_hex()),
    );
    let confirmed = if says.confirmed { ", confirmed by a second person" } else { "" };
    let side = side(says, keys);
    let detail = format!(
        "{}{code}{level} by the {side}, {person}{confirmed}, at {} by its clock, number {} of epoch {}, about message {}",
        says.act.as_str(),
        utc::instant(says.at),
        says.number,
        says.epoch,
        says.about.message.to_hex(),
    );
    line("a node signed this act on the referral", true, detail).showing(Event::of(says.act, says.by_node))
}

/// Two acts under one number.
fn twice(pair: &[CaseEvent], keys: &Keys) -> Option<Line> {
    let [one, next] = pair else { return None };
    let (one, next) = (one.says(), next.says());
    if (one.signer, one.epoch, one.number) != (next.signer, next.epoch, next.number) {
        return None;
    }
    let detail = format!("the {}, number {} of epoch {}", side(one, keys), one.number, one.epoch);
    Some(line("a node signed two acts under one number: neither counts", true, detail))
}

/// The details against the acts' commitments.
fn details(details: Option<&[CaseDetails]>, events: &[CaseEvent]) -> Result<Vec<Line>, Invalid> {
    const WHAT: &str = "these are the details that were signed";
    let Some(details) = details else {
        return Ok(vec![line(WHAT, false, "the bundle holds no details".to_owned())]);
    };
    if !details.is_sorted_by(|one, next| one.event < next.event) {
        return Err(DETAILS);
    }
    let mut lines = Vec::with_capacity(details.len());
    for one in details {
        let event = usize::try_from(one.event).ok().and_then(|at| events.get(at)).ok_or(DETAILS)?;
        let salt: &[u8; 32] = one.salt.0.as_slice().try_into().ok().ok_or(DETAILS)?;
        let commitment = details_commitment(salt, &one.details.0).ok().ok_or(DETAILS)?;
        if event.says().details != Some(commitment) {
            return Err(DETAILS);
        }
        lines.push(line(WHAT, true, format!("act {}, {} bytes", one.event, one.details.0.len())));
    }
    Ok(lines)
}
