//! A consent ends by itself: the sender's node says so (T23), what needs it is refused, and the agency that was asked shows nothing more
//! of what only it covered. Nothing is erased for that: a new consent of the person lifts it, and retention goes on.

use std::collections::BTreeSet;

use rusqlite::Connection;
use safeconduct_protocol::{entropy::Entropy, id::MessageId, receipt::case::CaseAct, time::Timestamp};

use super::{
    coverage::Coverage,
    details::Details,
    give::{Act, Desk, by_node},
    life::{code::Step, state::Phase, terms::Side},
    refusal::CaseworkError,
    sift::{self, NoForm},
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
    programs::answers,
    referral::{
        self, Referral,
        codes::{ConsentStatus, Section},
        profile::Profiles,
    },
    registry,
    vault::VaultError,
};

/// What may be shown of a referral, or is left of it, has no form: nothing is shown then.
pub(crate) const NO_FORM: VaultError = VaultError::Damaged { what: "what may be shown of a referral does not read" };

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

/// Consents that cover nothing any more by what was said of them: their end by the sender's node, their withdrawal by a person.
pub(crate) fn over(events: &[Kept]) -> BTreeSet<String> {
    let mut over = said(events);
    over.extend(changed_consents(events));
    over
}

/// When consents end of which nothing was said yet; never for a referral that is not open.
pub(crate) fn due(db: &Connection, found: &Now) -> Result<Vec<Timestamp>, VaultError> {
    if found.standing.state.phase() != Phase::Open || found.row.erased_at.is_some() {
        return Ok(Vec::new());
    }
    Ok(unsaid(db, found)?.into_iter().map(|one| one.ends).collect())
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
        return hide(db, desk.setting.profiles, &found);
    }
    let over: Vec<String> = unsaid(db, &found)?.into_iter().filter(|one| one.ends <= sure).map(|one| one.id).collect();
    if over.is_empty() {
        return Ok(());
    }
    let status = Some(ConsentStatus::Expired.as_str().to_owned());
    let details = Details { consent_ids: over, status, ..Details::default() };
    by_node(db, desk, place, &Act { details, ..Act::of_node(Step::ConsentChanged) }, now, entropy)
}

/// By the words that may be shown a referral is found, and by no other; and no kept answer shows what may not be.
pub(crate) fn hide(db: &Connection, profiles: &Profiles, found: &Now) -> Result<(), VaultError> {
    answers::forget_about(db, found.row.place)?;
    match revision::readable(db, found.row.place)? {
        Some((_, referral)) => words(db, profiles, &found.row, &referral, &found.events),
        // What cannot be read is found by nothing.
        None => word::forget(db, found.row.place),
    }
}

/// Writes the words of a referral's newest revision, as far as they may be shown at the time of which this node is sure: what a clock that
/// is wrong hides has to come back by itself.
pub(crate) fn words(
    db: &Connection,
    profiles: &Profiles,
    row: &Row,
    referral: &Referral,
    events: &[Kept],
) -> Result<(), VaultError> {
    if row.side == Side::Sender {
        return word::put(db, row, referral);
    }
    let sure = registry::confirmed(db, Timestamp(u64::MAX))?;
    match sift::shown(referral, profiles, &over(events), sure) {
        Ok(Some(left)) => word::put(db, row, &left),
        Ok(None) => word::put(db, row, referral),
        Err(NoForm) => word::forget(db, row.place),
    }
}

/// What may be shown of a revision here now.
pub(crate) struct Shown {
    /// The revision without what may not.
    pub(crate) referral: Referral,
    /// The sections that it has and that are left out.
    pub(crate) hidden: Vec<Section>,
    /// Whether words beside acts may be shown: at level 0 always, above it while the summary is covered.
    pub(crate) has_words: bool,
    /// What is covered, at the agency that was asked; the sender's file is the sender's own.
    coverage: Option<Coverage>,
}

impl Shown {
    /// Whether what was said in a section may be shown.
    pub(crate) fn has(&self, section: Section) -> bool {
        self.coverage.as_ref().is_none_or(|coverage| coverage.covers(section))
    }
}

/// The newest revision as it may be shown here now: at the agency that was asked without what no consent covers any more.
pub(crate) fn newest_shown(
    db: &Connection,
    profiles: &Profiles,
    row: &Row,
    now: Timestamp,
) -> Result<Option<Shown>, VaultError> {
    let Some((_, referral)) = revision::newest(db, row.place)? else { return Ok(None) };
    match row.side {
        Side::Sender => Ok(Some(Shown { referral, hidden: Vec::new(), has_words: true, coverage: None })),
        Side::Recipient => as_shown(db, profiles, row.place, referral, now).map(Some),
    }
}

/// What came, as it may be shown.
pub(crate) fn as_shown(
    db: &Connection,
    profiles: &Profiles,
    place: i64,
    referral: Referral,
    now: Timestamp,
) -> Result<Shown, VaultError> {
    // What was taken back and not erased, under a legal hold, is kept and not shown.
    let events = event::all(db, place)?;
    let mut over = over(&events);
    if is_silent(&events, revision::messages(db, place)?.last()) {
        // Which consent was taken back is still to come: until then none counts.
        over.extend(referral.consents().iter().map(|one| one.consent_id.as_str().to_owned()));
    }
    let coverage = Coverage::at(&referral, profiles, &over, now);
    let mut hidden = referral::sections(&referral);
    hidden.retain(|section| !coverage.covers(*section));
    let has_words = referral.level() < 1 || coverage.covers(Section::Summary);
    let left = sift::shown(&referral, profiles, &over, now).map_err(|_no_form| NO_FORM)?;
    Ok(Shown { referral: left.unwrap_or(referral), hidden, has_words, coverage: Some(coverage) })
}

/// Whether the sender has said of the newest version that a consent was taken back, and its message with which one is not here.
fn is_silent(events: &[Kept], newest: Option<&MessageId>) -> bool {
    events.iter().any(|kept| {
        let says = kept.event.says();
        kept.side == Side::Sender
            && says.act == CaseAct::ConsentChanged
            && !says.by_node
            && kept.details.is_none()
            && Some(&says.about.message) == newest
    })
}

/// Whether one of these sections was taken back here before something about it came: nothing of that is kept then, so that no new consent
/// shows what the person has taken back. What the law holds is kept, and not shown.
pub(crate) fn is_taken_back(
    db: &Connection,
    profiles: &Profiles,
    row: &Row,
    sections: &[Section],
) -> Result<bool, VaultError> {
    if row.side == Side::Sender || row.hold.is_some() {
        return Ok(false);
    }
    let gone = changed_consents(&event::all(db, row.place)?);
    if gone.is_empty() {
        return Ok(false);
    }
    // Of what cannot be read nobody knows what is covered.
    let Some((_, referral)) = revision::readable(db, row.place)? else { return Ok(true) };
    let coverage = Coverage::without(&referral, profiles, &gone);
    Ok(sections.iter().any(|section| !coverage.covers(*section)))
}

/// Whether a referral may still leave: its time and the consents that cover what it says have not ended while it waited.
///
/// # Errors
/// [`CaseworkError::Expired`], [`CaseworkError::ConsentOver`].
pub(crate) fn may_leave(
    referral: &Referral,
    profiles: &Profiles,
    over: &BTreeSet<String>,
    now: Timestamp,
) -> Result<(), CaseworkError> {
    let end = referral.header.expires_at;
    if end.time() <= now {
        return Err(CaseworkError::Expired { at: end.to_string() });
    }
    let coverage = Coverage::at(referral, profiles, over, now);
    match referral::sections(referral).into_iter().find(|section| !coverage.covers(*section)) {
        Some(section) if referral.level() > 0 => Err(CaseworkError::ConsentOver { section: section.as_str() }),
        Some(_) | None => Ok(()),
    }
}

/// Whether something about a section may be said or sent with a referral now: it has it, and a consent that has not ended covers it.
///
/// # Errors
/// [`CaseworkError::ConsentOver`] when only a consent covers it whose time is over; [`CaseworkError::BadValue`] when none did.
pub(crate) fn may_use(
    db: &Connection,
    profiles: &Profiles,
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
    if referral.level() < level || !Coverage::without(referral, profiles, &gone).covers(section) {
        return Err(CaseworkError::BadValue {
            member: "section",
            form: "one that this referral has, and that a consent covers",
        });
    }
    let over = over.union(&gone).cloned().collect();
    if Coverage::at(referral, profiles, &over, now).covers(section) {
        Ok(())
    } else {
        Err(CaseworkError::ConsentOver { section: section.as_str() })
    }
}
