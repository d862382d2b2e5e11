//! Reports: computed, released, frozen, added up.

use super::*;
use crate::monitoring::wire;

/// `THEN` is in the second quarter of 2026.
const ENDED: &str = "2026-Q1";

/// A referral that came in this period, in the vault.
pub(super) fn received(setting: &mut Setting, id: u8, first_at: u64, persons: i64) {
    let vault = setting.node.vault_of_test();
    let sql = "INSERT INTO referral (handle, referral, side, partner, dossier, state, state_at, way, kind, level, urgency, exercise, \
               revision, created_at, expires_at, first_at, delete_after, basis, services, age_band, is_child, persons, exploitation, \
               industry, control, recruitment, country_from, country_to, country_of_need, role_from, role_to, bases, purposes) \
               VALUES (?1, ?1, 2, x'01', ?1, 'closed', 0, 4, 1, 1, 3, 0, 1, 0, 0, ?2, 0, 0, 1, 4, 0, ?3, 1, 0, 0, 0, 'XA', 'XA', 'XA', \
               0, 1, 1, 1)";
    vault.db().execute(sql, params![[id; 16], i64::try_from(first_at).unwrap(), persons]).unwrap();
}

fn day(year: u16, month: u8, day: u8) -> u64 {
    crate::referral::dates::Date::of(year, month, day).unwrap().begin().0
}

#[test]
fn a_report_is_computed_looked_at_released_and_then_frozen() {
    let mut setting = Setting::new(61);
    setting.update(THEN);
    received(&mut setting, 1, day(2026, 2, 1), 12);
    let computed = setting.node.report_compute("newest").unwrap();
    assert_eq!((computed.period.as_str(), computed.released_at, computed.open), (ENDED, None, false));

    let released = setting.node.report_release("newest", None).unwrap();
    received(&mut setting, 2, day(2026, 2, 2), 50);

    assert_eq!(released.report, computed.report);
    assert_eq!(setting.node.report_show("newest").unwrap(), released, "what comes later changes nothing");
    let report = wire::read(released.report.as_bytes()).unwrap();
    assert_eq!((report.agency.as_str(), report.country.as_str(), report.profile.as_str()), (OWN, "XA", "XA@3"));
    assert!(report.table("M01.received.kind").is_some_and(|table| !table.rows.is_empty()));
    assert_eq!(setting.node.report_release(ENDED, None).unwrap_err().code, "period-released");
    assert_eq!(setting.node.report_release("2026-H1", None).unwrap_err().code, "period-open");
    assert_eq!(setting.node.report_release("2025-Q5", None).unwrap_err().code, "usage");
}

#[test]
fn nothing_is_released_by_itself_until_somebody_agrees_and_then_only_what_ends_later() {
    let mut setting = Setting::new(62);
    setting.update(THEN);
    setting.node.release_due().unwrap();
    assert!(setting.node.reports(None, None).unwrap().released.is_empty());

    let state = setting.node.reports(Some(true), None).unwrap();
    setting.node.release_due().unwrap();
    assert_eq!((state.due.as_deref(), state.scheduled_at), (Some(ENDED), Some(THEN.0)));
    assert!(setting.node.reports(None, None).unwrap().released.is_empty(), "that period had ended before");

    setting.clock.0.store(day(2026, 7, 1) - 1, Ordering::Relaxed);
    setting.node.release_due().unwrap();
    assert!(setting.node.reports(None, None).unwrap().released.is_empty());
    setting.clock.0.store(day(2026, 7, 1), Ordering::Relaxed);
    setting.node.release_due().unwrap();
    setting.node.release_due().unwrap();

    let state = setting.node.reports(Some(false), None).unwrap();
    let periods: Vec<&str> = state.released.iter().map(|line| line.period.as_str()).collect();
    assert_eq!((periods, state.due, state.scheduled_at), (vec!["2026-Q2"], None, None));
}

#[test]
fn a_co_ordinator_adds_up_what_it_was_given_and_keeps_the_first_report_of_each() {
    let mut setting = Setting::new(63);
    let harbour = setting.joins(HARBOUR).identity.node;
    setting.joins("xa.third-house");
    setting.update(THEN);
    received(&mut setting, 1, day(2026, 2, 1), 40);
    let own = setting.node.report_compute(ENDED).unwrap().report;
    let other = own.replace(OWN, HARBOUR);
    assert_eq!(setting.node.report_take(own.as_bytes()).unwrap_err().code, "no-co-ordinator");
    let me = setting.node.identity.node;
    setting.gives_roles(OWN, &me, &[Role::NrmCoordinator]);
    setting.update(THEN.after(60));

    for report in [&own, &other, &other, &own.replace(OWN, "xa.third-house")] {
        setting.node.report_take(report.as_bytes()).unwrap();
    }
    let wrong = [(own.replace(OWN, "xa.nobody"), "report-of-another"), (own.replace(ENDED, "2026-Q2"), "period-open")];
    for (report, code) in wrong {
        assert_eq!(setting.node.report_take(report.as_bytes()).unwrap_err().code, code);
    }
    let differs = setting.node.report_take(other.replace(r#""k":10"#, r#""k":11"#).as_bytes()).unwrap_err();

    assert_eq!(differs.code, "report-differs");
    let summed = setting.node.report_national(ENDED).unwrap();
    let table = summed.tables.iter().find(|table| table.id == "M01.received.kind").unwrap();
    assert_eq!((summed.agencies, table.total.persons, table.total.at_least), (3, Some(120), false));
    assert_eq!(setting.node.report_national("2026-Q2").unwrap_err().code, "reports-differ");
    assert_eq!(setting.node.report_take(b"{}").unwrap_err().code, "report-malformed");

    setting.revoke(&harbour);
    setting.update(THEN.after(120));
    let late = other.replace(ENDED, "2025-Q4");
    assert_eq!(setting.node.report_take(late.as_bytes()).unwrap_err().code, "report-of-another", "revoked");
}

#[test]
fn the_page_offers_periods_and_what_may_be_done_and_shows_no_sum_that_nobody_has_shown() {
    use super::people::person;
    let mut setting = Setting::new(67);
    setting.joins(HARBOUR);
    setting.joins("xa.third-house");
    setting.update(THEN);
    received(&mut setting, 1, day(2026, 2, 1), 40);
    let menu = setting.node.report_menu(None).unwrap();
    let names: Vec<&str> = menu.periods.iter().map(|line| line.name.as_str()).collect();
    assert_eq!((names[..3].to_vec(), names.len()), (vec!["2026-Q2", ENDED, "2025-Q4"], 9));
    assert!(menu.periods[0].open && !menu.periods[0].due && menu.periods[1].due && !menu.adds_up);
    assert!(menu.releases && menu.audits && menu.scheduled_at.is_none());

    let own = setting.node.report_release(ENDED, None).unwrap().report;
    setting.node.add_person(&person("Anna", &["caseworker", "admin"], None)).ok().unwrap();
    setting.node.add_person(&person("Clara", &["caseworker"], Some("Anna"))).ok().unwrap();
    let menu = setting.node.report_menu(Some("Clara")).unwrap();
    assert!(menu.periods[1].released_at.is_some() && !menu.periods[1].due && !menu.releases && !menu.audits);
    assert_eq!(setting.node.report_menu(None).err().unwrap().code, "person-missing");

    let me = setting.node.identity.node;
    setting.gives_roles(OWN, &me, &[Role::NrmCoordinator]);
    setting.update(THEN.after(60));
    for agency in [OWN, HARBOUR, "xa.third-house"] {
        setting.node.report_take(own.replace(OWN, agency).as_bytes()).unwrap();
    }
    let menu = setting.node.report_menu(Some("Anna")).unwrap();
    assert!(menu.adds_up && menu.given == [(ENDED.to_owned(), 3)]);
    assert!(setting.node.national_shown(ENDED).unwrap().is_none(), "looking shows nothing for the first time");
    assert_eq!(setting.node.show_national(ENDED, Some("Clara")).unwrap_err().code, "not-your-role");
    assert!(setting.node.national_shown(ENDED).unwrap().is_none());
    let summed = setting.node.show_national(ENDED, Some("Anna")).unwrap();
    assert_eq!(setting.node.national_shown(ENDED).unwrap(), Some(summed));
    assert_eq!(setting.node.national_shown("2026").unwrap_err().code, "usage");
}

/// Gives a referral in the vault its content, as this node sent it or as it came.
fn content(setting: &mut Setting, id: u8, content: &[u8]) {
    let db = setting.node.vault_of_test().db();
    let place: i64 =
        db.query_row("SELECT place FROM referral WHERE handle = ?1", [[id; 16]], |row| row.get(0)).unwrap();
    let sql =
        "INSERT INTO referral_revision (referral, revision, message, level, content, at) VALUES (?1, 1, ?2, 1, ?3, 0)";
    db.execute(sql, params![place, [id; 16], content]).unwrap();
}

#[test]
fn an_export_comes_in_pages_and_leaves_out_exercises_and_what_is_erased() {
    use crate::htcds::{read, write, write::WhoTheyAre};
    let mut setting = Setting::new(64);
    setting.update(THEN);
    let sample = crate::referral::canonical(&crate::referral::parse(SAMPLE.as_bytes()).ok().unwrap());
    for id in 1..=103 {
        received(&mut setting, id, day(2026, 2, 1), 1);
        if id != 7 {
            content(&mut setting, id, &sample);
        }
    }
    let db = setting.node.vault_of_test().db();
    db.execute("UPDATE referral SET opened_at = 5", []).unwrap();
    db.execute("UPDATE referral SET exercise = 1 WHERE handle = ?1", [[9_u8; 16]]).unwrap();
    db.execute("UPDATE referral SET opened_at = NULL WHERE handle = ?1", [[11_u8; 16]]).unwrap();

    let first = setting.node.export_page(0, None, WhoTheyAre::Told, None).unwrap();
    let second = setting.node.export_page(first.next.unwrap(), None, WhoTheyAre::Told, None).unwrap();

    assert_eq!((first.rows, first.left_out, second.rows, second.next), (98, 1, 2, None));
    let views: i64 =
        setting.node.vault_of_test().db().query_row("SELECT count(*) FROM view_log", [], |row| row.get(0)).unwrap();
    assert_eq!(views, 100, "who exports has read");
    let file = format!("{}{}{}", write::head().as_str(), first.lines, second.lines);
    let back = read::read(file.as_bytes()).ok().unwrap();
    assert!(back.len() == 100 && back.iter().all(|row| *row.content == *sample));
    let quarter = setting.node.export_page(0, Some("2026-Q2"), WhoTheyAre::Told, None).unwrap();
    assert_eq!((quarter.rows, quarter.next), (0, None));
    let without = setting.node.export_page(0, Some(ENDED), WhoTheyAre::LeftOut, None).unwrap();
    assert!(
        without.rows == 98
            && read::read(format!("{}{}", write::head().as_str(), without.lines).as_bytes())
                .is_ok_and(|rows| !rows[0].whole)
    );
}

#[test]
fn only_a_supervisor_or_an_admin_releases_and_only_a_supervisor_exports() {
    use super::people::person;
    use crate::htcds::write::WhoTheyAre;
    let mut setting = Setting::new(65);
    setting.update(THEN);
    setting.node.add_person(&person("Anna", &["caseworker", "admin"], None)).ok().unwrap();
    setting.node.add_person(&person("Boris", &["supervisor"], Some("Anna"))).ok().unwrap();
    setting.node.add_person(&person("Clara", &["intake"], Some("Anna"))).ok().unwrap();

    let refused = [
        setting.node.report_release(ENDED, Some("Clara")).unwrap_err(),
        setting.node.reports(Some(true), Some("Clara")).unwrap_err(),
        setting.node.export_page(0, None, WhoTheyAre::LeftOut, Some("Anna")).err().unwrap(),
    ];
    assert!(refused.iter().all(|told| told.code == "not-your-role"), "{refused:?}");
    assert!(setting.node.report_release(ENDED, None).is_err(), "who it is must be said");
    assert!(setting.node.report_compute(ENDED).is_ok(), "counts of nobody in particular");

    assert!(setting.node.export_page(0, None, WhoTheyAre::Told, Some("Boris")).is_ok());
    setting.node.report_release(ENDED, Some("Anna")).unwrap();
    let officer: Option<Vec<u8>> =
        setting.node.vault_of_test().db().query_row("SELECT officer FROM report", [], |row| row.get(0)).unwrap();
    assert!(officer.is_some_and(|pseudonym| pseudonym.len() == 16));
}

/// What casework writes and what is counted are two programs' parts: they agree on every column and number.
#[test]
fn a_referral_that_comes_is_looked_at_and_declined_is_counted_as_that() {
    use crate::{
        api::cases::{ActAsked, OpenAsked},
        monitoring::{count, period::Period},
        referral::text::Country,
    };
    let mut setting = Setting::new(66);
    let mut harbour = setting.joins(HARBOUR);
    setting.update(THEN);
    setting.receives(&mut harbour, &back(std::str::from_utf8(&sample()).unwrap()));
    let handle: String = {
        let db = setting.node.vault_of_test().db();
        let look_by: Option<i64> = db.query_row("SELECT look_by FROM referral", [], |row| row.get(0)).unwrap();
        assert!(look_by.is_some(), "there is a time by which somebody should look");
        db.query_row("SELECT lower(hex(handle)) FROM referral", [], |row| row.get(0)).unwrap()
    };
    let open = OpenAsked { by: None, names: false, sections: Vec::new(), reason: None };
    setting.node.open_referral(&handle, &open).ok().unwrap();
    let why = Some("LanguageNotAvailable".to_owned());
    let declined = ActAsked { event: "Declined".to_owned(), why, ..ActAsked::default() };
    setting.node.act(&handle, &declined).ok().unwrap();

    let (period, own) = (Period::of("2026-Q2").unwrap(), Country::of("XA").unwrap());
    let counted = count::count(setting.node.vault_of_test().db(), period, &own, THEN).unwrap();

    let keys = |id: &str| -> Vec<&str> {
        let (_, counts) = counted.tables.iter().find(|(table, _)| table.id == id).unwrap();
        counts.rows.keys().map(String::as_str).collect()
    };
    let of = crate::referral::parse(SAMPLE.as_bytes()).ok().unwrap();
    assert_eq!(keys("M01.received.kind"), [of.header.kind.as_str()]);
    assert_eq!(keys("M01.received.urgency"), [of.header.urgency.as_str()]);
    assert_eq!(keys("M01.received.role"), ["NgoShelter"]);
    assert_eq!(keys(&format!("M04.opened/{}", of.header.urgency.as_str())), ["in-time"]);
    assert_eq!(keys("M11.exploitation"), ["SexualExploitation"]);
    assert_eq!(keys("M11.gender/SexualExploitation"), ["Feminine"]);
    assert_eq!(keys("M05.need"), ["unmet-need"]);
    assert_eq!(keys("M05.reason/unmet-need"), ["LanguageNotAvailable"]);
    let services: Vec<&str> = of.enquiry.services.iter().map(|service| service.as_str()).collect();
    assert!(services.iter().all(|service| keys("M05.service/unmet-need").contains(service)));
}
