//! A consent ends by itself: the sender's node says so (T23), what needs it is refused, and the agency that was asked shows nothing more
//! of what only it covered. Nothing is erased for that: a new consent of the person lifts it, and retention goes on.

use std::collections::BTreeSet;

use rusqlite::Connection;
use safeconduct_protocol::{entropy::Entropy, receipt::case::CaseAct, time::Timestamp};
use zeroize::Zeroizing;

use super::{
    details::Details,
    give::{Act, Desk, by_node},
    life::{code::Step, state::Phase, terms::Side},
    refusal::CaseworkError,
    sift,
    stand::{self, Now},
    store::{
        consent::{self, Resting},
        event::{self, Kept},
        revision,
        row::Row,
        word,
    },
    take::changed_consents,
    view,
};
use crate::{
    referral::{
        self, Referral,
        codes::{ConsentStatus, Section},
    },
    vault::VaultError,
};

const DAMAGED: VaultError = VaultError::Damaged { what: "what may be shown of a referral does not read" };

/// Consents of which the sender's node has said that they are over.
pub(crate) fn said(events: &[Kept]) -> BTreeSet<String> {
    let over = events.iter().filter(|kept| {
        let says = kept.event.says();
        kept.side == Side::Sender && says.act == CaseAct::ConsentChanged && says.by_node
    });
    over.filter_map(|kept| Details::read(Step::ConsentChanged, kept.details.as_ref()?))
        .flat_map(|details| details.consent_ids)
        .collect()
}

/// When the next consent ends of which nothing was said yet; none for a referral that is not open.
pub(crate) fn due(db: &Connection, found: &Now) -> Result<Option<Timestamp>, VaultError> {
    if found.standing.state.phase() != Phase::Open || found.row.erased_at.is_some() {
        return Ok(None);
    }
    Ok(unsaid(db, found)?.first().map(|one| one.ends))
}

fn unsaid(db: &Connection, found: &Now) -> Result<Vec<Resting>, VaultError> {
    let (over, gone) = (said(&found.events), changed_consents(&found.events));
    let mut resting = consent::of(db, found.row.place)?;
    resting.retain(|one| !over.contains(&one.id) && !gone.contains(&one.id));
    Ok(resting)
}

/// Does what the end of consents asks for; `sure` is the time of which this node is sure, for what is signed does not come back.
pub(crate) fn at(
    db: &Connection,
    desk: &Desk<'_>,
    place: i64,
    sure: Timestamp,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<(), VaultError> {
    let found = stand::refresh(db, place, desk.own(), desk.setting, now)?;
    if found.standing.state.phase() != Phase::Open || found.row.erased_at.is_some() {
        return Ok(());
    }
    if found.row.side == Side::Recipient {
        return hide(db, &found, now);
    }
    let over: Vec<String> = unsaid(db, &found)?.into_iter().filter(|one| one.ends <= sure).map(|one| one.id).collect();
    if over.is_empty() {
        return Ok(());
    }
    let status = Some(ConsentStatus::Expired.as_str().to_owned());
    let details = Details { consent_ids: over, status, ..Details::default() };
    by_node(db, desk, place, &Act { details, ..Act::of_node(Step::ConsentChanged) }, now, entropy)
}

/// Nobody is found any more by a word that may not be shown.
pub(crate) fn hide(db: &Connection, found: &Now, now: Timestamp) -> Result<(), VaultError> {
    let Some((_, referral)) = revision::newest(db, found.row.place)? else { return Ok(()) };
    hide_in(db, found, &referral, now)
}

/// The same for the newest revision, as it came just now.
pub(crate) fn hide_in(db: &Connection, found: &Now, referral: &Referral, now: Timestamp) -> Result<(), VaultError> {
    match sift::shown(referral, &said(&found.events), now) {
        Some(left) => word::put(db, &found.row, &parsed(&left)?),
        None => Ok(()),
    }
}

fn parsed(bytes: &Zeroizing<Vec<u8>>) -> Result<Referral, VaultError> {
    referral::parse(bytes).ok().ok_or(DAMAGED)
}

/// The newest revision as it may be shown here now: at the agency that was asked without what no consent covers any more. Whether
/// something is left out.
pub(crate) fn newest_shown(db: &Connection, row: &Row, now: Timestamp) -> Result<Option<(Referral, bool)>, VaultError> {
    let Some((_, referral)) = revision::newest(db, row.place)? else { return Ok(None) };
    if row.side == Side::Sender {
        return Ok(Some((referral, false)));
    }
    let had = referral::sections(&referral);
    let shown = as_shown(db, row.place, referral, now)?;
    let hidden = referral::sections(&shown) != had;
    Ok(Some((shown, hidden)))
}

/// What came, as it may be shown.
pub(crate) fn as_shown(
    db: &Connection,
    place: i64,
    referral: Referral,
    now: Timestamp,
) -> Result<Referral, VaultError> {
    match sift::shown(&referral, &said(&event::all(db, place)?), now) {
        Some(left) => parsed(&left),
        None => Ok(referral),
    }
}

/// The sections that may not be shown here any more.
pub(crate) fn hidden(db: &Connection, row: &Row, now: Timestamp) -> Result<Vec<Section>, VaultError> {
    let Some((shown, true)) = newest_shown(db, row, now)? else { return Ok(Vec::new()) };
    let shown = referral::sections(&shown);
    let whole = revision::newest(db, row.place)?.map(|(_, whole)| referral::sections(&whole)).unwrap_or_default();
    Ok(whole.into_iter().filter(|section| !shown.contains(section)).collect())
}

/// Whether a referral may still leave: its time and the consents that cover what it says have not ended while it waited.
///
/// # Errors
/// [`CaseworkError::Expired`], [`CaseworkError::ConsentOver`].
pub(crate) fn may_leave(referral: &Referral, now: Timestamp) -> Result<(), CaseworkError> {
    let end = referral.header.expires_at;
    if end.time() <= now {
        return Err(CaseworkError::Expired { at: end.to_string() });
    }
    let Some(left) = sift::shown(referral, &BTreeSet::new(), now) else { return Ok(()) };
    let left = referral::sections(&parsed(&left)?);
    match referral::sections(referral).into_iter().find(|section| !left.contains(section)) {
        Some(section) => Err(CaseworkError::ConsentOver { section: section.as_str() }),
        None => Ok(()),
    }
}

/// Whether something about a section may be said or sent with a referral now: it has it, and a consent that has not ended covers it.
///
/// # Errors
/// [`CaseworkError::ConsentOver`] when only a consent covers it whose time is over; [`CaseworkError::BadValue`] when none did.
pub(crate) fn may_use(
    db: &Connection,
    place: i64,
    referral: &Referral,
    section: Section,
    now: Timestamp,
) -> Result<(), CaseworkError> {
    let level = i64::from(view::level(section));
    if level == 0 {
        return Ok(());
    }
    let events = event::all(db, place)?;
    let (gone, over) = (changed_consents(&events), said(&events));
    let names = |one: &&referral::consent::Consent| {
        sift::is_for(one, referral)
            && !gone.contains(one.consent_id.as_str())
            && one.sections.iter().any(|of| *of == section)
            && one.level_max.get() >= level
    };
    let stands = |one: &referral::consent::Consent| now < one.ends() && !over.contains(one.consent_id.as_str());
    let mut naming = referral.consents().iter().filter(names).peekable();
    if referral.level() < level || naming.peek().is_none() {
        return Err(CaseworkError::BadValue {
            member: "section",
            form: "one that this referral has, and that a consent covers",
        });
    }
    if naming.any(stands) { Ok(()) } else { Err(CaseworkError::ConsentOver { section: section.as_str() }) }
}
