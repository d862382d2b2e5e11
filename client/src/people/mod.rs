//! The people of this agency, as its own node knows them. Nothing of this leaves the node but pseudonyms.
//!
//! While nobody is recorded, whoever opens the vault is one person with all roles, and what needs a second person is refused.
//!
//! # Layout
//! - [`roles`]: what a person may do here · [`officer`]: who acts, by pseudonym
//! - [`store`]: who works here, in the vault, and their secrets
//! - [`confirm`]: a second person confirms with their own secret
//! - [`error`]: why somebody may not do something

pub mod confirm;
pub mod error;
pub mod officer;
pub mod roles;
pub mod store;

pub use self::{
    error::PeopleError,
    officer::{Officer, Pseudonym},
    roles::{LocalRole, Roles},
    store::acting,
};
