//! Reading the vector files, and counting.

use serde_json::Value;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vectors/");

/// A file's text.
pub(crate) fn text(file: &str) -> String {
    std::fs::read_to_string(format!("{FOLDER}{file}")).unwrap()
}

/// A file's JSON.
pub(crate) fn json(file: &str) -> Value {
    serde_json::from_str(&text(file)).unwrap()
}

/// All tests of all groups of a Wycheproof file, each with its group.
pub(crate) fn wycheproof(file: &str) -> Vec<(Value, Value)> {
    let all = json(file);
    let cases: Vec<_> = all["testGroups"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|group| group["tests"].as_array().unwrap().iter().map(|test| (group.clone(), test.clone())))
        .collect();
    assert_eq!(all["numberOfTests"].as_u64(), u64::try_from(cases.len()).ok(), "{file} is not whole");
    cases
}

/// A field's bytes.
pub(crate) fn bytes(value: &Value) -> Vec<u8> {
    hex::decode(value.as_str().unwrap()).unwrap()
}

/// A field's bytes when there are exactly `N`.
pub(crate) fn array<const N: usize>(value: &Value) -> Option<[u8; N]> {
    bytes(value).try_into().ok()
}

/// Whether a field lists this flag.
pub(crate) fn has_flag(test: &Value, flag: &str) -> bool {
    test["flags"].as_array().is_some_and(|flags| flags.iter().any(|f| f == flag))
}

/// Says how many cases ran; a suite that ran fewer than it has fails.
#[expect(clippy::print_stdout, reason = "the count is part of the test run's output")]
pub(crate) fn counted(name: &str, ran: usize, expected: usize) {
    println!("vectors: {name} {ran} cases");
    assert_eq!(ran, expected, "{name}");
}

/// The fields of one `name = hex` line each.
pub(crate) fn cctv(file: &str, name: &str) -> Vec<u8> {
    let text = text(file);
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(" = "));
    hex::decode(line.unwrap()).unwrap()
}
