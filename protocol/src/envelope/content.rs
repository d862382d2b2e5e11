//! The contents that daemons exchange among themselves (`docs/PROTOCOL.md` §7): receipts (type 2) and control words
//! (type 3). A referral's content is the client's business.

use crate::{
    entropy::{self, Entropy, NoEntropy},
    layout::Reader,
};

const CONTROL_MAGIC: [u8; 4] = *b"SCC1";
/// Random bytes of a ping.
pub const PING_BYTES: usize = 16;

/// The bytes are not the content that their type asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the content is not one of its type")]
pub struct ContentMalformed;

/// Content of type 2: `u8 count || count × (u16 length || receipt)`, at least one, each about the same message.
///
/// # Errors
/// [`ContentMalformed`] for none, more than 255, or one longer than 65535 bytes.
pub fn encode_receipts(receipts: &[&[u8]]) -> Result<Vec<u8>, ContentMalformed> {
    let count = u8::try_from(receipts.len()).ok().filter(|count| *count > 0).ok_or(ContentMalformed)?;
    let mut content = vec![count];
    for receipt in receipts {
        let length = u16::try_from(receipt.len()).ok().ok_or(ContentMalformed)?;
        content.extend_from_slice(&length.to_be_bytes());
        content.extend_from_slice(receipt);
    }
    Ok(content)
}

/// The receipts in content of type 2.
///
/// # Errors
/// [`ContentMalformed`] for none, for a count or a length that lies, and for bytes that follow.
pub fn decode_receipts(content: &[u8]) -> Result<Vec<&[u8]>, ContentMalformed> {
    let read = || {
        let mut reader = Reader::new(content);
        let count = reader.u8().filter(|count| *count > 0)?;
        let receipts = (0..count)
            .map(|_| {
                let length = usize::from(reader.u16()?);
                reader.slice(length)
            })
            .collect::<Option<Vec<_>>>()?;
        reader.end()?;
        Some(receipts)
    };
    read().ok_or(ContentMalformed)
}

/// Content of type 3: `SCC1 || u8 kind || body`.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Control {
    /// 1: the node was restored from a backup; the body is a signed notice.
    RestoreNotice(Vec<u8>),
    /// 2: the node's keys change; the body is a signed notice.
    KeyChange(Vec<u8>),
    /// 3: answer with a `delivered` receipt; nobody needs to see it.
    Ping([u8; PING_BYTES]),
}

impl Control {
    /// A ping that no other ping equals.
    ///
    /// # Errors
    /// [`NoEntropy`] as the source says.
    pub fn ping(entropy: &mut dyn Entropy) -> Result<Self, NoEntropy> {
        entropy::random(entropy).map(Self::Ping)
    }

    /// The content.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let (kind, body): (u8, &[u8]) = match self {
            Self::RestoreNotice(body) => (1, body),
            Self::KeyChange(body) => (2, body),
            Self::Ping(body) => (3, body),
        };
        [&CONTROL_MAGIC, &[kind][..], body].concat()
    }

    /// Reads content of type 3.
    ///
    /// # Errors
    /// [`ContentMalformed`], also for a kind that this version does not know.
    pub fn decode(content: &[u8]) -> Result<Self, ContentMalformed> {
        let read = || {
            let mut reader = Reader::new(content);
            reader.exactly(&CONTROL_MAGIC)?;
            match reader.u8()? {
                1 => Some(Self::RestoreNotice(reader.rest().to_vec())),
                2 => Some(Self::KeyChange(reader.rest().to_vec())),
                3 => {
                    let body = reader.array()?;
                    reader.end()?;
                    Some(Self::Ping(body))
                }
                _ => None,
            }
        };
        read().ok_or(ContentMalformed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn receipts_round_trip_and_a_lying_count_is_refused() {
        let content = encode_receipts(&[b"one", b"three"]).unwrap();
        assert_eq!(decode_receipts(&content).unwrap(), [&b"one"[..], b"three"]);

        for (at, value) in [(0, 0), (0, 1), (0, 3), (2, 2), (2, 9)] {
            let mut bad = content.clone();
            bad[at] = value;
            assert_eq!(decode_receipts(&bad), Err(ContentMalformed), "byte {at} = {value}");
        }
        assert_eq!(encode_receipts(&[]), Err(ContentMalformed));
        assert_eq!(decode_receipts(&[]), Err(ContentMalformed));
        assert_eq!(decode_receipts(&[0]), Err(ContentMalformed), "a count of none");
    }

    #[test]
    fn control_words_round_trip_and_others_are_refused() {
        for word in [Control::Ping([7; 16]), Control::RestoreNotice(vec![1]), Control::KeyChange(vec![])] {
            assert!(Control::decode(&word.encode()).is_ok_and(|read| read == word));
        }
        for bad in [&b"SCC1"[..], b"SCC1\x04", b"SCC2\x01", b"SCC1\x03short", b"SCC1\x0300000000000000001"] {
            assert!(Control::decode(bad).is_err());
        }
    }
}
