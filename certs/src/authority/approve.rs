//! Deciding a request: the words that the node's operator reads must be those of the request.

use safeconduct_protocol::{
    id::{AgencyId, InviteId, LeafHash, NodeId, RelayId},
    time::Timestamp,
};

use super::{
    AdminError, Office,
    book::{Bytes, InviteState, Verdict, Way},
};
use crate::{
    directory::{self, Record},
    enrol::{
        answer::{Answer, InPlace},
        request::Request,
        words::SafetyWords,
    },
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
    replaces: Option<NodeId>,
}

impl Office {
    /// Approves the request of an agency: entry, record, head, answer, each durable before the next. Run again after a
    /// crash it goes on where it stopped.
    ///
    /// # Errors
    /// [`AdminError::Words`] and [`AdminError::WrongWords`] leave the request waiting and a line in the audit file;
    /// [`AdminError::NoRequest`], [`AdminError::RequestRefused`], [`AdminError::Leaf`].
    pub fn approve(&mut self, agency: &AgencyId, words: &str) -> Result<NodeId, AdminError> {
        let case = match self.case(agency) {
            Err(AdminError::NoRequest) => return self.approved_before(agency, words),
            other => other?,
        };
        let verdict = match SafetyWords::parse(words) {
            Ok(words) if words == case.request.safety_words() => Ok(()),
            Ok(_) => Err(AdminError::WrongWords),
            Err(refused) => Err(AdminError::Words(refused)),
        };
        if let Err(error) = verdict {
            self.note_act("approve-refused", agency.as_str(), &error.to_string())?;
            return Err(error);
        }
        if let Some(existing) = case.replaces {
            return self.replace(agency, &case, existing);
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

    /// The same act again, after its answer was lost on the way to the administrator: the same answer, and no second entry.
    fn approved_before(&self, agency: &AgencyId, words: &str) -> Result<NodeId, AdminError> {
        let newest = self.book.newest(agency).map(|invite| &invite.state);
        let approved = matches!(newest, Some(InviteState::Answered { verdict: Verdict::Approved, .. }));
        let node = self.standing(agency)?.filter(|_| approved).ok_or(AdminError::NoRequest)?;
        let state = self.registry.node(&node).ok_or(AdminError::NoRequest)?;
        let asked = state.pending.as_ref().map_or(&state.ik, |pending| &pending.ik);
        let words = SafetyWords::parse(words)?;
        if words == SafetyWords::of(asked) { Ok(node) } else { Err(AdminError::NoRequest) }
    }

    /// Puts the node that asks in an existing one's place: entry, head, answer, each durable before the next.
    fn replace(&mut self, agency: &AgencyId, case: &Case, existing: NodeId) -> Result<NodeId, AdminError> {
        let request = &case.request;
        let is_in = |state: &NodeState| {
            state.ik == request.ik || state.pending.as_ref().is_some_and(|pending| pending.ik == request.ik)
        };
        if !self.registry.node(&existing).is_some_and(is_in) {
            let now = self.now()?;
            let fields = self.registry.next_change(&existing, now).ok_or(AdminError::AgencyUnknown)?;
            let fields = LeafFields {
                ik: *request.ik.as_bytes(),
                succession: *request.succession.as_bytes(),
                tls_spki: request.tls_spki,
                home_relay: case.relay,
                mailbox: request.mailbox,
                ..fields
            };
            let statement = request.replaces.as_ref().map(|replaces| replaces.statement);
            self.append_beside(&fields, &[], statement.as_ref())?;
        }
        let pending = self.registry.node(&existing).and_then(|state| state.pending.as_ref());
        let from = pending.map_or(Timestamp(0), |pending| pending.from);
        let directory = self.keys.directory.duplicate();
        let answer = Answer::InPlace(InPlace { directory, node: existing, from });
        self.answer(agency, case, &answer, Verdict::Approved)?;
        let by = if from == Timestamp(0) { "by its paper" } else { "by the authority alone, after 72 hours" };
        self.note_act("replace", agency.as_str(), &format!("node {} {by}", existing.short()))?;
        Ok(existing)
    }

    /// Rejects the request of an agency, with a reason that its operator reads.
    ///
    /// # Errors
    /// [`AdminError::NoRequest`], [`AdminError::RequestRefused`].
    pub fn reject(&mut self, agency: &AgencyId, reason: &str) -> Result<(), AdminError> {
        let newest = self.book.newest(agency).map(|invite| &invite.state);
        if matches!(newest, Some(InviteState::Answered { verdict: Verdict::Rejected, .. })) {
            return Ok(());
        }
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
                replaces: invite.replaces,
            }),
            InviteState::Spoiled { .. } | InviteState::Open if invite.is_spoiled() => {
                Err(AdminError::RequestRefused(crate::enrol::request::RequestRefused::WrongSecret))
            }
            InviteState::Open | InviteState::Spoiled { .. } | InviteState::Withdrawn | InviteState::Answered { .. } => {
                Err(AdminError::NoRequest)
            }
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
