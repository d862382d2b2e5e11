//! What went to co-ordinators: queued and noted in one transaction, each period once.

use rusqlite::{Connection, OptionalExtension as _, params};
use safeconduct_protocol::{
    entropy::Entropy,
    envelope::report::ReportContent,
    id::{AgencyId, MessageId, NodeId},
    time::Timestamp,
};

use super::{
    agreement::{self, Agreement},
    part,
    period::Period,
    store::Frozen,
};
use crate::{
    outbox::{self, MessageKind, NewRow, OutboxState, Rank},
    people::Pseudonym,
    vault::{Vault, VaultError, int, uint},
};

/// A report that is to go.
pub(crate) struct Going<'a> {
    /// By which agreement.
    pub(crate) agreement: &'a Agreement,
    /// The co-ordinator's node.
    pub(crate) recipient: NodeId,
    /// What was released.
    pub(crate) report: &'a Frozen,
    /// Whether this agency is registered for exercises.
    pub(crate) exercise: bool,
    /// Who says so now; nobody, when it goes by itself.
    pub(crate) officer: Option<Pseudonym>,
}

/// What was queued.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Queued {
    /// The message.
    pub message: MessageId,
    /// Tables that one message does not hold, by their ids.
    pub left_out: Vec<String>,
}

/// A report that went.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sent {
    /// To whom.
    pub agency: String,
    /// Of which period.
    pub period: String,
    /// In which message.
    pub message: MessageId,
    /// When it was queued.
    pub at: Timestamp,
    /// Tables that one message did not hold, by their ids.
    pub left_out: Vec<String>,
}

/// Queues a report, if it did not go to this co-ordinator before and the agreement holds still. Once a message of it has
/// been given up, a person may say that it goes again.
///
/// # Errors
/// What the vault says; nothing is queued then.
pub(crate) fn send(
    vault: &mut Vault,
    going: &Going<'_>,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<Option<Queued>, VaultError> {
    const UNFIT: VaultError = VaultError::Unfit { what: "a report that fits its message" };
    let agency = &going.agreement.agency;
    let period = going.report.report.period;
    let fitted = part::fitted(&going.report.report, going.agreement.indicators);
    let content = ReportContent { report: &fitted.bytes }.encode().map_err(|_malformed| UNFIT)?;
    let transaction = vault.begin()?;
    let went = stands(&transaction, agency, period)?;
    let may = went.is_none_or(|state| going.officer.is_some() && state.is_none_or(OutboxState::is_given_up));
    let holds = agreement::with(&transaction, agency)?.is_some_and(|held| held == *going.agreement);
    if !may || !holds {
        return Ok(None);
    }
    let row = NewRow {
        kind: MessageKind::Report,
        rank: Rank::Low,
        recipient: going.recipient,
        agency: Some(agency.as_str()),
        referral: None,
        exercise: going.exercise,
        content: &content,
        alarm_after_s: outbox::ALARM_AFTER_S,
        idempotency: None,
        reply_target: None,
        not_before: now,
    };
    let message = outbox::insert(&transaction, &row, now, entropy)?;
    // The message of before says no more than this one: nobody has to look at it.
    transaction.execute(
        "UPDATE outbox SET alarm = 0 WHERE message =
            (SELECT message FROM report_sent WHERE agency = ?1 AND period = ?2)",
        params![agency.as_str(), period.to_string()],
    )?;
    transaction.execute(
        "INSERT OR REPLACE INTO report_sent (agency, period, message, officer, at, left_out) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            agency.as_str(),
            period.to_string(),
            message.as_bytes(),
            going.officer.map(|officer| *officer.as_bytes()),
            int(now.0),
            fitted.left_out.join(" ")
        ],
    )?;
    transaction.commit()?;
    Ok(Some(Queued { message, left_out: fitted.left_out }))
}

/// Where the message of a period stands; `Some(None)` when it is not in the outbox any more.
fn stands(db: &Connection, agency: &AgencyId, period: Period) -> Result<Option<Option<OutboxState>>, VaultError> {
    let sql = "SELECT o.state FROM report_sent s LEFT JOIN outbox o ON o.message = s.message
        WHERE s.agency = ?1 AND s.period = ?2";
    let found: Option<Option<String>> =
        db.query_row(sql, params![agency.as_str(), period.to_string()], |row| row.get(0)).optional()?;
    found.map(|state| state.map(|state| OutboxState::parse(&state)).transpose()).transpose()
}

/// Whether a period went to a co-ordinator.
///
/// # Errors
/// What the vault says.
pub(crate) fn went(db: &Connection, agency: &AgencyId, period: Period) -> Result<bool, VaultError> {
    Ok(stands(db, agency, period)?.is_some())
}

/// Everything that went, oldest period first.
///
/// # Errors
/// What the vault says.
pub fn all(db: &Connection) -> Result<Vec<Sent>, VaultError> {
    let mut statement =
        db.prepare("SELECT agency, period, message, at, left_out FROM report_sent ORDER BY period, agency")?;
    let mut rows = statement.query([])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(Sent {
            agency: row.get(0)?,
            period: row.get(1)?,
            message: MessageId::from_bytes(row.get(2)?),
            at: Timestamp(uint(row.get(3)?)?),
            left_out: row.get::<_, String>(4)?.split_whitespace().map(str::to_owned).collect(),
        });
    }
    Ok(all)
}
