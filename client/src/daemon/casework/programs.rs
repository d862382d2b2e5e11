//! What programs are answered once, and what they follow.

use crate::{
    daemon::Node,
    error::Told,
    programs::{
        answers::{self, Before, Keyed},
        changes::{self, Change},
        store,
    },
    registry,
};

/// Changes told at one time.
const CHANGES_MAX: u32 = 100;

/// What a path names whose answer may show something of a referral, by its id here.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Named {
    /// A referral.
    Referral(String),
    /// A document of one.
    Document(String),
}

impl Node {
    /// What is known of a request with an idempotency key; a new one is noted as begun. `about` is what the path names:
    /// the answer goes with the referral that it is, or is of.
    ///
    /// # Errors
    /// What the vault says.
    pub fn begin_answer(&mut self, keyed: &Keyed, about: Option<&Named>) -> Result<Before, Told> {
        let referral = match about {
            Some(Named::Referral(id)) => self.case(id).ok(),
            Some(Named::Document(id)) => self.case_of_document(id).ok(),
            None => None,
        };
        let referral = referral.map(|row| row.handle);
        Ok(answers::begin(self.vault.db(), keyed, referral, self.now())?)
    }

    /// Notes how it ended; none: nothing was done.
    ///
    /// # Errors
    /// What the vault says.
    pub fn end_answer(&mut self, keyed: &Keyed, answer: Option<(u16, &[u8])>) -> Result<(), Told> {
        let db = self.vault.db();
        match answer {
            Some((status, body)) => answers::end(db, keyed, status, body)?,
            None => answers::give_back(db, keyed)?,
        }
        Ok(())
    }

    /// Where a program begins to follow that has heard up to `last`, and whether something between is not known any more.
    ///
    /// # Errors
    /// What the vault says.
    pub fn follow(&self, last: Option<u64>) -> Result<(u64, bool), Told> {
        Ok(changes::begin(self.vault.db(), last)?)
    }

    /// The next changes; none when the token serves no more.
    ///
    /// # Errors
    /// What the vault says.
    pub fn changes(&self, token: &[u8; store::PROGRAM_ID_BYTES], after: u64) -> Result<Option<Vec<Change>>, Told> {
        let admitted = store::list(&self.vault)?.into_iter().find(|program| program.id == *token);
        let serves = match admitted {
            Some(program) => store::acts_as(&self.vault, &program)?.is_some(),
            None => false,
        };
        if serves { Ok(Some(changes::after(self.vault.db(), after, CHANGES_MAX)?)) } else { Ok(None) }
    }

    /// Erases what is kept for programs and was kept long enough.
    ///
    /// # Errors
    /// What the vault says.
    pub fn keep_for_programs(&mut self) -> Result<(), Told> {
        let now = self.now();
        answers::erase_old(self.vault.db(), now)?;
        let sure = registry::confirmed(self.vault.db(), self.clock.now())?;
        answers::forget_lapsed(self.vault.db(), now.min(sure))?;
        Ok(changes::keep(self.vault.db(), now)?)
    }
}
