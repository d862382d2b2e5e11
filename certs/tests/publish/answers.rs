//! Answers that a relay does not take, because it never had the request.

use safeconduct_certs::{
    authority::AdminError,
    carried::{Carried, Kind},
};
use safeconduct_protocol::{
    frame::{Frame, PublishRefusal, Tag},
    id::{AgencyId, RelayId},
};

use crate::{Mood, World, ask, enrol_offline, record, tell};

#[tokio::test]
async fn a_relay_without_the_request_is_no_obstacle_when_the_request_came_in_a_file() {
    let world = World::new();
    let mut office = world.start();
    let agency: AgencyId = "xa.harbour-house".parse().unwrap();
    let (code, _) = office.invite(record("xa.harbour-house"), 7).unwrap();
    let (sealed, _, node) = ask(&office, &code);
    let frames = vec![Frame::EnrolSubmit { tag: Tag(0), invite: code.invite(), request: sealed.into() }];
    let file = Carried { kind: Kind::Request, relay: RelayId(0), root: office.root().first().fingerprint(), frames };
    assert_eq!(office.import(&file.to_bytes().unwrap(), None).unwrap().requests, core::slice::from_ref(&agency));
    let words = office.waiting().unwrap()[0].words.to_string();
    assert_eq!(office.approve(&agency, &words), Ok(node));
    assert_eq!(office.answers_to_put(), 0, "no relay waits for it");

    world.mood(Mood::NoInvitation);
    assert_eq!(tell(&mut office).await, Ok(2));

    assert!(world.held().answers.is_empty());
    world.mood(Mood::Well);
    assert_eq!(tell(&mut office).await, Ok(2));
    assert!(world.held().answers.contains_key(&code.invite()), "should it have the request after all");
}

#[tokio::test]
async fn an_answer_that_the_relay_of_its_request_does_not_take_is_said_and_kept() {
    let world = World::new();
    let mut office = world.start();
    enrol_offline(&mut office, &world, "xa.harbour-house");
    tell(&mut office).await.unwrap();
    let words = office.waiting().unwrap()[0].words.to_string();
    office.approve(&"xa.harbour-house".parse().unwrap(), &words).unwrap();

    world.mood(Mood::NoInvitation);
    assert_eq!(tell(&mut office).await, Err(AdminError::Refused(PublishRefusal::Gap)));
    assert_eq!(office.answers_to_put(), 1);
    world.mood(Mood::Well);
    assert_eq!(tell(&mut office).await, Ok(2));
    assert_eq!(office.answers_to_put(), 0);
}
