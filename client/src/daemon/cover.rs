//! Cover: a message that says nothing, to a partner that is drawn. A relay sees of it what it sees of a referral: a prekey is asked for, an envelope
//! comes and is answered, a slot is read (attack 70).

use safeconduct_certs::{
    node::{NodeState, NodeStatus},
    registry::terms::What,
};
use safeconduct_protocol::{entropy::random_up_to, id::NodeId};

use super::{Node, searching::quiet_since};
use crate::{error::Told, outbox, vault::VaultError};

/// Partners that are drawn, at most, until one is found that cover may go to.
const DRAWS_MAX: usize = 16;

impl Node {
    /// Queues cover for an active node of our own authority, to which this agency may refer somebody, that is drawn from all of them, evenly.
    /// None goes to one that has not been online lately, has not answered today's cover, or has had as much today as takes
    /// no share of its prekeys from referrals: cover fills nobody's mailbox, and takes no key that a referral needs.
    ///
    /// # Errors
    /// What the vault says.
    pub fn queue_cover(&mut self) -> Result<(), Told> {
        if !self.is_approved()? {
            return Ok(());
        }
        let now = self.now();
        let held = self.held_copy()?;
        let own = self.identity.node;
        let Some(here) = held.node(&own) else { return Ok(()) };
        let is_partner = |state: &NodeState| {
            state.id != own
                && state.status == NodeStatus::Active
                && !state.roles.is_relay()
                && state.roles.is_exercise() == here.roles.is_exercise()
                && held.may_send(state, now)
        };
        let mut partners: Vec<NodeId> =
            held.registry().nodes().filter(|state| is_partner(state)).map(|state| state.id).collect();
        // Whom it may not refer to, a relay would subtract.
        partners.retain(|partner| self.agreed(partner, What::Referral).is_ok());
        let Some(most) = partners.len().checked_sub(1).and_then(|most| u64::try_from(most).ok()) else {
            return Ok(());
        };
        for _draw in 0..DRAWS_MAX {
            let place = random_up_to(most, &mut self.entropy).map_err(VaultError::from)?;
            let Some(partner) = usize::try_from(place).ok().and_then(|place| partners.get(place)).copied() else {
                return Ok(());
            };
            if quiet_since(&self.vault, &partner)?.is_none() && outbox::may_have_cover(&self.vault, &partner, now)? {
                outbox::queue_cover(&mut self.vault, partner, now, &mut self.entropy)?;
                return Ok(());
            }
        }
        Ok(())
    }
}
