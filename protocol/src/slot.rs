//! Slots: capabilities for one message (`docs/PROTOCOL.md` §2). Whoever knows the id may write, whoever knows the
//! secret may read.

use crate::{
    crypto::hash::{HashLabel, hash16},
    entropy::{Entropy, NoEntropy},
    id::SlotId,
    secret::Secret,
};

/// The secret that reads a slot.
pub struct SlotSecret(Secret<32>);

impl SlotSecret {
    /// A new slot, known to nobody else.
    ///
    /// # Errors
    /// [`NoEntropy`] as the source says.
    pub fn random(entropy: &mut dyn Entropy) -> Result<Self, NoEntropy> {
        Ok(Self(Secret::random(entropy)?))
    }

    /// A secret that was stored or arrived.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Secret::new(bytes))
    }

    /// The secret bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.0.reveal()
    }

    /// The slot that it reads: `H("slot", secret)[..16]`.
    #[must_use]
    pub fn id(&self) -> SlotId {
        SlotId::from_bytes(hash16(HashLabel::Slot, &[self.0.reveal()]))
    }

    /// A second copy, for a second owner.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        Self(self.0.duplicate())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_says_nothing_of_the_secret_and_another_secret_has_another_id() {
        let secret = SlotSecret::from_bytes([5; 32]);
        assert_eq!((secret.as_bytes(), secret.duplicate().as_bytes()), (&[5; 32], &[5; 32]));
        assert_eq!(secret.id(), secret.duplicate().id());
        assert_ne!(secret.id(), SlotSecret::from_bytes([6; 32]).id());
        assert_ne!(secret.id().as_bytes()[..], secret.as_bytes()[..16]);
    }
}
