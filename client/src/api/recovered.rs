//! What the local API says of backups, restores and the lock.

use serde::{Deserialize, Serialize};

/// The last restore of this node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnRestore {
    /// The epoch that it began.
    pub epoch: u64,
    /// When, Unix seconds.
    pub at: u64,
    /// The vault knows nothing of what came between this and the restore, Unix seconds.
    pub copy_of: u64,
    /// The relay has not been reached since: partners are not told yet.
    pub pending: bool,
    /// What partners say that they have seen of this node and that is lost here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lost: Vec<ChainLoss>,
}

/// What a restore has lost of the dealings with one partner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainLoss {
    /// With whom.
    pub agency: String,
    /// Entries of evidence that the vault held.
    pub held: u64,
    /// Entries that the partner has seen.
    pub seen: u64,
}

/// `resend`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resend {
    /// The agency whose node was restored.
    pub agency: String,
    /// When, by its clock, Unix seconds.
    pub restored_at: u64,
    /// It knows nothing of what came between this and the restore, Unix seconds.
    pub copy_of: u64,
    /// This node's messages that it has lost, or has not confirmed.
    pub messages: Vec<LostLine>,
    /// Whether a person here has answered before.
    pub answered: bool,
    /// Whether what is kept here has just been queued to be sent again.
    pub sent: bool,
}

/// A message that a restored partner has lost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LostLine {
    /// The message.
    pub message_id: String,
    /// The referral's own id.
    pub referral_id: String,
    /// When it was sent first, Unix seconds.
    pub sent_at: u64,
    /// Whether its content is still here, so that it can be sent again.
    pub kept: bool,
}

/// `backup`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackedUp {
    /// The file.
    pub file: String,
    /// Its length.
    pub bytes: u64,
    /// When it was made, Unix seconds.
    pub made_at: u64,
}

/// `restore`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PutBack {
    /// The node's epoch from here on, unless the relay remembers a higher one.
    pub epoch: u64,
    /// The vault knows nothing of what came after this, Unix seconds.
    pub copy_of: u64,
    /// Messages that were under way and are sealed and sent again by themselves; their recipients show them once.
    pub again: u64,
}

/// `lock`, `unlock`, `passphrase`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Locked {
    /// Whether reading is locked now.
    pub locked: bool,
}
