//! What each act and receipt proves to somebody who trusts neither side, and what it does not.

use crate::casework::life::code::Step;

/// What it proves, and what it does not.
pub(super) type Words = (&'static str, &'static str);

/// Of what does not verify.
pub(super) const NOTHING: Words = ("nothing: the signature does not verify", "anything that the line says");
/// Of a revision that was never sealed.
pub(super) const UNSEALED: Words =
    ("nothing to others: it was written here, and not sealed", "that anybody else ever had it");
/// Of a revision's signed header.
pub(super) const REVISION: Words = (
    "the sender's node signed this revision for the recipient's node, and for no other",
    "that it arrived; who wrote it: the pseudonym stands in the sender's vault alone",
);
/// Of `relay-accepted`.
pub(super) const RELAY_ACCEPTED: Words =
    ("a relay took charge of the sealed envelope", "that it came to the recipient, or what was in it");
/// Of `relay-expired`.
pub(super) const RELAY_EXPIRED: Words =
    ("the relay gave the envelope up: nobody had fetched it in time", "why nobody did");
/// Of `delivered`.
pub(super) const DELIVERED: Words = (
    "the recipient's node opened it, verified it, took it under its rules and stored it",
    "that a person there has seen it",
);
/// Of `nack`.
pub(super) const NACK: Words = (
    "the recipient's node could not open the envelope with the key that it was sealed to",
    "when: the time is this node's; that anything of it was read",
);

/// Of an act.
pub(super) const fn of(step: Step, by_node: bool) -> Words {
    if by_node && matches!(step, Step::Declined) {
        return (
            "a rule of the recipient's node refused it after opening, and nobody there saw it",
            "which rule: only both agencies can read that; that the rule judged rightly",
        );
    }
    match step {
        Step::Create | Step::Send | Step::Submitted | Step::Delivered => {
            ("nothing to others: it is not signed", "that it happened")
        }
        Step::Opened => ("a person at the recipient opened it, as their node says", "what that person read"),
        Step::InfoRequested => ("the recipient asked for more", "what was asked: only both agencies can read it"),
        Step::InfoProvided => ("the sender answered", "what was answered, and that it was enough"),
        Step::Accepted => ("the recipient took it on to help", "that help was given"),
        Step::Declined => ("the recipient declined, for this reason", "that the reason is true"),
        Step::DisclosureRaised => {
            ("the sender disclosed more, up to this level", "that the person agreed: the consent stands in the content")
        }
        Step::DisclosureRequested => ("the recipient asked to be told more", "that the sender had to tell it"),
        Step::ServiceStarted => ("the recipient says that help has begun", "that the person was there; on which day"),
        Step::Escalated => {
            ("the sender's node waited no longer, and asks the next agency", "that the next one answered")
        }
        Step::TransferProposed => ("the recipient wants to hand the person on", "where to; that the person wants it"),
        Step::TransferredOnward => {
            ("the recipient says that another agency has taken the person in", "that it has: that log is theirs")
        }
        Step::Closed => ("the recipient closed it with this outcome", "that the outcome is true"),
        Step::Withdrawn => ("the sender took it back, for this reason", "that it was erased: see the certificate"),
        Step::WithdrawalApplied => ("the recipient acted on the withdrawal", "what it kept, and on which law"),
        Step::ConsentChanged => ("the signer says that a consent has changed", "which one, and what the person said"),
        Step::Reinstated => {
            ("a person at the sender let the crossed acceptance count", "which of both clocks was right")
        }
        Step::OverrideNotice => (
            "the sender says that the person was told of an act without their consent",
            "that they were, and on which day",
        ),
        Step::OverrideReviewed => {
            ("another person at the sender reviewed an act without consent", "what the review found: see the agency")
        }
        Step::ErasureCertified => {
            ("the recipient's node certifies that it erased what it held", "that no other copy was made before")
        }
        Step::ReflectionSet => ("the signer set a reflection period", "from when to when, and on which law"),
        Step::Expired => ("nothing to others: this node saw the end of its time", "what the other node saw"),
        Step::Erased => ("nothing to others: this node erased what it held", "that no other copy was made"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_act_says_what_it_proves_and_what_it_does_not() {
        for step in Step::ALL {
            for by_node in [false, true] {
                let (proves, proves_not) = of(*step, by_node);
                assert!(proves.len() > 10 && proves_not.len() > 10 && proves != proves_not, "{step:?}");
                assert!(!proves.ends_with('.') && !proves_not.ends_with('.'), "{step:?}");
                let local = step.act().is_none();
                assert_eq!(proves.starts_with("nothing to others"), local, "{step:?}");
            }
        }
    }
}
