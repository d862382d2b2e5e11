//! What registered nodes ask for: changes of their own registrations. A new TLS key is taken over at once, because its owner has
//! signed that it is its own and nobody can read or sign anything with it; everything else waits for a person.

use safeconduct_protocol::{
    crypto::hash::sha256,
    frame::ChangeStand,
    id::{AgencyId, NodeId, RelayId},
};

use super::{
    AdminError, Office,
    book::{Bytes, NodeChange, Stand},
};
use crate::{
    directory,
    enrol::{
        change::{Asked, ChangeRefused, ChangeRequest, SEALED_CHANGE_BYTES},
        words::SafetyWords,
    },
};

/// A request for a change that waits for a person.
pub struct ChangeWaiting {
    /// Whose registration.
    pub agency: AgencyId,
    /// Which node.
    pub node: NodeId,
    /// What it changes.
    pub asked: Asked,
    /// What its operator must read; compare with what is heard, do not read it out.
    pub words: SafetyWords,
}

/// A request that was decided and that its relay has not been told of: node, SHA-256 of the sealed request, and the word.
pub(super) type ToSettle = (NodeId, [u8; 32], ChangeStand);

impl Office {
    /// Writes down a request that a relay handed over. The same again changes nothing but that the relay is told again. A relay that
    /// is not and was not the node's home has nothing to say, and what cannot be the node's takes no place of what can.
    pub(super) fn take_change(&mut self, relay: RelayId, node: &NodeId, sealed: &[u8]) -> Result<(), AdminError> {
        if !self.is_home(relay, node) || sealed.len() != SEALED_CHANGE_BYTES {
            return Ok(());
        }
        let judged = self.judge_change(node, sealed);
        let alone = !self.waits_for_authority(node)
            && judged.as_ref().is_ok_and(|(_, asked): &(ChangeRequest, Asked)| asked.is_tls_alone());
        let known = self.book.changes.iter_mut().find(|change| change.node == *node);
        if let Some(known) = known.filter(|known| known.request.0 == sealed) {
            if known.stand != Stand::Waiting && known.put {
                known.put = false;
                self.save_book()?;
            } else if known.stand == Stand::Waiting && alone {
                // A crash came between the book and the entry.
                let agency = self.called(node)?;
                self.carry_out(node, "change-tls", &agency)?;
            }
            return Ok(());
        }
        let waits = self.book.change_of(node).is_some_and(|change| change.stand == Stand::Waiting);
        if waits && judged.is_err() {
            return Ok(());
        }
        let agency = self.called(node)?;
        let stand = judged.as_ref().map_or_else(|refused| stand_of(*refused), |_| Stand::Waiting);
        self.book.changes.retain(|change| change.node != *node);
        let request = Bytes(sealed.to_vec());
        self.book.changes.push(NodeChange { node: *node, relay, request, stand, put: false });
        self.save_book()?;
        match judged {
            Ok(_) if alone => self.carry_out(node, "change-tls", &agency),
            Ok((_, asked)) => self.note_act("change-request", &agency, &asked.words().join(", ")),
            Err(refused) => self.note_act("change-refused", &agency, &refused.to_string()),
        }
    }

    /// Requests for changes that wait for a person. One that has become stale is not among them.
    ///
    /// # Errors
    /// [`AdminError::Damaged`].
    pub fn changes_waiting(&self) -> Result<Vec<ChangeWaiting>, AdminError> {
        let mut all = Vec::new();
        for change in self.book.changes.iter().filter(|change| change.stand == Stand::Waiting) {
            let Ok((request, asked)) = self.judge_change(&change.node, &change.request.0) else { continue };
            let registered = self.registered()?.into_iter().find(|registered| registered.state.id == change.node);
            let Some(registered) = registered else { continue };
            all.push(ChangeWaiting {
                agency: registered.record.agency_id,
                node: change.node,
                asked,
                words: request.safety_words(),
            });
        }
        Ok(all)
    }

    /// Whether a request of this agency's node for a change is here and undecided.
    #[must_use]
    pub fn has_change(&self, agency: &AgencyId) -> bool {
        self.change_case(agency).is_ok()
    }

    /// Approves what an agency's node asks for: the words are those of the identity key that it has from then on. The same
    /// again is the same.
    ///
    /// # Errors
    /// [`AdminError::NoRequest`], [`AdminError::Words`], [`AdminError::WrongWords`], [`AdminError::Change`].
    pub fn approve_change(&mut self, agency: &AgencyId, words: &str) -> Result<(NodeId, Asked), AdminError> {
        let node = self.standing(agency)?.ok_or(AdminError::AgencyUnknown)?;
        let case = self.book.change_of(&node).filter(|change| matches!(change.stand, Stand::Waiting | Stand::Done));
        let sealed = case.ok_or(AdminError::NoRequest)?.request.0.clone();
        let (request, asked) = match self.judge_change(&node, &sealed) {
            Ok(judged) => judged,
            Err(ChangeRefused::Nothing) => {
                let request = ChangeRequest::open(&sealed, &node, &self.keys.enrol).map_err(AdminError::Change)?;
                (request, Asked::NOTHING)
            }
            Err(refused) => {
                self.set_stand(&node, stand_of(refused))?;
                self.note_act("change-refused", agency.as_str(), &refused.to_string())?;
                return Err(AdminError::Change(refused));
            }
        };
        let verdict = match SafetyWords::parse(words) {
            Ok(words) if words == request.safety_words() => Ok(()),
            Ok(_) => Err(AdminError::WrongWords),
            Err(refused) => Err(AdminError::Words(refused)),
        };
        if let Err(error) = verdict {
            self.note_act("approve-refused", agency.as_str(), &error.to_string())?;
            return Err(error);
        }
        if asked == Asked::NOTHING {
            if self.has_change(agency) {
                // A crash came between the entry and the book.
                self.set_stand(&node, Stand::Done)?;
            }
        } else {
            self.carry_out(&node, "approve-change", agency.as_str())?;
        }
        Ok((node, asked))
    }

    /// Rejects what an agency's node asks for.
    ///
    /// # Errors
    /// [`AdminError::NoRequest`].
    pub fn reject_change(&mut self, agency: &AgencyId) -> Result<(), AdminError> {
        let node = self.change_case(agency)?;
        self.set_stand(&node, Stand::Rejected)?;
        self.note_act("reject-change", agency.as_str(), &format!("node {}", node.short()))
    }

    /// Decided requests of this relay's nodes that it has not been told of.
    pub(super) fn changes_to_settle(&self, relay: RelayId) -> Vec<ToSettle> {
        let decided = |change: &&NodeChange| change.relay == relay && !change.put && change.stand != Stand::Waiting;
        let word = |change: &NodeChange| (change.node, sha256(&[&change.request.0]), word_of(change.stand));
        self.book.changes.iter().filter(decided).map(word).collect()
    }

    /// Notes that a relay was told of these.
    pub(super) fn changes_settled(&mut self, told: &[ToSettle]) -> Result<(), AdminError> {
        for change in &mut self.book.changes {
            let digest = sha256(&[&change.request.0]);
            change.put |= told.iter().any(|(node, told, _)| *node == change.node && *told == digest);
        }
        if told.is_empty() { Ok(()) } else { self.save_book() }
    }

    /// Writes the entry that a request asks for. Run again after a crash it finds the entry there.
    fn carry_out(&mut self, node: &NodeId, act: &str, agency: &str) -> Result<(), AdminError> {
        let sealed = self.book.change_of(node).map(|change| change.request.0.clone()).unwrap_or_default();
        let (request, asked) = self.judge_change(node, &sealed).map_err(AdminError::Change)?;
        let now = self.now()?;
        let fields = self.registry.next_change(node, now).ok_or(AdminError::AgencyUnknown)?;
        match self.append_beside(&request.applied_to(fields), &[], request.statement.as_ref()) {
            Err(error @ AdminError::Leaf(_)) => {
                self.set_stand(node, Stand::Refused)?;
                self.note_act("change-refused", agency, &error.to_string())?;
                if act == "change-tls" { Ok(()) } else { Err(error) }
            }
            Err(error) => Err(error),
            Ok(()) => {
                self.set_stand(node, Stand::Done)?;
                self.note_act(act, agency, &asked.words().join(", "))
            }
        }
    }

    fn judge_change(&self, node: &NodeId, sealed: &[u8]) -> Result<(ChangeRequest, Asked), ChangeRefused> {
        let request = ChangeRequest::open(sealed, node, &self.keys.enrol)?;
        let state = self.registry.node(node).ok_or(ChangeRefused::CannotOpen)?;
        let asked = request.judge(state)?;
        Ok((request, asked))
    }

    /// Whether a change of this node's keys by the authority alone is under way: who has the old key must not stop it.
    fn waits_for_authority(&self, node: &NodeId) -> bool {
        self.registry.node(node).is_some_and(|state| state.pending.is_some())
    }

    /// The node of an agency with a request that waits.
    fn change_case(&self, agency: &AgencyId) -> Result<NodeId, AdminError> {
        let node = self.standing(agency)?.ok_or(AdminError::AgencyUnknown)?;
        let waits = self.book.change_of(&node).is_some_and(|change| change.stand == Stand::Waiting);
        if waits { Ok(node) } else { Err(AdminError::NoRequest) }
    }

    fn set_stand(&mut self, node: &NodeId, stand: Stand) -> Result<(), AdminError> {
        for change in self.book.changes.iter_mut().filter(|change| change.node == *node) {
            (change.stand, change.put) = (stand, false);
        }
        self.save_book()
    }

    /// Whether a registered node asks at this relay, or did before it moved.
    fn is_home(&self, relay: RelayId, node: &NodeId) -> bool {
        let state = self.registry.node(node).filter(|state| !state.is_relay());
        state
            .is_some_and(|state| state.home_relay == relay || state.former_homes.iter().any(|home| home.relay == relay))
    }

    /// What a node is called in the audit file: its newest record alone is opened.
    fn called(&self, node: &NodeId) -> Result<String, AdminError> {
        let mut records = self.records.iter().enumerate().rev();
        let of_node = |index| u64::try_from(index).is_ok_and(|index| self.registry.leaf_node(index) == Some(*node));
        let newest = records.find(|(index, sealed)| !sealed.is_empty() && of_node(*index));
        let found = newest.zip(self.registry.node(node));
        let Some(((_, sealed), state)) = found else { return Ok(node.short().to_string()) };
        let record = directory::open(sealed, &self.keys.directory, state);
        let record = record.map_err(|_refused| AdminError::Damaged { what: "the log of entries" })?;
        Ok(record.agency_id.to_string())
    }
}

const fn stand_of(refused: ChangeRefused) -> Stand {
    match refused {
        ChangeRefused::Stale | ChangeRefused::NotActive => Stand::Stale,
        // The entry stands: a crash came between it and the book.
        ChangeRefused::Nothing => Stand::Done,
        ChangeRefused::CannotOpen
        | ChangeRefused::Malformed
        | ChangeRefused::BadKey
        | ChangeRefused::Possession
        | ChangeRefused::Signature
        | ChangeRefused::Statement => Stand::Refused,
    }
}

const fn word_of(stand: Stand) -> ChangeStand {
    match stand {
        Stand::Waiting => ChangeStand::Waiting,
        Stand::Done => ChangeStand::Done,
        Stand::Refused => ChangeStand::Refused,
        Stand::Stale => ChangeStand::Stale,
        Stand::Rejected => ChangeStand::Rejected,
    }
}
