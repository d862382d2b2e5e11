//! The verbs of casework: what persons do with referrals, and what the node does with them by itself.
//!
//! - [`look`]: lists, one referral, its log · [`acts`]: a person does something
//! - [`documents`]: files that go with one · [`send`]: a referral leaves · [`onward`]: several agencies, the next one, a new referral from an old one
//! - [`further`]: one more agency is asked, and the others are told · [`more`]: more is told to who has it
//! - [`talk`]: what is said beside the acts · [`consent`]: a consent is taken back · [`without`]: what goes without one · [`upkeep`]: once a minute, and when a message has moved

mod acts;
mod consent;
mod documents;
mod further;
mod look;
mod more;
pub(super) mod onward;
mod programs;
mod send;
mod talk;
mod upkeep;
mod without;

use rusqlite::Connection;
use safeconduct_protocol::{entropy::Entropy, time::Timestamp};

pub(crate) use self::talk::is_apart;
pub use self::{
    documents::Unsent,
    more::More,
    onward::HowAsked,
    programs::Named,
    without::{Law, MayWithout, UnaskedShown},
};
pub(super) use self::{look::id_bytes, send::Queueing};
use super::Node;
use crate::{
    casework::{
        give::{By, Desk},
        life::terms::Hand,
    },
    error::Told,
    people::Officer,
    vault::VaultError,
};

impl Node {
    /// Does something with referrals in one transaction, with what this node knows now: durable when this returns, or not done at all.
    pub(super) fn at_desk<T, E>(
        &mut self,
        work: impl FnOnce(&Connection, &Desk<'_>, Timestamp, &mut dyn Entropy) -> Result<T, E>,
    ) -> Result<T, Told>
    where
        Told: From<E>,
    {
        let (now, held, agencies) = (self.now(), self.held_copy()?, self.agencies()?);
        let setting = agencies.setting();
        let desk = Desk { identity: &self.identity, held: &held, setting: &setting };
        let tx = self.vault.begin()?;
        let done = work(&tx, &desk, now, &mut self.entropy)?;
        tx.commit().map_err(VaultError::from)?;
        Ok(done)
    }
}

/// The roles that a person of this agency has, as the life of a referral knows them.
fn hands(officer: &Officer) -> Vec<Hand> {
    officer.roles().iter().filter_map(crate::people::LocalRole::hand).collect()
}

/// A person of this agency as who does something.
fn by(officer: &Officer) -> By {
    By::Person(*officer.pseudonym().as_bytes(), hands(officer))
}
