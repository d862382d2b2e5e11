//! Whether the identity key in this vault is the one that the registry names for this node. A vault that was put back to a day
//! before a renewal holds an old one: it connects, sends for a while, and nobody can write to it.

use safeconduct_certs::node::ChangedBy;

use super::Node;
use crate::{
    error::Told,
    note::{At, Note},
    renewal,
};

impl Node {
    /// What is the matter with this node's own key, and what to do; none while the registry names it, or is about to.
    pub(super) fn own_key_trouble(&mut self) -> Result<Option<Note>, Told> {
        let (node, public) = (self.identity.node, self.identity.public());
        let held = match self.held_copy() {
            Ok(held) => held,
            Err(told) if told.code == "not-enrolled" => return Ok(None),
            Err(told) => return Err(told),
        };
        let Some(own) = held.node(&node) else { return Ok(None) };
        let waiting = own.pending.as_ref().filter(|pending| pending.ik != public);
        if own.ik == public {
            return Ok(waiting.map(|pending| Note::PlaceTaken { time: At(pending.from) }));
        }
        // This vault is the one that takes the place, or holds the key already and takes it over with the next look.
        let is_next = own.pending.as_ref().is_some_and(|pending| pending.ik == public);
        let taken_over = renewal::under_way(&self.vault)?.and_then(|change| renewal::next_public(&change));
        if is_next || taken_over == Some(own.ik) {
            return Ok(None);
        }
        let by = own.former_keys.iter().rev().find(|former| former.key == public).map(|former| former.by);
        Ok(Some(match by {
            Some(ChangedBy::IdentityKey) => Note::KeyNewer {},
            Some(ChangedBy::SuccessionKey | ChangedBy::Authority) => Note::PlaceGiven {},
            None => Note::KeyOther {},
        }))
    }
}

/// The same as an error.
pub(super) fn elsewhere(note: &Note) -> Told {
    Told::refused("keys-elsewhere", note.says(), note.remedy())
}
