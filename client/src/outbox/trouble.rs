//! Why a message does not move, or will not any more, in words, and what a person can do about it.
//!
//! The outbox keeps a code: it outlives the program that wrote it, and says nothing of anybody.

use super::FailReason;

/// A code in words.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Trouble {
    /// What is the matter.
    pub says: &'static str,
    /// What to do next.
    pub remedy: &'static str,
}

impl Trouble {
    /// What is said of a code of another version.
    pub const UNKNOWN: Self =
        Self { says: "for a reason that this version does not know", remedy: "update this software" };

    /// The words of a message's reason or last error; none for a code of another version.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        if let Some(reason) = FailReason::ALL.into_iter().find(|reason| reason.as_str() == code) {
            return Some(Self { says: reason.says(), remedy: reason.remedy() });
        }
        TABLE.iter().find(|(known, ..)| *known == code).map(|&(_, says, remedy)| Self { says, remedy })
    }
}

/// Noted at a message whose relay is not connected to yet.
pub(crate) const IN_TURN: &str = "relays-in-turn";
/// The code of what waits because only this machine's clock says that its time is over.
pub(crate) const CLOCK_UNSURE: &str = "clock-unsure";
/// The code of what takes something back from an agency whose authority is not recognised now.
pub(crate) const NOT_RECOGNISED: &str = "recognition-ended";
const RETRIED: &str = "nothing: it is tried again";
const PHONE_OR_CHOOSE: &str = "phone the agency or the authority, or choose another agency";
const PHONE_OPERATOR: &str = "phone the relay's operator, if it stays";
const PHONE_WEEKS: &str = "phone the agency: its node has not been online for weeks";
const NOT_THEIRS: &str = "fetch the registry and the prekey again; if it stays, phone the relay's operator";
const UNFIT_KEYS: &str = "phone the agency: its node publishes keys that nobody should seal to";
const SHORTEN: &str = "shorten the free text, or split the referral";

/// Code, fact, remedy. Each group is what one answer can bring.
const TABLE: [(&str, &str, &str); 46] = [
    // the relay on an envelope
    (
        "relay-says-malformed",
        "the relay takes it for no envelope",
        "update this software, or phone the relay's operator",
    ),
    (
        "relay-says-expiry",
        "the relay finds its last day past or too far away: this machine's clock and the relay's differ",
        "see `safeconduct doctor`, and set the clock that is wrong",
    ),
    ("mailbox-full", "their mailbox is full", "phone the agency: its node does not collect what waits for it"),
    ("relay-says-recipient-revoked", "the relay has their registration as revoked", PHONE_OR_CHOOSE),
    ("slot-full", "the place for this answer is full", RETRIED),
    ("quota", "the relay's quota is used up for now", RETRIED),
    ("relay-storage-failed", "the relay cannot store anything now", PHONE_OPERATOR),
    ("relay-says-conflict", "the relay holds another envelope in its place", PHONE_OPERATOR),
    ("relay-full", "the relay holds all the envelopes that it may", PHONE_OPERATOR),
    ("relay-in-maintenance", "the relay takes nothing in for a while, on its operator's word", RETRIED),
    ("recipient-at-another-relay", "their node is at another relay", "phone the authority: relays do not hand on yet"),
    ("relay-refused", "the relay gives a reason that this version does not know", "update this software"),
    ("other-relay-unreachable", "the relay of their node cannot be reached", RETRIED),
    (
        "other-relay-refuses",
        "the relay of their node does not admit this node: their authority may not recognise ours",
        "phone the authority",
    ),
    (
        "other-relay-not-the-registered-one",
        "who answers at the address of their relay is not that relay",
        "phone the authority: somebody may answer in its place",
    ),
    // the relay on a prekey
    ("relay-says-unknown-node", "the relay does not know their node", PHONE_OR_CHOOSE),
    ("relay-says-not-active", "the relay has their registration as suspended or revoked", PHONE_OR_CHOOSE),
    (
        "no-prekey-left",
        "the relay has no key of their node: it was not online for weeks, or never",
        "phone the agency: its node must connect once",
    ),
    ("prekey-quota", "the relay gives no more keys of their node for now", RETRIED),
    // this node on the prekey that the relay served
    ("prekey-malformed", "what the relay served is no key of a node", NOT_THEIRS),
    ("prekey-suite-unknown", "their key is of a kind that this version does not know", "update this software"),
    (
        "prekey-suite-too-old",
        "their key is of a kind that the registry does not allow any more",
        "ask the agency to update its software",
    ),
    ("prekey-of-another-node", "the relay served another node's key", NOT_THEIRS),
    ("prekey-of-another-key", "the relay served a key that their node's present identity did not sign", NOT_THEIRS),
    ("prekey-bad-signature", "the relay served a key whose signature is false", NOT_THEIRS),
    ("prekey-life", "their key claims a life that no key may have", UNFIT_KEYS),
    (
        "prekey-not-yet",
        "their key is not valid yet",
        "compare this computer's clock with a second source; it may be behind",
    ),
    ("prekey-expired", "the newest key that the relay has of their node is over a month old", PHONE_WEEKS),
    (
        "prekey-epoch",
        "the relay served a key of their node that counts more renewals than there can have been",
        "phone the agency and the authority: somebody else may have its node's key",
    ),
    (
        "prekey-rollback",
        "the relay served a key from before their node renewed all of them (prekey rollback)",
        "phone the agency and the authority: old keys are being served",
    ),
    ("prekey-unsound", "their key is unsound", UNFIT_KEYS),
    ("prekey-used", "the relay served a key that was used before", "fetch another prekey"),
    ("prekey-refused", "the key that the relay served may not be used", NOT_THEIRS),
    // this node
    ("nack", "their node could not open what was sealed for it; it is sealed anew", RETRIED),
    ("envelope-outlived", "the relay did not take it in two weeks; it is sealed anew", PHONE_OPERATOR),
    ("envelope-ahead", "it was sealed by a clock that was ahead; it is sealed anew", RETRIED),
    (
        "recipient-suspended",
        "their registration is suspended: it waits here, and goes on when they are active again",
        PHONE_OR_CHOOSE,
    ),
    (IN_TURN, "more relays are wanted than this node connects to at once, and they are taken in turn", RETRIED),
    ("recipient-moved", "they have other keys now; it is sealed anew", RETRIED),
    ("own-key-replaced", "this node has another key now; it is sealed anew", RETRIED),
    (
        CLOCK_UNSURE,
        "by this machine's clock its time is over, and the authority's time does not bear that out: it waits",
        "set this machine's clock, best by NTP; if it is right, connect to the relay",
    ),
    (
        NOT_RECOGNISED,
        "something is taken back, and their authority is not recognised now: it waits, and goes when it is",
        "phone the agency, and tell them; phone the authority about the recognition",
    ),
    (
        "registry-stale",
        "this node's registry is too old to send to them",
        "connect to the relay; if it stays so, phone the authority",
    ),
    ("content-too-long", "it does not fit the largest envelope", SHORTEN),
    ("cannot-seal", "it could not be sealed", "update the registry, then try again"),
    ("false-receipt", "the relay's receipt for it does not verify", "tell the relay's operator if it happens again"),
];

#[cfg(test)]
mod tests {
    use safeconduct_protocol::{
        crypto::kem::KemKeyRefused,
        envelope::draft::DraftRefused,
        frame::{PrekeyRefusal, SubmitRefusal},
        prekey::record::PrekeyRefused,
    };

    use super::*;
    use crate::outbox::{OutboxError, progress};

    #[test]
    fn every_code_that_the_outbox_keeps_has_words_and_a_remedy() {
        use SubmitRefusal as Submit;
        let submits = [
            Submit::Malformed,
            Submit::Expiry,
            Submit::MailboxFull,
            Submit::RecipientRevoked,
            Submit::SlotFull,
            Submit::Quota,
            Submit::StorageFailed,
            Submit::Conflict,
            Submit::RecipientElsewhere,
        ]
        .map(progress::submit_code);
        let prekeys = [
            PrekeyRefusal::UnknownNode,
            PrekeyRefusal::NotActive,
            PrekeyRefusal::NoneLeft,
            PrekeyRefusal::Quota,
            PrekeyRefusal::StorageFailed,
        ]
        .map(progress::prekey_code);
        let errors = [
            OutboxError::ContentTooLong { bytes: 1 },
            OutboxError::RegistryStale,
            OutboxError::CannotSeal(DraftRefused::Route),
            OutboxError::FalseReceipt,
        ];
        let codes = submits.into_iter().chain(prekeys).chain(errors.iter().map(OutboxError::code));
        let codes = codes.chain(FailReason::ALL.map(FailReason::as_str)).chain(["nack", "envelope-outlived"]);

        for code in codes.chain(TABLE.map(|(code, ..)| code)) {
            let Trouble { says, remedy } = Trouble::of(code).unwrap_or_else(|| panic!("no words for {code}"));
            assert!(says.len() > 10 && remedy.len() > 10 && says != code, "{code}");
        }
        assert_eq!(Trouble::of("of-tomorrow"), None);
    }

    #[test]
    fn each_refused_prekey_keeps_its_own_cause_and_remedy() {
        let refused = [
            PrekeyRefused::Malformed,
            PrekeyRefused::SuiteUnknown(2),
            PrekeyRefused::SuiteTooOld { offered: 1, minimum: 2 },
            PrekeyRefused::OtherNode,
            PrekeyRefused::OtherKey,
            PrekeyRefused::BadSignature,
            PrekeyRefused::Life,
            PrekeyRefused::NotYet,
            PrekeyRefused::Expired,
            PrekeyRefused::Epoch { offered: u64::MAX },
            PrekeyRefused::Rollback { offered: 1, seen: 2 },
            PrekeyRefused::Key(KemKeyRefused::LowOrder),
            PrekeyRefused::Used,
        ];
        for refused in refused {
            let (remedy, error) = (refused.remedy(), OutboxError::Prekey(refused));
            let trouble = Trouble::of(error.code()).unwrap();
            assert_eq!(trouble.remedy, remedy, "{}", error.code());
            assert_eq!(TABLE.iter().filter(|(_, says, _)| *says == trouble.says).count(), 1, "{}", error.code());
        }
    }
}
