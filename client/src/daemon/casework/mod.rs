//! The verbs of casework: what persons do with referrals, and what the node does with them by itself.
//!
//! - [`look`]: lists, one referral, its log · [`acts`]: a person does something
//! - [`documents`]: files that go with one · [`send`]: a referral leaves · [`upkeep`]: once a minute, and when a message has moved

mod acts;
mod documents;
mod look;
mod send;
mod upkeep;

use safeconduct_protocol::crypto::hash::sha256;

pub(super) use self::send::Queueing;
use super::Node;
use crate::casework::{give::By, life::terms::Hand};

/// The roles of whoever opens the vault, as long as the agency has named nobody.
const EVERY_HAND: [Hand; 4] = [Hand::Caseworker, Hand::Intake, Hand::Accepting, Hand::Supervisor];

impl Node {
    /// Who acts: the one person of a node where nobody is named.
    fn person(&self) -> By {
        let digest = sha256(&[b"safeconduct sole person", self.identity.node.as_bytes()]);
        let mut pseudonym = [0; 16];
        pseudonym.iter_mut().zip(digest).for_each(|(byte, from)| *byte = from);
        By::Person(pseudonym, EVERY_HAND.to_vec())
    }
}
