//! Referrals, which others write: JSON and CSV.

use std::sync::OnceLock;

use safeconduct_client::referral::{self, Finding};

use crate::input::assert_is_line;

/// The twelve samples.
pub(super) fn samples() -> &'static [Vec<u8>] {
    static MADE: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    MADE.get_or_init(make_samples)
}

fn make_samples() -> Vec<Vec<u8>> {
    macro_rules! sample {
        ($($name:literal),*) => {
            vec![$(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../samples/", $name, ".json")).to_vec()),*]
        };
    }
    sample!(
        "01-woman-sex-industry-shelter",
        "02-men-construction-group",
        "03-man-agriculture-legal-aid-rtl",
        "04-child-begging-child-protection",
        "05-domestic-servitude-medical-vital-interest",
        "06-voluntary-return-reintegration",
        "07-identity-documents-embassy",
        "08-enquiry-no-names-level-0",
        "09-mandatory-notification-child",
        "10-transfer-onward",
        "11-police-specific-consent-long-narrative",
        "12-training-exercise-internal"
    )
}

/// Findings are lines without anything that was said of a person.
fn told(findings: &[Finding]) {
    for finding in findings {
        assert_is_line(&format!("{} → {}", finding.fact(), finding.remedy()));
        assert_is_line(finding.rule().to_string().as_str());
    }
}

/// A referral is written in one way, and reads back as itself.
fn comes_back(referral: &referral::Referral) -> Vec<u8> {
    let canonical = referral::canonical(referral);
    let again = referral::parse(&canonical).unwrap();
    assert!(again == *referral, "what is written is what is read");
    assert_eq!(*referral::canonical(&again), *canonical);
    canonical.to_vec()
}

pub(super) mod referrals {
    use safeconduct_client::referral::{
        Context, check, parse,
        policy::{Direction, written_at},
        profile::Profiles,
    };

    use super::{comes_back, samples, told};
    use crate::{
        bound::Bound,
        input::is_honest,
        json,
        targets::{Seeds, as_it_is, each_sample},
    };

    /// A tree of its members, the referral made of it and what is found: some forty times the text where members are short.
    const BOUND: Bound = Bound::new(192 * 1024, 160);

    pub(crate) fn run(data: &[u8]) {
        let bytes = json::bytes(data, samples());
        let profiles = Profiles::of_build();
        let read = BOUND.hold(bytes.len(), || parse(&bytes));
        let now = match &read {
            Ok(referral) => written_at(referral),
            Err(_) => crate::keys::NOW,
        };
        let context = |direction| Context { direction, now, profiles: &profiles, registry: None, parent: None };
        let sent = BOUND.hold(bytes.len(), || check(&bytes, &context(Direction::Outbound)));
        let came = BOUND.hold(bytes.len(), || check(&bytes, &context(Direction::Inbound)));
        told(sent.findings());
        told(came.findings());
        assert_eq!(read.is_ok(), sent.referral().is_some(), "checking reads as reading does");
        match read {
            Ok(referral) => drop(comes_back(&referral)),
            Err(findings) => {
                assert!(!findings.is_empty(), "a refusal says why");
                assert!(!is_honest(data, samples().len(), &[0]), "an honest referral is refused");
                told(&findings);
            }
        }
    }

    pub(crate) fn seeds() -> Seeds {
        let mut seeds = each_sample(samples().len(), &[0]);
        seeds.push(as_it_is("deep", "[".repeat(200).as_bytes()));
        seeds.push(as_it_is("twice", br#"{"header":{},"header":{}}"#));
        seeds.push(as_it_is("no-text", b"{\"a\":\"\xff\"}"));
        seeds
    }
}

pub(super) mod drafts {
    use std::sync::OnceLock;

    use safeconduct_client::referral::{
        codes::Role,
        compose::{Composed, Given, NotComposed, compose},
        policy::AgencyFacts,
        profile::Profiles,
        text::Country,
    };
    use zeroize::Zeroizing;

    use super::{comes_back, samples, told};
    use crate::{
        bound::Bound,
        json,
        keys::{Counting, NOW},
        targets::{Seeds, as_it_is, each_sample},
    };

    const BOUND: Bound = Bound::new(256 * 1024, 200);

    /// The short form of the documents: a few members, from which the rest follows.
    const FORM: &[u8] =
        br#"{"services":["ShelterAccommodation"],"urgency":"Urgent","age_band":"18-24","gender":"Female",
        "languages":["ron"],"summary":"Needs a bed for tonight."}"#;

    fn all() -> &'static [Vec<u8>] {
        static MADE: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
        MADE.get_or_init(make_all)
    }

    fn make_all() -> Vec<Vec<u8>> {
        let mut all = vec![FORM.to_vec()];
        all.extend(samples().iter().cloned());
        all
    }

    fn agency(id: &str, role: Role) -> AgencyFacts {
        AgencyFacts {
            agency: id.parse().unwrap(),
            country: Country::of("XA").unwrap(),
            roles: vec![role],
            represents: None,
            exercise: false,
            active: true,
        }
    }

    pub(crate) fn run(data: &[u8]) {
        let form = json::bytes(data, all());
        let profiles = Profiles::of_build();
        let (from, to) = (agency("xa.police-north", Role::Police), agency("xa.harbour-house", Role::NgoShelter));
        let mut entropy = Counting::default();
        let made = BOUND.hold(form.len(), || {
            let mut given = Given { now: NOW, from: &from, to: Some(&to), profiles: &profiles, entropy: &mut entropy };
            compose(&form, &mut given)
        });
        let composed = match made {
            Ok(composed) => composed,
            Err(NotComposed::NoForm(findings)) => return told(&findings),
            Err(_) => return,
        };
        let kept = Composed::read(Zeroizing::new(composed.bytes().to_vec()));
        assert_eq!(kept.bytes(), composed.bytes());
        match composed.referral() {
            Ok(referral) => assert_eq!(comes_back(referral), composed.bytes(), "a whole draft is canonical"),
            Err(findings) => told(findings),
        }
    }

    pub(crate) fn seeds() -> Seeds {
        let mut seeds = each_sample(all().len(), &[0]);
        seeds.push(as_it_is("empty", b"{}"));
        seeds.push(as_it_is("header-alone", br#"{"header":{"urgency":"Urgent"}}"#));
        seeds
    }
}

pub(super) mod tables {
    use std::sync::OnceLock;

    use arbitrary::Unstructured;
    use safeconduct_client::{
        casework::life::state::State,
        htcds::{
            columns::COLUMNS,
            read::{FAULTS_MAX, ROWS_MAX, read},
            write::{Row, WhoTheyAre, write},
        },
        referral::{canonical, parse},
    };

    use super::samples;
    use crate::{
        bound::Bound,
        input::{self, CANARY, assert_is_short_line, sample},
        targets::{Seeds, as_it_is},
    };

    /// Cells, then each referral in them as in `referrals`.
    const BOUND: Bound = Bound::new(320 * 1024, 400);

    /// Files of one referral each, whole and without what says who persons are.
    fn files() -> &'static [Vec<u8>] {
        static MADE: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
        MADE.get_or_init(make_files)
    }

    fn make_files() -> Vec<Vec<u8>> {
        let who = [WhoTheyAre::Told, WhoTheyAre::LeftOut];
        let all = samples();
        let file = |(sample, who): (&Vec<u8>, WhoTheyAre)| {
            let referral = parse(sample).unwrap();
            write(&[Row { referral: &referral, state: State::Draft, accepted_at: None }], who).as_bytes().to_vec()
        };
        all.iter().take(4).zip(who.into_iter().cycle()).map(file).collect()
    }

    /// A row of some columns with cells of the fuzzer's.
    fn made(left: &mut Unstructured<'_>) -> arbitrary::Result<Vec<u8>> {
        let (mut names, mut cells) = (Vec::new(), Vec::new());
        for _ in 0..left.int_in_range(1..=12_u8)? {
            let column = left.choose(COLUMNS)?;
            names.push(if left.ratio(1_u8, 24)? { "personId" } else { column.name });
            cells.push(match left.int_in_range(0..=9_u8)? {
                0 => CANARY.to_owned(),
                1 => "=1+1".to_owned(),
                2 => "2026-02-28".to_owned(),
                3 => "a;b;a".to_owned(),
                4 => left.int_in_range(0..=3_000_u64)?.to_string(),
                5 => "\"".to_owned(),
                6 => "Female".to_owned(),
                7 => "XA".to_owned(),
                _ => {
                    let few = left.int_in_range(0..=24_usize)?.min(left.len());
                    String::from_utf8_lossy(left.bytes(few)?).into_owned()
                }
            });
        }
        Ok(format!("{}\n{}\n", names.join(","), cells.join(",")).into_bytes())
    }

    pub(crate) fn run(data: &[u8]) {
        let files = files();
        let file = match sample(data, files) {
            Some((sample, mut left)) => input::changed(&mut left, sample),
            None if data.first() == Some(&254) => made(&mut Unstructured::new(&data[1..])).unwrap_or_default(),
            None => data.get(1..).unwrap_or_default().to_vec(),
        };
        match BOUND.hold(file.len(), || read(&file)) {
            Ok(rows) => {
                assert!(rows.len() <= ROWS_MAX);
                for row in rows {
                    let referral = parse(&row.content);
                    assert!(!row.whole || referral.is_ok(), "a whole row is a referral");
                    if let Ok(referral) = referral {
                        assert!(!row.whole || *canonical(&referral) == *row.content);
                        let one = Row { referral: &referral, state: State::Draft, accepted_at: None };
                        let again = read(write(&[one], WhoTheyAre::Told).as_bytes());
                        let again = again.ok().and_then(|mut rows| rows.pop());
                        assert!(again.is_some_and(|again| *again.content == *canonical(&referral)), "lossless");
                    }
                }
            }
            Err(faults) => {
                assert!((1..=FAULTS_MAX).contains(&faults.len()));
                for fault in faults {
                    assert_is_short_line(&fault.column);
                    input::assert_is_line(&format!("{} {}", fault.line, fault.fact));
                }
            }
        }
    }

    pub(crate) fn seeds() -> Seeds {
        let mut seeds = crate::targets::each_sample(files().len(), &[]);
        seeds.push(("made".to_owned(), [&[254, 3], [5_u8; 40].as_slice()].concat()));
        seeds.push(as_it_is("quote", b"a,\"b"));
        seeds
    }
}
