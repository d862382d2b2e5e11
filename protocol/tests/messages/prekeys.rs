//! Prekey records: every check of a sender, and where each one stops.

use safeconduct_protocol::{
    crypto::{
        kem::{KemKeyRefused, KemSecret},
        sign::Label,
    },
    id::NodeId,
    prekey::record::{PrekeyContext, PrekeyKind, PrekeyRecord, PrekeyRefused, PrekeyTerms},
    time::{DAY_S, Timestamp},
};

use crate::party::{NOW, Party, Seeded};

fn terms(party: &Party) -> PrekeyTerms {
    PrekeyTerms {
        node: party.node,
        kind: PrekeyKind::OneTime,
        epoch: 5,
        not_before: NOW,
        not_after: NOW.after(30 * DAY_S),
    }
}

fn record(party: &Party, terms: PrekeyTerms) -> PrekeyRecord {
    let secret = KemSecret::generate(&mut Seeded::new(8)).unwrap();
    PrekeyRecord::sign(&party.identity, terms, &secret.public())
}

fn refused(record: &PrekeyRecord, context: &PrekeyContext<'_>) -> Option<PrekeyRefused> {
    record.check(context).err()
}

#[test]
fn a_sound_record_round_trips_and_passes() {
    let b = Party::new(2);
    let made = record(&b, terms(&b));

    let read = PrekeyRecord::parse(made.as_bytes()).unwrap();

    assert!(read == made);
    let checked = read.check(&b.prekey_context()).map(|c| (c.id(), *c.terms(), c.identity())).ok();
    assert_eq!(checked, Some((made.id(), terms(&b), b.key().key_id())));
}

#[test]
fn any_changed_byte_is_refused() {
    let b = Party::new(2);
    let made = record(&b, terms(&b));
    for at in 0..made.as_bytes().len() {
        let mut bytes = *made.as_bytes();
        bytes[at] ^= 1;
        let taken = PrekeyRecord::parse(&bytes).is_ok_and(|r| r.check(&b.prekey_context()).is_ok());
        assert!(!taken, "byte {at}");
    }
}

#[test]
fn the_id_commits_to_everything_but_the_signature() {
    let b = Party::new(2);
    let made = record(&b, terms(&b));
    let mut bytes = *made.as_bytes();
    bytes[1_311] ^= 1;
    assert_ne!(PrekeyRecord::parse(&bytes).unwrap().id(), made.id());
    let mut bytes = *made.as_bytes();
    bytes[1_375] ^= 1;
    assert_eq!(PrekeyRecord::parse(&bytes).unwrap().id(), made.id());
}

/// Trap 60.
#[test]
fn a_one_time_key_served_as_a_signed_one_is_refused_and_the_reverse() {
    let b = Party::new(2);
    for (kind, other_code) in [(PrekeyKind::OneTime, 1), (PrekeyKind::Signed, 2)] {
        let mut bytes = *record(&b, PrekeyTerms { kind, ..terms(&b) }).as_bytes();
        bytes[6] = other_code;
        let swapped = PrekeyRecord::parse(&bytes).unwrap();
        assert_eq!(refused(&swapped, &b.prekey_context()), Some(PrekeyRefused::BadSignature));
    }
}

/// Trap 71.
#[test]
fn another_nodes_bundle_is_refused() {
    let (b, c) = (Party::new(2), Party::new(3));
    let of_b = record(&b, terms(&b));
    let asked_for_c = PrekeyContext { node: c.node, ..b.prekey_context() };

    assert_eq!(refused(&of_b, &asked_for_c), Some(PrekeyRefused::OtherNode));
}

/// Trap 69.
#[test]
fn a_prekey_of_an_old_identity_key_is_refused() {
    let (b, renewed) = (Party::new(2), Party::new(4));
    let old = record(&b, terms(&b));
    let identity = renewed.key();
    let context = PrekeyContext { identity: &identity, ..b.prekey_context() };

    assert_eq!(refused(&old, &context), Some(PrekeyRefused::OtherKey));
}

/// Trap 7.
#[test]
fn a_key_id_over_another_keys_signature_is_refused() {
    let (b, mallory) = (Party::new(2), Party::new(4));
    let mut bytes = *record(&mallory, terms(&b)).as_bytes();
    bytes[40..72].copy_from_slice(b.key().key_id().as_bytes());

    let forged = PrekeyRecord::parse(&bytes).unwrap();

    assert_eq!(refused(&forged, &b.prekey_context()), Some(PrekeyRefused::BadSignature));
}

/// Trap 7. An id of one kind in the place of another, honestly signed over: whoever registers a node under chosen bytes gains
/// nothing by it.
#[test]
fn a_node_id_where_a_key_id_belongs_is_refused_and_the_reverse() {
    let b = Party::new(2);
    let key_id = b.key().key_id();
    let swap = |place: usize, bytes: &[u8; 32]| {
        let mut swapped = *record(&b, terms(&b)).as_bytes();
        swapped[place..place + 32].copy_from_slice(bytes);
        let (signed, signature) = swapped.split_last_chunk_mut::<64>().unwrap();
        *signature = *b.identity.sign(Label::PrekeyOnce, signed).as_bytes();
        refused(&PrekeyRecord::parse(&swapped).unwrap(), &b.prekey_context())
    };

    assert_eq!(swap(8, b.node.as_bytes()), None, "as it was");
    assert_eq!(swap(40, b.node.as_bytes()), Some(PrekeyRefused::OtherKey));
    assert_eq!(swap(8, key_id.as_bytes()), Some(PrekeyRefused::OtherNode));
}

#[test]
fn each_bound_of_time_holds_to_the_second() {
    let b = Party::new(2);
    let at = |now: Timestamp| {
        let context = PrekeyContext { now, ..b.prekey_context() };
        refused(&record(&b, terms(&b)), &context)
    };
    let not_after = NOW.after(30 * DAY_S);

    assert_eq!(at(NOW.before(DAY_S)), None);
    assert_eq!(at(NOW.before(DAY_S + 1)), Some(PrekeyRefused::NotYet));
    assert_eq!(at(not_after), None);
    assert_eq!(at(not_after.after(1)), Some(PrekeyRefused::Expired));
}

#[test]
fn a_life_of_more_than_thirty_days_or_less_than_none_is_refused() {
    let b = Party::new(2);
    for not_after in [NOW.after(30 * DAY_S + 1), NOW.before(1), Timestamp(u64::MAX)] {
        let made = record(&b, PrekeyTerms { not_after, ..terms(&b) });
        assert_eq!(refused(&made, &b.prekey_context()), Some(PrekeyRefused::Life));
    }
}

/// Trap 26.
#[test]
fn a_record_of_an_older_epoch_is_a_rollback() {
    let b = Party::new(2);
    let made = record(&b, terms(&b));
    let seen = |epoch_seen| refused(&made, &PrekeyContext { epoch_seen, ..b.prekey_context() });

    assert_eq!(seen(5), None);
    assert_eq!(seen(6), Some(PrekeyRefused::Rollback { offered: 5, seen: 6 }));
}

/// Trap 25.
#[test]
fn a_suite_below_the_registrys_minimum_or_unknown_is_named() {
    let b = Party::new(2);
    let made = record(&b, terms(&b));
    let context = PrekeyContext { suite_min: 2, ..b.prekey_context() };
    assert_eq!(refused(&made, &context), Some(PrekeyRefused::SuiteTooOld { offered: 1, minimum: 2 }));
    let mut bytes = *made.as_bytes();
    bytes[5] = 2;
    assert_eq!(PrekeyRecord::parse(&bytes).err(), Some(PrekeyRefused::SuiteUnknown(2)));
}

/// Trap 59.
#[test]
fn a_prekey_sealed_to_before_is_refused() {
    let b = Party::new(2);
    let made = record(&b, terms(&b));
    let id = made.id();
    let used = |asked: &_| *asked == id;
    let context = PrekeyContext { used: &used, ..b.prekey_context() };

    assert_eq!(refused(&made, &context), Some(PrekeyRefused::Used));
}

#[test]
fn a_signed_record_with_an_unsound_key_is_refused() {
    let b = Party::new(2);
    let made = record(&b, terms(&b));
    let resign = |change: &dyn Fn(&mut [u8])| {
        let mut bytes = *made.as_bytes();
        change(&mut bytes[96..1_312]);
        let label = Label::PrekeyOnce;
        let signature = b.identity.sign(label, &bytes[..1_312]);
        bytes[1_312..].copy_from_slice(signature.as_bytes());
        refused(&PrekeyRecord::parse(&bytes).unwrap(), &b.prekey_context())
    };

    assert!(matches!(resign(&|key| key[1_184..].fill(0)), Some(PrekeyRefused::Key(_))));
    assert!(matches!(resign(&|key| key[..3].fill(0xff)), Some(PrekeyRefused::Key(_))));
    assert_eq!(resign(&|_| ()), None);
}

#[test]
fn an_epoch_of_a_later_day_is_refused_before_it_stands_in_the_way_of_every_other() {
    let b = Party::new(2);
    let of = |epoch| refused(&record(&b, PrekeyTerms { epoch, ..terms(&b) }), &b.prekey_context());

    assert_eq!(of(NOW.0 + DAY_S), None);
    assert_eq!(of(NOW.0 + DAY_S + 1), Some(PrekeyRefused::Epoch { offered: NOW.0 + DAY_S + 1 }));
}

#[test]
fn each_refusal_has_a_name_for_programs_and_those_of_an_attack_are_told_to_a_person() {
    let key = PrekeyRefused::Key(KemKeyRefused::LowOrder);
    let names = [
        (PrekeyRefused::Malformed, "prekey-malformed", false),
        (PrekeyRefused::SuiteUnknown(2), "prekey-suite-unknown", false),
        (PrekeyRefused::SuiteTooOld { offered: 1, minimum: 2 }, "prekey-suite-too-old", false),
        (PrekeyRefused::OtherNode, "prekey-of-another-node", false),
        (PrekeyRefused::OtherKey, "prekey-of-another-key", true),
        (PrekeyRefused::BadSignature, "prekey-bad-signature", true),
        (PrekeyRefused::Life, "prekey-life", false),
        (PrekeyRefused::NotYet, "prekey-not-yet", false),
        (PrekeyRefused::Expired, "prekey-expired", false),
        (PrekeyRefused::Epoch { offered: 1 }, "prekey-epoch", true),
        (PrekeyRefused::Rollback { offered: 1, seen: 2 }, "prekey-rollback", true),
        (key, "prekey-unsound", false),
        (PrekeyRefused::Used, "prekey-used", false),
    ];
    for (refused, code, alarming) in names {
        assert_eq!((refused.code(), refused.is_alarming()), (code, alarming));
    }
    assert_eq!(PrekeyRefused::Epoch { offered: 7 }.to_string(), "the prekey is of epoch 7, which lies in the future");
}

#[test]
fn a_prekey_made_for_another_node_id_does_not_pass_as_ones_own() {
    let b = Party::new(2);
    let made = record(&b, PrekeyTerms { node: NodeId::from_bytes([9; 32]), ..terms(&b) });

    assert_eq!(refused(&made, &b.prekey_context()), Some(PrekeyRefused::OtherNode));
}
