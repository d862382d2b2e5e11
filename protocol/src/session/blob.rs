//! Sans-IO state machines of one transfer, both ends (`docs/PROTOCOL.md` §5). They take the frames of its stream and say what is to be
//! done; who drives them reads and writes the chunks.
//!
//! Who gives chunks is never more than [`BLOB_CHUNKS_AHEAD`] ahead of who takes them, so neither holds more than that.

use serde_bytes::ByteBuf;

use crate::{
    blob::{BlobFrame, BlobRefusal, BlobSecret, BlobShape},
    id::BlobId,
    limits::BLOB_CHUNKS_AHEAD,
    time::Day,
};

/// The other end broke the rules of a transfer; the stream is to be closed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the other end broke the rules of a transfer: {0}")]
pub struct TransferBroken(pub &'static str);

/// What a driver does, in order.
#[derive(Clone, PartialEq, Eq)]
pub enum Step {
    /// Send this frame.
    Send(BlobFrame),
    /// Read the chunk at this place and send it: [`chunk_frame`].
    Give(u32),
    /// Store this chunk, then say so: `taken`.
    Take(u32, Vec<u8>),
    /// Tell the application; nothing follows.
    Over(Over),
    /// Only at a relay: decide about this request.
    Asked(Asked),
    /// Only at a relay: every chunk is here. Check and keep the whole, then say `stored` or `refuse`.
    Whole,
}

/// How a transfer ended for a node.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Over {
    /// The relay holds the whole, durably.
    Stored,
    /// The relay has given its last chunk, or dropped the blob.
    Ended,
    /// The relay said no.
    Refused(BlobRefusal, u32),
}

/// What a node asks of a relay.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// Take a blob: answer with `ready` or `refuse`.
    Put {
        /// Its id.
        blob: BlobId,
        /// Its length.
        shape: BlobShape,
        /// SHA-256 of the whole.
        sha256: [u8; 32],
        /// Its last day.
        expiry: Day,
    },
    /// Give the blob with this id: answer with `found` or `refuse`. The node proved the right to it.
    Get(BlobId),
    /// Forget the blob with this id, then answer with `dropped` or `refuse`. The node proved the right to it.
    Drop(BlobId),
}

/// A chunk as it travels.
#[must_use]
pub fn chunk_frame(index: u32, bytes: Vec<u8>) -> BlobFrame {
    BlobFrame::Chunk { index, bytes: ByteBuf::from(bytes) }
}

/// Chunks that go out.
struct Giving {
    shape: BlobShape,
    sent: u32,
}

impl Giving {
    /// The other end has so many; what may be sent now.
    fn ready(&mut self, have: u32) -> Result<Vec<Step>, TransferBroken> {
        if have > self.sent {
            return Err(TransferBroken("more chunks are taken than were sent"));
        }
        let until = have.saturating_add(BLOB_CHUNKS_AHEAD).min(self.shape.chunks());
        let steps = (self.sent..until).map(Step::Give).collect();
        self.sent = self.sent.max(until);
        Ok(steps)
    }
}

/// Chunks that come in.
struct Taking {
    shape: BlobShape,
    have: u32,
    /// Those that came and are not stored yet are counted here too.
    next: u32,
}

impl Taking {
    fn new(shape: BlobShape, have: u32) -> Self {
        let have = have.min(shape.chunks());
        Self { shape, have, next: have }
    }

    fn chunk(&mut self, index: u32, bytes: Vec<u8>) -> Result<Step, TransferBroken> {
        if index != self.next || index >= self.have.saturating_add(BLOB_CHUNKS_AHEAD) {
            return Err(TransferBroken("a chunk out of its turn"));
        }
        if self.shape.chunk(index).is_none_or(|(_, length)| length != bytes.len()) {
            return Err(TransferBroken("a chunk of another length"));
        }
        self.next = self.next.saturating_add(1);
        Ok(Step::Take(index, bytes))
    }

    fn taken(&mut self) -> BlobFrame {
        self.have = self.have.saturating_add(1).min(self.next);
        BlobFrame::Ready { have: self.have }
    }

    fn is_whole(&self) -> bool {
        self.have == self.shape.chunks()
    }
}

enum NodeState {
    /// Put was sent.
    Put(BlobShape),
    Giving(Giving),
    /// Get was sent; what is expected, and how much is here.
    Get(BlobShape, u32),
    Taking(Taking),
    Drop,
    Over,
}

/// A node's end of one transfer.
pub struct NodeTransfer(NodeState);

impl NodeTransfer {
    /// Puts a blob. Gives the first frame.
    #[must_use]
    pub const fn put(blob: BlobId, shape: BlobShape, sha256: [u8; 32], expiry: Day) -> (Self, BlobFrame) {
        let first = BlobFrame::Put { blob, bytes: shape.bytes(), sha256, expiry };
        (Self(NodeState::Put(shape)), first)
    }

    /// Fetches a blob of this shape, of which `have` chunks are here. Gives the first frame.
    #[must_use]
    pub fn get(secret: &BlobSecret, shape: BlobShape, have: u32) -> (Self, BlobFrame) {
        let first = BlobFrame::Get { secret: *secret.as_bytes(), from: have };
        (Self(NodeState::Get(shape, have)), first)
    }

    /// Has a blob dropped. Gives the first frame.
    #[must_use]
    pub fn drop_blob(secret: &BlobSecret) -> (Self, BlobFrame) {
        (Self(NodeState::Drop), BlobFrame::Drop { secret: *secret.as_bytes() })
    }

    /// Takes a frame of the relay.
    ///
    /// # Errors
    /// [`TransferBroken`].
    pub fn on(&mut self, frame: BlobFrame) -> Result<Vec<Step>, TransferBroken> {
        let state = core::mem::replace(&mut self.0, NodeState::Over);
        let (next, steps) = match (state, frame) {
            (NodeState::Over, _) => return Err(TransferBroken("a frame after the end")),
            (_, BlobFrame::Refused { reason, retry_after_s }) => {
                (NodeState::Over, vec![Step::Over(Over::Refused(reason, retry_after_s))])
            }
            (NodeState::Put(shape), BlobFrame::Ready { have }) => {
                let mut giving = Giving { shape, sent: have };
                let steps = if have > shape.chunks() {
                    Err(TransferBroken("more chunks than there are"))
                } else {
                    giving.ready(have)
                };
                (NodeState::Giving(giving), steps?)
            }
            (NodeState::Giving(mut giving), BlobFrame::Ready { have }) => {
                let steps = giving.ready(have)?;
                (NodeState::Giving(giving), steps)
            }
            (NodeState::Put(_), BlobFrame::Stored) => (NodeState::Over, vec![Step::Over(Over::Stored)]),
            (NodeState::Giving(giving), BlobFrame::Stored) if giving.sent == giving.shape.chunks() => {
                (NodeState::Over, vec![Step::Over(Over::Stored)])
            }
            (NodeState::Get(shape, have), BlobFrame::Found { bytes }) if bytes == shape.bytes() => {
                (NodeState::Taking(Taking::new(shape, have)), Vec::new())
            }
            (NodeState::Get(..), BlobFrame::Found { .. }) => return Err(TransferBroken("a blob of another length")),
            (NodeState::Taking(mut taking), BlobFrame::Chunk { index, bytes }) => {
                let step = taking.chunk(index, bytes.into_vec())?;
                (NodeState::Taking(taking), vec![step])
            }
            (NodeState::Taking(taking), BlobFrame::End) if taking.is_whole() => {
                (NodeState::Over, vec![Step::Over(Over::Ended)])
            }
            (NodeState::Drop, BlobFrame::End) => (NodeState::Over, vec![Step::Over(Over::Ended)]),
            _ => return Err(TransferBroken("a frame that does not belong here")),
        };
        self.0 = next;
        Ok(steps)
    }

    /// The first chunk that came and was not stored is stored now; what to send.
    ///
    /// # Errors
    /// [`TransferBroken`] when none came: a defect of the driver.
    pub fn taken(&mut self) -> Result<BlobFrame, TransferBroken> {
        match &mut self.0 {
            NodeState::Taking(taking) if taking.have < taking.next => Ok(taking.taken()),
            NodeState::Taking(_)
            | NodeState::Put(_)
            | NodeState::Giving(_)
            | NodeState::Get(..)
            | NodeState::Drop
            | NodeState::Over => Err(TransferBroken("no chunk waits")),
        }
    }
}

enum RelayState {
    /// Nothing came.
    New,
    /// The driver decides.
    Put(BlobShape),
    Taking(Taking),
    /// Every chunk is here; the driver checks.
    Whole,
    /// The driver looks; from this chunk on.
    Get(u32),
    Giving(Giving),
    Drop,
    Over,
}

/// A relay's end of one transfer.
pub struct RelayTransfer(RelayState);

impl Default for RelayTransfer {
    fn default() -> Self {
        Self(RelayState::New)
    }
}

impl RelayTransfer {
    /// Takes a frame of the node.
    ///
    /// # Errors
    /// [`TransferBroken`].
    pub fn on(&mut self, frame: BlobFrame) -> Result<Vec<Step>, TransferBroken> {
        let state = core::mem::replace(&mut self.0, RelayState::Over);
        let (next, steps) = match (state, frame) {
            (RelayState::New, BlobFrame::Put { blob, bytes, sha256, expiry }) => match BlobShape::of(bytes) {
                Some(shape) => (RelayState::Put(shape), vec![Step::Asked(Asked::Put { blob, shape, sha256, expiry })]),
                None => {
                    let refused = BlobFrame::Refused { reason: BlobRefusal::Length, retry_after_s: 0 };
                    (RelayState::Over, vec![Step::Send(refused), Step::Over(Over::Refused(BlobRefusal::Length, 0))])
                }
            },
            (RelayState::New, BlobFrame::Get { secret, from }) => {
                let blob = BlobSecret::from_bytes(secret).id();
                (RelayState::Get(from), vec![Step::Asked(Asked::Get(blob))])
            }
            (RelayState::New, BlobFrame::Drop { secret }) => {
                let blob = BlobSecret::from_bytes(secret).id();
                (RelayState::Drop, vec![Step::Asked(Asked::Drop(blob))])
            }
            (RelayState::Taking(mut taking), BlobFrame::Chunk { index, bytes }) => {
                let step = taking.chunk(index, bytes.into_vec())?;
                (RelayState::Taking(taking), vec![step])
            }
            (RelayState::Giving(mut giving), BlobFrame::Ready { have }) => {
                let steps = giving.ready(have)?;
                if have == giving.shape.chunks() {
                    (RelayState::Over, ended())
                } else {
                    (RelayState::Giving(giving), steps)
                }
            }
            _ => return Err(TransferBroken("a frame that does not belong here")),
        };
        self.0 = next;
        Ok(steps)
    }

    /// The relay takes the blob, and holds so many of its chunks already.
    pub fn ready(&mut self, have: u32) -> Vec<Step> {
        let RelayState::Put(shape) = self.0 else { return Vec::new() };
        let taking = Taking::new(shape, have);
        if taking.is_whole() {
            self.0 = RelayState::Whole;
            return vec![Step::Whole];
        }
        let first = BlobFrame::Ready { have: taking.have };
        self.0 = RelayState::Taking(taking);
        vec![Step::Send(first)]
    }

    /// The first chunk that came and was not stored is stored now.
    pub fn taken(&mut self) -> Vec<Step> {
        let RelayState::Taking(taking) = &mut self.0 else { return Vec::new() };
        let ready = taking.taken();
        if taking.is_whole() {
            self.0 = RelayState::Whole;
            return vec![Step::Whole];
        }
        vec![Step::Send(ready)]
    }

    /// The whole is durable.
    pub fn stored(&mut self) -> Vec<Step> {
        self.0 = RelayState::Over;
        vec![Step::Send(BlobFrame::Stored), Step::Over(Over::Stored)]
    }

    /// The blob is here; gives what may be sent now.
    pub fn found(&mut self, shape: BlobShape) -> Vec<Step> {
        let RelayState::Get(from) = self.0 else { return Vec::new() };
        if from > shape.chunks() {
            return self.refuse(BlobRefusal::Unknown, 0);
        }
        let mut giving = Giving { shape, sent: from };
        let mut steps = vec![Step::Send(BlobFrame::Found { bytes: shape.bytes() })];
        // `from` is what was sent: this cannot be refused.
        steps.extend(giving.ready(from).unwrap_or_default());
        if from == shape.chunks() {
            steps.extend(ended());
            self.0 = RelayState::Over;
        } else {
            self.0 = RelayState::Giving(giving);
        }
        steps
    }

    /// The blob is forgotten.
    pub fn dropped(&mut self) -> Vec<Step> {
        self.0 = RelayState::Over;
        ended()
    }

    /// The relay says no, at any time.
    pub fn refuse(&mut self, reason: BlobRefusal, retry_after_s: u32) -> Vec<Step> {
        self.0 = RelayState::Over;
        let refused = BlobFrame::Refused { reason, retry_after_s };
        vec![Step::Send(refused), Step::Over(Over::Refused(reason, retry_after_s))]
    }
}

fn ended() -> Vec<Step> {
    vec![Step::Send(BlobFrame::End), Step::Over(Over::Ended)]
}

#[cfg(test)]
mod tests;
