//! The house rules, run as tests: what reading catches late, a search catches at once.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a file that cannot be read is a test that fails")]

mod documents;
mod metrics;
mod pages;
mod planted;
mod secrets;
mod simulated;
mod tree;
mod vocabulary;

use tree::{assert_none, read, sources};

/// Lines of a source file without its inline tests; past it, look for the second concept.
const FILE_LINES_MAX: usize = 500;
/// Longer files, and why.
const LONG_FILES: [(&str, &str); 1] = [("client/src/referral/codes.rs", "the schema's code lists, one line a code")];

#[test]
fn source_files_are_short() {
    let sources = sources();
    let long = sources.iter().filter(|source| source.is_rust() && !source.is_test_only()).filter_map(|source| {
        let lines = source.lines_before_tests().count();
        let listed = LONG_FILES.iter().any(|(path, _)| *path == source.path);
        (lines > FILE_LINES_MAX && !listed).then(|| format!("{}: {lines} lines", source.path))
    });
    assert_none("files are at most 500 lines", &long.collect::<Vec<_>>());
}

#[test]
fn every_source_file_says_what_it_is() {
    let sources = sources();
    let silent = sources
        .iter()
        .filter(|s| s.is_rust() && !s.is_test_only() && !s.text.trim_start().starts_with("//!"))
        .map(|s| s.path.clone());
    assert_none("a file begins with `//!`", &silent.collect::<Vec<_>>());
}

#[test]
fn only_the_command_lines_write_to_the_terminal() {
    let mut broken = Vec::new();
    for source in sources().iter().filter(|source| source.is_product()) {
        let may = source.path.contains("/cli/") || source.path.contains("/bin/");
        for (number, line) in source.lines_before_tests() {
            if !may && ["println!", "print!(", "eprint!("].iter().any(|word| line.contains(word)) {
                broken.push(format!("{}:{number}", source.path));
            }
        }
    }
    assert_none("no `println!` outside cli and bin", &broken);
}

#[test]
fn nothing_is_left_for_later_in_code() {
    let marks = ["todo", "unimplemented"].map(|word| format!("{word}!"));
    let mut broken = Vec::new();
    for source in sources().iter().filter(|source| source.is_rust()) {
        for (at, line) in source.text.lines().enumerate() {
            let ignored = line.trim_start().starts_with(concat!("#[", "ignore"));
            if ignored || marks.iter().any(|mark| line.contains(mark.as_str())) {
                broken.push(format!("{}:{}", source.path, at + 1));
            }
        }
    }
    assert_none("no stubs, no ignored tests", &broken);
}

#[test]
fn tests_wait_for_events_and_never_for_time() {
    let sleep = concat!("::", "sleep(");
    let sources = sources();
    let sleepy = sources.iter().filter(|source| {
        source.path.starts_with("tests/")
            && source.is_rust()
            && source.path != "tests/src/wait.rs"
            && source.text.contains(sleep)
    });
    assert_none("only tests/src/wait.rs sleeps", &sleepy.map(|source| source.path.clone()).collect::<Vec<_>>());
}

#[test]
fn no_path_of_one_machine_is_in_the_tree() {
    let machine = [["/wo", "rk/"].concat(), ["/ro", "ot/"].concat(), ["/ho", "me/"].concat()];
    let temporary = ["/t", "mp/"].concat();
    let mut broken = Vec::new();
    for source in sources() {
        for (number, line) in source.text.lines().enumerate() {
            let named = line.split(&temporary).skip(1).any(|rest| rest.starts_with(|c: char| c.is_ascii_lowercase()));
            // A folder of the tree may have such a name: `authority/root/`.
            let starts = |before: &str| !before.ends_with(|c: char| c.is_ascii_alphanumeric());
            let at_start = |path: &String| line.match_indices(path.as_str()).any(|(at, _)| starts(&line[..at]));
            if named || machine.iter().any(at_start) {
                broken.push(format!("{}:{}: {}", source.path, number + 1, line.trim()));
            }
        }
    }
    assert_none("no machine paths", &broken);
}

#[test]
fn signature_labels_are_those_of_the_protocol_document() {
    let sign = read("protocol/src/crypto/sign.rs");
    let in_code = texts_after(&sign, "\"safeconduct/v1 ");
    let protocol = read("docs/PROTOCOL.md");
    let list = protocol.split("Closed list of labels").nth(1).unwrap().split("Log and witness keys").next().unwrap();
    let in_document: Vec<&str> = list.split('`').skip(1).step_by(2).collect();

    for label in &in_document {
        assert!(in_code.contains(label), "`{label}` is in docs/PROTOCOL.md and not in sign.rs");
    }
    for label in &in_code {
        assert!(in_document.contains(label), "`{label}` is in sign.rs and not in docs/PROTOCOL.md");
    }
    for one in &in_document {
        let prefix = in_document.iter().filter(|other| other.starts_with(one)).count();
        assert_eq!(prefix, 1, "`{one}` is a prefix of another label");
    }
}

/// What stands between `mark` and the next quote, for each occurrence.
fn texts_after<'a>(text: &'a str, mark: &str) -> Vec<&'a str> {
    text.split(mark).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

#[test]
fn every_configuration_key_is_in_the_example_file() {
    for (code, example) in
        [("relay/src/config.rs", "deploy/relay.example.toml"), ("client/src/config.rs", "deploy/config.example.toml")]
    {
        let code_text = read(code);
        let raw = code_text.split("struct RawConfig {").nth(1).unwrap().split("\n}").next().unwrap();
        let keys =
            raw.lines().filter_map(|line| line.trim().trim_start_matches("pub ").split_once(": ").map(|(key, _)| key));
        let keys: Vec<&str> = keys.filter(|key| key.chars().all(|c| c.is_ascii_lowercase() || c == '_')).collect();
        let example_text: toml::Table = read(example).parse().unwrap();
        assert!(!keys.is_empty(), "{code} has keys");
        for key in &keys {
            assert!(example_text.contains_key(*key), "{example} lacks `{key}` of {code}");
        }
        assert_eq!(example_text.len(), keys.len(), "{example} has keys that {code} does not know");
    }
}
