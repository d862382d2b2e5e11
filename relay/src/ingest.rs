//! Envelopes in: judged, stored, acknowledged.

use std::{
    collections::VecDeque,
    sync::{Arc, atomic::Ordering},
    time::Instant,
};

use safeconduct_protocol::{
    envelope::sealed::Sealed,
    frame::{Frame, SubmitRefusal, Tag},
    id::{EnvelopeDigest, MailboxId, NodeId, RelayId, SlotId},
    limits::EXPIRY_DAYS_MAX,
    receipt::relay::RelayAccepted,
    time::{Day, Timestamp},
};

use crate::{
    feed::{Recipient, Snapshot},
    metrics,
    shared::{Shared, hour_of},
    store::{
        Change, Deposit, Deposited, Outcome, Place,
        committer::{CommitError, Pending, Source},
    },
};

/// Seconds after which a full mailbox or disk may have room again.
const RETRY_FULL_S: u32 = 300;
/// Maintenance is a matter of minutes.
const RETRY_MAINTENANCE_S: u32 = 20;
/// An expiry one day too far ahead may be a clock that is a little fast at midnight.
const RETRY_CLOCK_S: u32 = 600;

/// An envelope that was queued for the disk.
pub(crate) struct Admitted {
    tag: Tag,
    relay: RelayId,
    digest: EnvelopeDigest,
    size_bytes: u32,
    expiry: Day,
    place: Place,
    pending: Pending,
    begun: Instant,
}

/// Judges an envelope and queues it, in the order in which envelopes came. The refusal is the answer.
pub(crate) async fn admit(
    shared: &Shared,
    snapshot: &Snapshot,
    sender: NodeId,
    source: Source,
    tag: Tag,
    bytes: Vec<u8>,
) -> Result<Admitted, Frame> {
    let relay = snapshot.own.ok_or_else(|| refused(tag, SubmitRefusal::StorageFailed, RETRY_FULL_S))?;
    if shared.maintenance.load(Ordering::Relaxed) {
        return Err(refused(tag, SubmitRefusal::Maintenance, RETRY_MAINTENANCE_S));
    }
    let now = shared.clock.now();
    shared.submits.take(sender, now).map_err(|wait_s| refused(tag, SubmitRefusal::Quota, wait_s))?;
    let sealed = Sealed::try_from(bytes).ok().ok_or_else(|| refused(tag, SubmitRefusal::Malformed, 0))?;
    check_expiry(sealed.expiry(), now).map_err(|wait_s| refused(tag, SubmitRefusal::Expiry, wait_s))?;
    let place = place_of(snapshot, &sealed.mailbox()).map_err(|reason| refused(tag, reason, 0))?;
    let (digest, expiry) = (sealed.digest(), sealed.expiry());
    let size_bytes = u32::try_from(sealed.class_bytes()).unwrap_or(u32::MAX);
    let deposit = Deposit { place, digest, expiry, hour: hour_of(now), bytes: sealed.into_bytes() };
    let pending = shared
        .committer
        .hand_in(source, vec![Change::Deposit(deposit)])
        .await
        .map_err(|_failed| refused(tag, SubmitRefusal::StorageFailed, RETRY_FULL_S))?;
    Ok(Admitted { tag, relay, digest, size_bytes, expiry, place, pending, begun: metrics::now() })
}

/// What became of it.
pub(crate) type Stored = Result<Vec<Outcome>, CommitError>;

impl Admitted {
    /// Waits for the disk. Cancel safe, until it has answered.
    pub(crate) async fn stored(&mut self) -> Stored {
        self.pending.outcomes().await
    }

    /// The disk's word, if it has come.
    pub(crate) fn ready(&mut self) -> Option<Stored> {
        self.pending.ready()
    }
}

/// The answer, when the disk has spoken: only then is signed, and the recipient woken.
pub(crate) fn answer(shared: &Shared, admitted: Admitted, stored: Stored) -> Frame {
    let Admitted { tag, relay, digest, size_bytes, expiry, place, begun, .. } = admitted;
    match stored.map(|mut outcomes| outcomes.pop()) {
        Ok(Some(Outcome::Deposit(deposited @ (Deposited::Stored | Deposited::Held)))) => {
            if deposited == Deposited::Stored {
                wake(shared, place);
            }
            metrics::submitted(begun.elapsed());
            let now = shared.clock.now();
            let receipt = RelayAccepted::sign(&shared.receipt_key, relay, digest, size_bytes, now, expiry);
            Frame::Submitted { tag, receipt: receipt.as_bytes().to_vec().into() }
        }
        Ok(Some(Outcome::Deposit(Deposited::MailboxFull))) => refused(tag, SubmitRefusal::MailboxFull, RETRY_FULL_S),
        Ok(Some(Outcome::Deposit(Deposited::SlotFull))) => refused(tag, SubmitRefusal::SlotFull, 0),
        Ok(Some(Outcome::Deposit(Deposited::StoreFull))) => refused(tag, SubmitRefusal::RelayFull, RETRY_FULL_S),
        Ok(_) | Err(CommitError::Full | CommitError::Failed) => {
            refused(tag, SubmitRefusal::StorageFailed, RETRY_FULL_S)
        }
    }
}

/// The receipt before its time.
#[cfg(feature = "planted")]
pub(crate) fn early(shared: &Shared, admitted: &Admitted) -> Frame {
    let (now, key) = (shared.clock.now(), &shared.receipt_key);
    let Admitted { tag, relay, digest, size_bytes, expiry, .. } = admitted;
    let receipt = RelayAccepted::sign(key, *relay, *digest, *size_bytes, now, *expiry);
    Frame::Submitted { tag: *tag, receipt: receipt.as_bytes().to_vec().into() }
}

/// Wakes the recipients of what was handed in by a session that has gone.
pub(crate) async fn finish(shared: Arc<Shared>, left: VecDeque<Admitted>) {
    for mut admitted in left {
        let stored = admitted.stored().await;
        answer(&shared, admitted, stored);
    }
}

fn wake(shared: &Shared, place: Place) {
    match place {
        Place::Mailbox(mailbox) => shared.live.mailbox_woken(&mailbox),
        Place::Slot(slot) => shared.live.slot(slot),
    }
}

/// From today to fourteen days ahead; else in how many seconds it may be good.
fn check_expiry(expiry: Day, now: Timestamp) -> Result<(), u32> {
    let today = now.day();
    let last = today.after(EXPIRY_DAYS_MAX);
    if expiry >= today && expiry <= last {
        return Ok(());
    }
    Err(if expiry == last.after(1) { RETRY_CLOCK_S } else { 0 })
}

/// A suspended node's mailbox takes envelopes: the suspension may end before they do.
fn place_of(snapshot: &Snapshot, mailbox: &MailboxId) -> Result<Place, SubmitRefusal> {
    match snapshot.recipient(mailbox) {
        Recipient::Mailbox => Ok(Place::Mailbox(*mailbox)),
        Recipient::Slot => Ok(Place::Slot(SlotId::from_bytes(*mailbox.as_bytes()))),
        Recipient::Revoked => Err(SubmitRefusal::RecipientRevoked),
        Recipient::Elsewhere => Err(SubmitRefusal::RecipientElsewhere),
    }
}

fn refused(tag: Tag, reason: SubmitRefusal, retry_after_s: u32) -> Frame {
    metrics::submit_refused(code(reason));
    Frame::SubmitRefused { tag, reason, retry_after_s }
}

const fn code(reason: SubmitRefusal) -> &'static str {
    match reason {
        SubmitRefusal::Malformed => "malformed",
        SubmitRefusal::Expiry => "expiry",
        SubmitRefusal::MailboxFull => "mailbox-full",
        SubmitRefusal::RecipientRevoked => "recipient-revoked",
        SubmitRefusal::RecipientElsewhere => "recipient-elsewhere",
        SubmitRefusal::SlotFull => "slot-full",
        SubmitRefusal::Quota => "quota",
        SubmitRefusal::StorageFailed => "storage-failed",
        SubmitRefusal::Conflict => "conflict",
        SubmitRefusal::RelayFull => "relay-full",
        SubmitRefusal::Maintenance => "maintenance",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use safeconduct_protocol::time::DAY_S;

    use super::*;

    #[test]
    fn an_expiry_is_good_from_today_to_fourteen_days_ahead() {
        let now = Timestamp(20_000 * DAY_S + 7);

        assert_eq!(check_expiry(Day(19_999), now), Err(0));
        assert_eq!(check_expiry(Day(20_000), now), Ok(()));
        assert_eq!(check_expiry(Day(20_014), now), Ok(()));
        assert_eq!(check_expiry(Day(20_015), now), Err(RETRY_CLOCK_S));
        assert_eq!(check_expiry(Day(20_016), now), Err(0));
    }
}
