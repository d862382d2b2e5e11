//! What the schema refuses, with its place.

use super::*;

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
fn thirty_two_documents_of_a_hundred_mebibytes_and_fifteen_others_who_were_told_fit() {
    let document = |number: usize, bytes: u64| {
        json!({
            "attachment_id": format!("84fc2b6e-4dbb-4612-8b72-5432c449{number:04}"), "title": "Report",
            "media_type": "application/pdf", "size_bytes": bytes, "sha256": "0".repeat(64), "section": "Medical",
        })
    };
    let at = "/case_file/attachments";
    let documents = |count: usize| (0..count).map(|number| document(number, 104_857_600)).collect::<Value>();
    let covered = |value| vec![Set(at, value), Set("/consents/0/sections/-", json!("Attachments"))];
    accepted(VITAL, covered(documents(32)));
    refused(VITAL, covered(documents(33)), Code::TooLong, at);
    refused(VITAL, covered(json!([document(1, 104_857_601)])), Code::BadFormat, "/case_file/attachments/0/size_bytes");

    let at = "/header/told";
    let other =
        |number: usize| json!({"agency_id": format!("xa.house-{number}"), "role": "NgoShelter", "country": "XA"});
    let others = |count: usize| (0..count).map(other).collect::<Value>();
    accepted(ENQUIRY, vec![Set(at, others(15))]);
    refused(ENQUIRY, vec![Set(at, others(16))], Code::TooLong, at);
    refused(ENQUIRY, vec![Set(at, json!([other(1), other(1)]))], Code::BadFormat, "/header/told/1");
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
