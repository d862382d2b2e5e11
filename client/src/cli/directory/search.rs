//! `directory search`.

use super::{
    super::{
        output::{Words, plain},
        words,
    },
    key_changes,
};
use crate::api::found::{Found, Hit, SearchFor};

const ORDER: &str = "Order: who says fewer of the things asked for goes behind (who says the contrary is no hit; another \
    language than asked for goes last), then who is open now comes first, then who has no mark (!), then by id. The search \
    runs on this node's own copy of the directory: neither the relay nor anybody else learns of it.";

#[derive(clap::Args)]
#[command(after_help = ORDER)]
pub(super) struct Args {
    /// A service that is needed, as referrals call it; may be repeated, as all options with a value.
    #[arg(long = "service", value_name = "SERVICE")]
    services: Vec<String>,
    /// A language that the person speaks: three letters, as ron.
    #[arg(long = "language", value_name = "LANG")]
    languages: Vec<String>,
    /// A country in which the agency works: two letters, as RO.
    #[arg(long = "country", value_name = "COUNTRY")]
    countries: Vec<String>,
    /// child, adult, an age band, or an age in years.
    #[arg(long = "age", value_name = "AGE")]
    ages: Vec<String>,
    /// A gender that the agency takes.
    #[arg(long = "gender", value_name = "GENDER")]
    genders: Vec<String>,
    /// What the agency is in its national referral mechanism.
    #[arg(long = "role", value_name = "ROLE")]
    roles: Vec<String>,
    /// What the agency may decide or is trained for.
    #[arg(long = "competency", value_name = "COMPETENCY")]
    competencies: Vec<String>,
    /// Words of a name or a place, in any script, with or without accents.
    #[arg(long = "name", value_name = "TEXT")]
    text: Option<String>,
    /// Only who is open at this moment, or does not say.
    #[arg(long)]
    open_now: bool,
    /// How many hits are shown.
    #[arg(long, value_name = "COUNT")]
    limit: Option<usize>,
}

impl Args {
    pub(super) fn wanted(self) -> SearchFor {
        SearchFor {
            services: self.services,
            languages: self.languages,
            countries: self.countries,
            ages: self.ages,
            genders: self.genders,
            roles: self.roles,
            competencies: self.competencies,
            text: self.text,
            open_now: self.open_now,
            limit: self.limit,
        }
    }
}

impl Words for Found {
    fn words(&self) -> String {
        let mut text = if self.hits.is_empty() {
            format!("no agency of {} fits\n  → ask for less, for example without --age or --open-now", self.looked_at)
        } else {
            self.hits.iter().map(hit).collect::<Vec<_>>().join("\n")
        };
        if self.total > self.hits.len() && !self.hits.is_empty() {
            text.push_str(&format!("\n\n{} of {} are shown; --limit shows more", self.hits.len(), self.total));
        }
        if self.freshness != "fresh" {
            let since =
                self.confirmed_at.map_or_else(|| "never".to_owned(), |at| format!("last at {}", words::time(at)));
            text.push_str(&format!("\n\n(!) this copy of the directory is {}: confirmed {since}", self.freshness));
        }
        text
    }
}

/// Who it is, and under it one line that says why.
fn hit(hit: &Hit) -> String {
    let name = hit.names.get("eng").or_else(|| hit.names.values().next()).map(|name| plain(name)).unwrap_or_default();
    let phone = match (&hit.phone_always, &hit.phone) {
        (Some(number), _) => format!("  24/7 {number}"),
        (None, Some(number)) => format!("  {number}"),
        (None, None) => String::new(),
    };
    let mut why: Vec<String> = hit.holds.iter().map(|what| plain(what)).collect();
    why.extend(hit.lacks.iter().map(|what| plain(what)));
    if !hit.not_said.is_empty() {
        why.push(format!("not said whether it {}", plain(&hit.not_said.join(", ")).replace(", ", " or ")));
    }
    why.extend(match hit.open.as_str() {
        "always" => Some("open 24/7".to_owned()),
        "now" => Some("open now".to_owned()),
        "closed" => Some("closed now".to_owned()),
        _ => None,
    });
    why.extend(hit.quiet_since_at.map(|at| format!("(!) its node was not online since {}", words::time(at))));
    if why.is_empty() {
        why.push("nothing was asked for".to_owned());
    }
    let head = format!("{}  {name}  {}{phone}\n    {}", plain(&hit.agency_id), hit.country, why.join("; "));
    head + &key_changes(&hit.agency_id, hit.authority_override, hit.override_pending_at).replace("\n\n(!)", "\n    (!)")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn found() -> Found {
        let hit = Hit {
            agency_id: "ro.port".to_owned(),
            names: BTreeMap::from([("eng".to_owned(), "Harbour House".to_owned())]),
            country: "RO".to_owned(),
            holds: vec!["offers EmergencyShelter".to_owned(), "in RO".to_owned()],
            not_said: vec!["takes child".to_owned(), "speaks ron".to_owned()],
            lacks: Vec::new(),
            open: "always".to_owned(),
            phone_always: Some("+40215550100".to_owned()),
            phone: None,
            quiet_since_at: Some(1_780_276_364),
            authority_override: true,
            override_pending_at: None,
        };
        Found { hits: vec![hit], total: 3, looked_at: 9, freshness: "fresh".to_owned(), confirmed_at: None }
    }

    #[test]
    fn a_hit_says_in_one_line_why_it_is_one_and_what_to_beware_of() {
        let text = found().words();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "ro.port  Harbour House  RO  24/7 +40215550100");
        assert_eq!(
            lines[1],
            "    offers EmergencyShelter; in RO; not said whether it takes child or speaks ron; open 24/7; \
             (!) its node was not online since 2026-06-01 01:12:44 UTC"
        );
        assert!(lines[2].starts_with("    (!) ro.port: its keys were set by the authority alone"), "{text}");
        assert!(text.contains("1 of 3 are shown"), "{text}");
    }

    #[test]
    fn an_old_copy_and_an_empty_answer_say_so() {
        let none =
            Found { hits: Vec::new(), total: 0, freshness: "stale".to_owned(), confirmed_at: Some(0), ..found() };
        let text = none.words();
        assert!(text.contains("no agency of 9 fits") && text.contains("stale: confirmed last at 1970"), "{text}");
    }
}
