//! Refusal codes: each a stable name, one sentence of fact, one of remedy (REFERRAL §3.5).

use serde::{Serialize, Serializer};

/// Declares the codes.
macro_rules! refusals {
    ($($(#[$doc:meta])* $variant:ident = $text:literal, $fact:literal, $remedy:literal;)+) => {
        /// Why a referral is refused, or warned about.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        #[non_exhaustive]
        pub enum Code {
            $(#[doc = concat!("`", $text, "`: ", $fact, ".")] $variant,)+
        }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The stable name.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }

            /// What is the matter.
            #[must_use]
            pub const fn fact(self) -> &'static str {
                match self {
                    $(Self::$variant => $fact,)+
                }
            }

            /// What to do next.
            #[must_use]
            pub const fn remedy(self) -> &'static str {
                match self {
                    $(Self::$variant => $remedy,)+
                }
            }
        }
    };
}

refusals! {
    NotJson = "not-json", "the file is not JSON text in UTF-8",
        "save it again as JSON in UTF-8 without a byte-order mark";
    DuplicateMember = "duplicate-member", "the same member stands twice in one object",
        "keep one of the two";
    NotNfc = "not-nfc", "the text is not in Unicode normal form C",
        "type the text again, or convert it to normal form C";
    TooLarge = "too-large", "the referral is too large",
        "shorten the largest texts, or attach them as a document, which is sealed the same way";
    UnknownMember = "unknown-member", "this member is not in version 1 of the referral",
        "remove it, or correct its name";
    MissingMember = "missing-member", "this member is needed and missing",
        "fill it in";
    UnknownCode = "unknown-code", "this is not a code of this version's list",
        "choose from the list in the schema; if none fits, Other where there is one";
    BadFormat = "bad-format", "this has not the form that is needed here",
        "correct it as the schema describes the member";
    BadDate = "bad-date", "this day or time is not in the calendar",
        "check day, month and year";
    TooLong = "too-long", "this is longer than fits",
        "shorten it, or move the account to the case file or an attached document";
    UnsafeCharacter = "unsafe-character", "the text holds an invisible or direction-changing character",
        "type the text again; do not paste it";
    LevelExceeded = "level-exceeded", "this member belongs to a higher disclosure level",
        "remove it, or ask the person and send at the level that it needs";
    ChildBlockMissing = "child-block-missing", "a child is or may be concerned, and the child block is missing",
        "say in summary.child who accompanies the child, who the guardian is, and whether a best-interest procedure runs";
    ParentMissing = "parent-missing", "a transfer does not name the referral that it continues",
        "give parent_referral_id, the id of the referral that your agency received";
    TimeOrder = "time-order", "the times do not follow each other",
        "check the times: first given or created, then now, then the end";
    ExpiryTooFar = "expiry-too-far", "the referral lives longer than 90 days",
        "choose an expires_at at most 90 days after created_at";
    DeleteBeforeExpiry = "delete-before-expiry", "the day of deletion does not fit the expiry or the retention allowed",
        "choose a delete_after between the expiry and the end of the profile's retention";
    DateInFuture = "date-in-future", "the birth date lies in the future",
        "check the year, or give only the year and mark it estimated";
    AgeMismatch = "age-mismatch", "the birth date does not fit the age band",
        "correct the band or the date; in doubt the person counts as a child";
    NoteContainsIdentifier = "note-contains-identifier",
        "the text contains what looks like a telephone number, an address of mail or web, or a document number",
        "take it out: at this level a text says what is needed, not who";
    MarkingForbidsRecipient = "marking-forbids-recipient", "a marking forbids this recipient",
        "change the recipient, or the marking with the person";
    EmbassyOfProtectedPerson = "embassy-of-protected-person",
        "the person is, or may be, under international protection, and the recipient is an embassy",
        "do not contact the embassy; if the person has no such status, record that in protection_status";
    ConsentSection = "consent-section", "no consent covers a section that is sent",
        "ask the person about this section, or leave it out";
    ConsentRole = "consent-role", "the consent does not name the recipient's role",
        "ask the person about this recipient, or choose another";
    ConsentAgency = "consent-agency", "the consent names other agencies, not the recipient",
        "ask the person about this agency, or choose one that the consent names";
    ConsentLevel = "consent-level", "the consent does not reach the disclosure level",
        "lower the level, or ask the person about the higher one";
    ConsentPurpose = "consent-purpose", "no consent has a purpose that fits a requested service",
        "ask the person about the purpose of the service, or correct the services";
    ConsentWithdrawn = "consent-withdrawn", "the person withdrew this consent; nothing can be sent under it",
        "do not send; ask again only if the person wishes it";
    ConsentExpired = "consent-expired", "the consent has ended",
        "ask the person again";
    ConsentNotInformed = "consent-not-informed",
        "the consent does not say that the person was told purpose, uses, access, storage and withdrawal, or was not given by the person",
        "explain these five to the person, ask again, and record the answer";
    ConsentNotSpecific = "consent-not-specific",
        "the consent covers several roles or does not name this agency, and the recipient is law enforcement or an embassy",
        "ask the person about this unit, for this purpose, on its own";
    ConsentOnward = "consent-onward", "the person did not agree to onward sharing",
        "ask the person about the transfer, and record onward_sharing";
    ChildNeedsGuardianOrBid = "child-needs-guardian-or-bid",
        "for a child this consent needs a guardian who is appointed or caring, or a best-interest determination by the competent body",
        "ask the guardian for consent and the child for assent, or use a best-interest determination";
    GuardianSuspected = "guardian-suspected",
        "the guardian is suspected of the exploitation and cannot consent for the child",
        "use a best-interest determination";
    OverrideNotApplicable = "override-not-applicable", "vital interest does not justify this referral",
        "ask the person for consent, or limit the referral to what averts the danger, at a recipient who can";
    OverrideNoticeTooLate = "override-notice-too-late", "the person would be told of the override too late",
        "set notify_person_by to the profile's hours after given_at, at most 72";
    LegalBasisNeedsNotification = "legal-basis-needs-notification",
        "a legal obligation carries a mandatory notification only, recorded by the agency or a competent body",
        "send a MandatoryNotification, or ask for consent";
    DutyUnknown = "duty-unknown", "no duty in the country profiles demands this notification at this level",
        "check sender, recipient, whether it concerns a child, and the level; an adult is notified at level 0 only";
    JusticePurpose = "justice-purpose", "the justice section is sent without a consent for a purpose of justice",
        "ask the person about criminal investigation, witness protection or legal assistance, or leave the section out";
    ReturnNotVoluntary = "return-not-voluntary",
        "a return or resettlement lacks the person's confirmation or a risk assessment of the last 90 days",
        "confirm with the person that it is voluntary, and assess the risk anew";
    ReflectionActive = "reflection-active",
        "a reflection period runs, or is not recorded, and the consent was not given after its start",
        "do not contact law enforcement before the person asks for it; record the reflection period";
    AgencyUnknown = "agency-unknown", "the registry does not know this agency as active",
        "pick the agency from the directory";
    RoleNotHeld = "role-not-held", "the agency does not hold this role or country in the registry",
        "take role and country from the directory";
    ProfileStale = "profile-stale", "this node's copy of the registry or country profile is too old to judge by",
        "connect, so that the registry is renewed, and try again";
    ExerciseMismatch = "exercise-mismatch", "an exercise may go only between exercise agencies, and a real case only between live ones",
        "set exercise as the agencies in the directory are, or choose others";
    NotCompetent = "not-competent", "this role does not do what the referral says or asks of it",
        "take an agency whose role does it, or leave out what it cannot do";
    SchemaNewer = "schema-newer", "the referral is written by a newer version of this software",
        "update this software; the referral is kept and judged again";
    RevisionFixedMember = "revision-fixed-member", "a new revision changes what stays the same over revisions",
        "leave it as it was, or send a new referral";
    RevisionOutOfTurn = "revision-out-of-turn", "the revision does not follow the newest one",
        "take the newest revision, change that, and number it one higher";
    QuasiIdentifiers = "quasi-identifiers",
        "more than four optional members together may single out one person in a small town",
        "leave out what the answer does not depend on";
    ConsentWithoutEnd = "consent-without-end", "the consent names no end and counts for six months from the day it was given",
        "ask the person how long it holds, and give expires_at";
    SecondPersonNeeded = "second-person-needed", "this goes only with a second person's confirmation",
        "have a second person of the agency look at it before it is sent";
    Minimise = "minimise", "the referral carries more than the services need",
        "leave it out unless the recipient needs it";
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl core::fmt::Display for Code {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_code_has_a_name_a_fact_and_a_remedy_of_its_own() {
        let names: BTreeSet<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        let facts: BTreeSet<_> = Code::ALL.iter().map(|code| code.fact()).collect();
        let remedies: BTreeSet<_> = Code::ALL.iter().map(|code| code.remedy()).collect();

        assert_eq!(names.len(), Code::ALL.len());
        assert_eq!(facts.len(), Code::ALL.len());
        assert_eq!(remedies.len(), Code::ALL.len());
        for code in Code::ALL {
            assert!(!code.fact().ends_with('.') && !code.remedy().ends_with('.'), "{code}");
        }
    }
}
