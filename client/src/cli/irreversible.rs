//! Which commands cannot be taken back: each asks first, unless `--yes` is typed. Every other one is listed too, so that whoever adds a
//! command says which it is.

use clap::Command;

use super::command;

/// What ends something, erases something, or discloses to others what they did not have: nothing brings it back.
const IRREVERSIBLE: [&str; 23] = [
    "consent withdraw",
    "export csv",
    "key forget",
    "people end",
    "profile install",
    "referral accept",
    "referral close",
    "referral decline",
    "referral draft discard",
    "referral erase",
    "referral override-review",
    "referral raise",
    "referral reinstate",
    "referral release-hold",
    "referral withdraw",
    "report agree",
    "report national",
    "report release",
    "report schedule",
    "report send",
    "report set-aside",
    "resend",
    "token end",
];

/// What changes nothing, can be put right by another command, or is the sending itself: what was typed names file and recipient, and
/// `referral withdraw` takes it back. A renewed key waits for the authority's word, and `key forget` gives it up until then; for
/// `restore --confirm` the option is the yes.
const OTHERS: [&str; 81] = [
    "backup",
    "backup verify",
    "check",
    "completions",
    "daemon",
    "directory",
    "directory search",
    "directory show",
    "doctor",
    "document attach",
    "document describe",
    "document fetch",
    "document list",
    "document save",
    "document watch",
    "enquire",
    "enrol",
    "evidence export",
    "evidence list",
    "evidence report",
    "evidence verify",
    "import csv",
    "inbox",
    "init",
    "key rotate",
    "key rotate-tls",
    "key status",
    "key succeed",
    "lock",
    "man",
    "passphrase",
    "people add",
    "people list",
    "people roles",
    "people secret",
    "ping",
    "post answer",
    "page",
    "post list",
    "post note",
    "post question",
    "post status",
    "profile check",
    "profile duties",
    "profile list",
    "profile show",
    "receipts",
    "referral answer",
    "referral ask",
    "referral assign",
    "referral draft edit",
    "referral draft list",
    "referral draft new",
    "referral draft send",
    "referral draft show",
    "referral hold",
    "referral list",
    "referral new-from",
    "referral override-notice",
    "referral propose-transfer",
    "referral reflection",
    "referral request-level",
    "referral seen",
    "referral show",
    "referral start",
    "registry proof",
    "report chart",
    "report compute",
    "report end",
    "report received",
    "report show",
    "report travelling",
    "restore",
    "seen",
    "send",
    "send-again",
    "show",
    "status",
    "token list",
    "token new",
    "unlock",
];

/// Every command that can be typed, by its words.
fn commands(of: &Command, before: &str, all: &mut Vec<(String, bool)>) {
    for one in of.get_subcommands().filter(|one| one.get_name() != "help") {
        let name = format!("{before}{}", one.get_name());
        if !one.is_subcommand_required_set() {
            let asks = one.get_arguments().any(|argument| argument.get_long() == Some("yes"));
            all.push((name.clone(), asks));
        }
        commands(one, &format!("{name} "), all);
    }
}

#[test]
fn every_command_that_cannot_be_taken_back_asks_and_every_command_is_known_to_be_one_or_not() {
    let mut all = Vec::new();
    commands(&command(), "", &mut all);

    let listed = |name: &str| (IRREVERSIBLE.contains(&name), OTHERS.contains(&name));
    let unsaid: Vec<&String> =
        all.iter().map(|(name, _)| name).filter(|name| matches!(listed(name), (true, true) | (false, false))).collect();
    assert!(unsaid.is_empty(), "say here which they are: {unsaid:?}");
    for (name, asks) in &all {
        assert_eq!(*asks, listed(name).0, "{name}: --yes is for what cannot be taken back");
    }
    for name in IRREVERSIBLE.iter().chain(&OTHERS) {
        assert!(all.iter().any(|(one, _)| one == name), "{name} is no command any more");
    }
}
