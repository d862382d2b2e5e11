//! Envelopes of the smallest class, made cheaply: one template for each mailbox, a counter in the last bytes of its
//! ciphertext, and the digest from the hash's state before those bytes. The relay cannot tell them from sealed ones.
//!
//! A submit on the wire, as built here:
//!
//! ```text
//!     0  4  length
//!     4  1  frame 4
//!     5  5  tag: fc and four bytes, since all our tags need exactly so many
//!    10  3  length of the envelope: fb 40 00
//!    13  …  envelope
//! 16397
//! ```

use safeconduct_protocol::{
    crypto::kem::ENC_BYTES,
    entropy::Entropy,
    envelope::sealed::{CIPHERTEXT_AT, Outer, envelope_digest},
    frame::{Frame, Tag},
    id::{EnvelopeDigest, MailboxId, PrekeyId, SlotId},
    time::Day,
};
use sha2::{Digest as _, Sha256};

use crate::error::BenchError;

/// The smallest class.
pub(crate) const ENVELOPE_BYTES: usize = 16_384;
/// Where an envelope starts in a submit.
const ENVELOPE_AT: usize = 13;
/// A whole submit.
pub(crate) const SUBMIT_BYTES: usize = ENVELOPE_AT + ENVELOPE_BYTES;
/// The counter at an envelope's end: who sends it, and the how manyth it is.
const COUNTER_BYTES: usize = 16;
/// Tags start here, so that all of them have one length.
pub(crate) const TAG_MIN: u32 = 0x0100_0000;

/// What makes one envelope differ from all others: its sender's number in this run, and its own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Number {
    pub(crate) sender: u64,
    pub(crate) place: u64,
}

impl Number {
    fn to_bytes(self) -> [u8; COUNTER_BYTES] {
        let mut bytes = [0; COUNTER_BYTES];
        let (sender, place) = bytes.split_at_mut(8);
        sender.copy_from_slice(&self.sender.to_be_bytes());
        place.copy_from_slice(&self.place.to_be_bytes());
        bytes
    }

    /// Of an envelope that came back.
    pub(crate) fn of(envelope: &[u8]) -> Option<Self> {
        let bytes = envelope.last_chunk::<COUNTER_BYTES>()?;
        let (sender, place) = bytes.split_at(8);
        Some(Self {
            sender: u64::from_be_bytes(sender.try_into().ok()?),
            place: u64::from_be_bytes(place.try_into().ok()?),
        })
    }
}

/// All envelopes to one mailbox.
pub(crate) struct Template {
    wire: Vec<u8>,
    before_counter: Sha256,
}

impl Template {
    /// With a ciphertext of random bytes.
    ///
    /// # Errors
    /// [`BenchError::Registry`] without randomness, or when a submit is not laid out as this module thinks.
    pub(crate) fn new(mailbox: MailboxId, expiry: Day, entropy: &mut dyn Entropy) -> Result<Self, BenchError> {
        let mut ids = [0; 32];
        let mut envelope = vec![0; ENVELOPE_BYTES];
        let random = |_no_entropy| BenchError::Registry("no randomness".to_owned());
        entropy.fill(&mut ids).map_err(random)?;
        entropy.fill(&mut envelope).map_err(random)?;
        let (prekey, slot) = ids.split_at(16);
        let outer = Outer {
            address: *mailbox.as_bytes(),
            prekey: PrekeyId::try_from(prekey).map_err(|_length| BenchError::Registry("prekey id".to_owned()))?,
            status_slot: SlotId::try_from(slot).map_err(|_length| BenchError::Registry("slot id".to_owned()))?,
            expiry,
        };
        let head = outer.to_bytes();
        envelope.splice(..head.len(), head);
        let before_counter = Sha256::new()
            .chain_update(b"safeconduct/v1 envelope\0")
            .chain_update(envelope.get(..ENVELOPE_BYTES - COUNTER_BYTES).unwrap_or_default());
        let frame = Frame::Submit { tag: Tag(u64::from(TAG_MIN)), envelope: envelope.into() };
        let wire = frame.to_wire().map_err(|error| BenchError::Registry(error.to_string()))?;
        let template = Self { wire, before_counter };
        template.check()?;
        Ok(template)
    }

    /// Bytes of the submit of one envelope.
    pub(crate) fn submit(&self, tag: u32, number: Number) -> Vec<u8> {
        let mut wire = self.wire.clone();
        if let Some(place) = wire.get_mut(6..10) {
            place.copy_from_slice(&tag.to_be_bytes());
        }
        let counter = wire.len().saturating_sub(COUNTER_BYTES);
        if let Some(place) = wire.get_mut(counter..) {
            place.copy_from_slice(&number.to_bytes());
        }
        wire
    }

    /// The digest of one envelope.
    pub(crate) fn digest(&self, number: Number) -> EnvelopeDigest {
        EnvelopeDigest::from_bytes(self.before_counter.clone().chain_update(number.to_bytes()).finalize().into())
    }

    /// Is a submit as this module builds it what the protocol says it is?
    fn check(&self) -> Result<(), BenchError> {
        let number = Number { sender: 7, place: 9 };
        let wire = self.submit(TAG_MIN + 5, number);
        let wrong = || BenchError::Registry("a submit is not laid out as the bench builds it".to_owned());
        if wire.len() != SUBMIT_BYTES || ENVELOPE_BYTES < CIPHERTEXT_AT + COUNTER_BYTES || ENC_BYTES == 0 {
            return Err(wrong());
        }
        let frame = Frame::from_body(wire.get(4..).unwrap_or_default()).map_err(|_codec| wrong())?;
        let Frame::Submit { tag, envelope } = frame else { return Err(wrong()) };
        let same = tag.0 == u64::from(TAG_MIN + 5)
            && envelope_digest(&envelope) == self.digest(number)
            && Number::of(&envelope) == Some(number)
            && safeconduct_protocol::envelope::sealed::Sealed::try_from(envelope.into_vec()).is_ok();
        if same { Ok(()) } else { Err(wrong()) }
    }
}

#[cfg(test)]
mod tests {
    use safeconduct_certs::system::SystemEntropy;

    use super::*;

    #[test]
    fn a_template_makes_valid_envelopes_that_all_differ() {
        let template = Template::new(MailboxId::from_bytes([1; 16]), Day(20_000), &mut SystemEntropy).unwrap();

        let digests: std::collections::BTreeSet<_> =
            (0..100).map(|place| template.digest(Number { sender: 1, place })).collect();

        assert_eq!(digests.len(), 100);
    }
}
