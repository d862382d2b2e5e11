//! `prekeys.seeds`: the secret halves of the prekeys, rewritten whole under a fresh key at each change.
//!
//! ```text
//!  0   4  magic SCS1
//!  4  76  file key, `certs::keyfile` under the vault's subkey "prekeys.seeds"
//! 80   n  body, `certs::keyfile` under the file key
//!
//! body: u32 count, then for each: prekey id 16, not_after u64, X-Wing secret 32
//! ```

use std::{collections::BTreeMap, path::Path};

use safeconduct_certs::keyfile::{open_with_key, seal_with_key};
use safeconduct_protocol::{entropy::Entropy, id::PrekeyId, secret::Secret, time::Timestamp};
use zeroize::Zeroizing;

use crate::vault::{VaultError, VaultKey, files};

/// The file's name.
pub(crate) const NAME: &str = "prekeys.seeds";
const MAGIC: &[u8; 4] = b"SCS1";
/// Magic, nonce, 32 bytes and a tag.
const WRAPPED_BYTES: usize = 4 + 24 + 32 + 16;
const PURPOSE_KEY: &str = "safeconduct/v1 prekeys.seeds key";
const PURPOSE_BODY: &str = "safeconduct/v1 prekeys.seeds body";
const ENTRY_BYTES: usize = 16 + 8 + 32;

const DAMAGED: VaultError = VaultError::Damaged { what: "prekeys.seeds is cut short, altered, or of another vault" };

/// One secret half and when its prekey ends.
struct Seed {
    not_after: Timestamp,
    secret: Secret<32>,
}

/// All secret halves, in memory as in the file.
pub(crate) struct Seeds(BTreeMap<PrekeyId, Seed>);

impl Seeds {
    /// A new, empty file.
    pub(crate) fn create(dir: &Path, key: &VaultKey, entropy: &mut dyn Entropy) -> Result<Self, VaultError> {
        let seeds = Self(BTreeMap::new());
        seeds.write(dir, key, entropy)?;
        Ok(seeds)
    }

    /// Reads the file.
    pub(crate) fn open(dir: &Path, key: &VaultKey) -> Result<Self, VaultError> {
        let bytes = files::read(dir, NAME)?.ok_or(VaultError::Damaged { what: "prekeys.seeds is missing" })?;
        let rest = bytes.strip_prefix(MAGIC).ok_or(DAMAGED)?;
        let (wrapped, body) = rest.split_at_checked(WRAPPED_BYTES).ok_or(DAMAGED)?;
        let file_key = open_with_key(key.subkey(NAME)?.reveal(), PURPOSE_KEY, wrapped)?;
        let file_key = Secret::<32>::from_slice(&file_key).ok_or(DAMAGED)?;
        parse(&open_with_key(file_key.reveal(), PURPOSE_BODY, body)?).map(Self).ok_or(DAMAGED)
    }

    /// Replaces the file, durably, under a file key that never was before.
    pub(crate) fn write(&self, dir: &Path, key: &VaultKey, entropy: &mut dyn Entropy) -> Result<(), VaultError> {
        let count = u32::try_from(self.0.len()).map_err(|_more| VaultError::Unfit { what: "fewer prekeys" })?;
        let length = self.0.len().saturating_mul(ENTRY_BYTES).saturating_add(4);
        let mut body = Zeroizing::new(Vec::with_capacity(length));
        body.extend_from_slice(&count.to_be_bytes());
        for (id, seed) in &self.0 {
            body.extend_from_slice(id.as_bytes());
            body.extend_from_slice(&seed.not_after.0.to_be_bytes());
            body.extend_from_slice(seed.secret.reveal());
        }
        let file_key = Secret::<32>::random(entropy)?;
        let wrapped = seal_with_key(key.subkey(NAME)?.reveal(), PURPOSE_KEY, file_key.reveal(), entropy)?;
        let sealed = seal_with_key(file_key.reveal(), PURPOSE_BODY, &body, entropy)?;
        files::replace(dir, NAME, &[MAGIC.as_slice(), &wrapped, &sealed].concat())
    }

    /// The secret half of `id`, if it is still there.
    pub(crate) fn secret(&self, id: &PrekeyId) -> Option<Secret<32>> {
        self.0.get(id).map(|seed| seed.secret.duplicate())
    }

    /// When the prekey `id` ends, if its secret half is still there.
    pub(crate) fn not_after(&self, id: &PrekeyId) -> Option<Timestamp> {
        self.0.get(id).map(|seed| seed.not_after)
    }

    /// Which secret halves are there, and when their prekeys end.
    pub(crate) fn ids(&self) -> impl Iterator<Item = (PrekeyId, Timestamp)> {
        self.0.iter().map(|(id, seed)| (*id, seed.not_after))
    }

    /// The same again, to be changed and written before it is in force.
    pub(crate) fn duplicate(&self) -> Self {
        let copy = |seed: &Seed| Seed { not_after: seed.not_after, secret: seed.secret.duplicate() };
        Self(self.0.iter().map(|(id, seed)| (*id, copy(seed))).collect())
    }

    /// Adds one; the file follows at [`Self::write`].
    pub(crate) fn add(&mut self, id: PrekeyId, not_after: Timestamp, secret: Secret<32>) {
        self.0.insert(id, Seed { not_after, secret });
    }

    /// Removes all; the file follows at [`Self::write`].
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// Removes one; the file follows at [`Self::write`].
    pub(crate) fn remove(&mut self, id: &PrekeyId) {
        self.0.remove(id);
    }
}

fn parse(body: &[u8]) -> Option<BTreeMap<PrekeyId, Seed>> {
    let (count, entries) = body.split_first_chunk::<4>()?;
    let count = usize::try_from(u32::from_be_bytes(*count)).ok()?;
    if entries.len() != count.checked_mul(ENTRY_BYTES)? {
        return None;
    }
    let mut seeds = BTreeMap::new();
    for entry in entries.chunks_exact(ENTRY_BYTES) {
        let (id, rest) = entry.split_first_chunk::<16>()?;
        let (not_after, secret) = rest.split_first_chunk::<8>()?;
        let seed = Seed { not_after: Timestamp(u64::from_be_bytes(*not_after)), secret: Secret::from_slice(secret)? };
        seeds.insert(PrekeyId::from_bytes(*id), seed);
    }
    (seeds.len() == count).then_some(seeds)
}
