//! Loading a profile: unknown keys are refused with the nearest name, a value that loosens a rule with its line.

use safeconduct_certs::command_line::shown;

use super::{About, Duty, Profile};
use crate::referral::text::Country;

/// Unknown keys that are told at once.
const FAULTS_MAX: usize = 50;

/// Why a profile is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProfileRefused {
    /// It is not TOML, or a value has another type or is no code.
    #[error("line {line} of the profile does not fit: {}", shown(message))]
    Malformed {
        /// Line, from 1.
        line: usize,
        /// What the reader says.
        message: String,
    },
    /// A key that no profile has.
    #[error("line {line} of the profile has the unknown key \"{}\"", shown(key))]
    UnknownKey {
        /// Line, from 1.
        line: usize,
        /// The key.
        key: String,
        /// The nearest known key.
        nearest: Option<String>,
    },
    /// A value that loosens a rule of the software.
    #[error("line {line} of the profile loosens a built-in rule: {key} must be {floor}")]
    Loosens {
        /// Line, from 1.
        line: usize,
        /// The key.
        key: &'static str,
        /// What it must be.
        floor: &'static str,
    },
}

impl ProfileRefused {
    /// The line that it is about, from 1.
    #[must_use]
    pub const fn line(&self) -> usize {
        match self {
            Self::Malformed { line, .. } | Self::UnknownKey { line, .. } | Self::Loosens { line, .. } => *line,
        }
    }

    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Malformed { .. } => "profile-malformed",
            Self::UnknownKey { .. } => "profile-unknown-key",
            Self::Loosens { .. } => "profile-loosens",
        }
    }

    /// What to do next.
    #[must_use]
    pub fn remedy(&self) -> String {
        match self {
            Self::Malformed { .. } => "correct the line as in the shipped profiles".to_owned(),
            Self::UnknownKey { nearest: Some(nearest), .. } => format!("did you mean \"{nearest}\"?"),
            Self::UnknownKey { nearest: None, .. } => "remove the key".to_owned(),
            Self::Loosens { .. } => "a profile may only tighten; take the built-in value or a stricter one".to_owned(),
        }
    }
}

impl Profile {
    /// Reads a profile, and checks that it only tightens.
    ///
    /// # Errors
    /// [`ProfileRefused`] with the line.
    pub fn load(text: &str) -> Result<Self, ProfileRefused> {
        Self::read(text).map_err(|faults| {
            let none = ProfileRefused::Malformed { line: 1, message: "it does not load".to_owned() };
            faults.into_iter().next().unwrap_or(none)
        })
    }

    /// The same with everything that is wrong with it, as far as it can be read.
    ///
    /// # Errors
    /// One [`ProfileRefused`] or several, in the order of their lines.
    pub fn read(text: &str) -> Result<Self, Vec<ProfileRefused>> {
        let mut faults = Vec::new();
        let mut lines: Vec<&str> = text.lines().collect();
        // An unknown key on a line of its own hides what comes after it: it is told, and the rest read without it.
        let profile: Self = loop {
            let rest = lines.join("\n");
            let error = match toml::from_str(&rest) {
                Ok(profile) => break profile,
                Err(error) => refused(&rest, &error),
            };
            let hidden = match &error {
                ProfileRefused::UnknownKey { line, key, .. } => {
                    let its_line = lines.get_mut(line.saturating_sub(1));
                    its_line.filter(|text| text.split('=').next().is_some_and(|name| name.trim() == key))
                }
                ProfileRefused::Malformed { .. } | ProfileRefused::Loosens { .. } => None,
            };
            match hidden.filter(|_| faults.len() < FAULTS_MAX) {
                Some(line) => *line = "",
                None => {
                    faults.push(error);
                    return Err(faults);
                }
            }
            faults.push(error);
        };
        faults.extend(profile.loosened(text));
        faults.extend(profile.role_names.faults(text));
        faults.sort_by_key(ProfileRefused::line);
        if faults.is_empty() { Ok(profile) } else { Err(faults) }
    }

    /// What loosens a rule of the software.
    fn loosened(&self, text: &str) -> Vec<ProfileRefused> {
        let mut loose = self.slow(text);
        let holds = self.floors();
        let broken = holds.into_iter().filter(|(_, _, holds, _)| !holds);
        loose.extend(broken.map(|(table, key, _, floor)| {
            let line = line_of(text, table, key);
            ProfileRefused::Loosens { line, key, floor }
        }));
        loose
    }

    /// Clocks that are too slow.
    fn slow(&self, text: &str) -> Vec<ProfileRefused> {
        let timers = &self.timers_hours;
        let acknowledge_most = [
            (&timers.immediate, "Immediate", 1, 2),
            (&timers.emergency, "Emergency", 4, 24),
            (&timers.urgent, "Urgent", 24, 72),
            (&timers.normal, "Normal", 72, 336),
        ];
        let mut slow = Vec::new();
        for (timer, key, acknowledge, decide) in acknowledge_most {
            // Silence is not help: the next agency is asked no later than the first should have looked.
            if timer.acknowledge > acknowledge || timer.decide > decide || timer.escalate > acknowledge {
                let floor = "at most acknowledge and escalate 1, 4, 24, 72 and decide 2, 24, 72, 336 hours by urgency";
                slow.push(ProfileRefused::Loosens { line: line_of(text, "timers_hours", key), key, floor });
            }
        }
        slow
    }

    /// Table, key, whether it holds, and what it must be.
    fn floors(&self) -> [(&'static str, &'static str, bool, &'static str); 18] {
        let duties = &self.mandatory_reporting.duty;
        let level_most = |duty: &Duty| if duty.when == About::Adult { 0 } else { 1 };
        [
            ("profile", "country", Country::of(&self.profile.country).is_some(), "two capital letters"),
            ("profile", "version", self.profile.version >= 1, "at least 1"),
            (
                "identification",
                "assistance_needs_formal_status",
                !self.identification.assistance_needs_formal_status,
                "false",
            ),
            (
                "identification",
                "assistance_needs_cooperation",
                !self.identification.assistance_needs_cooperation,
                "false",
            ),
            ("reflection", "days_min", self.reflection.days_min >= 30, "at least 30"),
            ("reflection", "days_child_min", self.reflection.days_child_min >= 30, "at least 30"),
            ("reflection", "blocks_law_enforcement_referral", self.reflection.blocks_law_enforcement_referral, "true"),
            ("child", "majority_years", (18..=30).contains(&self.child.majority_years), "18 to 30"),
            ("child", "own_consent_from_years", self.child.own_consent_from_years >= 14, "at least 14"),
            ("child", "presume_child_if_disputed", self.child.presume_child_if_disputed, "true"),
            (
                "mandatory_reporting.duty",
                "level_max",
                duties.iter().all(|duty| (0..=level_most(duty)).contains(&duty.level_max)),
                "at most 1 about a child and 0 about an adult",
            ),
            ("calendar", "working_days", self.calendar.is_sound(), "one or more of mon, tue, wed, thu, fri, sat, sun"),
            ("retention_days", "NotAccepted", self.retention_days.not_accepted <= 30, "at most 30"),
            ("override", "vital_interest_notice_hours", self.overrides.vital_interest_notice_hours <= 72, "at most 72"),
            ("override", "second_reviewer_hours", self.overrides.second_reviewer_hours <= 24, "at most 24"),
            ("indicators", "rounding_base", self.indicators.rounding_base >= 5, "at least 5"),
            ("indicators", "k_min", self.indicators.k_min >= 10, "at least 10"),
            ("extension", "level_min", self.extensions.iter().all(|rule| rule.level_min >= 1), "at least 1"),
        ]
    }
}

/// The line of a key in a table, from 1; 1 if it is written in another way.
fn line_of(text: &str, table: &str, key: &str) -> usize {
    let mut here = "";
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.starts_with('[') {
            here = line.trim_start_matches('[').split(']').next().unwrap_or_default().trim();
        } else if here == table && line.split('=').next().is_some_and(|name| name.trim() == key) {
            return index.saturating_add(1);
        }
    }
    1
}

/// The name that was probably meant.
pub(super) fn nearest<'n>(typed: &str, names: impl Iterator<Item = &'n str>) -> Option<String> {
    let near = names.map(|name| (strsim::jaro_winkler(typed, name), name)).filter(|(likeness, _)| *likeness > 0.8);
    near.max_by(|one, other| one.0.total_cmp(&other.0)).map(|(_, name)| name.to_owned())
}

/// Says what the TOML reader found, with the nearest name for an unknown key.
fn refused(text: &str, error: &toml::de::Error) -> ProfileRefused {
    let begin = error.span().map_or(0, |span| span.start);
    let line = text.bytes().take(begin).filter(|byte| *byte == b'\n').count().saturating_add(1);
    let message = error.message();
    // serde's derive quotes the key first, then the known ones.
    let mut quoted = message.split('`').skip(1).step_by(2);
    if let (true, Some(key)) = (message.starts_with("unknown field"), quoted.next()) {
        return ProfileRefused::UnknownKey { line, key: key.to_owned(), nearest: nearest(key, quoted) };
    }
    ProfileRefused::Malformed { line, message: message.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::super::{DEFAULT, SHIPPED};
    use super::*;

    const XA: &str = SHIPPED[0].1;

    fn refusal(text: &str) -> ProfileRefused {
        Profile::load(text).err().unwrap()
    }

    #[test]
    fn shipped_profiles_load() {
        for (name, text) in SHIPPED.into_iter().chain([("default.toml", DEFAULT)]) {
            assert_eq!(Profile::load(text).err(), None, "{name}");
        }
    }

    #[test]
    fn an_unknown_key_is_refused_with_the_nearest() {
        let refused = refusal(&XA.replace("days_min = 60", "day_min = 60"));

        assert_eq!(
            refused,
            ProfileRefused::UnknownKey { line: 23, key: "day_min".to_owned(), nearest: Some("days_min".to_owned()) }
        );
        assert_eq!(refused.remedy(), "did you mean \"days_min\"?");
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once_each_with_its_line() {
        let text = XA
            .replace("days_min = 60", "day_min = 60\ndays_min = 29")
            .replace("k_min = 10", "k_min = 9\nk_max = 7")
            .replace("second_reviewer_hours = 24", "second_reviewer_hours = 25");

        let faults = Profile::read(&text).err().unwrap();

        let told: Vec<(&str, &str)> =
            faults.iter().map(|fault| (fault.code(), text.lines().nth(fault.line() - 1).unwrap())).collect();
        let (key, loose) = ("profile-unknown-key", "profile-loosens");
        let told: Vec<_> = told.iter().map(|(code, line)| (*code, line.split(" #").next().unwrap().trim())).collect();
        assert_eq!(
            told,
            [
                (key, "day_min = 60"),
                (loose, "days_min = 29"),
                (loose, "second_reviewer_hours = 25"),
                (loose, "k_min = 9"),
                (key, "k_max = 7")
            ]
        );
    }

    #[test]
    fn every_floor_refuses_what_loosens_it_with_its_line() {
        let loosened = [
            (
                "assistance_needs_cooperation = false",
                "assistance_needs_cooperation = true",
                "assistance_needs_cooperation",
            ),
            (
                "assistance_needs_formal_status = false",
                "assistance_needs_formal_status = true",
                "assistance_needs_formal_status",
            ),
            ("days_min = 60", "days_min = 29", "days_min"),
            ("days_child_min = 90", "days_child_min = 29", "days_child_min"),
            ("referral = true", "referral = false", "blocks_law_enforcement_referral"),
            ("majority_years = 18", "majority_years = 17", "majority_years"),
            ("own_consent_from_years = 16", "own_consent_from_years = 13", "own_consent_from_years"),
            ("disputed = true", "disputed = false", "presume_child_if_disputed"),
            ("when = \"child\"", "when = \"adult\"", "level_max"),
            ("level_max = 1", "level_max = 2", "level_max"),
            ("Urgent = { acknowledge = 24", "Urgent = { acknowledge = 25", "Urgent"),
            ("Normal = { acknowledge = 72, decide = 120", "Normal = { acknowledge = 72, decide = 337", "Normal"),
            ("decide = 2, escalate = 1", "decide = 2, escalate = 2", "Immediate"),
            ("second_reviewer_hours = 24", "second_reviewer_hours = 25", "second_reviewer_hours"),
            ("\"tue\", \"wed\"", "\"Tue\", \"wed\"", "working_days"),
            ("rounding_base = 5", "rounding_base = 4", "rounding_base"),
            ("NotAccepted = 30", "NotAccepted = 31", "NotAccepted"),
            ("notice_hours = 72", "notice_hours = 73", "vital_interest_notice_hours"),
            ("k_min = 10", "k_min = 9", "k_min"),
            ("level_min = 1", "level_min = 0", "level_min"),
        ];
        for (kept, loose, name) in loosened {
            assert!(XA.contains(kept), "{kept}");
            let text = XA.replacen(kept, loose, 1);
            let ProfileRefused::Loosens { line, key, .. } = refusal(&text) else { panic!("{loose}") };
            assert_eq!(key, name);
            assert!(text.lines().nth(line - 1).unwrap().contains(name), "{loose}: line {line}");
        }
    }
}
