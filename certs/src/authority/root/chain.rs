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
    let crossed = next.purposes().iter().enumerate().any(|(own, keys)| {
        let others = earlier.purposes().into_iter().enumerate().filter(|(other, _)| *other != own);
        others.flat_map(|(_, keys)| keys).any(|key| keys.contains(&key))
    });
    if crossed { Err(RootRefused::KeyTwice) } else { Ok(()) }
}

/// A key of log, registrar or timestamps that was replaced may have been stolen: it never comes back.
fn no_return(next: &Fields, before: &RootFile) -> Result<(), RootRefused> {
    let keys =
        |fields: &Fields| [*fields.log_key.as_bytes(), *fields.registrar.as_bytes(), *fields.timestamp.as_bytes()];
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        authority::root::{Proposal, RootDraft},
        testing::Keys,
    };

    #[test]
    fn a_next_version_needs_a_threshold_of_the_holders_before_and_of_its_own() {
        let old = Keys::new(1);
        let new = Keys { roots: Keys::new(3).roots, ..old.rotated(2) };
        let first = old.root();
        let [a, b, c, d] = [&old.roots[0], &old.roots[1], &new.roots[0], &new.roots[1]];
        let refused = |signers: &[&_]| new.following(&first, signers).err();

        assert_eq!(refused(&[a, b]), Some(RootRefused::Threshold { got: 0, threshold: 2 }));
        assert_eq!(refused(&[a, b, c]), Some(RootRefused::Threshold { got: 1, threshold: 2 }));
        assert_eq!(refused(&[c, d]), Some(RootRefused::ThresholdBefore { got: 0, threshold: 2 }));
        assert_eq!(refused(&[a, c, d, a]), Some(RootRefused::ThresholdBefore { got: 1, threshold: 2 }));
        let next = new.following(&first, &[d, a, c, b]).unwrap();

        assert_eq!((next.version(), next.versions().count()), (2, 2));
        assert!(next.continues(&first) && !first.continues(&next));
        assert_eq!(next.authority(), first.hash());
        assert_eq!(first.followed_by(next.own_bytes()).unwrap().hash(), next.hash());
        for pinned in [first.fingerprint(), next.fingerprint()] {
            assert_eq!(RootFile::parse_pinned(next.as_bytes(), &pinned).unwrap().version(), 2);
        }
        let newest = RootFile::parse_pinned(first.as_bytes(), &next.fingerprint());
        assert_eq!(newest.err(), Some(RootRefused::OtherFingerprint), "shorter than what was compared");
    }

    #[test]
    fn every_flipped_bit_of_two_versions_is_refused_and_every_cut_but_that_between_them() {
        let old = Keys::new(1);
        let first = old.root();
        let bytes = old.rotated(2).next_root(&first).as_bytes().to_vec();
        for place in 0..bytes.len() {
            let mut bent = bytes.clone();
            bent[place] ^= 1 << (place % 8);
            assert!(RootFile::parse(&bent).is_err(), "byte {place}");
            assert_eq!(RootFile::parse(&bytes[..place]).is_ok(), place == first.as_bytes().len(), "cut at {place}");
        }
    }

    #[test]
    fn two_versions_after_one_contradict_each_other_and_neither_continues_the_other() {
        let old = Keys::new(1);
        let first = old.root();
        let (one, other) = (old.rotated(2).next_root(&first), old.rotated(3).next_root(&first));

        assert!(!one.continues(&other) && !other.continues(&one));
        assert_eq!(one.clone().later(other.clone()).err(), Some(RootRefused::Forked));
        assert_eq!(one.followed_by(other.own_bytes()).err(), Some(RootRefused::Broken));
        assert_eq!(first.clone().later(one.clone()).unwrap().hash(), one.hash());
        assert_eq!(one.clone().later(first).unwrap().hash(), one.hash());
        // A first version of somebody else does not fit under it, whoever has signed.
        let stranger = Keys::new(9).root();
        assert!(RootFile::parse(&[stranger.as_bytes(), one.own_bytes()].concat()).is_err());
    }

    #[test]
    fn a_replaced_key_never_comes_back_and_none_serves_a_second_purpose() {
        let old = Keys::new(1);
        let (first, next) = (old.root(), old.rotated(2));
        let second = next.next_root(&first);
        let signers = [&old.roots[0], &old.roots[1]];
        let bent = |bend: fn(&mut RootDraft, &Keys)| {
            next.following_with(&second, &signers, |draft| bend(draft, &Keys::new(1))).err()
        };
        assert_eq!(bent(|draft, old| draft.log_key = old.log.verifier()), Some(RootRefused::KeyTwice));
        assert_eq!(bent(|draft, old| draft.registrar = old.registrar.verifying_key()), Some(RootRefused::KeyTwice));
        assert_eq!(bent(|draft, old| draft.timestamp = old.registrar.verifying_key()), Some(RootRefused::KeyTwice));
        let tls = |draft: &mut RootDraft, old: &Keys| draft.tls_spki = spki_hash_of(old.log.verifier().as_bytes());
        assert_eq!(bent(tls), None, "the TLS key is judged beside the keys of its own version");
        assert_eq!(bent(|draft, _| draft.log_name = "xa.test/other".to_owned()), Some(RootRefused::Broken));
        assert_eq!(bent(|draft, _| draft.country = *b"XB"), Some(RootRefused::Broken));
        assert_eq!(bent(|draft, _| draft.version = 4), Some(RootRefused::Broken));
        assert_eq!(bent(|draft, _| draft.made_at = Timestamp(1)), Some(RootRefused::Broken));
        assert_eq!(bent(|_, _| ()), None);
    }

    #[test]
    fn a_root_file_of_32_versions_is_read_and_one_of_33_is_not() {
        let keys = Keys::new(1);
        let mut root = keys.root();
        for _ in 1..ROOT_VERSIONS_MAX {
            root = keys.next_root(&root);
        }
        assert_eq!(root.versions().count(), 32);
        let signers = [&keys.roots[0], &keys.roots[1]];
        assert_eq!(keys.following(&root, &signers).err(), Some(RootRefused::Broken));
    }

    #[test]
    fn a_proposal_is_carried_from_holder_to_holder_and_complete_when_both_thresholds_have_signed() {
        let old = Keys::new(1);
        let new = old.rotated(2);
        let draft = RootDraft { version: 2, ..new.draft() };
        let mut proposal = Proposal::new(&draft, &old.root()).unwrap();
        assert_eq!(proposal.signatures().own(), (0, 2));
        assert_eq!(proposal.changes().len(), 3, "{:?}", proposal.changes());
        assert!(!proposal.sign(&Keys::new(5).roots[0]), "a stranger's key signs nothing");

        for place in [2, 0] {
            assert!(proposal.complete().is_err());
            proposal = Proposal::parse(&proposal.to_bytes()).unwrap();
            assert!(proposal.sign(&old.roots[place]) && proposal.sign(&old.roots[place]));
        }

        assert_eq!((proposal.signatures().own(), proposal.signatures().before()), ((2, 2), (2, 2)));
        let root = Proposal::parse(&proposal.to_bytes()).unwrap().complete().unwrap();
        assert_eq!(root.fingerprint(), proposal.next().fingerprint());
        assert!(Proposal::parse(old.root().as_bytes()).is_err(), "a first version is no proposal");
    }
}
