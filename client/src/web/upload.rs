//! A form that brings a file: `multipart/form-data` (RFC 7578), whole and in memory, for forms with few fields and one small file.

use core::time::Duration;

use axum::body::Body;
use http_body_util::BodyExt as _;
use safeconduct_certs::web::fields::Fields;
use tokio::time::{Instant, timeout_at};

/// What is too long is read on and forgotten up to here, so that the browser hears the answer and does not see a broken line.
const FORGOTTEN_MAX: usize = 64 * 1024 * 1024;
/// A form is here within this: it comes from the same machine.
const WAIT: Duration = Duration::from_secs(60);

/// Parts of a form at most.
const PARTS_MAX: usize = 16;

/// What a form with a file brings back.
pub(super) struct Upload {
    pub(super) fields: Fields,
    /// The file; empty when none was chosen. What it was called stays where it was.
    pub(super) file: Vec<u8>,
}

/// The whole body; none when it is longer than `most` or does not come.
pub(super) async fn whole(mut body: Body, most: usize) -> Option<Vec<u8>> {
    let (mut bytes, mut passed, until) = (Vec::new(), 0_usize, Instant::now() + WAIT);
    while let Some(frame) = timeout_at(until, body.frame()).await.ok()? {
        let Ok(piece) = frame.ok()?.into_data() else { continue };
        passed = passed.saturating_add(piece.len());
        if passed > FORGOTTEN_MAX {
            return None;
        }
        if passed > most {
            bytes = Vec::new();
        } else {
            bytes.extend_from_slice(&piece);
        }
    }
    (passed <= most).then_some(bytes)
}

/// Reads a form; none when it is no such form.
pub(super) fn read(content_type: &str, body: &[u8]) -> Option<Upload> {
    let (kind, parameters) = content_type.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let boundary = parameters.split(';').find_map(|one| one.trim().strip_prefix("boundary="))?.trim_matches('"');
    if boundary.is_empty() || boundary.len() > 70 {
        return None;
    }
    let (first, between) = (format!("--{boundary}"), format!("\r\n--{boundary}"));
    let mut rest = body.strip_prefix(first.as_bytes())?;
    let mut upload = Upload { fields: Fields::new(), file: Vec::new() };
    for _ in 0..PARTS_MAX {
        if rest.starts_with(b"--") {
            return Some(upload);
        }
        rest = rest.strip_prefix(b"\r\n")?;
        let (head, content) = split(rest, b"\r\n\r\n")?;
        let (value, after) = split(content, between.as_bytes())?;
        let head = core::str::from_utf8(head).ok()?;
        let name = parameter(head, " name=\"")?;
        if parameter(head, " filename=\"").is_some() {
            upload.file = value.to_vec();
        } else {
            upload.fields.push((name.to_owned(), String::from_utf8_lossy(value).into_owned()));
        }
        rest = after;
    }
    None
}

/// What stands before and after the first of these bytes.
fn split<'b>(bytes: &'b [u8], at: &[u8]) -> Option<(&'b [u8], &'b [u8])> {
    let first = *at.first()?;
    let mut from = 0_usize;
    loop {
        let found = bytes.get(from..)?.iter().position(|byte| *byte == first)?.checked_add(from)?;
        let (before, rest) = bytes.split_at_checked(found)?;
        if let Some(after) = rest.strip_prefix(at) {
            return Some((before, after));
        }
        from = found.checked_add(1)?;
    }
}

/// A parameter of the part's `Content-Disposition`.
fn parameter<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    let line = head.split("\r\n").find(|line| line.to_ascii_lowercase().starts_with("content-disposition:"))?;
    line.split_once(name)?.1.split('"').next()
}

#[cfg(test)]
mod tests {
    use safeconduct_certs::web::fields::field;

    use super::*;

    const KIND: &str = "multipart/form-data; boundary=----WebKitFormBoundaryAb1";

    fn form(parts: &[(&str, &[u8])]) -> Vec<u8> {
        let mut body = Vec::new();
        for (head, value) in parts {
            body.extend_from_slice(b"------WebKitFormBoundaryAb1\r\nContent-Disposition: form-data; ");
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(b"\r\n\r\n");
            body.extend_from_slice(value);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"------WebKitFormBoundaryAb1--\r\n");
        body
    }

    #[test]
    fn a_form_brings_its_fields_and_its_file_byte_for_byte() {
        let file = b"{\"a\":\r\n--\r\n\r\n------WebKitFormBoundaryAb\r\n\xff}";
        let body = form(&[
            ("name=\"number\"", b"12"),
            ("name=\"file\"; filename=\"secret name.json\"\r\nContent-Type: application/json", file),
            ("name=\"token\"", b"ab=c"),
        ]);
        let upload = read(KIND, &body).unwrap();
        assert_eq!((field(&upload.fields, "number"), field(&upload.fields, "token")), ("12", "ab=c"));
        assert_eq!(upload.file, file);
        assert!(!upload.fields.iter().any(|(_, value)| value.contains("secret")));
        let none = form(&[("name=\"file\"; filename=\"\"\r\nContent-Type: application/octet-stream", b"")]);
        assert!(read(KIND, &none).unwrap().file.is_empty());
    }

    #[tokio::test]
    async fn a_body_that_is_too_long_is_read_to_its_end_and_forgotten() {
        assert_eq!(whole(Body::from("abc"), 3).await.unwrap(), b"abc");
        assert!(whole(Body::from("abcd"), 3).await.is_none());
        assert!(whole(Body::from(vec![0; FORGOTTEN_MAX + 1]), 3).await.is_none());
        assert!(whole(Body::empty(), 3).await.unwrap().is_empty());
    }

    #[test]
    fn what_is_no_such_form_is_refused_and_never_read_past_its_end() {
        let whole = form(&[("name=\"file\"; filename=\"x\"", b"abc"), ("name=\"n\"", b"1")]);
        let end = whole.len() - b"--\r\n".len();
        for length in 0..end {
            assert!(read(KIND, &whole[..length]).is_none(), "{length}");
        }
        for kind in
            ["", "text/plain", "multipart/form-data", "multipart/form-data; boundary=", "multipart/mixed; boundary=x"]
        {
            assert!(read(kind, &whole).is_none(), "{kind}");
        }
        let many: Vec<(&str, &[u8])> = vec![("name=\"n\"", b"1"); PARTS_MAX + 1];
        assert!(read(KIND, &form(&many)).is_none());
        assert!(read(KIND, b"------WebKitFormBoundaryAb1\r\nX: y\r\n\r\nz\r\n------WebKitFormBoundaryAb1--").is_none());
    }
}
