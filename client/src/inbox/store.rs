//! The one transaction of an opened message: content, evidence, replay record, tombstone of the prekey, receipt.

use rusqlite::{Connection, OptionalExtension as _, params};
use safeconduct_protocol::{
    entropy::{Entropy, random},
    envelope::{
        content::{Control, encode_receipts},
        header::{ContentType, SignedHeader},
        opened::Opened,
    },
    id::NodeId,
    personal::Reveal,
    prekey::record::PrekeyKind,
    receipt::{
        chain::EntryKind,
        node::{Delivered, DeliveredAt},
        settle::Settlement,
    },
    time::{DAY_S, Timestamp},
};

use super::{
    Haste, Here, InboxError, InboxState, Summary, quarantine,
    receive::{Became, Committed},
};
use crate::{
    evidence::{self, ReceiptKind, chain},
    outbox::{self, MessageKind, NewRow, Rank, seal::reply_target_bytes},
    prekeys, registry,
    vault::{Vault, VaultError, int, uint},
};

/// A sender's clock this far ahead is remarked upon.
const CLOCK_AHEAD_S: u64 = DAY_S;
/// A sender's clock this far behind is remarked upon: longer than any envelope waits, and a week.
const CLOCK_BEHIND_S: u64 = 21 * DAY_S;

/// The replay record: lives as long as the prekey could open the envelope again.
pub(super) fn remember(db: &Connection, settlement: &Settlement, until: Timestamp) -> Result<(), VaultError> {
    db.execute(
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
enum Kept {
    Referral(Summary),
    Refused(String),
    Control,
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
            let kept = judge(here, opened);
            insert(&tx, opened, &kept, now)?;
            answer(&tx, here, opened, &kept, now, entropy)?;
            match kept {
                Kept::Referral(_) => Became::Shown(message),
                Kept::Refused(_) => Became::Refused(message),
                Kept::Control => Became::Control(message),
            }
        }
        Seen::Before => {
            answer_again(&tx, here, opened, now)?
                .map(|stored_at| give_receipt(&tx, here, opened, Haste::Urgent, stored_at, now, entropy))
                .transpose()?;
            Became::Duplicate(message)
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

fn judge(here: &Here<'_>, opened: &Opened) -> Kept {
    let content = opened.content().reveal(Reveal::ToCheck);
    match opened.header().content_type {
        ContentType::Referral => match (here.rules.validate)(&opened.header().sender, content) {
            Ok(summary) if summary.exercise != is_exercise(here) => Kept::Refused("exercise-mismatch".to_owned()),
            Ok(summary) => Kept::Referral(summary),
            Err(refused) => Kept::Refused(refused.0),
        },
        ContentType::Control if Control::decode(content).is_err() => Kept::Refused("control".to_owned()),
        ContentType::Receipt | ContentType::Control | ContentType::Cover | _ => Kept::Control,
    }
}

/// Whether this node is registered for exercises.
fn is_exercise(here: &Here<'_>) -> bool {
    here.held.node(&here.identity.node).is_some_and(|state| state.roles.is_exercise())
}

fn insert(db: &Connection, opened: &Opened, kept: &Kept, now: Timestamp) -> Result<(), VaultError> {
    let header = opened.header();
    let signed: &SignedHeader = opened.signed_header();
    let (summary, state, note) = match kept {
        Kept::Referral(summary) => (Some(summary), InboxState::New, clock_note(header.created, now)),
        Kept::Refused(code) => (None, InboxState::Refused, Some(code.as_str())),
        Kept::Control => (None, InboxState::Read, None),
    };
    let content = opened.content().reveal(Reveal::ToStore);
    db.execute(
        "INSERT INTO inbox (message, sender, kind, digest, header, signature, salt, content, commitment, received_at,
            referral, referral_kind, urgency, exercise, state, note)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
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
        ],
    )?;
    Ok(())
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
    opened: &Opened,
    kept: &Kept,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<(), VaultError> {
    let header = opened.header();
    let (message, partner, digest) = (&header.message, &header.sender, opened.envelope());
    let entry = |kind, body: &[u8]| chain::append(db, here.identity, partner, Some(message), kind, body, now);
    let about = chain::message_body(message, &opened.signed_header().hash(), &header.content_commitment, &digest);
    let haste = match kept {
        Kept::Referral(summary) => {
            entry(EntryKind::Received, &about)?;
            summary.haste
        }
        Kept::Control => {
            entry(EntryKind::Ping, &about)?;
            Haste::Urgent
        }
        Kept::Refused(code) => {
            let body = [digest.as_bytes().as_slice(), code.as_bytes()].concat();
            entry(EntryKind::Quarantined, &body)?;
            return Ok(());
        }
    };
    give_receipt(db, here, opened, haste, now, now, entropy)
}

/// When a message that comes again was stored, if it was one that gets a receipt. Its sender has sealed it anew, so the
/// earlier receipt went to a reply key that it no longer waits on, or was lost.
fn answer_again(
    db: &Connection,
    here: &Here<'_>,
    opened: &Opened,
    now: Timestamp,
) -> Result<Option<Timestamp>, VaultError> {
    let header = opened.header();
    let stored: Option<(i64, String)> = db
        .query_row(
            "SELECT received_at, state FROM inbox WHERE sender = ?1 AND message = ?2",
            params![header.sender.as_bytes(), header.message.as_bytes()],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()?;
    let Some((stored_at, state)) = stored else { return Ok(None) };
    let shown = matches!(InboxState::parse(&state)?, InboxState::New | InboxState::Read);
    if !shown {
        return Ok(None);
    }
    let about = chain::message_body(
        &header.message,
        &opened.signed_header().hash(),
        &header.content_commitment,
        &opened.envelope(),
    );
    let partner: &NodeId = &header.sender;
    chain::append(db, here.identity, partner, Some(&header.message), EntryKind::Received, &about, now)?;
    Ok(Some(Timestamp(uint(stored_at)?)))
}

/// Signs the `delivered` receipt and queues it to the message's reply key. It cannot leave before the transaction
/// that it is part of is durable.
fn give_receipt(
    db: &Connection,
    here: &Here<'_>,
    opened: &Opened,
    haste: Haste,
    stored_at: Timestamp,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<(), VaultError> {
    const UNFIT: VaultError = VaultError::Unfit { what: "receipts that fit their layout" };
    let Some(reply) = opened.reply() else { return Ok(()) };
    let header = opened.header();
    let (message, partner) = (&header.message, &header.sender);
    let at = DeliveredAt { stored_at, registry: here.held.point(), chain: chain::head(db, here.identity, partner)? };
    let receipt = Delivered::sign(&here.identity.key, opened.as_sent(), at);
    let bytes = receipt.as_bytes();
    evidence::keep(db, message, ReceiptKind::DeliveredGiven, &opened.envelope(), bytes, now)?;
    chain::append(db, here.identity, partner, Some(message), EntryKind::DeliveredGiven, bytes, now)?;
    let delay_max = if haste == Haste::Urgent { 0 } else { here.rules.receipt_delay_max_s };
    let row = NewRow {
        kind: MessageKind::Receipt,
        rank: Rank::Receipt,
        recipient: *partner,
        agency: None,
        referral: None,
        exercise: false,
        content: &encode_receipts(&[bytes]).ok().ok_or(UNFIT)?,
        alarm_after_s: outbox::ALARM_AFTER_S,
        idempotency: None,
        reply_target: Some(&reply_target_bytes(reply, &header.sender_key)),
        not_before: now.after(random_up_to(delay_max, entropy)?),
    };
    outbox::insert(db, &row, now, entropy)?;
    Ok(())
}

/// A number of seconds from 0 to `most`, evenly: the range is tiny beside 2^64.
fn random_up_to(most: u64, entropy: &mut dyn Entropy) -> Result<u64, VaultError> {
    let number = u64::from_be_bytes(random(entropy)?);
    Ok(number.checked_rem(most.saturating_add(1)).unwrap_or(0))
}
