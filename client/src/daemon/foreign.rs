//! The copies of recognised authorities' logs: taken as the home relay serves them, each verified under the root file that our
//! own log names.

use safeconduct_protocol::frame::Head;

use super::{Node, work::ForeignPageTaken};
use crate::{
    error::Told,
    note::{Count, Country, Note},
    registry::{
        Authority,
        foreign::{self, ForeignGrowth, Step},
        records::{self, Pass},
    },
};

impl Node {
    /// Takes a head of a recognised authority's log; the first leaf that is missing under it, or whose page is wanted again for its
    /// directory record, if one is.
    ///
    /// # Errors
    /// When the head is refused: what is held stays.
    pub fn take_foreign_head(&mut self, authority: Authority, head: &Head) -> Result<Option<u64>, Told> {
        let (clock, held) = (self.clock.now(), self.held_copy()?);
        match foreign::take_head(&mut self.vault, &held, &authority, head, clock)? {
            Step::Level(newer) => {
                let pass = self.foreign_records.remove(&authority).unwrap_or_default();
                let pass = match newer.one(&authority) {
                    Some(one) => pass.next_abroad(&self.vault, one)?,
                    None => Pass::Done,
                };
                let waited =
                    held.one(&authority).is_some_and(|one| one.registry().nodes().any(|node| node.pending.is_some()));
                self.held = Some(newer);
                // A newer time alone lets a change take effect that has waited.
                if waited {
                    self.follow_others()?;
                }
                Ok(self.wanted_again(authority, pass))
            }
            Step::Fetch(from) => {
                self.foreign_growth.remove(&authority);
                Ok(Some(from))
            }
        }
    }

    /// How far this session has come in asking for the directory records of a recognised authority; the page that is wanted.
    fn wanted_again(&mut self, authority: Authority, pass: Pass) -> Option<u64> {
        self.foreign_records.insert(authority, pass);
        if let Pass::At(place) = pass { Some(place) } else { None }
    }

    /// Takes from a page of leaves that are held already the directory records that were missing.
    fn take_foreign_records(
        &mut self,
        authority: Authority,
        from: u64,
        leaves: usize,
        records: &[Vec<u8>],
    ) -> Result<ForeignPageTaken, Told> {
        let held = self.held_copy()?;
        let Some(one) = held.one(&authority) else {
            return Ok(ForeignPageTaken { next: 0, missing: None, settlements: Vec::new() });
        };
        let settlements = if records::repair_abroad(&mut self.vault, one, from, records)? > 0 {
            self.name_agency()?;
            self.judge_all_again()?;
            self.release_held()?
        } else {
            Vec::new()
        };
        let next = from.saturating_add(u64::try_from(leaves).unwrap_or(u64::MAX));
        // A page without leaves ends the pass: the relay has nothing to say.
        let pass = if leaves == 0 { Pass::Done } else { Pass::after_abroad(&self.vault, one, next)? };
        Ok(ForeignPageTaken { next: one.registry().size(), missing: self.wanted_again(authority, pass), settlements })
    }

    /// Recognised authorities that have signed two histories, or whose agencies have no names here.
    ///
    /// # Errors
    /// What the vault says.
    pub(super) fn foreign_alarms(&self) -> Result<Vec<Note>, Told> {
        let Some(held) = &self.held else { return Ok(Vec::new()) };
        let conflicts = foreign::conflicts(&self.vault)?;
        let alarm = |authority: &Authority| {
            let country = Country(held.one(authority).map(|one| one.country().to_string()));
            Note::ForeignFork { country }
        };
        let mut alarms: Vec<Note> = conflicts.iter().map(alarm).collect();
        for one in held.foreign() {
            let nodes = records::missing_abroad(&self.vault, one, one.registry().size())?.nodes;
            if nodes > 0 {
                let country = Country(Some(one.country().to_string()));
                alarms.push(Note::ForeignNameless { count: Count::of(nodes), country });
            }
        }
        Ok(alarms)
    }

    /// Takes a page of a recognised authority's log.
    ///
    /// # Errors
    /// When the log breaks its rules: nothing of it is kept then.
    pub fn take_foreign_page(
        &mut self,
        authority: Authority,
        from: u64,
        leaves: &[Vec<u8>],
        records: &[Vec<u8>],
        head: &Head,
    ) -> Result<ForeignPageTaken, Told> {
        let (clock, held) = (self.clock.now(), self.held_copy()?);
        let size = held.one(&authority).map_or(0, |one| one.registry().size());
        if from < size && self.foreign_records.get(&authority) == Some(&Pass::At(from)) {
            return self.take_foreign_records(authority, from, leaves.len(), records);
        }
        let taken = |next, missing, settlements| ForeignPageTaken { next, missing, settlements };
        let growth = self.foreign_growth.remove(&authority).or_else(|| ForeignGrowth::new(&held, &authority));
        let Some(mut growth) = growth else { return Ok(taken(0, None, Vec::new())) };
        if leaves.is_empty() || foreign::has_conflict(&self.vault, &authority)? {
            return Ok(taken(growth.next(), None, Vec::new()));
        }
        growth.page(from, leaves, records)?;
        let next = growth.next();
        if next < head.size {
            self.foreign_growth.insert(authority, growth);
            return Ok(taken(next, Some(next), Vec::new()));
        }
        self.held = Some(growth.finish(&mut self.vault, &held, head, clock)?);
        self.name_agency()?;
        self.follow_others()?;
        self.judge_all_again()?;
        Ok(taken(next, None, self.release_held()?))
    }
}
