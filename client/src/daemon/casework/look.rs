//! Lists of referrals, one referral, and its log.

use rusqlite::{Connection, params, params_from_iter, types::Value};
use safeconduct_certs::fold::fold;
use safeconduct_protocol::time::Timestamp;

use super::{super::Node, hands};
use crate::{
    api::{
        cases::{ListAsked, LogLine, OpenAsked, ReferralLine, ReferralShown, Referrals},
        page::no_page,
    },
    casework::{
        details::Details,
        lapse,
        life::{
            act::possible,
            code::{Step, Why},
            fold::{Applied, Reason, Remark},
            state::State,
            terms::Side,
        },
        post::told,
        refusal::CaseworkError,
        stand::{self, Now, hex},
        store::{
            columns::uuid_text,
            event::Kept,
            news::News,
            row::{Row, Turn},
            word::range_end,
        },
        view::{Ask, Assignment, Names, View, Viewer, view},
    },
    error::Told,
    people::{LocalRole, Officer},
    referral::codes::Section,
    vault::VaultError,
};

/// Lines of a page when nothing else is asked.
const LINES: u32 = 50;
/// Lines of a page at most.
const LINES_MAX: u32 = 200;
/// The newest two that are named so, each found by an index.
const NAMED: &str = "place IN (SELECT place FROM referral WHERE handle BETWEEN ?1 AND ?2
    UNION SELECT place FROM referral WHERE referral BETWEEN ?1 AND ?2) ORDER BY place DESC LIMIT 2";
/// Digits that name a referral, at least.
const PREFIX_DIGITS_MIN: usize = 4;

/// Words that fit a search, from how many on its referrals are looked for from the newest to the oldest and not from the words.
const WORDS_FEW: i64 = 20_000;

/// A condition with its values.
#[derive(Default)]
struct Where {
    /// The index that is walked, the newest first; without one the table itself.
    index: Option<&'static str>,
    conditions: Vec<String>,
    values: Vec<Value>,
}

impl Where {
    /// The place under which a value is bound.
    fn bind(&mut self, value: Value) -> String {
        self.values.push(value);
        format!("?{}", self.values.len())
    }

    fn and(&mut self, condition: &str, value: Value) {
        let place = self.bind(value);
        self.conditions.push(condition.replace('?', &place));
    }

    /// The condition of a page of at most `limit` rows, the newest first. Everything but the rows of the page is decided in the index.
    fn page(&self, limit: u32) -> String {
        let index = self.index.map(|index| format!(" INDEXED BY {index}")).unwrap_or_default();
        let conditions = if self.conditions.is_empty() { "1".to_owned() } else { self.conditions.join(" AND ") };
        format!(
            "place IN (SELECT r.place FROM referral r{index} WHERE {conditions} ORDER BY r.place DESC LIMIT {limit}) ORDER BY place DESC"
        )
    }
}

/// What somebody searches for, and by which words they may.
struct Search {
    /// Words from here on …
    from: String,
    /// … and before this.
    end: String,
    /// Up to which level, in referrals that are not their own.
    level: i64,
    /// Whose own referrals are searched by all words.
    own: Option<Vec<u8>>,
}

impl Search {
    fn of(asked: &ListAsked, searcher: Option<&Officer>) -> Option<Self> {
        let from = asked.search.as_deref().map(fold).filter(|search| !search.is_empty())?;
        let officer = searcher?;
        let own = officer.roles().has(LocalRole::Caseworker).then(|| officer.pseudonym().as_bytes().to_vec());
        Some(Self { end: range_end(&from), from, level: searches_up_to(officer), own })
    }

    /// Whether so few words fit that all of them may be looked at.
    fn is_narrow(&self, db: &Connection) -> Result<bool, VaultError> {
        let fits = "SELECT count(*) FROM (SELECT 1 FROM referral_word WHERE word >= ?1 AND word < ?2 LIMIT ?3)";
        let count: i64 = db.query_row(fits, params![self.from, self.end, WORDS_FEW], |row| row.get(0))?;
        Ok(count < WORDS_FEW)
    }

    /// Nobody finds a referral by a word of it that they may not read.
    fn put(self, wanted: &mut Where, is_narrow: bool) {
        let (from, end) = (wanted.bind(Value::Text(self.from)), wanted.bind(Value::Text(self.end)));
        let (level, own) =
            (wanted.bind(Value::Integer(self.level)), wanted.bind(self.own.map_or(Value::Null, Value::Blob)));
        let whose = format!("(SELECT o.officer FROM referral o WHERE o.place = w.referral) = {own}");
        let fits =
            format!("w.word >= {from} AND w.word < {end} AND (w.level <= {level} OR (w.level <= 3 AND {whose}))");
        if is_narrow {
            wanted.index = None;
            wanted.conditions.push(format!("r.place IN (SELECT w.referral FROM referral_word w WHERE {fits})"));
        } else {
            wanted.conditions.push(format!(
                "EXISTS (SELECT 1 FROM referral_word w INDEXED BY referral_word_of WHERE w.referral = r.place AND {fits})"
            ));
        }
    }
}

fn condition(asked: &ListAsked) -> Result<Where, Told> {
    let mut wanted = Where::default();
    let sides = match asked.side.as_deref() {
        None => vec![1, 2],
        Some("sent") => vec![1],
        Some("received") => vec![2],
        Some(_) => return Err(CaseworkError::not_in("side", &["sent", "received"], |side| side).into()),
    };
    if let [side] = sides.as_slice() {
        wanted.and("r.side = ?", Value::Integer(*side));
    }
    if let Some(state) = &asked.state {
        let known = State::ALL.iter().any(|one| one.code() == state);
        if !known {
            return Err(CaseworkError::not_in("state", State::ALL, State::code).into());
        }
        wanted.and("r.state = ?", Value::Text(state.clone()));
    }
    if asked.late {
        wanted.conditions.push("r.late = 1".to_owned());
    }
    if let Some(turn) = &asked.turn {
        const TURNS: [Turn; 2] = [Turn::Ours, Turn::Theirs];
        let turn = TURNS.into_iter().find(|one| one.as_str() == turn);
        let turn = turn.ok_or_else(|| CaseworkError::not_in("turn", &TURNS, Turn::as_str))?;
        wanted.and("r.turn = ?", Value::Integer(turn as i64));
    }
    if let Some(after) = &asked.after {
        let place = after.parse::<i64>().ok().ok_or_else(no_page)?;
        wanted.and("r.place < ?", Value::Integer(place));
    }
    wanted.index = if asked.late {
        Some("referral_late")
    } else if asked.state.is_some() {
        Some(if asked.side.is_some() { "referral_list" } else { "referral_state" })
    } else if asked.turn.is_some() {
        Some("referral_turn")
    } else {
        asked.side.as_ref().map(|_side| "referral_side")
    };
    Ok(wanted)
}

impl Node {
    /// `referral list`.
    ///
    /// # Errors
    /// A value that is none, what [`Self::acting`] refuses for a search, or what the vault says.
    pub fn referrals(&mut self, asked: &ListAsked) -> Result<Referrals, Told> {
        // Only a search tells anything about a person.
        let searcher = asked.search.as_ref().map(|_search| self.acting(asked.by.as_deref())).transpose()?;
        let mut wanted = condition(asked)?;
        if let Some(search) = Search::of(asked, searcher.as_ref()) {
            let is_narrow = search.is_narrow(self.vault.db())?;
            search.put(&mut wanted, is_narrow);
        }
        let limit = asked.limit.unwrap_or(LINES).clamp(1, LINES_MAX);
        // One more than asked tells whether there is a next page.
        let query = wanted.page(limit.saturating_add(1));
        let mut rows = Row::all(self.vault.db(), &query, params_from_iter(wanted.values))?;
        let more = rows.len() > usize::try_from(limit).unwrap_or(usize::MAX);
        if more {
            rows.pop();
        }
        let next = rows.last().filter(|_| more).map(|row| row.place.to_string());
        let mut referrals = Vec::with_capacity(rows.len());
        for row in &rows {
            referrals.push(self.referral_line(row)?);
        }
        Ok(Referrals { referrals, next })
    }

    fn referral_line(&mut self, row: &Row) -> Result<ReferralLine, Told> {
        let due = if row.state == State::Delivered { row.acknowledge_by } else { row.decide_by };
        Ok(ReferralLine {
            id: hex(&row.handle),
            referral_id: uuid_text(&row.referral),
            side: if row.side == Side::Sender { "sent" } else { "received" }.to_owned(),
            agency: self.called_case(row)?,
            kind: row.kind.as_str().to_owned(),
            urgency: row.urgency.as_str().to_owned(),
            level: row.level,
            exercise: row.exercise,
            state: row.state.code().to_owned(),
            state_at: row.state_at.0,
            why: row.why.map(|why| why.as_str().to_owned()),
            turn: row.turn.as_str().to_owned(),
            late: row.late,
            due_at: due.map(|at| at.0),
            expires_at: row.expires_at.0,
            news: News::ALL.into_iter().filter(|news| row.has(*news)).map(|news| news.as_str().to_owned()).collect(),
        })
    }

    pub(in crate::daemon) fn called_case(&mut self, row: &Row) -> Result<String, Told> {
        match &row.agency {
            Some(agency) => Ok(agency.clone()),
            None => self.called(&row.partner),
        }
    }

    /// The referral that was meant: by what names it here, by its own id, or by the first digits of either.
    pub(in crate::daemon) fn case(&self, text: &str) -> Result<Row, CaseworkError> {
        let digits: String = text.chars().filter(|c| *c != '-').collect::<String>().to_ascii_lowercase();
        let is_hex = digits.bytes().all(|b| b.is_ascii_hexdigit());
        if digits.len() < PREFIX_DIGITS_MIN || digits.len() > 32 || !is_hex {
            return Err(CaseworkError::UnknownReferral);
        }
        let range = ['0', 'f'].map(|fill| id_bytes(&digits, fill));
        let [Some(from), Some(to)] = range else { return Err(CaseworkError::UnknownReferral) };
        let mut found = Row::all(self.vault.db(), NAMED, [from, to])?;
        match (found.pop(), found.pop()) {
            (Some(row), None) => Ok(row),
            (Some(_), Some(_)) => Err(CaseworkError::Ambiguous),
            (None, _) => Err(CaseworkError::UnknownReferral),
        }
    }

    /// `referral show`, without its content.
    ///
    /// # Errors
    /// `unknown-referral`, or what the vault says.
    pub fn referral(&mut self, id: &str, by: Option<&str>) -> Result<ReferralShown, Told> {
        let officer = self.acting(by)?;
        let place = self.case(id)?.place;
        self.shown_case(place, &officer)
    }

    /// One referral as it stands.
    pub(super) fn shown_case(&mut self, place: i64, officer: &Officer) -> Result<ReferralShown, Told> {
        let now = self.now();
        let own = self.identity.node;
        let found = stand::look(self.vault.db(), place, &own, now)?;
        let line = self.referral_line(&found.row)?;
        let row = &found.row;
        // Whoever reads nothing of a referral reads nothing of what was said with its acts.
        let reads = self.reads_up_to(row, officer).or_else(nothing_for_them)?;
        let has_words = match lapse::newest_shown(self.vault.db(), &self.profiles, row, now) {
            // What cannot be read is told of where it is looked at.
            Err(VaultError::Damaged { .. }) => false,
            shown => shown?.is_none_or(|shown| shown.has_words),
        };
        let log = self.log(&found, reads > 0, has_words)?;
        let steps = possible(Some(&found.standing), row.side, &hands(officer));
        Ok(ReferralShown {
            line,
            possible: steps.into_iter().map(|step| step.as_str().to_owned()).collect(),
            events: u64::try_from(found.events.len()).unwrap_or(u64::MAX),
            log,
            delivered_at: row.delivered_at.map(|at| at.0),
            erase_at: row.erase_on.map(|at| at.0),
            erased_at: row.erased_at.map(|at| at.0),
            hold: row.hold.clone(),
            successor: row.successor.as_ref().map(uuid_text),
            missing: u64::try_from(found.standing.gaps.len()).unwrap_or(u64::MAX),
            revision: row.revision,
            referral: None,
            cautions: Vec::new(),
            ended: Vec::new(),
            told: told::others(self.vault.db(), row)?,
            folded: Vec::new(),
            masked: false,
            warnings: Vec::new(),
        })
    }

    /// The log: what was received first, then what both agencies signed, in its order; what waits or does not hold stands last.
    fn log(&mut self, found: &Now, with_details: bool, with_words: bool) -> Result<Vec<LogLine>, Told> {
        let row = &found.row;
        let (own, theirs) = (self.own_agency().map(String::from).unwrap_or_default(), self.called_case(row)?);
        let agency = |side: Side| if side == row.side { own.clone() } else { theirs.clone() };
        let sent = plain_line(row.created_at.max(row.first_at), Step::Send, agency(Side::Sender));
        let mut lines = vec![LogLine { by: "person".to_owned(), ..sent }];
        if let Some(at) = row.delivered_at {
            lines.push(plain_line(at, Step::Delivered, agency(Side::Recipient)));
        }
        let standing = &found.standing;
        let place = |hash: &[u8; 32]| {
            let counted = standing.applied.iter().position(|one: &Applied| one.hash == *hash);
            counted.unwrap_or(usize::MAX)
        };
        let mut events: Vec<&Kept> = found.events.iter().collect();
        events.sort_by_key(|kept| (place(&kept.event.hash()), kept.event.says().at.0));
        for kept in events {
            let says = kept.event.says();
            let (hash, step) = (kept.event.hash(), Step::of(says.act));
            let counted = standing.applied.iter().find(|one| one.hash == hash);
            let remark = standing.remarks.iter().find(|one: &&Remark| one.hash == hash);
            let details = kept.details.as_ref().filter(|_| with_details).and_then(|bytes| Details::read(step, bytes));
            lines.push(LogLine {
                at: says.at.0,
                event: step.as_str().to_owned(),
                agency: agency(kept.side),
                by: if says.by_node { "node" } else { "person" }.to_owned(),
                why: Why::of(step, says.code).map(|why| why.as_str().to_owned()),
                level: says.level,
                details: details
                    .map(|details| if with_words { details } else { details.without_words() })
                    .and_then(|details| serde_json::to_value(details).ok()),
                transition: counted.map(|one| one.id.to_owned()),
                remark: if counted.is_some() { None } else { Some(why_not(found, &hash, remark).to_owned()) },
            });
        }
        if standing.state == State::Expired {
            lines.push(plain_line(row.expires_at, Step::Expired, agency(row.side)));
        }
        if let Some(at) = row.erased_at {
            lines.push(plain_line(at, Step::Erased, agency(row.side)));
        }
        Ok(lines)
    }

    /// What came leaves as a file only when its sender was told that somebody has looked at it, and by whom it may be looked at now.
    pub(in crate::daemon) fn was_opened_for(&self, row: &Row, officer: &Officer) -> Result<(), Told> {
        if row.side != Side::Recipient {
            return Ok(());
        }
        self.case_view(row, officer, &OpenAsked::default())?;
        if row.state != State::Delivered {
            return Ok(());
        }
        Err(Told::refused(
            "not-opened",
            "nobody here has opened this referral, and opening it is told to its sender",
            "open it first",
        ))
    }

    /// What a person sees of the newest revision.
    pub(super) fn case_view(
        &self,
        row: &Row,
        officer: &Officer,
        asked: &OpenAsked,
    ) -> Result<(View, lapse::Shown), Told> {
        let fresh = stand::look(self.vault.db(), row.place, &self.identity.node, self.now())?;
        if !stand::may_be_read(fresh.standing.state) || row.erased_at.is_some() {
            return Err(CaseworkError::Erased.into());
        }
        let shown =
            lapse::newest_shown(self.vault.db(), &self.profiles, row, self.now())?.ok_or(CaseworkError::Erased)?;
        let named = asked.sections.iter().map(|name| Section::from_code(name));
        let sections = named.collect::<Option<Vec<_>>>();
        let sections = sections.ok_or_else(|| CaseworkError::not_in("section", Section::ALL, Section::as_str))?;
        let theirs = officer.is_alone() || row.officer == Some(*officer.pseudonym().as_bytes());
        let viewer = Viewer {
            roles: officer.roles(),
            assignment: if theirs { Assignment::Theirs } else { Assignment::NotTheirs },
        };
        let ask = Ask {
            names: if asked.names { Names::Shown } else { Names::Masked },
            sections: &sections,
            reason: asked.reason.as_deref(),
        };
        Ok((view(&shown.referral, viewer, &ask)?, shown))
    }
}

/// Up to which level's words somebody searches referrals that are not their own.
const fn searches_up_to(officer: &Officer) -> i64 {
    let roles = officer.roles();
    if officer.is_alone() {
        3
    } else if roles.has(LocalRole::Supervisor) {
        2
    } else if roles.has(LocalRole::Intake) || roles.has(LocalRole::MayAccept) {
        1
    } else {
        0
    }
}

/// Who may see nothing of a referral reads up to level 0 of it.
fn nothing_for_them(told: Told) -> Result<u8, Told> {
    if told.exit() == crate::exit::Exit::Refused { Ok(0) } else { Err(told) }
}

/// Sixteen bytes that begin with these digits, the rest of them filled up.
pub(in crate::daemon) fn id_bytes(digits: &str, fill: char) -> Option<[u8; 16]> {
    let full: String = digits.chars().chain(std::iter::repeat(fill)).take(32).collect();
    let mut bytes = [0; 16];
    hex::decode_to_slice(full, &mut bytes).ok()?;
    Some(bytes)
}

fn plain_line(at: Timestamp, step: Step, agency: String) -> LogLine {
    LogLine {
        at: at.0,
        event: step.as_str().to_owned(),
        agency,
        by: "node".to_owned(),
        why: None,
        level: None,
        details: None,
        transition: None,
        remark: None,
    }
}

/// Why an event changed nothing.
fn why_not(found: &Now, hash: &[u8; 32], remark: Option<&Remark>) -> &'static str {
    match remark.map(|remark| remark.reason) {
        Some(Reason::State(_)) => "not-now",
        Some(Reason::Hand | Reason::Code) => "not-theirs",
        Some(Reason::TooLate) => "too-late",
        Some(Reason::Crossed) => "crossed",
        None if found.standing.broken.contains(hash) => "contradicts-itself",
        None if found.standing.waiting.contains(hash) => "waits",
        None => "signed-twice",
    }
}

#[cfg(test)]
mod tests;
