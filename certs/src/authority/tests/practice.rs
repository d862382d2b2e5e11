//! An authority of a practice world.

use super::*;
use crate::authority::change::NewFields;

impl World {
    /// An authority under this log name, with a relay.
    fn named(log_name: &str) -> Self {
        let world = Self { folder: tempfile::tempdir().unwrap(), clock: HandClock(Arc::new(Mutex::new(NOW))), seed: 0 };
        let cost = Cost::new(64, 1).unwrap();
        let entropy = &mut Seeded::new(43);
        init(world.path(), *b"XX", log_name, &Witnesses::default(), PASSPHRASE, cost, &world.clock, entropy).unwrap();
        world
    }
}

#[test]
fn a_practice_authority_registers_agencies_for_exercises_only() {
    let mut world = World::named("practice.invalid/safeconduct");
    let mut office = world.open();
    office.add_relay(&relay_file()).unwrap();

    assert_eq!(office.invite(record(), 7).err(), Some(AdminError::PracticeOnly));
    let exercise = Record { exercise: true, ..record() };
    let (code, _) = office.invite(exercise.clone(), 7).unwrap();

    let actor = Actor::new(20);
    office.take_request(RelayId(1), &code.invite(), &request(&actor, &code, &office), Way::Relay).unwrap();
    office.approve(&agency(), &SafetyWords::of(&actor.ik.verifying_key()).to_string()).unwrap();
    let real = NewFields { record: Some(Record { exercise: false, ..exercise }), relay: None };
    assert_eq!(office.change(&agency(), &real).err(), Some(AdminError::PracticeOnly));
}

#[test]
fn a_practice_authority_and_a_real_one_do_not_recognise_each_other() {
    let practice = introduced(9, b"XX", "practice.invalid/safeconduct");
    let other = introduced(10, b"XY", "two.practice.invalid/safeconduct");
    let real = introduced(11, b"XB", "xb.test/registry");
    let scope = Scope { from_roles: 1, to_roles: 1, what: 1, until: NOW.after(100) };
    let refused = AdminError::NotRecognisable(NotRecognisable::Practice);

    let (mut here, mut there) = (World::with_relay(), World::named("practice.invalid/safeconduct"));
    let (mut here, mut there) = (here.open(), there.open());

    assert_eq!(here.recognise(&practice, scope), Err(refused));
    assert_eq!(here.introduce(&practice.root).err(), Some(refused));
    assert_eq!(there.recognise(&real, scope), Err(refused));
    assert_eq!(there.introduce(&real.root).err(), Some(refused));
    here.recognise(&real, scope).unwrap();
    let other = Introduction { root: other.root, ..real };
    assert_eq!(there.introduce(&other.root).err(), None);
}
