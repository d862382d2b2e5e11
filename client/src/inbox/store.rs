//! The one transaction of an opened message: content, evidence, replay record, tombstone of the prekey, receipt.

use rusqlite::{Connection, OptionalExtension as _, params};
use safeconduct_certs::registry::freshness::Freshness;
use safeconduct_protocol::{
    entropy::{Entropy, random_up_to},
    envelope::{
        content::{Control, encode_receipts},
        header::{ContentType, SignedHeader},
        opened::Opened,
    },
    id::EnvelopeDigest,
    personal::Reveal,
    prekey::record::PrekeyKind,
    receipt::{
        chain::EntryKind,
        node::{Delivered, DeliveredAt, SentMessage},
        settle::Settlement,
    },
    time::{DAY_S, Timestamp},
};

use super::{
    Haste, Here, InboxError, InboxState, Summary, decline, quarantine,
    receive::{Became, Committed},
    waiting,
};
use crate::{
    casework::{
        give::Desk,
        resync,
        take::{self, Brought},
    },
    evidence::{self, ReceiptKind, chain},
    monitoring::given,
    outbox::{self, MessageKind, NewRow, Rank, seal::reply_target_bytes},
    prekeys,
    recovery::{chains, notice},
    registry,
    vault::{Sql as _, Vault, VaultError, int, uint},
};

/// A sender's clock this far ahead is remarked upon.
const CLOCK_AHEAD_S: u64 = DAY_S;
/// A sender's clock this far behind is remarked upon: longer than any envelope waits, and a week.
const CLOCK_BEHIND_S: u64 = 21 * DAY_S;

/// The replay record: lives as long as the prekey could open the envelope again.
pub(super) fn remember(db: &Connection, settlement: &Settlement, until: Timestamp) -> Result<(), VaultError> {
    db.run(
        "INSERT OR IGNORE INTO replay (digest, settlement, until) VALUES (?1, ?2, ?3)",
        params![settlement.envelope().as_bytes(), settlement.as_bytes(), int(until.0)],
    )?;
    Ok(())
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Seen {
    /// A new message.
    New,
    /// Under an envelope of its own, again.
    Before,
}

/// What is kept of an opened message.
pub(super) enum Kept {
    Referral(Summary),
    Refused(String),
    Control,
    /// A report, which is kept whole: it holds nothing of a person.
    Report,
}

/// The one transaction: content, evidence, replay record, tombstone, receipt.
pub(super) fn store(
    vault: &mut Vault,
    here: &Here<'_>,
    opened: &Opened,
    seen: Seen,
    settlement: Settlement,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<Committed, InboxError> {
    const GONE: VaultError = VaultError::Damaged { what: "a prekey that has just opened an envelope is gone" };
    let (kind, opens_until) = prekeys::terms(vault, &opened.prekey())?.ok_or(GONE)?;
    let header = opened.header();
    let message = header.message;
    let tx = vault.begin()?;
    let became = match seen {
        Seen::New => {
            let kept = judge(&tx, here, &Came::of(opened), opened.content().reveal(Reveal::ToCheck))?;
            insert(&tx, here, opened, &kept, now)?;
            registry::acted_on::heard(&tx, here.held, header, opened.checkpoint())?;
            notice::told_late(&tx, here.identity, opened.signed_header(), now, entropy)?;
            let content = opened.content().reveal(Reveal::ToStore);
            answer(&tx, here, &Came::of(opened), (&kept, content), now, entropy)?;
            chains::heard(&tx, opened.signed_header(), now)?;
            if matches!(kept, Kept::Control)
                && notice::take(&tx, here.identity, here.held, opened.signed_header(), content, now)?
            {
                resync::restored(&tx, &header.sender, now, entropy)?;
            }
            match kept {
                Kept::Referral(_) => Became::Shown(message),
                Kept::Refused(_) => Became::Refused(message),
                Kept::Control => Became::Control(message),
                Kept::Report => Became::Report(message),
            }
        }
        Seen::Before => {
            chains::heard(&tx, opened.signed_header(), now)?;
            again(&tx, here, opened, now, entropy)?
        }
    };
    prekeys::last_resort::arrived(&tx, kind, &header.sender, header.created, &opened.envelope(), now)?;
    remember(&tx, &settlement, opens_until)?;
    quarantine::release(&tx, &opened.envelope())?;
    let spent = (kind == PrekeyKind::OneTime).then_some(opened.prekey());
    if let Some(prekey) = &spent {
        prekeys::bury(&tx, prekey, opens_until)?;
    }
    let note = Some(opened.checkpoint()).filter(|note| !note.is_empty());
    let gossip = note.map(|note| registry::heard(&tx, here.held, note, now)).transpose()?;
    tx.commit()?;
    Ok(Committed { became, settlement: Some(settlement), spent, gossip })
}

/// An envelope that was opened, as far as its answer goes.
pub(super) struct Came<'a> {
    pub(super) signed: &'a SignedHeader,
    pub(super) envelope: EnvelopeDigest,
    /// Where receipts go: the reply block, then the id of the sender's key.
    pub(super) reply_target: Option<Vec<u8>>,
}

impl<'a> Came<'a> {
    fn of(opened: &'a Opened) -> Self {
        let key = &opened.header().sender_key;
        Self {
            signed: opened.signed_header(),
            envelope: opened.envelope(),
            reply_target: opened.reply().map(|block| reply_target_bytes(block, key)),
        }
    }
}

pub(super) fn judge(db: &Connection, here: &Here<'_>, came: &Came<'_>, content: &[u8]) -> Result<Kept, VaultError> {
    let header = came.signed.header();
    Ok(match header.content_type {
        ContentType::Referral => match (here.rules.validate)(&header.sender, content) {
            Ok(summary) if summary.exercise != is_exercise(here) => Kept::Refused("exercise-mismatch".to_owned()),
            Ok(summary) => match take::judge(db, &header.sender, &summary.referral)? {
                Some(code) => Kept::Refused(code.as_str().to_owned()),
                None => Kept::Referral(summary),
            },
            Err(refused) => Kept::Refused(refused.0),
        },
        ContentType::Control if Control::decode(content).is_err() => Kept::Refused("control".to_owned()),
        // What a later version tells waits for this one to be updated.
        ContentType::Case if !take::is_known(content) => Kept::Refused("word-of-a-later-version".to_owned()),
        ContentType::Report => match given::judge(db, here, header, content)? {
            Ok(()) => Kept::Report,
            Err(refused) => Kept::Refused(refused.code().to_owned()),
        },
        ContentType::Receipt | ContentType::Control | ContentType::Cover | ContentType::Case | _ => Kept::Control,
    })
}

/// Whether this node is registered for exercises, or under an authority that knows nothing else.
fn is_exercise(here: &Here<'_>) -> bool {
    here.held.registry().root().is_practice()
        || here.held.node(&here.identity.node).is_some_and(|state| state.roles.is_exercise())
}

fn insert(db: &Connection, here: &Here<'_>, opened: &Opened, kept: &Kept, now: Timestamp) -> Result<(), VaultError> {
    let header = opened.header();
    let signed: &SignedHeader = opened.signed_header();
    let (summary, state, note) = match kept {
        Kept::Referral(summary) => (Some(summary), InboxState::New, clock_note(header.created, now)),
        Kept::Refused(code) => (None, InboxState::Refused, Some(code.as_str())),
        Kept::Control | Kept::Report => (None, InboxState::Read, None),
    };
    let content = opened.content().reveal(Reveal::ToStore);
    db.run(
        "INSERT INTO inbox (message, sender, kind, digest, header, signature, salt, content, commitment, received_at,
            referral, referral_kind, urgency, exercise, state, note, unconfirmed_since,
            reply_target)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)",
        params![
            header.message.as_bytes(),
            header.sender.as_bytes(),
            header.content_type.code(),
            opened.envelope().as_bytes(),
            signed.as_bytes().as_slice(),
            signed.signature().as_bytes(),
            opened.salt(),
            (!matches!(kept, Kept::Control)).then_some(content.as_slice()),
            header.content_commitment,
            int(now.0),
            summary.map(|summary| &summary.referral_id),
            summary.map(|summary| &summary.kind),
            summary.map(|summary| &summary.urgency),
            summary.is_some_and(|summary| summary.exercise),
            state.as_str(),
            note,
            unconfirmed_since(here, now).map(|since| int(since.0)),
            Came::of(opened).reply_target.filter(|_| state == InboxState::Refused),
        ],
    )?;
    if state == InboxState::Refused { waiting::bound(db, header) } else { Ok(()) }
}

/// Receiving goes on with an old registry copy: that a sender was registered weeks ago is no reason to hold back a person who
/// needs a bed. But it may have been revoked since, so whoever reads the message is told. The same age stops sending.
fn unconfirmed_since(here: &Here<'_>, now: Timestamp) -> Option<Timestamp> {
    match here.held.freshness(now) {
        Freshness::Fresh | Freshness::Stale { .. } => None,
        Freshness::Restricted { since } | Freshness::Expired { since } => Some(since),
        Freshness::Never => Some(Timestamp(0)),
    }
}

/// No decision hangs on a sender's clock; a person is told when it is far off.
fn clock_note(created: Timestamp, now: Timestamp) -> Option<&'static str> {
    if created.since(now) > CLOCK_AHEAD_S {
        Some("sender-clock-ahead")
    } else if now.since(created) > CLOCK_BEHIND_S {
        Some("sender-clock-behind")
    } else {
        None
    }
}

/// Evidence of a new message, and its receipt unless its content is refused.
fn answer(
    db: &Connection,
    here: &Here<'_>,
    came: &Came<'_>,
    (kept, content): (&Kept, &[u8]),
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<(), VaultError> {
    if let Kept::Refused(code) = kept {
        let body = [came.envelope.as_bytes().as_slice(), code.as_bytes()].concat();
        note(db, here, came, EntryKind::Quarantined, &body, now)?;
        let is_told = matches!(came.signed.header().content_type, ContentType::Referral | ContentType::Report);
        if is_told && decline::patience(code, content).for_s == 0 {
            decline::decline(db, here, came, (code, content), now, entropy)?;
        }
        return Ok(());
    }
    received(db, here, came, (kept, content), now, now, entropy)
}

/// Evidence of a message that counts, its receipt, and what it is to the casework.
fn received(
    db: &Connection,
    here: &Here<'_>,
    came: &Came<'_>,
    (kept, content): (&Kept, &[u8]),
    stored_at: Timestamp,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<(), VaultError> {
    let header = came.signed.header();
    let is_case = header.content_type == ContentType::Case;
    let is_cover = header.content_type == ContentType::Cover;
    let (entry, haste) = match kept {
        Kept::Referral(summary) => (EntryKind::Received, summary.haste),
        Kept::Report => (EntryKind::Received, Haste::Ordinary),
        Kept::Control | Kept::Refused(_) if is_case => (EntryKind::Received, Haste::Ordinary),
        // It is answered as an ordinary referral is, or its answer would tell what it is.
        Kept::Control if is_cover => (EntryKind::Ping, Haste::Ordinary),
        Kept::Control | Kept::Refused(_) => (EntryKind::Ping, Haste::Urgent),
    };
    note(db, here, came, entry, &came.about(), now)?;
    give_receipt(db, here, came, haste, stored_at, now, entropy)?;
    let desk = Desk { identity: here.identity, held: here.held, setting: &here.rules.setting };
    let brought = Brought { sender: header.sender, message: header.message, stored_at };
    match kept {
        Kept::Referral(summary) => take::referral(db, &desk, &brought, &summary.referral, now, entropy),
        Kept::Report => given::take(db, &header.message, content, now),
        Kept::Control if is_case => take::told(db, &desk, &brought, content, now, entropy),
        Kept::Control | Kept::Refused(_) => Ok(()),
    }
}

impl Came<'_> {
    fn about(&self) -> Vec<u8> {
        let header = self.signed.header();
        chain::message_body(&header.message, &self.signed.hash(), &header.content_commitment, &self.envelope)
    }
}

fn note(
    db: &Connection,
    here: &Here<'_>,
    came: &Came<'_>,
    kind: EntryKind,
    body: &[u8],
    now: Timestamp,
) -> Result<(), VaultError> {
    let header = came.signed.header();
    chain::append(db, here.identity, &header.sender, Some(&header.message), kind, body, now)?;
    Ok(())
}

/// A message that comes again, under an envelope of its own. Its sender has sealed it anew, so the earlier receipt went to a reply
/// key that it no longer waits on, or was lost, or was never given: what was refused before is judged again.
fn again(
    db: &Connection,
    here: &Here<'_>,
    opened: &Opened,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<Became, VaultError> {
    let (header, came) = (opened.header(), Came::of(opened));
    let duplicate = Became::Duplicate(header.message);
    let stored: Option<(i64, String)> = db
        .one(
            "SELECT received_at, state FROM inbox WHERE sender = ?1 AND message = ?2",
            params![header.sender.as_bytes(), header.message.as_bytes()],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()?;
    let Some((stored_at, state)) = stored else { return Ok(duplicate) };
    let stored_at = Timestamp(uint(stored_at)?);
    match InboxState::parse(&state)? {
        InboxState::New | InboxState::Read => {
            note(db, here, &came, EntryKind::Received, &came.about(), now)?;
            give_receipt(db, here, &came, Haste::Urgent, stored_at, now, entropy)?;
            Ok(duplicate)
        }
        InboxState::Refused => {
            let content = opened.content().reveal(Reveal::ToCheck);
            let kept = judge(db, here, &came, content)?;
            Ok(rejudged(db, here, &came, (&kept, content), stored_at, now, entropy)?.unwrap_or(duplicate))
        }
        InboxState::Declined => {
            decline::again(db, here, &came, now, entropy)?;
            Ok(duplicate)
        }
        InboxState::Equivocation => Ok(duplicate),
    }
}

/// What was refused before has been judged again: if it passes now, it is shown from here on and gets the receipt that it did not
/// get. What is refused again keeps the newest reason and the newest way back.
pub(super) fn rejudged(
    db: &Connection,
    here: &Here<'_>,
    came: &Came<'_>,
    (kept, content): (&Kept, &[u8]),
    stored_at: Timestamp,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<Option<Became>, VaultError> {
    let header = came.signed.header();
    let (sender, message) = (header.sender.as_bytes(), header.message.as_bytes());
    let (summary, state, became) = match kept {
        Kept::Refused(code) => {
            db.run(
                "UPDATE inbox SET note = ?3, reply_target = ?4 WHERE sender = ?1 AND message = ?2
                    AND (note IS NOT ?3 OR reply_target IS NOT ?4)",
                params![sender, message, code, came.reply_target],
            )?;
            return Ok(None);
        }
        Kept::Referral(summary) => (Some(summary), InboxState::New, Became::Shown(header.message)),
        Kept::Control => (None, InboxState::Read, Became::Control(header.message)),
        Kept::Report => (None, InboxState::Read, Became::Report(header.message)),
    };
    db.run(
        "UPDATE inbox SET state = ?3, referral = ?4, referral_kind = ?5, urgency = ?6, exercise = ?7, note = ?8,
            unconfirmed_since = ?9, reply_target = NULL, content = iif(?10, content, NULL)
            WHERE sender = ?1 AND message = ?2",
        params![
            sender,
            message,
            state.as_str(),
            summary.map(|summary| &summary.referral_id),
            summary.map(|summary| &summary.kind),
            summary.map(|summary| &summary.urgency),
            summary.is_some_and(|summary| summary.exercise),
            clock_note(header.created, stored_at),
            unconfirmed_since(here, now).map(|since| int(since.0)),
            !matches!(kept, Kept::Control),
        ],
    )?;
    received(db, here, came, (kept, content), stored_at, now, entropy)?;
    Ok(Some(became))
}

/// Signs the `delivered` receipt and queues it to the message's reply key. It cannot leave before the transaction
/// that it is part of is durable.
fn give_receipt(
    db: &Connection,
    here: &Here<'_>,
    came: &Came<'_>,
    haste: Haste,
    stored_at: Timestamp,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<(), VaultError> {
    if came.reply_target.is_none() {
        return Ok(());
    }
    let header = came.signed.header();
    let (message, partner) = (&header.message, &header.sender);
    let at = DeliveredAt {
        stored_at,
        registry: here.held.point(),
        chain: chain::head(db, here.identity, partner)?,
        echo: chains::longest(db, partner)?,
    };
    let receipt = Delivered::sign(&here.identity.key, SentMessage::of(came.signed, came.envelope), at);
    let bytes = receipt.as_bytes();
    evidence::keep(db, message, ReceiptKind::DeliveredGiven, &came.envelope, bytes, now)?;
    note(db, here, came, EntryKind::DeliveredGiven, bytes, now)?;
    reply(db, here, came, haste, bytes, now, entropy)
}

/// Queues an answer to the message's reply key.
pub(super) fn reply(
    db: &Connection,
    here: &Here<'_>,
    came: &Came<'_>,
    haste: Haste,
    bytes: &[u8],
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<(), VaultError> {
    const UNFIT: VaultError = VaultError::Unfit { what: "receipts that fit their layout" };
    let Some(reply_target) = &came.reply_target else { return Ok(()) };
    let delay_max = if haste == Haste::Urgent { 0 } else { here.rules.receipt_delay_max_s };
    let row = NewRow {
        kind: MessageKind::Receipt,
        rank: Rank::Receipt,
        recipient: came.signed.header().sender,
        agency: None,
        referral: None,
        exercise: false,
        content: &encode_receipts(&[bytes]).ok().ok_or(UNFIT)?,
        alarm_after_s: outbox::ALARM_AFTER_S,
        idempotency: None,
        reply_target: Some(reply_target),
        not_before: now.after(random_up_to(delay_max, entropy)?),
    };
    outbox::insert(db, &row, now, entropy)?;
    Ok(())
}
