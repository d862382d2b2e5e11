//! JPEG (ITU-T T.81 annex B): a list of segments, and between two of them the picture's own data.

use std::io::{Read, Write};

use super::{PictureError, exif};

const BEGIN: u8 = 0xd8;
const END: u8 = 0xd9;
const SCAN: u8 = 0xda;
/// Bytes copied at once.
const RUN_BYTES: usize = 16 * 1024;

fn malformed<T>(how: &'static str) -> Result<T, PictureError> {
    Err(PictureError::Malformed(how))
}

pub(super) fn strip(from: &mut impl Read, to: &mut impl Write) -> Result<(), PictureError> {
    let mut from = Bytes::new(from);
    if [from.must()?, from.must()?] != [0xff, BEGIN] {
        return malformed("it does not begin as a JPEG");
    }
    to.write_all(&[0xff, BEGIN])?;
    let (mut has_scan, mut has_orientation) = (false, false);
    let mut marker = from.marker()?;
    loop {
        match marker {
            // Whatever stands after it is no part of the picture.
            END if has_scan => return Ok(to.write_all(&[0xff, END])?),
            SCAN => {
                let segment = from.segment()?;
                write(to, SCAN, &segment)?;
                has_scan = true;
                marker = from.scan(to)?;
                continue;
            }
            // Tables, frames, restart intervals: what the picture is decoded with.
            0xc0..=0xc7 | 0xc9..=0xcf | 0xdb..=0xdd => {
                let segment = from.segment()?;
                write(to, marker, &segment)?;
            }
            0xe0..=0xef | 0xfe => {
                let segment = from.segment()?;
                if let Some(kept) = kept(marker, &segment, &mut has_orientation) {
                    write(to, marker, &kept)?;
                }
            }
            _ => return malformed("a segment that no JPEG has"),
        }
        marker = from.marker()?;
    }
}

/// What stays of a segment about the picture.
fn kept(marker: u8, segment: &[u8], has_orientation: &mut bool) -> Option<Vec<u8>> {
    match marker {
        // Resolution, without the small copy.
        0xe0 if segment.starts_with(b"JFIF\0") => {
            let mut head = segment.get(..14)?.to_vec();
            head.iter_mut().skip(12).for_each(|side| *side = 0);
            Some(head)
        }
        0xe1 if !*has_orientation => {
            let orientation = exif::orientation(segment.strip_prefix(b"Exif\0\0")?)?;
            *has_orientation = true;
            Some([&b"Exif\0\0"[..], &exif::only(orientation)].concat())
        }
        // How colours are to be mixed: without it a picture in four colours comes out in others.
        0xee if segment.starts_with(b"Adobe") && segment.len() == 12 => Some(segment.to_vec()),
        _ => None,
    }
}

fn write(to: &mut impl Write, marker: u8, segment: &[u8]) -> Result<(), PictureError> {
    let length = segment.len().checked_add(2).and_then(|length| u16::try_from(length).ok());
    let [high, low] = length.ok_or(PictureError::Malformed("a segment too long"))?.to_be_bytes();
    to.write_all(&[0xff, marker, high, low])?;
    Ok(to.write_all(segment)?)
}

/// A reader that is asked for one byte at a time.
struct Bytes<'a, R> {
    from: &'a mut R,
    buffer: Vec<u8>,
    at: usize,
}

impl<'a, R: Read> Bytes<'a, R> {
    const fn new(from: &'a mut R) -> Self {
        Self { from, buffer: Vec::new(), at: 0 }
    }

    fn must(&mut self) -> Result<u8, PictureError> {
        if let Some(byte) = self.buffer.get(self.at) {
            self.at = self.at.saturating_add(1);
            return Ok(*byte);
        }
        self.buffer.resize(RUN_BYTES, 0);
        let read = loop {
            match self.from.read(&mut self.buffer) {
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                read => break read?,
            }
        };
        self.buffer.truncate(read);
        self.at = 1;
        self.buffer.first().copied().ok_or(PictureError::Malformed("it ends too early"))
    }

    /// The next marker; bytes that fill up before it are allowed (B.1.1.2).
    fn marker(&mut self) -> Result<u8, PictureError> {
        if self.must()? != 0xff {
            return malformed("no segment where one should be");
        }
        loop {
            match self.must()? {
                0xff => {}
                0 => return malformed("no segment where one should be"),
                marker => return Ok(marker),
            }
        }
    }

    /// The content of a segment, 64 KiB at most.
    fn segment(&mut self) -> Result<Vec<u8>, PictureError> {
        let length = u16::from_be_bytes([self.must()?, self.must()?]);
        let length = length.checked_sub(2).ok_or(PictureError::Malformed("a segment shorter than its length"))?;
        (0..length).map(|_| self.must()).collect()
    }

    /// Copies the picture's own data, and gives the marker after it.
    fn scan(&mut self, to: &mut impl Write) -> Result<u8, PictureError> {
        let mut run = Vec::with_capacity(RUN_BYTES);
        loop {
            let byte = self.must()?;
            run.push(byte);
            if byte == 0xff {
                let mut after = self.must()?;
                while after == 0xff {
                    after = self.must()?;
                }
                // A byte of the data, or a restart within it.
                if after != 0 && !(0xd0..=0xd7).contains(&after) {
                    run.pop();
                    to.write_all(&run)?;
                    return Ok(after);
                }
                run.push(after);
            }
            if run.len() >= RUN_BYTES {
                to.write_all(&run)?;
                run.clear();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUANTISATION: &[u8] = b"\xff\xdb\0\x05\0\x01\x02";
    const FRAME: &[u8] = b"\xff\xc2\0\x06\x08\0\x01\0";
    const DATA: &[u8] = b"\xff\xda\0\x04\x01\0picture\xff\0data\xff\xd3more";

    fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
        let mut all = Vec::new();
        write(&mut all, marker, content).unwrap();
        all
    }

    fn picture(about: &[Vec<u8>]) -> Vec<u8> {
        [&[0xff, BEGIN][..], &about.concat(), QUANTISATION, FRAME, DATA, b"\xff\xc4\0\x03\x01", DATA, &[0xff, END]]
            .concat()
    }

    fn stripped(bytes: &[u8]) -> Result<Vec<u8>, PictureError> {
        let mut out = Vec::new();
        strip(&mut &bytes[..], &mut out).map(|()| out)
    }

    #[test]
    fn what_is_not_the_picture_goes_and_which_way_up_it_is_stays() {
        let mut exif = b"Exif\0\0".to_vec();
        exif.extend(
            b"II*\0\x08\0\0\0\x02\0\x3b\x01\x02\0\x08\0\0\0\x26\0\0\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0",
        );
        exif.extend(b"CANARY author, GPS 52.5N 13.4E");
        let about = [
            segment(0xe0, b"JFIF\0\x01\x02\x01\0\x48\0\x48\x01\x01abc CANARY"),
            segment(0xe0, b"JFXX\0\x10CANARY"),
            segment(0xe1, &exif),
            segment(0xe1, b"http://ns.adobe.com/xap/1.0/\0<x>CANARY</x>"),
            segment(0xe2, b"ICC_PROFILE\0CANARY"),
            segment(0xed, b"Photoshop 3.0\0CANARY"),
            segment(0xfe, b"CANARY"),
            segment(0xee, b"Adobe\0\x64\0\0\0\0\x02"),
        ];
        let found = stripped(&[picture(&about), b"CANARY after the end".to_vec()].concat()).unwrap();

        let orientation = [&b"Exif\0\0"[..], &exif::only(6)].concat();
        let expected = picture(&[
            segment(0xe0, b"JFIF\0\x01\x02\x01\0\x48\0\x48\0\0"),
            segment(0xe1, &orientation),
            segment(0xee, b"Adobe\0\x64\0\0\0\0\x02"),
        ]);
        assert!(found == expected, "{}", String::from_utf8_lossy(&found));
        assert!(stripped(&found).unwrap() == found, "again changes nothing");
    }

    #[test]
    fn a_structure_that_does_not_hold_is_refused_at_every_cut() {
        let whole = picture(&[segment(0xe1, b"Exif\0\0II*\0")]);
        for end in 0..whole.len() {
            assert!(matches!(stripped(&whole[..end]), Err(PictureError::Malformed(_))), "cut at {end}");
        }
        for bent in [
            &b"\xff\xd8\xff\xd9"[..],
            b"\xff\xd8\xff\xe1\0\x01",
            b"\xff\xd8\xff\xd0\xff\xd9",
            b"\xff\xd8x",
            b"\xff\xd8\xff\x02\0\x02",
        ] {
            assert!(matches!(stripped(bent), Err(PictureError::Malformed(_))));
        }
    }

    #[test]
    fn a_long_picture_is_copied_byte_for_byte() {
        let mut scan = b"\xff\xda\0\x02".to_vec();
        scan.extend((0..5 * RUN_BYTES).map(|place| u8::try_from(place % 255).unwrap()));
        let whole = [&[0xff, BEGIN][..], &scan, &[0xff, END]].concat();
        assert!(stripped(&whole).unwrap() == whole);
    }
}
