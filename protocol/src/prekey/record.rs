//! The prekey record, 1376 bytes, and the checks before anything is sealed to it (`docs/PROTOCOL.md` §6).
//!
//! | Off | Size | Field |
//! |---|---|---|
//! | 0 | 4 | magic `SCP1` |
//! | 4 | 2 | suite |
//! | 6 | 1 | kind: 1 signed (last resort), 2 one-time |
//! | 7 | 1 | zero |
//! | 8 | 32 | node id |
//! | 40 | 32 | identity key id |
//! | 72 | 8 | epoch |
//! | 80 | 8 | not_before |
//! | 88 | 8 | not_after |
//! | 96 | 1216 | X-Wing public key |
//! | 1312 | 64 | signature over 0..1312 |

use super::stock::is_epoch;
use crate::{
    crypto::{
        hash::{HashLabel, hash16},
        kem::{KEM_PUBLIC_BYTES, KemKeyRefused, KemPublic},
        sign::{Label, SIGNATURE_BYTES, Signature, SigningKey, VerifyingKey},
    },
    id::{KeyId, NodeId, PrekeyId},
    layout::{Reader, Writer},
    limits::{PREKEY_LIFE_S, PREKEY_RECORD_BYTES, PREKEY_SKEW_S, SUITE_1},
    time::Timestamp,
};

const MAGIC: [u8; 4] = *b"SCP1";

/// How often a prekey may be sealed to.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum PrekeyKind {
    /// By several senders: what the relay serves when the one-time ones are used up.
    Signed,
    /// Once.
    OneTime,
}

impl PrekeyKind {
    const fn code(self) -> u8 {
        match self {
            Self::Signed => 1,
            Self::OneTime => 2,
        }
    }

    const fn label(self) -> Label {
        match self {
            Self::Signed => Label::PrekeySigned,
            Self::OneTime => Label::PrekeyOnce,
        }
    }
}

/// Why a prekey is not sealed to. The first check that fails names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PrekeyRefused {
    /// Not 1376 bytes, no `SCP1`, an unknown kind, or a reserved byte that is not zero.
    #[error("the bytes are no prekey record")]
    Malformed,
    /// A suite that this version does not know.
    #[error("the prekey is of suite {0:#06x}, which this version does not know")]
    SuiteUnknown(u16),
    /// A suite below what the registry asks for.
    #[error("the prekey is of suite {offered:#06x}, the registry asks for {minimum:#06x} at least")]
    SuiteTooOld {
        /// The record's suite.
        offered: u16,
        /// The registry's minimum.
        minimum: u16,
    },
    /// Another node's prekey.
    #[error("the prekey belongs to another node")]
    OtherNode,
    /// Signed by a key that is not the node's identity key now.
    #[error("the prekey names an identity key that is not the node's current one")]
    OtherKey,
    /// The signature is not that of the node's identity key for this kind of prekey.
    #[error("the prekey's signature does not verify")]
    BadSignature,
    /// `not_after` lies before `not_before`, or more than 30 days after it.
    #[error("the prekey's life is not one of at most 30 days")]
    Life,
    /// Not valid yet, more than the clock slack ahead.
    #[error("the prekey is not valid yet")]
    NotYet,
    /// Not valid any more.
    #[error("the prekey has expired")]
    Expired,
    /// An epoch below one that this node has shown before.
    #[error("the prekey is of epoch {offered}, this node has shown epoch {seen} before")]
    Rollback {
        /// The record's epoch.
        offered: u64,
        /// The highest epoch seen.
        seen: u64,
    },
    /// An epoch that no node can have reached.
    #[error("the prekey is of epoch {offered}, which lies in the future")]
    Epoch {
        /// The record's epoch.
        offered: u64,
    },
    /// The X-Wing key is unsound.
    #[error("the prekey's public key is refused")]
    Key(#[source] KemKeyRefused),
    /// This prekey was sealed to before.
    #[error("the prekey was used before")]
    Used,
}

impl PrekeyRefused {
    /// What to do next.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::Malformed | Self::OtherNode | Self::OtherKey | Self::BadSignature => {
                "fetch the registry and the prekey again; if it stays, phone the relay's operator"
            }
            Self::SuiteUnknown(_) => "update this software",
            Self::SuiteTooOld { .. } => "ask the agency to update its software",
            Self::Life | Self::Key(_) => "phone the agency: its node publishes keys that nobody should seal to",
            Self::NotYet => "compare this computer's clock with a second source; it may be behind",
            Self::Expired => "phone the agency: its node has not been online for weeks",
            Self::Epoch { .. } => "phone the agency and the authority: somebody else may have its node's key",
            Self::Rollback { .. } => "phone the agency and the authority: old keys are being served",
            Self::Used => "fetch another prekey",
        }
    }

    /// A stable name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Malformed => "prekey-malformed",
            Self::SuiteUnknown(_) => "prekey-suite-unknown",
            Self::SuiteTooOld { .. } => "prekey-suite-too-old",
            Self::OtherNode => "prekey-of-another-node",
            Self::OtherKey => "prekey-of-another-key",
            Self::BadSignature => "prekey-bad-signature",
            Self::Life => "prekey-life",
            Self::NotYet => "prekey-not-yet",
            Self::Expired => "prekey-expired",
            Self::Epoch { .. } => "prekey-epoch",
            Self::Rollback { .. } => "prekey-rollback",
            Self::Key(_) => "prekey-unsound",
            Self::Used => "prekey-used",
        }
    }

    /// Whether a person should be told: no relay that is honest serves such a prekey of a node that is well, unless one's own
    /// registry copy is behind.
    #[must_use]
    pub const fn is_alarming(&self) -> bool {
        matches!(self, Self::OtherKey | Self::BadSignature | Self::Epoch { .. } | Self::Rollback { .. })
    }
}

/// What goes into a record.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PrekeyTerms {
    /// Whose prekey.
    pub node: NodeId,
    /// Signed or one-time.
    pub kind: PrekeyKind,
    /// Never decreases; one more after a restore.
    pub epoch: u64,
    /// First second of its life.
    pub not_before: Timestamp,
    /// Last second of its life, at most 30 days later.
    pub not_after: Timestamp,
}

/// What a sender, or the relay at publication, holds a record against.
#[derive(Clone, Copy)]
pub struct PrekeyContext<'a> {
    /// The intended node.
    pub node: NodeId,
    /// Its identity key in one's own registry copy.
    pub identity: &'a VerifyingKey,
    /// The registry's minimum suite.
    pub suite_min: u16,
    /// The time now.
    pub now: Timestamp,
    /// The highest epoch that this node has ever shown, 0 at first.
    pub epoch_seen: u64,
    /// Whether a prekey was sealed to before.
    pub used: &'a dyn Fn(&PrekeyId) -> bool,
}

/// A record whose layout is right; nothing else is known of it.
#[derive(Clone, PartialEq, Eq)]
pub struct PrekeyRecord {
    bytes: Box<[u8; PREKEY_RECORD_BYTES]>,
    id: PrekeyId,
    key_id: KeyId,
    suite: u16,
    terms: PrekeyTerms,
}

impl PrekeyRecord {
    /// Signs a record for `public`.
    #[must_use]
    pub fn sign(key: &SigningKey, terms: PrekeyTerms, public: &KemPublic) -> Self {
        let key_id = key.verifying_key().key_id();
        let writer = Writer::<PREKEY_RECORD_BYTES>::new()
            .put(&MAGIC)
            .put(&SUITE_1.to_be_bytes())
            .put(&[terms.kind.code()])
            .zero(1)
            .put(terms.node.as_bytes())
            .put(key_id.as_bytes())
            .put(&terms.epoch.to_be_bytes())
            .put(&terms.not_before.0.to_be_bytes())
            .put(&terms.not_after.0.to_be_bytes())
            .put(public.as_bytes());
        let id = prekey_id(writer.written());
        let signature = key.sign(terms.kind.label(), writer.written());
        Self { bytes: Box::new(writer.put(signature.as_bytes()).finish()), id, key_id, suite: SUITE_1, terms }
    }

    /// Reads a record's layout. Nothing is verified yet: see [`Self::check`].
    ///
    /// # Errors
    /// [`PrekeyRefused::Malformed`] or [`PrekeyRefused::SuiteUnknown`].
    pub fn parse(bytes: &[u8]) -> Result<Self, PrekeyRefused> {
        let bytes: [u8; PREKEY_RECORD_BYTES] = bytes.try_into().ok().ok_or(PrekeyRefused::Malformed)?;
        let mut reader = Reader::new(&bytes);
        reader.exactly(&MAGIC).ok_or(PrekeyRefused::Malformed)?;
        let suite = reader.u16().ok_or(PrekeyRefused::Malformed)?;
        if suite != SUITE_1 {
            return Err(PrekeyRefused::SuiteUnknown(suite));
        }
        let mut fields = || {
            let kind = match reader.u8()? {
                1 => PrekeyKind::Signed,
                2 => PrekeyKind::OneTime,
                _ => return None,
            };
            reader.zero(1)?;
            let node = NodeId::from_bytes(reader.array()?);
            let key_id = KeyId::from_bytes(reader.array()?);
            let epoch = reader.u64()?;
            let not_before = Timestamp(reader.u64()?);
            let not_after = Timestamp(reader.u64()?);
            Some((key_id, PrekeyTerms { node, kind, epoch, not_before, not_after }))
        };
        let (key_id, terms) = fields().ok_or(PrekeyRefused::Malformed)?;
        let (signed, _) = bytes.split_last_chunk::<SIGNATURE_BYTES>().ok_or(PrekeyRefused::Malformed)?;
        let id = prekey_id(signed);
        Ok(Self { bytes: Box::new(bytes), id, key_id, suite, terms })
    }

    /// Makes sure that this record may be sealed to, in the order of `docs/PROTOCOL.md` §6.
    ///
    /// # Errors
    /// [`PrekeyRefused`], the first check that fails.
    pub fn check(&self, context: &PrekeyContext<'_>) -> Result<CheckedPrekey, PrekeyRefused> {
        if self.suite < context.suite_min {
            return Err(PrekeyRefused::SuiteTooOld { offered: self.suite, minimum: context.suite_min });
        }
        if self.terms.node != context.node {
            return Err(PrekeyRefused::OtherNode);
        }
        if self.key_id != context.identity.key_id() {
            return Err(PrekeyRefused::OtherKey);
        }
        self.check_signature(context.identity)?;
        self.check_time(context.now)?;
        if !is_epoch(self.terms.epoch, context.now) {
            return Err(PrekeyRefused::Epoch { offered: self.terms.epoch });
        }
        if self.terms.epoch < context.epoch_seen {
            return Err(PrekeyRefused::Rollback { offered: self.terms.epoch, seen: context.epoch_seen });
        }
        let public = KemPublic::try_from(self.public_bytes()).map_err(PrekeyRefused::Key)?;
        if (context.used)(&self.id) {
            return Err(PrekeyRefused::Used);
        }
        Ok(CheckedPrekey { id: self.id, identity: self.key_id, terms: self.terms, public })
    }

    fn check_signature(&self, identity: &VerifyingKey) -> Result<(), PrekeyRefused> {
        let (signed, signature) = self.bytes.split_last_chunk::<SIGNATURE_BYTES>().ok_or(PrekeyRefused::Malformed)?;
        identity
            .verify(self.terms.kind.label(), signed, &Signature::from_bytes(*signature))
            .ok()
            .ok_or(PrekeyRefused::BadSignature)
    }

    fn check_time(&self, now: Timestamp) -> Result<(), PrekeyRefused> {
        let PrekeyTerms { not_before, not_after, .. } = self.terms;
        if not_after < not_before || not_after > not_before.after(PREKEY_LIFE_S) {
            return Err(PrekeyRefused::Life);
        }
        if now < not_before.before(PREKEY_SKEW_S) {
            return Err(PrekeyRefused::NotYet);
        }
        if now > not_after {
            return Err(PrekeyRefused::Expired);
        }
        Ok(())
    }

    /// The X-Wing key's bytes, unchecked.
    fn public_bytes(&self) -> &[u8] {
        self.bytes.get(96..).and_then(|rest| rest.get(..KEM_PUBLIC_BYTES)).unwrap_or_default()
    }

    /// `H("prekey-id", bytes 0..1312)[..16]`.
    #[must_use]
    pub const fn id(&self) -> PrekeyId {
        self.id
    }

    /// Node, kind, epoch and life, as the record claims them.
    #[must_use]
    pub const fn terms(&self) -> &PrekeyTerms {
        &self.terms
    }

    /// The identity key that it says it is signed with.
    #[must_use]
    pub const fn identity(&self) -> KeyId {
        self.key_id
    }

    /// The bytes, as signed and as they travel.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; PREKEY_RECORD_BYTES] {
        &self.bytes
    }
}

/// The id commits to everything but the signature.
fn prekey_id(signed: &[u8]) -> PrekeyId {
    PrekeyId::from_bytes(hash16(HashLabel::PrekeyId, &[signed]))
}

/// A prekey that passed every check: the only thing a first message can be sealed to.
#[derive(Clone)]
pub struct CheckedPrekey {
    id: PrekeyId,
    identity: KeyId,
    terms: PrekeyTerms,
    public: KemPublic,
}

impl CheckedPrekey {
    /// Its id.
    #[must_use]
    pub const fn id(&self) -> PrekeyId {
        self.id
    }

    /// The recipient's identity key.
    #[must_use]
    pub const fn identity(&self) -> KeyId {
        self.identity
    }

    /// Node, kind, epoch and life.
    #[must_use]
    pub const fn terms(&self) -> &PrekeyTerms {
        &self.terms
    }

    /// The key to seal to.
    #[must_use]
    pub const fn public(&self) -> &KemPublic {
        &self.public
    }
}
