//! The authority without a network: files in, files out, in the place of a session with a relay or a node.

use safeconduct_protocol::{
    frame::{Frame, Tag},
    id::{AgencyId, InviteId, RelayId},
};
use serde_bytes::ByteBuf;

use super::{
    AdminError, Office,
    book::{InviteState, Way},
    invite::Taken,
};
use crate::carried::{Carried, Kind};

/// What came of a file that was read.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Imported {
    /// Agencies whose request waits for the words now.
    pub requests: Vec<AgencyId>,
    /// Agencies whose invitation somebody else used.
    pub spoiled: Vec<AgencyId>,
    /// Requests that were here before.
    pub known: usize,
    /// Requests for an invitation that has one already, or was withdrawn.
    pub closed: usize,
    /// Requests for no invitation of this authority.
    pub foreign: usize,
}

impl Office {
    /// Reads a file of a node or of a relay. The same file again changes nothing. `home` is the relay of a node whose file does not
    /// come from one; none: the only one there is.
    ///
    /// # Errors
    /// [`AdminError::Carried`], [`AdminError::RelayAhead`], [`AdminError::WhichRelay`], [`AdminError::NoRelay`].
    pub fn import(&mut self, bytes: &[u8], home: Option<RelayId>) -> Result<Imported, AdminError> {
        let root = self.root().first().fingerprint();
        let carried = Carried::parse_any(bytes).map_err(AdminError::Carried)?;
        let wanted = if carried.kind == Kind::FromRelay { Kind::FromRelay } else { Kind::Request };
        let carried = Carried::parse(bytes, wanted, &root).map_err(AdminError::Carried)?;
        let (relay, way) = match carried.kind {
            Kind::FromRelay => (self.known_relay(carried.relay)?, Way::Relay),
            Kind::Request | Kind::ToRelay | Kind::Answer => (self.home(home)?, Way::File),
        };
        let mut imported = Imported::default();
        for frame in carried.frames {
            if let Frame::EnrolSubmit { invite, request, .. } = frame {
                self.import_one(relay, &invite, &request, way, &mut imported)?;
            } else if let Frame::Requests { requests, .. } = frame {
                for (invite, request) in requests {
                    self.import_one(relay, &invite, &request, way, &mut imported)?;
                }
            } else if let Frame::RegistryHead { head } = frame
                && head.size > self.registry.head_size()
            {
                return Err(AdminError::RelayAhead { theirs: head.size, mine: self.registry.head_size() });
            }
        }
        Ok(imported)
    }

    fn import_one(
        &mut self,
        relay: RelayId,
        invite: &InviteId,
        request: &[u8],
        way: Way,
        imported: &mut Imported,
    ) -> Result<(), AdminError> {
        match self.take_request(relay, invite, request, way)? {
            Taken::New(agency) => imported.requests.push(agency),
            Taken::Spoiled(agency) => imported.spoiled.push(agency),
            Taken::Known => imported.known = imported.known.saturating_add(1),
            Taken::Closed => imported.closed = imported.closed.saturating_add(1),
            Taken::NoInvitation => imported.foreign = imported.foreign.saturating_add(1),
        }
        Ok(())
    }

    /// Everything that a relay must be told: the log whole, invitations, and the answers for this relay. With a fresh timestamp.
    ///
    /// # Errors
    /// [`AdminError::WhichRelay`], [`AdminError::NoRelay`], and what signing says.
    pub fn export(&mut self, relay: Option<RelayId>) -> Result<Carried, AdminError> {
        let relay = self.home(relay)?;
        self.sign_head()?;
        let mut frames: Vec<Frame> = self.pieces(0).map(|piece| piece(Tag(0))).collect();
        frames.extend(self.invites_to_put(relay).into_iter().map(|invites| Frame::InvitePut { tag: Tag(0), invites }));
        for invite in &self.book.invites {
            if let InviteState::Answered { relay: at, answer, way: Way::Relay, .. } = &invite.state
                && *at == relay
            {
                frames.push(answer_frame(invite.id, &answer.0));
            }
        }
        Ok(Carried { kind: Kind::ToRelay, relay, root: self.root().first().fingerprint(), frames })
    }

    /// The answer to an agency's request, for its node.
    ///
    /// # Errors
    /// [`AdminError::NoAnswer`].
    pub fn export_answer(&self, agency: &AgencyId) -> Result<Carried, AdminError> {
        let newest = self.book.newest(agency).ok_or(AdminError::NoAnswer)?;
        let InviteState::Answered { relay, answer, .. } = &newest.state else { return Err(AdminError::NoAnswer) };
        let frames = vec![answer_frame(newest.id, &answer.0)];
        Ok(Carried { kind: Kind::Answer, relay: *relay, root: self.root().first().fingerprint(), frames })
    }

    /// The relay of this number, or the only one.
    fn home(&self, relay: Option<RelayId>) -> Result<RelayId, AdminError> {
        if let Some(relay) = relay {
            return self.known_relay(relay);
        }
        match self.relay_contacts()?.as_slice() {
            [] => Err(AdminError::NoRelay),
            [only] => Ok(only.id),
            _ => Err(AdminError::WhichRelay),
        }
    }

    fn known_relay(&self, relay: RelayId) -> Result<RelayId, AdminError> {
        let known = self.relay_contacts()?.iter().any(|contact| contact.id == relay);
        if known { Ok(relay) } else { Err(AdminError::WhichRelay) }
    }
}

fn answer_frame(invite: InviteId, answer: &[u8]) -> Frame {
    Frame::EnrolAnswer { tag: Tag(0), invite, answer: ByteBuf::from(answer) }
}
