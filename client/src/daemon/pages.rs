//! What came and what was sent, a page at a time.

use super::{Node, verbs::notes};
use crate::{
    api::{
        page::Page,
        shapes::{Inbox, InboxLine, RefusedLine, RelayState, Status},
    },
    error::Told,
    inbox,
    note::{self, Note},
    outbox::{self, OutboxEntry},
};

/// What a person should know of the node before anything else.
pub(crate) struct Warned {
    /// How the link stands.
    pub(crate) relay: RelayState,
    /// How old the registry copy is, as `status` says it.
    pub(crate) freshness: String,
    /// What a person should look at.
    pub(crate) alarms: Vec<Note>,
    /// What is held and why, what is under way, and what is to be renewed soon.
    pub(crate) notices: Vec<Note>,
}

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
        let alarms = match page.before() {
            // The same on every page.
            Some(_) => self.all_alarms(&outbox::pages::current(&self.vault, 0)?)?,
            None => self.all_alarms(&entries)?,
        };
        let notices = self.notices()?;
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
            alarms: note::lines(&alarms),
            notices: note::lines(&notices),
            locked: false,
            backup_at: self.backup_at()?,
            restored: self.own_restore()?,
            restores: self.open_restores()?,
        })
    }

    /// Every alarm, first those of messages: of these, which are on their way or in alarm.
    fn all_alarms(&mut self, current: &[OutboxEntry]) -> Result<Vec<Note>, Told> {
        Ok([self.message_alarms(current)?, self.node_alarms()?].concat())
    }

    /// Alarms of this node, but for those of single messages.
    pub(super) fn node_alarms(&mut self) -> Result<Vec<Note>, Told> {
        Ok([self.key_alarms()?, self.alarms()?, self.recovery_alarms()?, self.damage_alarms()?].concat())
    }

    /// What stands above every page that a person looks at.
    pub(super) fn warned(&mut self) -> Result<Warned, Told> {
        let current = outbox::pages::current(&self.vault, 0)?;
        Ok(Warned {
            relay: RelayState::default(),
            freshness: self.registry_state()?.freshness,
            alarms: self.all_alarms(&current)?,
            notices: self.notices()?,
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
