//! What an auditor reads first: sums of what was done in some time. No referral and no person is named in them but by pseudonym, so that
//! reading them leaves no line in any referral's log; who reads the acts themselves asks for the report.

use std::collections::BTreeMap;

use rusqlite::params;
use safeconduct_certs::directory::hours::{Hours, Open};
use safeconduct_protocol::{
    id::NodeId,
    receipt::case::{CaseAct, CaseEvent},
    time::Timestamp,
};

use super::Node;
use crate::{
    api::audit::AuditAsked,
    casework::{
        life::{code::Step, terms::Side},
        stand, views,
    },
    error::Told,
    evidence::{
        audit::{self, Desk},
        chain,
    },
    monitoring::{count::expression, sorts::List},
    people::{Pseudonym, store as people},
    referral::codes::Basis,
    vault::{VaultError, int, uint},
};

/// Acts without consent that are looked into at most.
const OVERRIDES_MAX: usize = 5_000;

/// Sums of some time.
pub struct Sums {
    /// Whose.
    pub agency: String,
    /// When they were made.
    pub made_at: u64,
    /// By whom: a pseudonym.
    pub made_by: String,
    /// Referrals received, by how soon somebody here looked: codes of `List::Opening`.
    pub received: Vec<(&'static str, u64)>,
    /// Referrals sent, by whether anybody answered: codes of `List::Answer`.
    pub sent: Vec<(&'static str, u64)>,
    /// Who looked at what, most first.
    pub people: Vec<Looker>,
    /// Whether this agency has said when it is open.
    pub has_hours: bool,
    /// Looks for which a supervisor gave a reason.
    pub with_reason: u64,
    /// Files that were made: `export`, `evidence`, `audit`, with how many referrals went into them.
    pub files: Vec<(&'static str, u64)>,
    /// Acts without the person's consent.
    pub overrides: Overrides,
    /// Erasures.
    pub erasures: Erasures,
    /// Periods whose figures were released.
    pub released: u64,
}

/// Somebody who has looked.
pub struct Looker {
    /// The pseudonym; none where nobody was named.
    pub person: Option<String>,
    /// Their roles here, by name.
    pub roles: Vec<&'static str>,
    /// Whether they work here still.
    pub works: bool,
    /// Looks at content.
    pub content: u64,
    /// Looks at what was done, without content.
    pub acts: u64,
    /// Of all these, outside the hours of this agency.
    pub outside: u64,
}

/// Acts without the person's consent, of referrals that were sent.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Overrides {
    /// How many.
    pub used: u64,
    /// Of these, the person was told.
    pub told: u64,
    /// Of these, another person has reviewed it.
    pub reviewed: u64,
}

/// Erasures.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Erasures {
    /// Referrals erased here in that time.
    pub erased: u64,
    /// Certificates that this agency signed in that time.
    pub given: u64,
    /// Certificates that others signed for it.
    pub received: u64,
    /// Referrals that should be erased by now, and are not.
    pub overdue: u64,
    /// Referrals that the law keeps now.
    pub held: u64,
}

/// What came of verifying every signature of some referrals.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Verified {
    /// How many referrals.
    pub referrals: u64,
    /// Signatures that hold.
    pub holds: u64,
    /// Signatures that do not.
    pub fails: u64,
    /// Signatures whose key the registry here does not name.
    pub no_key: u64,
    /// What stands on top of the report, by kind.
    pub cautions: BTreeMap<String, u64>,
    /// Where the next page begins; none: this is the last one.
    pub next: Option<String>,
}

impl Verified {
    /// With what a further page found.
    pub fn add(&mut self, page: Self) {
        self.referrals = self.referrals.saturating_add(page.referrals);
        self.holds = self.holds.saturating_add(page.holds);
        self.fails = self.fails.saturating_add(page.fails);
        self.no_key = self.no_key.saturating_add(page.no_key);
        for (kind, count) in page.cautions {
            let sum = self.cautions.entry(kind).or_default();
            *sum = sum.saturating_add(count);
        }
        self.next = page.next;
    }
}

/// A chain of evidence with one partner, recomputed from its first entry.
pub struct ChainNow {
    /// The partner.
    pub agency: String,
    /// Entries, when it holds.
    pub entries: Option<u64>,
}

/// From when to when, as SQL has it.
type Span = (i64, i64);

fn span(asked: &AuditAsked) -> Span {
    (int(asked.since.unwrap_or(0)), asked.until.map_or(i64::MAX, int))
}

impl Node {
    /// Sums of some time.
    ///
    /// # Errors
    /// `not-your-role` for who is no auditor, supervisor or admin; or what the vault says.
    pub fn audit_sums(&mut self, asked: &AuditAsked) -> Result<Sums, Told> {
        let officer = self.reading(asked.by.as_deref())?;
        let (now, span) = (self.now(), span(asked));
        let hours = self.own_record()?.and_then(|own| own.hours);
        let looks = self.looks_summed(span, hours.as_ref())?;
        let released = "SELECT count(*) FROM report WHERE released_at >= ?1 AND released_at < ?2";
        Ok(Sums {
            agency: self.own_agency()?.to_string(),
            made_at: now.0,
            made_by: officer.pseudonym().to_hex(),
            received: self.by_answer(Side::Recipient, "opening", List::Opening, span, now)?,
            sent: self.by_answer(Side::Sender, "answer", List::Answer, span, now)?,
            has_hours: hours.is_some_and(|hours| hours.has_known_zone()),
            people: looks.people,
            with_reason: looks.with_reason,
            files: looks.files,
            overrides: self.overrides(span, now)?,
            erasures: self.erasures(span, now)?,
            released: self.counted(released, span)?,
        })
    }

    fn counted(&self, sql: &str, (from, to): Span) -> Result<u64, VaultError> {
        uint(self.vault.db().query_row(sql, [from, to], |row| row.get(0))?)
    }

    /// Referrals of one side by how far they came.
    fn by_answer(
        &self,
        side: Side,
        column: &str,
        list: List,
        (from, to): Span,
        now: Timestamp,
    ) -> Result<Vec<(&'static str, u64)>, VaultError> {
        let rows = match side {
            Side::Sender => "side = 1 AND state NOT IN ('draft', 'queued', 'failed')",
            Side::Recipient => "side = 2",
        };
        let sql = format!(
            "SELECT {}, count(*) FROM referral WHERE {rows} AND first_at >= ?1 AND first_at < ?2 AND ?3 = ?3 AND exercise = 0 GROUP BY 1",
            expression(column)
        );
        let mut all: Vec<(&'static str, u64)> = list.codes().into_iter().map(|code| (code, 0)).collect();
        let mut statement = self.vault.db().prepare(&sql)?;
        let mut found = statement.query(params![from, to, int(now.0)])?;
        while let Some(row) = found.next()? {
            let at = usize::try_from(row.get::<_, i64>(0)?).ok().and_then(|at| all.get_mut(at));
            if let Some((_, count)) = at {
                *count = uint(row.get(1)?)?;
            }
        }
        Ok(all)
    }

    /// The log of views of that time.
    pub(super) fn looks_summed(&self, (from, to): Span, hours: Option<&Hours>) -> Result<Looks, Told> {
        let mut looks = Looks::default();
        let mut by: BTreeMap<Option<[u8; 16]>, (u64, u64, u64)> = BTreeMap::new();
        let sql = "SELECT officer, at, sections, reason FROM view_log WHERE at >= ?1 AND at < ?2";
        let mut statement = self.vault.db().prepare(sql).map_err(VaultError::from)?;
        let mut rows = statement.query([from, to]).map_err(VaultError::from)?;
        let next = |rows: &mut rusqlite::Rows<'_>| -> Result<Option<Line>, VaultError> {
            let Some(row) = rows.next()? else { return Ok(None) };
            Ok(Some((row.get(0)?, Timestamp(uint(row.get(1)?)?), row.get(2)?, row.get(3)?)))
        };
        while let Some((officer, at, sections, reason)) = next(&mut rows)? {
            let (content, acts, outside) = by.entry(officer).or_default();
            let kind = if sections == 0 { acts } else { content };
            *kind = kind.saturating_add(1);
            if hours.is_some_and(|hours| hours.at(at) == Open::Closed) {
                *outside = outside.saturating_add(1);
            }
            match reason.as_deref() {
                None => {}
                Some(reason) => match looks.files.iter_mut().find(|(file, _)| *file == reason) {
                    Some((_, count)) => *count = count.saturating_add(1),
                    None => looks.with_reason = looks.with_reason.saturating_add(1),
                },
            }
        }
        let known = people::list(&self.vault, true)?;
        for (officer, (content, acts, outside)) in by {
            let person = officer.map(|officer| Pseudonym::new(officer).to_hex());
            let listed = known.iter().find(|one| Some(one.officer.pseudonym().to_hex()) == person);
            looks.people.push(Looker {
                roles: listed
                    .map(|one| one.officer.roles().iter().map(|role| role.as_str()).collect())
                    .unwrap_or_default(),
                works: listed.is_none_or(|one| one.until.is_none()),
                person,
                content,
                acts,
                outside,
            });
        }
        looks.people.sort_by_key(|one| core::cmp::Reverse(one.content.saturating_add(one.acts)));
        Ok(looks)
    }

    fn overrides(&self, (from, to): Span, now: Timestamp) -> Result<Overrides, VaultError> {
        let mask = Basis::ALL.iter().enumerate().fold(0_i64, |mask, (at, basis)| {
            let is_one = matches!(basis, Basis::VitalInterest | Basis::LegalObligation);
            let bit = u32::try_from(at).ok().and_then(|at| 1_i64.checked_shl(at)).unwrap_or(0);
            if is_one { mask | bit } else { mask }
        });
        let sql = "SELECT place FROM referral WHERE side = 1 AND exercise = 0 AND first_at >= ?1 AND first_at < ?2 AND (bases & ?3) <> 0
            AND state NOT IN ('draft', 'queued', 'failed') ORDER BY place";
        let places = {
            let mut statement = self.vault.db().prepare(sql)?;
            let rows = statement.query_map([from, to, mask], |row| row.get(0))?;
            rows.take(OVERRIDES_MAX).collect::<Result<Vec<i64>, _>>()?
        };
        let mut sums = Overrides::default();
        for place in places {
            let found = stand::look(self.vault.db(), place, &self.identity.node, now)?;
            let counted = |step: Step| {
                let applied = |hash: &[u8; 32]| found.standing.applied.iter().any(|one| one.hash == *hash);
                let is = found
                    .events
                    .iter()
                    .any(|kept| Step::of(kept.event.says().act) == step && applied(&kept.event.hash()));
                u64::from(is)
            };
            sums.used = sums.used.saturating_add(1);
            sums.told = sums.told.saturating_add(counted(Step::OverrideNotice));
            sums.reviewed = sums.reviewed.saturating_add(counted(Step::OverrideReviewed));
        }
        Ok(sums)
    }

    fn erasures(&self, span: Span, now: Timestamp) -> Result<Erasures, VaultError> {
        let erased = "SELECT count(*) FROM referral WHERE erased_at >= ?1 AND erased_at < ?2 AND exercise = 0";
        let overdue = "SELECT count(*) FROM referral WHERE erase_by < ?1 AND ?2 = ?2 AND erased_at IS NULL AND hold IS NULL AND exercise = 0";
        let held = "SELECT count(*) FROM referral WHERE hold IS NOT NULL AND erased_at IS NULL AND exercise = 0 AND ?1 = ?1 AND ?2 = ?2";
        let mut sums = Erasures {
            erased: self.counted(erased, span)?,
            overdue: self.counted(overdue, (int(now.0), 0))?,
            held: self.counted(held, span)?,
            ..Erasures::default()
        };
        let sql = "SELECT e.bytes, e.side = r.side FROM case_event e JOIN referral r ON r.place = e.referral
            WHERE e.at >= ?1 AND e.at < ?2 AND r.exercise = 0";
        let mut statement = self.vault.db().prepare(sql)?;
        let mut rows = statement.query([span.0, span.1])?;
        while let Some(row) = rows.next()? {
            let (bytes, ours): (Vec<u8>, bool) = (row.get(0)?, row.get(1)?);
            let altered = VaultError::Damaged { what: "a kept event of a referral is altered" };
            let event = CaseEvent::parse(&bytes).ok().ok_or(altered)?;
            if event.says().act == CaseAct::ErasureCertified {
                let sum = if ours { &mut sums.given } else { &mut sums.received };
                *sum = sum.saturating_add(1);
            }
        }
        Ok(sums)
    }

    /// Verifies the signatures of a page of referrals of that time.
    ///
    /// # Errors
    /// As [`Self::audit_sums`].
    pub fn audit_verified(&mut self, asked: &AuditAsked) -> Result<Verified, Told> {
        self.reading(asked.by.as_deref())?;
        let places = self.reported_places(asked)?;
        let (now, held, agency) = (self.now(), self.held_copy()?, self.own_agency()?.to_string());
        let agencies = self.agencies()?;
        let setting = agencies.setting();
        let desk = Desk { own: self.identity.node, held: &held, setting: &setting, agency: &agency, now };
        let page = places.get(..super::audit::page_len()).unwrap_or(&places);
        let mut verified = Verified::default();
        for place in page {
            let case = audit::case(self.vault.db(), &desk, *place)?;
            verified.referrals = verified.referrals.saturating_add(1);
            for line in &case.lines {
                let sum = match line.holds.as_str() {
                    "verified" => &mut verified.holds,
                    "does not verify" => &mut verified.fails,
                    "key not here" => &mut verified.no_key,
                    _ => continue,
                };
                *sum = sum.saturating_add(1);
            }
            for caution in case.cautions {
                let sum = verified.cautions.entry(caution.kind).or_default();
                *sum = sum.saturating_add(1);
            }
        }
        verified.next = (places.len() > page.len()).then(|| page.last().map(ToString::to_string)).flatten();
        Ok(verified)
    }

    /// The partners with whom a chain of evidence is kept.
    ///
    /// # Errors
    /// As [`Self::audit_sums`].
    pub fn audit_partners(&mut self, by: Option<&str>) -> Result<Vec<NodeId>, Told> {
        self.reading(by)?;
        Ok(chain::partners(&self.vault)?)
    }

    /// The chain with a partner, recomputed from its first entry.
    ///
    /// # Errors
    /// As [`Self::audit_sums`].
    pub fn audit_chain(&mut self, partner: &NodeId, by: Option<&str>) -> Result<ChainNow, Told> {
        self.reading(by)?;
        let agency = self.called(partner)?;
        let entries = match chain::entries(&self.vault, &self.identity.node, partner) {
            Ok(entries) => Some(u64::try_from(entries.len()).unwrap_or(u64::MAX)),
            Err(VaultError::Damaged { .. }) => None,
            Err(error) => return Err(error.into()),
        };
        Ok(ChainNow { agency, entries })
    }
}

/// A line of the log of views: who, when, which sections, why.
type Line = (Option<[u8; 16]>, Timestamp, i64, Option<String>);

/// What the log of views says.
pub(super) struct Looks {
    pub(super) people: Vec<Looker>,
    pub(super) with_reason: u64,
    files: Vec<(&'static str, u64)>,
}

impl Default for Looks {
    fn default() -> Self {
        let files = [views::EXPORT, views::EVIDENCE, views::AUDIT].map(|file| (file, 0)).to_vec();
        Self { people: Vec::new(), with_reason: 0, files }
    }
}
