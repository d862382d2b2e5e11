//! Verifies a bundle with nothing but itself, and says line by line what it proves and what it does not.

use safeconduct_protocol::{
    crypto::sign::{Label, Signature, VerifyingKey},
    envelope::header::{ContentType, SignedHeader, content_commitment},
    id::{EnvelopeDigest, RelayId},
    receipt::{
        node::{Delivered, SentMessage},
        relay::RelayAccepted,
    },
    time::Timestamp,
};

use super::{
    bounds::{self, Bounds, Named},
    bundle::{Abroad, Blob, Bundle, Entry, Opening},
    earlier::{self, ACTED_ON},
    event::Event,
};
use crate::{
    authority::root::{Fingerprint, RootFile},
    log::{checkpoint::Checkpoint, proof::InclusionProof, timestamp::LogTime},
    node::Roles,
    registry::leaf::Leaf,
    utc,
};

/// One statement.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// What is stated.
    pub what: &'static str,
    /// Whether the bundle proves it.
    pub proven: bool,
    /// Names, times and limits of the statement.
    pub detail: String,
    /// The event that it shows, if it shows one.
    pub event: Option<Event>,
}

impl Line {
    /// The statement in one line, with the event's URI at its end.
    #[must_use]
    pub fn text(&self) -> String {
        let detail = if self.detail.is_empty() { String::new() } else { format!(": {}", self.detail) };
        let event = self.event.map_or_else(String::new, |event| format!(" [{}]", event.text()));
        format!("{}{detail}{event}", self.what)
    }

    pub(super) fn showing(self, event: Event) -> Self {
        Self { event: Some(event), ..self }
    }
}

/// A part of the bundle that does not hold: the whole proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the evidence is invalid: {part} does not hold")]
pub struct Invalid {
    /// Which part.
    pub part: &'static str,
}

impl Invalid {
    /// What to do next.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        "do not rely on this file: it was changed, or put together wrongly; ask for it again from its source"
    }
}

/// The part that does not hold when the bundle is of another authority than the one that is known.
const OTHER_AUTHORITY: Invalid = Invalid { part: "the root file's fingerprint" };

impl Bundle {
    /// Its authority's log name and fingerprint, when `refused` says that it is another one than the one that is known: the file may
    /// be in order, and the wrong one, or the fingerprint mistyped.
    #[must_use]
    pub fn other_authority(&self, refused: Invalid) -> Option<(String, Fingerprint)> {
        other_authority(&self.root, refused)
    }
}

/// See [`Bundle::other_authority`].
pub(super) fn other_authority(root: &Blob, refused: Invalid) -> Option<(String, Fingerprint)> {
    let root = RootFile::parse(&root.0).ok().filter(|_| refused == OTHER_AUTHORITY)?;
    Some((root.log_name().to_owned(), root.fingerprint()))
}

/// What a bundle of either kind stands on.
pub(super) struct Ground<'b> {
    pub(super) root: &'b Blob,
    pub(super) checkpoint: &'b Blob,
    pub(super) timestamp: Option<&'b Blob>,
    pub(super) abroad: Option<&'b Abroad>,
}

/// One message in a bundle of either kind.
pub(super) struct Message<'b> {
    pub(super) header: &'b Blob,
    pub(super) signature: &'b Blob,
    pub(super) envelope_digest: Option<&'b Blob>,
    pub(super) delivered: Option<&'b Blob>,
    pub(super) opening: Option<&'b Opening>,
}

pub(super) fn line(what: &'static str, proven: bool, detail: String) -> Line {
    Line { what, proven, detail, event: None }
}

/// The authority that whoever reads a bundle knows.
#[derive(Clone, Copy)]
pub enum Known<'k> {
    /// None: the report says that comparing the fingerprint is left to the reader.
    Nothing,
    /// By a fingerprint: of any version of the root file in the bundle.
    Fingerprint(&'k Fingerprint),
    /// By its root file: the bundle's must be it, or one of before or after a change of its keys.
    Root(&'k RootFile),
}

impl Known<'_> {
    const fn is_said(self) -> bool {
        !matches!(self, Self::Nothing)
    }

    fn is(self, root: &RootFile) -> bool {
        match self {
            Self::Nothing => false,
            Self::Fingerprint(wanted) => root.has_fingerprint(wanted),
            Self::Root(known) => known.continues(root) || root.continues(known),
        }
    }
}

/// Verifies every part of the bundle. Where an authority is known, it must be the sender's or the recipient's.
///
/// # Errors
/// [`Invalid`] with the first part that does not hold.
pub fn verify(bundle: &Bundle, known: Known<'_>) -> Result<Vec<Line>, Invalid> {
    let ground = Ground {
        root: &bundle.root,
        checkpoint: &bundle.checkpoint,
        timestamp: bundle.timestamp.as_ref(),
        abroad: bundle.abroad.as_ref(),
    };
    let (mut lines, log, abroad) = logs(&ground, known)?;
    let theirs = abroad.as_ref().unwrap_or(&log);
    let message = Message {
        header: &bundle.header,
        signature: &bundle.signature,
        envelope_digest: bundle.envelope_digest.as_ref(),
        delivered: bundle.delivered.as_ref(),
        opening: bundle.opening.as_ref(),
    };
    let sender = [log.entry(&bundle.sender, "the sender's entry")?];
    let recipient = [theirs.entry(&bundle.recipient, "the recipient's entry")?];
    let earlier = earlier::open_all(bundle.earlier.iter(), &log, (&sender, &recipient))?;
    let (header, sender) = header(&message, &sender, &recipient)?;
    lines.push(sent(&header, sender, &log.checkpoint));
    let named = Named::of(header.header(), &log, &earlier);
    if named.at.is_none() && !earlier.is_empty() {
        return Err(ACTED_ON);
    }
    let bounds = Bounds::new(header.header(), &log, sender, (&earlier, &named));
    let after = bounds.after(bundle.relay_accepted.as_ref(), bundle.delivered.as_ref());
    lines.push(bounds.before());
    lines.push(content(&message, &header)?);
    lines.push(charge(bundle, theirs)?);
    lines.push(arrival(&message, &header, &recipient)?);
    lines.push(after);
    lines.push(line("a person has seen it", false, "no receipt of this kind says so".to_owned()));
    Ok(lines)
}

/// The logs that a bundle stands on, the sender's first, with what they prove.
pub(super) fn logs(ground: &Ground<'_>, known: Known<'_>) -> Result<(Vec<Line>, Log, Option<Log>), Invalid> {
    let root = RootFile::parse(&ground.root.0).ok().ok_or(Invalid { part: "the root file" })?;
    let abroad = ground.abroad.map(|abroad| opened_abroad(abroad, &root)).transpose()?;
    let is_known = |root: &RootFile| known.is(root);
    // Whoever reads it knows one authority: the sender's, or across a border the recipient's.
    let knows_one = is_known(&root) || abroad.as_ref().is_some_and(|abroad| is_known(&abroad.root));
    if known.is_said() && !knows_one {
        return Err(OTHER_AUTHORITY);
    }
    let mut lines = vec![authority("the authority is the one that you know", &root, is_known(&root))];
    let mut log = Log::open(root, &ground.checkpoint.0, Invalid { part: "the checkpoint" })?;
    lines.push(log.signed("the authority signed the registry"));
    let (stood, time) = time(ground.timestamp, &log)?;
    log.time = time;
    lines.push(stood);
    if let Some(abroad) = &abroad {
        let root = &abroad.root;
        lines.push(authority("the recipient's authority is the one that you know", root, is_known(root)));
        lines.push(abroad.signed("the recipient's authority signed its registry"));
    }
    Ok((lines, log, abroad))
}

fn authority(what: &'static str, root: &RootFile, known: bool) -> Line {
    let compare = if known { "" } else { ": compare it by telephone" };
    line(what, known, format!("fingerprint {}{compare}", root.fingerprint()))
}

/// The recipient's log, when it is another than the sender's.
fn opened_abroad(abroad: &Abroad, own: &RootFile) -> Result<Log, Invalid> {
    let bad = Invalid { part: "the recipient's root file" };
    let root = RootFile::parse(&abroad.root.0).ok().ok_or(bad)?;
    let log = Log::open(root, &abroad.checkpoint.0, Invalid { part: "the recipient's checkpoint" })?;
    // The sender's own log a second time, be it under an older or newer root file, is none of another authority.
    if log.root.authority() == own.authority() { Err(bad) } else { Ok(log) }
}

/// A signed head, and the version of the root file under which it is signed.
pub(super) struct Log {
    pub(super) root: RootFile,
    /// See [`Self::under`].
    pub(super) version: u32,
    pub(super) checkpoint: Checkpoint,
    /// Who has cosigned it.
    pub(super) witnessed: String,
    /// When it stood so, by the timestamp beside it.
    pub(super) time: Option<Timestamp>,
}

/// An entry that stands in the signed log, with its key.
pub(super) struct Proven {
    pub(super) leaf: Leaf,
    pub(super) ik: VerifyingKey,
}

impl Log {
    fn open(root: RootFile, note: &[u8], bad: Invalid) -> Result<Self, Invalid> {
        let opened = root.versions().find_map(|under| {
            let checkpoint = Checkpoint::open_signed(note, under).ok()?;
            let cosigned = Checkpoint::cosigned_at(note, under);
            let enough = cosigned.len() >= usize::from(under.witness_quorum());
            enough.then(|| (checkpoint, under.version(), earlier::witnessed(&cosigned, under, &root)))
        });
        let (checkpoint, version, witnessed) = opened.ok_or(bad)?;
        Ok(Self { root, version, checkpoint, witnessed, time: None })
    }

    fn under(&self) -> &RootFile {
        self.root.versions().find(|root| root.version() == self.version).unwrap_or(&self.root)
    }

    fn signed(&self, what: &'static str) -> Line {
        let (under, newest, size) = (self.under(), self.root.version(), self.checkpoint.size);
        let (quorum, witnesses) = (under.witness_quorum(), under.witnesses().len());
        // Whoever has stolen a key that was replaced can still sign what is told to be of before.
        let replaced = if self.version == newest {
            String::new()
        } else {
            format!("; under version {} of its root file, since replaced: ask for a newer export", self.version)
        };
        let origin = &self.checkpoint.origin;
        line(what, true, format!("{origin} with {size} entries, {quorum} of {witnesses} witnesses needed{replaced}"))
    }

    pub(super) fn entry(&self, entry: &Entry, part: &'static str) -> Result<Proven, Invalid> {
        entry_in(self.under(), &self.checkpoint, entry, Invalid { part })
    }
}

/// An entry of a head that is signed under this version of the root file.
pub(super) fn entry_in(
    under: &RootFile,
    checkpoint: &Checkpoint,
    entry: &Entry,
    bad: Invalid,
) -> Result<Proven, Invalid> {
    let leaf = Leaf::parse(&entry.leaf.0).ok().ok_or(bad)?;
    // By the registrar of its time, which may be before that of the head.
    let of_then = under.versions().any(|root| leaf.verify_registrar(root.registrar()).is_ok());
    if !of_then {
        return Err(bad);
    }
    let path: Option<Vec<[u8; 32]>> = entry.proof.iter().map(|hash| hash.0.as_slice().try_into().ok()).collect();
    let proof = InclusionProof { index: entry.index, size: checkpoint.size, path: path.ok_or(bad)? };
    proof.verify(leaf.hash(), &checkpoint.root).ok().ok_or(bad)?;
    let ik = VerifyingKey::try_from(leaf.fields.ik).ok().ok_or(bad)?;
    if leaf.fields.seq == entry.index { Ok(Proven { leaf, ik }) } else { Err(bad) }
}

fn time(timestamp: Option<&Blob>, log: &Log) -> Result<(Line, Option<Timestamp>), Invalid> {
    const WHAT: &str = "the registry stood so at a signed time";
    let Some(bytes) = timestamp else {
        return Ok((line(WHAT, false, "the bundle holds no timestamp".to_owned()), None));
    };
    let bad = Invalid { part: "the timestamp" };
    let checkpoint = &log.checkpoint;
    let stated = LogTime::open(&bytes.0, log.under().timestamp_key()).ok().ok_or(bad)?;
    if stated.size > checkpoint.size || (stated.size == checkpoint.size && stated.root != checkpoint.root) {
        return Err(bad);
    }
    if stated.size < checkpoint.size {
        let detail =
            format!("the timestamp of {} is about its first {} entries", utc::instant(stated.time), stated.size);
        return Ok((line(WHAT, false, detail), None));
    }
    Ok((line(WHAT, true, utc::instant(stated.time)), Some(stated.time)))
}

/// The header, signed by one of these keys of the sender, for this recipient.
pub(super) fn header<'e>(
    message: &Message<'_>,
    senders: &'e [Proven],
    recipients: &[Proven],
) -> Result<(SignedHeader, &'e Proven), Invalid> {
    let bad = Invalid { part: "the header" };
    let bytes = message.header.0.as_slice().try_into().ok().ok_or(bad)?;
    let signature: [u8; 64] =
        message.signature.0.as_slice().try_into().ok().ok_or(Invalid { part: "the sender's signature" })?;
    let signature = Signature::from_bytes(signature);
    let signed = SignedHeader::parse(bytes, signature).ok_or(bad)?;
    let fields = signed.header();
    let named = |one: &&Proven| fields.sender == one.leaf.fields.node && fields.sender_key == one.ik.key_id();
    let sender = senders.iter().find(named).ok_or(Invalid { part: "the sender's entry" })?;
    if !recipients.iter().any(|one| fields.recipient == one.leaf.fields.node) {
        return Err(Invalid { part: "the recipient's entry" });
    }
    let verified = sender.ik.verify(Label::Message, bytes, &signature);
    verified.ok().ok_or(Invalid { part: "the sender's signature" })?;
    Ok((signed, sender))
}

pub(super) fn sent(header: &SignedHeader, sender: &Proven, checkpoint: &Checkpoint) -> Line {
    let fields = header.header();
    let kind = match fields.content_type {
        ContentType::Referral => "a referral",
        ContentType::Receipt => "a receipt",
        ContentType::Control => "a control message",
        ContentType::Cover => "cover",
        ContentType::Case => "a word about a referral",
        ContentType::Report => "a report of a period",
        _ => "a message of a later kind",
    };
    let standing = bounds::ended(sender)
        .map(|ended| format!("; its registration was {ended} later or before: compare the times"))
        .unwrap_or_default();
    let detail = format!(
        "{kind}, message {}, from node {} to node {}, dated {} by the sender's clock; the key is named by entry {} of {}{standing}",
        fields.message.to_hex(),
        fields.sender.short(),
        fields.recipient.short(),
        utc::instant(fields.created),
        sender.leaf.fields.seq,
        checkpoint.size,
    );
    line("the sender's node signed this message for this recipient", true, detail).showing(Event::Signed)
}

pub(super) fn content(message: &Message<'_>, header: &SignedHeader) -> Result<Line, Invalid> {
    const WHAT: &str = "this is the content that was signed";
    let Some(opening) = message.opening else {
        return Ok(line(WHAT, false, "the bundle holds no content, and no personal data".to_owned()));
    };
    let salt: &[u8; 32] = opening.salt.0.as_slice().try_into().ok().ok_or(Invalid { part: "the salt" })?;
    if content_commitment(salt, &opening.content.0) != header.header().content_commitment {
        return Err(Invalid { part: "the content" });
    }
    Ok(line(WHAT, true, format!("{} bytes", opening.content.0.len())))
}

fn charge(bundle: &Bundle, log: &Log) -> Result<Line, Invalid> {
    let (Some(receipt), Some(entry)) = (&bundle.relay_accepted, &bundle.relay) else { return Ok(not_charged()) };
    let relay = log.entry(entry, "the relay's entry")?;
    let envelope = (bundle.envelope_digest.as_ref(), bundle.delivered.is_some());
    charged(receipt, envelope, core::slice::from_ref(&relay)).map(|(line, _)| line)
}

const CHARGED: &str = "a relay took charge of a sealed envelope";

pub(super) fn not_charged() -> Line {
    line(CHARGED, false, "the bundle holds no receipt of a relay".to_owned())
}

/// What binds a relay's receipt to the message: it names an envelope, and the header does not.
pub(super) const fn whose(is_delivered: bool) -> &'static str {
    if is_delivered {
        "that it was this message's envelope the recipient's node says"
    } else {
        "that it was this message's envelope is not shown"
    }
}

/// The relay's receipt about this envelope, which the recipient's names too or does not, by one of these relays' keys; which of them.
pub(super) fn charged(
    receipt: &Blob,
    (envelope, is_delivered): (Option<&Blob>, bool),
    relays: &[Proven],
) -> Result<(Line, usize), Invalid> {
    let bad = Invalid { part: "the relay's receipt" };
    let receipt = RelayAccepted::parse(&receipt.0).ok().ok_or(bad)?;
    let by = by_relay(relays, receipt.relay(), bad, |ik| receipt.verify(ik).is_ok())?;
    if Some(receipt.envelope()) != digest(envelope) {
        return Err(Invalid { part: "the envelope digest" });
    }
    let at = utc::instant(receipt.accepted_at());
    let (relay, until, whose) = (receipt.relay().0, utc::day(receipt.expiry()), whose(is_delivered));
    let detail = format!("relay {relay} at {at}, until {until}: to the relay, no further; {whose}");
    Ok((line(CHARGED, true, detail).showing(Event::RelayAccepted), by))
}

/// Which entry of this relay has the key under which its statement holds.
pub(super) fn by_relay(
    relays: &[Proven],
    number: RelayId,
    bad: Invalid,
    holds: impl Fn(&VerifyingKey) -> bool,
) -> Result<usize, Invalid> {
    let is_it = |one: &Proven| {
        let fields = &one.leaf.fields;
        fields.roles == Roles::RELAY.bits() && fields.home_relay == number
    };
    if !relays.iter().any(is_it) {
        return Err(Invalid { part: "the relay's entry" });
    }
    relays.iter().position(|one| is_it(one) && holds(&one.ik)).ok_or(bad)
}

pub(super) fn arrival(message: &Message<'_>, header: &SignedHeader, recipients: &[Proven]) -> Result<Line, Invalid> {
    const WHAT: &str = "the recipient's node opened, verified and stored it";
    let Some(receipt) = message.delivered else {
        return Ok(line(
            WHAT,
            false,
            "there is no receipt of the recipient's node: that it came there is not shown".to_owned(),
        ));
    };
    let bad = Invalid { part: "the recipient's receipt" };
    let receipt = Delivered::parse(&receipt.0).ok().ok_or(bad)?;
    let recipient = recipients.iter().find(|one| one.ik.key_id() == receipt.recipient_key()).ok_or(bad)?;
    receipt.verify(&recipient.ik).ok().ok_or(bad)?;
    let envelope = digest(message.envelope_digest).ok_or(Invalid { part: "the envelope digest" })?;
    receipt.matches(&SentMessage::of(header, envelope)).ok().ok_or(bad)?;
    let detail = format!("at {} by the recipient's clock", utc::instant(receipt.at().stored_at));
    Ok(line(WHAT, true, detail).showing(Event::Delivered))
}

pub(super) fn digest(bytes: Option<&Blob>) -> Option<EnvelopeDigest> {
    EnvelopeDigest::try_from(bytes?.0.as_slice()).ok()
}
