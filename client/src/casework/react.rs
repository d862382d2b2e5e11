//! What the node does by itself because of what came: the first agency that accepts is the one, the others are told so; what is withdrawn
//! unread is erased and certified.

use rusqlite::{Connection, params};
use safeconduct_protocol::{entropy::Entropy, personal::Reveal, time::Timestamp};

use super::{
    details::Details,
    erase,
    give::{Act, Desk, by_node},
    lapse,
    life::{
        code::{Step, Why, WithdrawReason},
        fold::Reached,
        state::{Phase, State},
        terms::{Effect, Side},
    },
    stand::Now,
    store::{revision, row::Row},
};
use crate::{
    referral::codes::{Kind, RiskLevel, Role},
    vault::VaultError,
};

/// Does what follows from how a referral stands now. Doing it again changes nothing.
pub(crate) fn to(
    db: &Connection,
    desk: &Desk<'_>,
    found: &Now,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<(), VaultError> {
    let (row, standing) = (&found.row, &found.standing);
    let is_due = |effect| standing.due.iter().any(|due| due.side == row.side && due.effect == effect);
    match row.side {
        Side::Sender => {
            // It may have gone further already: what came last may have filled the gap before it.
            let was_accepted = found.standing.applied.iter().any(|one| one.state == State::Accepted);
            if was_accepted && standing.state.phase() == Phase::Open {
                served(db, desk, row, now, entropy)?;
                handed_on(db, desk, row, now, entropy)?;
            }
            for due in standing.due.iter().filter(|due| due.effect == Effect::WithdrawAlternate) {
                if let Some(because) = due.because {
                    alternate(db, desk, found, &because, now, entropy)?;
                }
            }
        }
        // The law keeps it, and nobody sees more of it for that.
        Side::Recipient if row.hold.is_some() && row.erased_at.is_none() => {
            if is_due(Effect::EraseUncovered) || is_due(Effect::HideUncovered) {
                lapse::hide(db, desk.setting.profiles, found)?;
            }
        }
        Side::Recipient if row.erased_at.is_some() => {}
        Side::Recipient => {
            if is_due(Effect::EraseUncovered) {
                erase::uncovered(db, desk.setting.profiles, row, &found.events, now)?;
            }
            if is_due(Effect::HideUncovered) {
                lapse::hide(db, desk.setting.profiles, found)?;
            }
            if standing.state == State::Withdrawn && standing.reached == Reached::Unopened {
                erase::and_certify(db, desk, row.place, now, entropy)?;
            }
        }
    }
    Ok(())
}

/// X7: the others that were asked for the same are withdrawn as served elsewhere.
fn served(
    db: &Connection,
    desk: &Desk<'_>,
    row: &Row,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<(), VaultError> {
    let others = Row::all(
        db,
        "dossier = ?1 AND side = 1 AND place <> ?2 AND group_of IS NOT NULL
            AND group_of = (SELECT group_of FROM referral WHERE place = ?2)",
        params![row.dossier, row.place],
    )?;
    let open = |other: &&Row| other.state.phase() == Phase::Open || other.state == State::Queued;
    for other in others.iter().filter(open) {
        elsewhere(db, desk, other.place, now, entropy)?;
    }
    Ok(())
}

/// T22: the next agency has accepted what continues a referral that came here; its sender is told so, and where the person is only when
/// that endangers nobody.
fn handed_on(
    db: &Connection,
    desk: &Desk<'_>,
    row: &Row,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<(), VaultError> {
    let Some(parent) = row.parent.filter(|_| row.kind == Kind::Transfer) else { return Ok(()) };
    let open = |row: &&Row| matches!(row.state, State::Accepted | State::InService);
    let came = Row::all(db, "referral = ?1 AND side = 2", params![parent])?;
    // Two agencies have given one id: neither learns from the other's.
    for old in came.iter().filter(|_| came.len() == 1).filter(open) {
        let hidden = is_hidden(db, row)?;
        let target = row.agency.clone().filter(|_| !hidden);
        let details = Details { target, ..Details::default() };
        let act = Act { details, ..Act::of_node(Step::TransferredOnward) };
        by_node(db, desk, old.place, &act, now, entropy)?;
    }
    Ok(())
}

/// Whether nobody may learn where the person is: in witness protection, or at extreme risk.
fn is_hidden(db: &Connection, row: &Row) -> Result<bool, VaultError> {
    let Some((_, referral)) = revision::newest(db, row.place)? else { return Ok(true) };
    let risk = referral.summary.as_ref().and_then(|summary| summary.risk.as_ref());
    let extreme = risk.is_some_and(|risk| *risk.level.reveal(Reveal::ToCheck) == RiskLevel::Extreme);
    Ok(extreme || referral.header.to.role == Role::WitnessProtection)
}

/// X2: they opened it after all; the alternate is told that somebody helps.
fn alternate(
    db: &Connection,
    desk: &Desk<'_>,
    found: &Now,
    because: &[u8; 32],
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<(), VaultError> {
    let Some(successor) = found.event(because).and_then(|kept| kept.event.says().successor) else { return Ok(()) };
    let asked = Row::all(db, "referral = ?1 AND side = 1", params![successor])?;
    for other in asked.iter().filter(|other| other.state.phase() == Phase::Open) {
        elsewhere(db, desk, other.place, now, entropy)?;
    }
    Ok(())
}

fn elsewhere(
    db: &Connection,
    desk: &Desk<'_>,
    place: i64,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<(), VaultError> {
    let code = Why::Withdrawn(WithdrawReason::ServedElsewhere).number();
    by_node(db, desk, place, &Act { code, ..Act::of_node(Step::Withdrawn) }, now, entropy)
}
