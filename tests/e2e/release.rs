//! A release that somebody changed after it was signed is not installed: `scripts/release.sh sign` and `verify`, with keys made here.

#![expect(clippy::expect_used, reason = "a step that fails is a test that fails")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use tempfile::TempDir;

/// The checkout.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests stand in the checkout")
}

fn script(arguments: &[&Path]) -> Output {
    Command::new(root().join("scripts/release.sh")).args(arguments).output().expect("the script starts")
}

fn key(folder: &Path, name: &str) -> PathBuf {
    let path = folder.join(name);
    let made = Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-C", "", "-f"]).arg(&path).status();
    assert!(made.expect("ssh-keygen starts").success());
    path
}

fn sign(release: &Path, key: &Path, name: &str) {
    let done = script(&[Path::new("sign"), release, key, Path::new(name)]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

/// A folder as `build` leaves it, signed by two, and the file of signers that names both.
fn signed() -> (TempDir, PathBuf, PathBuf) {
    let folder = TempDir::new().expect("a folder");
    let release = folder.path().join("release");
    fs::create_dir_all(release.join("deploy")).expect("folders");
    for (name, content) in
        [("safeconduct", "program"), ("BUILD", "commit: 1"), ("deploy/safeconduct.service", "[Unit]")]
    {
        fs::write(release.join(name), content).expect("written");
    }
    let sums = Command::new("sha256sum")
        .args(["BUILD", "deploy/safeconduct.service", "safeconduct"])
        .current_dir(&release)
        .output()
        .expect("sums are taken");
    fs::write(release.join("SHA256SUMS"), sums.stdout).expect("written");
    let mut named = String::new();
    for name in ["asta", "bruno"] {
        let signer = key(folder.path(), name);
        let public = fs::read_to_string(signer.with_extension("pub")).expect("a public key");
        named += &format!("{name}@example.org namespaces=\"safeconduct-release\" {public}");
        sign(&release, &signer, name);
    }
    let signers = folder.path().join("signers");
    fs::write(&signers, named).expect("written");
    (folder, release, signers)
}

/// What `verify` says, and its exit code.
fn verified(release: &Path, signers: &Path) -> (Option<i32>, String) {
    let done = script(&[Path::new("verify"), release, signers]);
    (done.status.code(), String::from_utf8_lossy(&done.stdout).into_owned() + &String::from_utf8_lossy(&done.stderr))
}

#[test]
fn a_release_that_was_signed_is_verified() {
    let (_folder, release, signers) = signed();
    assert_eq!(
        verified(&release, &signers),
        (Some(0), "signed by asta@example.org, bruno@example.org: 3 files as signed\n".to_owned())
    );
}

#[test]
fn a_changed_file_is_refused() {
    let (_folder, release, signers) = signed();
    fs::write(release.join("safeconduct"), "another program").expect("written");
    let (code, said) = verified(&release, &signers);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("safeconduct: FAILED") && said.contains("do not install it"), "{said}");
}

#[test]
fn a_file_that_nobody_signed_is_refused() {
    let (_folder, release, signers) = signed();
    fs::write(release.join("deploy/another.service"), "[Unit]").expect("written");
    let (code, said) = verified(&release, &signers);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("deploy/another.service is there, and was not signed"), "{said}");
}

#[test]
fn sums_that_were_changed_with_the_file_are_refused() {
    let (_folder, release, signers) = signed();
    fs::write(release.join("safeconduct"), "another program").expect("written");
    let sums =
        Command::new("sha256sum").arg("safeconduct").current_dir(&release).output().expect("sums are taken").stdout;
    fs::write(release.join("SHA256SUMS"), sums).expect("written");
    let (code, said) = verified(&release, &signers);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("does not fit"), "{said}");
}

#[test]
fn the_signature_of_somebody_else_is_refused() {
    let (folder, release, signers) = signed();
    fs::remove_file(release.join("SHA256SUMS.bruno.sig")).expect("taken away");
    sign(&release, &key(folder.path(), "stranger"), "bruno");
    let (code, said) = verified(&release, &signers);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("SHA256SUMS.bruno.sig is by nobody whom the signers name"), "{said}");
}

#[test]
fn one_signer_is_not_enough_also_when_they_sign_twice() {
    let (folder, release, signers) = signed();
    fs::remove_file(release.join("SHA256SUMS.bruno.sig")).expect("taken away");
    let said = verified(&release, &signers).1;
    assert!(said.contains("1 of 2 signers have signed it: asta@example.org"), "{said}");
    sign(&release, &folder.path().join("asta"), "bruno");
    let (code, said) = verified(&release, &signers);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("1 of 2 signers have signed it: asta@example.org"), "{said}");
}

#[test]
fn what_was_changed_is_not_signed() {
    let (folder, release, _signers) = signed();
    fs::write(release.join("BUILD"), "commit: 2").expect("written");
    let done = script(&[Path::new("sign"), &release, &folder.path().join("asta"), Path::new("another")]);
    assert_eq!(done.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&done.stderr).contains("sign nothing that was changed"));
    assert!(!release.join("SHA256SUMS.another.sig").exists());
}
