//! `H(label, m) = SHA-256(label || 0x00 || m)`: every hash of ours says what it is a hash of.

use sha2::{Digest as _, Sha256};

/// What is hashed. The list is closed; no label is a prefix of another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum HashLabel {
    /// A node's first identity key and 16 random bytes.
    NodeId,
    /// Algorithm and public key.
    KeyId,
    /// A prekey record without its signature.
    PrekeyId,
    /// A reply block.
    ReplyKeyId,
    /// A slot's secret.
    Slot,
    /// A sealed envelope.
    Envelope,
    /// A signed header.
    Header,
    /// What hedges the coins of an encapsulation.
    Encap,
    /// Salt, length and content of a message.
    Content,
    /// Reply block and checkpoint note.
    Rest,
    /// Salt and the sorted node ids of all recipients.
    Recipients,
    /// One link of a pair chain.
    Evidence,
    /// An invitation's secret.
    InviteId,
    /// The bits of an invitation code.
    InviteCheck,
    /// The identity key that is read over the telephone.
    SafetyWords,
    /// A root file up to its signatures.
    Root,
    /// Salt, length and a directory record.
    Directory,
    /// The bits of a succession key on paper.
    PaperCheck,
    /// Salt and the state of a node's evidence and policy.
    NodeHead,
    /// A case event: what the next one names.
    CaseEvent,
    /// Salt, length and details of a case event.
    CaseDetails,
    /// Salt, length and bytes of a document.
    Document,
    /// The secret of a sealed document at a relay.
    Blob,
}

impl HashLabel {
    /// Every label.
    pub const ALL: [Self; 23] = [
        Self::NodeId,
        Self::KeyId,
        Self::PrekeyId,
        Self::ReplyKeyId,
        Self::Slot,
        Self::Envelope,
        Self::Header,
        Self::Encap,
        Self::Content,
        Self::Rest,
        Self::Recipients,
        Self::Evidence,
        Self::InviteId,
        Self::InviteCheck,
        Self::SafetyWords,
        Self::Root,
        Self::Directory,
        Self::PaperCheck,
        Self::NodeHead,
        Self::CaseEvent,
        Self::CaseDetails,
        Self::Document,
        Self::Blob,
    ];

    /// The label as it is hashed, without the NUL byte that follows.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NodeId => "safeconduct/v1 node-id",
            Self::KeyId => "safeconduct/v1 key-id",
            Self::PrekeyId => "safeconduct/v1 prekey-id",
            Self::ReplyKeyId => "safeconduct/v1 reply-key-id",
            Self::Slot => "safeconduct/v1 slot",
            Self::Envelope => "safeconduct/v1 envelope",
            Self::Header => "safeconduct/v1 header",
            Self::Encap => "safeconduct/v1 encap",
            Self::Content => "safeconduct/v1 content",
            Self::Rest => "safeconduct/v1 rest",
            Self::Recipients => "safeconduct/v1 recipients",
            Self::Evidence => "safeconduct/v1 evidence",
            Self::InviteId => "safeconduct/v1 invite-id",
            Self::InviteCheck => "safeconduct/v1 invite-check",
            Self::SafetyWords => "safeconduct/v1 safety-words",
            Self::Root => "safeconduct/v1 root",
            Self::Directory => "safeconduct/v1 directory",
            Self::PaperCheck => "safeconduct/v1 paper-check",
            Self::NodeHead => "safeconduct/v1 node-head",
            Self::CaseEvent => "safeconduct/v1 case-event",
            Self::CaseDetails => "safeconduct/v1 case-details",
            Self::Document => "safeconduct/v1 document",
            Self::Blob => "safeconduct/v1 blob",
        }
    }
}

/// `H(label, parts one after the other)`.
#[must_use]
pub fn hash(label: HashLabel, parts: &[&[u8]]) -> [u8; 32] {
    let mut state = Sha256::new();
    state.update(label.as_str().as_bytes());
    state.update([0]);
    for part in parts {
        state.update(part);
    }
    state.finalize().into()
}

/// The first 16 bytes of [`hash`].
#[must_use]
pub fn hash16(label: HashLabel, parts: &[&[u8]]) -> [u8; 16] {
    let mut short = [0; 16];
    for (to, from) in short.iter_mut().zip(hash(label, parts)) {
        *to = from;
    }
    short
}

/// Plain SHA-256, for the places that a standard fixes (TLS SPKI hashes, RFC 6962) and for evidence entries.
#[must_use]
pub fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    let mut state = Sha256::new();
    for part in parts {
        state.update(part);
    }
    state.finalize().into()
}

/// [`sha256`] of what comes piece by piece.
#[derive(Clone, Default)]
pub struct Pieces(Sha256);

impl Pieces {
    /// Takes the next bytes.
    pub fn take(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The hash of all that came.
    #[must_use]
    pub fn finish(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_label_is_a_prefix_of_another() {
        for (at, one) in HashLabel::ALL.iter().enumerate() {
            for (other_at, other) in HashLabel::ALL.iter().enumerate() {
                assert!(at == other_at || !other.as_str().starts_with(one.as_str()), "{one:?} {other:?}");
            }
        }
    }

    #[test]
    fn parts_are_hashed_as_if_they_were_one() {
        assert_eq!(hash(HashLabel::Slot, &[b"ab", b"c"]), hash(HashLabel::Slot, &[b"abc"]));
        assert_ne!(hash(HashLabel::Slot, &[b"abc"]), hash(HashLabel::Rest, &[b"abc"]));
        assert_eq!(hash(HashLabel::Slot, &[b"abc"]), sha256(&[b"safeconduct/v1 slot", &[0], b"abc"]));
        let mut pieces = Pieces::default();
        [&b"ab"[..], b"", b"c"].iter().for_each(|piece| pieces.take(piece));
        assert_eq!(pieces.finish(), sha256(&[b"abc"]));
    }
}
