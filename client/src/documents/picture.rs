//! Takes out of a picture what is not the picture: place, time, camera, author, comments, small copies of it, and whatever stands after
//! its end. Which way up it is to be held stays.
//!
//! Own readers of the two formats' structure, which hold one segment at most; the picture itself is copied and not understood.

mod exif;
mod jpeg;
mod png;

use std::io::{self, Read, Write};

use super::kind::Kind;

/// Why a picture was not copied.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PictureError {
    /// It does not have the structure of its format.
    #[error("the picture is damaged, or not quite of its format: {0}")]
    Malformed(&'static str),
    /// It cannot be read, or the copy cannot be written.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Copies a picture without what is not the picture; anything else as it is.
///
/// # Errors
/// [`PictureError`]; then half of it may be written.
pub fn strip(kind: Kind, from: &mut impl Read, to: &mut impl Write) -> Result<(), PictureError> {
    match kind {
        Kind::Jpeg => jpeg::strip(from, to),
        Kind::Png => png::strip(from, to),
        Kind::Pdf | Kind::Text | Kind::Ogg | Kind::OpenDocument => {
            io::copy(from, to)?;
            Ok(())
        }
    }
}

/// The next bytes, as many as the array has.
fn next<const N: usize>(from: &mut impl Read) -> Result<[u8; N], PictureError> {
    let mut bytes = [0; N];
    from.read_exact(&mut bytes).map_err(ended)?;
    Ok(bytes)
}

fn ended(error: io::Error) -> PictureError {
    if error.kind() == io::ErrorKind::UnexpectedEof {
        PictureError::Malformed("it ends too early")
    } else {
        error.into()
    }
}
