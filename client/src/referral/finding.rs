//! What a check found: where, what, and what to do.

use std::borrow::Cow;

use serde::Serialize;

use super::code::Code;

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
    code: Code,
    pointer: String,
    fact: Cow<'static, str>,
    remedy: Cow<'static, str>,
    severity: Severity,
}

impl Finding {
    /// A refusal at a JSON pointer (RFC 6901), with the code's own remedy.
    pub(crate) fn refuse(code: Code, pointer: String, fact: impl Into<Cow<'static, str>>) -> Self {
        Self { code, pointer, fact: fact.into(), remedy: Cow::Borrowed(code.remedy()), severity: Severity::Refuse }
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

    /// Which rule.
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
