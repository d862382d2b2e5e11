//! The life of a referral: each transition, each crossing, every order of arrival, and that it always ends.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a step that fails is a test that fails")]

mod crossings;
mod document;
mod endings;
mod history;
mod names;
mod orders;
mod transitions;
mod world;
