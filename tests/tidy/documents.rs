//! Documents: their links lead somewhere, their lists are complete, their promises have tests.

use std::path::{Component, Path, PathBuf};

use safeconduct_tests::attacks;

use crate::tree::{assert_none, read, root, sources};

/// Targets of `[text](target)`, code blocks aside.
fn links(text: &str) -> Vec<String> {
    let mut in_code = false;
    let mut found = Vec::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        }
        if in_code {
            continue;
        }
        found.extend(line.split("](").skip(1).filter_map(|rest| rest.split(')').next()).map(str::to_owned));
    }
    found
}

#[test]
fn every_link_in_a_document_leads_to_a_file() {
    let mut broken = Vec::new();
    for source in sources().iter().filter(|source| source.path.ends_with(".md")) {
        let folder = Path::new(&source.path).parent().unwrap();
        for link in links(&source.text) {
            let file = link.split('#').next().unwrap_or_default();
            if file.is_empty() || file.contains("://") || file.starts_with("mailto:") {
                continue;
            }
            let target = plain(&folder.join(file));
            if !root().join(&target).exists() {
                broken.push(format!("{}: {link}", source.path));
            }
        }
    }
    assert_none("links resolve", &broken);
}

/// A path without `..`.
fn plain(path: &Path) -> PathBuf {
    path.components().fold(PathBuf::new(), |mut plain, part| {
        match part {
            Component::ParentDir => drop(plain.pop()),
            Component::CurDir => {}
            Component::Normal(name) => plain.push(name),
            Component::Prefix(_) | Component::RootDir => {}
        }
        plain
    })
}

#[test]
fn every_file_that_a_document_names_in_backticks_exists() {
    let mut broken = Vec::new();
    for path in
        ["README.md", "docs/ARCHITECTURE.md", "docs/SPECIFICATION.md", "docs/THREAT-MODEL.md", "CONTRIBUTING.md"]
    {
        for name in read(path).split('`').skip(1).step_by(2) {
            let is_path =
                name.contains('/') && !name.contains([' ', '{', '*', ':', '<']) && !name.starts_with(['/', '.', '-']);
            let ours = ["protocol/", "certs/", "relay/", "client/", "tests/", "benchmark/", "docs/", "deploy/"]
                .iter()
                .any(|s| name.starts_with(s));
            if is_path && ours && !root().join(name).exists() {
                broken.push(format!("{path}: `{name}`"));
            }
        }
    }
    assert_none("files named exist", &broken);
}

#[test]
fn every_workspace_dependency_is_explained() {
    let cargo: toml::Table = read("Cargo.toml").parse().unwrap();
    let explained = read("docs/DEPENDENCIES.md");
    let dependencies = cargo["workspace"]["dependencies"].as_table().unwrap();
    let missing = dependencies
        .keys()
        .filter(|name| !name.starts_with("safeconduct-") && !explained.contains(&format!("| `{name}` |")))
        .cloned();
    assert_none("docs/DEPENDENCIES.md lists every dependency", &missing.collect::<Vec<_>>());
    for line in explained.lines().filter(|line| line.starts_with("| `")) {
        let name = line.split('`').nth(1).unwrap();
        assert!(dependencies.contains_key(name), "docs/DEPENDENCIES.md explains `{name}`, which is not used");
    }
}

#[test]
fn every_promise_names_a_test_that_exists() {
    let all: String = sources().iter().filter(|source| source.is_rust()).map(|source| source.text.as_str()).collect();
    let specification = read("docs/SPECIFICATION.md");
    let rows: Vec<&str> = specification.lines().filter(|line| line.starts_with("| P")).collect();
    assert!(rows.len() >= 20, "the specification has its promises");
    let mut broken = Vec::new();
    for row in rows {
        let tests = row.trim_end_matches(['|', ' ']).rsplit('|').next().unwrap_or_default();
        let named: Vec<&str> = tests.split('`').skip(1).step_by(2).collect();
        if named.is_empty() {
            broken.push(format!("no test: {row}"));
        }
        for test in named {
            let function = test.rsplit("::").next().unwrap();
            if !all.contains(&format!("fn {function}(")) {
                broken.push(format!("`{test}` is no test: {row}"));
            }
        }
    }
    assert_none("each promise has its test", &broken);
}

#[test]
fn every_attack_by_number_has_its_row_and_every_test_that_it_names_exists() {
    let attacks = attacks::read(&read(attacks::DOCUMENT)).unwrap_or_else(|faults| panic!("{}", faults.join("\n")));
    assert_none("each attack's tests exist", &attacks::missing(&attacks, &root()));
    let sources = sources();
    let labelled = sources.iter().filter(|source| source.is_rust()).flat_map(|source| {
        let functions = source.text.lines().filter_map(|line| line.trim().strip_suffix("() {"));
        functions.filter_map(|line| line.split_once("fn trap_")).map(|(_, name)| format!("trap_{name}"))
    });
    let named: Vec<&str> = attacks.iter().flat_map(|attack| attack.tests.iter().map(|test| test.function())).collect();
    let unnamed: Vec<String> = labelled.filter(|name| !named.contains(&name.as_str())).collect();
    assert_none("a test named after an attack stands in its row", &unnamed);
}

#[test]
fn the_glossary_explains_every_vocabulary_word_of_the_wire() {
    let glossary = read("docs/GLOSSARY.md").to_lowercase();
    for word in [
        "person",
        "caseworker",
        "operator",
        "administrator",
        "agency",
        "node",
        "authority",
        "registry",
        "checkpoint",
        "witness",
        "enrol",
        "referral",
        "message",
        "envelope",
        "mailbox",
        "slot",
        "prekey",
        "receipt",
        "evidence",
        "bundle",
        "relay-accepted",
        "delivered",
        "nack",
        "done",
        "quarantine",
        "expiry",
        "safety words",
        "disclosure level",
    ] {
        assert!(glossary.contains(word), "docs/GLOSSARY.md lacks {word}");
    }
}
