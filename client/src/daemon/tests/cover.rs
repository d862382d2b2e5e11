//! Whom cover goes to.

use std::collections::BTreeMap;

use safeconduct_certs::registry::leaf::LeafKind;

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

    setting.node.send_cover().unwrap();
    assert!(queued(&setting).is_empty(), "not before the registry is known");
    setting.node.has_settled_in();
    (0..24).for_each(|_| setting.node.send_cover().unwrap());

    let once: BTreeMap<_, _> = partners[..3].iter().map(|partner| (*partner, 1)).collect();
    assert_eq!(queued(&setting), once);
    setting
        .node
        .vault
        .db()
        .execute("UPDATE outbox SET state = 'delivered' WHERE recipient = ?1", params![partners[0]])
        .unwrap();
    (0..24).for_each(|_| setting.node.send_cover().unwrap());
    let twice: BTreeMap<_, _> =
        partners[..3].iter().map(|one| (*one, if one == &partners[0] { 2 } else { 1 })).collect();
    assert_eq!(queued(&setting), twice);
}
