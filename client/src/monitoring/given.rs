//! A report that an agency gave, as a message or in a file: judged before it is stored, and stored with its message. Whoever co-ordinates
//! no national referral mechanism takes none. A period is frozen: of one agency the first report of it stays, and none that shares a day
//! with it is taken. One can be set aside, with a reason; it counts in no sum then that was not shown before.

use rusqlite::{Connection, params};
use safeconduct_certs::node::{NodeState, Role};
use safeconduct_protocol::{
    envelope::{header::Header, report::ReportContent},
    id::{AgencyId, MessageId},
    time::{DAY_S, Timestamp},
};

use super::{period::Period, release::Report, wire};
use crate::{
    inbox::Here,
    people::Pseudonym,
    vault::{Vault, VaultError, int, uint},
};

/// A sender's clock may be so far ahead when a period ends.
const CLOCK_SLACK_S: u64 = DAY_S;
/// Periods that are kept of one agency at most: twenty years of quarters.
pub const PERIODS_MAX: usize = 80;
/// Refused reports of one sender that wait to be judged again, at most; each has at most 56 KiB.
pub const WAITING_MAX: u32 = 16;

/// Who may add up: the co-ordinator of a national referral mechanism, and the national rapporteur.
const COUNTING: [Role; 2] = [Role::NrmCoordinator, Role::NationalRapporteur];

/// Whether the registry says of this node that it adds up reports.
#[must_use]
pub fn adds_up(node: &NodeState) -> bool {
    node.is_active() && is_to_add_up(node)
}

/// The same of one that may be suspended for a while.
#[must_use]
pub fn is_to_add_up(node: &NodeState) -> bool {
    node.roles.iter().any(|role| COUNTING.contains(&role))
}

/// A report as it stands here.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Given {
    /// Whose.
    pub agency: String,
    /// Of which period.
    pub period: String,
    /// When it came.
    pub at: Timestamp,
    /// The message that brought it; none for a file.
    pub message: Option<MessageId>,
    /// That it counts in no sum that is shown from then on, when somebody here has said so.
    pub aside: Option<Aside>,
    /// Whether it is in the sum of its period; none while no sum was shown.
    pub in_sum: Option<bool>,
}

/// That a report was set aside.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Aside {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: Pseudonym,
    /// Why, in their words.
    pub why: String,
}

/// Why a report is refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NotTaken {
    /// The registry does not say that this node adds up.
    NoCoordinator,
    /// It is from another country's agency.
    Abroad,
    /// No form of report.
    Malformed,
    /// It is of no agency that the registry names, of one that is revoked, or of another than its sender.
    Another,
    /// One side takes part in exercises alone.
    Exercise,
    /// Its period lasts still.
    Open,
    /// This agency gave another report of that period.
    Differs,
    /// This agency gave a report of a period that shares a day with it.
    Overlaps,
    /// This agency gave as many reports as are kept.
    Many,
}

impl NotTaken {
    /// Every reason.
    pub const ALL: [Self; 9] = [
        Self::NoCoordinator,
        Self::Abroad,
        Self::Malformed,
        Self::Another,
        Self::Exercise,
        Self::Open,
        Self::Differs,
        Self::Overlaps,
        Self::Many,
    ];

    /// Stable code for people and programs.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoCoordinator => "no-co-ordinator",
            Self::Abroad => "report-from-abroad",
            Self::Malformed => "report-malformed",
            Self::Another => "report-of-another",
            Self::Exercise => "exercise-mismatch",
            Self::Open => "period-open",
            Self::Differs => "report-differs",
            Self::Overlaps => "period-overlaps",
            Self::Many => "report-periods",
        }
    }

    /// The reason by its code.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }

    /// What is the matter.
    #[must_use]
    pub const fn says(self) -> &'static str {
        match self {
            Self::NoCoordinator => "the registry there does not say that they add up reports",
            Self::Abroad => "the report is of another country",
            Self::Malformed => "it is no report of the form that is read there",
            Self::Another => "the registry names no such agency that could give it, or another one than its sender",
            Self::Exercise => "one of the two agencies takes part in exercises alone",
            Self::Open => "its period has not ended by the clock there",
            Self::Differs => "another report of this agency and period is there: a released period is frozen",
            Self::Overlaps => "a report of this agency is there whose period shares days with it",
            Self::Many => "as many periods of this agency are there as are kept",
        }
    }

    /// What a person can do.
    #[must_use]
    pub const fn remedy(self) -> &'static str {
        match self {
            Self::NoCoordinator | Self::Abroad | Self::Exercise => {
                "phone the co-ordinator and the authority about the registry; then `safeconduct report send`"
            }
            Self::Malformed => "bring both programs to one version, then `safeconduct report send`",
            Self::Another => "see that the registry names this agency as it is, then `safeconduct report send`",
            Self::Open => "look at both clocks, then `safeconduct report send`",
            Self::Differs | Self::Overlaps | Self::Many => {
                "the first report stays: phone the co-ordinator about which one that is; they can set it aside"
            }
        }
    }
}

/// Reads what came, as far as it is a report for this node by its sender, and stands beside what is here.
pub(crate) fn judge(
    db: &Connection,
    here: &Here<'_>,
    header: &Header,
    content: &[u8],
) -> Result<Result<(), NotTaken>, VaultError> {
    match judged(here, header, content) {
        Ok(report) => Ok(beside(db, &report, From::Message)?.map(drop)),
        Err(refused) => Ok(Err(refused)),
    }
}

fn judged(here: &Here<'_>, header: &Header, content: &[u8]) -> Result<Report, NotTaken> {
    let (own, sender) = (&here.identity.node, &header.sender);
    let own_state = here.held.node(own).filter(|state| adds_up(state)).ok_or(NotTaken::NoCoordinator)?;
    if here.held.authority_of(sender).is_some() {
        return Err(NotTaken::Abroad);
    }
    let is_exercise = here.held.node(sender).is_some_and(|state| state.roles.is_exercise());
    if is_exercise != own_state.roles.is_exercise() {
        return Err(NotTaken::Exercise);
    }
    let sent = ReportContent::decode(content).map_err(|_malformed| NotTaken::Malformed)?;
    let report = wire::read(sent.report).map_err(|_refused| NotTaken::Malformed)?;
    let agencies = here.rules.setting.agencies;
    let country = |node| agencies.get(node).map(|known| known.country.as_str());
    let is_theirs = here.rules.setting.called(sender) == Some(report.agency.as_str())
        && country(sender) == Some(report.country.as_str());
    if !is_theirs {
        return Err(NotTaken::Another);
    }
    if country(own) != Some(report.country.as_str()) {
        return Err(NotTaken::Abroad);
    }
    if !has_ended(report.period, here.rules.clock) {
        return Err(NotTaken::Open);
    }
    Ok(report)
}

/// Whether a period has ended, a clock's day allowed.
#[must_use]
pub fn has_ended(period: Period, clock: Timestamp) -> bool {
    clock.after(CLOCK_SLACK_S) >= period.end()
}

/// How a report came.
#[derive(Clone, Copy, PartialEq, Eq)]
enum From {
    /// Signed by the node that the registry names.
    Message,
    /// Signed by nobody.
    File,
}

/// What a report is beside those of its agency that are here.
enum Beside {
    /// The first of its period, or a signed one that stands in the place of the files of these periods.
    First(Vec<Period>),
    /// The same again.
    Again,
}

/// A file that was carried here is signed by nobody, so that it must not keep out what its agency has signed.
fn beside(db: &Connection, report: &Report, from: From) -> Result<Result<Beside, NotTaken>, VaultError> {
    let mut statement = db.prepare_cached("SELECT period, message IS NULL FROM report_given WHERE agency = ?1")?;
    let mut rows = statement.query([report.agency.as_str()])?;
    let (mut others, mut same, mut overlaps, mut yielding) = (0_usize, None, false, Vec::new());
    while let Some(row) = rows.next()? {
        let (period, is_file): (String, bool) = (row.get(0)?, row.get(1)?);
        let yields = is_file && from == From::Message;
        let period = Period::of(&period).ok_or(VaultError::Damaged { what: "a given report is of no period" })?;
        let is_same = period == report.period;
        if yields && (is_same || period.overlaps(report.period)) {
            yielding.push(period);
        }
        if is_same {
            same = Some(yields);
        } else {
            overlaps |= !yields && period.overlaps(report.period);
            others = others.saturating_add(1);
        }
    }
    if let Some(yields) = same {
        let sql = "SELECT bytes FROM report_given WHERE agency = ?1 AND period = ?2";
        let values = params![report.agency.as_str(), report.period.to_string()];
        let bytes: Vec<u8> = db.query_row(sql, values, |row| row.get(0))?;
        if bytes == wire::write(report) {
            return Ok(Ok(Beside::Again));
        }
        if !yields {
            return Ok(Err(NotTaken::Differs));
        }
    }
    if overlaps {
        return Ok(Err(NotTaken::Overlaps));
    }
    Ok(if others >= PERIODS_MAX { Err(NotTaken::Many) } else { Ok(Beside::First(yielding)) })
}

/// Takes what [`judge`] let in, inside the transaction that stores its message.
pub(crate) fn take(db: &Connection, message: &MessageId, content: &[u8], now: Timestamp) -> Result<(), VaultError> {
    const UNFIT: VaultError = VaultError::Unfit { what: "a report that was judged" };
    let sent = ReportContent::decode(content).map_err(|_malformed| UNFIT)?;
    let report = wire::read(sent.report).map_err(|_refused| UNFIT)?;
    let (agency, period) = (report.agency.as_str(), report.period.to_string());
    match beside(db, &report, From::Message)? {
        Ok(Beside::Again) => {
            // A file of before is signed by its agency from now on.
            let sql = "UPDATE report_given SET message = ?3 WHERE agency = ?1 AND period = ?2 AND message IS NULL";
            db.execute(sql, params![agency, period, message.as_bytes()])?;
        }
        Ok(Beside::First(yielding)) => {
            for other in yielding {
                let sql = "DELETE FROM report_given WHERE agency = ?1 AND period = ?2 AND message IS NULL";
                db.execute(sql, params![agency, other.to_string()])?;
            }
            put(db, &report, Some(message), now)?;
        }
        Err(_refused) => return Err(UNFIT),
    }
    Ok(())
}

/// Takes what an agency gave in a file. Whether it may give one, the caller has asked.
///
/// # Errors
/// What the vault says; inside, that another report stands here.
pub(crate) fn take_file(
    vault: &mut Vault,
    report: &Report,
    now: Timestamp,
) -> Result<Result<(), NotTaken>, VaultError> {
    let transaction = vault.begin()?;
    match beside(&transaction, report, From::File)? {
        Ok(Beside::First(_)) => put(&transaction, report, None, now)?,
        Ok(Beside::Again) => {}
        Err(refused) => return Ok(Err(refused)),
    }
    transaction.commit()?;
    Ok(Ok(()))
}

fn put(db: &Connection, report: &Report, message: Option<&MessageId>, now: Timestamp) -> Result<(), VaultError> {
    let sql = "INSERT INTO report_given (agency, period, bytes, at, message) VALUES (?1, ?2, ?3, ?4, ?5)";
    let (agency, period, message) =
        (report.agency.as_str(), report.period.to_string(), message.map(|message| *message.as_bytes()));
    db.execute(sql, params![agency, period, wire::write(report), int(now.0), message])?;
    Ok(())
}

/// Sets a report aside; whether there was one that counts.
///
/// # Errors
/// What the vault says.
pub(crate) fn set_aside(
    db: &Connection,
    (agency, period): (&AgencyId, Period),
    aside: &Aside,
) -> Result<bool, VaultError> {
    let sql = "UPDATE report_given SET aside_at = ?3, aside_by = ?4, aside_why = ?5
        WHERE agency = ?1 AND period = ?2 AND aside_at IS NULL";
    let values = params![agency.as_str(), period.to_string(), int(aside.at.0), aside.by.as_bytes(), aside.why];
    Ok(db.execute(sql, values)? == 1)
}

/// What agencies gave, of one period or of all, in the order of periods and agencies.
///
/// # Errors
/// What the vault says.
pub fn all(db: &Connection, period: Option<&str>) -> Result<Vec<Given>, VaultError> {
    let sql = "SELECT agency, period, at, message, aside_at, aside_by, aside_why,
            CASE WHEN EXISTS (SELECT 1 FROM report_summed s WHERE s.period = g.period) THEN EXISTS
                (SELECT 1 FROM report_summed s WHERE s.period = g.period AND s.agency = g.agency AND s.bytes = g.bytes) END
        FROM report_given g WHERE ?1 IS NULL OR period = ?1 ORDER BY period, agency";
    let mut statement = db.prepare(sql)?;
    let mut rows = statement.query([period])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let aside = match (row.get::<_, Option<i64>>(4)?, row.get::<_, Option<[u8; 16]>>(5)?) {
            (Some(at), Some(by)) => Some(Aside { at: Timestamp(uint(at)?), by: Pseudonym::new(by), why: row.get(6)? }),
            _ => None,
        };
        all.push(Given {
            agency: row.get(0)?,
            period: row.get(1)?,
            at: Timestamp(uint(row.get(2)?)?),
            message: row.get::<_, Option<[u8; 16]>>(3)?.map(MessageId::from_bytes),
            aside,
            in_sum: row.get(7)?,
        });
    }
    Ok(all)
}

#[cfg(test)]
mod tests;
