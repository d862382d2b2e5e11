//! Referrals for other case management, some at a time: nothing else waits long for it.

use rusqlite::params;
use safeconduct_protocol::time::Timestamp;
use zeroize::Zeroizing;

use super::{Node, monitoring::named};
use crate::{
    api::reports::ExportPage,
    error::Told,
    htcds::{
        columns,
        write::{self, Row, WhoTheyAre},
    },
    referral,
    vault::{VaultError, int, uint},
};

/// Referrals in one answer.
const PAGE_ROWS: usize = 100;

/// The newest content of each referral that is not erased: a revision of its own, or the message that came.
const SQL: &str = "SELECT place, state, decided_at, why, content FROM (SELECT r.place, r.state, r.decided_at, r.why, \
    (SELECT coalesce(v.content, i.content) FROM referral_revision v \
    LEFT JOIN inbox i ON r.side = 2 AND i.message = v.message AND i.sender = r.partner \
    WHERE v.referral = r.place AND coalesce(v.content, i.content) IS NOT NULL ORDER BY v.revision DESC, v.at LIMIT 1) AS content \
    FROM referral r WHERE r.place > ?1 AND r.exercise = 0 AND r.first_at >= ?2 AND r.first_at < ?3 ORDER BY r.place LIMIT ?4)";

impl Node {
    /// `export csv`: the lines of the referrals after a place, of a period or of all time. Exercises and what is erased are left out.
    ///
    /// # Errors
    /// `usage` when it is no period; or what the vault says.
    pub fn export_page(&mut self, after: i64, period: Option<&str>, who: WhoTheyAre) -> Result<ExportPage, Told> {
        let period = period.map(named).transpose()?;
        let (from, to) = period.map_or((0, i64::MAX), |period| (int(period.begin().0), int(period.end().0)));
        let mut statement = self.vault.db().prepare_cached(SQL).map_err(VaultError::from)?;
        let limit = i64::try_from(PAGE_ROWS).unwrap_or(i64::MAX);
        let mut found = statement.query(params![after, from, to, limit]).map_err(VaultError::from)?;
        let (mut lines, mut rows, mut looked_at, mut last) = (Zeroizing::new(String::new()), 0_u64, 0_usize, after);
        while let Some(row) = found.next().map_err(VaultError::from)? {
            let line = read(row)?;
            (looked_at, last) = (looked_at.saturating_add(1), line.place);
            let Some(content) = line.content else { continue };
            let damaged = VaultError::Damaged { what: "a referral in node.db is none" };
            let referral = referral::parse(&content).ok().ok_or(damaged)?;
            let state =
                columns::state(&line.state).ok_or(VaultError::Damaged { what: "a state in node.db is none" })?;
            write::line(&Row { referral: &referral, state, accepted_at: line.accepted_at }, who, &mut lines);
            rows = rows.saturating_add(1);
        }
        let next = (looked_at == PAGE_ROWS).then_some(last);
        Ok(ExportPage { lines: lines.to_string(), rows, next })
    }
}

struct Line {
    place: i64,
    state: String,
    accepted_at: Option<Timestamp>,
    content: Option<Zeroizing<Vec<u8>>>,
}

fn read(row: &rusqlite::Row<'_>) -> Result<Line, VaultError> {
    let (decided, why): (Option<i64>, Option<i64>) = (row.get(2)?, row.get(3)?);
    // The first list of reasons is that of declining.
    let declined = why.is_some_and(|why| why < 256);
    let accepted_at = decided.filter(|_| !declined).map(|at| uint(at).map(Timestamp)).transpose()?;
    let content = row.get::<_, Option<Vec<u8>>>(4)?.map(Zeroizing::new);
    Ok(Line { place: row.get(0)?, state: row.get(1)?, accepted_at, content })
}
