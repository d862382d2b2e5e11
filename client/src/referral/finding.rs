//! What a check found: where, what, and what to do.

use std::borrow::Cow;

use serde::Serialize;

use super::code::Code;
use super::rule::RuleId;

/// Whether a finding stops the referral.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// It is not sent, and not shown when it arrives.
    Refuse,
    /// It goes, and the caseworker is told.
    Warn,
    /// It came all the same: only the clock or the registry copy of this node says so. The recipient is told.
    Note,
}

/// One finding. It names the member, never the value of an identifying or sensitive one.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Finding {
    rule: RuleId,
    code: Code,
    pointer: String,
    fact: Cow<'static, str>,
    remedy: Cow<'static, str>,
    severity: Severity,
    decided_by: Cow<'static, str>,
}

/// What decided where no profile did.
const BUILT_IN: &str = "built in";

/// The rule of what reading finds; the decision table puts its own id in front of what it finds.
const fn rule_of_reading(code: Code) -> RuleId {
    if matches!(code, Code::LevelExceeded) {
        RuleId::D01
    } else if matches!(code, Code::ChildBlockMissing) {
        RuleId::A10
    } else if matches!(code, Code::ParentMissing) {
        RuleId::D16
    } else {
        RuleId::F1
    }
}

impl Finding {
    /// A refusal at a JSON pointer (RFC 6901), with the code's own remedy.
    pub(crate) fn refuse(code: Code, pointer: String, fact: impl Into<Cow<'static, str>>) -> Self {
        Self {
            rule: rule_of_reading(code),
            code,
            pointer,
            fact: fact.into(),
            remedy: Cow::Borrowed(code.remedy()),
            severity: Severity::Refuse,
            decided_by: Cow::Borrowed(BUILT_IN),
        }
    }

    /// A refusal in the code's own words.
    pub(crate) fn plain(code: Code, pointer: impl Into<String>) -> Self {
        Self::refuse(code, pointer.into(), code.fact())
    }

    /// A warning.
    pub(crate) fn warn(code: Code, pointer: impl Into<String>, fact: impl Into<Cow<'static, str>>) -> Self {
        Self { severity: Severity::Warn, ..Self::refuse(code, pointer.into(), fact) }
    }

    /// The same, told to the recipient and in nobody's way.
    pub(crate) fn noted(self) -> Self {
        Self { severity: Severity::Note, ..self }
    }

    /// With a remedy of its own.
    pub(crate) fn with_remedy(self, remedy: impl Into<Cow<'static, str>>) -> Self {
        Self { remedy: remedy.into(), ..self }
    }

    /// By this rule.
    pub(crate) fn by(self, rule: RuleId) -> Self {
        Self { rule, ..self }
    }

    /// Decided by a value of these profiles, if any did.
    pub(crate) fn decided(self, by: Option<String>) -> Self {
        match by {
            Some(by) => Self { decided_by: by.into(), ..self },
            None => self,
        }
    }

    /// Which row of the decision table, or which rule beside it: [`super::policy::RULES`] explains it.
    #[must_use]
    pub const fn rule(&self) -> RuleId {
        self.rule
    }

    /// Whose value decided: the country profiles with the setting and its legal basis, or `built in`.
    #[must_use]
    pub fn decided_by(&self) -> &str {
        &self.decided_by
    }

    /// What kind of fault.
    #[must_use]
    pub const fn code(&self) -> Code {
        self.code
    }

    /// Where: a JSON pointer into the referral; empty for the whole.
    #[must_use]
    pub fn pointer(&self) -> &str {
        &self.pointer
    }

    /// What is the matter, one sentence.
    #[must_use]
    pub fn fact(&self) -> &str {
        &self.fact
    }

    /// What to do next, one sentence.
    #[must_use]
    pub fn remedy(&self) -> &str {
        &self.remedy
    }

    /// Whether it stops the referral.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        self.severity
    }
}
