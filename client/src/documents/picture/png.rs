//! PNG (W3C PNG 3rd edition §5): a list of chunks, each with its length, name and check.

use std::io::{self, Read, Write};

use super::{PictureError, ended, exif, next};

const SIGNATURE: [u8; 8] = *b"\x89PNG\r\n\x1a\n";
/// What the picture is decoded with.
const KEPT: [&[u8; 4]; 10] = [b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"pHYs"];
/// Longest Exif chunk that is looked at; one that is longer goes unread.
const EXIF_BYTES_MAX: u32 = 64 * 1024;

pub(super) fn strip(from: &mut impl Read, to: &mut impl Write) -> Result<(), PictureError> {
    if next::<8>(from)? != SIGNATURE {
        return Err(PictureError::Malformed("it does not begin as a PNG"));
    }
    to.write_all(&SIGNATURE)?;
    let (mut is_first, mut has_data, mut has_orientation) = (true, false, false);
    loop {
        let length = u32::from_be_bytes(next(from)?);
        let name: [u8; 4] = next(from)?;
        if length > i32::MAX.unsigned_abs() || !name.iter().all(u8::is_ascii_alphabetic) {
            return Err(PictureError::Malformed("a chunk that no PNG has"));
        }
        if is_first != (&name == b"IHDR") {
            return Err(PictureError::Malformed("its head is not where it should be"));
        }
        is_first = false;
        has_data |= &name == b"IDAT";
        if KEPT.contains(&&name) {
            to.write_all(&length.to_be_bytes())?;
            to.write_all(&name)?;
            // With its check.
            copy(from, to, u64::from(length).saturating_add(4))?;
            if &name == b"IEND" {
                // Whatever stands after it is no part of the picture.
                return if has_data { Ok(()) } else { Err(PictureError::Malformed("it has no picture")) };
            }
        } else if name.first().is_some_and(u8::is_ascii_uppercase) {
            return Err(PictureError::Malformed("a chunk that this version does not know and must"));
        } else if &name == b"eXIf" && length <= EXIF_BYTES_MAX && !has_orientation {
            let mut tiff = vec![0; usize::try_from(length).unwrap_or(0)];
            from.read_exact(&mut tiff).map_err(ended)?;
            next::<4>(from)?;
            if let Some(orientation) = exif::orientation(&tiff) {
                has_orientation = true;
                write(to, *b"eXIf", &exif::only(orientation))?;
            }
        } else {
            copy(from, &mut io::sink(), u64::from(length).saturating_add(4))?;
        }
    }
}

fn copy(from: &mut impl Read, to: &mut impl Write, bytes: u64) -> Result<(), PictureError> {
    let copied = io::copy(&mut from.take(bytes), to)?;
    if copied == bytes { Ok(()) } else { Err(PictureError::Malformed("it ends too early")) }
}

fn write(to: &mut impl Write, name: [u8; 4], content: &[u8]) -> Result<(), PictureError> {
    let length = u32::try_from(content.len()).map_err(|_long| PictureError::Malformed("a chunk too long"))?;
    let body = [&name[..], content].concat();
    to.write_all(&length.to_be_bytes())?;
    to.write_all(&body)?;
    Ok(to.write_all(&check(&body).to_be_bytes())?)
}

/// CRC-32 (§5.5), bit by bit: it is only ever of a few bytes.
fn check(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
        }
    }
    !crc
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
        let mut all = Vec::new();
        write(&mut all, *name, content).unwrap();
        all
    }

    fn picture(about: &[Vec<u8>]) -> Vec<u8> {
        let head = chunk(b"IHDR", b"\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0");
        [
            &SIGNATURE[..],
            &head,
            &about.concat(),
            &chunk(b"IDAT", b"picture"),
            &chunk(b"IDAT", b"more"),
            &chunk(b"IEND", b""),
        ]
        .concat()
    }

    fn stripped(bytes: &[u8]) -> Result<Vec<u8>, PictureError> {
        let mut out = Vec::new();
        strip(&mut &bytes[..], &mut out).map(|()| out)
    }

    #[test]
    fn what_is_not_the_picture_goes_and_which_way_up_it_is_stays() {
        let mut exif = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x08\0\0\0\0\0\0\0".to_vec();
        exif.extend(b"CANARY GPS");
        let about = [
            chunk(b"tEXt", b"Author\0CANARY"),
            chunk(b"iTXt", b"XML:com.adobe.xmp\0CANARY"),
            chunk(b"zTXt", b"CANARY"),
            chunk(b"tIME", b"CANARY!"),
            chunk(b"eXIf", &exif),
            chunk(b"iCCP", b"CANARY"),
            chunk(b"prVt", b"CANARY"),
            chunk(b"pHYs", b"\0\0\x0b\x13\0\0\x0b\x13\x01"),
        ];
        let found = stripped(&[picture(&about), b"CANARY after the end".to_vec()].concat()).unwrap();

        let expected = picture(&[chunk(b"eXIf", &exif::only(8)), chunk(b"pHYs", b"\0\0\x0b\x13\0\0\x0b\x13\x01")]);
        assert!(found == expected, "{}", String::from_utf8_lossy(&found));
        assert!(stripped(&found).unwrap() == found, "again changes nothing");
    }

    #[test]
    fn a_structure_that_does_not_hold_is_refused_at_every_cut() {
        let whole = picture(&[chunk(b"tEXt", b"Author\0X")]);
        for end in 0..whole.len() {
            assert!(matches!(stripped(&whole[..end]), Err(PictureError::Malformed(_))), "cut at {end}");
        }
        let head = chunk(b"IHDR", &[0; 13]);
        let (end, data) = (chunk(b"IEND", b""), chunk(b"IDAT", b"x"));
        for bent in [
            [&SIGNATURE[..], &data, &end].concat(),
            [&SIGNATURE[..], &head, &end].concat(),
            [&SIGNATURE[..], &head, &chunk(b"XNEW", b"x"), &data, &end].concat(),
            [&SIGNATURE[..], &head, b"\xff\xff\xff\xffIDAT"].concat(),
            [&SIGNATURE[..], &head, &head, &data, &end].concat(),
        ] {
            assert!(matches!(stripped(&bent), Err(PictureError::Malformed(_))));
        }
    }

    /// §5.5: the check of an empty IEND.
    #[test]
    fn the_check_is_that_of_the_standard() {
        assert_eq!(check(b"IEND"), 0xae42_6082);
    }
}
