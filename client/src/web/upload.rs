//! Forms that bring files (RFC 7578). A file is held in memory, bounded, until it is sealed: nothing of it is written as it is.

use axum::{
    extract::{FromRequest, Multipart, Request, multipart::Field},
    http::header::CONTENT_TYPE,
};
use safeconduct_certs::web::fields::Fields;
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::{Duration, timeout},
};
use zeroize::Zeroizing;

use crate::{documents::DocumentError, error::Told};

/// Longest file: what a referral may list (`size_bytes` of the schema).
pub(super) const FILE_BYTES_MAX: usize = 25 * 1024 * 1024;
/// Files of one form.
pub(super) const FILES_MAX: usize = 3;
/// Longest form with files, what stands around them included.
pub(super) const FORM_BYTES_MAX: usize = FILES_MAX * FILE_BYTES_MAX + 512 * 1024;
/// Fields of such a form that are no files, and bytes of all of them.
const FIELDS_MAX: usize = 400;
const TEXT_BYTES_MAX: usize = 256 * 1024;
/// Forms with files that are read at one time.
const READING_MAX: usize = 2;
/// Longest time for one form.
const WHOLE_WAIT: Duration = Duration::from_secs(600);

static READING: Semaphore = Semaphore::const_new(READING_MAX);

/// A file that somebody chose. No `Debug`: it is about a person.
pub(super) struct Upload {
    /// The field that it came in.
    pub(super) field: String,
    /// Its name on the sender's machine; only its ending is looked at.
    pub(super) name: String,
    /// What is in it.
    pub(super) bytes: Zeroizing<Vec<u8>>,
}

/// What such a form brought.
pub(super) struct Came {
    pub(super) fields: Fields,
    /// Files that were chosen, in the order of the form; a field that was left empty brings none.
    pub(super) files: Vec<Upload>,
    /// The next form is read when this one is done with.
    _place: SemaphorePermit<'static>,
}

fn broken() -> Told {
    Told::usage("the form did not come whole", "go back and send it again")
}

/// Reads a form with files.
///
/// # Errors
/// `documents-full` while others are read; `document-too-large`; a form that is none or does not come whole.
pub(super) async fn read(request: Request) -> Result<Came, Told> {
    let place = READING.try_acquire().map_err(|_none_left| {
        let fact = "other files are being read, and that is as many as may";
        Told::unreachable("documents-full", fact, "try again when they are through")
    })?;
    let is_form = request.headers().get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"multipart/"));
    if !is_form {
        return Err(broken());
    }
    let form = Multipart::from_request(request, &()).await.map_err(|_no_form| broken())?;
    timeout(WHOLE_WAIT, take(form, place)).await.map_err(|_late| broken())?
}

/// The same for `tests/fuzzing`, taken apart: fields, and of each file its field, its name and its bytes.
#[cfg(feature = "fuzzing")]
pub(crate) async fn uploaded(request: Request) -> Result<(Fields, Vec<(String, String, Zeroizing<Vec<u8>>)>), Told> {
    let came = read(request).await?;
    Ok((came.fields, came.files.into_iter().map(|file| (file.field, file.name, file.bytes)).collect()))
}

async fn take(mut form: Multipart, place: SemaphorePermit<'static>) -> Result<Came, Told> {
    let (mut fields, mut files, mut text_left) = (Fields::new(), Vec::new(), TEXT_BYTES_MAX);
    while let Some(field) = form.next_field().await.map_err(|_cut| broken())? {
        let Some(name) = field.name().map(str::to_owned) else { continue };
        match field.file_name().map(str::to_owned) {
            Some(called) => {
                let bytes = whole(field, FILE_BYTES_MAX).await?;
                if bytes.is_empty() && called.is_empty() {
                    continue;
                }
                if files.len() >= FILES_MAX {
                    return Err(Told::usage("these are more files than one form brings", "send the others afterwards"));
                }
                files.push(Upload { field: name, name: called, bytes });
            }
            None if fields.len() >= FIELDS_MAX => return Err(broken()),
            None => {
                let bytes = whole(field, text_left).await.map_err(|_long| broken())?;
                text_left = text_left.saturating_sub(bytes.len());
                let text = core::str::from_utf8(&bytes).map_err(|_not_text| broken())?;
                fields.push((name, text.to_owned()));
            }
        }
    }
    Ok(Came { fields, files, _place: place })
}

async fn whole(mut field: Field<'_>, max: usize) -> Result<Zeroizing<Vec<u8>>, Told> {
    let mut pieces = Vec::new();
    let mut length = 0_usize;
    while let Some(piece) = field.chunk().await.map_err(|_cut| broken())? {
        length = length.saturating_add(piece.len());
        if length > max {
            // Read on and forgotten, so that the browser hears the answer and does not see a broken line.
            pieces.clear();
        } else {
            pieces.push(piece);
        }
    }
    if length > max {
        return Err(DocumentError::TooLarge { bytes: u64::try_from(length).unwrap_or(u64::MAX) }.into());
    }
    // Room for all at once: what grows leaves copies behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(length));
    for piece in pieces {
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use axum::{body::Body, extract::DefaultBodyLimit};

    use super::*;

    fn form(parts: &[(&str, Option<&str>, &[u8])]) -> Request {
        let mut body = Vec::new();
        for (name, file, content) in parts {
            let file = file.map(|file| format!("; filename=\"{file}\"")).unwrap_or_default();
            body.extend(format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n").as_bytes());
            body.extend_from_slice(content);
            body.extend(b"\r\n");
        }
        body.extend(b"--b--\r\n");
        Request::builder().header(CONTENT_TYPE, "multipart/form-data; boundary=b").body(Body::from(body)).unwrap()
    }

    #[tokio::test]
    async fn fields_and_files_come_apart_and_an_empty_choice_is_none() {
        let all = form(&[("a", None, "ä".as_bytes()), ("f", Some("x.png"), b"\x89PNG"), ("g", Some(""), b"")]);
        let came = read(all).await.map_err(|told| told.code.clone()).unwrap();
        assert_eq!(came.fields, [("a".to_owned(), "ä".to_owned())]);
        assert_eq!(came.files.len(), 1);
        assert_eq!((came.files[0].field.as_str(), came.files[0].name.as_str()), ("f", "x.png"));
        assert_eq!(came.files[0].bytes.as_slice(), b"\x89PNG");
    }

    #[tokio::test]
    async fn what_is_too_much_or_no_form_is_refused_in_words() {
        let long = vec![b'x'; TEXT_BYTES_MAX + 1];
        let many: Vec<_> = (0..=FILES_MAX).map(|_file| ("f", Some("x.txt"), b"x".as_slice())).collect();
        let no_text = [("a", None, b"\xff".as_slice())];
        let broken_off =
            Request::builder().header(CONTENT_TYPE, "multipart/form-data; boundary=b").body(Body::from("--b\r\n"));
        let other = Request::builder().header(CONTENT_TYPE, "text/plain").body(Body::from("x"));
        for (place, wrong) in [
            form(&[("a", None, &long)]),
            form(&many),
            form(&no_text),
            broken_off.unwrap(),
            other.unwrap(),
            Request::builder().body(Body::empty()).unwrap(),
        ]
        .into_iter()
        .enumerate()
        {
            assert!(read(wrong).await.is_err(), "{place}");
        }
        let big = vec![b'x'; FILE_BYTES_MAX + 1];
        let mut request = form(&[("f", Some("x.txt"), &big)]);
        DefaultBodyLimit::max(FORM_BYTES_MAX).apply(&mut request);
        assert_eq!(read(request).await.err().map(|told| told.code.clone()).as_deref(), Some("document-too-large"));
    }
}
