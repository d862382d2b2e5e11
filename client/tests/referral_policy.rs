//! The decision table, rule by rule, by changing one thing in a valid sample.

use safeconduct_client::referral::codes::Role;
use safeconduct_client::referral::policy::{AgencyFacts, Parent, REGISTRY_AGE_MAX_S, RegistryFacts};
use safeconduct_client::referral::profile::{Profile, Profiles};
use safeconduct_client::referral::text::Country;
use safeconduct_client::referral::{Code, Context, Severity, check};
use safeconduct_protocol::time::Timestamp;
use serde_json::{Value, json};

/// 2026-06-01T12:00:00Z.
const CLOCK: Timestamp = Timestamp(1_780_315_200);

const SHELTER: &str = "01-woman-sex-industry-shelter";
const GROUP: &str = "02-men-construction-group";
const LAWYER: &str = "03-man-agriculture-legal-aid-rtl";
const CHILD: &str = "04-child-begging-child-protection";
const VITAL: &str = "05-domestic-servitude-medical-vital-interest";
const RETURN: &str = "06-voluntary-return-reintegration";
const EMBASSY: &str = "07-identity-documents-embassy";
const ENQUIRY: &str = "08-enquiry-no-names-level-0";
const NOTICE: &str = "09-mandatory-notification-child";
const TRANSFER: &str = "10-transfer-onward";
const POLICE: &str = "11-police-specific-consent-long-narrative";
const EXERCISE: &str = "12-training-exercise-internal";

fn sample(name: &str) -> Value {
    let path = format!("{}/../tests/samples/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// Puts `value` at a pointer whose parent exists.
fn set(referral: &mut Value, pointer: &str, value: Value) {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let parent = referral.pointer_mut(parent).unwrap_or_else(|| panic!("no parent of {pointer}"));
    match parent {
        Value::Array(items) if name == "-" => items.push(value),
        Value::Array(items) => items[name.parse::<usize>().unwrap()] = value,
        _ => parent[name] = value,
    }
}

fn remove(referral: &mut Value, pointer: &str) {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let removed = referral.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(name);
    assert!(removed.is_some(), "{pointer} is not there");
}

/// One change: a value put somewhere, or a member taken away.
enum Change {
    Set(&'static str, Value),
    Gone(&'static str),
}

use Change::{Gone, Set};

fn changed(name: &str, changes: Vec<Change>) -> Value {
    let mut referral = sample(name);
    for change in changes {
        match change {
            Set(pointer, value) => set(&mut referral, pointer, value),
            Gone(pointer) => remove(&mut referral, pointer),
        }
    }
    referral
}

/// The refusals of an offline check, code and place, in order.
fn refusals_with(referral: &Value, context: &Context<'_>) -> Vec<(Code, String)> {
    check(referral.to_string().as_bytes(), context)
        .findings()
        .iter()
        .filter(|finding| finding.severity() == Severity::Refuse)
        .map(|finding| (finding.code(), finding.pointer().to_owned()))
        .collect()
}

fn refusals(referral: &Value) -> Vec<(Code, String)> {
    refusals_with(referral, &Context::offline(CLOCK, &Profiles::shipped()))
}

#[track_caller]
fn accepted(name: &str, changes: Vec<Change>) {
    assert_eq!(refusals(&changed(name, changes)), [], "{name}");
}

#[track_caller]
fn refused(name: &str, changes: Vec<Change>, code: Code, pointer: &str) {
    let found = refusals(&changed(name, changes));
    assert_eq!(found.first(), Some(&(code, pointer.to_owned())), "{name}: {found:?}");
}

fn minor(birthdate: &str) -> Vec<Change> {
    vec![
        Set("/identity/prs_Birthdate", json!(birthdate)),
        Set("/identity/dependants", json!([])),
        Set("/enquiry/accompanying_children", json!(0)),
    ]
}

fn child_block(assessment: &str) -> Change {
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
    let stateless = vec![
        Set("/summary/protection_status", json!("StatelessPerson")),
        Set("/summary/prs_Citizenship", json!([])),
        Set("/identity/birth_country", json!("XC")),
    ];
    refused(LAWYER, stateless, Code::MarkingForbidsRecipient, "/handling/markings");
}

// Addendum A4, A5: reflection.

fn to_police_for_life(reflection: Value) -> Vec<Change> {
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

// The table itself.

#[test]
fn every_fault_of_a_consent_has_its_code() {
    let cases = [
        ("/consents/0/status", json!("Expired"), Code::ConsentExpired),
        ("/consents/0/expires_at", json!("2026-06-01T12:00:00Z"), Code::ConsentExpired),
        ("/consents/0/withdrawn_at", json!("2026-06-01T11:00:00Z"), Code::ConsentWithdrawn),
        ("/consents/0/given_at", json!("2026-06-01T12:10:01Z"), Code::TimeOrder),
        ("/consents/0/level_max", json!(1), Code::ConsentLevel),
        ("/consents/0/recipient_agency_ids", json!(["xa.north-shelter"]), Code::ConsentAgency),
        ("/consents/0/recipient_agency_ids", json!([]), Code::ConsentAgency),
        ("/consents/0/recipient_roles", json!(["LegalAid"]), Code::ConsentRole),
        ("/consents/0/sections", json!(["Enquiry", "Summary"]), Code::ConsentSection),
        ("/consents/0/informed/uses", json!(false), Code::ConsentNotInformed),
    ];
    for (pointer, value, code) in cases {
        refused(SHELTER, vec![Set(pointer, value)], code, "/consents/0");
    }
    refused(SHELTER, vec![Set("/consents/0/purposes", json!(["Documents"]))], Code::ConsentPurpose, "/consents");
    refused(TRANSFER, vec![Gone("/consents/0/onward_sharing")], Code::ConsentOnward, "/consents/0");
    refused(
        LAWYER,
        vec![Set("/consents/0/purposes", json!(["LabourEnforcement"]))],
        Code::JusticePurpose,
        "/case_file/justice",
    );
    refused(VITAL, vec![Set("/header/urgency", json!("Urgent"))], Code::OverrideNotApplicable, "/consents/0");
    refused(
        VITAL,
        vec![Set("/consents/0/notify_person_by", json!("2026-06-04T11:44:01Z"))],
        Code::OverrideNoticeTooLate,
        "/consents/0",
    );
    refused(NOTICE, vec![Set("/header/kind", json!("Referral"))], Code::LegalBasisNeedsNotification, "/consents/0");
    refused(NOTICE, vec![Set("/header/from/role", json!("LegalAid"))], Code::DutyUnknown, "/consents/0");
}

#[test]
fn a_consent_without_an_end_holds_six_months() {
    let given = |at: &str| vec![Set("/consents/0/given_at", json!(at))];
    accepted(GROUP, given("2025-11-30T12:00:01Z"));
    refused(GROUP, given("2025-11-30T12:00:00Z"), Code::ConsentExpired, "/consents/0");
}

#[test]
fn a_faulty_consent_beside_a_good_one_does_no_harm() {
    let mut referral = sample(SHELTER);
    let mut second = referral["consents"][0].clone();
    second["consent_id"] = json!("da1eaf69-87a1-409d-8aae-4044885e3587");
    second["status"] = json!("Withdrawn");
    second["withdrawn_at"] = json!("2026-06-01T02:00:00Z");
    referral["consents"].as_array_mut().unwrap().insert(0, second);

    assert_eq!(refusals(&referral), []);
}

#[test]
fn times_follow_each_other() {
    let expires = "/header/expires_at";
    refused(SHELTER, vec![Set(expires, json!("2026-06-01T01:12:44Z"))], Code::TimeOrder, expires);
    refused(SHELTER, vec![Set(expires, json!("2026-06-01T12:00:00Z"))], Code::TimeOrder, expires);
    refused(
        SHELTER,
        vec![Set("/header/created_at", json!("2026-06-01T12:10:01Z"))],
        Code::TimeOrder,
        "/header/created_at",
    );
    accepted(SHELTER, vec![Set("/header/created_at", json!("2026-06-01T12:10:00Z"))]);
    let late = |at: &str| vec![Set(expires, json!(at)), Set("/handling/delete_after", json!("2026-12-01"))];
    accepted(SHELTER, late("2026-08-30T01:12:44Z"));
    refused(SHELTER, late("2026-08-30T01:12:45Z"), Code::ExpiryTooFar, expires);
}

#[test]
fn deletion_lies_between_expiry_and_retention() {
    let at = "/handling/delete_after";
    let day = |day: &str| vec![Set(at, json!(day))];
    accepted(SHELTER, day("2026-06-08"));
    refused(SHELTER, day("2026-06-07"), Code::DeleteBeforeExpiry, at);
    accepted(SHELTER, day("2028-06-07"));
    refused(SHELTER, day("2028-06-08"), Code::DeleteBeforeExpiry, at);
    // XC keeps 365 days, and the stricter of both profiles decides.
    accepted(TRANSFER, day("2027-06-05"));
    refused(TRANSFER, day("2027-06-06"), Code::DeleteBeforeExpiry, at);
    // Born 2017: of age by the end of 2035, and 1095 days more.
    accepted(CHILD, day("2038-12-30"));
    refused(CHILD, day("2038-12-31"), Code::DeleteBeforeExpiry, at);
}

#[test]
fn birth_dates_fit_the_band() {
    let at = "/identity/prs_Birthdate";
    let born = |date: &str| vec![Set(at, json!(date))];
    accepted(EMBASSY, born("1990-07-01"));
    refused(EMBASSY, born("1990-06-01"), Code::AgeMismatch, at);
    let child = |year: &str| vec![Set(at, json!(year)), Set("/handling/delete_after", json!("2030-12-31"))];
    accepted(CHILD, child("2012"));
    refused(CHILD, child("2010"), Code::AgeMismatch, at);
    refused(EMBASSY, born("1890-01-01"), Code::BadDate, at);
    refused(EMBASSY, born("1998-02-30"), Code::BadDate, at);
    refused(EMBASSY, born("2026-06-02"), Code::DateInFuture, at);
}

#[test]
fn both_countries_law_applies_whatever_profile_the_header_names() {
    let inspectorate = || {
        vec![
            Set("/header/to", json!({"agency_id": "xc.inspectorate", "role": "LabourInspectorate", "country": "XC"})),
            Set("/consents/0/recipient_roles", json!(["LabourInspectorate"])),
            Set("/consents/0/recipient_agency_ids", json!(["xc.inspectorate"])),
            Set("/consents/0/purposes", json!(["LegalAssistance", "LabourEnforcement"])),
        ]
    };
    accepted(LAWYER, inspectorate());
    for profile in ["XC@3", "XA@3", "XE@1"] {
        let mut changes = inspectorate();
        changes.push(Set("/handling/markings/-", json!("NoLawEnforcement")));
        changes.push(Set("/header/profile_to", json!(profile)));
        refused(LAWYER, changes, Code::MarkingForbidsRecipient, "/handling/markings");
    }
    refused(LAWYER, vec![Set("/header/profile_to", json!("XC@4"))], Code::ProfileStale, "/header/profile_to");
    accepted(LAWYER, vec![Set("/header/profile_to", json!("XC@2"))]);
}

#[test]
fn extension_fields_are_those_of_the_profile() {
    let at = "/handling/ext/XC.notification_article";
    refused(NOTICE, vec![Set(at, json!("art10"))], Code::UnknownCode, at);
    refused(
        NOTICE,
        vec![Set("/handling/ext/XC.other_field", json!("x"))],
        Code::UnknownMember,
        "/handling/ext/XC.other_field",
    );
    accepted(NOTICE, vec![Set("/handling/ext/XB.other_field", json!("x"))]);
}

#[test]
fn what_is_not_needed_is_warned_about_and_goes() {
    let profiles = Profiles::shipped();
    let report = check(sample(CHILD).to_string().as_bytes(), &Context::offline(CLOCK, &profiles));
    let warned: Vec<_> = report.findings().iter().map(|finding| (finding.code(), finding.pointer())).collect();
    assert_eq!(warned, [(Code::Minimise, "/identity/location/city")]);

    let labour = changed(GROUP, vec![Set("/enquiry/services", json!(["LabourClaim"]))]);
    assert!(check(labour.to_string().as_bytes(), &Context::offline(CLOCK, &profiles)).findings().is_empty());
}

#[test]
fn conditions_of_the_schema_have_their_places() {
    refused(ENQUIRY, vec![Set("/header/disclosure_level", json!(1))], Code::LevelExceeded, "/header/disclosure_level");
    refused(
        ENQUIRY,
        vec![Set("/header/caseworker/name", json!("A. Person"))],
        Code::LevelExceeded,
        "/header/caseworker/name",
    );
    refused(
        ENQUIRY,
        vec![Set("/handling/ext", json!({"XC.notification_article": "art9"}))],
        Code::LevelExceeded,
        "/handling/ext",
    );
    let mut enquiry = sample(ENQUIRY);
    enquiry["consents"] = json!([sample(NOTICE)["consents"][0].clone()]);
    assert_eq!(refusals(&enquiry), [(Code::LevelExceeded, "/consents/0/override_reason".to_owned())]);
    refused(SHELTER, vec![Gone("/summary")], Code::MissingMember, "/summary");
    refused(SHELTER, vec![Gone("/consents")], Code::MissingMember, "/consents");
    refused(SHELTER, vec![Gone("/identity")], Code::MissingMember, "/identity");
    refused(LAWYER, vec![Gone("/case_file")], Code::MissingMember, "/case_file");
    refused(TRANSFER, vec![Gone("/header/parent_referral_id")], Code::ParentMissing, "/header/parent_referral_id");
    refused(SHELTER, vec![Gone("/consents/0/informed")], Code::MissingMember, "/consents/0/informed");
    refused(VITAL, vec![Gone("/consents/0/override_reason")], Code::MissingMember, "/consents/0/override_reason");
    refused(NOTICE, vec![Set("/header/disclosure_level", json!(2))], Code::LevelExceeded, "/header/disclosure_level");
    let form = "/enquiry/vic_TypeOfExploitation";
    refused(
        SHELTER,
        vec![Set(form, json!(["SexualExploitation", "x_ForcedCriminality"]))],
        Code::BadFormat,
        "/enquiry/vic_TypeOfExploitation/1",
    );
    let group = |count: i64| json!([{"count": 13, "age_band": "18-24", "prs_Gender": "Masculine"}, {"count": count}]);
    accepted(GROUP, vec![Set("/enquiry/group", group(1))]);
    refused(GROUP, vec![Set("/enquiry/group", group(2))], Code::BadFormat, "/enquiry/group");
}

#[test]
fn members_are_refused_by_form_length_and_character() {
    let cases = [
        ("/header/referral_id", json!("17DBF0FA-850A-4120-86CF-88253A8163C8"), Code::BadFormat),
        ("/header/revision", json!(0), Code::BadFormat),
        ("/header/revision", json!(1.5), Code::BadFormat),
        ("/header/created_at", json!("2026-02-30T01:12:44Z"), Code::BadDate),
        ("/header/caseworker/callback", json!("0041"), Code::BadFormat),
        ("/header/surprise", json!(1), Code::UnknownMember),
        ("/enquiry/needed_by", json!("2026-02-30"), Code::BadDate),
        ("/enquiry/services", json!([]), Code::MissingMember),
        ("/enquiry/languages", json!(["ukr", "rus", "pol", "deu", "eng", "fra"]), Code::TooLong),
        ("/enquiry/note", json!("a\u{202e}b"), Code::UnsafeCharacter),
        ("/enquiry/note", json!(""), Code::BadFormat),
        ("/enquiry/note", json!(null), Code::BadFormat),
        ("/identity/birth_place", json!("a\u{200b}b"), Code::UnsafeCharacter),
        ("/identity/birth_place", json!("a\u{85}b"), Code::UnsafeCharacter),
        ("/identity/birth_place", json!("a\u{e0041}b"), Code::UnsafeCharacter),
        ("/identity/birth_place", json!("a\nb"), Code::UnsafeCharacter),
        ("/identity/birth_place", json!("e\u{301}"), Code::NotNfc),
        ("/identity/birth_place", json!("x".repeat(121)), Code::TooLong),
    ];
    for (pointer, value, code) in cases {
        refused(SHELTER, vec![Set(pointer, value)], code, pointer);
    }
    accepted(SHELTER, vec![Set("/identity/birth_place", json!("\u{e9}".repeat(120)))]);
    accepted(SHELTER, vec![Set("/identity/birth_place", json!("می\u{200c}خواهم \u{200f}\u{61c}"))]);
    let twice = json!(["EmergencyShelter", "EmergencyShelter"]);
    refused(SHELTER, vec![Set("/enquiry/services", twice)], Code::BadFormat, "/enquiry/services/1");
}

#[test]
fn all_faults_are_told_at_once() {
    let found = refusals(&changed(
        SHELTER,
        vec![
            Set("/header/revision", json!("1")),
            Set("/enquiry/age_band", json!("26")),
            Gone("/handling/delete_after"),
        ],
    ));

    let places: Vec<_> = found.iter().map(|(_, pointer)| pointer.as_str()).collect();
    assert_eq!(places, ["/header/revision", "/enquiry/age_band", "/handling/delete_after"]);
}

#[test]
fn a_body_that_fits_no_envelope_is_refused_with_its_largest_texts() {
    let profiles = Profiles::shipped();
    let long = |count: usize| changed(POLICE, vec![Set("/case_file/narrative", json!("\u{6f22}".repeat(count)))]);

    let report = check(long(20_000).to_string().as_bytes(), &Context::offline(CLOCK, &profiles));

    let finding = &report.findings()[0];
    assert_eq!((finding.code(), finding.pointer()), (Code::TooLarge, ""));
    assert!(finding.fact().contains("/case_file/narrative (60000 bytes)"), "{}", finding.fact());
    assert!(finding.remedy().contains("attach"), "{}", finding.remedy());
    assert!(!check(long(10_000).to_string().as_bytes(), &Context::offline(CLOCK, &profiles)).refused());
}

// What the registry knows.

fn agency(end: &Value, exercise: bool) -> AgencyFacts {
    AgencyFacts {
        agency: end["agency_id"].as_str().unwrap().parse().unwrap(),
        country: Country::of(end["country"].as_str().unwrap()).unwrap(),
        roles: vec![Role::from_code(end["role"].as_str().unwrap()).unwrap()],
        represents: None,
        exercise,
        active: true,
    }
}

fn facts(referral: &Value) -> RegistryFacts {
    let exercise = referral["header"]["exercise"] == json!(true);
    RegistryFacts {
        age_s: REGISTRY_AGE_MAX_S,
        sender: Some(agency(&referral["header"]["from"], exercise)),
        recipient: Some(agency(&referral["header"]["to"], exercise)),
    }
}

fn judged(referral: &Value, facts: RegistryFacts) -> Vec<(Code, String)> {
    let profiles = Profiles::shipped();
    refusals_with(
        referral,
        &Context { now: CLOCK, profiles: &profiles, registry: Some(facts), parent: Some(Parent::Free) },
    )
}

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
