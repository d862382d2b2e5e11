//! What the verbs about tokens ask and answer.

use serde::{Deserialize, Serialize};

use super::people::Typed;

/// `token new`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewToken {
    /// What the program is called here.
    pub name: String,
    /// `read`, `act`, `reports`.
    pub scopes: Vec<String>,
    /// Who acts through it: name or pseudonym.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// What it answers. No `Debug`: the secret is shown this once.
#[derive(Clone, Serialize, Deserialize)]
pub struct TokenMade {
    /// Its line in the list.
    #[serde(flatten)]
    pub line: TokenLine,
    /// The token's text.
    pub token: Typed,
}

/// `token end`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndToken {
    /// What the program is called here.
    pub name: String,
}

/// One line of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenLine {
    /// What the program is called here.
    pub name: String,
    /// What it may ask for.
    pub scopes: Vec<String>,
    /// Who acts through it: the pseudonym.
    pub officer: String,
    /// Since when, Unix seconds.
    pub made_at: u64,
    /// Whether that person works here still: else the token serves no more.
    pub serves: bool,
}

/// `token list`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tokens {
    /// By name.
    pub tokens: Vec<TokenLine>,
}
