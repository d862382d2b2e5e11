//! What the verbs about people take and answer. Names and secrets travel in bodies, never in paths.

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// A secret as it was typed. No `Debug`: it is wiped when it is done with.
#[derive(Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Typed(pub Zeroizing<String>);

impl Clone for Typed {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl From<String> for Typed {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl From<Typed> for String {
    fn from(typed: Typed) -> Self {
        typed.0.as_str().to_owned()
    }
}

/// Somebody who says so with their own secret.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Word {
    /// The person's name.
    pub name: String,
    /// The person's secret.
    pub secret: Typed,
}

/// `people add`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddPerson {
    /// The name as the person writes it.
    pub name: String,
    /// Roles by their names.
    pub roles: Vec<String>,
    /// The person's own secret.
    pub secret: Typed,
    /// The admin who says so; none for the first person recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Word>,
}

/// `people end`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndPerson {
    /// Who does not work here any more.
    pub name: String,
    /// The admin who says so.
    pub by: Word,
}

/// `people roles`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetRoles {
    /// Whose roles.
    pub name: String,
    /// All that the person has from now on, by their names.
    pub roles: Vec<String>,
    /// The admin who says so.
    pub by: Word,
}

/// `people secret`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetSecret {
    /// Whose secret.
    pub name: String,
    /// The new one.
    pub secret: Typed,
    /// The person with the secret of before, or an admin.
    pub by: Word,
}

/// A second person confirms what somebody is about to do.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Confirm {
    /// What: `send`.
    pub about: String,
    /// What exactly: 64 hex digits, SHA-256 over it.
    pub subject: String,
    /// Who is about to do it, by name or pseudonym; none for who alone is recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The second person.
    pub second: Word,
}

/// What a confirmation answers.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Confirmed {
    /// Until when it serves, Unix seconds.
    pub until_at: u64,
}

/// `people list`. No `Debug`: names are for this agency's screen.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct People {
    /// By name; who does not work here any more, if that is asked for, last.
    pub people: Vec<Person>,
}

/// One person.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// 32 hex digits: what other agencies see.
    pub pseudonym: String,
    /// The name; for this agency alone.
    pub name: String,
    /// Roles by their names.
    pub roles: Vec<String>,
    /// Since when, Unix seconds.
    pub since_at: u64,
    /// Until when, Unix seconds, for who does not work here any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until_at: Option<u64>,
    /// How the roles have changed, the first change first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<RolesChange>,
}

/// A change of what somebody may do.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RolesChange {
    /// When, Unix seconds.
    pub at: u64,
    /// The pseudonym of who said so.
    pub by: String,
    /// Roles of before, by their names.
    pub was: Vec<String>,
    /// Roles from then on, by their names.
    pub became: Vec<String>,
}
