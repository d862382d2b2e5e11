//! The checkout's text files, and the little that the rules need to read them.

use std::path::{Path, PathBuf};

/// Folders that are not ours.
const PASSED_OVER: [&str; 2] = ["target", ".git"];

/// One text file.
pub(crate) struct Source {
    /// From the root of the checkout, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl Source {
    pub(crate) fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// A file of tests alone, declared under `#[cfg(test)]`.
    pub(crate) fn is_test_only(&self) -> bool {
        ["/tests.rs", "/suite.rs", "/testing.rs"].iter().any(|name| self.path.ends_with(name))
            || self.path.contains("/src/tests/")
    }

    /// What is compiled into the product: no tests, no demo.
    pub(crate) fn is_product(&self) -> bool {
        self.is_rust()
            && !self.is_test_only()
            && ["protocol/src/", "certs/src/", "relay/src/", "client/src/"].iter().any(|s| self.path.starts_with(s))
    }

    /// Numbered lines before the inline tests.
    pub(crate) fn lines_before_tests(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.text.lines().enumerate().map(|(at, line)| (at + 1, line));
        lines.take_while(|(_, line)| line.trim() != "#[cfg(test)]")
    }
}

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

pub(crate) fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every UTF-8 file of the checkout, vectors and the lock file aside, and the file that says where a linked checkout's history lies.
pub(crate) fn sources() -> Vec<Source> {
    let (root, mut folders, mut found) = (root(), vec![root()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = entry.path().strip_prefix(&root).unwrap().to_string_lossy().into_owned();
            if entry.file_type().unwrap().is_dir() {
                if !PASSED_OVER.contains(&name.as_str()) && path != "tests/vectors" {
                    folders.push(entry.path());
                }
            } else if name != "Cargo.lock"
                && name != ".git"
                && let Ok(text) = std::fs::read_to_string(entry.path())
            {
                found.push(Source { path, text });
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// Fails with every broken rule at once, each with its place.
pub(crate) fn assert_none(rule: &str, broken: &[String]) {
    assert!(broken.is_empty(), "{rule}:\n  {}", broken.join("\n  "));
}
