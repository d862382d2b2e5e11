//! What a target makes of the fuzzer's bytes: the bytes themselves, or one of the project's own samples with changes.
//!
//! The first byte names the sample; one that names none means that the rest is the input itself. So a seed for a whole sample is one byte
//! long, and the fuzzer reaches what lies behind magics, lengths and sums from its first run.

use arbitrary::{Result, Unstructured};

/// First byte of inputs that are taken as they are.
pub const AS_IT_IS: u8 = 255;
/// Changes that are made to one sample at most.
const CHANGES_MAX: usize = 16;
/// Words that the fuzzer plants where persons' data stands, and that no error may repeat. With spaces, for a wrong code of one plain word
/// may be repeated where it says nothing about a person.
pub const CANARY: &str = "Zq7 canary Xv";

/// The sample that the first byte names, and what is left to change it by; none when the rest is the input itself.
#[must_use]
pub fn sample<'d, 's, T>(data: &'d [u8], samples: &'s [T]) -> Option<(&'s T, Unstructured<'d>)> {
    let (first, rest) = data.split_first()?;
    Some((samples.get(usize::from(*first))?, Unstructured::new(rest)))
}

/// Whether the input is a whole sample with nothing changed and nothing left out: it must be taken, or nothing behind it is reached.
#[must_use]
pub fn is_honest(data: &[u8], samples: usize, flags: &[u8]) -> bool {
    data.split_first().is_some_and(|(first, rest)| usize::from(*first) < samples && rest == flags)
}

/// The input itself, for a target that does nothing but read bytes.
#[must_use]
pub fn bytes(data: &[u8], samples: &[Vec<u8>]) -> Vec<u8> {
    match sample(data, samples) {
        Some((sample, mut left)) => changed(&mut left, sample),
        None => data.get(1..).unwrap_or_default().to_vec(),
    }
}

/// A sample after the changes that are left.
#[must_use]
pub fn changed(left: &mut Unstructured<'_>, sample: &[u8]) -> Vec<u8> {
    let mut bytes = sample.to_vec();
    for _ in 0..CHANGES_MAX {
        if left.is_empty() || change(left, &mut bytes).is_err() {
            break;
        }
    }
    bytes
}

/// Lengths and numbers at which readers go wrong.
const NUMBERS: [u64; 12] =
    [0, 1, 0x7f, 0xff, 0x100, 0xffff, 0x1_0000, 0x7fff_ffff, 0xffff_ffff, 0x1_0000_0000, u64::MAX >> 1, u64::MAX];

fn change(left: &mut Unstructured<'_>, bytes: &mut Vec<u8>) -> Result<()> {
    let kind = left.int_in_range(0..=8_u8)?;
    let at = left.int_in_range(0..=bytes.len())?;
    let until = |left: &mut Unstructured<'_>| left.int_in_range(at..=bytes.len().min(at.saturating_add(255)));
    match kind {
        0 | 1 => {
            let by = left.int_in_range(1..=255_u8)?;
            bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= by);
        }
        2 => bytes.insert(at, left.arbitrary()?),
        3 => drop(bytes.drain(at..until(left)?)),
        4 => {
            let again = bytes.get(at..until(left)?).unwrap_or_default().to_vec();
            bytes.splice(at..at, again).for_each(drop);
        }
        5 => bytes.truncate(at),
        6 => {
            let width = *left.choose(&[2_usize, 4, 8])?;
            let number = left.choose(&NUMBERS)?.to_be_bytes();
            let low = number.get(8_usize.saturating_sub(width)..).unwrap_or_default();
            bytes.iter_mut().skip(at).zip(low).for_each(|(byte, new)| *byte = *new);
        }
        7 => bytes.splice(at..at, CANARY.bytes()).for_each(drop),
        _ => {
            let few = left.int_in_range(0..=32_usize)?;
            let new = left.bytes(few.min(left.len()))?;
            bytes.iter_mut().skip(at).zip(new).for_each(|(byte, new)| *byte = *new);
        }
    }
    Ok(())
}

/// One line, not long, and nothing of the input in it.
pub fn assert_is_line(text: &str) {
    assert_is_short_line(text);
    assert!(!text.contains(CANARY), "an error repeats what it was given: {text}");
}

/// One line that a terminal shows as it is. It may name what was written wrongly, as messages about settings do.
pub fn assert_is_short_line(text: &str) {
    assert!(!text.is_empty() && text.chars().count() <= 1_000, "an error of {} letters", text.len());
    assert!(
        !text.chars().any(char::is_control),
        "an error of more than one line, or with what steers a terminal: {text:?}"
    );
}
