//! How a node enters the registry, and what people type and read aloud for it.

pub(super) mod spoken {
    use std::sync::OnceLock;

    use safeconduct_certs::{
        authority::root::Fingerprint,
        enrol::{code::InviteCode, paper::PaperKey, words::SafetyWords},
        utc,
        web::door,
    };
    use safeconduct_client::{config::RelayAddress, programs::token::Token};
    use safeconduct_protocol::id::AgencyId;

    use crate::{
        bound::Bound,
        golden::{golden_text, named},
        input::{assert_is_line, assert_is_short_line, bytes},
        targets::{Seeds, as_it_is, each_sample},
    };

    /// Characters are taken apart one by one; words are looked up folded, in lists that are made once.
    const BOUND: Bound = Bound::new(16 * 1024, 64);

    fn samples() -> &'static [Vec<u8>] {
        static MADE: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
        MADE.get_or_init(make_samples)
    }

    fn make_samples() -> Vec<Vec<u8>> {
        let mut all = named(golden_text!("invitation.txt"), "code ");
        all.extend(named(golden_text!("invitation.txt"), "words "));
        all.extend(named(golden_text!("change-request.txt"), "paper "));
        all.push(b"PNBM2-FJ893-K4348-4KJG3-DZ7KR".to_vec());
        all.push(b"2027-01-15T08:00:00Z".to_vec());
        all.push(b"relay.example:4433".to_vec());
        all.push(b"xa.harbour-house".to_vec());
        all.push([b"sct1-".as_slice(), &[b'a'; 64]].concat());
        all
    }

    pub(crate) fn run(data: &[u8]) {
        let bytes = bytes(data, samples());
        let Ok(text) = core::str::from_utf8(&bytes) else { return };
        // Lists of words are made when the first are looked up.
        let _lists = SafetyWords::parse("pupil bacon skull urge used canal rely elite");
        match BOUND.hold(bytes.len(), || InviteCode::parse(text)) {
            Ok(code) => {
                let written = code.reveal();
                assert_eq!(InviteCode::parse(&written).unwrap().reveal(), written);
            }
            Err(refused) => assert_is_line(&format!("{refused} → {}", refused.remedy())),
        }
        match BOUND.hold(bytes.len(), || PaperKey::parse(text)) {
            Ok(paper) => assert_eq!(PaperKey::parse(&paper.reveal()).unwrap().public(), paper.public()),
            Err(refused) => assert_is_line(&format!("{refused} → {}", refused.remedy())),
        }
        match BOUND.hold(bytes.len(), || SafetyWords::parse(text)) {
            Ok(words) => assert_eq!(SafetyWords::parse(&words.to_string()).unwrap().as_words(), words.as_words()),
            Err(refused) => assert_is_line(&format!("{refused} → {}", refused.remedy())),
        }
        if let Some(fingerprint) = BOUND.hold(bytes.len(), || Fingerprint::parse(text)) {
            assert_eq!(Fingerprint::parse(&fingerprint.to_string()), Some(fingerprint));
        }
        if let Some(time) = BOUND.hold(bytes.len(), || utc::parse(text)) {
            assert_eq!(utc::parse(&utc::instant(time)), Some(time));
        }
        if let Some(token) = BOUND.hold(bytes.len(), || Token::read(text)) {
            assert_eq!(*token.text(), text.to_lowercase(), "a token is written in one way");
        }
        if let Ok(agency) = BOUND.hold(bytes.len(), || text.parse::<AgencyId>()) {
            assert_eq!(agency.as_str(), text);
        }
        match BOUND.hold(bytes.len(), || text.parse::<RelayAddress>()) {
            Ok(address) => assert_eq!(address.as_str(), text),
            Err(refused) => assert_is_short_line(&refused.to_string()),
        }
        BOUND.hold(bytes.len(), || door::read(text).is_some());
    }

    pub(crate) fn seeds() -> Seeds {
        let mut seeds = each_sample(samples().len(), &[]);
        seeds.push(as_it_is("words-of-two-languages", "pupil bacon skull urge used canal rely \u{e9}lite".as_bytes()));
        seeds
    }
}

pub(super) mod requests {
    use std::sync::OnceLock;

    use safeconduct_certs::enrol::{answer::Answer, change::ChangeRequest, request::Request};
    use safeconduct_protocol::{
        crypto::{
            kem::{open_once, seal_once},
            sign::{Label, SIGNATURE_BYTES},
        },
        id::InviteId,
    };

    use crate::{
        bound::Bound,
        golden::{golden_text, one},
        input::{self, assert_is_line, sample},
        keys::{Counting, kem, node, signing},
        targets::{Seeds, as_it_is, each_sample},
    };

    /// The plaintext is taken out once, and checked.
    const BOUND: Bound = Bound::new(64 * 1024, 8);

    #[derive(Clone, Copy, PartialEq, Eq)]
    enum Kind {
        Request,
        Answer,
        Change,
    }

    fn samples() -> &'static [(Kind, Vec<u8>)] {
        static MADE: OnceLock<Vec<(Kind, Vec<u8>)>> = OnceLock::new();
        MADE.get_or_init(make_samples)
    }

    fn make_samples() -> Vec<(Kind, Vec<u8>)> {
        let answers = golden_text!("enrol-answer.txt");
        vec![
            (Kind::Request, one(golden_text!("enrol-request.txt"), "request: plaintext")),
            (Kind::Answer, one(answers, "approved: plaintext")),
            (Kind::Answer, one(answers, "rejected: plaintext")),
            (Kind::Answer, one(answers, "in the place of node B: plaintext")),
            (Kind::Change, one(golden_text!("change-request.txt"), "change request: plaintext")),
        ]
    }

    /// The golden invitation, and what each kind is sealed under.
    fn under(kind: Kind) -> (InviteId, &'static [u8]) {
        static MADE: OnceLock<(InviteId, [Vec<u8>; 3])> = OnceLock::new();
        let (invite, infos) = MADE.get_or_init(|| {
            let texts = [
                golden_text!("enrol-request.txt"),
                golden_text!("enrol-answer.txt"),
                golden_text!("change-request.txt"),
            ];
            let invite = one(golden_text!("invitation.txt"), "invite id")[..].try_into().unwrap();
            (InviteId::from_bytes(invite), texts.map(|text| one(text, "info")))
        });
        (*invite, &infos[kind as usize])
    }

    /// The signatures at the end, by the keys that the golden object names.
    fn sign(kind: Kind, plain: &mut [u8]) {
        let keys: &[u8] = match kind {
            Kind::Request => &[0x20],
            Kind::Change => &[0x26, 0x20],
            Kind::Answer => return,
        };
        for (place, key) in keys.iter().enumerate() {
            let Some(at) = plain.len().checked_sub((keys.len() - place) * SIGNATURE_BYTES) else { return };
            let label = if kind == Kind::Request { Label::EnrolRequest } else { Label::ChangeRequest };
            let signature = signing(*key).sign(label, &plain[..at]);
            plain[at..at + SIGNATURE_BYTES].copy_from_slice(signature.as_bytes());
        }
    }

    fn read(sealed: &[u8]) -> u8 {
        let mut taken = 0;
        let ((invite, info), a) = (under(Kind::Answer), node(0x20));
        match BOUND.hold(sealed.len(), || Request::open(sealed, &invite, &kem(0xa8))) {
            Ok(request) => {
                taken += 1;
                assert_eq!(request.safety_words().as_words().len(), 8);
            }
            Err(refused) => assert_is_line(&format!("{refused} → {}", refused.remedy())),
        }
        match BOUND.hold(sealed.len(), || Answer::open(sealed, &invite, &a, &kem(0x25))) {
            Ok(answer) => {
                taken += 1;
                let again = answer.seal(&invite, &a, &kem(0x25).public(), &mut Counting::default()).unwrap();
                let plain = |sealed: &[u8]| open_once(&kem(0x25), info, &[], sealed).unwrap();
                assert_eq!(*plain(&again), *plain(sealed), "an answer is written in one way");
            }
            Err(refused) => assert_is_line(&format!("{refused} → {}", refused.remedy())),
        }
        match BOUND.hold(sealed.len(), || ChangeRequest::open(sealed, &a, &kem(0xa8))) {
            Ok(change) => {
                taken += 1;
                assert_eq!(change.statement_of().node, a);
            }
            Err(refused) => assert_is_line(&format!("{refused} → {}", refused.remedy())),
        }
        assert!(taken <= 1, "one thing is taken for another");
        taken
    }

    pub(crate) fn run(data: &[u8]) {
        let Some(((kind, sample), mut left)) = sample(data, samples()) else {
            read(data.get(1..).unwrap_or_default());
            return;
        };
        let flags = left.arbitrary::<u8>().unwrap_or(0);
        let mut plain = input::changed(&mut left, sample);
        if flags & 1 == 0 {
            sign(*kind, &mut plain);
        }
        let key = if *kind == Kind::Answer { 0x25 } else { 0xa8 };
        let info = under(*kind).1;
        let taken = read(&seal_once(&kem(key).public(), info, &[], &plain, &mut Counting::default()).unwrap());
        assert!(taken == 1 || !input::is_honest(data, samples().len(), &[0]), "an honest request is refused");
    }

    pub(crate) fn seeds() -> Seeds {
        let mut seeds = each_sample(samples().len(), &[0]);
        seeds.push(("signed-by-nobody".to_owned(), vec![0, 1, 0, 9, 1]));
        seeds.push(as_it_is("short", &[1; 40]));
        seeds
    }
}
