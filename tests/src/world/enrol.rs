//! Many agencies at once: the authority's commands go one after the other and tell the relay once a batch, while the
//! nodes of the batch before are at work.

use super::{Node, World, joined};
use crate::cast::Agency;
use crate::error::WorldError;

/// Agencies that are invited, and approved, between two publications.
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

/// Enrols all, in the order given. Each turn invites one batch, and approves the batch before; one command in between
/// tells the relay of both and fetches the next requests.
pub(super) fn all(world: &World, agencies: &[Agency], tell: Tell<'_>) -> Result<Vec<Node>, WorldError> {
    std::thread::scope(|scope| {
        let mut starting = Vec::new();
        let mut asking = Vec::new();
        let mut approved: Vec<Node> = Vec::new();
        for batch in agencies.chunks(BATCH).map(Some).chain([None, None]) {
            let invited = invite(world, batch.unwrap_or_default(), tell)?;
            let asked: Vec<(Node, String)> = asking.drain(..).map(joined).collect::<Result<_, WorldError>>()?;
            world.authority.done(&["requests"])?;
            starting.extend(approved.drain(..).map(|node| scope.spawn(move || start(node, tell))));
            asking
                .extend(invited.into_iter().map(|(agency, code)| scope.spawn(move || ask(world, agency, &code, tell))));
            for (node, words) in asked {
                world.authority.done(&["approve", node.agency.id, "--words", &words, "--offline"])?;
                approved.push(node);
            }
        }
        starting.into_iter().map(joined).collect()
    })
}

fn invite(world: &World, batch: &[Agency], tell: Tell<'_>) -> Result<Vec<(Agency, String)>, WorldError> {
    let mut codes = Vec::new();
    for agency in batch {
        let invitation = world.authority.invite_offline(agency, 7)?;
        tell(&EnrolStep::Invited(agency, &invitation.code));
        codes.push((*agency, invitation.code));
    }
    Ok(codes)
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
