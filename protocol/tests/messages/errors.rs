//! What is said when something is refused: each fact once, and always what to do next.

use std::collections::BTreeSet;

use safeconduct_protocol::{
    crypto::{
        kem::{KemKeyRefused, SealError},
        sign::KeyRefused,
    },
    entropy::NoEntropy,
    envelope::{desk::PolicyRefusal, draft::DraftRefused, sealed::EnvelopeMalformed, verdict::Fault},
    prekey::record::PrekeyRefused,
};

/// Facts of one enum differ, are in house style, and have remedies.
fn told(errors: &[(String, &'static str)]) {
    let facts: BTreeSet<&String> = errors.iter().map(|(fact, _)| fact).collect();
    assert_eq!(facts.len(), errors.len(), "two variants say the same");
    for (fact, remedy) in errors {
        let stop = fact.ends_with('.') || remedy.ends_with('.');
        let says = |text: &str| text.contains(' ');
        assert!(says(fact) && says(remedy) && !stop, "{fact} / {remedy}");
    }
}

/// Display and remedy of each.
macro_rules! all {
    ($($error:expr),+ $(,)?) => { told(&[$(($error.to_string(), $error.remedy())),+]) };
}

#[test]
fn every_refusal_states_one_fact_and_what_to_do() {
    all!(KeyRefused::NotAPoint, KeyRefused::NonCanonical, KeyRefused::SmallOrder, KeyRefused::MixedOrder);
    all!(KemKeyRefused::Length, KemKeyRefused::MlKem, KemKeyRefused::LowOrder);
    all!(SealError::NoEntropy(NoEntropy), SealError::InfoTooLong, SealError::Seal);
    all!(
        EnvelopeMalformed::Class,
        EnvelopeMalformed::Magic,
        EnvelopeMalformed::Suite,
        EnvelopeMalformed::Reserved,
        EnvelopeMalformed::LowOrder,
        EnvelopeMalformed::Elsewhere,
        EnvelopeMalformed::SuiteTooOld,
    );
    all!(
        DraftRefused::TooLarge { bytes: 1 },
        DraftRefused::CheckpointTooLarge { bytes: 1 },
        DraftRefused::Recipients,
        DraftRefused::NotARecipient,
        DraftRefused::Route,
        DraftRefused::Seal(SealError::Seal),
    );
    all!(
        PrekeyRefused::Malformed,
        PrekeyRefused::SuiteUnknown(2),
        PrekeyRefused::SuiteTooOld { offered: 1, minimum: 2 },
        PrekeyRefused::OtherNode,
        PrekeyRefused::OtherKey,
        PrekeyRefused::BadSignature,
        PrekeyRefused::Life,
        PrekeyRefused::NotYet,
        PrekeyRefused::Expired,
        PrekeyRefused::Epoch { offered: 1 },
        PrekeyRefused::Rollback { offered: 1, seen: 2 },
        PrekeyRefused::Key(KemKeyRefused::LowOrder),
        PrekeyRefused::Used,
    );
    all!(
        Fault::ReplyKey,
        Fault::Layout,
        Fault::Context,
        Fault::SenderUnknown,
        Fault::SenderSuspended,
        Fault::SenderRevoked,
        Fault::SenderReplaced,
        Fault::Signature,
        Fault::Commitment,
        Fault::Equivocation,
        Fault::Route,
        Fault::Receipt,
        Fault::Policy(PolicyRefusal::Blocked),
    );
}
