//! A lost laptop, a snapshot that was put back, a second machine with one identity: nothing is lost that anybody still has, and
//! nothing is shown twice.

#![expect(clippy::unwrap_used, reason = "a step that fails is a test that fails")]

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use safeconduct_tests::cast::{self, Sample};
use safeconduct_tests::program::{self, Program, Programs};
use safeconduct_tests::seed::Seeded;
use safeconduct_tests::wait::{self, Deadline, Look};
use safeconduct_tests::world::{Node, Plan, Stage, World};
use serde_json::Value;

/// Longest time for one step, in seconds, on two shared cores.
const STEP_SECONDS: u64 = 120;
/// Files of a vault.
const VAULT_FILES: [&str; 4] = ["vault.scv", "node.db", "prekeys.seeds", "tls.key"];

struct Theatre {
    world: World,
    from: Node,
    to: Node,
    sample: Sample,
    random: Seeded,
}

impl Theatre {
    fn open() -> Self {
        let world = World::found(Plan::default()).unwrap();
        let sample = cast::sample("01").unwrap();
        let agencies = [cast::by_id(sample.from()).unwrap(), cast::by_id(sample.to()).unwrap()];
        let mut nodes = world.enrol_all(&agencies).unwrap();
        let (to, from) = (nodes.pop().unwrap(), nodes.pop().unwrap());
        Self { world, from, to, sample, random: Seeded::from_env("SAFECONDUCT_SEED") }
    }

    /// Sends another referral; its own id, and the message's.
    fn send(&mut self) -> (String, String) {
        let sample = self.sample.renamed(self.random.uuid());
        let file = sample.write_into(&self.world.files()).unwrap();
        let message = self.from.send(&file, self.to.agency.id).unwrap();
        (sample.referral_id().to_owned(), message)
    }

    /// Sends one, all the way.
    fn exchange(&mut self) -> (String, String) {
        let (referral, message) = self.send();
        self.from.reaches(&message, Stage::Delivered, STEP_SECONDS).unwrap();
        (referral, message)
    }

    fn shown(&self) -> Vec<String> {
        let mut all: Vec<String> = self.to.inbox().unwrap().into_iter().map(|message| message.referral_id).collect();
        all.sort();
        all
    }

    fn file(&self, name: &str) -> PathBuf {
        self.world.folder().join(name)
    }
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn copy_vault(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for name in VAULT_FILES {
        std::fs::copy(from.join(name), to.join(name)).unwrap();
    }
    for name in ["node.db-wal", "node.db-shm"] {
        std::fs::remove_file(to.join(name)).ok();
    }
}

fn sorted(mut all: Vec<String>) -> Vec<String> {
    all.sort();
    all
}

/// PEERS criterion 36.
#[test]
fn a_lost_laptop_comes_back_elsewhere_and_partners_send_again_what_it_lost() {
    let mut theatre = Theatre::open();
    let first = theatre.exchange();
    let backup = theatre.file("to.scbackup");
    let made = theatre.to.done(&["backup", "--out", &text(&backup)]).unwrap();
    assert_eq!(made["bytes"].as_u64(), Some(std::fs::metadata(&backup).unwrap().len()));
    let again = theatre.to.run(&["backup", "--out", &text(&backup)]).unwrap();
    assert_eq!((again.code, again.error().unwrap()["code"].as_str()), (Some(1), Some("file-exists")));
    let tried = theatre.to.done(&["backup", "verify", &text(&backup)]).unwrap();
    assert_eq!((tried["received"].as_u64(), tried["head_signed"].as_bool()), (Some(1), Some(true)));
    let lost = [theatre.exchange(), theatre.exchange()];

    theatre.to.kill().unwrap();
    std::fs::remove_dir_all(theatre.to.data()).unwrap();
    let waiting = theatre.send();
    theatre.from.reaches(&waiting.1, Stage::RelayAccepted, STEP_SECONDS).unwrap();
    theatre.to.move_to(theatre.file("another-machine")).unwrap();
    let back = theatre.to.done(&["restore", &text(&backup)]).unwrap();
    assert_eq!(back["epoch"].as_u64(), Some(2));
    theatre.to.start().unwrap();
    theatre.to.connected().unwrap();

    // What was under way comes by itself: its prekey is gone, so it is sealed anew.
    theatre.from.reaches(&waiting.1, Stage::Delivered, STEP_SECONDS).unwrap();
    let told = wait::until("the sender to hear of the restore", STEP_SECONDS, || {
        let status = theatre.from.done(&["status"])?;
        let open = status["restores"].as_array().cloned().unwrap_or_default();
        Ok(open.into_iter().next().map_or_else(|| Look::NotYet(status.to_string()), Look::Seen))
    })
    .unwrap();
    let ids = |list: &Value| -> Vec<String> {
        let lines = list["messages"].as_array().unwrap();
        sorted(lines.iter().map(|line| line["message_id"].as_str().unwrap().to_owned()).collect())
    };
    let lost_ids = sorted(lost.iter().map(|(_, message)| message.clone()).collect());
    assert_eq!(ids(&told), lost_ids);
    let agency = theatre.to.agency.id;
    let unasked = theatre.from.run(&["resend", agency]).unwrap();
    assert_eq!((unasked.code, unasked.error().unwrap()["code"].as_str()), (Some(1), Some("not-confirmed")));
    assert!(unasked.stderr.contains(&lost_ids[0]), "the list is shown before the yes: {}", unasked.stderr);
    assert_eq!(theatre.shown(), sorted(vec![first.0.clone(), waiting.0.clone()]), "nothing goes without a yes");

    let sent = theatre.from.done(&["resend", agency, "--yes"]).unwrap();
    assert!(ids(&sent) == lost_ids && sent["sent"] == true);
    for (_, message) in &lost {
        theatre.from.reaches(message, Stage::Delivered, STEP_SECONDS).unwrap();
    }

    let last = theatre.exchange();
    let all = [&first, &lost[0], &lost[1], &waiting, &last].map(|(referral, _)| referral.clone());
    assert_eq!(theatre.shown(), sorted(all.to_vec()), "everything once, nothing twice");
    let status = theatre.from.done(&["status"]).unwrap();
    assert!(status["restores"].is_null() && status["alarms"].as_array().unwrap().is_empty(), "{status}");
    let restored = wait::until("the restored node to hear what it lost", STEP_SECONDS, || {
        let status = theatre.to.done(&["status"])?;
        let lost = status["restored"]["lost"].as_array().cloned().unwrap_or_default();
        Ok(lost.into_iter().next().map_or_else(|| Look::NotYet(status.to_string()), Look::Seen))
    })
    .unwrap();
    assert!(restored["agency"] == theatre.from.agency.id && restored["seen"].as_u64() > restored["held"].as_u64());
}

/// Trap 43.
#[test]
fn a_folder_of_yesterday_that_is_put_back_is_refused_until_somebody_confirms() {
    let mut theatre = Theatre::open();
    theatre.exchange();
    theatre.to.stop().unwrap();
    let yesterday = theatre.file("yesterday");
    copy_vault(theatre.to.data(), &yesterday);
    theatre.to.start().unwrap();
    theatre.to.connected().unwrap();
    let lost = theatre.exchange();
    theatre.to.stop().unwrap();
    copy_vault(&yesterday, theatre.to.data());

    let (code, said) = theatre.to.fails_to_start(theatre.to.passphrase_file()).unwrap();

    assert_eq!(code, Some(5), "{said}");
    assert!(said.contains("this vault has gone back") && said.contains("restore --confirm"), "{said}");
    let (code, said) = theatre.to.fails_to_start(theatre.to.passphrase_file()).unwrap();
    assert!(code == Some(5) && !said.contains("\"relay-connected\""), "not even a connection, the second time: {said}");
    let refused = theatre.to.run(&["inbox"]).unwrap();
    assert_eq!((refused.code, refused.error().unwrap()["code"].as_str()), (Some(5), Some("vault-rolled-back")));
    theatre.to.done(&["restore", "--confirm"]).unwrap();
    theatre.to.start().unwrap();
    theatre.to.connected().unwrap();
    let agency = theatre.to.agency.id;
    wait::until("the sender to hear of it", STEP_SECONDS, || {
        let answer = theatre.from.run(&["resend", agency, "--yes"])?;
        Ok(if answer.is_done() { Look::Seen(()) } else { Look::NotYet(answer.stdout) })
    })
    .unwrap();
    theatre.from.reaches(&lost.1, Stage::Delivered, STEP_SECONDS).unwrap();
    theatre.exchange();
    assert_eq!(theatre.shown().len(), 3);
}

/// Trap 6.
#[test]
fn of_two_machines_with_one_identity_one_stops_and_names_the_other() {
    let mut theatre = Theatre::open();
    theatre.exchange();
    theatre.to.stop().unwrap();
    let taken = [theatre.from.agency.id, theatre.to.agency.id];
    let free = cast::AGENCIES.into_iter().find(|agency| !taken.contains(&agency.id)).unwrap();
    let clone = theatre.world.new_node(free).unwrap();
    let config = std::fs::read_to_string(theatre.to.data().join("config.toml")).unwrap();
    let passphrase = theatre.to.passphrase_file().to_owned();
    copy_vault(theatre.to.data(), clone.data());
    clone.write_config(&config).unwrap();
    theatre.to.start().unwrap();
    theatre.to.connected().unwrap();

    let (code, said) = clone.fails_to_start(&passphrase).unwrap();

    assert_eq!(code, Some(5), "{said}");
    assert!(said.contains("a second machine is using this agency's identity"), "{said}");
    theatre.exchange();
}

#[test]
fn a_backup_or_restore_that_is_killed_leaves_nothing_or_the_whole() {
    const KILLS: u64 = 6;
    let mut theatre = Theatre::open();
    theatre.exchange();
    theatre.to.stop().unwrap();
    let whole = theatre.file("whole.scbackup");
    theatre.to.done(&["backup", "--out", &text(&whole)]).unwrap();
    for kill in 0..KILLS {
        let after_ms = theatre.random.below(900);
        let file = theatre.file(&format!("killed-{kill}.scbackup"));
        kill_after(&theatre.to, &["backup", "--out", &text(&file)], after_ms);
        if file.exists() {
            theatre.to.done(&["backup", "verify", &text(&file)]).unwrap();
        }
    }
    for kill in 0..KILLS {
        let after_ms = theatre.random.below(2_500);
        theatre.to.move_to(theatre.file(&format!("killed-{kill}"))).unwrap();
        kill_after(&theatre.to, &["restore", &text(&whole)], after_ms);
        if !theatre.to.data().join("vault.scv").exists() {
            theatre.to.done(&["restore", &text(&whole)]).unwrap();
        }
        let inbox = theatre.to.inbox().unwrap();
        assert_eq!(inbox.len(), 1, "killed after {after_ms} ms");
    }
}

fn kill_after(node: &Node, arguments: &[&str], after_ms: u64) {
    let mut process = node.begin(arguments).unwrap();
    wait::at_most(Deadline::in_milliseconds(after_ms), || false);
    process.kill().unwrap();
}

#[test]
fn a_locked_daemon_goes_on_receiving_and_shows_nothing_until_the_passphrase_is_typed() {
    let mut theatre = Theatre::open();
    theatre.exchange();
    theatre.to.done(&["lock"]).unwrap();

    theatre.exchange();

    for command in [vec!["inbox"], vec!["directory"], vec!["resend", theatre.from.agency.id]] {
        let refused = theatre.to.run(&command).unwrap();
        assert_eq!((refused.code, refused.error().unwrap()["code"].as_str()), (Some(3), Some("locked")), "{command:?}");
    }
    let status = theatre.to.done(&["status"]).unwrap();
    assert!(status["locked"] == true && status["relay"]["state"] == "connected");
    let wrong = theatre.from.passphrase_file().to_owned();
    let refused = theatre.to.run_as(&wrong, &["unlock"]).unwrap();
    assert_eq!(refused.error().unwrap()["code"].as_str(), Some("wrong-passphrase"));
    assert_eq!(theatre.to.run(&["inbox"]).unwrap().code, Some(3));
    theatre.to.done(&["unlock"]).unwrap();
    assert_eq!(theatre.shown().len(), 2);
}

#[test]
fn the_passphrase_is_changed_while_the_daemon_is_stopped_and_not_while_it_runs() {
    let mut theatre = Theatre::open();
    let new = theatre.from.passphrase_file().to_owned();
    let change = ["passphrase", "--new-passphrase-file", &text(&new)];
    let refused = theatre.to.run(&change).unwrap();
    assert_eq!((refused.code, refused.error().unwrap()["code"].as_str()), (Some(3), Some("vault-in-use")));
    theatre.to.stop().unwrap();

    theatre.to.done(&change).unwrap();

    let (code, said) = theatre.to.fails_to_start(theatre.to.passphrase_file()).unwrap();
    assert!(code == Some(3) && said.contains("does not open this vault"), "{said}");
    theatre.to.run_as(&new, &["inbox"]).unwrap().data().unwrap();
}

#[test]
fn a_systemd_credential_opens_the_vault_without_a_person() {
    let folder = tempfile::tempdir().unwrap();
    let (data, credentials) = (folder.path().join("node"), folder.path().join("credentials"));
    std::fs::create_dir(&credentials).unwrap();
    let run = |arguments: &[&str]| {
        let mut command = Programs::find().unwrap().command(Program::Safeconduct);
        command.env("CREDENTIALS_DIRECTORY", &credentials).arg("--json").arg("--data").arg(&data);
        program::run(&mut command, "safeconduct", arguments).unwrap()
    };
    let without = run(&["init"]);
    assert_eq!((without.code, without.error().unwrap()["code"].as_str()), (Some(3), Some("passphrase-missing")));
    let credential = credentials.join("passphrase");
    std::fs::write(&credential, "the passphrase of a unit\n").unwrap();
    std::fs::set_permissions(&credential, std::fs::Permissions::from_mode(0o400)).unwrap();

    run(&["init"]).data().unwrap();

    assert_eq!(run(&["inbox"]).data().unwrap()["messages"].as_array().map(Vec::len), Some(0));
    std::fs::remove_file(&credential).unwrap();
    assert_eq!(run(&["inbox"]).code, Some(3));
}
