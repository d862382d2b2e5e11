//! The life of a referral: values in, values out; no vault, no clock, no randomness (REFERRAL §4).
//!
//! Two agencies write about one referral, each in its own chain of signed events. What the referral is now follows from the *set* of these
//! events, from the receipts and from the time, never from the order in which anything arrived.
//!
//! # Layout
//! - [`state`]: the states and their words on the screen · [`code`]: names of events, reasons and outcomes, as the schema has them
//! - [`terms`]: sides, hands, guards, effects, details · [`table`]: the transitions T01 to T26, as data
//! - [`event`]: one event and the set of them · [`order`]: what is held back, and in which order the rest counts
//! - [`crossing`]: what wins when two acts cross · [`fold`]: the set becomes a state with remarks and effects
//! - [`act`]: may this node do this now
//!
//! The way through it: [`event::Log`] → [`order::ordered`] → [`fold::fold`] → [`fold::Standing`] → [`act::may`].

pub mod act;
pub mod code;
pub mod crossing;
pub mod event;
pub mod fold;
pub mod order;
pub mod state;
pub mod table;
pub mod terms;
