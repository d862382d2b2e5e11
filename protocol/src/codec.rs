//! Bounded, canonical coding of frames; the only place that knows bincode (`docs/PROTOCOL.md` §4).
//!
//! Signed objects never pass through here: they have fixed layouts and are parsed from the bytes that were signed.

use core::{fmt, marker::PhantomData};

use bincode::config::{self, BigEndian, Configuration, Limit, Varint};
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{DeserializeOwned, SeqAccess, Visitor},
};

use crate::{frame::LENGTH_PREFIX_BYTES, limits::FRAME_BYTES_MAX};

/// What a value may claim. bincode counts a number, and the length of each list, at its full width and not at the bytes that it
/// takes, so that a value which fills a frame claims some more; each claim is held against this before room is made for it.
const CLAIMED_BYTES_MAX: usize = FRAME_BYTES_MAX + 1_024;

const CONFIG: Configuration<BigEndian, Varint, Limit<CLAIMED_BYTES_MAX>> =
    config::standard().with_big_endian().with_variable_int_encoding().with_limit::<CLAIMED_BYTES_MAX>();

/// Bytes that are not one canonical value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CodecError {
    /// More than [`FRAME_BYTES_MAX`] bytes.
    #[error("the value is longer than {FRAME_BYTES_MAX} bytes")]
    TooLong,
    /// Not a value of the type: truncated, an unknown variant, a length that lies.
    #[error("the bytes are no value of this version")]
    Malformed,
    /// A value, and more bytes after it.
    #[error("{0} bytes follow the value")]
    Trailing(usize),
    /// A value, coded in another way than the one way.
    #[error("the value is not coded in its one canonical form")]
    NonCanonical,
}

/// The one encoding of `value`.
///
/// # Errors
/// [`CodecError::TooLong`] when it does not fit a frame.
pub fn encode<T: Serialize>(value: &T) -> Result<Vec<u8>, CodecError> {
    let bytes = bincode::serde::encode_to_vec(value, CONFIG).ok().ok_or(CodecError::Malformed)?;
    if bytes.len() > FRAME_BYTES_MAX { Err(CodecError::TooLong) } else { Ok(bytes) }
}

/// The value that `bytes` encode, if they are exactly its one encoding.
///
/// # Errors
/// Any [`CodecError`].
pub fn decode<T: Serialize + DeserializeOwned>(bytes: &[u8]) -> Result<T, CodecError> {
    if bytes.len() > FRAME_BYTES_MAX {
        return Err(CodecError::TooLong);
    }
    let (value, used): (T, usize) =
        bincode::serde::decode_from_slice(bytes, CONFIG).ok().ok_or(CodecError::Malformed)?;
    if used != bytes.len() {
        return Err(CodecError::Trailing(bytes.len().saturating_sub(used)));
    }
    if encode(&value)? != bytes {
        return Err(CodecError::NonCanonical);
    }
    Ok(value)
}

/// Reads a list that takes room as its items come. What serde reads by itself makes room for as many as are claimed, up to a mebibyte
/// for a frame of a few bytes.
pub(crate) fn list<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    struct Items<T>(PhantomData<T>);

    impl<'de, T: Deserialize<'de>> Visitor<'de> for Items<T> {
        type Value = Vec<T>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a list")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Vec<T>, A::Error> {
            let mut all = Vec::new();
            while let Some(item) = items.next_element()? {
                all.push(item);
            }
            Ok(all)
        }
    }

    deserializer.deserialize_seq(Items(PhantomData))
}

/// The encoding of a frame of at most `most` bytes, with its length before it.
///
/// # Errors
/// [`CodecError::TooLong`] for a longer one.
pub(crate) fn to_wire<T: Serialize>(frame: &T, most: usize) -> Result<Vec<u8>, CodecError> {
    let body = encode(frame)?;
    if body.len() > most {
        return Err(CodecError::TooLong);
    }
    let length = u32::try_from(body.len()).ok().ok_or(CodecError::TooLong)?;
    let mut wire = Vec::with_capacity(body.len().saturating_add(LENGTH_PREFIX_BYTES));
    wire.extend_from_slice(&length.to_be_bytes());
    wire.extend_from_slice(&body);
    Ok(wire)
}

/// The length that a prefix announces.
///
/// # Errors
/// [`CodecError::TooLong`] for more than `most`, before anything is allocated; [`CodecError::Malformed`] for 0.
pub(crate) fn body_length(prefix: [u8; LENGTH_PREFIX_BYTES], most: usize) -> Result<usize, CodecError> {
    match usize::try_from(u32::from_be_bytes(prefix)).ok().ok_or(CodecError::TooLong)? {
        0 => Err(CodecError::Malformed),
        length if length <= most => Ok(length),
        _ => Err(CodecError::TooLong),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trailing_bytes_are_refused() {
        let mut bytes = encode(&7_u64).unwrap();
        bytes.push(0);
        assert_eq!(decode::<u64>(&bytes), Err(CodecError::Trailing(1)));
    }

    #[test]
    fn a_longer_form_of_a_small_number_is_refused() {
        assert_eq!(decode::<u64>(&[0xfb, 0x00, 0x07]), Err(CodecError::NonCanonical));
    }

    #[test]
    fn a_length_that_lies_is_refused() {
        let bytes = [0xfd, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
        assert_eq!(decode::<serde_bytes::ByteBuf>(&bytes), Err(CodecError::Malformed));
    }

    #[test]
    fn a_value_that_fills_a_frame_passes_and_one_byte_more_does_not() {
        // One byte says that four of length follow.
        let fills = FRAME_BYTES_MAX - 5;
        let value = serde_bytes::ByteBuf::from(vec![7; fills]);
        let bytes = encode(&value).unwrap();
        assert_eq!((bytes.len(), decode::<serde_bytes::ByteBuf>(&bytes)), (FRAME_BYTES_MAX, Ok(value)));

        let more = serde_bytes::ByteBuf::from(vec![7; fills + 1]);
        assert_eq!(encode(&more), Err(CodecError::TooLong));
        let mut long = bytes;
        long.push(0);
        assert_eq!(decode::<serde_bytes::ByteBuf>(&long), Err(CodecError::TooLong));
    }

    #[derive(Serialize, Deserialize, PartialEq, Debug)]
    struct Listed {
        #[serde(deserialize_with = "list")]
        items: Vec<u16>,
    }

    #[test]
    fn a_list_comes_back_as_it_was_and_what_is_none_is_refused_by_name() {
        for items in [vec![], vec![1], vec![1, 2, 300]] {
            let listed = Listed { items };
            assert_eq!(decode::<Listed>(&encode(&listed).unwrap()), Ok(listed));
        }
        let other: Result<Listed, _> = serde_json::from_str(r#"{"items": 7}"#);
        assert!(other.unwrap_err().to_string().contains("expected a list"));
    }
}
