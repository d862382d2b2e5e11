//! What a caseworker meets at the command line: commands that can be typed as they are printed, answers to what was mistyped, lists that go
//! on, questions before what cannot be taken back, and a country's new profile.

#![expect(clippy::unwrap_used, reason = "a step that fails is a test that fails")]

use std::fs;
use std::path::{Path, PathBuf};

use safeconduct_tests::cast::{self, Sample};
use safeconduct_tests::program::Answer;
use safeconduct_tests::world::{Node, Plan, Stage, World};

const SECONDS: u64 = 60;
const SECOND_ID: &str = "17dbf0fa-850a-4120-86cf-88253a816399";
const CONSENT: &str = "da1eaf69-87a1-409d-8aae-4044885e3586";

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn two() -> (World, Node, Node, Sample) {
    let world = World::found(Plan::default()).unwrap();
    let sample = cast::sample("01").unwrap();
    let ends = [cast::by_id(sample.from()).unwrap(), cast::by_id(sample.to()).unwrap()];
    let mut nodes = world.enrol_all(&ends).unwrap();
    let (to, from) = (nodes.pop().unwrap(), nodes.pop().unwrap());
    (world, from, to, sample)
}

fn delivered(world: &World, from: &Node, to: &Node, sample: &Sample) -> PathBuf {
    let path = sample.write_into(&world.files()).unwrap();
    let message = from.send(&path, to.agency.id).unwrap();
    from.reaches(&message, Stage::Delivered, SECONDS).unwrap();
    path
}

/// What `referral show` prints as possible, a command a line.
fn possible(node: &Node, referral: &str) -> Vec<String> {
    let shown = node.say(&["referral", "show", referral]).unwrap().done().unwrap().stdout;
    let lines = shown.lines().map(|line| line.trim_start_matches("possible").trim_start());
    lines.filter(|line| line.starts_with("safeconduct ")).map(str::to_owned).collect()
}

/// Types a printed command, with something in place of what stands in capitals.
fn typed(node: &Node, command: &str) -> Answer {
    let words: Vec<&str> =
        command.split(' ').skip(1).map(|word| if word == "TEXT" { "Which ward?" } else { word }).collect();
    node.say(&words).unwrap().done().unwrap()
}

#[test]
fn what_is_printed_as_possible_can_be_typed_and_what_happened_is_told_in_words() {
    let (world, from, to, sample) = two();
    delivered(&world, &from, &to, &sample);
    let id = sample.referral_id();

    let open = possible(&to, id);
    assert!(open.iter().any(|command| command.ends_with(" --open")), "{open:?}");
    typed(&to, open.iter().find(|command| command.ends_with(" --open")).unwrap());
    let then = possible(&to, id);
    for verb in ["ask", "accept", "decline"] {
        assert!(then.iter().any(|command| command.starts_with(&format!("safeconduct referral {verb} "))), "{then:?}");
    }
    typed(&to, then.iter().find(|command| command.contains("referral ask")).unwrap());

    let log = to.say(&["referral", "show", id]).unwrap().done().unwrap().stdout;
    assert!(log.contains(&format!("{} asked for information", to.agency.id)), "{log}");
    assert!(!log.contains("InfoRequested") && !log.contains("info-requested"), "{log}");
    let shown = to.done(&["referral", "show", id]).unwrap();
    assert_eq!(shown["state"], "info-requested");
    assert!(shown["log"].as_array().unwrap().iter().any(|line| line["event"] == "InfoRequested"), "{shown}");
    assert!(shown["possible"].as_array().unwrap().iter().any(|step| step == "Declined"), "{shown}");
}

#[test]
fn what_is_mistyped_is_wrong_usage_and_lists_go_on_where_they_ended() {
    let (world, from, to, sample) = two();
    for sample in [&sample, &sample.renamed(SECOND_ID.to_owned())] {
        delivered(&world, &from, &to, sample);
    }

    let wrong = to.run(&["referral", "list", "--state", "opend"]).unwrap();
    assert_eq!(wrong.refusal().unwrap(), (Some(2), "usage".to_owned()));
    let told = wrong.error().unwrap();
    assert!(told["message"].as_str().unwrap().contains("opend"), "{told}");
    assert!(told["remedy"].as_str().unwrap().starts_with("did you mean opened? there are: draft, "), "{told}");
    let wrong = to.say(&["referral", "decline", sample.referral_id(), "--reason", "Full", "--yes"]).unwrap();
    assert_eq!(wrong.code, Some(2), "{}", wrong.stderr);
    assert!(wrong.stderr.contains("NoCapacity, OutsideMandate"), "{}", wrong.stderr);

    for (node, list, member) in [(&to, "inbox", "messages"), (&from, "status", "messages")] {
        let first = node.done(&[list, "--limit", "1"]).unwrap();
        let next = first["next"].as_str().unwrap();
        let said = node.say(&[list, "--limit", "1"]).unwrap().done().unwrap().stdout;
        assert!(said.trim_end().ends_with(&format!("There are more: the same again with --after {next}")), "{said}");
        let second = node.done(&[list, "--limit", "1", "--after", next]).unwrap();
        assert!(second.get("next").is_none(), "{second}");
        let id = |page: &serde_json::Value| page[member][0]["message_id"].as_str().unwrap().to_owned();
        assert_ne!(id(&first), id(&second));
        assert_eq!(node.run(&[list, "--after", "last"]).unwrap().code, Some(2));
    }
}

#[test]
fn what_cannot_be_taken_back_is_not_done_without_a_yes_where_nobody_can_be_asked() {
    let (world, from, to, sample) = two();
    let file = text(&delivered(&world, &from, &to, &sample));
    let (id, out) = (sample.referral_id(), text(&world.files().join("out.csv")));
    let draft = "0a1b2c3d";

    for line in [
        vec!["referral", "accept", id],
        vec!["referral", "decline", id, "--reason", "Other"],
        vec!["referral", "close", id, "--outcome", "ServiceDelivered"],
        vec!["referral", "erase", id],
        vec!["referral", "release-hold", id],
        vec!["referral", "raise", id, "--file", &file],
        vec!["referral", "withdraw", id, "--reason", "Error"],
        vec!["referral", "reinstate", id],
        vec!["referral", "override-review", id, "--consent", CONSENT, "--verdict", "upheld"],
        vec!["referral", "draft", "discard", draft],
        vec!["consent", "withdraw", CONSENT],
        vec!["people", "end", "Anna", "--by", "Boris"],
        vec!["token", "end", "desk"],
        vec!["export", "csv", "--out", &out],
        vec!["report", "schedule", "on"],
    ] {
        let answer = to.run(&line).unwrap();
        assert_eq!(answer.refusal().unwrap(), (Some(1), "not-confirmed".to_owned()), "{line:?}");
    }
    assert_eq!(to.done(&["referral", "show", id]).unwrap()["state"], "delivered");
    assert!(!Path::new(&out).exists());
}

#[test]
fn a_new_profile_is_installed_on_a_yes_and_the_running_daemon_judges_by_it() {
    let (world, from, to, sample) = two();
    let shipped = from.say(&["profile", "show", "XA"]).unwrap().done().unwrap().stdout;
    assert!(shipped.contains("version = 3"), "{shipped}");
    let file = world.files().join("xa.toml");
    let write = |profile: &str| fs::write(&file, profile).unwrap();
    let newer = shipped.replace("version = 3", "version = 4");

    write(&newer.replace("k_min = 10", "k_min = 9").replace("days_min = 60", "days_min = 29"));
    let loose = from.run(&["profile", "install", &text(&file), "--yes"]).unwrap();
    assert_eq!(loose.refusal().unwrap(), (Some(1), "profile".to_owned()));
    assert_eq!(loose.error().unwrap()["findings"].as_array().unwrap().len(), 2, "all that is wrong, at once");
    write(&newer);
    assert_eq!(from.run(&["profile", "install", &text(&file)]).unwrap().refusal().unwrap().1, "not-confirmed");

    // A referral that is pinned to the newer version cannot be judged before, and can be after, by the same daemon.
    let mut referral: serde_json::Value =
        serde_json::from_slice(&fs::read(sample.write_into(&world.files()).unwrap()).unwrap()).unwrap();
    for member in ["profile_from", "profile_to"] {
        referral["header"][member] = "XA@4".into();
    }
    let pinned = world.files().join("pinned.json");
    fs::write(&pinned, referral.to_string()).unwrap();
    let send = ["send", &text(&pinned), "--to", to.agency.id];
    assert_eq!(from.run(&send).unwrap().refusal().unwrap().1, "referral-refused");
    let installed = from.done(&["profile", "install", &text(&file), "--yes"]).unwrap();
    assert_eq!((&installed["version"], &installed["before"]), (&4.into(), &3.into()));
    from.done(&send).unwrap();

    let listed = from.done(&["profile", "list"]).unwrap();
    let xa = listed["profiles"].as_array().unwrap().iter().find(|profile| profile["country"] == "XA").unwrap();
    assert_eq!((&xa["version"], &xa["installed"]), (&4.into(), &true.into()));
    write(&shipped);
    assert_eq!(from.run(&["profile", "install", &text(&file), "--yes"]).unwrap().refusal().unwrap().1, "profile-older");
    write(&newer.replace("days_min = 60", "days_min = 61"));
    assert_eq!(
        from.run(&["profile", "install", &text(&file), "--yes"]).unwrap().refusal().unwrap().1,
        "profile-changed"
    );
}
