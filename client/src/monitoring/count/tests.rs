use super::*;
use crate::monitoring::{
    control::{Cell, Rules},
    release::{Giver, Report},
    sample::{Line, Sample, attack, period},
    wire,
};
use crate::referral::{
    codes::{Exploitation, Gender, Kind, Role, Urgency},
    text::ProfileRef,
};

fn own() -> Country {
    Country::of("XA").unwrap()
}

fn counted(sample: &Sample, period: Period) -> Counted {
    count(&sample.db, period, &own(), period.end()).unwrap()
}

fn rows(counted: &Counted, id: &str) -> Vec<(String, u64)> {
    let (_, counts) = counted.tables.iter().find(|(table, _)| table.id == id).unwrap();
    counts.rows.iter().map(|(key, count)| (key.clone(), *count)).collect()
}

fn row(key: &str, count: u64) -> (String, u64) {
    (key.to_owned(), count)
}

fn report(counted: &Counted, period: Period) -> Report {
    let giver =
        Giver { agency: "xa.harbour-house".parse().unwrap(), country: own(), profile: ProfileRef::of("XA@3").unwrap() };
    Report::of(&giver, period, &counted.tables, &counted.spans, &rules())
}

fn rules() -> Rules {
    Rules::new(10, 5, tables::SENSITIVE_ZERO.iter().map(|cell| (*cell).to_owned()))
}

fn number<T: PartialEq>(all: &[T], one: T) -> i64 {
    i64::try_from(all.iter().position(|of| *of == one).unwrap()).unwrap()
}

#[test]
fn persons_are_counted_by_the_codes_of_their_columns() {
    let mut sample = Sample::new();
    let line = Line::received()
        .with("kind", number(Kind::ALL, Kind::Transfer))
        .with("urgency", number(Urgency::ALL, Urgency::Emergency))
        .with("role_from", number(Role::ALL, Role::Police))
        .with("gender", number(Gender::ALL, Gender::Feminine))
        .with("exploitation", 1 << number(Exploitation::ALL, Exploitation::Servitude))
        .text("country_from", "XC")
        .text("citizenship", "NG");
    sample.add(&Line { persons: 3, ..line.clone() });
    sample.add(&Line { persons: 2, ..line.with("is_child", 1) });

    let counted = counted(&sample, period());

    assert_eq!(rows(&counted, "M01.received.kind"), [row("Transfer", 5)]);
    assert_eq!(rows(&counted, "M01.received.urgency"), [row("Emergency", 5)]);
    assert_eq!(rows(&counted, "M01.received.role"), [row("Police", 5)]);
    assert_eq!(rows(&counted, "M01.received.border"), [row("across", 5)]);
    assert_eq!(rows(&counted, "M11.exploitation"), [row("Servitude", 5)]);
    assert_eq!(rows(&counted, "M11.gender/Servitude"), [row("Feminine", 5)]);
    assert_eq!(rows(&counted, "M11.age/Servitude"), [row("adult", 3), row("child", 2)]);
    assert_eq!(rows(&counted, "M15.citizenship"), [row("Africa", 5)]);
    assert!(rows(&counted, "M01.sent.kind").is_empty());
}

#[test]
fn a_row_belongs_to_the_period_of_its_time_to_the_second() {
    let mut sample = Sample::new();
    let (begin, end) = (period().begin().0, period().end().0);
    for at in [begin - 1, begin, end - 1, end] {
        sample.add(&Line { first_at: at, ..Line::received() });
    }

    assert_eq!(rows(&counted(&sample, period()), "M01.received.kind"), [row("Referral", 2)]);
}

#[test]
fn what_was_declined_is_told_by_reason_also_after_it_was_erased() {
    let mut sample = Sample::new();
    let declined = Line { state: "declined", ..Line::received() }.at("decided_at", 60).at("ended_at", 60);
    sample.add_many(2, &declined.clone().with("why", 1).text("region", "XA-04"));
    let risk = declined.with("why", 7);
    sample.add(&Line { state: "erased", ..risk.clone() });
    sample.add(&risk);

    let counted = counted(&sample, period());

    assert_eq!(rows(&counted, "M05.need"), [row("other-reason", 2), row("unmet-need", 2)]);
    assert_eq!(rows(&counted, "M05.reason/unmet-need"), [row("NoCapacity", 2)]);
    assert_eq!(rows(&counted, "M05.reason/other-reason"), [row("SecurityRiskForPerson", 2)]);
    assert_eq!(rows(&counted, "M05.region/unmet-need"), [row("XA-04", 2)]);
    assert_eq!(rows(&counted, "M05.countries/unmet-need"), [row("XA>XA", 2)]);
}

#[test]
fn outcomes_are_told_also_after_erasure_and_by_service_where_nobody_was_reached() {
    let mut sample = Sample::new();
    sample.add(&Line { state: "accepted", ..Line::received() });
    sample.add(&Line { state: "erased", ..Line::received() }.at("ended_at", 9).with("why", 256 + 4));

    assert_eq!(rows(&counted(&sample, period()), "M06.outcome"), [row("PersonNotReached", 1)]);
    assert_eq!(rows(&counted(&sample, period()), "M06.service/PersonNotReached"), [row("EmergencyShelter", 1)]);
}

#[test]
fn silence_and_lateness_are_counted_by_urgency() {
    let mut sample = Sample::new();
    let due = Line::received().at("acknowledge_by", 3_600);
    // The clock stops when somebody looks, and the time by which they should have is still known.
    sample.add(&due.clone().at("opened_at", 3_600));
    sample.db.execute("UPDATE referral SET acknowledge_by = NULL", []).unwrap();
    sample.add_many(2, &due.clone().at("opened_at", 3_601));
    sample.add_many(3, &due.clone().text("state", "expired").at("ended_at", 9_999));
    sample.add_many(4, &due.text("state", "withdrawn").with("why", 512 + 1).at("ended_at", 9));
    let sent = Line { side: 1, ..Line::received() };
    sample.add(&sent.clone().at("opened_at", 5).at("decided_at", 9));
    sample.add_many(2, &sent.clone().text("state", "expired").at("ended_at", 9_999));
    // Escalated: nobody looked, which is silence and no withdrawal.
    sample.add(&sent.clone().text("state", "withdrawn").with("why", 512 + 4).at("ended_at", 9));
    sample.add(&sent.clone().text("state", "withdrawn").with("why", 512 + 1).at("ended_at", 9));
    sample.add(&Line { state: "queued", ..sent });

    let counted = counted(&sample, period());

    let opened = [row("in-time", 1), row("late", 2), row("no-answer", 3), row("taken-back", 4)];
    assert_eq!(rows(&counted, "M04.opened/Normal"), opened);
    assert_eq!(rows(&counted, "M16.answer/Normal"), [row("answered", 1), row("no-answer", 3), row("taken-back", 1)]);
    assert_eq!(rows(&counted, "M07.withdrawn"), [row("Escalated", 1), row("Person", 1)]);
    assert_eq!(rows(&counted, "M04.escalated/Escalated"), [row("Normal", 1)]);
}

#[test]
fn what_still_waits_at_the_end_of_the_period_is_not_called_silence() {
    let mut sample = Sample::new();
    let last_day = period().end().0 - 86_400;
    sample.add(&Line { first_at: last_day, ..Line::received() });

    assert_eq!(rows(&counted(&sample, period()), "M04.opened/Normal"), [row("waiting", 1)]);
    let later = Timestamp(last_day + 14 * 86_400);
    let later = count(&sample.db, period(), &own(), later).unwrap();
    assert_eq!(rows(&later, "M04.opened/Normal"), [row("no-answer", 1)]);
}

#[test]
fn erasure_is_late_a_day_after_its_time_and_what_must_be_kept_is_not_late() {
    let mut sample = Sample::new();
    let due = Line::received().at("erase_on", 9_000);
    sample.add(&due.clone().at("erased_at", 9_000 + 86_400));
    sample.add(&due.clone().at("erased_at", 9_000 + 86_401));
    sample.db.execute("UPDATE referral SET erase_on = NULL", []).unwrap();
    sample.add(&due.clone());
    sample.add(&due.text("hold", "court order"));
    let taken_back = Line::received().at("ended_at", 0).with("why", 512 + 1).text("state", "withdrawn");
    sample.add(&taken_back.clone().at("erased_at", 72 * 3_600));
    sample.add(&taken_back.at("erased_at", 72 * 3_600 + 1));

    let counted = counted(&sample, period());

    assert_eq!(rows(&counted, "M13.erasure"), [row("in-time", 1), row("late", 2)]);
    assert_eq!(rows(&counted, "M13.recalled"), [row("in-time", 1), row("late", 1)]);
}

#[test]
fn medians_are_those_of_the_middle() {
    let mut sample = Sample::new();
    for took in [3_600, 7_200, 36_000, 40_000] {
        sample.add(&Line::received().at("delivered_at", 100).at("opened_at", 100 + took));
    }
    sample.add(&Line::received().with("urgency", 0).at("delivered_at", 100).at("opened_at", 50));

    let counted = counted(&sample, period());

    let opening = &counted.spans[0];
    assert_eq!(opening.median.id, "M03.opening.urgency");
    assert_eq!(opening.rows, [("Immediate".to_owned(), 1, 0), ("Normal".to_owned(), 4, 21_600)]);
}

#[test]
fn the_middle_of_many_is_found_by_their_places() {
    let middle_of = |values: &[u64]| {
        let mut many = BTreeMap::new();
        values.iter().for_each(|value| *many.entry(*value).or_default() += 1);
        middle(&many)
    };

    assert_eq!(middle_of(&[]), (0, 0));
    assert_eq!(middle_of(&[7]), (1, 7));
    assert_eq!(middle_of(&[1, 1, 9]), (3, 1));
    assert_eq!(middle_of(&[1, 5, 9, 9]), (4, 7));
    assert_eq!(middle_of(&[1, 1, 1, 9, 9]), (5, 1));
}

#[test]
fn exercises_change_nothing() {
    let mut sample = Sample::new();
    year(&mut sample, 7, 400);
    let before: Vec<Counted> = quarters().iter().map(|quarter| counted(&sample, *quarter)).collect();

    sample.db.execute("UPDATE referral SET exercise = 0", []).unwrap();
    let mut copies = Sample::new();
    year(&mut copies, 11, 400);
    copies.db.execute("UPDATE referral SET exercise = 1", []).unwrap();
    year(&mut copies, 7, 400);

    for (quarter, before) in quarters().iter().zip(before) {
        assert_eq!(counted(&copies, *quarter), before, "{quarter}");
    }
}

#[test]
fn no_question_reads_the_whole_table() {
    let sample = Sample::new();
    let menu = tables::menu();
    let spans = [Span::Opening, Span::Deciding, Span::Serving].map(|span| span_question(span, &["urgency", "justice"]));
    let questions: Vec<String> = families(&menu).iter().map(question).chain(spans).collect();
    assert!(questions.len() > 15);
    for question in questions {
        let mut plan = sample.db.prepare(&format!("EXPLAIN QUERY PLAN {question}")).unwrap();
        let values = vec![0_i64; plan.parameter_count()];
        let steps = plan.query_map(rusqlite::params_from_iter(values), |row| row.get::<_, String>(3)).unwrap();
        let steps: Vec<String> = steps.map(Result::unwrap).collect();
        assert!(steps.iter().any(|step| step.starts_with("SEARCH referral USING INDEX")), "{question}: {steps:?}");
        assert!(!steps.iter().any(|step| step.starts_with("SCAN referral")), "{question}: {steps:?}");
    }
}

#[test]
fn nothing_that_a_year_of_releases_hides_can_be_narrowed_from_all_of_them_together() {
    let menu = tables::menu();
    let (mut shown, mut hidden) = (0, 0);
    for (seed, referrals) in [(1, 60), (2, 300), (3, 1_200), (4, 3_000)] {
        let mut sample = Sample::new();
        year(&mut sample, seed, referrals);
        for quarter in quarters() {
            let report = report(&counted(&sample, quarter), quarter);
            // Each referral is in each population once in all quarters, so that quarters share no cell: each is attacked by itself.
            let narrowed = attack(&menu, &report.tables, 10, 5, tables::SENSITIVE_ZERO);
            assert_eq!(narrowed, Vec::<String>::new(), "seed {seed}, {quarter}");
            let cells = report.tables.iter().flat_map(|table| &table.rows);
            shown += cells.clone().filter(|(_, cell)| matches!(cell, Cell::Count(_))).count();
            hidden += cells.filter(|(_, cell)| !matches!(cell, Cell::Count(_))).count();
            assert_eq!(wire::read(&wire::write(&report)).unwrap(), report);
        }
    }
    assert!(shown > 500 && hidden > 200, "{shown} shown, {hidden} hidden: the attack had something to try");
}

#[test]
fn two_releases_of_neighbouring_periods_count_nobody_twice() {
    let mut sample = Sample::new();
    year(&mut sample, 5, 500);
    let whole: u64 = sample
        .db
        .query_row("SELECT SUM(persons) FROM referral WHERE side = 2 AND exercise = 0", [], |row| row.get::<_, i64>(0))
        .map(|sum| u64::try_from(sum).unwrap())
        .unwrap();

    let sum: u64 = quarters()
        .iter()
        .flat_map(|quarter| rows(&counted(&sample, *quarter), "M01.received.kind"))
        .map(|(_, count)| count)
        .sum();

    assert_eq!(
        sum, whole,
        "what the one has more than the other is what came in it, and not the difference of two views"
    );
}

fn quarters() -> Vec<Period> {
    ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"].map(|text| Period::of(text).unwrap()).to_vec()
}

/// Referrals of a year, most of them alike and some rare, as they are in life.
fn year(sample: &mut Sample, seed: u64, referrals: usize) {
    let mut state = seed;
    let mut chance = move |below: u64| {
        // SplitMix64.
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        i64::try_from((mixed ^ (mixed >> 31)) % below).unwrap()
    };
    let begin = quarters()[0].begin().0;
    for _ in 0..referrals {
        // Two draws, the smaller one: the first codes of a list are the usual ones.
        let mut usual = |below: u64| chance(below).min(chance(below)).min(chance(below));
        let (kind, urgency, role, gender, child, bits) = (usual(4), usual(4), usual(24), usual(6), usual(2), usual(12));
        let (service, control, reason, outcome, country) = (usual(36), usual(18), usual(14), usual(10), usual(4));
        let first_at = begin + u64::try_from(chance(365 * 86_400)).unwrap();
        let after = |seconds: i64| i64::try_from(first_at).unwrap() + seconds;
        let mut line = Line { first_at, side: 1 + chance(2), persons: 1 + chance(40) / 37, ..Line::received() }
            .with("kind", kind)
            .with("urgency", urgency)
            .with("role_from", role)
            .with("role_to", (role + 3) % 24)
            .with("gender", gender)
            .with("is_child", child)
            .with("exploitation", (1 << bits) | if chance(8) == 0 { 1 } else { 0 })
            .with("services", (1 << service) | 2)
            .with("control", (1 << control) | 8)
            .with("purposes", if chance(4) == 0 { 1 << 9 } else { 1 })
            .with("acknowledge_by", after(86_400))
            .with("delivered_at", after(60))
            .text("country_from", ["XA", "XC", "XB", "XD"][usize::try_from(country).unwrap()])
            .text("citizenship", ["XA", "NG", "VN", "RO"][usize::try_from(country).unwrap()]);
        if chance(10) > 0 {
            line = line.with("opened_at", after(60 + chance(200_000)));
            if chance(4) == 0 {
                line = line.with("why", reason + 1).with("decided_at", after(300_000)).with("ended_at", after(300_000));
                line = line.text("state", "declined");
            } else {
                line = line.with("decided_at", after(300_000)).with("service_at", after(400_000));
                line = line.with("ended_at", after(2_000_000)).with("why", 257 + outcome).text("state", "closed");
            }
        }
        sample.add(&Line { exercise: chance(20) == 0, ..line });
    }
}
