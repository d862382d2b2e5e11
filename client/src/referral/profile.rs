//! Country profiles: what a country's law makes stricter. Loaded from TOML, unknown keys refused, loosening refused
//! (REFERRAL §6 and its addendum).

use serde::Deserialize;
use toml::value::Datetime;

use super::codes::{ProtectionStatus, RetentionBasis, Role};
use super::text::Country;

/// The profiles that this build ships, each with its file name.
const SHIPPED: [(&str, &str); 2] = [
    ("xa-arvenia.toml", include_str!("../../profiles/xa-arvenia.toml")),
    ("xc-carthen.toml", include_str!("../../profiles/xc-carthen.toml")),
];
/// The profile of every country that has none of its own.
const DEFAULT: &str = include_str!("../../profiles/default.toml");

/// Why a profile is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProfileRefused {
    /// It is not TOML, or a value has another type or is no code.
    #[error("line {line} of the profile does not fit: {message}")]
    Malformed {
        /// Line, from 1.
        line: usize,
        /// What the reader says.
        message: String,
    },
    /// A key that no profile has.
    #[error("line {line} of the profile has the unknown key \"{key}\"")]
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

/// A country's profile.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Which country, which version.
    pub profile: Head,
    /// Who may presume and decide.
    pub identification: Identification,
    /// The reflection period.
    pub reflection: ReflectionRules,
    /// Children.
    pub child: ChildRules,
    /// Who counts as law enforcement.
    pub law_enforcement: LawEnforcement,
    /// Duties to notify.
    pub mandatory_reporting: MandatoryReporting,
    /// Clocks by urgency.
    pub timers_hours: Timers,
    /// Working days.
    pub calendar: Calendar,
    /// Days that a referral is kept, by basis.
    pub retention_days: Retention,
    /// Overrides.
    #[serde(rename = "override")]
    pub overrides: Overrides,
    /// Embassies.
    pub embassy: EmbassyRules,
    /// Disclosure control.
    pub indicators: Indicators,
    /// Fields that the country adds.
    #[serde(default, rename = "extension")]
    pub extensions: Vec<ExtensionRule>,
}

/// Which country, which version.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// Only grows.
    pub version: u32,
    /// For people.
    pub name: String,
    /// First day of validity.
    pub valid_from: Datetime,
    /// ISO 639-3, offered first.
    pub languages: Vec<String>,
    /// Agency id.
    pub nrm_coordinator: String,
    /// Agency id.
    pub national_rapporteur: String,
    /// Telephone.
    pub emergency_number: String,
}

/// Who may presume and decide.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identification {
    /// Roles that may refer on presumption.
    pub may_presume: Vec<Role>,
    /// Roles that decide the status.
    pub may_decide: Vec<Role>,
    /// Never true.
    pub assistance_needs_formal_status: bool,
    /// Never true.
    pub assistance_needs_cooperation: bool,
}

/// The reflection period.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReflectionRules {
    /// At least 30.
    pub days_min: u32,
    /// At least 30.
    pub days_child_min: u32,
    /// Days.
    pub extendable_days: u32,
    /// The law.
    pub legal_basis: String,
    /// Roles.
    pub granted_by: Vec<Role>,
    /// Days.
    pub warn_days_before_end: Vec<u32>,
    /// Never false.
    pub blocks_law_enforcement_referral: bool,
}

/// Children.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChildRules {
    /// At least 18.
    pub majority_years: u16,
    /// Below: assent and guardian, or best interest.
    pub own_consent_from_years: u16,
    /// Never false.
    pub presume_child_if_disputed: bool,
    /// Hours.
    pub guardian_deadline_hours: u32,
    /// Roles.
    pub best_interest_body: Vec<Role>,
}

/// Who counts as law enforcement.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LawEnforcement {
    /// Beside the built-in roles.
    pub also: Vec<Role>,
    /// Whether inspectors report to immigration.
    pub labour_inspectorate_reports_immigration: bool,
}

/// Duties to notify.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MandatoryReporting {
    /// The duties.
    pub duty: Vec<Duty>,
}

/// One duty to notify.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Duty {
    /// Short name.
    pub id: String,
    /// Sender's roles.
    pub who: Vec<Role>,
    /// Recipient's roles.
    pub to: Vec<Role>,
    /// About whom.
    pub when: About,
    /// Hours.
    pub within_hours: u32,
    /// Highest level: 1 about a child, 0 about an adult.
    pub level_max: i64,
    /// The law.
    pub legal_basis: String,
    /// When the person is told.
    pub inform_person: String,
}

/// About whom a duty is.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum About {
    /// A child.
    Child,
    /// An adult.
    Adult,
}

/// Clocks by urgency.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Timers {
    /// Life or limb now.
    #[serde(rename = "Immediate")]
    pub immediate: Timer,
    /// No safe bed tonight.
    #[serde(rename = "Emergency")]
    pub emergency: Timer,
    /// Within two days.
    #[serde(rename = "Urgent")]
    pub urgent: Timer,
    /// Planned.
    #[serde(rename = "Normal")]
    pub normal: Timer,
}

/// Hours from delivery.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Timer {
    /// Until a person has seen it.
    pub acknowledge: u32,
    /// Until somebody decided.
    pub decide: u32,
    /// Until the next agency is asked.
    pub escalate: u32,
}

/// Working days.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calendar {
    /// Short English names.
    pub working_days: Vec<String>,
    /// Whether Immediate runs at all hours.
    pub immediate_ignores_calendar: bool,
    /// Days off.
    pub holidays: Vec<Datetime>,
}

/// Days that a referral is kept, by basis.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
pub struct Retention {
    /// From closure.
    pub service_delivery: u32,
    /// At most 30.
    pub not_accepted: u32,
    /// From closure.
    pub legal_claim: u32,
    /// From closure.
    pub court_order: u32,
    /// From majority.
    pub child_until_majority_plus: u32,
}

impl Retention {
    /// Days for a basis.
    #[must_use]
    pub const fn days(&self, basis: RetentionBasis) -> u32 {
        match basis {
            RetentionBasis::ServiceDelivery => self.service_delivery,
            RetentionBasis::NotAccepted => self.not_accepted,
            RetentionBasis::LegalClaim => self.legal_claim,
            RetentionBasis::CourtOrder => self.court_order,
            RetentionBasis::ChildUntilMajorityPlus => self.child_until_majority_plus,
        }
    }
}

/// Overrides.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Overrides {
    /// At most 72.
    pub vital_interest_notice_hours: u32,
    /// Hours.
    pub second_reviewer_hours: u32,
    /// Who reviews.
    pub reviewer_role: String,
}

/// Embassies.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EmbassyRules {
    /// Whether an embassy may be asked at all.
    pub contact_own_nationals: EmbassyContact,
    /// Statuses that forbid it, beside the built-in ones.
    pub never_if_status: Vec<ProtectionStatus>,
}

/// Whether an embassy may be asked at all.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EmbassyContact {
    /// With a consent that names it.
    SpecificConsent,
    /// Never.
    Never,
}

/// Disclosure control.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Indicators {
    /// At least 10 persons.
    pub k_min: u32,
    /// Counts are rounded to it.
    pub rounding_base: u32,
    /// Name of the period.
    pub period: String,
    /// Agency ids.
    pub share_with: Vec<String>,
}

/// A field that the country adds.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExtensionRule {
    /// `XA.shelter_scheme`.
    pub key: String,
    /// By language.
    pub label: std::collections::BTreeMap<String, String>,
    /// The codes that it takes.
    pub codes: Vec<String>,
    /// At least 1.
    pub level_min: u8,
    /// Never for a foreign sender.
    pub required: bool,
}

impl Profile {
    /// Reads a profile, and checks that it only tightens.
    ///
    /// # Errors
    /// [`ProfileRefused`] with the line.
    pub fn load(text: &str) -> Result<Self, ProfileRefused> {
        let profile: Self = toml::from_str(text).map_err(|error| refused(text, &error))?;
        profile.check_floors(text)?;
        Ok(profile)
    }

    fn check_floors(&self, text: &str) -> Result<(), ProfileRefused> {
        let timers = &self.timers_hours;
        let acknowledge_most = [
            (&timers.immediate, "Immediate", 1, 2),
            (&timers.emergency, "Emergency", 4, 24),
            (&timers.urgent, "Urgent", 24, 72),
            (&timers.normal, "Normal", 72, 336),
        ];
        for (timer, key, acknowledge, decide) in acknowledge_most {
            if timer.acknowledge > acknowledge || timer.decide > decide {
                let floor = "at most acknowledge 1, 4, 24, 72 and decide 2, 24, 72, 336 hours by urgency";
                return Err(ProfileRefused::Loosens { line: line_of(text, "timers_hours", key), key, floor });
            }
        }
        let duties = &self.mandatory_reporting.duty;
        let level_most = |duty: &Duty| if duty.when == About::Adult { 0 } else { 1 };
        let floors = [
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
            ("child", "presume_child_if_disputed", self.child.presume_child_if_disputed, "true"),
            (
                "mandatory_reporting.duty",
                "level_max",
                duties.iter().all(|duty| (0..=level_most(duty)).contains(&duty.level_max)),
                "at most 1 about a child and 0 about an adult",
            ),
            ("retention_days", "NotAccepted", self.retention_days.not_accepted <= 30, "at most 30"),
            ("override", "vital_interest_notice_hours", self.overrides.vital_interest_notice_hours <= 72, "at most 72"),
            ("indicators", "k_min", self.indicators.k_min >= 10, "at least 10"),
            ("extension", "level_min", self.extensions.iter().all(|rule| rule.level_min >= 1), "at least 1"),
        ];
        match floors.into_iter().find(|(_, _, holds, _)| !holds) {
            Some((table, key, _, floor)) => {
                Err(ProfileRefused::Loosens { line: line_of(text, table, key), key, floor })
            }
            None => Ok(()),
        }
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

/// Says what the TOML reader found, with the nearest name for an unknown key.
fn refused(text: &str, error: &toml::de::Error) -> ProfileRefused {
    let begin = error.span().map_or(0, |span| span.start);
    let line = text.bytes().take(begin).filter(|byte| *byte == b'\n').count().saturating_add(1);
    let message = error.message();
    // serde's derive quotes the key first, then the known ones.
    let mut quoted = message.split('`').skip(1).step_by(2);
    if let (true, Some(key)) = (message.starts_with("unknown field"), quoted.next()) {
        let near = quoted
            .map(|known| (strsim::jaro_winkler(key, known), known))
            .filter(|(likeness, _)| *likeness > 0.8)
            .max_by(|one, other| one.0.total_cmp(&other.0));
        return ProfileRefused::UnknownKey {
            line,
            key: key.to_owned(),
            nearest: near.map(|(_, known)| known.to_owned()),
        };
    }
    ProfileRefused::Malformed { line, message: message.to_owned() }
}

/// The profiles that a node judges by.
#[derive(Clone)]
pub struct Profiles {
    known: Vec<Profile>,
    default: Profile,
}

impl Profiles {
    /// The profiles of this build.
    #[must_use]
    pub fn shipped() -> Self {
        #[expect(clippy::expect_used, reason = "the files are part of the build, and a test loads each of them")]
        let load = |text| Profile::load(text).expect("a shipped profile loads");
        Self { known: SHIPPED.map(|(_, text)| load(text)).to_vec(), default: load(DEFAULT) }
    }

    /// These profiles, the default for every other country.
    #[must_use]
    pub fn of(known: Vec<Profile>) -> Self {
        Self { known, ..Self::shipped() }
    }

    /// The profile of a country, if it has one.
    #[must_use]
    pub fn known(&self, country: &Country) -> Option<&Profile> {
        self.known.iter().find(|profile| profile.profile.country == country.as_str())
    }

    /// The profile of a country, or the default.
    #[must_use]
    pub fn for_country(&self, country: &Country) -> &Profile {
        self.known(country).unwrap_or(&self.default)
    }
}

#[cfg(test)]
mod tests {
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
            ("disputed = true", "disputed = false", "presume_child_if_disputed"),
            ("when = \"child\"", "when = \"adult\"", "level_max"),
            ("level_max = 1", "level_max = 2", "level_max"),
            ("Urgent = { acknowledge = 24", "Urgent = { acknowledge = 25", "Urgent"),
            ("Normal = { acknowledge = 72, decide = 120", "Normal = { acknowledge = 72, decide = 337", "Normal"),
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
