//! The reply block, 1252 bytes (`docs/PROTOCOL.md` §7): a fresh key and a fresh slot for the receipts of one message,
//! so that receipts cost no prekeys and do not pair up mailboxes.
//!
//! | Off | Size | Field |
//! |---|---|---|
//! | 0 | 4 | reply relay id |
//! | 4 | 16 | reply slot id |
//! | 20 | 8 | not_after |
//! | 28 | 8 | zero |
//! | 36 | 1216 | X-Wing public key |

use crate::{
    crypto::{
        hash::{HashLabel, hash16},
        kem::{KEM_PUBLIC_BYTES, KemPublic, KemSecret},
    },
    entropy::{Entropy, NoEntropy},
    id::{PrekeyId, RelayId, SlotId},
    layout::{Reader, Writer},
    limits::{MESSAGE_LIFE_S, REPLY_LIFE_EXTRA_S},
    slot::SlotSecret,
    time::Timestamp,
};

/// Bytes of a reply block.
pub const REPLY_BLOCK_BYTES: usize = 1252;

/// Where and under which key a receipt is to be sent.
#[derive(Clone, PartialEq, Eq)]
pub struct ReplyBlock {
    bytes: Box<[u8; REPLY_BLOCK_BYTES]>,
    relay: RelayId,
    slot: SlotId,
    not_after: Timestamp,
    public: KemPublic,
}

impl ReplyBlock {
    /// A block of these fields.
    #[must_use]
    pub fn new(relay: RelayId, slot: SlotId, not_after: Timestamp, public: KemPublic) -> Self {
        let bytes = Writer::<REPLY_BLOCK_BYTES>::new()
            .put(&relay.0.to_be_bytes())
            .put(slot.as_bytes())
            .put(&not_after.0.to_be_bytes())
            .zero(8)
            .put(public.as_bytes())
            .finish();
        Self { bytes: Box::new(bytes), relay, slot, not_after, public }
    }

    /// Reads a block; `None` when a reserved byte is not zero or the key is unsound.
    #[must_use]
    pub fn parse(bytes: &[u8; REPLY_BLOCK_BYTES]) -> Option<Self> {
        let mut reader = Reader::new(bytes);
        let relay = RelayId(reader.u32()?);
        let slot = SlotId::from_bytes(reader.array()?);
        let not_after = Timestamp(reader.u64()?);
        reader.zero(8)?;
        let public = KemPublic::try_from(reader.slice(KEM_PUBLIC_BYTES)?).ok()?;
        Some(Self { bytes: Box::new(*bytes), relay, slot, not_after, public })
    }

    /// The reply key's id: `H("reply-key-id", reply block)[..16]`.
    #[must_use]
    pub fn id(&self) -> PrekeyId {
        PrekeyId::from_bytes(hash16(HashLabel::ReplyKeyId, &[self.bytes.as_slice()]))
    }

    /// The relay that holds the slot.
    #[must_use]
    pub const fn relay(&self) -> RelayId {
        self.relay
    }

    /// The slot to write to.
    #[must_use]
    pub const fn slot(&self) -> SlotId {
        self.slot
    }

    /// The last second at which a receipt makes sense.
    #[must_use]
    pub const fn not_after(&self) -> Timestamp {
        self.not_after
    }

    /// The key to seal to.
    #[must_use]
    pub const fn public(&self) -> &KemPublic {
        &self.public
    }

    /// The bytes, as they travel.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; REPLY_BLOCK_BYTES] {
        &self.bytes
    }
}

/// A reply block and what opens and reads it: made by the sender, one for each sealing, never used twice.
pub struct ReplyKeys {
    /// What the recipient is told.
    pub block: ReplyBlock,
    /// What opens the receipt.
    pub secret: KemSecret,
    /// What reads the slot.
    pub slot: SlotSecret,
}

impl ReplyKeys {
    /// Fresh keys for a message that is sealed `now`: they live as long as the message may, and 30 days more.
    ///
    /// # Errors
    /// [`NoEntropy`] as the source says.
    pub fn generate(relay: RelayId, now: Timestamp, entropy: &mut dyn Entropy) -> Result<Self, NoEntropy> {
        let secret = KemSecret::generate(entropy)?;
        let slot = SlotSecret::random(entropy)?;
        let not_after = now.after(MESSAGE_LIFE_S).after(REPLY_LIFE_EXTRA_S);
        let block = ReplyBlock::new(relay, slot.id(), not_after, secret.public());
        Ok(Self { block, secret, slot })
    }
}
