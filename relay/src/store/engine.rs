//! The two halves together: the desk in a database, the envelopes in a journal.

use std::{path::Path, sync::Arc};

use safeconduct_protocol::{
    id::{BlobId, EnvelopeDigest, InviteId, MailboxId, NodeId, SlotId},
    time::{Day, Timestamp},
};

use super::{
    Ages, Blob, Change, Deliverable, Enrolment, Outcome, Part, PrekeyStock, SlotItem, Store, StoreError, StoredHead,
    StoredLeaf, Usage, View,
    desk::{Desk, DeskView, OpenError},
    disk::Disk,
    journal::{Checker, Journal, JournalView},
    migrate, suspicion,
};
use crate::limits::Quotas;

/// A relay's data.
pub struct Engine {
    /// Prekeys, registry, enrolment.
    pub desk: Desk,
    /// Envelopes and notices.
    pub journal: Journal,
}

impl Engine {
    /// Opens or makes the store in the directory `data`; one of an older relay is brought up to date first.
    ///
    /// # Errors
    /// Any [`OpenError`]; nothing that was acknowledged is lost then.
    pub fn open(disk: Arc<dyn Disk>, data: &Path, quotas: Quotas) -> Result<Self, OpenError> {
        suspicion::resolve(data)?;
        migrate::bring_up_to_date(&disk, data)?;
        let desk = Desk::open(disk.as_ref(), data)?;
        Ok(Self { desk, journal: Journal::open(disk, data, quotas)? })
    }

    /// What looks at every byte, beside the service.
    #[must_use]
    pub fn checker(&self) -> Checker {
        self.journal.checker()
    }

    /// Ends as a crash does, for tests of one.
    #[doc(hidden)]
    pub fn crash(self) {
        self.journal.crash();
    }
}

impl Store for Engine {
    fn commit(&mut self, batch: &[Change]) -> Result<Vec<Outcome>, StoreError> {
        let mut outcomes = Vec::with_capacity(batch.len());
        for run in batch.chunk_by(|one, next| one.part() == next.part()) {
            outcomes.extend(match run.first().map(Change::part) {
                Some(Part::Desk) => self.desk.commit(run)?,
                Some(Part::Journal) => self.journal.commit(run)?,
                None => Vec::new(),
            });
        }
        Ok(outcomes)
    }

    fn has_room(&self) -> bool {
        self.journal.has_room()
    }

    fn tidy(&mut self) -> Result<(), StoreError> {
        self.desk.tidy()
    }

    fn view(&self) -> Result<Box<dyn View>, StoreError> {
        Ok(Box::new(EngineView { desk: self.desk.view()?, journal: self.journal.view() }))
    }
}

impl Store for Journal {
    fn commit(&mut self, batch: &[Change]) -> Result<Vec<Outcome>, StoreError> {
        Self::commit(self, batch)
    }

    fn has_room(&self) -> bool {
        Self::has_room(self)
    }

    fn data(&self) -> Option<&Path> {
        Some(Self::data(self))
    }

    // Its own thread does so.
    fn tidy(&mut self) -> Result<(), StoreError> {
        Ok(())
    }

    fn view(&self) -> Result<Box<dyn View>, StoreError> {
        Err(StoreError::Misplaced)
    }
}

impl Store for Desk {
    fn commit(&mut self, batch: &[Change]) -> Result<Vec<Outcome>, StoreError> {
        Self::commit(self, batch)
    }

    fn has_room(&self) -> bool {
        Self::has_room(self)
    }

    fn tidy(&mut self) -> Result<(), StoreError> {
        Self::tidy(self)
    }

    fn view(&self) -> Result<Box<dyn View>, StoreError> {
        Err(StoreError::Misplaced)
    }
}

struct EngineView {
    desk: DeskView,
    journal: JournalView,
}

impl View for EngineView {
    fn deliverable(&self, mailbox: MailboxId, after: u64, limit: usize) -> Result<Vec<Deliverable>, StoreError> {
        self.journal.deliverable(mailbox, after, limit)
    }

    fn slot_items(&self, slot: SlotId, after: u64) -> Result<Vec<SlotItem>, StoreError> {
        self.journal.slot_items(slot, after)
    }

    fn prekey_stock(&self, node: NodeId, now: Timestamp) -> Result<PrekeyStock, StoreError> {
        self.desk.prekey_stock(node, now)
    }

    fn expired(&self, today: Day, after: EnvelopeDigest, limit: usize) -> Result<Vec<EnvelopeDigest>, StoreError> {
        Ok(self.journal.expired(today, after, limit))
    }

    fn head(&self) -> Result<Option<StoredHead>, StoreError> {
        self.desk.head()
    }

    fn leaves(&self, from: u64, limit: usize) -> Result<Vec<StoredLeaf>, StoreError> {
        self.desk.leaves(from, limit)
    }

    fn foreign_heads(&self) -> Result<Vec<([u8; 32], StoredHead)>, StoreError> {
        self.desk.foreign_heads()
    }

    fn foreign_leaves(&self, authority: [u8; 32], from: u64, limit: usize) -> Result<Vec<StoredLeaf>, StoreError> {
        self.desk.foreign_leaves(&authority, from, limit)
    }

    fn seen(&self, authority: Option<[u8; 32]>) -> Result<Vec<(u64, Timestamp)>, StoreError> {
        self.desk.seen(authority.as_ref())
    }

    fn enrolment(&self, invite: InviteId, today: Day) -> Result<Enrolment, StoreError> {
        self.desk.enrolment(invite, today)
    }

    fn enrolments_waiting(&self, limit: usize) -> Result<Vec<(InviteId, Vec<u8>)>, StoreError> {
        self.desk.enrolments_waiting(limit)
    }

    fn changes_waiting(&self, limit: usize) -> Result<Vec<(NodeId, Vec<u8>)>, StoreError> {
        self.desk.changes_waiting(limit)
    }

    fn node_head(&self, node: NodeId) -> Result<Option<Vec<u8>>, StoreError> {
        self.desk.node_head(node)
    }

    fn node_heads(&self, after: NodeId, limit: u32) -> Result<Vec<Vec<u8>>, StoreError> {
        self.desk.node_heads(after, limit)
    }

    fn blob(&self, id: BlobId) -> Result<Option<Blob>, StoreError> {
        self.desk.blob(id)
    }

    fn blobs_above(&self, after: BlobId, limit: usize) -> Result<Vec<Blob>, StoreError> {
        self.desk.blobs_above(after, limit)
    }

    fn blobs_expired(&self, today: Day, limit: usize) -> Result<Vec<Blob>, StoreError> {
        self.desk.blobs_expired(today, limit)
    }

    fn swept(&self) -> Result<Option<Day>, StoreError> {
        self.desk.swept()
    }

    fn usage(&self) -> Result<Usage, StoreError> {
        let (foreign_logs, foreign_leaves) = self.desk.foreign_held()?;
        let (blobs, blob_bytes) = self.desk.blobs_held()?;
        Ok(Usage { foreign_logs, foreign_leaves, blobs, blob_bytes, ..self.journal.usage() })
    }

    fn ages(&self, hour: u32, today: Day) -> Result<Ages, StoreError> {
        Ok(self.journal.ages(hour, today))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Deposited, disk::SystemDisk, suite};

    fn open(data: &Path) -> Box<dyn Store> {
        Box::new(engine(data))
    }

    fn engine(data: &Path) -> Engine {
        Engine::open(Arc::new(SystemDisk), data, Quotas::default()).unwrap()
    }

    #[test]
    fn keeps_the_contract() {
        suite::run(open);
    }

    #[test]
    fn nobody_else_may_read_the_files() {
        use std::os::unix::fs::PermissionsExt as _;
        let data = tempfile::tempdir().unwrap();
        let mut store = engine(data.path());
        store.commit(&[Change::Deposit(suite::deposit(1, 1, 20_000)), Change::Probe]).unwrap();

        let mut seen = 0;
        for dir in [data.path().to_owned(), data.path().join(crate::store::journal::SEGMENTS)] {
            for entry in std::fs::read_dir(dir).unwrap() {
                let entry = entry.unwrap();
                assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o077, 0, "{:?}", entry.file_name());
                seen += 1;
            }
        }
        assert!(seen >= 5, "relay.db, index.db, their logs and a segment");
    }

    #[test]
    fn a_kill_at_any_moment_loses_nothing_committed() {
        let data = tempfile::tempdir().unwrap();
        let mut store = engine(data.path());
        for n in 0..20_u8 {
            store.commit(&[Change::Deposit(suite::deposit(1, n, 20_000))]).unwrap();
            let killed = tempfile::tempdir().unwrap();
            copy(data.path(), killed.path());

            let after = engine(killed.path());

            let found = after.view().unwrap().deliverable(suite::mailbox(1), 0, 100).unwrap();
            assert_eq!(found.len(), usize::from(n) + 1);
        }
    }

    /// What a kill leaves: the files as they are, taken while the store is open.
    fn copy(from: &Path, to: &Path) {
        for entry in std::fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            let target = to.join(entry.file_name());
            if entry.file_type().unwrap().is_dir() {
                std::fs::create_dir(&target).unwrap();
                copy(&entry.path(), &target);
            } else {
                std::fs::copy(entry.path(), target).unwrap();
            }
        }
    }

    #[test]
    fn bounds_refuse_and_evict_nothing() {
        let data = tempfile::tempdir().unwrap();
        let quotas = Quotas { envelopes: 4, mailbox_envelopes: 3, mailbox_bytes: 40_000, ..Quotas::default() };
        let mut store = Engine::open(Arc::new(SystemDisk), data.path(), quotas).unwrap();
        let mut put = |to, n| {
            let outcome = store.commit(&[Change::Deposit(suite::deposit(to, n, 20_000))]).unwrap().remove(0);
            let Outcome::Deposit(deposited) = outcome else { panic!("{outcome:?}") };
            deposited
        };

        assert_eq!((put(1, 1), put(1, 2)), (Deposited::Stored, Deposited::Stored));
        assert_eq!(put(1, 3), Deposited::MailboxFull, "its bytes");
        assert_eq!(put(1, 1), Deposited::Held, "looks at no bound");
        assert_eq!((put(2, 4), put(3, 5)), (Deposited::Stored, Deposited::Stored));
        assert_eq!(put(4, 6), Deposited::StoreFull);
    }
}
