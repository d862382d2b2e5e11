//! Country profiles: what a country's law makes stricter. Loaded from TOML, unknown keys refused, loosening refused
//! (REFERRAL §6 and its addendum).

pub mod calendar;
pub(crate) mod carried;
mod floors;
pub mod installed;
mod names;

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock},
};

use serde::Deserialize;
use toml::value::Datetime;

use super::codes::{ProtectionStatus, RetentionBasis, Role};
use super::text::Country;

pub use self::{floors::ProfileRefused, names::RoleNames};

/// The profiles that this build ships, each with its file name.
const SHIPPED: [(&str, &str); 5] = [
    ("xa-arvenia.toml", include_str!("../../../profiles/xa-arvenia.toml")),
    ("xc-carthen.toml", include_str!("../../../profiles/xc-carthen.toml")),
    ("xb-bessara.toml", include_str!("../../../profiles/xb-bessara.toml")),
    ("xd-dorvane.toml", include_str!("../../../profiles/xd-dorvane.toml")),
    ("xe-estvale.toml", include_str!("../../../profiles/xe-estvale.toml")),
];
/// The profile of every country that has none of its own.
const DEFAULT: &str = include_str!("../../../profiles/default.toml");

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
    /// What roles are called on the screen.
    #[serde(default)]
    pub role_names: RoleNames,
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
    pub label: BTreeMap<String, String>,
    /// The codes that it takes.
    pub codes: Vec<String>,
    /// At least 1.
    pub level_min: u8,
    /// Never for a foreign sender.
    pub required: bool,
}

/// The profiles that a node judges by.
#[derive(Clone)]
pub struct Profiles {
    known: Vec<Profile>,
    default: Profile,
    /// Those of them that were installed, as they were written, by country.
    texts: BTreeMap<String, String>,
}

/// The profiles of this build, read once.
static OF_BUILD: LazyLock<Arc<Profiles>> = LazyLock::new(|| Arc::new(Profiles::shipped()));

impl Profiles {
    /// The profiles of this build.
    #[must_use]
    pub fn shipped() -> Self {
        #[expect(clippy::expect_used, reason = "the files are part of the build, and a test loads each of them")]
        let load = |text| Profile::load(text).expect("a shipped profile loads");
        let known = SHIPPED.map(|(_, text)| load(text)).to_vec();
        Self { known, default: load(DEFAULT), texts: BTreeMap::new() }
    }

    /// The same, shared.
    #[must_use]
    pub fn of_build() -> Arc<Self> {
        Arc::clone(&OF_BUILD)
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

    /// Every country's own profile.
    pub fn all(&self) -> impl Iterator<Item = &Profile> {
        self.known.iter()
    }

    /// A country's profile as it was written, or the default.
    #[must_use]
    pub fn text(&self, country: &Country) -> &str {
        self.texts.get(country.as_str()).map_or_else(|| Self::shipped_text(country), String::as_str)
    }

    /// Whether a country's profile was installed, and is not the one of this build.
    #[must_use]
    pub fn is_installed(&self, country: &str) -> bool {
        self.texts.contains_key(country)
    }

    fn shipped_text(country: &Country) -> &'static str {
        let begins = format!("{}-", country.as_str().to_ascii_lowercase());
        SHIPPED.iter().find(|(name, _)| name.starts_with(&begins)).map_or(DEFAULT, |(_, text)| text)
    }

    /// The profile for countries that have none: treaty minimums.
    #[must_use]
    pub const fn fallback(&self) -> &Profile {
        &self.default
    }

    /// The profile of a country, or the default.
    #[must_use]
    pub fn for_country(&self, country: &Country) -> &Profile {
        self.known(country).unwrap_or(&self.default)
    }
}
