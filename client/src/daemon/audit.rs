//! `evidence report`: what an auditor of this agency reads, a page at a time, so that the node is never held up by a long one.

use rusqlite::{params_from_iter, types::Value};

use super::Node;
use crate::{
    api::audit::{AuditAsked, AuditPage, PAGE_CASES_MAX, PAGE_LINES},
    casework::store::row::Row,
    error::Told,
    evidence::audit::{self, Desk},
    people::{LocalRole, Officer, PeopleError},
};

/// Who may read what was done, without content.
pub(super) const READERS: [LocalRole; 3] = [LocalRole::Auditor, LocalRole::Supervisor, LocalRole::Admin];

impl Node {
    /// A page of the report.
    ///
    /// # Errors
    /// `not-your-role` for who is no auditor, supervisor or admin; `unknown-referral`; what the vault says.
    pub fn audit(&mut self, asked: &AuditAsked) -> Result<AuditPage, Told> {
        let officer = self.reading(asked.by.as_deref())?;
        let places = self.reported_places(asked)?;
        let (now, held, agency) = (self.now(), self.held_copy()?, self.own_agency()?.to_string());
        let agencies = self.agencies()?;
        let setting = agencies.setting();
        let desk = Desk { own: self.identity.node, held: &held, setting: &setting, agency: &agency, now };
        let (mut cases, mut lines, mut last) = (Vec::with_capacity(places.len()), 0_usize, None);
        for place in places.iter().take(page_len()) {
            let case = audit::case(self.vault.db(), &desk, *place)?;
            lines = lines.saturating_add(case.lines.len());
            cases.push(case);
            last = Some(*place);
            if lines >= PAGE_LINES {
                break;
            }
        }
        let more = places.len() > cases.len();
        // Who reads what was done has looked, although no content is in it.
        let read = places.get(..cases.len()).unwrap_or(&places);
        self.audited(read, officer.pseudonym(), now)?;
        Ok(AuditPage {
            agency: agency.clone(),
            made_at: now.0,
            made_by: officer.pseudonym().to_hex(),
            registry_size: held.registry().size(),
            cases,
            next: last.filter(|_| more).map(|place| place.to_string()),
        })
    }

    pub(super) fn reading(&self, by: Option<&str>) -> Result<Officer, Told> {
        let officer = self.acting(by)?;
        if READERS.into_iter().any(|role| officer.roles().has(role)) {
            Ok(officer)
        } else {
            Err(PeopleError::NotYourRole { asked: LocalRole::Auditor.as_str() }.into())
        }
    }

    /// The referrals that were meant, oldest first, and one more than a page holds.
    pub(super) fn reported_places(&self, asked: &AuditAsked) -> Result<Vec<i64>, Told> {
        if let Some(id) = &asked.referral {
            return Ok(vec![self.case(id)?.place]);
        }
        let bad = || Told::usage("this is no place in the report", "send the `next` of the page before");
        let after = asked.after.as_deref().map(str::parse::<i64>).transpose();
        let after = after.ok().ok_or_else(bad)?.unwrap_or(0);
        let bound =
            |at: Option<u64>, none: i64| Value::Integer(at.map_or(none, |at| i64::try_from(at).unwrap_or(i64::MAX)));
        let values = [Value::Integer(after), bound(asked.since, 0), bound(asked.until, i64::MAX)];
        let query = format!(
            "place > ?1 AND first_at >= ?2 AND first_at < ?3 ORDER BY place LIMIT {}",
            PAGE_CASES_MAX.saturating_add(1)
        );
        let rows = Row::all(self.vault.db(), &query, params_from_iter(values))?;
        Ok(rows.iter().map(|row| row.place).collect())
    }
}

pub(super) fn page_len() -> usize {
    usize::try_from(PAGE_CASES_MAX).unwrap_or(usize::MAX)
}
