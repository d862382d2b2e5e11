//! What the three programs say of a command line that they cannot read.

/// The fact in what the parser of the command line has rendered: its first line, and for missing arguments which ones.
#[must_use]
pub fn fact(rendered: &str) -> String {
    let mut lines = rendered.lines();
    let first = lines.next().unwrap_or_default().trim_start_matches("error: ").trim_end();
    let listed: Vec<&str> = lines.take_while(|line| line.starts_with("  ")).map(str::trim).collect();
    if listed.is_empty() || !first.ends_with(':') {
        return first.trim_end_matches(':').to_owned();
    }
    format!("{first} {}", listed.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_argument_is_named() {
        let rendered =
            "error: the following required arguments were not provided:\n  --to <AGENCY>\n  <FILE>\n\nUsage: x\n";
        assert_eq!(fact(rendered), "the following required arguments were not provided: --to <AGENCY>, <FILE>");
        assert_eq!(fact("error: unexpected argument '--x' found\n\n  tip: a\n"), "unexpected argument '--x' found");
        assert_eq!(fact(""), "");
    }
}
