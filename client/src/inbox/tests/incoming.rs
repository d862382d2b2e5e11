//! What came under doubt: while the registry copy is old, or before this node could judge it.

use super::*;

#[test]
fn with_a_registry_copy_of_over_a_week_receiving_goes_on_and_the_sender_is_marked_as_not_confirmed() {
    let (mut world, mut a, mut b, records) = pair(45);
    let [week, later] = [NOW.after(7 * DAY_S), NOW.after(7 * DAY_S + 1)];
    world.update(&mut a, later);
    for (record, now, since) in [(&records[0], week, None), (&records[1], later, Some(NOW))] {
        let message = queue(&mut a, &b, b"x", &mut world);
        let envelope = sealed(&mut a, &message, record, now, &mut world);

        assert_eq!(got(&mut b, &envelope, now, &mut world).became(), Became::Shown(message));

        let (shown, _) = show(b.vault(), &message, now).unwrap();
        assert_eq!((list(b.vault()).unwrap()[0].unconfirmed_since, shown.unconfirmed_since), (since, since));
    }
    assert_eq!(receipts_of(&mut b, later, &mut world).len(), 2);
}
