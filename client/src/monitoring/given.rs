//! A report that came by itself: judged before it is stored, and stored with its message. Whoever co-ordinates no national referral
//! mechanism takes none.

use rusqlite::{Connection, OptionalExtension as _, params};
use safeconduct_certs::node::{NodeState, Role};
use safeconduct_protocol::{
    envelope::{header::Header, report::ReportContent},
    id::MessageId,
    time::{DAY_S, Timestamp},
};

use super::{release::Report, wire};
use crate::{
    inbox::Here,
    vault::{VaultError, int, uint},
};

/// A sender's clock may be so far ahead when a period ends.
const CLOCK_SLACK_S: u64 = DAY_S;

/// Who may add up: the co-ordinator of a national referral mechanism, and the national rapporteur.
const COUNTING: [Role; 2] = [Role::NrmCoordinator, Role::NationalRapporteur];

/// Whether the registry says of this node that it adds up reports.
#[must_use]
pub fn adds_up(node: &NodeState) -> bool {
    node.is_active() && node.roles.iter().any(|role| COUNTING.contains(&role))
}

/// A report as it stands here.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Given {
    /// Whose.
    pub agency: String,
    /// Of which period.
    pub period: String,
    /// 1, and more where it was put right.
    pub edition: u32,
    /// When it came.
    pub at: Timestamp,
    /// The message that brought it; none for a file.
    pub message: Option<MessageId>,
    /// Whether a later edition stands in its place.
    pub replaced: bool,
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
    /// It is another agency's than its sender's.
    Another,
    /// One side takes part in exercises alone.
    Exercise,
    /// Its period lasts still.
    Open,
    /// This agency gave another report of that edition.
    Differs,
}

impl NotTaken {
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
    let (edition, report) = match judged(here, header, content) {
        Ok(read) => read,
        Err(refused) => return Ok(Err(refused)),
    };
    Ok(match kept(db, &report, edition)? {
        Some(bytes) if bytes != wire::write(&report) => Err(NotTaken::Differs),
        Some(_) | None => Ok(()),
    })
}

fn judged(here: &Here<'_>, header: &Header, content: &[u8]) -> Result<(u32, Report), NotTaken> {
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
    if here.rules.clock.after(CLOCK_SLACK_S) < report.period.end() {
        return Err(NotTaken::Open);
    }
    Ok((sent.edition, report))
}

/// What came of an edition, in force or replaced. A file that was carried here is signed by nobody: what comes stands in its place.
fn kept(db: &Connection, report: &Report, edition: u32) -> Result<Option<Vec<u8>>, VaultError> {
    let sql = "SELECT bytes FROM report_given WHERE agency = ?1 AND period = ?2 AND edition = ?3 AND message IS NOT NULL
        UNION ALL SELECT bytes FROM report_given_former WHERE agency = ?1 AND period = ?2 AND edition = ?3 AND message IS NOT NULL";
    let values = params![report.agency.as_str(), report.period.to_string(), edition];
    Ok(db.query_row(sql, values, |row| row.get(0)).optional()?)
}

/// Takes what [`judge`] let in, inside the transaction that stores its message. A later edition stands in the place of an earlier one, which
/// is kept beside it, whichever came first.
pub(crate) fn take(db: &Connection, message: &MessageId, content: &[u8], now: Timestamp) -> Result<(), VaultError> {
    const UNFIT: VaultError = VaultError::Unfit { what: "a report that was judged" };
    let sent = ReportContent::decode(content).map_err(|_malformed| UNFIT)?;
    let report = wire::read(sent.report).map_err(|_refused| UNFIT)?;
    if kept(db, &report, sent.edition)?.is_some() {
        return Ok(());
    }
    let (agency, period) = (report.agency.as_str(), report.period.to_string());
    let sql = "SELECT edition FROM report_given WHERE agency = ?1 AND period = ?2 AND message IS NOT NULL";
    let newest: Option<u32> = db.query_row(sql, params![agency, period], |row| row.get(0)).optional()?;
    let values = params![agency, period, sent.edition, sent.report, int(now.0), message.as_bytes()];
    if newest.is_some_and(|newest| newest > sent.edition) {
        let sql = "INSERT INTO report_given_former (agency, period, edition, bytes, at, message) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        db.execute(sql, values)?;
        return Ok(());
    }
    let former = "INSERT OR IGNORE INTO report_given_former (agency, period, edition, bytes, at, message)
        SELECT agency, period, iif(message IS NULL, 0, edition), bytes, at, message FROM report_given WHERE agency = ?1 AND period = ?2";
    db.execute(former, params![agency, period])?;
    let sql = "INSERT OR REPLACE INTO report_given (agency, period, edition, bytes, at, message) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    db.execute(sql, values)?;
    Ok(())
}

/// What agencies gave, of one period or of all, with what was replaced, in the order of periods, agencies and editions.
///
/// # Errors
/// What the vault says.
pub fn all(db: &Connection, period: Option<&str>) -> Result<Vec<Given>, VaultError> {
    let sql = "SELECT agency, period, edition, at, message, 0 FROM report_given WHERE ?1 IS NULL OR period = ?1
        UNION ALL SELECT agency, period, edition, at, message, 1 FROM report_given_former WHERE ?1 IS NULL OR period = ?1
        ORDER BY 2, 1, 3";
    let mut statement = db.prepare(sql)?;
    let mut rows = statement.query([period])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(Given {
            agency: row.get(0)?,
            period: row.get(1)?,
            edition: row.get(2)?,
            at: Timestamp(uint(row.get(3)?)?),
            message: row.get::<_, Option<[u8; 16]>>(4)?.map(MessageId::from_bytes),
            replaced: row.get(5)?,
        });
    }
    Ok(all)
}
