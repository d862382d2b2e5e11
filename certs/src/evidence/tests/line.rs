//! What a line of verified evidence says of the message and its sender.

use safeconduct_protocol::{envelope::header::ContentType, id::NodeId};

use super::{Case, case, signed_header};
use crate::{
    authority::root::Fingerprint,
    evidence::{Bundle, Evidence, Invalid, Known, Parts, verify},
    registry::leaf::LeafKind,
    testing::{Keys, NOW},
};

/// The line that says who sent what, of a bundle without receipts and content.
fn sent(case: &Case) -> String {
    let parts = Parts { relay_accepted: None, delivered: None, opening: None, ..case.parts() };
    let bundle = Bundle::collect(&case.registry, &parts).unwrap();
    let lines = verify(&bundle, Known::Nothing).unwrap();
    lines.into_iter().find(|line| line.detail.contains("dated")).unwrap().detail
}

#[test]
fn each_kind_of_message_is_named() {
    let kinds = [
        (ContentType::Referral, "a referral, message "),
        (ContentType::Receipt, "a receipt, message "),
        (ContentType::Control, "a control message, message "),
        (ContentType::Cover, "cover, message "),
        (ContentType::Case, "a word about a referral, message "),
        (ContentType::Report, "a report of a period, message "),
    ];
    for (content_type, begins) in kinds {
        let mut case = case();
        let mut header = *case.header.header();
        header.content_type = content_type;
        case.header = signed_header(&header);
        let detail = sent(&case);
        assert!(detail.starts_with(begins), "{detail}");
    }
}

#[test]
fn a_sender_that_is_suspended_is_shown_as_such_and_one_that_is_active_is_not() {
    let mut case = case();
    assert!(sent(&case).ends_with("the key is named by entry 1 of 3"), "{}", sent(&case));
    let keys = Keys::new(1);
    let suspend = case.registry.next_entry(LeafKind::Suspend, &NodeId::from_bytes([2; 32]), NOW).unwrap();
    case.registry.extend(&[suspend.sign(&keys.registrar, None)]).unwrap();
    case.registry.accept_head(&keys.head(&case.registry, 4, NOW), NOW).unwrap();
    let detail = sent(&case);
    assert!(detail.ends_with("; its registration was suspended later or before: compare the times"), "{detail}");
}

#[test]
fn evidence_of_another_authority_says_which_and_other_faults_do_not() {
    let bundle = case().bundle();
    let root = Keys::new(1).root();
    let refused = verify(&bundle, Known::Fingerprint(&Fingerprint::from_bits([0; 16]))).unwrap_err();
    let named = Some((root.log_name().to_owned(), root.fingerprint()));
    assert_eq!(bundle.other_authority(refused), named);
    assert_eq!(Evidence::Message(Box::new(bundle.clone())).other_authority(refused), named);
    assert_eq!(bundle.other_authority(Invalid { part: "the checkpoint" }), None);
    let mut bent = bundle;
    bent.root.0[40] ^= 1;
    assert_eq!(bent.other_authority(refused), None, "no name that nobody has signed");
}
