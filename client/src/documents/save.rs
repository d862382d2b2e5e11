//! A sealed document out of this node's folder: checked whole, then handed over. Nothing of it is at its place before.

use std::{
    io::{self, Write},
    path::Path,
};

use safeconduct_protocol::{
    crypto::hash::Pieces,
    document::{digest::SaltedDigest, shape::Shape},
    entropy::{Entropy, random},
};

use super::{error::DocumentError, gauge::Gauge, part::Part, seal::Fresh, store::Opening};

/// Opens the sealed document in `data` and writes it to `to`, which must not be there: into a file of its own beside it first, which
/// takes the name only when the last chunk has opened and all hashes are what the sender signed for. `gauge` counts what is opened.
///
/// # Errors
/// [`DocumentError::NotHere`], [`DocumentError::Broken`], [`DocumentError::Exists`], or what a file says; nothing is left then.
pub fn save(
    data: &Path,
    opening: &Opening,
    to: &Path,
    entropy: &mut dyn Entropy,
    gauge: &Gauge,
) -> Result<(), DocumentError> {
    if to.symlink_metadata().is_ok() {
        return Err(DocumentError::Exists);
    }
    let name = u128::from_be_bytes(random(entropy)?);
    let mut fresh = Fresh::at(to.with_file_name(format!(".{name:032x}.part")))?;
    gauge.begin(opening.length, 1);
    open(data, opening, fresh.file()?, gauge)?;
    fresh.publish(to)
}

/// Checks the sealed document in `data` whole: every chunk opens, and all hashes are what the sender signed for. Nothing is handed over.
///
/// # Errors
/// [`DocumentError::NotHere`], [`DocumentError::Broken`], or what the file says.
pub fn check(data: &Path, opening: &Opening) -> Result<(), DocumentError> {
    open(data, opening, &mut io::sink(), &Gauge::default())
}

/// Hands over a document that was [checked](check), chunk by chunk; an error means that what went is not whole.
///
/// # Errors
/// As [`check`], and what `to` says.
pub fn pass(data: &Path, opening: &Opening, to: &mut dyn Write) -> Result<(), DocumentError> {
    open(data, opening, to, &Gauge::default())
}

fn open(data: &Path, opening: &Opening, to: &mut dyn Write, gauge: &Gauge) -> Result<(), DocumentError> {
    let shape = Shape::of(opening.length).ok_or(DocumentError::Broken)?;
    let part = Part::open(data, &opening.file, shape)?;
    let (chunks, mut cipher, mut plain) = (opening.chunks(shape), Pieces::default(), Pieces::default());
    let mut salted = SaltedDigest::new(&opening.salt, opening.length);
    for index in 0..shape.chunks() {
        let sealed = part.read(index)?;
        cipher.take(&sealed);
        let piece = chunks.open(index, &sealed).map_err(|_refused| DocumentError::Broken)?;
        salted.take(&piece).map_err(|_other| DocumentError::Broken)?;
        plain.take(&piece);
        to.write_all(&piece)?;
        gauge.add(piece.len());
    }
    let is_whole = salted.finish().is_ok_and(|found| found == opening.salted)
        && cipher.finish() == opening.cipher
        && opening.sha256.is_none_or(|listed| plain.finish() == listed);
    if is_whole { Ok(()) } else { Err(DocumentError::Broken) }
}
