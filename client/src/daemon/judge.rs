//! The check of a referral, in the form in which findings are told.

use std::path::Path;

use safeconduct_certs::system::SystemClock;
use safeconduct_protocol::time::{Clock as _, Timestamp};

use crate::{
    api::shapes::Checked,
    error::{Told, ToldFinding},
    referral::{
        self, Code, Context, Finding, Referral, Severity,
        dates::Instant,
        policy::{Direction, Parent, RegistryFacts},
        profile::Profiles,
    },
};

/// A referral that may go.
pub(super) struct Accepted {
    pub(super) referral: Referral,
    pub(super) warnings: Vec<ToldFinding>,
    /// What could not be checked here, one sentence each.
    pub(super) not_checked: Vec<&'static str>,
}

impl Accepted {
    /// What lets it go only with a second person's confirmation.
    pub(super) fn for_two(&self) -> Vec<ToldFinding> {
        let for_two = |finding: &&ToldFinding| finding.code == Code::SecondPersonNeeded.as_str();
        self.warnings.iter().filter(for_two).cloned().collect()
    }
}

/// Checks the bytes of a referral.
pub(super) fn judge(
    bytes: &[u8],
    direction: Direction,
    now: Timestamp,
    profiles: &Profiles,
    registry: Option<RegistryFacts>,
) -> Result<Accepted, Told> {
    judge_after(bytes, direction, now, profiles, registry, None)
}

/// The same with what is known of the referral that a transfer continues.
pub(super) fn judge_after(
    bytes: &[u8],
    direction: Direction,
    now: Timestamp,
    profiles: &Profiles,
    registry: Option<RegistryFacts>,
    parent: Option<Parent>,
) -> Result<Accepted, Told> {
    let report = referral::check(bytes, &Context { direction, now, profiles, registry, parent });
    let told: Vec<ToldFinding> = report.findings().iter().map(tell).collect();
    let not_checked = report.not_checked().to_vec();
    match report.into_accepted() {
        Ok(referral) => Ok(Accepted { referral, warnings: told, not_checked }),
        Err(_findings) => Err(refused(told)),
    }
}

fn refused(told: Vec<ToldFinding>) -> Told {
    let refusals = told.iter().filter(|finding| finding.severity == "refuse").count();
    let mut refused = Told::refused(
        "referral-refused",
        format!("the referral cannot be sent: {refusals} of its fields must change"),
        "correct what each finding names, then try again",
    );
    refused.findings = told;
    refused
}

/// What is no form of a referral.
pub(super) fn no_form(findings: &[Finding]) -> Told {
    let mut told =
        Told::refused("no-form", "this is no form of a referral", "correct what each finding names, then try again");
    told.findings = findings.iter().map(tell).collect();
    told
}

pub(super) fn tell(finding: &Finding) -> ToldFinding {
    ToldFinding {
        code: finding.code().as_str().to_owned(),
        pointer: finding.pointer().to_owned(),
        fact: finding.fact().to_owned(),
        remedy: finding.remedy().to_owned(),
        severity: match finding.severity() {
            Severity::Refuse => "refuse",
            Severity::Warn => "warn",
            Severity::Note => "note",
        }
        .to_owned(),
        rule: finding.rule().as_str().to_owned(),
        decided_by: finding.decided_by().to_owned(),
    }
}

/// `check`: judges a referral without vault and registry, at `now` or at the time that is typed, by the profiles of this build and those
/// that are installed in the data folder.
///
/// # Errors
/// The findings, when it may not be sent; `usage` for a time that is none; `profile-damaged`.
pub fn checked(bytes: &[u8], now: Option<&str>, data: &Path) -> Result<Checked, Told> {
    let now = match now {
        Some(text) => {
            let at: Instant = text.parse().map_err(|error: referral::dates::NotAnInstant| {
                Told::usage(error.to_string(), "write it as 2026-06-01T12:00:00Z")
            })?;
            at.time()
        }
        None => SystemClock.now(),
    };
    let accepted = judge(bytes, Direction::Outbound, now, &*Profiles::installed(data)?, None)?;
    let not_checked = accepted.not_checked.into_iter().map(str::to_owned).collect();
    Ok(Checked { valid: true, findings: accepted.warnings, not_checked })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &[u8] = include_bytes!("../../../tests/samples/01-woman-sex-industry-shelter.json");
    const TRANSFER: &[u8] = include_bytes!("../../../tests/samples/10-transfer-onward.json");

    const NOWHERE: &str = "/nowhere";
    const NUMBERED: &[u8] = include_bytes!("../../../tests/samples/invalid/11-identifier-in-level-0-note.json");
    const EMBASSY: &[u8] = include_bytes!("../../../tests/samples/07-identity-documents-embassy.json");

    #[test]
    fn a_finding_is_told_with_its_rule_and_whose_value_decided() {
        let at = Some("2026-06-01T12:00:00Z");
        let refused = checked(NUMBERED, at, Path::new(NOWHERE)).unwrap_err();
        let late = String::from_utf8(EMBASSY.to_vec()).unwrap().replace("2026-10-01", "2040-10-01");
        let kept = checked(late.as_bytes(), at, Path::new(NOWHERE)).unwrap_err();

        assert_eq!((refused.findings[0].rule.as_str(), refused.findings[0].decided_by.as_str()), ("D02", "built in"));
        let words = refused.findings[0].words();
        assert!(
            words.starts_with("note-contains-identifier [D02] at /enquiry/note: ") && !words.contains("built in"),
            "{words}"
        );
        assert_eq!(kept.findings[0].rule, "D22");
        assert!(kept.findings[0].words().contains("(XA@3, retention_days.ServiceDelivery"), "{:?}", kept.findings);
        let json = serde_json::to_value(&kept.findings[0]).unwrap();
        assert_eq!(json["rule"], "D22");
        assert!(json["decided_by"].as_str().unwrap().contains("XA@3"));
    }

    #[test]
    fn a_check_without_registry_and_vault_says_what_it_did_not_check() {
        let of = |bytes| checked(bytes, Some("2026-06-01T12:00:00Z"), Path::new(NOWHERE)).unwrap().not_checked;

        let (plain, transfer) = (of(SAMPLE), of(TRANSFER));

        assert!(plain.len() == 1 && plain[0].contains("the registry was not asked"), "{plain:?}");
        assert!(transfer.len() == 2 && transfer[1].contains("NoOnwardSharing"), "{transfer:?}");
    }
}
