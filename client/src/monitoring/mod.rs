//! Monitoring: how many persons, never who (REFERRAL §8). An agency counts, hides what is small, a person there looks and releases,
//! and a co-ordinator adds up what was released.
//!
//! # Layout
//! - [`period`]: a quarter or half-year, frozen once it is released
//! - [`tables`]: the fixed menu of indicators and tables, and what cannot be counted
//! - [`sorts`], [`regions`]: by what tables sort persons
//! - [`count`]: the numbers, from the coded columns of the vault's `referral` table
//! - [`control`]: which cells of them may be seen; pure
//! - [`release`], [`wire`]: a report whose cells may be seen, and its one form as JSON
//! - [`store`]: the frozen reports of this agency, and what other agencies gave it
//! - [`agreement`], [`part`], [`sent`]: to which co-ordinator which indicators go by themselves, and what went
//! - [`given`]: a report that came by itself, at the co-ordinator
//! - [`national`]: the sum over agencies, with what one agency dominates hidden
//! - [`published`]: a sum that was shown stays over the reports that it was made of
//! - [`document`]: prints `docs/INDICATORS.md`
//! - [`chart`]: a table as a picture and as text; no script
//! - [`csv`]: figures as rows for a spreadsheet

pub mod agreement;
pub mod chart;
pub mod control;
pub mod count;
pub mod csv;
pub mod document;
pub mod given;
pub mod national;
pub mod part;
pub mod period;
pub mod published;
pub mod regions;
pub mod release;
#[cfg(test)]
pub(crate) mod sample;
pub mod sent;
pub mod sorts;
pub mod store;
pub mod tables;
pub mod wire;
