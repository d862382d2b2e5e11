//! A consent in which a rule finds a fault carries nothing on after a good one has ended.

use super::*;

/// Two consents for the same: a good one that ends in three days, and a later one of which the person was not told how long it is kept.
fn with_faulty(seed: u64) -> (Pair, Referral) {
    let mut pair = Pair::new(seed);
    let end = pair.now.after(ENDS_DAYS * DAY_S);
    let referral = pair.referral(WOMAN, |value| {
        let mut second = value["consents"][0].clone();
        value["consents"][0]["expires_at"] = instant(end).into();
        second["consent_id"] = "00000000-0000-4000-8000-0000000000aa".into();
        second["informed"]["storage_period"] = false.into();
        value["consents"].as_array_mut().unwrap().truncate(1);
        value["consents"].as_array_mut().unwrap().push(second);
    });
    pair.sends(&referral, None);
    pair.settles();
    pair.does(R, act(Step::Opened)).unwrap();
    pair.settles();
    (pair, referral)
}

#[test]
fn what_only_a_faulty_consent_still_names_is_hidden_refused_and_erased_as_what_none_names() {
    let (mut pair, referral) = with_faulty(996);
    assert!(pair.shown(R).0.contains(&Section::Identity) && pair.may_speak(S).is_ok() && pair.is_found(R, NAME));
    pair.waits(ENDS_DAYS * DAY_S);
    pair.settles();

    assert!(pair.shown(R) == (vec![Section::Enquiry], true) && !pair.is_found(R, NAME));
    assert_eq!(pair.may_speak(S).unwrap_err().code(), "consent-expired");
    assert_eq!(pair.may_speak(R).unwrap_err().code(), "consent-expired");
    let profiles = testing::setting().profiles;
    let leaves = lapse::may_leave(&referral, profiles, &Default::default(), pair.now).map_err(|error| error.code());
    assert_eq!(leaves, Err("consent-expired"));

    let status = Some(ConsentStatus::Withdrawn.as_str().to_owned());
    let consent_ids = vec![referral.consents()[0].consent_id.as_str().to_owned()];
    let details = Details { consent_ids, status, ..Details::default() };
    pair.does(S, Act { details, ..act(Step::ConsentChanged) }).unwrap();
    pair.settles();
    assert!(!pair.knows(R, "Oksana"), "taken back, and nothing else carries it");
}
