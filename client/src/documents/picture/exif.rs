//! Of all that Exif says, which way up a picture is to be held (Exif 2.32 §4.6.4, tag 0x0112; TIFF 6.0 §2).

const ORIENTATION: u16 = 0x0112;
const SHORT: u16 = 3;

/// The orientation that is written in a TIFF structure, 2 to 8; none where it is 1, the usual, or nothing to be understood.
pub(super) fn orientation(tiff: &[u8]) -> Option<u8> {
    let is_little = match tiff.get(..4)? {
        b"II*\0" => true,
        b"MM\0*" => false,
        _ => return None,
    };
    let two = |at: usize| {
        let bytes: [u8; 2] = tiff.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if is_little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
    };
    let four = |at: usize| {
        let bytes: [u8; 4] = tiff.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if is_little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    };
    let directory = usize::try_from(four(4)?).ok()?;
    for entry in 0..usize::from(two(directory)?) {
        let at = directory.checked_add(2)?.checked_add(entry.checked_mul(12)?)?;
        if two(at)? == ORIENTATION && two(at.checked_add(2)?)? == SHORT {
            return u8::try_from(two(at.checked_add(8)?)?).ok().filter(|value| (2..=8).contains(value));
        }
    }
    None
}

/// A TIFF structure that says this and nothing else.
pub(super) fn only(orientation: u8) -> [u8; 26] {
    let mut tiff = *b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\0\0\0\0\0\0\0";
    if let Some(value) = tiff.get_mut(19) {
        *value = orientation;
    }
    tiff
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_in_either_byte_order_and_nothing_else_is() {
        for value in 2..=8 {
            assert_eq!(orientation(&only(value)), Some(value));
        }
        for nothing in [0, 1, 9, 255] {
            assert_eq!(orientation(&only(nothing)), None);
        }
        let little = b"II*\0\x08\0\0\0\x02\0\x0f\x01\x02\0\x03\0\0\0abc\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
        assert_eq!(orientation(little), Some(6));
        for end in 0..32 {
            assert_eq!(orientation(&little[..end]), None, "cut at {end}");
        }
        assert_eq!(orientation(b"II*\0\xff\xff\xff\xff\x01\0"), None, "a place that lies");
    }
}
