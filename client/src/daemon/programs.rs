//! The verbs about programs that are admitted to the local API.

use super::Node;
use crate::{
    api::{
        people::Typed,
        tokens::{NewToken, TokenLine, TokenMade, Tokens},
    },
    error::Told,
    programs::{Program, Scope, Scopes, Token, store},
};

/// An admitted program, as a request of it is judged.
pub struct Bearer {
    /// What names its token in the vault.
    pub id: [u8; store::PROGRAM_ID_BYTES],
    /// The pseudonym of who acts; none for who alone has opened the vault.
    pub by: Option<String>,
    /// What it may ask for.
    pub scopes: Scopes,
}

impl Node {
    /// `token new`.
    ///
    /// # Errors
    /// What [`store::admit`] refuses; `usage` for a scope that there is not.
    pub fn new_token(&mut self, asked: &NewToken) -> Result<TokenMade, Told> {
        let scopes: Option<Vec<Scope>> = asked.scopes.iter().map(|name| Scope::from_name(name)).collect();
        let scopes = scopes
            .ok_or_else(|| Told::usage("there is no such scope", "choose from: read, act, reports, audit"))
            .map(|scopes| Scopes::of(&scopes))?;
        let now = self.now();
        let by = asked.by.as_deref();
        let (program, token) = store::admit(&self.vault, &asked.name, scopes, by, now, &mut self.entropy)?;
        Ok(TokenMade { line: line(&program, true), token: Typed(token.text()) })
    }

    /// `token list`.
    ///
    /// # Errors
    /// What the vault says.
    pub fn tokens(&self) -> Result<Tokens, Told> {
        let mut tokens = Vec::new();
        for program in store::list(&self.vault)? {
            tokens.push(line(&program, store::acts_as(&self.vault, &program)?.is_some()));
        }
        Ok(Tokens { tokens })
    }

    /// `token end`.
    ///
    /// # Errors
    /// `unknown-token`, or what the vault says.
    pub fn end_token(&mut self, name: &str) -> Result<Tokens, Told> {
        store::end(&self.vault, name)?;
        self.tokens()
    }

    /// Whose token this is, if it serves.
    ///
    /// # Errors
    /// What the vault says.
    pub fn bearer(&self, token: &Token) -> Result<Option<Bearer>, Told> {
        let Some(program) = store::bearer(&self.vault, token)? else { return Ok(None) };
        let by = store::acts_as(&self.vault, &program)?;
        Ok(by.map(|by| Bearer { id: program.id, by, scopes: program.scopes }))
    }
}

fn line(program: &Program, serves: bool) -> TokenLine {
    TokenLine {
        name: program.name.clone(),
        scopes: program.scopes.names(),
        officer: program.officer.to_hex(),
        made_at: program.made_at.0,
        serves,
    }
}
