//! Two people of an agency, as real programs have them: recorded, named, and both needed where the decision table says two.

#![expect(clippy::unwrap_used, reason = "a step that fails is a test that fails")]

use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use safeconduct_tests::canary::Canaries;
use safeconduct_tests::cast;
use safeconduct_tests::shift::{instant_text, unix_now};
use safeconduct_tests::world::{Node, Plan, Stage, World};
use serde_json::{Value, json};

/// Longest time for one referral, in seconds.
const WAY_SECONDS: u64 = 120;
const ANNA: &str = "Anna Canary-Vjkq";
const BORIS: &str = "Boris Canary-Wxzt";

/// A person's secret in a file for this user alone.
fn secret(world: &World, of: &str, text: &str) -> PathBuf {
    let path = world.folder().join(format!("{of}.secret"));
    let file = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&path).unwrap();
    std::io::Write::write_all(&mut &file, format!("{text}\n").as_bytes()).unwrap();
    path
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Life in danger, and police are the only help.
fn override_to_police(world: &World) -> (PathBuf, String) {
    let mut sample = cast::sample("01").unwrap();
    let (now, referral) = (unix_now(), &mut sample.referral);
    referral["header"]["to"] = json!({"agency_id": "xa.police-thb-unit", "role": "Police", "country": "XA"});
    referral["header"]["profile_to"] = json!("XA@3");
    referral["header"]["urgency"] = json!("Immediate");
    referral["handling"]["markings"] = json!([]);
    referral["enquiry"]["services"] = json!(["SafetyPlanning"]);
    referral["summary"]["reflection_period"] = json!({"status": "Requested"});
    let consent = &mut referral["consents"][0];
    consent.as_object_mut().unwrap().remove("informed");
    for (member, value) in [
        ("basis", json!("VitalInterest")),
        ("given_by", json!("CaseworkerOverride")),
        ("method", json!("NotPossible")),
        ("given_at", json!(instant_text(now - 60))),
        ("notify_person_by", json!(instant_text(now + 86_400))),
        ("override_reason", json!("He has her and says that he will kill her; police are the only help.")),
        ("recipient_roles", json!(["Police"])),
        ("recipient_agency_ids", json!(["xa.police-thb-unit"])),
        ("purposes", json!(["Assistance"])),
    ] {
        consent[member] = value;
    }
    (sample.write_into(&world.files()).unwrap(), sample.referral_id().to_owned())
}

fn refused(node: &Node, arguments: &[&str]) -> Value {
    let answer = node.run(arguments).unwrap();
    assert_eq!(answer.code, Some(1), "{arguments:?}: {}{}", answer.stdout, answer.stderr);
    answer.error().unwrap()
}

#[test]
fn an_override_to_police_leaves_only_when_a_colleague_confirms_it_and_no_name_leaves_the_node() {
    let world = World::found(Plan::default()).unwrap();
    let agencies = ["xa.lantern-helpline", "xa.police-thb-unit"].map(|id| cast::by_id(id).unwrap());
    let [lantern, police]: [Node; 2] = world.enrol_all(&agencies).unwrap().try_into().ok().unwrap();
    let (anna, boris) = (secret(&world, "anna", "violet tram Vjkq"), secret(&world, "boris", "amber ferry Wxzt"));
    let (file, referral_id) = override_to_police(&world);
    let send = ["send", text(&file), "--to", "xa.police-thb-unit"];

    // Nobody is recorded: there is no second person.
    assert_eq!(refused(&lantern, &send)["code"], "second-person-missing");
    lantern
        .done(&["people", "add", ANNA, "--role", "caseworker", "--role", "admin", "--secret-file", text(&anna)])
        .unwrap();
    let add = ["people", "add", BORIS, "--role", "supervisor", "--secret-file", text(&boris)];
    assert_eq!(refused(&lantern, &add)["code"], "person-missing");
    lantern.done(&[&add[..], &["--by", ANNA, "--by-secret-file", text(&anna)]].concat()).unwrap();
    let by = [&send[..], &["--by", ANNA]].concat();
    let told = refused(&lantern, &by);
    assert_eq!((&told["code"], &told["findings"][0]["rule"]), (&json!("second-person-missing"), &json!("D14")));
    let second = |name, file| [&by[..], &["--second", name, "--second-secret-file", text(file)]].concat();
    assert_eq!(refused(&lantern, &second(ANNA, &anna))["code"], "second-person-same");
    assert_eq!(refused(&lantern, &second(BORIS, &anna))["code"], "secret-wrong");
    assert!(lantern.outbox().unwrap().is_empty());

    let sent = lantern.done(&second(BORIS, &boris)).unwrap();

    police.receives(&referral_id, WAY_SECONDS).unwrap();
    lantern.reaches(sent["message_id"].as_str().unwrap(), Stage::Delivered, WAY_SECONDS).unwrap();
    let people = lantern.say(&["people", "list"]).unwrap();
    assert!(people.stdout.contains(ANNA) && people.stdout.contains("supervisor"), "{}", people.stdout);
    // Names and secrets are in the vault, and nowhere in the clear: no log, no relay, no other node.
    for path in [anna, boris] {
        std::fs::remove_file(path).unwrap();
    }
    let canary = Canaries::new(["Canary-Vjkq", "Canary-Wxzt", "tram Vjkq", "ferry Wxzt"].map(str::to_owned));
    let searched = canary.in_folder(world.folder()).unwrap();
    assert!(searched.findings.is_empty(), "{:?}", searched.findings);
}

#[test]
fn a_form_becomes_a_draft_is_finished_in_a_file_and_sent() {
    let world = World::found(Plan::default()).unwrap();
    let agencies = ["xa.lantern-helpline", "xa.harbour-house"].map(|id| cast::by_id(id).unwrap());
    let [lantern, harbour]: [Node; 2] = world.enrol_all(&agencies).unwrap().try_into().ok().unwrap();
    let form = world.folder().join("form.json");
    let short = json!({"kind": "Enquiry", "services": ["Shelter"], "country_of_need": "XA", "urgency": "Urgent"});
    std::fs::write(&form, short.to_string()).unwrap();

    let draft = lantern.done(&["referral", "draft", "new", text(&form), "--to", "xa.harbour-house"]).unwrap();
    assert_eq!((&draft["complete"], &draft["findings"][0]["pointer"]), (&json!(false), &json!("/enquiry/age_band")));
    let digits = &draft["draft"].as_str().unwrap()[..8];
    let file = world.folder().join("draft.json");
    lantern.done(&["referral", "draft", "show", digits, "--out", text(&file)]).unwrap();
    let mut whole: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    whole["enquiry"]["age_band"] = json!("25-34");
    std::fs::write(&file, whole.to_string()).unwrap();
    let edited = lantern.done(&["referral", "draft", "edit", digits, text(&file)]).unwrap();
    assert_eq!((&edited["complete"], &edited["findings"]), (&json!(true), &json!([])));
    let listed = lantern.say(&["referral", "draft", "list"]).unwrap();
    assert!(listed.stdout.contains(digits) && listed.stdout.contains("xa.harbour-house"), "{}", listed.stdout);
    let message = lantern.send(&file, "xa.harbour-house").unwrap();

    harbour.receives(whole["header"]["referral_id"].as_str().unwrap(), WAY_SECONDS).unwrap();
    lantern.reaches(&message, Stage::Delivered, WAY_SECONDS).unwrap();
    lantern.done(&["referral", "draft", "discard", digits, "--yes"]).unwrap();
    assert_eq!(refused(&lantern, &["referral", "draft", "show", digits])["code"], "unknown-draft");
}
