//! Programs at the local API of real nodes: what they ask is done once through a kill, what they follow has no gap, and the example does
//! what it shows.

#![expect(clippy::unwrap_used, reason = "a step that fails is a test that fails")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use safeconduct_tests::caller::Caller;
use safeconduct_tests::cast;
use safeconduct_tests::wait::{self, Look};
use safeconduct_tests::world::{Node, Plan, World};
use serde_json::{Value, json};

/// Longest time for one step, in seconds.
const STEP_SECONDS: u64 = 120;
const LANTERN: &str = "xa.lantern-helpline";
const HARBOUR: &str = "xa.harbour-house";

fn two(world: &World) -> [Node; 2] {
    let agencies = [LANTERN, HARBOUR].map(|id| cast::by_id(id).unwrap());
    world.enrol_all(&agencies).unwrap().try_into().ok().unwrap()
}

/// A program that may read and act.
struct Program(Caller);

fn admitted(node: &mut Node, by: &[&str]) -> Program {
    Program(Caller::admitted(node, by).unwrap())
}

impl Program {
    /// Sends a request and leaves the answer to be read.
    fn send(&self, line: &str, more: &str, body: &str) -> TcpStream {
        self.0.send(line, more, &mut body.as_bytes(), body.len() as u64).unwrap()
    }

    fn ask(&self, line: &str, more: &str, body: &str) -> (u16, String) {
        let mut answer = String::new();
        self.send(line, more, body).read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
    }

    /// The events after `last`, until one is `wanted`: their ids and data.
    fn follow(&self, last: u64, wanted: impl Fn(&Value) -> bool) -> Result<Vec<(u64, Value)>, String> {
        let stream = self.send("GET /v1/events", &format!("last-event-id: {last}\r\n"), "");
        let (mut all, mut id) = (Vec::new(), 0);
        for line in BufReader::new(stream).lines() {
            let line = line.unwrap();
            if let Some(text) = line.strip_prefix("id: ") {
                id = text.parse().unwrap();
            } else if let Some(text) = line.strip_prefix("data: ") {
                let data: Value = serde_json::from_str(text).unwrap();
                let is_last = wanted(&data);
                all.push((id, data));
                if is_last {
                    return Ok(all);
                }
            }
        }
        Err(format!("the events end: {all:?}"))
    }
}

fn enquiry(to: &str) -> String {
    let form = json!({"kind": "Enquiry", "services": ["Shelter"], "age_band": "25-34", "country_of_need": "XA", "urgency": "Urgent"});
    json!({"to": [to], "form": form}).to_string()
}

fn count(node: &Node) -> usize {
    node.done(&["referral", "list"]).unwrap()["referrals"].as_array().unwrap().len()
}

#[test]
fn a_post_with_a_key_is_done_once_through_a_kill() {
    let world = World::found(Plan::default()).unwrap();
    let [mut lantern, _harbour] = two(&world);
    let program = admitted(&mut lantern, &[]);
    let enquire =
        |key: &str| program.ask("POST /v1/enquire", &format!("idempotency-key: {key}\r\n"), &enquiry(HARBOUR));

    let (status, answer) = enquire("first");
    assert_eq!(status, 200, "{answer}");
    lantern.kill().unwrap();
    lantern.start().unwrap();
    assert_eq!(enquire("first"), (200, answer));
    assert_eq!(count(&lantern), 1);

    // Killed somewhere in the middle: it is done or not, and never twice.
    let cut = program.send("POST /v1/enquire", "idempotency-key: second\r\n", &enquiry(HARBOUR));
    lantern.kill().unwrap();
    drop(cut);
    lantern.start().unwrap();
    let (status, answer) = enquire("second");
    assert!(status == 200 || (status == 409 && answer.contains("outcome-unknown")), "{status} {answer}");
    let after = count(&lantern);
    assert!(after == 2 || (after == 1 && status == 409), "{after} {status}");
    assert_eq!(enquire("second"), (status, answer));
    assert_eq!(count(&lantern), after);
}

#[test]
fn events_go_on_over_a_restart_without_a_gap() {
    let world = World::found(Plan::default()).unwrap();
    let [lantern, mut harbour] = two(&world);
    let program = admitted(&mut harbour, &[]);
    let form = world.folder().join("form.json");
    let asked: Value = serde_json::from_str(&enquiry(HARBOUR)).unwrap();
    std::fs::write(&form, asked["form"].to_string()).unwrap();
    let enquire = || lantern.done(&["enquire", form.to_str().unwrap(), "--to", HARBOUR]).unwrap();
    let came = |data: &Value| data["what"] == "referral";

    enquire();
    let first = program.follow(0, came).unwrap();
    let last = first.last().unwrap().0;
    harbour.stop().unwrap();
    enquire();
    harbour.start().unwrap();
    let second = program.follow(last, came).unwrap();

    assert!(second.iter().all(|(id, _)| *id > last));
    assert_ne!(second.last().unwrap().1["id"], first.last().unwrap().1["id"]);
    let newest = second.last().unwrap();
    let whole = program.follow(0, |data| data == &newest.1).unwrap();
    assert_eq!(whole, [first.clone(), second.clone()].concat());
    for (_, data) in whole {
        assert_eq!(data.as_object().unwrap().keys().collect::<Vec<_>>(), ["id", "state", "what"]);
    }
}

/// Text in a file for this user alone.
fn private(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    let file = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&path).unwrap();
    writeln!(&file, "{text}").unwrap();
    path
}

#[test]
fn the_example_takes_in_what_comes_and_the_sender_hears_of_it() {
    let world = World::found(Plan::default()).unwrap();
    let [lantern, mut harbour] = two(&world);
    let secret = private(world.folder(), "secret", "violet tram");
    let secret = secret.to_str().unwrap();
    let add = |name: &str, by: &[&str]| {
        let one = [
            "people",
            "add",
            name,
            "--role",
            "intake",
            "--role",
            "may-accept",
            "--role",
            "caseworker",
            "--role",
            "admin",
            "--secret-file",
            secret,
        ];
        harbour.done(&[&one[..], by].concat()).unwrap();
    };
    // Two work there: without a word about who acts nothing goes.
    add("Anna Example", &[]);
    add("Boris Example", &["--by", "Anna Example", "--by-secret-file", secret]);
    let program = admitted(&mut harbour, &["--by", "Anna Example"]);
    let token = private(world.folder(), "token", &program.0.token);
    let form = world.folder().join("form.json");
    let asked: Value = serde_json::from_str(&enquiry(HARBOUR)).unwrap();
    std::fs::write(&form, asked["form"].to_string()).unwrap();
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/case_management.py");
    let output = std::fs::File::create(world.folder().join("example.log")).unwrap();
    let mut running = std::process::Command::new("python3")
        .arg(example)
        .args(["--port", &program.0.port.to_string(), "--accept", "Shelter", "--count", "1", "--token-file"])
        .args([token.as_path(), Path::new("--place"), &world.folder().join("place")])
        .args([Path::new("--evidence"), world.folder()])
        .stdout(output.try_clone().unwrap())
        .stderr(output)
        .spawn()
        .unwrap();

    lantern.done(&["enquire", form.to_str().unwrap(), "--to", HARBOUR]).unwrap();
    let said = || std::fs::read_to_string(world.folder().join("example.log")).unwrap();
    let ended = wait::until("the example to accept one", STEP_SECONDS, || {
        Ok(running.try_wait().unwrap().map_or_else(|| Look::NotYet(said()), Look::Seen))
    });
    if ended.is_err() {
        running.kill().ok();
    }
    let status = ended.unwrap();

    assert!(status.success(), "{}", said());
    let own = harbour.done(&["referral", "list"]).unwrap()["referrals"][0]["id"].as_str().unwrap().to_owned();
    let evidence = world.folder().join(format!("{own}.json"));
    let verified = lantern.done(&["evidence", "verify", evidence.to_str().unwrap()]).unwrap();
    assert_eq!(verified["verified"], true, "it keeps what both have signed");
    let line = wait::until("the sender to hear of it", STEP_SECONDS, || {
        let line = lantern.done(&["referral", "list"])?["referrals"][0].clone();
        Ok(if line["state"] == "accepted" { Look::Seen(line) } else { Look::NotYet(line.to_string()) })
    })
    .unwrap();
    let id = line["id"].as_str().unwrap();
    wait::until("the note to come", STEP_SECONDS, || {
        let posts = lantern.done(&["post", "list", id])?.to_string();
        Ok(if posts.contains("will telephone today") { Look::Seen(()) } else { Look::NotYet(posts) })
    })
    .unwrap();
}
