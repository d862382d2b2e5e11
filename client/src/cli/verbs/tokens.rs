//! The verbs about tokens.

use super::Verbs;
use crate::{
    api::{
        client::Call,
        tokens::{EndToken, NewToken, TokenMade, Tokens},
    },
    error::Told,
};

impl Verbs {
    pub(in crate::cli) fn new_token(&mut self, asked: &NewToken) -> Result<TokenMade, Told> {
        match self {
            Self::Daemon(api) => api.call(Call::post("/v1/tokens", super::body(asked))),
            Self::Here(node) => node.new_token(asked),
        }
    }

    pub(in crate::cli) fn tokens(&mut self) -> Result<Tokens, Told> {
        match self {
            Self::Daemon(api) => api.call(Call::get("/v1/tokens")),
            Self::Here(node) => node.tokens(),
        }
    }

    pub(in crate::cli) fn end_token(&mut self, name: String) -> Result<Tokens, Told> {
        match self {
            Self::Daemon(api) => api.call(Call::post("/v1/tokens/end", super::body(&EndToken { name }))),
            Self::Here(node) => node.end_token(&name),
        }
    }
}
