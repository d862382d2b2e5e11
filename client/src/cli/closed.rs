//! Values of closed lists, days and cursors: judged while the command line is read, so that a wrong one is wrong usage, is named, and is
//! answered with those that there are.

use std::ffi::OsStr;

use clap::{
    Arg, Command, Error,
    builder::{PossibleValue, TypedValueParser},
    error::{ContextKind, ContextValue, ErrorKind},
};

use super::output::plain;
use crate::{
    casework::{
        details::VERDICTS,
        life::{
            code::{DeclineReason, Outcome, WithdrawReason},
            state::State,
        },
        post::said::StatusCode,
        store::row::Turn,
    },
    people::LocalRole,
    programs::Scope,
    referral::{
        codes::{ReflectionStatus, Role, Section},
        dates::Date,
    },
};

/// How near a mistyped name must be to be named.
const NEAR: f64 = 0.7;
/// Characters of a wrong value that are repeated.
const REPEATED_CHARS_MAX: usize = 40;

/// A closed list of names.
#[derive(Clone)]
pub(super) struct Closed(Vec<&'static str>);

fn closed<T: Copy + 'static>(all: &[T], name: impl Fn(T) -> &'static str) -> Closed {
    Closed(all.iter().copied().map(name).collect())
}

pub(super) fn states() -> Closed {
    closed(State::ALL, State::code)
}

pub(super) fn turns() -> Closed {
    closed(&[Turn::Ours, Turn::Theirs], Turn::as_str)
}

pub(super) fn decline_reasons() -> Closed {
    closed(DeclineReason::ALL, DeclineReason::as_str)
}

pub(super) fn outcomes() -> Closed {
    closed(Outcome::ALL, Outcome::as_str)
}

/// Why a person withdraws; `Escalated` is the node's own.
pub(super) fn withdraw_reasons() -> Closed {
    let Closed(all) = closed(WithdrawReason::ALL, WithdrawReason::as_str);
    Closed(all.into_iter().filter(|name| *name != WithdrawReason::Escalated.as_str()).collect())
}

pub(super) fn sections() -> Closed {
    closed(Section::ALL, Section::as_str)
}

pub(super) fn reflection_statuses() -> Closed {
    closed(ReflectionStatus::ALL, ReflectionStatus::as_str)
}

pub(super) fn verdicts() -> Closed {
    closed(&VERDICTS, |verdict| verdict)
}

pub(super) fn status_codes() -> Closed {
    closed(StatusCode::ALL, StatusCode::as_str)
}

pub(super) fn local_roles() -> Closed {
    closed(LocalRole::ALL, LocalRole::as_str)
}

pub(super) fn roles() -> Closed {
    closed(Role::ALL, Role::as_str)
}

pub(super) fn scopes() -> Closed {
    closed(&Scope::ALL, Scope::as_str)
}

impl TypedValueParser for Closed {
    type Value = String;

    /// The name as the list has it, however its letters were typed.
    fn parse_ref(&self, command: &Command, argument: Option<&Arg>, value: &OsStr) -> Result<String, Error> {
        let typed = value.to_string_lossy();
        if let Some(name) = self.0.iter().find(|name| name.eq_ignore_ascii_case(&typed)) {
            return Ok((*name).to_owned());
        }
        let mut error = Error::new(ErrorKind::InvalidValue).with_cmd(command);
        if let Some(argument) = argument {
            error.insert(ContextKind::InvalidArg, ContextValue::String(argument.to_string()));
        }
        let repeated: String = plain(&typed).chars().take(REPEATED_CHARS_MAX).collect();
        error.insert(ContextKind::InvalidValue, ContextValue::String(repeated));
        let all = self.0.iter().map(|name| (*name).to_owned()).collect();
        error.insert(ContextKind::ValidValue, ContextValue::Strings(all));
        if let Some(near) = self.nearest(&typed) {
            error.insert(ContextKind::SuggestedValue, ContextValue::String(near.to_owned()));
        }
        Err(error)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.0.iter().map(|name| PossibleValue::new(*name))))
    }
}

impl Closed {
    /// The name that was probably meant.
    pub(super) fn nearest(&self, typed: &str) -> Option<&'static str> {
        let typed: String = typed.chars().take(REPEATED_CHARS_MAX).collect::<String>().to_ascii_lowercase();
        let likeness = |name: &str| strsim::jaro_winkler(&typed, &name.to_ascii_lowercase());
        let best = self.0.iter().copied().max_by(|one, other| likeness(one).total_cmp(&likeness(other)));
        best.filter(|name| likeness(name) > NEAR)
    }
}

/// What to do about an error of the command line: choose among the values that there are, the nearest first.
pub(super) fn remedy(error: &Error) -> Option<String> {
    let Some(ContextValue::Strings(all)) = error.get(ContextKind::ValidValue) else { return None };
    let near = match error.get(ContextKind::SuggestedValue) {
        Some(ContextValue::String(near)) => format!("did you mean {near}? "),
        Some(ContextValue::Strings(near)) => {
            near.first().map(|near| format!("did you mean {near}? ")).unwrap_or_default()
        }
        _ => String::new(),
    };
    Some(format!("{near}there are: {}", all.join(", ")))
}

/// A day, as 2026-06-03.
pub(super) fn day(text: &str) -> Result<String, &'static str> {
    Date::of_text(text).map(|_date| text.to_owned()).ok_or("a day is written as 2026-06-03")
}

/// Where a page ended, as the page before said.
pub(super) fn cursor(text: &str) -> Result<String, &'static str> {
    let place = text.parse::<i64>().ok().filter(|place| *place > 0);
    place.map(|_place| text.to_owned()).ok_or("it is the number that the page before has named")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Cli;
    use clap::Parser as _;

    const ID: &str = "17dbf0fa";

    fn refused(line: &str) -> (String, String) {
        let error = Cli::try_parse_from(line.split(' ')).err().unwrap_or_else(|| panic!("{line}"));
        (safeconduct_certs::command_line::fact(&error.render().to_string()), remedy(&error).unwrap_or_default())
    }

    #[test]
    fn a_value_that_is_none_is_named_with_the_nearest_and_with_all_there_are() {
        for (line, wrong, near, another) in [
            ("safeconduct referral list --state opend", "opend", "opened", "in-service"),
            ("safeconduct referral list --turn our", "our", "ours", "theirs"),
            ("safeconduct referral decline ID --reason NoCapcity", "NoCapcity", "NoCapacity", "OutsideMandate"),
            (
                "safeconduct referral close ID --outcome ServiceDeliverd",
                "ServiceDeliverd",
                "ServiceDelivered",
                "Deceased",
            ),
            ("safeconduct referral withdraw ID --reason Persn", "Persn", "Person", "ServedElsewhere"),
            ("safeconduct referral reflection ID --status Grant", "Grant", "Granted", "Refused"),
            ("safeconduct referral override-review ID --consent C --verdict uphold", "uphold", "upheld", "not-upheld"),
            ("safeconduct referral show ID --open --section Medcal", "Medcal", "Medical", "Justice"),
            ("safeconduct post status ID --code arived", "arived", "arrived", "delayed"),
            ("safeconduct post note ID --text x --section Medcal", "Medcal", "Medical", "Justice"),
            ("safeconduct people add Anna --role casworker", "casworker", "caseworker", "may-accept"),
            ("safeconduct profile duties XC --role HealthServise", "HealthServise", "HealthService", "Shelter"),
            ("safeconduct token new desk --scope reed", "reed", "read", "reports"),
            ("safeconduct evidence report ID --format htm --out f", "htm", "html", "csv"),
            ("safeconduct report schedule onn", "onn", "on", "off"),
        ] {
            let (fact, remedy) = refused(&line.replace("ID", ID));

            assert!(fact.contains(&format!("'{wrong}'")) && fact.contains("invalid value"), "{line}: {fact}");
            assert!(remedy.starts_with(&format!("did you mean {near}?")), "{line}: {remedy}");
            assert!(remedy.contains("there are: ") && remedy.contains(another), "{line}: {remedy}");
        }
        let (_, remedy) = refused("safeconduct referral list --state §§");
        assert!(remedy.starts_with("there are: draft, queued"), "{remedy}");
        let (fact, _) = refused(&format!("safeconduct referral list --state \u{1b}[2J{}", "a".repeat(500)));
        assert!(!fact.contains('\u{1b}') && fact.len() < 120, "{fact}");
    }

    #[test]
    fn no_wrong_day_number_level_or_cursor_is_taken() {
        for line in [
            "safeconduct referral accept ID --from 2026-02-30",
            "safeconduct referral decline ID --reason Other --capacity soon",
            "safeconduct referral start ID --on yesterday",
            "safeconduct referral reflection ID --status Granted --start 1.6.2026",
            "safeconduct referral reflection ID --status Granted --end 2026-13-01",
            "safeconduct referral override-notice ID --consent C --on 26-01-01",
            "safeconduct referral request-level ID --level 4 --text x",
            "safeconduct referral request-level ID --level 0 --text x",
            "safeconduct referral list --limit 0",
            "safeconduct referral list --limit 201",
            "safeconduct referral list --after last",
            "safeconduct referral withdraw ID --reason Escalated",
        ] {
            let (fact, _) = refused(&line.replace("ID", ID));
            assert!(fact.contains("invalid value"), "{line}: {fact}");
        }
    }

    #[test]
    fn letters_may_be_typed_large_or_small_and_every_list_takes_its_own() {
        assert!(Cli::try_parse_from("safeconduct referral list --state OPENED --turn Ours".split(' ')).is_ok());
        let command = super::super::command();
        for list in [states(), decline_reasons(), outcomes(), sections(), local_roles(), scopes(), roles(), turns()] {
            for name in list.0.clone() {
                let taken = list.parse_ref(&command, None, OsStr::new(&name.to_ascii_uppercase())).unwrap();
                assert_eq!(taken, name);
                assert_eq!(list.nearest(name), Some(name));
            }
        }
    }
}
