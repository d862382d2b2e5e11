//! Agencies of one country that report, and the one that adds up.

use crate::cast::{self, CO_ORDINATOR};
use crate::error::WorldError;
use crate::wait::{self, Look};
use crate::world::{Node, Plan, World};

/// Seconds until everybody knows everybody.
const SECONDS: u64 = 60;

/// A world with two agencies of one country and its co-ordinator, whose daemons run and know each other.
///
/// # Errors
/// Any step that fails.
pub fn found() -> Result<(World, [Node; 2], Node), WorldError> {
    let world = World::found(Plan::default())?;
    let ends = ["xa.lantern-helpline", "xa.harbour-house"].into_iter().filter_map(cast::by_id);
    let agencies: Vec<_> = ends.chain([CO_ORDINATOR]).collect();
    let nodes = world.enrol_all(&agencies)?;
    for node in &nodes {
        wait::until("everybody to be known", SECONDS, || {
            let known = node.done(&["directory"])?;
            let count = known.get("agencies").and_then(|all| all.as_array()).map_or(0, Vec::len);
            Ok(if count >= agencies.len() { Look::Seen(()) } else { Look::NotYet(format!("{count} agencies")) })
        })?;
    }
    let few = |_nodes| WorldError::Sample { path: "the cast".into(), fact: "has not all who report".to_owned() };
    let [one, other, adds_up]: [Node; 3] = nodes.try_into().map_err(few)?;
    Ok((world, [one, other], adds_up))
}
