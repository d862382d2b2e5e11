//! The command `safeconduct-admin` as a script sees it: exit codes, one JSON object, no prompt without a terminal.

#![expect(clippy::unwrap_used, reason = "a test that cannot set its scene should fail loudly")]

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use safeconduct_certs::{
    authority::{relay_file::RelayFile, root::RootFile},
    enrol::code::InviteCode,
    link::TlsKey,
    system::SystemEntropy,
};
use safeconduct_protocol::{crypto::sign::SigningKey, id::NodeId};
use serde_json::Value;

struct Desk {
    folder: tempfile::TempDir,
}

struct Answer {
    code: Option<i32>,
    json: Value,
    stderr: String,
}

impl Desk {
    fn new() -> Self {
        let desk = Self { folder: tempfile::tempdir().unwrap() };
        desk.write("pass", b"seven quiet herons cross\n", 0o600);
        desk
    }

    fn with_authority() -> Self {
        let desk = Self::new();
        assert_eq!(
            desk.run(&["init", "--country", "XA", "--log-name", "xa.test/registry", "--no-witness"]).code,
            Some(0)
        );
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, bytes: &[u8], mode: u32) {
        fs::write(self.path(name), bytes).unwrap();
        fs::set_permissions(self.path(name), fs::Permissions::from_mode(mode)).unwrap();
    }

    fn run(&self, arguments: &[&str]) -> Answer {
        self.run_with("pass", arguments)
    }

    fn run_with(&self, passphrase: &str, arguments: &[&str]) -> Answer {
        let passphrase = self.path(passphrase);
        let mut all = vec!["--json", "--passphrase-file", passphrase.to_str().unwrap()];
        all.extend(arguments);
        run(&self.path("authority"), &all)
    }

    fn invite(&self, agency: &str, more: &[&str]) -> Answer {
        let mut arguments = vec!["invite", "--agency", agency, "--name", "eng=Harbour House", "--role", "NgoShelter"];
        arguments.extend(more);
        self.run(&arguments)
    }

    fn relay_file(&self, address: &str) -> PathBuf {
        let key = SigningKey::generate(&mut SystemEntropy).unwrap().verifying_key();
        let tls_spki = TlsKey::generate(&mut SystemEntropy).unwrap().spki_hash();
        let file = RelayFile {
            address: address.to_owned(),
            ik: key,
            tls_spki,
            node: NodeId::from_bytes([3; 32]),
            witness: None,
        };
        self.write("relay.pub", file.to_text().as_bytes(), 0o644);
        self.path("relay.pub")
    }
}

fn run(folder: &Path, arguments: &[&str]) -> Answer {
    let output = Command::new(env!("CARGO_BIN_EXE_safeconduct-admin"))
        .env_remove("SAFECONDUCT_ADMIN_PASSPHRASE_FILE")
        .env("SAFECONDUCT_ADMIN_DIR", folder)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let json = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
    Answer { code: output.status.code(), json, stderr: String::from_utf8_lossy(&output.stderr).into_owned() }
}

impl Answer {
    /// Refused with this exit code and error code, and told what to do.
    #[track_caller]
    fn refused(&self, exit: i32, code: &str) {
        assert_eq!((self.code, self.json["error"]["code"].as_str()), (Some(exit), Some(code)), "{}", self.json);
        assert_eq!(self.json["ok"], false);
        assert!(!self.json["error"]["remedy"].as_str().unwrap().is_empty());
        assert_eq!(self.stderr, "");
    }
}

#[test]
fn an_authority_is_made_once_and_its_root_file_exported_without_a_passphrase() {
    let desk = Desk::with_authority();
    desk.run(&["init", "--country", "XA", "--log-name", "xa.test/registry", "--no-witness"]).refused(1, "exists");
    let out = desk.path("root.scr");
    let exported = run(&desk.path("authority"), &["--json", "export-root", "--out", out.to_str().unwrap()]);
    assert_eq!(exported.code, Some(0));
    let root = RootFile::parse(&fs::read(&out).unwrap()).unwrap();
    assert_eq!(exported.json["data"]["fingerprint"], root.fingerprint().to_string());
    for entry in fs::read_dir(desk.path("authority/keys")).unwrap() {
        assert_eq!(entry.unwrap().metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn what_is_missing_or_wrong_is_named_for_what_it_is() {
    let desk = Desk::new();
    desk.run(&["status"]).refused(3, "no-authority");
    desk.run(&["bogus"]).refused(2, "usage");
    desk.run(&["init", "--country", "xa", "--log-name", "x", "--no-witness"]).refused(2, "usage");
    desk.run(&["init", "--country", "XA", "--log-name", "with space", "--no-witness"]).refused(2, "log-name");
    desk.write("short", b"short", 0o600);
    desk.run_with("short", &["init", "--country", "XA", "--log-name", "xa.test/x", "--no-witness"])
        .refused(2, "short-passphrase");

    let desk = Desk::with_authority();
    desk.write("wrong", b"another passphrase", 0o600);
    desk.run_with("wrong", &["status"]).refused(3, "wrong-passphrase");
    desk.write("open", b"seven quiet herons cross\n", 0o644);
    desk.run_with("open", &["status"]).refused(3, "passphrase-file-open");
    desk.run_with("nowhere", &["status"]).refused(3, "no-passphrase");
    run(&desk.path("authority"), &["--json", "status"]).refused(3, "no-passphrase");
}

#[test]
fn a_lock_that_is_held_is_named() {
    let desk = Desk::with_authority();
    let lock = fs::File::open(desk.path("authority/lock")).unwrap();
    rustix::fs::flock(&lock, rustix::fs::FlockOperation::NonBlockingLockExclusive).unwrap();
    desk.run(&["status"]).refused(3, "busy");
    drop(lock);
    assert_eq!(desk.run(&["status"]).code, Some(0));
}

#[test]
fn an_invitation_carries_the_fingerprint_and_stands_in_the_audit_file() {
    let desk = Desk::with_authority();
    desk.invite("xa.harbour-house", &["--offline"]).refused(3, "no-relay");
    let relay = desk.relay_file("nowhere.invalid:4433");
    assert_eq!(desk.run(&["relay", "add", relay.to_str().unwrap()]).code, Some(0));
    let answer = desk.invite("xa.harbour-house", &["--offline"]);
    assert_eq!(answer.code, Some(0));
    let code = InviteCode::parse(answer.json["data"]["code"].as_str().unwrap()).unwrap();
    let root = RootFile::parse(&fs::read(desk.path("authority/root.scr")).unwrap()).unwrap();
    assert_eq!(code.root(), root.fingerprint());
    desk.invite("xa.other", &["--offline", "--days", "0"]).refused(2, "days");
    desk.invite("xa.other", &["--offline", "--days", "31"]).refused(2, "days");
    desk.invite("xa.other", &["--offline", "--name", "eng=Twice"]).refused(2, "usage");
    desk.invite("XA.other", &["--offline"]).refused(2, "usage");
    desk.invite("xb.other", &["--offline"]).refused(2, "other-country");
    // Only an embassy represents a state.
    desk.invite("xa.other", &["--offline", "--represents", "XB"]).refused(1, "record-refused");
    desk.invite("xa.other", &["--offline", "--represents", "xb"]).refused(2, "usage");
    let other = desk.invite("xb.other", &["--offline", "--other-country"]);
    assert_eq!(other.code, Some(0), "a country without an authority: {}", other.json);
    assert_eq!(desk.run(&["revoke", "xb.other", "--offline"]).code, Some(0));
    desk.run(&["approve", "xa.harbour-house", "--words", "zoo", "--offline"]).refused(1, "no-request");
    desk.run(&["reject", "xa.nobody", "--offline"]).refused(1, "no-request");
    desk.run(&["suspend", "xa.harbour-house", "--yes", "--offline"]).refused(1, "agency-unknown");
    let audit = desk.run(&["audit"]);
    let lines = audit.json["data"]["lines"].as_array().unwrap();
    assert_eq!(lines.iter().filter(|line| line["act"] == "invite").count(), 2);
    assert!(!audit.json.to_string().contains(answer.json["data"]["code"].as_str().unwrap()));
    let status = desk.run(&["status"]);
    assert_eq!(status.json["data"]["invitations"][0]["agency"], "xa.harbour-house");
    // Nobody has used it: it is taken back without a question.
    assert_eq!(desk.run(&["revoke", "xa.harbour-house", "--offline"]).json["data"]["status"], "withdrawn");
    assert!(desk.run(&["status"]).json["data"]["invitations"].as_array().unwrap().is_empty());
    desk.run(&["revoke", "xa.harbour-house", "--offline", "--yes"]).refused(1, "agency-unknown");
}

#[test]
fn a_list_of_invitations_is_made_whole_or_not_at_all() {
    let desk = Desk::with_authority();
    let relay = desk.relay_file("nowhere.invalid:4433");
    assert_eq!(desk.run(&["relay", "add", relay.to_str().unwrap()]).code, Some(0));
    let entry = |id: &str| format!(r#"{{"agency_id":"{id}","names":{{"eng":"One"}},"roles":["NgoShelter"]}}"#);
    for (other, code) in [("xb.two", "other-country"), ("xa.one", "list")] {
        let text = format!("[{},{}]", entry("xa.one"), entry(other));
        desk.write("list.json", text.as_bytes(), 0o644);
        desk.run(&["invite-list", desk.path("list.json").to_str().unwrap(), "--offline"]).refused(2, code);
        assert!(desk.run(&["status"]).json["data"]["invitations"].as_array().unwrap().is_empty());
    }
}

#[test]
fn an_agreement_that_is_over_or_replaces_none_is_refused_and_one_that_is_replaced_is_asked_for() {
    let desk = Desk::with_authority();
    let agree = |to: &str, until: &str, more: &[&str]| {
        let mut arguments = vec!["agree", "--from", "NgoShelter", "--to", to, "--until", until, "--offline"];
        arguments.extend(more);
        desk.run(&arguments)
    };
    agree("Police", "2020-06-30", &["--yes"]).refused(2, "usage");
    agree("Police", "2099-06-30", &["--yes", "--number", "9"]).refused(1, "no-such-terms");
    assert_eq!(agree("Police", "2099-06-30", &["--yes"]).json["data"]["agreement"], 1);
    agree("NgoShelter", "2099-06-30", &["--number", "1"]).refused(2, "not-confirmed");
    assert_eq!(agree("NgoShelter", "2099-06-30", &["--number", "1", "--yes"]).code, Some(0));
    let ended = desk.run(&["agree", "--end", "1", "--yes", "--offline"]);
    assert_eq!(ended.code, Some(0));
    assert_eq!(desk.run(&["min-version", "1", "--offline"]).code, Some(0));
    desk.run(&["min-version", "0", "--offline"]).refused(1, "lower-version");
}

#[test]
fn what_is_final_is_not_done_without_a_yes() {
    let desk = Desk::with_authority();
    let relay = desk.relay_file("nowhere.invalid:4433");
    assert_eq!(desk.run(&["relay", "add", relay.to_str().unwrap()]).code, Some(0));
    desk.run(&["revoke", "xa.relay-1", "--offline"]).refused(2, "not-confirmed");
    desk.run(&["suspend", "xa.relay-1", "--offline"]).refused(2, "not-confirmed");
    desk.run(&["change", "xa.relay-1", "--name", "eng=Ferry", "--offline"]).refused(2, "not-confirmed");
    desk.run(&["change", "xa.relay-1", "--offline", "--yes"]).refused(2, "no-change");
    let change = ["change", "xa.relay-1", "--name", "eng=Ferry", "--offline", "--yes"];
    let size = |desk: &Desk| desk.run(&["status"]).json["data"]["size"].clone();
    assert_eq!((desk.run(&change).json["data"]["already"].clone(), size(&desk)), (false.into(), 2.into()));
    assert_eq!((desk.run(&change).json["data"]["already"].clone(), size(&desk)), (true.into(), 2.into()));
    assert_eq!(desk.run(&["status"]).json["data"]["agencies"][0]["status"], "active");
    assert_eq!(desk.run(&["revoke", "xa.relay-1", "--offline", "--yes"]).code, Some(0));
    assert_eq!(desk.run(&["status"]).json["data"]["agencies"][0]["status"], "revoked");
}

#[test]
fn a_relay_that_cannot_be_reached_loses_nothing() {
    let desk = Desk::with_authority();
    desk.run(&["publish"]).refused(3, "no-relay");
    let relay = desk.relay_file("nowhere.invalid:4433");
    assert_eq!(desk.run(&["relay", "add", relay.to_str().unwrap()]).code, Some(0));

    let answer = desk.invite("xa.harbour-house", &[]);

    answer.refused(4, "relay-unreachable");
    // The code is there all the same: the invitation is made, and `publish` will open it.
    assert!(InviteCode::parse(answer.json["error"]["data"]["code"].as_str().unwrap()).is_ok());
    assert_eq!(desk.run(&["status"]).json["data"]["invitations"][0]["agency"], "xa.harbour-house");
    desk.run(&["requests"]).refused(4, "relay-unreachable");
    desk.write("bad.pub", b"{}", 0o644);
    desk.run(&["relay", "add", desk.path("bad.pub").to_str().unwrap()]).refused(1, "relay-file-refused");
}

#[test]
fn a_changed_log_is_tampering() {
    let desk = Desk::with_authority();
    let relay = desk.relay_file("nowhere.invalid:4433");
    desk.run(&["relay", "add", relay.to_str().unwrap()]);
    let log = desk.path("authority/leaves.log");
    fs::write(&log, b"").unwrap();
    desk.run(&["status"]).refused(5, "head-refused");
}

#[test]
fn completions_and_manual_pages_need_no_authority() {
    let desk = Desk::new();
    assert_eq!(desk.run(&["completions", "bash"]).code, Some(0));
    let out = desk.path("man");
    assert_eq!(desk.run(&["man", "--out", out.to_str().unwrap()]).code, Some(0));
    assert!(out.join("safeconduct-admin-approve.1").exists());
}

/// A second authority beside the first, in a desk of its own.
fn exported(desk: &Desk, command: &str, name: &str) -> String {
    let out = desk.path(name).to_str().unwrap().to_owned();
    let answer = desk.run(&[command, "--out", &out]);
    assert_eq!(answer.code, Some(0), "{}", answer.json);
    out
}

#[test]
fn two_authorities_witness_each_other_by_files_and_a_log_that_was_set_back_is_refused() {
    let (ours, theirs) = (Desk::new(), Desk::new());
    let init = |desk: &Desk, name: &str, more: &[&str]| {
        let mut arguments = vec!["init", "--country", "XA", "--log-name", name];
        arguments.extend(more);
        let answer = desk.run(&arguments);
        assert_eq!(answer.code, Some(0), "{}", answer.json);
    };
    init(&theirs, "xb.test/registry", &["--no-witness"]);
    let key = exported(&theirs, "witness-key", "their.key");
    ours.run(&["init", "--country", "XA", "--log-name", "xa.test/x"]).refused(2, "usage");
    ours.run(&["init", "--country", "XA", "--log-name", "xa.test/x", "--witness", &key, "--quorum", "2"])
        .refused(2, "witness");
    init(&ours, "xa.test/registry", &["--witness", &key]);
    let root = exported(&ours, "export-root", "root.scr");
    let relay = ours.relay_file("nowhere.invalid:4433");
    assert_eq!(ours.run(&["relay", "add", relay.to_str().unwrap()]).code, Some(0));
    let before = fs::read(ours.path("authority/leaves.log")).unwrap();
    let small = exported(&ours, "export-log", "small.scl");
    assert_eq!(ours.invite("xa.harbour-house", &["--offline"]).code, Some(0));
    desk_grows(&ours);
    let log = exported(&ours, "export-log", "log.scl");
    let status = ours.run(&["status"]);
    assert_eq!(
        (&status.json["data"]["witnessed_by"], &status.json["data"]["witness_quorum"]),
        (&Value::from(Vec::<Value>::new()), &Value::from(1))
    );

    let note = theirs.path("note").to_str().unwrap().to_owned();
    let signed = theirs.run(&["witness", "--root", &root, &log, "--out", &note]);
    assert_eq!((signed.code, &signed.json["data"]["size"]), (Some(0), &Value::from(2)), "{}", signed.json);
    theirs.run(&["witness", "--root", &root, &small, "--out", &note]).refused(5, "witness-refused");
    ours.run(&["witness", "--root", &root, &log, "--out", &note]).refused(1, "own-log");

    assert_eq!(ours.run(&["cosignature", &note, "--offline"]).code, Some(0));
    ours.run(&["cosignature", &note, "--offline"]).refused(1, "no-cosignature");
    let status = ours.run(&["status"]);
    assert_eq!(status.json["data"]["witnessed_by"][0], "xb.test/registry/witness");
    assert!(status.json["data"]["warning"].as_str().unwrap().contains("one witness"));
    let audit = theirs.run(&["audit"]);
    assert_eq!(audit.json["data"]["lines"][0]["act"], "witness");
    assert_eq!(audit.json["data"]["lines"][1]["act"], "witness-refused");
    let policy = ours.run(&["policy"]);
    let policy = policy.json["data"]["policy"].as_str().unwrap();
    let line = format!("witness w1 {}", fs::read_to_string(&key).unwrap().trim_end());
    assert!(policy.starts_with("log xa.test/registry+") && policy.contains(&line), "{policy}");
    assert!(policy.ends_with("group witnesses 1 w1\nquorum witnesses\n"), "{policy}");

    // The log was set back and grown otherwise: the witness has seen the first.
    fs::write(ours.path("authority/leaves.log"), before).unwrap();
    fs::remove_file(ours.path("authority/head.bin")).unwrap();
    assert_eq!(ours.run(&["suspend", "xa.relay-1", "--yes", "--offline"]).code, Some(0));
    let forked = exported(&ours, "export-log", "forked.scl");
    theirs.run(&["witness", "--root", &root, &forked, "--out", &note]).refused(5, "witness-refused");
}

#[test]
fn every_act_that_wrote_an_entry_is_noted_with_its_number() {
    let (ours, theirs) = (Desk::with_authority(), Desk::new());
    let init = theirs.run(&["init", "--country", "XB", "--log-name", "xb.test/registry", "--no-witness"]);
    assert_eq!(init.code, Some(0), "{}", init.json);
    let relay = theirs.relay_file("nowhere.invalid:4433");
    assert_eq!(theirs.run(&["relay", "add", relay.to_str().unwrap()]).code, Some(0));
    let root = exported(&ours, "export-root", "root.scr");
    let file = theirs.path("introduction.sci").to_str().unwrap().to_owned();
    let introduced = theirs.run(&["introduce", "--root", &root, "--out", &file]);
    assert_eq!(introduced.code, Some(0), "{}", introduced.json);
    let fingerprint = introduced.json["data"]["fingerprint"].as_str().unwrap().to_owned();
    let recognise = ["recognise", &file, "--fingerprint", &fingerprint, "--until", "2999-12-31", "--offline"];

    assert_eq!(ours.run(&recognise).code, Some(0), "{}", ours.run(&recognise).json);
    assert_eq!(ours.run(&recognise).code, Some(0));
    assert_eq!(ours.run(&["recognise", "--end", "XB", "--yes", "--offline"]).code, Some(0));

    let audit = ours.run(&["audit"]);
    let details: Vec<&str> =
        audit.json["data"]["lines"].as_array().unwrap().iter().filter_map(|line| line["detail"].as_str()).collect();
    assert!(
        details[0].ends_with(", entry 0") && !details[1].contains("entry"),
        "the same again writes none: {details:?}"
    );
    assert!(details[2].ends_with("1 recognition(s) ended, entry 1"), "{details:?}");
}

/// One more entry.
fn desk_grows(desk: &Desk) {
    let file = desk.relay_file("another.invalid:4433");
    let mut text: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    text["node"] = Value::from("44".repeat(32));
    fs::write(&file, text.to_string()).unwrap();
    assert_eq!(desk.run(&["relay", "add", file.to_str().unwrap()]).code, Some(0));
}

#[test]
fn anyone_audits_an_exported_log_and_finds_what_was_changed() {
    let desk = Desk::with_authority();
    let relay = desk.relay_file("nowhere.invalid:4433");
    assert_eq!(desk.run(&["relay", "add", relay.to_str().unwrap()]).code, Some(0));
    assert_eq!(desk.run(&["suspend", "xa.relay-1", "--yes", "--offline"]).code, Some(0));
    desk.run(&["min-suite", "2", "--offline"]).refused(2, "not-confirmed");
    assert_eq!(desk.run(&["min-suite", "2", "--offline", "--yes"]).code, Some(0));
    desk.run(&["min-suite", "2", "--offline", "--yes"]).refused(1, "entry-refused");
    let (root, log) = (exported(&desk, "export-root", "root.scr"), exported(&desk, "export-log", "log.scl"));
    let nowhere = desk.path("nowhere");
    let audit = |log: &str, more: &[&str]| {
        let mut arguments = vec!["--json", "audit", "--root", root.as_str(), "--log", log];
        arguments.extend(more);
        run(&nowhere, &arguments)
    };

    let answer = audit(&log, &[]);

    assert_eq!(answer.code, Some(0), "{}", answer.json);
    let acts: Vec<&str> =
        answer.json["data"]["entries"].as_array().unwrap().iter().map(|entry| entry["act"].as_str().unwrap()).collect();
    assert_eq!(acts, ["add", "suspend", "min_suite"]);
    let fingerprint = answer.json["data"]["fingerprint"].as_str().unwrap();
    assert_eq!(audit(&log, &["--fingerprint", fingerprint]).code, Some(0));
    audit(&log, &["--fingerprint", &"0".repeat(25)]).refused(5, "root-refused");
    let whole = fs::read(&log).unwrap();
    for place in [60, whole.len() / 2, whole.len() - 1] {
        let mut bent = whole.clone();
        bent[place] ^= 1;
        desk.write("bent.scl", &bent, 0o644);
        audit(desk.path("bent.scl").to_str().unwrap(), &[]).refused(5, "log-refused");
    }
    let other = Desk::new();
    assert_eq!(other.run(&["init", "--country", "XB", "--log-name", "xb.test/registry", "--no-witness"]).code, Some(0));
    let other = exported(&other, "export-root", "root.scr");
    let answer = run(&nowhere, &["--json", "audit", "--root", &other, "--log", &log]);
    answer.refused(1, "other-authority");
    assert_eq!(
        answer.json["error"]["message"],
        "the log is of xa.test/registry, and the root file of xb.test/registry"
    );
}
