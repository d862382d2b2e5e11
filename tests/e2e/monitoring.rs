//! Reports and the exchange with other case management, by real processes: computed, released, given, added up, drawn; written and
//! read.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a step that fails is a test that fails")]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use safeconduct_tests::cast;
use safeconduct_tests::reporting;
use safeconduct_tests::world::{Node, Plan, Stage, World};

/// A world with two agencies of one country, whose daemons run.
fn setting() -> (World, Node, Node) {
    let world = World::found(Plan::default()).unwrap();
    let sample = cast::sample("01").unwrap();
    let agencies = [cast::by_id(sample.from()).unwrap(), cast::by_id(sample.to()).unwrap()];
    let mut nodes = world.enrol_all(&agencies).unwrap();
    let (to, from) = (nodes.pop().unwrap(), nodes.pop().unwrap());
    from.connected().unwrap();
    to.connected().unwrap();
    (world, from, to)
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn is_private(path: &Path) -> bool {
    fs::metadata(path).unwrap().permissions().mode() & 0o777 == 0o600
}

#[test]
fn a_period_is_released_by_a_person_given_and_added_up_without_a_name() {
    let (world, [one, other], adds_up) = reporting::found().unwrap();
    let file = |name: &str| -> PathBuf { world.files().join(name) };
    let (first, second, csv, page) = (file("one.json"), file("two.json"), file("sum.csv"), file("page.html"));

    assert_eq!(
        one.run(&["report", "release", "--out", &text(&first)]).unwrap().refusal().unwrap(),
        (Some(1), "not-confirmed".to_owned())
    );
    assert!(!first.exists(), "nobody has said yes");
    let released = one.done(&["report", "release", "--out", &text(&first), "--yes"]).unwrap();
    other.done(&["report", "release", "--out", &text(&second), "--yes"]).unwrap();

    let period = released["period"].as_str().unwrap();
    assert!(is_private(&first));
    let given: serde_json::Value = serde_json::from_slice(&fs::read(&first).unwrap()).unwrap();
    assert_eq!((&given, given["agency"].as_str().unwrap()), (&released["report"], one.agency.id));
    assert_eq!(one.done(&["report", "show"]).unwrap()["report"], given);
    assert_eq!(
        one.run(&["report", "release", period, "--yes"]).unwrap().refusal().unwrap(),
        (Some(1), "period-released".to_owned())
    );
    assert_eq!(one.done(&["report", "schedule"]).unwrap()["released"][0]["period"], period);

    assert_eq!(
        one.run(&["report", "national", &text(&first)]).unwrap().refusal().unwrap(),
        (Some(1), "no-co-ordinator".to_owned())
    );
    let summed = adds_up.done(&["report", "national", &text(&first), &text(&second), "--csv", &text(&csv)]).unwrap();
    assert_eq!((&summed["agencies"], &summed["period"]), (&2.into(), &period.into()));
    for said in [summed.to_string(), fs::read_to_string(&csv).unwrap()] {
        assert!(!said.contains(one.agency.id) && !said.contains(other.agency.id));
    }
    one.done(&["report", "chart", "--file", &text(&first), "--out", &text(&page)]).unwrap();
    let drawn = fs::read_to_string(&page).unwrap();
    assert!(drawn.contains("<h1>") && !drawn.contains("<script") && is_private(&page));

    let mut forged = fs::read_to_string(&second).unwrap();
    forged = forged.replacen("\"k\":10", "\"k\":9", 1);
    fs::write(&second, forged).unwrap();
    let refused = adds_up.run(&["report", "national", &text(&second)]).unwrap().refusal().unwrap();
    assert_eq!(refused, (Some(1), "report-malformed".to_owned()));
}

#[test]
fn what_is_exported_is_private_and_what_has_a_fault_is_not_imported() {
    let (world, one, _other) = setting();
    let file = |name: &str| -> PathBuf { world.files().join(name) };
    let (out, faulty, folder) = (file("cases.csv"), file("faulty.csv"), file("cases"));

    assert_eq!(
        one.run(&["export", "csv", "--out", &text(&out)]).unwrap().refusal().unwrap(),
        (Some(1), "not-confirmed".to_owned())
    );
    assert!(!out.exists());
    let exported = one.done(&["export", "csv", "--out", &text(&out), "--yes"]).unwrap();
    let lines = fs::read_to_string(&out).unwrap().lines().count() as u64;
    assert!(is_private(&out) && lines > exported["rows"].as_u64().unwrap());

    let rows = "prs_Gender,sc_services\nFeminine,Shelter\nMasculine,Sheltre\n";
    fs::write(&faulty, rows).unwrap();
    let answer = one.run(&["import", "csv", &text(&faulty), "--out", &text(&folder)]).unwrap();
    let error = answer.error().unwrap();
    assert_eq!((answer.code, &error["code"]), (Some(1), &"import-faults".into()));
    assert_eq!(error["findings"][0]["pointer"], "line 3, column sc_services");
    assert!(!folder.exists());

    fs::write(&faulty, rows.replace("Sheltre", "Shelter")).unwrap();
    let imported = one.done(&["import", "csv", &text(&faulty), "--out", &text(&folder)]).unwrap();
    assert_eq!(imported["referrals"].as_array().unwrap().len(), 2);
    assert!(is_private(&folder.join("line-00003.json")));
}

/// The quarter after `2026-Q3`.
fn next(period: &str) -> String {
    let (year, quarter) = period.split_once("-Q").unwrap();
    let (year, quarter): (u16, u8) = (year.parse().unwrap(), quarter.parse().unwrap());
    if quarter == 4 { format!("{}-Q1", year + 1) } else { format!("{year}-Q{}", quarter + 1) }
}

/// The total of a table of this quarter's report, as it stands now.
fn total(node: &Node, period: &str, table: &str) -> serde_json::Value {
    let computed = node.done(&["report", "compute", period]).unwrap();
    assert_eq!(computed["open"], true);
    let tables = computed["report"]["tables"].as_array().unwrap();
    tables.iter().find(|shown| shown["id"] == table).unwrap()["total"].clone()
}

#[test]
fn one_person_is_counted_on_both_sides_and_told_by_neither_and_comes_back_from_the_export() {
    let (world, from, to) = setting();
    let ended = from.done(&["report", "compute"]).unwrap()["period"].as_str().unwrap().to_owned();
    let now = next(&ended);
    assert_eq!(total(&from, &now, "M01.sent.kind"), 0);

    let sample = cast::sample("01").unwrap();
    let message = from.send(&sample.write_into(&world.files()).unwrap(), to.agency.id).unwrap();
    from.reaches(&message, Stage::Delivered, 120).unwrap();

    assert_eq!(total(&from, &now, "M01.sent.kind"), "<k");
    assert_eq!(total(&to, &now, "M01.received.kind"), "<k");
    let (out, folder) = (world.files().join("sent.csv"), world.files().join("sent"));
    let exported = from.done(&["export", "csv", "--out", &text(&out), "--yes"]).unwrap();
    assert_eq!((&exported["rows"], &exported["left_out"]), (&1.into(), &0.into()));
    let imported = from.done(&["import", "csv", &text(&out), "--out", &text(&folder)]).unwrap();
    assert_eq!(imported["referrals"][0]["whole"], true);
    let back: serde_json::Value = serde_json::from_slice(&fs::read(folder.join("line-00002.json")).unwrap()).unwrap();
    assert_eq!(back["header"]["referral_id"], sample.referral_id());

    // Nobody there has opened it: an export would be a first look that the sender never hears of.
    let theirs = world.files().join("received.csv");
    let exported = to.done(&["export", "csv", "--out", &text(&theirs), "--yes"]).unwrap();
    assert_eq!((&exported["rows"], &exported["left_out"]), (&0.into(), &1.into()));
}
