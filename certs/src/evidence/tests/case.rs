//! A whole referral in one bundle: what is put in, what is left out, and what is not read.

use safeconduct_protocol::{
    envelope::header::{RegistryPoint, content_commitment},
    id::{MessageId, NodeId, RelayId},
    receipt::{
        case::{CaseAct, CaseEvent, CaseFields, Revision, Seen, details_commitment},
        relay::{RelayAccepted, RelayExpired},
    },
    time::Day,
};

use super::{Case, ENVELOPE, SALT, case, signed_header};
use crate::{
    evidence::{
        BundleRefused, CaseBundle, CaseParts, Event, EventParts, Evidence, Known, RevisionParts,
        bundle::Blob,
        case_bundle::{CASE_BYTES_MAX, CaseDetails, ENTRIES_MAX, REVISIONS_MAX, uuid_bytes},
    },
    log::proof::PATH_HASHES_MAX,
    registry::{Registry, leaf::LeafKind},
    testing::{Actor, Keys, NOW},
};

const REFERRAL: [u8; 16] =
    [0x1f, 0x0c, 0x2a, 0x44, 0x6b, 0x1e, 0x4a, 0x0f, 0x9c, 0x57, 0x0a, 0x4d, 0x2f, 0x6b, 0x7c, 1];
const REFERRAL_ID: &str = "1f0c2a44-6b1e-4a0f-9c57-0a4d2f6b7c01";
const DETAILS: &[u8] = br#"{"earliest_capacity":"2027-02-01"}"#;
const SENDER: NodeId = NodeId::from_bytes([2; 32]);
const RECIPIENT: NodeId = NodeId::from_bytes([3; 32]);

fn content(revision: u32) -> Vec<u8> {
    let start = r#"{"header":{"schema":"safeconduct.referral/1","referral_id":""#;
    format!(r#"{start}{REFERRAL_ID}","revision":{revision},"x":1}}}}"#).into_bytes()
}

/// The case, its one message being revision 1 of the referral.
fn referral() -> Case {
    let mut case = case();
    let mut header = *case.header.header();
    header.content_commitment = content_commitment(&SALT, &content(1));
    case.header = signed_header(&header);
    let about = safeconduct_protocol::receipt::node::SentMessage::of(&case.header, ENVELOPE);
    let at = *case.delivered.at();
    case.delivered = safeconduct_protocol::receipt::node::Delivered::sign(&Actor::new(3).ik, about, at);
    case
}

/// An act by the recipient; a person's, and the first.
fn opened(case: &Case) -> CaseFields {
    let header = case.header.header();
    CaseFields {
        act: CaseAct::Opened,
        code: 0,
        level: None,
        by_node: false,
        confirmed: false,
        referral: REFERRAL,
        epoch: 0,
        number: 0,
        previous: [0; 32],
        seen: None,
        at: NOW,
        signer: RECIPIENT,
        other: SENDER,
        about: Revision {
            message: header.message,
            header_hash: case.header.hash(),
            content_commitment: header.content_commitment,
        },
        person: Some([0x14; 16]),
        successor: None,
        details: None,
        registry: RegistryPoint { size: 3, root: case.registry.root_hash() },
    }
}

fn signed(fields: &CaseFields) -> CaseEvent {
    let by = if fields.signer == SENDER { 2 } else { 3 };
    CaseEvent::sign(&Actor::new(by).ik, fields).unwrap()
}

/// The recipient opens and accepts with details; the sender has seen the first.
fn acts(case: &Case) -> [CaseEvent; 3] {
    let first = signed(&opened(case));
    let accepted = signed(&CaseFields {
        act: CaseAct::Accepted,
        number: 1,
        previous: first.hash(),
        details: Some(details_commitment(&[6; 32], DETAILS).unwrap()),
        ..opened(case)
    });
    let provided = signed(&CaseFields {
        act: CaseAct::InfoProvided,
        signer: SENDER,
        other: RECIPIENT,
        seen: Some(Seen { epoch: 0, number: 0, hash: first.hash() }),
        ..opened(case)
    });
    [first, accepted, provided]
}

fn revision(case: &Case) -> RevisionParts<'_> {
    RevisionParts {
        header: &case.header,
        envelope: ENVELOPE,
        relay_accepted: Some(&case.accepted),
        relay_expired: None,
        delivered: Some(&case.delivered),
        opening: None,
        acted_on: case.acted_on.as_ref(),
    }
}

fn collected(
    case: &Case,
    revisions: Vec<RevisionParts<'_>>,
    events: &[&CaseEvent],
) -> Result<CaseBundle, BundleRefused> {
    let events = events
        .iter()
        .map(|event| EventParts { event, details: event.says().details.map(|_| (&[6; 32], DETAILS)) })
        .collect();
    let parts = CaseParts { referral: REFERRAL, ends: (SENDER, RECIPIENT), revisions, events };
    CaseBundle::collect(&case.registry, &case.registry, &parts)
}

/// Everything that there can be, in the order of no file.
fn whole(case: &Case) -> CaseBundle {
    let [first, accepted, provided] = acts(case);
    let opening = content(1);
    let with_content = RevisionParts { opening: Some((&SALT, &opening)), ..revision(case) };
    collected(case, vec![with_content], &[&accepted, &first, &provided, &first]).unwrap()
}

#[test]
fn a_whole_referral_is_put_in_order_and_verifies_to_the_last_act() {
    let case = referral();
    let [first, accepted, provided] = acts(&case);
    let json = whole(&case).to_json();
    let Evidence::Case(bundle) = Evidence::parse(json.as_bytes()).unwrap() else { panic!("not of a referral") };

    let in_order: Vec<&[u8]> = bundle.events.iter().map(|event| event.0.as_slice()).collect();
    assert_eq!(in_order, [&provided, &first, &accepted].map(|event| event.as_bytes().as_slice()));
    assert_eq!(bundle.referral_id.as_deref(), Some(REFERRAL_ID));
    let [details] = bundle.details.as_deref().unwrap() else { panic!("one act has details") };
    assert!(details.event == 2 && details.salt.0 == [6; 32] && details.details.0 == DETAILS);
    let fingerprint = case.registry.root().fingerprint();
    let lines = Evidence::Case(bundle).verify(Known::Fingerprint(&fingerprint)).unwrap();
    let open: Vec<_> = lines.iter().filter(|line| !line.proven).map(|line| line.what).collect();
    assert_eq!(open, ["the sender's key stood at a checkpoint before the message", "nothing was left out at the end"]);
    let acts: Vec<_> = lines.iter().filter(|line| line.what == "a node signed this act on the referral").collect();
    assert!(acts[0].detail.starts_with("InfoProvided by the sender, person 1414"), "{}", acts[0].detail);
    assert!(acts[1].detail.starts_with("Opened by the recipient"), "{}", acts[1].detail);
    assert!(acts[2].detail.starts_with("Accepted by the recipient"), "{}", acts[2].detail);
    let details = lines.iter().find(|line| line.what == "these are the details that were signed").unwrap();
    assert_eq!(details.detail, format!("act 2, {} bytes", DETAILS.len()));
}

#[test]
fn an_act_is_left_out_when_something_before_it_or_its_message_is_missing_and_so_is_what_follows_it() {
    let case = referral();
    let [first, ..] = acts(&case);
    let lost = CaseFields { number: 4, previous: [9; 32], ..opened(&case) };
    let after_lost = signed(&CaseFields { number: 5, previous: signed(&lost).hash(), ..opened(&case) });
    let by_sender = CaseFields { act: CaseAct::InfoProvided, signer: SENDER, other: RECIPIENT, ..opened(&case) };
    let saw_lost = signed(&CaseFields {
        seen: Some(Seen { epoch: 0, number: 4, hash: signed(&lost).hash() }),
        ..by_sender.clone()
    });
    let after_that = signed(&CaseFields { number: 1, previous: saw_lost.hash(), ..by_sender });
    let mut of_another = opened(&case);
    of_another.about.message = MessageId::from_bytes([0x77; 16]);
    let of_another = signed(&of_another);

    let given = [&after_that, &saw_lost, &after_lost, &signed(&lost), &of_another, &first];
    let bundle = collected(&case, vec![revision(&case)], &given).unwrap();

    assert!(bundle.events.len() == 1 && bundle.events[0].0 == first.as_bytes());
    assert!(bundle.details.is_none());
    assert!(Evidence::Case(Box::new(bundle)).verify(Known::Nothing).is_ok());
}

#[test]
fn without_acts_and_content_no_id_is_claimed_and_without_receipts_no_relay_stands_in_it() {
    let case = referral();
    let bare = RevisionParts { relay_accepted: None, delivered: None, ..revision(&case) };
    let bundle = collected(&case, vec![bare], &[]).unwrap();

    let json = bundle.to_json();
    assert!(!json.contains("referral_id") && !json.contains("envelope_digest") && !json.contains("\"details\""));
    assert!(bundle.relays.is_empty() && bundle.sender.len() == 1 && bundle.recipient.len() == 1);
    assert!(CaseBundle::parse(json.as_bytes()).unwrap() == bundle);
    assert_eq!(collected(&case, Vec::new(), &[]).err(), Some(BundleRefused::NothingSigned));
    let parts = CaseParts {
        referral: REFERRAL,
        ends: (SENDER, RECIPIENT),
        revisions: vec![revision(&case)],
        events: Vec::new(),
    };
    let empty = Registry::new(Keys::new(1).root());
    assert_eq!(CaseBundle::collect(&empty, &empty, &parts).err(), Some(BundleRefused::NoHead));
    let strangers = CaseParts { ends: (NodeId::from_bytes([9; 32]), RECIPIENT), ..parts };
    let refused = CaseBundle::collect(&case.registry, &case.registry, &strangers).err();
    assert_eq!(refused, Some(BundleRefused::NotRegistered));
}

#[test]
fn each_key_that_signed_has_its_entry_once_in_the_order_of_the_log() {
    let mut case = referral();
    let [first, ..] = acts(&case);
    let keys = Keys::new(1);
    for (node, by) in [(RECIPIENT, 3), (NodeId::from_bytes([1; 32]), 1)] {
        let mut change = case.registry.next_entry(LeafKind::Change, &node, NOW).unwrap();
        change.ik = *Actor::new(by + 100).ik.verifying_key().as_bytes();
        case.registry.extend(&[change.sign(&keys.registrar, Some(&Actor::new(by).ik))]).unwrap();
    }
    case.registry.accept_head(&keys.head(&case.registry, 5, NOW), NOW).unwrap();
    let accepted = CaseFields { act: CaseAct::Accepted, number: 1, previous: first.hash(), ..opened(&case) };
    let accepted = CaseEvent::sign(&Actor::new(103).ik, &accepted).unwrap();
    let expired = RelayExpired::sign(&Actor::new(101).ik, RelayId(1), ENVELOPE, NOW);
    let both = RevisionParts { relay_expired: Some(&expired), ..revision(&case) };

    let bundle = collected(&case, vec![both], &[&first, &accepted]).unwrap();

    let places = |entries: &[crate::evidence::bundle::Entry]| entries.iter().map(|one| one.index).collect::<Vec<_>>();
    assert_eq!(
        (places(&bundle.sender), places(&bundle.recipient), places(&bundle.relays)),
        (vec![1], vec![2, 3], vec![0, 4])
    );
    let lines = Evidence::Case(Box::new(bundle)).verify(Known::Nothing).unwrap();
    let gone = lines.iter().find(|line| line.event == Some(Event::RelayExpired)).unwrap();
    assert_eq!(
        gone.detail,
        "revision 1, relay 1 at 2026-11-24T00:00:00Z; that it was this message's envelope the recipient's node says"
    );
    assert!(gone.proven);

    case.accepted = RelayAccepted::sign(&Actor::new(8).ik, RelayId(1), ENVELOPE, 16_384, NOW, Day(20_790));
    let by_nobody = collected(&case, vec![revision(&case)], &[]).err();
    assert_eq!(by_nobody, Some(BundleRefused::NotRegistered), "no relay's key");
    let elsewhere = RelayExpired::sign(&Actor::new(1).ik, RelayId(7), ENVELOPE, NOW);
    let by_no_relay = RevisionParts { relay_accepted: None, relay_expired: Some(&elsewhere), ..revision(&case) };
    assert_eq!(collected(&case, vec![by_no_relay], &[]).err(), Some(BundleRefused::NotRegistered));
}

#[test]
fn counts_are_taken_up_to_their_bounds_and_not_beyond() {
    let case = referral();
    let bare = RevisionParts { relay_accepted: None, delivered: None, ..revision(&case) };
    let bare = collected(&case, vec![bare], &[]).unwrap();
    let full = whole(&case);
    let taken = |from: &CaseBundle, change: &dyn Fn(&mut CaseBundle)| {
        let mut bent = from.clone();
        change(&mut bent);
        CaseBundle::parse(bent.to_json().as_bytes()).err()
    };
    let no = Some(BundleRefused::Malformed);
    for (count, outcome) in [(0, no), (1, None), (REVISIONS_MAX, None), (REVISIONS_MAX + 1, no)] {
        assert_eq!(taken(&bare, &|b| b.revisions = vec![b.revisions[0].clone(); count]), outcome, "{count} revisions");
    }
    for (count, outcome) in [(0, no), (1, None), (ENTRIES_MAX, None), (ENTRIES_MAX + 1, no)] {
        assert_eq!(taken(&full, &|b| b.sender = vec![b.sender[0].clone(); count]), outcome, "{count} of the sender");
        assert_eq!(taken(&full, &|b| b.recipient = vec![b.recipient[0].clone(); count]), outcome, "{count} keys");
        assert_eq!(taken(&full, &|b| b.relays = vec![b.relays[0].clone(); count]), outcome, "{count} relays");
    }
    for (count, outcome) in [(PATH_HASHES_MAX, None), (PATH_HASHES_MAX + 1, no)] {
        assert_eq!(taken(&full, &|b| b.relays[0].proof = vec![Blob(vec![1; 32]); count]), outcome, "{count} hashes");
    }
    assert_eq!(taken(&full, &|b| b.details = Some(Vec::new())), no, "details that hold none");
    let one = CaseDetails { event: 0, salt: Blob(vec![1]), details: Blob(vec![1]) };
    for (count, outcome) in [(4096, None), (4097, no)] {
        assert_eq!(taken(&bare, &|b| (b.details) = Some(vec![one.clone(); count])), outcome, "{count} details");
        let events = |b: &mut CaseBundle| {
            b.referral_id = Some(REFERRAL_ID.to_owned());
            b.events = vec![Blob(vec![1]); count];
        };
        assert_eq!(taken(&bare, &events), outcome, "{count} acts");
    }
}

#[test]
fn parts_of_a_referral_that_nothing_vouches_for_are_not_taken() {
    let full = whole(&referral());
    let bent = |change: &dyn Fn(&mut CaseBundle)| {
        let mut bent = full.clone();
        change(&mut bent);
        CaseBundle::parse(bent.to_json().as_bytes()).err()
    };
    let no = Some(BundleRefused::Malformed);
    assert_eq!(bent(&|_| ()), None);
    assert_eq!(bent(&|b| b.referral_id = None), no);
    assert_eq!(bent(&|b| b.referral_id = Some(REFERRAL_ID.to_uppercase())), no);
    assert_eq!(bent(&|b| b.events.clear()), None, "the content still says which referral it is");
    assert_eq!(bent(&|b| b.revisions[0].opening = None), None, "and so do the acts");
    let neither = |b: &mut CaseBundle| {
        b.events.clear();
        b.revisions[0].opening = None;
    };
    assert_eq!(bent(&neither), no, "an id that nothing signed vouches for");
    assert_eq!(bent(&|b| b.revisions[0].envelope_digest = None), no);
    assert_eq!(bent(&|b| b.relays.clear()), no);
    assert_eq!(bent(&|b| b.revisions[0].relay_accepted = None), no, "a relay that signed nothing");
    let json = full.to_json();
    let newer = json.replacen("\"safeconduct.case/1\"", "\"safeconduct.case/2\"", 1) + "\"safeconduct.case/1\"";
    assert_eq!(CaseBundle::parse(newer.as_bytes()).err(), no);
    assert_eq!(CaseBundle::parse(json.replacen('{', "{\"note\":1,", 1).as_bytes()).err(), no);
}

#[test]
fn a_file_as_long_as_may_be_is_read_and_one_byte_more_is_not() {
    let case = referral();
    let json = whole(&case).to_json();
    let padded = |bytes: usize| json.clone() + &" ".repeat(bytes - json.len());
    assert_eq!(CaseBundle::parse(padded(CASE_BYTES_MAX).as_bytes()).err(), None);
    assert_eq!(CaseBundle::parse(padded(CASE_BYTES_MAX + 1).as_bytes()).err(), Some(BundleRefused::CaseTooLong));

    let long = vec![b'x'; CASE_BYTES_MAX * 3 / 4];
    let opening = RevisionParts { opening: Some((&SALT, &long)), ..revision(&case) };
    assert_eq!(collected(&case, vec![opening], &[]).err(), Some(BundleRefused::CaseTooLong));
}

#[test]
fn an_id_of_a_referral_is_read_in_its_one_form() {
    assert_eq!(uuid_bytes(REFERRAL_ID), Some(REFERRAL));
    let without = REFERRAL_ID.replace('-', "");
    let signs = REFERRAL_ID.replace("0c", "+c");
    let moved = REFERRAL_ID.replacen("44-6b", "446-b", 1);
    let longer = format!("{REFERRAL_ID}0");
    for other in [&without, &signs, &moved, &longer, &REFERRAL_ID.to_uppercase(), &REFERRAL_ID[..35], ""] {
        assert_eq!(uuid_bytes(other), None, "{other}");
    }
}
