//! What only the registry, the vault or another profile knows.

use super::*;

#[test]
fn the_registry_decides_who_an_agency_is() {
    let referral = sample(SHELTER);
    let at = |pointer: &str| pointer.to_owned();
    let mut unknown = facts(&referral);
    unknown.recipient = None;
    let mut revoked = facts(&referral);
    revoked.recipient.as_mut().unwrap().active = false;
    let mut other_role = facts(&referral);
    other_role.recipient.as_mut().unwrap().roles = vec![Role::Helpline];
    let mut also_police = facts(&referral);
    also_police.recipient.as_mut().unwrap().roles.push(Role::Police);
    let mut elsewhere = facts(&referral);
    elsewhere.sender.as_mut().unwrap().country = Country::of("XC").unwrap();
    let mut stale = facts(&referral);
    stale.age_s += 1;

    assert_eq!(judged(&referral, facts(&referral)), []);
    assert_eq!(judged(&referral, unknown), [(Code::AgencyUnknown, at("/header/to/agency_id"))]);
    assert_eq!(judged(&referral, revoked), [(Code::AgencyUnknown, at("/header/to/agency_id"))]);
    assert_eq!(judged(&referral, other_role), [(Code::RoleNotHeld, at("/header/to/role"))]);
    assert_eq!(judged(&referral, also_police)[0], (Code::MarkingForbidsRecipient, at("/handling/markings")));
    assert_eq!(judged(&referral, elsewhere), [(Code::RoleNotHeld, at("/header/from/country"))]);
    assert_eq!(judged(&referral, stale), [(Code::ProfileStale, at("/header/to/agency_id"))]);
}

#[test]
fn an_exercise_stays_among_exercise_agencies() {
    for (name, live) in [(EXERCISE, false), (SHELTER, true)] {
        let referral = sample(name);
        let mut crossed = facts(&referral);
        crossed.recipient.as_mut().unwrap().exercise = live;

        assert_eq!(judged(&referral, facts(&referral)), [], "{name}");
        assert_eq!(judged(&referral, crossed), [(Code::ExerciseMismatch, "/header/exercise".to_owned())], "{name}");
    }
}

#[test]
fn a_transfer_respects_its_parents_marking() {
    let profiles = Profiles::shipped();
    let referral = sample(TRANSFER);
    let context = Context { parent: Some(Parent::NoOnwardSharing), ..Context::offline(CLOCK, &profiles) };

    assert_eq!(refusals_with(&referral, &context), [(Code::ConsentOnward, "/header/parent_referral_id".to_owned())]);
}

#[test]
fn roles_are_read_from_the_bits_of_a_leaf() {
    assert!(AgencyFacts::roles_of_bits(1 << 9 | 1 | 1 << 31) == [Role::NgoShelter, Role::Police]);
}

#[test]
fn a_stricter_profile_refuses_more() {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/profiles/xa-arvenia.toml")).unwrap();
    let strict = text.replace("also = []", "also = [\"NgoShelter\"]").replace("\"specific_consent\"", "\"never\"");
    let profiles = Profiles::of(vec![Profile::load(&strict).ok().unwrap()]);

    let found = refusals_with(&sample(SHELTER), &Context::offline(CLOCK, &profiles));
    assert_eq!(found[0], (Code::MarkingForbidsRecipient, "/handling/markings".to_owned()));
    let found = refusals_with(&sample(EMBASSY), &Context::offline(CLOCK, &profiles));
    assert_eq!(found[0].0, Code::EmbassyOfProtectedPerson);
}

#[test]
fn at_the_recipient_the_clock_and_an_old_registry_copy_are_noted_and_refuse_nothing() {
    let profiles = Profiles::shipped();
    let referral = sample(SHELTER);
    let inbound = |now, facts| Context {
        direction: Direction::Inbound,
        now,
        profiles: &profiles,
        registry: Some(facts),
        parent: Some(Parent::Free),
    };
    let notes = |context: &Context<'_>| -> Vec<Code> {
        let report = check(referral.to_string().as_bytes(), context);
        report.findings().iter().filter(|f| f.severity() == Severity::Note).map(|f| f.code()).collect()
    };
    let year_s = 365 * 86_400;
    let mut stale = facts(&referral);
    stale.age_s = 30 * 86_400;

    let behind = inbound(CLOCK.before(year_s), facts(&referral));
    let ahead = inbound(CLOCK.after(year_s), facts(&referral));
    let old_copy = inbound(CLOCK, stale);

    for context in [&behind, &ahead, &old_copy] {
        assert_eq!(refusals_with(&referral, context), []);
    }
    assert!(notes(&behind).contains(&Code::TimeOrder) && notes(&ahead).contains(&Code::TimeOrder));
    assert_eq!(notes(&old_copy), [Code::ProfileStale]);
    assert_eq!(notes(&inbound(CLOCK, facts(&referral))), []);
}

#[test]
fn at_the_recipient_what_protects_still_refuses() {
    let profiles = Profiles::shipped();
    let mut referral = sample(SHELTER);
    let mut also_police = facts(&referral);
    also_police.recipient.as_mut().unwrap().roles.push(Role::Police);
    let inbound = |facts| Context {
        direction: Direction::Inbound,
        now: CLOCK,
        profiles: &profiles,
        registry: Some(facts),
        parent: Some(Parent::Free),
    };

    let marked = refusals_with(&referral, &inbound(also_police));
    assert_eq!(marked[0], (Code::MarkingForbidsRecipient, "/handling/markings".to_owned()));
    let usual = facts(&referral);
    set(&mut referral, "/consents", json!([]));
    assert_ne!(refusals_with(&referral, &inbound(usual)), []);
}

#[test]
fn a_consent_that_was_given_for_a_later_revision_counts_at_the_recipient_as_it_does_at_the_sender() {
    // Created in the night, the person asked once more in the morning.
    let raised = changed(
        SHELTER,
        vec![Set("/header/revision", json!(2)), Set("/consents/0/given_at", json!("2026-06-01T11:50:00Z"))],
    );
    let profiles = Profiles::shipped();
    let at = |direction| Context { direction, ..Context::offline(CLOCK, &profiles) };

    assert_eq!(refusals_with(&raised, &at(Direction::Outbound)), []);
    assert_eq!(refusals_with(&raised, &at(Direction::Inbound)), []);
    // What lies in the future of both is still refused where it is written.
    let ahead = changed(SHELTER, vec![Set("/consents/0/given_at", json!("2026-06-01T12:11:00Z"))]);
    assert_eq!(refusals_with(&ahead, &at(Direction::Outbound)), [(Code::TimeOrder, "/consents/0".to_owned())]);
}
