//! What the pages show, copied out of the directory so that nothing waits for a browser.

use safeconduct_certs::{
    authority::{
        AdminError, Office,
        invite::{ByWord, Waiting as Asking},
        lives,
        office::Registered,
        requests::ChangeWaiting,
    },
    enrol::words::{Language, SafetyWords},
    node::{NodeStatus, Role, Roles},
    registry::terms::{ROLES_ALL, Terms},
    utc,
};
use safeconduct_protocol::time::{DAY_S, Day, HOUR_S, Timestamp};

use super::words::Words;

/// A timestamp that is older is a warning: it is signed every six hours, and nodes mind after a day.
const STALE_S: u64 = 12 * HOUR_S;
/// Audit lines of one page.
const LINES_PER_PAGE: usize = 50;

/// The first page.
pub(super) struct Overview {
    pub(super) log_name: String,
    pub(super) country: String,
    pub(super) fingerprint: String,
    pub(super) size: u64,
    pub(super) timestamp: Option<Moment>,
    pub(super) stale: bool,
    pub(super) root_keys: String,
    pub(super) answers: u64,
    pub(super) waiting: u64,
    /// Witnesses that have signed the newest head, how many must have, and how many there are.
    pub(super) signed: u64,
    pub(super) quorum: u8,
    pub(super) witnesses: u64,
    /// Keys that are soon to be replaced, with the days left.
    pub(super) served: Vec<(&'static str, u64)>,
    pub(super) spoiled: u64,
    pub(super) agencies: u64,
    pub(super) suspended: u64,
    pub(super) relays: Vec<Agency>,
    pub(super) min_version: u16,
    pub(super) agreements: Vec<Agreement>,
    pub(super) recognised: Vec<Agreement>,
}

/// A time, and how long ago it was.
pub(super) struct Moment {
    pub(super) text: String,
    age_s: u64,
}

/// A registered agency or relay.
pub(super) struct Agency {
    pub(super) entry: u64,
    pub(super) id: String,
    /// In the reader's language, else in English.
    pub(super) name: String,
    /// Every name with its language.
    pub(super) names: Vec<(String, String)>,
    pub(super) country: String,
    pub(super) roles: Vec<Role>,
    pub(super) exercise: bool,
    pub(super) relay: Option<String>,
    pub(super) home_relay: u32,
    pub(super) status: Status,
    /// Since when, as the authority has signed it.
    pub(super) since: String,
    pub(super) node: String,
    pub(super) node_short: String,
    pub(super) newest_entry: u64,
    pub(super) former_keys: u64,
    /// The current key came by the authority's word alone.
    pub(super) by_override: bool,
    /// When a waiting key change takes effect.
    pub(super) pending: Option<String>,
}

/// Whether it may take part.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    Active,
    Suspended,
    Revoked,
}

/// An agreement or a recognition.
pub(super) struct Agreement {
    pub(super) number: u32,
    pub(super) from_roles: Option<Vec<Role>>,
    pub(super) to_roles: Option<Vec<Role>>,
    pub(super) from_country: String,
    pub(super) to_country: String,
    pub(super) what: &'static str,
    pub(super) until: String,
    pub(super) holds: bool,
}

/// A request that waits.
pub(super) struct Request {
    /// Its name in addresses.
    pub(super) key: String,
    pub(super) kind: Kind,
    pub(super) agency: String,
    pub(super) node: String,
    pub(super) node_short: String,
    /// The first of the eight; the others come from the operator's mouth.
    pub(super) first_word: &'static str,
    pub(super) words: SafetyWords,
}

/// What a request asks for.
pub(super) enum Kind {
    /// To be registered.
    New,
    /// To take a node's place, with the succession key on paper.
    Paper {
        /// Whose.
        node_short: String,
    },
    /// To take a node's place by the authority's word alone.
    Alone {
        /// Whose.
        node_short: String,
    },
    /// To change keys or the home relay of a registered node: keys of the texts that say which.
    Change(Vec<&'static str>),
}

/// An invitation that nobody has used.
pub(super) struct Invitation {
    pub(super) agency: String,
    pub(super) expires: String,
    /// None when its last day is over.
    pub(super) days_left: Option<u64>,
}

/// Requests and invitations.
pub(super) struct Waiting {
    pub(super) requests: Vec<Request>,
    pub(super) spoiled: Vec<String>,
    pub(super) invitations: Vec<Invitation>,
}

/// One page of the audit file, newest first.
pub(super) struct AuditPage {
    pub(super) lines: Vec<AuditRow>,
    pub(super) page: usize,
    pub(super) pages: usize,
}

/// One line of it.
pub(super) struct AuditRow {
    pub(super) time: String,
    pub(super) act: String,
    pub(super) agency: String,
    pub(super) detail: String,
}

impl Moment {
    fn new(time: Timestamp, now: Timestamp) -> Self {
        Self { text: instant(time), age_s: now.since(time) }
    }

    pub(super) fn age(&self, words: &Words) -> String {
        let count = |unit: u64| self.age_s.checked_div(unit).unwrap_or(0);
        match self.age_s {
            0..HOUR_S => words.count("age-minutes", count(60)),
            HOUR_S..DAY_S => words.count("age-hours", count(HOUR_S)),
            _ => words.count("age-days", count(DAY_S)),
        }
    }
}

impl Agency {
    fn new(registered: &Registered<'_>, words: &Words) -> Self {
        let (state, record) = (registered.state, &registered.record);
        let status = match state.status {
            NodeStatus::Active => Status::Active,
            NodeStatus::Suspended => Status::Suspended,
            NodeStatus::Revoked { .. } => Status::Revoked,
        };
        Self {
            entry: state.added_at,
            id: record.agency_id.as_str().to_owned(),
            name: record.name(words.record_code).to_owned(),
            names: record.names.iter().map(|(language, name)| (language.clone(), name.clone())).collect(),
            country: record.country.clone(),
            roles: record.roles.iter().map(|role| role.0).collect(),
            exercise: record.exercise,
            relay: record.relay.clone(),
            home_relay: state.home_relay.0,
            status,
            since: instant(state.last_effective),
            node: state.id.to_hex(),
            node_short: state.id.short().to_string(),
            newest_entry: state.last_index,
            former_keys: u64::try_from(state.former_keys.len()).unwrap_or(u64::MAX),
            by_override: state.authority_override,
            pending: state.pending.as_ref().map(|change| instant(change.from)),
        }
    }

    /// Whether a search finds it: every word of the search in its id, a name, its country, a role or its node id.
    fn has(&self, search: &str, words: &Words) -> bool {
        let roles = self.roles.iter().flat_map(|role| [role.as_str().to_owned(), role_name(words, *role)]);
        let names = self.names.iter().map(|(_, name)| name.clone());
        let own = [self.id.clone(), self.country.clone(), self.node.clone()];
        let all: Vec<String> = names.chain(roles).chain(own).map(|text| text.to_lowercase()).collect();
        search.to_lowercase().split_whitespace().all(|word| all.iter().any(|text| text.contains(word)))
    }
}

impl Request {
    fn enrolment(one: &Asking, language: Language) -> Self {
        let kind = match one.replaces {
            None => Kind::New,
            Some((node, ByWord::Paper)) => Kind::Paper { node_short: node.short().to_string() },
            Some((node, ByWord::AuthorityAlone)) => Kind::Alone { node_short: node.short().to_string() },
        };
        Self {
            key: one.invite.to_hex(),
            kind,
            agency: one.agency.as_str().to_owned(),
            node: one.node.to_hex(),
            node_short: one.node.short().to_string(),
            first_word: one.words.in_language(language)[0],
            words: one.words,
        }
    }

    fn change(one: &ChangeWaiting, language: Language) -> Self {
        let asked = [
            (one.asked.identity, "change-identity"),
            (one.asked.succession, "change-succession"),
            (one.asked.tls, "change-tls"),
            (one.asked.place, "change-place"),
        ];
        Self {
            key: format!("change-{}", one.node.to_hex()),
            kind: Kind::Change(asked.into_iter().filter_map(|(asked, key)| asked.then_some(key)).collect()),
            agency: one.agency.as_str().to_owned(),
            node: one.node.to_hex(),
            node_short: one.node.short().to_string(),
            first_word: one.words.in_language(language)[0],
            words: one.words,
        }
    }

    /// What is asked for, in the reader's language.
    pub(super) fn asks(&self, words: &Words) -> String {
        match &self.kind {
            Kind::New => words.say("asks-new"),
            Kind::Paper { node_short } => words.say_of("asks-paper", "node", node_short),
            Kind::Alone { node_short } => words.say_of("asks-alone", "node", node_short),
            Kind::Change(keys) => {
                let all: Vec<String> = keys.iter().map(|key| words.say(key)).collect();
                words.say_of("asks-change", "what", &all.join(", "))
            }
        }
    }

    /// What an approval does: the keys of two texts.
    pub(super) const fn approval(&self) -> (&'static str, &'static str) {
        match self.kind {
            Kind::New => ("approve-what", "approve-effects"),
            Kind::Paper { .. } => ("approve-place", "approve-paper-effects"),
            Kind::Alone { .. } => ("approve-place", "approve-alone-effects"),
            Kind::Change(_) => ("approve-change", "approve-change-effects"),
        }
    }

    /// What a rejection does: the key of a text.
    pub(super) const fn rejection(&self) -> &'static str {
        if self.is_change() { "reject-change-effects" } else { "reject-effects" }
    }

    pub(super) const fn is_change(&self) -> bool {
        matches!(self.kind, Kind::Change(_))
    }
}

impl AuditPage {
    pub(super) fn page_text(&self) -> String {
        self.page.to_string()
    }

    pub(super) fn pages_text(&self) -> String {
        self.pages.to_string()
    }
}

impl Agreement {
    fn new(terms: &Terms, now: Timestamp) -> Self {
        let roles = |bits: u32| {
            let some = || Roles::from_bits(bits).map(|roles| roles.iter().collect()).unwrap_or_default();
            (bits != ROLES_ALL).then(some)
        };
        Self {
            number: terms.number,
            from_roles: roles(terms.from_roles),
            to_roles: roles(terms.to_roles),
            from_country: terms.from_country.to_string(),
            to_country: terms.to_country.to_string(),
            what: match terms.what {
                1 => "what-enquiries",
                2 => "what-referrals",
                _ => "what-both",
            },
            until: instant(terms.until),
            holds: terms.hold_at(now),
        }
    }
}

/// The first page's content.
pub(super) fn overview(office: &Office, words: &Words, now: Timestamp) -> Result<Overview, AdminError> {
    let (root, registry) = (office.root(), office.registry());
    let all = agencies(office, words, "")?;
    let (relays, agencies): (Vec<Agency>, Vec<Agency>) = all.into_iter().partition(|one| one.relay.is_some());
    let of = |status| count(agencies.iter().filter(|agency| agency.status == status).count());
    let newest = registry.newest_time();
    let (signed, quorum) = office.witnessed();
    Ok(Overview {
        log_name: root.log_name().to_owned(),
        country: root.country().to_owned(),
        fingerprint: root.fingerprint().to_string(),
        size: registry.size(),
        stale: newest.is_none_or(|time| now.since(time) > STALE_S),
        timestamp: newest.map(|time| Moment::new(time, now)),
        root_keys: office.root_keys_here().join(", "),
        answers: count(office.answers_to_put()),
        waiting: count(office.waiting()?.len().saturating_add(office.changes_waiting()?.len())),
        signed: count(signed.len()),
        quorum,
        witnesses: count(root.witnesses().len()),
        served: lives::of(root)
            .into_iter()
            .filter(|key| key.mark(now).is_some())
            .map(|key| (key.what, key.days_left(now)))
            .collect(),
        spoiled: count(office.spoiled().count()),
        agencies: of(Status::Active),
        suspended: of(Status::Suspended),
        relays: relays.into_iter().filter(|relay| relay.status != Status::Revoked).collect(),
        min_version: registry.min_version(),
        agreements: registry.agreements().map(|terms| Agreement::new(terms, now)).collect(),
        recognised: registry.recognitions().map(|one| Agreement::new(&one.terms, now)).collect(),
    })
}

/// Everything that is registered and fits a search, agencies first, by id.
pub(super) fn agencies(office: &Office, words: &Words, search: &str) -> Result<Vec<Agency>, AdminError> {
    let mut all: Vec<Agency> = office.registered()?.iter().map(|one| Agency::new(one, words)).collect();
    all.retain(|agency| agency.has(search, words));
    all.sort_by(|a, b| (a.relay.is_some(), &a.id, a.entry).cmp(&(b.relay.is_some(), &b.id, b.entry)));
    Ok(all)
}

/// The agency or relay that entered the log at this place.
pub(super) fn agency(office: &Office, words: &Words, entry: u64) -> Result<Option<Agency>, AdminError> {
    Ok(office.registered()?.iter().find(|one| one.state.added_at == entry).map(|one| Agency::new(one, words)))
}

/// Requests and invitations; the words are those of the reader's language.
pub(super) fn waiting(office: &Office, words: &Words, now: Timestamp) -> Result<Waiting, AdminError> {
    let language = Language::from_code(words.code).unwrap_or(Language::English);
    let enrolments = office.waiting()?.into_iter().map(|one| Request::enrolment(&one, language));
    let changes = office.changes_waiting()?.into_iter().map(|one| Request::change(&one, language));
    let invitation = |(agency, expires): (&safeconduct_protocol::id::AgencyId, Day)| Invitation {
        agency: agency.as_str().to_owned(),
        expires: utc::day(expires),
        days_left: expires.0.checked_sub(now.day().0).map(u64::from),
    };
    Ok(Waiting {
        requests: enrolments.chain(changes).collect(),
        spoiled: office.spoiled().map(|agency| agency.as_str().to_owned()).collect(),
        invitations: office.open_invitations().map(invitation).collect(),
    })
}

/// A page of the audit file, from 1; the newest lines are on the first.
pub(super) fn audit(office: &Office, page: usize) -> AuditPage {
    let lines = office.audit_lines();
    let pages = lines.len().div_ceil(LINES_PER_PAGE).max(1);
    let page = page.clamp(1, pages);
    let skipped = (page - 1) * LINES_PER_PAGE;
    let row = |line: &safeconduct_certs::authority::AuditLine| AuditRow {
        time: instant(Timestamp(line.time)),
        act: line.act.clone(),
        agency: line.agency.clone(),
        detail: line.detail.clone(),
    };
    AuditPage { lines: lines.iter().rev().skip(skipped).take(LINES_PER_PAGE).map(row).collect(), page, pages }
}

/// A role in the reader's language.
pub(super) fn role_name(words: &Words, role: Role) -> String {
    words.say(&format!("role-{role}"))
}

/// `2026-11-24 03:40 UTC`.
pub(super) fn instant(time: Timestamp) -> String {
    let text = utc::instant(time);
    let minutes = text.get(..16).unwrap_or(&text).replace('T', " ");
    format!("{minutes} UTC")
}

fn count(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}
