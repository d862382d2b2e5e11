//! What a post says of the document that it brings: where it lies, how it opens, and what its sender vouches for (`docs/PROTOCOL.md` §7).

use core::fmt::Write as _;

use safeconduct_protocol::{
    blob::{BlobSecret, BlobShape},
    document::{
        key::{Place, content_key},
        shape::Shape,
        stream::Chunks,
    },
    id::{NodeId, RelayId},
    secret::Secret,
};
use zeroize::Zeroizing;

use super::kind::Kind;
use crate::referral::json::{self, Json};

/// Documents of one post are numbered below this.
pub const INDEX_MAX: u8 = 31;

/// The member `document` of a post. Secrets: no `Debug`.
pub struct Enclosed {
    /// The attachment of the referral that it is.
    pub attachment: [u8; 16],
    /// Its number in the post.
    pub index: u8,
    /// The recipient's relay, at which it lies.
    pub relay: RelayId,
    /// Fetches it there.
    pub blob_secret: BlobSecret,
    /// From which the key is made.
    pub key: Secret<32>,
    /// Bytes of the document.
    pub length: u64,
    /// Of the next.
    pub salt: [u8; 32],
    /// `H("document", salt || length || document)`.
    pub salted: [u8; 32],
    /// SHA-256 of what lies at the relay.
    pub cipher: [u8; 32],
    /// What it is.
    pub kind: Kind,
}

const NAMES: [&str; 10] = [
    "attachment_id",
    "index",
    "relay",
    "blob_secret",
    "key",
    "length",
    "salt",
    "salted_sha256",
    "cipher_sha256",
    "media_type",
];

impl Enclosed {
    /// The member's value: canonical JSON, bytes in hex.
    #[must_use]
    pub fn to_json(&self) -> Zeroizing<String> {
        // Room for all at once: a text that grows leaves copies behind.
        let mut text = Zeroizing::new(String::with_capacity(1024));
        let values = [
            quoted(&self.attachment),
            Zeroizing::new(self.index.to_string()),
            Zeroizing::new(self.relay.0.to_string()),
            quoted(self.blob_secret.as_bytes()),
            quoted(self.key.reveal()),
            Zeroizing::new(self.length.to_string()),
            quoted(&self.salt),
            quoted(&self.salted),
            quoted(&self.cipher),
            Zeroizing::new(format!("\"{}\"", self.kind.media_type())),
        ];
        for (place, (name, value)) in NAMES.iter().zip(&values).enumerate() {
            text.push(if place == 0 { '{' } else { ',' });
            // Writing to a String cannot fail.
            write!(text, "\"{name}\":{}", value.as_str()).ok();
        }
        text.push('}');
        text
    }

    /// Reads the member's value from its text; none unless it is exactly what [`Self::to_json`] writes, up to the order of its members.
    #[must_use]
    pub fn from_json(text: &[u8]) -> Option<Self> {
        Self::read(&json::parse(text).ok()?)
    }

    /// Reads the member's value; none unless it is exactly what [`Self::to_json`] writes, up to the order of its members.
    pub(crate) fn read(node: &Json) -> Option<Self> {
        let Json::Object(members) = node else { return None };
        if members.len() != NAMES.len() {
            return None;
        }
        let whole = |name| {
            let Json::Whole(number) = node.get(name)? else { return None };
            u64::try_from(*number).ok()
        };
        let length = whole("length").filter(|length| Shape::of(*length).is_some())?;
        let Json::Text(kind) = node.get("media_type")? else { return None };
        Some(Self {
            attachment: hex(node, "attachment_id")?,
            index: u8::try_from(whole("index")?).ok().filter(|index| *index <= INDEX_MAX)?,
            relay: RelayId(u32::try_from(whole("relay")?).ok()?),
            blob_secret: BlobSecret::from_bytes(hex(node, "blob_secret")?),
            key: Secret::new(hex(node, "key")?),
            length,
            salt: hex(node, "salt")?,
            salted: hex(node, "salted_sha256")?,
            cipher: hex(node, "cipher_sha256")?,
            kind: Kind::of_media_type(kind)?,
        })
    }

    /// Its shape at the relay; none of a length that no document has.
    #[must_use]
    pub fn blob_shape(&self) -> Option<BlobShape> {
        BlobShape::of(Shape::of(self.length)?.sealed())
    }
}

/// What seals and opens the chunks of one document.
pub(super) fn chunks(key: &Secret<32>, post: [u8; 16], recipient: NodeId, index: u8, shape: Shape) -> Chunks {
    Chunks::new(&content_key(key, &Place { post, recipient, index: u32::from(index) }), shape)
}

fn quoted(bytes: &[u8]) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(bytes.len().saturating_mul(2).saturating_add(2)));
    text.push('"');
    for byte in bytes {
        // Writing to a String cannot fail.
        write!(text, "{byte:02x}").ok();
    }
    text.push('"');
    text
}

/// Exactly so many bytes, in lower-case hex.
fn hex<const N: usize>(node: &Json, name: &str) -> Option<[u8; N]> {
    let Json::Text(text) = node.get(name)? else { return None };
    let digits = text.as_bytes();
    if digits.len() != N.checked_mul(2)? {
        return None;
    }
    let digit = |byte: &u8| match byte {
        b'0'..=b'9' => byte.checked_sub(b'0'),
        b'a'..=b'f' => byte.checked_sub(b'a')?.checked_add(10),
        _ => None,
    };
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let [high, low] = pair else { return None };
        *byte = digit(high)? << 4 | digit(low)?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn enclosed() -> Enclosed {
        Enclosed {
            attachment: [1; 16],
            index: 3,
            relay: RelayId(7),
            blob_secret: BlobSecret::from_bytes([2; 32]),
            key: Secret::new([0xab; 32]),
            length: 70_000,
            salt: [4; 32],
            salted: [5; 32],
            cipher: [6; 32],
            kind: Kind::Pdf,
        }
    }

    fn read(text: &str) -> Option<Enclosed> {
        Enclosed::from_json(text.as_bytes())
    }

    #[test]
    fn what_is_written_is_read_back_to_the_same_bytes() {
        let text = enclosed().to_json();
        let back = read(&text).unwrap();
        assert!(*back.to_json() == *text && text.len() < 1024);
        assert_eq!((back.index, back.relay, back.length, back.kind), (3, RelayId(7), 70_000, Kind::Pdf));
    }

    #[test]
    fn any_other_form_is_refused() {
        let text = enclosed().to_json();
        for (from, to) in [
            ("\"index\":3", "\"index\":32"),
            ("\"index\":3", "\"index\":\"3\""),
            ("\"index\":3", "\"index\":3.5"),
            ("\"index\":3", "\"index\":-1"),
            ("\"length\":70000", "\"length\":104857601"),
            ("\"relay\":7", "\"relay\":4294967296"),
            ("abab", "ABAB"),
            ("abab", "aba"),
            ("abab", "abag"),
            ("application/pdf", "application/zip"),
            ("\"salt\"", "\"pepper\""),
            ("}", ",\"more\":1}"),
        ] {
            assert!(text.contains(from) && read(&text.replacen(from, to, 1)).is_none(), "{from} → {to}");
        }
        assert!(read("[]").is_none() && read("{}").is_none());
    }
}
