//! One subcommand a function, over `safeconduct_certs::authority`.

use std::{fs, path::Path, process::ExitCode};

use safeconduct_certs::{
    authority::{
        AdminError, Office,
        error::Exit,
        init,
        office::read_root,
        publish::Told,
        relay_file::{RELAY_FILE_BYTES_MAX, RelayFile, RelayFileRefused},
        revoke::Standing,
    },
    directory::{Record, RoleName},
    durable,
    keyfile::Cost,
    node::NodeStatus,
    system::{SystemClock, SystemEntropy},
    utc,
};
use safeconduct_protocol::{id::AgencyId, time::Timestamp};
use serde_json::{Value, json};

use crate::{
    ask::{self, Times},
    cli::{Cli, Command, Invite, RelayAct, Whom},
    output::{self, Answer, Refusal},
    shell,
};

/// Does what the command line says.
pub(crate) fn run(cli: Cli) -> ExitCode {
    let json = cli.json;
    output::end(Desk { cli: &cli }.act(), json)
}

struct Desk<'c> {
    cli: &'c Cli,
}

impl Desk<'_> {
    fn act(&self) -> Result<Answer, Refusal> {
        match &self.cli.command {
            Command::Init { country, log_name } => self.init(*country, log_name),
            Command::Relay { act: RelayAct::Add { file } } => self.relay_add(file),
            Command::ExportRoot { out } => self.export_root(out),
            Command::Invite(invite) => self.invite(invite),
            Command::Requests { offline } => self.requests(*offline),
            Command::InviteList { file, days, offline } => self.invite_list(file, *days, *offline),
            Command::Approve { agencies, words, offline } => self.approve(agencies, words, *offline),
            Command::Reject { agency, reason, offline } => self.reject(agency, reason, *offline),
            Command::Revoke { whom, yes } => self.revoke(whom, *yes),
            Command::Suspend(whom) => self.standing(whom, Standing::Suspend),
            Command::Resume(whom) => self.standing(whom, Standing::Resume),
            Command::Publish => self.publish(),
            Command::Timestamp { offline } => self.timestamp(*offline),
            Command::Status => self.status(),
            Command::Audit => self.audit(),
            Command::Completions { shell } => Ok(shell::completions(*shell)),
            Command::Man { out } => shell::man(out.as_deref()),
        }
    }

    fn folder(&self) -> Result<&Path, Refusal> {
        let remedy = "give --dir DIR, or set SAFECONDUCT_ADMIN_DIR";
        let missing =
            || Refusal::new(Exit::Usage, "no-dir", "it is not said where the authority's directory is", remedy);
        self.cli.dir.as_deref().ok_or_else(missing)
    }

    fn open(&self) -> Result<Office, Refusal> {
        let folder = self.folder()?;
        // Said before a passphrase is asked for.
        read_root(folder)?;
        let passphrase = ask::passphrase(self.cli.passphrase_file.as_deref(), Times::Once)?;
        Ok(Office::open(folder, passphrase.as_bytes(), Box::new(SystemClock), Box::new(SystemEntropy))?)
    }

    fn init(&self, country: [u8; 2], log_name: &str) -> Result<Answer, Refusal> {
        let folder = self.folder()?;
        if read_root(folder).is_ok() {
            return Err(AdminError::Exists.into());
        }
        let passphrase = ask::passphrase(self.cli.passphrase_file.as_deref(), Times::Twice)?;
        let entropy = &mut SystemEntropy;
        let clock = &SystemClock;
        let founded = init::init(folder, country, log_name, passphrase.as_bytes(), Cost::STANDARD, clock, entropy)?;
        let fingerprint = founded.fingerprint.to_string();
        let keys = folder.join("keys");
        let text = format!(
            "The authority is made.\n\n  fingerprint   {fingerprint}\n  root file     {}\n\nNow, in this order:\n\
             1. Move {} from {} to three offline media, with three different people. {} of the 3 are needed to change \
             the root file, and none of them for daily work.\n\
             2. Back up the rest of {} after every change, in a safe place. Without it nobody can be registered or revoked.\n\
             3. Print the fingerprint: it is what others compare over the telephone.\n\
             4. Register a relay: safeconduct-admin relay add RELAY.PUB\n",
            folder.join("root.scr").display(),
            founded.root_keys.join(", "),
            keys.display(),
            founded.threshold,
            folder.display(),
        );
        let data = json!({
            "fingerprint": fingerprint,
            "root": folder.join("root.scr").display().to_string(),
            "root_keys": founded.root_keys.iter().map(|name| keys.join(name).display().to_string()).collect::<Vec<_>>(),
            "threshold": founded.threshold,
        });
        Ok(Answer { data, text })
    }

    fn relay_add(&self, path: &Path) -> Result<Answer, Refusal> {
        let file = read_relay_file(path)?;
        let mut office = self.open()?;
        let contact = office.add_relay(&file)?;
        let root = self.folder()?.join("root.scr");
        let text = format!(
            "{} is registered as relay {} at {}.\nGive its operator {}, and when it runs: safeconduct-admin publish",
            contact.agency,
            contact.id.0,
            contact.address,
            root.display(),
        );
        let data = json!({"relay": contact.id.0, "agency": contact.agency.as_str(), "address": contact.address});
        Ok(Answer { data, text })
    }

    fn export_root(&self, out: &Path) -> Result<Answer, Refusal> {
        let root = read_root(self.folder()?)?;
        durable::write(out, root.as_bytes(), durable::PUBLIC).map_err(|error| {
            let fact = format!("the root file cannot be written: {}", error.kind());
            Refusal::new(Exit::NotReady, "disk", fact, "check the path, its permissions and the space")
        })?;
        let fingerprint = root.fingerprint().to_string();
        let text = format!("{} holds the root file with fingerprint {fingerprint}", out.display());
        Ok(Answer { data: json!({"out": out.display().to_string(), "fingerprint": fingerprint}), text })
    }

    fn invite(&self, invite: &Invite) -> Result<Answer, Refusal> {
        let record = record(invite)?;
        let mut office = self.open()?;
        let (code, expires) = office.invite(record, invite.days)?;
        let (code, expires) = (code.reveal(), utc::day(expires));
        let text = format!(
            "Give this code to the operator of {}, by telephone or letter; it serves once, until {expires}:\n\n  {code}\n\n\
             It is not shown again.",
            invite.agency,
        );
        let data = json!({"code": code, "agency": invite.agency.as_str(), "expires": expires});
        tell(&mut office, invite.offline, Answer { data, text })
    }

    fn invite_list(&self, file: &Path, days: u32, offline: bool) -> Result<Answer, Refusal> {
        let records = read_records(file)?;
        let mut office = self.open()?;
        let mut text =
            "Give each code to the operator of its agency, by telephone or letter; it serves once:\n".to_owned();
        let mut invitations = Vec::new();
        for record in records {
            let agency = record.agency_id.clone();
            let (code, expires) =
                office.invite(record, days).map_err(|error| Refusal::from(error).at(agency.as_str()))?;
            let (code, expires) = (code.reveal(), utc::day(expires));
            text.push_str(&format!("\n  {code}  {agency}, until {expires}"));
            invitations.push(json!({"code": code, "agency": agency.as_str(), "expires": expires}));
        }
        text.push_str("\n\nThey are not shown again.");
        tell(&mut office, offline, Answer { data: json!({ "invitations": invitations }), text })
    }

    fn requests(&self, offline: bool) -> Result<Answer, Refusal> {
        let mut office = self.open()?;
        let told = if offline { Ok(Vec::new()) } else { told(&mut office) };
        let answer = waiting(&office)?;
        finish(told, answer)
    }

    /// All or none up to the first that is refused: what was approved before it stands, and the refusal names it.
    fn approve(&self, agencies: &[AgencyId], words: &[String], offline: bool) -> Result<Answer, Refusal> {
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
            let node = office.approve(agency, words).map_err(|error| Refusal::from(error).at(agency.as_str()))?;
            answer.data = json!({"agency": agency.as_str(), "node": node.to_hex()});
            approved.push(answer.data.clone());
            answer.text.push_str(&format!("{agency} is registered; its node is {}\n", node.short()));
        }
        if approved.len() > 1 {
            answer.data = json!({ "approved": approved });
        }
        tell(&mut office, offline, answer)
    }

    fn reject(&self, agency: &AgencyId, reason: &str, offline: bool) -> Result<Answer, Refusal> {
        let mut office = self.open()?;
        self.fetch_for(&mut office, agency, offline)?;
        office.reject(agency, reason)?;
        let data = json!({"agency": agency.as_str()});
        tell(&mut office, offline, Answer { data, text: format!("the request of {agency} is rejected") })
    }

    /// Fetches requests when that of this agency is not here yet.
    #[expect(clippy::unused_self, reason = "beside its callers")]
    fn fetch_for(&self, office: &mut Office, agency: &AgencyId, offline: bool) -> Result<(), Refusal> {
        if offline || office.has_request(agency) {
            return Ok(());
        }
        let told = told(office)?;
        let first_failure =
            told.into_iter().find_map(|told| told.outcome.err().map(|error| (told.relay.address, error)));
        match first_failure {
            Some((address, error)) if !office.has_request(agency) => Err(Refusal::from(error).at(&address)),
            _ => Ok(()),
        }
    }

    fn revoke(&self, whom: &Whom, yes: bool) -> Result<Answer, Refusal> {
        if !yes {
            read_root(self.folder()?)?;
            let agency = &whom.agency;
            ask::confirm(&format!(
                "the registration of {agency} ends for ever: its connections are cut, nobody can send to it, and what \
                 waits for it is not delivered"
            ))?;
        }
        self.standing(whom, Standing::Revoke)
    }

    fn standing(&self, whom: &Whom, standing: Standing) -> Result<Answer, Refusal> {
        let mut office = self.open()?;
        let node = office.set_standing(&whom.agency, standing)?;
        let done = match standing {
            Standing::Revoke => "revoked",
            Standing::Suspend => "suspended",
            Standing::Resume => "active again",
        };
        let data = json!({"agency": whom.agency.as_str(), "node": node.to_hex(), "status": done});
        tell(&mut office, whom.offline, Answer { data, text: format!("{} is {done}", whom.agency) })
    }

    fn publish(&self) -> Result<Answer, Refusal> {
        let mut office = self.open()?;
        let told = told(&mut office)?;
        let size = office.registry().size();
        let reached = |told: &Told| json!({"relay": told.relay.id.0, "address": told.relay.address, "reached": told.outcome.is_ok()});
        let line = |told: &Told| match told.outcome {
            Ok(_) => format!("relay {} at {} has all {size} entries", told.relay.id.0, told.relay.address),
            Err(_) => format!("relay {} at {} was not told", told.relay.id.0, told.relay.address),
        };
        let data = json!({"size": size, "relays": told.iter().map(reached).collect::<Vec<Value>>()});
        let text = told.iter().map(line).collect::<Vec<String>>().join("\n");
        finish(Ok(told), Answer { data, text })
    }

    fn timestamp(&self, offline: bool) -> Result<Answer, Refusal> {
        let mut office = self.open()?;
        office.sign_head()?;
        let time = office.registry().newest_time().unwrap_or_default();
        let data = json!({"time": time.0, "size": office.registry().size()});
        tell(&mut office, offline, Answer { data, text: format!("timestamped at {}", utc::instant(time)) })
    }

    fn status(&self) -> Result<Answer, Refusal> {
        let office = self.open()?;
        status(&office)
    }

    fn audit(&self) -> Result<Answer, Refusal> {
        let office = self.open()?;
        let lines = office.audit_lines();
        let text: Vec<String> = lines
            .iter()
            .map(|line| {
                format!("{}  {:<16} {:<30} {}", utc::instant(Timestamp(line.time)), line.act, line.agency, line.detail)
            })
            .collect();
        let text = if text.is_empty() { "nothing was done here yet".to_owned() } else { text.join("\n") };
        Ok(Answer { data: json!({"lines": lines}), text })
    }
}

fn read_relay_file(path: &Path) -> Result<RelayFile, Refusal> {
    let bytes = fs::read(path).map_err(|error| {
        let fact = format!("{} cannot be read: {}", path.display(), error.kind());
        Refusal::new(Exit::Usage, "unreadable", fact, "check the path")
    })?;
    if bytes.len() > RELAY_FILE_BYTES_MAX {
        return Err(AdminError::from(RelayFileRefused::Malformed).into());
    }
    Ok(RelayFile::parse(&bytes).map_err(AdminError::from)?)
}

fn record(invite: &Invite) -> Result<Record, Refusal> {
    let country = match invite.country {
        Some(country) => country.iter().copied().map(char::from).collect(),
        None => invite.agency.as_str().chars().take(2).collect::<String>().to_uppercase(),
    };
    let mut names = std::collections::BTreeMap::new();
    for (language, name) in &invite.names {
        if names.insert(language.clone(), name.clone()).is_some() {
            let fact = format!("there are two names in the language {language}");
            return Err(Refusal::new(Exit::Usage, "usage", fact, "give one --name for each language"));
        }
    }
    let mut roles: Vec<RoleName> = invite.roles.iter().copied().map(RoleName).collect();
    roles.sort_unstable();
    roles.dedup();
    Ok(Record { agency_id: invite.agency.clone(), names, country, roles, exercise: invite.exercise, relay: None })
}

/// The agencies of a file; nothing is invited when one of them is not sound.
fn read_records(file: &Path) -> Result<Vec<Record>, Refusal> {
    let refuse = |fact: String| {
        let remedy = "give a JSON list of records, as `safeconduct-admin invite-list --help` shows it";
        Refusal::new(Exit::Usage, "list", fact, remedy)
    };
    let text =
        fs::read(file).map_err(|error| refuse(format!("{} cannot be read: {}", file.display(), error.kind())))?;
    let list: Vec<Value> = serde_json::from_slice(&text)
        .map_err(|error| refuse(format!("{} is no JSON list (line {})", file.display(), error.line())))?;
    let sound = |(at, value): (usize, &Value)| {
        Record::parse(value.to_string().as_bytes())
            .map_err(|_not_sound| refuse(format!("entry {} of {} is no record of an agency", at, file.display())))
    };
    list.iter().enumerate().map(sound).collect()
}

/// Tells the relays, unless it is to stay here.
fn tell(office: &mut Office, offline: bool, answer: Answer) -> Result<Answer, Refusal> {
    if offline {
        return Ok(answer);
    }
    let told = told(office);
    finish(told, answer)
}

fn told(office: &mut Office) -> Result<Vec<Told>, Refusal> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| {
        let fact = format!("no connection can be made: {}", error.kind());
        Refusal::new(Exit::NotReady, "no-runtime", fact, "check this machine's limits on open files")
    })?;
    Ok(runtime.block_on(office.tell_relays())?)
}

/// What was done is done; a relay that does not know it yet makes the command's end another.
fn finish(told: Result<Vec<Told>, Refusal>, answer: Answer) -> Result<Answer, Refusal> {
    let told = match told {
        Ok(told) => told,
        Err(refusal) => return Err(refusal.after(answer)),
    };
    let failures = told.into_iter().filter_map(|told| told.outcome.err().map(|error| (told.relay.address, error)));
    // Tampering first, whatever else there is.
    let worst = failures.max_by_key(|(_, error)| error.exit() as u8);
    match worst {
        None => Ok(answer),
        Some((address, error)) => Err(Refusal::from(error).at(&address).after(answer)),
    }
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
            })
        })
        .collect();
    let spoiled: Vec<&str> = office.spoiled().map(AgencyId::as_str).collect();
    let mut text: Vec<String> =
        waiting.iter().map(|request| format!("{}  node {}", request.agency, request.node.short())).collect();
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
    Ok(Answer { data: json!({"requests": requests, "spoiled": spoiled}), text: text.join("\n") })
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
        "agencies": agencies,
        "invitations": invited,
        "requests_waiting": waiting,
        "answers_to_publish": answers,
        "root_keys_here": root_keys,
    });
    Ok(Answer { data, text: text.join("\n") })
}
