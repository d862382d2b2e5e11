//! An item of a watched slot: receipts in a reply slot, a `nack` or a notice of expiry in a status slot.
//!
//! Anyone who has seen a slot's id may write into it, so only what is sealed to its key or signed by whom it concerns counts.
//! Everything else is dropped without a word.

use rusqlite::{Connection, OptionalExtension as _, params};
use safeconduct_protocol::{
    crypto::hash::{HashLabel, hash},
    entropy::Entropy,
    envelope::{desk::Arrival, opened::Answer, verdict::Verdict},
    frame::SlotItemKind,
    id::{EnvelopeDigest, MessageId, SlotId},
    slot::SlotSecret,
    time::Timestamp,
};

use super::{Here, InboxError, desk, error::unless_false};
use crate::{
    casework::{
        details::Details,
        give::Desk,
        life::code::Step,
        stand,
        take::{self, Brought},
    },
    monitoring::given::NotTaken,
    outbox::{
        MessageKind,
        progress::{self, SealRow},
    },
    registry,
    vault::{Sql as _, Vault, VaultError},
};

/// What became of a slot item.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum SlotBecame {
    /// The recipient's receipt for this message, verified and kept.
    Delivered(MessageId),
    /// The recipient's word that a rule of its node refused this message, verified and kept.
    Refused(MessageId),
    /// The recipient could not open this message; it is sealed anew or needs a person.
    Nacked(MessageId),
    /// The relay gave this message up.
    Expired(MessageId),
    /// Nothing that counts.
    Nothing,
    /// The recipient's key is not in the registry copy; or what is kept here about the message is damaged. The item
    /// stays in its slot.
    Waits,
}

/// What is left to do with a slot item.
pub struct SlotOutcome {
    /// What became of it.
    pub became: SlotBecame,
    /// Lets the relay drop the item; none when it is to stay, or the slot is not ours.
    pub drop_with: Option<SlotSecret>,
}

/// Takes an item of a slot; its outcome is durable when this returns.
///
/// # Errors
/// What the disk says; the item must stay in its slot then.
pub fn take(
    vault: &mut Vault,
    here: &Here<'_>,
    slot: &SlotId,
    kind: SlotItemKind,
    item: &[u8],
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<SlotOutcome, InboxError> {
    let secret = secret_of(vault, slot)?;
    let taken = match (kind, &secret) {
        (_, None) => Ok(SlotBecame::Nothing),
        (SlotItemKind::Envelope, Some(_)) => receipts(vault, here, slot, item, now, entropy),
        (kind, Some(_)) => status(vault, here, slot, kind, item, now),
    };
    let became = match taken {
        // What is kept here about this one message is damaged: its item stays in its slot, and the others go on.
        Err(InboxError::Vault(VaultError::Damaged { .. })) => SlotBecame::Waits,
        other => other?,
    };
    let drop_with = if became == SlotBecame::Waits { None } else { secret };
    Ok(SlotOutcome { became, drop_with })
}

fn secret_of(vault: &Vault, slot: &SlotId) -> Result<Option<SlotSecret>, VaultError> {
    let secret: Option<Option<[u8; 32]>> = vault
        .db()
        .one(
            "SELECT reply_slot_secret FROM seal WHERE reply_slot = ?1
                UNION ALL SELECT status_slot_secret FROM seal WHERE status_slot = ?1",
            params![slot.as_bytes()],
            |row| row.get(0),
        )
        .optional()?;
    Ok(secret.flatten().map(SlotSecret::from_bytes))
}

/// An envelope in a reply slot: opens with the reply key of the message that the slot was made for, and nothing else.
fn receipts(
    vault: &mut Vault,
    here: &Here<'_>,
    slot: &SlotId,
    item: &[u8],
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<SlotBecame, InboxError> {
    let desk = Desk { identity: here.identity, held: here.held, setting: &here.rules.setting };
    let digest = EnvelopeDigest::from_bytes(hash(HashLabel::Envelope, &[item]));
    match desk::open(vault, here, Arrival::Slot(*slot), item, &digest, now)? {
        Verdict::Opened(opened) | Verdict::Duplicate(opened) => {
            let mut became = SlotBecame::Nothing;
            let tx = vault.begin()?;
            for answer in opened.receipts() {
                became = match answer {
                    Answer::Delivered(receipt) => {
                        if !unless_false(progress::delivered(&tx, here.identity, receipt, now))? {
                            continue;
                        }
                        let message = receipt.about().message;
                        stand::follow(&tx, &message, &here.identity.node, &here.rules.setting, now)?;
                        SlotBecame::Delivered(message)
                    }
                    Answer::Refused(event, details) => {
                        let (message, sender) = (event.says().about.message, opened.header().sender);
                        // Only a referral is refused, or a report.
                        let is_report = match kind_of(&tx, &message)? {
                            Some(MessageKind::Referral) => false,
                            Some(MessageKind::Report) => true,
                            _ => continue,
                        };
                        if let Some(envelope) = sealed_for(&tx, slot)? {
                            progress::refused(&tx, &message, &envelope, event.as_bytes(), now)?;
                        }
                        became = SlotBecame::Refused(message);
                        if is_report {
                            let details =
                                details.as_ref().and_then(|sealed| Details::read(Step::Declined, &sealed.bytes));
                            let rule = details.and_then(|details| NotTaken::of(&details.rule?));
                            rule.map_or(Ok(()), |rule| progress::note(&tx, &message, rule.code()))?;
                            continue;
                        }
                        let brought = Brought { sender, message, stored_at: now };
                        let said = (&**event, details.as_ref());
                        take::declined(&tx, &desk, &brought, said, now, entropy)?;
                        stand::follow(&tx, &message, &here.identity.node, &here.rules.setting, now)?;
                        SlotBecame::Refused(message)
                    }
                };
            }
            if !opened.checkpoint().is_empty() {
                registry::heard(&tx, here.held, opened.checkpoint(), now)?;
            }
            tx.commit()?;
            Ok(became)
        }
        Verdict::Hold => Ok(SlotBecame::Waits),
        Verdict::Malformed(_)
        | Verdict::AlreadySettled(_)
        | Verdict::Nack(_)
        | Verdict::CannotOpen
        | Verdict::Quarantine(_)
        | _ => Ok(SlotBecame::Nothing),
    }
}

fn kind_of(db: &Connection, message: &MessageId) -> Result<Option<MessageKind>, VaultError> {
    let query = "SELECT kind FROM outbox WHERE message = ?1";
    let kind: Option<i64> = db.one(query, params![message.as_bytes()], |row| row.get(0)).optional()?;
    kind.map(MessageKind::from_code).transpose()
}

/// The envelope for whose answers a reply slot was made.
fn sealed_for(db: &Connection, slot: &SlotId) -> Result<Option<EnvelopeDigest>, VaultError> {
    let query = "SELECT digest FROM seal WHERE reply_slot = ?1";
    let digest = db.one(query, params![slot.as_bytes()], |row| row.get(0)).optional()?;
    Ok(digest.map(EnvelopeDigest::from_bytes))
}

/// A signed object in a status slot.
fn status(
    vault: &mut Vault,
    here: &Here<'_>,
    slot: &SlotId,
    kind: SlotItemKind,
    item: &[u8],
    now: Timestamp,
) -> Result<SlotBecame, InboxError> {
    let tx = vault.begin()?;
    let Some(row) = SealRow::by_status_slot(&tx, slot.as_bytes())? else { return Ok(SlotBecame::Nothing) };
    let (result, became) = match kind {
        SlotItemKind::Nack => {
            (progress::nacked(&tx, here.identity, here.held, &row, item, now), SlotBecame::Nacked(row.message))
        }
        SlotItemKind::Expired => {
            (progress::expired(&tx, here.identity, here.held, &row, item, now), SlotBecame::Expired(row.message))
        }
        SlotItemKind::Envelope | _ => return Ok(SlotBecame::Nothing),
    };
    if !unless_false(result)? {
        return Ok(SlotBecame::Nothing);
    }
    tx.commit()?;
    Ok(became)
}
