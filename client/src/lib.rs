//! Placeholder.

pub mod keys;
pub mod prekeys;
pub mod vault;
#[cfg(test)]
mod testing;
