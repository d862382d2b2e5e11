//! What a session does with the relay's answers.

use safeconduct_protocol::{
    frame::{ChangeStand, Frame},
    id::{EnvelopeDigest, MessageId},
    session::client::Ask,
};

use super::{Driver, Page, Pending, Registry};
use crate::{daemon::Node, error::Told, log::event, registry::Authority};

impl Driver<'_> {
    pub(super) async fn answered(&mut self, pending: Pending, frame: Frame) -> Result<(), Told> {
        match (pending, frame) {
            (Pending::Page(asked), Frame::RegistryPage { from, leaves, records, head, .. }) => {
                let leaves = leaves.into_iter().map(|leaf| leaf.into_vec()).collect();
                let records = records.into_iter().map(|record| record.into_vec()).collect();
                self.page(asked, Page { from, leaves, records, head }).await
            }
            (Pending::Head, Frame::NodeHead { head, .. }) => {
                let next = self.sync.core.call(move |node| node.judge_head(&head)).await?;
                self.head_fits = true;
                self.ask(Pending::HeadPut, Ask::NodeHeadPut { head: next });
                self.level().await
            }
            (Pending::HeadPut, Frame::NodeHead { head, .. }) => {
                self.sync.core.call(move |node| node.hold_against(&head)).await
            }
            (Pending::ForeignPage(authority), Frame::RegistryPage { from, leaves, records, head, .. }) => {
                let leaves = leaves.into_iter().map(|leaf| leaf.into_vec()).collect();
                let records = records.into_iter().map(|record| record.into_vec()).collect();
                self.foreign_page(authority, Page { from, leaves, records, head }).await;
                Ok(())
            }
            (Pending::Stock, Frame::PrekeyStocked { one_time, signed, .. }) => {
                let batches = self.sync.core.call(move |node| node.stocked(&one_time, &signed)).await?;
                self.publish(batches);
                Ok(())
            }
            (Pending::Publish(batch), Frame::PrekeyStocked { one_time, signed, refused, .. }) => {
                let (count, stock) = (batch.len(), one_time.len());
                let lacks = usize::try_from(refused).unwrap_or(usize::MAX);
                self.sync.core.call(move |node| node.published(&batch, &one_time, &signed, lacks)).await?;
                tracing::info!(event = event::PREKEYS, count, refused, stock);
                Ok(())
            }
            (Pending::Prekey(message), frame) => self.prekey(message, frame).await,
            (Pending::Submit(message, digest), frame) => self.submitted(message, digest, frame).await,
            (Pending::Change, Frame::ChangeState { state, .. }) => {
                self.sync.core.call(move |node| node.change_stands(state)).await?;
                if state == ChangeStand::Stale {
                    self.change_asked = None;
                }
                self.changed();
                Ok(())
            }
            (
                Pending::Head
                | Pending::HeadPut
                | Pending::Page(_)
                | Pending::ForeignPage(_)
                | Pending::Stock
                | Pending::Publish(_)
                | Pending::Change,
                _,
            ) => Ok(()),
        }
    }

    /// Takes a page and those that wait behind it; one that came too early waits.
    async fn page(&mut self, asked: u64, page: Page) -> Result<(), Told> {
        if page.head.size > self.newest.size {
            self.newest = page.head.clone();
        }
        self.ahead.insert(asked, page);
        let (mut next, mut grown) = (self.wanted, false);
        // A relay that answers for another place than was asked for is refused where the page is judged.
        while let Some(Page { from, leaves, records, head }) = self.ahead.remove(&next) {
            grown |= !leaves.is_empty();
            let length = u64::try_from(leaves.len()).unwrap_or(0);
            // Not of the last page.
            if next < head.size.saturating_sub(length) {
                self.expect_pages_of(length);
            }
            let taken = self.sync.core.call(move |node| node.take_page(from, &leaves, &records, &head)).await?;
            self.settlements.extend(taken.settlements);
            next = taken.next;
        }
        // The head is judged when the last page is here; until then there is nothing to say about it.
        if self.registry == Registry::Behind && next < self.newest.size {
            self.fetch_pages(next, self.newest.size);
            return Ok(());
        }
        if grown {
            tracing::info!(event = event::REGISTRY, size = next);
        }
        self.level().await
    }

    /// Where the next pages begin is known only while they are as long as the one before. Records make them shorter: then they are
    /// asked for one after the other, until two are of one length.
    fn expect_pages_of(&mut self, length: u64) {
        self.pages_ahead =
            if length == self.stride { self.pages_ahead.saturating_mul(2).min(super::PAGES_AHEAD) } else { 1 };
        self.stride = length.max(1);
    }

    /// A page of a recognised authority's log. What is wrong with it keeps nothing of ours from going on.
    async fn foreign_page(&mut self, authority: Authority, page: Page) {
        let Page { from, leaves, records, head } = page;
        let take = move |node: &mut Node| node.take_foreign_page(authority, from, &leaves, &records, &head);
        match self.sync.core.call(take).await {
            Ok(taken) => {
                self.settlements.extend(taken.settlements);
                if let Some(from) = taken.missing {
                    self.fetch_foreign_page(authority, from);
                } else {
                    tracing::info!(event = event::REGISTRY, size = taken.next);
                    self.look_now = true;
                    self.changed();
                }
            }
            Err(told) => tracing::warn!(event = event::REFUSED, reason = %told.code, remedy = %told.remedy),
        }
    }

    fn publish(&mut self, batches: Vec<Vec<Vec<u8>>>) {
        for records in batches {
            if self.wire.room() > 0 {
                self.ask(Pending::Publish(records.clone()), Ask::PrekeyPublish { records });
            }
        }
    }

    async fn prekey(&mut self, message: MessageId, frame: Frame) -> Result<(), Told> {
        let mut done = None;
        if let Frame::PrekeyServed { record, .. } = frame {
            let record = record.into_vec();
            done = self.sync.core.call(move |node| node.seal(message, &record)).await?;
        } else if let Frame::PrekeyRefused { reason, retry_after_s, .. } = frame {
            self.sync.core.call(move |node| node.no_prekey(message, reason, retry_after_s)).await?;
        }
        self.under_way.remove(&message);
        match done {
            Some(work) => {
                tracing::info!(event = event::SEALED, message_id = %message.short());
                self.watch_anew().await?;
                self.start(work);
            }
            None => tracing::warn!(event = event::HELD_BACK, message_id = %message.short()),
        }
        self.changed();
        Ok(())
    }

    async fn submitted(&mut self, message: MessageId, digest: EnvelopeDigest, frame: Frame) -> Result<(), Told> {
        if let Frame::Submitted { receipt, .. } = frame {
            let receipt = receipt.into_vec();
            self.sync.core.call(move |node| node.accepted(message, digest, &receipt)).await?;
            tracing::info!(event = event::ACCEPTED, message_id = %message.short());
        } else if let Frame::SubmitRefused { reason, retry_after_s, .. } = frame {
            self.sync.core.call(move |node| node.refused(digest, reason, retry_after_s)).await?;
            tracing::warn!(event = event::HELD_BACK, message_id = %message.short(), reason = ?reason);
        }
        self.under_way.remove(&message);
        self.look_now = true;
        self.changed();
        Ok(())
    }
}
