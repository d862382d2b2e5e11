//! Enrolment (`docs/PROTOCOL.md` §10): the code pins the authority, the authority's registry pins the relay, and only then
//! is anything said. Every step is durable before the next, so that running the command again goes on where it was.

mod desk;
mod file;
pub(crate) mod practice;

use std::{sync::Arc, time::Duration};

use safeconduct_certs::{
    authority::root::{RootFile, RootRefused},
    enrol::{
        code::{CodeRefused, InviteCode},
        paper::PaperKey,
    },
    link::Dialer,
    registry::Registry,
};
use safeconduct_protocol::{
    id::{InviteId, NodeId},
    time::{Clock, Timestamp},
};

use self::desk::{Stands, TrustedDesk, used};
pub use self::{
    file::{root_from_file, take_answer, write_request},
    practice::Purpose,
};
use crate::{
    config::RelayAddress,
    daemon::{Node, Standing, paper_unknown},
    error::Told,
    sync::wire::Over,
};

/// A relay lets only so many enrol at once, from one address too: how long to wait before each further attempt, in seconds.
const BUSY_PAUSES_S: [u64; 4] = [1, 2, 4, 8];

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
/// `invite-mistyped`, `invite-length`, `invite-character`, `invite-version`.
pub fn parse_code(text: &str) -> Result<InviteCode, Told> {
    InviteCode::parse(text).map_err(|error| {
        let code = match error {
            CodeRefused::NotACharacter { .. } => "invite-character",
            CodeRefused::Length { .. } => "invite-length",
            CodeRefused::Version(_) => "invite-version",
            CodeRefused::Mistyped | _ => "invite-mistyped",
        };
        Told::refused(code, error.to_string(), error.remedy())
    })
}

/// The root file that is held here, with the versions that the relay has beyond it.
///
/// # Errors
/// `root-file` when it does not continue the one that is held.
pub(crate) fn continued(held: &[u8], offered: &[u8]) -> Result<RootFile, Told> {
    let refused = |error: RootRefused| Told::tampering("root-file", error.to_string(), error.remedy());
    let held = RootFile::parse(held).map_err(refused)?;
    // To whom it owes none, a relay gives none.
    if offered.is_empty() {
        return Ok(held);
    }
    held.later(RootFile::parse(offered).map_err(refused)?).map_err(refused)
}

/// Clocks of two machines may differ by so much, seconds.
const CLOCKS_APART_MAX_S: u64 = 300;

/// The root file that the code names, and no other.
///
/// # Errors
/// `invite-foreign` when it is another authority's, `root-file` when it is none, `practice-only` when it is not for this purpose.
fn pinned(code: &InviteCode, purpose: Purpose, root: &[u8]) -> Result<RootFile, Told> {
    let root = RootFile::parse_pinned(root, &code.root()).map_err(|error| {
        if error != RootRefused::OtherFingerprint {
            return Told::tampering("root-file", error.to_string(), error.remedy());
        }
        Told::tampering(
            "invite-foreign",
            "the root file here is not that of the authority whose code this is",
            "compare code and relay (or root file) with the letter; if both are right, stop, and phone your authority",
        )
    })?;
    purpose.admits(&root)?;
    Ok(root)
}

/// A desk whose relay the authority of this code names, with this machine's clock near that of the relay.
async fn open(
    dialer: &Dialer,
    code: &InviteCode,
    purpose: Purpose,
    address: &str,
    clock: Arc<dyn Clock>,
) -> Result<(TrustedDesk, RootFile, Registry), Told> {
    let here = Arc::clone(&clock);
    let mut pauses = BUSY_PAUSES_S.into_iter();
    let (desk, root, registry) = loop {
        match desk::open(dialer, address, Arc::clone(&clock), |root| pinned(code, purpose, root)).await {
            Err(told) if told.code == "relay-busy" => match pauses.next() {
                Some(pause_s) => tokio::time::sleep(Duration::from_secs(pause_s)).await,
                None => {
                    let remedy = "run the same command again in a few minutes";
                    return Err(Told::unreachable(&told.code, told.message.clone(), remedy));
                }
            },
            other => break other?,
        }
    };
    match clocks(here.now(), desk.relay_now()) {
        Ok(()) => Ok((desk, root, registry)),
        Err(told) => {
            desk.close().await;
            Err(told)
        }
    }
}

/// A clock that is wrong would be found out later, by messages that nobody takes.
fn clocks(here: Timestamp, relay: Timestamp) -> Result<(), Told> {
    let (ahead, behind) = (here.since(relay), relay.since(here));
    if ahead.max(behind) <= CLOCKS_APART_MAX_S {
        return Ok(());
    }
    let (minutes, which) = if ahead > behind { (ahead / 60, "ahead of") } else { (behind / 60, "behind") };
    Err(Told::not_ready(
        "clock-wrong",
        format!("this machine's clock is {minutes} minutes {which} the relay's"),
        "set the clock (a time service does it), then run the same command again",
    ))
}

/// Asks whether a node that has nothing yet may begin with this code, before anything is made for it.
///
/// # Errors
/// `invite-unknown`, `invite-expired`, `invite-used`, `invite-foreign`, `practice-only`, `other-relay`, `clock-wrong`,
/// `no-relay`, and what keeps from reaching the relay.
pub async fn may_begin(code: &InviteCode, purpose: Purpose, address: &str, clock: Arc<dyn Clock>) -> Result<(), Told> {
    let dialer = Dialer::new().map_err(Over::Link)?;
    let (mut desk, _root, _registry) = open(&dialer, code, purpose, address, clock).await?;
    let stands = desk.fetch(code.invite()).await;
    desk.close().await;
    dialer.finish().await;
    fresh(stands?)
}

/// An invitation under which nobody has asked yet.
fn fresh(stands: Stands) -> Result<(), Told> {
    match stands {
        Stands::Open => Ok(()),
        Stands::Waiting | Stands::Answered(_) => Err(used()),
    }
}

/// Does what can be done now: makes the request, hands it in, takes the answer.
///
/// # Errors
/// `other-relay`, `invite-foreign` and `root-file` may mean that somebody is in between: stop. Others say what to do; `practice-only`
/// that the invitation is not for this folder.
pub async fn step(
    node: &mut Node,
    code: &InviteCode,
    purpose: Purpose,
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
    let (mut desk, root, registry) = open(&dialer, code, purpose, &address, clock).await?;
    let request = match begun {
        Some(request) => request,
        None => {
            fresh(desk.fetch(invite).await?)?;
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
    let pick = |offered: &[u8]| continued(root, offered);
    let (mut desk, _root, _registry) = desk::open(dialer, address, clock, pick).await?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_five_minutes_off_is_taken_and_one_second_more_is_named_with_its_direction() {
        let relay = Timestamp(1_000_000);
        assert!(clocks(relay.after(300), relay).is_ok() && clocks(Timestamp(999_700), relay).is_ok());

        let (ahead, behind) = (clocks(relay.after(301), relay), clocks(Timestamp(0), relay));

        assert_eq!(ahead.unwrap_err().message, "this machine's clock is 5 minutes ahead of the relay's");
        let told = behind.unwrap_err();
        assert_eq!(told.message, "this machine's clock is 16666 minutes behind the relay's");
        assert_eq!((told.code.as_str(), told.exit), ("clock-wrong", 3));
    }

    #[test]
    fn a_new_node_may_begin_only_where_nobody_has_asked() {
        assert!(fresh(Stands::Open).is_ok());
        for taken in [Stands::Waiting, Stands::Answered(vec![7])] {
            assert_eq!(fresh(taken).unwrap_err().code, "invite-used");
        }
    }
}
