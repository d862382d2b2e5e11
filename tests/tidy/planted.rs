//! Bugs that are planted for the simulator are in no build that anybody uses.

use super::tree::{assert_none, read, sources};

/// What only the simulator turns on.
const ONLY_SIMULATED: [&str; 1] = ["planted"];
/// Who may name them: the crates that have them, and the simulator with its script.
const MAY: [&str; 3] = ["tests/sim/", "tests/tidy/", "docs/"];

#[test]
fn no_default_or_release_build_has_planted_bugs() {
    let mut broken = Vec::new();
    for source in sources().iter().filter(|source| source.path.ends_with("Cargo.toml")) {
        let manifest: toml::Table = source.text.parse().unwrap();
        let features = manifest.get("features").and_then(toml::Value::as_table);
        let turned_on = |list: &toml::Value| ONLY_SIMULATED.iter().any(|name| list.to_string().contains(name));
        for (name, list) in features.into_iter().flatten() {
            let is_own = ONLY_SIMULATED.contains(&name.as_str());
            let is_simulators = source.path == "tests/sim/Cargo.toml" && name != "default";
            if turned_on(list) && !is_own && !is_simulators {
                broken.push(format!("{}: `{name}` turns on {list}", source.path));
            }
        }
        for section in ["dependencies", "dev-dependencies", "build-dependencies", "workspace"] {
            let named = manifest.get(section).map(ToString::to_string).unwrap_or_default();
            if ONLY_SIMULATED.iter().any(|name| named.contains(&format!("\"{name}\""))) {
                broken.push(format!("{}: [{section}] turns one on", source.path));
            }
        }
    }
    assert_none("no manifest turns planted bugs on", &broken);
}

#[test]
fn private_readers_are_open_to_fuzzing_alone() {
    let names = |source: &&crate::tree::Source| {
        let is_manifest = source.path.ends_with("Cargo.toml") && source.path != "client/Cargo.toml";
        is_manifest && source.text.contains("\"fuzzing\"")
    };
    let sources = sources();
    let naming: Vec<&str> = sources.iter().filter(names).map(|source| source.path.as_str()).collect();
    assert_eq!(naming, ["tests/fuzzing/Cargo.toml"], "the feature `fuzzing` is turned on");
    let client: toml::Table = read("client/Cargo.toml").parse().unwrap();
    let turned_on = client["features"].as_table().unwrap().values().any(|list| list.to_string().contains("fuzzing"));
    assert!(!turned_on, "another feature turns `fuzzing` on");
}

#[test]
fn a_planted_bug_is_compiled_only_with_its_feature() {
    let mut broken = Vec::new();
    for source in sources().iter().filter(|source| source.is_product() && source.path != "protocol/src/planted.rs") {
        let lines: Vec<&str> = source.text.lines().collect();
        for (at, line) in lines.iter().enumerate().filter(|(_, line)| line.contains("planted::is(")) {
            // In a statement, or in an item, that begins with the attribute.
            let guarded =
                lines[at.saturating_sub(6)..=at].iter().any(|line| line.contains("#[cfg(feature = \"planted\")]"));
            if !guarded {
                broken.push(format!("{}:{}: {}", source.path, at + 1, line.trim()));
            }
        }
    }
    assert_none("planted bugs stand behind their feature", &broken);
}

#[test]
fn no_script_and_no_recipe_builds_with_them() {
    let scripts = sources();
    let scripts = scripts.iter().filter(|source| !source.is_rust() && !source.path.ends_with("Cargo.toml"));
    let named = scripts.filter(|source| {
        let is_free = source.path == "sim" || MAY.iter().any(|path| source.path.starts_with(path));
        let turns_on =
            |line: &str| ONLY_SIMULATED.iter().any(|name| line.contains("--features") && line.contains(name));
        !is_free && source.text.lines().any(turns_on)
    });
    assert_none("only ./sim builds planted bugs", &named.map(|source| source.path.clone()).collect::<Vec<_>>());
    assert!(read("sim").contains("--features safeconduct-sim/planted"), "./sim does");
}
