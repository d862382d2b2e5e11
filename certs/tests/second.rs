//! Evidence is judged by two programs: this crate, and `tests/second/verify.py`, which was written from `docs/PROTOCOL.md` alone. Both
//! must take the same files and refuse the same ones for the same reason, in the same words.

#[cfg(test)]
#[path = "second/case.rs"]
mod case;
#[cfg(test)]
#[path = "second/earlier.rs"]
mod earlier;
#[cfg(test)]
#[path = "second/form.rs"]
mod form;
#[cfg(test)]
#[path = "second/logs.rs"]
mod logs;
#[cfg(test)]
#[path = "second/referral.rs"]
mod referral;
#[cfg(test)]
#[path = "second/signed.rs"]
mod signed;

#[cfg(test)]
mod tests {
    use std::{
        collections::{BTreeMap, BTreeSet},
        fs,
    };

    use crate::{
        case::{Case, Golden, Reader, ours, python, seed, vectors},
        form, referral, signed,
    };

    /// One-bit changes of each golden file that are tried.
    const BITS: [(&str, u64); 5] = [
        ("evidence.json", 500),
        ("evidence-rotated.json", 250),
        ("evidence-border.json", 250),
        ("case-evidence.json", 500),
        ("case-evidence-border.json", 150),
    ];

    /// Those that nobody knows the authority of in one process, which computes once what they have in common.
    fn judged_by_both(cases: &[Case]) {
        let folder = tempfile::tempdir().unwrap();
        let (together, alone) = (folder.path().join("together"), folder.path().join("alone"));
        fs::create_dir(&together).unwrap();
        for (number, case) in cases.iter().enumerate() {
            if matches!(case.known, Reader::Nobody) {
                fs::write(together.join(format!("{number:04}")), &case.bytes).unwrap();
            }
        }
        let (code, told) = python("test.py", &["each".to_owned(), together.display().to_string()]);
        assert_eq!(code, 0);
        let mut told: BTreeMap<String, (i32, Vec<String>)> = told.iter().map(|line| verdict(line)).collect();
        let mut wrong = Vec::new();
        for (number, case) in cases.iter().enumerate() {
            let mine = ours(&case.bytes, &case.known);
            let theirs = told.remove(&format!("{number:04}")).unwrap_or_else(|| {
                fs::write(&alone, &case.bytes).unwrap();
                let arguments = case.known.arguments(folder.path());
                python("verify.py", &[&[alone.display().to_string()], arguments.as_slice()].concat())
            });
            let said = if mine.0 == 0 { "holds" } else { mine.1.first().unwrap() };
            if said != case.wanted || mine != theirs {
                wrong.push(format!("{}: wanted {}\n  here: {mine:?}\n  there: {theirs:?}", case.name, case.wanted));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    /// `NAME<tab>CODE<tab>LINES, as JSON`.
    fn verdict(line: &str) -> (String, (i32, Vec<String>)) {
        let mut parts = line.splitn(3, '\t');
        let mut next = || parts.next().unwrap();
        (next().to_owned(), (next().parse().unwrap(), serde_json::from_str(next()).unwrap()))
    }

    #[test]
    fn both_verifiers_take_the_golden_evidence_and_say_the_same() {
        judged_by_both(&signed::that_hold());
    }

    #[test]
    fn both_verifiers_refuse_what_is_no_bundle_in_the_same_words() {
        let cases = form::cases();
        assert!(cases.len() >= 30, "{}", cases.len());
        judged_by_both(&cases);
    }

    #[test]
    fn both_verifiers_name_the_same_part_of_a_bundle_that_does_not_hold() {
        let cases = signed::that_do_not_hold();
        assert!(cases.len() >= 60, "{}", cases.len());
        judged_by_both(&cases);
    }

    #[test]
    fn both_verifiers_take_the_evidence_of_a_whole_referral_and_say_the_same() {
        judged_by_both(&referral::that_hold());
    }

    #[test]
    fn both_verifiers_refuse_what_is_no_evidence_of_a_referral_in_the_same_words() {
        let cases = referral::of_another_form();
        assert!(cases.len() >= 30, "{}", cases.len());
        judged_by_both(&cases);
    }

    #[test]
    fn both_verifiers_name_the_same_part_of_a_referrals_evidence_that_does_not_hold() {
        let cases = referral::that_do_not_hold();
        assert!(cases.len() >= 60, "{}", cases.len());
        judged_by_both(&cases);
    }

    #[test]
    fn every_reason_of_the_protocol_document_is_given_for_some_file_and_no_other() {
        let document = fs::read_to_string(vectors().join("../../docs/PROTOCOL.md")).unwrap();
        let told = |title: &str| {
            let section = document.split(title).nth(1).unwrap().split("\n### ").next().unwrap();
            let rows = section.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
            rows.map(|part| format!("invalid: {part}")).collect::<BTreeSet<String>>()
        };
        let given = |cases: &[Case]| cases.iter().map(|case| case.wanted.to_owned()).collect::<BTreeSet<String>>();
        let of_messages = told("### Parts that may not hold");
        assert_eq!(of_messages, given(&signed::that_do_not_hold()));
        let of_referrals = told("### Parts of a referral's evidence");
        let more = given(&referral::that_do_not_hold());
        assert!(of_referrals.is_disjoint(&of_messages) && of_referrals.is_subset(&more));
        assert!(more.is_subset(&of_messages.union(&of_referrals).cloned().collect()));
    }

    #[test]
    fn both_verifiers_refuse_every_changed_bit_for_the_same_reason() {
        let mut random = seed();
        for (name, count) in BITS {
            let golden = Golden::read(name);
            let folder = tempfile::tempdir().unwrap();
            let mut mine = Vec::new();
            for number in 0..count {
                let mut bytes = golden.text.clone().into_bytes();
                let bits = u64::try_from(bytes.len()).unwrap() * 8;
                let at = usize::try_from(random.below(bits)).unwrap();
                bytes[at / 8] ^= 1 << (at % 8);
                let verdict = ours(&bytes, &Reader::Nobody);
                assert_ne!(verdict.0, 0, "bit {at} of {name} says nothing");
                let file = format!("{number:04}");
                fs::write(folder.path().join(&file), &bytes).unwrap();
                mine.push(format!("{file}\t{}\t[{:?}]", verdict.0, verdict.1.first().unwrap()));
            }
            let (code, theirs) = python("test.py", &["each".to_owned(), folder.path().display().to_string()]);
            assert_eq!((code, theirs), (0, mine), "{name}, seed {}", random.seed);
        }
    }

    #[test]
    fn the_second_verifiers_ed25519_judges_the_published_cases_as_published() {
        let folder = vectors().display().to_string();
        let (code, said) = python("test.py", &["vectors".to_owned(), folder]);
        assert_eq!((code, said.as_slice()), (0, ["vectors: Ed25519, in Python: 1065 cases".to_owned()].as_slice()));
    }
}
