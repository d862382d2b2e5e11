//! A panic says where it was, and nothing of what the program was doing.

use std::process::Command;

use safeconduct_certs::system::quiet_panics;

const CANARY: &str = "Oksana Canary-Vjkq";
/// Set for the process that is to panic.
const NOW: &str = "SAFECONDUCT_TEST_PANICS_NOW";

#[test]
fn a_panic_says_its_place_and_none_of_its_words() {
    if std::env::var_os(NOW).is_some() {
        quiet_panics("safeconduct", "1.2.3");
        panic!("called with {CANARY}");
    }
    let name = "a_panic_says_its_place_and_none_of_its_words";
    let ended = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture"])
        .env(NOW, "1")
        .env("RUST_BACKTRACE", "full")
        .output()
        .unwrap();

    let (out, said) = (String::from_utf8_lossy(&ended.stdout), String::from_utf8_lossy(&ended.stderr));
    assert!(!ended.status.success());
    assert!(!said.contains(CANARY) && !out.contains(CANARY), "{out}{said}");
    let lines: Vec<&str> = said.lines().filter(|line| line.starts_with("safeconduct 1.2.3: ")).collect();
    assert_eq!(lines.len(), 1, "{said}");
    assert!(lines[0].contains("tests/panics.rs:") && lines[0].contains("; start it again"), "{said}");
    assert!(!said.contains("stack backtrace"), "{said}");
}
