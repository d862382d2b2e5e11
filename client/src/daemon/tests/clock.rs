//! Signed times that this machine's clock does not bear out.

use safeconduct_protocol::time::DAY_S;

use super::{abroad::Abroad, *};

const YEAR_S: u64 = 365 * DAY_S;

impl Setting {
    fn seeds(&self) -> usize {
        self.node.vault.seeds().ids().count()
    }

    /// Takes what the authority signs at `signed`, on a machine whose clock says `clock`.
    fn update_by(&mut self, signed: Timestamp, clock: Timestamp) {
        self.clock.0.store(clock.0, Ordering::Relaxed);
        let head = self.world.head(signed);
        let from = self.node.take_head(&head).unwrap();
        if from < head.size {
            let records = &self.records[usize::try_from(from).unwrap()..];
            self.node.take_page(from, &self.world.leaves(from), records, &head).unwrap();
        }
    }
}

#[test]
fn a_signed_time_a_year_ahead_moves_no_clock_erases_nothing_and_is_an_alarm_until_the_clocks_agree() {
    let mut setting = Setting::new(140);
    setting.update(THEN);
    setting.node.stocked(&[], &[]).unwrap();
    let seeds = setting.seeds();
    assert!(seeds > 0 && setting.node.alarms().unwrap().is_empty());

    // What it covers counts all the same: a revocation must not wait for a clock.
    let harbour_node = setting.joins(HARBOUR).identity.node;
    setting.update_by(THEN.after(YEAR_S), THEN.after(60));
    setting.update_by(THEN.after(YEAR_S), THEN.after(120));
    setting.node.housekeep().unwrap();

    assert!(setting.node.held().unwrap().node(&harbour_node).is_some());
    assert_eq!(setting.node.held().unwrap().registry().newest_time(), Some(THEN));
    assert_eq!((setting.node.now(), setting.seeds()), (THEN.after(120), seeds));
    for alarms in
        [setting.node.status(None).unwrap().alarms, crate::note::lines(&setting.node.check_up().unwrap().alarms)]
    {
        let says = alarms.iter().find(|alarm| alarm.contains("365 day(s) after this machine's clock")).unwrap();
        assert!(says.contains("set this machine's clock") && says.contains("phone your authority"), "{says}");
    }

    setting.update_by(THEN.after(180), THEN.after(180));
    assert!(setting.node.alarms().unwrap().is_empty());
    setting.update_by(THEN.after(DAY_S), THEN);
    assert_eq!(setting.node.now(), THEN.after(DAY_S), "a day is what two clocks may be apart");
}

#[test]
fn a_machine_whose_clock_has_gone_back_is_told_to_set_it_erases_nothing_and_goes_on_when_it_is_set() {
    let mut setting = Setting::new(141);
    setting.update(THEN);
    setting.node.stocked(&[], &[]).unwrap();
    let (seeds, long_after) = (setting.seeds(), THEN.after(90 * DAY_S));
    setting.update(long_after);
    setting.clock.0.store(0, Ordering::Relaxed);

    setting.node.housekeep().unwrap();

    assert_eq!((setting.node.now(), setting.seeds()), (long_after, seeds), "erasure waits for both clocks");
    let alarms = setting.node.status(None).unwrap().alarms;
    assert!(alarms.iter().any(|alarm| alarm.contains("set this machine's clock")), "{alarms:?}");
    setting.update_by(long_after.after(60), Timestamp(0));
    assert_eq!(setting.node.now(), long_after);
    assert!(
        crate::note::lines(&setting.node.alarms().unwrap())
            .iter()
            .any(|alarm| alarm.contains("set this machine's clock"))
    );

    setting.update_by(long_after.after(60), long_after.after(30));
    assert_eq!(setting.node.now(), long_after.after(60));
    assert!(setting.node.alarms().unwrap().is_empty());
    setting.node.erased = None;
    setting.node.housekeep().unwrap();
    assert_eq!(setting.seeds(), 0);
}

#[test]
fn an_authority_abroad_cannot_sign_itself_fresh_for_ever_either() {
    let (mut setting, mut abroad) = (Setting::new(142), Abroad::new(143));
    let there = abroad.joins("xb.night-shelter");
    setting.recognises(&abroad);
    setting.update(THEN);
    setting.follows(&abroad, THEN);
    setting.follows(&abroad, THEN.after(YEAR_S));

    let held = setting.node.held_copy().unwrap();
    let one = held.one(&abroad.authority()).unwrap();
    assert_eq!(one.registry().newest_time(), Some(THEN));
    let state = held.node(&there).unwrap();
    assert!(held.may_send(state, THEN) && !held.may_send(state, THEN.after(31 * DAY_S)));
    let alarms = setting.node.status(None).unwrap().alarms;
    assert!(alarms.iter().any(|alarm| alarm.starts_with("the authority of XB has signed the time")), "{alarms:?}");
}
