//! The verbs, through a running daemon when there is one, else on the vault itself.

mod casework;
pub(super) mod documents;
mod evidence;

use std::time::Duration;

use safeconduct_protocol::{crypto::hash::sha256, id::AgencyId};

use super::{Context, ask};
use crate::{
    api::{
        client::{Api, Call},
        found::{AgencyShown, Found, SearchFor},
        page::Page,
        people::{AddPerson, Confirm, Confirmed, EndPerson, People, Person, SetRoles, SetSecret},
        recovered::{BackedUp, Resend},
        shapes::{Directory, Doctor, ForkFile, Inbox, Keys, Pinged, Receipts, Sent, Shown, Status},
    },
    casework::drafts::DraftError,
    daemon::{Node, Paper, Yes},
    doctor as checks, enrol,
    error::Told,
    people::{PeopleError, Pseudonym, store::tidy},
};

mod profiles;
mod reports;
mod tokens;

/// A large vault takes its time to be copied.
const BACKUP_WAIT: Duration = Duration::from_secs(3_600);

/// Who does it.
pub(super) enum Verbs {
    /// A daemon, over its socket.
    Daemon(Api),
    /// This process, which has unlocked the vault.
    Here(Box<Node>),
}

impl Verbs {
    /// Reaches the daemon, or unlocks the vault.
    pub(super) fn reach(context: &Context) -> Result<Self, Told> {
        if let Some(api) = Api::reach(&context.data)? {
            return Ok(Self::Daemon(api));
        }
        Node::look(&context.data)?;
        let passphrase = ask::passphrase(context)?;
        Ok(Self::Here(Box::new(Node::open(&context.data, &passphrase)?)))
    }

    /// Whether a daemon does it.
    pub(super) const fn is_daemon(&self) -> bool {
        matches!(self, Self::Daemon(_))
    }

    pub(super) fn inbox(&mut self, page: Page) -> Result<Inbox, Told> {
        match self {
            Self::Daemon(api) => api.call(Call::get(&format!("/v1/inbox{}", page.query()))),
            Self::Here(node) => node.inbox_page(page),
        }
    }

    pub(super) fn show(&mut self, message: String) -> Result<Shown, Told> {
        match self {
            Self::Daemon(api) => api.call(Call::get(&format!("/v1/messages/{}", id_text(&message)?))),
            Self::Here(node) => node.show(&message),
        }
    }

    /// `by` is a pseudonym: a name never stands in a path.
    pub(super) fn send(&mut self, to: AgencyId, referral: Vec<u8>, by: Option<&Pseudonym>) -> Result<Sent, Told> {
        let by = by.map(Pseudonym::to_hex);
        match self {
            Self::Daemon(api) => {
                let key = file_key(&to, &referral);
                let by = by.map(|by| format!("&by={by}")).unwrap_or_default();
                let path = format!("/v1/send?to={to}{by}");
                api.call(Call { key: Some(&key), ..Call::post(&path, referral) })
            }
            Self::Here(node) => node.send_by(&to, &referral, Some(&file_key(&to, &referral)), by.as_deref()),
        }
    }

    pub(super) fn people(&mut self, ended: bool) -> Result<People, Told> {
        match self {
            Self::Daemon(api) => api.call(Call::get(&format!("/v1/people?ended={ended}"))),
            Self::Here(node) => node.people(ended),
        }
    }

    /// The pseudonym of somebody who works here.
    pub(super) fn pseudonym(&mut self, name: &str) -> Result<Pseudonym, Told> {
        let called = |person: &Person| person.name == tidy(name).as_str();
        let found = self.people(false)?.people.into_iter().find(called);
        found.and_then(|person| Pseudonym::from_hex(&person.pseudonym)).ok_or_else(|| PeopleError::Unknown.into())
    }

    pub(super) fn add_person(&mut self, asked: &AddPerson) -> Result<People, Told> {
        match self {
            Self::Daemon(api) => api.call(Call::post("/v1/people", body(asked))),
            Self::Here(node) => node.add_person(asked),
        }
    }

    pub(super) fn end_person(&mut self, asked: &EndPerson) -> Result<People, Told> {
        match self {
            Self::Daemon(api) => api.call(Call::post("/v1/people/end", body(asked))),
            Self::Here(node) => node.end_person(asked),
        }
    }

    pub(super) fn set_person_roles(&mut self, asked: &SetRoles) -> Result<People, Told> {
        match self {
            Self::Daemon(api) => api.call(Call::post("/v1/people/roles", body(asked))),
            Self::Here(node) => node.set_person_roles(asked),
        }
    }

    pub(super) fn set_person_secret(&mut self, asked: &SetSecret) -> Result<People, Told> {
        match self {
            Self::Daemon(api) => api.call(Call::post("/v1/people/secret", body(asked))),
            Self::Here(node) => node.set_person_secret(asked),
        }
    }

    pub(super) fn confirm(&mut self, asked: &Confirm) -> Result<Confirmed, Told> {
        match self {
            Self::Daemon(api) => api.call(Call::post("/v1/people/confirm", body(asked))),
            Self::Here(node) => node.confirm(asked),
        }
    }

    pub(super) fn send_again(&mut self, message: String) -> Result<Sent, Told> {
        match self {
            Self::Daemon(api) => {
                api.call(Call::post(&format!("/v1/messages/{}/again", id_text(&message)?), Vec::new()))
            }
            Self::Here(node) => node.send_again(&message),
        }
    }

    pub(super) fn seen(&mut self, message: String) -> Result<Sent, Told> {
        match self {
            Self::Daemon(api) => api.call(Call::post(&format!("/v1/messages/{}/seen", id_text(&message)?), Vec::new())),
            Self::Here(node) => node.seen(&message),
        }
    }

    pub(super) fn status(&mut self, message: Option<String>, page: Page) -> Result<Status, Told> {
        match (self, message) {
            (Self::Daemon(api), None) => api.call(Call::get(&format!("/v1/status{}", page.query()))),
            (Self::Daemon(api), Some(message)) => {
                api.call(Call::get(&format!("/v1/status?message={}", id_text(&message)?)))
            }
            (Self::Here(node), message) => node.status_page(message.as_deref(), page),
        }
    }

    pub(super) fn receipts(&mut self, message: String) -> Result<Receipts, Told> {
        match self {
            Self::Daemon(api) => api.call(Call::get(&format!("/v1/receipts/{}", id_text(&message)?))),
            Self::Here(node) => node.receipts(&message),
        }
    }

    pub(super) fn directory(&mut self) -> Result<Directory, Told> {
        match self {
            Self::Daemon(api) => api.call(Call::get("/v1/directory")),
            Self::Here(node) => node.directory(),
        }
    }

    pub(super) fn search(&mut self, wanted: &SearchFor) -> Result<Found, Told> {
        match self {
            Self::Daemon(api) => {
                let body = serde_json::to_vec(wanted).unwrap_or_default();
                api.call(Call::post("/v1/directory/search", body))
            }
            Self::Here(node) => node.search(wanted),
        }
    }

    pub(super) fn show_agency(&mut self, agency: &AgencyId) -> Result<AgencyShown, Told> {
        match self {
            Self::Daemon(api) => api.call(Call::get(&format!("/v1/directory/{agency}"))),
            Self::Here(node) => node.show_agency(agency),
        }
    }

    pub(super) fn keys(&mut self) -> Result<Keys, Told> {
        match self {
            Self::Daemon(api) => api.call(Call::get("/v1/keys")),
            Self::Here(node) => node.keys(),
        }
    }

    pub(super) fn renew_keys(&mut self, paper: Paper) -> Result<Keys, Told> {
        match self {
            Self::Daemon(api) => {
                let wanted = if paper == Paper::New { "new" } else { "stays" };
                api.call(Call::post(&format!("/v1/keys/rotate?paper={wanted}"), Vec::new()))
            }
            Self::Here(node) => node.renew_keys(&Yes::IdentityKey, paper),
        }
    }

    pub(super) fn succeed(&mut self, typed: &str) -> Result<Keys, Told> {
        match self {
            Self::Daemon(api) => api.call(Call::post("/v1/keys/succeed", typed.as_bytes().to_vec())),
            Self::Here(node) => node.renew_keys(&Yes::Paper(enrol::parse_paper(typed)?), Paper::New),
        }
    }

    pub(super) fn renew_tls(&mut self) -> Result<Keys, Told> {
        match self {
            Self::Daemon(api) => api.call(Call::post("/v1/keys/rotate-tls", Vec::new())),
            Self::Here(node) => node.renew_tls(),
        }
    }

    pub(super) fn forget_change(&mut self) -> Result<Keys, Told> {
        match self {
            Self::Daemon(api) => api.call(Call::post("/v1/keys/forget", Vec::new())),
            Self::Here(node) => node.forget_change(),
        }
    }

    pub(super) fn fork_proof(&mut self) -> Result<ForkFile, Told> {
        match self {
            Self::Daemon(api) => api.call(Call::get("/v1/registry/proof")),
            Self::Here(node) => node.fork_proof(),
        }
    }

    pub(super) fn backup(&mut self, out: std::path::PathBuf) -> Result<BackedUp, Told> {
        match self {
            Self::Daemon(api) => {
                let path = out.to_str().ok_or_else(|| Told::usage("the path is not text", "name another file"))?;
                api.call(Call { wait: BACKUP_WAIT, ..Call::post("/v1/backup", path.as_bytes().to_vec()) })
            }
            Self::Here(node) => node.backup(&out),
        }
    }

    pub(super) fn resend_list(&mut self, agency: &AgencyId) -> Result<Resend, Told> {
        match self {
            Self::Daemon(api) => api.call(Call::get(&format!("/v1/resend?to={agency}"))),
            Self::Here(node) => node.resend_list(agency),
        }
    }

    pub(super) fn resend(&mut self, agency: &AgencyId) -> Result<Resend, Told> {
        match self {
            Self::Daemon(api) => api.call(Call::post(&format!("/v1/resend?to={agency}"), Vec::new())),
            Self::Here(node) => node.resend(agency),
        }
    }

    pub(super) fn ping(&mut self, to: AgencyId, wait: Duration) -> Result<Pinged, Told> {
        match self {
            Self::Daemon(api) => {
                let path = format!("/v1/ping?to={to}&wait_s={}", wait.as_secs());
                api.call(Call { wait, ..Call::post(&path, Vec::new()) })
            }
            Self::Here(_) => Err(Told::not_ready(
                "no-daemon",
                "a ping needs the running daemon",
                "start it with `safeconduct daemon`, then ping again",
            )),
        }
    }
}

/// The daemon's findings; where none runs, what can be seen from here. Never an error: that is what it reports.
pub(super) fn doctor(context: &Context) -> Doctor {
    match Api::reach(&context.data) {
        Ok(Some(api)) => api.call(Call::get("/v1/doctor")).unwrap_or_else(|told| checks::daemon_silent(&told)),
        Ok(None) | Err(_) => match ask::passphrase(context) {
            Ok(passphrase) => checks::without_daemon(&context.data, &passphrase),
            Err(told) => checks::locked(&context.data, &told),
        },
    }
}

/// Recipient and pseudonym, as far as they are named.
fn query(to: Option<&AgencyId>, by: Option<&str>) -> String {
    let to = to.map(|to| format!("to={to}"));
    to.into_iter().chain(by.map(|by| format!("by={by}"))).collect::<Vec<_>>().join("&")
}

/// A draft's digits as typed, safe to stand in a path.
fn draft_text(text: &str) -> Result<&str, Told> {
    let fits = !text.is_empty() && text.len() <= 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if fits { Ok(text) } else { Err(DraftError::Unknown.into()) }
}

/// What is asked, as a body.
fn body(asked: &impl serde::Serialize) -> Vec<u8> {
    serde_json::to_vec(asked).unwrap_or_default()
}

/// The idempotency key of a file for an agency: trying again after an answer that did not come makes no second message.
fn file_key(to: &AgencyId, referral: &[u8]) -> String {
    let digest = sha256(&[to.as_str().as_bytes(), &[0], referral]);
    digest.iter().fold("file-".to_owned(), |key, byte| format!("{key}{byte:02x}"))
}

/// A body.
fn json<T: serde::Serialize>(value: &T) -> Result<Vec<u8>, Told> {
    serde_json::to_vec(value).map_err(|_not_text| Told::usage("the text cannot be sent", "type it again"))
}

/// A referral's id as typed, safe to stand in a path.
fn referral_id(text: &str) -> Result<&str, Told> {
    let fits = (1..=36).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    if fits {
        Ok(text)
    } else {
        Err(Told::usage("this is no id of a referral", "copy it from `safeconduct referral list`"))
    }
}

/// A message id as typed, safe to stand in a path.
fn id_text(text: &str) -> Result<&str, Told> {
    let fits = !text.is_empty() && text.len() <= 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if fits {
        Ok(text)
    } else {
        Err(Told::usage("this is no message id", "copy it from `safeconduct inbox` or `safeconduct status`"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_files_key_is_of_its_bytes_and_its_recipient() {
        let (harbour, linden) = ("xa.harbour-house".parse().unwrap(), "xc.linden-shelter".parse().unwrap());

        assert_eq!(file_key(&harbour, b"{}"), file_key(&harbour, b"{}"));
        assert_ne!(file_key(&harbour, b"{}"), file_key(&harbour, b"{ }"));
        assert_ne!(file_key(&harbour, b"{}"), file_key(&linden, b"{}"));
        assert!(file_key(&harbour, b"{}").len() <= 128);
    }
}
