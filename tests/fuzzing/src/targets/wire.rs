//! Frames.

use serde::{Serialize, de::DeserializeOwned};

use crate::golden::{golden_text, read};

/// Golden frames without their length.
pub(super) fn golden_bodies(text: &str) -> Vec<Vec<u8>> {
    let bodies = read(text).into_iter().filter_map(|golden| golden.bytes.get(4..).map(<[u8]>::to_vec));
    bodies.filter(|body| !body.is_empty()).collect()
}

pub(super) mod frames {
    use std::sync::OnceLock;

    use safeconduct_protocol::frame::Frame;

    use super::{golden_bodies, golden_text};
    use crate::{
        bound::Bound,
        input::{assert_is_line, bytes},
        targets::{Seeds, as_it_is, each_sample},
    };

    /// A buffer of announced length (at most a frame's), then what its items take and the second encoding that it is compared with: an
    /// item of one byte becomes 24 in memory, and twice that while its list grows.
    const BOUND: Bound = Bound::new(140_000, 96);

    fn samples() -> &'static [Vec<u8>] {
        static MADE: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
        MADE.get_or_init(make_samples)
    }

    fn make_samples() -> Vec<Vec<u8>> {
        golden_bodies(golden_text!("frames.txt"))
    }

    pub(crate) fn run(data: &[u8]) {
        let body = bytes(data, samples());
        match BOUND.hold(body.len(), || Frame::from_body(&body)) {
            Ok(frame) => {
                let wire = frame.to_wire().unwrap();
                let (prefix, again) = wire.split_first_chunk().unwrap();
                assert_eq!(again, body, "a frame has one encoding");
                assert_eq!(Frame::body_length(*prefix), Ok(body.len()));
                assert!(Frame::from_body(again).is_ok_and(|again| again == frame));
            }
            Err(refused) => assert_is_line(&refused.to_string()),
        }
    }

    pub(crate) fn seeds() -> Seeds {
        let mut seeds = each_sample(samples().len(), &[]);
        // Lists and bytes that claim far more than comes.
        for (name, variant) in [("list", 8), ("secrets", 15), ("leaves", 19), ("bytes", 4)] {
            let claim = [&[variant, 0][..], &[0xfd, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff]].concat();
            seeds.push(as_it_is(&format!("claims-much-{name}"), &claim));
            seeds.push(as_it_is(&format!("claims-{name}"), &[variant, 0, 0xfc, 0, 1, 0xff, 0xff]));
        }
        seeds
    }
}

pub(super) mod blob_frames {
    use std::sync::OnceLock;

    use safeconduct_protocol::blob::BlobFrame;

    use super::{golden_bodies, golden_text};
    use crate::{
        bound::Bound,
        input::{assert_is_line, bytes},
        targets::{Seeds, as_it_is, each_sample},
    };

    /// A buffer of announced length, and the second encoding.
    const BOUND: Bound = Bound::new(140_000, 8);

    fn samples() -> &'static [Vec<u8>] {
        static MADE: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
        MADE.get_or_init(make_samples)
    }

    fn make_samples() -> Vec<Vec<u8>> {
        golden_bodies(golden_text!("blob-frames.txt"))
    }

    pub(crate) fn run(data: &[u8]) {
        let body = bytes(data, samples());
        match BOUND.hold(body.len(), || BlobFrame::from_body(&body)) {
            Ok(frame) => match frame.to_wire() {
                Ok(wire) => {
                    let (prefix, again) = wire.split_first_chunk().unwrap();
                    assert_eq!(again, body, "a frame has one encoding");
                    assert_eq!(BlobFrame::body_length(*prefix), Ok(body.len()));
                }
                // The shorter bound of these streams is that of the length before them.
                Err(_) => assert!(BlobFrame::body_length(u32::try_from(body.len()).unwrap().to_be_bytes()).is_err()),
            },
            Err(refused) => assert_is_line(&refused.to_string()),
        }
    }

    pub(crate) fn seeds() -> Seeds {
        let mut seeds = each_sample(samples().len(), &[]);
        seeds.push(as_it_is("claims-much", &[2, 0, 0xfd, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff]));
        seeds
    }
}

/// What JSON or TOML of a type gives is the same after it was written and read again.
pub(super) fn comes_back<T: Serialize + DeserializeOwned>(value: &T) {
    let text = serde_json::to_string(value).unwrap();
    let again: T = serde_json::from_str(&text).unwrap();
    assert_eq!(serde_json::to_string(&again).unwrap(), text, "what is written is what is read");
}
