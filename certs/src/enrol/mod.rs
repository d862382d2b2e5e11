//! How a node enters the registry: an invitation code, a sealed request, safety words over the telephone, an answer
//! (`docs/PROTOCOL.md` §10).

pub mod answer;
pub mod code;
pub mod request;
pub mod words;
