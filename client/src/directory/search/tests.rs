//! Hits, their order and their reasons.

use safeconduct_certs::directory::codes::{AgeBand, Gender, Service};
use safeconduct_certs::node::Role;

use super::*;
use crate::{api::found::SearchFor, directory::criteria::Age};

/// Monday 2026-06-01, 06:00 UTC.
const NOW: Timestamp = Timestamp(1_780_293_600);

fn record(id: &str, more: &str) -> Record {
    let json = format!(
        "{{\"agency_id\":\"{id}\",\"names\":{{\"eng\":\"{id}\"}},\"country\":\"RO\",\"roles\":[\"NgoShelter\"],\
         \"exercise\":false{}{more}}}",
        if more.is_empty() { "" } else { "," }
    );
    Record::parse(json.as_bytes()).unwrap()
}

/// Ids of the hits, best first, with what holds, what is not said and what lacks.
fn found(records: &[Record], criteria: &Criteria) -> Vec<(String, Reasons)> {
    let candidates: Vec<_> = records
        .iter()
        .map(|record| Candidate { record, marked: record.agency_id.as_str().contains("marked") })
        .collect();
    let fits = search(&candidates, criteria, NOW);
    fits.into_iter().map(|fit| (records[fit.place].agency_id.to_string(), fit.reasons)).collect()
}

fn ids(records: &[Record], criteria: &Criteria) -> Vec<String> {
    found(records, criteria).into_iter().map(|(id, _)| id).collect()
}

#[test]
fn who_says_all_comes_first_then_who_does_not_say_then_who_needs_an_interpreter_and_a_contradiction_is_no_hit() {
    let all =
        "\"services\":[\"EmergencyShelter\"],\"populations\":{\"ages\":[\"12-14\",\"15-17\"]},\"languages\":[\"ron\"]";
    let records = [
        record("ro.interpreter", &all.replace("ron", "deu")),
        record("ro.silent", ""),
        record("ro.adults", &all.replace("\"12-14\",\"15-17\"", "\"18-24\"")),
        record("ro.other", &all.replace("Emergency", "")),
        record("ro.best", all),
        record("ro.half", "\"services\":[\"EmergencyShelter\"],\"languages\":[\"ron\"]"),
        Record { country: "MD".to_owned(), ..record("md.elsewhere", all) },
    ];
    let criteria = Criteria {
        services: vec![Service::EmergencyShelter],
        languages: vec!["ron".to_owned()],
        countries: vec!["RO".to_owned()],
        ages: vec![Age::Child],
        ..Criteria::default()
    };

    let hits = found(&records, &criteria);

    let order: Vec<&str> = hits.iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(order, ["ro.best", "ro.half", "ro.silent", "ro.interpreter"]);
    let best = &hits[0].1;
    assert_eq!(best.holds, ["offers EmergencyShelter", "speaks ron", "in RO", "takes child (12-14, 15-17)"]);
    assert_eq!(hits[1].1.not_said, ["takes child"]);
    assert_eq!(hits[3].1.lacks, ["does not speak ron: an interpreter is needed"]);
}

#[test]
fn among_equals_the_open_come_first_then_the_unmarked_then_the_id_decides_whatever_the_order_they_are_given_in() {
    let shut = "\"hours\":{\"zone\":\"Etc/UTC\",\"open\":[\"Tue 09:00-10:00\"]}";
    let mut records = vec![
        record("ro.a-shut", shut),
        record("ro.b-silent", ""),
        record("ro.c-marked-open", "\"hours\":\"24/7\""),
        record("ro.d-open", &shut.replace("Tue 09:00-10:00", "Mon 05:00-07:00")),
        record("ro.e-open", "\"hours\":\"24/7\""),
    ];
    let order = ["ro.d-open", "ro.e-open", "ro.c-marked-open", "ro.b-silent", "ro.a-shut"];
    for turn in 0..records.len() {
        records.rotate_left(turn);
        assert_eq!(ids(&records, &Criteria::default()), order);
    }

    let open_now = Criteria { open_now: true, ..Criteria::default() };
    assert_eq!(ids(&records, &open_now), ["ro.d-open", "ro.e-open", "ro.c-marked-open", "ro.b-silent"]);
}

#[test]
fn text_is_found_in_any_script_case_and_with_or_without_accents() {
    let mut harbour =
        record("ro.port", "\"geography\":{\"places\":[{\"eng\":\"Iasi\",\"ron\":\"Iași\",\"rus\":\"Яссы\"}]}");
    harbour.names.insert("rus".to_owned(), "Дом у гавани, ёлки".to_owned());
    harbour.names.insert("deu".to_owned(), "Haus an der Hafenstraße".to_owned());
    harbour.names.insert("ell".to_owned(), "Σπίτι στο Λιμάνι".to_owned());
    let records = [harbour, record("ro.other", "")];
    for (text, hit) in [
        ("ДОМ", true),
        ("дом елки", true),
        ("hafenstrasse", true),
        ("HAFENSTRASSE haus", true),
        ("λιμανι", true),
        ("iași", true),
        ("IASI", true),
        ("яссы", true),
        ("ro.port", true),
        ("haus wien", false),
        ("хаус", false),
    ] {
        let typed = SearchFor { text: Some(text.to_owned()), ..SearchFor::default() };
        let criteria = Criteria::try_from(&typed).unwrap();
        assert_eq!(!ids(&records, &criteria).is_empty(), hit, "{text}");
    }
}

#[test]
fn a_role_a_gender_and_a_country_of_work_are_judged_each_by_its_own_rule() {
    let records = [
        record(
            "ro.women",
            "\"populations\":{\"genders\":[\"Feminine\"]},\"geography\":{\"countries\":[\"MD\",\"RO\"]}",
        ),
        record("ro.all", ""),
    ];
    let women = Criteria { genders: vec![Gender::Feminine], ..Criteria::default() };
    assert_eq!(ids(&records, &women), ["ro.women", "ro.all"]);
    let men = Criteria { genders: vec![Gender::Masculine], ..Criteria::default() };
    assert_eq!(ids(&records, &men), ["ro.all"]);
    let police = Criteria { roles: vec![Role::Police], ..Criteria::default() };
    assert!(ids(&records, &police).is_empty());
    let abroad = Criteria { countries: vec!["MD".to_owned()], ..Criteria::default() };
    assert_eq!(found(&records, &abroad)[0].1.holds, ["works in MD"]);
    assert!(Age::Adult.covers(AgeBand::UnknownPresumedAdult) && !Age::Adult.covers(AgeBand::UnknownPresumedChild));
}
