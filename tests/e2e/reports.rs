//! Reports that travel, by real processes: two agencies agree, send what they have released, and the co-ordinator adds both up. What
//! is counted and hidden is shown where a clock can be set; here it is the way that counts.

use safeconduct_tests::cast::CO_ORDINATOR;
use safeconduct_tests::reporting;
use safeconduct_tests::world::Stage;
use serde_json::Value;

/// Every count in a report or a sum: none is of somebody few.
fn shows_no_small_number(value: &Value) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                if let ("value" | "total" | "persons", Some(count)) = (name.as_str(), member.as_u64()) {
                    assert!(count == 0 || count >= 10, "{value}");
                }
                shows_no_small_number(member);
            }
        }
        Value::Array(members) => members.iter().for_each(shows_no_small_number),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn two_agencies_agree_and_their_reports_travel_and_are_added_up() {
    let (_world, [one, mut other], adds_up) = reporting::found().unwrap();
    let to = CO_ORDINATOR.id;

    assert_eq!(one.run(&["report", "agree", to]).unwrap().refusal().unwrap(), (Some(1), "not-confirmed".to_owned()));
    assert_eq!(
        one.run(&["report", "agree", other.agency.id, "--yes"]).unwrap().refusal().unwrap(),
        (Some(1), "no-co-ordinator".to_owned())
    );
    one.done(&["report", "agree", to, "--yes"]).unwrap();
    other.done(&["report", "agree", to, "--indicators", "M01,M16", "--yes"]).unwrap();
    assert_eq!(one.run(&["report", "send", "--yes"]).unwrap().refusal().unwrap(), (Some(1), "not-released".to_owned()));

    let mut messages = Vec::new();
    for node in [&one, &other] {
        let period = node.done(&["report", "release", "--yes"]).unwrap()["period"].clone();
        let sent = node.done(&["report", "send", "--yes"]).unwrap();
        assert_eq!((&sent["sent"][0]["period"], &sent["sent"][0]["agency"]), (&period, &to.into()));
        assert_eq!(node.done(&["report", "send", "--yes"]).unwrap()["before"][0], to, "once");
        messages.push((sent["sent"][0]["message_id"].as_str().unwrap().to_owned(), period));
    }
    for (node, (message, _)) in [&one, &other].iter().zip(&messages) {
        node.reaches(message, Stage::Delivered, 120).unwrap();
    }

    let period = messages[0].1.as_str().unwrap();
    let received = adds_up.done(&["report", "received", "--period", period]).unwrap();
    let lines = received["reports"].as_array().unwrap();
    assert_eq!(lines.len(), 2);
    assert!(lines.iter().all(|line| line["counts"] == true && line.get("aside").is_none()));
    let summed = adds_up.done(&["report", "national", "--period", period]).unwrap();
    assert_eq!((&summed["agencies"], &summed["country"]), (&2.into(), &"XA".into()));
    assert!(!summed.to_string().contains(one.agency.id), "the sum names nobody");
    shows_no_small_number(&summed);
    shows_no_small_number(&one.done(&["report", "show"]).unwrap());

    // A kill and a start later nothing goes a second time.
    other.kill().unwrap();
    other.start().unwrap();
    other.connected().unwrap();
    assert_eq!(other.done(&["report", "send", "--yes"]).unwrap()["sent"], Value::Array(Vec::new()));
    let travelling = other.done(&["report", "travelling"]).unwrap();
    assert_eq!(travelling["sent"].as_array().unwrap().len(), 1);
    assert_eq!(travelling["sent"][0]["state"], "delivered");
    other.done(&["report", "end", to]).unwrap();
    assert_eq!(other.run(&["report", "send", "--yes"]).unwrap().refusal().unwrap(), (Some(1), "not-agreed".to_owned()));
}
