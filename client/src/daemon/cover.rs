//! Cover: a message that says nothing, to a partner that is drawn. A relay sees of it what it sees of a referral: a prekey is asked for, an envelope
//! comes and is answered, a slot is read (attack 70).

use safeconduct_certs::{
    node::{NodeState, NodeStatus},
    registry::terms::What,
};
use safeconduct_protocol::{entropy::random, id::NodeId};

use super::Node;
use crate::{
    error::Told,
    outbox,
    vault::{Sql as _, VaultError},
};

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
        for _draw in 0..DRAWS_MAX {
            let number = u64::from_be_bytes(random(&mut self.entropy).map_err(VaultError::from)?);
            let Some(partner) = drawn(&partners, number) else { return Ok(()) };
            if !self.is_quiet(&partner)? && outbox::may_have_cover(&self.vault, &partner, now)? {
                outbox::queue_cover(&mut self.vault, partner, now, &mut self.entropy)?;
                return Ok(());
            }
        }
        Ok(())
    }

    /// Whether a node has not been online for a while, as far as is known here.
    fn is_quiet(&self, node: &NodeId) -> Result<bool, VaultError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM peer WHERE node = ?1 AND quiet_since IS NOT NULL)";
        Ok(self.vault.db().one(sql, [node.as_bytes()], |row| row.get(0))?)
    }
}

/// One of them, evenly: a registry is tiny beside 2^64.
fn drawn(partners: &[NodeId], number: u64) -> Option<NodeId> {
    let count = u64::try_from(partners.len()).ok()?;
    let place = usize::try_from(number.checked_rem(count)?).ok()?;
    partners.get(place).copied()
}
