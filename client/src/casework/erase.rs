//! Erasure: content, salts, details and words go; what was signed stays, and means nothing about a person without them.

use rusqlite::{Connection, params};
use safeconduct_protocol::{entropy::Entropy, receipt::case::CaseAct, time::Timestamp};

use super::{
    coverage::Coverage,
    details::Details,
    give::{Act, Desk, by_node},
    lapse,
    life::{code::Step, state::State, terms::Side},
    post, sift,
    stand::{self, hex},
    store::{columns::Columns, consent, event::Kept, news::News, revision, row::Row, timer, word},
    take::changed_consents,
    waits,
};
use crate::{
    documents,
    programs::answers,
    referral::{self, codes::Section, profile::Profiles},
    vault::{Sql as _, VaultError, int},
};

/// Commitments that a certificate names at most.
const NAMED_MAX: usize = 32;

/// Erases what is here of a referral; the commitments to what is gone. Once the vault is checkpointed no page holds it.
fn content(db: &Connection, row: &Row) -> Result<Vec<String>, VaultError> {
    let mut erased = Vec::new();
    for message in revision::messages(db, row.place)? {
        erased.extend(revision::commitment(db, row, &message)?.map(|commitment| hex(&commitment)));
        revision::erase_received(db, &row.partner, &message)?;
        let key = params![message.as_bytes(), row.partner.as_bytes()];
        db.run("UPDATE outbox SET content = NULL, salt = zeroblob(32) WHERE message = ?1 AND recipient = ?2", key)?;
        db.run("UPDATE seal SET envelope = NULL WHERE message = ?1", params![message.as_bytes()])?;
    }
    db.run("UPDATE referral_revision SET content = NULL, digest = NULL WHERE referral = ?1", [row.place])?;
    told(db, row.place, "SELECT message FROM case_event WHERE referral = ?1 AND message IS NOT NULL")?;
    told(db, row.place, "SELECT message FROM post WHERE referral = ?1")?;
    db.run("UPDATE case_event SET salt = NULL, details = NULL WHERE referral = ?1", [row.place])?;
    // What still waited for a version of it, keys of documents among it.
    db.run(
        "DELETE FROM case_pending WHERE referral = ?1 AND sender = ?2",
        params![row.referral, row.partner.as_bytes()],
    )?;
    word::forget(db, row.place)?;
    consent::forget(db, row.place)?;
    post::store::erase(db, row.place)?;
    documents::store::erase(db, row.referral, row.partner, &[])?;
    db.run("DELETE FROM draft WHERE parent = ?1", params![row.referral])?;
    timer::forget(db, row.place)?;
    erased.truncate(NAMED_MAX);
    Ok(erased)
}

/// Erases what this agency has told in these messages of a referral, of those that have ended.
fn told(db: &Connection, place: i64, messages: &str) -> Result<(), VaultError> {
    let done = format!("kind = 5 AND state IN ('delivered', 'failed', 'expired') AND message IN ({messages})");
    let sealed = format!("SELECT message FROM outbox WHERE {done}");
    db.run(&format!("UPDATE seal SET envelope = NULL WHERE message IN ({sealed})"), [place])?;
    db.run(&format!("UPDATE outbox SET content = NULL, salt = zeroblob(32) WHERE {done}"), [place])?;
    Ok(())
}

/// Erases what no consent covers any more, after one was taken back: what is left is this agency's own copy, at the highest level that the
/// other consents still carry. What was signed stays as it is.
pub(crate) fn uncovered(
    db: &Connection,
    profiles: &Profiles,
    row: &Row,
    events: &[Kept],
    now: Timestamp,
) -> Result<(), VaultError> {
    let Some((message, referral)) = revision::newest(db, row.place)? else { return Ok(()) };
    let gone = changed_consents(events);
    let Some(left) = sift::without(&referral, profiles, &gone, now).map_err(|_no_form| lapse::NO_FORM)? else {
        return Ok(());
    };
    // While the names are still here.
    post::named::mark(db, row.place)?;
    let content = referral::canonical(&left);
    let kept = params![row.place, message.as_bytes(), content.as_slice()];
    db.run("UPDATE referral_revision SET content = ?3, digest = NULL WHERE referral = ?1 AND message = ?2", kept)?;
    for older in revision::messages(db, row.place)? {
        revision::erase_received(db, &row.partner, &older)?;
    }
    let coverage = Coverage::without(&referral, profiles, &gone);
    let sections: Vec<Section> = Section::ALL.iter().copied().filter(|section| coverage.covers(*section)).collect();
    post::store::keep_sections(db, row.place, &sections)?;
    told(db, row.place, "SELECT message FROM post WHERE referral = ?1 AND content IS NULL")?;
    waits::forget_uncovered(db, row, &coverage)?;
    documents::store::erase(db, row.referral, row.partner, &documents::post::all_listed(&left))?;
    answers::forget_about(db, row.place)?;
    // What was written on the strength of it is no better founded.
    db.run("DELETE FROM draft WHERE parent = ?1", params![row.referral])?;
    if !coverage.covers(Section::Summary) {
        let bare = "SELECT message FROM case_event WHERE referral = ?1 AND message IS NOT NULL AND details IS NULL";
        words_of_acts(db, row.place, events)?;
        told(db, row.place, bare)?;
    }
    if let Some(columns) = Columns::of(&left, profiles) {
        Row::describe(db, row.place, &columns)?;
    }
    consent::put(db, row.place, &left)?;
    lapse::words(db, profiles, &Row::at(db, row.place)?, &left, events)
}

/// What was said beside acts goes; which consents were taken back has to stay known.
fn words_of_acts(db: &Connection, place: i64, events: &[Kept]) -> Result<(), VaultError> {
    for kept in events.iter().filter(|kept| kept.event.says().act != CaseAct::ConsentChanged) {
        db.run(
            "UPDATE case_event SET salt = NULL, details = NULL WHERE referral = ?1 AND hash = ?2",
            params![place, kept.hash],
        )?;
    }
    Ok(())
}

/// Erases what a rule refused, of which nobody has seen anything.
pub(crate) fn unread(db: &Connection, place: i64, now: Timestamp) -> Result<(), VaultError> {
    content(db, &Row::at(db, place)?)?;
    db.run(
        "UPDATE referral SET erased_at = ?2, erase_on = NULL, gender = NULL, exploitation = 0, industry = 0, control = 0,
            recruitment = 0, citizenship = NULL WHERE place = ?1",
        params![place, int(now.0)],
    )?;
    Ok(())
}

/// Erases, and says so to the sender where this agency was asked: what was withdrawn is answered first.
pub(crate) fn and_certify(
    db: &Connection,
    desk: &Desk<'_>,
    place: i64,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<(), VaultError> {
    let row = Row::at(db, place)?;
    if row.hold.is_some() || row.erased_at.is_some() {
        return Ok(());
    }
    let erased = content(db, &row)?;
    Row::drop_news(db, place, News::WithdrawalOverdue)?;
    if row.side == Side::Recipient {
        if row.state == State::Withdrawn {
            by_node(db, desk, place, &Act::of_node(Step::WithdrawalApplied), now, entropy)?;
        }
        let details = Details { erased, ..Details::default() };
        by_node(db, desk, place, &Act { details, ..Act::of_node(Step::ErasureCertified) }, now, entropy)?;
    }
    // The certificate belongs to what has ended; the tombstone comes after it.
    db.run("UPDATE referral SET erased_at = ?2, erase_on = NULL WHERE place = ?1", params![place, int(now.0)])?;
    stand::refresh(db, place, desk.own(), desk.setting, now).map(drop)
}
