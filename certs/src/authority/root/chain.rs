//! The versions of a root file: how one follows the other, and which is asked about.

use std::sync::Arc;

use safeconduct_protocol::time::Timestamp;

use super::{Fields, Fingerprint, ROOT_VERSIONS_MAX, RootFile, RootRefused};
use crate::link::tls::spki_hash_of;

impl RootFile {
    /// All versions, the newest first.
    pub fn versions(&self) -> impl Iterator<Item = &Self> {
        core::iter::successors(Some(self), |version| version.before.as_deref())
    }

    /// All versions, the first one first.
    pub(crate) fn shared_versions(self: &Arc<Self>) -> Vec<Arc<Self>> {
        let mut all: Vec<Arc<Self>> =
            core::iter::successors(Some(Arc::clone(self)), |version| version.before.clone()).collect();
        all.reverse();
        all
    }

    /// The version before.
    pub(crate) const fn shared_before(&self) -> Option<&Arc<Self>> {
        self.before.as_ref()
    }

    /// The first version.
    #[must_use]
    pub fn first(&self) -> &Self {
        self.versions().last().unwrap_or(self)
    }

    /// What the authority is known by for ever, whatever keys it has: the hash of the first version.
    #[must_use]
    pub fn authority(&self) -> &[u8; 32] {
        self.first().hash()
    }

    /// The bytes of the newest version alone, as they lie beside its entry in the log.
    #[must_use]
    pub fn own_bytes(&self) -> &[u8] {
        self.bytes.get(self.from..).unwrap_or_default()
    }

    /// Whether this is the root file `known`, or begins with all of its versions.
    #[must_use]
    pub fn continues(&self, known: &Self) -> bool {
        // A version names the one before by its hash, so the whole way down is the same.
        self.versions().any(|version| version.hash == known.hash)
    }

    /// Whether one of the versions has this fingerprint.
    #[must_use]
    pub fn has_fingerprint(&self, fingerprint: &Fingerprint) -> bool {
        self.versions().any(|version| version.fingerprint() == *fingerprint)
    }

    /// The same root file with a next version.
    ///
    /// # Errors
    /// [`RootRefused`] when it does not follow, or is not signed by a threshold of both.
    pub fn followed_by(&self, next: &[u8]) -> Result<Self, RootRefused> {
        let next = Self::parse(&[&self.bytes, next].concat())?;
        if next.version() == self.version().saturating_add(1) { Ok(next) } else { Err(RootRefused::Malformed) }
    }

    /// The later of two root files, one of which must begin with the other.
    ///
    /// # Errors
    /// [`RootRefused::Forked`].
    pub fn later(self, other: Self) -> Result<Self, RootRefused> {
        if other.continues(&self) {
            Ok(other)
        } else if self.continues(&other) {
            Ok(self)
        } else {
            Err(RootRefused::Forked)
        }
    }

    /// The version with which the newest key of a kind came.
    pub(crate) fn since<K: PartialEq>(&self, key: impl Fn(&Self) -> K) -> &Self {
        let newest = key(self);
        self.versions().take_while(|version| key(version) == newest).last().unwrap_or(self)
    }

    /// When the newest key of a kind came into use.
    pub(crate) fn serves_since<K: PartialEq>(&self, key: impl Fn(&Self) -> K) -> Timestamp {
        self.since(key).made_at()
    }
}

/// Judges a version beside the one before it; a root file begins with version 1.
pub(super) fn follows(next: &Fields, before: Option<&RootFile>) -> Result<(), RootRefused> {
    let Some(before) = before else {
        return if next.version == 1 { Ok(()) } else { Err(RootRefused::Broken) };
    };
    let numbered = next.version == before.version().saturating_add(1) && next.version <= ROOT_VERSIONS_MAX;
    let same_log = next.country == before.fields.country && next.log_name == before.fields.log_name;
    let forward = next.min_suite >= before.fields.min_suite && next.made_at >= before.fields.made_at;
    if !numbered || next.previous != Some(before.hash) || !same_log || !forward {
        return Err(RootRefused::Broken);
    }
    before.versions().try_for_each(|earlier| no_other_use(next, &earlier.fields))?;
    let was_tls = |key: &[u8; 32]| before.versions().any(|earlier| spki_hash_of(key) == earlier.fields.tls_spki);
    if next.signing_keys().any(was_tls) {
        return Err(RootRefused::KeyTwice);
    }
    no_return(next, before)
}

/// A key that has served for one purpose serves for no other, or a signature of one kind could pass for another.
fn no_other_use(next: &Fields, earlier: &Fields) -> Result<(), RootRefused> {
    let crossed = next
        .purposes()
        .iter()
        .enumerate()
        .any(|(own, keys)| {
            let others = earlier.purposes().into_iter().enumerate().filter(|(other, _)| *other != own);
            others.flat_map(|(_, keys)| keys).any(|key| keys.contains(&key))
        });
    if crossed { Err(RootRefused::KeyTwice) } else { Ok(()) }
}

/// A key of log, registrar or timestamps that was replaced may have been stolen: it never comes back.
fn no_return(next: &Fields, before: &RootFile) -> Result<(), RootRefused> {
    let keys = |fields: &Fields| [*fields.log_key.as_bytes(), *fields.registrar.as_bytes(), *fields.timestamp.as_bytes()];
    let (new, last) = (keys(next), keys(&before.fields));
    let returned = before.versions().any(|earlier| {
        let earlier = keys(&earlier.fields);
        new.iter().zip(last).zip(earlier).any(|((new, last), earlier)| *new != last && *new == earlier)
    });
    if returned { Err(RootRefused::KeyTwice) } else { Ok(()) }
}

impl Fields {
    /// The keys by purpose.
    fn purposes(&self) -> [Vec<&[u8; 32]>; 5] {
        [
            self.root_keys.iter().map(|key| key.as_bytes()).collect(),
            vec![self.log_key.as_bytes()],
            vec![self.registrar.as_bytes()],
            vec![self.timestamp.as_bytes()],
            self.witnesses.iter().map(|(_, key)| key.as_bytes()).collect(),
        ]
    }
}
