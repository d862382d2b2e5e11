//! Bugs that are built in on purpose, so that the simulator (`tests/sim`) can be seen to find them. Only with the feature `planted`,
//! which no program is built with (`tests/tidy/planted.rs`), and each only while it is chosen, for the thread that has chosen it.

use core::cell::Cell;

/// One bug.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Bug {
    /// The relay signs that it holds an envelope before the envelope is durable.
    AckBeforeDurable,
    /// What was queued last under a key is not known to have been queued.
    DedupeOffByOne,
    /// The relay hands a one-time prekey out and keeps it.
    PrekeyTwice,
    /// An opened message is not held against who it was sealed for, and to which key: neither its header nor what it commits to.
    RecipientUnchecked,
    /// The relay's receipt is believed whoever signed it.
    ReceiptUnverified,
    /// What expires later is taken for expired.
    ExpiryWrongWay,
    /// What was sealed and not yet accepted is forgotten when a connection ends.
    OutboxForgets,
    /// What was settled is not known any more after a restart.
    ReplayLost,
    /// A vault that has gone back is not noticed.
    GapUnnoticed,
    /// A restored vault goes on with the epoch of before.
    RestoreReusesEpoch,
    /// A node tells the relay that it is done with an envelope, and stores it a little later.
    SettleBeforeStored,
    /// A node takes an older head of the registry than it has.
    ShorterRegistry,
}

impl Bug {
    /// All of them, with the names by which they are chosen.
    pub const ALL: [(Self, &'static str); 12] = [
        (Self::AckBeforeDurable, "ack-before-durable"),
        (Self::DedupeOffByOne, "dedupe-off-by-one"),
        (Self::PrekeyTwice, "prekey-twice"),
        (Self::RecipientUnchecked, "recipient-unchecked"),
        (Self::ReceiptUnverified, "receipt-unverified"),
        (Self::ExpiryWrongWay, "expiry-wrong-way"),
        (Self::OutboxForgets, "outbox-forgets"),
        (Self::ReplayLost, "replay-lost"),
        (Self::GapUnnoticed, "gap-unnoticed"),
        (Self::RestoreReusesEpoch, "restore-reuses-epoch"),
        (Self::SettleBeforeStored, "settle-before-stored"),
        (Self::ShorterRegistry, "shorter-registry"),
    ];
}

thread_local! {
    static CHOSEN: Cell<Option<Bug>> = const { Cell::new(None) };
}

/// Chooses the bug that this thread has from now on.
pub fn choose(bug: Option<Bug>) {
    CHOSEN.set(bug);
}

/// Whether this thread has this bug.
#[must_use]
pub fn is(bug: Bug) -> bool {
    CHOSEN.get() == Some(bug)
}
