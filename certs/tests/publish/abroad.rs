//! Relays of those who recognise us: they are told our log, and what one does not take is no failure of ours.

use safeconduct_certs::{
    authority::{AdminError, Office, abroad::ToldAbroad, recognise::Scope},
    link::LinkError,
};
use safeconduct_protocol::{
    frame::{Goodbye, PublishRefusal},
    time::{Clock as _, DAY_S},
};

use crate::{Mood, SystemClock, World};

/// Ours, which has recognised another authority whose one relay is served by the second world.
fn recognised(theirs: &World) -> (World, Office) {
    let ours = World::new();
    let mut office = ours.open();
    let introduction = theirs.start().introduce(&ours.open_root()).unwrap();
    let introduction = office.read_introduction(&introduction).unwrap();
    let scope = Scope { from_roles: 1, to_roles: 1, what: 1, until: SystemClock.now().after(DAY_S) };
    office.recognise(&introduction, scope).unwrap();
    (ours, office)
}

async fn told(office: &mut Office) -> ToldAbroad {
    let mut all = office.tell_abroad().await.unwrap();
    assert_eq!(all.len(), 1);
    all.remove(0)
}

#[tokio::test]
async fn a_relay_of_a_recognised_authority_is_told_our_log_and_not_its_own() {
    let theirs = World::of(*b"XB", "xb.test/registry");
    let (ours, mut office) = recognised(&theirs);
    assert!(ours.held().registry.is_none() && office.registry().size() == 1);

    let first = told(&mut office).await;

    assert_eq!((first.country.as_str(), first.outcome), ("XB", Ok(1)));
    assert!(first.address.starts_with("127.0.0.1:"));
    {
        let held = theirs.held();
        let registry = held.registry.as_ref().unwrap();
        assert_eq!((registry.root().log_name(), registry.size()), ("xa.test/registry", 1));
        assert!(held.invites.is_empty() && held.pieces == 1, "nothing but the log");
    }
    assert_eq!(told(&mut office).await.outcome, Ok(1));
    assert_eq!(theirs.held().pieces, 1, "what it has it is not told again");
}

#[tokio::test]
async fn whom_nobody_has_introduced_is_told_nothing() {
    let world = World::new();
    let mut office = world.start();
    assert_eq!(office.tell_abroad().await.map(|all| all.len()), Ok(0));
    assert!(world.held().registry.is_none());
}

#[tokio::test]
async fn what_a_relay_abroad_does_not_take_is_said_and_taken_the_next_time() {
    let theirs = World::of(*b"XB", "xb.test/registry");
    let (_ours, mut office) = recognised(&theirs);
    theirs.mood(Mood::WrongClock);
    let apart = told(&mut office).await.outcome;
    assert!(matches!(apart, Err(AdminError::ClocksApart { ahead: true, by_s: 3_590..3_700 })), "{apart:?}");
    let cases = [
        (Mood::Leaves, AdminError::Link(LinkError::Closed(Goodbye::ShuttingDown))),
        (Mood::Busy, AdminError::Goodbye(Goodbye::Busy)),
        (Mood::DiskFull, AdminError::Refused(PublishRefusal::StorageFailed)),
    ];
    for (mood, error) in cases {
        theirs.mood(mood);
        assert_eq!(told(&mut office).await.outcome, Err(error));
    }
    theirs.mood(Mood::Well);
    assert_eq!(told(&mut office).await.outcome, Ok(1));
}
