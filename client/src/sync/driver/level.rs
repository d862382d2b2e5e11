//! Brings the registry copies to the heads that the relay tells of.

use safeconduct_protocol::{frame::Head, session::client::Ask};

use super::{Driver, Pending, Registry};
use crate::{daemon::Node, error::Told, log::event, registry::Authority};

impl Driver<'_> {
    /// Brings the copy of a recognised authority's log to this head.
    pub(super) async fn foreign_level(&mut self, authority: Authority, head: Head) -> Result<(), Told> {
        let taken = self.sync.core.call(move |node| node.take_foreign_head(authority, &head)).await;
        // What is wrong with another country's log keeps nothing of ours from going on.
        match taken {
            Ok(Some(from)) => self.fetch_foreign_page(authority, from),
            Ok(None) => self.look_now = true,
            Err(told) => tracing::warn!(event = event::REFUSED, reason = %told.code, remedy = %told.remedy),
        }
        Ok(())
    }

    pub(super) fn fetch_foreign_page(&mut self, authority: Authority, from: u64) {
        let same = |pending: &Pending| matches!(pending, Pending::ForeignPage(other) if *other == authority);
        if !self.pending.values().any(same) && self.wire.room() > 0 {
            self.ask(Pending::ForeignPage(authority), Ask::ForeignFetch { authority, from });
        }
    }

    /// Brings the registry copy to the newest head.
    pub(super) async fn level(&mut self) -> Result<(), Told> {
        if !self.head_fits {
            return Ok(());
        }
        let head = self.newest.clone();
        let size = head.size;
        let taken = self.sync.core.call(move |node| Ok((node.take_head(&head)?, node.registry_size())));
        let (from, held) = taken.await?;
        if from < size {
            self.registry = Registry::Behind;
            // Leaves that are held already are asked for again one page at a time: which comes next depends on the page.
            self.fetch_pages(from, if from < held { from } else { size });
            return Ok(());
        }
        self.ahead.clear();
        if let Some(key) = self.wire.relay_key()
            && self.sync.core.call(move |node| node.has_moved_from(&key)).await?
        {
            // This relay is a former home: the next connection is with the new one, and what is here is fetched beside it.
            (self.moved, self.renewing) = (true, true);
            return Ok(());
        }
        if self.registry == Registry::Behind {
            self.registry = Registry::Level;
            self.settled_in().await?;
        }
        self.look_now = true;
        Ok(())
    }

    /// Asks for the page from a leaf on, and for those after it that lie before `size`, as far as they are not on their way.
    pub(super) fn fetch_pages(&mut self, from: u64, size: u64) {
        self.wanted = from;
        self.ahead.retain(|place, _| *place >= from);
        let stride = self.stride;
        for place in (0..self.pages_ahead).map(|place| from.saturating_add(place.saturating_mul(stride))) {
            let wanted = place == from || place < size;
            let asked = self.pending.values().any(|pending| matches!(pending, Pending::Page(asked) if *asked == place));
            if wanted && !asked && !self.ahead.contains_key(&place) && self.wire.room() > 0 {
                self.ask(Pending::Page(place), Ask::RegistryFetch { from: place });
            }
        }
    }

    /// The registry is here: watch what is outstanding, and see to the prekeys.
    pub(super) async fn settled_in(&mut self) -> Result<(), Told> {
        let settled = |node: &mut Node| {
            node.has_settled_in();
            Ok(())
        };
        self.sync.core.call(settled).await?;
        self.watch_anew().await?;
        if self.wire.room() > 0 {
            self.ask(Pending::Stock, Ask::PrekeyStock);
        }
        self.changed();
        Ok(())
    }
}
