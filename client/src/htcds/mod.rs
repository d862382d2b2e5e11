//! Referrals as a CSV file, one row each, with the columns of the Human Trafficking Case Data Standard 2.0 (HTCDS) that fit, for other
//! case management systems. The last column holds the referral itself, so that nothing is lost on the way back.
//!
//! # Layout
//! - [`columns`]: the columns, where each comes from, and what the standard calls ours
//! - [`cells`]: RFC 4180 with a guard against formulas
//! - [`write`](mod@write), [`read`]: referrals to a file and back; every fault with its line and column

pub mod cells;
pub mod columns;
pub mod read;
pub mod write;

#[cfg(test)]
mod tests;
