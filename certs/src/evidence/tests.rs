//! Evidence holds whole or not at all.

mod bounds;
mod case;
mod earlier;
mod line;

use safeconduct_protocol::{
    crypto::sign::Label,
    envelope::header::{ContentType, Header, KeyFlag, RegistryPoint, ReplyFlag, SignedHeader, content_commitment},
    frame::Head,
    id::{EnvelopeDigest, MessageId, NodeId, PrekeyId, RelayId},
    receipt::{
        chain::ChainHead,
        node::{Delivered, DeliveredAt, SentMessage},
        relay::RelayAccepted,
    },
    time::Day,
};

use super::{Bundle, BundleRefused, Invalid, Known, Parts, verify};
use crate::{
    authority::root::{Fingerprint, RootFile},
    registry::{Registry, leaf::LeafKind},
    testing::{Actor, Keys, NOW},
};

const SALT: [u8; 32] = [4; 32];
const CONTENT: &[u8] = b"{\"header\":{}}";
const ENVELOPE: EnvelopeDigest = EnvelopeDigest::from_bytes([6; 32]);

struct Case {
    registry: Registry,
    header: SignedHeader,
    accepted: RelayAccepted,
    delivered: Delivered,
    /// The head that the sender acted on, when its node kept it.
    acted_on: Option<Head>,
}

/// As the sender signs it.
fn signed_header(header: &Header) -> SignedHeader {
    let bytes = header.to_bytes();
    SignedHeader::parse(&bytes, Actor::new(2).ik.sign(Label::Message, &bytes)).unwrap()
}

fn case() -> Case {
    case_under(Keys::new(1).root(), |head| head)
}

/// The same under another root file of the same keys, with what is to be done to a head before it is accepted.
fn case_under(root: RootFile, signed: impl FnOnce(Head) -> Head) -> Case {
    let keys = Keys::new(1);
    let (relay, sender, recipient) = (Actor::new(1), Actor::new(2), Actor::new(3));
    let mut registry = Registry::new(root);
    for leaf in [relay.add_relay(0), sender.add(1), recipient.add(2)] {
        registry.extend(&[leaf.sign(&keys.registrar, None)]).unwrap();
    }
    let head = signed(keys.head(&registry, 3, NOW));
    registry.accept_head(&head, NOW).unwrap();
    let chain = ChainHead { length: 1, hash: [8; 32] };
    let point = RegistryPoint { size: 3, root: registry.root_hash() };
    let header = Header {
        suite: 1,
        content_type: ContentType::Referral,
        reply: ReplyFlag::Absent,
        key: KeyFlag::Once,
        message: MessageId::from_bytes([5; 16]),
        sender: NodeId::from_bytes([2; 32]),
        sender_key: sender.ik.verifying_key().key_id(),
        recipient: NodeId::from_bytes([3; 32]),
        prekey: PrekeyId::from_bytes([7; 16]),
        created: NOW,
        chain,
        registry: point,
        content_commitment: content_commitment(&SALT, CONTENT),
        rest_commitment: [1; 32],
        binding: [2; 32],
        recipients_commitment: [3; 32],
    };
    let header = signed_header(&header);
    let accepted = RelayAccepted::sign(&relay.ik, RelayId(1), ENVELOPE, 16_384, NOW, Day(20_790));
    let about = SentMessage::of(&header, ENVELOPE);
    let delivered =
        Delivered::sign(&recipient.ik, about, DeliveredAt { stored_at: NOW, registry: point, chain, echo: None });
    Case { registry, header, accepted, delivered, acted_on: None }
}

impl Case {
    fn parts(&self) -> Parts<'_> {
        Parts {
            header: &self.header,
            envelope: ENVELOPE,
            relay_accepted: Some(&self.accepted),
            delivered: Some(&self.delivered),
            opening: Some((&SALT, CONTENT)),
            acted_on: self.acted_on.as_ref(),
        }
    }

    fn bundle(&self) -> Bundle {
        Bundle::collect(&self.registry, &self.parts()).unwrap()
    }
}

#[test]
fn a_whole_bundle_proves_the_way_and_says_what_it_does_not() {
    let case = case();
    let json = case.bundle().to_json();
    let fingerprint = case.registry.root().fingerprint();
    let lines = verify(&Bundle::parse(json.as_bytes()).unwrap(), Known::Fingerprint(&fingerprint)).unwrap();
    let open: Vec<_> = lines.iter().filter(|line| !line.proven).map(|line| line.what).collect();
    assert_eq!(open, ["the sender's key stood at a checkpoint before the message", "a person has seen it"]);
    let lines = verify(&case.bundle(), Known::Nothing).unwrap();
    assert!(!lines[0].proven);
    let other = Fingerprint::from_bits([0; 16]);
    assert_eq!(
        verify(&case.bundle(), Known::Fingerprint(&other)),
        Err(Invalid { part: "the root file's fingerprint" })
    );
}

#[test]
fn without_receipts_and_content_nothing_is_claimed() {
    let case = case();
    let parts = Parts { relay_accepted: None, delivered: None, opening: None, ..case.parts() };
    let bundle = Bundle::collect(&case.registry, &parts).unwrap();
    let json = bundle.to_json();
    assert!(!json.contains("envelope_digest"));
    let lines = verify(&Bundle::parse(json.as_bytes()).unwrap(), Known::Nothing).unwrap();
    assert_eq!(lines.iter().filter(|line| line.proven).count(), 3);
}

#[test]
fn every_changed_character_makes_the_bundle_invalid() {
    let json = case().bundle().to_json();
    let bytes = json.as_bytes();
    for place in (0..bytes.len()).filter(|place| !bytes[*place].is_ascii_whitespace()) {
        let mut bent = bytes.to_vec();
        // Another character of the alphabet, so that the change is in the meaning and not only in the syntax.
        bent[place] = if bytes[place] == b'A' { b'B' } else { b'A' };
        let verdict = Bundle::parse(&bent).map(|bundle| verify(&bundle, Known::Nothing));
        assert!(!matches!(verdict, Ok(Ok(_))), "character {place} of {}", bytes.len());
    }
}

#[test]
fn the_part_that_does_not_hold_is_named() {
    let bent = |bend: fn(&mut Bundle)| {
        let mut bundle = case().bundle();
        bend(&mut bundle);
        verify(&bundle, Known::Nothing).unwrap_err().part
    };
    assert_eq!(bent(|b| b.root.0[40] ^= 1), "the root file");
    assert_eq!(bent(|b| b.checkpoint.0[3] ^= 1), "the checkpoint");
    assert_eq!(bent(|b| b.timestamp.as_mut().unwrap().0[50] ^= 1), "the timestamp");
    assert_eq!(bent(|b| b.sender.leaf.0[100] ^= 1), "the sender's entry");
    assert_eq!(bent(|b| b.sender.index = 2), "the sender's entry");
    assert_eq!(bent(|b| b.recipient.proof[0].0[0] ^= 1), "the recipient's entry");
    assert_eq!(bent(|b| core::mem::swap(&mut b.sender, &mut b.recipient)), "the sender's entry");
    assert_eq!(bent(|b| b.header.0[140] ^= 1), "the sender's signature");
    assert_eq!(bent(|b| b.signature.0[1] ^= 1), "the sender's signature");
    assert_eq!(bent(|b| b.relay_accepted.as_mut().unwrap().0[60] ^= 1), "the relay's receipt");
    assert_eq!(bent(|b| b.relay = Some(b.sender.clone())), "the relay's entry");
    assert_eq!(bent(|b| b.delivered.as_mut().unwrap().0[215] ^= 1), "the recipient's receipt");
    assert_eq!(bent(|b| b.envelope_digest.as_mut().unwrap().0[0] ^= 1), "the envelope digest");
    assert_eq!(bent(|b| b.opening.as_mut().unwrap().salt.0[0] ^= 1), "the content");
    assert_eq!(bent(|b| b.opening.as_mut().unwrap().content.0[0] ^= 1), "the content");
}

#[test]
fn a_receipt_for_another_message_does_not_count() {
    let case = case();
    let mut about = *case.delivered.about();
    about.message = MessageId::from_bytes([9; 16]);
    let other = Delivered::sign(&Actor::new(3).ik, about, *case.delivered.at());
    let parts = Parts { delivered: Some(&other), ..case.parts() };
    let bundle = Bundle::collect(&case.registry, &parts).unwrap();
    assert_eq!(verify(&bundle, Known::Nothing), Err(Invalid { part: "the recipient's receipt" }));
}

#[test]
fn parts_that_nothing_vouches_for_are_not_taken() {
    let json = case().bundle().to_json();
    let refused = |json: &str| Bundle::parse(json.as_bytes()).err();
    assert_eq!(refused(&json.replacen("{", "{\"note\":\"x\",", 1)), Some(BundleRefused::Malformed));
    assert_eq!(refused(&json.replace("evidence/1", "evidence/2")), Some(BundleRefused::Malformed));
    let mut bundle = case().bundle();
    bundle.relay_accepted = None;
    assert_eq!(refused(&bundle.to_json()), Some(BundleRefused::Malformed));
    bundle.relay = None;
    bundle.delivered = None;
    assert_eq!(refused(&bundle.to_json()), Some(BundleRefused::Malformed));
    bundle.envelope_digest = None;
    assert_eq!(refused(&bundle.to_json()), None);
}

#[test]
fn a_sender_revoked_since_is_shown_with_the_entry_that_says_so() {
    let mut case = case();
    let keys = Keys::new(1);
    let revoke = case.registry.next_entry(LeafKind::Revoke, &NodeId::from_bytes([2; 32]), NOW).unwrap();
    case.registry.extend(&[revoke.sign(&keys.registrar, None)]).unwrap();
    let head = keys.head(&case.registry, 4, NOW);
    case.registry.accept_head(&head, NOW).unwrap();
    let lines = verify(&case.bundle(), Known::Nothing).unwrap();
    assert!(lines.iter().any(|line| line.detail.contains("revoked")));
}

#[test]
fn across_a_border_each_end_is_proven_in_the_log_of_its_own_authority() {
    let case = case();
    let (keys, relay, recipient) = (Keys::new(2), Actor::new(1), Actor::new(3));
    let mut draft = keys.draft();
    "xb.test/registry".clone_into(&mut draft.log_name);
    draft.country = *b"XB";
    let root = draft.sign(&[(0, &keys.roots[0]), (1, &keys.roots[1])]).unwrap();
    let mut theirs = Registry::new(root.clone());
    for leaf in [relay.add_relay(0), recipient.add(1)] {
        theirs.extend(&[leaf.sign(&keys.registrar, None)]).unwrap();
    }
    theirs.accept_head(&keys.head(&theirs, 2, NOW), NOW).unwrap();

    let bundle = Bundle::collect_across(&case.registry, &theirs, &case.parts()).unwrap();

    let again = Bundle::parse(bundle.to_json().as_bytes()).unwrap();
    for known in [case.registry.root(), theirs.root()] {
        let lines = verify(&again, Known::Fingerprint(&known.fingerprint())).unwrap();
        assert_eq!(lines.iter().filter(|line| line.what.contains("that you know") && line.proven).count(), 1);
        assert!(lines.iter().any(|line| line.what.contains("opened, verified and stored") && line.proven));
    }
    let third = Fingerprint::from_bits([9; 16]);
    assert_eq!(verify(&again, Known::Fingerprint(&third)), Err(Invalid { part: "the root file's fingerprint" }));
    let part = |change: &dyn Fn(&mut Bundle)| {
        let mut bent = again.clone();
        change(&mut bent);
        verify(&bent, Known::Nothing).unwrap_err().part
    };
    assert_eq!(part(&|b| b.abroad.as_mut().unwrap().root.0[40] ^= 1), "the recipient's root file");
    assert_eq!(part(&|b| b.abroad.as_mut().unwrap().checkpoint.0[9] ^= 1), "the recipient's checkpoint");
    assert_eq!(part(&|b| b.abroad = None), "the recipient's entry");
    assert_eq!(part(&|b| b.abroad.as_mut().unwrap().root = b.root.clone()), "the recipient's checkpoint");
}

#[test]
fn a_message_bundle_names_the_relays_key_under_which_its_receipt_holds_also_when_it_has_another_now() {
    let mut case = case();
    let (keys, relay, now) = (Keys::new(1), Actor::new(1), Actor::new(9));
    let mut change = case.registry.next_entry(LeafKind::Change, &NodeId::from_bytes([1; 32]), NOW).unwrap();
    change.ik = *now.ik.verifying_key().as_bytes();
    case.registry.extend(&[change.sign(&keys.registrar, Some(&relay.ik))]).unwrap();
    case.registry.accept_head(&keys.head(&case.registry, 4, NOW), NOW).unwrap();
    assert_eq!(case.registry.relay(RelayId(1)).unwrap().ik, now.ik.verifying_key());

    let of_before = case.bundle();
    case.accepted = RelayAccepted::sign(&now.ik, RelayId(1), ENVELOPE, 16_384, NOW, Day(20_790));
    let of_after = case.bundle();

    for (bundle, index) in [(&of_before, 0), (&of_after, 3)] {
        assert_eq!(bundle.relay.as_ref().unwrap().index, index);
        let lines = verify(&Bundle::parse(bundle.to_json().as_bytes()).unwrap(), Known::Nothing).unwrap();
        assert!(lines.iter().any(|line| line.what.contains("took charge") && line.proven));
    }
    case.accepted = RelayAccepted::sign(&Actor::new(8).ik, RelayId(1), ENVELOPE, 16_384, NOW, Day(20_790));
    assert_eq!(
        Bundle::collect(&case.registry, &case.parts()).err(),
        Some(BundleRefused::NotRegistered),
        "no relay's key"
    );
}

/// The case's authority with new keys from its next entry on.
fn rotated(case: &Case) -> (Registry, RootFile) {
    let (new, mut registry) = (Keys::new(1).rotated(20), case.registry.clone());
    let root = new.next_root(registry.root());
    registry.extend_beside(&[new.announce(&registry, &root)], &[root.own_bytes()]).unwrap();
    registry.accept_head(&new.head(&registry, 4, NOW), NOW).unwrap();
    (registry, root)
}

#[test]
fn evidence_of_before_a_change_of_the_authoritys_keys_holds_under_the_newest_root_file() {
    let case = case();
    let before = Bundle::parse(case.bundle().to_json().as_bytes()).unwrap();
    let (registry, root) = rotated(&case);

    let lines = verify(&before, Known::Root(&root)).unwrap();

    assert!(lines[0].proven && lines.iter().any(|line| line.what.contains("opened, verified") && line.proven));
    // The old file does not name the new fingerprint, and somebody else's newest root file does not vouch for it.
    let unknown = Err(Invalid { part: "the root file's fingerprint" });
    assert_eq!(verify(&before, Known::Fingerprint(&root.fingerprint())), unknown);
    let stranger = Keys::new(50);
    assert_eq!(verify(&before, Known::Root(&stranger.rotated(51).next_root(&stranger.root()))), unknown);
    let forked = Keys::new(1).rotated(21).next_root(&Keys::new(1).root());
    assert!(verify(&before, Known::Root(&forked)).is_ok(), "what was signed before both is of both");

    // Exported anew it is under the new keys, and whoever knows either fingerprint takes it.
    let after = Bundle::collect(&registry, &case.parts()).unwrap();
    let after = Bundle::parse(after.to_json().as_bytes()).unwrap();
    for known in [&Keys::new(1).root(), &root] {
        let lines = verify(&after, Known::Fingerprint(&known.fingerprint())).unwrap();
        assert!(lines[0].proven && !lines[1].detail.contains("since replaced"), "{}", lines[1].detail);
        assert!(verify(&after, Known::Root(known)).is_ok());
    }
    assert_eq!(verify(&after, Known::Root(&forked)), unknown);
}

#[test]
fn a_head_under_a_replaced_key_beside_the_newest_root_file_is_told_as_such_and_vouches_for_no_later_entry() {
    let case = case();
    let (registry, root) = rotated(&case);
    let mut mixed = case.bundle();
    mixed.root.0 = root.as_bytes().to_vec();
    let lines = verify(&mixed, Known::Root(&root)).unwrap();
    assert!(lines[1].detail.contains("under version 1 of its root file, since replaced"), "{}", lines[1].detail);

    // The replaced keys' thief makes a head over an entry of the new registrar's time.
    let new = Keys::new(1).rotated(20);
    let mut longer = registry.clone();
    longer.extend(&[Actor::new(4).add(4).sign(&new.registrar, None)]).unwrap();
    let stolen = Keys::new(1).head(&longer, 5, NOW);
    let mut forged = mixed.clone();
    forged.checkpoint.0 = stolen.note;
    forged.sender.leaf.0 = longer.leaf(4).unwrap().to_vec();
    assert_eq!(verify(&forged, Known::Root(&root)).unwrap_err().part, "the sender's entry");
}
