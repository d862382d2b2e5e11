use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::*;
use crate::{
    referral::{self, Context, codes::Role, policy::Direction},
    testing::Seeded,
};

/// 2026-06-01T12:00:00Z.
const NOW: Timestamp = Timestamp(1_780_315_200);

const SHELTER: &str = include_str!("../../../../tests/samples/01-woman-sex-industry-shelter.json");
const CHILD: &str = include_str!("../../../../tests/samples/04-child-begging-child-protection.json");
const RETURN: &str = include_str!("../../../../tests/samples/06-voluntary-return-reintegration.json");
const DOCUMENTS: &str = include_str!("../../../../tests/samples/11-police-specific-consent-long-narrative.json");

fn agency(id: &str, roles: &[Role]) -> AgencyFacts {
    AgencyFacts {
        agency: id.parse().unwrap(),
        country: Country::of(&id[..2].to_uppercase()).unwrap(),
        roles: roles.to_vec(),
        represents: None,
        exercise: false,
        active: true,
    }
}

fn own() -> AgencyFacts {
    agency("xa.lantern-helpline", &[Role::Helpline])
}

fn harbour() -> AgencyFacts {
    agency("xc.linden-shelter", &[Role::NgoShelter])
}

/// Does something with what composing is told.
fn with<R>(seed: u64, to: Option<&AgencyFacts>, act: impl FnOnce(&mut Given<'_>) -> R) -> R {
    let profiles = Profiles::shipped();
    act(&mut Given { now: NOW, from: &own(), to, profiles: &profiles, entropy: &mut Seeded::new(seed) })
}

fn composed(form: &Value, to: Option<&AgencyFacts>) -> Composed {
    with(1, to, |given| compose(form.to_string().as_bytes(), given)).ok().unwrap()
}

fn json_of(composed: &Composed) -> Value {
    serde_json::from_slice(composed.bytes()).unwrap()
}

fn parsed(sample: &str) -> Referral {
    referral::parse(sample.as_bytes()).ok().unwrap()
}

fn short() -> Value {
    json!({"services": ["Shelter"], "age_band": "25-34", "country_of_need": "XA", "urgency": "Urgent"})
}

#[test]
fn a_short_form_becomes_an_enquiry_that_the_table_lets_go() {
    let mut form = short();
    form["kind"] = json!("Enquiry");

    let composed = composed(&form, Some(&harbour()));

    let referral = composed.referral().ok().unwrap();
    assert_eq!((referral.level(), referral.kind() == Kind::Enquiry), (0, true));
    let profiles = Profiles::shipped();
    let context = Context { direction: Direction::Outbound, ..Context::offline(NOW, &profiles) };
    let report = referral::check(composed.bytes(), &context);
    assert!(!report.refused() && report.findings().is_empty());
    let value = json_of(&composed);
    assert_eq!(value["header"]["expires_at"], "2026-06-08T12:00:00Z");
    assert_eq!((&value["header"]["profile_from"], &value["header"]["profile_to"]), (&json!("XA@3"), &json!("XC@3")));
    // XA keeps 730 days and XC 365: the stricter.
    assert_eq!(value["handling"]["delete_after"], "2027-06-08");
    assert_eq!(
        value["header"]["from"],
        json!({"agency_id": "xa.lantern-helpline", "role": "Helpline", "country": "XA"})
    );
}

#[test]
fn the_level_is_the_lowest_that_a_requested_service_needs() {
    let level = |services: &[&str]| {
        let mut form = short();
        form["services"] = json!(services);
        json_of(&composed(&form, None))["header"]["disclosure_level"].clone()
    };
    assert_eq!(level(&["Shelter"]), 1);
    assert_eq!(level(&["MedicalGeneral"]), 2);
    assert_eq!(level(&["VoluntaryReturn"]), 3);
    assert_eq!(level(&["MedicalGeneral", "Shelter"]), 1);
    assert_eq!(level(&["VoluntaryReturn", "LegalAdvice"]), 2);

    let sections = |services: &[Service]| proposal(services).sections;
    assert!(sections(&[Service::Shelter]) == [Section::Identity]);
    assert!(sections(&[Service::LabourClaim]).is_empty());
    assert!(
        sections(&[Service::PoliceReport, Service::Psychiatric])
            == [Section::Identity, Section::Narrative, Section::Medical, Section::Justice]
    );
    // What nobody needs is proposed nowhere, and what the table warns of as too much is not proposed.
    for service in Service::ALL {
        let Proposal { level, sections } = proposal(&[*service]);
        assert!((1..=3).contains(&level), "{}", service.as_str());
        assert!(!sections.contains(&Section::Attachments) && !sections.contains(&Section::Summary));
    }
}

#[test]
fn a_notification_proposes_the_level_that_law_allows() {
    let level = |band: &str| {
        let mut form = short();
        form["kind"] = json!("MandatoryNotification");
        form["age_band"] = json!(band);
        json_of(&composed(&form, None))["header"]["disclosure_level"].clone()
    };
    assert_eq!((level("25-34"), level("12-14")), (json!(0), json!(1)));
}

#[test]
fn a_referral_lives_by_its_urgency() {
    let ends = |urgency: &str| {
        let mut form = short();
        form["urgency"] = json!(urgency);
        json_of(&composed(&form, None))["header"]["expires_at"].clone()
    };
    assert_eq!(ends("Immediate"), "2026-06-02T12:00:00Z");
    assert_eq!(ends("Emergency"), "2026-06-04T12:00:00Z");
    assert_eq!(ends("Normal"), "2026-07-01T12:00:00Z");
    assert!(composed(&json!({"services": ["Shelter"]}), None).referral().is_err());
}

#[test]
fn a_draft_that_has_waited_is_created_when_it_is_changed_and_what_follows_from_that_is_counted_anew() {
    let first = composed(&short(), Some(&harbour()));
    let later = Timestamp(NOW.0 + 10 * DAY_S);
    let profiles = Profiles::shipped();
    let (own, to) = (own(), harbour());
    let mut given = Given { now: later, from: &own, to: Some(&to), profiles: &profiles, entropy: &mut Seeded::new(2) };

    let second = json_of(&compose(first.bytes(), &mut given).ok().unwrap());

    assert_eq!(
        (&second["header"]["created_at"], &second["header"]["expires_at"]),
        (&json!("2026-06-11T12:00:00Z"), &json!("2026-06-18T12:00:00Z"))
    );
    assert_eq!(second["handling"]["delete_after"], "2027-06-18");
    assert_eq!(second["header"]["referral_id"], json_of(&first)["header"]["referral_id"]);
}

#[test]
fn another_urgency_is_another_end_and_an_end_that_somebody_chose_stays() {
    let again = |mut value: Value| {
        value["header"]["urgency"] = json!("Immediate");
        let profiles = Profiles::shipped();
        let (own, to) = (own(), harbour());
        let mut given =
            Given { now: NOW, from: &own, to: Some(&to), profiles: &profiles, entropy: &mut Seeded::new(2) };
        json_of(&compose(value.to_string().as_bytes(), &mut given).ok().unwrap())
    };
    let mut first = json_of(&composed(&short(), Some(&harbour())));
    let other = again(first.clone());
    assert_eq!(other["header"]["expires_at"], "2026-06-02T12:00:00Z");
    assert_eq!(other["handling"]["delete_after"], "2027-06-02");
    first["header"]["expires_at"] = json!("2026-06-01T18:00:00Z");
    assert_eq!(again(first)["header"]["expires_at"], "2026-06-01T18:00:00Z");
}

#[test]
fn what_is_missing_is_said_and_the_draft_is_kept_as_it_is() {
    let composed = composed(&json!({"services": ["Shelter"], "urgency": "Urgent"}), None);

    let missing: Vec<&str> = composed.referral().err().unwrap().iter().map(Finding::pointer).collect();
    assert!(missing.contains(&"/enquiry/age_band") && missing.contains(&"/header/to"), "{missing:?}");
    assert_eq!(json_of(&composed)["enquiry"]["services"], json!(["Shelter"]));
    // Filled in later, it keeps its id.
    let mut more = json_of(&composed);
    more["enquiry"]["age_band"] = json!("25-34");
    let again = with(9, None, |given| compose(more.to_string().as_bytes(), given)).ok().unwrap();
    assert_eq!(json_of(&again)["header"]["referral_id"], more["header"]["referral_id"]);
}

#[test]
fn a_consent_without_an_end_ends_after_six_months_and_one_with_an_end_keeps_it() {
    let mut form = short();
    form["consents"] = json!([{"given_at": "2026-06-01T10:00:00Z"}, {"given_at": "2026-06-01T10:00:00Z", "expires_at": "2026-06-09T10:00:00Z", "status": "Withdrawn"}, {}]);

    let consents = json_of(&composed(&form, None))["consents"].clone();

    assert_eq!(
        (&consents[0]["expires_at"], &consents[1]["expires_at"]),
        (&json!("2026-12-01T10:00:00Z"), &json!("2026-06-09T10:00:00Z"))
    );
    assert_eq!((&consents[0]["status"], &consents[1]["status"]), (&json!("Active"), &json!("Withdrawn")));
    assert!(consents[2].get("expires_at").is_none(), "no beginning, no end");
    assert_ne!(consents[0]["consent_id"], consents[1]["consent_id"]);
}

#[test]
fn ids_and_case_codes_are_fresh_and_of_their_form() {
    let mut form = short();
    form["summary"] = json!({});
    form["identity"] = json!({"dependants": [{}, {}]});
    let (mut ids, mut codes) = (BTreeSet::new(), BTreeSet::new());
    for seed in 0..200 {
        let one = with(seed, None, |given| compose(form.to_string().as_bytes(), given)).ok().unwrap();
        let value = json_of(&one);
        let text = |at: &str| value.pointer(at).and_then(Value::as_str).unwrap().to_owned();
        ids.insert(text("/header/referral_id"));
        for at in ["/summary/case_code", "/identity/dependants/0/case_code", "/identity/dependants/1/case_code"] {
            let code = text(at);
            let (front, back) = code.split_once('-').unwrap();
            assert_eq!(front, "LAN");
            assert!(
                back.len() == 8 && back.bytes().all(|b| b.is_ascii_uppercase() || (b'2'..=b'7').contains(&b)),
                "{code}"
            );
            codes.insert(code);
        }
    }
    assert_eq!((ids.len(), codes.len()), (200, 600));
    for id in &ids {
        assert!(referral::text::Uuid::of(id).is_some(), "{id}");
    }
}

#[test]
fn a_short_name_still_gives_a_code_and_several_roles_are_for_a_person_to_choose() {
    let (profiles, both) = (Profiles::shipped(), agency("xa.ab", &[Role::NgoShelter, Role::Helpline]));
    let mut given = Given { now: NOW, from: &both, to: None, profiles: &profiles, entropy: &mut Seeded::new(2) };
    let mut form = short();
    form["summary"] = json!({});

    let value = json_of(&compose(form.to_string().as_bytes(), &mut given).ok().unwrap());

    assert!(value["summary"]["case_code"].as_str().unwrap().starts_with("ABX-"));
    assert!(value["header"]["from"].get("role").is_none());
    form["from"] = json!({"role": "Helpline"});
    let value = json_of(&compose(form.to_string().as_bytes(), &mut given).ok().unwrap());
    assert_eq!(value["header"]["from"], json!({"role": "Helpline", "agency_id": "xa.ab", "country": "XA"}));
}

#[test]
fn what_a_form_does_not_have_is_refused_with_the_nearest_name_and_nothing_that_is_written_is_changed() {
    let refused = |form: &str| match with(3, None, |given| compose(form.as_bytes(), given)) {
        Err(NotComposed::NoForm(findings)) => findings,
        _ => panic!("{form}"),
    };
    assert!(refused("{\"service\": []}")[0].remedy().contains("services"));
    assert_eq!(refused("{\"services\": [], \"services\": []}")[0].code(), referral::Code::DuplicateMember);
    assert_eq!(refused("[]")[0].code(), referral::Code::BadFormat);
    assert_eq!(refused("")[0].code(), referral::Code::NotJson);

    for sample in [SHELTER, CHILD, RETURN, DOCUMENTS] {
        let before: Value = serde_json::from_str(sample).unwrap();
        let whole = with(4, Some(&harbour()), |given| compose(sample.as_bytes(), given)).ok().unwrap();
        let mut after = json_of(&whole);
        assert_eq!(after["header"]["created_at"], "2026-06-01T12:00:00Z");
        for (part, member) in [("header", "created_at"), ("header", "expires_at")] {
            after[part][member] = before[part][member].clone();
        }
        for (place, consent) in after["consents"].as_array_mut().into_iter().flatten().enumerate() {
            if before["consents"][place].get("expires_at").is_none() {
                consent.as_object_mut().unwrap().remove("expires_at").unwrap();
            }
        }
        assert_eq!(after, before);
    }
    // An end that follows from no urgency was chosen, and stays.
    let mut chosen: Value = serde_json::from_str(SHELTER).unwrap();
    chosen["header"]["expires_at"] = json!("2026-06-20T00:00:00Z");
    chosen["handling"]["delete_after"] = json!("2026-12-24");
    let whole = json_of(&with(4, None, |given| compose(chosen.to_string().as_bytes(), given)).ok().unwrap());
    assert_eq!(whole["header"]["expires_at"], "2026-06-20T00:00:00Z");
    assert_eq!(whole["handling"]["delete_after"], "2026-12-24");
    // A number that no member takes stays one that no member takes.
    let half = with(5, None, |given| compose(b"{\"services\": [1.25], \"note\": null}", given)).ok().unwrap();
    assert!(half.referral().is_err());
}

#[test]
fn a_new_referral_from_an_old_one_asks_the_person_anew_and_names_the_old_as_its_parent() {
    let old = parsed(SHELTER);
    let (old_json, new) = (
        serde_json::from_str::<Value>(SHELTER).unwrap(),
        with(6, Some(&harbour()), |given| new_from(&old, given)).ok().unwrap(),
    );

    let value = json_of(&new);

    assert_eq!(value["header"]["parent_referral_id"], old_json["header"]["referral_id"]);
    for at in ["/header/referral_id", "/summary/case_code", "/header/created_at"] {
        assert_ne!(value.pointer(at), old_json.pointer(at), "{at}");
    }
    assert!(value.get("consents").is_none() && value["header"].get("alternates").is_none());
    assert_eq!((&value["header"]["revision"], &value["header"]["kind"]), (&json!(1), &json!("Referral")));
    // What protects stays, and so does what the caseworker has written.
    assert_eq!(value["handling"]["markings"], old_json["handling"]["markings"]);
    assert_eq!(value["identity"]["names"], old_json["identity"]["names"]);
    assert!(new.referral().err().unwrap().iter().any(|finding| finding.pointer() == "/consents"));
}

#[test]
fn of_a_referral_that_was_received_it_is_a_transfer_and_every_pseudonym_is_fresh() {
    let old = parsed(RETURN);
    let receiver = agency(old.header.to.agency_id.as_str(), &[old.header.to.role]);
    let profiles = Profiles::shipped();
    let mut given = Given { now: NOW, from: &receiver, to: None, profiles: &profiles, entropy: &mut Seeded::new(7) };

    let value = json_of(&new_from(&old, &mut given).ok().unwrap());

    assert_eq!(value["header"]["kind"], "Transfer");
    assert_eq!(value["header"]["from"]["agency_id"], old.header.to.agency_id.as_str());
    assert!(value["header"].get("to").is_none() && value["header"].get("profile_to").is_none());
    let old_json: Value = serde_json::from_str(RETURN).unwrap();
    assert_ne!(value["identity"]["dependants"][0]["case_code"], old_json["identity"]["dependants"][0]["case_code"]);
    assert!(value.pointer("/case_file/attachments").is_none());
}

#[test]
fn the_next_agency_gets_the_same_under_another_id_and_case_code() {
    let mut with_alternate: Value = serde_json::from_str(SHELTER).unwrap();
    with_alternate["header"]["alternates"] = json!([{"agency_id": "xa.first-house", "role": "NgoShelter", "country": "XA"},
            {"agency_id": "xa.second-house", "role": "NgoShelter", "country": "XA", "desk": "intake"},
            {"agency_id": "xa.third-house", "role": "NgoShelter", "country": "XA"}]);
    let old = parsed(&with_alternate.to_string());
    let next = agency("xa.second-house", &[Role::NgoShelter, Role::NgoSupport]);

    let new = with(8, None, |given| for_alternate(&old, &next, given)).ok().unwrap();

    let (value, referral) = (json_of(&new), new.into_referral().ok().unwrap());
    assert_eq!(value["header"]["to"], with_alternate["header"]["alternates"][1]);
    assert!(referral.header.referral_id != old.header.referral_id);
    assert_ne!(value["summary"]["case_code"], with_alternate["summary"]["case_code"]);
    assert_eq!(value["consents"].as_array().unwrap().len(), with_alternate["consents"].as_array().unwrap().len());
    assert_eq!(
        value["header"]["parent_referral_id"], with_alternate["header"]["parent_referral_id"],
        "the same parent"
    );
    assert_eq!(value["header"]["alternates"], json!([with_alternate["header"]["alternates"][2]]), "asked after that");
}
