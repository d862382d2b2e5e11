//! The samples of the casework description: what must be accepted is, what must be refused is, with code and place.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use safeconduct_client::referral::profile::Profiles;
use safeconduct_client::referral::text::Country;
use safeconduct_client::referral::{Context, Finding, Severity, canonical, check, parse};
use safeconduct_protocol::time::Timestamp;

/// 2026-06-01T12:00:00Z, the clock that the samples' README gives.
const CLOCK: Timestamp = Timestamp(1_780_315_200);

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/samples")
}

fn samples(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .map(|path| (path.file_stem().unwrap().to_str().unwrap().to_owned(), std::fs::read(&path).unwrap()))
        .collect()
}

fn told(findings: &[Finding]) -> Vec<String> {
    findings.iter().map(|finding| format!("{} {} {}", finding.code(), finding.pointer(), finding.fact())).collect()
}

#[test]
fn every_valid_sample_is_accepted() {
    let profiles = Profiles::shipped();
    let samples = samples(&folder());
    assert_eq!(samples.len(), 12);

    for (name, bytes) in samples {
        let report = check(&bytes, &Context::offline(CLOCK, &profiles));

        assert!(!report.refused(), "{name}: {:#?}", told(report.findings()));
        assert!(!report.not_checked().is_empty(), "{name}");
    }
}

/// Each is judged by its own countries' profiles, not by the default.
#[test]
fn the_profile_that_each_sample_is_pinned_to_is_shipped_in_that_version() {
    let profiles = Profiles::shipped();
    for (name, bytes) in samples(&folder()) {
        let referral: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        for side in ["profile_from", "profile_to"] {
            let pinned = referral["header"][side].as_str().unwrap();
            let (country, version) = pinned.split_once('@').unwrap();
            let known = profiles.known(&Country::of(country).unwrap());
            let version: u32 = version.parse().unwrap();
            assert_eq!(known.map(|profile| profile.profile.version), Some(version), "{name}: {pinned}");
        }
    }
}

#[test]
fn every_invalid_sample_is_refused_with_its_code_and_place_first() {
    let profiles = Profiles::shipped();
    let folder = folder().join("invalid");
    let table: toml::Table = std::fs::read_to_string(folder.join("expected.toml")).unwrap().parse().unwrap();
    let readme = std::fs::read_to_string(folder.join("README.md")).unwrap();
    let samples = samples(&folder);
    assert_eq!(samples.len(), 12);
    assert_eq!(table["clock"].as_str(), Some("2026-06-01T12:00:00Z"));

    for (name, bytes) in samples {
        let code = table["refused"][&name]["code"].as_str().unwrap();
        let stage = table["refused"][&name]["stage"].as_str().unwrap();
        let row = readme.lines().find(|line| line.contains(&name)).unwrap();
        let place = row.split('|').nth(4).unwrap().trim();

        let report = check(&bytes, &Context::offline(CLOCK, &profiles));

        let first = report.findings().first().unwrap_or_else(|| panic!("{name} is accepted"));
        assert_eq!((first.code().as_str(), first.pointer()), (code, place), "{name}: {:#?}", told(report.findings()));
        assert_eq!(first.severity(), Severity::Refuse, "{name}");
        assert!(!first.fact().is_empty() && !first.remedy().is_empty(), "{name}");
        assert!(report.refused(), "{name}");
        assert_eq!(report.referral().is_none(), stage == "schema", "{name}");
        assert!(report.into_accepted().is_err(), "{name}");
    }
}

#[test]
fn findings_never_repeat_what_a_sample_says_about_a_person() {
    let profiles = Profiles::shipped();
    // "ForcedCriminality" is sensitive, the name identifying, the note's number and mail may be.
    for (name, secrets) in [
        ("04-unknown-code", &["ForcedCriminality"][..]),
        ("07-bidi-override-in-name", &["Dipak", "\u{202e}"]),
        ("08-birth-date-in-future", &["2031"]),
        ("11-identifier-in-level-0-note", &["Dipak", "9990200044", "d.sample"]),
    ] {
        let bytes = std::fs::read(folder().join("invalid").join(format!("{name}.json"))).unwrap();

        let report = check(&bytes, &Context::offline(CLOCK, &profiles));

        // The list's own code contains the sample's; a remedy may give the list.
        let json = serde_json::to_string(report.findings()).unwrap().replace("x_ForcedCriminality", "");
        for secret in secrets {
            assert!(!json.contains(secret), "{name}: {json}");
        }
    }
}

#[test]
fn canonical_form_reads_back_as_the_same_referral() {
    for (name, bytes) in samples(&folder()) {
        let referral = parse(&bytes).ok().unwrap();

        let written = canonical(&referral);
        let again = parse(&written).ok().unwrap();

        assert!(again == referral, "{name}");
        assert!(canonical(&again) == written, "{name}");
        let plain: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(serde_json::from_slice::<serde_json::Value>(&written).unwrap(), plain, "{name}");
        assert!(written.len() < bytes.len() && !written.ends_with(b"\n"), "{name}");
    }
}

#[test]
fn canonical_members_stand_in_the_order_of_the_schema_whatever_the_file_says() {
    let bytes = std::fs::read(folder().join("08-enquiry-no-names-level-0.json")).unwrap();
    // serde_json sorts members by name, which is another order than the schema's.
    let sorted: serde_json::Value = serde_json::from_slice(&bytes).unwrap();

    let from_sorted = canonical(&parse(sorted.to_string().as_bytes()).ok().unwrap());

    assert_eq!(from_sorted, canonical(&parse(&bytes).ok().unwrap()));
    assert!(from_sorted.starts_with(b"{\"header\":{\"schema\":\"safeconduct.referral/1\",\"referral_id\":\""));
}

#[test]
fn an_inbox_line_holds_operational_members_only() {
    let bytes = std::fs::read(folder().join("12-training-exercise-internal.json")).unwrap();

    let line = serde_json::to_value(parse(&bytes).ok().unwrap().summary_line()).unwrap();

    assert_eq!(
        line,
        serde_json::json!({
            "referral_id": "7c9662ed-668f-4cd0-b319-cc92e3c6314b", "kind": "Referral", "urgency": "Normal", "level": 2,
            "exercise": true, "from": "xe.unhcr-mission", "to": "xe.safe-passage"
        })
    );
}
