//! What is printed of a message's time must be true whoever made the file: what each forger could try, and what is said then.

use safeconduct_protocol::{
    envelope::header::{RegistryPoint, SignedHeader},
    frame::Head,
    id::{EnvelopeDigest, MessageId, NodeId, RelayId},
    receipt::{
        node::{Delivered, DeliveredAt},
        relay::RelayAccepted,
    },
    time::{Day, Timestamp},
};

use super::{
    Case, ENVELOPE, Parts, case,
    earlier::{AFTER, BEFORE, LATER, ended, followed, grown, read, revoked, said},
    rotated, signed_header,
};
use crate::{
    evidence::{Bundle, CaseBundle, CaseParts, Evidence, Invalid, Known, Line, RevisionParts, bundle::Blob, verify},
    log::note::cosign,
    registry::leaf::LeafKind,
    testing::{Actor, Keys, NOW},
};

/// A thief of a key that was revoked since: any receipt that a relay ever gave it names an envelope, and no header does.
#[test]
fn a_relays_receipt_says_nothing_of_a_message_unless_the_recipients_names_the_same_envelope() {
    let mut case = revoked();
    let old = NOW.before(86_400 * 30);
    case.accepted = RelayAccepted::sign(&Actor::new(1).ik, RelayId(1), ENVELOPE, 16_384, old, Day(20_790));
    let alone = Parts { delivered: None, ..case.parts() };
    let lines = read(&Bundle::collect(&case.registry, &alone).unwrap());
    let told =
        "no receipt of the recipient's node is in the file, and nothing else binds a relay's receipt to this message";
    assert_eq!(said(&lines, AFTER), (false, told));
    let charged = "a relay took charge of a sealed envelope";
    assert!(said(&lines, charged).1.ends_with("; that it was this message's envelope is not shown"));

    let lines = read(&case.bundle());
    assert!(said(&lines, charged).1.ends_with("; that it was this message's envelope the recipient's node says"));
    assert!(said(&lines, AFTER).1.ends_with("2026-11-24T00:00:00Z by the clock of the recipient's node"));
    // Another envelope than the recipient's.
    let mut other = case.bundle();
    let digest = EnvelopeDigest::from_bytes([9; 32]);
    let receipt = RelayAccepted::sign(&Actor::new(1).ik, RelayId(1), digest, 16_384, LATER, Day(20_790));
    other.relay_accepted = Some(Blob(receipt.as_bytes().to_vec()));
    assert_eq!(verify(&other, Known::Nothing), Err(Invalid { part: "the envelope digest" }));
}

fn stored(case: &mut Case, stored_at: Timestamp) {
    let at = DeliveredAt { stored_at, ..*case.delivered.at() };
    case.delivered = Delivered::sign(&Actor::new(3).ik, *case.delivered.about(), at);
}

#[test]
fn of_a_relay_and_a_recipient_the_later_time_counts_and_an_earlier_claim_is_told() {
    // The recipient puts the message before the revocation.
    let mut case = revoked();
    case.accepted = RelayAccepted::sign(&Actor::new(1).ik, RelayId(1), ENVELOPE, 16_384, NOW.after(60), Day(20_790));
    stored(&mut case, NOW.before(60));
    let lines = read(&case.bundle());
    let (proven, detail) = said(&lines, AFTER);
    assert!(proven && detail.starts_with("4 entries, "), "{detail}");
    let told = "it was there at 2026-11-24T00:01:00Z by the clock of a relay, if the recipient's node says truly that this was its envelope; that node \
                itself claims an earlier time, 2026-11-23T23:59:00Z";
    assert!(detail.ends_with(told), "{detail}");
    // A relay that says less than the recipient adds nothing.
    stored(&mut case, LATER.after(1));
    let lines = read(&case.bundle());
    let (proven, detail) = said(&lines, AFTER);
    assert!(
        !proven && detail.starts_with("it was there at 2026-11-25T00:00:01Z by the clock of the recipient's node,"),
        "{detail}"
    );
}

fn naming(case: &Case, message: u8, size: u64, root: [u8; 32]) -> SignedHeader {
    let mut header = *case.header.header();
    header.message = MessageId::from_bytes([message; 16]);
    header.registry = RegistryPoint { size, root };
    signed_header(&header)
}

const FALSE_ROOT: &str = "a root that the log of this checkpoint never had at";

fn bare<'p>(header: &'p SignedHeader, acted_on: Option<&'p Head>) -> RevisionParts<'p> {
    RevisionParts {
        header,
        envelope: ENVELOPE,
        relay_accepted: None,
        relay_expired: None,
        delivered: None,
        opening: None,
        acted_on,
    }
}

#[test]
fn a_root_that_the_log_never_had_is_told_of_its_message_and_spoils_no_other() {
    let case = grown();
    // At the size of the first revision's head, and at that of the file's newest.
    for (size, told) in [(3, "at 3 entries"), (4, "at 4 entries")] {
        let lie = naming(&case, 6, size, [7; 32]);
        let revisions = vec![bare(&case.header, case.acted_on.as_ref()), bare(&lie, case.acted_on.as_ref())];
        let ends = (NodeId::from_bytes([2; 32]), NodeId::from_bytes([3; 32]));
        let parts = CaseParts { referral: [1; 16], ends, revisions, events: Vec::new() };
        let bundle = CaseBundle::collect(&case.registry, &case.registry, &parts).unwrap();
        let lines = Evidence::parse(bundle.to_json().as_bytes()).unwrap().verify(Known::Nothing).unwrap();
        let before: Vec<&Line> = lines.iter().filter(|line| line.what == BEFORE).collect();
        assert!(before[0].detail.starts_with("revision 1, 3 entries, "), "{}", before[0].detail);
        assert!(!before[1].proven && before[1].detail.contains(FALSE_ROOT), "{}", before[1].detail);
        assert!(before[1].detail.contains(told), "{}", before[1].detail);
    }
    // Of one message: the head of its size shows it.
    let mut lying = grown();
    let honest = lying.bundle();
    lying.header = naming(&lying, 5, 3, [7; 32]);
    let alone = Parts { relay_accepted: None, delivered: None, ..lying.parts() };
    let mut bundle = Bundle::collect(&lying.registry, &alone).unwrap();
    assert!(bundle.earlier.is_none());
    bundle.earlier = honest.earlier;
    let lines = read(&bundle);
    assert!(!said(&lines, BEFORE).0 && said(&lines, BEFORE).1.contains(FALSE_ROOT));
}

#[test]
fn a_replaced_keys_time_counts_for_nothing_and_its_head_is_marked() {
    let mut case = case();
    case.acted_on = case.registry.head().cloned();
    case.registry = rotated(&case).0;
    // Whoever has stolen the old timestamp key says that the head stood still when the message was there.
    let stolen = Keys::new(1).head(&case.registry, 3, LATER);
    let mut bundle = case.bundle();
    let honest = said(&read(&bundle), AFTER).1.to_owned();
    bundle.earlier.as_mut().unwrap().timestamp = Some(Blob(stolen.timestamp));
    let lines = read(&bundle);
    let mark =
        "0 of 0 witnesses; under version 1 of its root file, since replaced; it stood so at 2026-11-25T00:00:00Z";
    assert!(said(&lines, BEFORE).1.contains(mark), "{}", said(&lines, BEFORE).1);
    let (proven, detail) = said(&lines, AFTER);
    assert!(proven && detail.starts_with("4 entries, ") && detail == honest, "{detail}");

    stored(&mut case, NOW.after(60));
    let mut bundle = case.bundle();
    bundle.earlier.as_mut().unwrap().timestamp = Some(Blob(Keys::new(1).head(&case.registry, 3, LATER).timestamp));
    assert!(!said(&read(&bundle), AFTER).0, "no time by a key in force is later");
    // Nor of the file's own head, when that is one of before beside the newer root file.
    let mut old = self::case().bundle();
    assert!(said(&read(&old), AFTER).0);
    old.root = bundle.root;
    assert!(!said(&read(&old), AFTER).0);
}

#[test]
fn a_key_stood_only_where_the_nodes_next_entry_names_the_one_before_it() {
    // An entry that ended the key may be left out of a file: that of before is in the log all the same.
    let lines = read(&case().bundle());
    let not_shown = "; the key is named by entry 1, within those entries; that no entry below number 3 replaced or ended it is not shown by this file";
    let (proven, detail) = said(&lines, BEFORE);
    assert!(!proven && detail.ends_with(not_shown), "{detail}");
    let mut case = revoked();
    case.header = naming(&case, 5, 4, case.registry.root_hash());
    let alone = Parts { relay_accepted: None, delivered: None, ..case.parts() };
    let mut forged = Bundle::collect(&case.registry, &alone).unwrap();
    forged.sender.index = 1;
    forged.sender.leaf.0 = case.registry.leaf(1).unwrap().to_vec();
    let path = case.registry.inclusion_proof_at(1, 4).unwrap().path;
    forged.sender.proof = path.iter().map(|hash| Blob(hash.to_vec())).collect();
    let lines = read(&forged);
    let (proven, detail) = said(&lines, BEFORE);
    assert!(!proven && detail.contains("that no entry below number 4 replaced or ended it is not shown"), "{detail}");
    assert!(!said(&lines, "the sender's node signed this message for this recipient").1.contains("stands"));
    // The next entry of the same key is after those entries, and names this one: none lies between.
    let next = |case: &Case| {
        let fields = case.registry.next_entry(LeafKind::Suspend, &NodeId::from_bytes([2; 32]), LATER).unwrap();
        fields.sign(&Keys::new(1).registrar, None)
    };
    let lines = read(&followed(self::case(), next, |note| note).bundle());
    assert!(said(&lines, BEFORE).0);
    assert!(
        said(&lines, BEFORE).1.contains(
            "so it was signed after these 3 entries existed; that it is later than these times is not shown;"
        )
    );
    let mut skipped = followed(self::case(), |case| ended(case, LeafKind::Suspend), |note| note);
    skipped.registry.extend(&[ended(&skipped, LeafKind::Revoke)]).unwrap();
    skipped.registry.accept_head(&Keys::new(1).head(&skipped.registry, 5, LATER), LATER).unwrap();
    assert!(!said(&read(&skipped.bundle()), BEFORE).0, "the one between is not in the file");
}

#[test]
fn a_timestamp_is_looked_at_before_the_lines_of_witnesses() {
    let mut bundle = revoked().bundle();
    let earlier = bundle.earlier.as_mut().unwrap();
    earlier.checkpoint.0 = cosign(&earlier.checkpoint.0, "a.stranger", &Keys::new(7).log, 1).unwrap();
    assert_eq!(verify(&bundle, Known::Nothing), Err(Invalid { part: "the earlier checkpoint" }));
    bundle.earlier.as_mut().unwrap().timestamp.as_mut().unwrap().0[50] ^= 1;
    assert_eq!(verify(&bundle, Known::Nothing), Err(Invalid { part: "the earlier timestamp" }));
}
