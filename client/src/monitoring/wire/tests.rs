use std::collections::BTreeSet;

use super::*;
use crate::monitoring::control::{Counts, Rules, control};

fn report() -> Report {
    let menu = tables::menu();
    let of = |id: &str| menu.iter().find(|table| table.id == id).unwrap().clone();
    let counts = |rows: &[(&str, u64)]| Counts {
        rows: rows.iter().map(|(key, count)| ((*key).to_owned(), *count)).collect(),
        total: rows.iter().map(|(_, count)| count).sum(),
    };
    let counted = [
        (of("M01.sent.kind"), counts(&[("Enquiry", 30), ("Referral", 120), ("Transfer", 3)])),
        (of("M01.received.urgency"), counts(&[("Normal", 40), ("Urgent", 60)])),
        (of("M04.opened/Normal"), counts(&[("in-time", 40)])),
    ];
    Report {
        agency: "xa.harbour-house".parse().unwrap(),
        country: "XA".to_owned(),
        period: Period::of("2026-Q3").unwrap(),
        profile: "XA@3".to_owned(),
        k: 10,
        base: 5,
        tables: control(&counted, &Rules::new(10, 5, [])),
        medians: vec![ShownMedian {
            id: "M03.opening.urgency".to_owned(),
            split: "urgency".to_owned(),
            rows: vec![("Normal".to_owned(), Some(7)), ("Urgent".to_owned(), None)],
        }],
        not_counted: vec!["M08".to_owned()],
        left_out: Vec::new(),
    }
}

fn text() -> String {
    String::from_utf8(write(&report())).unwrap()
}

#[test]
fn a_report_has_one_form() {
    let golden = concat!(
        r#"{"schema":"safeconduct.report/1","agency":"xa.harbour-house","country":"XA","period":"2026-Q3","profile":"XA@3","k":10,"#,
        r#""base":5,"tables":[{"id":"M01.sent.kind","split":"kind","rows":[{"key":"Enquiry","value":"hidden"},"#,
        r#"{"key":"Referral","value":120},{"key":"Transfer","value":"<k"}],"total":155},"#,
        r#"{"id":"M01.received.urgency","split":"urgency","rows":[{"key":"Normal","value":40},{"key":"Urgent","value":60}],"#,
        r#""total":100},{"id":"M04.opened/Normal","split":"answer","rows":[{"key":"in-time","value":40}],"total":40}],"#,
        r#""medians":[{"id":"M03.opening.urgency","split":"urgency","rows":[{"key":"Normal","hours":7},"#,
        r#"{"key":"Urgent","hours":"<k"}]}],"not_counted":["M08"]}"#,
    );
    assert_eq!(text(), golden);
    assert_eq!(read(golden.as_bytes()).unwrap(), report());
}

#[test]
fn what_a_report_may_not_say_is_refused() {
    let refused = |from: &str, to: &str| {
        let text = text();
        assert!(text.contains(from), "{from}");
        read(text.replacen(from, to, 1).as_bytes()).unwrap_err()
    };
    let uncontrolled = |id: &str| ReportRefused::Uncontrolled { table: id.to_owned() };

    assert_eq!(refused(r#""value":120"#, r#""value":121"#), uncontrolled("M01.sent.kind"));
    assert_eq!(refused(r#""value":120"#, r#""value":-5"#), uncontrolled("M01.sent.kind"));
    assert_eq!(refused(r#""total":155"#, r#""total":"hidden""#), uncontrolled("M01.sent.kind"));
    assert_eq!(refused(r#""total":155"#, r#""total":"<k""#), uncontrolled("M01.sent.kind"));
    assert_eq!(refused(r#""key":"Enquiry""#, r#""key":"Elena""#), uncontrolled("M01.sent.kind"));
    assert_eq!(refused(r#""key":"Enquiry""#, r#""key":"Transfer""#), uncontrolled("M01.sent.kind"));
    let hides_parent = r#"{"key":"Normal","value":"hidden"}"#;
    assert_eq!(refused(r#"{"key":"Normal","value":40}"#, hides_parent), uncontrolled("M04.opened/Normal"));
    assert_eq!(refused("M01.sent.kind", "M01.sent.name"), ReportRefused::Table { number: 1 });
    assert_eq!(refused("M01.received.urgency", "M01.sent.kind"), ReportRefused::Table { number: 2 });
    assert_eq!(refused(r#""k":10"#, r#""k":9"#), at("k and base"));
    assert_eq!(refused(r#""base":5"#, r#""base":4"#), at("k and base"));
    assert_eq!(refused("2026-Q3", "2026-07"), at("period"));
    assert_eq!(refused("report/1", "report/2"), at("schema"));
    assert_eq!(refused(r#""hours":7"#, r#""hours":"7""#), at("medians"));
    assert_eq!(refused(r#"["M08"]"#, r#"["Elena"]"#), at("not_counted"));
    assert_eq!(refused(r#","k":10"#, r#","note":"Elena","k":10"#), ReportRefused::Form);
    assert_eq!(refused(r#"{"schema""#, r#" {"schema""#), ReportRefused::Form);
    assert_eq!(refused("}", ""), ReportRefused::NotJson);
}

#[test]
fn outlandish_numbers_are_refused() {
    let with = |from: &str, to: String| read(text().replacen(from, &to, 1).as_bytes());
    let uncontrolled = Err(ReportRefused::Uncontrolled { table: "M01.sent.kind".to_owned() });

    assert!(with(r#""total":155"#, format!(r#""total":{PERSONS_MAX}"#)).is_ok());
    assert_eq!(with(r#""total":155"#, format!(r#""total":{}"#, PERSONS_MAX + 5)), uncontrolled);
    assert_eq!(with(r#""value":120"#, r#""value":165"#.to_owned()), uncontrolled, "more than all persons");
    assert_eq!(with(r#""value":120"#, r#""value":5"#.to_owned()), uncontrolled, "fewer than k");
    assert!(with(r#""value":120"#, r#""value":160"#.to_owned()).is_ok(), "rounding");
    assert!(with(r#""hours":7"#, format!(r#""hours":{HOURS_MAX}"#)).is_ok());
    assert_eq!(with(r#""hours":7"#, format!(r#""hours":{}"#, HOURS_MAX + 1)), Err(at("medians")));
    for (from, to) in [(r#""k":10"#, r#""k":1001"#), (r#""base":5"#, r#""base":1005"#)] {
        assert!(with(from, to.to_owned()).is_err(), "{to}");
    }
}

#[test]
fn what_is_left_out_is_named_in_the_order_of_the_menu_and_nothing_that_is_there() {
    let with = |ids: &str| read(text().replacen(r#"["M08"]"#, &format!(r#"["M08"],"left_out":[{ids}]"#), 1).as_bytes());

    let read = with(r#""M01.sent.urgency","M03.deciding.urgency""#).unwrap();

    assert_eq!(read.left_out, ["M01.sent.urgency", "M03.deciding.urgency"]);
    for wrong in [r#""M01.sent.kind""#, r#""M03.deciding.urgency","M01.sent.urgency""#, r#""Elena""#, ""] {
        assert!(with(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn a_report_is_bounded() {
    let padded = |bytes: usize| format!("{{{}}}", " ".repeat(bytes - 2)).into_bytes();

    assert_eq!(read(&padded(REPORT_BYTES_MAX)).unwrap_err(), at("schema"));
    assert_eq!(read(&padded(REPORT_BYTES_MAX + 1)).unwrap_err(), ReportRefused::TooLong);
}

#[test]
fn every_refusal_is_told_in_its_own_words() {
    let all = [
        ReportRefused::TooLong,
        ReportRefused::NotJson,
        at("k"),
        ReportRefused::Table { number: 1 },
        ReportRefused::Uncontrolled { table: "M01".to_owned() },
        ReportRefused::Form,
    ];
    let facts: BTreeSet<String> = all.iter().map(ToString::to_string).collect();
    assert!(facts.len() == all.len() && all.iter().all(|refused| !refused.remedy().is_empty()));
}

proptest::proptest! {
    #[test]
    fn whatever_is_read_is_written_the_same(at in 0_usize..900, byte in proptest::num::u8::ANY) {
        let mut bytes = write(&report());
        let at = at % bytes.len();
        bytes[at] = byte;
        if let Ok(read) = read(&bytes) {
            proptest::prop_assert_eq!(write(&read), bytes);
        }
    }
}
