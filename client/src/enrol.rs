//! Enrolment (`docs/PROTOCOL.md` §10): the code pins the authority, the authority's registry pins the relay, and only then
//! is anything said. Every step is durable before the next, so that running the command again goes on where it was.

mod desk;

use std::sync::Arc;

use safeconduct_certs::{
    authority::root::RootFile,
    enrol::{code::InviteCode, paper::PaperKey},
    link::Dialer,
    registry::Registry,
};
use safeconduct_protocol::{
    id::{InviteId, NodeId},
    time::Clock,
};

use self::desk::Stands;
use crate::{
    config::RelayAddress,
    daemon::{Node, Standing, paper_unknown},
    error::Told,
    sync::wire::Over,
};

/// How far an enrolment is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Progress {
    /// The request is with the authority.
    Waiting,
    /// The authority has approved.
    Approved,
}

/// Reads an invitation code.
///
/// # Errors
/// `invite-code`: mistyped, cut short, or of another version.
pub fn parse_code(text: &str) -> Result<InviteCode, Told> {
    InviteCode::parse(text).map_err(|error| Told::refused("invite-code", error.to_string(), error.remedy()))
}

/// Does what can be done now: makes the request, hands it in, takes the answer.
///
/// # Errors
/// `other-relay` and `root-file` mean that somebody is in between: stop. Others say what to do.
pub async fn step(
    node: &mut Node,
    code: &InviteCode,
    relay: Option<&RelayAddress>,
    paper: Option<&PaperKey>,
    clock: Arc<dyn Clock>,
) -> Result<Progress, Told> {
    let invite = code.invite();
    let begun = match node.standing(&invite)? {
        Standing::Approved => return Ok(Progress::Approved),
        Standing::Begun { request } => Some(request),
        Standing::New => None,
    };
    let address = relay
        .map(|relay| relay.as_str().to_owned())
        .or_else(|| node.relay_address())
        .ok_or_else(crate::daemon::no_relay)?;
    let dialer = Dialer::new().map_err(Over::Link)?;
    let pick = |root: &[u8]| {
        RootFile::parse_pinned(root, &code.root())
            .map_err(|error| Told::tampering("root-file", error.to_string(), error.remedy()))
    };
    let (mut desk, root, registry) = desk::open(&dialer, &address, clock, pick).await?;
    let request = match begun {
        Some(request) => request,
        None => {
            let replaces = paper.map(|paper| existing(&registry, paper).map(|node| (paper, node))).transpose()?;
            node.begin_enrolment(code, &root, &address, replaces)?
        }
    };
    let stands = desk.submit(invite, request).await;
    desk.close().await;
    dialer.finish().await;
    match stands? {
        Stands::Answered(answer) => {
            node.answered(&answer)?;
            Ok(Progress::Approved)
        }
        Stands::Waiting | Stands::Open => Ok(Progress::Waiting),
    }
}

/// The node whose succession key this is, as the registry says.
fn existing(registry: &Registry, paper: &PaperKey) -> Result<NodeId, Told> {
    let key = paper.public();
    let found = registry.node_by_key(&key.key_id()).filter(|state| state.succession == Some(key));
    found.map(|state| state.id).ok_or_else(paper_unknown)
}

/// Reads a succession key from its paper.
///
/// # Errors
/// `paper`: mistyped, cut short, or of another version.
pub fn parse_paper(text: &str) -> Result<PaperKey, Told> {
    PaperKey::parse(text).map_err(|error| Told::refused("paper", error.to_string(), error.remedy()))
}

/// Asks once whether the authority has answered a request that was handed in before.
///
/// # Errors
/// `enrolment-waiting` while it has not; others as [`step`].
pub async fn look(
    dialer: &Dialer,
    address: &str,
    root: &[u8],
    invite: InviteId,
    clock: Arc<dyn Clock>,
) -> Result<Vec<u8>, Told> {
    let own = RootFile::parse(root).map_err(|error| Told::tampering("root-file", error.to_string(), error.remedy()))?;
    let (mut desk, _root, _registry) = desk::open(dialer, address, clock, |_offered| Ok(own)).await?;
    let stands = desk.fetch(invite).await;
    desk.close().await;
    match stands? {
        Stands::Answered(answer) => Ok(answer),
        Stands::Waiting | Stands::Open => Err(Told::not_ready(
            "enrolment-waiting",
            "the authority has not approved this node yet",
            "read the eight safety words to it over the telephone",
        )),
    }
}
