//! The verbs, through a running daemon when there is one, else on the vault itself.

pub(super) mod documents;
mod evidence;

use std::time::Duration;

use hyper::Method;
use safeconduct_protocol::{crypto::hash::sha256, id::AgencyId};

use super::{Context, ask};
use crate::{
    api::{
        cases::{ActAsked, Asked, FormAsked, KeepAsked, ListAsked, OpenAsked, ReferralShown, Referrals, Withdrawn},
        client::{Api, Call},
        drafts::{Discarded, DraftShown, Drafts},
        found::{AgencyShown, Found, SearchFor},
        page::Page,
        people::{AddPerson, Confirm, Confirmed, EndPerson, People, Person, SetSecret},
        posts::{PostAsked, Posted, Posts},
        recovered::{BackedUp, Resend},
        shapes::{Directory, Doctor, ForkFile, Inbox, Keys, Pinged, Receipts, Sent, Shown, Status},
    },
    casework::drafts::DraftError,
    daemon::{HowAsked, Node, Paper, Yes},
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

    pub(super) fn drafts(&mut self, by: Option<&str>) -> Result<Drafts, Told> {
        match self {
            Self::Daemon(api) => api.call(Call::get(&format!("/v1/drafts?{}", query(None, by)))),
            Self::Here(node) => node.drafts(by),
        }
    }

    pub(super) fn new_draft(
        &mut self,
        form: Vec<u8>,
        to: Option<&AgencyId>,
        by: Option<&str>,
    ) -> Result<DraftShown, Told> {
        match self {
            Self::Daemon(api) => api.call(Call::post(&format!("/v1/drafts?{}", query(to, by)), form)),
            Self::Here(node) => node.new_draft(&form, to, by),
        }
    }

    pub(super) fn edit_draft(
        &mut self,
        draft: &str,
        form: Vec<u8>,
        to: Option<&AgencyId>,
        by: Option<&str>,
    ) -> Result<DraftShown, Told> {
        match self {
            Self::Daemon(api) => {
                let path = format!("/v1/drafts/{}?{}", draft_text(draft)?, query(to, by));
                api.call(Call { method: Method::PUT, ..Call::post(&path, form) })
            }
            Self::Here(node) => node.edit_draft(draft, &form, to, by),
        }
    }

    pub(super) fn show_draft(&mut self, draft: &str, content: bool, by: Option<&str>) -> Result<DraftShown, Told> {
        match self {
            Self::Daemon(api) => {
                let path = format!("/v1/drafts/{}?content={content}&{}", draft_text(draft)?, query(None, by));
                api.call(Call::get(&path))
            }
            Self::Here(node) => node.show_draft(draft, content, by),
        }
    }

    pub(super) fn discard_draft(&mut self, draft: &str, by: Option<&str>) -> Result<Discarded, Told> {
        match self {
            Self::Daemon(api) => {
                let path = format!("/v1/drafts/{}?{}", draft_text(draft)?, query(None, by));
                api.call(Call { method: Method::DELETE, ..Call::post(&path, Vec::new()) })
            }
            Self::Here(node) => node.discard_draft(draft, by),
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

    pub(super) fn referrals(&mut self, asked: &ListAsked) -> Result<Referrals, Told> {
        match self {
            Self::Daemon(api) => api.call(Call::post("/v1/referrals/list", json(asked)?)),
            Self::Here(node) => node.referrals(asked),
        }
    }

    pub(super) fn referral(&mut self, id: &str, by: Option<&str>) -> Result<ReferralShown, Told> {
        match self {
            Self::Daemon(api) => {
                let by = by.map(|by| format!("?by={by}")).unwrap_or_default();
                api.call(Call::get(&format!("/v1/referrals/{}{by}", referral_id(id)?)))
            }
            Self::Here(node) => node.referral(id, by),
        }
    }

    pub(super) fn open_referral(&mut self, id: &str, asked: &OpenAsked) -> Result<ReferralShown, Told> {
        match self {
            Self::Daemon(api) => {
                api.call(Call::post(&format!("/v1/referrals/{}/open", referral_id(id)?), json(asked)?))
            }
            Self::Here(node) => node.open_referral(id, asked),
        }
    }

    pub(super) fn act(&mut self, id: &str, asked: &ActAsked) -> Result<ReferralShown, Told> {
        match self {
            Self::Daemon(api) => api.call(Call::post(&format!("/v1/referrals/{}/act", referral_id(id)?), json(asked)?)),
            Self::Here(node) => node.act(id, asked),
        }
    }

    pub(super) fn new_from(&mut self, id: &str, by: Option<&str>) -> Result<DraftShown, Told> {
        match self {
            Self::Daemon(api) => {
                let by = by.map(|by| format!("?by={by}")).unwrap_or_default();
                api.call(Call::post(&format!("/v1/referrals/{}/new-from{by}", referral_id(id)?), Vec::new()))
            }
            Self::Here(node) => node.new_from(id, by),
        }
    }

    pub(super) fn send_form(
        &mut self,
        form: serde_json::Value,
        to: &[AgencyId],
        by: Option<String>,
        how: &HowAsked<'_>,
    ) -> Result<Asked, Told> {
        match self {
            Self::Daemon(api) => {
                let (key, with) = (how.key.map(str::to_owned), how.with.map(str::to_owned));
                let to = to.iter().map(AgencyId::to_string).collect();
                let asked = FormAsked { to, form: Some(form), by, key, with };
                api.call(Call::post("/v1/enquire", json(&asked)?))
            }
            Self::Here(node) => node.enquire(form.to_string().as_bytes(), to, by.as_deref(), how),
        }
    }

    pub(super) fn send_draft(&mut self, draft: &str, to: &[AgencyId], by: Option<String>) -> Result<Asked, Told> {
        match self {
            Self::Daemon(api) => {
                let asked = FormAsked {
                    to: to.iter().map(AgencyId::to_string).collect(),
                    form: None,
                    by,
                    key: None,
                    with: None,
                };
                api.call(Call::post(&format!("/v1/drafts/{}/send", id_text(draft)?), json(&asked)?))
            }
            Self::Here(node) => node.send_draft(draft, to, by.as_deref()),
        }
    }

    pub(super) fn withdraw_consent(&mut self, consent: &str, by: Option<&str>) -> Result<Withdrawn, Told> {
        match self {
            Self::Daemon(api) => {
                let by = by.map(|by| format!("?by={by}")).unwrap_or_default();
                api.call(Call::post(&format!("/v1/consents/{}/withdraw{by}", referral_id(consent)?), Vec::new()))
            }
            Self::Here(node) => node.withdraw_consent(consent, by),
        }
    }

    pub(super) fn post(&mut self, id: &str, asked: &PostAsked) -> Result<Posted, Told> {
        match self {
            Self::Daemon(api) => {
                api.call(Call::post(&format!("/v1/referrals/{}/posts", referral_id(id)?), json(asked)?))
            }
            Self::Here(node) => node.post(id, asked),
        }
    }

    pub(super) fn posts(&mut self, id: &str, by: Option<&str>) -> Result<Posts, Told> {
        match self {
            Self::Daemon(api) => {
                let by = by.map(|by| format!("?by={by}")).unwrap_or_default();
                api.call(Call::get(&format!("/v1/referrals/{}/posts{by}", referral_id(id)?)))
            }
            Self::Here(node) => node.posts(id, by),
        }
    }

    pub(super) fn keep_referral(&mut self, id: &str, asked: &KeepAsked) -> Result<ReferralShown, Told> {
        match self {
            Self::Daemon(api) => {
                api.call(Call::post(&format!("/v1/referrals/{}/keep", referral_id(id)?), json(asked)?))
            }
            Self::Here(node) => node.keep_referral(id, asked),
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
