//! Any order of deliveries, with any repeats: each message is shown exactly once.

use proptest::prelude::*;
use safeconduct_protocol::{
    envelope::{
        draft::Draft,
        header::ContentType,
        sealed::Sealed,
        verdict::{Outward, Verdict},
    },
    prekey::record::PrekeyKind,
};

use crate::party::{Party, content, name};

/// Three messages, each sealed twice; the last two share a prekey that was handed out twice.
fn envelopes(a: &mut Party, b: &mut Party) -> Vec<Sealed> {
    let shared = b.target(PrekeyKind::OneTime);
    let mut sealed = Vec::new();
    for text in [&b"one"[..], b"two", b"three"] {
        let draft = a.draft(ContentType::Referral, text, b.node);
        let parts = draft.parts().clone();
        let first = if text == b"one" { b.target(PrekeyKind::OneTime) } else { shared.clone() };
        let second = b.target(PrekeyKind::OneTime);
        sealed.push(a.seal(draft, &first));
        sealed.push(a.seal(Draft::resume(parts).unwrap(), &second));
    }
    sealed
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Traps 12 and 13.
    #[test]
    fn every_message_is_shown_exactly_once_in_any_order(
        order in Just((0..6_usize).collect::<Vec<_>>()).prop_shuffle(),
        repeats in proptest::collection::vec(0..6_usize, 0..12),
    ) {
        let (mut a, mut b) = Party::pair();
        let sealed = envelopes(&mut a, &mut b);
        let mut shown: Vec<Vec<u8>> = Vec::new();

        // Repeats first, then everything once, so that whatever the repeats left out comes too.
        for at in repeats.into_iter().chain(order) {
            let verdict = b.receive(&sealed[at]);
            if let Verdict::Opened(opened) = &verdict {
                shown.push(content(opened).to_vec());
            }
            let word = name(&verdict);
            let expected = ["opened", "duplicate", "already settled", "nack: Consumed"].contains(&word.as_str());
            prop_assert!(expected, "{}", word);
            prop_assert!(verdict.outward() != Outward::Nothing);
        }

        shown.sort();
        prop_assert_eq!(shown, vec![b"one".to_vec(), b"three".to_vec(), b"two".to_vec()]);
    }
}
