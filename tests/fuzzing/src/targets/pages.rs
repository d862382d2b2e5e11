//! Forms of the caseworker's page, in pieces as a network brings them.

use std::{cell::RefCell, future::Future};

use tokio::runtime::{Builder, Runtime};

/// Runs one reading to its end, with a clock for its bound of time.
fn run_one<T>(reading: impl Future<Output = T>) -> T {
    thread_local! {
        static RUNTIME: RefCell<Runtime> = RefCell::new(Builder::new_current_thread().enable_time().build().unwrap());
    }
    RUNTIME.with_borrow_mut(|runtime| runtime.block_on(reading))
}

/// The body in pieces of this length.
fn pieces(body: &[u8], length: u8) -> Vec<Vec<u8>> {
    body.chunks(usize::from(length).saturating_mul(4).max(1)).map(<[u8]>::to_vec).collect()
}

pub(super) mod forms {
    use std::sync::OnceLock;

    use safeconduct_certs::web::fields::{all, field};
    use safeconduct_client::fuzzing;

    use super::{pieces, run_one};
    use crate::{
        bound::Bound,
        input::bytes,
        targets::{Seeds, as_it_is, each_sample},
    };

    /// The body, and each field in a list that grows.
    const BOUND: Bound = Bound::new(64 * 1024, 160);

    fn samples() -> &'static [Vec<u8>] {
        static MADE: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
        MADE.get_or_init(make_samples)
    }

    fn make_samples() -> Vec<Vec<u8>> {
        vec![
            b"0name=ruth&secret=x%20y&lang=ro".to_vec(),
            b"1services=ShelterAccommodation&services=Food&urgency=Urgent&text=come+at%0d%0asix&mark=0a1b.c3".to_vec(),
        ]
    }

    pub(crate) fn run(data: &[u8]) {
        let bytes = bytes(data, samples());
        let Some((length, body)) = bytes.split_first() else { return };
        let brought = pieces(body, *length);
        let read = BOUND.hold(body.len(), || run_one(fuzzing::form(brought)));
        let whole = run_one(fuzzing::form(vec![body.to_vec()]));
        assert_eq!(read, whole, "how a form comes does not matter");
        if let Some(fields) = read {
            assert!(fields.len() <= body.len() + 1);
            let taken: usize = fields.iter().map(|(name, value)| name.len() + value.len()).sum();
            assert!(taken <= 3 * body.len(), "fields are longer than the form");
            if let Some((name, value)) = fields.first() {
                assert_eq!(field(&fields, name), value.trim());
                assert_eq!(all(&fields, name).next(), Some(value.trim()));
            }
        }
    }

    pub(crate) fn seeds() -> Seeds {
        let mut seeds = each_sample(samples().len(), &[]);
        seeds.push(as_it_is("broken-escapes", b"0a=%&b=%f&%zz=+%ff"));
        seeds
    }
}

pub(super) mod uploads {
    use std::sync::OnceLock;

    use safeconduct_client::fuzzing;

    use super::{pieces, run_one};
    use crate::{
        bound::Bound,
        input::{assert_is_line, bytes},
        targets::{Seeds, as_it_is, each_sample},
    };

    /// The reader's buffer, a file's pieces and the file; headers of parts are read anew as they grow.
    const BOUND: Bound = Bound::new(128 * 1024, 160);
    const FILES_MAX: usize = 3;
    const KIND: &str = "multipart/form-data; boundary=b";

    fn part(head: &str, body: &str) -> String {
        format!("--b\r\nContent-Disposition: form-data; {head}\r\n\r\n{body}\r\n")
    }

    fn samples() -> &'static [Vec<u8>] {
        static MADE: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
        MADE.get_or_init(make_samples)
    }

    fn make_samples() -> Vec<Vec<u8>> {
        let field = part("name=\"mark\"", "0a1b.c3");
        let file = part("name=\"file-0\"; filename=\"a.pdf\"\r\nContent-Type: application/pdf", "%PDF-1.7 a");
        let none = part("name=\"file-1\"; filename=\"\"", "");
        vec![
            format!("9{field}{file}{none}--b--\r\n").into_bytes(),
            format!("1{field}--b--\r\n").into_bytes(),
            format!("0{file}{file}{file}{file}--b--\r\n").into_bytes(),
        ]
    }

    pub(crate) fn run(data: &[u8]) {
        let bytes = bytes(data, samples());
        let Some((length, body)) = bytes.split_first() else { return };
        let brought = pieces(body, *length);
        let read = BOUND.hold(body.len() + brought.len() * 64, || run_one(fuzzing::upload(KIND, brought)));
        let whole = run_one(fuzzing::upload(KIND, vec![body.to_vec()]));
        let (Some(read), Some(whole)) = (read, whole) else { return };
        match (read, whole) {
            (Ok((fields, files)), Ok((same_fields, same_files))) => {
                assert!(fields == same_fields, "how a form comes does not matter");
                assert_eq!(files.len(), same_files.len());
                assert!(files.len() <= FILES_MAX);
                for (file, same) in files.iter().zip(&same_files) {
                    assert!(file.field == same.field && file.name == same.name && *file.bytes == *same.bytes);
                }
                let taken: usize = files.iter().map(|file| file.bytes.len()).sum();
                assert!(taken <= body.len(), "files are longer than the form");
            }
            (Err(told), Err(same)) => {
                assert_eq!(told.to_string(), same.to_string());
                assert_is_line(&told.to_string());
            }
            _ => unreachable!("how a form comes decides whether it is read"),
        }
    }

    pub(crate) fn seeds() -> Seeds {
        let mut seeds = each_sample(samples().len(), &[]);
        seeds.push(as_it_is("no-end", b"4--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx"));
        seeds.push(as_it_is("no-name", b"4--b\r\n\r\nx\r\n--b--"));
        seeds
    }
}
