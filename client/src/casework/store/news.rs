//! What a caseworker should look at.

/// Something that a caseworker should look at, as bits of one number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u16)]
pub enum News {
    /// The other agency has done something.
    Told = 1,
    /// Is the person safe.
    SafetyCheck = 2,
    /// It has ended without help: send it again, or to another agency.
    AskAgain = 4,
    /// An acceptance that crossed with the end of its time waits for a person.
    Crossed = 8,
    /// The other node has signed two different things under one number.
    Equivocation = 16,
    /// Nobody has answered in time, and no other agency may be asked by the node itself.
    Unanswered = 32,
    /// What is to be erased after a withdrawal is not yet.
    WithdrawalOverdue = 64,
    /// Half of the time to open it, or to decide, has passed.
    AnswerSoon = 128,
    /// A consent ends soon, or has ended.
    ConsentEnds = 256,
    /// A reflection period ends soon, or has ended.
    ReflectionEnds = 512,
    /// Of an act without the person's consent, the notice to the person or the second person's review is due.
    OverrideOpen = 1024,
    /// A risk assessment counts no more.
    RiskOutdated = 2048,
    /// A child has no guardian in the time that the law gives.
    GuardianMissing = 4096,
    /// Whether the law still holds it is to be looked at.
    HoldReview = 8192,
    /// What was taken back waits: the other agency's authority is not recognised.
    NotRecognised = 16384,
    /// Something that is kept of it does not read.
    Damaged = 32768,
}

impl News {
    /// Every one.
    pub const ALL: [Self; 16] = [
        Self::Told,
        Self::SafetyCheck,
        Self::AskAgain,
        Self::Crossed,
        Self::Equivocation,
        Self::Unanswered,
        Self::WithdrawalOverdue,
        Self::AnswerSoon,
        Self::ConsentEnds,
        Self::ReflectionEnds,
        Self::OverrideOpen,
        Self::RiskOutdated,
        Self::GuardianMissing,
        Self::HoldReview,
        Self::NotRecognised,
        Self::Damaged,
    ];

    /// What a look settles; the rest asks for an act, and stays until it is done.
    pub(super) const PASSING: i64 = Self::Told as i64
        | Self::SafetyCheck as i64
        | Self::AskAgain as i64
        | Self::Unanswered as i64
        | Self::AnswerSoon as i64
        | Self::ConsentEnds as i64
        | Self::ReflectionEnds as i64
        | Self::RiskOutdated as i64
        | Self::GuardianMissing as i64
        | Self::NotRecognised as i64
        | Self::Damaged as i64;

    /// By its stable name.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == name)
    }

    /// The bit.
    #[must_use]
    pub const fn bit(self) -> i64 {
        self as i64
    }

    /// The stable name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Told => "news",
            Self::SafetyCheck => "safety-check",
            Self::AskAgain => "ask-again",
            Self::Crossed => "crossed",
            Self::Equivocation => "equivocation",
            Self::Unanswered => "unanswered",
            Self::WithdrawalOverdue => "withdrawal-overdue",
            Self::AnswerSoon => "answer-soon",
            Self::ConsentEnds => "consent-ends",
            Self::ReflectionEnds => "reflection-ends",
            Self::OverrideOpen => "override-open",
            Self::RiskOutdated => "risk-outdated",
            Self::GuardianMissing => "guardian-missing",
            Self::HoldReview => "hold-review",
            Self::NotRecognised => "recognition-ended",
            Self::Damaged => "damaged",
        }
    }
}
