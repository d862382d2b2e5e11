//! Referrals for other case management, some at a time: nothing else waits long for it. Who exports reads: a supervisor, and each
//! referral's log of views says so.

use rusqlite::{Connection, params};
use safeconduct_protocol::time::Timestamp;
use zeroize::Zeroizing;

use super::{Node, monitoring::named};
use crate::{
    api::reports::ExportPage,
    casework::{
        lapse,
        life::{state::State, terms::Hand},
        stand,
        views::{self, Look},
    },
    error::Told,
    htcds::{
        columns,
        write::{self, Row, WhoTheyAre},
    },
    people::Pseudonym,
    referral::{
        self, Referral,
        codes::{Marking, Section},
    },
    vault::{VaultError, int, uint},
};

/// Referrals in one answer.
const PAGE_ROWS: usize = 100;

/// The newest content of each referral that is not erased: a revision of its own, or the message that came.
const SQL: &str = "SELECT r.place, r.state, r.decided_at, r.why, r.side = 2 AND r.opened_at IS NULL, r.side = 2, \
    (SELECT coalesce(v.content, i.content) FROM referral_revision v \
    LEFT JOIN inbox i ON r.side = 2 AND i.message = v.message AND i.sender = r.partner \
    WHERE v.referral = r.place AND coalesce(v.content, i.content) IS NOT NULL ORDER BY v.revision DESC, v.at LIMIT 1) \
    FROM referral r WHERE r.place > ?1 AND r.exercise = 0 AND r.first_at >= ?2 AND r.first_at < ?3 ORDER BY r.place LIMIT ?4";

impl Node {
    /// `export csv`: the lines of the referrals after a place, of a period or of all time. Exercises and what is erased are left out; so
    /// is what nobody here has opened yet, for reading it would have to be told to the sender, and what one caseworker alone may see.
    ///
    /// # Errors
    /// `not-your-role`; `usage` when it is no period; or what the vault says.
    pub fn export_page(
        &mut self,
        after: i64,
        period: Option<&str>,
        who: WhoTheyAre,
        by: Option<&str>,
    ) -> Result<ExportPage, Told> {
        let officer = self.acting_as(by, Hand::Supervisor)?.pseudonym();
        let period = period.map(named).transpose()?;
        let (from, to) = period.map_or((0, i64::MAX), |period| (int(period.begin().0), int(period.end().0)));
        let now = self.now();
        let tx = self.vault.begin()?;
        let found = lines(&tx, after, from, to)?;
        let (mut text, mut rows, mut left_out) = (Zeroizing::new(String::new()), 0_u64, 0_u64);
        for line in &found {
            let Some(content) = &line.content else { continue };
            let damaged = VaultError::Damaged { what: "a referral in node.db is none" };
            let referral = referral::parse(content).ok().ok_or(damaged)?;
            let referral = match line.came {
                true => lapse::as_shown(&tx, &self.profiles, line.place, referral, now)?.referral,
                false => referral,
            };
            if line.unopened || is_for_one(&referral) {
                left_out = left_out.saturating_add(1);
                continue;
            }
            write::line(&Row { referral: &referral, state: line.state, accepted_at: line.accepted_at }, who, &mut text);
            seen(&tx, line.place, officer, who, now)?;
            rows = rows.saturating_add(1);
        }
        tx.commit().map_err(VaultError::from)?;
        let next = found.last().filter(|_| found.len() == PAGE_ROWS).map(|line| line.place);
        Ok(ExportPage { lines: text.to_string(), rows, left_out, next })
    }
}

struct Line {
    place: i64,
    state: State,
    accepted_at: Option<Timestamp>,
    /// It came, and no person here has looked at it, or none can any more.
    unopened: bool,
    /// It came from another agency.
    came: bool,
    content: Option<Zeroizing<Vec<u8>>>,
}

fn lines(tx: &Connection, after: i64, from: i64, to: i64) -> Result<Vec<Line>, VaultError> {
    let mut statement = tx.prepare_cached(SQL)?;
    let limit = i64::try_from(PAGE_ROWS).unwrap_or(i64::MAX);
    let mut found = statement.query(params![after, from, to, limit])?;
    let mut all = Vec::new();
    while let Some(row) = found.next()? {
        let (state, decided, why): (String, Option<i64>, Option<i64>) = (row.get(1)?, row.get(2)?, row.get(3)?);
        let state = columns::state(&state).ok_or(VaultError::Damaged { what: "a state in node.db is none" })?;
        // The first list of reasons is that of declining.
        let declined = why.is_some_and(|why| why < 256);
        all.push(Line {
            place: row.get(0)?,
            state,
            accepted_at: decided.filter(|_| !declined).map(|at| uint(at).map(Timestamp)).transpose()?,
            came: row.get(5)?,
            unopened: row.get::<_, bool>(4)? || !stand::may_be_read(state),
            content: row.get::<_, Option<Vec<u8>>>(6)?.map(Zeroizing::new),
        });
    }
    Ok(all)
}

/// Whether one caseworker alone may see it.
fn is_for_one(referral: &Referral) -> bool {
    referral.handling.markings.iter().any(|marking| *marking == Marking::NamedCaseworkerOnly)
}

/// Notes who has read what.
fn seen(tx: &Connection, place: i64, officer: Pseudonym, who: WhoTheyAre, now: Timestamp) -> Result<(), VaultError> {
    let read = |section: &Section| who == WhoTheyAre::Told || *section != Section::Identity;
    let bits =
        Section::ALL.iter().enumerate().filter(|(_, section)| read(section)).fold(0_u16, |bits, (at, _)| {
            bits | u32::try_from(at).ok().and_then(|at| 1_u16.checked_shl(at)).unwrap_or(0)
        });
    let look = Look { officer: Some(officer), sections: bits, reason: Some(views::EXPORT) };
    views::note(tx, place, &look, now)
}
