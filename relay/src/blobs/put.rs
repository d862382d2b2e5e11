//! Blobs in: judged, written chunk by chunk, and vouched for only when the whole is durable and is what was announced.

use std::sync::atomic::Ordering;

use safeconduct_protocol::{
    blob::{BlobRefusal, BlobShape},
    id::{BlobId, NodeId},
    limits::EXPIRY_DAYS_MAX,
    time::Day,
};
use tracing::warn;

use super::{Claim, RETRY_S, Refused, blocking, forget, refusal_of};
use crate::{
    limits::{BLOB_RESERVE_BYTES, RESERVE_SHARE},
    shared::Shared,
    store::{
        Blob, BlobBegun, Change, Outcome,
        blobs::BlobFile,
        committer::{CommitError, Source},
    },
};

/// Another stream of the same node may not have noticed yet that it is cut.
const RETRY_CLAIMED_S: u32 = 2;

/// What becomes of a blob that is to be put.
pub(super) enum Begun {
    /// All of it is here.
    Held,
    /// It is written.
    Writing(Box<Writing>),
}

/// A blob that is being written. Nobody else writes it, as long as this lives.
pub(super) struct Writing {
    file: BlobFile,
    blob: Blob,
    have: u32,
    _claim: Claim,
}

/// Judges a blob, and opens its file.
pub(super) async fn begin(
    shared: &Shared,
    node: NodeId,
    id: BlobId,
    shape: BlobShape,
    sha256: [u8; 32],
    expiry: Day,
) -> Result<Begun, Refused> {
    if shared.maintenance.load(Ordering::Relaxed) {
        return Err((BlobRefusal::Maintenance, RETRY_S));
    }
    let today = shared.clock.now().day();
    if expiry < today || expiry > today.after(EXPIRY_DAYS_MAX) {
        return Err((BlobRefusal::Expiry, 0));
    }
    let claim = shared.blobs.claim(id).ok_or((BlobRefusal::Busy, RETRY_CLAIMED_S))?;
    let blob = Blob { id, shape, sha256, expiry, is_whole: false };
    let known = shared.reader.ask(move |view| view.blob(id)).await.map_err(|_failed| storage_failed())?;
    let now = shared.clock.now();
    if known.is_none() {
        room(shared, shape)?;
        shared.blobs.quota.take(node, now, shape.bytes())?;
    }
    let change = Change::BlobBegin { blob, bytes_max: shared.blobs.bounds.bytes };
    let begun = shared.committer.one(Source::RELAY, change).await;
    if known.is_none() && !matches!(begun, Ok(Outcome::BlobBegun(BlobBegun::Begun))) {
        shared.blobs.quota.give_back(node, now, shape.bytes());
    }
    match begun {
        Ok(Outcome::BlobBegun(BlobBegun::Begun)) => {}
        Ok(Outcome::BlobBegun(BlobBegun::Held)) => return Ok(Begun::Held),
        Ok(Outcome::BlobBegun(BlobBegun::Conflict)) => return Err((BlobRefusal::Conflict, 0)),
        Ok(Outcome::BlobBegun(BlobBegun::Full)) | Err(CommitError::Full) => return Err((BlobRefusal::Full, RETRY_S)),
        Ok(_) | Err(_) => return Err(storage_failed()),
    }
    let files = shared.blobs.files.clone();
    let opened = blocking(move || {
        let file = files.create(id, shape)?;
        let have = file.have()?;
        Ok(Writing { file, blob, have, _claim: claim })
    });
    Ok(Begun::Writing(Box::new(opened.await.map_err(|error| refusal_of(&error))?)))
}

/// Is there room on the disk, and something left for envelopes?
fn room(shared: &Shared, shape: BlobShape) -> Result<(), Refused> {
    let Some(space) = shared.committer.space() else { return Ok(()) };
    let reserve = BLOB_RESERVE_BYTES.min(space.whole_bytes.checked_div(RESERVE_SHARE).unwrap_or(0));
    let fits = space.free_bytes >= reserve.saturating_add(shape.bytes());
    if fits && !shared.committer.is_full() { Ok(()) } else { Err((BlobRefusal::Full, RETRY_S)) }
}

const fn storage_failed() -> Refused {
    (BlobRefusal::StorageFailed, RETRY_S)
}

impl Writing {
    /// Chunks that were written before.
    pub(super) const fn have(&self) -> u32 {
        self.have
    }

    /// Writes the next chunk.
    pub(super) async fn take(self: Box<Self>, index: u32, bytes: Vec<u8>) -> Result<Box<Self>, Refused> {
        let written = blocking(move || self.file.write(index, &bytes).map(|()| self));
        written.await.map_err(|error| refusal_of(&error))
    }

    /// Makes the whole durable, reads it back, and has the desk vouch for it. One that is not what was announced is forgotten.
    pub(super) async fn finish(self: Box<Self>, shared: &Shared) -> Result<(), Refused> {
        let id = self.blob.id;
        // Its claim goes with it: until the desk has spoken nobody begins it anew.
        let (writing, found) = blocking(move || {
            let found = self.file.settle().and_then(|()| self.file.hash());
            Ok((self, found))
        })
        .await
        .map_err(|error| refusal_of(&error))?;
        match found {
            Ok(found) if found == writing.blob.sha256 => {
                match shared.committer.one(Source::RELAY, Change::BlobWhole { id }).await {
                    Ok(Outcome::BlobChanged(true)) => Ok(()),
                    Err(CommitError::Full) => Err((BlobRefusal::Full, RETRY_S)),
                    Ok(_) | Err(_) => Err(storage_failed()),
                }
            }
            Ok(_) => {
                forget(shared, id).await?;
                Err((BlobRefusal::Hash, 1))
            }
            Err(error) => {
                // After a failed sync nobody knows what the disk holds.
                warn!(event = "blob-failed", "a sealed document cannot be made durable: {}", error.kind());
                forget(shared, id).await?;
                Err(refusal_of(&error))
            }
        }
    }
}
