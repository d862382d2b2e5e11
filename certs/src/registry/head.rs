//! Judging a signed head beside the entries that are held, each part under the version of the root file of its size.

use safeconduct_protocol::frame::Head;

use super::{HeadRefused, Registry};
use crate::log::{
    checkpoint::Checkpoint,
    export::Signers,
    timestamp::{LogTime, TimestampRefused},
};

impl Registry {
    pub(super) fn judge_head(&self, head: &Head) -> Result<(Checkpoint, Option<LogTime>), HeadRefused> {
        self.judge_head_by(head, Signers::Witnesses)
    }

    pub(super) fn judge_head_by(
        &self,
        head: &Head,
        signers: Signers,
    ) -> Result<(Checkpoint, Option<LogTime>), HeadRefused> {
        if head.note.is_empty() {
            return Err(HeadRefused::Empty);
        }
        let checkpoint = self.open_note(&head.note, signers).map_err(HeadRefused::Checkpoint)?;
        if checkpoint.size != head.size {
            return Err(HeadRefused::Size);
        }
        let before = self.head_size();
        let mine = self.tree.root_at(checkpoint.size);
        let mine = mine.ok_or_else(|| HeadRefused::Behind { have: self.size(), size: checkpoint.size })?;
        // Also when it is over fewer entries than were accepted before: it is not old then, but of another history.
        if mine != checkpoint.root {
            return Err(HeadRefused::SplitView { size: checkpoint.size });
        }
        if checkpoint.size < before {
            return Err(HeadRefused::Rollback { accepted: before, offered: checkpoint.size });
        }
        let offered = self.open_time(&head.timestamp, checkpoint.size)?;
        let newest = offered.map(|offered| offered.time).max(self.newest_time()).unwrap_or_default();
        if self.relied.is_some_and(|relied| relied.index < checkpoint.size && newest < relied.on) {
            return Err(HeadRefused::TooEarly);
        }
        Ok((checkpoint, offered))
    }

    fn open_time(&self, bytes: &[u8], size: u64) -> Result<Option<LogTime>, HeadRefused> {
        if bytes.is_empty() {
            return Ok(None);
        }
        // Under the same version of the root file as the head: a timestamp key that was replaced says nothing any more.
        let root = self.root_at(size);
        let time = LogTime::open(bytes, root.timestamp_key())?;
        if time.size > size || self.root_at(time.size).version() != root.version() {
            return Err(TimestampRefused.into());
        }
        let about_this_log = self.tree.root_at(time.size) == Some(time.root);
        if about_this_log { Ok(Some(time)) } else { Err(HeadRefused::SplitView { size: time.size }) }
    }
}
