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
        assert_eq!(desk.run(&["init", "--country", "XA", "--log-name", "xa.test/registry"]).code, Some(0));
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
        let file = RelayFile { address: address.to_owned(), ik: key, tls_spki, node: NodeId::from_bytes([3; 32]) };
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
    desk.run(&["init", "--country", "XA", "--log-name", "xa.test/registry"]).refused(1, "exists");
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
    desk.run(&["init", "--country", "xa", "--log-name", "x"]).refused(2, "usage");
    desk.run(&["init", "--country", "XA", "--log-name", "with space"]).refused(2, "root-refused");
    desk.write("short", b"short", 0o600);
    desk.run_with("short", &["init", "--country", "XA", "--log-name", "x"]).refused(2, "short-passphrase");

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
    let answer = desk.invite("xa.harbour-house", &["--offline"]);
    assert_eq!(answer.code, Some(0));
    let code = InviteCode::parse(answer.json["data"]["code"].as_str().unwrap()).unwrap();
    let root = RootFile::parse(&fs::read(desk.path("authority/root.scr")).unwrap()).unwrap();
    assert_eq!(code.root(), root.fingerprint());
    desk.invite("xa.other", &["--offline", "--days", "0"]).refused(2, "days");
    desk.invite("xa.other", &["--offline", "--days", "31"]).refused(2, "days");
    desk.invite("xa.other", &["--offline", "--name", "eng=Twice"]).refused(2, "usage");
    desk.invite("XA.other", &["--offline"]).refused(2, "usage");
    desk.run(&["approve", "xa.harbour-house", "--words", "zoo", "--offline"]).refused(1, "no-request");
    desk.run(&["reject", "xa.harbour-house", "--offline"]).refused(1, "no-request");
    desk.run(&["suspend", "xa.harbour-house", "--yes", "--offline"]).refused(1, "agency-unknown");
    let audit = desk.run(&["audit"]);
    assert_eq!(audit.json["data"]["lines"][0]["act"], "invite");
    assert!(!audit.json.to_string().contains(answer.json["data"]["code"].as_str().unwrap()));
    let status = desk.run(&["status"]);
    assert_eq!(status.json["data"]["invitations"][0]["agency"], "xa.harbour-house");
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
