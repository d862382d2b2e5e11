//! What the node does by itself because of what came: the first agency that accepts is the one, the others are told so; what is withdrawn
//! unread is erased and certified.

use rusqlite::{Connection, params};
use safeconduct_protocol::{entropy::Entropy, time::Timestamp};

use super::{
    erase,
    give::{Act, Desk, give},
    life::{
        code::{Step, Why, WithdrawReason},
        fold::Reached,
        state::{Phase, State},
        terms::{Effect, Side},
    },
    refusal::CaseworkError,
    stand::Now,
    store::row::Row,
};
use crate::vault::VaultError;

/// Does what follows from how a referral stands now. Doing it again changes nothing.
pub(crate) fn to(
    db: &Connection,
    desk: &Desk<'_>,
    found: &Now,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<(), VaultError> {
    let (row, standing) = (&found.row, &found.standing);
    match (row.side, standing.state) {
        (Side::Sender, State::Accepted) => served(db, desk, row, now, entropy),
        (Side::Recipient, State::Withdrawn) if standing.reached == Reached::Unopened && row.hold.is_none() => {
            erase::and_certify(db, desk, row.place, now, entropy)
        }
        (Side::Sender, _) if standing.due.iter().any(|due| due.effect == Effect::WithdrawAlternate) => {
            match standing.due.iter().find(|due| due.effect == Effect::WithdrawAlternate).and_then(|due| due.because) {
                Some(because) => alternate(db, desk, found, &because, now, entropy),
                None => Ok(()),
            }
        }
        _ => Ok(()),
    }
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

/// X2: they opened it after all; the alternate is told that somebody helps.
fn alternate(
    db: &Connection,
    desk: &Desk<'_>,
    found: &Now,
    because: &[u8; 32],
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<(), VaultError> {
    let Some(successor) = found.event(because).and_then(|event| event.says().successor) else { return Ok(()) };
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
    let act = Act { code, ..Act::of_node(Step::Withdrawn) };
    match give(db, desk, place, &act, now, entropy) {
        Ok(_) | Err(CaseworkError::Life(_)) => Ok(()),
        Err(CaseworkError::Vault(error)) => Err(error),
        Err(_) => Err(VaultError::Unfit { what: "a withdrawal by the node itself" }),
    }
}
