//! What an auditor reads of one referral: each act and receipt with its proof, what that proves and what it does not. Of the content
//! there is nothing in it, and of people only pseudonyms: what is read here is evidence, clocks and codes.
//!
//! - `words`: what each act and receipt proves · `checks`: whether it holds, and under which key · `cautions`: what stands on top

mod cautions;
pub(super) mod checks;
mod words;

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension as _, params};
use safeconduct_certs::evidence::Event;
use safeconduct_protocol::{
    id::{MessageId, NodeId},
    receipt::{
        node::Delivered,
        relay::{RelayAccepted, RelayExpired},
        settle::Settlement,
    },
    time::Timestamp,
};

use self::{
    checks::{Keys, Verdict},
    words::Words,
};
use super::{KeptReceipt, ReceiptKind, export, receipts_of};
use crate::{
    api::audit::{AuditLine, AuditedCase},
    casework::{
        clocks::Setting,
        life::{
            code::{Step, Why},
            fold::{Reason, Remark},
            state::State,
            terms::Side,
        },
        stand::{self, Now, hex},
        store::{columns::uuid_text, event::Kept, row::Row},
    },
    registry::Held,
    vault::{VaultError, uint},
};

const DAMAGED: VaultError = VaultError::Damaged { what: "a kept receipt is altered" };

/// Who and when, for a report.
pub(crate) struct Desk<'a> {
    /// This node.
    pub(crate) own: NodeId,
    /// The registry copies that signatures are checked against.
    pub(crate) held: &'a Held,
    /// Clocks and agencies.
    pub(crate) setting: &'a Setting<'a>,
    /// What this agency is called.
    pub(crate) agency: &'a str,
    /// Now.
    pub(crate) now: Timestamp,
}

impl Desk<'_> {
    fn called(&self, node: &NodeId) -> String {
        self.setting.called(node).map_or_else(|| node.short().to_string(), str::to_owned)
    }
}

/// One referral, being reported.
struct Reported<'a> {
    desk: &'a Desk<'a>,
    keys: Keys<'a>,
    found: Now,
    /// What counted: its place among them, and by which transition.
    applied: BTreeMap<[u8; 32], (usize, &'static str)>,
}

/// The report of one referral.
///
/// # Errors
/// What the disk says, or that what is kept is altered.
pub(crate) fn case(db: &Connection, desk: &Desk<'_>, place: i64) -> Result<AuditedCase, VaultError> {
    let found = stand::look(db, place, &desk.own, desk.now)?;
    let applied = found.standing.applied.iter().enumerate().map(|(place, one)| (one.hash, (place, one.id))).collect();
    let reported = Reported { desk, keys: Keys { held: desk.held }, found, applied };
    let mut lines = Vec::new();
    for revision in revisions(db, place)? {
        reported.revision(db, &revision, &mut lines)?;
    }
    let counted: Vec<AuditLine> = reported.events().into_iter().map(|kept| reported.event(kept)).collect();
    lines.extend(counted);
    reported.local(&mut lines);
    let row = &reported.found.row;
    Ok(AuditedCase {
        id: hex(&row.handle),
        referral_id: uuid_text(&row.referral),
        sender: reported.agency(Side::Sender),
        recipient: reported.agency(Side::Recipient),
        state: row.state.code().to_owned(),
        exercise: row.exercise,
        cautions: cautions::of(db, &reported, &lines)?,
        lines,
    })
}

/// A revision, as its message brought it.
struct Revision {
    number: u32,
    message: MessageId,
    at: Timestamp,
}

fn revisions(db: &Connection, place: i64) -> Result<Vec<Revision>, VaultError> {
    let sql = "SELECT revision, message, at FROM referral_revision WHERE referral = ?1 ORDER BY revision, at";
    let mut rows = db.prepare_cached(sql)?;
    let mut rows = rows.query([place])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let message = MessageId::from_bytes(row.get(1)?);
        all.push(Revision { number: row.get(0)?, message, at: Timestamp(uint(row.get(2)?)?) });
    }
    Ok(all)
}

impl Reported<'_> {
    fn node(&self, side: Side) -> NodeId {
        if side == self.found.row.side { self.desk.own } else { self.found.row.partner }
    }

    fn agency(&self, side: Side) -> String {
        let row = &self.found.row;
        if side == row.side {
            return self.desk.agency.to_owned();
        }
        row.agency.clone().unwrap_or_else(|| self.desk.called(&row.partner))
    }

    /// A revision: the sender's signature, then the receipts for its envelopes.
    fn revision(&self, db: &Connection, revision: &Revision, lines: &mut Vec<AuditLine>) -> Result<(), VaultError> {
        let row = &self.found.row;
        let base = AuditLine {
            act: format!("revision {}", revision.number),
            agency: Some(self.agency(Side::Sender)),
            person: self.sent_by(db, &revision.message)?,
            ..line(Side::Sender.as_str())
        };
        let Some(kept) = export::kept(db, &revision.message, &row.partner, row.side)? else {
            // It waits to be sealed, or was taken back before it was.
            lines.push(AuditLine { at: revision.at.0, clock: THIS_NODE.to_owned(), ..said(base, &words::UNSEALED) });
            return Ok(());
        };
        let signed = kept.signed()?;
        let fields = signed.header();
        let verdict = self.keys.message(&signed);
        let place = format!(
            "message {}, key {}, entry {} of the chain with this partner",
            fields.message.to_hex(),
            fields.sender_key.short(),
            fields.chain.length
        );
        let base = AuditLine { at: fields.created.0, proof: "signature".to_owned(), place, ..base };
        lines.push(judged(held(base, verdict), &words::REVISION, Event::Signed));
        for receipt in receipts_of(db, &revision.message)? {
            lines.extend(self.receipt(&receipt, revision.number)?);
        }
        Ok(())
    }

    /// Who sent it, as this vault alone knows.
    fn sent_by(&self, db: &Connection, message: &MessageId) -> Result<Option<String>, VaultError> {
        if self.found.row.side == Side::Recipient {
            return Ok(None);
        }
        let sql = "SELECT officer FROM sent_by WHERE message = ?1";
        let officer: Option<[u8; 16]> = db.query_row(sql, params![message.as_bytes()], |row| row.get(0)).optional()?;
        Ok(officer.map(|officer| hex(&officer)))
    }

    fn receipt(&self, kept: &KeptReceipt, revision: u32) -> Result<Option<AuditLine>, VaultError> {
        let recipient = self.node(Side::Recipient);
        let of_relay = |number: u32, at: Timestamp| AuditLine {
            at: at.0,
            act: format!("{}, revision {revision}", kept.kind.as_str()),
            proof: "receipt".to_owned(),
            place: format!("relay {number}, envelope {}", kept.digest.short()),
            ..line("relay")
        };
        let of_node = AuditLine {
            act: format!("{}, revision {revision}", kept.kind.as_str()),
            agency: Some(self.agency(Side::Recipient)),
            proof: "receipt".to_owned(),
            place: format!("envelope {}", kept.digest.short()),
            ..line(Side::Recipient.as_str())
        };
        let (line, verdict, words, event) = match kept.kind {
            ReceiptKind::RelayAccepted => {
                let receipt = RelayAccepted::parse(&kept.bytes).ok().ok_or(DAMAGED)?;
                let verdict = self.keys.relay(&recipient, receipt.relay(), |key| receipt.verify(key).is_ok());
                (
                    of_relay(receipt.relay().0, receipt.accepted_at()),
                    verdict,
                    words::RELAY_ACCEPTED,
                    Event::RelayAccepted,
                )
            }
            ReceiptKind::RelayExpired => {
                let receipt = RelayExpired::parse(&kept.bytes).ok().ok_or(DAMAGED)?;
                let verdict = self.keys.relay(&recipient, receipt.relay(), |key| receipt.verify(key).is_ok());
                (of_relay(receipt.relay().0, receipt.expired_at()), verdict, words::RELAY_EXPIRED, Event::RelayExpired)
            }
            ReceiptKind::Delivered | ReceiptKind::DeliveredGiven => {
                let receipt = Delivered::parse(&kept.bytes).ok().ok_or(DAMAGED)?;
                let key = receipt.recipient_key();
                let verdict = self.keys.node(&recipient, &key, |key| receipt.verify(key).is_ok());
                let line = AuditLine {
                    at: receipt.at().stored_at.0,
                    place: format!("{}, key {}", of_node.place, key.short()),
                    ..of_node
                };
                (line, verdict, words::DELIVERED, Event::Delivered)
            }
            ReceiptKind::Nack => {
                let receipt = Settlement::parse(&kept.bytes).ok().ok_or(DAMAGED)?;
                let verdict = self.keys.any(&recipient, |key| receipt.verify(key).is_ok());
                let line = AuditLine { at: kept.at.0, clock: THIS_NODE.to_owned(), ..of_node };
                (line, verdict, words::NACK, Event::NotOpened)
            }
            // These are acts, and stand among them.
            ReceiptKind::Refused | ReceiptKind::RefusedGiven => return Ok(None),
        };
        Ok(Some(judged(held(line, verdict), &words, event)))
    }

    /// The events: those that count in their order, the others after them by time.
    fn events(&self) -> Vec<&Kept> {
        let order = |kept: &&Kept| {
            let place = self.applied.get(&kept.event.hash()).map(|(place, _)| *place);
            (place.unwrap_or(usize::MAX), kept.event.says().at.0)
        };
        let mut events: Vec<&Kept> = self.found.events.iter().collect();
        events.sort_by_cached_key(order);
        events
    }

    fn event(&self, kept: &Kept) -> AuditLine {
        let (event, says) = (&kept.event, kept.event.says());
        let (step, hash) = (Step::of(says.act), event.hash());
        let verdict = self.keys.node(&says.signer, &event.key(), |key| event.verify(key).is_ok());
        let seen = says.seen.map_or_else(String::new, |seen| format!(", having seen the other's {}", seen.number));
        let after = if says.number == 0 { String::new() } else { format!(" after {}", digits(&says.previous)) };
        let place = format!(
            "{} of epoch {}, {}{after}{seen}; about message {}; key {}",
            says.number,
            says.epoch,
            digits(&hash),
            says.about.message.short(),
            event.key().short(),
        );
        let base = AuditLine {
            at: says.at.0,
            act: step.as_str().to_owned(),
            why: Why::of(step, says.code).map(|why| why.as_str().to_owned()),
            level: says.level,
            agency: Some(self.agency(kept.side)),
            person: says.person.map(|person| hex(&person)),
            confirmed: says.confirmed,
            proof: "signature".to_owned(),
            place,
            counted: self.counted(&hash),
            ..line(kept.side.as_str())
        };
        judged(held(base, verdict), &words::of(step, says.by_node), Event::of(says.act, says.by_node))
    }

    /// The transition of an event, or why it changed nothing.
    fn counted(&self, hash: &[u8; 32]) -> String {
        let standing = &self.found.standing;
        if let Some((_, id)) = self.applied.get(hash) {
            return (*id).to_owned();
        }
        let reason = standing.remarks.iter().find(|one: &&Remark| one.hash == *hash).map(|remark| remark.reason);
        match reason {
            Some(Reason::State(state)) => format!("changed nothing: it was {} then", state.word()),
            Some(Reason::Hand | Reason::Code) => "changed nothing: not theirs to do".to_owned(),
            Some(Reason::TooLate) => "changed nothing: after the end of its time".to_owned(),
            Some(Reason::Crossed) => "crossed with the end of its time: a person decides".to_owned(),
            None if standing.broken.contains(hash) => "does not count: contradicts its own chain".to_owned(),
            None if standing.waiting.contains(hash) => "waits for what is missing before it".to_owned(),
            None => "does not count: two were signed under this number".to_owned(),
        }
    }

    /// What this node found out by its own clock.
    fn local(&self, lines: &mut Vec<AuditLine>) {
        let row: &Row = &self.found.row;
        let base = |act: Step, at: Timestamp| AuditLine {
            at: at.0,
            act: act.as_str().to_owned(),
            agency: Some(self.agency(row.side)),
            ..line(THIS_NODE)
        };
        if self.found.standing.state == State::Expired {
            lines.push(called(
                said(base(Step::Expired, row.expires_at), &words::of(Step::Expired, true)),
                Event::Expired,
            ));
        }
        if let Some(at) = row.erased_at {
            lines.push(called(said(base(Step::Erased, at), &words::of(Step::Erased, true)), Event::Erased));
        }
    }
}

const THIS_NODE: &str = "this node";

/// A line of which nothing is known yet.
fn line(clock: &str) -> AuditLine {
    AuditLine {
        at: 0,
        clock: clock.to_owned(),
        act: String::new(),
        why: None,
        level: None,
        agency: None,
        person: None,
        confirmed: false,
        proof: "none".to_owned(),
        place: String::new(),
        holds: Verdict::NotSigned.as_str().to_owned(),
        counted: String::new(),
        proves: String::new(),
        proves_not: String::new(),
        event: String::new(),
        cause: None,
    }
}

fn held(line: AuditLine, verdict: Verdict) -> AuditLine {
    AuditLine { holds: verdict.as_str().to_owned(), ..line }
}

/// The words of a line; what does not verify proves nothing.
fn said(line: AuditLine, words: &Words) -> AuditLine {
    let broken = line.holds == Verdict::No.as_str();
    let (proves, proves_not) = if broken { words::NOTHING } else { (words.0, words.1) };
    AuditLine { proves: proves.to_owned(), proves_not: proves_not.to_owned(), ..line }
}

/// What the event of a line is called.
fn called(line: AuditLine, event: Event) -> AuditLine {
    AuditLine { event: event.uri().to_owned(), cause: event.cause().map(str::to_owned), ..line }
}

/// A line of something signed: only what verifies is an event.
fn judged(line: AuditLine, words: &Words, event: Event) -> AuditLine {
    let line = said(line, words);
    if line.holds == Verdict::Yes.as_str() { called(line, event) } else { line }
}

/// The first digits of a hash.
fn digits(hash: &[u8; 32]) -> String {
    hex(hash.get(..4).unwrap_or_default())
}
