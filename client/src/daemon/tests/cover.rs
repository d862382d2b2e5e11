//! Whom cover goes to.

use std::collections::BTreeMap;

use safeconduct_certs::registry::leaf::LeafKind;
use safeconduct_protocol::time::DAY_S;

use super::*;

/// How much cover was queued for each node.
fn queued(setting: &Setting) -> BTreeMap<[u8; 32], u32> {
    let mut rows = setting.node.vault.db().prepare("SELECT recipient FROM outbox WHERE kind = 7").unwrap();
    let mut count = BTreeMap::new();
    for recipient in rows.query_map([], |row| row.get::<_, [u8; 32]>(0)).unwrap() {
        *count.entry(recipient.unwrap()).or_default() += 1;
    }
    count
}

#[test]
fn cover_goes_to_nobody_who_is_offline_or_has_not_answered_the_one_before() {
    let mut setting = Setting::new(930);
    let partners: Vec<[u8; 32]> =
        ["xa.harbour-house", "xa.port-clinic", "xa.mole-legal-aid", "xa.quay-shelter", "xa.ended"]
            .map(|agency| *setting.joins(agency).identity.node.as_bytes())
            .into();
    setting.world.end(&NodeId::from_bytes(partners[4]), LeafKind::Suspend);
    setting.records.push(Vec::new());
    setting.update(THEN);
    let quiet = "INSERT INTO peer (node, epoch, quiet_since) VALUES (?1, 0, 1)";
    setting.node.vault.db().execute(quiet, params![partners[3]]).unwrap();

    (0..24).for_each(|_| setting.node.queue_cover().unwrap());

    let once: BTreeMap<_, _> = partners[..3].iter().map(|partner| (*partner, 1)).collect();
    assert_eq!(queued(&setting), once);
    setting
        .node
        .vault
        .db()
        .execute("UPDATE outbox SET state = 'delivered' WHERE recipient = ?1", params![partners[0]])
        .unwrap();
    (0..24).for_each(|_| setting.node.queue_cover().unwrap());
    let twice: BTreeMap<_, _> =
        partners[..3].iter().map(|one| (*one, if one == &partners[0] { 2 } else { 1 })).collect();
    assert_eq!(queued(&setting), twice);
    // What has not been answered for a day was lost, or is kept back, and keeps nothing more from being sent.
    setting.update(THEN.after(DAY_S + 1));
    (0..24).for_each(|_| setting.node.queue_cover().unwrap());
    assert_eq!(queued(&setting), twice.iter().map(|(one, count)| (*one, count + 1)).collect());
    // No more in a day than takes no prekey from referrals.
    for _ in 0..100 {
        setting.node.queue_cover().unwrap();
        setting.node.vault.db().execute("UPDATE outbox SET state = 'delivered'", []).unwrap();
    }
    assert!(queued(&setting).values().all(|count| *count <= 10), "eight of today, and two of yesterday");
    assert_eq!(queued(&setting)[&partners[1]], 9);
}

/// A relay knows the agreements: cover to whom this agency may not refer anybody would be known by that.
#[test]
fn cover_goes_to_whom_this_agency_may_refer_somebody() {
    let mut setting = Setting::new(931);
    let shelter = *setting.joins("xa.harbour-house").identity.node.as_bytes();
    let police = setting.joins("xa.port-police").identity.node;
    setting.gives_roles("xa.port-police", &police, &[Role::Police]);
    setting.agrees(1, Role::NgoShelter, THEN.after(90 * DAY_S));
    setting.update(THEN);

    (0..24).for_each(|_| setting.node.queue_cover().unwrap());

    assert_eq!(queued(&setting), BTreeMap::from([(shelter, 1)]));
}
