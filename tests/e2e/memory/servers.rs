//! What is in the memory of a relay that has carried a referral, and of the administrator's tool while it waits for a person.

use std::io::Write as _;
use std::process::{Command, Stdio};

use safeconduct_certs::keyfile;
use safeconduct_tests::browser::{Browser, between};
use safeconduct_tests::canary::Canaries;
use safeconduct_tests::cast;
use safeconduct_tests::error::WorldError;
use safeconduct_tests::program::{Program, Programs};
use safeconduct_tests::wait::{self, Look};
use safeconduct_tests::world::{Authority, Node, Relay, World};

use crate::{KEY_COPIES_MAX, Looked, look};

/// How long a question may take to come.
const ANSWER_SECONDS: u64 = 60;

/// Its own keys, and what it must never have.
struct Server {
    own: Vec<(&'static str, Vec<u8>)>,
    never: Vec<String>,
    never_keys: Vec<(&'static str, Vec<u8>)>,
}

impl Server {
    fn at(&self, when: &str, process: u32) {
        let keys = self.own.iter().chain(&self.never_keys).cloned();
        let canaries = Canaries::new(self.never.iter().cloned()).with_bytes(keys);
        let Some(seen) = look(when, process, &canaries) else { return };
        let copies: Vec<_> = self.own.iter().map(|(key, _)| format!("{key} {}", seen.times(key))).collect();
        eprintln!("{when}, {} bytes: {}", seen.bytes, copies.join(", "));
        for (key, _) in &self.own {
            let times = seen.times(key);
            assert!((1..=KEY_COPIES_MAX).contains(&times), "{when}: {times} copies of the {key}");
        }
        let never = self.never.iter().map(String::as_str).chain(self.never_keys.iter().map(|(key, _)| *key));
        let found: Vec<_> = never.filter(|needle| seen.times(needle) > 0).collect();
        assert!(found.is_empty(), "{when}: {found:?}");
    }
}

fn passphrase_of(authority: &Authority) -> String {
    std::fs::read_to_string(authority.passphrase_file()).unwrap().trim_end().to_owned()
}

/// What a key file of the relay says.
fn relay_key(relay: &Relay, file: &str) -> Vec<u8> {
    let text = std::fs::read_to_string(relay.folder().join(file)).unwrap();
    hex::decode(text.lines().last().unwrap()).unwrap()
}

fn relay_keys(relay: &Relay) -> Vec<(&'static str, Vec<u8>)> {
    [("relay's receipt key", "receipt.key"), ("relay's TLS key", "tls.key"), ("relay's witness key", "witness.key")]
        .map(|(name, file)| (name, relay_key(relay, file)))
        .into()
}

/// Under the passphrase each by itself: no act on the page needs them.
fn root_keys(authority: &Authority) -> Vec<(&'static str, Vec<u8>)> {
    [("first root key", 1), ("second root key", 2), ("third root key", 3)]
        .map(|(name, number)| {
            let purpose = format!("safeconduct authority root {number}");
            (name, opened(authority, &format!("root-{number}.key"), &purpose))
        })
        .into()
}

fn opened(authority: &Authority, file: &str, purpose: &str) -> Vec<u8> {
    let sealed = std::fs::read(authority.folder().join("keys").join(file)).unwrap();
    keyfile::open_with_passphrase(passphrase_of(authority).as_bytes(), purpose, &sealed).unwrap().to_vec()
}

fn authority_keys(authority: &Authority) -> Vec<(&'static str, Vec<u8>)> {
    let unlock = opened(authority, "unlock.key", "safeconduct authority unlock");
    let key: [u8; 32] = unlock.clone().try_into().unwrap();
    let mut keys = vec![("unlock key", unlock)];
    for (shown, name) in [
        ("log key", "log"),
        ("registrar's key", "registrar"),
        ("time key", "timestamp"),
        ("authority's TLS key", "tls"),
        ("enrolment key", "enrol"),
        ("directory key", "directory"),
    ] {
        let sealed = std::fs::read(authority.folder().join("keys").join(format!("{name}.key"))).unwrap();
        let seed = keyfile::open_with_key(&key, &format!("safeconduct authority {name}"), &sealed).unwrap();
        keys.push((shown, seed.to_vec()));
    }
    keys
}

/// What opens an authority's directory, and what it opens.
pub(crate) struct Secrets {
    passphrase: String,
    own: Vec<(&'static str, Vec<u8>)>,
    root: Vec<(&'static str, Vec<u8>)>,
}

impl Secrets {
    pub(crate) fn of(authority: &Authority) -> Self {
        Self { passphrase: passphrase_of(authority), own: authority_keys(authority), root: root_keys(authority) }
    }
}

/// Nothing of what these two nodes say and have is in the relay's memory, and nothing of the authority's.
pub(crate) fn the_relay(world: &World, secrets: &Secrets, nodes: [(&Node, &Looked); 2]) {
    let mut never = vec![secrets.passphrase.clone()];
    let mut never_keys = [secrets.own.clone(), secrets.root.clone()].concat();
    for (node, looked) in nodes {
        never.extend(looked.content.iter().chain(&looked.typed).cloned());
        never_keys.extend(looked.keys.iter().cloned());
        never_keys.push(("node's TLS key", std::fs::read(node.data().join("tls.key")).unwrap()));
    }
    let server = Server { own: relay_keys(&world.relay), never, never_keys };
    server.at("the relay has carried it", world.relay.id().unwrap());
}

/// While the page waits for its person, nothing that opened the directory is in memory, nor the code of an invitation that was shown.
pub(crate) fn the_administrators_page(world: &World, secrets: &Secrets) {
    let (own, never_keys) = (secrets.own.clone(), secrets.root.clone());
    let mut server = Server { own, never: vec![secrets.passphrase.clone()], never_keys };
    let mut page = world.authority.page(&[]).unwrap();
    server.at("the page waits for its browser", page.id());
    let (mut browser, overview) = Browser::open(&page.address).unwrap();
    // It signs a head and asks the relay.
    let told = browser.submit(&overview, "/publish", &[]).unwrap();
    assert_eq!(told.status, 200, "{}", told.text());
    let form = browser.go(&overview.link("/invite").unwrap()).unwrap();
    let (agency, days) = (cast::AGENCIES[6], "7");
    let fields =
        [("agency", agency.id), ("language", "eng"), ("name", agency.name), ("role", agency.role), ("days", days)];
    let confirm = browser.submit(&form, "/invite/check", &fields).unwrap();
    let result = browser.submit(&confirm, "/invite", &[]).unwrap();
    let code = between(&result.body, "<span class=\"code big\" dir=\"ltr\">", "</span>").unwrap();
    server.never.extend([code.replace(['-', ' '], ""), code]);
    server.at("the page has shown an invitation", page.id());
    assert!(page.stop().unwrap().success());
}

/// A passphrase is typed on a terminal, root keys are opened with it and sign, and a person is asked: none of them waits with that person.
pub(crate) fn the_administrators_question(world: &World, secrets: &Secrets) {
    let (own, never_keys) = (secrets.own.clone(), secrets.root.clone());
    let server = Server { own, never: vec![secrets.passphrase.clone()], never_keys };
    let admin = Programs::find().unwrap().command(Program::Admin);
    let folder = world.authority.folder();
    let log = world.folder().join("terminal.log");
    let command = format!(
        "echo process $$ begins; exec '{}' --dir '{}' root rotate --new-timestamp-key --offline",
        admin.get_program().display(),
        folder.display()
    );
    // It has a terminal of its own for what it runs.
    let mut script = Command::new("script")
        .args(["-q", "-f", "-e", "-c", &command, "/dev/null"])
        .env_clear()
        .envs(admin.get_envs().filter_map(|(name, value)| Some((name, value?))))
        .env("SHELL", "/bin/sh")
        .stdin(Stdio::piped())
        .stdout(std::fs::File::create(&log).unwrap())
        .spawn()
        .unwrap();
    let mut terminal = script.stdin.take().unwrap();
    let shown = |words: &str| {
        wait::until(words, ANSWER_SECONDS, || {
            let text = std::fs::read_to_string(&log).map_err(WorldError::io("read", &log))?;
            Ok(if text.contains(words) { Look::Seen(text) } else { Look::NotYet(text) })
        })
        .unwrap()
    };
    let begun = shown("Passphrase of the authority:");
    let process = between(&begun, "process ", " begins").unwrap().parse().unwrap();
    writeln!(terminal, "{}", secrets.passphrase).unwrap();
    shown("Type yes to go on:");
    server.at("the administrator is asked", process);
    writeln!(terminal, "no").unwrap();
    assert_eq!(script.wait().unwrap().code(), Some(1));
}
