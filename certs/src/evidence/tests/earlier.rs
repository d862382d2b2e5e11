//! The head that a sender acted on: what it proves of the key, what it does not, and that no part of it can be another.

use safeconduct_protocol::{
    envelope::header::RegistryPoint,
    id::{MessageId, NodeId},
    time::Timestamp,
};

use super::{Case, case, case_under, signed_header};
use crate::{
    evidence::{
        Bundle, BundleRefused, CaseBundle, CaseParts, Evidence, Invalid, Known, Line, RevisionParts, bundle::Blob,
        case_bundle::REVISIONS_MAX, verify,
    },
    log::{note::cosign, proof::PATH_HASHES_MAX},
    registry::leaf::{LeafFields, LeafKind},
    testing::{Actor, Keys, NOW},
};

pub(super) const BEFORE: &str = "the sender's key stood at a checkpoint before the message";
pub(super) const AFTER: &str = "a checkpoint no earlier than the message's receipts names the sender's key";
pub(super) const SENDER: NodeId = NodeId::from_bytes([2; 32]);
pub(super) const LATER: Timestamp = Timestamp(NOW.0 + 86_400);

/// The sender's node kept the head that it acted on; then this entry was made, and a head of the next day.
pub(super) fn followed(
    mut case: Case,
    entry: impl FnOnce(&Case) -> Vec<u8>,
    sign: impl FnOnce(Vec<u8>) -> Vec<u8>,
) -> Case {
    case.acted_on = case.registry.head().cloned();
    case.registry.extend(&[entry(&case)]).unwrap();
    let mut head = Keys::new(1).head(&case.registry, 4, LATER);
    head.note = sign(head.note);
    case.registry.accept_head(&head, LATER).unwrap();
    case
}

pub(super) fn ended(case: &Case, kind: LeafKind) -> Vec<u8> {
    case.registry.next_entry(kind, &SENDER, LATER).unwrap().sign(&Keys::new(1).registrar, None)
}

pub(super) fn revoked() -> Case {
    followed(case(), |case| ended(case, LeafKind::Revoke), |note| note)
}

/// Another agency comes to it.
pub(super) fn grown() -> Case {
    followed(case(), |_case| Actor::new(4).add(3).sign(&Keys::new(1).registrar, None), |note| note)
}

pub(super) fn read(bundle: &Bundle) -> Vec<Line> {
    verify(&Bundle::parse(bundle.to_json().as_bytes()).unwrap(), Known::Nothing).unwrap()
}

pub(super) fn said<'l>(lines: &'l [Line], what: &str) -> (bool, &'l str) {
    let line = lines.iter().find(|line| line.what == what).unwrap();
    (line.proven, &line.detail)
}

#[test]
fn trap_57_of_a_key_that_was_withdrawn_since_the_witnessed_checkpoints_on_both_sides_of_the_message_are_told() {
    let (keys, witness) = (Keys::new(1), Keys::new(20).log);
    let mut draft = keys.draft();
    draft.witnesses = vec![("xb.example/witness".to_owned(), witness.verifier())];
    draft.witness_quorum = 1;
    let root = draft.sign(&[(0, &keys.roots[0]), (1, &keys.roots[1])]).unwrap();
    let cosigned = |note: Vec<u8>, time: u64| cosign(&note, "xb.example/witness", &witness, time).unwrap();
    let before = case_under(root, |mut head| {
        head.note = cosigned(head.note, NOW.0 + 60);
        head
    });
    let case = followed(before, |case| ended(case, LeafKind::Revoke), |note| cosigned(note, LATER.0 + 60));

    let lines = read(&case.bundle());

    let (proven, detail) = said(&lines, BEFORE);
    assert!(proven, "{detail}");
    assert_eq!(
        detail,
        "3 entries, 1 of 1 witnesses, the first at 2026-11-24T00:01:00Z; it stood so at 2026-11-24T00:00:00Z by the authority's \
         signed time; the message names its root, so it was signed after these 3 entries existed; that it is later than these times is \
         not shown; the key stood at entry 1, and the node's next is number 3, made after those entries, which has revoked it; that nobody \
         else had the key by then is not shown"
    );
    // Of the first head, too, the authority said that it stood when the relay had the message: it is the first after it.
    let (proven, detail) = said(&lines, AFTER);
    assert!(proven && detail.starts_with("3 entries, "), "{detail}");

    let mut kept = case;
    kept.acted_on = kept.acted_on.map(|head| safeconduct_protocol::frame::Head { timestamp: Vec::new(), ..head });
    let lines = read(&kept.bundle());
    let (proven, detail) = said(&lines, BEFORE);
    assert!(
        proven && detail.contains("the first at 2026-11-24T00:01:00Z; no signed time of it is in the file"),
        "{detail}"
    );
    let (proven, detail) = said(&lines, AFTER);
    assert!(proven, "{detail}");
    assert_eq!(
        detail,
        "4 entries, 1 of 1 witnesses, the first at 2026-11-25T00:01:00Z; it stood so at 2026-11-25T00:00:00Z by the authority's \
         signed time; the newest entry with the key that the file holds of it is number 3, which has revoked the registration; that no \
         other one replaced or ended it by then is not shown by this file; no checkpoint holds a message: it was there at \
         2026-11-24T00:00:00Z by the clock of a relay, if the recipient's node says truly that this was its envelope"
    );
}

#[test]
fn a_file_without_the_head_that_the_sender_acted_on_says_so_and_holds_for_the_rest() {
    let mut case = revoked();
    case.acted_on = None;
    let lines = read(&case.bundle());
    let (proven, detail) = said(&lines, BEFORE);
    assert!(!proven);
    assert_eq!(
        detail,
        "it names a registry of 3 entries, and the file holds no checkpoint of that: before the message only clocks speak"
    );
    assert!(lines.iter().any(|line| line.what.contains("opened, verified and stored") && line.proven));

    // The head of another log, of another size, or that nobody has signed is no such head.
    let good = grown();
    let head = good.acted_on.clone().unwrap();
    let mut forged = head.clone();
    forged.note = Keys::new(9).head(&good.registry, 3, NOW).note;
    let mut other = grown();
    for wrong in [forged, Keys::new(1).head(&good.registry, 2, NOW), good.registry.head().unwrap().clone()] {
        other.acted_on = Some(wrong);
        assert!(other.bundle().earlier.is_none());
    }
    // Nor is one needed that the file holds anyway.
    let mut same = super::case();
    same.acted_on = same.registry.head().cloned();
    let lines = read(&same.bundle());
    assert!(
        same.bundle().earlier.is_none() && said(&lines, BEFORE).1.starts_with("3 entries, ") && said(&lines, AFTER).0
    );
}

#[test]
fn the_same_registry_at_an_earlier_time_is_told_beside_its_newest_one() {
    let mut case = case();
    case.acted_on = case.registry.head().cloned();
    case.registry.accept_head(&Keys::new(1).head(&case.registry, 3, LATER), LATER).unwrap();
    let bundle = case.bundle();
    assert!(bundle.earlier.as_ref().unwrap().path.is_empty());
    let lines = read(&bundle);
    assert!(said(&lines, BEFORE).1.contains("stood so at 2026-11-24T00:00:00Z"));
    assert!(lines.iter().any(|line| line.what.contains("at a signed time") && line.detail.contains("2026-11-25")));
}

#[test]
fn a_key_that_was_withdrawn_before_the_message_did_not_stand() {
    for (kind, how) in [(LeafKind::Revoke, "revoked"), (LeafKind::Suspend, "suspended")] {
        let mut case = followed(case(), |case| ended(case, kind), |note| note);
        let mut header = *case.header.header();
        header.registry = RegistryPoint { size: 4, root: case.registry.root_hash() };
        case.header = signed_header(&header);
        let bare = super::Parts { relay_accepted: None, delivered: None, ..case.parts() };
        let lines = read(&Bundle::collect(&case.registry, &bare).unwrap());
        let (proven, detail) = said(&lines, BEFORE);
        assert!(!proven && detail.ends_with(&format!("entry 3 had {how} the registration already")), "{detail}");
        assert_eq!(said(&lines, AFTER), (false, "no receipt says by when it was there: only the sender's clock does"));
    }
}

#[test]
fn what_lies_between_the_two_entries_of_a_key_and_is_not_in_the_file_is_told() {
    let mut case = followed(case(), |case| ended(case, LeafKind::Suspend), |note| note);
    case.registry.extend(&[ended(&case, LeafKind::Revoke)]).unwrap();
    case.registry.accept_head(&Keys::new(1).head(&case.registry, 5, LATER), LATER).unwrap();
    let detail = said(&read(&case.bundle()), BEFORE).1.to_owned();
    let told = "; the key is named by entry 1, within those entries; that no entry below number 3 replaced or ended it is not shown by this file; \
                the file's newest with the key is number 4, which has revoked it";
    assert!(detail.ends_with(told), "{detail}");
}

#[test]
fn a_receipt_that_is_later_than_every_signed_time_leaves_the_other_side_open() {
    let mut case = grown();
    let at = *case.delivered.at();
    let stored_at = LATER.after(5);
    case.delivered =
        super::Delivered::sign(&Actor::new(3).ik, *case.delivered.about(), super::DeliveredAt { stored_at, ..at });
    let alone = super::Parts { relay_accepted: None, ..case.parts() };
    let lines = read(&Bundle::collect(&case.registry, &alone).unwrap());
    let told = "it was there at 2026-11-25T00:00:05Z by the clock of the recipient's node, and the file holds no signed time after that by a \
                timestamp key that is in force";
    assert_eq!(said(&lines, AFTER), (false, told));
}

#[test]
fn the_part_of_an_earlier_head_that_does_not_hold_is_named() {
    let bent = |bend: fn(&mut Bundle)| {
        let mut bundle = revoked().bundle();
        bend(&mut bundle);
        verify(&bundle, Known::Nothing).unwrap_err().part
    };
    let earlier = |bend: fn(&mut super::super::Earlier)| {
        let mut bundle = revoked().bundle();
        bend(bundle.earlier.as_mut().unwrap());
        verify(&bundle, Known::Nothing).unwrap_err().part
    };
    assert_eq!(earlier(|e| e.checkpoint.0[3] ^= 1), "the earlier checkpoint");
    assert_eq!(
        earlier(|e| e.checkpoint.0 = cosign(&e.checkpoint.0, "a.stranger", &Keys::new(7).log, 1).unwrap()),
        "the earlier checkpoint"
    );
    assert_eq!(earlier(|e| e.timestamp.as_mut().unwrap().0[50] ^= 1), "the earlier timestamp");
    assert_eq!(earlier(|e| e.path[0].0[0] ^= 1), "the path from the earlier checkpoint");
    assert_eq!(earlier(|e| e.path[0].0.truncate(31)), "the path from the earlier checkpoint");
    assert_eq!(earlier(|e| e.path.clear()), "the path from the earlier checkpoint");
    assert_eq!(earlier(|e| e.sender.leaf.0[100] ^= 1), "the sender's earlier entry");
    assert_eq!(earlier(|e| e.sender.index = 2), "the sender's earlier entry");
    assert_eq!(earlier(|e| e.sender = e.recipient.clone().unwrap()), "the sender's earlier entry");
    assert_eq!(earlier(|e| e.recipient.as_mut().unwrap().proof[0].0[0] ^= 1), "the recipient's earlier entry");
    assert_eq!(earlier(|e| e.recipient = Some(e.sender.clone())), "the recipient's earlier entry");
    assert_eq!(
        bent(|b| b.timestamp = b.earlier.as_ref().unwrap().timestamp.clone().map(|t| Blob(vec![0; t.0.len()]))),
        "the timestamp"
    );
    // A longer log than that of the file's checkpoint, and a head that the message does not name.
    let (short, long) = (case().bundle(), grown().bundle());
    let mut longer = short.clone();
    longer.earlier = long.earlier.clone();
    longer.earlier.as_mut().unwrap().checkpoint = long.checkpoint.clone();
    longer.earlier.as_mut().unwrap().timestamp = None;
    assert_eq!(verify(&longer, Known::Nothing), Err(Invalid { part: "the path from the earlier checkpoint" }));
    let mut unnamed = grown();
    let mut header = *unnamed.header.header();
    header.registry = RegistryPoint { size: 4, root: unnamed.registry.root_hash() };
    unnamed.header = signed_header(&header);
    let bare = super::Parts { relay_accepted: None, delivered: None, ..unnamed.parts() };
    let mut unnamed = Bundle::collect(&unnamed.registry, &bare).unwrap();
    assert!(unnamed.earlier.is_none());
    unnamed.earlier = long.earlier;
    assert_eq!(verify(&unnamed, Known::Nothing), Err(Invalid { part: "the registry that the sender acted on" }));
}

#[test]
fn a_head_of_another_history_is_no_earlier_one() {
    let case = grown();
    let mut forked = case_under(Keys::new(1).root(), |head| head);
    forked.registry = crate::registry::Registry::new(Keys::new(1).root());
    for leaf in
        [Actor::new(1).add_relay(0), Actor::new(2).add(1), LeafFields { directory: [9; 32], ..Actor::new(3).add(2) }]
    {
        forked.registry.extend(&[leaf.sign(&Keys::new(1).registrar, None)]).unwrap();
    }
    let mut bundle = case.bundle();
    let other = Keys::new(1).head(&forked.registry, 3, NOW);
    let earlier = bundle.earlier.as_mut().unwrap();
    (earlier.checkpoint.0, earlier.timestamp) = (other.note, None);
    assert_eq!(verify(&bundle, Known::Nothing), Err(Invalid { part: "the path from the earlier checkpoint" }));
}

#[test]
fn an_earlier_entry_of_a_key_that_has_a_newer_one_there_is_refused() {
    // The key is revoked at entry 3, and the message names four entries of five: the entry of before cannot stand for them.
    let mut case = revoked();
    let mut header = *case.header.header();
    header.registry = RegistryPoint { size: 4, root: case.registry.root_hash() };
    case.header = signed_header(&header);
    case.acted_on = case.registry.head().cloned();
    case.registry.extend(&[Actor::new(4).add(4).sign(&Keys::new(1).registrar, None)]).unwrap();
    case.registry.accept_head(&Keys::new(1).head(&case.registry, 5, LATER), LATER).unwrap();
    let bare = super::Parts { relay_accepted: None, delivered: None, ..case.parts() };
    let mut bundle = Bundle::collect(&case.registry, &bare).unwrap();
    assert_eq!(bundle.earlier.as_ref().unwrap().sender.index, 3);
    assert!(verify(&bundle, Known::Nothing).is_ok());

    let earlier = bundle.earlier.as_mut().unwrap();
    earlier.sender.index = 1;
    earlier.sender.leaf.0 = case.registry.leaf(1).unwrap().to_vec();
    let proof = case.registry.inclusion_proof_at(1, 4).unwrap();
    earlier.sender.proof = proof.path.iter().map(|hash| Blob(hash.to_vec())).collect();
    assert_eq!(verify(&bundle, Known::Nothing), Err(Invalid { part: "the sender's earlier entry" }));
}

#[test]
fn what_an_earlier_head_lacks_or_has_too_much_is_no_bundle() {
    let bundle = grown().bundle();
    let json = bundle.to_json();
    let refused = |json: &str| Bundle::parse(json.as_bytes()).err();
    let no = Some(BundleRefused::Malformed);
    assert_eq!(refused(&json.replacen("\"path\"", "\"more\": 1, \"path\"", 1)), no);
    assert_eq!(refused(&json.replacen("\"path\"", "\"road\"", 1)), no);
    let bent = |bend: &dyn Fn(&mut super::super::Earlier)| {
        let mut bundle = bundle.clone();
        bend(bundle.earlier.as_mut().unwrap());
        refused(&bundle.to_json())
    };
    assert_eq!(bent(&|e| e.recipient = None), no, "the recipient is of this log");
    assert_eq!(bent(&|e| e.timestamp = None), None);
    for (count, outcome) in [(PATH_HASHES_MAX, None), (PATH_HASHES_MAX + 1, no)] {
        assert_eq!(bent(&|e| e.path = vec![Blob(vec![1; 32]); count]), outcome, "{count} hashes");
        assert_eq!(bent(&|e| e.sender.proof = vec![Blob(vec![1; 32]); count]), outcome, "{count} hashes");
    }
}

#[test]
fn across_a_border_the_earlier_head_is_of_the_senders_log_alone() {
    let case = grown();
    let keys = Keys::new(2);
    let mut draft = keys.draft();
    "xb.test/registry".clone_into(&mut draft.log_name);
    draft.country = *b"XB";
    let mut theirs = crate::registry::Registry::new(draft.sign(&[(0, &keys.roots[0]), (1, &keys.roots[1])]).unwrap());
    for leaf in [Actor::new(1).add_relay(0), Actor::new(3).add(1)] {
        theirs.extend(&[leaf.sign(&keys.registrar, None)]).unwrap();
    }
    theirs.accept_head(&keys.head(&theirs, 2, NOW), NOW).unwrap();
    let mut bundle = Bundle::collect_across(&case.registry, &theirs, &case.parts()).unwrap();
    assert!(said(&read(&bundle), BEFORE).1.starts_with("3 entries, "));
    bundle.earlier.as_mut().unwrap().recipient = Some(bundle.sender.clone());
    assert!(Bundle::parse(bundle.to_json().as_bytes()).is_err(), "who is abroad stands in no head of this log");
}

/// A referral of two revisions: the first on three entries, the second on four.
fn referral() -> (Case, CaseBundle) {
    let case = grown();
    let mut header = *case.header.header();
    header.message = MessageId::from_bytes([6; 16]);
    header.registry = RegistryPoint { size: 4, root: case.registry.root_hash() };
    let second = signed_header(&header);
    let bare = RevisionParts {
        header: &case.header,
        envelope: super::ENVELOPE,
        relay_accepted: None,
        relay_expired: None,
        delivered: None,
        opening: None,
        acted_on: case.acted_on.as_ref(),
    };
    let newer = RevisionParts { header: &second, acted_on: case.registry.head(), ..bare };
    let bare = RevisionParts {
        header: &case.header,
        envelope: super::ENVELOPE,
        relay_accepted: Some(&case.accepted),
        relay_expired: None,
        delivered: None,
        opening: None,
        acted_on: case.acted_on.as_ref(),
    };
    let ends = (SENDER, NodeId::from_bytes([3; 32]));
    let parts = CaseParts { referral: [1; 16], ends, revisions: vec![bare, newer], events: Vec::new() };
    let bundle = CaseBundle::collect(&case.registry, &case.registry, &parts).unwrap();
    (case, bundle)
}

#[test]
fn of_a_referral_each_revision_is_bounded_by_the_head_that_it_names() {
    let (_, bundle) = referral();
    assert_eq!(bundle.earlier.as_ref().unwrap().len(), 1);
    let Evidence::Case(read) = Evidence::parse(bundle.to_json().as_bytes()).unwrap() else { panic!("a referral's") };
    let lines = Evidence::Case(read).verify(Known::Nothing).unwrap();
    let before: Vec<_> = lines.iter().filter(|line| line.what == BEFORE).collect();
    assert_eq!(before.len(), 2);
    assert!(before[0].detail.starts_with("revision 1, 3 entries"), "{}", before[0].detail);
    assert!(before[1].detail.starts_with("revision 2, 4 entries"), "{}", before[1].detail);
    let after: Vec<_> = lines.iter().filter(|line| line.what == AFTER).map(|line| line.proven).collect();
    assert_eq!(after, [false, false], "nothing binds the first one's receipt of a relay to it");
}

#[test]
fn of_a_referral_every_earlier_head_is_named_by_a_revision_and_stands_once() {
    let (case, bundle) = referral();
    let refused =
        |bundle: &CaseBundle| Evidence::Case(Box::new(bundle.clone())).verify(Known::Nothing).unwrap_err().part;
    let mut twice = bundle.clone();
    twice.earlier = Some(vec![bundle.earlier.as_ref().unwrap()[0].clone(); 2]);
    assert_eq!(refused(&twice), "the earlier checkpoint");
    let mut unnamed = bundle.clone();
    unnamed.revisions.remove(0);
    unnamed.relays.clear();
    assert_eq!(refused(&unnamed), "the registry that the sender acted on");
    let mut bent = bundle.clone();
    bent.earlier.as_mut().unwrap()[0].sender.leaf.0[9] ^= 1;
    assert_eq!(refused(&bent), "the sender's earlier entry");

    let parsed = |count: usize| {
        let mut many = bundle.clone();
        many.earlier = Some(vec![bundle.earlier.as_ref().unwrap()[0].clone(); count]);
        CaseBundle::parse(many.to_json().as_bytes()).err()
    };
    let no = Some(BundleRefused::Malformed);
    for (count, outcome) in [(0, no), (1, None), (REVISIONS_MAX, None), (REVISIONS_MAX + 1, no)] {
        assert_eq!(parsed(count), outcome, "{count} earlier heads");
    }
    let mut without = bundle.clone();
    without.earlier.as_mut().unwrap()[0].recipient = None;
    assert_eq!(CaseBundle::parse(without.to_json().as_bytes()).err(), no);
    assert!(case.acted_on.is_some());
}

#[test]
fn a_changed_character_of_an_earlier_head_makes_the_bundle_invalid() {
    let json = revoked().bundle().to_json();
    let bytes = json.as_bytes();
    let (from, to) = (json.find("\"earlier\"").unwrap(), json.find("\n  \"sender\"").unwrap());
    for place in (from..to).step_by(9).filter(|place| !bytes[*place].is_ascii_whitespace()) {
        let mut bent = bytes.to_vec();
        bent[place] = if bytes[place] == b'A' { b'B' } else { b'A' };
        let verdict = Bundle::parse(&bent).map(|bundle| verify(&bundle, Known::Nothing));
        assert!(!matches!(verdict, Ok(Ok(_))), "character {place} of {}", bytes.len());
    }
}
