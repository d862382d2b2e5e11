//! What is registered.

use safeconduct_certs::{
    authority::{Office, lives},
    node::{NodeStatus, Roles},
    registry::{
        Registry,
        terms::{ROLES_ALL, Terms},
    },
    system::SystemClock,
    utc,
};
use safeconduct_protocol::{
    id::AgencyId,
    time::{Clock as _, Day},
};
use serde_json::{Value, json};

use super::Desk;
use crate::output::{Answer, Refusal};

impl Desk<'_> {
    pub(super) fn status(&self) -> Result<Answer, Refusal> {
        let office = self.open()?;
        status(&office)
    }
}

/// What is to be renewed, and what ends by itself.
fn reminders(office: &Office) -> Vec<String> {
    let now = SystemClock.now();
    let keys = lives::of(office.root()).into_iter().filter(|key| key.mark(now).is_some()).map(|key| {
        match key.days_left(now) {
            0 => format!("the {} has served its time: make a new root file", key.what),
            days => format!("the {} has served its time in {days} day(s): make a new root file", key.what),
        }
    });
    let ends = |(agency, last): (&AgencyId, Day)| {
        let left = last.0.saturating_sub(now.day().0);
        (left <= 1).then(|| match last < now.day() {
            true => format!("the invitation of {agency} has ended unused: invite it again"),
            false => format!("the invitation of {agency} ends in {left} day(s), and nobody has used it"),
        })
    };
    keys.chain(office.open_invitations().filter_map(ends)).collect()
}

/// Everybody who is registered, for programs and for people.
fn agencies(office: &Office) -> Result<(Vec<Value>, Vec<String>), Refusal> {
    let (mut agencies, mut text) = (Vec::new(), Vec::new());
    for registered in office.registered()? {
        let status = match registered.state.status {
            NodeStatus::Active => "active",
            NodeStatus::Suspended => "suspended",
            NodeStatus::Revoked { .. } => "revoked",
        };
        let record = &registered.record;
        let seen = office.last_seen(&registered.state.id).map(utc::day);
        let mut line = format!("{:<12} {}  node {}", status, record.agency_id, registered.state.id.short());
        if !registered.state.is_relay() {
            let seen = seen.as_ref().map_or_else(|| "not seen yet".to_owned(), |day| format!("last seen {day}"));
            line.push_str(&format!("  {seen}"));
        }
        if let Some(pending) = &registered.state.pending {
            line.push_str(&format!("  (!) new keys by you alone, in force from {}", utc::instant(pending.from)));
        } else if registered.state.authority_override {
            line.push_str("  (!) its keys were set by you alone");
        }
        text.push(line);
        agencies.push(json!({
            "agency": record.agency_id.as_str(),
            "node": registered.state.id.to_hex(),
            "status": status,
            "relay": record.relay,
            "exercise": record.exercise,
            "last_seen": seen,
            "home_relay": registered.state.home_relay.0,
            "authority_override": registered.state.authority_override,
            "override_pending_at": registered.state.pending.as_ref().map(|pending| pending.from.0),
        }));
    }
    Ok((agencies, text))
}

fn status(office: &Office) -> Result<Answer, Refusal> {
    let root = office.root();
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
    let (agencies, lines) = agencies(office)?;
    text.extend(lines);
    let (terms_lines, agreements, recognitions) = terms(office.registry());
    text.extend(terms_lines);
    let invited: Vec<Value> = office
        .open_invitations()
        .map(|(agency, expires)| json!({"agency": agency.as_str(), "expires": utc::day(expires)}))
        .collect();
    text.extend(
        office.open_invitations().map(|(agency, day)| format!("invited      {agency} until {}", utc::day(day))),
    );
    let reminders = reminders(office);
    text.extend(reminders.iter().map(|reminder| format!("REMINDER     {reminder}")));
    let changes = office.changes_waiting()?.len();
    if changes > 0 {
        text.push(format!("{changes} change(s) of keys wait: see `safeconduct-admin requests`"));
    }
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
        "agreements": agreements,
        "recognitions": recognitions,
        "min_version": office.registry().min_version(),
        "invitations": invited,
        "requests_waiting": waiting,
        "changes_waiting": changes,
        "reminders": reminders,
        "answers_to_publish": answers,
        "root_keys_here": root_keys,
    });
    Ok(Answer { data, text: text.join("\n") })
}

/// Agreements and recognitions, as lines and for programs.
fn terms(registry: &Registry) -> (Vec<String>, Vec<Value>, Vec<Value>) {
    let mut text = Vec::new();
    let agreements: Vec<Value> = registry.agreements().map(terms_json).collect();
    text.extend(registry.agreements().map(|terms| format!("agreement {}  {}", terms.number, terms_text(terms))));
    let recognitions: Vec<Value> = registry
        .recognitions()
        .map(|one| json!({"country": one.terms.from_country.to_string(), "terms": terms_json(&one.terms)}))
        .collect();
    text.extend(registry.recognitions().map(|one| {
        format!("recognised   the authority of {} until {}", one.terms.from_country, utc::instant(one.terms.until))
    }));
    (text, agreements, recognitions)
}

/// What an agreement lets through.
pub(super) fn terms_text(terms: &Terms) -> String {
    let what = match terms.what {
        1 => "enquiries",
        2 => "referrals",
        _ => "enquiries and referrals",
    };
    format!(
        "{what} from {} ({}) to {} ({}) until {}",
        roles_text(terms.from_roles),
        terms.from_country,
        roles_text(terms.to_roles),
        terms.to_country,
        utc::instant(terms.until),
    )
}

fn terms_json(terms: &Terms) -> Value {
    json!({
        "number": terms.number,
        "from_roles": role_names(terms.from_roles),
        "to_roles": role_names(terms.to_roles),
        "from_country": terms.from_country.to_string(),
        "to_country": terms.to_country.to_string(),
        "enquiries": terms.what & 1 != 0,
        "referrals": terms.what & 2 != 0,
        "until": terms.until.0,
    })
}

fn role_names(bits: u32) -> Vec<&'static str> {
    Roles::from_bits(bits).map(|roles| roles.iter().map(|role| role.as_str()).collect()).unwrap_or_default()
}

fn roles_text(bits: u32) -> String {
    if bits == ROLES_ALL { "every role".to_owned() } else { role_names(bits).join(", ") }
}
