//! The enrolment conversation with a relay (`docs/PROTOCOL.md` §10).

use std::sync::Arc;

use safeconduct_certs::{
    authority::root::RootFile,
    link::{Dialer, ExpectedRelay, LinkError},
    registry::Registry,
};
use safeconduct_protocol::{
    frame::{EnrolState, Frame},
    id::InviteId,
    session::client::{Ask, Opening},
    time::{Clock, Timestamp},
};

use crate::{
    error::Told,
    sync::{
        desk::Desk,
        reach::{other_relay, trusted},
        wire::Over,
    },
};

/// A relay that the authority's registry names, on a connection that proved that very key.
pub(super) struct TrustedDesk {
    desk: Desk,
}

/// Connects, and finds the root file that `pick` accepts; goes on only when the registry under it names this relay.
pub(super) async fn open(
    dialer: &Dialer,
    address: &str,
    clock: Arc<dyn Clock>,
    pick: impl FnOnce(&[u8]) -> Result<RootFile, Told>,
) -> Result<(TrustedDesk, RootFile, Registry), Told> {
    let opening = Opening::Enrolling;
    let mut desk = Desk::open(dialer, address, ExpectedRelay::ToBeChecked, None, opening, Arc::clone(&clock)).await?;
    let peer = desk.peer().ok_or_else(other_relay)?;
    let root = pick(&desk.root().await?)?;
    let handout = desk.registry(root.clone()).await?;
    let registry = trusted(handout, peer, clock.now())?;
    Ok((TrustedDesk { desk }, root, registry))
}

/// Where a request stands.
pub(super) enum Stands {
    /// With the authority.
    Waiting,
    /// Answered; the sealed answer.
    Answered(Vec<u8>),
    /// The relay has no request for this invitation yet.
    Open,
}

impl TrustedDesk {
    /// The relay's clock at its welcome.
    pub(super) const fn relay_now(&self) -> Timestamp {
        self.desk.relay_now()
    }

    /// Puts the request before the authority; the same bytes again are the same request.
    pub(super) async fn submit(&mut self, invite: InviteId, request: Vec<u8>) -> Result<Stands, Told> {
        stands(self.desk.ask(Ask::EnrolSubmit { invite, request }).await?)
    }

    /// Asks for the answer.
    pub(super) async fn fetch(&mut self, invite: InviteId) -> Result<Stands, Told> {
        stands(self.desk.ask(Ask::EnrolFetch { invite }).await?)
    }

    pub(super) async fn close(self) {
        self.desk.close().await;
    }
}

fn stands(frame: Frame) -> Result<Stands, Told> {
    let Frame::EnrolState { state, answer, .. } = frame else {
        return Err(Over::Link(LinkError::Lost).into());
    };
    let ask = "ask your authority for a new invitation";
    match state {
        EnrolState::Waiting => Ok(Stands::Waiting),
        EnrolState::Answered => Ok(Stands::Answered(answer.into_vec())),
        EnrolState::Open => Ok(Stands::Open),
        EnrolState::UnknownInvite => Err(Told::refused(
            "invite-unknown",
            "no such invitation is open at this relay",
            "check the code and the relay with your authority; it may not have published the invitation yet",
        )),
        EnrolState::InviteExpired => Err(Told::refused("invite-expired", "the invitation has expired", ask)),
        EnrolState::InviteUsed => Err(used()),
        EnrolState::Refused => Err(Told::unreachable(
            "enrol-refused",
            "the relay cannot take the request now",
            "try again later, or tell the relay's operator",
        )),
        _ => Err(Told::refused("enrol-state", "the relay answered in a way that this version does not know", "update")),
    }
}

/// Somebody has asked under this invitation already.
pub(super) fn used() -> Told {
    Told::refused(
        "invite-used",
        "another request was made with this invitation",
        "if it was not you, phone your authority at once; else ask it for a new invitation",
    )
}

#[cfg(test)]
mod tests {
    use safeconduct_protocol::frame::Tag;

    use super::*;

    #[test]
    fn every_state_in_which_nothing_can_be_done_has_a_sentence_of_its_own() {
        let told = |state| stands(Frame::EnrolState { tag: Tag(1), state, answer: Vec::new().into() }).err().unwrap();
        let all = [EnrolState::UnknownInvite, EnrolState::InviteExpired, EnrolState::InviteUsed, EnrolState::Refused];
        let told = all.map(told);
        let codes = told.each_ref().map(|told| (told.code.as_str(), told.exit));
        assert_eq!(codes, [("invite-unknown", 1), ("invite-expired", 1), ("invite-used", 1), ("enrol-refused", 4)]);
        let facts: std::collections::BTreeSet<_> = told.iter().map(|told| told.message.as_str()).collect();
        assert_eq!(facts.len(), all.len());
        assert!(told.iter().all(|told| !told.remedy.is_empty() && !told.message.contains('\n')));
    }
}
