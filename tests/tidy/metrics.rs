//! Every metric of the relay is one that operators are shown or warned of, and every one that they are shown exists.

use std::collections::BTreeSet;

use crate::tree::read;

const PREFIX: &str = "safeconduct_relay_";

/// Names that begin with the prefix, without what Prometheus adds to a histogram.
fn names(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, _) in text.match_indices(PREFIX) {
        let name: String =
            text[at..].chars().take_while(|c| c.is_ascii_lowercase() || *c == '_' || c.is_ascii_digit()).collect();
        let name = ["_bucket", "_sum", "_count"].into_iter().find_map(|end| name.strip_suffix(end)).unwrap_or(&name);
        found.insert(name.to_owned());
    }
    found
}

#[test]
fn dashboard_and_alerts_name_the_metrics_that_there_are() {
    let defined = names(&read("relay/src/metrics.rs"));
    let shown = names(&read("deploy/grafana.json"));
    let alerted = names(&read("deploy/alerts.yml"));

    let unknown: Vec<_> = shown.union(&alerted).filter(|name| !defined.contains(*name)).collect();
    assert!(unknown.is_empty(), "no such metric: {unknown:?}");
    let quiet: Vec<_> = defined.difference(&shown).filter(|name| !alerted.contains(*name)).collect();
    let allowed = [
        "safeconduct_relay_registry_leaves",
        "safeconduct_relay_digests_remembered",
        "safeconduct_relay_fullest_place_bytes",
    ];
    let missing: Vec<_> = quiet.into_iter().filter(|name| !allowed.contains(&name.as_str())).collect();
    assert!(missing.is_empty(), "on no dashboard and in no alert: {missing:?}");
}
