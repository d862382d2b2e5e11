//! The evidence of a whole referral: put together for someone who trusts neither side (`docs/PROTOCOL.md` §11), and what of it there is.

use rusqlite::Connection;
use safeconduct_certs::evidence::{CaseBundle, CaseParts, Event, EventParts, RevisionParts};
use safeconduct_protocol::{
    envelope::header::SignedHeader,
    id::{MessageId, NodeId},
    receipt::{
        node::Delivered,
        relay::{RelayAccepted, RelayExpired},
    },
    time::Timestamp,
};

use super::{
    audit::checks::{Keys, Verdict},
    export::{self, Contents, ExportError, Kept},
};
use crate::{
    api::evidence::EvidenceItem,
    casework::{
        stand::{self, hex},
        store::{event, revision, row::Row},
    },
    registry::{Held, acted_on},
    vault::VaultError,
};

/// A revision that was signed, with everything that was said of it.
struct Signed {
    message: MessageId,
    kept: Kept,
    header: SignedHeader,
    relay_accepted: Option<RelayAccepted>,
    relay_expired: Option<RelayExpired>,
    delivered: Option<Delivered>,
}

impl Signed {
    /// Whether the sender's signature, the relay's receipt and the recipient's hold, under keys that the registry copies name.
    fn verified(&self, held: &Held) -> (bool, bool, bool) {
        let (keys, to) = (Keys { held }, &self.header.header().recipient);
        let charged = self
            .relay_accepted
            .as_ref()
            .map(|receipt| keys.relay(to, receipt.relay(), |key| receipt.verify(key).is_ok()));
        let stored = self
            .delivered
            .as_ref()
            .map(|receipt| keys.node(to, &receipt.recipient_key(), |key| receipt.verify(key).is_ok()));
        let yes = Verdict::Yes;
        (keys.message(&self.header) == yes, charged == Some(yes), stored == Some(yes))
    }
}

/// The revisions of a referral that were signed, in their order.
fn signed(db: &Connection, row: &Row) -> Result<Vec<Signed>, VaultError> {
    let mut all = Vec::new();
    for message in revision::messages(db, row.place)? {
        let Some(kept) = export::kept(db, &message, &row.partner, row.side)? else { continue };
        all.push(Signed {
            header: kept.signed()?,
            relay_accepted: kept.relay_accepted(db, &message)?,
            relay_expired: kept.relay_expired(db, &message)?,
            delivered: kept.delivered(db, &message)?,
            message,
            kept,
        });
    }
    Ok(all)
}

/// Whether a bundle can hold the content of a referral: something of it was signed, and nothing of that has been erased.
///
/// # Errors
/// What the disk says, or that what is kept is altered.
pub(crate) fn has_content(db: &Connection, row: &Row) -> Result<bool, VaultError> {
    let signed = signed(db, row)?;
    Ok(!signed.is_empty() && signed.iter().all(|one| one.kept.opening(&one.header).is_some()))
}

/// The bundle of a referral.
///
/// # Errors
/// [`ExportError`].
pub(crate) fn bundle(
    db: &Connection,
    held: &Held,
    (row, own): (&Row, &NodeId),
    contents: Contents,
    now: Timestamp,
) -> Result<CaseBundle, ExportError> {
    let found = stand::look(db, row.place, own, now)?;
    let (signed, ends) = (signed(db, row)?, event::ends(row, own));
    let (ours, theirs) = (held.registry_of(&ends.0), held.registry_of(&ends.1));
    let heads =
        signed.iter().map(|one| acted_on::kept(db, ours, one.header.header())).collect::<Result<Vec<_>, _>>()?;
    let mut revisions = Vec::with_capacity(signed.len());
    for (one, acted_on) in signed.iter().zip(&heads) {
        let opening = match contents {
            Contents::Without => None,
            Contents::With => Some(one.kept.opening(&one.header).ok_or(ExportError::ContentErased)?),
        };
        revisions.push(RevisionParts {
            header: &one.header,
            envelope: one.kept.digest,
            relay_accepted: one.relay_accepted.as_ref(),
            relay_expired: one.relay_expired.as_ref(),
            delivered: one.delivered.as_ref(),
            opening,
            acted_on: acted_on.as_ref(),
        });
    }
    let events = found.events.iter().map(|kept| {
        let details = kept.salt.as_ref().zip(kept.details.as_deref()).filter(|_| contents == Contents::With);
        EventParts { event: &kept.event, details: details.map(|(salt, bytes)| (salt, bytes.as_slice())) }
    });
    let parts = CaseParts { referral: row.referral, ends, revisions, events: events.collect() };
    CaseBundle::collect(ours, theirs, &parts).map_err(ExportError::Refused)
}

/// What can be exported of a referral, and what it proves; with its messages, one by one, if that is asked.
///
/// # Errors
/// What the disk says, or that what is kept is altered.
pub(crate) fn items(
    db: &Connection,
    held: &Held,
    (row, own): (&Row, &NodeId),
    (agency, messages): (&str, bool),
    now: Timestamp,
) -> Result<Vec<EvidenceItem>, VaultError> {
    let (signed, found) = (signed(db, row)?, stand::look(db, row.place, own, now)?);
    let count = |which: fn((bool, bool, bool)) -> bool| signed.iter().filter(|one| which(one.verified(held))).count();
    let (sealed, stored) = (count(|of| of.0), count(|of| of.2));
    let of = |one: &Signed| one.kept.opening(&one.header).is_some();
    let whole = EvidenceItem {
        id: hex(&row.handle),
        of: "referral".to_owned(),
        agency: agency.to_owned(),
        proves: if signed.is_empty() {
            Vec::new()
        } else {
            vec![
                format!("the sender's node signed {sealed} revisions"),
                format!("the recipient's node stored {stored} of them"),
                format!("{} acts were signed, each after the one before it", found.events.len()),
            ]
        },
        proves_not: vec!["that the acts are true, and that nothing came after them".to_owned()],
        content: !signed.is_empty() && signed.iter().all(of),
    };
    let mut items = vec![whole];
    for one in signed.iter().filter(|_| messages) {
        let (sealed, charged, stored) = one.verified(held);
        let said = [
            (sealed, "the sender's node signed it for this recipient", Some(Event::Signed)),
            (charged, "a relay took charge of it", Some(Event::RelayAccepted)),
            (stored, "the recipient's node opened, verified and stored it", Some(Event::Delivered)),
            (false, "that a person has seen it", None),
        ];
        let named = |text: &str, event: Option<Event>| {
            event.map_or_else(|| text.to_owned(), |event| format!("{text} [{}]", event.text()))
        };
        // What did not happen, or does not verify, has no event.
        let texts = |proven: bool| {
            let those = said.iter().filter(|(is, _, _)| *is == proven);
            those.map(|(_, text, event)| named(text, event.filter(|_| proven))).collect()
        };
        items.push(EvidenceItem {
            id: one.message.to_hex(),
            of: "message".to_owned(),
            agency: agency.to_owned(),
            proves: texts(true),
            proves_not: texts(false),
            content: of(one),
        });
    }
    Ok(items)
}
