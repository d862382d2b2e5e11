//! The key of one document for one recipient: no two recipients' copies are alike, and none opens as another's.

use hkdf::Hkdf;
use sha2::Sha256;

use crate::{id::NodeId, secret::Secret};

const INFO: &[u8] = b"safeconduct/v1 attachment";

/// Which document of which post, and for whom.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    /// The post that brings the key: its id, which is known before there is a message, and is the same for all recipients.
    pub post: [u8; 16],
    /// Its recipient.
    pub recipient: NodeId,
    /// The document's number in it.
    pub index: u32,
}

/// `HKDF-SHA256(ikm = secret, salt = post id, info = "safeconduct/v1 attachment" || recipient node id || index u32)`, 32 bytes.
#[must_use]
pub fn content_key(secret: &Secret<32>, place: &Place) -> Secret<32> {
    let hkdf = Hkdf::<Sha256>::new(Some(&place.post), secret.reveal());
    let mut key = zeroize::Zeroizing::new([0; 32]);
    let info = [INFO, place.recipient.as_bytes(), &place.index.to_be_bytes()];
    // 32 bytes are one block of SHA-256: there is always so much.
    let expanded = hkdf.expand_multi_info(&info, key.as_mut_slice());
    debug_assert!(expanded.is_ok(), "one block");
    Secret::new(*key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_of_the_place_makes_another_key() {
        let place = Place { post: [1; 16], recipient: NodeId::from_bytes([2; 32]), index: 3 };
        let secret = Secret::new([4; 32]);
        let key = |place: &Place| *content_key(&secret, place).reveal();
        let first = key(&place);

        assert_eq!(first, key(&place));
        for other in [
            Place { post: [9; 16], ..place },
            Place { recipient: NodeId::from_bytes([9; 32]), ..place },
            Place { index: 4, ..place },
        ] {
            assert_ne!(first, key(&other));
        }
        assert_ne!(first, *content_key(&Secret::new([5; 32]), &place).reveal());
    }
}
