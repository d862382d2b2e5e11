//! Transfers of a node beside its session: they begin when it is up and end with it, whatever they are at.

use std::{future, sync::Arc};

use safeconduct_certs::link::{Transfer, TransferError, Transfers};
use tokio::task::JoinSet;

use super::{Driver, Next};
use crate::{blobs, standing::Standing};

/// The transfers of one connection. Until the first one it holds nothing but the way to them: ten thousand idle nodes have none.
pub(super) struct Carrying {
    way: Transfers,
    running: Option<Box<JoinSet<()>>>,
}

impl Carrying {
    pub(super) const fn new(way: Transfers) -> Self {
        Self { way, running: None }
    }

    /// The peer was admitted: more of it may be under way.
    pub(super) fn widen(&self) {
        self.way.widen();
    }

    /// The node was admitted: it may open streams from now on.
    pub(super) fn admit(&self) {
        self.way.admit();
    }

    /// Waits for the next transfer. Cancel safe.
    pub(super) async fn next(&mut self) -> Transfer {
        loop {
            let ended = async {
                match &mut self.running {
                    Some(running) if !running.is_empty() => drop(running.join_next().await),
                    _ => future::pending().await,
                }
            };
            // What has ended first: there are only so many, and their places are needed.
            tokio::select! {
                biased;
                () = ended => {}
                accepted = self.way.accept() => match accepted {
                    Ok(transfer) => return transfer,
                    // The session's own stream says why.
                    Err(TransferError::Link(_) | _) => future::pending().await,
                },
            }
        }
    }
}

impl Driver {
    /// A node has opened a stream. One from abroad is judged again, as when it submits.
    pub(super) async fn carry(&mut self, transfer: Transfer) -> Next {
        let (Some(session), Some(snapshot)) = (&self.node, self.snapshot()) else { return Next::On };
        if session.standing == Standing::Foreign
            && let Err(reason) = self.judge_again(&snapshot)
        {
            return self.stop(reason, 0).await;
        }
        let serving = blobs::serve(Arc::clone(&self.shared), session.node, transfer);
        self.carrying.running.get_or_insert_default().spawn(serving);
        Next::On
    }
}
