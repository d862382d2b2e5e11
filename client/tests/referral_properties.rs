//! What holds for every input: no panic, a total verdict, monotony, canonical form.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use proptest::prelude::*;
use safeconduct_client::referral::policy::{AgencyFacts, Direction, Parent, RULES, RegistryFacts, written_at};
use safeconduct_client::referral::profile::{Profile, Profiles};
use safeconduct_client::referral::text::Country;
use safeconduct_client::referral::{Context, Referral, RuleId, SCHEMA, Severity, canonical, check, parse};
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

/// A valid sample with at most one random change.
fn nearly_valid() -> impl Strategy<Value = Value> {
    let valid: Vec<Value> = samples().into_iter().take(12).collect();
    let change_of = (any::<usize>(), prop::option::weighted(0.8, prop::sample::select(values())));
    (prop::sample::select(valid), prop::option::of(change_of)).prop_map(|(mut referral, changed)| {
        if let Some((place, value)) = changed {
            change(&mut referral, place, value);
        }
        referral
    })
}

/// The same, with a section on justice in every case file and a consent that covers it.
fn with_justice() -> impl Strategy<Value = Value> {
    nearly_valid().prop_map(|mut referral| {
        let Some(file) = referral.pointer_mut("/case_file").and_then(Value::as_object_mut) else { return referral };
        file.entry("justice").or_insert_with(|| json!({"le_cooperation": "Undecided"}));
        for (at, code) in [("/consents/0/sections", "Justice"), ("/consents/0/purposes", "CriminalInvestigation")] {
            if let Some(list) = referral.pointer_mut(at).and_then(Value::as_array_mut)
                && !list.contains(&json!(code))
            {
                list.push(json!(code));
            }
        }
        referral
    })
}

/// The registry as the header has it; an embassy represents `XD`.
fn registry_of(referral: &Referral) -> RegistryFacts {
    let header = &referral.header;
    let agency = |end: &safeconduct_client::referral::header::AgencyRef| AgencyFacts {
        agency: end.agency_id.clone(),
        country: end.country.clone(),
        roles: vec![end.role],
        represents: Some("XD").filter(|_| end.role.as_str() == "Embassy").and_then(Country::of),
        exercise: header.exercise.unwrap_or(false),
        active: true,
    };
    RegistryFacts { age_s: 0, sender: Some(agency(&header.from)), recipient: Some(agency(&header.to)) }
}

/// The refusals, each with rule, code and place.
fn refusals(referral: &Value, context: &Context<'_>) -> Vec<(RuleId, String, String)> {
    check(referral.to_string().as_bytes(), context)
        .findings()
        .iter()
        .filter(|finding| finding.severity() == Severity::Refuse)
        .map(|finding| (finding.rule(), finding.code().to_string(), finding.pointer().to_owned()))
        .collect()
}

/// Every member that belongs to a higher level than the referral's, by the published schema.
fn above(schema: &Value, node: &Value, value: &Value, level: i64, at: &str, found: &mut Vec<String>) {
    let node = match node.get("$ref").and_then(Value::as_str) {
        Some(reference) => schema.pointer(reference.trim_start_matches('#')).unwrap(),
        None => node,
    };
    for (name, member) in value.as_object().into_iter().flatten() {
        // An extension's members are the country's, and stand under a member of their own level.
        let Some(of) = node.get("properties").and_then(|properties| properties.get(name)) else { continue };
        let at = format!("{at}/{name}");
        if of["x-l"].as_i64().unwrap() > level {
            found.push(at.clone());
        }
        above(schema, of, member, level, &at, found);
    }
    for item in value.as_array().into_iter().flatten() {
        above(schema, &node["items"], item, level, at, found);
    }
}

/// The text of a member of canonical JSON, from its name to the end of its value.
fn member<'a>(text: &'a str, name: &str) -> &'a str {
    let from = text.find(&format!("\"{name}\":")).unwrap();
    let rest = &text[from..];
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for (index, c) in rest.char_indices().skip(name.len() + 3) {
        if quoted {
            (quoted, escaped) = (escaped || c != '"', !escaped && c == '\\');
            continue;
        }
        match c {
            '"' => quoted = true,
            '{' | '[' => depth += 1,
            '}' | ']' if depth == 0 => return &rest[..index],
            '}' | ']' => depth -= 1,
            ',' if depth == 0 => return &rest[..index],
            _ => {}
        }
    }
    rest
}

/// Takes the track of justice out: section, documents of the section, purposes and consents that are for nothing else.
fn without_justice(referral: &Value) -> Value {
    let mut without = referral.clone();
    if let Some(file) = without.pointer_mut("/case_file").and_then(Value::as_object_mut) {
        file.remove("justice");
        file.remove("attachments");
    }
    let of_justice = ["Justice", "CriminalInvestigation", "WitnessProtection"].map(|code| json!(code));
    for consent in without.pointer_mut("/consents").and_then(Value::as_array_mut).into_iter().flatten() {
        for list in ["sections", "purposes"] {
            consent[list].as_array_mut().unwrap().retain(|code| !of_justice.contains(code));
        }
    }
    if let Some(consents) = without.pointer_mut("/consents").and_then(Value::as_array_mut) {
        consents.retain(|consent| consent["purposes"] != json!([]) && consent["sections"] != json!([]));
    }
    without
}

/// What protects, each with values that refuse or allow something.
fn protective() -> Vec<(&'static str, Vec<Value>)> {
    let status = ["None", "Unknown", "Refugee", "StatelessPerson"].map(|code| json!(code));
    let reflection = ["Requested", "Granted", "Ended", "NotApplicable"].map(|code| json!({"status": code}));
    let child = [("Appointed", "Completed"), ("ParentSuspected", "NotNeeded"), ("None", "Completed")].map(
        |(guardian, assessment)| {
            json!({"accompaniment": "Unaccompanied", "guardian_status": guardian, "bid_status": "Completed", "age_assessment": assessment})
        },
    );
    vec![
        ("/summary/protection_status", status.to_vec()),
        ("/summary/reflection_period", reflection.to_vec()),
        ("/summary/child", child.to_vec()),
        ("/summary/prs_Citizenship", vec![json!(["XD"]), json!(["XB"]), json!(["XA", "XC"])]),
    ]
}

/// A referral with one protective member set as it may be, and where that member stands.
fn protected() -> impl Strategy<Value = (Value, &'static str)> {
    let chosen =
        prop::sample::select(protective()).prop_flat_map(|(at, values)| (Just(at), prop::sample::select(values)));
    let to = prop::option::of(prop::sample::select(&["Police", "Embassy", "ChildProtection"][..]));
    let markings = prop::sample::subsequence(&MARKINGS[..], 0..3);
    (nearly_valid(), chosen, to, markings).prop_map(|(mut referral, (at, value), to, markings)| {
        if referral.get("summary").is_some_and(Value::is_object) {
            *member_of(&mut referral, at) = value;
        }
        if let (Some(to), true) = (to, referral.pointer("/header/to").is_some_and(Value::is_object)) {
            referral["header"]["to"]["role"] = json!(to);
            for consent in referral.pointer_mut("/consents").and_then(Value::as_array_mut).into_iter().flatten() {
                if consent.is_object() {
                    consent["recipient_roles"] = json!([to]);
                }
            }
        }
        if referral.pointer("/handling/markings").is_some() {
            referral["handling"]["markings"] = json!(markings);
        }
        (referral, at)
    })
}

fn member_of<'a>(referral: &'a mut Value, at: &str) -> &'a mut Value {
    let (parent, name) = at.rsplit_once('/').unwrap();
    &mut referral.pointer_mut(parent).unwrap()[name]
}

/// Whether what protects refuses: not a fault of form or time, which goes away with the member that has it.
fn protects(refusals: &[(RuleId, String, String)]) -> bool {
    refusals.iter().any(|(rule, ..)| !matches!(rule, RuleId::F1 | RuleId::O1))
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

    #[test]
    fn every_finding_names_a_rule_and_a_code_of_that_rule(referral in referral(), inbound in any::<bool>()) {
        let profiles = Profiles::shipped();
        let direction = if inbound { Direction::Inbound } else { Direction::Outbound };
        let registry = parse(referral.to_string().as_bytes()).ok().map(|read| registry_of(&read));
        let context = Context { direction, registry, parent: Some(Parent::Missing), ..Context::offline(CLOCK, &profiles) };
        for finding in check(referral.to_string().as_bytes(), &context).findings() {
            let rule = RULES.iter().find(|rule| rule.id == finding.rule()).unwrap();
            prop_assert!(rule.codes.contains(&finding.code()), "{} does not tell {}", rule.id, finding.code());
            prop_assert!(!finding.decided_by().is_empty());
        }
    }

    #[test]
    fn sender_and_recipient_agree_on_what_they_both_know(referral in prop_oneof![referral(), nearly_valid()], later_s in 0..400_u64 * 86_400) {
        let profiles = Profiles::shipped();
        let Ok(read) = parse(referral.to_string().as_bytes()) else { return Ok(()) };
        let context = |direction, now| Context {
            direction,
            now,
            profiles: &profiles,
            registry: Some(registry_of(&read)),
            parent: Some(Parent::Free),
        };
        let written = written_at(&read); // nobody sends it before the newest consent in it is given
        let sent = refusals(&referral, &context(Direction::Outbound, written));
        // Whenever it comes, the recipient refuses what the sender refused, and nothing else.
        prop_assert_eq!(&sent, &refusals(&referral, &context(Direction::Inbound, written)));
        prop_assert_eq!(&sent, &refusals(&referral, &context(Direction::Inbound, written.after(later_s))));
    }

    #[test]
    fn what_is_accepted_holds_no_member_above_its_level(referral in prop_oneof![referral(), nearly_valid()]) {
        let profiles = Profiles::shipped();
        let report = check(referral.to_string().as_bytes(), &Context::offline(CLOCK, &profiles));
        let Ok(read) = report.into_accepted() else { return Ok(()) };
        let schema: Value = serde_json::from_str(SCHEMA).unwrap();
        let written: Value = serde_json::from_slice(&canonical(&read)).unwrap();
        let mut found = Vec::new();
        above(&schema, &schema, &written, read.level(), "", &mut found);
        prop_assert_eq!(found, Vec::<String>::new());
    }

    #[test]
    fn help_does_not_change_by_a_byte_without_the_track_of_justice(referral in with_justice()) {
        let profiles = Profiles::shipped();
        let Ok(read) = parse(referral.to_string().as_bytes()) else { return Ok(()) };
        let without = without_justice(&referral);
        let Ok(read_without) = parse(without.to_string().as_bytes()) else { return Ok(()) };
        let (before, after) = (canonical(&read), canonical(&read_without));
        let (before, after) = (core::str::from_utf8(&before).unwrap(), core::str::from_utf8(&after).unwrap());
        for name in ["header", "enquiry", "summary", "identity", "narrative", "medical", "psychosocial", "immigration", "return", "support_plan", "events", "handling"] {
            let quoted = format!("\"{name}\":");
            prop_assert_eq!(before.contains(&quoted), after.contains(&quoted));
            if before.contains(&quoted) {
                prop_assert_eq!(member(before, name), member(after, name));
            }
        }
        // And it goes as before, unless justice is the help that is asked for.
        let asks = ["PoliceReport", "WitnessProtection"].map(|service| json!(service));
        let services = referral.pointer("/enquiry/services").and_then(Value::as_array).unwrap();
        if !services.iter().any(|service| asks.contains(service)) && !refused_by(&referral, &profiles) {
            prop_assert!(!refused_by(&without, &profiles));
        }
    }

    #[test]
    fn leaving_out_what_protects_never_turns_refusal_into_acceptance((referral, at) in protected()) {
        let profiles = Profiles::shipped();
        let Ok(read) = parse(referral.to_string().as_bytes()) else { return Ok(()) };
        // Within one country a missing citizenship cannot make the recipient foreign.
        let header = &read.header;
        let at_home = header.from.country == header.to.country && header.to.role.as_str() != "Embassy";
        if at == "/summary/prs_Citizenship" && at_home {
            return Ok(());
        }
        let context = |registry| Context { registry, parent: Some(Parent::Free), ..Context::offline(CLOCK, &profiles) };
        let facts = || Some(registry_of(&read));
        let mut without = referral.clone();
        let (parent, name) = at.rsplit_once('/').unwrap();
        if let Some(members) = without.pointer_mut(parent).and_then(Value::as_object_mut) {
            members.remove(name);
        }
        let refused = refusals(&referral, &context(facts()));
        if protects(&refused) {
            prop_assert_ne!(refusals(&without, &context(facts())), vec![], "{:?} without {}", refused, at);
            // What the registry does not say protects as well.
            for leave_out in [
                |facts: &mut RegistryFacts| facts.sender = None,
                |facts: &mut RegistryFacts| facts.recipient = None,
                |facts: &mut RegistryFacts| facts.recipient.as_mut().unwrap().represents = None,
            ] {
                let mut less = facts();
                leave_out(less.as_mut().unwrap());
                prop_assert_ne!(refusals(&referral, &context(less)), vec![], "{:?}", refused);
            }
            // A parent that is looked for and not found is no permission.
            let orphan = Context { parent: Some(Parent::Missing), ..context(facts()) };
            prop_assert_ne!(refusals(&referral, &orphan), vec![]);
        }
        let marked = Context { parent: Some(Parent::NoOnwardSharing), ..context(facts()) };
        let orphan = Context { parent: Some(Parent::Missing), ..context(facts()) };
        prop_assert_eq!(refusals(&referral, &marked).is_empty(), refusals(&referral, &orphan).is_empty());
    }
}
