//! What comes from the other agency of a referral, inside the transaction that stores its message.
//!
//! Whatever comes first waits for the other: an act may arrive before its referral. Nothing counts that is not signed by the node that
//! it names, about a revision of this very referral.

use std::collections::BTreeSet;

use rusqlite::{Connection, params};
use safeconduct_certs::registry::KeyStanding;
use safeconduct_protocol::{
    crypto::sign::VerifyingKey,
    entropy::Entropy,
    envelope::case::{CaseContent, Details as Sealed},
    id::{MessageId, NodeId},
    receipt::case::{CASE_EVENTS_MAX, CaseAct, CaseEvent},
    time::Timestamp,
};

use zeroize::Zeroizing;

use super::{
    details::Details,
    erase,
    give::{self, Act, Desk},
    lapse,
    life::{
        code::{DeclineReason, Step, Why},
        state::Phase,
        terms::Side,
    },
    post as talk, react,
    refusal::CaseworkError,
    resync, stand,
    store::{
        columns::Columns,
        consent, event,
        news::News,
        revision::{self, NewRevision},
        row::{NewRow, Row},
    },
    waits,
};
use crate::{
    documents::post,
    referral::{
        Code, Referral,
        codes::{ConsentStatus, Section},
        revision as rules,
    },
    vault::{Sql as _, VaultError, uint},
};

/// A message that brought something.
#[derive(Clone, Copy)]
pub(crate) struct Brought {
    /// Who signed it.
    pub(crate) sender: NodeId,
    /// Which.
    pub(crate) message: MessageId,
    /// When it was stored here.
    pub(crate) stored_at: Timestamp,
}

/// Whether a referral that passed every other rule may stand beside what is here of it: the code of what it breaks.
pub(crate) fn judge(db: &Connection, sender: &NodeId, referral: &Referral) -> Result<Option<Code>, VaultError> {
    let Some(id) = super::store::columns::uuid_bytes(referral.header.referral_id.as_str()) else { return Ok(None) };
    let Some(row) = Row::find(db, &id, Side::Recipient, sender)? else { return Ok(None) };
    judge_beside(db, &row, referral)
}

/// The same for a referral that is here already, on either side.
pub(crate) fn judge_beside(db: &Connection, row: &Row, referral: &Referral) -> Result<Option<Code>, VaultError> {
    if revision::is_here(db, row.place, referral)? {
        return Ok(None);
    }
    let ended = row.state.phase() >= Phase::Final;
    let newest = revision::newest(db, row.place)?.filter(|_| !ended);
    let Some((_, newest)) = newest else { return Ok(Some(Code::RevisionOutOfTurn)) };
    let gone = changed_consents(&event::all(db, row.place)?);
    let comes_back = referral
        .consents()
        .iter()
        .any(|one| one.status == ConsentStatus::Active && gone.contains(one.consent_id.as_str()));
    if comes_back {
        return Ok(Some(Code::ConsentWithdrawn));
    }
    // Of what was taken back since, both sides have marked their copies by their own clocks.
    let counts = |finding: &&crate::referral::Finding| {
        finding.code() != Code::RevisionOutOfTurn && (gone.is_empty() || !finding.pointer().starts_with("/consents"))
    };
    let first = |findings: Vec<crate::referral::Finding>| findings.iter().find(counts).map(|finding| finding.code());
    Ok(match rules::place(&newest, referral) {
        rules::Place::Repeat => None,
        rules::Place::Conflict => Some(Code::RevisionFixedMember),
        // Earlier ones have been overtaken, later ones wait for nothing: only what never changes is judged.
        rules::Place::Earlier => first(rules::changes(referral, &newest)),
        rules::Place::Next | rules::Place::Ahead => first(rules::changes(&newest, referral)),
    })
}

/// Consents that were taken back, as a person at either agency has said by an act: whoever is helped says it where they are. What the
/// sender's node says of them is that they are over.
pub(crate) fn changed_consents(events: &[event::Kept]) -> BTreeSet<String> {
    let changes = events.iter().filter(|kept| {
        let says = kept.event.says();
        says.act == CaseAct::ConsentChanged && !says.by_node
    });
    changes
        .filter_map(|kept| Details::read(Step::ConsentChanged, kept.details.as_ref()?))
        .filter(|details| details.status.as_deref().is_some_and(|status| status != ConsentStatus::Active.as_str()))
        .flat_map(|details| details.consent_ids)
        .collect()
}

/// Takes a referral that passed: a new one, or a revision of one that is here.
pub(crate) fn referral(
    db: &Connection,
    desk: &Desk<'_>,
    brought: &Brought,
    referral: &Referral,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<(), VaultError> {
    let Some(columns) = Columns::of(referral, desk.setting.profiles) else { return Ok(()) };
    let place = match Row::find(db, &columns.referral, Side::Recipient, &brought.sender)? {
        Some(row) => {
            row.follow(db, &columns)?;
            row.place
        }
        None => {
            let new = NewRow {
                side: Side::Recipient,
                partner: brought.sender,
                agency: desk.setting.called(&brought.sender),
                dossier: None,
                delivered_at: Some(brought.stored_at),
            };
            Row::insert(db, &new, &columns, now, entropy)?
        }
    };
    // The content stays in the inbox, with what it was signed by.
    let new = NewRevision { message: &brought.message, referral, content: None };
    revision::insert(db, place, &new, now)?;
    talk::named::mark(db, place)?;
    let row = Row::at(db, place)?;
    let is_gone = row.erased_at.is_some() || revision::is_sifted(db, place, columns.revision)?;
    if is_gone {
        // Of what is erased, or was sifted since, no older copy comes back.
        revision::erase_received(db, &brought.sender, &brought.message)?;
    }
    let is_kept = !is_gone && i64::from(row.revision) == columns.revision;
    if is_kept {
        consent::put(db, place, referral)?;
    }
    let found = stand::refresh(db, place, desk.own(), desk.setting, now)?;
    if is_kept {
        // A version that came late may rest on what is over.
        lapse::words(db, desk.setting.profiles, &found.row, referral, &found.events)?;
    }
    pending(db, desk, &columns.referral, &brought.sender, now, entropy)
}

/// Takes a referral that a rule refused: it is declined by this node, and nothing of its content is kept. What the sender is told.
pub(crate) fn refused(
    db: &Connection,
    desk: &Desk<'_>,
    brought: &Brought,
    (referral, reason, rule): (&Referral, DeclineReason, &str),
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError> {
    let Some(columns) = Columns::of(referral, desk.setting.profiles) else { return Ok(None) };
    let place = match Row::find(db, &columns.referral, Side::Recipient, &brought.sender)? {
        Some(row) => row.place,
        None => {
            let new = NewRow {
                side: Side::Recipient,
                partner: brought.sender,
                agency: desk.setting.called(&brought.sender),
                dossier: None,
                delivered_at: None,
            };
            let place = Row::insert(db, &new, &columns, now, entropy)?;
            let new = NewRevision { message: &brought.message, referral, content: None };
            revision::insert(db, place, &new, now)?;
            place
        }
    };
    let details = Details { rule: Some(rule.to_owned()), ..Details::default() };
    let code = Why::Declined(reason).number();
    let act = Act { code, details, ..Act::of_node(Step::Declined) };
    let found = stand::look(db, place, desk.own(), now)?;
    let made = match give::make(db, desk, &found, &act, now, entropy) {
        Ok(made) => made,
        Err(CaseworkError::Vault(error)) => return Err(error),
        // A revision of what has gone on since: nothing is declined by it.
        Err(_) => return Ok(None),
    };
    stand::refresh(db, place, desk.own(), desk.setting, now)?;
    erase::unread(db, place, now)?;
    stand::refresh(db, place, desk.own(), desk.setting, now)?;
    Ok(Some(made.content))
}

/// Takes the recipient's word that a rule of its node refused what was sent in a message.
pub(crate) fn declined(
    db: &Connection,
    desk: &Desk<'_>,
    brought: &Brought,
    (said, details): (&CaseEvent, Option<&Sealed>),
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<(), VaultError> {
    match one(db, desk, brought, said, details, now)? {
        Took::New(place) => settle(db, desk, place, now, entropy),
        Took::Nothing | Took::Waits => Ok(()),
    }
}

/// Whether content of type 5 is of a kind that this version takes.
pub(crate) fn is_known(content: &[u8]) -> bool {
    matches!(
        CaseContent::decode(content),
        Ok(CaseContent::Event(..) | CaseContent::LogRequest(..) | CaseContent::Log(_))
    ) || matches!(CaseContent::decode(content), Ok(CaseContent::Post(post)) if post::is_known(&post) || talk::is_known(&post))
}

/// Takes what a partner tells.
pub(crate) fn told(
    db: &Connection,
    desk: &Desk<'_>,
    brought: &Brought,
    content: &[u8],
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<(), VaultError> {
    match CaseContent::decode(content) {
        Ok(CaseContent::Event(said, details)) => {
            match one(db, desk, brought, &said, details.as_ref(), now)? {
                Took::New(place) => settle(db, desk, place, now, entropy)?,
                Took::Waits => waits::keep(db, brought, &said.says().referral, content)?,
                Took::Nothing => {}
            }
            Ok(())
        }
        Ok(CaseContent::Log(events)) => {
            let mut places = BTreeSet::new();
            let mut waits = false;
            for said in &events {
                match one(db, desk, brought, said, None, now)? {
                    Took::New(place) => drop(places.insert(place)),
                    Took::Waits => waits = true,
                    Took::Nothing => {}
                }
            }
            for place in places {
                settle(db, desk, place, now, entropy)?;
            }
            match events.first().filter(|_| waits) {
                Some(said) => waits::keep(db, brought, &said.says().referral, content),
                None => Ok(()),
            }
        }
        Ok(CaseContent::Post(post)) => {
            let waits_for = if talk::is_known(&post) {
                talk::take(db, desk, (&brought.sender, &brought.message), &post, now)?
            } else {
                post::take(db, desk.setting.profiles, (&brought.sender, &brought.message), &post, now, entropy)?
            };
            match waits_for {
                Some(referral) => waits::keep(db, brought, &referral, content),
                None => Ok(()),
            }
        }
        Ok(CaseContent::LogRequest(referral, places)) => {
            resync::answer(db, desk, &brought.sender, &referral, &places, now, entropy)
        }
        Ok(_) | Err(_) => Ok(()),
    }
}

/// What became of an event.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Took {
    /// It is new here, or its details are.
    New(i64),
    /// It was there, or does not hold: of other nodes, about another content, by a key that is not its signer's.
    Nothing,
    /// The referral, or the signer's key, is not here yet.
    Waits,
}

/// Keeps an event, if it holds.
fn one(
    db: &Connection,
    desk: &Desk<'_>,
    brought: &Brought,
    said: &CaseEvent,
    details: Option<&Sealed>,
    now: Timestamp,
) -> Result<Took, VaultError> {
    let says = said.says();
    let ends = [says.signer, says.other];
    if !ends.contains(&brought.sender) || !ends.contains(desk.own()) {
        return Ok(Took::Nothing);
    }
    let Some(row) = row_of(db, said, &brought.sender)? else { return Ok(Took::Waits) };
    let (sender, _) = event::ends(&row, desk.own());
    let side = if says.signer == sender { Side::Sender } else { Side::Recipient };
    match key(desk, said) {
        Key::Is(key) if said.verify(&key).is_ok() => {}
        Key::Is(_) | Key::Never => return Ok(Took::Nothing),
        Key::NotYet => return Ok(Took::Waits),
    }
    let committed = revision::commitment(db, &row, &says.about.message)?;
    let known = committed.is_some_and(|commitment| commitment == says.about.content_commitment);
    // A sender's act may name a revision that has still to arrive; a recipient's only what it has.
    if !known && (committed.is_some() || side == Side::Recipient) {
        return Ok(Took::Nothing);
    }
    if count(db, row.place)? >= i64::from(CASE_EVENTS_MAX).saturating_mul(4) {
        return Ok(Took::Nothing);
    }
    // Of what is erased no words come back.
    // Nor words that come after the consent for them was taken back; which one that was has to be known.
    let is_late = row.erased_at.is_none()
        && says.act != CaseAct::ConsentChanged
        && details.is_some()
        && lapse::is_taken_back(db, desk.setting.profiles, &row, &[Section::Summary])?;
    let details = details
        .filter(|_| row.erased_at.is_none() && !is_late)
        .filter(|details| Details::read(Step::of(says.act), &details.bytes).is_some());
    let stored_at = (row.side == Side::Sender).then_some(brought.stored_at);
    let message = (says.signer == brought.sender).then_some(&brought.message);
    let new = event::NewEvent { side, event: said, details, message, stored_at };
    Ok(if event::insert(db, row.place, &new, now)? { Took::New(row.place) } else { Took::Nothing })
}

/// Folds a referral anew, and does what follows.
fn settle(
    db: &Connection,
    desk: &Desk<'_>,
    place: i64,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<(), VaultError> {
    let found = stand::refresh(db, place, desk.own(), desk.setting, now)?;
    let silent = |kept: &&event::Kept| {
        kept.side == Side::Sender && kept.event.says().act == CaseAct::ConsentChanged && kept.details.is_none()
    };
    if found.row.side == Side::Recipient
        && found.row.erased_at.is_none()
        && found.events.iter().any(|kept| silent(&kept))
    {
        // Which consent is not known yet: its message is still under way, or is kept back.
        Row::add_news(db, place, News::Told)?;
    }
    react::to(db, desk, &found, now, entropy)
}

fn count(db: &Connection, place: i64) -> Result<i64, VaultError> {
    Ok(db.one("SELECT count(*) FROM case_event WHERE referral = ?1", [place], |row| row.get(0))?)
}

/// The referral that an event is about: of two with one id, the one of which it names a revision.
fn row_of(db: &Connection, said: &CaseEvent, partner: &NodeId) -> Result<Option<Row>, VaultError> {
    let says = said.says();
    let mut rows = Vec::new();
    for side in Side::ALL {
        rows.extend(Row::find(db, &says.referral, *side, partner)?);
    }
    if rows.len() > 1 {
        let named = Row::by_message(db, says.about.message.as_bytes())?.map(|row| row.place);
        rows.retain(|row| Some(row.place) == named);
    }
    Ok(rows.pop())
}

/// The key of an event's signer.
enum Key {
    Is(VerifyingKey),
    NotYet,
    Never,
}

fn key(desk: &Desk<'_>, said: &CaseEvent) -> Key {
    let (signer, id) = (&said.says().signer, said.key());
    if signer == desk.own() && id == desk.identity.public().key_id() {
        return Key::Is(desk.identity.public());
    }
    match desk.held.registry_of(signer).key_standing(signer, &id) {
        KeyStanding::Current(key) | KeyStanding::Former(key) => Key::Is(key),
        KeyStanding::Replaced => Key::Never,
        KeyStanding::Unknown => Key::NotYet,
    }
}

/// Takes what has waited for a referral.
fn pending(
    db: &Connection,
    desk: &Desk<'_>,
    referral: &[u8; 16],
    sender: &NodeId,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<(), VaultError> {
    for (message, content, stored_at) in waits::of(db, referral, sender)? {
        db.run("DELETE FROM case_pending WHERE sender = ?1 AND message = ?2", params![sender.as_bytes(), message])?;
        let stored_at = Timestamp(uint(stored_at)?);
        let brought = Brought { sender: *sender, message: MessageId::from_bytes(message), stored_at };
        told(db, desk, &brought, &content, now, entropy)?;
    }
    Ok(())
}

/// Takes again what waits for a key: the registry copy has changed.
///
/// # Errors
/// What the disk says.
pub(crate) fn again(
    db: &Connection,
    desk: &Desk<'_>,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<(), VaultError> {
    let waiting = {
        let mut rows = db.prepare_cached(
            "SELECT DISTINCT p.referral, p.sender FROM case_pending p
                JOIN referral r ON r.referral = p.referral AND r.partner = p.sender LIMIT 256",
        )?;
        let rows = rows.query_map([], |row| Ok((row.get::<_, [u8; 16]>(0)?, NodeId::from_bytes(row.get(1)?))))?;
        rows.collect::<Result<Vec<_>, _>>()?
    };
    for (referral, sender) in waiting {
        pending(db, desk, &referral, &sender, now, entropy)?;
    }
    Ok(())
}
