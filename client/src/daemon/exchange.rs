//! What the link asks of the vault: what to send next, and what to do with what came.

use std::collections::BTreeSet;

use safeconduct_certs::node::NodeStatus;
#[cfg(feature = "planted")]
use safeconduct_protocol::planted;
use safeconduct_protocol::{
    entropy::Entropy,
    frame::{PrekeyRefusal, SlotItemKind, SlotSecretBytes, SubmitRefusal},
    id::{EnvelopeDigest, MessageId, NodeId, RelayId, SlotId},
    limits::SLOTS_WATCHED_MAX,
    time::{HOUR_S, Timestamp},
};

use super::{
    Node, Watch,
    again::became_code,
    turns,
    work::{AwayPlan, Work},
};
use crate::{
    error::Told,
    inbox::{self, Here, InboxError, Rules, receive::Committed},
    log::event,
    outbox::{self, At, OutboxError, progress, seal, upkeep},
    prekeys::{self, RelayStock, last_resort},
    registry::{Authority, Held, RelayRef, acted_on},
    vault::Vault,
};

/// Longest pause that a relay's refusal of a prekey can impose at first, in seconds; repeated ones make it longer.
const NO_PREKEY_FLOOR_S: u32 = 2;

/// Relays beside the home relay that are connected to at once.
pub(super) const AWAY_MAX: usize = 16;

impl Node {
    /// A new session begins at a relay, none: the home relay. Nothing is watched yet.
    pub fn begin_session(&mut self, away: Option<RelayRef>) {
        match away {
            None => {
                #[cfg(feature = "planted")]
                if planted::is(planted::Bug::OutboxForgets) {
                    self.vault
                        .db()
                        .execute("UPDATE outbox SET state = 'relay-accepted' WHERE state = 'sealed'", [])
                        .ok();
                }
                self.watching.begin();
                self.growth = None;
                self.foreign_growth.clear();
            }
            Some(relay) => self.watching_away.entry(relay).or_default().begin(),
        }
    }

    /// A session's relay beside the home relay.
    fn at(&mut self, away: Option<RelayRef>) -> Result<At, Told> {
        let node = self.identity.node;
        let held = self.held()?;
        let home = held.home(&node).unwrap_or(RelayRef::own(RelayId(0)));
        let relay = away.unwrap_or(home);
        Ok(At { relay, home, was_home: held.former_homes(&node).any(|former| former == relay) })
    }

    /// The session at home knows how far this vault and the registry are: only then is anything sent to, or taken from, another
    /// relay.
    pub const fn has_settled_in(&mut self) {
        self.settled_in = true;
    }

    /// Whether the registry copy was level once since the daemon has started.
    pub const fn is_settled_in(&self) -> bool {
        self.settled_in
    }

    /// The relays beside the home relay at which something is to be done: where recipients have their mailboxes, answers may
    /// come, and where this node had its own mailbox before it moved, as long as that may still be emptied. At most sixteen, in turn.
    ///
    /// # Errors
    /// What the vault says.
    pub fn away(&mut self) -> Result<Vec<AwayPlan>, Told> {
        if !self.settled_in || !self.is_approved()? {
            return Ok(Vec::new());
        }
        let (now, held, home) = (self.now(), self.held_copy()?, self.at(None)?.home);
        let recognised =
            |authority: &Authority| held.registry().recognition(authority).is_some_and(|one| one.terms.hold_at(now));
        let elsewhere = |at: &RelayRef| {
            *at != home
                && at.relay != RelayId(0)
                && at.authority.as_ref().is_none_or(recognised)
                && held.relay(at).is_some()
        };
        let mut urgent: BTreeSet<RelayRef> = outbox::relays_to_submit(&self.vault)?.into_iter().collect();
        urgent.extend(outbox::waiting_for(&self.vault)?.iter().filter_map(|node| held.home(node)));
        urgent.extend(crate::documents::due::relays_due(self.vault.db(), now)?);
        // Where nothing may go, it is not found out by connecting.
        for relay in urgent.iter().filter(|at| at.authority.is_some_and(|authority| !recognised(&authority))) {
            for message in self.waits_for(*relay)? {
                self.may_still_leave(&message)?;
            }
        }
        urgent.retain(elsewhere);
        let mut watched: BTreeSet<RelayRef> = outbox::relays_wanted(&self.vault, now)?.into_iter().collect();
        watched.extend(held.former_homes(&self.identity.node));
        watched.retain(elsewhere);
        let (turn, waiting) = turns::of(&urgent, &watched, now);
        for relay in waiting {
            self.away_waits(relay)?;
        }
        let mut plans = Vec::new();
        for at in turn {
            let Some(relay) = held.relay(&at) else { continue };
            let Some(address) = self.relay_record(&relay.id)? else { continue };
            plans.push(AwayPlan { at, address, pinned: relay.tls_spki });
        }
        self.watching_away.retain(|at, _| plans.iter().any(|plan| plan.at == *at));
        Ok(plans)
    }

    /// A relay's turn has not come: what waits for it says so, and goes when it has.
    fn away_waits(&mut self, relay: RelayRef) -> Result<(), Told> {
        for message in self.waits_for(relay)? {
            progress::note(self.vault.db(), &message, outbox::trouble::IN_TURN)?;
        }
        Ok(())
    }

    /// What is due at one relay.
    fn waits_for(&mut self, relay: RelayRef) -> Result<Vec<MessageId>, Told> {
        let (now, held, at) = (self.now(), self.held_copy()?, self.at(Some(relay))?);
        let here = |node: &NodeId| held.home(node) == Some(relay);
        let queued = outbox::to_seal(&self.vault, now, u32::MAX, &here)?.into_iter().map(|one| one.message);
        let sealed = outbox::to_submit(&self.vault, now, u32::MAX, &at)?.into_iter().map(|one| one.message);
        Ok(queued.chain(sealed).collect())
    }

    /// A relay cannot be reached: what waits for it says so, and is tried again later.
    ///
    /// # Errors
    /// What the vault says.
    pub fn away_unreachable(&mut self, relay: RelayRef, code: &'static str) -> Result<(), Told> {
        let now = self.now();
        for message in self.waits_for(relay)? {
            progress::put_off(self.vault.db(), &message, code, 0, now)?;
        }
        Ok(())
    }

    /// Slots to watch that this session does not watch yet, as far as the relay lets one connection watch.
    ///
    /// # Errors
    /// What the vault says.
    pub fn watches(&mut self, away: Option<RelayRef>) -> Result<Watch, Told> {
        let at = self.at(away)?;
        let open = outbox::slots_to_watch(&self.vault, self.now(), &at)?;
        let watching = match away {
            None => {
                self.reply_slot_waits = false;
                &mut self.watching
            }
            Some(relay) => self.watching_away.entry(relay).or_default(),
        };
        Ok(watching.watch(&open, SLOTS_WATCHED_MAX))
    }

    /// Whether the session at home has slots to watch that came by a session with another relay.
    #[must_use]
    pub const fn reply_slot_waits(&self) -> bool {
        self.reply_slot_waits
    }

    /// Whether the time has come to top the prekeys up.
    ///
    /// # Errors
    /// What the vault says.
    pub fn prekeys_due(&mut self) -> Result<bool, Told> {
        Ok(prekeys::refill_due(&self.vault, &self.identity.node, self.now())?)
    }

    /// The relay says what it holds of this node's prekeys; the batches to publish, if it is time or nobody could write to this
    /// node otherwise. Connecting is no reason: it would show how much was used since.
    ///
    /// # Errors
    /// What the vault says.
    pub fn stocked(&mut self, one_time: &[[u8; 16]], signed: &[[u8; 16]]) -> Result<Vec<Vec<Vec<u8>>>, Told> {
        let (now, stock) = (self.now(), RelayStock::of(one_time, signed));
        last_resort::reported(&mut self.vault, &stock, now)?;
        let due =
            self.prekeys_due()? || prekeys::nobody_can_write(&self.vault, &self.identity.public().key_id(), &stock);
        let batches = match due {
            true => prekeys::refill(&mut self.vault, &self.identity, &stock, now, &mut self.entropy)?,
            false => Vec::new(),
        };
        self.uploads = batches.len();
        if due && batches.is_empty() {
            prekeys::refilled(&self.vault, now)?;
        }
        self.relay_stock = Some(stock);
        Ok(batches)
    }

    /// The relay has answered for a batch: what it holds now, and how many records of the batch it did not take.
    ///
    /// # Errors
    /// What the vault says.
    pub fn published(
        &mut self,
        batch: &[Vec<u8>],
        one_time: &[[u8; 16]],
        signed: &[[u8; 16]],
        refused: usize,
    ) -> Result<(), Told> {
        let (now, stock) = (self.now(), RelayStock::of(one_time, signed));
        prekeys::published(&mut self.vault, batch, &stock, refused, now)?;
        last_resort::reported(&mut self.vault, &stock, now)?;
        self.uploads = self.uploads.saturating_sub(1);
        if self.uploads == 0 {
            prekeys::refilled(&self.vault, now)?;
        }
        self.relay_stock = Some(stock);
        Ok(())
    }

    /// What the outbox has to send now, without what is under way.
    ///
    /// # Errors
    /// What the vault says.
    pub fn due(
        &mut self,
        away: Option<RelayRef>,
        room: usize,
        under_way: &BTreeSet<MessageId>,
    ) -> Result<Vec<Work>, Told> {
        #[cfg(feature = "planted")]
        if !self.late.1.is_empty() && self.clock.now().since(self.late.0) >= 5 {
            self.settle_at_once(&[])?;
        }
        let now = self.now();
        let held = self.held_copy()?;
        let at = self.at(away)?;
        seal::seal_due_receipts(&mut self.vault, &self.identity, &held, now, &mut self.entropy)?;
        let look = u32::try_from(room.saturating_add(under_way.len())).unwrap_or(u32::MAX);
        let mut works = Vec::new();
        for outbox::Submission { message, digest, envelope } in outbox::to_submit(&self.vault, now, look, &at)? {
            if works.len() >= room {
                break;
            }
            if !under_way.contains(&message) && self.may_still_leave(&message)? {
                works.push(Work::Submit { message, digest, envelope });
            }
        }
        // Whoever is registered nowhere has no relay: the session at home finds that out.
        let here = |node: &NodeId| held.home(node).map_or_else(|| at.is_home(), |home| home == at.relay);
        for waiting in outbox::to_seal(&self.vault, now, look, &here)? {
            if works.len() >= room {
                break;
            }
            if under_way.contains(&waiting.message) {
                continue;
            }
            if self.may_send_to(&held, &waiting, now)? {
                let outbox::Waiting { message, recipient: node, request } = waiting;
                works.push(Work::Fetch { message, request, node });
            }
        }
        Ok(works)
    }

    /// An old registry copy is not relied upon for what changed since; an unknown or ended registration not at all. What is for a
    /// suspended node waits.
    fn may_send_to(&mut self, held: &Held, waiting: &outbox::Waiting, now: Timestamp) -> Result<bool, Told> {
        let Some(state) = held.node(&waiting.recipient) else {
            progress::fail(self.vault.db(), &waiting.message, outbox::FailReason::RecipientNotActive)?;
            return Ok(false);
        };
        match state.status {
            NodeStatus::Active => {}
            NodeStatus::Suspended => {
                progress::put_off(self.vault.db(), &waiting.message, outbox::standing::SUSPENDED, 0, now)?;
                return Ok(false);
            }
            NodeStatus::Revoked { .. } => {
                progress::fail(self.vault.db(), &waiting.message, outbox::FailReason::RecipientRevoked)?;
                return Ok(false);
            }
        }
        if !self.may_still_leave(&waiting.message)? {
            return Ok(false);
        }
        let fresh = held.may_send(state, now);
        if !fresh {
            progress::put_off(self.vault.db(), &waiting.message, "registry-stale", 0, now)?;
        }
        Ok(fresh)
    }

    /// The relay served a prekey: seals, and gives what to submit; nothing when the message cannot go on now.
    ///
    /// # Errors
    /// What the vault says.
    pub fn seal(&mut self, message: MessageId, record: &[u8]) -> Result<Option<Work>, Told> {
        let now = self.now();
        let held = self.held_copy()?;
        // The registry may have grown, or the agreement ended, since the prekey was asked for.
        if !self.may_still_leave(&message)? {
            return Ok(None);
        }
        match seal::seal(&mut self.vault, &self.identity, &held, &message, record, now, &mut self.entropy) {
            Ok(()) => {
                self.reply_slot_waits = true;
                let sealed = outbox::submission(&self.vault, &message)?;
                Ok(sealed.map(|one| Work::Submit { message, digest: one.digest, envelope: one.envelope }))
            }
            Err(OutboxError::Vault(error)) => Err(error.into()),
            Err(
                error @ (OutboxError::RecipientUnknown
                | OutboxError::RecipientNotActive
                | OutboxError::Prekey(_)
                | OutboxError::WrongState { .. }
                | OutboxError::UnknownMessage { .. }),
            ) => {
                tracing::warn!(event = event::HELD_BACK, message_id = %message.short(), reason = error.code());
                Ok(None)
            }
            Err(error) => {
                progress::put_off(self.vault.db(), &message, error.code(), 0, now)?;
                Ok(None)
            }
        }
    }

    /// The relay served no prekey.
    ///
    /// # Errors
    /// What the vault says.
    pub fn no_prekey(&mut self, message: MessageId, reason: PrekeyRefusal, retry_after_s: u32) -> Result<(), Told> {
        let now = self.now();
        // Only a quota is the relay's to time: a node that has just enrolled publishes its keys within seconds.
        let floor_s = if reason == PrekeyRefusal::Quota { retry_after_s } else { retry_after_s.min(NO_PREKEY_FLOOR_S) };
        Ok(progress::prekey_refused(&mut self.vault, &message, reason, floor_s, now)?)
    }

    /// The relay holds an envelope, and has signed that.
    ///
    /// # Errors
    /// What the vault says.
    pub fn accepted(&mut self, message: MessageId, digest: EnvelopeDigest, receipt: &[u8]) -> Result<(), Told> {
        let now = self.now();
        let held = self.held_copy()?;
        match progress::relay_accepted(&mut self.vault, &self.identity, &held, &digest, receipt, now) {
            Err(error @ OutboxError::FalseReceipt) => {
                Ok(progress::put_off(self.vault.db(), &message, error.code(), 0, now)?)
            }
            other => {
                other?;
                self.follow_message(&message)
            }
        }
    }

    /// The relay did not take an envelope.
    ///
    /// # Errors
    /// What the vault says.
    pub fn refused(&mut self, digest: EnvelopeDigest, reason: SubmitRefusal, retry_after_s: u32) -> Result<(), Told> {
        let (now, held) = (self.now(), self.held_copy()?);
        Ok(progress::submit_refused(&mut self.vault, &self.identity, &held, &digest, reason, retry_after_s, now)?)
    }

    /// An envelope from the mailbox: durable when this returns. What to say to the relay on the next tick; nothing while the
    /// envelope is held.
    ///
    /// # Errors
    /// What the vault says; nothing is to be settled then.
    pub fn receive(&mut self, envelope: &[u8]) -> Result<Option<Vec<u8>>, Told> {
        Ok(self.receive_all(&[envelope.to_vec()])?.pop())
    }

    /// Envelopes from the mailbox, in their order: all of them durable when this returns, with one wait for the disk. What to say to
    /// the relay on the next tick, of those that are not held.
    ///
    /// # Errors
    /// What the vault says; nothing is to be settled then.
    pub fn receive_all(&mut self, envelopes: &[Vec<u8>]) -> Result<Vec<Vec<u8>>, Told> {
        #[cfg(feature = "planted")]
        if planted::is(planted::Bug::SettleBeforeStored) {
            return self.settle_at_once(envelopes);
        }
        let all = self
            .judging(|vault, here, now, entropy| inbox::receive::receive_all(vault, here, envelopes, now, entropy))?;
        // The proof is in the vault already; a disk that is full must not hold the settlement back.
        self.write_proof().ok();
        Ok(all.iter().filter_map(settled).collect())
    }

    /// Says that all is done, and stores it with what comes next, or some seconds later.
    #[cfg(feature = "planted")]
    fn settle_at_once(&mut self, envelopes: &[Vec<u8>]) -> Result<Vec<Vec<u8>>, Told> {
        use safeconduct_protocol::{
            envelope::sealed::envelope_digest,
            receipt::settle::{SettleKind, Settlement},
        };
        let (_, late) = core::mem::replace(&mut self.late, (self.clock.now(), envelopes.to_vec()));
        self.judging(|vault, here, now, entropy| inbox::receive::receive_all(vault, here, &late, now, entropy))?;
        let (key, node) = (&self.identity.key, self.identity.node);
        let done = |envelope: &Vec<u8>| Settlement::sign(key, node, envelope_digest(envelope), SettleKind::Done);
        Ok(envelopes.iter().map(|envelope| done(envelope).as_bytes().to_vec()).collect())
    }

    /// Opens again what was held for want of its sender's registration.
    pub(super) fn release_held(&mut self) -> Result<Vec<Vec<u8>>, Told> {
        let all = self.judging(inbox::receive::retry_held)?;
        Ok(all.iter().filter_map(settled).collect())
    }

    /// Does something with what came, by what this node knows now.
    pub(super) fn judging<T>(
        &mut self,
        work: impl FnOnce(&mut Vault, &Here<'_>, Timestamp, &mut dyn Entropy) -> Result<T, InboxError>,
    ) -> Result<T, Told> {
        let now = self.now();
        let held = self.held_copy()?;
        let judge = self.content_judge(now)?;
        let rules = Rules {
            validate: &|sender, bytes| judge.validate(sender, bytes),
            named: &|sender| judge.knows(sender),
            blocked: &|_| false,
            receipt_delay_max_s: self.config.receipt_delay_max_s,
            clock: self.clock.now(),
            setting: judge.setting(),
        };
        let here = Here { identity: &self.identity, held: &held, rules: &rules };
        Ok(work(&mut self.vault, &here, now, &mut self.entropy)?)
    }

    /// An item of a watched slot: durable when this returns. The secret that lets the relay drop it; none when it must stay.
    ///
    /// # Errors
    /// What the vault says; the item stays in its slot then.
    pub fn slot_item(
        &mut self,
        slot: SlotId,
        kind: SlotItemKind,
        item: &[u8],
    ) -> Result<Option<SlotSecretBytes>, Told> {
        let outcome =
            self.judging(|vault, here, now, entropy| inbox::slot::take(vault, here, &slot, kind, item, now, entropy))?;
        self.write_proof().ok();
        Ok(outcome.drop_with.map(|secret| *secret.as_bytes()))
    }

    /// Settlements that housekeeping has left to send.
    #[must_use]
    pub fn owed(&mut self) -> Vec<Vec<u8>> {
        core::mem::take(&mut self.owed)
    }

    /// Once a minute: alarms, expiry, erasure.
    ///
    /// # Errors
    /// What the vault says.
    pub fn housekeep(&mut self) -> Result<(), Told> {
        let (now, clock) = (self.now(), self.clock.now());
        let done = upkeep::run(&mut self.vault, upkeep::SaltPolicy::default(), now, clock)?;
        if done.ahead > 0 {
            tracing::warn!(event = event::CLOCK, count = done.ahead);
        }
        if done.alarmed > 0 {
            tracing::warn!(event = event::OVERDUE, count = done.alarmed);
        }
        self.keep_cases()?;
        if self.erased.is_none_or(|at| now.since(at) >= HOUR_S) {
            self.renew_in_time()?;
            prekeys::erase_used_up(&mut self.vault, clock, &mut self.entropy)?;
            inbox::receive::forget_replays(&self.vault, clock)?;
            acted_on::forget(self.vault.db())?;
            self.erased = Some(now);
            if self.is_approved()? {
                // What was held too long is given up, and settled like everything else.
                let settlements = self.release_held()?;
                self.owed.extend(settlements);
            }
        }
        Ok(())
    }
}

/// What the relay is told of an envelope.
fn settled(committed: &Committed) -> Option<Vec<u8>> {
    tracing::info!(event = event::PROCESSED, became = became_code(committed.became()));
    committed.settlement()
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    };

    use safeconduct_protocol::{
        id::PrekeyId,
        limits::{PREKEY_BATCH_MAX, PREKEY_STOCK_TARGET},
        prekey::{record::PrekeyRecord, stock::next_refill},
        time::{Clock, DAY_S},
    };

    use super::*;
    use crate::{
        config::Config,
        testing::{NOW, Seeded, vault},
    };

    struct Moved(AtomicU64);

    impl Clock for Moved {
        fn now(&self) -> Timestamp {
            Timestamp(self.0.load(Ordering::Relaxed))
        }
    }

    /// A relay's store of one node's prekeys.
    #[derive(Default)]
    struct Store {
        one_time: Vec<[u8; 16]>,
        signed: Vec<[u8; 16]>,
    }

    /// One session's question for the stock; how many records were published after it.
    fn session(node: &mut Node, relay: &mut Store) -> usize {
        node.begin_session(None);
        let batches = node.stocked(&relay.one_time, &relay.signed).unwrap();
        for batch in &batches {
            assert!(batch.len() <= PREKEY_BATCH_MAX);
            for record in batch {
                let id = *PrekeyRecord::parse(record).unwrap().id().as_bytes();
                if record[6] == 1 { relay.signed.push(id) } else { relay.one_time.push(id) }
            }
            node.published(batch, &relay.one_time, &relay.signed, 0).unwrap();
        }
        batches.concat().len()
    }

    fn node(seed: u64) -> (tempfile::TempDir, Arc<Moved>, Node) {
        let dir = tempfile::tempdir().unwrap();
        let vault = vault(dir.path(), &mut Seeded::new(seed));
        let clock = Arc::new(Moved(AtomicU64::new(NOW.0)));
        let node = Node::of_test(vault, Config::default(), Arc::clone(&clock) as Arc<dyn Clock>).unwrap();
        (dir, clock, node)
    }

    /// The times at which a node that connects anew every ten minutes for two days publishes, and those at which it asks without
    /// being connected anew, while `used` keys a day are handed out.
    fn uploads(used: usize) -> (NodeId, Vec<Timestamp>, Vec<Timestamp>) {
        let (_dir, clock, mut node) = node(77);
        let mut relay = Store::default();
        assert_eq!(session(&mut node, &mut relay), PREKEY_STOCK_TARGET + 1, "at first, at once");
        let (mut published, mut due, mut gone) = (Vec::new(), Vec::new(), 0);
        for step in 1..=2 * DAY_S / 600 {
            let now = NOW.after(step * 600);
            clock.0.store(now.0, Ordering::Relaxed);
            while gone < usize::try_from(step).unwrap() * used / 144 {
                let id = relay.one_time.remove(0);
                prekeys::bury(node.vault.db(), &PrekeyId::from_bytes(id), now).unwrap();
                gone += 1;
            }
            if node.prekeys_due().unwrap() {
                due.push(now);
            }
            if session(&mut node, &mut relay) > 0 {
                published.push(now);
            }
        }
        (node.identity.node, published, due)
    }

    /// Trap 76.
    #[test]
    fn prekeys_are_published_at_fixed_times_however_often_a_node_connects_and_whatever_is_used() {
        let (id, none, due_none) = uploads(0);
        let (_, few, due_few) = uploads(1);
        let (_, many, due_many) = uploads(50);

        let mut fixed = Vec::new();
        let mut next = next_refill(&id, NOW);
        while next <= NOW.after(2 * DAY_S) {
            // The first of the ten-minute steps that is not earlier.
            fixed.push(NOW.after(next.since(NOW).div_ceil(600) * 600));
            next = next_refill(&id, next);
        }
        assert_eq!(due_none, fixed);
        assert!(due_few == fixed && due_many == fixed);
        for times in [&none, &few, &many] {
            assert!(times.iter().all(|time| fixed.contains(time)), "{times:?}");
        }
        assert!(!many.is_empty());
    }

    /// Trap 75.
    #[test]
    fn a_relay_that_lost_the_prekeys_gets_new_ones_at_once_and_a_broken_upload_is_taken_up_again() {
        let (_dir, _clock, mut node) = node(78);
        let mut relay = Store::default();
        node.begin_session(None);
        let first = node.stocked(&[], &[]).unwrap();
        assert_eq!(first.len(), 3);
        node.published(&first[0], &[], &[], 0).unwrap();

        let rest = session(&mut node, &mut relay);
        let quiet = session(&mut node, &mut relay);
        relay.one_time.clear();
        let drained = session(&mut node, &mut relay);
        relay = Store::default();
        let restored = session(&mut node, &mut relay);

        assert!(rest > PREKEY_STOCK_TARGET / 2 && quiet == 0);
        assert_eq!(drained, 0, "an empty stock is no reason: its time would show that it was used up");
        assert!(restored >= PREKEY_STOCK_TARGET);
    }
}
