//! What holds for every input: no panic, a total verdict, monotony, canonical form.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use proptest::prelude::*;
use safeconduct_client::referral::profile::{Profile, Profiles};
use safeconduct_client::referral::{Context, canonical, check, parse};
use safeconduct_protocol::time::Timestamp;
use serde_json::{Value, json};

/// 2026-06-01T12:00:00Z.
const CLOCK: Timestamp = Timestamp(1_780_315_200);

const MARKINGS: [&str; 6] =
    ["NoOnwardSharing", "NoLawEnforcement", "NoCountryOfOrigin", "NoEmbassy", "NamedCaseworkerOnly", "NoFamilyContact"];

/// Values that members of many kinds take, or nearly take.
fn values() -> Vec<Value> {
    let mut values: Vec<Value> = [
        "Police",
        "Embassy",
        "NgoShelter",
        "LabourInspectorate",
        "InformedConsent",
        "GuardianConsent",
        "VitalInterest",
        "LegalObligation",
        "BestInterestDetermination",
        "Person",
        "Guardian",
        "CompetentBody",
        "CaseworkerOverride",
        "Active",
        "Withdrawn",
        "Transfer",
        "MandatoryNotification",
        "Referral",
        "Enquiry",
        "Immediate",
        "Normal",
        "15-17",
        "18-24",
        "65+",
        "UnknownPresumedChild",
        "Unknown",
        "None",
        "Refugee",
        "StatelessPerson",
        "Requested",
        "Granted",
        "Ended",
        "XA",
        "XB",
        "XC",
        "XC@3",
        "2008",
        "2030-01-01",
        "2026-05-01",
        "2026-06-01T11:00:00Z",
        "2027-06-01T11:00:00Z",
        "xa.police-thb-unit",
        "Medical",
        "Justice",
        "Summary",
        "ServiceDelivery",
        "",
        "\u{202e}",
    ]
    .map(|text| json!(text))
    .to_vec();
    values.extend([json!(null), json!(true), json!(false), json!(0), json!(1), json!(3), json!(-1), json!(1e300)]);
    values.extend([json!([]), json!({}), json!(["Police"]), json!(["XA"])]);
    values
}

fn samples() -> Vec<Value> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/samples");
    let mut paths: Vec<_> = [root.to_owned(), format!("{root}/invalid")]
        .iter()
        .flat_map(|folder| std::fs::read_dir(folder).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    paths.sort();
    assert_eq!(paths.len(), 24);
    paths.iter().map(|path| serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()).collect()
}

fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    if !at.is_empty() {
        found.push(at.to_owned());
    }
    if let Some(members) = value.as_object() {
        for (name, member) in members {
            pointers(member, &format!("{at}/{name}"), found);
        }
    }
    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
        pointers(item, &format!("{at}/{index}"), found);
    }
}

/// One random change: a place, and a value or nothing.
fn change(referral: &mut Value, place: usize, value: Option<Value>) {
    let mut found = Vec::new();
    pointers(referral, "", &mut found);
    let at = &found[place % found.len()];
    if let Some(value) = value {
        *referral.pointer_mut(at).unwrap() = value;
        return;
    }
    let (parent, name) = at.rsplit_once('/').unwrap();
    let parent = referral.pointer_mut(parent).unwrap();
    if let Some(members) = parent.as_object_mut() {
        members.remove(name);
    } else if let Some(items) = parent.as_array_mut() {
        items.remove(name.parse().unwrap());
    }
}

fn refused_by(referral: &Value, profiles: &Profiles) -> bool {
    check(referral.to_string().as_bytes(), &Context::offline(CLOCK, profiles)).refused()
}

fn referral() -> impl Strategy<Value = Value> {
    let changes =
        prop::collection::vec((any::<usize>(), prop::option::weighted(0.8, prop::sample::select(values()))), 0..4);
    (prop::sample::select(samples()), changes).prop_map(|(mut referral, changes)| {
        for (place, value) in changes {
            change(&mut referral, place, value);
        }
        referral
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..256)) {
        let profiles = Profiles::shipped();
        prop_assert!(check(&bytes, &Context::offline(CLOCK, &profiles)).refused());
    }

    #[test]
    fn no_cut_or_flipped_sample_panics(referral in referral(), cut in any::<prop::sample::Index>(), bit in 0..8_u8) {
        let profiles = Profiles::shipped();
        let mut bytes = referral.to_string().into_bytes();
        let at = cut.index(bytes.len());
        prop_assert!(check(&bytes[..at], &Context::offline(CLOCK, &profiles)).refused());
        bytes[at] ^= 1 << bit;
        drop(check(&bytes, &Context::offline(CLOCK, &profiles)));
    }

    #[test]
    fn every_referral_gets_a_verdict_with_words_at_any_time(referral in referral(), now in any::<u64>()) {
        let profiles = Profiles::shipped();
        let report = check(referral.to_string().as_bytes(), &Context::offline(Timestamp(now), &profiles));
        prop_assert_eq!(report.findings().is_empty() && report.referral().is_none(), false);
        for finding in report.findings() {
            prop_assert!(!finding.fact().is_empty() && !finding.remedy().is_empty());
            prop_assert!(finding.pointer().is_empty() || finding.pointer().starts_with('/'));
        }
    }

    #[test]
    fn removing_a_consent_never_turns_refusal_into_acceptance(referral in referral(), which in any::<usize>()) {
        let profiles = Profiles::shipped();
        let mut fewer = referral.clone();
        let Some(consents) = fewer.pointer_mut("/consents").and_then(Value::as_array_mut) else { return Ok(()) };
        if consents.is_empty() {
            return Ok(());
        }
        let which = which % consents.len();
        consents.remove(which);
        // A consent that the schema refuses is no consent: what is left is another referral.
        if parse(referral.to_string().as_bytes()).is_ok() && refused_by(&referral, &profiles) {
            prop_assert!(refused_by(&fewer, &profiles));
        }
    }

    #[test]
    fn adding_a_marking_never_turns_refusal_into_acceptance(referral in referral(), marking in prop::sample::select(&MARKINGS[..])) {
        let profiles = Profiles::shipped();
        let mut marked = referral.clone();
        let Some(markings) = marked.pointer_mut("/handling/markings").and_then(Value::as_array_mut) else { return Ok(()) };
        if markings.contains(&json!(marking)) {
            return Ok(());
        }
        markings.push(json!(marking));
        if refused_by(&referral, &profiles) {
            prop_assert!(refused_by(&marked, &profiles));
        }
    }

    #[test]
    fn a_stricter_profile_never_turns_refusal_into_acceptance(referral in referral(), tighter in prop::collection::vec(any::<bool>(), 6)) {
        let shipped = Profiles::shipped();
        let text = include_str!("../profiles/xa-arvenia.toml");
        let steps = [
            ("also = []", "also = [\"NgoShelter\", \"NgoSupport\"]"),
            ("own_consent_from_years = 16", "own_consent_from_years = 18"),
            ("\"specific_consent\"", "\"never\""),
            ("notice_hours = 72", "notice_hours = 24"),
            ("ServiceDelivery = 730", "ServiceDelivery = 90"),
            ("majority_years = 18", "majority_years = 21"),
        ];
        let strict = steps.iter().zip(tighter).filter(|(_, take)| *take).fold(text.to_owned(), |text, ((kept, tight), _)| text.replacen(kept, tight, 1));
        let xc = Profile::load(include_str!("../profiles/xc-carthen.toml")).ok().unwrap();
        let stricter = Profiles::of(vec![Profile::load(&strict).ok().unwrap(), xc]);
        // The retention of a child is counted from majority: a later majority keeps longer, which is the one place
        // where a stricter age is a longer time.
        let kept = referral.pointer("/handling/retention_basis") == Some(&json!("ChildUntilMajorityPlus"));
        if !kept && refused_by(&referral, &shipped) {
            prop_assert!(refused_by(&referral, &stricter));
        }
    }

    #[test]
    fn canonical_form_is_a_fixed_point(referral in referral()) {
        if let Ok(read) = parse(referral.to_string().as_bytes()) {
            let written = canonical(&read);
            let again = parse(&written).ok().unwrap();
            prop_assert!(again == read);
            prop_assert!(canonical(&again) == written);
        }
    }
}
