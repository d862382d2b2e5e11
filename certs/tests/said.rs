//! What is said when something is refused: each fact once, and always what to do next.

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, io};

    use safeconduct_certs::{
        directory::{RecordRefused, codes::NoSuchCode},
        enrol::{
            answer::AnswerRefused,
            change::ChangeRefused,
            code::CodeRefused,
            paper::PaperRefused,
            request::RequestRefused,
            words::{Language, WordsRefused},
        },
        error::Blame,
        evidence::{BundleRefused, Invalid, NotAProof},
        introduction::IntroductionRefused,
        keyfile::KeyfileError,
        link::{LinkError, goodbye_fact, goodbye_remedy},
        log::witness::WitnessRefused,
        registry::{
            HeadRefused, ReplayError,
            leaf::{LeafKind, LeafRefused},
            terms::{Border, NotAgreed, What},
        },
    };
    use safeconduct_protocol::{
        codec::CodecError, crypto::sign::KeyRefused, entropy::NoEntropy, frame::Goodbye, time::Timestamp,
    };

    /// Facts of one enum differ, are in house style, and have remedies in words.
    fn told(errors: &[(String, &str)]) {
        let facts: BTreeSet<&String> = errors.iter().map(|(fact, _)| fact).collect();
        assert_eq!(facts.len(), errors.len(), "two variants say the same");
        for (fact, remedy) in errors {
            assert!(fact.contains(' ') && remedy.contains(' '), "{fact} / {remedy}");
            assert!(!fact.ends_with('.') && !remedy.ends_with('.'), "{fact} / {remedy}");
        }
    }

    /// Display and remedy of each.
    macro_rules! all {
        ($($error:expr),+ $(,)?) => { told(&[$(($error.to_string(), $error.remedy())),+]) };
    }

    const LEAVES: [LeafRefused; 20] = [
        LeafRefused::Layout,
        LeafRefused::Registrar,
        LeafRefused::Sequence,
        LeafRefused::Field,
        LeafRefused::Key(KeyRefused::NotAPoint),
        LeafRefused::KeyForTwoPurposes,
        LeafRefused::KeyUsed,
        LeafRefused::PlaceUsed,
        LeafRefused::NodeKnown,
        LeafRefused::NodeUnknown,
        LeafRefused::Previous,
        LeafRefused::Relay,
        LeafRefused::Revoked,
        LeafRefused::Scope,
        LeafRefused::Succession,
        LeafRefused::RootSuperseded,
        LeafRefused::RootForked,
        LeafRefused::MinSuite,
        LeafRefused::MinVersion,
        LeafRefused::TooManyTerms,
    ];

    #[test]
    fn every_refusal_at_the_door_states_one_fact_and_what_to_do() {
        all!(
            CodeRefused::NotACharacter { place: 1 },
            CodeRefused::Length { got: 3 },
            CodeRefused::Mistyped,
            CodeRefused::Version(9),
        );
        all!(
            PaperRefused::NotACharacter { place: 1 },
            PaperRefused::Length { got: 3 },
            PaperRefused::Mistyped,
            PaperRefused::Version,
        );
        all!(AnswerRefused);
        let (one, other) = (Language::French, Language::Russian);
        all!(
            WordsRefused::Count { got: 7 },
            WordsRefused::NotAWord { place: 2, language: one, nearest: "abaisser" },
            WordsRefused::Mixed { place: 2, language: one, other },
            WordsRefused::Ambiguous { one, other },
        );
        all!(
            RequestRefused::CannotOpen,
            RequestRefused::Malformed,
            RequestRefused::WrongSecret,
            RequestRefused::BadKey,
            RequestRefused::NodeId,
            RequestRefused::Signature,
            RequestRefused::Replaces,
        );
        all!(
            ChangeRefused::CannotOpen,
            ChangeRefused::Malformed,
            ChangeRefused::BadKey,
            ChangeRefused::Possession,
            ChangeRefused::Signature,
            ChangeRefused::Stale,
            ChangeRefused::Nothing,
            ChangeRefused::NotActive,
            ChangeRefused::Statement,
        );
        all!(
            IntroductionRefused::Malformed,
            IntroductionRefused::Root,
            IntroductionRefused::Signature,
            IntroductionRefused::NotForUs,
            IntroductionRefused::OurOwn,
            IntroductionRefused::Older,
        );
        all!(
            KeyfileError::WrongPassphrase,
            KeyfileError::WrongKey,
            KeyfileError::Malformed,
            KeyfileError::NoMemory,
            KeyfileError::NoEntropy(NoEntropy),
        );
        assert_eq!(NoSuchCode { nearest: "Shelter" }.to_string(), "no such code; the nearest one is Shelter");
    }

    #[test]
    fn every_refusal_of_a_log_or_of_evidence_states_one_fact_and_what_to_do() {
        all!(
            BundleRefused::TooLong,
            BundleRefused::Malformed,
            BundleRefused::NotRegistered,
            BundleRefused::NoHead,
            BundleRefused::CaseTooLong,
            BundleRefused::NothingSigned,
        );
        all!(Invalid { part: "the checkpoint" });
        all!(NotAProof);
        all!(
            WitnessRefused::Smaller { signed: 3, offered: 2 },
            WitnessRefused::Forked { signed: 3 },
            WitnessRefused::TooMany,
            WitnessRefused::Disk(io::ErrorKind::StorageFull),
            WitnessRefused::Damaged,
        );
        all!(
            HeadRefused::Empty,
            HeadRefused::Size,
            HeadRefused::Rollback { accepted: 3, offered: 2 },
            HeadRefused::Behind { have: 2, size: 3 },
            HeadRefused::SplitView { size: 3 },
            HeadRefused::TooEarly,
        );
        all!(
            RecordRefused::Malformed,
            RecordRefused::TooLong,
            RecordRefused::Member("names"),
            RecordRefused::CannotOpen,
            RecordRefused::Commitment,
            RecordRefused::Contradicts,
            RecordRefused::NoEntropy(NoEntropy),
        );
        told(&LEAVES.map(|leaf| (leaf.to_string(), leaf.remedy())));
    }

    #[test]
    fn of_a_link_and_of_every_goodbye_a_person_reads_what_it_is_and_what_to_do() {
        all!(
            LinkError::Unresolved,
            LinkError::Listen(io::ErrorKind::AddrInUse),
            LinkError::Unreachable,
            LinkError::WrongRelay,
            LinkError::KeyRefused,
            LinkError::Handshake,
            LinkError::Closed(Goodbye::Busy),
            LinkError::Lost,
            LinkError::NotAFrame(CodecError::TooLong),
            LinkError::TooSlow,
            LinkError::BadKey,
        );
        told(&Goodbye::ALL.map(|reason| (goodbye_fact(reason).to_owned(), goodbye_remedy(reason))));
        for reason in Goodbye::ALL {
            assert_eq!(LinkError::Closed(reason).remedy(), goodbye_remedy(reason));
            let stops =
                matches!(reason, Goodbye::Replaced | Goodbye::Revoked | Goodbye::Suspended | Goodbye::NotRegistered);
            assert_eq!(goodbye_remedy(reason).contains("phone your authority"), stops, "{reason:?}");
            let alone = matches!(reason, Goodbye::ShuttingDown | Goodbye::Busy);
            assert_eq!(goodbye_remedy(reason).contains("by itself"), alone, "{reason:?}");
        }
    }

    #[test]
    fn whose_fault_a_refused_entry_is_decides_whether_it_counts_as_tampering() {
        for reason in LEAVES {
            let error = ReplayError { index: 4, reason };
            let on_the_way =
                [LeafRefused::Registrar, LeafRefused::Sequence, LeafRefused::Previous, LeafRefused::RootSuperseded];
            let blame = if on_the_way.contains(&reason) {
                Blame::Relay
            } else if [LeafRefused::Layout, LeafRefused::Field].contains(&reason) {
                Blame::Node
            } else {
                Blame::Authority
            };
            assert_eq!((error.blame(), error.remedy()), (blame, reason.remedy()), "{reason:?}");
        }
        let heads = [
            (HeadRefused::SplitView { size: 1 }, Blame::Authority),
            (HeadRefused::Size, Blame::Relay),
            (HeadRefused::Rollback { accepted: 2, offered: 1 }, Blame::Relay),
            (HeadRefused::TooEarly, Blame::Relay),
            (HeadRefused::Empty, Blame::Node),
            (HeadRefused::Behind { have: 1, size: 2 }, Blame::Node),
        ];
        for (refused, blame) in heads {
            assert_eq!((refused.blame(), blame.is_tampering()), (blame, blame != Blame::Node), "{refused}");
        }
    }

    #[test]
    fn a_caseworker_reads_which_agreement_is_missing_and_a_program_its_name() {
        let (country, what, on) = (Border(*b"XB"), What::Enquiry, Timestamp(1_795_478_400));
        let again = "phone your authority: it can renew the agreement";
        let another = "ask an agency that may (see `safeconduct directory`), or phone your authority";
        let cases = [
            (
                NotAgreed::NotRecognised { country },
                "your authority does not recognise the authority of XB",
                another,
                "authority-not-recognised",
            ),
            (
                NotAgreed::RecognitionEnded { country, on },
                "the agreement with XB ended on 2026-11-23",
                again,
                "recognition-ended",
            ),
            (
                NotAgreed::OutOfScope { country, what },
                "the agreement with XB does not cover an enquiry between these two kinds of agency",
                another,
                "recognition-out-of-scope",
            ),
            (
                NotAgreed::Ended { number: 7, on },
                "agreement 7 between these two kinds of agency ended on 2026-11-23",
                again,
                "agreement-ended",
            ),
            (
                NotAgreed::None { what: What::Referral },
                "no agreement lets this kind of agency send a referral to that kind",
                another,
                "no-agreement",
            ),
        ];
        for (refused, fact, remedy, code) in cases {
            assert_eq!((refused.to_string().as_str(), refused.remedy(), refused.code()), (fact, remedy, code));
        }
    }

    #[test]
    fn a_border_is_two_capital_letters_or_any() {
        assert_eq!((Border::of("XB"), Border(*b"XB").to_string()), (Some(Border(*b"XB")), "XB".to_owned()));
        assert_eq!(Border::ANY.to_string(), "any");
        for bad in ["", "X", "xb", "Xb", "xB", "XBC", "X1", "\0\0"] {
            assert_eq!(Border::of(bad), None, "{bad}");
        }
    }

    #[test]
    fn each_kind_of_entry_has_the_name_of_the_document() {
        let names = [
            (LeafKind::Add, "add"),
            (LeafKind::Change, "change"),
            (LeafKind::Suspend, "suspend"),
            (LeafKind::Revoke, "revoke"),
            (LeafKind::Root, "root"),
            (LeafKind::MinSuite, "min_suite"),
            (LeafKind::Agree, "agree"),
            (LeafKind::Recognise, "recognise"),
            (LeafKind::MinVersion, "min_version"),
        ];
        for (kind, name) in names {
            assert_eq!(kind.as_str(), name);
            let of_a_node = matches!(name, "add" | "change" | "suspend" | "revoke");
            assert_eq!(kind.is_about_registry(), !of_a_node);
        }
        let languages = Language::ALL.map(|language| (language.code(), language.name()));
        let named = ["English", "French", "German", "Italian", "Russian", "Spanish"];
        assert_eq!(languages.map(|(_, name)| name), named);
        for (language, two) in Language::ALL.into_iter().zip(["en", "fr", "de", "it", "ru", "es"]) {
            assert_eq!(Language::of_locale(&format!("{two}_XX.UTF-8")), Some(language));
            assert_eq!(Language::from_code(&language.code().to_uppercase()), Some(language));
        }
        assert_eq!((Language::from_code("xx"), Language::of_locale("C")), (None, None));
    }
}
