//! Casework: what becomes of a referral between the two agencies (`docs/CASEWORK.md`).
//!
//! # Layout
//! - [`life`]: the states of a referral and what changes them, as a pure function of what both agencies signed
//! - [`drafts`]: referrals that are being written
//! - [`view`]: who at the agency sees which members of a referral
//!
//! This version sends no acts yet: it judges them.

pub mod drafts;
pub mod life;
pub mod view;
