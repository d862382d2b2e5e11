//! Listing, approving and rejecting requests.

use safeconduct_certs::{
    authority::{
        AdminError, Office,
        error::Exit,
        invite::{ByWord, Waiting},
    },
    utc,
};
use safeconduct_protocol::id::AgencyId;
use serde_json::{Value, json};

use super::{Desk, finish, tell, told};
use crate::output::{Answer, Refusal};

impl Desk<'_> {
    pub(super) fn requests(&self, offline: bool) -> Result<Answer, Refusal> {
        let mut office = self.open()?;
        let told = if offline { Ok(Vec::new()) } else { told(&mut office) };
        let answer = waiting(&office)?;
        finish(told, answer)
    }

    /// All or none up to the first that is refused: what was approved before it stands, and the refusal names it.
    pub(super) fn approve(&self, agencies: &[AgencyId], words: &[String], offline: bool) -> Result<Answer, Refusal> {
        if agencies.len() != words.len() {
            let fact = format!("there are {} agencies and {} times words", agencies.len(), words.len());
            return Err(Refusal::new(
                Exit::Usage,
                "usage",
                fact,
                "give --words once for each agency, in the same order",
            ));
        }
        let mut office = self.open()?;
        let mut answer = Answer { data: json!({}), text: String::new() };
        let mut approved = Vec::new();
        for (agency, words) in agencies.iter().zip(words) {
            self.fetch_for(&mut office, agency, offline)?;
            let (data, text) =
                approve_one(&mut office, agency, words).map_err(|error| Refusal::from(error).at(agency.as_str()))?;
            answer.data = data;
            approved.push(answer.data.clone());
            answer.text.push_str(&text);
        }
        if approved.len() > 1 {
            answer.data = json!({ "approved": approved });
        }
        tell(&mut office, offline, answer)
    }

    pub(super) fn reject(&self, agency: &AgencyId, reason: &str, offline: bool) -> Result<Answer, Refusal> {
        let mut office = self.open()?;
        self.fetch_for(&mut office, agency, offline)?;
        if !office.has_request(agency) && !office.has_change(agency) && office.withdraw_invitation(agency)? {
            let data = json!({"agency": agency.as_str()});
            let text = format!("the invitation of {agency}, which nobody had used, is taken back");
            return tell(&mut office, offline, Answer { data, text });
        }
        if office.has_request(agency) || !office.has_change(agency) {
            office.reject(agency, reason)?;
        } else {
            office.reject_change(agency)?;
        }
        let data = json!({"agency": agency.as_str()});
        tell(&mut office, offline, Answer { data, text: format!("the request of {agency} is rejected") })
    }

    /// Fetches requests when that of this agency is not here yet.
    #[expect(clippy::unused_self, reason = "beside its callers")]
    pub(super) fn fetch_for(&self, office: &mut Office, agency: &AgencyId, offline: bool) -> Result<(), Refusal> {
        if offline || office.has_request(agency) || office.has_change(agency) {
            return Ok(());
        }
        let told = told(office)?;
        let first_failure =
            told.into_iter().find_map(|told| told.outcome.err().map(|error| (told.relay.address, error)));
        match first_failure {
            Some((address, error)) if !office.has_request(agency) && !office.has_change(agency) => {
                Err(Refusal::from(error).at(&address))
            }
            _ => Ok(()),
        }
    }
}

/// What waits for this agency: its node's enrolment first, else a change that its node asks for.
fn approve_one(office: &mut Office, agency: &AgencyId, words: &str) -> Result<(Value, String), AdminError> {
    if !office.has_request(agency) {
        match office.approve_change(agency, words) {
            Err(AdminError::NoRequest | AdminError::AgencyUnknown) => {}
            other => {
                let (node, asked) = other?;
                let changes = asked.words();
                let text = format!(
                    "{agency} is changed ({}); its node is {}
",
                    changes.join(", "),
                    node.short()
                );
                return Ok((json!({"agency": agency.as_str(), "node": node.to_hex(), "changes": changes}), text));
            }
        }
    }
    let replaces = office.waiting()?.iter().any(|request| request.agency == *agency && request.replaces.is_some());
    let node = office.approve(agency, words)?;
    let from = office.registry().node(&node).and_then(|state| state.pending.as_ref()).map(|change| change.from);
    let text = match from {
        None if replaces => format!(
            "{agency} has its new machine; its node keeps the number {}
",
            node.short()
        ),
        None => format!(
            "{agency} is registered; its node is {}
",
            node.short()
        ),
        Some(from) => {
            format!(
                "{agency} gets a new node in the place of {}, in force from {}
",
                node.short(),
                utc::instant(from)
            )
        }
    };
    let data = json!({"agency": agency.as_str(), "node": node.to_hex(), "in_force_from": from.map(|from| from.0)});
    Ok((data, text))
}

fn waiting(office: &Office) -> Result<Answer, Refusal> {
    let waiting = office.waiting()?;
    let requests: Vec<Value> = waiting
        .iter()
        .map(|request| {
            json!({
                "agency": request.agency.as_str(),
                "invite": request.invite.to_hex(),
                "node": request.node.to_hex(),
                "words": request.words.as_words(),
                "replaces": request.replaces.map(|(node, _)| node.to_hex()),
                "by": request.replaces.map(|(_, by)| by_word(by)),
            })
        })
        .collect();
    let changes = office.changes_waiting()?;
    let asked: Vec<Value> = changes
        .iter()
        .map(|change| {
            json!({
                "agency": change.agency.as_str(),
                "node": change.node.to_hex(),
                "changes": change.asked.words(),
                "words": change.words.as_words(),
            })
        })
        .collect();
    let spoiled: Vec<&str> = office.spoiled().map(AgencyId::as_str).collect();
    let mut text: Vec<String> = waiting.iter().map(line).collect();
    text.extend(changes.iter().map(|change| {
        format!(
            "{}  node {}  asks to change its {}",
            change.agency,
            change.node.short(),
            change.asked.words().join(", ")
        )
    }));
    if text.is_empty() {
        text.push("no request waits".to_owned());
    } else {
        text.push(
            "Phone each agency's operator, whom you know, and let the eight words be read to you. Then:".to_owned(),
        );
        text.push("  safeconduct-admin approve AGENCY --words \"the eight words as you heard them\"".to_owned());
    }
    text.extend(
        spoiled.iter().map(|agency| format!("{agency}: somebody else used the invitation; phone, and invite again")),
    );
    Ok(Answer { data: json!({"requests": requests, "changes": asked, "spoiled": spoiled}), text: text.join("\n") })
}

const fn by_word(by: ByWord) -> &'static str {
    match by {
        ByWord::Paper => "paper",
        ByWord::AuthorityAlone => "authority-alone",
    }
}

fn line(request: &Waiting) -> String {
    let asks = match request.replaces {
        None => String::new(),
        Some((node, ByWord::Paper)) => format!("  in the place of node {}, whose paper says yes", node.short()),
        Some((node, ByWord::AuthorityAlone)) => {
            format!(
                "  in the place of node {}, by your word alone: in force after 72 hours, and shown to all",
                node.short()
            )
        }
    };
    format!("{}  node {}{asks}", request.agency, request.node.short())
}
