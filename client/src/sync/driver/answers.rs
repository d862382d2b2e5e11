//! What a session does with the relay's answers.

use safeconduct_protocol::{
    frame::Frame,
    id::{EnvelopeDigest, MessageId},
    session::client::Ask,
};

use super::{Driver, Pending};
use crate::{error::Told, log::event};

impl Driver<'_> {
    pub(super) async fn answered(&mut self, pending: Pending, frame: Frame) -> Result<(), Told> {
        match (pending, frame) {
            (Pending::Head, Frame::NodeHead { head, .. }) => {
                let next = self.sync.core.call(move |node| node.judge_head(&head)).await?;
                self.head_fits = true;
                self.ask(Pending::HeadPut, Ask::NodeHeadPut { head: next });
                self.level().await
            }
            (Pending::HeadPut, Frame::NodeHead { head, .. }) => {
                self.sync.core.call(move |node| node.hold_against(&head)).await
            }
            (Pending::Page, Frame::RegistryPage { from, leaves, records, head, .. }) => {
                let leaves: Vec<Vec<u8>> = leaves.into_iter().map(|leaf| leaf.into_vec()).collect();
                let records: Vec<Vec<u8>> = records.into_iter().map(|record| record.into_vec()).collect();
                if head.size > self.newest.size {
                    self.newest = head.clone();
                }
                let news = !leaves.is_empty();
                let taken = self.sync.core.call(move |node| node.take_page(from, &leaves, &records, &head)).await?;
                if news {
                    tracing::info!(event = event::REGISTRY, size = taken.next);
                }
                self.settlements.extend(taken.settlements);
                self.level().await
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
            (Pending::Head | Pending::HeadPut | Pending::Page | Pending::Stock | Pending::Publish(_), _) => Ok(()),
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
