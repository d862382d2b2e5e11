//! Every bound of the protocol, with its unit in the name and its reason beside it (`docs/PROTOCOL.md` §3).

use crate::time::{DAY_S, HOUR_S};

/// The only cryptographic suite: X-Wing, HKDF-SHA256, ChaCha20-Poly1305, Ed25519.
pub const SUITE_1: u16 = 0x0001;

/// Envelope classes in bytes: a size must not say "a child" or "a receipt".
pub const ENVELOPE_CLASSES_BYTES: [usize; 3] = [16_384, 32_768, 65_536];
/// The largest envelope.
pub const ENVELOPE_BYTES_MAX: usize = 65_536;
/// Canonical content that surely fits the largest envelope.
pub const CONTENT_BYTES_MAX: usize = 56 * 1024;
/// Details of one act on a referral.
pub const CASE_DETAILS_BYTES_MAX: usize = 8 * 1024;
/// One post of a conversation.
pub const POST_BYTES_MAX: usize = 16 * 1024;
/// One report of a period, as it travels: what stands before it is 12 bytes.
pub const REPORT_SENT_BYTES_MAX: usize = CONTENT_BYTES_MAX - 12;
/// One document that goes with a referral: 100 MiB.
pub const DOCUMENT_BYTES_MAX: u64 = 100 * 1024 * 1024;
/// One chunk of it, before sealing.
pub const DOCUMENT_CHUNK_BYTES: usize = 64 * 1024;
/// A sealed document at a relay: the largest document, and 16 bytes for each chunk. Such a length needs no padding.
pub const BLOB_BYTES_MAX: u64 = DOCUMENT_BYTES_MAX + 1600 * 16;
/// One sealed chunk.
pub const BLOB_CHUNK_BYTES: usize = DOCUMENT_CHUNK_BYTES + 16;
/// One frame of a transfer, length prefix not counted: a sealed chunk, and room for its number and length.
pub const BLOB_FRAME_BYTES_MAX: usize = BLOB_CHUNK_BYTES + 64;
/// Chunks that may be under way on one stream: 256 KiB. With one transfer in each direction, half of a connection's window is left to
/// the session, so that a large document never holds up an urgent referral.
pub const BLOB_CHUNKS_AHEAD: u32 = 4;
/// Streams for transfers that one connection may have open beside its session's.
pub const TRANSFERS_MAX: u32 = 4;
/// Places in a referral's log that one request asks for.
pub const LOG_PLACES_MAX: usize = 32;
/// Events in one part of a referral's log: 30 KiB.
pub const LOG_EVENTS_MAX: usize = 64;
/// Registry checkpoint carried inside a message.
pub const CHECKPOINT_NOTE_BYTES_MAX: usize = 1024;
/// Recipients of one message.
pub const RECIPIENTS_MAX: usize = 16;
/// An envelope waits at most this many days at the relay.
pub const EXPIRY_DAYS_MAX: u32 = 14;
/// The same in seconds.
pub const MESSAGE_LIFE_S: u64 = EXPIRY_DAYS_MAX as u64 * DAY_S;
/// A reply key outlives its message by this much.
pub const REPLY_LIFE_EXTRA_S: u64 = 30 * DAY_S;

/// One frame, length prefix not counted: twice the largest envelope.
pub const FRAME_BYTES_MAX: usize = 128 * 1024;

/// Node heads in one answer: 96 KiB.
pub const HEADS_PAGE_MAX: usize = 512;
/// Submits that a connection may have unanswered; the relay's first grant.
pub const SUBMITS_IN_FLIGHT_MAX: u32 = 64;
/// Deliveries that a connection may have unprocessed; the node's first grant. 64 × 64 KiB = 4 MiB a connection.
pub const DELIVERIES_IN_FLIGHT_MAX: u32 = 64;
/// At so many processed deliveries their credit no longer waits for the tick. Half the window, so that a relay with much to
/// deliver never waits for the tick.
pub const CREDITS_HELD_MAX: u32 = DELIVERIES_IN_FLIGHT_MAX / 2;
/// Requests other than submits that a connection may have unanswered.
pub const REQUESTS_IN_FLIGHT_MAX: usize = 256;
/// Acknowledgements in one `Settle` frame.
pub const SETTLE_BATCH_MAX: usize = 256;
/// Slots that one connection may watch.
pub const SLOTS_WATCHED_MAX: usize = 16_384;
/// Slot secrets in one `SlotWatch` frame.
pub const SLOT_WATCH_BATCH_MAX: usize = 1_024;
/// Envelopes and signed objects that one slot holds.
pub const SLOT_ITEMS_MAX: usize = 8;
/// Registry leaves in one page. Their bytes are bounded too, by [`REGISTRY_PAGE_BYTES_MAX`]: some forty agencies with their
/// sealed records fill a page.
pub const REGISTRY_PAGE_MAX: usize = 100;
/// Bytes of leaves and sealed records in one page or one piece of a publication. The 32 KiB that are left of a frame hold the
/// lengths, the head, and in a publication the root file.
pub const REGISTRY_PAGE_BYTES_MAX: usize = 96 * 1024;

/// Mailbox bounds: envelopes.
pub const MAILBOX_ENVELOPES_MAX: u64 = 100_000;
/// Mailbox bounds: bytes.
pub const MAILBOX_BYTES_MAX: u64 = 2 * 1024 * 1024 * 1024;

/// Prekey record on the wire.
pub const PREKEY_RECORD_BYTES: usize = 1376;
/// One-time prekeys that a node keeps at its relay.
pub const PREKEY_STOCK_TARGET: usize = 200;
/// One-time prekeys in one upload.
pub const PREKEY_BATCH_MAX: usize = 90;
/// A prekey's life from `not_before` to `not_after`.
pub const PREKEY_LIFE_S: u64 = 30 * DAY_S;
/// Signed prekeys that the relay keeps for a node.
pub const SIGNED_PREKEYS_KEPT: usize = 3;
/// Clock slack of a sender before `not_before`.
pub const PREKEY_SKEW_S: u64 = 24 * HOUR_S;
/// A retry of a pop within this time gets the same key.
pub const PREKEY_RETRY_S: u64 = 600;
/// Pops that one requester may make for one target in an hour.
pub const PREKEY_POPS_PER_HOUR_MAX: u32 = 20;
/// Re-seals after a `nack`; then a person is asked.
pub const RESEALS_MAX: u32 = 3;
/// An envelope from a sender unknown to the registry is held this long.
pub const HOLD_S: u64 = 7 * DAY_S;

/// Time for the QUIC handshake and the first frame.
pub const HANDSHAKE_S: u64 = 10;
/// Time for the answer to any request.
pub const REQUEST_S: u64 = 30;
/// First pause before a reconnect, doubled up to [`RECONNECT_MAX_S`], with full jitter.
pub const RECONNECT_MIN_S: u64 = 1;
/// Longest pause before a reconnect: all nodes are back within a minute of their relay.
pub const RECONNECT_MAX_S: u64 = 60;
/// Acknowledgements leave together on this tick.
pub const SETTLE_TICK_S: u64 = 1;
/// Longest random delay of a receipt by default.
pub const RECEIPT_DELAY_MAX_S: u64 = 30;

#[cfg(test)]
mod tests {
    use super::*;

    /// What both ends of a connection and the authority must agree on, as section 3 of the document names it.
    #[test]
    fn the_bounds_are_the_numbers_of_the_document() {
        let sizes = [
            (CONTENT_BYTES_MAX, 57_344),
            (CASE_DETAILS_BYTES_MAX, 8_192),
            (POST_BYTES_MAX, 16_384),
            (REPORT_SENT_BYTES_MAX, 57_332),
            (DOCUMENT_CHUNK_BYTES, 65_536),
            (BLOB_CHUNK_BYTES, 65_552),
            (BLOB_FRAME_BYTES_MAX, 65_616),
            (FRAME_BYTES_MAX, 131_072),
            (REGISTRY_PAGE_BYTES_MAX, 98_304),
        ];
        for (is, documented) in sizes {
            assert_eq!(is, documented);
        }
        let long = [
            (DOCUMENT_BYTES_MAX, 104_857_600),
            (BLOB_BYTES_MAX, 104_883_200),
            (MAILBOX_BYTES_MAX, 2_147_483_648),
            (MESSAGE_LIFE_S, 1_209_600),
            (REPLY_LIFE_EXTRA_S, 2_592_000),
            (PREKEY_LIFE_S, 2_592_000),
            (PREKEY_SKEW_S, 86_400),
            (HOLD_S, 604_800),
        ];
        for (is, documented) in long {
            assert_eq!(is, documented);
        }
        assert_eq!((CREDITS_HELD_MAX, DELIVERIES_IN_FLIGHT_MAX), (32, 64));
    }
}
