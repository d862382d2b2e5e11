//! The inner plaintext (`docs/PROTOCOL.md` §7):
//!
//! ```text
//! signed header 352 || signature 64 || salt 32 || u32 n || content n || reply block 0 or 1252
//!     || u16 m || checkpoint note m || zero to the end
//! ```

use zeroize::Zeroizing;

use super::{
    header::{HEADER_BYTES, ReplyFlag, SignedHeader},
    reply::{REPLY_BLOCK_BYTES, ReplyBlock},
    sealed::CIPHERTEXT_AT,
};
use crate::{
    crypto::{
        kem::TAG_BYTES,
        sign::{SIGNATURE_BYTES, Signature},
    },
    layout::{Reader, is_zero},
    limits::{CHECKPOINT_NOTE_BYTES_MAX, CONTENT_BYTES_MAX, ENVELOPE_CLASSES_BYTES},
    personal::{Personal, PersonalBytes},
};

/// What follows header and signature, as the sender has it.
pub(crate) struct Body<'a> {
    pub(crate) salt: &'a [u8; 32],
    pub(crate) content: &'a [u8],
    pub(crate) reply: Option<&'a ReplyBlock>,
    pub(crate) checkpoint: &'a [u8],
}

impl Body<'_> {
    /// The bytes between signature and padding.
    fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let content_length = u32::try_from(self.content.len()).unwrap_or(u32::MAX);
        let note_length = u16::try_from(self.checkpoint.len()).unwrap_or(u16::MAX);
        Zeroizing::new(
            [
                self.salt.as_slice(),
                &content_length.to_be_bytes(),
                self.content,
                self.reply_bytes(),
                &note_length.to_be_bytes(),
                self.checkpoint,
            ]
            .concat(),
        )
    }

    /// The reply block's bytes, none when there is none.
    pub(crate) fn reply_bytes(&self) -> &[u8] {
        self.reply.map_or(&[], |block| block.as_bytes().as_slice())
    }
}

/// A padded plaintext without its signature, ready to be hedged, then signed.
pub(crate) struct Unsigned {
    /// Header, a place for the signature, body, padding.
    bytes: Zeroizing<Vec<u8>>,
}

impl Unsigned {
    /// Lays out `body` for the smallest class that holds it; `None` when none does.
    pub(crate) fn lay_out(body: &Body<'_>) -> Option<Self> {
        let body = body.to_bytes();
        let needed = HEADER_BYTES.checked_add(SIGNATURE_BYTES)?.checked_add(body.len())?;
        let room = ENVELOPE_CLASSES_BYTES.into_iter().map(room_in).find(|room| *room >= needed)?;
        let mut bytes = Zeroizing::new(vec![0; room]);
        bytes.get_mut(HEADER_BYTES.checked_add(SIGNATURE_BYTES)?..needed)?.copy_from_slice(&body);
        Some(Self { bytes })
    }

    /// What the coins commit to: the plaintext with this header, the signature left out.
    pub(crate) fn without_signature<'a>(&'a self, header: &'a [u8; HEADER_BYTES]) -> [&'a [u8]; 2] {
        let body = self.bytes.get(HEADER_BYTES..).and_then(|rest| rest.get(SIGNATURE_BYTES..)).unwrap_or_default();
        [header, body]
    }

    /// The plaintext with header and signature in place.
    pub(crate) fn complete(mut self, header: &[u8; HEADER_BYTES], signature: &Signature) -> Zeroizing<Vec<u8>> {
        let signed = header.iter().chain(signature.as_bytes());
        for (to, from) in self.bytes.iter_mut().zip(signed) {
            *to = *from;
        }
        self.bytes
    }
}

/// Plaintext bytes in an envelope of this class.
fn room_in(class_bytes: usize) -> usize {
    class_bytes.saturating_sub(CIPHERTEXT_AT).saturating_sub(TAG_BYTES)
}

/// An opened plaintext, its layout checked and nothing else.
pub(crate) struct Inner {
    pub(crate) signed: SignedHeader,
    pub(crate) salt: [u8; 32],
    pub(crate) content: PersonalBytes,
    pub(crate) reply: Option<ReplyBlock>,
    pub(crate) checkpoint: Vec<u8>,
}

impl Inner {
    /// Reads a plaintext strictly: exact lengths, known type and flags, zero padding.
    pub(crate) fn parse(plaintext: &[u8]) -> Option<Self> {
        let mut reader = Reader::new(plaintext);
        let header = reader.array::<HEADER_BYTES>()?;
        let signature = Signature::from_bytes(reader.array::<SIGNATURE_BYTES>()?);
        let signed = SignedHeader::parse(&header, signature)?;
        let salt = reader.array()?;
        let length = usize::try_from(reader.u32()?).ok().filter(|length| *length <= CONTENT_BYTES_MAX)?;
        let content = Personal::new(Zeroizing::new(reader.slice(length)?.to_vec()));
        let reply = match signed.header().reply {
            ReplyFlag::Present => Some(ReplyBlock::parse(&reader.array::<REPLY_BLOCK_BYTES>()?)?),
            ReplyFlag::Absent => None,
        };
        let length = usize::from(reader.u16()?);
        if length > CHECKPOINT_NOTE_BYTES_MAX {
            return None;
        }
        let checkpoint = reader.slice(length)?.to_vec();
        is_zero(reader.rest()).then_some(Self { signed, salt, content, reply, checkpoint })
    }
}
