//! Versions of the schema (`docs/PROTOCOL.md` §7): what this software reads, and what it keeps until it is updated.
//!
//! - The name is `safeconduct.referral/N`, `N` a whole number from 1 without leading zeros.
//! - `N` grows when a member, a code or a meaning is added; lists are never put in another order, codes never used anew.
//! - A writer writes the lowest `N` that can hold what it says. A reader of `N` reads every lower one.
//! - A higher `N` is not judged: nothing is known of its members, so nothing is said about them.

use super::code::Code;
use super::finding::Finding;
use super::json::Json;
use super::rule::RuleId;

/// The newest version that this software reads, and the one that it writes.
pub const NEWEST: u32 = 1;
/// What stands before the number.
const PREFIX: &str = "safeconduct.referral/";
/// Digits of the number; a longer one is no version.
const DIGITS_MAX: usize = 9;

/// What the name of a schema says to this software.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Version {
    /// A version that it reads.
    Read(u32),
    /// A version that it does not know yet.
    Newer(u32),
    /// No version of a referral.
    Foreign,
}

/// Reads the name of a schema.
#[must_use]
pub fn version(name: &str) -> Version {
    let digits = name.strip_prefix(PREFIX).unwrap_or_default();
    let plain = (1..=DIGITS_MAX).contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && !digits.starts_with('0');
    match digits.parse::<u32>() {
        Ok(number) if plain && number <= NEWEST => Version::Read(number),
        Ok(number) if plain => Version::Newer(number),
        _ => Version::Foreign,
    }
}

/// The one finding about a referral of a newer version, before anything else of it is looked at.
pub(crate) fn newer(node: &Json) -> Option<Finding> {
    let Some(Json::Text(name)) = node.get("header").and_then(|header| header.get("schema")) else { return None };
    let Version::Newer(number) = version(name) else { return None };
    let fact = format!("the referral is of version {number}, and this software reads up to version {NEWEST}");
    Some(Finding::refuse(Code::SchemaNewer, "/header/schema".to_owned(), fact).by(RuleId::F2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_name_of_the_form_with_a_higher_number_is_newer() {
        for (name, is) in [
            ("safeconduct.referral/1", Version::Read(1)),
            ("safeconduct.referral/2", Version::Newer(2)),
            ("safeconduct.referral/999999999", Version::Newer(999_999_999)),
            ("safeconduct.referral/1000000000", Version::Foreign),
            ("safeconduct.referral/0", Version::Foreign),
            ("safeconduct.referral/02", Version::Foreign),
            ("safeconduct.referral/+2", Version::Foreign),
            ("safeconduct.referral/2 ", Version::Foreign),
            ("safeconduct.referral/٢", Version::Foreign),
            ("safeconduct.referral/", Version::Foreign),
            ("Safeconduct.referral/2", Version::Foreign),
            ("other.referral/2", Version::Foreign),
            ("", Version::Foreign),
        ] {
            assert_eq!(version(name), is, "{name}");
        }
    }

    #[test]
    fn a_newer_referral_has_one_finding_whatever_else_it_holds() {
        let text = r#"{"header":{"schema":"safeconduct.referral/7","level":[]},"new":{"a":null}}"#;

        let findings = super::super::parse(text.as_bytes()).err().unwrap();

        assert_eq!(findings.len(), 1);
        assert_eq!((findings[0].code(), findings[0].rule()), (Code::SchemaNewer, RuleId::F2));
        assert_eq!(findings[0].pointer(), "/header/schema");
        assert!(findings[0].fact().contains("version 7") && findings[0].remedy().contains("update"));
    }

    #[test]
    fn a_foreign_name_is_judged_as_a_fault_of_this_version() {
        let findings = super::super::parse(br#"{"header":{"schema":"safeconduct.referral/02"}}"#).err().unwrap();

        assert!(findings.iter().all(|finding| finding.code() != Code::SchemaNewer));
        assert!(findings.iter().any(|finding| finding.pointer() == "/header/schema"));
    }
}
