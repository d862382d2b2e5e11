//! Referrals as they are kept in the vault.
//!
//! - [`row`]: one referral with one partner · `columns`: what lists, clocks and counts need of it
//! - `revision`: what was sent or came, message by message · `event`: what both agencies signed
//! - [`news`]: what a caseworker should look at
//! - `timer`: what is due when, and what was done · `word`: what a search finds it by
//! - `consent`: which consents it rests on, and when they end

pub(crate) mod columns;
pub(crate) mod consent;
pub(crate) mod event;
pub mod news;
pub(crate) mod revision;
pub mod row;
pub(crate) mod timer;
pub(crate) mod word;
