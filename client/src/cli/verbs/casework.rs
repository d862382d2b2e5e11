//! The verbs of drafts, referrals and the conversation about them.

use hyper::Method;
use safeconduct_protocol::id::AgencyId;

use super::{Verbs, draft_text, id_text, json, query, referral_id};
use crate::{
    api::{
        cases::{ActAsked, Asked, FormAsked, KeepAsked, ListAsked, OpenAsked, ReferralShown, Referrals, Withdrawn},
        client::Call,
        drafts::{Discarded, DraftShown, Drafts},
        posts::{PostAsked, Posted, Posts},
    },
    daemon::HowAsked,
    error::Told,
};

impl Verbs {
    pub(in crate::cli) fn drafts(&mut self, by: Option<&str>) -> Result<Drafts, Told> {
        match self {
            Self::Daemon(api) => api.call(Call::get(&format!("/v1/drafts?{}", query(None, by)))),
            Self::Here(node) => node.drafts(by),
        }
    }

    pub(in crate::cli) fn new_draft(
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

    pub(in crate::cli) fn edit_draft(
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

    pub(in crate::cli) fn show_draft(
        &mut self,
        draft: &str,
        content: bool,
        by: Option<&str>,
    ) -> Result<DraftShown, Told> {
        match self {
            Self::Daemon(api) => {
                let path = format!("/v1/drafts/{}?content={content}&{}", draft_text(draft)?, query(None, by));
                api.call(Call::get(&path))
            }
            Self::Here(node) => node.show_draft(draft, content, by),
        }
    }

    pub(in crate::cli) fn discard_draft(&mut self, draft: &str, by: Option<&str>) -> Result<Discarded, Told> {
        match self {
            Self::Daemon(api) => {
                let path = format!("/v1/drafts/{}?{}", draft_text(draft)?, query(None, by));
                api.call(Call { method: Method::DELETE, ..Call::post(&path, Vec::new()) })
            }
            Self::Here(node) => node.discard_draft(draft, by),
        }
    }

    pub(in crate::cli) fn referrals(&mut self, asked: &ListAsked) -> Result<Referrals, Told> {
        match self {
            Self::Daemon(api) => api.call(Call::post("/v1/referrals/list", json(asked)?)),
            Self::Here(node) => node.referrals(asked),
        }
    }

    pub(in crate::cli) fn referral(&mut self, id: &str, by: Option<&str>) -> Result<ReferralShown, Told> {
        match self {
            Self::Daemon(api) => {
                let by = by.map(|by| format!("?by={by}")).unwrap_or_default();
                api.call(Call::get(&format!("/v1/referrals/{}{by}", referral_id(id)?)))
            }
            Self::Here(node) => node.referral(id, by),
        }
    }

    pub(in crate::cli) fn open_referral(&mut self, id: &str, asked: &OpenAsked) -> Result<ReferralShown, Told> {
        match self {
            Self::Daemon(api) => {
                api.call(Call::post(&format!("/v1/referrals/{}/open", referral_id(id)?), json(asked)?))
            }
            Self::Here(node) => node.open_referral(id, asked),
        }
    }

    pub(in crate::cli) fn act(&mut self, id: &str, asked: &ActAsked) -> Result<ReferralShown, Told> {
        match self {
            Self::Daemon(api) => api.call(Call::post(&format!("/v1/referrals/{}/act", referral_id(id)?), json(asked)?)),
            Self::Here(node) => node.act(id, asked),
        }
    }

    pub(in crate::cli) fn new_from(&mut self, id: &str, by: Option<&str>) -> Result<DraftShown, Told> {
        match self {
            Self::Daemon(api) => {
                let by = by.map(|by| format!("?by={by}")).unwrap_or_default();
                api.call(Call::post(&format!("/v1/referrals/{}/new-from{by}", referral_id(id)?), Vec::new()))
            }
            Self::Here(node) => node.new_from(id, by),
        }
    }

    pub(in crate::cli) fn send_form(
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

    pub(in crate::cli) fn send_draft(
        &mut self,
        draft: &str,
        to: &[AgencyId],
        by: Option<String>,
    ) -> Result<Asked, Told> {
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

    pub(in crate::cli) fn withdraw_consent(&mut self, consent: &str, by: Option<&str>) -> Result<Withdrawn, Told> {
        match self {
            Self::Daemon(api) => {
                let by = by.map(|by| format!("?by={by}")).unwrap_or_default();
                api.call(Call::post(&format!("/v1/consents/{}/withdraw{by}", referral_id(consent)?), Vec::new()))
            }
            Self::Here(node) => node.withdraw_consent(consent, by),
        }
    }

    pub(in crate::cli) fn post(&mut self, id: &str, asked: &PostAsked) -> Result<Posted, Told> {
        match self {
            Self::Daemon(api) => {
                api.call(Call::post(&format!("/v1/referrals/{}/posts", referral_id(id)?), json(asked)?))
            }
            Self::Here(node) => node.post(id, asked),
        }
    }

    pub(in crate::cli) fn posts(&mut self, id: &str, by: Option<&str>) -> Result<Posts, Told> {
        match self {
            Self::Daemon(api) => {
                let by = by.map(|by| format!("?by={by}")).unwrap_or_default();
                api.call(Call::get(&format!("/v1/referrals/{}/posts{by}", referral_id(id)?)))
            }
            Self::Here(node) => node.posts(id, by),
        }
    }

    pub(in crate::cli) fn keep_referral(&mut self, id: &str, asked: &KeepAsked) -> Result<ReferralShown, Told> {
        match self {
            Self::Daemon(api) => {
                api.call(Call::post(&format!("/v1/referrals/{}/keep", referral_id(id)?), json(asked)?))
            }
            Self::Here(node) => node.keep_referral(id, asked),
        }
    }
}
