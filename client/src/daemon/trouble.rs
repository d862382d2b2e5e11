//! What a person is told of messages that do not arrive, and what to do about each.

use safeconduct_certs::node::{NodeState, NodeStatus};
use safeconduct_protocol::id::{AgencyId, NodeId};

use super::Node;
use crate::{
    api::shapes::Sent,
    error::Told,
    monitoring::given::NotTaken,
    note::{Agency, Exact, Note, Technical},
    outbox::{
        self, FailReason, MessageKind, OutboxEntry, OutboxState, RefusedKey,
        trouble::{NOT_RECOGNISED, Trouble},
    },
};

/// What is the matter with a message, as it is told.
pub(super) struct Plight {
    pub(super) says: String,
    pub(super) remedy: String,
}

/// Where a message can go.
enum Way {
    /// To the node that it is for.
    Open,
    /// Not there; but the agency has another node now.
    ToAnotherNode(AgencyId),
    /// Nowhere.
    None,
}

const UNCOLLECTED: &str = "their node did not collect it in time";
const REPLACED: &str = "the agency has another node now, and this message was for the former one";

fn send_the_file(agency: &AgencyId) -> String {
    format!("send the file to their new node: safeconduct send FILE --to {agency}")
}

impl Node {
    /// What keeps a message from moving, or has ended it; none when nothing does.
    pub(super) fn plight(&mut self, entry: &OutboxEntry) -> Result<Option<Plight>, Told> {
        let again = format!("send it again: safeconduct send-again {}", entry.message.to_hex());
        let plight = |says: &str, remedy: String| Ok(Some(Plight { says: says.to_owned(), remedy }));
        if entry.state == OutboxState::Expired {
            return match self.way(entry)? {
                Way::ToAnotherNode(agency) => plight(REPLACED, send_the_file(&agency)),
                Way::Open | Way::None => plight(UNCOLLECTED, format!("phone the agency, then {again}")),
            };
        }
        let Some(code) = entry.reason.as_deref().or(entry.last_error.as_deref()) else { return Ok(None) };
        if entry.kind == MessageKind::Report && code == FailReason::RefusedThere.as_str() {
            let rule = entry.last_error.as_deref().and_then(NotTaken::of);
            let says = rule.map_or("", NotTaken::says);
            let remedy = rule.map_or("phone the co-ordinator, then `safeconduct report send`", NotTaken::remedy);
            return plight(&format!("their node refused the report: {says}"), remedy.to_owned());
        }
        let Trouble { says, remedy } = Trouble::of(code).unwrap_or(Trouble::UNKNOWN);
        let ended = [FailReason::RecipientNotActive, FailReason::RecipientRevoked].map(FailReason::as_str);
        if entry.state == OutboxState::Failed && ended.contains(&code) {
            return match self.way(entry)? {
                Way::Open => plight("their registration was suspended or not known here, and is active now", again),
                Way::ToAnotherNode(agency) => plight(REPLACED, send_the_file(&agency)),
                Way::None => plight(says, remedy.to_owned()),
            };
        }
        if entry.state == OutboxState::Failed && code == FailReason::NackedTooOften.as_str() {
            return plight(says, format!("{remedy}; {again}"));
        }
        plight(says, remedy.to_owned())
    }

    /// Whether a message can still arrive at the node that it is for.
    fn way(&mut self, entry: &OutboxEntry) -> Result<Way, Told> {
        if self.held()?.node(&entry.recipient).is_some_and(NodeState::is_active) {
            return Ok(Way::Open);
        }
        let Some(agency) = entry.agency.as_ref().and_then(|agency| agency.parse::<AgencyId>().ok()) else {
            return Ok(Way::None);
        };
        Ok(if self.active_node(&agency)?.is_some() { Way::ToAnotherNode(agency) } else { Way::None })
    }

    /// The node that an agency has now, if it is active.
    pub(super) fn active_node(&mut self, agency: &AgencyId) -> Result<Option<NodeId>, Told> {
        Ok(self.agency(agency)?.filter(|found| found.status == NodeStatus::Active).map(|found| found.node))
    }

    /// Refuses to send again what cannot arrive, and says what does.
    pub(super) fn can_arrive(&mut self, entry: &OutboxEntry) -> Result<(), Told> {
        match self.way(entry)? {
            Way::Open => Ok(()),
            Way::ToAnotherNode(agency) => Err(Told::refused("recipient-replaced", REPLACED, send_the_file(&agency))),
            Way::None => {
                let reason = FailReason::RecipientNotActive;
                Err(Told::refused(reason.as_str(), reason.says(), reason.remedy()))
            }
        }
    }

    /// What was given up or is overdue, and nobody has seen or answered yet.
    pub(super) fn message_alarms(&mut self, entries: &[OutboxEntry]) -> Result<Vec<Note>, Told> {
        let alarmed = entries.iter().filter(|entry| entry.alarm);
        alarmed.map(|entry| self.message_alarm(entry)).collect()
    }

    fn message_alarm(&mut self, entry: &OutboxEntry) -> Result<Note, Told> {
        let agency = Agency(entry.agency.clone().unwrap_or_else(|| entry.recipient.short().to_string()));
        let message = Exact(entry.message.short().to_string());
        if entry.state.waits() && entry.last_error.as_deref() == Some(NOT_RECOGNISED) {
            let why = Technical::of(Trouble::of(NOT_RECOGNISED).unwrap_or(Trouble::UNKNOWN));
            return Ok(Note::MessageWaits { message, agency, why });
        }
        if !entry.state.is_given_up() {
            return Ok(Note::MessageLate { message, agency });
        }
        let why = match self.plight(entry)? {
            Some(Plight { says, remedy }) => Technical(format!("{says}; {remedy}")),
            None => Technical::of(Trouble::UNKNOWN),
        };
        Ok(if entry.state == OutboxState::Expired {
            Note::MessageExpired { message, agency, why }
        } else {
            Note::MessageFailed { message, agency, why }
        })
    }

    /// Keys of agencies that the relay has served and that no honest relay serves.
    pub(super) fn key_alarms(&mut self) -> Result<Vec<Note>, Told> {
        let refused = outbox::refused_keys(&self.vault)?;
        let alarm = |refused: RefusedKey| {
            let agency = Agency(self.called(&refused.node)?);
            let why = Technical::of(Trouble::of(&refused.code).unwrap_or(Trouble::UNKNOWN));
            Ok(Note::KeyRefused { agency, why })
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
