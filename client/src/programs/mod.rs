//! Programs that are admitted to the local API over TCP: each has a token, with scopes, and a person of the agency who acts through it.
//!
//! # Layout
//! - [`scope`]: what a token may be used for · [`token`]: the secret itself · [`store`]: the admitted programs, in the vault
//! - [`answers`]: what they were answered, for a while · [`changes`]: what they follow

pub mod answers;
pub mod changes;
pub mod scope;
pub mod store;
pub mod token;

pub use self::{
    scope::{Scope, Scopes},
    store::{Program, ProgramError},
    token::Token,
};

#[cfg(test)]
mod tests;
