//! What the journeys, the fault tests, the house rules and the demo share.
//!
//! # Layout
//! - [`world`]: an authority, a relay and nodes as real processes on loopback, in a temporary folder; over
//!   [`program`] (one command, its answer) and [`process`] (one daemon, its log).
//! - [`cast`]: the agencies of the sample referrals, and where the samples lie; [`shift`] moves their dates to now.
//! - [`capture`]: a UDP hop that writes down, counts, drops and delays.
//! - [`browser`]: what a browser without JavaScript does with a page, every address that it went to written down.
//! - [`caller`]: a program at the local API of a node; [`document`]: a document on its way, and the memory that it takes.
//! - [`canary`]: looks for strings in bytes and folders, in every form that a leak could take.
//! - [`story`]: one full case, told through the commands that people type.
//! - [`reporting`]: agencies of one country that report, and the one that adds up.
//! - [`practice`]: a world for exercises alone, with its cases and its script.
//! - [`attacks`]: the attacks that the threat model lists by number, and the tests that it names for each.
//! - [`wait`]: waiting for events with a deadline; [`seed`]: random points that can be had again.
//!
//! Nothing here talks to a crate's inside: a journey uses the command lines only, as a person would.

pub mod attacks;
pub mod browser;
pub mod caller;
pub mod canary;
pub mod capture;
pub mod cast;
pub mod document;
pub mod error;
pub mod memory;
pub mod practice;
pub mod process;
pub mod program;
pub mod reporting;
pub mod seed;
pub mod shift;
pub mod story;
pub mod wait;
pub mod world;
