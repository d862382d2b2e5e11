//! The attacks that the threat model lists by number, and the tests that it names for each: read by whoever runs them, and by
//! the house rule that holds the list complete.

use std::path::{Path, PathBuf};

/// How many there are: the table has each number from 1 on once, in order. A row is never taken out; what cannot apply says so.
pub const ATTACKS: u32 = 79;
/// Where the table stands.
pub const DOCUMENT: &str = "docs/THREAT-MODEL.md";

const HEADING: &str = "## Attacks, by number";
/// What stands in the place of tests where there is none.
const NO_TEST: &str = "none";
const IN_PART: &str = "**In part.**";

/// One row.
#[derive(Debug, Clone)]
pub struct Attack {
    /// Its number.
    pub number: u32,
    /// Who attacks, and how.
    pub attack: String,
    /// What is left to them.
    pub leaves: String,
    /// The tests that make it; empty where the row says why there is none.
    pub tests: Vec<Named>,
}

impl Attack {
    /// The row says that its tests do not make all of it.
    #[must_use]
    pub fn is_in_part(&self) -> bool {
        self.leaves.starts_with(IN_PART)
    }
}

/// A test, as `cargo nextest list` names it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Named {
    /// The binary's id, such as `safeconduct-protocol::messages`.
    pub binary: String,
    /// The path within it.
    pub test: String,
}

impl Named {
    /// Reads `binary test`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (binary, test) = text.split_once(' ')?;
        let is_name = |name: &str| !name.is_empty() && !name.contains(char::is_whitespace);
        (is_name(binary) && is_name(test)).then(|| Self { binary: binary.to_owned(), test: test.to_owned() })
    }

    /// Its function.
    #[must_use]
    pub fn function(&self) -> &str {
        self.test.rsplit("::").next().unwrap_or_default()
    }

    /// Whether a source file of its binary has this test, where its path says.
    #[must_use]
    pub fn exists(&self, root: &Path) -> bool {
        let Some(package) = self.binary.strip_prefix("safeconduct-") else { return false };
        let (package, target) = package.split_once("::").unwrap_or((package, ""));
        let (folder, first) = match (package, target) {
            ("sim", "") => (root.join("tests/sim/src"), Vec::new()),
            (_, "") => (root.join(package).join("src"), Vec::new()),
            (_, bin) if bin.starts_with("bin/") => (root.join(package).join("src").join(bin), Vec::new()),
            ("tests", _) => (root.join("tests").join(target), vec![root.join("tests/e2e").join(target)]),
            _ => (root.join(package).join("tests").join(target), vec![root.join(package).join("tests").join(target)]),
        };
        let modules: Vec<&str> = self.test.split("::").collect();
        let mut files: Vec<PathBuf> = first.iter().map(|file| file.with_extension("rs")).collect();
        files.extend(["lib.rs", "main.rs"].map(|name| folder.join(name)));
        let mut place = folder;
        for module in modules.iter().take(modules.len().saturating_sub(1)) {
            place.push(module);
            files.extend([place.with_extension("rs"), place.join("mod.rs")]);
        }
        files.iter().filter_map(|file| std::fs::read_to_string(file).ok()).any(|text| has_test(&text, self.function()))
    }
}

/// A function of this name, right under what makes it a test.
fn has_test(text: &str, function: &str) -> bool {
    let Some((before, _)) = text.split_once(&format!("fn {function}(")) else { return false };
    let Some((above, _)) = before.rsplit_once('\n') else { return false };
    let attributes = above.lines().rev().take_while(|line| line.trim_start().starts_with(['#', '/']));
    attributes.into_iter().any(|line| line.contains("#[test]") || line.contains("#[tokio::test"))
}

/// Reads the table.
///
/// # Errors
/// Every fault of it: a number that is missing, repeated or out of order, a row that is none, a name that is none.
pub fn read(document: &str) -> Result<Vec<Attack>, Vec<String>> {
    let lines =
        document.lines().skip_while(|line| *line != HEADING).skip(1).take_while(|line| !line.starts_with("## "));
    let rows = lines.filter(|line| line.starts_with("| ") && !line.starts_with("| #"));
    let (mut attacks, mut faults) = (Vec::new(), Vec::new());
    for (expected, line) in (1..).zip(rows) {
        match row(line) {
            Some(attack) if attack.number == expected => attacks.push(attack),
            Some(attack) => faults.push(format!("number {} stands where {expected} belongs", attack.number)),
            None => faults.push(format!("row {expected} is none: {line}")),
        }
    }
    let last = u32::try_from(attacks.len()).unwrap_or_default();
    if faults.is_empty() && last != ATTACKS {
        faults.push(format!("{last} attacks, and there are {ATTACKS}"));
    }
    if faults.is_empty() { Ok(attacks) } else { Err(faults) }
}

fn row(line: &str) -> Option<Attack> {
    let cells: Vec<&str> = line.strip_prefix("| ")?.strip_suffix(" |")?.split(" | ").collect();
    let [number, attack, leaves, tests] = cells[..] else { return None };
    let tests = if tests == NO_TEST {
        Vec::new()
    } else {
        let each = tests.split("<br>").map(|name| Named::parse(name.strip_prefix('`')?.strip_suffix('`')?));
        each.collect::<Option<Vec<_>>>()?
    };
    let filled = !attack.is_empty() && !leaves.is_empty();
    filled.then_some(())?;
    Some(Attack { number: number.parse().ok()?, attack: attack.to_owned(), leaves: leaves.to_owned(), tests })
}

/// The tests that the rows name and no source file has.
#[must_use]
pub fn missing(attacks: &[Attack], root: &Path) -> Vec<String> {
    let named = attacks.iter().flat_map(|attack| attack.tests.iter().map(move |test| (attack.number, test)));
    let gone = named.filter(|(_, test)| !test.exists(root));
    gone.map(|(number, test)| format!("{number}: `{} {}` is no test", test.binary, test.test)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(rows: &str) -> String {
        format!(
            "## Before\n\n| 9 | no | row | none |\n\n{HEADING}\n\n| # | a | b | c |\n|---|---|---|---|\n{rows}\n## After\n"
        )
    }

    #[test]
    fn a_table_with_a_row_missing_or_out_of_order_or_unreadable_is_refused() {
        let rows = |numbers: &[u32]| -> String {
            numbers
                .iter()
                .map(|n| format!("| {n} | who | what | `safeconduct-x a::b`<br>`safeconduct-y::z c` |\n"))
                .collect()
        };
        let all: Vec<u32> = (1..=ATTACKS).collect();
        let read_back = read(&document(&rows(&all))).unwrap();
        assert_eq!((read_back.len(), read_back[3].tests[1].test.as_str()), (ATTACKS as usize, "c"));
        assert!(read(&document(&rows(&all[1..]))).is_err() && read(&document(&rows(&all[..5]))).is_err());
        for bad in
            ["| 1 | who | what | |", "| 1 | who | what | `one` |", "| 1 |  | what | none |", "| 1 | who | what |"]
        {
            assert!(row(bad).is_none(), "{bad}");
        }
        assert!(row("| 1 | who | **In part.** what | none |").is_some_and(|attack| attack.is_in_part()));
    }

    #[test]
    fn a_test_is_found_where_its_path_says_and_nowhere_else() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let is = |binary: &str, test: &str| Named { binary: binary.to_owned(), test: test.to_owned() }.exists(root);
        let here = "a_test_is_found_where_its_path_says_and_nowhere_else";

        assert!(is("safeconduct-tests", &format!("attacks::tests::{here}")));
        assert!(!is("safeconduct-tests", &format!("seed::tests::{here}")));
        assert!(!is("safeconduct-client", &format!("attacks::tests::{here}")));
        assert!(!is("safeconduct-tests", "attacks::tests::document"), "a function that is no test");
    }
}
