//! What is said twice is done once, and what cannot be is refused.

use safeconduct_protocol::{id::RelayId, time::DAY_S};

use super::{Actor, AdminError, NOW, Standing, World, agency, asked, request};
use crate::{
    authority::{book::Way, invite::ByWord},
    registry::{
        leaf::LeafKind,
        terms::{Border, Terms},
    },
};

fn terms() -> Terms {
    Terms {
        number: 0,
        from_roles: 1,
        to_roles: 2,
        from_country: Border::ANY,
        to_country: Border::ANY,
        what: 1,
        until: NOW.after(9 * DAY_S),
        record: [0; 32],
    }
}

#[test]
fn an_agreement_of_the_same_terms_is_written_once_and_numbers_go_on() {
    let mut world = World::with_relay();
    let mut office = world.open();
    assert_eq!(office.agree(None, terms()), Ok(1));
    let size = office.registry().size();
    assert_eq!((office.agree(Some(1), terms()), office.registry().size()), (Ok(1), size));
    let lines = office.audit_lines().len();
    assert_eq!(office.agree(Some(1), terms()), Ok(1));
    assert_eq!(office.audit_lines().len(), lines, "nor said twice");
    assert_eq!(office.agree(Some(5), terms()), Ok(5));
    assert_eq!(office.agree(None, terms()), Ok(6));
    assert_eq!(office.registry().size(), size + 2);

    assert_eq!(office.end_agreement(9), Err(AdminError::NoSuchTerms));
    assert_eq!(office.end_agreement(5), Ok(NOW));
    let size = office.registry().size();
    world.at(NOW.after(60));
    assert_eq!((office.end_agreement(5), office.registry().size()), (Ok(NOW), size), "it ended before");
}

#[test]
fn no_least_version_is_set_that_this_tool_does_not_know_and_the_same_writes_nothing() {
    let mut world = World::with_relay();
    let mut office = world.open();
    let size = office.registry().size();
    assert_eq!(office.set_min_version(2), Err(AdminError::Version { known: 1 }));
    let now = office.registry().min_version();
    assert_eq!((office.set_min_version(now), office.registry().size()), (Ok(()), size));
}

#[test]
fn an_agency_whose_keys_are_about_to_change_is_not_resumed_over_it() {
    let mut world = World::with_relay();
    let mut office = world.open();
    let words = asked(&mut office, &Actor::new(20));
    let node = office.approve(&agency(), &words.to_string()).unwrap();
    let mut change = office.registry().next_entry(LeafKind::Change, &node, NOW).unwrap();
    change.ik = *Actor::new(60).ik.verifying_key().as_bytes();
    office.append(&change, &[]).unwrap();
    assert!(office.registry().node(&node).unwrap().pending.is_some());
    office.set_standing(&agency(), Standing::Suspend).unwrap();
    let size = office.registry().size();

    assert_eq!(office.set_standing(&agency(), Standing::Resume), Err(AdminError::ChangeWaits));

    assert_eq!(office.registry().size(), size);
    office.set_standing(&agency(), Standing::Revoke).unwrap();
    assert_eq!(office.set_standing(&agency(), Standing::Resume), Err(AdminError::NotInState));
}

#[test]
fn an_invitation_in_a_lost_nodes_place_is_still_for_it_after_a_restart() {
    let mut world = World::with_relay();
    let mut office = world.open();
    let actor = Actor::new(20);
    let words = asked(&mut office, &actor);
    let node = office.approve(&agency(), &words.to_string()).unwrap();
    let (code, _) = office.invite_replacement(&agency(), 7).unwrap();
    drop(office);

    let mut office = world.open();
    assert_eq!(office.book.find_mut(&code.invite()).unwrap().replaces, Some(node));
    // Made without the lost node's succession key: that is what a person is told.
    let sealed = request(&Actor::new(30), &code, &office);
    office.take_request(RelayId(1), &code.invite(), &sealed, Way::Relay).unwrap();
    let waits = office.waiting().unwrap();
    assert_eq!(waits.len(), 1);
    assert!(matches!(waits[0].replaces, Some((of, ByWord::AuthorityAlone)) if of == node));
}
