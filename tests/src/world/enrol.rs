//! Many agencies at once: the authority invites them all with one command, and approves a batch with one, while the
//! nodes of the other batches are at work.

use super::{Node, World, joined};
use crate::cast::Agency;
use crate::error::WorldError;

/// Agencies that are approved with one command.
const BATCH: usize = 6;

/// What happened to one agency.
#[derive(Debug)]
pub enum EnrolStep<'a> {
    /// The authority made its code.
    Invited(&'a Agency, &'a str),
    /// Its node has asked; these are its safety words.
    Asked(&'a Agency, &'a str),
    /// Its node is registered and connected.
    Connected(&'a Agency),
}

type Tell<'t> = &'t (dyn Fn(&EnrolStep<'_>) + Sync);

/// Enrols all, in the order given.
pub(super) fn all(world: &World, agencies: &[Agency], tell: Tell<'_>) -> Result<Vec<Node>, WorldError> {
    let codes = world.authority.invite_list(agencies, 7)?;
    for (agency, code) in agencies.iter().zip(&codes) {
        tell(&EnrolStep::Invited(agency, code));
    }
    std::thread::scope(|scope| {
        let mut asking: Vec<_> = agencies
            .iter()
            .zip(&codes)
            .map(|(agency, code)| scope.spawn(move || ask(world, *agency, code, tell)))
            .collect();
        let mut starting = Vec::new();
        while !asking.is_empty() {
            let batch = asking.drain(..asking.len().min(BATCH)).map(joined);
            let asked: Vec<(Node, String)> = batch.collect::<Result<_, WorldError>>()?;
            let told: Vec<(&str, &str)> = asked.iter().map(|(node, words)| (node.agency.id, words.as_str())).collect();
            world.authority.approve_all(&told)?;
            starting.extend(asked.into_iter().map(|(node, _words)| scope.spawn(move || start(node, tell))));
        }
        starting.into_iter().map(joined).collect()
    })
}

fn ask(world: &World, agency: Agency, code: &str, tell: Tell<'_>) -> Result<(Node, String), WorldError> {
    let node = world.new_node(agency)?;
    let words = node.ask(code)?;
    tell(&EnrolStep::Asked(&agency, &words));
    Ok((node, words))
}

fn start(mut node: Node, tell: Tell<'_>) -> Result<Node, WorldError> {
    node.start()?;
    node.connected()?;
    tell(&EnrolStep::Connected(&node.agency));
    Ok(node)
}
