//! By what tables sort persons: codes of closed lists, countries, regions; and the keys that follow from the columns of a group.

use super::regions;
use crate::{
    casework::life::code::{DeclineReason, Outcome, WithdrawReason},
    referral::{
        codes::{
            AgeBand, Basis, Control, Exploitation, Gender, Industry, Kind, Purpose, Recruitment, Role, Service, Urgency,
        },
        text::{Country, Region},
    },
};

/// Key of persons of whom a code is not told.
pub const NOT_TOLD: &str = "not-told";
/// Key of persons to whom several codes of a list apply, where each person is counted once.
pub const SEVERAL: &str = "several";

/// A list of codes, in the order in which columns number it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "each names the list of codes that it is")]
pub enum List {
    Kind,
    Urgency,
    Role,
    Service,
    AgeBand,
    Gender,
    Exploitation,
    Industry,
    Control,
    Recruitment,
    Basis,
    DeclineReason,
    Outcome,
    WithdrawReason,
    Answer,
    Opening,
}

/// How far an agency came with what was sent to it, in the order of the number that SQL gives.
const ANSWER: &[&str] = &["answered", "opened-only", "no-answer", "waiting", "taken-back"];
/// The same of what this agency received.
const OPENING: &[&str] = &["in-time", "late", "no-answer", "waiting", "taken-back"];

impl List {
    /// The codes, in order.
    #[must_use]
    pub fn codes(self) -> Vec<&'static str> {
        match self {
            Self::Kind => Kind::ALL.iter().map(|code| code.as_str()).collect(),
            Self::Urgency => Urgency::ALL.iter().map(|code| code.as_str()).collect(),
            Self::Role => Role::ALL.iter().map(|code| code.as_str()).collect(),
            Self::Service => Service::ALL.iter().map(|code| code.as_str()).collect(),
            Self::AgeBand => AgeBand::ALL.iter().map(|code| code.as_str()).collect(),
            Self::Gender => Gender::ALL.iter().map(|code| code.as_str()).collect(),
            Self::Exploitation => Exploitation::ALL.iter().map(|code| code.as_str()).collect(),
            Self::Industry => Industry::ALL.iter().map(|code| code.as_str()).collect(),
            Self::Control => Control::ALL.iter().map(|code| code.as_str()).collect(),
            Self::Recruitment => Recruitment::ALL.iter().map(|code| code.as_str()).collect(),
            Self::Basis => Basis::ALL.iter().map(|code| code.as_str()).collect(),
            Self::DeclineReason => DeclineReason::ALL.iter().map(|code| code.as_str()).collect(),
            Self::Outcome => Outcome::ALL.iter().map(|code| code.as_str()).collect(),
            Self::WithdrawReason => WithdrawReason::ALL.iter().map(|code| code.as_str()).collect(),
            Self::Answer => ANSWER.to_vec(),
            Self::Opening => OPENING.to_vec(),
        }
    }

    /// The number of its first code in a column. Reasons and outcomes share one column: the list times 256, and the place from 1.
    const fn first(self) -> i64 {
        match self {
            Self::DeclineReason => 1,
            Self::Outcome => 257,
            Self::WithdrawReason => 513,
            Self::Kind
            | Self::Urgency
            | Self::Role
            | Self::Service
            | Self::AgeBand
            | Self::Gender
            | Self::Exploitation
            | Self::Industry
            | Self::Control
            | Self::Recruitment
            | Self::Basis
            | Self::Answer
            | Self::Opening => 0,
        }
    }

    /// The number of a code in a column.
    pub(super) fn number(self, code: &str) -> Option<i64> {
        let at = self.codes().iter().position(|known| *known == code)?;
        self.first().checked_add(i64::try_from(at).ok()?)
    }

    /// The code with that number; what the list does not have is not told.
    fn code(self, number: Option<i64>) -> &'static str {
        let at = number.and_then(|number| usize::try_from(number.checked_sub(self.first())?).ok());
        at.and_then(|at| self.codes().get(at).copied()).unwrap_or(NOT_TOLD)
    }

    /// The codes whose bits are set.
    fn of_bits(self, bits: Option<i64>) -> Vec<&'static str> {
        let bits = bits.unwrap_or(0);
        let set =
            |at: usize| u32::try_from(at).ok().and_then(|at| bits.checked_shr(at)).is_some_and(|bits| bits & 1 == 1);
        self.codes().into_iter().enumerate().filter(|(at, _)| set(*at)).map(|(_, code)| code).collect()
    }
}

/// A value of one column in a group of rows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Value {
    /// Nothing.
    None,
    /// A number.
    Number(i64),
    /// A text.
    Text(String),
}

impl Value {
    const fn number(&self) -> Option<i64> {
        if let Self::Number(number) = self { Some(*number) } else { None }
    }

    fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }
}

/// By what a table sorts persons; the texts are columns, or expressions that `count` knows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sort {
    /// One code of a list, by its number.
    Code(&'static str, List),
    /// Two codes of one list, `NgoShelter>Police`.
    Pair(&'static str, &'static str, List),
    /// Two countries, `XA>XC`.
    Countries(&'static str, &'static str),
    /// Nought or one.
    Flag(&'static str, [&'static str; 2]),
    /// A list of codes: the only one, or several. Each person is counted once.
    Only(&'static str, List),
    /// A list of codes: each of them. A person is counted under several keys.
    Each(&'static str, List),
    /// A reason to decline: whether the need stays unmet because no place fits.
    Need(&'static str),
    /// A region, ISO 3166-2.
    Region(&'static str),
    /// Citizenships: the agency's own country, or the part of the world.
    Citizenship(&'static str),
}

/// Keys of [`Sort::Need`].
pub(super) const NEED: [&str; 2] = ["unmet-need", "other-reason"];
/// Whether a consent is for police or courts.
pub(super) const JUSTICE: Sort = Sort::Flag("justice", ["without-justice-consent", "with-justice-consent"]);
/// Reasons that leave a need unmet: this agency would, and cannot.
const UNMET: [DeclineReason; 4] = [
    DeclineReason::NoCapacity,
    DeclineReason::LanguageNotAvailable,
    DeclineReason::EligibilityAge,
    DeclineReason::EligibilityGender,
];
/// Purposes of police and courts.
pub(super) const JUSTICE_PURPOSES: [Purpose; 2] = [Purpose::CriminalInvestigation, Purpose::WitnessProtection];

impl Sort {
    /// The columns that it needs.
    #[must_use]
    pub fn columns(self) -> Vec<&'static str> {
        match self {
            Self::Code(column, _)
            | Self::Flag(column, _)
            | Self::Only(column, _)
            | Self::Each(column, _)
            | Self::Need(column)
            | Self::Region(column)
            | Self::Citizenship(column) => vec![column],
            Self::Pair(one, other, _) | Self::Countries(one, other) => vec![one, other],
        }
    }

    /// The keys of a group with these values, in the order of [`Self::columns`], at an agency of this country.
    #[must_use]
    pub fn keys(self, values: &[&Value], own: &Country) -> Vec<String> {
        let number = |at: usize| values.get(at).and_then(|value| value.number());
        let text = |at: usize| values.get(at).and_then(|value| value.text());
        let one = |key: &str| vec![key.to_owned()];
        match self {
            Self::Code(_, list) => one(list.code(number(0))),
            Self::Pair(_, _, list) => vec![format!("{}>{}", list.code(number(0)), list.code(number(1)))],
            Self::Countries(..) => {
                let country = |at| {
                    text(at).and_then(Country::of).map_or_else(|| NOT_TOLD.to_owned(), |of| of.as_str().to_owned())
                };
                vec![format!("{}>{}", country(0), country(1))]
            }
            Self::Flag(_, [no, yes]) => one(if number(0).unwrap_or(0) == 0 { no } else { yes }),
            Self::Only(_, list) => match list.of_bits(number(0)).as_slice() {
                [] => one(NOT_TOLD),
                [code] => one(code),
                _ => one(SEVERAL),
            },
            Self::Each(_, list) => match list.of_bits(number(0)).as_slice() {
                [] => one(NOT_TOLD),
                codes => codes.iter().map(|code| (*code).to_owned()).collect(),
            },
            Self::Need(_) => {
                let code = List::DeclineReason.code(number(0));
                one(if UNMET.iter().any(|reason| reason.as_str() == code) { NEED[0] } else { NEED[1] })
            }
            Self::Region(_) => one(text(0).and_then(Region::of).as_ref().map_or(NOT_TOLD, Region::as_str)),
            Self::Citizenship(_) => one(regions::group(text(0).unwrap_or_default(), own)),
        }
    }

    /// Whether a report may hold this key.
    #[must_use]
    pub fn knows(self, key: &str) -> bool {
        let coded = |list: List, key: &str| key == NOT_TOLD || list.codes().contains(&key);
        match self {
            Self::Code(_, list) | Self::Each(_, list) => coded(list, key),
            Self::Only(_, list) => key == SEVERAL || coded(list, key),
            Self::Pair(_, _, list) => {
                key.split_once('>').is_some_and(|(one, other)| coded(list, one) && coded(list, other))
            }
            Self::Countries(..) => {
                let country = |text: &str| text == NOT_TOLD || Country::of(text).is_some();
                key.split_once('>').is_some_and(|(one, other)| country(one) && country(other))
            }
            Self::Flag(_, keys) => keys.contains(&key),
            Self::Need(_) => NEED.contains(&key),
            Self::Region(_) => key == NOT_TOLD || Region::of(key).is_some(),
            Self::Citizenship(_) => regions::GROUPS.contains(&key),
        }
    }

    /// Codes that apply to one person at most, when they may be several.
    #[must_use]
    pub fn most(self) -> Option<u64> {
        if let Self::Each(_, list) = self { u64::try_from(list.codes().len()).ok() } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_and_outcomes_have_the_numbers_that_casework_keeps_them_under() {
        use crate::casework::{life::code::Why, store::row::why_code};
        for reason in DeclineReason::ALL {
            assert_eq!(List::DeclineReason.number(reason.as_str()), Some(why_code(Why::Declined(*reason))));
        }
        for outcome in Outcome::ALL {
            assert_eq!(List::Outcome.number(outcome.as_str()), Some(why_code(Why::Closed(*outcome))));
        }
        for reason in WithdrawReason::ALL {
            assert_eq!(List::WithdrawReason.number(reason.as_str()), Some(why_code(Why::Withdrawn(*reason))));
        }
    }

    #[test]
    fn a_list_of_codes_is_read_from_its_bits_and_what_is_unknown_is_not_told() {
        let own = Country::of("XA").unwrap();
        let keys = |sort: Sort, value: Value| sort.keys(&[&value], &own);

        assert_eq!(keys(Sort::Each("c", List::Exploitation), Value::Number(0b101)), ["ForcedLabour", "ChildLabour"]);
        assert_eq!(keys(Sort::Only("c", List::Exploitation), Value::Number(0b101)), [SEVERAL]);
        assert_eq!(keys(Sort::Only("c", List::Exploitation), Value::Number(0b10)), ["SexualExploitation"]);
        assert_eq!(keys(Sort::Each("c", List::Exploitation), Value::Number(0)), [NOT_TOLD]);
        assert_eq!(keys(Sort::Code("c", List::Gender), Value::None), [NOT_TOLD]);
        assert_eq!(keys(Sort::Code("c", List::Gender), Value::Number(-1)), [NOT_TOLD]);
        assert_eq!(keys(Sort::Need("c"), Value::Number(1)), ["unmet-need"]);
        assert_eq!(keys(Sort::Need("c"), Value::Number(2)), ["other-reason"]);
    }
}
