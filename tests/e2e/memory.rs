//! What is in a node's memory and for how long, what is kept out of swap, and what a crash leaves behind; and what is in the memory of the
//! relay that carried what it sent, and of the administrator's tool.
//!
//! Who may not read the memory of another process of the same account, as nobody but root may of ours, is refused: then that is what is
//! held here, and the content is looked at where the tests run as root.

#![expect(clippy::unwrap_used, reason = "a step that fails is a test that fails")]
#![expect(clippy::print_stderr, reason = "a test that passes says what it saw")]

#[path = "memory/servers.rs"]
mod servers;
#[path = "memory/waiting.rs"]
mod waiting;

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::OpenOptionsExt as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};

use hkdf::Hkdf;
use rustix::process::{Signal, geteuid};
use safeconduct_certs::keyfile;
use safeconduct_certs::system::{SystemClock, SystemEntropy};
use safeconduct_client::keys;
use safeconduct_client::vault::Vault;
use safeconduct_protocol::time::Clock as _;
use safeconduct_tests::canary::Canaries;
use safeconduct_tests::cast::{self, Sample};
use safeconduct_tests::memory::{self, Seen};
use safeconduct_tests::world::{Node, Plan, Stage, World};
use sha2::Sha256;

const WAY_SECONDS: u64 = 120;
const ANNA: &str = "Anna Canary-Vjkq";
const SECRET: &str = "violet tram at the Vjkq bridge";
/// Copies of each of its own keys in the memory of a program that runs, at most.
const KEY_COPIES_MAX: u64 = 2;

/// What is looked for at one node.
struct Looked {
    canaries: Canaries,
    /// The passphrase and a person's secret.
    typed: [String; 2],
    /// What a referral says, and who works here.
    content: Vec<String>,
    keys: Vec<(&'static str, Vec<u8>)>,
}

/// Searches a process and says what was found. `None` where this account may not look.
fn look(when: &str, process: u32, canaries: &Canaries) -> Option<Seen> {
    let Some(seen) = memory::search(process, canaries).unwrap() else {
        eprintln!("{when}: this account may not read the memory of {process}");
        assert!(!geteuid().is_root() || std::fs::read("/proc/1/environ").is_err(), "root may");
        return None;
    };
    for (finding, times) in &seen.found {
        eprintln!("   {times} x {:?} ({})", finding.needle, finding.form);
    }
    assert!(seen.bytes > 512 * 1024, "there was something to search");
    Some(seen)
}

impl Looked {
    /// Of a node whose daemon does not run.
    fn of(node: &Node, sample: &Sample) -> Self {
        let typed = [passphrase_of(node), SECRET.to_owned()];
        let content: Vec<String> = sample.confidential().into_iter().chain([ANNA.to_owned()]).collect();
        let keys = keys_of(node);
        let canaries = Canaries::new(content.iter().chain(&typed).cloned()).with_bytes(keys.iter().cloned());
        Self { canaries, typed, content, keys }
    }

    /// Looks at the daemon's memory; at any time nothing that was typed is in it, and of each key no more than is promised. `None` where this
    /// account may not look.
    fn at(&self, when: &str, node: &Node) -> Option<Seen> {
        let seen = look(when, node.id().unwrap(), &self.canaries)?;
        let of_content: u64 = self.content.iter().map(|text| seen.times(text)).sum();
        let keys: Vec<_> = self.keys.iter().map(|(key, _)| format!("{key} {}", seen.times(key))).collect();
        eprintln!("{when}, {} bytes of {}: content {of_content}, {}", seen.bytes, node.agency.id, keys.join(", "));
        for typed in &self.typed {
            assert_eq!(seen.times(typed), 0, "{when}: what was typed is still in memory");
        }
        for (key, _) in &self.keys {
            assert!(seen.times(key) <= KEY_COPIES_MAX, "{when}: copies of the {key}");
        }
        Some(seen)
    }

    /// The same where reading is locked: nothing that people wrote is in memory.
    fn at_lock(&self, when: &str, node: &Node) {
        let Some(seen) = self.at(when, node) else { return };
        let left: Vec<_> = self.content.iter().filter(|text| seen.times(text) > 0).collect();
        assert!(left.is_empty(), "{when}: {left:?}");
    }
}

fn passphrase_of(node: &Node) -> String {
    std::fs::read_to_string(node.passphrase_file()).unwrap().trim_end().to_owned()
}

/// The keys of a vault that is closed.
fn keys_of(node: &Node) -> Vec<(&'static str, Vec<u8>)> {
    let passphrase = passphrase_of(node);
    let file = std::fs::read(node.data().join("vault.scv")).unwrap();
    let wrapped = file.split_last_chunk::<32>().unwrap().0;
    let vault_key = keyfile::open_with_passphrase(passphrase.as_bytes(), "safeconduct/v1 vault.scv", wrapped).unwrap();
    let mut database_key = vec![0; 32];
    Hkdf::<Sha256>::from_prk(&vault_key).unwrap().expand(b"safeconduct/v1 vault node.db", &mut database_key).unwrap();
    let vault = Vault::open(node.data(), &passphrase.into(), SystemClock.now(), &mut SystemEntropy).unwrap();
    let identity = keys::identity(&vault).unwrap();
    vec![
        ("identity key", identity.key.seed().reveal().to_vec()),
        ("hedge key", identity.hedge.reveal().to_vec()),
        ("vault key", vault_key.to_vec()),
        ("database key", database_key),
    ]
}

fn secret_file(world: &World) -> PathBuf {
    let path = world.folder().join("anna.secret");
    let file = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&path).unwrap();
    std::io::Write::write_all(&mut &file, format!("{SECRET}\n").as_bytes()).unwrap();
    path
}

/// A browser that keeps its connection for as long as it may.
struct Kept {
    host: String,
    cookie: String,
    stream: Option<TcpStream>,
}

impl Kept {
    fn new(node: &Node) -> Self {
        let url = node.done(&["page"]).unwrap()["url"].as_str().unwrap().to_owned();
        let host = url.trim_start_matches("http://").trim_end_matches('/').to_owned();
        Self { host, cookie: String::new(), stream: None }
    }

    fn ask(&mut self, method: &str, path: &str, body: &str) -> String {
        let (host, cookie) = (&self.host, &self.cookie);
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nAccept-Language: en\r\nCookie: {cookie}\r\n\
            Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        let mut stream = self.stream.take().unwrap_or_else(|| TcpStream::connect(&self.host).unwrap());
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(body.as_bytes()).unwrap();
        let (mut answer, mut piece) = (Vec::new(), vec![0; 65_536]);
        let whole = |answer: &[u8]| {
            let text = String::from_utf8_lossy(answer).to_lowercase();
            let (head, _body) = text.split_once("\r\n\r\n")?;
            let length = header(head, "content-length").and_then(|length| length.parse::<usize>().ok());
            let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n")?;
            (answer.len() >= end + 4 + length.unwrap_or(0)).then_some(())
        };
        while whole(&answer).is_none() {
            let read = stream.read(&mut piece).unwrap();
            assert!(read > 0, "the connection ended in the middle of an answer");
            answer.extend_from_slice(&piece[..read]);
        }
        let answer = String::from_utf8_lossy(&answer).into_owned();
        if header(&answer, "connection").as_deref() == Some("close") {
            // Until the other end has closed it, too.
            assert_eq!(stream.read(&mut piece).unwrap(), 0);
        } else {
            self.stream = Some(stream);
        }
        if let Some(cookie) = header(&answer, "set-cookie") {
            cookie.split(';').next().unwrap().clone_into(&mut self.cookie);
        }
        answer
    }
}

fn header(answer: &str, name: &str) -> Option<String> {
    answer.lines().find_map(|line| Some(line.strip_prefix(name)?.strip_prefix(": ")?.to_owned()))
}

fn marked() -> Sample {
    let mut sample = cast::sample("01").unwrap();
    *sample.referral.pointer_mut("/header/caseworker/name").unwrap() = "Zylphia Quorvane".into();
    sample
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Signs in on the page with a kept connection, reads the referral and leaves.
fn read_on_the_page(node: &Node, looked: &Looked) -> Kept {
    let mut browser = Kept::new(node);
    let (name, secret) = (ANNA.replace(' ', "+"), SECRET.replace(' ', "%20"));
    let answer = browser.ask("POST", "/", &format!("lang=en&name={name}&secret={secret}"));
    let base = header(&answer, "location").unwrap_or_else(|| answer.clone());
    looked.at("signed in on the page", node);
    let list = browser.ask("GET", &base, "");
    let links = list.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let link = links.into_iter().find(|link| link.contains("/referral/")).unwrap().to_owned();
    let shown = browser.ask("GET", &link, "");
    assert!(looked.content.iter().filter(|text| *text != ANNA).any(|text| shown.contains(text.as_str())), "{shown}");
    assert!(browser.stream.is_some(), "the browser keeps its connection");
    let seen = looked.at("read on the page", node);
    assert!(seen.is_none_or(|seen| !seen.found.is_empty()), "what is kept open is found");
    browser.ask("POST", &format!("{base}exit"), "");
    // The next thing that it asks for is nothing of ours.
    browser.ask("GET", "/away", "");
    browser
}

#[test]
fn a_nodes_memory_holds_nothing_that_was_typed_and_once_locked_nothing_that_was_read() {
    let world = World::found(Plan::default()).unwrap();
    let sample = marked();
    let agencies = [sample.from(), sample.to()].map(|id| cast::by_id(id).unwrap());
    let [mut lantern, mut harbour]: [Node; 2] = world.enrol_all(&agencies).unwrap().try_into().ok().unwrap();
    let [at_lantern, at_harbour] = [&mut lantern, &mut harbour].map(|node| {
        node.stop().unwrap();
        let looked = Looked::of(node, &sample);
        node.start().unwrap();
        node.connected().unwrap();
        looked.at("started", node);
        looked
    });
    let (anna, file) = (secret_file(&world), sample.write_into(&world.files()).unwrap());
    for node in [&lantern, &harbour] {
        let add = [
            "people",
            "add",
            ANNA,
            "--role",
            "caseworker",
            "--role",
            "admin",
            "--role",
            "intake",
            "--secret-file",
            text(&anna),
        ];
        node.done(&add).unwrap();
    }
    at_harbour.at("somebody was recorded", &harbour);

    let sent = lantern.done(&["send", text(&file), "--to", harbour.agency.id, "--by", ANNA]).unwrap();
    lantern.reaches(sent["message_id"].as_str().unwrap(), Stage::Delivered, WAY_SECONDS).unwrap();
    at_lantern.at("sent", &lantern);
    lantern.done(&["lock"]).unwrap();
    at_lantern.at_lock("sent and locked", &lantern);
    lantern.done(&["unlock"]).unwrap();
    at_lantern.at("unlocked with the passphrase", &lantern);

    harbour.receives(sample.referral_id(), WAY_SECONDS).unwrap();
    at_harbour.at("came", &harbour);
    let secrets = servers::Secrets::of(&world.authority);
    servers::the_relay(&world, &secrets, [(&lantern, &at_lantern), (&harbour, &at_harbour)]);
    harbour.done(&["referral", "show", sample.referral_id(), "--open", "--by", ANNA]).unwrap();
    at_harbour.at("shown", &harbour);
    let browser = read_on_the_page(&harbour, &at_harbour);
    at_harbour.at("left", &harbour);
    harbour.done(&["lock"]).unwrap();
    at_harbour.at_lock("locked, and a browser keeps its connection", &harbour);
    drop(browser);
    waiting::an_enrolment(&world);
    servers::the_administrators_page(&world, &secrets);
    servers::the_administrators_question(&world, &secrets);

    std::fs::remove_file(anna).unwrap();
    for (node, looked) in [(&lantern, &at_lantern), (&harbour, &at_harbour)] {
        let id = node.id().unwrap();
        let (locked, swapped) = (memory::kib(id, "VmLck").unwrap(), memory::kib(id, "VmSwap").unwrap());
        eprintln!("{}: {locked} KiB locked, {swapped} KiB in swap", node.agency.id);
        assert!(locked > 0, "SQLCipher locks what it has, within the system's limit");
        for folder in [node.data(), world.relay.folder(), &world.logs()] {
            let found = looked.canaries.in_folder(folder).unwrap().findings;
            assert!(found.is_empty(), "{found:?}");
        }
    }
}

#[test]
fn a_crash_leaves_no_core_and_says_nothing() {
    let world = World::found(Plan::default()).unwrap();
    let sample = marked();
    let agencies = [sample.from(), sample.to()].map(|id| cast::by_id(id).unwrap());
    let [mut lantern, harbour]: [Node; 2] = world.enrol_all(&agencies).unwrap().try_into().ok().unwrap();
    let file = sample.write_into(&world.files()).unwrap();
    lantern.send(&file, harbour.agency.id).unwrap();
    let canaries = Canaries::new(sample.confidential().into_iter().chain([passphrase_of(&lantern)]));
    let files =
        |folder: &Path| std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name()).collect::<Vec<_>>();
    let before = files(Path::new("."));

    for signal in [Signal::ABORT, Signal::ILL] {
        let limit = memory::limit(lantern.id().unwrap(), "Max core file size").unwrap();
        assert_eq!(limit, ("0".to_owned(), "0".to_owned()));
        let ended = lantern.crash(signal).unwrap();
        assert_eq!((ended.signal(), ended.core_dumped()), (Some(signal.as_raw()), false));
        lantern.start().unwrap();
    }

    assert_eq!(files(Path::new(".")), before, "a core would lie here");
    assert!(files(lantern.data()).iter().all(|name| !name.to_string_lossy().starts_with("core")));
    let found = canaries.in_folder(&world.logs()).unwrap();
    assert!(found.findings.is_empty() && found.bytes > 0, "{:?}", found.findings);
}
