//! Documents: their sealed chunks, what a post says of one, what one is, and pictures.

pub(super) mod chunks {
    use arbitrary::Unstructured;
    use safeconduct_client::documents::{enclosed::Enclosed, kind::Recogniser};
    use safeconduct_protocol::{
        blob::BlobShape,
        document::{digest::SaltedDigest, shape::Shape, stream::Chunks},
        limits::DOCUMENT_BYTES_MAX,
        secret::Secret,
    };

    use crate::{
        bound::Bound,
        input::{self, sample},
        json,
        targets::{Seeds, as_it_is, each_sample},
    };

    /// A chunk of 64 KiB is opened into another.
    const BOUND: Bound = Bound::new(16 * 1024, 48);

    fn enclosed() -> Vec<u8> {
        let hex = |byte: &str, count: usize| byte.repeat(count);
        format!(
            r#"{{"attachment_id":"{}","index":0,"relay":1,"blob_secret":"{}","key":"{}","length":40,"salt":"{}","salted_sha256":"{}","cipher_sha256":"{}","media_type":"application/pdf"}}"#,
            hex("01", 16), hex("02", 32), hex("03", 32), hex("04", 32), hex("05", 32), hex("06", 32)
        )
        .into_bytes()
    }

    /// A document of some bytes, sealed; one chunk of it changed must not open, and none opens at another's place.
    fn stream(left: &mut Unstructured<'_>) -> arbitrary::Result<()> {
        let length = *left.choose(&[0_u64, 1, 16, 40, 65_536, 65_537])?;
        let shape = Shape::of(length).unwrap();
        let chunks = Chunks::new(&Secret::new([7; 32]), shape);
        let index = left.int_in_range(0..=2_u32)?;
        let Some(one) = shape.chunk(index) else { return Ok(()) };
        let honest = chunks.seal(index, &vec![9; one.document]).unwrap();
        let at = left.int_in_range(0..=2_u32)?;
        let changed = input::changed(left, &honest);
        let opened = BOUND.hold(changed.len(), || chunks.open(at, &changed));
        assert_eq!(opened.is_ok(), at == index && changed == honest, "what opens is what was sealed, in its place");
        let document = vec![9; usize::try_from(length).unwrap()];
        let mut digest = SaltedDigest::new(&[1; 32], length);
        assert!(digest.take(&document).is_ok() && digest.take(&[1]).is_err(), "a document longer than was said");
        Ok(())
    }

    /// What a document is does not depend on how it comes.
    fn recognised(bytes: &[u8]) {
        let mut whole = Recogniser::default();
        BOUND.hold(bytes.len(), || whole.take(bytes));
        for length in [1, 3, 7] {
            let mut pieces = Recogniser::default();
            bytes.chunks(length).for_each(|piece| pieces.take(piece));
            assert_eq!(pieces.finish(), whole.finish(), "in pieces of {length}");
        }
    }

    pub(crate) fn run(data: &[u8]) {
        if let Some((_, mut left)) = sample(data, &[(), ()])
            && data[0] == 1
        {
            let _enough = stream(&mut left);
            return;
        }
        let bytes = json::bytes(data, &[enclosed()]);
        recognised(&bytes);
        if let Some(read) = BOUND.hold(bytes.len(), || Enclosed::from_json(&bytes)) {
            assert!(read.length <= DOCUMENT_BYTES_MAX);
            let shape = read.blob_shape().unwrap();
            assert_eq!(BlobShape::of(shape.bytes()), Some(shape));
            let written = read.to_json();
            let again = Enclosed::from_json(written.as_bytes()).unwrap();
            assert_eq!(again.to_json(), written, "what is written is what is read");
        }
    }

    pub(crate) fn seeds() -> Seeds {
        let mut seeds = each_sample(1, &[255]);
        for length in 0..6 {
            seeds.push((format!("stream-{length}"), vec![1, length, 0, 0]));
        }
        seeds.push(as_it_is("text", "caf\u{e9} \u{2014} \u{10348}".as_bytes()));
        seeds.push(as_it_is("cut-text", b"caf\xc3"));
        seeds
            .push(as_it_is("archive", b"PK\x03\x04\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x08\0\xff\xffmimetype"));
        seeds
    }
}

pub(super) mod pictures {
    use safeconduct_client::documents::{kind::Kind, picture::strip};

    use crate::{
        bound::Bound,
        input::{self, CANARY, assert_is_line, sample},
        targets::{Seeds, as_it_is, each_sample},
    };

    /// A segment at a time, of 64 KiB at most, or a PNG's chunk of some kinds.
    const BOUND: Bound = Bound::new(256 * 1024, 4);

    /// The sum after a PNG's chunk.
    fn crc(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(u32::MAX, |sum, byte| {
            (0..8).fold(sum ^ u32::from(*byte), |sum, _| if sum & 1 == 1 { 0xedb8_8320 ^ (sum >> 1) } else { sum >> 1 })
        })
    }

    fn png_chunk(kind: &[u8; 4], bytes: &[u8]) -> Vec<u8> {
        let body = [kind.as_slice(), bytes].concat();
        let sum = crc(&body);
        [&u32::try_from(bytes.len()).unwrap().to_be_bytes(), body.as_slice(), &sum.to_be_bytes()].concat()
    }

    fn png() -> Vec<u8> {
        [
            b"\x89PNG\r\n\x1a\n".to_vec(),
            png_chunk(b"IHDR", &[0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]),
            png_chunk(b"tEXt", CANARY.as_bytes()),
            png_chunk(b"IDAT", &[0x78, 0x9c, 0x63, 0, 0, 0, 2, 0, 1]),
            png_chunk(b"IEND", &[]),
            CANARY.as_bytes().to_vec(),
        ]
        .concat()
    }

    fn segment(marker: u8, bytes: &[u8]) -> Vec<u8> {
        let length = u16::try_from(bytes.len() + 2).unwrap().to_be_bytes();
        [&[0xff, marker], length.as_slice(), bytes].concat()
    }

    fn jpeg() -> Vec<u8> {
        let exif = [
            b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0".as_slice(),
            CANARY.as_bytes(),
        ]
        .concat();
        [
            vec![0xff, 0xd8],
            segment(0xe0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"),
            segment(0xe1, &exif),
            segment(0xfe, CANARY.as_bytes()),
            segment(0xdb, &[0; 65]),
            segment(0xc0, &[8, 0, 1, 0, 1, 1, 1, 0x11, 0]),
            segment(0xc4, &[0; 17]),
            segment(0xda, &[1, 1, 0, 0, 63, 0]),
            vec![0x12, 0xff, 0, 0x34, 0xff, 0xd0, 0x56],
            vec![0xff, 0xd9],
            CANARY.as_bytes().to_vec(),
        ]
        .concat()
    }

    fn stripped(kind: Kind, picture: &[u8]) {
        let mut out = Vec::with_capacity(picture.len() + 256);
        let done = BOUND.hold(picture.len(), || strip(kind, &mut &*picture, &mut out));
        if let Err(refused) = done {
            return assert_is_line(&refused.to_string());
        }
        // Only a note of which way up it is to be held may come in.
        assert!(out.len() <= picture.len() + 64, "{} bytes became {}", picture.len(), out.len());
        let mut again = Vec::new();
        strip(kind, &mut out.as_slice(), &mut again).unwrap();
        assert!(again == out, "a stripped picture has nothing more to take away");
    }

    pub(crate) fn run(data: &[u8]) {
        let samples = [png(), jpeg()];
        let picture = match sample(data, &samples) {
            Some((sample, mut left)) => {
                let picture = input::changed(&mut left, sample);
                if picture == samples[usize::from(data[0])] {
                    let mut out = Vec::new();
                    let kind = if data[0] == 0 { Kind::Png } else { Kind::Jpeg };
                    strip(kind, &mut picture.as_slice(), &mut out).unwrap();
                    let kept = out.windows(CANARY.len()).any(|part| part == CANARY.as_bytes());
                    assert!(!kept, "what is not the picture stays in it");
                }
                picture
            }
            None => data.get(1..).unwrap_or_default().to_vec(),
        };
        stripped(Kind::Png, &picture);
        stripped(Kind::Jpeg, &picture);
    }

    pub(crate) fn seeds() -> Seeds {
        let mut seeds = each_sample(2, &[]);
        seeds.push(as_it_is("claims-much-png", b"\x89PNG\r\n\x1a\n\x7f\xff\xff\xfftEXt"));
        seeds.push(as_it_is("claims-much-kept", b"\x89PNG\r\n\x1a\n\x7f\xff\xff\xffIHDR"));
        seeds.push(as_it_is("claims-much-jpeg", b"\xff\xd8\xff\xe1\xff\xff"));
        seeds
    }
}
