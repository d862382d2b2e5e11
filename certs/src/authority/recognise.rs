//! Recognising another country's authority, and introducing this one to it.

use safeconduct_protocol::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::{AdminError, Office, error::NotRecognisable, root::RootFile};
use crate::{
    introduction::{Introduced, IntroducedRelay, Introduction, IntroductionRefused, RELAYS_MAX},
    registry::{
        leaf::{LeafFields, LeafKind},
        terms::{Border, Recognition, Terms},
    },
};

/// Another authority, as the book keeps it: where its relays take our registry.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Abroad {
    /// Two capital letters.
    pub country: String,
    /// Hash of the first version of its root file, in hexadecimal.
    pub(super) authority: String,
    pub(super) relays: Vec<AbroadRelay>,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AbroadRelay {
    pub(super) tls_spki: String,
    pub(super) address: String,
}

/// What a recognition covers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Scope {
    /// Bits of their roles that may send to our agencies.
    pub from_roles: u32,
    /// Bits of their roles that our agencies may send to.
    pub to_roles: u32,
    /// Bits of [`What`](crate::registry::terms::What).
    pub what: u32,
    /// It holds before this time.
    pub until: Timestamp,
}

impl Office {
    /// The file with which another authority can recognise this one. It holds the key of our directory, sealed to them.
    ///
    /// # Errors
    /// [`AdminError::Introduction`] for our own root file, [`AdminError::NotRecognisable`] between a practice world and a real one,
    /// [`AdminError::Damaged`], [`AdminError::Seal`].
    pub fn introduce(&mut self, to: &RootFile) -> Result<Vec<u8>, AdminError> {
        if to.is_practice() != self.root().is_practice() {
            return Err(AdminError::NotRecognisable(NotRecognisable::Practice));
        }
        if to.log_name() == self.root().log_name() {
            return Err(AdminError::Introduction(IntroductionRefused::OurOwn));
        }
        let relays = self.relay_contacts()?.into_iter().take(RELAYS_MAX);
        let relays = relays.map(|relay| IntroducedRelay { tls_spki: relay.tls_spki, address: relay.address }).collect();
        let introduction = Introduction {
            root: self.root().clone(),
            made_at: self.now()?,
            relays,
            directory: self.keys.directory.duplicate(),
        };
        let file = introduction.seal(&self.keys.registrar, to, self.entropy.as_mut())?;
        self.note_act("introduce", "", &format!("to {} ({})", to.log_name(), to.country()))?;
        Ok(file)
    }

    /// Reads an introduction that was made for us, so that its fingerprint can be compared before anything is done.
    ///
    /// # Errors
    /// [`AdminError::Introduction`].
    pub fn read_introduction(&self, file: &[u8]) -> Result<Introduction, AdminError> {
        Introduction::open(file, self.root(), &self.keys.enrol).map_err(AdminError::Introduction)
    }

    /// Recognises the authority of an introduction, or gives its recognition a new scope. The same again writes no second
    /// entry.
    ///
    /// # Errors
    /// [`AdminError::Leaf`] for a scope that means nothing, [`AdminError::NotRecognisable`], [`AdminError::Record`], [`AdminError::Disk`].
    pub fn recognise(&mut self, introduction: &Introduction, scope: Scope) -> Result<(), AdminError> {
        let root = &introduction.root;
        self.may_be_recognised(root)?;
        let from_country = Border::of(root.country()).ok_or(AdminError::NoSuchTerms)?;
        let known = self.registry.recognition(root.authority());
        // A newer root file is handed to our nodes with a new entry, so that they need not take it from its log.
        let introduced = known.and_then(|known| self.introduced(known));
        if introduced.as_ref().is_some_and(|before| !root.continues(before)) {
            return Err(AdminError::Introduction(IntroductionRefused::Older));
        }
        let same = introduced.is_some_and(|before| before.hash() == root.hash())
            && known.is_some_and(|known| {
                let terms = &known.terms;
                Scope { from_roles: terms.from_roles, to_roles: terms.to_roles, what: terms.what, until: terms.until }
                    == scope
            });
        let mut detail = format!("{} ({}) until {}", root.log_name(), root.country(), crate::utc::instant(scope.until));
        if !same {
            detail.push_str(&format!(", entry {}", self.registry.size()));
            let introduced = Introduced { root: root.clone(), directory: introduction.directory.duplicate() };
            let (sealed, record) = introduced.seal(&self.keys.directory, self.entropy.as_mut())?;
            let Scope { from_roles, to_roles, what, until } = scope;
            let to_country = Border::ANY;
            let terms = Terms { number: 0, from_roles, to_roles, from_country, to_country, what, until, record };
            let with = |fields| LeafFields { directory: *root.authority(), tls_spki: *root.tls_spki(), ..fields };
            self.append_terms(LeafKind::Recognise, terms, with, &sealed)?;
        }
        self.remember(introduction)?;
        self.note_act("recognise", "", &detail)
    }

    /// A country's agencies are its own authority's, and a log name is one authority's: who is recognised under another's would be taken
    /// for it.
    fn may_be_recognised(&self, root: &RootFile) -> Result<(), AdminError> {
        if root.is_practice() != self.root().is_practice() {
            return Err(AdminError::NotRecognisable(NotRecognisable::Practice));
        }
        if root.country() == self.root().country() {
            return Err(AdminError::NotRecognisable(NotRecognisable::OurCountry));
        }
        let now = self.clock.now();
        for other in self.registry.recognitions().filter(|other| other.authority != *root.authority()) {
            let sealed = usize::try_from(other.index).ok().and_then(|index| self.records.get(index));
            let sealed = sealed.ok_or(AdminError::Damaged { what: "the log of entries" })?;
            let known = Introduced::open(sealed, &self.keys.directory, &other.authority, &other.terms.record)?;
            if other.terms.hold_at(now) && known.root.log_name() == root.log_name() {
                return Err(AdminError::NotRecognisable(NotRecognisable::LogName));
            }
        }
        Ok(())
    }

    /// Ends the recognition of a country's authorities now; returns how many held.
    ///
    /// # Errors
    /// [`AdminError::NoSuchTerms`] when none of this country is recognised, [`AdminError::Disk`].
    pub fn end_recognition(&mut self, country: Border) -> Result<usize, AdminError> {
        let now = self.now()?;
        let of_country = |terms: &Terms| terms.from_country == country;
        let all: Vec<_> = self.registry.recognitions().filter(|one| of_country(&one.terms)).cloned().collect();
        if all.is_empty() {
            return Err(AdminError::NoSuchTerms);
        }
        let mut ended = Vec::new();
        for recognition in all.into_iter().filter(|one| one.terms.hold_at(now)) {
            let index = usize::try_from(recognition.index).unwrap_or(usize::MAX);
            let record = self.records.get(index).cloned().unwrap_or_default();
            let terms = Terms { until: now, ..recognition.terms };
            let with =
                |fields| LeafFields { directory: recognition.authority, tls_spki: recognition.tls_spki, ..fields };
            ended.push(format!(", entry {}", self.registry.size()));
            self.append_terms(LeafKind::Recognise, terms, with, &record)?;
        }
        let (count, entries) = (ended.len(), ended.concat());
        self.note_act("recognise-end", "", &format!("{country}: {count} recognition(s) ended{entries}"))?;
        Ok(count)
    }

    /// Authorities abroad to whose relays our registry is told.
    #[must_use]
    pub fn abroad(&self) -> &[Abroad] {
        &self.book.abroad
    }

    /// The root file that our nodes were given of a recognised authority.
    fn introduced(&self, recognition: &Recognition) -> Option<RootFile> {
        let sealed = self.records.get(usize::try_from(recognition.index).ok()?)?;
        let authority = &recognition.authority;
        Introduced::open(sealed, &self.keys.directory, authority, &recognition.terms.record)
            .ok()
            .map(|known| known.root)
    }

    fn remember(&mut self, introduction: &Introduction) -> Result<(), AdminError> {
        let relay = |relay: &IntroducedRelay| AbroadRelay {
            tls_spki: hex::encode(relay.tls_spki),
            address: relay.address.clone(),
        };
        let abroad = Abroad {
            country: introduction.root.country().to_owned(),
            authority: hex::encode(introduction.root.authority()),
            relays: introduction.relays.iter().map(relay).collect(),
        };
        self.book.abroad.retain(|known| known.authority != abroad.authority);
        self.book.abroad.push(abroad);
        self.save_book()
    }
}
