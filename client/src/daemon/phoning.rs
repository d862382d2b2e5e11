//! Safety words as two people compare them by telephone: of this node's own key, and of another agency's.

use safeconduct_certs::enrol::words::{Language, SafetyWords, WORDS};
use safeconduct_protocol::id::AgencyId;

use super::Node;
use crate::error::Told;

/// Eight words of one identity key.
pub struct Spoken {
    /// The node that has the key, 64 hex digits.
    pub node: String,
    /// The language of the words, three letters.
    pub language: &'static str,
    /// The words.
    pub words: [&'static str; WORDS],
    /// The authority alone has set this key: phone before anything is sent.
    pub authority_override: bool,
    /// When the authority alone puts another key in its place, Unix seconds.
    pub pending_at: Option<u64>,
}

impl Node {
    /// The words of this node's own key, in this language (three letters), or in English where there is no list of it.
    #[must_use]
    pub fn own_words(&self, language: &str) -> Spoken {
        let language = Language::from_code(language).unwrap_or(Language::English);
        Spoken {
            node: self.identity.node.to_hex(),
            language: language.code(),
            words: SafetyWords::of(&self.identity.public()).in_language(language),
            authority_override: false,
            pending_at: None,
        }
    }

    /// The words of another agency's key, as the registry copy here names it.
    ///
    /// # Errors
    /// `unknown-agency`, or what the vault says.
    pub fn words_of(&mut self, agency: &AgencyId, language: &str) -> Result<Spoken, Told> {
        let language = Language::from_code(language).unwrap_or(Language::English);
        let node = self.recipient_node(agency)?;
        let held = self.held_copy()?;
        let state = held.node(&node).ok_or_else(|| super::verbs::unknown_agency(agency))?;
        Ok(Spoken {
            node: node.to_hex(),
            language: language.code(),
            words: SafetyWords::of(&state.ik).in_language(language),
            authority_override: state.authority_override,
            pending_at: state.pending.as_ref().map(|pending| pending.from.0),
        })
    }
}
