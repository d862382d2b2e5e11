//! What the page asks of the node beside the verbs: names in the reader's language, and who signs in.

use std::collections::BTreeMap;

use safeconduct_certs::directory::Record;
use safeconduct_protocol::id::AgencyId;
use zeroize::Zeroizing;

use super::Node;
use crate::{
    config::Config,
    error::Told,
    people::{
        LocalRole, Officer, PeopleError, Pseudonym,
        store::{self, Footing, Try},
    },
};

/// Names of some agencies.
#[derive(Clone, Default)]
pub struct Names(BTreeMap<String, String>);

impl Names {
    /// The name of one; its id when the directory does not name it.
    #[must_use]
    pub fn of(&self, id: &str) -> String {
        self.0.get(id).cloned().unwrap_or_else(|| id.to_owned())
    }
}

impl Node {
    /// This agency as the directory has it; none while the registry does not name it.
    ///
    /// # Errors
    /// What the vault says.
    pub fn own_record(&mut self) -> Result<Option<Record>, Told> {
        let node = self.identity.node;
        Ok(self.agencies()?.by_node(&node).map(|own| own.record.clone()))
    }

    /// The names of these agencies in a language of three letters.
    ///
    /// # Errors
    /// What the vault says.
    pub fn names_of<'i>(&mut self, ids: impl Iterator<Item = &'i str>, language: &str) -> Result<Names, Told> {
        let all = self.agencies()?;
        let mut names = BTreeMap::new();
        for id in ids {
            let found = id.parse::<AgencyId>().ok().and_then(|parsed| all.of(&parsed));
            if let Some(agency) = found {
                names.insert(id.to_owned(), agency.record.name(language).to_owned());
            }
        }
        Ok(Names(names))
    }

    /// What a session of this person rests on now; none when it does not count: who is named still works here, and nobody is named only
    /// while nobody is recorded.
    ///
    /// # Errors
    /// What the vault says.
    pub fn footing(&self, who: Option<&str>) -> Result<Option<Footing>, Told> {
        let Some(who) = who else {
            return Ok(store::list(&self.vault, false)?.is_empty().then_some(Footing::ALONE));
        };
        let pseudonym = Pseudonym::from_hex(who);
        Ok(pseudonym.map(|pseudonym| store::footing(&self.vault, pseudonym)).transpose()?.flatten())
    }

    /// Somebody begins to sign in. None is a name that nobody has, and one whose secret is not tried for now: who asks is told the same
    /// of both, as of a wrong secret.
    ///
    /// # Errors
    /// What the vault says.
    pub fn begins_signing(&mut self, name: &str) -> Result<Option<Try>, Told> {
        let now = self.now();
        let begun = store::find(&self.vault, name).and_then(|officer| store::begin_try(&mut self.vault, &officer, now));
        match begun {
            Ok(begun) => Ok(Some(begun)),
            Err(PeopleError::Unknown | PeopleError::TooManyTries { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The secret was right: who has signed in, and what the session rests on.
    ///
    /// # Errors
    /// `secret-wrong` when it has changed meanwhile, or what the vault says.
    pub fn signs_in(&mut self, made: &Try) -> Result<(Officer, Footing), Told> {
        store::was_right(&mut self.vault, made)?;
        let officer = store::find(&self.vault, &made.pseudonym().to_hex())?;
        let footing = store::footing(&self.vault, made.pseudonym())?.ok_or(PeopleError::Unknown)?;
        Ok((officer, footing))
    }

    /// Whoever looks after this node: an admin, or who works here alone, who knows the passphrase of its vault.
    ///
    /// # Errors
    /// `not-your-role`, `wrong-passphrase`, what [`Self::acting`] refuses, or what the vault says.
    pub fn looks_after(&mut self, by: Option<&str>, passphrase: &Zeroizing<String>) -> Result<(), Told> {
        self.is_admin(by)?;
        self.check_passphrase(passphrase)
    }

    /// An admin acts, or who works here alone.
    ///
    /// # Errors
    /// `not-your-role`, what [`Self::acting`] refuses, or what the vault says.
    pub(super) fn is_admin(&self, by: Option<&str>) -> Result<(), Told> {
        if self.acting(by)?.roles().has(LocalRole::Admin) {
            return Ok(());
        }
        Err(PeopleError::NotYourRole { asked: LocalRole::Admin.as_str() }.into())
    }

    /// The configuration that this node runs with.
    #[must_use]
    pub const fn settings(&self) -> &Config {
        &self.config
    }
}
