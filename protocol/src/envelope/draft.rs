//! A draft: one message before it is addressed to a key. From here to [`Sealed`](super::sealed::Sealed) each step
//! takes the one before.

use super::{
    header::{
        ContentType, Header, RegistryPoint, ReplyFlag, SignedHeader, content_commitment, recipients_commitment,
        rest_commitment,
    },
    inner::{Body, Unsigned},
    reply::ReplyBlock,
    sealed::Outer,
    signed::Signed,
    target::{Target, Via},
};
use crate::{
    crypto::{
        coins,
        hash::{HashLabel, hash},
        kem::{self, SealError},
        sign::{Label, SigningKey},
    },
    entropy::{self, Entropy, NoEntropy},
    id::{MessageId, NodeId, SlotId},
    limits::{CHECKPOINT_NOTE_BYTES_MAX, CONTENT_BYTES_MAX, RECIPIENTS_MAX, SUITE_1},
    personal::{PersonalBytes, Reveal},
    receipt::chain::ChainHead,
    secret::Secret,
    time::{Day, Timestamp},
};

/// Why a draft was not made or not signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DraftRefused {
    /// The content is longer than an envelope surely holds.
    #[error("the content is {bytes} bytes long, {CONTENT_BYTES_MAX} is the most")]
    TooLarge {
        /// The content's length.
        bytes: usize,
    },
    /// The checkpoint note is longer than its place.
    #[error("the checkpoint note is {bytes} bytes long, {CHECKPOINT_NOTE_BYTES_MAX} is the most")]
    CheckpointTooLarge {
        /// The note's length.
        bytes: usize,
    },
    /// No recipient, too many, or one twice.
    #[error("a message has 1 to {RECIPIENTS_MAX} recipients, each once")]
    Recipients,
    /// The key belongs to a node that is not among the recipients.
    #[error("the key belongs to a node that is no recipient of the message")]
    NotARecipient,
    /// A receipt to a mailbox, anything else to a reply slot, or a reply block where none may be.
    #[error("content of this type does not go this way")]
    Route,
    /// Sealing failed.
    #[error(transparent)]
    Seal(#[from] SealError),
}

impl From<NoEntropy> for DraftRefused {
    fn from(cause: NoEntropy) -> Self {
        Self::Seal(SealError::NoEntropy(cause))
    }
}

impl DraftRefused {
    /// What to do next.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "shorten the narrative, or move parts of it into a later message",
            Self::CheckpointTooLarge { .. } | Self::Route | Self::NotARecipient => {
                "this is a defect; report it with the version"
            }
            Self::Recipients => "name each recipient once",
            Self::Seal(cause) => cause.remedy(),
        }
    }
}

/// What stays the same when a message is sealed anew; the outbox keeps it.
#[derive(Clone)]
pub struct DraftParts {
    /// What the message holds.
    pub content_type: ContentType,
    /// Its bytes.
    pub content: PersonalBytes,
    /// Its id.
    pub message: MessageId,
    /// When it was written.
    pub created: Timestamp,
    /// What salts its commitments; own for each recipient.
    pub salt: [u8; 32],
    /// Every recipient of this message id.
    pub recipients: Vec<NodeId>,
}

/// One message, not yet addressed to a key.
pub struct Draft(DraftParts);

/// What one sealing needs besides the message.
pub struct SealTerms<'a> {
    /// The key to seal to.
    pub target: &'a Target,
    /// Oneself.
    pub sender: NodeId,
    /// One's identity key.
    pub identity: &'a SigningKey,
    /// The vault's hedge key.
    pub hedge: &'a Secret<32>,
    /// Where a `nack` goes; random, known to nobody else.
    pub status_slot: SlotId,
    /// The last day on which the relay keeps the envelope.
    pub expiry: Day,
    /// One's pair chain with the recipient.
    pub chain: ChainHead,
    /// The registry that one acts on.
    pub registry: RegistryPoint,
    /// Where receipts go; fresh for each sealing; none in a receipt.
    pub reply: Option<&'a ReplyBlock>,
    /// The registry's checkpoint, a signed note.
    pub checkpoint: &'a [u8],
}

impl Draft {
    /// A new message with a fresh id and salt.
    ///
    /// # Errors
    /// [`DraftRefused`].
    pub fn new(
        content_type: ContentType,
        content: PersonalBytes,
        recipients: Vec<NodeId>,
        created: Timestamp,
        entropy: &mut dyn Entropy,
    ) -> Result<Self, DraftRefused> {
        let message = MessageId::from_bytes(entropy::random(entropy)?);
        let salt = entropy::random(entropy)?;
        Self::resume(DraftParts { content_type, content, message, created, salt, recipients })
    }

    /// A message that was sealed before and is to be sealed anew: id, time, salt and content stay.
    ///
    /// # Errors
    /// [`DraftRefused`].
    pub fn resume(mut parts: DraftParts) -> Result<Self, DraftRefused> {
        let bytes = parts.content.reveal(Reveal::ToCheck).len();
        if bytes > CONTENT_BYTES_MAX {
            return Err(DraftRefused::TooLarge { bytes });
        }
        let named = parts.recipients.len();
        parts.recipients.sort_unstable();
        parts.recipients.dedup();
        if parts.recipients.len() != named || !(1..=RECIPIENTS_MAX).contains(&named) {
            return Err(DraftRefused::Recipients);
        }
        Ok(Self(parts))
    }

    /// What the outbox keeps to seal it anew.
    #[must_use]
    pub const fn parts(&self) -> &DraftParts {
        &self.0
    }

    /// The message's id.
    #[must_use]
    pub const fn message(&self) -> MessageId {
        self.0.message
    }

    /// Encapsulates to the target and signs the header that binds it (`docs/PROTOCOL.md` §7).
    ///
    /// The order is fixed by two needs. The coins must commit to the whole message, so that no two messages ever share
    /// them; and the header must hold the export of the context that those coins make. So the header is laid out with
    /// a zero binding, the coins are drawn over that, and the binding is then put into its place.
    ///
    /// # Errors
    /// [`DraftRefused`].
    pub fn sign(self, terms: &SealTerms<'_>, entropy: &mut dyn Entropy) -> Result<Signed, DraftRefused> {
        self.check(terms)?;
        let DraftParts { content, salt, .. } = &self.0;
        let body =
            Body { salt, content: content.reveal(Reveal::ToSeal), reply: terms.reply, checkpoint: terms.checkpoint };
        let unsigned = Unsigned::lay_out(&body).ok_or(DraftRefused::TooLarge { bytes: body.content.len() })?;
        let unbound = self.unbound_header(terms, &body);

        let unbound_bytes = unbound.to_bytes();
        let [header, rest] = unsigned.without_signature(&unbound_bytes);
        let commits_to = hash(HashLabel::Encap, &[terms.target.key_id().as_bytes(), header, rest]);
        let mut coins = coins::hedged(terms.hedge, &commits_to, entropy)?;
        let (enc, context) = kem::setup_sender(terms.target.public(), &terms.target.info(), &mut coins)?;

        let header = Header { binding: context.binding()?, ..unbound }.to_bytes();
        let signature = terms.identity.sign(Label::Message, &header);
        let signed = SignedHeader::parse(&header, signature).ok_or(SealError::Seal)?;
        let outer = Outer {
            address: *terms.target.address(),
            prekey: terms.target.key_id(),
            status_slot: terms.status_slot,
            expiry: terms.expiry,
        };
        let plaintext = unsigned.complete(&header, &signature);
        Ok(Signed::new(signed, outer, enc, context, plaintext))
    }

    /// What must hold before anything is laid out.
    fn check(&self, terms: &SealTerms<'_>) -> Result<(), DraftRefused> {
        if terms.checkpoint.len() > CHECKPOINT_NOTE_BYTES_MAX {
            return Err(DraftRefused::CheckpointTooLarge { bytes: terms.checkpoint.len() });
        }
        if !self.0.recipients.contains(&terms.target.node()) {
            return Err(DraftRefused::NotARecipient);
        }
        let fits = match (self.0.content_type, terms.target.via()) {
            (ContentType::Receipt, Via::ReplyKey) => terms.reply.is_none(),
            (ContentType::Receipt, Via::Prekey) => false,
            (
                ContentType::Referral
                | ContentType::Control
                | ContentType::Cover
                | ContentType::Case
                | ContentType::Report,
                via,
            ) => via == Via::Prekey,
        };
        if fits { Ok(()) } else { Err(DraftRefused::Route) }
    }

    /// The header with a zero binding.
    fn unbound_header(&self, terms: &SealTerms<'_>, body: &Body<'_>) -> Header {
        let reply = if body.reply.is_some() { ReplyFlag::Present } else { ReplyFlag::Absent };
        Header {
            suite: SUITE_1,
            content_type: self.0.content_type,
            reply,
            key: terms.target.key_flag(),
            message: self.0.message,
            sender: terms.sender,
            sender_key: terms.identity.verifying_key().key_id(),
            recipient: terms.target.node(),
            prekey: terms.target.key_id(),
            created: self.0.created,
            chain: terms.chain,
            registry: terms.registry,
            content_commitment: content_commitment(body.salt, body.content),
            rest_commitment: rest_commitment(body.reply_bytes(), body.checkpoint),
            binding: [0; 32],
            recipients_commitment: recipients_commitment(body.salt, &self.0.recipients),
        }
    }
}
