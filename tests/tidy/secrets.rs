//! What holds a secret has no form that shows it and no comparison that takes as long as it fits; and each program is silent about what it did
//! when it panics.

use super::tree::{assert_none, read, sources};

/// Types that hold a secret, and where. A new one is added here.
const HOLDERS: [(&str, &str); 8] = [
    ("protocol/src/secret.rs", "Secret<const N: usize>"),
    ("protocol/src/crypto/sign.rs", "SigningKey"),
    ("client/src/vault/unlock.rs", "VaultKey"),
    ("client/src/vault/mod.rs", "Vault"),
    ("client/src/keys.rs", "Identity"),
    ("client/src/api/people.rs", "Typed"),
    ("certs/src/link/reset.rs", "ResetKey"),
    ("client/src/prekeys/seeds.rs", "Seeds"),
];
const FORBIDDEN: [&str; 4] = ["Debug", "PartialEq", "Hash", "Copy"];

#[test]
fn what_holds_a_secret_is_neither_shown_nor_compared_byte_by_byte() {
    let mut broken = Vec::new();
    for (path, name) in HOLDERS {
        let text = read(path);
        let lines: Vec<&str> = text.lines().collect();
        let declared = lines.iter().position(|line| {
            let line =
                line.trim_start_matches("pub(crate) ").trim_start_matches("pub(super) ").trim_start_matches("pub ");
            let rest = line.strip_prefix("struct ").and_then(|line| line.strip_prefix(name));
            rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()))
        });
        let Some(declared) = declared else {
            broken.push(format!("{path}: {name} is not there"));
            continue;
        };
        let before =
            lines.iter().take(declared).rev().take_while(|line| line.starts_with("#[") || line.starts_with("///"));
        let derived: Vec<&&str> = before.filter(|line| line.starts_with("#[derive")).collect();
        let bare = name.split('<').next().unwrap_or(name);
        for form in FORBIDDEN {
            let written = format!("{form} for {bare}");
            if derived.iter().any(|line| line.contains(form)) || text.contains(&written) {
                broken.push(format!("{path}: {name} has {form}"));
            }
        }
    }
    assert_none("secrets are neither shown nor compared", &broken);
}

#[test]
fn revealed_secrets_are_compared_by_what_takes_one_time() {
    let mut broken = Vec::new();
    for source in sources().iter().filter(|source| source.is_product()) {
        for (number, line) in source.lines_before_tests() {
            let sides = line.split(" == ").zip(line.split(" == ").skip(1));
            let unequal = line.split(" != ").zip(line.split(" != ").skip(1));
            let reveals = |side: &str| side.contains(".reveal()");
            if sides.chain(unequal).any(|(left, right)| reveals(left) || reveals(right)) {
                broken.push(format!("{}:{number}: {}", source.path, line.trim()));
            }
        }
    }
    assert_none("secrets are compared by `Secret::equals`", &broken);
}

#[test]
fn each_program_says_only_where_it_panicked_and_leaves_no_core() {
    for (main, first) in [
        ("client/src/main.rs", "client/src/cli/mod.rs"),
        ("relay/src/main.rs", "relay/src/main.rs"),
        ("certs/src/bin/safeconduct-admin/main.rs", "certs/src/bin/safeconduct-admin/main.rs"),
    ] {
        let text = read(main);
        let body = text.split("fn main() -> ExitCode {").nth(1).unwrap_or_default().trim_start();
        assert!(body.starts_with("quiet_panics("), "{main}: before anything else");
        assert!(read(first).contains("if no_core_dumps().is_err()"), "{first}");
    }
    for main in ["client/src/main.rs", "certs/src/bin/safeconduct-admin/main.rs"] {
        assert!(read(main).contains("#[global_allocator]\nstatic WIPED: ZeroAlloc<System>"), "{main}: memory is wiped");
    }
}
