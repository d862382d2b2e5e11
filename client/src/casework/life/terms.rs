//! The words of which transitions are made: sides, hands, guards, effects, details.

use super::code::Step;

/// Declares a closed list of terms, each with its name and its words.
macro_rules! terms {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $text:literal, $words:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum $name {
            $(#[doc = concat!("`", $text, "`: ", $words, ".")] $variant,)+
        }

        impl $name {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The stable name.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }

            /// What it means.
            #[must_use]
            pub const fn words(self) -> &'static str {
                match self {
                    $(Self::$variant => $words,)+
                }
            }
        }
    };
}

pub(crate) use terms;

terms! {
    /// Which of the two agencies.
    Side {
        Sender = "sender", "the agency that refers";
        Recipient = "recipient", "the agency that is asked to help";
    }
}

impl Side {
    /// The other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Sender => Self::Recipient,
            Self::Recipient => Self::Sender,
        }
    }
}

terms! {
    /// Whose hand it is in the agency. Roles of a person there, given by the agency itself.
    Hand {
        Caseworker = "caseworker", "works with the person";
        Intake = "intake", "looks at what comes in and asks or declines";
        Accepting = "intake-may-accept", "intake who may also accept";
        Supervisor = "supervisor", "may do all that caseworkers and intake may, and what needs a second person";
        Node = "node", "the agency's node by itself";
    }
}

impl Hand {
    /// Whether who has this role may do what is `asked` of a role.
    #[must_use]
    pub fn does(self, asked: Self) -> bool {
        let more = match self {
            Self::Supervisor => asked != Self::Node,
            Self::Accepting => asked == Self::Intake,
            Self::Caseworker | Self::Intake | Self::Node => false,
        };
        more || self == asked
    }
}

terms! {
    /// What must hold besides the state. What the life itself can see, it checks; the rest is checked by whoever acts, before signing.
    Guard {
        PolicyPasses = "policy-passes", "the decision table lets it pass with what the registry knows";
        AgreementStands = "agreement-stands", "an agreement between the two roles stands";
        SecondPerson = "second-person", "a second person confirms where the decision table says two";
        ReceiptVerifies = "receipt-verifies", "the receipt's signature verifies";
        RulesPass = "rules-pass", "it was opened, and schema and rules pass";
        RuleRefused = "rule-refused", "a rule refused it after opening";
        ReadingUnlocked = "reading-unlocked", "a person has unlocked reading";
        TextGiven = "text-given", "a text of 1 to 1000 characters says what and why";
        RevisionPasses = "revision-passes", "a new revision passes the decision table, or it is a text only";
        LevelAbove = "level-above", "the level is above the present one and at most 3";
        ConsentCoversLevel = "consent-covers-level", "the consent covers the new level";
        InTime = "in-time", "its time lies before the end of the referral's time";
        Competent = "competent", "the agency's role may do this";
        ReasonGiven = "reason-given", "a reason from the list";
        OutcomeGiven = "outcome-given", "an outcome from the list";
        NotInFuture = "not-in-future", "the date is today or earlier";
        NoLegalHold = "no-legal-hold", "no law holds the data";
        TimeIsOver = "time-is-over", "the end of the referral's time has come, and no acceptance counts";
        AcceptedInTime = "accepted-in-time", "the recipient accepted in time, in a chain without gaps, and it crossed with the end";
        ClockIsOut = "clock-is-out", "the time to escalate is over";
        AlternateCovered = "alternate-covered", "the next alternate is active, covered by consent, and the decision table lets it pass";
        PersonAsked = "person-asked", "the person was asked, and consents to be handed on";
        NextAccepted = "next-accepted", "the next agency accepted the transfer of this referral";
        OverrideUsed = "override-used", "a consent of VitalInterest or LegalObligation is used";
        AnotherPerson = "another-person", "not the person who sent it";
        PeriodHolds = "period-holds", "start before end, and not shorter than the profile's floor";
        DayOfErasure = "day-of-erasure", "the day of erasure has come";
        ConsentIsOver = "consent-is-over", "the consent's own end has come, by the authority's time, too";
    }
}

terms! {
    /// What is to be done because of a transition. The life says it and does nothing.
    Effect {
        Queue = "queue", "put it into the outbox";
        KeepReceipt = "keep-receipt", "keep the receipt as evidence";
        StartClocks = "start-clocks", "start the clocks for acknowledging, deciding and escalating";
        StopAcknowledge = "stop-acknowledge", "stop the clocks for acknowledging and escalating";
        PauseDecide = "pause-decide", "pause the clock for deciding";
        ResumeDecide = "resume-decide", "let the clock for deciding run on";
        StopDecide = "stop-decide", "stop the clock for deciding";
        StopClocks = "stop-clocks", "stop every clock of this referral";
        Alert = "alert", "tell a caseworker";
        SafetyCheck = "safety-check", "alarm: is the person safe";
        TakeRevision = "take-revision", "the revision that it names is the one that counts";
        EraseNow = "erase-now", "erase the content at once";
        EraseNotAccepted = "erase-not-accepted", "erase the content within the days for what was not accepted";
        EraseLater = "erase-later", "erase the content at the end of its retention";
        ApplyWithdrawal = "apply-withdrawal", "unopened: erase at once; opened: erase and certify within 72 hours; in service: keep only what law demands";
        EraseUncovered = "erase-uncovered", "erase sections that no consent covers any more";
        JudgeCoverage = "judge-coverage", "withdraw when no consent covers anything any more";
        AskAgain = "ask-again", "ask a caseworker: send again, or to another agency";
        AskReinstate = "ask-reinstate", "ask a caseworker whether the acceptance counts; show both clocks; erase nothing";
        ShowClocks = "show-clocks", "show both agencies' clocks";
        QueueAlternate = "queue-alternate", "queue a new referral, with a new id and case code, to the alternate";
        WithdrawAlternate = "withdraw-alternate", "withdraw the referral at the alternate: served elsewhere";
        WatchOverride = "watch-override", "watch that the person is told and a second person reviews in time";
        WatchReflection = "watch-reflection", "remind before the reflection period ends, and pass nothing on that it forbids";
        Tombstone = "tombstone", "keep id, hashes, dates, states and outcome only";
        RefuseUncovered = "refuse-uncovered", "refuse what needs the consent, until the person has given a new one";
        HideUncovered = "hide-uncovered", "show nothing that no consent covers any more, until a new one does; erase nothing for that";
    }
}

terms! {
    /// What the details of an act may hold; only the other agency can open them.
    Detail {
        Text = "text", "free text, 1 to 1000 characters";
        Suggest = "suggest", "up to five agencies to ask instead";
        EarliestCapacity = "earliest_capacity", "from when there would be a place";
        ServiceOn = "service_on", "the day of help";
        Desk = "desk", "the desk, never a name";
        Rule = "rule", "the rule that refused";
        SectionsKept = "sections_kept", "which sections are kept, on what basis, until when";
        Erased = "erased", "commitments of what is erased";
        Consents = "consent_ids", "which consents";
        Status = "status", "what they are now";
        Reflection = "reflection", "status, start, end and legal basis of the reflection period";
        Override = "override", "which consent, when the person was told, what the review found";
        Target = "target", "the next agency; left out for witness protection and extreme risk";
    }
}

/// Which codes an act may carry.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Codes {
    /// None.
    None,
    /// Each of its list.
    All,
    /// These names of its list.
    Only(&'static [&'static str]),
}

impl Codes {
    /// Whether `number` may stand beside `step`.
    #[must_use]
    pub fn allow(self, step: Step, number: u8) -> bool {
        let why = super::code::Why::of(step, number);
        match self {
            Self::None => number == 0,
            Self::All => why.is_some(),
            Self::Only(names) => why.is_some_and(|why| names.contains(&why.as_str())),
        }
    }
}
