//! Why somebody may not do something here.

use crate::{error::Told, vault::VaultError};

/// Why the people's list refuses.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PeopleError {
    /// The vault failed.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// Nobody of this name is recorded, or no longer.
    #[error("nobody of this name works here")]
    Unknown,
    /// Several people are recorded, and it is not said who acts.
    #[error("several people are recorded here, and it is not said who acts")]
    NotSaid,
    /// The person's roles do not do this.
    #[error("your role may not do this: it is for {asked}")]
    NotYourRole {
        /// The name of the role that does it.
        asked: &'static str,
    },
    /// It needs a second person, and there is or was none.
    #[error("this needs a second person of the agency, and no second person has confirmed it")]
    SecondMissing,
    /// It needs a second person, and nobody is recorded.
    #[error("this needs a second person of the agency, and nobody is recorded here")]
    NobodyRecorded,
    /// The second person is the first one.
    #[error("the second person is the one who acts")]
    SecondSame,
    /// The secret is another one.
    #[error("the secret is not this person's")]
    WrongSecret,
    /// The secret was wrong too often.
    #[error("this person's secret was wrong {tries} times in a row")]
    TooManyTries {
        /// How often.
        tries: u32,
    },
    /// The name is taken.
    #[error("somebody of this name works here already")]
    NameTaken,
    /// The name is none.
    #[error("this is no name of a person: it is empty, too long, or holds characters that hide")]
    NameUnusable,
    /// No role is given.
    #[error("the person has no role here")]
    NoRole,
    /// They would give themselves what they may not do yet, and somebody else could.
    #[error("nobody gives themselves more roles while another admin works here")]
    OwnRoles,
    /// The secret is too short.
    #[error("the secret is too short")]
    SecretShort,
    /// Nobody could say any more who works here.
    #[error("nobody would be left who says who works here")]
    LastAdmin,
    /// So many people are recorded that no more fit.
    #[error("{count} people are recorded here, and no more fit")]
    TooMany {
        /// How many.
        count: usize,
    },
}

impl PeopleError {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Vault(error) => error.code(),
            Self::Unknown => "person-unknown",
            Self::NotSaid => "person-missing",
            Self::NotYourRole { .. } => "not-your-role",
            Self::SecondMissing | Self::NobodyRecorded => "second-person-missing",
            Self::SecondSame => "second-person-same",
            Self::WrongSecret => "secret-wrong",
            Self::TooManyTries { .. } => "secret-held",
            Self::NameTaken => "name-taken",
            Self::NameUnusable => "name-unusable",
            Self::NoRole => "role-missing",
            Self::OwnRoles => "roles-own",
            Self::SecretShort => "secret-short",
            Self::LastAdmin => "admin-missing",
            Self::TooMany { .. } => "people-many",
        }
    }

    /// What to do next.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::Vault(error) => error.remedy(),
            Self::Unknown => "see `safeconduct people list` for who does",
            Self::NotSaid => "say who acts with --by NAME",
            Self::NotYourRole { .. } => "ask somebody who has that role, or an admin to give it to you",
            Self::SecondMissing => "have a colleague confirm it with their own secret: --second NAME",
            Self::NobodyRecorded => {
                "record who works here with `safeconduct people add`, first yourself, then a colleague"
            }
            Self::SecondSame => "have somebody else confirm it",
            Self::WrongSecret => "type it again; an admin can give the person another one",
            Self::TooManyTries { .. } => "wait a quarter of an hour, or have an admin give the person another one",
            Self::NameTaken => "add what tells the two apart",
            Self::NameUnusable => "write the name as the person writes it, in at most 120 bytes",
            Self::NoRole => "give at least one with --role",
            Self::OwnRoles => "have the other admin give them to you",
            Self::SecretShort => "choose at least 8 characters; several words are best",
            Self::LastAdmin => {
                "record the first person with the role admin, and end the last admin after another one is there"
            }
            Self::TooMany { .. } => "end those who do not work here any more",
        }
    }
}

impl From<PeopleError> for Told {
    fn from(error: PeopleError) -> Self {
        if let PeopleError::Vault(error) = error {
            return error.into();
        }
        Self::refused(error.code(), error.to_string(), error.remedy())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_refusal_has_words_of_its_own_and_something_to_do() {
        let all = [
            PeopleError::Unknown,
            PeopleError::NotSaid,
            PeopleError::NotYourRole { asked: "supervisor" },
            PeopleError::SecondMissing,
            PeopleError::NobodyRecorded,
            PeopleError::SecondSame,
            PeopleError::WrongSecret,
            PeopleError::TooManyTries { tries: 5 },
            PeopleError::NameTaken,
            PeopleError::NameUnusable,
            PeopleError::NoRole,
            PeopleError::OwnRoles,
            PeopleError::SecretShort,
            PeopleError::LastAdmin,
            PeopleError::TooMany { count: 500 },
        ];
        let told: Vec<Told> = all.into_iter().map(Told::from).collect();

        assert_eq!(told.iter().map(|told| &told.message).collect::<BTreeSet<_>>().len(), told.len());
        assert_eq!(told.iter().map(|told| &told.remedy).collect::<BTreeSet<_>>().len(), told.len());
        assert!(told.iter().all(|told| !told.message.ends_with('.') && !told.remedy.ends_with('.')));
    }
}
