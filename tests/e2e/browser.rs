//! The caseworker's page in a real browser: starts a world, and the script that drives Chromium through it.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot set its scene should fail loudly")]

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use safeconduct_tests::cast::{self, AGENCIES, Agency};
use safeconduct_tests::world::{Node, Plan, Stage, World};
use serde_json::{Value, json};

const SECONDS: u64 = 300;

/// An enquiry that a court holds beyond the retention.
const HELD: &str = r#"{"kind": "Enquiry", "services": ["Shelter"], "age_band": "25-34", "country_of_need": "XA", "urgency": "Urgent",
    "delete_after": "2040-01-01", "legal_hold": true}"#;

fn agency(id: &str) -> Agency {
    *AGENCIES.iter().find(|agency| agency.id == id).unwrap()
}

fn of(node: &Node) -> Value {
    let url = node.done(&["page"]).unwrap()["url"].clone();
    let passphrase = fs::read_to_string(node.passphrase_file()).unwrap();
    json!({"agency": node.agency.id, "url": url, "passphrase": passphrase.trim(), "data": node.data()})
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Where `./test` has put what the script needs.
fn modules() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    let modules = target.join("browser/node_modules");
    assert!(
        modules.join("playwright-core").is_dir(),
        "the browser's driver is missing\n  → run ./test, which installs it"
    );
    modules
}

fn chromium() -> &'static str {
    let known = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    let found = known.into_iter().find(|path| Path::new(path).exists());
    found.unwrap_or_else(|| panic!("Chromium is missing\n  → run ./test, which installs it"))
}

/// The pictures: into the documents when they are asked for, else where builds lie.
fn screens() -> PathBuf {
    std::env::var_os("SAFECONDUCT_SCREENS").map_or_else(|| root().join("target/screens"), PathBuf::from)
}

/// A referral of sample 03 that lists a document, sent: who sends and receives it, and the file, which the page has to send.
fn with_document(world: &World, from: &Node, to: &Node) -> Value {
    let folder = world.files();
    let path = cast::sample("03").unwrap().write_into(&folder).unwrap();
    let document = folder.join("timesheets.pdf");
    fs::write(&document, [&b"%PDF-1.7\n"[..], &b"a timesheet\n".repeat(90_000)].concat()).unwrap();
    let facts = from.done(&["document", "describe", &document.to_string_lossy()]).unwrap();
    let mut referral: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    for member in ["media_type", "size_bytes", "sha256"] {
        referral["case_file"]["attachments"][0][member] = facts[member].clone();
    }
    fs::write(&path, referral.to_string()).unwrap();
    let message = from.send(&path, to.agency.id).unwrap();
    from.reaches(&message, Stage::Delivered, SECONDS).unwrap();
    json!({"from": of(from), "to": of(to), "file": document})
}

/// A caseworker and a supervisor of an agency, with the secrets by which they sign in.
fn with_people(world: &World, node: &Node) -> Value {
    let people = [("Rosa Example", "grey harbour at dusk"), ("Viktor Example", "nine tall lanterns")];
    let files = people.map(|(name, secret)| {
        let file = world.files().join(format!("{}.secret", name.split(' ').next().unwrap()));
        fs::write(&file, secret).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        file.to_string_lossy().into_owned()
    });
    let [(rosa, _), (viktor, _)] = people;
    let add = |name: &str, role: &str, file: &str| {
        let roles = ["--role", "caseworker", "--role", "intake", "--role", role];
        [&["people", "add", name, "--secret-file", file][..], &roles]
            .concat()
            .into_iter()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let first = add(rosa, "admin", &files[0]);
    let by = ["--by", rosa, "--by-secret-file", &files[0]].map(str::to_owned);
    let second = [add(viktor, "supervisor", &files[1]), by.to_vec()].concat();
    for arguments in [first, second] {
        node.done(&arguments.iter().map(String::as_str).collect::<Vec<_>>()).unwrap();
    }
    people.iter().map(|(name, secret)| json!({"name": name, "secret": secret})).collect()
}

#[test]
fn a_caseworker_refers_somebody_from_page_to_page_and_nobody_else_gets_in() {
    let modules = modules();
    let world = World::found(Plan::default()).unwrap();
    let cast = ["xa.lantern-helpline", "xa.harbour-house", "xa.mens-safe-house", "xa.police-thb-unit"].map(agency);
    let nodes = world.enrol_all(&cast).unwrap();
    let [helpline, shelter, other, police] = nodes.as_slice() else { panic!("four nodes") };
    let sample = cast::sample("03").unwrap();
    let pair = world.enrol_all(&[cast::by_id(sample.from()).unwrap(), cast::by_id(sample.to()).unwrap()]).unwrap();
    let [from, to] = pair.as_slice() else { panic!("two nodes") };
    let document = with_document(&world, from, to);
    let board = world.enrol_all(&[agency("xa.child-protection-north")]).unwrap().remove(0);
    let people = with_people(&world, &board);
    // A draft that needs two, of before anybody is recorded there: whoever comes first goes on with it.
    let held = world.files().join("held.json");
    fs::write(&held, HELD).unwrap();
    police.done(&["referral", "draft", "new", held.to_str().unwrap()]).unwrap();
    let secrets: Vec<&str> = cast
        .iter()
        .flat_map(|agency| [agency.id, agency.name])
        .chain([
            "xa.child-protection-north",
            "Child Protection Board",
            "Rosa",
            "Viktor",
            "wakes",
            "quiet",
            "station",
            "Anna",
            "Boris",
            "violet",
            "Oksana",
            "Insulin",
        ])
        .collect();
    let mut languages: Vec<String> = fs::read_dir(root().join("client/locales/web"))
        .unwrap()
        .map(|file| file.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    languages.sort();
    let scene = json!({
        "modules": modules, "chromium": chromium(), "screens": screens(), "languages": languages, "secrets": secrets,
        "helpline": of(helpline), "shelter": of(shelter), "other": of(other), "police": of(police),
        "document": document, "board": {"agency": board.agency.id, "url": of(&board)["url"], "people": people},
    });
    let mut script = Command::new("node")
        .arg(root().join("tests/browser/page.mjs"))
        .stdin(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("node cannot be started: {error}\n  → run ./test, which installs it"));
    script.stdin.take().unwrap().write_all(scene.to_string().as_bytes()).unwrap();
    assert!(script.wait().unwrap().success(), "the script says above what was not as it should be");
}
