//! The transitions T01 to T26, as data: the code, the document and the tests come from this table (REFERRAL §4.1).

use super::code::Step;
use super::state::State;
use super::terms::{Codes, Detail, Effect, Guard, Hand, Side};

/// One row: who may do what from which states, and what comes of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Transition {
    /// `T01` to `T26`. Two rows share one where two steps belong together.
    pub id: &'static str,
    /// What happens.
    pub step: Step,
    /// Who does it: the agency, and whose hand there.
    pub by: &'static [(Side, Hand)],
    /// In which states; none: there is no referral yet.
    pub from: &'static [State],
    /// Which codes it may carry.
    pub codes: Codes,
    /// What must hold besides.
    pub guards: &'static [Guard],
    /// The state after it; none: the same.
    pub to: Option<State>,
    /// What is to be done then, at which agency.
    pub effects: &'static [(Side, Effect)],
    /// What its details may hold.
    pub details: &'static [Detail],
}

use Detail as D;
use Effect as E;
use Guard as G;
use Hand::{Accepting, Caseworker, Intake, Node, Supervisor};
use Side::{Recipient, Sender};
use State as S;

/// From the relay to the help.
const OPEN: &[S] = &[S::Submitted, S::Delivered, S::Opened, S::InfoRequested, S::Accepted, S::InService];
/// The five ends.
const ENDED: &[S] = &[S::Closed, S::Declined, S::Withdrawn, S::Expired, S::Transferred];

/// A row that asks for nothing, does nothing and changes no state.
const PLAIN: Transition = Transition {
    id: "",
    step: Step::Create,
    by: &[],
    from: &[],
    codes: Codes::None,
    guards: &[],
    to: None,
    effects: &[],
    details: &[],
};

/// Every transition. What is not here is refused. Of two rows that fit, the first counts.
pub const TABLE: &[Transition] = &[
    Transition { id: "T01", step: Step::Create, by: &[(Sender, Caseworker)], to: Some(S::Draft), ..PLAIN },
    Transition {
        id: "T02",
        step: Step::Send,
        by: &[(Sender, Caseworker)],
        from: &[S::Draft, S::Failed],
        guards: &[G::PolicyPasses, G::AgreementStands, G::SecondPerson],
        to: Some(S::Queued),
        effects: &[(Sender, E::Queue)],
        ..PLAIN
    },
    Transition {
        id: "T03",
        step: Step::Submitted,
        by: &[(Sender, Node)],
        from: &[S::Queued],
        guards: &[G::ReceiptVerifies],
        to: Some(S::Submitted),
        effects: &[(Sender, E::KeepReceipt)],
        ..PLAIN
    },
    Transition {
        id: "T04",
        step: Step::Delivered,
        by: &[(Recipient, Node)],
        from: &[S::Submitted],
        guards: &[G::RulesPass],
        to: Some(S::Delivered),
        effects: &[(Sender, E::KeepReceipt), (Sender, E::StartClocks), (Recipient, E::StartClocks)],
        ..PLAIN
    },
    Transition {
        id: "T05",
        step: Step::Declined,
        by: &[(Recipient, Node)],
        from: &[S::Submitted],
        codes: Codes::Only(&["OutsideMandate", "ConsentInsufficient", "SuspectedInauthentic"]),
        guards: &[G::RuleRefused, G::ReasonGiven],
        to: Some(S::Declined),
        effects: &[(Recipient, E::EraseNow), (Sender, E::Alert), (Sender, E::EraseLater)],
        details: &[D::Rule],
    },
    Transition {
        id: "T06",
        step: Step::Opened,
        by: &[(Recipient, Intake)],
        from: &[S::Delivered],
        guards: &[G::ReadingUnlocked],
        to: Some(S::Opened),
        effects: &[(Sender, E::StopAcknowledge), (Recipient, E::StopAcknowledge)],
        details: &[D::Desk],
        ..PLAIN
    },
    Transition {
        id: "T07",
        step: Step::InfoRequested,
        by: &[(Recipient, Intake)],
        from: &[S::Opened],
        guards: &[G::TextGiven],
        to: Some(S::InfoRequested),
        effects: &[(Sender, E::PauseDecide), (Recipient, E::PauseDecide), (Sender, E::Alert)],
        details: &[D::Text],
        ..PLAIN
    },
    Transition {
        id: "T08",
        step: Step::InfoProvided,
        by: &[(Sender, Caseworker)],
        from: &[S::InfoRequested],
        guards: &[G::RevisionPasses],
        to: Some(S::Opened),
        effects: &[(Sender, E::ResumeDecide), (Recipient, E::ResumeDecide), (Recipient, E::TakeRevision)],
        details: &[D::Text],
        ..PLAIN
    },
    Transition {
        id: "T09",
        step: Step::DisclosureRequested,
        by: &[(Recipient, Intake)],
        from: &[S::Opened],
        guards: &[G::LevelAbove, G::TextGiven],
        effects: &[(Sender, E::Alert)],
        details: &[D::Text],
        ..PLAIN
    },
    Transition {
        id: "T10",
        step: Step::DisclosureRaised,
        by: &[(Sender, Caseworker)],
        from: &[S::Opened, S::Accepted, S::InService],
        guards: &[G::LevelAbove, G::ConsentCoversLevel, G::RevisionPasses],
        effects: &[(Recipient, E::TakeRevision)],
        details: &[D::Text],
        ..PLAIN
    },
    Transition {
        id: "T11",
        step: Step::Accepted,
        by: &[(Recipient, Accepting)],
        from: &[S::Opened],
        guards: &[G::InTime, G::Competent],
        to: Some(S::Accepted),
        effects: &[(Sender, E::StopDecide), (Recipient, E::StopDecide), (Sender, E::Alert)],
        details: &[D::Text, D::ServiceOn, D::Desk],
        ..PLAIN
    },
    Transition {
        id: "T12",
        step: Step::Declined,
        by: &[(Recipient, Intake)],
        from: &[S::Opened, S::InfoRequested],
        codes: Codes::All,
        guards: &[G::ReasonGiven],
        to: Some(S::Declined),
        effects: &[
            (Sender, E::StopClocks),
            (Recipient, E::StopClocks),
            (Sender, E::Alert),
            (Sender, E::EraseLater),
            (Recipient, E::EraseNotAccepted),
        ],
        details: &[D::Text, D::Suggest, D::EarliestCapacity],
    },
    Transition {
        id: "T13",
        step: Step::ServiceStarted,
        by: &[(Recipient, Caseworker)],
        from: &[S::Accepted],
        guards: &[G::NotInFuture],
        to: Some(S::InService),
        details: &[D::ServiceOn],
        ..PLAIN
    },
    Transition {
        id: "T15",
        step: Step::Closed,
        by: &[(Recipient, Caseworker)],
        from: &[S::Accepted],
        codes: Codes::Only(&["PersonNotReached", "PersonDeclined"]),
        guards: &[G::OutcomeGiven],
        to: Some(S::Closed),
        effects: &[(Sender, E::SafetyCheck), (Sender, E::EraseLater), (Recipient, E::EraseLater)],
        ..PLAIN
    },
    Transition {
        id: "T14",
        step: Step::Closed,
        by: &[(Recipient, Caseworker)],
        from: &[S::Accepted, S::InService],
        codes: Codes::All,
        guards: &[G::OutcomeGiven],
        to: Some(S::Closed),
        effects: &[(Sender, E::Alert), (Sender, E::EraseLater), (Recipient, E::EraseLater)],
        ..PLAIN
    },
    Transition {
        id: "T16",
        step: Step::Withdrawn,
        by: &[(Sender, Caseworker)],
        from: &[
            S::Queued,
            S::Failed,
            S::Submitted,
            S::Delivered,
            S::Opened,
            S::InfoRequested,
            S::Accepted,
            S::InService,
        ],
        codes: Codes::All,
        guards: &[G::ReasonGiven],
        to: Some(S::Withdrawn),
        effects: &[
            (Sender, E::StopClocks),
            (Recipient, E::StopClocks),
            (Recipient, E::ApplyWithdrawal),
            (Sender, E::EraseLater),
        ],
        details: &[D::Text],
    },
    Transition {
        id: "T16",
        step: Step::Withdrawn,
        by: &[(Sender, Node)],
        from: &[S::Queued, S::Submitted, S::Delivered, S::Opened, S::InfoRequested, S::Accepted],
        codes: Codes::Only(&["ServedElsewhere"]),
        guards: &[G::ReasonGiven],
        to: Some(S::Withdrawn),
        effects: &[
            (Sender, E::StopClocks),
            (Recipient, E::StopClocks),
            (Recipient, E::ApplyWithdrawal),
            (Sender, E::EraseLater),
        ],
        ..PLAIN
    },
    Transition {
        id: "T17",
        step: Step::WithdrawalApplied,
        by: &[(Recipient, Node), (Recipient, Supervisor)],
        from: &[S::Withdrawn],
        guards: &[G::NoLegalHold],
        details: &[D::SectionsKept],
        ..PLAIN
    },
    Transition {
        id: "T17",
        step: Step::ErasureCertified,
        by: &[(Recipient, Node), (Recipient, Supervisor)],
        from: &[S::Withdrawn],
        guards: &[G::NoLegalHold],
        details: &[D::Erased, D::SectionsKept],
        ..PLAIN
    },
    Transition {
        id: "T18",
        step: Step::Expired,
        by: &[(Sender, Node), (Recipient, Node)],
        from: &[S::Queued, S::Failed, S::Submitted, S::Delivered, S::Opened, S::InfoRequested],
        guards: &[G::TimeIsOver],
        to: Some(S::Expired),
        effects: &[
            (Sender, E::StopClocks),
            (Recipient, E::StopClocks),
            (Recipient, E::EraseNow),
            (Sender, E::AskAgain),
            (Sender, E::EraseLater),
        ],
        ..PLAIN
    },
    Transition {
        id: "T19",
        step: Step::Reinstated,
        by: &[(Sender, Caseworker)],
        from: &[S::Expired],
        guards: &[G::AcceptedInTime],
        to: Some(S::Accepted),
        effects: &[(Sender, E::ShowClocks), (Recipient, E::ShowClocks)],
        details: &[D::Text],
        ..PLAIN
    },
    Transition {
        id: "T20",
        step: Step::Escalated,
        by: &[(Sender, Node)],
        from: &[S::Submitted, S::Delivered],
        guards: &[G::ClockIsOut, G::AlternateCovered],
        to: Some(S::Withdrawn),
        effects: &[
            (Sender, E::QueueAlternate),
            (Sender, E::StopClocks),
            (Recipient, E::StopClocks),
            (Recipient, E::EraseNow),
            (Sender, E::EraseLater),
        ],
        ..PLAIN
    },
    Transition {
        id: "T21",
        step: Step::TransferProposed,
        by: &[(Recipient, Caseworker)],
        from: &[S::Accepted, S::InService],
        guards: &[G::PersonAsked],
        effects: &[(Sender, E::Alert)],
        ..PLAIN
    },
    Transition {
        id: "T22",
        step: Step::TransferredOnward,
        by: &[(Recipient, Node)],
        from: &[S::Accepted, S::InService],
        guards: &[G::NextAccepted],
        to: Some(S::Transferred),
        effects: &[(Sender, E::Alert), (Sender, E::EraseLater), (Recipient, E::EraseLater)],
        details: &[D::Target],
        ..PLAIN
    },
    Transition {
        id: "T23",
        step: Step::ConsentChanged,
        by: &[(Sender, Caseworker), (Recipient, Caseworker)],
        from: OPEN,
        effects: &[(Recipient, E::EraseUncovered), (Sender, E::JudgeCoverage)],
        details: &[D::Consents, D::Status],
        ..PLAIN
    },
    Transition {
        id: "T23",
        step: Step::ConsentChanged,
        by: &[(Sender, Node)],
        from: OPEN,
        guards: &[G::ConsentIsOver],
        effects: &[(Recipient, E::HideUncovered), (Sender, E::RefuseUncovered)],
        details: &[D::Consents, D::Status],
        ..PLAIN
    },
    Transition {
        id: "T24",
        step: Step::OverrideNotice,
        by: &[(Sender, Caseworker)],
        from: OPEN,
        guards: &[G::OverrideUsed],
        effects: &[(Sender, E::WatchOverride)],
        details: &[D::Override],
        ..PLAIN
    },
    Transition {
        id: "T24",
        step: Step::OverrideReviewed,
        by: &[(Sender, Supervisor)],
        from: OPEN,
        guards: &[G::OverrideUsed, G::AnotherPerson],
        effects: &[(Sender, E::WatchOverride)],
        details: &[D::Override, D::Text],
        ..PLAIN
    },
    Transition {
        id: "T25",
        step: Step::ReflectionSet,
        by: &[(Sender, Caseworker), (Recipient, Caseworker)],
        from: OPEN,
        guards: &[G::Competent, G::PeriodHolds],
        effects: &[(Sender, E::WatchReflection), (Recipient, E::WatchReflection)],
        details: &[D::Reflection],
        ..PLAIN
    },
    Transition {
        id: "T26",
        step: Step::ErasureCertified,
        by: &[(Recipient, Node)],
        from: ENDED,
        guards: &[G::DayOfErasure, G::NoLegalHold],
        details: &[D::Erased, D::SectionsKept],
        ..PLAIN
    },
    Transition {
        id: "T26",
        step: Step::Erased,
        by: &[(Sender, Node), (Recipient, Node)],
        from: ENDED,
        guards: &[G::DayOfErasure, G::NoLegalHold],
        to: Some(S::Erased),
        effects: &[(Sender, E::Tombstone), (Recipient, E::Tombstone)],
        ..PLAIN
    },
];

impl Transition {
    /// Whether it starts from `state`; none: there is no referral yet.
    #[must_use]
    pub fn starts_from(&self, state: Option<State>) -> bool {
        state.map_or_else(|| self.from.is_empty(), |state| self.from.contains(&state))
    }

    /// Whether an event signed at `side`, by the node itself or by a person, can be this one.
    #[must_use]
    pub fn is_signed_by(&self, side: Side, by_node: bool) -> bool {
        self.by.iter().any(|(of, hand)| *of == side && (*hand == Node) == by_node)
    }

    /// Whether who has one of these roles at `side` may do it.
    #[must_use]
    pub fn is_done_by(&self, side: Side, hands: &[Hand]) -> bool {
        self.by.iter().any(|(of, asked)| *of == side && hands.iter().any(|hand| hand.does(*asked)))
    }
}
