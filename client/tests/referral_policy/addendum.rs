//! The cases of the addendum to the decision table, each a way in which harm came through.

use super::*;

pub(super) fn minor(birthdate: &str) -> Vec<Change> {
    vec![
        Set("/identity/prs_Birthdate", json!(birthdate)),
        Set("/identity/dependants", json!([])),
        Set("/enquiry/accompanying_children", json!(0)),
    ]
}

pub(super) fn child_block(assessment: &str) -> Change {
    Set(
        "/summary/child",
        json!({"accompaniment": "Unaccompanied", "guardian_status": "Appointed", "bid_status": "NotStarted", "age_assessment": assessment}),
    )
}

// Addendum A1: nobody slips across majority.

#[test]
fn rv01_a_seventeen_year_old_in_an_adult_band_needs_a_child_block() {
    refused(RETURN, minor("2008-12-01"), Code::ChildBlockMissing, "/summary/child");
}

#[test]
fn rv02_an_estimated_year_gives_no_slack_across_majority() {
    let mut changes = minor("2011");
    changes.push(Set("/identity/birthdate_estimated", json!(true)));
    refused(RETURN, changes, Code::ChildBlockMissing, "/summary/child");
}

#[test]
fn rv03_presumed_adult_does_not_outweigh_a_birth_date() {
    let mut changes = minor("2014-01-01");
    changes.push(Set("/enquiry/age_band", json!("UnknownPresumedAdult")));
    refused(RETURN, changes, Code::ChildBlockMissing, "/summary/child");
}

#[test]
fn rv04_a_child_block_alone_does_not_let_a_minor_consent() {
    let mut changes = minor("2008-12-01");
    changes.push(child_block("NotNeeded"));
    refused(RETURN, changes, Code::ChildNeedsGuardianOrBid, "/consents/0");
}

#[test]
fn rv05_a_year_that_allows_seventeen_counts_unless_the_age_was_assessed() {
    refused(RETURN, minor("2008"), Code::ChildBlockMissing, "/summary/child");

    let mut changes = minor("2008");
    changes.push(child_block("Completed"));
    accepted(RETURN, changes);

    accepted(RETURN, minor("2008-06-01"));
    refused(RETURN, minor("2008-06-02"), Code::ChildBlockMissing, "/summary/child");
}

// Addendum A2: embassies.

#[test]
fn rv06_to_rv09_an_embassy_needs_a_known_and_free_protection_status() {
    let pointer = "/summary/protection_status";
    refused(EMBASSY, vec![Gone(pointer)], Code::EmbassyOfProtectedPerson, pointer);
    for status in ["Unknown", "Refugee", "AsylumSeeker", "RecipientOfComplementaryProtection"] {
        refused(EMBASSY, vec![Set(pointer, json!(status))], Code::EmbassyOfProtectedPerson, pointer);
    }
    accepted(EMBASSY, vec![Set(pointer, json!("None"))]);
}

// Addendum A3: country of origin.

#[test]
fn rv10_an_embassy_of_the_country_of_origin_in_the_host_country_is_refused() {
    let marked = || Set("/handling/markings/-", json!("NoCountryOfOrigin"));
    refused(EMBASSY, vec![marked()], Code::MarkingForbidsRecipient, "/handling/markings");
    accepted(EMBASSY, vec![marked(), Set("/summary/prs_Citizenship", json!(["XB"]))]);

    // The registry knows whom an embassy represents, whatever its id looks like.
    let referral = changed(EMBASSY, vec![marked(), Set("/summary/prs_Citizenship", json!(["XB"]))]);
    for (represents, verdict) in [(Some("XB"), false), (Some("XD"), true), (None, false)] {
        let mut facts = facts(&referral);
        facts.recipient.as_mut().unwrap().represents = represents.and_then(Country::of);
        assert_eq!(judged(&referral, facts).is_empty(), verdict, "{represents:?}");
    }
}

#[test]
fn rv11_without_citizenship_the_marking_refuses_what_leaves_the_country() {
    let marked = Set("/handling/markings/-", json!("NoCountryOfOrigin"));
    refused(
        EMBASSY,
        vec![marked, Gone("/summary/prs_Citizenship"), Gone("/identity/birth_country")],
        Code::MarkingForbidsRecipient,
        "/handling/markings",
    );
    let gone = vec![Gone("/summary/prs_Citizenship"), Gone("/identity/birth_country")];
    refused(LAWYER, gone, Code::MarkingForbidsRecipient, "/handling/markings");
    refused(
        LAWYER,
        vec![Set("/summary/prs_Citizenship", json!(["XC"]))],
        Code::MarkingForbidsRecipient,
        "/handling/markings",
    );
    // Where somebody was born says nothing about whose citizen they are, unless they are nobody's.
    let born = |country: &str, status: &str| {
        vec![
            Gone("/summary/prs_Citizenship"),
            Set("/identity/birth_country", json!(country)),
            Set("/summary/protection_status", json!(status)),
        ]
    };
    refused(LAWYER, born("XE", "None"), Code::MarkingForbidsRecipient, "/handling/markings");
    accepted(LAWYER, born("XE", "StatelessPerson"));
    let stateless = vec![
        Set("/summary/protection_status", json!("StatelessPerson")),
        Set("/summary/prs_Citizenship", json!([])),
        Set("/identity/birth_country", json!("XC")),
    ];
    refused(LAWYER, stateless, Code::MarkingForbidsRecipient, "/handling/markings");
}

// Addendum A4, A5: reflection.

pub(super) fn to_police_for_life(reflection: Value) -> Vec<Change> {
    vec![
        Set("/header/to", json!({"agency_id": "xa.police-thb-unit", "role": "Police", "country": "XA"})),
        Set("/header/profile_to", json!("XA@3")),
        Set("/header/urgency", json!("Immediate")),
        Set("/handling/markings", json!([])),
        Set("/enquiry/services", json!(["SafetyPlanning"])),
        Set("/summary/reflection_period", reflection),
        Set("/consents/0/basis", json!("VitalInterest")),
        Set("/consents/0/given_by", json!("CaseworkerOverride")),
        Set("/consents/0/method", json!("NotPossible")),
        Gone("/consents/0/informed"),
        Set("/consents/0/given_at", json!("2026-06-01T11:50:00Z")),
        Set(
            "/consents/0/override_reason",
            json!("He has her and says that he will kill her; police are the only help."),
        ),
        Set("/consents/0/notify_person_by", json!("2026-06-02T11:50:00Z")),
        Set("/consents/0/recipient_roles", json!(["Police"])),
        Set("/consents/0/recipient_agency_ids", json!(["xa.police-thb-unit"])),
        Set("/consents/0/purposes", json!(["Assistance"])),
    ]
}

#[test]
fn rv12_rv13_life_in_danger_is_not_blocked_by_a_reflection_period() {
    accepted(SHELTER, to_police_for_life(json!({"status": "Requested"})));
    accepted(SHELTER, to_police_for_life(json!({"status": "Granted", "start": "2026-06-01"})));
    let mut too_much = to_police_for_life(json!({"status": "Requested"}));
    too_much.push(Set("/enquiry/services/-", json!("LegalAdvice")));
    refused(SHELTER, too_much, Code::OverrideNotApplicable, "/consents/0");
}

#[test]
fn rv14_a_request_protects_from_its_day_on_and_without_a_day_for_ever() {
    let pointer = "/summary/reflection_period";
    let given = "/consents/0/given_at";
    let requested = |on: &str| json!({"status": "Requested", "requested_on": on});
    accepted(POLICE, vec![Set(pointer, requested("2026-05-28"))]);
    refused(POLICE, vec![Set(pointer, requested("2026-05-29"))], Code::ReflectionActive, "/consents/0");
    refused(POLICE, vec![Set(pointer, json!({"status": "Requested"}))], Code::ReflectionActive, "/consents/0");
    let midnight = vec![Set(pointer, requested("2026-05-28")), Set(given, json!("2026-05-28T00:00:00Z"))];
    refused(POLICE, midnight, Code::ReflectionActive, "/consents/0");
}

fn embassy_sample_to_police() -> Vec<Change> {
    vec![
        Set("/header/to", json!({"agency_id": "xa.police-thb-unit", "role": "Police", "country": "XA"})),
        Set("/header/profile_to", json!("XA@3")),
        Set("/enquiry/services", json!(["PoliceReport"])),
        Set("/consents/0/recipient_roles", json!(["Police"])),
        Set("/consents/0/recipient_agency_ids", json!(["xa.police-thb-unit"])),
        Set("/consents/0/purposes", json!(["CriminalInvestigation"])),
    ]
}

#[test]
fn rv15_rv16_rv17_reflection_to_law_enforcement() {
    refused(EMBASSY, embassy_sample_to_police(), Code::MarkingForbidsRecipient, "/handling/markings");

    let mut unmarked = embassy_sample_to_police();
    unmarked.push(Set("/handling/markings", json!([])));
    accepted(EMBASSY, unmarked);

    let mut unrecorded = embassy_sample_to_police();
    unrecorded.push(Set("/handling/markings", json!([])));
    unrecorded.push(Gone("/summary/reflection_period"));
    refused(EMBASSY, unrecorded, Code::ReflectionActive, "/consents/0");
}

// Addendum A6: basis, giver and state.

#[test]
fn rv18_to_rv21_a_basis_is_tied_to_its_giver_and_state() {
    let guardian = |giver: &str, status: &str| {
        vec![
            Set("/consents/0/basis", json!("GuardianConsent")),
            Set("/consents/0/given_by", json!(giver)),
            Set("/summary/child/guardian_status", json!(status)),
        ]
    };
    accepted(CHILD, guardian("Guardian", "Appointed"));
    accepted(CHILD, guardian("Guardian", "ParentOrCaregiver"));
    for (giver, status) in
        [("Person", "Appointed"), ("Guardian", "None"), ("Guardian", "Requested"), ("CompetentBody", "Appointed")]
    {
        refused(CHILD, guardian(giver, status), Code::ChildNeedsGuardianOrBid, "/consents/0");
    }
    refused(CHILD, guardian("Guardian", "ParentSuspected"), Code::GuardianSuspected, "/consents/0");
    let given_by = |giver: &str| vec![Set("/consents/0/given_by", json!(giver))];
    refused(CHILD, given_by("CaseworkerOverride"), Code::ChildNeedsGuardianOrBid, "/consents/0");
    refused(
        CHILD,
        vec![Set("/summary/child/bid_status", json!("NotStarted"))],
        Code::ChildNeedsGuardianOrBid,
        "/consents/0",
    );
    refused(SHELTER, given_by("Guardian"), Code::ConsentNotInformed, "/consents/0");
    refused(VITAL, given_by("Person"), Code::OverrideNotApplicable, "/consents/0");
    refused(NOTICE, given_by("Person"), Code::LegalBasisNeedsNotification, "/consents/0");
}

// Addendum A7 to A10.

#[test]
fn rv22_an_adult_is_never_notified_above_level_0_without_consent() {
    let adult = || {
        vec![
            Set("/enquiry/age_band", json!("25-34")),
            Set("/handling/retention_basis", json!("ServiceDelivery")),
            Set("/handling/delete_after", json!("2026-12-31")),
        ]
    };
    refused(NOTICE, adult(), Code::DutyUnknown, "/consents/0");
    let mut shelter = adult();
    shelter.push(Set("/header/from/role", json!("NgoShelter")));
    refused(NOTICE, shelter, Code::DutyUnknown, "/consents/0");
}

#[test]
fn rv23_rv24_pseudonymous_texts_are_linted_and_dates_are_not_numbers() {
    let phone = || json!("reach him on 999 010 0044");
    refused(GROUP, vec![Set("/summary/text", phone())], Code::NoteContainsIdentifier, "/summary/text");
    refused(
        GROUP,
        vec![Set("/summary/risk/note", json!("mail a@b.example"))],
        Code::NoteContainsIdentifier,
        "/summary/risk/note",
    );
    accepted(SHELTER, vec![Set("/summary/text", phone())]);
    accepted(ENQUIRY, vec![Set("/enquiry/note", json!("From 2026-06-03 to 2026-06-10."))]);
    refused(ENQUIRY, vec![Set("/enquiry/note", json!("20260603"))], Code::NoteContainsIdentifier, "/enquiry/note");
}

#[test]
fn rv25_rv26_return_and_resettlement_are_voluntary_and_freshly_assessed() {
    let at = "/case_file/return";
    let date = "/case_file/return/risk_assessment_date";
    refused(RETURN, vec![Set(date, json!("2024-05-12"))], Code::ReturnNotVoluntary, at);
    accepted(RETURN, vec![Set(date, json!("2026-03-03"))]);
    refused(RETURN, vec![Set(date, json!("2026-03-02"))], Code::ReturnNotVoluntary, at);
    refused(RETURN, vec![Set(date, json!("2026-06-02"))], Code::ReturnNotVoluntary, at);
    refused(RETURN, vec![Gone(date)], Code::ReturnNotVoluntary, at);
    let resettled = || Set("/case_file/return/kind", json!("Resettlement"));
    accepted(RETURN, vec![resettled()]);
    refused(RETURN, vec![resettled(), Gone("/case_file/return/voluntary_confirmed")], Code::ReturnNotVoluntary, at);
}

#[test]
fn rv27_children_never_travel_as_a_count() {
    refused(GROUP, vec![Set("/enquiry/accompanying_children", json!(3))], Code::ChildBlockMissing, "/summary/child");
    let group = json!([{"count": 12, "prs_Gender": "Masculine"}, {"count": 2, "age_band": "15-17"}]);
    refused(GROUP, vec![Set("/enquiry/group", group)], Code::ChildBlockMissing, "/summary/child");
    refused(RETURN, vec![Gone("/identity/dependants")], Code::ChildBlockMissing, "/summary/child");
    refused(
        RETURN,
        vec![Set("/identity/dependants/0/travelling_with", json!(false))],
        Code::ChildBlockMissing,
        "/summary/child",
    );
}
