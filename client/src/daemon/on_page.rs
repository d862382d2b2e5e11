//! What the page asks of the node beside the verbs: names in the reader's language, and who signs in.

use std::collections::BTreeMap;

use safeconduct_certs::directory::Record;
use safeconduct_protocol::id::AgencyId;
use zeroize::Zeroizing;

use super::Node;
use crate::{
    error::Told,
    people::{Officer, store},
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

    /// Whether a session of this person counts: who is named still works here; nobody is named only while nobody is recorded.
    ///
    /// # Errors
    /// What the vault says.
    pub fn still_signs_in(&self, who: Option<&str>) -> Result<bool, Told> {
        Ok(match who {
            Some(pseudonym) => store::find(&self.vault, pseudonym).is_ok(),
            None => store::list(&self.vault, false)?.is_empty(),
        })
    }

    /// Somebody signs in with their own secret. A name that nobody has takes as long as a wrong secret.
    ///
    /// # Errors
    /// `person-unknown`, `secret-wrong`, `secret-held`, or what the vault says.
    pub fn signs_in(&mut self, name: &str, secret: &Zeroizing<String>) -> Result<Officer, Told> {
        let found = store::find(&self.vault, name);
        let Ok(officer) = found else {
            store::spend(secret, &mut self.entropy)?;
            return found.map_err(Told::from);
        };
        let now = self.now();
        store::check_secret(&mut self.vault, &officer, secret, now)?;
        Ok(officer)
    }
}
