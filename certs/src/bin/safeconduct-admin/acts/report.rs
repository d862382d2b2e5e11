//! What is registered.

use safeconduct_certs::{authority::Office, node::NodeStatus, utc};
use serde_json::{Value, json};

use super::Desk;
use crate::output::{Answer, Refusal};

impl Desk<'_> {
    pub(super) fn status(&self) -> Result<Answer, Refusal> {
        let office = self.open()?;
        status(&office)
    }
}

fn status(office: &Office) -> Result<Answer, Refusal> {
    let root = office.root();
    let mut agencies = Vec::new();
    let mut text = vec![
        format!("authority    {} ({})", root.log_name(), root.country()),
        format!("fingerprint  {}", root.fingerprint()),
        format!("entries      {}", office.registry().size()),
    ];
    if let Some(time) = office.registry().newest_time() {
        text.push(format!("timestamp    {}", utc::instant(time)));
    }
    let (signed, quorum) = office.witnessed();
    let witnesses = root.witnesses().len();
    text.push(format!("witnesses    {} of {quorum} needed have signed; {witnesses} are named", signed.len()));
    if let Some(warning) = super::witness::warning(quorum, witnesses) {
        text.push(format!("WARNING      {warning}"));
    }
    for registered in office.registered()? {
        let status = match registered.state.status {
            NodeStatus::Active => "active",
            NodeStatus::Suspended => "suspended",
            NodeStatus::Revoked { .. } => "revoked",
        };
        let record = &registered.record;
        text.push(format!("{:<12} {}  node {}", status, record.agency_id, registered.state.id.short()));
        agencies.push(json!({
            "agency": record.agency_id.as_str(),
            "node": registered.state.id.to_hex(),
            "status": status,
            "relay": record.relay,
            "exercise": record.exercise,
        }));
    }
    let invited: Vec<Value> = office
        .open_invitations()
        .map(|(agency, expires)| json!({"agency": agency.as_str(), "expires": utc::day(expires)}))
        .collect();
    text.extend(
        office.open_invitations().map(|(agency, day)| format!("invited      {agency} until {}", utc::day(day))),
    );
    let waiting = office.waiting()?.len();
    if waiting > 0 {
        text.push(format!("{waiting} request(s) wait: see `safeconduct-admin requests`"));
    }
    let answers = office.answers_to_put();
    if answers > 0 {
        text.push(format!("{answers} answer(s) are not at their relay yet: run `safeconduct-admin publish`"));
    }
    let root_keys = office.root_keys_here();
    if !root_keys.is_empty() {
        text.push(format!("{} still lie on this machine: move them to offline media", root_keys.join(", ")));
    }
    let data = json!({
        "log_name": root.log_name(),
        "country": root.country(),
        "fingerprint": root.fingerprint().to_string(),
        "size": office.registry().size(),
        "timestamp": office.registry().newest_time().map(|time| time.0),
        "witness_quorum": quorum,
        "witnesses": root.witnesses().iter().map(|(name, _)| name).collect::<Vec<_>>(),
        "witnessed_by": signed,
        "warning": super::witness::warning(quorum, witnesses),
        "agencies": agencies,
        "invitations": invited,
        "requests_waiting": waiting,
        "answers_to_publish": answers,
        "root_keys_here": root_keys,
    });
    Ok(Answer { data, text: text.join("\n") })
}
