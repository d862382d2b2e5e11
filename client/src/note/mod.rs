//! What the node tells of itself: of each thing a code that stays, its arguments, and its line in English.
//!
//! The command line and the API give the line; the page makes its own text from code and arguments, in the reader's language.
//!
//! # Layout
//! - [`list`]: every note there is · [`Argument`]: what a text is filled with

mod list;

use core::fmt::{self, Display};

use safeconduct_certs::utc;
use safeconduct_protocol::time::Timestamp;

pub(crate) use self::list::Note;
use crate::{error::Told, outbox::trouble::Trouble, registry::age};

/// How many.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Count(pub(crate) u64);

/// How many days.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Days(pub(crate) u64);

/// How long, in seconds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Span(pub(crate) u64);

/// When.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct At(pub(crate) Timestamp);

/// An agency's id, or what a node is called that has none.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Agency(pub(crate) String);

/// Ids of several.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Agencies(pub(crate) Vec<(String, bool)>);

/// A country's code; none when it is not known.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Country(pub(crate) Option<String>);

/// What is the same in every language: digits, an address.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Exact(pub(crate) String);

/// What only whoever looks after the machine needs, in English: it stands beside the text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Technical(pub(crate) String);

/// Why something was refused: an error that has words of its own.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Refusal(pub(crate) Told);

/// What a text is filled with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Argument {
    /// How many.
    Count(u64),
    /// How many days.
    Days(u64),
    /// How long, in seconds.
    Span(u64),
    /// When.
    At(Timestamp),
    /// Agencies by id, which are shown by name.
    Agencies(Vec<String>),
    /// A country's code; none when it is not known.
    Country(Option<String>),
    /// As it is.
    Exact(String),
    /// Beside the text, in English.
    Technical(String),
    /// An error that has words of its own.
    Refusal(Told),
}

impl Note {
    /// What stands beside the text, in English, for whoever looks after the machine.
    pub(crate) fn technical(&self) -> Option<String> {
        self.arguments().into_iter().find_map(|(_, argument)| match argument {
            Argument::Technical(text) => Some(text),
            Argument::Refusal(told) => Some(format!("{}: {}", told.code, told.message)),
            Argument::Count(_)
            | Argument::Days(_)
            | Argument::Span(_)
            | Argument::At(_)
            | Argument::Agencies(_)
            | Argument::Country(_)
            | Argument::Exact(_) => None,
        })
    }

    /// The agencies that it names, by id.
    pub(crate) fn agencies(&self) -> Vec<String> {
        let all = self.arguments().into_iter().filter_map(|(_, argument)| match argument {
            Argument::Agencies(ids) => Some(ids),
            Argument::Count(_)
            | Argument::Days(_)
            | Argument::Span(_)
            | Argument::At(_)
            | Argument::Country(_)
            | Argument::Exact(_)
            | Argument::Technical(_)
            | Argument::Refusal(_) => None,
        });
        all.flatten().collect()
    }
}

/// Their lines.
pub(crate) fn lines(all: &[Note]) -> Vec<String> {
    all.iter().map(Note::to_string).collect()
}

/// The line: the fact, and what to do.
impl Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (says, remedy) = (self.says(), self.remedy());
        if remedy.is_empty() { f.write_str(&says) } else { write!(f, "{says}; {remedy}") }
    }
}

impl Count {
    pub(crate) fn of(count: usize) -> Self {
        Self(u64::try_from(count).unwrap_or(u64::MAX))
    }
}

impl Technical {
    /// The words of a message's trouble.
    pub(crate) fn of(trouble: Trouble) -> Self {
        Self(format!("{}; {}", trouble.says, trouble.remedy))
    }
}

/// How a value reads in an English line, and what it is as an argument.
macro_rules! values {
    ($($name:ident |$value:ident, $f:ident| $shown:expr => $argument:expr;)*) => {
        $(
            impl Display for $name {
                fn fmt(&self, $f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    let $value = &self.0;
                    $shown
                }
            }

            impl From<&$name> for Argument {
                fn from(value: &$name) -> Self {
                    let $value = &value.0;
                    $argument
                }
            }
        )*
    };
}

values! {
    Count |count, f| write!(f, "{count}") => Self::Count(*count);
    Days |days, f| write!(f, "{days}") => Self::Days(*days);
    Span |seconds, f| f.write_str(&age::span(*seconds)) => Self::Span(*seconds);
    At |at, f| f.write_str(&utc::instant(*at)) => Self::At(*at);
    Agency |id, f| f.write_str(id) => Self::Agencies(vec![id.clone()]);
    Agencies |all, f| {
        let said = all.iter().map(|(id, waits)| format!("{id}{}", if *waits { " (not yet in force)" } else { "" }));
        f.write_str(&said.collect::<Vec<_>>().join(", "))
    } => Self::Agencies(all.iter().map(|(id, _)| id.clone()).collect());
    Country |code, f| f.write_str(code.as_deref().unwrap_or("another country")) => Self::Country(code.clone());
    Exact |text, f| f.write_str(text) => Self::Exact(text.clone());
    Technical |text, f| f.write_str(text) => Self::Technical(text.clone());
    Refusal |told, f| f.write_str(&told.message) => Self::Refusal(told.clone());
}

/// One of each, for tests that read every text.
#[cfg(test)]
mod samples {
    use super::*;

    pub(super) trait Sample {
        fn sample() -> Self;
    }

    macro_rules! samples {
        ($($name:ident $value:expr;)*) => {
            $(impl Sample for $name {
                fn sample() -> Self {
                    Self($value)
                }
            })*
        };
    }

    samples! {
        Count 3;
        Days 7;
        Span 3 * 86_400;
        At Timestamp(1_780_322_400);
        Agency "xa.harbour-house".to_owned();
        Agencies vec![("xa.harbour-house".to_owned(), false), ("xc.linden-shelter".to_owned(), true)];
        Country Some("XB".to_owned());
        Exact "1f0c2a44".to_owned();
        Technical "TECHNICAL".to_owned();
        Refusal Told::not_ready("disk-full", "FACT", "REMEDY");
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn notes_of_one_code_have_the_same_arguments_and_each_line_is_told_with_them() {
        let mut all: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for note in Note::samples() {
            let arguments: Vec<&str> = note.arguments().iter().map(|(name, _)| *name).collect();
            assert!(!note.says().is_empty() && !note.to_string().contains('{'), "{note}");
            assert!(all.insert(note.code(), arguments.clone()).is_none_or(|before| before == arguments), "{note}");
        }
        assert!(all.len() > 60, "{}", all.len());
    }

    #[test]
    fn a_line_is_the_fact_and_what_to_do() {
        let note = Note::WitnessesNone {};
        assert_eq!(note.to_string(), format!("{}; {}", note.says(), note.remedy()));
        let told = Note::Refused { why: Refusal(Told::not_ready("disk-full", "the disk is full", "free some")) };
        assert_eq!(told.technical().unwrap(), "disk-full: the disk is full");
        let named = Agencies(vec![("xa.a".to_owned(), false), ("xb.b".to_owned(), true)]);
        assert_eq!(named.to_string(), "xa.a, xb.b (not yet in force)");
        assert_eq!(Note::KeysOfOthers { agencies: named }.agencies(), ["xa.a", "xb.b"]);
    }
}
