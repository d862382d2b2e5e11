//! Referrals as a file.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use safeconduct_protocol::time::Timestamp;
use zeroize::Zeroizing;

use super::{
    cells,
    columns::{self, About, BETWEEN, COLUMNS, Column, Source},
};
use crate::{
    casework::life::state::State,
    referral::{
        Referral, canonical,
        codes::{Role, Service},
        dates::Date,
        json::{self, Json},
    },
};

/// A referral, and what became of it.
pub struct Row<'a> {
    /// The referral.
    pub referral: &'a Referral,
    /// Its state.
    pub state: State,
    /// When it was accepted, if it was.
    pub accepted_at: Option<Timestamp>,
}

/// Whether a file says who persons are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WhoTheyAre {
    /// It does, and holds the referrals whole.
    Told,
    /// Names, papers, contacts, places and the referrals themselves are left out. Free text stays as it was written.
    LeftOut,
}

/// The file: one line of names, one row a referral. UTF-8.
#[must_use]
pub fn write(rows: &[Row<'_>], who: WhoTheyAre) -> Zeroizing<String> {
    let mut out = head();
    for row in rows {
        line(row, who, &mut out);
    }
    out
}

/// The line of names.
#[must_use]
pub fn head() -> Zeroizing<String> {
    let names: Vec<&str> = COLUMNS.iter().map(|column| column.name).collect();
    Zeroizing::new(format!("{}\n", names.join(",")))
}

/// One referral's line.
pub fn line(row: &Row<'_>, who: WhoTheyAre, out: &mut Zeroizing<String>) {
    for (at, (column, cell)) in COLUMNS.iter().zip(cells_of(row)).enumerate() {
        if at > 0 {
            out.push(',');
        }
        if column.about == About::Case || who == WhoTheyAre::Told {
            cells::put(&cell, out);
        }
    }
    out.push('\n');
}

/// The cells of a referral, in the order of the columns.
pub(super) fn cells_of(row: &Row<'_>) -> Vec<Zeroizing<String>> {
    let bytes = canonical(row.referral);
    // What was written canonically reads.
    let whole = json::parse(&bytes).unwrap_or(Json::Null);
    COLUMNS.iter().map(|column| cell(column, row, &whole, &bytes)).collect()
}

fn cell(column: &Column, row: &Row<'_>, whole: &Json, bytes: &[u8]) -> Zeroizing<String> {
    let text = |text: &str| Zeroizing::new(text.to_owned());
    match column.source {
        Source::At(path) => at(whole, path).map(shown).unwrap_or_default(),
        Source::Item(path, number) => list(whole, path).get(number).map(shown).unwrap_or_default(),
        Source::Each(path, member) => {
            joined(list(whole, path).iter().map(|item| item.get(member).map(shown).unwrap_or_default()))
        }
        Source::First(path, member) => {
            list(whole, path).first().and_then(|item| item.get(member)).map(shown).unwrap_or_default()
        }
        Source::Name(part) => {
            let names = list(whole, "identity.names");
            let is_legal = |name: &&Json| name.get("use").is_some_and(|of| shown(of).as_str() == "Legal");
            let name = names.iter().find(is_legal).or_else(|| names.first());
            name.and_then(|name| name.get(part)).map(shown).unwrap_or_default()
        }
        Source::Day(path) => at(whole, path).map(shown).and_then(|time| time.get(..10).map(text)).unwrap_or_default(),
        Source::AgencyType(path) => {
            let role = at(whole, path).map(shown).and_then(|role| Role::from_code(&role));
            role.map(|role| text(columns::agency_type(role))).unwrap_or_default()
        }
        Source::Support => supports(whole),
        Source::Consent => {
            let active =
                |consent: &Json| consent.get("status").is_some_and(|status| shown(status).as_str() == "Active");
            let stands = list(whole, "consents").iter().any(active);
            text(if stands { "true" } else { "false" })
        }
        Source::Accepted => row.accepted_at.and_then(Date::on).map(|day| text(&day.to_string())).unwrap_or_default(),
        Source::Status => text(columns::status(row.state)),
        Source::State => text(row.state.code()),
        Source::Whole => Zeroizing::new(STANDARD.encode(bytes)),
    }
}

/// The standard's kinds of support, each once, in the order in which they come.
fn supports(whole: &Json) -> Zeroizing<String> {
    let of_services = list(whole, "enquiry.services")
        .iter()
        .filter_map(|service| Service::from_code(&shown(service)))
        .map(|service| Zeroizing::new(columns::support(service).as_str().to_owned()));
    let of_plan = list(whole, "case_file.support_plan").iter().filter_map(|step| step.get("spl_Type")).map(shown);
    let mut all: Vec<Zeroizing<String>> = Vec::new();
    for kind in of_services.chain(of_plan) {
        if !all.contains(&kind) {
            all.push(kind);
        }
    }
    joined(all.into_iter())
}

fn joined(items: impl Iterator<Item = Zeroizing<String>>) -> Zeroizing<String> {
    let mut all = Zeroizing::new(String::new());
    for (at, item) in items.enumerate() {
        if at > 0 {
            all.push(BETWEEN);
        }
        all.push_str(&item);
    }
    all
}

fn at<'a>(whole: &'a Json, path: &str) -> Option<&'a Json> {
    path.split('.').try_fold(whole, |node, name| node.get(name))
}

fn list<'a>(whole: &'a Json, path: &str) -> &'a [Json] {
    if let Some(Json::List(items)) = at(whole, path) { items } else { &[] }
}

fn shown(node: &Json) -> Zeroizing<String> {
    match node {
        Json::Text(text) => text.clone(),
        Json::Whole(number) => Zeroizing::new(number.to_string()),
        Json::Bool(is) => Zeroizing::new(is.to_string()),
        Json::List(items) => joined(items.iter().map(shown)),
        Json::Null | Json::Fraction | Json::Object(_) => Zeroizing::default(),
    }
}
