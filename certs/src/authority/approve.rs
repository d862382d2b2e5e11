//! Deciding a request: the words that the node's operator reads must be those of the request.

use safeconduct_protocol::id::{AgencyId, InviteId, LeafHash, NodeId, RelayId};

use super::{
    AdminError, Office,
    book::{Bytes, InviteState, Verdict, Way},
};
use crate::{
    directory::{self, Record},
    enrol::{answer::Answer, request::Request, words::SafetyWords},
    node::NodeState,
    registry::leaf::{LeafFields, LeafKind, SUITES_1},
};

/// A request with its invitation, ready to be decided.
struct Case {
    invite: InviteId,
    relay: RelayId,
    way: Way,
    record: Record,
    request: Request,
}

impl Office {
    /// Approves the request of an agency: entry, record, head, answer, each durable before the next. Run again after a
    /// crash it goes on where it stopped.
    ///
    /// # Errors
    /// [`AdminError::Words`] and [`AdminError::WrongWords`] leave the request waiting and a line in the audit file;
    /// [`AdminError::NoRequest`], [`AdminError::RequestRefused`], [`AdminError::Leaf`].
    pub fn approve(&mut self, agency: &AgencyId, words: &str) -> Result<NodeId, AdminError> {
        let case = self.case(agency)?;
        let verdict = match SafetyWords::parse(words) {
            Ok(words) if words == case.request.safety_words() => Ok(()),
            Ok(_) => Err(AdminError::WrongWords),
            Err(refused) => Err(AdminError::Words(refused)),
        };
        if let Err(error) = verdict {
            self.note_act("approve-refused", agency.as_str(), &error.to_string())?;
            return Err(error);
        }
        // A crash after the entry and before the answer: the entry stands already.
        let stands = |state: &NodeState| state.ik == case.request.ik && state.is_active();
        let known = self.registry.node(&case.request.node).is_some_and(stands);
        if !known {
            self.append_node(&case)?;
        }
        let answer = Answer::Approved(self.keys.directory.duplicate());
        self.answer(agency, &case, &answer, Verdict::Approved)?;
        self.note_act("approve", agency.as_str(), &format!("node {}", case.request.node.short()))?;
        Ok(case.request.node)
    }

    /// Rejects the request of an agency, with a reason that its operator reads.
    ///
    /// # Errors
    /// [`AdminError::NoRequest`], [`AdminError::RequestRefused`].
    pub fn reject(&mut self, agency: &AgencyId, reason: &str) -> Result<(), AdminError> {
        let case = self.case(agency)?;
        self.answer(agency, &case, &Answer::Rejected(reason.to_owned()), Verdict::Rejected)?;
        self.note_act("reject", agency.as_str(), reason)
    }

    /// Whether a request of this agency is here.
    #[must_use]
    pub fn has_request(&self, agency: &AgencyId) -> bool {
        let newest = self.book.newest(agency);
        newest.is_some_and(|invite| matches!(invite.state, InviteState::Requested { .. }))
    }

    fn case(&self, agency: &AgencyId) -> Result<Case, AdminError> {
        let invite = self.book.newest(agency).ok_or(AdminError::NoRequest)?;
        match &invite.state {
            InviteState::Requested { relay, request, way } => Ok(Case {
                invite: invite.id,
                relay: *relay,
                way: *way,
                record: invite.record.clone(),
                request: self.reopen(&invite.id, request)?,
            }),
            InviteState::Spoiled { .. } => {
                Err(AdminError::RequestRefused(crate::enrol::request::RequestRefused::WrongSecret))
            }
            InviteState::Open | InviteState::Withdrawn | InviteState::Answered { .. } => Err(AdminError::NoRequest),
        }
    }

    fn append_node(&mut self, case: &Case) -> Result<(), AdminError> {
        let now = self.now()?;
        let roles = case.record.leaf_roles().ok_or(directory::RecordRefused::Malformed)?;
        let request = &case.request;
        let (sealed, commitment) =
            directory::seal(&case.record, &self.keys.directory, &request.node, self.entropy.as_mut())?;
        let fields = LeafFields {
            kind: LeafKind::Add,
            seq: self.registry.size(),
            node: request.node,
            previous: LeafHash::from_bytes([0; 32]),
            effective: now,
            ik: *request.ik.as_bytes(),
            succession: *request.succession.as_bytes(),
            tls_spki: request.tls_spki,
            home_relay: case.relay,
            mailbox: request.mailbox,
            roles: roles.bits(),
            suites: SUITES_1,
            directory: commitment,
            ml_dsa: None,
            terms: None,
        };
        self.append(&fields, &sealed)
    }

    fn answer(&mut self, agency: &AgencyId, case: &Case, answer: &Answer, verdict: Verdict) -> Result<(), AdminError> {
        let to = &case.request.answer_key;
        let sealed = answer.seal(&case.invite, &case.request.node, to, self.entropy.as_mut())?;
        let invite = self.book.find_mut(&case.invite).filter(|invite| invite.agency == *agency);
        let invite = invite.ok_or(AdminError::NoRequest)?;
        let way = case.way;
        invite.state = InviteState::Answered { relay: case.relay, answer: Bytes(sealed), verdict, put: false, way };
        self.save_book()
    }
}
