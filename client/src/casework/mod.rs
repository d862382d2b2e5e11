//! Casework: what two agencies do with one referral after it has been sent.
//!
//! # Layout
//! - [`life`]: what a referral is now, as a pure function of what both agencies signed
//! - [`clocks`]: what is due when, pure · `stand`: both, written into the vault
//! - `give`: an own act becomes a signed event · `take`: what came from the other agency · `waits`: what came too early · `react`: what the node answers by itself
//! - [`details`]: what only the other agency reads · [`refusal`]: why an act is not done
//! - `resync`: what was lost on the way or with a vault · `erase`: content goes, evidence stays (`sift`: what is left) · `due`: once a minute
//! - `coverage`: what consents cover · `lapse`: a consent ends by itself · `leave`: what waits may still leave · `endings`: what has never left ends, too
//! - [`post`]: what is said beside the acts
//! - `asking`: one enquiry to several agencies is one act
//! - [`store`]: rows, revisions, events, timers · [`drafts`]: referrals that are being written
//! - [`words`]: how steps, states and reasons are told to people
//! - [`view`]: who at the agency sees which members of a referral · `views`: who has looked
//!
//! The way of an act: `daemon/casework` → `give` → outbox → the other node's inbox → `take` → `stand` → `react`.

pub(crate) mod asking;
pub mod clocks;
pub(crate) mod coverage;
pub mod details;
pub mod drafts;
pub(crate) mod due;
pub(crate) mod endings;
pub(crate) mod erase;
pub(crate) mod give;
pub(crate) mod lapse;
pub(crate) mod leave;
pub mod life;
pub mod post;
pub(crate) mod react;
pub mod refusal;
pub(crate) mod reminders;
pub(crate) mod resync;
pub(crate) mod sent;
pub(crate) mod sift;
pub(crate) mod stand;
pub mod store;
pub(crate) mod take;
#[cfg(test)]
mod tests;
pub mod view;
pub(crate) mod views;
mod waits;
pub mod words;
