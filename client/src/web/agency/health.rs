//! What is well and what is not, as `doctor` finds it; how this node is set, and where that is changed.

use std::sync::Arc;

use askama::Template;
use axum::{Extension, Form, extract::State, response::Response};
use safeconduct_certs::web::fields::Fields;

use super::{
    super::{
        Page,
        notes::{self, Said},
        sheet::{Mark, Sheet, Trouble, Visit, shown, title, told},
    },
    Side, rights,
};
use crate::{
    api::shapes::{Finding, FindingState},
    config::{CONFIG_FILE, Config, RelayAddress},
    daemon::{Names, Node},
    note::Note,
};

const HERE: &str = "/agency/health";

#[derive(Template)]
#[template(path = "web/agency-health.html")]
struct Health {
    s: Sheet,
    side: Side,
    /// What somebody should look at, the worst first.
    open: Vec<Finding>,
    well: Vec<Finding>,
    names: Names,
    settings: Vec<Setting>,
    file: String,
    version: &'static str,
    lock: Mark,
}

title! { Health "agency-health" }

/// A key of the configuration as this node runs with it.
struct Setting {
    key: &'static str,
    /// What it is; none where the node chooses.
    value: Option<String>,
    /// What it means: a text of the catalogue.
    means: &'static str,
}

impl Health {
    fn is_bad(&self, finding: &Finding) -> bool {
        finding.state == FindingState::Fail
    }

    /// What was found and what to do, in the reader's language.
    fn said(&self, finding: &Finding) -> Vec<Said> {
        finding.notes.iter().map(|note| notes::said(self.s.words, note, &self.names)).collect()
    }
}

/// Every key, in the order of the configuration's own list.
fn settings(config: &Config) -> Vec<Setting> {
    let of = |key, value: String, means| Setting { key, value: Some(value), means };
    vec![
        Setting {
            key: "relay",
            value: config.relay.as_ref().map(RelayAddress::as_str).map(str::to_owned),
            means: "setting-relay",
        },
        of("receipt_delay_max_s", config.receipt_delay_max_s.to_string(), "setting-receipt-delay"),
        of("settle_tick_ms", config.settle_tick_ms.to_string(), "setting-settle-tick"),
        of("cover", config.cover.to_string(), "setting-cover"),
        of("auto_lock_minutes", config.auto_lock_minutes.to_string(), "setting-auto-lock"),
        of("api_port", config.api_port.to_string(), "setting-api-port"),
        Setting { key: "page_port", value: config.page_port.map(|port| port.to_string()), means: "setting-page-port" },
        of("page_lock_minutes", config.page_lock_minutes.to_string(), "setting-page-lock"),
        of("log", config.log.clone(), "setting-log"),
    ]
}

/// How the node is, and how it is set.
pub(in super::super) async fn show(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
) -> Result<Response, Trouble> {
    let by = visit.by();
    let look = move |node: &mut Node| {
        let file = std::path::absolute(node.data().join(CONFIG_FILE)).unwrap_or_default();
        Ok((rights(node, by.as_deref())?, settings(node.settings()), file.display().to_string()))
    };
    let (rights, settings, file) = page.work(&visit, look).await?;
    let found = page.handle.doctor().await.map_err(|error| told(&visit, error))?.findings;
    let (well, mut open): (Vec<Finding>, Vec<Finding>) =
        found.into_iter().partition(|finding| finding.state == FindingState::Ok);
    open.sort_by_key(|finding| finding.state != FindingState::Fail);
    let named: Vec<String> = open.iter().flat_map(|finding| finding.notes.iter().flat_map(Note::agencies)).collect();
    let language = visit.words.record_code;
    let names = page.work(&visit, move |node| node.names_of(named.iter().map(String::as_str), language)).await?;
    let (s, side) = page.side(&visit, rights, HERE).await?;
    let lock = page.mark(&visit, "lock")?;
    shown(&Health { s, side, open, well, names, settings, file, version: env!("CARGO_PKG_VERSION"), lock })
}

/// Locks reading at once, for everybody on this machine; the node goes on receiving.
pub(in super::super) async fn lock(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    page.number(&visit, &fields, "lock")?;
    // Locked it is in any case. What comes next says so, and how it is opened.
    page.handle.lock_reading().await.ok();
    Ok(Page::to(&visit, "/"))
}

#[cfg(test)]
mod tests {
    use super::{super::super::words::languages, *};
    use crate::{config::KEYS, renewal::Stand};

    #[test]
    fn every_key_of_the_configuration_is_shown_with_what_it_means() {
        let all = settings(&Config::default());
        assert_eq!(all.iter().map(|setting| setting.key).collect::<Vec<_>>(), KEYS);
        assert!(all.iter().all(|setting| languages().english().has(setting.means)));
    }

    #[test]
    fn every_check_and_every_stand_of_a_change_has_words_in_every_language() {
        let data = tempfile::tempdir().unwrap();
        std::fs::write(data.path().join(CONFIG_FILE), "bogus = 1\n").unwrap();
        let found =
            crate::doctor::locked(data.path(), &crate::error::Told::not_ready("x", "locked", "unlock")).findings;
        assert!(found.len() > 12);
        let checks = found.iter().map(|finding| format!("check-{}", finding.name));
        let stands = [Stand::Made, Stand::Waiting, Stand::Done, Stand::Refused, Stand::Rejected];
        let keys: Vec<String> = checks.chain(stands.map(|stand| format!("change-{}", stand.as_str()))).collect();
        for words in languages().all() {
            assert!(keys.iter().all(|key| words.say(key) != *key), "{}", words.code);
        }
    }
}
