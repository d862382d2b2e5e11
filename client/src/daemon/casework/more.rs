//! More of a person is told to an agency that has a referral already: begun as a draft, sent as the next revision.

use safeconduct_protocol::id::AgencyId;
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use super::super::Node;
use crate::{
    api::{
        cases::{ActAsked, ReferralShown},
        drafts::DraftShown,
    },
    casework::{
        drafts::{self, Handle},
        life::{
            code::Step,
            terms::{Hand, Side},
        },
        refusal::CaseworkError,
        stand,
        store::{revision, row::Row},
        view::Hidden,
    },
    error::{Told, ToldFinding},
    people::Officer,
    referral::{Referral, canonical, codes::Kind},
};

/// Parts of a revision that a draft may tell more of.
const PARTS: [&str; 3] = ["summary", "identity", "case_file"];

/// The next revision, as a draft has it. No `Debug`: it holds a person's data.
pub struct More {
    /// The whole revision.
    pub revision: Value,
    /// The newest that was sent.
    pub told: Value,
    /// The consents that the referral has; those of the draft follow them in the revision.
    pub consents: Vec<Value>,
    /// What the check says of it.
    pub findings: Vec<ToldFinding>,
    /// The referral as it stands.
    pub shown: ReferralShown,
}

impl Node {
    /// Begins a draft of the next revision of a referral that was sent; one that was begun before is gone on with. It has the parts that
    /// were told, and no consent: what the person is asked anew is added to those that there are.
    ///
    /// # Errors
    /// `content-erased`, `not-assigned`, `unknown-referral`, `not-sent-here`, what [`Self::acting_as`] refuses, or what the vault says.
    pub fn more_from(&mut self, id: &str, by: Option<&str>) -> Result<DraftShown, Told> {
        let officer = self.acting_as(by, Hand::Caseworker)?;
        let row = self.case(id)?;
        let newest = self.told_of(&row, &officer)?;
        self.open_case(&row, &officer, u16::MAX, None)?;
        let referral = newest.header.referral_id.as_str();
        let begun = drafts::list(&self.vault)?.into_iter().find(|draft| is_more_of(&draft.content, referral));
        if let Some(begun) = begun {
            return self.show_draft(&begun.handle.to_hex(), false, by);
        }
        let mut content: Value = serde_json::from_slice(&canonical(&newest)).unwrap_or_default();
        if let Some(header) = content.get_mut("header").and_then(Value::as_object_mut) {
            header.insert("revision".to_owned(), newest.header.revision.get().saturating_add(1).into());
        }
        if let Some(parts) = content.as_object_mut() {
            parts.remove("consents");
        }
        let bytes = Zeroizing::new(serde_json::to_vec(&content).unwrap_or_default());
        let now = self.now();
        let handle = drafts::keep(&self.vault, &bytes, officer.pseudonym(), now, &mut self.entropy)?;
        // It goes with the referral that it is about.
        drafts::belongs_to(&self.vault, handle, &row.referral)?;
        self.show_draft(&handle.to_hex(), false, by)
    }

    /// The next revision as a draft has it, judged as if it left now.
    ///
    /// # Errors
    /// As [`Self::more_from`], and `unknown-draft`.
    pub fn more_of(&mut self, draft: &str, by: Option<&str>) -> Result<More, Told> {
        let (officer, found) = self.own_draft(draft, by)?;
        let written: Value = serde_json::from_slice(&found.content).unwrap_or_default();
        let id = written.pointer("/header/referral_id").and_then(Value::as_str).unwrap_or_default().to_owned();
        let row = self.case(&id)?;
        let newest = self.told_of(&row, &officer)?;
        let (revision, consents) = next(&newest, &written);
        let bytes = Zeroizing::new(serde_json::to_vec(&revision).unwrap_or_default());
        let (own, to) = (self.own_agency()?, partner(&row)?);
        let findings = match self.judged(&own, &to, &bytes) {
            Ok(accepted) => accepted.warnings,
            Err(told) if told.findings.is_empty() => return Err(told),
            Err(told) => told.findings.clone(),
        };
        let told = serde_json::from_slice(&canonical(&newest)).unwrap_or_default();
        Ok(More { revision, told, consents, findings, shown: self.shown_case(row.place, &officer)? })
    }

    /// Sends it: as what is disclosed more, as the answer to what was asked, or as a revision of the same level. The draft is gone then.
    /// `events`: how many were known when it was looked at.
    ///
    /// # Errors
    /// As [`Self::more_of`] and [`Self::act`].
    pub fn send_more(&mut self, draft: &str, events: Option<u64>, by: Option<&str>) -> Result<ReferralShown, Told> {
        let more = self.more_of(draft, by)?;
        let (_, found) = self.own_draft(draft, by)?;
        let level = more.revision.pointer("/header/disclosure_level").and_then(Value::as_u64).unwrap_or_default();
        let raises = level > u64::from(more.shown.line.level);
        let may = |step: Step| more.shown.possible.iter().any(|one| one == step.as_str());
        let id = more.shown.line.id.clone();
        let shown = if raises || may(Step::InfoProvided) {
            let step = if may(Step::InfoProvided) { Step::InfoProvided } else { Step::DisclosureRaised };
            let asked = ActAsked {
                event: step.as_str().to_owned(),
                revision: Some(more.revision),
                events,
                by: by.map(str::to_owned),
                ..ActAsked::default()
            };
            self.act(&id, &asked)?
        } else {
            let to = partner(&self.case(&id)?)?;
            let bytes = Zeroizing::new(serde_json::to_vec(&more.revision).unwrap_or_default());
            self.send_by(&to, &bytes, None, by)?;
            self.referral(&id, by)?
        };
        self.end_draft(found.handle)?;
        Ok(shown)
    }

    fn end_draft(&self, handle: Handle) -> Result<(), Told> {
        Ok(drafts::discard(self.vault.db(), handle)?)
    }

    /// From which age somebody consents alone to what goes to this agency: the later of both countries'.
    ///
    /// # Errors
    /// `unknown-agency`, or what the vault says.
    pub fn own_consent_from(&mut self, to: &AgencyId) -> Result<u16, Told> {
        let own = self.own_agency()?;
        let (own, to) = (self.facts_of(&own)?.country, self.facts_of(to)?.country);
        let years = |country| self.profiles.for_country(country).child.own_consent_from_years;
        Ok(years(&own).max(years(&to)))
    }

    /// The newest revision of what this agency has sent, for who may read all of it.
    fn told_of(&mut self, row: &Row, officer: &Officer) -> Result<Referral, Told> {
        if row.side != Side::Sender {
            let fact = "this referral came here, and only who sent it tells more in it";
            return Err(Told::refused("not-sent-here", fact, "ask its sender, or write a referral of your own"));
        }
        if !stand::may_be_read(row.state) {
            return Err(CaseworkError::Erased.into());
        }
        if self.reads_up_to(row, officer)? < 3 {
            return Err(Hidden::NotAssigned.into());
        }
        let newest = revision::newest(self.vault.db(), row.place)?;
        Ok(newest.ok_or(CaseworkError::Erased)?.1)
    }
}

fn partner(row: &Row) -> Result<AgencyId, CaseworkError> {
    row.agency.as_deref().and_then(|agency| agency.parse().ok()).ok_or(CaseworkError::UnknownReferral)
}

fn is_more_of(content: &[u8], referral: &str) -> bool {
    let draft: Value = serde_json::from_slice(content).unwrap_or_default();
    let is_it = draft.pointer("/header/referral_id").and_then(Value::as_str) == Some(referral);
    is_it && draft.pointer("/header/revision").and_then(Value::as_i64).is_some_and(|revision| revision > 1)
}

/// What stands there with what a draft adds; and the consents that there were. What was told stays told: a part that the draft lacks stays
/// as it was, and no marking goes.
fn next(newest: &Referral, draft: &Value) -> (Value, Vec<Value>) {
    let mut whole: Value = serde_json::from_slice(&canonical(newest)).unwrap_or_default();
    let listed = |value: &Value, at: &str| value.pointer(at).and_then(Value::as_array).cloned().unwrap_or_default();
    let consents = listed(&whole, "/consents");
    let mut markings = listed(&whole, "/handling/markings");
    markings.extend(
        listed(draft, "/handling/markings").into_iter().filter(|one| !markings.contains(one)).collect::<Vec<_>>(),
    );
    let level = draft.pointer("/header/disclosure_level").and_then(Value::as_i64).unwrap_or_default();
    let level = level.max(newest.level());
    let mut put = |part: &str, name: &str, value: Value| {
        if let Some(members) = whole.get_mut(part).and_then(Value::as_object_mut) {
            members.insert(name.to_owned(), value);
        }
    };
    put("header", "revision", newest.header.revision.get().saturating_add(1).into());
    put("header", "disclosure_level", level.into());
    if level > 0 && newest.kind() == Kind::Enquiry {
        put("header", "kind", Kind::Referral.as_str().into());
    }
    put("handling", "markings", markings.into());
    let all: Vec<Value> = consents.iter().cloned().chain(listed(draft, "/consents")).collect();
    if let Some(parts) = whole.as_object_mut() {
        for name in PARTS {
            if let Some(part) = draft.get(name).filter(|part| part.as_object().is_some_and(|part| !Map::is_empty(part)))
            {
                parts.insert(name.to_owned(), part.clone());
            }
        }
        if !all.is_empty() {
            parts.insert("consents".to_owned(), all.into());
        }
    }
    (whole, consents)
}
