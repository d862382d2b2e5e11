//! The decision table itself.

use super::*;

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
            Gone("/case_file/justice"),
            Gone("/case_file/attachments"),
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
    accepted(NOTICE, vec![Set("/handling/ext/XF.other_field", json!("x"))]);
}

#[test]
fn what_is_not_needed_is_warned_about_and_goes() {
    let profiles = Profiles::shipped();
    let report = check(sample(CHILD).to_string().as_bytes(), &Context::offline(CLOCK, &profiles));
    let warned: Vec<_> = report.findings().iter().map(|finding| (finding.code(), finding.pointer())).collect();
    assert_eq!(
        warned,
        [
            (Code::NotCompetent, "/consents/0/basis"),
            (Code::Minimise, "/identity/location/city"),
            (Code::ConsentWithoutEnd, "/consents/0/expires_at"),
        ]
    );

    let labour = changed(
        GROUP,
        vec![
            Set("/enquiry/services", json!(["LabourClaim"])),
            Set("/consents/0/expires_at", json!("2026-08-01T00:00:00Z")),
        ],
    );
    assert!(check(labour.to_string().as_bytes(), &Context::offline(CLOCK, &profiles)).findings().is_empty());
}
