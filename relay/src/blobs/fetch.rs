//! Blobs out: given to whoever knows the secret, and forgotten when he says so.

use std::{io, sync::Arc};

use safeconduct_protocol::{blob::BlobRefusal, id::BlobId};
use tracing::warn;

use super::{RETRY_S, Refused, blocking, forget, refusal_of};
use crate::{metrics, shared::Shared, store::blobs::BlobFile};

/// Seconds after which a blob that is still being put may be whole.
const RETRY_PUTTING_S: u32 = 10;

/// The file of a blob that is whole and whose day is not past.
pub(super) async fn open(shared: &Shared, id: BlobId) -> Result<Arc<BlobFile>, Refused> {
    let found = shared.reader.ask(move |view| view.blob(id)).await;
    let found = found.map_err(|_failed| (BlobRefusal::StorageFailed, RETRY_S))?;
    let blob = found.filter(|blob| blob.expiry >= shared.clock.now().day()).ok_or((BlobRefusal::Unknown, 0))?;
    if !blob.is_whole {
        return Err((BlobRefusal::Unknown, RETRY_PUTTING_S));
    }
    let files = shared.blobs.files.clone();
    match blocking(move || files.open(blob.id, blob.shape)).await {
        Ok(file) => Ok(Arc::new(file)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            metrics::damaged();
            warn!(event = "blob-lost", "the file of a sealed document is not there");
            Err((BlobRefusal::Unknown, 0))
        }
        Err(error) => Err(refusal_of(&error)),
    }
}

/// Forgets a blob; one that is not there is fine.
pub(super) async fn drop_blob(shared: &Shared, id: BlobId) -> Result<(), Refused> {
    let _claim = shared.blobs.claim(id).ok_or((BlobRefusal::Busy, RETRY_PUTTING_S))?;
    forget(shared, id).await
}
