//! The whole enrolment from two people's terminals: the administrator's and the operator's, at most three commands each. Run with
//! `--nocapture` to read what they read. Passphrases come from files here, as a service manager gives them.

#![expect(clippy::unwrap_used, reason = "a step that fails is a test that fails")]
#![expect(clippy::print_stdout, reason = "the transcript is there to be read")]

use std::path::{Path, PathBuf};
use std::process::Command;

use safeconduct_tests::cast::AGENCIES;
use safeconduct_tests::process::{Lifetime, Process};
use safeconduct_tests::program::{Program, Programs};
use safeconduct_tests::wait::{self, Look};
use safeconduct_tests::world::{Plan, World};

const SECONDS: u64 = 90;
/// Commands that each of the two may need.
const COMMANDS_MAX: usize = 3;

/// One person at a terminal.
struct Terminal {
    who: &'static str,
    program: Program,
    programs: Programs,
    environment: Vec<(&'static str, PathBuf)>,
    folder: PathBuf,
    /// What was typed and what was read.
    said: Vec<(String, String)>,
}

impl Terminal {
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.programs.command(self.program);
        command.envs(self.environment.iter().map(|(name, path)| (name, path))).args(arguments);
        command
    }

    fn typed(&self, arguments: &[&str]) -> String {
        let quoted = |word: &&str| if word.contains(' ') { format!("\"{word}\"") } else { (*word).to_owned() };
        format!("{} {}", self.program.name(), arguments.iter().map(quoted).collect::<Vec<_>>().join(" "))
    }

    /// Types a command and reads until it ends.
    fn runs(&mut self, arguments: &[&str]) -> String {
        let output = self.command(arguments).output().unwrap();
        let read = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
        self.said.push((self.typed(arguments), read.clone()));
        assert!(output.status.success(), "{}: {read}", self.who);
        read
    }

    /// Types a command that goes on; its words are read with [`Going::reads`].
    fn begins(&mut self, arguments: &[&str]) -> Going {
        let log = self.folder.join(format!("{}-{}.terminal", self.who, self.said.len()));
        let process = Process::start(self.who, &mut self.command(arguments), &log, Lifetime::World).unwrap();
        self.said.push((self.typed(arguments), String::new()));
        Going { process, log, place: self.said.len() - 1 }
    }

    fn read(&mut self, going: &Going) {
        self.said[going.place].1 = text(&going.log);
    }
}

/// A command that runs.
struct Going {
    process: Process,
    log: PathBuf,
    place: usize,
}

impl Going {
    /// Waits until `wanted` finds what it looks for.
    fn reads<T>(&mut self, what: &str, wanted: impl Fn(&str) -> Option<T>) -> T {
        wait::until(what, SECONDS, || {
            Ok(wanted(&text(&self.log)).map_or_else(|| Look::NotYet(text(&self.log)), Look::Seen))
        })
        .unwrap()
    }

    fn ends(&mut self) {
        let status = wait::until("the command to end", SECONDS, || {
            Ok(self.process.ended()?.map_or_else(|| Look::NotYet(text(&self.log)), Look::Seen))
        });
        assert!(status.unwrap().success(), "{}", text(&self.log));
    }
}

fn text(log: &Path) -> String {
    std::fs::read_to_string(log).unwrap_or_default()
}

/// The line after the one that announces it, without its spaces.
fn line_after(text: &str, announced: &str) -> Option<String> {
    let mut lines = text.lines().skip_while(|line| !line.contains(announced)).skip(1);
    lines.find(|line| !line.trim().is_empty()).map(|line| line.trim().to_owned())
}

#[test]
fn an_enrolment_takes_three_commands_at_each_of_two_terminals() {
    let world = World::found(Plan::default()).unwrap();
    let partner = world.enrol(AGENCIES[4]).unwrap();
    let programs = Programs::find().unwrap();
    let (data, relay) = (world.folder().join("nodes").join("newcomer"), world.relay.address().to_string());
    let mut operator = Terminal {
        who: "operator",
        program: Program::Safeconduct,
        programs: programs.clone(),
        environment: vec![
            ("SAFECONDUCT_DATA", data),
            ("SAFECONDUCT_PASSPHRASE_FILE", partner.passphrase_file().to_owned()),
            ("LANG", "de_AT.UTF-8".into()),
        ],
        folder: world.logs(),
        said: Vec::new(),
    };
    let mut administrator = Terminal {
        who: "administrator",
        program: Program::Admin,
        programs,
        environment: vec![
            ("SAFECONDUCT_ADMIN_DIR", world.authority.folder().to_owned()),
            ("SAFECONDUCT_ADMIN_PASSPHRASE_FILE", world.authority.passphrase_file().to_owned()),
        ],
        folder: world.logs(),
        said: Vec::new(),
    };

    let invited = administrator.runs(&[
        "invite",
        "--agency",
        "xa.harbour-house",
        "--name",
        "eng=Harbour House",
        "--role",
        "NgoShelter",
        "--service",
        "EmergencyShelter",
    ]);
    let code = line_after(&invited, "Give this code").unwrap();
    // On the telephone: the code.
    let mut enrolling = operator.begins(&["enrol", &code, "--relay", &relay]);
    let words = enrolling.reads("the safety words", |text| line_after(text, "read these eight German words"));
    // On the telephone, the other way: the words.
    let requests = administrator.runs(&["requests"]);
    assert!(requests.contains("xa.harbour-house"), "{requests}");
    administrator.runs(&["approve", "xa.harbour-house", "--words", &words]);
    enrolling.ends();
    operator.read(&enrolling);
    let mut daemon = operator.begins(&["daemon"]);
    daemon.reads("the daemon to be connected", |text| text.contains("event=\"relay-connected\"").then_some(()));
    operator.read(&daemon);
    let pinged = operator.runs(&["ping", AGENCIES[4].id]);

    for terminal in [&administrator, &operator] {
        println!("\n=== {} ===", terminal.who);
        for (typed, read) in &terminal.said {
            println!("$ {typed}\n{read}");
        }
        assert!(terminal.said.len() <= COMMANDS_MAX, "{} needs {} commands", terminal.who, terminal.said.len());
    }
    assert!(pinged.contains(AGENCIES[4].id), "{pinged}");
    let enrolled = &operator.said[0].1;
    for sentence in ["Phone your authority", "Waiting for the authority's approval", "Next: safeconduct daemon"] {
        assert!(enrolled.contains(sentence), "{sentence} is not in\n{enrolled}");
    }
}
