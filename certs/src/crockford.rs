//! Crockford's base32: made to be read aloud. No I, L, O, U; either case; spaces and hyphens are skipped.

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A character that stands for nothing: place among the counted characters, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotADigit {
    pub(crate) place: usize,
}

/// Writes the first `characters * 5` bits of `bytes`, in groups of five.
pub(crate) fn write(bytes: &[u8], characters: usize) -> String {
    let mut text = String::with_capacity(characters.saturating_mul(2));
    for place in 0..characters {
        if place > 0 && place.checked_rem(5) == Some(0) {
            text.push('-');
        }
        let first = place.saturating_mul(5);
        let value =
            (first..first.saturating_add(5)).fold(0_usize, |value, at| value << 1 | usize::from(bit(bytes, at)));
        text.push(ALPHABET.get(value).copied().map_or('0', char::from));
    }
    text
}

/// Reads all characters into values of five bits; the caller judges how many there are.
pub(crate) fn read(text: &str) -> Result<Vec<u8>, NotADigit> {
    let mut values: Vec<u8> = Vec::new();
    for character in text.chars().filter(|c| !c.is_whitespace() && *c != '-') {
        // Nobody types a thousand characters; the caller's error will be about length.
        if values.len() > 1000 {
            break;
        }
        let value = value_of(character).ok_or_else(|| NotADigit { place: values.len().saturating_add(1) })?;
        values.push(value);
    }
    Ok(values)
}

/// Packs values of five bits, left-aligned, zero bits after.
pub(crate) fn pack<const N: usize>(values: &[u8]) -> [u8; N] {
    let mut bytes = [0_u8; N];
    for (place, value) in values.iter().enumerate() {
        for offset in 0..5_usize {
            let set = value >> 4_usize.saturating_sub(offset) & 1;
            let at = place.saturating_mul(5).saturating_add(offset);
            if let Some(byte) = bytes.get_mut(at >> 3) {
                *byte |= set << 7_usize.saturating_sub(at & 7);
            }
        }
    }
    bytes
}

/// The first `count` values of five bits.
pub(crate) fn fives(bytes: &[u8], count: usize) -> impl Iterator<Item = u8> {
    (0..count).map(move |place| {
        let first = place.saturating_mul(5);
        (first..first.saturating_add(5)).fold(0, |value, at| value << 1 | u8::from(bit(bytes, at)))
    })
}

/// One bit, the first of a byte being its highest; bits past the end are zero.
pub(crate) fn bit(bytes: &[u8], at: usize) -> bool {
    bytes.get(at >> 3).is_some_and(|byte| byte >> 7_usize.saturating_sub(at & 7) & 1 == 1)
}

fn value_of(character: char) -> Option<u8> {
    let digit = match character.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let place = ALPHABET.iter().position(|known| char::from(*known) == digit)?;
    u8::try_from(place).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_in_any_spelling() {
        let bytes = *b"safeconduct!";
        let text = write(&bytes, 19);
        assert_eq!(text.len(), 19 + 3);
        let packed: [u8; 12] = pack(&read(&text).unwrap());
        assert_eq!(packed[..11], bytes[..11]);
        assert_eq!(read(&text.to_lowercase()), read(&text));
        assert_eq!(read("o0 iIlL-1"), Ok(vec![0, 0, 1, 1, 1, 1, 1]));
        assert_eq!(read("00U"), Err(NotADigit { place: 3 }));
        assert_eq!(read("0 é"), Err(NotADigit { place: 2 }));
    }
}
