//! The rows of the decision table, one test each: what the rule refuses, and the nearest referral that it lets go.

use super::addendum::{child_block, minor, to_police_for_life};
use super::*;

const BUILT_IN: &str = "built in";

#[test]
fn d01_nothing_stands_in_a_referral_above_its_level() {
    let summary = || json!({"case_code": "XC-7K2M", "vic_TraffickingStatus": "PossibleVictimOfTrafficking"});
    refuses(RuleId::D01, ENQUIRY, vec![Set("/summary", summary())], Code::LevelExceeded, "/summary", BUILT_IN);
    let ext = json!({"XC.notification_article": "art9"});
    refuses(RuleId::D01, ENQUIRY, vec![Set("/handling/ext", ext)], Code::LevelExceeded, "/handling/ext", BUILT_IN);
    let level = "/header/disclosure_level";
    refuses(RuleId::D01, ENQUIRY, vec![Set(level, json!(1))], Code::LevelExceeded, level, BUILT_IN);
    passes(RuleId::D01, ENQUIRY, vec![]);
}

#[test]
fn d02_a_text_below_identity_holds_no_number_and_no_address() {
    let note = |text: &str| vec![Set("/enquiry/note", json!(text))];
    refuses(RuleId::D02, ENQUIRY, note("call 99902"), Code::NoteContainsIdentifier, "/enquiry/note", BUILT_IN);
    passes(RuleId::D02, ENQUIRY, note("room 9990"));
    warns(RuleId::D02, SHELTER, note("call 99902"), Code::NoteContainsIdentifier, "/enquiry/note", BUILT_IN);
}

#[test]
fn d03_a_marking_keeps_the_referral_from_whom_it_names() {
    let marked = |marking: &str| vec![Set("/handling/markings/-", json!(marking))];
    let at = "/handling/markings";
    refuses(RuleId::D03, EMBASSY, marked("NoEmbassy"), Code::MarkingForbidsRecipient, at, BUILT_IN);
    refuses(RuleId::D03, EMBASSY, marked("NoCountryOfOrigin"), Code::MarkingForbidsRecipient, at, BUILT_IN);
    refuses(RuleId::D03, POLICE, marked("NoLawEnforcement"), Code::MarkingForbidsRecipient, at, BUILT_IN);
    passes(RuleId::D03, EMBASSY, marked("NoFamilyContact"));
    // XC counts inspectors as law enforcement; XA does not.
    let inspectorate = |country: &'static str, agency: &str, profile: &str| {
        vec![
            Set("/header/to", json!({"agency_id": agency, "role": "LabourInspectorate", "country": country})),
            Set("/header/profile_to", json!(profile)),
            Set("/handling/markings", json!(["NoLawEnforcement"])),
            Set("/enquiry/services", json!(["LabourClaim"])),
            Set("/consents/0/recipient_roles", json!(["LabourInspectorate"])),
            Set("/consents/0/recipient_agency_ids", json!([agency])),
        ]
    };
    let there = inspectorate("XC", "xc.inspectorate", "XC@3");
    let by = "XC@3, law_enforcement";
    refuses(RuleId::D03, GROUP, there, Code::MarkingForbidsRecipient, at, by);
    passes(RuleId::D03, GROUP, inspectorate("XA", "xa.inspectorate", "XA@3"));
}

#[test]
fn d04_a_section_goes_under_one_consent_that_stands_and_names_it() {
    for (pointer, value, code) in [
        ("/consents/0/withdrawn_at", json!("2026-06-01T11:00:00Z"), Code::ConsentWithdrawn),
        ("/consents/0/expires_at", json!("2026-06-01T12:00:00Z"), Code::ConsentExpired),
        ("/consents/0/given_at", json!("2026-06-01T12:10:01Z"), Code::TimeOrder),
        ("/consents/0/level_max", json!(1), Code::ConsentLevel),
        ("/consents/0/recipient_agency_ids", json!(["xa.north-shelter"]), Code::ConsentAgency),
        ("/consents/0/recipient_roles", json!(["LegalAid"]), Code::ConsentRole),
        ("/consents/0/sections", json!(["Enquiry", "Summary"]), Code::ConsentSection),
    ] {
        refuses(RuleId::D04, SHELTER, vec![Set(pointer, value)], code, "/consents/0", BUILT_IN);
    }
    passes(RuleId::D04, SHELTER, vec![Set("/consents/0/expires_at", json!("2026-06-01T12:00:01Z"))]);
}

#[test]
fn d05_the_person_was_told_and_answered_herself() {
    for member in ["purpose", "uses", "access_right", "storage_period", "withdrawal"] {
        let mut referral = sample(SHELTER);
        referral["consents"][0]["informed"][member] = json!(false);
        let found = by_rule(RuleId::D05, &referral);
        assert_eq!(found[0].1, Code::ConsentNotInformed, "{member}");
    }
    let given = |by: &str| vec![Set("/consents/0/given_by", json!(by))];
    refuses(RuleId::D05, SHELTER, given("Guardian"), Code::ConsentNotInformed, "/consents/0", BUILT_IN);
    passes(RuleId::D05, SHELTER, given("Person"));
}

#[test]
fn d06_a_consent_has_a_purpose_that_fits_a_service() {
    let purposes = |purpose: &str| vec![Set("/consents/0/purposes", json!([purpose]))];
    refuses(RuleId::D06, SHELTER, purposes("Documents"), Code::ConsentPurpose, "/consents", BUILT_IN);
    passes(RuleId::D06, SHELTER, purposes("Assistance"));
}

#[test]
fn d07_police_and_embassies_are_asked_about_on_their_own() {
    let roles = |roles: &[&str]| vec![Set("/consents/0/recipient_roles", json!(roles))];
    refuses(RuleId::D07, POLICE, roles(&["Police", "LegalAid"]), Code::ConsentNotSpecific, "/consents/0", BUILT_IN);
    passes(RuleId::D07, POLICE, roles(&["Police"]));
    let unnamed = vec![Gone("/consents/0/recipient_agency_ids")];
    refuses(RuleId::D07, EMBASSY, unnamed, Code::ConsentNotSpecific, "/consents/0", BUILT_IN);
    passes(RuleId::D07, EMBASSY, vec![]);
}

#[test]
fn d08_no_embassy_hears_of_a_person_under_international_protection() {
    let at = "/summary/protection_status";
    let status = |status: &str| vec![Set(at, json!(status))];
    refuses(RuleId::D08, EMBASSY, status("Refugee"), Code::EmbassyOfProtectedPerson, at, BUILT_IN);
    refuses(RuleId::D08, EMBASSY, vec![Gone(at)], Code::EmbassyOfProtectedPerson, at, BUILT_IN);
    let by = "embassy.never_if_status";
    refuses(RuleId::D08, EMBASSY, status("StatelessPerson"), Code::EmbassyOfProtectedPerson, at, by);
    passes(RuleId::D08, EMBASSY, status("None"));
}

#[test]
fn d09_police_wait_for_the_end_of_reflection() {
    let granted = |start: &str| {
        vec![Set("/summary/reflection_period", json!({"status": "Granted", "start": start, "end": "2026-08-01"}))]
    };
    let law = "XA@3, reflection: Protection of Trafficked Persons Act 2019";
    refuses(RuleId::D09, POLICE, granted("2026-05-29"), Code::ReflectionActive, "/consents/0", law);
    passes(RuleId::D09, POLICE, granted("2026-05-28"));
    refuses(RuleId::D09, POLICE, vec![Gone("/summary/reflection_period")], Code::ReflectionActive, "/consents/0", law);
}

#[test]
fn d10_a_child_does_not_consent_alone() {
    let aged = |birthdate: &str, assessment: &str| {
        let mut changes = minor(birthdate);
        changes.push(child_block(assessment));
        changes
    };
    let by = "child.own_consent_from_years";
    refuses(RuleId::D10, RETURN, aged("2008-06-02", "NotNeeded"), Code::ChildNeedsGuardianOrBid, "/consents/0", by);
    passes(RuleId::D10, RETURN, aged("2008-06-01", "NotNeeded"));
    // XA lets somebody of sixteen consent, and the default profile of XB does not: where both are XA, XA decides.
    let at_home = |birthdate: &str| {
        let mut changes = aged(birthdate, "NotNeeded");
        changes.extend([
            Set("/header/to", json!({"agency_id": "xa.hearth", "role": "NgoShelter", "country": "XA"})),
            Set("/header/profile_to", json!("XA@3")),
            Set("/enquiry/age_band", json!("15-17")),
            Gone("/consents/0/recipient_agency_ids"),
        ]);
        changes
    };
    let by = "XA@3, child.own_consent_from_years";
    refuses(RuleId::D10, RETURN, at_home("2010-06-02"), Code::ChildNeedsGuardianOrBid, "/consents/0", by);
}

#[test]
fn d11_a_basis_goes_with_who_gives_it() {
    let guardian = |giver: &str, status: &str| {
        vec![
            Set("/consents/0/basis", json!("GuardianConsent")),
            Set("/consents/0/given_by", json!(giver)),
            Set("/summary/child/guardian_status", json!(status)),
        ]
    };
    let at = "/consents/0";
    let suspected = guardian("Guardian", "ParentSuspected");
    refuses(RuleId::D11, CHILD, suspected, Code::GuardianSuspected, at, BUILT_IN);
    let none = guardian("Guardian", "None");
    refuses(RuleId::D11, CHILD, none, Code::ChildNeedsGuardianOrBid, at, BUILT_IN);
    passes(RuleId::D11, CHILD, guardian("Guardian", "Appointed"));
    let given = |by: &str| vec![Set("/consents/0/given_by", json!(by))];
    refuses(RuleId::D11, VITAL, given("Person"), Code::OverrideNotApplicable, at, BUILT_IN);
    passes(RuleId::D11, VITAL, given("CompetentBody"));
    refuses(RuleId::D11, NOTICE, given("Person"), Code::LegalBasisNeedsNotification, at, BUILT_IN);
    passes(RuleId::D11, NOTICE, given("CompetentBody"));
}

#[test]
fn d12_vital_interest_is_urgent_and_goes_to_who_can_rescue() {
    let urgency = |urgency: &str| vec![Set("/header/urgency", json!(urgency))];
    refuses(RuleId::D12, VITAL, urgency("Urgent"), Code::OverrideNotApplicable, "/consents/0", BUILT_IN);
    passes(RuleId::D12, VITAL, urgency("Emergency"));
    let to = |role: &str| {
        vec![Set("/header/to/role", json!(role)), Set("/consents/0/recipient_roles", json!([role, "HealthService"]))]
    };
    refuses(RuleId::D12, VITAL, to("LegalAid"), Code::OverrideNotApplicable, "/consents/0", BUILT_IN);
    passes(RuleId::D12, VITAL, to("SocialService"));
}

#[test]
fn d13_the_person_is_told_of_an_override_in_time() {
    let told = |at: &str| vec![Set("/consents/0/notify_person_by", json!(at))];
    let late = told("2026-06-04T11:44:01Z");
    refuses(RuleId::D13, VITAL, late, Code::OverrideNoticeTooLate, "/consents/0", BUILT_IN);
    passes(RuleId::D13, VITAL, told("2026-06-04T11:44:00Z"));
    // What would make it allowed is said in numbers, of the profile that wants the notice earliest.
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/profiles/xc-carthen.toml")).unwrap();
    let text = text.replace("vital_interest_notice_hours = 72", "vital_interest_notice_hours = 24");
    let profiles = Profiles::of(vec![Profile::load(&text).ok().unwrap()]);
    let report = check(sample(VITAL).to_string().as_bytes(), &Context::offline(CLOCK, &profiles));
    let finding = report.findings().iter().find(|finding| finding.rule() == RuleId::D13).unwrap();
    assert!(finding.remedy().contains("24 hours"), "{}", finding.remedy());
    assert!(finding.decided_by().contains("XC@3, override.vital_interest_notice_hours"), "{}", finding.decided_by());
}

#[test]
fn d14_police_get_what_stops_the_danger_and_a_second_person_confirms_it() {
    let profiles = Profiles::shipped();
    let mut too_much = to_police_for_life(json!({"status": "Requested"}));
    too_much.push(Set("/enquiry/services/-", json!("LegalAdvice")));
    refuses(RuleId::D14, SHELTER, too_much, Code::OverrideNotApplicable, "/consents/0", BUILT_IN);

    let referral = changed(SHELTER, to_police_for_life(json!({"status": "Requested"})));
    let (bytes, mut context) = (referral.to_string(), Context::offline(CLOCK, &profiles));
    let report = check(bytes.as_bytes(), &context);
    assert!(!report.refused());
    assert_eq!(report.second_person(), [RuleId::D14]);
    // The recipient cannot know who confirmed, and gets the same bytes.
    context.direction = Direction::Inbound;
    assert!(check(bytes.as_bytes(), &context).second_person().is_empty());
    assert!(
        check(sample(VITAL).to_string().as_bytes(), &Context::offline(CLOCK, &profiles)).second_person().is_empty()
    );
}

#[test]
fn d15_a_notification_needs_a_duty_of_the_country() {
    let from = |role: &str| vec![Set("/header/from/role", json!(role))];
    let by = "XC@3, mandatory_reporting";
    refuses(RuleId::D15, NOTICE, from("LegalAid"), Code::DutyUnknown, "/consents/0", by);
    passes(RuleId::D15, NOTICE, from("SocialService"));
    let kind = vec![Set("/header/kind", json!("Referral"))];
    let by = "duty art9: Child Protection Act (fictional), art. 9";
    refuses(RuleId::D15, NOTICE, kind, Code::LegalBasisNeedsNotification, "/consents/0", by);
    let adult = vec![
        Set("/enquiry/age_band", json!("25-34")),
        Set("/handling/retention_basis", json!("ServiceDelivery")),
        Set("/handling/delete_after", json!("2026-12-31")),
    ];
    refuses(RuleId::D15, NOTICE, adult, Code::DutyUnknown, "/consents/0", BUILT_IN);
}

#[test]
fn d16_a_transfer_goes_as_far_as_the_person_and_the_first_agency_let_it() {
    let onward = |yes: bool| vec![Set("/consents/0/onward_sharing", json!(yes))];
    refuses(RuleId::D16, TRANSFER, onward(false), Code::ConsentOnward, "/consents/0", BUILT_IN);
    passes(RuleId::D16, TRANSFER, onward(true));
    let profiles = Profiles::shipped();
    let with = |direction, parent| {
        let context = Context { direction, parent: Some(parent), ..Context::offline(CLOCK, &profiles) };
        let found = by_rule_with(RuleId::D16, &sample(TRANSFER), &context);
        found.into_iter().map(|(_, code, at, _)| (code, at)).collect::<Vec<_>>()
    };
    let at = "/header/parent_referral_id".to_owned();
    for direction in [Direction::Outbound, Direction::Inbound] {
        assert_eq!(with(direction, Parent::NoOnwardSharing), [(Code::ConsentOnward, at.clone())]);
        assert_eq!(with(direction, Parent::Free), []);
    }
    assert_eq!(with(Direction::Outbound, Parent::Missing), [(Code::ParentMissing, at)]);
    assert_eq!(with(Direction::Inbound, Parent::Missing), []);
}

#[test]
fn d17_justice_goes_for_a_purpose_of_justice() {
    let purposes = |purpose: &str| vec![Set("/consents/0/purposes", json!([purpose]))];
    let labour = purposes("LabourEnforcement");
    refuses(RuleId::D17, LAWYER, labour, Code::JusticePurpose, "/case_file/justice", BUILT_IN);
    passes(RuleId::D17, LAWYER, purposes("LegalAssistance"));
}

#[test]
fn d18_nobody_is_returned_unasked_or_on_an_old_assessment() {
    let assessed = |day: &str| vec![Set("/case_file/return/risk_assessment_date", json!(day))];
    refuses(RuleId::D18, RETURN, assessed("2026-03-02"), Code::ReturnNotVoluntary, "/case_file/return", BUILT_IN);
    passes(RuleId::D18, RETURN, assessed("2026-03-03"));
    let confirmed = |yes: bool| vec![Set("/case_file/return/voluntary_confirmed", json!(yes))];
    refuses(RuleId::D18, RETURN, confirmed(false), Code::ReturnNotVoluntary, "/case_file/return", BUILT_IN);
    passes(RuleId::D18, RETURN, confirmed(true));
}

#[test]
fn d19_a_section_that_no_service_needs_is_warned_of() {
    let services = |service: &str| vec![Set("/enquiry/services", json!([service]))];
    warns(RuleId::D19, LAWYER, services("LabourClaim"), Code::Minimise, "/case_file/justice", BUILT_IN);
    let found = by_rule(RuleId::D19, &changed(LAWYER, services("LegalAdvice")));
    assert!(found.iter().all(|(_, _, at, _)| at != "/case_file/justice"), "{found:?}");
    passes(RuleId::D19, SHELTER, vec![]);
}

#[test]
fn d20_a_town_that_endangers_is_warned_of() {
    let at = "/identity/location/city";
    warns(RuleId::D20, CHILD, vec![], Code::Minimise, at, BUILT_IN);
    passes(RuleId::D20, CHILD, vec![Gone(at)]);
}

#[test]
fn d21_a_birth_date_fits_the_band() {
    let at = "/identity/prs_Birthdate";
    let born = |date: &str| vec![Set(at, json!(date))];
    refuses(RuleId::D21, EMBASSY, born("1990-06-01"), Code::AgeMismatch, at, BUILT_IN);
    passes(RuleId::D21, EMBASSY, born("1990-07-01"));
    refuses(RuleId::D21, EMBASSY, born("2026-06-02"), Code::DateInFuture, at, BUILT_IN);
    refuses(RuleId::D21, EMBASSY, born("1890-01-01"), Code::BadDate, at, BUILT_IN);
}

#[test]
fn d22_a_referral_is_kept_to_its_expiry_and_not_beyond_retention_but_for_a_hold() {
    let at = "/handling/delete_after";
    let day = |day: &str| vec![Set(at, json!(day))];
    let by = "XA@3, retention_days.ServiceDelivery";
    refuses(RuleId::D22, SHELTER, day("2028-06-08"), Code::DeleteBeforeExpiry, at, by);
    passes(RuleId::D22, SHELTER, day("2028-06-07"));
    let held = |until: &str| {
        let mut changes = day(until);
        changes.push(Set("/handling/legal_hold", json!(true)));
        changes
    };
    warns(RuleId::D22, SHELTER, held("2028-06-08"), Code::SecondPersonNeeded, at, by);
    let bytes = changed(SHELTER, held("2028-06-08")).to_string();
    let report = check(bytes.as_bytes(), &Context::offline(CLOCK, &Profiles::shipped()));
    assert_eq!(report.second_person(), [RuleId::D22]);
    passes(RuleId::D22, SHELTER, held("2028-06-07"));
    refuses(RuleId::D22, SHELTER, held("2026-06-07"), Code::DeleteBeforeExpiry, at, BUILT_IN);
    let mut unheld = day("2028-06-08");
    unheld.push(Set("/handling/legal_hold", json!(false)));
    refuses(RuleId::D22, SHELTER, unheld, Code::DeleteBeforeExpiry, at, by);
    // The recipient judges the same bytes, and cannot know who confirmed.
    let profiles = Profiles::shipped();
    let inbound = Context { direction: Direction::Inbound, ..Context::offline(CLOCK, &profiles) };
    assert_eq!(by_rule_with(RuleId::D22, &changed(SHELTER, held("2028-06-08")), &inbound), []);
}

/// What one rule finds with the registry's facts.
fn with_facts(rule: RuleId, referral: &Value, facts: RegistryFacts) -> Vec<(Code, String)> {
    let profiles = Profiles::shipped();
    let context = Context { registry: Some(facts), ..Context::offline(CLOCK, &profiles) };
    by_rule_with(rule, referral, &context).into_iter().map(|(_, code, at, _)| (code, at)).collect()
}

#[test]
fn d23_an_exercise_stays_an_exercise() {
    let referral = sample(EXERCISE);
    let mut live = facts(&referral);
    live.recipient.as_mut().unwrap().exercise = false;

    assert_eq!(with_facts(RuleId::D23, &referral, live), [(Code::ExerciseMismatch, "/header/exercise".to_owned())]);
    assert_eq!(with_facts(RuleId::D23, &referral, facts(&referral)), []);
}

#[test]
fn d24_the_registry_knows_both_agencies_and_is_fresh() {
    let referral = sample(SHELTER);
    let (mut unknown, mut other, mut stale) = (facts(&referral), facts(&referral), facts(&referral));
    unknown.recipient = None;
    other.sender.as_mut().unwrap().roles = vec![Role::NgoSupport];
    stale.age_s = REGISTRY_AGE_MAX_S + 1;

    let told = |facts| with_facts(RuleId::D24, &referral, facts);
    assert_eq!(told(unknown), [(Code::AgencyUnknown, "/header/to/agency_id".to_owned())]);
    assert_eq!(told(other), [(Code::RoleNotHeld, "/header/from/role".to_owned())]);
    assert_eq!(told(stale), [(Code::ProfileStale, "/header/to/agency_id".to_owned())]);
    assert_eq!(told(facts(&referral)), []);
}

#[test]
fn d25_who_counts_referrals_neither_sends_nor_takes_them() {
    let from = |role: &str| vec![Set("/header/from/role", json!(role))];
    for role in ["NrmCoordinator", "NationalRapporteur"] {
        refuses(RuleId::D25, SHELTER, from(role), Code::NotCompetent, "/header/from/role", BUILT_IN);
        let to = vec![Set("/header/to/role", json!(role))];
        refuses(RuleId::D25, ENQUIRY, to, Code::NotCompetent, "/header/to/role", BUILT_IN);
    }
    passes(RuleId::D25, SHELTER, from("LegalAid"));
    passes(RuleId::D25, ENQUIRY, vec![Set("/header/to/role", json!("SocialService"))]);
}

#[test]
fn d25_police_and_embassies_take_referrals_for_services_of_their_own() {
    let also = |service: &str| vec![Set("/enquiry/services/-", json!(service))];
    let at = "/enquiry/services/2";
    refuses(RuleId::D25, POLICE, also("Shelter"), Code::NotCompetent, at, BUILT_IN);
    passes(RuleId::D25, POLICE, also("SafetyPlanning"));
    refuses(RuleId::D25, EMBASSY, also("LegalAdvice"), Code::NotCompetent, at, BUILT_IN);
    passes(RuleId::D25, EMBASSY, also("ReceptionOnArrival"));
    // In vital interest police may be asked for all that stops the danger.
    let mut life = to_police_for_life(json!({"status": "Requested"}));
    life.push(Set("/enquiry/services/-", json!("MedicalEmergency")));
    passes(RuleId::D25, SHELTER, life);
    // XC lets police decide who is a trafficked person; XA does not.
    let by = "XA@3, identification.may_decide";
    refuses(RuleId::D25, POLICE, also("FormalIdentification"), Code::NotCompetent, at, by);
    let mut abroad = also("FormalIdentification");
    abroad.extend([
        Set("/header/to", json!({"agency_id": "xc.police-unit", "role": "Police", "country": "XC"})),
        Set("/header/profile_to", json!("XC@3")),
        Set("/handling/markings", json!([])),
        Set("/consents/0/recipient_agency_ids", json!(["xc.police-unit"])),
    ]);
    passes(RuleId::D25, POLICE, abroad);
}

#[test]
fn d25_override_presumption_and_determination_have_their_roles() {
    let from = |role: &str| vec![Set("/header/from/role", json!(role))];
    refuses(RuleId::D25, VITAL, from("LegalAid"), Code::NotCompetent, "/consents/0", BUILT_IN);
    passes(RuleId::D25, VITAL, from("HealthService"));
    let at = "/summary/vic_TraffickingStatus";
    warns(RuleId::D25, SHELTER, from("EducationTraining"), Code::NotCompetent, at, "XA@3, identification.may_presume");
    passes(RuleId::D25, SHELTER, from("HealthService"));
    let by = "XA@3, child.best_interest_body";
    warns(RuleId::D25, CHILD, vec![], Code::NotCompetent, "/consents/0/basis", by);
    passes(RuleId::D25, CHILD, from("ChildProtection"));
}

#[test]
fn d26_justice_goes_to_lawyers_law_enforcement_and_the_competent_authority() {
    let to = |role: &str| vec![Set("/header/to/role", json!(role)), Set("/consents/0/recipient_roles", json!([role]))];
    let at = "/case_file/justice";
    refuses(RuleId::D26, LAWYER, to("NgoSupport"), Code::NotCompetent, at, BUILT_IN);
    refuses(RuleId::D26, LAWYER, to("LabourInspectorate"), Code::NotCompetent, at, BUILT_IN);
    passes(RuleId::D26, LAWYER, to("CompetentAuthority"));
    passes(RuleId::D26, LAWYER, to("LegalAid"));
    // A document of the section is the section.
    let mut attached = to("NgoSupport");
    attached.push(Gone(at));
    refuses(RuleId::D26, LAWYER, attached, Code::NotCompetent, "/case_file/attachments", BUILT_IN);
    let mut without = to("NgoSupport");
    without.extend([Gone(at), Gone("/case_file/attachments")]);
    passes(RuleId::D26, LAWYER, without);
}
