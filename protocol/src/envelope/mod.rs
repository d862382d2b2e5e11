//! The envelope and its life (`docs/PROTOCOL.md` §7): draft → signed → sealed → opened, one type a state.

pub mod sealed;
