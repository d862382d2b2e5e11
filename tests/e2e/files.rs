//! Files over the API for programs, by real processes: a document of 100 MiB put at one node and taken at another in little memory, the
//! auditor's report, the evidence.

#![expect(clippy::unwrap_used, reason = "a step that fails is a test that fails")]

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Read};
use std::net::TcpStream;
use std::path::Path;

use safeconduct_tests::caller::Caller;
use safeconduct_tests::cast;
use safeconduct_tests::document::{self, Memory};
use safeconduct_tests::world::{Node, Plan, Stage, World};
use serde_json::Value;

const SECONDS: u64 = 300;
const MIB: u64 = 1024 * 1024;
/// What a node may grow by while a document passes through its API.
const GROWTH_MAX_BYTES: u64 = 32 * MIB;

/// A program that may do all that the API has.
struct Program(Caller);

fn admitted(node: &mut Node) -> Program {
    Program(Caller::admitted(node, &["--scope", "audit"]).unwrap())
}

/// An answer: its status, its head, and its body still to be read.
struct Answer {
    status: u16,
    head: String,
    body: BufReader<TcpStream>,
}

impl Answer {
    fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    fn text(mut self) -> String {
        let mut text = String::new();
        self.body.read_to_string(&mut text).unwrap();
        text
    }
}

impl Program {
    fn ask(&self, line: &str, body: &mut dyn Read, length: u64) -> Answer {
        let stream = self.0.send(line, "", body, length).unwrap();
        let (mut body, mut head) = (BufReader::new(stream), String::new());
        while !head.ends_with("\r\n\r\n") {
            assert!(body.read_line(&mut head).unwrap() > 0, "{head}");
        }
        Answer { status: head.split(' ').nth(1).unwrap().parse().unwrap(), head, body }
    }

    fn get(&self, path: &str) -> Answer {
        self.ask(&format!("GET {path}"), &mut std::io::empty(), 0)
    }

    fn post(&self, path: &str, body: &str) -> Answer {
        self.ask(&format!("POST {path}"), &mut body.as_bytes(), body.len() as u64)
    }

    fn put(&self, path: &str, file: &Path) -> Answer {
        let length = fs::metadata(file).unwrap().len();
        self.ask(&format!("PUT {path}"), &mut File::open(file).unwrap(), length)
    }
}

/// A file in the middle of which somebody locks the node.
struct Locking<'a> {
    file: File,
    left: u64,
    node: &'a Node,
}

impl Read for Locking<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let read = self.file.read(into)?;
        let before = self.left;
        self.left = self.left.saturating_sub(read as u64);
        if before > 0 && self.left == 0 {
            self.node.done(&["lock"]).unwrap();
        }
        Ok(read)
    }
}

#[test]
fn a_document_of_100_mib_passes_the_api_in_little_memory_and_comes_out_whole_after_somebody_has_opened_it() {
    let world = World::found(Plan::default()).unwrap();
    let sample = cast::sample("03").unwrap();
    let (from, to) = (cast::by_id(sample.from()).unwrap(), cast::by_id(sample.to()).unwrap());
    let mut nodes = world.enrol_all(&[from, to]).unwrap();
    let (mut to, mut from) = (nodes.pop().unwrap(), nodes.pop().unwrap());
    let (theirs, ours) = (admitted(&mut to), admitted(&mut from));
    let folder = world.files();
    let (path, document) = (sample.write_into(&folder).unwrap(), document::write(&folder, 100 * MIB).unwrap());
    let facts = from.done(&["document", "describe", &document.to_string_lossy()]).unwrap();
    let mut referral: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    let listed = &mut referral["case_file"]["attachments"][0];
    for member in ["media_type", "size_bytes", "sha256"] {
        listed[member] = facts[member].clone();
    }
    let attachment = listed["attachment_id"].as_str().unwrap().to_owned();
    fs::write(&path, referral.to_string()).unwrap();
    let id = referral["header"]["referral_id"].as_str().unwrap().to_owned();
    let message = from.send(&path, to.agency.id).unwrap();
    from.reaches(&message, Stage::Delivered, SECONDS).unwrap();

    // Another document is refused, however long it is; the listed one is taken once.
    let place = format!("/v1/referrals/{id}/documents/{attachment}");
    let other = folder.join("other.txt");
    fs::write(&other, "x".repeat(1_000_000)).unwrap();
    assert!(ours.put(&place, &other).text().contains("document-unlisted"));
    // Locked while it comes: nothing of it is taken, and nothing is left.
    let mut locking = Locking { file: File::open(&document).unwrap(), left: 10 * MIB, node: &from };
    let locked = ours.ask(&format!("PUT {place}"), &mut locking, 100 * MIB);
    assert_eq!(locked.status, 503);
    assert!(locked.text().contains("\"locked\""));
    from.done(&["unlock"]).unwrap();
    assert_eq!(fs::read_dir(from.data().join("blobs")).map_or(0, Iterator::count), 0);
    let memory = Memory::of(from.id().unwrap()).unwrap();
    let put = ours.put(&place, &document);
    assert_eq!(put.status, 200);
    let first: Value = serde_json::from_str(&put.text()).unwrap();
    let put_grew = memory.grew_by().unwrap();
    let second: Value = serde_json::from_str(&ours.put(&place, &other).text()).unwrap();
    assert_eq!(second["data"]["id"], first["data"]["id"], "it is there already");
    document::waits_for_state(&from, &id, "stored", SECONDS).unwrap();
    let here = document::waits_for_state(&to, &id, "held", SECONDS).unwrap();

    let content = format!("/v1/documents/{here}/content");
    assert!(theirs.get(&content).text().contains("not-opened"), "a program that reads opens nothing");
    assert_eq!(theirs.post(&format!("/v1/referrals/{id}/open"), "{}").status, 200);
    let memory = Memory::of(to.id().unwrap()).unwrap();
    let mut got = theirs.get(&content);
    assert_eq!((got.status, got.header("content-length")), (200, Some((100 * MIB).to_string().as_str())));
    assert_eq!(got.header("content-type"), Some("text/plain; charset=utf-8"));
    assert!(got.header("content-disposition").unwrap().starts_with("attachment; filename=\"document-"));
    assert_eq!(
        (got.header("x-content-type-options"), got.header("cache-control")),
        (Some("nosniff"), Some("no-store"))
    );
    let out = folder.join("out.txt");
    let mut file = File::create(&out).unwrap();
    assert_eq!(std::io::copy(&mut got.body, &mut file).unwrap(), 100 * MIB);
    let get_grew = memory.grew_by().unwrap();
    assert!(fs::read(&document).unwrap() == fs::read(&out).unwrap(), "it comes out as it went in");
    if let Some(file) = std::env::var_os("FILES_MEMORY_FILE") {
        let said = format!("grew by {put_grew} bytes while it was put and {get_grew} while it was taken\n");
        fs::write(file, said).unwrap();
    }
    assert!(put_grew < GROWTH_MAX_BYTES && get_grew < GROWTH_MAX_BYTES, "{put_grew} {get_grew}");

    // A file that was changed on the disk is not handed over, not even its beginning.
    let blobs = fs::read_dir(to.data().join("blobs")).unwrap().next().unwrap().unwrap().path();
    let mut bytes = fs::read(&blobs).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&blobs, bytes).unwrap();
    let broken = theirs.get(&content);
    assert!(broken.status != 200 && broken.text().contains("document-broken"));
}

#[test]
fn an_auditors_report_and_evidence_are_files_of_the_api() {
    let world = World::found(Plan::default()).unwrap();
    let sample = cast::sample("01").unwrap();
    let (from, to) = (cast::by_id(sample.from()).unwrap(), cast::by_id(sample.to()).unwrap());
    let mut nodes = world.enrol_all(&[from, to]).unwrap();
    let (to, mut from) = (nodes.pop().unwrap(), nodes.pop().unwrap());
    let program = admitted(&mut from);
    let path = sample.write_into(&world.files()).unwrap();
    let message = from.send(&path, to.agency.id).unwrap();
    from.reaches(&message, Stage::Delivered, SECONDS).unwrap();
    let line = from.done(&["referral", "list"]).unwrap()["referrals"][0].clone();
    let id = line["id"].as_str().unwrap();

    for (form, begins, media) in [("html", "<!DOCTYPE html>", "text/html"), ("csv", "row,referral_id", "text/csv")] {
        let report = program.get(&format!("/v1/audit/{form}?referral={id}"));
        assert_eq!((report.status, report.header("cache-control")), (200, Some("no-store")));
        assert!(report.header("content-disposition").unwrap().contains(&format!("audit.{form}")));
        assert!(report.header("content-type").unwrap().starts_with(media));
        let text = report.text();
        assert!(text.starts_with(begins) && text.contains(sample.referral_id()) && !text.contains("Oksana"), "{text}");
    }
    let evidence = program.get(&format!("/v1/evidence/{id}/file?content=true"));
    assert!(evidence.header("content-disposition").unwrap().contains("evidence.json"));
    let file = world.files().join("evidence.json");
    let text = evidence.text();
    assert!(!text.contains("\"opening\""), "no content, whatever is asked");
    fs::write(&file, text).unwrap();
    let verified = to.done(&["evidence", "verify", &file.to_string_lossy()]).unwrap();
    assert_eq!(verified["verified"], true);
}
