//! Inviting an agency: the form, what will happen, and the code on the result page.

use std::{collections::BTreeMap, sync::Arc};

use askama::Template;
use axum::{Extension, Form, extract::State, http::StatusCode, response::Response};
use safeconduct_certs::{
    authority::{AdminError, Office, invite::DAYS_MAX},
    directory::{Record, is_name},
    node::Role,
    system::SystemClock,
    utc,
    web::fields::{Fields, all, field},
};
use safeconduct_protocol::{id::AgencyId, time::Clock as _};
use serde_json::json;
use zeroize::Zeroizing;

use super::{
    Page,
    desk::{Done, Refused},
    sheet::{Mark, Sheet, Trouble, Visit, html, shown, title},
};

/// Names that the form has room for; the command line takes more.
const NAMES_MAX: usize = 3;
const DAYS: u32 = 7;

/// The form as it was typed.
struct Typed {
    agency: String,
    names: Vec<(String, String)>,
    roles: Vec<String>,
    country: String,
    exercise: bool,
    days: String,
}

/// What was typed wrongly: the field, and the key of what to say.
type Wrong = (&'static str, &'static str);

#[derive(Template)]
#[template(path = "admin/invite.html")]
struct InvitePage {
    s: Sheet,
    t: Typed,
    wrong: Vec<Wrong>,
    /// What is wrong with the whole.
    refused: Option<Refused>,
    mark: Mark,
}

#[derive(Template)]
#[template(path = "admin/invite-confirm.html")]
struct ConfirmPage {
    s: Sheet,
    t: Typed,
    name: String,
    roles: Vec<Role>,
    country: String,
    until: String,
    replaces: bool,
    mark: Mark,
    back: Mark,
}

title! {
    ConfirmPage "invite-confirm-title",
}

type At = State<Arc<Page>>;
type By = Extension<Visit>;

/// The empty form.
pub(super) async fn ask(State(page): At, Extension(visit): By) -> Result<Response, Trouble> {
    let t = Typed::read(&Vec::new(), visit);
    std::future::ready(()).await;
    form(&page, visit, t, Vec::new(), None)
}

/// Judges the form, and says what will happen.
pub(super) async fn check(
    State(page): At,
    Extension(visit): By,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    page.number(visit, &fields, "invite check")?;
    let t = Typed::read(&fields, visit);
    if !field(&fields, "correct").is_empty() {
        return form(&page, visit, t, Vec::new(), None);
    }
    let (record, days) = match t.judge() {
        Ok(sound) => sound,
        Err(wrong) => return form(&page, visit, t, wrong, None),
    };
    let id = record.agency_id.clone();
    let replaces = page.work(visit, move |desk| Ok(stands_free(&desk.office, &id))).await?;
    let replaces = match replaces {
        Ok(replaces) => replaces,
        Err(error) => return form(&page, visit, t, Vec::new(), Some(error.into())),
    };
    let confirm = ConfirmPage {
        s: page.sheet(visit, "/invite").fixed(),
        name: record.name(visit.words.record_code).to_owned(),
        roles: record.roles.iter().map(|role| role.0).collect(),
        country: record.country.clone(),
        until: utc::day(SystemClock.now().day().after(days)),
        t,
        replaces,
        mark: page.mark(visit, "invite")?,
        back: page.mark(visit, "invite check")?,
    };
    shown(&confirm)
}

/// Makes the code, and tells the relays.
pub(super) async fn invite(
    State(page): At,
    Extension(visit): By,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    let number = page.number(visit, &fields, "invite")?;
    let t = Typed::read(&fields, visit);
    let (record, days) = match t.judge() {
        Ok(sound) => sound,
        Err(wrong) => return form(&page, visit, t, wrong, None),
    };
    let kept = number.clone();
    page.work(visit, move |desk| {
        desk.act(kept, |office| {
            let agency = record.agency_id.as_str().to_owned();
            let (code, expires) = office.invite(record, days)?;
            Ok(Done::Invited { agency, code: Some(Zeroizing::new(code.reveal())), expires: utc::day(expires) })
        });
        Ok(())
    })
    .await?;
    Ok(page.to(&format!("/result/{number}")))
}

fn form(page: &Page, visit: Visit, t: Typed, wrong: Vec<Wrong>, refused: Option<Refused>) -> Result<Response, Trouble> {
    let status = if wrong.is_empty() && refused.is_none() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let sheet = page.sheet(visit, "/invite");
    let s = if t.agency.is_empty() && wrong.is_empty() { sheet } else { sheet.fixed() };
    Ok(html(status, &InvitePage { s, t, wrong, refused, mark: page.mark(visit, "invite check")? }))
}

/// Whether an open invitation would end; refused where `invite` would refuse.
fn stands_free(office: &Office, agency: &AgencyId) -> Result<bool, AdminError> {
    office.is_of_country(agency)?;
    office.may_invite(agency)?;
    Ok(office.open_invitations().any(|(invited, _)| invited == agency))
}

impl Typed {
    fn read(fields: &Fields, visit: Visit) -> Self {
        let mut names: Vec<(String, String)> = all(fields, "language")
            .zip(all(fields, "name"))
            .map(|(language, name)| (language.to_lowercase(), name.to_owned()))
            .take(NAMES_MAX)
            .collect();
        if names.is_empty() {
            names.push((visit.words.record_code.to_owned(), String::new()));
        }
        names.resize(NAMES_MAX, (String::new(), String::new()));
        let days = field(fields, "days");
        Self {
            agency: field(fields, "agency").to_owned(),
            names,
            roles: all(fields, "role").map(str::to_owned).take(Role::ALL.len()).collect(),
            country: field(fields, "country").to_uppercase(),
            exercise: field(fields, "exercise") == "yes",
            days: if days.is_empty() { DAYS.to_string() } else { days.to_owned() },
        }
    }

    /// The record and days, or every field that is wrong.
    fn judge(&self) -> Result<(Record, u32), Vec<Wrong>> {
        let mut wrong = Vec::new();
        let agency: Option<AgencyId> = self.agency.parse().ok();
        if agency.is_none() {
            wrong.push(("agency", "invite-error-agency"));
        }
        let names = self.named();
        if names.is_none() {
            wrong.push(("names", "invite-error-names"));
        }
        let roles: Vec<Role> = Role::ALL.into_iter().filter(|role| self.has(role)).collect();
        if roles.is_empty() {
            wrong.push(("roles", "invite-error-roles"));
        }
        let country = match self.country.as_str() {
            "" => self.agency.chars().take(2).collect::<String>().to_uppercase(),
            typed => typed.to_owned(),
        };
        let is_country = country.len() == 2 && country.bytes().all(|b| b.is_ascii_uppercase());
        if !self.country.is_empty() && !is_country {
            wrong.push(("country", "invite-error-country"));
        }
        let days = self.days.parse().ok().filter(|days| (1..=DAYS_MAX).contains(days));
        if days.is_none() {
            wrong.push(("days", "invite-error-days"));
        }
        let (Some(agency), Some(names), Some(days), true) = (agency, names, days, wrong.is_empty()) else {
            return Err(wrong);
        };
        let roles: Vec<&str> = roles.iter().map(|role| role.as_str()).collect();
        let record = json!({
            "agency_id": agency.as_str(),
            "names": names,
            "country": country,
            "roles": roles,
            "exercise": self.exercise,
        });
        let record = Record::parse(record.to_string().as_bytes());
        record.map(|record| (record, days)).map_err(|_refused| vec![("names", "invite-error-record")])
    }

    /// Names by language; none when one is no name, has no language, or a language comes twice.
    fn named(&self) -> Option<BTreeMap<&str, &str>> {
        let mut names = BTreeMap::new();
        for (language, name) in self.names.iter().filter(|(_, name)| !name.is_empty()) {
            let fits = language.len() == 3 && language.bytes().all(|b| b.is_ascii_lowercase()) && is_name(name);
            if !fits || names.insert(language.as_str(), name.as_str()).is_some() {
                return None;
            }
        }
        (!names.is_empty()).then_some(names)
    }

    fn has(&self, role: &Role) -> bool {
        self.roles.iter().any(|name| name == role.as_str())
    }
}

impl InvitePage {
    const fn title(&self) -> &'static str {
        "invite-title"
    }

    fn every_role(&self) -> [Role; 24] {
        Role::ALL
    }

    fn is_wrong(&self, name: &str) -> bool {
        self.wrong.iter().any(|(field, _)| *field == name)
    }
}
