//! Safeconduct's client: the daemon at an agency, and the command `safeconduct`.
//!
//! # Layout
//! - [`cli`]: one command a file · [`api`]: the same verbs over the daemon's socket · [`daemon`]: the verbs themselves, and
//!   the daemon's life · `web`: the page that a caseworker lives in
//! - [`sync`]: the link to the home relay · [`enrol`]: how this node enters the registry · [`doctor`]: what is wrong
//! - [`directory`]: who is searched for, and why a hit is one
//! - [`referral`]: what a referral is, and what it may say to whom · [`casework`]: what becomes of it
//! - [`documents`]: what goes with a referral in files of its own
//! - [`people`]: who works at this agency, and what each may do
//! - [`monitoring`]: how many persons, never who · [`htcds`]: referrals as CSV
//! - [`outbox`], [`inbox`], [`evidence`]: messages out, messages in, and what is kept to show to others
//! - [`vault`], [`keys`], [`prekeys`], [`registry`]: everything at rest · [`renewal`]: own keys that are to follow
//! - [`recovery`]: backup and restore, and what notices that the vault has gone back or is in use twice
//! - [`config`], [`error`], [`exit`], [`log`]: what the operator sees · `note`: what the node tells of itself, by code

pub mod api;
pub mod casework;
pub mod cli;
pub mod config;
pub mod daemon;
pub mod directory;
pub mod doctor;
pub mod documents;
pub mod enrol;
pub mod error;
pub mod evidence;
pub mod exit;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
pub mod htcds;
pub mod inbox;
pub mod keys;
pub mod log;
pub mod monitoring;
mod note;
pub mod outbox;
pub mod people;
pub mod prekeys;
pub mod programs;
pub mod recovery;
pub mod referral;
pub mod registry;
pub mod renewal;
pub mod sync;
#[cfg(test)]
mod testing;
pub mod vault;
mod web;
