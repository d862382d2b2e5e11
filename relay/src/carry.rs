//! The authority without a network: its words come in a file, and what waits for it goes out in one. What is in them is judged as if
//! it had come over a session.

use std::{io, path::Path};

use safeconduct_certs::{
    authority::root::Fingerprint,
    carried::{self, Carried, CarriedRefused, Kind},
};
use safeconduct_protocol::{
    frame::{Frame, PublishRefusal, Tag},
    id::InviteId,
};
use serde_json::{Value, json};
use tracing::info;

use crate::{
    authority::{self, Piece, Publishing},
    exit::Exit,
    foreign::Publisher,
    limits::{CARRIED_REQUESTS_MAX, PAGE_BYTES_MAX, REQUESTS_MAX},
    shared::Shared,
};

/// Why a file was not taken, or not written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum CarryError {
    /// It is not a file for this relay.
    #[error(transparent)]
    File(#[from] CarriedRefused),
    /// For another relay.
    #[error("the file is for relay {wanted}, and this is relay {own}")]
    OtherRelay {
        /// Whom it is for.
        wanted: u32,
        /// Who this is.
        own: u32,
    },
    /// What it says was refused.
    #[error("{}", fact(*.0))]
    Refused(PublishRefusal),
    /// The file cannot be written.
    #[error("the file cannot be written: {0}")]
    Unwritable(io::ErrorKind),
    /// The store.
    #[error("what waits for the authority cannot be read")]
    Store,
}

impl CarryError {
    /// What to do next.
    #[must_use]
    pub(crate) const fn remedy(&self) -> &'static str {
        match self {
            Self::File(error) => error.remedy(),
            Self::OtherRelay { .. } => {
                "ask the authority for this relay's file: `safeconduct-admin export --relay NUMBER`"
            }
            Self::Refused(PublishRefusal::Rollback) => {
                "ask the authority for a newer file; if this is its newest, stop and phone it: there are two histories"
            }
            Self::Refused(PublishRefusal::StorageFailed) | Self::Store => "see `safeconduct-relay verify` and the disk",
            Self::Refused(_) => "stop, keep the file, and phone the authority",
            Self::Unwritable(_) => "name a file in a directory that the relay's account can write",
        }
    }

    /// A stable name for programs.
    #[must_use]
    pub(crate) const fn code(&self) -> &'static str {
        match self {
            Self::File(error) => error.code(),
            Self::OtherRelay { .. } => "file-other-relay",
            Self::Refused(PublishRefusal::Rollback) => "file-older",
            Self::Refused(_) => "file-refused",
            Self::Unwritable(_) => "file-unwritable",
            Self::Store => "store",
        }
    }

    /// The exit code of a command that ends with this code.
    #[must_use]
    pub(crate) fn exit_of(code: &str) -> Exit {
        match code {
            "file-refused" => Exit::Tampering,
            "file-unwritable" | "store" | "" => Exit::NotReady,
            "file-unreadable" => Exit::Usage,
            _ => Exit::Refused,
        }
    }
}

const fn fact(reason: PublishRefusal) -> &'static str {
    match reason {
        PublishRefusal::Rollback => "the file is older than what this relay holds, or tells another history",
        PublishRefusal::StorageFailed => "the relay's storage failed",
        PublishRefusal::Root => "the file is under another root file",
        PublishRefusal::Replay | PublishRefusal::Gap | PublishRefusal::TooLarge | _ => {
            "the log in the file does not replay"
        }
    }
}

/// Takes a file of the authority: the log, then invitations and answers. The same file again changes nothing.
pub(crate) async fn import(shared: &Shared, from: &Path) -> Result<Value, CarryError> {
    let (root, path) = (own_root(shared), from.to_owned());
    let read = move || carried::read_file(&path).and_then(|bytes| Carried::parse(&bytes, Kind::ToRelay, &root));
    let unreadable = CarriedRefused::Unreadable(io::ErrorKind::Other);
    let file = tokio::task::spawn_blocking(read).await.unwrap_or(Err(unreadable))?;
    for_this_relay(shared, &file)?;
    let (mut publishing, mut answers, mut unasked, mut invitations) = (Publishing::new(shared), 0_u64, 0_u64, 0_usize);
    let mut numbered = false;
    for frame in file.frames.iter().cloned() {
        if let Frame::Publish { tag, root, from, leaves, records, head } = frame {
            let piece = Piece { root, from, leaves, records, head };
            taken(publishing.take(shared, Publisher::Own, tag, piece).await)?;
            continue;
        }
        if !numbered {
            // The first log that a relay takes is where it learns its number.
            for_this_relay(shared, &file)?;
            numbered = true;
        }
        if let Frame::InvitePut { tag, invites } = frame {
            invitations = invitations.saturating_add(invites.len());
            taken(authority::invite(shared, tag, invites).await)?;
        } else if let Frame::EnrolAnswer { tag, invite, answer } = frame {
            match taken(authority::answer(shared, tag, invite, answer.into_vec()).await) {
                Ok(()) => answers = answers.saturating_add(1),
                // Asked for in a file, or so long ago that it was purged.
                Err(CarryError::Refused(PublishRefusal::Gap)) => unasked = unasked.saturating_add(1),
                Err(error) => return Err(error),
            }
        } else {
            return Err(CarriedRefused::NotOurs.into());
        }
    }
    let size = shared.feed.newest().map_or(0, |newest| newest.registry.size());
    info!(event = "file-imported", size, answers, "a file of the authority was taken");
    Ok(json!({ "size": size, "invitations": invitations, "answers": answers, "answers_without_request": unasked }))
}

/// Writes what the authority must know of this relay: its head, and the requests that wait.
pub(crate) async fn export(shared: &Shared, to: &Path) -> Result<Value, CarryError> {
    let root = own_root(shared);
    let relay = authority::relay_id(shared);
    let waiting = shared.reader.ask(|view| view.enrolments_waiting(CARRIED_REQUESTS_MAX)).await;
    let waiting = waiting.ok().ok_or(CarryError::Store)?;
    let head = shared.feed.newest().map(|newest| newest.head()).unwrap_or_default();
    let (size, count) = (head.size, waiting.len());
    let mut frames = vec![Frame::RegistryHead { head }];
    frames.extend(batches(waiting));
    let (carried, path) = (Carried { kind: Kind::FromRelay, relay, root, frames }, to.to_owned());
    let written = tokio::task::spawn_blocking(move || carried::write_file(&path, &carried)).await;
    let written = written.unwrap_or_else(|_ended| Err(io::ErrorKind::Other.into()));
    written.map_err(|error| CarryError::Unwritable(error.kind()))?;
    info!(event = "file-exported", size, count, "a file for the authority was written");
    Ok(json!({ "out": to, "relay": relay.0, "size": size, "requests": count }))
}

/// Requests in frames, each as full as one may be.
fn batches(waiting: Vec<(InviteId, Vec<u8>)>) -> Vec<Frame> {
    let (mut frames, mut requests, mut bytes) = (Vec::new(), Vec::new(), 0_usize);
    for (invite, request) in waiting {
        if requests.len() >= REQUESTS_MAX || bytes.saturating_add(request.len()) > PAGE_BYTES_MAX {
            frames.push(Frame::Requests { tag: Tag(0), requests: core::mem::take(&mut requests) });
            bytes = 0;
        }
        bytes = bytes.saturating_add(request.len());
        requests.push((invite, request.into()));
    }
    frames.push(Frame::Requests { tag: Tag(0), requests });
    frames
}

fn own_root(shared: &Shared) -> Fingerprint {
    shared.feed.root().first().fingerprint()
}

fn for_this_relay(shared: &Shared, file: &Carried) -> Result<(), CarryError> {
    let own = authority::relay_id(shared);
    if own.0 == 0 || own == file.relay {
        return Ok(());
    }
    Err(CarryError::OtherRelay { wanted: file.relay.0, own: own.0 })
}

fn taken(answer: Frame) -> Result<(), CarryError> {
    if let Frame::PublishRefused { reason, .. } = answer { Err(CarryError::Refused(reason)) } else { Ok(()) }
}
