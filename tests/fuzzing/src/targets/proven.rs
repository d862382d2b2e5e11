//! Evidence files. Only the golden ones were signed: whatever else verifies must say the same.

pub(super) mod evidence {
    use std::{collections::BTreeSet, sync::OnceLock};

    use arbitrary::Unstructured;
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    use safeconduct_certs::evidence::{Evidence, ForkProof, Known};
    use serde_json::Value;

    use crate::{
        bound::Bound,
        golden::golden_text,
        input::{self, assert_is_line, sample},
        json,
        keys::root,
        targets::{Seeds, as_it_is, each_sample},
    };

    /// Texts, then the bytes in them, then a root file's versions when they are verified.
    const BOUND: Bound = Bound::new(192 * 1024, 48);

    fn samples() -> &'static [Vec<u8>] {
        static MADE: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
        MADE.get_or_init(make_samples)
    }

    fn make_samples() -> Vec<Vec<u8>> {
        let files = [
            golden_text!("evidence.json"),
            golden_text!("evidence-rotated.json"),
            golden_text!("evidence-border.json"),
            golden_text!("case-evidence.json"),
            golden_text!("case-evidence-border.json"),
        ];
        let mut all: Vec<Vec<u8>> = files.iter().map(|text| text.as_bytes().to_vec()).collect();
        let golden: Value = serde_json::from_str(files[0]).unwrap();
        let fork = serde_json::json!({
            "format": "safeconduct.fork/1", "root": golden["root"], "smaller": golden["checkpoint"],
            "larger": golden["checkpoint"],
        });
        all.push(fork.to_string().into_bytes());
        all
    }

    /// Every text of the golden files: keys of the golden authorities have signed nothing else.
    fn signed() -> &'static BTreeSet<String> {
        static SIGNED: OnceLock<BTreeSet<String>> = OnceLock::new();
        fn texts(value: &Value, found: &mut BTreeSet<String>) {
            match value {
                Value::String(text) => drop(found.insert(text.clone())),
                Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
                Value::Object(members) => members.values().for_each(|member| texts(member, found)),
                Value::Null | Value::Bool(_) | Value::Number(_) => {}
            }
        }
        SIGNED.get_or_init(|| {
            let mut found = BTreeSet::new();
            samples().iter().for_each(|file| texts(&serde_json::from_slice(file).unwrap(), &mut found));
            found
        })
    }

    fn was_signed(bytes: &[u8]) -> bool {
        signed().contains(&STANDARD.encode(bytes))
    }

    /// Changes within the bytes of a member, so that they stay base64.
    fn within(value: &mut Value, left: &mut Unstructured<'_>) -> arbitrary::Result<()> {
        let Value::Object(members) = value else { return Ok(()) };
        let at = left.choose_index(members.len())?;
        match members.values_mut().nth(at) {
            Some(Value::String(text)) => {
                if let Ok(bytes) = STANDARD.decode(text.as_bytes()) {
                    *text = STANDARD.encode(input::changed(left, &bytes));
                }
            }
            Some(Value::Array(items)) if !items.is_empty() => {
                let at = left.choose_index(items.len())?;
                return within(&mut items[at], left);
            }
            Some(member) => return within(member, left),
            None => {}
        }
        Ok(())
    }

    pub(crate) fn run(data: &[u8]) {
        let samples = samples();
        let bytes = match sample(data, samples) {
            // An even byte changes bytes within members, an odd one the JSON itself.
            Some((sample, mut left)) if left.peek_bytes(1).is_some_and(|first| first[0] % 2 == 0) => {
                let _kind = left.arbitrary::<u8>();
                let mut value: Value = serde_json::from_slice(sample).unwrap();
                let _enough = within(&mut value, &mut left);
                value.to_string().into_bytes()
            }
            _ => json::bytes(data, samples),
        };
        let verified = message_or_case(&bytes);
        // What crosses a border is the other authority's word for one side; the last sample is a proof of a fork.
        assert!(verified || !input::is_honest(data, 5, &[]), "an honest file does not verify");
        match BOUND.hold(bytes.len(), || ForkProof::parse(&bytes)) {
            Ok(proof) => {
                assert!(ForkProof::parse(proof.to_json().as_bytes()).is_ok_and(|again| again == proof));
                let verified = BOUND.hold(bytes.len(), || proof.verify(Some(&root().fingerprint())));
                assert!(verified.is_err(), "the golden log was never forked");
            }
            Err(refused) => assert_is_line(&format!("{refused} → {}", refused.remedy())),
        }
    }

    fn message_or_case(bytes: &[u8]) -> bool {
        let read = match BOUND.hold(bytes.len(), || Evidence::parse(bytes)) {
            Ok(read) => read,
            Err(refused) => {
                assert_is_line(&format!("{refused} → {}", refused.remedy()));
                return false;
            }
        };
        let written = match &read {
            Evidence::Message(bundle) => bundle.to_json(),
            Evidence::Case(case) => case.to_json(),
        };
        let again = Evidence::parse(written.as_bytes()).unwrap();
        let same = match (&read, &again) {
            (Evidence::Message(one), Evidence::Message(other)) => one == other,
            (Evidence::Case(one), Evidence::Case(other)) => one == other,
            _ => false,
        };
        assert!(same, "what is written is what is read");
        let own = root();
        // Whom nobody knows may be made up whole; it must be read all the same.
        BOUND.hold(bytes.len(), || read.verify(Known::Nothing).is_ok());
        match BOUND.hold(bytes.len(), || read.verify(Known::Fingerprint(&own.fingerprint()))) {
            Ok(lines) => {
                lines.iter().for_each(|line| assert_is_line(&line.text()));
                assert_eq!(again.verify(Known::Fingerprint(&own.fingerprint())).as_ref(), Ok(&lines));
                holds_what_was_signed(&read);
                true
            }
            Err(refused) => {
                assert_is_line(&refused.to_string());
                false
            }
        }
    }

    fn holds_what_was_signed(read: &Evidence) {
        match read {
            Evidence::Message(bundle) => {
                assert!(was_signed(&bundle.header.0) && was_signed(&bundle.signature.0));
                for receipt in [&bundle.relay_accepted, &bundle.delivered].into_iter().flatten() {
                    assert!(was_signed(&receipt.0));
                }
                assert!(bundle.opening.as_ref().is_none_or(|opening| was_signed(&opening.content.0)));
            }
            Evidence::Case(case) => {
                assert!(case.events.iter().all(|event| was_signed(&event.0)));
                for revision in &case.revisions {
                    assert!(was_signed(&revision.header.0) && was_signed(&revision.signature.0));
                    let receipts = [&revision.relay_accepted, &revision.relay_expired, &revision.delivered];
                    assert!(receipts.into_iter().flatten().all(|receipt| was_signed(&receipt.0)));
                    assert!(revision.opening.as_ref().is_none_or(|opening| was_signed(&opening.content.0)));
                }
                let details = case.details.iter().flatten();
                details.for_each(|one| assert!(was_signed(&one.details.0)));
            }
        }
    }

    pub(crate) fn seeds() -> Seeds {
        let mut seeds = each_sample(samples().len(), &[]);
        for at in 0..6 {
            seeds.push((format!("within-{at}"), vec![at, 0, 3, 0, 1, 0, 5]));
            seeds.push((format!("members-{at}"), vec![at, 1, 3, 0, 1, 0, 5]));
        }
        seeds.push(as_it_is("empty-case", br#"{"format":"safeconduct.case/1"}"#));
        seeds
    }
}
