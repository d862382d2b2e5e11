//! The copies of recognised authorities' logs: taken as the home relay serves them, each verified under the root file that our
//! own log names.

use safeconduct_protocol::frame::Head;

use super::{Node, work::ForeignPageTaken};
use crate::{
    error::Told,
    registry::{
        Authority,
        foreign::{self, ForeignGrowth, Step},
    },
};

impl Node {
    /// Takes a head of a recognised authority's log; the first leaf that is missing under it, if one is.
    ///
    /// # Errors
    /// When the head is refused: what is held stays.
    pub fn take_foreign_head(&mut self, authority: Authority, head: &Head) -> Result<Option<u64>, Told> {
        let (now, held) = (self.now(), self.held_copy()?);
        match foreign::take_head(&mut self.vault, &held, &authority, head, now)? {
            Step::Level(newer) => {
                self.held = Some(newer);
                Ok(None)
            }
            Step::Fetch(from) => {
                self.foreign_growth.remove(&authority);
                Ok(Some(from))
            }
        }
    }

    /// Recognised authorities that have signed two histories.
    ///
    /// # Errors
    /// What the vault says.
    pub(super) fn foreign_alarms(&self) -> Result<Vec<String>, Told> {
        let Some(held) = &self.held else { return Ok(Vec::new()) };
        let conflicts = foreign::conflicts(&self.vault)?;
        let alarm = |authority: &Authority| {
            let country =
                held.one(authority).map_or_else(|| "another country".to_owned(), |one| one.country().to_string());
            format!(
                "the authority of {country} has signed two different registries: send nothing there, keep the data folder, \
                 phone your authority"
            )
        };
        Ok(conflicts.iter().map(alarm).collect())
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
        let (now, held) = (self.now(), self.held_copy()?);
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
        self.held = Some(growth.finish(&mut self.vault, &held, head, now)?);
        self.name_agency()?;
        self.follow_others()?;
        self.judge_all_again()?;
        Ok(taken(next, None, self.release_held()?))
    }
}
