//! Bounds of this relay that the wire does not know, each with its unit in the name and its reason beside it.
//! The protocol's own are in [`safeconduct_protocol::limits`].

use safeconduct_protocol::limits::{MAILBOX_BYTES_MAX, MAILBOX_ENVELOPES_MAX};

/// Requests that wait for the disk. 1024 × 64 KiB = 64 MiB at most; beyond, senders wait.
pub const COMMIT_QUEUE_MAX: usize = 1024;
/// Changes in one transaction: beyond, a larger batch no longer saves time, and it delays its first.
pub const COMMIT_BATCH_MAX: usize = 1024;
/// Bytes in one transaction, about: 256 small envelopes. More would only make the last of them wait longer.
pub const COMMIT_BATCH_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Requests that one sender has in a transaction with a sender that was not in the one before: whoever sends one
/// envelope now and then does not wait for all of those who send many.
pub const COMMIT_SHARE: usize = 8;
/// Filed notices that are dropped in one transaction.
pub const NOTICES_AT_ONCE: usize = 1024;
/// Envelopes that a relay holds: the index in memory takes about 250 bytes for each.
pub const ENVELOPES_MAX: u64 = 1_000_000;

/// How much a relay may hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Quotas {
    /// Envelopes in all.
    pub envelopes: u64,
    /// Envelopes in one mailbox.
    pub mailbox_envelopes: u64,
    /// Bytes in one mailbox.
    pub mailbox_bytes: u64,
    /// Bytes after which the journal begins a new segment.
    pub segment_bytes: u32,
    /// Rows, about, that the index on the disk takes in one transaction: what is read from the journal after a crash is
    /// a few times so many records.
    pub index_rows: usize,
}

/// See [`Quotas::segment_bytes`].
pub const SEGMENT_BYTES: u32 = 16 * 1024 * 1024;
/// See [`Quotas::index_rows`].
pub const INDEX_ROWS: usize = 2048;

impl Quotas {
    /// No bound: for moving what was within one.
    pub const UNBOUNDED: Self = Self {
        envelopes: u64::MAX,
        mailbox_envelopes: u64::MAX,
        mailbox_bytes: u64::MAX,
        segment_bytes: SEGMENT_BYTES,
        index_rows: INDEX_ROWS,
    };
}

impl Default for Quotas {
    fn default() -> Self {
        Self {
            envelopes: ENVELOPES_MAX,
            mailbox_envelopes: MAILBOX_ENVELOPES_MAX,
            mailbox_bytes: MAILBOX_BYTES_MAX,
            segment_bytes: SEGMENT_BYTES,
            index_rows: INDEX_ROWS,
        }
    }
}

/// Commits between two rounds of housekeeping.
pub const TIDY_COMMITS: u32 = 64;
/// Threads that read, each with a connection of its own.
pub const READERS: usize = 2;
/// Reads that wait for one reader.
pub const READ_QUEUE_MAX: usize = 1024;
/// Free space below which nothing new is taken in, so that what is held can still be settled and swept: deleting needs
/// room in the log first. On a small disk a tenth of it.
pub const RESERVE_BYTES: u64 = 64 * 1024 * 1024;
/// See [`RESERVE_BYTES`].
pub const RESERVE_SHARE: u64 = 10;
/// Envelopes read from the store at once, at most 16 × 64 KiB = 1 MiB for one connection.
pub const DELIVER_PAGE: usize = 16;

/// Connections in all: 10,000 idle nodes in 600 MiB is the promise.
pub const CONNECTIONS_MAX: usize = 12_000;
/// Connections from one address: an agency's whole building may sit behind one.
pub const CONNECTIONS_PER_ADDRESS_MAX: usize = 64;
/// Connections of one node, those that it has left and nobody has noticed yet included: its sessions replace each other.
pub const CONNECTIONS_PER_NODE_MAX: usize = 8;
/// Handshakes under way at once, until the first stream is open; beyond, newcomers are refused and try again.
pub const HANDSHAKES_MAX: usize = 512;
/// Of them from one address: each takes half a second even over a satellite.
pub const HANDSHAKES_PER_ADDRESS_MAX: usize = 32;
/// Of them from one address that nobody has proved to be his: beyond, a Retry asks for the proof, so that who writes a
/// node's address on his packets keeps no place from it.
pub const UNPROVEN_PER_ADDRESS_MAX: usize = 4;
/// Handshakes that one address may begin at once, and how many come back a second: each costs about half a millisecond of a
/// core, so one address takes a hundredth of it.
pub const CONNECT_BURST: u32 = 256;
/// See [`CONNECT_BURST`].
pub const CONNECTS_PER_S: u32 = 16;
/// Addresses of which that is counted at once; beyond, those that have all of it back are forgotten, or else all.
pub const ADDRESSES_COUNTED_MAX: usize = 16_384;
/// Seconds that a frame may take from its first byte to its last: 64 KiB at 9,600 bit/s.
pub const FRAME_S: u64 = 60;
/// Answers that are being made, or wait for the network, for one node: 32 × 96 KiB = 3 MiB. Beyond, nothing more is read
/// from it.
pub const ANSWERS_AT_ONCE: usize = 32;
/// The same for somebody who enrols, whom nobody knows.
pub const ENROLLING_ANSWERS_AT_ONCE: usize = 4;
/// Enrolment connections at once: they need no key.
pub const ENROLLING_MAX: usize = 256;
/// Enrolment connections from one address.
pub const ENROLLING_PER_ADDRESS_MAX: usize = 16;
/// Seconds that an enrolment connection may last; it comes again to ask for the answer.
pub const ENROLLING_S: u64 = 900;
/// Batches of frames of one connection that wait for the network, each of a page of envelopes at most.
pub const SEND_QUEUE_MAX: usize = 2;
/// Slots that all connections together watch: about 200 MiB.
pub const WATCHES_MAX: usize = 2_000_000;
/// Slots to look up after a registration; beyond, the session looks through all of its slots again.
pub const SLOT_WAKES_MAX: usize = 1024;

/// Submits that one node may make at once, and how many come back a second.
pub const SUBMIT_BURST: u32 = 5_000;
/// See [`SUBMIT_BURST`]: far above any agency's day, and at 64 KiB each 11 GB a day from one that is taken over.
pub const SUBMITS_PER_S: u32 = 2;
/// Prekey requests of one node for one target that are answered in an hour, the signed key included.
pub const PREKEY_FETCHES_PER_HOUR_MAX: u32 = 600;
/// Answers kept for a retry: 8,192 × 1.4 KiB = 12 MiB.
pub const PREKEY_RETRIES_MAX: usize = 8_192;
/// Part of a node's stock that one requester may take in a day.
pub const PREKEY_STOCK_SHARE: usize = 10;
/// Pairs of requester and target that are counted at once (in memory).
pub const PREKEY_PAIRS_MAX: usize = 65_536;

/// A publication: a whole log of 130,000 entries with their records, for a relay that is new.
pub const PUBLICATION_BYTES_MAX: usize = 128 * 1024 * 1024;
/// The whole log of a recognised authority, which every node of ours holds too: 64 of them take 2 GiB at most.
pub const FOREIGN_BYTES_MAX: usize = 32 * 1024 * 1024;
/// Entries of it: what they cost when they are replayed.
pub const FOREIGN_LEAVES_MAX: u64 = 65_536;
/// What a leaf costs beside its bytes while its publication is under way.
pub const LEAF_COST_BYTES: usize = 64;
/// What all recognised authorities have under way together.
pub const FOREIGN_UNDERWAY_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Seconds after which a publication is forgotten that nobody goes on with: twice what an answer may take.
pub const UNDERWAY_S: u64 = 60;
/// A sealed enrolment request: 2,600 bytes in this version.
pub const ENROL_REQUEST_BYTES_MAX: usize = 8 * 1024;
/// A sealed enrolment answer.
pub const ENROL_ANSWER_BYTES_MAX: usize = 8 * 1024;
/// A sealed request for a change: 1,716 bytes in this version.
pub const CHANGE_REQUEST_BYTES_MAX: usize = 8 * 1024;
/// Requests for changes, the same one again included, that one node may make at once; one more comes back a second.
pub const CHANGE_REQUEST_BURST: u32 = 120;
/// Days for which it is known what became of a request for a change: its node asks every day.
pub const CHANGE_KEPT_DAYS: u32 = 30;
/// Invitations in one frame.
pub const INVITES_MAX: usize = 256;
/// Requests shown to the authority at once; 32 × 8 KiB would overflow a frame, so bytes are bounded too.
pub const REQUESTS_MAX: usize = 32;
/// Requests in one file for the authority: 4,096 × 2.6 KiB = 11 MB.
pub const CARRIED_REQUESTS_MAX: usize = 4_096;
/// An invitation outlives its day by this, so that an answer given on the last day is still found.
pub const INVITE_KEPT_DAYS: u32 = 14;

/// What lies in a status slot outlives the envelope's day by this: a sender may be offline for long.
pub const NOTICE_LIFE_DAYS: u32 = 44;
/// Digests looked at in one step of the sweep.
pub const SWEEP_PAGE: usize = 64;
/// A clock that is so many days after the last sweep is not believed without the authority's signed time: a sweep by a
/// wrong clock would throw everything away.
pub const SWEEP_GAP_DAYS: u32 = 30;
/// Seconds between two sweeps.
pub const SWEEP_S: u64 = 3_600;

/// Bytes of all sealed documents, unless the operator says otherwise: 20 GiB.
pub const BLOB_BYTES: u64 = 20 * 1024 * 1024 * 1024;
/// Bytes of sealed documents that one node may put in a day, unless the operator says otherwise: 2 GiB, twenty of the largest.
pub const BLOB_BYTES_PER_DAY: u64 = 2 * 1024 * 1024 * 1024;
/// Transfers at once, of all nodes: each holds a few chunks, some 512 KiB with what lies in its stream.
pub const TRANSFERS_MAX: usize = 64;
/// Free space that sealed documents leave to envelopes, on a small disk a tenth of it: a referral goes before a picture.
pub const BLOB_RESERVE_BYTES: u64 = 1024 * 1024 * 1024;
/// Sealed documents looked at in one step of the sweep, and of a check.
pub const BLOB_PAGE: usize = 64;

/// Seconds for connections to end and the store to close at shutdown.
pub const SHUTDOWN_S: u64 = 10;
/// Bytes of a frame that pages of requests keep to.
pub const PAGE_BYTES_MAX: usize = 96 * 1024;
/// A configuration file.
pub const CONFIG_BYTES_MAX: u64 = 64 * 1024;
