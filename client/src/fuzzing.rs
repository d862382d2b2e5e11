//! Ways to readers that no other crate may use, for `tests/fuzzing` alone: with the feature `fuzzing`, which no program that anybody uses
//! is built with. Nothing is done here that the readers do not do themselves.

use core::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};
use std::{collections::VecDeque, io::Read};

use axum::{
    Form,
    body::{Body, Bytes, HttpBody},
    extract::{FromRequest as _, Request},
    http::header::CONTENT_TYPE,
};
use hyper::body::Frame;
use safeconduct_certs::web::fields::Fields;
use zeroize::Zeroizing;

use crate::{error::Told, recovery::RecoveryError};

/// A file of a form.
pub struct File {
    /// The field that it came in.
    pub field: String,
    /// What it is called where it came from.
    pub name: String,
    /// What is in it.
    pub bytes: Zeroizing<Vec<u8>>,
}

/// A body that comes in pieces.
struct Pieces(VecDeque<Bytes>);

impl HttpBody for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.pop_front().map(|piece| Ok(Frame::data(piece))))
    }
}

fn request(kind: &str, pieces: Vec<Vec<u8>>) -> Option<Request> {
    let body = Body::new(Pieces(pieces.into_iter().map(Bytes::from).collect()));
    Request::builder().method("POST").header(CONTENT_TYPE, kind).body(body).ok()
}

/// A form that brings files, as the page reads it; nothing when the kind cannot be that of a request.
///
/// # Errors
/// What the page says of it.
pub async fn upload(kind: &str, pieces: Vec<Vec<u8>>) -> Option<Result<(Fields, Vec<File>), Told>> {
    let request = request(kind, pieces)?;
    Some(crate::web::uploaded(request).await.map(|(fields, files)| {
        let file = |(field, name, bytes)| File { field, name, bytes };
        (fields, files.into_iter().map(file).collect())
    }))
}

/// A form without files, as the page reads it; nothing when it is none.
pub async fn form(pieces: Vec<Vec<u8>>) -> Option<Fields> {
    let request = request("application/x-www-form-urlencoded", pieces)?;
    Form::<Fields>::from_request(request, &()).await.ok().map(|Form(fields)| fields)
}

/// What stands before a backup's database: when it was made, how long the database is, and the configuration.
pub type Front = (u64, u64, Vec<u8>);

/// Reads a backup to its end, and its database into nothing.
///
/// # Errors
/// [`RecoveryError`].
pub fn backup(from: impl Read, file_bytes: u64, passphrase: &Zeroizing<String>) -> Result<Front, RecoveryError> {
    crate::recovery::read_whole(from, file_bytes, passphrase)
}
