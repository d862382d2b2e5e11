//! What a person is told of messages that do not arrive, and what to do about each.

use super::Node;
use crate::{
    api::shapes::Sent,
    error::Told,
    outbox::{self, FailReason, OutboxEntry, OutboxState, RefusedKey, trouble::Trouble},
};

/// What is the matter with a message, as it is told.
pub(super) struct Plight {
    pub(super) says: String,
    pub(super) remedy: String,
}

impl Node {
    /// What keeps a message from moving, or has ended it; none when nothing does.
    pub(super) fn plight(&mut self, entry: &OutboxEntry) -> Result<Option<Plight>, Told> {
        let again = format!("send it again: safeconduct send-again {}", entry.message.to_hex());
        let plight = |says: &str, remedy: String| Ok(Some(Plight { says: says.to_owned(), remedy }));
        if entry.state == OutboxState::Expired {
            return plight("their node did not collect it in time", format!("phone the agency, then {again}"));
        }
        let Some(code) = entry.reason.as_deref().or(entry.last_error.as_deref()) else { return Ok(None) };
        let Trouble { says, remedy } = Trouble::of(code).unwrap_or(Trouble::UNKNOWN);
        if entry.state == OutboxState::Failed && code == FailReason::NackedTooOften.as_str() {
            return plight(says, format!("{remedy}; {again}"));
        }
        plight(says, remedy.to_owned())
    }

    /// What was given up or is overdue, and nobody has seen or answered yet.
    pub(super) fn message_alarms(&mut self, entries: &[OutboxEntry]) -> Result<Vec<String>, Told> {
        let alarmed = entries.iter().filter(|entry| entry.alarm);
        alarmed.map(|entry| self.message_alarm(entry)).collect()
    }

    fn message_alarm(&mut self, entry: &OutboxEntry) -> Result<String, Told> {
        let to = entry.agency.clone().unwrap_or_else(|| entry.recipient.short().to_string());
        let message = entry.message.short();
        if !entry.state.is_given_up() {
            return Ok(format!("no receipt of {to} came in time for the message {message}: phone them"));
        }
        let told = self.plight(entry)?.map(|Plight { says, remedy }| format!(": {says}; {remedy}"));
        let became = entry.state.as_str();
        Ok(format!("the message {message} to {to} has {became}{}", told.unwrap_or_default()))
    }

    /// Keys of agencies that the relay has served and that no honest relay serves.
    pub(super) fn key_alarms(&mut self) -> Result<Vec<String>, Told> {
        let refused = outbox::refused_keys(&self.vault)?;
        let alarm = |refused: RefusedKey| {
            let to = self.called(&refused.node)?;
            let Trouble { says, remedy } = Trouble::of(&refused.code).unwrap_or(Trouble::UNKNOWN);
            Ok(format!("a key of {to} is refused: {says}; {remedy}"))
        };
        refused.into_iter().map(alarm).collect()
    }

    /// `seen`: a person has seen that a message was given up; its alarm ends.
    ///
    /// # Errors
    /// `unknown-message`; `wrong-state` while it is on its way, or when it has arrived.
    pub fn seen(&mut self, message: &str) -> Result<Sent, Told> {
        let entry = self.outgoing(message)?;
        outbox::upkeep::seen(&self.vault, &entry)?;
        Ok(Sent::of(&entry))
    }
}
