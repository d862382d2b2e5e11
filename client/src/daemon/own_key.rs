//! Whether the identity key in this vault is the one that the registry names for this node. A vault that was put back to a day
//! before a renewal holds an old one: it connects, sends for a while, and nobody can write to it.

use safeconduct_certs::{node::ChangedBy, utc};

use super::Node;
use crate::{error::Told, renewal};

impl Node {
    /// What is the matter with this node's own key, and what to do; none while the registry names it, or is about to.
    pub(super) fn own_key_trouble(&mut self) -> Result<Option<Told>, Told> {
        let (node, public) = (self.identity.node, self.identity.public());
        let held = match self.held_copy() {
            Ok(held) => held,
            Err(told) if told.code == "not-enrolled" => return Ok(None),
            Err(told) => return Err(told),
        };
        let Some(own) = held.node(&node) else { return Ok(None) };
        let waiting = own.pending.as_ref().filter(|pending| pending.ik != public);
        if own.ik == public {
            let told = waiting.map(|pending| {
                let says = format!(
                    "the authority alone puts another node in this one's place: this one is shut out from {}",
                    utc::instant(pending.from)
                );
                elsewhere(&says, "if nobody at your agency asked for that, phone your authority before then")
            });
            return Ok(told);
        }
        // This vault is the one that takes the place, or holds the key already and takes it over with the next look.
        let is_next = own.pending.as_ref().is_some_and(|pending| pending.ik == public);
        let taken_over = renewal::under_way(&self.vault)?.and_then(|change| renewal::next_public(&change));
        if is_next || taken_over == Some(own.ik) {
            return Ok(None);
        }
        let by = own.former_keys.iter().rev().find(|former| former.key == public).map(|former| former.by);
        Ok(Some(match by {
            Some(ChangedBy::IdentityKey) => elsewhere(
                "the registry names a newer identity key for this node than this vault holds, and nobody can write to this one: it was \
                 put back from a backup of before the renewal, or somebody else has renewed it",
                "restore a newer backup; without one, ask your authority for a code (`invite --replace`) and use it with the paper in a \
                 new folder (`safeconduct --data FOLDER enrol CODE --paper`); if nobody at your agency renewed it, phone your authority \
                 now",
            ),
            Some(ChangedBy::SuccessionKey | ChangedBy::Authority) => elsewhere(
                "another node was put in this one's place, and nobody can write to this one",
                "use the other one; if nobody at your agency asked for that, phone your authority now",
            ),
            None => elsewhere(
                "the registry names another identity key for this node than this vault holds, and nobody can write to this one",
                "if nobody at your agency asked for that, phone your authority now",
            ),
        }))
    }

    /// The same as an alarm.
    pub(super) fn own_key_alarm(&mut self) -> Result<Option<String>, Told> {
        Ok(self.own_key_trouble()?.map(|told| format!("{}; {}", told.message, told.remedy)))
    }
}

fn elsewhere(says: &str, remedy: &str) -> Told {
    Told::refused("keys-elsewhere", says, remedy)
}
