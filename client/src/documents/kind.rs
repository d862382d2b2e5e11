//! What a document is, by its content: names and what somebody says of it count for nothing.

use std::path::Path;

/// Bytes of the beginning that are looked at: as far as the type in an OpenDocument file can lie.
const HEAD_BYTES: usize = 1024;
const OPEN_DOCUMENT: &[u8] = b"application/vnd.oasis.opendocument.text";

/// The media types that travel.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// `application/pdf`
    Pdf,
    /// `image/jpeg`
    Jpeg,
    /// `image/png`
    Png,
    /// `text/plain; charset=utf-8`
    Text,
    /// `audio/ogg`
    Ogg,
    /// `application/vnd.oasis.opendocument.text`
    OpenDocument,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 6] = [Self::Pdf, Self::Jpeg, Self::Png, Self::Text, Self::Ogg, Self::OpenDocument];

    /// The media type, as the schema writes it.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Text => "text/plain; charset=utf-8",
            Self::Ogg => "audio/ogg",
            Self::OpenDocument => "application/vnd.oasis.opendocument.text",
        }
    }

    /// The usual ending of a file's name.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Text => "txt",
            Self::Ogg => "ogg",
            Self::OpenDocument => "odt",
        }
    }

    /// The kind of this media type.
    #[must_use]
    pub fn of_media_type(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.media_type() == text)
    }

    /// Whether a picture's data about the picture can be taken out of it.
    #[must_use]
    pub const fn is_picture(self) -> bool {
        matches!(self, Self::Jpeg | Self::Png)
    }

    /// Whether the name's ending is one of this kind's, or says nothing.
    #[must_use]
    pub fn fits_name(self, path: &Path) -> bool {
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
        let said = ending.and_then(|ending| match ending.as_str() {
            "pdf" => Some(Self::Pdf),
            "jpg" | "jpeg" | "jpe" => Some(Self::Jpeg),
            "png" => Some(Self::Png),
            "txt" => Some(Self::Text),
            "ogg" | "oga" | "opus" => Some(Self::Ogg),
            "odt" => Some(Self::OpenDocument),
            _ => None,
        });
        said.is_none_or(|said| said == self)
    }
}

/// Finds out what a document is while it passes, from its first byte to its last.
#[derive(Default)]
pub struct Recogniser {
    head: Vec<u8>,
    /// The beginning of a character whose end is still to come.
    cut: Vec<u8>,
    is_no_text: bool,
}

impl Recogniser {
    /// Takes the next bytes.
    pub fn take(&mut self, bytes: &[u8]) {
        let room = HEAD_BYTES.saturating_sub(self.head.len());
        self.head.extend_from_slice(bytes.get(..room.min(bytes.len())).unwrap_or_default());
        if !self.is_no_text {
            self.is_no_text = !self.is_text(bytes);
        }
    }

    /// Whether these bytes go on as text: UTF-8 without control characters but tabs and ends of lines and pages.
    fn is_text(&mut self, bytes: &[u8]) -> bool {
        if bytes.iter().any(|byte| *byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c))
            || bytes.contains(&0x7f)
        {
            return false;
        }
        let mut rest = bytes;
        while !self.cut.is_empty() {
            let Some((first, after)) = rest.split_first() else { return true };
            self.cut.push(*first);
            rest = after;
            match core::str::from_utf8(&self.cut) {
                Ok(_) => self.cut.clear(),
                Err(error) if error.error_len().is_some() || self.cut.len() > 3 => return false,
                Err(_) => {}
            }
        }
        match core::str::from_utf8(rest) {
            Ok(_) => true,
            Err(error) if error.error_len().is_none() => {
                self.cut = rest.get(error.valid_up_to()..).unwrap_or_default().to_vec();
                true
            }
            Err(_) => false,
        }
    }

    /// What it was; none of what does not travel, an empty file too.
    #[must_use]
    pub fn finish(&self) -> Option<Kind> {
        let head = self.head.as_slice();
        let magics: [(&[u8], Kind); 4] = [
            (b"%PDF-", Kind::Pdf),
            (&[0xff, 0xd8, 0xff], Kind::Jpeg),
            (&[0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n'], Kind::Png),
            (b"OggS", Kind::Ogg),
        ];
        if let Some((_, kind)) = magics.into_iter().find(|(magic, _)| head.starts_with(magic)) {
            return Some(kind);
        }
        if is_open_document(head) {
            return Some(Kind::OpenDocument);
        }
        (!head.is_empty() && !self.is_no_text && self.cut.is_empty()).then_some(Kind::Text)
    }
}

/// A zip whose first entry is a stored `mimetype` of an OpenDocument text (ODF 1.3 part 2 §3.3).
fn is_open_document(head: &[u8]) -> bool {
    let number = |at: usize| {
        head.get(at..at.saturating_add(2))
            .map(|two| two.iter().rev().fold(0_usize, |all, byte| all << 8 | usize::from(*byte)))
    };
    let (Some(method), Some(name), Some(extra)) = (number(8), number(26), number(28)) else { return false };
    let content = extra.saturating_add(38);
    head.starts_with(b"PK\x03\x04")
        && (method, name) == (0, 8)
        && head.get(30..38) == Some(b"mimetype")
        && head.get(content..).is_some_and(|content| {
            // What follows is the next entry, or what says how long this one was.
            content.starts_with(OPEN_DOCUMENT)
                && content.get(OPEN_DOCUMENT.len()..).is_some_and(|after| after.starts_with(b"PK"))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recognised(bytes: &[u8], piece: usize) -> Option<Kind> {
        let mut recogniser = Recogniser::default();
        bytes.chunks(piece).for_each(|piece| recogniser.take(piece));
        recogniser.finish()
    }

    fn open_document(mimetype: &[u8], method: u8) -> Vec<u8> {
        let mut zip = b"PK\x03\x04\x14\0\0\0".to_vec();
        zip.extend([method, 0]);
        zip.extend([0; 16]);
        zip.extend([8, 0, 0, 0]);
        zip.extend(b"mimetype");
        zip.extend(mimetype);
        zip.extend(b"PK\x03\x04");
        zip
    }

    #[test]
    fn a_document_is_what_its_content_is_however_it_is_read() {
        let odt = open_document(OPEN_DOCUMENT, 0);
        let samples: [(&[u8], Option<Kind>); 13] = [
            (b"%PDF-1.7\n", Some(Kind::Pdf)),
            (&[0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2], Some(Kind::Jpeg)),
            (b"\x89PNG\r\n\x1a\n....", Some(Kind::Png)),
            (b"OggS\0\x02", Some(Kind::Ogg)),
            (&odt, Some(Kind::OpenDocument)),
            ("Zeugin: Zoë, Ελένη, 証人 \u{1f600}\r\n".as_bytes(), Some(Kind::Text)),
            (b"", None),
            (b"text with \0 in it", None),
            (b"text with \x1b[31m in it", None),
            (b"latin-1: Zo\xeb", None),
            ("cut: \u{1f600}".as_bytes().split_last().unwrap().1, None),
            (b"MZ\x90\0\x03", None),
            (b"\x7fELF\x02\x01", None),
        ];
        for (bytes, kind) in samples {
            for piece in [1, 2, 3, 7, 4096] {
                assert_eq!(recognised(bytes, piece), kind, "{:?} by {piece}", String::from_utf8_lossy(bytes));
            }
        }
        assert_eq!(recognised(&open_document(OPEN_DOCUMENT, 8), 9), None, "compressed");
        assert_eq!(recognised(&open_document(b"application/vnd.oasis.opendocument.text-template", 0), 9), None);
    }

    #[test]
    fn text_is_text_to_its_last_byte() {
        let mut long = vec![b'a'; 3 * HEAD_BYTES];
        assert_eq!(recognised(&long, 100), Some(Kind::Text));
        long.push(0);
        assert_eq!(recognised(&long, 100), None);
    }

    #[test]
    fn a_name_that_says_otherwise_is_noticed_and_one_that_says_nothing_is_fine() {
        assert!(!Kind::Pdf.fits_name(Path::new("scan.JPG")));
        assert!(Kind::Jpeg.fits_name(Path::new("scan.JPG")) && Kind::Pdf.fits_name(Path::new("scan")));
        assert!(Kind::Pdf.fits_name(Path::new("scan.2026")));
        for kind in Kind::ALL {
            assert_eq!(Kind::of_media_type(kind.media_type()), Some(kind));
        }
    }
}
