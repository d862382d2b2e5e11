//! The rules beside the rows of the table, one test each, and what holds for the table as a whole.

use std::collections::BTreeSet;

use safeconduct_client::referral::policy::{Lifted, RULES};

use super::addendum::minor;
use super::*;

const BUILT_IN: &str = "built in";

#[test]
fn a10_whoever_may_be_a_child_has_a_child_block_and_no_child_is_a_count() {
    let at = "/summary/child";
    refuses(RuleId::A10, RETURN, minor("2008-06-02"), Code::ChildBlockMissing, at, BUILT_IN);
    passes(RuleId::A10, RETURN, minor("2008-06-01"));
    let counted = |count: u8| vec![Set("/enquiry/accompanying_children", json!(count))];
    refuses(RuleId::A10, GROUP, counted(1), Code::ChildBlockMissing, at, BUILT_IN);
    passes(RuleId::A10, GROUP, counted(0));
    // By the schema, when the band already says it.
    refuses(RuleId::A10, CHILD, vec![Gone(at)], Code::ChildBlockMissing, at, BUILT_IN);
}

#[test]
fn o1_times_follow_each_other_and_profiles_are_known() {
    let expires = "/header/expires_at";
    let until = |at: &str| vec![Set(expires, json!(at)), Set("/handling/delete_after", json!("2026-12-01"))];
    refuses(RuleId::O1, SHELTER, until("2026-06-01T12:00:00Z"), Code::TimeOrder, expires, BUILT_IN);
    passes(RuleId::O1, SHELTER, until("2026-06-01T12:00:01Z"));
    refuses(RuleId::O1, SHELTER, until("2026-08-30T01:12:45Z"), Code::ExpiryTooFar, expires, BUILT_IN);
    passes(RuleId::O1, SHELTER, until("2026-08-30T01:12:44Z"));
    let pinned = |profile: &str| vec![Set("/header/profile_to", json!(profile))];
    refuses(RuleId::O1, SHELTER, pinned("XA@4"), Code::ProfileStale, "/header/profile_to", "XA@3");
    passes(RuleId::O1, SHELTER, pinned("XA@2"));
}

#[test]
fn x1_extension_fields_are_the_profiles() {
    let at = "/handling/ext/XC.notification_article";
    let article = |code: &str| vec![Set(at, json!(code))];
    refuses(RuleId::X1, NOTICE, article("art10"), Code::UnknownCode, at, "XC@3, extension");
    passes(RuleId::X1, NOTICE, article("par3"));
}

#[test]
fn w1_a_decision_of_ones_own_names_who_decides() {
    let at = "/summary/vic_TraffickingStatusDecisionMakingOrg";
    let decided = |by: &str| vec![Set(at, json!(by))];
    warns(RuleId::W1, LAWYER, decided("NGO"), Code::NotCompetent, at, "XA@3, identification.may_decide");
    warns(RuleId::W1, LAWYER, vec![Gone(at)], Code::NotCompetent, at, "XA@3");
    passes(RuleId::W1, LAWYER, decided("NonPoliceGovernmentalOrganization"));
    passes(
        RuleId::W1,
        LAWYER,
        vec![Set(at, json!("NGO")), Set("/summary/vic_TraffickingStatus", json!("PossibleVictimOfTrafficking"))],
    );
    let profiles = Profiles::shipped();
    let report = check(changed(LAWYER, decided("NGO")).to_string().as_bytes(), &Context::offline(CLOCK, &profiles));
    let warned = report.findings().iter().find(|finding| finding.rule() == RuleId::W1).unwrap();
    assert!(warned.fact().contains("CompetentAuthority"), "{}", warned.fact());
    // XC lets police decide.
    let police = |country: &str| {
        let mut referral =
            changed(CHILD, vec![Set("/summary/vic_TraffickingStatus", json!("ActualVictimOfTrafficking"))]);
        set(&mut referral, "/header/from/country", json!(country));
        by_rule(RuleId::W1, &referral).len()
    };
    assert_eq!((police("XA"), police("XC")), (1, 0));
}

#[test]
fn w2_many_details_without_a_name_are_warned_of() {
    let told = |count: usize| {
        let mut referral = sample(ENQUIRY);
        let enquiry = referral["enquiry"].as_object_mut().unwrap();
        let optional = ["note", "needed_by", "languages", "group_size", "region_of_need"];
        assert!(optional.iter().all(|name| enquiry.contains_key(*name)));
        let needed = ["services", "age_band", "country_of_need"];
        enquiry.retain(|name, _| needed.contains(&name.as_str()) || optional[..count].contains(&name.as_str()));
        referral
    };
    assert_eq!(by_rule(RuleId::W2, &told(4)), []);
    let found = by_rule(RuleId::W2, &told(5));
    assert_eq!((found[0].0, found[0].1), (Severity::Warn, Code::QuasiIdentifiers));
    assert_eq!(refusals(&told(5)), []);
    warns(RuleId::W2, ENQUIRY, vec![], Code::QuasiIdentifiers, "/enquiry", BUILT_IN);
    // From level 1 on there is a person in it, and the consent bounds it.
    passes(RuleId::W2, GROUP, vec![]);
}

#[test]
fn s1_a_consent_without_an_end_is_warned_of_at_the_sender() {
    let at = "/consents/0/expires_at";
    warns(RuleId::S1, GROUP, vec![], Code::ConsentWithoutEnd, at, BUILT_IN);
    passes(RuleId::S1, GROUP, vec![Set(at, json!("2026-08-01T00:00:00Z"))]);
    let profiles = Profiles::shipped();
    let inbound = Context { direction: Direction::Inbound, ..Context::offline(CLOCK, &profiles) };
    assert_eq!(by_rule_with(RuleId::S1, &sample(GROUP), &inbound), []);
}

#[test]
fn f1_bytes_that_are_no_referral_name_each_place() {
    let services = |services: Value| vec![Set("/enquiry/services", services)];
    refuses(RuleId::F1, SHELTER, services(json!([])), Code::MissingMember, "/enquiry/services", BUILT_IN);
    refuses(RuleId::F1, SHELTER, services(json!(["Bed"])), Code::UnknownCode, "/enquiry/services/0", BUILT_IN);
    passes(RuleId::F1, SHELTER, services(json!(["Shelter"])));
    let profiles = Profiles::shipped();
    let report = check(b"{", &Context::offline(CLOCK, &profiles));
    assert_eq!((report.findings()[0].rule(), report.findings()[0].code()), (RuleId::F1, Code::NotJson));
}

#[test]
fn f2_a_newer_schema_is_kept_for_an_update() {
    let schema = |name: &str| vec![Set("/header/schema", json!(name)), Set("/header/later", json!(true))];
    let newer = changed(SHELTER, schema("safeconduct.referral/2"));
    assert_eq!(refusals(&newer), [(Code::SchemaNewer, "/header/schema".to_owned())]);
    refuses(RuleId::F2, SHELTER, schema("safeconduct.referral/2"), Code::SchemaNewer, "/header/schema", BUILT_IN);
    passes(RuleId::F2, SHELTER, vec![Set("/header/schema", json!("safeconduct.referral/1"))]);
    // What is no version is a fault of this one.
    assert_eq!(by_rule(RuleId::F2, &changed(SHELTER, schema("safeconduct.referral/02"))), []);
}

#[test]
fn every_rule_has_one_row_with_words_and_a_source() {
    let ids: BTreeSet<_> = RULES.iter().map(|rule| rule.id).collect();
    assert_eq!(ids.len(), RULES.len());
    assert!(ids.into_iter().eq(RuleId::ALL.iter().copied()));
    let names: BTreeSet<_> = RuleId::ALL.iter().map(|id| id.as_str()).collect();
    assert_eq!(names.len(), RULES.len());
    for rule in &RULES {
        assert!(!rule.codes.is_empty(), "{}", rule.id);
        for text in [rule.when, rule.then, rule.source] {
            assert!(!text.is_empty() && !text.ends_with('.'), "{}: {text}", rule.id);
        }
    }
    let told: BTreeSet<_> = RULES.iter().flat_map(|rule| rule.codes).collect();
    assert_eq!(told.len(), Code::ALL.len(), "every code belongs to a rule");
}

#[test]
fn a_second_person_is_needed_by_the_rules_that_say_so_and_no_others() {
    let by_two = |lifted| lifted == Lifted::ByTwo;
    for rule in &RULES {
        assert_eq!(by_two(rule.lifted), rule.codes.contains(&Code::SecondPersonNeeded), "{}", rule.id);
        assert_eq!(by_two(rule.lifted), matches!(rule.id, RuleId::D14 | RuleId::D22), "{}", rule.id);
    }
}

#[test]
fn reading_judges_what_is_no_referral_and_the_engine_the_rest() {
    let read: Vec<_> = RULES.iter().filter(|rule| !rule.is_judged()).map(|rule| rule.id).collect();
    assert_eq!(read, [RuleId::F1, RuleId::F2, RuleId::F3, RuleId::D01]);
}

#[test]
fn every_rule_has_a_test_that_is_named_after_it() {
    let tests = [include_str!("rules.rs"), include_str!("rules_beside.rs"), include_str!("revision.rs")].concat();
    for rule in &RULES {
        let name = format!("\nfn {}_", rule.id.as_str().to_ascii_lowercase());
        let begins: Vec<_> = tests.match_indices(&name).collect();
        assert!(!begins.is_empty(), "{} has no test of its own", rule.id);
        for (begin, _) in begins {
            assert!(tests[..begin].ends_with("#[test]"), "{} is told by a function that is no test", rule.id);
        }
    }
}
