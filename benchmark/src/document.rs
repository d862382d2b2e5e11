//! The newest numbers in `docs/PERFORMANCE.md`, between two marks; the words around them are written by hand.

use std::fmt::Write as _;

use crate::report::Report;

const BEGIN: &str = "<!-- numbers: written by ./bench --publish -->";
const END: &str = "<!-- end of numbers -->";

/// The document with these numbers in it; none when it has no place for them.
pub(crate) fn with_numbers(document: &str, report: &Report) -> Option<String> {
    let (before, rest) = document.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n{}{END}{after}", numbers(report)))
}

fn numbers(report: &Report) -> String {
    let about = &report.environment;
    let mut text = format!(
        "\nMade {} at commit {}, on {} cores ({}), {} MiB, Linux {}, {}; load average {} before the run.\n\n\
         | Figure | Measured, and its limit | | From |\n|---|---|---|---|\n",
        about.made,
        about.commit,
        about.cores,
        about.processor,
        about.memory_mib,
        about.kernel,
        about.file_system,
        about.load_before
    );
    for figure in &report.figures {
        // Writing to a String cannot fail.
        writeln!(text, "| {} | {} | {} | {} |", figure.what, figure.against(), figure.word(), figure.from).ok();
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, path::Path};

    use super::*;
    use crate::{
        environment::Environment,
        report::{Figure, Good},
    };

    #[test]
    fn numbers_replace_the_older_ones_and_nothing_else() {
        let report = Report {
            version: 1,
            environment: Environment::look(Path::new("/")),
            settings: BTreeMap::new(),
            figures: vec![Figure::new("one", 1.0, Good::AtLeast, 0.5, "here".to_owned())],
            measurements: BTreeMap::new(),
        };
        let document = format!("before\n{BEGIN}\nold\n{END}\nafter\n");

        let once = with_numbers(&document, &report).unwrap();

        assert!(once.starts_with("before\n") && once.ends_with("\nafter\n") && !once.contains("old"));
        assert!(once.contains("| one | 1.00, at least 0.50 | pass | here |"));
        assert_eq!(with_numbers(&once, &report).unwrap(), once);
        assert!(with_numbers("nothing", &report).is_none());
    }
}
