//! Files that are carried where there is no network.

pub(super) mod carried {
    use std::sync::OnceLock;

    use safeconduct_certs::carried::{Carried, Kind};
    use safeconduct_protocol::{crypto::hash::sha256, frame::Frame, id::RelayId};

    use crate::{
        bound::Bound,
        golden::golden_text,
        input::{self, assert_is_line, sample},
        keys::root,
        targets::{Seeds, as_it_is, each_sample, wire::golden_bodies},
    };

    /// Each frame as in `frames`.
    const BOUND: Bound = Bound::new(140_000, 128);

    fn samples() -> &'static [Vec<u8>] {
        static MADE: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
        MADE.get_or_init(make_samples)
    }

    fn make_samples() -> Vec<Vec<u8>> {
        let frames = |some: &[usize]| {
            let bodies = golden_bodies(golden_text!("frames.txt"));
            some.iter().map(|at| Frame::from_body(&bodies[*at]).unwrap()).collect()
        };
        let file =
            |kind, frames| Carried { kind, relay: RelayId(1), root: root().fingerprint(), frames }.to_bytes().unwrap();
        vec![
            file(Kind::Request, frames(&[23])),
            file(Kind::ToRelay, frames(&[26, 29, 32])),
            file(Kind::FromRelay, frames(&[31, 40])),
            file(Kind::Answer, frames(&[22, 25, 19])),
            file(Kind::Answer, Vec::new()),
        ]
    }

    pub(crate) fn run(data: &[u8]) {
        let file = match sample(data, samples()) {
            Some((sample, mut left)) => {
                let with_sum = left.arbitrary::<u8>().is_ok_and(|flags| flags < 224);
                let mut bytes = input::changed(&mut left, sample);
                if with_sum && let Some((body, sum)) = bytes.split_last_chunk_mut::<32>() {
                    *sum = sha256(&[body]);
                }
                bytes
            }
            None => data.get(1..).unwrap_or_default().to_vec(),
        };
        match BOUND.hold(file.len(), || Carried::parse_any(&file)) {
            Ok(carried) => {
                assert_eq!(carried.to_bytes().as_deref(), Some(file.as_slice()), "a file is written in one way");
                let others = [Kind::Request, Kind::ToRelay, Kind::FromRelay, Kind::Answer];
                for wanted in others {
                    let read = Carried::parse(&file, wanted, &carried.root);
                    assert_eq!(read.is_ok(), wanted == carried.kind);
                }
            }
            Err(refused) => {
                assert!(!input::is_honest(data, samples().len(), &[0]), "an honest file is refused");
                assert_is_line(&format!("{refused} → {} ({})", refused.remedy(), refused.code()));
            }
        }
    }

    pub(crate) fn seeds() -> Seeds {
        let mut seeds = each_sample(samples().len(), &[0]);
        let many = [b"SCF1\x01\0\0\0\0\0\0\x01".as_slice(), &[0; 16], &[0xff; 4]].concat();
        seeds.push(as_it_is("claims-many-frames", &[many.as_slice(), &sha256(&[&many])].concat()));
        seeds
    }
}
