//! How a node enters the registry, and how it changes there: an invitation code, a sealed request, safety words over the
//! telephone, an answer (`docs/PROTOCOL.md` §10).

pub mod answer;
pub mod change;
pub mod code;
pub mod paper;
pub mod request;
pub mod words;
