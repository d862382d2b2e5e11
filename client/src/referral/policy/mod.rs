//! The decision table (REFERRAL §5.1, its addendum A): a pure function of referral, time, profiles and registry facts.
//!
//! The strictest of sender's profile, recipient's profile, markings and consent decides. A rule that protects refuses
//! when its input is missing. Removing a consent or adding a marking never turns a refusal into an acceptance.
//!
//! # Layout
//! - [`RULES`]: every rule as data, in `table` · `basis`: whose value decided · [`competence`]: who may do what, D25, D26
//! - `rules`: the profiles merged · `age`: who counts as a child · `lint`: identifiers in free text · `names`: the
//!   person's names in it
//! - `consents`: D04 to D07, D09 to D16, consent by consent · `without`: what may go without one · `need`: services to purposes and sections, D19
//! - `person`: D03, D08, D18, D20, D21, children in groups · `agencies`: D23, D24 · `times`: order of times, D22
//!
//! # Where the table leaves room
//! - A consent without an end holds six months. Instants of another clock are taken up to ten minutes ahead.
//! - `NoCountryOfOrigin` needs the citizenship once the referral leaves the country or goes to an embassy; within one
//!   country a missing citizenship cannot make the recipient foreign.
//! - Retention is counted from `expires_at`, as closure is not known when a referral is judged. A legal hold lifts its
//!   end, never its beginning.
//! - Competence goes by the role addressed and the built-in law enforcement roles: a profile that counts inspectors as
//!   law enforcement makes them no police, and lets them receive nothing more.
//! - What needs a second person is told at the sender ([`super::Report::second_person`]); the recipient judges the same
//!   bytes and cannot know who confirmed.
//! - An agency that holds a role of law enforcement beside the one addressed counts as law enforcement.
//! - The profiles named in the header and those of both agencies' countries apply together.
//! - At the recipient time only flags: a referral is judged as of its creation or, in a revision that asked once more, its newest
//!   consent ([`written_at`]), and what only the recipient's clock, or the age of its registry copy, holds against it is a note and no refusal. Who the agencies are,
//!   and every rule that protects, refuses there as well.

mod age;
mod agencies;
mod basis;
pub mod competence;
mod consents;
mod lint;
mod names;
mod need;
mod person;
mod rules;
mod table;
mod times;
mod without;

use safeconduct_protocol::id::AgencyId;
use safeconduct_protocol::time::Timestamp;

use super::Referral;
use super::code::Code;
use super::codes::{Kind, Role, Section};
use super::finding::Finding;
use super::profile::Profiles;
use super::text::Country;

pub use self::table::{Lifted, RULES, Rule};
pub(crate) use self::{
    consents::LIFE_WITHOUT_END_DAYS,
    names::Names,
    need::{default_level, needed, purposes},
    without::{End, without},
};

use self::age::Age;
use self::consents::Cover;
use self::rules::Rules;

/// Clock skew that is tolerated between two agencies, in seconds.
pub(crate) const SKEW_S: u64 = 600;
/// A registry older than this is not judged by, in seconds.
pub const REGISTRY_AGE_MAX_S: u64 = 7 * 86_400;

/// Which end judges.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Direction {
    /// The sender, before it goes.
    Outbound,
    /// The recipient, after it came: its clock refuses nothing.
    Inbound,
}

/// What a referral is judged against.
pub struct Context<'a> {
    /// Which end judges.
    pub direction: Direction,
    /// The time of judging.
    pub now: Timestamp,
    /// Country profiles.
    pub profiles: &'a Profiles,
    /// What the registry says; `None` for an offline check, which skips those rules and says so.
    pub registry: Option<RegistryFacts>,
    /// What is known of the referral that a transfer continues; `None` if it is not at hand.
    pub parent: Option<Parent>,
}

/// What the registry says about both ends.
#[derive(Clone)]
pub struct RegistryFacts {
    /// Seconds since the registry's head was confirmed.
    pub age_s: u64,
    /// The sender; `None` if the registry does not know it.
    pub sender: Option<AgencyFacts>,
    /// The recipient; `None` if the registry does not know it.
    pub recipient: Option<AgencyFacts>,
}

/// What the registry says about one agency.
#[derive(Clone)]
pub struct AgencyFacts {
    /// Its id.
    pub agency: AgencyId,
    /// Where it works.
    pub country: Country,
    /// The roles that the authority gave it.
    pub roles: Vec<Role>,
    /// The country whose authority it is; for an embassy the sending state.
    pub represents: Option<Country>,
    /// Whether it is an exercise agency.
    pub exercise: bool,
    /// Whether it is active: neither suspended nor revoked.
    pub active: bool,
}

impl AgencyFacts {
    /// Roles from the bits of a registry leaf: bit *i* is the *i*-th role of the list.
    #[must_use]
    pub fn roles_of_bits(bits: u32) -> Vec<Role> {
        Role::ALL.iter().enumerate().filter(|(index, _)| bits >> index & 1 == 1).map(|(_, role)| *role).collect()
    }
}

/// What is known of the referral that a transfer continues.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Parent {
    /// It was marked `NoOnwardSharing`.
    NoOnwardSharing,
    /// It carried no such marking.
    Free,
    /// It was looked for and is not among the referrals that this agency received: at the sender, it refuses.
    Missing,
}

impl<'a> Context<'a> {
    /// A check without registry and vault.
    #[must_use]
    pub const fn offline(now: Timestamp, profiles: &'a Profiles) -> Self {
        Self { direction: Direction::Outbound, now, profiles, registry: None, parent: None }
    }

    /// What is skipped for want of facts, one sentence each.
    #[must_use]
    pub fn not_checked(&self, referral: &Referral) -> Vec<&'static str> {
        let mut skipped = Vec::new();
        if self.registry.is_none() {
            skipped.push(
                "the registry was not asked: agencies, their roles and exercise inboxes are checked when sending",
            );
        }
        if referral.header.kind == Kind::Transfer && self.parent.is_none() {
            skipped.push("the parent referral is not at hand: its marking NoOnwardSharing was not checked");
        }
        skipped
    }
}

/// Whether anybody in a referral counts as a child at `now`, where people come of age at `majority`.
pub(crate) fn is_child(referral: &Referral, now: Timestamp, majority: u16) -> bool {
    Age::of(referral, now, majority).is_child
}

/// Of each consent of a referral, in its order, whether it counts for this recipient at all: no rule of the table finds a fault in it, as the
/// referral was written. Its level and its end are left to whoever asks; of the recipient's roles that to which it is addressed counts.
pub(crate) fn faultless(referral: &Referral, profiles: &Profiles) -> Vec<bool> {
    let at = written_at(referral);
    let context = Context::offline(at, profiles);
    let case = Case::of(referral, &context, at);
    referral.consents().iter().map(|consent| consents::is_faultless(&case, consent)).collect()
}

/// Whether a text holds an address, or a number by which a person could be found (D02).
pub(crate) fn contains_identifier(text: &str) -> bool {
    lint::contains_identifier(text)
}

/// A referral under judgement, with what several rules need.
struct Case<'a> {
    referral: &'a Referral,
    direction: Direction,
    now: Timestamp,
    profiles: &'a Profiles,
    rules: Rules<'a>,
    age: Age,
    cover: Cover,
    registry: Option<&'a RegistryFacts>,
    parent: Option<Parent>,
}

impl<'a> Case<'a> {
    fn of(referral: &'a Referral, context: &'a Context<'_>, now: Timestamp) -> Self {
        let rules = Rules::merge(referral, context.profiles);
        let age = Age::of(referral, now, rules.majority_years);
        let mut case = Self {
            referral,
            direction: context.direction,
            now,
            profiles: context.profiles,
            rules,
            age,
            cover: Cover::default(),
            registry: context.registry.as_ref(),
            parent: context.parent,
        };
        case.cover = Cover::of(&case);
        case
    }
}

impl Case<'_> {
    /// The recipient's roles: the one addressed, and those that the registry knows. An agency that also is law
    /// enforcement is law enforcement.
    fn recipient_roles(&self) -> Vec<Role> {
        let mut roles = vec![self.referral.header.to.role];
        if let Some(recipient) = self.registry.and_then(|registry| registry.recipient.as_ref()) {
            roles.extend(&recipient.roles);
        }
        roles
    }

    fn to_law_enforcement(&self) -> bool {
        self.recipient_roles().iter().any(|role| self.rules.is_law_enforcement(*role))
    }

    fn to_embassy(&self) -> bool {
        self.recipient_roles().contains(&Role::Embassy)
    }
}

/// The sections that a referral carries, those of its documents too.
pub(super) fn sections(referral: &Referral) -> Vec<Section> {
    need::sections(referral).into_iter().map(|(section, _)| section).collect()
}

/// When it was written, by what it says itself: its creation or, where a later revision has asked the person once more, the newest
/// consent.
#[must_use]
pub fn written_at(referral: &Referral) -> Timestamp {
    let given = referral.consents().iter().map(|consent| consent.given_at.time());
    given.fold(referral.header.created_at.time(), Timestamp::max)
}

/// Judges a referral that the schema accepts. Findings come in the order of the table; the recipient's notes are last.
#[must_use]
pub fn judge(referral: &Referral, context: &Context<'_>) -> Vec<Finding> {
    match context.direction {
        Direction::Outbound => table::judge(&Case::of(referral, context, context.now)),
        Direction::Inbound => {
            let (of_copy, mut findings): (Vec<_>, Vec<_>) =
                table::judge(&Case::of(referral, context, written_at(referral))).into_iter().partition(is_of_copy);
            let by_clock: Vec<Finding> = table::judge(&Case::of(referral, context, context.now))
                .into_iter()
                .filter(|finding| !is_of_copy(finding) && !findings.contains(finding))
                .collect();
            findings.extend(of_copy.into_iter().chain(by_clock).map(Finding::noted));
            findings
        }
    }
}

/// Whether it says only that this node's registry copy is old.
fn is_of_copy(finding: &Finding) -> bool {
    finding.code() == Code::ProfileStale && finding.pointer() == agencies::STALE_AT
}
