//! The caseworker's page in a real browser: starts a world, and the script that drives Chromium through it.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot set its scene should fail loudly")]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use safeconduct_tests::cast::{AGENCIES, Agency};
use safeconduct_tests::world::{Node, Plan, World};
use serde_json::{Value, json};

fn agency(id: &str) -> Agency {
    *AGENCIES.iter().find(|agency| agency.id == id).unwrap()
}

fn of(node: &Node) -> Value {
    let url = node.done(&["page"]).unwrap()["url"].clone();
    let passphrase = std::fs::read_to_string(node.passphrase_file()).unwrap();
    json!({"agency": node.agency.id, "url": url, "passphrase": passphrase.trim()})
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

#[test]
fn a_caseworker_refers_somebody_from_page_to_page_and_nobody_else_gets_in() {
    let modules = modules();
    let world = World::found(Plan::default()).unwrap();
    let cast = ["xa.lantern-helpline", "xa.harbour-house", "xa.mens-safe-house", "xa.police-thb-unit"].map(agency);
    let nodes = world.enrol_all(&cast).unwrap();
    let [helpline, shelter, other, police] = nodes.as_slice() else { panic!("four nodes") };
    let secrets: Vec<&str> = cast
        .iter()
        .flat_map(|agency| [agency.id, agency.name])
        .chain(["quiet", "station", "Oksana", "Insulin"])
        .collect();
    let mut languages: Vec<String> = std::fs::read_dir(root().join("client/locales/web"))
        .unwrap()
        .map(|file| file.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    languages.sort();
    let scene = json!({
        "modules": modules, "chromium": chromium(), "screens": screens(), "languages": languages, "secrets": secrets,
        "helpline": of(helpline), "shelter": of(shelter), "other": of(other), "police": of(police),
    });
    let mut script = Command::new("node")
        .arg(root().join("tests/browser/page.mjs"))
        .stdin(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("node cannot be started: {error}\n  → run ./test, which installs it"));
    script.stdin.take().unwrap().write_all(scene.to_string().as_bytes()).unwrap();
    assert!(script.wait().unwrap().success(), "the script says above what was not as it should be");
}
