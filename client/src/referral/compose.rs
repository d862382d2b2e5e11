//! From a short form to a referral: what follows from the services, the urgency and the country is filled in, nothing that
//! somebody has written is changed. A pure function; randomness and time are passed in (REFERRAL §5.2, §4.2).
//!
//! A form is JSON with the schema's own names, without the header and the enquiry around them:
//!
//! ```json
//! {"services": ["Shelter"], "age_band": "25-34", "country_of_need": "XA", "urgency": "Urgent"}
//! ```
//!
//! `summary`, `consents`, `identity` and `case_file` stand beside that as in a referral; `markings`, `delete_after`,
//! `retention_basis`, `legal_hold` and `ext` are those of its handling. JSON with a `header` is a referral already, whole or
//! not, and is filled in the same way.
//!
//! - The level is the lowest that a requested service needs, never the highest that the person allowed.
//! - Ids and case codes are fresh, so that nobody joins two referrals by them. A consent without an end ends after six months.
//! - It is created now, and what was counted from an earlier creation is counted anew: a draft has waited, and a consent that was
//!   given meanwhile would lie in its future.
//! - What the form lacks stays lacking: a draft may be unfinished, and says what is missing.

use safeconduct_protocol::{
    entropy::{Entropy, NoEntropy, random},
    time::{DAY_S, HOUR_S, Timestamp},
};
use zeroize::Zeroizing;

use super::{
    Finding, Referral,
    codes::{AgeBand, Kind, RetentionBasis, SchemaName, Section, Service, Urgency},
    cross::is_child_band,
    dates::{Date, Instant},
    json::{self, Json},
    policy::{AgencyFacts, LIFE_WITHOUT_END_DAYS, default_level, needed},
    profile::Profiles,
    text::Country,
    walk::Walk,
    write::Writer,
};

mod again;
pub(crate) mod tree;

pub use self::again::{for_alternate, new_from};
use self::tree::{child, list_mut, members_mut, remove, text, text_of};

/// Members of a form that belong into the header.
const HEADER: [&str; 14] = [
    "kind",
    "disclosure_level",
    "exercise",
    "urgency",
    "created_at",
    "expires_at",
    "to",
    "alternates",
    "told",
    "parent_referral_id",
    "text_lang",
    "reason",
    "caseworker",
    "from",
];
/// Members of a form that belong into the enquiry.
const ENQUIRY: [&str; 14] = [
    "services",
    "age_band",
    "prs_Gender",
    "languages",
    "group_size",
    "accompanying_children",
    "group",
    "vic_TypeOfExploitation",
    "country_of_need",
    "region_of_need",
    "needed_by",
    "access_needs",
    "safety_needs",
    "note",
];
/// Members of a form that are parts of a referral.
const PARTS: [&str; 4] = ["summary", "consents", "identity", "case_file"];
/// Members of a form that belong into the handling.
const HANDLING: [&str; 5] = ["markings", "delete_after", "retention_basis", "legal_hold", "ext"];

/// What composing is told.
pub struct Given<'a> {
    /// The time.
    pub now: Timestamp,
    /// This agency.
    pub from: &'a AgencyFacts,
    /// The agency that shall receive it, once it is known.
    pub to: Option<&'a AgencyFacts>,
    /// Country profiles.
    pub profiles: &'a Profiles,
    /// Ids and case codes are drawn from here.
    pub entropy: &'a mut dyn Entropy,
}

/// What services need at least.
#[derive(Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The lowest of their levels.
    pub level: u8,
    /// The sections that any of them needs beside enquiry and summary, in the schema's order.
    pub sections: Vec<Section>,
}

/// What these services need at least (REFERRAL §5.2).
#[must_use]
pub fn proposal(services: &[Service]) -> Proposal {
    let level = services.iter().map(|service| default_level(*service)).min().unwrap_or(0);
    let wanted = |section: &&Section| services.iter().any(|service| needed(*service).contains(section));
    Proposal { level, sections: Section::ALL.iter().filter(wanted).copied().collect() }
}

/// A referral that is being written. No `Debug`: it holds a person's data.
pub struct Composed {
    bytes: Zeroizing<Vec<u8>>,
    referral: Result<Referral, Vec<Finding>>,
}

impl Composed {
    fn of(tree: &Json) -> Self {
        let bytes = Writer::bytes_of(|out| tree.write(out));
        match super::parse(&bytes) {
            Ok(referral) => Self { bytes: super::canonical(&referral), referral: Ok(referral) },
            Err(findings) => Self { bytes, referral: Err(findings) },
        }
    }

    /// A draft as it was kept.
    #[must_use]
    pub fn read(bytes: Zeroizing<Vec<u8>>) -> Self {
        let referral = super::parse(&bytes);
        Self { bytes, referral }
    }

    /// Its JSON; canonical once nothing is missing.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The referral, once the schema accepts it. The decision table judges it besides.
    ///
    /// # Errors
    /// What is missing or does not fit.
    pub fn referral(&self) -> Result<&Referral, &[Finding]> {
        self.referral.as_ref().map_err(Vec::as_slice)
    }

    /// Takes the referral, once the schema accepts it.
    ///
    /// # Errors
    /// What is missing or does not fit.
    pub fn into_referral(self) -> Result<Referral, Vec<Finding>> {
        self.referral
    }
}

/// Why nothing was composed.
#[derive(Debug)]
#[non_exhaustive]
pub enum NotComposed {
    /// The bytes are no form: no JSON, or a member that a form does not have.
    NoForm(Vec<Finding>),
    /// The source of randomness failed.
    NoEntropy(NoEntropy),
}

impl From<NoEntropy> for NotComposed {
    fn from(error: NoEntropy) -> Self {
        Self::NoEntropy(error)
    }
}

/// Makes a referral from a form, as far as the form goes.
///
/// # Errors
/// [`NotComposed`].
pub fn compose(form: &[u8], given: &mut Given<'_>) -> Result<Composed, NotComposed> {
    let mut tree = json::parse(form).map_err(NotComposed::NoForm)?;
    if tree.get("header").is_none() {
        tree = whole(tree).map_err(NotComposed::NoForm)?;
    }
    undate(&mut tree, given);
    fill(&mut tree, given)?;
    Ok(Composed::of(&tree))
}

/// Takes away when it was created, and the ends that followed from that; others stay.
fn undate(tree: &mut Json, given: &Given<'_>) {
    let instant = |tree: &Json, name: &str| {
        tree.get("header").and_then(|header| header.get(name)).and_then(text_of)?.parse::<Instant>().ok()
    };
    let Some(created) = instant(tree, "created_at") else { return };
    // Its urgency may have been changed meanwhile: what any urgency gives has followed from one.
    let follows = |end: Instant| Urgency::ALL.iter().any(|one| created.time().after(life_s(*one)) == end.time());
    let day = last_day(tree, given).map(|day| day.to_string());
    let said = tree.get("handling").and_then(|handling| handling.get("delete_after")).and_then(text_of);
    if day.is_some() && said == day.as_deref() {
        remove(tree, "handling", "delete_after");
    }
    if instant(tree, "expires_at").is_some_and(follows) {
        remove(tree, "header", "expires_at");
    }
    remove(tree, "header", "created_at");
}

/// A form's members, each where a referral has it.
fn whole(form: Json) -> Result<Json, Vec<Finding>> {
    let mut walk = Walk::new(3);
    let Some(members) = walk.members(form) else { return Err(walk.into_findings()) };
    let [mut header, mut enquiry, mut handling, mut parts, mut unknown] = [const { Vec::new() }; 5];
    for (name, value) in members {
        let known = |names: &[&str]| names.contains(&name.as_str());
        let into = if known(&HEADER) {
            &mut header
        } else if known(&ENQUIRY) {
            &mut enquiry
        } else if known(&HANDLING) {
            &mut handling
        } else if known(&PARTS) {
            &mut parts
        } else {
            &mut unknown
        };
        into.push((name, value));
    }
    walk.leftover(unknown, &[&HEADER[..], &ENQUIRY, &PARTS, &HANDLING].concat());
    let findings = walk.into_findings();
    if !findings.is_empty() {
        return Err(findings);
    }
    let mut whole = vec![("header".to_owned(), Json::Object(header)), ("enquiry".to_owned(), Json::Object(enquiry))];
    whole.extend(parts);
    whole.push(("handling".to_owned(), Json::Object(handling)));
    Ok(Json::Object(whole))
}

/// Fills in what follows from what is there.
fn fill(tree: &mut Json, given: &mut Given<'_>) -> Result<(), NoEntropy> {
    for part in ["header", "enquiry", "handling"] {
        child(tree, part, || Json::Object(Vec::new()));
    }
    let (services, band) = asked(tree);
    header(tree, &services, band, given)?;
    if tree.get("summary").is_some() {
        let code = case_code(given)?;
        child_of(tree, "summary", "case_code", || text(&code));
    }
    dependants(tree, given)?;
    consents(tree, given)?;
    handling(tree, given);
    Ok(())
}

/// The services and the age band that are asked for, as far as they can be read.
fn asked(tree: &Json) -> (Vec<Service>, Option<AgeBand>) {
    let enquiry = tree.get("enquiry");
    let services = match enquiry.and_then(|enquiry| enquiry.get("services")) {
        Some(Json::List(items)) => items.iter().filter_map(text_of).filter_map(Service::from_code).collect(),
        _ => Vec::new(),
    };
    let band = enquiry.and_then(|enquiry| enquiry.get("age_band")).and_then(text_of).and_then(AgeBand::from_code);
    (services, band)
}

/// Puts a member into a part, if the part is an object without it.
fn child_of(tree: &mut Json, part: &str, name: &str, value: impl FnOnce() -> Json) {
    if let Some(members) = members_mut(tree, part)
        && !members.iter().any(|(key, _)| key == name)
    {
        members.push((name.to_owned(), value()));
    }
}

fn header(
    tree: &mut Json,
    services: &[Service],
    band: Option<AgeBand>,
    given: &mut Given<'_>,
) -> Result<(), NoEntropy> {
    let id = uuid(given.entropy)?;
    let said = |tree: &Json, name: &str| {
        tree.get("header").and_then(|header| header.get(name)).and_then(text_of).map(str::to_owned)
    };
    let kind = said(tree, "kind").and_then(|code| Kind::from_code(&code));
    let level = match kind {
        Some(Kind::Enquiry) => 0,
        Some(Kind::MandatoryNotification) => u8::from(band.is_some_and(is_child_band)),
        Some(Kind::Referral | Kind::Transfer) | None => proposal(services).level,
    };
    child_of(tree, "header", "schema", || text(SchemaName::ALL.first().map_or("", |name| name.as_str())));
    child_of(tree, "header", "referral_id", || text(&id));
    child_of(tree, "header", "revision", || Json::Whole(1));
    child_of(tree, "header", "disclosure_level", || Json::Whole(i64::from(level)));
    let level = tree.get("header").and_then(|header| header.get("disclosure_level"));
    let kind = if matches!(level, Some(Json::Whole(0))) { Kind::Enquiry } else { Kind::Referral };
    child_of(tree, "header", "kind", || text(kind.as_str()));
    child_of(tree, "header", "created_at", || text(&Instant::at(given.now).to_string()));
    let created = said(tree, "created_at").and_then(|text| text.parse::<Instant>().ok());
    if let (Some(created), Some(urgency)) = (created, said(tree, "urgency").and_then(|code| Urgency::from_code(&code)))
    {
        let expires = Instant::at(created.time().after(life_s(urgency)));
        child_of(tree, "header", "expires_at", || text(&expires.to_string()));
    }
    ends(tree, given);
    let own = given.profiles.for_country(&given.from.country);
    let first = own.profile.languages.first().map_or("eng", String::as_str);
    child_of(tree, "header", "text_lang", || text(first));
    child_of(tree, "header", "reason", || text("AdditionalServicesRequired"));
    Ok(())
}

/// Both agencies and their countries' profiles.
fn ends(tree: &mut Json, given: &Given<'_>) {
    for (end, profile, facts) in [("from", "profile_from", Some(given.from)), ("to", "profile_to", given.to)] {
        if let Some(facts) = facts {
            child_of(tree, "header", end, || Json::Object(Vec::new()));
            let Some(header) = members_mut(tree, "header") else { return };
            let Some((_, Json::Object(agency))) = header.iter_mut().find(|(name, _)| name == end) else { continue };
            let mut put = |name: &str, value: &str| {
                if !agency.iter().any(|(key, _)| key == name) {
                    agency.push((name.to_owned(), text(value)));
                }
            };
            put("agency_id", facts.agency.as_str());
            // Of several roles the one that counts is for a person to say.
            if let [only] = facts.roles.as_slice() {
                put("role", only.as_str());
            }
            put("country", facts.country.as_str());
        }
        let country = tree.get("header").and_then(|header| header.get(end)).and_then(|agency| agency.get("country"));
        if let Some(country) = country.and_then(text_of).and_then(Country::of) {
            let version = given.profiles.for_country(&country).profile.version;
            child_of(tree, "header", profile, || text(&format!("{}@{version}", country.as_str())));
        }
    }
}

/// How long a referral lives by its urgency, in seconds (REFERRAL §4.2).
#[must_use]
pub const fn life_s(urgency: Urgency) -> u64 {
    match urgency {
        Urgency::Immediate => 24 * HOUR_S,
        Urgency::Emergency => 72 * HOUR_S,
        Urgency::Urgent => 7 * DAY_S,
        Urgency::Normal => 30 * DAY_S,
    }
}

/// Case codes of those who depend on the person.
fn dependants(tree: &mut Json, given: &mut Given<'_>) -> Result<(), NoEntropy> {
    let Some(identity) = members_mut(tree, "identity") else { return Ok(()) };
    for dependant in list_mut(identity, "dependants") {
        if let Json::Object(members) = dependant
            && !members.iter().any(|(name, _)| name == "case_code")
        {
            members.push(("case_code".to_owned(), text(&case_code(given)?)));
        }
    }
    Ok(())
}

/// Ids, state and end of consents.
fn consents(tree: &mut Json, given: &mut Given<'_>) -> Result<(), NoEntropy> {
    let Json::Object(parts) = tree else { return Ok(()) };
    for consent in list_mut(parts, "consents") {
        let Json::Object(members) = consent else { continue };
        let given_at = members.iter().find(|(name, _)| name == "given_at").and_then(|(_, value)| text_of(value));
        let end = given_at.and_then(|at| at.parse::<Instant>().ok());
        let end = end.map(|at| Instant::at(at.time().after(LIFE_WITHOUT_END_DAYS * DAY_S)).to_string());
        let id = uuid(given.entropy)?;
        let filled = [("consent_id", Some(id)), ("expires_at", end), ("status", Some("Active".to_owned()))];
        for (name, value) in filled {
            if let Some(value) = value
                && !members.iter().any(|(key, _)| key == name)
            {
                members.push((name.to_owned(), text(&value)));
            }
        }
    }
    Ok(())
}

/// Markings, basis and day of deletion.
fn handling(tree: &mut Json, given: &Given<'_>) {
    child_of(tree, "handling", "markings", || Json::List(Vec::new()));
    child_of(tree, "handling", "retention_basis", || text(RetentionBasis::ServiceDelivery.as_str()));
    if let Some(day) = last_day(tree, given) {
        child_of(tree, "handling", "delete_after", || text(&day.to_string()));
    }
}

/// The last day of deletion that both countries' profiles allow. That of a child is counted from the day of majority, which a person
/// looks up.
fn last_day(tree: &Json, given: &Given<'_>) -> Option<Date> {
    let at = |part: &str, name: &str| tree.get(part).and_then(|part| part.get(name)).and_then(text_of);
    let basis = at("handling", "retention_basis").and_then(RetentionBasis::from_code)?;
    let expiry = at("header", "expires_at")?.parse::<Instant>().ok()?;
    if basis == RetentionBasis::ChildUntilMajorityPlus {
        return None;
    }
    let to = tree.get("header").and_then(|header| header.get("to")).and_then(|to| to.get("country"));
    let to = to.and_then(text_of).and_then(Country::of);
    let days = |country: &Country| given.profiles.for_country(country).retention_days.days(basis);
    let days = core::iter::once(&given.from.country).chain(&to).map(days).min().unwrap_or(0);
    Date::from_days(Date::on(expiry.time())?.days().saturating_add(i64::from(days)))
}

/// A random UUID (RFC 9562 §5.4).
pub(crate) fn uuid(entropy: &mut dyn Entropy) -> Result<String, NoEntropy> {
    let mut bytes: [u8; 16] = random(entropy)?;
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let parts = [0..8, 8..12, 12..16, 16..20, 20..32].map(|part| hex.get(part).unwrap_or_default());
    Ok(parts.join("-"))
}

/// A fresh case code, `[A-Z0-9]{3}-[A-Z2-7]{8}`: the beginning of the sender's name, and 40 random bits in base 32.
fn case_code(given: &mut Given<'_>) -> Result<String, NoEntropy> {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bytes: [u8; 8] = random(given.entropy)?;
    let name = given.from.agency.as_str().split_once('.').map_or("", |(_, name)| name);
    let front = name.chars().filter(char::is_ascii_alphanumeric).chain(core::iter::repeat('X')).take(3);
    let letter = |byte: u8| LETTERS.get(usize::from(byte & 31)).copied().map_or('A', char::from);
    let random = bytes.into_iter().map(letter);
    Ok(front.map(|c| c.to_ascii_uppercase()).chain(core::iter::once('-')).chain(random).collect())
}

#[cfg(test)]
mod tests;
