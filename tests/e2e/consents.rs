//! A consent whose time ends while help goes on, and enquiries that are asked again, between real nodes.

#![expect(clippy::unwrap_used, reason = "a step that fails is a test that fails")]

use std::fs;

use safeconduct_tests::cast;
use safeconduct_tests::shift::{instant_text, unix_now};
use safeconduct_tests::wait::{self, Look};
use safeconduct_tests::world::{Node, Plan, Stage, World};
use serde_json::{Value, json};

const SECONDS: u64 = 120;
/// The consent's time: long enough for everything that comes before its end, also on a slow machine.
const CONSENT_S: u64 = 45;
const NAME: &str = "Oksana";

fn opened(node: &Node, id: &str) -> Value {
    node.done(&["referral", "show", id, "--open", "--show-identity"]).unwrap()
}

#[test]
fn a_consent_that_ends_hides_what_it_covered_at_who_was_asked_and_a_new_one_shows_it_again() {
    let world = World::found(Plan::default()).unwrap();
    let mut sample = cast::sample("01").unwrap();
    let ends = [cast::by_id(sample.from()).unwrap(), cast::by_id(sample.to()).unwrap()];
    let mut nodes = world.enrol_all(&ends).unwrap();
    let (to, from) = (nodes.pop().unwrap(), nodes.pop().unwrap());
    sample.referral["consents"][0]["expires_at"] = instant_text(unix_now() + CONSENT_S).into();
    let path = sample.write_into(&world.files()).unwrap();
    let message = from.send(&path, to.agency.id).unwrap();
    from.reaches(&message, Stage::Delivered, SECONDS).unwrap();
    let id = sample.referral_id().to_owned();
    assert!(opened(&to, &id)["referral"].to_string().contains(NAME));
    let note = ["post", "note", &id, "--section", "Identity", "--text", "She is called Oksana by her friends."];
    from.done(&note).unwrap();

    let shown = wait::until("the consent to end", SECONDS, || {
        let shown = opened(&to, &id);
        let ended = shown["ended"].as_array().is_some_and(|ended| !ended.is_empty());
        Ok(if ended { Look::Seen(shown) } else { Look::NotYet(shown["ended"].to_string()) })
    })
    .unwrap();

    assert!(!shown.to_string().contains(NAME) && shown["ended"].to_string().contains("Identity"), "{shown}");
    let said = to.say(&["referral", "show", &id, "--open", "--show-identity"]).unwrap().done().unwrap().stdout;
    assert!(said.contains("consent") && !said.contains(NAME), "{said}");
    let posts = to.say(&["post", "list", &id]).unwrap().done().unwrap().stdout;
    assert!(!posts.contains(NAME), "{posts}");
    let whole = to.run(&["show", &message]).unwrap();
    assert_eq!(whole.refusal().unwrap(), (Some(1), "consent-expired".to_owned()), "{}", whole.stderr);
    let refused = from.say(&note).unwrap();
    assert!(refused.code == Some(1) && refused.stderr.contains("D04"), "{}", refused.stderr);
    assert!(opened(&from, &id)["referral"].to_string().contains(NAME), "the sender's file is the sender's");

    let mut next = sample.clone();
    let mut fresh = next.referral["consents"][0].clone();
    fresh["consent_id"] = "00000000-0000-4000-8000-00000000c0de".into();
    fresh["given_at"] = instant_text(unix_now()).into();
    fresh["expires_at"] = instant_text(unix_now() + 86_400).into();
    next.referral["consents"].as_array_mut().unwrap().push(fresh);
    next.referral["header"]["revision"] = 2.into();
    let path = next.write_into(&world.files().join("next")).unwrap();
    let message = from.send(&path, to.agency.id).unwrap();
    from.reaches(&message, Stage::Delivered, SECONDS).unwrap();
    let shown = opened(&to, &id);
    assert!(shown["referral"].to_string().contains(NAME) && shown["ended"].as_array().is_none_or(Vec::is_empty));
}

#[test]
fn an_enquiry_under_one_key_is_one_and_who_is_asked_later_is_known_to_all() {
    let world = World::found(Plan::default()).unwrap();
    let ends = ["xa.lantern-helpline", "xa.harbour-house", "xa.mens-safe-house"].map(|id| cast::by_id(id).unwrap());
    let mut nodes = world.enrol_all(&ends).unwrap();
    let (mens, harbour, lantern) = (nodes.pop().unwrap(), nodes.pop().unwrap(), nodes.pop().unwrap());
    let form = json!({
        "kind": "Enquiry", "services": ["Shelter"], "age_band": "25-34", "country_of_need": "XA", "urgency": "Urgent",
        "text_lang": "eng"
    });
    let file = world.folder().join("form.json");
    fs::write(&file, form.to_string()).unwrap();
    let file = file.to_string_lossy().into_owned();

    let ask = ["enquire", &file, "--to", harbour.agency.id, "--key", "monday-1"];
    let (first, again) = (lantern.done(&ask).unwrap(), lantern.done(&ask).unwrap());
    assert_eq!(first["sent"], again["sent"], "asked again it is the same");
    assert_eq!(lantern.done(&["referral", "list"]).unwrap()["referrals"].as_array().unwrap().len(), 1);
    let referral = first["sent"][0]["referral_id"].as_str().unwrap().to_owned();
    harbour.receives(&referral, SECONDS).unwrap();

    let later = lantern.done(&["enquire", &file, "--to", mens.agency.id, "--with", &referral]).unwrap();
    let second = later["sent"][0]["referral_id"].as_str().unwrap().to_owned();
    mens.receives(&second, SECONDS).unwrap();
    for (node, id, other) in [(&harbour, &referral, mens.agency.id), (&mens, &second, harbour.agency.id)] {
        wait::until("the other one to be known", SECONDS, || {
            let shown = node.done(&["referral", "show", id, "--open"])?;
            let knows = shown.to_string().contains(other);
            Ok(if knows { Look::Seen(()) } else { Look::NotYet(shown["told"].to_string()) })
        })
        .unwrap();
    }
}
