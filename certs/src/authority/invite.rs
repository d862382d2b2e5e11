//! Inviting an agency, and what comes back for an invitation.

use safeconduct_protocol::{
    id::{AgencyId, InviteId, NodeId, RelayId},
    time::Day,
};

use super::{
    AdminError, Office,
    book::{Bytes, Invite, InviteState, Way},
};
use crate::{
    directory::Record,
    enrol::{
        code::InviteCode,
        request::{Request, RequestRefused},
        words::SafetyWords,
    },
    node::NodeState,
};

/// Longest life of an invitation, in days.
pub const DAYS_MAX: u32 = 30;

/// A request that waits for a decision.
pub struct Waiting {
    /// Who was invited.
    pub agency: AgencyId,
    /// Which invitation.
    pub invite: InviteId,
    /// The node that asks.
    pub node: NodeId,
    /// What its operator must read; compare with what is heard, do not read it out.
    pub words: SafetyWords,
    /// The node whose place it takes, and by whose word.
    pub replaces: Option<(NodeId, ByWord)>,
}

/// By whose word a new node takes an existing one's place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ByWord {
    /// The succession key on paper: it is in force at once.
    Paper,
    /// The authority's alone: it waits 72 hours, and everybody is shown that.
    AuthorityAlone,
}

/// What became of a request that was handed over.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Taken {
    /// It waits for the words.
    New(AgencyId),
    /// It cannot be what the agency made: the invitation is spoiled at that relay.
    Spoiled(AgencyId),
    /// It was here already, or is answered.
    Known,
    /// Another request came first, or the invitation was withdrawn or spoiled.
    Closed,
    /// For no invitation of this authority.
    NoInvitation,
}

impl Office {
    /// Invites an agency. The code is shown once and not kept. An older invitation that nobody has used is withdrawn.
    ///
    /// # Errors
    /// [`AdminError::Days`], [`AdminError::Record`], [`AdminError::PracticeOnly`], [`AdminError::AgencyKnown`],
    /// [`AdminError::RequestWaits`].
    pub fn invite(&mut self, record: Record, days: u32) -> Result<(InviteCode, Day), AdminError> {
        if !(1..=DAYS_MAX).contains(&days) {
            return Err(AdminError::Days);
        }
        record.check()?;
        self.may_register(&record)?;
        if self.standing(&record.agency_id)?.is_some() {
            return Err(AdminError::AgencyKnown);
        }
        self.open_invitation(record, days, None)
    }

    /// Whether an agency's id begins with this authority's country. Of others, partners abroad see nothing: they take an authority's
    /// word for its own country only.
    ///
    /// # Errors
    /// [`AdminError::OtherCountry`].
    pub fn is_of_country(&self, agency: &AgencyId) -> Result<(), AdminError> {
        let country = self.root().country().to_lowercase();
        let ours = agency.as_str().strip_prefix(&country).is_some_and(|rest| rest.starts_with('.'));
        let mut letters = country.chars();
        let prefix = core::array::from_fn(|_| letters.next().unwrap_or('?'));
        if ours { Ok(()) } else { Err(AdminError::OtherCountry { prefix }) }
    }

    /// Whether an invitation of this agency would be made: it is not registered, and no request of it waits.
    ///
    /// # Errors
    /// [`AdminError::AgencyKnown`], [`AdminError::RequestWaits`].
    pub fn may_invite(&self, agency: &AgencyId) -> Result<(), AdminError> {
        if self.standing(agency)?.is_some() {
            return Err(AdminError::AgencyKnown);
        }
        if self.has_request(agency) { Err(AdminError::RequestWaits) } else { Ok(()) }
    }

    /// Takes back the invitation of an agency that nobody has used; false when there is none.
    ///
    /// # Errors
    /// What the disk says.
    pub fn withdraw_invitation(&mut self, agency: &AgencyId) -> Result<bool, AdminError> {
        let is_open = |invite: &&mut Invite| invite.agency == *agency && matches!(invite.state, InviteState::Open);
        let mut withdrawn = Vec::new();
        for invite in self.book.invites.iter_mut().filter(is_open) {
            invite.state = InviteState::Withdrawn;
            withdrawn.push(invite.id);
        }
        if withdrawn.is_empty() {
            return Ok(false);
        }
        self.save_book()?;
        for id in withdrawn {
            self.note_act("withdraw", agency.as_str(), &format!("invitation {}", id.short()))?;
        }
        Ok(true)
    }

    /// Invites the agency to put a new node in its node's place: the old one, or its identity key, is lost or in other hands.
    /// Its id and its record stay.
    ///
    /// # Errors
    /// [`AdminError::Days`], [`AdminError::AgencyUnknown`], [`AdminError::RequestWaits`].
    pub fn invite_replacement(&mut self, agency: &AgencyId, days: u32) -> Result<(InviteCode, Day), AdminError> {
        if !(1..=DAYS_MAX).contains(&days) {
            return Err(AdminError::Days);
        }
        let node = self.standing(agency)?.ok_or(AdminError::AgencyUnknown)?;
        let registered = self.registered()?.into_iter().find(|registered| registered.state.id == node);
        let record = registered.filter(|found| found.record.relay.is_none()).map(|found| found.record);
        self.open_invitation(record.ok_or(AdminError::AgencyUnknown)?, days, Some(node))
    }

    fn open_invitation(
        &mut self,
        record: Record,
        days: u32,
        replaces: Option<NodeId>,
    ) -> Result<(InviteCode, Day), AdminError> {
        let agency = record.agency_id.clone();
        let now = self.now()?;
        for invite in self.book.invites.iter_mut().filter(|invite| invite.agency == agency) {
            match invite.state {
                InviteState::Requested { .. } => return Err(AdminError::RequestWaits),
                InviteState::Open => invite.state = InviteState::Withdrawn,
                InviteState::Spoiled { .. } | InviteState::Withdrawn | InviteState::Answered { .. } => {}
            }
        }
        let fingerprint = self.root().fingerprint();
        let code = InviteCode::generate(fingerprint, self.entropy.as_mut())?;
        let expires = now.day().after(days);
        let id = code.invite();
        let state = InviteState::Open;
        self.book.invites.push(Invite {
            id,
            agency: agency.clone(),
            record,
            made_at: now,
            expires,
            state,
            replaces,
            spoiled_by: Vec::new(),
        });
        self.save_book()?;
        let act = if replaces.is_some() { "invite-replace" } else { "invite" };
        self.note_act(act, agency.as_str(), &format!("invitation {}", id.short()))?;
        Ok((code, expires))
    }

    /// Writes down a request that a relay handed over: opened and verified, it waits for the words; otherwise the invitation is
    /// spoiled at this relay, which alone forgets it, and stays open at the others: one relay that lies ends no other's invitations.
    /// What is known already, or for no open invitation, changes nothing.
    pub(super) fn take_request(
        &mut self,
        relay: RelayId,
        id: &InviteId,
        sealed: &[u8],
        way: Way,
    ) -> Result<Taken, AdminError> {
        let Some(invite) = self.book.find_mut(id) else { return Ok(Taken::NoInvitation) };
        match &invite.state {
            InviteState::Open => {}
            InviteState::Requested { request, .. } if request.0 == sealed => return Ok(Taken::Known),
            InviteState::Answered { .. } => return Ok(Taken::Known),
            InviteState::Requested { .. } | InviteState::Spoiled { .. } | InviteState::Withdrawn => {
                return Ok(Taken::Closed);
            }
        }
        let agency = invite.agency.clone();
        let stands = invite.replaces.and_then(|node| self.registry.node(&node));
        let verdict = Request::open(sealed, id, &self.keys.enrol).and_then(|request| may_replace(&request, stands));
        if verdict.is_ok() {
            invite.state = InviteState::Requested { relay, request: Bytes(sealed.to_vec()), way };
        } else if invite.spoiled_by.contains(&relay) {
            return Ok(Taken::Known);
        } else if way == Way::Relay {
            invite.spoiled_by.push(relay);
        }
        self.save_book()?;
        match verdict {
            Ok(request) => {
                self.note_act("request", agency.as_str(), &format!("node {}", request.node.short()))?;
                Ok(Taken::New(agency))
            }
            Err(refused) => {
                self.note_act("request-refused", agency.as_str(), &refused.to_string())?;
                Ok(Taken::Spoiled(agency))
            }
        }
    }

    /// Requests that wait for a decision.
    ///
    /// # Errors
    /// [`AdminError::Damaged`] when a kept request does not open any more.
    pub fn waiting(&self) -> Result<Vec<Waiting>, AdminError> {
        let mut all = Vec::new();
        for invite in &self.book.invites {
            if let InviteState::Requested { request, .. } = &invite.state {
                let request = self.reopen(&invite.id, request)?;
                let words = request.safety_words();
                let by = if request.replaces.is_some() { ByWord::Paper } else { ByWord::AuthorityAlone };
                all.push(Waiting {
                    agency: invite.agency.clone(),
                    invite: invite.id,
                    node: request.node,
                    words,
                    replaces: invite.replaces.map(|node| (node, by)),
                });
            }
        }
        Ok(all)
    }

    /// Agencies whose invitation was answered by somebody else, so that they must be invited anew, or ask at another relay.
    pub fn spoiled(&self) -> impl Iterator<Item = &AgencyId> {
        let newest = |invite: &&Invite| self.book.newest(&invite.agency).is_some_and(|last| last.id == invite.id);
        let spoiled = |invite: &&Invite| invite.is_spoiled();
        self.book.invites.iter().filter(newest).filter(spoiled).map(|invite| &invite.agency)
    }

    /// Invitations that nobody has used, with their last day.
    pub fn open_invitations(&self) -> impl Iterator<Item = (&AgencyId, Day)> {
        let open = |invite: &&Invite| matches!(invite.state, InviteState::Open);
        self.book.invites.iter().filter(open).map(|invite| (&invite.agency, invite.expires))
    }

    /// A kept request, opened again.
    pub(super) fn reopen(&self, id: &InviteId, request: &Bytes) -> Result<Request, AdminError> {
        let opened = Request::open(&request.0, id, &self.keys.enrol);
        opened.map_err(|_refused| AdminError::Damaged { what: "the book of invitations" })
    }
}

/// A request that names an existing node must be for this invitation's, and that node's succession key must have said yes.
fn may_replace(request: &Request, stands: Option<&NodeState>) -> Result<Request, RequestRefused> {
    let Some(replaces) = &request.replaces else { return Ok(request.clone()) };
    let named = stands.filter(|state| state.id == replaces.node);
    let succession = named.and_then(|state| state.succession.as_ref()).ok_or(RequestRefused::Replaces)?;
    let says_yes = request.statement_for(replaces.node).is_signed_by(succession, &replaces.statement);
    if says_yes { Ok(request.clone()) } else { Err(RequestRefused::Replaces) }
}
