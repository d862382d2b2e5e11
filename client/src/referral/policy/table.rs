//! The decision table as data (REFERRAL §5.1 and its addendum): what each rule looks at, what it says, and who may go on
//! all the same. The engine is a loop over it.

use super::consents::{self, missed};
use super::{Case, agencies, competence, lint, need, person, rules, times};
use crate::referral::code::Code;
use crate::referral::finding::Finding;
use crate::referral::rule::RuleId;

/// Who may go on all the same.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lifted {
    /// Nobody.
    Never,
    /// It warns: whoever sends goes on.
    ByOne,
    /// What it allows goes only once a second person of the sender has confirmed it. No refusal is lifted.
    ByTwo,
}

impl Lifted {
    /// How the table shows it: `no`, `1` or `2`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Never => "no",
            Self::ByOne => "1",
            Self::ByTwo => "2",
        }
    }
}

/// A rule.
pub struct Rule {
    /// Its id.
    pub id: RuleId,
    /// What it looks at: if this holds,
    pub when: &'static str,
    /// it says this, in words.
    pub then: &'static str,
    /// The codes of what it finds.
    pub codes: &'static [Code],
    /// Who may go on all the same.
    pub lifted: Lifted,
    /// Where it comes from.
    pub source: &'static str,
    check: Check,
}

/// Where a rule is looked at.
enum Check {
    /// While the bytes are read, or between two revisions: what breaks it is no referral to judge.
    Reading,
    /// Here. What it finds is told at its turn, the lowest first; rules of one turn share an order among them.
    Judging { turn: u8, check: fn(&Case<'_>, &mut Out) },
}

impl Rule {
    /// Whether the engine looks at it; the others are looked at while the bytes are read, or between revisions.
    #[must_use]
    pub const fn is_judged(&self) -> bool {
        matches!(self.check, Check::Judging { .. })
    }
}

/// What a check finds, with its place among the findings of its turn.
pub(super) struct Out {
    rule: RuleId,
    found: Vec<(u32, Finding)>,
}

impl Out {
    /// The rule that asks.
    pub(super) const fn rule(&self) -> RuleId {
        self.rule
    }

    /// Adds a finding.
    pub(super) fn push(&mut self, finding: Finding) {
        self.push_at(0, finding);
    }

    /// Adds a finding at a place among those of the turn.
    pub(super) fn push_at(&mut self, place: u32, finding: Finding) {
        self.found.push((place, finding.by(self.rule)));
    }
}

/// Applies every rule, and tells what they found turn by turn.
pub(super) fn judge(case: &Case<'_>) -> Vec<Finding> {
    let mut found: Vec<(u8, u32, Finding)> = Vec::new();
    for rule in &RULES {
        let Check::Judging { turn, check } = rule.check else { continue };
        let mut out = Out { rule: rule.id, found: Vec::new() };
        check(case, &mut out);
        found.extend(out.found.into_iter().map(|(place, finding)| (turn, place, finding)));
    }
    // Stable: findings of one place stay in the order of the table.
    found.sort_by_key(|(turn, place, _)| (*turn, *place));
    found.into_iter().map(|(_, _, finding)| finding).collect()
}

/// The turn of the rules about consents, which tell in one common order.
const CONSENTS: u8 = 5;

/// A row of the table.
macro_rules! rule {
    ($id:ident, $lifted:ident, [$($code:ident)+], $source:literal, $when:literal, $then:literal, $check:expr) => {
        Rule {
            id: RuleId::$id,
            when: $when,
            then: $then,
            codes: &[$(Code::$code),+],
            lifted: Lifted::$lifted,
            source: $source,
            check: $check,
        }
    };
}

const fn at(turn: u8, check: fn(&Case<'_>, &mut Out)) -> Check {
    Check::Judging { turn, check }
}

/// Every rule, in the order of the table. Findings come in the order of the turns.
pub static RULES: [Rule; RuleId::ALL.len()] = [
    rule!(
        F1, Never,
        [NotJson DuplicateMember NotNfc TooLarge UnknownMember MissingMember UnknownCode BadFormat BadDate TooLong
            UnsafeCharacter],
        "REFERRAL §3",
        "the bytes are no referral of this version: JSON, members, codes, forms, lengths, characters, size",
        "refuse each place that does not fit", Check::Reading
    ),
    rule!(
        F2,
        Never,
        [SchemaNewer],
        "PROTOCOL §7",
        "the schema's name has a higher number than this software reads",
        "refuse, and judge again after an update",
        Check::Reading
    ),
    rule!(
        F3, Never, [RevisionFixedMember RevisionOutOfTurn], "REFERRAL §4",
        "a revision changes what stays, takes protection or a consent away, or does not follow the newest",
        "refuse", Check::Reading
    ),
    rule!(
        D01,
        Never,
        [LevelExceeded],
        "REFERRAL §5.1 D01",
        "a member belongs to a higher disclosure level than the referral's, or the kind stops below the level",
        "refuse",
        Check::Reading
    ),
    rule!(
        D02,
        Never,
        [NoteContainsIdentifier],
        "REFERRAL §5.1 D02, addendum A8",
        "a text of levels 0 and 1 holds an address of mail or web, five digits in a row, or seven with separators",
        "refuse at levels 0 and 1, warn above",
        at(2, lint::texts)
    ),
    rule!(
        D03,
        Never,
        [MarkingForbidsRecipient],
        "REFERRAL §5.1 D03, addendum A3",
        "NoLawEnforcement and law enforcement; NoEmbassy and an embassy; NoCountryOfOrigin and a recipient that is, or may be, of the person's country",
        "refuse",
        at(3, person::markings)
    ),
    rule!(
        D04, Never,
        [ConsentWithdrawn ConsentExpired TimeOrder ConsentLevel ConsentAgency ConsentRole ConsentSection],
        "REFERRAL §5.1 D04",
        "from level 1, a section is not covered by one consent that stands now, reaches the level, and names recipient and section",
        "refuse, with what the nearest consent lacks", at(CONSENTS, missed)
    ),
    rule!(
        D05,
        Never,
        [ConsentNotInformed],
        "REFERRAL §5.1 D05, addendum A6",
        "the person was not told purpose, uses, access, storage and withdrawal, or somebody else answered",
        "refuse",
        at(CONSENTS, missed)
    ),
    rule!(
        D06,
        Never,
        [ConsentPurpose],
        "REFERRAL §5.1 D06",
        "no consent that counts has a purpose that fits a requested service",
        "refuse",
        at(CONSENTS, consents::purpose)
    ),
    rule!(
        D07,
        Never,
        [ConsentNotSpecific],
        "REFERRAL §5.1 D07",
        "to law enforcement or an embassy, the consent lists other roles or does not name the agency",
        "refuse",
        at(CONSENTS, missed)
    ),
    rule!(
        D08,
        Never,
        [EmbassyOfProtectedPerson],
        "REFERRAL §5.1 D08, addendum A2",
        "to an embassy, the person is or may be under international protection, or a profile forbids embassies",
        "refuse",
        at(6, person::embassy)
    ),
    rule!(
        D09,
        Never,
        [ReflectionActive],
        "REFERRAL §5.1 D09, addendum A4, A5",
        "to law enforcement, the reflection period is not recorded, or runs and the consent was not given after its start; not in vital interest",
        "refuse",
        at(CONSENTS, missed)
    ),
    rule!(
        D10,
        Never,
        [ChildNeedsGuardianOrBid],
        "REFERRAL §5.1 D10, addendum A1",
        "whoever is or may be a child consents alone, and may be younger than the age of own consent",
        "refuse",
        at(CONSENTS, missed)
    ),
    rule!(
        D11, Never, [ChildNeedsGuardianOrBid GuardianSuspected OverrideNotApplicable LegalBasisNeedsNotification],
        "REFERRAL §5.1 D11, addendum A6",
        "the basis does not go with its giver and state: guardian appointed or caring and not suspected, determination under way by its body, override recorded by the agency",
        "refuse", at(CONSENTS, missed)
    ),
    rule!(
        D12,
        Never,
        [OverrideNotApplicable],
        "REFERRAL §5.1 D12",
        "in vital interest, the urgency is not Immediate or Emergency, or the recipient cannot rescue",
        "refuse",
        at(CONSENTS, missed)
    ),
    rule!(
        D13,
        Never,
        [OverrideNoticeTooLate],
        "REFERRAL §5.1 D13",
        "in vital interest, the person is told later than the profile's hours, at most 72",
        "refuse",
        at(CONSENTS, missed)
    ),
    rule!(
        D14, ByTwo, [OverrideNotApplicable SecondPersonNeeded], "REFERRAL §5.1 D14",
        "in vital interest to police: more than what stops the danger, or above level 2",
        "refuse; what is left goes with a second person's confirmation", at(CONSENTS, consents::to_police)
    ),
    rule!(
        D15, Never, [LegalBasisNeedsNotification DutyUnknown], "REFERRAL §5.1 D15, addendum A7",
        "by legal obligation: no notification, no duty of a profile that matches sender, recipient, person and level, or an adult above level 0",
        "refuse", at(CONSENTS, missed)
    ),
    rule!(
        D16, Never, [ConsentOnward ParentMissing], "REFERRAL §5.1 D16",
        "a transfer without consent to onward sharing, of a referral marked NoOnwardSharing, or of none that is held",
        "refuse", at(CONSENTS, consents::onward)
    ),
    rule!(
        D17,
        Never,
        [JusticePurpose],
        "REFERRAL §5.1 D17",
        "the section on justice without a consent for criminal investigation, witness protection or legal assistance",
        "refuse",
        at(CONSENTS, consents::justice)
    ),
    rule!(
        D18,
        Never,
        [ReturnNotVoluntary],
        "REFERRAL §5.1 D18, addendum A9",
        "a voluntary return or resettlement without the person's confirmation and a risk assessment of the last 90 days",
        "refuse",
        at(7, person::voluntary)
    ),
    rule!(
        D19,
        ByOne,
        [Minimise],
        "REFERRAL §5.1 D19",
        "a section that no requested service needs",
        "warn of each",
        at(20, need::minimise)
    ),
    rule!(
        D20,
        ByOne,
        [Minimise],
        "REFERRAL §5.1 D20",
        "the danger is extreme or the trafficker knows the place, and the town is named",
        "warn",
        at(21, person::location)
    ),
    rule!(
        D21, Never, [DateInFuture BadDate AgeMismatch], "REFERRAL §5.1 D21, addendum A1",
        "the birth date lies in the future, too long ago, or outside the age band by more than a year, three if estimated; across majority by anything",
        "refuse", at(8, person::birth_date)
    ),
    rule!(
        D22, ByTwo, [DeleteBeforeExpiry SecondPersonNeeded], "REFERRAL §5.1 D22",
        "deleted before the expiry, or kept beyond the profile's retention without a legal hold",
        "refuse; beyond retention under a legal hold goes with a second person's confirmation", at(9, times::deletion)
    ),
    rule!(
        D23,
        Never,
        [ExerciseMismatch],
        "REFERRAL §5.1 D23",
        "an exercise and an agency that is live, or the reverse",
        "refuse",
        at(11, agencies::exercise)
    ),
    rule!(
        D24, Never, [AgencyUnknown RoleNotHeld ProfileStale], "REFERRAL §5.1 D24",
        "an agency is unknown or not active, holds another role or country, or the registry copy is older than 7 days",
        "refuse", at(10, agencies::known)
    ),
    rule!(
        D25,
        Never,
        [NotCompetent],
        "REFERRAL §7.2",
        "sender or recipient has a role that does not do this: send, take this service, override; presume, determine best interest",
        "refuse the first three, warn of the others",
        at(13, competence::check)
    ),
    rule!(
        D26,
        Never,
        [NotCompetent],
        "REFERRAL §7.2",
        "the section on justice to another role than legal aid, law enforcement or the competent authority",
        "refuse",
        at(14, competence::justice)
    ),
    rule!(
        A10,
        Never,
        [ChildBlockMissing],
        "addendum A1, A10",
        "whoever is or may be a child has no child block, or children travel as a count",
        "refuse",
        at(4, person::children)
    ),
    rule!(
        O1, Never, [ProfileStale TimeOrder ExpiryTooFar], "REFERRAL §3.5",
        "the times do not follow each other, the life is longer than 90 days, or a profile is newer than the one held",
        "refuse", at(1, times::order)
    ),
    rule!(
        X1, Never, [UnknownMember UnknownCode LevelExceeded], "REFERRAL §6",
        "an extension field is not the profile's: key, code or level", "refuse", at(12, rules::extensions)
    ),
    rule!(
        W1,
        ByOne,
        [NotCompetent],
        "REFERRAL §1 C02",
        "the sender's own kind of organisation decided the status, and its role does not decide it",
        "warn, and name who decides",
        at(22, competence::status)
    ),
    rule!(
        W2,
        ByOne,
        [QuasiIdentifiers],
        "REFERRAL §3.2",
        "at level 0, more than four optional members",
        "warn",
        at(23, need::singles_out)
    ),
    rule!(
        S1,
        ByOne,
        [ConsentWithoutEnd],
        "REFERRAL §3.4 no. 5",
        "at the sender, a consent that counts names no end",
        "warn",
        at(24, consents::without_end)
    ),
];
