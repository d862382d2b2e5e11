//! What this agency does with a referral: an act becomes a signed event, durable before it is told, and told until it has arrived.

use rusqlite::{Connection, OptionalExtension as _, params};
use safeconduct_protocol::{
    entropy::Entropy,
    envelope::{case::CaseContent, header::SignedHeader},
    id::{MessageId, NodeId},
    receipt::case::{CaseAct, CaseEvent, CaseFields, Revision, Seen, details_commitment},
    time::{DAY_S, HOUR_S, Timestamp},
};

use zeroize::Zeroizing;

use super::{
    clocks::Setting,
    details::Details,
    life::{
        act::{Ask, may},
        code::{DeclineReason, Step, Why},
        event::Event,
        fold::Way,
        order::ordered,
        terms::{Hand, Side},
    },
    refusal::CaseworkError,
    stand::{self, Now},
    store::{columns::uuid_text, event, revision, row::Row},
};
use crate::{
    keys::Identity,
    outbox::{self, FailReason, MessageKind, NewRow, Rank, progress},
    registry::Held,
    vault::{Sql as _, VaultError},
};

const UNFIT: VaultError = VaultError::Unfit { what: "an event that fits its layout" };

/// Who acts here, by which rules.
pub(crate) struct Desk<'a> {
    /// This node.
    pub(crate) identity: &'a Identity,
    /// The registry as held.
    pub(crate) held: &'a Held,
    /// Countries' rules.
    pub(crate) setting: &'a Setting<'a>,
}

impl Desk<'_> {
    pub(crate) const fn own(&self) -> &NodeId {
        &self.identity.node
    }
}

/// Who does it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum By {
    /// A person of this agency: their pseudonym, and the roles that they have here.
    Person([u8; 16], Vec<Hand>),
    /// The node by itself.
    Node,
}

/// What is done.
#[derive(Clone)]
pub(crate) struct Act {
    pub(crate) step: Step,
    /// Reason or outcome, from 1; 0 for none.
    pub(crate) code: u8,
    pub(crate) level: Option<u8>,
    /// The referral that takes its place.
    pub(crate) successor: Option<[u8; 16]>,
    pub(crate) details: Details,
    pub(crate) by: By,
    /// A second person has confirmed it.
    pub(crate) confirmed: bool,
}

impl Act {
    /// An act of the node itself, without details.
    pub(crate) fn of_node(step: Step) -> Self {
        Self::of(step, By::Node)
    }

    /// An act without reason, level or details.
    pub(crate) fn of(step: Step, by: By) -> Self {
        Self { step, code: 0, level: None, successor: None, details: Details::default(), by, confirmed: false }
    }
}

/// Whether the life of the referral has this act now, and its details are of their form.
pub(crate) fn check(found: &Now, act: &Act) -> Result<(), CaseworkError> {
    let node = [Hand::Node];
    let hands = match &act.by {
        By::Person(_, hands) => hands.as_slice(),
        By::Node => &node,
    };
    let ask = Ask { step: act.step, side: found.row.side, hands, code: act.code, level: act.level };
    may(Some(&found.standing), &ask)?;
    if let Some(member) = act.details.not_of(act.step) {
        return Err(CaseworkError::NotTaken { member: member.as_str() });
    }
    act.details.check().map_err(|unfit| CaseworkError::BadValue { member: unfit.member, form: unfit.form })
}

/// Does it, inside the caller's transaction: the event is kept, queued to the other agency, and counts here.
///
/// # Errors
/// What the life refuses, and what the disk says; nothing is done then.
pub(crate) fn give(
    db: &Connection,
    desk: &Desk<'_>,
    place: i64,
    act: &Act,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<Now, CaseworkError> {
    let found = stand::look(db, place, desk.own(), now)?;
    let made = make(db, desk, &found, act, now, entropy)?;
    if !is_recalled(db, &found, act)? {
        let message = tell(db, &found.row, &made.content, now, entropy)?;
        event::travels_in(db, found.row.place, &made.hash, &message)?;
    }
    Ok(stand::refresh(db, place, desk.own(), desk.setting, now)?)
}

/// An act that is signed and kept, as it is told.
pub(crate) struct Made {
    pub(crate) hash: [u8; 32],
    /// As content of type 5.
    pub(crate) content: Zeroizing<Vec<u8>>,
}

/// Signs an act and keeps it, without telling anybody.
pub(crate) fn make(
    db: &Connection,
    desk: &Desk<'_>,
    found: &Now,
    act: &Act,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<Made, CaseworkError> {
    check(found, act)?;
    let row = &found.row;
    let sealed = act.details.seal(entropy)?;
    let event = sign(db, desk, found, act, sealed.as_ref(), now)?;
    event::insert(
        db,
        row.place,
        &event::NewEvent { side: row.side, event: &event, details: sealed.as_ref(), message: None, stored_at: None },
        now,
    )?;
    let hash = event.hash();
    let content = CaseContent::Event(Box::new(event), sealed).encode().ok().ok_or(UNFIT)?;
    Ok(Made { hash, content })
}

fn sign(
    db: &Connection,
    desk: &Desk<'_>,
    found: &Now,
    act: &Act,
    sealed: Option<&safeconduct_protocol::envelope::case::Details>,
    now: Timestamp,
) -> Result<CaseEvent, VaultError> {
    let row = &found.row;
    let ordered = ordered(&found.log);
    let (own, theirs) = (ordered.newest(row.side), ordered.newest(row.side.other()));
    let details = sealed.map(|sealed| details_commitment(&sealed.salt, &sealed.bytes)).transpose().ok().ok_or(UNFIT)?;
    let seen = |event: &Event| Seen { epoch: event.position.epoch, number: event.position.number, hash: event.hash };
    let fields = CaseFields {
        act: act.step.act().ok_or(UNFIT)?,
        code: act.code,
        level: act.level,
        by_node: act.by == By::Node,
        confirmed: act.confirmed,
        referral: row.referral,
        epoch: desk.identity.epoch,
        number: own.map_or(0, |own| own.position.number.saturating_add(1)),
        previous: own.map_or([0; 32], |own| own.hash),
        seen: theirs.map(seen),
        at: now,
        signer: desk.identity.node,
        other: row.partner,
        about: revision::about(db, row)?,
        person: match &act.by {
            By::Person(pseudonym, _) => Some(*pseudonym),
            By::Node => None,
        },
        successor: act.successor,
        details,
        registry: desk.held.point(),
    };
    CaseEvent::sign(&desk.identity.key, &fields).ok().ok_or(UNFIT)
}

/// This node's word that its rules refuse a message of which it can keep no case: nothing in it names a referral.
pub(crate) fn unread(
    desk: &Desk<'_>,
    signed: &SignedHeader,
    reason: DeclineReason,
    rule: &str,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    let details = Details { rule: Some(rule.to_owned()), ..Details::default() }.seal(entropy)?;
    let commitment = details.as_ref().map(|sealed| details_commitment(&sealed.salt, &sealed.bytes)).transpose();
    let header = signed.header();
    let fields = CaseFields {
        act: CaseAct::Declined,
        code: Why::Declined(reason).number(),
        level: None,
        by_node: true,
        confirmed: false,
        referral: [0; 16],
        epoch: desk.identity.epoch,
        number: 0,
        previous: [0; 32],
        seen: None,
        at: now,
        signer: desk.identity.node,
        other: header.sender,
        about: Revision {
            message: header.message,
            header_hash: signed.hash(),
            content_commitment: header.content_commitment,
        },
        person: None,
        successor: None,
        details: commitment.ok().ok_or(UNFIT)?,
        registry: desk.held.point(),
    };
    let event = CaseEvent::sign(&desk.identity.key, &fields).ok().ok_or(UNFIT)?;
    CaseContent::Event(Box::new(event), details).encode().ok().ok_or(UNFIT)
}

/// A referral that is withdrawn before the relay had it is recalled: its messages are not sent any more. Whether the other agency can
/// never hear of it, because none of them was ever sealed.
fn is_recalled(db: &Connection, found: &Now, act: &Act) -> Result<bool, VaultError> {
    let row = &found.row;
    if act.step != Step::Withdrawn || row.side != Side::Sender || found.row.way >= Way::Submitted {
        return Ok(false);
    }
    let mut was_sealed = false;
    for message in revision::messages(db, row.place)? {
        let sealed: Option<i64> = db
            .one("SELECT 1 FROM seal WHERE message = ?1 LIMIT 1", params![message.as_bytes()], |one| one.get(0))
            .optional()?;
        was_sealed |= sealed.is_some();
        progress::fail(db, &message, FailReason::Withdrawn)?;
        db.run(
            "UPDATE outbox SET reason = 'withdrawn', alarm = 0 WHERE message = ?1 AND state = 'failed'",
            params![message.as_bytes()],
        )?;
    }
    Ok(!was_sealed)
}

/// An act of the node itself, if it is still possible.
pub(crate) fn by_node(
    db: &Connection,
    desk: &Desk<'_>,
    place: i64,
    act: &Act,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<(), VaultError> {
    match give(db, desk, place, act, now, entropy) {
        Ok(_) | Err(CaseworkError::Life(_)) => Ok(()),
        Err(CaseworkError::Vault(error)) => Err(error),
        Err(_) => Err(VaultError::Unfit { what: "an act of the node itself" }),
    }
}

/// Queues content of type 5 to the other agency of a referral.
pub(crate) fn tell(
    db: &Connection,
    row: &Row,
    content: &[u8],
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<MessageId, VaultError> {
    queue(db, row, (content, if row.urgency.cannot_wait() { Rank::Urgent } else { Rank::Normal }), now, entropy)
}

/// The same for what is only repeated: everything else goes first.
pub(crate) fn tell_later(
    db: &Connection,
    row: &Row,
    content: &[u8],
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<MessageId, VaultError> {
    queue(db, row, (content, Rank::Low), now, entropy)
}

fn queue(
    db: &Connection,
    row: &Row,
    (content, rank): (&[u8], Rank),
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<MessageId, VaultError> {
    let urgent = row.urgency.cannot_wait();
    let referral = uuid_text(&row.referral);
    let new = NewRow {
        kind: MessageKind::Case,
        rank,
        recipient: row.partner,
        agency: row.agency.as_deref(),
        referral: Some(&referral),
        exercise: row.exercise,
        content,
        alarm_after_s: if urgent { HOUR_S } else { DAY_S },
        idempotency: None,
        reply_target: None,
        not_before: now,
    };
    outbox::insert(db, &new, now, entropy)
}
