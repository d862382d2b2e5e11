//! Names of events, reasons and outcomes: the schema's lists (`LogEvent`), in its order, numbered from 1.

use safeconduct_protocol::receipt::case::CaseAct;

/// Declares a list whose members are numbered from 1.
macro_rules! numbered {
    ($(#[$doc:meta])* $name:ident { $($variant:ident: $what:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum $name {
            $(#[doc = concat!("`", stringify!($variant), "`: ", $what, ".")] $variant,)+
        }

        impl $name {
            /// Every one, in the schema's order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The name, as the schema writes it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => stringify!($variant),)+
                }
            }

            /// What it says, in words.
            #[must_use]
            pub const fn words(self) -> &'static str {
                match self {
                    $(Self::$variant => $what,)+
                }
            }
        }
    };
}

numbered! {
    /// What happens to a referral. `Create` and `Send` are local and stand before the schema's list; the others are its events.
    Step {
        Create: "a caseworker begins it",
        Send: "it is to be sent",
        Submitted: "the relay holds it",
        Delivered: "their node has opened, checked and stored it",
        Opened: "a caseworker there looks at it for the first time",
        InfoRequested: "they ask for more",
        InfoProvided: "the sender answers",
        Accepted: "they take the person in",
        Declined: "they do not",
        DisclosureRaised: "the sender discloses more",
        DisclosureRequested: "they ask for more of the person's data",
        ServiceStarted: "help has begun",
        Escalated: "nobody opened it in time, and the next agency is asked",
        TransferProposed: "they want to hand the person on",
        TransferredOnward: "the next agency has taken the person in",
        Closed: "it has ended, with an outcome",
        Withdrawn: "the sender takes it back",
        WithdrawalApplied: "they have acted on the withdrawal",
        ConsentChanged: "a consent was given, changed or taken back",
        Expired: "its time has ended",
        Reinstated: "an acceptance that crossed with the end of its time counts",
        OverrideNotice: "the person was told of an act without their consent",
        OverrideReviewed: "a second person has looked at such an act",
        ErasureCertified: "what was to be erased is erased",
        ReflectionSet: "a reflection period was set",
        Erased: "only the tombstone is left",
    }
}

numbered! {
    /// Why a recipient declines.
    DeclineReason {
        NoCapacity: "no place or no time",
        OutsideMandate: "not what this agency does",
        OutsideGeography: "not where this agency works",
        EligibilityAge: "the person's age is not served here",
        EligibilityGender: "the person's gender is not served here",
        LanguageNotAvailable: "nobody speaks the language",
        SecurityRiskForPerson: "the person would not be safe here",
        SecurityRiskForSite: "others here would not be safe",
        ConflictOfInterest: "the agency is not impartial here",
        InsufficientInformation: "too little is known to decide",
        Duplicate: "the same referral came twice",
        ConsentInsufficient: "the consent does not allow it",
        SuspectedInauthentic: "it does not seem to be a true referral",
        Other: "another reason",
    }
}

numbered! {
    /// How a referral ended.
    Outcome {
        ServiceDelivered: "the person was helped as asked",
        PartlyDelivered: "the person was helped in part",
        PersonDeclined: "the person did not want it",
        PersonNotReached: "the person could not be reached",
        PersonLeft: "the person left",
        TransferredOnward: "the person was handed on to another agency",
        ReturnedVoluntarily: "the person returned of their own will",
        NoLongerNeeded: "it is needed no longer",
        NotServed: "the person was not helped",
        Deceased: "the person died",
    }
}

numbered! {
    /// Why a sender withdraws.
    WithdrawReason {
        Person: "the person wishes it",
        Error: "it was sent in error",
        ServedElsewhere: "another agency helps",
        Escalated: "nobody opened it in time",
    }
}

/// Why it ended as it did.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Why {
    /// Declined, for this reason.
    Declined(DeclineReason),
    /// Closed, with this outcome.
    Closed(Outcome),
    /// Withdrawn, for this reason.
    Withdrawn(WithdrawReason),
}

impl Why {
    /// What `number` says beside `step`; none for 0, for a number past the list, and for a step that has no list.
    #[must_use]
    pub fn of(step: Step, number: u8) -> Option<Self> {
        let at = usize::from(number).checked_sub(1)?;
        if step == Step::Declined {
            DeclineReason::ALL.get(at).copied().map(Self::Declined)
        } else if step == Step::Closed {
            Outcome::ALL.get(at).copied().map(Self::Closed)
        } else if step == Step::Withdrawn {
            WithdrawReason::ALL.get(at).copied().map(Self::Withdrawn)
        } else {
            None
        }
    }

    /// Its number in the list, from 1.
    #[must_use]
    pub fn number(self) -> u8 {
        let at = match self {
            Self::Declined(reason) => DeclineReason::ALL.iter().position(|of| *of == reason),
            Self::Closed(outcome) => Outcome::ALL.iter().position(|of| *of == outcome),
            Self::Withdrawn(reason) => WithdrawReason::ALL.iter().position(|of| *of == reason),
        };
        at.and_then(|at| u8::try_from(at).ok()).map_or(0, |at| at.saturating_add(1))
    }

    /// The name, as the schema writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Declined(reason) => reason.as_str(),
            Self::Closed(outcome) => outcome.as_str(),
            Self::Withdrawn(reason) => reason.as_str(),
        }
    }
}

impl Step {
    /// Its number in the schema's list of events; none for what stands before it.
    #[must_use]
    pub fn number(self) -> Option<u8> {
        let at = Self::ALL.iter().position(|of| *of == self)?;
        u8::try_from(at).ok()?.checked_sub(1).filter(|number| *number > 0)
    }

    /// The act that is signed and told; none for what each side knows from receipts and from its own clock.
    #[must_use]
    pub fn act(self) -> Option<CaseAct> {
        CaseAct::from_number(self.number()?)
    }

    /// The step that a signed act is.
    #[must_use]
    pub const fn of(act: CaseAct) -> Self {
        match act {
            CaseAct::Opened => Self::Opened,
            CaseAct::InfoRequested => Self::InfoRequested,
            CaseAct::InfoProvided => Self::InfoProvided,
            CaseAct::Accepted => Self::Accepted,
            CaseAct::Declined => Self::Declined,
            CaseAct::DisclosureRaised => Self::DisclosureRaised,
            CaseAct::DisclosureRequested => Self::DisclosureRequested,
            CaseAct::ServiceStarted => Self::ServiceStarted,
            CaseAct::Escalated => Self::Escalated,
            CaseAct::TransferProposed => Self::TransferProposed,
            CaseAct::TransferredOnward => Self::TransferredOnward,
            CaseAct::Closed => Self::Closed,
            CaseAct::Withdrawn => Self::Withdrawn,
            CaseAct::WithdrawalApplied => Self::WithdrawalApplied,
            CaseAct::ConsentChanged => Self::ConsentChanged,
            CaseAct::Reinstated => Self::Reinstated,
            CaseAct::OverrideNotice => Self::OverrideNotice,
            CaseAct::OverrideReviewed => Self::OverrideReviewed,
            CaseAct::ErasureCertified => Self::ErasureCertified,
            CaseAct::ReflectionSet => Self::ReflectionSet,
        }
    }

    /// Whether it changes no state, but consent, level or what was told: it never loses against what crosses it.
    #[must_use]
    pub const fn is_note(self) -> bool {
        matches!(
            self,
            Self::ConsentChanged
                | Self::OverrideNotice
                | Self::OverrideReviewed
                | Self::ReflectionSet
                | Self::DisclosureRaised
                | Self::DisclosureRequested
        )
    }
}
