//! Keys: the words that two people compare by telephone, how old this node's own keys are, and new ones.

use std::sync::Arc;

use askama::Template;
use axum::{Extension, Form, extract::State, http::StatusCode, response::Response};
use safeconduct_certs::web::fields::{Fields, field};

use super::{
    super::{
        Page,
        sessions::Notice,
        sheet::{Mark, Sheet, Trouble, Visit, html, shown, title, told},
        signing::typed_secret,
    },
    Rights, Side,
    people::reason,
    rights,
};
use crate::{
    api::{
        found::{Hit, SearchFor},
        shapes::Keys,
    },
    daemon::{IDENTITY_RENEW_S, Paper, Spoken, TLS_RENEW_S, Yes},
};

const HERE: &str = "/agency/keys";
/// Agencies that are shown with their words.
const HITS: usize = 5;
/// Longest text that is searched for, in characters.
const TEXT_CHARACTERS_MAX: usize = 60;

#[derive(Template)]
#[template(path = "web/agency-keys.html")]
struct KeysPage {
    s: Sheet,
    side: Side,
    rights: Rights,
    own: Spoken,
    keys: Keys,
    /// When a person is to renew the identity key, and when the TLS key renews itself.
    identity_until: u64,
    tls_until: u64,
    /// What was searched for, and who was found.
    text: String,
    searched: bool,
    partners: Vec<Partner>,
    wrong: Option<&'static str>,
    find: Mark,
    renew: Mark,
}

title! { KeysPage "agency-keys" }

/// An agency whose words are compared.
struct Partner {
    name: String,
    hit: Hit,
    spoken: Spoken,
}

impl KeysPage {
    /// The language of words, as `lang` names it (BCP 47).
    fn tag(&self, record_code: &str) -> &'static str {
        self.s.languages().iter().find(|words| words.record_code == record_code).map_or("en", |words| words.code)
    }
}

/// A node's number in groups that a person can read out.
fn grouped(node: &str) -> String {
    let digits: Vec<char> = node.chars().collect();
    digits.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// This node's words and keys.
pub(in super::super) async fn show(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
) -> Result<Response, Trouble> {
    shown(&page_of(&page, &visit, String::new(), false, None).await?)
}

/// Another agency's words. Which one is in no address.
pub(in super::super) async fn compare(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    page.number(&visit, &fields, "compare")?;
    let text = field(&fields, "text").chars().take(TEXT_CHARACTERS_MAX).collect();
    shown(&page_of(&page, &visit, text, true, None).await?)
}

async fn page_of(
    page: &Page,
    visit: &Visit,
    text: String,
    searched: bool,
    wrong: Option<&'static str>,
) -> Result<KeysPage, Trouble> {
    let (by, language) = (visit.by(), visit.words.record_code);
    let wanted = Some(text.clone()).filter(|text| !text.is_empty());
    let (rights, mut own, keys, partners) = page
        .work(visit, move |node| {
            let mut partners = Vec::new();
            if wanted.is_some() {
                let found = node.search(&SearchFor { text: wanted, limit: Some(HITS), ..SearchFor::default() })?;
                for hit in found.hits {
                    let Ok(id) = hit.agency_id.parse() else { continue };
                    let spoken = node.words_of(&id, language)?;
                    let name = node.show_agency(&id)?.record.name(language).to_owned();
                    partners.push(Partner { name, hit, spoken });
                }
            }
            Ok((rights(node, by.as_deref())?, node.own_words(language), node.keys()?, partners))
        })
        .await?;
    own.node = grouped(&own.node);
    let (s, side) = page.side(visit, rights, HERE).await?;
    Ok(KeysPage {
        s: if searched || wrong.is_some() { s.fixed() } else { s },
        side,
        rights,
        own,
        identity_until: keys.identity_since_at.saturating_add(IDENTITY_RENEW_S),
        tls_until: keys.tls_since_at.saturating_add(TLS_RENEW_S),
        keys,
        text,
        searched,
        partners,
        wrong,
        find: page.mark(visit, "compare")?,
        renew: page.mark(visit, "renew")?,
    })
}

/// Asks for a new identity key, under the succession key that is in the safe.
pub(in super::super) async fn renew(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Form(mut fields): Form<Fields>,
) -> Result<Response, Trouble> {
    page.number(&visit, &fields, "renew")?;
    let (by, passphrase) = (visit.by(), typed_secret(&mut fields, "passphrase"));
    let done = page.with_passphrase(&visit, move |node| {
        node.looks_after(by.as_deref(), &passphrase)?;
        node.renew_keys(&Yes::IdentityKey, Paper::Stays).map(drop)
    });
    match done.await {
        Ok(()) => {
            page.sessions.leave(&visit.session.base, Notice { key: "notice-renewed", count: 1 });
            Ok(Page::to(&visit, HERE))
        }
        Err(why) => {
            let Some(wrong) = reason(&why.code) else { return Err(told(&visit, why).into()) };
            Ok(html(StatusCode::CONFLICT, &page_of(&page, &visit, String::new(), false, Some(wrong)).await?))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nodes_number_is_read_out_in_groups_of_four() {
        assert_eq!(grouped("0123456789abcdef"), "0123 4567 89ab cdef");
    }
}
