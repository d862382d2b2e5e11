//! Who looked at what, as an auditor of this agency asks it: lines of the log of views, a page at a time. It holds no content.

use super::Node;
use crate::{
    casework::{
        stand::hex,
        store::row::Row,
        views::{self, Wanted},
    },
    error::Told,
    people::{Pseudonym, store},
    referral::codes::Section,
};

/// Lines of a page.
const LINES: u32 = 50;

/// Which looks are asked for.
#[derive(Clone, Default)]
pub struct LooksAsked {
    /// Of this person, by pseudonym.
    pub person: Option<String>,
    /// At this referral, by its id or the first digits.
    pub referral: Option<String>,
    /// At this time or later, Unix seconds.
    pub since: Option<u64>,
    /// Before this time.
    pub until: Option<u64>,
    /// Where the page before ended.
    pub after: Option<i64>,
    /// Who asks.
    pub by: Option<String>,
}

/// A page of looks.
pub struct Looks {
    /// Newest first.
    pub lines: Vec<LookLine>,
    /// Where the next page begins; none: this is the last.
    pub next: Option<i64>,
}

/// One look. No `Debug`: it has a name.
pub struct LookLine {
    /// When, Unix seconds.
    pub at: u64,
    /// Who; empty for whoever opened the vault while nobody was recorded.
    pub name: String,
    /// What names the referral here.
    pub referral: String,
    /// The other agency's id.
    pub agency: String,
    /// Codes of the sections that were seen; none of the content with none.
    pub sections: Vec<&'static str>,
    /// Whether all of it was seen.
    pub whole: bool,
    /// Why: `export`, `audit`, `evidence`, or as a person wrote it.
    pub reason: Option<String>,
}

impl Node {
    /// Who looked at what.
    ///
    /// # Errors
    /// `not-your-role` for who is no auditor, supervisor or admin; `unknown-referral`; `usage` for what is no pseudonym; what the vault says.
    pub fn looks(&mut self, asked: &LooksAsked) -> Result<Looks, Told> {
        self.reading(asked.by.as_deref())?;
        let unknown = || Told::usage("this is nobody's pseudonym", "choose somebody of the list");
        let officer = asked.person.as_deref().map(|text| Pseudonym::from_hex(text).ok_or_else(unknown)).transpose()?;
        let referral = asked.referral.as_deref().map(|id| self.case(id)).transpose()?.map(|row| row.place);
        let wanted = Wanted { officer, referral, since: asked.since, until: asked.until, before: asked.after };
        let mut kept = views::list(self.vault.db(), &wanted, LINES.saturating_add(1))?;
        let more = kept.len() > usize::try_from(LINES).unwrap_or(usize::MAX);
        kept.truncate(usize::try_from(LINES).unwrap_or(usize::MAX));
        let next = kept.last().map(|line| line.place).filter(|_| more);
        let people = store::list(&self.vault, true)?;
        let mut lines = Vec::with_capacity(kept.len());
        for line in kept {
            let row = Row::at(self.vault.db(), line.referral)?;
            let who = people.iter().find(|listed| Some(listed.officer.pseudonym()) == line.officer);
            let seen = |(place, _): &(usize, &Section)| {
                line.sections & 1_u16.checked_shl(u32::try_from(*place).unwrap_or(16)).unwrap_or(0) != 0
            };
            lines.push(LookLine {
                at: line.at.0,
                name: who.and_then(|listed| listed.officer.name()).unwrap_or_default().to_owned(),
                referral: hex(&row.handle),
                agency: row.agency.unwrap_or_default(),
                sections: Section::ALL.iter().enumerate().filter(seen).map(|(_, section)| section.as_str()).collect(),
                whole: line.sections == u16::MAX,
                reason: line.reason,
            });
        }
        Ok(Looks { lines, next })
    }
}
