//! Why an act on a referral is not done: each with a stable code, one fact and what to do next.

use thiserror::Error;

use super::life::act;
use crate::{error::Told, exit::Exit, vault::VaultError};

/// Why not.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum CaseworkError {
    /// The life of the referral does not have it.
    #[error(transparent)]
    Life(#[from] act::Refusal),
    /// There is no such referral here.
    #[error("there is no such referral here")]
    UnknownReferral,
    /// Several begin so.
    #[error("several referrals begin with these digits")]
    Ambiguous,
    /// Somebody else was faster.
    #[error("this referral has changed since it was looked at")]
    ChangedMeanwhile,
    /// An act needs its words.
    #[error("this act needs a text of 1 to 1000 characters without control characters")]
    TextNeeded,
    /// An act takes no such words.
    #[error("this act takes no {member}")]
    NotTaken {
        /// What it does not take.
        member: &'static str,
    },
    /// A value that is none.
    #[error("{member} is not what it should be: {form}")]
    BadValue {
        /// Of what.
        member: &'static str,
        /// What it should be.
        form: &'static str,
    },
    /// A name that its list does not have.
    #[error("there is no such {member}; there are: {}", .all.join(", "))]
    NotInList {
        /// Of what.
        member: &'static str,
        /// Those that there are.
        all: Vec<&'static str>,
    },
    /// The text holds a number or an address, at a level at which nobody may be identified.
    #[error(
        "the text holds an address or a number by which a person could be found, and the referral is at level {level}"
    )]
    TextIdentifies {
        /// The referral's level.
        level: u8,
    },
    /// Its time is over.
    #[error("the time of the referral ended at {at}")]
    Expired {
        /// When.
        at: String,
    },
    /// The content is gone.
    #[error("the content of this referral is erased")]
    Erased,
    /// The law holds it.
    #[error("a legal hold keeps this referral from being erased")]
    Held,
    /// The role of this agency may not.
    #[error("an agency of this role may not accept this for the services asked")]
    NotCompetent,
    /// A date that has not come.
    #[error("the date lies in the future")]
    InFuture,
    /// The period is shorter than the law has it, or ends before it begins.
    #[error("the reflection period ends before it begins")]
    PeriodReversed,
    /// No consent of this referral is an override.
    #[error("no consent of this referral is an act without the person's consent")]
    NoOverride,
    /// Nobody reviews their own act.
    #[error("who has sent it does not review it")]
    SamePerson,
    /// The person's consent for it has ended.
    #[error("rule D04: the consent that covered {section} has ended")]
    ConsentOver {
        /// The section, by its name.
        section: &'static str,
    },
    /// The vault.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

impl CaseworkError {
    /// What is no name of a list.
    pub(crate) fn not_in<T: Copy>(member: &'static str, all: &[T], name: impl Fn(T) -> &'static str) -> Self {
        Self::NotInList { member, all: all.iter().copied().map(name).collect() }
    }

    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Life(refusal) => refusal.code(),
            Self::UnknownReferral => "unknown-referral",
            Self::Ambiguous => "ambiguous-referral",
            Self::ChangedMeanwhile => "changed-meanwhile",
            Self::TextNeeded => "text-needed",
            Self::NotTaken { .. } => "not-taken",
            Self::BadValue { .. } | Self::NotInList { .. } => "bad-value",
            Self::TextIdentifies { .. } => "note-contains-identifier",
            Self::Expired { .. } => "referral-expired",
            Self::Erased => "content-erased",
            Self::Held => "legal-hold",
            Self::NotCompetent => "not-competent",
            Self::InFuture => "in-future",
            Self::PeriodReversed => "period-reversed",
            Self::NoOverride => "no-override",
            Self::SamePerson => "second-person-same",
            Self::ConsentOver { .. } => "consent-expired",
            Self::Vault(_) => "vault",
        }
    }

    /// What to do next.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::Life(refusal) => refusal.remedy(),
            Self::UnknownReferral => "copy the id from `safeconduct referral list`",
            Self::Ambiguous => "type more of them",
            Self::ChangedMeanwhile => "look at it again with `safeconduct referral show`, then decide",
            Self::TextNeeded => "say with --text what you ask or why",
            Self::NotTaken { .. } => "leave it out",
            Self::BadValue { .. } => "give it in that form, or leave it out where it may be left out",
            Self::NotInList { .. } => "choose one of them",
            Self::TextIdentifies { .. } => "say it without them, or by telephone",
            Self::Expired { .. } => "ask the sender to send it anew",
            Self::Erased => "ask the other agency, or write a new referral",
            Self::Held => "ask your supervisor; `safeconduct referral release-hold` ends it",
            Self::NotCompetent => "decline with OutsideMandate, and suggest an agency that may",
            Self::InFuture => "give a date of today or before",
            Self::PeriodReversed => "correct the dates",
            Self::NoOverride => "look at the consents of the referral",
            Self::SamePerson => "have a supervisor who did not send it review it",
            Self::ConsentOver { .. } => {
                "ask the person anew: their new consent, in the next revision of the sender, lifts it"
            }
            Self::Vault(_) => "see `safeconduct doctor`",
        }
    }
}

impl From<rusqlite::Error> for CaseworkError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Vault(error.into())
    }
}

impl From<safeconduct_protocol::entropy::NoEntropy> for CaseworkError {
    fn from(error: safeconduct_protocol::entropy::NoEntropy) -> Self {
        Self::Vault(error.into())
    }
}

impl From<CaseworkError> for Told {
    fn from(error: CaseworkError) -> Self {
        if let CaseworkError::Vault(error) = error {
            return error.into();
        }
        if matches!(error, CaseworkError::Ambiguous) {
            return Self::usage(error.to_string(), error.remedy());
        }
        // What was asked is wrong, whatever the referral is.
        if matches!(error, CaseworkError::NotInList { .. }) {
            return Self::new(Exit::Usage, error.code(), error.to_string(), error.remedy());
        }
        Self::refused(error.code(), error.to_string(), error.remedy())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_its_list_does_not_have_is_wrong_usage_and_is_told_with_the_list() {
        let told = Told::from(CaseworkError::not_in("turn", &["ours", "theirs"], |name| name));

        assert_eq!((told.code.as_str(), told.exit()), ("bad-value", Exit::Usage));
        assert_eq!(told.message, "there is no such turn; there are: ours, theirs");
    }
}
