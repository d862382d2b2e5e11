//! Runs every test that `docs/THREAT-MODEL.md` names for an attack, and says of each attack whether its tests held.
//!
//! `cargo test -p safeconduct-tests traps`. Without that word nothing is run: those tests are in the default run already.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "what a person reads who runs it")]

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Command, ExitCode, Stdio},
};

use safeconduct_tests::attacks::{self, Attack, DOCUMENT, Named};

/// The word that makes it run.
const WORD: &str = "traps";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.iter().any(|argument| argument == "--list") {
        return ExitCode::SUCCESS;
    }
    if !arguments.iter().any(|argument| argument == WORD) {
        println!("the attacks by number are run by: cargo test -p safeconduct-tests {WORD}");
        return ExitCode::SUCCESS;
    }
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(said) => {
            eprintln!("{WORD}: {said}");
            ExitCode::FAILURE
        }
    }
}

/// Whether all that is named holds.
fn run() -> Result<bool, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("the checkout has no root")?;
    let document = std::fs::read_to_string(root.join(DOCUMENT)).map_err(|error| format!("{DOCUMENT}: {error}"))?;
    let attacks = attacks::read(&document).map_err(|faults| faults.join("\n  "))?;
    let missing = attacks::missing(&attacks, root);
    if !missing.is_empty() {
        return Err(format!("{DOCUMENT} names what does not exist:\n  {}", missing.join("\n  ")));
    }
    let named: BTreeSet<&Named> = attacks.iter().flat_map(|attack| &attack.tests).collect();
    let outcomes = outcomes(root, &named)?;
    Ok(told(&attacks, &outcomes))
}

/// How each test ended, of one run of all.
fn outcomes(root: &Path, named: &BTreeSet<&Named>) -> Result<BTreeMap<Named, String>, String> {
    let has_nextest = cargo(root).args(["nextest", "--version"]).stdout(Stdio::null()).stderr(Stdio::null()).status();
    if !has_nextest.is_ok_and(|status| status.success()) {
        return Err("cargo-nextest is not here\n  → cargo install --locked cargo-nextest".to_owned());
    }
    let mut process = cargo(root)
        .args(["nextest", "run", "--locked", "--workspace", "--no-fail-fast", "--color", "never"])
        .args(["--status-level", "pass", "--final-status-level", "none", "--success-output", "never", "-E"])
        .arg(expression(named))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("cargo: {error}"))?;
    let mut outcomes = BTreeMap::new();
    let said = process.stderr.take().ok_or("cargo says nothing")?;
    for line in BufReader::new(said).lines() {
        let line = line.map_err(|error| format!("cargo: {error}"))?;
        if let Some((test, outcome)) = outcome(&line).filter(|(test, _)| named.contains(test)) {
            outcomes.insert(test, outcome);
        }
        eprintln!("{line}");
    }
    process.wait().map_err(|error| format!("cargo: {error}"))?;
    Ok(outcomes)
}

/// Cargo, without what the cargo that runs this has said about this package.
fn cargo(root: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root);
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_EXE_"].iter().any(|start| text.starts_with(start)) {
            command.env_remove(&name);
        }
    }
    command
}

/// Nextest's expression for exactly these tests.
fn expression(named: &BTreeSet<&Named>) -> String {
    let mut binaries: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for test in named {
        binaries.entry(&test.binary).or_default().push(format!("test(={})", test.test));
    }
    let each = binaries.iter().map(|(binary, tests)| format!("(binary_id(={binary}) & ({}))", tests.join(" + ")));
    each.collect::<Vec<_>>().join(" + ")
}

/// What a line of nextest says of a test: `STATUS [ 0.01s] (1/9) binary test`. A line that it is slow is no end.
fn outcome(line: &str) -> Option<(Named, String)> {
    let (status, rest) = line.trim_start().split_once(" [")?;
    let (_, rest) = rest.split_once("] ")?;
    let name = match rest.trim_start().strip_prefix('(') {
        Some(counted) => counted.split_once(") ")?.1,
        None => rest,
    };
    let is_end = !status.is_empty() && status != "SLOW" && !status.starts_with("TERMINATING");
    Named::parse(name.trim()).filter(|_| is_end).map(|test| (test, status.trim().to_owned()))
}

/// A line for each attack, and the count; whether none failed.
fn told(attacks: &[Attack], outcomes: &BTreeMap<Named, String>) -> bool {
    let (mut held, mut in_part, mut without, mut failed) = (0, 0, 0, 0);
    println!();
    for attack in attacks {
        let bad: Vec<String> = attack.tests.iter().filter_map(|test| fault(test, outcomes)).collect();
        let word = match (attack.tests.is_empty(), bad.is_empty()) {
            (true, _) => {
                without += 1;
                "no test"
            }
            (false, true) => {
                held += 1;
                in_part += u32::from(attack.is_in_part());
                if attack.is_in_part() { "ok, in part" } else { "ok" }
            }
            (false, false) => {
                failed += 1;
                "FAILED"
            }
        };
        let names: Vec<String> = attack.tests.iter().map(|test| format!("{} {}", test.binary, test.test)).collect();
        let said = match (attack.tests.is_empty(), bad.is_empty()) {
            (true, _) => attack.leaves.clone(),
            (false, true) => names.join(", "),
            (false, false) => bad.join(", "),
        };
        println!("{:>3}  {word:<11}  {}: {said}", attack.number, attack.attack);
    }
    println!(
        "\n{} attacks by number: {held} ok ({in_part} of them in part), {without} without a test, {failed} FAILED; {} tests",
        attacks.len(),
        outcomes.len()
    );
    failed == 0
}

/// What is the matter with a test; none when it passed.
fn fault(test: &Named, outcomes: &BTreeMap<Named, String>) -> Option<String> {
    match outcomes.get(test).map(String::as_str) {
        Some("PASS" | "LEAK") => None,
        Some(other) => Some(format!("{other}: {} {}", test.binary, test.test)),
        None => Some(format!("did not run (ignored, or not built): {} {}", test.binary, test.test)),
    }
}
