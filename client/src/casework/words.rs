//! The one table of words for steps, states, reasons and remarks: what is printed for people, wherever it is printed. Programs get
//! the stable names.

use super::{
    life::{
        code::{DeclineReason, Outcome, Step, WithdrawReason},
        state::State,
    },
    store::{news::News, row::Turn},
};
use crate::outbox::trouble::Trouble;

/// How a step is told to people.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct StepWords {
    /// What somebody did, behind the name of who did it.
    pub did: &'static str,
    /// What a person types for it, without the program's name and without what follows; none: only a node does it.
    pub verb: Option<&'static str>,
}

/// The words of a step.
#[must_use]
pub const fn step(step: Step) -> StepWords {
    const fn typed(did: &'static str, verb: &'static str) -> StepWords {
        StepWords { did, verb: Some(verb) }
    }
    const fn by_node(did: &'static str) -> StepWords {
        StepWords { did, verb: None }
    }
    match step {
        Step::Create => typed("began it", "referral draft new"),
        Step::Send => typed("sent it", "send-again"),
        Step::Submitted => by_node("gave it to the relay"),
        Step::Delivered => by_node("received it at its node"),
        Step::Opened => typed("looked at it for the first time", "referral show --open"),
        Step::InfoRequested => typed("asked for information", "referral ask"),
        Step::InfoProvided => typed("answered", "referral answer"),
        Step::Accepted => typed("accepted it", "referral accept"),
        Step::Declined => typed("declined it", "referral decline"),
        Step::DisclosureRaised => typed("disclosed more", "referral raise"),
        Step::DisclosureRequested => typed("asked for more of the person's data", "referral request-level"),
        Step::ServiceStarted => typed("began to help", "referral start"),
        Step::Escalated => by_node("asked the next agency, since nobody had opened it in time"),
        Step::TransferProposed => typed("wants to hand the person on", "referral propose-transfer"),
        Step::TransferredOnward => by_node("handed the person on to the next agency"),
        Step::Closed => typed("closed it", "referral close"),
        Step::Withdrawn => typed("took it back", "referral withdraw"),
        Step::WithdrawalApplied => typed("acted on the withdrawal", "referral erase"),
        Step::ConsentChanged => typed("said that a consent was given, changed or taken back", "consent withdraw"),
        Step::Expired => by_node("saw its time end"),
        Step::Reinstated => {
            typed("let the acceptance count that crossed with the end of its time", "referral reinstate")
        }
        Step::OverrideNotice => typed("told the person of an act without consent", "referral override-notice"),
        Step::OverrideReviewed => typed("reviewed an act without consent", "referral override-review"),
        Step::ErasureCertified => typed("erased what was to be erased, and certified it", "referral erase"),
        Step::ReflectionSet => typed("noted a reflection period", "referral reflection"),
        Step::Erased => by_node("erased it, but for its tombstone"),
    }
}

/// A step by its stable name.
#[must_use]
pub fn step_of(name: &str) -> Option<Step> {
    Step::ALL.iter().copied().find(|one| one.as_str() == name)
}

/// What somebody did, by the step's stable name; what is no step's name is told as it is.
#[must_use]
pub fn did(name: &str) -> &str {
    step_of(name).map_or(name, |found| step(found).did)
}

/// A state for lists, by its stable code.
#[must_use]
pub fn state(code: &str) -> &str {
    State::ALL.iter().find(|one| one.code() == code).map_or(code, |one| one.word())
}

/// A reason or an outcome, by its stable name.
#[must_use]
pub fn why(name: &str) -> &str {
    let declined = DeclineReason::ALL.iter().map(|one| (one.as_str(), one.words()));
    let closed = Outcome::ALL.iter().map(|one| (one.as_str(), one.words()));
    let withdrawn = WithdrawReason::ALL.iter().map(|one| (one.as_str(), one.words()));
    declined.chain(closed).chain(withdrawn).find(|(code, _)| *code == name).map_or(name, |(_, words)| words)
}

/// Why an act changed nothing, by its stable code.
#[must_use]
pub fn remark(code: &str) -> &str {
    match code {
        "not-now" => "it was not possible then",
        "not-theirs" => "it was not theirs to do, or not so",
        "too-late" => "its time had ended",
        "crossed" => "it crossed with the end of its time",
        "contradicts-itself" => "their node has signed something else under the same number",
        "waits" => "what was signed before it is not here yet",
        "signed-twice" => "it says once more what was said",
        other => other,
    }
}

/// Whose turn it is, by its stable name.
#[must_use]
pub fn turn(name: &str) -> &str {
    match [Turn::Nobody, Turn::Ours, Turn::Theirs].into_iter().find(|turn| turn.as_str() == name) {
        Some(Turn::Ours) => "ours",
        Some(Turn::Theirs) => "theirs",
        Some(Turn::Nobody) => "-",
        None => name,
    }
}

/// Where a document stands, by its stable code.
#[must_use]
pub fn document_state(code: &str) -> &str {
    match code {
        "waiting" => "being put at the relay",
        "stored" => "the relay holds it",
        "wanted" => "being fetched",
        "held" => "here, and whole",
        "broken" => "not what its sender signed for",
        "gone" => "the relay has it no more",
        "failed" => "could not be carried",
        "erased" => "erased",
        other => other,
    }
}

/// Why a document does not move, or did not, by its stable code.
#[must_use]
pub fn document_reason(code: &str) -> &str {
    match code {
        "consent-over" => "the person's consent for it has ended or was taken back",
        "withdrawn" => "no version of the referral that stands lists it",
        "clock-unsure" => "this machine's clock and the authority's time disagree",
        "document-gone" => "the relay has it no more",
        "document-refused" => "the relay takes no such document, or has another under its name",
        "document-quota" => "the relay takes no more documents of this node for now",
        "relay-full" => "the relay is full",
        "document-changed" => "what came was not what was announced",
        "document-expiry" => "the relay does not keep it for so long",
        "relay-busy" => "the relay is busy",
        "relay-maintenance" => "the relay is being looked after",
        "relay-storage-failed" => "the relay's disk has failed",
        "relay-refuses" => "the relay does not take it",
        "relay-without-documents" => "the relay is of a version without documents",
        "relay-silent" => "the relay did not answer in time",
        "protocol-error" => "the relay's answer is none",
        "connection-lost" => "the connection was lost",
        "document-not-here" => "its file is not here any more",
        "document-broken" => "what came is not what its sender signed for",
        "disk-full" => "this machine's disk is full",
        "vault" => "the vault did not take it",
        "file" => "its file cannot be read or written",
        other => Trouble::of(other).map_or(other, |trouble| trouble.says),
    }
}

/// What a caseworker should look at, by its stable name.
#[must_use]
pub fn news(code: &str) -> &'static str {
    match News::from_name(code) {
        Some(News::Told) => "there is news",
        Some(News::SafetyCheck) => "the person was not reached, or declined: is she or he safe?",
        Some(News::AskAgain) => "it could not be sent, or nobody decided in time: send it again, or to another agency",
        Some(News::Crossed) => "they accepted as its time ended: `safeconduct referral reinstate` lets it count",
        Some(News::Equivocation) => "their node has signed two different things under one number: phone them",
        Some(News::Unanswered) => "nobody has answered, and no other agency may be asked by itself: phone them",
        Some(News::WithdrawalOverdue) => {
            "it was withdrawn over 72 hours ago and is not erased: `safeconduct referral erase`"
        }
        Some(News::AnswerSoon) => "half of the time to answer has passed",
        Some(News::ConsentEnds) => "a consent ends soon, or has ended: ask the person",
        Some(News::ReflectionEnds) => "a reflection period ends soon, or has ended",
        Some(News::OverrideOpen) => {
            "an act without consent needs its notice to the person or its review: `safeconduct referral override-notice`"
        }
        Some(News::RiskOutdated) => "a risk assessment counts no more: assess it anew",
        Some(News::HoldReview) => {
            "does the law still hold it? `safeconduct referral hold` says so anew, `referral release-hold` ends it"
        }
        Some(News::NotRecognised) => {
            "what you took back waits: their authority is not recognised now, and it goes when it is. Phone them"
        }
        Some(News::Damaged) => {
            "something that is kept of it here does not read, and its times are not kept: look yourself, and see `safeconduct doctor`"
        }
        Some(News::GuardianMissing) => "the child has no guardian in the time that the law gives",
        None => "something of a later version",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::{
        casework::life::{table::TABLE, terms::Hand},
        documents::State as DocumentState,
    };

    /// Whether it is words and no name of the program: nothing run together, nothing with a capital inside.
    fn is_plain(words: &str) -> bool {
        !words.is_empty() && words.split(' ').all(|word| word.chars().skip(1).all(|letter| !letter.is_uppercase()))
    }

    #[test]
    fn every_step_state_and_reason_has_words_of_its_own() {
        let mut said = BTreeSet::new();
        for one in Step::ALL {
            assert!(is_plain(step(*one).did) && did(one.as_str()) == step(*one).did, "{}", one.as_str());
            assert!(said.insert(step(*one).did), "{}", one.as_str());
        }
        for one in State::ALL {
            assert!(is_plain(state(one.code())), "{}", one.code());
        }
        let reasons = DeclineReason::ALL.iter().map(|one| one.as_str());
        let all = reasons.chain(Outcome::ALL.iter().map(|one| one.as_str()));
        for name in all.chain(WithdrawReason::ALL.iter().map(|one| one.as_str())) {
            assert!(why(name) != name && is_plain(why(name)), "{name}");
        }
        for one in News::ALL {
            assert_ne!(news(one.as_str()), news("later"), "{}", one.as_str());
        }
        for turn_of in [Turn::Nobody, Turn::Ours, Turn::Theirs] {
            assert!(!turn(turn_of.as_str()).is_empty());
        }
        for one in DocumentState::ALL {
            assert!(document_state(one.code()).contains(' ') || one == DocumentState::Erased, "{}", one.code());
        }
        assert_eq!((document_state("later"), document_reason("later")), ("later", "later"));
        assert_eq!((did("later"), state("later"), why("Later"), remark("later")), ("later", "later", "Later", "later"));
    }

    #[test]
    fn a_step_has_a_verb_if_and_only_if_a_person_may_do_it() {
        for one in Step::ALL {
            let rows = TABLE.iter().filter(|row| row.step == *one);
            let is_a_persons = rows.flat_map(|row| row.by).any(|(_, hand)| *hand != Hand::Node);
            assert_eq!(step(*one).verb.is_some(), is_a_persons, "{}", one.as_str());
        }
    }
}
