//! What came and what was sent, a page at a time.

use super::{Node, verbs::notes};
use crate::{
    api::{
        page::Page,
        shapes::{Inbox, InboxLine, RefusedLine, RelayState, Status},
    },
    error::Told,
    inbox, outbox,
};

impl Node {
    /// `status` of one message, or the newest page.
    ///
    /// # Errors
    /// `unknown-message`, or what the vault says.
    pub fn status(&mut self, message: Option<&str>) -> Result<Status, Told> {
        self.status_page(message, Page::default())
    }

    /// `status`; the link is what is known without a daemon. On the first page stands what is on its way or in alarm, whenever it was
    /// queued, and the newest referrals; on the others are the older ones.
    ///
    /// # Errors
    /// `unknown-message`, or what the vault says.
    pub fn status_page(&mut self, message: Option<&str>, page: Page) -> Result<Status, Told> {
        let (entries, end) = match (message, page.before()) {
            (Some(message), _) => (vec![self.outgoing(message)?], None),
            (None, before) => {
                let entries = match before {
                    Some(place) => outbox::pages::before(&self.vault, place, page.lines())?,
                    None => outbox::pages::current(&self.vault, page.lines())?,
                };
                (entries, outbox::pages::end(&self.vault, before, page.lines())?)
            }
        };
        let mut alarms = match page.before() {
            // The same on every page.
            Some(_) => self.message_alarms(&outbox::pages::current(&self.vault, 0)?)?,
            None => self.message_alarms(&entries)?,
        };
        alarms.extend(self.key_alarms()?);
        alarms.extend(self.alarms()?);
        alarms.extend(self.recovery_alarms()?);
        alarms.extend(self.damage_alarms()?);
        let registry = self.registry_state()?;
        Ok(Status {
            node: self.identity.node.to_hex(),
            agency: self.own_agency().ok().map(String::from),
            daemon: false,
            messages: entries.iter().map(|entry| self.line(entry)).collect::<Result<_, _>>()?,
            next: end.map(|place| place.to_string()),
            relay: RelayState { address: self.home_address()?, state: "no-daemon".to_owned(), ..RelayState::default() },
            registry,
            quarantined: self.quarantined()?,
            alarms,
            notices: self.notices()?,
            locked: false,
            backup_at: self.backup_at()?,
            restored: self.own_restore()?,
            restores: self.open_restores()?,
        })
    }

    /// `inbox`: the newest page.
    ///
    /// # Errors
    /// What the vault says.
    pub fn inbox(&mut self) -> Result<Inbox, Told> {
        self.inbox_page(Page::default())
    }

    /// `inbox`. What was refused stands on the first page.
    ///
    /// # Errors
    /// What the vault says.
    pub fn inbox_page(&mut self, page: Page) -> Result<Inbox, Told> {
        let (entries, end) = inbox::page(&self.vault, page.before(), page.lines())?;
        let mut messages = Vec::with_capacity(entries.len());
        for entry in &entries {
            messages.push(InboxLine {
                message_id: entry.message.to_hex(),
                from: self.called(&entry.sender)?,
                referral_id: entry.referral_id.clone().unwrap_or_default(),
                kind: entry.kind.clone().unwrap_or_default(),
                urgency: entry.urgency.clone().unwrap_or_default(),
                received_at: entry.received_at.0,
                state: entry.state.as_str().to_owned(),
                exercise: entry.exercise,
                notes: notes(entry),
            });
        }
        let mut refused = Vec::new();
        if page.before().is_none() {
            for entry in inbox::list_refused(&self.vault)? {
                refused.push(RefusedLine {
                    message_id: entry.message.to_hex(),
                    from: self.called(&entry.sender)?,
                    received_at: entry.received_at.0,
                    code: entry.note.unwrap_or_else(|| entry.state.as_str().to_owned()),
                });
            }
        }
        Ok(Inbox { messages, refused, more: end.is_some(), next: end.map(|place| place.to_string()) })
    }
}
