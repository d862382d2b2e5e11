//! The verbs of casework: what persons do with referrals, and what the node does with them by itself.
//!
//! - [`look`]: lists, one referral, its log · [`acts`]: a person does something
//! - [`documents`]: files that go with one · [`send`]: a referral leaves · [`onward`]: several agencies, the next one, a new referral from an old one
//! - [`talk`]: what is said beside the acts · [`consent`]: a consent is taken back · [`upkeep`]: once a minute, and when a message has moved

mod acts;
mod consent;
mod documents;
mod look;
pub(super) mod onward;
mod programs;
mod send;
mod talk;
mod upkeep;

pub(super) use self::{look::id_bytes, send::Queueing};
use crate::{
    casework::{give::By, life::terms::Hand},
    people::Officer,
};

/// The roles that a person of this agency has, as the life of a referral knows them.
fn hands(officer: &Officer) -> Vec<Hand> {
    officer.roles().iter().filter_map(crate::people::LocalRole::hand).collect()
}

/// A person of this agency as who does something.
fn by(officer: &Officer) -> By {
    By::Person(*officer.pseudonym().as_bytes(), hands(officer))
}
